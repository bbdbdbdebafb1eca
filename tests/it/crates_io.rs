//! crates.io by its API, its sparse index and its dump over the network, played by a local server with answers of the true shape.

use std::ops::ControlFlow;

use cargo_origin::facts::live::{AccountKind, Content, FactKind, PublishedBy, Reason};
use cargo_origin::source::remote::{
    Answers, Client, CratesIo, DumpLimits, Endpoint, Limits, Source, SparseIndex, read_dump,
};
use serde_json::{Value, json};

use crate::dump::{Made, Shape};
use crate::server::{Reply, Server};

fn endpoint(server: &Server) -> Endpoint {
    Endpoint { base: server.base().parse().expect("an address"), per_second: 1000.0, ..Endpoint::crates_io() }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn client() -> Client {
    Client::new(Limits { retries: 0, ..Limits::default() }).expect("a client")
}

fn ask(source: &dyn Source, kind: FactKind, subjects: &[&str]) -> Answers {
    let subjects: Vec<String> = subjects.iter().map(|name| (*name).to_owned()).collect();
    run(source.ask(&client(), kind, &subjects))
}

fn user(username: &str, login: &str) -> Value {
    json!({ "id": 1, "login": username, "kind": "user", "url": format!("https://github.com/{login}"), "name": "Made Up",
        "avatar": null, "github_username_matches": false })
}

fn version(number: &str, by: &Value, trusted: &Value) -> Value {
    json!({ "id": 1, "crate": "alpha", "num": number, "created_at": "2019-12-13T13:46:41.123456Z", "yanked": false,
        "published_by": by, "trustpub_data": trusted, "features": {}, "license": "MIT" })
}

#[test]
fn owners_are_the_accounts_behind_the_names() {
    let server = Server::start(|request| match request.path.as_str() {
        "/api/v1/crates/alpha/owners" => Reply::json(&json!({ "users": [
            user("name-here", "Example-Person"),
            { "id": 2, "login": "github:Octo-Org:Octo-Team", "kind": "team", "url": "https://github.com/octo-org", "name": "t" },
            { "id": 3, "login": "Plain", "kind": "user", "url": null },
        ] })),
        _ => Reply::json(&json!({ "errors": [{ "detail": "crate does not exist" }] })).with_status(404),
    });
    let answers = ask(&CratesIo::new(endpoint(&server)), FactKind::CrateOwners, &["alpha", "gone", "../evil", "9"]);
    let Content::Owners(owners) = &answers.facts[0].content else { panic!("{answers:?}") };
    let found: Vec<_> =
        owners.iter().map(|owner| (owner.account.as_str(), owner.kind, owner.team.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("crates.io/plain", AccountKind::Person, None),
            ("github.com/example-person", AccountKind::Person, None),
            ("github.com/octo-org", AccountKind::Team, Some("octo-team")),
        ]
    );
    assert_eq!((answers.facts[1].subject.as_str(), &answers.facts[1].content), ("gone", &Content::Absent));
    let gaps: Vec<_> = answers.gaps.iter().map(|gap| (gap.subject.as_deref(), gap.reason)).collect();
    assert_eq!(gaps, [(Some("../evil"), Reason::NotAsked), (Some("9"), Reason::NotAsked)]);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn versions_come_page_by_page() {
    let server = Server::start(|request| match request.path.split_once('?') {
        Some(("/api/v1/crates/alpha/versions", "per_page=100&sort=date")) => Reply::json(&json!({
            "versions": [
                version("2.0.0", &Value::Null, &json!({ "provider": "github", "repository": "Octo-Org/Alpha", "run_id": "1", "sha": "x" })),
                version("1.1.0", &Value::Null, &json!({ "provider": "gitlab", "project_path": "octo/deep/alpha", "job_id": "1", "sha": "x" })),
            ],
            "meta": { "total": 4, "next_page": "?per_page=100&sort=date&seek=abc" },
        })),
        Some(("/api/v1/crates/alpha/versions", "per_page=100&sort=date&seek=abc")) => Reply::json(&json!({
            "versions": [
                version("1.0.0", &user("name-here", "Example-Person"), &Value::Null),
                version("0.1.0", &Value::Null, &json!({ "provider": "unheard-of" })),
            ],
            "meta": { "total": 4, "next_page": null },
        })),
        Some(("/api/v1/crates/circle/versions", _)) => {
            Reply::json(&json!({ "versions": [], "meta": { "next_page": "?per_page=100&sort=date" } }))
        }
        Some(("/api/v1/crates/away/versions", _)) => {
            Reply::json(&json!({ "versions": [], "meta": { "next_page": "https://evil.example/" } }))
        }
        _ => Reply::status(500),
    });
    let source = CratesIo::new(endpoint(&server));
    let answers = ask(&source, FactKind::CrateVersions, &["alpha", "circle", "away", "broken"]);
    let Content::Versions(versions) = &answers.facts[0].content else { panic!("{answers:?}") };
    let found: Vec<_> = versions.iter().map(|version| (version.version.as_str(), version.by.clone())).collect();
    let repository = |path: &str| Some(PublishedBy::Repository(path.to_owned()));
    assert_eq!(
        found,
        [
            ("2.0.0", repository("github.com/octo-org/alpha")),
            ("1.1.0", repository("gitlab.com/octo/deep/alpha")),
            ("1.0.0", Some(PublishedBy::Account("github.com/example-person".to_owned()))),
            ("0.1.0", None),
        ]
    );
    assert_eq!(versions[0].on.map(|day| day.to_string()).as_deref(), Some("2019-12-13"));
    let gaps: Vec<_> = answers.gaps.iter().map(|gap| (gap.subject.as_deref(), gap.reason)).collect();
    let want = [("circle", Reason::Malformed), ("away", Reason::Malformed), ("broken", Reason::ServerError)];
    assert_eq!(gaps, want.map(|(name, reason)| (Some(name), reason)));
    assert!(source.batch(FactKind::Profile).is_none());
}

#[test]
fn the_index_says_when_versions_came_out() {
    let server = Server::start(|request| match request.path.as_str() {
        "/al/ph/alpha" => Reply::text(
            "{\"name\":\"alpha\",\"vers\":\"0.1.0\",\"deps\":[],\"cksum\":\"00\",\"features\":{},\"yanked\":false}\n\
             {\"name\":\"alpha\",\"vers\":\"0.2.0\",\"deps\":[],\"cksum\":\"00\",\"yanked\":false,\"pubtime\":\"2025-06-07T08:09:10Z\"}\n",
        ),
        "/br/ok/broken" => Reply::text("{\"vers\":\"0.1.0\"}\n{\"vers\":"),
        "/by/te/bytes" => Reply::text(&b"{\"vers\":\"\xff\"}\n"[..]),
        _ => Reply::status(410),
    });
    let index = Endpoint { name: "index.crates.io".to_owned(), ..endpoint(&server) };
    let answers = ask(&SparseIndex::new(index), FactKind::CrateVersions, &["Alpha", "broken", "bytes", "gone"]);
    let Content::Versions(versions) = &answers.facts[0].content else { panic!("{answers:?}") };
    let found: Vec<_> = versions
        .iter()
        .map(|version| (version.version.as_str(), version.by.is_none(), version.on.map(|day| day.to_string())))
        .collect();
    assert_eq!(found, [("0.1.0", true, None), ("0.2.0", true, Some("2025-06-07".to_owned()))]);
    assert_eq!(answers.facts[0].source, "index.crates.io");
    assert_eq!(answers.facts[1].content, Content::Absent);
    let details: Vec<&str> = answers.gaps.iter().map(|gap| gap.detail.as_str()).collect();
    assert_eq!(details, ["index.crates.io: line 2 is no version", "index.crates.io: line 1 is no version"]);
}

#[test]
fn the_dump_is_read_while_it_comes() {
    let made = Made { seed: 3, crates: 500, versions: 5000, shape: Shape::New };
    let mut bytes = Vec::new();
    made.write(&made.tables(), &mut bytes).unwrap();
    let cut = bytes.len() / 2;
    let server = Server::start(move |request| match request.path.as_str() {
        Endpoint::DUMP => Reply::text(bytes.clone()),
        _ => Reply::text(bytes.clone()).cut(cut),
    });
    let read = |path: &str| {
        let (client, endpoint) = (client(), endpoint(&server));
        run(client.stream(&endpoint, path, 1 << 30, |body| {
            read_dump(body, None, DumpLimits::default(), &mut |_| ControlFlow::Continue(())).map(|dump| dump.crates())
        }))
    };
    assert_eq!(read(Endpoint::DUMP), Ok(Ok(500)));
    assert_eq!(read("/cut").unwrap_err().reason, Reason::Malformed);
}

/// Whatever a registry sends of a crate takes a bounded part of the memory.
#[test]
fn more_than_a_crate_can_have_is_not_read() {
    let page = |count: usize, next: Option<&str>| {
        let versions: Vec<Value> = (0..count).map(|number| json!({ "num": format!("1.0.{number}") })).collect();
        Reply::json(&json!({ "versions": versions, "meta": { "next_page": next } }))
    };
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let next = format!("?page={}", turn.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        let path = request.path.split('?').next().unwrap_or_default();
        let owner = |number: usize| json!({ "login": format!("example-{number}"), "kind": "user", "url": null });
        match path.trim_start_matches("/api/v1/crates/") {
            "many/versions" => page(300_000, None),
            "pages/versions" => page(9000, Some(&next)),
            "long/versions" => Reply::json(&json!({ "versions": [{ "num": "1".repeat(257) }], "meta": null })),
            "large/versions" => {
                let padding = " ".repeat(15 << 20);
                Reply::text(format!("{{\"versions\":[],\"meta\":{{\"next_page\":\"{next}\"}}}}{padding}"))
            }
            "owned/owners" => Reply::json(&json!({ "users": (0..10_001).map(owner).collect::<Vec<_>>() })),
            "/ma/ny/many" => Reply::text("{\"vers\":\"1.0.0\"}\n".repeat(20_001)),
            "/lo/ng/long" => Reply::text(format!("{{\"vers\":\"{}\"}}\n", "1".repeat(257))),
            _ => Reply::status(404),
        }
    });
    let source = CratesIo::new(endpoint(&server));
    let count = || server.requests().len();
    for (name, requests) in [("many", 1), ("pages", 3), ("long", 1), ("large", 5)] {
        let before = count();
        let answers = ask(&source, FactKind::CrateVersions, &[name]);
        assert_eq!(answers.facts.len(), 0, "{name}");
        assert_eq!((answers.gaps[0].reason, count() - before), (Reason::TooLarge, requests), "{name}: {answers:?}");
    }
    let answers = ask(&source, FactKind::CrateOwners, &["owned"]);
    assert_eq!((answers.facts.len(), answers.gaps[0].reason), (0, Reason::TooLarge), "{:?}", answers.gaps);
    let answers = ask(&SparseIndex::new(endpoint(&server)), FactKind::CrateVersions, &["many", "long"]);
    let reasons: Vec<Reason> = answers.gaps.iter().map(|gap| gap.reason).collect();
    assert_eq!((answers.facts.len(), reasons), (0, vec![Reason::TooLarge; 2]), "{:?}", answers.gaps);
}
