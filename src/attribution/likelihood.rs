//! How much each kind of evidence is worth.
//!
//! Two numbers a kind. The *rank* says what decides: the best rank that gives a place does, lower ranks are kept as claims and are
//! still looked at for exposure. The *reliability* is the probability that a claim of this kind names the right party, given a source
//! that is right about the party's place. What the source itself is worth is the row's confidence, in `confidence`.
//!
//! The numbers are judgements, made from reading the kinds of error each evidence has (the reason stands below); none of them was fitted. They
//! order claims and fill the posterior. A facet's answer changes only where a rank changes.

use crate::data::Confidence;
use crate::evidence::EvidenceKind;

/// What a kind of evidence is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EvidenceWorth {
    /// 0 decides first. Equal ranks that name different places are a conflict.
    pub rank: u8,
    /// Probability that the evidence names the right party.
    pub reliability: f64,
    /// Whether it can settle a facet at all, or only hint.
    pub decides: bool,
    /// Why.
    pub reason: &'static str,
}

/// The table; `reason` says why.
pub fn worth(kind: EvidenceKind) -> EvidenceWorth {
    let (rank, reliability, decides) = match kind {
        EvidenceKind::UserClaim => (0, 1.0, true),
        EvidenceKind::ForgeOwner => (2, 0.97, true),
        EvidenceKind::CopyrightHolder => (3, 0.85, true),
        EvidenceKind::Homepage => (6, 0.7, true),
        EvidenceKind::Declared | EvidenceKind::LegalForm => (5, 0.85, true),
        EvidenceKind::IndividualAccount => (7, 0.9, true),
        EvidenceKind::CopyrightMention => (10, 0.4, false),
        EvidenceKind::AuthorDomain => (10, 0.3, false),
        EvidenceKind::CommitHistory => (1, 1.0, true),
        EvidenceKind::InheritedHistory => (2, 1.0, true),
        EvidenceKind::Mirror
        | EvidenceKind::Registry
        | EvidenceKind::GitHost
        | EvidenceKind::LocalCopy
        | EvidenceKind::ToolchainServer => (1, 0.99, true),
        EvidenceKind::NativeUpstream => (1, 0.95, true),
        EvidenceKind::RegistryOwner => (1, 0.97, true),
        EvidenceKind::ProfileLocation => (1, 0.8, true),
        EvidenceKind::AuthorEmployer | EvidenceKind::ProfileCompany | EvidenceKind::FormerOwner => (9, 0.5, false),
        EvidenceKind::PublishedBy => (9, 0.97, false),
        EvidenceKind::VerifiedDomain => (2, 0.95, true),
        EvidenceKind::OrganisationProfile => (4, 0.75, true),
        EvidenceKind::ListMatch => (10, 0.9, false),
    };
    EvidenceWorth { rank, reliability, decides, reason: reason(kind) }
}

/// Why a kind of evidence is worth what it is.
fn reason(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::UserClaim => "the user answers for it, and it is shown as the user's word",
        EvidenceKind::ForgeOwner => {
            "organisations own their forge accounts; a manifest can name a repository that is not its own, and projects move"
        }
        EvidenceKind::CopyrightHolder => {
            "who holds the rights stands in the file that ships; but licence texts are copied, and forks keep the first holder"
        }
        EvidenceKind::Declared => {
            "the authors' own word, which nobody checks; a legal form that excludes it is a conflict"
        }
        EvidenceKind::Homepage => "a page on an organisation's own site; customers and partners have those too",
        EvidenceKind::LegalForm => "a company named as holder; its form exists only in these countries",
        EvidenceKind::AuthorEmployer => {
            "an employer's address is evidence of employment, not of who stands behind the crate"
        }
        EvidenceKind::IndividualAccount => {
            "judged by reading the account's repositories, or by the forge's own word; an employer can stand behind a person"
        }
        EvidenceKind::CopyrightMention => {
            "one of several holders beside a person's account: copied code or notices, not who stands behind it"
        }
        EvidenceKind::AuthorDomain => {
            "people move and keep their address; a hint about where work is done, never an answer"
        }
        EvidenceKind::CommitHistory => {
            "clocks of commits, weighed author by author; how often that is right is measured, and what it cannot tell is unknown mass"
        }
        EvidenceKind::InheritedHistory => {
            "the same person's other repositories, at a discount that turns a part of it into unknown mass"
        }
        EvidenceKind::Mirror => "configuration says which server answers",
        EvidenceKind::Registry => "the source names the registry",
        EvidenceKind::GitHost => "the source names the host",
        EvidenceKind::LocalCopy => "the bytes lie in the project",
        EvidenceKind::ToolchainServer => "the environment, or rustup's default, names the server",
        EvidenceKind::NativeUpstream => "by the crate's name or its `links` key; a crate can carry a patched copy",
        EvidenceKind::RegistryOwner => "the registry itself says who may publish; an account can act for somebody else",
        EvidenceKind::ProfileLocation => {
            "what an account says of itself, which nobody checks: people move and leave it, and some jest"
        }
        EvidenceKind::ProfileCompany => {
            "evidence of employment, not of who stands behind the crate; people change jobs"
        }
        EvidenceKind::FormerOwner => {
            "who had the repository before it was moved or renamed; it can be the same people under another name, or nobody of them"
        }
        EvidenceKind::PublishedBy => "who did publish one version, not who can publish the next",
        EvidenceKind::VerifiedDomain => {
            "the forge has checked that the organisation runs the domain; domains are sold and shared"
        }
        EvidenceKind::OrganisationProfile => {
            "an organisation's own word on its page; often where the founders sat, not where the seat is"
        }
        EvidenceKind::ListMatch => "a name on an official list; names are shared, which the grade of the match says",
    }
}

/// The probability that a source is right about a place, by the confidence of its row.
///
/// High: documented and seen, so errors are moves since. Medium: secondary. Low: from memory, wrong about one time in three. Judgements, as above.
pub(crate) fn confidence(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::High => 0.98,
        Confidence::Medium => 0.9,
        Confidence::Low => 0.65,
    }
}

/// The share of the places' mass that a country gets which some sources name instead of the one believed.
pub(super) const ALSO_NAMED_SHARE: f64 = 0.15;

/// The mass on countries that are named for a party on evidence too weak to decide on: as likely as not.
pub(super) const WEAKLY_NAMED: f64 = 0.5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_probability_with_a_reason() {
        for kind in EvidenceKind::ALL {
            let worth = worth(kind);
            assert!((0.0..=1.0).contains(&worth.reliability), "{}", kind.as_str());
            assert!(worth.reason.len() > 10, "{}", kind.as_str());
        }
    }
}
