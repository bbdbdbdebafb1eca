//! How the origins of a project moved: trend report, version 1.
//!
//! A view over measurements (`measure`), one a point in time. Two things move: what the project depends on, and what is known and in force.
//! The report keeps them apart where it can (`Movement`, and the cause of every package that came or went).

mod build;
mod measure;

pub use build::{Sample, Series, trend};
pub use measure::{Known, Measurement, measure};

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Untrusted;

/// How the origins of a project moved.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TrendReport {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The country from which "foreign" is seen, if the user set one.
    pub home: Option<String>,
    /// The newest date of the embedded data.
    pub data_date: String,
    /// The workspace.
    pub workspace: Untrusted,
    /// The lock file, from the top of its repository.
    pub lock_file: Untrusted,
    /// What is asked of each point: `then`, the lock file of the day with evidence and law of the day; `today`, the lock file of the day with
    /// evidence and law of one day; `fixed`, one lock file with evidence and law of the day.
    pub reading: &'static str,
    /// The day of evidence and law, for `today`.
    pub as_of: Option<String>,
    /// `day`, `week`, `month`, `quarter` or `year`.
    pub every: &'static str,
    /// First and last day that were asked for.
    pub since: String,
    /// The last day; it is the last point.
    pub until: String,
    /// What was read of the repository; nothing for `fixed`.
    pub history: Option<HistoryRead>,
    /// Countries that stand behind packages anywhere, those with the largest shares first.
    pub countries: Vec<String>,
    /// Every point, oldest first.
    pub points: Vec<TrendPoint>,
    /// From the first point to the last: what moved, and why.
    pub movement: Vec<Movement>,
    /// What is to be known about the report itself.
    pub notes: Vec<Untrusted>,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// What was read of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HistoryRead {
    /// Commits at points.
    pub commits: u32,
    /// Different lock files in them.
    pub lock_files: u32,
    /// Points without numbers.
    pub gaps: u32,
    /// Whether the clone has only a part of its history.
    pub shallow: bool,
}

/// A point in time: the end of a day, in UTC.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TrendPoint {
    /// The day.
    pub day: String,
    /// The newest commit of the first parents at its end.
    pub commit: Option<String>,
    /// The day of that commit.
    pub committed: Option<String>,
    /// The numbers; nothing where there is a gap.
    pub state: Option<TrendState>,
    /// Why there are no numbers.
    pub gap: Option<PointGap>,
    /// Programmes in force that reach packages, at any grade, and reached none at the point before.
    pub programmes_came: Vec<String>,
    /// Programmes that reached packages, and reach none any more or are not in force.
    pub programmes_went: Vec<String>,
    /// Packages that are nearer than `possible` to a programme in force and were not at the point before, by name. Another version of one that
    /// was is none.
    pub came: Vec<Moved>,
    /// Packages that were, and are not any more, by name.
    pub went: Vec<Moved>,
}

/// Why a point has no numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PointGap {
    /// `no-commit`, `no-lock-file`, `not-in-clone`, `too-large` or `unreadable`.
    pub kind: &'static str,
    /// In words.
    pub detail: Untrusted,
}

/// The numbers of a point. Packages of the user's own are not counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct TrendState {
    /// Packages.
    pub packages: u32,
    /// Of these, those that a member needs itself.
    pub direct: u32,
    /// Who stands behind them: by country of the seat.
    pub countries: BTreeMap<String, Part>,
    /// Those known to have no seat.
    pub no_seat: Part,
    /// Those of which sources name different countries.
    pub conflict: Part,
    /// Those of which it is not known.
    pub unknown: Part,
    /// Herfindahl-Hirschman index among what has a country, 0 to 1.
    pub hhi: Option<f64>,
    /// Packages that are nearer than `possible` to a programme in force, every version of them.
    pub exposed: u32,
    /// Packages by their nearest grade to a programme in force: `named`, `seat`, `publisher`, `contribution`, `channel`, `possible`.
    pub grades: BTreeMap<&'static str, u32>,
    /// Programmes in force that reach packages, with their number at any grade.
    pub programmes: BTreeMap<String, u32>,
}

/// A part of the packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Part {
    /// How many. One that may be in several countries is in none of these numbers.
    pub packages: u32,
    /// Their share in all packages. One that may be in several countries is spread over them.
    pub share: f64,
}

/// A package that became exposed, or is not any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moved {
    /// Its name.
    pub package: Untrusted,
    /// The nearest grade that it has, or had.
    pub grade: &'static str,
    /// Programmes that reach it, or reached it, at that grade.
    pub programmes: Vec<String>,
    /// `dependencies`: the package came into the lock file, left it, or comes from elsewhere. `evidence`: it is there at both points, and what is
    /// known or in force is another.
    pub cause: &'static str,
}

/// A number from the first point to the last, and why it moved. What one of the two added is the mean of what it adds with the other as it was at
/// the first point and with the other as it is at the last; so what only both together did is shared, and both make the difference.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Movement {
    /// `packages`, `exposed`, `possible`, `hhi`, `no-seat`, `unknown`, or the code of a country; the last three are shares.
    pub what: String,
    /// At the first point with numbers.
    pub from: f64,
    /// At the last.
    pub to: f64,
    /// What the dependencies added.
    pub by_dependencies: f64,
    /// What evidence and law added.
    pub by_evidence: f64,
}

/// The JSON Schema of the trend report.
pub fn trend_schema() -> schemars::Schema {
    schemars::schema_for!(TrendReport)
}
