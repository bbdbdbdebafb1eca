//! What can be wrong with a store, and what to do.

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::ErrorCode;

use crate::date::Date;

/// A store that cannot be used, or not for what it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("the store {path} {problem}")]
pub struct StoreError {
    /// The file, as it was given.
    pub path: Utf8PathBuf,
    /// What is wrong.
    #[source]
    pub problem: Problem,
}

/// What is wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// It is to be read, and is not there.
    #[error("does not exist; `cargo origin sync` or `cargo origin store import` makes one")]
    Missing,
    /// The file or its folder cannot be made or opened.
    #[error("cannot be opened or made; name another file with --store, or do without with --no-store")]
    Place(#[source] io::Error),
    /// Somebody else is writing, and did not finish in time.
    #[error("is being written by another process; try again when that is done")]
    Busy,
    /// The disk is full.
    #[error(
        "cannot be written: the disk is full; nothing of this step was kept. Make room, or name a file elsewhere with --store"
    )]
    Full,
    /// It may not be written.
    #[error("may not be written; name a file elsewhere with --store")]
    ReadOnly,
    /// It is no database, or a damaged one.
    #[error(
        "is damaged ({0}); the next command that writes it, such as `cargo origin sync`, sets it aside and begins a new one, \
         or use --no-store"
    )]
    Broken(String),
    /// A later version of this program made it.
    #[error(
        "has format {found}, and this version of cargo-origin knows up to {known}; update it, or name another file with --store"
    )]
    Newer {
        /// Its version.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// It is of an earlier version and cannot be brought up to date, because it cannot be written.
    #[error("has the earlier format {found} and cannot be brought up to date")]
    Older {
        /// Its version.
        found: i64,
        /// Why it cannot be written.
        #[source]
        source: Box<Self>,
    },
    /// It is a database of another program.
    #[error("is a database of another program, and is left as it is; name another file with --store")]
    Foreign,
    /// A row that cannot be read.
    #[error("has a row that cannot be read: {row}; `cargo origin store forget` or a new `sync` of it replaces the row")]
    Row {
        /// Which one.
        row: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Something in it was stamped by a clock that was wrong, or this machine's is.
    #[error(
        "holds answers of {0}, which is later than this machine's clock says: set the clock right, or, if it was wrong then, delete the \
         file or name another one with --store"
    )]
    Later(Date),
    /// A moment that is in no year of the calendar.
    #[error("was not changed: {0} seconds after 1970 is in no year")]
    NoDay(i64),
    /// Bytes of what was forgotten are still in the file beside it.
    #[error(
        "is being read by another process: what was to go is deleted, but its bytes stay in the file until nobody reads; then \
         repeat the command"
    )]
    BytesRemain,
    /// The portable file is not one, or not whole.
    #[error("is as it was: {what} (line {line} of what is imported)")]
    Portable {
        /// Where, from one.
        line: u64,
        /// What is wrong.
        what: String,
    },
    /// The portable file cannot be read.
    #[error("is as it was: what is to be imported is cut off, is no export of a store, or cannot be read")]
    Input(#[source] io::Error),
    /// The portable file cannot be written.
    #[error("cannot be exported")]
    Output(#[source] io::Error),
    /// Anything else that SQLite says.
    #[error("cannot be used")]
    Sql(#[source] rusqlite::Error),
}

impl StoreError {
    /// The same, with the home folder of the user shown as `~`.
    #[must_use]
    pub fn under_home(self, home: Option<&Utf8Path>) -> Self {
        let path = home
            .filter(|home| !home.as_str().is_empty())
            .and_then(|home| self.path.strip_prefix(home).ok())
            .map(|rest| Utf8Path::new("~").join(rest));
        Self { path: path.unwrap_or(self.path), problem: self.problem }
    }

    /// Whether the file is damaged: a report goes on without it and says so, and what writes sets it aside.
    pub fn is_broken(&self) -> bool {
        matches!(self.problem, Problem::Broken(_))
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Broken(error.to_string()),
            // Its own words hold the whole path, and with it the home folder; only what the code means is kept.
            Some(ErrorCode::CannotOpen) => {
                let code = error.sqlite_error().copied();
                Self::Place(io::Error::other(code.map_or_else(String::new, |code| code.to_string())))
            }
            _ => Self::Sql(error),
        }
    }
}
