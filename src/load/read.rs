//! Reading files of unknown size from unknown hands.

use std::fs::File;
use std::io::Read;

use camino::{Utf8Path, Utf8PathBuf};

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system says no.
    #[error("cannot read {path}")]
    Io {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is larger than anything sensible.
    #[error("{path} is larger than {} MiB, which no real file of its kind is", limit >> 20)]
    TooLarge {
        /// The file.
        path: Utf8PathBuf,
        /// The bound in bytes.
        limit: u64,
    },
    /// The file is not text.
    #[error("{path} is not UTF-8 text (at byte {at})")]
    NotText {
        /// The file.
        path: Utf8PathBuf,
        /// Where the first wrong byte stands.
        at: usize,
    },
}

/// Reads a text of at most `limit` bytes; a longer one is an error, not a cut text.
pub fn read_bounded(path: &Utf8Path, limit: u64) -> Result<String, ReadError> {
    let error = |source| ReadError::Io { path: path.to_owned(), source };
    let file = File::open(path).map_err(error)?;
    let size = file.metadata().map_err(error)?.len();
    if size > limit {
        return Err(ReadError::TooLarge { path: path.to_owned(), limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(error)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge { path: path.to_owned(), limit });
    }
    String::from_utf8(bytes)
        .map_err(|error| ReadError::NotText { path: path.to_owned(), at: error.utf8_error().valid_up_to() })
}
