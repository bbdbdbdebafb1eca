//! What was there before a change: what the gate does not hold against the change.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::Evaluation;
use super::rule::Hit;
use crate::facts::Facet;
use crate::graph::{Graph, Package, Source};

/// The state before a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    /// Name and source of every package, without version and commit: a newer version of the same is no new use.
    packages: BTreeSet<(String, Source)>,
    /// Rule, and what it is about, of what was found in the graph as a whole and has not become larger.
    whole: BTreeSet<(usize, String)>,
    /// Whether cargo's configuration is what it was: where it is not, or nobody knows, the channels of all packages may be new.
    same_configuration: bool,
}

impl Base {
    /// A base from the graph of its lock file, and whether cargo's configuration is the same.
    pub fn new(graph: &Graph, same_configuration: bool) -> Self {
        let packages = graph.packages().map(|(_, package)| (package.name.clone(), package.source.clone()));
        Self::of(packages, same_configuration)
    }

    /// A base from the names and sources of its packages, where that is all there is.
    pub fn of(packages: impl Iterator<Item = (String, Source)>, same_configuration: bool) -> Self {
        let packages = packages.map(|(name, source)| (name, place(&source)));
        Self { packages: packages.collect(), whole: BTreeSet::new(), same_configuration }
    }

    /// The same with what the policy finds in the whole of it, and in the whole of today, found out in the same way: two lock files are
    /// compared, because a lock file holds more packages than are built, or two descriptions that tell as much.
    #[must_use]
    pub fn with_whole(self, before: &Evaluation, now: &Evaluation) -> Self {
        let (before, now) = (whole(before), whole(now));
        let grown = |key: &(usize, String), before: Option<f64>| matches!((before, now.get(key)), (Some(before), Some(Some(now))) if *now > before + NOTHING);
        let whole = before.iter().filter(|(key, size)| !grown(key, **size)).map(|(key, _)| key.clone());
        Self { whole: whole.collect(), ..self }
    }

    /// Whether what a rule finds was there.
    pub(super) fn had(&self, rule: usize, hit: &Hit, package: Option<&Package>) -> bool {
        match package {
            None => self.whole.contains(&(rule, hit.about.clone())),
            Some(_) if hit.facet == Some(Facet::Channel) && !self.same_configuration => false,
            Some(package) => package.member || self.packages.contains(&(package.name.clone(), place(&package.source))),
        }
    }
}

/// What shares may differ by without having grown.
const NOTHING: f64 = 1e-9;

/// What was found in the graph as a whole, with its size.
fn whole(evaluation: &Evaluation) -> BTreeMap<(usize, String), Option<f64>> {
    let whole = evaluation.findings.iter().filter(|finding| finding.package.is_none());
    let hits = whole.flat_map(|finding| finding.hits.iter().map(|weighed| (finding.rule, &weighed.hit)));
    hits.map(|(rule, hit)| ((rule, hit.about.clone()), hit.size)).collect()
}

/// The source of a package without what changes with its version. A lock file does not say where a folder lies.
fn place(source: &Source) -> Source {
    match source {
        Source::Git { url, .. } => {
            Source::Git { url: url.clone(), reference: crate::graph::GitReference::Default, commit: None }
        }
        Source::Path(_) => Source::Path(None),
        other => other.clone(),
    }
}
