//! Where the parts of a repository lie, and how its small files are read.
//!
//! All that is read here can be a trap: a device, a pipe, a file without end. So only regular files are opened, and only so much is read.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};

use camino::{Utf8Path, Utf8PathBuf};

use super::GitError;

/// Files of one line: `HEAD`, a reference, `.git`, `commondir`. Longer ones are none; a path has no more than 4096 bytes on Linux.
const MAX_SMALL: u64 = 8 << 10;

/// The folders of a repository.
#[derive(Debug)]
pub(super) struct Place {
    /// The folder of `HEAD`.
    pub(super) git_dir: Utf8PathBuf,
    /// The folder of branches and objects; another than `git_dir` where that belongs to a linked work tree.
    pub(super) common: Utf8PathBuf,
    /// The folder of the objects.
    pub(super) objects: Utf8PathBuf,
}

/// The top of the work tree that a folder is in.
pub fn top_of(folder: &Utf8Path) -> Option<&Utf8Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// Finds the folders of a repository, given as the top of a work tree or as a git directory.
pub(super) fn locate(repository: &Utf8Path) -> Result<Place, GitError> {
    // Git runs in a folder of our own, from where a relative path would lead elsewhere.
    let top = camino::absolute_utf8(repository)
        .map_err(|source| GitError::Unreadable { path: repository.to_owned(), source })?;
    let dot_git = top.join(".git");
    let git_dir = match metadata(&dot_git)? {
        Some(found) if found.is_dir() => dot_git,
        Some(_) => linked(&top, &dot_git)?,
        None => top,
    };
    let common = match read_line(&git_dir.join("commondir"))? {
        Some(path) => git_dir.join(path),
        None => git_dir.clone(),
    };
    let objects = common.join("objects");
    let complete =
        metadata(&git_dir.join("HEAD"))?.is_some() && metadata(&objects)?.is_some_and(|found| found.is_dir());
    if complete { Ok(Place { git_dir, common, objects }) } else { Err(GitError::NotARepository(repository.to_owned())) }
}

/// Follows a `.git` file, as linked work trees and submodules have it.
fn linked(top: &Utf8Path, dot_git: &Utf8Path) -> Result<Utf8PathBuf, GitError> {
    let line = read_line(dot_git)?.unwrap_or_default();
    match line.strip_prefix("gitdir: ") {
        Some(path) if !path.is_empty() => Ok(top.join(path)),
        _ => Err(GitError::Malformed { path: dot_git.to_owned(), problem: "does not name a git directory" }),
    }
}

/// The text of a file of one line, without its end. Nothing if there is no such file.
pub(super) fn read_line(path: &Utf8Path) -> Result<Option<String>, GitError> {
    let Some(file) = open(path, MAX_SMALL)? else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(MAX_SMALL).read_to_end(&mut bytes).map_err(|source| unreadable(path, source))?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| GitError::Malformed { path: path.to_owned(), problem: "is not UTF-8" })?;
    Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Opens a regular file of at most `most` bytes. Nothing if there is none.
pub(super) fn open(path: &Utf8Path, most: u64) -> Result<Option<File>, GitError> {
    let malformed = |problem| GitError::Malformed { path: path.to_owned(), problem };
    match metadata(path)? {
        None => Ok(None),
        Some(found) if !found.is_file() => Err(malformed("is not a file")),
        Some(found) if found.len() > most => Err(malformed("is too large")),
        Some(_) => File::open(path).map(Some).map_err(|source| unreadable(path, source)),
    }
}

/// Whether packs came from a partial clone: only there can objects be missing by intent.
pub(super) fn is_partial(place: &Place) -> bool {
    let Ok(entries) = place.objects.join("pack").read_dir_utf8() else { return false };
    entries.flatten().any(|entry| entry.path().extension() == Some("promisor"))
}

/// What is at a path, links followed. Nothing where there is nothing.
pub(super) fn metadata(path: &Utf8Path) -> Result<Option<fs::Metadata>, GitError> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => Ok(None),
        Err(source) => Err(unreadable(path, source)),
    }
}

pub(super) fn unreadable(path: &Utf8Path, source: io::Error) -> GitError {
    GitError::Unreadable { path: path.to_owned(), source }
}
