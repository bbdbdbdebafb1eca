//! `--base`: the state before a change, from a revision of the repository, a lock file, a saved `cargo metadata` or a saved report. The work
//! tree is not touched.

use camino::{Utf8Path, Utf8PathBuf};

use super::{CommandError, Settings};
use crate::analysis::{Analysis, Histories};
use crate::data::Data;
use crate::graph::Source;
use crate::load::{self, Configuration, Described, Input, Loaded, MAX_LOCK_FILE, Selection};
use crate::policy::{Base, Evaluation, Policy};
use crate::report::State;
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
    let shown = format!("the lock file of {asked}");
    let mut loaded = load::lock_from_text(text, &shown).map_err(|error| CommandError::base(asked, error))?;
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
    let root = analysis.loaded().root.as_deref();
    // A file does not say what cargo's configuration was.
    let (before, same_configuration) = match find(settings, asked, root)? {
        // What was found in the graph as a whole a report does not say: all of it is new.
        Before::Report(state) => return Ok(of_report(&state)),
        Before::Revision { lock: text, configuration } => (lock(settings, asked, &text)?, configuration.same),
        Before::LockFile(text) => (lock(settings, asked, &text)?, false),
        Before::Metadata(text) => (metadata(settings, asked, &text)?, false),
    };
    let base = Base::new(&before.graph, same_configuration);
    let now = analysis.evaluate(policy, None);
    // Of older versions a lock file tells nothing.
    let tells_of_versions = before.mode == load::Mode::Metadata && !matches!(settings.input, Input::LockFile { .. });
    if !now.finds_in_the_whole() && (!tells_of_versions || now.findings.is_empty()) {
        // Nothing that could have grown: the base need not be analysed.
        return Ok(base);
    }
    let analyse = |loaded: Loaded| settings.analyse_loaded(loaded, policy, &Histories::default(), data);
    let evaluate = |loaded: Loaded| -> Result<Evaluation, CommandError> { Ok(analyse(loaded)?.evaluate(policy, None)) };
    if tells_of_versions {
        let loaded = match &settings.input {
            Input::Cargo(_) => load::load(&settings.input, &settings.environment)?.as_saved(),
            Input::MetadataFile(..) | Input::LockFile { .. } => load::load(&settings.input, &settings.environment)?,
        };
        // What is saved tells less than cargo itself, so it is compared with what could be saved now.
        let (before, now) = (analyse(before)?, analyse(loaded)?);
        let (was, is) = (before.evaluate(policy, None), now.evaluate(policy, None));
        let graphs = (&before.loaded().graph, &now.loaded().graph);
        return Ok(base.with_whole(&was, &is).with_newer((graphs.0, &was), (graphs.1, &is)));
    }
    let now = match (&settings.input, before.mode) {
        // A lock file against a lock file. Where there is none, what is read now is the best there is.
        (Input::Cargo(_), load::Mode::LockFile) => {
            let path = load::lock_path(&settings.input, root);
            match path.and_then(|path| load::read_bounded(&path, MAX_LOCK_FILE).ok()) {
                Some(text) => evaluate(lock(settings, "now", &text)?)?,
                None => now,
            }
        }
        // Unlike each other: all of what is found in the whole counts as new.
        (_, load::Mode::Metadata) => return Ok(base),
        (Input::LockFile { .. } | Input::MetadataFile(..), load::Mode::LockFile) => now,
    };
    Ok(base.with_whole(&evaluate(before)?, &now))
}

fn of_report(state: &State) -> Base {
    let source = |text: &str| if text == "path" { Source::Path(None) } else { load::source_from_text(text) };
    let packages = state.packages.iter();
    Base::of(packages.map(|package| (package.name.raw().to_owned(), source(package.source.raw()))), false)
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
