//! Two projects, two policies or two homes side by side: compare report, version 1.
//!
//! A view over two states (`state`), and over what a policy makes of each where it can be asked. No side is the first: with the sides
//! swapped everything is mirrored.

mod build;
mod judged;

pub use build::{Compared, compare};
pub use judged::{Judgement, judgement};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Untrusted;

/// What two sides have in common, and what not.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CompareReport {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// What the sides are: `projects`, `policies` (of one project) or `homes` (of one project).
    pub compared: &'static str,
    /// `same`: nothing that is compared here differs; or `different`.
    pub verdict: &'static str,
    /// Whether both sides are described in one way: two lock files (what could be built), or twice what is built.
    pub alike: bool,
    /// The sides.
    pub sides: Sides<SideReport>,
    /// Packages, and how many are exposed.
    pub packages: PackageNumbers,
    /// Shares by facet and weighting.
    pub concentration: Vec<ConcentrationPair>,
    /// Programmes that reach something on a side, the nearest grade first.
    pub programmes: Vec<ProgrammePair>,
    /// What the policy says, as `cargo origin check` would; a saved report does not tell.
    pub gate: GatePair,
    /// What is there on one side only.
    pub only: OnlyThere,
    /// Programmes that apply or count on one side only, those that reach something first; nothing where a side does not tell.
    pub standings: Option<Vec<StandingPair>>,
    /// Findings of the gate that have another level on the other side, or are not there; nothing where a side does not tell.
    pub judged: Option<Vec<JudgedPair>>,
    /// What is to be known about the comparison itself.
    pub notes: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// Something of both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Sides<T> {
    /// Of the first.
    pub a: T,
    /// Of the second.
    pub b: T,
}

/// A number of both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Numbers<T, D> {
    /// Of the first.
    pub a: T,
    /// Of the second.
    pub b: T,
    /// The second less the first.
    pub difference: D,
}

/// How many there are.
pub type Counts = Numbers<u32, i64>;

/// How many there are, as far as a side tells.
pub type KnownCounts = Numbers<Option<u32>, Option<i64>>;

/// Shares.
pub type Shares = Numbers<f64, f64>;

/// Indexes, where there is something to count.
pub type Indexes = Numbers<Option<f64>, Option<f64>>;

/// A side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SideReport {
    /// As it was asked for: a file, or a country.
    pub asked: Untrusted,
    /// `lock-file`, `metadata`, `report`, `policy` or `home`.
    pub kind: &'static str,
    /// The workspace.
    pub workspace: Untrusted,
    /// `metadata` (what is built) or `lock-file` (what could be built).
    pub mode: Untrusted,
    /// The day asked about.
    pub as_of: Untrusted,
    /// The country from which "foreign" is seen, if one is set.
    pub home: Option<Untrusted>,
    /// Version of the program that made it.
    pub generator: Untrusted,
    /// The newest date of its data.
    pub data_date: Untrusted,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
}

/// Numbers of packages. The user's own are not counted.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PackageNumbers {
    /// All of them.
    pub all: Counts,
    /// Those that a member needs itself.
    pub direct: Counts,
    /// Those that a programme reaches, with more than the grade `possible`.
    pub exposed: Counts,
    /// Those that programmes reach with the grade `possible` alone.
    pub possible: Counts,
    /// Names with a source that are on both sides, whatever the versions.
    pub both: u32,
    /// Names with a source that are on one side only.
    pub only: Sides<u32>,
}

/// One facet by one weighting.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ConcentrationPair {
    /// The facet.
    pub facet: Untrusted,
    /// `packages`, or `reach`.
    pub weighting: Untrusted,
    /// By country, the largest share of either side first.
    pub shares: Vec<CountryPair>,
    /// Known to have no seat.
    pub no_seat: Shares,
    /// Of which sources name different countries.
    pub conflict: Shares,
    /// Not known.
    pub unknown: Shares,
    /// Herfindahl-Hirschman index among what has a country.
    pub hhi: Indexes,
}

/// The share of a country.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CountryPair {
    /// The country.
    pub country: Untrusted,
    /// Its shares.
    #[serde(flatten)]
    pub share: Shares,
}

/// What a programme reaches.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ProgrammePair {
    /// Its id.
    pub programme: Untrusted,
    /// Packages.
    pub packages: Counts,
    /// Packages by grade: `named`, `seat`, `publisher`, `contribution`, `channel`, `possible`.
    pub grades: Sides<BTreeMap<Untrusted, u32>>,
    /// `in-force` or `upcoming`; nothing where it reaches nothing.
    pub status: Sides<Option<Untrusted>>,
}

/// What the policy says.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct GatePair {
    /// `holds` or `violated`; nothing for a saved report.
    pub verdict: Sides<Option<&'static str>>,
    /// Findings that fail.
    pub deny: KnownCounts,
    /// Findings that only warn.
    pub warn: KnownCounts,
    /// Findings that exceptions accept.
    pub accepted: KnownCounts,
}

/// What is there on one side only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OnlyThere {
    /// Packages that are exposed there and not on the other side, by name and source; nearest grade first.
    pub exposed: Sides<Vec<OnlyExposed>>,
    /// Programmes that reach something there and nothing on the other side.
    pub programmes: Sides<Vec<Untrusted>>,
    /// Countries that have a share there in some facet, and in none on the other side.
    pub countries: Sides<Vec<OnlyCountry>>,
}

/// A package that is exposed on one side only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OnlyExposed {
    /// Name.
    pub name: Untrusted,
    /// Source without what changes with the version, as a lock file writes it; `path` for a folder.
    pub source: Untrusted,
    /// `name@version`, of the version that is nearest.
    pub package: Untrusted,
    /// Package URL of that version.
    pub purl: Untrusted,
    /// The nearest grade.
    pub grade: Untrusted,
    /// The programmes that reach it.
    pub programmes: Vec<Untrusted>,
    /// In words, of the nearest.
    pub because: Untrusted,
    /// One shortest path from a member.
    pub path: Vec<Untrusted>,
    /// What it is on the other side: `absent`, `not-exposed`, or `possible` (exposed with that grade alone).
    pub elsewhere: &'static str,
}

/// A country of one side only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OnlyCountry {
    /// The country.
    pub country: Untrusted,
    /// The facets in which it has a share.
    pub facets: Vec<Untrusted>,
}

/// A programme that applies, or counts, on one side only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StandingPair {
    /// Its id.
    pub programme: &'static str,
    /// Its name.
    pub title: &'static str,
    /// How it stands; nothing where the side does not know it: it is of the other policy's own.
    pub standing: Sides<Option<Standing>>,
}

/// How a programme stands on a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Standing {
    /// `in-force`, `upcoming`, `suspended`, `ended`, `needs-home`, `not-yours`.
    pub status: &'static str,
    /// Whether it is looked at: in force, or to come.
    pub applies: bool,
    /// Whether it counts for the gate: it applies, and the policy chooses it or it is law of the home.
    pub counts: bool,
}

/// A finding that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JudgedPair {
    /// The rule.
    pub rule: &'static str,
    /// `name@version`; nothing for the graph as a whole.
    pub package: Option<Untrusted>,
    /// `deny`, `warn` or `accepted`; nothing where the rule finds nothing.
    pub level: Sides<Option<&'static str>>,
}

/// The JSON Schema of the compare report.
pub fn compare_schema() -> schemars::Schema {
    schemars::schema_for!(CompareReport)
}

impl<T> Sides<T> {
    /// The sides with the letters by which they are called.
    pub fn each(&self) -> [(&'static str, &T); 2] {
        [("A", &self.a), ("B", &self.b)]
    }
}

impl Counts {
    fn of(a: u32, b: u32) -> Self {
        Self { a, b, difference: i64::from(b) - i64::from(a) }
    }
}

impl KnownCounts {
    fn known(a: Option<u32>, b: Option<u32>) -> Self {
        Self { a, b, difference: a.zip(b).map(|(a, b)| i64::from(b) - i64::from(a)) }
    }
}

impl Shares {
    fn of_shares(a: f64, b: f64) -> Self {
        Self { a, b, difference: super::facet::rounded(b - a) }
    }
}

impl Indexes {
    fn of_indexes(a: Option<f64>, b: Option<f64>) -> Self {
        Self { a, b, difference: a.zip(b).map(|(a, b)| super::facet::rounded(b - a)) }
    }
}
