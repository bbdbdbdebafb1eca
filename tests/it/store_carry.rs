//! The store carried elsewhere, its command, and runs that are killed.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use cargo_origin::date::Moment;
use cargo_origin::facts::live::{FactKind, Reason};
use cargo_origin::store::{Access, Problem, Stats, Store};

use crate::store::{gap, list, on, open, owners, path, profile, row};
use crate::support::{Fixture, PROGRAM};

/// Later than anything in these tests.
const NOW: Moment = Moment(4_000_000_000);

/// A store with something of everything.
fn full(fixture: &Fixture) -> Store {
    let mut store = open(fixture);
    let facts: Vec<_> = (0..50).map(|n| profile(&format!("github.com/p{n}"), "Oslo")).collect();
    store.put(&facts, &[], on(10)).expect("facts are put");
    let gaps =
        [gap("github.com", Some("github.com/x"), Reason::ServerError), gap("crates.io", None, Reason::Unreachable)];
    store.put(&[profile("github.com/p7", "Bergen"), owners("tool", &["github.com/p7"])], &gaps, on(20)).expect("more");
    let entries = [row("1", &["Alpha Works", "Works of Alpha"]), row("2", &["Beta Works"])];
    store.replace_list(&list("us-csl", on(15)), entries.into_iter()).expect("a list");
    store
}

fn exported(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.export(&mut bytes).expect("the store is exported");
    bytes
}

fn content(store: &Store) -> (Stats, Vec<u8>) {
    let stats = store.stats().expect("the store is read");
    (Stats { bytes: 0, ..stats }, exported(store))
}

#[test]
fn an_export_is_the_same_for_the_same_content_and_comes_back_whole() {
    let (here, there) = (Fixture::new(), Fixture::new());
    let store = full(&here);
    let bytes = exported(&store);
    assert_eq!(exported(&store), bytes);
    let mut other = open(&there);
    let imported = other.import(&mut bytes.as_slice(), NOW).unwrap();
    assert_eq!((imported.taken, imported.known, imported.gaps, imported.lists), (51, 0, 2, 1));
    assert_eq!(content(&other), content(&store));
    assert_eq!(other.listed_by_key("works of alpha").unwrap(), store.listed_by_key("works of alpha").unwrap());
    assert_eq!(other.list_states().unwrap(), store.list_states().unwrap());
    // A second time brings nothing.
    let imported = other.import(&mut bytes.as_slice(), NOW).unwrap();
    assert_eq!((imported.taken, imported.known, imported.lists), (0, 51, 0));
    assert_eq!(content(&other), content(&store));
}

/// An export that does not say from where its lists are is read; what it does not say is not known.
#[test]
fn an_export_of_lists_without_addresses_is_read() {
    let lines = String::from_utf8(zstd::decode_all(exported(&full(&Fixture::new())).as_slice()).unwrap()).unwrap();
    let new = ",\"address\":\"https://lists.example/list.csv\",\"normal_form\":7";
    let before = lines.replacen(new, "", 1);
    assert_ne!(before, lines);
    let mut store = open(&Fixture::new());
    store.import(&mut zstd::encode_all(before.as_bytes(), 1).unwrap().as_slice(), NOW).unwrap();
    let state = &store.list_states().unwrap()[0];
    assert_eq!((state.entries, &state.address, state.normal_form), (2, &None, 0));
}

/// A source can tell something, and hold something of it back, at once.
#[test]
fn what_was_held_back_of_an_answer_is_carried_too() {
    let (here, there) = (Fixture::new(), Fixture::new());
    let mut store = open(&here);
    let who = "github.com/example-person";
    store.put(&[profile(who, "Oslo")], &[gap("github.com", Some(who), Reason::NotVisible)], on(10)).unwrap();
    let mut other = open(&there);
    for _ in 0..2 {
        other.import(&mut exported(&store).as_slice(), NOW).unwrap();
        assert_eq!(content(&other), content(&store));
    }
    // One that is older than an answer is none.
    let mut newer = open(&Fixture::new());
    newer.put(&[profile(who, "Oslo")], &[], on(11)).unwrap();
    newer.import(&mut exported(&store).as_slice(), NOW).unwrap();
    assert!(newer.gaps(None).unwrap().is_empty());
    other.import(&mut exported(&newer).as_slice(), NOW).unwrap();
    assert!(other.gaps(None).unwrap().is_empty());
}

/// A source or a list that answered after all has, in whatever order one hears of it.
#[test]
fn the_gap_of_a_source_ends_with_its_answer_in_any_order() {
    let (failed, answered) = (Fixture::new(), Fixture::new());
    let (mut before, mut after) = (open(&failed), open(&answered));
    let gaps = [gap("us-csl", None, Reason::Unreachable), gap("github.com", None, Reason::RateLimited)];
    before.put(&[], &gaps, on(10)).unwrap();
    after.put(&[profile("github.com/a", "Oslo")], &[], on(12)).unwrap();
    after.replace_list(&list("us-csl", on(12)), [row("7", &["Gamma"])].into_iter()).unwrap();
    for order in [[&before, &after], [&after, &before]] {
        let fixture = Fixture::new();
        let mut both = open(&fixture);
        for store in order {
            both.import(&mut exported(store).as_slice(), NOW).unwrap();
        }
        assert_eq!(content(&both), content(&after));
    }
}

#[test]
fn what_was_fetched_later_wins_and_the_past_is_kept() {
    let (here, there) = (Fixture::new(), Fixture::new());
    let store = full(&here);
    let mut other = open(&there);
    let moved = [profile("github.com/p7", "Oslo"), profile("github.com/p8", "Bodø"), profile("github.com/own", "Rome")];
    other.put(&moved, &[gap("github.com", Some("github.com/p9"), Reason::Malformed)], on(5)).unwrap();
    other
        .put(
            &[profile("github.com/p8", "Narvik")],
            &[gap("github.com", Some("github.com/z"), Reason::Malformed)],
            on(30),
        )
        .unwrap();
    other.replace_list(&list("us-csl", on(16)), [row("7", &["Gamma"])].into_iter()).unwrap();
    other.import(&mut exported(&store).as_slice(), NOW).unwrap();
    let places = |who: &str| {
        let kept = other.get(FactKind::Profile, who).unwrap();
        kept.iter()
            .map(|kept| format!("{:?}", kept.fact.content).split('"').nth(1).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(places("github.com/p7"), ["Oslo", "Bergen"]);
    assert_eq!(places("github.com/p8"), ["Bodø", "Oslo", "Narvik"]);
    assert_eq!(places("github.com/own"), ["Rome"]);
    assert_eq!(places("github.com/p1"), ["Oslo"]);
    // Our newer list stays; what is answered is no gap; other gaps come together.
    assert_eq!(other.listed_by_key("gamma").unwrap().len(), 1);
    assert!(other.listed_by_key("alpha works").unwrap().is_empty());
    let gaps: Vec<_> = other.gaps(None).unwrap().into_iter().map(|kept| kept.gap.subject.unwrap_or_default()).collect();
    assert_eq!(gaps, ["", "github.com/x", "github.com/z"]);
}

#[test]
fn what_is_no_whole_export_changes_nothing() {
    let fixture = Fixture::new();
    let store = full(&fixture);
    let whole = exported(&store);
    let target = Fixture::new();
    let mut other = open(&target);
    other.put(&[profile("github.com/own", "Rome")], &[], on(5)).unwrap();
    let before = content(&other);
    let packed = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let lines = String::from_utf8(zstd::decode_all(whole.as_slice()).unwrap()).unwrap();
    let first = lines.lines().next().unwrap();
    let without_end: String = lines.split_inclusive('\n').filter(|line| !line.starts_with("{\"end")).collect();
    let one_less: String =
        lines.split_inclusive('\n').enumerate().filter(|(at, _)| *at != 3).map(|(_, line)| line).collect();
    let fact = |kind: &str, days: &str, content: &str| {
        format!(
            "{first}\n{{\"fact\":{{\"kind\":\"{kind}\",\"subject\":\"a\",\"source\":\"b\",{days},\"fetched\":1,\"content\":{content}}}}}\n{{\"end\":2}}\n"
        )
    };
    let open_days = "\"from\":null,\"until\":null";
    let bad = [
        (Vec::new(), "cut off"),
        (b"something else".to_vec(), "cut off"),
        (whole[..whole.len() / 2].to_vec(), "cut off"),
        (whole[..whole.len() - 1].to_vec(), "cut off"),
        ([whole.as_slice(), whole.as_slice()].concat(), "follows the end"),
        (packed(&without_end), "ends too soon"),
        (packed(&one_less), "lines are missing"),
        (packed(&lines.replacen("\"entries\":2", "\"entries\":3", 1)), "fewer entries"),
        (packed(&lines.replacen("\"entries\":2", "\"entries\":1", 1)), "more entries"),
        (packed("{\"a\":1}\n"), "no export of a store"),
        (packed(&lines.replacen("\"version\":2", "\"version\":3", 1)), "format 3"),
        (packed(&fact("no-kind", open_days, "\"absent\"")), "line 2"),
        (packed(&fact("profile", open_days, "{\"owners\":[]}")), "of another kind"),
        (packed(&fact("profile", "\"from\":\"2024-01-02\",\"until\":\"2024-01-02\"", "\"absent\"")), "not in order"),
        (packed(&fact("profile", "\"from\":null,\"until\":\"2024-01-02\"", "\"absent\"")), "has ended"),
        (packed(lines.trim_end()), "within a line"),
    ];
    for (bytes, says) in bad {
        let error = other.import(&mut bytes.as_slice(), NOW).unwrap_err();
        assert!(error.to_string().contains(says), "{says}: {error}");
        assert!(error.to_string().contains("is as it was"), "{error}");
        assert_eq!(content(&other), before, "{says}");
    }
    assert!(other.import(&mut packed(&fact("profile", open_days, "\"absent\"")).as_slice(), NOW).is_ok());
    // Format 1 has no kinds of gaps.
    let first = lines.replacen("\"version\":2", "\"version\":1", 1).replace("\"kind\":null,", "");
    assert_ne!(first, lines);
    assert!(other.import(&mut packed(&first).as_slice(), NOW).is_ok());
}

#[test]
fn the_command_carries_a_store() {
    let (fixture, there) = (Fixture::new(), Fixture::new());
    drop(full(&fixture));
    let file = path(&there, "carried.zst");
    let run = |args: &[&str]| fixture.run_env(args, &[("CARGO_ORIGIN_STORE", "cache/store.sqlite")]);
    fixture.file("old.zst", "was here before");
    for target in ["old.zst", file.as_str()] {
        let output = run(&["store", "export", target]);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    }
    assert_eq!(fs::read(fixture.path().join("old.zst")).unwrap(), fs::read(&file).unwrap());
    let stats = run(&["store", "stats", "--format", "json"]).json();
    assert_eq!(stats["file"], "cache/store.sqlite");
    assert_eq!((&stats["facts"][1]["kind"], &stats["facts"][1]["past"]), (&"profile".into(), &1.into()));
    let schema: serde_json::Value = serde_json::from_str(&fixture.stdout(&["schema", "store"])).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&stats), "{stats}");
    // Elsewhere, in the cache folder of the platform; the home folder is not shown.
    let import = there.run(&["store", "import", "carried.zst"]);
    assert_eq!((import.code, import.stderr.as_str()), (0, ""));
    assert_eq!(import.stdout, "imported carried.zst: 51 facts taken, 0 had nothing new; 2 gaps, 1 lists\n");
    let output = there.run(&["store", "stats"]);
    assert_eq!(output.code, 0);
    assert!(output.stdout.starts_with('~'), "{}", output.stdout);
    assert!(output.stdout.lines().next().unwrap().contains("cargo-origin"), "{}", output.stdout);
    let home = there.path().to_string_lossy().into_owned();
    assert!(!output.stdout.contains(&home), "{}", output.stdout);
    insta::assert_snapshot!("store_stats", output.stdout.lines().skip(1).collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_the_command_cannot_do_is_said() {
    let fixture = Fixture::new();
    let refused = |args: &[&str], says: &str| {
        let output = fixture.run(args);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{args:?}");
        assert!(output.stderr.contains(says), "{args:?}: {}", output.stderr);
        assert!(!output.stderr.contains(&*fixture.path().to_string_lossy()), "{}", output.stderr);
    };
    refused(&["store", "export", "x.zst"], "does not exist");
    refused(&["store", "export", "x.zst", "--no-store"], "there is no store: --no-store was given");
    refused(&["store", "stats", "--format", "csv"], "writes human and json");
    refused(&["store", "prune", "--older-than", "9", "--format", "json"], "has no --format");
    refused(&["store", "import", "x.zst"], "cannot read x.zst");
    refused(&["store", "forget", "github.com/"], "is no account");
    refused(&["store", "stats", "--store", "a", "--no-store"], "cannot be used with");
    assert!(!path(&fixture, "x.zst").exists());
    for args in
        [&["store", "stats"][..], &["store", "forget", "example-person"], &["store", "prune", "--older-than", "1"]]
    {
        assert!(fixture.stdout(args).contains("there is no store yet"));
    }
    fixture.file("x.zst", "something else");
    refused(&["store", "import", "x.zst"], "cannot import x.zst: the store ~");
}

/// A read-only folder: nothing can be made beside the file, and it can be read all the same.
#[cfg(unix)]
#[test]
fn a_store_in_a_folder_that_is_read_only_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    drop(full(&fixture));
    let folder = fixture.path().join("cache");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    let store = Store::open_existing(&path(&fixture, "cache/store.sqlite"));
    let found = store.map(|store| store.map(|store| store.get(FactKind::Profile, "github.com/p7").unwrap().len()));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(found.unwrap(), Some(2));
}

/// Killed at twenty points of an import, the store opens and is as before or as after; and the next run finishes.
#[test]
fn a_run_that_is_killed_leaves_the_last_good_state() {
    let source = Fixture::new();
    let mut large = open(&source);
    let facts = (0..6000).map(|n| profile(&format!("github.com/p{n}"), &"Tromsø ".repeat(20)));
    large.bulk(facts, on(40)).unwrap();
    let fixture = Fixture::new();
    fixture.file("large.zst", exported(&large));
    drop(full(&fixture));
    let start = fs::read(path(&fixture, "cache/store.sqlite")).unwrap();
    let state = || content(&Store::open(&path(&fixture, "cache/store.sqlite"), Access::Read).expect("it opens").store);
    let before = state();
    let import = || {
        let mut command = fixture.command(PROGRAM);
        command.args(["store", "import", "large.zst", "--store", "cache/store.sqlite"]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
    };
    let started = Instant::now();
    assert!(import().wait().unwrap().success());
    let whole = started.elapsed();
    let after = state();
    assert_ne!(before, after);
    let mut unfinished = 0;
    for point in 0..20_u32 {
        for suffix in ["-wal", "-shm"] {
            // What the last kill left is no part of the next start.
            drop(fs::remove_file(path(&fixture, &format!("cache/store.sqlite{suffix}"))));
        }
        fixture.file("cache/store.sqlite", &start);
        let mut child = import();
        thread::sleep(whole * point / 20 + Duration::from_millis(1));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = state();
        assert!(now == before || now == after, "point {point}: {:?}", now.0);
        unfinished += u32::from(now == before);
        // The next run goes on from there.
        if point % 7 == 3 {
            assert!(import().wait().unwrap().success());
            assert_eq!(state(), after);
        }
    }
    assert!(unfinished > 0, "no run was killed before its end");
    assert!(matches!(Store::open(&path(&fixture, "none"), Access::Read).unwrap_err().problem, Problem::Missing));
}

/// What is of a day to come would count as fresh until then.
#[test]
fn what_is_of_a_day_to_come_is_refused() {
    let (folder, there) = (Fixture::new(), Fixture::new());
    let mut store = open(&folder);
    store.put(&[profile("github.com/example-person", "Riga")], &[], Moment(NOW.0 + 3 * 86_400)).unwrap();
    let bytes = exported(&store);
    let mut other = open(&there);
    let error = other.import(&mut bytes.as_slice(), NOW).unwrap_err();
    assert!(error.to_string().contains("a day to come"), "{error}");
    assert!(other.stats().unwrap().facts.is_empty());
    assert!(other.import(&mut bytes.as_slice(), Moment(NOW.0 + 2 * 86_400)).is_ok());
}
