//! Public lists of sanctions: from their files to entries.
//!
//! - `csl`, `ofac`, `uk`, `un`, `eu`, `opensanctions`: one file a list; what its format looks like is known to that file alone.
//! - `table`, `xml`: rows by the names of their columns, and the entries of an XML document one at a time.
//! - `input`: limits, and which format a file is by its first bytes, whatever it is called.
//! - `entry`: an entry as it comes together from its rows.
//! - `nations`: which country a field that holds the name of one is about.
//!
//! Files are foreign and up to 150 MB, so they are read as streams, and nothing in them is trusted: a record is 4 MiB at the most, a file
//! has five million records at the most, bytes that are no UTF-8 become replacement characters, no entity of XML is expanded. Entries
//! are handed on as they come, so **whoever takes them must be able to take back**: only when [`ListReader::read`] has returned is it
//! known that the file was whole. A file that ends too early, lacks a column, is a web page, holds no entry at all or none about an
//! organisation, or whose entries have lost their names is an error, so that no good list is replaced by an empty one. Where a list is
//! in several files, each is looked at, and they must be about the same entries.
//!
//! Entries about persons are counted and dropped, unless the caller asks for them ([`Options::persons`]); why stands in
//! [`crate::screening`].

mod csl;
mod entry;
mod eu;
mod input;
mod nations;
mod ofac;
mod opensanctions;
mod table;
mod uk;
mod un;
mod xml;

use std::io::Read;

use crate::data::Data;
use crate::facts::live::ListedParty;
use entry::Taking;
use input::{Format, Input};

/// One entry in so many may be without a name.
const UNNAMED: u64 = 100;

/// How lists are read.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Whether entries about persons are handed on too.
    pub persons: bool,
    /// For the codes of countries, and for words that only organisations have.
    pub data: &'a Data,
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Entries that were handed on.
    pub entries: u64,
    /// Entries about persons, which were not.
    pub persons_left_out: u64,
}

/// Why a list cannot be read. What was handed on before must be taken back.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The input fails.
    #[error("cannot be read")]
    Read(#[from] std::io::Error),
    /// It is a web page: of an error, or of a login.
    #[error("it is a web page and not a list")]
    WebPage,
    /// It is a list of a format in which this list is not known.
    #[error("it is {found}, and this list is read as {expected}")]
    Format {
        /// What it is.
        found: &'static str,
        /// What it can be.
        expected: &'static str,
    },
    /// A column is missing.
    #[error("the column `{0}` is missing")]
    Column(&'static str),
    /// It ends before its end.
    #[error("it ends too early, after {0} records")]
    Truncated(u64),
    /// It is not what its format asks for.
    #[error("it is broken after {records} records: {message}")]
    Broken {
        /// Records before.
        records: u64,
        /// What is wrong.
        message: String,
    },
    /// A record is longer than what is read.
    #[error("record {0} is longer than {max} MiB", max = input::LONGEST_RECORD >> 20)]
    TooLong(u64),
    /// There are more records than what is read.
    #[error("it has more than {} records", input::MOST_RECORDS)]
    TooMany,
    /// There is no entry in it.
    #[error("there is no entry in it")]
    Empty,
    /// A file of the list is missing.
    #[error("the file `{0}` of the list is missing")]
    File(&'static str),
    /// A further file of the list is not what it should be.
    #[error("its file `{file}`: {why}")]
    Further {
        /// Which.
        file: &'static str,
        /// What is wrong with it.
        why: Box<ListError>,
    },
    /// A further file is about entries that the first does not have.
    #[error(
        "{unknown} of {rows} rows of its file `{file}` are about entries that are not in the list: one of both is not whole"
    )]
    Unknown {
        /// Which.
        file: &'static str,
        /// Rows about entries that there are not.
        unknown: u64,
        /// All rows.
        rows: u64,
    },
    /// Too many entries have no name.
    #[error("{unnamed} of {all} entries have no name: it is written in another way than it is read here")]
    Unnamed {
        /// Entries without one.
        unnamed: u64,
        /// All entries, without those about persons that were left out.
        all: u64,
    },
    /// It has entries, and none is about an organisation.
    #[error("none of its entries is about an organisation")]
    NoOrganisation,
}

/// Where entries go.
pub type Sink<'a> = dyn FnMut(ListedParty) + 'a;

/// A list that can be read.
#[derive(Clone, Copy, Debug)]
pub struct ListReader {
    /// Its id.
    pub id: &'static str,
    /// The files to be fetched, in the order in which [`ListReader::read`] wants them. Their names are those that the publisher
    /// gives them; what is in them may be any format that is read for the list.
    pub files: &'static [&'static str],
    /// What the first file may be.
    expected: &'static [Format],
    read: ReadFiles,
}

type ReadFiles = for<'r> fn(Input<'r>, Vec<Input<'r>>, &mut Taking<'_, '_>) -> Result<(), ListError>;

/// Every list, by id.
const READERS: [ListReader; 6] = [
    ListReader {
        id: "eu-fsf",
        files: &["xmlFullSanctionsList_1_1/content"],
        expected: &[Format::Xml, Format::Csv],
        read: eu::read,
    },
    ListReader {
        id: "opensanctions",
        files: &["targets.simple.csv"],
        expected: &[Format::Csv],
        read: opensanctions::read,
    },
    ListReader { id: "uk-sanctions", files: &["UK-Sanctions-List.csv"], expected: &[Format::Csv], read: uk::read },
    ListReader { id: "un-sc", files: &["consolidated.xml"], expected: &[Format::Xml], read: un::read },
    ListReader { id: "us-csl", files: &["consolidated.csv"], expected: &[Format::Csv, Format::Json], read: csl::read },
    ListReader {
        id: "us-sdn",
        files: &["sdn.csv", "add.csv", "alt.csv"],
        expected: &[Format::Csv, Format::Xml],
        read: ofac::read,
    },
];

/// The reader of a list; nothing if there is no such list.
pub fn reader(id: &str) -> Option<&'static ListReader> {
    READERS.iter().find(|reader| reader.id == id)
}

/// The readers of all lists, by id.
pub fn readers() -> &'static [ListReader] {
    &READERS
}

impl ListReader {
    /// Reads the files of the list, in the order of [`ListReader::files`]. Where the first file alone is the list (XML of the SDN list),
    /// the others are not looked at.
    pub fn read<'r>(
        &self,
        files: impl IntoIterator<Item = Box<dyn Read + 'r>>,
        options: &Options<'_>,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ListError> {
        let mut files = files.into_iter().map(Input::new);
        let name = self.files.first().copied().unwrap_or(self.id);
        let mut first = files.next().ok_or(ListError::File(name))?;
        let format = first.format()?;
        if !self.expected.contains(&format) {
            let expected = match self.expected {
                [one] => one.name(),
                [Format::Csv, Format::Json] => "CSV or JSON",
                _ => "XML or CSV",
            };
            return Err(ListError::Format { found: format.name(), expected });
        }
        let mut taking = Taking::new(options, sink);
        (self.read)(first, files.collect(), &mut taking)?;
        let (summary, unnamed) = (taking.summary, taking.unnamed);
        let all = summary.entries + unnamed;
        if all + summary.persons_left_out == 0 {
            return Err(ListError::Empty);
        }
        // One bad row is no reason to lose a list.
        if unnamed > 1 && unnamed * UNNAMED > all {
            return Err(ListError::Unnamed { unnamed, all });
        }
        if taking.organisations == 0 {
            return Err(ListError::NoOrganisation);
        }
        Ok(summary)
    }
}
