//! What cannot be built without a package, for many questions in a row.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::visit::EdgeRef;

use super::{Graph, PackageIx};

/// For every package those that need it to be built, flat. What is needed for tests only is not among them.
#[derive(Clone, Debug)]
pub struct Needs {
    /// Where the list of each package begins, and at the end where the last one ends.
    starts: Vec<u32>,
    needing: Vec<u32>,
}

/// Packages that are lost, kept between questions so that each costs only what it loses.
#[derive(Clone, Debug)]
pub struct Lost {
    /// Lost where it is the number of the present question.
    marks: Vec<u32>,
    question: u32,
    found: Vec<PackageIx>,
}

/// Platforms, and which dependencies are needed on some of them only.
#[derive(Clone, Debug, Default)]
pub struct Platforms {
    names: Vec<String>,
    /// By dependent and dependency: a bit for each platform on which it is needed. What is not there is needed on all.
    some: BTreeMap<(PackageIx, PackageIx), u64>,
}

impl Platforms {
    /// More are not told apart.
    pub const MOST: usize = 64;

    /// Platforms by name, and the dependencies that are not needed on all of them, with a bit for each on which they are.
    pub fn new(names: Vec<String>, some: impl Iterator<Item = ((PackageIx, PackageIx), u64)>) -> Self {
        Self { names, some: some.collect() }
    }

    /// Their names.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    fn needs(&self, from: PackageIx, to: PackageIx, platform: usize) -> bool {
        self.some.get(&(from, to)).is_none_or(|on| on & (1 << platform) != 0)
    }
}

impl Graph {
    /// Who needs whom to be built, on any platform.
    pub fn needs(&self) -> Needs {
        self.needs_where(|_, _| true)
    }

    /// The same on one platform, by its place.
    pub fn needs_on(&self, platforms: &Platforms, platform: usize) -> Needs {
        self.needs_where(|from, to| platforms.needs(from, to, platform))
    }

    fn needs_where(&self, counts: impl Fn(PackageIx, PackageIx) -> bool) -> Needs {
        let mut starts = Vec::with_capacity(self.len() + 1);
        let mut needing = Vec::with_capacity(self.inner.edge_count());
        for node in self.inner.node_indices() {
            starts.push(u32::try_from(needing.len()).unwrap_or(u32::MAX));
            let edges = self.inner.edges_directed(node, petgraph::Direction::Incoming);
            let built = edges.filter(|edge| {
                let kind = edge.weight();
                (kind.normal || kind.build || kind.unknown_kind)
                    && counts(PackageIx::of(edge.source()), PackageIx::of(edge.target()))
            });
            needing.extend(built.map(|edge| PackageIx::of(edge.source()).0));
        }
        starts.push(u32::try_from(needing.len()).unwrap_or(u32::MAX));
        Needs { starts, needing }
    }
}

impl Graph {
    /// A shortest way from a package to the nearest of some that it needs to be built, itself first; nothing where it needs none.
    pub fn path_to(&self, from: PackageIx, wanted: &BTreeSet<PackageIx>) -> Vec<PackageIx> {
        let mut via: BTreeMap<PackageIx, Option<PackageIx>> = BTreeMap::from([(from, None)]);
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            if wanted.contains(&at) {
                let mut path: Vec<PackageIx> = std::iter::successors(Some(at), |at| via[at]).collect();
                path.reverse();
                return path;
            }
            for (next, kind) in self.dependencies(at) {
                let built = kind.normal || kind.build || kind.unknown_kind;
                if built && !via.contains_key(&next) {
                    via.insert(next, Some(at));
                    queue.push_back(next);
                }
            }
        }
        Vec::new()
    }
}

impl Needs {
    /// Nothing is lost yet.
    pub fn nothing_lost(&self) -> Lost {
        Lost { marks: vec![0; self.starts.len().saturating_sub(1)], question: 0, found: Vec::new() }
    }

    /// What is lost with some packages: they, and everything that needs one of them. In the order in which it is found, they first.
    pub fn lost_with<'l>(&self, gone: impl Iterator<Item = PackageIx>, lost: &'l mut Lost) -> &'l [PackageIx] {
        lost.question = lost.question.checked_add(1).unwrap_or_else(|| {
            lost.marks.fill(0);
            1
        });
        lost.found.clear();
        for at in gone {
            lost.mark(at);
        }
        let mut next = 0;
        while let Some(at) = lost.found.get(next).copied() {
            next += 1;
            let range = self.starts[at.index()] as usize..self.starts[at.index() + 1] as usize;
            for needing in &self.needing[range] {
                lost.mark(PackageIx(*needing));
            }
        }
        &lost.found
    }
}

impl Lost {
    fn mark(&mut self, at: PackageIx) {
        if self.marks[at.index()] != self.question {
            self.marks[at.index()] = self.question;
            self.found.push(at);
        }
    }
}
