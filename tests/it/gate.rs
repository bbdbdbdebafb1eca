//! The gate: what fails, what only warns, what is accepted, and what a change is held to.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use std::collections::BTreeSet;

use cargo_origin::analysis::{Histories, Live, Options, analyse};
use cargo_origin::data::Data;
use cargo_origin::exposure::Thresholds;
use cargo_origin::load::lock_from_text;
use cargo_origin::policy::{Level, Policy, RULES};
use serde_json::Value;

use crate::history::{MONDAY, Repositories};
use crate::support::{CRATES_IO, Fixture, lock};
use crate::truths::{git, project};

const DAY: &str = "2026-11-24";

/// The check of a project's lock file with a policy: its exit code and its JSON.
pub(crate) fn check(fixture: &Fixture, policy: &str, more: &[&str]) -> (i32, Value) {
    fixture.file("origin.toml", policy);
    let mut args = vec!["check", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--format", "json"];
    if !more.contains(&"--as-of") {
        args.extend(["--as-of", DAY]);
    }
    args.extend(more);
    let output = fixture.run(&args);
    assert!(output.code < 2, "{}", output.stderr);
    (output.code, output.json())
}

/// What a rule found in `thing`, or in the graph as a whole.
pub(crate) fn found<'a>(report: &'a Value, rule: &str) -> Option<&'a Value> {
    report["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == rule)
}

pub(crate) fn level<'a>(report: &'a Value, rule: &str) -> &'a str {
    found(report, rule).map_or("-", |finding| finding["level"].as_str().unwrap())
}

/// Everything that is said in a finding.
pub(crate) fn said(report: &Value, rule: &str) -> String {
    found(report, rule).map(ToString::to_string).unwrap_or_default()
}

fn kaspersky() -> Fixture {
    project(&[("thing", &git("github.com/kasperskylab/thing"))])
}

const KASPERSKY: &str = "programmes = [\"us-kaspersky-2024\"]\n";

/// A package that the user claims to come from a place.
fn from(place: &str, policy: &str, more: &[&str]) -> (i32, Value) {
    let claim =
        format!("[[claim]]\npackage = \"thing\"\nfacet = \"steward\"\nplace = \"{place}\"\nsource = \"imprint\"\n");
    check(&project(&[("thing", CRATES_IO)]), &format!("{policy}\n{claim}"), more)
}

#[test]
fn the_kaspersky_ban_has_four_days_for_new_and_for_existing_use() {
    for (day, existing, new) in [
        ("2024-07-19", "warn", "warn"),
        ("2024-07-20", "warn", "deny"),
        ("2024-09-28", "warn", "deny"),
        ("2024-09-29", "deny", "deny"),
    ] {
        let fixture = kaspersky();
        fixture.file("before.lock", lock(&[("acme", "0.1.0", "", &[])]));
        let (code, report) = check(&fixture, KASPERSKY, &["--as-of", day]);
        assert_eq!((level(&report, "listed-party"), code), (existing, i32::from(existing == "deny")), "{day}");
        let (code, report) = check(&fixture, KASPERSKY, &["--as-of", day, "--base", "before.lock"]);
        assert_eq!((level(&report, "listed-party"), code), (new, i32::from(new == "deny")), "{day}");
    }
    let (_, report) = check(&kaspersky(), KASPERSKY, &["--as-of", "2024-09-17"]);
    let said = said(&report, "listed-party");
    assert!(said.contains("from 2024-09-29, in 12 days: no updates"), "{said}");
}

#[test]
fn an_export_control_is_no_ban_on_use() {
    let (code, report) = check(&kaspersky(), "programmes = [\"tag:export\"]\n", &["--as-of", "2024-08-01"]);
    assert_eq!((code, level(&report, "listed-party")), (0, "warn"));
    assert!(said(&report, "listed-party").contains("it restricts what is sent to the party, not using its code"));
    // Chosen by its id it fails, because the policy says so, and still says what it is.
    let (code, report) = check(&kaspersky(), "programmes = [\"us-bis-entity-list\"]\n", &[]);
    assert_eq!((code, level(&report, "listed-party")), (1, "deny"));
    let said = said(&report, "listed-party");
    assert!(said.contains("not using its code; it counts because the policy chooses it by its id"), "{said}");
}

#[test]
fn what_has_ended_is_silent_and_what_lists_jurisdictions_warns() {
    let policy = "programmes = [\"us-ofac-syria\"]";
    assert_eq!(from("SY", policy, &["--as-of", "2025-06-29"]).0, 1);
    let (code, report) = from("SY", policy, &["--as-of", "2025-07-01"]);
    assert_eq!((code, level(&report, "listed-seat")), (0, "-"));
    // 15 CFR 791.4 and 10 U.S.C. 4872 list different countries, and forbid nothing by themselves.
    for (place, programme, level_then) in [
        ("CU", "us-icts-adversaries", "warn"),
        ("CU", "us-covered-nations", "-"),
        ("RU", "us-icts-adversaries", "warn"),
        ("RU", "us-covered-nations", "warn"),
    ] {
        let (code, report) = from(place, "programmes = [\"tag:us\"]\n", &[]);
        let finding = found(&report, "listed-seat").map(ToString::to_string).unwrap_or_default();
        let reasons = found(&report, "listed-seat").map_or(&[][..], |row| row["reasons"].as_array().unwrap());
        let reason = reasons.iter().find(|reason| reason["programme"] == programme);
        let level = reason.map_or("-", |reason| reason["level"].as_str().unwrap());
        assert_eq!(level, level_then, "{place} {programme}: {finding}");
        // Cuba is under comprehensive sanctions as well, which bar.
        assert_eq!(code, i32::from(place == "CU"), "{place}");
    }
}

#[test]
fn the_law_of_another_home_only_warns() {
    let (code, report) = from("KP", "", &[]);
    assert_eq!((code, level(&report, "listed-seat")), (0, "warn"));
    assert!(said(&report, "listed-seat").contains("the policy chooses no programmes"));
    let (code, _) = from("KP", "home = \"US\"", &[]);
    assert_eq!(code, 1, "comprehensive sanctions bind everybody at home");
    // Public buyers are bound, not everybody.
    let (code, report) = from("US", "home = \"RU\"", &[]);
    assert_eq!((code, level(&report, "listed-seat")), (0, "warn"));
    assert!(said(&report, "listed-seat").contains("it binds public buyers"), "{report}");
    let (code, _) = from("US", "home = \"RU\"\nprogrammes = [\"ru-166\"]", &[]);
    assert_eq!(code, 1);
}

/// Through the affiliates rule alone, inside and outside of its suspension.
#[test]
fn a_suspended_ownership_rule_reaches_nobody() {
    let policy = "programmes = [\"us-bis-entity-list\"]\n[rules]\nunknown-origin = \"allow\"\n";
    for (day, expected) in
        [("2025-09-28", "-"), ("2025-09-29", "deny"), ("2025-11-09", "deny"), ("2025-11-10", "-"), ("2026-11-09", "-")]
    {
        let fixture = project(&[("thing", &git("github.com/futurewei-cloud/thing"))]);
        let (code, report) = check(&fixture, policy, &["--as-of", day]);
        assert_eq!(
            (level(&report, "listed-owner"), code),
            (expected, i32::from(expected == "deny")),
            "{day}: {report}"
        );
    }
}

/// What is near and allowed, or accepted, must not hide what is farther and fails; what is as grave is not said twice.
#[test]
fn a_nearer_grade_hides_nothing_that_is_graver() {
    let policy = |rules: &str, more: &str| {
        let claims: String = ["steward", "publisher", "channel"]
            .map(|facet| {
                format!("[[claim]]\npackage = \"thing\"\nfacet = \"{facet}\"\nplace = \"CN\"\nsource = \"x\"\n")
            })
            .concat();
        format!("programmes = [\"us-icts-adversaries\"]\n[rules]\n{rules}\n{more}{claims}")
    };
    let run = |rules: &str, more: &str| {
        let (code, report) = check(&project(&[("thing", CRATES_IO)]), &policy(rules, more), &[]);
        let levels = ["listed-seat", "listed-publisher", "listed-channel"].map(|rule| level(&report, rule).to_owned());
        (code, levels.join(" "))
    };
    assert_eq!(run("", ""), (1, "deny - -".to_owned()));
    assert_eq!(run("listed-seat = \"allow\"", ""), (1, "- warn deny".to_owned()));
    assert_eq!(run("listed-seat = \"warn\"", ""), (1, "warn - deny".to_owned()));
    let accepted = "[[exception]]\nrule = \"listed-seat\"\nreason = \"x\"\n";
    assert_eq!(run("", accepted), (1, "accepted warn deny".to_owned()));
}

#[test]
fn a_change_that_makes_it_worse_fails_even_where_it_was_bad_before() {
    let rows = |unknown: usize| {
        let names: Vec<String> = (0..unknown).map(|number| format!("nobody-knows-{number}")).collect();
        let needed: Vec<&str> = names.iter().map(String::as_str).chain(["serde"]).collect();
        let mut rows = vec![("acme", "0.1.0", "", needed.as_slice())];
        rows.extend(names.iter().map(|name| (name.as_str(), "1.0.0", CRATES_IO, [].as_slice())));
        rows.push(("serde", "1.0.0", CRATES_IO, &[]));
        lock(&rows)
    };
    for (before, now, expected) in [(4, 4, "warn"), (4, 3, "warn"), (4, 5, "deny"), (0, 5, "deny")] {
        let fixture = Fixture::new();
        fixture.file("before.lock", rows(before)).file("Cargo.lock", rows(now));
        let (code, report) = check(&fixture, "", &["--base", "before.lock"]);
        let found = (level(&report, "unknown-origin"), code);
        assert_eq!(found, (expected, i32::from(expected == "deny")), "{before} to {now}");
    }
}

#[test]
fn exceptions_accept_and_are_held_to_what_they_say() {
    let accepted = |scope: &str| {
        let policy = format!("{KASPERSKY}[[exception]]\n{scope}\nreason = \"read\"\n");
        let (code, report) = check(&kaspersky(), &policy, &[]);
        let unused = level(&report, "unused-exception") == "warn";
        assert_eq!(code == 0, !unused, "{scope}: {report}");
        (code == 0, level(&report, "listed-party").to_owned())
    };
    for scope in [
        "package = \"thing\"",
        "package = \"thing\"\nversion = \"^1\"",
        "rule = \"listed-party\"",
        "programme = \"us-kaspersky-2024\"",
        "party = \"kaspersky\"",
        "through = \"acme\"",
        "package = \"thing\"\nuntil = \"2026-11-25\"",
    ] {
        assert_eq!(accepted(scope), (true, "accepted".to_owned()), "{scope}");
    }
    for scope in [
        "package = \"other\"",
        "package = \"thing\"\nversion = \"^2\"",
        "rule = \"listed-seat\"\npackage = \"thing\"",
        "programme = \"us-1260h\"",
        "party = \"huawei\"",
        "through = \"elsewhere\"",
    ] {
        assert_eq!(accepted(scope), (false, "deny".to_owned()), "{scope}");
    }
    let expired = format!("{KASPERSKY}[[exception]]\npackage = \"thing\"\nreason = \"read\"\nuntil = \"2026-11-24\"\n");
    let (code, report) = check(&kaspersky(), &expired, &[]);
    assert_eq!((code, level(&report, "expired-exception"), level(&report, "unused-exception")), (1, "warn", "-"));
    // What is accepted is still shown, with the line that accepts it and who agreed.
    let policy = format!("{KASPERSKY}[[exception]]\npackage = \"thing\"\nreason = \"read\"\nagreed = \"the board\"\n");
    let said = said(&check(&kaspersky(), &policy, &[]).1, "listed-party");
    assert!(said.contains("origin.toml:2") && said.contains("the board"), "{said}");
}

#[test]
fn the_policys_own_list_has_its_dates() {
    let ban =
        "[[ban]]\nvendor = \"kaspersky\"\nfrom = \"2026-01-01\"\ngrace-until = \"2026-03-01\"\nreason = \"board\"\n";
    let none = "programmes = []\n";
    for (day, existing, new) in [
        ("2025-12-31", "warn", "warn"),
        ("2026-01-01", "warn", "deny"),
        ("2026-02-28", "warn", "deny"),
        ("2026-03-01", "deny", "deny"),
    ] {
        let fixture = kaspersky();
        fixture.file("before.lock", lock(&[("acme", "0.1.0", "", &[])]));
        let policy = format!("{none}{ban}");
        assert_eq!(level(&check(&fixture, &policy, &["--as-of", day]).1, "vendor-ban"), existing, "{day}");
        let report = check(&fixture, &policy, &["--as-of", day, "--base", "before.lock"]).1;
        assert_eq!(level(&report, "vendor-ban"), new, "{day}");
    }
    // An account is one whether or not the register knows whose it is.
    for (repository, target, code) in [
        ("github.com/example-nobody/thing", "account = \"github.com/example-nobody\"", 1),
        ("github.com/example-nobody/thing", "account = \"github.com/example-nobod\"", 0),
        ("github.com/example-nobody/thing", "package = \"thing\"", 1),
        ("github.com/example-nobody/thing", "package = \"other\"", 0),
        ("github.com/Microsoft/thing", "account = \"github.com/microsoft\"", 1),
        ("gitlab.com/microsoft/thing", "account = \"github.com/microsoft\"", 0),
    ] {
        let policy = format!("{none}[rules]\nunknown-origin = \"allow\"\n[[ban]]\n{target}\n");
        let (found, report) = check(&project(&[("thing", &git(repository))]), &policy, &[]);
        assert_eq!(found, code, "{repository}, {target}: {report}");
    }
}

#[test]
fn levels_of_the_command_line_win() {
    assert_eq!(check(&kaspersky(), KASPERSKY, &["-W", "listed-party"]).0, 0);
    let (code, report) = check(&kaspersky(), KASPERSKY, &["-A", "listed-party"]);
    assert_eq!((code, level(&report, "listed-party")), (0, "-"));
    let policy = format!("{KASPERSKY}[rules]\nlisted-party = \"allow\"\n");
    assert_eq!(check(&kaspersky(), &policy, &[]).0, 0);
    assert_eq!(check(&kaspersky(), &policy, &["-D", "listed-party"]).0, 1);
    let output = kaspersky().run(&["check", "--lockfile", "Cargo.lock", "-D", "listed-prty"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("did you mean `listed-party`?"), "{}", output.stderr);
}

#[test]
fn no_data_never_passes_silently() {
    let names: Vec<String> = (0..5).map(|number| format!("nobody-knows-{number}")).collect();
    let packages: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CRATES_IO)).collect();
    let (code, report) = check(&project(&packages), "", &[]);
    assert_eq!((code, level(&report, "unknown-origin")), (1, "deny"));
    assert!(said(&report, "unknown-origin").contains("nothing is known: the steward of 5 of 5 packages"));
    // The same of a well-known project where the program has no data at all.
    let mut data = Data::embedded().unwrap();
    data.tables.crates.clear();
    data.tables.forge_index.clear();
    data.tables.individuals.clear();
    let day = DAY.parse().unwrap();
    let options = Options { as_of: day, home: None, threads: 1, today: day, thresholds: Thresholds::default() };
    let text = lock(&[
        ("acme", "0.1.0", "", &["serde", "tokio"]),
        ("serde", "1.0.0", CRATES_IO, &[]),
        ("tokio", "1.0.0", CRATES_IO, &[]),
    ]);
    let loaded = lock_from_text(&text, "Cargo.lock").unwrap();
    let analysis = analyse(loaded, Vec::new(), (&Histories::default(), &Live::default()), &data, options).unwrap();
    assert!(analysis.evaluate(&Policy::default(), None).violated());
}

#[test]
fn a_crate_that_moves_to_a_mirror_abroad_is_caught_with_path_and_remedy() {
    let mirror = "sparse+https://rsproxy.cn/index/";
    let rows = |source: &'static str| lock(&[("acme", "0.1.0", "", &["serde"]), ("serde", "1.0.0", source, &[])]);
    let fixture = Fixture::new();
    fixture.file("before.lock", rows(CRATES_IO)).file("Cargo.lock", rows(mirror));
    let policy = "programmes = [\"us-icts-adversaries\"]\n";
    let (code, report) = check(&fixture, policy, &["--base", "before.lock"]);
    assert_eq!((code, level(&report, "listed-channel")), (1, "deny"));
    let finding = found(&report, "listed-channel").unwrap();
    assert_eq!(finding["path"], serde_json::json!(["acme@0.1.0", "serde@1.0.0"]));
    assert!(finding["remedy"].as_str().unwrap().contains("another registry"), "{finding}");
    assert_eq!(finding["location"], serde_json::json!({ "file": "Cargo.lock", "line": 9 }));
    // And it stays silent where nothing but versions of clean crates changes.
    let clean = Fixture::new();
    let bumped = lock(&[("acme", "0.1.0", "", &["serde"]), ("serde", "1.0.1", CRATES_IO, &[])]);
    clean.file("before.lock", rows(CRATES_IO)).file("Cargo.lock", bumped);
    let (code, report) = check(&clean, policy, &["--base", "before.lock"]);
    assert_eq!((code, &report["findings"]), (0, &serde_json::json!([])));
}

#[test]
fn build_time_code_three_levels_down_is_caught_with_path_and_remedy() {
    let fixture = Fixture::new();
    let rows = |last: &'static [&'static str]| {
        lock(&[
            ("acme", "0.1.0", "", &["one"]),
            ("one", "1.0.0", CRATES_IO, &["two"]),
            ("thing", "1.0.0", CRATES_IO, &[]),
            ("two", "1.0.0", CRATES_IO, last),
        ])
    };
    fixture.file(
        "before.lock",
        lock(&[
            ("acme", "0.1.0", "", &["one"]),
            ("one", "1.0.0", CRATES_IO, &["two"]),
            ("two", "1.0.0", CRATES_IO, &[]),
        ]),
    );
    fixture.file("Cargo.lock", rows(&["thing"]));
    let folder = "cargo-home/registry/src/index.crates.io-0000000000000000/thing-1.0.0";
    let manifest = "[package]\nname = \"thing\"\nversion = \"1.0.0\"\nbuild = \"build.rs\"\nrepository = \"https://github.com/bytedance/thing\"\n";
    fixture.file(format!("{folder}/Cargo.toml"), manifest).file(format!("{folder}/build.rs"), "fn main() {}");
    let policy = "programmes = [\"us-icts-adversaries\"]\n[rules]\nunknown-origin = \"allow\"\n";
    let (code, report) = check(&fixture, policy, &["--registry-cache", "--base", "before.lock"]);
    assert_eq!((code, level(&report, "build-time-code")), (1, "deny"), "{report}");
    let finding = found(&report, "build-time-code").unwrap();
    assert_eq!(finding["path"], serde_json::json!(["acme@0.1.0", "one@1.0.0", "two@1.0.0", "thing@1.0.0"]));
    assert_eq!(finding["brought_in_by"], serde_json::json!(["one@1.0.0"]));
    assert!(finding["remedy"].as_str().unwrap().contains("replace one"), "{finding}");
    // Where only the work is done abroad, a build script alone is no reason to fail, unless the policy says so.
    fixture.file(format!("{folder}/Cargo.toml"), manifest.replace("bytedance/thing", "databendlabs/databend"));
    let (code, report) = check(&fixture, policy, &["--registry-cache"]);
    assert_eq!((code, level(&report, "build-time-code"), level(&report, "listed-contribution")), (0, "-", "warn"));
    let strict = format!("{policy}build-time-code = {{ contribution = true }}\n");
    let (code, report) = check(&fixture, &strict, &["--registry-cache"]);
    assert_eq!((code, level(&report, "build-time-code")), (1, "deny"));
}

#[test]
fn the_base_is_read_from_git_and_the_work_tree_is_left_alone() {
    let repositories = Repositories::new(&[]);
    let before = lock(&[("acme", "0.1.0", "", &[])]);
    let after =
        lock(&[("acme", "0.1.0", "", &["thing"]), ("thing", "1.0.0", &git("github.com/kasperskylab/thing"), &[])]);
    repositories.commit_text("a@example.org", MONDAY, "+0000", "Cargo.lock", &before);
    repositories.git(&["branch", "base"]);
    repositories.git(&["tag", "--annotate", "--message=x", "v1"]);
    repositories.commit_text("a@example.org", MONDAY + 60, "+0000", "Cargo.lock", &after);
    repositories.git(&["pack-refs", "--all"]);
    repositories.git(&["branch", "loose", "HEAD~1"]);
    repositories.file("main/origin.toml", KASPERSKY);
    let run = |base: &str| {
        let args = [
            "check",
            "--lockfile",
            "main/Cargo.lock",
            "--config",
            "main/origin.toml",
            "--as-of",
            DAY,
            "--width",
            "400",
            "--base",
            base,
        ];
        repositories.fixture().run(&args)
    };
    let id = repositories.git(&["rev-parse", "base"]);
    for base in ["base", "loose", "v1", "HEAD~1", "HEAD^", "refs/heads/base", &id, &id[..12]] {
        let output = run(base);
        assert_eq!(output.code, 1, "{base}: {}{}", output.stdout, output.stderr);
    }
    let output = run("HEAD");
    assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    assert!(output.stdout.contains("it was there before the change"), "{}", output.stdout);
    for wrong in ["nothing", "HEAD~9", "../elsewhere", "--help", "HEAD:Cargo.lock", "HEAD;ls"] {
        let output = repositories.fixture().run(&[
            "check",
            "--lockfile",
            "main/Cargo.lock",
            "--as-of",
            DAY,
            &format!("--base={wrong}"),
        ]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong}");
        assert!(output.stderr.starts_with("error: --base: "), "{wrong}: {}", output.stderr);
    }
    assert_eq!(repositories.git(&["status", "--porcelain"]), "?? origin.toml");
    // Where a project is not at the top of its repository, forges still want the file from there.
    repositories.file("main/sub/Cargo.lock", &after);
    let args = ["check", "--lockfile", "main/sub/Cargo.lock", "--config", "main/origin.toml", "--as-of", DAY];
    let report = repositories.fixture().run(&[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!(found(&report, "listed-party").unwrap()["location"]["file"], "sub/Cargo.lock");
}

/// Every rule is met by a project that it finds something in.
#[test]
fn every_rule_finds_something_somewhere() {
    let mut met: BTreeSet<String> = BTreeSet::new();
    let mut run = |fixture: &Fixture, policy: &str, more: &[&str]| {
        let rest = RULES.iter().filter(|rule| !policy.contains(rule.id));
        let all = rest.map(|rule| format!("{} = \"deny\"\n", rule.id)).collect::<Vec<_>>().concat();
        let (head, tables) =
            policy.split_once("[[").map_or((policy, String::new()), |(head, rest)| (head, format!("[[{rest}")));
        let (head, rules) = head.split_once("[rules]").unwrap_or((head, ""));
        let (_, report) = check(fixture, &format!("{head}\n[rules]\n{rules}\n{all}\n{tables}"), more);
        met.extend(report["findings"].as_array().unwrap().iter().map(|row| row["rule"].as_str().unwrap().to_owned()));
    };
    let icts = "programmes = [\"us-icts-adversaries\", \"us-kaspersky-2024\", \"us-pafaca\"]\n";
    run(
        &kaspersky(),
        &format!(
            "home = \"US\"\n{icts}[[exception]]\npackage = \"no\"\nreason = \"x\"\n[[exception]]\npackage = \"no\"\nreason = \"x\"\nuntil = \"2026-01-01\"\n[[ban]]\npackage = \"thing\"\n"
        ),
        &[],
    );
    let busy = "[rules]\nbus-factor = { level = \"deny\", max-people = 1000 }\n";
    run(&project(&[("thing", &git("github.com/databendlabs/databend"))]), &format!("{icts}{busy}"), &[]);
    let old = "[rules]\nstale-evidence = { level = \"deny\", max-age-days = 0 }\nconcentration = { level = \"deny\", max-share = 0.1 }\n";
    run(&project(&[("thing", &git("github.com/volo-rs/faststr"))]), &format!("{icts}{old}"), &[]);
    run(&project(&[("thing", "sparse+https://rsproxy.cn/index/")]), icts, &[]);
    let publisher = "programmes = [\"us-icts-adversaries\"]\n[[claim]]\npackage = \"thing\"\nfacet = \"publisher\"\nplace = \"CN\"\nsource = \"x\"\n";
    run(&project(&[("thing", CRATES_IO)]), publisher, &[]);
    run(&project(&[("thing", CRATES_IO)]), &publisher.replace("publisher", "native"), &[]);
    run(
        &project(&[("thing", CRATES_IO)]),
        "[[claim]]\npackage = \"thing\"\nfacet = \"channel\"\nplace = \"DE\"\nsource = \"x\"\n[[claim]]\npackage = \"thing\"\nfacet = \"steward\"\nplace = \"DE\"\nsource = \"x\"\n",
        &[],
    );
    let missing: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| !met.contains(*id)).collect();
    // One needs a store and one a manifest; they have tests of their own.
    assert_eq!(missing, ["listed-name", "build-time-code"]);
}

#[test]
fn a_policy_with_thousands_of_rows_is_read_and_used() {
    use std::fmt::Write as _;
    let mut policy = KASPERSKY.to_owned();
    for number in 0..1000 {
        write!(policy, "[[exception]]\npackage = \"p{number}\"\nreason = \"x\"\n[[claim]]\npackage = \"p{number}\"\nfacet = \"steward\"\nplace = \"DE\"\nsource = \"x\"\n").unwrap();
    }
    let (code, report) = check(&kaspersky(), &policy, &["-A", "unused-exception"]);
    assert_eq!((code, level(&report, "listed-party")), (1, "deny"));
}

#[test]
fn levels_are_ordered_by_gravity() {
    assert!(Level::Allow < Level::Warn && Level::Warn < Level::Deny);
    for level in Level::ALL {
        assert_eq!(Level::from_word(level.as_str()), Some(level));
    }
}
