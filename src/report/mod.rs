//! The report, version 1: the only thing that renderers see.
//!
//! Plain public fields, sorted, with a JSON Schema made from these types (`cargo origin schema`). Within a version keys are only added. The
//! shape is a promise to users, so domain types are not dumped into it; `build` translates. `check` is what the gate found; `diff` compares two
//! states, each taken from a report in memory or from one that was saved (`state`). `compare` sets two states side by side, `trend` is many
//! states in time. `cut` is what to replace or turn off, `single` on whom much hangs.

mod build;
pub mod catalogue;
mod check;
mod compare;
mod concentration;
mod cut;
mod diff;
mod explain;
mod facet;
mod place;
mod remedy;
mod simulate;
mod single;
mod state;
mod store;
mod text;
mod trend;
mod work;

pub use build::{Detail, Inputs, build};
pub use check::{AcceptedReport, CheckReport, FindingReport, LocationReport, ReasonReport, check};
pub use compare::{
    CompareReport, Compared, ConcentrationPair, CountryPair, Counts, GatePair, Indexes, JudgedPair, Judgement,
    KnownCounts, Numbers, OnlyCountry, OnlyExposed, OnlyThere, PackageNumbers, ProgrammePair, Shares, SideReport,
    Sides, Standing, StandingPair, compare, compare_schema, judgement,
};
pub use concentration::{
    AskedOfConcentration, BlocReport, Concentrations, FacetConcentration, FromHome, IndexBaseline, IndexReport,
    ShareReport, WeightedConcentration, concentrations,
};
pub use cut::{Asked, CutReport, FeaturesReport, StepReport, TargetReport, cut, cut_schema};
pub use diff::{
    AddedPackage, AnswerChange, BaseReport, ChangedPackage, ConcentrationChange, DiffCounts, DiffReport,
    ExposureChange, ExposureEntry, Pair, PowerChange, ShareChange, States, UnknownChange, diff, diff_schema,
};
pub use explain::{Explanation, IdleReport, Judged, MissedReport, WorthReport, explanation};
pub use place::{NameReport, PlaceKind, PlaceReport, place, place_schema};
pub use remedy::{ReplaceReport, SwitchReport};
pub use simulate::{
    AtBuildReport, ExpectedReport, GoneReport, LikelyReport, LostReport, MemberReport, SimulateReport, Simulated,
    SpreadReport, simulate, simulate_schema,
};
pub use single::{
    CapabilityReport, CountryPointReport, LocatedReport, MostReport, PackagePointReport, PartyPointReport,
    ProviderReport, SingleReport, WeightReport, single, single_schema,
};
pub use state::{Answer, OwnerAnswer, PackageState, State, StateError};
pub use store::{STORE_VERSION, StoreReport, StoredFacts, StoredGaps, StoredList, store_schema};
pub use text::{Untrusted, is_harmful};
pub use trend::{
    HistoryRead, Known, Measurement, Moved, Movement, Part, PointGap, Sample, Series, TrendPoint, TrendReport,
    TrendState, measure, trend, trend_schema,
};
pub use work::{BandReport, HistoryRow, ObservationReport, OffsetReport, WorkReport, observation};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is said once in every report.
pub const NOTICE: &str = "This is information, not legal advice. Origins are attributed on the evidence shown; what is not known is counted as unknown.";

/// Where a workspace's supply chain comes from, on a day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The day asked about.
    pub as_of: String,
    /// The country from which "foreign" is seen, if the user set one.
    pub home: Option<String>,
    /// The newest date of the embedded data.
    pub data_date: String,
    /// What was looked at.
    pub workspace: Workspace,
    /// Every package, by name, version and source.
    pub packages: Vec<PackageReport>,
    /// Every exposure, nearest grade first.
    pub exposures: Vec<ExposureReport>,
    /// Programmes that reach something, and those left out for want of a home.
    pub programmes: Vec<ProgrammeReport>,
    /// Shares by facet and weighting.
    pub concentration: Vec<ConcentrationReport>,
    /// By country: packages of which every facet with a country has this one.
    pub one_country: BTreeMap<String, u32>,
    /// What is not known, by facet and reason.
    pub unknowns: Vec<UnknownReport>,
    /// When the oldest and the newest of what was fetched is of that is used; nothing where nothing of the store is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub fetched: Option<FetchedReport>,
    /// Lists of sanctions that names were held against, as they were fetched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub lists: Vec<ListReport>,
    /// What could not be learnt, and why.
    pub gaps: Vec<GapReport>,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// What was looked at.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Workspace {
    /// Its name.
    pub name: Untrusted,
    /// `metadata` or `lock-file`.
    pub mode: String,
    /// Its members that are built.
    pub members: u32,
    /// Packages that are not its own.
    pub packages: u32,
    /// Of these, those that a member needs itself.
    pub direct: u32,
    /// Packages that are described but not built with this selection of features, targets and members.
    pub not_built: u32,
    /// Manifests that were read from the local registry cache, for a lock file.
    pub from_cache: u32,
    /// The toolchain that is asked for, if a file asks for one.
    pub toolchain: Option<Untrusted>,
}

/// One package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PackageReport {
    /// Name.
    pub name: Untrusted,
    /// Version.
    pub version: String,
    /// Source, as a lock file writes it; `path` for a folder.
    pub source: Untrusted,
    /// Package URL.
    pub purl: String,
    /// Whether it is the user's own.
    pub workspace: bool,
    /// Whether a workspace member needs it itself.
    pub direct: bool,
    /// Steps from the nearest member; nothing if none reaches it.
    pub depth: Option<u32>,
    /// Whether `[patch]` put it in place of another source.
    pub patched: bool,
    /// How many packages need it, directly or through others.
    pub dependents: u32,
    /// One shortest path from a member, the package itself last. The middle of a path of more than 64 steps is left out.
    pub path: Vec<Untrusted>,
    /// What it can do.
    pub capabilities: CapabilitiesReport,
    /// The five answers.
    pub facets: Facets,
}

/// What a package can do; `null` is "not known".
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CapabilitiesReport {
    /// It runs a program before it is compiled.
    pub build_script: Option<bool>,
    /// It runs inside the compiler.
    pub proc_macro: Option<bool>,
    /// The native library that it says it links.
    pub links: Option<Untrusted>,
    /// Its code runs on the build machine.
    pub runs_at_build: Option<bool>,
    /// It is compiled for the target.
    pub ships: Option<bool>,
}

/// The five answers about a package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Facets {
    /// Which organisation stands behind it.
    pub steward: FacetReport,
    /// Who can put out a new version.
    pub publisher: FacetReport,
    /// Where it is worked on.
    pub contribution: FacetReport,
    /// Through which infrastructure it comes.
    pub channel: FacetReport,
    /// What foreign code it carries.
    pub native: FacetReport,
}

impl Facets {
    /// The facets with their words, in order.
    pub fn all(&self) -> [(&'static str, &FacetReport); 5] {
        [
            ("steward", &self.steward),
            ("publisher", &self.publisher),
            ("contribution", &self.contribution),
            ("channel", &self.channel),
            ("native", &self.native),
        ]
    }
}

/// The answer for one facet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FacetReport {
    /// Where.
    pub origin: OriginReport,
    /// Who.
    pub party: Option<PartyReport>,
    /// Who ultimately owns or holds that party.
    pub owner: Option<OwnerReport>,
    /// Probabilities: by country or region, `no-seat`, and `unknown`. They sum to one.
    pub posterior: BTreeMap<String, f64>,
    /// How the work is spread, where a history decided.
    pub work: Option<WorkReport>,
    /// Every claim, what decided first.
    pub claims: Vec<ClaimReport>,
}

/// Where a facet is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OriginReport {
    /// Which kind of answer it is.
    pub kind: OriginKind,
    /// ISO codes: one for a country (or region), one or more for several parties, several for a band or a conflict.
    pub countries: Vec<String>,
    /// For several: whether there are others, of whom no place is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub others: bool,
    /// Why there is no country.
    pub reason: Option<&'static str>,
}

/// Kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OriginKind {
    /// In this country or region.
    Country,
    /// In one of these, which the evidence cannot tell apart.
    Band,
    /// In each of these: several parties, of whom each counts. Of `others` no place is known.
    Several,
    /// Known to have no seat.
    NoSeat,
    /// Claims that cannot all hold.
    Conflict,
    /// Not known.
    Unknown,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartyReport {
    /// `vendor` (an organisation of the register), `organisation` (not in it), `individual` or `account` (not judged).
    pub kind: &'static str,
    /// Id in the register, or the forge path.
    pub id: Option<Untrusted>,
    /// Name of an organisation. Persons have none here.
    pub name: Option<Untrusted>,
}

/// An owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnerReport {
    /// Id in the register.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its seat, if it is settled.
    pub seat: Option<String>,
}

/// A claim with its evidence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ClaimReport {
    /// In words.
    pub statement: Untrusted,
    /// What it says of a place: `country`, `band`, `conflict`, `no-seat`, or `none` where it names a party only.
    pub place: &'static str,
    /// The places it allows.
    pub places: Vec<String>,
    /// Countries that some sources name instead.
    pub also: Vec<String>,
    /// The kind of evidence.
    pub kind: &'static str,
    /// How sure its source is: `high`, `medium`, `low`.
    pub confidence: &'static str,
    /// Whether it decided the answer.
    pub decides: bool,
    /// File and line, or key.
    pub reference: Untrusted,
    /// Public address of the source.
    pub address: Option<Untrusted>,
    /// When the source was read.
    pub observed: Option<String>,
    /// Since when it holds, if that is known.
    pub since: Option<String>,
    /// Until when it holds, if that is known.
    pub until: Option<String>,
    /// Whether its source was asked so long ago that `cargo origin sync` would ask again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub stale: bool,
}

/// A package that a programme reaches.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExposureReport {
    /// The programme's id.
    pub programme: String,
    /// `name@version`.
    pub package: Untrusted,
    /// Package URL.
    pub purl: String,
    /// The facet that is nearest.
    pub facet: &'static str,
    /// How near: `named`, `seat`, `publisher`, `contribution`, `channel`, `possible`.
    pub grade: &'static str,
    /// What the programme (or this listing) does.
    pub effect: &'static str,
    /// What products and dealings it covers, where the data has it.
    pub scope: Option<String>,
    /// Probability that the evidence is right.
    pub probability: f64,
    /// The party, by its id in the register.
    pub party: Option<String>,
    /// The party that is named, where it is not the same.
    pub named: Option<String>,
    /// In words.
    pub because: String,
    /// `in-force`, or `upcoming`: not yet on the day asked about.
    pub status: &'static str,
    /// Since when, or from when, if that is known.
    pub since: Option<String>,
    /// Whether the programme or the listing could not be verified, or is not known to have held on a day that long ago.
    pub unverified: bool,
    /// Whether the package's code runs on the build machine.
    pub runs_at_build: Option<bool>,
    /// A shortest path from a member; `cargo origin paths` lists the others.
    pub paths: Vec<Vec<Untrusted>>,
}

/// A programme.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProgrammeReport {
    /// Id.
    pub id: String,
    /// Name.
    pub title: String,
    /// What it does.
    pub effect: &'static str,
    /// What products and dealings it covers, where the data has it.
    pub scope: Option<String>,
    /// `in-force`, `upcoming`, `suspended`, `ended`, `needs-home`, `not-yours`.
    pub status: &'static str,
    /// First day, if it is known.
    pub since: Option<String>,
    /// The day from which it no longer applies, if that is known.
    pub until: Option<String>,
    /// What applies on the day asked about.
    pub now: Vec<String>,
    /// What comes next, and when.
    pub next: Option<NextPhase>,
    /// How far its text was verified: `read`, `excerpt`, `unverified`.
    pub verification: &'static str,
    /// Packages that it reaches.
    pub packages: u32,
    /// Of these, those that a member needs itself.
    pub direct: u32,
    /// Of these, those whose code runs on the build machine.
    pub at_build: u32,
    /// Of these, those of which nobody knows whether it does.
    pub at_build_unknown: u32,
    /// Packages by grade.
    pub grades: BTreeMap<String, u32>,
    /// Public address.
    pub source: Option<String>,
}

/// What a programme brings next.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NextPhase {
    /// First day.
    pub from: String,
    /// Days from the day asked about.
    pub in_days: i32,
    /// What applies then.
    pub what: String,
}

/// The distribution of one facet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConcentrationReport {
    /// Facet.
    pub facet: &'static str,
    /// `packages`, or `reach` (each package counts as often as others need it).
    pub weighting: &'static str,
    /// Expected share by country, in everything.
    pub shares: BTreeMap<String, f64>,
    /// Share known to have no seat.
    pub no_seat: f64,
    /// The same by reason: `individual`, `community`, `local copy`, `no native code`, …
    pub no_seat_by_reason: BTreeMap<&'static str, f64>,
    /// Share of which sources name different countries.
    pub conflict: f64,
    /// Share not known. With the shares by country, `no_seat` and `conflict` it makes one.
    pub unknown: f64,
    /// Herfindahl-Hirschman index among what has a country, 0 to 1.
    pub hhi: Option<f64>,
}

/// What is not known about a facet, for one reason.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UnknownReport {
    /// Facet.
    pub facet: &'static str,
    /// Why.
    pub reason: String,
    /// How many packages.
    pub packages: u32,
    /// Their share.
    pub share: f64,
    /// What would answer it.
    pub help: String,
}

/// From when until when facts were fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FetchedReport {
    /// The day of the oldest.
    pub from: String,
    /// The day of the newest.
    pub to: String,
}

/// A list of sanctions, as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListReport {
    /// Its id.
    pub id: String,
    /// When it was fetched.
    pub fetched: Option<String>,
    /// Entries that names were held against.
    pub entries: u64,
    /// Entries about persons, which were left out.
    pub persons_left_out: u64,
    /// Whether it was fetched so long ago that `cargo origin sync` would fetch it again.
    pub stale: bool,
}

/// Something that could not be learnt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct GapReport {
    /// A stable word.
    pub kind: &'static str,
    /// What happened.
    pub detail: Untrusted,
    /// The packages it concerns, `name@version`; empty if it is the whole report.
    pub packages: Vec<Untrusted>,
}

impl Report {
    /// Exposures by the package URL of their package, nearest first.
    pub fn exposures_by_package(&self) -> BTreeMap<&str, Vec<&ExposureReport>> {
        let mut found: BTreeMap<&str, Vec<&ExposureReport>> = BTreeMap::new();
        for exposure in &self.exposures {
            found.entry(&exposure.purl).or_default().push(exposure);
        }
        found
    }
}

/// The JSON Schema of the report.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Report)
}

/// The JSON Schema of what the gate found.
pub fn check_schema() -> schemars::Schema {
    schemars::schema_for!(CheckReport)
}

/// The JSON Schema of how concentrated origins are.
pub fn concentration_schema() -> schemars::Schema {
    schemars::schema_for!(Concentrations)
}

/// The JSON Schema of one package in full.
pub fn explanation_schema() -> schemars::Schema {
    schemars::schema_for!(Explanation)
}
