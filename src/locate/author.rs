//! The weeks and domains of one author to a distribution over clocks and countries, for every quarter apart.
//!
//! A chain with a state for every clock of the world. In a quarter the author lives by one clock; from one quarter to the next the author
//! stays, or moves (rarely) to anywhere, as many as live there. A week's offset is likely where the clock shows it, and unlikely but not
//! impossible elsewhere. What habits the author has (never a clock, often on journeys) is not known, so each is tried and counts as far as
//! it explains the weeks. Forward and backward over the quarters this gives for each of them where the author was *then*: who
//! moves is first at the one place and then at the other.

use std::collections::BTreeMap;

use super::clocks::{Clocks, Shows};
use super::domains;
use super::parameters::Parameters;
use crate::country::CountryCode;
use crate::data::Data;
use crate::facts::commits::{Author, Vote};

/// Weeks of a quarter.
const QUARTER: i32 = 13;

/// Where an author was, by quarter.
#[derive(Clone, Debug)]
pub struct Whereabouts {
    /// By home (a country and a clock of it): how many of those who live by the clock live there, given the domains. Those of a clock sum to one.
    homes: Vec<f64>,
    /// Where somebody is of whom only the domains are known, by clock.
    before: Vec<f64>,
    /// Quarters, with the probability of each clock.
    quarters: Vec<(i32, Vec<f64>)>,
    /// Probability that the clock says nothing.
    clock_is_wrong: f64,
}

impl Whereabouts {
    /// The probability of each clock in the quarter of a week; without quarters, what the domains say.
    pub fn clocks(&self, week: i32) -> &[f64] {
        let quarter = week.div_euclid(QUARTER);
        let at = self.quarters.partition_point(|(known, _)| *known <= quarter).max(1) - 1;
        self.quarters.get(at).map_or(&self.before, |(_, clocks)| clocks)
    }

    /// The probability of every home, given those of the clocks; in the order of `Clocks`.
    pub fn by_home<'a>(
        &'a self,
        table: &'a Clocks,
        clocks: &'a [f64],
    ) -> impl Iterator<Item = (CountryCode, usize, f64)> + 'a {
        table
            .homes
            .iter()
            .zip(&self.homes)
            .map(|((country, clock, _), share)| (*country, *clock, share * clocks[*clock]))
    }

    /// The probability of each country at the author's last known time, clocks that say nothing included.
    pub fn countries(&self, table: &Clocks) -> BTreeMap<CountryCode, f64> {
        let mut found: BTreeMap<CountryCode, f64> = BTreeMap::new();
        let parts = [(self.clocks(i32::MAX), 1.0 - self.clock_is_wrong), (&self.before, self.clock_is_wrong)];
        for (clocks, weight) in parts {
            for (country, _, mass) in self.by_home(table, clocks) {
                *found.entry(country).or_default() += weight * mass;
            }
        }
        found
    }
}

/// Locates one author.
pub fn locate(author: &Author, table: &Clocks, data: &Data, parameters: &Parameters) -> Whereabouts {
    let (homes, before) = homes(author, table, data, parameters);
    let quarters = quarters(&author.votes, table);
    let mut smoothed: Vec<Vec<f64>> = vec![vec![0.0; table.len()]; quarters.len()];
    let mut total = Scaled::default();
    for (no_clock, how_many) in parameters.no_clock {
        for (elsewhere, of_these) in parameters.elsewhere {
            let chain = Chain { quarters: &quarters, before: &before, parameters, no_clock, elsewhere };
            let (fit, states) = chain.run();
            let weight = total.add(how_many * of_these, fit, &mut smoothed);
            for (sum, state) in smoothed.iter_mut().zip(states) {
                for (sum, mass) in sum.iter_mut().zip(state) {
                    *sum += weight * mass;
                }
            }
        }
    }
    for state in &mut smoothed {
        normalise(state);
    }
    Whereabouts {
        homes,
        before,
        quarters: quarters.iter().map(|quarter| quarter.number).zip(smoothed).collect(),
        clock_is_wrong: parameters.clock_is_wrong,
    }
}

/// A sum of terms whose sizes are known by their logarithms: earlier terms are scaled down where a larger one comes.
#[derive(Default)]
struct Scaled {
    largest: Option<f64>,
}

impl Scaled {
    /// The weight of the next term; what was summed before is scaled to it.
    fn add(&mut self, share: f64, logarithm: f64, sums: &mut [Vec<f64>]) -> f64 {
        let largest = self.largest.get_or_insert(logarithm);
        if logarithm > *largest {
            let down = (*largest - logarithm).exp();
            sums.iter_mut().flatten().for_each(|sum| *sum *= down);
            *largest = logarithm;
        }
        share * (logarithm - *largest).exp()
    }
}

/// The prior over homes and clocks, as the domains of the author shift it.
///
/// A domain that points to a country with trust `a` says: with probability `a` the author is there because of it, otherwise anywhere.
fn homes(author: &Author, table: &Clocks, data: &Data, parameters: &Parameters) -> (Vec<f64>, Vec<f64>) {
    let hints = domains::hints(&author.domains, data);
    let in_country =
        |wanted: CountryCode| -> f64 { table.homes.iter().filter(|home| home.0 == wanted).map(|home| home.2).sum() };
    let hints: Vec<(CountryCode, f64, f64)> = hints
        .into_iter()
        .map(|(country, trust)| (country, trust * parameters.domain_trust, in_country(country)))
        .filter(|(.., people)| *people > 0.0)
        .collect();
    let mut homes: Vec<f64> = table
        .homes
        .iter()
        .map(|(country, _, people)| {
            hints.iter().fold(*people, |mass, (pointed, trust, people)| {
                mass * (1.0 - trust + if pointed == country { trust / people } else { 0.0 })
            })
        })
        .collect();
    normalise(&mut homes);
    let mut before = vec![0.0; table.len()];
    for ((_, clock, _), mass) in table.homes.iter().zip(&homes) {
        before[*clock] += mass;
    }
    for ((_, clock, _), mass) in table.homes.iter().zip(&mut homes) {
        *mass = if before[*clock] > 0.0 { *mass / before[*clock] } else { 0.0 };
    }
    (homes, before)
}

/// The weeks of a quarter, against every clock.
struct Quarter {
    number: i32,
    /// For each week: whether the offset is zero, and how frequent it is in the world.
    weeks: Vec<(bool, f64)>,
    /// By week and clock.
    shows: Vec<Shows>,
}

fn quarters(votes: &[Vote], table: &Clocks) -> Vec<Quarter> {
    let by_quarter = votes.chunk_by(|a, b| a.week.div_euclid(QUARTER) == b.week.div_euclid(QUARTER));
    by_quarter
        .map(|votes| Quarter {
            number: votes.first().map_or(0, |vote| vote.week.div_euclid(QUARTER)),
            weeks: votes.iter().map(|vote| (vote.offset == 0, frequency(vote.offset))).collect(),
            shows: votes
                .iter()
                .flat_map(|vote| (0..table.len()).map(|clock| table.shows(clock, vote.week, vote.offset)))
                .collect(),
        })
        .collect()
}

/// How frequent an offset is among committers who are not at home: as it is among all, since people travel to where people are.
///
/// Share of authors who ever had the offset, over 475 public repositories (2026-11-24); rounded.
fn frequency(offset: i16) -> f64 {
    match offset {
        60 | 120 => 0.16,
        480 => 0.13,
        0 | -420 => 0.09,
        -240 | -300 => 0.07,
        180 | -480 => 0.05,
        330 | -360 | 540 => 0.025,
        -180 | 420 | 600 | 660 => 0.01,
        240 | 300 | 345 | 210 | 270 | 360 | 570 | 630 | 720 | 780 | -150 | -210 | -600 => 0.003,
        _ => 1e-4,
    }
}

/// One pair of habits, over all quarters.
struct Chain<'a> {
    quarters: &'a [Quarter],
    before: &'a [f64],
    parameters: &'a Parameters,
    no_clock: f64,
    elsewhere: f64,
}

impl Chain<'_> {
    /// How well these habits explain the weeks, as a logarithm, and where the author was in every quarter.
    fn run(&self) -> (f64, Vec<Vec<f64>>) {
        let mut fit = 0.0;
        let fits: Vec<Vec<f64>> = self
            .quarters
            .iter()
            .map(|quarter| {
                let (scale, likelihood) = self.likelihood(quarter);
                fit += scale;
                likelihood
            })
            .collect();
        let mut states: Vec<Vec<f64>> = Vec::with_capacity(fits.len());
        for (at, likelihood) in fits.iter().enumerate() {
            let mut state = match states.last() {
                None => self.before.to_vec(),
                Some(last) => self.moved(last, self.stays(at)),
            };
            state.iter_mut().zip(likelihood).for_each(|(mass, likelihood)| *mass *= likelihood);
            fit += normalise(&mut state).ln();
            states.push(state);
        }
        // Backward: what later quarters say about earlier ones.
        let mut later = vec![1.0; self.before.len()];
        for at in (1..states.len()).rev() {
            let ahead: Vec<f64> = later.iter().zip(&fits[at]).map(|(later, likelihood)| later * likelihood).collect();
            let anywhere: f64 = ahead.iter().zip(self.before).map(|(ahead, before)| ahead * before).sum();
            let stays = self.stays(at);
            later = ahead.iter().map(|ahead| stays * ahead + (1.0 - stays) * anywhere).collect();
            normalise(&mut later);
            states[at - 1].iter_mut().zip(&later).for_each(|(mass, later)| *mass *= later);
            normalise(&mut states[at - 1]);
        }
        (fit, states)
    }

    /// Probability that nobody moves between a quarter and the one before it in the list.
    fn stays(&self, at: usize) -> f64 {
        let quarters = self.quarters[at].number.saturating_sub(self.quarters[at - 1].number);
        (1.0 - self.parameters.moves_a_year).powf(f64::from(quarters) / 4.0)
    }

    fn moved(&self, state: &[f64], stays: f64) -> Vec<f64> {
        state.iter().zip(self.before).map(|(mass, before)| stays * mass + (1.0 - stays) * before).collect()
    }

    /// The likelihood of a quarter's weeks by clock, divided by the largest, whose logarithm comes first.
    fn likelihood(&self, quarter: &Quarter) -> (f64, Vec<f64>) {
        let clocks = self.before.len();
        let mut sums = vec![0.0; clocks];
        let with_clock = 1.0 - self.no_clock;
        let hour_off = self.parameters.hour_off;
        for ((zero, frequency), shows) in quarter.weeks.iter().zip(quarter.shows.chunks(clocks.max(1))) {
            let anywhere = with_clock * self.elsewhere * frequency + if *zero { self.no_clock } else { 0.0 };
            let same = (anywhere + with_clock * (1.0 - self.elsewhere - hour_off)).ln();
            let off = (anywhere + with_clock * hour_off).ln();
            let other = anywhere.ln();
            for (sum, shows) in sums.iter_mut().zip(shows) {
                *sum += match shows {
                    Shows::Same => same,
                    Shows::HourOff => off,
                    Shows::Other => other,
                };
            }
        }
        let count = f64::from(u32::try_from(quarter.weeks.len()).unwrap_or(u32::MAX)).max(1.0);
        let weight = self.parameters.weight * count.powf(self.parameters.repetition - 1.0);
        for sum in &mut sums {
            *sum *= weight;
        }
        let largest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for sum in &mut sums {
            *sum = (*sum - largest).exp();
        }
        (largest, sums)
    }
}

/// Scales to a sum of one and returns what the sum was. Nothing is left as it is.
fn normalise(masses: &mut [f64]) -> f64 {
    let sum: f64 = masses.iter().sum();
    if sum > 0.0 && sum.is_finite() {
        for mass in masses.iter_mut() {
            *mass /= sum;
        }
    }
    sum.max(f64::MIN_POSITIVE)
}
