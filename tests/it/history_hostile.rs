//! Repositories that are made to do something to whoever reads them: nothing in them runs, hangs or hides commits.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests write hostile files")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use cargo_origin::source::git::{GitError, HistoryQuery, read_history};

use crate::history::{MONDAY, Repositories, query, url};
use crate::support::finish;

/// Every key by which a configuration can name a program that some git command starts.
const PROGRAMS: &str = "\
[core]\nfsmonitor = @\nsshCommand = @\npager = @\neditor = @\naskPass = @\ngitProxy = @\nalternateRefsCommand = @\n\
hooksPath = #/hooks\nattributesFile = #/attributes\nexcludesFile = #/attributes\n\
[log]\nshowSignature = true\nmailmap = true\n\
[gpg]\nprogram = @\n[gpg \"ssh\"]\nprogram = @\ndefaultKeyCommand = @\n[gpg \"x509\"]\nprogram = @\n\
[pager]\nlog = @\ncat-file = @\nrev-parse = @\n\
[alias]\nlog = !@\ncat-file = !@\nrev-parse = !@\n\
[diff]\nexternal = @\n[diff \"evil\"]\ncommand = @\ntextconv = @\n\
[filter \"evil\"]\nclean = @\nsmudge = @\nprocess = @\nrequired = true\n\
[merge \"evil\"]\ndriver = @\n\
[credential]\nhelper = !@\n[sequence]\neditor = @\n[uploadpack]\npackObjectsHook = @\n\
[protocol]\nallow = always\n[protocol \"ext\"]\nallow = always\n\
[remote \"origin\"]\nurl = $\nuploadpack = @\nproxy = @\npromisor = true\npartialCloneFilter = blob:none\n\
[extensions]\npartialClone = origin\n\
[mailmap]\nfile = #/mailmap\nblob = HEAD:one\n\
[include]\npath = #/included\n";

/// A repository with a signed commit, and a program that leaves a mark.
struct Hostile {
    repositories: Repositories,
    marker: PathBuf,
}

impl Hostile {
    fn new() -> Self {
        let repositories = Repositories::usual();
        repositories.odd(
            format!("A <a@example.org> {MONDAY} +0000").as_bytes(),
            "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n",
        );
        let marker = repositories.path("marker");
        let hostile = Self { repositories, marker };
        hostile.program("program");
        hostile
    }

    /// Puts the program somewhere.
    fn program(&self, path: &str) {
        self.repositories.file(path, format!("#!/bin/sh\ntouch '{}'\nexit 1\n", self.marker.display()));
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.repositories.path(path), executable).expect("a program can be made");
    }

    /// Sets the trap in `main`.
    fn arm(&self) {
        let (root, program) = (self.repositories.at("."), self.repositories.at("program"));
        let config = PROGRAMS.replace('@', program.as_str()).replace('#', root.as_str());
        let config = config.replace('$', &url(&self.repositories, "main"));
        let path = self.repositories.path("main/.git/config");
        let old = fs::read_to_string(path).expect("a repository has a configuration");
        self.repositories.file("main/.git/config", old + &config);
        self.repositories.file("included", format!("[core]\nfsmonitor = {program}\n"));
        for path in ["attributes", "main/.git/info/attributes", "main/.gitattributes"] {
            self.repositories.file(path, "* diff=evil filter=evil merge=evil\n");
        }
        for hook in ["post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"] {
            self.program(&format!("hooks/{hook}"));
            self.program(&format!("main/.git/hooks/{hook}"));
        }
    }

    /// Whether the mark is there; takes it away.
    fn has_run(&self) -> bool {
        fs::remove_file(&self.marker).is_ok()
    }

    /// Lets plain git run into the trap.
    fn plain(&self, args: &[&str]) -> bool {
        finish(self.repositories.command("main").args(args));
        self.has_run()
    }
}

#[test]
fn nothing_of_a_repository_runs() {
    let hostile = Hostile::new();
    let expected = hostile.repositories.history("main");
    assert!(!hostile.has_run());
    hostile.arm();
    // The trap works: each of these starts the program.
    assert!(hostile.plain(&["log", "--show-signature", "-1"]), "no signature was looked at");
    assert!(hostile.plain(&["log", "-1"]), "no signature was looked at by configuration");
    assert!(hostile.plain(&["status"]), "no file monitor was asked");
    assert!(hostile.plain(&["log", "-p", "-1", "--ext-diff", "trunk~1"]), "no difference was made");
    let missing = "12".repeat(20);
    assert!(hostile.plain(&["cat-file", "-p", &missing]), "nothing was fetched");

    let read = |name: &str| {
        let at = hostile.repositories.at(name);
        let history = read_history(&query(&at)).unwrap();
        let path = read_history(&HistoryQuery { path: Some("folder/three"), ..query(&at) }).unwrap();
        let start = read_history(&HistoryQuery { revision: Some(&expected.head[..8]), ..query(&at) }).unwrap();
        assert_eq!((&history, path.commits, &start), (&expected, 2, &expected), "{name}");
        assert!(read_history(&HistoryQuery { revision: Some(&missing), ..query(&at) }).is_err());
        assert!(!hostile.has_run(), "{name}: the program ran");
    };
    read("main");
    read("main/.git");
    // Where the owner is another, or the configuration cannot be read at all, plain git refuses.
    let config = hostile.repositories.path("main/.git/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}[core]\nworktree = /\nrepositoryFormatVersion = 1\n[extensions]\nevil = true\n"))
        .unwrap();
    read("main");
    fs::write(&config, "[not a configuration").unwrap();
    read("main");
}

/// A promisor remote would be asked for what is missing: a mailmap, a parent, a tree.
#[test]
fn what_is_missing_is_not_fetched() {
    let hostile = Hostile::new();
    let repositories = &hostile.repositories;
    repositories.commit_text("b@example.net", MONDAY, "+0000", ".mailmap", "<a@example.org> <b@example.net>\n");
    hostile.arm();
    let object = |revision: &str| {
        let id = finish(repositories.command("main").args(["rev-parse", revision])).stdout;
        repositories.path("main/.git/objects").join(&id[..2]).join(&id[2..40])
    };
    let (mailmap, tree, commit) = (object("HEAD:.mailmap"), object("HEAD^{tree}"), object("HEAD~3"));
    assert!(!hostile.has_run());
    for (lost, works) in [(mailmap, true), (tree, true), (commit, false)] {
        fs::remove_file(&lost).unwrap();
        let history = read_history(&query(&repositories.at("main")));
        assert_eq!(history.is_ok(), works, "{history:?}");
        assert!(!hostile.has_run(), "{}: something was fetched", lost.display());
    }
    assert!(hostile.plain(&["log"]), "plain git does not fetch either");
}

/// References that stand for other objects, and grafts, hide commits from plain git.
#[test]
fn nothing_is_hidden() {
    let repositories = Repositories::usual();
    let expected = repositories.history("main");
    repositories.git(&["replace", "--graft", "HEAD"]);
    assert_eq!(repositories.git(&["rev-list", "--count", "HEAD"]), "1");
    assert_eq!(repositories.history("main"), expected);
    repositories.git(&["replace", "--delete", "HEAD"]);
    fs::create_dir_all(repositories.path("main/.git/info")).unwrap();
    fs::write(repositories.path("main/.git/info/grafts"), format!("{}\n", expected.head)).unwrap();
    assert_eq!(repositories.git(&["rev-list", "--count", "HEAD"]), "1");
    assert_eq!(repositories.history("main"), expected);
    fs::remove_file(repositories.path("main/.git/info/grafts")).unwrap();
    // A commit graph that says of all commits that they have no parent.
    repositories.git(&["commit-graph", "write", "--reachable"]);
    let graph = repositories.path("main/.git/objects/info/commit-graph");
    let mut bytes = fs::read(&graph).unwrap();
    // After eight bytes, the table of contents: a name of four bytes, a place of eight. A commit is its tree, two parents, and its date.
    let entry = (8..).step_by(12).find(|at| &bytes[*at..at + 4] == b"CDAT").unwrap();
    let place = usize::try_from(u64::from_be_bytes(bytes[entry + 4..entry + 12].try_into().unwrap())).unwrap();
    for commit in 0..3 {
        let parent = place + commit * 36 + 20;
        bytes[parent..parent + 4].copy_from_slice(&[0x70, 0, 0, 0]);
    }
    fs::remove_file(&graph).unwrap();
    fs::write(&graph, bytes).unwrap();
    assert_eq!(repositories.git(&["rev-list", "--count", "HEAD"]), "1");
    assert_eq!(repositories.history("main"), expected);
}

/// A hook has `GIT_DIR` in its environment, and a user may have set anything.
#[test]
fn the_environment_does_not_matter() {
    let repositories = Repositories::usual();
    let expected = repositories.history("main");
    repositories.git_in(".", &["init", "--quiet", "other"]);
    let program = repositories.path("program");
    let other = repositories.path("other/.git");
    let mut environment: Vec<(std::ffi::OsString, std::ffi::OsString)> = std::env::vars_os().collect();
    for name in
        ["GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"]
    {
        environment.push((name.into(), other.clone().into()));
    }
    for name in
        ["GIT_EXEC_PATH", "GIT_PAGER", "GIT_EXTERNAL_DIFF", "GIT_TRACE", "GIT_CONFIG_PARAMETERS", "HOME", "LD_PRELOAD"]
    {
        environment.push((name.into(), program.clone().into()));
    }
    environment.push(("GIT_CONFIG_COUNT".into(), "x".into()));
    let at = repositories.at("main");
    let history = read_history(&HistoryQuery { environment: &environment, ..query(&at) });
    assert_eq!(history.unwrap(), expected);
}

/// A `git` that lies in the repository is not the one that is started, even if the PATH names the current folder.
#[test]
fn no_program_of_the_folder_is_git() {
    let hostile = Hostile::new();
    let expected = hostile.repositories.history("main");
    hostile.program("main/git");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = format!(".::{}", path.to_str().unwrap());
    let environment = [("PATH".into(), path.into())];
    let at = hostile.repositories.at("main");
    assert_eq!(read_history(&HistoryQuery { environment: &environment, ..query(&at) }).unwrap(), expected);
    assert!(!hostile.has_run());
}

#[test]
fn files_that_are_traps_end_in_an_error() {
    let repositories = Repositories::usual();
    let expected = repositories.history("main");
    let git = repositories.path("main/.git");
    let fifo = repositories.path("fifo");
    assert_eq!(
        finish(repositories.command(".").args(["-c", &format!("alias.fifo=!mkfifo '{}'", fifo.display()), "fifo"]))
            .code,
        0
    );
    let secret = repositories.path("secret");
    fs::write(&secret, "secret words\n").unwrap();
    let traps: [(&str, &dyn Fn(PathBuf)); 9] = [
        ("HEAD", &|path| symlink(&fifo, path).unwrap()),
        ("HEAD", &|path| symlink("/dev/zero", path).unwrap()),
        ("HEAD", &|path| symlink(&secret, path).unwrap()),
        ("HEAD", &|path| fs::write(path, "ref: HEAD\n").unwrap()),
        ("HEAD", &|path| fs::write(path, "ref: refs/heads/../../../../secret\n").unwrap()),
        ("HEAD", &|path| fs::write(path, vec![0xff; 20_000]).unwrap()),
        ("HEAD", &|path| fs::write(path, "").unwrap()),
        ("refs/heads/trunk", &|path| fs::write(path, "ref: refs/heads/trunk\n").unwrap()),
        ("commondir", &|path| symlink("/dev/zero", path).unwrap()),
    ];
    for (number, (name, set)) in traps.iter().enumerate() {
        let path = git.join(name);
        let old = fs::read(&path).ok();
        drop(fs::remove_file(&path));
        set(path.clone());
        let error = repositories.error("main");
        assert!(matches!(error, GitError::Malformed { .. }), "{number}: {error:?}");
        assert!(!format!("{error:?}").contains("secret words"), "{error:?}");
        fs::remove_file(&path).unwrap();
        if let Some(old) = old {
            fs::write(&path, old).unwrap();
        }
    }
    fs::write(repositories.path("main/.git/commondir"), "/\n").unwrap();
    assert!(matches!(repositories.error("main"), GitError::NotARepository(_)));
    fs::remove_file(repositories.path("main/.git/commondir")).unwrap();
    assert_eq!(repositories.history("main"), expected);
}
