//! Where packages stand in a lock file, for annotations of the file.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};

use super::Input;
use super::lockfile::MAX_LOCK_FILE;
use super::read::read_bounded;
use crate::graph::Package;

/// The lock file of what is read, if it lies on this machine.
pub fn lock_path(input: &Input, root: Option<&Utf8Path>) -> Option<Utf8PathBuf> {
    match input {
        Input::LockFile { path, .. } => Some(path.clone()),
        Input::Cargo(_) => root.map(|root| root.join("Cargo.lock")),
        // The folders in a saved description are those of another machine.
        Input::MetadataFile(..) => None,
    }
}

/// The nearest lock file, from a folder upward: that of the workspace, found without running cargo.
pub fn nearest_lock(folder: &Utf8Path) -> Option<Utf8PathBuf> {
    folder.ancestors().map(|above| above.join("Cargo.lock")).find(|path| path.is_file())
}

/// The line of every package of a lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockLines {
    file: String,
    lines: BTreeMap<(String, String), u32>,
}

impl LockLines {
    /// Those of a lock file that is shown under a name; none where it cannot be read: a finding without a line is still a finding.
    pub fn read(path: &Utf8Path, shown: String) -> Self {
        let text = read_bounded(path, MAX_LOCK_FILE).unwrap_or_default();
        Self { file: shown, lines: Self::of_text(&text) }
    }

    /// The name under which the file is shown.
    pub fn file(&self) -> &str {
        &self.file
    }

    fn of_text(text: &str) -> BTreeMap<(String, String), u32> {
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
        lines
    }

    /// The line of a package, from 1.
    pub fn of(&self, package: &Package) -> Option<u32> {
        self.lines.get(&(package.name.clone(), package.version.to_string())).copied()
    }
}
