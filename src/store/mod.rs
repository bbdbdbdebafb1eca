//! What was fetched, kept between runs: one file of SQLite.
//!
//! Facts are kept as their sources said them, with when they were fetched; for what changes with people (where a profile says somebody is,
//! who may publish) what was said before is kept too, with its days. Beside them: what could not be learnt, and the lists of sanctions with
//! the normal forms that [`crate::screening`] makes. Nothing is fetched or interpreted here.
//!
//! Many may read while one writes. Everything that belongs together is written in one transaction, so that a run that is killed leaves the
//! last good state.

mod forget;
mod keep;
mod lists;
mod open;
mod portable;
mod problem;
mod published;
mod schema;
mod timeline;
mod upkeep;

pub use forget::Forgotten;
pub use lists::{ListReader, Listed, ListedKey, ListedRow};
pub use portable::Imported;
pub use problem::{Problem, StoreError};
pub use schema::VERSION;
pub use upkeep::{FactCount, GapCount, Pruned, Stats};

use camino::Utf8PathBuf;
use rusqlite::Connection;

use crate::date::Moment;
use crate::facts::live::SourceGap;

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To be read; it must be there.
    Read,
    /// To be read and written; it is made if it is not there.
    Write,
}

/// A store, open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: Utf8PathBuf,
}

/// A store that was opened, and what happened.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Where the file went that stood in its place and could not be read. The store is then empty.
    pub set_aside: Option<Utf8PathBuf>,
}

/// Something that could not be learnt, as the store has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptGap {
    /// What.
    pub gap: SourceGap,
    /// When it was asked for.
    pub at: Moment,
}

impl Store {
    /// The file.
    pub fn path(&self) -> &camino::Utf8Path {
        &self.path
    }

    /// How long to wait for another writer before giving up; ten seconds if nobody says.
    pub fn wait(&mut self, most: std::time::Duration) -> Result<(), StoreError> {
        self.connection.busy_timeout(most).map_err(|error| self.error(error))
    }

    fn error(&self, problem: impl Into<Problem>) -> StoreError {
        StoreError { path: self.path.clone(), problem: problem.into() }
    }
}
