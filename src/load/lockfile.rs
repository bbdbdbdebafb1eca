//! `Cargo.lock` alone: no program is run, no other file is read, so a checkout of a stranger is safe to ask about.
//!
//! All versions are read: 1 (checksums in `[metadata]`, a `[root]`), 2, 3 and 4. A lock file holds what *could* be built: every feature,
//! every target, development dependencies too. What it cannot tell stays unknown.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use semver::Version;
use serde::Deserialize;

use super::read::{ReadError, read_bounded};
use super::{Loaded, Mode, registry_cache};
use crate::facts::{ChannelFacts, Gap, GapKind, ManifestFacts};
use crate::graph::{
    Capabilities, Dependency, GitReference, GraphBuilder, GraphError, Package, Platforms, Roles, Source, Switches,
};

/// A lock file larger than this is not read: one of 10,000 packages takes about 3 MiB.
pub const MAX_LOCK_FILE: u64 = 64 << 20;

/// The newest format that is known here; cargo 1.78 introduced it.
const NEWEST_VERSION: u32 = 4;

/// The index address that stands for crates.io in every lock file, and the sparse one that some tools write.
const CRATES_IO: [&str; 2] =
    ["registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/"];

/// Why a lock file gave no graph.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is not a lock file.
    #[error("{path}:{line}:{column}: {message}")]
    Malformed {
        /// The file.
        path: String,
        /// Line, from one.
        line: usize,
        /// Column, from one.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It is from the future.
    #[error(
        "{path} has lock file version {version}; this program reads versions 1 to {NEWEST_VERSION}, so it needs an update"
    )]
    Version {
        /// The file.
        path: String,
        /// The version.
        version: u32,
    },
    /// An entry names something that is not there.
    #[error("{path}: package `{package}` depends on `{dependency}`, which {problem}")]
    Dangling {
        /// The file.
        path: String,
        /// The package.
        package: String,
        /// What it names.
        dependency: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A version is none.
    #[error("{path}: package `{package}` has the version `{version}`, which is not one")]
    NotAVersion {
        /// The file.
        path: String,
        /// The package.
        package: String,
        /// The text.
        version: String,
    },
    /// It describes nothing.
    #[error("{0} describes no packages")]
    Empty(String),
    /// It does not hold together.
    #[error("{path}: {source}")]
    Graph {
        /// The file.
        path: String,
        /// Why.
        source: GraphError,
    },
}

#[derive(Deserialize)]
struct Raw<'a> {
    version: Option<u32>,
    #[serde(borrow, default)]
    package: Vec<RawPackage<'a>>,
    #[serde(borrow)]
    root: Option<RawPackage<'a>>,
    #[serde(borrow, default)]
    metadata: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
}

#[derive(Deserialize)]
struct RawPackage<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    version: Cow<'a, str>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    checksum: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    dependencies: Vec<Cow<'a, str>>,
}

/// Reads a lock file and, if a cargo home is given, the manifests that cargo has unpacked there, on so many threads.
pub(super) fn from_file(path: &Utf8Path, cache: Option<(&Utf8Path, usize)>) -> Result<Loaded, LockError> {
    let text = read_bounded(path, MAX_LOCK_FILE)?;
    let mut loaded = from_text(&text, path.file_name().unwrap_or("Cargo.lock"))?;
    if let Some((cargo_home, threads)) = cache {
        registry_cache::fill(&mut loaded, cargo_home, threads, |_| true);
    }
    Ok(loaded)
}

/// Reads the text of a lock file that is shown under a name.
pub fn from_text(text: &str, shown: &str) -> Result<Loaded, LockError> {
    in_workspace(text, shown, &BTreeSet::new())
}

/// The same where a workspace says which packages without a source are none of its members.
pub fn in_workspace(text: &str, shown: &str, folders: &BTreeSet<&str>) -> Result<Loaded, LockError> {
    let raw: Raw<'_> = toml::from_str(text).map_err(|error| malformed(shown, text, &error))?;
    if let Some(version) = raw.version.filter(|version| *version > NEWEST_VERSION) {
        return Err(LockError::Version { path: shown.to_owned(), version });
    }
    let mut loaded = build(shown, raw, folders)?;
    loaded.gaps.push(Gap {
        kind: GapKind::LockFileOnly,
        package: None,
        detail: "a lock file does not tell features, targets, build scripts and procedural macros: every package that could be built is \
                 listed, development dependencies too"
            .to_owned(),
    });
    loaded.gaps.push(Gap {
        kind: GapKind::MirrorsNotVisible,
        package: None,
        detail:
            "a lock file keeps the original source of a package, so a mirror or the toolchain server would not be seen"
                .to_owned(),
    });
    Ok(loaded)
}

fn malformed(path: &str, text: &str, error: &toml::de::Error) -> LockError {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    LockError::Malformed {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        column: before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
        message: error.message().to_owned(),
    }
}

fn build(path: &str, raw: Raw<'_>, folders: &BTreeSet<&str>) -> Result<Loaded, LockError> {
    let Raw { package: mut packages, root, metadata, .. } = raw;
    packages.extend(root);
    if packages.is_empty() {
        return Err(LockError::Empty(path.to_owned()));
    }
    let mut builder = GraphBuilder::default();
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (handle, row) in packages.iter().enumerate() {
        let version: Version = row.version.parse().map_err(|_| LockError::NotAVersion {
            path: path.to_owned(),
            package: row.name.to_string(),
            version: row.version.to_string(),
        })?;
        let checksum = row.checksum.as_deref().or_else(|| old_checksum(&metadata, row));
        builder.package(Package {
            name: row.name.to_string(),
            version,
            source: row.source.as_deref().map_or(Source::Path(None), source),
            member: row.source.is_none() && !folders.contains(&*row.name),
            patched: false,
            capabilities: Capabilities::default(),
            roles: Roles::default(),
            checksum: checksum.map(str::to_owned),
        });
        by_name.entry(&row.name).or_default().push(handle);
    }
    let mut needed = vec![false; packages.len()];
    for (handle, row) in packages.iter().enumerate() {
        for dependency in &row.dependencies {
            let to = find(dependency, &packages, &by_name).map_err(|problem| LockError::Dangling {
                path: path.to_owned(),
                package: row.name.to_string(),
                dependency: dependency.to_string(),
                problem,
            })?;
            needed[to] = true;
            builder.dependency(handle, to, Dependency::UNSTATED);
        }
    }
    roots(&packages, &needed, &mut builder);
    let mut tops = packages.iter().zip(&needed).filter(|(row, needed)| row.source.is_none() && !**needed);
    let name = match (tops.next(), tops.next()) {
        (Some((only, _)), None) => only.name.to_string(),
        _ => path.to_owned(),
    };
    let (graph, _) = builder.finish().map_err(|source| LockError::Graph { path: path.to_owned(), source })?;
    Ok(Loaded {
        manifests: vec![ManifestFacts::default(); graph.len()],
        graph,
        switches: Switches::default(),
        platforms: Platforms::default(),
        channel: ChannelFacts::default(),
        name,
        root: None,
        mode: Mode::LockFile,
        not_built: 0,
        from_cache: 0,
        gaps: Vec::new(),
        policy_in_manifest: false,
    })
}

/// What has no source is of the workspace (or a path dependency, which a lock file cannot tell apart). Where nothing is, what nobody
/// needs; where everything is needed by something, all of it.
fn roots(packages: &[RawPackage<'_>], needed: &[bool], builder: &mut GraphBuilder) {
    let local: Vec<usize> = (0..packages.len()).filter(|at| packages[*at].source.is_none()).collect();
    let free: Vec<usize> = (0..packages.len()).filter(|at| !needed[*at]).collect();
    let chosen = if !local.is_empty() {
        local
    } else if !free.is_empty() {
        free
    } else {
        (0..packages.len()).collect()
    };
    for handle in chosen {
        builder.root(handle);
    }
}

/// Version 1 keeps checksums in a table: `checksum NAME VERSION (SOURCE)`.
fn old_checksum<'a>(metadata: &'a BTreeMap<Cow<'_, str>, Cow<'_, str>>, row: &RawPackage<'_>) -> Option<&'a str> {
    if metadata.is_empty() {
        return None;
    }
    let key = format!("checksum {} {} ({})", row.name, row.version, row.source.as_deref()?);
    metadata.get(key.as_str()).map(|sum| &**sum).filter(|sum| *sum != "<none>")
}

/// Resolves `name`, `name version` or `name version (source)`.
fn find(
    dependency: &str,
    packages: &[RawPackage<'_>],
    by_name: &BTreeMap<&str, Vec<usize>>,
) -> Result<usize, &'static str> {
    let mut words = dependency.splitn(3, ' ');
    let name = words.next().unwrap_or_default();
    let version = words.next();
    let source = words.next().map(|word| word.trim_start_matches('(').trim_end_matches(')'));
    let same_source = |at: &&usize| {
        source.is_none_or(|source| without_commit(packages[**at].source.as_deref()) == without_commit(Some(source)))
    };
    let candidates = by_name.get(name).ok_or("is not in the lock file")?;
    let mut fitting = candidates
        .iter()
        .filter(|at| version.is_none_or(|version| packages[**at].version == version))
        .filter(same_source);
    let first = fitting.next().ok_or("is not in the lock file in that version and source")?;
    match fitting.next() {
        None => Ok(*first),
        // A source that differs by its commit only, or a path dependency named without its source.
        Some(_) => candidates
            .iter()
            .filter(|at| version.is_none_or(|version| packages[**at].version == version))
            .find(|at| packages[**at].source.as_deref() == source)
            .copied()
            .ok_or("fits several packages of the lock file"),
    }
}

fn without_commit(source: Option<&str>) -> Option<&str> {
    source.map(|source| source.split('#').next().unwrap_or(source))
}

/// Reads the `source` of a lock file.
pub fn source(text: &str) -> Source {
    if CRATES_IO.contains(&text) {
        return Source::CratesIo;
    }
    if let Some(url) = text.strip_prefix("registry+") {
        return Source::Registry { url: url.to_owned(), sparse: false };
    }
    if let Some(url) = text.strip_prefix("sparse+") {
        return Source::Registry { url: url.to_owned(), sparse: true };
    }
    let Some(rest) = text.strip_prefix("git+") else {
        return Source::Other(text.to_owned());
    };
    let (rest, commit) = rest.split_once('#').map_or((rest, None), |(rest, commit)| (rest, Some(commit.to_owned())));
    let (url, query) = rest.split_once('?').unwrap_or((rest, ""));
    let reference = query.split('&').find_map(|pair| match pair.split_once('=') {
        Some(("branch", name)) => Some(GitReference::Branch(name.to_owned())),
        Some(("tag", name)) => Some(GitReference::Tag(name.to_owned())),
        Some(("rev", name)) => Some(GitReference::Rev(name.to_owned())),
        _ => None,
    });
    Source::Git { url: url.to_owned(), reference: reference.unwrap_or(GitReference::Default), commit }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Loaded, LockError> {
        let raw: Raw<'_> = toml::from_str(text).map_err(|error| malformed("Cargo.lock", text, &error))?;
        build("Cargo.lock", raw, &BTreeSet::new())
    }

    #[test]
    fn git_sources_are_taken_apart() {
        assert_eq!(
            source("git+https://git.example.org/a/b?branch=main#0123"),
            Source::Git {
                url: "https://git.example.org/a/b".to_owned(),
                reference: GitReference::Branch("main".to_owned()),
                commit: Some("0123".to_owned())
            }
        );
        assert_eq!(source("path+file:///x"), Source::Other("path+file:///x".to_owned()));
    }

    #[test]
    fn version_one_names_sources_and_keeps_checksums_aside() {
        let loaded = parse(concat!(
            "[root]\nname = \"a\"\nversion = \"0.1.0\"\n",
            "dependencies = [\"b 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)\"]\n",
            "[[package]]\nname = \"b\"\nversion = \"1.0.0\"\n",
            "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n",
            "[metadata]\n\"checksum b 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)\" = \"00ff\"\n",
        ))
        .unwrap();
        let (_, b) = loaded.graph.packages().find(|(_, package)| package.name == "b").unwrap();
        assert_eq!(b.checksum.as_deref(), Some("00ff"));
        assert_eq!(loaded.name, "a");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_graph_or_an_error(text in "\\PC{0,200}") {
            let _ = parse(&text);
        }

        #[test]
        fn any_dependency_text_gives_a_graph_or_an_error(name in "\\PC{0,20}", dependency in "\\PC{0,40}") {
            let text = format!("[[package]]\nname = {name:?}\nversion = \"1.0.0\"\ndependencies = [{dependency:?}]\n");
            let _ = parse(&text);
        }
    }
}
