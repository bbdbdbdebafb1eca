//! GitHub: accounts and repositories.
//!
//! With a token its GraphQL API is asked, many subjects a request; without one its REST API, which allows 60 requests an hour. The
//! base of the endpoint is that of the REST API, as in `api.github.com`. An Enterprise Server has that at `/api/v3` and GraphQL beside it,
//! at `/api/graphql` (docs.github.com, Enterprise Server: "Forming calls with GraphQL").
//!
//! Followed here: the references at docs.github.com, "GraphQL: Organizations, Users, Repositories" (`repositoryOwner` is null without
//! an error for a login that nobody has; `repository` follows renames unless told otherwise), "Rate limits and node limits for the
//! GraphQL API" (`RATE_LIMITED` comes with status 200), and the REST descriptions of "Get a user" and "Get a repository" (a repository
//! that was moved redirects to its number).
//!
//! - `isVerified` is "whether the organization has verified its profile email and website": only then the domain of `websiteUrl` is
//!   taken for verified. The list of domains itself is there for the organisation's owners. REST tells users and organisations alike,
//!   but not whether they are verified.
//! - An account that was renamed is not found by its old login, as GitHub gives that to whoever asks next; if another login comes back
//!   all the same, it is kept as what the account is called now.
//! - Apps act as `name[bot]`. GraphQL does not know them as owners, so REST is asked for them, with a token as well.

use serde::Deserialize;
use serde_json::Value;

use super::graphql::{Problem, Reply, Shape};
use super::names::{behind, domain, is_name, kept, lenient, read, renamed, subject};
use super::round::{Round, Told, ends_the_batch, not_asked, unreadable};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source};
use crate::facts::live::{AccountKind, Content, FactKind, Profile, Reason, RepositoryState};

/// Subjects of one GraphQL request. They cost one point of 5,000 an hour whatever their number, as none of them asks for a list; but
/// GitHub ends requests after 10 seconds, and 50 stay well below that.
const TOGETHER: usize = 50;

/// Subjects that are asked one by one without a token: as many as are allowed an hour.
const AN_HOUR: usize = 60;

const PROFILE: Shape = Shape {
    field: "repositoryOwner(login:$login#){...P}",
    variables: &["login"],
    fragments: "fragment P on RepositoryOwner{__typename login ...on User{location company} \
                ...on Organization{location name isVerified websiteUrl}}",
};

const PROFILE_WITH_NAME: Shape = Shape {
    field: PROFILE.field,
    variables: PROFILE.variables,
    fragments: "fragment P on RepositoryOwner{__typename login ...on User{location company name} \
                ...on Organization{location name isVerified websiteUrl}}",
};

const REPOSITORY: Shape = Shape {
    field: "repository(owner:$owner#,name:$name#){...R}",
    variables: &["owner", "name"],
    fragments: "fragment R on Repository{nameWithOwner isArchived owner{__typename login}}",
};

/// GitHub, or an installation of it.
#[derive(Clone, Debug)]
pub struct GitHub {
    endpoint: Endpoint,
    names: bool,
}

/// An account, as GraphQL and REST tell of it.
#[derive(Debug, Deserialize)]
struct Account {
    #[serde(default, deserialize_with = "lenient")]
    login: Option<String>,
    /// `User`, `Organization`, `Bot`: by REST.
    #[serde(default, deserialize_with = "lenient")]
    r#type: Option<String>,
    /// The same by GraphQL.
    #[serde(default, rename = "__typename", deserialize_with = "lenient")]
    type_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    location: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    company: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, rename = "isVerified", deserialize_with = "lenient")]
    is_verified: Option<bool>,
    #[serde(default, rename = "websiteUrl", deserialize_with = "lenient")]
    website: Option<String>,
}

/// A repository, as GraphQL and REST tell of it.
#[derive(Debug, Deserialize)]
struct Repository {
    /// By REST.
    #[serde(default, deserialize_with = "lenient")]
    full_name: Option<String>,
    /// The same by GraphQL.
    #[serde(default, rename = "nameWithOwner", deserialize_with = "lenient")]
    name_with_owner: Option<String>,
    /// By REST.
    #[serde(default, deserialize_with = "lenient")]
    archived: Option<bool>,
    /// The same by GraphQL.
    #[serde(default, rename = "isArchived", deserialize_with = "lenient")]
    is_archived: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    owner: Option<Account>,
}

/// A subject that can be asked: a login, or owner and name.
type Asked<'a> = (&'a str, Vec<&'a str>);

impl GitHub {
    /// A source. The names of persons are asked for only if `names` says so; those of organisations always.
    pub fn new(endpoint: Endpoint, names: bool) -> Self {
        Self { endpoint, names }
    }

    async fn ask_all(&self, client: &Client, kind: FactKind, subjects: &[String]) -> Answers {
        let host = &self.endpoint.name;
        let mut round = Round::new(host, kind, subjects);
        let asked: Vec<Asked<'_>> = match kind {
            FactKind::Profile => round.readable("a login there", |subject| {
                behind(subject, host).filter(|login| is_login(login)).map(|login| vec![login])
            }),
            FactKind::Repository => round.readable("a repository there", |subject| {
                let (owner, name) = behind(subject, host)?.split_once('/')?;
                (is_login(owner) && is_name(name, "-._", 100)).then(|| vec![owner, name])
            }),
            _ => round.readable("a kind of thing that it is asked for", |_| None),
        };
        let single = |asked: &Asked<'_>| self.endpoint.token.is_none() || asked.1[0].ends_with(BOT);
        let (singly, together): (Vec<_>, Vec<_>) = asked.into_iter().partition(single);
        self.ask_together(client, kind, &mut round, &together).await;
        round.one_by_one(&singly, async |_, names| self.ask_one(client, kind, names).await).await;
        round.finish()
    }

    async fn ask_together(&self, client: &Client, kind: FactKind, round: &mut Round<'_>, asked: &[Asked<'_>]) {
        let shape = match (kind, self.names) {
            (FactKind::Repository, _) => REPOSITORY,
            (_, true) => PROFILE_WITH_NAME,
            (_, false) => PROFILE,
        };
        let graphql = self.graphql();
        let mut stopped: Option<Failure> = None;
        for part in asked.chunks(TOGETHER) {
            let values: Vec<Vec<&str>> = part.iter().map(|(_, names)| names.clone()).collect();
            let answer = match stopped.clone() {
                Some(failure) => Err(failure),
                None => shape.ask(client, &graphql, "/graphql", &values).await,
            };
            match answer {
                Ok(mut reply) => {
                    if reply.is_limited() {
                        stopped = Some(Problem::Limited.failure(&self.endpoint.name));
                    }
                    self.take(kind, round, part, &mut reply);
                }
                Err(failure) => {
                    for (subject, _) in part {
                        round.gap(subject, &failure);
                    }
                    stopped = ends_the_batch(&failure).then_some(failure);
                }
            }
        }
    }

    /// Where GraphQL is, at `/graphql`.
    fn graphql(&self) -> Endpoint {
        let mut endpoint = self.endpoint.clone();
        let path =
            endpoint.base.path().trim_end_matches('/').strip_suffix("/api/v3").map(|above| format!("{above}/api"));
        if let Some(path) = path {
            endpoint.base.set_path(&path);
        }
        endpoint
    }

    /// Takes what was said; what was not said at all is left to the end of the round.
    fn take(&self, kind: FactKind, round: &mut Round<'_>, part: &[Asked<'_>], reply: &mut Reply) {
        for (number, (subject, names)) in part.iter().enumerate() {
            let (value, problem) = reply.to(number);
            match (value, problem) {
                (None, Some(Problem::NotFound)) => round.fact(subject, Content::Absent),
                (value, problem) => {
                    match value.map(|value| self.read(kind, value, names)) {
                        Some(Ok(content)) => round.fact(subject, content),
                        Some(Err(failure)) => round.gap(subject, &failure),
                        None => {}
                    }
                    if let Some(problem) = problem {
                        round.gap(subject, &problem.failure(&self.endpoint.name));
                    }
                }
            }
        }
    }

    async fn ask_one(&self, client: &Client, kind: FactKind, names: &[&str]) -> Result<Told, Failure> {
        let path = match names {
            // The brackets of `name[bot]` are the only characters of a name that need it.
            [login] => format!("/users/{}", login.replace('[', "%5B").replace(']', "%5D")),
            names => format!("/repos/{}", names.join("/")),
        };
        match client.get_json::<Value>(&self.endpoint, &path).await {
            Ok(Some(value)) => self.read(kind, value, names).map(Told::from),
            Ok(None) => Ok(Content::Absent.into()),
            Err(mut failure) => {
                if failure.reason == Reason::RateLimited && self.endpoint.token.is_none() {
                    failure.detail.push_str("; with a token it allows many times more");
                }
                Err(failure)
            }
        }
    }

    fn read(&self, kind: FactKind, value: Value, names: &[&str]) -> Result<Content, Failure> {
        match kind {
            FactKind::Profile => self.profile(value, names[0]).map(Content::Profile),
            FactKind::Repository => self.repository(value, &names.join("/")).map(Content::Repository),
            _ => Err(not_asked(&self.endpoint.name, "a kind of thing that it is asked for")),
        }
    }

    fn profile(&self, value: Value, asked: &str) -> Result<Profile, Failure> {
        let host = &self.endpoint.name;
        let missing = |what| unreadable(host, what);
        let account: Account = read(value).ok_or_else(|| missing("account"))?;
        let login = account.login.as_deref().filter(|login| is_login(login)).ok_or_else(|| missing("login"))?;
        let kind = account.kind().ok_or_else(|| missing("kind of account that is known"))?;
        let is_verified = kind == AccountKind::Organisation && account.is_verified == Some(true);
        let shows_name = self.names || kind != AccountKind::Person;
        Ok(Profile {
            kind,
            renamed_to: renamed(host, login, asked),
            verified_domain: account.website.as_deref().filter(|_| is_verified).and_then(domain),
            location: kept(account.location.as_deref()),
            company: kept(account.company.as_deref()),
            name: kept(account.name.as_deref().filter(|_| shows_name)),
        })
    }

    fn repository(&self, value: Value, asked: &str) -> Result<RepositoryState, Failure> {
        let host = &self.endpoint.name;
        let missing = |what| unreadable(host, what);
        let repository: Repository = read(value).ok_or_else(|| missing("repository"))?;
        let owner = repository.owner.ok_or_else(|| missing("owner"))?;
        let login = owner.login.as_deref().filter(|login| is_login(login)).ok_or_else(|| missing("owner's login"))?;
        let full_name = repository.full_name.or(repository.name_with_owner).filter(|name| {
            name.split_once('/').is_some_and(|(owner, name)| is_login(owner) && is_name(name, "-._", 100))
        });
        Ok(RepositoryState {
            owner: subject(host, login),
            owner_kind: owner.kind(),
            moved_to: renamed(host, &full_name.ok_or_else(|| missing("name"))?, asked),
            archived: repository
                .archived
                .or(repository.is_archived)
                .ok_or_else(|| missing("word on whether it is archived"))?,
        })
    }
}

impl Account {
    fn kind(&self) -> Option<AccountKind> {
        if self.login.as_ref().is_some_and(|login| login.ends_with(BOT)) {
            return Some(AccountKind::Bot);
        }
        match self.r#type.as_deref().or(self.type_name.as_deref())? {
            "User" => Some(AccountKind::Person),
            "Organization" => Some(AccountKind::Organisation),
            "Bot" => Some(AccountKind::Bot),
            _ => None,
        }
    }
}

impl Source for GitHub {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn batch(&self, kind: FactKind) -> Option<Batch> {
        match (kind, &self.endpoint.token) {
            (FactKind::Profile | FactKind::Repository, Some(_)) => Some(Batch { subjects: TOGETHER, requests: 1 }),
            (FactKind::Profile | FactKind::Repository, None) => Some(Batch { subjects: AN_HOUR, requests: AN_HOUR }),
            _ => None,
        }
    }

    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a> {
        Box::pin(self.ask_all(client, kind, subjects))
    }
}

/// What the logins of apps end with.
const BOT: &str = "[bot]";

/// Whether this can be a login: letters, digits and hyphens, at the most 39 of them. Accounts that an enterprise manages have an
/// underscore before its short name.
fn is_login(login: &str) -> bool {
    is_name(login.strip_suffix(BOT).unwrap_or(login), "-_", 39)
}
