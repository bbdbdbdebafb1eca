//! One file a subcommand: settings in, bytes and an exit status out.
//!
//! Nothing here parses arguments or reads the environment; `cli` does, and passes settings.

mod base;
mod catalogue;
mod check;
mod compare;
mod concentration;
mod cut;
mod diff;
mod explain;
mod files;
mod init;
mod observe;
mod paths;
mod place;
mod report;
mod schema;
mod settings;
mod simulate;
mod single;
mod store;
mod sync;
mod trend;

pub use catalogue::{programmes, vendors};
pub use check::{CheckSettings, check};
pub use compare::{CompareSettings, compare};
pub use concentration::{ConcentrationSettings, concentration};
pub use cut::{CutSettings, cut};
pub use diff::diff;
pub use explain::explain;
pub use init::{InitError, InitSettings, init};
pub use observe::{ObserveError, ObserveSettings, observe};
pub use paths::paths;
pub use place::place;
pub use report::report;
pub use schema::{SchemaOf, schema};
pub use settings::{CommandError, Settings};
pub use simulate::{SimulateSettings, simulate};
pub use single::single_points;
pub use store::{StoreCommandError, StoreDo, store};
pub use sync::{SyncSettings, sync};
pub use trend::{Reading, TrendError, TrendSettings, trend};

/// How a run ended; the exit code is the same in every format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// The policy holds, or nothing was asked of it: 0.
    Success,
    /// The policy is violated: 1.
    Violated,
    /// It could not finish: 2.
    CouldNotFinish,
}

impl ExitStatus {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Violated => 1,
            Self::CouldNotFinish => 2,
        }
    }
}

/// The formats of the gate show findings, and nothing else can be written in them.
fn not_for_the_gate(format: crate::render::Format) -> Result<(), CommandError> {
    format.of_the_gate().map_or(Ok(()), |format| Err(CommandError::CheckOnly { format }))
}

/// Commands that show one thing write two formats.
fn human_or_json(format: crate::render::Format, command: &'static str) -> Result<crate::render::Format, CommandError> {
    use crate::render::Format;
    match (format, format.of_the_gate()) {
        (Format::Human | Format::Json, _) => Ok(format),
        (_, Some(format)) => Err(CommandError::CheckOnly { format }),
        (_, None) => Err(CommandError::Format { command }),
    }
}
