//! The command line: forms of calling, exit codes, colour, width, the day, and where `origin.toml` is looked for.

use std::path::PathBuf;
use std::process::Stdio;

use crate::support::{CRATES_IO, Fixture, Output, PROGRAM, finish, lock};

/// A mirror whose operator the register knows to be in China.
const MIRROR: &str = "registry+https://rsproxy.cn/crates.io-index";

/// One member and four dependencies, one of them through a mirror.
fn locked() -> Fixture {
    let fixture = Fixture::new();
    let packages: [(&str, &str, &str, &[&str]); 5] = [
        ("app", "0.1.0", "", &["serde", "mirrored"]),
        ("mirrored", "1.0.0", MIRROR, &["twice 1.0.0"]),
        ("serde", "1.0.200", CRATES_IO, &["twice 2.0.0"]),
        ("twice", "1.0.0", CRATES_IO, &[]),
        ("twice", "2.0.0", CRATES_IO, &[]),
    ];
    fixture.file("Cargo.lock", lock(&packages));
    fixture
}

fn refused(output: &Output, said: &str) {
    assert_eq!(output.code, 2, "{output:?}");
    assert_eq!(output.stdout, "");
    assert!(output.stderr.contains(said), "no `{said}` in {}", output.stderr);
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
}

const LOCK: [&str; 2] = ["--lockfile", "Cargo.lock"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&LOCK, more].concat()
}

/// Cargo, as cargo calls us: with our folder on the PATH.
fn cargo(fixture: &Fixture, args: &[&str]) -> Output {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let mut command = fixture.command(cargo);
    let mut path: Vec<PathBuf> = PathBuf::from(PROGRAM).parent().map(PathBuf::from).into_iter().collect();
    let inherited = command.get_envs().find(|(name, _)| *name == "PATH").and_then(|(_, value)| value);
    path.extend(inherited.iter().flat_map(std::env::split_paths));
    let path = std::env::join_paths(path).expect("a PATH");
    finish(command.env("PATH", path).args(args))
}

#[test]
fn every_form_of_calling_gives_the_same_report() {
    let fixture = locked();
    let bare = fixture.run(&LOCK);
    assert_eq!(bare.code, 0, "{}", bare.stderr);
    assert!(bare.stdout.contains("app"), "{}", bare.stdout);
    assert_eq!(fixture.run(&["origin", "--lockfile", "Cargo.lock"]), bare);
    assert_eq!(cargo(&fixture, &["origin", "--lockfile", "Cargo.lock"]), bare);
    let explained = fixture.stdout(&["explain", "serde", "--lockfile", "Cargo.lock"]);
    assert_eq!(fixture.stdout(&["origin", "--lockfile", "Cargo.lock", "explain", "serde"]), explained);
    assert_eq!(fixture.stdout(&["explain", "serde@1.0.200", "--lockfile=Cargo.lock"]), explained);
}

#[test]
fn help_is_there_in_every_form() {
    let fixture = Fixture::new();
    let help = fixture.run_env(&["--help"], &[("COLUMNS", "100")]).stdout;
    insta::assert_snapshot!("help", help);
    let through_cargo = cargo(&fixture, &["help", "origin"]);
    assert_eq!((through_cargo.code, through_cargo.stdout), (0, fixture.stdout(&["--help"])));
    assert_eq!(fixture.stdout(&["help"]), fixture.stdout(&["--help"]));
    assert!(fixture.stdout(&["-h"]).lines().count() > 10);
    for command in ["explain", "paths", "programmes", "vendors", "schema", "completions", "man"] {
        assert!(help.contains(&format!("\n  {command}")), "{command} is not in the help");
        assert!(fixture.stdout(&[command, "--help"]).contains("Usage:"));
    }
}

#[test]
fn the_version_is_told() {
    let fixture = Fixture::new();
    let version = fixture.stdout(&["-V"]);
    assert!(version.contains(env!("CARGO_PKG_VERSION")), "{version}");
    assert_eq!(fixture.stdout(&["origin", "--version"]), version);
}

#[test]
fn completions_and_the_man_page_are_written() {
    let fixture = Fixture::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = fixture.stdout(&["completions", shell]);
        assert!(text.contains("registry-cache"), "{shell} does not complete our flags");
    }
    refused(&fixture.run(&["completions", "sh"]), "sh");
    let man = fixture.stdout(&["man"]);
    assert!(man.contains(".TH cargo-origin") && man.contains("registry\\-cache"), "{man}");
}

#[test]
fn what_cannot_be_done_ends_with_code_2() {
    let fixture = locked();
    refused(&fixture.run(&with(&["--no-such-flag"])), "--no-such-flag");
    refused(&fixture.run(&with(&["--home", "XX"])), "XX");
    refused(&fixture.run(&with(&["--home", "Atlantis"])), "Atlantis");
    refused(&fixture.run(&with(&["--as-of", "2026-13-01"])), "2026-13-01");
    refused(&fixture.run(&with(&["--as-of", "yesterday"])), "yesterday");
    refused(&fixture.run(&with(&["--width", "10"])), "10");
    refused(&fixture.run(&with(&["--jobs", "0"])), "--jobs");
    refused(&fixture.run(&with(&["--format", "xml"])), "xml");
    refused(&fixture.run(&with(&["--config", "none.toml"])), "none.toml");
    refused(&fixture.run(&["--lockfile", "none.lock"]), "none.lock");
    refused(&fixture.run_env(&LOCK, &[("SOURCE_DATE_EPOCH", "soon")]), "SOURCE_DATE_EPOCH");
    refused(&fixture.run_env(&LOCK, &[("SOURCE_DATE_EPOCH", "9223372036854775807")]), "9223372036854775807");
    for format in ["csv", "markdown"] {
        for command in [&["explain", "serde"][..], &["paths", "serde"], &["programmes"], &["vendors"]] {
            refused(&fixture.run(&[&LOCK, command, &["--format", format]].concat()), "writes human and json");
        }
    }
}

#[test]
fn flags_that_exclude_each_other_are_refused() {
    let fixture = locked();
    for flags in [
        &["--metadata-path", "m.json"][..],
        &["--manifest-path", "Cargo.toml"],
        &["-p", "app"],
        &["--exclude", "app"],
        &["-F", "x"],
        &["--all-features"],
        &["--no-default-features"],
        &["--target", "x86_64-unknown-linux-gnu"],
        &["--dev"],
    ] {
        refused(&fixture.run(&with(flags)), "cannot be used with");
    }
    refused(&fixture.run(&["--registry-cache"]), "--lockfile");
    refused(&fixture.run(&["--workspace", "-p", "app"]), "cannot be used with");
}

#[test]
fn an_unknown_package_is_guessed_at_and_an_ambiguous_one_listed() {
    let fixture = locked();
    refused(&fixture.run(&with(&["explain", "sedre"])), "did you mean `serde`?");
    refused(&fixture.run(&with(&["paths", "mirored"])), "did you mean `mirrored`?");
    refused(&fixture.run(&with(&["explain", "serde@9.9.9"])), "serde@9.9.9");
    refused(&fixture.run(&with(&["paths", "twice"])), "twice@1.0.0, twice@2.0.0");
    let paths = fixture.stdout(&with(&["paths", "twice@1.0.0"]));
    assert!(paths.contains("app@0.1.0 > mirrored@1.0.0 > twice@1.0.0"), "{paths}");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_the_run_quietly() {
    let fixture = locked();
    for args in [&["vendors", "--format", "json"][..], &with(&["--format", "json"]), &["--help"], &["schema"]] {
        let mut command = fixture.command(PROGRAM);
        let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let fixture = locked();
    for args in [&LOCK[..], &with(&["--format", "csv"]), &["programmes"], &["schema"], &["man"], &["--help"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let mut command = fixture.command(PROGRAM);
        let output = command.args(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked"), "{args:?}: `{said}`");
        assert!(said.contains("cannot write") || args == ["--help"], "{args:?}: `{said}`");
    }
}

#[test]
fn colour_is_for_those_who_ask_for_it() {
    let fixture = locked();
    // Where a styled cell ends in padding, the padding is kept.
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    let plain = trimmed(&fixture.stdout(&LOCK));
    let coloured = |args: &[&str], env: &[(&str, &str)]| {
        let output = fixture.run_env(args, env);
        assert_eq!(output.code, 0, "{}", output.stderr);
        let stripped = anstream::adapter::strip_str(&output.stdout).to_string();
        assert!(args.contains(&"--format") || trimmed(&stripped) == plain, "colour changes the text");
        output.stdout.contains('\u{1b}')
    };
    assert!(!coloured(&LOCK, &[]), "a pipe wants no colour");
    assert!(coloured(&with(&["--color", "always"]), &[]));
    assert!(coloured(&with(&["--color", "always"]), &[("NO_COLOR", "1")]), "an argument wins");
    assert!(coloured(&LOCK, &[("CARGO_TERM_COLOR", "always")]));
    assert!(!coloured(&with(&["--color", "never"]), &[("CARGO_TERM_COLOR", "always")]));
    assert!(!coloured(&with(&["--color", "auto"]), &[("CARGO_TERM_COLOR", "always")]));
    for format in ["json", "csv", "markdown"] {
        assert!(!coloured(&with(&["--color", "always", "--format", format]), &[]), "{format}");
    }
    for args in [&["explain", "serde"][..], &["paths", "serde"], &["programmes"], &["vendors"]] {
        let args = [&LOCK, args, &["--format", "json", "--color", "always"]].concat();
        assert!(!coloured(&args, &[]), "{args:?}");
    }
    let complaint = fixture.run(&["--lockfile", "none.lock", "--color", "always"]).stderr;
    assert!(complaint.starts_with("\u{1b}["), "{complaint:?}");
    assert!(fixture.run(&["--lockfile", "none.lock"]).stderr.starts_with("error: "));
}

/// The lock file of this very project, which is a big one.
#[test]
fn no_line_is_wider_than_asked() {
    let fixture = Fixture::new();
    let real = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock");
    let narrow = |text: &str, width: usize| {
        for line in text.lines().filter(|line| line.chars().count() > width) {
            let word = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or_default();
            assert!(line.contains("://") || word + 4 > width, "wider than {width}: {line}");
        }
    };
    for width in ["80", "140"] {
        let columns: usize = width.parse().unwrap();
        let all: &[&str] = &["--lockfile", real, "--only", "all", "--top", "0"];
        let text = fixture.stdout(&[all, &["--width", width]].concat());
        narrow(&text, columns);
        assert_eq!(fixture.run_env(all, &[("COLUMNS", width)]).stdout, text, "COLUMNS is the width of the terminal");
        for args in [&["explain", "serde_json"][..], &["programmes"], &["vendors", "show", "google"]] {
            narrow(&fixture.stdout(&[&["--lockfile", real, "--width", width], args].concat()), columns);
        }
    }
}

#[test]
fn the_day_comes_from_the_argument_then_the_environment() {
    let fixture = locked();
    let day = |args: &[&str], env: &[(&str, &str)]| {
        fixture.run_env(&[&LOCK, &["--format", "json"], args].concat(), env).json()["as_of"].clone()
    };
    assert_eq!(day(&[], &[]), "2026-11-23");
    assert_eq!(day(&[], &[("SOURCE_DATE_EPOCH", "0")]), "1970-01-01");
    assert_eq!(day(&["--as-of", "2020-02-29"], &[]), "2020-02-29");
}

#[test]
fn the_catalogue_can_be_asked() {
    let fixture = Fixture::new();
    let all = fixture.run(&["programmes", "--format", "json"]).json();
    let id = all[0]["id"].as_str().unwrap();
    assert!(fixture.stdout(&["programmes"]).contains(id));
    assert!(fixture.stdout(&["programmes", "show", id]).starts_with(id));
    assert_eq!(fixture.run(&["programmes", "show", id, "--format", "json"]).json(), all[0]);
    refused(&fixture.run(&["programmes", "show", "us-pafac"]), "did you mean `us-pafaca`?");
    refused(&fixture.run(&["programmes", "show", "\u{1b}[31m"]), "\\u{1b}[31m");
    let by_name = fixture.run(&["vendors", "show", "Google LLC", "--format", "json"]).json();
    assert_eq!(fixture.run(&["vendors", "show", "google", "--format", "json"]).json(), by_name);
    assert_eq!(by_name["id"], "google");
    refused(&fixture.run(&["vendors", "show", "gogle"]), "did you mean `");
}

#[test]
fn a_policy_is_looked_for_in_order() {
    let fixture = Fixture::workspace();
    let policy = |country: &str| format!("home = \"{country}\"\n");
    let found = |args: &[&str]| {
        let output = fixture.run(&[args, &["--verbose", "--format", "json"]].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        (output.json()["home"].as_str().map(str::to_owned), output.stderr.trim().to_owned())
    };
    let is = |country: &str, from: &str| (Some(country.to_owned()), from.to_owned());
    assert_eq!(found(&[]), (None, String::new()));
    let manifest = fixture.read("Cargo.toml");
    fixture.file("Cargo.toml", format!("{manifest}[workspace.metadata.origin]\nhome = \"AT\"\n"));
    assert_eq!(found(&[]).0.as_deref(), Some("AT"));
    fixture.file(".cargo/origin.toml", policy("CH"));
    assert_eq!(found(&[]), is("CH", "policy: .cargo/origin.toml"));
    fixture.file(".config/origin.toml", policy("DE"));
    assert_eq!(found(&[]), is("DE", "policy: .config/origin.toml"));
    fixture.file("origin.toml", policy("FR"));
    assert_eq!(found(&[]), is("FR", "policy: origin.toml"));
    fixture.file("other/origin.toml", policy("IT"));
    assert_eq!(found(&["--manifest-path", "other/Cargo.toml"]), is("IT", "policy: other/origin.toml"));
    fixture.file("elsewhere.toml", policy("JP"));
    assert_eq!(found(&["--config", "elsewhere.toml"]), is("JP", "policy: elsewhere.toml"));
    assert_eq!(found(&["--home", "US"]), is("US", "policy: origin.toml"));
}

#[test]
fn a_policy_above_the_workspace_has_no_say() {
    let fixture = Fixture::new();
    fixture.file("origin.toml", "home = \"DE\"\n");
    fixture.file(
        "inner/Cargo.toml",
        "[package]\nname = \"inner\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
    );
    fixture.file("inner/src/lib.rs", "");
    let report = fixture.run(&["--manifest-path", "inner/Cargo.toml", "--format", "json"]).json();
    assert_eq!(report["home"], serde_json::Value::Null);
}

#[test]
fn what_lies_beside_a_lock_file_has_no_say() {
    let fixture = locked();
    let before = fixture.run(&with(&["--verbose", "--format", "json"]));
    fixture.file("origin.toml", "home = \"DE\"\nnot even = valid");
    fixture.file(
        ".cargo/config.toml",
        "[source.crates-io]\nreplace-with = \"m\"\n[source.m]\nregistry = \"sparse+https://rsproxy.cn/\"\n",
    );
    assert_eq!(fixture.run(&with(&["--verbose", "--format", "json"])), before);
    refused(&fixture.run(&with(&["--config", "origin.toml"])), "origin.toml:2");
}

#[test]
fn a_wrong_policy_is_pointed_at() {
    let fixture = locked();
    fixture.file("origin.toml", "home = \"DE\"\nhoem = \"DE\"\n");
    let output = fixture.run(&with(&["--config", "origin.toml"]));
    refused(&output, "origin.toml:2:1");
    assert!(output.stderr.contains("2 | hoem = \"DE\"\n  | ^^^^"), "{}", output.stderr);
    let several = "home = \"Germany\"\n[[claim]]\npackage = \"a\"\nfacet = \"stewart\"\nplace = \"Mars\"\nsource = \"\"\n\
                   [[claim]]\nfacet = \"steward\"\nplace = \"DE\"\nsource = \"x\"\nsince = \"2026-02-30\"\n";
    fixture.file("origin.toml", several);
    let output = fixture.run(&with(&["--config", "origin.toml"]));
    for said in
        ["did you mean `DE`?", "`stewart` is not a facet", "Mars", "needs a source", "either a `package`", "2026-02-30"]
    {
        refused(&output, said);
    }
    for line in ["origin.toml:1:8", "origin.toml:4:9", "origin.toml:7:1", "origin.toml:11:9"] {
        refused(&output, line);
    }
}

#[test]
fn a_hostile_policy_cannot_reach_the_terminal() {
    let fixture = locked();
    for text in [
        "home = \"\u{9b}31m\u{202e}\"\n",
        "[[claim]]\npackage = \"\\u001b[2J\"\nfacet = \"\\u001b[31m\"\nplace = \"\u{202e}\"\nsource = \"x\"\n",
        "\"\u{200f}\u{9b}\" = 1\n",
        "x = \"\u{1b}[31m\"\n",
    ] {
        fixture.file("origin.toml", text);
        let output = fixture.run(&with(&["--config", "origin.toml"]));
        refused(&output, "origin.toml:");
        assert!(!output.stderr.chars().any(|c| c != '\n' && (c.is_control() || "\u{202e}\u{200f}".contains(c))));
    }
}

#[test]
fn a_package_whose_name_has_an_at_sign_can_be_explained() {
    let fixture = Fixture::new();
    fixture.file("Cargo.lock", lock(&[("app", "0.1.0", "", &["@some"]), ("@some", "1.0.0", CRATES_IO, &[])]));
    for wanted in ["@some", "@some@1.0.0"] {
        let output = fixture.run(&["explain", wanted, "--lockfile", "Cargo.lock", "--format", "json"]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(output.json()["package"]["name"], "@some");
    }
}
