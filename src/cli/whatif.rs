//! The arguments of what asks "what if".

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use super::args::share;
use crate::command::{CompareSettings, CutSettings};

/// What is to go, and what it costs to replace a package.
///
/// What is given here adds up: a package is to go if any of it says so. With nothing given, what the policy's programmes in force reach is to
/// go, or what any programme in force reaches where the policy chooses none; always what is more than possible.
#[derive(Debug, Args)]
pub(super) struct CutArgs {
    /// These packages: `name` (every version) or `name@version`
    #[arg(value_name = "PACKAGE", id = "wanted")]
    pub(super) packages: Vec<String>,
    /// What this programme reaches, by id or as `tag:…` (repeatable)
    #[arg(long, value_name = "ID", help_heading = "What is to go")]
    pub(super) programme: Vec<String>,
    /// Only what a programme reaches with this grade (repeatable; all but `possible` by default)
    #[arg(long, value_enum, value_name = "GRADE", help_heading = "What is to go")]
    pub(super) grade: Vec<GradeArg>,
    /// What has its steward (or the facet of --facet) in one of these countries
    #[arg(long, value_name = "CC,…", value_delimiter = ',', help_heading = "What is to go")]
    pub(super) country: Vec<String>,
    /// What this party is the steward of (or --facet), itself or through what it owns: an id of the register, or host/owner (repeatable)
    #[arg(long, value_name = "ID", help_heading = "What is to go")]
    pub(super) party: Vec<String>,
    /// Cost of a package that a member needs itself
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = cost(), help_heading = "Costs")]
    pub(super) cost_direct: u32,
    /// Cost of any other package
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = cost(), help_heading = "Costs")]
    pub(super) cost_indirect: u32,
    /// Cost of one package (repeatable); it wins
    #[arg(long, value_name = "NAME=N", value_parser = named_cost, help_heading = "Costs")]
    pub(super) cost: Vec<(String, u32)>,
    /// Of sets of the same cost the one nearest to your own packages, or to what is to go
    #[arg(long, value_enum, default_value_t = NearArg::Roots, value_name = "END", help_heading = "Costs")]
    pub(super) near: NearArg,
}

/// What is compared.
///
/// One of three: two files, each a Cargo.lock, a saved `cargo metadata --format-version 1 --all-features` or a saved JSON report; or the project
/// under two policies; or the project as seen from two homes. Files can be a stranger's, so that only the policy of --config counts for them.
#[derive(Debug, Args)]
pub(super) struct CompareArgs {
    /// Two files: lock files, saved cargo metadata, or saved JSON reports
    #[arg(value_name = "FILE", id = "sides")]
    pub(super) files: Vec<Utf8PathBuf>,
    /// A policy file; give two
    #[arg(long, value_name = "FILE", help_heading = "Comparison")]
    pub(super) policy: Vec<Utf8PathBuf>,
    /// Two home countries
    #[arg(long, value_name = "CC,CC", value_delimiter = ',', help_heading = "Comparison")]
    pub(super) homes: Vec<String>,
}

/// From which share on.
#[derive(Debug, Args)]
pub(super) struct SingleArgs {
    /// Only what takes down more than this share of the packages
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.05)]
    pub(super) above: f64,
}

/// `--near`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum NearArg {
    /// What you need yourself: it takes most with it
    Roots,
    /// What is to go: it takes least with it
    Targets,
}

/// `--grade`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GradeArg {
    /// Its party is named, or owned by one that is
    Named,
    /// Its party, or the party's owner, has its seat there
    Seat,
    /// Who can publish it sits there
    Publisher,
    /// Work on it is done there
    Contribution,
    /// It comes through there
    Channel,
    /// Some evidence points there
    Possible,
}

/// Costs are whole numbers; a thousand packages of the greatest still add up.
fn cost() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=1_000_000)
}

/// A name, `=`, and a number.
fn named_cost(text: &str) -> Result<(String, u32), String> {
    let (name, number) = text.rsplit_once('=').ok_or("not of the form NAME=N")?;
    let number: u32 = number.parse().map_err(|_| format!("`{number}` is not a whole number"))?;
    if (1..=1_000_000).contains(&number) && !name.is_empty() {
        Ok((name.to_owned(), number))
    } else {
        Err("a cost is from 1 to 1000000, and needs a name".to_owned())
    }
}

/// What the command is to know.
pub(super) fn cut(args: &CutArgs) -> CutSettings {
    let grade = |grade: &GradeArg| match grade {
        GradeArg::Named => "named",
        GradeArg::Seat => "seat",
        GradeArg::Publisher => "publisher",
        GradeArg::Contribution => "contribution",
        GradeArg::Channel => "channel",
        GradeArg::Possible => "possible",
    };
    CutSettings {
        programmes: args.programme.clone(),
        grades: args.grade.iter().map(grade).collect(),
        countries: args.country.clone(),
        parties: args.party.clone(),
        packages: args.packages.clone(),
        direct: args.cost_direct,
        indirect: args.cost_indirect,
        costs: args.cost.clone(),
        near_targets: args.near == NearArg::Targets,
    }
}

/// What is compared with what.
pub(super) fn compare(args: &CompareArgs) -> CompareSettings {
    CompareSettings { files: args.files.clone(), policies: args.policy.clone(), homes: args.homes.clone() }
}

/// What is taken away.
#[derive(Debug, Args)]
#[command(next_help_heading = "Simulation")]
pub(super) struct SimulateArgs {
    /// Countries, or regions such as UA-43 (repeatable, or separated by commas)
    #[arg(long, value_name = "CC", value_delimiter = ',')]
    pub(super) without: Vec<String>,
    /// A party: an id of the register, or an account such as github.com/example (repeatable)
    #[arg(long, value_name = "ID")]
    pub(super) without_party: Vec<String>,
    /// A package, `name` or `name@version` (repeatable)
    #[arg(long, value_name = "PACKAGE")]
    pub(super) without_package: Vec<String>,
    /// Everything that a programme reaches (repeatable)
    #[arg(long, value_name = "ID")]
    pub(super) without_programme: Vec<String>,
    /// From which probability on a package counts as going
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.5)]
    pub(super) min_probability: f64,
    /// How often to draw for what is lost on average; 0 for not at all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000), default_value_t = 10_000)]
    pub(super) draws: u32,
    /// The seed of the draws: the same gives the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
}

/// How concentration is looked at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Concentration")]
pub(super) struct ConcentrationArgs {
    /// Who counts as allied: ids of blocs and codes of countries, separated by commas (by default the blocs that the home is in)
    #[arg(long, value_name = "BLOC|CC", value_delimiter = ',')]
    pub(super) allied: Vec<String>,
    /// How often to draw for the intervals
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), default_value_t = 10_000)]
    pub(super) draws: u32,
    /// The seed of the draws: the same gives the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
}
