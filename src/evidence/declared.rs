//! `[package.metadata.origin]`: what the authors of a package say of it.
//!
//! ```toml
//! [package.metadata.origin]
//! organisation = "Example GmbH"
//! seat = "DE"
//! ```
//!
//! It is their own word. It fills a gap, and it contradicts the register where it differs; it never overrides it.

use super::vendor::{Found, claim};
use super::{Claim, EvidenceKind, Subject};
use crate::country::Place;
use crate::data::Confidence;
use crate::date::Period;
use crate::facts::Facet;
use crate::party::{Party, Role};

const REFERENCE: &str = "Cargo.toml: package.metadata.origin";

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    if subject.package.member {
        return;
    }
    let Some(declared) = &subject.manifest.declared else { return };
    let holding = subject.parties.holdings.iter().find(|holding| holding.role == Role::Declared);
    // The organisation that it names has the seat that the register knows, whatever the package says besides.
    if let Some(Party::Vendor(vendor)) = holding.map(|holding| &holding.party) {
        let because = "the package declares that it is of".to_owned();
        let found = Found {
            facet: Facet::Steward,
            kind: EvidenceKind::Declared,
            vendor: *vendor,
            because,
            reference: REFERENCE,
        };
        claims.push(claim(&found, subject.data, subject.as_of));
    }
    let Some(seat) = declared.seat else { return };
    let who = declared.organisation.as_deref().unwrap_or("its authors");
    claims.push(Claim {
        facet: Facet::Steward,
        place: if subject.data.is_country(seat.country()) { Place::At(seat) } else { Place::Unstated },
        contradictory: false,
        also: Vec::new(),
        party: holding.map(|holding| holding.party.clone()),
        seat_of: None,
        owner: None,
        kind: EvidenceKind::Declared,
        confidence: Confidence::Medium,
        reference: REFERENCE.to_owned(),
        address: None,
        statement: format!("the package declares a seat of {who} in {seat}"),
        observed: None,
        valid: Period::default(),
        work: None,
        listing: None,
        accounts: Vec::new(),
    });
}
