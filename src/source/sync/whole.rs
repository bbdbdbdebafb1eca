//! One run, stage by stage.

use std::cell::RefCell;
use std::ffi::OsString;
use std::pin::pin;

use camino::Utf8PathBuf;
#[cfg(unix)]
use futures_util::future::{select, select_all};

use super::plan::{accounts, by_forge};
use super::{Job, Plan, Progress, Stopped, Wanted, dump, histories, lists, run};
use crate::data::Data;
use crate::date::{Date, Moment};
use crate::facts::live::{FactKind, Reason, SourceGap};
use crate::source::git::CloneLimits;
use crate::source::remote::{
    Answers, Client, ClientOptions, CratesIo, Endpoint, Endpoints, Forge, ForgeKind, Forgejo, GitHub, GitLab, Source,
    SourceHut, SparseIndex,
};
use crate::store::{Store, StoreError};

/// Which parts of a run are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Owners and versions of crates.
    pub crates: bool,
    /// Repositories, and the accounts behind them and behind crates.
    pub forges: bool,
    /// Lists of sanctions.
    pub lists: bool,
    /// Histories of repositories.
    pub histories: bool,
}

/// Whether crates come from the registry's database dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DumpChoice {
    /// One by one, by the API.
    Never,
    /// From the dump where there are many.
    Many,
    /// From the dump.
    Always,
    /// From a dump that lies on this machine.
    File(Utf8PathBuf),
}

/// Where the versions of crates come from, where they do not come from the dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionsFrom {
    /// The API: by whom each was published, at one request a second.
    Api,
    /// The index: only when, and fast.
    Index,
}

/// How a run is to go.
#[derive(Clone, Debug)]
pub struct Setup<'a> {
    /// The services.
    pub endpoints: &'a Endpoints,
    /// How they are asked.
    pub client: ClientOptions,
    /// Which parts.
    pub parts: Parts,
    /// Crates from the dump.
    pub dump: DumpChoice,
    /// Where versions come from.
    pub versions: VersionsFrom,
    /// Ask for everything, fresh or not.
    pub refresh: bool,
    /// Take up persons on lists, and displayed names of persons.
    pub persons: bool,
    /// What the copy of a history may take.
    pub clones: CloneLimits,
    /// The caller's environment, for git.
    pub environment: &'a [(OsString, OsString)],
    /// The embedded data.
    pub data: &'a Data,
    /// Now: what is fetched is of this moment.
    pub now: Moment,
    /// Today.
    pub today: Date,
}

/// How a run went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Facts that came in, whether they were new or not.
    pub facts: u64,
    /// Lists that were read anew, and those that had not changed.
    pub lists: (u64, u64),
    /// What was not told.
    pub gaps: Vec<SourceGap>,
    /// Whether the user interrupted.
    pub interrupted: bool,
}

/// Why a run could not go on. What came in before is kept.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The network cannot be used at all.
    #[error("{0}")]
    Network(String),
    /// A dump that the user named cannot be read.
    #[error("--db-dump: {0}")]
    Dump(String),
}

/// A run that is under way.
pub(super) struct Running<'a> {
    pub(super) setup: &'a Setup<'a>,
    pub(super) client: Client,
    pub(super) store: RefCell<&'a mut Store>,
    pub(super) outcome: RefCell<Outcome>,
}

impl Running<'_> {
    /// Keeps a batch.
    pub(super) fn keep(&self, answers: Answers) -> Result<(), StoreError> {
        self.store.borrow_mut().put(&answers.facts, &answers.gaps, self.setup.now)?;
        let mut outcome = self.outcome.borrow_mut();
        outcome.facts += u64::try_from(answers.facts.len()).unwrap_or(u64::MAX);
        outcome.gaps.extend(answers.gaps);
        Ok(())
    }

    /// Looks up which sources have told something before.
    fn look_up(&self, jobs: &mut [Job<'_>]) -> Result<(), StoreError> {
        for job in jobs {
            job.is_known = self.store.borrow().knows(job.source.name())?;
        }
        Ok(())
    }

    /// Notes what a source did not tell: about a subject, or as a whole.
    pub(super) fn gap(
        &self,
        source: &str,
        about: Option<(FactKind, &str)>,
        reason: Reason,
        detail: String,
    ) -> Result<(), StoreError> {
        let (kind, subject) = about.map(|(kind, subject)| (kind, subject.to_owned())).unzip();
        let gap = SourceGap { source: source.to_owned(), subject, kind, reason, detail };
        self.keep(Answers { gaps: vec![gap], ..Answers::default() })
    }
}

/// Asks for everything that a plan has.
pub fn sync(
    wanted: &Wanted,
    plan: &Plan,
    setup: &Setup<'_>,
    store: &mut Store,
    progress: &mut dyn Progress,
) -> Result<Outcome, SyncError> {
    let client = Client::with(setup.client.clone()).map_err(|failure| SyncError::Network(failure.detail))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| SyncError::Network(format!("no runtime for requests: {error}")))?;
    let running = Running { setup, client, store: RefCell::new(store), outcome: RefCell::default() };
    let interrupted = runtime.block_on(stages(&running, wanted, plan, progress));
    // A thread that still reads what nobody waits for any more must not hold up the end.
    runtime.shutdown_background();
    let interrupted = interrupted?;
    let mut outcome = running.outcome.into_inner();
    outcome.interrupted = interrupted;
    outcome.gaps.sort();
    outcome.gaps.dedup();
    Ok(outcome)
}

/// The stages in turn; says whether the user interrupted.
async fn stages(
    running: &Running<'_>,
    wanted: &Wanted,
    plan: &Plan,
    progress: &mut dyn Progress,
) -> Result<bool, SyncError> {
    let setup = running.setup;
    let mut interrupt = pin!(interrupted());
    let crates_io = CratesIo::new(setup.endpoints.crates_io.clone());
    let index = SparseIndex::new(setup.endpoints.crates_io_index.clone());
    let mut first = Vec::new();
    if plan.dump {
        if dump::read(running, plan, progress, interrupt.as_mut()).await? {
            return Ok(true);
        }
    } else {
        let [owners, versions] = &plan.crates;
        let api = &setup.endpoints.crates_io;
        let (from, endpoint): (&dyn Source, _) = match setup.versions {
            VersionsFrom::Api => (&crates_io, api),
            VersionsFrom::Index => (&index, &setup.endpoints.crates_io_index),
        };
        let job = |source, kind, subjects: &[String], endpoint: &Endpoint| Job {
            source,
            kind,
            subjects: subjects.to_vec(),
            at_once: endpoint.at_once,
            is_known: false,
        };
        first.push(job(&crates_io, FactKind::CrateOwners, owners, api));
        first.push(job(from, FactKind::CrateVersions, versions, endpoint));
    }
    first.extend(own_registries(setup, plan));
    let forges = forges(setup);
    first.extend(forges.iter().filter_map(|(host, source, endpoint)| {
        let subjects = plan.repositories.get(host)?.clone();
        Some(Job {
            source: &**source,
            kind: FactKind::Repository,
            subjects,
            at_once: endpoint.at_once,
            is_known: false,
        })
    }));
    let mut keep = |answers| running.keep(answers);
    running.look_up(&mut first)?;
    match run(&first, &running.client, &mut keep, progress, interrupt.as_mut()).await {
        Stopped::Done => {}
        Stopped::Interrupted => return Ok(true),
        Stopped::NotKept(error) => return Err(error.into()),
    }
    if setup.parts.forges {
        let accounts = accounts(wanted, setup, Some(&**running.store.borrow()))?.missing;
        let by_forge = by_forge(setup, accounts.iter().map(String::as_str));
        let mut jobs: Vec<Job<'_>> = forges
            .iter()
            .filter_map(|(host, source, endpoint)| {
                let subjects = by_forge.get(host.as_str())?.iter().map(|account| (*account).to_owned()).collect();
                Some(Job {
                    source: &**source,
                    kind: FactKind::Profile,
                    subjects,
                    at_once: endpoint.at_once,
                    is_known: false,
                })
            })
            .collect();
        running.look_up(&mut jobs)?;
        match run(&jobs, &running.client, &mut keep, progress, interrupt.as_mut()).await {
            Stopped::Done => {}
            Stopped::Interrupted => return Ok(true),
            Stopped::NotKept(error) => return Err(error.into()),
        }
    }
    Ok(lists::read(running, plan, progress, interrupt.as_mut()).await?
        || histories::read(running, plan, progress, interrupt.as_mut()).await?)
}

/// Waits until the user interrupts, by Ctrl-C or by what asks a program to end, so that git is ended too. Where no signal can be waited
/// for, it ends the process, which loses no batch either.
async fn interrupted() {
    let ctrl_c = pin!(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    });
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Whatever ends this program is to end what it has started too: git is in a group of its own.
        let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
        let mut signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
        if !signals.is_empty() {
            let any = pin!(select_all(signals.iter_mut().map(|signal| Box::pin(signal.recv()))));
            select(ctrl_c, any).await;
            return;
        }
    }
    ctrl_c.await;
}

/// What the user's own registries are asked.
fn own_registries<'a>(setup: &'a Setup<'_>, plan: &Plan) -> Vec<Job<'a>> {
    let of_registry = |(name, [owners, versions]): (&String, &[Vec<String>; 2])| {
        let registry = setup.endpoints.registries.get(name)?;
        let job = |kind, subjects: &[String]| {
            let at_once = registry.service(kind)?.at_once;
            Some(Job { source: registry as &dyn Source, kind, subjects: subjects.to_vec(), at_once, is_known: false })
        };
        Some([job(FactKind::CrateOwners, owners), job(FactKind::CrateVersions, versions)])
    };
    plan.registries.iter().filter_map(of_registry).flatten().flatten().collect()
}

/// Every forge that can be asked, with its host.
pub(super) fn forges<'a>(setup: &'a Setup<'_>) -> Vec<(String, Box<dyn Source>, &'a Endpoint)> {
    let forges = setup.endpoints.forges.iter();
    forges.map(|(host, forge)| (host.clone(), source(forge, setup.persons), &forge.endpoint)).collect()
}

fn source(forge: &Forge, persons: bool) -> Box<dyn Source> {
    let endpoint = forge.endpoint.clone();
    match forge.kind {
        ForgeKind::GitHub => Box::new(GitHub::new(endpoint, persons)),
        ForgeKind::GitLab => Box::new(GitLab::new(endpoint, persons)),
        ForgeKind::Forgejo | ForgeKind::Gitea => Box::new(Forgejo::new(endpoint, persons)),
        ForgeKind::SourceHut => Box::new(SourceHut::new(endpoint)),
    }
}
