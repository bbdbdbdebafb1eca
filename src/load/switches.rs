//! Features of this build and what each turns on, as plain data for `graph`.
//!
//! guppy is asked once more which links it follows, as its simulation of cargo does but for both machines at once: what is recorded may be
//! more than cargo turns on, never less. Features of a package that turn on nothing but each other are left out: nothing depends on them.

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
    let telling = links.iter().map(|link| link.from().feature_id()).filter(|id| id.is_named());
    let mut recorder = Recorder {
        graph: set.package_graph(),
        handles,
        places,
        telling: telling.map(|id| id.package_id()).collect(),
        owners: IndexMap::new(),
        nodes: IndexMap::new(),
        switches: Switches::default(),
    };
    recorder.features(&followed);
    for link in &links {
        recorder.link(link);
    }
    for id in asked {
        let at = recorder.node(*id);
        recorder.switches.ask(at);
    }
    recorder.switches
}

struct Recorder<'g, 'a> {
    graph: &'g PackageGraph,
    handles: &'a Handles<'g>,
    places: &'a [PackageIx],
    /// Packages of which a feature turns on more than features of its own.
    telling: IndexSet<&'g PackageId>,
    owners: IndexMap<&'g PackageId, OwnerIx>,
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
            FeatureLabel::Named(name) if self.telling.contains(id.package_id()) => {
                self.switches.switch(owner, Some(name.to_owned()))
            }
            FeatureLabel::OptionalDependency(_) => self.switches.switch(owner, None),
            FeatureLabel::Base | FeatureLabel::Named(_) => self.switches.base(owner),
        };
        self.nodes.insert(id, node);
        node
    }

    /// What features of one package turn on of each other.
    fn features(&mut self, followed: &FeatureSet<'g>) {
        let features = *followed.graph();
        for id in self.telling.clone() {
            let Ok(Some(list)) = followed.features_for(id) else { continue };
            let named: Vec<FeatureId<'g>> = list.named_features().map(|name| FeatureId::named(id, name)).collect();
            for from in &named {
                let at = self.node(*from);
                if named.len() > MOST_FEATURES {
                    self.switches.fix(at);
                    continue;
                }
                for to in named.iter().filter(|to| *to != from) {
                    if features.directly_depends_on(*from, *to).unwrap_or(true) {
                        let to = self.node(*to);
                        self.switches.link(at, to, None);
                    }
                }
            }
        }
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
