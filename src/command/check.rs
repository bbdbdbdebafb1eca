//! `cargo origin check`: the gate.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};

use super::files;
use super::settings::Opened;
use super::{CommandError, ExitStatus, Settings, base};
use crate::load::{self, LockLines};
use crate::policy::{Level, RULES, RuleSettings, nearest, rule};
use crate::render::{self, Format, Stylesheet, View};
use crate::report::{CheckReport, Untrusted};
use crate::source::git::top_of;

/// How to check, and where else to say what was found.
#[derive(Clone, Debug, Default)]
pub struct CheckSettings {
    /// Levels that the command line gives to rules; they win over the policy's.
    pub levels: Vec<(String, Level)>,
    /// A revision, a lock file, a saved `cargo metadata` or a saved report: only what is new since fails.
    pub base: Option<String>,
    /// Further formats, with the file that each is written to.
    pub outputs: Vec<(Format, Utf8PathBuf)>,
}

/// Holds the policy against the project.
pub fn check(
    settings: &Settings,
    wanted: &CheckSettings,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    let mut given = Vec::new();
    for (id, level) in &wanted.levels {
        let number = rule::rule(id).ok_or_else(|| {
            let near = nearest(RULES.iter().map(|rule| rule.id), id);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            CommandError::NoSuchId(format!("`{id}` is not a rule{hint}"))
        })?;
        given.push((number, *level));
    }
    let settings = &Settings { input: settings.input.clone().with_switches(), ..settings.clone() };
    let Opened { loaded, mut policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    if let Some(why) = analysis.unread_store() {
        return Err(CommandError::StoreNotUsed(why.to_owned()));
    }
    for (number, level) in given {
        policy.rules.entry(number).or_insert_with(|| RuleSettings::of(&RULES[number])).level = level;
    }
    let base = wanted.base.as_deref();
    let before = base.map(|asked| base::read(settings, asked, &analysis, &policy, &data)).transpose()?;
    let lines = lines(settings, analysis.loaded().root.as_deref());
    let mut report = analysis.check(&policy, before.as_ref(), &lines);
    report.base = base.map(Untrusted::from);
    // The files first: whoever reads standard output may stop reading.
    write_files(&report, &wanted.outputs, &settings.view)?;
    render::write_check(&report, settings.format, &settings.view, out)?;
    let violated = report.verdict == "violated";
    // As in `report`: the process ends here.
    std::mem::forget((report, analysis));
    Ok(if violated { ExitStatus::Violated } else { ExitStatus::Success })
}

/// Where packages stand in the lock file, which is named from the top of the repository: there forges look for it.
pub(super) fn lines(settings: &Settings, root: Option<&Utf8Path>) -> LockLines {
    let Some(path) = load::lock_path(&settings.input, root) else { return LockLines::default() };
    let whole = path.canonicalize_utf8().unwrap_or_else(|_| path.clone());
    let top = whole.parent().and_then(top_of);
    let inside = top.and_then(|top| whole.strip_prefix(top).ok());
    let shown = inside.map_or_else(
        || path.file_name().unwrap_or("Cargo.lock").to_owned(),
        |inside| inside.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/"),
    );
    LockLines::read(&path, shown)
}

/// All of the files, or none: each is on the disk in full before the first takes its place.
fn write_files(report: &CheckReport, outputs: &[(Format, Utf8PathBuf)], view: &View) -> Result<(), CommandError> {
    let view = View { stylesheet: Stylesheet::plain(), ..view.clone() };
    let mut staged: Vec<(files::Staged, &Utf8PathBuf)> = Vec::new();
    for (format, path) in outputs {
        let failed = |source| CommandError::Output { path: path.clone(), source };
        let mut contents = Vec::new();
        render::write_check(report, *format, &view, &mut contents).map_err(failed)?;
        let file = files::stage(path, &contents).map_err(failed)?;
        if staged.iter().any(|(other, _)| other.target() == file.target()) {
            return Err(CommandError::OneFile(path.clone()));
        }
        staged.push((file, path));
    }
    for (file, path) in staged {
        file.persist().map_err(|source| CommandError::Output { path: path.clone(), source })?;
    }
    Ok(())
}
