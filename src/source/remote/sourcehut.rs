//! SourceHut: users and their git repositories.
//!
//! Followed here: the GraphQL schema of git.sr.ht (`api/graph/schema.graphqls` in its source: `user(username)` with `location`, and
//! `repository(name)` of a user), which is asked at `/query`. Users are known there as they are on meta.sr.ht, so one service is enough
//! for both. It answers nobody without a token. A user is asked by the plain name and called by the canonical one, with a `~`; subjects
//! have the `~`, and the host `git.sr.ht` or `sr.ht`.
//!
//! Accounts are users, and repositories are not archived: SourceHut has neither organisations nor archives.

use serde::Deserialize;
use serde_json::Value;

use super::graphql::{Problem, Shape};
use super::names::{behind, is_name, kept, lenient, read, renamed, subject};
use super::round::{Round, ends_the_batch, not_asked, unreadable};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source};
use crate::facts::live::{AccountKind, Content, FactKind, Profile, Reason, RepositoryState};

/// Subjects of a request. A query may ask for 200 fields (`max-complexity` in the service's example configuration); a repository takes
/// six.
const TOGETHER: usize = 25;

/// Hosts that stand before accounts and repositories of SourceHut, beside the source's own name.
const HOSTS: [&str; 2] = ["git.sr.ht", "sr.ht"];

const PROFILE: Shape =
    Shape { field: "user(username:$user#){canonicalName location}", variables: &["user"], fragments: "" };

const REPOSITORY: Shape = Shape {
    field: "user(username:$user#){canonicalName repository(name:$name#){name owner{canonicalName}}}",
    variables: &["user", "name"],
    fragments: "",
};

/// SourceHut.
#[derive(Clone, Debug)]
pub struct SourceHut {
    endpoint: Endpoint,
}

#[derive(Debug, Deserialize)]
struct User {
    #[serde(default, rename = "canonicalName", deserialize_with = "lenient")]
    canonical_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    location: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    repository: Option<Repository>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    owner: Option<Owner>,
}

#[derive(Debug, Deserialize)]
struct Owner {
    #[serde(default, rename = "canonicalName", deserialize_with = "lenient")]
    canonical_name: Option<String>,
}

/// A subject that can be asked.
struct Asked<'a> {
    host: &'a str,
    /// `~user`, or `~user/name`.
    path: &'a str,
    /// The variables: the user without `~`, and the name.
    values: Vec<&'a str>,
}

impl SourceHut {
    /// A source.
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }

    async fn ask_all(&self, client: &Client, kind: FactKind, subjects: &[String]) -> Answers {
        let name = &self.endpoint.name;
        let mut round = Round::new(name, kind, subjects);
        let asked = match kind {
            FactKind::Profile => round.readable("a user there", |subject| self.readable(subject, is_user)),
            FactKind::Repository => round.readable("a repository there", |subject| self.readable(subject, is_path)),
            _ => round.readable("a kind of thing that it is asked for", |_| None),
        };
        let mut stopped = self
            .endpoint
            .token
            .is_none()
            .then(|| Failure { reason: Reason::NotAllowed, detail: format!("{name}: it answers only with a token") });
        for part in asked.chunks(TOGETHER) {
            if let Err(failure) = self.ask_some(client, kind, &mut round, part, stopped.clone()).await {
                for (subject, _) in part {
                    round.gap(subject, &failure);
                }
                stopped = stopped.or_else(|| ends_the_batch(&failure).then_some(failure));
            }
        }
        round.finish()
    }

    /// Takes what is said of some; what is not said at all is left to the end of the round.
    async fn ask_some(
        &self,
        client: &Client,
        kind: FactKind,
        round: &mut Round<'_>,
        part: &[(&str, Asked<'_>)],
        stopped: Option<Failure>,
    ) -> Result<(), Failure> {
        if let Some(failure) = stopped {
            return Err(failure);
        }
        let shape = if kind == FactKind::Repository { REPOSITORY } else { PROFILE };
        let values: Vec<Vec<&str>> = part.iter().map(|(_, asked)| asked.values.clone()).collect();
        let mut reply = shape.ask(client, &self.endpoint, "/query", &values).await?;
        for (number, (subject, asked)) in part.iter().enumerate() {
            let (value, problem) = reply.to(number);
            match (value, problem) {
                (None, Some(Problem::NotFound)) => round.fact(subject, Content::Absent),
                // Half a repository looks like none.
                (_, Some(problem)) => round.gap(subject, &problem.failure(&self.endpoint.name)),
                (Some(value), None) => match self.read(kind, value, asked) {
                    Ok(content) => round.fact(subject, content),
                    Err(failure) => round.gap(subject, &failure),
                },
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn read(&self, kind: FactKind, value: Value, asked: &Asked<'_>) -> Result<Content, Failure> {
        let missing = |what| unreadable(&self.endpoint.name, what);
        // Null is an answer, anything else that is no repository is none.
        let has_none = value.get("repository").is_some_and(Value::is_null);
        let user: User = read(value).ok_or_else(|| missing("user"))?;
        let user_name = user.canonical_name.filter(|name| is_user(name)).ok_or_else(|| missing("name of the user"))?;
        match kind {
            FactKind::Profile => Ok(Content::Profile(Profile {
                kind: AccountKind::Person,
                renamed_to: renamed(asked.host, &user_name, asked.path),
                location: kept(user.location.as_deref()),
                company: None,
                verified_domain: None,
                name: None,
            })),
            FactKind::Repository if has_none => Ok(Content::Absent),
            FactKind::Repository => {
                let repository = user.repository.ok_or_else(|| missing("repository"))?;
                let owner = repository.owner.and_then(|owner| owner.canonical_name).filter(|name| is_user(name));
                let owner = owner.ok_or_else(|| missing("owner"))?;
                let now = format!("{owner}/{}", repository.name.unwrap_or_default());
                if !is_path(&now) {
                    return Err(missing("name of the repository"));
                }
                Ok(Content::Repository(RepositoryState {
                    owner: subject(asked.host, &owner),
                    owner_kind: Some(AccountKind::Person),
                    moved_to: renamed(asked.host, &now, asked.path),
                    archived: false,
                }))
            }
            _ => Err(not_asked(&self.endpoint.name, "a kind of thing that it is asked for")),
        }
    }

    fn readable<'a>(&self, subject: &'a str, is_it: fn(&str) -> bool) -> Option<Asked<'a>> {
        let hosts = HOSTS.into_iter().chain([self.endpoint.name.as_str()]);
        let path = hosts.filter_map(|host| behind(subject, host)).find(|path| is_it(path))?;
        let host = subject.strip_suffix(path)?.trim_end_matches('/');
        Some(Asked { host, path, values: path.strip_prefix('~')?.split('/').collect() })
    }
}

impl Source for SourceHut {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn batch(&self, kind: FactKind) -> Option<Batch> {
        matches!(kind, FactKind::Profile | FactKind::Repository)
            .then(|| Batch { subjects: TOGETHER, requests: usize::from(self.endpoint.token.is_some()) })
    }

    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a> {
        Box::pin(self.ask_all(client, kind, subjects))
    }
}

/// Whether this can be a user with its `~`: letters, digits, `-` and `_`.
fn is_user(user: &str) -> bool {
    user.strip_prefix('~').is_some_and(|user| is_name(user, "-_", 64))
}

fn is_path(path: &str) -> bool {
    path.split_once('/').is_some_and(|(user, name)| is_user(user) && is_name(name, "-_.", 100))
}
