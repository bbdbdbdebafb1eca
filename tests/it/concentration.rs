//! Concentration: that it counts as the report does, blocs on their days, the view from home, and what is said of doubt.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]
#![expect(clippy::float_cmp, reason = "the numbers of a report are rounded to six digits")]

use std::collections::BTreeMap;
use std::fmt::Write;

use cargo_origin::data::Data;
use cargo_origin::date::Date;
use proptest::prelude::*;
use serde_json::Value;

use crate::gate::{check, level, said};
use crate::support::{CRATES_IO, Fixture, Output};
use crate::truths::{git, project, report};

const DAY: &str = "2026-11-24";

fn run(fixture: &Fixture, more: &[&str]) -> Output {
    let mut args = vec!["concentration", "--lockfile", "Cargo.lock"];
    if !more.contains(&"--as-of") {
        args.extend(["--as-of", DAY]);
    }
    args.extend(more);
    fixture.run(&args)
}

fn json(fixture: &Fixture, more: &[&str]) -> Value {
    let draws = if more.contains(&"--draws") { &[][..] } else { &["--draws", "300"] };
    let output = run(fixture, &[&["--format", "json"], draws, more].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.json()
}

/// Crates whose stewards, publishers and work are of all kinds.
fn mixed() -> Fixture {
    let names =
        ["await-tree", "opendal", "volo", "document-features", "monoio", "serde", "slint", "tokio", "no-such-crate"];
    project(&names.map(|name| (name, CRATES_IO)))
}

/// One package a country, with the steward there; and one of which nothing is known.
fn claimed(places: &[&str], policy: &str) -> Fixture {
    let names: Vec<String> = (0..places.len()).map(|at| format!("thing-{at}")).collect();
    let mut packages: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CRATES_IO)).collect();
    packages.push(("no-such-crate", CRATES_IO));
    let fixture = project(&packages);
    let mut text = policy.to_owned();
    for (name, place) in names.iter().zip(places) {
        writeln!(
            text,
            "\n[[claim]]\npackage = \"{name}\"\nfacet = \"steward\"\nplace = \"{place}\"\nsource = \"imprint\""
        )
        .unwrap();
    }
    fixture.file("origin.toml", text);
    fixture
}

fn steward(fixture: &Fixture, more: &[&str]) -> Value {
    let report = json(fixture, &[&["--config", "origin.toml", "--facet", "steward"], more].concat());
    report["facets"][0]["weightings"][0].clone()
}

fn share(row: &Value) -> f64 {
    row["share"].as_f64().unwrap()
}

/// The embedded records can be counted on, the numbers of the report too.
#[test]
fn it_counts_as_the_report_does() {
    let fixture = mixed();
    let whole = report(&fixture, &[]);
    let found = json(&fixture, &[]);
    for row in whole["concentration"].as_array().unwrap() {
        let facet = found["facets"].as_array().unwrap().iter().find(|facet| facet["facet"] == row["facet"]).unwrap();
        let same =
            facet["weightings"].as_array().unwrap().iter().find(|one| one["weighting"] == row["weighting"]).unwrap();
        let shares: BTreeMap<&String, f64> = same["shares"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(code, of)| (code, share(of)))
            .filter(|(_, share)| *share > 0.0)
            .collect();
        let counted: BTreeMap<&String, f64> = row["shares"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(code, share)| (code, share.as_f64().unwrap()))
            .filter(|(_, share)| *share > 0.0)
            .collect();
        assert_eq!(shares, counted, "{} by {}", row["facet"], row["weighting"]);
        assert_eq!(same["hhi"].get("value").unwrap_or(&Value::Null), &row["hhi"]);
        assert_eq!(share(&same["no_seat"]), row["no_seat"].as_f64().unwrap());
        assert_eq!(same["no_seat_by_reason"], row["no_seat_by_reason"]);
        assert_eq!((&same["conflict"], share(&same["unknown"])), (&row["conflict"], row["unknown"].as_f64().unwrap()));
        let sum: f64 = counted.values().sum::<f64>() + share(&same["no_seat"]) + share(&same["unknown"]);
        assert!((sum + same["conflict"].as_f64().unwrap() - 1.0).abs() < 1e-4, "{sum}");
    }
}

#[test]
fn one_facet_is_as_in_the_whole_and_a_seed_gives_the_same_bytes() {
    let fixture = mixed();
    let whole = json(&fixture, &["--home", "DE"]);
    for (at, word) in ["steward", "publisher", "contribution", "channel", "native"].into_iter().enumerate() {
        let one = json(&fixture, &["--home", "DE", "--facet", word]);
        assert_eq!(one["facets"][0], whole["facets"][at]);
    }
    for format in ["human", "json", "markdown", "csv"] {
        let bytes = || run(&fixture, &["--format", format, "--home", "DE"]).stdout;
        assert_eq!(bytes(), bytes());
    }
    let contribution = |seed: &str| json(&fixture, &["--facet", "contribution", "--seed", seed])["facets"][0].clone();
    assert_ne!(contribution("1"), contribution("2"));
}

#[test]
fn a_doubt_is_an_interval_and_a_party_falls_as_one() {
    let fixture = project(&[("monoio", CRATES_IO), ("volo", CRATES_IO)]);
    let row = &json(&fixture, &["--facet", "steward", "--draws", "4000"])["facets"][0]["weightings"][0];
    let cn = &row["shares"]["CN"];
    assert_eq!(share(cn), 1.0);
    let mean = cn["mean"].as_f64().unwrap();
    assert!(mean > 0.9 && mean < 1.0, "the evidence is right with 0.95: {cn}");
    assert_eq!((row["hhi"]["value"].as_f64(), row["hhi"]["low"].as_f64()), (Some(1.0), Some(1.0)));
}

#[test]
fn blocs_are_as_they_were_on_the_day() {
    let data = Data::embedded().unwrap();
    let is = |bloc: &str, code: &str, day: &str| data.is_member(bloc, code.parse().unwrap(), day.parse().unwrap());
    for (bloc, code, day, member) in [
        ("eu", "GB", "2020-01-31", true),
        ("eu", "GB", "2020-02-01", false),
        ("eu", "HR", "2013-06-30", false),
        ("eu", "HR", "2013-07-01", true),
        ("eu", "NO", DAY, false),
        ("eu", "CH", DAY, false),
        ("eea", "NO", "1994-01-01", true),
        ("eea", "LI", "1995-04-30", false),
        ("eea", "CH", DAY, false),
        ("eea", "HR", "2014-04-11", false),
        ("eea", "HR", "2014-04-12", true),
        ("five-eyes", "NZ", "2000-01-01", true),
        ("five-eyes", "JP", DAY, false),
        ("g7", "CA", "1975-12-01", false),
        ("g7", "RU", "2005-01-01", false),
        ("brics", "ZA", "2010-06-01", false),
        ("brics", "ET", "2023-12-31", false),
        ("brics", "ET", "2024-01-01", true),
        ("brics", "ID", "2025-01-06", true),
        ("brics", "SA", DAY, false),
        ("brics", "AR", DAY, false),
        ("csto", "UZ", "1999-01-01", true),
        ("csto", "UZ", "2000-01-01", false),
        ("csto", "UZ", "2010-01-01", true),
        ("csto", "UZ", "2012-12-19", false),
        ("csto", "AM", DAY, true),
    ] {
        assert_eq!(is(bloc, code, day), member, "{bloc} {code} {day}");
    }
    let count = |bloc: &str, day: &str| data.bloc(bloc).unwrap().members_on(day.parse().unwrap()).len();
    let counted = [("eu", 28, "2019-06-01"), ("eu", 27, DAY), ("eea", 30, DAY), ("five-eyes", 5, DAY), ("g7", 7, DAY)];
    for (bloc, members, day) in counted.into_iter().chain([("brics", 10, DAY), ("csto", 6, DAY)]) {
        assert_eq!(count(bloc, day), members, "{bloc} on {day}");
    }
}

proptest! {
    /// Every bloc holds each country once on any day, and members of the European Union since 2014 are in the Economic Area too.
    #[test]
    fn members_are_there_once(seconds in 0i64..1_800_000_000) {
        let data = Data::embedded().unwrap();
        let day = Date::from_unix(seconds).unwrap();
        for bloc in &data.tables.blocs {
            let members = bloc.members_on(day);
            prop_assert!(members.windows(2).all(|pair| pair[0] < pair[1]), "{} on {day}: {members:?}", bloc.id);
            prop_assert!(members.iter().all(|code| data.is_member(bloc.id, *code, day)));
        }
        if day >= "2014-04-12".parse().unwrap() {
            let in_area = |code: &_| data.is_member("eea", *code, day);
            prop_assert!(data.bloc("eu").unwrap().members_on(day).iter().all(in_area));
        }
    }
}

#[test]
fn shares_of_blocs_follow_the_days_and_doubts_are_said() {
    let fixture = claimed(&["GB", "DE", "SA", "AM"], "");
    for (day, european) in [("2020-01-31", 0.4), ("2020-02-01", 0.2)] {
        let row = steward(&fixture, &["--as-of", day]);
        assert_eq!(share(&row["blocs"]["eu"]), european, "{day}");
    }
    let report = json(&fixture, &["--config", "origin.toml"]);
    let row = &report["facets"][0]["weightings"][0];
    assert_eq!((share(&row["blocs"]["brics"]), share(&row["blocs"]["csto"])), (0.0, 0.2));
    let bloc = |id: &str| report["blocs"].as_array().unwrap().iter().find(|bloc| bloc["id"] == id).unwrap().clone();
    assert_eq!(bloc("brics")["unsettled"], serde_json::json!(["SA"]));
    assert_eq!(bloc("csto")["frozen"], serde_json::json!(["AM"]));
    assert_eq!((&bloc("five-eyes")["undated"], &bloc("eu")["undated"]), (&true.into(), &false.into()));
    let text = run(&fixture, &["--width", "1000"]).stdout;
    assert!(text.contains("whether SA is a member is not settled, and it is not counted"), "{text}");
    assert!(text.contains("csto: AM is a member and takes no part"), "{text}");
}

#[test]
fn seen_from_home_five_shares_and_no_seat_make_one() {
    let places = ["US", "DE", "KP", "BR", "none"];
    let fixture = claimed(&places, "");
    let classes = |more: &[&str]| -> Vec<f64> {
        let home = steward(&fixture, more)["from_home"].clone();
        let mut found: Vec<f64> = ["domestic", "allied", "other", "listed"].map(|word| share(&home[word])).into();
        found.extend([home["unknown"].as_f64().unwrap(), home["no_seat"].as_f64().unwrap()]);
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-4, "{more:?}: {found:?}");
        found.into_iter().map(|share| (share * 6.0).round()).collect()
    };
    // The United States list North Korea, and are in two blocs, one of them with Germany.
    assert_eq!(classes(&["--home", "US"]), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(classes(&["--home", "US", "--allied", "BR"]), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(classes(&["--home", "US", "--allied", "G7,BRICS"]), [1.0, 2.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!(classes(&["--home", "US", "--allied", "KP"]), [1.0, 0.0, 2.0, 1.0, 1.0, 1.0], "listed is listed");
    assert_eq!(classes(&["--home", "KP"])[0], 1.0, "home is not foreign to itself");
    assert_eq!(steward(&fixture, &[])["from_home"], Value::Null);
}

#[test]
fn allies_and_blocs_of_ones_own() {
    let fixture = claimed(&["CH", "BR"], "[[bloc]]\nid = \"suppliers\"\ncountries = [\"CH\", \"DE\"]\n");
    let row = steward(&fixture, &["--home", "DE"]);
    assert!((share(&row["blocs"]["suppliers"]) - 1.0 / 3.0).abs() < 1e-5);
    assert!((share(&row["from_home"]["allied"]) - 1.0 / 3.0).abs() < 1e-5, "home is in it");
    assert_eq!(share(&steward(&fixture, &["--home", "DE", "--allied", "eu"])["from_home"]["allied"]), 0.0);
    for (allied, wanted) in [
        (&["--home", "DE", "--allied", "brisc"][..], "did you mean `brics`?"),
        (&["--home", "DE", "--allied", "ZZ"], "`ZZ` is not a country"),
        (&["--home", "DE", "--allied", "\u{1b}[31m"], "--allied"),
        (&["--allied", "eu"], "set a home"),
        (&["--draws", "0"], "0 is not in 1..=100000"),
        (&["--format", "sarif"], "cargo origin check"),
    ] {
        let output = run(&fixture, allied);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{allied:?}");
        assert!(output.stderr.contains(wanted) && !output.stderr.contains('\u{1b}'), "{}", output.stderr);
    }
}

#[test]
fn a_wrong_bloc_is_told_with_its_place() {
    let policy = "[[bloc]]\nid = \"eu\"\ncountries = [\"DE\"]\n\n[[bloc]]\nid = \"de\"\ncountries = [\"DE\"]\n\n[[bloc]]\nid = \"A b\"\ncountries = []\n\n[[bloc]]\nid = \"a\"\nname = \" \"\ncountries = [\"Germany\"]\nmembers = 1\n\n[[bloc]]\nid = \"twice\"\ncountries = [\"DE\"]\n\n[[bloc]]\nid = \"twice\"\ncountries = [\"DE\"]\n\n[[bloc]]\nid = \"none\"\n";
    let fixture = claimed(&[], policy);
    let output = run(&fixture, &["--config", "origin.toml"]);
    assert_eq!(output.code, 2);
    insta::assert_snapshot!(output.stderr);
}

#[test]
fn json_is_what_the_schema_says() {
    let schema: Value = serde_json::from_str(&Fixture::new().stdout(&["schema", "concentration"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let fixture = claimed(&["US", "none"], "[[bloc]]\nid = \"own\"\ncountries = [\"US\"]\n");
    for home in [&[][..], &["--home", "US"]] {
        let report = json(&fixture, &[&["--config", "origin.toml"], home].concat());
        let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "version": 1 })), "the schema holds something");
}

/// Nothing of it is known from a lock file; in a workspace it is.
#[test]
fn power_at_build_time_is_counted_where_it_is_known() {
    let weightings = |report: &Value| -> Vec<String> {
        let rows = report["facets"][0]["weightings"].as_array().unwrap();
        rows.iter().map(|row| format!("{} {}", row["weighting"].as_str().unwrap(), row["packages"])).collect()
    };
    let of_lock = json(&mixed(), &[]);
    assert_eq!(weightings(&of_lock), ["packages 9", "reach 9"]);
    assert!(of_lock["notes"][0].as_str().unwrap().contains("a lock file does not tell"), "{}", of_lock["notes"]);
    let output = Fixture::workspace().run(&["concentration", "--format", "json", "--as-of", DAY, "--draws", "10"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    // The procedural macro, and what the build script of a member needs.
    assert_eq!(weightings(&output.json()), ["packages 5", "reach 5", "build-time 2"]);
    assert_eq!(output.json()["notes"], serde_json::json!([]));
}

#[test]
fn a_project_without_packages_has_nothing_to_concentrate() {
    let fixture = project(&[]);
    let text = run(&fixture, &[]);
    assert_eq!(text.code, 0, "{}", text.stderr);
    assert!(text.stdout.contains("There are no packages but your own."), "{}", text.stdout);
    assert_eq!(json(&fixture, &[])["facets"][0]["weightings"], serde_json::json!([]));
}

#[test]
fn it_looks_so() {
    let fixture = mixed();
    for (name, args) in [
        ("concentration_at_80_columns", &["--home", "DE", "--width", "80"][..]),
        ("concentration_at_140_columns", &["--home", "DE", "--width", "140", "--facet", "contribution"]),
        ("concentration_markdown", &["--format", "markdown", "--facet", "steward"]),
        ("concentration_csv", &["--format", "csv", "--home", "US", "--facet", "steward"]),
    ] {
        let output = run(&fixture, args);
        assert_eq!(output.code, 0, "{}", output.stderr);
        for line in output.stdout.lines().filter(|_| name.ends_with("columns")) {
            let width: usize = args[3].parse().unwrap();
            assert!(line.chars().count() <= width, "{line}");
        }
        insta::assert_snapshot!(name, output.stdout);
    }
}

/// A vendor of the policy's own that two programmes name: one of the European Union, one of Poland alone.
fn sanctioned(programme: &str, home: &str, day: &str) -> (String, String) {
    let policy = format!(
        "home = \"{home}\"\n[[vendor]]\nid = \"example\"\nname = \"Example\"\nkind = \"company\"\nseat = \"RU\"\nforges = [\"github.com/example-sanctioned\"]\nas_of = \"2026-11-01\"\n[[vendor.designation]]\nprogramme = \"{programme}\"\neffect = \"asset-freeze\"\nconfidence = \"high\"\nlisted_on = \"2018-01-01\"\n"
    );
    let fixture = project(&[("thing", &git("github.com/example-sanctioned/thing"))]);
    let (_, report) = check(&fixture, &policy, &["--as-of", day]);
    (level(&report, "listed-party").to_owned(), said(&report, "listed-party"))
}

#[test]
fn law_of_the_european_union_is_that_of_its_members_on_the_day() {
    for (home, day, expected) in [
        ("DE", DAY, "deny"),
        ("FR", DAY, "deny"),
        ("IT", DAY, "deny"),
        ("HR", DAY, "deny"),
        ("GB", "2020-01-31", "deny"),
        ("GB", "2020-02-01", "warn"),
        ("GB", DAY, "warn"),
        ("NO", DAY, "warn"),
        ("CH", DAY, "warn"),
        ("US", DAY, "warn"),
    ] {
        let (level, said) = sanctioned("eu-269", home, day);
        assert_eq!(level, expected, "{home} on {day}: {said}");
        assert_eq!(said.contains("not known as law of its home"), expected == "warn", "{home}: {said}");
    }
}

#[test]
fn law_of_one_member_is_not_that_of_another() {
    for (home, expected) in [("PL", "deny"), ("DE", "warn"), ("FR", "warn"), ("IT", "warn")] {
        let (level, said) = sanctioned("pl-sanctions", home, DAY);
        assert_eq!(level, expected, "{home}: {said}");
        assert_eq!(said.contains("not known as law of its home"), expected == "warn", "{home}: {said}");
    }
}
