//! A registry of the user's own: who owns a crate there, and when its versions came out.
//!
//! Owners come from its web API and versions from its sparse index, by the chapters "Web API" and "Index Format" of the Cargo book
//! (September 2026). A login is that of the registry, unless the user says of which forge; what kind of account it is no registry tells.

use serde::Deserialize;

use super::registry::{MOST_OWNERS, at_most, is_crate_name, is_word, no_crate_name, sorted, team};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source, sparse_index};
use crate::facts::live::{AccountKind, Content, FactKind, Owner, Reason};

/// Where a registry is and what it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnRegistry {
    /// What the user calls it; facts have it as their source.
    pub name: String,
    /// Its index as a lock file writes it.
    pub index: String,
    /// Its web API.
    pub api: Option<Endpoint>,
    /// Its index, where that is read file by file.
    pub files: Option<Endpoint>,
    /// The forge to which its logins belong: only there are its accounts asked about.
    pub accounts: Option<String>,
}

#[derive(Deserialize)]
struct OwnerList {
    #[serde(deserialize_with = "at_most::<_, _, MOST_OWNERS>")]
    users: Vec<WireOwner>,
}

#[derive(Deserialize)]
struct WireOwner {
    login: String,
}

impl OwnRegistry {
    /// An index as a lock file writes it, and where its files are if it is sparse.
    pub(super) fn index(text: &str) -> Result<(String, Option<String>), String> {
        if text.contains("github.com/rust-lang/crates.io-index") || text.contains("://index.crates.io") {
            return Err("`index` is that of crates.io, which is changed by `[\"crates.io\"]`".to_owned());
        }
        if let Some(files) = text.strip_prefix("sparse+") {
            let files = format!("{}/", files.trim_end_matches('/'));
            return Ok((format!("sparse+{files}"), Some(files)));
        }
        let url = text.strip_prefix("registry+").unwrap_or(text);
        if url.contains("://") {
            return Ok((format!("registry+{url}"), None));
        }
        Err("`index` is written as in Cargo.lock: sparse+https://… or registry+https://…".to_owned())
    }

    /// A service of it, before its address is known.
    pub(super) fn endpoint(name: &str) -> Endpoint {
        Endpoint { name: name.to_owned(), per_second: 5.0, at_once: 4, ..Endpoint::crates_io_static() }
    }

    /// The service that answers a kind of question.
    pub fn service(&self, kind: FactKind) -> Option<&Endpoint> {
        match kind {
            FactKind::CrateOwners => self.api.as_ref(),
            FactKind::CrateVersions => self.files.as_ref(),
            FactKind::Profile | FactKind::Repository | FactKind::Observation => None,
        }
    }

    /// Whether an account that it names is asked about, and so where the user has it belong.
    pub fn shares(&self, account: &str) -> bool {
        let host = account.split_once('/').map(|(host, _)| host);
        self.accounts.is_some() && self.accounts.as_deref() == host
    }

    async fn about(&self, client: &Client, kind: FactKind, subject: &str) -> Result<Content, Failure> {
        let name = subject.strip_prefix(&self.index).and_then(|rest| rest.strip_prefix('#'));
        let Some(name) = name.filter(|name| is_crate_name(name)) else { return Err(no_crate_name(&self.name)) };
        match self.service(kind) {
            Some(api) if kind == FactKind::CrateOwners => self.owners(client, api, name).await,
            Some(files) => sparse_index::versions(client, files, name).await,
            None => Err(Failure { reason: Reason::NotAsked, detail: format!("{}: not configured", self.name) }),
        }
    }

    async fn owners(&self, client: &Client, api: &Endpoint, name: &str) -> Result<Content, Failure> {
        let list: Option<OwnerList> = client.get_json(api, &format!("/api/v1/crates/{name}/owners")).await?;
        let Some(list) = list else { return self.without_owners(client, name).await };
        let owners: Option<Vec<Owner>> = list.users.iter().map(|wire| self.owner(&wire.login)).collect();
        let owners = owners.ok_or_else(|| Failure {
            reason: Reason::Malformed,
            detail: format!("{}: an owner without a login", self.name),
        })?;
        sorted(&self.name, owners).map(Content::Owners)
    }

    /// What it means that the web API knows no owners: that there is no such crate only if the index has none either. Else there may be no
    /// such service at that address.
    async fn without_owners(&self, client: &Client, name: &str) -> Result<Content, Failure> {
        if let Some(files) = &self.files
            && sparse_index::versions(client, files, name).await? == Content::Absent
        {
            return Ok(Content::Absent);
        }
        let what = "it knows no owners of this crate, or has no such service: check `api`";
        Err(Failure { reason: Reason::Malformed, detail: format!("{}: {what}", self.name) })
    }

    fn owner(&self, login: &str) -> Option<Owner> {
        if let Some(team) = team(login) {
            return Some(team);
        }
        // Some registries have addresses of mail as logins. No such address is kept, and what stands before it is nobody's login elsewhere.
        let (login, host) = match login.split_once('@') {
            Some((before, _)) => (before, &self.name),
            None => (login, self.accounts.as_ref().unwrap_or(&self.name)),
        };
        is_word(login).then(|| Owner {
            account: format!("{host}/{}", login.to_lowercase()),
            kind: AccountKind::Unknown,
            team: None,
        })
    }
}

impl Source for OwnRegistry {
    fn name(&self) -> &str {
        &self.name
    }

    fn batch(&self, kind: FactKind) -> Option<Batch> {
        self.service(kind).map(|_| Batch { subjects: 1, requests: 1 })
    }

    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a> {
        Box::pin(async move {
            let mut answers = Answers::default();
            for subject in subjects {
                match self.about(client, kind, subject).await {
                    Ok(content) => answers.fact(&self.name, kind, subject, content),
                    Err(failure) => answers.gap(&self.name, kind, subject, &failure),
                }
            }
            answers
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_written_as_in_a_lock_file() {
        let sparse = ("sparse+https://r.example/i/".to_owned(), Some("https://r.example/i/".to_owned()));
        assert_eq!(OwnRegistry::index("sparse+https://r.example/i").as_ref(), Ok(&sparse));
        assert_eq!(OwnRegistry::index("sparse+https://r.example/i/").as_ref(), Ok(&sparse));
        let git = Ok(("registry+https://r.example/i".to_owned(), None));
        assert_eq!(OwnRegistry::index("https://r.example/i"), git);
        assert_eq!(OwnRegistry::index("registry+https://r.example/i"), git);
        assert!(OwnRegistry::index("r.example").is_err());
    }
}
