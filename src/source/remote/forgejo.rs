//! Forgejo, as Codeberg runs it, and Gitea: they answer alike.
//!
//! Followed here: the API, version 1, as the servers describe it themselves (`/swagger.v1.json`; forgejo.org/docs, "API"), and Gitea's
//! `modules/structs` (`User`, `Organization`, `Repository`) and `services/context/user.go`: an account or a repository that was renamed
//! redirects to what it is called now.
//!
//! A user does not say whether it is an organisation, and an organisation is told as a user as well. So organisations are asked first,
//! and users only where there is none. For the same reason the kind of a repository's owner is not known.

use serde::Deserialize;
use serde_json::Value;

use super::names::{behind, is_name, kept, lenient, read, renamed, subject};
use super::round::{Round, Told, unreadable};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source};
use crate::facts::live::{AccountKind, Content, FactKind, Profile, RepositoryState};

/// Subjects of a batch. Each is a request of its own or two, so the number only says how soon what came in is kept.
const TOGETHER: usize = 20;

/// Forgejo or Gitea.
#[derive(Clone, Debug)]
pub struct Forgejo {
    endpoint: Endpoint,
    names: bool,
}

/// A user or an organisation. What it is called has three names: `login` of a user, `name` of an organisation, and `username` of both in
/// older servers.
#[derive(Debug, Deserialize)]
struct Account {
    #[serde(default, deserialize_with = "lenient")]
    login: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    username: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    full_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    location: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Repository {
    #[serde(default, deserialize_with = "lenient")]
    full_name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    archived: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    owner: Option<Account>,
}

impl Forgejo {
    /// A source. The names of persons are kept only if `names` says so; those of organisations always.
    pub fn new(endpoint: Endpoint, names: bool) -> Self {
        Self { endpoint, names }
    }

    async fn ask_all(&self, client: &Client, kind: FactKind, subjects: &[String]) -> Answers {
        let host = &self.endpoint.name;
        let mut round = Round::new(host, kind, subjects);
        match kind {
            FactKind::Profile => {
                let asked =
                    round.readable("an account there", |subject| behind(subject, host).filter(|login| is_login(login)));
                round.one_by_one(&asked, async |_, login| self.profile(client, login).await.map(Told::from)).await;
            }
            FactKind::Repository => {
                let asked =
                    round.readable("a repository there", |subject| behind(subject, host).filter(|path| is_path(path)));
                round.one_by_one(&asked, async |_, path| self.repository(client, path).await.map(Told::from)).await;
            }
            _ => {
                round.readable("a kind of thing that it is asked for", |_| None::<()>);
            }
        }
        round.finish()
    }

    async fn profile(&self, client: &Client, login: &str) -> Result<Content, Failure> {
        for (address, kind) in [("orgs", AccountKind::Organisation), ("users", AccountKind::Person)] {
            let value = client.get_json::<Value>(&self.endpoint, &format!("/api/v1/{address}/{login}")).await?;
            let Some(value) = value else { continue };
            let account: Account = read(value).ok_or_else(|| self.missing("account"))?;
            let now = account.login().ok_or_else(|| self.missing("login"))?;
            let shows_name = self.names || kind == AccountKind::Organisation;
            return Ok(Content::Profile(Profile {
                kind,
                renamed_to: renamed(&self.endpoint.name, now, login),
                location: kept(account.location.as_deref()),
                company: None,
                verified_domain: None,
                name: kept(account.full_name.as_deref().filter(|_| shows_name)),
            }));
        }
        Ok(Content::Absent)
    }

    async fn repository(&self, client: &Client, path: &str) -> Result<Content, Failure> {
        let value = client.get_json::<Value>(&self.endpoint, &format!("/api/v1/repos/{path}")).await?;
        let Some(value) = value else { return Ok(Content::Absent) };
        let repository: Repository = read(value).ok_or_else(|| self.missing("repository"))?;
        let now = repository.full_name.filter(|path| is_path(path)).ok_or_else(|| self.missing("name"))?;
        let owner = repository.owner.ok_or_else(|| self.missing("owner"))?;
        Ok(Content::Repository(RepositoryState {
            owner: subject(&self.endpoint.name, owner.login().ok_or_else(|| self.missing("owner's login"))?),
            owner_kind: None,
            moved_to: renamed(&self.endpoint.name, &now, path),
            archived: repository.archived.ok_or_else(|| self.missing("word on whether it is archived"))?,
        }))
    }

    fn missing(&self, what: &str) -> Failure {
        unreadable(&self.endpoint.name, what)
    }
}

impl Account {
    fn login(&self) -> Option<&str> {
        [&self.login, &self.username, &self.name]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|login| is_login(login))
    }
}

impl Source for Forgejo {
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

/// Whether this can be a login: letters, digits, `-`, `_` and `.`. Servers allow 40 of them.
fn is_login(login: &str) -> bool {
    is_name(login, "-_.", 40)
}

fn is_path(path: &str) -> bool {
    path.split_once('/').is_some_and(|(owner, name)| is_login(owner) && is_name(name, "-_.", 100))
}
