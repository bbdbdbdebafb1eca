//! From two states to what they have in common, and what not.

use std::collections::{BTreeMap, BTreeSet};

use super::judged::{Judgement, judged, standings};
use super::{
    CompareReport, ConcentrationPair, CountryPair, Counts, GatePair, Indexes, KnownCounts, OnlyCountry, OnlyExposed,
    OnlyThere, PackageNumbers, ProgrammePair, Shares, SideReport, Sides,
};
use crate::report::build::count;
use crate::report::diff::{Exposures, Lasting, NOTHING, exposures, lasting, nearest, order, rank};
use crate::report::state::{ConcentrationState, State};
use crate::report::{ExposureEntry, NOTICE, Untrusted};

/// The grade of what counts as no exposure yet.
const POSSIBLE: &str = "possible";

/// One side of a comparison.
#[derive(Clone, Debug)]
pub struct Compared {
    /// As it was asked for.
    pub asked: Untrusted,
    /// `lock-file`, `metadata`, `report`, `policy` or `home`.
    pub kind: &'static str,
    /// What there is.
    pub state: State,
    /// What the policy makes of it; a saved report does not tell.
    pub judgement: Option<Judgement>,
}

/// Compares two sides. `what` says what they are: `projects`, `policies` or `homes`.
pub fn compare(a: &Compared, b: &Compared, what: &'static str, notes: Vec<Untrusted>) -> CompareReport {
    let (here, there) = (Side::of(a), Side::of(b));
    let both = a.judgement.as_ref().zip(b.judgement.as_ref());
    let reaching = programmes(&a.state, &b.state);
    let mut report = CompareReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        compared: what,
        verdict: "different",
        alike: a.state.workspace.mode == b.state.workspace.mode,
        sides: Sides { a: side(a), b: side(b) },
        packages: numbers(&here, &there),
        concentration: concentrations(&a.state, &b.state),
        programmes: Vec::new(),
        gate: gate(a.judgement.as_ref(), b.judgement.as_ref()),
        only: OnlyThere {
            exposed: Sides { a: only_exposed(&here, &there), b: only_exposed(&there, &here) },
            programmes: Sides { a: only_programmes(&a.state, &b.state), b: only_programmes(&b.state, &a.state) },
            countries: Sides { a: only_countries(&a.state, &b.state), b: only_countries(&b.state, &a.state) },
        },
        standings: both.map(|(a, b)| standings(a, b, &reaching)),
        judged: both.map(|(a, b)| judged(a, b)),
        notes: circumstances(a, b, what).into_iter().map(Untrusted::from).chain(notes).collect(),
        notice: NOTICE.to_owned(),
    };
    report.programmes = reaching;
    if is_same(&report) {
        report.verdict = "same";
    }
    report
}

/// A side, with what is asked of it more than once.
struct Side<'a> {
    state: &'a State,
    packages: BTreeSet<Lasting<'a>>,
    exposures: BTreeMap<Lasting<'a>, Vec<ExposureEntry>>,
}

impl<'a> Side<'a> {
    fn of(compared: &'a Compared) -> Self {
        let state = &compared.state;
        let packages = state.packages.iter().filter(|package| !package.workspace).map(lasting).collect();
        let reached: Exposures<'a> = exposures(state, None);
        let mut by_package: BTreeMap<Lasting<'a>, Vec<ExposureEntry>> = BTreeMap::new();
        for ((_, package), entry) in reached {
            by_package.entry(package).or_default().push(entry);
        }
        Self { state, packages, exposures: by_package }
    }

    /// Exposures of a package that are more than possible, by programme.
    fn settled(&self, package: &Lasting<'a>) -> Vec<&ExposureEntry> {
        let all = self.exposures.get(package).map_or(&[][..], Vec::as_slice);
        all.iter().filter(|entry| entry.grade.raw() != POSSIBLE).collect()
    }
}

fn side(compared: &Compared) -> SideReport {
    let Compared { asked, kind, state, judgement } = compared;
    SideReport {
        asked: asked.clone(),
        kind,
        workspace: state.workspace.name.clone(),
        mode: state.workspace.mode.clone(),
        as_of: state.as_of.clone(),
        home: state.home.clone(),
        generator: state.generator.clone(),
        data_date: state.data_date.clone(),
        overrides: judgement.as_ref().map_or_else(Vec::new, |judgement| judgement.overrides.clone()),
    }
}

fn numbers(a: &Side<'_>, b: &Side<'_>) -> PackageNumbers {
    let own = |side: &Side<'_>| count(side.state.packages.iter().filter(|package| !package.workspace).count());
    let direct = |side: &Side<'_>| count(side.state.packages.iter().filter(|package| package.direct).count());
    let by_grade = |side: &Side<'_>, possible: bool| {
        count(nearest(side.state).values().filter(|grade| (grade.raw() == POSSIBLE) == possible).count())
    };
    let both = |of: &dyn Fn(&Side<'_>) -> u32| Counts::of(of(a), of(b));
    PackageNumbers {
        all: both(&own),
        direct: both(&direct),
        exposed: both(&|side| by_grade(side, false)),
        possible: both(&|side| by_grade(side, true)),
        both: count(a.packages.intersection(&b.packages).count()),
        only: Sides {
            a: count(a.packages.difference(&b.packages).count()),
            b: count(b.packages.difference(&a.packages).count()),
        },
    }
}

fn concentrations(a: &State, b: &State) -> Vec<ConcentrationPair> {
    let key = |row: &ConcentrationState| (row.facet.clone(), row.weighting.clone());
    let share = |row: &ConcentrationState, country: &Untrusted| row.shares.get(country).copied().unwrap_or_default();
    let pairs = a.concentration.iter().filter_map(|row| {
        let other = b.concentration.iter().find(|other| key(other) == key(row))?;
        Some((row, other))
    });
    let pair = |(a, b): (&ConcentrationState, &ConcentrationState)| {
        let countries: BTreeSet<&Untrusted> = a.shares.keys().chain(b.shares.keys()).collect();
        let mut shares: Vec<CountryPair> = countries
            .into_iter()
            .map(|country| CountryPair {
                country: country.clone(),
                share: Shares::of_shares(share(a, country), share(b, country)),
            })
            .filter(|row| row.share.a.max(row.share.b) > NOTHING)
            .collect();
        let largest = |row: &CountryPair| row.share.a.max(row.share.b);
        shares.sort_by(|a, b| largest(b).total_cmp(&largest(a)).then_with(|| a.country.cmp(&b.country)));
        ConcentrationPair {
            facet: a.facet.clone(),
            weighting: a.weighting.clone(),
            shares,
            no_seat: Shares::of_shares(a.no_seat, b.no_seat),
            conflict: Shares::of_shares(a.conflict, b.conflict),
            unknown: Shares::of_shares(a.unknown, b.unknown),
            hhi: Indexes::of_indexes(a.hhi, b.hhi),
        }
    };
    pairs.map(pair).collect()
}

/// What a programme reaches on a side.
#[derive(Default)]
struct Reached {
    packages: u32,
    grades: BTreeMap<Untrusted, u32>,
    status: Option<Untrusted>,
}

fn reached(state: &State) -> BTreeMap<&Untrusted, Reached> {
    let mut found: BTreeMap<&Untrusted, Reached> = BTreeMap::new();
    for exposure in &state.exposures {
        let row = found.entry(&exposure.programme).or_default();
        row.packages = row.packages.saturating_add(1);
        *row.grades.entry(exposure.grade.clone()).or_default() += 1;
        row.status.get_or_insert_with(|| exposure.status.clone());
    }
    found
}

fn programmes(a: &State, b: &State) -> Vec<ProgrammePair> {
    let (mut here, mut there) = (reached(a), reached(b));
    let ids: BTreeSet<&Untrusted> = here.keys().chain(there.keys()).copied().collect();
    let mut found: Vec<ProgrammePair> = ids
        .into_iter()
        .map(|id| {
            let (a, b) = (here.remove(id).unwrap_or_default(), there.remove(id).unwrap_or_default());
            ProgrammePair {
                programme: id.clone(),
                packages: Counts::of(a.packages, b.packages),
                grades: Sides { a: a.grades, b: b.grades },
                status: Sides { a: a.status, b: b.status },
            }
        })
        .collect();
    let nearest = |row: &ProgrammePair| row.grades.a.keys().chain(row.grades.b.keys()).map(rank).min();
    // A stable sort: else by id.
    found.sort_by_key(nearest);
    found
}

fn gate(a: Option<&Judgement>, b: Option<&Judgement>) -> GatePair {
    let counts = |level: &str| {
        let of = |side: Option<&Judgement>| side.map(|side| side.counts.get(level).copied().unwrap_or_default());
        KnownCounts::known(of(a), of(b))
    };
    GatePair {
        verdict: Sides { a: a.map(|side| side.verdict), b: b.map(|side| side.verdict) },
        deny: counts("deny"),
        warn: counts("warn"),
        accepted: counts("accepted"),
    }
}

fn only_exposed(here: &Side<'_>, there: &Side<'_>) -> Vec<OnlyExposed> {
    let mut found = Vec::new();
    for package in here.exposures.keys() {
        let settled = here.settled(package);
        let Some(first) = settled.iter().min_by_key(|entry| order(entry)) else { continue };
        if !there.settled(package).is_empty() {
            continue;
        }
        let elsewhere = match (there.exposures.contains_key(package), there.packages.contains(package)) {
            (true, _) => POSSIBLE,
            (false, true) => "not-exposed",
            (false, false) => "absent",
        };
        found.push(OnlyExposed {
            name: package.0.into(),
            source: package.1.into(),
            package: first.package.clone(),
            purl: first.purl.clone(),
            grade: first.grade.clone(),
            programmes: settled.iter().map(|entry| entry.programme.clone()).collect(),
            because: first.because.clone(),
            path: first.path.clone(),
            elsewhere,
        });
    }
    // A stable sort: else by name and source.
    found.sort_by_key(|row| rank(&row.grade));
    found
}

fn only_programmes(here: &State, there: &State) -> Vec<Untrusted> {
    let other = reached(there);
    reached(here).into_keys().filter(|id| !other.contains_key(id)).cloned().collect()
}

fn only_countries(here: &State, there: &State) -> Vec<OnlyCountry> {
    let countries = |state: &State| {
        let mut found: BTreeMap<Untrusted, Vec<Untrusted>> = BTreeMap::new();
        for row in state.concentration.iter().filter(|row| row.weighting.raw() == "packages") {
            for country in row.shares.iter().filter(|(_, share)| **share > NOTHING).map(|(country, _)| country) {
                found.entry(country.clone()).or_default().push(row.facet.clone());
            }
        }
        found
    };
    let other = countries(there);
    let only = countries(here).into_iter().filter(|(country, _)| !other.contains_key(country));
    only.map(|(country, facets)| OnlyCountry { country, facets }).collect()
}

/// Whether nothing that is compared differs.
fn is_same(report: &CompareReport) -> bool {
    let even = |share: &Shares| share.difference.abs() <= NOTHING;
    let same_index = |row: &Indexes| match row.difference {
        Some(difference) => difference.abs() <= NOTHING,
        None => row.a.is_none() && row.b.is_none(),
    };
    let spread = |row: &ConcentrationPair| {
        let rest = [&row.no_seat, &row.conflict, &row.unknown];
        rest.into_iter().chain(row.shares.iter().map(|row| &row.share)).all(even) && same_index(&row.hhi)
    };
    let packages = &report.packages;
    let numbers = [packages.all, packages.direct, packages.exposed, packages.possible];
    let gate = &report.gate;
    let judged = gate.verdict.a.is_none()
        || gate.verdict.b.is_none()
        || (gate.verdict.a == gate.verdict.b && [gate.deny, gate.warn, gate.accepted].iter().all(|row| row.a == row.b));
    numbers.iter().all(|number| number.difference == 0)
        && packages.only == Sides::default()
        && report.concentration.iter().all(spread)
        && report.programmes.iter().all(|row| row.grades.a == row.grades.b && row.status.a == row.status.b)
        && report.only == OnlyThere::default()
        && judged
        && report.standings.iter().chain([&Vec::new()]).all(Vec::is_empty)
        && report.judged.iter().chain([&Vec::new()]).all(Vec::is_empty)
}

/// What differs between the sides besides what is compared: a difference can come from there.
fn circumstances(a: &Compared, b: &Compared, what: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let described = |side: &Compared| match side.state.workspace.mode.raw() {
        "lock-file" => "a lock file, which holds everything that could be built",
        _ => "what is built with a selection of features and targets",
    };
    if a.state.workspace.mode != b.state.workspace.mode {
        notes.push(format!(
            "the sides are of unlike kinds: A tells of {}, and B of {}; what differs can come from that",
            described(a),
            described(b)
        ));
    } else if a.state.workspace.mode.raw() == "metadata" && a.state.without_channels() != b.state.without_channels() {
        let (saved, other) = if a.state.without_channels() { ("A", "B") } else { ("B", "A") };
        notes.push(format!(
            "{saved} is of a saved cargo metadata, which does not tell mirrors, licences and the toolchain, and {other} was made in the workspace: what is known of {other} only can come from that"
        ));
    }
    let home = |side: &Compared| side.state.home.as_ref().map_or("not set".to_owned(), |home| home.raw().to_owned());
    let text = |text: &Untrusted| text.raw().to_owned();
    let mut rows = vec![
        ("is about", text(&a.state.as_of), text(&b.state.as_of)),
        ("was made with data of", text(&a.state.data_date), text(&b.state.data_date)),
        ("was made by", text(&a.state.generator), text(&b.state.generator)),
    ];
    if what != "homes" {
        rows.push(("has the home", home(a), home(b)));
    }
    let differ = rows.into_iter().filter(|(_, a, b)| a != b);
    notes.extend(
        differ.map(|(what, here, there)| format!("A {what} {here}, and B {there}: what differs can come from that")),
    );
    let (here, there) = (a.state.workspace.from_cache, b.state.workspace.from_cache);
    if here != there {
        notes.push(format!(
            "manifests were read from the local registry cache: {here} for A, {there} for B; what is known of one only can come from that"
        ));
    }
    let saved: Vec<&str> =
        [("A", a), ("B", b)].into_iter().filter(|(_, side)| side.judgement.is_none()).map(|(word, _)| word).collect();
    match saved.as_slice() {
        [] => {}
        [one] => notes.push(format!(
            "{one} is a saved report, which holds no verdict and keeps its own day, data and policy: findings, and programmes that apply, are not compared"
        )),
        _ => notes.push("both sides are saved reports, which hold no verdict and keep their own day, data and policy".to_owned()),
    }
    notes
}
