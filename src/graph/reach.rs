//! How much hangs on a package.

use petgraph::Direction;
use petgraph::algo::{dominators, kosaraju_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use super::{Graph, PackageIx};

/// For every package the number of packages that need it, directly or through others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach(Vec<u32>);

/// For every package the one that every path from the roots goes through last.
#[derive(Clone, Debug)]
pub struct Dominators {
    above: Vec<Option<PackageIx>>,
    reached: Vec<bool>,
}

/// How many packages are followed at once; it bounds the memory to 512 bytes a package, whatever the graph looks like.
const BLOCK: usize = 4096;

/// A word of a set of packages.
const WORD: usize = 64;

impl Graph {
    /// Who depends on each package through others. Cycles (development dependencies make them) count each member once.
    pub fn reach(&self) -> Reach {
        self.reach_among(|_| true)
    }

    /// How many of some packages need each, directly or through others.
    pub fn reach_among(&self, counted: impl Fn(PackageIx) -> bool) -> Reach {
        let counted: Vec<bool> = self.packages().map(|(at, _)| counted(at)).collect();
        // Dependencies come before dependents, so going backwards meets every dependent before what it needs.
        let components = kosaraju_scc(&self.inner);
        let mut component_of = vec![0usize; self.len()];
        for (number, component) in components.iter().enumerate() {
            for node in component {
                component_of[node.index()] = number;
            }
        }
        let mut counts = vec![0u32; self.len()];
        let mut start = 0;
        while start < self.len() {
            let end = (start + BLOCK).min(self.len());
            self.reach_of_block(start..end, &counted, (&components, &component_of), &mut counts);
            start = end;
        }
        Reach(counts)
    }

    /// Adds to each count how many of the counted packages of the block need it.
    fn reach_of_block(
        &self,
        block: std::ops::Range<usize>,
        counted: &[bool],
        (components, component_of): (&[Vec<NodeIndex<u32>>], &[usize]),
        counts: &mut [u32],
    ) {
        let words = block.len().div_ceil(WORD);
        // For each component the packages of the block that are in it or need it.
        let mut above = vec![0u64; words * components.len()];
        let mut bits = vec![0u64; words];
        for number in (0..components.len()).rev() {
            bits.fill(0);
            for node in &components[number] {
                if block.contains(&node.index()) && counted[node.index()] {
                    let at = node.index() - block.start;
                    bits[at / WORD] |= 1 << (at % WORD);
                }
                for source in self.inner.neighbors_directed(*node, Direction::Incoming) {
                    let from = component_of[source.index()];
                    if from != number {
                        for (word, more) in bits.iter_mut().zip(&above[from * words..(from + 1) * words]) {
                            *word |= more;
                        }
                    }
                }
            }
            let needing: u32 = bits.iter().map(|word| word.count_ones()).sum();
            for node in &components[number] {
                let itself = block.contains(&node.index()) && counted[node.index()];
                counts[node.index()] += needing - u32::from(itself);
            }
            above[number * words..(number + 1) * words].copy_from_slice(&bits);
        }
    }

    /// Immediate dominators, from a place above all roots.
    pub fn dominators(&self) -> Dominators {
        let mut plain: DiGraph<(), ()> = DiGraph::with_capacity(self.len() + 1, self.inner.edge_count());
        for _ in 0..self.len() {
            plain.add_node(());
        }
        let top = plain.add_node(());
        for root in self.roots() {
            plain.add_edge(top, root.node(), ());
        }
        for edge in self.inner.edge_references() {
            plain.add_edge(edge.source(), edge.target(), ());
        }
        let found = dominators::simple_fast(&plain, top);
        let all: Vec<Option<NodeIndex<u32>>> =
            self.packages().map(|(at, _)| found.immediate_dominator(at.node())).collect();
        Dominators {
            above: all.iter().map(|node| node.filter(|node| *node != top).map(PackageIx::of)).collect(),
            reached: all.iter().map(Option::is_some).collect(),
        }
    }
}

impl Reach {
    /// Packages that need this one, members of the workspace included.
    pub fn of(&self, at: PackageIx) -> u32 {
        self.0[at.index()]
    }
}

impl Dominators {
    /// The package that every path from the roots to this one goes through last; nothing where paths share none.
    pub fn immediate(&self, at: PackageIx) -> Option<PackageIx> {
        self.above[at.index()]
    }

    /// Whether a root reaches a package.
    pub fn reached(&self, at: PackageIx) -> bool {
        self.reached[at.index()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::numbered;
    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> (Graph, Vec<PackageIx>) {
        numbered(nodes, 1, edges)
    }

    fn reaches(graph: &Graph, from: PackageIx, to: PackageIx, without: Option<PackageIx>) -> bool {
        let mut seen = vec![false; graph.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            if Some(at) == without || std::mem::replace(&mut seen[at.index()], true) {
                continue;
            }
            if at == to {
                return true;
            }
            open.extend(graph.dependencies(at).into_iter().map(|(next, _)| next));
        }
        false
    }

    proptest! {
        #[test]
        fn reach_is_what_walking_finds(nodes in 1usize..9, edges in prop::collection::vec((0usize..9, 0usize..9), 0..24)) {
            let (graph, _) = graph(nodes, &edges);
            let reach = graph.reach();
            for (at, _) in graph.packages() {
                let walked = graph.packages().filter(|(from, _)| *from != at && reaches(&graph, *from, at, None)).count();
                prop_assert_eq!(reach.of(at) as usize, walked);
                let odd = |at: PackageIx| at.index() % 2 == 1;
                let walked = graph.packages().filter(|(from, _)| *from != at && odd(*from) && reaches(&graph, *from, at, None)).count();
                prop_assert_eq!(graph.reach_among(odd).of(at) as usize, walked);
            }
        }

        #[test]
        fn without_its_dominator_a_package_is_not_reached(
            nodes in 1usize..9,
            edges in prop::collection::vec((0usize..9, 0usize..9), 0..24),
        ) {
            let (graph, places) = graph(nodes, &edges);
            let dominators = graph.dominators();
            for (at, _) in graph.packages() {
                if let Some(above) = dominators.immediate(at) {
                    prop_assert!(reaches(&graph, places[0], at, None));
                    prop_assert!(!reaches(&graph, places[0], at, Some(above)));
                }
            }
        }

        #[test]
        fn what_leaves_with_a_package_is_reached_through_it_alone(
            nodes in 1usize..9,
            edges in prop::collection::vec((0usize..9, 0usize..9), 0..24),
        ) {
            let (graph, places) = graph(nodes, &edges);
            for (gone, _) in graph.packages() {
                let leaving = graph.leaving_with(gone);
                prop_assert_eq!(leaving[0], gone);
                for (at, package) in graph.packages().filter(|(at, _)| *at != gone) {
                    let lost = reaches(&graph, places[0], at, None) && !reaches(&graph, places[0], at, Some(gone));
                    prop_assert_eq!(leaving.contains(&at), lost && !package.member);
                }
            }
        }

        #[test]
        fn paths_are_simple_shortest_first_and_complete(
            nodes in 1usize..7,
            edges in prop::collection::vec((0usize..7, 0usize..7), 0..16),
        ) {
            let (graph, places) = graph(nodes, &edges);
            let tree = graph.path_tree();
            for (at, _) in graph.packages() {
                let found = graph.simple_paths(at, 10_000);
                prop_assert!(!found.more);
                prop_assert_eq!(found.paths.is_empty(), !reaches(&graph, places[0], at, None));
                prop_assert_eq!(found.paths.first().map_or(0, Vec::len), tree.path(at, usize::MAX).0.len());
                prop_assert!(found.paths.windows(2).all(|pair| pair[0].len() <= pair[1].len()));
                for path in &found.paths {
                    let mut nodes = path.clone();
                    nodes.sort_unstable();
                    nodes.dedup();
                    prop_assert_eq!(nodes.len(), path.len());
                }
            }
        }
    }
}
