//! `--base`: the state before a change, from a revision of the repository, a lock file, a saved `cargo metadata` or a saved report. The work
//! tree is not touched.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::{CommandError, Settings};
use crate::analysis::{Analysis, Histories};
use crate::data::Data;
use crate::graph::{Graph, Package, Source};
use crate::load::{self, Configuration, Described, Input, Loaded, MAX_LOCK_FILE, Selection};
use crate::policy::{Base, Evaluation, Policy, Reached};
use crate::report::{Detail, State, Untrusted};
use crate::source::git::{read_file_at, top_of};

/// A configuration larger than this is not compared, and counts as changed.
const MAX_CONFIGURATION: u64 = 1 << 20;

/// What there was.
pub(super) enum Before {
    /// The lock file of a revision, and cargo's configuration in its folder then and now.
    Revision { lock: String, configuration: Configurations },
    /// A lock file.
    LockFile(String),
    /// A saved `cargo metadata`.
    Metadata(String),
    /// A saved report.
    Report(Box<State>),
}

/// Cargo's configuration in the workspace, at the base and now.
pub(super) struct Configurations {
    /// At the base.
    pub(super) then: Configuration,
    /// Whether it is the same now; what cannot be compared is not.
    pub(super) same: bool,
}

/// Finds and reads what was asked for.
pub(super) fn find(settings: &Settings, asked: &str, root: Option<&Utf8Path>) -> Result<Before, CommandError> {
    let file = Utf8Path::new(asked);
    let lock = load::lock_path(&settings.input, root);
    if !file.is_file() {
        return at_revision(settings, asked, lock.as_deref());
    }
    // A change could bring a file with the name of the branch that it is held against, and pass as what was there before.
    if !is_plainly_a_path(file) && is_revision(settings, asked, lock.as_deref()) {
        let text = format!("it is a file and a commit: write ./{asked} for the file, or {asked}~0 for the commit");
        return Err(CommandError::base(asked, std::io::Error::other(text)));
    }
    Ok(match load::describe(file).map_err(|error| CommandError::base(asked, error))? {
        Described::LockFile(text) => Before::LockFile(text),
        Described::Metadata(text) => Before::Metadata(text),
        Described::Report(text) => {
            Before::Report(Box::new(State::parse(&text).map_err(|error| CommandError::base(asked, error))?))
        }
    })
}

/// The graph of a base's lock file; with the manifests that cargo has unpacked, where the user lets them be read.
pub(super) fn lock(settings: &Settings, asked: &str, text: &str) -> Result<Loaded, CommandError> {
    lock_in(settings, asked, text, &BTreeSet::new())
}

/// The same where the workspace says which packages without a source are none of its members.
fn lock_in(settings: &Settings, asked: &str, text: &str, folders: &BTreeSet<&str>) -> Result<Loaded, CommandError> {
    let shown = format!("the lock file of {asked}");
    let loaded = load::lock_in_workspace(text, &shown, folders);
    let mut loaded = loaded.map_err(|error| CommandError::base(asked, error))?;
    if let Input::LockFile { registry_cache: true, .. } = settings.input {
        loaded.fill_from_cache(&settings.environment);
    }
    Ok(loaded)
}

/// The graph of a base's `cargo metadata`, with the selection of today.
pub(super) fn metadata(settings: &Settings, asked: &str, text: &str) -> Result<Loaded, CommandError> {
    let everything = Selection::default();
    let selection = match &settings.input {
        Input::Cargo(cargo) => &cargo.selection,
        Input::MetadataFile(_, selection) => selection,
        Input::LockFile { .. } => &everything,
    };
    load::metadata_from_text(text, asked, selection).map_err(|error| CommandError::base(asked, error))
}

/// Reads the base, and holds the policy against it.
pub(super) fn read(
    settings: &Settings,
    asked: &str,
    analysis: &Analysis<'_>,
    policy: &Policy,
    data: &Data,
) -> Result<Base, CommandError> {
    let built = &analysis.evaluate(policy, None);
    let run = Run { settings, asked, analysis, built, policy, data };
    // A file does not say what cargo's configuration was.
    match find(settings, asked, analysis.loaded().root.as_deref())? {
        Before::Revision { lock, configuration } => run.lock(&lock, configuration.same),
        Before::LockFile(text) => run.lock(&text, false),
        Before::Metadata(text) => run.metadata(&text),
        Before::Report(state) => run.report(&state),
    }
}

/// What a base is compared with.
struct Run<'a> {
    settings: &'a Settings,
    asked: &'a str,
    analysis: &'a Analysis<'a>,
    /// What the policy finds in that.
    built: &'a Evaluation,
    policy: &'a Policy,
    data: &'a Data,
}

impl<'a> Run<'a> {
    fn analyse(&self, loaded: Loaded) -> Result<Analysis<'a>, CommandError> {
        self.settings.analyse_loaded(loaded, self.policy, &Histories::default(), self.data)
    }

    fn graph(&self) -> &Graph {
        &self.analysis.loaded().graph
    }

    /// Whether something is found in a newer version of what was there.
    fn finds_in_newer(&self, base: &Base) -> bool {
        let mut found = self.built.findings.iter().filter_map(|finding| finding.package);
        found.any(|at| base.is_newer(self.graph().package(at)))
    }

    /// A lock file is compared with that of today; with the built graph where there is none.
    ///
    /// Both are read as the workspace has them, and where cargo has unpacked the older and the newer version of a package here, both
    /// manifests are: only so a lock file tells who stood behind the older one.
    fn lock(&self, text: &str, same_configuration: bool) -> Result<Base, CommandError> {
        let Settings { input, environment, .. } = self.settings;
        let folders = self.graph().packages().filter(|(_, package)| !package.member && is_folder(&package.source));
        let folders = folders.map(|(_, package)| package.name.as_str()).collect();
        let mut before = lock_in(self.settings, self.asked, text, &folders)?;
        let base = Base::new(&before.graph, same_configuration);
        let judge = self.finds_in_newer(&base);
        if !self.built.finds_in_the_whole() && !judge {
            // Nothing that could have grown: the base need not be analysed.
            return Ok(base);
        }
        let here = match input {
            Input::Cargo(_) => load::lock_path(input, self.analysis.loaded().root.as_deref()),
            Input::MetadataFile(..) | Input::LockFile { .. } => None,
        };
        let text = here.and_then(|path| load::read_bounded(&path, MAX_LOCK_FILE).ok());
        let now = text.map(|text| lock_in(self.settings, "now", &text, &folders)).transpose()?;
        let unchanged = now.as_ref().is_some_and(|now| now.same_packages(&before));
        let base = base.with_unchanged(unchanged);
        if unchanged && !judge {
            return Ok(base);
        }
        let limitless = self.policy.without_limits();
        let Some(mut now) = now else {
            // A lock file against a lock file knows as much; a saved description knows more.
            let alike = self.analysis.loaded().mode == load::Mode::LockFile;
            let told: BTreeSet<_> = filled(&before).filter(|_| alike).map(Package::purl).collect();
            let before = self.analyse(before)?;
            let (was, is) = (before.evaluate(&limitless, None), self.analysis.evaluate(&limitless, None));
            let told = |package: &Package| told.contains(&package.purl());
            let built = (self.graph(), self.built);
            return Ok(base.with_whole(&was, &is).with_newer((&before.loaded().graph, &was), built, built, told));
        };
        let newer: BTreeSet<String> = now
            .graph
            .packages()
            .filter(|(_, package)| base.is_newer(package))
            .map(|(_, package)| package.name.clone())
            .collect();
        before.fill_some_from_cache(environment, |package| newer.contains(&package.name));
        let known: BTreeSet<String> = filled(&before).map(|package| package.name.clone()).collect();
        now.fill_some_from_cache(environment, |package| known.contains(&package.name));
        let told: BTreeSet<String> = filled(&before).map(Package::purl).collect();
        let (before, now) = (self.analyse(before)?, self.analyse(now)?);
        let (was, is) = (before.evaluate(&limitless, None), now.evaluate(&limitless, None));
        let told = |package: &Package| told.contains(&package.purl());
        let graphs = (&before.loaded().graph, &now.loaded().graph);
        let built = (self.graph(), self.built);
        Ok(base.with_whole(&was, &is).with_newer((graphs.0, &was), (graphs.1, &is), built, told))
    }

    /// What is saved tells less than cargo itself, so it is compared with what could be saved now.
    fn metadata(&self, text: &str) -> Result<Base, CommandError> {
        let before = metadata(self.settings, self.asked, text)?;
        let base = Base::new(&before.graph, false);
        // A lock file tells too little: all of what is found in the whole counts as new.
        let Some(now) = self.as_saved().filter(|_| !self.built.findings.is_empty()) else { return Ok(base) };
        let (before, now) = (self.analyse(before)?, self.analyse(now?)?);
        let (was, is) = (before.evaluate(self.policy, None), now.evaluate(self.policy, None));
        let graphs = (&before.loaded().graph, &now.loaded().graph);
        let built = (self.graph(), self.built);
        Ok(base.with_whole(&was, &is).with_newer((graphs.0, &was), (graphs.1, &is), built, |_| true))
    }

    /// The project as a saved description has it; nothing where a lock file is all there is.
    fn as_saved(&self) -> Option<Result<Loaded, CommandError>> {
        let load = || Ok(load::load(&self.settings.input, &self.settings.environment)?);
        match &self.settings.input {
            Input::Cargo(_) => Some(load().map(Loaded::as_saved)),
            Input::MetadataFile(..) => Some(load()),
            Input::LockFile { .. } => None,
        }
    }

    /// What was found in the graph as a whole a report does not say: all of it is new. What programmes reached it says.
    fn report(&self, before: &State) -> Result<Base, CommandError> {
        let packages = before.packages.iter();
        let packages =
            packages.map(|package| (package.name.raw().to_owned(), package.version.clone(), of_text(&package.source)));
        let base = Base::of(packages, false);
        if !self.finds_in_newer(&base) {
            return Ok(base);
        }
        let saved = match &self.settings.input {
            Input::Cargo(_) if before.without_channels() => self.as_saved(),
            Input::Cargo(_) | Input::MetadataFile(..) | Input::LockFile { .. } => None,
        };
        let saved = saved.transpose()?.map(|loaded| self.analyse(loaded)).transpose()?;
        let now = State::from(&saved.as_ref().unwrap_or(self.analysis).report(Detail::Answers));
        let alike = if before.tells_as_much_as(&now) { before.programmes_alike(&now) } else { BTreeSet::new() };
        let applied = self.analysis.applied();
        let number: BTreeMap<&str, usize> =
            applied.iter().enumerate().map(|(at, row)| (row.programme.id, at)).collect();
        let reached = |state: &State| -> Vec<Reached> {
            let rows = state.reached().into_iter().filter_map(|(package, programme, grade)| {
                Some((package.name.raw().to_owned(), of_text(&package.source), *number.get(programme.raw())?, grade))
            });
            rows.collect()
        };
        let told = |at: usize| applied.get(at).is_some_and(|row| alike.contains(row.programme.id));
        let (was, is) = (reached(before).into_iter(), reached(&now).into_iter());
        Ok(base.with_reached(was, is, (self.graph(), self.built), told))
    }
}

/// Packages whose manifests were read here.
fn filled(loaded: &Loaded) -> impl Iterator<Item = &Package> {
    loaded.graph.packages().filter(|(at, _)| loaded.has_manifest(*at)).map(|(_, package)| package)
}

fn is_folder(source: &Source) -> bool {
    matches!(source, Source::Path(_))
}

fn of_text(source: &Untrusted) -> Source {
    if source.raw() == "path" { Source::Path(None) } else { load::source_from_text(source.raw()) }
}

/// Whether a name says by itself that it is of a file: no revision is written so.
fn is_plainly_a_path(file: &Utf8Path) -> bool {
    file.is_absolute() || [".", ".."].contains(&file.components().next().map_or("", |part| part.as_str()))
}

/// Whether a name is of a commit of the project's repository.
fn is_revision(settings: &Settings, asked: &str, lock: Option<&Utf8Path>) -> bool {
    let lock = settings.environment.current_dir.join(lock.unwrap_or(Utf8Path::new("Cargo.lock")));
    let folder = lock.parent().and_then(|folder| folder.canonicalize_utf8().ok());
    let read = |top| read_file_at(top, asked, "Cargo.lock", settings.today, &settings.histories.environment);
    folder.as_deref().and_then(top_of).is_some_and(|top| read(top).is_ok())
}

/// Whether a configuration of cargo includes other files.
fn includes(text: &str) -> bool {
    toml::from_str(text).is_ok_and(|table: toml::Table| table.contains_key("include"))
}

/// The lock file of a revision, and whether cargo's configuration in the workspace is what it was then.
fn at_revision(settings: &Settings, asked: &str, lock: Option<&Utf8Path>) -> Result<Before, CommandError> {
    let here = &settings.environment.current_dir;
    let lock = here.join(lock.unwrap_or(Utf8Path::new("Cargo.lock")));
    let folder = lock.parent().unwrap_or(here).canonicalize_utf8().map_err(|error| CommandError::base(asked, error))?;
    let top = top_of(&folder).ok_or_else(|| {
        let error = std::io::Error::other("it is no file, and the project is in no git repository that could have it");
        CommandError::base(asked, error)
    })?;
    let inside = folder.strip_prefix(top).unwrap_or(Utf8Path::new(""));
    // Git's paths have slashes everywhere.
    let file = |name: &str| -> String {
        let parts: Vec<&str> = inside.components().map(|part| part.as_str()).chain([name]).collect();
        parts.join("/")
    };
    let read = |name: &str| {
        let found = read_file_at(top, asked, &file(name), settings.today, &settings.histories.environment);
        found.map_err(|error| CommandError::base(asked, error))
    };
    let name = lock.file_name().unwrap_or("Cargo.lock");
    let text = read(name)?.ok_or_else(|| {
        CommandError::base(asked, std::io::Error::other(format!("that commit has no {}", file(name))))
    })?;
    let mut same = true;
    let mut then = |name: &str| -> Result<Option<String>, CommandError> {
        let path: Utf8PathBuf = folder.join(name);
        let then = read(name)?;
        let trimmed = then.as_deref().map(str::trim_end);
        same &= match load::read_bounded(&path, MAX_CONFIGURATION) {
            // What it includes can change while it does not.
            Ok(text) => Some(text.trim_end()) == trimmed && !includes(&text),
            Err(_) if !path.exists() => trimmed.is_none(),
            // What cannot be compared counts as changed.
            Err(_) => false,
        };
        Ok(then)
    };
    let then = Configuration { toml: then(".cargo/config.toml")?, plain: then(".cargo/config")? };
    Ok(Before::Revision { lock: text, configuration: Configurations { then, same } })
}
