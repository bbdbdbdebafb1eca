//! From the tables to facts, as the API would give them.

use super::columns::{Columns, Day, Names, OwnerKind, Ownership, Publisher, find};
use crate::date::Date;
use crate::facts::live::{AccountKind, Content, Fact, FactKind, Owner, PublishedBy, PublishedVersion};
use crate::source::remote::registry::{self, CRATES_IO};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The owners of a crate, if all of them can be told, and the versions; of one without an id, that it is absent.
pub(super) fn of(columns: &Columns, name: &str, krate: Option<u32>) -> impl Iterator<Item = Fact> {
    let (owners, versions) = match krate {
        Some(id) => (owners(columns, id).map(Content::Owners), Content::Versions(versions(columns, id))),
        None => (Some(Content::Absent), Content::Absent),
    };
    let fact = |kind, content| Fact { kind, subject: name.to_owned(), source: CRATES_IO.to_owned(), content };
    let owners = owners.map(|owners| fact(FactKind::CrateOwners, owners));
    owners.into_iter().chain([fact(FactKind::CrateVersions, versions)])
}

/// The owners of a crate. Nothing comes back where one of them cannot be told: the others are not all that may publish it.
pub(super) fn owners(columns: &Columns, krate: u32) -> Option<Vec<Owner>> {
    let rows = find(&columns.owners, krate, |row| row.krate);
    let mut owners = rows.iter().map(|row| owner(columns, *row)).collect::<Option<Vec<Owner>>>()?;
    owners.sort();
    owners.dedup();
    Some(owners)
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

fn versions(columns: &Columns, krate: u32) -> Vec<PublishedVersion> {
    let rows = find(&columns.versions, krate, |row| row.krate);
    let version = |row: &super::columns::Version| PublishedVersion {
        version: columns.texts.get(row.text()).to_owned(),
        by: published_by(columns, row.by),
        on: date(row.on),
    };
    rows.iter().map(version).collect()
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
