//! `sync` against a made-up world: what is asked, what is kept, what a report makes of it, and what never leaves the machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use camino::Utf8PathBuf;
use cargo_origin::data::{Data, HostOwner};
use cargo_origin::facts::{Endpoint, Replacement};
use cargo_origin::load::{self, Environment, Input, Selection};
use cargo_origin::source::remote::{Endpoints, Tokens};
use cargo_origin::source::sync::Wanted;
use cargo_origin::{analysis, party};
use serde_json::{Value, json};

use crate::support::PROGRAM;
use crate::world::{Account, Krate, Play, TOKEN, World};

pub(crate) fn krate(owners: &[&str], by: Option<&str>) -> Krate {
    let owners = owners.iter().map(|&owner| owner.to_owned()).collect();
    Krate { owners, by: by.map(str::to_owned), repository: None }
}

pub(crate) fn person(location: &str) -> Account {
    Account { location: Some(location.to_owned()), name: Some("Made Up".to_owned()), ..Account::default() }
}

pub(crate) fn organisation(name: &str, location: &str) -> Account {
    let (name, location) = (Some(name.to_owned()), Some(location.to_owned()));
    Account { organisation: true, name, location, ..Account::default() }
}

fn world() -> World {
    World {
        crates: BTreeMap::from([
            ("made-up-one".to_owned(), krate(&["example-first", "example-second"], Some("example-first"))),
            ("made-up-team".to_owned(), krate(&["github:example-team:core"], Some("example-team/made-up-team"))),
            ("made-up-far".to_owned(), krate(&["example-far"], Some("example-former"))),
        ]),
        accounts: BTreeMap::from([
            ("example-first".to_owned(), person("Berlin")),
            ("example-second".to_owned(), person("Lyon, France")),
            ("example-far".to_owned(), person("Shenzhen, China")),
            ("example-team".to_owned(), organisation("Example Team", "Oslo, Norway")),
        ]),
        listed: vec![(
            "Entity List (EL) - Bureau of Industry and Security",
            "Quixotronic Lathe Works Ltd",
            "Minsk, BY",
        )],
        ..World::default()
    }
}

const PRIVATE: [(&str, &str); 3] = [
    ("secret-of-registry", "registry+https://index.secret-registry.example/index"),
    (
        "secret-of-git",
        "git+https://git.secret-host.example/secret-team/secret-repo#0123456789012345678901234567890123456789",
    ),
    ("secret-of-path", "path"),
];

pub(crate) fn claims<'a>(package: &'a Value, facet: &str) -> Vec<&'a Value> {
    package["facets"][facet]["claims"].as_array().expect("claims").iter().collect()
}

#[test]
fn who_can_publish_is_asked_and_where_they_are() {
    let play = Play::new(world(), &[]);
    let before = play.package("made-up-one", &[]);
    assert_eq!(before["facets"]["publisher"]["origin"]["kind"], "unknown");
    let output = play.sync(&[]);
    assert!(output.stderr.contains("crates.io: owners of crates, 3, 3 requests"), "{output:?}");

    let one = play.package("made-up-one", &[]);
    let publisher = &one["facets"]["publisher"];
    assert_eq!(publisher["origin"]["kind"], "several", "{publisher:#}");
    assert_eq!(publisher["origin"]["countries"], json!(["DE", "FR"]));
    assert_eq!(publisher["origin"]["reason"], "each of these, of several who can publish", "there are no others");
    let kinds: Vec<&str> = claims(&one, "publisher").iter().filter_map(|claim| claim["kind"].as_str()).collect();
    assert_eq!(kinds, ["profile-location", "profile-location", "organisation-profile", "published-by"]);
    let first = claims(&one, "publisher")[0];
    assert_eq!(first["observed"], "2026-11-23");
    assert!(first["statement"].as_str().is_some_and(|text| text.contains("“Berlin”")), "{first:#}");
    assert_eq!(
        (&one["facets"]["steward"]["origin"]["kind"], &one["facets"]["steward"]["origin"]["countries"]),
        (&json!("country"), &json!(["NO"]))
    );

    let team = play.package("made-up-team", &[]);
    assert_eq!(team["facets"]["publisher"]["origin"]["countries"], json!(["NO"]), "{:#}", team["facets"]["publisher"]);
    let text = claims(&team, "publisher").iter().map(|claim| claim["statement"].to_string()).collect::<String>();
    assert!(text.contains("trusted publishing"), "{text}");

    let far = play.package("made-up-far", &[]);
    let text = claims(&far, "publisher").iter().map(|claim| claim["statement"].to_string()).collect::<String>();
    assert!(text.contains("which is none of its owners"), "{text}");
}

/// The index tells when, and is asked in place of the API where that is enough.
#[test]
fn versions_come_from_the_index_where_that_is_enough() {
    let play = Play::new(world(), &[]);
    play.sync(&["--part", "crates", "--without-publishers"]);
    assert_eq!(play.asked(), BTreeMap::from([("crates".to_owned(), 3), ("index".to_owned(), 3)]));
    let package = play.package("made-up-one", &[]);
    let claims = claims(&package, "publisher");
    let published = claims.iter().find(|claim| claim["kind"] == "published-by").expect("when it was published");
    assert_eq!(published["statement"], "this version was published on 2026-01-02; the source does not say by whom");
}

/// Accounts that are renamed, deleted, programs, teams, or say that they work somewhere.
#[test]
fn odd_accounts_are_told_apart() {
    let mut world = world();
    let owners = ["example-renamed", "example-deleted", "example-employed", "github:example-team:core"];
    world.crates.insert("made-up-odd".to_owned(), krate(&owners, None));
    let renamed = Account { renamed: Some("example-new".to_owned()), ..person("Lima") };
    world.accounts.insert("example-renamed".to_owned(), renamed);
    let employed = Account { company: Some("@kaspersky".to_owned()), ..person("the moon") };
    world.accounts.insert("example-employed".to_owned(), employed);
    let play = Play::new(world, &[]);
    play.sync(&[]);
    let package = play.package("made-up-odd", &[]);
    let text: Vec<String> = claims(&package, "publisher").iter().map(|claim| claim["statement"].to_string()).collect();
    let text = text.join("\n");
    for said in [
        "github.com/example-renamed, now called github.com/example-new, may publish it; its profile says “Lima”",
        "github.com/example-deleted may publish it, an account that the forge no longer knows",
        "its profile says “the moon”, which names no country",
        "the team core of github.com/example-team, whose members are not shown, may publish it; its profile says “Oslo, Norway”",
        "names “@kaspersky” as company",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert_eq!(package["facets"]["publisher"]["origin"]["countries"], json!(["NO", "PE"]));
    // Where somebody works settles nothing.
    let report = play.run(&["--format", "json"]).json();
    let exposures = report["exposures"].as_array().expect("exposures").iter();
    let odd: Vec<&Value> = exposures.filter(|exposure| exposure["package"] == "made-up-odd@1.0.0").collect();
    assert!(!odd.is_empty() && odd.iter().all(|exposure| exposure["grade"] == "possible"), "{odd:#?}");
}

/// Each forge is asked about its own, in its own way, and a host that is none is asked nothing.
#[test]
fn every_forge_is_asked_about_its_own() {
    let mut world = World::default();
    for (name, repository) in [
        ("made-up-hub", "https://github.com/example-team/a"),
        ("made-up-lab", "https://gitlab.com/example-team/b"),
        ("made-up-berg", "https://codeberg.org/example-team/c"),
        ("made-up-hut", "https://git.sr.ht/~example-team/d"),
        ("made-up-gist", "https://gist.github.com/example-team/e"),
        ("made-up-own", "https://git.nowhere.example/example-team/f"),
    ] {
        world.crates.insert(name.to_owned(), Krate { repository: Some(repository.to_owned()), ..Krate::default() });
    }
    let play = Play::new(world, &[]);
    let output = play.sync(&["--part", "forges"]);
    let paths: Vec<String> = play.server.requests().into_iter().map(|request| request.path).collect();
    for asked in ["/github/graphql", "/gitlab/api/v4/projects/example-team%2Fb", "/forgejo/api/v1/repos/example-team/c"]
    {
        assert!(paths.iter().any(|path| path.starts_with(asked)), "{asked} of {paths:?}");
    }
    // It answers nobody without a token, and is not asked.
    assert!(output.stdout.contains("not told by sr.ht: not-allowed, 2 times"), "{output:?}");
    assert!(!paths.iter().any(|path| path.starts_with("/sourcehut")), "{paths:?}");
    let sent: String = play.server.requests().iter().map(crate::server::Request::whole).collect();
    assert!(!sent.contains("\"e\"") && !sent.contains("nowhere"), "{sent}");
}

/// A repository that has moved: the owner there counts where the register knows it, and else it is said.
#[test]
fn a_repository_that_moved_is_followed_or_told() {
    let mut world = world();
    world.moved.insert("example-team/made-up-one".to_owned(), "tokio-rs/made-up-one".to_owned());
    world.moved.insert("example-team/made-up-far".to_owned(), "example-stranger/made-up-far".to_owned());
    let play = Play::new(world, &[]);
    play.sync(&[]);
    let one = play.package("made-up-one", &[]);
    assert_eq!(one["facets"]["steward"]["party"]["kind"], "vendor", "{:#}", one["facets"]["steward"]);
    let report = play.run(&["--format", "json"]).json();
    let gaps = report["gaps"].as_array().expect("gaps");
    let moved = gaps.iter().find(|gap| gap["kind"] == "repository-moved").expect("it is said");
    assert_eq!(moved["packages"], json!(["made-up-far@1.0.0"]));
    assert!(moved["detail"].as_str().is_some_and(|text| text.contains("github.com/example-stranger/made-up-far")));
}

/// Rules about those who can publish, and about how old what was fetched is.
#[test]
fn the_gate_knows_publishers_and_ages() {
    let mut world = world();
    // The registry has it as a user; the forge knows that it is an organisation.
    world.crates.insert("made-up-turned".to_owned(), krate(&["example-turned"], None));
    world.accounts.insert("example-turned".to_owned(), organisation("Example Turned", "Oslo"));
    let play = Play::new(world, &[]);
    play.sync(&["--list", "us-csl"]);
    let rules = |text: &str, args: &[&str]| -> Vec<String> {
        play.fixture.file("origin.toml", text);
        let output = play.run(&[&["check", "--config", "origin.toml", "--format", "json"], args].concat());
        let report = output.json();
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().map(|finding| format!("{} {}", finding["rule"], finding["reasons"])).collect()
    };
    let holds = |found: &[String], said: &str| found.iter().any(|text| text.contains(said));
    let one = rules("[rules]\nbus-factor = { level = \"deny\", max-publishers = 1 }\n", &[]);
    assert!(holds(&one, "made-up-far: one account alone can publish it"), "{one:#?}");
    assert!(["one", "team", "turned"].iter().all(|name| !holds(&one, &format!("made-up-{name}:"))), "{one:#?}");
    let banned = rules("[[ban]]\naccount = \"github.com/example-second\"\nreason = \"made up\"\n", &[]);
    assert!(holds(&banned, "github.com/example-second, which is banned, may publish made-up-one"), "{banned:#?}");
    assert!(!holds(&rules("", &[]), "stale-evidence"));
    let later = rules("", &["--as-of", "2027-06-01"]);
    assert!(holds(&later, "who may publish 4 packages was asked more than 90 days ago"), "{later:#?}");
    assert!(holds(&later, "the list us-csl is of 2026-11-23"), "{later:#?}");
    let report = play.run(&["--format", "json", "--as-of", "2027-06-01"]).json();
    assert_eq!(report["lists"][0]["stale"], true);
    let package = play.package("made-up-one", &["--as-of", "2027-06-01"]);
    assert_eq!(claims(&package, "publisher")[0]["stale"], true);
    assert_eq!(report["fetched"], json!({ "from": "2026-11-23", "to": "2026-11-23" }));
}

/// Each of those who can publish can do it alone.
#[test]
fn one_of_those_who_can_publish_is_enough_for_exposure() {
    let mut world = world();
    world.crates.insert("made-up-one".to_owned(), krate(&["example-first", "example-second", "example-far"], None));
    world.accounts.insert("example-either".to_owned(), person("Vladivostok / Tokyo"));
    world.crates.insert("made-up-two".to_owned(), krate(&["example-far", "example-either"], None));
    let play = Play::new(world, &[]);
    play.sync(&[]);
    let report = play.run(&["--format", "json"]).json();
    let exposures = report["exposures"].as_array().expect("exposures");
    let one = exposures
        .iter()
        .find(|exposure| exposure["package"] == "made-up-one@1.0.0" && exposure["programme"] == "us-icts-adversaries")
        .expect("it is exposed");
    assert_eq!((&one["facet"], &one["grade"]), (&json!("publisher"), &json!("publisher")));
    assert_eq!(one["because"], "1 of 3 who can publish is in CN");
    assert!(one["probability"].as_f64().is_some_and(|of| of > 0.6 && of < 0.8), "{one:#}");
    let two = exposures
        .iter()
        .find(|exposure| exposure["package"] == "made-up-two@1.0.0" && exposure["programme"] == "us-icts-adversaries")
        .expect("it is exposed");
    assert_eq!(two["because"], "1 of 2 who can publish is in CN", "whoever may be elsewhere is not in it: {two:#}");
}

#[test]
fn a_second_run_asks_for_nothing_and_a_refresh_for_everything() {
    let play = Play::new(world(), &[]);
    play.sync(&[]);
    let first = play.asked();
    let output = play.sync(&[]);
    // Lists that could not be fetched are asked for again.
    let second: BTreeMap<_, _> =
        play.asked().into_iter().filter(|(service, _)| !service.starts_with("lists-")).collect();
    assert!(first.iter().filter(|(service, _)| !service.starts_with("lists-")).eq(&second), "{output:?}");
    play.sync(&["--refresh", "--part", "crates"]);
    assert_eq!(play.asked()["crates"], 2 * first["crates"]);
}

#[test]
fn only_what_is_asked_for_is_asked() {
    let play = Play::new(world(), &[]);
    let output = play.sync(&["--dry-run"]);
    assert!(output.stderr.contains("github.com: repositories, 3, 1 request,"), "{output:?}");
    assert!(play.asked().is_empty(), "{:?}", play.asked());
    play.sync(&["--part", "lists", "--list", "us-csl"]);
    assert_eq!(play.asked().into_keys().collect::<Vec<_>>(), ["lists-us-csl"]);
    let output = play.run(&["sync", "--list", "made-up"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("no list `made-up` is configured"), "{output:?}");
}

/// The requests for a thousand packages: two a crate of a registry that answers one at a time, and one a batch of a forge.
#[test]
fn a_thousand_packages_take_as_many_requests_as_there_are_batches() {
    let mut world = World::default();
    for number in 0..1000 {
        let login = format!("example-{}", number % 400);
        world.crates.insert(format!("made-up-{number}"), krate(&[&login], Some(&login)));
        world.accounts.insert(login, person("Lima, Peru"));
    }
    world.accounts.insert("example-team".to_owned(), organisation("Example Team", "Quito"));
    let play = Play::new(world, &[]);
    play.sync(&["--crates-from", "api", "--part", "crates", "--part", "forges"]);
    // 1,000 repositories are 20 batches of 50, the 401 accounts nine.
    assert_eq!(play.asked(), BTreeMap::from([("crates".to_owned(), 2000), ("github".to_owned(), 29)]));
    let output = play.sync(&["--crates-from", "api", "--part", "crates", "--part", "forges"]);
    assert!(output.stderr.contains("nothing is missing"), "{output:?}");
    assert_eq!(play.asked()["crates"], 2000);
}

/// Everything that a run writes anywhere, and everything that it sends.
#[test]
fn tokens_private_names_and_the_home_folder_are_nowhere() {
    let mut world = world();
    world.broken.insert("/index".to_owned(), 500);
    world.broken.insert("/lists-un-sc".to_owned(), 403);
    let play = Play::new(world, &PRIVATE);
    let mut outputs = vec![play.sync(&["--verbose"])];
    play.world.lock().unwrap().broken.insert("/github".to_owned(), 401);
    outputs.push(play.sync(&["--refresh", "--verbose", "--without-publishers"]));
    outputs.push(play.run(&["store", "stats"]));
    outputs.push(play.run(&["--format", "json"]));
    outputs.push(play.run(&["explain", "made-up-one"]));
    outputs.push(play.run(&["check"]));
    let home = play.fixture.path().to_str().expect("the folder is UTF-8").to_owned();
    for output in &outputs {
        for stream in [&output.stdout, &output.stderr] {
            assert!(!stream.contains(TOKEN), "{stream}");
            assert!(!stream.contains(&home), "{stream}");
        }
    }
    let requests = play.server.requests();
    assert!(requests.len() > 10, "{}", requests.len());
    for request in &requests {
        let whole = request.whole();
        assert!(!whole.contains("secret"), "{whole}");
        assert!(!whole.contains(&home), "{whole}");
        let authorised = request.headers.get("authorization");
        assert_eq!(authorised.is_some(), request.path.starts_with("/github/"), "{whole}");
        let rest = whole.replace(&format!("Bearer {TOKEN}"), "");
        assert!(!rest.contains(TOKEN), "{whole}");
    }
    assert!(requests.iter().any(|request| request.path.starts_with("/github/")));
    let mut files = 0;
    each_file(play.fixture.path(), &mut |path, bytes| {
        files += 1;
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(TOKEN), "{}", path.display());
        let given =
            ["metadata.json", "sources.toml"].contains(&path.file_name().and_then(|name| name.to_str()).unwrap_or(""));
        assert!(given || !(holds("secret") || holds(&home)), "{}", path.display());
    });
    assert!(files > 3, "the store and the cache were looked at");
}

fn each_file(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        match entry.path() {
            path if path.is_dir() => each_file(&path, look),
            path => look(&path, &fs::read(&path).expect("a file")),
        }
    }
}

/// An index that nobody knows in the place of crates.io can hold private crates; a mirror that is known, and a copy, cannot.
#[test]
fn crates_behind_an_unknown_mirror_are_not_asked_about() {
    let play = Play::new(world(), &PRIVATE);
    let data = Data::embedded().unwrap();
    let text = play.fixture.path().join("metadata.json");
    let input = Input::MetadataFile(Utf8PathBuf::from_path_buf(text).unwrap(), Selection::default());
    let mut loaded = load::load(&input, &Environment::default()).unwrap();
    let repositories = party::repositories(&loaded.graph, &loaded.manifests, &data);
    let names = ["made-up-far", "made-up-one", "made-up-team"].map(str::to_owned);
    let mut wanted = |end: Option<Endpoint>| {
        let reference = "made up".to_owned();
        loaded.channel.replacements = end
            .into_iter()
            .map(|end| ("crates-io".to_owned(), Replacement { end, reference: reference.clone() }))
            .collect();
        analysis::wanted(&loaded, &repositories, &data, &Endpoints::public(&Tokens::default()))
    };
    let plain = wanted(None);
    assert_eq!(plain.crates, names.clone().into());
    assert!(plain.repositories.iter().all(|path| path.starts_with("github.com/example-team/")), "{plain:?}");
    assert_eq!(wanted(Some(Endpoint::Directory("vendor".to_owned()))), plain);
    let known =
        data.tables.registries.iter().find(|registry| registry.id == "rsproxy").expect("a mirror that is known");
    assert_eq!(wanted(Some(Endpoint::Registry(known.urls[0].to_owned()))), plain);
    let unknown = Endpoint::Registry("sparse+https://index.secret-registry.example/".to_owned());
    assert_eq!(wanted(Some(unknown)), Wanted::default());
}

/// A lock file alone does not say what stands in the place of crates.io.
#[test]
fn a_lock_file_is_taken_by_its_word() {
    let play = Play::new(world(), &[]);
    play.fixture.file(
        "project/Cargo.toml",
        "[package]\nname = \"acme\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n",
    );
    play.fixture.file("project/src/lib.rs", "");
    let lock = crate::support::lock(&[
        ("acme", "0.1.0", "", &["made-up-one"]),
        ("made-up-one", "1.0.0", crate::support::CRATES_IO, &[]),
    ]);
    play.fixture.file("project/Cargo.lock", lock);
    let args = [
        "sync",
        "--lockfile",
        "project/Cargo.lock",
        "--store",
        "s.sqlite",
        "--sources",
        "sources.toml",
        "--part",
        "crates",
    ];
    let output = play.fixture.run_env(&args, &[("CARGO_NET_OFFLINE", "false"), ("EXAMPLE_TOKEN", TOKEN)]);
    // A lock file alone does not read configuration, so there it is asked.
    assert_eq!((output.code, play.asked().get("crates")), (0, Some(&2)), "{output:?}");
}

#[test]
fn what_fails_is_a_gap_and_the_rest_goes_on() {
    let mut world = world();
    world.broken.insert("/crates/api/v1/crates/made-up-far".to_owned(), 403);
    let play = Play::new(world, &[]);
    let output = play.sync(&["--part", "crates", "--part", "forges"]);
    assert!(output.stdout.contains("not told by crates.io: not-allowed, 2 times"), "{output:?}");
    let report = play.run(&["--format", "json"]).json();
    let gaps = report["gaps"].as_array().expect("gaps");
    let failed: Vec<&Value> = gaps.iter().filter(|gap| gap["kind"] == "source-failed").collect();
    assert_eq!(failed.len(), 2, "{gaps:#?}");
    for (gap, asked) in failed.iter().zip(["owners", "versions"]) {
        assert_eq!(gap["packages"], json!(["made-up-far@1.0.0"]), "{gap:#}");
        let said = format!("crates.io, asked for {asked}, wants a token, or another one (on 2026-11-23)");
        assert_eq!(gap["detail"], said);
    }
    assert_eq!(play.package("made-up-one", &[])["facets"]["publisher"]["origin"]["kind"], "several");
    let output = play.run(&["sync", "--strict", "--part", "crates"]);
    assert_eq!(output.code, 2, "{output:?}");
    // Once it works again, the gap is gone.
    play.world.lock().unwrap().broken.clear();
    let output = play.run(&["sync", "--strict", "--part", "crates"]);
    assert_eq!(output.code, 0, "{output:?}");
    let report = play.run(&["--format", "json"]).json();
    assert!(
        report["gaps"].as_array().expect("gaps").iter().all(|gap| gap["kind"] != "source-failed"),
        "{:#}",
        report["gaps"]
    );
}

/// A service that is down is not asked a thousand times.
#[test]
fn a_source_that_fails_again_and_again_is_left_alone() {
    let mut world = World::default();
    for number in 0..40 {
        world.crates.insert(format!("made-up-{number}"), krate(&["example-first"], None));
    }
    world.broken.insert("/crates".to_owned(), 403);
    let play = Play::new(world, &[]);
    let output = play.sync(&["--part", "crates"]);
    // Three in a row of each of the two questions, and those that were under way.
    assert!(play.asked()["crates"] <= 14, "{:?}", play.asked());
    assert!(output.stdout.contains("not told by crates.io: not-asked"), "{output:?}");
}

/// People move: what was said before is kept with its days.
#[test]
fn a_move_is_history() {
    let play = Play::new(world(), &[]);
    play.sync(&[]);
    play.world.lock().unwrap().accounts.insert("example-far".to_owned(), person("Singapore"));
    // Sixty days later.
    let later = [("SOURCE_DATE_EPOCH", "1800576000")];
    let output = play.run_env(&["sync"], &later);
    assert_eq!(output.code, 0, "{output:?}");
    let on = |day: &str| {
        let package = play.package("made-up-far", &["--as-of", day]);
        package["facets"]["publisher"]["origin"]["countries"].clone()
    };
    assert_eq!(on("2026-11-24"), json!(["CN"]));
    assert_eq!(on("2027-01-21"), json!(["CN"]));
    assert_eq!(on("2027-01-22"), json!(["SG"]));
    let package = play.package("made-up-far", &["--as-of", "2026-12-01"]);
    assert_eq!(claims(&package, "publisher")[0]["until"], "2027-01-22");
}

/// An account of one person that became an organisation's was a person's before.
#[test]
fn what_kind_an_account_was_is_history_too() {
    let mut world = world();
    let at = Some("https://github.com/example-first/made-up-solo".to_owned());
    world.crates.insert("made-up-solo".to_owned(), Krate { repository: at, ..krate(&["example-first"], None) });
    world.archived.insert("example-first/made-up-solo".to_owned());
    let play = Play::new(world, &[]);
    play.sync(&["--part", "crates", "--part", "forges"]);
    let now = organisation("Example First", "Oslo, Norway");
    play.world.lock().unwrap().accounts.insert("example-first".to_owned(), now);
    let later = [("SOURCE_DATE_EPOCH", "1800576000")];
    assert_eq!(play.run_env(&["sync", "--part", "crates", "--part", "forges"], &later).code, 0);
    let on = |day: &str| play.package("made-up-solo", &["--as-of", day])["facets"]["steward"]["origin"].clone();
    assert_eq!(on("2026-12-01")["kind"], "no-seat");
    let before = play.package("made-up-solo", &["--as-of", "2026-12-01"]);
    let said = claims(&before, "steward")[0]["statement"].as_str().unwrap_or_default();
    assert!(said.contains("made-up-solo, which its forge has archived, belongs to"), "{said}");
    assert_eq!((&on("2027-01-22")["kind"], &on("2027-01-22")["countries"]), (&json!("country"), &json!(["NO"])));
}

#[test]
fn only_an_exact_name_on_a_list_is_a_finding() {
    let mut world = world();
    let named = organisation("Quixotronic Lathe Works", "Minsk, Belarus");
    world.accounts.insert("example-team".to_owned(), named);
    let play = Play::new(world, &[]);
    play.sync(&["--list", "us-csl"]);
    let grades = |play: &Play| -> Vec<(String, String)> {
        let report = play.run(&["--format", "json"]).json();
        let exposures = report["exposures"].as_array().expect("exposures").clone();
        let of_list = exposures
            .iter()
            .filter(|exposure| exposure["because"].as_str().is_some_and(|because| because.starts_with("list-match")));
        of_list.map(|exposure| (exposure["programme"].to_string(), exposure["grade"].to_string())).collect()
    };
    let exact = grades(&play);

    assert_eq!(exact.len(), 3, "{exact:?}");
    assert!(exact.iter().all(|(_, grade)| grade == "\"named\""), "{exact:?}");

    play.world
        .lock()
        .unwrap()
        .accounts
        .insert("example-team".to_owned(), organisation("Quixotronic Lathe", "Minsk, Belarus"));
    play.sync(&["--refresh", "--list", "us-csl"]);
    let near = grades(&play);
    assert!(!near.is_empty() && near.iter().all(|(_, grade)| grade == "\"possible\""), "{near:?}");
    let package = play.package("made-up-one", &[]);
    let text: String = claims(&package, "steward").iter().map(|claim| claim["statement"].to_string()).collect();
    assert!(text.contains("for review"), "{text}");
}

/// Each of those who can publish is held against lists on their own: a name that is like one hides none that is the very same.
#[test]
fn each_of_those_who_can_publish_is_looked_for_on_lists() {
    let mut world = world();
    world.accounts.insert("example-team".to_owned(), organisation("Quixotronic Lathe", "Minsk, Belarus"));
    world.accounts.insert("example-works".to_owned(), organisation("Quixotronic Lathe Works", "Minsk, Belarus"));
    let both = ["github:example-team:core", "github:example-works:core"];
    world.crates.insert("made-up-both".to_owned(), krate(&both, None));
    // One of the register, beside a person: under no programme.
    let data = Data::embedded().unwrap();
    let HostOwner::Vendor(vendor) = data.owner_of("github.com/rust-lang") else { panic!("it is in the register") };
    let name = data.vendor(vendor).name;
    world.crates.insert("made-up-vendor".to_owned(), krate(&["github:rust-lang:core", "example-first"], None));
    world.listed.push(("Military End User (MEU) List - Bureau of Industry and Security", name, "Dover, US"));
    let play = Play::new(world, &[]);
    play.sync(&["--list", "us-csl"]);
    let package = play.package("made-up-both", &[]);
    let of_list = claims(&package, "publisher").into_iter().filter(|claim| claim["kind"] == "list-match");
    let said: Vec<&str> = of_list.filter_map(|claim| claim["statement"].as_str()).collect();
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said.iter().any(|text| text.contains("“Quixotronic Lathe Works” is on the list")), "{said:#?}");
    let report = play.run(&["check", "--deny", "listed-name", "--format", "json"]).json();
    let findings = report["findings"].as_array().expect("findings").iter();
    let named: Vec<&Value> = findings.filter(|finding| finding["rule"] == "listed-name").collect();
    assert_eq!(named.len(), 1, "{named:#?}");
    assert!(named[0]["reasons"].to_string().contains("made-up-vendor"), "{named:#?}");
    let report = play.run(&["--format", "json"]).json();
    let exposures = report["exposures"].as_array().expect("exposures").iter();
    let mut both = exposures.filter(|exposure| {
        exposure["package"] == "made-up-both@1.0.0"
            && exposure["because"].as_str().is_some_and(|because| because.starts_with("list-match"))
    });
    assert!(both.any(|exposure| exposure["grade"] == "named" && exposure["facet"] == "publisher"));
}

/// A part of a list that no programme here stands for is on the list all the same.
#[test]
fn a_name_on_a_list_without_a_programme_is_a_finding_too() {
    let mut world = world();
    world.listed[0].0 = "Military End User (MEU) List - Bureau of Industry and Security";
    world.accounts.insert("example-team".to_owned(), organisation("Quixotronic Lathe Works", "Minsk, Belarus"));
    let play = Play::new(world, &[]);
    play.sync(&["--list", "us-csl"]);
    let report = play.run(&["check", "--deny", "listed-name", "--format", "json"]);
    assert_eq!(report.code, 1, "{report:?}");
    let report = report.json();
    let findings = report["findings"].as_array().expect("findings").iter();
    let named: Vec<&Value> = findings.filter(|finding| finding["rule"] == "listed-name").collect();
    assert_eq!(named.len(), 3, "{named:#?}");
    assert!(named[0]["reasons"].to_string().contains("Military End User"), "{named:#?}");
}

/// Persons are held against lists only where the user asks for it, and then for review.
#[test]
fn persons_are_not_matched_unless_it_is_asked_for() {
    let mut world = world();
    world.accounts.insert(
        "example-far".to_owned(),
        Account { name: Some("Quentin Madeupson".to_owned()), ..person("Minsk, Belarus") },
    );
    world.listed.push((
        "Specially Designated Nationals (SDN) - Treasury Department",
        "MADEUPSON, Quentin",
        "Minsk, BY",
    ));
    world.persons.insert("MADEUPSON, Quentin".to_owned());
    let play = Play::new(world, &[]);
    let of_list = |args: &[&str]| -> Vec<String> {
        let package = play.package("made-up-far", args);
        let claims = claims(&package, "publisher");
        let of_list = claims.iter().filter(|claim| claim["kind"] == "list-match");
        of_list.map(|claim| claim["statement"].to_string()).collect()
    };
    play.sync(&["--list", "us-csl"]);
    let holds = |text: &str| {
        let bytes = fs::read(play.fixture.path().join("store.sqlite")).expect("the store");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    assert!(!holds("Madeupson") && !holds("MADEUPSON"), "neither the name of the account nor the entry is kept");
    assert_eq!(of_list(&[]), [] as [&str; 0]);
    assert_eq!(of_list(&["--match-persons"]), [] as [&str; 0]);
    play.sync(&["--refresh", "--list", "us-csl", "--match-persons"]);
    assert_eq!(of_list(&[]), [] as [&str; 0]);
    let found = of_list(&["--match-persons"]);
    assert!(found.len() == 1 && found[0].contains("Quentin Madeupson"), "{found:?}");
    let report = play.run(&["--format", "json", "--match-persons"]).json();
    let exposures = report["exposures"].as_array().expect("exposures");
    let far = exposures
        .iter()
        .filter(|exposure| exposure["because"].as_str().is_some_and(|text| text.starts_with("list-match")));
    let grades: Vec<&str> = far.filter_map(|exposure| exposure["grade"].as_str()).collect();
    assert_eq!(grades, ["possible"]);
}

/// A list that is cut off does not take the place of a whole one.
#[test]
fn a_broken_list_leaves_the_one_before() {
    let play = Play::new(world(), &[]);
    play.sync(&["--part", "lists", "--list", "us-csl"]);
    let before = play.run(&["store", "stats", "--format", "json"]).json();
    play.world.lock().unwrap().listed.clear();
    let output = play.sync(&["--part", "lists", "--list", "us-csl", "--refresh"]);
    assert!(output.stdout.contains("not told by us-csl"), "{output:?}");
    let after = play.run(&["store", "stats", "--format", "json"]).json();
    assert_eq!(before["lists"], after["lists"]);
    assert_eq!(before["lists"][0]["entries"], 1, "{before:#}");
}

/// A list that ends between two rows looks whole: one that lost more than half of its entries is not believed.
#[test]
fn a_list_of_less_than_half_leaves_the_one_before() {
    let mut world = world();
    let part = "Entity List (EL) - Bureau of Industry and Security";
    for name in ["Made Up Works", "Made Up Trading", "Made Up Semantics", "Made Up Institute"] {
        world.listed.push((part, name, "Minsk, BY"));
    }
    let play = Play::new(world, &[]);
    let lists = || play.run(&["store", "stats", "--format", "json"]).json()["lists"].clone();
    play.sync(&["--part", "lists", "--list", "us-csl"]);
    assert_eq!(lists()[0]["entries"], 5);
    play.world.lock().unwrap().listed.truncate(2);
    let later = ["sync", "--part", "lists", "--list", "us-csl"];
    let output = play.run_env(&later, &[("SOURCE_DATE_EPOCH", "1796000000")]);
    assert!(output.stdout.contains("not told by us-csl"), "{output:?}");
    assert_eq!(lists()[0]["entries"], 5);
    let report = play.run(&["--format", "json"]).json();
    let gaps = report["gaps"].to_string();
    assert!(gaps.contains("has 2 entries, and the list from before has 5"), "{gaps}");
    assert!(gaps.contains("`cargo origin sync --refresh --list us-csl` takes it"), "{gaps}");
    play.sync(&["--part", "lists", "--list", "us-csl", "--refresh"]);
    assert_eq!(lists()[0]["entries"], 2);
}

/// A list of another address is another list: neither is it fresh, nor is it asked whether it has changed since.
#[test]
fn a_list_of_another_address_is_asked_for_anew() {
    let mut world = world();
    // A list of which no person was left out is asked for whole in any case.
    world.listed.push(("Entity List (EL) - Bureau of Industry and Security", "Made Up Person", "Minsk, BY"));
    world.persons.insert("Made Up Person".to_owned());
    let play = Play::new(world, &[]);
    let run = || play.sync(&["--part", "lists", "--list", "us-csl"]);
    run();
    run();
    assert_eq!(play.asked()["lists-us-csl"], 1, "it is fresh");
    let text = fs::read_to_string(play.fixture.path().join("sources.toml")).unwrap();
    play.fixture.file("sources.toml", text.replace("/lists-us-csl\"", "/lists-us-csl?token=secret-token\""));
    run();
    assert_eq!(play.asked()["lists-us-csl"], 2);
    run();
    assert_eq!(play.asked()["lists-us-csl"], 2, "it is fresh");
    let later = ["sync", "--part", "lists", "--list", "us-csl"];
    let validators = || -> Vec<bool> {
        play.server.requests().iter().map(|request| request.headers.contains_key("if-none-match")).collect()
    };
    play.run_env(&later, &[("SOURCE_DATE_EPOCH", "1796000000")]);
    play.fixture.file("sources.toml", &text);
    play.run_env(&later, &[("SOURCE_DATE_EPOCH", "1796000000")]);
    assert_eq!(validators(), [false, false, true, false]);
    let export = zstd::decode_all(play.export().as_slice()).unwrap();
    assert!(!String::from_utf8_lossy(&export).contains("secret-token"));
}

/// Names that another version has written are said to be so, used, and taken up anew.
#[test]
fn a_list_of_another_normal_form_is_a_gap_and_asked_for_anew() {
    let mut world = world();
    world.accounts.insert("example-team".to_owned(), organisation("Quixotronic Lathe Works", "Minsk, Belarus"));
    let play = Play::new(world, &[]);
    play.sync(&["--list", "us-csl"]);
    let gaps = || play.run(&["--format", "json"]).json()["gaps"].to_string();
    assert!(!gaps().contains("another version"), "{}", gaps());
    let store = rusqlite::Connection::open(play.fixture.path().join("store.sqlite")).unwrap();
    store.execute_batch("UPDATE list SET normal_form = normal_form - 1").unwrap();
    drop(store);
    let said = gaps();
    assert!(said.contains("the list us-csl was taken up by another version of cargo-origin"), "{said}");
    assert!(said.contains("`cargo origin sync --list us-csl`"), "{said}");
    let package = play.package("made-up-team", &[]);
    assert!(claims(&package, "steward").iter().any(|claim| claim["kind"] == "list-match"), "it is used");
    play.sync(&["--part", "lists", "--list", "us-csl"]);
    assert_eq!(play.asked()["lists-us-csl"], 2);
    assert!(!gaps().contains("another version"), "{}", gaps());
}

/// An entry that is under several programmes counts for each of them.
#[test]
fn an_entry_under_several_programmes_counts_for_all() {
    let mut world = world();
    world.programs = "CMIC-EO13959";
    world.accounts.insert("example-team".to_owned(), organisation("Quixotronic Lathe Works", "Minsk, Belarus"));
    let play = Play::new(world, &[]);
    play.sync(&["--list", "us-csl"]);
    let report = play.run(&["--format", "json"]).json();
    let exposures = report["exposures"].as_array().expect("exposures").iter();
    let named =
        exposures.filter(|exposure| exposure["grade"] == "named" && exposure["package"] == "made-up-team@1.0.0");
    let mut programmes: Vec<&str> = named.filter_map(|exposure| exposure["programme"].as_str()).collect();
    programmes.sort_unstable();
    programmes.dedup();
    assert_eq!(programmes, ["us-bis-entity-list", "us-ns-cmic"]);
    let package = play.package("made-up-team", &[]);
    let text: String = claims(&package, "steward").iter().map(|claim| claim["statement"].to_string()).collect();
    assert!(text.contains(", under us-bis-entity-list, us-ns-cmic"), "{text}");
}

/// A store made elsewhere answers as the one it was made from.
#[test]
fn a_store_travels() {
    let play = Play::new(world(), &[]);
    play.sync(&[]);
    play.export();
    let imported = play.fixture.run(&["store", "import", "export.zst", "--store", "other.sqlite"]);
    assert_eq!(imported.code, 0, "{imported:?}");
    let report = |store: &str| {
        let args = ["--format", "json", "--metadata-path", "metadata.json", "--store", store];
        play.fixture.run(&args).stdout
    };
    assert_eq!(report("store.sqlite"), report("other.sqlite"));
    assert!(report("store.sqlite").contains("profile-location"));
    let without = play.fixture.run(&[
        "--format",
        "json",
        "--metadata-path",
        "metadata.json",
        "--store",
        "store.sqlite",
        "--no-store",
    ]);
    assert_eq!(without.code, 2, "one of the two");
}

#[test]
fn online_asks_and_then_answers() {
    let play = Play::new(world(), &[]);
    let report = play.run(&["--online", "--format", "json"]);
    assert_eq!(report.code, 0, "{report:?}");
    assert!(report.stdout.contains("profile-location"));
    assert_eq!(play.asked()["crates"], 6);
    let again = play.run(&["--online", "--format", "json"]);
    assert_eq!((again.code, play.asked()["crates"]), (0, 6));
    assert_eq!(report.stdout, again.stdout);
}

#[test]
fn offline_is_obeyed() {
    let play = Play::new(world(), &[]);
    let output = play.run_env(&["sync"], &[("CARGO_NET_OFFLINE", "true")]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("offline"), "{output:?}");
    assert!(play.asked().is_empty());
    let output = play.run(&["sync", "--format", "json"]);
    assert_eq!((output.code, output.stderr.contains("has no --format")), (2, true), "{output:?}");
    let output = play.run(&["sync", "--no-store"]);
    assert_eq!(output.code, 2, "{output:?}");
}

/// A report goes on without a store that cannot be read, and says so.
#[test]
fn a_broken_store_is_a_gap_of_a_report_and_is_set_aside_by_a_run() {
    let play = Play::new(world(), &[]);
    play.fixture.file("store.sqlite", "no database, but long enough to be taken for one by its size".repeat(40));
    let report = play.run(&["--format", "json"]);
    assert_eq!(report.code, 0, "{report:?}");
    assert!(report.stdout.contains("store-unreadable"), "{}", report.stderr);
    let output = play.sync(&[]);
    assert!(output.stderr.contains("was damaged"), "{output:?}");
    assert!(play.run(&["--format", "json"]).stdout.contains("profile-location"));
}

/// Killed at any point, the store opens, and the next run finishes with the content of an undisturbed one.
#[test]
fn a_run_that_is_killed_loses_nothing() {
    // Each world has a server of its own, and a list says from where it is.
    let content = |play: &Play| {
        let lines = zstd::decode_all(play.export().as_slice()).expect("the export is packed");
        String::from_utf8(lines).expect("the export is text").replace(&play.server.base(), "http://server")
    };
    let undisturbed = Play::new(many(), &[]);
    undisturbed.sync(&["--crates-from", "api"]);
    let expected = content(&undisturbed);
    let whole = undisturbed.server.requests().len();
    for point in 0..20 {
        let play = Play::new(many(), &[]);
        // Spread over the whole run, from the first request to the last.
        let after = 1 + point * (whole - 1) / 19;
        let mut child = play
            .fixture
            .command(PROGRAM)
            .args(["sync", "--crates-from", "api", "--metadata-path", "metadata.json", "--store", "store.sqlite"])
            .args(["--sources", "sources.toml"])
            .envs([("CARGO_NET_OFFLINE", "false"), ("EXAMPLE_TOKEN", TOKEN)])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the program starts");
        while play.server.requests().len() < after && child.try_wait().expect("it can be waited for").is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        let output = play.sync(&["--crates-from", "api"]);
        assert!(!output.stderr.contains("was damaged"), "{output:?}");
        assert!(content(&play) == expected, "killed after {after} requests: the content differs");
    }
}

fn many() -> World {
    let mut world = world();
    for number in 0..25 {
        let login = format!("example-{number}");
        world.crates.insert(format!("made-up-{number}"), krate(&[&login, "example-first"], Some(&login)));
        world.accounts.insert(login, person("Accra, Ghana"));
    }
    world
}
