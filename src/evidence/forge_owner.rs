//! The owner of the repository: an organisation of the register, or an account known to be one person's.
//!
//! For a git dependency the repository is where the bytes come from. For a registry crate it is what the manifest names, which its
//! publisher can set to anything; the claim says which of the two it was.
//!
//! Offline it also stands for who can publish: whoever owns the repository usually owns the crate. The registry's own list of owners is
//! better, where it was asked (`registry_owner`).

use super::vendor::{Found, claim};
use super::{Claim, EvidenceKind, Subject, profile};
use crate::country::Place;
use crate::data::{Confidence, HostOwner};
use crate::date::Period;
use crate::facts::Facet;
use crate::facts::live::Content;
use crate::party::{Holding, Party, Repository, Role};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    claims.extend(before_the_move(subject));
    let Some(holding) = subject.parties.holdings.iter().find(|holding| holding.role == Role::ForgeOwner) else {
        return;
    };
    let said = format!("{}{}", holding.said, if is_archived(subject) { ", which its forge has archived," } else { "" });
    for facet in [Facet::Steward, Facet::Publisher] {
        match &holding.party {
            Party::Vendor(vendor) => {
                let because = format!("the repository {said} belongs to");
                let found = Found {
                    facet,
                    kind: EvidenceKind::ForgeOwner,
                    vendor: *vendor,
                    because,
                    reference: &holding.reference,
                };
                claims.push(claim(&found, subject.data, subject.as_of));
            }
            Party::Individual(account) => claims.push(individual(subject, (facet, &said), account, holding)),
            Party::Account(_) | Party::Organisation(_) => {}
        }
    }
}

/// The organisation that had the repository before it came to somebody of whom nothing is known: it may have it still, under another
/// name, so that it is shown, in doubt.
fn before_the_move(subject: &Subject<'_>) -> Option<Claim> {
    let (now, before) = (subject.parties.repository.as_ref()?, subject.parties.moved_from.as_ref()?);
    let HostOwner::Vendor(vendor) = subject.data.owner_of(before.path()) else { return None };
    if subject.data.owner_of(now.path()) != HostOwner::Unknown {
        return None;
    }
    let because = format!("the repository, now {}, was {}, which belongs to", now.path(), before.path());
    let reference = "forge: the repository was moved";
    let found = Found { facet: Facet::Steward, kind: EvidenceKind::FormerOwner, vendor, because, reference };
    Some(claim(&found, subject.data, subject.as_of))
}

/// Whether the forge says that nobody works on the repository there any more.
fn is_archived(subject: &Subject<'_>) -> bool {
    let path = subject.parties.repository.as_ref().map(Repository::path);
    let rows = path.and_then(|path| subject.facts.synced.repositories.get(path)).into_iter().flatten();
    rows.filter(|kept| kept.valid.contains(subject.as_of))
        .any(|kept| matches!(&kept.fact.content, Content::Repository(state) if state.archived))
}

fn individual(subject: &Subject<'_>, (facet, said): (Facet, &str), account: &str, holding: &Holding) -> Claim {
    // Known by the register, or by what the forge says of the account.
    if subject.data.owner_of(account) == HostOwner::Unknown
        && let Some((kept, _)) = profile::of(subject, account)
    {
        return Claim {
            place: Place::NoSeat,
            party: Some(Party::Individual(account.to_owned())),
            ..profile::claim(
                facet,
                EvidenceKind::IndividualAccount,
                kept,
                format!("the repository {said} belongs to {account}, which the forge calls a person's account"),
            )
        };
    }
    Claim {
        facet,
        place: Place::NoSeat,
        contradictory: false,
        also: Vec::new(),
        party: Some(Party::Individual(account.to_owned())),
        seat_of: None,
        owner: None,
        kind: EvidenceKind::IndividualAccount,
        confidence: Confidence::Medium,
        reference: holding.reference.clone(),
        address: None,
        statement: format!("the repository {said} belongs to one person"),
        observed: None,
        valid: Period::default(),
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}
