//! What a report and the gate make of what was fetched: nothing that is not known passes for known, and nobody is taken for somebody else.

use serde_json::{Value, json};

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
    assert!(!said(&package, "steward").contains("tokio-rs"), "{package:#}");
    // The profile of the new owner counts, once somebody has asked for it.
    assert_ne!(package["facets"]["steward"]["party"]["kind"], "vendor", "{package:#}");
    policy(&play, "[[ban]]\naccount = \"github.com/example-team\"\nreason = \"made up\"\n");
    let output = check(&play, &[]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.stdout.contains("github.com/example-team/made-up-moved is in the account"), "{output:?}");
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
    assert!(output.code == 1 && output.stdout.contains("of 2 packages of registries it is not known"), "{output:?}");
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
    let note = "not told: crates.io, asked for owners, wants a token, or another one (on 2026-11-23) (1 package)";
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
