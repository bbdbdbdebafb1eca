//! `cargo origin explain <package>`: everything that speaks for one package's origin, and what the policy makes of it.

use std::io::Write;

use super::check::lines;
use super::settings::{Opened, find_package};
use super::{CommandError, ExitStatus, Settings};
use crate::render::{self, Format};
use crate::report::Detail;

/// Explains one package.
pub fn explain(
    settings: &Settings,
    package: &str,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "explain")?;
    let settings = &Settings { input: settings.input.clone().with_switches(), ..settings.clone() };
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let at = find_package(&analysis, package)?;
    let lines = lines(settings, analysis.loaded().root.as_deref());
    let explanation = analysis.explain(&analysis.report(Detail::Full), &policy, &lines, at);
    render::write_explanation(&explanation, format == Format::Json, &settings.view, out)?;
    Ok(ExitStatus::Success)
}
