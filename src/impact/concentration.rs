//! How sure concentrations are: draws from the posteriors.
//!
//! In every draw each party throws once for a facet, and all of its packages fall as the throw has it: one registry is in one country for
//! everything that comes from it. Parties are independent of each other. A package falls on one of its places, on having no seat, or on not
//! being known, each with its mass; what is not known is never spread. The same seed gives the same draws, whatever the order of packages.

use std::collections::BTreeMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::draw::unit;
use crate::attribution::{Attributions, FacetAttribution, Posterior};
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
    let others = asked.graph.packages().filter(|(_, package)| !package.member);
    let items = others.map(|(at, _)| {
        let answer = asked.attributions.of(at).facet(facet);
        let weights = WEIGHTINGS.map(|weighting| weight(asked.graph, asked.reach, at, weighting));
        Item { party: party(asked, at, answer), posterior: &answer.posterior, weights }
    });
    let items: Vec<Item<'_>> = items.collect();
    let table = Table::of(&items, asked.sets);
    let drawn = table.draw(asked.draws, asked.seed, facet as usize);
    let each = WEIGHTINGS.iter().zip(drawn).enumerate().map(|(number, (weighting, drawn))| {
        let packages = items.iter().filter(|item| item.weights[number] > 0.0).count();
        let points = points(asked, facet, *weighting);
        Spreading {
            point: concentration(asked.graph, asked.attributions, asked.reach, facet, *weighting),
            packages: u32::try_from(packages).unwrap_or(u32::MAX),
            shares: table.countries.iter().copied().zip(drawn.countries).collect(),
            no_seat: drawn.no_seat,
            unknown: drawn.unknown,
            hhi: drawn.hhi,
            sets: points.into_iter().zip(drawn.sets).map(|(share, range)| SetShare { share, range }).collect(),
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
        for sum in &mut found {
            *sum /= total;
        }
    }
    found
}

/// A package as it is drawn.
struct Item<'a> {
    /// Who throws for it.
    party: String,
    posterior: &'a Posterior,
    /// By weighting.
    weights: [f64; 3],
}

/// What was drawn, by one weighting.
#[derive(Clone, Debug, Default, PartialEq)]
struct Drawn {
    countries: Vec<Range>,
    no_seat: Range,
    unknown: Range,
    hhi: Option<Range>,
    sets: Vec<Range>,
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
    fn of(items: &[Item<'_>], sets: &[Places<'_>]) -> Self {
        let mut places: Vec<Locus> = items.iter().flat_map(|item| item.posterior.places().map(|row| row.0)).collect();
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
            sets: sets.iter().map(within).collect(),
            countries,
            base: vec![[0.0; 3]; places.len() + 2],
            parties: Vec::new(),
            totals: [0.0; 3],
        };
        // By party and posterior, not by place in the graph: the order of packages must not matter.
        let mut uncertain: BTreeMap<&str, Cells> = BTreeMap::new();
        for Item { party, posterior, weights } in items {
            add(&mut table.totals, weights);
            let masses = masses(posterior, &places);
            if let [(outcome, _)] = masses.as_slice() {
                add(&mut table.base[*outcome], weights);
            } else {
                let key = masses.iter().map(|(outcome, mass)| (*outcome, mass.to_bits())).collect();
                add(uncertain.entry(party).or_default().entry(key).or_default(), weights);
            }
        }
        table.parties = uncertain.into_values().map(|cells| cells.into_iter().map(cell).collect()).collect();
        table
    }

    /// Draws, for each weighting. Every stream has its own draws: those of a facet do not hang on which others are asked about.
    fn draw(&self, draws: u32, seed: u64, stream: usize) -> [Drawn; 3] {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        (0..stream).for_each(|_| random.jump());
        let columns = self.countries.len() + 3 + self.sets.len();
        // What is certain need not be drawn twice.
        let draws = if self.parties.is_empty() { draws.min(1) } else { draws };
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
        seen.map(|columns| {
            let mut ranges = columns.into_iter().map(range);
            let mut take =
                |count: usize| -> Vec<Range> { ranges.by_ref().take(count).map(Option::unwrap_or_default).collect() };
            let countries = take(self.countries.len());
            let rest = take(2);
            let hhi = ranges.next().flatten();
            let sets = ranges.map(Option::unwrap_or_default).collect();
            Drawn { countries, no_seat: rest[0], unknown: rest[1], hhi, sets }
        })
    }

    /// The numbers of one draw: the countries, no seat, not known, the index, the sets.
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

/// The outcomes of a posterior that have mass, in order.
fn masses(posterior: &Posterior, places: &[Locus]) -> Vec<(usize, f64)> {
    let located = posterior.places().map(|(place, mass)| (places.partition_point(|known| *known < place), mass));
    let rest = [(places.len(), posterior.mass_no_seat()), (places.len() + 1, posterior.mass_unknown())];
    located.chain(rest).filter(|(_, mass)| *mass > 0.0).collect()
}

/// Weights by outcomes with the bits of their masses.
type Cells = BTreeMap<Vec<(usize, u64)>, [f64; 3]>;

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};

    use super::*;

    const DRAWS: u32 = 2_000;

    /// Party, weight, and posterior.
    type Made = Vec<(u8, u8, Posterior)>;

    fn place(number: u8) -> Locus {
        Locus::Country(["CN", "DE", "FR", "US"][usize::from(number % 4)].parse().unwrap())
    }

    fn certain() -> impl Strategy<Value = Posterior> {
        (0u8..6).prop_map(|number| match number {
            4 => Posterior::no_seat(1.0),
            5 => Posterior::unknown(),
            _ => Posterior::spread(1.0, [(place(number), 1.0)]),
        })
    }

    fn doubtful() -> impl Strategy<Value = Posterior> {
        let spread = (0.1..1.0, prop::collection::vec((0u8..4, 0.1..1.0), 1..4)).prop_map(|(mass, rows)| {
            Posterior::spread(mass, rows.into_iter().map(|(number, weight)| (place(number), weight)))
        });
        prop_oneof![3 => spread, 1 => certain(), 1 => (0.1..1.0).prop_map(Posterior::no_seat)]
    }

    fn made(one: impl Strategy<Value = Posterior>) -> impl Strategy<Value = Made> {
        prop::collection::vec((0u8..5, 1u8..5, one), 1..12)
    }

    fn table<'a>(made: impl Iterator<Item = &'a (u8, u8, Posterior)>) -> Table {
        let items: Vec<Item<'_>> = made
            .map(|(party, weight, posterior)| Item {
                party: format!("a {party}"),
                posterior,
                weights: [1.0, f64::from(*weight), 0.0],
            })
            .collect();
        let european: Places<'_> = &|place| ["DE", "FR"].contains(&place.country().as_str());
        let all: Places<'_> = &|_| true;
        Table::of(&items, &[european, all])
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    /// Shares by country, no seat and unknown of one weighting, from the masses themselves.
    fn expected(made: &Made, table: &Table, weigh: fn(u8) -> f64) -> Vec<f64> {
        let total: f64 = made.iter().map(|row| weigh(row.1)).sum();
        let mean = |mass: &dyn Fn(&Posterior) -> f64| -> f64 {
            made.iter().map(|row| weigh(row.1) * mass(&row.2)).sum::<f64>() / total
        };
        let mut found: Vec<f64> = table
            .countries
            .iter()
            .map(|code| mean(&|posterior| posterior.mass_where(|place| place.country() == *code)))
            .collect();
        found.push(mean(&Posterior::mass_no_seat));
        found.push(mean(&Posterior::mass_unknown));
        found
    }

    fn means(drawn: &Drawn) -> Vec<Range> {
        drawn.countries.iter().copied().chain([drawn.no_seat, drawn.unknown]).collect()
    }

    proptest! {
        #[test]
        fn what_is_certain_is_a_point(made in made(certain())) {
            let table = table(made.iter());
            let [plain, weighted, nothing] = table.draw(DRAWS, 1, 0);
            for (drawn, weigh) in [(&plain, (|_| 1.0) as fn(u8) -> f64), (&weighted, f64::from)] {
                let shares = expected(&made, &table, weigh);
                for (range, share) in means(drawn).iter().zip(&shares) {
                    prop_assert!(near(range.low, *share) && near(range.high, *share) && near(range.mean, *share));
                }
                let located: f64 = shares[..table.countries.len()].iter().sum();
                let squares: f64 = shares[..table.countries.len()].iter().map(|share| share * share).sum();
                match drawn.hhi {
                    None => prop_assert!(near(located, 0.0)),
                    Some(hhi) => {
                        let point = squares / located / located;
                        prop_assert!(near(hhi.low, point) && near(hhi.high, point));
                    }
                }
            }
            prop_assert_eq!(nothing.hhi, None);
        }

        #[test]
        fn shares_sum_to_one_and_indexes_stay_in_bounds(made in made(doubtful())) {
            let table = table(made.iter());
            for drawn in &table.draw(200, 1, 0)[..2] {
                prop_assert!(near(means(drawn).iter().map(|range| range.mean).sum(), 1.0));
                let located: f64 = drawn.countries.iter().map(|range| range.mean).sum();
                prop_assert!(near(drawn.sets[1].mean, located), "a set of everything is all that has a place");
                let european = table.countries.iter().zip(&drawn.countries);
                let european = european.filter(|(code, _)| ["DE", "FR"].contains(&code.as_str()));
                prop_assert!(near(drawn.sets[0].mean, european.map(|(_, range)| range.mean).sum()));
                if let Some(hhi) = drawn.hhi {
                    let least = 1.0 / f64::from(u32::try_from(table.countries.len()).unwrap());
                    prop_assert!(hhi.low >= least - 1e-9 && hhi.high <= 1.0 + 1e-9 && hhi.low <= hhi.high);
                }
            }
        }

        #[test]
        fn the_order_of_packages_does_not_matter(made in made(doubtful())) {
            let (there, back) = (table(made.iter()).draw(100, 7, 2), table(made.iter().rev()).draw(100, 7, 2));
            for (a, b) in there.iter().zip(&back) {
                for (a, b) in means(a).iter().zip(means(b)) {
                    prop_assert!(near(a.mean, b.mean) && near(a.low, b.low) && near(a.high, b.high));
                }
                prop_assert!(near(a.hhi.map_or(0.0, |hhi| hhi.mean), b.hhi.map_or(0.0, |hhi| hhi.mean)));
            }
        }
    }

    /// Always the same cases: one in some thousand is further off than four standard errors, as it should be.
    #[test]
    fn the_mean_of_the_draws_is_that_of_the_posteriors() {
        let mut runner = TestRunner::new_with_rng(
            Config::with_cases(64),
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        let held = runner.run(&made(doubtful()), |made| {
            let table = table(made.iter());
            let [plain, weighted, _] = table.draw(DRAWS, 1, 0);
            for (drawn, weigh) in [(&plain, (|_| 1.0) as fn(u8) -> f64), (&weighted, f64::from)] {
                for (range, share) in means(drawn).iter().zip(expected(&made, &table, weigh)) {
                    let off = (range.mean - share).abs();
                    prop_assert!(off <= 4.0 * range.error + 1e-9, "{off} is more than 4 times {}", range.error);
                }
            }
            Ok(())
        });
        held.unwrap();
    }

    #[test]
    fn packages_of_one_party_fall_together_and_streams_differ() {
        let half = Posterior::spread(0.5, [(place(0), 1.0)]);
        let of = |parties: [u8; 2]| table([(parties[0], 1, half.clone()), (parties[1], 1, half.clone())].iter());
        let together = of([1, 1]).draw(DRAWS, 1, 0)[0].countries[0];
        let apart = of([1, 2]).draw(DRAWS, 1, 0)[0].countries[0];
        // Both or none; apart, one of the two as often.
        assert!(together.error > 1.3 * apart.error, "{together:?} {apart:?}");
        assert_ne!(of([1, 2]).draw(DRAWS, 1, 1)[0].countries[0], apart);
        assert_ne!(of([1, 2]).draw(DRAWS, 2, 0)[0].countries[0], apart);
        assert_eq!(of([1, 2]).draw(DRAWS, 1, 0)[0].countries[0], apart);
    }
}
