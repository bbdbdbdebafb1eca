//! What of the members can still be built when packages are gone.

use std::collections::{BTreeMap, BTreeSet};

use super::PackageIx;
use super::switch::{SwitchIx, Switches};

/// What of a member can still be built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remains<'a> {
    /// Whether it can be built at all, with few enough of its switches.
    pub builds: bool,
    /// Its switches that are on and cannot be kept, in order.
    pub lost: Vec<&'a str>,
    /// Its switches that are on and can be kept, in order.
    pub kept: Vec<&'a str>,
}

impl Switches {
    /// What of the members can still be built when packages are gone, by member; nothing where switches are not known.
    ///
    /// A switch that turns on something gone is lost. One that does so only together with another (a weak one) counts as lost where it has a
    /// name: it may be kept without the other, and nothing is said to stay that may not.
    pub fn without(&self, gone: &BTreeSet<PackageIx>) -> BTreeMap<PackageIx, Remains<'_>> {
        let mut needing: Vec<Vec<SwitchIx>> = vec![Vec::new(); self.nodes.len()];
        for (from, links) in (0..).map(SwitchIx).zip(&self.links) {
            for link in links.iter().filter(|link| link.also.is_none() || self.nodes[from.index()].name.is_some()) {
                needing[link.to.index()].push(from);
            }
        }
        let mut lost = vec![false; self.nodes.len()];
        let mut open: Vec<SwitchIx> = gone.iter().filter_map(|at| self.packages.get(at)).copied().collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut lost[at.index()], true) {
                open.extend(&needing[at.index()]);
            }
        }
        let members = self.owners.iter().filter(|owner| owner.member);
        members
            .filter_map(|owner| {
                let mut remains = Remains { builds: !lost[owner.nodes[0].index()], ..Remains::default() };
                for at in &owner.nodes[1..] {
                    let list = if lost[at.index()] { &mut remains.lost } else { &mut remains.kept };
                    list.extend(self.nodes[at.index()].name.as_deref());
                }
                remains.lost.sort_unstable();
                remains.kept.sort_unstable();
                Some((owner.package?, remains))
            })
            .collect()
    }
}
