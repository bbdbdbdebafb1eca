//! The packages that are to go.

use std::collections::BTreeMap;

use crate::attribution::{Attributions, Origin};
use crate::country::CountryCode;
use crate::data::Data;
use crate::exposure::{Exposure, Grade};
use crate::facts::Facet;
use crate::graph::{Graph, PackageIx};
use crate::party::{Party, ancestors};

/// What is to go. A package is a target if any of it says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// What one of these programmes reaches, by their places among those applied.
    pub programmes: Vec<usize>,
    /// With one of these grades.
    pub grades: Vec<Grade>,
    /// What has the facet in one of these countries.
    pub countries: Vec<CountryCode>,
    /// What is of one of these parties in the facet, or of one that it owns or holds.
    pub parties: Vec<Party>,
    /// The facet that is asked about countries and parties; the steward if none is given.
    pub facet: Option<Facet>,
    /// These packages.
    pub packages: Vec<PackageIx>,
}

/// A package that is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The package.
    pub package: PackageIx,
    /// Why, in words: what several programmes have in common is said once.
    pub because: Vec<String>,
    /// The programmes that say so, by their places among those applied; in order.
    pub programmes: Vec<usize>,
}

/// The packages that are to go, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// Those that can be cut off.
    pub reached: Vec<Target>,
    /// Packages of the user's own.
    pub own: Vec<Target>,
    /// Packages that no selected member needs.
    pub not_reached: Vec<Target>,
}

/// Finds them.
pub fn targets<'a>(
    graph: &Graph,
    attributions: &Attributions,
    exposures: impl Iterator<Item = &'a Exposure>,
    data: &Data,
    wanted: &Wanted,
) -> Targets {
    let mut found: BTreeMap<PackageIx, Target> = BTreeMap::new();
    let mut add = |at: PackageIx, why: String, programme: Option<usize>| {
        let new = || Target { package: at, because: Vec::new(), programmes: Vec::new() };
        let target = found.entry(at).or_insert_with(new);
        if !target.because.contains(&why) {
            target.because.push(why);
        }
        target.programmes.extend(programme);
    };
    for exposure in exposures {
        if wanted.programmes.contains(&exposure.programme) && wanted.grades.contains(&exposure.grade) {
            let why = format!("{}: {}", exposure.grade.as_str(), exposure.because);
            add(exposure.package, why, Some(exposure.programme));
        }
    }
    let facet = wanted.facet.unwrap_or(Facet::Steward);
    for (at, package) in graph.packages() {
        let answer = attributions.of(at).facet(facet);
        match answer.origin {
            Origin::Country(place) if wanted.countries.contains(&place.country()) && !package.member => {
                add(at, format!("{} is in {place}", facet.as_str()), None);
            }
            _ => {}
        }
        if let Some(party) = &answer.party {
            let of = wanted.parties.iter().find(|wanted| is_of(party, wanted, data));
            if let Some(of) = of.filter(|_| !package.member) {
                add(at, format!("{} is {}", facet.as_str(), name(of, data)), None);
            }
        }
    }
    wanted.packages.iter().for_each(|at| add(*at, "it is asked for by its name".to_owned(), None));
    let tree = graph.path_tree();
    let mut targets = Targets::default();
    for (package, mut target) in found {
        target.programmes.sort_unstable();
        target.programmes.dedup();
        if graph.package(package).member {
            targets.own.push(target);
        } else if tree.depth(package).is_none() {
            targets.not_reached.push(target);
        } else {
            targets.reached.push(target);
        }
    }
    targets
}

/// Whether a party is another, or is owned or held by it.
fn is_of(party: &Party, wanted: &Party, data: &Data) -> bool {
    match (party, wanted) {
        (Party::Vendor(at), Party::Vendor(above)) => at == above || ancestors(data, *at).contains(above),
        (Party::Individual(path) | Party::Account(path), Party::Individual(other) | Party::Account(other)) => {
            path == other
        }
        _ => party == wanted,
    }
}

fn name(party: &Party, data: &Data) -> String {
    match party {
        Party::Vendor(at) => data.vendor(*at).name.to_owned(),
        Party::Individual(path) | Party::Account(path) => path.clone(),
        Party::Organisation(name) => name.clone(),
    }
}
