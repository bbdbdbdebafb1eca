//! `cargo origin`: the report.

use std::io::Write;

use super::{CommandError, ExitStatus, Settings};
use crate::data::Data;
use crate::render;

/// Prints the report.
pub fn report(settings: &Settings, out: &mut dyn Write, notes: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let data = Data::embedded()?;
    let analysis = settings.analyse(&data, notes)?;
    render::write(&analysis.report(), settings.format, &settings.view, out)?;
    Ok(ExitStatus::Success)
}
