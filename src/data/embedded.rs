//! The compiled tables, embedded and borrowed in place.

use super::Tables;

/// The packed form of `data/`, written by `cargo run --example compile_data`.
static PACKED: &[u8] = include_bytes!("../../data/compiled/tables.postcard");

/// What the program knows without a network.
#[derive(Clone, Debug)]
pub struct Data {
    /// The tables.
    pub tables: Tables<&'static str>,
}

/// The embedded tables cannot be read: the program was built wrongly.
#[derive(Debug, thiserror::Error)]
#[error("the embedded data cannot be read ({0}); this build of cargo-origin is broken, install it again")]
pub struct EmbeddedError(#[from] postcard::Error);

impl Data {
    /// Reads the embedded tables; about a millisecond.
    pub fn embedded() -> Result<Self, EmbeddedError> {
        Ok(Self { tables: postcard::from_bytes(PACKED)? })
    }
}
