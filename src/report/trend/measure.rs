//! The numbers of one point.

use std::collections::BTreeMap;

use super::{Part, TrendState};
use crate::attribution::{Attributions, Origin};
use crate::exposure::{Applied, Exposure, Grade, Status, Weighting, concentration};
use crate::facts::Facet;
use crate::graph::{Graph, Package, Source};
use crate::report::facet::rounded;

/// Packages of all points, by name and source: the same package of another version is the same.
#[derive(Clone, Debug, Default)]
pub struct Known {
    numbers: BTreeMap<(String, String), u32>,
}

/// What a package of all points is known by.
pub(super) type Number = u32;

/// A point, with what it takes to compare it with another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    /// The numbers.
    pub state: TrendState,
    /// The packages that are there, sorted.
    pub(super) present: Vec<Number>,
    /// Those that are exposed, with their names.
    pub(super) exposed: BTreeMap<Number, Reached>,
}

/// What reaches a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) name: String,
    pub(super) grade: Grade,
    pub(super) programmes: Vec<&'static str>,
}

impl Known {
    fn number(&mut self, package: &Package) -> Number {
        let source = match &package.source {
            Source::CratesIo => "",
            Source::Registry { url, .. } | Source::Git { url, .. } => url,
            Source::Path(_) => "path",
            Source::Other(text) => text,
        };
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry((package.name.clone(), source.to_owned())).or_insert(next)
    }
}

/// Counts what the stages found out about one point.
pub fn measure(
    graph: &Graph,
    attributions: &Attributions,
    applied: &[Applied<'_>],
    nearest: &[Exposure],
    known: &mut Known,
) -> Measurement {
    let numbers: Vec<Number> = graph.packages().map(|(_, package)| known.number(package)).collect();
    let mut state = origins(graph, attributions);
    for grade in Grade::ALL {
        state.grades.insert(grade.as_str(), 0);
    }
    // Nearest grades come first, so the first exposure of a package is its nearest.
    let mut grades: BTreeMap<usize, Grade> = BTreeMap::new();
    let mut exposed: BTreeMap<Number, Reached> = BTreeMap::new();
    let in_force = |exposure: &&Exposure| matches!(applied[exposure.programme].status, Status::InForce(_));
    for exposure in nearest.iter().filter(in_force) {
        let at = exposure.package.index();
        let id = applied[exposure.programme].programme.id;
        *state.programmes.entry(id.to_owned()).or_default() += 1;
        if *grades.entry(at).or_insert(exposure.grade) != exposure.grade || exposure.grade == Grade::Possible {
            continue;
        }
        // Of two versions the nearer counts.
        let reached = exposed.entry(numbers[at]).or_insert_with(|| Reached {
            name: graph.package(exposure.package).name.clone(),
            grade: exposure.grade,
            programmes: Vec::new(),
        });
        if reached.grade == exposure.grade && !reached.programmes.contains(&id) {
            reached.programmes.push(id);
        }
    }
    for grade in grades.values() {
        *state.grades.entry(grade.as_str()).or_default() += 1;
        state.exposed += u32::from(*grade != Grade::Possible);
    }
    let mut present = numbers;
    present.sort_unstable();
    present.dedup();
    Measurement { state, present, exposed }
}

fn origins(graph: &Graph, attributions: &Attributions) -> TrendState {
    let spread = concentration(graph, attributions, &graph.reach(), Facet::Steward, Weighting::Packages);
    let mut state = TrendState {
        no_seat: Part { packages: 0, share: rounded(spread.no_seat.values().sum()) },
        conflict: Part { packages: 0, share: rounded(spread.conflict) },
        unknown: Part { packages: 0, share: rounded(spread.unknown) },
        hhi: spread.hhi.map(rounded),
        ..TrendState::default()
    };
    let part = |share: &f64| Part { packages: 0, share: rounded(*share) };
    state.countries = spread.shares.iter().map(|(code, share)| (code.to_string(), part(share))).collect();
    for (at, _) in graph.packages().filter(|(_, package)| !package.member) {
        state.packages += 1;
        state.direct += u32::from(graph.is_direct(at));
        let part = match &attributions.of(at).facet(Facet::Steward).origin {
            Origin::Country(place) => state.countries.get_mut(place.country().as_str()),
            Origin::Band(_) | Origin::Several { .. } => None,
            Origin::NoSeat(_) => Some(&mut state.no_seat),
            Origin::Conflict(_) => Some(&mut state.conflict),
            Origin::Unknown(_) => Some(&mut state.unknown),
        };
        if let Some(part) = part {
            part.packages += 1;
        }
    }
    state
}
