//! Features of this build and what each turns on, as plain data for `graph`.
//!
//! guppy is asked once more which links it follows, as its simulation of cargo does but for both machines at once: what is recorded may be
//! more than cargo turns on, never less. A feature that
//! turns on nothing but others of its kind is left out: nothing depends on it.

use guppy::PackageId;
use guppy::graph::cargo::{CargoOptions, CargoResolverVersion, CargoSet};
use guppy::graph::feature::{
    ConditionalLink, FeatureId, FeatureLabel, FeatureLinkContext, FeatureSet, LinkDeclarations,
};
use guppy::graph::{DependencyDirection, PackageGraph};
use guppy::platform::{EnabledTernary, PlatformSpec};
use indexmap::{IndexMap, IndexSet};

use super::resolve::{Handles, key};
use crate::graph::{OwnerIx, PackageIx, SwitchIx, Switches};

/// Features of one package of which it is asked which turns on which. With more of them all count as on for good.
const MOST_FEATURES: usize = 128;

/// How a build is resolved.
pub(super) struct Resolution {
    /// Cargo's resolver.
    pub(super) resolver: CargoResolverVersion,
    /// With development dependencies of the members.
    pub(super) dev: bool,
    /// Platforms of the target.
    pub(super) target: PlatformSpec,
    /// Those of the build machine.
    pub(super) host: PlatformSpec,
}

impl Resolution {
    /// The same for guppy.
    pub(super) fn options(&self) -> CargoOptions<'static> {
        let mut options = CargoOptions::new();
        options.set_resolver(self.resolver).set_include_dev(self.dev);
        options.set_target_platform(self.target.clone()).set_host_platform(self.host.clone());
        options
    }

    /// Whether cargo may follow a link, on either machine.
    fn follows(&self, context: &FeatureLinkContext<'_>, link: &ConditionalLink<'_>) -> bool {
        let from_initial = context.starts_from_initial(link);
        if self.resolver == CargoResolverVersion::V1 {
            // It unifies features over everything that is described, built or not.
            return from_initial || !link.dev_only();
        }
        let on = |status: guppy::platform::PlatformStatus<'_>| {
            [&self.target, &self.host].iter().any(|platform| status.enabled_on(platform) != EnabledTernary::Disabled)
        };
        on(link.normal()) || on(link.build()) || (self.dev && from_initial && on(link.dev()))
    }
}

/// What is on in a build. Nothing where guppy's answer cannot be retraced in full.
pub(super) fn record<'g>(
    set: &CargoSet<'g>,
    asked: &[FeatureId<'g>],
    resolution: &Resolution,
    handles: &Handles<'g>,
    places: &[PackageIx],
) -> Switches {
    let mut links = Vec::new();
    let followed = set.initials().to_feature_query(DependencyDirection::Forward).resolve_with_fn(|context, link| {
        let follows = resolution.follows(context, &link);
        if follows {
            links.push(link);
        }
        follows
    });
    let built = set.target_features().union(set.host_features());
    if !built.difference(&followed).is_empty() {
        return Switches::default();
    }
    let mut telling: IndexMap<&PackageId, IndexSet<&str>> = IndexMap::new();
    for link in &links {
        let from = link.from().feature_id();
        if let FeatureLabel::Named(name) = from.label() {
            telling.entry(from.package_id()).or_default().insert(name);
        }
    }
    let mut recorder = Recorder {
        graph: set.package_graph(),
        handles,
        places,
        owners: IndexMap::new(),
        nodes: IndexMap::new(),
        switches: Switches::default(),
    };
    for (id, names) in telling {
        recorder.features(&followed, id, names);
    }
    for link in &links {
        recorder.link(link);
    }
    for id in asked {
        let at = recorder.node(*id);
        recorder.switches.ask(at);
    }
    if recorder.switches.explains_all() { recorder.switches } else { Switches::default() }
}

struct Recorder<'g, 'a> {
    graph: &'g PackageGraph,
    handles: &'a Handles<'g>,
    places: &'a [PackageIx],
    owners: IndexMap<&'g PackageId, OwnerIx>,
    /// A feature that turns on nothing but others of its kind is not among them: it stands for its package as such.
    nodes: IndexMap<FeatureId<'g>, SwitchIx>,
    switches: Switches,
}

impl<'g> Recorder<'g, '_> {
    fn owner(&mut self, id: &'g PackageId) -> OwnerIx {
        if let Some(owner) = self.owners.get(id) {
            return *owner;
        }
        let package = self.graph.metadata(id).ok();
        let handle = package.as_ref().and_then(|package| self.handles.get(&key(package)));
        let member = package.is_some_and(|package| package.in_workspace());
        let owner = self.switches.owner(handle.map(|handle| self.places[*handle]), member);
        self.owners.insert(id, owner);
        owner
    }

    fn node(&mut self, id: FeatureId<'g>) -> SwitchIx {
        if let Some(node) = self.nodes.get(&id) {
            return *node;
        }
        let owner = self.owner(id.package_id());
        let node = match id.label() {
            FeatureLabel::OptionalDependency(_) => self.switches.switch(owner, None),
            FeatureLabel::Base | FeatureLabel::Named(_) => self.switches.base(owner),
        };
        self.nodes.insert(id, node);
        node
    }

    /// Features of one package that turn on something else: those that do so themselves, and those that turn these on.
    fn features(&mut self, followed: &FeatureSet<'g>, id: &'g PackageId, mut names: IndexSet<&'g str>) {
        let features = *followed.graph();
        let Ok(Some(list)) = followed.features_for(id) else { return };
        let all: Vec<&'g str> = list.named_features().collect();
        let many = all.len() > MOST_FEATURES;
        if many {
            names.extend(&all);
        }
        let owner = self.owner(id);
        let mut next = 0;
        while let Some(name) = names.get_index(next).copied() {
            let to = self.named(owner, id, name);
            next += 1;
            if many {
                self.switches.fix(to);
                continue;
            }
            for other in all.iter().filter(|other| **other != name) {
                let (from, into) = (FeatureId::named(id, other), FeatureId::named(id, name));
                if features.directly_depends_on(from, into).unwrap_or(true) {
                    let from = self.named(owner, id, other);
                    self.switches.link(from, to, None);
                    names.insert(other);
                }
            }
        }
    }

    fn named(&mut self, owner: OwnerIx, id: &'g PackageId, name: &'g str) -> SwitchIx {
        let switches = &mut self.switches;
        *self.nodes.entry(FeatureId::named(id, name)).or_insert_with(|| switches.switch(owner, Some(name.to_owned())))
    }

    fn link(&mut self, link: &ConditionalLink<'g>) {
        let (from, to) = (link.from().feature_id(), link.to().feature_id());
        // `package?/feature`: only where something else turns the optional dependency on.
        let weak = from.is_named()
            && from.package_id() != to.package_id()
            && link.declarations() == LinkDeclarations::Optional;
        let also = link.package_links().next().filter(|_| weak);
        let also = also.map(|link| self.node(FeatureId::optional_dependency(from.package_id(), link.dep_name())));
        let (from, to) = (self.node(from), self.node(to));
        self.switches.link(from, to, also);
    }
}
