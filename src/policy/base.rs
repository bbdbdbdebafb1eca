//! What was there before a change: what the gate does not hold against the change.

use std::collections::BTreeSet;

use super::evaluate::Evaluation;
use crate::graph::{Graph, Package, Source};

/// The state before a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    /// Name and source of every package, without version and commit: a newer version of the same is no new use.
    packages: BTreeSet<(String, Source)>,
    /// Rules that found something in the graph as a whole.
    whole: BTreeSet<usize>,
    /// Whether cargo's configuration is what it was: where it is not, or nobody knows, the channels of all packages may be new.
    same_configuration: bool,
}

impl Base {
    /// A base from the graph of its lock file, what the policy finds in that, and whether cargo's configuration is the same.
    pub fn new(graph: &Graph, evaluation: &Evaluation, same_configuration: bool) -> Self {
        let packages = graph.packages().map(|(_, package)| (package.name.clone(), place(package)));
        let whole = evaluation.findings.iter().filter(|finding| finding.package.is_none()).map(|finding| finding.rule);
        Self { packages: packages.collect(), whole: whole.collect(), same_configuration }
    }

    /// Whether what a rule finds was there.
    pub(super) fn had(&self, rule: usize, package: Option<&Package>, channel: bool) -> bool {
        match package {
            None => self.whole.contains(&rule),
            Some(_) if channel && !self.same_configuration => false,
            Some(package) => package.member || self.packages.contains(&(package.name.clone(), place(package))),
        }
    }
}

/// The source of a package without what changes with its version. A lock file does not say where a folder lies.
fn place(package: &Package) -> Source {
    match &package.source {
        Source::Git { url, .. } => {
            Source::Git { url: url.clone(), reference: crate::graph::GitReference::Default, commit: None }
        }
        Source::Path(_) => Source::Path(None),
        other => other.clone(),
    }
}
