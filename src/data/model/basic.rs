//! Countries, regions, legal forms, and how sure a row is.

use serde::{Deserialize, Serialize};

use crate::country::{CountryCode, RegionCode};

/// How sure a row is of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Doubtful or from memory: shown, never decided on.
    Low,
    /// Secondary, or seen in part.
    Medium,
    /// Documented and seen.
    High,
}

impl Confidence {
    /// The word used in `data/` and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A country and the names that mean it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country<S> {
    /// ISO 3166-1 alpha-2.
    pub code: CountryCode,
    /// Short English name.
    pub name: S,
    /// Other English names, former names.
    #[serde(default)]
    pub aliases: Vec<S>,
}

/// A part of a country that a programme names on its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region<S> {
    /// ISO 3166-2.
    pub code: RegionCode,
    /// The country that ISO 3166-2 files it under.
    pub country: CountryCode,
    /// English name.
    pub name: S,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<S>,
}

/// A legal form of companies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalForm<S> {
    /// Stable id.
    pub id: S,
    /// Spellings at the end of a company's name.
    pub names: Vec<S>,
    /// Countries whose law has it.
    pub countries: Vec<CountryCode>,
    /// Whether it says where the company sits.
    #[serde(default)]
    pub narrow: bool,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

impl<S: AsRef<str>> crate::copyright::Form for LegalForm<S> {
    fn spellings(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }
}
