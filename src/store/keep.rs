//! Facts and gaps: put, and asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use rusqlite::{Connection, Statement, TransactionBehavior, named_params, params};

use super::timeline::{self, Row};
use super::{KeptGap, Problem, Store, StoreError};
use crate::date::{Date, Moment, Period};
use crate::facts::live::{Fact, FactKind, Kept, Reason, SourceGap};

impl Store {
    /// Puts what sources said, and what they did not tell, at a moment: all of it or nothing.
    ///
    /// A fact takes the gaps of its source away that say the same was not told, and earlier ones about the source as a whole: it
    /// answers again.
    pub fn put(&mut self, facts: &[Fact], gaps: &[SourceGap], now: Moment) -> Result<(), StoreError> {
        let put = |connection: &mut Connection| -> Result<_, Problem> {
            let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut writer = Writer::new(&all)?;
            for fact in facts {
                writer.put(fact, now)?;
            }
            for gap in gaps {
                put_gap(&all, gap, now)?;
            }
            drop(writer);
            all.commit()?;
            Ok(())
        };
        put(&mut self.connection).map_err(|problem| self.error(problem))
    }

    /// Puts many facts that come one by one: all of them or none. Returns how many.
    pub fn bulk(&mut self, facts: impl Iterator<Item = Fact>, now: Moment) -> Result<u64, StoreError> {
        self.try_bulk(facts.map(Ok::<_, StoreError>), now)
    }

    /// The same where reading the next fact can fail: then nothing is put.
    pub fn try_bulk<E: From<StoreError>>(
        &mut self,
        facts: impl Iterator<Item = Result<Fact, E>>,
        now: Moment,
    ) -> Result<u64, E> {
        let path = self.path.clone();
        let error = |problem: Problem| StoreError { path: path.clone(), problem };
        let all = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let all = all.map_err(|why| error(why.into()))?;
        let mut writer = Writer::new(&all).map_err(|why| error(why.into()))?;
        let mut count = 0;
        for fact in facts {
            writer.put(&fact?, now).map_err(error)?;
            count += 1;
        }
        drop(writer);
        all.commit().map_err(|why| error(why.into()))?;
        Ok(count)
    }

    /// Takes away what said until a moment that a source as a whole did not answer: it has now.
    pub fn answers_again(&mut self, source: &str, now: Moment) -> Result<(), StoreError> {
        let sql = "DELETE FROM gap WHERE source = ? AND subject = '' AND at <= ?";
        self.connection.execute(sql, (source, now.0)).map_err(|error| self.error(error))?;
        Ok(())
    }

    /// Takes away what said until a moment that a source did not tell this of these subjects: it has now, though what it said is of an
    /// earlier day.
    pub fn told(&mut self, source: &str, kind: FactKind, subjects: &[&str], now: Moment) -> Result<(), StoreError> {
        let told = |connection: &mut Connection| -> rusqlite::Result<()> {
            let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let sql = "DELETE FROM gap WHERE source = ?1 AND kind = ?2 AND subject = ?3 AND at <= ?4";
            let mut statement = all.prepare(sql)?;
            for subject in subjects {
                statement.execute((source, kind.as_str(), subject, now.0))?;
            }
            drop(statement);
            all.commit()
        };
        told(&mut self.connection).map_err(|error| self.error(error))
    }

    /// Whether a source has told anything, beyond that it does not have something.
    pub fn knows(&self, source: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM fact WHERE source = ? AND content <> '\"absent\"')";
        self.connection.query_row(sql, [source], |row| row.get(0)).map_err(|error| self.error(error))
    }

    /// What every source says and said of a subject, by source, earliest first.
    pub fn get(&self, kind: FactKind, subject: &str) -> Result<Vec<Kept>, StoreError> {
        Ok(self.get_many(kind, &[subject])?.remove(subject).unwrap_or_default())
    }

    /// The same for many subjects, as of one moment of the store. Those of which nothing is known are left out.
    pub fn get_many<S: AsRef<str>>(
        &self,
        kind: FactKind,
        subjects: &[S],
    ) -> Result<BTreeMap<String, Vec<Kept>>, StoreError> {
        let get = || -> Result<_, Problem> {
            let one_state = self.connection.unchecked_transaction()?;
            let mut statement = one_state.prepare(
                "SELECT source, began, until, fetched, content FROM fact WHERE kind = ? AND subject = ? ORDER BY source, began",
            )?;
            let mut found = BTreeMap::new();
            for subject in subjects.iter().map(AsRef::as_ref) {
                let mut rows = statement.query((kind.as_str(), subject))?;
                let mut kept = Vec::new();
                while let Some(row) = rows.next()? {
                    kept.push(kept_of(kind, subject, row)?);
                }
                if !kept.is_empty() {
                    found.insert(subject.to_owned(), kept);
                }
            }
            Ok(found)
        };
        get().map_err(|problem| self.error(problem))
    }

    /// Those of the subjects of which a source said something at a moment or after it: they need not be asked for again.
    pub fn fresh<S: AsRef<str>>(
        &self,
        kind: FactKind,
        subjects: &[S],
        since: Moment,
    ) -> Result<BTreeSet<String>, StoreError> {
        let fresh = || -> Result<_, Problem> {
            let one_state = self.connection.unchecked_transaction()?;
            let mut statement = one_state.prepare(
                "SELECT EXISTS (SELECT 1 FROM fact WHERE kind = ?1 AND subject = ?2 AND until IS NULL AND fetched BETWEEN ?3 AND ?4)",
            )?;
            // What claims to be of later than tomorrow was stamped by a wrong clock.
            let last = since.0.saturating_add((i64::from(kind.fresh_days()) + 1) * 86_400);
            let mut found = BTreeSet::new();
            for subject in subjects.iter().map(AsRef::as_ref) {
                if statement.query_row((kind.as_str(), subject, since.0, last), |row| row.get(0))? {
                    found.insert(subject.to_owned());
                }
            }
            Ok(found)
        };
        fresh().map_err(|problem| self.error(problem))
    }

    /// What could not be learnt, by source and subject; of one source if one is named.
    pub fn gaps(&self, source: Option<&str>) -> Result<Vec<KeptGap>, StoreError> {
        let gaps = || -> Result<_, Problem> {
            let mut statement = self.connection.prepare(
                "SELECT source, subject, reason, detail, at, kind FROM gap WHERE ?1 IS NULL OR source = ?1
                 ORDER BY source, subject, kind, reason",
            )?;
            let mut rows = statement.query([source])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(gap_of(row)?);
            }
            Ok(found)
        };
        gaps().map_err(|problem| self.error(problem))
    }
}

/// Seconds by which clocks of machines that share a store may differ.
const SKEW: i64 = 60 * 60;

/// Puts facts one by one within a transaction, with everything prepared.
pub(super) struct Writer<'c> {
    find: Statement<'c>,
    insert: Statement<'c>,
    touch: Statement<'c>,
    clear: Statement<'c>,
    gap: Statement<'c>,
    older_gap: Statement<'c>,
}

/// What a fact is found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub(super) kind: FactKind,
    pub(super) subject: &'a str,
    pub(super) source: &'a str,
}

impl<'c> Writer<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let key = "kind = ?1 AND subject = ?2 AND source = ?3";
        let same = "subject = ?2 AND kind IN (?4, '') AND at <= ?3";
        let prepare = |sql: &str| connection.prepare(sql);
        Ok(Self {
            find: prepare(&format!(
                "SELECT began, until, fetched, content, first FROM fact WHERE {key} ORDER BY began"
            ))?,
            insert: prepare(
                "INSERT INTO fact (kind, subject, source, began, until, fetched, content, first)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?,
            touch: prepare(&format!("UPDATE fact SET fetched = ?4 WHERE {key} AND began = ?5"))?,
            clear: prepare(&format!("DELETE FROM fact WHERE {key}"))?,
            gap: prepare(&format!(
                "DELETE FROM gap WHERE source = ?1 AND subject IN (?2, '') AND ({same} OR (subject = '' AND at < ?3))"
            ))?,
            older_gap: prepare(&format!(
                "DELETE FROM gap WHERE source = ?1 AND subject IN (?2, '') AND at < ?3 AND ({same} OR subject = '')"
            ))?,
        })
    }

    pub(super) fn put(&mut self, fact: &Fact, now: Moment) -> Result<(), Problem> {
        let day = now.day().ok_or(Problem::NoDay(now.0))?;
        let key = Key { kind: fact.kind, subject: &fact.subject, source: &fact.source };
        let content = serde_json::to_string(&fact.content).map_err(|source| bad_row(key, source))?;
        let before = self.rows(key)?;
        let keeps_past = timeline::keeps_past(fact.kind);
        // Two machines never have quite the same clock.
        let now = before
            .last()
            .map_or(now, |row| if row.fetched.0.saturating_sub(now.0) <= SKEW { now.max(row.fetched) } else { now });
        let after = if before.last().is_some_and(|row| row.fetched > now) {
            // Of an older day than what is here: a copy of a dump.
            let row = Row { from: None, until: None, first: now, fetched: now, content };
            timeline::merged(&before, &[row], keeps_past)
        } else {
            let mut after = before.clone();
            timeline::add(&mut after, &content, now, day, keeps_past);
            after
        };
        self.replace(key, &before, &after)?;
        self.gap.execute((key.source, key.subject, now.0, key.kind.as_str()))?;
        Ok(())
    }

    /// An answer of some time takes away what said earlier that there was none.
    pub(super) fn answered(&mut self, key: Key<'_>, at: Moment) -> Result<(), Problem> {
        self.older_gap.execute((key.source, key.subject, at.0, key.kind.as_str()))?;
        Ok(())
    }

    /// The rows of a fact as they stand.
    pub(super) fn rows(&mut self, key: Key<'_>) -> Result<Vec<Row>, Problem> {
        let mut rows = self.find.query((key.kind.as_str(), key.subject, key.source))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let valid = period(row.get(0)?, row.get(1)?).map_err(|source| bad_row(key, source))?;
            let (fetched, content, first) = (Moment(row.get(2)?), row.get(3)?, Moment(row.get(4)?));
            found.push(Row { from: valid.from, until: valid.until, first, fetched, content });
        }
        Ok(found)
    }

    /// Writes what differs between the rows as they stand and as they are to be.
    pub(super) fn replace(&mut self, key: Key<'_>, before: &[Row], after: &[Row]) -> Result<(), Problem> {
        let (kind, subject, source) = (key.kind.as_str(), key.subject, key.source);
        if let ([same @ .., old], [kept @ .., new]) = (before, after)
            && same == kept
            && (old.from, old.until, old.first, &old.content) == (new.from, new.until, new.first, &new.content)
        {
            if old.fetched != new.fetched {
                self.touch.execute((kind, subject, source, new.fetched.0, day_text(new.from)))?;
            }
            return Ok(());
        }
        if !before.is_empty() {
            self.clear.execute((kind, subject, source))?;
        }
        for row in after {
            let until = row.until.map(|day| day.to_string());
            self.insert.execute(params![
                kind,
                subject,
                source,
                day_text(row.from),
                until,
                row.fetched.0,
                row.content,
                row.first.0
            ])?;
        }
        Ok(())
    }
}

/// Keeps a gap; one of the same kind that is newer stays.
pub(super) fn put_gap(connection: &Connection, gap: &SourceGap, at: Moment) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "INSERT INTO gap (source, subject, kind, reason, detail, at)
         VALUES (:source, :subject, :kind, :reason, :detail, :at)
         ON CONFLICT DO UPDATE SET detail = excluded.detail, at = excluded.at WHERE excluded.at >= at",
    )?;
    statement.execute(named_params! {
        ":source": gap.source,
        ":subject": gap.subject.as_deref().unwrap_or_default(),
        ":kind": gap.kind.map(FactKind::as_str).unwrap_or_default(),
        ":reason": gap.reason.as_str(),
        ":detail": gap.detail,
        ":at": at.0,
    })?;
    Ok(())
}

/// The gap in a row of source, subject, reason, detail, moment and kind.
pub(super) fn gap_of(row: &rusqlite::Row<'_>) -> Result<KeptGap, Problem> {
    let (source, subject): (String, String) = (row.get(0)?, row.get(1)?);
    let (reason, kind): (String, String) = (row.get(2)?, row.get(5)?);
    let bad = |why: serde_json::Error| Problem::Row {
        row: format!("a gap of {source} about `{subject}`"),
        source: Box::new(why),
    };
    let reason: Reason = serde_json::from_value(reason.into()).map_err(bad)?;
    let kind: Option<FactKind> =
        (!kind.is_empty()).then(|| serde_json::from_value(kind.into())).transpose().map_err(bad)?;
    let subject = Some(subject).filter(|subject| !subject.is_empty());
    Ok(KeptGap { gap: SourceGap { source, subject, kind, reason, detail: row.get(3)? }, at: Moment(row.get(4)?) })
}

/// The fact in a row of source, beginning, end, moment and content.
pub(super) fn kept_of(kind: FactKind, subject: &str, row: &rusqlite::Row<'_>) -> Result<Kept, Problem> {
    let source: String = row.get(0)?;
    let key = Key { kind, subject, source: &source };
    let valid = period(row.get(1)?, row.get(2)?).map_err(|why| bad_row(key, why))?;
    let content: String = row.get(4)?;
    let content = serde_json::from_str(&content).map_err(|why| bad_row(key, why))?;
    Ok(Kept { fact: Fact { kind, subject: subject.to_owned(), source, content }, fetched: Moment(row.get(3)?), valid })
}

/// A row that cannot be read.
pub(super) fn bad_row(key: Key<'_>, source: impl std::error::Error + Send + Sync + 'static) -> Problem {
    let row = format!("the {} of `{}` by {}", key.kind.as_str(), key.subject, key.source);
    Problem::Row { row, source: Box::new(source) }
}

/// The days of a row: an empty beginning is an open one.
fn period(began: String, until: Option<String>) -> Result<Period, crate::date::InvalidDate> {
    let from = Some(began).filter(|day| !day.is_empty());
    let day = |text: Option<String>| text.map(|text| Date::from_str(&text)).transpose();
    Ok(Period { from: day(from)?, until: day(until)? })
}

fn day_text(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}
