//! What is in a store, and taking out of it what is old.

use rusqlite::{Connection, TransactionBehavior};

use super::lists::list_states;
use super::{Problem, Store, StoreError, VERSION};
use crate::date::Moment;
use crate::facts::live::ListState;

/// What is in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// The version of its tables.
    pub version: i64,
    /// Bytes of its file and of the log beside it.
    pub bytes: u64,
    /// Facts by kind and source.
    pub facts: Vec<FactCount>,
    /// Gaps by source and reason.
    pub gaps: Vec<GapCount>,
    /// Lists of sanctions.
    pub lists: Vec<ListState>,
}

/// How many facts of a kind a source has said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactCount {
    /// The word of the kind.
    pub kind: String,
    /// The source.
    pub source: String,
    /// What it says now.
    pub current: u64,
    /// What it said before.
    pub past: u64,
    /// When it said the oldest of what it says now; of what it said before where it says nothing now.
    pub oldest: Moment,
    /// The same for the newest.
    pub newest: Moment,
}

/// How much a source did not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapCount {
    /// The source.
    pub source: String,
    /// The word of the reason.
    pub reason: String,
    /// How often.
    pub count: u64,
    /// When last.
    pub newest: Moment,
}

/// What was taken out because it is old.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Facts that nobody has said since.
    pub current: u64,
    /// What was said before.
    pub past: u64,
    /// Gaps.
    pub gaps: u64,
}

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

impl Store {
    /// Refuses a store with answers of more than a day after now: what is asked now would count as older than they are.
    pub fn check_clock(&self, now: Moment) -> Result<(), StoreError> {
        let newest = "SELECT max(fetched) FROM (SELECT fetched FROM fact UNION ALL SELECT fetched FROM list)";
        let newest: Option<i64> =
            self.connection.query_row(newest, (), |row| row.get(0)).map_err(|error| self.error(error))?;
        match newest.filter(|newest| *newest > now.0.saturating_add(DAY)).and_then(|newest| Moment(newest).day()) {
            Some(day) => Err(self.error(Problem::Later(day))),
            None => Ok(()),
        }
    }

    /// What is in it.
    pub fn stats(&self) -> Result<Stats, StoreError> {
        let stats = || -> Result<_, Problem> {
            let one_state = self.connection.unchecked_transaction()?;
            let mut facts = one_state.prepare(
                "SELECT kind, source, sum(until IS NULL), sum(until IS NOT NULL),
                        coalesce(min(fetched) FILTER (WHERE until IS NULL), min(fetched)),
                        coalesce(max(fetched) FILTER (WHERE until IS NULL), max(fetched))
                 FROM fact GROUP BY kind, source ORDER BY kind, source",
            )?;
            let facts = facts.query_map((), |row| {
                Ok(FactCount {
                    kind: row.get(0)?,
                    source: row.get(1)?,
                    current: count(row, 2)?,
                    past: count(row, 3)?,
                    oldest: Moment(row.get(4)?),
                    newest: Moment(row.get(5)?),
                })
            })?;
            let facts = facts.collect::<Result<_, _>>()?;
            let mut gaps = one_state.prepare(
                "SELECT source, reason, count(*), max(at) FROM gap GROUP BY source, reason ORDER BY source, reason",
            )?;
            let gaps = gaps.query_map((), |row| {
                Ok(GapCount {
                    source: row.get(0)?,
                    reason: row.get(1)?,
                    count: count(row, 2)?,
                    newest: Moment(row.get(3)?),
                })
            })?;
            let gaps = gaps.collect::<Result<_, _>>()?;
            Ok(Stats { version: VERSION, bytes: self.bytes(), facts, gaps, lists: list_states(&one_state)? })
        };
        stats().map_err(|problem| self.error(problem))
    }

    /// Takes out facts that nobody has said since a moment, with what was said before them, what else was last said before it, and gaps
    /// from before it. Lists stay. The file is made as small as what is left.
    pub fn prune(&mut self, older_than: Moment) -> Result<Pruned, StoreError> {
        let prune = |connection: &mut Connection| -> Result<_, Problem> {
            let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let old = [older_than.0];
            // What was said before goes with what is said now, so that no fact is left with a past and no present.
            let past = all.execute(
                "DELETE FROM fact WHERE until IS NOT NULL AND (fetched < ?1 OR EXISTS (SELECT 1 FROM fact AS last
                 WHERE last.kind = fact.kind AND last.subject = fact.subject AND last.source = fact.source
                 AND last.until IS NULL AND last.fetched < ?1))",
                old,
            )?;
            let current = all.execute("DELETE FROM fact WHERE until IS NULL AND fetched < ?", old)?;
            let gaps = all.execute("DELETE FROM gap WHERE at < ?", old)?;
            all.commit()?;
            let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            shrink(connection)?;
            Ok(Pruned { current: number(current), past: number(past), gaps: number(gaps) })
        };
        prune(&mut self.connection).map_err(|problem| self.error(problem))
    }

    fn bytes(&self) -> u64 {
        let length = |path: &str| std::fs::metadata(path).map_or(0, |file| file.len());
        length(self.path.as_str()) + length(&format!("{}-wal", self.path))
    }
}

/// Writes the file anew with nothing in it but what is kept, and empties the log. Bytes of what was deleted are then nowhere.
pub(super) fn shrink(connection: &Connection) -> Result<(), Problem> {
    connection.execute_batch("VACUUM")?;
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(Problem::BytesRemain) }
}

fn count(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or(0))
}
