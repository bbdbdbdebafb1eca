//! Who published the version that is used: an account, or a workflow of a repository by trusted publishing.
//!
//! It says who did, not who can: it decides nothing. Whoever published and is no owner any more is worth a look.

use super::{Claim, EvidenceKind, Subject, list_match};
use crate::country::Place;
use crate::data::{Confidence, HostOwner};
use crate::facts::Facet;
use crate::facts::live::{AccountKind, PublishedBy};
use crate::party::Party;

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let Some(name) = subject.package.in_registry() else { return };
    let key = (name, subject.package.version.to_string());
    let Some(found) = subject.facts.synced.published.get(&key) else { return };
    let on = found.version.on.map(|day| format!(" on {day}")).unwrap_or_default();
    let (party, statement) = match &found.version.by {
        None if on.is_empty() => return,
        None => (None, format!("this version was published{on}; the source does not say by whom")),
        Some(PublishedBy::Account(account)) => {
            let former = if is_owner(subject, account) { "" } else { ", which is none of its owners" };
            let party = subject.party(account, AccountKind::Person);
            (Some(party), format!("this version was published{on} by {account}{former}"))
        }
        Some(PublishedBy::Repository(path)) => {
            let party = match subject.data.owner_of(path) {
                HostOwner::Vendor(vendor) => Some(Party::Vendor(vendor)),
                HostOwner::Individual | HostOwner::Unknown => None,
            };
            (party, format!("this version was published{on} by a workflow of {path} (trusted publishing)"))
        }
    };
    claims.push(Claim {
        facet: Facet::Publisher,
        place: Place::Unstated,
        contradictory: false,
        also: Vec::new(),
        party,
        seat_of: None,
        owner: None,
        kind: EvidenceKind::PublishedBy,
        confidence: Confidence::High,
        reference: format!("crate-versions of {}: {}", subject.package.name, found.source),
        address: None,
        statement,
        observed: found.fetched.day(),
        valid: found.valid,
        work: None,
        listing: None,
        accounts: Vec::new(),
    });
}

/// Whether the registry names the account as an owner; it counts as one where owners are not known. Somebody of a team may have done it.
fn is_owner(subject: &Subject<'_>, account: &str) -> bool {
    let owners = list_match::owners(subject.package, &subject.facts.synced, subject.as_of);
    owners.is_empty() || owners.iter().any(|owner| owner.account == account || owner.kind == AccountKind::Team)
}
