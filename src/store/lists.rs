//! Lists of sanctions, with the normal forms of their names.

use rusqlite::{Connection, Row, Statement, TransactionBehavior};

use super::{Problem, Store, StoreError};
use crate::date::Moment;
use crate::facts::live::{ListState, ListedParty};

/// An entry of a list, with what its names are found by.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedRow {
    /// The entry.
    pub party: ListedParty,
    /// The normal forms of its names.
    pub keys: Vec<ListedKey>,
}

/// The normal form of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedKey {
    /// Which of the names of the party, from zero.
    pub name: u32,
    /// The whole name.
    pub key: String,
    /// Its words.
    pub tokens: Vec<String>,
}

/// An entry that was found by one of its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// On which list.
    pub list: String,
    /// The entry.
    pub party: ListedParty,
    /// Which of its names, from zero.
    pub name: usize,
}

impl Store {
    /// Replaces a list by what it holds now: all of it or nothing. Returns how many entries it has, which is what is kept too, whatever
    /// the state says.
    pub fn replace_list(
        &mut self,
        state: &ListState,
        rows: impl Iterator<Item = ListedRow>,
    ) -> Result<u64, StoreError> {
        self.try_replace_list(state, rows.map(Ok::<_, StoreError>))
    }

    /// The same where reading the next entry can fail: then the list stays as it was.
    pub fn try_replace_list<E: From<StoreError>>(
        &mut self,
        state: &ListState,
        rows: impl Iterator<Item = Result<ListedRow, E>>,
    ) -> Result<u64, E> {
        let path = self.path.clone();
        let error = |why: Problem| StoreError { path: path.clone(), problem: why };
        let all = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let all = all.map_err(|why| error(why.into()))?;
        begin_list(&all, state).map_err(error)?;
        let mut writer = ListWriter::new(&all).map_err(|why| error(why.into()))?;
        let mut count = 0;
        for row in rows {
            writer.add(&state.id, &row?).map_err(error)?;
            count += 1;
        }
        drop(writer);
        count_entries(&all, &state.id, count).and_then(|()| all.commit()).map_err(|why| error(why.into()))?;
        Ok(count)
    }

    /// Notes that a list was asked for again and has not changed: when, and what to ask with next time. Nothing if the list is not kept.
    pub fn touch_list(&mut self, id: &str, now: Moment, validator: Option<&str>) -> Result<(), StoreError> {
        let sql = "UPDATE list SET fetched = ?2, validator = coalesce(?3, validator) WHERE id = ?1";
        self.connection.execute(sql, (id, now.0, validator)).map_err(|error| self.error(error))?;
        Ok(())
    }

    /// The lists that are kept, by id.
    pub fn list_states(&self) -> Result<Vec<ListState>, StoreError> {
        list_states(&self.connection).map_err(|error| self.error(error))
    }

    /// Reads lists by names, with everything prepared: for many names one after the other.
    pub fn list_reader(&self) -> Result<ListReader<'_>, StoreError> {
        let prepare = |sql: &str| self.connection.prepare(sql).map_err(|error| self.error(error));
        Ok(ListReader {
            store: self,
            key: prepare(
                "SELECT listed.list, listed.party, listed_key.name, listed_key.key FROM listed_key
                 JOIN listed ON listed.id = listed_key.listed
                 WHERE listed_key.key = ? ORDER BY listed.list, listed.id, listed_key.name",
            )?,
            count: prepare("SELECT count(*) FROM (SELECT 1 FROM listed_token WHERE token = ? LIMIT ?)")?,
            token: prepare(
                "SELECT listed.list, listed.party, named.name, named.key FROM listed_token
                 JOIN listed_key AS named ON named.listed = listed_token.listed AND named.name = listed_token.name
                 JOIN listed ON listed.id = listed_token.listed
                 WHERE listed_token.token = ? ORDER BY listed_token.listed, listed_token.name",
            )?,
        })
    }

    /// The entries of which a name has exactly this normal form.
    pub fn listed_by_key(&self, key: &str) -> Result<Vec<Listed>, StoreError> {
        self.list_reader()?.by_key(key)
    }

    /// The entries of which a name has this word; nothing if there are more than `most`: the word is too common to help.
    pub fn listed_by_token(&self, token: &str, most: usize) -> Result<Option<Vec<Listed>>, StoreError> {
        self.list_reader()?.by_token(token, most, &|_| true)
    }
}

/// Reads lists by names.
#[derive(Debug)]
pub struct ListReader<'s> {
    store: &'s Store,
    key: Statement<'s>,
    count: Statement<'s>,
    token: Statement<'s>,
}

impl ListReader<'_> {
    /// The entries of which a name has exactly this normal form.
    pub fn by_key(&mut self, key: &str) -> Result<Vec<Listed>, StoreError> {
        let mut found = || -> Result<_, Problem> { all(self.key.query([key])?, &|_| true) };
        found().map_err(|problem| self.store.error(problem))
    }

    /// The entries of which a name has this word and a normal form that is wanted; nothing if more than `most` have the word: it is too
    /// common to help. An entry is read only where it is wanted, which is what takes the time.
    pub fn by_token(
        &mut self,
        token: &str,
        most: usize,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Vec<Listed>>, StoreError> {
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let mut found = || -> Result<_, Problem> {
            let count: i64 = self.count.query_row((token, limit), |row| row.get(0))?;
            if count == limit {
                return Ok(None);
            }
            let mut found = all(self.token.query([token])?, is_wanted)?;
            // Not in the query, which would have to read all of them.
            found.sort_by(|a, b| a.list.cmp(&b.list));
            Ok(Some(found))
        };
        found().map_err(|problem| self.store.error(problem))
    }
}

/// Takes a list away and begins it anew.
pub(super) fn begin_list(connection: &Connection, state: &ListState) -> Result<(), Problem> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let of_list = "listed IN (SELECT id FROM listed WHERE list = ?)";
    connection.execute(&format!("DELETE FROM listed_key WHERE {of_list}"), [&state.id])?;
    connection.execute(&format!("DELETE FROM listed_token WHERE {of_list}"), [&state.id])?;
    connection.execute("DELETE FROM listed WHERE list = ?", [&state.id])?;
    // It was there since.
    connection.execute("DELETE FROM gap WHERE source = ? AND subject = '' AND at < ?", (&state.id, state.fetched.0))?;
    connection.execute(
        "INSERT OR REPLACE INTO list (id, fetched, entries, persons_left_out, validator, address, normal_form)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            &state.id,
            state.fetched.0,
            number(state.entries),
            number(state.persons_left_out),
            &state.validator,
            &state.address,
            state.normal_form,
        ),
    )?;
    Ok(())
}

fn count_entries(connection: &Connection, list: &str, count: u64) -> rusqlite::Result<()> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    connection.execute("UPDATE list SET entries = ? WHERE id = ?", (count, list)).map(drop)
}

pub(super) fn list_states(connection: &Connection) -> rusqlite::Result<Vec<ListState>> {
    let sql = "SELECT id, fetched, entries, persons_left_out, validator, address, normal_form FROM list ORDER BY id";
    let number = |row: &Row<'_>, at: usize| row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or(0));
    let mut statement = connection.prepare(sql)?;
    let states = statement.query_map((), |row| {
        Ok(ListState {
            id: row.get(0)?,
            fetched: Moment(row.get(1)?),
            entries: number(row, 2)?,
            persons_left_out: number(row, 3)?,
            validator: row.get(4)?,
            address: row.get(5)?,
            normal_form: row.get(6)?,
        })
    })?;
    states.collect()
}

/// Adds entries to a list one by one, with everything prepared.
pub(super) struct ListWriter<'c> {
    connection: &'c Connection,
    entry: Statement<'c>,
    key: Statement<'c>,
    token: Statement<'c>,
}

impl<'c> ListWriter<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            connection,
            entry: connection.prepare("INSERT INTO listed (list, party) VALUES (?, ?)")?,
            key: connection.prepare("INSERT OR IGNORE INTO listed_key (key, listed, name) VALUES (?, ?, ?)")?,
            token: connection.prepare("INSERT OR IGNORE INTO listed_token (token, listed, name) VALUES (?, ?, ?)")?,
        })
    }

    pub(super) fn add(&mut self, list: &str, row: &ListedRow) -> Result<(), Problem> {
        let party = serde_json::to_string(&row.party).map_err(|why| bad_entry(list, why))?;
        self.entry.execute((list, party))?;
        let entry = self.connection.last_insert_rowid();
        for key in &row.keys {
            self.key.execute((&key.key, entry, key.name))?;
            for token in &key.tokens {
                self.token.execute((token, entry, key.name))?;
            }
        }
        Ok(())
    }
}

/// An entry that cannot be read.
pub(super) fn bad_entry(list: &str, source: impl std::error::Error + Send + Sync + 'static) -> Problem {
    Problem::Row { row: format!("an entry of the list {list}"), source: Box::new(source) }
}

/// The entries in rows of list, entry, place of the name, and normal form.
fn all(mut rows: rusqlite::Rows<'_>, is_wanted: &dyn Fn(&str) -> bool) -> Result<Vec<Listed>, Problem> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if !is_wanted(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?) {
            continue;
        }
        let list: String = row.get(0)?;
        let party = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let party = serde_json::from_str(party).map_err(|why| bad_entry(&list, why))?;
        let name: u32 = row.get(2)?;
        found.push(Listed { list, party, name: usize::try_from(name).unwrap_or(usize::MAX) });
    }
    Ok(found)
}
