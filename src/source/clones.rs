//! Clones on this machine: which repository lies where.
//!
//! A folder of clones is laid out as `host/owner/repo`, with or without `.git` at the end, as tools that keep clones lay them out; or a clone
//! says in its configuration where it came from (`remote.origin.url`), which is read as text and never acted on.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

/// How deep clones may lie: `host/group/owner/repo`.
const DEPTH: usize = 4;

/// Folders that are looked at at the most.
const FOLDERS: usize = 50_000;

/// A configuration file of git is read up to this size.
const CONFIG: u64 = 1 << 20;

/// A clone, and the addresses that may name its repository, the surer one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clone {
    /// A work tree or a git directory.
    pub folder: Utf8PathBuf,
    /// `remote.origin.url`, then the path below the folder of clones.
    pub addresses: Vec<String>,
}

/// Finds the clones below a folder. Folders that cannot be read are passed over, except the first.
pub fn find(root: &Utf8Path) -> io::Result<Vec<Clone>> {
    let mut found: BTreeMap<Utf8PathBuf, Clone> = BTreeMap::new();
    let mut open = vec![(root.to_owned(), 0)];
    let mut seen = 0;
    while let Some((folder, depth)) = open.pop() {
        seen += 1;
        if is_repository(&folder) {
            let below = folder.strip_prefix(root).map_or("", Utf8Path::as_str);
            let mut addresses: Vec<String> = origin(&folder).into_iter().collect();
            if below.contains('/') {
                addresses.push(below.trim_end_matches(".git").trim_end_matches('/').to_owned());
            }
            found.insert(folder.clone(), Clone { folder, addresses });
            continue;
        }
        if depth == DEPTH || seen > FOLDERS {
            continue;
        }
        let entries = match folder.read_dir_utf8() {
            Ok(entries) => entries,
            Err(error) if depth == 0 => return Err(error),
            Err(_) => continue,
        };
        let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        open.extend(folders.map(|entry| (entry.into_path(), depth + 1)));
    }
    Ok(found.into_values().collect())
}

/// Whether a folder is the top of a work tree or a git directory.
pub fn is_repository(folder: &Utf8Path) -> bool {
    folder.join(".git").exists() || (folder.join("HEAD").is_file() && folder.join("objects").is_dir())
}

/// `remote.origin.url` of a work tree or git directory.
pub fn origin(folder: &Utf8Path) -> Option<String> {
    let inside = folder.join(".git/config");
    let path = if inside.is_file() { inside } else { folder.join("config") };
    if fs::metadata(&path).ok()?.len() > CONFIG {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let mut in_origin = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            in_origin = line.eq_ignore_ascii_case("[remote \"origin\"]");
        } else if let Some((key, value)) = line.split_once('=')
            && in_origin
            && key.trim().eq_ignore_ascii_case("url")
        {
            return Some(value.trim().trim_matches('"').to_owned());
        }
    }
    None
}

/// The database behind one of cargo's own checkouts: `git/checkouts/NAME/REV/…` is made from `git/db/NAME`.
pub fn cargo_database(cargo_home: &Utf8Path, package: &Utf8Path) -> Option<Utf8PathBuf> {
    let below = package.strip_prefix(cargo_home.join("git/checkouts")).ok()?;
    let name = below.components().next()?.as_str();
    let database = cargo_home.join("git/db").join(name);
    is_repository(&database).then_some(database)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn clones_are_found_by_where_they_came_from_and_by_where_they_lie() {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for bare in ["github.com/example/one.git", "odd"] {
            fs::create_dir_all(root.join(bare).join("objects")).unwrap();
            fs::File::create(root.join(bare).join("HEAD")).unwrap();
        }
        let config = "[core]\n\turl = no\n[remote \"origin\"]\n\turl = https://user:secret@example.org/a/b.git\n";
        fs::File::create(root.join("odd/config")).unwrap().write_all(config.as_bytes()).unwrap();
        let found = find(root).unwrap();
        let addresses: Vec<&[String]> = found.iter().map(|clone| clone.addresses.as_slice()).collect();
        assert_eq!(addresses[0], ["github.com/example/one"]);
        assert_eq!(addresses[1], ["https://user:secret@example.org/a/b.git"]);
        assert!(find(&root.join("missing")).is_err());
    }

    #[test]
    fn cargos_database_belongs_to_its_checkout() {
        let folder = tempfile::tempdir().unwrap();
        let home = Utf8Path::from_path(folder.path()).unwrap();
        let database = home.join("git/db/thing-0123");
        fs::create_dir_all(database.join("objects")).unwrap();
        fs::File::create(database.join("HEAD")).unwrap();
        let package = home.join("git/checkouts/thing-0123/abcdef/crates/x");
        assert_eq!(cargo_database(home, &package), Some(database));
        assert_eq!(cargo_database(home, &home.join("registry/src/x")), None);
    }
}
