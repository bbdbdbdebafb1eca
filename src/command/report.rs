//! `cargo origin`: the report.

use std::io::Write;

use super::settings::Opened;
use super::{CommandError, ExitStatus, Settings};
use crate::render::{self, Format};
use crate::report::Detail;

/// Prints the report.
pub fn report(settings: &Settings, out: &mut dyn Write, notes: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let detail = match settings.format {
        Format::Json => Detail::Full,
        _ => Detail::Answers,
    };
    let report = analysis.report(detail);
    render::write(&report, settings.format, &settings.view, out)?;
    // The process ends here: giving thousands of small pieces back one by one would be a sixth of its time.
    std::mem::forget((report, analysis));
    Ok(ExitStatus::Success)
}
