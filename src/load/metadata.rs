//! `cargo metadata`, run here or saved earlier.
//!
//! Cargo is asked for all features and platforms; which of them are built is resolved by guppy afterwards, so that what runs on the
//! build machine and what ships to the target are told apart.

use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use cargo_metadata::{CargoOpt, MetadataCommand};
use guppy::CargoMetadata;
use guppy::graph::PackageGraph;

use super::read::{ReadError, read_bounded};
use super::resolve::{self, ResolveError};
use super::workspace_manifest::WorkspaceManifest;
use super::{CargoInput, Environment, Loaded, Selection, cargo_config};
use crate::facts::{ChannelFacts, Gap, GapKind};

/// A saved `cargo metadata` larger than this is not read: 10,000 packages take about 60 MiB.
pub(super) const MAX_METADATA: u64 = 512 << 20;

/// Why `cargo metadata` gave no graph.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// There is no cargo.
    #[error("cannot run `{cargo}`; is cargo installed and on the PATH?")]
    NoCargo {
        /// What was tried.
        cargo: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// Cargo ran and refused.
    #[error("`cargo metadata` failed:\n{0}")]
    Refused(String),
    /// The saved output cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The output is not what cargo writes.
    #[error("{from} is not the output of `cargo metadata --format-version 1 --all-features`: {message}")]
    Malformed {
        /// Where it came from.
        from: String,
        /// What is wrong.
        message: String,
    },
    /// The selection does not fit the workspace.
    #[error(transparent)]
    Resolve(#[from] ResolveError),
}

/// Runs cargo and builds the graph.
pub(super) fn from_cargo(input: &CargoInput, environment: &Environment) -> Result<Loaded, MetadataError> {
    let json = run(input, environment)?;
    let graph = parse(&json, "what cargo printed")?;
    drop(json);
    let root = graph.workspace().root().to_owned();
    let manifest = WorkspaceManifest::read(&root.join("Cargo.toml"));
    let mut loaded = resolve::build(&graph, &input.selection, &manifest)?;
    forget(graph);
    let mut gaps = Vec::new();
    loaded.channel = cargo_config::read(&root, environment, &mut gaps);
    loaded.gaps.append(&mut gaps);
    loaded.root = Some(root);
    Ok(loaded)
}

/// Reads a saved output. Nothing else of the machine is read, so mirrors and the toolchain stay unknown.
pub(super) fn from_file(path: &Utf8Path, selection: &Selection) -> Result<Loaded, MetadataError> {
    let json = read_bounded(path, MAX_METADATA)?;
    from_text(&json, path.as_str(), selection)
}

/// Reads the text of a saved output that is shown under a name.
pub fn from_text(json: &str, shown: &str, selection: &Selection) -> Result<Loaded, MetadataError> {
    let graph = parse(json, shown)?;
    let loaded = resolve::build(&graph, selection, &WorkspaceManifest::default())?;
    forget(graph);
    Ok(as_saved(loaded))
}

/// What a saved output would have told.
pub(super) fn as_saved(mut loaded: Loaded) -> Loaded {
    loaded.channel = ChannelFacts::default();
    loaded.root = None;
    loaded.gaps.push(Gap {
        kind: GapKind::MirrorsNotVisible,
        package: None,
        detail: "a saved `cargo metadata` does not tell which mirror or toolchain server was used".to_owned(),
    });
    // The folders in the file are those of the machine that wrote it.
    for manifest in &mut loaded.manifests {
        manifest.folder = None;
    }
    loaded
}

/// A run reads one graph and ends soon after: to give its hundred thousand pieces back one by one would be a tenth of our own time.
fn forget(graph: PackageGraph) {
    std::mem::forget(graph);
}

fn parse(json: &str, from: &str) -> Result<PackageGraph, MetadataError> {
    let malformed = |message: String| MetadataError::Malformed { from: from.to_owned(), message };
    let metadata = CargoMetadata::parse_json(json).map_err(|error| malformed(with_cause(&error)))?;
    metadata.build_graph().map_err(|error| malformed(with_cause(&error)))
}

fn with_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

fn run(input: &CargoInput, environment: &Environment) -> Result<String, MetadataError> {
    let cargo = environment.cargo.clone().unwrap_or_else(|| "cargo".to_owned());
    let mut command = command(&cargo, input, &environment.current_dir);
    let output = command.output().map_err(|source| MetadataError::NoCargo { cargo, source })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(MetadataError::Refused(said.trim().to_owned()));
    }
    String::from_utf8(output.stdout).map_err(|error| MetadataError::Malformed {
        from: "what cargo printed".to_owned(),
        message: error.utf8_error().to_string(),
    })
}

fn command(cargo: &str, input: &CargoInput, current_dir: &Utf8PathBuf) -> Command {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo).current_dir(current_dir).features(CargoOpt::AllFeatures);
    if let Some(path) = &input.manifest_path {
        command.manifest_path(path);
    }
    let flags = [(input.locked, "--locked"), (input.offline, "--offline"), (input.frozen, "--frozen")];
    let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag.to_owned());
    command.other_options(flags.chain(["--color=never".to_owned()]).collect::<Vec<_>>());
    command.cargo_command()
}
