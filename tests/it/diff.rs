//! What a change adds, removes and changes: from every kind of base, in every format, in both directions.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use std::fs;

use cargo_origin::analysis::{Histories, Live, Options, analyse};
use cargo_origin::data::Data;
use cargo_origin::exposure::Thresholds;
use cargo_origin::load::lock_from_text;
use cargo_origin::report::{Detail, DiffReport, State, States, diff, diff_schema};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::history::{MONDAY, Repositories};
use crate::support::{CRATES_IO, Fixture, Output, finish, lock};
use crate::truths::git;

const DAY: &str = "2026-11-24";
pub(crate) const MIRROR: &str = "sparse+https://rsproxy.cn/index/";

pub(crate) type Rows<'a> = Vec<(&'a str, &'a str, &'a str, &'a [&'a str])>;

/// A source in a git repository, at one of two commits.
fn at(commit: u8) -> String {
    format!("git+https://github.com/pingcap/example#{}", commit.to_string().repeat(40))
}

/// Before: `gone` is there, everything comes from crates.io or one repository.
fn before() -> String {
    let stored = at(1);
    lock(&[
        ("acme", "0.1.0", "", &["gone", "log", "one", "rand", "serde", "stored"]),
        ("gone", "0.3.0", CRATES_IO, &[]),
        ("log", "0.4.20", CRATES_IO, &[]),
        ("one", "1.0.0", CRATES_IO, &[]),
        ("rand", "0.8.4", CRATES_IO, &[]),
        ("serde", "1.0.0", CRATES_IO, &[]),
        ("stored", "0.1.0", &stored, &[]),
    ])
}

/// Now: `one` brings an exposed package in two steps further down, `rand` is there twice, `serde` comes from a mirror.
fn now() -> String {
    let stored = at(2);
    lock(&[
        ("acme", "0.1.0", "", &["log", "one", "rand 0.8.5", "rand 0.9.0", "serde", "stored"]),
        ("log", "0.4.21", CRATES_IO, &[]),
        ("monoio", "0.2.4", CRATES_IO, &[]),
        ("one", "1.0.1", CRATES_IO, &["two"]),
        ("rand", "0.8.5", CRATES_IO, &[]),
        ("rand", "0.9.0", CRATES_IO, &[]),
        ("serde", "1.0.0", MIRROR, &[]),
        ("stored", "0.1.0", &stored, &[]),
        ("two", "1.0.0", CRATES_IO, &["monoio"]),
    ])
}

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    fixture.file("before.lock", before()).file("Cargo.lock", now());
    fixture
}

/// A comparison of the lock file with a base.
fn run(fixture: &Fixture, base: &str, more: &[&str]) -> Output {
    let mut args = vec!["diff", "--lockfile", "Cargo.lock", "--base", base];
    if !more.contains(&"--as-of") {
        args.extend(["--as-of", DAY]);
    }
    fixture.run(&[&args[..], more].concat())
}

fn report(fixture: &Fixture, base: &str, more: &[&str]) -> Value {
    let output = run(fixture, base, &[more, &["--format", "json"]].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.json()
}

/// `name version` of the packages in a list.
fn names(report: &Value, list: &str) -> Vec<String> {
    let rows = report[list].as_array().unwrap().iter();
    rows.map(|row| {
        let version = if row["version"].is_string() { &row["version"] } else { &row["version"]["now"] };
        format!("{} {}", row["name"].as_str().unwrap(), version.as_str().unwrap())
    })
    .collect()
}

fn named<'a>(report: &'a Value, list: &str, name: &str) -> &'a Value {
    report[list].as_array().unwrap().iter().find(|row| row["name"] == name).unwrap()
}

/// The output with what changes from release to release taken out.
fn shown(more: &[&str]) -> String {
    let fixture = fixture();
    let output = run(&fixture, "before.lock", more);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    let date = report(&fixture, "before.lock", &[])["data_date"].as_str().unwrap().to_owned();
    let text = output.stdout.replace(&format!("cargo-origin {}", env!("CARGO_PKG_VERSION")), "cargo-origin [version]");
    text.replace(&format!("data of {date}"), "data of [date]")
}

#[test]
fn packages_are_added_removed_bumped_and_moved() {
    let report = report(&fixture(), "before.lock", &[]);
    assert_eq!(report["verdict"], "changed");
    assert_eq!(names(&report, "added"), ["monoio 0.2.4", "rand 0.9.0", "two 1.0.0"]);
    assert_eq!(names(&report, "removed"), ["gone 0.3.0"]);
    assert_eq!(names(&report, "changed"), ["log 0.4.21", "one 1.0.1", "rand 0.8.5", "serde 1.0.0", "stored 0.1.0"]);
    let moved = named(&report, "changed", "serde");
    assert_eq!(moved["source"], json!({ "before": CRATES_IO, "now": MIRROR }));
    let channel = moved["answers"].as_array().unwrap().iter().find(|row| row["facet"] == "channel").unwrap();
    assert_eq!((&channel["before"]["countries"], &channel["now"]["countries"]), (&json!(["US"]), &json!(["CN"])));
    let commits = &named(&report, "changed", "stored")["commit"];
    assert_eq!(commits, &json!({ "before": "1".repeat(40), "now": "2".repeat(40) }));
    let counts = json!({ "packages": { "before": 6, "now": 8 }, "added": 3, "removed": 1, "changed": 5, "moved": 1, "version_only": 4,
        "exposures_added": 14, "exposures_removed": 0, "exposures_changed": 0 });
    assert_eq!(report["counts"], counts);
    let unknown = report["unknowns"].as_array().unwrap();
    assert!(
        unknown.contains(&json!({ "facet": "native", "reason": "a lock file does not tell", "before": 6, "now": 8 }))
    );
    let row = |row: &&Value| row["facet"] == "steward" && row["weighting"] == "packages";
    let steward = report["concentration"].as_array().unwrap().iter().find(row).unwrap();
    assert_eq!(steward["shares"][0], json!({ "country": "CN", "before": 0.0, "now": 0.125 }));
    assert_eq!(steward["hhi"], json!({ "before": 1.0, "now": 0.5 }));
}

#[test]
fn what_is_exposed_three_levels_down_comes_with_its_path() {
    let report = report(&fixture(), "before.lock", &[]);
    let path = json!(["acme@0.1.0", "one@1.0.1", "two@1.0.0", "monoio@0.2.4"]);
    let added = named(&report, "added", "monoio");
    assert_eq!((&added["path"], &added["grade"]), (&path, &json!("named")));
    assert_eq!((&added["steward"]["countries"], &added["runs_at_build"]), (&json!(["CN"]), &Value::Null));
    let exposures = report["exposures"]["added"].as_array().unwrap();
    let row = exposures.iter().find(|row| row["package"] == "monoio@0.2.4" && row["programme"] == "us-pafaca").unwrap();
    assert_eq!((&row["path"], &row["grade"]), (&path, &json!("named")));
    // The other way round they go.
    let fixture = Fixture::new();
    fixture.file("before.lock", now()).file("Cargo.lock", before());
    let back = self::report(&fixture, "before.lock", &[]);
    assert_eq!(back["exposures"]["removed"], report["exposures"]["added"]);
    assert_eq!(back["exposures"]["added"], json!([]));
}

/// A newer version of what was exposed before is no new exposure, nor is one of what was not.
#[test]
fn a_bump_is_no_new_exposure() {
    let rows = |version: &'static str| {
        lock(&[
            ("acme", "0.1.0", "", &["monoio", "serde"]),
            ("monoio", version, CRATES_IO, &[]),
            ("serde", version, CRATES_IO, &[]),
        ])
    };
    let fixture = Fixture::new();
    fixture.file("before.lock", rows("0.2.4")).file("Cargo.lock", rows("1.0.0"));
    let report = report(&fixture, "before.lock", &[]);
    assert_eq!(report["exposures"], json!({ "added": [], "removed": [], "changed": [] }));
    assert_eq!((&report["counts"]["version_only"], &report["concentration"]), (&json!(2), &json!([])));
}

#[test]
fn nothing_changed_is_said_plainly() {
    let fixture = fixture();
    fixture.file("same.lock", now());
    let human = run(&fixture, "same.lock", &[]).stdout;
    assert!(human.contains("\nNothing has changed.\n"), "{human}");
    let markdown = run(&fixture, "same.lock", &["--format", "markdown"]).stdout;
    assert_eq!(markdown.lines().count(), 2, "{markdown}");
    assert!(markdown.starts_with("<!-- cargo-origin diff -->\nOrigins: nothing has changed since same.lock"));
    assert_eq!(report(&fixture, "same.lock", &[])["verdict"], "unchanged");
    assert_eq!(run(&fixture, "same.lock", &["--format", "csv"]).stdout.lines().count(), 1);
}

#[test]
fn human_at_80_columns() {
    let text = shown(&["--width", "80"]);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn human_at_140_columns() {
    insta::assert_snapshot!(shown(&["--width", "140"]));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(shown(&["--format", "markdown"]));
}

#[test]
fn csv() {
    insta::assert_snapshot!(shown(&["--format", "csv"]));
}

#[test]
fn json_is_what_the_schema_says() {
    let schema = serde_json::to_value(diff_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut report = report(&fixture(), "before.lock", &[]);
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    report["added"][0]["steward"]["kind"] = "guess".into();
    assert!(!validator.is_valid(&report), "the schema holds something");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ["human", "json", "markdown", "csv"] {
        let fixture = fixture();
        let first = run(&fixture, "before.lock", &["--format", format, "--jobs", "1"]);
        assert_eq!(first, run(&fixture, "before.lock", &["--format", format, "--jobs", "8"]), "{format}");
    }
    for format in ["github", "sarif", "junit", "gitlab"] {
        assert_eq!(run(&fixture(), "before.lock", &["--format", format]).code, 2);
    }
}

/// GitHub refuses a comment of more than 65,536 characters.
#[test]
fn a_comment_is_cut_with_a_word() {
    let many: Vec<String> = (0..3000).map(|number| format!("nobody-knows-of-this-package-{number}")).collect();
    let needs: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut rows: Rows<'_> = vec![("acme", "0.1.0", "", &needs)];
    rows.extend(needs.iter().map(|name| (*name, "1.0.0", CRATES_IO, [].as_slice())));
    let fixture = Fixture::new();
    fixture.file("before.lock", lock(&[("acme", "0.1.0", "", &[])])).file("Cargo.lock", lock(&rows));
    let text = run(&fixture, "before.lock", &["--format", "markdown"]).stdout;
    assert!(text.len() > 50_000 && text.len() <= 60_000, "{}", text.len());
    assert!(text.contains("lines are left out"), "{}", &text[text.len() - 400..]);
    assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
}

#[test]
fn a_revision_is_a_base() {
    let repositories = Repositories::new(&[]);
    repositories.commit_text("a@example.org", MONDAY, "+0000", "Cargo.lock", &before());
    repositories.commit_text("a@example.org", MONDAY + 60, "+0000", "Cargo.lock", &now());
    let run = |base: &str, format: &str| {
        let args = ["diff", "--lockfile", "main/Cargo.lock", "--as-of", DAY, "--format", format, "--base", base];
        repositories.fixture().run(&args)
    };
    let report = run("HEAD~1", "json").json();
    assert_eq!((&report["base"]["kind"], &report["configuration_changed"]), (&json!("revision"), &json!(false)));
    assert_eq!(names(&report, "removed"), ["gone 0.3.0"]);
    assert_eq!(run("HEAD", "json").json()["verdict"], "unchanged");
    // The configuration of the workspace is part of the state.
    repositories.file("main/.cargo/config.toml", "[net]\nretry = 3\n");
    let changed = run("HEAD", "json").json();
    assert_eq!((&changed["verdict"], &changed["configuration_changed"]), (&json!("changed"), &json!(true)));
    assert!(changed["notes"][0].as_str().unwrap().contains("configuration has changed"), "{changed}");
    for wrong in ["nothing", "HEAD~9", "--help"] {
        let args = ["diff", "--lockfile", "main/Cargo.lock", &format!("--base={wrong}")];
        let output = repositories.fixture().run(&args);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong}");
        assert!(output.stderr.starts_with("error: --base: "), "{wrong}: {}", output.stderr);
    }
    assert_eq!(repositories.git(&["status", "--porcelain"]), "?? .cargo/");
}

#[test]
fn a_file_does_not_stand_in_for_a_revision() {
    let repositories = vendored(&["one"]);
    commit_all(&repositories);
    let branch = repositories.git(&["symbolic-ref", "--short", "HEAD"]);
    let commit = repositories.git(&["rev-parse", "HEAD"]);
    need(&repositories, &["one", "three"]);
    repositories.file("main/origin.toml", "[[ban]]\npackage = \"three\"\n");
    // The change brings files with the names of the base, in which all of it was there already.
    for name in [branch.trim(), commit.trim()] {
        assert_eq!(inside(&repositories, &["check", "--base", name]).code, 1, "{name}");
        fs::copy(repositories.path("main/Cargo.lock"), repositories.path("main").join(name)).unwrap();
        for command in ["check", "diff"] {
            let output = inside(&repositories, &[command, "--base", name]);
            assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{name}");
            assert!(output.stderr.contains(&format!("write ./{name} for the file, or {name}~0 for the commit")));
        }
        let ban = |base: &str| {
            inside(&repositories, &["check", "--format", "json", "--base", base]).json()["counts"]["deny"].clone()
        };
        assert_eq!(ban(&format!("{name}~0")).as_u64().unwrap(), ban(&format!("./{name}")).as_u64().unwrap() + 1);
    }
}

/// A workspace whose packages lie in a folder that stands for crates.io.
fn vendored(needs: &[&str]) -> Repositories {
    let repositories = Repositories::new(&[]);
    for (name, more) in [("one", "two = \"1\"\n"), ("two", ""), ("three", "")] {
        let folder = format!("main/vendor/{name}");
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n\n[dependencies]\n{more}");
        repositories.file(&format!("{folder}/Cargo.toml"), manifest);
        repositories.file(&format!("{folder}/src/lib.rs"), "");
        repositories.file(&format!("{folder}/.cargo-checksum.json"), "{\"files\":{}}");
    }
    repositories.file("main/vendor/two/build.rs", "fn main() {}");
    repositories.file("main/src/lib.rs", "");
    configured(&repositories, "directory = \"vendor\"");
    need(&repositories, needs);
    repositories
}

fn configured(repositories: &Repositories, end: &str) {
    let text = format!("[source.crates-io]\nreplace-with = \"other\"\n\n[source.other]\n{end}\n");
    repositories.file("main/.cargo/config.toml", text);
}

/// Writes the manifest, and has cargo write the lock file.
fn need(repositories: &Repositories, needs: &[&str]) {
    let lines: String = needs.iter().map(|name| format!("{name} = \"1\"\n")).collect::<Vec<_>>().concat();
    repositories.file(
        "main/Cargo.toml",
        format!("[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{lines}\n[workspace]\n"),
    );
    repositories.file("saved.json", metadata(repositories));
}

/// What `cargo metadata` says.
fn metadata(repositories: &Repositories) -> String {
    let mut command = repositories.fixture().command(option_env!("CARGO").unwrap_or("cargo"));
    command.args(["metadata", "--format-version", "1", "--all-features", "--offline"]);
    let output = finish(command.current_dir(repositories.path("main")));
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.stdout
}

/// Runs the program in the workspace.
fn inside(repositories: &Repositories, args: &[&str]) -> Output {
    let mut command = repositories.fixture().command(crate::support::PROGRAM);
    finish(command.args(args).args(["--as-of", DAY, "--offline"]).current_dir(repositories.path("main")))
}

fn commit_all(repositories: &Repositories) {
    repositories.git(&["add", "--all"]);
    repositories.git(&["commit", "--quiet", "--message=x"]);
}

#[test]
fn in_a_workspace_what_came_is_told_as_it_is_built() {
    let repositories = vendored(&["three"]);
    commit_all(&repositories);
    need(&repositories, &["one", "three"]);
    let output = inside(&repositories, &["diff", "--base", "HEAD", "--format", "json"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let report = output.json();
    assert_eq!((&report["compared"], &report["configuration_changed"]), (&json!("lock-file"), &json!(false)));
    assert_eq!(names(&report, "added"), ["one 1.0.0", "two 1.0.0"]);
    let two = named(&report, "added", "two");
    assert_eq!(two["path"], json!(["acme@0.1.0", "one@1.0.0", "two@1.0.0"]));
    assert_eq!(
        (&two["build_script"], &two["runs_at_build"], &two["built"]),
        (&true.into(), &true.into(), &true.into())
    );
    assert_eq!(report["changed"], json!([]), "nothing is known better of one side only");
}

/// Who stands behind a crate its manifest says, which no lock file holds.
#[test]
fn what_comes_from_elsewhere_is_exposed_as_it_is_built() {
    let repositories = vendored(&["three"]);
    repositories.file(
        "main/vendor/two/Cargo.toml",
        "[package]\nname = \"two\"\nversion = \"1.0.0\"\nrepository = \"https://github.com/bytedance/two\"\n",
    );
    commit_all(&repositories);
    let diff = || inside(&repositories, &["diff", "--base", "HEAD", "--format", "json"]).json();
    need(&repositories, &["one", "three"]);
    let report = diff();
    assert_eq!(named(&report, "added", "two")["grade"], "named");
    assert!(report["exposures"]["added"].as_array().unwrap().iter().any(|row| row["package"] == "two@1.0.0"));
    // It was `two` of the repository's own before: now it is another's.
    let rows = lock(&[
        ("acme", "0.1.0", "", &["three", "two"]),
        ("three", "1.0.0", CRATES_IO, &[]),
        ("two", "1.0.0", &git("example.org/two"), &[]),
    ]);
    repositories.commit_text("a@example.org", MONDAY, "+0000", "Cargo.lock", &rows);
    need(&repositories, &["one", "three"]);
    let report = diff();
    assert_eq!(named(&report, "changed", "two")["source"]["now"], CRATES_IO);
    assert!(
        report["exposures"]["added"].as_array().unwrap().iter().any(|row| row["package"] == "two@1.0.0"),
        "{report}"
    );
}

#[test]
fn a_mirror_in_the_configuration_is_a_change_of_every_channel() {
    let repositories = vendored(&["three"]);
    commit_all(&repositories);
    let diff = || {
        let output = inside(&repositories, &["diff", "--base", "HEAD", "--format", "json"]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.json()
    };
    assert_eq!(diff()["verdict"], "unchanged");
    // Cargo does not ask an index for what it has: here the folder stays, and another source is replaced by a mirror.
    let text = "[source.crates-io]\nreplace-with = \"other\"\n\n[source.other]\ndirectory = \"vendor\"\n\n[source.far]\nregistry = \"https://index.example.org\"\nreplace-with = \"mirror\"\n\n[source.mirror]\nregistry = \"sparse+https://rsproxy.cn/index/\"\n";
    repositories.file("main/.cargo/config.toml", text);
    let report = diff();
    let note = report["notes"][0].as_str().unwrap();
    assert!(note.contains("now crates-io comes from the folder vendor (.cargo/config.toml:2)"), "{note}");
    assert!(
        note.contains("https://index.example.org comes from the registry sparse+https://rsproxy.cn/index/"),
        "{note}"
    );
    assert!(note.contains("before, crates-io comes from the folder vendor (.cargo/config.toml:2)"), "{note}");
    assert_eq!((&report["verdict"], &report["changed"]), (&json!("changed"), &json!([])));
    // The same where the base had no configuration, and everything came from crates.io.
    fs::remove_dir_all(repositories.path("main/.cargo")).unwrap();
    repositories.git(&["commit", "--all", "--quiet", "--message=x"]);
    configured(&repositories, "directory = \"vendor\"");
    let report = diff();
    let answers = &named(&report, "changed", "three")["answers"];
    assert_eq!((&answers[0]["facet"], &answers[0]["before"]["countries"]), (&json!("channel"), &json!(["US"])));
    assert_eq!(answers[0]["now"]["kind"], "no-seat");
    assert!(report["notes"][0].as_str().unwrap().ends_with("before, no source is replaced"), "{report}");
}

#[test]
fn saved_metadata_and_saved_reports_are_bases() {
    let repositories = vendored(&["three"]);
    let saved = metadata(&repositories);
    repositories.file("before.json", &saved);
    for (name, args) in [
        ("report.json", &[][..]),
        ("locked.json", &["--lockfile", "Cargo.lock"]),
        ("of-saved.json", &["--metadata-path", "../before.json"]),
    ] {
        let output = inside(&repositories, &[args, &["--format", "json"]].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        repositories.file(name, output.stdout);
    }
    let bases = ["before.json", "report.json", "locked.json", "of-saved.json"];
    let diff = |base: &str, more: &[&str]| {
        let base = format!("../{base}");
        let output = inside(&repositories, &[&["diff", "--base", &base, "--format", "json"], more].concat());
        assert_eq!(output.code, 0, "{base}: {}", output.stderr);
        output.json()
    };
    for base in bases {
        let report = diff(base, &[]);
        assert_eq!((&report["verdict"], &report["notes"]), (&json!("unchanged"), &json!([])), "{base}: {report}");
    }
    need(&repositories, &["one", "three"]);
    for (base, kind) in bases.into_iter().zip(["metadata", "report", "report", "report"]) {
        let report = diff(base, &[]);
        assert_eq!((&report["base"]["kind"], names(&report, "added").len()), (&json!(kind), 2), "{base}");
        let built = &named(&report, "added", "two")["runs_at_build"];
        assert_eq!(built.is_null(), base == "locked.json", "{base}: {report}");
    }
    // A saved description of today has no lock file, and a lock file no features.
    assert_eq!(names(&diff("before.json", &["--metadata-path", "../saved.json"]), "added").len(), 2);
    for (base, input) in [
        ("Cargo.lock", ["--metadata-path", "../saved.json"]),
        ("../locked.json", ["--metadata-path", "../saved.json"]),
        ("../before.json", ["--lockfile", "Cargo.lock"]),
        ("../report.json", ["--lockfile", "Cargo.lock"]),
    ] {
        let output = inside(&repositories, &[&["diff", "--base", base], &input[..]].concat());
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{base} {input:?}");
        assert!(output.stderr.contains("cannot be compared with"), "{}", output.stderr);
    }
    // What the gate holds against a change is the same whatever the base is.
    let policy = "[[ban]]\npackage = \"two\"\nfrom = \"2026-11-01\"\ngrace-until = \"2026-12-01\"\n[rules]\nunknown-origin = \"allow\"\n";
    repositories.file("main/origin.toml", policy);
    for base in bases {
        let base = format!("../{base}");
        let output = inside(&repositories, &["check", "--base", &base]);
        assert_eq!(output.code, 1, "{base}: {}{}", output.stdout, output.stderr);
    }
    for base in ["../saved.json", "Cargo.lock"] {
        let output = inside(&repositories, &["check", "--base", base]);
        assert_eq!(output.code, 0, "{base}: {}{}", output.stdout, output.stderr);
    }
}

const TAKEN: &str = "home = \"US\"\nprogrammes = [\"us-kaspersky-2024\"]\n[rules]\nunknown-origin = \"allow\"\n";

/// The manifest of a release; `one` needs `two`.
fn manifest(name: &str, version: &str, owner: &str) -> String {
    let needs = if name == "one" { "two = \"1\"\n" } else { "" };
    format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\nrepository = \"https://github.com/{owner}/{name}\"\n\n[dependencies]\n{needs}"
    )
}

/// A workspace in which `one` is somebody's and `three` a listed party's, committed, and saved in two ways; then newer versions of both,
/// and both are the listed party's.
fn taken_over() -> Repositories {
    let repositories = vendored(&["one", "three"]);
    let release = |name: &str, version: &str, owner: &str| {
        repositories.file(&format!("main/vendor/{name}/Cargo.toml"), manifest(name, version, owner));
    };
    repositories.file("main/origin.toml", TAKEN);
    release("one", "1.0.0", "example");
    release("three", "1.0.0", "kasperskylab");
    need(&repositories, &["one", "three"]);
    commit_all(&repositories);
    fs::copy(repositories.path("saved.json"), repositories.path("before.json")).unwrap();
    fs::copy(repositories.path("main/Cargo.lock"), repositories.path("before.lock")).unwrap();
    for (name, args) in [("report.json", &[][..]), ("of-saved.json", &["--metadata-path", "../before.json"])] {
        let args = [args, &["--home", "US", "--format", "json"]].concat();
        repositories.file(name, inside(&repositories, &args).stdout);
    }
    for base in TAKEN_BASES {
        assert!(failing(&repositories, base).is_empty(), "{base}");
    }
    release("one", "1.1.0", "kasperskylab");
    release("three", "1.1.0", "kasperskylab");
    fs::remove_file(repositories.path("main/Cargo.lock")).unwrap();
    need(&repositories, &["one", "three"]);
    repositories
}

const TAKEN_BASES: [&str; 5] = ["../before.json", "../report.json", "../of-saved.json", "../before.lock", "HEAD"];

/// What fails with a base.
fn failing(repositories: &Repositories, base: &str) -> Vec<String> {
    let output = inside(repositories, &["check", "--base", base, "--format", "json"]);
    assert!(output.code < 2, "{base}: {}", output.stderr);
    let report = output.json();
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["level"] == "deny");
    findings.map(|finding| finding["package"].as_str().unwrap_or("-").to_owned()).collect()
}

/// Why findings on a package only warn.
fn why(repositories: &Repositories, base: &str, package: &str) -> Vec<String> {
    let report = inside(repositories, &["check", "--base", base, "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["package"] == package);
    let reasons = findings.flat_map(|finding| finding["reasons"].as_array().unwrap().clone());
    reasons.map(|reason| reason["softened"].as_str().unwrap_or("-").to_owned()).collect()
}

/// Puts a manifest where cargo unpacks crates.
fn unpack(repositories: &Repositories, name: &str, version: &str, owner: &str) {
    let folder = format!("cargo-home/registry/src/index.crates.io-0000000000000000/{name}-{version}");
    repositories.file(&format!("{folder}/Cargo.toml"), manifest(name, version, owner));
}

const WAS_THERE: &str = "it was there before the change";

#[test]
fn a_newer_version_of_somebody_elses_is_new_where_the_base_can_tell() {
    let repositories = taken_over();
    // What was theirs stays what it was, and what becomes theirs is new.
    for base in &TAKEN_BASES[..3] {
        assert_eq!(failing(&repositories, base), ["one@1.1.0"], "{base}");
        assert_eq!(why(&repositories, base, "three@1.1.0"), [WAS_THERE], "{base}");
    }
    // A saved description is held against a saved one in the same way.
    for base in ["../before.json", "../of-saved.json"] {
        let saved = ["check", "--metadata-path", "../saved.json", "--config", "origin.toml", "--base", base];
        let output = inside(&repositories, &saved);
        assert_eq!(output.code, 1, "{}{}", output.stdout, output.stderr);
    }
}

#[test]
fn a_report_that_was_made_otherwise_does_not_tell_what_a_newer_version_brings() {
    let repositories = taken_over();
    let text = fs::read_to_string(repositories.path("report.json")).unwrap();
    let (mut other_data, mut ended): (Value, Value) =
        (serde_json::from_str(&text).unwrap(), serde_json::from_str(&text).unwrap());
    other_data["data_date"] = "2020-01-01".into();
    for programme in ended["programmes"].as_array_mut().unwrap() {
        programme["status"] = "ended".into();
    }
    let locked = ["--lockfile", "Cargo.lock", "--home", "US", "--format", "json"];
    repositories.file("other-data.json", other_data.to_string());
    repositories.file("ended.json", ended.to_string());
    repositories.file("locked.json", inside(&repositories, &locked).stdout.replace("1.1.0", "1.0.0"));
    for base in ["../other-data.json", "../ended.json", "../locked.json"] {
        assert!(failing(&repositories, base).is_empty(), "{base}");
        let why = why(&repositories, base, "one@1.1.0");
        assert!(why.len() == 1 && why[0].contains("whether this was found in it is not known"), "{base}: {why:?}");
    }
}

#[test]
fn a_lock_file_tells_what_a_newer_version_brings_where_the_older_is_unpacked() {
    let repositories = taken_over();
    let bases = &TAKEN_BASES[3..];
    let unknown = |package: &str| {
        for base in bases {
            assert!(failing(&repositories, base).is_empty(), "{base}");
            let why = why(&repositories, base, package);
            assert!(why.len() == 1 && why[0].contains("another version of the package was there"), "{base}: {why:?}");
        }
    };
    unknown("one@1.1.0");
    unknown("three@1.1.0");
    // The newer version alone says nothing of the older one, and the older one of another package nothing of this.
    unpack(&repositories, "one", "1.1.0", "kasperskylab");
    unpack(&repositories, "two", "1.0.0", "example");
    unknown("one@1.1.0");
    unpack(&repositories, "one", "1.0.0", "example");
    for name in ["1.0.0", "1.1.0"] {
        unpack(&repositories, "three", name, "kasperskylab");
    }
    for base in bases {
        assert_eq!(failing(&repositories, base), ["one@1.1.0"], "{base}");
        assert_eq!(why(&repositories, base, "three@1.1.0"), [WAS_THERE], "{base}");
    }
    // It was theirs before.
    unpack(&repositories, "one", "1.0.0", "kasperskylab");
    for base in bases {
        assert!(failing(&repositories, base).is_empty(), "{base}");
        assert_eq!(why(&repositories, base, "one@1.1.0"), [WAS_THERE], "{base}");
    }
    // Nothing has changed, and today's words stay.
    commit_all(&repositories);
    assert_eq!(why(&repositories, "HEAD", "one@1.1.0"), [WAS_THERE]);
    // A lock file alone is a stranger's: only who asks for it has manifests read.
    unpack(&repositories, "one", "1.0.0", "example");
    let run = |more: &[&str]| {
        let args = ["check", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--base", "../before.lock"];
        inside(&repositories, &[&args[..], more].concat()).code
    };
    assert_eq!((run(&[]), run(&["--registry-cache"])), (0, 1));
}

/// That nothing is known of the older version can come from its manifest, which nobody has.
#[test]
fn what_was_known_of_an_older_version_is_not_made_up() {
    let repositories = vendored(&["three"]);
    repositories.file("main/origin.toml", "[rules]\nunknown-origin = { direct = true }\n");
    commit_all(&repositories);
    let newer = manifest("three", "1.1.0", "example").replace("repository", "homepage");
    repositories.file("main/vendor/three/Cargo.toml", newer);
    fs::remove_file(repositories.path("main/Cargo.lock")).unwrap();
    need(&repositories, &["three"]);
    let why = || why(&repositories, "HEAD", "three@1.1.0");
    assert!(why()[0].contains("is not known"), "{:?}", why());
    unpack(&repositories, "three", "1.1.0", "example");
    unpack(&repositories, "three", "1.0.0", "example");
    assert_eq!(why(), [WAS_THERE]);
    // What was known and no longer is, is new.
    unpack(&repositories, "three", "1.0.0", "kasperskylab");
    assert_eq!(why(), ["-"]);
    assert!(failing(&repositories, "HEAD").contains(&"three@1.1.0".to_owned()));
}

/// What is found in what is built, and in no lock file: packages in folders, which a lock file takes for members.
#[test]
fn what_a_lock_file_does_not_show_is_not_new_on_every_run() {
    let repositories = Repositories::new(&[]);
    let folder = |name: &str, needs: &[&str]| {
        let needs: String =
            needs.iter().map(|name| format!("{name} = {{ path = \"../{name}\" }}\n")).collect::<Vec<_>>().concat();
        let text = format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n\n[dependencies]\n{needs}");
        repositories.file(&format!("main/{name}/Cargo.toml"), text);
        repositories.file(&format!("main/{name}/src/lib.rs"), "");
    };
    let member = |needs: &[&str]| {
        folder("acme", needs);
        repositories.file("main/Cargo.toml", "[workspace]\nmembers = [\"acme\"]\nexclude = [\"near\", \"new\"]\n");
        metadata(&repositories);
    };
    folder("near", &[]);
    folder("new", &[]);
    member(&["near"]);
    commit_all(&repositories);
    let level = || {
        let output = inside(&repositories, &["check", "--base", "HEAD", "--format", "json"]);
        assert!(output.code < 2, "{}", output.stderr);
        let report = output.json();
        let found = report["findings"].as_array().unwrap().iter().find(|row| row["rule"] == "unknown-origin").unwrap();
        (found["level"].as_str().unwrap().to_owned(), output.code)
    };
    let (same, worse) = (("warn".to_owned(), 0), ("deny".to_owned(), 1));
    assert_eq!(level(), same, "nothing has changed");
    member(&["near", "new"]);
    assert_eq!(level(), same, "all was unknown before, and is");
    // What was not there to be unknown is new.
    member(&[]);
    commit_all(&repositories);
    member(&["near"]);
    assert_eq!(level(), worse);
}

/// Of what could be built less is unknown than of what is built: the limit is passed in no lock file, and only growth is the change's.
#[test]
fn a_share_that_no_lock_file_passes_is_new_where_it_grows() {
    let repositories = vendored(&["one"]);
    let member = |version: &str, more: &str| {
        let folder = "main/vendor/monoio";
        let text = format!("[package]\nname = \"monoio\"\nversion = \"{version}\"\n");
        repositories.file(&format!("{folder}/Cargo.toml"), text);
        repositories.file(&format!("{folder}/src/lib.rs"), "");
        repositories.file(&format!("{folder}/.cargo-checksum.json"), "{\"files\":{}}");
        let needs = format!("one = \"1\"\nmonoio = {{ version = \"0.2\", optional = true }}\n{more}");
        let text = format!("[package]\nname = \"acme\"\nversion = \"0.1.0\"\n\n[dependencies]\n{needs}\n[workspace]\n");
        repositories.file("main/Cargo.toml", text);
        fs::remove_file(repositories.path("main/Cargo.lock")).unwrap();
        metadata(&repositories);
    };
    repositories.file("main/origin.toml", "[rules]\nunknown-origin = { max-share = 0.9 }\n");
    member("0.2.4", "");
    commit_all(&repositories);
    let code = || inside(&repositories, &["check", "--base", "HEAD"]).code;
    assert_eq!(inside(&repositories, &["check"]).code, 1);
    assert_eq!(inside(&repositories, &["check", "--lockfile", "Cargo.lock", "--config", "origin.toml"]).code, 0);
    member("0.2.5", "");
    assert_eq!(code(), 0, "two of three before, and now");
    member("0.2.5", "three = \"1\"\n");
    assert_eq!(code(), 1, "three of four now");
}

#[test]
fn a_report_of_another_day_is_compared_with_a_word() {
    let fixture = fixture();
    let saved =
        fixture.stdout(&["--lockfile", "Cargo.lock", "--as-of", "2020-01-01", "--home", "US", "--format", "json"]);
    fixture.file("then.json", saved);
    let report = report(&fixture, "then.json", &[]);
    assert_eq!(report["base"]["as_of"], "2020-01-01");
    let notes = report["notes"].to_string();
    for said in ["is about 2020-01-01, and this is 2026-11-24", "the home US, and this is not set"] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    assert!(report["counts"]["exposures_added"].as_u64().unwrap() > 0, "programmes have come since");
}

#[test]
fn an_exposure_that_comes_nearer_is_worse() {
    let claim = |facet: &str| {
        let fixture = Fixture::new();
        let policy = format!("[[claim]]\npackage = \"thing\"\nfacet = \"{facet}\"\nplace = \"CN\"\nsource = \"x\"\n");
        let rows = lock(&[("acme", "0.1.0", "", &["thing"]), ("thing", "1.0.0", CRATES_IO, &[])]);
        fixture.file("Cargo.lock", rows).file("origin.toml", policy);
        fixture
    };
    let args = ["--lockfile", "Cargo.lock", "--config", "origin.toml", "--as-of", DAY, "--format", "json"];
    for (then, here, worse) in [("channel", "steward", true), ("steward", "channel", false)] {
        let saved = claim(then).stdout(&args);
        let fixture = claim(here);
        fixture.file("then.json", saved);
        let report = report(&fixture, "then.json", &["--config", "origin.toml"]);
        let changed = report["exposures"]["changed"].as_array().unwrap();
        assert!(!changed.is_empty() && changed.iter().all(|row| row["worse"] == worse), "{report}");
        assert!(run(&fixture, "then.json", &["--config", "origin.toml"]).stdout.contains("channel"));
    }
}

#[test]
fn a_broken_base_is_one_clear_error() {
    let fixture = fixture();
    let whole = fixture.stdout(&["--lockfile", "before.lock", "--format", "json"]);
    let without = |key: &str| {
        let mut value: Value = serde_json::from_str(&whole).unwrap();
        value.as_object_mut().unwrap().remove(key);
        value.to_string()
    };
    let with = |pointer: &str, new: Value| {
        let mut value: Value = serde_json::from_str(&whole).unwrap();
        *value.pointer_mut(pointer).unwrap() = new;
        value.to_string()
    };
    let check = fixture.run(&["check", "--lockfile", "before.lock", "--format", "json"]).stdout;
    let deep = format!("{{\"packages\":{}", "[".repeat(100_000));
    for (text, said) in [
        (whole[..whole.len() / 2].to_owned(), "ends too early"),
        (without("workspace"), "missing field `workspace`"),
        (without("packages"), "it is neither a lock file"),
        (with("/version", json!(2)), "version 2"),
        (with("/packages/0/version", json!("\u{1b}[31m1")), "which is not one"),
        (with("/packages/0/facets/steward/origin/kind", json!("guess")), "unknown variant `guess`"),
        (with("/packages", json!({})), "the report lacks something"),
        (check, "cargo origin check"),
        (run(&fixture, "before.lock", &["--format", "json"]).stdout, "cargo origin diff"),
        ("{\"packages\": [], \"workspace_members\": []}".to_owned(), "is not the output of `cargo metadata"),
        ("{}".to_owned(), "it is neither a lock file"),
        (deep, "it begins like JSON"),
        ("[[package]]\nname = 1\n".to_owned(), "the lock file of base"),
        (String::new(), "describes no packages"),
    ] {
        fixture.file("base", text);
        // A saved description and a lock file alone are unlike: `diff` does not even read on.
        let commands = if said.contains("cargo metadata") { &["check"][..] } else { &["check", "diff"] };
        for command in commands {
            let output = fixture.run(&[command, "--lockfile", "Cargo.lock", "--base", "base"]);
            assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{said}: {}", output.stderr);
            assert!(output.stderr.starts_with("error: --base: `base` cannot be used"), "{}", output.stderr);
            assert!(output.stderr.contains(said), "no `{said}`: {}", output.stderr);
            assert!(!output.stderr.contains('\u{1b}'), "{}", output.stderr);
        }
    }
    fixture.file("base", b"\xff\xfe");
    assert!(run(&fixture, "base", &[]).stderr.contains("not UTF-8"));
    assert_eq!(fixture.run(&["diff", "--lockfile", "Cargo.lock"]).code, 2, "--base is required");
}

/// Names and words that do something wherever they are not escaped.
pub(crate) const HOSTILE: [&str; 7] = [
    "\u{1b}[31mred\u{7}",
    "bidi\u{202e}\u{200f}",
    "<script>alert(1)</script>",
    "a|b|![x](//x.example)`c`",
    "=HYPERLINK(1)",
    "::error::forged",
    "</details>@someone\n-->",
];

pub(crate) fn harmless(output: &Output, about: &str) {
    assert_eq!(output.code, 0, "{about}: {}", output.stderr);
    let acts =
        |c: char| c.is_control() || matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2066..=0x2069);
    for line in output.stdout.split('\n').chain(output.stderr.split('\n')) {
        assert!(!line.chars().any(acts), "{about}: {line:?}");
        assert!(!line.trim_start().starts_with("::"), "{about}: {line:?}");
    }
}

/// A report that lies in every word.
pub(crate) fn lies(lock: &str) -> String {
    let fixture = Fixture::new();
    fixture.file("x.lock", lock);
    let mut lies: Value = fixture.run(&["--lockfile", "x.lock", "--format", "json"]).json();
    for exposure in lies["exposures"].as_array_mut().unwrap() {
        for (key, text) in ["programme", "grade", "effect", "because", "status", "package"].into_iter().zip(HOSTILE) {
            exposure[key] = text.into();
        }
    }
    for package in lies["packages"].as_array_mut().unwrap() {
        for facet in ["steward", "publisher", "channel"] {
            package["facets"][facet]["origin"] = json!({ "kind": "band", "countries": HOSTILE });
            package["facets"][facet]["party"] = json!({ "id": HOSTILE[0], "name": HOSTILE[6] });
            package["facets"][facet]["owner"] = json!({ "id": HOSTILE[0], "name": HOSTILE[6], "seat": HOSTILE[2] });
        }
        package["path"] = json!(HOSTILE);
    }
    for row in lies["concentration"].as_array_mut().unwrap() {
        row["shares"] =
            HOSTILE.iter().map(|name| ((*name).to_owned(), json!(1e300))).collect::<serde_json::Map<_, _>>().into();
    }
    for row in lies["unknowns"].as_array_mut().unwrap() {
        row["reason"] = HOSTILE[6].into();
        row["packages"] = u32::MAX.into();
    }
    for (key, text) in ["as_of", "home", "data_date"].into_iter().zip(HOSTILE) {
        lies[key] = text.into();
    }
    lies["generator"] = format!("cargo-origin {}", HOSTILE[6]).into();
    lies.to_string()
}

#[test]
fn hostile_names_do_nothing_in_any_format() {
    let sources: Vec<String> = HOSTILE.iter().map(|name| git(&format!("gitee.com/x/{name}"))).collect();
    let mut rows: Rows<'_> = vec![("@me\u{1b}[2J", "1.0.0", "", &HOSTILE)];
    rows.extend(HOSTILE.iter().zip(&sources).map(|(name, source)| (*name, "1.0.0", source.as_str(), [].as_slice())));
    let hostile = lock(&rows);
    let clean = lock(&[("acme", "1.0.0", "", &["serde"]), ("serde", "1.0.0", CRATES_IO, &[])]);
    let moved: Rows<'_> = rows
        .iter()
        .map(|(name, version, source, needs)| (*name, *version, if source.is_empty() { "" } else { MIRROR }, *needs))
        .collect();
    let moved = lock(&moved);
    let fixture = Fixture::new();
    let lies = lies(&hostile);
    for (before, now) in [(&hostile, &clean), (&clean, &hostile), (&hostile, &moved), (&lies, &clean), (&lies, &moved)]
    {
        fixture.file("before", before).file("Cargo.lock", now);
        for format in ["human", "json", "markdown", "csv"] {
            let output = run(&fixture, "before", &["--format", format, "--top", "0"]);
            harmless(&output, format);
            if format == "markdown" {
                let text = &output.stdout;
                for markup in ["<script", "</details>@", "-->\n-", "@someone", "@me"] {
                    assert!(!text.contains(markup), "{markup} in {text}");
                }
                assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
            }
            if format == "csv" {
                let mut reader = csv::Reader::from_reader(output.stdout.as_bytes());
                for cell in reader.records().map(Result::unwrap).collect::<Vec<_>>().iter().flatten() {
                    assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
                }
            }
        }
    }
}

/// The state of a lock file, and the JSON of its report.
fn state(text: &str, data: &Data) -> (State, String) {
    let day = DAY.parse().unwrap();
    let options = Options { as_of: day, home: None, threads: 1, today: day, thresholds: Thresholds::default() };
    let loaded = lock_from_text(text, "Cargo.lock").unwrap();
    let analysis = analyse(loaded, Vec::new(), (&Histories::default(), &Live::default()), data, options).unwrap();
    let report = analysis.report(Detail::Full);
    (State::from(&report), serde_json::to_string(&report).unwrap())
}

fn compare(before: &State, now: &State) -> DiffReport {
    diff(&States { before, now, built: None }, "base", "lock-file", None, Vec::new())
}

#[test]
fn a_report_in_memory_and_a_saved_one_are_one_state() {
    let data = Data::embedded().unwrap();
    for text in [before(), now()] {
        let (state, json) = state(&text, &data);
        assert_eq!(State::parse(&json).unwrap(), state);
        assert_eq!(compare(&state, &state).verdict, "unchanged");
    }
}

/// Any lock file of a few packages, some in several versions and from several sources.
pub(crate) fn any_lock() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec!["serde", "monoio", "rand", "volo", "nobody-knows"]);
    let versions = prop::sample::select(vec!["0.1.0", "0.1.2", "0.2.0", "1.0.0", "1.5.0", "2.0.0-rc.1"]);
    let sources = prop::sample::select(vec![CRATES_IO.to_owned(), MIRROR.to_owned(), at(1), at(2)]);
    prop::collection::btree_set((names, versions, sources), 0..12).prop_map(|packages| {
        let needs: Vec<String> =
            packages.iter().map(|(name, version, source)| format!("{name} {version} ({source})")).collect();
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        let mut rows: Rows<'_> = vec![("acme", "0.1.0", "", &needs)];
        rows.extend(packages.iter().map(|(name, version, source)| (*name, *version, source.as_str(), [].as_slice())));
        lock(&rows)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_one_way_goes_the_other(before in any_lock(), now in any_lock()) {
        let data = Data::embedded().unwrap();
        let (before, now) = (state(&before, &data).0, state(&now, &data).0);
        let (there, back) = (compare(&before, &now), compare(&now, &before));
        prop_assert_eq!(&there.added, &back.removed);
        prop_assert_eq!(&there.removed, &back.added);
        prop_assert_eq!(&there.exposures.added, &back.exposures.removed);
        prop_assert_eq!(&there.exposures.removed, &back.exposures.added);
        prop_assert_eq!(there.verdict, back.verdict);
        prop_assert_eq!(there.changed.len(), back.changed.len());
        let pairs = |report: &DiffReport, turned: bool| {
            let mut pairs: Vec<_> = report.changed.iter().map(|package| {
                let (a, b) = (package.version.before.clone(), package.version.now.clone());
                (package.name.clone(), if turned { (b, a) } else { (a, b) }, package.answers.len(), package.source.is_some())
            }).collect();
            pairs.sort();
            pairs
        };
        prop_assert_eq!(pairs(&there, false), pairs(&back, true));
        // Nothing is lost: what is there is the same, came, or was something else before.
        let counts = there.counts;
        prop_assert_eq!(counts.packages.before + counts.added, counts.packages.now + counts.removed);
        prop_assert_eq!(compare(&now, &now).verdict, "unchanged");
    }
}
