//! The stories of `examples/` and the pages of `examples/ci/`: what they show is what the program prints and accepts.
//!
//! A README is the one source. Its `console` blocks hold the commands; the line after a block says the exit code and names the file with
//! the whole output. `UPDATE_EXAMPLES=1 cargo test --test it examples` writes the files and the outputs that a README shows anew.
#![expect(clippy::disallowed_methods, reason = "tests read and rewrite files of the repository, and start the program")]
#![expect(clippy::unwrap_used, reason = "a file without what a test looks for fails the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Fixture, Output, PROGRAM, finish, lock};

/// One command of a README, with all that is said of it.
#[derive(Debug)]
struct Shown {
    /// The command, on one line.
    command: String,
    /// The lines of the README that hold what it prints; empty where the README shows the command alone.
    lines: std::ops::Range<usize>,
    /// The exit code that the README tells.
    code: i32,
    /// The file with the whole output.
    expected: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository, with the ends of lines that the program writes.
fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).replace("\r\n", "\n")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).unwrap().to_owned()
}

/// The folders of `examples/` that tell a story.
fn stories() -> Vec<String> {
    let folders = entries(&root().join("examples")).into_iter().filter(|path| path.join("origin.toml").is_file());
    folders.map(|path| name(&path)).collect()
}

/// Copies a folder into a fixture, under the path that it has in the repository.
fn copy(fixture: &Fixture, folder: &Path) {
    for path in entries(folder) {
        if !path.is_dir() {
            fixture.file(path.strip_prefix(root()).unwrap(), fs::read(&path).unwrap());
        } else if name(&path) != "target" {
            copy(fixture, &path);
        }
    }
}

/// Every command of a README. A block holds one command, which may go on after a `\`, and nothing or all of what it prints.
fn shown(readme: &str) -> Vec<Shown> {
    let lines: Vec<&str> = readme.lines().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        at += 1;
        if lines[at - 1] != "```console" {
            continue;
        }
        let mut command =
            lines[at].strip_prefix("$ ").unwrap_or_else(|| panic!("no command: {}", lines[at])).to_owned();
        while let Some(first) = command.strip_suffix(" \\") {
            at += 1;
            command = format!("{first} {}", lines[at].trim());
        }
        let end = at + lines[at..].iter().position(|line| *line == "```").expect("a block ends");
        let after = lines[end + 1..].iter().find(|line| !line.is_empty()).copied().unwrap_or_default();
        let told = after.strip_prefix("Exit code ").and_then(|rest| {
            let (code, rest) = rest.split_once(": [")?;
            let (expected, rest) = rest.split_once("](")?;
            rest.starts_with(&format!("{expected})")).then(|| (code.parse().ok(), expected.to_owned()))
        });
        let Some((Some(code), expected)) = told else {
            panic!("after `{command}` stands `{after}`, not `Exit code N: [FILE](FILE)`");
        };
        found.push(Shown { command, lines: at + 1..end, code, expected });
        at = end;
    }
    found
}

/// Runs a command as it stands in a README, in a copy of the examples.
fn run(fixture: &Fixture, command: &str) -> Output {
    let mut words = command.split_whitespace().peekable();
    let mut process = fixture.command(PROGRAM);
    while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
        process.env(name, value);
        words.next();
    }
    assert_eq!((words.next(), words.next()), (Some("cargo"), Some("origin")), "{command}");
    let words: Vec<&str> = words.collect();
    for needed in ["--as-of", "--width"] {
        assert!(words.contains(&needed), "without {needed} the output is another elsewhere: {command}");
    }
    finish(process.arg("origin").args(words).args(["--color", "never"]))
}

#[test]
fn the_stories_are_what_the_program_prints() {
    let update = std::env::var_os("UPDATE_EXAMPLES").is_some();
    let stories = stories();
    assert!(stories.len() >= 6, "the stories were not found: {stories:?}");
    let mut wrong = Vec::new();
    for story in stories {
        let folder = root().join("examples").join(&story);
        let fixture = Fixture::new();
        copy(&fixture, &folder);
        let readme = read(folder.join("README.md"));
        let mut lines: Vec<String> = readme.lines().map(str::to_owned).collect();
        let commands = shown(&readme);
        assert!(!commands.is_empty(), "{story} shows no command");
        for one in commands.iter().rev() {
            let output = run(&fixture, &one.command);
            assert_eq!(
                (output.code, output.stderr.as_str()),
                (one.code, ""),
                "{story}: {}\n{}",
                one.command,
                output.stdout
            );
            let printed = output.stdout.lines().map(str::to_owned);
            if update {
                fs::write(folder.join(&one.expected), &output.stdout).unwrap();
                if !one.lines.is_empty() {
                    lines.splice(one.lines.clone(), printed);
                }
                continue;
            }
            if output.stdout != read(folder.join(&one.expected)) {
                wrong.push(format!("{story}/{}: {}\n{}", one.expected, one.command, output.stdout));
            } else if !one.lines.is_empty() && !lines[one.lines.clone()].iter().cloned().eq(printed) {
                wrong.push(format!("{story}/README.md shows not what {} holds", one.expected));
            }
        }
        if update {
            fs::write(folder.join("README.md"), lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "UPDATE_EXAMPLES=1 writes them anew:\n{}", wrong.join("\n\n"));
}

#[test]
fn every_story_is_a_whole_workspace_and_is_listed() {
    let (list, front) = (read("examples/README.md"), read("README.md"));
    for story in stories() {
        let folder = root().join("examples").join(&story);
        let manifest = read(folder.join("Cargo.toml"));
        assert!(manifest.contains("\n[workspace]\n"), "{story} would be looked for in our own workspace");
        assert!(manifest.contains("\npublish = false\n") && folder.join("src/main.rs").is_file(), "{story}");
        let lock = read(folder.join("Cargo.lock"));
        let (_, needed) = manifest.split_once("[dependencies]\n").unwrap();
        for name in needed.lines().filter_map(|line| line.split_once(" = ")).map(|row| row.0) {
            assert!(lock.contains(&format!("name = \"{name}\"")), "{story}: {name} is not in Cargo.lock");
        }
        let named: BTreeSet<String> =
            shown(&read(folder.join("README.md"))).into_iter().map(|one| one.expected).collect();
        let files =
            entries(&folder).iter().map(|path| name(path)).filter(|name| name.starts_with("expected")).collect();
        assert_eq!(named, files, "{story}: the expected files are those that the README names");
        assert!(list.contains(&format!("]({story}/README.md)")), "examples/README.md does not list {story}");
        assert!(front.contains(&format!("](examples/{story}/README.md)")), "README.md does not list {story}");
    }
}

/// The four days of the ban in both lights, whatever the files say.
#[test]
fn the_vendor_ban_has_eight_answers() {
    let readme = read("examples/vendor-ban/README.md");
    let told = |day: &str, new: bool| {
        let asked = |one: &&Shown| {
            one.command.contains(day) && one.command.contains("--base") == new && one.command.contains("/origin.toml")
        };
        shown(&readme).iter().find(asked).unwrap_or_else(|| panic!("{day} is not asked")).code
    };
    let days = ["2024-07-19", "2024-07-20", "2024-09-28", "2024-09-29"];
    assert_eq!(days.map(|day| told(day, false)), [0, 0, 0, 1]);
    assert_eq!(days.map(|day| told(day, true)), [0, 1, 1, 1]);
}

/// What is given to build servers: in the folder of the pages, and where forges look for it.
fn given() -> Vec<(String, String)> {
    let pages = entries(&root().join("examples/ci")).into_iter().filter(|path| path.extension() != Some("md".as_ref()));
    let mut found: Vec<(String, String)> = pages.map(|path| (name(&path), read(&path))).collect();
    for file in ["action.yml", ".pre-commit-hooks.yaml"] {
        found.push((format!("../../{file}"), read(file)));
    }
    assert!(found.len() > 4, "{found:?}");
    found
}

/// A page shows every file whole: a block after a line with a link to it.
#[test]
fn pages_show_the_files_that_they_link() {
    let mut seen = BTreeSet::new();
    for page in entries(&root().join("examples/ci")) {
        if page.extension() != Some("md".as_ref()) {
            continue;
        }
        let text = read(&page);
        let mut before = "";
        let mut rest = text.as_str();
        while let Some((above, block)) = rest.split_once("\n```") {
            before = above.lines().rev().find(|line| !line.is_empty()).unwrap_or(before);
            let (kind, block) = block.split_once('\n').unwrap();
            let (block, after) = block.split_once("```").unwrap();
            rest = after;
            let Some(file) = before.split_once("](").and_then(|(_, link)| link.split(')').next()) else {
                assert_eq!(kind, "sh", "{}: a block without a file above it, after `{before}`", page.display());
                continue;
            };
            assert_eq!(block, read(Path::new("examples/ci").join(file)), "{} does not show {file}", page.display());
            seen.insert(file.to_owned());
        }
    }
    let unseen: Vec<String> = given().into_iter().map(|(file, _)| file).filter(|file| !seen.contains(file)).collect();
    assert!(unseen.is_empty(), "no page shows {unseen:?}");
    let list = read("examples/ci/README.md");
    for page in entries(&root().join("examples/ci")).iter().map(|path| name(path)).filter(|name| name != "README.md") {
        assert!(list.contains(&format!("]({page})")), "examples/ci/README.md does not name {page}");
    }
}

/// Every call of the program in a text, with what a shell would put in left as it stands: `${X:+"--base=$X"}` is there.
fn calls(text: &str) -> Vec<Vec<String>> {
    let joined = text.replace("\\\n", " ");
    let mut found = Vec::new();
    for line in joined.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.contains("<!--")) {
        let Some(rest) = ["cargo origin ", "cargo-origin "].iter().find_map(|name| Some(line.split_once(name)?.1))
        else {
            continue;
        };
        let call = rest.split([';', '|', '`', ')']).next().unwrap_or_default().split(" &&").next().unwrap_or_default();
        // Arguments of the caller are the caller's.
        let call = call.replace("${arguments[@]+\"${arguments[@]}\"}", "");
        let plain = |word: &str| match word.strip_prefix("${").and_then(|word| word.split_once(":+")) {
            Some((_, given)) => given.trim_end_matches('}').replace('"', ""),
            None => word.replace(['"', '\''], ""),
        };
        let words: Vec<String> = call.split_whitespace().map(plain).collect();
        found.push(words);
    }
    found
}

#[test]
fn what_build_servers_are_given_is_accepted() {
    let mut calls_of = given();
    for page in entries(&root().join("examples/ci")).into_iter().filter(|path| path.extension() == Some("md".as_ref()))
    {
        let text = read(&page);
        // Commands stand in blocks; around them is prose.
        let blocks: Vec<&str> = text.split("```").skip(1).step_by(2).collect();
        calls_of.push((name(&page), blocks.concat()));
    }
    let fixture = Fixture::new();
    let mut count = 0;
    for (file, text) in calls_of {
        for call in calls(&text).iter().filter(|call| call.first().is_some_and(|word| word == "check")) {
            let words: Vec<&str> = call.iter().map(String::as_str).chain(["--help"]).collect();
            let output = fixture.run(&words);
            assert_eq!(output.code, 0, "{file}: {words:?}\n{}", output.stderr);
            count += 1;
        }
    }
    assert!(count >= 5, "{count} calls were found");
    let wrong = fixture.run(&["check", "--locked", "--base=$X", "--output", "sarf=x", "--help"]);
    assert_eq!(wrong.code, 2, "a call that is not accepted is seen");
}

/// What the answer of the gate hangs on makes the hook run: manifests, lists, toolchains, and what a configuration includes.
#[test]
fn the_hook_runs_for_every_file_that_is_read() {
    let hooks = read(".pre-commit-hooks.yaml");
    let patterns: Vec<&str> = hooks.lines().filter_map(|line| line.trim().strip_prefix("files: ")).collect();
    assert_eq!(patterns.len(), 2);
    for pattern in patterns {
        let schema = serde_json::json!({ "type": "string", "pattern": pattern });
        let validator = jsonschema::validator_for(&schema).unwrap();
        let runs = |file: &str| validator.is_valid(&serde_json::Value::from(file));
        for file in [
            "Cargo.toml",
            "Cargo.lock",
            "a/b/Cargo.toml",
            "origin.toml",
            ".config/origin.toml",
            ".cargo/origin.toml",
            "suppliers.toml",
            ".cargo/config.toml",
            "a/.cargo/config",
            ".cargo/mirrors.toml",
            "rust-toolchain",
            "a/rust-toolchain.toml",
        ] {
            assert!(runs(file), "{file}");
        }
        for file in [
            "src/main.rs",
            "README.md",
            "config",
            "a/Cargo.lock.orig",
            "my-rust-toolchain",
            "x.toml.txt",
            "a.toml/b.rs",
        ] {
            assert!(!runs(file), "{file}");
        }
    }
}

/// What strangers write never becomes a script, rights are given one by one, and what is fetched is named by its content.
#[test]
fn what_runs_at_github_is_held_short() {
    let workflow = read("examples/ci/github.yml");
    let action = read("action.yml");
    for (file, text) in [("github.yml", &workflow), ("action.yml", &action)] {
        let mut script = None;
        for line in text.lines() {
            let indent = line.len() - line.trim_start().len();
            if script.is_some_and(|above| !line.trim().is_empty() && indent <= above) {
                script = None;
            }
            if script.is_some() || line.trim_start().trim_start_matches("- ").starts_with("run:") {
                assert!(!line.contains("${{"), "{file}: an expression in a script: {line}");
            }
            if line.trim_start().trim_start_matches("- ").starts_with("run: |") {
                script = Some(indent);
            }
            if let Some((_, used)) = line.split_once("uses: ") {
                let commit = used.split('@').nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default();
                let whole = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(whole || used.starts_with("OWNER/cargo-origin@COMMIT"), "{file}: not pinned: {line}");
            }
        }
    }
    assert!(workflow.contains("\npermissions: {}\n") && workflow.contains("persist-credentials: false"));
    assert!(!workflow.contains("pull_request_target"));
    // The job that runs cargo in what the pull request brings may only read.
    let (check, report) = workflow.split_once("\n  report:\n").expect("two jobs");
    assert!(!check.contains(": write") && report.contains("pull-requests: write"), "{check}");
    assert!(!report.contains("actions/checkout") && !report.contains("cargo "), "{report}");
}

/// The comment of a pull request is found again by the line that the program writes first.
#[test]
fn the_comment_is_found_by_its_first_line() {
    let fixture = Fixture::new();
    fixture.file("Cargo.lock", lock(&[("acme", "0.1.0", "", &[])]));
    let printed =
        fixture.stdout(&["check", "--lockfile", "Cargo.lock", "--format", "markdown", "--as-of", "2026-11-24"]);
    let marker = printed.lines().next().unwrap();
    assert!(marker.starts_with("<!--"), "{printed}");
    assert!(read("examples/ci/github.yml").contains(&format!("startswith(\"{marker}\")")), "{marker}");
}
