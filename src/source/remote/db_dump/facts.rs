//! From the tables to facts, as the API would give them.

use super::columns::{Columns, Day, Names, OwnerKind, Ownership, Publisher, find};
use crate::date::Date;
use crate::facts::live::{AccountKind, Content, FactKind, Owner, PublishedBy, PublishedVersion, Reason};
use crate::source::remote::Failure;
use crate::source::remote::registry::{self, CRATES_IO, MOST_OWNERS, MOST_VERSIONS, sorted, within_limits};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The owners and the versions of a crate, or why they cannot be told; of one without an id, that it is absent.
pub(super) fn of(columns: &Columns, krate: Option<u32>) -> [(FactKind, Result<Content, Failure>); 2] {
    let (owners, versions) = match krate {
        Some(id) => (owners(columns, id).map(Content::Owners), versions(columns, id).map(Content::Versions)),
        None => (Ok(Content::Absent), Ok(Content::Absent)),
    };
    [(FactKind::CrateOwners, owners), (FactKind::CrateVersions, versions)]
}

/// The owners of a crate. There are none where one of them cannot be told: the others are not all that may publish it.
fn owners(columns: &Columns, krate: u32) -> Result<Vec<Owner>, Failure> {
    let rows = find(&columns.owners, krate, |row| row.krate);
    let owners = rows.iter().take(MOST_OWNERS + 1).map(|row| owner(columns, *row)).collect::<Option<Vec<Owner>>>();
    let detail = "the tables of the database dump do not say whom one of its owners is";
    let unclear = || Failure { reason: Reason::Malformed, detail: format!("{CRATES_IO}: {detail}") };
    sorted(CRATES_IO, owners.ok_or_else(unclear)?)
}

fn owner(columns: &Columns, row: Ownership) -> Option<Owner> {
    match row.kind {
        OwnerKind::User => Some(Owner { account: account(columns, row.owner)?, kind: AccountKind::Person, team: None }),
        OwnerKind::Team => registry::team(columns.named(Names::Teams, row.owner)?),
        OwnerKind::Unclear => None,
    }
}

/// The account of a user: that at GitHub, else that at crates.io.
fn account(columns: &Columns, id: u32) -> Option<String> {
    let login = columns.named(Names::Logins, id).or_else(|| columns.named(Names::Linked, id));
    login.and_then(registry::github).or_else(|| columns.named(Names::Users, id).and_then(registry::registered))
}

fn versions(columns: &Columns, krate: u32) -> Result<Vec<PublishedVersion>, Failure> {
    let rows = find(&columns.versions, krate, |row| row.krate);
    let version = |row: &super::columns::Version| PublishedVersion {
        version: columns.texts.get(row.text()).to_owned(),
        by: published_by(columns, row.by),
        on: date(row.on),
    };
    let versions: Vec<PublishedVersion> = rows.iter().take(MOST_VERSIONS + 1).map(version).collect();
    within_limits(CRATES_IO, &versions)?;
    Ok(versions)
}

fn published_by(columns: &Columns, by: Publisher) -> Option<PublishedBy> {
    if let Some(number) = by.as_repository() {
        let path = columns.repositories.get(usize::try_from(number).ok()?)?;
        return Some(PublishedBy::Repository(columns.texts.get(*path).to_owned()));
    }
    account(columns, by.as_user()?).map(PublishedBy::Account)
}

fn date(day: Day) -> Option<Date> {
    if day == 0 { None } else { Date::from_unix(i64::from(day) * DAY) }
}
