//! Expected losses with intervals: draws from what is known.
//!
//! In every draw each group (a party, see `chance`) throws once; a package of it goes where the throw is below its chance. So packages of one
//! party fall together, the chance of each stays what it is, and parties are independent of each other. The same seed gives the same draws.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::chance::Chances;
use crate::graph::{Graph, PackageIx};

/// Mean and interval of a number over all draws.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// Standard error of the mean: how far it can be from what endless draws would give.
    pub error: f64,
    /// The 5th percentile.
    pub low: u32,
    /// The 95th percentile.
    pub high: u32,
}

/// What was drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draws {
    /// How often.
    pub draws: u32,
    /// Packages lost, the user's own aside.
    pub packages: Spread,
    /// Of these, those whose code runs on the build machine.
    pub at_build: Spread,
    /// Members that cannot be built as they are.
    pub members: Spread,
    /// By package: the share of draws in which it was lost.
    pub lost: Vec<f64>,
}

/// Draws losses. With no draws everything is nothing.
pub fn draw(graph: &Graph, chances: &Chances, draws: u32, seed: u64) -> Draws {
    let needs = graph.needs();
    let mut lost = needs.nothing_lost();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    // Packages with a chance, by the group that throws for them: groups that cannot lose anything do not throw.
    let with_chance = graph.packages().zip(&chances.of).filter_map(|((at, _), chance)| Some((at, chance.as_ref()?)));
    let mut thrown: Vec<(u32, PackageIx, f64)> =
        with_chance.map(|(at, chance)| (chances.groups[at.index()], at, chance.probability)).collect();
    thrown.sort_by_key(|row| (row.0, row.1));
    let kind: Vec<(bool, bool)> =
        graph.packages().map(|(_, package)| (package.member, package.runs_at_build() == Some(true))).collect();
    let mut counts = vec![0u32; graph.len()];
    let mut seen: [Vec<u32>; 3] = Default::default();
    let mut gone = Vec::new();
    for _ in 0..draws {
        gone.clear();
        let mut group = None;
        let mut throw = 0.0;
        for (of, at, probability) in &thrown {
            if group != Some(*of) {
                group = Some(*of);
                throw = unit(random.next_u64());
            }
            if throw < *probability {
                gone.push(*at);
            }
        }
        let mut number = [0u32; 3];
        for at in needs.lost_with(gone.iter().copied(), &mut lost) {
            counts[at.index()] += 1;
            let (member, at_build) = kind[at.index()];
            number[0] += u32::from(!member);
            number[1] += u32::from(!member && at_build);
            number[2] += u32::from(member);
        }
        for (all, one) in seen.iter_mut().zip(number) {
            all.push(one);
        }
    }
    let [packages, at_build, members] = seen.map(spread);
    let share = |count: u32| if draws == 0 { 0.0 } else { f64::from(count) / f64::from(draws) };
    Draws { draws, packages, at_build, members, lost: counts.into_iter().map(share).collect() }
}

/// A number from 0 (included) to 1 (not included), from the upper 53 bits.
pub(super) fn unit(bits: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let upper = (bits >> 11) as f64;
    upper / 9_007_199_254_740_992.0
}

fn spread(mut all: Vec<u32>) -> Spread {
    let Some(count) = u32::try_from(all.len()).ok().filter(|count| *count > 0) else { return Spread::default() };
    all.sort_unstable();
    let n = f64::from(count);
    let mean = all.iter().copied().map(f64::from).sum::<f64>() / n;
    let squares: f64 = all.iter().copied().map(|one| (f64::from(one) - mean).powi(2)).sum();
    let at = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let place = (share * (n - 1.0)).round() as usize;
        all[place]
    };
    Spread { mean, error: (squares / (n - 1.0).max(1.0) / n).sqrt(), low: at(0.05), high: at(0.95) }
}
