//! From two states to what differs.

use std::collections::{BTreeMap, BTreeSet};

use super::pairs::{Pairs, pair, parts, place};
use super::{
    AddedPackage, AnswerChange, BaseReport, ChangedPackage, ConcentrationChange, DiffCounts, DiffReport,
    ExposureChange, ExposureChanges, ExposureEntry, Pair, PowerChange, ShareChange, UnknownChange,
};
use crate::report::state::{ConcentrationState, ExposureState, PackageState, State};
use crate::report::{NOTICE, Untrusted};

/// The order of grades, nearest first.
const GRADES: [&str; 6] = ["named", "seat", "publisher", "contribution", "channel", "possible"];

/// Shares are given to six digits; what differs by less than half of the last does not differ.
pub(in crate::report) const NOTHING: f64 = 5e-7;

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct States<'a> {
    /// Before.
    pub before: &'a State,
    /// Now, found out in the same way.
    pub now: &'a State,
    /// What is built now, where the other two are lock files: it tells more of packages that came.
    pub built: Option<&'a State>,
}

/// A package, whatever its version: name and source.
pub(in crate::report) type Lasting<'a> = (&'a str, &'a str);

pub(in crate::report) fn lasting(package: &PackageState) -> Lasting<'_> {
    (package.name.raw(), place(package))
}

/// Compares two states.
pub fn diff(
    states: &States<'_>,
    asked: &str,
    kind: &'static str,
    configuration_changed: Option<bool>,
    mut notes: Vec<Untrusted>,
) -> DiffReport {
    let States { before, now, .. } = *states;
    let Pairs { both, removed, added } = pair(&before.packages, &now.packages);
    let fresh = fresh(states);
    let exposures_now = exposures(now, states.built.map(|built| (built, &fresh)));
    let exposures_before = exposures(before, None);
    let own = |package: &&&PackageState| !package.workspace;
    let added: Vec<AddedPackage> = added.iter().filter(own).map(|package| came(package, now, states.built)).collect();
    let removed: Vec<AddedPackage> = removed.iter().filter(own).map(|package| came(package, before, None)).collect();
    let grades = nearest(now);
    let changed: Vec<ChangedPackage> =
        both.iter().filter_map(|(before, now)| change(before, now, grades.get(now.purl.raw()).copied())).collect();
    let exposures = exposure_changes(&exposures_before, &exposures_now);
    let concentration = concentrations(before, now);
    let unknowns = unknowns(before, now);
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let packages = |state: &State| count(state.packages.iter().filter(|package| !package.workspace).count());
    let counts = DiffCounts {
        packages: Pair { before: packages(before), now: packages(now) },
        added: count(added.len()),
        removed: count(removed.len()),
        changed: count(changed.len()),
        moved: count(changed.iter().filter(|package| package.source.is_some()).count()),
        version_only: count(changed.iter().filter(|package| package.version_only()).count()),
        exposures_added: count(exposures.added.len()),
        exposures_removed: count(exposures.removed.len()),
        exposures_changed: count(exposures.changed.len()),
    };
    let same = added.is_empty()
        && removed.is_empty()
        && changed.is_empty()
        && exposures == ExposureChanges::default()
        && concentration.is_empty()
        && unknowns.is_empty()
        && configuration_changed != Some(true);
    notes.extend(circumstances(before, now));
    DiffReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: now.as_of.clone(),
        home: now.home.clone(),
        data_date: now.data_date.clone(),
        workspace: now.workspace.name.clone(),
        compared: now.workspace.mode.clone(),
        base: BaseReport {
            asked: asked.into(),
            kind,
            as_of: before.as_of.clone(),
            generator: before.generator.clone(),
            data_date: before.data_date.clone(),
        },
        verdict: if same { "unchanged" } else { "changed" },
        counts,
        configuration_changed,
        added,
        removed,
        changed,
        exposures,
        concentration,
        unknowns,
        notes,
        notice: NOTICE.to_owned(),
    }
}

/// What differs between the two sides besides the project: a difference can come from there.
fn circumstances(before: &State, now: &State) -> Vec<Untrusted> {
    let home = |state: &State| state.home.as_ref().map_or("not set".to_owned(), |home| home.raw().to_owned());
    let rows = [
        ("is about", before.as_of.raw().to_owned(), now.as_of.raw().to_owned()),
        ("was made with data of", before.data_date.raw().to_owned(), now.data_date.raw().to_owned()),
        ("was made by", before.generator.raw().to_owned(), now.generator.raw().to_owned()),
        ("was made with the home", home(before), home(now)),
        ("is of the workspace", before.workspace.name.raw().to_owned(), now.workspace.name.raw().to_owned()),
    ];
    let differ = rows.into_iter().filter(|(_, before, now)| before != now);
    let mut notes: Vec<Untrusted> = differ
        .map(|(what, before, now)| {
            format!("the base {what} {before}, and this is {now}: what differs can come from that").into()
        })
        .collect();
    let (then, here) = (before.workspace.from_cache, now.workspace.from_cache);
    if then != here {
        let text = format!(
            "manifests were read from the local registry cache: {then} for the base, {here} for now; what is known on one side only can come from that"
        );
        notes.push(text.into());
    }
    notes
}

/// Packages that were not there before from where they come now, in any version, and of which what is built tells more.
fn fresh<'a>(states: &States<'a>) -> BTreeSet<Lasting<'a>> {
    let known: BTreeSet<Lasting<'_>> = states.before.packages.iter().map(lasting).collect();
    let built: BTreeSet<Lasting<'_>> = states.built.iter().flat_map(|built| &built.packages).map(lasting).collect();
    let came = states.now.packages.iter().map(lasting);
    came.filter(|package| !known.contains(package) && built.contains(package)).collect()
}

/// The nearest grade of every exposed package, by its package URL.
pub(in crate::report) fn nearest(state: &State) -> BTreeMap<&str, &Untrusted> {
    let mut found: BTreeMap<&str, &Untrusted> = BTreeMap::new();
    for exposure in &state.exposures {
        let known = found.entry(exposure.purl.raw()).or_insert(&exposure.grade);
        if rank(&exposure.grade) < rank(known) {
            *known = &exposure.grade;
        }
    }
    found
}

pub(in crate::report) fn rank(grade: &Untrusted) -> usize {
    GRADES.iter().position(|known| *known == grade.raw()).unwrap_or(GRADES.len())
}

/// A package that is there on one side only. What is built tells more of it than a lock file.
fn came(package: &PackageState, state: &State, built: Option<&State>) -> AddedPackage {
    let same = |other: &&PackageState| lasting(other) == lasting(package) && other.version == package.version;
    let better = built.and_then(|built| Some((built.packages.iter().find(same)?, built)));
    let is_built = built.map(|_| better.is_some());
    let (package, state) = better.unwrap_or((package, state));
    let reached = state.exposures.iter().filter(|exposure| exposure.purl == package.purl);
    let grade = reached.clone().map(|exposure| &exposure.grade).min_by_key(|grade| rank(grade));
    let programmes: BTreeSet<Untrusted> = reached.map(|exposure| exposure.programme.clone()).collect();
    AddedPackage {
        name: package.name.clone(),
        version: package.version.to_string(),
        source: package.source.clone(),
        purl: package.purl.clone(),
        direct: package.direct,
        path: package.path.clone(),
        steward: package.facets.steward.clone(),
        grade: grade.cloned(),
        programmes: programmes.into_iter().collect(),
        build_script: package.capabilities.build_script,
        proc_macro: package.capabilities.proc_macro,
        runs_at_build: package.capabilities.runs_at_build,
        built: is_built,
    }
}

/// What differs in a package that is on both sides; the user's own are not looked at, unless they come from elsewhere now.
fn change(before: &PackageState, now: &PackageState, grade: Option<&Untrusted>) -> Option<ChangedPackage> {
    if before.workspace && now.workspace {
        return None;
    }
    let ((place_before, commit_before), (place_now, commit_now)) =
        (parts(before.source.raw()), parts(now.source.raw()));
    let moved = place_before != place_now || before.workspace != now.workspace;
    let other_commit = !moved && commit_before != commit_now;
    let answers = before.facets.all().into_iter().zip(now.facets.all());
    let answers = answers
        .filter(|((_, before), (_, now))| before != now)
        .map(|((facet, before), (_, now))| AnswerChange { facet, before: before.clone(), now: now.clone() });
    let commit = |commit: Option<&str>| Untrusted::from(commit.unwrap_or_default());
    let found = ChangedPackage {
        name: now.name.clone(),
        purl: now.purl.clone(),
        direct: now.direct,
        path: now.path.clone(),
        version: Pair { before: before.version.to_string(), now: now.version.to_string() },
        source: moved.then(|| Pair { before: before.source.clone(), now: now.source.clone() }),
        commit: other_commit.then(|| Pair { before: commit(commit_before), now: commit(commit_now) }),
        answers: answers.collect(),
        powers: powers(before, now),
        grade: grade.cloned(),
    };
    let other_version = found.version.before != found.version.now;
    (other_version || found.commit.is_some() || !found.version_only()).then_some(found)
}

/// Powers that both sides tell of, and tell differently.
fn powers(before: &PackageState, now: &PackageState) -> Vec<PowerChange> {
    let (then, here) = (before.capabilities, now.capabilities);
    let mut found: Vec<PowerChange> = Vec::new();
    for (power, then, here) in [
        ("build-script", then.build_script, here.build_script),
        ("proc-macro", then.proc_macro, here.proc_macro),
        ("runs-at-build", then.runs_at_build, here.runs_at_build),
    ] {
        let (Some(then), Some(here)) = (then, here) else { continue };
        // A build script runs at build: that is said once.
        let said = power == "runs-at-build" && found.iter().any(|change| change.gained == here);
        if then != here && !said {
            found.push(PowerChange { power, gained: here });
        }
    }
    found
}

/// The nearest exposure of every programme and package, whatever the version.
pub(in crate::report) type Exposures<'a> = BTreeMap<(&'a str, Lasting<'a>), ExposureEntry>;

pub(in crate::report) fn exposures<'a>(
    state: &'a State,
    better: Option<(&'a State, &BTreeSet<Lasting<'a>>)>,
) -> Exposures<'a> {
    let mut found: Exposures<'a> = BTreeMap::new();
    let fresh = better.map(|(_, fresh)| fresh);
    let is_fresh = |package: &Lasting<'a>| fresh.is_some_and(|fresh| fresh.contains(package));
    for (of, wanted) in [(Some(state), false), (better.map(|(built, _)| built), true)] {
        let Some(of) = of else { continue };
        let packages: BTreeMap<&str, &PackageState> =
            of.packages.iter().map(|package| (package.purl.raw(), package)).collect();
        for exposure in &of.exposures {
            let Some(package) = packages.get(exposure.purl.raw()) else { continue };
            let lasting = lasting(package);
            if is_fresh(&lasting) != wanted {
                continue;
            }
            let new = entry(exposure, package);
            let known = found.entry((exposure.programme.raw(), lasting)).or_insert_with(|| new.clone());
            if order(&new) < order(known) {
                *known = new;
            }
        }
    }
    found
}

pub(in crate::report) fn order(entry: &ExposureEntry) -> (usize, &Untrusted, &Untrusted) {
    (rank(&entry.grade), &entry.package, &entry.purl)
}

fn entry(exposure: &ExposureState, package: &PackageState) -> ExposureEntry {
    ExposureEntry {
        programme: exposure.programme.clone(),
        package: exposure.package.clone(),
        purl: exposure.purl.clone(),
        grade: exposure.grade.clone(),
        effect: exposure.effect.clone(),
        status: exposure.status.clone(),
        because: exposure.because.clone(),
        path: package.path.clone(),
    }
}

fn exposure_changes(before: &Exposures<'_>, now: &Exposures<'_>) -> ExposureChanges {
    let only = |here: &Exposures<'_>, there: &Exposures<'_>| {
        let mut found: Vec<ExposureEntry> =
            here.iter().filter(|(key, _)| !there.contains_key(*key)).map(|(_, entry)| entry.clone()).collect();
        found.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.programme.cmp(&b.programme)));
        found
    };
    let both = before.iter().filter_map(|(key, before)| Some((before, now.get(key)?)));
    let differ = both.filter(|(before, now)| (&before.grade, &before.status) != (&now.grade, &now.status)).map(
        |(before, now)| {
            let came_true = before.status.raw() == "upcoming" && now.status.raw() == "in-force";
            let worse = rank(&now.grade) < rank(&before.grade) || (before.grade == now.grade && came_true);
            ExposureChange { before: before.clone(), now: now.clone(), worse }
        },
    );
    let mut changed: Vec<ExposureChange> = differ.collect();
    changed.sort_by(|a, b| {
        b.worse
            .cmp(&a.worse)
            .then_with(|| order(&a.now).cmp(&order(&b.now)))
            .then_with(|| a.now.programme.cmp(&b.now.programme))
    });
    ExposureChanges { added: only(now, before), removed: only(before, now), changed }
}

fn concentrations(before: &State, now: &State) -> Vec<ConcentrationChange> {
    let key = |row: &ConcentrationState| (row.facet.clone(), row.weighting.clone());
    let differs = |before: f64, now: f64| (before - now).abs() > NOTHING;
    let mut found = Vec::new();
    for now in &now.concentration {
        let Some(before) = before.concentration.iter().find(|row| key(row) == key(now)) else { continue };
        let countries: BTreeSet<&Untrusted> = before.shares.keys().chain(now.shares.keys()).collect();
        let share =
            |row: &ConcentrationState, country: &Untrusted| row.shares.get(country).copied().unwrap_or_default();
        let mut shares: Vec<ShareChange> = countries
            .into_iter()
            .map(|country| ShareChange {
                country: country.clone(),
                before: share(before, country),
                now: share(now, country),
            })
            .filter(|change| differs(change.before, change.now))
            .collect();
        let size = |change: &ShareChange| (change.before - change.now).abs();
        shares.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.country.cmp(&b.country)));
        let rest = [(before.no_seat, now.no_seat), (before.conflict, now.conflict), (before.unknown, now.unknown)];
        if shares.is_empty() && !rest.iter().any(|(before, now)| differs(*before, *now)) {
            continue;
        }
        found.push(ConcentrationChange {
            facet: now.facet.clone(),
            weighting: now.weighting.clone(),
            shares,
            no_seat: Pair { before: before.no_seat, now: now.no_seat },
            conflict: Pair { before: before.conflict, now: now.conflict },
            unknown: Pair { before: before.unknown, now: now.unknown },
            hhi: Pair { before: before.hhi, now: now.hhi },
        });
    }
    found
}

impl Pair<u32> {
    fn add(&mut self, before: u32, now: u32) {
        *self = Self { before: self.before.saturating_add(before), now: self.now.saturating_add(now) };
    }
}

fn unknowns(before: &State, now: &State) -> Vec<UnknownChange> {
    let mut counted: BTreeMap<(&Untrusted, &Untrusted), Pair<u32>> = BTreeMap::new();
    for row in &before.unknowns {
        counted.entry((&row.facet, &row.reason)).or_default().add(row.packages, 0);
    }
    for row in &now.unknowns {
        counted.entry((&row.facet, &row.reason)).or_default().add(0, row.packages);
    }
    // The order of facets is that of every report.
    let place = |facet: &Untrusted| now.concentration.iter().position(|row| row.facet == *facet);
    let mut found: Vec<UnknownChange> = counted
        .into_iter()
        .filter(|(_, number)| number.before != number.now)
        .map(|((facet, reason), number)| UnknownChange {
            facet: facet.clone(),
            reason: reason.clone(),
            before: number.before,
            now: number.now,
        })
        .collect();
    found.sort_by_key(|row| place(&row.facet));
    found
}
