//! The arguments.

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// `cargo origin …`
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = clap_cargo::style::CLAP_STYLING)]
pub(super) enum Cargo {
    /// Show where a project's dependencies come from, on evidence, and which sanctions, bans and lists they touch
    Origin(App),
}

/// Show where a project's dependencies come from, on evidence, and which sanctions, bans and lists they touch
///
/// Works offline, on embedded data and on what `sync` has fetched. Exit codes: 0 the policy holds (or none was asked), 1 it is violated, 2 could not finish.
#[derive(Debug, Parser)]
#[command(version, subcommand_help_heading = "Commands", args_conflicts_with_subcommands = false)]
pub(super) struct App {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) store: super::live::StoreFileArgs,
    #[command(flatten)]
    pub(super) network: super::sync::NetworkArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// What else there is besides the report.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show every facet, claim and piece of evidence for one package
    Explain {
        /// `name` or `name@version`
        #[arg(value_name = "PACKAGE", id = "wanted")]
        wanted: String,
    },
    /// Hold the policy (origin.toml) against the project: exit code 1 where it is violated
    Check(CheckArgs),
    /// Show what a change adds, removes and changes: packages, exposures, concentration, unknowns
    Diff(DiffArgs),
    /// Show two projects, two policies or two homes side by side
    Compare(super::whatif::CompareArgs),
    /// Show what would be lost without a country, a party, a package, or what a programme reaches
    Simulate(super::whatif::SimulateArgs),
    /// Show the least to replace, or to turn off, so that what is exposed is no longer reached
    Cut(super::whatif::CutArgs),
    /// Show the packages, parties and countries that take down much of the graph if they go
    SinglePoints(super::whatif::SingleArgs),
    /// Show how concentrated origins are, with intervals, by blocs, and as seen from home
    Concentration(super::whatif::ConcentrationArgs),
    /// Show how the origins moved over the history of the lock file, and what of that is evidence and law
    Trend(TrendArgs),
    /// Show through whom a package comes in
    Paths {
        /// `name` or `name@version`
        #[arg(value_name = "PACKAGE", id = "wanted")]
        wanted: String,
        /// How many paths at the most, shortest first
        #[arg(long, default_value_t = 10, value_name = "N")]
        limit: usize,
    },
    /// Tell from a text, such as `Bengaluru, India`, which country it names
    Place {
        /// Texts; without one, a text a line from standard input
        #[arg(value_name = "TEXT", id = "texts")]
        texts: Vec<String>,
    },
    /// List the embedded programmes (sanctions, bans, lists), or show one
    Programmes(Catalogue),
    /// List the embedded register of organisations, or show one
    Vendors(Catalogue),
    /// Show from the history of a repository where the work on it is done
    Observe(ObserveArgs),
    /// Ask registries, forges and lists of sanctions for what is missing, and keep it
    Sync(super::sync::SyncArgs),
    /// Look after what was fetched: statistics, export and import, deleting
    Store(super::live::StoreArgs),
    /// Write a policy (origin.toml) to start from, with comments
    Init(InitArgs),
    /// Print the JSON Schema of the report, of what another command writes, or of origin.toml
    Schema {
        /// What to print the schema of
        #[arg(value_enum, default_value_t = SchemaArg::Report, value_name = "WHAT", id = "what")]
        of: SchemaArg,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// A policy to start from.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// From whose side it looks
    #[arg(long, value_enum, default_value_t = PresetArg::ReportOnly)]
    pub(super) preset: PresetArg,
    /// Accept what it finds today, with exceptions whose reasons are to be filled in
    #[arg(long)]
    pub(super) from_current: bool,
}

/// `--preset`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum PresetArg {
    /// A supplier of the federal government of the United States
    UsFederal,
    /// A company in the United States without federal contracts
    UsCommercial,
    /// Bound by the law of the European Union
    Eu,
    /// What comes from elsewhere, seen from one country (needs --home)
    Sovereign,
    /// Nothing fails: everything that would is a warning
    ReportOnly,
}

/// What is observed.
#[derive(Debug, Args)]
pub(super) struct ObserveArgs {
    /// Work trees or git directories, bare ones too
    #[arg(value_name = "REPOSITORY", required = true, id = "folders")]
    pub(super) repositories: Vec<Utf8PathBuf>,
    /// What the repository is called, host/owner/repo (by default what it was cloned from)
    #[arg(long = "repository", value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Only commits on or after this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) since: Option<crate::date::Date>,
    /// Only commits that touch this folder of the repository
    #[arg(long, value_name = "FOLDER", id = "inside")]
    pub(super) path: Option<String>,
    /// Also write observation records to this file, one a line
    #[arg(long, value_name = "FILE", id = "record-file")]
    pub(super) out: Option<Utf8PathBuf>,
}

/// A list, or one of it.
#[derive(Debug, Args)]
pub(super) struct Catalogue {
    #[command(subcommand)]
    pub(super) show: Option<Show>,
}

/// One entry.
#[derive(Debug, Subcommand)]
pub(super) enum Show {
    /// Show one entry in full
    Show {
        /// Its id
        id: String,
    },
}

impl Show {
    pub(super) fn id(&self) -> &str {
        let Self::Show { id } = self;
        id
    }
}

/// What is looked at.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(super) struct InputArgs {
    /// Path to Cargo.toml
    #[arg(long, value_name = "PATH", global = true)]
    pub(super) manifest_path: Option<Utf8PathBuf>,
    /// Packages of the workspace to build (all of it by default)
    #[arg(short, long, value_name = "SPEC", global = true)]
    pub(super) package: Vec<String>,
    /// The whole workspace (the default)
    #[arg(long, conflicts_with = "package", global = true)]
    pub(super) workspace: bool,
    /// Members of the workspace to leave out
    #[arg(long, value_name = "SPEC", global = true)]
    pub(super) exclude: Vec<String>,
    /// Features to activate, separated by spaces or commas
    #[arg(short = 'F', long, value_name = "FEATURES", global = true)]
    pub(super) features: Vec<String>,
    /// Activate all available features
    #[arg(long, global = true)]
    pub(super) all_features: bool,
    /// Do not activate the `default` feature
    #[arg(long, global = true)]
    pub(super) no_default_features: bool,
    /// Only for this target triple (repeatable; every target by default)
    #[arg(long, value_name = "TRIPLE", global = true)]
    pub(super) target: Vec<String>,
    /// With the development dependencies of the members
    #[arg(long, global = true)]
    pub(super) dev: bool,
    /// Require that Cargo.lock is up to date
    #[arg(long, global = true)]
    pub(super) locked: bool,
    /// Run without touching the network
    #[arg(long, global = true)]
    pub(super) offline: bool,
    /// Both: --locked and --offline
    #[arg(long, global = true)]
    pub(super) frozen: bool,
    /// Read a saved `cargo metadata --format-version 1 --all-features` instead of running cargo
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lockfile", "manifest_path"], global = true)]
    pub(super) metadata_path: Option<Utf8PathBuf>,
    /// Read a Cargo.lock alone: runs no program, reads nothing else
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["manifest_path", "package", "exclude", "features", "all_features", "no_default_features", "target", "dev"],
        global = true
    )]
    pub(super) lockfile: Option<Utf8PathBuf>,
    /// With --lockfile: also read the manifests that cargo has unpacked on this machine
    #[arg(long, requires = "lockfile", global = true)]
    pub(super) registry_cache: bool,
    /// The policy file (origin.toml is looked for by default)
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<Utf8PathBuf>,
    /// A folder of clones (host/owner/repo), whose histories are asked before the embedded observations
    #[arg(long, value_name = "FOLDER", global = true)]
    pub(super) git_cache: Option<Utf8PathBuf>,
    /// From which share of the work on work done in a listed place counts [default: 0.25]
    #[arg(long, value_name = "SHARE", value_parser = share, global = true)]
    pub(super) contribution_share: Option<f64>,
    /// From which probability on a band of the world counts for that share [default: 0.7]
    #[arg(long, value_name = "SHARE", value_parser = share, global = true)]
    pub(super) contribution_probability: Option<f64>,
    /// The day to ask about (today by default)
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub(super) as_of: Option<crate::date::Date>,
    /// Your home country, ISO 3166-1: what is foreign is seen from there
    #[arg(long, value_name = "CC", global = true)]
    pub(super) home: Option<String>,
}

/// A share above 0 and up to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().map_err(|_| "not a number".to_owned())?;
    if share > 0.0 && share <= 1.0 { Ok(share) } else { Err("not above 0 and up to 1".to_owned()) }
}

/// Levels of rules; they win over the policy's.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct CheckArgs {
    /// Do not look at this rule (repeatable)
    #[arg(short = 'A', long, value_name = "RULE")]
    pub(super) allow: Vec<String>,
    /// Only warn of what this rule finds (repeatable)
    #[arg(short = 'W', long, value_name = "RULE")]
    pub(super) warn: Vec<String>,
    /// Fail on what this rule finds (repeatable)
    #[arg(short = 'D', long, value_name = "RULE")]
    pub(super) deny: Vec<String>,
    /// Fail only on what is new since this revision of the repository, or since this file: a lock file, a saved cargo metadata, or a saved
    /// JSON report
    #[arg(long, value_name = "REV|FILE")]
    pub(super) base: Option<String>,
    /// Also write this format to a file (repeatable): all of the files are written, or none
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output, help_heading = "Output")]
    pub(super) output: Vec<(FormatArg, Utf8PathBuf)>,
}

/// What is compared.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The state before the change: a revision of the repository, a lock file, a saved cargo metadata, or a saved JSON report
    #[arg(long, value_name = "REV|FILE")]
    pub(super) base: String,
}

/// Which points in time.
#[derive(Debug, Args)]
pub(super) struct TrendArgs {
    /// The first day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) since: crate::date::Date,
    /// The last day (by default the one that is asked about: today, or --as-of)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(super) until: Option<crate::date::Date>,
    /// A point at the end of every …
    #[arg(long, value_enum, default_value_t = EveryArg::Month, value_name = "PERIOD")]
    pub(super) every: EveryArg,
    /// Of which day evidence and law are
    #[arg(long, value_enum, default_value_t = EvidenceArg::Then, value_name = "DAY")]
    pub(super) evidence: EvidenceArg,
    /// Read the lock files of the history from git (the default)
    #[arg(long, conflicts_with = "fixed")]
    pub(super) from_git: bool,
    /// Ask of today's lock file on every day: only evidence and law move
    #[arg(long, conflicts_with = "evidence")]
    pub(super) fixed: bool,
    /// Read another repository, a bare one too; --lockfile names the file from its top
    #[arg(long, value_name = "FOLDER", id = "trend-repository", conflicts_with = "manifest_path")]
    pub(super) repository: Option<Utf8PathBuf>,
}

/// `--every`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum EveryArg {
    /// Day
    Day,
    /// Week, which ends on Sunday
    Week,
    /// Month
    Month,
    /// Quarter
    Quarter,
    /// Year
    Year,
}

/// `--evidence`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum EvidenceArg {
    /// Of the day of each point
    Then,
    /// Of today (or --as-of): only the dependencies move
    Today,
}

/// A format, `=`, and a file.
fn output(text: &str) -> Result<(FormatArg, Utf8PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("not of the form FORMAT=FILE")?;
    if file.is_empty() {
        return Err("no file after the `=`".to_owned());
    }
    let known = || FormatArg::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let format = FormatArg::from_str(format, false).map_err(|_| {
        let known: Vec<String> = known().map(|value| value.get_name().to_owned()).collect();
        format!("`{format}` is not a format; it is one of {}", known.join(", "))
    })?;
    Ok((format, file.into()))
}

/// What is written, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// The format
    #[arg(long, value_enum, default_value_t = FormatArg::Human, global = true)]
    pub(super) format: FormatArg,
    /// Rows of the risk table; 0 for all
    #[arg(long, default_value_t = 20, value_name = "N", global = true)]
    pub(super) top: usize,
    /// Which packages the table shows
    #[arg(long, value_enum, default_value_t = OnlyArg::Exposed, global = true)]
    pub(super) only: OnlyArg,
    /// In which order
    #[arg(long, value_enum, default_value_t = SortArg::Grade, global = true)]
    pub(super) sort: SortArg,
    /// Only this facet
    #[arg(long, value_enum, global = true)]
    pub(super) facet: Option<FacetArg>,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", global = true)]
    pub(super) color: Option<ColorArg>,
    /// How wide the output is (the terminal by default)
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..=1000), global = true)]
    pub(super) width: Option<u16>,
    /// How many threads may read files (the result does not depend on it)
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64), global = true)]
    pub(super) jobs: Option<u16>,
    /// Say on standard error which policy was read
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

/// `schema`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SchemaArg {
    /// The report
    Report,
    /// What the gate found
    Check,
    /// What a change brings
    Diff,
    /// Two sides and what differs
    Compare,
    /// What would be lost
    Simulate,
    /// What to replace or turn off
    Cut,
    /// On whom much hangs
    SinglePoints,
    /// How concentrated origins are
    Concentration,
    /// How the origins moved
    Trend,
    /// One package in full
    Explain,
    /// What a text says about a place
    Place,
    /// What is in the store
    Store,
    /// The policy, for editors
    Policy,
}

/// `--format`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatArg {
    /// Tables for a terminal
    Human,
    /// The report, version 1 (see `cargo origin schema`)
    Json,
    /// GitHub-flavoured Markdown
    Markdown,
    /// One line a package
    Csv,
    /// Annotations of GitHub Actions (check only)
    Github,
    /// SARIF 2.1.0, for code scanning (check only)
    Sarif,
    /// A JUnit report: a suite a rule, a case a finding (check only)
    Junit,
    /// Code quality of GitLab (check only)
    Gitlab,
    /// A chart (trend only)
    Svg,
}

/// `--only`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum OnlyArg {
    /// What a programme reaches
    Exposed,
    /// What is not known
    Unknown,
    /// Everything
    All,
}

/// `--sort`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SortArg {
    /// Worst first
    Grade,
    /// By name
    Name,
    /// What most packages depend on first
    Dependents,
    /// What is nearest to the workspace first
    Depth,
}

/// `--facet`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FacetArg {
    /// Which organisation stands behind it
    Steward,
    /// Who can put out a new version
    Publisher,
    /// Where it is worked on
    Contribution,
    /// Through which infrastructure it comes
    Channel,
    /// What foreign code it carries
    Native,
}

/// `--color`
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorArg {
    /// Where a terminal wants it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
