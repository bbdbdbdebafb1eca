//! Histories of repositories, read by the installed git: when their authors worked, and at which offset from UTC.
//!
//! A repository is foreign: whoever wrote it also wrote its configuration, and git obeys that. So git never sees the repository, only its
//! objects:
//!
//! - git runs in an empty git directory of our own (`scratch`), with a configuration of three lines. `GIT_OBJECT_DIRECTORY` points at the
//!   objects of the repository; `shallow` is copied. What a repository can say in `config` (programs for signatures, file monitors,
//!   connections, pagers, text conversion; included files, aliases, `core.worktree`, `mailmap.file`, extensions), in `hooks`,
//!   `info/attributes`, `info/grafts` and `refs/replace` is thereby not refused but absent. So is its owner: git has no reason to call
//!   the directory dubious.
//! - No remote is configured, so nothing can be fetched, whatever is missing (`GIT_NO_LAZY_FETCH` and `protocol.allow=never` say so again).
//! - The environment is emptied: of the caller's only what a program needs to start is passed on. A hook that calls us has `GIT_DIR` set,
//!   and a user's own `~/.gitconfig` must not change an answer either.
//! - Where the history begins is read here (`revision`), from `HEAD`, its branch and `packed-refs`: plain files of bounded size. Only
//!   tables of references in the format `reftable` are given to git, as copies in another directory of our own.
//! - Commits are not re-encoded, whatever they say of their encoding: conversions have had holes, and could make separators out of text.
//! - A commit graph in the repository is not believed: it could hide commits.
//! - `.git` files, `commondir` and `objects/info/alternates` may point anywhere; what is there is read as references and objects only.
//!
//! What git writes is read line by line, with a bound on the line; nothing is kept of it but weeks, offsets, domains and, while it is
//! read, the address that tells authors apart. A history that breaks off is an error, never a short history.
//!
//! Not defended against: objects that are valid and larger than the memory, pipes and devices in place of objects.

mod address;
mod blob;
mod lines;
mod locate;
mod moments;
mod partial;
mod read;
mod revision;
mod scratch;
mod tally;

pub use blob::read_file_at;
pub use locate::top_of;
pub use moments::{Commit, FileAt, FileQuery, Moments, file_at_days, read_files};
pub use partial::{CloneError, CloneLimits, clone_commits};
pub use read::read_history;

use std::ffi::OsString;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};

use crate::date::Date;

/// Which part of which history is asked for.
#[derive(Clone, Copy, Debug)]
pub struct HistoryQuery<'a> {
    /// The top of a work tree, or a git directory.
    pub repository: &'a Utf8Path,
    /// The object id of the commit to start from, or its beginning; `HEAD` if none.
    pub revision: Option<&'a str>,
    /// The first day, of author dates in UTC. Earlier commits are left out and not counted.
    pub since: Option<Date>,
    /// The last day. Later commits are left out and not counted.
    pub until: Option<Date>,
    /// A path inside the repository, from its top: only commits that touch it, on any branch that was merged.
    pub path: Option<&'a str>,
    /// Stop after this many commits of these days, newest first.
    pub limit: Option<u64>,
    /// The day of the question. Where there is no last day, commits dated more than two days later are impossible.
    pub today: Date,
    /// The caller's environment, as `std::env::vars_os` has it; of it only what a program needs to start is passed on to git.
    pub environment: &'a [(OsString, OsString)],
}

/// Why a history could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git.
    #[error("git cannot be started; install it, and see that it is on the PATH")]
    NoGit(#[source] io::Error),
    /// No place for our own git directory.
    #[error("no temporary folder can be made to read a history; see that TMPDIR can be written to")]
    Scratch(#[source] io::Error),
    /// Neither a work tree nor a git directory.
    #[error("{0} is not a git repository; give the folder that holds `.git`, or a bare repository")]
    NotARepository(Utf8PathBuf),
    /// A file of the repository that cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file of the repository that is not what git writes there.
    #[error("{path} {problem}; see whether `git status` works there")]
    Malformed {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Nothing to read.
    #[error("{0} has no commits on the branch that its HEAD names; give a revision if it has others")]
    NoCommits(Utf8PathBuf),
    /// A revision that is neither an object id nor a name that is known.
    #[error(
        "`{0}` names no commit here; give 4 to 64 hexadecimal digits of its object id, or a branch or tag that this clone has"
    )]
    BadRevision(String),
    /// A revision that the repository does not have.
    #[error(
        "{repository} has no commit {revision}, or more than one that begins so; where the clone is shallow or partial, fetch the rest"
    )]
    NoSuchCommit {
        /// The repository.
        repository: Utf8PathBuf,
        /// The object id.
        revision: String,
    },
    /// A path that leads out of the repository, or nowhere.
    #[error("`{0}` is not a path inside a repository; write it from the top, with `/` and without `.` and `..`")]
    BadPath(String),
    /// A path is asked for, and folders are missing.
    #[error(
        "{repository} does not have the folders of its whole history, as in a partial clone, so it cannot be told which commits touch \
         {path}; fetch them (`git fetch --refetch --filter=blob:none`), or ask without a path"
    )]
    NoTrees {
        /// The repository.
        repository: Utf8PathBuf,
        /// The path.
        path: String,
    },
    /// A `.mailmap` that nobody has written by hand.
    #[error("the .mailmap of {repository} has {size} bytes, too many to be one; ask for a revision before it")]
    Mailmap {
        /// The repository.
        repository: Utf8PathBuf,
        /// Its size in bytes.
        size: u64,
    },
    /// Git failed before or while it listed commits.
    #[error(
        "the history of {repository} breaks off after {commits} commits ({said}); see `git fsck`, and fetch it again"
    )]
    Broken {
        /// The repository.
        repository: Utf8PathBuf,
        /// How many commits were read.
        commits: u64,
        /// The first line of what git said, cut.
        said: String,
    },
}
