//! One made-up project in every format, and what holds for any report whatever is in it.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{CRATES_IO, Fixture, lock};
use crate::truths::git;

/// A project with one package of each kind: named, seat, owner abroad, conflict, doubtful, foundation, person, unknown, mirror, git host.
fn fixture() -> Fixture {
    let fixture = Fixture::new();
    let sources = [
        ("acme-ui", git("github.com/kasperskylab/example")),
        ("acme-storage", git("github.com/pingcap/example")),
        ("acme-cars", git("github.com/volvo-cars/example")),
        ("acme-forge", git("gitee.com/example-nobody/example")),
        ("acme-mirrored", "sparse+https://rsproxy.cn/index/".to_owned()),
    ];
    let of = |name: &str| sources.iter().find(|(known, _)| *known == name).map_or(CRATES_IO, |(_, source)| source);
    let rows: &[(&str, &[&str])] = &[
        ("acme-cars", &[]),
        ("acme-forge", &[]),
        ("acme-mirrored", &["thing-of-nobody"]),
        ("acme-storage", &["fail", "serde"]),
        ("acme-ui", &["document-features", "libsqlite3-sys"]),
        ("document-features", &[]),
        ("fail", &[]),
        ("libsqlite3-sys", &[]),
        ("openraft", &["serde", "thing-of-nobody"]),
        ("serde", &[]),
        ("thing-of-nobody", &[]),
        ("volo", &["acme-storage", "serde"]),
    ];
    let direct = ["acme-cars", "acme-forge", "acme-mirrored", "acme-ui", "openraft", "volo"];
    let mut packages = vec![("acme", "0.1.0", "", &direct[..])];
    packages.extend(rows.iter().map(|(name, needs)| (*name, "1.2.3", of(name), *needs)));
    fixture.file("Cargo.lock", lock(&packages));
    fixture
}

/// The output with what changes from release to release taken out: the version of the program and the date of its data.
fn run(args: &[&str]) -> String {
    let all = [args, &["--lockfile", "Cargo.lock", "--as-of", "2026-11-24"]].concat();
    let text = fixture().stdout(&all);
    let text = text.replace(&format!("cargo-origin {}", env!("CARGO_PKG_VERSION")), "cargo-origin [version]");
    let date = json_of(&[])["data_date"].as_str().unwrap().to_owned();
    text.replace(&format!("data of {date}"), "data of [date]")
        .replace(&format!("\"data_date\": \"{date}\""), "\"data_date\": \"[date]\"")
}

fn json_of(more: &[&str]) -> Value {
    let args = [&["--lockfile", "Cargo.lock", "--as-of", "2026-11-24", "--format", "json"], more].concat();
    serde_json::from_str(&fixture().stdout(&args)).unwrap()
}

#[test]
fn human_at_80_columns() {
    let text = run(&["--width", "80"]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn human_at_140_columns() {
    insta::assert_snapshot!(run(&["--width", "140", "--only", "all", "--top", "0"]));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(run(&["--format", "markdown"]));
}

#[test]
fn csv() {
    insta::assert_snapshot!(run(&["--format", "csv"]));
}

#[test]
fn json() {
    insta::assert_snapshot!(run(&["--format", "json"]));
}

/// Headings with an owner and sources with a commit fold too, and what is said after a mark stands under it.
#[test]
fn explain_at_80_columns() {
    for name in ["acme-forge", "acme-mirrored", "acme-ui", "openraft", "serde", "thing-of-nobody", "volo"] {
        let text = run(&["explain", name, "--width", "80"]);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
    let text = ["acme-cars", "acme-storage"].map(|name| run(&["explain", name, "--width", "80"])).join("\n");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn explain_at_140_columns() {
    insta::assert_snapshot!(run(&["explain", "acme-cars", "--width", "140"]));
}

#[test]
fn paths() {
    insta::assert_snapshot!(run(&["paths", "serde"]));
}

#[test]
fn json_is_what_the_schema_says() {
    let schema: Value = serde_json::from_str(&Fixture::new().stdout(&["schema"])).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for more in [&[][..], &["--home", "RU"], &["--as-of", "2019-01-01"], &["--only", "unknown", "--facet", "native"]] {
        let args = [&["--lockfile", "Cargo.lock", "--format", "json"], more].concat();
        let report: Value = serde_json::from_str(&fixture().stdout(&args)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{more:?}: {errors:?}");
    }
    let mut broken = json_of(&[]);
    broken["packages"][0]["facets"]["steward"]["origin"]["kind"] = "guess".into();
    assert!(!validator.is_valid(&broken), "the schema holds something");
}

#[test]
fn json_has_the_keys_that_are_promised() {
    let report = json_of(&[]);
    let has = |value: &Value, keys: &[&str]| {
        for key in keys {
            assert!(value.get(key).is_some(), "{key} in {value}");
        }
    };
    has(&report, &["version", "as_of", "home", "data_date", "packages", "exposures", "concentration", "gaps"]);
    assert_eq!((&report["version"], &report["as_of"]), (&1.into(), &"2026-11-24".into()));
    for package in report["packages"].as_array().unwrap() {
        has(package, &["name", "version", "source", "purl", "direct", "depth", "capabilities", "facets"]);
        for which in ["steward", "publisher", "contribution", "channel", "native"] {
            has(&package["facets"][which], &["origin", "party", "owner", "posterior", "claims"]);
            has(&package["facets"][which]["origin"], &["kind", "countries", "reason"]);
        }
    }
    for exposure in report["exposures"].as_array().unwrap() {
        has(exposure, &["programme", "package", "facet", "grade", "probability", "paths"]);
    }
    assert!(!report["exposures"].as_array().unwrap().is_empty());
    assert!(!report["gaps"].as_array().unwrap().is_empty());
}

#[test]
fn probabilities_and_shares_add_up() {
    let report = json_of(&[]);
    for package in report["packages"].as_array().unwrap() {
        for (which, facet) in package["facets"].as_object().unwrap() {
            let masses = facet["posterior"].as_object().unwrap().values().map(|mass| mass.as_f64().unwrap());
            assert!(masses.clone().all(|mass| (0.0..=1.0).contains(&mass)), "{} {which}", package["name"]);
            assert!((masses.sum::<f64>() - 1.0).abs() < 1e-5, "{} {which}: {}", package["name"], facet["posterior"]);
        }
    }
    for row in report["concentration"].as_array().unwrap() {
        let shares: Vec<f64> =
            row["shares"].as_object().unwrap().values().map(|share| share.as_f64().unwrap()).collect();
        let rest = ["no_seat", "conflict", "unknown"].iter().map(|key| row[*key].as_f64().unwrap()).sum::<f64>();
        assert!((shares.iter().sum::<f64>() + rest - 1.0).abs() < 1e-5, "{row}");
        match row["hhi"].as_f64() {
            Some(hhi) => {
                let least = 1.0 / f64::from(u32::try_from(shares.len()).unwrap());
                assert!((least - 1e-5..=1.0 + 1e-5).contains(&hhi), "{row}");
            }
            None => assert!(shares.is_empty(), "{row}"),
        }
    }
    for exposure in report["exposures"].as_array().unwrap() {
        let probability = exposure["probability"].as_f64().unwrap();
        assert!(probability > 0.0 && probability <= 1.0, "{exposure}");
        // An exposure needs no more than the evidence: nothing is certain of which the user has not answered for.
        assert!(probability < 1.0, "{exposure}");
    }
}

#[test]
fn nothing_is_less_than_nothing() {
    for format in ["human", "markdown", "csv", "json"] {
        let text = run(&["--format", format]);
        assert!(!text.contains("-0.0"), "{format}: {text}");
    }
}

#[test]
fn what_is_unknown_is_counted_for_every_facet() {
    let report = json_of(&[]);
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for row in report["unknowns"].as_array().unwrap() {
        *counted.entry(row["facet"].as_str().unwrap()).or_default() += row["packages"].as_u64().unwrap();
        assert!(!row["help"].as_str().unwrap().is_empty());
    }
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    for package in report["packages"].as_array().unwrap().iter().filter(|package| package["workspace"] == false) {
        for (which, facet) in package["facets"].as_object().unwrap() {
            if facet["origin"]["kind"] == "unknown" || facet["origin"]["kind"] == "conflict" {
                *seen.entry(which).or_default() += 1;
                assert!(facet["origin"]["reason"].is_string(), "{facet}");
            }
        }
    }
    assert_eq!(counted, seen);
}

#[test]
fn csv_has_a_line_for_every_package() {
    let text = fixture().stdout(&["--lockfile", "Cargo.lock", "--as-of", "2026-11-24", "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|known| known == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let report = json_of(&[]);
    let packages = report["packages"].as_array().unwrap();
    assert_eq!(rows.len(), packages.len());
    for (row, package) in rows.iter().zip(packages) {
        assert_eq!(&row[column("name")], package["name"].as_str().unwrap());
        assert_eq!(&row[column("purl")], package["purl"].as_str().unwrap());
        // No answer is an empty cell: what is not known says so.
        for which in ["steward", "publisher", "contribution", "channel", "native"] {
            assert!(!row[column(which)].is_empty(), "{which} of {row:?}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ["human", "markdown", "csv", "json"] {
        let args = ["--lockfile", "Cargo.lock", "--as-of", "2026-11-24", "--format", format];
        let once = fixture().stdout(&args);
        assert_eq!(once, fixture().stdout(&args), "{format}");
        assert_eq!(once, fixture().stdout(&[&args[..], &["--jobs", "1"]].concat()), "{format}");
    }
}
