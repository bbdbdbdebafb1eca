//! What a report and the gate make of what was fetched: nothing that is not known passes for known, and nobody is taken for somebody else.

use serde_json::{Value, json};

use crate::dump::{Made, Shape};
use crate::sync::{claims, krate, organisation, person};
use crate::world::{Krate, Play, World};

fn world() -> World {
    World {
        crates: [
            ("made-up-one".to_owned(), krate(&["example-first", "example-far"], None)),
            ("made-up-teams".to_owned(), krate(&["github:example-team:a", "github:example-team:b"], None)),
        ]
        .into(),
        accounts: [
            ("example-first".to_owned(), person("Berlin")),
            ("example-far".to_owned(), person("Shenzhen, China")),
            ("example-team".to_owned(), organisation("Example Team", "Oslo, Norway")),
        ]
        .into(),
        ..World::default()
    }
}

const PARTS: [&str; 5] = ["sync", "--part", "crates", "--part", "forges"];

fn publisher(package: &Value) -> (&Value, &Value) {
    let origin = &package["facets"]["publisher"]["origin"];
    (&origin["kind"], &origin["countries"])
}

fn said(package: &Value, facet: &str) -> String {
    claims(package, facet).iter().map(|claim| claim["statement"].to_string()).collect()
}

fn policy(play: &Play, text: &str) {
    play.fixture.file("origin.toml", text);
}

fn check(play: &Play, args: &[&str]) -> crate::support::Output {
    play.run(&[&["check", "--config", "origin.toml", "--format", "json"], args].concat())
}

/// Ids of the rules that fail.
fn failing(output: &crate::support::Output) -> Vec<String> {
    let report = output.json();
    let findings = report["findings"].as_array().expect("findings").iter();
    let findings = findings.filter(|finding| finding["level"] == "deny");
    findings.map(|finding| finding["rule"].as_str().expect("a rule").to_owned()).collect()
}

#[test]
fn a_person_of_whom_nobody_asked_is_somewhere_not_nowhere() {
    let play = Play::new(world(), &[]);
    play.sync(&["--part", "crates"]);
    assert_eq!(publisher(&play.package("made-up-one", &[])).0, "unknown");
    play.sync(&["--part", "forges"]);
    assert_eq!(publisher(&play.package("made-up-one", &[])), (&json!("several"), &json!(["CN", "DE"])));
}

#[test]
fn teams_of_one_organisation_are_one_hand() {
    let play = Play::new(world(), &[]);
    play.sync(&PARTS[1..]);
    let package = play.package("made-up-teams", &[]);
    assert_eq!(publisher(&package), (&json!("country"), &json!(["NO"])));
    let owners = claims(&package, "publisher").into_iter().filter(|claim| claim["kind"] == "profile-location").count();
    assert_eq!(owners, 1, "{package:#}");
    assert!(said(&package, "publisher").contains("the teams a, b of github.com/example-team"), "{package:#}");
}

#[test]
fn that_a_known_organisation_may_publish_is_of_the_day_on_which_it_was_asked() {
    let mut world = world();
    world.crates.insert("made-up-known".to_owned(), krate(&["github:tokio-rs:core"], None));
    let play = Play::new(world, &[]);
    play.sync(&PARTS[1..]);
    let package = play.package("made-up-known", &[]);
    assert_eq!(claims(&package, "publisher")[0]["observed"], "2026-11-23", "{package:#}");
    policy(
        &play,
        "[rules]\nstale-evidence = { level = \"deny\", max-publisher-age-days = 30, max-age-days = 36500 }\n",
    );
    let early = check(&play, &["--as-of", "2026-12-20"]);
    assert_eq!(failing(&early), Vec::<String>::new(), "{early:?}");
    let late = check(&play, &["--as-of", "2027-01-20"]);
    assert_eq!((late.code, failing(&late)), (1, vec!["stale-evidence".to_owned()]), "{late:?}");
}

#[test]
fn a_crate_that_the_registry_does_not_know_is_said() {
    let mut world = world();
    world.crates.insert("made-up-gone".to_owned(), krate(&["example-first"], None));
    let play = Play::new(world, &[]);
    play.world.lock().unwrap().crates.remove("made-up-gone");
    play.sync(&PARTS[1..]);
    let package = play.package("made-up-gone", &[]);
    assert_eq!(publisher(&package).0, "unknown", "{package:#}");
    assert!(said(&package, "publisher").contains("crates.io knows no such crate"), "{package:#}");
}

/// Whoever is taken out of a list of owners leaves a place that is not known.
#[test]
fn forgetting_one_owner_does_not_make_the_others_all() {
    let play = Play::new(world(), &[]);
    play.sync(&PARTS[1..]);
    assert_eq!(play.run(&["store", "forget", "github.com/example-far"]).code, 0);
    let package = play.package("made-up-one", &[]);
    assert_eq!(publisher(&package), (&json!("several"), &json!(["DE"])), "{package:#}");
    assert!(said(&package, "publisher").contains("somebody may publish it whose data was deleted"), "{package:#}");
    // Half of it is in Germany, and of half nothing is known: of the two packages that is a quarter each.
    let report = play.run(&["--format", "json"]).json();
    let rows = report["concentration"].as_array().expect("concentration").iter();
    let mut rows = rows.filter(|row| row["facet"] == "publisher");
    let row = rows.next().expect("the facet is there");
    assert_eq!((&row["shares"], &row["unknown"]), (&json!({ "DE": 0.25, "NO": 0.5 }), &json!(0.25)), "{row:#}");
    // One known place is not all of them, for whoever reads the JSON or the first word.
    assert_eq!(package["facets"]["publisher"]["origin"]["others"], true);
    let explained = play.run(&["explain", "made-up-one"]).stdout;
    assert!(explained.contains("PUBLISHER DE+?\n") && explained.contains("of others no place is known"), "{explained}");
    assert_eq!(play.run(&["store", "forget", "github.com/example-first"]).code, 0);
    assert_eq!(publisher(&play.package("made-up-one", &[])).0, "unknown");
}

/// A repository that was given away is not its former owner's.
#[test]
fn the_owner_before_a_move_is_none_any_more() {
    let mut world = world();
    let at = Some("https://github.com/tokio-rs/made-up-moved".to_owned());
    world.crates.insert("made-up-moved".to_owned(), Krate { repository: at, ..Krate::default() });
    world.moved.insert("tokio-rs/made-up-moved".to_owned(), "example-team/made-up-moved".to_owned());
    let play = Play::new(world, &[]);
    assert_eq!(play.package("made-up-moved", &[])["facets"]["steward"]["party"]["kind"], "vendor");
    play.sync(&PARTS[1..]);
    let package = play.package("made-up-moved", &[]);
    // The profile of the new owner counts, once somebody has asked for it.
    assert_ne!(package["facets"]["steward"]["party"]["kind"], "vendor", "{package:#}");
    // That it was another's is shown, in doubt; whoever is banned does not get away by a move, nor does whom the user has spoken of.
    assert!(
        said(&package, "steward").contains("was github.com/tokio-rs/made-up-moved, which belongs to"),
        "{package:#}"
    );
    for (account, says) in [
        ("example-team", "github.com/example-team/made-up-moved is in the account"),
        ("tokio-rs", "github.com/tokio-rs/made-up-moved was, before it was moved, in the account"),
    ] {
        policy(&play, &format!("[[ban]]\naccount = \"github.com/{account}\"\nreason = \"made up\"\n"));
        let output = check(&play, &[]);
        assert_eq!(output.code, 1, "{output:?}");
        assert!(output.stdout.contains(says), "{output:?}");
    }
    let claim = "[[claim]]\nparty = \"github.com/tokio-rs\"\nfacet = \"steward\"\nplace = \"CH\"\nsource = \"https://example.org/\"\n";
    policy(&play, claim);
    let claimed = play.package("made-up-moved", &["--config", "origin.toml"]);
    assert_eq!(claimed["facets"]["steward"]["origin"]["countries"], json!(["CH"]), "{claimed:#}");
}

/// A listed organisation that renames its account or gives a repository to an unknown one is still something to review.
#[test]
fn a_move_away_from_a_listed_owner_leaves_a_doubt() {
    let mut world = world();
    let at = Some("https://github.com/kasperskylab/made-up-moved".to_owned());
    world.crates.insert("made-up-moved".to_owned(), Krate { repository: at, ..Krate::default() });
    world.moved.insert("kasperskylab/made-up-moved".to_owned(), "example-team/made-up-moved".to_owned());
    let play = Play::new(world, &[]);
    let grades = || {
        let report = play.run(&["--format", "json"]).json();
        let exposures = report["exposures"].as_array().expect("exposures").iter();
        let exposures = exposures.filter(|exposure| exposure["package"] == "made-up-moved@1.0.0");
        exposures.map(|exposure| exposure["grade"].as_str().expect("a grade").to_owned()).collect::<Vec<_>>()
    };
    assert!(grades().contains(&"named".to_owned()), "{:?}", grades());
    play.sync(&PARTS[1..]);
    let left = grades();
    assert!(!left.is_empty() && left.iter().all(|grade| grade == "possible"), "{left:?}");
}

/// Accounts do go; a service that has told something before is not taken for another one because of a few of them.
#[test]
fn deleted_accounts_are_gone_where_the_forge_is_known() {
    let mut world = world();
    world.crates.clear();
    world.crates.insert("made-up-one".to_owned(), krate(&["example-first", "example-far", "example-third"], None));
    world.accounts.insert("example-third".to_owned(), person("Berlin"));
    let play = Play::new(world, &[]);
    play.sync(&PARTS[1..]);
    play.world.lock().unwrap().accounts.clear();
    let later = [("SOURCE_DATE_EPOCH", "1800576000")];
    assert_eq!(play.run_env(&PARTS, &later).code, 0);
    let package = play.package("made-up-one", &["--as-of", "2027-01-22"]);
    assert_eq!(
        said(&package, "publisher").matches("an account that the forge no longer knows").count(),
        3,
        "{package:#}"
    );
}

/// Flags that forbid the network do so whatever is read.
#[test]
fn offline_is_offline_for_saved_inputs_too() {
    let play = Play::new(world(), &[]);
    for flag in ["--offline", "--frozen"] {
        let output = play.run(&["sync", flag]);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains("the network is not to be used"), "{output:?}");
    }
    assert!(play.asked().is_empty());
}

/// A dump of today answers what the interface did not.
#[test]
fn a_fresh_dump_ends_the_gaps_of_the_interface() {
    let made = Made { seed: 7, crates: 50, versions: 400, shape: Shape::New };
    let mut world = World::default();
    for at in 0..3 {
        world.crates.insert(crate::dump::name(at), Krate::default());
    }
    world.broken.insert("/crates".to_owned(), 403);
    let play = Play::new(world, &[]);
    let mut bytes = Vec::new();
    made.write(&made.tables(), &mut bytes).unwrap();
    play.world.lock().unwrap().dump = Some(bytes);
    // The dump is of the first of January 2026.
    let on = |day: u64| (1_767_225_600 + day * 86_400).to_string();
    let run = |day: u64, args: &[&str]| play.run_env(args, &[("SOURCE_DATE_EPOCH", on(day).as_str())]);
    let failed = |day: u64| {
        let report = run(day, &["--format", "json"]).json();
        report["gaps"].as_array().expect("gaps").iter().filter(|gap| gap["kind"] == "source-failed").count()
    };
    assert_eq!(run(2, &["sync", "--part", "crates"]).code, 0);
    assert!(failed(2) > 0);
    assert_eq!(run(2, &["sync", "--part", "crates", "--crates-from", "dump"]).code, 0);
    assert_eq!(failed(2), 0);
}

#[test]
fn a_banned_account_is_found_whoever_it_belongs_to_and_whatever_it_is_called_now() {
    let mut world = world();
    world.crates.insert("made-up-known".to_owned(), krate(&["github:tokio-rs:core"], None));
    world.accounts.get_mut("example-far").expect("it is there").renamed = Some("example-new".to_owned());
    let play = Play::new(world, &[]);
    play.sync(&PARTS[1..]);
    for (account, package) in
        [("tokio-rs", "made-up-known"), ("example-far", "made-up-one"), ("example-new", "made-up-one")]
    {
        policy(&play, &format!("[[ban]]\naccount = \"github.com/{account}\"\nreason = \"made up\"\n"));
        let output = check(&play, &[]);
        assert_eq!(output.code, 1, "{account}: {output:?}");
        assert!(output.stdout.contains(&format!("may publish {package}: made up")), "{account}: {output:?}");
    }
}

/// A gate that cannot see what it would look at does not hold.
#[test]
fn the_gate_does_not_pass_over_a_store_that_it_cannot_read() {
    let play = Play::new(world(), &[]);
    play.sync(&PARTS[1..]);
    policy(&play, "[rules]\nstale-evidence = { level = \"deny\", max-list-age-days = 1 }\n");
    let output = check(&play, &["--store", "typo.sqlite"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains("the store typo.sqlite does not exist"), "{output:?}");
    assert_eq!(play.run(&["--store", "typo.sqlite"]).code, 2);
    // No list was ever fetched, and the policy wants one that is no older than a day.
    let output = check(&play, &[]);
    assert_eq!((output.code, failing(&output)), (1, vec!["stale-evidence".to_owned()]), "{output:?}");
    assert!(output.stdout.contains("no list was fetched"), "{output:?}");
    policy(&play, "[rules]\nstale-evidence = { level = \"deny\", max-publisher-age-days = 30 }\n");
    let output = check(&play, &["--no-store"]);
    assert!(output.code == 1 && output.stdout.contains("of 2 packages of crates.io it is not known"), "{output:?}");
    assert_eq!(check(&play, &[]).code, 0);

    play.fixture.file("store.sqlite", [7; 5000]);
    let output = check(&play, &[]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains("whether the policy holds is not known"), "{output:?}");
    assert_eq!(output.stderr.matches("damaged").count(), 1, "{output:?}");
    assert_eq!(play.run(&[]).code, 0, "a report goes on and says so");
}

#[test]
fn the_gate_says_what_sources_did_not_tell() {
    let mut world = world();
    world.broken.insert("/crates/api/v1/crates/made-up-one".to_owned(), 403);
    let play = Play::new(world, &[]);
    policy(&play, "");
    let output = play.run(&["check", "--online", "--config", "origin.toml"]);
    assert_eq!(output.code, 0, "{output:?}");
    let note = "not told about 1 package: crates.io, asked for owners, wants a token, or another one (on 2026-11-23)";
    assert!(output.stdout.replace("\n  ", " ").contains(note), "{output:?}");
    for format in ["json", "markdown", "github", "sarif", "junit"] {
        let output = play.run(&["check", "--config", "origin.toml", "--format", format]);
        assert!(output.stdout.contains("asked for owners"), "{format}: {output:?}");
    }
}

/// A build that is said to be of another day does not make answers of that day.
#[test]
fn what_is_fetched_is_of_the_clock() {
    let play = Play::new(world(), &[]);
    let clock = [("SOURCE_DATE_EPOCH", "315532800"), ("CARGO_ORIGIN_NOW", "1795392000")];
    assert_eq!(play.run_env(&PARTS, &clock).code, 0);
    assert_eq!(claims(&play.package("made-up-one", &[]), "publisher")[0]["observed"], "2026-11-23");
    // A clock that stands in the past would file what is true now as what was.
    let output = play.run_env(&PARTS, &[("CARGO_ORIGIN_NOW", "1780000000")]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(
        output.stderr.contains("holds answers of 2026-11-23, which is later than this machine's clock"),
        "{output:?}"
    );
}

/// Persons that were left out when a list was fetched are not compared, and that is said.
#[test]
fn persons_that_are_not_there_are_not_passed_over() {
    let mut world = world();
    world.listed = vec![
        ("Specially Designated Nationals (SDN) - Treasury Department", "Made Up", "Minsk, BY"),
        ("Specially Designated Nationals (SDN) - Treasury Department", "Quixotronic Works Ltd", "Minsk, BY"),
    ];
    world.persons.insert("Made Up".to_owned());
    let play = Play::new(world, &[]);
    play.sync(&["--part", "lists", "--list", "us-csl"]);
    let gaps = |args: &[&str]| play.run(&[&["--format", "json"], args].concat()).json()["gaps"].to_string();
    assert!(!gaps(&[]).contains("entries about persons"));
    assert!(gaps(&["--match-persons"]).contains("us-csl: entries about persons were left out when it was fetched (1)"));
}
