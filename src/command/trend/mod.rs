//! `cargo origin trend`: how the origins of a project moved over the history of its lock file, and what of that is evidence and law.
//!
//! No cargo is run and the work tree is not touched: lock files come from git's objects, one after the other, and each is read once.

mod place;

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;

use camino::Utf8PathBuf;

use super::{CommandError, ExitStatus, Settings};
use crate::analysis::{Histories, Points};
use crate::data::Data;
use crate::date::{Date, Every};
use crate::load::{self, LoadError, Loaded, LockError, MAX_LOCK_FILE};
use crate::policy::ParsedPolicy;
use crate::render;
use crate::report::{self, Measurement, PointGap, Sample, Series, TrendState, Untrusted};
use crate::source::git::{Commit, FileAt, FileQuery, GitError, Moments, file_at_days, read_file_at, read_files};
use place::{Place, place};

/// More points say no more, and take minutes.
const MOST_POINTS: usize = 5000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct TrendSettings {
    /// First day.
    pub since: Date,
    /// Last day; the day asked about if none.
    pub until: Option<Date>,
    /// How often.
    pub every: Every,
    /// What moves.
    pub reading: Reading,
    /// A repository elsewhere, in which the lock file is looked for.
    pub repository: Option<Utf8PathBuf>,
}

/// What moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Dependencies, evidence and law.
    Then,
    /// Dependencies.
    Today,
    /// Evidence and law.
    Fixed,
}

/// Why there is no trend.
#[derive(Debug, thiserror::Error)]
pub enum TrendError {
    /// Another input than a lock file.
    #[error("`cargo origin trend` reads lock files alone, so {0} has no say there; leave it out")]
    Input(&'static str),
    /// No lock file.
    #[error("there is no Cargo.lock in {0} or above it; name one with --lockfile")]
    NoLock(Utf8PathBuf),
    /// A folder that is not there.
    #[error("{0} cannot be found")]
    NoFolder(Utf8PathBuf, #[source] std::io::Error),
    /// No repository.
    #[error("{0} is in no git repository, so it has no history; ask with --fixed, or name a clone with --repository")]
    NoRepository(Utf8PathBuf),
    /// The history cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// No point has a lock file.
    #[error(
        "no commit has a file {path} at the end of any {every} from {since} to {until}, following first parents from HEAD; see whether it is \
         under version control, or name it with --lockfile"
    )]
    Nothing {
        /// The file.
        path: String,
        /// How often.
        every: &'static str,
        /// First day.
        since: Date,
        /// Last day.
        until: Date,
    },
    /// The first day is after the last.
    #[error("--since {since} is after the last day, {until}")]
    Backwards {
        /// First day.
        since: Date,
        /// Last day.
        until: Date,
    },
    /// More points than anybody reads.
    #[error("from {since} to {until}, --every {every} makes more than {MOST_POINTS} points; ask for a longer period")]
    TooMany {
        /// How often.
        every: &'static str,
        /// First day.
        since: Date,
        /// Last day.
        until: Date,
    },
}

/// Shows the trend.
pub fn trend(
    settings: &Settings,
    wanted: &TrendSettings,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let days = days(settings, wanted)?;
    let place = place(settings, wanted)?;
    let data = Data::embedded()?;
    let (start, root) = place.policy.as_ref().map_or((None, None), |(start, root)| (Some(&**start), Some(&**root)));
    let in_manifest = root.is_some_and(|root| load::has_policy(&root.join("Cargo.toml")));
    let ParsedPolicy { policy, data } = settings.policy_from(start, root, in_manifest, data, notes)?;
    // What lies on this machine of a dependency is of today's.
    let histories = settings.histories(policy.git_cache.as_deref(), root);
    let histories = Histories { cargo_home: None, ..histories };
    let options = settings.options(&policy, &data)?;
    let points = Points::new(policy.claims.clone(), &histories, &data, options)?;
    let mut run = Run { settings, wanted, days: &days, points, workspace: None };
    let found = match wanted.reading {
        Reading::Fixed => run.fixed(&place)?,
        Reading::Then | Reading::Today => run.history(&place)?,
    };
    let mut said: Vec<Untrusted> = found.notes;
    said.extend(run.points.gaps().map(Untrusted::from));
    let report = report::trend(Series {
        reading: match wanted.reading {
            Reading::Then => "then",
            Reading::Today => "today",
            Reading::Fixed => "fixed",
        },
        as_of: (wanted.reading == Reading::Today).then_some(settings.as_of),
        every: wanted.every,
        since: wanted.since,
        until: last(settings, wanted),
        home: options.home,
        data_date: data.tables.data_date,
        workspace: Untrusted::from(run.workspace.as_ref().map_or("", |(_, name)| name)),
        lock_file: Untrusted::from(place.shown()),
        history: found.history,
        samples: found.samples,
        crossed: found.crossed,
        notes: said,
        overrides: policy.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
    });
    render::write_trend(&report, settings.format, &settings.view, out)?;
    Ok(ExitStatus::Success)
}

fn last(settings: &Settings, wanted: &TrendSettings) -> Date {
    wanted.until.unwrap_or(settings.as_of)
}

/// The points.
fn days(settings: &Settings, wanted: &TrendSettings) -> Result<Vec<Date>, TrendError> {
    let (since, until, every) = (wanted.since, last(settings, wanted), wanted.every);
    let days: Vec<Date> = every.days(since, until).take(MOST_POINTS + 1).collect();
    match days.len() {
        0 => Err(TrendError::Backwards { since, until }),
        number if number > MOST_POINTS => Err(TrendError::TooMany { every: every.as_str(), since, until }),
        _ => Ok(days),
    }
}

/// What was found at the points.
struct Found {
    samples: Vec<Sample>,
    history: Option<(u32, bool)>,
    crossed: Option<[TrendState; 2]>,
    notes: Vec<Untrusted>,
}

struct Run<'a, 'd> {
    settings: &'a Settings,
    wanted: &'a TrendSettings,
    days: &'a [Date],
    points: Points<'d>,
    /// The name of the workspace, at the last point that is known.
    workspace: Option<(usize, String)>,
}

impl Run<'_, '_> {
    /// Evidence and law of a point.
    fn day(&self, at: usize) -> Date {
        if self.wanted.reading == Reading::Today { self.settings.as_of } else { self.days[at] }
    }

    fn name(&mut self, at: usize, loaded: &Loaded) {
        if self.workspace.as_ref().is_none_or(|(last, _)| *last <= at) {
            self.workspace = Some((at, loaded.name.clone()));
        }
    }

    /// One lock file on all days.
    fn fixed(&mut self, place: &Place) -> Result<Found, CommandError> {
        let text = match (&place.file, &place.inside) {
            (Some(file), _) => {
                load::read_bounded(file, MAX_LOCK_FILE).map_err(LockError::from).map_err(LoadError::from)?
            }
            (None, Some((top, path))) => {
                let environment = &self.settings.histories.environment;
                let text =
                    read_file_at(top, "HEAD", path, self.settings.today, environment).map_err(TrendError::from)?;
                text.ok_or_else(|| self.nothing(path))?
            }
            (None, None) => return Err(TrendError::NoLock(self.settings.environment.current_dir.clone()).into()),
        };
        let loaded = load::lock_from_text(&text, &place.shown()).map_err(LoadError::from)?;
        self.name(0, &loaded);
        let samples: Vec<Sample> = self
            .days
            .iter()
            .map(|day| Sample { day: *day, commit: None, found: Ok(self.points.measure(&loaded, *day)) })
            .collect();
        // The dependencies of the first point are those of the last.
        let state = |sample: Option<&Sample>| sample.and_then(|sample| Some(sample.found.as_ref().ok()?.state.clone()));
        let crossed = state(samples.last()).zip(state(samples.first())).map(<[TrendState; 2]>::from);
        Ok(Found { samples, history: None, crossed, notes: vec![SEATS.into(), LOCK_FILES.into()] })
    }

    fn nothing(&self, path: &str) -> TrendError {
        TrendError::Nothing {
            path: path.to_owned(),
            every: self.wanted.every.as_str(),
            since: self.wanted.since,
            until: last(self.settings, self.wanted),
        }
    }

    /// The lock file of each day.
    fn history(&mut self, place: &Place) -> Result<Found, CommandError> {
        let Some((top, path)) = &place.inside else {
            return Err(TrendError::NoLock(self.settings.environment.current_dir.clone()).into());
        };
        let query = FileQuery {
            repository: top,
            path,
            most: MAX_LOCK_FILE,
            environment: &self.settings.histories.environment,
            today: self.settings.today,
        };
        let Moments { states, shallow } = file_at_days(&query, self.days).map_err(TrendError::from)?;
        let mut ids: Vec<String> = Vec::new();
        // Points by the place of their lock file among those that differ.
        let mut users: Vec<Vec<usize>> = Vec::new();
        let mut numbers = BTreeMap::new();
        for (at, state) in states.iter().enumerate() {
            if let FileAt::There(_, id) = state {
                let number = *numbers.entry(id.as_str()).or_insert_with(|| {
                    ids.push(id.clone());
                    users.push(Vec::new());
                    ids.len() - 1
                });
                users[number].push(at);
            }
        }
        if ids.is_empty() && !states.iter().any(|state| matches!(state, FileAt::NotHere(_) | FileAt::TooLarge(..))) {
            return Err(self.nothing(path).into());
        }
        let mut samples: Vec<Sample> =
            states.into_iter().zip(self.days).map(|(state, day)| without_numbers(state, *day, path, shallow)).collect();
        let read = read_files(&query, &ids, |number, contents| {
            self.lock_file(contents, path, &users[number], &mut samples);
            ControlFlow::Continue(())
        });
        read.map_err(TrendError::from)?;
        let crossed = self.crossed(&query, &ids, &users, &samples)?;
        let mut notes: Vec<Untrusted> = Vec::new();
        if self.wanted.reading == Reading::Then {
            notes.push(SEATS.into());
        }
        notes.push(LOCK_FILES.into());
        notes.push(FIRST_PARENTS.into());
        let lock_files = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        Ok(Found { samples, history: Some((lock_files, shallow)), crossed, notes })
    }

    /// Measures one lock file at each of its points.
    fn lock_file(&mut self, contents: Option<Vec<u8>>, path: &str, users: &[usize], samples: &mut [Sample]) {
        let loaded = match contents.map(String::from_utf8) {
            None => Err(gap("not-in-clone", format!("the clone does not have this {path}"))),
            Some(Err(_)) => Err(gap("unreadable", format!("{path} is not UTF-8 text"))),
            Some(Ok(text)) => load::lock_from_text(&text, path).map_err(|error| gap("unreadable", error.to_string())),
        };
        // Points on one day of evidence and law are alike.
        let mut known: Option<(Date, Measurement)> = None;
        for at in users {
            samples[*at].found = match &loaded {
                Ok(loaded) => {
                    self.name(*at, loaded);
                    let day = self.day(*at);
                    let measured = match known.take() {
                        Some((of, measured)) if of == day => measured,
                        _ => self.points.measure(loaded, day),
                    };
                    known = Some((day, measured.clone()));
                    Ok(measured)
                }
                Err(gap) => Err(gap.clone()),
            };
        }
    }

    /// The first lock file with evidence and law of the last point, and the last with those of the first: what moves the numbers is told apart by
    /// moving one thing alone.
    fn crossed(
        &mut self,
        query: &FileQuery<'_>,
        ids: &[String],
        users: &[Vec<usize>],
        samples: &[Sample],
    ) -> Result<Option<[TrendState; 2]>, TrendError> {
        let with_numbers = |at: &usize| samples[*at].found.is_ok();
        let first = (0..samples.len()).find(with_numbers);
        let last = (0..samples.len()).rfind(with_numbers);
        let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
        let mut crossed = Vec::new();
        for (at, other) in [(first, last), (last, first)] {
            let (own, day) = (self.day(at), self.day(other));
            if own == day {
                crossed.extend(samples[at].found.as_ref().ok().map(|measured| measured.state.clone()));
                continue;
            }
            let id = users.iter().position(|users| users.contains(&at)).and_then(|number| ids.get(number));
            read_files(query, id.map_or(&[], std::slice::from_ref), |_, contents| {
                let text = contents.and_then(|contents| String::from_utf8(contents).ok()).unwrap_or_default();
                let loaded = load::lock_from_text(&text, query.path);
                crossed.extend(loaded.ok().map(|loaded| self.points.measure(&loaded, day).state));
                ControlFlow::Break(())
            })?;
        }
        Ok(crossed.try_into().ok())
    }
}

const SEATS: &str = "Where the register has no dates for a seat, a listing or a programme, it is taken to have held on every day; where the record of \
                     a history begins later, where the work was done is unknown before.";
const LOCK_FILES: &str = "A lock file does not tell features, targets and what is built, nor mirrors: every package that could be built is counted, \
                          development dependencies too.";
const FIRST_PARENTS: &str = "A point is the newest commit, following first parents from HEAD, by the day of its committer in UTC. A lock file that was \
                             renamed is not followed.";

fn gap(kind: &'static str, detail: String) -> PointGap {
    PointGap { kind, detail: Untrusted::from(detail) }
}

/// A point as the history has it, before any lock file is read.
fn without_numbers(state: FileAt, day: Date, path: &str, shallow: bool) -> Sample {
    let (commit, found) = match state {
        FileAt::NoCommit if shallow => {
            (None, gap("no-commit", "the clone is shallow and does not reach so far back".into()))
        }
        FileAt::NoCommit => (None, gap("no-commit", "there was no commit yet".into())),
        FileAt::NoFile(commit) => (Some(commit), gap("no-lock-file", format!("the commit has no {path}"))),
        FileAt::NotHere(commit) => {
            (Some(commit), gap("not-in-clone", format!("the clone is partial and does not have this {path}")))
        }
        FileAt::TooLarge(commit, size) => {
            (Some(commit), gap("too-large", format!("{path} has {size} bytes, which no lock file has")))
        }
        FileAt::There(commit, _) => (Some(commit), gap("not-in-clone", format!("the clone does not have this {path}"))),
    };
    let commit = commit.map(|Commit { id, day }| (id, day));
    Sample { day, commit, found: Err(found) }
}
