//! How concentrated the origins are.
//!
//! A package counts where its answer is; one that is in one of several countries is spread over them as its posterior has it. The
//! Herfindahl-Hirschman index is the sum of squared shares among what has a country (0 to 1; 1 is a single country). What is unknown, or has
//! no seat, is counted apart and never spread over countries. For comparison: Rust developers by country stand at about 0.08 (GitHub Innovation Graph, Rust pushers, 2024 Q1).

use std::collections::BTreeMap;

use crate::attribution::{Attributions, FacetAttribution, NoSeat, Origin};
use crate::country::{CountryCode, Locus};
use crate::facts::Facet;
use crate::graph::{Graph, PackageIx, Reach};

/// How packages are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weighting {
    /// Each counts once.
    Packages,
    /// Each counts as often as other packages of the graph need it, and once for itself.
    Reach,
    /// Each of which it is known that its code runs on the build machine counts once.
    BuildTime,
}

impl Weighting {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Packages => "packages",
            Self::Reach => "reach",
            Self::BuildTime => "build-time",
        }
    }
}

/// What a package counts; nothing for the user's own.
pub fn weight(graph: &Graph, reach: &Reach, at: PackageIx, weighting: Weighting) -> f64 {
    let package = graph.package(at);
    match weighting {
        _ if package.member => 0.0,
        Weighting::Packages => 1.0,
        Weighting::Reach => 1.0 + f64::from(reach.of(at)),
        Weighting::BuildTime => f64::from(u8::from(package.runs_at_build() == Some(true))),
    }
}

/// The part of an answer that has a place: of several who can publish those of whom one is known, of every other answer all or nothing.
fn placed(answer: &FacetAttribution) -> f64 {
    match answer.origin {
        Origin::Several { .. } => {
            let (all, known) = answer.owners().fold((0_u32, 0_u32), |(all, known), owner| {
                (all + 1, known + u32::from(!owner.place.countries().is_empty()))
            });
            f64::from(known) / f64::from(all.max(1))
        }
        Origin::Country(_) | Origin::Band(_) => 1.0,
        Origin::NoSeat(_) | Origin::Conflict(_) | Origin::Unknown(_) => 0.0,
    }
}

/// The places at which an answer counts, with their parts, which sum to the part that has a place: to one, but where of some who can
/// publish none is known. None where it has no seat, is in conflict or not known.
pub fn each_place(answer: &FacetAttribution, mut each: impl FnMut(Locus, f64)) {
    match answer.origin {
        Origin::Country(place) => each(place, 1.0),
        Origin::Band(_) | Origin::Several { .. } => {
            let located: f64 = answer.posterior.places().map(|(_, mass)| mass).sum();
            let placed = placed(answer);
            for (place, mass) in answer.posterior.places() {
                each(place, placed * mass / located);
            }
        }
        Origin::NoSeat(_) | Origin::Conflict(_) | Origin::Unknown(_) => {}
    }
}

/// The distribution of one facet.
#[derive(Clone, Debug, PartialEq)]
pub struct Concentration {
    /// The facet.
    pub facet: Facet,
    /// The weights.
    pub weighting: Weighting,
    /// Share of each country in everything, largest first.
    pub shares: Vec<(CountryCode, f64)>,
    /// Share of what is known to have no seat, by reason.
    pub no_seat: BTreeMap<NoSeat, f64>,
    /// Share of what sources contradict each other about.
    pub conflict: f64,
    /// Share of what is not known.
    pub unknown: f64,
    /// The index among what has a country; nothing where nothing has.
    pub hhi: Option<f64>,
}

/// The distribution of a facet over the packages that are not the user's own.
pub fn concentration(
    graph: &Graph,
    attributions: &Attributions,
    reach: &Reach,
    facet: Facet,
    weighting: Weighting,
) -> Concentration {
    let mut by_country: BTreeMap<CountryCode, f64> = BTreeMap::new();
    let (mut conflict, mut unknown, mut total) = (0.0, 0.0, 0.0);
    let mut no_seat: BTreeMap<NoSeat, f64> = BTreeMap::new();
    for (at, _) in graph.packages() {
        let weight = weight(graph, reach, at, weighting);
        if weight <= 0.0 {
            continue;
        }
        let answer = attributions.of(at).facet(facet);
        each_place(answer, |place, part| *by_country.entry(place.country()).or_default() += weight * part);
        match answer.origin {
            Origin::Country(_) | Origin::Band(_) => {}
            Origin::Several { .. } => unknown += weight * (1.0 - placed(answer)),
            Origin::NoSeat(why) => *no_seat.entry(why).or_default() += weight,
            Origin::Conflict(_) => conflict += weight,
            Origin::Unknown(_) => unknown += weight,
        }
        total += weight;
    }
    let of_total = |weight: f64| if total > 0.0 { weight / total } else { 0.0 };
    let located: f64 = by_country.values().sum();
    let hhi = (located > 0.0).then(|| by_country.values().map(|weight| (weight / located).powi(2)).sum());
    let mut shares: Vec<(CountryCode, f64)> =
        by_country.into_iter().map(|(code, weight)| (code, of_total(weight))).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Concentration {
        facet,
        weighting,
        shares,
        no_seat: no_seat.into_iter().map(|(why, weight)| (why, of_total(weight))).collect(),
        conflict: of_total(conflict),
        unknown: of_total(unknown),
        hhi,
    }
}

/// Packages of which every facet that has a country has the same one, and the steward has one; with that country.
///
/// Facets without a country (no seat, unknown) do not speak against it; a band or a conflict does.
pub fn one_country(graph: &Graph, attributions: &Attributions) -> Vec<(PackageIx, CountryCode)> {
    let mut found = Vec::new();
    for (at, _) in graph.packages().filter(|(_, package)| !package.member) {
        let attribution = attributions.of(at);
        let mut countries = Vec::new();
        let mut spread = false;
        for facet in Facet::ALL {
            match &attribution.facet(facet).origin {
                Origin::Country(place) => countries.push(place.country()),
                Origin::Band(_) | Origin::Several { .. } | Origin::Conflict(_) => spread = true,
                Origin::NoSeat(_) | Origin::Unknown(_) => {}
            }
        }
        let Origin::Country(steward) = &attribution.facet(Facet::Steward).origin else { continue };
        if !spread && countries.iter().all(|code| *code == steward.country()) {
            found.push((at, steward.country()));
        }
    }
    found
}
