//! Losses on random graphs, against what is plainly true of them.

use proptest::prelude::*;

use super::{Chance, Chances, draw, loss};
use crate::graph::testing::package;
use crate::graph::{Capabilities, Dependency, Graph, GraphBuilder, Package, PackageIx};

/// A graph of numbered packages, the first one the user's own, with edges from dependents to what they need.
pub(super) fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
    let mut builder = GraphBuilder::default();
    let handles: Vec<usize> = (0..nodes)
        .map(|number| {
            let capabilities = Capabilities { build_script: Some(number % 3 == 1), ..Capabilities::default() };
            builder.package(Package { capabilities, ..package(format!("p{number:03}"), number == 0) })
        })
        .collect();
    for (from, to) in edges.iter().filter(|(from, to)| from % nodes != to % nodes) {
        builder.dependency(
            handles[from % nodes],
            handles[to % nodes],
            Dependency { normal: true, ..Dependency::default() },
        );
    }
    builder.root(handles[0]);
    builder.finish().unwrap().0
}

fn places(graph: &Graph) -> Vec<PackageIx> {
    graph.packages().map(|(at, _)| at).collect()
}

fn lost(graph: &Graph, gone: &[PackageIx]) -> Vec<PackageIx> {
    let found = loss(graph, gone);
    let mut all = [found.direct, found.through, found.members].concat();
    all.sort_unstable();
    all
}

fn edges() -> impl Strategy<Value = (usize, Vec<(usize, usize)>)> {
    (2usize..9).prop_flat_map(|nodes| (Just(nodes), prop::collection::vec((0..nodes, 0..nodes), 0..20)))
}

/// The expected number of packages lost, by going through everything that can be thrown.
fn exact(graph: &Graph, chances: &Chances) -> f64 {
    let member: Vec<bool> = graph.packages().map(|(_, package)| package.member).collect();
    let mut expected = 0.0;
    // For each group the places between which a throw decides the same.
    let steps: Vec<Vec<f64>> = (0..chances.group_count)
        .map(|group| {
            let own = chances.of.iter().zip(&chances.groups).filter(|(_, of)| **of == group);
            let mut steps: Vec<f64> = own.filter_map(|(chance, _)| Some(chance.as_ref()?.probability)).collect();
            steps.extend([0.0, 1.0]);
            steps.sort_by(f64::total_cmp);
            steps.dedup();
            steps
        })
        .collect();
    let mut at = vec![0usize; steps.len()];
    loop {
        let weight: f64 = at.iter().zip(&steps).map(|(at, steps)| steps[at + 1] - steps[*at]).product();
        let gone: Vec<PackageIx> = graph
            .packages()
            .map(|(at, _)| at)
            .zip(chances.of.iter().zip(&chances.groups))
            .filter(|(_, (chance, group))| {
                let throw = steps[**group as usize][at[**group as usize]];
                chance.as_ref().is_some_and(|chance| throw < chance.probability)
            })
            .map(|(at, _)| at)
            .collect();
        let number = lost(graph, &gone).iter().filter(|at| !member[at.index()]).count();
        expected += weight * f64::from(u32::try_from(number).unwrap());
        let Some(next) = (0..at.len()).find(|group| at[*group] + 2 < steps[*group].len()) else { return expected };
        at[next] += 1;
        at[..next].fill(0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn without_anything_nothing_is_lost_and_without_everything_all((nodes, edges) in edges()) {
        let graph = graph(nodes, &edges);
        prop_assert!(lost(&graph, &[]).is_empty());
        prop_assert_eq!(lost(&graph, &places(&graph)), places(&graph));
    }

    #[test]
    fn more_taken_away_is_more_lost_and_never_more_than_one_by_one(
        (nodes, edges) in edges(),
        taken in prop::collection::vec(any::<bool>(), 9),
        more in prop::collection::vec(any::<bool>(), 9),
    ) {
        let graph = graph(nodes, &edges);
        let pick = |which: &dyn Fn(usize) -> bool| -> Vec<PackageIx> {
            places(&graph).into_iter().filter(|at| which(at.index())).collect()
        };
        let some = pick(&|at| taken[at]);
        let all = pick(&|at| taken[at] || more[at]);
        let (few, many) = (lost(&graph, &some), lost(&graph, &all));
        prop_assert!(few.iter().all(|at| many.contains(at)));
        // Together they lose what each loses, and nothing else: so no more than the sum.
        let rest = pick(&|at| more[at]);
        let apart = lost(&graph, &rest);
        prop_assert!(many.iter().all(|at| few.contains(at) || apart.contains(at)));
        prop_assert!(many.len() <= few.len() + apart.len());
    }

    #[test]
    fn what_is_lost_is_what_has_a_way_to_something_that_is_gone((nodes, edges) in edges(), gone in 0usize..9) {
        let graph = graph(nodes, &edges);
        let all = places(&graph);
        let gone = all[gone % nodes];
        let mut reaches = vec![false; nodes];
        reaches[gone.index()] = true;
        for _ in 0..nodes {
            for at in &all {
                reaches[at.index()] |= graph.dependencies(*at).iter().any(|(to, _)| reaches[to.index()]);
            }
        }
        let expected: Vec<PackageIx> = all.into_iter().filter(|at| reaches[at.index()]).collect();
        prop_assert_eq!(lost(&graph, &[gone]), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_mean_of_many_draws_is_what_is_expected(
        (nodes, edges) in edges(),
        groups in prop::collection::vec(0u32..3, 9),
        probabilities in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.05f64..0.95], 9),
        seed in any::<u64>(),
    ) {
        let graph = graph(nodes, &edges);
        let chance = |probability: f64| Chance { probability, facet: None, because: String::new() };
        let of = graph.packages().map(|(at, package)| {
            (!package.member && probabilities[at.index()] > 0.0).then(|| chance(probabilities[at.index()]))
        });
        let chances = Chances { of: of.collect(), groups: groups[..nodes].to_vec(), group_count: 3, unknown: 0 };
        let drawn = draw(&graph, &chances, 4_000, seed);
        let expected = exact(&graph, &chances);
        // Five standard errors, and a little where nothing varies: one case in two million would be farther.
        let near = (drawn.packages.mean - expected).abs() <= 5.0 * drawn.packages.error + 0.01;
        prop_assert!(near, "{} +- {} is not {expected}", drawn.packages.mean, drawn.packages.error);
        let total: f64 = graph.packages().filter(|(_, package)| !package.member).map(|(at, _)| drawn.lost[at.index()]).sum();
        prop_assert!((total - drawn.packages.mean).abs() < 1e-9);
        prop_assert!(f64::from(drawn.packages.low) <= drawn.packages.mean + 1e-9 || drawn.packages.low == drawn.packages.high);
        prop_assert_eq!(draw(&graph, &chances, 500, seed), draw(&graph, &chances, 500, seed));
    }
}

#[test]
fn crates_of_one_party_fall_together() {
    // Twenty packages that need nothing of each other: of one party with a chance of one half all or none, of twenty parties about ten.
    let edges: Vec<(usize, usize)> = (1..21).map(|number| (0, number)).collect();
    let graph = graph(21, &edges);
    let chance = || Chance { probability: 0.5, facet: None, because: String::new() };
    let of: Vec<Option<Chance>> = (0..21).map(|number| (number > 0).then(chance)).collect();
    let together = Chances { of: of.clone(), groups: vec![0; 21], group_count: 1, unknown: 0 };
    let apart = Chances { of, groups: (0..21).collect(), group_count: 21, unknown: 0 };
    let (together, apart) = (draw(&graph, &together, 4_000, 1), draw(&graph, &apart, 4_000, 1));
    assert_eq!((together.packages.low, together.packages.high), (0, 20));
    assert!(apart.packages.low >= 5 && apart.packages.high <= 15, "{:?}", apart.packages);
    for draws in [together, apart] {
        assert!((draws.packages.mean - 10.0).abs() < 0.7, "{:?}", draws.packages);
        assert_eq!(draws.members.high, 1);
    }
}

#[test]
fn what_is_needed_for_tests_only_breaks_nothing() {
    let mut builder = GraphBuilder::default();
    let app = builder.package(package("app".to_owned(), true));
    let check = builder.package(package("check".to_owned(), false));
    builder.dependency(app, check, Dependency { dev: true, ..Dependency::default() });
    builder.root(app);
    let (graph, places) = builder.finish().unwrap();
    assert_eq!(loss(&graph, &[places[check]]).members, []);
}

#[test]
fn a_long_chain_is_no_deep_stack() {
    let edges: Vec<(usize, usize)> = (0..99_999).map(|number| (number, number + 1)).collect();
    let graph = graph(100_000, &edges);
    let last = graph.packages().map(|(at, _)| at).last().unwrap();
    assert_eq!(lost(&graph, &[last]).len(), 100_000);
}
