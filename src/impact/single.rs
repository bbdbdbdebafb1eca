//! On whom much hangs: packages, parties, countries, and the capabilities that hang on one country.
//!
//! Two things happen when something goes. What needs it *breaks*, itself or through others; what comes *only through it* is gone with it. Both are
//! counted among the packages that are not the user's own. What has no known country is counted apart and is in none.

use std::collections::{BTreeMap, BTreeSet};

use crate::attribution::{Attributions, Origin};
use crate::country::CountryCode;
use crate::data::model::Capability;
use crate::facts::Facet;
use crate::graph::{Graph, Groups, OfGroups, PackageIx};
use crate::party::Party;

/// What hangs on something that goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Packages that are it or need it.
    pub breaks: u32,
    /// Packages of the user's own that need it.
    pub members: u32,
    /// Packages that are it or come only through it.
    pub brings: u32,
}

/// A package on which much hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackagePoint {
    /// The package.
    pub package: PackageIx,
    /// What hangs on it.
    pub weight: Weight,
}

/// A party, as a steward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyPoint {
    /// Who.
    pub party: Party,
    /// Packages that are its own.
    pub packages: u32,
    /// What hangs on them.
    pub weight: Weight,
}

/// A country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountryPoint {
    /// By which answer.
    pub facet: Facet,
    /// The country.
    pub country: CountryCode,
    /// Packages that are in it.
    pub packages: u32,
    /// What hangs on them.
    pub weight: Weight,
}

/// How far an answer is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// Which answer.
    pub facet: Facet,
    /// Packages with a country.
    pub country: u32,
    /// Packages known to have no seat.
    pub no_seat: u32,
    /// Packages of which it is not known, or not settled.
    pub unknown: u32,
}

/// A crate that provides a capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// The package.
    pub package: PackageIx,
    /// Countries without which it is lost; in order.
    pub hangs_on: Vec<CountryCode>,
    /// Whether where its steward sits is not known, so that it can hang on more.
    pub unknown: bool,
}

/// What of a capability is lost without a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The country.
    pub country: CountryCode,
    /// Providers that are lost.
    pub providers: u32,
    /// Of these, those that are of the country themselves.
    pub own: u32,
}

/// A capability that the project has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capable<'d> {
    /// Which.
    pub capability: &'d Capability<&'static str>,
    /// Who provides it; in order.
    pub providers: Vec<Provider>,
    /// Countries without which no provider is left; in order.
    pub single: Vec<CountryCode>,
    /// The country without which most providers are lost.
    pub most: Option<Lost>,
}

/// Everything on which more than a share of the graph hangs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Points<'d> {
    /// Packages that are not the user's own.
    pub packages: u32,
    /// Packages on which much hangs, most first.
    pub single: Vec<PackagePoint>,
    /// Parties, most first.
    pub parties: Vec<PartyPoint>,
    /// Packages without a party as steward.
    pub no_party: u32,
    /// Countries by steward and by publisher, most first.
    pub countries: Vec<CountryPoint>,
    /// How far these answers are known.
    pub located: Vec<Located>,
    /// Every capability that the project has; those that hang on one country first, then in the order of the table.
    pub capabilities: Vec<Capable<'d>>,
}

/// Looks for them.
pub fn points<'d>(
    graph: &Graph,
    attributions: &Attributions,
    capabilities: &'d [Capability<&'static str>],
    above: f64,
) -> Points<'d> {
    let total = graph.packages().filter(|(_, package)| !package.member).count();
    let groups = Groups::new(graph);
    let much = |weight: &Weight| {
        let share = |number: u32| f64::from(number) > above * f64::from(count(total));
        share(weight.breaks) || share(weight.brings)
    };
    let mut single = packages(graph);
    single.retain(|point| much(&point.weight));
    single.sort_by_key(|point| (order(point.weight), point.package));
    let (mut parties, no_party) = parties(graph, &groups, attributions);
    parties.retain(|point| much(&point.weight));
    let mut countries = Vec::new();
    for facet in [Facet::Steward, Facet::Publisher] {
        let mut of = Placed::new(graph, attributions, facet).points(graph, &groups, facet);
        of.retain(|point| much(&point.weight));
        countries.append(&mut of);
    }
    Points {
        packages: count(total),
        single,
        parties,
        no_party,
        countries,
        located: [Facet::Steward, Facet::Publisher].map(|facet| located(graph, attributions, facet)).to_vec(),
        capabilities: capable(graph, &groups, attributions, capabilities),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Most first.
fn order(weight: Weight) -> std::cmp::Reverse<(u32, u32, u32)> {
    std::cmp::Reverse((weight.breaks, weight.brings, weight.members))
}

/// Every package that is not the user's own.
fn packages(graph: &Graph) -> Vec<PackagePoint> {
    let (all, foreign) = (graph.reach(), graph.reach_among(|at| !graph.package(at).member));
    let brings = brings(graph);
    let of = |at: PackageIx| Weight {
        breaks: foreign.of(at) + 1,
        members: all.of(at) - foreign.of(at),
        brings: brings[at.index()],
    };
    let foreign = graph.packages().filter(|(_, package)| !package.member);
    foreign.map(|(at, _)| PackagePoint { package: at, weight: of(at) }).collect()
}

/// For every package how many, the user's own aside, every way to which goes through it, itself included.
pub(super) fn brings(graph: &Graph) -> Vec<u32> {
    let dominators = graph.dominators();
    let mut brings: Vec<u32> =
        graph.packages().map(|(at, package)| u32::from(!package.member && dominators.reached(at))).collect();
    // From the leaves of the tree to its top.
    let mut below = vec![0u32; graph.len()];
    let above = |at: PackageIx| dominators.immediate(at);
    graph.packages().filter_map(|(at, _)| above(at)).for_each(|at| below[at.index()] += 1);
    let mut open: Vec<PackageIx> = graph.packages().map(|(at, _)| at).filter(|at| below[at.index()] == 0).collect();
    while let Some(at) = open.pop() {
        if let Some(above) = above(at) {
            brings[above.index()] += brings[at.index()];
            below[above.index()] -= 1;
            if below[above.index()] == 0 {
                open.push(above);
            }
        }
    }
    brings
}

/// What hangs on each of the groups.
fn weights(graph: &Graph, groups: &Groups, of: &[Option<usize>], number: usize) -> Vec<Weight> {
    let mut weights = vec![Weight::default(); number];
    for block in groups.follow(of, number) {
        for (at, package) in graph.packages() {
            for group in block.breaking(at) {
                if package.member {
                    weights[group].members += 1;
                } else {
                    weights[group].breaks += 1;
                }
            }
            block.bringing(at).filter(|_| !package.member).for_each(|group| weights[group].brings += 1);
        }
    }
    weights
}

fn parties(graph: &Graph, groups: &Groups, attributions: &Attributions) -> (Vec<PartyPoint>, u32) {
    let steward = |at: PackageIx| attributions.of(at).facet(Facet::Steward).party.as_ref();
    let foreign: Vec<PackageIx> = graph.packages().filter(|(_, package)| !package.member).map(|(at, _)| at).collect();
    let mut sizes: BTreeMap<&Party, u32> = BTreeMap::new();
    foreign.iter().filter_map(|at| steward(*at)).for_each(|party| *sizes.entry(party).or_default() += 1);
    let known: Vec<&Party> = sizes.keys().copied().collect();
    let mut of = vec![None; graph.len()];
    for at in &foreign {
        of[at.index()] = steward(*at).and_then(|party| known.binary_search(&party).ok());
    }
    let weights = weights(graph, groups, &of, known.len());
    let mut points: Vec<PartyPoint> = sizes
        .into_iter()
        .zip(weights)
        .map(|((party, packages), weight)| PartyPoint { party: party.clone(), packages, weight })
        .collect();
    points.sort_by_key(|point| order(point.weight));
    (points, count(foreign.iter().filter(|at| of[at.index()].is_none()).count()))
}

/// Which packages are in which country by one answer.
struct Placed {
    countries: Vec<CountryCode>,
    of: Vec<Option<usize>>,
}

impl Placed {
    fn new(graph: &Graph, attributions: &Attributions, facet: Facet) -> Self {
        let country = |at: PackageIx| match attributions.of(at).facet(facet).origin {
            Origin::Country(place) if !graph.package(at).member => Some(place.country()),
            _ => None,
        };
        let all: BTreeSet<CountryCode> = graph.packages().filter_map(|(at, _)| country(at)).collect();
        let countries: Vec<CountryCode> = all.into_iter().collect();
        let of = graph.packages().map(|(at, _)| country(at).and_then(|code| countries.binary_search(&code).ok()));
        Self { of: of.collect(), countries }
    }

    fn country(&self, at: PackageIx) -> Option<CountryCode> {
        self.of[at.index()].map(|group| self.countries[group])
    }

    fn points(&self, graph: &Graph, groups: &Groups, facet: Facet) -> Vec<CountryPoint> {
        let mut sizes = vec![0; self.countries.len()];
        self.of.iter().flatten().for_each(|at| sizes[*at] += 1);
        let weights = weights(graph, groups, &self.of, self.countries.len());
        let mut points: Vec<CountryPoint> = self
            .countries
            .iter()
            .zip(sizes.into_iter().zip(weights))
            .map(|(country, (packages, weight))| CountryPoint { facet, country: *country, packages, weight })
            .collect();
        points.sort_by_key(|point| (order(point.weight), point.country));
        points
    }
}

fn located(graph: &Graph, attributions: &Attributions, facet: Facet) -> Located {
    let mut found = Located { facet, country: 0, no_seat: 0, unknown: 0 };
    for (at, _) in graph.packages().filter(|(_, package)| !package.member) {
        match attributions.of(at).facet(facet).origin {
            Origin::Country(_) => found.country += 1,
            Origin::NoSeat(_) => found.no_seat += 1,
            Origin::Band(_) | Origin::Several { .. } | Origin::Conflict(_) | Origin::Unknown(_) => found.unknown += 1,
        }
    }
    found
}

/// The capabilities that the project has, with the countries of stewards that each hangs on.
fn capable<'d>(
    graph: &Graph,
    groups: &Groups,
    attributions: &Attributions,
    capabilities: &'d [Capability<&'static str>],
) -> Vec<Capable<'d>> {
    let placed = Placed::new(graph, attributions, Facet::Steward);
    let blocks: Vec<OfGroups> = groups.follow(&placed.of, placed.countries.len()).collect();
    let mut by_name: BTreeMap<&str, Vec<PackageIx>> = BTreeMap::new();
    for (at, package) in graph.packages().filter(|(at, package)| !package.member && groups.reaches(*at)) {
        by_name.entry(&package.name).or_default().push(at);
    }
    let provider = |at: PackageIx| {
        let hanging = blocks.iter().flat_map(|block| block.breaking(at).chain(block.bringing(at)));
        let hangs_on: BTreeSet<CountryCode> = hanging.map(|group| placed.countries[group]).collect();
        let steward = &attributions.of(at).facet(Facet::Steward).origin;
        let unknown = !matches!(steward, Origin::Country(_) | Origin::NoSeat(_));
        Provider { package: at, hangs_on: hangs_on.into_iter().collect(), unknown }
    };
    let mut found = Vec::new();
    for capability in capabilities {
        let named = capability.crates.iter().filter_map(|name| by_name.get(name));
        let all: BTreeSet<PackageIx> = named.flatten().copied().collect();
        if all.is_empty() {
            continue;
        }
        let providers: Vec<Provider> = all.into_iter().map(provider).collect();
        let mut lost: BTreeMap<CountryCode, u32> = BTreeMap::new();
        providers.iter().flat_map(|row| &row.hangs_on).for_each(|code| *lost.entry(*code).or_default() += 1);
        let single = lost.iter().filter(|(_, lost)| **lost == count(providers.len())).map(|(code, _)| *code);
        let most = lost.iter().max_by_key(|(code, lost)| (**lost, std::cmp::Reverse(**code)));
        let own = |country| count(providers.iter().filter(|row| placed.country(row.package) == Some(country)).count());
        found.push(Capable {
            capability,
            single: single.collect(),
            most: most.map(|(country, lost)| Lost { country: *country, providers: *lost, own: own(*country) }),
            providers,
        });
    }
    found.sort_by_key(|row| row.single.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::testing::numbered;

    /// What some packages come to without one of them.
    fn walk(graph: &Graph, from: &[PackageIx], without: Option<PackageIx>) -> Vec<bool> {
        let mut seen = vec![false; graph.len()];
        let mut open = from.to_vec();
        while let Some(at) = open.pop() {
            if Some(at) != without && !std::mem::replace(&mut seen[at.index()], true) {
                open.extend(graph.dependencies(at).into_iter().map(|(next, _)| next));
            }
        }
        seen
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn a_package_weighs_what_walking_finds(
            nodes in 1usize..10,
            members in 1usize..4,
            edges in prop::collection::vec((0usize..10, 0usize..10), 0..26),
        ) {
            let graph = numbered(nodes, members, &edges).0;
            let found = packages(&graph);
            prop_assert_eq!(found.len(), nodes.saturating_sub(members));
            let all = walk(&graph, graph.roots(), None);
            // Each package as a group of its own weighs the same.
            let own: Vec<Option<usize>> = (0..nodes).map(Some).collect();
            let groups = weights(&graph, &Groups::new(&graph), &own, nodes);
            for PackagePoint { package: at, weight } in found {
                let needs = |from: PackageIx| walk(&graph, &[from], None)[at.index()];
                let broken = |own: bool| graph.packages().filter(|(from, package)| package.member == own && needs(*from)).count();
                let without = walk(&graph, graph.roots(), Some(at));
                let gone = graph.packages().filter(|(other, package)| {
                    !package.member && all[other.index()] && !without[other.index()]
                });
                let expected = Weight { breaks: count(broken(false)), members: count(broken(true)), brings: count(gone.count()) };
                prop_assert_eq!(weight, expected);
                prop_assert_eq!(groups[at.index()], expected);
            }
        }
    }

    #[test]
    fn a_long_chain_is_weighed() {
        const LONG: usize = 100_000;
        let edges: Vec<(usize, usize)> = (1..LONG).map(|at| (at - 1, at)).collect();
        let graph = numbered(LONG, 1, &edges).0;
        let brings = brings(&graph);
        assert_eq!((brings[1], brings[LONG - 1]), (99_999, 1));
        let of: Vec<Option<usize>> = (0..LONG).map(|at| Some(at % 3)).collect();
        let weights = weights(&graph, &Groups::new(&graph), &of, 3);
        assert_eq!(weights[0].breaks, 99_999);
    }
}
