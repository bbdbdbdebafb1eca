//! What a project needs to know of remote sources.

use std::collections::{BTreeMap, BTreeSet};

use crate::date::Moment;
use crate::facts::live::{FactKind, ListState};

/// Subjects to ask about. What is public by itself stands here: crates of crates.io, and repositories and accounts that their public
/// manifests name; and crates of registries that the user has configured, each for its own registry. Names of other registries, git
/// dependencies and folders never do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Crates of crates.io.
    pub crates: BTreeSet<String>,
    /// Crates of the user's own registries as `Package::in_registry` has them, by the registry's name.
    pub registries: BTreeMap<String, BTreeSet<String>>,
    /// The versions of all these crates that the project uses, by crate. They are sent to nobody.
    pub versions: BTreeMap<String, BTreeSet<String>>,
    /// Repositories: `host/owner/repo`.
    pub repositories: BTreeSet<String>,
    /// Accounts that own repositories and that nobody has judged: `host/login`.
    pub accounts: BTreeSet<String>,
    /// Repositories whose history nobody has looked at.
    pub histories: BTreeSet<String>,
}

/// Seconds in a day.
const DAY: i64 = 86_400;

/// The moment from which on a fact is fresh.
pub(super) fn fresh_since(kind: FactKind, now: Moment) -> Moment {
    days_before(now, kind.fresh_days())
}

/// The moment from which on nothing is asked again, though it does not have what is looked for.
pub(super) fn asked_since(now: Moment) -> Moment {
    days_before(now, 1)
}

/// The moment from which on a list is fresh.
pub(super) fn list_fresh_since(now: Moment) -> Moment {
    days_before(now, ListState::FRESH_DAYS)
}

fn days_before(now: Moment, days: i32) -> Moment {
    Moment(now.0.saturating_sub(i64::from(days) * DAY))
}
