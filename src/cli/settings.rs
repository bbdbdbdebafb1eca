//! Arguments and environment to settings. An argument wins over the environment, the environment over `origin.toml`, that over defaults.
#![expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock and the environment")]

use std::io::IsTerminal;
use std::time::{SystemTime, UNIX_EPOCH};

use anstream::ColorChoice;
use camino::Utf8PathBuf;
use etcetera::BaseStrategy;

use super::args::{
    App, ColorArg, EveryArg, EvidenceArg, FacetArg, FormatArg, InputArgs, OnlyArg, PresetArg, SchemaArg, SortArg,
    TrendArgs,
};
use super::live::StoreFileArgs;
use crate::analysis::Histories;
use crate::command::{CommandError, Reading, SchemaOf, Settings, SyncSettings, TrendSettings};
use crate::date::{Date, Every};
use crate::load::{CargoInput, Environment, Input, Selection};
use crate::policy::Preset;
use crate::render::{Format, Only, Sort, Stylesheet, View};

/// Width where nobody says.
const DEFAULT_WIDTH: u16 = 100;

/// Threads that read licence files; more gain nothing on the small files of a registry cache.
const DEFAULT_THREADS: usize = 8;

pub(super) fn from(app: &App) -> Result<Settings, CommandError> {
    let coloured = colour(app, &std::io::stdout()) != ColorChoice::Never;
    let threads = app.output.jobs.map_or_else(default_threads, usize::from);
    let environment = environment(threads)?;
    let environment_of_cargo = environment.cargo_home.clone();
    Ok(Settings {
        input: input(&app.input),
        environment,
        config: app.input.config.clone(),
        as_of: match app.input.as_of {
            Some(day) => day,
            None => today()?,
        },
        today: today()?,
        histories: Histories {
            clones: app.input.git_cache.clone(),
            cargo_home: environment_of_cargo,
            environment: std::env::vars_os().collect(),
        },
        contribution_share: app.input.contribution_share,
        contribution_probability: app.input.contribution_probability,
        home: app.input.home.clone(),
        store: store_file(&app.store),
        store_is_named: app.store.store.is_some(),
        online: online(app)?,
        match_persons: app.network.match_persons,
        net_offline: is_offline(app),
        home_folder: home_folder(),
        threads,
        format: format(app.output.format),
        view: view(app, coloured),
        verbose: app.output.verbose,
    })
}

pub(super) fn format(format: FormatArg) -> Format {
    match format {
        FormatArg::Human => Format::Human,
        FormatArg::Json => Format::Json,
        FormatArg::Markdown => Format::Markdown,
        FormatArg::Csv => Format::Csv,
        FormatArg::Github => Format::Github,
        FormatArg::Sarif => Format::Sarif,
        FormatArg::Junit => Format::Junit,
        FormatArg::Gitlab => Format::Gitlab,
        FormatArg::Svg => Format::Svg,
    }
}

pub(super) fn preset(preset: PresetArg) -> Preset {
    match preset {
        PresetArg::UsFederal => Preset::UsFederal,
        PresetArg::UsCommercial => Preset::UsCommercial,
        PresetArg::Eu => Preset::Eu,
        PresetArg::Sovereign => Preset::Sovereign,
        PresetArg::ReportOnly => Preset::ReportOnly,
    }
}

pub(super) fn schema_of(of: SchemaArg) -> SchemaOf {
    match of {
        SchemaArg::Report => SchemaOf::Report,
        SchemaArg::Check => SchemaOf::Check,
        SchemaArg::Diff => SchemaOf::Diff,
        SchemaArg::Compare => SchemaOf::Compare,
        SchemaArg::Simulate => SchemaOf::Simulate,
        SchemaArg::Cut => SchemaOf::Cut,
        SchemaArg::SinglePoints => SchemaOf::SinglePoints,
        SchemaArg::Concentration => SchemaOf::Concentration,
        SchemaArg::Trend => SchemaOf::Trend,
        SchemaArg::Explain => SchemaOf::Explain,
        SchemaArg::Place => SchemaOf::Place,
        SchemaArg::Store => SchemaOf::Store,
        SchemaArg::Policy => SchemaOf::Policy,
    }
}

pub(super) fn trend(args: &TrendArgs) -> TrendSettings {
    TrendSettings {
        since: args.since,
        until: args.until,
        every: match args.every {
            EveryArg::Day => Every::Day,
            EveryArg::Week => Every::Week,
            EveryArg::Month => Every::Month,
            EveryArg::Quarter => Every::Quarter,
            EveryArg::Year => Every::Year,
        },
        reading: match (args.fixed, args.evidence) {
            (true, _) => Reading::Fixed,
            (false, EvidenceArg::Then) => Reading::Then,
            (false, EvidenceArg::Today) => Reading::Today,
        },
        repository: args.repository.clone(),
    }
}

fn view(app: &App, coloured: bool) -> View {
    let human = matches!(app.output.format, FormatArg::Human);
    View {
        stylesheet: if coloured && human { Stylesheet::coloured() } else { Stylesheet::plain() },
        width: app.output.width.unwrap_or_else(width),
        top: Some(app.output.top).filter(|top| *top > 0),
        only: match app.output.only {
            OnlyArg::Exposed => Only::Exposed,
            OnlyArg::Unknown => Only::Unknown,
            OnlyArg::All => Only::All,
        },
        sort: match app.output.sort {
            SortArg::Grade => Sort::Grade,
            SortArg::Name => Sort::Name,
            SortArg::Dependents => Sort::Dependents,
            SortArg::Depth => Sort::Depth,
        },
        facet: app.output.facet.map(|facet| match facet {
            FacetArg::Steward => "steward",
            FacetArg::Publisher => "publisher",
            FacetArg::Contribution => "contribution",
            FacetArg::Channel => "channel",
            FacetArg::Native => "native",
        }),
    }
}

fn input(args: &InputArgs) -> Input {
    let selection = Selection {
        packages: args.package.clone(),
        exclude: args.exclude.clone(),
        features: args.features.clone(),
        all_features: args.all_features,
        no_default_features: args.no_default_features,
        targets: args.target.clone(),
        dev: args.dev,
        switches: false,
    };
    if let Some(path) = &args.lockfile {
        return Input::LockFile { path: path.clone(), registry_cache: args.registry_cache };
    }
    if let Some(path) = &args.metadata_path {
        return Input::MetadataFile(path.clone(), selection);
    }
    Input::Cargo(CargoInput {
        manifest_path: args.manifest_path.clone(),
        locked: args.locked,
        offline: args.offline,
        frozen: args.frozen,
        selection,
    })
}

/// Whether the network is not to be used, whatever is read: by cargo's own variable or its flags.
fn is_offline(app: &App) -> bool {
    let said = std::env::var("CARGO_NET_OFFLINE").is_ok_and(|value| value == "true" || value == "1");
    said || app.input.offline || app.input.frozen
}

/// `--store`, then `CARGO_ORIGIN_STORE`, then a file in the cache folder of the platform.
fn store_file(args: &StoreFileArgs) -> Option<Utf8PathBuf> {
    if args.no_store {
        return None;
    }
    let named = || std::env::var("CARGO_ORIGIN_STORE").ok().filter(|file| !file.is_empty()).map(Utf8PathBuf::from);
    let default = || {
        let cache = etcetera::base_strategy::choose_native_strategy().ok()?.cache_dir();
        Some(Utf8PathBuf::from_path_buf(cache).ok()?.join("cargo-origin").join("store.sqlite"))
    };
    args.store.clone().or_else(named).or_else(default)
}

/// `--online`: the usual run before an answer.
fn online(app: &App) -> Result<Option<Box<SyncSettings>>, CommandError> {
    if !app.network.online {
        return Ok(None);
    }
    super::sync::settings(&app.network, &super::sync::SyncArgs::default()).map(Box::new).map(Some)
}

fn home_folder() -> Option<Utf8PathBuf> {
    Utf8PathBuf::from_path_buf(etcetera::home_dir().ok()?).ok()
}

fn environment(threads: usize) -> Result<Environment, CommandError> {
    let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let home = || text("HOME").or_else(|| text("USERPROFILE")).map(|home| Utf8PathBuf::from(home).join(".cargo"));
    let current_dir = std::env::current_dir()?;
    let current_dir = Utf8PathBuf::from_path_buf(current_dir)
        .map_err(|path| std::io::Error::other(format!("the current folder {} is not UTF-8", path.display())))?;
    Ok(Environment {
        cargo: text("CARGO"),
        cargo_home: text("CARGO_HOME").map(Utf8PathBuf::from).or_else(home),
        current_dir,
        rustup_dist_server: text("RUSTUP_DIST_SERVER"),
        rustup_update_root: text("RUSTUP_UPDATE_ROOT"),
        threads,
    })
}

/// `SOURCE_DATE_EPOCH` where it is set, so that a build can be repeated; else the clock.
fn today() -> Result<Date, CommandError> {
    let seconds = if let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") {
        text.parse().map_err(|_| {
            std::io::Error::other(format!("SOURCE_DATE_EPOCH is `{text}`, which is not a number of seconds"))
        })?
    } else {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    };
    Ok(Date::from_unix(seconds)
        .ok_or_else(|| std::io::Error::other(format!("{seconds} seconds after 1970 is in no year")))?)
}

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(DEFAULT_THREADS)
}

fn width() -> u16 {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let terminal = || terminal_size::terminal_size().map(|(width, _)| width.0);
    columns.or_else(terminal).map_or(DEFAULT_WIDTH, |width: u16| width.clamp(40, 1000))
}

/// `--color`, then `CARGO_TERM_COLOR`, then what the stream and `NO_COLOR` say. Machine formats have none.
pub(super) fn colour(app: &App, stream: &impl IsTerminal) -> ColorChoice {
    let by_cargo = || match std::env::var("CARGO_TERM_COLOR").as_deref() {
        Ok("always") => Some(ColorArg::Always),
        Ok("never") => Some(ColorArg::Never),
        _ => None,
    };
    match app.output.color.or_else(by_cargo) {
        Some(ColorArg::Always) => ColorChoice::Always,
        Some(ColorArg::Never) => ColorChoice::Never,
        Some(ColorArg::Auto) | None => {
            let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
            if stream.is_terminal() && !no_color && !dumb { ColorChoice::Always } else { ColorChoice::Never }
        }
    }
}
