//! Text that somebody else wrote.

use schemars::JsonSchema;
use serde::Serialize;

/// A string from outside: a crate name, an address, a copyright holder. It can hold anything, terminal escapes included.
///
/// There is no `Display`: whoever shows it must say for which medium it is to be escaped (`render::escape`). JSON needs no more than its
/// own quoting.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    /// The text as it stands. For comparing and for escaping, not for showing.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text)
    }
}
