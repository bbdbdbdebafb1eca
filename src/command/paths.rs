//! `cargo origin paths <package>`: through whom it comes in.

use std::io::Write;

use serde::Serialize;

use super::settings::{Opened, find_package};
use super::{CommandError, ExitStatus, Settings};
use crate::render::{self, Format};
use crate::report::Untrusted;

/// The JSON form.
#[derive(Serialize)]
struct PathsReport {
    version: u32,
    package: Untrusted,
    paths: Vec<Vec<Untrusted>>,
    more: bool,
}

/// Prints up to `limit` paths, shortest first.
pub fn paths(
    settings: &Settings,
    package: &str,
    limit: usize,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "paths")?;
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let at = find_package(&analysis, package)?;
    let graph = &analysis.loaded().graph;
    let name = |at| {
        let package: &crate::graph::Package = graph.package(at);
        Untrusted::from(format!("{}@{}", package.name, package.version))
    };
    let found = graph.simple_paths(at, limit);
    let paths: Vec<Vec<Untrusted>> =
        found.paths.iter().map(|path| path.iter().map(|step| name(*step)).collect()).collect();
    if format == Format::Json {
        let report = PathsReport { version: 1, package: name(at), paths, more: found.more };
        render::write_json(&report, out)?;
    } else {
        render::paths(&name(at), &paths, found.more, &settings.view, out)?;
    }
    Ok(ExitStatus::Success)
}
