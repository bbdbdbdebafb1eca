//! What one file was at the end of several days, read without touching the work tree.
//!
//! The line of first parents is walked once, from `HEAD` back: what a branch did before it was merged is not what the project was. Of each
//! commit on it only the day of its committer counts; that of the author can be years off. Files that were renamed are not followed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use camino::Utf8Path;

use super::lines::for_each_line;
use super::locate::{is_partial, locate};
use super::read::is_inside;
use super::revision::start;
use super::scratch::{ObjectFormat, Scratch};
use super::{GitError, HistoryQuery};
use crate::date::Date;

/// A line of `rev-list --timestamp`: a number, and an object id.
const MAX_LINE: usize = 128;

/// Which file is asked for, and when.
#[derive(Clone, Copy, Debug)]
pub struct FileQuery<'a> {
    /// The top of a work tree, or a git directory.
    pub repository: &'a Utf8Path,
    /// The file, from the top of the repository.
    pub path: &'a str,
    /// Larger ones are told of and not read.
    pub most: u64,
    /// The caller's environment; of it only what a program needs to start is passed on to git.
    pub environment: &'a [(OsString, OsString)],
    /// Today.
    pub today: Date,
}

/// A commit of the line of first parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its object id.
    pub id: String,
    /// The day of its committer, in UTC.
    pub day: Option<Date>,
}

/// What the file was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAt {
    /// There was no commit yet, or the clone does not reach so far back.
    NoCommit,
    /// The commit has no such file.
    NoFile(Commit),
    /// The clone does not have that object.
    NotHere(Commit),
    /// It is too large, with its size in bytes.
    TooLarge(Commit, u64),
    /// It is there, under this object id.
    There(Commit, String),
}

/// What the file was at the end of each day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments {
    /// In the order of the days.
    pub states: Vec<FileAt>,
    /// Whether the repository has only a part of its history.
    pub shallow: bool,
}

/// Finds the file at the end of each day; the days are in order. The end of a day is its end in UTC.
pub fn file_at_days(query: &FileQuery<'_>, days: &[Date]) -> Result<Moments, GitError> {
    // A line of the question is a path: one that breaks the line would be another question.
    if !is_inside(query.path) || query.path.contains(char::is_control) {
        return Err(GitError::BadPath(query.path.to_owned()));
    }
    let asked = HistoryQuery {
        repository: query.repository,
        revision: None,
        since: None,
        until: None,
        path: None,
        limit: None,
        today: query.today,
        environment: query.environment,
    };
    let place = locate(query.repository)?;
    let head = start(&asked, &place)?;
    let scratch = Scratch::new(&place, head.format, None, query.environment)?;
    let commits = walk(&scratch, query.repository, &head.id, days)?;
    let states = look(&scratch, query, &commits, is_partial(&place))?;
    Ok(Moments { states, shallow: scratch.shallow })
}

/// The commit that was the newest at the end of each day.
fn walk(
    scratch: &Scratch<'_>,
    repository: &Utf8Path,
    head: &str,
    days: &[Date],
) -> Result<Vec<Option<Commit>>, GitError> {
    let mut found: Vec<Option<Commit>> = vec![None; days.len()];
    let mut read = 0;
    let broken = |commits, said| GitError::Broken { repository: repository.to_owned(), commits, said };
    let mut running = scratch.start(&["rev-list", "--first-parent", "--timestamp", head, "--"])?;
    if let Some(stdout) = running.stdout() {
        // The newest day first. Where clocks went back on the way, the newer commit stands.
        let mut open = days.len();
        let end = for_each_line(BufReader::new(stdout), MAX_LINE, |line| {
            let line = line.and_then(|line| std::str::from_utf8(line).ok());
            let Some((seconds, id)) = line.and_then(|line| line.split_once(' ')) else {
                return ControlFlow::Continue(());
            };
            read += 1;
            // A date that nobody can read is an early one.
            let seconds: i64 = seconds.parse().unwrap_or(0);
            while let Some(at) = open.checked_sub(1).filter(|at| days[*at].next().begin() > seconds) {
                found[at] = Some(Commit { id: id.to_owned(), day: Date::from_unix(seconds) });
                open = at;
            }
            if open == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match end {
            Ok(ControlFlow::Break(())) => return Ok(found),
            Ok(ControlFlow::Continue(())) => {}
            Err(error) => return Err(broken(read, error.to_string())),
        }
    }
    running.finish().map_or(Ok(found), |said| Err(broken(read, said)))
}

/// The file of each commit.
fn look(
    scratch: &Scratch<'_>,
    query: &FileQuery<'_>,
    commits: &[Option<Commit>],
    partial: bool,
) -> Result<Vec<FileAt>, GitError> {
    let mut distinct: Vec<&Commit> = commits.iter().flatten().collect();
    distinct.dedup();
    let questions: Vec<String> = distinct.iter().map(|commit| format!("{}:{}", commit.id, query.path)).collect();
    let answer = scratch
        .ask(&["cat-file", "--batch-check"], &(questions.join("\n") + "\n"))
        .map_err(|error| error.at(query.repository))?;
    let answer = answer.unwrap_or_default();
    let mut answers = answer.lines();
    let mut last: Option<(&Commit, FileAt)> = None;
    let mut states = Vec::with_capacity(commits.len());
    for commit in commits {
        let Some(commit) = commit else {
            states.push(FileAt::NoCommit);
            continue;
        };
        let state = match last {
            Some((known, state)) if known == commit => state,
            _ => state(commit.clone(), answers.next().unwrap_or_default(), query.most, partial),
        };
        states.push(state.clone());
        last = Some((commit, state));
    }
    Ok(states)
}

/// An answer is an object id, a type and a size; or the question, and that it is missing.
fn state(commit: Commit, answer: &str, most: u64, partial: bool) -> FileAt {
    let mut words = answer.split(' ');
    let (id, kind, size) = (words.next().unwrap_or_default(), words.next(), words.next());
    let size = size.and_then(|size| size.parse::<u64>().ok());
    match (ObjectFormat::of(id), kind, size) {
        (Some(_), Some("blob"), Some(size)) if size > most => FileAt::TooLarge(commit, size),
        (Some(_), Some("blob"), Some(_)) => FileAt::There(commit, id.to_owned()),
        // Git does not tell what is missing: the file, or its object here.
        _ if partial => FileAt::NotHere(commit),
        _ => FileAt::NoFile(commit),
    }
}

/// Reads files by their object ids, each once, and gives them on with their place in the list, until the taker has enough. Of one that the clone
/// does not have comes nothing.
pub fn read_files(
    query: &FileQuery<'_>,
    ids: &[String],
    mut take: impl FnMut(usize, Option<Vec<u8>>) -> ControlFlow<()>,
) -> Result<(), GitError> {
    let Some(format) = ids.first().and_then(|id| ObjectFormat::of(id)) else { return Ok(()) };
    let place = locate(query.repository)?;
    let scratch = Scratch::new(&place, format, None, query.environment)?;
    let broken = |said: String| GitError::Broken { repository: query.repository.to_owned(), commits: 0, said };
    let mut running = scratch.start_on(&["cat-file", "--batch"], &(ids.join("\n") + "\n"))?;
    let Some(stdout) = running.stdout() else { return Ok(()) };
    let mut stream = BufReader::with_capacity(64 << 10, stdout);
    for number in 0..ids.len() {
        let contents = match one(&mut stream, query.most) {
            Ok(contents) => contents,
            Err(error) => {
                let said = running.finish().unwrap_or_else(|| error.to_string());
                return Err(broken(said));
            }
        };
        if take(number, contents).is_break() {
            return Ok(());
        }
    }
    drop(stream);
    running.finish().map_or(Ok(()), |said| Err(broken(said)))
}

/// One answer: a line with object id, type and size, that many bytes, and an end of line.
fn one(stream: &mut impl BufRead, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    stream.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head);
    let words: Vec<&str> = head.split_ascii_whitespace().collect();
    let size = match words.as_slice() {
        [_, "missing"] => return Ok(None),
        [_, "blob", size] => size.parse::<u64>().ok().filter(|size| *size <= most),
        _ => None,
    };
    let size = size.ok_or_else(|| std::io::Error::other("git gave another answer than it was asked for"))?;
    let mut bytes = Vec::new();
    stream.by_ref().take(size).read_to_end(&mut bytes)?;
    let mut end = [0];
    stream.read_exact(&mut end)?;
    if bytes.len() as u64 == size { Ok(Some(bytes)) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}
