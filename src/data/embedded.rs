//! The compiled tables, embedded and borrowed in place.

use super::Tables;
use super::model::{Capability, Observation, Zones};

/// The packed form of `data/`, written by `cargo run --example compile_data`.
static PACKED: &[u8] = include_bytes!("../../data/compiled/tables.postcard");

/// Clocks, packed; only histories need them.
static ZONES: &[u8] = include_bytes!("../../data/compiled/zones.postcard");

/// Observation records, packed each by itself, by repository.
static OBSERVATIONS: &[u8] = include_bytes!("../../data/compiled/observations.postcard");

/// Capabilities, packed; only who asks for single points needs them.
static CAPABILITIES: &[u8] = include_bytes!("../../data/compiled/capabilities.postcard");

/// What the program knows without a network.
#[derive(Clone, Debug)]
pub struct Data {
    /// The tables.
    pub tables: Tables<&'static str>,
    /// Repository and packed record, sorted.
    pub(super) observations: Vec<(&'static str, &'static [u8])>,
}

/// The embedded tables cannot be read: the program was built wrongly.
#[derive(Debug, thiserror::Error)]
#[error("the embedded data cannot be read ({0}); this build of cargo-origin is broken, install it again")]
pub struct EmbeddedError(#[from] postcard::Error);

impl Data {
    /// Reads the embedded tables; about a millisecond. Clocks and records stay packed until they are asked for.
    pub fn embedded() -> Result<Self, EmbeddedError> {
        Ok(Self { tables: postcard::from_bytes(PACKED)?, observations: postcard::from_bytes(OBSERVATIONS)? })
    }

    /// The clocks of the world.
    pub fn zones() -> Result<Zones, EmbeddedError> {
        Ok(postcard::from_bytes(ZONES)?)
    }

    /// What crates provide, by id.
    pub fn capabilities() -> Result<Vec<Capability<&'static str>>, EmbeddedError> {
        Ok(postcard::from_bytes(CAPABILITIES)?)
    }

    /// The embedded record of a repository, given as `host/owner/repo` in lower case. A test reads every record, so one that does not
    /// unpack is none.
    pub fn observation(&self, repository: &str) -> Option<Observation> {
        let at = self.observations.binary_search_by(|row| row.0.cmp(repository)).ok()?;
        self.observations.get(at).and_then(|row| postcard::from_bytes(row.1).ok())
    }

    /// Repositories with an embedded record that begin with this text, in order.
    pub fn observed<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'static str> + 'a {
        let from = self.observations.partition_point(|row| row.0 < prefix);
        let rows = self.observations.get(from..).unwrap_or_default().iter().map(|row| row.0);
        rows.take_while(move |repository| repository.starts_with(prefix))
    }
}
