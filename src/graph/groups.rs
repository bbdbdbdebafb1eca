//! What hangs on groups of packages: those of one party, of one country.
//!
//! A package is lost with a group if it is of it, needs one of it through others, or comes only through it. Sixty-four groups are followed at
//! once through the whole graph, so the work grows with the graph and not with what each group brings.

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;

use super::{Graph, PackageIx};

/// Groups that are followed at once: the bits of a word.
const AT_ONCE: usize = 64;

/// A graph made ready to be followed.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Sets of packages that need each other, dependents before what they need.
    components: Vec<Vec<usize>>,
    component_of: Vec<usize>,
    needs: Vec<Vec<usize>>,
    needed_by: Vec<Vec<usize>>,
    root: Vec<bool>,
    reached: Vec<bool>,
}

/// What hangs on some groups, a bit each.
#[derive(Clone, Debug)]
pub struct OfGroups {
    /// The first of them.
    first: usize,
    needing: Vec<u64>,
    through: Vec<u64>,
}

impl Groups {
    /// For a graph.
    pub fn new(graph: &Graph) -> Self {
        let ends = |direction| {
            let of =
                |(at, _): (PackageIx, _)| graph.inner.neighbors_directed(at.node(), direction).map(NodeIndex::index);
            graph.packages().map(|row| of(row).collect()).collect::<Vec<Vec<usize>>>()
        };
        let (needs, needed_by) = (ends(Direction::Outgoing), ends(Direction::Incoming));
        let mut root = vec![false; graph.len()];
        graph.roots().iter().for_each(|at| root[at.index()] = true);
        let mut components: Vec<Vec<usize>> = kosaraju_scc(&graph.inner)
            .into_iter()
            .map(|component| component.into_iter().map(NodeIndex::index).collect())
            .collect();
        components.reverse();
        let mut component_of = vec![0; graph.len()];
        for (number, component) in components.iter().enumerate() {
            for at in component {
                component_of[*at] = number;
            }
        }
        let mut reached = root.clone();
        let mut open: Vec<usize> = graph.roots().iter().map(|at| at.index()).collect();
        while let Some(at) = open.pop() {
            for next in &needs[at] {
                if !std::mem::replace(&mut reached[*next], true) {
                    open.push(*next);
                }
            }
        }
        Self { components, component_of, needs, needed_by, root, reached }
    }

    /// What hangs on each of the groups, in blocks of them; `of` gives the group of every package, if it has one.
    pub fn follow<'a>(&'a self, of: &'a [Option<usize>], groups: usize) -> impl Iterator<Item = OfGroups> + 'a {
        (0..groups).step_by(AT_ONCE).map(|first| {
            let bit = |group: &Option<usize>| match group.and_then(|group| group.checked_sub(first)) {
                Some(bit) if bit < AT_ONCE => 1 << bit,
                _ => 0,
            };
            let own: Vec<u64> = of.iter().map(bit).collect();
            OfGroups { first, needing: self.needing(&own), through: self.through(&own) }
        })
    }

    /// Whether a root reaches a package.
    pub fn reaches(&self, at: PackageIx) -> bool {
        self.reached[at.index()]
    }

    /// For every package the groups that it is of or needs.
    fn needing(&self, own: &[u64]) -> Vec<u64> {
        let mut all = vec![0u64; self.components.len()];
        for number in (0..self.components.len()).rev() {
            let of =
                |at: &usize| self.needs[*at].iter().fold(own[*at], |bits, next| bits | all[self.component_of[*next]]);
            let bits = self.components[number].iter().map(of).fold(0, |a, b| a | b);
            all[number] = bits;
        }
        self.component_of.iter().map(|number| all[*number]).collect()
    }

    /// For every package the groups that every way from the roots meets, itself included; none for what no root reaches.
    fn through(&self, own: &[u64]) -> Vec<u64> {
        let mut all = vec![u64::MAX; own.len()];
        for component in &self.components {
            loop {
                let mut changed = false;
                for at in component.iter().copied().filter(|at| self.reached[*at]) {
                    let reached = self.needed_by[at].iter().filter(|from| self.reached[**from]);
                    let before = if self.root[at] { 0 } else { reached.fold(u64::MAX, |bits, from| bits & all[*from]) };
                    changed |= std::mem::replace(&mut all[at], before | own[at]) != before | own[at];
                }
                // Packages that do not need each other are known after one look.
                if !changed || component.len() == 1 {
                    break;
                }
            }
        }
        all.iter().zip(&self.reached).map(|(bits, reached)| if *reached { *bits } else { 0 }).collect()
    }
}

impl OfGroups {
    /// The groups that a package is of or needs one of, itself or through others; in order.
    pub fn breaking(&self, at: PackageIx) -> impl Iterator<Item = usize> + use<> {
        bits(self.first, self.needing[at.index()])
    }

    /// The groups that a package is of, or one of which every way to it from the roots goes through; in order.
    pub fn bringing(&self, at: PackageIx) -> impl Iterator<Item = usize> + use<> {
        bits(self.first, self.through[at.index()])
    }
}

fn bits(first: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(first + bit)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::numbered;
    use super::*;

    /// What is met from some packages, without those of a group.
    fn walk(graph: &Graph, from: &[PackageIx], avoid: impl Fn(PackageIx) -> bool) -> Vec<bool> {
        let mut seen = vec![false; graph.len()];
        let mut open: Vec<PackageIx> = from.to_vec();
        while let Some(at) = open.pop() {
            if !avoid(at) && !std::mem::replace(&mut seen[at.index()], true) {
                open.extend(graph.dependencies(at).into_iter().map(|(next, _)| next));
            }
        }
        seen
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn what_hangs_on_a_group_is_what_walking_finds(
            nodes in 1usize..10,
            edges in prop::collection::vec((0usize..10, 0usize..10), 0..24),
            // Some in the second block of groups.
            of in prop::collection::vec(prop::option::of(prop_oneof![0usize..3, 63usize..67]), 10),
        ) {
            let graph = numbered(nodes, 1, &edges).0;
            let of = &of[..nodes];
            let groups = Groups::new(&graph);
            let reached = walk(&graph, graph.roots(), |_| false);
            let blocks: Vec<OfGroups> = groups.follow(of, 67).collect();
            prop_assert_eq!(blocks.len(), 2);
            for (at, _) in graph.packages() {
                let breaking: Vec<usize> = blocks.iter().flat_map(|block| block.breaking(at)).collect();
                let bringing: Vec<usize> = blocks.iter().flat_map(|block| block.bringing(at)).collect();
                let needs = walk(&graph, &[at], |_| false);
                let breaks = |group: &usize| graph.packages().any(|(other, _)| needs[other.index()] && of[other.index()] == Some(*group));
                let brings = |group: &usize| {
                    let without = walk(&graph, graph.roots(), |at| of[at.index()] == Some(*group));
                    reached[at.index()] && !without[at.index()]
                };
                prop_assert_eq!(breaking, (0..67).filter(breaks).collect::<Vec<usize>>());
                prop_assert_eq!(bringing, (0..67).filter(brings).collect::<Vec<usize>>());
            }
        }
    }
}
