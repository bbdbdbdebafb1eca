//! The tables, version after version.

use rusqlite::{Connection, TransactionBehavior};

use super::Problem;

/// Says that a database is a store: the bytes `cOri`.
const APPLICATION: i64 = 0x634f_7269;

/// The version of the tables that this program reads and writes.
pub const VERSION: i64 = 4;

/// How each version is made of the one before. A version that was released is never changed; what is new is a row here.
const MIGRATIONS: [&str; 4] = [FACTS, LISTS, KINDS_AND_FIRSTS, ORIGIN_OF_LISTS];

/// Version 1: what sources say, and what they did not tell.
///
/// `began` is empty where a row is open at the beginning (not NULL: it is part of the key), `until` is NULL while a row is the last.
const FACTS: &str = "
CREATE TABLE fact (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    source TEXT NOT NULL,
    began TEXT NOT NULL,
    until TEXT,
    fetched INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX fact_key ON fact (kind, subject, source, began);
CREATE TABLE gap (
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source, subject, reason)
) STRICT, WITHOUT ROWID;
";

/// Version 2: lists of sanctions.
const LISTS: &str = "
CREATE TABLE list (
    id TEXT PRIMARY KEY,
    fetched INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    persons_left_out INTEGER NOT NULL,
    validator TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE listed (
    id INTEGER PRIMARY KEY,
    list TEXT NOT NULL,
    party TEXT NOT NULL
) STRICT;
CREATE INDEX listed_list ON listed (list);
CREATE TABLE listed_key (
    key TEXT NOT NULL,
    listed INTEGER NOT NULL,
    name INTEGER NOT NULL,
    PRIMARY KEY (key, listed, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_key_of ON listed_key (listed, name);
CREATE TABLE listed_token (
    token TEXT NOT NULL,
    listed INTEGER NOT NULL,
    name INTEGER NOT NULL,
    PRIMARY KEY (token, listed, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX listed_token_of ON listed_token (listed, name);
";

/// Version 3: of a gap also what was asked, so that the answer to one question does not take away that another has none (empty where that is
/// not known), and of a fact also when it was first said, so that merging stores leaves what was seen in between in between.
const KINDS_AND_FIRSTS: &str = "
CREATE TABLE gap_by_kind (
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (source, subject, kind, reason)
) STRICT, WITHOUT ROWID;
INSERT INTO gap_by_kind SELECT source, subject, '', reason, detail, at FROM gap;
DROP TABLE gap;
ALTER TABLE gap_by_kind RENAME TO gap;
ALTER TABLE fact ADD COLUMN first INTEGER NOT NULL DEFAULT 0;
UPDATE fact SET first = CASE began WHEN '' THEN fetched ELSE min(fetched, unixepoch(began) + 86399) END;
";

/// Version 4: of a list also from where it was fetched, and by which normal form its names are found. It is 0 where that is not known.
const ORIGIN_OF_LISTS: &str = "
ALTER TABLE list ADD COLUMN address TEXT;
ALTER TABLE list ADD COLUMN normal_form INTEGER NOT NULL DEFAULT 0;
";

/// What a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is in it.
    Empty,
    /// A store of this version or an earlier one.
    Version(i64),
}

/// What a database is; an error if it is not ours, or of a later version.
pub(super) fn state(connection: &Connection) -> Result<State, Problem> {
    let number = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    if application == 0 && version == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 {
        return Ok(State::Empty);
    }
    match version {
        _ if application != APPLICATION => Err(Problem::Foreign),
        1..=VERSION => Ok(State::Version(version)),
        found if found > VERSION => Err(Problem::Newer { found, known: VERSION }),
        found => Err(Problem::Broken(format!("it says it has format {found}"))),
    }
}

/// Brings a database up to date, a transaction a version.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Problem> {
    for (version, sql) in (1..).zip(MIGRATIONS) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Somebody else may have done it while this waited.
        let due = match state(&step)? {
            State::Empty => true,
            State::Version(now) => now < version,
        };
        if due {
            step.execute_batch(sql)?;
            step.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version};"))?;
        }
        step.commit()?;
    }
    Ok(())
}
