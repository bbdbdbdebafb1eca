//! `cargo origin diff`: what a change adds, removes and changes.
//!
//! Like is compared with like: a lock file with a lock file, a saved `cargo metadata` with what cargo would save now, a report with a report
//! that is made as it was.

use std::io::Write;

use camino::Utf8Path;

use super::base::{self, Before, Configurations};
use super::settings::Opened;
use super::{CommandError, ExitStatus, Settings};
use crate::analysis::Histories;
use crate::data::Data;
use crate::facts::{ChannelFacts, Endpoint};
use crate::load::{self, Input, Loaded, MAX_LOCK_FILE};
use crate::policy::Policy;
use crate::render;
use crate::report::{self, Detail, State, States, Untrusted};

/// Replaced sources that a note names.
const MOST_NAMED: usize = 5;

/// The two sides, and what is to be said of them.
struct Sides {
    before: State,
    now: State,
    built: Option<State>,
    kind: &'static str,
    configuration_changed: Option<bool>,
    notes: Vec<Untrusted>,
}

/// Compares the project with what it was.
pub fn diff(
    settings: &Settings,
    asked: &str,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let before = base::find(settings, asked, loaded.root.as_deref())?;
    let run = Run { settings, asked, policy: &policy, data: &data };
    let sides = match before {
        Before::Revision { lock, configuration } => run.locks(loaded, &lock, Some(&configuration))?,
        Before::LockFile(text) => run.locks(loaded, &text, None)?,
        Before::Metadata(text) => run.metadata(loaded, &text)?,
        Before::Report(state) => run.report(loaded, *state)?,
    };
    let states = States { before: &sides.before, now: &sides.now, built: sides.built.as_ref() };
    let report = report::diff(&states, asked, sides.kind, sides.configuration_changed, sides.notes);
    render::write_diff(&report, settings.format, &settings.view, out)?;
    Ok(ExitStatus::Success)
}

struct Run<'a> {
    settings: &'a Settings,
    asked: &'a str,
    policy: &'a Policy,
    data: &'a Data,
}

impl Run<'_> {
    fn state(&self, loaded: Loaded, histories: &Histories) -> Result<State, CommandError> {
        let analysis = self.settings.analyse_loaded(loaded, self.policy, histories, self.data)?;
        Ok(State::from(&analysis.report(Detail::Answers)))
    }

    fn unlike(&self, what: &'static str, input: &'static str, help: &'static str) -> CommandError {
        CommandError::Unlike { asked: self.asked.to_owned(), what, input, help }
    }

    /// Where histories lie, as far as both sides of a comparison know: cargo's own clones are of today.
    fn histories(&self, root: Option<&Utf8Path>) -> Histories {
        Histories { cargo_home: None, ..self.settings.histories(self.policy.git_cache.as_deref(), root) }
    }

    /// A lock file, with that of today. In a workspace, what is built tells more of packages that came.
    fn locks(&self, loaded: Loaded, text: &str, configuration: Option<&Configurations>) -> Result<Sides, CommandError> {
        let histories = self.histories(loaded.root.as_deref());
        let mut before = base::lock(self.settings, self.asked, text)?;
        let mut notes = Vec::new();
        let (now, built) = match (&self.settings.input, loaded.root.clone()) {
            (Input::LockFile { .. }, _) => (loaded, None),
            (Input::Cargo(_), Some(root)) => {
                let mut now = today(&self.settings.input, &root)?;
                if let Some(configuration) = configuration {
                    let environment = &self.settings.environment;
                    before.channel = load::channel_then(&root, environment, &configuration.then);
                    now.channel = loaded.channel.clone();
                    notes.extend((!configuration.same).then(|| replaced(&before.channel, &now.channel)));
                }
                (now, Some(loaded))
            }
            (Input::MetadataFile(..) | Input::Cargo(_), _) => {
                let help = "give --lockfile, or run in the workspace";
                return Err(self.unlike("a lock file", "a saved cargo metadata", help));
            }
        };
        if built.is_none() && configuration.is_some_and(|configuration| !configuration.same) {
            let text = "cargo's configuration has changed; run in the workspace to see through which servers packages come now";
            notes.push(text.into());
        }
        let built = built.map(|loaded| {
            let root = loaded.root.clone();
            self.state(loaded, &self.settings.histories(self.policy.git_cache.as_deref(), root.as_deref()))
        });
        Ok(Sides {
            before: self.state(before, &histories)?,
            now: self.state(now, &histories)?,
            built: built.transpose()?,
            kind: if configuration.is_some() { "revision" } else { "lock-file" },
            configuration_changed: configuration.map(|configuration| !configuration.same),
            notes,
        })
    }

    /// A saved `cargo metadata`, with what cargo would save now.
    fn metadata(&self, loaded: Loaded, text: &str) -> Result<Sides, CommandError> {
        if matches!(self.settings.input, Input::LockFile { .. }) {
            let help = "run in the workspace, or give --metadata-path";
            return Err(self.unlike("a saved cargo metadata", "a lock file alone", help));
        }
        let histories = self.histories(loaded.root.as_deref());
        let before = base::metadata(self.settings, self.asked, text)?;
        Ok(Sides {
            before: self.state(before, &histories)?,
            now: self.state(loaded.as_saved(), &histories)?,
            built: None,
            kind: "metadata",
            configuration_changed: None,
            notes: Vec::new(),
        })
    }

    /// A saved report, with one that is made now as it was.
    fn report(&self, loaded: Loaded, before: State) -> Result<Sides, CommandError> {
        let input = &self.settings.input;
        let own = self.settings.histories(self.policy.git_cache.as_deref(), loaded.root.as_deref());
        let of_lock = before.workspace.mode.raw() == "lock-file";
        let (now, histories) = match (of_lock, input, loaded.root.clone()) {
            (true, Input::Cargo(_), Some(root)) => {
                let mut now = today(input, &root)?;
                if before.workspace.from_cache > 0 {
                    now.fill_from_cache(&self.settings.environment);
                }
                (now, self.histories(Some(&root)))
            }
            (true, Input::MetadataFile(..) | Input::Cargo(_), _) => {
                let help = "give --lockfile, or run in the workspace";
                return Err(self.unlike("a report on a lock file", "a saved cargo metadata", help));
            }
            (false, Input::LockFile { .. }, _) => {
                let help = "run in the workspace, or make the base of a lock file too";
                return Err(self.unlike("a report on what is built", "a lock file alone", help));
            }
            (false, Input::Cargo(_), _) if before.without_channels() => (loaded.as_saved(), self.histories(None)),
            (true, Input::LockFile { .. }, _) | (false, _, _) => (loaded, own),
        };
        let mut notes = Vec::new();
        if matches!(input, Input::MetadataFile(..)) && !before.without_channels() {
            let text = "the base was made in the workspace, and a saved cargo metadata does not tell mirrors, licences and the toolchain: what is \
                        known of the base only can come from that";
            notes.push(text.into());
        }
        let now = self.state(now, &histories)?;
        Ok(Sides { before, now, built: None, kind: "report", configuration_changed: None, notes })
    }
}

/// The lock file of the workspace as it is now.
fn today(input: &Input, root: &Utf8Path) -> Result<Loaded, CommandError> {
    let path = load::lock_path(input, Some(root)).unwrap_or_else(|| root.join("Cargo.lock"));
    let text =
        load::read_bounded(&path, MAX_LOCK_FILE).map_err(load::LockError::from).map_err(load::LoadError::from)?;
    Ok(load::lock_from_text(&text, "Cargo.lock").map_err(load::LoadError::from)?)
}

/// Which sources are replaced now and were then, in words.
fn replaced(before: &ChannelFacts, now: &ChannelFacts) -> Untrusted {
    let named = |channel: &ChannelFacts| {
        let rows = channel.replacements.iter().take(MOST_NAMED).map(|(source, replacement)| {
            let end = match &replacement.end {
                Endpoint::Registry(url) => format!("the registry {url}"),
                Endpoint::Directory(folder) => format!("the folder {folder}"),
                Endpoint::LocalRegistry(folder) => format!("the local registry {folder}"),
                Endpoint::Git(url) => format!("the repository {url}"),
            };
            format!("{source} comes from {end} ({})", replacement.reference)
        });
        let rows: Vec<String> = rows.collect();
        match (rows.is_empty(), channel.replacements.len().saturating_sub(MOST_NAMED)) {
            (true, _) => "no source is replaced".to_owned(),
            (false, 0) => rows.join(", "),
            (false, more) => format!("{} and {more} more", rows.join(", ")),
        }
    };
    let ends = |channel: &ChannelFacts| -> Vec<(String, Endpoint)> {
        channel.replacements.iter().map(|(source, replacement)| (source.clone(), replacement.end.clone())).collect()
    };
    let same = ends(before) == ends(now);
    let (before, now) = (named(before), named(now));
    let text = if same {
        format!("cargo's configuration has changed, but not where packages come from: {now}")
    } else {
        format!("cargo's configuration has changed: now {now}; before, {before}")
    };
    text.into()
}
