//! The git directory of our own in which git runs: the objects are the repository's, everything else is not.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};

use camino::Utf8Path;
use tempfile::TempDir;

use super::GitError;
use super::locate::{Place, open};

/// What a program needs to be found and started on Linux, macOS (where `/usr/bin/git` looks for the developer tools) and Windows.
const PASSED_ON: [&str; 8] = ["PATH", "TMPDIR", "TEMP", "TMP", "DEVELOPER_DIR", "SYSTEMROOT", "SYSTEMDRIVE", "PATHEXT"];

/// `shallow` lists the commits at which a history was cut: few, but for odd clones.
const MAX_SHALLOW: u64 = 64 << 20;

/// How much of what git says is kept, and then shown.
const MAX_SAID: u64 = 4 << 10;
const MAX_SHOWN: usize = 200;

/// How a repository names its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectFormat {
    Sha1,
    Sha256,
}

impl ObjectFormat {
    /// The format that a whole object id has. Nothing if it is none.
    pub(super) fn of(id: &str) -> Option<Self> {
        match id.len() {
            _ if !id.bytes().all(|byte| byte.is_ascii_hexdigit()) => None,
            40 => Some(Self::Sha1),
            64 => Some(Self::Sha256),
            _ => None,
        }
    }
}

/// Why git gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was not there, or its folder could not be made.
    Ours(GitError),
    /// It failed, and said this.
    Said(String),
}

impl Failure {
    /// As the failure of reading a repository, before any commit.
    pub(super) fn at(self, repository: &Utf8Path) -> GitError {
        match self {
            Self::Ours(error) => error,
            Self::Said(said) => GitError::Broken { repository: repository.to_owned(), commits: 0, said },
        }
    }
}

/// A git directory that is removed when it is dropped.
pub(super) struct Scratch<'a> {
    folder: TempDir,
    objects: &'a Utf8Path,
    environment: &'a [(OsString, OsString)],
    /// Whether the repository has only a part of its history.
    pub(super) shallow: bool,
}

impl<'a> Scratch<'a> {
    /// Makes the directory; with these tables of references, or none.
    pub(super) fn new(
        place: &'a Place,
        format: ObjectFormat,
        tables: Option<&[(String, Vec<u8>)]>,
        environment: &'a [(OsString, OsString)],
    ) -> Result<Self, GitError> {
        let folder = TempDir::with_prefix("cargo-origin-git-").map_err(GitError::Scratch)?;
        fill(folder.path(), format, tables).map_err(GitError::Scratch)?;
        let path = place.common.join("shallow");
        let shallow = open(&path, MAX_SHALLOW)?;
        let cut = shallow.as_ref().is_some_and(|file| file.metadata().is_ok_and(|found| found.len() > 0));
        if let (true, Some(file)) = (cut, shallow) {
            let copy = File::create(folder.path().join("shallow"));
            copy.and_then(|mut copy| io::copy(&mut file.take(MAX_SHALLOW), &mut copy)).map_err(GitError::Scratch)?;
        }
        Ok(Self { folder, objects: &place.objects, environment, shallow: cut })
    }

    /// Runs git to its end for a short answer to an input. Nothing where it says no without a word.
    pub(super) fn ask<S: AsRef<OsStr>>(&self, args: &[S], input: &str) -> Result<Option<String>, Failure> {
        let stdin = self.input(input).map_err(Failure::Ours)?;
        let output = self.git().args(args).stdin(stdin).output();
        let output = output.map_err(|error| Failure::Ours(GitError::NoGit(error)))?;
        if output.status.success() {
            return Ok(Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned()));
        }
        if output.status.code() == Some(1) && output.stderr.is_empty() {
            return Ok(None);
        }
        Err(Failure::Said(shown(&output.stderr, output.status)))
    }

    /// Starts git for an answer that is read while it comes.
    pub(super) fn start<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Running, GitError> {
        self.start_with(args, Stdio::null())
    }

    /// The same with an input.
    pub(super) fn start_on<S: AsRef<OsStr>>(&self, args: &[S], input: &str) -> Result<Running, GitError> {
        self.start_with(args, self.input(input)?.into())
    }

    /// An input is a file: git and we never wait for each other.
    fn input(&self, text: &str) -> Result<File, GitError> {
        let path = self.folder.path().join("input");
        put(&path, text.as_bytes()).and_then(|()| File::open(&path)).map_err(GitError::Scratch)
    }

    fn start_with<S: AsRef<OsStr>>(&self, args: &[S], stdin: Stdio) -> Result<Running, GitError> {
        let mut command = self.git();
        command.args(args).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(GitError::NoGit)?;
        let stderr = child.stderr.take();
        // Read beside, or git would wait for us once the pipe is full.
        let said = thread::spawn(move || stderr.map(drain).unwrap_or_default());
        Ok(Running { child, said: Some(said) })
    }

    fn git(&self) -> Command {
        #[expect(clippy::disallowed_methods, reason = "the one place of this module where a process starts")]
        let mut command = Command::new("git");
        command.env_clear().envs(passed_on(self.environment));
        // Here, a `git` in a relative folder of the PATH is none of the repository's.
        command.current_dir(self.folder.path());
        command.env("GIT_DIR", self.folder.path()).env("GIT_OBJECT_DIRECTORY", self.objects);
        command.env("HOME", self.folder.path()).envs([
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"), // git for Windows knows it too
            ("GIT_ATTR_NOSYSTEM", "1"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_FLUSH", "0"), // or it would write each line alone
            ("LC_ALL", "C"),
        ]);
        command.args(["--no-pager", "--no-replace-objects", "--literal-pathspecs", "-c", "protocol.allow=never"]);
        command
    }
}

/// Of an environment what a program needs to be found and started.
pub(super) fn passed_on(environment: &[(OsString, OsString)]) -> impl Iterator<Item = (&OsString, &OsString)> {
    let wanted = environment.iter().filter(|(name, _)| {
        PASSED_ON.iter().any(|known| name.to_str().is_some_and(|name| name.eq_ignore_ascii_case(known)))
    });
    wanted.map(|(name, value)| (name, value))
}

/// The files without which a folder is no git directory.
fn fill(folder: &Path, format: ObjectFormat, tables: Option<&[(String, Vec<u8>)]>) -> io::Result<()> {
    fs::create_dir(folder.join("refs"))?;
    fs::create_dir(folder.join("objects"))?;
    put(&folder.join("HEAD"), b"ref: refs/heads/none\n")?;
    let mut config = "[core]\nrepositoryFormatVersion = 1\nbare = true\ncommitGraph = false\n[extensions]\n".to_owned();
    if format == ObjectFormat::Sha256 {
        config.push_str("objectFormat = sha256\n");
    }
    if let Some(tables) = tables {
        config.push_str("refStorage = reftable\n");
        fs::create_dir(folder.join("reftable"))?;
        for (name, bytes) in tables {
            put(&folder.join("reftable").join(name), bytes)?;
        }
    }
    put(&folder.join("config"), config.as_bytes())
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    File::create(path)?.write_all(bytes)
}

/// A process that is ended and reaped when it is dropped.
pub(super) struct Running {
    child: Child,
    said: Option<JoinHandle<Vec<u8>>>,
}

impl Running {
    /// What it writes; once.
    pub(super) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end; gives what it said if it failed.
    pub(super) fn finish(mut self) -> Option<String> {
        let status = self.child.wait();
        let said = self.said.take().map(|said| said.join().unwrap_or_else(|lost| resume_unwind(lost)));
        match status {
            Ok(status) if status.success() => None,
            Ok(status) => Some(shown(&said.unwrap_or_default(), status)),
            Err(error) => Some(error.to_string()),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
    }
}

/// The beginning of a stream; the rest is read and forgotten.
fn drain(mut stream: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    // What cannot be read of it is missed in a message only.
    drop(stream.by_ref().take(MAX_SAID).read_to_end(&mut kept));
    drop(io::copy(&mut stream, &mut io::sink()));
    kept
}

/// The first line of what git said, cut.
fn shown(said: &[u8], status: ExitStatus) -> String {
    let text = String::from_utf8_lossy(said);
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => line.chars().take(MAX_SHOWN).collect(),
        None => format!("git said nothing, {status}"),
    }
}
