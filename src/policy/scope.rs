//! `[scopes]`: how grave a finding can be at the most, by what its package is for.

use serde::Deserialize;

use super::Level;
use super::text::{Text, Value};
use crate::graph::{Dependency, Graph, Package, PackageIx};

/// The gravest level of findings in packages of each scope. What is in several scopes, or in none that is known, has the gravest of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes {
    /// Compiled into what is built for users.
    pub ships: Level,
    /// Runs on the build machine.
    pub build: Level,
    /// Only for tests, examples and benchmarks of the workspace.
    pub dev: Level,
}

impl Default for Scopes {
    fn default() -> Self {
        Self { ships: Level::Deny, build: Level::Deny, dev: Level::Deny }
    }
}

/// How grave a finding can be at the most, by what its package is for.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawScopes {
    /// Compiled into what is built for users: `allow`, `warn` or `deny`.
    ships: Option<String>,
    /// Runs on the build machine: `allow`, `warn` or `deny`.
    build: Option<String>,
    /// Only for tests, examples and benchmarks of the workspace (with `--dev`): `allow`, `warn` or `deny`.
    dev: Option<String>,
}

/// Reads the table.
pub(super) fn read(text: &Text<'_>, value: &Value<'_>, problems: &mut Vec<String>) -> Scopes {
    let Some(raw) = text.read::<RawScopes>(value, problems) else { return Scopes::default() };
    let mut level = |key: &str, word: Option<String>| {
        let Some(word) = word else { return Level::Deny };
        Level::from_word(&word).unwrap_or_else(|| {
            let place = value.get_ref().as_table().and_then(|table| table.get(key)).unwrap_or(value);
            problems.push(
                text.problem(&place.span(), &format!("`{word}` is not a level; levels are allow, warn and deny")),
            );
            Level::Deny
        })
    };
    Scopes { ships: level("ships", raw.ships), build: level("build", raw.build), dev: level("dev", raw.dev) }
}

impl Scopes {
    /// Whether every scope may fail the check: then nobody need ask which a package is in.
    pub(super) fn say_nothing(self) -> bool {
        self == Self::default()
    }

    /// The gravest level of a finding in a package, and the scopes that make it so, in words.
    pub(super) fn most(self, package: &Package, only_dev: bool) -> (Level, &'static str) {
        if only_dev {
            return (self.dev, "it is only for tests, examples and benchmarks");
        }
        match (package.roles.target, package.runs_at_build()) {
            (Some(false), Some(true)) => (self.build, "it runs on the build machine and does not ship"),
            (Some(true), Some(false)) => (self.ships, "it ships and does not run on the build machine"),
            (Some(true), Some(true)) => (self.ships.max(self.build), "it ships and runs on the build machine"),
            // Not known: as grave as the policy has it anywhere but in development.
            _ => (self.ships.max(self.build), "what it is for is not known"),
        }
    }
}

/// For every package whether the workspace needs it only to be tested, in order.
pub(super) fn only_for_development(graph: &Graph) -> Vec<bool> {
    let built = reached(graph, |kind| kind.normal || kind.build || kind.unknown_kind);
    let all = reached(graph, |_| true);
    built.iter().zip(all).map(|(built, all)| all && !built).collect()
}

/// Which packages the roots reach by dependencies of some kinds.
fn reached(graph: &Graph, follow: impl Fn(Dependency) -> bool) -> Vec<bool> {
    let mut reached = vec![false; graph.len()];
    let mut open: Vec<PackageIx> = graph.roots().to_vec();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut reached[at.index()], true) {
            open.extend(graph.dependencies(at).into_iter().filter(|(_, kind)| follow(*kind)).map(|(to, _)| to));
        }
    }
    reached
}
