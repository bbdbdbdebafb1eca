//! The database dump of crates.io: owners and versions of all crates in one file.
//!
//! The file is a tar.gz of tables as CSV. It is read as it comes, never unpacked: of six tables the columns that matter are kept, found
//! by the names in their headers, in whatever order the tables stand. The shapes are those of `dump-db.toml` in the registry's own source:
//! until 2026 `users.csv` had the login at GitHub, since then `oauth_github.csv` has it.

mod columns;
mod facts;
mod table;
mod tables;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::ops::ControlFlow;

use flate2::read::MultiGzDecoder;

use self::columns::Columns;
use crate::date::Date;
use crate::facts::live::{Fact, FactKind, Reason, SourceGap};
use crate::source::remote::ask::{MOST_ABSENT, knows_none};
use crate::source::remote::registry::CRATES_IO;
use crate::source::remote::{Answers, Failure};

/// The tables that are read, in the order in which a missing one is named.
const FILES: [&str; 6] = ["crates.csv", "crate_owners.csv", "versions.csv", "users.csv", "teams.csv", LOGINS];

/// Needed where `users.csv` has no logins.
const LOGINS: &str = "oauth_github.csv";

/// How much of a dump is read and kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DumpLimits {
    /// Bytes of the archive, unpacked.
    pub unpacked: u64,
    /// Rows of a table.
    pub rows: usize,
    /// Bytes of all names, logins and versions.
    pub text: usize,
}

impl Default for DumpLimits {
    fn default() -> Self {
        Self { unpacked: 100 << 30, rows: 20_000_000, text: 512 << 20 }
    }
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DumpProgress {
    /// Bytes of the file, as it is packed.
    pub packed: u64,
    /// Rows of all tables that matter.
    pub rows: u64,
}

/// A dump that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DumpError {
    /// It cannot be read to its end, or is no tar.gz.
    #[error("the dump is cut off, or not a tar.gz: {0}")]
    Broken(String),
    /// A table is not there.
    #[error("the dump has no table {0}")]
    NoFile(&'static str),
    /// A table is there a second time.
    #[error("the dump has two tables {0}")]
    FileTwice(&'static str),
    /// A column is not there.
    #[error("the table {file} of the dump has no column `{column}`")]
    NoColumn {
        /// The table.
        file: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A column is there a second time.
    #[error("the table {file} of the dump has two columns `{column}`")]
    ColumnTwice {
        /// The table.
        file: &'static str,
        /// The column.
        column: &'static str,
    },
    /// It has more of something than is read.
    #[error("the dump has more {what} than the {most} that are read")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many.
        most: u64,
    },
    /// The caller stopped the reading.
    #[error("stopped")]
    Stopped,
}

impl DumpError {
    fn of(error: &io::Error) -> Self {
        // What the reader below said as an error of its own comes back as that.
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        own.cloned().unwrap_or_else(|| Self::Broken(error.to_string()))
    }
}

/// What was kept of a dump.
#[derive(Debug)]
pub struct Dump {
    columns: Columns,
    /// The day that the archive says it was made on.
    made: Option<Date>,
    /// Crates by name: those wanted, or all.
    names: Vec<(String, Option<u32>)>,
}

impl Dump {
    /// Owners and versions of each crate, by name; of a wanted crate that the registry does not have, that it is absent.
    pub fn facts(&self) -> impl Iterator<Item = Fact> + '_ {
        let names = if self.has_none() { &[][..] } else { &self.names };
        names.iter().flat_map(|(name, krate)| {
            let told = facts::of(&self.columns, *krate).into_iter();
            told.filter_map(|(kind, content)| {
                let (subject, source) = (name.clone(), CRATES_IO.to_owned());
                Some(Fact { kind, subject, source, content: content.ok()? })
            })
        })
    }

    /// What it does not tell of these crates, and how many rows could not be used.
    pub fn gaps(&self) -> Vec<SourceGap> {
        let mut answers = Answers::default();
        let malformed = |what: &str| Failure { reason: Reason::Malformed, detail: format!("{CRATES_IO}: {what}") };
        let none = knows_none(CRATES_IO, FactKind::CrateOwners, self.names.len());
        for (name, krate) in &self.names {
            if self.has_none() {
                answers.gap(CRATES_IO, FactKind::CrateOwners, name, &none);
                answers.gap(CRATES_IO, FactKind::CrateVersions, name, &none);
                continue;
            }
            for (kind, content) in facts::of(&self.columns, *krate) {
                if let Err(failure) = content {
                    answers.gap(CRATES_IO, kind, name, &failure);
                }
            }
        }
        let unnumbered = malformed("the database dump has it without a number");
        for name in &self.columns.unclear {
            answers.gap(CRATES_IO, FactKind::CrateOwners, name, &unnumbered);
            answers.gap(CRATES_IO, FactKind::CrateVersions, name, &unnumbered);
        }
        if self.columns.unused > 0 {
            let rows = if self.columns.unused == 1 { "row" } else { "rows" };
            let what = format!("{} {rows} of the database dump could not be used", self.columns.unused);
            let Failure { reason, detail } = malformed(&what);
            answers.gaps.push(SourceGap { source: CRATES_IO.to_owned(), subject: None, kind: None, reason, detail });
        }
        answers.gaps
    }

    /// Whether it has none of so many crates that it is hardly the right one.
    fn has_none(&self) -> bool {
        self.names.len() >= MOST_ABSENT && self.names.iter().all(|(_, krate)| krate.is_none())
    }

    /// The day that the dump is of, by the name of its folder: a copy can be old, and says nothing of today.
    pub fn made_on(&self) -> Option<Date> {
        self.made
    }

    /// Crates of which there are facts.
    pub fn crates(&self) -> usize {
        self.names.len()
    }

    /// Rows that could not be used, since a value in them is missing, too long, or not what its column holds. Not those that are seen to be
    /// about crates that nobody asks about.
    pub fn unused(&self) -> u64 {
        self.columns.unused
    }
}

/// Reads a dump; of the wanted crates, or of all. It is read to its end, where the checksum is: what was damaged on its way
/// can look whole.
///
/// `progress` is called every few thousand rows, and can stop the reading.
pub fn read_dump(
    input: impl Read,
    wanted: Option<&BTreeSet<String>>,
    limits: DumpLimits,
    progress: &mut dyn FnMut(DumpProgress) -> ControlFlow<()>,
) -> Result<Dump, DumpError> {
    let packed = Cell::new(0);
    let counted = Counted { input, count: &packed, most: u64::MAX };
    let unpacked = Cell::new(0);
    let unpacking = Counted { input: MultiGzDecoder::new(counted), count: &unpacked, most: limits.unpacked };
    let mut archive = tar::Archive::new(unpacking);
    let mut reading = tables::Tables::new(limits, wanted, &packed, progress);
    // Raw: names beyond 100 bytes and other extensions are skipped instead of being read into memory. No table needs them.
    let entries = archive.entries().map_err(|error| DumpError::of(&error))?.raw(true);
    let mut made = None;
    for entry in entries {
        let mut entry = entry.map_err(|error| DumpError::of(&error))?;
        made = made.or_else(|| day_of(&entry.path_bytes()));
        let Some(file) = table_of(&entry) else { continue };
        reading.read(file, &mut entry)?;
    }
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(|error| DumpError::of(&error))?;
    Ok(Dump { made, ..reading.finish()? })
}

/// The day of `2026-11-28-020016/…`.
fn day_of(path: &[u8]) -> Option<Date> {
    std::str::from_utf8(path).ok()?.get(..10)?.parse().ok()
}

/// Which table an entry is: a plain file `…/data/<table>.csv`. The path is looked at, and never opened.
fn table_of<R: Read>(entry: &tar::Entry<'_, R>) -> Option<&'static str> {
    if !entry.header().entry_type().is_file() {
        return None;
    }
    let path = entry.path_bytes();
    let mut parts = path.rsplit(|byte| *byte == b'/');
    let name = parts.next()?;
    let file = FILES.into_iter().find(|file| file.as_bytes() == name)?;
    (parts.next()? == b"data" && parts.all(|part| part != b"..")).then_some(file)
}

/// Counts what is read, and ends with an error where it is too much.
struct Counted<'a, R> {
    input: R,
    count: &'a Cell<u64>,
    most: u64,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        let sum = self.count.get().saturating_add(count as u64);
        self.count.set(sum);
        if sum > self.most {
            return Err(io::Error::other(DumpError::TooMuch { what: "bytes when unpacked", most: self.most }));
        }
        Ok(count)
    }
}
