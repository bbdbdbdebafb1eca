//! What the register says of an organisation on a day.

use std::collections::BTreeSet;

use crate::country::CountryCode;
use crate::data::model::{ParentShare, VendorKind};
use crate::data::{Confidence, Data, VendorIx};
use crate::date::{Date, Period};

/// Where an organisation sits, as far as the register knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seat {
    /// In this country. Others are named too, but not believed.
    Country {
        /// The seat.
        country: CountryCode,
        /// Countries that some sources name instead.
        also: Vec<CountryCode>,
    },
    /// Sources name several, and none is settled. Sorted.
    Conflict(Vec<CountryCode>),
    /// A community without a legal person.
    None,
    /// The register does not know it (on that day). Countries that are named on evidence too weak to decide on. Sorted.
    Unknown(Vec<CountryCode>),
}

/// An organisation on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its seat.
    pub seat: Seat,
    /// The organisation whose seat that is: itself, or the foundation that holds the project.
    pub seat_of: VendorIx,
    /// How sure the register is of the seat.
    pub confidence: Confidence,
    /// The ultimate owner or holder, if there is one above it.
    pub owner: Option<VendorIx>,
    /// When the seat holds, where that is known.
    pub valid: Period,
}

/// What the register says of a vendor on a day.
pub fn standing(data: &Data, vendor: VendorIx, as_of: Date) -> Standing {
    let owner = ancestors(data, vendor).last().copied();
    let (mut seat, mut valid) = own_seat(data, vendor, as_of);
    let mut seat_of = vendor;
    if seat == Seat::None
        && let Some(holder) = data.vendor(vendor).steward.and_then(|id| data.vendor_by_id(id))
    {
        (seat, valid) = own_seat(data, holder, as_of);
        seat_of = holder;
    }
    Standing { seat, seat_of, confidence: data.vendor(seat_of).confidence, owner, valid }
}

/// Owners by majority, and holders of a project's assets: nearest first. The register has no circles; `data::check` sees to that.
pub fn ancestors(data: &Data, vendor: VendorIx) -> Vec<VendorIx> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([vendor]);
    let mut here = vendor;
    loop {
        let row = data.vendor(here);
        let parent = row.parent.filter(|_| row.parent_share == ParentShare::Majority).or(row.steward);
        match parent.and_then(|id| data.vendor_by_id(id)) {
            Some(next) if seen.insert(next) => {
                found.push(next);
                here = next;
            }
            _ => return found,
        }
    }
}

fn own_seat(data: &Data, vendor: VendorIx, as_of: Date) -> (Seat, Period) {
    let row = data.vendor(vendor);
    let mut now = row.seats.iter().filter(|seat| Period { from: seat.from, until: seat.until }.contains(as_of));
    let (seat, valid) = match (row.seats.is_empty(), now.next(), now.next()) {
        (true, _, _) => (row.seat, Period::default()),
        (false, Some(seat), None) => (Some(seat.country), Period { from: seat.from, until: seat.until }),
        (false, _, _) => (None, Period::default()),
    };
    let mut others: Vec<CountryCode> = row.also_claimed.iter().copied().filter(|code| Some(*code) != seat).collect();
    others.sort_unstable();
    others.dedup();
    let seat = match (seat, others.as_slice()) {
        // A row from memory is shown and never decided on.
        (seat, _) if row.confidence == Confidence::Low && (seat.is_some() || !others.is_empty()) => {
            others.extend(seat);
            others.sort_unstable();
            Seat::Unknown(others)
        }
        (Some(country), []) => Seat::Country { country, also: Vec::new() },
        (Some(country), _) if row.confidence == Confidence::High => Seat::Country { country, also: others },
        (Some(country), _) => {
            others.push(country);
            others.sort_unstable();
            Seat::Conflict(others)
        }
        (None, []) if row.kind == VendorKind::Community => Seat::None,
        (None, [] | [_]) => Seat::Unknown(others),
        (None, _) => Seat::Conflict(others),
    };
    (seat, valid)
}
