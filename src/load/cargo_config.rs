//! Source replacement, and which toolchain is asked for.
//!
//! A mirror is a channel, and it is visible nowhere else: lock files and `cargo metadata` keep the original source. The files are those
//! that cargo reads: `.cargo/config.toml` (or `.cargo/config`) where cargo runs and in every folder above it, then `CARGO_HOME`. A nearer file wins.

use std::collections::BTreeMap;

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

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    source: BTreeMap<String, RawSource>,
    #[serde(default)]
    registries: BTreeMap<String, RawRegistry>,
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

/// What `read` would have found at that time. Configuration outside of the workspace, and the toolchain, are those of today.
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
    for (path, shown) in files(root, environment, then.is_some()) {
        let own = then.filter(|_| path.parent() == Some(&root.join(".cargo")));
        let read = match own.map(|then| then.plain.as_ref().or(then.toml.as_ref())) {
            None => load(&path),
            Some(None) => Ok(None),
            Some(Some(text)) => parse(text.clone()),
        };
        match read {
            Ok(Some((text, raw))) => merge(raw, &text, &path, &shown, root, &mut sources),
            Ok(None) => {}
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

/// Paths with the names under which they are shown, nearest first; the workspace's own even where it is not there, if `own` asks for it.
fn files(root: &Utf8Path, environment: &Environment, own: bool) -> Vec<(Utf8PathBuf, String)> {
    let cargo_home = environment.cargo_home.as_deref();
    let mut found = Vec::new();
    for folder in environment.current_dir.ancestors() {
        let cargo = folder.join(".cargo");
        if cargo_home.is_some_and(|home| home == cargo) {
            continue;
        }
        let shown = shown(root, &cargo);
        let missing = (own && folder == root).then(|| (cargo.join("config.toml"), format!("{shown}/config.toml")));
        found.extend(one_of(&cargo, &shown).or(missing));
    }
    if let Some(home) = cargo_home {
        found.extend(one_of(home, "$CARGO_HOME"));
    }
    found
}

/// `config` wins over `config.toml` where both stand, as in cargo.
fn one_of(folder: &Utf8Path, shown: &str) -> Option<(Utf8PathBuf, String)> {
    ["config", "config.toml"]
        .into_iter()
        .map(|name| (folder.join(name), format!("{shown}/{name}")))
        .find(|(path, _)| path.is_file())
}

fn load(path: &Utf8Path) -> Result<Option<(String, Raw)>, String> {
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
}
