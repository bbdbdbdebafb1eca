//! What is taken away, and how likely each package goes with it.

use std::collections::BTreeMap;

use crate::attribution::{Attributions, FacetAttribution, confidence, worth};
use crate::country::Locus;
use crate::data::{Data, VendorIx};
use crate::date::Date;
use crate::exposure::{Applied, Exposure};
use crate::facts::Facet;
use crate::graph::{Graph, PackageIx};
use crate::party::{Parties, Party, Seat, ancestors, standing};

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The packages.
    pub graph: &'a Graph,
    /// Who stands behind them.
    pub parties: &'a Parties,
    /// Where they are from.
    pub attributions: &'a Attributions,
    /// Programmes on the day.
    pub applied: &'a [Applied<'a>],
    /// What they reach, as far as that is settled.
    pub exposures: &'a [Exposure],
    /// The register.
    pub data: &'a Data,
    /// The day.
    pub as_of: Date,
}

/// A party that is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartyTarget {
    /// An organisation of the register, with everything that it owns or holds.
    Vendor(VendorIx),
    /// An account of a forge, `host/owner`.
    Account(String),
}

/// What is taken away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Without {
    /// Countries and regions: everything that is there.
    pub places: Vec<Locus>,
    /// Parties.
    pub parties: Vec<PartyTarget>,
    /// Packages.
    pub packages: Vec<PackageIx>,
    /// Everything that a programme reaches, by its place among those applied.
    pub programmes: Vec<usize>,
}

/// How likely a package goes by itself, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Chance {
    /// Above 0, and 1 at the most.
    pub probability: f64,
    /// The facet through which it goes; nothing where the package itself is named.
    pub facet: Option<Facet>,
    /// In words.
    pub because: String,
}

/// How likely every package goes by itself. Packages of one group go together.
#[derive(Clone, Debug)]
pub struct Chances {
    /// By package; nothing where nothing speaks for it.
    pub of: Vec<Option<Chance>>,
    /// The group of each package: the party that stands behind it, else its repository, else it is alone.
    pub groups: Vec<u32>,
    /// How many groups there are.
    pub group_count: u32,
    /// Packages of which the facets asked about are not known: they count as staying.
    pub unknown: usize,
}

/// How likely every package goes.
///
/// A place takes what has its facet there, with the mass that the posterior has there, and what belongs to an owner there, with the reliability
/// of the evidence for the party. A party takes what it stands behind. A programme takes what it reaches, settled, with the probability of
/// the evidence. The user's own packages stay.
pub fn chances(subject: &Subject<'_>, without: &Without, facets: &[Facet]) -> Chances {
    let mut by_programme: BTreeMap<PackageIx, Vec<&Exposure>> = BTreeMap::new();
    for exposure in subject.exposures.iter().filter(|exposure| without.programmes.contains(&exposure.programme)) {
        by_programme.entry(exposure.package).or_default().push(exposure);
    }
    let mut of = Vec::with_capacity(subject.graph.len());
    let mut unknown = 0;
    for (at, package) in subject.graph.packages() {
        if package.member {
            of.push(None);
            continue;
        }
        let mut best: Option<Chance> = None;
        let mut consider = |chance: Chance| {
            if chance.probability > best.as_ref().map_or(0.0, |best| best.probability) {
                best = Some(chance);
            }
        };
        if without.packages.contains(&at) {
            consider(Chance { probability: 1.0, facet: None, because: "it is taken away itself".to_owned() });
        }
        for exposure in by_programme.get(&at).into_iter().flatten() {
            let id = subject.applied[exposure.programme].programme.id;
            let because = format!("{id} reaches it: {}", exposure.because);
            consider(Chance { probability: exposure.probability, facet: Some(exposure.facet), because });
        }
        for facet in facets {
            let answer = subject.attributions.of(at).facet(*facet);
            by_place(subject, without, *facet, answer).into_iter().for_each(&mut consider);
            by_party(subject, without, at, *facet, answer).into_iter().for_each(&mut consider);
        }
        let known = |facet: &Facet| subject.attributions.of(at).facet(*facet).posterior.mass_unknown() < 1.0;
        unknown += usize::from(!facets.iter().any(known));
        of.push(best);
    }
    let (groups, group_count) = groups(subject);
    Chances { of, groups, group_count, unknown }
}

fn by_place(subject: &Subject<'_>, without: &Without, facet: Facet, answer: &FacetAttribution) -> Option<Chance> {
    if without.places.is_empty() {
        return None;
    }
    // A country takes its regions; a region takes itself only.
    let within = |place: Locus| {
        without.places.iter().any(|wanted| *wanted == place || *wanted == Locus::Country(place.country()))
    };
    let mass = answer.posterior.mass_where(within);
    let here: Vec<String> = answer
        .posterior
        .places()
        .map(|(place, _)| place)
        .filter(|place| within(*place))
        .map(|place| place.to_string())
        .collect();
    let there = (mass > 0.0).then(|| Chance {
        probability: mass,
        facet: Some(facet),
        because: format!("{}: {}", facet.as_str(), here.join(", ")),
    });
    let owner = vendor(answer).and_then(|vendor| {
        let mut above = ancestors(subject.data, vendor).into_iter();
        above.find_map(|owner| match standing(subject.data, owner, subject.as_of).seat {
            Seat::Country { country, .. } if within(Locus::Country(country)) => {
                let row = subject.data.vendor(owner);
                let because = format!("{}: owned or held by {}, seat in {country}", facet.as_str(), row.name);
                let probability = reliability(answer) * confidence(row.confidence);
                Some(Chance { probability, facet: Some(facet), because })
            }
            _ => None,
        })
    });
    there.into_iter().chain(owner).max_by(|a, b| a.probability.total_cmp(&b.probability))
}

fn by_party(
    subject: &Subject<'_>,
    without: &Without,
    at: PackageIx,
    facet: Facet,
    answer: &FacetAttribution,
) -> Option<Chance> {
    without.parties.iter().find_map(|wanted| {
        let because = match wanted {
            PartyTarget::Vendor(wanted) => {
                let vendor = vendor(answer)?;
                let name = subject.data.vendor(vendor).name;
                if vendor == *wanted {
                    format!("{}: {name}", facet.as_str())
                } else if ancestors(subject.data, vendor).contains(wanted) {
                    format!("{}: {name}, owned or held by {}", facet.as_str(), subject.data.vendor(*wanted).name)
                } else {
                    return None;
                }
            }
            PartyTarget::Account(wanted) => {
                let repository = subject.parties.of(at).repository.as_ref();
                let repository = repository.filter(|repository| repository.owner() == wanted)?;
                format!("its repository is {}", repository.path())
            }
        };
        Some(Chance { probability: reliability(answer), facet: Some(facet), because })
    })
}

fn vendor(answer: &FacetAttribution) -> Option<VendorIx> {
    match answer.party {
        Some(Party::Vendor(vendor)) => Some(vendor),
        _ => None,
    }
}

/// How often evidence like that which names the party is right.
fn reliability(answer: &FacetAttribution) -> f64 {
    let naming = answer.claims.iter().find(|claim| claim.party == answer.party);
    naming.or(answer.claims.first()).map_or(1.0, |claim| worth(claim.kind).reliability)
}

/// Packages by who stands behind them: one maintainer's forty crates fall together.
fn groups(subject: &Subject<'_>) -> (Vec<u32>, u32) {
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let groups = subject.graph.packages().map(|(at, _)| {
        let key = match &subject.attributions.of(at).facet(Facet::Steward).party {
            Some(Party::Vendor(vendor)) => format!("v {}", vendor.0),
            Some(Party::Individual(name) | Party::Account(name)) => format!("a {name}"),
            Some(Party::Organisation(name)) => format!("o {name}"),
            None => match &subject.parties.of(at).repository {
                Some(repository) => format!("a {}", repository.owner()),
                None => format!("p {}", at.index()),
            },
        };
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        *known.entry(key).or_insert(next)
    });
    let groups: Vec<u32> = groups.collect();
    (groups, u32::try_from(known.len()).unwrap_or(u32::MAX))
}
