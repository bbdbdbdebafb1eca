//! The bytes of a file, with limits.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read};
use std::rc::Rc;

use super::ListError;

/// Bytes of a record. The longest entry of the UK list is far below a tenth of it.
pub(super) const LONGEST_RECORD: usize = 4 << 20;

/// Records of a file.
pub(super) const MOST_RECORDS: u64 = 5_000_000;

/// Bytes that are read at once.
const AT_ONCE: usize = 64 << 10;

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Json,
    Xml,
}

impl Format {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Xml => "XML",
        }
    }
}

/// A file that is read.
pub(super) struct Input<'r> {
    inner: BufReader<Counted<'r>>,
    count: Count,
    format: Option<Format>,
}

/// How far a file has been read.
#[derive(Clone, Default)]
pub(super) struct Count(Rc<Counts>);

#[derive(Default)]
struct Counts {
    records: Cell<u64>,
    /// Bytes since the last record ended.
    since: Cell<usize>,
    too_long: Cell<bool>,
    last: Cell<u8>,
    quotes: Cell<u64>,
}

impl Count {
    /// A record has ended; an error if there are too many.
    pub(super) fn record(&self) -> Result<(), ListError> {
        let records = self.0.records.get() + 1;
        self.0.records.set(records);
        self.0.since.set(0);
        if records > MOST_RECORDS { Err(ListError::TooMany) } else { Ok(()) }
    }

    /// Records so far.
    pub(super) fn records(&self) -> u64 {
        self.0.records.get()
    }

    /// Whether the file ended amidst its last line: without a line end, and with a quote that was not closed.
    pub(super) fn ended_in_quotes(&self) -> bool {
        self.0.last.get() != b'\n' && self.0.quotes.get() % 2 == 1
    }

    /// What went wrong where a format could not be read.
    pub(super) fn broken(&self, message: &impl ToString) -> ListError {
        if self.0.too_long.get() {
            return ListError::TooLong(self.records() + 1);
        }
        ListError::Broken { records: self.records(), message: message.to_string() }
    }
}

struct Counted<'r> {
    inner: Box<dyn Read + 'r>,
    count: Count,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let counts = &self.count.0;
        let bytes = buffer.get(..read).unwrap_or_default();
        if let Some(last) = bytes.last() {
            counts.last.set(*last);
        }
        let quotes = bytes.iter().map(|byte| u64::from(*byte == b'"')).sum::<u64>();
        counts.quotes.set(counts.quotes.get() + quotes);
        counts.since.set(counts.since.get() + read);
        if counts.since.get() > LONGEST_RECORD + 2 * AT_ONCE {
            counts.too_long.set(true);
            return Err(Error::new(ErrorKind::FileTooLarge, "a record is too long"));
        }
        Ok(read)
    }
}

impl<'r> Input<'r> {
    pub(super) fn new(inner: Box<dyn Read + 'r>) -> Self {
        let count = Count::default();
        let counted = Counted { inner, count: count.clone() };
        Self { inner: BufReader::with_capacity(AT_ONCE, counted), count, format: None }
    }

    /// What the file is. A byte order mark and white space before it are passed over.
    pub(super) fn format(&mut self) -> Result<Format, ListError> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        if self.inner.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
            self.inner.consume(3);
        }
        let format = loop {
            let start = self.inner.fill_buf()?;
            if start.is_empty() {
                return Err(ListError::Empty);
            }
            let blank = start.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            match start.get(blank) {
                None => self.inner.consume(blank),
                Some(b'<') if is_web_page(start) => return Err(ListError::WebPage),
                Some(b'<') => break Format::Xml,
                Some(b'{' | b'[') => break Format::Json,
                Some(_) => break Format::Csv,
            }
        };
        self.format = Some(format);
        Ok(format)
    }

    pub(super) fn count(&self) -> Count {
        self.count.clone()
    }

    pub(super) fn into_reader(self) -> impl BufRead + use<'r> {
        self.inner
    }
}

fn is_web_page(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start.get(..start.len().min(1024)).unwrap_or_default()).to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|mark| start.contains(mark))
}
