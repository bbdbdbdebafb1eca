//! What a command needs to know, and the way from it to an analysis.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::analysis::{self, Analysis, ClonesError, Histories, Live, Options};
use crate::country::CountryCode;
use crate::data::{Data, EmbeddedError};
use crate::date::Date;
use crate::exposure::Thresholds;
use crate::graph::PackageIx;
use crate::load::{self, Environment, Input, LoadError, Loaded, PolicyFile, PolicyFileError};
use crate::policy::{self, ParsedPolicy, Policy, PolicyError, PolicyText};
use crate::render::{Format, View};
use crate::store::{Problem, StoreError};

/// Everything that arguments and environment decide.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What to read.
    pub input: Input,
    /// The surroundings.
    pub environment: Environment,
    /// `--config`.
    pub config: Option<Utf8PathBuf>,
    /// The day asked about.
    pub as_of: Date,
    /// Today.
    pub today: Date,
    /// `--git-cache`, and what reading histories needs.
    pub histories: Histories,
    /// `--contribution-share`.
    pub contribution_share: Option<f64>,
    /// `--contribution-probability`.
    pub contribution_probability: Option<f64>,
    /// `--home`, as it was written.
    pub home: Option<String>,
    /// Whether cargo's own variable says that the network is not to be used.
    pub net_offline: bool,
    /// What is asked before an answer, with `--online`.
    pub online: Option<Box<super::SyncSettings>>,
    /// Whether names of persons are held against lists.
    pub match_persons: bool,
    /// The file of what was fetched; none with `--no-store`.
    pub store: Option<Utf8PathBuf>,
    /// Whether the command line names it, so that it has to be there.
    pub store_is_named: bool,
    /// The user's home folder, which is never shown.
    pub home_folder: Option<Utf8PathBuf>,
    /// How many threads may read.
    pub threads: usize,
    /// What to write.
    pub format: Format,
    /// How to show it.
    pub view: View,
    /// Whether to say more on standard error.
    pub verbose: bool,
}

/// Why a command could not finish.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No graph.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The policy file cannot be read.
    #[error(transparent)]
    PolicyFile(#[from] PolicyFileError),
    /// The policy does not parse.
    #[error("the policy cannot be used:\n{0}")]
    Policy(#[from] PolicyError),
    /// A repository cannot be observed.
    #[error(transparent)]
    Observe(#[from] super::ObserveError),
    /// A policy cannot be started.
    #[error(transparent)]
    Init(#[from] super::InitError),
    /// The folder of clones cannot be read.
    #[error(transparent)]
    Clones(#[from] ClonesError),
    /// `--home` is not a country.
    #[error("--home: {0}")]
    Home(String),
    /// `--allied` names no bloc and no country.
    #[error("--allied: {0}")]
    Allied(String),
    /// It is not clear what is to be compared.
    #[error("compare: {0}")]
    Compare(String),
    /// A side of a comparison cannot be used.
    #[error("compare: `{asked}` cannot be used")]
    NotComparable {
        /// The file.
        asked: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Standard input cannot be read.
    #[error("cannot read standard input")]
    Input(#[source] io::Error),
    /// A line of the input is no location.
    #[error("line {number} of standard input is longer than {limit} bytes; one text a line is expected")]
    LongLine {
        /// Its number, from one.
        number: u64,
        /// The longest that is read.
        limit: u64,
    },
    /// The embedded data cannot be read.
    #[error(transparent)]
    Data(#[from] EmbeddedError),
    /// There is nothing to make a trend of.
    #[error(transparent)]
    Trend(#[from] super::TrendError),
    /// A package that is asked for is not there.
    #[error("{0}")]
    NoSuchPackage(String),
    /// An id that is asked for is not there.
    #[error("{0}")]
    NoSuchId(String),
    /// The format is not one that this command writes.
    #[error("`cargo origin {command}` writes human and json, not this format")]
    Format {
        /// The command.
        command: &'static str,
    },
    /// The base cannot be read.
    #[error("--base: `{asked}` cannot be used")]
    Base {
        /// What was asked for.
        asked: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What is read now and the base tell different things.
    #[error("--base: `{asked}` is {what}, and cannot be compared with {input}: {help}")]
    Unlike {
        /// What was asked for.
        asked: String,
        /// What it is.
        what: &'static str,
        /// What is read now.
        input: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// The format is one of the gate's.
    #[error("the {format} format is for `cargo origin check`")]
    CheckOnly {
        /// The format.
        format: &'static str,
    },
    /// The format is one of a trend's.
    #[error("the {format} format is for `cargo origin trend`")]
    TrendOnly {
        /// The format.
        format: &'static str,
    },
    /// A file of `--output` cannot be written.
    #[error("--output: cannot write {path}")]
    Output {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Two formats for one file.
    #[error("--output: {0} is named twice; one file holds one format")]
    OneFile(Utf8PathBuf),
    /// What a command did is said in words.
    #[error("`cargo origin {command}` says in words what it did; it has no --format")]
    InWords {
        /// The command.
        command: &'static str,
    },
    /// The network is asked for, and not to be used.
    #[error(
        "the network is not to be used (--offline, --frozen or CARGO_NET_OFFLINE), and this asks for it; without it there is `sync --part crates --db-dump FILE`"
    )]
    Offline,
    /// Ctrl-C, before an answer.
    #[error("interrupted: what came in is kept, and the next run asks for the rest")]
    Interrupted,
    /// What is fetched has no place.
    #[error("--no-store leaves no place for what is fetched; name one with --store")]
    NoStore,
    /// Services or tokens cannot be used.
    #[error("{0}")]
    Network(String),
    /// A run over the network could not go on.
    #[error(transparent)]
    Sync(crate::source::sync::SyncError),
    /// The gate would pass over what the store knows.
    #[error(
        "the store cannot be used, so that whether the policy holds is not known: {0}; --no-store checks without it"
    )]
    StoreNotUsed(String),
    /// Something cannot be done with the store.
    #[error(transparent)]
    Store(#[from] super::StoreCommandError),
    /// The output cannot be written.
    #[error("cannot write the output")]
    Write(#[from] io::Error),
}

impl CommandError {
    /// A base that cannot be used.
    pub(super) fn base(asked: &str, why: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Base { asked: asked.to_owned(), source: Box::new(why) }
    }
}

/// A project that is read, its policy, and the data under the policy's own rows.
pub(super) struct Opened {
    /// The project.
    pub(super) loaded: Loaded,
    /// The policy.
    pub(super) policy: Policy,
    /// The data.
    pub(super) data: Data,
}

impl Settings {
    /// Loads the project and reads its policy. Notes for the user go to `notes`.
    pub(super) fn open(&self, notes: &mut dyn io::Write) -> Result<Opened, CommandError> {
        let data = Data::embedded()?;
        // What the command line says wrongly is said before anything is run.
        self.home.as_deref().map(|text| home(text, &data)).transpose()?;
        let loaded = load::load(&self.input, &self.environment)?;
        let ParsedPolicy { policy, data } = self.policy(&loaded, data, notes)?;
        if let Some(wanted) = &self.online {
            super::sync::online(self, wanted, &loaded, &data, notes)?;
        }
        Ok(Opened { loaded, policy, data })
    }

    /// Runs the pipeline.
    pub(super) fn analyse<'d>(
        &self,
        loaded: Loaded,
        policy: &Policy,
        data: &'d Data,
    ) -> Result<Analysis<'d>, CommandError> {
        let histories = self.histories(policy.git_cache.as_deref(), loaded.root.as_deref());
        self.analyse_loaded(loaded, policy, &histories, data)
    }

    /// Runs the pipeline on what was loaded, with a policy that was read.
    pub(super) fn analyse_loaded<'d>(
        &self,
        loaded: Loaded,
        policy: &Policy,
        histories: &Histories,
        data: &'d Data,
    ) -> Result<Analysis<'d>, CommandError> {
        if let Some(path) = self.store.as_deref().filter(|path| self.store_is_named && !path.exists()) {
            // A name that is mistyped must not read as a store in which nothing is found.
            return Err(self.store_error(StoreError { path: path.to_owned(), problem: Problem::Missing }));
        }
        let options = self.options(policy, data)?;
        let live = Live::open(self.store.as_deref(), self.match_persons);
        let analysis = analysis::analyse(loaded, policy.claims.clone(), (histories, &live), data, options)?;
        Ok(analysis.with_overrides(policy.overrides.clone()))
    }

    pub(super) fn options(&self, policy: &Policy, data: &Data) -> Result<Options, CommandError> {
        let home = self.home.as_deref().map(|text| home(text, data)).transpose()?;
        Ok(Options {
            as_of: self.as_of,
            home: home.or(policy.home),
            threads: self.threads,
            today: self.today,
            thresholds: self.thresholds(policy),
        })
    }

    /// What the command line says, else the policy, else the default.
    fn thresholds(&self, policy: &Policy) -> Thresholds {
        let default = Thresholds::default();
        let share = self.contribution_share.or(policy.contribution_share);
        let probability = self.contribution_probability.or(policy.contribution_probability);
        Thresholds {
            contribution_share: share.unwrap_or(default.contribution_share),
            contribution_probability: probability.unwrap_or(default.contribution_probability),
            ..default
        }
    }

    /// The command line's folder of clones, else the policy's.
    pub(super) fn histories(&self, of_policy: Option<&str>, root: Option<&Utf8Path>) -> Histories {
        let mut histories = self.histories.clone();
        let root = root.unwrap_or(&self.environment.current_dir);
        histories.clones = histories.clones.or_else(|| of_policy.map(|path| root.join(path)));
        // A saved description can be a stranger's, and the paths in it are: nothing is run because of them.
        histories.cargo_home = histories.cargo_home.filter(|_| matches!(self.input, Input::Cargo(_)));
        histories
    }

    /// Whether the network may not be used.
    pub(super) fn is_offline(&self) -> bool {
        let said = matches!(&self.input, Input::Cargo(cargo) if cargo.offline || cargo.frozen);
        said || self.net_offline
    }

    fn policy(&self, loaded: &Loaded, data: Data, notes: &mut dyn io::Write) -> Result<ParsedPolicy, CommandError> {
        let start = match &self.input {
            // A lock file or saved metadata can be a stranger's: what lies beside it has no say.
            Input::LockFile { .. } | Input::MetadataFile(..) => None,
            Input::Cargo(cargo) => {
                let manifest = cargo.manifest_path.as_deref().and_then(Utf8Path::parent);
                Some(self.environment.current_dir.join(manifest.unwrap_or(Utf8Path::new(""))))
            }
        };
        self.policy_from(start.as_deref(), loaded.root.as_deref(), loaded.policy_in_manifest, data, notes)
    }

    /// The policy that `--config` names, else the one that is found from a folder up to a root.
    pub(super) fn policy_from(
        &self,
        start: Option<&Utf8Path>,
        root: Option<&Utf8Path>,
        in_manifest: bool,
        data: Data,
        notes: &mut dyn io::Write,
    ) -> Result<ParsedPolicy, CommandError> {
        let Some(found) = load::find_policy(self.config.as_deref(), start, root, in_manifest)? else {
            return Ok(ParsedPolicy { policy: Policy::default(), data });
        };
        if self.verbose {
            writeln!(notes, "policy: {}", found.shown)?;
        }
        parse(found, data)
    }

    /// The embedded data, under the rows of the policy that `--config` names: for commands that read no project.
    pub(super) fn data(&self) -> Result<Data, CommandError> {
        Ok(named_policy(self.config.as_deref())?.data)
    }
}

/// The policy that is named, and no other: an empty one if none is.
pub(super) fn named_policy(file: Option<&Utf8Path>) -> Result<ParsedPolicy, CommandError> {
    let data = Data::embedded()?;
    match load::find_policy(file, None, None, false)? {
        Some(found) => parse(found, data),
        None => Ok(ParsedPolicy { policy: Policy::default(), data }),
    }
}

/// Parses a policy, with the lists that stand beside it.
fn parse(found: PolicyFile, data: Data) -> Result<ParsedPolicy, CommandError> {
    let PolicyFile { shown, text, manifest, path } = found;
    let read = |name: &str| {
        let list = load::read_list(&path, name).map_err(|error| analysis::with_causes(&error))?;
        Ok(PolicyText { shown: list.shown, text: list.text, manifest: false })
    };
    Ok(policy::parse(&PolicyText { shown, text, manifest }, data, &read)?)
}

/// A country given on the command line.
pub(super) fn home(text: &str, data: &Data) -> Result<CountryCode, CommandError> {
    policy::country(text, data).map_err(CommandError::Home)
}

/// The package that `name`, `name@version` or `name version` means; several fitting versions are an error that names them.
pub(super) fn find_package(analysis: &Analysis<'_>, wanted: &str) -> Result<PackageIx, CommandError> {
    let graph = &analysis.loaded().graph;
    let whole = graph.packages().any(|(_, package)| package.name == wanted);
    let (name, version) = match wanted.rsplit_once(['@', ' ']).filter(|_| !whole) {
        Some((name, version)) => (name, Some(version.trim_start_matches('v'))),
        None => (wanted, None),
    };
    let fits = |found: &str| version.is_none_or(|version| version == found);
    let found: Vec<_> =
        graph.packages().filter(|(_, package)| package.name == name && fits(&package.version.to_string())).collect();
    match found.as_slice() {
        [(at, _)] => Ok(*at),
        [] => {
            let near = policy::nearest(graph.packages().map(|(_, package)| package.name.as_str()), name);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            Err(CommandError::NoSuchPackage(format!("`{wanted}` is not in the graph that is built{hint}")))
        }
        several => {
            let versions: Vec<String> =
                several.iter().map(|(_, package)| format!("{name}@{}", package.version)).collect();
            Err(CommandError::NoSuchPackage(format!("`{wanted}` is ambiguous: say one of {}", versions.join(", "))))
        }
    }
}
