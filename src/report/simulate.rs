//! What would be lost, as it is shown and as programs read it: simulation, version 1.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{LONGEST_PATH, label};
use super::facet::rounded;
use super::{Inputs, Untrusted};
use crate::facts::Facet;
use crate::graph::{Graph, Needs, PackageIx, Remains};
use crate::impact::{Chances, Draws, Loss, Spread};
use crate::load::Loaded;

/// What would be lost.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SimulateReport {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The day asked about.
    pub as_of: String,
    /// The newest date of the embedded data.
    pub data_date: String,
    /// The workspace.
    pub workspace: Untrusted,
    /// What is taken away, in words.
    pub without: Vec<Untrusted>,
    /// The facets that decide what goes with a place or a party.
    pub facets: Vec<&'static str>,
    /// From which probability on a package counts as going.
    pub min_probability: f64,
    /// Packages that are not the user's own.
    pub packages: u32,
    /// Packages that are lost.
    pub lost: LostReport,
    /// Of packages whose code runs on the build machine.
    pub at_build: AtBuildReport,
    /// Every member, and what of it can still be built.
    pub members: Vec<MemberReport>,
    /// Packages that go by themselves, what most packages need first.
    pub gone: Vec<GoneReport>,
    /// Packages that need one of them, in order.
    pub through: Vec<Untrusted>,
    /// Packages for which something speaks, but not enough; likeliest first.
    pub doubtful: Vec<GoneReport>,
    /// Packages of which the facets are not known. They count as staying.
    pub unknown: u32,
    /// What is lost on average over draws from what is known.
    pub expected: Option<ExpectedReport>,
    /// What the report is not.
    pub notice: String,
}

/// How many packages are lost.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LostReport {
    /// By themselves.
    pub direct: u32,
    /// Because they need one of those.
    pub through: u32,
    /// Share of all packages.
    pub share: f64,
}

/// How much of what runs on the build machine is lost.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AtBuildReport {
    /// Packages whose code is known to run there.
    pub packages: u32,
    /// Of these, lost.
    pub lost: u32,
    /// Packages of which nobody knows whether it does.
    pub unknown: u32,
}

/// What of a member can still be built.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MemberReport {
    /// Its name.
    pub name: Untrusted,
    /// `yes`; `in-part`: with fewer features, or on some platforms; `no`.
    pub builds: &'static str,
    /// A shortest way to something that goes, where one is needed.
    pub path: Vec<Untrusted>,
    /// Whether it is known which features need what.
    pub features_known: bool,
    /// Features that are on and can no longer be.
    pub features_lost: Vec<Untrusted>,
    /// Features that are on and can stay.
    pub features_kept: Vec<Untrusted>,
    /// Platforms on which it cannot be built as it is.
    pub platforms_lost: Vec<Untrusted>,
    /// Platforms that were looked at and on which it can.
    pub platforms_kept: Vec<Untrusted>,
}

/// A package that goes by itself.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GoneReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Package URL.
    pub purl: String,
    /// How likely it goes.
    pub probability: f64,
    /// The facet through which it goes; nothing where it is named itself.
    pub facet: Option<&'static str>,
    /// In words.
    pub because: Untrusted,
    /// How many other packages need it, directly or through others, the user's own among them.
    pub breaks: u32,
    /// Direct dependencies of members that bring it in.
    pub brought_in_by: Vec<Untrusted>,
}

/// What is lost on average.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExpectedReport {
    /// How often was drawn.
    pub draws: u32,
    /// The seed: the same gives the same draws.
    pub seed: u64,
    /// Packages.
    pub packages: SpreadReport,
    /// Share of all packages, on average.
    pub share: f64,
    /// Packages whose code runs on the build machine.
    pub at_build: SpreadReport,
    /// Members that cannot be built as they are.
    pub members: SpreadReport,
    /// Packages by how often they were lost, those that never were left out.
    pub likely: Vec<LikelyReport>,
}

/// Mean and interval of a number.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SpreadReport {
    /// The mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub error: f64,
    /// 5th percentile.
    pub low: u32,
    /// 95th percentile.
    pub high: u32,
}

/// A package that was lost in some of the draws.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LikelyReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Share of the draws.
    pub probability: f64,
}

/// What was found out.
#[derive(Clone, Copy, Debug)]
pub struct Simulated<'a> {
    /// What is taken away, in words.
    pub without: &'a [String],
    /// The facets.
    pub facets: &'a [Facet],
    /// From which probability on a package counts as going.
    pub min_probability: f64,
    /// How likely each package goes.
    pub chances: &'a Chances,
    /// What is lost.
    pub loss: &'a Loss,
    /// Draws, and their seed, if any were made.
    pub draws: Option<(&'a Draws, u64)>,
}

/// The JSON Schema.
pub fn simulate_schema() -> schemars::Schema {
    schemars::schema_for!(SimulateReport)
}

/// Builds the report of a simulation.
pub fn simulate(inputs: &Inputs<'_>, simulated: &Simulated<'_>) -> SimulateReport {
    let graph = &inputs.loaded.graph;
    let Simulated { chances, loss, min_probability, .. } = *simulated;
    let foreign = || graph.packages().filter(|(_, package)| !package.member);
    let total = foreign().count();
    let lost: BTreeSet<PackageIx> = loss.direct.iter().chain(&loss.through).copied().collect();
    let runs = |known: Option<bool>| foreign().filter(move |(_, package)| package.runs_at_build() == known);
    let needs = graph.needs();
    let rows = |counted: bool| -> Vec<GoneReport> {
        let of = graph.packages().map(|(at, _)| at).zip(&chances.of);
        let of = of.filter_map(|(at, chance)| Some((at, chance.as_ref()?)));
        of.filter(|(_, chance)| (chance.probability >= min_probability) == counted)
            .map(|(at, chance)| GoneReport {
                probability: rounded(chance.probability),
                facet: chance.facet.map(Facet::as_str),
                because: chance.because.as_str().into(),
                ..gone(graph, &needs, at)
            })
            .collect()
    };
    let mut counted = rows(true);
    counted.sort_by(|a, b| b.breaks.cmp(&a.breaks).then_with(|| a.purl.cmp(&b.purl)));
    let mut doubtful = rows(false);
    doubtful.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.purl.cmp(&b.purl)));
    SimulateReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: inputs.as_of.to_string(),
        data_date: inputs.data.tables.data_date.to_string(),
        workspace: Untrusted::from(inputs.loaded.name.as_str()),
        without: simulated.without.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        facets: simulated.facets.iter().map(|facet| facet.as_str()).collect(),
        min_probability,
        packages: number(total),
        lost: LostReport {
            direct: number(loss.direct.len()),
            through: number(loss.through.len()),
            share: share(number(lost.len()), number(total)),
        },
        at_build: AtBuildReport {
            packages: number(runs(Some(true)).count()),
            lost: number(runs(Some(true)).filter(|(at, _)| lost.contains(at)).count()),
            unknown: number(runs(None).count()),
        },
        members: members(inputs.loaded, loss),
        gone: counted,
        through: loss.through.iter().map(|at| label(graph.package(*at))).collect(),
        doubtful,
        unknown: number(chances.unknown),
        expected: simulated.draws.map(|(draws, seed)| expected(graph, draws, seed, number(total))),
        notice: super::NOTICE.to_owned(),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { rounded(f64::from(part) / f64::from(whole)) }
}

fn gone(graph: &Graph, needs: &Needs, at: PackageIx) -> GoneReport {
    let mut lost = needs.nothing_lost();
    let breaks = needs.lost_with(std::iter::once(at), &mut lost).len() - 1;
    let brought = graph.brought_in_by(at);
    GoneReport {
        package: label(graph.package(at)),
        purl: graph.package(at).purl(),
        probability: 0.0,
        facet: None,
        because: "".into(),
        breaks: number(breaks),
        brought_in_by: brought.iter().map(|at| label(graph.package(*at))).collect(),
    }
}

/// What of each member can still be built.
fn members(loaded: &Loaded, loss: &Loss) -> Vec<MemberReport> {
    let graph = &loaded.graph;
    let gone: BTreeSet<PackageIx> = loss.direct.iter().copied().collect();
    let remains = loaded.switches.without(&gone);
    // Where what is gone goes on the platform too, by member.
    let on: Vec<(&String, BTreeSet<PackageIx>)> = loaded
        .platforms
        .names()
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let needs = graph.needs_on(&loaded.platforms, at);
            let mut lost = needs.nothing_lost();
            (name, needs.lost_with(gone.iter().copied(), &mut lost).iter().copied().collect())
        })
        .collect();
    let labels: Vec<Untrusted> = graph.packages().map(|(_, package)| label(package)).collect();
    let one = |(at, package): (PackageIx, &crate::graph::Package)| {
        let broken = loss.members.binary_search(&at).is_ok();
        let names = |list: &[&str]| list.iter().map(|name| Untrusted::from(*name)).collect();
        let nothing = Remains::default();
        let features = remains.get(&at).filter(|_| broken);
        let (platforms_lost, platforms_kept): (Vec<_>, Vec<_>) = on.iter().partition(|(_, lost)| lost.contains(&at));
        let triples = |list: &[&(&String, BTreeSet<PackageIx>)]| -> Vec<Untrusted> {
            if broken { list.iter().map(|(name, _)| Untrusted::from(name.as_str())).collect() } else { Vec::new() }
        };
        let in_part = features.is_some_and(|remains| remains.builds) || !platforms_kept.is_empty();
        MemberReport {
            name: Untrusted::from(package.name.as_str()),
            builds: match (broken, in_part) {
                (false, _) => "yes",
                (true, true) => "in-part",
                (true, false) => "no",
            },
            path: if broken { shortened(&graph.path_to(at, &gone), &labels) } else { Vec::new() },
            features_known: remains.contains_key(&at),
            features_lost: names(&features.unwrap_or(&nothing).lost),
            features_kept: names(&features.unwrap_or(&nothing).kept),
            platforms_lost: triples(&platforms_lost),
            platforms_kept: triples(&platforms_kept),
        }
    };
    graph.packages().filter(|(_, package)| package.member).map(one).collect()
}

/// The names on a way; the middle of a very long one is left out.
fn shortened(path: &[PackageIx], labels: &[Untrusted]) -> Vec<Untrusted> {
    let named = |steps: &[PackageIx]| steps.iter().map(|at| labels[at.index()].clone()).collect::<Vec<_>>();
    match path.len().checked_sub(LONGEST_PATH).filter(|more| *more > 0) {
        None => named(path),
        Some(more) => {
            let left_out = Untrusted::from(format!("({more} more)"));
            [named(&path[..1]), vec![left_out], named(&path[1 + more..])].concat()
        }
    }
}

fn expected(graph: &Graph, draws: &Draws, seed: u64, total: u32) -> ExpectedReport {
    let of = |spread: Spread| SpreadReport {
        mean: rounded(spread.mean),
        error: rounded(spread.error),
        low: spread.low,
        high: spread.high,
    };
    let drawn = graph.packages().filter(|(_, package)| !package.member);
    let mut likely: Vec<LikelyReport> = drawn
        .filter(|(at, _)| draws.lost[at.index()] > 0.0)
        .map(|(at, package)| LikelyReport { package: label(package), probability: rounded(draws.lost[at.index()]) })
        .collect();
    likely.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.package.raw().cmp(b.package.raw())));
    let share = if total == 0 { 0.0 } else { draws.packages.mean / f64::from(total) };
    ExpectedReport {
        draws: draws.draws,
        seed,
        packages: of(draws.packages),
        share: rounded(share),
        at_build: of(draws.at_build),
        members: of(draws.members),
        likely,
    }
}
