//! Where packages stand in a lock file, for annotations of the file.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::Input;
use super::lockfile::MAX_LOCK_FILE;
use super::read::read_bounded;
use crate::graph::Package;

/// The line of every package of a lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockLines(BTreeMap<(String, String), u32>);

impl LockLines {
    /// Those of the lock file of what was read; none where there is no lock file, or none that can be read: a finding without a line is
    /// still a finding.
    pub fn read(input: &Input, root: Option<&Utf8Path>) -> Self {
        let path: Option<Utf8PathBuf> = match input {
            Input::LockFile { path, .. } => Some(path.clone()),
            Input::Cargo(_) => root.map(|root| root.join("Cargo.lock")),
            // The folders in a saved description are those of another machine.
            Input::MetadataFile(..) => None,
        };
        let text = path.and_then(|path| read_bounded(&path, MAX_LOCK_FILE).ok());
        text.map_or_else(Self::default, |text| Self::of_text(&text))
    }

    fn of_text(text: &str) -> Self {
        let mut lines = BTreeMap::new();
        let mut name: Option<(&str, u32)> = None;
        for (number, line) in (1u32..).zip(text.lines()) {
            let value = |key: &str| line.strip_prefix(key)?.strip_prefix(" = \"")?.strip_suffix('"');
            if let Some(found) = value("name") {
                name = Some((found, number));
            } else if let (Some(version), Some((name, at))) = (value("version"), name) {
                // Of two with one name and version from two sources, the first.
                lines.entry((name.to_owned(), version.to_owned())).or_insert(at);
            } else if line.starts_with('[') {
                name = None;
            }
        }
        Self(lines)
    }

    /// The line of a package, from 1.
    pub fn of(&self, package: &Package) -> Option<u32> {
        self.0.get(&(package.name.clone(), package.version.to_string())).copied()
    }
}
