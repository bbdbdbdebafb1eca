//! One facet of a package, as a report shows it.

use std::collections::BTreeMap;

use super::work::work_report;
use super::{ClaimReport, Detail, FacetReport, OriginKind, OriginReport, OwnerReport, PartyReport, Untrusted};
use crate::attribution::{FacetAttribution, Origin, Posterior};
use crate::country::Place;
use crate::data::Data;
use crate::date::Date;
use crate::evidence::Claim;
use crate::locate::Work;
use crate::party::{Party, Seat, standing};

/// Probabilities are given to six digits: more would suggest that they are known so well.
pub(super) fn rounded(probability: f64) -> f64 {
    // Adding zero turns a negative zero into a plain one.
    (probability * 1e6).round() / 1e6 + 0.0
}

pub(super) fn facet(answer: &FacetAttribution, detail: Detail, data: &Data, as_of: Date) -> FacetReport {
    let claims = match detail {
        Detail::Full => {
            let numbered = answer.claims.iter().enumerate();
            numbered.map(|(number, made)| claim(made, number < answer.deciding, as_of)).collect()
        }
        Detail::Answers => Vec::new(),
    };
    let owner = answer.owner.map(|at| {
        let row = data.vendor(at);
        let seat = match standing(data, at, as_of).seat {
            Seat::Country { country, .. } => Some(country.to_string()),
            Seat::Conflict(_) | Seat::None | Seat::Unknown(_) => None,
        };
        OwnerReport { id: row.id.to_owned(), name: row.name.to_owned(), seat }
    });
    FacetReport {
        origin: origin(&answer.origin, answer.work.as_deref()),
        work: answer.work.as_deref().filter(|_| detail == Detail::Full).map(work_report),
        party: answer.party.as_ref().map(|who| party(who, data)),
        owner,
        posterior: if detail == Detail::Full { posterior(&answer.posterior) } else { BTreeMap::new() },
        claims,
    }
}

pub(super) fn origin(origin: &Origin, work: Option<&Work>) -> OriginReport {
    let codes = |codes: &[crate::country::CountryCode]| codes.iter().map(ToString::to_string).collect();
    match origin {
        Origin::Country(place) => {
            OriginReport { kind: OriginKind::Country, countries: vec![place.to_string()], others: false, reason: None }
        }
        Origin::Band(countries) => OriginReport {
            kind: OriginKind::Band,
            countries: codes(countries),
            others: false,
            reason: Some(if work.is_some() {
                "the likeliest countries of the bands in which the work is done; clocks cannot tell them apart"
            } else {
                "the evidence cannot tell these apart"
            }),
        },
        Origin::Several { countries, others } => OriginReport {
            kind: OriginKind::Several,
            countries: codes(countries),
            others: *others,
            reason: Some(if *others {
                "each of these, of several who can publish; of others no place is known"
            } else {
                "each of these, of several who can publish"
            }),
        },
        Origin::NoSeat(why) => {
            OriginReport { kind: OriginKind::NoSeat, countries: Vec::new(), others: false, reason: Some(why.as_str()) }
        }
        Origin::Conflict(countries) => OriginReport {
            kind: OriginKind::Conflict,
            countries: codes(countries),
            others: false,
            reason: Some("sources name different countries"),
        },
        Origin::Unknown(why) => {
            OriginReport { kind: OriginKind::Unknown, countries: Vec::new(), others: false, reason: Some(why.as_str()) }
        }
    }
}

/// A party without the names of persons: an individual is the forge path that the manifest itself names.
pub(super) fn party(party: &Party, data: &Data) -> PartyReport {
    match party {
        Party::Vendor(at) => {
            let row = data.vendor(*at);
            PartyReport { kind: "vendor", id: Some(row.id.into()), name: Some(row.name.into()) }
        }
        Party::Individual(path) => PartyReport { kind: "individual", id: Some(path.as_str().into()), name: None },
        Party::Account(path) => PartyReport { kind: "account", id: Some(path.as_str().into()), name: None },
        Party::Organisation(name) => PartyReport { kind: "organisation", id: None, name: Some(name.as_str().into()) },
    }
}

fn posterior(posterior: &Posterior) -> BTreeMap<String, f64> {
    let places = posterior.places().map(|(place, mass)| (place.to_string(), mass));
    let rest = [("no-seat".to_owned(), posterior.mass_no_seat()), ("unknown".to_owned(), posterior.mass_unknown())];
    places
        .chain(rest)
        .map(|(key, mass)| (key, rounded(mass)))
        .filter(|(key, mass)| *mass > 0.0 || key == "unknown")
        .collect()
}

fn claim(claim: &Claim, decides: bool, as_of: Date) -> ClaimReport {
    let places = match &claim.place {
        Place::At(locus) => vec![locus.to_string()],
        Place::Band(countries) => countries.iter().map(ToString::to_string).collect(),
        Place::NoSeat | Place::Unstated => Vec::new(),
    };
    let place = match &claim.place {
        Place::At(_) => "country",
        Place::Band(_) if claim.contradictory => "conflict",
        Place::Band(_) => "band",
        Place::NoSeat => "no-seat",
        Place::Unstated => "none",
    };
    ClaimReport {
        place,
        statement: Untrusted::from(claim.statement.as_str()),
        places,
        also: claim.also.iter().map(ToString::to_string).collect(),
        kind: claim.kind.as_str(),
        confidence: claim.confidence.as_str(),
        decides,
        reference: Untrusted::from(claim.reference.as_str()),
        address: claim.address.as_deref().map(Untrusted::from),
        observed: claim.observed.map(|day| day.to_string()),
        since: claim.valid.from.map(|day| day.to_string()),
        until: claim.valid.until.map(|day| day.to_string()),
        stale: claim.is_stale(as_of),
    }
}
