//! Input from a stranger: nothing of it acts on a terminal, a page or a spreadsheet, and whatever is broken ends in one clear error.

use std::fs::{self, File};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{CRATES_IO, Fixture, Output, PROGRAM, finish_within, lock};

/// Names that do something wherever they are not escaped.
const NAMES: [&str; 12] = [
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "bidi\u{202e}gnp\u{2066}\u{200f}\u{61c}",
    "c1\u{9b}31m\u{85}\u{7f}",
    "two\nlines\r\u{2028}and\u{b}more",
    "zero\u{200b}width\u{feff}\u{ad}\u{e0041}",
    "<script>alert(1)</script>",
    "a|b|![x](//x.example/p.png)`c`",
    "=HYPERLINK(1)",
    "+cmd|' /C calc'!A0",
    "@someone",
    "::error file=x::forged",
    "</td><img src=x onerror=alert(1)>",
];

const MIRROR: &str = "registry+https://rsproxy.cn/crates.io-index";

/// A lock file in which every name, half of the sources and the member itself are hostile.
fn named() -> Fixture {
    let fixture = Fixture::new();
    let sources: Vec<String> =
        NAMES.iter().map(|name| format!("git+https://gitee.com/x/{name}?branch={name}#{name}")).collect();
    let mut packages: Vec<(&str, &str, &str, &[&str])> = vec![("@me\u{1b}[2J\u{202e}", "1.0.0", "", &NAMES[..6])];
    for (at, name) in NAMES.iter().enumerate() {
        let needs = if at == 0 { &NAMES[6..] } else { &[] };
        packages.push((name, "1.0.0", if at % 2 == 0 { MIRROR } else { &sources[at] }, needs));
    }
    // A dependency with a space in its name would be read as a name and a version.
    let text = lock(&packages).replace("\"::error file=x::forged\"", "\"::error::forged\"");
    fixture.file(
        "Cargo.lock",
        text.replace("\"+cmd|' /C calc'!A0\"", "\"+cmd|'/C'!A0\"").replace("<img src=x onerror", "<img/src=x/onerror"),
    );
    fixture
}

/// Control characters, and those that change direction or cannot be seen.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c), 0xAD | 0x61C | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xE0000..=0xE007F)
}

/// Nothing that either stream holds does anything to a terminal.
fn harmless(output: &Output, about: &str) {
    for line in output.stdout.split('\n').chain(output.stderr.split('\n')) {
        assert!(!line.chars().any(acts), "{about}: {line:?}");
    }
}

fn refused(output: &Output, said: &str) {
    assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{}", output.stderr);
    assert!(output.stderr.starts_with("error: ") && output.stderr.contains(said), "no `{said}`: {}", output.stderr);
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
    harmless(output, "an error");
}

fn hostile_lock(args: &[&str]) -> Output {
    let output = named().run(&[&["--lockfile", "Cargo.lock", "--only", "all", "--top", "0"], args].concat());
    assert_eq!(output.code, 0, "{args:?}: {}", output.stderr);
    output
}

#[test]
fn names_do_nothing_to_a_terminal() {
    for width in ["40", "80", "140", "1000"] {
        harmless(&hostile_lock(&["--width", width]), width);
        harmless(&hostile_lock(&["concentration", "--width", width]), width);
    }
    for format in ["json", "markdown", "csv"] {
        harmless(&hostile_lock(&["concentration", "--format", format]), format);
    }
    // `@` and a space stand between a name and a version.
    for name in NAMES.iter().filter(|name| !name.contains([' ', '@'])) {
        harmless(&hostile_lock(&["explain", name]), name);
        harmless(&hostile_lock(&["paths", name]), name);
    }
}

/// The log of a GitHub workflow takes a line that begins with `::`, after spaces, for a command.
#[test]
fn names_are_no_commands_of_a_workflow() {
    let forged = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b\\n::error::forged\"]\n";
    let wrong = Fixture::new().file("Cargo.lock", forged).run(&["--lockfile", "Cargo.lock"]);
    let forged = "::error::forged";
    let shown = [
        &["--width", "100"][..],
        &["--format", "csv"],
        &["--format", "markdown"],
        &["concentration", "--width", "100"],
        &["explain", forged],
        &["paths", forged],
    ];
    for output in shown.map(hostile_lock).into_iter().chain([wrong]) {
        for line in output.stdout.lines().chain(output.stderr.lines()) {
            assert!(!line.trim_start().starts_with("::"), "{line}");
        }
    }
}

/// The bytes too: JSON is looked at in terminals, and a reader of a diff must see what a program reads.
#[test]
fn names_do_nothing_in_json() {
    harmless(&hostile_lock(&["--format", "json"]), "json");
    for command in ["explain", "paths"] {
        harmless(&hostile_lock(&[command, NAMES[1], "--format", "json"]), command);
    }
}

#[test]
fn names_come_back_whole_from_json() {
    let output = hostile_lock(&["--format", "json"]);
    assert_eq!(hostile_lock(&["--format", "json", "--color", "always"]), output);
    let report = output.json();
    let names: Vec<&str> =
        report["packages"].as_array().unwrap().iter().filter_map(|package| package["name"].as_str()).collect();
    for name in NAMES.iter().filter(|name| !name.contains(' ')) {
        assert!(names.contains(name), "{name:?} is not among {names:?}");
    }
}

#[test]
fn names_are_no_markup() {
    let output = hostile_lock(&["--format", "markdown"]);
    harmless(&output, "markdown");
    // What a parser would take for markup: the escapes are undone, then nothing of these may be left.
    let mut text = output.stdout.clone();
    for c in "\\`*_{}[]#|~!".chars() {
        text = text.replace(&format!("\\{c}"), "");
    }
    for markup in ["<script", "<img", "</", "@someone", "@me", "![", "`", "](//"] {
        assert!(!text.contains(markup), "{markup} in {text}");
    }
    for row in text.lines().filter(|line| line.starts_with("| ") && line.contains("rsproxy")) {
        assert_eq!(row.matches('|').count(), 8, "{row}");
    }
}

#[test]
fn names_are_no_formulas() {
    let output = hostile_lock(&["--format", "csv"]);
    harmless(&output, "csv");
    let mut reader = csv::Reader::from_reader(output.stdout.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), NAMES.len() + 1);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
}

#[test]
fn manifests_and_licences_do_nothing() {
    let fixture = Fixture::new();
    fixture.file("Cargo.lock", lock(&[("app", "0.1.0", "", &["bad"]), ("bad", "1.0.0", CRATES_IO, &[])]));
    let folder = "cargo-home/registry/src/i/bad-1.0.0";
    let quoted = |text: &str| Value::from(text).to_string().replace('\u{7f}', "\\u007f");
    for name in NAMES {
        let address = quoted(&format!("https://gitee.com/{name}/{name}"));
        let author = quoted(&format!("{name} <{name}@{name}.cn>"));
        let manifest = format!(
            "[package]\nname = \"bad\"\nversion = \"1.0.0\"\nauthors = [{author}]\nrepository = {address}\nhomepage = {address}\n\
             links = {0}\n[package.metadata.origin]\norganisation = {0}\nseat = \"CN\"\n",
            quoted(name)
        );
        fixture.file(format!("{folder}/Cargo.toml"), manifest);
        fixture.file(
            format!("{folder}/LICENSE"),
            format!("MIT\n\nCopyright (c) 2020 {name} Inc.\nCopyright 2021 {name}\n"),
        );
        let input = ["--lockfile", "Cargo.lock", "--registry-cache", "--only", "all"];
        for args in [&[][..], &["explain", "bad"], &["--format", "csv"], &["--format", "markdown"]] {
            let output = fixture.run(&[&input[..], args].concat());
            assert_eq!(output.code, 0, "{name:?} {args:?}: {}", output.stderr);
            harmless(&output, name);
            if args.contains(&"markdown") {
                assert!(!output.stdout.contains("<script") && !output.stdout.contains("<img"), "{}", output.stdout);
            }
        }
    }
}

#[test]
fn a_broken_lock_file_is_one_clear_error() {
    let fixture = Fixture::new();
    let package = |name: &str, rest: &str| format!("[[package]]\nname = {name}\nversion = \"1.0.0\"\n{rest}\n");
    for (text, said) in [
        (String::new(), "describes no packages"),
        ("version = 4\n".to_owned(), "describes no packages"),
        ("version = 5\n".to_owned() + &package("\"a\"", ""), "lock file version 5"),
        ("version = -1\n".to_owned(), "Cargo.lock:1:"),
        ("[[package]]\nname = \"a\n".to_owned(), "Cargo.lock:2:"),
        ("[[package]]\nname = \"a\"\n".to_owned(), "version"),
        ("[[package]]\nname = \"a\"\nversion = \"one\"\n".to_owned(), "`one`"),
        ("\0\0\0\0".to_owned(), "Cargo.lock:1:"),
        (package("\"a\"", "dependencies = [\"b\"]"), "`b`, which is not in the lock file"),
        (package("\"a\"", "dependencies = [\"\"]"), "is not in the lock file"),
        (package("\"a\"", "dependencies = [\"a 2.0.0\"]"), "in that version"),
        (package("\"a\"", "") + &package("\"a\"", ""), "a"),
        (package("\"a\"", "dependencies = [\"\\u001b[2J\\n::error::x\\u202e\"]"), "is not in the lock file"),
        (package("\"a\"", &format!("x = {}1{}", "[".repeat(5000), "]".repeat(5000))), "Cargo.lock:4:"),
        (
            package("\"a\"", "dependencies = [\"b\"]")
                + &package("\"b\"", "source = \"git+https://x.example/1\"")
                + &package("\"b\"", "source = \"git+https://x.example/2\""),
            "fits several packages",
        ),
    ] {
        fixture.file("Cargo.lock", &text);
        refused(&fixture.run(&["--lockfile", "Cargo.lock"]), said);
    }
    fixture.file("Cargo.lock", b"[[package]]\nname = \"\xff\"\n");
    refused(&fixture.run(&["--lockfile", "Cargo.lock"]), "not UTF-8");
    refused(&fixture.run(&["--lockfile", "."]), "cannot read");
    refused(&fixture.run(&["--lockfile", "a\u{1b}[31m\u{202e}"]), "cannot read");
    File::create(fixture.path().join("large.lock")).unwrap().set_len(70 << 20).unwrap();
    refused(&fixture.run(&["--lockfile", "large.lock"]), "larger than 64 MiB");
}

#[cfg(target_os = "linux")]
#[test]
fn files_without_an_end_are_bounded() {
    let fixture = Fixture::new();
    refused(&fixture.run(&["--lockfile", "/dev/zero"]), "larger than 64 MiB");
    refused(&fixture.run(&["--lockfile", "/dev/null"]), "describes no packages");
    refused(&fixture.run(&["--lockfile", "/dev/null", "--config", "/dev/zero"]), "describes no packages");
    fixture.file("Cargo.lock", lock(&[("app", "0.1.0", "", &[])]));
    refused(&fixture.run(&["--lockfile", "Cargo.lock", "--config", "/dev/zero"]), "larger than 8 MiB");
    refused(&fixture.run(&["--metadata-path", "/dev/null"]), "/dev/null is not the output of `cargo metadata");
}

#[test]
fn circles_and_self_reference_end() {
    let fixture = Fixture::new();
    let text = lock(&[
        ("app", "0.1.0", "", &["a", "app"]),
        ("a", "1.0.0", CRATES_IO, &["b", "a"]),
        ("b", "1.0.0", CRATES_IO, &["a", "app"]),
    ]);
    fixture.file("Cargo.lock", text);
    let report = fixture.run(&["--lockfile", "Cargo.lock", "--format", "json"]).json();
    assert_eq!(report["workspace"]["packages"], 2);
    assert!(fixture.stdout(&["--lockfile", "Cargo.lock", "paths", "b"]).contains("app@0.1.0 > a@1.0.0 > b@1.0.0"));
}

/// Neither the stack nor time grows with the square of the depth. A tenth of the chain, before and after, says how fast this machine is now.
#[test]
fn a_chain_of_a_hundred_thousand_packages_is_read() {
    const LENGTH: usize = 100_000;
    let before = chain(LENGTH / 10);
    let time = chain(LENGTH);
    let tenth = before.max(chain(LENGTH / 10));
    // Ten times as much takes 10 to 20 times as long; with the square it would be 100.
    assert!(time < tenth * 50, "{time:?}, and a tenth {tenth:?}");
}

/// The time that a chain of packages takes.
fn chain(length: usize) -> Duration {
    let fixture = Fixture::new();
    let names: Vec<String> = (0..length).map(|at| format!("p{at}")).collect();
    let needs: Vec<[&str; 1]> = names.iter().skip(1).map(|name| [name.as_str()]).collect();
    let source = |at: usize| if at == 0 { "" } else { CRATES_IO };
    let row = |at: usize| (&*names[at], "1.0.0", source(at), needs.get(at).map_or(&[][..], |needs| &needs[..]));
    fixture.file("Cargo.lock", lock(&(0..length).map(row).collect::<Vec<_>>()));
    let started = Instant::now();
    let output = finish_within(fixture.command(PROGRAM).args(["--lockfile", "Cargo.lock"]), Duration::from_mins(10));
    let time = started.elapsed();
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stdout.contains(&format!("{} packages", length - 1)), "{}", output.stdout);
    time
}

/// However many ways there are, the shortest is told.
#[test]
fn a_graph_of_many_paths_has_a_shortest() {
    let fixture = Fixture::new();
    let layer = |depth: usize| (0..20).map(|at| format!("p{depth}-{at}")).collect::<Vec<_>>();
    let layers: Vec<Vec<String>> = (0..30).map(layer).collect();
    let names: Vec<Vec<&str>> = layers.iter().map(|layer| layer.iter().map(String::as_str).collect()).collect();
    let mut packages: Vec<(&str, &str, &str, &[&str])> = vec![("app", "0.1.0", "", &names[0])];
    for (depth, layer) in names.iter().enumerate() {
        packages.extend(
            layer
                .iter()
                .map(|name| (*name, "1.0.0", CRATES_IO, names.get(depth + 1).map_or(&[][..], |next| &next[..]))),
        );
    }
    fixture.file("Cargo.lock", lock(&packages));
    let paths = fixture.stdout(&["--lockfile", "Cargo.lock", "paths", "p29-0"]);
    assert!(paths.contains("app@0.1.0 > p0-0@1.0.0 > "), "{paths}");
}

#[test]
fn a_broken_description_is_one_clear_error() {
    let fixture = Fixture::new();
    let empty = json!({"packages": [], "workspace_members": [], "resolve": {"nodes": [], "root": null}, "version": 1,
        "target_directory": "/t", "workspace_root": "/w", "metadata": null});
    let dangling = json!({"packages": [], "workspace_members": ["path+file:///\u{1b}[31m#1.0.0"],
        "resolve": {"nodes": [], "root": null}, "version": 1, "target_directory": "/t", "workspace_root": "/w"});
    for text in [
        String::new(),
        "{".to_owned(),
        "no\u{1b}[31m".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "[".repeat(1000),
        format!("{{\"packages\":{}{}}}", "[".repeat(1000), "]".repeat(1000)),
        empty.to_string().replace(",\"workspace_root\"", ""),
        dangling.to_string(),
        "\0".repeat(100),
    ] {
        fixture.file("saved.json", &text);
        refused(&fixture.run(&["--metadata-path", "saved.json"]), "saved.json is not the output of `cargo metadata");
    }
    fixture.file("saved.json", b"{\"packages\": \"\xff\"}");
    refused(&fixture.run(&["--metadata-path", "saved.json"]), "not UTF-8");
    refused(&fixture.run(&["--metadata-path", "."]), "cannot read");
    fixture.file("saved.json", empty.to_string());
    let output = fixture.run(&["--metadata-path", "saved.json"]);
    assert!(output.code == 0 || output.code == 2, "{}", output.stderr);
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
}

#[test]
fn without_a_workspace_cargo_says_so() {
    let fixture = Fixture::new();
    refused(&fixture.run(&[]), "Cargo.toml");
    refused(&fixture.run(&["--manifest-path", "none/Cargo.toml"]), "none/Cargo.toml");
    refused(&fixture.run_env(&[], &[("CARGO", "/no/such/cargo")]), "is cargo installed");
    fixture.file("Cargo.toml", "[package\n\u{9b}31m\u{202e}");
    refused(&fixture.run(&[]), "cargo metadata");
}

/// A lock file, and a registry cache with a crate whose licences the test makes.
fn cached() -> (Fixture, String) {
    let fixture = Fixture::new();
    fixture.file("Cargo.lock", lock(&[("app", "0.1.0", "", &["bad"]), ("bad", "1.0.0", CRATES_IO, &[])]));
    let folder = "cargo-home/registry/src/i/bad-1.0.0";
    fixture.file(
        format!("{folder}/Cargo.toml"),
        "[package]\nname = \"bad\"\nversion = \"1.0.0\"\nrepository = \"https://github.com/x/bad\"\n",
    );
    fixture.file("secret", "Copyright (c) 2020 Secret Holdings GmbH\n");
    (fixture, folder.to_owned())
}

const CACHE: [&str; 5] = ["--lockfile", "Cargo.lock", "--registry-cache", "--format", "json"];

fn gaps(fixture: &Fixture, kind: &str) -> usize {
    let output = fixture.run(&CACHE);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(!output.stdout.contains("Secret"), "a file outside of the package was read");
    let report = output.json();
    report["gaps"].as_array().expect("gaps").iter().filter(|gap| gap["kind"] == kind).count()
}

#[cfg(unix)]
#[test]
fn licences_that_are_none_become_gaps() {
    let (fixture, folder) = cached();
    let licence = fixture.path().join(&folder).join("LICENSE");
    assert_eq!(gaps(&fixture, "licence-unreadable"), 0);
    std::os::unix::fs::symlink(fixture.path().join("secret"), &licence).unwrap();
    assert_eq!(gaps(&fixture, "licence-unreadable"), 1, "a link out of the package");
    fs::remove_file(&licence).unwrap();
    File::create(&licence).unwrap().set_len(1 << 30).unwrap();
    assert_eq!(gaps(&fixture, "licence-unreadable"), 1, "a gigabyte");
    fs::remove_file(&licence).unwrap();
    let made = fixture.command("mkfifo").arg(&licence).status().unwrap();
    assert!(made.success());
    assert_eq!(gaps(&fixture, "licence-unreadable"), 1, "a pipe that nobody writes to");
    fs::remove_file(&licence).unwrap();
    fixture.file(format!("{folder}/LICENSE"), b"Copyright (c) 2020 Example \xff\xfe Works GmbH\n\0\0");
    assert_eq!(gaps(&fixture, "licence-unreadable"), 0, "wrong bytes are replaced");
    fixture.file(format!("{folder}/LICENSE"), format!("Copyright (c) {}\n", "2020 A, ".repeat(1 << 17)));
    let started = Instant::now();
    assert_eq!(gaps(&fixture, "licence-unreadable"), 0, "one long line");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[test]
fn manifests_that_are_none_become_gaps() {
    let (fixture, folder) = cached();
    for text in [&b"[package"[..], b"\xff", b"", b"[package]\nauthors = 1\n"] {
        fixture.file(format!("{folder}/Cargo.toml"), text);
        assert_eq!(gaps(&fixture, "manifest-unreadable"), 1, "{text:?}");
    }
    File::create(fixture.path().join(&folder).join("Cargo.toml")).unwrap().set_len(1 << 30).unwrap();
    assert_eq!(gaps(&fixture, "manifest-unreadable"), 1, "a gigabyte");
}

#[test]
fn names_do_not_lead_out_of_the_registry_cache() {
    let (fixture, _) = cached();
    let secret =
        "[package]\nname = \"x\"\nversion = \"1.0.0\"\nauthors = [\"Secret <x@secret.example>\"]\nlinks = \"Secret\"\n";
    fixture.file("cargo-home/registry/src/outside-1.0.0/Cargo.toml", secret).file("outside-1.0.0/Cargo.toml", secret);
    let outside = fixture.path().join("outside").to_str().unwrap().replace('\\', "/");
    let names = ["../outside", "../../../../outside", &outside, ".", "..", "", "i/../../outside", "bad-1.0.0/../x"];
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        fixture.file("Cargo.lock", lock(&[("app", "0.1.0", "", &[name]), (name, "1.0.0", CRATES_IO, &[])]));
        assert_eq!(gaps(&fixture, "not-in-cache"), 1, "{name}");
        assert_eq!(fixture.run(&CACHE).json()["workspace"]["from_cache"], 0, "{name}");
    }
}

/// A folder that may not be read: root may read it, and sees a crate without a licence.
#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_no_end() {
    use std::os::unix::fs::PermissionsExt;
    let (fixture, folder) = cached();
    let folder = fixture.path().join(folder);
    for mode in [0o000, 0o300] {
        fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        let output = fixture.run(&CACHE);
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(output.json()["workspace"]["packages"], 1);
    }
}
