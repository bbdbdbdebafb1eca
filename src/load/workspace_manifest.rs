//! What the root `Cargo.toml` says that `cargo metadata` does not pass on.

use std::collections::BTreeSet;

use camino::Utf8Path;
use serde::Deserialize;

use super::read::read_bounded;

/// A manifest larger than this is not read.
const MAX_MANIFEST: u64 = 4 << 20;

/// The resolver version and the patched names of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct WorkspaceManifest {
    /// `resolver`, or what the edition stands for; nothing where the manifest does not say.
    pub(super) resolver: Option<String>,
    /// Packages that `[patch]` puts in place of others.
    pub(super) patched: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Raw {
    package: Option<RawPackage>,
    workspace: Option<RawWorkspace>,
    #[serde(default)]
    patch: toml::Table,
}

#[derive(Deserialize)]
struct RawPackage {
    resolver: Option<String>,
    edition: Option<toml::Value>,
}

#[derive(Deserialize)]
struct RawWorkspace {
    resolver: Option<String>,
    package: Option<RawPackage>,
}

impl WorkspaceManifest {
    /// Reads the manifest. Cargo has accepted it before, so one that cannot be read says nothing rather than failing.
    pub(super) fn read(path: &Utf8Path) -> Self {
        let raw = read_bounded(path, MAX_MANIFEST).ok().and_then(|text| toml::from_str::<Raw>(&text).ok());
        raw.map(Self::from_raw).unwrap_or_default()
    }

    fn from_raw(raw: Raw) -> Self {
        let patched = raw.patch.iter().filter_map(|(_, table)| table.as_table()).flatten();
        let patched = patched.map(|(key, value)| {
            let renamed = value.get("package").and_then(|name| name.as_str());
            renamed.unwrap_or(key).to_owned()
        });
        Self { patched: patched.collect(), resolver: resolver(raw.package, raw.workspace) }
    }
}

/// Whether a root manifest has a policy, `[workspace.metadata.origin]`; for who does not run cargo.
pub fn has_policy(path: &Utf8Path) -> bool {
    let text = read_bounded(path, MAX_MANIFEST).unwrap_or_default();
    let Ok(table) = toml::from_str::<toml::Table>(&text) else { return false };
    let within = |table: &toml::Table, key: &str| table.get(key).and_then(toml::Value::as_table).cloned();
    within(&table, "workspace")
        .and_then(|found| within(&found, "metadata"))
        .is_some_and(|found| found.contains_key("origin"))
}

fn resolver(package: Option<RawPackage>, workspace: Option<RawWorkspace>) -> Option<String> {
    let (workspace_resolver, workspace_edition) = match workspace {
        Some(workspace) => (workspace.resolver, workspace.package.and_then(|package| package.edition)),
        None => (None, None),
    };
    if workspace_resolver.is_some() {
        return workspace_resolver;
    }
    let package = package?;
    if package.resolver.is_some() {
        return package.resolver;
    }
    // `edition.workspace = true` is a table.
    let own = package.edition.as_ref().and_then(|edition| edition.as_str().map(str::to_owned));
    let edition = own.or_else(|| workspace_edition.and_then(|edition| edition.as_str().map(str::to_owned)));
    // The Cargo book, "Resolver versions": edition 2021 implies 2, edition 2024 implies 3.
    Some(match edition.as_deref() {
        Some("2024") => "3".to_owned(),
        Some("2021") => "2".to_owned(),
        _ => "1".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> WorkspaceManifest {
        WorkspaceManifest::from_raw(toml::from_str(text).unwrap())
    }

    #[test]
    fn the_resolver_follows_the_edition_unless_it_is_said() {
        assert_eq!(read("[package]\nedition = \"2024\"").resolver.as_deref(), Some("3"));
        assert_eq!(read("[package]\nedition = \"2018\"").resolver.as_deref(), Some("1"));
        assert_eq!(read("[workspace]\nresolver = \"2\"").resolver.as_deref(), Some("2"));
        assert_eq!(
            read("[workspace.package]\nedition = \"2021\"\n[package]\nedition.workspace = true").resolver.as_deref(),
            Some("2")
        );
        assert_eq!(read("[workspace]").resolver, None);
    }

    #[test]
    fn patches_are_known_by_the_package_they_bring() {
        let manifest = read("[patch.crates-io]\na = { path = \"a\" }\nb2 = { package = \"b\", path = \"b\" }");
        assert_eq!(manifest.patched.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    }
}
