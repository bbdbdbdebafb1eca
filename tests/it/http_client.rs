//! The HTTP client against every kind of server: who is asked how often, what is believed, and where a token goes.
#![expect(clippy::disallowed_methods, reason = "tests write fixtures")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cargo_origin::facts::live::Reason;
use cargo_origin::source::remote::{
    BodyReader, CacheOptions, Client, ClientOptions, Download, Endpoint, Endpoints, Failure, Limits, Token, Tokens,
    read_credentials,
};
use futures_util::future::{Either, select};
use serde_json::{Value, json};

use crate::server::{Reply, Request, Server};

const SECRET: &str = "ghp-made-up-secret";

fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(5),
        idle: Duration::from_secs(5),
        request: Duration::from_secs(20),
        backoff: Duration::from_millis(1),
        bytes: 1 << 20,
        retries: 3,
        ..Limits::default()
    }
}

fn client() -> Client {
    Client::new(limits()).expect("a client")
}

fn endpoint(server: &Server) -> Endpoint {
    Endpoint {
        name: "made.example".to_owned(),
        base: server.base().parse().expect("an address"),
        token: None,
        per_second: 1000.0,
        at_once: 4,
    }
}

fn with_token(endpoint: Endpoint) -> Endpoint {
    Endpoint { token: Token::new(SECRET), ..endpoint }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

fn ask(client: &Client, endpoint: &Endpoint) -> Result<Option<Value>, Failure> {
    run(client.get_json(endpoint, "/x?secret=query"))
}

/// Answers with the first, then the second and so on; the last one for ever.
fn in_turn(replies: Vec<Reply>) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    let at = AtomicUsize::new(0);
    move |_| replies[at.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1)].clone()
}

fn good() -> Reply {
    Reply::json(&json!({ "good": true }))
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(bytes).and_then(|()| gz.finish()).expect("memory takes everything")
}

/// What one answer comes to: the failure, and how often the server was asked.
fn failing(reply: Reply) -> (Reason, String, usize) {
    let server = Server::start(move |_| reply.clone());
    let failure = ask(&client(), &with_token(endpoint(&server))).expect_err("no answer");
    for hidden in [SECRET, "secret=query", "127.0.0.1"] {
        assert!(!failure.detail.contains(hidden), "{failure:?}");
    }
    (failure.reason, failure.detail, server.requests().len())
}

#[test]
fn an_answer_is_read_and_a_missing_one_is_none() {
    let server =
        Server::start(|request| if request.path == "/base/x?secret=query" { good() } else { Reply::status(404) });
    let mut endpoint = endpoint(&server);
    assert_eq!(ask(&client(), &endpoint).unwrap(), None);
    endpoint.base = format!("{}/base/", server.base()).parse().unwrap();
    assert_eq!(ask(&client(), &endpoint).unwrap(), Some(json!({ "good": true })));
    let agent = &server.requests()[0].headers["user-agent"];
    assert!(agent.starts_with("cargo-origin/"), "{agent}");
    assert!(!server.requests()[0].headers.contains_key("authorization"));
    // A path cannot lead to another host.
    assert_eq!(run(client().get(&endpoint, "@evil.example/", "*/*")).unwrap_err().reason, Reason::Malformed);
}

#[test]
fn whoever_runs_a_service_can_reach_the_user_who_wants_that() {
    let server = Server::start(|_| good());
    let contact = Some("security@example.org\r\nx-evil: 1".to_owned());
    let client = Client::with(ClientOptions { limits: limits(), contact, ..ClientOptions::default() }).unwrap();
    ask(&client, &endpoint(&server)).unwrap();
    assert!(server.requests()[0].headers["user-agent"].ends_with("(security@example.orgx-evil:1)"));
}

#[test]
fn a_server_that_fails_for_now_is_asked_again() {
    let fails = |status| Reply::status(status).header("retry-after", "0");
    let replies = vec![Reply::status(500), fails(503), fails(429), good()];
    let server = Server::start(in_turn(replies));
    assert_eq!(ask(&client(), &endpoint(&server)).unwrap(), Some(json!({ "good": true })));
    assert_eq!(server.requests().len(), 4);
    let server = Server::start(in_turn(vec![Reply::status(502), good()]));
    let posted: Value = run(client().post_json(&endpoint(&server), "/graphql", &json!({ "query": "q" }))).unwrap();
    assert_eq!(posted, json!({ "good": true }));
    assert!(
        server.requests().iter().all(|request| request.method == "POST" && request.json() == json!({ "query": "q" }))
    );
}

#[test]
fn a_server_that_refuses_is_not_asked_again() {
    let said = |status: u16, reason| {
        let (found, detail, asked) = failing(Reply::status(status));
        assert_eq!((found, asked), (reason, 1), "{detail}");
        assert!(detail.starts_with(&format!("made.example: status {status}")), "{detail}");
    };
    said(401, Reason::NotAllowed);
    said(403, Reason::NotAllowed);
    said(422, Reason::ServerError);
    let (reason, _, asked) = failing(Reply::status(500));
    assert_eq!((reason, asked), (Reason::ServerError, 4));
    let (reason, _, asked) = failing(Reply::status(429));
    assert_eq!((reason, asked), (Reason::RateLimited, 4));
}

#[test]
fn a_wait_that_is_too_long_ends_the_asking() {
    let date = "Sun, 06 Nov 1994 08:00:00 GMT";
    let limits = [
        Reply::status(429).header("retry-after", "3600").header("date", date),
        Reply::status(429).header("retry-after", "Sun, 06 Nov 1994 09:00:00 GMT").header("date", date),
        Reply::status(403)
            .header("x-ratelimit-remaining", "0")
            .header("x-ratelimit-reset", "784112400")
            .header("date", date),
    ];
    for reply in limits {
        let server = Server::start(move |_| reply.clone());
        let (client, endpoint) = (client(), endpoint(&server));
        let first = ask(&client, &endpoint).unwrap_err();
        assert_eq!(first.reason, Reason::RateLimited);
        assert!(first.detail.ends_with("until 1994-11-06T09:00:00Z"), "{first:?}");
        // Everybody else hears the same, and the server nothing.
        assert_eq!(ask(&client, &endpoint).unwrap_err(), first);
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_short_wait_is_obeyed() {
    let server = Server::start(in_turn(vec![Reply::status(429).header("retry-after", "1"), good()]));
    let start = Instant::now();
    ask(&client(), &endpoint(&server)).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(950));
}

#[test]
fn a_service_is_asked_no_faster_than_it_wants() {
    let server = Server::start(|_| good());
    let endpoint = Endpoint { per_second: 20.0, at_once: 8, ..endpoint(&server) };
    let (client, start) = (client(), Instant::now());
    run(async {
        for _ in 0..6 {
            let answer: Result<Option<Value>, Failure> = client.get_json(&endpoint, "/x").await;
            answer.unwrap();
        }
    });
    assert!(start.elapsed() >= Duration::from_millis(245));
}

#[test]
fn answers_that_are_not_what_they_should_be_are_malformed() {
    let body = json!({ "good": true }).to_string();
    let (reason, detail, _) = failing(Reply::text("<html>").header("content-type", "text/html; charset=utf-8"));
    assert_eq!((reason, detail.as_str()), (Reason::Malformed, "made.example: the answer is text/html, not JSON"));
    for reply in [
        Reply::text(body.clone()).announcing(1000),
        Reply::text(body.clone()).cut(5),
        Reply::text(&b"{\"good\": \"\xff\xfe\"}"[..]),
        Reply::text(&gzipped(body.as_bytes())[..20]).header("content-encoding", "gzip"),
        Reply::text("{\"good\": tru"),
        Reply::text(""),
    ] {
        let (reason, detail, _) = failing(reply);
        assert_eq!(reason, Reason::Malformed, "{detail}");
    }
    let server = Server::start(|_| Reply::json(&json!({ "login": "example-person-secret" })));
    let answer: Result<Option<Vec<u8>>, Failure> = run(client().get_json(&endpoint(&server), "/x"));
    let detail = answer.unwrap_err().detail;
    assert!(!detail.contains("example-person") && detail.contains("another shape"), "{detail}");
}

/// A part that nobody asked for, nothing, and an answer to something else are none.
#[test]
fn only_a_whole_answer_is_one() {
    for status in [201, 202, 203, 204, 206] {
        let reply = move || Reply::json(&json!({ "good": true })).with_status(status);
        let (reason, detail, asked) = failing(reply());
        assert_eq!((reason, asked), (Reason::Malformed, 1), "{detail}");
        assert!(detail.starts_with(&format!("made.example: status {status}")), "{detail}");
        let server = Server::start(move |_| reply());
        let download = run(client().download(&endpoint(&server), "", None, 1 << 20));
        assert_eq!(download.unwrap_err().reason, Reason::Malformed);
        let streamed = run(client().stream(&endpoint(&server), "/x", 1 << 20, length));
        assert_eq!(streamed.unwrap_err().reason, Reason::Malformed);
    }
}

#[test]
fn an_answer_cut_off_once_is_asked_for_again() {
    let server = Server::start(in_turn(vec![good().cut(3), good()]));
    assert_eq!(ask(&client(), &endpoint(&server)).unwrap(), Some(json!({ "good": true })));
}

#[test]
fn nothing_is_read_beyond_the_limit() {
    let bomb = gzipped(&vec![b' '; 200 << 20]);
    assert!(bomb.len() < 1 << 20);
    for reply in [Reply::text(bomb).header("content-encoding", "gzip"), Reply::text(vec![b' '; (1 << 20) + 1])] {
        let (reason, detail, asked) = failing(reply);
        assert_eq!((reason, asked), (Reason::TooLarge, 1), "{detail}");
    }
}

#[test]
fn a_drip_ends_with_the_time_for_a_request() {
    let server = Server::start(|_| good().drip(Duration::from_millis(100), 1).announcing(10_000));
    let slow = Server::start(|_| Reply::text(vec![b' '; 1000]).drip(Duration::from_millis(100), 1));
    let client = Client::new(Limits { request: Duration::from_millis(400), ..limits() }).unwrap();
    for server in [server, slow] {
        let start = Instant::now();
        let failure = ask(&client, &endpoint(&server)).unwrap_err();
        assert_ne!(failure.reason, Reason::ServerError, "{failure:?}");
        assert!(start.elapsed() < Duration::from_secs(15));
    }
}

#[test]
fn a_token_goes_to_its_own_address_only() {
    let other = Server::start(|_| good());
    let target = format!("{}/y", other.base());
    let server = Server::start(move |request| match request.path.as_str() {
        "/here" => Reply::status(302).header("location", "/there"),
        "/there" => good(),
        "/x?secret=query" => Reply::status(301).header("location", &target),
        _ => Reply::status(307).header("location", "/circle"),
    });
    let (client, open) = (client(), endpoint(&server));
    let endpoint = with_token(open.clone());
    let failure = ask(&client, &endpoint).unwrap_err();
    assert_eq!(failure.reason, Reason::Redirected);
    assert!(failure.detail.contains("127.0.0.1"), "{failure:?}");
    assert!(other.requests().is_empty());
    let there: Option<Value> = run(client.get_json(&endpoint, "/here")).unwrap();
    assert!(there.is_some());
    assert!(server.requests().iter().all(|request| request.headers["authorization"] == format!("Bearer {SECRET}")));
    // Without a token it is followed, and no token appears.
    assert!(ask(&client, &open).unwrap().is_some());
    assert!(other.requests().iter().all(|request| !request.whole().contains(SECRET)) && !other.requests().is_empty());
    let before = server.requests().len();
    let circle: Result<Option<Value>, Failure> = run(client.get_json(&open, "/circle"));
    assert_eq!(circle.unwrap_err().reason, Reason::Redirected);
    assert_eq!(server.requests().len() - before, 6);
    let posted: Result<Value, Failure> = run(client.post_json(&endpoint, "/here", &json!({})));
    assert_eq!(posted.unwrap_err().reason, Reason::Redirected);
}

#[test]
fn no_token_is_shown_or_kept() {
    let folder = tempfile::tempdir().unwrap();
    let services = BTreeSet::from(["made.example".to_owned()]);
    let cache = CacheOptions { folder: folder.path().join("http"), bytes: 1 << 20, services };
    let client = Client::with(ClientOptions { limits: limits(), contact: None, cache: Some(cache) }).unwrap();
    let server = Server::start(|_| good().header("cache-control", "max-age=1000").header("etag", "\"1\""));
    let (open, endpoint) = (endpoint(&server), with_token(endpoint(&server)));
    for _ in 0..2 {
        ask(&client, &endpoint).unwrap();
    }
    assert_eq!(server.requests().len(), 2);
    assert!(!folder.path().join("http").exists());
    for _ in 0..3 {
        assert_eq!(ask(&client, &open).unwrap(), Some(json!({ "good": true })));
    }
    // The first of these is kept, and answers the others.
    assert_eq!(server.requests().len(), 3);
    let files: Vec<_> = fs::read_dir(folder.path().join("http")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let kept = String::from_utf8_lossy(&fs::read(&files[0]).unwrap()).into_owned();
    assert!(
        kept.contains("good") && !kept.contains(SECRET) && !kept.to_lowercase().contains("authorization"),
        "{kept}"
    );
    assert!(!format!("{endpoint:?} {client:?}").contains(SECRET));
    // A broken cache is none.
    fs::write(&files[0], b"{\"key\":").unwrap();
    assert!(ask(&client, &open).unwrap().is_some());
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_cache_has_a_size_and_asks_whether_something_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let services = BTreeSet::from(["made.example".to_owned()]);
    let cache = CacheOptions { folder: folder.path().to_owned(), bytes: 40_000, services };
    let client = Client::with(ClientOptions { limits: limits(), contact: None, cache: Some(cache) }).unwrap();
    let server = Server::start(|request| match request.headers.get("if-none-match") {
        Some(_) => Reply::status(304).header("etag", "\"1\""),
        None => Reply::text(vec![b' '; 4000]).header("etag", "\"1\"").header("cache-control", "no-cache"),
    });
    let endpoint = endpoint(&server);
    for at in 0..30 {
        assert_eq!(run(client.get(&endpoint, &format!("/{at}"), "*/*")).unwrap().unwrap().len(), 4000);
    }
    let size: u64 = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).sum();
    assert!(size <= 45_000, "{size}");
    assert_eq!(run(client.get(&endpoint, "/29", "*/*")).unwrap().unwrap().len(), 4000);
    assert_eq!(server.requests().last().unwrap().headers["if-none-match"], "\"1\"");
}

#[test]
fn a_download_is_whole_or_none() {
    let body: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let whole = body.clone();
    let server = Server::start(move |request| match request.headers.get("if-none-match").map(String::as_str) {
        Some("\"2\"") => Reply::status(304),
        _ if request.path == "/none" => Reply::status(404),
        _ => Reply::text(whole.clone()).header("etag", "\"2\""),
    });
    let (client, endpoint) = (client(), endpoint(&server));
    let Download::File(mut file, validator) = run(client.download(&endpoint, "/list", None, 300_000)).unwrap() else {
        panic!("it is new")
    };
    let mut read = Vec::new();
    file.read_to_end(&mut read).unwrap();
    assert!(read == body);
    let again = run(client.download(&endpoint, "/list", validator.as_deref(), 300_000)).unwrap();
    assert!(matches!(again, Download::Unchanged));
    assert_eq!(run(client.download(&endpoint, "/list", None, 299_999)).unwrap_err().reason, Reason::TooLarge);
    assert_eq!(run(client.download(&endpoint, "/none", None, 9)).unwrap_err().reason, Reason::Malformed);
    let count = run(client.stream(&endpoint, "/list", 1 << 20, length)).unwrap();
    assert_eq!(count, 300_000);
    // A reader may stop early; a body that is too long or cut off is a failure whatever the reader made of it.
    assert_eq!(run(client.stream(&endpoint, "/list", 1 << 20, |reader| length(reader.take(9)))).unwrap(), 9);
    assert_eq!(run(client.stream(&endpoint, "/list", 1000, length)).unwrap_err().reason, Reason::TooLarge);
    let cut = Server::start(|_| Reply::text(vec![1; 1000]).cut(500));
    let broken = Endpoint { name: "cut".to_owned(), base: cut.base().parse().unwrap(), ..endpoint };
    let failure = run(client.stream(&broken, "/list", 9999, length));
    assert_eq!(failure.unwrap_err().reason, Reason::Malformed);
}

#[test]
fn a_reader_of_an_interrupted_request_sees_no_end() {
    let server = Server::start(|_| Reply::text(vec![b'x'; 1000]).drip(Duration::from_millis(50), 10));
    let (client, endpoint) = (client(), endpoint(&server));
    let (said, heard) = std::sync::mpsc::channel();
    let (begun, begins) = tokio::sync::oneshot::channel::<()>();
    let reader = move |mut body: BodyReader| {
        let first = body.read(&mut [0]);
        drop(begun);
        said.send((first.is_ok(), std::io::copy(&mut body, &mut std::io::sink()).is_err())).expect("the test waits");
    };
    run(async {
        let stream = std::pin::pin!(client.stream(&endpoint, "/list", 1 << 20, reader));
        // What was begun is dropped here, as when the user interrupts.
        assert!(matches!(select(stream, begins).await, Either::Right(_)));
    });
    assert_eq!(heard.recv_timeout(Duration::from_secs(30)), Ok((true, true)));
}

/// How many bytes come before the end or an error.
fn length(mut reader: impl Read) -> u64 {
    let mut sum = 0;
    let mut block = [0; 1000];
    while let Ok(count @ 1..) = reader.read(&mut block) {
        sum += count as u64;
    }
    sum
}

#[test]
fn a_service_that_cannot_be_reached_is_left_alone() {
    let gone = Server::start(|_| good());
    let endpoint = endpoint(&gone);
    let address = gone.base().trim_start_matches("http://").to_owned();
    drop(gone);
    // It stops on a thread of its own.
    while std::net::TcpStream::connect(&address).is_ok() {}
    let client = client();
    let first = ask(&client, &endpoint).unwrap_err();
    assert_eq!(first.reason, Reason::Unreachable);
    assert_eq!(ask(&client, &endpoint).unwrap_err(), first);
}

fn environment(name: &str) -> Option<String> {
    [("GITHUB_TOKEN", "real-github"), ("GITLAB_TOKEN", "real-gitlab"), ("MIRROR_TOKEN", "for-the-mirror")]
        .into_iter()
        .find(|row| row.0 == name)
        .map(|row| row.1.to_owned())
}

#[test]
fn a_mirror_gets_no_token_by_accident() {
    let credentials = "\"github.com\" = \"of-the-file\"\n\"forge.example.org\" = \"own\"";
    let tokens = Tokens::new(environment, Some((credentials, "tokens.toml"))).unwrap();
    let public = Endpoints::public(&tokens);
    assert_eq!(public.forges["github.com"].endpoint.token, Token::new("of-the-file"));
    assert_eq!(public.forges["gitlab.com"].endpoint.token, Token::new("real-gitlab"));
    assert_eq!(public.crates_io.token, None);
    let sources = "contact = 'security@example.org'\n\
        ['crates.io']\nurl = 'https://mirror.example.org/crates'\nper-second = 5\n\
        [forges.'github.com']\nurl = 'https://mirror.example.org/github'\n\
        [forges.'gitlab.com']\nurl = 'https://mirror.example.org/gitlab'\ntoken-env = 'MIRROR_TOKEN'\n\
        [forges.'Forge.example.org']\nkind = 'forgejo'\nurl = 'https://forge.example.org'\n\
        [lists.opensanctions]\nurl = 'http://127.0.0.1:9/targets.simple.csv?x=1'\n";
    let all = Endpoints::parse(sources, "sources.toml", &tokens, environment).unwrap();
    assert_eq!(all.forges["github.com"].endpoint.token, None);
    assert_eq!(all.forges["gitlab.com"].endpoint.token, Token::new("for-the-mirror"));
    assert_eq!(all.forges["forge.example.org"].endpoint.token, Token::new("own"));
    assert_eq!(all.forges["codeberg.org"].endpoint.token, None);
    assert_eq!((all.crates_io.base.as_str(), all.crates_io.at_once), ("https://mirror.example.org/crates", 1));
    assert!((all.crates_io.per_second - 5.0).abs() < f64::EPSILON);
    assert_eq!(all.contact.as_deref(), Some("security@example.org"));
    assert_eq!(all.lists.len(), public.lists.len() + 1);
    assert!(!format!("{all:?} {tokens:?}").contains("real-") && !format!("{tokens:?}").contains("own"));
}

#[test]
fn every_problem_of_the_file_of_sources_is_told_with_its_line() {
    let sources = "['crates.io']\nurl = 'ftp://x.example'\nper-second = -1\nat-once = 0\n\
        [forges.'a.example']\nurl = 'https://a.example'\n\
        [forges.'b.example']\nkind = 'svn'\n\
        [lists.nothing]\nurl = 'https://l.example'\n\
        [lists.us-csl]\nurl = 'https://name:word@l.example'\n\
        [forges.'github.com']\nurl = 'http://far.example'\ntoken-env = 'MIRROR_TOKEN'\n\
        ['index.crates.io']\ntoken-env = 'UNSET'\nurl = 'https://i.example/?q=1'\n";
    let error = Endpoints::parse(sources, "s.toml", &Tokens::default(), environment).unwrap_err().to_string();
    let lines: Vec<&str> = error.lines().filter_map(|line| line.strip_prefix("s.toml:")?.split(':').next()).collect();
    assert_eq!(lines, ["2", "3", "4", "5", "8", "9", "12", "15", "17", "18"], "{error}");
    assert!(!error.contains("name:word") && !error.contains("for-the-mirror"), "{error}");
    let error = Endpoints::parse("\n['crates.io']\nuri = 'x'", "s.toml", &Tokens::default(), environment).unwrap_err();
    assert!(error.to_string().starts_with("s.toml:3: unknown field `uri`"), "{error}");
}

#[test]
fn a_secret_in_the_wrong_place_of_the_file_of_sources_is_not_shown() {
    for sources in [
        "['crates.io']\ntoken-env = 'ghp_made-up-secret'\n",
        "[forges.'github.com']\ngit-url = 'https://name:ghp_made-up-secret@git.example'\n",
        "[forges.'github.com']\ngit-url = 'https://ghp_made-up-secret@git.example'\n",
        "[forges.'github.com']\ngit-url = 'https://git.example/?ghp_made-up-secret'\n",
        "[forges.'github.com']\nkind = 'ghp_made-up-secret'\n",
    ] {
        let error = Endpoints::parse(sources, "s.toml", &Tokens::default(), environment).unwrap_err().to_string();
        assert!(error.starts_with("s.toml:2: `") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn a_path_stands_before_the_query_of_a_list() {
    let server = Server::start(|_| Reply::text("1"));
    let base = format!("{}/lists/?key=made-up", server.base()).parse().unwrap();
    let endpoint = Endpoint { base, ..endpoint(&server) };
    for path in ["", "/sdn.csv"] {
        run(client().get(&endpoint, path, "*/*")).unwrap();
    }
    let paths: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/lists/?key=made-up", "/lists/sdn.csv?key=made-up"]);
}

#[test]
fn a_file_of_credentials_is_the_user_s_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    fs::write(&path, "\"github.com\" = \"a-secret\"\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = read_credentials(&path, "tokens.toml").unwrap_err().to_string();
        assert!(error.starts_with("tokens.toml: others can read it (mode 644)"), "{error}");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    assert!(read_credentials(&path, "tokens.toml").unwrap().contains("a-secret"));
    for text in
        ["\"github.com\" = 5", "x = \n", "\n\"github.com\" = \"a longer secret\"", "\"github.com\" = \"a-secret"]
    {
        let error = Tokens::new(|_| None, Some((text, "tokens.toml"))).unwrap_err().to_string();
        assert!(error.starts_with("tokens.toml:") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn the_public_services_are_where_they_should_be() {
    let all = Endpoints::public(&Tokens::default());
    let lists: Vec<&str> = all.lists.keys().map(String::as_str).collect();
    assert_eq!(lists, ["eu-fsf", "uk-sanctions", "un-sc", "us-csl", "us-sdn"]);
    let endpoints = all.lists.values().chain(all.forges.values().map(|forge| &forge.endpoint));
    for endpoint in endpoints.chain([&all.crates_io, &all.crates_io_static, &all.crates_io_index]) {
        assert_eq!((endpoint.base.scheme(), endpoint.token.as_ref()), ("https", None), "{endpoint:?}");
    }
    assert!(all.crates_io.per_second <= 1.0);
}
