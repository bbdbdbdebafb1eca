//! A copy of the commits of a public repository, without folders and files, for the time it takes to observe it.
//!
//! Git is started with an emptied environment and no configuration of the user's: no credential helper, no hook, no rewriting of
//! addresses. It may speak to the one address by its one protocol, and asks nobody for a password. The copy is bounded in time
//! and size, and lies in a temporary folder that goes away.
//!
//! Git leaves the work to programs of its own, which go on where only git itself is ended. On Unix all of them are a group of
//! processes, which is ended as a whole. A terminal's Ctrl-C does not reach that group, so whoever waits says when to stop.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use super::GitError;
use super::scratch::passed_on;

/// How much a copy may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CloneLimits {
    /// Time.
    pub time: Duration,
    /// Bytes on the disk.
    pub bytes: u64,
}

impl Default for CloneLimits {
    fn default() -> Self {
        Self { time: Duration::from_mins(5), bytes: 512 << 20 }
    }
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CloneError {
    /// Git, or a folder for it, is not there.
    #[error(transparent)]
    Ours(#[from] GitError),
    /// It took too long.
    #[error("its commits were not there after {0} seconds")]
    TooSlow(u64),
    /// It grew too large.
    #[error("its commits take more than {0} MiB")]
    TooLarge(u64),
    /// The server says no, or there is nothing.
    #[error("git could not fetch it")]
    Refused,
    /// Whoever waited for it does not any more.
    #[error("it was stopped")]
    Stopped,
}

/// How often is looked whether a copy has grown too large.
const LOOK: Duration = Duration::from_millis(200);

/// Variables by which git and its libraries find proxies and certificates.
const NETWORK: [&str; 8] = [
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "no_proxy",
    "ssl_cert_file",
    "ssl_cert_dir",
    "git_ssl_cainfo",
    "curl_ca_bundle",
];

/// Copies the commits of the default branch, until somebody stops it. The folder is a bare repository that is removed when it is dropped.
pub fn clone_commits(
    address: &Url,
    limits: CloneLimits,
    environment: &[(OsString, OsString)],
    stop: &AtomicBool,
) -> Result<TempDir, CloneError> {
    let folder = TempDir::with_prefix("cargo-origin-clone-").map_err(GitError::Scratch)?;
    let mut git = Group::start(&mut command(address, folder.path(), environment)).map_err(GitError::NoGit)?;
    wait(&mut git, folder.path(), limits, stop)?;
    Ok(folder)
}

/// Git and the programs that it has started. All of them are ended when it is dropped, unless git has ended well.
struct Group {
    git: Child,
    ended_well: bool,
}

impl Group {
    fn start(command: &mut Command) -> std::io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Self { git: command.spawn()?, ended_well: false })
    }

    /// How git has ended; nothing if it still runs.
    fn ended(&mut self) -> std::io::Result<Option<ExitStatus>> {
        let status = self.git.try_wait()?;
        self.ended_well = status.is_some_and(|status| status.success());
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.ended_well {
            return;
        }
        // The group has git's number, which is given to nobody else while anything of it runs.
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.git.id()).ok().and_then(rustix::process::Pid::from_raw) {
            // All of it may have ended by itself in the meantime.
            let _ended = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ended = self.git.kill();
        let _reaped = self.git.wait();
    }
}

fn command(address: &Url, folder: &Path, environment: &[(OsString, OsString)]) -> Command {
    #[expect(clippy::disallowed_methods, reason = "the one place of this module where a process starts")]
    let mut command = Command::new("git");
    let network = environment.iter().filter(|(name, _)| {
        NETWORK.iter().any(|known| name.to_str().is_some_and(|name| name.eq_ignore_ascii_case(known)))
    });
    command.env_clear().envs(passed_on(environment)).envs(network.map(|(name, value)| (name, value)));
    // Here, a `git` in a relative folder of the PATH is none of the project's.
    command.current_dir(folder);
    command.env("HOME", folder).envs([
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"), // git for Windows knows it too
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ASKPASS", ""),
        ("LC_ALL", "C"),
    ]);
    let allowed = format!("protocol.{}.allow=always", address.scheme());
    for setting in [
        "protocol.allow=never",
        &allowed,
        "credential.helper=",
        "core.hooksPath=/dev/null",
        "http.followRedirects=false",
    ] {
        command.args(["-c", setting]);
    }
    command.args([
        "clone",
        "--quiet",
        "--bare",
        "--single-branch",
        "--no-tags",
        "--filter=tree:0",
        "--",
        address.as_str(),
    ]);
    command.arg(folder.join("copy.git"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn wait(git: &mut Group, folder: &Path, limits: CloneLimits, stop: &AtomicBool) -> Result<(), CloneError> {
    let started = Instant::now();
    let (mut looked, mut pause) = (Duration::ZERO, Duration::from_millis(5));
    loop {
        match git.ended() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) | Err(_) => return Err(CloneError::Refused),
            Ok(None) => {}
        }
        if stop.load(Ordering::Relaxed) {
            return Err(CloneError::Stopped);
        }
        let elapsed = started.elapsed();
        if elapsed > limits.time {
            return Err(CloneError::TooSlow(limits.time.as_secs()));
        }
        if elapsed > looked + LOOK {
            looked = elapsed;
            if size(folder, 8) > limits.bytes {
                return Err(CloneError::TooLarge(limits.bytes >> 20));
            }
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LOOK);
    }
}

/// Bytes below a folder, a few levels deep; git's own are not deeper.
fn size(folder: &Path, levels: u8) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(found) if found.is_dir() && levels > 0 => size(&entry.path(), levels - 1),
        Ok(found) => found.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
