//! The smallest set of switches that takes several packages out.
//!
//! Whatever takes a package out turns something off on every way in which it is turned on. So one way is followed, each switch on it that is in
//! the user's hands is tried, and the rest is done again without it: few tries, and no set is missed.

use std::collections::BTreeSet;

use super::switch::Because;
use super::{Cut, Cuts, Graph, PackageIx, SwitchIx, Switches};

/// Sets of up to so many switches are looked through in full.
const MOST: usize = 3;

/// How often what is on is worked out again; past it the set that was found step by step stands.
const MOST_WALKS: usize = 2_000;

/// Switches that take packages out when all of them are off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SwitchSet<'a> {
    /// The switches, what they belong to first in order.
    pub switches: Vec<Cut<'a>>,
    /// Whether no smaller set does the same: else it was found step by step.
    pub smallest: bool,
    /// The packages that were asked about and are out; in order.
    pub out: Vec<PackageIx>,
    /// Those that no switch in the user's hands takes out; in order.
    pub stay: Vec<PackageIx>,
    /// Packages that are not the user's own and go with all of the switches together.
    pub removes: usize,
}

impl SwitchSet<'_> {
    /// Looks for a set. Packages that stay whatever is turned off are told apart, and the set is for the others.
    pub fn find<'a>(graph: &'a Graph, switches: &'a Switches, wanted: &[PackageIx]) -> SwitchSet<'a> {
        let mut search = Search::new(graph, switches);
        let all_off = switches.on(|at| search.hands.contains(&at));
        let mut wanted: Vec<PackageIx> = wanted.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let stays = |at: &PackageIx| !is_off(switches, &all_off, *at);
        let (stay, out): (Vec<PackageIx>, Vec<PackageIx>) = wanted.into_iter().partition(stays);
        let (off, smallest) = search.smallest(&out);
        let removes = search.removes(&off);
        let mut found: Vec<Cut<'a>> = off.iter().filter_map(|switch| search.describe(*switch)).collect();
        found.sort_by(|a, b| (a.package, a.switch).cmp(&(b.package, b.switch)));
        SwitchSet { switches: found, smallest, out, stay, removes }
    }
}

/// A package of which nothing is known is on.
fn is_off(switches: &Switches, on: &[Option<Because>], at: PackageIx) -> bool {
    switches.packages.get(&at).is_some_and(|base| on[base.index()].is_none())
}

struct Search<'a> {
    graph: &'a Graph,
    switches: &'a Switches,
    cuts: Cuts<'a>,
    /// Switches that whoever writes the members can turn off.
    hands: BTreeSet<SwitchIx>,
    /// What is on as it is built.
    built: Vec<Option<Because>>,
    walks: usize,
    /// The best set so far, and how many packages go with it.
    best: Option<(usize, Vec<SwitchIx>)>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph, switches: &'a Switches) -> Self {
        let cuts = Cuts::new(graph, switches);
        let hands = switches.named().filter(|at| cuts.in_hand(*at).is_some()).collect();
        Self { graph, switches, cuts, hands, built: switches.on(|_| false), walks: 0, best: None }
    }

    /// Of the smallest sets the one with which fewest packages go, and of those the first; and whether it is known to be one of the smallest.
    fn smallest(&mut self, wanted: &[PackageIx]) -> (Vec<SwitchIx>, bool) {
        for size in 0..=MOST {
            self.deeper(wanted, &mut Vec::new(), size);
            let exhausted = self.walks <= MOST_WALKS;
            match self.best.take() {
                // Found before the walks ran out it is of the smallest, even if others of its size were not seen.
                Some((_, off)) => return (off, true),
                None if exhausted => {}
                None => break,
            }
        }
        (self.step_by_step(wanted), false)
    }

    /// Turns one more off, on one way in which one of the packages is still on.
    fn deeper(&mut self, wanted: &[PackageIx], off: &mut Vec<SwitchIx>, more: usize) {
        self.walks += 1;
        if self.walks > MOST_WALKS {
            return;
        }
        let on = self.switches.on(|at| off.contains(&at));
        let Some(left) = wanted.iter().find(|at| !is_off(self.switches, &on, **at)) else {
            let mut set = off.clone();
            set.sort_unstable();
            let key = (self.removes(&set), set);
            if self.best.as_ref().is_none_or(|best| key < *best) {
                self.best = Some(key);
            }
            return;
        };
        if more == 0 {
            return;
        }
        for switch in self.switches.one_way(*left, &on) {
            if self.hands.contains(&switch) {
                off.push(switch);
                self.deeper(wanted, off, more - 1);
                off.pop();
            }
        }
    }

    /// Always the switch that takes most of the rest out; then without those that turned out not to be needed.
    fn step_by_step(&self, wanted: &[PackageIx]) -> Vec<SwitchIx> {
        let mut off: Vec<SwitchIx> = Vec::new();
        loop {
            let on = self.switches.on(|at| off.contains(&at));
            let left: Vec<PackageIx> = wanted.iter().copied().filter(|at| !is_off(self.switches, &on, *at)).collect();
            let Some(first) = left.first() else { break };
            let way = self.switches.one_way(*first, &on);
            let best = way.into_iter().filter(|switch| self.hands.contains(switch)).max_by_key(|switch| {
                let on = self.switches.on(|at| at == *switch || off.contains(&at));
                let taken = left.iter().filter(|at| is_off(self.switches, &on, **at)).count();
                (taken, std::cmp::Reverse(*switch))
            });
            // There is one on every way of what all of them together take out.
            let Some(best) = best else { break };
            off.push(best);
        }
        let mut at = 0;
        while at < off.len() {
            let on = self.switches.on(|switch| switch != off[at] && off.contains(&switch));
            if wanted.iter().all(|package| is_off(self.switches, &on, *package)) {
                off.remove(at);
            } else {
                at += 1;
            }
        }
        off
    }

    /// Packages that are not the user's own and are not there without a set of switches.
    fn removes(&self, off: &[SwitchIx]) -> usize {
        let on = self.switches.on(|at| off.contains(&at));
        let foreign = self.switches.packages.iter().filter(|(at, _)| !self.graph.package(**at).member);
        foreign.filter(|(_, base)| self.built[base.index()].is_some() && on[base.index()].is_none()).count()
    }

    fn describe(&mut self, switch: SwitchIx) -> Option<Cut<'a>> {
        let cut = self.cuts.in_hand(switch)?;
        Some(Cut { removes: self.cuts.lost(switch).len(), ..cut })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::switch::tests::{EACH, Plain, plain};
    use super::*;

    /// Every set of up to so many of these.
    fn sets(of: &[usize], size: usize) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for _ in 0..size {
            let longer = all.iter().flat_map(|set: &Vec<usize>| {
                let next = of.iter().filter(move |at| set.last().is_none_or(|last| *at > last));
                next.map(move |at| set.iter().copied().chain([*at]).collect::<Vec<usize>>())
            });
            let longer: Vec<Vec<usize>> = longer.collect();
            all.extend(longer);
            all.sort_by_key(|set| (set.len(), set.clone()));
            all.dedup();
        }
        all
    }

    fn all_off(plain: &Plain, wanted: &[usize], without: &[usize]) -> bool {
        let on = plain.on(without);
        wanted.iter().all(|owner| !on[owner * EACH])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn no_smaller_set_takes_them_out(plain in plain(), chosen in any::<u8>()) {
            let (graph, switches, places) = plain.build();
            let before = plain.on(&[]);
            let wanted: Vec<usize> = (0..places.len())
                .filter(|owner| !plain.members[*owner] && before[owner * EACH] && chosen >> owner & 1 == 1)
                .collect();
            let at = |owners: &[usize]| { let mut all: Vec<PackageIx> = owners.iter().map(|owner| places[*owner]).collect(); all.sort(); all };
            let found = SwitchSet::find(&graph, &switches, &at(&wanted));
            let hands: Vec<usize> = (0..places.len() * EACH)
                .filter(|node| (1..=3).contains(&(node % EACH)))
                .filter(|node| plain.members[node / EACH] || graph.is_direct(places[node / EACH]))
                .filter(|node| plain.in_hand(*node))
                .collect();
            let (out, stay): (Vec<usize>, Vec<usize>) = wanted.iter().partition(|owner| !plain.on(&hands)[**owner * EACH]);
            prop_assert_eq!((&found.out, &found.stay), (&at(&out), &at(&stay)));
            let nodes: Vec<usize> = found.switches.iter().map(|cut| {
                let owner = places.iter().position(|place| *place == cut.package).unwrap();
                owner * EACH + 1 + ["a", "b", "default"].iter().position(|name| *name == cut.switch).unwrap()
            }).collect();
            prop_assert!(nodes.iter().all(|node| hands.contains(node)));
            prop_assert!(all_off(&plain, &out, &nodes), "{found:?} leaves something");
            let after = plain.on(&nodes);
            let gone = (0..places.len()).filter(|owner| !plain.members[*owner] && before[owner * EACH] && !after[owner * EACH]);
            prop_assert_eq!(found.removes, gone.count());
            let least = sets(&hands, MOST).into_iter().find(|set| all_off(&plain, &out, set));
            prop_assert_eq!(found.smallest, least.is_some());
            if let Some(least) = least {
                prop_assert_eq!(found.switches.len(), least.len());
            }
        }

        /// Step by step nothing is claimed but what holds, and nothing is in the set that is not needed.
        #[test]
        fn step_by_step_takes_them_out_too(plain in plain()) {
            let (graph, switches, places) = plain.build();
            let before = plain.on(&[]);
            let wanted: Vec<usize> = (0..places.len()).filter(|owner| !plain.members[*owner] && before[owner * EACH]).collect();
            let all: Vec<PackageIx> = wanted.iter().map(|owner| places[*owner]).collect();
            let out = SwitchSet::find(&graph, &switches, &all).out;
            let off = Search::new(&graph, &switches).step_by_step(&out);
            let on = switches.on(|at| off.contains(&at));
            prop_assert!(out.iter().all(|at| is_off(&switches, &on, *at)));
            for needed in &off {
                let on = switches.on(|at| at != *needed && off.contains(&at));
                prop_assert!(!out.iter().all(|at| is_off(&switches, &on, *at)), "{needed:?} is not needed");
            }
        }
    }
}
