//! Rows by the names of their columns.

use std::borrow::Cow;

use csv::ByteRecord;

use super::ListError;
use super::input::{Count, Input};

/// Lines before the header that are passed over: some lists begin with the day of their report.
const BEFORE_HEADER: usize = 5;

/// A table that is read row by row.
pub(super) struct Table<R> {
    rows: csv::Reader<R>,
    count: Count,
    columns: usize,
    row: ByteRecord,
    /// A row was shorter or longer than the first: the end of the file, or broken.
    odd: bool,
}

/// Where a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column(Option<usize>);

/// The names of the columns, in lower case, without anything but letters and digits.
pub(super) struct Header(Vec<String>);

/// Opens a table whose columns have no names.
pub(super) fn bare(input: Input<'_>, columns: usize) -> Table<impl std::io::Read> {
    let count = input.count();
    let rows = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input.into_reader());
    Table { rows, count, columns, row: ByteRecord::new(), odd: false }
}

/// Opens a table; the header is the first row that has this column.
pub(super) fn open<'r>(
    input: Input<'r>,
    delimiter: u8,
    key: &'static str,
) -> Result<(Table<impl std::io::Read + use<'r>>, Header), ListError> {
    let count = input.count();
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(input.into_reader());
    let mut row = ByteRecord::new();
    for _ in 0..BEFORE_HEADER {
        if !rows.read_byte_record(&mut row).map_err(|error| count.broken(&error))? {
            break;
        }
        count.record()?;
        let header = Header(row.iter().map(folded).collect());
        if header.position(key).is_some() {
            let columns = row.len();
            return Ok((Table { rows, count, columns, row, odd: false }, header));
        }
    }
    Err(ListError::Column(key))
}

fn folded(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).to_lowercase();
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}

impl Header {
    fn position(&self, name: &str) -> Option<usize> {
        let name = folded(name.as_bytes());
        self.0.iter().position(|known| *known == name)
    }

    /// A column that must be there.
    pub(super) fn column(&self, name: &'static str) -> Result<Column, ListError> {
        self.position(name).map(|at| Column(Some(at))).ok_or(ListError::Column(name))
    }

    /// A column that may be there, under the first of these names that is.
    pub(super) fn any(&self, names: &[&str]) -> Column {
        Column(names.iter().find_map(|name| self.position(name)))
    }
}

impl<R: std::io::Read> Table<R> {
    /// Goes to the next row; false at the end. The end is not believed where the last row is not whole.
    pub(super) fn next(&mut self) -> Result<bool, ListError> {
        loop {
            let more = self.rows.read_byte_record(&mut self.row).map_err(|error| self.count.broken(&error))?;
            if !more {
                let whole = !self.odd && !self.count.ended_in_quotes();
                return if whole { Ok(false) } else { Err(ListError::Truncated(self.count.records())) };
            }
            if self.odd {
                let message = "a row has another number of columns than the header";
                return Err(self.count.broken(&message));
            }
            self.count.record()?;
            // Old files of OFAC end with the end-of-file character of DOS.
            let blank = self.row.len() == 1 && self.row.iter().all(|field| matches!(field, b"" | b"\x1a"));
            if blank {
                continue;
            }
            self.odd = self.row.len() != self.columns;
            if !self.odd {
                return Ok(true);
            }
        }
    }

    /// A field of the row, trimmed; empty if there is no such column. Bytes that are no UTF-8 become replacement characters.
    pub(super) fn get(&self, column: Column) -> Cow<'_, str> {
        column.0.map_or(Cow::Borrowed(""), |at| self.at(at))
    }

    /// The same by its place.
    pub(super) fn at(&self, at: usize) -> Cow<'_, str> {
        match String::from_utf8_lossy(self.row.get(at).unwrap_or_default()) {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }
}
