//! Graphs of numbered packages, for tests.

use semver::Version;

use super::{Capabilities, Dependency, Graph, GraphBuilder, Package, PackageIx, Roles, Source};

/// A package of which nothing but its name is known.
pub(crate) fn package(name: String, member: bool) -> Package {
    Package {
        name,
        version: Version::new(1, 0, 0),
        source: Source::CratesIo,
        member,
        patched: false,
        capabilities: Capabilities::default(),
        roles: Roles::default(),
        checksum: None,
    }
}

/// Packages by number; those below `members` are the user's own, and the first is the root. With the place of each.
pub(crate) fn numbered(nodes: usize, members: usize, edges: &[(usize, usize)]) -> (Graph, Vec<PackageIx>) {
    let mut builder = GraphBuilder::default();
    for number in 0..nodes {
        builder.package(package(format!("p{number:06}"), number < members));
    }
    for (from, to) in edges {
        builder.dependency(from % nodes, to % nodes, Dependency::UNSTATED);
    }
    builder.root(0);
    builder.finish().expect("numbered packages make a graph")
}
