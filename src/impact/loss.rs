//! What is lost when packages go.

use crate::graph::{Graph, PackageIx};

/// What is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// Packages that go by themselves, in order.
    pub direct: Vec<PackageIx>,
    /// Packages that need one of them, directly or through others, in order; members are not among them.
    pub through: Vec<PackageIx>,
    /// Members that need one of them, in order: as they are, they cannot be built.
    pub members: Vec<PackageIx>,
}

impl Loss {
    /// Packages that are not the user's own.
    pub fn packages(&self) -> usize {
        self.direct.len() + self.through.len()
    }
}

/// What is lost with packages: everything that needs one of them to be built, development dependencies aside.
pub fn loss(graph: &Graph, gone: &[PackageIx]) -> Loss {
    let needs = graph.needs();
    let mut lost = needs.nothing_lost();
    let all = needs.lost_with(gone.iter().copied(), &mut lost);
    let mut found = Loss { direct: gone.to_vec(), ..Loss::default() };
    found.direct.sort_unstable();
    found.direct.dedup();
    for at in &all[found.direct.len()..] {
        let list = if graph.package(*at).member { &mut found.members } else { &mut found.through };
        list.push(*at);
    }
    found.through.sort_unstable();
    found.members.sort_unstable();
    found
}
