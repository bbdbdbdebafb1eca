//! What the policy makes of one package, as `cargo origin explain` shows it.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use serde_json::{Value, json};

use crate::support::{CRATES_IO, Fixture};
use crate::truths::{git, project};

fn explain(fixture: &Fixture, package: &str, policy: Option<&str>, more: &[&str]) -> String {
    let mut args = vec!["explain", package, "--lockfile", "Cargo.lock", "--as-of", "2026-11-24"];
    if let Some(policy) = policy {
        fixture.file("origin.toml", policy);
        args.extend(["--config", "origin.toml"]);
    }
    fixture.stdout(&[&args[..], more].concat())
}

fn as_json(fixture: &Fixture, policy: Option<&str>) -> Value {
    serde_json::from_str(&explain(fixture, "thing", policy, &["--format", "json"])).unwrap()
}

fn kaspersky() -> Fixture {
    project(&[("thing", &git("github.com/kasperskylab/thing")), ("other", CRATES_IO)])
}

/// Rule and level of every finding.
fn levels(explanation: &Value) -> Vec<(&str, &str)> {
    let rows = explanation["findings"].as_array().unwrap();
    rows.iter().map(|row| (row["rule"].as_str().unwrap(), row["level"].as_str().unwrap())).collect()
}

#[test]
fn findings_are_those_of_the_check_and_of_this_package_only() {
    let fixture = kaspersky();
    let policy = "programmes = [\"us-kaspersky-2024\"]\n[rules]\nunknown-origin = { direct = true }\n[[ban]]\npackage = \"other\"\n";
    let explanation = as_json(&fixture, Some(policy));
    assert_eq!(levels(&explanation), [("listed-party", "deny")]);
    let args =
        ["check", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--as-of", "2026-11-24", "--format", "json"];
    let report = fixture.run(&args).json();
    let of_check = report["findings"].as_array().unwrap().iter().find(|row| row["package"] == "thing@1.0.0").unwrap();
    assert_eq!(&explanation["findings"][0], of_check);
    assert_eq!(of_check["location"]["file"], "Cargo.lock");
    // Without a policy the rules find by themselves.
    assert_eq!(levels(&as_json(&fixture, None)), [("listed-party", "warn"), ("listed-seat", "warn")]);
    assert_eq!(levels(&as_json(&project(&[("thing", CRATES_IO)]), None)), []);
    let text = explain(&fixture, "thing", None, &[]);
    assert!(text.contains("WHAT THE RULES FIND\n  warn listed-party\n"), "{text}");
    assert!(text.contains("to do: replace thing 1.0.0"), "{text}");
}

/// A heading with a long name folds like everything else, and the name is whole.
#[test]
fn a_heading_with_a_long_name_folds() {
    let name = "Example Company For Things Of Every Kind And For Some That Nobody Needs Limited";
    let policy = format!(
        "[[vendor]]\nid = \"example-vendor\"\nname = \"{name}\"\nkind = \"company\"\nseat = \"DE\"\nforges = [\"github.com/example-vendor\"]\nas_of = \"2026-11-01\"\n"
    );
    let fixture = project(&[("thing", &git("github.com/example-vendor/thing"))]);
    let text = explain(&fixture, "thing", Some(&policy), &["--width", "80"]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let heading = text.split("STEWARD").nth(1).unwrap().split("probability").next().unwrap();
    assert!(heading.split_whitespace().collect::<Vec<_>>().join(" ").ends_with(name), "{text}");
    assert!(heading.contains("\n  "), "{text}");
}

#[test]
fn exceptions_that_hold_are_shown_and_those_that_do_not_say_why() {
    let fixture = kaspersky();
    let rows = [
        ("version = \"^2\"", "it is about versions ^2"),
        ("until = \"2026-11-24\"", "it has not held since 2026-11-24"),
        ("through = \"elsewhere\"", "not every way to the package goes through elsewhere"),
        ("rule = \"listed-seat\"", "listed-seat finds nothing in it"),
        ("rule = \"bus-factor\"", "the policy allows what bus-factor finds"),
        ("programme = \"us-1260h\"", "nothing is found in it of the rule, programme and party that it names"),
        (
            "rule = \"listed-party\"\nparty = \"huawei\"",
            "nothing is found in it of the rule, programme and party that it names",
        ),
        ("agreed = \"the board\"", ""),
        ("party = \"kaspersky\"", "another exception before it accepts the same"),
    ];
    let exception = |scope: &str| format!("[[exception]]\npackage = \"thing\"\n{scope}\nreason = \"read\"\n");
    let exceptions = rows.iter().map(|row| exception(row.0)).collect::<Vec<_>>().concat();
    let foreign = "[[exception]]\npackage = \"other\"\nreason = \"read\"\n";
    let policy = format!("programmes = [\"us-kaspersky-2024\"]\n{exceptions}{foreign}");
    let explanation = as_json(&fixture, Some(&policy));
    assert_eq!(levels(&explanation), [("listed-party", "accepted")]);
    assert_eq!(explanation["findings"][0]["reasons"][0]["accepted"]["agreed"], "the board");
    let idle: Vec<&str> =
        explanation["idle_exceptions"].as_array().unwrap().iter().map(|row| row["because"].as_str().unwrap()).collect();
    let expected: Vec<&str> = rows.iter().map(|row| row.1).filter(|why| !why.is_empty()).collect();
    assert_eq!(idle, expected);
    assert_eq!(explanation["idle_exceptions"][1]["exception"]["reference"], "origin.toml:6");
    let text = explain(&fixture, "thing", Some(&policy), &["--width", "200"]);
    assert!(text.contains("accepted listed-party") && text.contains("read, agreed by the board]"), "{text}");
    assert!(
        text.contains("the exception at origin.toml:2: read accepts nothing here: it is about versions ^2"),
        "{text}"
    );
    // With nothing found, an exception for everything has nothing to accept.
    let clean = project(&[("thing", CRATES_IO)]);
    let policy = "[[exception]]\npackage = \"thing\"\nreason = \"read\"\n";
    let explanation = as_json(&clean, Some(policy));
    assert_eq!(explanation["findings"], json!([]));
    assert_eq!(explanation["idle_exceptions"][0]["because"], "nothing is found in it");
}

/// What is said by something nearer is accepted there as well; the exception is not idle for want of a finding.
#[test]
fn an_exception_that_something_nearer_makes_needless_says_so() {
    let claims: String = ["steward", "publisher"]
        .map(|facet| format!("[[claim]]\npackage = \"thing\"\nfacet = \"{facet}\"\nplace = \"CN\"\nsource = \"x\"\n"))
        .concat();
    let policy = format!(
        "programmes = [\"us-icts-adversaries\"]\n[[exception]]\npackage = \"thing\"\nrule = \"listed-publisher\"\nreason = \"x\"\n{claims}"
    );
    let explanation = as_json(&project(&[("thing", CRATES_IO)]), Some(&policy));
    assert_eq!(levels(&explanation), [("listed-seat", "deny")]);
    let because = explanation["idle_exceptions"][0]["because"].as_str().unwrap();
    assert_eq!(because, "what it accepts is of another version, or said by something nearer");
}
