//! One file of a commit, read without touching the work tree.

use std::ffi::OsString;

use camino::Utf8Path;

use super::locate::locate;
use super::read::is_inside;
use super::revision::named;
use super::scratch::Scratch;
use super::{GitError, HistoryQuery};
use crate::date::Date;

/// The text of a file at a revision: an object id or its beginning, `HEAD`, a branch, a remote's branch or a tag, with `~2` or `^` behind it.
/// Nothing comes back where the commit has no such file. `path` is from the top of the repository.
pub fn read_file_at(
    repository: &Utf8Path,
    revision: &str,
    path: &str,
    today: Date,
    environment: &[(OsString, OsString)],
) -> Result<Option<String>, GitError> {
    if !is_inside(path) {
        return Err(GitError::BadPath(path.to_owned()));
    }
    let query = HistoryQuery {
        repository,
        revision: Some(revision),
        since: None,
        until: None,
        path: Some(path),
        limit: None,
        today,
        environment,
    };
    let place = locate(repository)?;
    let (start, steps) = named(&query, &place, revision)?;
    let scratch = Scratch::new(&place, start.format, None, environment)?;
    let commit = format!("{}{steps}^{{commit}}", start.id);
    let input = format!("{commit}\n{}{steps}:{path}\n", start.id);
    let answer = scratch.ask(&["cat-file", "--batch-check"], &input).map_err(|error| error.at(repository))?;
    let answer = answer.unwrap_or_default();
    let kinds: Vec<&str> = answer.lines().map(|line| line.split(' ').nth(1).unwrap_or_default()).collect();
    if kinds.first() != Some(&"commit") {
        return Err(GitError::NoSuchCommit { repository: repository.to_owned(), revision: revision.to_owned() });
    }
    if kinds.get(1) != Some(&"blob") {
        return Ok(None);
    }
    let args = ["cat-file".to_owned(), "blob".to_owned(), format!("{}{steps}:{path}", start.id)];
    scratch.ask(&args, "").map_err(|error| error.at(repository))
}
