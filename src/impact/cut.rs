//! The smallest cut as a plan: in which order its packages are replaced, and what each step brings.

use std::collections::BTreeMap;

use super::Targets;
use super::single::brings;
use crate::graph::{Graph, Near, PackageIx, SwitchSet, Switches};

/// Packages of a cut up to which every step is chosen anew after the ones before it. Beyond, the order is that of what each takes off alone.
const MOST_CHOSEN: usize = 255;

/// What it costs to replace a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// A package that a member needs itself.
    pub direct: u32,
    /// Any other.
    pub indirect: u32,
    /// By name; these win.
    pub named: BTreeMap<String, u32>,
}

impl Costs {
    /// The cost of one package; never below one.
    pub fn of(&self, graph: &Graph, at: PackageIx) -> u32 {
        let by_kind = || if graph.is_direct(at) { self.direct } else { self.indirect };
        self.named.get(&graph.package(at).name).copied().unwrap_or_else(by_kind).max(1)
    }
}

/// One package to replace, and what is gone when it is, after the steps before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The package.
    pub package: PackageIx,
    /// What it costs.
    pub cost: u32,
    /// Targets that are no longer reached; in order.
    pub targets: Vec<PackageIx>,
    /// Packages, the user's own aside, that are no longer reached, it itself among them.
    pub packages: usize,
    /// Targets that are still reached.
    pub targets_left: usize,
    /// Packages, the user's own aside, that are still reached.
    pub packages_left: usize,
}

/// What to replace, or to turn off, so that no target is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<'a> {
    /// The cut, in order of gain.
    pub steps: Vec<Step>,
    /// What all of it costs.
    pub cost: u64,
    /// Packages, the user's own aside, that are reached before anything is done.
    pub packages: usize,
    /// Features that do the same; nothing where features are not known.
    pub features: Option<SwitchSet<'a>>,
}

/// Works out the plan.
pub fn plan<'a>(graph: &'a Graph, switches: &'a Switches, targets: &Targets, costs: &Costs, near: Near) -> Plan<'a> {
    let targets: Vec<PackageIx> = targets.reached.iter().map(|target| target.package).collect();
    let cut = graph.smallest_cut(&targets, |at| costs.of(graph, at), near);
    let order = order(graph, &cut, &targets, costs);
    let (steps, packages) = steps(graph, &order, &targets, costs);
    let known = !switches.is_empty() && !targets.is_empty();
    Plan {
        cost: steps.iter().map(|step| u64::from(step.cost)).sum(),
        steps,
        packages,
        features: known.then(|| SwitchSet::find(graph, switches, &targets)),
    }
}

/// A set of packages of the cut; the last bit says that a package is not reached.
type Bits = [u64; 4];
const ALL: Bits = [u64::MAX; 4];

/// Always the package that takes most targets off for its cost; of equals the one with which, alone, most packages leave. Where none takes a
/// target off alone, one of those that stand before the target with fewest of them.
fn order(graph: &Graph, cut: &[PackageIx], targets: &[PackageIx], costs: &Costs) -> Vec<PackageIx> {
    let leaving = brings(graph);
    let cost: Vec<u64> = cut.iter().map(|at| u64::from(costs.of(graph, *at))).collect();
    let way = Way::new(graph, cut, targets);
    let chosen_anew = cut.len() <= MOST_CHOSEN;
    let mut left: Vec<usize> = (0..cut.len()).collect();
    let mut order = Vec::new();
    if !chosen_anew {
        left.sort_by_key(|at| (std::cmp::Reverse(leaving[cut[*at].index()]), *at));
        return left.into_iter().map(|at| cut[at]).collect();
    }
    let mut gone = [0; 4];
    while !left.is_empty() {
        let through = way.spread(&gone, true);
        let mut gain = vec![0u64; cut.len()];
        for bits in way.targets.iter().map(|at| &through[*at]).filter(|bits| **bits != ALL) {
            left.iter().filter(|at| has(bits, **at)).for_each(|at| gain[*at] += 1);
        }
        let helps = if gain.iter().all(|gain| *gain == 0) { way.before_the_nearest(&gone) } else { ALL };
        let better = |a: usize, b: usize| {
            let by_gain = (gain[a] * cost[b]).cmp(&(gain[b] * cost[a]));
            let by_help = has(&helps, a).cmp(&has(&helps, b));
            let by_leaving = leaving[cut[a].index()].cmp(&leaving[cut[b].index()]);
            by_gain.then(by_help).then(by_leaving).then(b.cmp(&a))
        };
        let Some(best) = left.iter().copied().max_by(|a, b| better(*a, *b)) else { break };
        left.retain(|at| *at != best);
        gone[best / 64] |= 1 << (best % 64);
        order.push(cut[best]);
    }
    order
}

fn has(bits: &Bits, at: usize) -> bool {
    bits[at / 64] >> (at % 64) & 1 == 1
}

/// The packages between the roots and the targets, so that those that come first come first.
struct Way {
    /// From whom each is needed, by their places here.
    needed_by: Vec<Vec<usize>>,
    root: Vec<bool>,
    /// The place in the cut.
    in_cut: Vec<Option<usize>>,
    targets: Vec<usize>,
}

impl Way {
    fn new(graph: &Graph, cut: &[PackageIx], targets: &[PackageIx]) -> Self {
        let mut wanted = vec![false; graph.len()];
        for at in targets {
            wanted[at.index()] = true;
        }
        let between = graph.between(&wanted);
        let mut place: Vec<Option<usize>> = vec![None; graph.len()];
        let mut order: Vec<PackageIx> = Vec::new();
        // Depth first without going down by calling itself: a package is done when all it needs are.
        for root in graph.roots().iter().filter(|root| between[root.index()]) {
            let mut open = vec![(*root, None::<std::vec::IntoIter<PackageIx>>)];
            while let Some((at, rest)) = open.last_mut() {
                let at = *at;
                let rest = rest.get_or_insert_with(|| {
                    let needs = graph.dependencies(at).into_iter().map(|(next, _)| next);
                    let needs: Vec<PackageIx> = needs.filter(|next| between[next.index()]).collect();
                    needs.into_iter()
                });
                place[at.index()].get_or_insert(usize::MAX);
                if let Some(next) = rest.find(|next| place[next.index()].is_none()) {
                    open.push((next, None));
                    continue;
                }
                if place[at.index()] == Some(usize::MAX) {
                    place[at.index()] = Some(0);
                    order.push(at);
                }
                open.pop();
            }
        }
        order.reverse();
        order.iter().enumerate().for_each(|(number, at)| place[at.index()] = Some(number));
        let places = |of: Vec<PackageIx>| of.into_iter().filter_map(|at| place[at.index()]).collect::<Vec<usize>>();
        let dependents = |at: &PackageIx| places(graph.dependents(*at).into_iter().map(|(from, _)| from).collect());
        Self {
            needed_by: order.iter().map(dependents).collect(),
            root: order.iter().map(|at| graph.roots().binary_search(at).is_ok()).collect(),
            in_cut: order.iter().map(|at| cut.binary_search(at).ok()).collect(),
            targets: places(targets.to_vec()),
        }
    }

    /// For every package the packages of the cut that every way to it meets, or (not `every`) that some way meets, itself included, when some
    /// of the cut are gone. `ALL` for what is not reached.
    fn spread(&self, gone: &Bits, every: bool) -> Vec<Bits> {
        let mut met = vec![ALL; self.root.len()];
        let is_gone = |at: usize| self.in_cut[at].is_some_and(|cut| has(gone, cut));
        loop {
            let mut changed = false;
            for at in (0..met.len()).filter(|at| !is_gone(*at)) {
                let mut bits = if self.root[at] { Some([0; 4]) } else { None };
                for from in self.needed_by[at].iter().filter(|from| met[**from] != ALL) {
                    let of = met[*from];
                    bits = Some(match bits {
                        None => of,
                        Some(known) if every => std::array::from_fn(|word| known[word] & of[word]),
                        Some(known) => std::array::from_fn(|word| known[word] | of[word]),
                    });
                }
                let Some(mut bits) = bits else { continue };
                if let Some(cut) = self.in_cut[at] {
                    bits[cut / 64] |= 1 << (cut % 64);
                }
                changed |= std::mem::replace(&mut met[at], bits) != bits;
            }
            if !changed {
                return met;
            }
        }
    }

    /// The packages of the cut before the target that has fewest of them.
    fn before_the_nearest(&self, gone: &Bits) -> Bits {
        let met = self.spread(gone, false);
        let reached = self.targets.iter().map(|at| met[*at]).filter(|bits| *bits != ALL);
        reached.min_by_key(|bits| bits.iter().map(|word| word.count_ones()).sum::<u32>()).unwrap_or(ALL)
    }
}

/// What each step brings: everything is taken away, and given back from the last to the first, so that the whole graph is walked once.
fn steps(graph: &Graph, order: &[PackageIx], targets: &[PackageIx], costs: &Costs) -> (Vec<Step>, usize) {
    let mut walk = Walk { graph, shut: vec![false; graph.len()], met: vec![false; graph.len()] };
    for at in order {
        walk.shut[at.index()] = true;
    }
    let is_target = |at: &PackageIx| targets.binary_search(at).is_ok();
    let first = walk.on(graph.roots().to_vec());
    let (mut packages_left, mut targets_left) =
        (foreign(graph, &first), first.iter().filter(|at| is_target(at)).count());
    let mut steps = Vec::new();
    for at in order.iter().rev() {
        let back = walk.give_back(*at);
        let (packages, taken) = (foreign(graph, &back), back.into_iter().filter(is_target).collect::<Vec<_>>());
        let number = taken.len();
        steps.push(Step {
            package: *at,
            cost: costs.of(graph, *at),
            targets: taken,
            packages,
            targets_left,
            packages_left,
        });
        packages_left += packages;
        targets_left += number;
    }
    steps.reverse();
    (steps, packages_left)
}

fn foreign(graph: &Graph, packages: &[PackageIx]) -> usize {
    packages.iter().filter(|at| !graph.package(**at).member).count()
}

/// A walk that stops at what is shut.
struct Walk<'a> {
    graph: &'a Graph,
    shut: Vec<bool>,
    /// What was come to, shut or not.
    met: Vec<bool>,
}

impl Walk<'_> {
    /// Goes on from some packages, and gives what it comes to for the first time, in order.
    fn on(&mut self, mut open: Vec<PackageIx>) -> Vec<PackageIx> {
        let mut new = Vec::new();
        open.retain(|at| !std::mem::replace(&mut self.met[at.index()], true));
        while let Some(at) = open.pop() {
            if self.shut[at.index()] {
                continue;
            }
            new.push(at);
            for (next, _) in self.graph.dependencies(at) {
                if !std::mem::replace(&mut self.met[next.index()], true) {
                    open.push(next);
                }
            }
        }
        new.sort_unstable();
        new
    }

    /// Opens what was shut.
    fn give_back(&mut self, at: PackageIx) -> Vec<PackageIx> {
        self.shut[at.index()] = false;
        // What nobody has come to yet is not reached without another that is still shut.
        if std::mem::replace(&mut self.met[at.index()], false) { self.on(vec![at]) } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Target;
    use super::*;
    use crate::graph::testing::numbered;

    fn targets_of(graph: &Graph, wanted: impl Fn(usize) -> bool) -> Targets {
        let tree = graph.path_tree();
        let foreign = graph.packages().filter(|(_, package)| !package.member).map(|(at, _)| at);
        let reached = foreign.filter(|at| wanted(at.index()) && tree.depth(*at).is_some());
        let reached = reached.map(|package| Target { package, because: Vec::new(), programmes: Vec::new() }).collect();
        Targets { reached, ..Targets::default() }
    }

    fn walk(graph: &Graph, without: &[PackageIx]) -> Vec<PackageIx> {
        let mut seen = vec![false; graph.len()];
        let mut open = graph.roots().to_vec();
        while let Some(at) = open.pop() {
            if !without.contains(&at) && !std::mem::replace(&mut seen[at.index()], true) {
                open.extend(graph.dependencies(at).into_iter().map(|(next, _)| next));
            }
        }
        graph.packages().map(|(at, _)| at).filter(|at| seen[at.index()]).collect()
    }

    fn costs() -> Costs {
        Costs { direct: 2, indirect: 3, named: BTreeMap::from([("p000004".to_owned(), 1), ("p000005".to_owned(), 0)]) }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn a_plan_says_what_walking_without_its_packages_finds(
            nodes in 2usize..14,
            members in 1usize..3,
            edges in prop::collection::vec((0usize..14, 0usize..14), 0..40),
            wanted in any::<u16>(),
        ) {
            let graph = numbered(nodes, members, &edges).0;
            let targets = targets_of(&graph, |at| wanted >> at & 1 == 1);
            let of: Vec<PackageIx> = targets.reached.iter().map(|target| target.package).collect();
            let (costs, switches) = (costs(), Switches::default());
            let plan = plan(&graph, &switches, &targets, &costs, Near::Roots);
            let left = |without: &[PackageIx]| walk(&graph, without);
            let targets_in = |all: &[PackageIx]| all.iter().copied().filter(|at| of.contains(at)).collect::<Vec<_>>();
            let mut gone: Vec<PackageIx> = Vec::new();
            prop_assert_eq!(plan.packages, foreign(&graph, &left(&[])));
            for (number, step) in plan.steps.iter().enumerate() {
                let before = left(&gone);
                // No package of the cut that is still there takes more targets off for its cost.
                let gain = |at: PackageIx| {
                    let without: Vec<PackageIx> = gone.iter().copied().chain([at]).collect();
                    targets_in(&before).len() - targets_in(&left(&without)).len()
                };
                let (own, cost) = (gain(step.package), u64::from(step.cost));
                for other in &plan.steps[number..] {
                    prop_assert!(gain(other.package) as u64 * cost <= own as u64 * u64::from(other.cost));
                }
                gone.push(step.package);
                let after = left(&gone);
                let lost: Vec<PackageIx> = before.iter().copied().filter(|at| !after.contains(at)).collect();
                prop_assert_eq!(&step.targets, &targets_in(&lost));
                prop_assert_eq!(step.packages, foreign(&graph, &lost));
                prop_assert_eq!(step.packages_left, foreign(&graph, &after));
                prop_assert_eq!(step.targets_left, targets_in(&after).len());
                prop_assert_eq!(step.cost, costs.of(&graph, step.package));
            }
            prop_assert_eq!(targets_in(&left(&gone)), []);
            prop_assert_eq!(plan.cost, plan.steps.iter().map(|step| u64::from(step.cost)).sum::<u64>());
            // Found in another way, the order is another and the sums are the same.
            let mut sorted = gone.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, graph.smallest_cut(&of, |at| costs.of(&graph, at), Near::Roots));
        }
    }

    /// Nothing here goes down by calling itself, and nothing is done anew for every package of a wide cut.
    #[test]
    fn long_chains_and_wide_cuts_are_planned() {
        const LONG: usize = 100_000;
        let switches = Switches::default();
        let chain: Vec<(usize, usize)> = (1..LONG).map(|at| (at - 1, at)).collect();
        let deep = numbered(LONG, 1, &chain).0;
        let even = Costs { direct: 2, indirect: 2, named: BTreeMap::new() };
        let found = plan(&deep, &switches, &targets_of(&deep, |at| at == LONG - 1), &even, Near::Targets);
        assert_eq!((found.steps.len(), found.steps[0].packages_left, found.cost), (1, LONG - 2, 2));
        let star: Vec<(usize, usize)> = (1..LONG).map(|at| (0, at)).collect();
        let wide = numbered(LONG, 1, &star).0;
        let found = plan(&wide, &switches, &targets_of(&wide, |at| at % 20 == 1), &costs(), Near::Roots);
        assert_eq!((found.steps.len(), found.steps[4_999].targets_left), (5_000, 0));
    }
}
