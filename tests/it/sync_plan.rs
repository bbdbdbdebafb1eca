//! What `sync` says is missing: persons who were left out, accounts, versions that came out since, owners to whom repositories moved.

use crate::world::{Account, Krate, Play, World};

fn world() -> World {
    let location = |text: &str| Account { location: Some(text.to_owned()), ..Account::default() };
    let krate = Krate { owners: vec!["example-first".to_owned()], ..Krate::default() };
    World {
        crates: [("made-up-one".to_owned(), krate)].into(),
        accounts: [
            ("example-first".to_owned(), location("Berlin")),
            ("example-team".to_owned(), Account { organisation: true, ..location("Oslo, Norway") }),
            ("example-new".to_owned(), Account { organisation: true, ..location("Lima, Peru") }),
        ]
        .into(),
        listed: vec![
            ("Entity List (EL) - Bureau of Industry and Security", "Quixotronic Lathe Works Ltd", "Minsk, BY"),
            ("Specially Designated Nationals (SDN) - Treasury Department", "MADEUPSON, Quentin", "Minsk, BY"),
        ],
        persons: ["MADEUPSON, Quentin".to_owned()].into(),
        ..World::default()
    }
}

/// Days after the day of every run.
fn later(days: u64) -> String {
    (1_795_392_000 + days * 86_400).to_string()
}

/// A list from which persons were left out is not the list where they are wanted.
#[test]
fn persons_who_were_left_out_are_missing() {
    let play = Play::new(world(), &[]);
    let lists = ["--part", "lists", "--list", "us-csl"];
    play.sync(&lists);
    assert!(play.sync(&lists).stderr.contains("nothing is missing"));
    let output = play.sync(&[&lists[..], &["--match-persons"]].concat());
    assert!(output.stderr.contains("us-csl: list, as a whole, 1"), "{output:?}");
    assert!(output.stdout.contains("1 list read anew"), "{output:?}");
    let entries = play.run(&["store", "stats", "--format", "json"]).json()["lists"][0]["entries"].clone();
    assert_eq!(entries, 2);
    let output = play.sync(&[&lists[..], &["--match-persons"]].concat());
    assert!(output.stderr.contains("nothing is missing"), "{output:?}");

    play.sync(&["--part", "crates", "--part", "forges"]);
    let asked = play.asked();
    let output = play.sync(&["--part", "crates", "--part", "forges", "--match-persons"]);
    let said = "fresh profiles without a displayed name, of 1 person, are asked for again by --refresh only";
    assert!(output.stderr.contains(said), "{output:?}");
    assert_eq!(play.asked(), asked);
    let output = play.sync(&["--part", "crates", "--part", "forges"]);
    assert!(!output.stderr.contains("displayed name"), "{output:?}");
}

/// What it will ask is said before it does, of accounts too.
#[test]
fn accounts_are_a_part_of_the_plan() {
    let play = Play::new(world(), &[]);
    let output = play.sync(&["--part", "forges", "--dry-run"]);
    assert!(output.stderr.contains("github.com: accounts, at least 1, 1 request"), "{output:?}");
    assert!(
        output.stderr.contains("accounts that are not known yet, which the answers name, come on top"),
        "{output:?}"
    );
    // With repositories and without profiles.
    play.sync(&["--part", "crates"]);
    play.world.lock().unwrap().broken.insert("/github".to_owned(), 403);
    play.sync(&["--part", "forges"]);
    play.world.lock().unwrap().broken.clear();
    let output = play.sync(&["--part", "forges", "--dry-run"]);
    assert!(output.stderr.contains("github.com: accounts, at least 2, 1 request"), "{output:?}");
    play.sync(&["--part", "forges"]);
    let output = play.run(&["store", "forget", "github.com/example-team"]);
    assert_eq!(output.code, 0, "{output:?}");
    play.sync(&["--part", "forges"]);
    let before = play.server.requests().len();
    let output = play.sync(&["--part", "forges", "--dry-run"]);
    assert!(output.stderr.contains("nothing is missing"), "{output:?}");
    assert_eq!(play.server.requests().len(), before);
    let output = play.sync(&["--part", "forges", "--refresh", "--dry-run"]);
    assert!(output.stderr.contains("github.com: accounts, at least 2, 1 request"), "{output:?}");
}

/// Profiles alone can be missing.
#[test]
fn nothing_is_missing_only_where_nothing_is_asked() {
    let play = Play::new(world(), &[]);
    play.sync(&["--part", "forges"]);
    // Who owns the crate is known by now.
    play.sync(&["--part", "crates"]);
    let output = play.sync(&["--part", "forges"]);
    assert!(output.stderr.contains("github.com: accounts, 1, 1 request"), "{output:?}");
    assert!(!output.stderr.contains("nothing is missing") && !output.stderr.contains("on top"), "{output:?}");
    assert!(play.sync(&["--part", "forges"]).stderr.contains("nothing is missing"));
}

/// A version that the store does not have has come out since.
#[test]
fn a_version_in_use_that_is_not_known_is_asked_for() {
    let play = Play::new(world(), &[]);
    for source in [&[][..], &["--without-publishers"]] {
        let sync = |days: u64| {
            let args = [&["sync", "--part", "crates"], source].concat();
            let output = play.run_env(&args, &[("SOURCE_DATE_EPOCH", &later(days))]);
            assert_eq!(output.code, 0, "{output:?}");
            output.stderr
        };
        let metadata = play.fixture.read("metadata.json");
        assert!(sync(0).contains("versions of crates"));
        assert!(sync(2).contains("nothing is missing"));
        play.fixture.file("metadata.json", metadata.replace("1.0.0", "1.0.1"));
        assert!(sync(3).contains("versions of crates"));
        // It is not there yet, so that it is asked for again, but not at once.
        assert!(sync(3).contains("nothing is missing"));
        assert!(sync(5).contains("versions of crates"));
        play.fixture.file("metadata.json", metadata);
        assert!(sync(6).contains("nothing is missing"));
        std::fs::remove_file(play.fixture.path().join("store.sqlite")).unwrap();
    }
}

/// Whoever has a repository now is asked about, unless the register knows them.
#[test]
fn the_owner_to_whom_a_repository_moved_is_asked_about() {
    let mut world = world();
    let other = Krate { owners: vec!["example-first".to_owned()], ..Krate::default() };
    world.crates.insert("made-up-two".to_owned(), other);
    world.moved.insert("example-team/made-up-one".to_owned(), "example-new/made-up-one".to_owned());
    world.moved.insert("example-team/made-up-two".to_owned(), "tokio-rs/made-up-two".to_owned());
    let play = Play::new(world, &[]);
    play.sync(&["--part", "forges"]);
    let profiles: Vec<String> = play
        .server
        .requests()
        .iter()
        .filter(|request| request.path == "/github/graphql" && request.whole().contains("login0"))
        .map(crate::server::Request::whole)
        .collect();
    assert_eq!(profiles.len(), 1, "{profiles:?}");
    assert!(profiles[0].contains("\"example-new\"") && profiles[0].contains("\"example-team\""), "{profiles:?}");
    assert!(!profiles[0].contains("tokio-rs"), "{profiles:?}");
    assert!(play.sync(&["--part", "forges"]).stderr.contains("nothing is missing"));
}
