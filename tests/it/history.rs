//! Histories are read from repositories that the installed git makes while the test runs. Everybody in them is made up.
#![expect(clippy::disallowed_methods, reason = "tests break files of repositories")]

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_origin::facts::commits::{Author, History, Vote};
use cargo_origin::source::git::{GitError, HistoryQuery, read_history};

use crate::support::{Fixture, finish};

/// Monday 2024-01-01 00:00 UTC, in week 2818.
pub(crate) const MONDAY: i64 = 1_704_067_200;

const WEEK: i64 = 7 * 24 * 60 * 60;

/// What the program is called with; git sees little of it.
static ENVIRONMENT: LazyLock<Vec<(OsString, OsString)>> = LazyLock::new(|| std::env::vars_os().collect());

/// A folder with repositories in it; `main` is the first one's.
pub(crate) struct Repositories {
    fixture: Fixture,
}

impl Repositories {
    /// One empty repository, `main`, made with these options.
    pub(crate) fn new(options: &[&str]) -> Self {
        let fixture = Fixture::new();
        let this = Self { fixture };
        this.git_in(".", &[&["init", "--quiet", "--initial-branch=trunk"], options, &["main"]].concat());
        this
    }

    /// Three commits of two people, a week and a day apart, each with a file.
    pub(crate) fn usual() -> Self {
        let this = Self::new(&[]);
        this.commit("a@example.org", MONDAY, "+0100", "one");
        this.commit("b@example.net", MONDAY + WEEK, "-0500", "two");
        this.commit("A@Example.org", MONDAY + WEEK + 86_400, "+0100", "folder/three");
        this
    }

    /// The folder that the repositories are in, to run the program there.
    pub(crate) fn fixture(&self) -> &Fixture {
        &self.fixture
    }

    /// Writes a file and the folders above it.
    pub(crate) fn file(&self, path: &str, text: impl AsRef<[u8]>) {
        self.fixture.file(path, text);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.fixture.path().join(name)
    }

    pub(crate) fn command(&self, folder: &str) -> Command {
        let mut command = self.fixture.command("git");
        command.arg("-C").arg(self.path(folder)).envs([
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_AUTHOR_NAME", "Example"),
            ("GIT_AUTHOR_EMAIL", "author@example.org"),
            ("GIT_COMMITTER_NAME", "Example"),
            ("GIT_COMMITTER_EMAIL", "committer@example.org"),
            ("GIT_COMMITTER_DATE", "1704067200 +0000"),
        ]);
        command
    }

    /// Runs git, which must be installed and succeed.
    pub(crate) fn git_in(&self, folder: &str, args: &[&str]) -> String {
        assert!(self.fixture.command("git").arg("--version").output().is_ok(), "these tests need git");
        let output = finish(self.command(folder).args(args));
        assert_eq!(output.code, 0, "git {args:?}: {}", output.stderr);
        output.stdout.trim_end().to_owned()
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        self.git_in("main", args)
    }

    /// Commits a file that holds its own name.
    pub(crate) fn commit(&self, address: &str, seconds: i64, offset: &str, file: &str) {
        self.commit_text(address, seconds, offset, file, file);
    }

    pub(crate) fn commit_text(&self, address: &str, seconds: i64, offset: &str, file: &str, text: &str) {
        self.fixture.file(Path::new("main").join(file), text);
        self.git(&["--literal-pathspecs", "add", "--", file]);
        let mut command = self.command("main");
        command.args(["commit", "--quiet", "--message", file]).env("GIT_AUTHOR_EMAIL", address);
        command
            .env("GIT_AUTHOR_DATE", format!("{seconds} {offset}"))
            .env("GIT_COMMITTER_DATE", format!("{seconds} +0000"));
        let output = finish(&mut command);
        assert_eq!(output.code, 0, "{}", output.stderr);
    }

    /// Puts a commit with any author line, and more lines, on top of the branch.
    pub(crate) fn odd(&self, author: &[u8], more: &str) -> String {
        let tree = self.git(&["mktree", "--missing"]);
        let parent = finish(self.command("main").args(["rev-parse", "--quiet", "--verify", "HEAD"])).stdout;
        let parent = if parent.is_empty() { String::new() } else { format!("parent {parent}") };
        let head = format!("tree {tree}\n{parent}author ");
        let tail = format!("\ncommitter C <c@example.org> {MONDAY} +0000\n{more}\nodd\n");
        self.fixture.file("odd", [head.as_bytes(), author, tail.as_bytes()].concat());
        let mut command = self.command("main");
        command.args(["hash-object", "-t", "commit", "-w", "--literally", "--stdin"]);
        let output = finish(command.stdin(File::open(self.path("odd")).expect("the commit was written")));
        assert_eq!(output.code, 0, "{}", output.stderr);
        let id = output.stdout.trim_end().to_owned();
        // Not `update-ref`, which looks at what it is given.
        self.fixture.file("main/.git/refs/heads/trunk", format!("{id}\n"));
        id
    }

    /// The path of a repository, for a query.
    pub(crate) fn at(&self, name: &str) -> Utf8PathBuf {
        Utf8PathBuf::from_path_buf(self.path(name)).expect("a path of the fixture is UTF-8")
    }

    /// The whole history of a repository, which can be read.
    pub(crate) fn history(&self, name: &str) -> History {
        read_history(&query(&self.at(name))).unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// Why the history of a repository cannot be read.
    pub(crate) fn error(&self, name: &str) -> GitError {
        read_history(&query(&self.at(name))).expect_err(name)
    }
}

/// The address of a repository, over which git does not take the short way between folders.
pub(crate) fn url(repositories: &Repositories, name: &str) -> String {
    format!("file://{}", repositories.at(name))
}

/// The question for a whole history.
pub(crate) fn query(repository: &Utf8Path) -> HistoryQuery<'_> {
    HistoryQuery {
        repository,
        revision: None,
        since: None,
        until: None,
        path: None,
        limit: None,
        today: "2026-01-10".parse().expect("a day"),
        environment: &ENVIRONMENT,
    }
}

fn domains(history: &History) -> Vec<String> {
    let mut found: Vec<String> = history.authors.iter().flat_map(|author| author.domains.clone()).collect();
    found.sort();
    found
}

#[test]
fn a_history_is_weeks_and_offsets() {
    let repositories = Repositories::usual();
    let author = |domain: &str, votes: &[(i32, i16)]| Author {
        votes: votes.iter().map(|&(week, offset)| Vote { week, offset, commits: 1 }).collect(),
        domains: vec![domain.to_owned()],
        bot: false,
    };
    let expected = History {
        authors: vec![author("example.org", &[(2818, 60), (2819, 60)]), author("example.net", &[(2819, -300)])],
        head: repositories.git(&["rev-parse", "HEAD"]),
        commits: 3,
        impossible: 0,
        span: Some((MONDAY, MONDAY + WEEK + 86_400)),
        shallow: false,
    };
    assert_eq!(repositories.history("main"), expected);
}

#[test]
fn every_form_of_a_repository_has_the_same_history() {
    let repositories = Repositories::usual();
    let expected = repositories.history("main");
    repositories.git(&["worktree", "add", "--quiet", "--detach", "../linked"]);
    repositories.git(&["worktree", "add", "--quiet", "-b", "a/b", "../branch"]);
    repositories.git_in(".", &["clone", "--quiet", "--bare", "main", "bare"]);
    repositories.git_in(".", &["clone", "--quiet", "--shared", "main", "with-alternates"]);
    repositories.git_in(".", &["clone", "--quiet", "--bare", "main", "odd"]);
    fs::rename(repositories.path("odd"), repositories.path("-odd :(top)\"\nname")).unwrap();
    repositories.git_in(".", &["init", "--quiet", "--separate-git-dir=elsewhere", "separate"]);
    repositories.git_in("separate", &["pull", "--quiet", "../main", "trunk"]);
    for name in ["main/.git", "linked", "branch", "bare", "with-alternates", "-odd :(top)\"\nname", "separate"] {
        assert_eq!(repositories.history(name), expected, "{name}");
    }
    repositories.git(&["pack-refs", "--all"]);
    repositories.git(&["gc", "--quiet"]);
    for name in ["main", "branch"] {
        assert_eq!(repositories.history(name), expected, "{name}, packed");
    }
    assert!(matches!(repositories.error("main/folder"), GitError::NotARepository(_)));
}

#[test]
fn a_shallow_clone_says_so() {
    let repositories = Repositories::usual();
    repositories.git_in(".", &["clone", "--quiet", "--depth=2", &url(&repositories, "main"), "shallow"]);
    let history = repositories.history("shallow");
    assert_eq!((history.commits, history.shallow), (2, true));
}

#[test]
fn a_clone_without_trees_has_a_history_but_not_of_a_path() {
    let repositories = Repositories::usual();
    repositories.commit_text("b@example.net", MONDAY, "+0000", ".mailmap", "<c@example.com> <b@example.net>");
    repositories.git(&["config", "uploadpack.allowFilter", "true"]);
    let main = url(&repositories, "main");
    repositories.git_in(".", &["clone", "--quiet", "--bare", "--filter=tree:0", &main, "treeless"]);
    repositories.git_in(".", &["clone", "--quiet", "--bare", "--filter=blob:none", &main, "blobless"]);
    let packs = |name: &str| fs::read_dir(repositories.path(name).join("objects/pack")).unwrap().count();
    let before = (packs("treeless"), packs("blobless"));
    for name in ["treeless", "blobless"] {
        let history = repositories.history(name);
        assert_eq!((history.commits, history.shallow), (4, false));
        assert_eq!(domains(&history), ["example.net", "example.org"], "{name}: no mailmap is there");
    }
    let touching = |name| read_history(&HistoryQuery { path: Some("folder"), ..query(&repositories.at(name)) });
    assert_eq!(touching("blobless").unwrap().commits, 1);
    let error = touching("treeless").unwrap_err();
    assert!(matches!(error, GitError::NoTrees { .. }), "{error}");
    // With the trees of the newest commit, as a checkout fetches them, those of older ones are missing yet.
    repositories.git_in(".", &["clone", "--quiet", "--filter=tree:0", &main, "checkout"]);
    let error = touching("checkout").unwrap_err();
    assert!(matches!(error, GitError::NoTrees { .. }), "{error}");
    assert_eq!((packs("treeless"), packs("blobless")), before, "something was fetched");
}

#[test]
fn other_hashes_and_references_are_read() {
    let main = Repositories::new(&["--object-format=sha256"]);
    main.commit("a@example.org", MONDAY, "+0100", "one");
    let history = main.history("main");
    assert_eq!((history.head.len(), history.commits), (64, 1));
    let short = history.head[..9].to_owned();
    let again = read_history(&HistoryQuery { revision: Some(&short), ..query(&main.at("main")) });
    assert_eq!(again.unwrap(), history);

    // Since git 2.45.
    let fixture = Fixture::new();
    let supported = finish(fixture.command("git").args(["init", "--ref-format=reftable", "probe"])).code == 0;
    for format in ["sha1", "sha256"].iter().filter(|_| supported) {
        let main = Repositories::new(&["--ref-format=reftable", &format!("--object-format={format}")]);
        assert!(matches!(main.error("main"), GitError::NoCommits(_)));
        main.commit("a@example.org", MONDAY, "+0100", "one");
        main.git(&["worktree", "add", "--quiet", "--detach", "../detached"]);
        main.git(&["worktree", "add", "--quiet", "-b", "branch", "../branch"]);
        let expected = main.history("main");
        assert_eq!((expected.commits, &expected.head), (1, &main.git(&["rev-parse", "HEAD"])));
        for name in ["detached", "branch"] {
            assert_eq!(main.history(name), expected, "{name}");
        }
    }
}

#[test]
fn the_mailmap_of_the_start_makes_one_author_of_two() {
    let repositories = Repositories::usual();
    let before = repositories.history("main");
    // What is not committed does not count.
    fs::write(repositories.path("main/.mailmap"), "<b@example.net> <a@example.org>").unwrap();
    assert_eq!(repositories.history("main"), before);
    let mailmap = "Example <a@example.com> <A@example.org>\n<a@example.com> <b@example.net>\n";
    repositories.commit_text("c@example.edu", MONDAY, "+0000", ".mailmap", mailmap);
    repositories.git_in(".", &["clone", "--quiet", "--bare", "main", "bare"]);
    for name in ["main", "bare"] {
        let history = repositories.history(name);
        assert_eq!(history.authors.len(), 2, "{name}");
        let joined = history.authors.iter().find(|author| author.votes.len() == 2).unwrap();
        assert_eq!(joined.domains, ["example.com", "example.net", "example.org"]);
        assert_eq!(joined.votes[1], Vote { week: 2819, offset: -300, commits: 2 });
    }
    let old = read_history(&HistoryQuery { revision: Some(&before.head), ..query(&repositories.at("main")) });
    assert_eq!(old.unwrap(), before);
    repositories.commit_text("c@example.edu", MONDAY, "+0000", ".mailmap", &"# none\n".repeat(200_000));
    assert!(matches!(repositories.error("main"), GitError::Mailmap { .. }));
}

#[test]
fn days_and_a_limit_cut_a_history() {
    let repositories = Repositories::usual();
    let at = repositories.at("main");
    let day = |text: &str| Some(text.parse().unwrap());
    let commits = |query: HistoryQuery<'_>| read_history(&query).unwrap().commits;
    assert_eq!(commits(HistoryQuery { since: day("2024-01-08"), ..query(&at) }), 2);
    assert_eq!(commits(HistoryQuery { until: day("2024-01-08"), ..query(&at) }), 2);
    assert_eq!(commits(HistoryQuery { since: day("2024-01-08"), until: day("2024-01-08"), ..query(&at) }), 1);
    assert_eq!(commits(HistoryQuery { since: day("2024-01-09"), until: day("2024-01-08"), ..query(&at) }), 0);
    for (limit, days) in [(0, vec![]), (1, vec![8]), (2, vec![7, 8]), (9, vec![0, 7, 8])] {
        let history = read_history(&HistoryQuery { limit: Some(limit), ..query(&at) }).unwrap();
        let at = |day: &i64| MONDAY + day * 86_400;
        assert_eq!((history.commits, history.span), (days.len() as u64, days.first().map(at).zip(days.last().map(at))));
    }
    let limited = HistoryQuery { limit: Some(1), until: day("2024-01-02"), ..query(&at) };
    assert_eq!(read_history(&limited).unwrap().span, Some((MONDAY, MONDAY)));
}

#[test]
fn a_history_starts_where_it_is_told_to() {
    let repositories = Repositories::usual();
    let at = repositories.at("main");
    let second = repositories.git(&["rev-parse", "HEAD^"]);
    repositories.git(&["tag", "--annotate", "--message=x", "one", "HEAD^"]);
    let tag = repositories.git(&["rev-parse", "one"]);
    assert_ne!(tag, second);
    for revision in [&second[..], &second[..10], &second.to_uppercase(), &tag] {
        let history = read_history(&HistoryQuery { revision: Some(revision), ..query(&at) }).unwrap();
        assert_eq!((history.head.as_str(), history.commits), (second.as_str(), 2), "{revision}");
    }
    for revision in ["", "abc", "HEAD", "--all", "-n1", "trunk", "HEAD^{/x}", ":/x", "@{-1}", "a\0bcdef", "\nabcde"] {
        let error = read_history(&HistoryQuery { revision: Some(revision), ..query(&at) }).unwrap_err();
        assert!(matches!(error, GitError::BadRevision(_)), "{revision}: {error}");
    }
    let tree = repositories.git(&["rev-parse", "HEAD^{tree}"]);
    for revision in ["0".repeat(40), "0".repeat(64), "fffff".to_owned(), tree] {
        let error = read_history(&HistoryQuery { revision: Some(&revision), ..query(&at) }).unwrap_err();
        let known = matches!(error, GitError::NoSuchCommit { .. } | GitError::Broken { commits: 0, .. });
        assert!(known, "{revision}: {error}");
    }
}

#[test]
fn a_path_is_taken_literally() {
    let repositories = Repositories::usual();
    let at = repositories.at("main");
    for (number, name) in (0..).zip(["-x", ":(top)one", "*", "[a]"]) {
        repositories.commit("c@example.edu", MONDAY + number, "+0000", name);
    }
    let commits = |path| read_history(&HistoryQuery { path: Some(path), ..query(&at) }).unwrap().commits;
    for path in ["one", "folder", "folder/", "folder/three", "-x", ":(top)one", "*", "[a]"] {
        assert_eq!(commits(path), 1, "{path}");
    }
    for path in ["none", "--all", ":(glob)**", ":/", "o*", "[o]ne", ":!one"] {
        assert_eq!(commits(path), 0, "{path}");
    }
    for path in ["", "/", "/one", "..", "../main/one", "folder/../one", "./one", "a//b", "a\0b"] {
        let error = read_history(&HistoryQuery { path: Some(path), ..query(&at) }).unwrap_err();
        assert!(matches!(error, GitError::BadPath(_)), "{path:?}: {error}");
    }
}

#[test]
fn merges_are_left_out_and_both_sides_read() {
    let repositories = Repositories::usual();
    repositories.git(&["checkout", "--quiet", "-b", "side", "HEAD^"]);
    // The same change on both sides, so that the merge touches nothing.
    repositories.commit("d@example.com", MONDAY + 2 * WEEK, "+0900", "folder/three");
    repositories.git(&["checkout", "--quiet", "trunk"]);
    repositories.commit("a@example.org", MONDAY + 2 * WEEK, "+0100", "four");
    repositories.git(&["merge", "--quiet", "--no-edit", "--no-ff", "side"]);
    let history = repositories.history("main");
    assert_eq!((history.commits, history.head), (5, repositories.git(&["rev-parse", "HEAD"])));
    let at = repositories.at("main");
    let touching = read_history(&HistoryQuery { path: Some("folder"), ..query(&at) }).unwrap();
    assert_eq!(domains(&touching), ["example.com", "example.org"]);
}

#[test]
fn programs_are_marked() {
    let repositories = Repositories::new(&[]);
    repositories.commit("1+dependabot[bot]@users.noreply.github.com", MONDAY, "+0000", "one");
    repositories.commit("1+abbot@users.noreply.github.com", MONDAY, "+0100", "two");
    let marked: Vec<(i16, bool)> =
        repositories.history("main").authors.iter().map(|author| (author.votes[0].offset, author.bot)).collect();
    assert_eq!(marked, [(0, true), (60, false)]);
}

#[test]
fn odd_commits_are_counted_and_do_nothing() {
    let repositories = Repositories::usual();
    let usual = repositories.history("main");
    let impossible: [&[u8]; 14] = [
        b"A <a@example.org> 1704067200 +9999",
        b"A <a@example.org> 1704067200 +0007",
        b"A <a@example.org> 1704067200 +051800",
        b"A <a@example.org> 1704067200",
        b"A <a@example.org> -86400 +0000",
        b"A <a@example.org> 0 +0000",
        b"A <a@example.org> 253402214400 +0000", // 9999-12-31
        b"A <a@example.org> 18446744073709551615 +0000",
        b"A <a@example.org> 99999999999999999999999999 +0000",
        b"A <a@example.org> now",
        b"A <a@example.org>",
        b"A",
        b"",
        b"A <a@example.org> 1704067200 \xff",
    ];
    for author in impossible {
        repositories.odd(author, "");
    }
    let long = [b"A <".as_slice(), &b"x".repeat(10 << 20), b"@example.org> 1704067200 +0000"].concat();
    repositories.odd(&long, "");
    let history = repositories.history("main");
    assert_eq!((history.commits, history.impossible), (usual.commits, 15), "{history:?}");
    assert_eq!((history.authors, history.span), (usual.authors, usual.span));
}

#[test]
fn odd_addresses_are_only_addresses() {
    let repositories = Repositories::new(&[]);
    let addresses: [&[u8]; 6] = [
        b"\xff\xfe@example.org",
        b"tab\tin@example.org",
        b"1704067200 +0000\tb@example.org",
        b"return\rin\x0b\x0c\x85@example.org",
        b"",
        b"sharp\xe2\x80\xa8separator@example.org",
    ];
    for address in addresses {
        repositories.odd(&[b"A <", address, b"> 1704067200 +0000"].concat(), "");
    }
    // In UTF-7 this is an end of line; it is not decoded.
    repositories.odd(b"A <u+AAo-t+AAk-f7@example.org> 1704067200 +0000", "encoding UTF-7\n");
    let history = repositories.history("main");
    assert_eq!((history.commits, history.impossible, history.authors.len()), (7, 0, 7), "{history:?}");
    assert_eq!(domains(&history), vec!["example.org"; 6]);
}

#[test]
fn what_is_no_history_is_an_error() {
    let repositories = Repositories::new(&[]);
    let error = repositories.error("main");
    assert!(matches!(error, GitError::NoCommits(_)), "{error}");
    assert!(error.to_string().contains("has no commits"), "{error}");
    for name in ["none", "odd", ".", "main/.git/refs"] {
        fs::write(repositories.path("odd"), "").unwrap();
        let error = repositories.error(name);
        assert!(matches!(error, GitError::NotARepository(_)), "{name}: {error}");
    }
    repositories.commit("a@example.org", MONDAY, "+0000", "one");
    let at = repositories.at("main");
    let without_git = [("PATH".into(), repositories.path("main").into())];
    let error = read_history(&HistoryQuery { environment: &without_git, ..query(&at) }).unwrap_err();
    assert!(matches!(error, GitError::NoGit(_)), "{error}");
}

#[test]
fn a_history_that_breaks_off_is_an_error() {
    let repositories = Repositories::usual();
    let lost = repositories.git(&["rev-parse", "HEAD~2"]);
    let object = repositories.path("main/.git/objects").join(&lost[..2]).join(&lost[2..]);
    let bytes = fs::read(&object).unwrap();
    fs::remove_file(&object).unwrap();
    let broken = |error: GitError| match error {
        GitError::Broken { commits, said, .. } => (commits, said),
        other => panic!("{other:?}"),
    };
    let (commits, said) = broken(repositories.error("main"));
    assert!((1..=2).contains(&commits) && said.contains(&lost), "{commits}: {said}");
    // What was asked for is there: nothing of the rest is missed.
    let at = repositories.at("main");
    assert_eq!(read_history(&HistoryQuery { limit: Some(1), ..query(&at) }).unwrap().commits, 1);
    fs::write(&object, &bytes[..bytes.len() / 2]).unwrap();
    broken(repositories.error("main"));
    fs::write(&object, "no object").unwrap();
    broken(repositories.error("main"));
    fs::write(repositories.path("main/.git/shallow"), "no id\n").unwrap();
    broken(repositories.error("main"));
}
