//! How packages and the toolchain reach the machine.

use std::collections::BTreeMap;

/// Where a replaced source really comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Another index: a mirror.
    Registry(String),
    /// A git repository.
    Git(String),
    /// A vendored folder, relative to the workspace where it lies inside.
    Directory(String),
    /// A local registry of packed crates.
    LocalRegistry(String),
}

/// A source replacement of cargo's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// Where it ends, after following every `replace-with`.
    pub end: Endpoint,
    /// The file and line that says so, as a reader would write it: `.cargo/config.toml:3`.
    pub reference: String,
}

/// Which toolchain builds, and where it is fetched from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toolchain {
    /// What `rust-toolchain.toml` asks for, with file and line.
    pub wanted: Option<(String, String)>,
    /// `RUSTUP_DIST_SERVER`, where it is set.
    pub dist_server: Option<String>,
    /// `RUSTUP_UPDATE_ROOT`, where it is set.
    pub update_root: Option<String>,
}

/// Everything about channels that is not in the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelFacts {
    /// Replaced sources: `crates-io`, or the address of an index or git repository.
    pub replacements: BTreeMap<String, Replacement>,
    /// The toolchain; nothing where the description does not say (a lock file alone).
    pub toolchain: Option<Toolchain>,
    /// Whether cargo's configuration was read at all.
    pub configuration_read: bool,
}
