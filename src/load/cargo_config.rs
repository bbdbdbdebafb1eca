//! Source replacement, and which toolchain is asked for.
//!
//! A mirror is a channel, and it is visible nowhere else: lock files and `cargo metadata` keep the original source. The files are those
//! that cargo reads: `.cargo/config.toml` (or `.cargo/config`) where cargo runs and in every folder above it, then `CARGO_HOME`, each with what
//! it includes. A nearer file wins, and a file over what it includes.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;
use toml::Spanned;

use super::Environment;
use super::read::{ReadError, read_bounded};
use crate::facts::{ChannelFacts, Endpoint, Gap, GapKind, Replacement, Toolchain};

/// A configuration file larger than this is not read.
const MAX_CONFIG: u64 = 1 << 20;

/// How many `replace-with` are followed; cargo refuses cycles.
const MAX_CHAIN: usize = 16;

/// How many files are read, included ones among them; cargo refuses circles.
const MAX_FILES: usize = 64;

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    include: Vec<RawInclude>,
    #[serde(default)]
    source: BTreeMap<String, RawSource>,
    #[serde(default)]
    registries: BTreeMap<String, RawRegistry>,
}

/// A further file, from the folder of the one that includes it:
/// <https://doc.rust-lang.org/cargo/reference/config.html#including-extra-configuration-files>.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawInclude {
    Path(String),
    Table {
        path: String,
        #[serde(default)]
        optional: bool,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RawSource {
    replace_with: Option<Spanned<String>>,
    registry: Option<String>,
    directory: Option<String>,
    local_registry: Option<String>,
    git: Option<String>,
}

#[derive(Deserialize)]
struct RawRegistry {
    index: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct Named {
    replace_with: Option<(String, String)>,
    endpoint: Option<Endpoint>,
}

/// The workspace's own configuration at another time: what `.cargo/config.toml` and `.cargo/config` held, where they were there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// `.cargo/config.toml`
    pub toml: Option<String>,
    /// `.cargo/config`, which wins over the other.
    pub plain: Option<String>,
}

/// What `read` would have found at that time. Configuration outside of the workspace, included files and the toolchain are those of today.
pub fn channel_then(root: &Utf8Path, environment: &Environment, then: &Configuration) -> ChannelFacts {
    // Files of today that cannot be read are told with the state of today.
    read_as(root, environment, Some(then), &mut Vec::new())
}

/// Reads every configuration file that cargo would read for a workspace.
pub(super) fn read(root: &Utf8Path, environment: &Environment, gaps: &mut Vec<Gap>) -> ChannelFacts {
    read_as(root, environment, None, gaps)
}

fn read_as(
    root: &Utf8Path,
    environment: &Environment,
    then: Option<&Configuration>,
    gaps: &mut Vec<Gap>,
) -> ChannelFacts {
    let mut sources: BTreeMap<String, Named> = BTreeMap::new();
    let mut read_any_error = false;
    let mut open = files(root, environment, then.is_some());
    open.reverse();
    let mut seen = BTreeSet::new();
    // The last of the open ones is the nearest.
    while let Some(ConfigFile { path, shown, optional }) = open.pop() {
        if !seen.insert(path.canonicalize_utf8().unwrap_or_else(|_| path.clone())) {
            continue;
        }
        if seen.len() > MAX_FILES {
            read_any_error = true;
            let detail =
                format!("cargo's configuration is more than {MAX_FILES} files; {shown} and more were not read");
            gaps.push(Gap { kind: GapKind::ConfigUnreadable, package: None, detail });
            break;
        }
        let own = then.filter(|_| {
            let (folder, name) = (path.parent(), path.file_name());
            folder == Some(&root.join(".cargo")) && matches!(name, Some("config" | "config.toml"))
        });
        let read = match own.map(|then| then.plain.as_ref().or(then.toml.as_ref())) {
            None => load(&path),
            Some(None) => Ok(None),
            Some(Some(text)) => parse(text.clone()),
        };
        match read {
            Ok(Some((text, raw))) => {
                // A later one wins over an earlier one.
                open.extend(raw.include.iter().map(|include| included(include, &path, &shown)));
                merge(raw, &text, &path, &shown, root, &mut sources);
            }
            Ok(None) if optional => {}
            Ok(None) => {
                read_any_error = true;
                let detail = format!("{shown} is not there, so a mirror in it would not be seen");
                gaps.push(Gap { kind: GapKind::ConfigUnreadable, package: None, detail });
            }
            Err(why) => {
                read_any_error = true;
                gaps.push(Gap {
                    kind: GapKind::ConfigUnreadable,
                    package: None,
                    detail: format!("{shown} cannot be read ({why}), so a mirror in it would not be seen"),
                });
            }
        }
    }
    ChannelFacts {
        replacements: replacements(&sources),
        toolchain: Some(toolchain(root, environment)),
        configuration_read: !read_any_error,
    }
}

/// A configuration file that may be there.
struct ConfigFile {
    path: Utf8PathBuf,
    /// The name under which it is shown.
    shown: String,
    /// It need not be there.
    optional: bool,
}

/// A file that another one includes.
fn included(include: &RawInclude, by: &Utf8Path, shown: &str) -> ConfigFile {
    let (path, optional) = match include {
        RawInclude::Path(path) => (path, false),
        RawInclude::Table { path, optional } => (path, *optional),
    };
    let whole = by.parent().unwrap_or(by).join(path);
    let folder = shown.rsplit_once('/').map_or("", |(folder, _)| folder);
    // What lies elsewhere is not told in full.
    let shown = if Utf8Path::new(path).is_absolute() {
        whole.file_name().unwrap_or_default().to_owned()
    } else {
        format!("{folder}/{}", path.replace('\\', "/"))
    };
    ConfigFile { path: whole, shown, optional }
}

/// A file as a reader in the workspace would write it; what lies elsewhere is not told in full.
fn shown(root: &Utf8Path, path: &Utf8Path) -> String {
    if let Ok(inside) = path.strip_prefix(root) {
        return inside.as_str().replace('\\', "/");
    }
    let above = root.ancestors().position(|folder| path.starts_with(folder)).unwrap_or(0);
    match root.ancestors().nth(above).and_then(|folder| path.strip_prefix(folder).ok()) {
        Some(rest) if above > 0 => format!("{}{}", "../".repeat(above), rest.as_str().replace('\\', "/")),
        _ => path.file_name().unwrap_or_default().to_owned(),
    }
}

/// The files that cargo looks for, nearest first; the workspace's own even where it is not there, if `own` asks for it.
fn files(root: &Utf8Path, environment: &Environment, own: bool) -> Vec<ConfigFile> {
    let cargo_home = environment.cargo_home.as_deref();
    let mut found = Vec::new();
    for folder in environment.current_dir.ancestors() {
        let cargo = folder.join(".cargo");
        if cargo_home.is_some_and(|home| home == cargo) {
            continue;
        }
        let shown = shown(root, &cargo);
        let missing = (own && folder == root).then(|| config_file(&cargo, &shown, "config.toml"));
        found.extend(one_of(&cargo, &shown).or(missing));
    }
    if let Some(home) = cargo_home {
        found.extend(one_of(home, "$CARGO_HOME"));
    }
    found
}

/// `config` wins over `config.toml` where both stand, as in cargo.
fn one_of(folder: &Utf8Path, shown: &str) -> Option<ConfigFile> {
    ["config", "config.toml"].into_iter().map(|name| config_file(folder, shown, name)).find(|file| file.path.is_file())
}

fn config_file(folder: &Utf8Path, shown: &str, name: &str) -> ConfigFile {
    ConfigFile { path: folder.join(name), shown: format!("{shown}/{name}"), optional: true }
}

fn load(path: &Utf8Path) -> Result<Option<(String, Raw)>, String> {
    if path.exists() && !path.is_file() {
        return Err("it is not a file".to_owned());
    }
    let text = match read_bounded(path, MAX_CONFIG) {
        Ok(text) => text,
        Err(ReadError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(ReadError::Io { source, .. }) => return Err(source.to_string()),
        Err(ReadError::TooLarge { .. }) => return Err("it is too large".to_owned()),
        Err(ReadError::NotText { .. }) => return Err("it is not UTF-8 text".to_owned()),
    };
    parse(text)
}

fn parse(text: String) -> Result<Option<(String, Raw)>, String> {
    match toml::from_str(&text) {
        Ok(raw) => Ok(Some((text, raw))),
        Err(error) => Err(error.message().to_owned()),
    }
}

fn merge(raw: Raw, text: &str, path: &Utf8Path, shown: &str, root: &Utf8Path, sources: &mut BTreeMap<String, Named>) {
    // Relative folders are relative to the folder that holds `.cargo`.
    let base = path.parent().and_then(Utf8Path::parent).unwrap_or(root);
    let folder = |name: &str| {
        let whole = base.join(name);
        whole.strip_prefix(root).map_or_else(
            |_| "a folder outside of the workspace".to_owned(),
            |inside| inside.as_str().replace('\\', "/"),
        )
    };
    for (name, source) in raw.source {
        let entry = sources.entry(name).or_default();
        if entry.replace_with.is_none() {
            entry.replace_with = source.replace_with.map(|with| {
                let line = text.get(..with.span().start).unwrap_or_default().matches('\n').count() + 1;
                (with.into_inner(), format!("{shown}:{line}"))
            });
        }
        if entry.endpoint.is_none() {
            entry.endpoint = source
                .registry
                .map(Endpoint::Registry)
                .or_else(|| source.directory.as_deref().map(|name| Endpoint::Directory(folder(name))))
                .or_else(|| source.local_registry.as_deref().map(|name| Endpoint::LocalRegistry(folder(name))))
                .or_else(|| source.git.map(Endpoint::Git));
        }
    }
    for (name, registry) in raw.registries {
        let entry = sources.entry(name).or_default();
        if entry.endpoint.is_none() {
            entry.endpoint = registry.index.map(Endpoint::Registry);
        }
    }
}

/// Follows every `replace-with` to its end. The key is `crates-io`, or the address of the source that is replaced.
fn replacements(sources: &BTreeMap<String, Named>) -> BTreeMap<String, Replacement> {
    let mut found = BTreeMap::new();
    for (name, start) in sources {
        let Some((mut next, reference)) = start.replace_with.clone() else { continue };
        let mut end = None;
        for _ in 0..MAX_CHAIN {
            let Some(source) = sources.get(&next) else { break };
            if let Some((further, _)) = &source.replace_with {
                next.clone_from(further);
            } else {
                end.clone_from(&source.endpoint);
                break;
            }
        }
        let key = match &start.endpoint {
            Some(Endpoint::Registry(url) | Endpoint::Git(url)) if name != "crates-io" => url.clone(),
            _ => name.clone(),
        };
        if let Some(end) = end {
            found.insert(key, Replacement { end, reference });
        }
    }
    found
}

fn toolchain(root: &Utf8Path, environment: &Environment) -> Toolchain {
    let set = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    Toolchain {
        wanted: root.ancestors().enumerate().find_map(|(up, folder)| wanted(folder, &"../".repeat(up))),
        dist_server: set(&environment.rustup_dist_server),
        update_root: set(&environment.rustup_update_root),
    }
}

/// `rust-toolchain` (a bare name, or TOML) wins over `rust-toolchain.toml`, as in rustup.
fn wanted(folder: &Utf8Path, up: &str) -> Option<(String, String)> {
    let (name, text) = ["rust-toolchain", "rust-toolchain.toml"]
        .into_iter()
        .find_map(|name| read_bounded(&folder.join(name), MAX_CONFIG).ok().map(|text| (name, text)))?;
    let shown = format!("{up}{name}");
    let table: Option<toml::Table> = toml::from_str(&text).ok();
    match table.as_ref().and_then(|table| table.get("toolchain")) {
        Some(toolchain) => {
            let channel = toolchain.get("channel").or_else(|| toolchain.get("path"))?.as_str()?;
            let line = text.lines().position(|line| line.contains(channel)).map_or(1, |at| at + 1);
            Some((channel.to_owned(), format!("{shown}:{line}")))
        }
        None => text.lines().next().map(|line| (line.trim().to_owned(), format!("{shown}:1"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(text: &str) -> BTreeMap<String, Replacement> {
        let raw: Raw = toml::from_str(text).unwrap();
        let mut sources = BTreeMap::new();
        merge(
            raw,
            text,
            Utf8Path::new("/w/.cargo/config.toml"),
            ".cargo/config.toml",
            Utf8Path::new("/w"),
            &mut sources,
        );
        replacements(&sources)
    }

    #[test]
    fn a_chain_is_followed_to_its_end() {
        let found = chain(concat!(
            "[source.crates-io]\nreplace-with = \"a\"\n",
            "[source.a]\nreplace-with = \"b\"\n",
            "[source.b]\nregistry = \"sparse+https://mirror.example/index/\"\n",
        ));
        let replacement = &found["crates-io"];
        assert_eq!(replacement.end, Endpoint::Registry("sparse+https://mirror.example/index/".to_owned()));
        assert_eq!(replacement.reference, ".cargo/config.toml:2");
    }

    #[test]
    fn a_circle_ends() {
        assert!(
            chain("[source.crates-io]\nreplace-with = \"a\"\n[source.a]\nreplace-with = \"crates-io\"\n").is_empty()
        );
    }

    #[test]
    fn vendored_folders_are_relative_to_the_workspace() {
        let found = chain("[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"third-party/vendor\"\n");
        assert_eq!(found["crates-io"].end, Endpoint::Directory("third-party/vendor".to_owned()));
        let found = chain("[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"/elsewhere\"\n");
        assert_eq!(found["crates-io"].end, Endpoint::Directory("a folder outside of the workspace".to_owned()));
    }

    /// What is read of files in a folder, without cargo: which versions of it know `include` does not matter.
    #[expect(clippy::disallowed_methods, reason = "a test writes its files")]
    fn read_files(files: &[(&str, String)]) -> (ChannelFacts, Vec<Gap>) {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8Path::from_path(folder.path()).unwrap();
        for (name, text) in files {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let environment = Environment {
            cargo: None,
            cargo_home: None,
            current_dir: root.to_owned(),
            rustup_dist_server: None,
            rustup_update_root: None,
            threads: 1,
        };
        let mut gaps = Vec::new();
        (read(root, &environment, &mut gaps), gaps)
    }

    fn mirror(host: &str) -> String {
        let with =
            "[source.crates-io]\nreplace-with = \"m\"\n[source.m]\nregistry = \"sparse+https://HOST.example/\"\n";
        with.replace("HOST", host)
    }

    #[test]
    fn included_files_are_read_as_cargo_reads_them() {
        let one = |line: &str| (".cargo/config.toml", line.to_owned());
        for (files, host, reference) in [
            (vec![one("include = [\"a.toml\"]\n"), (".cargo/a.toml", mirror("a"))], "a", ".cargo/a.toml:2"),
            // From the folder of the file, deeper and deeper.
            (
                vec![
                    one("include = [{ path = \"sub/a.toml\" }]\n"),
                    (".cargo/sub/a.toml", "include = [\"../b.toml\"]\n".to_owned()),
                    (".cargo/b.toml", mirror("b")),
                ],
                "b",
                ".cargo/sub/../b.toml:2",
            ),
            // The later of two wins, and what includes wins over both.
            (
                vec![
                    one("include = [\"a.toml\", \"b.toml\"]\n"),
                    (".cargo/a.toml", mirror("a")),
                    (".cargo/b.toml", mirror("b")),
                ],
                "b",
                ".cargo/b.toml:2",
            ),
            (
                vec![one(&format!("include = [\"a.toml\"]\n{}", mirror("main"))), (".cargo/a.toml", mirror("a"))],
                "main",
                ".cargo/config.toml:3",
            ),
            // A circle ends.
            (
                vec![one("include = [\"config.toml\", \"a.toml\"]\n"), (".cargo/a.toml", mirror("a"))],
                "a",
                ".cargo/a.toml:2",
            ),
        ] {
            let (facts, gaps) = read_files(&files);
            let replacement = &facts.replacements["crates-io"];
            assert_eq!(replacement.end, Endpoint::Registry(format!("sparse+https://{host}.example/")));
            assert_eq!((replacement.reference.as_str(), gaps.len()), (reference, 0));
        }
    }

    #[test]
    fn an_included_file_that_cannot_be_read_is_told() {
        for (text, gaps) in [
            ("include = [\"gone.toml\"]\n", 1),
            ("include = [{ path = \"gone.toml\", optional = true }]\n", 0),
            ("include = [\"a-folder\"]\n", 1),
            ("include = 1\n", 1),
        ] {
            let files = [(".cargo/config.toml", text.to_owned()), (".cargo/a-folder/file", String::new())];
            let (facts, found) = read_files(&files);
            assert_eq!((found.len(), facts.configuration_read), (gaps, gaps == 0), "{text}: {found:?}");
        }
        let files: Vec<(String, String)> =
            (0..100).map(|n| (format!(".cargo/{n}.toml"), format!("include = [\"{}.toml\"]\n", n + 1))).collect();
        let mut files: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        files.push((".cargo/config.toml", "include = [\"0.toml\"]\n".to_owned()));
        let (facts, found) = read_files(&files);
        assert!(!facts.configuration_read && found[0].detail.contains("more than 64 files"), "{found:?}");
    }
}
