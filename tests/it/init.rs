//! `cargo origin init`: a policy to start from.

use cargo_origin::data::Data;
use cargo_origin::policy::{PolicyText, Preset, parse};

use crate::support::{CRATES_IO, Fixture, lock};
use crate::truths::{git, project};

const PRESETS: [&str; 5] = ["us-federal", "us-commercial", "eu", "sovereign", "report-only"];

/// A project with a party that is named, one with its seat in a listed country, and much that nobody knows.
fn exposed() -> Fixture {
    project(&[
        ("thing", &git("github.com/kasperskylab/thing")),
        ("monoio", CRATES_IO),
        ("nobody-knows-a", CRATES_IO),
        ("nobody-knows-b", CRATES_IO),
    ])
}

#[test]
fn every_preset_is_a_policy() {
    assert_eq!(Preset::ALL.map(Preset::as_str), PRESETS);
    let fixture = Fixture::new();
    for preset in PRESETS {
        let file = format!("{preset}.toml");
        let said =
            fixture.stdout(&["init", "--preset", preset, "--home", "DE", "--config", &file, "--as-of", "2026-11-23"]);
        assert!(said.contains(&format!("{file} is written")), "{said}");
        let text = fixture.read(&file);
        insta::assert_snapshot!(format!("preset_{preset}"), text);
        let text = PolicyText { shown: file, text, manifest: false };
        let parsed = parse(&text, Data::embedded().unwrap(), &|_| Err("no list".to_owned())).unwrap();
        assert_eq!(parsed.policy.home, Some("DE".parse().unwrap()));
        assert_eq!(parsed.policy.programmes.is_some(), !matches!(preset, "sovereign" | "report-only"), "{preset}");
    }
}

#[test]
fn the_comments_of_a_preset_are_true_when_they_are_taken_in() {
    // Every line that is commented out is one that could stand there.
    let fixture = Fixture::new();
    fixture.stdout(&["init", "--config", "start.toml", "--as-of", "2026-11-23"]);
    let text = fixture.read("start.toml");
    let code = |line: &str| line.contains(" = ") || line.starts_with('[');
    let taken: String = text
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| code(rest)).unwrap_or(line))
        .map(|line| line.replace("reason = \"\"", "reason = \"x\"") + "\n")
        .collect();
    assert!(
        taken.contains("\n[[exception]]\n") && taken.contains("\n[[ban]]\n") && taken.contains("\n[scopes]\n"),
        "{taken}"
    );
    let text = PolicyText { shown: "start.toml".to_owned(), text: taken, manifest: false };
    let parsed = parse(&text, Data::embedded().unwrap(), &|_| Err("no list".to_owned())).unwrap();
    assert_eq!((parsed.policy.bans.len(), parsed.policy.exceptions.len(), parsed.policy.claims.len()), (1, 1, 1));
}

#[test]
fn report_only_fails_on_nothing_and_the_others_on_what_is_there() {
    let fixture = exposed();
    for (preset, code) in [("us-federal", 1), ("us-commercial", 1), ("sovereign", 1), ("report-only", 0)] {
        let file = format!("{preset}.toml");
        fixture.stdout(&["init", "--preset", preset, "--home", "US", "--config", &file]);
        let args = ["check", "--lockfile", "Cargo.lock", "--config", &file, "--as-of", "2026-11-01"];
        assert_eq!(fixture.run(&args).code, code, "{preset}");
    }
}

#[test]
fn what_is_there_today_is_accepted_once_every_exception_has_a_reason() {
    let fixture = exposed();
    let day = ["--as-of", "2026-11-01"];
    let init = ["init", "--preset", "us-federal", "--from-current", "--lockfile", "Cargo.lock", "--config", "now.toml"];
    let said = fixture.stdout(&[&init[..], &day].concat());
    assert!(said.contains("needs a reason"), "{said}");
    let check = [&["check", "--lockfile", "Cargo.lock", "--config", "now.toml", "--format", "json"][..], &day].concat();
    let refused = fixture.run(&check);
    assert_eq!(refused.code, 2);
    let text = fixture.read("now.toml");
    let exceptions = text.matches("\n[[exception]]").count();
    assert!(exceptions > 1, "{text}");
    assert_eq!(refused.stderr.matches("an exception needs a reason").count(), exceptions, "{}", refused.stderr);
    assert!(text.contains("package = \"thing\"\nrule = \"listed-party\"\nprogramme = \"us-kaspersky-2024\""), "{text}");
    assert!(text.contains("until = \"2027-11-01\"") && text.contains("max-share = 0.5"), "{text}");
    fixture.file("now.toml", text.replace("reason = \"\"", "reason = \"looked at\""));
    let report = fixture.run(&check);
    assert_eq!(report.code, 0, "{}", report.stdout);
    let report = report.json();
    assert!(report.to_string().contains("\"reference\":\"now.toml:"), "{report}");
    let rules: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    assert!(!rules.contains(&"unused-exception"), "{rules:?}");
    // What comes tomorrow is not accepted with it.
    let mut rows: Vec<(&str, &str)> = vec![("thing-two", "git+https://github.com/kasperskylab/thing-two#a")];
    let thing = git("github.com/kasperskylab/thing");
    rows.extend([
        ("thing", thing.as_str()),
        ("monoio", CRATES_IO),
        ("nobody-knows-a", CRATES_IO),
        ("nobody-knows-b", CRATES_IO),
    ]);
    let more = project(&rows);
    more.file("now.toml", fixture.read("now.toml"));
    assert_eq!(more.run(&check).code, 1);
}

#[test]
fn a_policy_that_is_there_is_never_written_over() {
    let fixture = Fixture::workspace();
    assert!(fixture.stdout(&["init", "--offline"]).contains("origin.toml is written"));
    let first = fixture.read("origin.toml");
    for args in
        [&["init", "--offline"][..], &["init", "--config", "origin.toml"], &["init", "--offline", "--preset", "eu"]]
    {
        let output = fixture.run(args);
        assert!(
            output.code == 2 && output.stderr.contains("there is a policy already: origin.toml"),
            "{}",
            output.stderr
        );
    }
    assert_eq!(fixture.read("origin.toml"), first);
    // What is written passes what it is written for, and a policy elsewhere counts as one.
    assert_eq!(fixture.run(&["check", "--offline"]).code, 0);
    let elsewhere = Fixture::workspace();
    elsewhere.file(".config/origin.toml", "home = \"DE\"\n");
    let output = elsewhere.run(&["init", "--offline"]);
    assert!(output.code == 2 && output.stderr.contains(".config/origin.toml"), "{}", output.stderr);
    let nobody = elsewhere.run(&["init", "--preset", "sovereign", "--config", "new.toml"]);
    assert!(nobody.code == 2 && nobody.stderr.contains("--home"), "{}", nobody.stderr);
    assert!(!elsewhere.path().join("new.toml").exists());
    let folder = elsewhere.run(&["init", "--config", "no/such/folder.toml"]);
    assert!(folder.code == 2 && folder.stderr.contains("cannot write no/such/folder.toml"), "{}", folder.stderr);
}

#[test]
fn hostile_names_stay_names() {
    let fixture = Fixture::new();
    // What nobody sees, or sees elsewhere than it stands, is written with its number.
    let unseen = "a\u{202e}b\u{200b}";
    fixture.file("Cargo.lock", lock(&[(unseen, "1.0.0", &git("github.com/kasperskylab/thing"), &[])]));
    fixture.stdout(&[
        "init",
        "--preset",
        "us-federal",
        "--from-current",
        "--lockfile",
        "Cargo.lock",
        "--config",
        "unseen.toml",
    ]);
    let text = fixture.read("unseen.toml").replace("reason = \"\"", "reason = \"x\"");
    assert!(text.contains("a\\U0000202Eb\\U0000200B") && !text.contains('\u{202e}'), "{text}");
    fixture.file("unseen.toml", text);
    let args = ["check", "--lockfile", "Cargo.lock", "--config", "unseen.toml"];
    fixture.stdout(&args);
    let name = "a\\\"\\n[rules]\\nlisted-party = 'allow'\\u001b";
    let rows = lock(&[("acme", "0.1.0", "", &[name]), (name, "1.0.0", &git("github.com/kasperskylab/thing"), &[])]);
    fixture.file("Cargo.lock", rows);
    let init = ["init", "--preset", "us-federal", "--from-current", "--lockfile", "Cargo.lock", "--config", "now.toml"];
    let written = fixture.run(&init);
    if written.code == 0 {
        let text = fixture.read("now.toml").replace("reason = \"\"", "reason = \"x\"");
        assert!(!text.contains('\u{1b}'), "{text}");
        let text = PolicyText { shown: "now.toml".to_owned(), text, manifest: false };
        let policy = parse(&text, Data::embedded().unwrap(), &|_| Err("no list".to_owned())).unwrap().policy;
        assert!(
            policy
                .exceptions
                .iter()
                .all(|exception| exception.package.as_ref().is_none_or(|name| name.contains("[rules]")))
        );
        assert!(policy.rules.len() < 3, "{:?}", policy.rules);
    } else {
        assert_eq!(written.code, 2, "{}", written.stderr);
    }
}
