//! Makes up a full store for a lock file, to measure what it costs to use one: `cargo run --release --example made_store -- LOCK FILE`.
//!
//! Of each crate two owners and up to 361 versions, 120 on the average, of each account a profile, of each repository its state, and a list of 30,000 entries
//! with 100,000 names, of which one word in five is a word of a name of the register: the worst that a list could be.

use std::collections::BTreeSet;
use std::error::Error;

use camino::Utf8Path;
use cargo_origin::data::Data;
use cargo_origin::date::{Date, Moment};
use cargo_origin::facts::live::{
    AccountKind, Content, Fact, FactKind, ListState, ListedKind, ListedName, ListedParty, Owner, Profile, PublishedBy,
    PublishedVersion, RepositoryState,
};
use cargo_origin::screening;
use cargo_origin::store::{Access, ListedKey, ListedRow, Store};

const NOW: Moment = Moment(1_780_000_000);

/// Entries of the list, and names of three entries.
const ENTRIES: u64 = 30_000;

const PLACES: [&str; 8] = [
    "Berlin, Germany",
    "San Francisco, CA",
    "Tokyo",
    "the moon",
    "Brno, Czech Republic",
    "London",
    "Beijing, China",
    "",
];

const ENDINGS: [&str; 8] =
    ["Technology Co., Ltd.", "Trading LLC", "GmbH", "Group", "Systems", "OOO", "Holding JSC", "Institute"];

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [lock, path] = words.as_slice() else { return Err("usage: made_store LOCK FILE".into()) };
    let data = Data::embedded()?;
    let lock: toml::Table = std::fs::read_to_string(lock)?.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array).ok_or("it has no packages")?;
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let crates: BTreeSet<(String, String)> = packages
        .iter()
        .filter(|package| text(package, "source").is_some())
        .filter_map(|package| Some((text(package, "name")?, text(package, "version")?)))
        .collect();
    let names: BTreeSet<&str> = crates.iter().map(|(name, _)| name.as_str()).collect();
    let mut store = Store::open(Utf8Path::new(path), Access::Write)?.store;
    let mut facts = Vec::new();
    let mut accounts = BTreeSet::new();
    for (at, name) in (0..).zip(&names) {
        let owned = owners(at, name, &data);
        accounts.extend(owned.iter().map(|owner| (owner.account.clone(), owner.kind)));
        let versions = crates.iter().filter(|(of, _)| of == name).map(|(_, version)| version.clone());
        let published = versions_of(at, versions, &owned[0].account)?;
        facts.push(fact(FactKind::CrateOwners, name, Content::Owners(owned)));
        facts.push(fact(FactKind::CrateVersions, name, Content::Versions(published)));
        if let Some(repository) = data.repository_of(name) {
            let owner = repository.rsplit_once('/').ok_or("a repository has an owner")?.0.to_owned();
            accounts.insert((owner.clone(), AccountKind::Organisation));
            let state = RepositoryState { owner, owner_kind: None, moved_to: None, archived: at % 50 == 0 };
            facts.push(fact(FactKind::Repository, repository, Content::Repository(state)));
        }
    }
    facts.extend((0..).zip(accounts).map(|(at, (account, kind))| profile(at, &account, kind)));
    store.bulk(facts.into_iter(), NOW)?;
    let words: Vec<&str> = data
        .tables
        .vendors
        .iter()
        .flat_map(|vendor| std::iter::once(vendor.name).chain(vendor.aliases.iter().copied()))
        .flat_map(str::split_whitespace)
        .collect();
    let state = ListState {
        id: "us-csl".to_owned(),
        fetched: NOW,
        entries: ENTRIES,
        persons_left_out: 0,
        validator: None,
        address: None,
        normal_form: screening::NORMAL_FORM,
    };
    store.replace_list(&state, (0..ENTRIES).map(|at| listed(at, &words, &data)))?;
    Ok(())
}

/// A number that follows from another: `SplitMix64`.
fn draw(at: u64) -> u64 {
    let z = (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) >> 8
}

fn one<'a>(of: &[&'a str], drawn: u64) -> &'a str {
    let at = drawn % u64::try_from(of.len().max(1)).unwrap_or(1);
    usize::try_from(at).ok().and_then(|at| of.get(at)).copied().unwrap_or_default()
}

fn fact(kind: FactKind, subject: &str, content: Content) -> Fact {
    let source = if subject.contains('/') { "github.com" } else { "crates.io" };
    Fact { kind, subject: subject.to_owned(), source: source.to_owned(), content }
}

fn owners(at: u64, name: &str, data: &Data) -> Vec<Owner> {
    let person = format!("github.com/example-person-{}", draw(at) % 400);
    let person = Owner { account: person, kind: AccountKind::Person, team: None };
    let host = data.repository_of(name).and_then(|path| path.rsplit_once('/')).map(|(owner, _)| owner.to_owned());
    let account = host.unwrap_or_else(|| format!("github.com/octo-team-{}", draw(at) % 60));
    let team = Owner { account, kind: AccountKind::Team, team: Some("octo-team".to_owned()) };
    vec![person, team]
}

fn versions_of(
    at: u64,
    there: impl Iterator<Item = String>,
    by: &str,
) -> Result<Vec<PublishedVersion>, Box<dyn Error>> {
    let on: Date = "2024-05-06".parse()?;
    let more = (0..(draw(at) % 20).pow(2)).map(|patch| format!("0.0.{patch}-made"));
    let version = |version| PublishedVersion { version, by: Some(PublishedBy::Account(by.to_owned())), on: Some(on) };
    Ok(there.chain(more).map(version).collect())
}

fn profile(at: u64, account: &str, kind: AccountKind) -> Fact {
    let organisation = kind != AccountKind::Person;
    let content = Content::Profile(Profile {
        kind: if organisation { AccountKind::Organisation } else { kind },
        renamed_to: None,
        location: Profile::text(one(&PLACES, draw(at))),
        company: Profile::text(if organisation { "" } else { "@octo-team" }),
        verified_domain: None,
        name: account.rsplit_once('/').map(|(_, login)| login.replace('-', " ")).filter(|_| organisation),
    });
    fact(FactKind::Profile, account, content)
}

/// An entry of the list: a third of them with two names, a third with three and a third with five.
fn listed(at: u64, words: &[&str], data: &Data) -> ListedRow {
    let count = [2, 3, 5][usize::try_from(at % 3).unwrap_or(0)];
    let name = |number: u64| {
        let drawn = draw(at * 8 + number);
        let made = format!("Made{:x} Name{:x}", drawn % 3000, drawn / 3000 % 3000);
        let known = if drawn % 5 < 2 { one(words, drawn / 7) } else { "" };
        let name = format!("{made} {known} {}", one(&ENDINGS, drawn / 11));
        ListedName { name: name.split_whitespace().collect::<Vec<_>>().join(" "), weak: false }
    };
    let party = ListedParty {
        id: format!("made-{at}"),
        kind: ListedKind::Organisation,
        names: (0..count).map(name).collect(),
        countries: Vec::new(),
        sublist: Some("Entity List (EL) - Bureau of Industry and Security".to_owned()),
        programmes: Vec::new(),
        since: None,
        address: Some("https://example.org/made".to_owned()),
    };
    let key = |(name, key): (u32, screening::NameKey)| ListedKey { name, key: key.key, tokens: key.tokens };
    let keys = screening::keys_of(&party, data).into_iter().map(key).collect();
    ListedRow { party, keys }
}
