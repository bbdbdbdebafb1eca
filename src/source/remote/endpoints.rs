//! The services that a run may ask: the public ones, changed by the file that the user names with `--sources`.
//!
//! Only that file changes them, never `origin.toml`: that one lies in the repository, and whoever can propose a change to it could send
//! tokens elsewhere.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::endpoint::is_here;
use super::{Endpoint, ForgeKind, OwnRegistry, Token, Tokens};

/// All services.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoints {
    /// How whoever runs a service can reach the user, where the user wants that.
    pub contact: Option<String>,
    /// The API of crates.io.
    pub crates_io: Endpoint,
    /// Where the database dump of crates.io is.
    pub crates_io_static: Endpoint,
    /// The sparse index of crates.io.
    pub crates_io_index: Endpoint,
    /// Registries of the user's own, by what the user calls them.
    pub registries: BTreeMap<String, OwnRegistry>,
    /// Forges by host.
    pub forges: BTreeMap<String, Forge>,
    /// Lists by id.
    pub lists: BTreeMap<String, Endpoint>,
}

/// A forge.
#[derive(Clone, Debug, PartialEq)]
pub struct Forge {
    /// What it understands.
    pub kind: ForgeKind,
    /// Where it is.
    pub endpoint: Endpoint,
    /// What stands before `/owner/repo` in the address of a repository there, for git.
    pub git: Url,
}

/// A list that is read only where the user configures it: its data may not be used by everybody for everything.
const ONLY_CONFIGURED: &str = "opensanctions";

/// What is wrong with a file of sources, all at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointsError {
    /// The file, as the user named it.
    pub shown: String,
    /// Line, counted from 1, and what is wrong there.
    pub problems: Vec<(usize, String)>,
}

impl fmt::Display for EndpointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (line, what)) in self.problems.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{}:{line}: {what}", self.shown)?;
        }
        Ok(())
    }
}

impl std::error::Error for EndpointsError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw {
    contact: Option<String>,
    #[serde(rename = "crates.io")]
    crates_io: Option<Spanned<RawService>>,
    #[serde(rename = "static.crates.io")]
    crates_io_static: Option<Spanned<RawService>>,
    #[serde(rename = "index.crates.io")]
    crates_io_index: Option<Spanned<RawService>>,
    #[serde(default)]
    registries: BTreeMap<String, Spanned<RawRegistry>>,
    #[serde(default)]
    forges: BTreeMap<String, Spanned<RawForge>>,
    #[serde(default)]
    lists: BTreeMap<String, Spanned<RawService>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawService {
    url: Option<Spanned<String>>,
    per_second: Option<Spanned<f64>>,
    at_once: Option<Spanned<usize>>,
    token_env: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRegistry {
    index: Option<Spanned<String>>,
    api: Option<Spanned<String>>,
    accounts: Option<String>,
    per_second: Option<Spanned<f64>>,
    at_once: Option<Spanned<usize>>,
    token_env: Option<Spanned<String>>,
    #[serde(default)]
    auth_required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawForge {
    kind: Option<Spanned<String>>,
    // Flattening would lose the places and the refusal of unknown keys.
    url: Option<Spanned<String>>,
    per_second: Option<Spanned<f64>>,
    at_once: Option<Spanned<usize>>,
    token_env: Option<Spanned<String>>,
    git_url: Option<Spanned<String>>,
}

impl Endpoints {
    /// The public services.
    pub fn public(tokens: &Tokens) -> Self {
        let forge = |kind, endpoint: Endpoint| {
            let git = Endpoint::git_of(&endpoint);
            (endpoint.name.clone(), Forge { kind, endpoint, git })
        };
        let mut all = Self {
            contact: None,
            crates_io: Endpoint::crates_io(),
            crates_io_static: Endpoint::crates_io_static(),
            crates_io_index: Endpoint::crates_io_index(),
            registries: BTreeMap::new(),
            forges: BTreeMap::from([
                forge(ForgeKind::GitHub, Endpoint::github()),
                forge(ForgeKind::GitLab, Endpoint::gitlab()),
                forge(ForgeKind::Forgejo, Endpoint::codeberg()),
                forge(ForgeKind::SourceHut, Endpoint::sourcehut()),
            ]),
            lists: Endpoint::lists().into_iter().map(|list| (list.name.clone(), list)).collect(),
        };
        for Forge { endpoint, .. } in all.forges.values_mut() {
            endpoint.token = tokens.of(&endpoint.name, &endpoint.base, true);
        }
        all
    }

    /// The public services as a file changes them. `shown` is what the file is called; variables that it names are asked for by
    /// `environment`.
    pub fn parse(
        text: &str,
        shown: &str,
        tokens: &Tokens,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, EndpointsError> {
        let mut reading = Reading { text, tokens, environment: &environment, problems: Vec::new() };
        let raw: Raw = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            EndpointsError { shown: shown.to_owned(), problems: vec![(reading.line(at), error.message().to_owned())] }
        })?;
        let mut all = Self::public(tokens);
        all.contact = raw.contact.filter(|contact| !contact.trim().is_empty());
        let registry = [
            (&mut all.crates_io, raw.crates_io),
            (&mut all.crates_io_static, raw.crates_io_static),
            (&mut all.crates_io_index, raw.crates_io_index),
        ];
        for (endpoint, service) in registry {
            if let Some(service) = service {
                reading.change(endpoint, ("url", service.into_inner()), false);
            }
        }
        for (name, registry) in raw.registries {
            reading.registry(&mut all.registries, &name.to_lowercase(), registry);
        }
        for (host, forge) in raw.forges {
            reading.forge(&mut all.forges, &host.to_lowercase(), forge);
        }
        for (id, list) in raw.lists {
            reading.list(&mut all.lists, &id, list);
        }
        let mut problems = reading.problems;
        problems.sort();
        if problems.is_empty() { Ok(all) } else { Err(EndpointsError { shown: shown.to_owned(), problems }) }
    }
}

struct Reading<'a> {
    text: &'a str,
    tokens: &'a Tokens,
    environment: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<(usize, String)>,
}

impl Reading<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn problem(&mut self, at: usize, what: impl Into<String>) {
        let line = self.line(at);
        self.problems.push((line, what.into()));
    }

    fn forge(&mut self, forges: &mut BTreeMap<String, Forge>, host: &str, raw: Spanned<RawForge>) {
        let at = raw.span().start;
        let RawForge { kind, url, per_second, at_once, token_env, git_url } = raw.into_inner();
        let word = kind.as_ref().map(|kind| kind.get_ref().as_str());
        let known = word.and_then(|word| ForgeKind::ALL.into_iter().find(|kind| kind.as_str() == word));
        if let (Some(kind), None) = (&kind, known) {
            let words: Vec<&str> = ForgeKind::ALL.iter().map(|kind| kind.as_str()).collect();
            return self.problem(kind.span().start, format!("`kind` is one of {}", words.join(", ")));
        }
        let mut forge = match (forges.remove(host), known, &url) {
            (Some(forge), kind, _) => Forge { kind: kind.unwrap_or(forge.kind), ..forge },
            (None, Some(kind), Some(_)) => {
                let endpoint = Endpoint { name: host.to_owned(), ..Endpoint::gitlab() };
                Forge { kind, git: Endpoint::git_of(&endpoint), endpoint }
            }
            (None, ..) => return self.problem(at, format!("the forge {host} needs `kind` and `url`")),
        };
        let moved = url.is_some();
        self.change(&mut forge.endpoint, ("url", RawService { url, per_second, at_once, token_env }), false);
        if moved {
            // A mirror is asked for everything: histories do not come from the public service then.
            forge.git = origin(&forge.endpoint.base);
        }
        if let Some(git) = git_url {
            match git_address(git.get_ref()) {
                Ok(git) => forge.git = git,
                Err(what) => self.problem(git.span().start, what),
            }
        }
        forges.insert(host.to_owned(), forge);
    }

    fn registry(&mut self, registries: &mut BTreeMap<String, OwnRegistry>, name: &str, raw: Spanned<RawRegistry>) {
        let at = raw.span().start;
        let RawRegistry { index, api, accounts, per_second, at_once, token_env, auth_required } = raw.into_inner();
        let Some(index) = index else {
            return self.problem(at, format!("the registry {name} needs `index`, as it stands in Cargo.lock"));
        };
        let (index, files) = match OwnRegistry::index(index.get_ref()) {
            Ok((written, files)) => (written, files.map(|files| Spanned::new(index.span(), files))),
            Err(what) => return self.problem(index.span().start, what),
        };
        if registries.values().any(|known| known.index == index) {
            return self.problem(at, "two registries have one `index`");
        }
        if files.is_none() && api.is_none() {
            return self.problem(at, format!("the registry {name} needs `api`: an index in git is not read"));
        }
        let mut service = |key, url: Option<Spanned<String>>| {
            url.map(|url| {
                let mut endpoint = OwnRegistry::endpoint(name);
                let rates = (per_second.clone(), at_once.clone(), token_env.clone());
                let raw = RawService { url: Some(url), per_second: rates.0, at_once: rates.1, token_env: rates.2 };
                self.change(&mut endpoint, (key, raw), false);
                Endpoint { token: endpoint.token.take().map(Token::bare), ..endpoint }
            })
        };
        let (api, mut files) = (service("api", api), service("index", files));
        // An index needs none, unless the registry says so: it may be served by somebody else.
        if let Some(files) = files.as_mut().filter(|_| !auth_required) {
            let same = |api: &Endpoint| origin(&api.base) == origin(&files.base);
            files.token = files.token.take().filter(|_| api.as_ref().is_some_and(same));
        }
        let accounts = accounts.map(|host| host.to_lowercase());
        registries.insert(name.to_owned(), OwnRegistry { name: name.to_owned(), index, api, files, accounts });
    }

    fn list(&mut self, lists: &mut BTreeMap<String, Endpoint>, id: &str, raw: Spanned<RawService>) {
        let at = raw.span().start;
        let raw = raw.into_inner();
        let mut endpoint = match lists.remove(id) {
            Some(endpoint) => endpoint,
            None if id == ONLY_CONFIGURED && raw.url.is_some() => {
                Endpoint { name: id.to_owned(), ..Endpoint::crates_io_static() }
            }
            None if id == ONLY_CONFIGURED => return self.problem(at, format!("the list {id} needs `url`")),
            None => {
                let known: Vec<&str> = lists.keys().map(String::as_str).chain([ONLY_CONFIGURED]).collect();
                let what = format!("no list is called {id}; there are {}", known.join(", "));
                return self.problem(at, what);
            }
        };
        self.change(&mut endpoint, ("url", raw), true);
        lists.insert(id.to_owned(), endpoint);
    }

    /// Changes a service by what stands there; the address stands under a key.
    fn change(&mut self, endpoint: &mut Endpoint, (key, raw): (&str, RawService), query: bool) {
        if let Some(url) = raw.url {
            let at = url.span().start;
            match address(key, url.get_ref(), query) {
                Ok(base) => {
                    endpoint.token = self.tokens.of(&endpoint.name, &base, base == endpoint.base);
                    endpoint.base = base;
                }
                Err(what) => self.problem(at, what),
            }
        }
        if let Some(rate) = raw.per_second {
            match *rate.get_ref() {
                rate if rate.is_finite() && rate >= 0.01 => endpoint.per_second = rate,
                _ => self.problem(rate.span().start, "`per-second` is a number of at least 0.01"),
            }
        }
        if let Some(count) = raw.at_once {
            match *count.get_ref() {
                count @ 1..=100 => endpoint.at_once = count,
                _ => self.problem(count.span().start, "`at-once` is a number from 1 to 100"),
            }
        }
        if let Some(variable) = raw.token_env {
            endpoint.token = (self.environment)(variable.get_ref()).as_deref().and_then(Token::new);
            if endpoint.token.is_none() {
                // Not quoted: what stands there by mistake is most likely the token itself.
                self.problem(variable.span().start, "`token-env`: no variable of this name holds a token");
            }
            if endpoint.base.scheme() == "http" && !is_here(&endpoint.base) {
                self.problem(
                    variable.span().start,
                    format!("a token is not sent without encryption; `{key}` must begin with https"),
                );
            }
        } else if endpoint.base.scheme() == "http" && !is_here(&endpoint.base) {
            endpoint.token = None;
        }
    }
}

/// The address without its path.
fn origin(base: &Url) -> Url {
    let mut origin = base.clone();
    origin.set_path("/");
    origin.set_query(None);
    origin
}

/// An address that git fetches from. It is a part of commands, so that it holds no secret.
fn git_address(text: &str) -> Result<Url, &'static str> {
    let url = text.parse::<Url>().ok().filter(|url| ["https", "http", "file"].contains(&url.scheme()));
    let url = url.ok_or("`git-url` is an address with https, http or file")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("`git-url` holds a name or a password; git has its own place for them");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("`git-url` ends with its path: paths are appended to it");
    }
    Ok(url)
}

/// An address as a base of requests, and the key under which it stands.
fn address(key: &str, text: &str, query: bool) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|_| format!("`{key}` is not an address"))?;
    if !["http", "https"].contains(&url.scheme()) || url.host_str().is_none() {
        return Err(format!("`{key}` begins with https:// or, for a mirror of your own, http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let what = "holds a name or a password; give a token with `token-env` or in the file of credentials";
        return Err(format!("`{key}` {what}"));
    }
    if url.fragment().is_some() || (url.query().is_some() && !query) {
        return Err(format!("`{key}` ends with its path: paths are appended to it"));
    }
    Ok(url)
}
