//! Which part of a list of sanctions is which programme.

use serde::{Deserialize, Serialize};

use crate::date::Date;

/// A part of a list, and the programme that it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing<S> {
    /// The list: `us-csl`, `us-sdn`, `uk-sanctions`, `un-sc`, `eu-fsf`, `opensanctions`.
    pub list: S,
    /// How the name of the part begins; any part if left out.
    #[serde(default)]
    pub sublist: Option<S>,
    /// A programme code of the entry; any if left out.
    #[serde(default)]
    pub code: Option<S>,
    /// Id of the programme.
    pub programme: S,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address; a row without one is unverified.
    #[serde(default)]
    pub source: Option<S>,
    /// Date of the row.
    pub as_of: Date,
}

impl<S: AsRef<str>> Listing<S> {
    /// Whether the row is about an entry of a list with this part and these programme codes.
    pub fn is_about(&self, list: &str, sublist: Option<&str>, codes: &[impl AsRef<str>]) -> bool {
        let begins = |begin: &str| {
            let part = sublist.unwrap_or_default().trim_start();
            part.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
        };
        self.list.as_ref() == list
            && self.sublist.as_ref().is_none_or(|begin| begins(begin.as_ref()))
            && self.code.as_ref().is_none_or(|code| codes.iter().any(|one| one.as_ref().trim() == code.as_ref()))
    }
}
