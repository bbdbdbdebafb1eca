//! `cargo origin schema`: the JSON Schema of the report.

use std::io::Write;

use super::{CommandError, ExitStatus};
use crate::{render, report};

/// Prints the schema.
pub fn schema(out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    render::write_json(&report::schema(), out)?;
    Ok(ExitStatus::Success)
}
