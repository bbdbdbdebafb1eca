//! The cheapest set of packages without which others are not reached.
//!
//! A minimum cut of vertices: every package becomes two nodes with its cost between them, and what stops the largest flow from the roots to
//! the targets is cut. What cannot be cut, the roots and the members, costs more than everything else together.

use petgraph::algo::maximum_flow::dinics;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use petgraph::{Direction, Incoming, Outgoing};

use super::{Graph, PackageIx};

/// Which of several cuts of the same cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// The one nearest to the roots: what is nearest to the user's own manifests, and takes most with it.
    Roots,
    /// The one nearest to the targets: what takes least with it.
    Targets,
}

impl Graph {
    /// The cheapest packages without which no root reaches a target, in order. Targets can be cut themselves; roots and members cannot, and
    /// are no targets. A cost below one counts as one.
    ///
    /// Of all cuts of that cost there is one whose side of the roots lies within that of every other, and one for which it is the other way
    /// round: either is the same whatever order the flow was found in.
    pub fn smallest_cut(&self, targets: &[PackageIx], cost: impl Fn(PackageIx) -> u32, near: Near) -> Vec<PackageIx> {
        let own = |at: PackageIx| self.package(at).member || self.roots().binary_search(&at).is_ok();
        let mut wanted = vec![false; self.len()];
        targets.iter().filter(|at| !own(**at)).for_each(|at| wanted[at.index()] = true);
        let between = self.between(&wanted);
        let costs: Vec<u64> = self.packages().map(|(at, _)| u64::from(cost(at).max(1))).collect();
        let endless = costs.iter().sum::<u64>().saturating_add(1);

        let mut network = Network::with_capacity(2 * self.len() + 2, self.inner.edge_count() + 3 * self.len());
        let mut inside: Vec<Option<NodeIndex>> = vec![None; self.len()];
        let (source, sink) = (network.add_node(()), network.add_node(()));
        for (at, _) in self.packages().filter(|(at, _)| between[at.index()]) {
            let (entry, exit) = (network.add_node(()), network.add_node(()));
            let capacity = if own(at) { endless } else { costs[at.index()] };
            network.add_edge(entry, exit, capacity);
            inside[at.index()] = Some(entry);
            if wanted[at.index()] {
                network.add_edge(exit, sink, endless);
            }
        }
        for root in self.roots() {
            if let Some(entry) = inside[root.index()] {
                network.add_edge(source, entry, endless);
            }
        }
        for edge in self.inner.edge_references() {
            // What lies behind a target is cut with it or before it.
            let open = !wanted[edge.source().index()];
            if let (true, Some(from), Some(to)) = (open, inside[edge.source().index()], inside[edge.target().index()]) {
                network.add_edge(exit_of(from), to, endless);
            }
        }
        let (_, flows) = dinics(&network, source, sink);
        let (start, direction) = match near {
            Near::Roots => (source, Outgoing),
            Near::Targets => (sink, Incoming),
        };
        let side = residual(&network, &flows, start, direction);
        let parted = |entry: NodeIndex| side[entry.index()] != side[exit_of(entry).index()];
        self.packages().map(|(at, _)| at).filter(|at| inside[at.index()].is_some_and(parted)).collect()
    }

    /// For every package whether a root reaches it and it is, or leads to, one that is wanted.
    pub fn between(&self, wanted: &[bool]) -> Vec<bool> {
        let roots = self.roots().iter().copied();
        let reached = self.walk(roots, Outgoing);
        let ends = self.packages().map(|(at, _)| at).filter(|at| wanted[at.index()]);
        let leads = self.walk(ends, Incoming);
        reached.iter().zip(leads).map(|(reached, leads)| *reached && leads).collect()
    }

    fn walk(&self, from: impl Iterator<Item = PackageIx>, direction: Direction) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        let mut open: Vec<PackageIx> = from.collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at.index()], true) {
                open.extend(self.inner.neighbors_directed(at.node(), direction).map(PackageIx::of));
            }
        }
        seen
    }
}

type Network = DiGraph<(), u64>;

/// The second node of a package, which is made right behind the first.
fn exit_of(entry: NodeIndex) -> NodeIndex {
    NodeIndex::new(entry.index() + 1)
}

/// Nodes that can still be reached from the source, or that can still reach the sink, over what the flow leaves free.
fn residual(network: &Network, flows: &[u64], start: NodeIndex, direction: Direction) -> Vec<bool> {
    let mut seen = vec![false; network.node_count()];
    let mut open = vec![start];
    seen[start.index()] = true;
    while let Some(at) = open.pop() {
        let along = network.edges_directed(at, direction).filter(|edge| flows[edge.id().index()] < *edge.weight());
        let back = network.edges_directed(at, direction.opposite()).filter(|edge| flows[edge.id().index()] > 0);
        for edge in along.chain(back) {
            let other = if edge.source() == at { edge.target() } else { edge.source() };
            if !std::mem::replace(&mut seen[other.index()], true) {
                open.push(other);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::numbered as graph;
    use super::*;

    /// What is reached without a set of packages, given as bits.
    fn reached(graph: &Graph, without: u32) -> u32 {
        let mut seen = 0;
        let mut open: Vec<PackageIx> = graph.roots().to_vec();
        while let Some(at) = open.pop() {
            let bit = 1 << at.index();
            if (without | seen) & bit == 0 {
                seen |= bit;
                open.extend(graph.dependencies(at).into_iter().map(|(next, _)| next));
            }
        }
        seen
    }

    fn bits(packages: &[PackageIx]) -> u32 {
        packages.iter().fold(0, |bits, at| bits | 1 << at.index())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn no_set_is_cheaper_and_none_of_the_same_cost_is_nearer(
            nodes in 2usize..11,
            members in 1usize..4,
            edges in prop::collection::vec((0usize..11, 0usize..11), 0..32),
            costs in prop::collection::vec(0u32..5, 11),
            wanted in any::<u16>(),
        ) {
            let (graph, places) = graph(nodes, members, &edges);
            let targets: Vec<PackageIx> = places.iter().copied().filter(|at| wanted >> at.index() & 1 == 1).collect();
            let foreign = (members.min(nodes)..nodes).fold(0, |bits, at| bits | 1u32 << at);
            let cost_of = |set: u32| (0..nodes).filter(|at| set >> at & 1 == 1).map(|at| u64::from(costs[at].max(1))).sum::<u64>();
            let cuts = |set: &u32| set & !foreign == 0 && reached(&graph, *set) & bits(&targets) & foreign == 0;
            let all: Vec<u32> = (0..1u32 << nodes).filter(cuts).collect();
            let least = all.iter().map(|set| cost_of(*set)).min().unwrap();
            let cost = |at: PackageIx| costs[at.index()];
            let (near, far) = (graph.smallest_cut(&targets, cost, Near::Roots), graph.smallest_cut(&targets, cost, Near::Targets));
            for found in [&near, &far] {
                prop_assert!(found.is_sorted());
                prop_assert!(cuts(&bits(found)), "{found:?} lets something through");
                prop_assert_eq!(cost_of(bits(found)), least);
            }
            let (close, wide) = (reached(&graph, bits(&near)), reached(&graph, bits(&far)));
            for other in all.into_iter().filter(|set| cost_of(*set) == least) {
                let left = reached(&graph, other);
                prop_assert_eq!(close & !left, 0, "{:b} is nearer to the root than {:?}", other, &near);
                prop_assert_eq!(left & !wide, 0, "{:b} is nearer to the targets than {:?}", other, &far);
            }
        }
    }

    #[test]
    fn nothing_is_cut_where_nothing_is_to_be_reached() {
        let (graph, places) = graph(3, 1, &[(0, 1)]);
        for targets in [&[][..], &[places[0]], &[places[2]]] {
            assert_eq!(graph.smallest_cut(targets, |_| 1, Near::Roots), []);
        }
        assert_eq!(graph.smallest_cut(&[places[1]], |_| 1, Near::Roots), [places[1]]);
    }

    /// Nothing here goes down by calling itself.
    #[test]
    fn a_long_chain_is_cut() {
        const LONG: usize = 100_000;
        let edges: Vec<(usize, usize)> = (1..LONG).map(|at| (at - 1, at)).collect();
        let (graph, places) = graph(LONG, 1, &edges);
        let last = places[LONG - 1];
        assert_eq!(graph.smallest_cut(&[last], |_| 1, Near::Roots), [places[1]]);
        assert_eq!(graph.smallest_cut(&[last], |_| 1, Near::Targets), [last]);
        let cheap = |at| if at == places[500] { 1 } else { 2 };
        assert_eq!(graph.smallest_cut(&[last], cheap, Near::Roots), [places[500]]);
    }
}
