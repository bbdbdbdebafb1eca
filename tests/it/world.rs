//! A made-up world: a project, and every service that a run may ask, played by one local server.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::{Map, Value, json};

use crate::server::{Reply, Request, Server};
use crate::support::{Fixture, Output};

/// The token of every run.
pub(crate) const TOKEN: &str = "made-up-token-0123456789abcdef";

/// A crate of the registry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Krate {
    /// Logins of its owners; `github:org:team` is a team.
    pub(crate) owners: Vec<String>,
    /// Who published its one version: a login, or `owner/repo` by trusted publishing.
    pub(crate) by: Option<String>,
    /// Where its manifest says that it is; below `example-team` if nowhere.
    pub(crate) repository: Option<String>,
}

/// An account of the forge.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) organisation: bool,
    pub(crate) name: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) company: Option<String>,
    /// What it is called now.
    pub(crate) renamed: Option<String>,
}

/// What there is to ask about. A test changes it between two runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) crates: BTreeMap<String, Krate>,
    pub(crate) accounts: BTreeMap<String, Account>,
    /// Where repositories are now, by where they were.
    pub(crate) moved: BTreeMap<String, String>,
    /// Repositories that are archived.
    pub(crate) archived: BTreeSet<String>,
    /// The rows of the consolidated list: source, name, address.
    pub(crate) listed: Vec<(&'static str, &'static str, &'static str)>,
    /// The programme codes of all of them.
    pub(crate) programs: &'static str,
    /// Which of these are persons.
    pub(crate) persons: BTreeSet<String>,
    /// Paths that fail, by their beginning, with a status.
    pub(crate) broken: BTreeMap<String, u16>,
    /// The database dump of the registry.
    pub(crate) dump: Option<Vec<u8>>,
    /// How long every answer takes.
    pub(crate) pause: std::time::Duration,
}

/// A project and its services.
pub(crate) struct Play {
    pub(crate) fixture: Fixture,
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) server: Server,
}

impl Play {
    /// Starts the services of a world. The project has the crates of the world, and what is named besides.
    pub(crate) fn new(world: World, private: &[(&str, &str)]) -> Self {
        let address = |name: &str, krate: &Krate| {
            krate.repository.clone().unwrap_or_else(|| format!("https://github.com/example-team/{name}"))
        };
        let crates: Vec<(String, String)> =
            world.crates.iter().map(|(name, krate)| (name.clone(), address(name, krate))).collect();
        let world = Arc::new(Mutex::new(world));
        let played = Arc::clone(&world);
        let server = Server::start(move |request| {
            let world = played.lock().expect("no test panicked").clone();
            std::thread::sleep(world.pause);
            answer(&world, request)
        });
        let fixture = Fixture::new();
        let packages = crates.iter().map(|(name, repository)| (name.as_str(), REGISTRY, repository.as_str()));
        let private =
            private.iter().map(|(name, source)| (*name, *source, "https://github.com/secret-team/secret-repo"));
        let metadata = metadata(&packages.chain(private).collect::<Vec<_>>());
        fixture.file("metadata.json", metadata.to_string());
        fixture.file("sources.toml", sources(&server.base()));
        Self { fixture, world, server }
    }

    /// Runs a command on the project.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.run_env(args, &[])
    }

    /// The same with more environment.
    pub(crate) fn run_env(&self, args: &[&str], env: &[(&str, &str)]) -> Output {
        let project = ["--metadata-path", "metadata.json", "--sources", "sources.toml"];
        let all = [args, &project].concat();
        let usual = [
            ("CARGO_NET_OFFLINE", "false"),
            ("GH_TOKEN", TOKEN),
            ("EXAMPLE_TOKEN", TOKEN),
            // The place of a store, where one need not be.
            ("CARGO_ORIGIN_STORE", "store.sqlite"),
        ];
        self.fixture.run_env(&all, &[&usual, env].concat())
    }

    /// Runs `sync`, which must succeed.
    pub(crate) fn sync(&self, args: &[&str]) -> Output {
        let output = self.run(&[&["sync"], args].concat());
        assert_eq!(output.code, 0, "{output:?}");
        output
    }

    /// The package of a JSON report.
    pub(crate) fn package(&self, name: &str, args: &[&str]) -> Value {
        let output = self.run(&[&["--format", "json"], args].concat());
        assert_eq!(output.code, 0, "{output:?}");
        let report = output.json();
        let packages = report["packages"].as_array().expect("packages");
        packages.iter().find(|package| package["name"] == name).expect("the package is there").clone()
    }

    /// How often each service was asked, by the first part of the path.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        let mut asked = BTreeMap::new();
        for request in self.server.requests() {
            let service = request.path.split(['/', '?']).nth(1).unwrap_or_default().to_owned();
            *asked.entry(service).or_default() += 1;
        }
        asked
    }

    /// The bytes of an export.
    pub(crate) fn export(&self) -> Vec<u8> {
        let output = self.run(&["store", "export", "export.zst"]);
        assert_eq!(output.code, 0, "{output:?}");
        std::fs::read(self.fixture.path().join("export.zst")).expect("the export")
    }
}

pub(crate) const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A file of sources in which every service is the server.
fn sources(base: &str) -> String {
    let service = |path: &str| format!("url = \"{base}/{path}\"\nper-second = 100000.0\nat-once = 4\n");
    let forge = |host: &str, kind: &str, token: &str| {
        format!("[forges.\"{host}\"]\nkind = \"{kind}\"\n{token}{}", service(kind))
    };
    let list = |id: &str| format!("[lists.{id}]\n{}", service(&format!("lists-{id}")));
    [
        format!("[\"crates.io\"]\n{}", service("crates")),
        format!("[\"static.crates.io\"]\n{}", service("static")),
        format!("[\"index.crates.io\"]\n{}", service("index")),
        forge("github.com", "github", "token-env = \"EXAMPLE_TOKEN\"\n"),
        forge("gitlab.com", "gitlab", ""),
        forge("codeberg.org", "forgejo", ""),
        forge("sr.ht", "sourcehut", ""),
        list("us-csl"),
        list("us-sdn"),
        list("uk-sanctions"),
        list("un-sc"),
        list("eu-fsf"),
    ]
    .join("\n")
}

fn answer(world: &World, request: &Request) -> Reply {
    let path = request.path.split('?').next().unwrap_or_default();
    if let Some((_, status)) = world.broken.iter().find(|(begin, _)| path.starts_with(begin.as_str())) {
        return Reply::status(*status);
    }
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["crates", "api", "v1", "crates", name, "owners"] => match world.crates.get(*name) {
            Some(krate) => Reply::json(&json!({ "users": krate.owners.iter().map(owner).collect::<Vec<_>>() })),
            None => Reply::json(&json!({ "errors": [{ "detail": "Not Found" }] })).with_status(404),
        },
        ["crates", "api", "v1", "crates", name, "versions"] => match world.crates.get(*name) {
            Some(krate) => Reply::json(&json!({ "versions": [version(krate)], "meta": { "next_page": null } })),
            None => Reply::json(&json!({ "errors": [{ "detail": "Not Found" }] })).with_status(404),
        },
        // The index has no word on who published.
        ["index", _, _, name] if world.crates.contains_key(*name) => {
            let line = json!({ "name": name, "vers": "1.0.0", "deps": [], "cksum": "0", "features": {}, "yanked": false,
                "pubtime": "2026-01-02T03:04:05Z" });
            Reply::text(format!("{line}\n")).header("content-type", "text/plain")
        }
        ["github", "graphql"] => graphql(request, |values| match values {
            [login] => world.accounts.get(*login).map(|account| profile(login, account)),
            [owner, name] => Some(repository(world, owner, name)),
            _ => None,
        }),
        ["lists-us-csl"] => csl(world),
        ["static", "db-dump.tar.gz"] => match &world.dump {
            Some(bytes) => Reply::text(bytes.clone()).header("content-type", "application/gzip"),
            None => Reply::status(404),
        },
        _ => Reply::status(404),
    }
}

fn owner(login: &String) -> Value {
    match login.split(':').collect::<Vec<_>>().as_slice() {
        [_, organisation, team] => json!({
            "id": 1, "login": login, "kind": "team", "name": team, "url": format!("https://github.com/{organisation}"),
        }),
        _ => json!({
            "id": 1, "login": login, "kind": "user", "name": "Made Up", "url": format!("https://github.com/{login}"),
        }),
    }
}

fn version(krate: &Krate) -> Value {
    let (by, trusted) = match krate.by.as_deref() {
        Some(repository) if repository.contains('/') => {
            (Value::Null, json!({ "provider": "github", "repository": repository, "run_id": "1", "sha": "0" }))
        }
        Some(login) => (
            json!({ "id": 1, "login": login, "name": "Made Up", "url": format!("https://github.com/{login}") }),
            Value::Null,
        ),
        None => (Value::Null, Value::Null),
    };
    json!({
        "id": 1, "num": "1.0.0", "created_at": "2026-01-02T03:04:05.678901+00:00", "yanked": false,
        "published_by": by, "trustpub_data": trusted,
    })
}

fn profile(login: &str, account: &Account) -> Value {
    json!({
        "__typename": if account.organisation { "Organization" } else { "User" },
        "login": account.renamed.as_deref().unwrap_or(login), "name": account.name,
        "location": account.location, "company": account.company, "isVerified": false, "websiteUrl": null,
    })
}

fn repository(world: &World, owner: &str, name: &str) -> Value {
    let asked = format!("{owner}/{name}");
    let archived = world.archived.contains(&asked);
    let now = world.moved.get(&asked).cloned().unwrap_or(asked);
    let owner = now.split('/').next().unwrap_or_default();
    json!({ "nameWithOwner": now, "isArchived": archived, "owner": { "__typename": "Organization", "login": owner } })
}

/// Answers a GraphQL request: what is asked with which number is told by its variables.
fn graphql(request: &Request, tell: impl Fn(&[&str]) -> Option<Value>) -> Reply {
    let body = request.json();
    let variables = body["variables"].as_object().expect("variables");
    let numbers: BTreeSet<usize> =
        variables.keys().filter_map(|key| key.trim_start_matches(char::is_alphabetic).parse().ok()).collect();
    let mut data = Map::new();
    for number in numbers {
        let values: Vec<&str> = ["login", "owner", "name"]
            .iter()
            .filter_map(|name| variables.get(&format!("{name}{number}"))?.as_str())
            .collect();
        data.insert(format!("q{number}"), tell(&values).unwrap_or(Value::Null));
    }
    Reply::json(&json!({ "data": data }))
}

fn csl(world: &World) -> Reply {
    const HEAD: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids";
    if world.listed.is_empty() {
        return Reply::status(404);
    }
    let rows = world.listed.iter().enumerate().map(|(number, (source, name, address))| {
        let kind = if world.persons.contains(*name) { "Individual" } else { "Entity" };
        let rest = ",\"\"".repeat(21);
        format!(
            "\"made-up-{number}\",\"{source}\",\"\",\"{kind}\",\"{}\",\"{name}\",\"\",\"{address}\"{rest}\n",
            world.programs
        )
    });
    Reply::text(format!("{HEAD}\n{}", rows.collect::<String>()))
        .header("content-type", "text/csv")
        .header("etag", "\"1\"")
}

/// What `cargo metadata` would say of a project that needs these packages: name, source, repository.
fn metadata(packages: &[(&str, &str, &str)]) -> Value {
    let package = |id: &str, name: &str, source: Value, repository: Value, dependencies: Value| {
        json!({
            "name": name, "version": "1.0.0", "id": id, "license": "MIT", "license_file": null, "description": null,
            "source": source, "dependencies": dependencies, "features": {},
            "manifest_path": format!("/made-up/{name}/Cargo.toml"),
            "targets": [{ "kind": ["lib"], "crate_types": ["lib"], "name": name, "edition": "2021", "doc": true,
                "src_path": format!("/made-up/{name}/src/lib.rs"), "doctest": true, "test": true }],
            "metadata": null, "publish": null, "authors": [], "categories": [], "keywords": [], "readme": null,
            "repository": repository, "homepage": null, "documentation": null, "edition": "2021", "links": null,
            "default_run": null, "rust_version": null,
        })
    };
    let id = |name: &str, source: &str| match source {
        "path" => format!("path+file:///made-up/{name}#1.0.0"),
        source => format!("{}#{name}@1.0.0", source.split('#').next().unwrap_or(source)),
    };
    let address = |source: &str| match source {
        "path" => Value::Null,
        source => source.into(),
    };
    let need = |(name, source, _): &(&str, &str, &str)| {
        let path = if *source == "path" { json!(format!("/made-up/{name}")) } else { Value::Null };
        let source = match *source {
            "path" => Value::Null,
            source => source.split('#').next().into(),
        };
        json!({ "name": name, "source": source, "req": "*", "kind": null, "rename": null, "optional": false, "path": path,
            "uses_default_features": true, "features": [], "target": null, "registry": null })
    };
    let own = "path+file:///made-up/acme#1.0.0";
    let needs: Vec<Value> = packages.iter().map(need).collect();
    let mut described = vec![package(own, "acme", Value::Null, Value::Null, needs.into())];
    described.extend(packages.iter().map(|(name, source, repository)| {
        package(&id(name, source), name, address(source), (*repository).into(), json!([]))
    }));
    let ids: Vec<String> = packages.iter().map(|(name, source, _)| id(name, source)).collect();
    let deps: Vec<Value> = packages
        .iter()
        .zip(&ids)
        .map(|((name, ..), id)| {
            json!({ "name": name.replace('-', "_"), "pkg": id, "dep_kinds": [{ "kind": null, "target": null }] })
        })
        .collect();
    let mut nodes = vec![json!({ "id": own, "dependencies": ids, "features": [], "deps": deps })];
    nodes.extend(ids.iter().map(|id| json!({ "id": id, "dependencies": [], "deps": [], "features": [] })));
    json!({
        "packages": described, "workspace_members": [own], "workspace_default_members": [own],
        "resolve": { "nodes": nodes, "root": own },
        "target_directory": "/made-up/acme/target", "version": 1, "workspace_root": "/made-up/acme", "metadata": null,
    })
}
