//! GitLab: users, groups and projects, on `gitlab.com` or an installation of one's own.
//!
//! Followed here: the REST API, version 4, at docs.gitlab.com: "Users API" (`GET /users?username=`, without regard to case, tells who
//! there is; location and organisation are told by `GET /users/:id`), "Groups API" (`GET /groups/:id`, the path encoded; with
//! `with_projects=false`, else a hundred projects come along), "Projects API" (`GET /projects/:id`), and "REST API authentication" (a
//! personal access token is taken as `Authorization: Bearer` too).
//!
//! - A name is that of a user or of a group, never of both. A group has no location.
//! - Without a token the description of a project does not say whether it is archived (`BasicProjectDetails` in GitLab's source); then
//!   it is told as not archived, together with a gap that says that it is not known.
//! - A project or group that was moved is found by its old path, by a redirect.

use serde::Deserialize;
use serde_json::Value;

use super::names::{behind, is_name, kept, lenient, read, renamed, subject};
use super::round::{Round, Told, unreadable};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source};
use crate::facts::live::{AccountKind, Content, FactKind, Profile, Reason, RepositoryState};

/// Subjects of a batch. Each is a request of its own or two, so the number only says how soon what came in is kept.
const TOGETHER: usize = 20;

/// GitLab.
#[derive(Clone, Debug)]
pub struct GitLab {
    endpoint: Endpoint,
    names: bool,
}

#[derive(Debug, Deserialize)]
struct User {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    username: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    location: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    organization: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    bot: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Group {
    #[serde(default, deserialize_with = "lenient")]
    full_path: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Project {
    #[serde(default, deserialize_with = "lenient")]
    path_with_namespace: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    archived: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    namespace: Option<Namespace>,
}

#[derive(Debug, Deserialize)]
struct Namespace {
    #[serde(default, deserialize_with = "lenient")]
    full_path: Option<String>,
    /// `user` or `group`.
    #[serde(default, deserialize_with = "lenient")]
    kind: Option<String>,
}

impl GitLab {
    /// A source. The names of persons are kept only if `names` says so; those of groups always.
    pub fn new(endpoint: Endpoint, names: bool) -> Self {
        Self { endpoint, names }
    }

    async fn ask_all(&self, client: &Client, kind: FactKind, subjects: &[String]) -> Answers {
        let host = &self.endpoint.name;
        let mut round = Round::new(host, kind, subjects);
        match kind {
            FactKind::Profile => {
                let asked = round.readable("a user or group there", |subject| path_of(subject, host, 1));
                round.one_by_one(&asked, async |_, path| self.profile(client, path).await.map(Told::from)).await;
            }
            FactKind::Repository => {
                let asked = round.readable("a project there", |subject| path_of(subject, host, 2));
                round.one_by_one(&asked, async |_, path| self.project(client, path).await).await;
            }
            _ => {
                round.readable("a kind of thing that it is asked for", |_| None::<()>);
            }
        }
        round.finish()
    }

    async fn profile(&self, client: &Client, path: &str) -> Result<Content, Failure> {
        if !path.contains('/')
            && let Some(profile) = self.user(client, path).await?
        {
            return Ok(Content::Profile(profile));
        }
        let address = format!("/api/v4/groups/{}?with_projects=false", encoded(path));
        let Some(value) = client.get_json::<Value>(&self.endpoint, &address).await? else { return Ok(Content::Absent) };
        let group: Group = read(value).ok_or_else(|| self.missing("group"))?;
        let now = group.full_path.filter(|path| is_path(path, 1)).ok_or_else(|| self.missing("path of the group"))?;
        Ok(Content::Profile(Profile {
            kind: AccountKind::Organisation,
            renamed_to: renamed(&self.endpoint.name, &now, path),
            location: None,
            company: None,
            verified_domain: None,
            name: kept(group.name.as_deref()),
        }))
    }

    async fn user(&self, client: &Client, login: &str) -> Result<Option<Profile>, Failure> {
        let address = format!("/api/v4/users?username={login}");
        let found: Option<Vec<Value>> = client.get_json(&self.endpoint, &address).await?;
        let is_it = |user: &User| user.username.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(login));
        let found = found.unwrap_or_default().into_iter().filter_map(read);
        let Some(user) = found.into_iter().find(is_it) else { return Ok(None) };
        let id = user.id.ok_or_else(|| self.missing("number of the user"))?;
        let value: Option<Value> = client.get_json(&self.endpoint, &format!("/api/v4/users/{id}")).await?;
        let value = value.ok_or_else(|| self.missing("user, although it was found a moment ago"))?;
        let user: User = read(value).ok_or_else(|| self.missing("user"))?;
        if !is_it(&user) {
            return Err(self.missing("user of this name"));
        }
        let is_bot = user.bot == Some(true);
        Ok(Some(Profile {
            kind: if is_bot { AccountKind::Bot } else { AccountKind::Person },
            renamed_to: None,
            location: kept(user.location.as_deref()),
            company: kept(user.organization.as_deref()),
            verified_domain: None,
            name: kept(user.name.as_deref().filter(|_| self.names || is_bot)),
        }))
    }

    async fn project(&self, client: &Client, path: &str) -> Result<Told, Failure> {
        let host = &self.endpoint.name;
        let address = format!("/api/v4/projects/{}", encoded(path));
        let value = client.get_json::<Value>(&self.endpoint, &address).await?;
        let Some(value) = value else { return Ok(Content::Absent.into()) };
        let project: Project = read(value).ok_or_else(|| self.missing("project"))?;
        let now = project.path_with_namespace.filter(|path| is_path(path, 2));
        let now = now.ok_or_else(|| self.missing("path of the project"))?;
        let namespace = project.namespace.ok_or_else(|| self.missing("namespace"))?;
        let owner = namespace.full_path.filter(|path| is_path(path, 1));
        let owner = owner.ok_or_else(|| self.missing("path of the namespace"))?;
        let content = Content::Repository(RepositoryState {
            owner: subject(host, &owner),
            owner_kind: match namespace.kind.as_deref() {
                Some("user") => Some(AccountKind::Person),
                Some("group") => Some(AccountKind::Organisation),
                _ => None,
            },
            moved_to: renamed(host, &now, path),
            archived: project.archived.unwrap_or_default(),
        });
        let held_back = project.archived.is_none().then(|| Failure {
            reason: Reason::NotVisible,
            detail: format!("{host}: whether a project is archived is told with a token only"),
        });
        Ok(Told { content, held_back })
    }

    fn missing(&self, what: &str) -> Failure {
        unreadable(&self.endpoint.name, what)
    }
}

impl Source for GitLab {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn batch(&self, kind: FactKind) -> Option<Batch> {
        match kind {
            FactKind::Profile => Some(Batch { subjects: TOGETHER, requests: 2 * TOGETHER }),
            FactKind::Repository => Some(Batch { subjects: TOGETHER, requests: TOGETHER }),
            _ => None,
        }
    }

    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a> {
        Box::pin(self.ask_all(client, kind, subjects))
    }
}

fn path_of<'a>(subject: &'a str, host: &str, least: usize) -> Option<&'a str> {
    behind(subject, host).filter(|path| is_path(path, least))
}

/// Whether this is a path of at least so many names. GitLab allows letters, digits, `-`, `_` and `.`, and groups 20 deep.
fn is_path(path: &str, least: usize) -> bool {
    let names = path.split('/').count();
    (least..=21).contains(&names) && path.split('/').all(|name| is_name(name, "-_.", 255))
}

/// A path as one part of an address.
fn encoded(path: &str) -> String {
    path.replace('/', "%2F")
}
