//! Through whom a package comes in.

use std::collections::VecDeque;

use petgraph::Direction;

use super::{Graph, PackageIx};

/// How many steps the search for further paths may take in all; past it the list says that it was cut.
const MAX_STEPS: usize = 200_000;

/// For every package one shortest way from a root, and how long it is.
#[derive(Clone, Debug)]
pub struct PathTree {
    via: Vec<Option<PackageIx>>,
    depth: Vec<Option<u32>>,
    root: Vec<Option<PackageIx>>,
}

/// The simple paths that were found, shortest first, and whether there are more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Each from a root to the package.
    pub paths: Vec<Vec<PackageIx>>,
    /// Whether the search stopped at a bound.
    pub more: bool,
}

impl Graph {
    /// Shortest ways from the roots, in one breadth-first pass. Among equals the first in order wins.
    pub fn path_tree(&self) -> PathTree {
        let mut tree =
            PathTree { via: vec![None; self.len()], depth: vec![None; self.len()], root: vec![None; self.len()] };
        let mut queue: VecDeque<PackageIx> = self.roots().iter().copied().collect();
        for root in self.roots() {
            tree.depth[root.index()] = Some(0);
            tree.root[root.index()] = Some(*root);
        }
        while let Some(at) = queue.pop_front() {
            let depth = tree.depth[at.index()].unwrap_or(0);
            for (next, _) in self.dependencies(at) {
                if tree.depth[next.index()].is_none() {
                    tree.depth[next.index()] = Some(depth + 1);
                    tree.via[next.index()] = Some(at);
                    tree.root[next.index()] = tree.root[at.index()];
                    queue.push_back(next);
                }
            }
        }
        tree
    }

    /// Up to `limit` simple paths from roots to a package, shortest first.
    ///
    /// Paths go through what leads to the package only, and the search is bounded: a graph has more simple paths than anybody can read.
    pub fn simple_paths(&self, to: PackageIx, limit: usize) -> Paths {
        let leads = self.leads_to(to);
        let mut found = Vec::new();
        let mut more = false;
        // Breadth first over whole paths gives the shortest first.
        let mut queue: VecDeque<Vec<PackageIx>> =
            self.roots().iter().filter(|root| leads[root.index()]).map(|root| vec![*root]).collect();
        let mut steps = 0;
        while let Some(path) = queue.pop_front() {
            let Some(&end) = path.last() else { continue };
            if end == to {
                if found.len() == limit {
                    more = true;
                    break;
                }
                found.push(path);
                continue;
            }
            steps += 1;
            if steps > MAX_STEPS {
                more = true;
                break;
            }
            for (next, _) in self.dependencies(end) {
                if leads[next.index()] && !path.contains(&next) {
                    if queue.len() >= MAX_STEPS {
                        more = true;
                        continue;
                    }
                    let mut longer = path.clone();
                    longer.push(next);
                    queue.push_back(longer);
                }
            }
        }
        if found.is_empty() {
            // The bound was reached before the first arrival: there still is a shortest way.
            let (shortest, _) = self.path_tree().path(to, usize::MAX);
            found.extend(Some(shortest).filter(|path| !path.is_empty()));
        }
        Paths { paths: found, more }
    }

    /// The dependencies of the members themselves that bring a package in, it itself if a member needs it; in order.
    pub fn brought_in_by(&self, to: PackageIx) -> Vec<PackageIx> {
        let leads = self.leads_to(to);
        let mut found: Vec<PackageIx> =
            self.packages().map(|(at, _)| at).filter(|at| leads[at.index()] && self.is_direct(*at)).collect();
        found.sort_unstable();
        found
    }

    /// Whether every way from a member to a package goes through a package of this name.
    pub fn only_through(&self, to: PackageIx, name: &str) -> bool {
        self.all_only_through(name)[to.index()]
    }

    /// The same for every package, in order. No way goes anywhere through what is not there, and none leads to what nobody needs.
    pub fn all_only_through(&self, name: &str) -> Vec<bool> {
        if !self.packages().any(|(_, package)| package.name == name) {
            return vec![false; self.len()];
        }
        let without = self.reached(|at| self.package(at).name != name);
        self.reached(|_| true).into_iter().zip(without).map(|(with, without)| with && !without).collect()
    }

    /// The packages that are not the user's own and leave with one of them, itself first; the others in order.
    pub fn leaving_with(&self, gone: PackageIx) -> Vec<PackageIx> {
        let (before, after) = (self.reached(|_| true), self.reached(|at| at != gone));
        let lost =
            |at: &PackageIx| *at != gone && before[at.index()] && !after[at.index()] && !self.package(*at).member;
        [gone].into_iter().chain(self.packages().map(|(at, _)| at).filter(lost)).collect()
    }

    /// For every package whether a root reaches it over packages that may be passed.
    fn reached(&self, passable: impl Fn(PackageIx) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        let mut open: Vec<PackageIx> = self.roots().iter().copied().filter(|root| passable(*root)).collect();
        for root in &open {
            seen[root.index()] = true;
        }
        while let Some(at) = open.pop() {
            for node in self.inner.neighbors_directed(at.node(), Direction::Outgoing) {
                let next = PackageIx::of(node);
                if !seen[next.index()] && passable(next) {
                    seen[next.index()] = true;
                    open.push(next);
                }
            }
        }
        seen
    }

    /// For every package whether it is, or needs, `to`.
    fn leads_to(&self, to: PackageIx) -> Vec<bool> {
        let mut leads = vec![false; self.len()];
        let mut open = vec![to];
        leads[to.index()] = true;
        while let Some(at) = open.pop() {
            for node in self.inner.neighbors_directed(at.node(), Direction::Incoming) {
                let at = PackageIx::of(node);
                if !leads[at.index()] {
                    leads[at.index()] = true;
                    open.push(at);
                }
            }
        }
        leads
    }
}

impl PathTree {
    /// Steps from the nearest root; nothing for a package that no root reaches.
    pub fn depth(&self, at: PackageIx) -> Option<u32> {
        self.depth[at.index()]
    }

    /// The shortest path, from a root to the package; empty if no root reaches it. Of a path of more than `most` steps the root and the
    /// last `most - 1` steps are given, and how many steps are left out between them.
    pub fn path(&self, at: PackageIx, most: usize) -> (Vec<PackageIx>, usize) {
        let (Some(depth), Some(root)) = (self.depth(at), self.root[at.index()]) else { return (Vec::new(), 0) };
        let mut path = vec![at];
        let mut here = at;
        while let Some(previous) = self.via[here.index()] {
            if path.len() + 1 >= most.max(2) && previous != root {
                path.push(root);
                break;
            }
            path.push(previous);
            here = previous;
        }
        path.reverse();
        let left_out = (depth as usize + 1).saturating_sub(path.len());
        (path, left_out)
    }
}
