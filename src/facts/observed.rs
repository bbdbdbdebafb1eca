//! Which observation records speak for a package.

use std::sync::Arc;

use crate::data::model::Observation;

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provenance {
    /// It was made from a clone on this machine.
    Local,
    /// The store has it, from a run of `sync --git`.
    Synced,
    /// The program carries it.
    Embedded,
    /// It is about other repositories of the one person who owns this one.
    Inherited,
}

/// Records that speak for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// One, or several where they are inherited; by repository.
    pub records: Vec<Arc<Observation>>,
    /// Where they come from.
    pub provenance: Provenance,
}
