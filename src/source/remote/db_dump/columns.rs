//! What is kept of the dump while it is read: some twenty bytes a version.

use std::collections::{BTreeMap, BTreeSet};

use super::{DumpError, DumpLimits};

/// A text within [`Texts`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    start: u32,
    length: u16,
}

/// Short texts, one behind the other.
#[derive(Debug)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    most: usize,
}

impl Texts {
    pub(super) fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most: most.min(1 << 31) }
    }

    /// Keeps a text; nothing if it is longer than any text of a dump that is of use.
    pub(super) fn add(&mut self, text: &str) -> Result<Option<Text>, DumpError> {
        if self.bytes.len() + text.len() > self.most {
            return Err(DumpError::TooMuch { what: "bytes of text", most: self.most as u64 });
        }
        let (Ok(start), Ok(length)) = (u32::try_from(self.bytes.len()), u16::try_from(text.len())) else {
            return Ok(None);
        };
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(Some(Text { start, length }))
    }

    pub(super) fn get(&self, text: Text) -> &str {
        let start = text.start as usize;
        let bytes = self.bytes.get(start..start + usize::from(text.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// Rows with a key, found by it once they are sorted.
pub(super) fn find<T>(rows: &[T], key: u32, key_of: impl Fn(&T) -> u32) -> &[T] {
    let start = rows.partition_point(|row| key_of(row) < key);
    let count = rows[start..].partition_point(|row| key_of(row) == key);
    &rows[start..start + count]
}

/// A day, as days since 1970; 0 is none. It lasts until 2149.
pub(super) type Day = u16;

/// A version.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub(super) krate: u32,
    pub(super) id: u32,
    pub(super) by: Publisher,
    pub(super) number: u32,
    pub(super) length: u16,
    pub(super) on: Day,
}

impl Version {
    pub(super) fn text(self) -> Text {
        Text { start: self.number, length: self.length }
    }

    pub(super) fn with_text(self, text: Text) -> Self {
        Self { number: text.start, length: text.length, ..self }
    }
}

/// Who published a version: nobody known (0), a user's id, or with the highest bit a repository's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Publisher(u32);

const REPOSITORY: u32 = 1 << 31;

impl Publisher {
    pub(super) fn user(id: u32) -> Self {
        Self(id & !REPOSITORY)
    }

    pub(super) fn repository(number: u32) -> Self {
        Self(number | REPOSITORY)
    }

    /// The user's id.
    pub(super) fn as_user(self) -> Option<u32> {
        (self.0 != 0 && self.0 & REPOSITORY == 0).then_some(self.0)
    }

    /// The repository's number.
    pub(super) fn as_repository(self) -> Option<u32> {
        (self.0 & REPOSITORY != 0).then_some(self.0 & !REPOSITORY)
    }
}

/// An owner of a crate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ownership {
    pub(super) krate: u32,
    pub(super) owner: u32,
    pub(super) kind: OwnerKind,
}

/// What an owner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum OwnerKind {
    User,
    Team,
    /// Somebody, but the row does not say whom in a way that is known.
    Unclear,
}

/// Tables of names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Names {
    /// Users at crates.io.
    Users,
    /// Their logins at GitHub, from `users.csv`.
    Logins,
    /// Their logins at GitHub, from `oauth_github.csv`.
    Linked,
    /// Teams.
    Teams,
}

/// All tables.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) limits: DumpLimits,
    pub(super) texts: Texts,
    pub(super) crates: Vec<(u32, Text)>,
    /// Crates that are there, but without a number by which anything else is found.
    pub(super) unclear: BTreeSet<String>,
    pub(super) owners: Vec<Ownership>,
    pub(super) versions: Vec<Version>,
    /// Names by id, a table for each of [`Names`].
    pub(super) names: [Vec<(u32, Text)>; 4],
    /// Whether `users.csv` has logins at GitHub.
    pub(super) users_have_logins: bool,
    /// Repositories that publish, by number.
    pub(super) repositories: Vec<Text>,
    pub(super) numbers: BTreeMap<String, u32>,
    /// Rows that could not be used.
    pub(super) unused: u64,
}

impl Columns {
    pub(super) fn new(limits: DumpLimits) -> Self {
        Self {
            limits,
            texts: Texts::new(limits.text),
            crates: Vec::new(),
            unclear: BTreeSet::new(),
            owners: Vec::new(),
            versions: Vec::new(),
            names: [const { Vec::new() }; 4],
            users_have_logins: false,
            repositories: Vec::new(),
            numbers: BTreeMap::new(),
            unused: 0,
        }
    }

    /// Keeps a name; nothing if it is too long.
    pub(super) fn name(&mut self, table: Names, id: u32, name: &str) -> Result<Option<()>, DumpError> {
        let Some(name) = self.texts.add(name)? else { return Ok(None) };
        self.names[table as usize].push((id, name));
        Ok(Some(()))
    }

    /// The name with an id.
    pub(super) fn named(&self, table: Names, id: u32) -> Option<&str> {
        find(&self.names[table as usize], id, |row| row.0).first().map(|row| self.texts.get(row.1))
    }

    /// The number of a repository that publishes.
    pub(super) fn repository(&mut self, path: &str) -> Result<Option<Publisher>, DumpError> {
        if let Some(number) = self.numbers.get(path) {
            return Ok(Some(Publisher::repository(*number)));
        }
        let Some(text) = self.texts.add(path)? else { return Ok(None) };
        let Ok(number) = u32::try_from(self.repositories.len()) else { return Ok(None) };
        self.repositories.push(text);
        self.numbers.insert(path.to_owned(), number);
        Ok(Some(Publisher::repository(number)))
    }

    /// Sorts everything by its key.
    pub(super) fn sort(&mut self) {
        self.crates.sort_unstable_by_key(|row| row.0);
        self.crates.dedup_by_key(|row| row.0);
        self.versions.sort_unstable_by_key(|row| (row.krate, std::cmp::Reverse(row.id)));
        self.owners.sort_unstable_by_key(|row| (row.krate, row.kind, row.owner));
        for rows in &mut self.names {
            rows.sort_by_key(|row| row.0);
            rows.dedup_by_key(|row| row.0);
        }
        self.numbers = BTreeMap::new();
    }
}
