//! How sure concentrations are: draws from the posteriors.
//!
//! In every draw each party throws once for a facet, and all of its packages fall as the throw has it: one registry is in one country for
//! everything that comes from it. Parties are independent of each other. A package falls on one of its places, on having no seat, or on not
//! being known, each with its mass; what is not known is never spread. The same seed gives the same draws, whatever the order of packages.

use std::collections::BTreeMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::draw::unit;
use crate::attribution::{Attributions, FacetAttribution};
use crate::country::{CountryCode, Locus};
use crate::exposure::{Concentration, Weighting, concentration, each_place, weight};
use crate::facts::Facet;
use crate::graph::{Graph, PackageIx, Reach};
use crate::party::{Parties, Party};

/// The weightings, in their order.
pub const WEIGHTINGS: [Weighting; 3] = [Weighting::Packages, Weighting::Reach, Weighting::BuildTime];

/// A set of places: a bloc, say.
pub type Places<'a> = &'a dyn Fn(Locus) -> bool;

/// What is asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The packages.
    pub graph: &'a Graph,
    /// Who stands behind them.
    pub parties: &'a Parties,
    /// Where they are from.
    pub attributions: &'a Attributions,
    /// How much hangs on each.
    pub reach: &'a Reach,
    /// Sets of places whose shares are wanted.
    pub sets: &'a [Places<'a>],
    /// How often to draw.
    pub draws: u32,
    /// Where the draws start from.
    pub seed: u64,
}

/// A number over all draws.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    /// The mean.
    pub mean: f64,
    /// Standard error of the mean: how far it can be from what endless draws would give.
    pub error: f64,
    /// The 5th percentile.
    pub low: f64,
    /// The 95th percentile.
    pub high: f64,
}

/// The share of a set of places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SetShare {
    /// As the report counts.
    pub share: f64,
    /// Over the draws.
    pub range: Range,
}

/// The distribution of a facet by one weighting, and how sure it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Spreading {
    /// As the report has it.
    pub point: Concentration,
    /// Packages that count.
    pub packages: u32,
    /// Shares by country over the draws: every country that has mass.
    pub shares: BTreeMap<CountryCode, Range>,
    /// The share without a seat over the draws.
    pub no_seat: Range,
    /// The share that is not known over the draws.
    pub unknown: Range,
    /// The index over the draws in which something has a country; nothing where there is none.
    pub hhi: Option<Range>,
    /// The sets that were asked about, in their order.
    pub sets: Vec<SetShare>,
}

/// Draws one facet, for each of `WEIGHTINGS`.
pub fn spreading(asked: &Asked<'_>, facet: Facet) -> Vec<Spreading> {
    let table = Table::of(asked, facet);
    let drawn = table.draw(asked, facet);
    let each = WEIGHTINGS.iter().enumerate().map(|(number, weighting)| {
        let point = concentration(asked.graph, asked.attributions, asked.reach, facet, *weighting);
        let weights = asked.graph.packages().map(|(at, _)| weight(asked.graph, asked.reach, at, *weighting));
        let packages = u32::try_from(weights.filter(|weight| *weight > 0.0).count()).unwrap_or(u32::MAX);
        let range = |what: usize| drawn[number][what];
        let shares = table.countries.iter().enumerate().map(|(at, code)| (*code, range(at).unwrap_or_default()));
        let rest = table.countries.len();
        let points = points(asked, facet, *weighting);
        Spreading {
            point,
            packages,
            shares: shares.collect(),
            no_seat: range(rest).unwrap_or_default(),
            unknown: range(rest + 1).unwrap_or_default(),
            hhi: range(rest + 2),
            sets: points
                .into_iter()
                .enumerate()
                .map(|(at, share)| SetShare { share, range: range(rest + 3 + at).unwrap_or_default() })
                .collect(),
        }
    });
    each.collect()
}

/// The shares of the sets as the report counts.
fn points(asked: &Asked<'_>, facet: Facet, weighting: Weighting) -> Vec<f64> {
    let mut found = vec![0.0; asked.sets.len()];
    let mut total = 0.0;
    for (at, _) in asked.graph.packages() {
        let weight = weight(asked.graph, asked.reach, at, weighting);
        total += weight;
        each_place(asked.attributions.of(at).facet(facet), |place, part| {
            for (sum, set) in found.iter_mut().zip(asked.sets) {
                if set(place) {
                    *sum += weight * part;
                }
            }
        });
    }
    if total > 0.0 {
        found.iter_mut().for_each(|sum| *sum /= total);
    }
    found
}

/// Packages of one party with the same posterior: they always fall together.
struct Cell {
    /// Sums of the masses of the outcomes up to each; the last counts for all that is left.
    sums: Vec<f64>,
    outcomes: Vec<usize>,
    weights: [f64; 3],
}

/// What is drawn from. Outcomes are the places, then no seat, then not known.
struct Table {
    places: usize,
    /// Place to country, by place in `countries`.
    country_of: Vec<usize>,
    countries: Vec<CountryCode>,
    /// Places of each set.
    sets: Vec<Vec<usize>>,
    /// What is certain: weights by outcome.
    base: Vec<[f64; 3]>,
    /// The cells of each party that has something uncertain.
    parties: Vec<Vec<Cell>>,
    totals: [f64; 3],
}

impl Table {
    fn of(asked: &Asked<'_>, facet: Facet) -> Self {
        let answer = |at: PackageIx| asked.attributions.of(at).facet(facet);
        let others = || asked.graph.packages().filter(|(_, package)| !package.member).map(|(at, _)| at);
        let mut places: Vec<Locus> = others().flat_map(|at| answer(at).posterior.places().map(|row| row.0)).collect();
        places.sort_unstable();
        places.dedup();
        let mut countries: Vec<CountryCode> = places.iter().map(Locus::country).collect();
        countries.sort_unstable();
        countries.dedup();
        let country_of = places.iter().map(|place| countries.partition_point(|code| *code < place.country()));
        let within = |set: &Places<'_>| {
            let places = places.iter().enumerate().filter(|(_, place)| set(**place));
            places.map(|(at, _)| at).collect()
        };
        let mut table = Self {
            places: places.len(),
            country_of: country_of.collect(),
            sets: asked.sets.iter().map(within).collect(),
            countries,
            base: vec![[0.0; 3]; places.len() + 2],
            parties: Vec::new(),
            totals: [0.0; 3],
        };
        // By party and posterior, not by place in the graph: the order of packages must not matter.
        let mut uncertain: BTreeMap<String, BTreeMap<Vec<(usize, u64)>, [f64; 3]>> = BTreeMap::new();
        for at in others() {
            let weights = WEIGHTINGS.map(|weighting| weight(asked.graph, asked.reach, at, weighting));
            add(&mut table.totals, &weights);
            let masses = masses(answer(at), &places);
            match masses.as_slice() {
                [(outcome, _)] => add(&mut table.base[*outcome], &weights),
                _ => {
                    let key = masses.iter().map(|(outcome, mass)| (*outcome, mass.to_bits())).collect();
                    let cells = uncertain.entry(party(asked, at, answer(at))).or_default();
                    add(cells.entry(key).or_default(), &weights);
                }
            }
        }
        table.parties = uncertain.into_values().map(|cells| cells.into_iter().map(cell).collect()).collect();
        table
    }

    /// For each weighting: the countries, no seat, not known, the index, and the sets.
    fn draw(&self, asked: &Asked<'_>, facet: Facet) -> [Vec<Option<Range>>; 3] {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(asked.seed);
        // Every facet has its own draws, whichever of them are asked about.
        for _ in 0..facet as usize {
            random.jump();
        }
        let columns = self.countries.len() + 3 + self.sets.len();
        // What is certain need not be drawn twice.
        let draws = if self.parties.is_empty() { asked.draws.min(1) } else { asked.draws };
        let mut seen: [Vec<Vec<f64>>; 3] = std::array::from_fn(|_| vec![Vec::new(); columns]);
        let mut sums = self.base.clone();
        let mut countries = vec![[0.0; 3]; self.countries.len()];
        for _ in 0..draws {
            sums.copy_from_slice(&self.base);
            for cells in &self.parties {
                let throw = unit(random.next_u64());
                for cell in cells {
                    let at = cell.sums.partition_point(|sum| *sum <= throw).min(cell.outcomes.len() - 1);
                    add(&mut sums[cell.outcomes[at]], &cell.weights);
                }
            }
            countries.fill([0.0; 3]);
            for (weights, country) in sums.iter().zip(&self.country_of) {
                add(&mut countries[*country], weights);
            }
            self.note(&sums, &countries, &mut seen);
        }
        seen.map(|columns| columns.into_iter().map(range).collect())
    }

    /// The numbers of one draw.
    fn note(&self, sums: &[[f64; 3]], countries: &[[f64; 3]], seen: &mut [Vec<Vec<f64>>; 3]) {
        for (number, seen) in seen.iter_mut().enumerate() {
            let total = self.totals[number];
            if total <= 0.0 {
                continue;
            }
            let mut located = 0.0;
            let mut squares = 0.0;
            for (weights, column) in countries.iter().zip(seen.iter_mut()) {
                let weight = weights[number];
                located += weight;
                squares += weight * weight;
                column.push(weight / total);
            }
            let rest = countries.len();
            seen[rest].push(sums[self.places][number] / total);
            seen[rest + 1].push(sums[self.places + 1][number] / total);
            if located > 0.0 {
                seen[rest + 2].push(squares / (located * located));
            }
            for (set, column) in self.sets.iter().zip(&mut seen[rest + 3..]) {
                column.push(set.iter().map(|place| sums[*place][number]).sum::<f64>() / total);
            }
        }
    }
}

fn add(sums: &mut [f64; 3], more: &[f64; 3]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += more;
    }
}

/// The outcomes of an answer that have mass, in order.
fn masses(answer: &FacetAttribution, places: &[Locus]) -> Vec<(usize, f64)> {
    let posterior = &answer.posterior;
    let located = posterior.places().map(|(place, mass)| (places.partition_point(|known| *known < place), mass));
    let rest = [(places.len(), posterior.mass_no_seat()), (places.len() + 1, posterior.mass_unknown())];
    located.chain(rest).filter(|(_, mass)| *mass > 0.0).collect()
}

fn cell((masses, weights): (Vec<(usize, u64)>, [f64; 3])) -> Cell {
    let mut sum = 0.0;
    let sums = masses.iter().map(|(_, mass)| {
        sum += f64::from_bits(*mass);
        sum
    });
    Cell { sums: sums.collect(), outcomes: masses.iter().map(|row| row.0).collect(), weights }
}

/// Who throws for a package: the party of the facet, else the owner of its repository, else it is alone.
fn party(asked: &Asked<'_>, at: PackageIx, answer: &FacetAttribution) -> String {
    match (&answer.party, &asked.parties.of(at).repository) {
        (Some(Party::Vendor(vendor)), _) => format!("v {:08}", vendor.0),
        (Some(Party::Individual(name) | Party::Account(name)), _) => format!("a {name}"),
        (Some(Party::Organisation(name)), _) => format!("o {name}"),
        (None, Some(repository)) => format!("a {}", repository.owner()),
        (None, None) => format!("p {}", asked.graph.package(at).purl()),
    }
}

/// Nothing where nothing was drawn.
fn range(mut all: Vec<f64>) -> Option<Range> {
    let count = u32::try_from(all.len()).ok().filter(|count| *count > 0)?;
    let n = f64::from(count);
    let mean = all.iter().sum::<f64>() / n;
    let squares: f64 = all.iter().map(|one| (one - mean).powi(2)).sum();
    let mut at = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let place = (share * (n - 1.0)).round() as usize;
        *all.select_nth_unstable_by(place, f64::total_cmp).1
    };
    Some(Range { mean, error: (squares / (n - 1.0).max(1.0) / n).sqrt(), low: at(0.05), high: at(0.95) })
}
