//! What a project needs to know of remote sources.

use std::collections::BTreeSet;

use crate::date::Moment;
use crate::facts::live::FactKind;

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

/// How long what a source said counts as fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fresh;

/// Seconds in a day.
const DAY: i64 = 86_400;

impl Fresh {
    /// Days for which a fact is not asked again: as long as it is likely to be the same, and as its change can wait to be seen.
    pub fn days(kind: FactKind) -> i64 {
        match kind {
            // Who may publish is what a takeover changes first.
            FactKind::CrateOwners => 7,
            // What was published does not change; new versions come.
            FactKind::CrateVersions => 30,
            FactKind::Profile | FactKind::Repository => 30,
            FactKind::Observation => 180,
        }
    }

    /// Days for which a list of sanctions counts as today's.
    pub const LIST_DAYS: i64 = 1;

    /// The moment from which on a fact is fresh.
    pub fn since(kind: FactKind, now: Moment) -> Moment {
        Moment(now.0.saturating_sub(Self::days(kind) * DAY))
    }

    /// The moment from which on a list is fresh.
    pub fn list_since(now: Moment) -> Moment {
        Moment(now.0.saturating_sub(Self::LIST_DAYS * DAY))
    }
}
