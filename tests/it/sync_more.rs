//! What `sync` does besides asking for answers in batches: histories by git, a dump from a file, an interruption, proxies.
#![cfg_attr(unix, expect(clippy::disallowed_methods, reason = "tests write fixtures and pass the PATH on"))]

use std::process::{Output, Stdio};
#[cfg(unix)]
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use cargo_origin::source::git::{CloneError, CloneLimits, clone_commits};
use serde_json::json;

use crate::dump::{Made, Shape};
use crate::history::{MONDAY, Repositories};
use crate::server::{Reply, Server};
use crate::support::PROGRAM;
use crate::world::{Account, Krate, Play, TOKEN, World};

fn world(count: usize) -> World {
    let mut world = World::default();
    for number in 0..count {
        let owners = vec!["example-first".to_owned()];
        world.crates.insert(format!("made-up-{number}"), Krate { owners, ..Krate::default() });
    }
    world
        .accounts
        .insert("example-first".to_owned(), Account { location: Some("Lyon".to_owned()), ..Account::default() });
    world
}

/// Says in the file of sources where repositories are fetched from.
fn fetch_from(play: &Play, address: &str) {
    let sources = play.fixture.read("sources.toml");
    let changed = sources.replace("kind = \"github\"\n", &format!("kind = \"github\"\ngit-url = \"{address}\"\n"));
    assert_ne!(sources, changed);
    play.fixture.file("sources.toml", changed);
}

#[test]
fn histories_are_copied_observed_and_thrown_away() {
    let repositories = Repositories::new(&[]);
    for week in 0..30 {
        repositories.commit("a@example.org", MONDAY + week * 7 * 86_400, "+0900", &format!("file-{week}"));
    }
    repositories.git_in(".", &["clone", "--quiet", "--bare", "main", "served/example-team/made-up-0"]);
    repositories.git_in("served/example-team/made-up-0", &["config", "uploadpack.allowFilter", "true"]);
    let play = Play::new(world(2), &[]);
    fetch_from(&play, &format!("file://{}", repositories.path("served").display()));
    let temporary = play.fixture.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let env = [("TMPDIR", temporary.to_str().unwrap())];
    let output = play.run_env(&["sync", "--part", "git"], &env);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stderr.contains("git: histories, commits without files, 2"), "{output:?}");
    assert!(output.stdout.contains("1 facts\nnot told by github.com: unreachable, once"), "{output:?}");
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0, "nothing is left behind");
    let package = play.package("made-up-0", &[]);
    let contribution = &package["facets"]["contribution"];
    assert_eq!(contribution["claims"][0]["kind"], "commit-history", "{contribution:#}");
    let reference = contribution["claims"][0]["reference"].as_str().unwrap();
    assert!(reference.starts_with("synced history of github.com/example-team/made-up-0"), "{reference}");
    // What is there is not fetched again.
    let output = play.run_env(&["sync", "--part", "git"], &env);
    assert!(output.stderr.contains("git: histories, commits without files, 1"), "{output:?}");
}

/// The dump of a machine without a network.
#[test]
fn a_dump_from_a_file_gives_what_the_interface_gives() {
    let made = Made { seed: 7, crates: 50, versions: 400, shape: Shape::New };
    let names: Vec<String> = (0..3).map(crate::dump::name).collect();
    let mut world = World::default();
    for name in &names {
        world.crates.insert(name.clone(), Krate::default());
    }
    let play = Play::new(world, &[]);
    let mut bytes = Vec::new();
    made.write(&made.tables(), &mut bytes).unwrap();
    play.fixture.file("db-dump.tar.gz", &bytes);
    // It needs no network, and may be forbidden it.
    let args = ["sync", "--part", "crates", "--db-dump", "db-dump.tar.gz"];
    let output = play.run_env(&args, &[("CARGO_NET_OFFLINE", "true")]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.stdout.starts_with("6 facts"), "{output:?}");
    assert!(play.asked().is_empty(), "{:?}", play.asked());
    let stats = play.run(&["store", "stats", "--format", "json"]).json();
    assert_eq!(stats["facts"].as_array().map(Vec::len), Some(2), "{stats:#}");
    assert_eq!(stats["facts"][0]["newest"], "2026-01-01", "the dump is of its own day: {stats:#}");

    for (text, said) in
        [(&bytes[..bytes.len() / 2], "--db-dump: db-dump.tar.gz cannot be used"), (b"no archive", "--db-dump")]
    {
        play.fixture.file("db-dump.tar.gz", text);
        let output = play.run(&["sync", "--refresh", "--part", "crates", "--db-dump", "db-dump.tar.gz"]);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.stderr.contains(said), "{output:?}");
    }
    assert_eq!(play.run(&["store", "stats", "--format", "json"]).json()["facts"], stats["facts"]);
}

/// Ctrl-C keeps what came in; the next run asks for the rest.
#[cfg(unix)]
#[test]
fn an_interrupted_run_says_so_and_goes_on_later() {
    let play = Play::new(world(60), &[]);
    play.world.lock().unwrap().pause = Duration::from_millis(30);
    let output = interrupt_after(&play, "crates", 20);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("interrupted: what came in is kept"), "{output:?}");
    let asked = play.asked()["crates"];
    assert!(asked < 120, "{asked}");
    play.world.lock().unwrap().pause = Duration::ZERO;
    play.sync(&["--part", "crates"]);
    let whole = play.asked()["crates"];
    // Those under way when it was interrupted are asked twice.
    assert!((120..=130).contains(&whole), "{asked} and then {whole}");
}

/// What is at another address now is copied from there, and speaks for the package all the same.
#[test]
fn the_history_of_a_repository_that_moved_is_read() {
    let repositories = Repositories::new(&[]);
    for week in 0..30 {
        repositories.commit("a@example.org", MONDAY + week * 7 * 86_400, "+0900", &format!("file-{week}"));
    }
    repositories.git_in(".", &["clone", "--quiet", "--bare", "main", "served/tokio-rs/made-up-0"]);
    repositories.git_in("served/tokio-rs/made-up-0", &["config", "uploadpack.allowFilter", "true"]);
    let mut world = world(1);
    world.moved.insert("example-team/made-up-0".to_owned(), "tokio-rs/made-up-0".to_owned());
    let play = Play::new(world, &[]);
    fetch_from(&play, &format!("file://{}", repositories.path("served").display()));
    play.sync(&["--part", "forges", "--part", "git"]);
    let package = play.package("made-up-0", &[]);
    assert_eq!(
        package["facets"]["steward"]["party"]["kind"], "vendor",
        "it is followed: {:#}",
        package["facets"]["steward"]
    );
    let contribution = &package["facets"]["contribution"];
    assert_eq!(contribution["claims"][0]["kind"], "commit-history", "{contribution:#}");
}

/// What did not come once, and came later, is no gap any more, though a dump is of an earlier day.
#[test]
fn a_dump_and_a_list_that_come_after_all_are_no_gaps() {
    let mut world = World::default();
    for number in 0..3 {
        world.crates.insert(crate::dump::name(number), Krate::default());
    }
    let play = Play::new(world, &[]);
    let run = || play.sync(&["--part", "crates", "--crates-from", "dump", "--part", "lists", "--list", "us-csl"]);
    let gaps = || -> Vec<String> {
        let report = play.run(&["--format", "json"]).json();
        let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["kind"] == "source-failed");
        gaps.map(|gap| gap["detail"].to_string()).collect()
    };
    let output = run();
    assert!(output.stdout.contains("not told by crates.io"), "{output:?}");
    assert_eq!(gaps().len(), 2, "{:?}", gaps());
    let made = Made { seed: 7, crates: 50, versions: 400, shape: Shape::New };
    let mut bytes = Vec::new();
    made.write(&made.tables(), &mut bytes).unwrap();
    play.world.lock().unwrap().dump = Some(bytes);
    let entry = ("Entity List (EL) - Bureau of Industry and Security", "Quixotronic Lathe Works Ltd", "Minsk, BY");
    play.world.lock().unwrap().listed.push(entry);
    let output = run();
    assert!(output.stdout.starts_with("6 facts, 1 list read anew"), "{output:?}");
    assert_eq!(gaps(), [] as [&str; 0]);
}

/// Runs a part, and sends Ctrl-C's signal to the program alone after so many requests, from when on the services answer so slowly that no machine is too
/// busy to be in time.
#[cfg(unix)]
fn interrupt_after(play: &Play, part: &str, requests: usize) -> Output {
    let child = play
        .fixture
        .command(PROGRAM)
        .args(["sync", "--part", part, "--metadata-path", "metadata.json", "--store", "store.sqlite"])
        .args(["--sources", "sources.toml"])
        .envs([("CARGO_NET_OFFLINE", "false"), ("EXAMPLE_TOKEN", TOKEN)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let begun = Instant::now();
    while play.server.requests().len() < requests {
        assert!(begun.elapsed() < Duration::from_mins(1), "it does not ask");
        thread::sleep(Duration::from_millis(1));
    }
    play.world.lock().expect("no test thread panicked").pause = Duration::from_secs(2);
    let id = child.id().to_string();
    assert!(play.fixture.command("kill").args(["-INT", &id]).status().expect("kill runs").success());
    child.wait_with_output().expect("the program ends")
}

/// Between two repositories it is seen that the user has interrupted, though git itself was not ended.
#[cfg(unix)]
#[test]
fn histories_can_be_interrupted() {
    let play = Play::new(world(40), &[]);
    play.world.lock().unwrap().pause = Duration::from_millis(30);
    fetch_from(&play, &format!("{}/git", play.server.base()));
    let output = interrupt_after(&play, "git", 3);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("interrupted: what came in is kept"), "{output:?}");
    let asked: std::collections::BTreeSet<String> = play
        .server
        .requests()
        .into_iter()
        .filter_map(|request| request.path.split('/').nth(3).map(str::to_owned))
        .collect();
    assert!(asked.len() <= 6, "{asked:?}");
}

/// Requests go through the proxy of the environment.
#[test]
fn proxies_of_the_environment_are_used() {
    let proxy = Server::start(|request| {
        if request.path.ends_with("/owners") {
            Reply::json(&json!({ "users": [] }))
        } else {
            Reply::json(&json!({ "versions": [], "meta": { "next_page": null } }))
        }
    });
    let play = Play::new(world(1), &[]);
    play.fixture.file("sources.toml", "[\"crates.io\"]\nurl = \"http://mirror.made-up.example\"\nper-second = 100.0\n");
    let base = proxy.base();
    let output = play.run_env(&["sync", "--part", "crates"], &[("http_proxy", &base), ("HTTP_PROXY", &base)]);
    assert_eq!(output.code, 0, "{output:?}");
    let paths: Vec<String> = proxy.requests().into_iter().map(|request| request.path).collect();
    assert!(paths.contains(&"http://mirror.made-up.example/api/v1/crates/made-up-0/owners".to_owned()), "{paths:?}");
}

/// A token may go to this machine without encryption, and so to nobody on the way.
#[test]
fn nothing_for_this_machine_goes_through_a_proxy() {
    let proxy = Server::start(|_| Reply::status(500));
    let play = Play::new(world(1), &[]);
    let base = proxy.base();
    let env = [("http_proxy", base.as_str()), ("HTTP_PROXY", &base), ("all_proxy", &base)];
    let output = play.run_env(&["sync", "--part", "crates", "--part", "forges", "--without-publishers"], &env);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(play.asked().into_keys().collect::<Vec<_>>(), ["crates", "github", "index"]);
    assert!(proxy.requests().is_empty(), "{:?}", proxy.requests());
}

/// Nothing in the project decides where requests go.
#[test]
fn a_project_cannot_redirect_requests() {
    let play = Play::new(world(1), &[]);
    let evil = Server::start(|_| Reply::status(404));
    let base = evil.base();
    play.fixture.file("origin.toml", format!("[forges.\"github.com\"]\nurl = \"{base}\"\n"));
    let output = play.run(&["sync", "--config", "origin.toml"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.stderr.contains("forges"), "{output:?}");
    for (name, text) in [("sources.toml", "nonsense"), ("sources.toml", "[forges.\"github.com\"]\nurl = \"ftp://x\"\n")]
    {
        play.fixture.file(name, text);
        let output = play.run(&["sync"]);
        assert_eq!((output.code, output.stderr.contains("sources.toml:")), (2, true), "{output:?}");
    }
    assert!(evil.requests().is_empty());
}

/// A `git` that leaves its work to a program of its own, which writes as long as it runs; the file says so.
#[cfg(unix)]
fn endless_git(folder: &std::path::Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let (programs, written) = (folder.join("programs"), folder.join("written"));
    std::fs::create_dir_all(&programs).expect("a folder");
    let script = format!(
        "#!/bin/sh\n(while sleep 0.05; do echo x >> '{0}'; done) &\necho x >> '{0}'\nwait\n",
        written.display()
    );
    let git = programs.join("git");
    std::fs::write(&git, script).expect("a program");
    std::fs::set_permissions(&git, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    written
}

/// Whether nothing writes to a file any more.
#[cfg(unix)]
fn is_quiet(written: &std::path::Path) -> bool {
    let length = || std::fs::metadata(written).expect("something was written").len();
    // What is being ended may still write once.
    thread::sleep(Duration::from_millis(200));
    let before = length();
    thread::sleep(Duration::from_millis(500));
    length() == before
}

#[cfg(unix)]
fn path_with(folder: &str) -> String {
    format!("{folder}:{}", std::env::var("PATH").expect("there is a PATH"))
}

/// Git leaves the work to other programs: a limit ends them too.
#[cfg(unix)]
#[test]
fn a_limit_ends_git_and_what_it_has_started() {
    let folder = tempfile::tempdir().unwrap();
    let written = endless_git(folder.path());
    let path = path_with(folder.path().join("programs").to_str().unwrap());
    let limits = CloneLimits { time: Duration::from_millis(500), bytes: 1 << 20 };
    let address = "https://git.example/a/b".parse().unwrap();
    let copied = clone_commits(&address, limits, &[("PATH".into(), path.into())], &AtomicBool::new(false));
    assert!(matches!(copied, Err(CloneError::TooSlow(0))), "{copied:?}");
    assert!(is_quiet(&written), "something goes on");
}

/// Git is of a group of its own, which no Ctrl-C reaches: the program ends it, at once.
#[cfg(unix)]
#[test]
fn an_interrupted_copy_ends_at_once() {
    for signal in ["-INT", "-TERM"] {
        let play = Play::new(world(3), &[]);
        let written = endless_git(play.fixture.path());
        let child = play
            .fixture
            .command(PROGRAM)
            .args(["sync", "--part", "git", "--metadata-path", "metadata.json", "--store", "store.sqlite"])
            .args(["--sources", "sources.toml"])
            .envs([("CARGO_NET_OFFLINE", "false"), ("EXAMPLE_TOKEN", TOKEN)])
            .env("PATH", path_with(play.fixture.path().join("programs").to_str().unwrap()))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let begun = Instant::now();
        while !written.exists() {
            assert!(begun.elapsed() < Duration::from_mins(1), "git is not started");
            thread::sleep(Duration::from_millis(1));
        }
        let id = child.id().to_string();
        assert!(play.fixture.command("kill").args([signal, &id]).status().expect("kill runs").success());
        let begun = Instant::now();
        let output = child.wait_with_output().expect("the program ends");
        assert!(begun.elapsed() < Duration::from_secs(20), "{signal}: {output:?}");
        assert_eq!(output.status.code(), Some(2), "{signal}: {output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("interrupted: what came in is kept"), "{output:?}");
        assert!(is_quiet(&written), "{signal}: something goes on");
    }
}

/// A relative folder of the PATH is none of the project's.
#[cfg(unix)]
#[test]
fn no_git_of_the_project_is_run() {
    let play = Play::new(world(1), &[]);
    let written = endless_git(play.fixture.path());
    let path = path_with("programs");
    let output = play.run_env(&["sync", "--part", "git"], &[("PATH", &path)]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(!written.exists(), "it was run");
}

/// A service that has nothing at all of a project is not the one that it should be; one that has something can have lost the rest.
#[test]
fn a_source_that_has_nothing_is_not_believed() {
    let mut world = world(3);
    for krate in world.crates.values_mut() {
        krate.repository = Some("https://codeberg.org/example-team/made-up".to_owned());
    }
    for name in ["made-up-0", "made-up-1", "made-up-2"] {
        world.broken.insert(format!("/crates/api/v1/crates/{name}"), 404);
    }
    let play = Play::new(world, &[]);
    let output = play.sync(&["--part", "crates"]);
    let said = "not told by crates.io: malformed, 6 times; the first: crates.io: it says that there is none of 3 crates that the \
                project has from it: check the address";
    assert!(output.stdout.starts_with("0 facts\n") && output.stdout.contains(said), "{output:?}");
    assert_eq!(play.run(&["sync", "--strict", "--part", "crates"]).code, 2);
    // One of them is there.
    play.world.lock().unwrap().broken.remove("/crates/api/v1/crates/made-up-1");
    let output = play.run(&["sync", "--strict", "--part", "crates"]);
    assert_eq!((output.code, output.stdout.as_str()), (0, "6 facts\n"), "{output:?}");
    let output = play.run(&["sync", "--part", "crates"]);
    assert!(output.stderr.contains("nothing is missing"), "{output:?}");
}

/// A service that lets nobody in, or is down, is not asked about each of thirty repositories.
#[test]
fn a_forge_that_answers_nothing_is_left_alone_within_a_batch_too() {
    for (status, most) in [(401, 6), (503, 30)] {
        let mut world = World::default();
        for number in 0..50 {
            let repository = Some(format!("https://gitlab.com/example-team/made-up-{number}"));
            world.crates.insert(format!("made-up-{number}"), Krate { repository, ..Krate::default() });
        }
        world.broken.insert("/gitlab/api/v4/projects".to_owned(), status);
        let play = Play::new(world, &[]);
        let output = play.sync(&["--part", "forges"]);
        let requests = play.server.requests();
        let projects = requests.iter().filter(|request| request.path.starts_with("/gitlab/api/v4/projects")).count();
        // Three batches, which begin at the same time.
        assert!(projects <= most * 3 / 2, "{status}: {projects}");
        assert!(output.stdout.contains("not told by gitlab.com: not-asked"), "{output:?}");
    }
}
