//! The law as dated data: which programme holds on which day, for whom, and whom it reaches.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use serde_json::Value;

use crate::support::{CRATES_IO, Fixture};
use crate::truths::{exposure, git, grade, project, report};

/// The exposure of one package of an organisation's account on a day.
fn on(owner: &str, day: &str, more: &[&str]) -> Value {
    let fixture = project(&[("thing", &git(&format!("github.com/{owner}/thing")))]);
    report(&fixture, &[&["--as-of", day], more].concat())
}

/// A package that the user claims to come from a place, on a day.
fn from(place: &str, day: &str, more: &[&str]) -> Value {
    let fixture = project(&[("thing", CRATES_IO)]);
    let text =
        format!("[[claim]]\npackage = \"thing\"\nfacet = \"steward\"\nplace = \"{place}\"\nsource = \"imprint\"\n");
    fixture.file("origin.toml", text);
    report(&fixture, &[&["--as-of", day, "--config", "origin.toml"], more].concat())
}

/// The row of a programme in a report.
fn programme<'a>(report: &'a Value, id: &str) -> &'a Value {
    let found = report["programmes"].as_array().unwrap().iter().find(|row| row["id"] == id);
    found.unwrap_or(&Value::Null)
}

/// A programme of the embedded data as it stands on a day.
fn show(id: &str, day: &str, more: &[&str]) -> Value {
    let args = [&["programmes", "show", id, "--as-of", day, "--format", "json"], more].concat();
    let output = Fixture::new().run(&args);
    assert_eq!(output.code, 0, "{id}: {}", output.stderr);
    output.json()
}

fn all() -> Vec<Value> {
    let output = Fixture::new().run(&["programmes", "--format", "json"]);
    output.json().as_array().unwrap().clone()
}

#[test]
fn the_kaspersky_determination_has_its_days() {
    for (day, status, grade_then) in [
        // Published on 2024-06-24: before that day nobody could know.
        ("2024-06-23", "", "-"),
        ("2024-07-19", "upcoming", "named"),
        ("2024-07-20", "in-force", "named"),
        ("2024-09-28", "in-force", "named"),
        ("2024-09-29", "in-force", "named"),
    ] {
        let report = on("kasperskylab", day, &[]);
        assert_eq!(grade(&report, "thing", "us-kaspersky-2024"), grade_then, "{day}");
        let row = programme(&report, "us-kaspersky-2024");
        assert_eq!(row["status"].as_str().unwrap_or_default(), status, "{day}");
        if let Some(found) = exposure(&report, "thing", "us-kaspersky-2024") {
            assert_eq!((&found["effect"], &found["since"]), (&"supply-ban".into(), &"2024-07-20".into()), "{day}");
            // A library is hardly an anti-virus product: the scope goes with the exposure.
            assert!(found["scope"].as_str().unwrap().contains("anti-virus"), "{found}");
        }
    }
    let phases = show("us-kaspersky-2024", "2024-09-28", &[])["phases"].clone();
    assert_eq!((&phases[0]["from"], &phases[1]["from"]), (&"2024-07-20".into(), &"2024-09-29".into()));
}

#[test]
fn what_is_to_come_is_not_told_as_if_it_were() {
    let fixture = project(&[("thing", &git("github.com/kasperskylab/thing"))]);
    let args = ["explain", "thing", "--lockfile", "Cargo.lock", "--width", "1000", "--as-of", "2024-07-19"];
    let text = fixture.stdout(&args);
    let line = text.lines().find(|line| line.contains("us-kaspersky-2024 (")).unwrap();
    assert!(line.contains("from 2024-07-20") && !line.contains("since 2024-07-20"), "{line}");
}

#[test]
fn the_same_package_has_a_verdict_in_each_programme() {
    let report = on("kasperskylab", "2026-11-24", &[]);
    let of = |id: &str| exposure(&report, "thing", id).unwrap_or_else(|| panic!("{id}"));
    assert_eq!(
        (&of("us-ndaa18-1634")["grade"], &of("us-ndaa18-1634")["since"]),
        (&"named".into(), &"2018-10-01".into())
    );
    assert_eq!(of("us-ndaa18-1634")["effect"], "procurement-ban");
    assert_eq!(
        (&of("us-bis-entity-list")["grade"], &of("us-bis-entity-list")["effect"]),
        (&"named".into(), &"export-control".into())
    );
    assert_eq!((&of("de-bsi")["grade"], &of("de-bsi")["effect"]), (&"named".into(), &"warning".into()));
    assert_eq!(
        (&of("us-covered-nations")["grade"], &of("us-covered-nations")["effect"]),
        (&"seat".into(), &"jurisdiction-list".into())
    );
    assert_eq!(grade(&report, "thing", "us-ofac-sdn"), "-", "twelve executives were designated, the company was not");
    let before = on("kasperskylab", "2018-09-30", &[]);
    assert_eq!(programme(&before, "us-ndaa18-1634")["status"], "upcoming");
    assert_eq!(grade(&before, "thing", "us-kaspersky-2024"), "-");
}

#[test]
fn the_syria_programme_ended_on_a_day() {
    let before = from("SY", "2025-06-30", &[]);
    assert_eq!(grade(&before, "thing", "us-ofac-syria"), "seat");
    assert_eq!(programme(&before, "us-ofac-syria")["until"], "2025-07-01");
    for day in ["2025-07-01", "2026-11-24"] {
        let after = from("SY", day, &[]);
        assert_eq!(after["exposures"], serde_json::json!([]), "{day}");
        assert_eq!(show("us-ofac-syria", day, &[])["status"], "ended", "{day}");
    }
}

#[test]
fn the_affiliates_rule_was_suspended_for_a_year() {
    // A majority subsidiary of a party on the Entity List that is not on it itself.
    for (day, expected) in [
        ("2025-09-28", "-"),
        ("2025-09-29", "named"),
        ("2025-10-15", "named"),
        ("2025-11-10", "-"),
        ("2026-01-01", "-"),
        ("2026-11-09", "-"),
        ("2026-11-10", "named"),
    ] {
        let report = on("futurewei-cloud", day, &[]);
        assert_eq!(grade(&report, "thing", "us-bis-entity-list"), expected, "{day}");
    }
    assert_eq!(
        exposure(&on("futurewei-cloud", "2025-10-15", &[]), "thing", "us-bis-entity-list").unwrap()["named"],
        "huawei"
    );
}

#[test]
fn through_the_affiliates_rule_the_listing_reaches_no_earlier_than_the_rule() {
    let report = on("futurewei-cloud", "2025-10-15", &[]);
    let found = exposure(&report, "thing", "us-bis-entity-list").unwrap();
    // The parent was listed in 2019, but its subsidiary is reached since the rule is in force.
    assert_eq!(found["since"], "2025-09-29", "{found}");
}

#[test]
fn whether_the_affiliates_rule_came_back_is_not_verified_and_said() {
    let report = on("futurewei-cloud", "2026-11-24", &[]);
    let found = exposure(&report, "thing", "us-bis-entity-list").unwrap();
    assert_eq!(found["unverified"], true, "{found}");
}

#[test]
fn a_suspended_programme_is_not_in_force() {
    assert_eq!(show("us-bis-affiliates", "2025-10-15", &[])["status"], "in-force");
    assert_eq!(show("us-bis-affiliates", "2025-09-28", &[])["status"], "upcoming");
    assert_ne!(show("us-bis-affiliates", "2026-01-01", &[])["status"], "in-force");
}

#[test]
fn the_contracting_bar_on_military_companies_begins() {
    for (day, status) in [("2026-06-29", "upcoming"), ("2026-06-30", "in-force")] {
        let report = on("tencent", day, &[]);
        assert_eq!(grade(&report, "thing", "us-1260h"), "named", "{day}");
        assert_eq!(programme(&report, "us-1260h")["status"], status, "{day}");
        assert_eq!(show("us-ndaa24-805", day, &[])["status"], status, "{day}");
    }
    // Listed on 2026-06-08: not before.
    assert_eq!(grade(&on("alibaba", "2026-06-07", &[]), "thing", "us-1260h"), "-");
    assert_eq!(grade(&on("alibaba", "2026-06-08", &[]), "thing", "us-1260h"), "named");
}

#[test]
fn rules_of_a_home_apply_to_that_home() {
    for (day, status_250) in [("2024-12-31", "upcoming"), ("2025-01-01", "in-force")] {
        let report = from("DE", day, &["--home", "RU"]);
        assert_eq!(grade(&report, "thing", "ru-166"), "seat", "{day}");
        assert_eq!(programme(&report, "ru-166")["status"], "in-force", "purchases need consent since 2022, {day}");
        assert_eq!(grade(&report, "thing", "ru-250"), "seat", "{day}");
        assert_eq!(programme(&report, "ru-250")["status"], status_250, "{day}");
    }
    assert_eq!(programme(&from("DE", "2022-03-30", &["--home", "RU"]), "ru-166")["status"], "upcoming");
    let at_home = from("RU", "2026-11-24", &["--home", "RU"]);
    let of_steward = |id: &str| exposure(&at_home, "thing", id).map(|row| row["facet"].clone());
    assert_ne!(of_steward("ru-166"), Some("steward".into()), "home is not foreign");
    for more in [&["--home", "US"][..], &[]] {
        let report = from("DE", "2026-11-24", more);
        for id in ["ru-166", "ru-250", "ru-430r", "cn-79", "cn-2026"] {
            assert_eq!(grade(&report, "thing", id), "-", "{id} {more:?}");
        }
    }
}

#[test]
fn without_a_home_the_report_names_what_it_did_not_apply() {
    let report = from("DE", "2026-11-24", &[]);
    let gaps = report["gaps"].as_array().unwrap();
    let gap = gaps.iter().find(|gap| gap["kind"] == "no-home").unwrap_or_else(|| panic!("{gaps:?}"));
    for id in ["ru-166", "cn-79"] {
        assert!(gap["detail"].as_str().unwrap().contains(id), "{gap}");
    }
    let set = from("DE", "2026-11-24", &["--home", "DE"]);
    assert!(!set["gaps"].to_string().contains("no-home"), "a home answers it");
}

#[test]
fn a_home_must_be_a_country() {
    for home in ["XX", "ZZ", "USA", "United States", ""] {
        let fixture = project(&[("thing", CRATES_IO)]);
        let output = fixture.run(&["--lockfile", "Cargo.lock", "--home", home]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{home:?}");
        assert!(output.stderr.contains("--home"), "{home:?}: {}", output.stderr);
    }
}

#[test]
fn the_two_lists_of_adversaries_differ() {
    for (place, icts, covered) in [
        ("CN", "seat", "seat"),
        ("RU", "seat", "seat"),
        ("IR", "seat", "seat"),
        ("KP", "seat", "seat"),
        ("CU", "seat", "-"),
        ("HK", "seat", "-"),
        ("MO", "seat", "-"),
        ("VE", "-", "-"),
        ("BY", "-", "-"),
        ("SY", "-", "-"),
        ("TW", "-", "-"),
    ] {
        let report = from(place, "2026-11-24", &[]);
        assert_eq!(grade(&report, "thing", "us-icts-adversaries"), icts, "{place}");
        assert_eq!(grade(&report, "thing", "us-covered-nations"), covered, "{place}");
    }
    // Neither Russia nor Belarus nor China is under a comprehensive embargo.
    for (place, expected) in [("RU", "-"), ("BY", "-"), ("CN", "-"), ("CU", "seat"), ("IR", "seat"), ("KP", "seat")] {
        assert_eq!(grade(&from(place, "2026-11-24", &[]), "thing", "us-ofac-comprehensive"), expected, "{place}");
    }
}

#[test]
fn a_doubtful_listing_is_a_possibility() {
    // ABBYY's entry in the Ukrainian decree is from memory.
    let report = on("abbyy", "2026-11-24", &[]);
    let found = exposure(&report, "thing", "ua-133").unwrap();
    assert_eq!((&found["grade"], &found["unverified"]), (&"possible".into(), &true.into()));
}

#[test]
fn every_programme_can_be_shown() {
    let all = all();
    assert!(all.len() > 60, "{}", all.len());
    // Some that stand for each shape in both formats; a process for each of the others would take long and show no more.
    for row in &all {
        let id = row["id"].as_str().unwrap();
        for key in ["title", "authority", "citation", "effect", "summary", "status", "verification", "as_of"] {
            assert!(row[key].as_str().is_some_and(|text| !text.is_empty()), "{id}: {key}");
        }
        let sources = row["sources"].as_array().unwrap();
        assert!(!sources.is_empty() || row["verification"] == "unverified", "{id} has neither a source nor a mark");
        let fixture = Fixture::new();
        let output = fixture.run(&["programmes", "show", id, "--width", "80"]);
        assert_eq!(output.code, 0, "{id}: {}", output.stderr);
        // Words are wrapped, addresses are not.
        for text in [id, row["verification"].as_str().unwrap()] {
            assert!(output.stdout.contains(text), "{id}: {text} in {}", output.stdout);
        }
        if let Some(source) = sources.first() {
            let flat: String = output.stdout.split_whitespace().collect();
            assert!(flat.contains(source.as_str().unwrap()), "{id}: {source} in {}", output.stdout);
        }
    }
    let unknown = Fixture::new().run(&["programmes", "show", "us-kaspersky"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("did you mean `us-kaspersky-2024`"), "{}", unknown.stderr);
}

/// A programme whose first day the data does not have is not claimed to have held before its row was written.
#[test]
fn without_a_first_day_an_earlier_day_is_not_verified() {
    let early = from("UA-43", "2010-01-01", &[]);
    assert_eq!(exposure(&early, "thing", "us-ofac-comprehensive").unwrap()["unverified"], true);
    let today = from("UA-43", "2026-11-23", &[]);
    assert_eq!(exposure(&today, "thing", "us-ofac-comprehensive").unwrap()["unverified"], false);
}
