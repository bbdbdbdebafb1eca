//! Where the work is done: documented cases with the embedded records, the thresholds, `observe`, and clones of the user's.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use cargo_origin::data::Data;
use cargo_origin::data::model::Observation;
use cargo_origin::facts::commits::{Author, History, Vote};
use cargo_origin::locate::{Clocks, Parameters, Subject, Work, locate, observe, work};
use proptest::prelude::*;

use crate::history::Repositories;
use crate::support::{CRATES_IO, Fixture};
use crate::truths::{facet, git, grade, origin, project, report};

const DAY: &str = "2026-11-24";

/// What an embedded record says on the day.
fn embedded(repository: &str) -> Work {
    embedded_on(repository, DAY)
}

fn embedded_on(repository: &str, day: &str) -> Work {
    let data = Data::embedded().unwrap();
    let record = data.observation(&format!("github.com/{repository}")).unwrap_or_else(|| panic!("{repository}"));
    work(&record, day.parse().unwrap()).unwrap()
}

fn listed(work: &Work) -> f64 {
    let listed = ["CN", "HK", "MO", "RU", "BY", "IR", "KP", "CU"];
    work.countries().iter().filter(|row| listed.contains(&row.0.as_str())).map(|row| row.1).sum()
}

#[test]
fn european_projects_are_in_their_band_and_not_in_a_listed_place() {
    for repository in ["slint-ui/slint", "meilisearch/meilisearch", "rerun-io/rerun", "embarkstudios/cargo-deny"] {
        let work = embedded(repository);
        assert_eq!(work.by_band()[0].0.to_string(), "+01:00/+02:00", "{repository}");
        // The documented cases are of 2021 to 2024. Since then some have had a few weeks of people at +08, which count as what they are.
        let then = embedded_on(repository, "2024-12-31");
        assert!(listed(&then) < 0.04, "{repository}: {}", listed(&then));
        assert!(listed(&work) < 0.08, "{repository}: {}", listed(&work));
        assert!(work.share_where(0.5, |country| country.as_str() == "CN").0 < 0.25, "{repository}");
    }
}

#[test]
fn projects_at_plus_eight_are_mostly_in_china_and_never_only() {
    for repository in [
        "cloudwego/volo",
        "bytedance/monoio",
        "databendlabs/databend",
        "databendlabs/openraft",
        "apache/opendal",
        "risingwavelabs/risingwave",
    ] {
        let work = embedded(repository);
        assert_eq!(work.by_band()[0].0.to_string(), "+08:00", "{repository}");
        let countries = work.countries();
        let most = countries.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(most.0.as_str(), "CN", "{repository}");
        assert!(most.1 < 0.95, "{repository}: clocks cannot tell Singapore from China");
    }
    let picodata = embedded("picodata/picodata");
    assert_eq!(picodata.by_band()[0].0.to_string(), "+03:00");
    assert!(picodata.countries().iter().any(|row| row.0.as_str() == "RU" && row.1 > 0.6));
}

/// Most weeks at UTC say that no clock was asked, not that somebody lives in London or Accra.
#[test]
fn weeks_at_utc_are_unknown() {
    let data = Data::embedded().unwrap();
    for repository in ["bevyengine/bevy", "oxc-project/oxc"] {
        let record = data.observation(&format!("github.com/{repository}")).unwrap();
        for slice in &record.slices {
            let at_zero = slice.offsets.iter().find(|row| row.offset == 0);
            let zero = at_zero.map_or(0.0, |row| f64::from(row.winter + row.summer)) / f64::from(slice.weeks);
            let by = |wanted: &str| -> f64 {
                slice.places.by_band().filter(|(band, _)| band.to_string() == wanted).map(|row| row.1).sum()
            };
            // What is at UTC is unknown, except for those whose other weeks show British summer time.
            assert!(
                slice.unknown.value() + by("+00:00/+01:00") + by("+00:00") >= zero * 0.9,
                "{repository} {}",
                slice.from
            );
            assert!(by("+00:00") < 0.05, "{repository} {}: {}", slice.from, by("+00:00"));
        }
    }
    assert!(embedded("oxc-project/oxc").unknown > 0.3);
}

#[test]
fn seats_and_work_stay_apart() {
    let packages =
        [("await-tree", CRATES_IO), ("opendal", CRATES_IO), ("volo", CRATES_IO), ("document-features", CRATES_IO)];
    let report = report(&project(&packages), &[]);
    assert_eq!(origin(&report, "opendal", "steward"), "country US");
    assert!(origin(&report, "opendal", "contribution").contains("CN"));
    assert_eq!(grade(&report, "opendal", "us-icts-adversaries"), "contribution");
    assert_eq!(grade(&report, "volo", "us-icts-adversaries"), "seat");
    assert_eq!(origin(&report, "document-features", "steward"), "country DE");
    let contribution = facet(&report, "opendal", "contribution");
    let sum: f64 = contribution["posterior"].as_object().unwrap().values().map(|mass| mass.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    assert_eq!(contribution["claims"][0]["kind"], "commit-history");
    assert!(contribution["work"]["offsets"].as_array().unwrap().len() > 1);
}

/// A large project has somebody everywhere: fifteen in a hundred are no alarm.
#[test]
fn a_share_below_the_threshold_is_no_exposure_and_the_threshold_can_be_set() {
    let fixture = project(&[("cargo-platform", CRATES_IO), ("opendal", CRATES_IO)]);
    let grades = |more: &[&str]| {
        let report = report(&fixture, more);
        ["cargo-platform", "opendal"].map(|name| grade(&report, name, "us-icts-adversaries").to_owned())
    };
    assert_eq!(grades(&[]), ["-", "contribution"]);
    assert_eq!(grades(&["--contribution-share", "0.02"])[0], "contribution");
    assert_eq!(grades(&["--contribution-share", "1"]), ["-", "-"]);
    assert_eq!(grades(&["--contribution-probability", "0.99"])[1], "possible");
    assert_eq!(fixture.run(&["--lockfile", "Cargo.lock", "--contribution-share", "0"]).code, 2);
    fixture.file("origin.toml", "[contribution]\nshare = 1.0\n");
    assert_eq!(grades(&["--config", "origin.toml"]), ["-", "-"]);
    for (text, says) in [
        ("[contribution]\nshare = 2.0\n", "contribution.share is 2"),
        ("[contribution]\nshares = 0.2\n", "shares"),
        ("git-cache = \"../elsewhere\"\n", "leads out of the workspace"),
    ] {
        fixture.file("origin.toml", text);
        let output = fixture.run(&["--lockfile", "Cargo.lock", "--config", "origin.toml"]);
        assert_eq!(output.code, 2);
        assert!(output.stderr.contains(says), "{}", output.stderr);
    }
}

/// What the rule finds in `thing` with these keys.
fn bus_factor(fixture: &Fixture, keys: &str, claims: &str, more: &[&str]) -> Vec<String> {
    let level = if keys.is_empty() { "level = \"warn\"" } else { "level = \"warn\", " };
    fixture.file("origin.toml", format!("[rules]\nbus-factor = {{ {level}{keys} }}\n{claims}"));
    let args = ["check", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--as-of", DAY, "--format", "json"];
    let report = fixture.run(&[&args[..], more].concat()).json();
    let found = report["findings"].as_array().unwrap().iter().filter(|row| row["rule"] == "bus-factor");
    let reasons = found.flat_map(|row| row["reasons"].as_array().unwrap());
    reasons.map(|row| row["because"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn half_of_the_work_in_one_country_is_found_where_clocks_can_tell() {
    let databend = project(&[("thing", &git("github.com/databendlabs/databend"))]);
    let found = bus_factor(&databend, "max-people = 0", "", &[]);
    assert!(
        matches!(found.as_slice(), [one] if one.contains("of the work is done in bands where it is in CN")),
        "{found:?}"
    );
    for keys in ["country-share = 1.0", "country-probability = 1.0", "countries = [\"DE\"]"] {
        assert_eq!(bus_factor(&databend, &format!("max-people = 0, {keys}"), "", &[]), Vec::<String>::new(), "{keys}");
    }
    assert_eq!(bus_factor(&databend, "max-people = 0, countries = [\"CN\", \"DE\"]", "", &[]), found);
    // The one person of a clone in a band of many countries: one person, and no country.
    let repository = Repositories::new(&[]);
    european(&repository, "someone@example.org", 0, 50);
    repository.git(&["remote", "add", "origin", "https://github.com/example-nobody/thing"]);
    let lock = project(&[("thing", &git("github.com/example-nobody/thing"))]).read("Cargo.lock");
    repository.fixture().file("Cargo.lock", lock);
    let found = bus_factor(repository.fixture(), "", "", &["--git-cache", "."]);
    assert_eq!(found, ["thing: 1 of 1 people did half of the work of 2025"]);
    // What the user says of the work needs no history.
    let claim = "[[claim]]\npackage = \"thing\"\nfacet = \"contribution\"\nplace = \"DE\"\nsource = \"imprint\"\n";
    let plain = project(&[("thing", CRATES_IO)]);
    assert_eq!(bus_factor(&plain, "", claim, &[]), ["thing: the work is said to be done in DE"]);
    assert_eq!(bus_factor(&plain, "countries = [\"CN\"]", claim, &[]), Vec::<String>::new());
    // Who can publish is not asked.
    let publisher = claim.replace("contribution", "publisher");
    assert_eq!(bus_factor(&plain, "", &publisher, &[]), Vec::<String>::new());
}

/// What a person's other repositories say is a hint: it is marked, discounted, and never settles an exposure.
#[test]
fn what_is_inherited_is_marked_and_only_possible() {
    let data = Data::embedded().unwrap();
    let accounts = data.tables.individuals.iter().copied();
    let abroad = |account: &str| {
        let records: Vec<Observation> =
            data.observed(&format!("{account}/")).filter_map(|at| data.observation(at)).collect();
        let works = records.iter().filter_map(|record| work(record, DAY.parse().unwrap()));
        records.len() == 1 && works.filter(|work| listed(work) > 0.6).count() == 1
    };
    let account =
        accounts.filter(|account| account.starts_with("github.com/")).find(|account| abroad(account)).unwrap();
    let fixture = project(&[("thing", &git(&format!("{account}/made-up-for-a-test")))]);
    assert_eq!(bus_factor(&fixture, "max-people = 1000, country-share = 0.1", "", &[]), Vec::<String>::new());
    let report = report(&fixture, &[]);
    let contribution = facet(&report, "thing", "contribution");
    assert_eq!(contribution["claims"][0]["kind"], "inherited-history");
    assert_eq!(contribution["claims"][0]["confidence"], "low");
    assert!(contribution["posterior"]["unknown"].as_f64().unwrap() >= 0.3);
    let grades: Vec<&str> =
        report["exposures"].as_array().unwrap().iter().map(|row| row["grade"].as_str().unwrap()).collect();
    assert!(!grades.is_empty() && grades.iter().all(|grade| *grade == "possible"), "{grades:?}");
}

#[test]
fn as_of_takes_only_the_work_that_was_done() {
    let data = Data::embedded().unwrap();
    let record = data.observation("github.com/databendlabs/databend").unwrap();
    assert!(work(&record, "2001-01-01".parse().unwrap()).is_none());
    let then = work(&record, "2023-06-01".parse().unwrap()).unwrap();
    assert!(then.years.1 <= 2023 && then.weeks < work(&record, DAY.parse().unwrap()).unwrap().weeks);
}

/// Every other Monday at ten, from 2024-01-01 on, at the offset of a place with European summer time.
fn european(repository: &Repositories, address: &str, from: u32, to: u32) {
    for number in from..to {
        let seconds = 1_704_103_200 + i64::from(number) * 14 * 86_400;
        // 2024-03-31 to 2024-10-27, and the same part of other years.
        let summer = (6..21).contains(&(number % 26));
        repository.commit(address, seconds, if summer { "+0200" } else { "+0100" }, &format!("{address}-{number}"));
    }
}

#[test]
fn observe_prints_where_the_work_is_done_and_writes_a_record_without_people() {
    let repository = Repositories::new(&[]);
    european(&repository, "someone@example.org", 0, 26);
    repository.git(&["remote", "add", "origin", "https://user:secret@example.org/Made/Up.git"]);
    let fixture = repository.fixture();
    let text =
        fixture.stdout(&["observe", "main", "--out", "records.jsonl", "--width", "100", "--as-of", "2025-01-01"]);
    assert!(text.contains("example.org/made/up"), "{text}");
    assert!(text.contains("Central European time") && text.contains("UTC+02:00"), "{text}");
    let written = fixture.read("records.jsonl");
    for secret in ["someone", "secret", "user:", "Example"] {
        assert!(!written.contains(secret) && !text.contains(secret), "{secret}");
    }
    assert!(written.len() < 2_000, "{} bytes", written.len());
    let record: Observation = serde_json::from_str(written.trim_end()).unwrap();
    assert_eq!((record.repository.as_str(), record.commits), ("example.org/made/up", 26));
    let json = fixture.run(&["observe", "main", "--format", "json"]).json();
    assert_eq!(json[0]["record"]["head"], record.head.as_str());
    // What cannot be done is one error, and nothing is written.
    for args in [
        &["observe", "main", "--repository", "nonsense"][..],
        &["observe", "nowhere"],
        &["observe", "main", "--out", "no/such/file"],
    ] {
        let output = fixture.run(args);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{args:?}");
        assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
        assert_eq!(args[1] == "nowhere", output.stderr.contains("is not a git repository"), "{}", output.stderr);
    }
}

#[test]
fn a_clone_of_the_users_is_asked_first() {
    let repository = Repositories::new(&[]);
    european(&repository, "someone@example.org", 0, 20);
    repository.git(&["remote", "add", "origin", "https://example.org/made/up"]);
    let fixture = repository.fixture();
    let lock = crate::support::lock(&[
        ("acme", "0.1.0", "", &["thing"]),
        ("thing", "1.0.0", &git("example.org/made/up"), &[]),
    ]);
    fixture.file("Cargo.lock", lock);
    assert_eq!(origin(&report(fixture, &[]), "thing", "contribution"), "unknown");
    let found = report(fixture, &["--git-cache", "."]);
    assert!(
        origin(&found, "thing", "contribution").starts_with("band DE"),
        "{}",
        origin(&found, "thing", "contribution")
    );
    let output = fixture.run(&["--lockfile", "Cargo.lock", "--git-cache", "nowhere"]);
    assert_eq!(output.code, 2);
}

#[test]
fn a_move_shows_with_its_date() {
    let data = Data::embedded().unwrap();
    let clocks = Clocks::new(&Data::zones().unwrap(), &data.tables.prior);
    // 2021 and 2022 at +08, 2024 and 2025 at -08 and -07 by the season.
    let vote = |week: i32, offset: i16| Vote { week, offset, commits: 1 };
    let mut votes: Vec<Vote> = (2662..2764).step_by(2).map(|week| vote(week, 480)).collect();
    let pacific = |week: i32| if (9..43).contains(&((week - 2818) % 52)) { -420 } else { -480 };
    votes.extend((2818..2920).step_by(2).map(|week| vote(week, pacific(week))));
    let author = Author { votes, domains: Vec::new(), bot: false };
    let history = History { authors: vec![author], span: Some((1_609_459_200, 1_767_139_200)), ..History::default() };
    let subject = Subject { repository: "example.org/made/up", path: None, as_of: DAY.parse().unwrap() };
    let record = observe(&history, subject, &clocks, &data, &Parameters::default()).unwrap();
    let main = |year: i16| {
        let slice = record.slices.iter().find(|slice| slice.from <= year && year <= slice.to).unwrap();
        slice.places.by_band().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap().0.to_string()
    };
    assert_eq!(
        [main(2021), main(2022), main(2024), main(2025)],
        ["+08:00", "+08:00", "-08:00/-07:00", "-08:00/-07:00"]
    );
}

fn any_author() -> impl Strategy<Value = Author> {
    let vote = (any::<i16>(), prop_oneof![Just(0i16), Just(60), Just(480), Just(-300), any::<i16>()]);
    let domain = prop_oneof![Just("qq.com".to_owned()), Just("example.de".to_owned()), "[a-z.]{0,12}"];
    (prop::collection::btree_map(any::<i16>().prop_map(i32::from), vote, 0..12), prop::collection::vec(domain, 0..3))
        .prop_map(|(votes, domains)| Author {
            votes: votes.into_iter().map(|(week, (_, offset))| Vote { week, offset, commits: 1 }).collect(),
            domains,
            bot: false,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn probabilities_sum_to_one_whatever_the_history(author in any_author()) {
        let data = Data::embedded().unwrap();
        let clocks = Clocks::new(&Data::zones().unwrap(), &data.tables.prior);
        let found = locate(&author, &clocks, &data, &Parameters::default());
        let sum: f64 = found.countries(&clocks).values().sum();
        prop_assert!((sum - 1.0).abs() < 1e-6, "{sum}");
        let history = History { authors: vec![author], span: Some((0, 0)), ..History::default() };
        let subject = Subject { repository: "example.org/made/up", path: None, as_of: DAY.parse().unwrap() };
        if let Some(record) = observe(&history, subject, &clocks, &data, &Parameters::default()) {
            for slice in &record.slices {
                let located: f64 = slice.places.by_band().map(|row| row.1).sum();
                prop_assert!((located + slice.unknown.value() - 1.0).abs() < 0.02, "{slice:?}");
            }
        }
    }

    /// Another week at +08 never makes China less likely to somebody who was only ever there.
    #[test]
    fn evidence_for_a_place_does_not_lower_it(weeks in 1i32..12) {
        let data = Data::embedded().unwrap();
        let clocks = Clocks::new(&Data::zones().unwrap(), &data.tables.prior);
        let china = |weeks: i32| {
            let votes = (0..weeks).map(|week| Vote { week: 2800 + week, offset: 480, commits: 1 }).collect();
            let author = Author { votes, domains: Vec::new(), bot: false };
            locate(&author, &clocks, &data, &Parameters::default()).countries(&clocks)[&"CN".parse().unwrap()]
        };
        prop_assert!(china(weeks + 1) >= china(weeks) - 0.01);
    }
}
