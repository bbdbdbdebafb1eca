//! Which package of one side is which of the other.
//!
//! First what is the same, then versions of one compatible line from one source, then other versions from that source, and last what has
//! the same name and comes from elsewhere: the same version first. Where several fit, the highest versions go together. The two sides are
//! treated alike, so a comparison the other way round finds the same pairs.

use std::collections::BTreeMap;

use semver::Version;

use crate::report::PackageState;

/// The packages of two sides.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a> {
    /// On both sides: before, now.
    pub(super) both: Vec<(&'a PackageState, &'a PackageState)>,
    /// Before only.
    pub(super) removed: Vec<&'a PackageState>,
    /// Now only.
    pub(super) added: Vec<&'a PackageState>,
}

/// Where a package comes from, without what changes with its version.
pub(super) fn place(package: &PackageState) -> &str {
    parts(package.source.raw()).0
}

/// A source, and its commit if it is a git repository.
pub(in crate::report) fn parts(source: &str) -> (&str, Option<&str>) {
    match source.split_once('#').filter(|_| source.starts_with("git+")) {
        Some((place, commit)) => (place, Some(commit)),
        None => (source, None),
    }
}

/// Versions that cargo takes for compatible have one line.
fn line(version: &Version) -> (u64, u64, u64) {
    match (version.major, version.minor) {
        (0, 0) => (0, 0, version.patch),
        (0, minor) => (0, minor, 0),
        (major, _) => (major, 0, 0),
    }
}

/// What two packages of one name must share to go together.
type Key<'a> = (&'a str, Option<&'a Version>, (u64, u64, u64));

const STEPS: [for<'a> fn(&'a PackageState) -> Key<'a>; 5] = [
    |package| (package.source.raw(), Some(&package.version), (0, 0, 0)),
    |package| (place(package), None, line(&package.version)),
    |package| (place(package), None, (0, 0, 0)),
    |package| ("", Some(&package.version), (0, 0, 0)),
    |_| ("", None, (0, 0, 0)),
];

/// Pairs the packages of two sides.
pub(super) fn pair<'a>(before: &'a [PackageState], now: &'a [PackageState]) -> Pairs<'a> {
    let mut names: BTreeMap<&str, [Vec<&PackageState>; 2]> = BTreeMap::new();
    for (side, packages) in [before, now].into_iter().enumerate() {
        for package in packages {
            names.entry(package.name.raw()).or_default()[side].push(package);
        }
    }
    let mut pairs = Pairs::default();
    for mut sides in names.into_values() {
        for side in &mut sides {
            // The highest version first.
            side.sort_by(|a, b| b.version.cmp(&a.version).then_with(|| a.source.cmp(&b.source)));
        }
        let [mut old, mut new] = sides;
        for step in STEPS {
            (old, new) = go_together(old, new, step, &mut pairs.both);
        }
        pairs.removed.append(&mut old);
        pairs.added.append(&mut new);
    }
    let order = |a: &&PackageState, b: &&PackageState| key(a).cmp(&key(b));
    pairs.added.sort_by(order);
    pairs.removed.sort_by(order);
    pairs.both.sort_by(|a, b| key(a.1).cmp(&key(b.1)).then_with(|| key(a.0).cmp(&key(b.0))));
    pairs
}

fn key(package: &PackageState) -> (&str, &Version, &str) {
    (package.name.raw(), &package.version, package.source.raw())
}

/// Takes out what goes together, in order; the rest is handed back.
fn go_together<'a>(
    old: Vec<&'a PackageState>,
    new: Vec<&'a PackageState>,
    by: for<'k> fn(&'k PackageState) -> Key<'k>,
    both: &mut Vec<(&'a PackageState, &'a PackageState)>,
) -> (Vec<&'a PackageState>, Vec<&'a PackageState>) {
    let mut waiting: BTreeMap<Key<'a>, Vec<usize>> = BTreeMap::new();
    for (at, package) in old.iter().enumerate().rev() {
        waiting.entry(by(package)).or_default().push(at);
    }
    let mut taken = vec![false; old.len()];
    let mut left = Vec::new();
    for package in new {
        if let Some(at) = waiting.get_mut(&by(package)).and_then(Vec::pop) {
            taken[at] = true;
            both.push((old[at], package));
        } else {
            left.push(package);
        }
    }
    let rest = old.into_iter().zip(taken).filter_map(|(package, taken)| (!taken).then_some(package));
    (rest.collect(), left)
}
