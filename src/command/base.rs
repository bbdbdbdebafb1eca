//! `--base`: the state before a change, from a lock file or a revision of the repository. The work tree is not touched.

use camino::{Utf8Path, Utf8PathBuf};

use super::{CommandError, Settings};
use crate::analysis::Analysis;
use crate::data::Data;
use crate::load::{self, Input, Loaded, MAX_LOCK_FILE};
use crate::policy::{Base, Evaluation, Policy};
use crate::source::git::{read_file_at, top_of};

/// Where cargo's configuration of a workspace stands.
const CONFIGURATION: [&str; 2] = [".cargo/config.toml", ".cargo/config"];

/// A configuration larger than this is not compared, and counts as changed.
const MAX_CONFIGURATION: u64 = 1 << 20;

/// Reads the base, and holds the policy against it.
pub(super) fn read(
    settings: &Settings,
    asked: &str,
    analysis: &Analysis<'_>,
    policy: &Policy,
    data: &Data,
) -> Result<Base, CommandError> {
    let file = Utf8Path::new(asked);
    let lock = load::lock_path(&settings.input, analysis.loaded().root.as_deref());
    let (text, same_configuration) = if file.is_file() {
        // A lock file does not say what the configuration was.
        (load::read_bounded(file, MAX_LOCK_FILE).map_err(|error| CommandError::base(asked, error))?, false)
    } else {
        at_revision(settings, asked, lock.as_deref())?
    };
    let loaded =
        |text: &str, shown: &str| load::lock_from_text(text, shown).map_err(|error| CommandError::base(asked, error));
    let before = loaded(&text, &format!("the lock file of {asked}"))?;
    let base = Base::new(&before.graph, same_configuration);
    let now = analysis.evaluate(policy, None);
    if !now.finds_in_the_whole() {
        // Nothing that could have grown: the base need not be analysed.
        return Ok(base);
    }
    let evaluate = |loaded: Loaded| -> Result<Evaluation, CommandError> {
        Ok(settings.analyse_base(loaded, policy, data)?.evaluate(policy, None))
    };
    // What is read now is the best there is where it is a lock file already, or where there is none.
    let now = match (&settings.input, lock.and_then(|path| load::read_bounded(&path, MAX_LOCK_FILE).ok())) {
        (Input::Cargo(_), Some(text)) => evaluate(loaded(&text, "Cargo.lock")?)?,
        _ => now,
    };
    Ok(base.with_whole(&evaluate(before)?, &now))
}

/// The lock file of a revision, and whether cargo's configuration in the workspace is what it was then.
fn at_revision(settings: &Settings, asked: &str, lock: Option<&Utf8Path>) -> Result<(String, bool), CommandError> {
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
    for name in CONFIGURATION {
        let path: Utf8PathBuf = folder.join(name);
        let now = match load::read_bounded(&path, MAX_CONFIGURATION) {
            Ok(text) => Some(text.trim_end().to_owned()),
            Err(_) if !path.exists() => None,
            // What cannot be compared counts as changed.
            Err(_) => return Ok((text, false)),
        };
        // What it includes can change while it does not.
        let includes =
            |text: &String| toml::from_str(text).is_ok_and(|table: toml::Table| table.contains_key("include"));
        same &= !now.as_ref().is_some_and(includes) && now == read(name)?.map(|text| text.trim_end().to_owned());
    }
    Ok((text, same))
}
