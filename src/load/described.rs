//! A file that describes a state, before a change or to be compared: a lock file, a saved `cargo metadata`, or a saved report of our own.
//!
//! Which of them it is, its content says: a file may be called anything.

use camino::Utf8Path;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::lockfile::MAX_LOCK_FILE;
use super::metadata::MAX_METADATA;
use super::read::{ReadError, read_bounded};

/// What the file holds, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described {
    /// It is no JSON, so it can only be a lock file.
    LockFile(String),
    /// A saved `cargo metadata`.
    Metadata(String),
    /// A report of `cargo origin --format json`, version 1.
    Report(String),
}

/// Why a file describes no state.
#[derive(Debug, thiserror::Error)]
pub enum DescribedError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It begins like JSON, and is none.
    #[error("it begins like JSON and is none, or ends too early: {0}")]
    Broken(serde_json::Error),
    /// It is one of our own, but not the report.
    #[error("it is what `cargo origin {0}` writes; what can be compared is the report, `cargo origin --format json`")]
    OtherCommand(&'static str),
    /// It is from the future.
    #[error("it is a report of version {0}; this program reads version 1, so it needs an update")]
    Version(String),
    /// It is some other JSON.
    #[error(
        "it is neither a lock file, nor a saved `cargo metadata --format-version 1 --all-features`, nor a report of `cargo origin --format json`"
    )]
    Unknown,
}

/// The keys that tell the kinds apart.
#[derive(Deserialize)]
struct Head {
    version: Option<serde_json::Value>,
    generator: Option<String>,
    workspace_members: Option<IgnoredAny>,
    packages: Option<IgnoredAny>,
    exposures: Option<IgnoredAny>,
    findings: Option<IgnoredAny>,
    base: Option<IgnoredAny>,
}

/// Reads a file and tells what it is.
pub fn describe(path: &Utf8Path) -> Result<Described, DescribedError> {
    let text = read_bounded(path, MAX_METADATA)?;
    // Some shells put a mark in front of what is redirected into a file.
    let start = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // No lock file begins with a brace; one of version 1 begins with a bracket.
    if !start.trim_start().starts_with('{') {
        if text.len() as u64 > MAX_LOCK_FILE {
            return Err(ReadError::TooLarge { path: path.to_owned(), limit: MAX_LOCK_FILE }.into());
        }
        return Ok(Described::LockFile(start.to_owned()));
    }
    of_json(start.to_owned())
}

fn of_json(text: String) -> Result<Described, DescribedError> {
    let head: Head = match serde_json::from_str(&text) {
        Ok(head) => head,
        // It is whole, and something else.
        Err(error) if error.is_data() => return Err(DescribedError::Unknown),
        Err(error) => return Err(DescribedError::Broken(error)),
    };
    if head.generator.is_some_and(|generator| generator.starts_with("cargo-origin ")) {
        return match head.version {
            Some(version) if version != 1 => Err(DescribedError::Version(version.to_string())),
            _ if head.findings.is_some() => Err(DescribedError::OtherCommand("check")),
            _ if head.base.is_some() => Err(DescribedError::OtherCommand("diff")),
            Some(_) if head.packages.is_some() && head.exposures.is_some() => Ok(Described::Report(text)),
            _ => Err(DescribedError::Unknown),
        };
    }
    match (head.workspace_members, head.packages) {
        (Some(_), Some(_)) => Ok(Described::Metadata(text)),
        _ => Err(DescribedError::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(text: &str) -> String {
        match of_json(text.to_owned()) {
            Ok(Described::Metadata(_)) => "metadata".to_owned(),
            Ok(Described::Report(_)) => "report".to_owned(),
            Ok(Described::LockFile(_)) => "lock file".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn kinds_are_told_apart_by_content() {
        let ours = |rest: &str| format!("{{\"generator\": \"cargo-origin 0.1.0\", \"version\": 1, {rest}}}");
        assert_eq!(said("{\"packages\": [], \"workspace_members\": [], \"version\": 1}"), "metadata");
        assert_eq!(said(&ours("\"packages\": [], \"exposures\": []")), "report");
        assert!(said(&ours("\"packages\": 3, \"findings\": []")).contains("cargo origin check"));
        assert!(said(&ours("\"base\": {}, \"exposures\": {}")).contains("cargo origin diff"));
        assert!(said("{\"generator\": \"cargo-origin 9.0.0\", \"version\": 2}").contains("version 2"));
        assert!(said("{\"packages\": [], \"workspace_memb").contains("ends too early"));
        for other in ["{}", "{\"packages\": 1}", "{\"generator\": \"x\", \"version\": 1}", "{\"generator\": 1}"] {
            assert!(said(other).starts_with("it is neither"), "{other}: {}", said(other));
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_kind_or_an_error(text in "\\{\\PC{0,100}") {
            let _ = of_json(text);
        }
    }
}
