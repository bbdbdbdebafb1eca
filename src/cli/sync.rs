//! The arguments about the network, and what of the environment is about it.
#![expect(
    clippy::disallowed_methods,
    reason = "beside `settings` the one place that reads the clock and the environment"
)]

use std::io::IsTerminal;
use std::time::{SystemTime, UNIX_EPOCH};

use camino::Utf8PathBuf;
use clap::{Args, ValueEnum};

use crate::command::{CommandError, SyncSettings};
use crate::date::Moment;
use crate::source::remote::{Endpoints, Tokens, read_credentials};
use crate::source::sync::{DumpChoice, Parts, VersionsFrom};

/// Which services, and with what.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArgs {
    /// Ask over the network for what is missing, as `sync` does, before answering
    #[arg(long, global = true)]
    pub(super) online: bool,
    /// A file that says where services are: mirrors, your own forges, lists (also `CARGO_ORIGIN_SOURCES`)
    #[arg(long, value_name = "FILE", global = true)]
    sources: Option<Utf8PathBuf>,
    /// A file of tokens by host, which only you may read (also `CARGO_ORIGIN_CREDENTIALS`)
    #[arg(long, value_name = "FILE", global = true)]
    credentials: Option<Utf8PathBuf>,
    /// Hold displayed names of persons against lists too, for review only. Many people share a name: read `Live evidence` in the README first
    #[arg(long, global = true)]
    pub(super) match_persons: bool,
}

/// What is asked for.
#[derive(Debug, Default, Args)]
pub(super) struct SyncArgs {
    /// Only these parts (repeatable; without it crates, forges and lists)
    #[arg(long, value_enum, value_name = "PART")]
    part: Vec<PartArg>,
    /// Also look at histories: git copies the commits, not the files, of repositories without an embedded record, and the copy is deleted
    #[arg(long)]
    git: bool,
    /// Only these lists (repeatable): us-csl, uk-sanctions, un-sc, eu-fsf; us-sdn, which us-csl contains, only if named; opensanctions, if configured
    #[arg(long, value_name = "ID", id = "list-id")]
    list: Vec<String>,
    /// Where owners and versions of crates come from
    #[arg(long, value_enum, default_value_t = CratesArg::Auto, value_name = "HOW")]
    crates_from: CratesArg,
    /// Take them from a database dump of crates.io (db-dump.tar.gz) on this machine
    #[arg(long, value_name = "FILE", conflicts_with = "crates_from")]
    db_dump: Option<Utf8PathBuf>,
    /// Take versions from the index, not from the API: fast, but without who published them
    #[arg(long)]
    without_publishers: bool,
    /// Ask for everything again, fresh or not
    #[arg(long)]
    refresh: bool,
    /// Only say what is missing and what asking for it costs
    #[arg(long)]
    dry_run: bool,
    /// Exit with 2 where a source did not tell something that it was asked
    #[arg(long)]
    strict: bool,
}

/// `--part`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum PartArg {
    /// Owners and versions of crates
    Crates,
    /// Repositories, and the accounts behind them and behind crates
    Forges,
    /// Lists of sanctions
    Lists,
    /// Histories of repositories, as with --git
    Git,
}

/// `--crates-from`
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum CratesArg {
    /// The database dump where more than 300 crates are missing, else the API
    #[default]
    Auto,
    /// The API: two requests a crate, one a second
    Api,
    /// The database dump: several hundred megabytes
    Dump,
}

/// What a run over the network is to do; `report --online` does the usual.
pub(super) fn settings(network: &NetworkArgs, args: &SyncArgs) -> Result<SyncSettings, CommandError> {
    let wants = |part| args.part.is_empty() || args.part.contains(&part);
    Ok(SyncSettings {
        endpoints: endpoints(network)?,
        parts: Parts {
            crates: wants(PartArg::Crates),
            forges: wants(PartArg::Forges),
            lists: wants(PartArg::Lists),
            histories: args.git || args.part.contains(&PartArg::Git),
        },
        lists: args.list.clone(),
        dump: match (&args.db_dump, args.crates_from) {
            (Some(file), _) => DumpChoice::File(file.clone()),
            (None, CratesArg::Auto) => DumpChoice::Many,
            (None, CratesArg::Api) => DumpChoice::Never,
            (None, CratesArg::Dump) => DumpChoice::Always,
        },
        versions: if args.without_publishers { VersionsFrom::Index } else { VersionsFrom::Api },
        refresh: args.refresh,
        persons: network.match_persons,
        dry_run: args.dry_run,
        strict: args.strict,
        now: now()?,
        is_terminal: std::io::stderr().is_terminal(),
    })
}

/// The services, with the tokens of the environment and of a file.
fn endpoints(network: &NetworkArgs) -> Result<Endpoints, CommandError> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let file =
        |given: &Option<Utf8PathBuf>, name: &str| given.clone().or_else(|| variable(name).map(Utf8PathBuf::from));
    let credentials = match file(&network.credentials, "CARGO_ORIGIN_CREDENTIALS") {
        Some(path) => {
            let text = read_credentials(path.as_std_path(), path.as_str()).map_err(network_problem)?;
            Some((text, path))
        }
        None => None,
    };
    let credentials = credentials.as_ref().map(|(text, path)| (text.as_str(), path.as_str()));
    let tokens = Tokens::new(variable, credentials).map_err(network_problem)?;
    let Some(path) = file(&network.sources, "CARGO_ORIGIN_SOURCES") else { return Ok(Endpoints::public(&tokens)) };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| CommandError::Network(format!("--sources: {path} cannot be read: {error}")))?;
    Endpoints::parse(&text, path.as_str(), &tokens, variable).map_err(network_problem)
}

fn network_problem(error: impl std::fmt::Display) -> CommandError {
    CommandError::Network(error.to_string())
}

/// The clock: what is fetched is of the moment at which it is, whatever day a build is said to be of (`SOURCE_DATE_EPOCH`).
/// `CARGO_ORIGIN_NOW` is another clock, in seconds since 1970, for tests and for playing something through.
fn now() -> Result<Moment, CommandError> {
    if let Ok(text) = std::env::var("CARGO_ORIGIN_NOW") {
        let seconds = text.parse().map_err(|_| {
            CommandError::Network(format!("CARGO_ORIGIN_NOW is `{text}`, which is not a number of seconds"))
        })?;
        return Ok(Moment(seconds));
    }
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Moment(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)))
}
