//! Text that somebody else wrote.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data::own;

/// Whether a character acts on a terminal, or is not seen where it stands.
pub fn is_harmful(c: char) -> bool {
    own::is_harmful(c)
}

/// A string from outside: a crate name, an address, a copyright holder. It can hold anything, terminal escapes included.
///
/// There is no `Display`: whoever shows it must say for which medium it is to be escaped (`render::escape`). JSON needs no more than its
/// own quoting.
///
/// Copies share the text: a path of packages repeats names a thousand times.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(transparent)]
pub struct Untrusted(#[schemars(with = "String")] Arc<str>);

impl Serialize for Untrusted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Untrusted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

impl Untrusted {
    /// The text as it stands. For comparing and for escaping, not for showing.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Untrusted {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Untrusted {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}
