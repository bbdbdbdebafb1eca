//! What was there before a change: what the gate does not hold against the change.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use super::evaluate::{Evaluation, Weighed};
use super::rule::Hit;
use crate::exposure::Grade;
use crate::facts::Facet;
use crate::graph::{Graph, Package, Source};

/// Name and source of a package, without what changes with its version.
type Known = (String, Source);

/// What changes with every update: the version, and the commit.
type Release = (Version, Option<String>);

/// What a hit on a package is of: the rule, where it looks for no grade; the programme; the ban.
type Of = (Option<usize>, Option<usize>, Option<usize>);

/// What is found in packages, each with the nearest grade.
type Found = BTreeMap<(Known, Of), Option<Grade>>;

/// What a report tells of a package: name, source, the programme by its place among those applied, and how near it is.
pub type Reached = (String, Source, usize, Grade);

/// Whether what is found now was there before the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Had {
    /// It is new.
    No,
    /// It was there.
    Yes,
    /// Another version of the package was there, and nobody knows what would have been found in that.
    OtherVersion,
}

/// The state before a change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Base {
    /// Every package by name and source, with its releases: a newer version of the same is no new use.
    packages: BTreeMap<Known, BTreeSet<Release>>,
    /// Rule, and what it is about, of what was found in the graph as a whole and has not become larger.
    whole: BTreeSet<(usize, String)>,
    /// Whether all packages are what they were: then nothing in the graph as a whole can come from the change.
    unchanged: bool,
    /// What is found in newer versions, where the base tells: whether it was found in the older ones, and as near.
    newer: BTreeMap<(Known, Of), bool>,
    /// Whether cargo's configuration is what it was: where it is not, or nobody knows, the channels of all packages may be new.
    same_configuration: bool,
}

impl Base {
    /// A base from the graph of its lock file, and whether cargo's configuration is the same.
    pub fn new(graph: &Graph, same_configuration: bool) -> Self {
        let packages = graph
            .packages()
            .map(|(_, package)| (package.name.clone(), package.version.clone(), package.source.clone()));
        Self::of(packages, same_configuration)
    }

    /// A base from the names, versions and sources of its packages, where that is all there is.
    pub fn of(packages: impl Iterator<Item = (String, Version, Source)>, same_configuration: bool) -> Self {
        let mut base = Self { same_configuration, ..Self::default() };
        for (name, version, source) in packages {
            let commit = commit(&source);
            base.packages.entry((name, place(&source))).or_default().insert((version, commit));
        }
        base
    }

    /// The same, where all packages are what they were.
    #[must_use]
    pub fn with_unchanged(self, unchanged: bool) -> Self {
        Self { unchanged, ..self }
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

    /// The same with what the policy finds in newer versions: whether it found it, as near, in the older ones, since whoever stands behind
    /// a package can change with a version.
    ///
    /// `before` and `now` are found out in the same way, else what was not known before would be new; `built` is what the change is
    /// judged by, and may know more. `told` says of which packages the older version is known as well as the newer.
    #[must_use]
    pub fn with_newer(
        self,
        before: (&Graph, &Evaluation),
        now: (&Graph, &Evaluation),
        built: (&Graph, &Evaluation),
        told: impl Fn(&Package) -> bool,
    ) -> Self {
        let told: BTreeSet<Known> = known_where(before.0, &told);
        let (old, now) = (found_in(before, |_| true), found_in(now, |package| self.is_newer(package)));
        let mut newer = BTreeMap::new();
        for (key, grade) in found_in(built, |package| self.is_newer(package)) {
            let told = told.contains(&key.0);
            // That nothing is known of an older version can come from its manifest, which nobody has.
            let says = told || key.1.1.is_some() || key.1.2.is_some();
            let was = old.get(&key).is_some_and(|before| says && *before <= grade);
            let came = told && now.get(&key).is_some_and(|now| old.get(&key).is_none_or(|before| now < before));
            if was || came {
                newer.insert(key, was);
            }
        }
        Self { newer, ..self }
    }

    /// The same from what two reports tell that were made in the same way, of programmes that were what they are.
    #[must_use]
    pub fn with_reached(
        self,
        before: impl Iterator<Item = Reached>,
        now: impl Iterator<Item = Reached>,
        built: (&Graph, &Evaluation),
        told: impl Fn(usize) -> bool,
    ) -> Self {
        let (old, now) = (nearest(before), nearest(now));
        let mut newer = BTreeMap::new();
        for (key, grade) in found_in(built, |package| self.is_newer(package)) {
            let Some(programme) = key.1.1.filter(|_| key.1.2.is_none()) else { continue };
            let reached = (key.0.clone(), programme);
            let old = old.get(&reached);
            let was = old.zip(grade).is_some_and(|(before, grade)| *before <= grade);
            let came = match grade {
                Some(_) => now.get(&reached).is_some_and(|now| old.is_none_or(|before| now < before)),
                // Rules that look for no grade find nothing where nothing is reached.
                None => now.contains_key(&reached) && old.is_none(),
            };
            if was || (came && told(programme)) {
                newer.insert(key, was);
            }
        }
        Self { newer, ..self }
    }

    /// Whether a package was there, and not in this release.
    pub fn is_newer(&self, package: &Package) -> bool {
        let releases = self.packages.get(&known(package));
        !package.member && releases.is_some_and(|releases| !releases.contains(&release(package)))
    }

    /// Whether what a rule finds was there.
    pub(super) fn had(&self, rule: usize, hit: &Hit, package: Option<&Package>) -> Had {
        let yes = |was| if was { Had::Yes } else { Had::No };
        let Some(package) = package else {
            return yes(self.unchanged || self.whole.contains(&(rule, hit.about.clone())));
        };
        let channel = hit.facet == Some(Facet::Channel);
        if channel && !self.same_configuration {
            return Had::No;
        }
        if package.member {
            return Had::Yes;
        }
        let known = known(package);
        match self.packages.get(&known) {
            None => Had::No,
            // A newer version comes through the same servers.
            Some(releases) if channel || releases.contains(&release(package)) => Had::Yes,
            Some(_) => self.newer.get(&(known, of(rule, hit))).map_or(Had::OtherVersion, |was| yes(*was)),
        }
    }
}

fn known_where(graph: &Graph, fits: impl Fn(&Package) -> bool) -> BTreeSet<Known> {
    let (mut all, mut not) = (BTreeSet::new(), BTreeSet::new());
    for (_, package) in graph.packages() {
        if fits(package) {
            all.insert(known(package))
        } else {
            not.insert(known(package))
        };
    }
    // Of several versions each has to be known.
    &all - &not
}

fn release(package: &Package) -> Release {
    (package.version.clone(), commit(&package.source))
}

fn commit(source: &Source) -> Option<String> {
    match source {
        Source::Git { commit, .. } => commit.clone(),
        _ => None,
    }
}

/// Each with the nearest grade. What is only possible is no finding.
fn nearest(rows: impl Iterator<Item = Reached>) -> BTreeMap<(Known, usize), Grade> {
    let mut found = BTreeMap::new();
    for (name, source, programme, grade) in rows.filter(|row| row.3 != Grade::Possible) {
        let nearest = found.entry(((name, place(&source)), programme)).or_insert(grade);
        *nearest = grade.min(*nearest);
    }
    found
}

fn known(package: &Package) -> Known {
    (package.name.clone(), place(&package.source))
}

fn of(rule: usize, hit: &Hit) -> Of {
    // The same programme can be nearer or farther, which is for several rules to say.
    (Some(rule).filter(|_| hit.grade.is_none()), hit.programme, hit.ban)
}

/// What is found in packages that fit, each with the nearest grade; channels aside, which do not change with a version.
fn found_in((graph, evaluation): (&Graph, &Evaluation), fits: impl Fn(&Package) -> bool) -> Found {
    let mut found = Found::new();
    for finding in &evaluation.findings {
        let Some(package) = finding.package.map(|at| graph.package(at)).filter(|package| fits(package)) else {
            continue;
        };
        for Weighed { hit, .. } in finding.hits.iter().filter(|weighed| weighed.hit.facet != Some(Facet::Channel)) {
            let nearest = found.entry((known(package), of(finding.rule, hit))).or_insert(hit.grade);
            *nearest = (*nearest).min(hit.grade);
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
