//! A query to a history: finds the repository, resolves the start, runs `git log` once and tallies what it writes.

use std::io::BufReader;
use std::ops::ControlFlow;

use super::lines::for_each_line;
use super::locate::{Place, is_partial, locate};
use super::revision::{Start, start};
use super::scratch::{Failure, ObjectFormat, Scratch};
use super::tally::{MAX_LINE, Tally, Window};
use super::{GitError, HistoryQuery};
use crate::facts::commits::History;

/// The largest `.mailmap` that is given to git, which sorts it by insertion: a megabyte takes it milliseconds, a hundred of them hours.
/// That of Linux, with some 900 lines, has 50 KiB.
const MAX_MAILMAP: u64 = 1 << 20;

/// Bytes that are read at once; as much as a pipe holds on Linux.
const BUFFER: usize = 64 << 10;

/// Reads the history that a query asks for: the commits without merges that can be reached from its start.
pub fn read_history(query: &HistoryQuery<'_>) -> Result<History, GitError> {
    if let Some(path) = query.path.filter(|path| !is_inside(path)) {
        return Err(GitError::BadPath(path.to_owned()));
    }
    let place = locate(query.repository)?;
    let asked = start(query, &place)?;
    let scratch = Scratch::new(&place, asked.format, None, query.environment)?;
    let found = resolve(&scratch, &asked, query)?;
    if let (Some(path), false) = (query.path, found.tree) {
        return Err(GitError::NoTrees { repository: query.repository.to_owned(), path: path.to_owned() });
    }
    let mut tally = Tally::new(Window::of(query));
    log(&scratch, &found, query, &mut tally).map_err(|said| explain(said, &place, query, &tally))?;
    Ok(tally.finish(found.commit, scratch.shallow))
}

/// Whether a path stays inside the repository, and says nothing twice.
pub(super) fn is_inside(path: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    !path.contains('\0') && path.split('/').all(|part| !["", ".", ".."].contains(&part))
}

/// The start as it is in the repository.
struct Found {
    commit: String,
    /// The object id of its `.mailmap`.
    mailmap: Option<String>,
    /// Whether its tree is there.
    tree: bool,
}

fn resolve(scratch: &Scratch<'_>, asked: &Start, query: &HistoryQuery<'_>) -> Result<Found, GitError> {
    let id = &asked.id;
    let input = format!("{id}^{{commit}}\n{id}^{{tree}}\n{id}:.mailmap\n");
    let answer = scratch.ask(&["cat-file", "--batch-check"], &input).map_err(|error| error.at(query.repository))?;
    let answer = answer.unwrap_or_default();
    // Each answer is an object id, a type and a size; or the question, and that it is missing.
    let mut objects = answer.lines().map(|line| {
        let mut words = line.split(' ');
        let (id, kind, size) = (words.next()?, words.next()?, words.next()?.parse::<u64>().ok()?);
        ObjectFormat::of(id).map(|_| (id.to_owned(), kind, size))
    });
    let mut next = |wanted| objects.next().flatten().filter(|(_, kind, _)| *kind == wanted);
    let (commit, tree, mailmap) = (next("commit"), next("tree"), next("blob"));
    let repository = query.repository.to_owned();
    let Some((commit, ..)) = commit else { return Err(GitError::NoSuchCommit { repository, revision: id.clone() }) };
    match mailmap {
        Some((.., size)) if size > MAX_MAILMAP => Err(GitError::Mailmap { repository, size }),
        mailmap => Ok(Found { commit, mailmap: mailmap.map(|(id, ..)| id), tree: tree.is_some() }),
    }
}

/// Runs `git log` and gives its lines to the tally, until one of them has enough.
fn log(scratch: &Scratch<'_>, found: &Found, query: &HistoryQuery<'_>, tally: &mut Tally) -> Result<(), Failure> {
    if query.limit == Some(0) {
        return Ok(());
    }
    let mut args = Vec::new();
    // The address as committed is asked for only where it can differ; its domain counts too. No address holds a NUL.
    let format = match &found.mailmap {
        Some(blob) => {
            args.extend(["-c".to_owned(), format!("mailmap.blob={blob}")]);
            "--format=%ad%x09%aE%x00%ae"
        }
        None => "--format=%ad%x09%ae",
    };
    // With a path, git would leave out branches that came to the same end.
    let options =
        ["log", "--no-merges", "--full-history", "--date=raw", "--encoding=none", format, &found.commit, "--"];
    args.extend(options.into_iter().chain(query.path).map(str::to_owned));
    let mut running = scratch.start(&args).map_err(Failure::Ours)?;
    if let Some(stdout) = running.stdout() {
        let stream = BufReader::with_capacity(BUFFER, stdout);
        let end = for_each_line(stream, MAX_LINE, |line| tally.line(line));
        match end {
            // It is ended when it is dropped.
            Ok(ControlFlow::Break(())) => return Ok(()),
            Ok(ControlFlow::Continue(())) => {}
            Err(error) => return Err(Failure::Said(error.to_string())),
        }
    }
    running.finish().map_or(Ok(()), |said| Err(Failure::Said(said)))
}

/// What the failure of git means.
fn explain(failed: Failure, place: &Place, query: &HistoryQuery<'_>, tally: &Tally) -> GitError {
    let repository = query.repository.to_owned();
    match (failed, query.path) {
        (Failure::Ours(error), _) => error,
        (Failure::Said(_), Some(path)) if is_partial(place) => GitError::NoTrees { repository, path: path.to_owned() },
        (Failure::Said(said), _) => GitError::Broken { repository, commits: tally.read(), said },
    }
}
