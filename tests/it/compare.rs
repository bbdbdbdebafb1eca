//! `cargo origin compare`: two projects, two policies, two homes.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use cargo_origin::analysis::{Histories, Live, Options, analyse};
use cargo_origin::data::Data;
use cargo_origin::exposure::Thresholds;
use cargo_origin::load::lock_from_text;
use cargo_origin::policy::Policy;
use cargo_origin::report::{Compared, Detail, State, compare};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::diff::{HOSTILE, Rows, any_lock, harmless, lies};
use crate::support::{CRATES_IO, Fixture, Output, lock};
use crate::truths::{git, project};

const DAY: &str = "2026-11-24";

const PROJECT: [&str; 2] = ["--lockfile", "a.lock"];

/// A project with a package of one listed company, and one with an account of another; they have `serde` in common, in two versions.
fn locks() -> Fixture {
    let fixture = Fixture::new();
    let thing = git("github.com/kasperskylab/thing");
    let rows: Rows<'_> = vec![
        ("acme", "0.1.0", "", &["monoio", "serde"]),
        ("monoio", "0.2.4", CRATES_IO, &["quote"]),
        ("quote", "1.0.0", CRATES_IO, &[]),
        ("serde", "1.0.0", CRATES_IO, &[]),
    ];
    fixture.file("a.lock", lock(&rows));
    let rows: Rows<'_> = vec![
        ("tool", "0.1.0", "", &["slint", "serde", "thing"]),
        ("serde", "1.0.1", CRATES_IO, &[]),
        ("slint", "1.0.0", CRATES_IO, &[]),
        ("thing", "1.0.0", &thing, &[]),
    ];
    fixture.file("b.lock", lock(&rows));
    fixture
}

fn run(fixture: &Fixture, args: &[&str]) -> Output {
    fixture.run(&[&["compare", "--as-of", DAY], args].concat())
}

fn said(fixture: &Fixture, args: &[&str]) -> Value {
    let output = run(fixture, &[&["--format", "json"], args].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.json()
}

fn shown(fixture: &Fixture, args: &[&str]) -> String {
    let output = run(fixture, args);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{args:?}");
    output.stdout
}

fn row<'a>(rows: &'a Value, key: &str, value: &str) -> &'a Value {
    let found = rows.as_array().unwrap().iter().find(|row| row[key] == value);
    found.unwrap_or_else(|| panic!("no {value} in {rows}"))
}

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["name"].as_str().or(row.as_str()).unwrap()).collect()
}

fn notes(report: &Value) -> String {
    report["notes"].to_string()
}

/// The same with the sides swapped.
fn mirrored(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let swapped = |key: &str| match key {
                "a" => "b".to_owned(),
                "b" => "a".to_owned(),
                other => other.to_owned(),
            };
            let of = |(key, value): (&String, &Value)| {
                let value = match value.as_f64().filter(|_| key == "difference") {
                    Some(_) if !value.is_f64() => json!(0 - value.as_i64().unwrap()),
                    Some(number) => json!(0.0 - number),
                    None => mirrored(value),
                };
                (swapped(key), value)
            };
            Value::Object(map.iter().map(of).collect())
        }
        Value::Array(rows) => Value::Array(rows.iter().map(mirrored).collect()),
        other => other.clone(),
    }
}

/// Notes call the sides by their letters.
fn without_notes(mut report: Value) -> Value {
    report["notes"] = Value::Null;
    report
}

#[test]
fn two_projects_with_what_each_has() {
    let fixture = locks();
    let report = said(&fixture, &["a.lock", "b.lock"]);
    assert_eq!(
        (&report["compared"], &report["verdict"], &report["alike"]),
        (&json!("projects"), &json!("different"), &json!(true))
    );
    let packages = &report["packages"];
    assert_eq!(packages["all"], json!({ "a": 3, "b": 3, "difference": 0 }));
    assert_eq!(packages["direct"], json!({ "a": 2, "b": 3, "difference": 1 }));
    assert_eq!((&packages["both"], &packages["only"]), (&json!(1), &json!({ "a": 2, "b": 2 })));
    let only = &report["only"]["exposed"];
    assert_eq!((names(&only["a"]), names(&only["b"])), (vec!["monoio"], vec!["thing"]));
    assert_eq!((&only["a"][0]["grade"], &only["a"][0]["elsewhere"]), (&json!("named"), &json!("absent")));
    let steward = &report["concentration"][0];
    assert_eq!((&steward["facet"], &steward["weighting"]), (&json!("steward"), &json!("packages")));
    assert_eq!(row(&steward["shares"], "country", "CN")["b"], 0.0);
    assert_eq!(row(&steward["shares"], "country", "RU")["a"], 0.0);
    let kaspersky = row(&report["programmes"], "programme", "us-kaspersky-2024");
    assert_eq!((&kaspersky["packages"]["a"], &kaspersky["grades"]["b"]), (&json!(0), &json!({ "named": 1 })));
    assert!(names(&report["only"]["programmes"]["b"]).contains(&"us-kaspersky-2024"));
    assert_eq!((&report["standings"], &report["sides"]["a"]["workspace"]), (&json!([]), &json!("acme")));
}

/// Numbers are those of the other commands.
#[test]
fn each_side_is_what_the_report_and_the_gate_say() {
    let fixture = locks();
    fixture.file("origin.toml", "home = \"US\"\n[[exception]]\npackage = \"thing\"\nreason = \"read\"\n");
    let policy = ["--config", "origin.toml"];
    let compared = said(&fixture, &[&["a.lock", "b.lock"][..], &policy].concat());
    for (side, file) in [("a", "a.lock"), ("b", "b.lock")] {
        let input = ["--lockfile", file, "--as-of", DAY, "--format", "json"];
        let check = fixture.run(&[&["check"][..], &input, &policy].concat()).json();
        assert_eq!(compared["gate"]["verdict"][side], check["verdict"]);
        for level in ["deny", "warn", "accepted"] {
            assert_eq!(compared["gate"][level][side], check["counts"][level], "{file} {level}");
        }
        let report = fixture.run(&[&input[..], &policy].concat()).json();
        assert_eq!(compared["packages"]["all"][side], report["workspace"]["packages"]);
        assert_eq!(compared["packages"]["direct"][side], report["workspace"]["direct"]);
        for programme in report["programmes"].as_array().unwrap().iter().filter(|row| row["packages"] != 0) {
            let pair = row(&compared["programmes"], "programme", programme["id"].as_str().unwrap());
            assert_eq!(
                (&pair["packages"][side], &pair["grades"][side]),
                (&programme["packages"], &programme["grades"])
            );
            assert_eq!(pair["status"][side], programme["status"]);
        }
        for one in report["concentration"].as_array().unwrap() {
            let pairs = compared["concentration"].as_array().unwrap();
            let same = |pair: &&Value| pair["facet"] == one["facet"] && pair["weighting"] == one["weighting"];
            let pair = pairs.iter().find(same).unwrap();
            assert_eq!((&pair["hhi"][side], &pair["unknown"][side]), (&one["hhi"], &one["unknown"]));
            assert_eq!(pair["no_seat"][side], one["no_seat"]);
        }
    }
    assert!(compared["gate"]["accepted"]["b"].as_u64() > Some(0), "{}", compared["gate"]);
    assert!(!notes(&compared).contains("no policy is given"), "{}", compared["notes"]);
    assert!(notes(&said(&fixture, &["a.lock", "b.lock"])).contains("no policy is given"));
}

#[test]
fn identical_sides_say_so() {
    let fixture = locks();
    fixture
        .file("same.lock", fixture.read("a.lock"))
        .file("x.toml", "home = \"DE\"\n")
        .file("y.toml", "home = \"DE\"\n");
    for args in [
        &["a.lock", "same.lock"][..],
        &["--policy", "x.toml", "--policy", "y.toml", "--lockfile", "a.lock"],
        &["--homes", "DE,DE", "--lockfile", "a.lock"],
    ] {
        let human = shown(&fixture, &[args, &["--width", "200"]].concat());
        let sentence = "Nothing that is compared here differs. Each has 3 packages, 1 of them exposed. The gate:";
        assert!(human.contains(sentence) && !human.contains("PACKAGES"), "{human}");
        assert!(shown(&fixture, &[args, &["--format", "markdown"]].concat()).contains("**Nothing that is compared"));
        let report = said(&fixture, args);
        assert_eq!(report["verdict"], "same");
        assert_eq!(report["judged"], json!([]));
    }
}

#[test]
fn a_saved_report_is_a_side_without_a_verdict() {
    let fixture = locks();
    for (lock, name) in [("a.lock", "a.json"), ("b.lock", "b.json")] {
        fixture.file(name, fixture.stdout(&["--lockfile", lock, "--as-of", DAY, "--format", "json"]));
    }
    let same = said(&fixture, &["a.lock", "a.json"]);
    assert_eq!((&same["verdict"], &same["alike"]), (&json!("same"), &json!(true)));
    assert_eq!(same["gate"]["verdict"]["b"], Value::Null);
    assert_eq!((&same["gate"]["deny"]["difference"], &same["judged"]), (&Value::Null, &Value::Null));
    assert!(notes(&same).contains("B is a saved report, which holds no verdict"), "{}", same["notes"]);
    let direct = said(&fixture, &["a.lock", "b.lock"]);
    for args in [["a.lock", "b.json"], ["a.json", "b.lock"], ["a.json", "b.json"]] {
        let report = said(&fixture, &args);
        for key in ["packages", "concentration", "programmes", "only"] {
            assert_eq!(report[key], direct[key], "{args:?} {key}");
        }
    }
    assert!(notes(&said(&fixture, &["a.json", "b.json"])).contains("both sides are saved reports"));
    assert!(shown(&fixture, &["a.lock", "b.json"]).contains("not told"));
    // A report keeps its day.
    let other = fixture.run(&["compare", "a.json", "a.lock", "--as-of", "2020-01-01", "--format", "json"]).json();
    assert!(notes(&other).contains("A is about 2026-11-24, and B 2020-01-01"), "{}", other["notes"]);
}

#[test]
fn unlike_kinds_are_said_to_be() {
    let fixture = locks();
    fixture.file("saved.json", crate::load::saved().to_string());
    let report = said(&fixture, &["saved.json", "a.lock"]);
    assert_eq!((&report["alike"], &report["sides"]["a"]["kind"]), (&json!(false), &json!("metadata")));
    assert!(notes(&report).contains("the sides are of unlike kinds"), "{}", report["notes"]);
    let human = shown(&fixture, &["saved.json", "a.lock", "--width", "200"]);
    assert!(human.contains("A: saved.json (saved cargo metadata) \u{b7} made-up \u{b7} what is built"), "{human}");
    assert!(human.contains("B: a.lock (lock file) \u{b7} acme \u{b7} what could be built"), "{human}");
    // The selection is that of the command line.
    let all = said(&fixture, &["saved.json", "saved.json", "--dev", "--all-features"]);
    assert!(all["packages"]["all"]["a"].as_u64() > report["packages"]["all"]["a"].as_u64());
    assert_eq!(all["verdict"], "same");
}

const CLAIM: &str = "[[claim]]\npackage = \"quote\"\nfacet = \"steward\"\nplace = \"KP\"\nsource = \"imprint\"\n";

const OWN: &str =
    "[[programme]]\nid = \"acme-list\"\ntitle = \"Acme\'s own\"\ncountries = [\"KP\"]\nas_of = \"2026-11-01\"\n";

#[test]
fn two_policies_with_what_each_makes_of_it() {
    let fixture = locks();
    fixture.file("mild.toml", "home = \"US\"\n[rules]\nlisted-seat = \"warn\"\nlisted-party = \"warn\"\n");
    fixture.file(
        "strict.toml",
        format!("home = \"US\"\n[rules]\nlisted-seat = \"deny\"\nlisted-party = \"warn\"\n{CLAIM}{OWN}"),
    );
    let report = said(&fixture, &[&PROJECT[..], &["--policy", "mild.toml", "--policy", "strict.toml"]].concat());
    assert_eq!((&report["compared"], &report["sides"]["b"]["asked"]), (&json!("policies"), &json!("strict.toml")));
    // What the claim changes: a place, a share, an exposure.
    let only = &report["only"];
    assert_eq!((names(&only["exposed"]["a"]), names(&only["exposed"]["b"])), (vec![], vec!["quote"]));
    assert_eq!(only["exposed"]["b"][0]["elsewhere"], "not-exposed");
    assert_eq!(row(&only["countries"]["b"], "country", "KP")["facets"], json!(["steward"]));
    assert!(names(&only["programmes"]["b"]).contains(&"acme-list"), "{only}");
    // The programme of one policy is not known to the other.
    let own = row(&report["standings"], "programme", "acme-list");
    assert_eq!(own["standing"], json!({ "a": null, "b": { "status": "in-force", "applies": true, "counts": true } }));
    // The stricter level.
    assert_eq!(report["gate"]["verdict"], json!({ "a": "holds", "b": "violated" }));
    let finding = row(&report["judged"], "package", "quote@1.0.0");
    assert_eq!((&finding["rule"], &finding["level"]), (&json!("listed-seat"), &json!({ "a": null, "b": "deny" })));
    let human = shown(&fixture, &[&PROJECT[..], &["--policy", "mild.toml", "--policy", "strict.toml"]].concat());
    assert!(human.contains("not known to it"), "{human}");
}

/// What is only possible is no exposure, and is told apart from nothing at all.
#[test]
fn what_is_only_possible_on_the_other_side_is_said() {
    let fixture = project(&[("moka", CRATES_IO)]);
    let when =
        |share: &str, probability: &str| format!("[contribution]\nshare = {share}\nprobability = {probability}\n");
    fixture.file("sure.toml", when("0.25", "0.99")).file("likely.toml", when("0.25", "0.5"));
    let input = ["--lockfile", "Cargo.lock", "--policy", "sure.toml", "--policy", "likely.toml"];
    let report = said(&fixture, &input);
    let packages = &report["packages"];
    assert_eq!((&packages["exposed"]["a"], &packages["possible"]["a"]), (&json!(0), &json!(1)));
    assert_eq!((&packages["exposed"]["b"], &packages["possible"]["b"]), (&json!(1), &json!(0)));
    assert_eq!(report["only"]["exposed"]["a"], json!([]));
    let only = row(&report["only"]["exposed"]["b"], "name", "moka");
    assert_eq!((&only["grade"], &only["elsewhere"]), (&json!("contribution"), &json!("possible")));
    assert!(shown(&fixture, &input).contains("only possible"));
}

#[test]
fn a_level_alone_changes_the_gate_alone() {
    let fixture = locks();
    fixture.file("mild.toml", "[rules]\nunknown-origin = \"allow\"\nlisted-party = \"warn\"\n");
    fixture.file(
        "strict.toml",
        "programmes = [\"us-pafaca\"]\n[rules]\nunknown-origin = \"allow\"\nlisted-party = \"deny\"\n",
    );
    let report = said(&fixture, &[&PROJECT[..], &["--policy", "mild.toml", "--policy", "strict.toml"]].concat());
    assert_eq!(
        report["only"],
        json!({ "exposed": { "a": [], "b": [] }, "programmes": { "a": [], "b": [] }, "countries": { "a": [], "b": [] } })
    );
    let finding = row(&report["judged"], "rule", "listed-party");
    assert_eq!(finding["level"], json!({ "a": "warn", "b": "deny" }));
    assert_eq!(finding["package"], "monoio@0.2.4");
    assert_eq!((&report["gate"]["deny"]["difference"], &report["verdict"]), (&json!(1), &json!("different")));
    let chosen = row(&report["standings"], "programme", "us-pafaca");
    assert_eq!((&chosen["standing"]["a"]["counts"], &chosen["standing"]["b"]["counts"]), (&json!(false), &json!(true)));
}

#[test]
fn two_homes_with_the_law_of_each() {
    let fixture = locks();
    let report = said(&fixture, &[&PROJECT[..], &["--homes", "DE,RU"]].concat());
    assert_eq!((&report["sides"]["a"]["home"], &report["sides"]["b"]["home"]), (&json!("DE"), &json!("RU")));
    let standing = |id: &str| {
        let found = row(&report["standings"], "programme", id);
        ["a", "b"].map(|side| {
            (found["standing"][side]["status"].as_str().unwrap().to_owned(), found["standing"][side]["counts"] == true)
        })
    };
    // Everything foreign is listed for one home only; the law of the Union is law of one home only.
    // What reaches something is told first.
    assert_eq!(report["standings"][0]["programme"], "ru-166");
    assert_eq!(standing("ru-166"), [("not-yours".to_owned(), false), ("in-force".to_owned(), true)]);
    assert_eq!(standing("eu-269"), [("in-force".to_owned(), true), ("in-force".to_owned(), false)]);
    assert!(names(&report["only"]["programmes"]["b"]).contains(&"ru-166"), "{}", report["only"]);
    assert_eq!(names(&report["only"]["exposed"]["b"]), ["quote", "serde"]);
    assert_eq!(report["only"]["exposed"]["a"], json!([]));
    assert_eq!(report["concentration"][0]["unknown"]["difference"], 0.0);
    let members = said(&fixture, &[&PROJECT[..], &["--homes", "FR,IT"]].concat());
    assert!(!members["standings"].to_string().contains("eu-269"), "law of both");
    // What the policy says of a home does not count against --homes.
    fixture.file("origin.toml", "home = \"US\"\n");
    let over = said(&fixture, &[&PROJECT[..], &["--homes", "DE,RU", "--config", "origin.toml"]].concat());
    assert_eq!(without_notes(over), without_notes(report));
}

#[test]
fn the_present_project_is_compared_with_itself() {
    let fixture = Fixture::workspace();
    fixture.file("origin.toml", "home = \"DE\"\n");
    fixture.file("claims.toml", CLAIM.replace("quote", "base"));
    let report = said(&fixture, &["--homes", "DE,FR"]);
    assert_eq!(
        (&report["sides"]["a"]["workspace"], &report["sides"]["a"]["mode"]),
        (&json!("app"), &json!("metadata"))
    );
    let report = said(&fixture, &["--policy", "origin.toml", "--policy", "claims.toml"]);
    assert_eq!(names(&report["only"]["exposed"]["b"]), ["base"]);
    assert_eq!(report["only"]["exposed"]["b"][0]["path"], json!(["app@0.1.0", "base@1.0.0"]));
    assert!(notes(&report).contains("A has the home DE, and B not set"), "{}", report["notes"]);
}

#[test]
fn swapped_sides_are_mirrored_in_every_form() {
    let fixture = locks();
    fixture.file("a.toml", "home = \"US\"\n").file("b.toml", format!("home = \"DE\"\n{CLAIM}{OWN}"));
    fixture.file("a.json", fixture.stdout(&["--lockfile", "a.lock", "--as-of", DAY, "--format", "json"]));
    for (one, other) in [
        (vec!["a.lock", "b.lock"], vec!["b.lock", "a.lock"]),
        (vec!["a.json", "b.lock"], vec!["b.lock", "a.json"]),
        ([&PROJECT[..], &["--homes", "DE,RU"]].concat(), [&PROJECT[..], &["--homes", "RU,DE"]].concat()),
        (
            [&PROJECT[..], &["--policy", "a.toml", "--policy", "b.toml"]].concat(),
            [&PROJECT[..], &["--policy", "b.toml", "--policy", "a.toml"]].concat(),
        ),
    ] {
        let (one, other) = (without_notes(said(&fixture, &one)), without_notes(said(&fixture, &other)));
        assert_eq!(mirrored(&one), other);
        assert_ne!(one, other);
        assert_eq!(mirrored(&mirrored(&one)), one);
    }
}

fn side(text: &str, data: &Data) -> Compared {
    let day = DAY.parse().unwrap();
    let options = Options { as_of: day, home: None, threads: 1, today: day, thresholds: Thresholds::default() };
    let loaded = lock_from_text(text, "Cargo.lock").unwrap();
    let analysis = analyse(loaded, Vec::new(), (&Histories::default(), &Live::default()), data, options).unwrap();
    let judgement = Some(analysis.judgement(&Policy::default()));
    Compared {
        asked: "side".into(),
        kind: "lock-file",
        state: State::from(&analysis.report(Detail::Answers)),
        judgement,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// No side is the first, a side is the same as itself, and what only one has is not on the other.
    #[test]
    fn sides_are_treated_alike(a in any_lock(), b in any_lock()) {
        let data = Data::embedded().unwrap();
        let (a, b) = (side(&a, &data), side(&b, &data));
        let said = |a: &Compared, b: &Compared| {
            without_notes(serde_json::to_value(compare(a, b, "projects", Vec::new())).unwrap())
        };
        let report = said(&a, &b);
        prop_assert_eq!(mirrored(&report), said(&b, &a));
        prop_assert_eq!(&said(&a, &a)["verdict"], "same");
        let packages = &report["packages"];
        for (here, there) in [("a", "b"), ("b", "a")] {
            let kept = packages["both"].as_u64().unwrap() + packages["only"][here].as_u64().unwrap();
            prop_assert!(kept <= packages["all"][here].as_u64().unwrap(), "{packages}");
            let keys = |side: &str| -> Vec<(String, String)> {
                let rows = report["only"]["exposed"][side].as_array().unwrap().iter();
                rows.map(|row| (row["name"].to_string(), row["source"].to_string())).collect()
            };
            prop_assert!(keys(here).iter().all(|key| !keys(there).contains(key)));
        }
    }
}

#[test]
fn the_same_gives_the_same_bytes() {
    let fixture = locks();
    for format in ["human", "json", "markdown", "csv"] {
        let bytes = || shown(&fixture, &["a.lock", "b.lock", "--format", format]);
        assert_eq!(bytes(), bytes());
    }
}

#[test]
fn json_is_what_the_schema_says() {
    let fixture = locks();
    let schema: Value = serde_json::from_str(&fixture.stdout(&["schema", "compare"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    fixture
        .file("a.json", fixture.stdout(&["--lockfile", "a.lock", "--format", "json"]))
        .file("b.toml", format!("{CLAIM}{OWN}"));
    fixture.file("a.toml", "");
    for args in [
        &["a.lock", "b.lock"][..],
        &["a.json", "b.lock"],
        &["--lockfile", "a.lock", "--homes", "DE,RU"],
        &["--lockfile", "a.lock", "--policy", "a.toml", "--policy", "b.toml"],
    ] {
        let report = said(&fixture, args);
        let wrong: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{args:?}: {wrong:?}");
    }
    assert!(!validator.is_valid(&json!({ "version": 1 })), "the schema holds something");
}

#[test]
fn wrong_usage_is_one_clear_error() {
    let fixture = locks();
    fixture.file("p.toml", "home = \"DE\"\n").file("wrong.toml", "hom = 1\n").file("broken.json", "{\"a\":");
    fixture.file("check.json", fixture.run(&["check", "--lockfile", "a.lock", "--format", "json"]).stdout);
    fixture.file("compare.json", shown(&fixture, &["a.lock", "b.lock", "--format", "json"]));
    for (args, wanted) in [
        (&[][..], "say what: two files"),
        (&["a.lock"], "one file is given, and two are compared"),
        (&["a.lock", "b.lock", "a.lock"], "3 files are given, and two are compared"),
        (&["--policy", "p.toml"], "one policy is given"),
        (&["--policy", "p.toml", "--policy", "p.toml", "--policy", "p.toml"], "3 policies are given"),
        (&["--homes", "DE"], "one home is given"),
        (&["--homes", "DE,FR,IT"], "3 homes are given"),
        (&["a.lock", "b.lock", "--homes", "DE,FR"], "three questions"),
        (&["--policy", "p.toml", "--policy", "p.toml", "--homes", "DE,FR"], "three questions"),
        (&["a.lock", "b.lock", "--lockfile", "a.lock"], "two files are the sides"),
        (&["a.lock", "b.lock", "--manifest-path", "Cargo.toml"], "two files are the sides"),
        (&["--policy", "p.toml", "--policy", "p.toml", "--config", "p.toml"], "third policy"),
        (&["--homes", "DE,FR", "--home", "DE"], "third home"),
        (&["--homes", "DE,XX", "--lockfile", "a.lock"], "--homes: `XX` is not a country"),
        (&["--homes", "DE,", "--lockfile", "a.lock"], "--homes"),
        (&["a.lock", "b.lock", "--home", "XX"], "--home: `XX` is not a country"),
        (&["a.lock", "none.lock"], "`none.lock` cannot be used"),
        (&["a.lock", "broken.json"], "ends too early"),
        (&["a.lock", "check.json"], "what `cargo origin check` writes"),
        (&["a.lock", "compare.json"], "it is neither a lock file"),
        (&["a.lock", "b.lock", "--all-features"], "chosen in a saved cargo metadata"),
        (&["--policy", "p.toml", "--policy", "wrong.toml", "--lockfile", "a.lock"], "wrong.toml"),
        (&["--policy", "p.toml", "--policy", "none.toml", "--lockfile", "a.lock"], "none.toml"),
        (&["a.lock", "b.lock", "--format", "sarif"], "cargo origin check"),
        (&["a.lock", "\u{1b}[31m\u{202e}"], "cannot be used"),
    ] {
        let output = run(&fixture, args);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{args:?}");
        assert!(output.stderr.contains(wanted), "{args:?}: no `{wanted}`: {}", output.stderr);
        assert!(
            !output.stderr.contains(['\u{1b}', '\u{202e}']) && !output.stderr.contains("panicked"),
            "{}",
            output.stderr
        );
    }
}

/// What lies beside a file that may be a stranger's has no say.
#[test]
fn only_the_named_policy_counts_for_files() {
    let fixture = locks();
    let report = said(&fixture, &["a.lock", "b.lock"]);
    fixture.file("origin.toml", "home = \"RU\"\n");
    assert_eq!(said(&fixture, &["a.lock", "b.lock"]), report);
    assert_eq!(said(&fixture, &["a.lock", "b.lock", "--config", "origin.toml"])["sides"]["b"]["home"], "RU");
    assert_eq!(said(&fixture, &["a.lock", "b.lock", "--home", "DE"])["sides"]["b"]["home"], "DE");
}

#[test]
fn hostile_names_do_nothing_in_any_format() {
    let sources: Vec<String> = HOSTILE.iter().map(|name| git(&format!("gitee.com/x/{name}"))).collect();
    let mut rows: Rows<'_> = vec![("@me\u{1b}[2J", "1.0.0", "", &HOSTILE)];
    rows.extend(HOSTILE.iter().zip(&sources).map(|(name, source)| (*name, "1.0.0", source.as_str(), [].as_slice())));
    let hostile = lock(&rows);
    let fixture = locks();
    fixture.file("::error::x|<script>.lock", &hostile).file("=lies", lies(&hostile));
    let named = "[[programme]]\nid = \"own\"\ntitle = \"::error::<script>@someone|`\"\ncountries = [\"CN\"]\nas_of = \"2026-11-01\"\n";
    fixture.file("@a.toml", "").file("=b.toml", named);
    for args in [
        &["::error::x|<script>.lock", "a.lock"][..],
        &["=lies", "a.lock"],
        &["a.lock", "=lies"],
        &["=lies", "::error::x|<script>.lock"],
        &["--policy", "@a.toml", "--policy", "=b.toml", "--lockfile", "::error::x|<script>.lock"],
        &["--homes", "DE,RU", "--lockfile", "::error::x|<script>.lock"],
    ] {
        for format in ["human", "json", "markdown", "csv"] {
            for width in ["40", "140"] {
                let output = run(&fixture, &[args, &["--format", format, "--top", "0", "--width", width]].concat());
                harmless(&output, format);
                if format == "markdown" {
                    for markup in ["<script", "</details>", "-->\n", "@someone", "@me"] {
                        assert!(!output.stdout.contains(markup), "{markup} in {}", output.stdout);
                    }
                }
                if format == "csv" {
                    let mut reader = csv::Reader::from_reader(output.stdout.as_bytes());
                    for cell in reader.records().map(Result::unwrap).collect::<Vec<_>>().iter().flatten() {
                        let formula = cell.starts_with(['=', '+', '-', '@', ':']) && cell.parse::<f64>().is_err();
                        assert!(!formula, "{cell}");
                    }
                }
            }
        }
    }
}

#[test]
fn it_looks_so() {
    let fixture = locks();
    fixture.file("mild.toml", "home = \"US\"\n[rules]\nlisted-seat = \"warn\"\n");
    fixture.file("strict.toml", format!("home = \"DE\"\n{CLAIM}{OWN}"));
    let policies = ["--lockfile", "a.lock", "--policy", "mild.toml", "--policy", "strict.toml"];
    for (name, args) in [
        ("compare_projects_at_80_columns", &["a.lock", "b.lock", "--width", "80"][..]),
        ("compare_policies_at_140_columns", &[&policies[..], &["--width", "140"]].concat()),
        ("compare_homes_at_80_columns", &["--lockfile", "a.lock", "--homes", "DE,RU", "--width", "80", "--top", "6"]),
        ("compare_markdown", &["a.lock", "b.lock", "--format", "markdown"]),
        ("compare_csv", &["a.lock", "b.lock", "--format", "csv"]),
    ] {
        let text = shown(&fixture, args);
        let width = if name.contains("140") { 140 } else { 80 };
        let fits = |line: &str| line.chars().count() <= width;
        assert!(!name.ends_with("columns") || text.lines().all(fits), "{text}");
        // What changes with a release, or with every row of the data.
        let text = text.replace(&format!("cargo-origin {}", env!("CARGO_PKG_VERSION")), "cargo-origin [version]");
        let text = text.replace(&Data::embedded().unwrap().tables.data_date.to_string(), "[date]");
        insta::assert_snapshot!(name, text);
    }
}
