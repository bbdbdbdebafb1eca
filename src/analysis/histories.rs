//! Which observation records speak for the packages of a graph.
//!
//! A clone that the user named is asked first, then the records that the program carries, then those of the store, then cargo's own clones of git dependencies,
//! and last the other repositories of a person who owns the package's.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::data::model::Observation;
use crate::data::{Data, HostOwner};
use crate::date::Date;
use crate::facts::{Gap, GapKind, Observed, Provenance};
use crate::graph::{PackageIx, Source};
use crate::load::Loaded;
use crate::locate::{Clocks, Parameters, Subject, observe};
use crate::party::{Named, Repositories, Repository};
use crate::source::clones;
use crate::source::git::{HistoryQuery, read_history};

/// Commits that are read of one of cargo's own clones, newest first: some seconds' worth of the largest, and more than counts.
const CARGO_COMMITS: u64 = 20_000;

/// Where histories may lie on this machine.
#[derive(Clone, Debug, Default)]
pub struct Histories {
    /// A folder of clones that the user names.
    pub clones: Option<Utf8PathBuf>,
    /// `CARGO_HOME`, for cargo's own clones of git dependencies.
    pub cargo_home: Option<Utf8PathBuf>,
    /// The caller's environment, for git.
    pub environment: Vec<(OsString, OsString)>,
}

/// A folder of clones that cannot be read: the user named it, so this is no gap.
#[derive(Debug, thiserror::Error)]
#[error("the folder of clones {folder} cannot be read")]
pub struct ClonesError {
    folder: Utf8PathBuf,
    #[source]
    source: std::io::Error,
}

/// The records of every package, and what could not be read.
pub(super) fn observed(
    loaded: &Loaded,
    repositories: &Repositories,
    (histories, synced): (&Histories, BTreeMap<String, Observation>),
    data: &Data,
    today: Date,
) -> Result<(Vec<Option<Observed>>, Vec<Gap>), ClonesError> {
    let mut reader = Reader { synced, ..Reader::new(histories, data, today)? };
    Ok((reader.observed(loaded, repositories), reader.gaps))
}

/// The user's clones, by repository.
fn clones_of(histories: &Histories) -> Result<BTreeMap<String, Utf8PathBuf>, ClonesError> {
    let Some(folder) = &histories.clones else { return Ok(BTreeMap::new()) };
    let found = clones::find(folder).map_err(|source| ClonesError { folder: folder.clone(), source })?;
    let mut by_repository = BTreeMap::new();
    for clone in found {
        for address in clone.addresses.iter().filter_map(|address| Repository::parse(address)) {
            by_repository.entry(address.path().to_owned()).or_insert_with(|| clone.folder.clone());
        }
    }
    Ok(by_repository)
}

/// Reads every history once, for one graph or for many.
pub(super) struct Reader<'a> {
    /// Records of the store, by repository.
    synced: BTreeMap<String, Observation>,
    clones: BTreeMap<String, Utf8PathBuf>,
    histories: &'a Histories,
    data: &'a Data,
    today: Date,
    clocks: Option<Clocks>,
    /// What was found, by repository, its address before and commit.
    known: BTreeMap<(String, Option<String>, Option<String>), Option<Observed>>,
    pub(super) gaps: Vec<Gap>,
}

/// Whose history is wanted.
struct Wanted<'a> {
    at: PackageIx,
    named: &'a Named,
    /// Where cargo has checked it out, and at which commit.
    folder: Option<&'a Utf8Path>,
    commit: Option<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(histories: &'a Histories, data: &'a Data, today: Date) -> Result<Self, ClonesError> {
        let clones = clones_of(histories)?;
        Ok(Self {
            synced: BTreeMap::new(),
            clones,
            histories,
            data,
            today,
            clocks: None,
            known: BTreeMap::new(),
            gaps: Vec::new(),
        })
    }

    /// The records of every package of a graph.
    pub(super) fn observed(&mut self, loaded: &Loaded, repositories: &Repositories) -> Vec<Option<Observed>> {
        let mut found = Vec::with_capacity(loaded.graph.len());
        for (at, package) in loaded.graph.packages() {
            found.push(repositories.of(at).and_then(|named| {
                let (folder, commit) = match &package.source {
                    Source::Git { commit, .. } => (loaded.manifests[at.index()].folder.as_deref(), commit.as_deref()),
                    _ => (None, None),
                };
                self.of(&Wanted { at, named, folder, commit })
            }));
        }
        found
    }

    fn of(&mut self, wanted: &Wanted<'_>) -> Option<Observed> {
        let before = wanted.named.before.as_ref().map(|before| before.path().to_owned());
        let key = (wanted.named.repository.path().to_owned(), before, wanted.commit.map(str::to_owned));
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let found = self.find(wanted);
        self.known.insert(key, found.clone());
        found
    }

    fn find(&mut self, wanted: &Wanted<'_>) -> Option<Observed> {
        let one = |record, provenance| Some(Observed { records: vec![Arc::new(record)], provenance });
        let repository = &wanted.named.repository;
        // Clones and records can be of the address before a move: it is the same history.
        for repository in std::iter::once(repository).chain(&wanted.named.before) {
            if let Some(clone) = self.clones.get(repository.path()).cloned()
                && let Some(record) = self.read(wanted.at, &clone, repository, None, None)
            {
                return one(record, Provenance::Local);
            }
            if let Some(record) = self.data.observation(repository.path()) {
                return one(record, Provenance::Embedded);
            }
            if let Some(record) = self.synced.get(repository.path()) {
                return one(record.clone(), Provenance::Synced);
            }
        }
        let home = self.histories.cargo_home.as_deref();
        let database = home.zip(wanted.folder).and_then(|(home, folder)| clones::cargo_database(home, folder));
        if let Some(database) = database
            && let Some(record) = self.read(wanted.at, &database, repository, wanted.commit, Some(CARGO_COMMITS))
        {
            return one(record, Provenance::Local);
        }
        self.inherited(wanted.named)
    }

    /// Records of other repositories of the one person who owns this one.
    fn inherited(&self, named: &Named) -> Option<Observed> {
        if named.owner != HostOwner::Individual {
            return None;
        }
        let prefix = format!("{}/", named.repository.owner());
        let records: Vec<Arc<Observation>> = self
            .data
            .observed(&prefix)
            // The register can give one of them to an organisation.
            .filter(|path| self.data.owner_of(path) == HostOwner::Individual)
            .filter_map(|path| self.data.observation(path).map(Arc::new))
            .collect();
        (!records.is_empty()).then_some(Observed { records, provenance: Provenance::Inherited })
    }

    fn read(
        &mut self,
        at: PackageIx,
        clone: &Utf8Path,
        repository: &Repository,
        revision: Option<&str>,
        limit: Option<u64>,
    ) -> Option<Observation> {
        let query = HistoryQuery {
            repository: clone,
            revision,
            since: None,
            until: None,
            path: None,
            limit,
            today: self.today,
            environment: &self.histories.environment,
        };
        let mut gap = |detail: String| {
            self.gaps.push(Gap { kind: GapKind::HistoryUnreadable, package: Some(at), detail });
            None
        };
        let history = match read_history(&query) {
            Ok(history) => history,
            Err(error) => return gap(format!("the history of {} was not read: {error}", repository.path())),
        };
        if self.clocks.is_none() {
            self.clocks = Data::zones().ok().map(|zones| Clocks::new(&zones, &self.data.tables.prior));
        }
        let subject = Subject { repository: repository.path(), path: None, as_of: self.today };
        let clocks = self.clocks.as_ref()?;
        observe(&history, subject, clocks, self.data, &Parameters::default())
    }
}
