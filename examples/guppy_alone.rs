//! What reading a saved `cargo metadata` costs with guppy alone: the yardstick for memory in `.ci/bench`.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]

use std::error::Error;

use guppy::CargoMetadata;
use guppy::graph::cargo::{CargoOptions, CargoSet};
use guppy::graph::feature::StandardFeatures;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: guppy_alone METADATA.json")?;
    let graph = CargoMetadata::parse_json(std::fs::read_to_string(path)?)?.build_graph()?;
    let initials = graph.resolve_workspace().to_feature_set(StandardFeatures::Default);
    let none = graph.resolve_none().to_feature_set(StandardFeatures::None);
    let set = CargoSet::new(initials, none, &CargoOptions::new())?;
    println!(
        "{} packages",
        set.target_features().packages_with_features(guppy::graph::DependencyDirection::Forward).count()
    );
    Ok(())
}
