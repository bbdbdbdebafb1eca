//! `origin.toml`: what the user says.
//!
//! ```toml
//! home = "US"
//! git-cache = "clones"            # optional: a folder inside the workspace with clones that are asked before the embedded observations
//!
//! [contribution]                  # optional: when work done in a listed place counts
//! share = 0.25                    # from this share of the work on
//! probability = 0.7               # of bands in which it is done there with at least this probability
//!
//! [[claim]]
//! package = "fastwire"          # or: party = "github.com/example"
//! facet = "steward"             # steward, publisher, contribution, channel, native
//! place = "DE"                  # a country, a region such as "UA-43", or "none" for no seat
//! source = "https://www.example.com/imprint"
//! since = "2024-01-01"          # optional
//! until = "2026-01-01"          # optional
//! ```
//!
//! The same keys can stand in `[workspace.metadata.origin]` of the root manifest. Unknown keys are errors: a typo in a policy is a hole.
//! The module parses and validates; finding and reading the file is for `load`.

mod raw;

pub use raw::{PolicyError, country, parse, parse_json};

use crate::country::CountryCode;
use crate::facts::UserClaim;

/// What `origin.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// The country from which "foreign" is seen.
    pub home: Option<CountryCode>,
    /// What the user claims.
    pub claims: Vec<UserClaim>,
    /// From which share of the work on work done in a listed place counts.
    pub contribution_share: Option<f64>,
    /// From which probability on work counts for that share.
    pub contribution_probability: Option<f64>,
    /// A folder of clones inside the workspace, from its root.
    pub git_cache: Option<String>,
}
