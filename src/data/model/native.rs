//! Native code that crates carry or bind to.

use serde::{Deserialize, Serialize};

use super::Confidence;
use crate::date::Date;

/// Whether a crate compiles a copy of the native code it binds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bundled {
    /// Always.
    Always,
    /// By a feature, or when the system has none.
    Optional,
    /// Never: it links what the system has.
    Never,
}

/// What stands behind an upstream that no organisation owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StewardKind {
    /// A community without a legal person.
    Community,
    /// One person.
    Individual,
}

/// Native code that crates carry or bind to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream<S> {
    /// Stable id.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Crates that carry or bind to it.
    #[serde(default = "Vec::new")]
    pub crates: Vec<S>,
    /// Values of the `links` key.
    #[serde(default = "Vec::new")]
    pub links: Vec<S>,
    /// Id of the organisation behind it.
    #[serde(default)]
    pub vendor: Option<S>,
    /// What stands behind it where no organisation does.
    #[serde(default)]
    pub steward_kind: Option<StewardKind>,
    /// Whether the crate compiles a copy.
    pub bundled: Bundled,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
    /// Date of the row.
    pub as_of: Date,
}
