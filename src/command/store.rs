//! `cargo origin store`: what was fetched, looked at, carried elsewhere, and deleted.

use std::fs::File;
use std::io::{self, BufReader, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::{CommandError, ExitStatus, Settings, files};
use crate::date::{Date, Moment};
use crate::facts::live::ListState;
use crate::render;
use crate::report::{self, StoreReport, StoredFacts, StoredGaps, StoredList};
use crate::store::{Access, Stats, Store, StoreError};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// What to do with the store.
#[derive(Clone, Debug)]
pub enum StoreDo {
    /// Show what is in it.
    Stats,
    /// Write all of it to a file.
    Export(Utf8PathBuf),
    /// Take in such a file.
    Import(Utf8PathBuf),
    /// Delete everything about an account.
    Forget(String),
    /// Delete what was fetched before so many days.
    Prune {
        /// How many.
        days: u32,
    },
}

impl StoreDo {
    fn word(&self) -> &'static str {
        match self {
            Self::Stats => "stats",
            Self::Export(_) => "export",
            Self::Import(_) => "import",
            Self::Forget(_) => "forget",
            Self::Prune { .. } => "prune",
        }
    }
}

/// Why something could not be done with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreCommandError {
    /// It cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is none.
    #[error("there is no store: --no-store was given, or there is no home folder; name a file with --store")]
    None,
    /// One line is said, and in no format.
    #[error("`cargo origin store {0}` says one line; it has no --format")]
    Format(&'static str),
    /// The portable file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The portable file cannot be taken in.
    #[error("cannot import {path}")]
    Import {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// The portable file cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An account without a login.
    #[error("`{0}` is no account: say host/login, as in github.com/example, or a login")]
    Account(String),
}

/// Does something with the store, and says what was done.
pub fn store(
    settings: &Settings,
    wanted: &StoreDo,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    if let StoreDo::Stats = wanted {
        return stats(settings, out);
    }
    if settings.format != render::Format::Human {
        return Err(StoreCommandError::Format(wanted.word()).into());
    }
    let said = match wanted {
        StoreDo::Stats => String::new(),
        StoreDo::Export(file) => export(settings, file)?,
        StoreDo::Import(file) => import(settings, file, notes)?,
        StoreDo::Forget(account) => forget(settings, account, notes)?,
        StoreDo::Prune { days } => prune(settings, *days, notes)?,
    };
    writeln!(out, "{said}")?;
    Ok(ExitStatus::Success)
}

impl Settings {
    /// The store, to be read; nothing if there is none.
    pub(super) fn store_to_read(&self) -> Result<Option<Store>, CommandError> {
        let Some(path) = &self.store else { return Ok(None) };
        Store::open_existing(path).map_err(|error| self.store_error(error))
    }

    /// The store, to be written. Says if a damaged one was set aside.
    pub(super) fn store_to_write(&self, notes: &mut dyn Write) -> Result<Store, CommandError> {
        let path = self.store.as_deref().ok_or(StoreCommandError::None)?;
        let opened = Store::open(path, Access::Write).map_err(|error| self.store_error(error))?;
        if let Some(aside) = opened.set_aside {
            let (path, aside) = (self.shown(path), self.shown(&aside));
            let note = format!("the store {path} was damaged; it is now {aside}, and a new one was begun");
            writeln!(notes, "warning: {}", render::escape_for_diagnostics(&note))?;
        }
        Ok(opened.store)
    }

    /// An error of the store, with no path to the home folder in it.
    pub(super) fn store_error(&self, error: StoreError) -> CommandError {
        StoreCommandError::Store(self.hide_home(error)).into()
    }

    /// A path as it is shown: without the home folder.
    pub(super) fn shown(&self, path: &Utf8Path) -> String {
        let home = self.home_folder.as_deref().filter(|home| !home.as_str().is_empty());
        match home.and_then(|home| path.strip_prefix(home).ok()) {
            Some(rest) => Utf8Path::new("~").join(rest).into_string(),
            None => path.to_string(),
        }
    }

    fn hide_home(&self, error: StoreError) -> StoreError {
        error.under_home(self.home_folder.as_deref())
    }
}

fn stats(settings: &Settings, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "store stats")?;
    let path = settings.store.as_deref().ok_or(StoreCommandError::None)?;
    let opened = settings.store_to_read()?;
    let stats = opened.map(|store| store.stats()).transpose().map_err(|error| settings.store_error(error))?;
    let report = store_report(settings.shown(path), stats);
    if format == render::Format::Json {
        render::write_json(&report, out)?;
    } else {
        render::store(&report, &settings.view, out)?;
    }
    Ok(ExitStatus::Success)
}

fn store_report(file: String, stats: Option<Stats>) -> StoreReport {
    let Some(stats) = stats else { return StoreReport::none(file) };
    let day = |moment: Moment| moment.day().map(|day| day.to_string());
    let facts = stats.facts.into_iter().map(|fact| StoredFacts {
        oldest: day(fact.oldest),
        newest: day(fact.newest),
        kind: fact.kind.into(),
        source: fact.source.into(),
        current: fact.current,
        past: fact.past,
    });
    let gaps = stats.gaps.into_iter().map(|gap| StoredGaps {
        source: gap.source.into(),
        reason: gap.reason.into(),
        count: gap.count,
        newest: day(gap.newest),
    });
    let list = |list: ListState| StoredList {
        fetched: day(list.fetched),
        id: list.id.into(),
        entries: list.entries,
        persons_left_out: list.persons_left_out,
    };
    StoreReport {
        version: report::STORE_VERSION,
        file: file.into(),
        exists: true,
        format: Some(stats.version),
        bytes: stats.bytes,
        facts: facts.collect(),
        gaps: gaps.collect(),
        lists: stats.lists.into_iter().map(list).collect(),
    }
}

fn export(settings: &Settings, file: &Utf8Path) -> Result<String, CommandError> {
    let path = settings.store.as_deref().ok_or(StoreCommandError::None)?;
    let store = Store::open(path, Access::Read).map_err(|error| settings.store_error(error))?.store;
    let failed = |source| StoreCommandError::Write { path: file.to_owned(), source };
    let mut lines = 0;
    let staged = files::stage_with(file, files::PRIVATE_FILE, &mut |out| {
        let exported = store.export(out).map_err(|error| io::Error::other(settings.hide_home(error)));
        lines = exported?;
        Ok(())
    });
    staged.map_err(failed)?.persist().map_err(failed)?;
    Ok(format!("exported {lines} lines to {}", shown_file(file)))
}

fn import(settings: &Settings, file: &Utf8Path, notes: &mut dyn Write) -> Result<String, CommandError> {
    let read = File::open(file).map_err(|source| StoreCommandError::Read { path: file.to_owned(), source })?;
    let mut store = settings.store_to_write(notes)?;
    let now = Moment(settings.today.next().begin());
    let imported = store.import(&mut BufReader::new(read), now).map_err(|error| {
        let source = settings.hide_home(error);
        StoreCommandError::Import { path: file.to_owned(), source }
    })?;
    Ok(format!(
        "imported {}: {} facts taken, {} had nothing new; {} gaps, {} lists",
        shown_file(file),
        imported.taken,
        imported.known,
        imported.gaps,
        imported.lists
    ))
}

fn forget(settings: &Settings, account: &str, notes: &mut dyn Write) -> Result<String, CommandError> {
    let login = account.trim().rsplit('/').next().unwrap_or_default();
    if login.is_empty() || account.trim().matches('/').count() > 1 {
        return Err(StoreCommandError::Account(account.to_owned()).into());
    }
    if settings.store_to_read()?.is_none() {
        return Ok("there is no store yet; nothing is kept about anybody".to_owned());
    }
    let mut store = settings.store_to_write(notes)?;
    let forgotten = store.forget(account).map_err(|error| settings.store_error(error))?;
    for aside in &forgotten.set_aside {
        let note = format!("{} was damaged and set aside; it can still hold it: delete it", settings.shown(aside));
        writeln!(notes, "warning: {}", render::escape_for_diagnostics(&note))?;
    }
    Ok(format!(
        "forgot {}: {} profiles, {} repositories, {} owner entries, {} publishers of versions, {} gaps; exported files are not searched, \
         and a new sync can bring it back",
        render::escape_for_diagnostics(account),
        forgotten.profiles,
        forgotten.repositories,
        forgotten.owners,
        forgotten.versions,
        forgotten.gaps
    ))
}

fn prune(settings: &Settings, days: u32, notes: &mut dyn Write) -> Result<String, CommandError> {
    let limit = Moment(settings.today.begin() - i64::from(days) * DAY);
    let shown = limit.day().as_ref().map(Date::to_string).unwrap_or_default();
    if settings.store_to_read()?.is_none() {
        return Ok("there is no store yet; nothing to delete".to_owned());
    }
    let mut store = settings.store_to_write(notes)?;
    let pruned = store.prune(limit).map_err(|error| settings.store_error(error))?;
    Ok(format!(
        "deleted what was last fetched before {shown}: {} facts, {} past states, {} gaps",
        pruned.current, pruned.past, pruned.gaps
    ))
}

fn shown_file(file: &Utf8Path) -> String {
    render::escape_for_diagnostics(file.as_str())
}
