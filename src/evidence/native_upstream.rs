//! The native code that a package carries or binds to, by its `links` key or its name.

use super::vendor::{Found, claim};
use super::{Claim, EvidenceKind, Subject};
use crate::country::Place;
use crate::data::model::{Bundled, StewardKind, Upstream};
use crate::date::Period;
use crate::facts::Facet;

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    if subject.package.member {
        return;
    }
    let Some(upstream) = subject.data.upstream(&subject.package.name, subject.package.capabilities.links()) else {
        return;
    };
    let how = match upstream.bundled {
        Bundled::Always => "compiles its own copy of",
        Bundled::Optional => "links, or compiles its own copy of,",
        Bundled::Never => "links the system's",
    };
    let because = format!("the package {how} {}", upstream.name);
    match upstream.vendor.and_then(|id| subject.data.vendor_by_id(id)) {
        Some(vendor) => {
            let because = format!("{because}, which is of");
            let found = Found {
                facet: Facet::Native,
                kind: EvidenceKind::NativeUpstream,
                vendor,
                because,
                reference: "native.toml",
            };
            let mut made = claim(&found, subject.data, subject.as_of);
            made.confidence = made.confidence.min(upstream.confidence);
            claims.push(made);
        }
        None => claims.push(without_vendor(upstream, &because)),
    }
}

fn without_vendor(upstream: &Upstream<&'static str>, because: &str) -> Claim {
    let (place, what) = match upstream.steward_kind {
        Some(StewardKind::Community) => (Place::NoSeat, "made by a community"),
        Some(StewardKind::Individual) => (Place::NoSeat, "made by one person"),
        None => (Place::Unstated, "nothing is known of who makes it"),
    };
    Claim {
        facet: Facet::Native,
        place,
        contradictory: false,
        also: Vec::new(),
        party: None,
        seat_of: None,
        owner: None,
        kind: EvidenceKind::NativeUpstream,
        confidence: upstream.confidence,
        reference: "native.toml".to_owned(),
        address: upstream.source.map(str::to_owned),
        statement: format!("{because}, {what}"),
        observed: Some(upstream.as_of),
        valid: Period::default(),
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}
