//! What was there before a change: what the gate does not hold against the change.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::Evaluation;
use super::rule::Hit;
use crate::exposure::Grade;
use crate::facts::Facet;
use crate::graph::{Graph, Package, Source};

/// Name and source of a package, without what changes with its version.
type Known = (String, Source);

/// What a hit on a package is of: the rule, where it looks for no grade; the programme; the ban.
type Of = (Option<usize>, Option<usize>, Option<usize>);

/// The state before a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    /// Name and source of every package, without version and commit: a newer version of the same is no new use.
    packages: BTreeSet<Known>,
    /// Rule, and what it is about, of what was found in the graph as a whole and has not become larger.
    whole: BTreeSet<(usize, String)>,
    /// What is found in newer versions only, where the base tells what was found in the older ones.
    fresh: BTreeSet<(Known, Of)>,
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
        Self { packages: packages.collect(), whole: BTreeSet::new(), fresh: BTreeSet::new(), same_configuration }
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

    /// The same with what the policy finds in newer versions and did not find, or not as near, in the older ones: whoever stands behind a
    /// package can change with a version. Both must be found out in the same way, else what was not known before would be new.
    #[must_use]
    pub fn with_newer(self, before: (&Graph, &Evaluation), now: (&Graph, &Evaluation)) -> Self {
        let old = found_in(before, |_| true);
        let same: BTreeSet<_> = before.0.packages().map(|(_, package)| (known(package), &package.version)).collect();
        let newer = found_in(now, |package| !same.contains(&(known(package), &package.version)));
        let nearer = |key: &(Known, Of), grade: &Option<Grade>| old.get(key).is_none_or(|before| grade < before);
        let fresh = newer.into_iter().filter(|(key, grade)| nearer(key, grade)).map(|(key, _)| key);
        Self { fresh: fresh.collect(), ..self }
    }

    /// Whether what a rule finds was there.
    pub(super) fn had(&self, rule: usize, hit: &Hit, package: Option<&Package>) -> bool {
        match package {
            None => self.whole.contains(&(rule, hit.about.clone())),
            Some(_) if hit.facet == Some(Facet::Channel) && !self.same_configuration => false,
            Some(package) if package.member => true,
            Some(package) => {
                let known = known(package);
                self.packages.contains(&known) && !self.fresh.contains(&(known, of(rule, hit)))
            }
        }
    }
}

fn known(package: &Package) -> Known {
    (package.name.clone(), place(&package.source))
}

fn of(rule: usize, hit: &Hit) -> Of {
    // The same programme can be nearer or farther, which is for several rules to say.
    (Some(rule).filter(|_| hit.grade.is_none()), hit.programme, hit.ban)
}

/// What is found in packages that fit, each with the nearest grade.
fn found_in(
    (graph, evaluation): (&Graph, &Evaluation),
    fits: impl Fn(&Package) -> bool,
) -> BTreeMap<(Known, Of), Option<Grade>> {
    let mut found: BTreeMap<(Known, Of), Option<Grade>> = BTreeMap::new();
    for finding in &evaluation.findings {
        let Some(package) = finding.package.map(|at| graph.package(at)).filter(|package| fits(package)) else {
            continue;
        };
        for weighed in &finding.hits {
            let nearest = found.entry((known(package), of(finding.rule, &weighed.hit))).or_insert(weighed.hit.grade);
            *nearest = (*nearest).min(weighed.hit.grade);
        }
    }
    found
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
