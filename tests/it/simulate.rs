//! `cargo origin simulate`: what would be lost.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use serde_json::{Value, json};

use crate::support::{CRATES_IO, Fixture, lock};
use crate::truths::git;

const DAY: &str = "2026-11-24";

fn simulate(fixture: &Fixture, more: &[&str]) -> Value {
    let mut args = vec!["simulate", "--as-of", DAY, "--format", "json"];
    if !more.contains(&"--offline") {
        args.extend(["--lockfile", "Cargo.lock"]);
    }
    let output = fixture.run(&[&args[..], more].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.json()
}

/// Two members. `acme` needs `mid`, which needs `monoio` (its steward sits in China) and `alone`; `tool` needs `alone` and `thing`, whose account
/// is one of Kaspersky's.
fn locked() -> Fixture {
    let fixture = Fixture::new();
    let thing = git("github.com/kasperskylab/thing");
    fixture.file(
        "Cargo.lock",
        lock(&[
            ("acme", "0.1.0", "", &["mid"]),
            ("alone", "1.0.0", CRATES_IO, &[]),
            ("mid", "1.0.0", CRATES_IO, &["monoio", "alone"]),
            ("monoio", "0.2.4", CRATES_IO, &[]),
            ("thing", "1.0.0", &thing, &[]),
            ("tool", "0.1.0", "", &["alone", "thing"]),
        ]),
    );
    fixture
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["package"].as_str().or(row.as_str()).unwrap()).collect()
}

fn builds<'a>(report: &'a Value, member: &str) -> &'a str {
    let rows = report["members"].as_array().unwrap();
    rows.iter().find(|row| row["name"] == member).unwrap()["builds"].as_str().unwrap()
}

#[test]
fn without_anything_nothing_is_lost() {
    let report = simulate(&locked(), &[]);
    assert_eq!(report["lost"], json!({ "direct": 0, "through": 0, "share": 0.0 }));
    assert_eq!((builds(&report, "acme"), builds(&report, "tool")), ("yes", "yes"));
    assert_eq!(report["expected"]["packages"], json!({ "mean": 0.0, "error": 0.0, "low": 0, "high": 0 }));
    let said = locked().stdout(&["simulate", "--lockfile", "Cargo.lock"]);
    assert!(said.contains("WITHOUT anything taken away") && said.contains("all 2 build"), "{said}");
}

#[test]
fn a_country_takes_what_is_there_and_what_needs_it() {
    let report = simulate(&locked(), &["--without", "CN"]);
    assert_eq!((names(&report["gone"]), names(&report["through"])), (vec!["monoio@0.2.4"], vec!["mid@1.0.0"]));
    assert_eq!(report["lost"], json!({ "direct": 1, "through": 1, "share": 0.5 }));
    assert_eq!((builds(&report, "acme"), builds(&report, "tool")), ("no", "yes"));
    let acme = &report["members"][0];
    assert_eq!(acme["path"], json!(["acme@0.1.0", "mid@1.0.0", "monoio@0.2.4"]));
    // `mid` and `acme` need it.
    assert_eq!((&report["gone"][0]["breaks"], &report["gone"][0]["facet"]), (&json!(2), &json!("steward")));
    // What is not known is not taken to be there, and is counted.
    assert_eq!(report["unknown"], 2);
    let expected = &report["expected"];
    // With 0.95 it goes in nineteen draws of twenty, or a few more.
    assert_eq!(expected["packages"]["high"], 2);
    let mean = expected["packages"]["mean"].as_f64().unwrap();
    let probability = report["gone"][0]["probability"].as_f64().unwrap();
    assert!((mean - 2.0 * probability).abs() < 0.03, "{mean} is about twice {probability}");
    // More is taken with another country, and each is lost once.
    let both = simulate(&locked(), &["--without", "CN,RU"]);
    assert_eq!(names(&both["gone"]).len(), 2);
    assert_eq!((builds(&both, "acme"), builds(&both, "tool")), ("no", "no"));
    // Another facet is another question.
    let channel = simulate(&locked(), &["--without", "CN", "--facet", "channel"]);
    assert_eq!(channel["lost"]["direct"], 0);
    assert_eq!(simulate(&locked(), &["--without", "US", "--facet", "channel"])["lost"]["direct"], 4);
}

#[test]
fn a_doubt_counts_from_the_probability_that_is_asked_for() {
    let fixture = locked();
    let report = simulate(&fixture, &["--without", "CN", "--min-probability", "0.99"]);
    assert_eq!((names(&report["gone"]), names(&report["doubtful"])), (vec![], vec!["monoio@0.2.4"]));
    assert_eq!(builds(&report, "acme"), "yes");
    // The draws do not care where the line is.
    assert_eq!(report["expected"], simulate(&fixture, &["--without", "CN"])["expected"]);
    assert_eq!(simulate(&fixture, &["--without", "CN", "--draws", "0"])["expected"], Value::Null);
    let other = simulate(&fixture, &["--without", "CN", "--seed", "2"]);
    assert_ne!(other["expected"]["packages"], report["expected"]["packages"]);
    assert_eq!(other["expected"]["seed"], 2);
}

#[test]
fn parties_packages_and_programmes_can_be_taken_away() {
    let fixture = locked();
    for (what, gone) in [
        (&["--without-party", "kaspersky"][..], vec!["thing@1.0.0"]),
        (&["--without-party", "github.com/kasperskylab"], vec!["thing@1.0.0"]),
        // What it owns goes with it.
        (&["--without-party", "bytedance"], vec!["monoio@0.2.4"]),
        (&["--without-party", "github.com/nobody-here"], vec![]),
        (&["--without-package", "alone"], vec!["alone@1.0.0"]),
        (&["--without-package", "alone@1.0.0"], vec!["alone@1.0.0"]),
        (&["--without-programme", "us-kaspersky-2024"], vec!["thing@1.0.0"]),
        (&["--without-programme", "us-icts-adversaries"], vec!["monoio@0.2.4", "thing@1.0.0"]),
        (&["--without-package", "alone", "--without", "CN"], vec!["alone@1.0.0", "monoio@0.2.4"]),
    ] {
        let report = simulate(&fixture, what);
        let mut found = names(&report["gone"]);
        found.sort_unstable();
        assert_eq!(found, gone, "{what:?}");
    }
    let both = simulate(&fixture, &["--without-package", "alone"]);
    assert_eq!((builds(&both, "acme"), builds(&both, "tool")), ("no", "no"));
    assert_eq!(both["gone"][0]["probability"], 1.0);
    for (wrong, says) in [
        (&["--without", "China"][..], "did you mean `CN`?"),
        (&["--without", "QQ"], "not a country"),
        (&["--without", "DE-BY"], "not a region that is told apart"),
        (&["--without-party", "kaspersy"], "did you mean `kaspersky`?"),
        (&["--without-package", "alon"], "did you mean `alone`?"),
        (&["--without-package", "acme"], "your own"),
        (&["--without-programme", "us-kaspersky-2023"], "did you mean `us-kaspersky-2024`?"),
        (&["--without", "CN", "--format", "sarif"], "check"),
        (&["--min-probability", "0"], "not above 0"),
    ] {
        let output = fixture.run(&[&["simulate", "--lockfile", "Cargo.lock"], wrong].concat());
        assert!(output.code == 2 && output.stderr.contains(says), "{wrong:?}: {}", output.stderr);
    }
}

#[test]
fn a_region_is_not_its_country_and_a_country_has_its_regions() {
    let fixture = Fixture::new();
    let claim = "[[claim]]\npackage = \"alone\"\nfacet = \"steward\"\nplace = \"UA-43\"\nsource = \"imprint\"\n";
    fixture.file("origin.toml", claim);
    fixture.file("Cargo.lock", lock(&[("acme", "0.1.0", "", &["alone"]), ("alone", "1.0.0", CRATES_IO, &[])]));
    for (place, lost) in [("UA-43", 1), ("UA", 1), ("UA-14", 0), ("RU", 0)] {
        let report = simulate(&fixture, &["--without", place, "--config", "origin.toml"]);
        assert_eq!(report["lost"]["direct"], lost, "{place}");
    }
}

/// A workspace whose own features and platforms decide what remains.
fn workspace() -> Fixture {
    let fixture = Fixture::workspace();
    let claims: String = ["usual", "win", "base", "generate", "check"]
        .map(|name| {
            let place = match name {
                "usual" => "CN",
                "win" => "RU",
                "base" => "IR",
                "generate" => "KP",
                _ => "CU",
            };
            format!("[[claim]]\npackage = \"{name}\"\nfacet = \"steward\"\nplace = \"{place}\"\nsource = \"imprint\"\n")
        })
        .concat();
    fixture.file("origin.toml", claims);
    fixture
}

#[test]
fn members_build_in_part_where_features_or_platforms_allow_it() {
    let fixture = workspace();
    let member = |report: &Value, name: &str| {
        report["members"].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap().clone()
    };
    // Behind the feature `std`, which is in `default`.
    let report = simulate(&fixture, &["--offline", "--without", "CN"]);
    let app = member(&report, "app");
    assert_eq!((&app["builds"], &app["features_lost"]), (&json!("in-part"), &json!(["default", "std"])));
    assert_eq!(builds(&report, "other"), "yes");
    let all = simulate(&fixture, &["--offline", "--without", "CN", "--all-features"]);
    assert_eq!(member(&all, "app")["features_kept"], json!(["extra"]));
    // On Windows only.
    let app = member(&simulate(&fixture, &["--offline", "--without", "RU"]), "app");
    assert_eq!((&app["builds"], &app["platforms_lost"]), (&json!("in-part"), &json!(["x86_64-pc-windows-msvc"])));
    assert!(app["platforms_kept"].as_array().unwrap().contains(&json!("x86_64-unknown-linux-gnu")), "{app}");
    let linux = ["--offline", "--without", "RU", "--target", "x86_64-unknown-linux-gnu"];
    assert_eq!(builds(&simulate(&fixture, &linux), "app"), "yes");
    let windows = ["--offline", "--without", "RU", "--target", "x86_64-pc-windows-msvc"];
    assert_eq!(builds(&simulate(&fixture, &windows), "app"), "no");
    // Whatever is turned off, and everywhere.
    let report = simulate(&fixture, &["--offline", "--without", "IR"]);
    assert_eq!((builds(&report, "app"), builds(&report, "other")), ("no", "no"));
    // To build it, and it has a build script itself.
    let report = simulate(&fixture, &["--offline", "--without", "KP"]);
    assert_eq!((builds(&report, "app"), builds(&report, "other")), ("no", "yes"));
    assert_eq!(report["at_build"]["lost"], 1);
    // To test it only: it builds.
    let report = simulate(&fixture, &["--offline", "--dev", "--without", "CU"]);
    assert_eq!((&report["lost"]["direct"], builds(&report, "app")), (&json!(1), "yes"));
}

#[test]
fn every_format_says_the_same_and_names_stay_names() {
    let fixture = Fixture::new();
    let name = "a|b<script>\u{202e}=cmd\u{1b}[31m::error::";
    let claim =
        format!("[[claim]]\npackage = {}\nfacet = \"steward\"\nplace = \"CN\"\nsource = \"x\"\n", Value::from(name));
    fixture.file("origin.toml", claim.replace("\\u001b", "\\u001B"));
    fixture.file("Cargo.lock", lock(&[("acme", "0.1.0", "", &[name]), (name, "1.0.0", CRATES_IO, &[])]));
    for format in ["human", "markdown", "csv", "json"] {
        let args =
            ["simulate", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--without", "CN", "--format", format];
        let said = fixture.stdout(&args);
        assert!(said.contains("script"), "{format}: {said}");
        assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{format}: {said}");
        assert!(!said.lines().any(|line| line.starts_with("::") || line.starts_with("=cmd")), "{format}: {said}");
        assert_eq!(said, fixture.stdout(&args));
    }
    let markdown = fixture.stdout(&[
        "simulate",
        "--lockfile",
        "Cargo.lock",
        "--config",
        "origin.toml",
        "--without",
        "CN",
        "--format",
        "markdown",
    ]);
    assert!(!markdown.contains("<script>"), "{markdown}");
}

#[test]
fn human() {
    for width in ["80", "140"] {
        let args = ["simulate", "--lockfile", "Cargo.lock", "--as-of", DAY, "--without", "CN", "--width", width];
        let said = locked().stdout(&args);
        assert!(said.lines().all(|line| line.chars().count() <= width.parse().unwrap()), "{said}");
        insta::assert_snapshot!(format!("simulate_at_{width}_columns"), said);
    }
}

#[test]
fn the_report_is_what_its_schema_says() {
    let fixture = locked();
    let schema: Value = serde_json::from_str(&fixture.stdout(&["schema", "simulate"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&simulate(&fixture, &["--without", "CN"])));
    assert!(!validator.is_valid(&json!({})));
}
