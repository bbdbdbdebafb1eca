//! A store as one file to carry elsewhere: lines of JSON, compressed. The same content is the same bytes.
//!
//! The first line says what the file is; then come facts by kind, subject, source and beginning, then gaps, then each list with its entries;
//! the last line says how many lines there were before it, so that a file that is cut off is seen to be.

use std::io::{BufRead, BufReader, Read, Write};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};

use super::keep::{Key, Writer, gap_of, kept_of, put_gap};
use super::lists::{ListWriter, ListedKey, ListedRow, bad_entry, begin_list, list_states};
use super::timeline::{self, Row};
use super::{KeptGap, Problem, Store, StoreError};
use crate::date::{Date, Moment};
use crate::facts::live::{Content, FactKind, ListState, Reason, SourceGap};

/// What the file calls itself.
const FORMAT: &str = "cargo-origin-store";

/// The version of the format.
const VERSION: u32 = 2;

/// How hard to compress; more gains little on JSON.
const LEVEL: i32 = 9;

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 32 << 20;

/// How much is read, uncompressed, in bytes.
const LARGEST: u64 = 16 << 30;

/// How many rows one fact may have; more than one a day for a hundred years.
const MOST_ROWS: usize = 40_000;

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// What an import brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Facts that are new or newer than what was there.
    pub taken: u64,
    /// Facts of which nothing new was said.
    pub known: u64,
    /// Gaps.
    pub gaps: u64,
    /// Lists that are new or newer.
    pub lists: u64,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Store(Header),
    Fact(FactLine),
    Gap(GapLine),
    List(ListState),
    Listed(ListedRow),
    End(u64),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FactLine {
    kind: FactKind,
    subject: String,
    source: String,
    from: Option<Date>,
    until: Option<Date>,
    /// Not in version 1.
    #[serde(default)]
    first: Option<Moment>,
    fetched: Moment,
    content: Content,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GapLine {
    source: String,
    subject: Option<String>,
    /// Not in version 1.
    #[serde(default)]
    kind: Option<FactKind>,
    reason: Reason,
    detail: String,
    at: Moment,
}

impl Store {
    /// Writes everything into one portable file, as of one moment of the store. Returns how many lines it has.
    pub fn export(&self, out: &mut dyn Write) -> Result<u64, StoreError> {
        let export = || -> Result<_, Problem> {
            let one_state = self.connection.unchecked_transaction()?;
            let mut packed = zstd::stream::write::Encoder::new(out, LEVEL).map_err(Problem::Output)?;
            packed.include_checksum(true).map_err(Problem::Output)?;
            let mut lines = Lines { out: packed, count: 0 };
            lines.write(&Line::Store(Header { format: FORMAT.to_owned(), version: VERSION }))?;
            export_facts(&one_state, &mut lines)?;
            export_gaps(&one_state, &mut lines)?;
            for state in list_states(&one_state)? {
                export_list(&one_state, state, &mut lines)?;
            }
            let count = lines.count;
            lines.write(&Line::End(count))?;
            lines.out.finish().and_then(Write::flush).map_err(Problem::Output)?;
            Ok(count)
        };
        export().map_err(|problem| self.error(problem))
    }

    /// Takes in a portable file: all of it or nothing. What was fetched later wins, and what was said before is kept. What is of more
    /// than a day after now is refused: it would count as fresh for as long.
    pub fn import(&mut self, input: &mut dyn Read, now: Moment) -> Result<Imported, StoreError> {
        let mut import = |connection: &mut Connection| -> Result<_, Problem> {
            let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let imported = import_lines(&all, input, Moment(now.0.saturating_add(DAY)))?;
            all.commit()?;
            Ok(imported)
        };
        import(&mut self.connection).map_err(|problem| self.error(problem))
    }
}

struct Lines<W: Write> {
    out: W,
    count: u64,
}

impl<W: Write> Lines<W> {
    fn write(&mut self, line: &Line) -> Result<(), Problem> {
        let mut text = serde_json::to_vec(line).map_err(|error| Problem::Output(error.into()))?;
        text.push(b'\n');
        self.count += 1;
        self.out.write_all(&text).map_err(Problem::Output)
    }
}

fn export_facts(connection: &Connection, lines: &mut Lines<impl Write>) -> Result<(), Problem> {
    // Columns 0 to 4 are what `kept_of` reads.
    let mut statement = connection.prepare(
        "SELECT source, began, until, fetched, content, kind, subject, first FROM fact ORDER BY kind, subject, source, began",
    )?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let (kind, subject): (String, String) = (row.get(5)?, row.get(6)?);
        let kind = FactKind::from_word(&kind).ok_or_else(|| Problem::Row {
            row: format!("a fact about `{subject}`"),
            source: format!("`{kind}` is no kind of fact").into(),
        })?;
        let kept = kept_of(kind, &subject, row)?;
        lines.write(&Line::Fact(FactLine {
            kind,
            subject,
            source: kept.fact.source,
            from: kept.valid.from,
            until: kept.valid.until,
            first: Some(Moment(row.get(7)?)),
            fetched: kept.fetched,
            content: kept.fact.content,
        }))?;
    }
    Ok(())
}

fn export_gaps(connection: &Connection, lines: &mut Lines<impl Write>) -> Result<(), Problem> {
    let mut statement = connection
        .prepare("SELECT source, subject, reason, detail, at, kind FROM gap ORDER BY source, subject, kind, reason")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let KeptGap { gap: SourceGap { source, subject, kind, reason, detail }, at } = gap_of(row)?;
        lines.write(&Line::Gap(GapLine { source, subject, kind, reason, detail, at }))?;
    }
    Ok(())
}

fn export_list(connection: &Connection, state: ListState, lines: &mut Lines<impl Write>) -> Result<(), Problem> {
    let mut entries = connection.prepare("SELECT id, party FROM listed WHERE list = ? ORDER BY party, id")?;
    let mut keys = connection.prepare("SELECT name, key FROM listed_key WHERE listed = ?1 ORDER BY name, key")?;
    let mut tokens =
        connection.prepare("SELECT token FROM listed_token WHERE listed = ?1 AND name = ?2 ORDER BY token")?;
    let list = state.id.clone();
    lines.write(&Line::List(state))?;
    let mut rows = entries.query([&list])?;
    while let Some(row) = rows.next()? {
        let (entry, party): (i64, String) = (row.get(0)?, row.get(1)?);
        let party = serde_json::from_str(&party).map_err(|why| bad_entry(&list, why))?;
        let names: Vec<(u32, String)> =
            keys.query_map([entry], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut listed = Vec::new();
        for (name, key) in names {
            let tokens = tokens.query_map((entry, name), |row| row.get(0))?.collect::<Result<_, _>>()?;
            listed.push(ListedKey { name, key, tokens });
        }
        lines.write(&Line::Listed(ListedRow { party, keys: listed }))?;
    }
    Ok(())
}

/// Reads lines up to the last one; what comes after it, or instead of it, is an error.
fn import_lines(all: &Transaction<'_>, input: &mut dyn Read, latest: Moment) -> Result<Imported, Problem> {
    let unpacked = zstd::stream::read::Decoder::new(input).map_err(Problem::Input)?;
    let mut reader = BufReader::new(unpacked.take(LARGEST));
    let mut import = Import::new(all)?;
    let mut text = Vec::new();
    for number in 1_u64.. {
        text.clear();
        let read = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut text).map_err(Problem::Input)?;
        let wrong = |what: String| Problem::Portable { line: number, what };
        if read == 0 {
            return Err(wrong("the file ends too soon".to_owned()));
        }
        if text.pop() != Some(b'\n') {
            let what = if read as u64 == LONGEST_LINE { "a line is too long" } else { "the file ends within a line" };
            return Err(wrong(what.to_owned()));
        }
        if number == 1 {
            header(&text).map_err(wrong)?;
            continue;
        }
        let line: Line = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
        if line.moment().is_some_and(|moment| moment > latest) {
            return Err(wrong(
                "it was fetched on a day to come; see whether the clocks of both machines are right".to_owned(),
            ));
        }
        match line {
            Line::Fact(fact) => import.fact(fact).map_err(|problem| in_line(problem, number))?,
            Line::Gap(gap) => import.gap(gap)?,
            Line::List(state) => import.list(state).map_err(|problem| in_line(problem, number))?,
            Line::Listed(row) => import.listed(&row).map_err(|problem| in_line(problem, number))?,
            Line::End(count) if count + 1 == number => {
                let rest = reader.fill_buf().map_err(Problem::Input)?;
                if rest.is_empty() {
                    return import.end().map_err(|problem| in_line(problem, number));
                }
                return Err(wrong("something follows the end".to_owned()));
            }
            Line::End(_) => return Err(wrong("lines are missing".to_owned())),
            Line::Store(_) => return Err(wrong("it begins twice".to_owned())),
        }
    }
    Err(Problem::Portable { line: u64::MAX, what: "the file has no end".to_owned() })
}

impl Line {
    /// When what the line is about was fetched.
    fn moment(&self) -> Option<Moment> {
        match self {
            Self::Fact(fact) => Some(fact.fetched),
            Self::Gap(gap) => Some(gap.at),
            Self::List(state) => Some(state.fetched),
            Self::Listed(_) | Self::End(_) | Self::Store(_) => None,
        }
    }
}

/// The first line tells whether the others can be read.
fn header(text: &[u8]) -> Result<(), String> {
    let foreign = || "the file to import is no export of a store".to_owned();
    let Ok(Line::Store(header)) = serde_json::from_slice(text) else { return Err(foreign()) };
    match header.version {
        _ if header.format != FORMAT => Err(foreign()),
        1..=VERSION => Ok(()),
        found => {
            Err(format!("the file has format {found}, and this version of cargo-origin reads {VERSION} and before"))
        }
    }
}

/// Says in which line it went wrong.
fn in_line(problem: Problem, number: u64) -> Problem {
    match problem {
        Problem::Portable { what, .. } => Problem::Portable { line: number, what },
        other => other,
    }
}

fn wrong(what: &str) -> Problem {
    Problem::Portable { line: 0, what: what.to_owned() }
}

/// An import under way.
struct Import<'c> {
    connection: &'c Connection,
    facts: Writer<'c>,
    lists: ListWriter<'c>,
    ours: Vec<ListState>,
    /// The rows of the fact that is being read.
    rows: Vec<Row>,
    of: Option<(FactKind, String, String)>,
    /// The list that is being read.
    list: Option<String>,
    /// Entries of it that are still to come.
    left: u64,
    /// Whether it is newer than ours.
    newer: bool,
    imported: Imported,
}

impl<'c> Import<'c> {
    fn new(connection: &'c Connection) -> Result<Self, Problem> {
        Ok(Self {
            connection,
            facts: Writer::new(connection)?,
            lists: ListWriter::new(connection)?,
            ours: list_states(connection)?,
            rows: Vec::new(),
            of: None,
            list: None,
            left: 0,
            newer: false,
            imported: Imported::default(),
        })
    }

    fn fact(&mut self, line: FactLine) -> Result<(), Problem> {
        let of = (line.kind, line.subject, line.source);
        if self.of.as_ref() != Some(&of) {
            self.take()?;
            self.of = Some(of);
        }
        if !fits(line.kind, &line.content) {
            return Err(wrong("a fact holds something of another kind"));
        }
        let days = line.from.is_none_or(|from| line.until.is_none_or(|until| from < until));
        let in_order = self
            .rows
            .last()
            .is_none_or(|before| before.until.is_some_and(|until| line.from.is_some_and(|from| until <= from)));
        if !days || !in_order || line.fetched.day().is_none() || self.rows.len() >= MOST_ROWS {
            return Err(wrong("the days of a fact are not in order"));
        }
        let content = serde_json::to_string(&line.content).map_err(|error| wrong(&error.to_string()))?;
        let first = line.first.unwrap_or_else(|| timeline::first_said(line.from, line.fetched)).min(line.fetched);
        self.rows.push(Row { from: line.from, until: line.until, first, fetched: line.fetched, content });
        Ok(())
    }

    /// Merges the fact whose rows are all read with what is there.
    fn take(&mut self) -> Result<(), Problem> {
        let Some((kind, subject, source)) = self.of.take() else { return Ok(()) };
        let theirs = std::mem::take(&mut self.rows);
        let last = theirs.last().filter(|last| last.until.is_none());
        let now = last.ok_or_else(|| wrong("a fact has ended before it"))?.fetched;
        let key = Key { kind, subject: &subject, source: &source };
        let ours = self.facts.rows(key)?;
        let merged = timeline::merged(&ours, &theirs, timeline::keeps_past(kind));
        let counted = if merged == ours { &mut self.imported.known } else { &mut self.imported.taken };
        *counted += 1;
        self.facts.replace(key, &ours, &merged)?;
        self.facts.answered(key, now)
    }

    fn gap(&mut self, line: GapLine) -> Result<(), Problem> {
        self.take()?;
        // A gap of the same moment is what the source held back of its answer.
        let answered =
            "SELECT EXISTS (SELECT 1 FROM fact WHERE source = ?1 AND subject = ?2 AND kind = ?3 AND fetched > ?4)";
        let Some(subject) = line.subject.as_deref() else { return self.gap_of_source(line) };
        let mut statement = self.connection.prepare(answered)?;
        for kind in FactKind::ALL.into_iter().filter(|kind| line.kind.is_none_or(|asked| asked == *kind)) {
            if statement.query_row((&line.source, subject, kind.as_str(), line.at.0), |row| row.get(0))? {
                return Ok(());
            }
        }
        self.put_gap(line)
    }

    /// A source or a list that answered later did answer.
    fn gap_of_source(&mut self, line: GapLine) -> Result<(), Problem> {
        let answered = "SELECT EXISTS (SELECT 1 FROM fact WHERE source = ?1 AND fetched > ?2)
                            OR EXISTS (SELECT 1 FROM list WHERE id = ?1 AND fetched > ?2)";
        if self.connection.query_row(answered, (&line.source, line.at.0), |row| row.get(0))? {
            return Ok(());
        }
        self.put_gap(line)
    }

    fn put_gap(&mut self, line: GapLine) -> Result<(), Problem> {
        let GapLine { source, subject, kind, reason, detail, at } = line;
        let gap = SourceGap { source, subject, kind, reason, detail };
        put_gap(self.connection, &gap, at)?;
        self.imported.gaps += 1;
        Ok(())
    }

    fn list(&mut self, state: ListState) -> Result<(), Problem> {
        self.take()?;
        self.list_ends()?;
        self.left = state.entries;
        let ours = self.ours.iter().find(|ours| ours.id == state.id);
        self.newer = ours.is_none_or(|ours| ours.fetched < state.fetched);
        if self.newer {
            begin_list(self.connection, &state)?;
            self.imported.lists += 1;
        }
        self.list = Some(state.id);
        Ok(())
    }

    fn listed(&mut self, row: &ListedRow) -> Result<(), Problem> {
        let list = self.list.as_ref().ok_or_else(|| wrong("an entry is of no list"))?;
        let named = |key: &ListedKey| usize::try_from(key.name).is_ok_and(|name| name < row.party.names.len());
        if !row.keys.iter().all(named) {
            return Err(wrong("an entry has no such name"));
        }
        self.left = self.left.checked_sub(1).ok_or_else(|| wrong("a list has more entries than it says"))?;
        if self.newer { self.lists.add(list, row) } else { Ok(()) }
    }

    /// A list that lost entries on its way does not take the place of a whole one.
    fn list_ends(&self) -> Result<(), Problem> {
        if self.left == 0 { Ok(()) } else { Err(wrong("a list has fewer entries than it says")) }
    }

    fn end(mut self) -> Result<Imported, Problem> {
        self.take()?;
        self.list_ends()?;
        Ok(self.imported)
    }
}

fn fits(kind: FactKind, content: &Content) -> bool {
    match content {
        Content::Absent => true,
        Content::Owners(_) => kind == FactKind::CrateOwners,
        Content::Versions(_) => kind == FactKind::CrateVersions,
        Content::Profile(_) => kind == FactKind::Profile,
        Content::Repository(_) => kind == FactKind::Repository,
        Content::Observation(_) => kind == FactKind::Observation,
    }
}
