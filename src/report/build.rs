//! From the stages' values to the report.

use std::collections::BTreeMap;

use super::catalogue::status_word;
use super::facet::{facet, rounded};
use super::{
    CapabilitiesReport, ConcentrationReport, ExposureReport, Facets, FetchedReport, GapReport, ListReport, NOTICE,
    NextPhase, PackageReport, ProgrammeReport, Report, UnknownReport, Untrusted, Workspace,
};
use crate::attribution::{Attributions, Origin, Unknown};
use crate::country::CountryCode;
use crate::data::Data;
use crate::data::model::Verification;
use crate::date::{Date, Period};
use crate::exposure::{Applied, Concentration, CoverageVia, Exposure, Status, Weighting, concentration, one_country};
use crate::facts::live::ListState;
use crate::facts::{Facet, Facts, Gap, GapKind};
use crate::graph::{Graph, Package, PackageIx, PathTree, Reach, Source};
use crate::load::{Loaded, Mode};

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// What was read.
    pub loaded: &'a Loaded,
    /// What was learnt.
    pub facts: &'a Facts,
    /// What it means.
    pub attributions: &'a Attributions,
    /// Programmes on the day.
    pub applied: &'a [Applied<'a>],
    /// What they reach.
    pub exposures: &'a [Exposure],
    /// The embedded data.
    pub data: &'a Data,
    /// The day.
    pub as_of: Date,
    /// The user's home.
    pub home: Option<CountryCode>,
}

/// Steps of a path that a report shows. Real graphs are some twenty deep.
pub(super) const LONGEST_PATH: usize = 64;

/// How much of the evidence the report carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Every claim: what the JSON report promises.
    Full,
    /// The answers alone, for tables that show neither claims nor posteriors.
    Answers,
}

/// Builds the report.
pub fn build(inputs: &Inputs<'_>, detail: Detail) -> Report {
    let graph = &inputs.loaded.graph;
    let tree = graph.path_tree();
    let reach = graph.reach();
    let labels: Vec<Untrusted> = graph.packages().map(|(_, package)| label(package)).collect();
    let packages: Vec<PackageReport> = graph
        .packages()
        .map(|(at, package)| package_report(inputs, detail, (&tree, &reach, &labels), at, package))
        .collect();
    let exposures = inputs.exposures.iter().map(|exposure| exposure_report(inputs, &packages, exposure)).collect();
    Report {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: inputs.as_of.to_string(),
        home: inputs.home.map(|home| home.to_string()),
        data_date: inputs.data.tables.data_date.to_string(),
        workspace: workspace(inputs),
        exposures,
        programmes: programmes(inputs),
        concentration: concentrations(inputs, &reach),
        one_country: by_country(&one_country(graph, inputs.attributions)),
        unknowns: unknowns(graph, inputs.attributions),
        fetched: fetched(inputs),
        lists: lists(inputs),
        gaps: gaps(graph, inputs),
        overrides: inputs.facts.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        packages,
        notice: NOTICE.to_owned(),
    }
}

pub(super) fn label(package: &Package) -> Untrusted {
    Untrusted::from(format!("{}@{}", package.name, package.version))
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn workspace(inputs: &Inputs<'_>) -> Workspace {
    let loaded = inputs.loaded;
    let packages = loaded.graph.packages().filter(|(_, package)| !package.member).count();
    let direct = loaded.graph.packages().filter(|(at, _)| loaded.graph.is_direct(*at)).count();
    let toolchain = inputs.facts.channel.toolchain.as_ref().and_then(|toolchain| toolchain.wanted.as_ref());
    Workspace {
        name: Untrusted::from(loaded.name.as_str()),
        mode: match loaded.mode {
            Mode::Metadata => "metadata".to_owned(),
            Mode::LockFile => "lock-file".to_owned(),
        },
        members: count(loaded.graph.len() - packages),
        packages: count(packages),
        direct: count(direct),
        not_built: count(loaded.not_built),
        from_cache: count(loaded.from_cache),
        toolchain: toolchain.map(|(name, _)| Untrusted::from(name.as_str())),
    }
}

fn package_report(
    inputs: &Inputs<'_>,
    detail: Detail,
    (tree, reach, labels): (&PathTree, &Reach, &[Untrusted]),
    at: PackageIx,
    package: &Package,
) -> PackageReport {
    let graph = &inputs.loaded.graph;
    let attribution = inputs.attributions.of(at);
    let answer = |which: Facet| facet(attribution.facet(which), detail, inputs.data, inputs.as_of);
    PackageReport {
        name: Untrusted::from(package.name.as_str()),
        version: package.version.to_string(),
        source: source(&package.source),
        purl: package.purl(),
        workspace: package.member,
        direct: graph.is_direct(at),
        depth: tree.depth(at),
        patched: package.patched,
        dependents: reach.of(at),
        path: way(tree, labels, at),
        capabilities: CapabilitiesReport {
            build_script: package.capabilities.build_script,
            proc_macro: package.capabilities.proc_macro,
            links: package.capabilities.links().map(Untrusted::from),
            runs_at_build: package.runs_at_build(),
            ships: package.roles.target,
        },
        facets: Facets {
            steward: answer(Facet::Steward),
            publisher: answer(Facet::Publisher),
            contribution: answer(Facet::Contribution),
            channel: answer(Facet::Channel),
            native: answer(Facet::Native),
        },
    }
}

/// A shortest path; the middle of an absurdly long one is left out, and said.
pub(super) fn way(tree: &PathTree, labels: &[Untrusted], at: PackageIx) -> Vec<Untrusted> {
    let (steps, left_out) = tree.path(at, LONGEST_PATH);
    let mut way: Vec<Untrusted> = steps.into_iter().map(|step| labels[step.index()].clone()).collect();
    if left_out > 0 {
        way.insert(1, Untrusted::from(format!("({left_out} more)")));
    }
    way
}

pub(super) fn source(source: &Source) -> Untrusted {
    Untrusted::from(match source {
        Source::CratesIo => "registry+https://github.com/rust-lang/crates.io-index".to_owned(),
        Source::Registry { url, sparse: true } => format!("sparse+{url}"),
        Source::Registry { url, sparse: false } => format!("registry+{url}"),
        Source::Git { url, commit, .. } => {
            format!("git+{url}{}", commit.as_ref().map(|commit| format!("#{commit}")).unwrap_or_default())
        }
        // Where the folder lies is the user's own affair.
        Source::Path(_) => "path".to_owned(),
        Source::Other(text) => text.clone(),
    })
}

fn exposure_report(inputs: &Inputs<'_>, packages: &[PackageReport], exposure: &Exposure) -> ExposureReport {
    let applied = &inputs.applied[exposure.programme];
    let package = inputs.loaded.graph.package(exposure.package);
    let shown = &packages[exposure.package.index()];
    let id = |vendor| inputs.data.vendor(vendor).id.to_owned();
    let designation = exposure.party.filter(|_| exposure.via.is_some()).and_then(|party| applied.coverage(party));
    let effect = designation.map_or(applied.programme.effect, |coverage| coverage.designation.effect);
    let doubtful = designation.is_some_and(|coverage| !coverage.decides() || coverage.rule_unverified);
    ExposureReport {
        programme: applied.programme.id.to_owned(),
        package: label(package),
        purl: shown.purl.clone(),
        facet: exposure.facet.as_str(),
        grade: exposure.grade.as_str(),
        effect: effect.as_str(),
        scope: designation
            .and_then(|coverage| coverage.designation.scope)
            .or(applied.programme.scope)
            .map(str::to_owned),
        probability: rounded(exposure.probability),
        party: exposure.party.map(id),
        named: exposure.via.filter(|(via, _)| *via != CoverageVia::Named).map(|(_, named)| id(named)),
        because: exposure.because.clone(),
        status: status_word(applied.status),
        since: exposure.since.map(|day| day.to_string()),
        unverified: doubtful
            || applied.programme.verification == Verification::Unverified
            || start_unknown(applied, exposure, inputs.as_of),
        runs_at_build: shown.capabilities.runs_at_build,
        paths: if shown.path.is_empty() { Vec::new() } else { vec![shown.path.clone()] },
    }
}

/// Whether nobody knows that the programme held on a day before its row was written: the row has no first day.
fn start_unknown(applied: &Applied<'_>, exposure: &Exposure, as_of: Date) -> bool {
    exposure.since.is_none() && as_of < applied.programme.as_of
}

fn programmes(inputs: &Inputs<'_>) -> Vec<ProgrammeReport> {
    let mut found = Vec::new();
    for (number, applied) in inputs.applied.iter().enumerate() {
        let reached: Vec<&Exposure> = inputs.exposures.iter().filter(|exposure| exposure.programme == number).collect();
        if reached.is_empty() && applied.status != Status::NeedsHome {
            continue;
        }
        found.push(programme(inputs, applied, &reached));
    }
    found
}

fn programme(inputs: &Inputs<'_>, applied: &Applied<'_>, reached: &[&Exposure]) -> ProgrammeReport {
    let graph = &inputs.loaded.graph;
    let mut grades: BTreeMap<String, u32> = BTreeMap::new();
    for exposure in reached {
        *grades.entry(exposure.grade.as_str().to_owned()).or_default() += 1;
    }
    let since = match applied.status {
        Status::InForce(since) => since,
        Status::Upcoming(from) => Some(from),
        Status::Suspended(_) | Status::Ended(_) | Status::NotYours(_) | Status::NeedsHome => None,
    };
    let at_build = |wanted| {
        count(reached.iter().filter(|exposure| graph.package(exposure.package).runs_at_build() == wanted).count())
    };
    let row = applied.programme;
    let running = |phase: &&crate::data::model::Phase<&'static str>| {
        Period { from: phase.from, until: phase.until }.contains(inputs.as_of)
    };
    let coming =
        row.phases.iter().filter_map(|phase| Some((phase.from.filter(|from| *from > inputs.as_of)?, phase.what)));
    let next = coming.min_by_key(|(from, _)| *from).map(|(from, what)| NextPhase {
        from: from.to_string(),
        in_days: inputs.as_of.days_until(from),
        what: what.to_owned(),
    });
    ProgrammeReport {
        now: row.phases.iter().filter(running).map(|phase| phase.what.to_owned()).collect(),
        next,
        id: row.id.to_owned(),
        title: row.title.to_owned(),
        effect: row.effect.as_str(),
        scope: row.scope.map(str::to_owned),
        status: status_word(applied.status),
        since: since.map(|day| day.to_string()),
        until: applied.until.map(|day| day.to_string()),
        verification: row.verification.as_str(),
        packages: count(reached.len()),
        direct: count(reached.iter().filter(|exposure| graph.is_direct(exposure.package)).count()),
        at_build: at_build(Some(true)),
        at_build_unknown: at_build(None),
        grades,
        source: row.source.map(str::to_owned),
    }
}

fn concentrations(inputs: &Inputs<'_>, reach: &Reach) -> Vec<ConcentrationReport> {
    let mut found = Vec::new();
    for facet in Facet::ALL {
        for weighting in [Weighting::Packages, Weighting::Reach] {
            let Concentration { shares, no_seat, conflict, unknown, hhi, .. } =
                concentration(&inputs.loaded.graph, inputs.attributions, reach, facet, weighting);
            found.push(ConcentrationReport {
                facet: facet.as_str(),
                weighting: weighting.as_str(),
                shares: shares.into_iter().map(|(code, share)| (code.to_string(), rounded(share))).collect(),
                no_seat: rounded(no_seat.values().sum()),
                no_seat_by_reason: no_seat.into_iter().map(|(why, share)| (why.as_str(), rounded(share))).collect(),
                conflict: rounded(conflict),
                unknown: rounded(unknown),
                hhi: hhi.map(rounded),
            });
        }
    }
    found
}

fn by_country(packages: &[(PackageIx, CountryCode)]) -> BTreeMap<String, u32> {
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for (_, code) in packages {
        *found.entry(code.to_string()).or_default() += 1;
    }
    found
}

fn unknowns(graph: &Graph, attributions: &Attributions) -> Vec<UnknownReport> {
    let mut counted: BTreeMap<(Facet, Unknown), u32> = BTreeMap::new();
    let mut conflicts: BTreeMap<Facet, u32> = BTreeMap::new();
    let mut total = 0;
    for (at, _) in graph.packages().filter(|(_, package)| !package.member) {
        total += 1;
        for facet in Facet::ALL {
            match attributions.of(at).facet(facet).origin {
                Origin::Unknown(why) => *counted.entry((facet, why)).or_default() += 1,
                Origin::Conflict(_) => *conflicts.entry(facet).or_default() += 1,
                Origin::Country(_) | Origin::Band(_) | Origin::Several { .. } | Origin::NoSeat(_) => {}
            }
        }
    }
    let mut found: Vec<_> = counted
        .into_iter()
        .map(|((facet, why), packages)| UnknownReport {
            facet: facet.as_str(),
            reason: why.as_str().to_owned(),
            packages,
            share: rounded(f64::from(packages) / f64::from(total)),
            help: why.help().to_owned(),
        })
        .collect();
    found.extend(conflicts.into_iter().map(|(facet, packages)| UnknownReport {
        facet: facet.as_str(),
        reason: "sources name different countries".to_owned(),
        packages,
        share: rounded(f64::from(packages) / f64::from(total)),
        help: "a [[claim]] with the company's imprint as its source".to_owned(),
    }));
    // A stable sort: within a facet, what concerns most packages first.
    let place = |facet: &str| Facet::ALL.iter().position(|known| known.as_str() == facet);
    found.sort_by(|a, b| place(a.facet).cmp(&place(b.facet)).then(b.packages.cmp(&a.packages)));
    found
}

fn fetched(inputs: &Inputs<'_>) -> Option<FetchedReport> {
    let synced = &inputs.facts.synced;
    let kept =
        [&synced.owners, &synced.profiles, &synced.repositories].into_iter().flat_map(BTreeMap::values).flatten();
    let days = kept.filter(|kept| kept.valid.contains(inputs.as_of)).filter_map(|kept| kept.fetched.day());
    let (from, to) = days.fold(None, |range: Option<(Date, Date)>, day| {
        Some(range.map_or((day, day), |(from, to)| (from.min(day), to.max(day))))
    })?;
    Some(FetchedReport { from: from.to_string(), to: to.to_string() })
}

fn lists(inputs: &Inputs<'_>) -> Vec<ListReport> {
    let lists = inputs.facts.synced.lists.iter();
    lists
        .map(|state| {
            let fetched = state.fetched.day();
            ListReport {
                id: state.id.clone(),
                fetched: fetched.map(|day| day.to_string()),
                entries: state.entries,
                persons_left_out: state.persons_left_out,
                stale: fetched.is_none_or(|day| day.days_until(inputs.as_of) > ListState::FRESH_DAYS),
            }
        })
        .collect()
}

pub(super) fn gaps(graph: &Graph, inputs: &Inputs<'_>) -> Vec<GapReport> {
    let mut grouped: BTreeMap<(GapKind, &str), Vec<PackageIx>> = BTreeMap::new();
    for Gap { kind, package, detail } in &inputs.facts.gaps {
        grouped.entry((*kind, detail)).or_default().extend(package);
    }
    let left_out = |applied: &&Applied<'_>| matches!(applied.status, Status::NeedsHome | Status::NotYours(_));
    let needs_home: Vec<&str> = match inputs.home {
        None => inputs.applied.iter().filter(left_out).map(|applied| applied.programme.id).collect(),
        Some(_) => Vec::new(),
    };
    let no_home = format!(
        "No home is set (--home), so programmes that depend on it were not applied: {}.",
        needs_home.join(", ")
    );
    if !needs_home.is_empty() {
        grouped.entry((GapKind::NoHome, &no_home)).or_default();
    }
    grouped
        .into_iter()
        .map(|((kind, detail), packages)| GapReport {
            kind: kind.as_str(),
            detail: Untrusted::from(detail),
            packages: packages.into_iter().map(|at| label(graph.package(at))).collect(),
        })
        .collect()
}
