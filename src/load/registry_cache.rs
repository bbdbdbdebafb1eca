//! Manifests of crates that cargo has unpacked on this machine, for a lock file that names them.
//!
//! Only what a lock file leaves open is filled in: authors, repository, build script, procedural macro, `links`. Names come from a
//! stranger's lock file, so they become part of a path only if they are plain crate names.

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

use super::Loaded;
use super::read::read_bounded;
use crate::facts::{DeclaredOrigin, Gap, GapKind, ManifestFacts};
use crate::graph::{Capabilities, Package, PackageIx, Source};

/// A published manifest larger than this is not read.
const MAX_MANIFEST: u64 = 4 << 20;

#[derive(Deserialize)]
struct Raw {
    package: RawPackage,
    lib: Option<RawLib>,
}

#[derive(Deserialize)]
struct RawPackage {
    #[serde(default)]
    authors: Vec<String>,
    repository: Option<toml::Value>,
    homepage: Option<toml::Value>,
    links: Option<String>,
    build: Option<toml::Value>,
    metadata: Option<RawMetadata>,
}

#[derive(Deserialize)]
struct RawMetadata {
    origin: Option<RawOrigin>,
}

#[derive(Deserialize)]
struct RawOrigin {
    organisation: Option<String>,
    seat: Option<String>,
}

#[derive(Deserialize)]
struct RawLib {
    #[serde(rename = "proc-macro", alias = "proc_macro", default)]
    proc_macro: bool,
}

/// Fills in what the cache knows of packages that are wanted; what it lacks becomes gaps. Up to `threads` threads read, and the answer does not depend on how many.
pub(super) fn fill(loaded: &mut Loaded, cargo_home: &Utf8Path, threads: usize, wanted: impl Fn(&Package) -> bool) {
    let sources = sources(&cargo_home.join("registry").join("src"));
    let wanted = |package: &Package| package.source == Source::CratesIo && wanted(package);
    let wanted: Vec<(PackageIx, &Package)> = loaded.graph.packages().filter(|(_, package)| wanted(package)).collect();
    let share = wanted.len().div_ceil(threads.clamp(1, 64)).max(1);
    let read_share = |share: &[(PackageIx, &Package)]| {
        share.iter().map(|(at, package)| (*at, read_package(*at, package, &sources))).collect::<Vec<_>>()
    };
    let read: Vec<(PackageIx, Result<Cached, Gap>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = wanted.chunks(share).map(|share| scope.spawn(|| read_share(share))).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|lost| std::panic::resume_unwind(lost)))
            .collect()
    });
    for (at, result) in read {
        match result {
            Ok((capabilities, manifest)) => {
                loaded.from_cache += 1;
                loaded.graph.set_capabilities(at, capabilities);
                loaded.manifests[at.index()] = manifest;
            }
            Err(gap) => loaded.gaps.push(gap),
        }
    }
}

/// What a cached manifest fills in.
type Cached = (Capabilities, ManifestFacts);

fn read_package(at: PackageIx, package: &Package, sources: &[Utf8PathBuf]) -> Result<Cached, Gap> {
    let name = format!("{}-{}", package.name, package.version);
    let mut folders = sources.iter().map(|source| source.join(&name)).filter(|_| is_plain(&package.name));
    let folder = folders.find(|folder| folder.join("Cargo.toml").is_file()).ok_or_else(|| Gap {
        kind: GapKind::NotInCache,
        package: Some(at),
        detail: "the crate is not unpacked in the local registry cache (`cargo fetch` would put it there)".to_owned(),
    })?;
    let text = read_bounded(&folder.join("Cargo.toml"), MAX_MANIFEST);
    let text = text.map_err(|error| unreadable(at, &without_path(&error)))?;
    let raw: Raw = toml::from_str(&text).map_err(|error| unreadable(at, error.message()))?;
    Ok((capabilities(&raw, &folder), manifest(raw, folder)))
}

fn unreadable(at: PackageIx, why: &str) -> Gap {
    Gap { kind: GapKind::ManifestUnreadable, package: Some(at), detail: format!("the manifest cannot be read: {why}") }
}

/// The reason alone: a path of this machine does not belong into a report.
fn without_path(error: &super::ReadError) -> String {
    match error {
        super::ReadError::Io { source, .. } => source.to_string(),
        super::ReadError::TooLarge { .. } => "it is too large".to_owned(),
        super::ReadError::NotText { .. } => "it is not UTF-8 text".to_owned(),
    }
}

/// The unpacked registries; the order decides where two hold the same crate.
fn sources(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let Ok(entries) = folder.read_dir_utf8() else { return Vec::new() };
    let mut found: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path().to_owned()).collect();
    found.sort();
    found
}

/// Whether a name is one that crates.io lets be published: letters, digits, `-` and `_`.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn capabilities(raw: &Raw, folder: &Utf8Path) -> Capabilities {
    let build_script = match &raw.package.build {
        Some(toml::Value::Boolean(set)) => *set,
        Some(_) => true,
        // Manifests from before cargo wrote the key: the file decides.
        None => folder.join("build.rs").is_file(),
    };
    Capabilities {
        build_script: Some(build_script),
        proc_macro: Some(raw.lib.as_ref().is_some_and(|lib| lib.proc_macro)),
        links: Some(raw.package.links.clone()),
    }
}

fn manifest(raw: Raw, folder: Utf8PathBuf) -> ManifestFacts {
    let text = |value: Option<toml::Value>| value.and_then(|value| value.as_str().map(str::to_owned));
    let declared = raw.package.metadata.and_then(|metadata| metadata.origin).map(|origin| DeclaredOrigin {
        organisation: origin.organisation,
        seat: origin.seat.and_then(|seat| seat.parse().ok()),
    });
    ManifestFacts {
        authors: raw.package.authors,
        repository: text(raw.package.repository),
        repository_embedded: false,
        homepage: text(raw.package.homepage),
        declared,
        folder: Some(folder),
    }
}
