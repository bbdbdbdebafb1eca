//! Registries of the user's own: asked only where the user says so, about their own crates alone, with cargo's own manners.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;

use cargo_origin::source::remote::{Endpoints, Token, Tokens};
use serde_json::{Value, json};

use crate::dump::{Made, Shape};
use crate::server::{Reply, Request, Server};
use crate::world::{Account, Krate, Play, World};

/// The token of the registry.
const OWN_TOKEN: &str = "made-up-registry-token-0123456789";

fn world() -> World {
    let location = |text: &str| Account { location: Some(text.to_owned()), ..Account::default() };
    let public = Krate { owners: vec!["example-first".to_owned()], ..Krate::default() };
    World {
        crates: [("made-up-one".to_owned(), public)].into(),
        accounts: [
            ("example-first".to_owned(), location("Berlin")),
            ("secret-person".to_owned(), location("Lyon, France")),
            ("secret-team".to_owned(), Account { organisation: true, ..location("Oslo, Norway") }),
        ]
        .into(),
        ..World::default()
    }
}

/// A registry as the Cargo book describes it.
fn registry(request: &Request) -> Reply {
    let users = |logins: &[&str]| {
        let users = logins.iter().zip(1..).map(|(login, id)| json!({ "id": id, "login": login, "name": "Made Up" }));
        Reply::json(&json!({ "users": users.collect::<Vec<_>>() }))
    };
    match request.path.as_str() {
        "/web/api/v1/crates/secret-one/owners" => users(&["Secret-Person", "github:secret-team:core"]),
        "/web/api/v1/crates/made-up-one/owners" => users(&["secret-other", "example.mail@mail.example"]),
        "/web/api/v1/crates/secret-odd/owners" => users(&["a/b"]),
        "/index/se/cr/secret-one" => {
            let line = |version: &str, day: &str| {
                let line = json!({ "name": "secret-one", "vers": version, "deps": [], "cksum": "0", "features": {},
                    "yanked": false, "pubtime": format!("{day}T03:04:05Z") });
                format!("{line}\n")
            };
            Reply::text(line("0.9.0", "2025-11-12") + &line("1.0.0", "2026-02-03"))
        }
        _ => Reply::status(404),
    }
}

/// A project with crates of crates.io and of the registry, which is configured with some lines of its own.
fn play(server: &Server, private: &[&str], lines: &str) -> Play {
    let source = format!("sparse+{}/index/", server.base());
    let private: Vec<(&str, &str)> = private.iter().map(|name| (*name, source.as_str())).collect();
    let play = Play::new(world(), &private);
    let mut sources = OpenOptions::new().append(true).open(play.fixture.path().join("sources.toml")).expect("the file");
    write!(sources, "\n[registries.\"registry.example\"]\nindex = '{source}'\napi = '{}/web'\n{lines}", server.base())
        .expect("it can be written");
    play
}

fn paths(server: &Server) -> BTreeSet<String> {
    server.requests().into_iter().map(|request| request.path).collect()
}

fn said(package: &Value) -> String {
    let claims = package["facets"]["publisher"]["claims"].as_array().expect("claims");
    claims.iter().filter_map(|claim| claim["statement"].as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_registry_of_the_user_s_own_is_asked_about_its_own_crates_and_nobody_else_is() {
    let server = Server::start(registry);
    let play = play(&server, &["secret-one"], "token-env = 'REGISTRY_TOKEN'\n");
    let environment = [("REGISTRY_TOKEN", OWN_TOKEN)];
    let costs = play.run_env(&["sync", "--dry-run", "--part", "crates"], &environment);
    for line in
        ["registry.example: owners of crates, 1, 1 request", "registry.example: versions of crates, without by whom, 1"]
    {
        assert!(costs.stderr.contains(line), "{costs:?}");
    }
    assert_eq!(server.requests().len(), 0);

    let output = play.run_env(&["sync", "--part", "crates", "--part", "forges"], &environment);
    assert_eq!(output.code, 0, "{output:?}");
    let asked = paths(&server);
    assert_eq!(
        asked,
        BTreeSet::from(["/index/se/cr/secret-one", "/web/api/v1/crates/secret-one/owners"].map(str::to_owned))
    );
    for request in server.requests() {
        // As cargo sends it: without a word before it.
        assert_eq!(request.headers.get("authorization").map(String::as_str), Some(OWN_TOKEN), "{request:?}");
    }
    let elsewhere = play.server.requests();
    assert!(elsewhere.len() > 3, "{elsewhere:?}");
    for request in elsewhere {
        assert!(!request.whole().contains("secret") && !request.whole().contains(OWN_TOKEN), "{}", request.whole());
    }
    let again = play.run_env(&["sync", "--part", "crates", "--part", "forges"], &environment);
    assert!(again.stderr.contains("nothing is missing"), "{again:?}");
    assert_eq!(server.requests().len(), 2);

    // Whether the account is a person's no registry tells, so that it is not called one without a seat.
    let package = &play.package("secret-one", &[]);
    assert_eq!(package["facets"]["publisher"]["origin"]["kind"], "unknown", "{package:#}");
    let said = said(package);
    for part in [
        "registry.example/secret-person may publish it",
        "the team core of github.com/secret-team, whose members are not shown, may publish it",
        "this version was published on 2026-02-03; the source does not say by whom",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn accounts_are_asked_about_at_the_forge_that_the_user_names() {
    let server = Server::start(registry);
    let play = play(&server, &["secret-one"], "accounts = 'GitHub.com'\n");
    play.sync(&[]);
    let package = play.package("secret-one", &[]);
    let origin = &package["facets"]["publisher"]["origin"];
    assert_eq!((&origin["kind"], &origin["countries"]), (&json!("several"), &json!(["FR", "NO"])), "{package:#}");
    for request in play.server.requests() {
        let whole = request.whole();
        assert!(!whole.contains("secret-one") && !whole.contains("secret-repo"), "{whole}");
        assert_eq!(whole.contains("secret-person"), whole.contains("secret-team"), "{whole}");
    }
    assert!(play.server.requests().iter().any(|request| request.whole().contains("secret-person")));
}

/// The same name in two registries is two crates.
#[test]
fn a_crate_of_the_same_name_is_another_one() {
    let server = Server::start(registry);
    let play = play(&server, &["made-up-one"], "");
    play.sync(&["--part", "crates"]);
    let report = play.run(&["--format", "json"]).json();
    let of = |source: &str| {
        let packages = report["packages"].as_array().expect("packages").iter();
        let named = packages.filter(|package| package["name"] == "made-up-one");
        let mut found = named.filter(|package| package["source"].as_str().is_some_and(|text| text.starts_with(source)));
        said(found.next().expect("the package is there"))
    };
    let (public, own) = (of("registry+https://github.com/rust-lang/crates.io-index"), of("sparse+http"));
    assert!(public.contains("example-first") && !public.contains("secret-other"), "{public}");
    assert!(own.contains("registry.example/example.mail may publish it") && !own.contains("mail.example"), "{own}");
    assert!(own.contains("registry.example/secret-other") && !own.contains("example-first"), "{own}");
}

#[test]
fn what_a_registry_does_not_tell_is_a_gap_of_the_package() {
    let server = Server::start(registry);
    let play = play(&server, &["secret-odd", "secret-gone", "9-no-name"], "");
    let output = play.sync(&["--part", "crates"]);
    assert!(output.stdout.contains("not told by registry.example: not-asked"), "{output:?}");
    let asked = paths(&server);
    assert!(asked.iter().all(|path| !path.contains("9-no-name")) && asked.len() == 4, "{asked:?}");
    let report = play.run(&["--format", "json"]).json();
    let gaps = report["gaps"].as_array().expect("gaps");
    let failed: Vec<&str> = gaps
        .iter()
        .filter(|gap| gap["kind"] == "source-failed")
        .filter_map(|gap| gap["detail"].as_str())
        .filter(|detail| detail.starts_with("registry.example"))
        .collect();
    assert!(failed.iter().any(|detail| detail.contains("gave an answer that cannot be used")), "{gaps:#?}");
    assert!(failed.iter().any(|detail| detail.contains("was not asked")), "{gaps:#?}");
}

/// That nobody is named as owner is told of a crate only where the index has none of that name either.
#[test]
fn a_registry_without_owners_is_no_registry_without_crates() {
    let server = Server::start(|request| match request.path.as_str() {
        "/index/se/cr/secret-one" | "/index/se/cr/secret-two" => {
            Reply::text("{\"name\":\"secret\",\"vers\":\"1.0.0\",\"deps\":[],\"cksum\":\"0\"}\n")
        }
        _ => Reply::status(404),
    });
    let play = play(&server, &["secret-one", "secret-two", "secret-gone"], "");
    let output = play.run(&["sync", "--strict", "--part", "crates"]);
    assert_eq!(output.code, 2, "{output:?}");
    let said = "not told by registry.example: malformed, 2 times; the first: registry.example: it knows no owners of this crate, or \
                has no such service: check `api`";
    assert!(output.stdout.contains(said), "{output:?}");
    // Two crates with versions and one that is gone, as both services say; two facts about the one of crates.io.
    assert!(output.stdout.starts_with("6 facts\n"), "{output:?}");
}

/// A dump from a file needs no network, and gets none.
#[test]
fn a_registry_is_not_asked_offline() {
    let server = Server::start(registry);
    let play = play(&server, &["secret-one"], "");
    let made = Made { seed: 7, crates: 5, versions: 9, shape: Shape::New };
    let mut bytes = Vec::new();
    made.write(&made.tables(), &mut bytes).unwrap();
    play.fixture.file("db-dump.tar.gz", &bytes);
    let args = ["sync", "--part", "crates", "--db-dump", "db-dump.tar.gz"];
    let output = play.run_env(&args, &[("CARGO_NET_OFFLINE", "true")]);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!((server.requests().len(), play.server.requests().len()), (0, 0));
}

#[test]
fn the_file_of_sources_says_what_a_registry_lacks() {
    let environment = |name: &str| (name == "OWN").then(|| "Basic made-up".to_owned());
    let parse = |text: &str| Endpoints::parse(text, "s.toml", &Tokens::default(), environment);
    let sources = "[registries.a]\napi = 'https://a.example'\n\
        [registries.b]\nindex = 'b.example'\n\
        [registries.c]\nindex = 'https://c.example/index'\n\
        [registries.d]\nindex = 'sparse+https://d.example/'\napi = 'ftp://d.example'\n\
        [registries.e]\nindex = 'sparse+https://d.example'\n\
        [registries.f]\nindex = 'sparse+http://f.example/'\ntoken-env = 'OWN'\n\
        [registries.g]\nindex = 'registry+https://github.com/rust-lang/crates.io-index'\napi = 'https://g.example'\n";
    let error = parse(sources).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().filter_map(|line| line.strip_prefix("s.toml:")?.split(':').next()).collect();
    assert_eq!(lines, ["1", "4", "5", "9", "10", "14", "16"], "{error}");
    for part in ["needs `index`", "as in Cargo.lock", "needs `api`", "`api` begins with https://", "`index` must begin"]
    {
        assert!(error.contains(part), "{part}: {error}");
    }
    // The index may be served by somebody else, who gets no token unless the registry wants one there.
    let elsewhere = |more: &str| {
        let hosts = "index = 'sparse+https://i.example/'\napi = 'https://r.example'\n";
        let text = format!("[registries.own]\n{hosts}token-env = 'OWN'\n{more}");
        parse(&text).unwrap().registries.remove("own").unwrap()
    };
    let (plain, required) = (elsewhere(""), elsewhere("auth-required = true\n"));
    assert!(plain.api.unwrap().token.is_some() && plain.files.unwrap().token.is_none());
    assert!(required.files.unwrap().token.is_some());
    let sources =
        "[registries.Own]\nindex = 'sparse+https://r.example/i'\napi = 'https://r.example'\ntoken-env = 'OWN'\n";
    let own = parse(sources).unwrap().registries.remove("own").expect("the registry");
    assert_eq!(own.index, "sparse+https://r.example/i/");
    // A token that names its kind is sent as it is.
    let token = Token::new("Basic made-up");
    assert!(own.api.unwrap().token == token && own.files.unwrap().token == token && token.is_some());
}
