//! Where a history begins: `HEAD` to an object id.
//!
//! Git could say it, but would read the repository's configuration first. Loose and packed references are text. Tables of references
//! (`reftable`) are not, so copies of them are given to git, in a directory of our own.

use std::io::{BufReader, Read};
use std::ops::ControlFlow;

use camino::Utf8Path;

use super::lines::for_each_line;
use super::locate::{Place, open, read_line, unreadable};
use super::scratch::{ObjectFormat, Scratch};
use super::{GitError, HistoryQuery};

/// How many names are followed from `HEAD` on; git follows as many.
const MAX_DEPTH: usize = 5;

/// `packed-refs` of a repository with every pull request of ten years as a reference has some 10 MiB.
const MAX_PACKED: u64 = 1 << 30;

/// A line of `packed-refs`: an object id and a name, which is a path.
const MAX_PACKED_LINE: usize = 8 << 10;

/// The list of tables; git keeps their number logarithmic.
const MAX_LIST: u64 = 64 << 10;

/// All tables together; they are smaller than `packed-refs` would be.
const MAX_TABLES: u64 = 256 << 20;

/// A start that is written down somewhere, but may be missing.
pub(super) struct Start {
    /// An object id, or its beginning.
    pub(super) id: String,
    /// How its repository names objects.
    pub(super) format: ObjectFormat,
}

/// The start that is asked for.
pub(super) fn start(query: &HistoryQuery<'_>, place: &Place) -> Result<Start, GitError> {
    let Some(revision) = query.revision else {
        return head(query, place)?.ok_or_else(|| GitError::NoCommits(query.repository.to_owned()));
    };
    if !(4..=64).contains(&revision.len()) || !revision.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(GitError::BadRevision(revision.to_owned()));
    }
    let id = revision.to_ascii_lowercase();
    if let Some(format) = ObjectFormat::of(&id) {
        return Ok(Start { id, format });
    }
    // The length of a beginning says nothing, but all objects of a repository are named alike.
    Ok(Start { id, format: head(query, place)?.map_or(ObjectFormat::Sha1, |head| head.format) })
}

/// A start by its name, and the steps back from it (`~2`, `^`) as they stand.
pub(super) fn named(query: &HistoryQuery<'_>, place: &Place, revision: &str) -> Result<(Start, String), GitError> {
    let bad = || GitError::BadRevision(revision.to_owned());
    let at = revision.find(['~', '^']).unwrap_or(revision.len());
    let (name, steps) = revision.split_at(at);
    if !steps.chars().all(|c| c == '~' || c == '^' || c.is_ascii_digit()) {
        return Err(bad());
    }
    let found = |id: String| ObjectFormat::of(&id).map(|format| Start { id, format });
    if name == "HEAD" {
        let head = head(query, place)?.ok_or_else(|| GitError::NoCommits(query.repository.to_owned()))?;
        return Ok((head, steps.to_owned()));
    }
    // The order in which git looks.
    for prefix in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
        let full = format!("{prefix}{name}");
        if !is_reference(&full) {
            continue;
        }
        let id = if place.git_dir.join("reftable").is_dir() {
            let scratch = with_tables(&place.common.join("reftable"), place, query)?;
            scratch.ask(&["rev-parse", "--quiet", "--verify", &full], "").map_err(|error| error.at(query.repository))?
        } else {
            reference(place, &place.common.join("HEAD"), format!("ref: {full}"))?
        };
        if let Some(start) = id.and_then(found) {
            return Ok((start, steps.to_owned()));
        }
    }
    if name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return start(&HistoryQuery { revision: Some(name), ..*query }, place).map(|start| (start, steps.to_owned()));
    }
    Err(bad())
}

/// The commit that is checked out. Nothing on a branch without commits.
fn head(query: &HistoryQuery<'_>, place: &Place) -> Result<Option<Start>, GitError> {
    let id = if place.git_dir.join("reftable").is_dir() { from_tables(query, place)? } else { from_files(place)? };
    let Some(id) = id else { return Ok(None) };
    let format = ObjectFormat::of(&id).ok_or_else(|| malformed(&place.git_dir.join("HEAD"), "names no object"))?;
    Ok(Some(Start { id, format }))
}

fn from_files(place: &Place) -> Result<Option<String>, GitError> {
    let path = place.git_dir.join("HEAD");
    let value = read_line(&path)?.unwrap_or_default();
    reference(place, &path, value)
}

/// Follows what a file says, `ref: …` or an object id, to an object id.
fn reference(place: &Place, path: &Utf8Path, mut value: String) -> Result<Option<String>, GitError> {
    for _ in 0..MAX_DEPTH {
        let Some(name) = value.strip_prefix("ref:") else {
            let id = value.trim().to_ascii_lowercase();
            return if ObjectFormat::of(&id).is_some() {
                Ok(Some(id))
            } else {
                Err(malformed(path, "names no object"))
            };
        };
        let name = name.trim();
        if !is_reference(name) {
            return Err(malformed(path, "names no branch"));
        }
        let own = ["refs/worktree/", "refs/bisect/", "refs/rewritten/"].iter().any(|prefix| name.starts_with(prefix));
        let loose = if own { &place.git_dir } else { &place.common }.join(name);
        // A folder of that name is what is left of `a/b` where `a` is a packed branch now.
        let line = if loose.is_dir() { None } else { read_line(&loose)? };
        let line = if line.is_some() { line } else { packed(&place.common.join("packed-refs"), name)? };
        let Some(line) = line else { return Ok(None) };
        value = line;
    }
    Err(malformed(path, "goes in a circle"))
}

/// Whether a name can be joined to a folder and stays below it.
fn is_reference(name: &str) -> bool {
    let inside = |part: &str| !part.is_empty() && !part.starts_with('.');
    name.starts_with("refs/")
        && name.split('/').all(inside)
        && !name.contains(|c: char| c.is_control() || "\\:?*[~^ ".contains(c))
}

/// Finds a name in `packed-refs`.
fn packed(path: &Utf8Path, name: &str) -> Result<Option<String>, GitError> {
    let Some(file) = open(path, MAX_PACKED)? else { return Ok(None) };
    let mut found = None;
    let search = |line: Option<&[u8]>| {
        let pair = line.and_then(|line| std::str::from_utf8(line).ok()).and_then(|line| line.split_once(' '));
        match pair {
            Some((id, this)) if this == name => {
                found = Some(id.to_owned());
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    };
    let end = for_each_line(BufReader::new(file.take(MAX_PACKED)), MAX_PACKED_LINE, search);
    end.map(|_| found).map_err(|source| unreadable(path, source))
}

/// Asks git for `HEAD` in copies of the tables. A linked work tree has tables of its own, where its `HEAD` names a branch of the others.
fn from_tables(query: &HistoryQuery<'_>, place: &Place) -> Result<Option<String>, GitError> {
    let ask = |folder: &Utf8Path, args: &[&str]| -> Result<Option<String>, GitError> {
        let scratch = with_tables(&folder.join("reftable"), place, query)?;
        scratch.ask(args, "").map_err(|error| error.at(query.repository))
    };
    if place.git_dir == place.common {
        return ask(&place.git_dir, &["rev-parse", "--quiet", "--verify", "HEAD"]);
    }
    let Some(branch) = ask(&place.git_dir, &["symbolic-ref", "--quiet", "HEAD"])? else {
        return ask(&place.git_dir, &["rev-parse", "--quiet", "--verify", "HEAD"]);
    };
    if !is_reference(&branch) {
        return Err(malformed(&place.git_dir.join("HEAD"), "names no branch"));
    }
    ask(&place.common, &["rev-parse", "--quiet", "--verify", &branch])
}

/// A git directory of our own with copies of the tables of a folder.
fn with_tables<'a>(folder: &Utf8Path, place: &'a Place, query: &HistoryQuery<'a>) -> Result<Scratch<'a>, GitError> {
    let list = folder.join("tables.list");
    let mut names = String::new();
    let file = open(&list, MAX_LIST)?.ok_or_else(|| malformed(&list, "is missing"))?;
    file.take(MAX_LIST).read_to_string(&mut names).map_err(|source| unreadable(&list, source))?;
    let mut copies = vec![("tables.list".to_owned(), names.clone().into_bytes())];
    let mut room = MAX_TABLES;
    for name in names.lines() {
        let path = folder.join(name);
        if name.starts_with('.') || name.contains(['/', '\\', ':']) {
            return Err(malformed(&list, "names a file elsewhere"));
        }
        let file = open(&path, room)?.ok_or_else(|| malformed(&path, "is missing"))?;
        let mut bytes = Vec::new();
        file.take(room).read_to_end(&mut bytes).map_err(|source| unreadable(&path, source))?;
        room -= bytes.len() as u64;
        copies.push((name.to_owned(), bytes));
    }
    // A table of the second version names the hash function in its header.
    let sha256 = copies.iter().any(|(_, bytes)| bytes.starts_with(b"REFT\x02") && bytes.get(24..28) == Some(b"s256"));
    let format = if sha256 { ObjectFormat::Sha256 } else { ObjectFormat::Sha1 };
    Scratch::new(place, format, Some(&copies), query.environment)
}

fn malformed(path: &Utf8Path, problem: &'static str) -> GitError {
    GitError::Malformed { path: path.to_owned(), problem }
}
