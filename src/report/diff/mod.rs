//! What a change adds, removes and changes: diff report, version 1.
//!
//! A view over two states (`state`). Packages are paired by name and source (`pairs`), so that a newer version of the same is a change and
//! not a package that goes and one that comes.

mod compare;
mod pairs;

pub(super) use compare::{Exposures, Lasting, NOTHING, exposures, lasting, nearest, order, rank};
pub use compare::{States, diff};
pub(super) use pairs::parts;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Untrusted};

/// What differs between two states of a project.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DiffReport {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The day asked about.
    pub as_of: Untrusted,
    /// The country from which "foreign" is seen, if the user set one.
    pub home: Option<Untrusted>,
    /// The newest date of the embedded data.
    pub data_date: Untrusted,
    /// The workspace.
    pub workspace: Untrusted,
    /// What is compared on both sides: `metadata` (what is built) or `lock-file` (what could be built).
    pub compared: Untrusted,
    /// The state before the change.
    pub base: BaseReport,
    /// `unchanged`, or `changed`.
    pub verdict: &'static str,
    /// Numbers of what follows.
    pub counts: DiffCounts,
    /// Whether cargo's configuration in the workspace has changed; nothing where the base does not tell.
    pub configuration_changed: Option<bool>,
    /// Packages that are there now only, by name.
    pub added: Vec<AddedPackage>,
    /// Packages that were there before only, by name.
    pub removed: Vec<AddedPackage>,
    /// Packages that are there on both sides and differ, by name.
    pub changed: Vec<ChangedPackage>,
    /// What programmes reach, and did and do: by programme, package name and source, whatever the version.
    pub exposures: ExposureChanges,
    /// Distributions that differ.
    pub concentration: Vec<ConcentrationChange>,
    /// Numbers of what is not known, where they differ.
    pub unknowns: Vec<UnknownChange>,
    /// What is to be known about the comparison itself.
    pub notes: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// The state before the change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BaseReport {
    /// As it was asked for.
    pub asked: Untrusted,
    /// `revision`, `lock-file`, `metadata` or `report`.
    pub kind: &'static str,
    /// The day asked about.
    pub as_of: Untrusted,
    /// Version of the program that made it.
    pub generator: Untrusted,
    /// The newest date of its data.
    pub data_date: Untrusted,
}

/// Numbers. Packages of the user's own are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffCounts {
    /// Packages.
    pub packages: Pair<u32>,
    /// Packages that came.
    pub added: u32,
    /// Packages that went.
    pub removed: u32,
    /// Packages that differ.
    pub changed: u32,
    /// Of these, those from another source than before.
    pub moved: u32,
    /// Of these, those of which nothing but the version (or the commit) differs.
    pub version_only: u32,
    /// Exposures that came.
    pub exposures_added: u32,
    /// Exposures that went.
    pub exposures_removed: u32,
    /// Exposures of another grade or status than before.
    pub exposures_changed: u32,
}

/// A value before the change, and now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pair<T> {
    /// Before.
    pub before: T,
    /// Now.
    pub now: T,
}

/// A package that came, or one that went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AddedPackage {
    /// Name.
    pub name: Untrusted,
    /// Version.
    pub version: String,
    /// Source, as a lock file writes it; `path` for a folder.
    pub source: Untrusted,
    /// Package URL.
    pub purl: Untrusted,
    /// Whether a member needs it itself.
    pub direct: bool,
    /// One shortest path from a member, the package itself last.
    pub path: Vec<Untrusted>,
    /// Who stands behind it.
    pub steward: Answer,
    /// The nearest grade of exposure, if a programme reaches it.
    pub grade: Option<Untrusted>,
    /// The programmes that reach it.
    pub programmes: Vec<Untrusted>,
    /// It runs a program before it is compiled; nothing where that is not known.
    pub build_script: Option<bool>,
    /// It runs inside the compiler; nothing where that is not known.
    pub proc_macro: Option<bool>,
    /// Its code runs on the build machine; nothing where that is not known.
    pub runs_at_build: Option<bool>,
    /// Whether what is built now holds it, where lock files are compared in a workspace.
    pub built: Option<bool>,
}

/// A package that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedPackage {
    /// Name.
    pub name: Untrusted,
    /// Package URL now.
    pub purl: Untrusted,
    /// Whether a member needs it itself now.
    pub direct: bool,
    /// One shortest path from a member now, the package itself last.
    pub path: Vec<Untrusted>,
    /// Versions; they can be the same.
    pub version: Pair<String>,
    /// Where it came and comes from, if that is another registry, repository or kind of source.
    pub source: Option<Pair<Untrusted>>,
    /// The commits, if it comes from another one of the same repository.
    pub commit: Option<Pair<Untrusted>>,
    /// Facets whose answer differs.
    pub answers: Vec<AnswerChange>,
    /// What it can do now and could not, or the other way round, as far as both sides tell.
    pub powers: Vec<PowerChange>,
    /// The nearest grade of exposure now, if a programme reaches it.
    pub grade: Option<Untrusted>,
}

impl ChangedPackage {
    /// Whether nothing but the version or the commit differs.
    pub fn version_only(&self) -> bool {
        self.source.is_none() && self.answers.is_empty() && self.powers.is_empty()
    }
}

/// An answer that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AnswerChange {
    /// The facet.
    pub facet: &'static str,
    /// Before.
    pub before: Answer,
    /// Now.
    pub now: Answer,
}

/// A power that came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PowerChange {
    /// `build-script`, `proc-macro` or `runs-at-build`.
    pub power: &'static str,
    /// Whether it came.
    pub gained: bool,
}

/// Exposures that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExposureChanges {
    /// There now only.
    pub added: Vec<ExposureEntry>,
    /// There before only.
    pub removed: Vec<ExposureEntry>,
    /// Of another grade or status.
    pub changed: Vec<ExposureChange>,
}

/// An exposure that came, or one that went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExposureEntry {
    /// The programme's id.
    pub programme: Untrusted,
    /// `name@version`, of the version that is nearest.
    pub package: Untrusted,
    /// Package URL.
    pub purl: Untrusted,
    /// How near: `named`, `seat`, `publisher`, `contribution`, `channel`, `possible`.
    pub grade: Untrusted,
    /// What the programme (or the listing) does.
    pub effect: Untrusted,
    /// `in-force`, or `upcoming`.
    pub status: Untrusted,
    /// In words.
    pub because: Untrusted,
    /// One shortest path from a member to the package.
    pub path: Vec<Untrusted>,
}

/// An exposure that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExposureChange {
    /// Before.
    pub before: ExposureEntry,
    /// Now.
    pub now: ExposureEntry,
    /// Whether it is nearer now, or in force and was not.
    pub worse: bool,
}

/// A distribution that differs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ConcentrationChange {
    /// The facet.
    pub facet: Untrusted,
    /// `packages`, or `reach`.
    pub weighting: Untrusted,
    /// Shares by country that differ, the largest change first.
    pub shares: Vec<ShareChange>,
    /// Share known to have no seat.
    pub no_seat: Pair<f64>,
    /// Share of which sources name different countries.
    pub conflict: Pair<f64>,
    /// Share not known.
    pub unknown: Pair<f64>,
    /// Herfindahl-Hirschman index among what has a country.
    pub hhi: Pair<Option<f64>>,
}

/// The share of a country.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ShareChange {
    /// The country.
    pub country: Untrusted,
    /// Before.
    pub before: f64,
    /// Now.
    pub now: f64,
}

/// What is not known about a facet, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnknownChange {
    /// The facet.
    pub facet: Untrusted,
    /// Why.
    pub reason: Untrusted,
    /// Packages before.
    pub before: u32,
    /// Packages now.
    pub now: u32,
}

/// The JSON Schema of the diff report.
pub fn diff_schema() -> schemars::Schema {
    schemars::schema_for!(DiffReport)
}
