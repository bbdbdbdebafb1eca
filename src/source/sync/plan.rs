//! What is missing, and what asking for it costs.

use std::collections::{BTreeMap, BTreeSet};

use super::wanted::{fresh_since, list_fresh_since};
use super::whole::forges;
use super::{DumpChoice, Setup, VersionsFrom, Wanted, lists};
use crate::facts::live::{FactKind, Kept};
use crate::source::remote::{CratesIo, Endpoint, Source, SparseIndex};
use crate::store::{Store, StoreError};

/// Crates beyond which one by one takes longer than the whole dump: two requests each at one a second, so some ten minutes.
pub(super) const MOST_CRATES: usize = 300;

/// What is asked, in words.
const OWNERS: &str = "owners of crates";
const VERSIONS_OF_INDEX: &str = "versions of crates, without by whom";

/// What one source is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Cost {
    /// Whom.
    pub source: String,
    /// What, in words.
    pub what: String,
    /// Subjects.
    pub subjects: usize,
    /// Requests, at the least: paging and tries again come on top. Nothing where it is no matter of requests.
    pub requests: Option<usize>,
    /// Seconds that the source's own pace makes of that.
    pub seconds: Option<f64>,
}

/// Everything that is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// By source. The accounts behind crates are not known before, and come on top.
    pub costs: Vec<Cost>,
    /// Crates whose owners are missing or old, and those whose versions are.
    pub(super) crates: [Vec<String>; 2],
    /// Crates of the user's own registries, by registry: of which the owners are missing or old, and of which the versions are.
    pub(super) registries: BTreeMap<String, [Vec<String>; 2]>,
    /// Repositories, of forges that can be asked, by forge.
    pub(super) repositories: BTreeMap<String, Vec<String>>,
    /// Lists that are missing or old.
    pub(super) lists: Vec<String>,
    /// Repositories whose history is missing.
    pub(super) histories: Vec<String>,
    /// Whether crates come from the dump.
    pub(super) dump: bool,
}

/// What is missing in a store; everything where there is none.
pub fn plan(wanted: &Wanted, setup: &Setup<'_>, store: Option<&Store>) -> Result<Plan, StoreError> {
    let mut plan = Plan::default();
    let store = store.filter(|_| !setup.refresh);
    let missing = |kind: FactKind, subjects: &[&str]| -> Result<Vec<String>, StoreError> {
        let fresh = match store {
            Some(store) => store.fresh(kind, subjects, fresh_since(kind, setup.now))?,
            None => BTreeSet::new(),
        };
        Ok(subjects.iter().filter(|subject| !fresh.contains(**subject)).map(|subject| (*subject).to_owned()).collect())
    };
    if setup.parts.crates {
        let crates: Vec<&str> = wanted.crates.iter().map(String::as_str).collect();
        plan.crates = [missing(FactKind::CrateOwners, &crates)?, versions(&crates, setup, store)?];
        let most = plan.crates.iter().map(Vec::len).max().unwrap_or(0);
        plan.dump = match &setup.dump {
            DumpChoice::Never => false,
            DumpChoice::Always | DumpChoice::File(_) => true,
            DumpChoice::Many => most > MOST_CRATES,
        };
        plan.costs.extend(crates_cost(&plan, setup));
        for (name, registry) in &setup.endpoints.registries {
            let subjects: Vec<&str> = wanted.registries.get(name).into_iter().flatten().map(String::as_str).collect();
            let mut missing_of = |kind, what| -> Result<Vec<String>, StoreError> {
                let Some(service) = registry.service(kind) else { return Ok(Vec::new()) };
                let subjects = missing(kind, &subjects)?;
                plan.costs.extend(cost(registry, service, kind, what, subjects.len()));
                Ok(subjects)
            };
            let owners = missing_of(FactKind::CrateOwners, OWNERS)?;
            let versions = missing_of(FactKind::CrateVersions, VERSIONS_OF_INDEX)?;
            plan.registries.insert(name.clone(), [owners, versions]);
        }
    }
    if setup.parts.forges {
        let by_forge = by_forge(setup, wanted.repositories.iter().map(String::as_str));
        for (host, source, endpoint) in forges(setup) {
            let Some(subjects) = by_forge.get(host.as_str()) else { continue };
            let subjects = missing(FactKind::Repository, subjects)?;
            plan.costs.extend(cost(&*source, endpoint, FactKind::Repository, "repositories", subjects.len()));
            plan.repositories.insert(host, subjects);
        }
    }
    if setup.parts.lists {
        let known = store.map(Store::list_states).transpose()?.unwrap_or_default();
        let since = list_fresh_since(setup.now);
        let is_fresh = |(id, endpoint): (&String, &Endpoint)| {
            known.iter().any(|state| state.id == *id && state.fetched >= since && lists::is_of(state, endpoint))
        };
        plan.lists = setup.endpoints.lists.iter().filter(|list| !is_fresh(*list)).map(|(id, _)| id.clone()).collect();
        plan.costs.extend(plan.lists.iter().map(|id| Cost {
            source: id.clone(),
            what: "list, as a whole".to_owned(),
            subjects: 1,
            requests: None,
            seconds: None,
        }));
    }
    if setup.parts.histories {
        let known = |path: &&str| forge_of(setup, path).is_some();
        let histories: Vec<&str> = wanted.histories.iter().map(String::as_str).filter(known).collect();
        plan.histories = missing(FactKind::Observation, &histories)?;
        if !plan.histories.is_empty() {
            plan.costs.push(Cost {
                source: "git".to_owned(),
                what: "histories, commits without files".to_owned(),
                subjects: plan.histories.len(),
                requests: None,
                seconds: None,
            });
        }
    }
    Ok(plan)
}

/// Crates of which the source that is wanted has not told the versions of late: the index does not say by whom.
fn versions(crates: &[&str], setup: &Setup<'_>, store: Option<&Store>) -> Result<Vec<String>, StoreError> {
    let since = fresh_since(FactKind::CrateVersions, setup.now);
    let known = store.map(|store| store.get_many(FactKind::CrateVersions, crates)).transpose()?.unwrap_or_default();
    let api = setup.endpoints.crates_io.name.as_str();
    let tells =
        |kept: &Kept| kept.fetched >= since && (setup.versions == VersionsFrom::Index || kept.fact.source == api);
    let is_fresh = |name: &&&str| known.get(**name).is_some_and(|rows| rows.iter().any(tells));
    Ok(crates.iter().filter(|name| !is_fresh(name)).map(|name| (*name).to_owned()).collect())
}

fn crates_cost(plan: &Plan, setup: &Setup<'_>) -> Vec<Cost> {
    let [owners, versions] = [plan.crates[0].len(), plan.crates[1].len()];
    if owners + versions == 0 {
        return Vec::new();
    }
    if plan.dump {
        let what = match setup.dump {
            DumpChoice::File(_) => "database dump from a file",
            DumpChoice::Never | DumpChoice::Always | DumpChoice::Many => {
                "database dump, several hundred megabytes, read as it comes"
            }
        };
        let what = what.to_owned();
        let source = setup.endpoints.crates_io.name.clone();
        return vec![Cost { source, what, subjects: owners.max(versions), requests: None, seconds: None }];
    }
    let source = CratesIo::new(setup.endpoints.crates_io.clone());
    let ask = |kind, what, subjects| cost(&source, &setup.endpoints.crates_io, kind, what, subjects);
    let owners = ask(FactKind::CrateOwners, OWNERS, owners);
    let index = SparseIndex::new(setup.endpoints.crates_io_index.clone());
    let versions = match setup.versions {
        VersionsFrom::Api => ask(FactKind::CrateVersions, "versions of crates", versions),
        VersionsFrom::Index => {
            cost(&index, &setup.endpoints.crates_io_index, FactKind::CrateVersions, VERSIONS_OF_INDEX, versions)
        }
    };
    owners.into_iter().chain(versions).collect()
}

fn cost(source: &dyn Source, endpoint: &Endpoint, kind: FactKind, what: &str, subjects: usize) -> Option<Cost> {
    let batch = source.batch(kind).filter(|_| subjects > 0)?;
    // A part of a batch takes its part of the requests, where it is asked one by one.
    let size = batch.subjects.max(1);
    let requests = subjects / size * batch.requests + (subjects % size * batch.requests).div_ceil(size);
    let count = f64::from(u32::try_from(requests).unwrap_or(u32::MAX));
    let seconds = (endpoint.per_second > 0.0).then(|| count / endpoint.per_second);
    Some(Cost { source: source.name().to_owned(), what: what.to_owned(), subjects, requests: Some(requests), seconds })
}

/// Subjects of the form `host/…`, by the forge that answers for the host. Those of which no forge is known are left out.
pub(super) fn by_forge<'a>(
    setup: &Setup<'_>,
    subjects: impl Iterator<Item = &'a str>,
) -> BTreeMap<String, Vec<&'a str>> {
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for subject in subjects {
        if let Some(forge) = forge_of(setup, subject) {
            found.entry(forge.to_owned()).or_default().push(subject);
        }
    }
    found
}

/// The forge that answers for a subject: that of its host. Another host of the same domain is another service (`gist.github.com`), but
/// for SourceHut, whose services are one forge.
pub(super) fn forge_of<'a>(setup: &'a Setup<'_>, subject: &str) -> Option<&'a str> {
    let (host, _) = subject.split_once('/')?;
    let host = if host == "git.sr.ht" { "sr.ht" } else { host };
    setup.endpoints.forges.get_key_value(host).map(|(known, _)| known.as_str())
}
