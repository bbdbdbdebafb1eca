//! The home page is an organisation's own site.

use super::vendor::{Found, claim};
use super::{Claim, EvidenceKind, Subject};
use crate::facts::Facet;
use crate::party::{Party, Role};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    for holding in subject.parties.holdings.iter().filter(|holding| holding.role == Role::Homepage) {
        if let Party::Vendor(vendor) = &holding.party {
            let because = format!("the home page {} is a site of", holding.said);
            let found = Found {
                facet: Facet::Steward,
                kind: EvidenceKind::Homepage,
                vendor: *vendor,
                because,
                reference: &holding.reference,
            };
            claims.push(claim(&found, subject.data, subject.as_of));
        }
    }
}
