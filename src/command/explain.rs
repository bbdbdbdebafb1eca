//! `cargo origin explain <package>`: everything that speaks for one package's origin.

use std::io::Write;

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
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let at = find_package(&analysis, package)?;
    let explanation = analysis.explain(&analysis.report(Detail::Full), at);
    render::write_explanation(&explanation, format == Format::Json, &settings.view, out)?;
    Ok(ExitStatus::Success)
}
