//! What to do: the feature to turn off and the dependency to replace, of workspaces of folders that cargo resolves itself. What is said to
//! take a package out is done, and the package is gone.
#![expect(clippy::unwrap_used, reason = "a report without what a test looks for fails the test")]

use serde_json::{Value, json};

use crate::support::{CRATES_IO, Fixture, lock};

/// A workspace whose root is `app`, with crates in `deps/`; the policy bans the crate `thing`, which is always there.
fn workspace(app: &str, crates: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::new();
    fixture.file("origin.toml", "programmes = []\n[rules]\nunknown-origin = \"allow\"\n[[ban]]\npackage = \"thing\"\n");
    fixture.file("Cargo.toml", root(app)).file("src/lib.rs", "").file("build.rs", "fn main() {}");
    for (name, rest) in crates.iter().copied().chain([("thing", "")]) {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{rest}");
        fixture.file(format!("deps/{name}/Cargo.toml"), manifest).file(format!("deps/{name}/src/lib.rs"), "");
    }
    fixture
}

fn root(rest: &str) -> String {
    let head = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    format!("{head}{rest}\n[workspace]\nexclude = [\"deps\"]\n")
}

/// What the ban finds; nothing where `thing` is not built.
fn finding(fixture: &Fixture, more: &[&str]) -> Option<Value> {
    let output = fixture.run(&[&["check", "--offline", "--as-of", "2026-11-24", "--format", "json"], more].concat());
    assert!(output.code < 2, "{}", output.stderr);
    output.json()["findings"].as_array().unwrap().iter().find(|row| row["rule"] == "vendor-ban").cloned()
}

/// The switches of a finding in short: package and feature, as the report orders them.
fn switches(finding: &Value) -> Vec<String> {
    let rows = finding["turn_off"].as_array().unwrap();
    rows.iter()
        .map(|row| format!("{} {}", row["package"].as_str().unwrap(), row["feature"].as_str().unwrap()))
        .collect()
}

const NET: (&str, &str) = ("net", "[dependencies]\nthing = { path = \"../thing\" }\n");

/// `thing` behind the feature `fast`, which is one of the default features.
const FAST: (&str, &str) = (
    "net",
    "[features]\ndefault = [\"fast\"]\nfast = [\"dep:thing\"]\n[dependencies]\nthing = { path = \"../thing\", optional = true }\n",
);

#[test]
fn a_members_own_default_feature_is_turned_off() {
    let app = "[features]\ndefault = [\"full\"]\nfull = [\"tls\"]\ntls = [\"dep:net\"]\n[dependencies]\nnet = { path = \"deps/net\", optional = true }\n";
    let fixture = workspace(app, &[NET]);
    let found = finding(&fixture, &[]).unwrap();
    assert_eq!(
        found["turn_off"],
        json!([{
            "package": "app@0.1.0",
            "feature": "tls",
            "member": true,
            "default": true,
            "asked_as": ["default"],
            "asked_by": [],
            "removes": 2,
        }])
    );
    assert_eq!(found["replace"], json!({ "package": "net@1.0.0", "removes": 2 }));
    assert_eq!(
        found["remedy"],
        "turn off feature \"tls\" of app (one of its default features; 2 packages go with it), or replace net 1.0.0 (1 package goes with it)"
    );
    assert_eq!(finding(&fixture, &["--no-default-features"]), None);
    // The same where one package is explained.
    let output = fixture.stdout(&["explain", "thing", "--offline", "--as-of", "2026-11-24", "--format", "json"]);
    let explanation: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(explanation["findings"][0]["remedy"], found["remedy"]);
    // Asked for by its name, and by that of another.
    let found = finding(&fixture, &["--no-default-features", "--features", "tls"]).unwrap();
    assert_eq!(found["turn_off"][0]["asked_as"], json!(["tls"]));
    assert_eq!(found["turn_off"][0]["default"], false);
    let found = finding(&fixture, &["--no-default-features", "--features", "full"]).unwrap();
    assert!(
        found["remedy"].as_str().unwrap().starts_with("turn off feature \"tls\" of app (also on through \"full\"; ")
    );
    assert_eq!(switches(&finding(&fixture, &["--all-features"]).unwrap()), ["app@0.1.0 tls"]);
}

#[test]
fn what_is_also_needed_otherwise_is_not_taken_out_by_a_feature() {
    let app = |more: &str| {
        format!(
            "[features]\ndefault = [\"tls\"]\ntls = [\"dep:net\"]\n[dependencies]\nnet = {{ path = \"deps/net\", optional = true }}\nbase = {{ path = \"deps/base\"{more} }}\n"
        )
    };
    let base = ("base", "[dependencies]\nthing = { path = \"../thing\" }\n");
    let found = finding(&workspace(&app(""), &[NET, base]), &[]).unwrap();
    assert_eq!((&found["turn_off"], &found["replace"]), (&json!([]), &Value::Null));
    assert_eq!(found["remedy"], "replace base, net: each of them brings this in");
    // Where the other need is behind the same default features, all of them together take it out.
    let both = app(", optional = true").replace("[\"tls\"]", "[\"tls\", \"base\"]");
    let fixture = workspace(&both, &[NET, base]);
    let found = finding(&fixture, &[]).unwrap();
    assert_eq!(switches(&found), ["app@0.1.0 default"]);
    assert!(
        found["remedy"].as_str().unwrap().starts_with("turn off the default features of app (3 packages"),
        "{found}"
    );
    assert_eq!(finding(&fixture, &["--no-default-features"]), None);
    assert!(finding(&fixture, &["--no-default-features", "--features", "base"]).is_some());
}

#[test]
fn a_dependencys_feature_is_left_out_where_members_ask_for_it() {
    let app = "[dependencies]\nnet = { path = \"deps/net\" }\n";
    let fixture = workspace(app, &[FAST]);
    let found = finding(&fixture, &[]).unwrap();
    assert_eq!(switches(&found), ["net@1.0.0 fast"]);
    assert_eq!(found["turn_off"][0]["asked_by"], json!(["app@0.1.0"]));
    assert!(
        found["remedy"]
            .as_str()
            .unwrap()
            .starts_with("depend on net without its feature \"fast\" (default-features = false; 1 package goes with it), or replace net 1.0.0")
    );
    fixture.file("Cargo.toml", root("[dependencies]\nnet = { path = \"deps/net\", default-features = false }\n"));
    assert_eq!(finding(&fixture, &[]), None);
    // By its name.
    let named = "[dependencies]\nnet = { path = \"deps/net\", default-features = false, features = [\"fast\"] }\n";
    let found = finding(&workspace(named, &[FAST]), &[]).unwrap();
    assert!(found["remedy"].as_str().unwrap().starts_with("depend on net without its feature \"fast\" (1 package"));
    // Another member asks too: both have to leave it out.
    fixture.file("members/other/src/lib.rs", "").file(
        "members/other/Cargo.toml",
        "[package]\nname = \"other\"\nversion = \"0.1.0\"\n[dependencies]\nnet = { path = \"../../deps/net\" }\n",
    );
    let both = fixture.read("Cargo.toml").replace("[workspace]", "[workspace]\nmembers = [\"members/other\"]");
    fixture.file("Cargo.toml", both);
    let found = finding(&fixture, &["--workspace"]).unwrap();
    assert_eq!(found["turn_off"][0]["asked_by"], json!(["other@0.1.0"]));
    assert_eq!(finding(&fixture, &["-p", "app"]), None);
}

/// Features are of everybody: what another package asks for stays on.
#[test]
fn what_another_package_asks_for_is_not_offered() {
    let quick = ("quick", "[dependencies]\nnet = { path = \"../net\" }\n");
    let app =
        "[dependencies]\nnet = { path = \"deps/net\", features = [\"fast\"] }\nquick = { path = \"deps/quick\" }\n";
    let found = finding(&workspace(app, &[FAST, quick]), &[]).unwrap();
    assert_eq!(switches(&found), Vec::<String>::new());
    // Neither is what no member depends on itself.
    let deep = "[dependencies]\nquick = { path = \"deps/quick\" }\n";
    assert_eq!(switches(&finding(&workspace(deep, &[FAST, quick]), &[]).unwrap()), Vec::<String>::new());
    // But a feature of what members depend on, which asks for it.
    let through = (
        "quick",
        "[features]\nturbo = [\"net/fast\"]\n[dependencies]\nnet = { path = \"../net\", default-features = false }\n",
    );
    let app =
        |features: &str| format!("[dependencies]\nquick = {{ path = \"deps/quick\", features = [{features}] }}\n");
    let fixture = workspace(&app("\"turbo\""), &[FAST, through]);
    assert_eq!(switches(&finding(&fixture, &[]).unwrap()), ["quick@1.0.0 turbo"]);
    fixture.file("Cargo.toml", root(&app("")));
    assert_eq!(finding(&fixture, &[]), None);
}

#[test]
fn a_weak_feature_needs_both_of_its_sides() {
    let app = "[features]\ndefault = [\"std\", \"http\"]\nstd = [\"net?/fast\"]\nhttp = [\"dep:net\"]\n[dependencies]\nnet = { path = \"deps/net\", optional = true, default-features = false }\n";
    let fixture = workspace(app, &[FAST]);
    let found = finding(&fixture, &[]).unwrap();
    // What takes least with it comes first, and of that what is a member's own.
    assert_eq!(switches(&found), ["app@0.1.0 std", "net@1.0.0 fast", "app@0.1.0 http"]);
    assert_eq!(found["turn_off"][2]["removes"], 2);
    for left in ["std", "http"] {
        assert_eq!(finding(&fixture, &["--no-default-features", "--features", left]), None, "{left}");
    }
    assert!(finding(&fixture, &["--no-default-features", "--features", "std,http"]).is_some());
    // Without the mark of a weak one the feature brings the dependency itself.
    let strong = app.replace("net?/fast", "net/fast");
    assert_eq!(switches(&finding(&workspace(&strong, &[FAST]), &[]).unwrap()), ["app@0.1.0 std", "net@1.0.0 fast"]);
}

#[test]
fn renamed_and_implied_features_have_the_names_that_are_turned_off() {
    let renamed = "[features]\nsecure = [\"dep:tls-impl\"]\ndefault = [\"secure\"]\n[dependencies]\ntls-impl = { package = \"thing\", path = \"deps/thing\", optional = true }\n";
    let found = finding(&workspace(renamed, &[]), &[]).unwrap();
    assert_eq!(switches(&found), ["app@0.1.0 secure"]);
    let implied = "[features]\ndefault = [\"tls-impl\"]\n[dependencies]\ntls-impl = { package = \"thing\", path = \"deps/thing\", optional = true }\n";
    let fixture = workspace(implied, &[]);
    assert_eq!(switches(&finding(&fixture, &[]).unwrap()), ["app@0.1.0 tls-impl"]);
    assert_eq!(finding(&fixture, &["--no-default-features"]), None);
}

#[test]
fn a_build_dependency_and_a_platforms_dependency_are_turned_off_as_well() {
    for table in ["build-dependencies", "target.'cfg(windows)'.dependencies"] {
        let app = format!(
            "[features]\ndefault = [\"codegen\"]\ncodegen = [\"dep:net\"]\n[{table}]\nnet = {{ path = \"deps/net\", optional = true }}\n"
        );
        let fixture = workspace(&app, &[NET]);
        assert_eq!(switches(&finding(&fixture, &[]).unwrap()), ["app@0.1.0 codegen"], "{table}");
        assert_eq!(finding(&fixture, &["--no-default-features"]), None, "{table}");
    }
    // On no platform that is built for, the other need does not count.
    let app = "[features]\ndefault = [\"tls\"]\ntls = [\"dep:net\"]\n[dependencies]\nnet = { path = \"deps/net\", optional = true }\n[target.'cfg(windows)'.dependencies]\nthing = { path = \"deps/thing\" }\n";
    let fixture = workspace(app, &[NET]);
    assert_eq!(switches(&finding(&fixture, &[]).unwrap()), Vec::<String>::new());
    let linux = ["--target", "x86_64-unknown-linux-gnu"];
    assert_eq!(switches(&finding(&fixture, &linux).unwrap()), ["app@0.1.0 tls"]);
}

/// The old resolver lets what is only developed with turn on features of what is built.
#[test]
fn the_old_resolver_unifies_more_and_less_is_offered() {
    let app = |resolver: &str| {
        format!(
            "resolver = \"{resolver}\"\n[dependencies]\nnet = {{ path = \"deps/net\", default-features = false }}\n[dev-dependencies]\nquick = {{ path = \"deps/quick\" }}\n"
        )
    };
    let quick = ("quick", "[dependencies]\nnet = { path = \"../net\" }\n");
    assert_eq!(finding(&workspace(&app("2"), &[FAST, quick]), &[]), None);
    let found = finding(&workspace(&app("1"), &[FAST, quick]), &[]).unwrap();
    assert_eq!(switches(&found), Vec::<String>::new());
}

#[test]
fn a_lock_file_knows_no_features() {
    let fixture = Fixture::new();
    fixture.file(
        "Cargo.lock",
        lock(&[
            ("app", "0.1.0", "", &["net"]),
            ("net", "1.0.0", CRATES_IO, &["thing"]),
            ("thing", "1.0.0", CRATES_IO, &[]),
        ]),
    );
    fixture.file("origin.toml", "[[ban]]\npackage = \"thing\"\n");
    let found = finding(&fixture, &["--lockfile", "Cargo.lock", "--config", "origin.toml"]).unwrap();
    assert_eq!(found["turn_off"], json!([]));
    assert_eq!(found["remedy"], "replace net 1.0.0 (1 package goes with it)");
}
