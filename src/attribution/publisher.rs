//! Who can publish, where the registry names the owners: each of them can, so that the answer is all of their places.

use super::{NoSeat, Origin, Unknown};
use crate::country::{CountryCode, Locus, Place};
use crate::evidence::{Claim, EvidenceKind};
use crate::party::Party;

/// Whether a claim is about one of those who may publish, by the registry's own list.
pub fn is_owner(claim: &Claim) -> bool {
    matches!(claim.kind, EvidenceKind::RegistryOwner | EvidenceKind::ProfileLocation)
}

/// The answer from the claims on the owners, one each.
///
/// One country only where every owner is there. Where some are elsewhere, or nothing is known of them, it is "several".
pub(super) fn origin(owners: &[Claim]) -> Origin {
    let mut countries: Vec<CountryCode> = owners.iter().flat_map(|claim| claim.place.countries()).collect();
    countries.sort_unstable();
    countries.dedup();
    let nowhere = owners.iter().filter(|claim| claim.place.countries().is_empty()).count();
    if countries.is_empty() {
        let no_seat = owners.iter().all(|claim| claim.place == Place::NoSeat);
        let persons = owners.iter().all(|claim| matches!(claim.party, Some(Party::Individual(_))));
        let why = if persons { NoSeat::Individual } else { NoSeat::Community };
        return if no_seat { Origin::NoSeat(why) } else { Origin::Unknown(Unknown::OwnersNameNoPlace) };
    }
    let mut places: Vec<&Place> = owners.iter().map(|claim| &claim.place).collect();
    places.sort_unstable();
    places.dedup();
    match (places.as_slice(), countries.as_slice(), nowhere) {
        ([Place::At(locus)], _, 0) => Origin::Country(*locus),
        (_, [one], 0) => Origin::Country(Locus::Country(*one)),
        ([Place::Band(_)], _, 0) => Origin::Band(countries),
        _ => Origin::Several { countries, others: nowhere > 0 },
    }
}
