//! Exposure through what only a store knows: who can publish, and whom a list names today.

use std::rc::Rc;

use super::measure::{Exposure, since};
use super::programme::Applied;
use super::{CoverageVia, Grade};
use crate::attribution::{FacetAttribution, posterior, worth};
use crate::country::Locus;
use crate::data::{Confidence, Data};
use crate::evidence::Claim;
use crate::facts::{Facet, MatchGrade};
use crate::graph::PackageIx;
use crate::party::Party;

/// Through those who can publish: one of them in a listed place is enough, since each can put out a version alone.
///
/// The probability is that of at least one being there, with each on their own.
pub(super) fn of_owners(
    at: PackageIx,
    answer: &FacetAttribution,
    data: &Data,
    (applied, listing): (&[Applied<'_>], &mut dyn FnMut(Locus) -> Rc<[usize]>),
    possible: f64,
) -> Vec<Exposure> {
    let owners = &answer.claims[..answer.deciding];
    let posteriors: Vec<_> = owners.iter().map(|claim| posterior(claim, data)).collect();
    let mut found = Vec::new();
    // The answer's own posterior has every place that one of the owners may be in.
    let mut programmes: Vec<usize> = answer.posterior.places().flat_map(|(place, _)| listing(place).to_vec()).collect();
    programmes.sort_unstable();
    programmes.dedup();
    for (programme, applied) in programmes.into_iter().map(|programme| (programme, &applied[programme])) {
        let masses: Vec<f64> = posteriors.iter().map(|of| of.mass_where(|place| applied.lists(place))).collect();
        let none: f64 = masses.iter().map(|mass| 1.0 - mass).product();
        let probability = 1.0 - none;
        if probability <= 0.0 {
            continue;
        }
        // Settled is who says so without doubt, in a place that cannot be another one.
        let inside = |claim: &Claim| {
            let all = claim.place.countries();
            claim.confidence > Confidence::Low
                && !all.is_empty()
                && match &claim.place {
                    crate::country::Place::At(locus) => applied.lists(*locus),
                    _ => all.iter().all(|code| applied.lists(Locus::Country(*code))),
                }
        };
        let settled = owners.iter().filter(|claim| inside(claim)).count();
        // Where some are there for sure, the places of those who may be are none that anybody "is" in.
        let counted = owners.iter().zip(&posteriors).filter(|(claim, _)| settled == 0 || inside(claim));
        let grade = if settled > 0 { Grade::Publisher } else { Grade::Possible };
        if grade == Grade::Possible && probability < possible {
            continue;
        }
        let mut places: Vec<Locus> = counted
            .flat_map(|(_, of)| of.places().map(|(place, _)| place))
            .filter(|place| applied.lists(*place))
            .collect();
        places.sort_unstable();
        places.dedup();
        let names: Vec<String> = places.iter().map(Locus::to_string).collect();
        let (number, what) = match (settled, masses.iter().filter(|mass| **mass > 0.0).count()) {
            (0, maybe) => (maybe, "may be"),
            (1, _) => (1, "is"),
            (some, _) => (some, "are"),
        };
        found.push(Exposure {
            package: at,
            programme,
            facet: Facet::Publisher,
            grade,
            probability,
            party: None,
            via: None,
            place: places.first().copied(),
            because: format!("{number} of {} who can publish {what} in {}", owners.len(), names.join(", ")),
            since: since(applied),
        });
    }
    found
}

/// Through a name on a list, by each programme that the entry is under: settled where it is the very name of who stands behind the
/// package, else something to review.
pub(super) fn of_listing(
    at: PackageIx,
    facet: Facet,
    claim: &Claim,
    answer: &FacetAttribution,
    applied: &[Applied<'_>],
) -> Vec<Exposure> {
    let Some(listing) = &claim.listing else { return Vec::new() };
    let vendor = match &claim.party {
        Some(Party::Vendor(vendor)) => Some(*vendor),
        _ => None,
    };
    // The register's own designation says it already, with dates and effect.
    let is_named = |applied: &Applied<'_>| {
        vendor.is_some_and(|vendor| applied.coverage(vendor).is_some_and(|row| row.via == CoverageVia::Named))
    };
    // Persons share names: the very name is something to review.
    let person = matches!(claim.party, Some(Party::Individual(_)));
    let settled = listing.grade == MatchGrade::Exact && answer.is_behind(claim) && !person;
    let worth = worth(claim.kind).reliability * crate::attribution::confidence(claim.confidence);
    let grade = if settled { Grade::Named } else { Grade::Possible };
    let how = if settled { "is named on" } else { "may be named on" };
    let under = applied.iter().enumerate().filter(|(_, applied)| {
        listing.programmes.contains(&applied.programme.id) && applied.is_measured() && !is_named(applied)
    });
    let exposure = |(programme, applied): (usize, &Applied<'_>)| Exposure {
        package: at,
        programme,
        facet,
        grade,
        probability: worth * listing.score,
        party: vendor,
        via: None,
        place: None,
        because: format!("list-match: “{}” {how} {} ({} match)", listing.listed, listing.list, listing.grade.as_str()),
        since: listing.since.max(since(applied)),
    };
    under.map(exposure).collect()
}
