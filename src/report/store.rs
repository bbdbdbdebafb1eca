//! What is in the store, as it is written out.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::Untrusted;

/// The version of this format.
pub const STORE_VERSION: u32 = 1;

/// What was fetched and is kept.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoreReport {
    /// Version of this format.
    pub version: u32,
    /// The file, with `~` for the home folder.
    pub file: Untrusted,
    /// Whether there is one.
    pub exists: bool,
    /// The version of its tables.
    pub format: Option<i64>,
    /// Bytes on the disk.
    pub bytes: u64,
    /// Facts, by kind and source.
    pub facts: Vec<StoredFacts>,
    /// What sources did not tell, by source and reason.
    pub gaps: Vec<StoredGaps>,
    /// Lists of sanctions, by id.
    pub lists: Vec<StoredList>,
}

/// What a source has said of a kind.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoredFacts {
    /// The kind: crate-owners, crate-versions, profile, repository, observation.
    pub kind: Untrusted,
    /// The source, a host.
    pub source: Untrusted,
    /// Facts that it says now.
    pub current: u64,
    /// What it said before.
    pub past: u64,
    /// The day on which the oldest of them was last fetched.
    pub oldest: Option<String>,
    /// The same for the newest.
    pub newest: Option<String>,
}

/// What a source did not tell.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoredGaps {
    /// The source.
    pub source: Untrusted,
    /// Why: a stable word.
    pub reason: Untrusted,
    /// How often.
    pub count: u64,
    /// On which day last.
    pub newest: Option<String>,
}

/// A list of sanctions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StoredList {
    /// Its id.
    pub id: Untrusted,
    /// The day on which it was last fetched.
    pub fetched: Option<String>,
    /// Entries that were taken up.
    pub entries: u64,
    /// Entries about persons, which were left out.
    pub persons_left_out: u64,
}

impl StoreReport {
    /// That there is none.
    pub fn none(file: String) -> Self {
        Self {
            version: STORE_VERSION,
            file: file.into(),
            exists: false,
            format: None,
            bytes: 0,
            facts: Vec::new(),
            gaps: Vec::new(),
            lists: Vec::new(),
        }
    }
}

/// The JSON Schema of what `cargo origin store stats --format json` writes.
pub fn store_schema() -> schemars::Schema {
    schemars::schema_for!(StoreReport)
}
