//! What is missing, and what asking for it costs.

use std::collections::{BTreeMap, BTreeSet};

use super::wanted::{asked_since, fresh_since, list_fresh_since};
use super::whole::forges;
use super::{DumpChoice, Setup, VersionsFrom, Wanted, lists};
use crate::data::HostOwner;
use crate::facts::live::{AccountKind, Content, FactKind, Kept, ListState};
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
    /// Whether that is the least, since others can come to be known while it is asked.
    pub at_least: bool,
    /// Requests, at the least: paging and tries again come on top. Nothing where it is no matter of requests.
    pub requests: Option<usize>,
    /// Seconds that the source's own pace makes of that.
    pub seconds: Option<f64>,
}

/// Everything that is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// By source. Accounts that are not known before come on top.
    pub costs: Vec<Cost>,
    /// Whether such accounts may come.
    pub accounts_may_come: bool,
    /// Where persons are wanted: profiles of persons that are fresh and have no displayed name, and are not asked for.
    pub unnamed: usize,
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
    let kept = store;
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
        let api = (setup.versions == VersionsFrom::Api).then_some(setup.endpoints.crates_io.name.as_str());
        plan.crates = [missing(FactKind::CrateOwners, &crates)?, versions(wanted, &crates, api, setup, store)?];
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
                let subjects = match kind {
                    FactKind::CrateVersions => versions(wanted, &subjects, None, setup, store)?,
                    _ => missing(kind, &subjects)?,
                };
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
        plan.accounts_may_come = !plan.costs.is_empty();
        let accounts = accounts(wanted, setup, kept)?;
        plan.unnamed = accounts.unnamed;
        plan.costs.extend(accounts_cost(&accounts.missing, plan.accounts_may_come, setup));
    }
    if setup.parts.lists {
        plan.lists = missing_lists(setup, store)?;
        plan.costs.extend(plan.lists.iter().map(|id| Cost {
            source: id.clone(),
            what: "list, as a whole".to_owned(),
            subjects: 1,
            at_least: false,
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
                at_least: false,
                requests: None,
                seconds: None,
            });
        }
    }
    Ok(plan)
}

/// Lists that are missing or old. Where persons are wanted, one from which they were left out is not whole.
fn missing_lists(setup: &Setup<'_>, store: Option<&Store>) -> Result<Vec<String>, StoreError> {
    let known = store.map(Store::list_states).transpose()?.unwrap_or_default();
    let since = list_fresh_since(setup.now);
    let is_whole = |state: &ListState| !setup.persons || state.persons_left_out == 0;
    let is_fresh = |(id, endpoint): (&String, &Endpoint)| {
        let good = |state: &ListState| state.fetched >= since && is_whole(state) && lists::is_of(state, endpoint);
        known.iter().any(|state| state.id == *id && good(state))
    };
    Ok(setup.endpoints.lists.iter().filter(|list| !is_fresh(*list)).map(|(id, _)| id.clone()).collect())
}

/// Crates of which the source that is wanted has not told the versions of late, or not those that the project uses: a new one may have come
/// out since. The index does not say by whom, so that only the API will do where that is wanted.
fn versions(
    wanted: &Wanted,
    crates: &[&str],
    api: Option<&str>,
    setup: &Setup<'_>,
    store: Option<&Store>,
) -> Result<Vec<String>, StoreError> {
    let (since, asked) = (fresh_since(FactKind::CrateVersions, setup.now), asked_since(setup.now));
    let known = store.map(|store| store.get_many(FactKind::CrateVersions, crates)).transpose()?.unwrap_or_default();
    let has_used = |name: &str, content: &Content| match content {
        Content::Versions(versions) => {
            let mut used = wanted.versions.get(name).into_iter().flatten();
            used.all(|used| versions.iter().any(|known| known.version == *used))
        }
        // A crate that is gone gets no new version.
        _ => true,
    };
    let tells = |name: &str, kept: &Kept| {
        kept.fetched >= since
            && api.is_none_or(|api| kept.fact.source == api)
            && (kept.fetched >= asked || has_used(name, &kept.fact.content))
    };
    let is_fresh = |name: &&&str| known.get(**name).is_some_and(|rows| rows.iter().any(|kept| tells(name, kept)));
    Ok(crates.iter().filter(|name| !is_fresh(name)).map(|name| (*name).to_owned()).collect())
}

/// Accounts to ask about.
#[derive(Default)]
pub(super) struct Accounts {
    /// Those that are missing or old.
    pub(super) missing: Vec<String>,
    /// Of the others, where persons are wanted, persons without a displayed name.
    unnamed: usize,
}

/// Accounts that are known by now: those who may publish the wanted crates, where that may be told, owners of repositories that nobody has
/// judged, and owners to whom repositories were moved. Not those of organisations of the register, of which a profile would say nothing
/// better.
pub(super) fn accounts(wanted: &Wanted, setup: &Setup<'_>, store: Option<&Store>) -> Result<Accounts, StoreError> {
    let mut all: BTreeSet<String> = wanted.accounts.clone();
    if let Some(store) = store {
        all.extend(named(store, FactKind::CrateOwners, &wanted.crates)?);
        for (name, crates) in &wanted.registries {
            // Who may publish there is nobody's business but that of the forge where the user has them.
            let Some(registry) = setup.endpoints.registries.get(name) else { continue };
            let owners = named(store, FactKind::CrateOwners, crates)?;
            all.extend(owners.into_iter().filter(|account| registry.shares(account)));
        }
        all.extend(named(store, FactKind::Repository, &wanted.repositories)?);
    }
    all.retain(|account| !matches!(setup.data.owner_of(account), HostOwner::Vendor(_)));
    let Some(store) = store.filter(|_| !setup.refresh) else {
        return Ok(Accounts { missing: all.into_iter().collect(), unnamed: 0 });
    };
    let asked: Vec<&str> = all.iter().map(String::as_str).collect();
    let fresh = store.fresh(FactKind::Profile, &asked, fresh_since(FactKind::Profile, setup.now))?;
    let unnamed = if setup.persons { unnamed(store, &fresh)? } else { 0 };
    all.retain(|account| !fresh.contains(account));
    Ok(Accounts { missing: all.into_iter().collect(), unnamed })
}

/// Accounts that what is said of subjects today names: owners of crates, and those to whom repositories were moved.
fn named(store: &Store, kind: FactKind, subjects: &BTreeSet<String>) -> Result<Vec<String>, StoreError> {
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let rows = store.get_many(kind, &subjects)?.into_values().flatten();
    let today = rows.filter(|kept| kept.valid.until.is_none()).flat_map(|kept| match kept.fact.content {
        Content::Owners(owners) => owners.into_iter().map(|owner| owner.account).collect(),
        Content::Repository(state) if state.moved_to.is_some() => vec![state.owner],
        _ => Vec::new(),
    });
    Ok(today.collect())
}

/// How many of these accounts are persons whose displayed name is not kept.
fn unnamed(store: &Store, accounts: &BTreeSet<String>) -> Result<usize, StoreError> {
    let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
    let profiles = store.get_many(FactKind::Profile, &accounts)?;
    let is_unnamed = |kept: &Kept| match &kept.fact.content {
        Content::Profile(profile) => profile.kind == AccountKind::Person && profile.name.is_none(),
        _ => false,
    };
    let today = |rows: &Vec<Kept>| rows.iter().any(|kept| kept.valid.until.is_none() && is_unnamed(kept));
    Ok(profiles.values().filter(|rows| today(rows)).count())
}

fn accounts_cost(accounts: &[String], at_least: bool, setup: &Setup<'_>) -> Vec<Cost> {
    let by_forge = by_forge(setup, accounts.iter().map(String::as_str));
    let cost = |(host, source, endpoint): (String, Box<dyn Source>, &Endpoint)| {
        let subjects = by_forge.get(host.as_str())?.len();
        cost(&*source, endpoint, FactKind::Profile, "accounts", subjects).map(|cost| Cost { at_least, ..cost })
    };
    forges(setup).into_iter().filter_map(cost).collect()
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
        let subjects = owners.max(versions);
        return vec![Cost { source, what, subjects, at_least: false, requests: None, seconds: None }];
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
    let (source, what) = (source.name().to_owned(), what.to_owned());
    Some(Cost { source, what, subjects, at_least: false, requests: Some(requests), seconds })
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
