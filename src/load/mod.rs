//! Descriptions of a workspace, read from this machine, to a `Graph` and what the manifests say.
//!
//! - `metadata`: `cargo metadata` through guppy, the only user of guppy; features and platforms are resolved there, and
//!   `switches` records which features are on and what they turn on.
//! - `lockfile`: `Cargo.lock` alone; runs nothing and reads nothing else.
//! - `registry_cache`: manifests of crates that cargo has already unpacked, for lock files, when the user allows it.
//! - `cargo_config`: source replacement, and which toolchain is asked for.
//! - `described`: a file that describes a state before a change, told apart by what is in it.
//!
//! What is read here is hostile: files are bounded, names are never used as paths without a check, nothing is written.

mod cargo_config;
mod described;
mod lock_lines;
mod lockfile;
mod metadata;
mod platforms;
mod policy_file;
mod read;
mod registry_cache;
mod resolve;
mod switches;
mod workspace_manifest;

pub use cargo_config::{Configuration, channel_then};
pub use described::{Described, DescribedError, describe};
pub use lock_lines::{LockLines, lock_path, nearest_lock};
pub use lockfile::{
    LockError, MAX_LOCK_FILE, from_text as lock_from_text, in_workspace as lock_in_workspace,
    source as source_from_text,
};
pub use metadata::{MetadataError, from_text as metadata_from_text};
pub use policy_file::{ListError, PolicyFile, PolicyFileError, find_policy, read_list};
pub use read::{ReadError, read_bounded};
pub use workspace_manifest::has_policy;

use camino::Utf8PathBuf;

use crate::facts::{ChannelFacts, Gap, ManifestFacts};
use crate::graph::{Dependency, Graph, Package, PackageIx, Platforms, Switches};

/// What to read.
#[derive(Clone, Debug)]
pub enum Input {
    /// Run `cargo metadata`.
    Cargo(CargoInput),
    /// A saved output of `cargo metadata`.
    MetadataFile(Utf8PathBuf, Selection),
    /// A lock file alone.
    LockFile {
        /// The file.
        path: Utf8PathBuf,
        /// Whether manifests may be read from the local registry cache.
        registry_cache: bool,
    },
}

/// How to run `cargo metadata`.
#[derive(Clone, Debug, Default)]
pub struct CargoInput {
    /// `--manifest-path`.
    pub manifest_path: Option<Utf8PathBuf>,
    /// `--locked`.
    pub locked: bool,
    /// `--offline`.
    pub offline: bool,
    /// `--frozen`.
    pub frozen: bool,
    /// What of the workspace.
    pub selection: Selection,
}

/// Which part of a workspace is built, and for what.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// `-p`: these members only.
    pub packages: Vec<String>,
    /// `--exclude`: all members but these.
    pub exclude: Vec<String>,
    /// `--features`.
    pub features: Vec<String>,
    /// `--all-features`.
    pub all_features: bool,
    /// `--no-default-features`.
    pub no_default_features: bool,
    /// `--target`: these platforms only; all if empty.
    pub targets: Vec<String>,
    /// `--dev`: with development dependencies of the members.
    pub dev: bool,
    /// Whether to record which features are on and what they turn on, and on which platforms what is needed. It takes time, and only who says what to do needs it.
    pub switches: bool,
}

impl Selection {
    /// Whether nothing is chosen.
    pub fn is_everything(&self) -> bool {
        let lists = [&self.packages, &self.exclude, &self.features, &self.targets];
        lists.iter().all(|list| list.is_empty()) && !self.all_features && !self.no_default_features && !self.dev
    }
}

impl Input {
    /// The same with features recorded.
    #[must_use]
    pub fn with_switches(mut self) -> Self {
        match &mut self {
            Self::Cargo(CargoInput { selection, .. }) | Self::MetadataFile(_, selection) => selection.switches = true,
            Self::LockFile { .. } => {}
        }
        self
    }
}

/// What `load` may know of its surroundings; read once, in `cli`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The cargo to run.
    pub cargo: Option<String>,
    /// `CARGO_HOME`, or where it is by default.
    pub cargo_home: Option<Utf8PathBuf>,
    /// The folder in which the program was started.
    pub current_dir: Utf8PathBuf,
    /// `RUSTUP_DIST_SERVER`.
    pub rustup_dist_server: Option<String>,
    /// `RUSTUP_UPDATE_ROOT`.
    pub rustup_update_root: Option<String>,
    /// How many threads may read files.
    pub threads: usize,
}

/// How the graph was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `cargo metadata`, run or saved.
    Metadata,
    /// A lock file alone.
    LockFile,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The packages.
    pub graph: Graph,
    /// Features that are on, and what each turns on; empty where nobody asked, or nobody knows: a lock file alone.
    pub switches: Switches,
    /// Which dependencies are needed on some platforms only; empty where nobody asked, or nobody knows.
    pub platforms: Platforms,
    /// What their manifests say, one entry per package.
    pub manifests: Vec<ManifestFacts>,
    /// How they reach this machine.
    pub channel: ChannelFacts,
    /// What the workspace is called.
    pub name: String,
    /// Its folder on this machine, if there is one. It is never reported.
    pub root: Option<Utf8PathBuf>,
    /// How the graph was come by.
    pub mode: Mode,
    /// Packages that are described but not built with this selection.
    pub not_built: usize,
    /// How many manifests came from the local registry cache.
    pub from_cache: usize,
    /// What could not be learnt.
    pub gaps: Vec<Gap>,
    /// Whether the root manifest has a policy, `[workspace.metadata.origin]`.
    pub policy_in_manifest: bool,
}

/// Why there is no graph.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Through cargo metadata.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// From a lock file.
    #[error(transparent)]
    Lock(#[from] LockError),
}

impl Loaded {
    /// The same as far as a saved description would tell it: nothing of this machine but what cargo printed.
    #[must_use]
    pub fn as_saved(self) -> Self {
        metadata::as_saved(self)
    }

    /// Adds what the manifests say that cargo has unpacked on this machine.
    pub fn fill_from_cache(&mut self, environment: &Environment) {
        self.fill_some_from_cache(environment, |_| true);
    }

    /// The same for packages that are wanted.
    pub fn fill_some_from_cache(&mut self, environment: &Environment, wanted: impl Fn(&Package) -> bool) {
        if let Some(home) = environment.cargo_home.as_deref() {
            registry_cache::fill(self, home, environment.threads, wanted);
        }
    }

    /// Whether the manifest of a package was read on this machine.
    pub fn has_manifest(&self, at: PackageIx) -> bool {
        self.manifests.get(at.index()).is_some_and(|manifest| manifest.folder.is_some())
    }

    /// Whether another describes the same releases of the same packages, and who needs whom alike.
    pub fn same_packages(&self, other: &Self) -> bool {
        fn rows(loaded: &Loaded) -> impl Iterator<Item = (&Package, Option<&String>, Vec<(PackageIx, Dependency)>)> {
            let graph = &loaded.graph;
            graph.packages().map(|(at, package)| (package, package.checksum.as_ref(), graph.dependencies(at)))
        }
        rows(self).eq(rows(other))
    }
}

/// Reads the description and builds the graph.
pub fn load(input: &Input, environment: &Environment) -> Result<Loaded, LoadError> {
    match input {
        Input::Cargo(cargo) => Ok(metadata::from_cargo(cargo, environment)?),
        Input::MetadataFile(path, selection) => Ok(metadata::from_file(path, selection)?),
        Input::LockFile { path, registry_cache } => {
            let cache = environment.cargo_home.as_deref().filter(|_| *registry_cache);
            Ok(lockfile::from_file(path, cache.map(|home| (home, environment.threads)))?)
        }
    }
}
