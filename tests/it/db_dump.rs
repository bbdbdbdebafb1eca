//! The database dump of crates.io: both shapes, any order, broken and hostile ones, and how much memory a whole one takes.
#![expect(clippy::disallowed_methods, reason = "a test starts itself again to see how much memory it takes alone")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, Write};
use std::ops::ControlFlow;
use std::process::Command;

use cargo_origin::facts::live::{AccountKind, Content, Fact, FactKind, PublishedBy, Reason};
use cargo_origin::source::remote::{Dump, DumpError, DumpLimits, read_dump};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::dump::{Made, Shape, file, name};

/// Names the file that the test's second run reads.
const CHILD: &str = "CARGO_ORIGIN_TEST_DUMP";

fn read(bytes: &[u8], wanted: Option<&BTreeSet<String>>) -> Result<Dump, DumpError> {
    read_dump(bytes, wanted, DumpLimits::default(), &mut |_| ControlFlow::Continue(()))
}

fn made(shape: Shape, tables: impl FnOnce(&mut Vec<&'static str>)) -> Vec<u8> {
    let made = Made { seed: 7, crates: 2000, versions: 20_000, shape };
    let mut order = made.tables();
    tables(&mut order);
    let mut bytes = Vec::new();
    made.write(&order, &mut bytes).expect("a text in memory takes everything");
    bytes
}

/// An archive of tables that are written out.
fn written(tables: &[(&str, &str)]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    for (path, text) in tables {
        file(&mut gz, path, text.len() as u64, |out| out.write_all(text.as_bytes())).expect("memory takes everything");
    }
    gz.write_all(&[0; 1024]).and_then(|()| gz.finish()).expect("memory takes everything")
}

const SMALL: [(&str, &str); 5] = [
    ("d/data/crates.csv", "id,name\n1,alpha\n2,beta\n"),
    (
        "d/data/crate_owners.csv",
        "crate_id,created_at,created_by,owner_id,owner_kind\n1,2020-02-03 01:02:03+00,,5,0\n1,,,9,1\n",
    ),
    (
        "d/data/versions.csv",
        "id,crate_id,num,created_at,published_by,trustpub_data\n\
         10,1,1.0.0,2020-02-03 01:02:03+00,5,\n\
         12,1,1.2.0,2026-02-03 01:02:03+00,,\"{\"\"provider\"\":\"\"github\"\",\"\"repository\"\":\"\"Octo-Org/Alpha\"\"}\"\n\
         11,1,1.1.0,2021-02-03 01:02:03+00,77,\"{}\"\n",
    ),
    ("d/data/users.csv", "gh_login,id,name\nOcto-Person,5,\n"),
    ("d/data/teams.csv", "id,login\n9,github:Octo-Org:Octo-Team\n"),
];

fn small(change: impl FnOnce(&mut Vec<(&'static str, &'static str)>)) -> Vec<u8> {
    let mut tables = SMALL.to_vec();
    change(&mut tables);
    written(&tables)
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, None).map(|dump| dump.crates()).expect_err("it is no dump").to_string()
}

#[test]
fn both_shapes_in_any_order_say_the_same() {
    let facts = |bytes: &[u8]| -> Vec<Fact> {
        let dump = read(bytes, None).unwrap();
        assert_eq!((dump.crates(), dump.unused()), (2000, 0));
        dump.facts().collect()
    };
    let old = facts(&made(Shape::Old, |_| {}));
    assert_eq!(old.len(), 4000);
    let versions =
        old.iter().map(|fact| if let Content::Versions(versions) = &fact.content { versions.len() } else { 0 });
    assert_eq!(versions.sum::<usize>(), 20_000);
    assert!(old == facts(&made(Shape::New, |_| {})));
    assert!(old == facts(&made(Shape::New, |tables| tables.reverse())));
    assert!(old == facts(&made(Shape::Old, |tables| tables.sort_unstable())));
}

#[test]
fn only_wanted_crates_are_told_and_unknown_ones_are_absent() {
    let bytes = made(Shape::New, |_| {});
    let all: Vec<Fact> = read(&bytes, None).unwrap().facts().collect();
    let wanted = BTreeSet::from([name(3), name(1999), "not-there".to_owned()]);
    for bytes in [bytes, made(Shape::New, |tables| tables.reverse())] {
        let dump = read(&bytes, Some(&wanted)).unwrap();
        let facts: Vec<Fact> = dump.facts().collect();
        let want: Vec<Fact> = all.iter().filter(|fact| wanted.contains(&fact.subject)).cloned().collect();
        assert_eq!(facts[..4], want);
        assert!(facts[4..].iter().all(|fact| fact.subject == "not-there" && fact.content == Content::Absent));
        assert_eq!(facts.len(), 6);
    }
}

#[test]
fn owners_and_publishers_are_as_the_tables_say() {
    let dump = read(&small(|_| {}), None).unwrap();
    let facts: Vec<Fact> = dump.facts().collect();
    let keys: Vec<(FactKind, &str, &str)> =
        facts.iter().map(|fact| (fact.kind, fact.subject.as_str(), fact.source.as_str())).collect();
    assert_eq!(
        keys[..2],
        [(FactKind::CrateOwners, "alpha", "crates.io"), (FactKind::CrateVersions, "alpha", "crates.io")]
    );
    let (Content::Owners(owners), Content::Versions(versions)) = (&facts[0].content, &facts[1].content) else {
        panic!("{facts:?}")
    };
    let found: Vec<_> =
        owners.iter().map(|owner| (owner.account.as_str(), owner.kind, owner.team.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("github.com/octo-org", AccountKind::Team, Some("octo-team")),
            ("github.com/octo-person", AccountKind::Person, None),
        ]
    );
    let found: Vec<_> = versions.iter().map(|version| (version.version.as_str(), version.by.clone())).collect();
    let repository = PublishedBy::Repository("github.com/octo-org/alpha".to_owned());
    let person = PublishedBy::Account("github.com/octo-person".to_owned());
    // The newest first; nobody knows user 77.
    assert_eq!(found, [("1.2.0", Some(repository)), ("1.1.0", None), ("1.0.0", Some(person))]);
    assert_eq!(facts[2].content, Content::Owners(Vec::new()));
}

#[test]
fn a_user_whose_login_at_github_is_not_told_is_one_of_crates_io() {
    let dump = small(|tables| {
        tables[3].1 = "id,username\n5,Octo-Name\n";
        tables.push(("d/data/oauth_github.csv", "user_id,login\n6,somebody-else\n"));
    });
    let dump = read(&dump, None).unwrap();
    let Some(Content::Owners(owners)) = dump.facts().next().map(|fact| fact.content) else { panic!("no owners") };
    assert_eq!(owners[0].account, "crates.io/octo-name");
}

#[test]
fn what_is_missing_is_named() {
    for (at, table) in ["crates", "crate_owners", "versions", "users", "teams"].into_iter().enumerate() {
        let without = written(&[&SMALL[..at], &SMALL[at + 1..]].concat());
        assert_eq!(refused(&without), format!("the dump has no table {table}.csv"));
        assert!(
            refused(&small(|tables| tables[at].1 = "x,y\n1,2\n"))
                .starts_with(&format!("the table {table}.csv of the dump has no column"))
                || table == "users",
            "{table}"
        );
    }
    assert_eq!(refused(&small(|tables| tables[3].1 = "id,username\n")), "the dump has no table oauth_github.csv");
    assert_eq!(
        refused(&small(|tables| tables[0].1 = "id,name,id\n")),
        "the table crates.csv of the dump has two columns `id`"
    );
    assert_eq!(refused(&small(|tables| tables.insert(1, tables[0]))), "the dump has two tables crates.csv");
}

#[test]
fn broken_files_are_refused() {
    let whole = made(Shape::New, |_| {});
    for end in [0, 1, 10, 1000, whole.len() / 2, whole.len() * 3 / 4] {
        let found = refused(&whole[..end]);
        assert!(
            found.starts_with("the dump is cut off") || found == "the dump has no table crates.csv",
            "{end}: {found}"
        );
    }
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle..middle + 64].fill(0x55);
    assert!(refused(&bent).starts_with("the dump is cut off"), "{}", refused(&bent));
    assert!(refused(b"id,name\n1,serde\n").starts_with("the dump is cut off"));
}

#[test]
fn what_is_no_plain_file_of_the_data_is_passed_over() {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    // A link, a name that is longer than a header takes and of 64 MB, a table outside, and one on its way out.
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_path("d/data/crates.csv").unwrap();
    header.set_link_name("/etc/hostname").unwrap();
    header.set_size(0);
    header.set_cksum();
    gz.write_all(header.as_bytes()).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_size(64 << 20);
    header.set_cksum();
    gz.write_all(header.as_bytes()).unwrap();
    for _ in 0..64 {
        gz.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    let mut odd = tar::Header::new_gnu();
    odd.as_old_mut().name[..20].copy_from_slice(b"../d/data/crates.csv");
    odd.set_size(0);
    odd.set_cksum();
    gz.write_all(odd.as_bytes()).unwrap();
    file(&mut gz, "d/elsewhere/crates.csv", 1, |out| out.write_all(b"x")).unwrap();
    for (path, text) in SMALL {
        file(&mut gz, path, text.len() as u64, |out| out.write_all(text.as_bytes())).unwrap();
    }
    let bytes = gz.finish().unwrap();
    assert_eq!(read(&bytes, None).unwrap().crates(), 2);
}

#[test]
fn limits_end_the_reading() {
    let bytes = made(Shape::Old, |_| {});
    let limited = |limits| read_dump(bytes.as_slice(), None, limits, &mut |_| ControlFlow::Continue(())).unwrap_err();
    let all = DumpLimits::default();
    let found = limited(DumpLimits { unpacked: 100_000, ..all });
    assert_eq!(found, DumpError::TooMuch { what: "bytes when unpacked", most: 100_000 });
    let found = limited(DumpLimits { rows: 1999, ..all });
    assert_eq!(found, DumpError::TooMuch { what: "rows of a table", most: 1999 });
    let found = limited(DumpLimits { text: 1000, ..all });
    assert_eq!(found, DumpError::TooMuch { what: "bytes of text", most: 1000 });
    let mut calls = 0;
    let stopped = read_dump(bytes.as_slice(), None, all, &mut |progress| {
        calls += 1;
        assert!(progress.rows > 0 && progress.packed > 0);
        ControlFlow::Break(())
    });
    assert_eq!((stopped.unwrap_err(), calls), (DumpError::Stopped, 1));
}

#[test]
fn rows_that_hold_nonsense_are_left_out_and_counted() {
    let long = "9".repeat(10 << 20);
    let rows = format!("id,name\n1,alpha\nx,beta\n3,../evil\n-4,gamma\n5,{long}\n{long},delta\n6\n\n7,\"no end");
    let mut tables = SMALL.to_vec();
    tables[0].1 = &rows;
    let dump = read(&written(&tables), None).unwrap();
    assert_eq!((dump.crates(), dump.unused()), (1, 7));
}

/// A fifth of 200,000 crates and 2,000,000 versions, in less than a fifth of 300 MB and what a process takes anyway; `examples/measure_dump.rs` has all of
/// it. The test starts itself again, so that the peak is that of the reading alone.
#[test]
#[cfg(target_os = "linux")]
fn a_dump_takes_little_memory() {
    if let Some(path) = std::env::var_os(CHILD) {
        let dump = File::open(path).map(BufReader::new).expect("the file is there");
        let dump = read_dump(dump, None, DumpLimits::default(), &mut |_| ControlFlow::Continue(())).unwrap();
        let facts = dump.facts().filter(|fact| fact.content != Content::Absent).count();
        assert_eq!((facts, dump.unused()), (80_000, 0));
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kilobytes < 80_000, "{kilobytes} kB");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db-dump.tar.gz");
    let made = Made { seed: 1, crates: 40_000, versions: 400_000, shape: Shape::New };
    made.write(&made.tables(), File::create(&path).unwrap()).unwrap();
    let test = "db_dump::a_dump_takes_little_memory";
    let output =
        Command::new(std::env::current_exe().unwrap()).args(["--exact", test]).env(CHILD, &path).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

/// Whoever cannot be told may publish all the same: the others are not all.
#[test]
fn an_owner_that_cannot_be_told_is_a_gap_of_the_crate() {
    let rows = "crate_id,created_at,created_by,owner_id,owner_kind\n";
    for (row, users, teams, unused) in [
        ("1,,,77,0\n", SMALL[3].1, SMALL[4].1, 0),
        ("1,,,78,1\n", SMALL[3].1, SMALL[4].1, 0),
        ("1,,,9,1\n", SMALL[3].1, "id,login\n9,elsewhere:Octo-Org:Octo-Team\n", 0),
        ("1,,,5,2\n", SMALL[3].1, SMALL[4].1, 1),
        ("1,,,x,0\n", SMALL[3].1, SMALL[4].1, 1),
        ("1,,,5\n", SMALL[3].1, SMALL[4].1, 1),
    ] {
        let owners = format!("{rows}1,,,5,0\n{row}2,,,5,0\n");
        let mut tables = SMALL.to_vec();
        (tables[1].1, tables[3].1, tables[4].1) = (&owners, users, teams);
        let wanted = BTreeSet::from(["alpha", "beta"].map(str::to_owned));
        let dump = read(&written(&tables), Some(&wanted)).unwrap();
        let keys: Vec<(FactKind, String)> = dump.facts().map(|fact| (fact.kind, fact.subject)).collect();
        let told =
            [(FactKind::CrateVersions, "alpha"), (FactKind::CrateOwners, "beta"), (FactKind::CrateVersions, "beta")];
        assert_eq!(keys, told.map(|(kind, name)| (kind, name.to_owned())), "{row}");
        let gaps = dump.gaps();
        let of_crate = &gaps[0];
        assert_eq!((of_crate.subject.as_deref(), of_crate.kind), (Some("alpha"), Some(FactKind::CrateOwners)), "{row}");
        assert_eq!(of_crate.reason, Reason::Malformed);
        let of_source: Vec<&str> =
            gaps.iter().filter(|gap| gap.subject.is_none()).map(|gap| gap.detail.as_str()).collect();
        let said = ["crates.io: 1 row of the database dump could not be used"];
        assert_eq!(of_source, said[..unused], "{row}");
    }
}

/// What is there but cannot be found again is not absent, and a dump that has nothing of a project is hardly the right one.
#[test]
fn what_a_dump_has_not_is_told_with_care() {
    let mut tables = SMALL.to_vec();
    tables[0].1 = "id,name\n1,alpha\nx,beta\nx,nobody-asks\n";
    let wanted = BTreeSet::from(["alpha", "beta"].map(str::to_owned));
    let dump = read(&written(&tables), Some(&wanted)).unwrap();
    assert!(dump.facts().all(|fact| fact.subject == "alpha"));
    let gaps: Vec<_> = dump.gaps().into_iter().map(|gap| (gap.subject, gap.kind)).collect();
    let beta = || Some("beta".to_owned());
    let of_beta = [(beta(), Some(FactKind::CrateOwners)), (beta(), Some(FactKind::CrateVersions)), (None, None)];
    assert_eq!((gaps, dump.unused()), (of_beta.to_vec(), 1));

    for (names, facts) in [(&["not-a", "not-b", "not-c"][..], 0), (&["not-a", "not-b"], 4)] {
        let wanted: BTreeSet<String> = names.iter().map(|&name| name.to_owned()).collect();
        let dump = read(&small(|_| {}), Some(&wanted)).unwrap();
        assert_eq!((dump.facts().count(), dump.gaps().len()), (facts, if facts == 0 { 6 } else { 0 }));
    }
}
