//! The API of crates.io: who owns a crate, and who published its versions.
//!
//! Shapes as in `crates_io_api_types` of the registry's own source (August 2026). The login of a user is that at crates.io, which need not
//! be that at GitHub: the account is taken from the address beside it.

use serde::Deserialize;

use super::registry::{
    CRATES_IO, MOST_OWNERS, MOST_VERSIONS, account_at, at_most, day, is_crate_name, no_crate_name, registered,
    repository, sorted, team, within_limits,
};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source};
use crate::facts::live::{AccountKind, Content, FactKind, Owner, PublishedBy, PublishedVersion, Reason};

/// Pages of versions of one crate that are read: 20,000 versions.
const PAGES: usize = 200;

/// Bytes of all pages of one crate together.
const BYTES: u64 = 64 << 20;

/// Asks the API.
#[derive(Clone, Debug)]
pub struct CratesIo {
    endpoint: Endpoint,
}

#[derive(Deserialize)]
struct OwnerList {
    #[serde(deserialize_with = "at_most::<_, _, MOST_OWNERS>")]
    users: Vec<WireOwner>,
}

#[derive(Deserialize)]
struct WireOwner {
    login: String,
    kind: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct VersionPage {
    #[serde(deserialize_with = "at_most::<_, _, MOST_VERSIONS>")]
    versions: Vec<WireVersion>,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    next_page: Option<String>,
}

#[derive(Deserialize)]
struct WireVersion {
    num: String,
    created_at: Option<String>,
    published_by: Option<WireUser>,
    trustpub_data: Option<WirePublisher>,
}

#[derive(Deserialize)]
struct WireUser {
    login: String,
    url: Option<String>,
}

#[derive(Deserialize)]
struct WirePublisher {
    provider: Option<String>,
    repository: Option<String>,
    project_path: Option<String>,
}

impl CratesIo {
    /// Asks at an address.
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }

    async fn about(&self, client: &Client, kind: FactKind, name: &str) -> Result<Content, Failure> {
        if !is_crate_name(name) {
            return Err(no_crate_name(CRATES_IO));
        }
        match kind {
            FactKind::CrateOwners => self.owners(client, name).await,
            _ => self.versions(client, name).await,
        }
    }

    async fn owners(&self, client: &Client, name: &str) -> Result<Content, Failure> {
        let list: Option<OwnerList> = client.get_json(&self.endpoint, &format!("/api/v1/crates/{name}/owners")).await?;
        let Some(list) = list else { return Ok(Content::Absent) };
        let owners: Option<Vec<Owner>> = list.users.iter().map(owner).collect();
        let owners = owners.ok_or_else(|| self.malformed("an owner without an account"))?;
        sorted(CRATES_IO, owners).map(Content::Owners)
    }

    async fn versions(&self, client: &Client, name: &str) -> Result<Content, Failure> {
        let path = format!("/api/v1/crates/{name}/versions");
        let mut query = "?per_page=100&sort=date".to_owned();
        let mut versions = Vec::new();
        let mut left = BYTES;
        for _ in 0..PAGES {
            let address = format!("{path}{query}");
            let page: Option<VersionPage> = client.get_json_within(&self.endpoint, &address, &mut left).await?;
            let Some(page) = page else { return Ok(Content::Absent) };
            versions.extend(page.versions.into_iter().map(version));
            within_limits(CRATES_IO, &versions)?;
            match page.meta.and_then(|meta| meta.next_page) {
                None => return Ok(Content::Versions(versions)),
                Some(next) if next.starts_with('?') && next != query => query = next,
                Some(_) => return Err(self.malformed("the next page is no page")),
            }
        }
        Err(self.malformed("the pages do not end"))
    }

    fn malformed(&self, what: &str) -> Failure {
        Failure { reason: Reason::Malformed, detail: format!("{}: {what}", self.name()) }
    }
}

impl Source for CratesIo {
    fn name(&self) -> &str {
        CRATES_IO
    }

    fn batch(&self, kind: FactKind) -> Option<Batch> {
        matches!(kind, FactKind::CrateOwners | FactKind::CrateVersions).then_some(Batch { subjects: 1, requests: 1 })
    }

    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a> {
        Box::pin(async move {
            let mut answers = Answers::default();
            if self.batch(kind).is_none() {
                return answers;
            }
            for name in subjects {
                match self.about(client, kind, name).await {
                    Ok(content) => answers.fact(CRATES_IO, kind, name, content),
                    Err(failure) => answers.gap(CRATES_IO, kind, name, &failure),
                }
            }
            answers
        })
    }
}

fn owner(wire: &WireOwner) -> Option<Owner> {
    if wire.kind.as_deref() == Some("team") {
        return team(&wire.login);
    }
    let account = account(&wire.login, wire.url.as_deref())?;
    Some(Owner { account, kind: AccountKind::Person, team: None })
}

fn account(login: &str, address: Option<&str>) -> Option<String> {
    address.and_then(account_at).or_else(|| registered(login))
}

fn version(wire: WireVersion) -> PublishedVersion {
    let by_repository = wire.trustpub_data.and_then(|data| {
        let path = data.repository.or(data.project_path)?;
        repository(&data.provider?, &path).map(PublishedBy::Repository)
    });
    let by_account =
        || wire.published_by.and_then(|user| account(&user.login, user.url.as_deref())).map(PublishedBy::Account);
    PublishedVersion {
        version: wire.num,
        by: by_repository.or_else(by_account),
        on: wire.created_at.as_deref().and_then(day),
    }
}
