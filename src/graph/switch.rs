//! What can be switched off, and what goes with it.
//!
//! Packages have switches; what is on turns on other switches and packages, of its own package and of others. `Switches` holds what is on and
//! why, as plain data. `Cuts` answers which single switch, turned off, takes a package out: it walks everything again without that switch.
//! It offers only what is in the hands of whoever writes the members, and errs on one side: what may stay, stays.

use std::collections::{BTreeMap, BTreeSet};

use super::{Graph, PackageIx};

/// A switch, or a package as such, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SwitchIx(pub(super) u32);

/// Whose switches they are, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnerIx(u32);

/// Everything that is on, and what turns it on.
#[derive(Clone, Debug, Default)]
pub struct Switches {
    pub(super) owners: Vec<Owner>,
    pub(super) nodes: Vec<Node>,
    pub(super) links: Vec<Vec<Link>>,
    /// What is on because the user builds it.
    asked: BTreeSet<SwitchIx>,
    /// What stays on, whatever is turned off.
    fixed: BTreeSet<SwitchIx>,
    /// Packages of the graph, with the node that stands for each.
    pub(super) packages: BTreeMap<PackageIx, SwitchIx>,
}

#[derive(Clone, Debug)]
pub(super) struct Owner {
    /// Its place in the graph; nothing for what only has a say in what is on.
    pub(super) package: Option<PackageIx>,
    pub(super) member: bool,
    /// What stands for the package as such, and then its switches.
    pub(super) nodes: Vec<SwitchIx>,
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    owner: OwnerIx,
    /// The name by which it is turned on and off; nothing for what only follows from others.
    pub(super) name: Option<String>,
}

/// Turns `to` on, if `also` is on too.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) to: SwitchIx,
    pub(super) also: Option<SwitchIx>,
}

impl SwitchIx {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Switches {
    /// Adds a package. What is in the graph says where.
    pub fn owner(&mut self, package: Option<PackageIx>, member: bool) -> OwnerIx {
        let owner = OwnerIx(u32::try_from(self.owners.len()).unwrap_or(u32::MAX));
        self.owners.push(Owner { package, member, nodes: Vec::new() });
        let base = self.node(owner, None);
        if let Some(package) = package {
            self.packages.insert(package, base);
        }
        owner
    }

    /// The package as such: on where anything of it is.
    pub fn base(&self, owner: OwnerIx) -> SwitchIx {
        self.owners[owner.0 as usize].nodes[0]
    }

    /// Adds a switch of a package; without a name nobody can turn it off by itself.
    pub fn switch(&mut self, owner: OwnerIx, name: Option<String>) -> SwitchIx {
        let at = self.node(owner, name);
        self.link(at, self.base(owner), None);
        at
    }

    /// What turns on what. With `also`, only while that is on as well.
    pub fn link(&mut self, from: SwitchIx, to: SwitchIx, also: Option<SwitchIx>) {
        self.links[from.index()].push(Link { to, also });
        if let Some(other) = also {
            self.links[other.index()].push(Link { to, also: Some(from) });
        }
    }

    /// The user asks for it by building the member with it.
    pub fn ask(&mut self, at: SwitchIx) {
        self.asked.insert(at);
    }

    /// It is on for reasons that are not known.
    pub fn fix(&mut self, at: SwitchIx) {
        self.fixed.insert(at);
    }

    /// Whether nothing is known of what is on.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }

    /// Every switch that has a name, in order.
    pub(super) fn named(&self) -> impl Iterator<Item = SwitchIx> {
        (0..).map(SwitchIx).zip(&self.nodes).filter(|(_, node)| node.name.is_some()).map(|(at, _)| at)
    }

    /// Whether what is asked for leads to every package of the graph.
    pub fn explains_all(&self) -> bool {
        let on = self.on(|_| false);
        self.packages.values().all(|base| on[base.index()].is_some())
    }

    fn node(&mut self, owner: OwnerIx, name: Option<String>) -> SwitchIx {
        let at = SwitchIx(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { owner, name });
        self.owners[owner.0 as usize].nodes.push(at);
        self.links.push(Vec::new());
        at
    }

    fn owner_of(&self, at: SwitchIx) -> &Owner {
        &self.owners[self.nodes[at.index()].owner.0 as usize]
    }

    /// What is on without some switches, and for each the link that turned it on first.
    pub(super) fn on(&self, off: impl Fn(SwitchIx) -> bool) -> Vec<Option<Because>> {
        let mut on: Vec<Option<Because>> = vec![None; self.nodes.len()];
        let mut open = Vec::new();
        for at in self.asked.iter().chain(&self.fixed).copied().filter(|at| !off(*at)) {
            if on[at.index()].is_none() {
                on[at.index()] = Some(Because { from: None, also: None });
                open.push(at);
            }
        }
        while let Some(at) = open.pop() {
            for link in &self.links[at.index()] {
                let holds = link.also.is_none_or(|also| on[also.index()].is_some());
                if holds && on[link.to.index()].is_none() && !off(link.to) {
                    on[link.to.index()] = Some(Because { from: Some(at), also: link.also });
                    open.push(link.to);
                }
            }
        }
        on
    }

    /// The named switches of one way in which a package is turned on: whatever takes it out is on every way.
    pub(super) fn one_way(&self, at: PackageIx, on: &[Option<Because>]) -> BTreeSet<SwitchIx> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<SwitchIx> = self.packages.get(&at).copied().into_iter().collect();
        while let Some(node) = open.pop() {
            if let Some(because) = on[node.index()].filter(|_| seen.insert(node)) {
                open.extend(because.from.into_iter().chain(because.also));
            }
        }
        seen.retain(|node| self.nodes[node.index()].name.is_some());
        seen
    }
}

/// Why a switch is on: the link that turned it on first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Because {
    from: Option<SwitchIx>,
    also: Option<SwitchIx>,
}

/// A switch that takes a package out if it is turned off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut<'a> {
    /// Whose switch it is: a member's own, or one of a package that members need themselves.
    pub package: PackageIx,
    /// The switch.
    pub switch: &'a str,
    /// The switches of the same package that are asked for and turn it on, itself among them if it is asked for by its name; in order.
    pub asked_as: Vec<&'a str>,
    /// The members that ask for them from outside of the package; in order.
    pub asked_by: Vec<PackageIx>,
    /// Packages that are not the user's own and go with it, the one that was asked about among them.
    pub removes: usize,
}

/// Answers which switches take packages out, and remembers what it has walked.
#[derive(Debug)]
pub struct Cuts<'a> {
    graph: &'a Graph,
    switches: &'a Switches,
    on: Vec<Option<Because>>,
    /// What turns on each node from outside of its package; walked once.
    outside: Vec<Vec<SwitchIx>>,
    lost: BTreeMap<SwitchIx, BTreeSet<PackageIx>>,
}

impl<'a> Cuts<'a> {
    /// For a graph and what is on in it.
    pub fn new(graph: &'a Graph, switches: &'a Switches) -> Self {
        let mut outside = vec![Vec::new(); switches.nodes.len()];
        for (from, links) in (0..).map(SwitchIx).zip(&switches.links) {
            let foreign = |link: &&Link| switches.nodes[link.to.index()].owner != switches.nodes[from.index()].owner;
            // A link with a condition stands at both of its ends: both ask.
            links.iter().filter(foreign).for_each(|link| outside[link.to.index()].push(from));
        }
        Self { graph, switches, on: switches.on(|_| false), outside, lost: BTreeMap::new() }
    }

    /// The single switches that take a package out, what loses least first. Of switches of one package that turn each other on only the last
    /// in the row is given.
    pub fn of(&mut self, at: PackageIx) -> Vec<Cut<'a>> {
        let mut found: Vec<Cut<'a>> = Vec::new();
        let mut places = Vec::new();
        for switch in self.switches.one_way(at, &self.on) {
            if let Some(cut) = self.cut(switch, at) {
                places.push((switch, cut));
            }
        }
        let all: Vec<(SwitchIx, &str)> = places.iter().map(|(switch, cut)| (*switch, cut.switch)).collect();
        for (switch, cut) in places {
            let below = self.turns_on(switch);
            // In a circle of switches the first by name stands for all.
            let smaller = |(other, name): &(SwitchIx, &str)| {
                *other != switch
                    && below.contains(other)
                    && (*name < cut.switch || !self.turns_on(*other).contains(&switch))
            };
            if !all.iter().any(smaller) {
                found.push(cut);
            }
        }
        let key = |cut: &Cut<'a>| (cut.removes, !self.graph.package(cut.package).member, cut.package, cut.switch);
        found.sort_by(|a, b| key(a).cmp(&key(b)));
        found
    }

    fn cut(&mut self, switch: SwitchIx, at: PackageIx) -> Option<Cut<'a>> {
        let cut = self.in_hand(switch)?;
        let lost = self.lost(switch);
        lost.contains(&at).then_some(Cut { removes: lost.len(), ..cut })
    }

    /// A switch that whoever writes the members can turn off, before it is known what goes with it; nothing for any other.
    pub(super) fn in_hand(&self, switch: SwitchIx) -> Option<Cut<'a>> {
        let switches = self.switches;
        let owner = switches.owner_of(switch);
        let (package, name) = (owner.package?, switches.nodes[switch.index()].name.as_deref()?);
        if !owner.member && !self.graph.is_direct(package) {
            return None;
        }
        let above = self.turned_on_by(switch);
        // Whatever the package as such turns on cannot be turned off.
        if above.contains(&owner.nodes[0]) || above.iter().any(|node| switches.fixed.contains(node)) {
            return None;
        }
        let mut asked_by = BTreeSet::new();
        let mut asked_as = BTreeSet::new();
        for node in &above {
            let from = &self.outside[node.index()];
            for other in from.iter().map(|from| switches.owner_of(*from)) {
                // What another package asks for is not in the user's hands.
                asked_by.insert(other.package.filter(|_| other.member)?);
            }
            if !from.is_empty() || switches.asked.contains(node) {
                asked_as.extend(switches.nodes[node.index()].name.as_deref());
            }
        }
        Some(Cut {
            package,
            switch: name,
            asked_as: asked_as.into_iter().collect(),
            asked_by: asked_by.into_iter().collect(),
            removes: 0,
        })
    }

    /// Packages that are not the user's own and are not there without the switch.
    pub(super) fn lost(&mut self, switch: SwitchIx) -> &BTreeSet<PackageIx> {
        let (graph, switches, on) = (self.graph, self.switches, &self.on);
        self.lost.entry(switch).or_insert_with(|| {
            let left = switches.on(|at| at == switch);
            let gone = |node: &SwitchIx| on[node.index()].is_some() && left[node.index()].is_none();
            let foreign = switches.packages.iter().filter(|(at, _)| !graph.package(**at).member);
            foreign.filter(|(_, node)| gone(node)).map(|(at, _)| *at).collect()
        })
    }

    /// The switch and those of its package that turn it on.
    fn turned_on_by(&self, switch: SwitchIx) -> BTreeSet<SwitchIx> {
        let own = &self.switches.owner_of(switch).nodes;
        let mut above = BTreeSet::from([switch]);
        loop {
            let before = above.len();
            for at in own {
                if self.switches.links[at.index()].iter().any(|link| above.contains(&link.to)) {
                    above.insert(*at);
                }
            }
            if above.len() == before {
                return above;
            }
        }
    }

    /// What a switch turns on in its own package.
    fn turns_on(&self, switch: SwitchIx) -> BTreeSet<SwitchIx> {
        let owner = self.switches.nodes[switch.index()].owner;
        let mut below = BTreeSet::new();
        let mut open = vec![switch];
        while let Some(at) = open.pop() {
            for link in &self.switches.links[at.index()] {
                if self.switches.nodes[link.to.index()].owner == owner && below.insert(link.to) {
                    open.push(link.to);
                }
            }
        }
        below
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use semver::Version;

    use super::super::{Capabilities, Dependency, GraphBuilder, Package, Roles, Source};
    use super::*;

    /// Switches of every owner in the tests: the package as such, three with names, and one without.
    pub(in crate::graph) const EACH: usize = 5;

    /// A build as a list: what turns on what, and what is asked for.
    #[derive(Clone, Debug)]
    pub(in crate::graph) struct Plain {
        pub(in crate::graph) members: Vec<bool>,
        links: Vec<(usize, usize, Option<usize>)>,
        asked: Vec<usize>,
    }

    impl Plain {
        pub(in crate::graph) fn on(&self, without: &[usize]) -> Vec<bool> {
            let mut on = vec![false; self.members.len() * EACH];
            self.asked.iter().filter(|at| !without.contains(at)).for_each(|at| on[*at] = true);
            // Often enough for anything to arrive.
            for _ in 0..on.len() {
                for (from, to, also) in &self.links {
                    on[*to] |= on[*from] && also.is_none_or(|also| on[also]) && !without.contains(to);
                }
                for at in 0..on.len() {
                    on[at / EACH * EACH] |= on[at];
                }
            }
            on
        }

        fn above(&self, at: usize) -> Vec<usize> {
            let mut above = vec![at];
            for _ in 0..EACH {
                for (from, to, also) in &self.links {
                    for end in [Some(*from), *also].into_iter().flatten() {
                        if end / EACH == at / EACH && above.contains(to) && !above.contains(&end) {
                            above.push(end);
                        }
                    }
                }
            }
            above
        }

        /// Whether nobody but members asks for a switch.
        pub(in crate::graph) fn in_hand(&self, at: usize) -> bool {
            let above = self.above(at);
            let foreign = |end: usize| end / EACH != at / EACH && !self.members[end / EACH];
            let asked =
                self.links.iter().filter(|link| above.contains(&link.1)).flat_map(|link| [Some(link.0), link.2]);
            !above.contains(&(at / EACH * EACH)) && !asked.flatten().any(foreign)
        }

        pub(in crate::graph) fn build(&self) -> (Graph, Switches, Vec<PackageIx>) {
            let mut builder = GraphBuilder::default();
            for (number, member) in self.members.iter().enumerate() {
                builder.package(Package {
                    name: format!("p{number}"),
                    version: Version::new(1, 0, 0),
                    source: Source::CratesIo,
                    member: *member,
                    patched: false,
                    capabilities: Capabilities::default(),
                    roles: Roles::default(),
                    checksum: None,
                });
            }
            for (from, to, _) in &self.links {
                builder.dependency(from / EACH, to / EACH, Dependency::UNSTATED);
            }
            builder.root(0);
            let (graph, places) = builder.finish().unwrap();
            let mut switches = Switches::default();
            let mut nodes = Vec::new();
            for (number, member) in self.members.iter().enumerate() {
                let owner = switches.owner(Some(places[number]), *member);
                nodes.push(switches.base(owner));
                for name in ["a", "b", "default"] {
                    nodes.push(switches.switch(owner, Some(name.to_owned())));
                }
                nodes.push(switches.switch(owner, None));
            }
            for (from, to, also) in &self.links {
                switches.link(nodes[*from], nodes[*to], also.map(|also| nodes[also]));
            }
            self.asked.iter().for_each(|at| switches.ask(nodes[*at]));
            (graph, switches, places)
        }
    }

    pub(in crate::graph) fn plain() -> impl Strategy<Value = Plain> {
        (2usize..6).prop_flat_map(|owners| {
            let node = 0..owners * EACH;
            let link = (node.clone(), node.clone(), prop::option::weighted(0.3, node));
            let members = prop::collection::vec(prop::bool::weighted(0.4), owners);
            (members, prop::collection::vec(link, 1..16), prop::collection::vec(0..EACH, 0..3)).prop_map(
                |(mut members, links, mut asked)| {
                    members[0] = true;
                    asked.push(0);
                    Plain { members, links, asked }
                },
            )
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_said_to_take_a_package_out_does_and_nothing_is_missed(plain in plain()) {
            let (graph, switches, places) = plain.build();
            let mut cuts = Cuts::new(&graph, &switches);
            let before = plain.on(&[]);
            for (number, at) in places.iter().enumerate().filter(|(number, _)| !plain.members[*number]) {
                let found = cuts.of(*at);
                for cut in &found {
                    let owner = places.iter().position(|place| *place == cut.package).unwrap();
                    let node = owner * EACH + 1 + ["a", "b", "default"].iter().position(|name| *name == cut.switch).unwrap();
                    let after = plain.on(&[node]);
                    prop_assert!(before[number * EACH] && !after[number * EACH], "{cut:?}");
                    prop_assert!(plain.members[owner] || graph.is_direct(cut.package));
                    prop_assert!(plain.in_hand(node));
                    prop_assert!(cut.asked_by.iter().all(|member| graph.package(*member).member));
                    let foreign = (0..places.len()).filter(|other| !plain.members[*other]);
                    let gone = foreign.filter(|other| before[other * EACH] && !after[other * EACH]);
                    prop_assert_eq!(cut.removes, gone.count());
                }
                for node in (0..plain.members.len() * EACH).filter(|node| (1..=3).contains(&(node % EACH))) {
                    let owner = places[node / EACH];
                    let offered = (plain.members[node / EACH] || graph.is_direct(owner)) && plain.in_hand(node);
                    if offered && before[number * EACH] && !plain.on(&[node])[number * EACH] {
                        prop_assert!(found.iter().any(|cut| cut.package == owner), "{node}: {found:?}");
                    }
                }
            }
        }
    }
}
