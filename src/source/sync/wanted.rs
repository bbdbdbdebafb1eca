//! What a project needs to know of remote sources.

use std::collections::BTreeSet;

use crate::date::Moment;
use crate::facts::live::{FactKind, ListState};

/// Subjects to ask about. Only what is public by itself stands here: crates of crates.io, and repositories and accounts that their
/// public manifests name. Names of private registries, git dependencies and folders never do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Crates of crates.io.
    pub crates: BTreeSet<String>,
    /// Repositories: `host/owner/repo`.
    pub repositories: BTreeSet<String>,
    /// Accounts that own repositories and that nobody has judged: `host/login`.
    pub accounts: BTreeSet<String>,
    /// Repositories whose history nobody has looked at.
    pub histories: BTreeSet<String>,
}

/// From when on what a source said is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh;

/// Seconds in a day.
const DAY: i64 = 86_400;

impl Fresh {
    /// The moment from which on a fact is fresh.
    pub fn since(kind: FactKind, now: Moment) -> Moment {
        days_before(now, kind.fresh_days())
    }

    /// The moment from which on a list is fresh.
    pub fn list_since(now: Moment) -> Moment {
        days_before(now, ListState::FRESH_DAYS)
    }
}

fn days_before(now: Moment, days: i32) -> Moment {
    Moment(now.0.saturating_sub(i64::from(days) * DAY))
}
