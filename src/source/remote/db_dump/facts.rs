//! From the tables to facts, as the API would give them.

use super::columns::{Columns, Day, Names, Ownership, Publisher, find};
use crate::date::Date;
use crate::facts::live::{AccountKind, Content, Fact, FactKind, Owner, PublishedBy, PublishedVersion};
use crate::source::remote::registry::{self, CRATES_IO};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The owners and the versions of a crate; of one without an id, that it is absent.
pub(super) fn of(columns: &Columns, name: &str, krate: Option<u32>) -> [Fact; 2] {
    let (owners, versions) = match krate {
        Some(id) => (Content::Owners(owners(columns, id)), Content::Versions(versions(columns, id))),
        None => (Content::Absent, Content::Absent),
    };
    let fact = |kind, content| Fact { kind, subject: name.to_owned(), source: CRATES_IO.to_owned(), content };
    [fact(FactKind::CrateOwners, owners), fact(FactKind::CrateVersions, versions)]
}

fn owners(columns: &Columns, krate: u32) -> Vec<Owner> {
    let rows = find(&columns.owners, krate, |row| row.krate);
    let mut owners: Vec<Owner> = rows.iter().filter_map(|row| owner(columns, *row)).collect();
    owners.sort();
    owners.dedup();
    owners
}

fn owner(columns: &Columns, row: Ownership) -> Option<Owner> {
    if row.team {
        let login = columns.named(Names::Teams, row.owner)?;
        return registry::team(login);
    }
    Some(Owner { account: account(columns, row.owner)?, kind: AccountKind::Person, team: None })
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
