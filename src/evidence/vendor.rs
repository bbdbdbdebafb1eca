//! A claim that rests on a row of the register. Used by every collector that has found an organisation.

use super::{Claim, EvidenceKind};
use crate::country::{Locus, Place};
use crate::data::{Confidence, Data, VendorIx};
use crate::date::Date;
use crate::facts::Facet;
use crate::party::{Party, Seat, standing};

/// What a collector says about how it came to the organisation.
pub(super) struct Found<'a> {
    pub(super) facet: Facet,
    pub(super) kind: EvidenceKind,
    pub(super) vendor: VendorIx,
    /// How the organisation was recognised, as the first part of a sentence: "github.com/x belongs to".
    pub(super) because: String,
    pub(super) reference: &'a str,
}

/// The claim that the facet is where the organisation has its seat.
pub(super) fn claim(found: &Found<'_>, data: &Data, as_of: Date) -> Claim {
    let row = data.vendor(found.vendor);
    let standing = standing(data, found.vendor, as_of);
    let mut contradictory = false;
    let mut also = Vec::new();
    let place = match standing.seat {
        Seat::Country { country, also: others } => {
            also = others;
            Place::At(Locus::Country(country))
        }
        Seat::Conflict(countries) => {
            contradictory = true;
            Place::Band(countries)
        }
        Seat::None => Place::NoSeat,
        Seat::Unknown(named) => {
            also = named;
            Place::Unstated
        }
    };
    let seat_row = data.vendor(standing.seat_of);
    let unverified = if row.source.is_none() { " (unverified: the row names no source)" } else { "" };
    let holder = if standing.seat_of == found.vendor { String::new() } else { format!(", held by {}", seat_row.name) };
    Claim {
        facet: found.facet,
        place,
        contradictory,
        also,
        party: Some(Party::Vendor(found.vendor)),
        seat_of: (standing.seat_of != found.vendor).then_some(standing.seat_of),
        owner: standing.owner,
        kind: found.kind,
        // A row without a source is never better than its weakest.
        confidence: if seat_row.source.is_none() {
            standing.confidence.min(Confidence::Medium)
        } else {
            standing.confidence
        },
        reference: found.reference.to_owned(),
        address: seat_row.source.or(row.source).map(str::to_owned),
        statement: format!("{} {}{holder}{unverified}", found.because, row.name),
        observed: Some(seat_row.as_of),
        valid: standing.valid,
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}
