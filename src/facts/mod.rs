//! Raw records, as their sources said them, and what could not be learnt.
//!
//! Nothing here is interpreted: an author line is a text, a copyright holder is a text with a place in a file. What it means is for
//! `evidence` to say.

mod channel;
pub mod commits;
pub mod live;
mod manifest;
mod observed;
mod synced;

pub use channel::{ChannelFacts, Endpoint, Replacement, Toolchain};
pub use manifest::{DeclaredOrigin, HolderFact, ManifestFacts};
pub use observed::{Observed, Provenance};
pub use synced::{ListMatch, MatchGrade, Published, Synced};

use crate::country::Locus;
use crate::date::Period;
use crate::graph::PackageIx;

/// Something that could not be learnt. It becomes unknown mass and a line of the report, never a guess.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What kind of gap, a stable word.
    pub kind: GapKind,
    /// The package it concerns; the whole report if none.
    pub package: Option<PackageIx>,
    /// What happened, in words.
    pub detail: String,
}

/// Kinds of gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// A lock file does not tell features, targets and capabilities.
    LockFileOnly,
    /// Configuration was not read, so a mirror would not be seen.
    MirrorsNotVisible,
    /// The package is not in the local registry cache.
    NotInCache,
    /// A manifest could not be read.
    ManifestUnreadable,
    /// A licence file could not be read, or was not read for a reason.
    LicenceUnreadable,
    /// Cargo's configuration could not be read.
    ConfigUnreadable,
    /// Programmes that need a home were not applied.
    NoHome,
    /// Commit evidence does not exist for the package.
    NoCommitEvidence,
    /// A claim of the user matches no package.
    ClaimUnused,
    /// A local history could not be read.
    HistoryUnreadable,
    /// A source did not tell something, when it was asked last.
    SourceFailed,
    /// The store cannot be read, so that nothing of it was used.
    StoreUnreadable,
    /// A repository has moved to an account that nobody has judged.
    RepositoryMoved,
}

impl GapKind {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LockFileOnly => "lock-file-only",
            Self::MirrorsNotVisible => "mirrors-not-visible",
            Self::NotInCache => "not-in-cache",
            Self::ManifestUnreadable => "manifest-unreadable",
            Self::LicenceUnreadable => "licence-unreadable",
            Self::ConfigUnreadable => "config-unreadable",
            Self::NoHome => "no-home",
            Self::NoCommitEvidence => "no-commit-evidence",
            Self::ClaimUnused => "claim-unused",
            Self::HistoryUnreadable => "history-unreadable",
            Self::SourceFailed => "source-failed",
            Self::StoreUnreadable => "store-unreadable",
            Self::RepositoryMoved => "repository-moved",
        }
    }
}

/// The five questions an origin is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// Which organisation stands behind it.
    Steward,
    /// Who can put out a new version.
    Publisher,
    /// Where it is worked on.
    Contribution,
    /// Through which infrastructure it comes.
    Channel,
    /// What foreign code it carries.
    Native,
}

impl Facet {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Steward, Self::Publisher, Self::Contribution, Self::Channel, Self::Native];

    /// The word used in policies and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Steward => "steward",
            Self::Publisher => "publisher",
            Self::Contribution => "contribution",
            Self::Channel => "channel",
            Self::Native => "native",
        }
    }

    /// The facet with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.as_str() == word)
    }
}

/// What a user claim is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimSubject {
    /// Every version of a package.
    Package(String),
    /// Everything under a forge path: `host/owner` or `host/owner/repo`.
    Party(String),
}

/// What the user says about where something is from, in `origin.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserClaim {
    /// About what.
    pub subject: ClaimSubject,
    /// Which facet.
    pub facet: Facet,
    /// Where: a place, or `None` for "known to have no seat".
    pub place: Option<Locus>,
    /// Where the user knows it from.
    pub source: String,
    /// When it holds.
    pub valid: Period,
    /// File and line of the claim.
    pub reference: String,
}

/// Everything that is known about a graph before anything is concluded. Tables have one entry per package.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What manifests say.
    pub manifests: Vec<ManifestFacts>,
    /// What licence files say.
    pub holders: Vec<Vec<HolderFact>>,
    /// What the histories of the packages' repositories say.
    pub observed: Vec<Option<Observed>>,
    /// How packages reach this machine.
    pub channel: ChannelFacts,
    /// What the user claims.
    pub claims: Vec<UserClaim>,
    /// What the store has from earlier runs of `sync`.
    pub synced: Synced,
    /// What the user's own rows change in the embedded data, in words.
    pub overrides: Vec<String>,
    /// What could not be learnt.
    pub gaps: Vec<Gap>,
}
