//! The store: what is put is there, what changed is kept with its days, and no accident loses the last good state.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use camino::Utf8PathBuf;
use cargo_origin::date::Moment;
use cargo_origin::facts::live::{
    AccountKind, Content, Fact, FactKind, Kept, ListState, ListedKind, ListedName, ListedParty, Owner, Profile,
    PublishedBy, PublishedVersion, Reason, RepositoryState, SourceGap,
};
use cargo_origin::store::{Access, KeptGap, ListedKey, ListedRow, Problem, Store, VERSION};
use rusqlite::Connection;

use crate::support::Fixture;

/// Later than anything in these tests.
const NOW: Moment = Moment(4_000_000_000);

const DAY: i64 = 24 * 60 * 60;

/// Some time on a day, in days since 1970.
pub(crate) fn on(day: i64) -> Moment {
    Moment(day * DAY + 10 * 60 * 60)
}

pub(crate) fn profile(account: &str, location: &str) -> Fact {
    let content = Content::Profile(Profile {
        kind: AccountKind::Person,
        renamed_to: None,
        location: Profile::text(location),
        company: None,
        verified_domain: None,
        name: None,
    });
    let source = account.split('/').next().expect("a host").to_owned();
    Fact { kind: FactKind::Profile, subject: account.to_owned(), source, content }
}

pub(crate) fn owners(name: &str, accounts: &[&str]) -> Fact {
    let owner = |account: &&str| Owner { account: (*account).to_owned(), kind: AccountKind::Person, team: None };
    let content = Content::Owners(accounts.iter().map(owner).collect());
    Fact { kind: FactKind::CrateOwners, subject: name.to_owned(), source: "crates.io".to_owned(), content }
}

pub(crate) fn gap(source: &str, subject: Option<&str>, reason: Reason) -> SourceGap {
    SourceGap {
        source: source.to_owned(),
        subject: subject.map(str::to_owned),
        kind: subject.map(|_| FactKind::Profile),
        reason,
        detail: "it said no".to_owned(),
    }
}

pub(crate) fn path(fixture: &Fixture, name: &str) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(fixture.path().join(name)).expect("a path of UTF-8")
}

pub(crate) fn open(fixture: &Fixture) -> Store {
    let opened = Store::open(&path(fixture, "cache/store.sqlite"), Access::Write).expect("the store opens");
    assert_eq!(opened.set_aside, None);
    opened.store
}

fn shown(kept: &[Kept]) -> Vec<String> {
    let location = |kept: &Kept| match &kept.fact.content {
        Content::Profile(profile) => profile.location.clone().unwrap_or_default(),
        other => format!("{other:?}"),
    };
    let day =
        |day: Option<cargo_origin::date::Date>| day.map_or("..".to_owned(), |day| (day.begin() / DAY).to_string());
    kept.iter().map(|kept| format!("{} {} {}", location(kept), day(kept.valid.from), day(kept.valid.until))).collect()
}

fn party(id: &str, names: &[&str]) -> ListedParty {
    ListedParty {
        id: id.to_owned(),
        kind: ListedKind::Organisation,
        names: names.iter().map(|name| ListedName { name: (*name).to_owned(), weak: false }).collect(),
        countries: Vec::new(),
        sublist: None,
        programmes: vec!["TEST".to_owned()],
        since: None,
        address: None,
    }
}

pub(crate) fn row(id: &str, names: &[&str]) -> ListedRow {
    let key = |(name, text): (u32, &&str)| ListedKey {
        name,
        key: text.to_lowercase(),
        tokens: text.to_lowercase().split(' ').map(str::to_owned).collect(),
    };
    ListedRow { party: party(id, names), keys: (0..).zip(names).map(key).collect() }
}

pub(crate) fn list(id: &str, fetched: Moment) -> ListState {
    ListState {
        id: id.to_owned(),
        fetched,
        entries: 2,
        persons_left_out: 1,
        validator: Some("\"abc\"".to_owned()),
        address: Some("https://lists.example/list.csv".to_owned()),
        normal_form: 7,
    }
}

#[test]
fn what_is_put_is_there() {
    let fixture = Fixture::new();
    let versions = Fact {
        kind: FactKind::CrateVersions,
        subject: "tool".to_owned(),
        source: "crates.io".to_owned(),
        content: Content::Versions(vec![PublishedVersion {
            version: "1.0.0".to_owned(),
            by: Some(PublishedBy::Account("github.com/example-person".to_owned())),
            on: Some("2024-02-29".parse().unwrap()),
        }]),
    };
    let gone = Fact { content: Content::Absent, ..profile("github.com/gone", "") };
    let facts = [profile("github.com/example-person", "Zürich \u{1f3d4} \"x\""), versions.clone(), gone.clone()];
    open(&fixture).put(&facts, &[], on(20_000)).unwrap();
    let store = Store::open_existing(&path(&fixture, "cache/store.sqlite")).unwrap().unwrap();
    let kept = store.get(FactKind::CrateVersions, "tool").unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0].fact, kept[0].fetched), (&versions, on(20_000)));
    assert_eq!(store.get(FactKind::Profile, "github.com/gone").unwrap()[0].fact, gone);
    assert!(store.get(FactKind::CrateOwners, "tool").unwrap().is_empty());
    let asked = ["github.com/nobody", "github.com/example-person", "github.com/gone"];
    let many = store.get_many(FactKind::Profile, &asked).unwrap();
    assert_eq!(many.keys().collect::<Vec<_>>(), ["github.com/example-person", "github.com/gone"]);
    assert_eq!(many["github.com/example-person"][0].fact, facts[0]);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    store.put(&[profile("github.com/a", "Oslo")], &[], on(1)).unwrap();
    for name in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
        let mode = fs::metadata(fixture.path().join("cache").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_person_who_moves_is_kept_with_the_days() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let (who, other) = ("github.com/example-person", "github.com/other");
    for (day, place) in [(10, "Minsk"), (20, "Minsk"), (30, "Vilnius"), (40, "Vilnius"), (40, "Riga"), (40, "Vilnius")]
    {
        store.put(&[profile(who, place), profile(other, "Oslo")], &[], on(day)).unwrap();
    }
    let kept = store.get(FactKind::Profile, who).unwrap();
    // What was said for a part of the fortieth day held on none.
    assert_eq!(shown(&kept), ["Minsk .. 30", "Vilnius 30 .."]);
    assert_eq!(kept.iter().map(|kept| kept.fetched).collect::<Vec<_>>(), [on(20), on(40)]);
    assert_eq!(shown(&store.get(FactKind::Profile, other).unwrap()), ["Oslo .. .."]);
    // Another source has its own past.
    let elsewhere = Fact { source: "mirror.example".to_owned(), ..profile(who, "Riga") };
    store.put(&[elsewhere], &[], on(50)).unwrap();
    assert_eq!(shown(&store.get(FactKind::Profile, who).unwrap()), ["Minsk .. 30", "Vilnius 30 ..", "Riga .. .."]);
    // Who could publish is kept too; versions tell their own past.
    store.put(&[owners("tool", &[who])], &[], on(10)).unwrap();
    store.put(&[owners("tool", &[who, other])], &[], on(20)).unwrap();
    assert_eq!(store.get(FactKind::CrateOwners, "tool").unwrap().len(), 2);
    for (day, versions) in [(10, Content::Versions(Vec::new())), (20, Content::Absent)] {
        let fact = Fact { kind: FactKind::CrateVersions, content: versions, ..owners("tool", &[]) };
        store.put(&[fact], &[], on(day)).unwrap();
    }
    assert_eq!(store.get(FactKind::CrateVersions, "tool").unwrap().len(), 1);
}

#[test]
fn a_second_run_knows_what_is_fresh() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let all = ["github.com/a", "github.com/b", "github.com/c"];
    store.put(&[profile(all[0], "Oslo"), profile(all[1], "Bern")], &[], on(10)).unwrap();
    store.put(&[profile(all[0], "Oslo")], &[], on(12)).unwrap();
    let fresh = |since: Moment| store.fresh(FactKind::Profile, &all, since).unwrap();
    assert_eq!(fresh(on(10)), BTreeSet::from([all[0].to_owned(), all[1].to_owned()]));
    assert_eq!(fresh(on(11)), BTreeSet::from([all[0].to_owned()]));
    assert_eq!(fresh(on(12)), BTreeSet::from([all[0].to_owned()]));
    assert!(fresh(Moment(on(12).0 + 1)).is_empty());
    assert!(store.fresh(FactKind::CrateOwners, &all, on(0)).unwrap().is_empty());
}

#[test]
fn a_gap_stays_until_its_source_answers() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let gaps = [
        gap("github.com", Some("github.com/a"), Reason::ServerError),
        gap("github.com", Some("github.com/b"), Reason::Malformed),
        gap("github.com", None, Reason::RateLimited),
        gap("gitlab.com", Some("github.com/a"), Reason::NotAsked),
    ];
    store.put(&[], &gaps, on(10)).unwrap();
    let all: Vec<_> = store.gaps(None).unwrap().into_iter().map(|kept| (kept.gap, kept.at)).collect();
    let mut expected: Vec<_> = gaps.iter().cloned().map(|gap| (gap, on(10))).collect();
    expected.sort();
    assert_eq!(all, expected);
    // In the same run the source as a whole has still not told everything.
    store.put(&[profile("github.com/a", "Oslo")], &[], on(10)).unwrap();
    let left = |store: &Store| store.gaps(None).unwrap().into_iter().map(|kept| kept.gap.reason).collect::<Vec<_>>();
    assert_eq!(left(&store), [Reason::RateLimited, Reason::Malformed, Reason::NotAsked]);
    store.put(&[profile("github.com/c", "Oslo")], &[], on(11)).unwrap();
    assert_eq!(left(&store), [Reason::Malformed, Reason::NotAsked]);
    assert_eq!(store.gaps(Some("gitlab.com")).unwrap().len(), 1);
}

/// A registry that tells versions and not owners has not told owners.
#[test]
fn the_answer_to_one_question_is_none_to_another() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let of = |kind| SourceGap { kind, ..gap("crates.io", Some("made-up"), Reason::ServerError) };
    let gaps = [of(Some(FactKind::CrateOwners)), of(Some(FactKind::CrateVersions)), of(None)];
    store.put(&[], &gaps, on(10)).unwrap();
    let left = |store: &Store| store.gaps(None).unwrap().into_iter().map(|kept| kept.gap.kind).collect::<Vec<_>>();
    assert_eq!(left(&store), [None, Some(FactKind::CrateOwners), Some(FactKind::CrateVersions)]);
    let content = Content::Versions(Vec::new());
    let versions = Fact { kind: FactKind::CrateVersions, content, ..owners("made-up", &[]) };
    store.put(&[versions], &[], on(10)).unwrap();
    assert_eq!(left(&store), [Some(FactKind::CrateOwners)]);

    // Nor is it one in what is carried elsewhere.
    let mut bytes = Vec::new();
    store.export(&mut bytes).unwrap();
    let elsewhere = Fixture::new();
    let mut other = open(&elsewhere);
    other.import(&mut bytes.as_slice(), on(11)).unwrap();
    assert_eq!(left(&other), [Some(FactKind::CrateOwners)]);
    store.put(&[owners("made-up", &["github.com/a"])], &[], on(11)).unwrap();
    assert!(left(&store).is_empty());
}

#[test]
fn a_batch_is_whole_or_not_there() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let facts = || (0..100).map(|n| Ok(profile(&format!("github.com/p{n}"), "Oslo")));
    let cut_off = facts().chain([Err(StoreErrorOrNot::CutOff)]);
    assert!(matches!(store.try_bulk(cut_off, on(10)), Err(StoreErrorOrNot::CutOff)));
    assert!(store.stats().unwrap().facts.is_empty());
    assert_eq!(store.bulk(facts().map(Result::unwrap), on(10)).unwrap(), 100);
    assert_eq!(store.stats().unwrap().facts[0].current, 100);
    // A moment outside of the calendar changes nothing.
    let error = store.put(&[profile("github.com/q", "Oslo")], &[], Moment(i64::MAX)).unwrap_err();
    assert!(matches!(error.problem, Problem::NoDay(_)), "{error}");
    assert_eq!(store.stats().unwrap().facts[0].current, 100);
}

#[derive(Debug)]
enum StoreErrorOrNot {
    Store,
    CutOff,
}

impl From<cargo_origin::store::StoreError> for StoreErrorOrNot {
    fn from(_: cargo_origin::store::StoreError) -> Self {
        Self::Store
    }
}

#[test]
fn many_read_while_one_writes_and_a_second_writer_is_told() {
    let fixture = Fixture::new();
    let file = path(&fixture, "cache/store.sqlite");
    let mut store = open(&fixture);
    store.put(&[profile("github.com/a", "Oslo")], &[], on(10)).unwrap();
    let writer = Connection::open(&file).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE fact SET fetched = 1; DELETE FROM gap;").unwrap();
    // In this process, and in another.
    let reader = Store::open_existing(&file).unwrap().unwrap();
    assert_eq!(reader.get(FactKind::Profile, "github.com/a").unwrap()[0].fetched, on(10));
    let stats = fixture.run(&["store", "stats", "--store", "cache/store.sqlite"]);
    assert_eq!(stats.code, 0, "{}", stats.stderr);
    assert!(stats.stdout.contains("profile"), "{}", stats.stdout);
    store.wait(Duration::from_millis(50)).unwrap();
    let error = store.put(&[profile("github.com/b", "Bern")], &[], on(11)).unwrap_err();
    assert!(matches!(error.problem, Problem::Busy), "{error}");
    assert!(error.to_string().contains("written by another process"), "{error}");
    // One that waits long enough gets its turn.
    store.wait(Duration::from_secs(30)).unwrap();
    let second = std::thread::spawn(move || store.put(&[profile("github.com/b", "Bern")], &[], on(11)));
    writer.execute_batch("COMMIT").unwrap();
    second.join().unwrap().unwrap();
    assert_eq!(reader.get(FactKind::Profile, "github.com/a").unwrap()[0].fetched, Moment(1));
    assert_eq!(reader.get(FactKind::Profile, "github.com/b").unwrap().len(), 1);
}

#[test]
fn what_is_damaged_is_set_aside_and_said() {
    let whole = {
        let fixture = Fixture::new();
        let facts: Vec<Fact> = (0..500).map(|n| profile(&format!("github.com/p{n}"), "Oslo")).collect();
        open(&fixture).put(&facts, &[], on(10)).unwrap();
        fs::read(path(&fixture, "cache/store.sqlite")).unwrap()
    };
    assert!(whole.len() > 40_000);
    let mut scratched = whole.clone();
    scratched[8192..20_000].fill(0x5a);
    // What is not seen at once when it is opened to be read.
    for (number, (bytes, at_once)) in
        [(&b"not a database"[..], true), (&whole[..9000], true), (&scratched, false)].into_iter().enumerate()
    {
        let fixture = Fixture::new();
        fixture.file("store.sqlite", bytes);
        let file = path(&fixture, "store.sqlite");
        let read = Store::open_existing(&file).and_then(|store| store.unwrap().stats());
        let error = read.unwrap_err();
        assert!(error.is_broken(), "{number}: {error}");
        assert!(error.to_string().contains("sets it aside"), "{error}");
        assert_eq!(Store::open_existing(&file).is_err(), at_once, "{number}");
        assert_eq!(fs::read(&file).unwrap(), bytes, "what reads changes nothing");
        let stats = fixture.run(&["store", "stats", "--store", "store.sqlite"]);
        assert_eq!((stats.code, stats.stdout.as_str()), (2, ""), "{stats:?}");
        fixture.file("store.sqlite.broken-1", "an earlier one");
        let opened = Store::open(&file, Access::Write).unwrap();
        let aside = opened.set_aside.expect("it was set aside");
        assert_eq!(aside.file_name(), Some("store.sqlite.broken-2"));
        assert_eq!(fs::read(&aside).unwrap(), bytes);
        assert!(opened.store.stats().unwrap().facts.is_empty());
        assert_eq!(Store::open(&file, Access::Write).unwrap().set_aside, None);
    }
    let fixture = Fixture::new();
    fixture.file("store.sqlite", "not a database");
    fixture.file("empty/x", "");
    let source = Fixture::new();
    open(&source).export(&mut fs::File::create(fixture.path().join("none.zst")).unwrap()).unwrap();
    let import = fixture.run(&["store", "import", "none.zst", "--store", "store.sqlite"]);
    assert_eq!(import.code, 0, "{}", import.stderr);
    assert!(import.stderr.contains("store.sqlite was damaged; it is now store.sqlite.broken-1"), "{}", import.stderr);
}

#[test]
fn a_later_version_and_a_foreign_database_are_left_alone() {
    let fixture = Fixture::new();
    let file = path(&fixture, "cache/store.sqlite");
    drop(open(&fixture));
    Connection::open(&file).unwrap().execute_batch(&format!("PRAGMA user_version = {}", VERSION + 1)).unwrap();
    let foreign = path(&fixture, "other.sqlite");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    for (file, says) in [(&file, "this version of cargo-origin knows up to"), (&foreign, "of another program")] {
        let before = fs::read(file).unwrap();
        for error in [Store::open(file, Access::Write).unwrap_err(), Store::open_existing(file).unwrap_err()] {
            assert!(error.to_string().contains(says), "{error}");
            assert!(!error.is_broken());
        }
        assert_eq!(fs::read(file).unwrap(), before);
    }
}

/// The tables of version 1 as they were released: they do not change.
const VERSION_1: &str = "
CREATE TABLE fact (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, source TEXT NOT NULL, began TEXT NOT NULL,
    until TEXT, fetched INTEGER NOT NULL, content TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX fact_key ON fact (kind, subject, source, began);
CREATE TABLE gap (source TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (source, subject, reason)) STRICT, WITHOUT ROWID;
INSERT INTO fact VALUES (1, 'profile', 'github.com/a', 'github.com', '', NULL, 864000, '{\"profile\":{\"kind\":\"person\",\"location\":\"Oslo\"}}');
INSERT INTO gap VALUES ('github.com', 'github.com/a', 'server-error', 'it said no', 864000);
PRAGMA application_id = 1666151017;
PRAGMA user_version = 1;
";

#[test]
fn a_store_of_the_first_version_is_brought_up_to_date() {
    for access in [Access::Read, Access::Write] {
        let fixture = Fixture::new();
        let file = path(&fixture, "store.sqlite");
        Connection::open(&file).unwrap().execute_batch(VERSION_1).unwrap();
        let store = Store::open(&file, access).unwrap().store;
        assert_eq!(shown(&store.get(FactKind::Profile, "github.com/a").unwrap()), ["Oslo .. .."]);
        assert!(store.list_states().unwrap().is_empty());
        // What was asked is not known of it.
        let known = SourceGap { kind: None, ..gap("github.com", Some("github.com/a"), Reason::ServerError) };
        assert_eq!(store.gaps(None).unwrap(), [KeptGap { gap: known, at: Moment(864_000) }]);
        let version: i64 =
            Connection::open(&file).unwrap().query_row("PRAGMA user_version", (), |row| row.get(0)).unwrap();
        assert_eq!(version, VERSION);
    }
}

#[test]
fn a_row_that_cannot_be_read_is_named() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    store.put(&[profile("github.com/a", "Oslo"), profile("github.com/b", "Bern")], &[], on(10)).unwrap();
    let other = Connection::open(store.path()).unwrap();
    other.execute_batch("UPDATE fact SET content = '{\"profile\":7}' WHERE subject = 'github.com/b'").unwrap();
    let error = store.get(FactKind::Profile, "github.com/b").unwrap_err();
    assert!(error.to_string().contains("the profile of `github.com/b` by github.com"), "{error}");
    assert_eq!(store.get(FactKind::Profile, "github.com/a").unwrap().len(), 1);
    store.put(&[profile("github.com/b", "Bern")], &[], on(10)).unwrap();
}

#[test]
fn a_missing_store_and_a_place_for_none_are_told_apart() {
    let fixture = Fixture::new();
    let file = path(&fixture, "store.sqlite");
    assert!(Store::open_existing(&file).unwrap().is_none());
    assert!(matches!(Store::open(&file, Access::Read).unwrap_err().problem, Problem::Missing));
    assert!(!file.exists());
    fixture.file("store.sqlite", "");
    assert!(Store::open_existing(&file).unwrap().is_none());
    fixture.file("plain", "");
    let within = path(&fixture, "plain/store.sqlite");
    assert!(matches!(Store::open(&within, Access::Write).unwrap_err().problem, Problem::Place(_)));
    assert!(Store::open(&path(&fixture, ""), Access::Write).is_err());
}

#[test]
fn lists_are_replaced_whole_and_found_by_name() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let first = [row("1", &["Alpha Works", "Works of Alpha"]), row("2", &["Beta Works"])];
    assert_eq!(store.replace_list(&list("us-csl", on(10)), first.into_iter()).unwrap(), 2);
    store.replace_list(&list("un-sc", on(10)), [row("9", &["Alpha Works"])].into_iter()).unwrap();
    let by_key = store.listed_by_key("alpha works").unwrap();
    let found: Vec<_> = by_key.iter().map(|one| (one.list.as_str(), one.party.id.as_str(), one.name)).collect();
    assert_eq!(found, [("un-sc", "9", 0), ("us-csl", "1", 0)]);
    assert_eq!(by_key[1].party, party("1", &["Alpha Works", "Works of Alpha"]));
    assert_eq!(store.listed_by_key("works of alpha").unwrap()[0].name, 1);
    assert!(store.listed_by_key("alpha").unwrap().is_empty());
    assert_eq!(store.listed_by_token("works", 4).unwrap().map(|found| found.len()), Some(4));
    assert_eq!(store.listed_by_token("works", 3).unwrap(), None);
    assert_eq!(store.listed_by_token("gamma", 0).unwrap(), Some(Vec::new()));
    store.replace_list(&list("us-csl", on(11)), [row("3", &["Gamma"])].into_iter()).unwrap();
    assert_eq!(store.listed_by_key("alpha works").unwrap().len(), 1);
    assert_eq!(store.listed_by_token("works", 9).unwrap().map(|found| found.len()), Some(1));
    // They are counted, whatever was said of them.
    let one = |id, fetched| ListState { entries: 1, ..list(id, fetched) };
    assert_eq!(store.list_states().unwrap(), [one("un-sc", on(10)), one("us-csl", on(11))]);
    let cut_off = [Ok(row("4", &["Delta"])), Err(StoreErrorOrNot::CutOff)];
    assert!(matches!(
        store.try_replace_list(&list("us-csl", on(12)), cut_off.into_iter()),
        Err(StoreErrorOrNot::CutOff)
    ));
    assert_eq!(store.listed_by_key("gamma").unwrap().len(), 1);
    store.touch_list("us-csl", on(13), None).unwrap();
    assert_eq!(store.list_states().unwrap()[1], one("us-csl", on(13)));
}

/// The tables of version 3 had no word on from where a list is, or how its names are written.
#[test]
fn a_list_of_an_earlier_version_is_of_nowhere() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    store.replace_list(&list("us-csl", on(10)), [row("1", &["Alpha Works"])].into_iter()).unwrap();
    let file = store.path().to_owned();
    drop(store);
    let earlier =
        "ALTER TABLE list DROP COLUMN address; ALTER TABLE list DROP COLUMN normal_form; PRAGMA user_version = 3;";
    Connection::open(&file).unwrap().execute_batch(earlier).unwrap();
    let states = open(&fixture).list_states().unwrap();
    assert_eq!(states, [ListState { entries: 1, address: None, normal_form: 0, ..list("us-csl", on(10)) }]);
}

/// A store in which a person is everywhere.
fn with_person(fixture: &Fixture) -> Store {
    let mut store = open(fixture);
    let who = "github.com/example-person";
    let version = |by: PublishedBy| PublishedVersion { version: "1.0.0".to_owned(), by: Some(by), on: None };
    let versions = Fact {
        kind: FactKind::CrateVersions,
        content: Content::Versions(vec![
            version(PublishedBy::Account(who.to_owned())),
            version(PublishedBy::Repository(format!("{who}/tool"))),
            version(PublishedBy::Account("github.com/example-person2".to_owned())),
        ]),
        ..owners("tool", &[])
    };
    let mut renamed = profile("github.com/old-name", "Minsk");
    if let Content::Profile(profile) = &mut renamed.content {
        profile.renamed_to = Some(who.to_owned());
    }
    let facts = [
        profile(who, "Minsk"),
        renamed,
        profile("gitlab.com/example-person", "Gomel"),
        profile("github.com/example-person2", "Oslo"),
        owners("tool", &[who, "github.com/octo-team"]),
        versions,
        repository(&format!("{who}/tool"), who),
        repository("github.com/octo-team/moved", who),
        repository("github.com/octo-team/tool", "github.com/octo-team"),
    ];
    let gaps = [
        gap("github.com", Some(who), Reason::ServerError),
        SourceGap { detail: format!("{who}: 500"), ..gap("github.com", Some("batch 1"), Reason::ServerError) },
        gap("github.com", Some("github.com/example-person2"), Reason::ServerError),
    ];
    store.put(&facts, &gaps, on(10)).expect("facts are put");
    store.put(&[profile(who, "Vilnius")], &gaps, on(20)).expect("more facts");
    store
}

/// Whether bytes stand in any file of the store.
fn in_files(fixture: &Fixture, wanted: &str) -> bool {
    let files = fs::read_dir(fixture.path().join("cache")).expect("the folder of the store");
    files
        .map(|file| fs::read(file.expect("a file").path()).expect("a file of the store"))
        .any(|bytes| bytes.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted.as_bytes())))
}

#[test]
fn who_is_forgotten_is_in_no_byte() {
    let fixture = Fixture::new();
    let mut store = with_person(&fixture);
    assert!(in_files(&fixture, "github.com/example-person\""));
    let forgotten = store.forget("GitHub.com/Example-Person").unwrap();
    let counts = (forgotten.profiles, forgotten.repositories, forgotten.owners, forgotten.versions, forgotten.gaps);
    assert_eq!(counts, (3, 2, 1, 2, 2));
    for gone in ["github.com/example-person\"", "github.com/example-person/", "old-name", "Minsk", "Vilnius"] {
        assert!(!in_files(&fixture, gone), "{gone}");
    }
    // Others stay, whatever they are called like.
    assert_eq!(store.get(FactKind::Profile, "gitlab.com/example-person").unwrap().len(), 1);
    assert_eq!(store.get(FactKind::Profile, "github.com/example-person2").unwrap().len(), 1);
    // That one more may publish stays known.
    let Content::Owners(left) = &store.get(FactKind::CrateOwners, "tool").unwrap()[0].fact.content else {
        panic!("no owners")
    };
    assert_eq!(left.iter().map(|owner| owner.account.as_str()).collect::<Vec<_>>(), ["", "github.com/octo-team"]);
    let Content::Versions(versions) = &store.get(FactKind::CrateVersions, "tool").unwrap()[0].fact.content else {
        panic!("no versions")
    };
    let by: Vec<bool> = versions.iter().map(|version| version.by.is_some()).collect();
    assert_eq!(by, [false, false, true]);
    assert_eq!(store.get(FactKind::Repository, "github.com/octo-team/tool").unwrap().len(), 1);
    assert_eq!(store.gaps(None).unwrap().len(), 1);
    drop(store);
    // A login alone is meant on every host.
    fixture.file("cache/store.sqlite.broken-1", "");
    let output = fixture.run(&["store", "forget", "example-person", "--store", "cache/store.sqlite"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.starts_with("forgot example-person: 1 profiles"), "{}", output.stdout);
    assert!(output.stderr.contains("store.sqlite.broken-1 was damaged and set aside"), "{}", output.stderr);
    assert!(!in_files(&fixture, "gomel"));
    assert!(!in_files(&fixture, "gitlab.com/example-person"));
    assert!(in_files(&fixture, "example-person2"));
}

/// A crate, a list and a word in a failure are no accounts, whatever they are called.
#[test]
fn what_only_has_the_name_of_who_is_forgotten_stays() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let said = |detail: &str, of: SourceGap| SourceGap { detail: detail.to_owned(), ..of };
    let gaps = [
        gap("crates.io", Some("serde"), Reason::ServerError),
        said("crates.io: wants a token", gap("crates.io", Some("made-up"), Reason::NotAllowed)),
        said(
            "github.com/other/serde: no answer",
            gap("github.com", Some("github.com/other/serde"), Reason::ServerError),
        ),
        gap("us-csl", None, Reason::Unreachable),
    ];
    store.put(&[], &gaps, on(10)).unwrap();
    for account in ["serde", "token", "us-csl", "github.com/serde", "other.example/serde"] {
        assert_eq!(store.forget(account).unwrap().gaps, 0, "{account}");
    }
    assert_eq!(store.gaps(None).unwrap().len(), 4);
    assert_eq!(store.forget("other").unwrap().gaps, 1);
}

fn repository(subject: &str, owner: &str) -> Fact {
    Fact {
        kind: FactKind::Repository,
        subject: subject.to_owned(),
        source: "github.com".to_owned(),
        content: Content::Repository(RepositoryState {
            owner: owner.to_owned(),
            owner_kind: None,
            moved_to: None,
            archived: false,
        }),
    }
}

/// A repository that came to the person, and one that left: nothing is left half-way, and what is exported can be taken in.
#[test]
fn what_is_left_of_a_forgotten_history_is_whole() {
    let (fixture, there) = (Fixture::new(), Fixture::new());
    let mut store = open(&fixture);
    let (who, team) = ("github.com/example-person", "github.com/octo-team");
    let (came, left) = ("github.com/octo-team/came", "github.com/octo-team/left");
    store.put(&[repository(came, team), repository(left, who)], &[], on(10)).unwrap();
    store.put(&[repository(came, who), repository(left, team)], &[], on(20)).unwrap();
    store.forget(who).unwrap();
    assert!(!in_files(&fixture, who));
    let mut exported = Vec::new();
    store.export(&mut exported).unwrap();
    open(&there).import(&mut exported.as_slice(), NOW).unwrap();
    // Where it was before is not told as where it is.
    for repository in [came, left] {
        let kept = store.get(FactKind::Repository, repository).unwrap();
        assert!(kept.last().is_none_or(|last| last.valid.until.is_none()), "{kept:?}");
    }
}

/// A store that others made can say that somebody is now called nothing.
#[test]
fn an_account_without_a_login_is_nobody() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    let mut odd = profile("github.com/example-person", "Oslo");
    if let Content::Profile(profile) = &mut odd.content {
        profile.renamed_to = Some("github.com/".to_owned());
    }
    let other = SourceGap { detail: "github.com: 500".to_owned(), ..gap("github.com", None, Reason::ServerError) };
    store.put(&[odd, profile("github.com/b", "Bern")], &[other], on(10)).unwrap();
    let forgotten = store.forget("github.com/example-person").unwrap();
    assert_eq!((forgotten.profiles, forgotten.gaps), (1, 0));
    assert_eq!(store.get(FactKind::Profile, "github.com/b").unwrap().len(), 1);
}

/// SQLite takes no path as long as this, and says so with the path.
#[cfg(unix)]
#[test]
fn the_home_folder_is_not_in_what_sqlite_says() {
    let fixture = Fixture::new();
    let long = format!("{0}/{0}/{0}/store.sqlite", "x".repeat(200));
    for args in [&["store", "import", "x.zst"][..], &["store", "stats"]] {
        fixture.file("x.zst", "something else");
        let file = fixture.path().join(&long);
        let output = fixture.run(&[args, &["--store", file.to_str().unwrap()]].concat());
        assert_eq!(output.code, 2, "{}", output.stdout);
        assert!(output.stderr.contains("cannot be opened"), "{}", output.stderr);
        assert!(!output.stderr.contains(&*fixture.path().to_string_lossy()), "{}", output.stderr);
    }
}

#[test]
fn who_is_forgotten_while_somebody_reads_is_not_said_to_be_gone() {
    let fixture = Fixture::new();
    let mut store = with_person(&fixture);
    let reader = Connection::open(store.path()).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM fact").unwrap();
    store.wait(Duration::from_millis(50)).unwrap();
    let error = store.forget("github.com/example-person").unwrap_err();
    assert!(matches!(error.problem, Problem::BytesRemain), "{error}");
    assert!(store.get(FactKind::Profile, "github.com/example-person").unwrap().is_empty());
    reader.execute_batch("COMMIT").unwrap();
    store.forget("github.com/example-person").unwrap();
    assert!(!in_files(&fixture, "github.com/example-person\""));
}

#[test]
fn what_is_old_is_pruned() {
    let fixture = Fixture::new();
    let mut store = open(&fixture);
    store.put(&[profile("github.com/a", "Minsk"), profile("github.com/b", "Bern")], &[], on(10)).unwrap();
    store.put(&[profile("github.com/b", "Basel")], &[gap("x", None, Reason::Redirected)], on(20)).unwrap();
    store.put(&[profile("github.com/a", "Riga")], &[], on(30)).unwrap();
    drop(store);
    // The environment says that today is day 20,780.
    let run = |days: &str| fixture.run(&["store", "prune", "--older-than", days, "--store", "cache/store.sqlite"]);
    let output = run("20765");
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert_eq!(output.stdout, "deleted what was last fetched before 1970-01-16: 0 facts, 2 past states, 0 gaps\n");
    let output = run("20755");
    assert_eq!(output.stdout, "deleted what was last fetched before 1970-01-26: 1 facts, 0 past states, 1 gaps\n");
    let store = Store::open_existing(&path(&fixture, "cache/store.sqlite")).unwrap().unwrap();
    assert_eq!(shown(&store.get(FactKind::Profile, "github.com/a").unwrap()), ["Riga 30 .."]);
    assert!(store.get(FactKind::Profile, "github.com/b").unwrap().is_empty());
    assert!(!in_files(&fixture, "Minsk"));
}
