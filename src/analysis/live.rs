//! What the store has about a project, and what of the project may be asked of sources.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use crate::country::CountryCode;
use crate::data::{Data, HostOwner};
use crate::date::Date;
use crate::evidence;
use crate::facts::live::{Content, FactKind, Kept, ListState, SourceGap};
use crate::facts::{Endpoint, Gap, GapKind, ListMatch, Published, Synced};
use crate::graph::{Graph, Source};
use crate::load::Loaded;
use crate::party::{Parties, Party, Repositories, Seat, standing};
use crate::screening;
use crate::source::remote::Endpoints;
use crate::source::sync::Wanted;
use crate::store::{Listed, Store, StoreError};

/// Entries of lists with one word in common beyond which the word is too common to help.
const MOST_CANDIDATES: usize = 400;

/// What was fetched before, as far as it can be read.
#[derive(Debug, Default)]
pub struct Live {
    store: Option<Store>,
    /// Why nothing of it is used, where there is something that cannot be read.
    problem: Option<String>,
    /// Whether persons are held against lists.
    persons: bool,
}

impl Live {
    /// The store at a path, if there is one. One that cannot be read is a gap of the report, not the end of it.
    ///
    /// Persons are held against lists only if `persons` says so.
    pub fn open(path: Option<&Utf8Path>, persons: bool) -> Self {
        match path.map(Store::open_existing) {
            None | Some(Ok(None)) => Self::default(),
            Some(Ok(Some(store))) => Self { store: Some(store), problem: None, persons },
            Some(Err(error)) => Self { store: None, problem: Some(with_causes(&error)), persons },
        }
    }

    /// What it has about the packages of a graph.
    pub(super) fn read(&self, loaded: &Loaded, repositories: &Repositories) -> (Synced, Vec<Gap>) {
        let unreadable = |detail: &str| {
            vec![Gap {
                kind: GapKind::StoreUnreadable,
                package: None,
                detail: format!("nothing of it was used: {detail}"),
            }]
        };
        let Some(store) = &self.store else {
            return (Synced::default(), self.problem.as_deref().map(unreadable).unwrap_or_default());
        };
        match read(store, loaded, repositories) {
            Ok(synced) => {
                let synced = Synced { persons: self.persons, ..synced };
                let mut gaps = failed(&synced, &loaded.graph, repositories);
                gaps.extend(without_persons(&synced));
                (synced, gaps)
            }
            Err(error) => (Synced::default(), unreadable(&with_causes(&error))),
        }
    }

    /// Names of the organisations behind the packages that are on lists, or like names that are.
    pub(super) fn screen(
        &self,
        parties: &Parties,
        synced: &mut Synced,
        (graph, data, as_of): (&Graph, &Data, Date),
    ) -> Vec<Gap> {
        let Some(store) = self.store.as_ref().filter(|_| !synced.lists.is_empty()) else { return Vec::new() };
        match matches(store, parties, synced, (graph, data, as_of)) {
            Ok(found) => {
                synced.matches = found;
                taken_up_otherwise(synced)
            }
            Err(error) => {
                let detail = format!("names were not held against lists: {}", with_causes(&error));
                vec![Gap { kind: GapKind::StoreUnreadable, package: None, detail }]
            }
        }
    }
}

/// An error with what caused it, in one line.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let Some(cause) = error.source() else { return text };
    match text.strip_suffix(&cause.to_string()) {
        // Some say what caused them themselves.
        Some(own) => format!("{own}{}", with_causes(cause)),
        None => format!("{text}: {}", with_causes(cause)),
    }
}

/// What may be asked about a project: what is public by itself, and of registries that the user has configured their own crates.
///
/// Public are crates of crates.io, and repositories and accounts that their manifests name. A crate of another registry gives nothing but
/// its name for that registry itself, a git dependency and a folder give nothing, not even where they name a public repository. Where
/// configuration puts an index that nobody knows in the place of crates.io, its crates may be anybody's, and are not asked about either.
pub fn wanted(loaded: &Loaded, repositories: &Repositories, data: &Data, endpoints: &Endpoints) -> Wanted {
    let mut wanted = Wanted::default();
    own_crates(&loaded.graph, endpoints, &mut wanted);
    if !may_ask(loaded, data) {
        return wanted;
    }
    for (at, package) in loaded.graph.packages() {
        if package.member || package.patched || package.source != Source::CratesIo {
            continue;
        }
        wanted.crates.insert(package.name.clone());
        wanted.versions.entry(package.name.clone()).or_default().insert(package.version.to_string());
        let Some(named) = repositories.of(at) else { continue };
        let repository = &named.repository;
        wanted.repositories.insert(repository.path().to_owned());
        if named.owner == HostOwner::Unknown {
            wanted.accounts.insert(repository.owner().to_owned());
        }
        if data.observation(repository.path()).is_none() {
            wanted.histories.insert(repository.path().to_owned());
        }
    }
    wanted
}

/// Crates of the registries that the user has configured, by registry: each is asked of that one alone.
fn own_crates(graph: &Graph, endpoints: &Endpoints, wanted: &mut Wanted) {
    for (_, package) in graph.packages().filter(|(_, package)| !package.member && !package.patched) {
        let Some(index) = package.source.index() else { continue };
        let Some((name, _)) = endpoints.registries.iter().find(|(_, registry)| registry.index == index) else {
            continue;
        };
        let Some(krate) = package.in_registry() else { continue };
        wanted.versions.entry(krate.clone()).or_default().insert(package.version.to_string());
        wanted.registries.entry(name.clone()).or_default().insert(krate);
    }
}

/// Whether the crates of crates.io are those of crates.io.
fn may_ask(loaded: &Loaded, data: &Data) -> bool {
    match loaded.channel.replacements.get("crates-io").map(|replacement| &replacement.end) {
        Some(Endpoint::Registry(url)) => data.registry(url).is_some(),
        Some(Endpoint::Git(_)) => false,
        // Vendored and packed copies are copies of what is public.
        Some(Endpoint::Directory(_) | Endpoint::LocalRegistry(_)) | None => true,
    }
}

fn read(store: &Store, loaded: &Loaded, repositories: &Repositories) -> Result<Synced, StoreError> {
    let packages = loaded.graph.packages().map(|(_, package)| package);
    let of_registries: Vec<_> = packages
        .filter(|package| !package.member)
        .filter_map(|package| Some((package.in_registry()?, package.version.to_string())))
        .collect();
    let crates: BTreeSet<&str> = of_registries.iter().map(|(name, _)| name.as_str()).collect();
    let crates: Vec<&str> = crates.into_iter().collect();
    let owners = store.get_many(FactKind::CrateOwners, &crates)?;
    let versions: BTreeSet<_> = of_registries.iter().cloned().collect();
    let said = store.published(&versions.into_iter().collect::<Vec<_>>())?;
    let published = said.into_iter().filter_map(|(of, said)| Some((of, best_known(said)?))).collect();
    let paths: BTreeSet<&str> = repositories.known().map(|named| named.repository.path()).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let mut states = store.get_many(FactKind::Repository, &paths)?;
    // What is said of a repository that was moved is said of it where it is now.
    let moved: Vec<(String, Vec<Kept>)> = states
        .values()
        .flat_map(|rows| rows.iter().filter_map(now_at).map(|now| (now.to_owned(), rows.clone())))
        .collect();
    for (now, rows) in moved {
        states.entry(now).or_insert(rows);
    }
    let mut accounts: BTreeSet<&str> = repositories.known().map(|named| named.repository.owner()).collect();
    for kept in owners.values().flatten() {
        if let Content::Owners(owners) = &kept.fact.content {
            accounts.extend(owners.iter().map(|owner| owner.account.as_str()));
        }
    }
    accounts.extend(states.values().flatten().filter_map(now_at).filter_map(owner_in));
    let accounts: Vec<&str> = accounts.into_iter().collect();
    let profiles = store.get_many(FactKind::Profile, &accounts)?;
    let histories = store.get_many(FactKind::Observation, &paths)?;
    let observations = histories.into_iter().filter_map(|(path, rows)| {
        rows.into_iter().rev().find_map(|kept| match kept.fact.content {
            Content::Observation(record) => Some((path.clone(), *record)),
            _ => None,
        })
    });
    let about: BTreeSet<&str> = crates.iter().chain(&paths).chain(&accounts).copied().collect();
    let gaps = store.gaps(None)?.into_iter().map(|kept| (kept.gap, kept.at));
    let gaps = gaps.filter(|(gap, _)| gap.subject.as_deref().is_none_or(|subject| about.contains(subject))).collect();
    Ok(Synced {
        published,
        profiles,
        repositories: states,
        observations: observations.collect(),
        matches: BTreeMap::new(),
        persons: false,
        lists: store.list_states()?,
        gaps,
        owners,
    })
}

/// Of what several sources say of a version, what the one says that knows by whom; the newest.
fn best_known(said: Vec<Published>) -> Option<Published> {
    said.into_iter().max_by_key(|found| (found.version.by.is_some(), found.fetched))
}

/// Lists whose persons were left out, where they are to be compared.
fn without_persons(synced: &Synced) -> Vec<Gap> {
    let lists = synced.lists.iter().filter(|state| synced.persons && state.persons_left_out > 0);
    let gap = |state: &ListState| Gap {
        kind: GapKind::SourceFailed,
        package: None,
        detail: format!(
            "{}: entries about persons were left out when it was fetched ({}); `cargo origin sync --match-persons --part lists --refresh` takes them up",
            state.id, state.persons_left_out
        ),
    };
    lists.map(gap).collect()
}

/// What sources did not tell, as gaps of the packages that it concerns: one text for many subjects, so that a report stays short.
fn failed(synced: &Synced, graph: &Graph, repositories: &Repositories) -> Vec<Gap> {
    let mut by_subject: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut found = Vec::new();
    for (SourceGap { source, subject, kind, reason, detail }, at) in &synced.gaps {
        let on = at.day().map(|day| format!(" (on {day})")).unwrap_or_default();
        if let Some(subject) = subject {
            let asked = kind.map(|kind| format!(", asked for {},", kind.in_words())).unwrap_or_default();
            by_subject.entry(subject).or_default().push(format!("{source}{asked} {}{on}", reason.in_words()));
        } else {
            found.push(Gap { kind: GapKind::SourceFailed, package: None, detail: format!("{detail}{on}") });
        }
    }
    for (at, package) in graph.packages().filter(|(_, package)| !package.member) {
        let mut subjects: Vec<&str> = Vec::new();
        let in_registry = package.in_registry();
        if let Some(name) = &in_registry {
            subjects.push(name);
            for kept in synced.owners.get(name).into_iter().flatten() {
                if let Content::Owners(owners) = &kept.fact.content {
                    subjects.extend(owners.iter().map(|owner| owner.account.as_str()));
                }
            }
        }
        if let Some(named) = repositories.of(at) {
            subjects.extend([named.repository.path(), named.repository.owner()]);
        }
        let said: BTreeSet<String> =
            subjects.iter().flat_map(|subject| by_subject.get(subject).into_iter().flatten().cloned()).collect();
        found.extend(said.into_iter().map(|detail| Gap { kind: GapKind::SourceFailed, package: Some(at), detail }));
    }
    found
}

fn matches(
    store: &Store,
    parties: &Parties,
    synced: &Synced,
    (graph, data, as_of): (&Graph, &Data, Date),
) -> Result<BTreeMap<(String, bool), Vec<ListMatch>>, StoreError> {
    // What is a person's name is never asked in the way of an organisation's, though it were spelt alike.
    // Parties of one name that are in different countries: what is known of one says nothing of the other.
    let mut names: BTreeMap<(String, bool), Bearers> = BTreeMap::new();
    for (at, package) in graph.packages().filter(|(_, package)| !package.member) {
        for (party, name) in evidence::names_for_lists(package, parties.of(at), synced, (data, as_of)) {
            let person = matches!(party, Party::Individual(_));
            let countries = seats(&party, data, synced, as_of);
            names.entry((name, person)).or_default().insert((party, countries));
        }
    }
    let mut lists = store.list_reader()?;
    let mut found = BTreeMap::new();
    for ((name, persons), parties) in names {
        let countries = agreed(&parties);
        let key = screening::key(&name, data);
        let mut candidates: Vec<Listed> = lists.by_key(&key.key)?;
        for word in key.search_words() {
            let can_match = |listed: &str| screening::can_match(&key, listed, data);
            candidates.extend(lists.by_token(word, MOST_CANDIDATES, &can_match)?.unwrap_or_default());
        }
        let on_lists = best(&screening::Asked { key: &key, countries: &countries, persons }, &candidates, synced, data);
        if !on_lists.is_empty() {
            found.insert((name, persons), on_lists);
        }
    }
    Ok(found)
}

/// Lists whose names are kept in another normal form than names are asked for in: what has a key of its own in each is not found.
fn taken_up_otherwise(synced: &Synced) -> Vec<Gap> {
    let others = synced.lists.iter().filter(|state| state.normal_form != screening::NORMAL_FORM);
    let gap = |state: &ListState| Gap {
        kind: GapKind::SourceFailed,
        package: None,
        detail: format!(
            "the list {id} was taken up by another version of cargo-origin, which writes names in another way: names on it can be \
             missed; `cargo origin sync --list {id}` takes it up anew",
            id = state.id
        ),
    };
    others.map(gap).collect()
}

/// The parties of one name, each with its countries.
type Bearers = BTreeSet<(Party, Vec<CountryCode>)>;

/// The countries that all parties of a name are known to be in; none where they are not the same.
fn agreed(parties: &Bearers) -> Vec<CountryCode> {
    let mut sets = parties.iter().map(|(_, countries)| countries);
    let first = sets.next().cloned().unwrap_or_default();
    if sets.all(|other| *other == first) { first } else { Vec::new() }
}

/// The countries that a party is known, or says, to be in.
fn seats(party: &Party, data: &Data, synced: &Synced, as_of: Date) -> Vec<CountryCode> {
    match party {
        Party::Vendor(vendor) => match standing(data, *vendor, as_of).seat {
            Seat::Country { country, .. } => vec![country],
            Seat::Conflict(countries) => countries,
            Seat::None | Seat::Unknown(_) => Vec::new(),
        },
        Party::Account(account) | Party::Individual(account) => evidence::said_countries(account, synced, as_of),
        Party::Organisation(_) => Vec::new(),
    }
}

fn best(asked: &screening::Asked<'_>, candidates: &[Listed], synced: &Synced, data: &Data) -> Vec<ListMatch> {
    let mut found = Vec::new();
    for state in &synced.lists {
        let of_list = candidates.iter().filter(|listed| listed.list == state.id);
        for one in screening::best(asked, data, of_list.map(|listed| (&listed.party, listed.name))) {
            let party = one.party;
            let Some(name) = party.names.get(one.name) else { continue };
            found.push(ListMatch {
                list: state.id.clone(),
                entry: party.id.clone(),
                listed: name.name.clone(),
                grade: one.grade,
                score: one.score,
                sublist: party.sublist.clone(),
                programmes: data.programmes_of_listing(&state.id, party.sublist.as_deref(), &party.programmes),
                since: party.since,
                address: party.address.clone(),
                fetched: state.fetched,
            });
        }
    }
    found
}

/// Where repositories are now. Of an owner that nobody has judged that is all that is known, and the one before it is none any more: a gap.
pub(super) fn moved(
    repositories: &mut Repositories,
    synced: &Synced,
    graph: &Graph,
    data: &Data,
    as_of: Date,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (at, _) in graph.packages() {
        let Some(before) = repositories.of(at).map(|named| named.repository.path().to_owned()) else { continue };
        let Some(to) = moved_to(&before, synced, as_of).filter(|to| *to != before) else { continue };
        if !repositories.follow(at, &to, data) {
            let detail = format!("the repository {before} is now at {to}, whose owner nobody has judged");
            gaps.push(Gap { kind: GapKind::RepositoryMoved, package: Some(at), detail });
        }
    }
    gaps
}

fn moved_to(path: &str, synced: &Synced, as_of: Date) -> Option<String> {
    let rows = synced.repositories.get(path)?;
    rows.iter().filter(|kept| kept.valid.contains(as_of)).find_map(now_at).map(str::to_owned)
}

/// Where a row says that a repository is now, if it was moved.
fn now_at(kept: &Kept) -> Option<&str> {
    match &kept.fact.content {
        Content::Repository(state) => state.moved_to.as_deref(),
        _ => None,
    }
}

/// `host/owner` of `host/owner/repo`.
fn owner_in(path: &str) -> Option<&str> {
    let end = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    path.get(..end)
}
