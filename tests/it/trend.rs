//! The trend: known lock files on known days, whatever the repository looks like.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use cargo_origin::report::trend_schema;
use serde_json::Value;

use crate::history::{MONDAY, Repositories, url};
use crate::support::{CRATES_IO, Fixture, Output, lock};
use crate::truths::git;

const DAY: i64 = 86_400;

/// The day of every question; later than every commit here.
const TODAY: &str = "2026-11-24";

/// A lock file of `acme` that needs packages of these names and sources.
fn of(packages: &[(&str, &str)]) -> String {
    let names: Vec<&str> = packages.iter().map(|(name, _)| *name).collect();
    let mut rows = vec![("acme", "0.1.0", "", names.as_slice())];
    rows.extend(packages.iter().map(|(name, source)| (*name, "1.0.0", *source, [].as_slice())));
    lock(&rows)
}

/// Commits a lock file so many days after Monday 2024-01-01.
fn commit(repositories: &Repositories, day: i64, text: &str) {
    repositories.commit_text("a@example.org", MONDAY + day * DAY + 3600, "+0000", "Cargo.lock", text);
}

/// A repository with a lock file from January on, which is broken in March and gets a package of Kaspersky's in April; the ban on that is of
/// July 2024.
fn usual() -> Repositories {
    let repositories = Repositories::new(&[]);
    commit(&repositories, 9, &of(&[("serde", CRATES_IO)]));
    commit(&repositories, 40, &of(&[("serde", CRATES_IO), ("libc", CRATES_IO)]));
    let broken = of(&[("serde", CRATES_IO)]).replace("name = \"serde\"", "<<<<<<< HEAD\nname = \"serde\"\n=======");
    commit(&repositories, 70, &broken);
    let exposed = of(&[("serde", CRATES_IO), ("libc", CRATES_IO), ("thing", &git("github.com/kasperskylab/thing"))]);
    commit(&repositories, 100, &exposed);
    repositories
}

fn run(repositories: &Repositories, args: &[&str]) -> Output {
    let args = [&["trend", "--as-of", TODAY][..], args].concat();
    repositories.fixture().run(&args)
}

fn report(repositories: &Repositories, args: &[&str]) -> Value {
    let output = run(repositories, &[args, &["--format", "json"]].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    output.json()
}

const MAIN: [&str; 2] = ["--lockfile", "main/Cargo.lock"];

fn in_2024(every: &str) -> Vec<&str> {
    vec!["--since", "2023-12-31", "--until", "2024-09-30", "--every", every]
}

/// The day, the number of packages (or the kind of gap) and of those exposed, at every point.
fn numbers(report: &Value) -> Vec<String> {
    let point = |point: &Value| {
        let day = point["day"].as_str().unwrap();
        match point["gap"]["kind"].as_str() {
            Some(kind) => format!("{day} {kind}"),
            None => format!("{day} {} {}", point["state"]["packages"], point["state"]["exposed"]),
        }
    };
    report["points"].as_array().unwrap().iter().map(point).collect()
}

fn refused(output: &Output, said: &str) {
    assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    assert!(output.stderr.starts_with("error: ") && output.stderr.contains(said), "no `{said}`: {}", output.stderr);
}

#[test]
fn every_point_has_the_lock_file_and_the_law_of_its_day() {
    let repositories = usual();
    let found = report(&repositories, &[&MAIN[..], &in_2024("month")].concat());
    assert_eq!(report(&repositories, &[&MAIN[..], &in_2024("month"), &["--from-git"]].concat()), found);
    refused(&run(&repositories, &["--since", "2024-01-01", "--from-git", "--fixed"]), "cannot be used with");
    let expected = [
        "2023-12-31 no-commit",
        "2024-01-31 1 0",
        "2024-02-29 2 0",
        "2024-03-31 unreadable",
        "2024-04-30 3 1",
        "2024-05-31 3 1",
        "2024-06-30 3 1",
        "2024-07-31 3 1",
        "2024-08-31 3 1",
        "2024-09-30 3 1",
    ];
    assert_eq!(numbers(&found), expected);
    let points = found["points"].as_array().unwrap();
    // Other programmes reach Russia before; that on Kaspersky began on 20 July.
    let named = |at: usize| points[at]["state"]["programmes"].get("us-kaspersky-2024").is_some();
    assert_eq!((named(6), named(7)), (false, true));
    assert_eq!(points[7]["programmes_came"], serde_json::json!(["us-kaspersky-2024"]));
    let came = &points[4]["came"][0];
    assert_eq!((came["package"].as_str(), came["cause"].as_str()), (Some("thing"), Some("dependencies")));
    assert_eq!(points[1]["commit"].as_str().unwrap().len(), 40);
    assert_eq!(points[1]["committed"], "2024-01-10");
    assert_eq!((&found["history"]["lock_files"], &found["history"]["gaps"]), (&4.into(), &2.into()));
    assert!(points[3]["gap"]["detail"].as_str().unwrap().contains("Cargo.lock:"), "{}", points[3]);
    let exposed = found["movement"].as_array().unwrap().iter().find(|row| row["what"] == "exposed").unwrap();
    assert_eq!((&exposed["by_dependencies"], &exposed["by_evidence"]), (&1.0.into(), &0.0.into()));
    // The work tree is as it was.
    assert_eq!(repositories.git(&["status", "--porcelain"]), "");
}

#[test]
fn with_the_law_of_today_only_dependencies_move() {
    let repositories = usual();
    let found = report(&repositories, &[&MAIN[..], &in_2024("quarter"), &["--evidence", "today"]].concat());
    assert_eq!(found["as_of"], TODAY);
    assert_eq!(numbers(&found), ["2023-12-31 no-commit", "2024-03-31 unreadable", "2024-06-30 3 1", "2024-09-30 3 1"]);
    // In June, seen from today, the ban is in force.
    assert!(found["points"][2]["state"]["programmes"].get("us-kaspersky-2024").is_some());
    for row in found["movement"].as_array().unwrap() {
        assert_eq!(row["by_evidence"], 0.0, "{row}");
    }
}

#[test]
fn a_fixed_lock_file_sees_programmes_begin_and_seats_move() {
    let fixture = Fixture::new();
    fixture.file(
        "Cargo.lock",
        of(&[("thing", &git("github.com/kasperskylab/thing")), ("other", &git("git.example.org/mover/a"))]),
    );
    let seat = |country: &str, dates: &str| {
        format!("[[vendor.seats]]\ncountry = \"{country}\"\n{dates}\nsource = \"https://example.org/{country}\"\n")
    };
    let policy = format!(
        "[[vendor]]\nid = \"mover\"\nname = \"Mover\"\nkind = \"company\"\nseat = \"FI\"\nforges = [\"git.example.org/mover\"]\nconfidence = \"high\"\n\
         source = \"https://example.org/\"\nas_of = \"2024-08-01\"\n{}{}",
        seat("RU", "until = \"2024-07-22\""),
        seat("FI", "from = \"2024-07-22\"")
    );
    fixture.file("origin.toml", policy);
    let args = ["trend", "--fixed", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--since", "2024-07-19"];
    let more = ["--until", "2024-07-22", "--every", "day", "--format", "json"];
    let output = fixture.run(&[&args[..], &more].concat());
    assert_eq!(output.code, 0, "{}", output.stderr);
    let found = output.json();
    let points = found["points"].as_array().unwrap();
    let banned: Vec<bool> =
        points.iter().map(|point| point["state"]["programmes"].get("us-kaspersky-2024").is_some()).collect();
    assert_eq!(banned, [false, true, true, true]);
    let seats: Vec<(u64, u64)> = points
        .iter()
        .map(|point| &point["state"]["countries"])
        .map(|all| (all["RU"]["packages"].as_u64().unwrap_or(0), all["FI"]["packages"].as_u64().unwrap_or(0)))
        .collect();
    assert_eq!(seats, [(2, 0), (2, 0), (2, 0), (1, 1)]);
    let went = &points[3]["went"];
    assert_eq!((&went[0]["package"], &went[0]["cause"]), (&"other".into(), &"evidence".into()));
    for row in found["movement"].as_array().unwrap() {
        assert_eq!(row["by_dependencies"], 0.0, "{row}");
    }
    assert_eq!((&found["history"], &found["reading"]), (&Value::Null, &"fixed".into()));
}

/// In July a package comes and a list of the country begins that it is from: neither alone would have exposed it, and half is the part of each. Of one
/// that was there before, all is the list's.
#[test]
fn what_moved_the_numbers_is_taken_apart() {
    let repositories = Repositories::new(&[]);
    let (old, new) = (("old", git("git.example.org/listed/a")), ("new", git("git.example.org/listed/b")));
    commit(&repositories, 0, &of(&[(old.0, &old.1)]));
    commit(&repositories, 190, &of(&[(old.0, &old.1), (new.0, &new.1)]));
    let policy = "[[vendor]]\nid = \"listed\"\nname = \"Listed\"\nkind = \"company\"\nseat = \"FI\"\nforges = [\"git.example.org/listed\"]\n\
                  confidence = \"high\"\nsource = \"https://example.org/\"\nas_of = \"2024-08-01\"\n\
                  [[programme]]\nid = \"own\"\ntitle = \"Own\"\ncountries = [\"FI\"]\nas_of = \"2024-08-01\"\n\
                  phase = [{ from = \"2024-07-01\", what = \"no use\" }]\n";
    repositories.file("origin.toml", policy);
    let days = ["--config", "origin.toml", "--since", "2024-06-30", "--until", "2024-07-31"];
    let found = report(&repositories, &[&MAIN[..], &days].concat());
    assert_eq!(numbers(&found), ["2024-06-30 1 0", "2024-07-31 2 2"]);
    let exposed = found["movement"].as_array().unwrap().iter().find(|row| row["what"] == "exposed").unwrap();
    assert_eq!((&exposed["by_dependencies"], &exposed["by_evidence"]), (&0.5.into(), &1.5.into()));
    let causes: Vec<_> = found["points"][1]["came"].as_array().unwrap().iter().map(|row| &row["cause"]).collect();
    assert_eq!(causes, ["dependencies", "evidence"]);
}

#[test]
fn what_a_branch_did_counts_once_it_is_merged() {
    let repositories = Repositories::new(&[]);
    commit(&repositories, 0, &of(&[("serde", CRATES_IO)]));
    repositories.git(&["checkout", "--quiet", "-b", "branch"]);
    commit(&repositories, 1, &of(&[("serde", CRATES_IO), ("libc", CRATES_IO)]));
    commit(&repositories, 2, &of(&[("serde", CRATES_IO), ("libc", CRATES_IO), ("log", CRATES_IO)]));
    repositories.git(&["checkout", "--quiet", "trunk"]);
    repositories.commit("a@example.org", MONDAY + 3 * DAY, "+0000", "README.md");
    let merged = format!("{} +0000", MONDAY + 5 * DAY);
    let mut command = repositories.command("main");
    command.args(["merge", "--quiet", "--no-ff", "--message", "x", "branch"]);
    let output = crate::support::finish(command.env("GIT_COMMITTER_DATE", merged));
    assert_eq!(output.code, 0, "{}", output.stderr);
    let days = ["--since", "2024-01-01", "--until", "2024-01-07", "--every", "day"];
    let packages: Vec<String> = numbers(&report(&repositories, &[&MAIN[..], &days].concat()));
    let packages: Vec<&str> = packages.iter().map(|row| row.split(' ').nth(1).unwrap()).collect();
    assert_eq!(packages, ["1", "1", "1", "1", "1", "3", "3"]);
}

#[test]
fn every_kind_of_repository_is_read() {
    let repositories = usual();
    let expected = numbers(&report(&repositories, &[&MAIN[..], &in_2024("month")].concat()));
    repositories.git(&["worktree", "add", "--quiet", "--detach", "../linked"]);
    repositories.git_in(".", &["clone", "--quiet", "--bare", "main", "bare"]);
    repositories.git(&["repack", "-adq"]);
    for more in [
        &["--lockfile", "linked/Cargo.lock"][..],
        &["--repository", "bare"],
        &["--repository", "main/.git", "--lockfile", "Cargo.lock"],
        &["--manifest-path", "main/sub/Cargo.toml"],
    ] {
        assert_eq!(numbers(&report(&repositories, &[more, &in_2024("month")].concat())), expected, "{more:?}");
    }
    // What the repository says about itself has no say.
    repositories.git(&["config", "core.worktree", "/nowhere"]);
    repositories.git(&["config", "alias.rev-list", "!false"]);
    repositories.file("main/.git/info/attributes", "* filter=x diff=x\n");
    repositories.git_in("bare", &["replace", "HEAD", "HEAD~1"]);
    for more in [&MAIN[..], &["--repository", "bare"]] {
        assert_eq!(numbers(&report(&repositories, &[more, &in_2024("month")].concat())), expected, "{more:?}");
    }
    repositories.git_in(".", &["clone", "--quiet", "--bare", "--depth=2", &url(&repositories, "bare"), "shallow"]);
    let shallow = report(&repositories, &[&["--repository", "shallow"][..], &in_2024("month")].concat());
    assert_eq!(shallow["history"]["shallow"], true);
    assert_eq!(numbers(&shallow)[..3], ["2023-12-31 no-commit", "2024-01-31 no-commit", "2024-02-29 no-commit"]);
    assert_eq!(numbers(&shallow)[3..], expected[3..]);
    assert!(shallow["points"][1]["gap"]["detail"].as_str().unwrap().contains("shallow"));
}

#[test]
fn a_lock_file_in_a_folder_and_one_that_has_gone_are_found() {
    let repositories = Repositories::new(&[]);
    repositories.commit_text("a@example.org", MONDAY, "+0000", "sub/deep/Cargo.lock", &of(&[("serde", CRATES_IO)]));
    repositories.git(&["rm", "--quiet", "sub/deep/Cargo.lock"]);
    repositories.file("main/sub/deep/x", "");
    repositories.commit("a@example.org", MONDAY + DAY, "+0000", "other");
    let days = ["--since", "2024-01-01", "--until", "2024-01-02", "--every", "day"];
    for more in [
        &["--lockfile", "main/sub/deep/Cargo.lock"][..],
        &["--repository", "main", "--lockfile", "sub/deep/Cargo.lock"],
    ] {
        let found = report(&repositories, &[more, &days].concat());
        assert_eq!(numbers(&found), ["2024-01-01 1 0", "2024-01-02 no-lock-file"]);
        assert_eq!(found["lock_file"], "sub/deep/Cargo.lock");
    }
}

#[test]
fn what_cannot_be_done_is_one_clear_error() {
    let repositories = usual();
    let year = ["--since", "2024-01-01"];
    repositories.file("alone/Cargo.lock", of(&[("serde", CRATES_IO)]));
    for (args, said) in [
        (&["--lockfile", "alone/Cargo.lock"][..], "is in no git repository"),
        (&[], "there is no Cargo.lock in"),
        (&["--lockfile", "nowhere/Cargo.lock"], "cannot be found"),
        (&["--repository", "alone"], "is not a git repository"),
        (&["--repository", "main", "--lockfile", "other.lock"], "no commit has a file other.lock"),
        (&["--repository", "main", "--lockfile", "../Cargo.lock"], "is not a path inside a repository"),
        (&["--repository", "main", "--lockfile", "a\nb"], "is not a path inside a repository"),
        (
            &["--lockfile", "main/Cargo.lock", "--until", "2023-01-01"],
            "--since 2024-01-01 is after the last day, 2023-01-01",
        ),
        (&["--lockfile", "main/Cargo.lock", "--every", "day", "--until", "2099-01-01"], "more than 5000 points"),
        (&["--lockfile", "main/Cargo.lock", "--registry-cache"], "--registry-cache has no say"),
        (&["--lockfile", "main/Cargo.lock", "--format", "sarif"], "the sarif format is for `cargo origin check`"),
        (&["--features", "x"], "--features has no say"),
        (&["--lockfile", "main/Cargo.lock", "--fixed", "--evidence", "today"], "cannot be used with"),
    ] {
        let output = run(&repositories, &[&year, args].concat());
        refused(&output, said);
    }
    let svg = ["--lockfile", "main/Cargo.lock", "--format", "svg"];
    for command in [&[][..], &["check"], &["diff", "--base", "x"], &["explain", "x"], &["programmes"]] {
        refused(&repositories.fixture().run(&[command, &svg].concat()), "the svg format is for `cargo origin trend`");
    }
    let output = ["check", "--lockfile", "main/Cargo.lock", "--output", "svg=x.svg"];
    refused(&repositories.fixture().run(&output), "cargo origin trend");
    // A broken history is no short history.
    let id = repositories.git(&["rev-parse", "HEAD~2"]);
    let object = repositories.path("main").join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    std::fs::remove_file(object).unwrap();
    refused(&run(&repositories, &[&MAIN[..], &year].concat()), "breaks off");
}

#[test]
fn human_at_80_columns() {
    insta::assert_snapshot!(shown(&["--width", "80"]));
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
fn svg() {
    insta::assert_snapshot!(shown(&["--format", "svg"]));
}

/// What a format shows of the usual repository; object ids stand for themselves.
fn shown(more: &[&str]) -> String {
    let repositories = usual();
    let mut args = [&MAIN[..], &in_2024("month")].concat();
    args.extend(more);
    let output = run(&repositories, &args);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(run(&repositories, &args), output, "the same input gives the same bytes");
    for line in output.stdout.lines().filter(|_| more[0] == "--width") {
        assert!(line.chars().count() <= more[1].parse().unwrap(), "{line}");
    }
    output.stdout
}

#[test]
fn json_is_what_the_schema_says() {
    let schema = serde_json::to_value(trend_schema()).unwrap();
    assert_eq!(Fixture::new().run(&["schema", "trend"]).json(), schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut found = report(&usual(), &[&MAIN[..], &in_2024("month")].concat());
    assert!(validator.is_valid(&found), "{:?}", validator.validate(&found));
    found["points"][0]["day"] = Value::Null;
    assert!(!validator.is_valid(&found), "the schema holds something");
}

/// Names that do something wherever they are not escaped.
const NAMES: [&str; 5] = [
    "\u{1b}[31mred\u{202e}",
    "</title><script>alert(1)</script>",
    "a|b\"'&<img/src=x/onerror=alert(1)>`c`",
    "=HYPERLINK(1)",
    "::error::forged",
];

#[test]
fn hostile_names_do_nothing_in_any_format() {
    let repositories = Repositories::new(&[]);
    let source = git("github.com/kasperskylab/thing");
    let sourced: Vec<(&str, &str)> = NAMES.iter().map(|name| (*name, source.as_str())).collect();
    commit(&repositories, 0, &of(&[("serde", CRATES_IO)]).replace("acme", "</text><script>x</script>\\u001b[2J"));
    let hostile = of(&sourced).replace("acme", "</text><script>x</script>\\u001b[2J");
    commit(&repositories, 1, &hostile);
    commit(&repositories, 2, "</title><script>x</script>\u{1b}[2J\n::error::forged");
    let days = ["--since", "2024-01-01", "--until", "2024-01-03", "--every", "day"];
    for format in ["human", "json", "markdown", "csv", "svg"] {
        let output = run(&repositories, &[&MAIN[..], &days, &["--format", format]].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        for line in output.stdout.lines() {
            assert!(!line.chars().any(|c| c.is_control() || c == '\u{202e}'), "{format}: {line:?}");
            assert!(!line.trim_start().starts_with("::"), "{format}: {line:?}");
        }
        if format == "svg" {
            well_formed(&output.stdout);
            let text = output.stdout.replace("http://www.w3.org/2000/svg", "");
            for wrong in ["<script", "<img", "http:", "https:", "href", "url("] {
                assert!(!text.contains(wrong), "{wrong} in {text}");
            }
        }
        if format == "markdown" {
            assert!(!output.stdout.contains("<script") && !output.stdout.contains("</"), "{}", output.stdout);
        }
        if format == "csv" {
            let mut reader = csv::Reader::from_reader(output.stdout.as_bytes());
            for cell in reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
                assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
            }
        }
    }
}

/// Every name comes whole out of the chart, and everything that is opened is closed.
fn well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut depth, mut paths) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Empty(element) => paths += usize::from(element.name().as_ref() == b"path"),
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    assert!(paths > 2, "no chart in {text}");
}
