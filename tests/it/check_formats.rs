//! What the gate found in every format: for forges, build servers and files.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use std::collections::BTreeSet;
use std::fs;

use quick_xml::events::Event;
use serde_json::Value;

use crate::support::{CRATES_IO, Fixture, Output, lock};
use crate::truths::git;

const FORMATS: [&str; 8] = ["human", "json", "markdown", "csv", "github", "sarif", "junit", "gitlab"];

/// Those that only the gate writes.
const OF_THE_GATE: [&str; 4] = ["github", "sarif", "junit", "gitlab"];

const POLICY: &str = r#"
programmes = ["us-kaspersky-2024"]

[[ban]]
package = "twice"
reason = "one allocator is enough"

[[ban]]
package = "later"
from = "2027-01-01"

[[exception]]
package = "old"
reason = "is being replaced"
until = "2027-06-30"
agreed = "the security team"

[[exception]]
package = "gone"
reason = "was being replaced"
until = "2025-01-01"
"#;

/// A finding of each kind: denied through a dependency, two versions of one package, warned, accepted, and one on the graph as a whole.
fn fixture() -> Fixture {
    with_versions("1.0.0", "0123456789012345678901234567890123456789")
}

fn with_versions(version: &str, commit: &str) -> Fixture {
    let fixture = Fixture::new();
    let thing = format!("git+https://github.com/kasperskylab/thing#{commit}");
    let old = git("github.com/kasperskylab/old");
    let packages: [(&str, &str, &str, &[&str]); 7] = [
        ("acme", "0.1.0", "", &["later", "mid", "old", "twice 1.0.0"]),
        ("later", version, CRATES_IO, &[]),
        ("mid", "1.0.0", CRATES_IO, &["thing", "twice 2.0.0"]),
        ("old", "1.0.0", &old, &[]),
        ("thing", version, &thing, &[]),
        ("twice", "1.0.0", CRATES_IO, &[]),
        ("twice", "2.0.0", CRATES_IO, &[]),
    ];
    fixture.file("Cargo.lock", lock(&packages)).file("origin.toml", POLICY);
    fixture
}

fn check(fixture: &Fixture, more: &[&str]) -> Output {
    // The packages are made up: nothing is known of them.
    let rules = ["--allow", "unknown-origin"];
    let args = ["check", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--as-of", "2026-11-24"];
    fixture.run(&[&args, &rules[..], more].concat())
}

/// The report of a policy that is violated, in a format.
fn violated(fixture: &Fixture, format: &str) -> String {
    let output = check(fixture, &["--format", format]);
    assert_eq!((output.code, output.stderr.as_str()), (1, ""), "{format}");
    output.stdout
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The fixture in a format, with what changes from release to release taken out.
fn shown(format: &str) -> String {
    let fixture = fixture();
    let date = json(&violated(&fixture, "json"))["data_date"].as_str().unwrap().to_owned();
    let text = violated(&fixture, format);
    text.replace(&format!("cargo-origin {}", env!("CARGO_PKG_VERSION")), "cargo-origin [version]")
        .replace(
            &format!("\"semanticVersion\": \"{}\"", env!("CARGO_PKG_VERSION")),
            "\"semanticVersion\": \"[version]\"",
        )
        .replace(&format!("data of {date}"), "data of [date]")
        .replace(&format!("\"data_date\": \"{date}\""), "\"data_date\": \"[date]\"")
        .replace(&format!("\"dataDate\": \"{date}\""), "\"dataDate\": \"[date]\"")
}

#[test]
fn sarif() {
    insta::assert_snapshot!(shown("sarif"));
}

#[test]
fn junit() {
    insta::assert_snapshot!(shown("junit"));
}

#[test]
fn gitlab() {
    insta::assert_snapshot!(shown("gitlab"));
}

#[test]
fn github() {
    insta::assert_snapshot!(shown("github"));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(shown("markdown"));
}

#[test]
fn csv() {
    insta::assert_snapshot!(shown("csv"));
}

#[test]
fn json_report() {
    insta::assert_snapshot!(shown("json"));
}

fn sarif_schema() -> jsonschema::Validator {
    // A bracket too many in the official pattern for languages: a strict reader of patterns refuses the whole schema.
    let text = include_str!("schemas/sarif-schema-2.1.0.json").replace("{2}]?$", "{2}?$");
    jsonschema::options().should_validate_formats(true).build(&json(&text)).unwrap()
}

/// A policy that holds: nothing is banned, and nothing is chosen.
fn holding() -> Fixture {
    let fixture = Fixture::new();
    let packages: [(&str, &str, &str, &[&str]); 2] =
        [("acme", "0.1.0", "", &["thing-of-nobody"]), ("thing-of-nobody", "1.0.0", CRATES_IO, &[])];
    fixture.file("Cargo.lock", lock(&packages)).file("origin.toml", "programmes = [\"us-kaspersky-2024\"]\n");
    fixture
}

#[test]
fn sarif_is_what_the_official_schema_says() {
    let validator = sarif_schema();
    let holds = check(&holding(), &["--format", "sarif"]);
    assert_eq!(holds.code, 0, "{}", holds.stderr);
    for text in [violated(&fixture(), "sarif"), violated(&hostile(), "sarif"), holds.stdout] {
        let report = json(&text);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    let mut broken = json(&violated(&fixture(), "sarif"));
    broken["runs"][0]["results"][0]["level"] = "deny".into();
    assert!(!validator.is_valid(&broken), "the schema holds something");
}

/// Whoever reads one of these sees that the data is not the embedded one.
#[test]
fn what_own_rows_change_is_told_by_formats_that_have_a_place_for_it() {
    let rows =
        "\n[[programme]]\nid = \"us-kaspersky-2024\"\nnote = \"x\"\n\n[[programme]]\nid = \"us-1260h\"\nnote = \"x\"\n";
    let changed = |fixture: Fixture| {
        let policy = fixture.read("origin.toml");
        fixture.file("origin.toml", format!("{policy}{rows}"));
        fixture
    };
    for (fixture, code) in [(changed(fixture()), 1), (changed(holding()), 0)] {
        let run = |format: &str| {
            let output = check(&fixture, &["--format", format]);
            assert_eq!(output.code, code, "{}", output.stderr);
            output.stdout
        };
        let own = json(&run("json"));
        let told: Vec<&str> = own["overrides"].as_array().unwrap().iter().map(|row| row.as_str().unwrap()).collect();
        assert_eq!(told.len(), 2);
        let sarif = json(&run("sarif"));
        let errors: Vec<String> = sarif_schema().iter_errors(&sarif).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let notes = &sarif["runs"][0]["invocations"][0]["toolConfigurationNotifications"];
        let notes: Vec<&str> =
            notes.as_array().unwrap().iter().map(|note| note["message"]["text"].as_str().unwrap()).collect();
        assert_eq!(notes, told);
        let (github, junit) = (run("github"), run("junit"));
        for note in told {
            assert!(github.lines().any(|line| line == format!("::notice title=cargo origin::{note}")), "{github}");
            assert!(junit.contains(note), "{junit}");
        }
    }
    // Where nothing is changed nothing is said of it.
    assert!(json(&violated(&fixture(), "sarif"))["runs"][0]["invocations"].is_null());
    assert!(!violated(&fixture(), "junit").contains("rows of the policy"));
}

#[test]
fn sarif_says_what_a_forge_needs() {
    let fixture = fixture();
    let report = json(&violated(&fixture, "sarif"));
    let run = &report["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let own = json(&violated(&fixture, "json"));
    let findings = own["findings"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    let lock: Vec<String> = fixture.read("Cargo.lock").lines().map(str::to_owned).collect();
    for (result, finding) in results.iter().zip(findings) {
        let place = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!((&rules[place]["id"], &result["ruleId"]), (&finding["rule"], &finding["rule"]));
        let (level, suppressed) = match finding["level"].as_str().unwrap() {
            "deny" => ("error", 0),
            "warn" => ("warning", 0),
            _ => ("error", 1),
        };
        assert_eq!(result["level"], level, "{finding}");
        // All of a run have the list, or none.
        assert_eq!(result["suppressions"].as_array().unwrap().len(), suppressed, "{finding}");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "Cargo.lock");
        let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
        match finding["package"].as_str() {
            Some(package) => {
                assert_eq!(lock[line - 1], format!("name = \"{}\"", package.split_once('@').unwrap().0));
            }
            None => assert_eq!(line, 1),
        }
        assert_eq!(result["partialFingerprints"]["cargoOriginFinding/v1"], finding["fingerprint"]);
    }
    let accepted = results.iter().find(|result| result["suppressions"] != Value::Array(Vec::new())).unwrap();
    let why = accepted["suppressions"][0]["justification"].as_str().unwrap();
    assert!(why.contains("is being replaced") && why.contains("origin.toml:"), "{why}");
    assert_eq!(
        (&accepted["suppressions"][0]["kind"], &accepted["suppressions"][0]["status"]),
        (&"external".into(), &"accepted".into())
    );
    // Without an exception no result has the list.
    let hostile = violated(&hostile(), "sarif");
    assert!(!hostile.contains("\"suppressions\""), "{hostile}");
}

/// What forges know a finding by, for the packages that have one.
fn fingerprints(fixture: &Fixture, format: &str) -> BTreeSet<String> {
    let report = json(&violated(fixture, format));
    let rows = if format == "sarif" { report["runs"][0]["results"].clone() } else { report };
    let of = |row: &Value| match format {
        "sarif" => row["partialFingerprints"]["cargoOriginFinding/v1"].as_str().unwrap().to_owned(),
        _ => row["fingerprint"].as_str().unwrap().to_owned(),
    };
    rows.as_array().unwrap().iter().map(of).collect()
}

#[test]
fn a_finding_is_known_again() {
    for format in ["sarif", "gitlab"] {
        let before = fingerprints(&fixture(), format);
        let bumped = with_versions("1.4.0", "9876543210987654321098765432109876543210");
        assert_eq!(fingerprints(&bumped, format), before, "{format}: after a new version");
        let moved = fixture();
        let text = moved.read("Cargo.lock").replace("version = 4\n", "# A line.\n\n# Another.\nversion = 4\n");
        moved.file("Cargo.lock", text);
        assert_ne!(violated(&moved, format), violated(&fixture(), format), "the lines moved");
        assert_eq!(fingerprints(&moved, format), before, "{format}: after the lines moved");
    }
}

#[test]
fn no_two_issues_of_gitlab_are_one() {
    let issues = json(&violated(&fixture(), "gitlab"));
    let issues = issues.as_array().unwrap();
    let twice = issues.iter().filter(|issue| issue["description"].as_str().unwrap().starts_with("twice@"));
    assert_eq!(twice.count(), 2);
    assert_eq!(fingerprints(&fixture(), "gitlab").len(), issues.len());
    for issue in issues {
        let print = issue["fingerprint"].as_str().unwrap();
        assert!(print.len() == 32 && print.bytes().all(|byte| byte.is_ascii_hexdigit()), "{print}");
    }
}

/// The elements of a document, in order; it must be well-formed.
fn elements(text: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let (mut found, mut open) = (Vec::new(), 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}")) {
            Event::Start(tag) => {
                open += 1;
                assert!(tag.attributes().all(|attribute| attribute.is_ok()), "{tag:?}");
                found.push(String::from_utf8(tag.name().as_ref().to_vec()).unwrap());
            }
            Event::Empty(tag) => found.push(String::from_utf8(tag.name().as_ref().to_vec()).unwrap()),
            Event::End(_) => open -= 1,
            Event::Eof => break,
            Event::Decl(_) | Event::Text(_) | Event::GeneralRef(_) => {}
            other => panic!("{other:?} in {text}"),
        }
    }
    assert_eq!(open, 0, "{text}");
    found
}

#[test]
fn junit_is_xml_with_a_case_a_finding() {
    for fixture in [fixture(), hostile()] {
        let own = json(&violated(&fixture, "json"));
        let found = elements(&violated(&fixture, "junit"));
        let count = |name: &str| found.iter().filter(|known| *known == name).count();
        assert_eq!(count("testcase"), own["findings"].as_array().unwrap().len());
        assert_eq!(u64::try_from(count("failure")).unwrap(), own["counts"]["deny"].as_u64().unwrap());
        let known = ["testsuites", "testsuite", "testcase", "failure", "system-out"];
        assert!(found.iter().all(|name| known.contains(&name.as_str())), "{found:?}");
    }
}

#[test]
fn a_policy_that_holds_is_a_document_too() {
    let fixture = holding();
    let text = |format| {
        let output = check(&fixture, &["--format", format]);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{format}");
        output.stdout
    };
    assert_eq!(elements(&text("junit")), ["testsuites", "testsuite", "testcase"]);
    assert!(text("junit").contains("name=\"policy holds\""));
    assert_eq!(json(&text("gitlab")), Value::Array(Vec::new()));
    assert_eq!(json(&text("sarif"))["runs"][0]["results"], Value::Array(Vec::new()));
    assert_eq!(text("github"), "");
}

/// Names that do something wherever they are not escaped.
const NAMES: [&str; 12] = [
    "::error::forged",
    "\n::error::forged",
    "##[error]forged",
    "%0A::error::forged",
    "]]><failure/>",
    "<script>alert(1)</script>",
    "\"/><x",
    "a|b[l](//x.example)`c`{0}",
    "=cmd|'/C",
    "\u{1b}[31mred\u{9b}m\u{7}",
    "bidi\u{202e}gnp\u{2066}",
    "odd\u{0}\u{b}\u{ffff}\u{feff}",
];

/// Every name is that of a package, and the reason for which it is banned.
fn hostile() -> Fixture {
    let fixture = Fixture::new();
    let mut packages: Vec<(&str, &str, &str, &[&str])> = vec![("acme", "0.1.0", "", &NAMES)];
    packages.extend(NAMES.iter().map(|name| (*name, "1.0.0", CRATES_IO, [].as_slice())));
    let quoted = |text: &str| Value::from(text).to_string();
    let bans = NAMES.iter().map(|name| format!("[[ban]]\npackage = {0}\nreason = {0}\n", quoted(name)));
    fixture.file("Cargo.lock", lock(&packages)).file("origin.toml", bans.collect::<String>());
    fixture
}

/// Control characters, and those that change direction or cannot be seen.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFFE..=0xFFFF)
}

#[test]
fn hostile_names_do_nothing() {
    for format in FORMATS {
        let text = violated(&hostile(), format);
        for line in text.split('\n') {
            assert!(!line.chars().any(acts), "{format}: {line:?}");
            let command = line.trim_start().starts_with("::");
            assert!(!command || format == "github", "{format}: {line:?}");
        }
        if !["json", "csv", "github"].contains(&format) {
            assert!(!text.contains("##["), "{format}: {text}");
        }
    }
}

#[test]
fn an_annotation_is_one_line_of_ours() {
    let text = violated(&hostile(), "github");
    assert_eq!(text.lines().count(), NAMES.len(), "{text}");
    for line in text.lines() {
        // Command, properties, text: no property of the name's, and no line break of the name's.
        let (properties, data) = line.strip_prefix("::error ").unwrap().split_once("::").unwrap();
        // Names that are broken over lines have no place in the lock file.
        let names: Vec<&str> = properties.split(',').map(|property| property.split('=').next().unwrap()).collect();
        assert!([&["file", "line", "title"][..], &["title"]].contains(&&names[..]), "{line}");
        for part in [properties, data] {
            let escapes = part.match_indices('%').map(|(at, _)| &part[at..at + 3]);
            let known = ["%25", "%3A", "%2C", "%0A"];
            assert!(escapes.into_iter().all(|escape| known.contains(&escape)), "{line}");
        }
        assert_eq!(data.matches("%0A").count(), 2, "{line}");
    }
    assert!(text.contains("%250A"), "{text}");
}

#[test]
fn pages_and_sheets_show_names_as_text() {
    let xml = violated(&hostile(), "junit");
    assert!(!xml.contains("]]>") && !xml.contains("<script") && !xml.contains("<x"), "{xml}");
    let page = violated(&hostile(), "markdown");
    for line in page.lines().filter(|line| line.trim_start().starts_with("- ")) {
        assert!(!line.contains('<') && !line.contains("::"), "{line}");
        assert!(line.match_indices(['|', '`', '[']).all(|(at, _)| line[..at].ends_with('\\')), "{line}");
    }
    let text = violated(&hostile(), "csv");
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        for cell in &row.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', ':']), "{cell}");
        }
    }
    for row in json(&violated(&hostile(), "sarif"))["runs"][0]["results"].as_array().unwrap() {
        let text = row["message"]["text"].as_str().unwrap();
        // No link, and no place for an argument.
        assert!(!text.contains("](") && !text.replace("{{", "").contains('{'), "{text}");
        assert!(row["partialFingerprints"]["cargoOriginFinding/v1"].as_str().unwrap().is_ascii());
    }
}

#[test]
fn only_the_gate_writes_its_formats() {
    let fixture = fixture();
    for format in OF_THE_GATE {
        for command in [&[][..], &["explain", "thing"], &["paths", "thing"], &["programmes"], &["vendors"]] {
            let output = fixture.run(&[command, &["--lockfile", "Cargo.lock", "--format", format]].concat());
            assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{command:?}: {}", output.stderr);
            assert_eq!(
                output.stderr,
                format!("error: the {format} format is for `cargo origin check`\n"),
                "{command:?}"
            );
        }
    }
}

/// What is in the folder of a fixture.
fn files(fixture: &Fixture) -> Vec<String> {
    let entries = fs::read_dir(fixture.path()).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn further_formats_go_to_files() {
    let fixture = fixture();
    let human = violated(&fixture, "human");
    let names: Vec<String> = FORMATS.iter().map(|format| format!("{format}=out.{format}")).collect();
    let args: Vec<&str> = names.iter().flat_map(|name| ["--output", name]).collect();
    // Colour is for the terminal alone.
    let output = check(&fixture, &[&args[..], &["--color", "always"]].concat());
    assert_eq!((output.code, output.stderr.as_str()), (1, ""));
    assert!(output.stdout.contains('\u{1b}'), "{}", output.stdout);
    for format in FORMATS {
        assert_eq!(fixture.read(&format!("out.{format}")), violated(&fixture, format), "{format}");
    }
    assert_eq!(fixture.read("out.human"), human);
    // A second run takes the place of the first.
    fixture.file("out.sarif", "x".repeat(1 << 20));
    assert_eq!(check(&fixture, &args).stdout, human);
    assert_eq!(fixture.read("out.sarif"), violated(&fixture, "sarif"));
    assert_eq!(files(&fixture).len(), FORMATS.len() + 2, "{:?}", files(&fixture));
}

#[test]
fn no_file_is_half_written() {
    let fixture = fixture();
    fixture.file("before.json", "before").file("folder/x", "");
    let known = files(&fixture);
    for (second, said) in [
        ("sarif=nowhere/out.sarif", "cannot write nowhere/out.sarif"),
        ("sarif=folder", "cannot write folder: it is there, and is not a file"),
        ("sarif=before.json", "before.json is named twice"),
    ] {
        let output = check(&fixture, &["--output", "json=before.json", "--output", second]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{second}: {}", output.stderr);
        assert!(output.stderr.starts_with("error: --output: ") && output.stderr.contains(said), "{}", output.stderr);
        assert_eq!((fixture.read("before.json").as_str(), files(&fixture)), ("before", known.clone()), "{second}");
    }
    for (wrong, said) in [
        ("sarif", "not of the form FORMAT=FILE"),
        ("sarif=", "no file after"),
        ("xml=out.xml", "`xml` is not a format; it is one of human, json, markdown, csv, github, sarif, junit, gitlab"),
    ] {
        let output = check(&fixture, &["--output", wrong]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong}: {}", output.stderr);
        assert!(output.stderr.contains(said), "{wrong}: {}", output.stderr);
    }
    assert_eq!(files(&fixture), known);
}

#[cfg(unix)]
#[test]
fn a_written_file_is_like_any_other() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let fixture = fixture();
    let mode = |name: &str| fs::metadata(fixture.path().join(name)).unwrap().permissions().mode();
    fixture.file("plain", "").file("private", "").file("real", "");
    fs::set_permissions(fixture.path().join("private"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("real", fixture.path().join("link")).unwrap();
    let output = check(&fixture, &["--output", "json=new", "--output", "json=private", "--output", "json=link"]);
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert_eq!((mode("new"), mode("private") & 0o777), (mode("plain"), 0o600));
    // What the link points to is written; the link stays.
    assert!(fs::symlink_metadata(fixture.path().join("link")).unwrap().is_symlink());
    assert_eq!(fixture.read("real"), fixture.read("new"));
}
