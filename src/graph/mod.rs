//! What is built, whoever described it.
//!
//! A graph of packages on petgraph: what each is, where its bytes are named to come from, who needs it for what, and what power it has.
//! It knows no cargo: `load` fills it from `cargo metadata` or from a lock file alone. It holds no facts about people or places.
//!
//! - `package`: packages, sources, capabilities.
//! - `build`: the builder; a graph is sorted and checked once and never changed.
//! - `needs`: what cannot be built without a package.
//! - `paths`: depth, shortest and all simple paths.
//! - `reach`: who depends on a package through others; dominators.
//! - `remains`: what of the members can still be built when packages are gone.
//! - `cut`: the cheapest packages without which others are not reached.
//! - `groups`: what needs one of a group of packages, and what comes only through one.
//! - `switch`: what is on and why, and which single switch takes a package out.
//! - `switch_set`: the smallest set of switches that takes several out.

mod build;
mod cut;
mod groups;
mod needs;
mod package;
mod paths;
mod reach;
mod remains;
mod switch;
mod switch_set;
#[cfg(test)]
pub(crate) mod testing;

pub use build::{GraphBuilder, GraphError};
pub use cut::Near;
pub use groups::{Groups, OfGroups};
pub use needs::{Lost, Needs, Platforms};
pub use package::{Capabilities, Dependency, GitReference, Package, Roles, Source};
pub use paths::{PathTree, Paths};
pub use reach::{Dominators, Reach};
pub use remains::Remains;
pub use switch::{Cut, Cuts, OwnerIx, SwitchIx, Switches};
pub use switch_set::SwitchSet;

use petgraph::graph::{DiGraph, NodeIndex};

/// A package, by its place in the graph. Places are sorted by name, version and source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageIx(u32);

impl PackageIx {
    /// The place as an index into a table with one entry per package.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    fn node(self) -> NodeIndex<u32> {
        NodeIndex::from(self.0)
    }

    fn of(node: NodeIndex<u32>) -> Self {
        Self(u32::try_from(node.index()).unwrap_or(u32::MAX))
    }
}

/// Packages and who needs whom.
#[derive(Clone, Debug)]
pub struct Graph {
    inner: DiGraph<Package, Dependency>,
    roots: Vec<PackageIx>,
}

impl Graph {
    /// The packages that the user builds: the selected workspace members.
    pub fn roots(&self) -> &[PackageIx] {
        &self.roots
    }

    /// Every package with its place, in order.
    pub fn packages(&self) -> impl ExactSizeIterator<Item = (PackageIx, &Package)> {
        self.inner.node_indices().map(|node| (PackageIx::of(node), &self.inner[node]))
    }

    /// One package.
    pub fn package(&self, at: PackageIx) -> &Package {
        &self.inner[at.node()]
    }

    /// How many packages there are, members included.
    pub fn len(&self) -> usize {
        self.inner.node_count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.inner.node_count() == 0
    }

    /// What a package needs, in order.
    pub fn dependencies(&self, at: PackageIx) -> Vec<(PackageIx, Dependency)> {
        self.neighbours(at, petgraph::Direction::Outgoing)
    }

    /// Who needs a package, in order.
    pub fn dependents(&self, at: PackageIx) -> Vec<(PackageIx, Dependency)> {
        self.neighbours(at, petgraph::Direction::Incoming)
    }

    /// Whether a workspace member needs the package itself.
    pub fn is_direct(&self, at: PackageIx) -> bool {
        !self.package(at).member
            && self
                .inner
                .neighbors_directed(at.node(), petgraph::Direction::Incoming)
                .any(|node| self.inner[node].member)
    }

    /// Completes what a description left open. Nothing else of a graph ever changes.
    pub fn set_capabilities(&mut self, at: PackageIx, capabilities: Capabilities) {
        self.inner[at.node()].capabilities = capabilities;
    }

    fn neighbours(&self, at: PackageIx, direction: petgraph::Direction) -> Vec<(PackageIx, Dependency)> {
        use petgraph::visit::EdgeRef;
        let mut found: Vec<_> = self
            .inner
            .edges_directed(at.node(), direction)
            .map(|edge| {
                let other = if direction == petgraph::Direction::Outgoing { edge.target() } else { edge.source() };
                (PackageIx::of(other), *edge.weight())
            })
            .collect();
        found.sort_unstable_by_key(|(at, _)| *at);
        found
    }
}
