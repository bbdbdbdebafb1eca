//! What a project can do because of the crates that it needs.

use serde::{Deserialize, Serialize};

use crate::date::Date;

/// Something that crates provide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability<S> {
    /// Stable id.
    pub id: S,
    /// Name for people.
    pub title: S,
    /// Crates that provide it.
    pub crates: Vec<S>,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address.
    pub source: S,
    /// Date of the row.
    pub as_of: Date,
}
