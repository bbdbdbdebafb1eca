//! A folder made while a test runs, and the program run in it with nothing of this machine's environment but the way to cargo.
#![expect(clippy::disallowed_methods, reason = "tests write fixtures, pass the environment on and start the program")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The source of crates.io in a lock file.
pub(crate) const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_cargo-origin");

/// The clock of every run, in seconds since 1970: 23 November 2026.
const NOW: &str = "1795392000";

/// What is passed on to cargo, where it is set here.
const PASSED_ON: [&str; 8] =
    ["PATH", "CARGO", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "SYSTEMROOT", "PATHEXT", "TEMP", "LLVM_PROFILE_FILE"];

/// No run takes longer; one that does hangs.
const DEADLINE: Duration = Duration::from_mins(1);

/// A folder with files in it.
pub(crate) struct Fixture {
    dir: TempDir,
}

/// What a run left behind.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Output {
    /// The exit code; -1 where a signal ended it.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl Fixture {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::with_prefix("cargo-origin-").expect("a folder for the fixture") }
    }

    /// A workspace of two members, `app` (the root) and `other`, with one path dependency of every kind and no other source.
    ///
    /// `app` needs `base`, `derive` (a procedural macro), `generate` (to build, and it has a build script), `check` (to develop), `win`
    /// (on Windows), and `more` with its feature `extra`; its default feature `std` brings `usual`. `other` needs `base`.
    pub(crate) fn workspace() -> Self {
        let fixture = Self::new();
        fixture.file("Cargo.toml", WORKSPACE).file("src/lib.rs", "").file("build.rs", "fn main() {}");
        fixture.file("other/Cargo.toml", OTHER).file("other/src/lib.rs", "");
        for name in ["base", "check", "more", "usual", "win"] {
            fixture.krate(name, "");
        }
        fixture.krate("derive", "[lib]\nproc-macro = true\n").krate("generate", "").file("deps/generate/build.rs", "");
        fixture
    }

    fn krate(&self, name: &str, rest: &str) -> &Self {
        let manifest = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\nedition = \"2021\"\n{rest}");
        self.file(format!("deps/{name}/Cargo.toml"), manifest).file(format!("deps/{name}/src/lib.rs"), "")
    }

    /// Writes a file and the folders above it.
    pub(crate) fn file(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder of the fixture");
        fs::write(path, text).expect("a file of the fixture");
        self
    }

    /// Reads a file back.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("a file of the fixture")
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// `CARGO_HOME` of every run; empty until a test puts something there.
    pub(crate) fn cargo_home(&self) -> PathBuf {
        self.path().join("cargo-home")
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.run_env(args, &[])
    }

    /// Runs the program in the folder with more environment.
    pub(crate) fn run_env(&self, args: &[&str], env: &[(&str, &str)]) -> Output {
        // One clock for what is fetched and for the day asked about.
        let clock =
            env.iter().find(|(name, _)| *name == "SOURCE_DATE_EPOCH").map(|(_, now)| ("CARGO_ORIGIN_NOW", *now));
        finish(self.command(PROGRAM).args(args).envs(clock).envs(env.iter().copied()))
    }

    /// Runs the program, which must succeed, and gives its standard output.
    pub(crate) fn stdout(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.code, 0, "{args:?}: {}", output.stderr);
        output.stdout
    }

    /// A command in the folder with the scrubbed environment, for runs that need more than arguments.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path()).env_clear().stdin(Stdio::null());
        for name in PASSED_ON {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // With another HOME rustup would not find its toolchains.
        let rustup = std::env::home_dir().map(|home| home.join(".rustup")).filter(|folder| folder.is_dir());
        if let (None, Some(folder)) = (std::env::var_os("RUSTUP_HOME"), rustup) {
            command.env("RUSTUP_HOME", folder);
        }
        command.env("HOME", self.path()).env("CARGO_HOME", self.cargo_home());
        command.envs([("CARGO_NET_OFFLINE", "true"), ("RUSTUP_AUTO_INSTALL", "0")]);
        command.envs([("SOURCE_DATE_EPOCH", NOW), ("CARGO_ORIGIN_NOW", NOW), ("TERM", "dumb"), ("LC_ALL", "C")]);
        command
    }
}

impl Output {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs a command to its end and takes both streams; one that does not end is killed, and the test fails.
pub(crate) fn finish(command: &mut Command) -> Output {
    finish_within(command, DEADLINE)
}

/// The same for a run that may take longer.
pub(crate) fn finish_within(command: &mut Command, deadline: Duration) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let started = Instant::now();
    let status = loop {
        match child.try_wait().expect("the program can be waited for") {
            Some(status) => break status,
            None if started.elapsed() > deadline => {
                child.kill().expect("the program can be killed");
                panic!("{command:?} does not end");
            }
            None => thread::sleep(Duration::from_millis(2)),
        }
    };
    let text = |bytes: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8(bytes.join().expect("the stream was read")).expect("the program writes UTF-8")
    };
    Output { code: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.expect("the stream is piped").read_to_end(&mut bytes).expect("the stream can be read");
        bytes
    })
}

/// A lock file of version 4: name, version, source (empty for a member) and dependencies of every package.
pub(crate) fn lock(packages: &[(&str, &str, &str, &[&str])]) -> String {
    // A string of JSON is one of TOML, but for DEL.
    let quoted = |value: &str| serde_json::Value::from(value).to_string().replace('\u{7f}', "\\u007f");
    let package = |(name, version, source, dependencies): &(&str, &str, &str, &[&str])| {
        let source = if source.is_empty() { String::new() } else { format!("source = {}\n", quoted(source)) };
        let list: Vec<String> = dependencies.iter().map(|name| quoted(name)).collect();
        let needs = if list.is_empty() { String::new() } else { format!("dependencies = [{}]\n", list.join(", ")) };
        format!("\n[[package]]\nname = {}\nversion = {}\n{source}{needs}", quoted(name), quoted(version))
    };
    let packages: Vec<String> = packages.iter().map(package).collect();
    format!("version = 4\n{}", packages.concat())
}

const WORKSPACE: &str = r#"
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[features]
default = ["std"]
std = ["dep:usual"]
extra = ["dep:more"]

[dependencies]
base = { path = "deps/base" }
derive = { path = "deps/derive" }
more = { path = "deps/more", optional = true }
usual = { path = "deps/usual", optional = true }

[build-dependencies]
generate = { path = "deps/generate" }

[dev-dependencies]
check = { path = "deps/check" }

[target.'cfg(windows)'.dependencies]
win = { path = "deps/win" }

[workspace]
members = ["other"]
exclude = ["deps"]
"#;

const OTHER: &str = r#"
[package]
name = "other"
version = "0.1.0"
edition = "2021"

[dependencies]
base = { path = "../deps/base" }
"#;
