//! `cargo origin schema`: the JSON Schemas of what is read and written.

use std::io::Write;

use super::{CommandError, ExitStatus};
use crate::{policy, render, report};

/// What there is a schema of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaOf {
    /// The report.
    Report,
    /// What the gate found.
    Check,
    /// What a change brings.
    Diff,
    /// Two sides.
    Compare,
    /// What would be lost.
    Simulate,
    /// What to replace or turn off.
    Cut,
    /// On whom much hangs.
    SinglePoints,
    /// How concentrated origins are.
    Concentration,
    /// One package in full.
    Explain,
    /// How the origins moved.
    Trend,
    /// What a text says about a place.
    Place,
    /// What is in the store.
    Store,
    /// `origin.toml`.
    Policy,
}

/// Prints a schema.
pub fn schema(of: SchemaOf, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let schema = match of {
        SchemaOf::Report => report::schema(),
        SchemaOf::Check => report::check_schema(),
        SchemaOf::Diff => report::diff_schema(),
        SchemaOf::Compare => report::compare_schema(),
        SchemaOf::Simulate => report::simulate_schema(),
        SchemaOf::Cut => report::cut_schema(),
        SchemaOf::SinglePoints => report::single_schema(),
        SchemaOf::Concentration => report::concentration_schema(),
        SchemaOf::Explain => report::explanation_schema(),
        SchemaOf::Trend => report::trend_schema(),
        SchemaOf::Place => report::place_schema(),
        SchemaOf::Store => report::store_schema(),
        SchemaOf::Policy => policy::schema(),
    };
    render::write_json(&schema, out)?;
    Ok(ExitStatus::Success)
}
