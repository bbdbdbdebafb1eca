//! From claims to an answer per facet, with what it rests on.
//!
//! - `posterior`: probabilities over places, no seat, and unknown; they sum to one.
//! - `likelihood`: how much each kind of evidence is worth, in one table, with reasons.
//! - `publisher`: who can publish, where the registry names several.
//! - `work`: where the work is done, in one word.
//! - `infer`: the claims of a package to its five answers.
//!
//! A facet is never settled by another: seat, owner, publisher, work and channel stay apart. What is not known stays unknown mass.

mod infer;
mod likelihood;
mod posterior;
mod publisher;
mod work;

pub use infer::infer;
pub(crate) use infer::posterior;
pub(crate) use likelihood::confidence;
pub use likelihood::{EvidenceWorth, worth};
pub use posterior::Posterior;
pub use publisher::is_owner;
pub use work::{because as work_because, origin_of as work_origin};

use std::sync::Arc;

use crate::country::{CountryCode, Locus};
use crate::data::VendorIx;
use crate::evidence::{Claim, EvidenceKind};
use crate::facts::Facet;
use crate::graph::PackageIx;
use crate::locate::Work;
use crate::party::Party;

/// Why something is known to have no seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoSeat {
    /// One person's account.
    Individual,
    /// A community without a legal person.
    Community,
    /// A copy in the project itself, or a folder of this machine.
    Local,
    /// There is no native code to come from anywhere.
    NothingNative,
    /// The user says so.
    UserClaim,
    /// It is the user's own workspace.
    OwnWorkspace,
}

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// No repository is named anywhere.
    NoRepository,
    /// The owner of the repository is neither in the register nor known to be one person.
    AccountNotJudged,
    /// The organisation is known, its seat is not.
    SeatNotSettled,
    /// A company that is not in the register, with a legal form that says little.
    CompanyNotInRegister,
    /// The package is a path dependency outside of the workspace.
    PathDependency,
    /// The operator of the registry, mirror or host is not known.
    OperatorNotKnown,
    /// The source is of a kind that is not known here.
    SourceNotKnown,
    /// Nobody has looked at commits.
    NoCommitEvidence,
    /// It links native code that is not in the table of upstreams.
    UpstreamNotKnown,
    /// A lock file does not tell whether there is native code.
    NotToldByLockFile,
    /// The toolchain server was not read.
    ToolchainNotRead,
    /// The commits carry no offset that says anything.
    ClocksSayNothing,
    /// The registry names who may publish, and nothing says where they are.
    OwnersNameNoPlace,
}

/// Where a facet is, as far as the evidence goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In this country or region.
    Country(Locus),
    /// In one of these, which the evidence cannot tell apart.
    Band(Vec<CountryCode>),
    /// In each of these: several parties, of whom each counts.
    Several {
        /// Sorted.
        countries: Vec<CountryCode>,
        /// Whether there are others, of whom no place is known.
        others: bool,
    },
    /// Known to have no seat.
    NoSeat(NoSeat),
    /// Claims that cannot all hold.
    Conflict(Vec<CountryCode>),
    /// Not known.
    Unknown(Unknown),
}

/// The answer for one facet of one package.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetAttribution {
    /// Where.
    pub origin: Origin,
    /// Who, if somebody is known.
    pub party: Option<Party>,
    /// Who ultimately owns or holds that party.
    pub owner: Option<VendorIx>,
    /// How the work is spread, for `Contribution` where a history decided.
    pub work: Option<Arc<Work>>,
    /// Probabilities behind `origin`.
    pub posterior: Posterior,
    /// Every claim about the facet, what decided first.
    pub claims: Vec<Claim>,
    /// How many of the claims decided.
    pub deciding: usize,
}

impl FacetAttribution {
    /// The claims on those who may publish, by the registry's own list: each of them can alone, whatever decided where they are.
    pub fn owners(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| is_owner(claim))
    }

    /// Whether the party of a claim is who the answer is about: the one that is named, each of those who may publish, or, where nobody is
    /// settled, the account that holds the repository. Others are only mentioned.
    pub fn is_behind(&self, claim: &Claim) -> bool {
        let owners = self.claims[..self.deciding].iter().filter(|owner| is_owner(owner));
        // What anybody can write about anybody names nobody for certain.
        let unchecked = |other: &Claim| matches!(other.kind, EvidenceKind::Homepage | EvidenceKind::Declared);
        let named = |other: &&Claim| other.party == claim.party && other.kind != EvidenceKind::ListMatch;
        let mut naming = self.claims.iter().filter(named).peekable();
        if naming.peek().is_some() && naming.all(unchecked) {
            return false;
        }
        claim.party == self.party
            || (self.party.is_none() && matches!(claim.party, Some(Party::Account(_))))
            || owners.into_iter().any(|owner| owner.party == claim.party)
    }
}

/// The answers for one package, in the order of `Facet::ALL`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution([FacetAttribution; 5]);

impl Attribution {
    /// The answer for one facet.
    pub fn facet(&self, facet: Facet) -> &FacetAttribution {
        &self.0[facet as usize]
    }
}

/// The answers for every package of a graph.
#[derive(Clone, Debug)]
pub struct Attributions(Vec<Attribution>);

impl Attributions {
    /// Those of one package.
    pub fn of(&self, at: PackageIx) -> &Attribution {
        &self.0[at.index()]
    }
}

impl NoSeat {
    /// The reason in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Community => "community",
            Self::Local => "local copy",
            Self::NothingNative => "no native code",
            Self::UserClaim => "your own claim",
            Self::OwnWorkspace => "own workspace",
        }
    }
}

impl Unknown {
    /// The reason in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoRepository => "no repository is named",
            Self::AccountNotJudged => "the repository's owner is not in the register",
            Self::SeatNotSettled => "the organisation's seat is not settled",
            Self::CompanyNotInRegister => "a company that is not in the register",
            Self::PathDependency => "a path dependency",
            Self::OperatorNotKnown => "who runs the host is not known",
            Self::SourceNotKnown => "a source of an unknown kind",
            Self::NoCommitEvidence => "no commit evidence",
            Self::UpstreamNotKnown => "native code of an unknown upstream",
            Self::NotToldByLockFile => "a lock file does not tell",
            Self::ToolchainNotRead => "the toolchain server was not read",
            Self::ClocksSayNothing => "clocks of the commits say nothing",
            Self::OwnersNameNoPlace => "nothing says where those are who may publish",
        }
    }

    /// What would answer it.
    pub fn help(self) -> &'static str {
        match self {
            Self::NoRepository => "a [[claim]] in origin.toml for the package, or a row in the register",
            Self::AccountNotJudged => {
                "cargo origin sync; or a [[claim]] in origin.toml for the package or the forge owner, or a row in the register"
            }
            Self::SeatNotSettled | Self::CompanyNotInRegister => "a [[claim]] with the company's imprint as its source",
            Self::PathDependency => "a [[claim]] for the package, if it is not your own",
            Self::OperatorNotKnown | Self::SourceNotKnown => {
                "a [[claim]] on the facet `channel`, if you know who runs it"
            }
            Self::NoCommitEvidence => {
                "cargo origin sync --git; or a clone of the repository: cargo origin observe, --git-cache"
            }
            Self::ClocksSayNothing => "nothing that a history has; a [[claim]] if you know",
            Self::OwnersNameNoPlace => "cargo origin sync with a token of the forge, or a [[claim]] if you know",
            Self::UpstreamNotKnown => "a row in data/native.toml",
            Self::NotToldByLockFile => "run in the workspace itself, or with --registry-cache",
            Self::ToolchainNotRead => "run in the workspace itself",
        }
    }
}
