//! How much each kind of evidence is worth.
//!
//! Two numbers a kind. The *rank* says what decides: the best rank that gives a place does, lower ranks are kept as claims and are
//! still looked at for exposure. The *reliability* is the probability that a claim of this kind names the right party, given a source
//! that is right about the party's place. What the source itself is worth is the row's confidence, in `confidence`.
//!
//! The numbers are judgements, made from reading the kinds of error each evidence has (the reason stands beside it); none of them was fitted. They
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

/// The table.
pub fn worth(kind: EvidenceKind) -> EvidenceWorth {
    let row = |rank, reliability, decides, reason| EvidenceWorth { rank, reliability, decides, reason };
    match kind {
        EvidenceKind::UserClaim => row(0, 1.0, true, "the user answers for it, and it is shown as the user's word"),
        EvidenceKind::ForgeOwner => row(
            2,
            0.97,
            true,
            "organisations own their forge accounts; a manifest can name a repository that is not its own, and projects move",
        ),
        EvidenceKind::CopyrightHolder => row(
            3,
            0.85,
            true,
            "who holds the rights stands in the file that ships; but licence texts are copied, and forks keep the first holder",
        ),
        EvidenceKind::Declared => row(
            5,
            0.85,
            true,
            "the authors' own word, which nobody checks; a legal form that excludes it is a conflict",
        ),
        EvidenceKind::Homepage => {
            row(6, 0.7, true, "a page on an organisation's own site; customers and partners have those too")
        }
        EvidenceKind::LegalForm => {
            row(5, 0.85, true, "a company named as holder; its form exists only in these countries")
        }
        EvidenceKind::AuthorEmployer => {
            row(9, 0.5, false, "an employer's address is evidence of employment, not of who stands behind the crate")
        }
        EvidenceKind::IndividualAccount => {
            row(7, 0.9, true, "judged by reading the account's repositories; an employer can stand behind a person")
        }
        EvidenceKind::CopyrightMention => row(
            10,
            0.4,
            false,
            "one of several holders beside a person's account: copied code or notices, not who stands behind it",
        ),
        EvidenceKind::AuthorDomain => {
            row(10, 0.3, false, "people move and keep their address; a hint about where work is done, never an answer")
        }
        EvidenceKind::CommitHistory => row(
            1,
            1.0,
            true,
            "clocks of commits, weighed author by author; how often that is right is measured, and what it cannot tell is unknown mass",
        ),
        EvidenceKind::InheritedHistory => row(
            2,
            1.0,
            true,
            "the same person's other repositories, at a discount that turns a part of it into unknown mass",
        ),
        EvidenceKind::Mirror => row(1, 0.99, true, "configuration says which server answers"),
        EvidenceKind::Registry => row(1, 0.99, true, "the source names the registry"),
        EvidenceKind::GitHost => row(1, 0.99, true, "the source names the host"),
        EvidenceKind::LocalCopy => row(1, 0.99, true, "the bytes lie in the project"),
        EvidenceKind::ToolchainServer => row(1, 0.99, true, "the environment, or rustup's default, names the server"),
        EvidenceKind::NativeUpstream => {
            row(1, 0.95, true, "by the crate's name or its `links` key; a crate can carry a patched copy")
        }
        _ => fetched(kind),
    }
}

/// The table of what `sync` brings.
fn fetched(kind: EvidenceKind) -> EvidenceWorth {
    let row = |rank, reliability, decides, reason| EvidenceWorth { rank, reliability, decides, reason };
    match kind {
        EvidenceKind::RegistryOwner => {
            row(1, 0.97, true, "the registry itself says who may publish; an account can act for somebody else")
        }
        EvidenceKind::ProfileLocation => row(
            1,
            0.8,
            true,
            "what an account says of itself, which nobody checks: people move and leave it, and some jest",
        ),
        EvidenceKind::ProfileCompany => {
            row(9, 0.5, false, "evidence of employment, not of who stands behind the crate; people change jobs")
        }
        EvidenceKind::PublishedBy => row(9, 0.97, false, "who did publish one version, not who can publish the next"),
        EvidenceKind::VerifiedDomain => row(
            2,
            0.95,
            true,
            "the forge has checked that the organisation runs the domain; domains are sold and shared",
        ),
        EvidenceKind::OrganisationProfile => row(
            4,
            0.75,
            true,
            "an organisation's own word on its page; often where the founders sat, not where the seat is",
        ),
        // A kind without a row of its own would be worth as little as a name.
        _ => row(10, 0.9, false, "a name on an official list; names are shared, which the grade of the match says"),
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
