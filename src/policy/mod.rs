//! `origin.toml`: what the user says.
//!
//! ```toml
//! home = "US"
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The country from which "foreign" is seen.
    pub home: Option<CountryCode>,
    /// What the user claims.
    pub claims: Vec<UserClaim>,
}
