//! Cases with a documented origin, and the traps that a naive tool falls into. The projects are made up; the organisations are those of the
//! register, and no person is named: where one person's account is needed, it is whichever the table of accounts begins with.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use serde_json::Value;

use crate::support::{CRATES_IO, Fixture, lock};

const DAY: &str = "2026-11-24";

/// A source in a git repository.
pub(crate) fn git(repository: &str) -> String {
    format!("git+https://{repository}#0123456789012345678901234567890123456789")
}

/// A project `acme` that needs every one of the packages itself: name and source.
pub(crate) fn project(packages: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::new();
    let names: Vec<&str> = packages.iter().map(|(name, _)| *name).collect();
    let mut rows = vec![("acme", "0.1.0", "", names.as_slice())];
    rows.extend(packages.iter().map(|(name, source)| (*name, "1.0.0", *source, [].as_slice())));
    fixture.file("Cargo.lock", lock(&rows));
    fixture
}

/// The JSON report on the project's lock file.
pub(crate) fn report(fixture: &Fixture, more: &[&str]) -> Value {
    let mut args = vec!["--lockfile", "Cargo.lock", "--format", "json"];
    if !more.contains(&"--as-of") {
        args.extend(["--as-of", DAY]);
    }
    args.extend(more);
    let output = fixture.run(&args);
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.json()
}

/// One facet of one package.
pub(crate) fn facet<'a>(report: &'a Value, package: &str, facet: &str) -> &'a Value {
    let found = report["packages"].as_array().unwrap().iter().find(|row| row["name"] == package);
    &found.unwrap_or_else(|| panic!("no {package}"))["facets"][facet]
}

/// The kind of a facet's origin with its countries: `country DE`, `unknown`.
pub(crate) fn origin(report: &Value, package: &str, which: &str) -> String {
    let origin = &facet(report, package, which)["origin"];
    let codes = origin["countries"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned());
    [origin["kind"].as_str().unwrap().to_owned()].into_iter().chain(codes).collect::<Vec<_>>().join(" ")
}

/// The exposure of a package to a programme.
pub(crate) fn exposure<'a>(report: &'a Value, package: &str, programme: &str) -> Option<&'a Value> {
    let label = format!("{package}@1.0.0");
    let mut all = report["exposures"].as_array().unwrap().iter();
    all.find(|row| row["package"] == label.as_str() && row["programme"] == programme)
}

/// Its grade; `-` where there is none.
pub(crate) fn grade<'a>(report: &'a Value, package: &str, programme: &str) -> &'a str {
    exposure(report, package, programme).map_or("-", |row| row["grade"].as_str().unwrap())
}

/// Every programme that reaches a package, with the grade.
fn grades(report: &Value, package: &str) -> Vec<String> {
    let label = format!("{package}@1.0.0");
    let rows = report["exposures"].as_array().unwrap().iter().filter(|row| row["package"] == label.as_str());
    rows.map(|row| format!("{} {}", row["programme"].as_str().unwrap(), row["grade"].as_str().unwrap())).collect()
}

fn kinds(facet: &Value) -> Vec<&str> {
    facet["claims"].as_array().unwrap().iter().map(|claim| claim["kind"].as_str().unwrap()).collect()
}

/// A project of one package as cargo would have unpacked it: its manifest below `[package]`, and other files.
fn unpacked(manifest: &str, files: &[(&str, &str)]) -> Value {
    let fixture = project(&[("thing", CRATES_IO)]);
    let folder = "cargo-home/registry/src/index.crates.io-0000000000000000/thing-1.0.0";
    fixture.file(
        format!("{folder}/Cargo.toml"),
        format!("[package]\nname = \"thing\"\nversion = \"1.0.0\"\n{manifest}\n"),
    );
    for (name, text) in files {
        fixture.file(format!("{folder}/{name}"), text);
    }
    report(&fixture, &["--registry-cache"])
}

/// The report on one git dependency of nobody known, with an `origin.toml`.
fn claimed(policy: &str, more: &[&str]) -> Value {
    let fixture = project(&[("thing", &git("github.com/example-nobody/thing"))]);
    fixture.file("origin.toml", policy);
    report(&fixture, &[&["--config", "origin.toml"], more].concat())
}

fn claim(facet: &str, place: &str, more: &str) -> String {
    format!("[[claim]]\npackage = \"thing\"\nfacet = \"{facet}\"\nplace = \"{place}\"\nsource = \"imprint\"\n{more}\n")
}

const NOBODY: &str = "repository = \"https://github.com/example-nobody/thing\"";

/// The repository of an account that the table has as one person's.
fn of_one_person() -> String {
    let table = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/accounts.csv")).unwrap();
    let account = table.lines().nth(1).unwrap().split(',').next().unwrap();
    format!("repository = \"https://{account}/thing\"")
}

#[test]
fn the_register_knows_documented_cases() {
    // Where a crate is not in the table of crates, the package is a git dependency on the organisation's account.
    let git_of = |owner: &str| git(&format!("github.com/{owner}/thing"));
    let (tauri, typst, astral, influx, picodata, pingcap) = (
        git_of("tauri-apps"),
        git_of("typst"),
        git_of("astral-sh"),
        git_of("influxdata"),
        git_of("picodata"),
        git_of("pingcap"),
    );
    let cases: &[(&str, &str, &str, &str)] = &[
        ("document-features", CRATES_IO, "country DE", "sixtyfps-slint"),
        ("arroy", CRATES_IO, "country FR", "meilisearch"),
        ("cfg-expr", CRATES_IO, "country SE", "embark-studios"),
        ("egui_tiles", CRATES_IO, "country SE", "rerun"),
        ("typst-like", &typst, "country DE", "typst"),
        ("tauri-like", &tauri, "country NL", "tauri-apps"),
        ("dropshot", CRATES_IO, "country US", "oxide"),
        ("uv-like", &astral, "country US", "astral"),
        ("influx-like", &influx, "country US", "influxdata"),
        ("volo", CRATES_IO, "country CN", "bytedance"),
        ("pilota", CRATES_IO, "country CN", "bytedance"),
        ("motore", CRATES_IO, "country CN", "bytedance"),
        ("monoio", CRATES_IO, "country CN", "bytedance"),
        ("picodata-like", &picodata, "country RU", "picodata"),
        ("opendal", CRATES_IO, "country US", "apache-software-foundation"),
        ("await-tree", CRATES_IO, "country US", "risingwave-labs"),
        ("pingcap-like", &pingcap, "conflict CN US", "pingcap"),
        ("fail", CRATES_IO, "country US", "tikv"),
        ("cargo-platform", CRATES_IO, "country US", "rust-project"),
        // Countries are named for these, on evidence that does not settle a seat.
        ("openraft", CRATES_IO, "unknown", "databend"),
        ("sea-orm", CRATES_IO, "unknown", "sea-ql"),
        ("ethereum-types", CRATES_IO, "unknown", "parity"),
        ("fast-glob", CRATES_IO, "unknown", "voidzero"),
    ];
    let report = report(&project(&cases.iter().map(|case| (case.0, case.1)).collect::<Vec<_>>()), &[]);
    for (name, _, place, party) in cases {
        assert_eq!(origin(&report, name, "steward"), *place, "{name}");
        assert_eq!(facet(&report, name, "steward")["party"]["id"], *party, "{name}");
        // A seat says nothing about where the work is done, and the two are never merged.
        let by: Vec<&str> = kinds(facet(&report, name, "contribution"));
        assert!(by.iter().all(|kind| kind.ends_with("-history")), "{name}: {by:?}");
    }
    // A foundation that holds a community's assets is named with it.
    assert_eq!(facet(&report, "tauri-like", "steward")["owner"]["id"], "commons-conservancy");
    let held = facet(&report, "fail", "steward")["claims"][0]["statement"].as_str().unwrap();
    assert!(held.contains("Cloud Native Computing Foundation"), "{held}");
    assert_eq!(facet(&report, "fail", "steward")["owner"]["name"], "Linux Foundation");
    // Doubt and conflict are exposure at most as a possibility; a community with contributors everywhere is none.
    for name in ["await-tree", "pingcap-like", "openraft", "sea-orm"] {
        let settled = |row: &String| row.ends_with(" named") || row.ends_with(" seat");
        assert!(!grades(&report, name).iter().any(settled), "{name}: {:?}", grades(&report, name));
    }
    // Only where the work is done there.
    assert_eq!(grade(&report, "openraft", "us-icts-adversaries"), "contribution");
    assert_eq!(grade(&report, "pingcap-like", "us-icts-adversaries"), "possible");
    for name in ["cargo-platform", "document-features"] {
        assert!(grades(&report, name).is_empty(), "{name}: {:?}", grades(&report, name));
    }
}

#[test]
fn a_company_of_the_register_is_recognised_in_a_copyright_line() {
    let report = unpacked(NOBODY, &[("LICENSE", "Copyright (c) 2024 SixtyFPS GmbH\n")]);
    assert_eq!(origin(&report, "thing", "steward"), "country DE");
    assert_eq!(facet(&report, "thing", "steward")["party"]["id"], "sixtyfps-slint");
    // Who holds the rights is not who can publish.
    assert_eq!(origin(&report, "thing", "publisher"), "unknown");
}

#[test]
fn legal_forms_narrow_and_say_no_more_than_they_know() {
    for (holder, place) in [
        ("Example Widgets GmbH", "band AT CH DE LI"),
        ("Example Widgets Pte. Ltd.", "country SG"),
        ("Example Widgets Oy", "country FI"),
        ("Example Widgets s.r.o.", "band CZ SK"),
        ("Example Widgets Inc.", "unknown"),
        ("Example Widgets LLC", "unknown"),
        ("Example Widgets Ltd.", "unknown"),
    ] {
        let report = unpacked(NOBODY, &[("LICENSE-MIT", &format!("MIT License\n\nCopyright (c) 2024 {holder}\n"))]);
        assert_eq!(origin(&report, "thing", "steward"), place, "{holder}");
        assert_eq!(facet(&report, "thing", "steward")["posterior"]["CN"], Value::Null, "{holder}");
        assert!(grades(&report, "thing").is_empty(), "{holder}");
        let claims = facet(&report, "thing", "steward")["claims"].to_string();
        assert!(claims.contains(holder), "{holder} is shown as evidence: {claims}");
    }
}

#[test]
fn one_holder_beside_a_persons_account_stands_behind_it_and_several_do_not() {
    let person = of_one_person();
    let one = unpacked(&person, &[("LICENSE", "Copyright (c) 2024 SixtyFPS GmbH\n")]);
    assert_eq!(origin(&one, "thing", "steward"), "country DE");
    assert_eq!(origin(&one, "thing", "publisher"), "no-seat");
    let stack = "Copyright (c) 2024 SixtyFPS GmbH\nCopyright (c) 2020 Rerun Technologies AB\n";
    let several = unpacked(&person, &[("LICENSE", stack)]);
    assert_eq!(origin(&several, "thing", "steward"), "no-seat");
    assert!(kinds(facet(&several, "thing", "steward")).contains(&"copyright-mention"));
    for file in ["NOTICE", "LICENSE-THIRD-PARTY", "LICENSE-UNICODE", "COPYRIGHT-NOTICE.txt"] {
        let report = unpacked(&person, &[(file, "Copyright (c) 2024 Kaspersky Lab\n")]);
        assert_eq!(origin(&report, "thing", "steward"), "no-seat", "{file}");
        assert!(kinds(facet(&report, "thing", "steward")).contains(&"copyright-mention"), "{file}");
        assert_eq!(grade(&report, "thing", "us-kaspersky-2024"), "possible", "{file}");
    }
}

#[test]
fn an_employers_address_points_to_the_employer_and_settles_nothing() {
    for (domain, programme) in [("sensetime.com", "us-bis-entity-list"), ("kaspersky.com", "us-kaspersky-2024")] {
        let authors = format!("{NOBODY}\nauthors = [\"A. Nobody <nobody@{domain}>\"]");
        let report = unpacked(&authors, &[]);
        let steward = facet(&report, "thing", "steward");
        assert_eq!(origin(&report, "thing", "steward"), "unknown", "{domain}");
        assert_eq!((&steward["party"], kinds(steward)), (&Value::Null, vec!["author-employer"]), "{domain}");
        assert_eq!(grade(&report, "thing", programme), "possible", "{domain}");
        assert!(grades(&report, "thing").iter().all(|row| row.ends_with(" possible")), "{domain}");
        // Neither the address nor the name is in the report.
        assert!(!report.to_string().contains("obody@"), "{domain}");
        assert!(!report.to_string().contains("A. Nobody"), "{domain}");
    }
}

#[test]
fn mail_providers_and_country_domains_are_hints_about_work_and_no_exposure() {
    for (domain, hint) in
        [("qq.com", "CN"), ("mail.ru", "RU"), ("example-nobody.uk", "GB"), ("example-nobody.ru", "RU")]
    {
        let authors = format!("{NOBODY}\nauthors = [\"A. Nobody <nobody@{domain}>\", \"B. Nobody <b@{domain}>\"]");
        let report = unpacked(&authors, &[]);
        let work = facet(&report, "thing", "contribution");
        assert_eq!(origin(&report, "thing", "contribution"), "unknown", "{domain}");
        assert_eq!(work["posterior"]["unknown"], 1.0, "{domain}");
        assert_eq!(work["claims"][0]["places"], serde_json::json!([hint]), "{domain}");
        assert_eq!(work["claims"][0]["decides"], false, "{domain}");
        assert_eq!(origin(&report, "thing", "steward"), "unknown", "{domain}");
        assert!(grades(&report, "thing").is_empty(), "{domain}: {:?}", grades(&report, "thing"));
    }
    for tld in ["rs", "io", "me", "ai", "co", "ws", "st", "ml", "ly", "is", "tv", "sh"] {
        let authors = format!("{NOBODY}\nauthors = [\"A. Nobody <nobody@example-nobody.{tld}>\"]");
        let report = unpacked(&authors, &[]);
        assert_eq!(facet(&report, "thing", "contribution")["claims"], serde_json::json!([]), ".{tld}");
    }
}

#[test]
fn a_fork_is_published_by_its_owner_whatever_its_manifest_names() {
    let metadata =
        metadata_of_a_fork("git+https://github.com/example-nobody/fork#0123", "https://github.com/slint-ui/slint");
    let fixture = Fixture::new();
    fixture.file("metadata.json", metadata.to_string());
    let output = fixture.run(&["--metadata-path", "metadata.json", "--format", "json", "--as-of", DAY]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let report = output.json();
    for which in ["steward", "publisher"] {
        assert_eq!(origin(&report, "thing", which), "unknown", "{which}");
        assert_ne!(facet(&report, "thing", which)["party"]["id"], "sixtyfps-slint", "{which}");
    }
    assert_eq!(origin(&report, "thing", "channel"), "country US");
}

/// `cargo metadata` of a project with one git dependency.
fn metadata_of_a_fork(source: &str, repository: &str) -> Value {
    let package = |id: &str, name: &str, source: Value, repository: Value, dependencies: Value| {
        serde_json::json!({
            "name": name, "version": "1.0.0", "id": id, "license": "MIT", "license_file": null, "description": null,
            "source": source, "dependencies": dependencies, "features": {}, "manifest_path": format!("/made-up/{name}/Cargo.toml"),
            "targets": [{"kind": ["lib"], "crate_types": ["lib"], "name": name, "src_path": format!("/made-up/{name}/src/lib.rs"),
                "edition": "2021", "doc": true, "doctest": true, "test": true}],
            "metadata": null, "publish": null, "authors": [], "categories": [], "keywords": [], "readme": null,
            "repository": repository, "homepage": null, "documentation": null, "edition": "2021", "links": null,
            "default_run": null, "rust_version": null
        })
    };
    let address = source.split('#').next();
    let needs = serde_json::json!([{"name": "thing", "source": address, "req": "*", "kind": null, "rename": null,
        "optional": false, "uses_default_features": true, "features": [], "target": null, "registry": null}]);
    let acme = "path+file:///made-up/acme#1.0.0";
    let thing = source.replace("#0123", "#thing@1.0.0");
    serde_json::json!({
        "packages": [
            package(acme, "acme", Value::Null, Value::Null, needs),
            package(&thing, "thing", source.into(), repository.into(), serde_json::json!([])),
        ],
        "workspace_members": [acme], "workspace_default_members": [acme],
        "resolve": {"nodes": [
            {"id": acme, "dependencies": [thing], "features": [],
             "deps": [{"name": "thing", "pkg": thing, "dep_kinds": [{"kind": null, "target": null}]}]},
            {"id": thing, "dependencies": [], "deps": [], "features": []},
        ], "root": acme},
        "target_directory": "/made-up/acme/target", "version": 1, "workspace_root": "/made-up/acme", "metadata": null
    })
}

#[test]
fn a_git_host_is_a_channel_and_not_a_steward() {
    let report = report(&project(&[("thing", &git("gitee.com/example-nobody/thing"))]), &[]);
    assert_eq!(origin(&report, "thing", "channel"), "country CN");
    for which in ["steward", "publisher", "contribution"] {
        assert_eq!(origin(&report, "thing", which), "unknown", "{which}");
    }
    assert_eq!(grade(&report, "thing", "us-icts-adversaries"), "channel");
}

#[test]
fn what_a_package_declares_of_itself_fills_a_gap_and_overrides_nothing() {
    let declared = "[package.metadata.origin]\norganisation = \"Example Widgets\"\nseat = \"DE\"";
    let gap = unpacked(&format!("{NOBODY}\n{declared}"), &[]);
    assert_eq!(origin(&gap, "thing", "steward"), "country DE");
    assert_eq!(kinds(facet(&gap, "thing", "steward")), ["declared"]);
    let register = unpacked(&format!("repository = \"https://github.com/picodata/thing\"\n{declared}"), &[]);
    let steward = facet(&register, "thing", "steward");
    assert_eq!(origin(&register, "thing", "steward"), "country RU");
    assert_eq!((steward["party"]["id"].as_str(), kinds(steward)), (Some("picodata"), vec!["forge-owner", "declared"]));
    assert_eq!(steward["claims"][1]["decides"], false);
    assert_eq!(grade(&register, "thing", "us-covered-nations"), "seat");
}

#[test]
fn a_package_that_names_an_organisation_does_not_move_its_seat() {
    let declared = "[package.metadata.origin]\norganisation = \"Picodata\"";
    let agreed = unpacked(&format!("{NOBODY}\n{declared}\n"), &[]);
    assert_eq!(origin(&agreed, "thing", "steward"), "country RU");
    let moved = unpacked(&format!("{NOBODY}\n{declared}\nseat = \"DE\""), &[]);
    assert_ne!(origin(&moved, "thing", "steward"), "country DE");
    assert_ne!(grade(&moved, "thing", "us-covered-nations"), "-");
}

#[test]
fn a_package_does_not_talk_its_way_out_of_its_licence() {
    // OOO is a form of Russia and its neighbours; the package's own word for the United States contradicts it.
    let report = unpacked(
        &format!("{NOBODY}\n[package.metadata.origin]\nseat = \"US\""),
        &[("LICENSE", "Copyright (c) 2024 Example Widgets OOO\n")],
    );
    assert_ne!(origin(&report, "thing", "steward"), "country US");
}

#[test]
fn the_users_claim_decides_and_is_shown_as_the_users_word() {
    let one = claimed(&claim("steward", "DE", ""), &[]);
    assert_eq!(origin(&one, "thing", "steward"), "country DE");
    assert_eq!(facet(&one, "thing", "steward")["posterior"]["DE"], 1.0);
    assert_eq!(origin(&one, "thing", "publisher"), "unknown");
    let shown = &facet(&one, "thing", "steward")["claims"][0];
    assert!(shown["statement"].as_str().unwrap().starts_with("your own claim"), "{shown}");
    assert_eq!(
        (&shown["kind"], &shown["address"], &shown["reference"]),
        (&"user-claim".into(), &"imprint".into(), &"origin.toml:1".into())
    );
    let three = [claim("steward", "DE", ""), claim("steward", "US", ""), claim("steward", "CN", "")].concat();
    let three = claimed(&three, &[]);
    assert_eq!(origin(&three, "thing", "steward"), "conflict CN DE US");
    assert_eq!(grade(&three, "thing", "us-icts-adversaries"), "possible");
    let none = claimed(&claim("steward", "none", ""), &[]);
    assert_eq!(origin(&none, "thing", "steward"), "no-seat");
}

#[test]
fn no_seat_and_a_seat_are_a_conflict() {
    let report = claimed(&[claim("steward", "CN", ""), claim("steward", "none", "")].concat(), &[]);
    assert!(origin(&report, "thing", "steward").starts_with("conflict"), "{}", origin(&report, "thing", "steward"));
}

#[test]
fn a_conflict_between_listed_countries_alone_is_no_doubt_about_the_list() {
    let report = claimed(&[claim("steward", "RU", ""), claim("steward", "IR", "")].concat(), &[]);
    assert_eq!(origin(&report, "thing", "steward"), "conflict IR RU");
    assert_eq!(grade(&report, "thing", "us-covered-nations"), "seat");
    // Cuba is on one list and not on the other.
    let half = claimed(&[claim("steward", "CU", ""), claim("steward", "IR", "")].concat(), &[]);
    assert_eq!(grade(&half, "thing", "us-icts-adversaries"), "seat");
    assert_eq!(grade(&half, "thing", "us-covered-nations"), "possible");
}

/// A package of an organisation that is named, of which the user claims where it is.
fn named_and_claimed(place: &str) -> Value {
    let fixture = project(&[("thing", &git("github.com/kasperskylab/thing"))]);
    fixture.file("origin.toml", claim("steward", place, "") + &claim("publisher", place, ""));
    report(&fixture, &["--config", "origin.toml"])
}

#[test]
fn a_claim_wins_over_the_register_which_stays_visible() {
    let report = named_and_claimed("DE");
    assert_eq!(origin(&report, "thing", "steward"), "country DE");
    assert_eq!(kinds(facet(&report, "thing", "steward")), ["user-claim", "forge-owner"]);
    assert_eq!(facet(&report, "thing", "steward")["claims"][1]["decides"], false);
}

#[test]
fn a_claim_on_where_leaves_who() {
    for place in ["RU", "DE"] {
        let report = named_and_claimed(place);
        assert_eq!(facet(&report, "thing", "steward")["party"]["id"], "kaspersky", "{place}");
        assert_eq!(grade(&report, "thing", "us-kaspersky-2024"), "named", "{place}");
    }
}

#[test]
fn claims_hold_on_their_days() {
    let moved =
        [claim("steward", "RU", "until = \"2023-01-01\""), claim("steward", "AM", "since = \"2023-01-01\"")].concat();
    for (day, place, touched) in [("2022-12-31", "country RU", "seat"), ("2023-01-01", "country AM", "-")] {
        let report = claimed(&moved, &["--as-of", day]);
        assert_eq!(origin(&report, "thing", "steward"), place, "{day}");
        assert_eq!(grade(&report, "thing", "us-covered-nations"), touched, "{day}");
    }
}

#[test]
fn regions_and_special_areas_are_on_the_lists_that_name_them() {
    let crimea = claimed(&claim("steward", "UA-43", ""), &[]);
    assert_eq!(grades(&crimea, "thing"), ["us-ofac-comprehensive seat"]);
    assert_eq!(origin(&crimea, "thing", "steward"), "country UA-43");
    let ukraine = claimed(&claim("steward", "UA", ""), &[]);
    assert!(grades(&ukraine, "thing").is_empty(), "{:?}", grades(&ukraine, "thing"));
    for place in ["HK", "MO"] {
        let report = claimed(&claim("steward", place, ""), &[]);
        assert_eq!(grade(&report, "thing", "us-icts-adversaries"), "seat", "{place}");
        assert_eq!(grade(&report, "thing", "us-covered-nations"), "-", "{place}");
    }
}

#[test]
fn a_region_that_does_not_exist_is_a_typo_and_not_a_place() {
    let fixture = project(&[("thing", CRATES_IO)]);
    fixture.file("origin.toml", claim("steward", "UA-99", ""));
    let output = fixture.run(&["--lockfile", "Cargo.lock", "--config", "origin.toml"]);
    assert_eq!(output.code, 2, "{}", output.stdout);
    assert!(output.stderr.contains("UA-99"), "{}", output.stderr);
}

#[test]
fn the_owner_reaches_where_the_seat_does_not() {
    let (volvo, futurewei) = (git("github.com/volvo-cars/thing"), git("github.com/futurewei-cloud/thing"));
    let report = report(&project(&[("volvo-like", &volvo), ("futurewei-like", &futurewei)]), &[]);
    assert_eq!(origin(&report, "volvo-like", "steward"), "country SE");
    assert_eq!(facet(&report, "volvo-like", "steward")["owner"]["seat"], "CN");
    assert_eq!(grade(&report, "volvo-like", "us-icts-adversaries"), "seat");
    let because = exposure(&report, "volvo-like", "us-icts-adversaries").unwrap()["because"].as_str().unwrap();
    assert!(because.contains("owned or held by Zhejiang Geely"), "{because}");
    assert_eq!(origin(&report, "futurewei-like", "steward"), "country US");
    let named = exposure(&report, "futurewei-like", "us-ndaa19-889").unwrap();
    assert_eq!((&named["grade"], &named["named"]), (&"named".into(), &"huawei".into()));
    assert_eq!(grade(&report, "futurewei-like", "us-covered-nations"), "seat");
}

#[test]
fn nothing_known_is_unknown_and_counted() {
    // As a single maintainer's crate with most of its commits on one offset would look: no address, no organisation.
    let report = report(&project(&[("thing-of-nobody", CRATES_IO), ("other-of-nobody", CRATES_IO)]), &[]);
    for which in ["steward", "publisher", "contribution", "native"] {
        assert_eq!(origin(&report, "thing-of-nobody", which), "unknown", "{which}");
        let rows = report["unknowns"].as_array().unwrap().iter().filter(|row| row["facet"] == which);
        assert_eq!(rows.map(|row| row["packages"].as_u64().unwrap()).sum::<u64>(), 2, "{which}");
    }
    for row in report["concentration"].as_array().unwrap().iter().filter(|row| row["facet"] == "steward") {
        assert_eq!((&row["unknown"], &row["hhi"]), (&1.0.into(), &Value::Null));
    }
}

#[test]
fn a_lock_file_tells_native_code_only_of_known_upstreams() {
    let packages = [("libsqlite3-sys", CRATES_IO), ("qttypes", CRATES_IO), ("thing-sys", CRATES_IO)];
    let report = report(&project(&packages), &[]);
    assert_eq!(origin(&report, "libsqlite3-sys", "native"), "country US");
    assert_eq!(facet(&report, "libsqlite3-sys", "native")["party"]["id"], "hwaci");
    assert_eq!(origin(&report, "qttypes", "native"), "country FI");
    assert_eq!(origin(&report, "thing-sys", "native"), "unknown");
    assert_eq!(facet(&report, "thing-sys", "native")["origin"]["reason"], "a lock file does not tell");
    let read = unpacked(&format!("{NOBODY}\nlinks = \"thing-of-nobody\""), &[]);
    assert_eq!(facet(&read, "thing", "native")["origin"]["reason"], "native code of an unknown upstream");
    let none = unpacked(NOBODY, &[]);
    assert_eq!(origin(&none, "thing", "native"), "no-seat");
}
