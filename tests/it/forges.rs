//! The forges, played by a local server with answers of their true shape.

use cargo_origin::facts::live::{AccountKind, Content, FactKind, Profile, Reason, RepositoryState};
use cargo_origin::source::remote::{
    Answers, Client, Endpoint, Forgejo, GitHub, GitLab, Limits, Source, SourceHut, Token,
};
use serde_json::{Map, Value, json};

use crate::server::{Reply, Request, Server};

const TOKEN: &str = "made-up-token-0123456789";

/// Logins and names that would ask something else if they were sent, on any of the services.
const HOSTILE: [&str; 12] = [
    "a\"){viewer{email}}",
    "..",
    ".",
    "../../user",
    "a?private_token=1",
    "a#b",
    "a%2f..%2fb",
    "a b",
    "ä",
    "a\r\nX-Evil: 1",
    "",
    "a\u{0}b",
];

fn endpoint(name: &str, server: &Server, token: bool) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        base: server.base().parse().expect("the address of the server"),
        token: token.then(|| Token::new(TOKEN).expect("a token")),
        per_second: 10_000.0,
        at_once: 4,
    }
}

fn github(server: &Server, token: bool) -> GitHub {
    GitHub::new(endpoint("github.com", server, token), false)
}

fn gitlab(server: &Server, token: bool) -> GitLab {
    GitLab::new(endpoint("gitlab.com", server, token), false)
}

fn forgejo(server: &Server) -> Forgejo {
    Forgejo::new(endpoint("codeberg.org", server, false), false)
}

fn ask(source: &dyn Source, kind: FactKind, subjects: &[&str]) -> Answers {
    let client = Client::new(Limits { retries: 0, ..Limits::default() }).expect("a client");
    let subjects: Vec<String> = subjects.iter().map(|&subject| subject.to_owned()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let answers = runtime.block_on(source.ask(&client, kind, &subjects));
    for subject in &subjects {
        let told = answers.facts.iter().any(|fact| fact.subject == *subject);
        assert!(told || reason(&answers, subject).is_some(), "{subject} vanished");
    }
    answers
}

fn content<'a>(answers: &'a Answers, subject: &str) -> Option<&'a Content> {
    answers.facts.iter().find(|fact| fact.subject == subject).map(|fact| &fact.content)
}

fn profile<'a>(answers: &'a Answers, subject: &str) -> &'a Profile {
    match content(answers, subject) {
        Some(Content::Profile(profile)) => profile,
        other => panic!("{subject}: {other:?}, {:?}", answers.gaps),
    }
}

fn repository<'a>(answers: &'a Answers, subject: &str) -> &'a RepositoryState {
    match content(answers, subject) {
        Some(Content::Repository(state)) => state,
        other => panic!("{subject}: {other:?}, {:?}", answers.gaps),
    }
}

fn reason(answers: &Answers, subject: &str) -> Option<Reason> {
    answers.gaps.iter().find(|gap| gap.subject.as_deref() == Some(subject)).map(|gap| gap.reason)
}

fn plain(kind: AccountKind) -> Profile {
    Profile { kind, renamed_to: None, location: None, company: None, verified_domain: None, name: None }
}

/// The token is in the header that it is for, and nowhere else.
fn assert_token_is_hidden(server: &Server, answers: &Answers) {
    for request in server.requests() {
        assert_eq!(request.headers.get("authorization"), Some(&format!("Bearer {TOKEN}")));
        assert_eq!(request.whole().matches(TOKEN).count(), 1, "the token is somewhere else too");
    }
    assert!(!format!("{answers:?}").contains(TOKEN));
}

/// Answers a GraphQL request: `tell` gets the values of each question and gives its value, or the type of an error.
fn graphql(request: &Request, tell: impl Fn(&[&str]) -> Result<Value, &'static str>) -> Reply {
    let body = request.json();
    let (query, variables) =
        (body["query"].as_str().expect("a query"), body["variables"].as_object().expect("variables"));
    let (mut data, mut errors) = (Map::new(), Vec::new());
    for number in 0.. {
        let values: Vec<&str> = ["login", "user", "owner", "name"]
            .iter()
            .filter_map(|name| variables.get(&format!("{name}{number}"))?.as_str())
            .collect();
        let name = format!("q{number}");
        if values.is_empty() {
            assert!(!query.contains(&format!("{name}:")), "a question without its values");
            break;
        }
        assert!(query.contains(&format!("{name}:")), "values without a question");
        let value = tell(&values).unwrap_or_else(|kind| {
            errors.push(json!({ "type": kind, "path": [name], "message": "made up" }));
            Value::Null
        });
        data.insert(name, value);
    }
    if errors.is_empty() {
        Reply::json(&json!({ "data": data }))
    } else {
        Reply::json(&json!({ "data": data, "errors": errors }))
    }
}

fn person(login: &str) -> Value {
    json!({ "__typename": "User", "login": login, "location": "Lima", "company": "@octo-team", "name": "Made Up" })
}

#[test]
fn github_tells_of_many_accounts_at_once() {
    let server = Server::start(|request| graphql(request, |values| Ok(person(values[0]))));
    let subjects: Vec<String> = (0..120).map(|number| format!("github.com/example-{number}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let answers = ask(&github(&server, true), FactKind::Profile, &subjects);
    assert_eq!((answers.facts.len(), answers.gaps.len(), server.requests().len()), (120, 0, 3));
    assert!(server.requests().iter().all(|request| request.method == "POST" && request.path == "/graphql"));
    let expected = Profile {
        location: Some("Lima".to_owned()),
        company: Some("@octo-team".to_owned()),
        ..plain(AccountKind::Person)
    };
    assert_eq!(profile(&answers, "github.com/example-119"), &expected, "the name of a person is not kept");
    assert!(!server.requests()[0].whole().contains("company name"), "nor asked for");
    assert_eq!(
        github(&server, true).batch(FactKind::Profile).map(|batch| (batch.subjects, batch.requests)),
        Some((50, 1))
    );
    assert_token_is_hidden(&server, &answers);

    let named = GitHub::new(endpoint("github.com", &server, true), true);
    let answers = ask(&named, FactKind::Profile, &["github.com/example-1"]);
    assert_eq!(profile(&answers, "github.com/example-1").name.as_deref(), Some("Made Up"));
}

#[test]
fn github_enterprise_answers_beside_its_rest_api() {
    for (base, graphql_path, rest_path) in [
        ("/api/v3", "/api/graphql", "/api/v3/users/app%5Bbot%5D"),
        ("/api/v3/", "/api/graphql", "/api/v3/users/app%5Bbot%5D"),
        ("/mirror", "/mirror/graphql", "/mirror/users/app%5Bbot%5D"),
    ] {
        let server = Server::start(|request| match request.method.as_str() {
            "POST" => graphql(request, |values| Ok(person(values[0]))),
            _ => Reply::json(&json!({ "login": "app[bot]", "type": "Bot" })),
        });
        let plain = endpoint("ghe.example", &server, true);
        let base = format!("{}{base}", server.base()).parse().unwrap();
        let source = GitHub::new(Endpoint { base, ..plain }, false);
        let answers = ask(&source, FactKind::Profile, &["ghe.example/a", "ghe.example/app[bot]"]);
        assert_eq!((answers.facts.len(), answers.gaps.len()), (2, 0), "{:?}", answers.gaps);
        let paths: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
        assert_eq!(paths, [graphql_path, rest_path]);
        assert_token_is_hidden(&server, &answers);
    }
}

#[test]
fn github_tells_of_organisations_renamed_and_deleted_accounts_and_apps() {
    let server = Server::start(|request| match request.path.as_str() {
        "/users/example%5Bbot%5D" => Reply::json(&json!({ "login": "example[bot]", "type": "Bot", "location": null })),
        _ => graphql(request, |values| match values[0] {
            "octo-team" | "octo-plain" => Ok(json!({
                "__typename": "Organization", "login": values[0], "location": "Nairobi", "name": "Octo Team",
                "isVerified": values[0] == "octo-team", "websiteUrl": "https://www.Octo.example/about",
            })),
            "old-name" => Ok(person("New-Name")),
            "gone" => Err("NOT_FOUND"),
            "closed" => Err("FORBIDDEN"),
            "broken" => Err("INTERNAL"),
            "nobody" => Ok(Value::Null),
            "odd" => Ok(json!({ "__typename": "User", "login": "odd", "location": 7, "company": ["x"] })),
            _ => Ok(json!("not an account")),
        }),
    });
    let names =
        ["octo-team", "octo-plain", "old-name", "gone", "closed", "broken", "nobody", "odd", "text", "example[bot]"];
    let subjects: Vec<String> = names.iter().map(|name| format!("github.com/{name}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let answers = ask(&github(&server, true), FactKind::Profile, &subjects);
    let team = profile(&answers, "github.com/octo-team");
    assert_eq!((team.kind, team.name.as_deref()), (AccountKind::Organisation, Some("Octo Team")));
    assert_eq!(team.verified_domain.as_deref(), Some("octo.example"));
    assert_eq!(profile(&answers, "github.com/octo-plain").verified_domain, None, "said, but not verified");
    let renamed = profile(&answers, "github.com/old-name");
    assert_eq!(renamed.renamed_to.as_deref(), Some("github.com/new-name"));
    assert_eq!(content(&answers, "github.com/gone"), Some(&Content::Absent));
    assert_eq!(content(&answers, "github.com/nobody"), Some(&Content::Absent));
    assert_eq!(reason(&answers, "github.com/closed"), Some(Reason::NotAllowed));
    assert_eq!(reason(&answers, "github.com/broken"), Some(Reason::ServerError));
    assert_eq!(reason(&answers, "github.com/text"), Some(Reason::Malformed));
    assert_eq!(profile(&answers, "github.com/odd"), &plain(AccountKind::Person));
    assert_eq!(profile(&answers, "github.com/example[bot]"), &plain(AccountKind::Bot));
    assert_eq!(server.requests().len(), 2);
    assert_token_is_hidden(&server, &answers);
}

#[test]
fn github_tells_of_repositories() {
    let server = Server::start(|request| {
        graphql(request, |values| {
            let name = match values {
                [_, "gone"] => return Err("NOT_FOUND"),
                [_, "moved"] => "New-Team/renamed".to_owned(),
                _ => values.join("/"),
            };
            let owner = json!({ "__typename": "Organization", "login": name.split('/').next() });
            Ok(json!({ "nameWithOwner": name, "isArchived": name.ends_with("old"), "owner": owner }))
        })
    });
    let subjects =
        ["github.com/octo-team/a.b_c-d", "github.com/octo-team/old", "github.com/octo-team/moved", "github.com/x/gone"];
    let answers = ask(&github(&server, true), FactKind::Repository, &subjects);
    let expected = RepositoryState {
        owner: "github.com/octo-team".to_owned(),
        owner_kind: Some(AccountKind::Organisation),
        moved_to: None,
        archived: false,
    };
    assert_eq!(repository(&answers, subjects[0]), &expected);
    assert_eq!(repository(&answers, subjects[1]), &RepositoryState { archived: true, ..expected });
    let moved = repository(&answers, subjects[2]);
    assert_eq!(
        (moved.moved_to.as_deref(), moved.owner.as_str()),
        (Some("github.com/new-team/renamed"), "github.com/new-team")
    );
    assert_eq!(content(&answers, subjects[3]), Some(&Content::Absent));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn github_has_had_enough_in_the_middle() {
    let server = Server::start(|request| {
        if request.whole().contains("example-50") {
            return Reply::json(&json!({ "data": null, "errors": [{ "type": "RATE_LIMITED", "message": "made up" }] }));
        }
        graphql(request, |values| Ok(person(values[0])))
    });
    let subjects: Vec<String> = (0..150).map(|number| format!("github.com/example-{number}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let answers = ask(&github(&server, true), FactKind::Profile, &subjects);
    assert_eq!((answers.facts.len(), answers.gaps.len()), (50, 100), "what was told before counts");
    assert!(answers.gaps.iter().all(|gap| gap.reason == Reason::RateLimited));
    assert_eq!(server.requests().len(), 2, "the third batch is not sent");
}

#[test]
fn github_without_a_token_is_asked_until_its_limit() {
    let server = Server::start(|request| match request.path.as_str() {
        "/users/example-0" => {
            Reply::json(&json!({ "login": "Example-0", "type": "User", "location": "Quito", "name": "Made Up" }))
        }
        "/users/octo-team" => {
            Reply::json(&json!({ "login": "octo-team", "type": "Organization", "name": "Octo Team" }))
        }
        "/users/gone" => Reply::json(&json!({ "message": "Not Found" })).with_status(404),
        _ => Reply::json(&json!({ "message": "API rate limit exceeded" }))
            .with_status(403)
            .header("date", "Mon, 02 Mar 2026 10:00:00 GMT")
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "1772449200"),
    });
    let subjects = [
        "github.com/example-0",
        "github.com/octo-team",
        "github.com/gone",
        "github.com/b",
        "github.com/c",
        "github.com/d",
    ];
    let answers = ask(&github(&server, false), FactKind::Profile, &subjects);
    let expected = Profile { location: Some("Quito".to_owned()), ..plain(AccountKind::Person) };
    assert_eq!(profile(&answers, subjects[0]), &expected);
    assert_eq!(profile(&answers, subjects[1]).name.as_deref(), Some("Octo Team"));
    assert_eq!(content(&answers, subjects[2]), Some(&Content::Absent));
    for subject in &subjects[3..] {
        assert_eq!(reason(&answers, subject), Some(Reason::RateLimited));
    }
    assert!(answers.gaps.iter().all(|gap| gap.detail.contains("with a token")), "{:?}", answers.gaps);
    assert_eq!(server.requests().len(), 4, "after the refusal nothing is sent");
    assert!(server.requests().iter().all(|request| !request.headers.contains_key("authorization")));
}

/// A forge that fails three times in a row is not asked on.
#[test]
fn a_forge_that_fails_again_and_again_is_not_asked_on() {
    let subjects: Vec<String> = (0..20).map(|number| format!("gitlab.com/octo/{number}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    for (status, reason, asked) in
        [(401, Reason::NotAllowed, 3), (503, Reason::ServerError, 3), (422, Reason::ServerError, 3)]
    {
        let server = Server::start(move |_| Reply::status(status));
        let answers = ask(&gitlab(&server, true), FactKind::Repository, &subjects);
        assert_eq!((answers.gaps.len(), server.requests().len()), (20, asked), "{status}");
        let failed = answers.gaps.iter().filter(|gap| gap.reason == reason).count();
        let left = answers.gaps.iter().filter(|gap| gap.reason == Reason::NotAsked).count();
        assert_eq!((failed, left), (3, 17), "{status}: {:?}", answers.gaps);
    }
    // What it does not show of some is no reason to leave the others.
    let server = Server::start(|request| {
        let shown = !request.path.ends_with('5');
        Reply::status(if shown { 404 } else { 403 })
    });
    let answers = ask(&gitlab(&server, true), FactKind::Repository, &subjects);
    assert_eq!((answers.facts.len(), answers.gaps.len(), server.requests().len()), (18, 2, 20));
}

#[test]
fn github_without_a_token_finds_what_was_moved() {
    let server = Server::start(|request| match request.path.as_str() {
        "/repos/octo-team/old" => Reply::status(301).header("location", "/repositories/7"),
        "/repositories/7" => Reply::json(&json!({
            "full_name": "New-Team/new", "archived": true, "owner": { "login": "New-Team", "type": "User" },
        })),
        _ => Reply::status(404),
    });
    let answers = ask(&github(&server, false), FactKind::Repository, &["github.com/octo-team/old", "github.com/a/b"]);
    let expected = RepositoryState {
        owner: "github.com/new-team".to_owned(),
        owner_kind: Some(AccountKind::Person),
        moved_to: Some("github.com/new-team/new".to_owned()),
        archived: true,
    };
    assert_eq!(repository(&answers, "github.com/octo-team/old"), &expected);
    assert_eq!(content(&answers, "github.com/a/b"), Some(&Content::Absent));
}

fn gitlab_server() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/api/v4/users?username=example-person" => Reply::json(
            &json!([{ "id": 3, "username": "other" }, { "id": 5, "username": "Example-Person", "state": "active" }]),
        ),
        "/api/v4/users/5" => Reply::json(&json!({
            "id": 5, "username": "Example-Person", "name": "Made Up", "location": " Oslo ", "organization": "", "bot": false,
        })),
        "/api/v4/users?username=project_1_bot" => Reply::json(&json!([{ "id": 6, "username": "project_1_bot" }])),
        "/api/v4/users/6" => Reply::json(&json!({ "id": 6, "username": "project_1_bot", "bot": true })),
        "/api/v4/users?username=hidden" => Reply::json(&json!([{ "id": 8, "username": "hidden" }])),
        "/api/v4/users/8" => Reply::status(403),
        path if path.starts_with("/api/v4/users?username=") => Reply::json(&json!([])),
        "/api/v4/groups/octo-team?with_projects=false" => {
            Reply::json(&json!({ "id": 1, "full_path": "octo-team", "name": "Octo Team", "visibility": "public" }))
        }
        "/api/v4/groups/octo-team%2Fold?with_projects=false" => {
            Reply::json(&json!({ "id": 2, "full_path": "Octo-Team/new", "name": "New" }))
        }
        "/api/v4/projects/octo-team%2Fdeep%2Fold" => Reply::status(301).header("location", "/api/v4/projects/7"),
        "/api/v4/projects/7" => Reply::json(&json!({
            "path_with_namespace": "octo-team/new", "archived": true,
            "namespace": { "full_path": "octo-team", "kind": "group" },
        })),
        "/api/v4/projects/example-person%2Fx" => Reply::json(&json!({
            "path_with_namespace": "Example-Person/x",
            "namespace": { "full_path": "Example-Person", "kind": "user" },
        })),
        _ => Reply::json(&json!({ "message": "404 Not Found" })).with_status(404),
    })
}

#[test]
fn gitlab_tells_of_users_and_groups() {
    let server = gitlab_server();
    let names = ["example-person", "project_1_bot", "octo-team", "octo-team/old", "nobody", "hidden"];
    let subjects: Vec<String> = names.iter().map(|name| format!("gitlab.com/{name}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let answers = ask(&gitlab(&server, true), FactKind::Profile, &subjects);
    let expected = Profile { location: Some("Oslo".to_owned()), ..plain(AccountKind::Person) };
    assert_eq!(profile(&answers, subjects[0]), &expected);
    assert_eq!(profile(&answers, subjects[1]).kind, AccountKind::Bot);
    let group = profile(&answers, subjects[2]);
    assert_eq!((group.kind, group.name.as_deref()), (AccountKind::Organisation, Some("Octo Team")));
    assert_eq!(profile(&answers, subjects[3]).renamed_to.as_deref(), Some("gitlab.com/octo-team/new"));
    assert_eq!(content(&answers, subjects[4]), Some(&Content::Absent));
    assert_eq!((content(&answers, subjects[5]), reason(&answers, subjects[5])), (None, Some(Reason::NotAllowed)));
    assert_eq!(server.requests().len(), 11, "two each, but for the nested group");
    assert_token_is_hidden(&server, &answers);
}

#[test]
fn gitlab_tells_of_projects() {
    let server = gitlab_server();
    let subjects = ["gitlab.com/octo-team/deep/old", "gitlab.com/example-person/x", "gitlab.com/a/gone"];
    let answers = ask(&gitlab(&server, false), FactKind::Repository, &subjects);
    let expected = RepositoryState {
        owner: "gitlab.com/octo-team".to_owned(),
        owner_kind: Some(AccountKind::Organisation),
        moved_to: Some("gitlab.com/octo-team/new".to_owned()),
        archived: true,
    };
    assert_eq!(repository(&answers, subjects[0]), &expected);
    let without = repository(&answers, subjects[1]);
    assert_eq!((without.owner_kind, without.moved_to.as_deref()), (Some(AccountKind::Person), None));
    assert_eq!(reason(&answers, subjects[1]), Some(Reason::NotVisible), "not told is not the same as not archived");
    assert_eq!(content(&answers, subjects[2]), Some(&Content::Absent));
    assert_eq!(answers.gaps.len(), 1);
}

#[test]
fn gitlab_has_had_enough_in_the_middle() {
    let server = Server::start(|request| match request.path.as_str() {
        "/api/v4/projects/a%2Fb" => Reply::json(&json!({
            "path_with_namespace": "a/b", "archived": false, "namespace": { "full_path": "a", "kind": "user" },
        })),
        _ => Reply::status(429).header("retry-after", "3600"),
    });
    let subjects = ["gitlab.com/a/b", "gitlab.com/a/c", "gitlab.com/a/d"];
    let answers = ask(&gitlab(&server, true), FactKind::Repository, &subjects);
    assert!(!repository(&answers, subjects[0]).archived);
    assert_eq!(reason(&answers, subjects[1]), Some(Reason::RateLimited));
    assert_eq!(reason(&answers, subjects[2]), Some(Reason::RateLimited));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn forgejo_tells_of_accounts_and_repositories() {
    let server = Server::start(|request| match request.path.as_str() {
        "/api/v1/orgs/octo-team" => Reply::json(
            &json!({ "id": 1, "name": "octo-team", "full_name": "Octo Team", "location": "Graz", "username": "octo-team" }),
        ),
        "/api/v1/users/example-person" => Reply::json(
            &json!({ "id": 2, "login": "example-person", "full_name": "Made Up", "location": "", "username": "example-person" }),
        ),
        "/api/v1/users/old" => Reply::status(307).header("location", "/api/v1/users/New"),
        "/api/v1/users/New" => Reply::json(&json!({ "id": 3, "login": "New", "location": "Turku" })),
        "/api/v1/repos/octo-team/old" => Reply::status(307).header("location", "/api/v1/repos/octo-team/new"),
        "/api/v1/repos/octo-team/new" => Reply::json(&json!({
            "full_name": "octo-team/new", "archived": true, "owner": { "login": "octo-team" },
        })),
        "/api/v1/users/closed" => Reply::status(403),
        _ => Reply::json(&json!({ "message": "not found" })).with_status(404),
    });
    let subjects =
        ["octo-team", "example-person", "old", "nobody", "closed"].map(|name| format!("codeberg.org/{name}"));
    let subjects = subjects.each_ref().map(String::as_str);
    let answers = ask(&forgejo(&server), FactKind::Profile, &subjects);
    let expected = Profile {
        location: Some("Graz".to_owned()),
        name: Some("Octo Team".to_owned()),
        ..plain(AccountKind::Organisation)
    };
    assert_eq!(profile(&answers, subjects[0]), &expected);
    assert_eq!(profile(&answers, subjects[1]), &plain(AccountKind::Person));
    assert_eq!(profile(&answers, subjects[2]).renamed_to.as_deref(), Some("codeberg.org/new"));
    assert_eq!(content(&answers, subjects[3]), Some(&Content::Absent));
    assert_eq!(reason(&answers, subjects[4]), Some(Reason::NotAllowed));

    let subjects = ["codeberg.org/octo-team/old", "codeberg.org/octo-team/new", "codeberg.org/a/gone"];
    let answers = ask(&forgejo(&server), FactKind::Repository, &subjects);
    let moved = repository(&answers, subjects[0]);
    assert_eq!((moved.moved_to.as_deref(), moved.archived), (Some("codeberg.org/octo-team/new"), true));
    assert_eq!((moved.owner.as_str(), moved.owner_kind), ("codeberg.org/octo-team", None));
    assert_eq!(repository(&answers, subjects[1]).moved_to, None);
    assert_eq!(content(&answers, subjects[2]), Some(&Content::Absent));
}

#[test]
fn sourcehut_tells_of_users_and_repositories_with_a_token() {
    let server = Server::start(|request| {
        graphql(request, |values| match values {
            ["gone", ..] => Ok(Value::Null),
            ["closed", ..] => Err("FORBIDDEN"),
            [user] => Ok(json!({ "canonicalName": format!("~{user}"), "location": "Utrecht" })),
            [user, "gone"] => Ok(json!({ "canonicalName": format!("~{user}"), "repository": null })),
            [user, name] => Ok(json!({
                "canonicalName": format!("~{user}"),
                "repository": { "name": name, "owner": { "canonicalName": format!("~{user}") } },
            })),
            _ => Err("INTERNAL"),
        })
    });
    let source = SourceHut::new(endpoint("git.sr.ht", &server, true));
    let subjects =
        ["git.sr.ht/~example", "sr.ht/~example", "sr.ht/~gone", "sr.ht/~closed", "sr.ht/example", "meta.sr.ht/~a"];
    let answers = ask(&source, FactKind::Profile, &subjects);
    for subject in &subjects[..2] {
        assert_eq!(profile(&answers, subject).location.as_deref(), Some("Utrecht"));
        assert_eq!(profile(&answers, subject).renamed_to, None);
    }
    assert_eq!(content(&answers, subjects[2]), Some(&Content::Absent));
    assert_eq!(reason(&answers, subjects[3]), Some(Reason::NotAllowed));
    assert_eq!(reason(&answers, subjects[4]), Some(Reason::NotAsked), "users have a tilde");
    assert_eq!(reason(&answers, subjects[5]), Some(Reason::NotAsked));
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.requests()[0].path, "/query");

    let subjects = ["git.sr.ht/~example/a", "git.sr.ht/~example/gone", "git.sr.ht/~gone/a"];
    let answers = ask(&source, FactKind::Repository, &subjects);
    let expected = RepositoryState {
        owner: "git.sr.ht/~example".to_owned(),
        owner_kind: Some(AccountKind::Person),
        moved_to: None,
        archived: false,
    };
    assert_eq!(repository(&answers, subjects[0]), &expected);
    assert_eq!(content(&answers, subjects[1]), Some(&Content::Absent));
    assert_eq!(content(&answers, subjects[2]), Some(&Content::Absent));
    assert_token_is_hidden(&server, &answers);

    let asked = server.requests().len();
    let source = SourceHut::new(endpoint("git.sr.ht", &server, false));
    let answers = ask(&source, FactKind::Profile, &["sr.ht/~example"]);
    assert_eq!(reason(&answers, "sr.ht/~example"), Some(Reason::NotAllowed));
    assert!(answers.gaps[0].detail.contains("token"));
    assert_eq!(server.requests().len(), asked, "without a token nothing is sent");
}

/// Every source with its host, all asking one server.
fn all(server: &Server) -> Vec<(&'static str, Box<dyn Source>)> {
    vec![
        ("github.com", Box::new(github(server, true))),
        ("github.com", Box::new(github(server, false))),
        ("gitlab.com", Box::new(gitlab(server, true))),
        ("codeberg.org", Box::new(forgejo(server))),
        ("git.sr.ht", Box::new(SourceHut::new(endpoint("git.sr.ht", server, true)))),
    ]
}

#[test]
fn what_is_no_name_of_the_service_is_not_sent() {
    let server = Server::start(|_| Reply::json(&json!({ "data": {} })));
    for (host, source) in all(&server) {
        let tilde = if host == "git.sr.ht" { "~" } else { "" };
        let mut profiles: Vec<String> = HOSTILE.iter().map(|name| format!("{host}/{tilde}{name}")).collect();
        profiles.extend([
            "example.org/a".to_owned(),
            format!("{host}.example/{tilde}a"),
            host.to_owned(),
            String::new(),
        ]);
        profiles.push(format!("{host}/{tilde}{}", "a".repeat(300)));
        let mut repositories: Vec<String> = HOSTILE.iter().map(|name| format!("{host}/{tilde}a/{name}")).collect();
        repositories.extend(HOSTILE.iter().map(|name| format!("{host}/{tilde}{name}/a")));
        for (kind, subjects) in [(FactKind::Profile, profiles), (FactKind::Repository, repositories)] {
            // A path of several names is a project in a group on GitLab.
            let subjects: Vec<&str> =
                subjects.iter().map(String::as_str).filter(|subject| !subject.contains("../../user/")).collect();
            let answers = ask(&*source, kind, &subjects);
            assert_eq!(answers.facts.len(), 0);
            assert!(answers.gaps.iter().all(|gap| gap.reason == Reason::NotAsked), "{:?}", answers.gaps);
        }
        let answers = ask(&*source, FactKind::CrateOwners, &[&format!("{host}/a")]);
        assert_eq!(answers.gaps[0].reason, Reason::NotAsked);
        assert_eq!(source.batch(FactKind::CrateOwners), None);
    }
    let sent: Vec<String> = server.requests().iter().map(Request::whole).collect();
    assert!(sent.is_empty(), "{sent:?}");
}

#[test]
fn broken_answers_are_gaps() {
    let broken: [(&str, Reply); 8] = [
        ("bytes", Reply::text(b"{\"data\":{\"q0\":{\"login\":\"\xff\xfe\"}},\"login\":\"\xff\"}".to_vec())),
        ("not JSON", Reply::text("<html>")),
        ("nothing", Reply::text("")),
        ("a list", Reply::json(&json!([1, "x"]))),
        ("a number", Reply::json(&json!(5))),
        ("empty", Reply::json(&json!({}))),
        ("others", Reply::json(&json!({ "data": { "q7": { "login": "x" }, "viewer": 1 }, "login": 4, "type": null }))),
        ("null", Reply::json(&json!({ "data": null }))),
    ];
    for (what, reply) in broken {
        let server = Server::start(move |_| reply.clone());
        for (host, source) in all(&server) {
            let tilde = if host == "git.sr.ht" { "~" } else { "" };
            for (kind, path) in [(FactKind::Profile, "a"), (FactKind::Repository, "a/b")] {
                let subject = format!("{host}/{tilde}{path}");
                let answers = ask(&*source, kind, &[&subject]);
                // A list without the user is an answer of GitLab, and then there is no group either.
                assert_eq!(
                    (answers.facts.len(), reason(&answers, &subject)),
                    (0, Some(Reason::Malformed)),
                    "{what}: {subject}"
                );
            }
        }
    }
}

#[test]
fn a_location_may_be_of_any_size_and_hold_anything() {
    let long = "Łódź\u{202e}\u{7}".repeat(950_000);
    assert!(long.len() > 10_000_000);
    let server = Server::start(move |request| {
        let account = json!({ "__typename": "User", "type": "User", "login": "a", "location": long });
        match request.path.as_str() {
            "/graphql" => graphql(request, |_| Ok(account.clone())),
            "/api/v1/orgs/a" => Reply::status(404),
            _ => Reply::json(&account),
        }
    });
    let sources: [(&str, Box<dyn Source>); 3] = [
        ("github.com/a", Box::new(github(&server, true))),
        ("github.com/a", Box::new(github(&server, false))),
        ("codeberg.org/a", Box::new(forgejo(&server))),
    ];
    for (subject, source) in sources {
        let answers = ask(&*source, FactKind::Profile, &[subject]);
        let location = profile(&answers, subject).location.as_deref().expect("a location");
        assert!(location.len() <= Profile::LONGEST && location.starts_with("Łódź\u{202e}"), "{}", location.len());
    }
}

/// The services that are asked by themselves are those whose answers the sources read, each at the address that its paths are below.
#[test]
fn every_public_forge_is_asked_where_it_answers() {
    let bases = [Endpoint::github(), Endpoint::gitlab(), Endpoint::codeberg(), Endpoint::sourcehut()];
    let bases: Vec<String> = bases.iter().map(|endpoint| endpoint.base.to_string()).collect();
    // That of SourceHut is its service for git: that for accounts knows no repositories.
    assert_eq!(
        bases,
        ["https://api.github.com/", "https://gitlab.com/", "https://codeberg.org/", "https://git.sr.ht/"]
    );
}
