//! Package by programme: the nearest grade, why, and how sure.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Grade;
use super::live::{of_listing, of_owners};
use super::programme::{Applied, Coverage, CoverageVia, Status};
use crate::attribution::{Attribution, Attributions, FacetAttribution, Origin, is_owner, worth};
use crate::country::{CountryCode, Locus};
use crate::data::{Confidence, Data, VendorIx};
use crate::date::Date;
use crate::evidence::{Claim, EvidenceKind};
use crate::facts::Facet;
use crate::graph::{Graph, PackageIx};
use crate::locate::Work;
use crate::party::{Party, Seat, ancestors, standing};

/// From which probability on something counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Mass on listed places below which evidence is not even "possible". One in twenty is the usual line between doubt and noise.
    pub possible: f64,
    /// Share of the work from which on work done in listed places is a contribution from there.
    pub contribution_share: f64,
    /// Probability that work of a band is done in listed places, from which on the band counts for that share. Clocks alone give Russia about
    /// one half of its band, which reaches from Moscow over Istanbul to Nairobi: a coin's toss settles nothing.
    pub contribution_probability: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { possible: 0.05, contribution_share: 0.25, contribution_probability: 0.7 }
    }
}

/// A package that a programme reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    /// The package.
    pub package: PackageIx,
    /// The programme, by its place among those applied.
    pub programme: usize,
    /// The facet that is nearest.
    pub facet: Facet,
    /// How near.
    pub grade: Grade,
    /// Probability that the evidence for it is right.
    pub probability: f64,
    /// The party, where one is reached.
    pub party: Option<VendorIx>,
    /// The party that is named, and how it reaches.
    pub via: Option<(CoverageVia, VendorIx)>,
    /// The place, where one is reached.
    pub place: Option<Locus>,
    /// In words.
    pub because: String,
    /// Since when the programme reaches it: the listing, or the programme itself.
    pub since: Option<Date>,
}

/// A programme that does not reach a package, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The programme, by its place among those applied.
    pub programme: usize,
    /// In words.
    pub because: String,
}

/// What programmes reach, sorted by grade, programme and package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// One a package and programme: the nearest grade, the surest of several.
    pub nearest: Vec<Exposure>,
    /// Everything that is more than possible: through several facets and grades, where there are several. What is near must not hide what is
    /// farther from a gate that looks for that.
    pub settled: Vec<Exposure>,
}

/// Measures every package.
pub fn measure(
    graph: &Graph,
    attributions: &Attributions,
    data: &Data,
    applied: &[Applied<'_>],
    as_of: Date,
    thresholds: Thresholds,
) -> Measured {
    let mut ruler = Ruler {
        data,
        applied,
        as_of,
        thresholds,
        by_place: BTreeMap::new(),
        by_vendor: BTreeMap::new(),
        by_work: BTreeMap::new(),
    };
    let mut measured = Measured::default();
    for (at, package) in graph.packages() {
        let facets = Facet::ALL.iter().filter(|facet| !package.member || **facet == Facet::Channel);
        let mut best: BTreeMap<usize, Exposure> = BTreeMap::new();
        for facet in facets {
            for exposure in ruler.facet(at, *facet, attributions.of(at).facet(*facet)) {
                if exposure.grade != Grade::Possible && !is_said(&measured.settled, &exposure) {
                    measured.settled.push(exposure.clone());
                }
                let known = best.entry(exposure.programme).or_insert_with(|| exposure.clone());
                if (exposure.grade, known.probability) < (known.grade, exposure.probability) {
                    *known = exposure;
                }
            }
        }
        measured.nearest.extend(best.into_values());
    }
    let key = |exposure: &Exposure| (exposure.grade, applied[exposure.programme].programme.id, exposure.package);
    measured.nearest.sort_by(|a, b| key(a).cmp(&key(b)));
    measured.settled.sort_by(|a, b| key(a).cmp(&key(b)));
    measured
}

/// Whether the last package's other facets have said the same: who stands behind it is often also who publishes it. Native code is another's.
fn is_said(settled: &[Exposure], exposure: &Exposure) -> bool {
    let of_package = settled.iter().rev().take_while(|other| other.package == exposure.package);
    let what = |other: &Exposure| (other.programme, other.grade, other.facet == Facet::Native);
    let mut same = of_package.filter(|other| what(other) == what(exposure));
    same.any(|other| other.because == exposure.because)
}

/// Looks up which programmes reach a place or a vendor, once for each.
struct Ruler<'a, 'd> {
    data: &'a Data,
    applied: &'a [Applied<'d>],
    as_of: Date,
    thresholds: Thresholds,
    by_place: BTreeMap<Locus, Rc<[usize]>>,
    by_vendor: BTreeMap<VendorIx, Vendor>,
    /// What reaches a history, sure or not, with the first package that it was asked of. The claims hold the histories.
    by_work: BTreeMap<(*const Work, bool), Vec<Exposure>>,
}

/// What reaches a vendor.
#[derive(Clone, Debug, Default)]
struct Vendor {
    /// Programmes that name it, or one that it belongs to.
    covering: Vec<usize>,
    /// Seats of the vendor and of everybody above it, nearest first.
    seats: Vec<(VendorIx, Locus, Confidence)>,
}

impl Ruler<'_, '_> {
    fn facet(&mut self, at: PackageIx, facet: Facet, answer: &FacetAttribution) -> Vec<Exposure> {
        let mut found = Vec::new();
        let deciders = &answer.claims[..answer.deciding];
        let owners = facet == Facet::Publisher && deciders.iter().any(is_owner);
        if owners {
            let (applied, possible) = (self.applied, self.thresholds.possible);
            let data = self.data;
            found = of_owners(at, answer, data, (applied, &mut |place| self.listing(place)), possible);
        } else {
            self.by_posterior(at, facet, answer, &mut found);
        }
        // Where those who decide name different parties, "who" is open: each of them is possible, none is settled.
        let same = |party: &Party| Some(party) == answer.party.as_ref();
        // Of those who can publish each one can.
        let agreed = owners || deciders.iter().filter_map(|claim| claim.party.as_ref()).all(same);
        for (number, claim) in answer.claims.iter().enumerate() {
            if claim.listing.is_some() {
                found.extend(of_listing(at, facet, claim, answer, self.applied));
                continue;
            }
            // "Who" can be settled by a claim that does not settle "where": its seat is not known, or the user knows better.
            let names = worth(claim.kind).decides && claim.party.is_some() && claim.party == answer.party;
            let decides = (number < answer.deciding || names) && agreed && !is_unchecked(claim.kind);
            self.by_party(at, facet, claim, decides, &mut found);
        }
        found
    }

    /// Through where the facet is.
    fn by_posterior(&mut self, at: PackageIx, facet: Facet, answer: &FacetAttribution, found: &mut Vec<Exposure>) {
        if let Some(work) = &answer.work {
            // What is inherited from other repositories is about other people too.
            let sure = answer.claims[..answer.deciding].iter().all(|claim| claim.confidence > Confidence::Low);
            let key = (Arc::as_ptr(work), sure);
            if !self.by_work.contains_key(&key) {
                let reached = self.of_work(at, work, sure);
                self.by_work.insert(key, reached);
            }
            let known = self.by_work.get(&key).into_iter().flatten();
            found.extend(known.map(|exposure| Exposure { package: at, ..exposure.clone() }));
            return;
        }
        let places: Vec<(Locus, f64)> = answer.posterior.places().collect();
        let mut programmes: Vec<usize> = places.iter().flat_map(|(place, _)| self.listing(*place).to_vec()).collect();
        programmes.sort_unstable();
        programmes.dedup();
        for programme in programmes {
            let applied = &self.applied[programme];
            let mass = answer.posterior.mass_where(|place| applied.lists(place));
            let deciders = &answer.claims[..answer.deciding];
            let sure = deciders.iter().all(|claim| claim.confidence > Confidence::Low)
                && !deciders.iter().all(|claim| claim.kind == EvidenceKind::Homepage);
            let inside = match &answer.origin {
                Origin::Country(place) => applied.lists(*place),
                // Whichever of them it is, it is listed.
                Origin::Band(all) | Origin::Conflict(all) => {
                    answer.posterior.mass_no_seat() == 0.0
                        && all.iter().all(|code| applied.lists(Locus::Country(*code)))
                }
                // Only of those who can publish, each of whom counts alone.
                Origin::Several { .. } | Origin::NoSeat(_) | Origin::Unknown(_) => false,
            };
            let grade = if inside && sure { by_facet(facet) } else { Grade::Possible };
            if grade == Grade::Possible && mass < self.thresholds.possible {
                continue;
            }
            let listed: Vec<Locus> =
                places.iter().map(|(place, _)| *place).filter(|place| applied.lists(*place)).collect();
            let names: Vec<String> = listed.iter().map(Locus::to_string).collect();
            let what = if grade == Grade::Possible { "may be" } else { "is" };
            found.push(Exposure {
                package: at,
                programme,
                facet,
                grade,
                probability: mass,
                party: answer.party.as_ref().and_then(vendor_of),
                via: None,
                place: listed.first().copied(),
                because: format!("{} {what} in {}", facet.as_str(), names.join(", ")),
                since: since(applied),
            });
        }
    }

    /// Through where the work is done: a share of it, in bands of which it is likely enough that they stand for listed places.
    ///
    /// A share below the threshold is not exposure at all: every large project has somebody everywhere, and rules that fire on one
    /// contributor fire always.
    fn of_work(&mut self, at: PackageIx, work: &Work, sure: bool) -> Vec<Exposure> {
        let mut found = Vec::new();
        let countries = work.countries();
        let mut masses: BTreeMap<usize, f64> = BTreeMap::new();
        for (country, share) in countries {
            for programme in self.listing(Locus::Country(*country)).iter() {
                *masses.entry(*programme).or_default() += share;
            }
        }
        let Thresholds { contribution_share, contribution_probability, .. } = self.thresholds;
        // Bands that count for the share are listed with the probability: with less mass than both neither sentence below can be true.
        let least = contribution_share * contribution_probability.min(1.0);
        for (programme, mass) in masses.into_iter().filter(|row| row.1 >= least * (1.0 - f64::EPSILON)) {
            let applied = &self.applied[programme];
            let lists = |country| applied.lists(Locus::Country(country));
            let (share, probability) = work.share_where(contribution_probability, lists);
            let settled = sure && share >= contribution_share;
            if !settled && mass < contribution_share {
                continue;
            }
            let mut listed: Vec<&(CountryCode, f64)> = countries.iter().filter(|row| lists(row.0)).collect();
            listed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let names: Vec<String> = listed.iter().take(3).map(|row| row.0.to_string()).collect();
            let more = if listed.len() > 3 { " and others" } else { "" };
            let because = if settled {
                format!(
                    "{:.0} % of the work is done in bands where it is in {}{more} with a probability of {probability:.2}",
                    share * 100.0,
                    names.join(", ")
                )
            } else {
                format!("{:.0} % of the work may be done in {}{more}", mass * 100.0, names.join(", "))
            };
            found.push(Exposure {
                package: at,
                programme,
                facet: Facet::Contribution,
                grade: if settled { Grade::Contribution } else { Grade::Possible },
                probability: if settled { probability } else { mass },
                party: None,
                via: None,
                place: listed.first().map(|row| Locus::Country(row.0)),
                because,
                since: since(applied),
            });
        }
        found
    }

    /// Through who it is: listings, and the seats of owners.
    fn by_party(&mut self, at: PackageIx, facet: Facet, claim: &Claim, decides: bool, found: &mut Vec<Exposure>) {
        let Some(vendor) = claim.party.as_ref().and_then(vendor_of) else { return };
        let reach = self.vendor(vendor);
        let reliability = worth(claim.kind).reliability;
        let name = self.data.vendor(vendor).name;
        for programme in reach.covering {
            let applied = &self.applied[programme];
            let Some(coverage) = applied.coverage(vendor) else { continue };
            let sure = decides && coverage.decides();
            let grade = match facet {
                _ if !sure => Grade::Possible,
                Facet::Channel => Grade::Channel,
                _ => Grade::Named,
            };
            found.push(Exposure {
                package: at,
                programme,
                facet,
                grade,
                probability: reliability * certainty(coverage.designation.confidence),
                party: Some(vendor),
                via: Some((coverage.via, coverage.named)),
                place: None,
                because: self.words(claim, name, coverage),
                since: coverage.designation.listed_on.max(since(applied)).max(coverage.rule_since),
            });
        }
        // The vendor's own seat is in the posterior where its claim decides.
        for (above, seat, confidence) in reach.seats.into_iter().filter(|(above, ..)| !(decides && *above == vendor)) {
            for programme in self.listing(seat).iter().copied() {
                let applied = &self.applied[programme];
                let sure = decides && confidence > Confidence::Low;
                let owner = self.data.vendor(above).name;
                let relation = if above == vendor { String::new() } else { format!(", owned or held by {owner}") };
                let probability = reliability * certainty(confidence);
                if probability < self.thresholds.possible {
                    continue;
                }
                found.push(Exposure {
                    package: at,
                    programme,
                    facet,
                    grade: if sure { by_facet(facet) } else { Grade::Possible },
                    probability,
                    party: Some(vendor),
                    via: None,
                    place: Some(seat),
                    because: format!("{}: {name}{relation}, seat in {seat}", claim.kind.as_str()),
                    since: since(applied),
                });
            }
        }
    }

    fn words(&self, claim: &Claim, name: &str, coverage: &Coverage<'_>) -> String {
        let named = self.data.vendor(coverage.named).name;
        let by = claim.kind.as_str();
        match coverage.via {
            CoverageVia::Named => format!("{by}: {name} is named"),
            CoverageVia::OwnedBy => format!("{by}: {name} is owned or held by {named}, which is named"),
            CoverageVia::AffiliateOf => format!("{by}: {name} is an affiliate of {named}, which is named"),
        }
    }

    fn listing(&mut self, place: Locus) -> Rc<[usize]> {
        let applied = self.applied;
        let all = self.by_place.entry(place).or_insert_with(|| {
            let numbered = applied.iter().enumerate();
            numbered
                .filter(|(_, applied)| applied.is_measured() && applied.lists(place))
                .map(|(number, _)| number)
                .collect()
        });
        Rc::clone(all)
    }

    fn vendor(&mut self, vendor: VendorIx) -> Vendor {
        let (data, applied, as_of) = (self.data, self.applied, self.as_of);
        let known = self.by_vendor.entry(vendor).or_insert_with(|| {
            let numbered = applied.iter().enumerate();
            let covering =
                numbered.filter(|(_, applied)| applied.coverage(vendor).is_some()).map(|(number, _)| number).collect();
            let chain = std::iter::once(vendor).chain(ancestors(data, vendor));
            let seats = chain.filter_map(|above| match standing(data, above, as_of).seat {
                Seat::Country { country, .. } => Some((above, Locus::Country(country), data.vendor(above).confidence)),
                Seat::Conflict(_) | Seat::None | Seat::Unknown(_) => None,
            });
            Vendor { covering, seats: seats.collect() }
        });
        known.clone()
    }
}

/// Evidence that anybody can write about anybody: it never settles that a named party stands behind a package.
fn is_unchecked(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::Homepage | EvidenceKind::Declared)
}

fn by_facet(facet: Facet) -> Grade {
    match facet {
        Facet::Steward | Facet::Native => Grade::Seat,
        Facet::Publisher => Grade::Publisher,
        Facet::Contribution => Grade::Contribution,
        Facet::Channel => Grade::Channel,
    }
}

fn vendor_of(party: &Party) -> Option<VendorIx> {
    match party {
        Party::Vendor(vendor) => Some(*vendor),
        Party::Individual(_) | Party::Account(_) | Party::Organisation(_) => None,
    }
}

fn certainty(confidence: Confidence) -> f64 {
    crate::attribution::confidence(confidence)
}

pub(super) fn since(applied: &Applied<'_>) -> Option<Date> {
    match applied.status {
        Status::InForce(since) => since,
        Status::Upcoming(from) => Some(from),
        Status::Suspended(_) | Status::Ended(_) | Status::NotYours(_) | Status::NeedsHome => None,
    }
}

/// Why each programme that does not reach a package does not.
pub fn explain(attribution: &Attribution, applied: &[Applied<'_>], exposures: &[&Exposure]) -> Vec<Missed> {
    let unknown: Vec<&str> = Facet::ALL
        .iter()
        .filter(|facet| matches!(attribution.facet(**facet).origin, Origin::Unknown(_)))
        .map(|facet| facet.as_str())
        .collect();
    let but = if unknown.is_empty() { String::new() } else { format!("; not known: {}", unknown.join(", ")) };
    let numbered = applied.iter().enumerate();
    numbered
        .filter(|(number, _)| !exposures.iter().any(|exposure| exposure.programme == *number))
        .map(|(programme, applied)| {
            let because = match applied.status {
                Status::Ended(day) => format!("not in force since {day}"),
                Status::Suspended(day) => format!("suspended until {day}"),
                Status::NotYours(home) => format!("applies to a home of {home} only"),
                Status::NeedsHome => "needs a home (--home), and none is set".to_owned(),
                Status::InForce(_) | Status::Upcoming(_) => match (applied.lists_places(), applied.programme.named) {
                    (true, true) => format!("nothing known points to a place it lists or a party it names{but}"),
                    (true, false) => format!("nothing known points to a place it lists{but}"),
                    (false, true) => format!("no party that it names is known to stand behind the package{but}"),
                    (false, false) => "the data has it as a rule without places or parties".to_owned(),
                },
            };
            Missed { programme, because }
        })
        .collect()
}
