//! Building a graph once: packages in any order in, sorted places out.

use petgraph::graph::DiGraph;

use super::{Dependency, Graph, Package, PackageIx};

/// A graph that does not hold together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The same package twice.
    #[error("package `{0}` is described twice")]
    Duplicate(String),
    /// More packages than places.
    #[error("more than {} packages", u32::MAX)]
    TooLarge,
    /// Nothing is built.
    #[error("no package is selected")]
    NoRoots,
}

/// Collects packages and edges; handles are valid within the builder only.
#[derive(Debug, Default)]
pub struct GraphBuilder {
    packages: Vec<Package>,
    edges: Vec<(usize, usize, Dependency)>,
    roots: Vec<usize>,
}

impl GraphBuilder {
    /// Adds a package and gives its handle.
    pub fn package(&mut self, package: Package) -> usize {
        self.packages.push(package);
        self.packages.len() - 1
    }

    /// Adds an edge between two handles. An edge to itself is left out: a package does not bring itself in.
    pub fn dependency(&mut self, from: usize, to: usize, kind: Dependency) {
        if from != to {
            self.edges.push((from, to, kind));
        }
    }

    /// Marks what the user builds.
    pub fn root(&mut self, handle: usize) {
        self.roots.push(handle);
    }

    /// Sorts and checks. Gives the graph and, for each handle, its place.
    pub fn finish(self) -> Result<(Graph, Vec<PackageIx>), GraphError> {
        let Self { packages, edges, roots } = self;
        u32::try_from(packages.len()).map_err(|_| GraphError::TooLarge)?;
        let mut order: Vec<(usize, Package)> = packages.into_iter().enumerate().collect();
        order.sort_by(|a, b| a.1.cmp(&b.1));
        if let Some(pair) = order.windows(2).find(|pair| pair[0].1 == pair[1].1) {
            return Err(GraphError::Duplicate(pair[0].1.label()));
        }
        let mut places = vec![PackageIx(0); order.len()];
        let mut inner = DiGraph::with_capacity(order.len(), edges.len());
        for (handle, package) in order {
            places[handle] = PackageIx::of(inner.add_node(package));
        }
        let mut sorted: Vec<_> = edges.into_iter().map(|(from, to, kind)| (places[from], places[to], kind)).collect();
        sorted.sort_unstable_by_key(|(from, to, _)| (*from, *to));
        for group in sorted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let kind = group.iter().fold(Dependency::default(), |sum, (_, _, kind)| sum.and(*kind));
            inner.add_edge(group[0].0.node(), group[0].1.node(), kind);
        }
        let mut roots: Vec<_> = roots.into_iter().map(|handle| places[handle]).collect();
        roots.sort_unstable();
        roots.dedup();
        if roots.is_empty() {
            return Err(GraphError::NoRoots);
        }
        Ok((Graph { inner, roots }, places))
    }
}
