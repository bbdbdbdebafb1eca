//! `cargo origin single-points`: on whom much hangs.

use std::io::Write;

use super::settings::Opened;
use super::{CommandError, ExitStatus, Settings};
use crate::data::Data;
use crate::render;

/// Prints what takes down more than a share of the graph if it goes.
pub fn single_points(
    settings: &Settings,
    above: f64,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let capabilities = Data::capabilities()?;
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let report = analysis.single_points(&capabilities, above);
    render::write_single(&report, settings.format, &settings.view, out)?;
    // As in `report`: the process ends here.
    std::mem::forget((report, analysis));
    Ok(ExitStatus::Success)
}
