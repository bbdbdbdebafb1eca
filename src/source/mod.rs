//! What is read about packages beyond their description.
//!
//! Offline this is the licence files that lie in the packages' own folders. A source that fails gives gaps, never an error: the
//! rest goes on. Histories are read where the user names a repository, one at a time; there, a failure is the answer.

pub mod clones;
pub mod git;
mod licence;
pub mod lists;
pub mod remote;
pub mod sync;

pub use licence::read_holders;
