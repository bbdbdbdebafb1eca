//! The smallest cut and single points: what is said to be cut off is gone when it is done.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use serde_json::{Value, json};

use crate::support::{CRATES_IO, Fixture, lock};
use crate::truths::git;

const DAY: [&str; 4] = ["--lockfile", "Cargo.lock", "--as-of", "2026-11-24"];

/// `app` reaches three packages of a named vendor: two through `web`, one of them through `cli` too, and one by itself.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let named = git("github.com/kasperskylab/example");
    fixture.file(
        "Cargo.lock",
        lock(&[
            ("app", "0.1.0", "", &["web", "cli", "own", "serde"]),
            ("cli", "1.0.0", CRATES_IO, &["listed-b"]),
            ("listed-a", "1.0.0", &named, &["serde"]),
            ("listed-b", "1.0.0", &named, &[]),
            ("own", "1.0.0", &named, &["rustls"]),
            ("rustls", "1.0.0", CRATES_IO, &["aes"]),
            ("aes", "1.0.0", CRATES_IO, &[]),
            ("serde", "1.0.0", CRATES_IO, &[]),
            ("web", "1.0.0", CRATES_IO, &["listed-a", "listed-b", "left"]),
            ("left", "1.0.0", CRATES_IO, &[]),
        ]),
    );
    fixture
}

fn run(fixture: &Fixture, args: &[&str]) -> String {
    fixture.stdout(&[args, &DAY].concat())
}

fn json_of(fixture: &Fixture, args: &[&str]) -> Value {
    serde_json::from_str(&run(fixture, &[args, &["--format", "json"]].concat())).unwrap()
}

/// The packages of the steps, in order.
fn steps(report: &Value) -> Vec<&str> {
    report["steps"].as_array().unwrap().iter().map(|step| step["package"].as_str().unwrap()).collect()
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["package"].as_str().unwrap()).collect()
}

/// What changes from release to release is taken out.
fn lasting(text: &str, fixture: &Fixture) -> String {
    let date = json_of(fixture, &["cut"])["data_date"].as_str().unwrap().to_owned();
    let text = text.replace(&format!("cargo-origin {}", env!("CARGO_PKG_VERSION")), "cargo-origin [version]");
    text.replace(&date, "[date]")
}

#[test]
fn the_plan_goes_by_gain_and_adds_up() {
    let report = json_of(&fixture(), &["cut", "--programme", "us-kaspersky-2024"]);
    assert_eq!(names(&report["targets"]), ["listed-a@1.0.0", "listed-b@1.0.0", "own@1.0.0"]);
    // Each of two takes one off and as many packages with it: the first by name goes first.
    assert_eq!(steps(&report), ["own@1.0.0", "web@1.0.0", "cli@1.0.0"]);
    assert_eq!((&report["cost"], &report["packages"]), (&json!(3), &json!(9)));
    let numbers: Vec<Vec<u64>> = report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            ["targets_gone", "targets_left", "packages", "packages_gone", "packages_left"]
                .map(|key| step[key].as_u64().unwrap())
                .to_vec()
        })
        .collect();
    assert_eq!(numbers, [[1, 2, 3, 3, 6], [2, 1, 3, 6, 3], [3, 0, 2, 8, 1]]);
    assert_eq!(report["steps"][0]["target"], true);
    assert_eq!(report["steps"][2]["targets"], json!(["listed-b@1.0.0"]));
    assert_eq!(report["features"]["known"], false);
    assert!(report["features"]["summary"].as_str().unwrap().starts_with("a lock file alone does not tell"), "{report}");
}

#[test]
fn costs_and_the_end_decide_between_cuts() {
    let fixture = fixture();
    let with = |more: &[&str]| {
        let report = json_of(&fixture, &[&["cut", "--programme", "us-kaspersky-2024"], more].concat());
        let mut found: Vec<String> = steps(&report).into_iter().map(str::to_owned).collect();
        found.sort();
        (found, report["cost"].as_u64().unwrap())
    };
    let of = |names: &[&str], cost: u64| (names.iter().map(|name| format!("{name}@1.0.0")).collect::<Vec<_>>(), cost);
    assert_eq!(with(&["--near", "targets"]), of(&["listed-a", "listed-b", "own"], 3));
    assert_eq!(with(&["--cost-direct", "3"]), of(&["listed-a", "listed-b", "own"], 5));
    assert_eq!(with(&["--cost-indirect", "3"]), of(&["cli", "own", "web"], 3));
    assert_eq!(with(&["--cost", "cli=9", "--cost", "listed-a=2"]), of(&["listed-b", "own", "web"], 3));
    assert_eq!(
        with(&["--cost", "cli=9", "--cost", "web=9", "--cost", "own=7"]),
        of(&["listed-a", "listed-b", "own"], 9)
    );
}

#[test]
fn what_is_to_go_adds_up() {
    let fixture = fixture();
    let targets = |args: &[&str]| {
        let report = json_of(&fixture, &[&["cut"], args].concat());
        names(&report["targets"]).into_iter().map(|name| name.trim_end_matches("@1.0.0").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(targets(&[]), ["listed-a", "listed-b", "own"]);
    assert_eq!(targets(&["--grade", "named"]), ["listed-a", "listed-b", "own"]);
    assert_eq!(targets(&["left"]), ["left"]);
    assert_eq!(targets(&["left", "--party", "kaspersky"]), ["left", "listed-a", "listed-b", "own"]);
    assert_eq!(targets(&["--party", "github.com/KasperskyLab"]), ["listed-a", "listed-b", "own"]);
    assert_eq!(targets(&["--country", "RU"]), ["listed-a", "listed-b", "own"]);
    assert_eq!(targets(&["--country", "DE,RU"]), ["listed-a", "listed-b", "own"]);
    assert!(targets(&["--country", "US", "--facet", "channel"]).contains(&"serde".to_owned()));
    // In 2020 nothing of it was in force; by its id it is asked for, and not measured before it was known.
    let report: Value = serde_json::from_str(&fixture.stdout(&[
        "cut",
        "--lockfile",
        "Cargo.lock",
        "--as-of",
        "2016-01-01",
        "--format",
        "json",
        "--programme",
        "us-kaspersky-2024",
    ]))
    .unwrap();
    assert_eq!(report["own"], json!([]));
    // A policy chooses for whoever asks for nothing.
    fixture.file("origin.toml", "programmes = [\"us-1260h\"]\n");
    assert_eq!(targets(&["--config", "origin.toml"]), Vec::<String>::new());
    assert_eq!(targets(&["--config", "origin.toml", "--programme", "tag:us"]), ["listed-a", "listed-b", "own"]);
}

#[test]
fn there_can_be_nothing_to_cut() {
    let fixture = fixture();
    let text = run(&fixture, &["cut", "--programme", "us-1260h"]);
    assert!(text.contains("\nNothing to cut: no package that is known fits what was asked for.\n"), "{text}");
    let text = run(&fixture, &["cut", "app"]);
    assert!(text.contains("Nothing to cut: nothing of it is reached that is not your own.\n"), "{text}");
    assert!(text.contains("app@0.1.0: it is your own"), "{text}");
    let report = json_of(&fixture, &["cut", "app", "left"]);
    assert_eq!((names(&report["own"]), steps(&report)), (vec!["app@0.1.0"], vec!["web@1.0.0"]));
    // A package that nothing needs, as a patch that is not used.
    let text = lock(&[("app", "0.1.0", "", &[]), ("alone", "1.0.0", CRATES_IO, &[])]);
    fixture.file("Cargo.lock", text);
    let output = fixture.run(&[&["cut", "alone", "--format", "json"], &DAY[..]].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(output.json()["steps"], json!([]));
}

#[test]
fn what_is_not_known_is_refused_with_what_is_near() {
    let fixture = fixture();
    for (args, said) in [
        (
            &["cut", "--programme", "us-kaspersky-2025"][..],
            "--programme: no programme is called `us-kaspersky-2025`; did you mean `us-kaspersky-2024`?",
        ),
        (&["cut", "--programme", "tag:uss"], "--programme: no programme has the tag `uss`; did you mean `tag:us`?"),
        (&["cut", "--party", "kasperski"], "--party: `kasperski` is neither"),
        (&["cut", "--party", "kasperski"], "did you mean `kaspersky`?"),
        (&["cut", "--country", "XX"], "--country: "),
        (&["cut", "serd"], "did you mean `serde`?"),
        (
            &["cut", "--cost", "serd=3"],
            "--cost: no package `serd` is in the graph that is built; did you mean `serde`?",
        ),
        (&["cut", "--cost", "serde=0"], "a cost is from 1"),
        (&["cut", "--cost-direct", "0"], "0 is not in 1"),
        (&["cut", "--format", "sarif"], "is for `cargo origin check`"),
        (&["single-points", "--above", "2"], "not above 0"),
        (&["single-points", "--format", "junit"], "is for `cargo origin check`"),
    ] {
        let output = fixture.run(&[args, &DAY].concat());
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{args:?}");
        assert!(output.stderr.contains(said), "{args:?}: {}", output.stderr);
    }
}

#[test]
fn both_are_shown_in_every_format() {
    let fixture = fixture();
    for command in [&["cut"][..], &["single-points", "--above", "0.15"]] {
        for more in [
            &["--width", "80"][..],
            &["--width", "140"],
            &["--format", "markdown"],
            &["--format", "csv"],
            &["--format", "json"],
        ] {
            let args = [command, more].concat();
            let text = run(&fixture, &args);
            assert_eq!(text, run(&fixture, &args), "{args:?}");
            if more.contains(&"80") {
                assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
            }
            insta::assert_snapshot!(format!("{}-{}", command[0], more[1]), lasting(&text, &fixture));
        }
    }
}

#[test]
fn json_is_what_the_schema_says() {
    let fixture = fixture();
    for (command, schema) in [("cut", "cut"), ("single-points", "single-points")] {
        let schema: Value = serde_json::from_str(&fixture.stdout(&["schema", schema])).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut report = json_of(&fixture, &[command]);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        report["version"] = "one".into();
        assert!(!validator.is_valid(&report), "the schema of {command} holds something");
    }
}

#[test]
fn hostile_names_stay_text() {
    const NAME: &str = "a\u{1b}[31m|<b>@x\u{202e}";
    let fixture = Fixture::new();
    let named = git("github.com/kasperskylab/example");
    let rows: [(&str, &str, &str, &[&str]); 3] =
        [("app", "0.1.0", "", &["=web"]), ("=web", "1.0.0", CRATES_IO, &[NAME]), (NAME, "1.0.0", &named, &[])];
    fixture.file("Cargo.lock", lock(&rows));
    for command in [&["cut", "--near", "targets"][..], &["cut"], &["single-points"]] {
        for format in ["human", "markdown", "csv", "json"] {
            let text = run(&fixture, &[command, &["--format", format]].concat());
            assert!(
                !text.chars().any(|c| c == '\u{1b}' || c == '\u{202e}' && format != "json"),
                "{command:?} {format}: {text}"
            );
            if format == "markdown" {
                assert!(!text.contains("<b>") && !text.contains("@x"), "{text}");
            }
            if format == "csv" {
                assert!(!text.contains(",=web"), "{text}");
            }
        }
    }
}

/// What breaks is not what leaves; who is unknown is nowhere.
#[test]
fn single_points_tell_what_breaks_from_what_leaves() {
    let report = json_of(&fixture(), &["single-points", "--above", "0.2"]);
    let weight = |name: &str| {
        let rows = report["single"].as_array().unwrap();
        let row = rows.iter().find(|row| row["package"] == name).map(|row| row["weight"].clone());
        row.map(|weight| {
            (
                weight["breaks"].as_u64().unwrap(),
                weight["brings"].as_u64().unwrap(),
                weight["members"].as_u64().unwrap(),
            )
        })
    };
    assert_eq!(report["packages"], 9);
    assert_eq!(weight("web@1.0.0"), Some((1, 3, 1)));
    assert_eq!(weight("aes@1.0.0"), Some((3, 1, 1)));
    assert_eq!(weight("serde@1.0.0"), Some((3, 1, 1)));
    assert_eq!(weight("left@1.0.0"), Some((2, 1, 1)));
    assert_eq!(weight("cli@1.0.0"), None);
    let party = |id: &str| report["parties"].as_array().unwrap().iter().find(|row| row["party"]["id"] == id).cloned();
    let kaspersky = party("kaspersky").unwrap();
    assert_eq!(kaspersky["packages"], 3);
    // web and cli need something of it; rustls and aes come only through it.
    assert_eq!((&kaspersky["weight"]["breaks"], &kaspersky["weight"]["brings"]), (&json!(5), &json!(5)));
    let russia =
        report["countries"].as_array().unwrap().iter().find(|row| row["country"] == "RU" && row["facet"] == "steward");
    assert_eq!(russia.unwrap()["weight"]["breaks"], 5);
    for located in report["located"].as_array().unwrap() {
        let sum: u64 = ["country", "no_seat", "unknown"].iter().map(|key| located[key].as_u64().unwrap()).sum();
        assert_eq!(sum, 9, "{located}");
    }
    let tls = report["capabilities"].as_array().unwrap().iter().find(|row| row["id"] == "tls").unwrap();
    // rustls is American, and comes only through one that is Russian.
    assert_eq!((names(&tls["providers"]), &tls["single"]), (vec!["rustls@1.0.0"], &json!(["RU", "US"])));
    assert_eq!(tls["most"], json!({ "country": "RU", "lost": 1, "own": 0 }));
}

/// A workspace that cargo resolves: features that take all of it out, and what is said is done.
#[test]
fn features_take_out_what_no_member_needs_without_them() {
    let fixture = Fixture::new();
    let optional = |name: &str| format!("{name} = {{ path = \"deps/{name}\", optional = true }}\n");
    let manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[features]\ndefault = [\"tls\", \"db\"]\ntls = [\"dep:net\"]\ndb = [\"dep:store\"]\n[dependencies]\nbase = {{ path = \"deps/base\" }}\n{}{}[workspace]\nexclude = [\"deps\"]\n",
        optional("net"),
        optional("store")
    );
    fixture.file("Cargo.toml", manifest).file("src/lib.rs", "");
    let needs = |name: &str| format!("[dependencies]\n{name} = {{ path = \"../{name}\" }}\n");
    for (name, rest) in [
        ("net", needs("thing")),
        ("store", needs("other")),
        ("base", needs("always")),
        ("thing", String::new()),
        ("other", needs("thing")),
        ("always", String::new()),
    ] {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{rest}");
        fixture.file(format!("deps/{name}/Cargo.toml"), manifest).file(format!("deps/{name}/src/lib.rs"), "");
    }
    let cut = |args: &[&str]| {
        let args = [&["cut", "--offline", "--as-of", "2026-11-24", "--format", "json"], args].concat();
        serde_json::from_str::<Value>(&fixture.stdout(&args)).unwrap()
    };
    let features = |report: &Value| {
        let rows = report["features"]["turn_off"].as_array().unwrap();
        rows.iter().map(|row| row["feature"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // Each of the two brings it in: one switch that turns on both takes it out too, and is the smaller set.
    let report = cut(&["thing"]);
    assert_eq!(features(&report), ["default"]);
    assert_eq!((&report["features"]["smallest"], &report["features"]["removes"]), (&json!(true), &json!(4)));
    let report = cut(&["thing", "--no-default-features", "--features", "tls,db"]);
    assert_eq!(features(&report), ["db", "tls"]);
    assert_eq!(report["features"]["targets"], json!(["thing@1.0.0"]));
    assert!(
        report["features"]["summary"]
            .as_str()
            .unwrap()
            .starts_with("2 features together take out all of them; no smaller")
    );
    // Of several, what features cannot take out is said.
    let report = cut(&["other", "always"]);
    assert_eq!((features(&report), &report["features"]["stay"]), (vec!["db".to_owned()], &json!(["always@1.0.0"])));
    let report = cut(&["always"]);
    assert_eq!(report["features"]["summary"], "no feature in your hands takes any of them out");
    // Done, it is gone.
    let output =
        fixture.run(&["cut", "thing", "--offline", "--no-default-features", "--features", "db", "--format", "json"]);
    assert_eq!(names(&output.json()["targets"]), ["thing@1.0.0"]);
    let output = fixture.run(&["cut", "other", "--offline", "--no-default-features", "--features", "tls"]);
    assert_eq!(output.code, 2, "{output:?}");
}
