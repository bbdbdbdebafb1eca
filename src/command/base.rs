//! `--base`: the state before a change, from a lock file or a revision of the repository. The work tree is not touched.

use camino::{Utf8Path, Utf8PathBuf};

use super::{CommandError, Settings};
use crate::analysis::Analysis;
use crate::data::Data;
use crate::load::{self, Input, MAX_LOCK_FILE};
use crate::policy::{Base, Policy};
use crate::source::git::read_file_at;

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
    let (text, same_configuration) = if file.is_file() {
        let text = load::read_bounded(file, MAX_LOCK_FILE).map_err(|error| wrong(&error))?;
        // A lock file does not say what the configuration was.
        (text, false)
    } else {
        at_revision(settings, asked, analysis)?
    };
    let loaded = load::lock_from_text(&text, &format!("the lock file of {asked}")).map_err(|error| wrong(&error))?;
    let before = settings.analyse_base(loaded, policy, data)?;
    let evaluation = before.evaluate(policy, None);
    Ok(Base::new(&before.loaded().graph, &evaluation, same_configuration))
}

/// The lock file of a revision, and whether cargo's configuration in the workspace is what it was then.
fn at_revision(settings: &Settings, asked: &str, analysis: &Analysis<'_>) -> Result<(String, bool), CommandError> {
    let here = &settings.environment.current_dir;
    let lock: Utf8PathBuf = match (&settings.input, &analysis.loaded().root) {
        (Input::LockFile { path, .. }, _) => here.join(path),
        (_, Some(root)) => root.join("Cargo.lock"),
        (_, None) => here.join("Cargo.lock"),
    };
    let folder = lock.parent().unwrap_or(here);
    let folder = folder.canonicalize_utf8().map_err(|error| CommandError::Base(format!("{folder}: {error}")))?;
    let top = folder.ancestors().find(|above| above.join(".git").exists());
    let top = top.ok_or_else(|| {
        CommandError::Base(format!("`{asked}` is no file, and the project is in no git repository that has it"))
    })?;
    let inside = folder.strip_prefix(top).map(Utf8Path::as_str).unwrap_or_default();
    let file =
        |name: &str| if inside.is_empty() { name.to_owned() } else { format!("{}/{name}", inside.replace('\\', "/")) };
    let read = |name: &str| {
        let found = read_file_at(top, asked, &file(name), settings.today, &settings.histories.environment);
        found.map_err(|error| wrong(&error))
    };
    let name = lock.file_name().unwrap_or("Cargo.lock");
    let text = read(name)?.ok_or_else(|| CommandError::Base(format!("{asked} has no {}", file(name))))?;
    let mut same = true;
    for name in CONFIGURATION {
        let now = match load::read_bounded(&folder.join(name), MAX_CONFIGURATION) {
            Ok(text) => Some(text.trim_end().to_owned()),
            Err(_) if !folder.join(name).exists() => None,
            // What cannot be compared counts as changed.
            Err(_) => {
                same = false;
                continue;
            }
        };
        same &= now == read(name)?.map(|text| text.trim_end().to_owned());
    }
    Ok((text, same))
}

/// An error with its causes, as part of one sentence.
fn wrong(error: &dyn std::error::Error) -> CommandError {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    CommandError::Base(text)
}
