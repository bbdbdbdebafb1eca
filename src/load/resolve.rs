//! From guppy's graph to ours: features, platforms, and which machine a package is compiled for.

use std::collections::BTreeMap;

use guppy::PackageId;
use guppy::graph::cargo::{CargoResolverVersion, CargoSet};
use guppy::graph::feature::{FeatureId, FeatureSet, StandardFeatures, named_feature_filter};
use guppy::graph::{DependencyDirection, ExternalSource, GitReq, PackageGraph, PackageMetadata, PackageSource};
use guppy::platform::{Platform, PlatformSpec, TargetFeatures};

use super::platforms;
use super::switches::{self, Resolution};
use super::workspace_manifest::WorkspaceManifest;
use super::{Loaded, Mode, Selection};
use crate::facts::{ChannelFacts, DeclaredOrigin, ManifestFacts};
use crate::graph::{Capabilities, Dependency, GitReference, GraphBuilder, GraphError, Package, Roles, Source};

/// Why a selection gives no graph.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// No such member.
    #[error("`{name}` is not a member of the workspace; its members are {members}")]
    NoMember {
        /// What was asked for.
        name: String,
        /// What there is.
        members: String,
    },
    /// No such feature.
    #[error("no selected package has the feature `{0}`")]
    NoFeature(String),
    /// No such platform.
    #[error("`{triple}` is not a target that is known here")]
    NoTarget {
        /// What was asked for.
        triple: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// guppy refuses.
    #[error("the dependency graph cannot be resolved: {0}")]
    Guppy(String),
    /// The graph does not hold together.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// Resolves a selection and builds the graph with what the manifests say.
pub(super) fn build(
    graph: &PackageGraph,
    selection: &Selection,
    manifest: &WorkspaceManifest,
) -> Result<Loaded, ResolveError> {
    let members = selected(graph, selection)?;
    let (initials, asked) = initials(graph, &members, selection)?;
    let resolution = resolution(selection, manifest)?;
    let none = graph.resolve_none().to_feature_set(StandardFeatures::None);
    let set = CargoSet::new(initials, none, &resolution.options()).map_err(guppy_error)?;
    let mut builder = GraphBuilder::default();
    let (handles, facts) = packages(graph, &set, manifest, &mut builder);
    edges(&set, selection.dev, &handles, &mut builder);
    for member in &members {
        if let Some(handle) = handles.get(&key(member)) {
            builder.root(*handle);
        }
    }
    let built = handles.len();
    let (ours, places) = builder.finish()?;
    let (switches, platforms) = if selection.switches {
        let switches = switches::record(&set, &asked, &resolution, &handles, &places);
        (switches, platforms::record(&set, &selection.targets, &handles, &places))
    } else {
        Default::default()
    };
    let mut manifests = vec![ManifestFacts::default(); ours.len()];
    for (handle, fact) in facts.into_iter().enumerate() {
        manifests[places[handle].index()] = fact;
    }
    Ok(Loaded {
        graph: ours,
        switches,
        platforms,
        manifests,
        channel: ChannelFacts::default(),
        name: name(graph),
        root: None,
        mode: Mode::Metadata,
        not_built: graph.package_count() - built,
        from_cache: 0,
        gaps: Vec::new(),
        policy_in_manifest: graph.workspace().metadata_table().get("origin").is_some(),
    })
}

fn name(graph: &PackageGraph) -> String {
    let workspace = graph.workspace();
    let root = workspace.member_by_path("").map(|member| member.name().to_owned()).ok();
    root.or_else(|| workspace.root().file_name().map(str::to_owned)).unwrap_or_else(|| "workspace".to_owned())
}

fn selected<'g>(graph: &'g PackageGraph, selection: &Selection) -> Result<Vec<PackageMetadata<'g>>, ResolveError> {
    let workspace = graph.workspace();
    let missing = |name: &String| ResolveError::NoMember {
        name: name.clone(),
        members: workspace.iter_by_name().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    };
    for name in selection.packages.iter().chain(&selection.exclude) {
        if !workspace.contains_name(name) {
            return Err(missing(name));
        }
    }
    let wanted = |member: &PackageMetadata<'_>| {
        let name = member.name();
        (selection.packages.is_empty() || selection.packages.iter().any(|wanted| wanted == name))
            && !selection.exclude.iter().any(|left_out| left_out == name)
    };
    Ok(workspace.iter().filter(wanted).collect())
}

/// What the build starts from, and what of it is asked for: the rest follows.
fn initials<'g>(
    graph: &'g PackageGraph,
    members: &[PackageMetadata<'g>],
    selection: &Selection,
) -> Result<(FeatureSet<'g>, Vec<FeatureId<'g>>), ResolveError> {
    let base = match (selection.all_features, selection.no_default_features) {
        (true, _) => StandardFeatures::All,
        (false, true) => StandardFeatures::None,
        (false, false) => StandardFeatures::Default,
    };
    // `package/feature` speaks of one package, a bare name of every selected one that has it.
    let mut wanted: BTreeMap<&PackageId, Vec<&str>> = BTreeMap::new();
    for feature in selection.features.iter().flat_map(|list| list.split([',', ' '])).filter(|name| !name.is_empty()) {
        let (of, bare) = feature.split_once('/').map_or((None, feature), |(package, bare)| (Some(package), bare));
        let mut found = false;
        for member in members.iter().filter(|member| of.is_none_or(|of| of == member.name())) {
            if member.named_features().any(|known| known == bare) {
                wanted.entry(member.id()).or_default().push(bare);
                found = true;
            }
        }
        if !found {
            return Err(ResolveError::NoFeature(feature.to_owned()));
        }
    }
    let mut all: Option<FeatureSet<'g>> = None;
    let mut asked = Vec::new();
    for member in members {
        let named = wanted.get(member.id()).cloned().unwrap_or_default();
        let by_name = member.named_features().filter(|name| match base {
            StandardFeatures::All => true,
            StandardFeatures::Default => *name == "default" || named.contains(name),
            StandardFeatures::None => named.contains(name),
        });
        asked.push(FeatureId::base(member.id()));
        asked.extend(by_name.map(|name| FeatureId::named(member.id(), name)));
        let set = member.to_feature_set(named_feature_filter(base, named));
        all = Some(match all {
            Some(sum) => sum.union(&set),
            None => set,
        });
    }
    Ok((all.unwrap_or_else(|| graph.resolve_none().to_feature_set(StandardFeatures::None)), asked))
}

fn resolution(selection: &Selection, manifest: &WorkspaceManifest) -> Result<Resolution, ResolveError> {
    let resolver = match manifest.resolver.as_deref() {
        Some("1") => CargoResolverVersion::V1,
        Some("3") => CargoResolverVersion::V3,
        _ => CargoResolverVersion::V2,
    };
    let mut resolution =
        Resolution { resolver, dev: selection.dev, target: PlatformSpec::Any, host: PlatformSpec::Any };
    if !selection.targets.is_empty() {
        let mut platforms = Vec::new();
        for triple in &selection.targets {
            let platform = Platform::new(triple.clone(), TargetFeatures::Unknown)
                .map_err(|error| ResolveError::NoTarget { triple: triple.clone(), source: Box::new(error) })?;
            platforms.push(platform);
        }
        resolution.target = PlatformSpec::platforms(platforms);
        // With the targets named, the build machine is taken to be of the kind that this program was built for.
        resolution.host = PlatformSpec::build_target().unwrap_or(PlatformSpec::Any);
    }
    Ok(resolution)
}

/// Handles by name and id: ids share some fifty characters at their start, names differ soon.
pub(super) type Handles<'g> = BTreeMap<(&'g str, &'g PackageId), usize>;

pub(super) fn key<'g>(package: &PackageMetadata<'g>) -> (&'g str, &'g PackageId) {
    (package.name(), package.id())
}

fn packages<'g>(
    graph: &'g PackageGraph,
    set: &CargoSet<'g>,
    manifest: &WorkspaceManifest,
    builder: &mut GraphBuilder,
) -> (Handles<'g>, Vec<ManifestFacts>) {
    let target = set.target_features().to_package_set();
    let host = set.host_features().to_package_set();
    let mut handles = BTreeMap::new();
    let mut facts = Vec::new();
    let both = target.union(&host);
    for package in both.packages(DependencyDirection::Forward) {
        let roles = Roles {
            target: Some(target.contains(package.id()).unwrap_or(false)),
            host: Some(host.contains(package.id()).unwrap_or(false)),
        };
        handles.insert(key(&package), builder.package(convert(&package, roles, manifest)));
        facts.push(manifest_facts(&package));
    }
    debug_assert!(handles.len() <= graph.package_count());
    (handles, facts)
}

fn convert(package: &PackageMetadata<'_>, roles: Roles, manifest: &WorkspaceManifest) -> Package {
    let source = source(&package.source());
    let patched = !package.in_workspace() && source != Source::CratesIo && manifest.patched.contains(package.name());
    Package {
        name: package.name().to_owned(),
        version: package.version().clone(),
        source,
        member: package.in_workspace(),
        patched,
        capabilities: Capabilities {
            build_script: Some(package.has_build_script()),
            proc_macro: Some(package.is_proc_macro()),
            links: Some(package.links().map(str::to_owned)),
        },
        roles,
        checksum: None,
    }
}

fn source(source: &PackageSource<'_>) -> Source {
    match source {
        PackageSource::Workspace(path) | PackageSource::Path(path) => {
            Source::Path(Some(path.as_str().replace('\\', "/")))
        }
        PackageSource::External(text) if source.is_crates_io() => {
            debug_assert!(!text.is_empty());
            Source::CratesIo
        }
        PackageSource::External(text) => match source.parse_external() {
            Some(ExternalSource::Registry(url)) => Source::Registry { url: url.to_owned(), sparse: false },
            Some(ExternalSource::Sparse(url)) => Source::Registry { url: url.to_owned(), sparse: true },
            Some(ExternalSource::Git { repository, req, resolved }) => Source::Git {
                url: repository.to_owned(),
                reference: match req {
                    GitReq::Branch(name) => GitReference::Branch(name.to_owned()),
                    GitReq::Tag(name) => GitReference::Tag(name.to_owned()),
                    GitReq::Rev(name) => GitReference::Rev(name.to_owned()),
                    _ => GitReference::Default,
                },
                commit: Some(resolved.to_owned()).filter(|commit| !commit.is_empty()),
            },
            _ => Source::Other((*text).to_owned()),
        },
    }
}

fn manifest_facts(package: &PackageMetadata<'_>) -> ManifestFacts {
    let declared = package.metadata_table().get("origin").map(|table| {
        let text = |key: &str| table.get(key).and_then(|value| value.as_str());
        DeclaredOrigin {
            organisation: text("organisation").map(str::to_owned),
            seat: text("seat").and_then(|seat| seat.parse().ok()),
        }
    });
    ManifestFacts {
        authors: package.authors().to_vec(),
        repository: package.repository().map(str::to_owned),
        repository_embedded: false,
        homepage: package.homepage().map(str::to_owned),
        declared,
        folder: package.manifest_path().parent().map(ToOwned::to_owned),
    }
}

fn edges<'g>(set: &CargoSet<'g>, dev: bool, handles: &Handles<'g>, builder: &mut GraphBuilder) {
    let mut add = |from: &PackageMetadata<'g>, to: &PackageMetadata<'g>, kind: Dependency| {
        if let (Some(from), Some(to)) = (handles.get(&key(from)), handles.get(&key(to))) {
            builder.dependency(*from, *to, kind);
        }
    };
    for link in set.target_links().chain(set.host_links()).chain(set.proc_macro_links()) {
        let kind = Dependency {
            normal: link.normal().is_present(),
            dev: dev && link.from().in_workspace() && link.dev().is_present(),
            ..Dependency::default()
        };
        add(&link.from(), &link.to(), kind);
    }
    for link in set.build_dep_links() {
        add(&link.from(), &link.to(), Dependency { build: true, ..Dependency::default() });
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is the argument of map_err")]
fn guppy_error(error: guppy::Error) -> ResolveError {
    ResolveError::Guppy(error.to_string())
}
