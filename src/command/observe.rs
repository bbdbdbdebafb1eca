//! `cargo origin observe`: the history of a repository to where the work on it is done.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use super::{CommandError, ExitStatus, Settings};
use crate::data::Data;
use crate::data::model::Observation;
use crate::date::Date;
use crate::locate::{Clocks, Parameters, Subject, observe as observed};
use crate::party::Repository;
use crate::render::{self, Format};
use crate::report;
use crate::source::clones;
use crate::source::git::{GitError, HistoryQuery, read_history};

/// What to observe.
#[derive(Clone, Debug)]
pub struct ObserveSettings {
    /// Work trees or git directories.
    pub repositories: Vec<Utf8PathBuf>,
    /// What to call the repository, if it is one.
    pub name: Option<String>,
    /// The first day.
    pub since: Option<Date>,
    /// The last day, where the user set one.
    pub until: Option<Date>,
    /// A folder inside the repository.
    pub path: Option<String>,
    /// Where to write the records, a line each.
    pub out: Option<Utf8PathBuf>,
}

/// Why a repository could not be observed.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// Its history cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// Nobody knows what it is called.
    #[error("{0} does not say where it came from (remote.origin.url); name it with --repository host/owner/repo")]
    Nameless(Utf8PathBuf),
    /// A name that is none.
    #[error("--repository {0} is not of the form host/owner/repo")]
    Name(String),
    /// A name for several.
    #[error("--repository names one repository; observe one at a time, or leave it out")]
    OneName,
    /// Nobody has committed.
    #[error("{0} has no commit of a person in these days")]
    Nobody(Utf8PathBuf),
    /// The records cannot be written.
    #[error("cannot write {path}")]
    Out {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Observes repositories and prints what they say.
pub fn observe(settings: &Settings, wanted: &ObserveSettings, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "observe")?;
    if wanted.name.is_some() && wanted.repositories.len() != 1 {
        return Err(ObserveError::OneName.into());
    }
    let data = Data::embedded()?;
    let clocks = Clocks::new(&Data::zones()?, &data.tables.prior);
    let mut records = Vec::new();
    for folder in &wanted.repositories {
        records.push(record(settings, wanted, folder, &clocks, &data)?);
    }
    if let Some(path) = &wanted.out {
        write_records(&records, path).map_err(|source| ObserveError::Out { path: path.clone(), source })?;
    }
    let reports: Vec<_> = records.into_iter().map(|record| report::observation(record, settings.as_of)).collect();
    if format == Format::Json {
        render::write_json(&reports, out)?;
    } else {
        render::observations(&reports, &settings.view, out)?;
    }
    Ok(ExitStatus::Success)
}

fn record(
    settings: &Settings,
    wanted: &ObserveSettings,
    folder: &Utf8Path,
    clocks: &Clocks,
    data: &Data,
) -> Result<Observation, ObserveError> {
    if !clones::is_repository(folder) {
        return Err(GitError::NotARepository(folder.to_owned()).into());
    }
    let name = match &wanted.name {
        Some(name) => Repository::parse(name).ok_or_else(|| ObserveError::Name(name.clone()))?,
        None => clones::origin(folder)
            .and_then(|address| Repository::parse(&address))
            .ok_or_else(|| ObserveError::Nameless(folder.to_owned()))?,
    };
    let history = read_history(&HistoryQuery {
        repository: folder,
        revision: None,
        since: wanted.since,
        until: wanted.until,
        path: wanted.path.as_deref(),
        limit: None,
        today: settings.today,
        environment: &settings.histories.environment,
    })?;
    let last = history.span.and_then(|span| Date::from_unix(span.1));
    // Without a day of the user's the record is of its newest commit, so that the same history gives the same record on any day.
    let as_of = wanted.until.or(last).unwrap_or(settings.today);
    let subject = Subject { repository: name.path(), path: wanted.path.as_deref(), as_of };
    observed(&history, subject, clocks, data, &Parameters::default())
        .ok_or_else(|| ObserveError::Nobody(folder.to_owned()))
}

/// All or nothing: what was there before stays until the whole is on the disk.
fn write_records(records: &[Observation], path: &Utf8Path) -> io::Result<()> {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record)?;
        lines.push(b'\n');
    }
    super::files::stage(path, &lines)?.persist()
}
