//! The tables of the dump: which columns of each are read, and what is kept of a row.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::Read;
use std::ops::ControlFlow;

use serde::Deserialize;

use super::columns::{Columns, Day, Names, OwnerKind, Ownership, Publisher, Version};
use super::table::{Column, Row, read_table};
use super::{Dump, DumpError, DumpLimits, DumpProgress, FILES, LOGINS};
use crate::date::Date;
use crate::source::remote::registry;

const CRATES: [Column; 2] = [("id", true), ("name", true)];
const OWNERS: [Column; 3] = [("crate_id", true), ("owner_id", true), ("owner_kind", true)];
const VERSIONS: [Column; 6] = [
    ("id", true),
    ("crate_id", true),
    ("num", true),
    ("created_at", true),
    ("published_by", true),
    ("trustpub_data", false),
];
const USERS: [Column; 3] = [("id", true), ("gh_login", false), ("username", false)];
const USER_LOGINS: [Column; 2] = [("user_id", true), ("login", true)];
const TEAMS: [Column; 2] = [("id", true), ("login", true)];

/// Rows between two reports of progress.
const STEP: u64 = 1 << 14;

/// The reading of a dump.
pub(super) struct Tables<'a> {
    columns: Columns,
    wanted: Option<&'a BTreeSet<String>>,
    seen: BTreeSet<&'static str>,
    /// Ids of the wanted crates, once the table of crates was read.
    ids: Option<BTreeSet<u32>>,
    packed: &'a Cell<u64>,
    rows: u64,
    progress: &'a mut dyn FnMut(DumpProgress) -> ControlFlow<()>,
}

#[derive(Deserialize)]
struct Trusted {
    provider: Option<String>,
    repository: Option<String>,
    project_path: Option<String>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(
        limits: DumpLimits,
        wanted: Option<&'a BTreeSet<String>>,
        packed: &'a Cell<u64>,
        progress: &'a mut dyn FnMut(DumpProgress) -> ControlFlow<()>,
    ) -> Self {
        let (seen, ids) = (BTreeSet::new(), None);
        Self { columns: Columns::new(limits), wanted, seen, ids, packed, rows: 0, progress }
    }

    /// Reads one table.
    pub(super) fn read(&mut self, file: &'static str, input: impl Read) -> Result<(), DumpError> {
        if !self.seen.insert(file) {
            return Err(DumpError::FileTwice(file));
        }
        let columns: &[Column] = match file {
            "crates.csv" => &CRATES,
            "crate_owners.csv" => &OWNERS,
            "versions.csv" => &VERSIONS,
            "users.csv" => &USERS,
            "teams.csv" => &TEAMS,
            _ => &USER_LOGINS,
        };
        let mut rows = 0;
        let unused = read_table(file, input, columns, &mut |row| {
            rows += 1;
            if rows > self.columns.limits.rows {
                return Err(DumpError::TooMuch { what: "rows of a table", most: self.columns.limits.rows as u64 });
            }
            self.step()?;
            let used = match file {
                "crates.csv" => self.krate(row)?,
                "crate_owners.csv" => self.owner(row),
                "versions.csv" => self.version(row)?,
                "users.csv" => self.user(row)?,
                "teams.csv" => self.named(Names::Teams, row)?,
                _ => self.named(Names::Linked, row)?,
            };
            Ok(used.is_some())
        })?;
        self.columns.unused += unused;
        if file == "crates.csv" && self.wanted.is_some() {
            self.ids = Some(self.columns.crates.iter().map(|row| row.0).collect());
        }
        Ok(())
    }

    fn missing(&self) -> Option<&'static str> {
        let needed = |file: &&str| *file != LOGINS || !self.columns.users_have_logins;
        FILES.into_iter().filter(needed).find(|file| !self.seen.contains(file))
    }

    /// What was read, in order.
    pub(super) fn finish(mut self) -> Result<Dump, DumpError> {
        if let Some(file) = self.missing() {
            return Err(DumpError::NoFile(file));
        }
        self.columns.sort();
        let columns = self.columns;
        let mut names: Vec<(String, Option<u32>)> =
            columns.crates.iter().map(|row| (columns.texts.get(row.1).to_owned(), Some(row.0))).collect();
        if let Some(wanted) = self.wanted {
            let there: BTreeSet<String> = names.iter().map(|row| row.0.clone()).collect();
            let absent = wanted.difference(&there).filter(|name| !columns.unclear.contains(*name));
            names.extend(absent.map(|name| (name.clone(), None)));
        }
        names.sort_unstable();
        names.dedup_by(|later, earlier| later.0 == earlier.0);
        Ok(Dump { columns, made: None, names })
    }

    fn step(&mut self) -> Result<(), DumpError> {
        self.rows += 1;
        if self.rows.is_multiple_of(STEP) {
            let progress = DumpProgress { packed: self.packed.get(), rows: self.rows };
            if (self.progress)(progress).is_break() {
                return Err(DumpError::Stopped);
            }
        }
        Ok(())
    }

    fn is_wanted(&self, krate: u32) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(&krate))
    }

    fn krate(&mut self, row: &Row<'_>) -> Result<Option<()>, DumpError> {
        let Some(name) = text(row[1]).filter(|name| registry::is_crate_name(name)) else { return Ok(None) };
        if self.wanted.is_some_and(|wanted| !wanted.contains(name)) {
            return Ok(Some(()));
        }
        let Some(id) = number(row[0]) else {
            self.columns.unclear.insert(name.to_owned());
            return Ok(None);
        };
        let Some(name) = self.columns.texts.add(name)? else { return Ok(None) };
        self.columns.crates.push((id, name));
        Ok(Some(()))
    }

    fn owner(&mut self, row: &Row<'_>) -> Option<()> {
        let krate = number(row[0])?;
        if !self.is_wanted(krate) {
            return Some(());
        }
        let (owner, kind) = match (number(row[1]), number(row[2])) {
            (Some(owner), Some(0)) => (owner, OwnerKind::User),
            (Some(owner), Some(1)) => (owner, OwnerKind::Team),
            // Somebody may publish it, so that the others are not all.
            _ => (0, OwnerKind::Unclear),
        };
        self.columns.owners.push(Ownership { krate, owner, kind });
        (kind != OwnerKind::Unclear).then_some(())
    }

    fn version(&mut self, row: &Row<'_>) -> Result<Option<()>, DumpError> {
        let Some(krate) = number(row[1]) else { return Ok(None) };
        if !self.is_wanted(krate) {
            return Ok(Some(()));
        }
        let short = text(row[2]).filter(|version| version.len() <= registry::LONGEST_VERSION);
        let (Some(id), Some(version)) = (number(row[0]), short) else { return Ok(None) };
        let by = self.publisher(row)?;
        let Some(version) = self.columns.texts.add(version)? else { return Ok(None) };
        let on = day(row[3]);
        self.columns.versions.push(Version { krate, id, by, number: 0, length: 0, on }.with_text(version));
        Ok(Some(()))
    }

    fn publisher(&mut self, row: &Row<'_>) -> Result<Publisher, DumpError> {
        let trusted: Option<Trusted> =
            row[5].filter(|json| !json.is_empty()).and_then(|json| serde_json::from_slice(json).ok());
        let path = trusted.and_then(|data| {
            let path = data.repository.or(data.project_path)?;
            registry::repository(&data.provider?, &path)
        });
        if let Some(path) = path
            && let Some(publisher) = self.columns.repository(&path)?
        {
            return Ok(publisher);
        }
        Ok(number(row[4]).map(Publisher::user).unwrap_or_default())
    }

    /// A row of an id and a name.
    fn named(&mut self, table: Names, row: &Row<'_>) -> Result<Option<()>, DumpError> {
        let (Some(id), Some(name)) = (number(row[0]), text(row[1])) else { return Ok(None) };
        self.columns.name(table, id, name)
    }

    fn user(&mut self, row: &Row<'_>) -> Result<Option<()>, DumpError> {
        let Some(id) = number(row[0]) else { return Ok(None) };
        // A column that the table does not have is missing in every row; one that is there can still be empty.
        self.columns.users_have_logins |= row[1].is_some();
        for (table, name) in [(Names::Logins, row[1]), (Names::Users, row[2])] {
            if let Some(name) = text(name) {
                self.columns.name(table, id, name)?;
            }
        }
        Ok(Some(()))
    }
}

/// A text that says something.
fn text(field: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(field?).ok().filter(|text| !text.is_empty())
}

/// An id, which `integer` of the database keeps below 2^31.
fn number(field: Option<&[u8]>) -> Option<u32> {
    text(field)?.parse::<u32>().ok().filter(|id| *id < 1 << 31)
}

fn day(field: Option<&[u8]>) -> Day {
    let epoch = Date::from_unix(0);
    let days = text(field).and_then(registry::day).and_then(|day| Some(epoch?.days_until(day)));
    days.and_then(|days| Day::try_from(days).ok()).unwrap_or(0)
}
