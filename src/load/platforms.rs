//! On which platforms a dependency is needed, as plain data for `graph`.

use std::collections::BTreeMap;

use guppy::graph::PackageLink;
use guppy::graph::cargo::CargoSet;
use guppy::platform::{EnabledTernary, Platform, PlatformSpec, TargetFeatures};

use super::resolve::{Handles, key};
use crate::graph::{PackageIx, Platforms};

/// Platforms that are looked at where the user names none: one of each large family.
const COMMON: [&str; 4] =
    ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-pc-windows-msvc", "wasm32-unknown-unknown"];

/// Which dependencies are not needed on which platforms. What a build machine needs counts as needed everywhere.
pub(super) fn record<'g>(
    set: &CargoSet<'g>,
    targets: &[String],
    handles: &Handles<'g>,
    places: &[PackageIx],
) -> Platforms {
    let asked: Vec<String> = if targets.is_empty() { COMMON.map(str::to_owned).to_vec() } else { targets.to_vec() };
    // One that guppy does not know is not looked at; for `--target` that has been an error before.
    let known: Vec<(String, PlatformSpec)> = asked
        .into_iter()
        .take(Platforms::MOST)
        .filter_map(|triple| {
            let platform = Platform::new(triple.clone(), TargetFeatures::Unknown).ok()?;
            Some((triple, PlatformSpec::platforms([platform])))
        })
        .collect();
    let mut needed: BTreeMap<(PackageIx, PackageIx), u64> = BTreeMap::new();
    let mut add = |link: &PackageLink<'g>, on: u64| {
        if let (Some(from), Some(to)) = (handles.get(&key(&link.from())), handles.get(&key(&link.to()))) {
            *needed.entry((places[*from], places[*to])).or_default() |= on;
        }
    };
    for link in set.target_links().chain(set.proc_macro_links()) {
        let status = link.normal().status();
        let on = known.iter().enumerate().filter(|(_, (_, spec))| status.enabled_on(spec) != EnabledTernary::Disabled);
        add(&link, on.map(|(number, _)| 1u64 << number).sum());
    }
    for link in set.host_links().chain(set.build_dep_links()) {
        add(&link, u64::MAX);
    }
    let all: u64 = (0..known.len()).map(|number| 1 << number).sum();
    let names = known.into_iter().map(|(name, _)| name).collect();
    Platforms::new(names, needed.into_iter().filter(|(_, on)| on & all != all))
}
