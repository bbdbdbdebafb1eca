//! Every way to describe a workspace, and what each can tell: features, targets, roles, mirrors, manifests of the registry cache.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{CRATES_IO, Fixture, lock};

fn report(fixture: &Fixture, args: &[&str]) -> Value {
    let output = fixture.run(&[args, &["--format", "json"]].concat());
    assert_eq!(output.code, 0, "{args:?}: {}", output.stderr);
    output.json()
}

/// The packages of a report that are not members, by name.
fn names(report: &Value) -> BTreeSet<String> {
    let packages = report["packages"].as_array().expect("packages");
    let foreign = packages.iter().filter(|package| package["workspace"] == false);
    foreign.map(|package| package["name"].as_str().expect("a name").to_owned()).collect()
}

fn package<'r>(report: &'r Value, name: &str) -> &'r Value {
    let packages = report["packages"].as_array().expect("packages");
    packages.iter().find(|package| package["name"] == name).unwrap_or_else(|| panic!("{name} is not in the report"))
}

fn gap_kinds(report: &Value) -> Vec<&str> {
    report["gaps"].as_array().expect("gaps").iter().filter_map(|gap| gap["kind"].as_str()).collect()
}

fn is(report: &Value, expected: &[&str]) {
    assert_eq!(names(report), expected.iter().map(|name| (*name).to_owned()).collect());
}

const LINUX: &str = "x86_64-unknown-linux-gnu";
const WINDOWS: &str = "x86_64-pc-windows-msvc";

/// The selections that a description with features, targets and kinds must tell apart.
fn selections(fixture: &Fixture, input: &[&str]) {
    let ask = |more: &[&str]| report(fixture, &[input, more].concat());
    is(&ask(&[]), &["base", "derive", "generate", "usual", "win"]);
    is(&ask(&["--no-default-features"]), &["base", "derive", "generate", "win"]);
    is(&ask(&["-F", "extra"]), &["base", "derive", "generate", "more", "usual", "win"]);
    is(&ask(&["-F", "app/extra", "--no-default-features"]), &["base", "derive", "generate", "more", "win"]);
    is(
        &ask(&["--features=extra std", "--no-default-features"]),
        &["base", "derive", "generate", "more", "usual", "win"],
    );
    is(&ask(&["--all-features"]), &["base", "derive", "generate", "more", "usual", "win"]);
    is(&ask(&["--target", LINUX]), &["base", "derive", "generate", "usual"]);
    is(&ask(&["--target", WINDOWS]), &["base", "derive", "generate", "usual", "win"]);
    is(&ask(&["--target", LINUX, "--target", WINDOWS]), &["base", "derive", "generate", "usual", "win"]);
    is(&ask(&["--dev"]), &["base", "check", "derive", "generate", "usual", "win"]);
    is(&ask(&["-p", "other"]), &["base"]);
    is(&ask(&["--exclude", "app"]), &["base"]);
    is(&ask(&["--workspace", "--exclude", "other"]), &["base", "derive", "generate", "usual", "win"]);
    for (wrong, said) in [
        (&["-p", "nobody"][..], "its members are `app`, `other`"),
        (&["--exclude", "base"], "`base` is not a member"),
        (&["-F", "nothing"], "no selected package has the feature `nothing`"),
        (&["-p", "other", "-F", "extra"], "no selected package has the feature `extra`"),
        (&["--target", "moon-rocket-none"], "`moon-rocket-none` is not a target"),
    ] {
        let output = fixture.run(&[input, wrong].concat());
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{wrong:?}");
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
}

/// What runs where: in `name: runs at build, ships`.
fn roles(report: &Value) {
    for (name, runs, ships) in [
        ("base", false, true),
        ("derive", true, false),
        ("generate", true, false),
        ("usual", false, true),
        ("win", false, true),
    ] {
        let can = &package(report, name)["capabilities"];
        assert_eq!((&can["runs_at_build"], &can["ships"]), (&json!(runs), &json!(ships)), "{name}");
    }
    let derive = &package(report, "derive")["capabilities"];
    assert_eq!((&derive["proc_macro"], &derive["build_script"]), (&json!(true), &json!(false)));
    assert_eq!(package(report, "generate")["capabilities"]["build_script"], true);
    assert_eq!(package(report, "app")["capabilities"]["build_script"], true);
    assert_eq!((&package(report, "base")["direct"], &package(report, "base")["depth"]), (&json!(true), &json!(1)));
}

#[test]
fn cargo_is_asked_for_a_workspace() {
    let fixture = Fixture::workspace();
    selections(&fixture, &[]);
    let report = report(&fixture, &[]);
    roles(&report);
    assert_eq!((&report["workspace"]["name"], &report["workspace"]["mode"]), (&json!("app"), &json!("metadata")));
    assert_eq!((&report["workspace"]["members"], &report["workspace"]["not_built"]), (&json!(2), &json!(2)));
    assert_eq!(package(&report, "base")["facets"]["channel"]["origin"]["kind"], "no-seat");
    let same =
        fixture.run(&["--manifest-path", "other/Cargo.toml", "--locked", "--offline", "--format", "json"]).json();
    assert_eq!(same, report);
}

#[test]
fn nothing_is_said_of_where_the_workspace_lies() {
    let fixture = Fixture::workspace();
    let folder = fixture.path().file_name().and_then(|name| name.to_str()).unwrap();
    for args in [&["--format", "json"][..], &["--format", "csv"], &["explain", "base"], &["--format", "markdown"]] {
        assert!(!fixture.stdout(args).contains(folder), "{args:?}");
    }
}

#[test]
fn a_saved_description_gives_the_same() {
    let fixture = Fixture::new();
    fixture.file("saved.json", saved().to_string());
    selections(&fixture, &["--metadata-path", "saved.json"]);
    let report = report(&fixture, &["--metadata-path", "saved.json", "--dev", "--all-features"]);
    roles(&report);
    is(&report, &["base", "check", "derive", "generate", "more", "usual", "win"]);
    assert_eq!(gap_kinds(&report).iter().filter(|kind| **kind == "mirrors-not-visible").count(), 1);
    let origin = |name: &str, facet: &str| package(&report, name)["facets"][facet]["origin"]["countries"].clone();
    assert_eq!(origin("usual", "channel"), json!(["CN"]), "the git host is known");
    assert_eq!(package(&report, "usual")["source"], "git+https://gitee.com/someone/usual#0123456789abcdef");
    assert_eq!(origin("base", "channel"), json!(["US"]));
    assert_eq!(
        package(&report, "app")["facets"]["channel"]["origin"]["kind"],
        "unknown",
        "nobody asked for a toolchain"
    );
    let through: Vec<&Value> = package(&report, "check")["path"].as_array().unwrap().iter().collect();
    assert_eq!(through, ["app@0.1.0", "check@1.0.0"]);
}

/// What `cargo metadata` would say of the workspace of the fixture, were its dependencies published.
pub(crate) fn saved() -> Value {
    type Row = (&'static str, Option<&'static str>, Option<&'static str>, bool);
    const DEPENDENCIES: [Row; 7] = [
        ("base", None, None, false),
        ("derive", None, None, false),
        ("generate", Some("build"), None, false),
        ("check", Some("dev"), None, false),
        ("win", None, Some("cfg(windows)"), false),
        ("more", None, None, true),
        ("usual", None, None, true),
    ];
    let source = |name: &str| match name {
        "app" | "other" => Value::Null,
        "usual" => json!("git+https://gitee.com/someone/usual?branch=main#0123456789abcdef"),
        _ => json!(CRATES_IO),
    };
    let id = |name: &str| match name {
        "app" | "other" => format!("path+file:///made-up/{name}#0.1.0"),
        "usual" => "git+https://gitee.com/someone/usual?branch=main#1.0.0".to_owned(),
        _ => format!("{CRATES_IO}#{name}@1.0.0"),
    };
    let wanted = |of: &str| match of {
        "app" => &DEPENDENCIES[..],
        "other" => &DEPENDENCIES[..1],
        _ => &[],
    };
    let declared = |(name, kind, target, optional): &Row| {
        let from =
            if *name == "usual" { json!("git+https://gitee.com/someone/usual?branch=main") } else { source(name) };
        json!({"name": name, "source": from, "req": "*", "kind": kind, "target": target, "optional": optional,
            "uses_default_features": true, "features": [], "rename": null, "registry": null})
    };
    let target = |name: &str, kind: &str, file: &str| {
        let built = if kind == "custom-build" { "bin" } else { kind };
        json!({"kind": [kind], "crate_types": [built], "name": name, "src_path": format!("/made-up/{name}/{file}"),
            "edition": "2021", "doc": true, "doctest": true, "test": true})
    };
    let package = |name: &str| {
        let kind = if name == "derive" { "proc-macro" } else { "lib" };
        let mut targets = vec![target(name, kind, "src/lib.rs")];
        if ["app", "generate"].contains(&name) {
            targets.push(target("build-script-build", "custom-build", "build.rs"));
        }
        let features = if name == "app" {
            json!({"default": ["std"], "std": ["dep:usual"], "extra": ["dep:more"]})
        } else {
            json!({})
        };
        json!({"name": name, "version": if source(name).is_null() { "0.1.0" } else { "1.0.0" }, "id": id(name),
            "source": source(name), "dependencies": wanted(name).iter().map(declared).collect::<Vec<_>>(), "targets": targets,
            "features": features, "manifest_path": format!("/made-up/{name}/Cargo.toml"), "metadata": null, "publish": null,
            "authors": [], "categories": [], "keywords": [], "readme": null, "repository": null, "homepage": null,
            "documentation": null, "edition": "2021", "links": null, "default_run": null, "rust_version": null,
            "license": "MIT", "license_file": null, "description": null})
    };
    let node = |name: &str| {
        let link =
            |row: &Row| json!({"name": row.0, "pkg": id(row.0), "dep_kinds": [{"kind": row.1, "target": row.2}]});
        let features = if name == "app" { json!(["default", "extra", "std"]) } else { json!([]) };
        json!({"id": id(name), "dependencies": wanted(name).iter().map(|row| id(row.0)).collect::<Vec<_>>(),
            "deps": wanted(name).iter().map(link).collect::<Vec<_>>(), "features": features})
    };
    let all = ["app", "other", "base", "derive", "generate", "check", "win", "more", "usual"];
    json!({"packages": all.map(package), "workspace_members": [id("app"), id("other")],
        "workspace_default_members": [id("app")], "resolve": {"nodes": all.map(node), "root": id("app")},
        "target_directory": "/made-up/target", "version": 1, "workspace_root": "/made-up", "metadata": null})
}

/// The same graph in the four versions of a lock file: `a` needs `b` twice, once from a git host.
fn versions() -> [String; 4] {
    let git = "git+https://gitee.com/x/b?branch=main#0123456789abcdef";
    let (b1, b2) = (format!("b 1.0.0 ({CRATES_IO})"), format!("b 2.0.0 ({git})"));
    let old = |head: &str, tail: &str| {
        format!(
            "{head}name = \"a\"\nversion = \"0.1.0\"\ndependencies = [\n \"{b1}\",\n \"{b2}\",\n]\n\n\
             [[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"{CRATES_IO}\"\n\n\
             [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"{git}\"\n\n{tail}"
        )
    };
    let packages: [(&str, &str, &str, &[&str]); 3] =
        [("a", "0.1.0", "", &["b 1.0.0", "b 2.0.0"]), ("b", "1.0.0", CRATES_IO, &[]), ("b", "2.0.0", git, &[])];
    let newest = lock(&packages);
    [
        old("[root]\n", &format!("[metadata]\n\"checksum {b1}\" = \"{:064}\"\n\"checksum {b2}\" = \"<none>\"\n", 7)),
        old("[[package]]\n", ""),
        newest.replace("version = 4", "version = 3"),
        newest,
    ]
}

#[test]
fn lock_files_of_every_version_give_the_same() {
    let fixture = Fixture::new();
    let [first, rest @ ..] = versions().map(|text| {
        fixture.file("Cargo.lock", text);
        report(&fixture, &["--lockfile", "Cargo.lock"])
    });
    is(&first, &["b"]);
    assert_eq!((&first["workspace"]["name"], &first["workspace"]["packages"]), (&json!("a"), &json!(2)));
    assert_eq!(first["workspace"]["mode"], "lock-file");
    assert_eq!(package(&first, "b")["capabilities"]["runs_at_build"], Value::Null);
    assert_eq!(package(&first, "b")["capabilities"]["ships"], Value::Null);
    assert!(gap_kinds(&first).contains(&"lock-file-only") && gap_kinds(&first).contains(&"mirrors-not-visible"));
    for other in rest {
        assert_eq!(other, first);
    }
}

/// A workspace that needs `tiny` of crates.io, which cargo finds in a vendored folder.
fn vendored(fixture: &Fixture) {
    let manifest = |name: &str, rest: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{rest}")
    };
    fixture.file("Cargo.toml", manifest("app", "[dependencies]\ntiny = \"1\"\n[workspace]\n")).file("src/lib.rs", "");
    let tiny = "authors = [\"A <a@example.org>\"]\nrepository = \"https://gitee.com/x/tiny\"\n";
    fixture.file("vendor/tiny/Cargo.toml", manifest("tiny", tiny)).file("vendor/tiny/src/lib.rs", "");
    fixture.file("vendor/tiny/.cargo-checksum.json", r#"{"files":{},"package":null}"#);
    fixture.file("Cargo.lock", lock(&[("app", "1.0.0", "", &["tiny"]), ("tiny", "1.0.0", CRATES_IO, &[])]));
}

const VENDOR: &str = "[source.crates-io]\nreplace-with = \"vendored\"\n\n[source.vendored]\ndirectory = \"vendor\"\n";

fn claim<'r>(report: &'r Value, name: &str) -> (&'r str, &'r str) {
    let claim = &package(report, name)["facets"]["channel"]["claims"][0];
    (claim["statement"].as_str().expect("a statement"), claim["reference"].as_str().expect("a reference"))
}

#[test]
fn a_replaced_source_is_the_channel() {
    let fixture = Fixture::new();
    vendored(&fixture);
    fixture.file(".cargo/config.toml", VENDOR);
    let near = report(&fixture, &["--offline"]);
    is(&near, &["tiny"]);
    assert_eq!(package(&near, "tiny")["facets"]["channel"]["origin"]["kind"], "no-seat");
    let said = ("crates.io is replaced by the vendored folder vendor", ".cargo/config.toml:2");
    assert_eq!(claim(&near, "tiny"), said);
    assert_eq!(claim(&report(&fixture, &["--manifest-path", "./Cargo.toml"]), "tiny"), said);
}

#[test]
fn a_source_replaced_in_the_cargo_home_is_seen() {
    let fixture = Fixture::new();
    vendored(&fixture);
    let absolute = fixture.path().join("vendor").to_str().unwrap().replace('\\', "/");
    fixture.file("cargo-home/config.toml", VENDOR.replace("\"vendor\"", &format!("\"{absolute}\"")));
    assert_eq!(claim(&report(&fixture, &["--offline"]), "tiny").1, "$CARGO_HOME/config.toml:2");
}

/// Cargo reads its configuration from the folder in which it runs and those above it.
#[test]
fn a_source_replaced_where_cargo_runs_is_seen() {
    let fixture = Fixture::new();
    vendored(&fixture);
    fixture.file("src/.cargo/config.toml", VENDOR.replace("\"vendor\"", "\"../vendor\""));
    let mut command = fixture.command(crate::support::PROGRAM);
    command.current_dir(fixture.path().join("src")).args(["--offline", "--format", "json"]);
    let output = crate::support::finish(&mut command);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let report = output.json();
    let (statement, reference) = claim(&report, "tiny");
    assert!(statement.contains("replaced by the vendored folder"), "{statement}, by {reference}");
}

#[test]
fn an_unreadable_configuration_is_a_gap() {
    let fixture = Fixture::workspace();
    // Cargo ignores a key of the wrong type that it does not need here.
    fixture.file(".cargo/config.toml", "[source.x]\nregistry = 1\n");
    let output = fixture.run(&["--format", "json"]);
    if output.code == 0 {
        assert!(gap_kinds(&output.json()).contains(&"config-unreadable"), "{}", output.stdout);
    } else {
        assert!(output.stderr.contains("cargo metadata"), "{}", output.stderr);
    }
}

#[test]
fn the_toolchain_is_a_channel_of_the_workspace() {
    let fixture = Fixture::workspace();
    let ask = |env: &[(&str, &str)]| fixture.run_env(&["--format", "json"], env).json();
    let official = ask(&[]);
    assert_eq!(official["workspace"]["toolchain"], Value::Null);
    assert_eq!(package(&official, "app")["facets"]["channel"]["origin"]["countries"], json!(["US"]));
    let mirrored = ask(&[("RUSTUP_DIST_SERVER", "https://rsproxy.cn")]);
    let channel = &package(&mirrored, "app")["facets"]["channel"];
    assert_eq!(channel["origin"]["countries"], json!(["CN"]));
    assert_eq!(channel["claims"][0]["reference"], "environment: RUSTUP_DIST_SERVER");
    let exposures = mirrored["exposures"].as_array().unwrap();
    let ours: Vec<&Value> = exposures.iter().filter(|exposure| exposure["package"] == "app@0.1.0").collect();
    assert!(!ours.is_empty() && ours.iter().all(|exposure| exposure["grade"] == "channel"), "{ours:?}");
    let update = ask(&[("RUSTUP_UPDATE_ROOT", "https://rsproxy.cn/rustup")]);
    let claims = package(&update, "app")["facets"]["channel"]["claims"].as_array().unwrap();
    assert!(claims.iter().any(|claim| claim["reference"] == "environment: RUSTUP_UPDATE_ROOT"), "{claims:?}");
    // No rustup is asked: cargo is called by its path, and takes its rustc from the environment.
    let named = std::path::Path::new(option_env!("CARGO").unwrap_or("cargo")).with_file_name("rustc");
    fixture.file("rust-toolchain.toml", "[toolchain]\nprofile = \"minimal\"\nchannel = \"1.91.0\"\n");
    let wanted = ask(&[("RUSTC", named.to_str().unwrap())]);
    assert_eq!(wanted["workspace"]["toolchain"], "1.91.0");
    assert_eq!(package(&wanted, "app")["facets"]["channel"]["claims"][0]["reference"], "rust-toolchain.toml:3");
}

#[test]
fn a_patched_package_is_marked() {
    let fixture = Fixture::new();
    vendored(&fixture);
    let manifest = fixture.read("Cargo.toml");
    fixture.file(
        "Cargo.toml",
        format!("{manifest}exclude = [\"vendor\"]\n[patch.crates-io]\ntiny = {{ path = \"vendor/tiny\" }}\n"),
    );
    fixture.file("Cargo.lock", lock(&[("app", "1.0.0", "", &["tiny"]), ("tiny", "1.0.0", "", &[])]));
    let report = report(&fixture, &["--offline"]);
    assert_eq!(
        (&package(&report, "tiny")["patched"], &package(&report, "tiny")["source"]),
        (&json!(true), &json!("path"))
    );
    assert_eq!(package(&report, "app")["patched"], false);
}

/// A lock file with two crates of which the registry cache of the fixture holds one.
fn cached() -> Fixture {
    let fixture = Fixture::new();
    let packages: [(&str, &str, &str, &[&str]); 3] =
        [("app", "0.1.0", "", &["here", "gone"]), ("gone", "1.0.0", CRATES_IO, &[]), ("here", "1.0.0", CRATES_IO, &[])];
    fixture.file("Cargo.lock", lock(&packages));
    let folder = "cargo-home/registry/src/index.crates.io-0/here-1.0.0";
    let manifest = "[package]\nname = \"here\"\nversion = \"1.0.0\"\nlinks = \"z\"\nrepository = \"https://gitee.com/openeuler/here\"\n";
    fixture.file(format!("{folder}/Cargo.toml"), manifest).file(format!("{folder}/build.rs"), "fn main() {}");
    fixture.file(format!("{folder}/LICENSE"), "MIT License\n\nCopyright (c) 2020 Example Works GmbH\n");
    fixture
}

#[test]
fn the_registry_cache_fills_a_lock_file_in() {
    let fixture = cached();
    let without = report(&fixture, &["--lockfile", "Cargo.lock"]);
    assert_eq!(package(&without, "here")["capabilities"]["build_script"], Value::Null);
    let with = report(&fixture, &["--lockfile", "Cargo.lock", "--registry-cache"]);
    assert_eq!(with["workspace"]["from_cache"], 1);
    let can = &package(&with, "here")["capabilities"];
    assert_eq!((&can["build_script"], &can["proc_macro"], &can["links"]), (&json!(true), &json!(false), &json!("z")));
    assert_eq!(package(&with, "here")["facets"]["publisher"]["origin"]["countries"], json!(["CN"]));
    assert_eq!(package(&with, "gone")["capabilities"]["build_script"], Value::Null);
    let missing = with["gaps"].as_array().unwrap().iter().find(|gap| gap["kind"] == "not-in-cache").unwrap();
    assert_eq!(missing["packages"], json!(["gone@1.0.0"]));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (fixture, elsewhere) = (cached(), Fixture::workspace());
    let home = elsewhere.path().to_str().unwrap();
    for format in ["human", "json", "markdown", "csv"] {
        let args = ["--lockfile", "Cargo.lock", "--registry-cache", "--format", format, "--only", "all"];
        let first = fixture.stdout(&args);
        assert_eq!(fixture.stdout(&args), first);
        assert_eq!(fixture.stdout(&[&args[..], &["--jobs", "1"]].concat()), first);
        assert_eq!(fixture.stdout(&[&args[..], &["--jobs", "8"]].concat()), first);
        for env in
            [[("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Pacific/Kiritimati")], [("HOME", home), ("LANG", "de_DE.UTF-8")]]
        {
            assert_eq!(fixture.run_env(&args, &env).stdout, first, "{env:?}");
        }
        // Another folder of another name holds the same workspace.
        assert_eq!(Fixture::workspace().stdout(&["--format", format]), elsewhere.stdout(&["--format", format]));
    }
}
