//! A report to bytes: one file a format.
//!
//! Renderers get the report, how it is to be shown, and a writer. They compute nothing and decide nothing. Text from outside goes through
//! `escape`, which knows what can do harm in each medium.

mod catalogue;
mod check;
mod compare;
mod concentration;
mod csv;
mod cut;
mod diff;
mod escape;
mod explain;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod origin;
mod paths;
mod place;
mod progress;
mod risk;
mod sarif;
mod simulate;
mod single;
mod store;
mod stylesheet;
mod svg;
mod table;
mod trend;
mod work;

pub use self::place::place;
pub use catalogue::{programme, programmes, vendor, vendors};
pub use escape::diagnostic as escape_for_diagnostics;
pub use paths::paths;
pub use progress::Progress;
pub use store::store;
pub use stylesheet::Stylesheet;
pub use work::observations;

use std::io::{self, Write};

use crate::report::{
    CheckReport, CompareReport, Concentrations, CutReport, DiffReport, Explanation, Report, SimulateReport,
    SingleReport, TrendReport,
};

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tables for a terminal.
    Human,
    /// The report, version 1.
    Json,
    /// GitHub-flavoured Markdown.
    Markdown,
    /// One line a package.
    Csv,
    /// Annotations of GitHub Actions; what the gate found only.
    Github,
    /// SARIF 2.1.0, for code scanning; what the gate found only.
    Sarif,
    /// A JUnit report; what the gate found only.
    Junit,
    /// Code quality of GitLab; what the gate found only.
    Gitlab,
    /// A chart; a trend only.
    Svg,
}

impl Format {
    /// The word of a format that shows what the gate found and nothing else.
    pub fn of_the_gate(self) -> Option<&'static str> {
        match self {
            Self::Human | Self::Json | Self::Markdown | Self::Csv | Self::Svg => None,
            Self::Github => Some("github"),
            Self::Sarif => Some("sarif"),
            Self::Junit => Some("junit"),
            Self::Gitlab => Some("gitlab"),
        }
    }
}

/// Which packages the risk table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// Those that a programme reaches.
    Exposed,
    /// Those of which the facet is not known.
    Unknown,
    /// All.
    All,
}

/// The order of the risk table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Nearest grade first.
    Grade,
    /// By name.
    Name,
    /// What most packages depend on first.
    Dependents,
    /// What is nearest to the workspace first.
    Depth,
}

/// How a report is to be shown to people.
#[derive(Clone, Debug)]
pub struct View {
    /// Colours, or none.
    pub stylesheet: Stylesheet,
    /// Columns of the terminal.
    pub width: u16,
    /// Rows of the risk table; all if none.
    pub top: Option<usize>,
    /// Which packages.
    pub only: Only,
    /// In which order.
    pub sort: Sort,
    /// One facet only, by its word.
    pub facet: Option<&'static str>,
}

/// Writes a report.
pub fn write(report: &Report, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => markdown::write(report, view, out),
        Format::Csv => csv::write(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes one package in full, for a terminal or as JSON.
pub fn write_explanation(explanation: &Explanation, as_json: bool, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if as_json { json::write(explanation, out) } else { explain::write(explanation, view, out) }
}

/// Writes what the gate found.
pub fn write_check(report: &CheckReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => check::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => check::markdown(report, out),
        Format::Csv => csv::check(report, out),
        Format::Github => check::github(report, out),
        Format::Sarif => sarif::write(report, out),
        Format::Junit => junit::write(report, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes what a change adds, removes and changes.
pub fn write_diff(report: &DiffReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => diff::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => diff::markdown(report, out),
        Format::Csv => csv::diff(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes two sides and what differs.
pub fn write_comparison(report: &CompareReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => compare::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => compare::markdown(report, view, out),
        Format::Csv => compare::sheet(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes what would be lost.
pub fn write_simulation(report: &SimulateReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => simulate::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => simulate::markdown(report, out),
        Format::Csv => simulate::sheet(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes what to replace or turn off.
pub fn write_cut(report: &CutReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => cut::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => cut::markdown(report, out),
        Format::Csv => cut::csv(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes on whom much hangs.
pub fn write_single(report: &SingleReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => single::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => single::markdown(report, view, out),
        Format::Csv => single::csv(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes how concentrated the origins are.
pub fn write_concentration(
    report: &Concentrations,
    format: Format,
    view: &View,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Human => concentration::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => concentration::markdown(report, out),
        Format::Csv => concentration::csv(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
        Format::Svg => Err(no_chart()),
    }
}

/// Writes how the origins moved.
pub fn write_trend(report: &TrendReport, format: Format, view: &View, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => trend::human(report, view, out),
        Format::Json => json::write(report, out),
        Format::Markdown => trend::markdown(report, out),
        Format::Csv => csv::trend(report, out),
        Format::Svg => svg::write(report, out),
        Format::Github | Format::Sarif | Format::Junit | Format::Gitlab => Err(for_check()),
    }
}

fn no_chart() -> io::Error {
    io::Error::other("this format is for cargo origin trend")
}

/// Writes anything that has a JSON form.
pub fn write_json(value: &impl serde::Serialize, out: &mut dyn Write) -> io::Result<()> {
    json::write(value, out)
}

fn for_check() -> io::Error {
    io::Error::other("this format is for cargo origin check")
}
