//! Where the organisation says that it is whose account owns the repository, or to whom its verified domain belongs.
//!
//! Only accounts that the register does not know: a row of it is better. The profile of a person says where somebody lives, which is not
//! where a package has its steward: it counts for who can publish (`registry_owner`), and of the owner of a repository it only tells that
//! it is a person (`forge_owner`).

use super::vendor::{Found, claim as of_vendor};
use super::{Claim, EvidenceKind, Subject, profile};
use crate::facts::Facet;
use crate::facts::live::{AccountKind, Kept, Profile};
use crate::party::{Party, Role};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let holding = subject.parties.holdings.iter().find(|holding| holding.role == Role::ForgeOwner);
    let Some(Party::Account(account)) = holding.map(|holding| &holding.party) else { return };
    let Some((kept, known)) = profile::of(subject, account) else { return };
    if known.kind == AccountKind::Organisation {
        for facet in [Facet::Steward, Facet::Publisher] {
            claims.extend(organisation(subject, facet, account, kept, known));
        }
    }
}

fn organisation(subject: &Subject<'_>, facet: Facet, account: &str, kept: &Kept, known: &Profile) -> Option<Claim> {
    if let Some(domain) = known.verified_domain.as_deref()
        && let Some(vendor) = subject.data.vendor_of_domain(domain)
    {
        let reference = format!("profile of {account}: {}", kept.fact.source);
        let because = format!("the forge has verified that {domain} is of {account}, and it belongs to");
        let found = Found { facet, kind: EvidenceKind::VerifiedDomain, vendor, because, reference: &reference };
        let made = of_vendor(&found, subject.data, subject.as_of);
        let valid = profile::both(made.valid, kept.valid);
        return Some(Claim { valid, observed: kept.fetched.day(), ..made });
    }
    let (place, confidence) =
        known.location.as_deref().map(profile::located).filter(|(place, _)| !place.countries().is_empty())?;
    let text = known.location.as_deref().unwrap_or_default();
    Some(Claim {
        place,
        party: Some(Party::Account(account.to_owned())),
        confidence,
        ..profile::claim(
            facet,
            EvidenceKind::OrganisationProfile,
            kept,
            format!("the repository belongs to {account}, an organisation whose profile says “{text}”"),
        )
    })
}
