//! What the store has about the packages of a graph and the parties behind them.

use std::collections::BTreeMap;

use super::live::{Kept, ListState, PublishedVersion, SourceGap};
use crate::data::model::Observation;
use crate::date::{Date, Moment, Period};

/// How well a name fits a name on a list, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchGrade {
    /// The same name in its normal form, and nothing that speaks against it. The only one that may become a finding.
    Exact,
    /// Nearly the same, or the same with something against it, such as another country. Shown for review.
    Strong,
    /// Alike enough to be looked at. Shown for review, at the end.
    Weak,
}

impl MatchGrade {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Strong => "strong",
            Self::Weak => "weak",
        }
    }
}

/// A name that is on a list, or like one that is.
#[derive(Clone, Debug, PartialEq)]
pub struct ListMatch {
    /// Which list, by its id.
    pub list: String,
    /// The entry's id on the list.
    pub entry: String,
    /// The name on the list, as it stands.
    pub listed: String,
    /// How well it fits.
    pub grade: MatchGrade,
    /// How alike the names are, from 0 to 1.
    pub score: f64,
    /// Which part of the list it is of, as it stands.
    pub sublist: Option<String>,
    /// The programmes of the data that the entry is under, if there are any.
    pub programmes: Vec<&'static str>,
    /// Since when it is listed, where the list tells.
    pub since: Option<Date>,
    /// A public address of the entry or of its list.
    pub address: Option<String>,
    /// When the list was fetched.
    pub fetched: Moment,
}

/// A version of a crate as the registry has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// By whom, and when.
    pub version: PublishedVersion,
    /// Which source says so.
    pub source: String,
    /// When it was asked.
    pub fetched: Moment,
    /// When that holds.
    pub valid: Period,
}

/// Everything from the store that is about a graph. Empty where there is no store.
#[derive(Clone, Debug, Default)]
pub struct Synced {
    /// Who may publish a crate of a registry, by what it is called there (`Package::in_registry`); what was so before is there too.
    pub owners: BTreeMap<String, Vec<Kept>>,
    /// Who published a version, by crate (as in `owners`) and version.
    pub published: BTreeMap<(String, String), Published>,
    /// What accounts say of themselves, by `host/login`.
    pub profiles: BTreeMap<String, Vec<Kept>>,
    /// What forges say of repositories, by `host/owner/repo`.
    pub repositories: BTreeMap<String, Vec<Kept>>,
    /// What histories of repositories say, by `host/owner/repo`.
    pub observations: BTreeMap<String, Observation>,
    /// Names of organisations that are on lists, or like names that are, by the name that was asked and whether it is a
    /// person's.
    pub matches: BTreeMap<(String, bool), Vec<ListMatch>>,
    /// Whether displayed names of persons were held against lists too, because the user asked for it.
    pub persons: bool,
    /// The lists that there are.
    pub lists: Vec<ListState>,
    /// What sources did not tell about these packages and parties, and when they were asked.
    pub gaps: Vec<(SourceGap, Moment)>,
}
