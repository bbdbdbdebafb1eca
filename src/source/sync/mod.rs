//! What is missing is asked of the sources, batch by batch, and each batch is kept as soon as it is there.
//!
//! - `wanted`: what a project needs to know, and how long an answer counts as fresh.
//! - `plan`: what of that is missing, and what asking costs.
//! - `run`: the batches of many sources at once; one that fails again and again is left alone.
//! - `whole`: one run, stage by stage: crates, repositories, the accounts behind both, lists, histories.
//! - `lists`, `dump`, `histories`: what does not come in batches.
//!
//! A run that breaks off, by Ctrl-C, a full disk or a crash, has kept every batch that was whole. The next run asks for the rest.

mod dump;
mod histories;
mod lists;
mod plan;
mod run;
mod wanted;
mod whole;

pub use plan::{Cost, Plan, plan};
pub use run::{Job, Stopped, run};
pub use wanted::Wanted;
pub use whole::{DumpChoice, Outcome, Parts, Setup, SyncError, VersionsFrom, sync};

/// Who is told how it goes. Nothing of it is part of an answer.
pub trait Progress {
    /// So many subjects are asked of a source. What has begun already goes on with so many more.
    fn begin(&mut self, what: &str, subjects: u64);
    /// So many more are answered.
    fn advance(&mut self, what: &str, subjects: u64);
    /// No more is asked.
    fn end(&mut self, what: &str);
}
