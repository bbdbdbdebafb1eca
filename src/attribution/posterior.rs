//! Probabilities over places, "no seat" and "unknown".

use crate::country::Locus;

/// A distribution: every place that has mass, the mass on having no seat, and the mass on not knowing. The three sum to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// In order, each place once.
    places: Vec<(Locus, f64)>,
    no_seat: f64,
    unknown: f64,
}

impl Posterior {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self { places: Vec::new(), no_seat: 0.0, unknown: 1.0 }
    }

    /// Known to have no seat, with this probability; the rest is unknown.
    pub fn no_seat(probability: f64) -> Self {
        let probability = clamp(probability);
        Self { places: Vec::new(), no_seat: probability, unknown: 1.0 - probability }
    }

    /// Mass spread over places in proportion to weights; the rest is unknown. Weights that are not positive count as nothing.
    pub fn spread(mass: f64, weights: impl IntoIterator<Item = (Locus, f64)>) -> Self {
        let mass = clamp(mass);
        let usable = weights.into_iter().filter(|(_, weight)| *weight > 0.0 && weight.is_finite());
        let mut places = merged(usable.collect());
        // Divided by the largest first, so that no sum of weights overflows.
        let largest = places.iter().map(|row| row.1).fold(0.0, f64::max);
        let total: f64 = places.iter().map(|row| row.1 / largest).sum();
        if !(total.is_finite() && total > 0.0) {
            return Self::unknown();
        }
        for (_, weight) in &mut places {
            *weight = *weight / largest * (mass / total);
        }
        Self { places, no_seat: 0.0, unknown: 1.0 - mass }
    }

    /// The mean of several, in equal parts: sources that contradict each other.
    pub fn mean(parts: &[Self]) -> Self {
        let Some(count) = u32::try_from(parts.len()).ok().filter(|count| *count > 0) else { return Self::unknown() };
        let share = 1.0 / f64::from(count);
        let places = parts.iter().flat_map(|part| part.places.iter().map(|(place, mass)| (*place, mass * share)));
        let mut sum = Self { places: merged(places.collect()), no_seat: 0.0, unknown: 0.0 };
        for part in parts {
            sum.no_seat += part.no_seat * share;
            sum.unknown += part.unknown * share;
        }
        sum
    }

    /// Places with their mass, in order.
    pub fn places(&self) -> impl Iterator<Item = (Locus, f64)> {
        self.places.iter().copied()
    }

    /// Mass on having no seat.
    pub fn mass_no_seat(&self) -> f64 {
        self.no_seat
    }

    /// Mass on not knowing.
    pub fn mass_unknown(&self) -> f64 {
        self.unknown
    }

    /// Mass on the places for which something holds.
    pub fn mass_where(&self, holds: impl Fn(Locus) -> bool) -> f64 {
        let sum: f64 = self.places.iter().filter(|(place, _)| holds(*place)).map(|(_, mass)| mass).sum();
        clamp(sum)
    }
}

/// In order, with what comes several times added up.
fn merged(mut places: Vec<(Locus, f64)>) -> Vec<(Locus, f64)> {
    places.sort_by_key(|row| row.0);
    places.dedup_by(|next, sum| {
        let same = next.0 == sum.0;
        if same {
            sum.1 += next.1;
        }
        same
    });
    places
}

fn clamp(probability: f64) -> f64 {
    if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn total(posterior: &Posterior) -> f64 {
        posterior.places().map(|(_, mass)| mass).sum::<f64>() + posterior.mass_no_seat() + posterior.mass_unknown()
    }

    fn locus() -> impl Strategy<Value = Locus> {
        "[A-Z]{2}".prop_map(|code| Locus::Country(code.parse().unwrap()))
    }

    fn any_posterior() -> impl Strategy<Value = Posterior> {
        prop_oneof![
            Just(Posterior::unknown()),
            any::<f64>().prop_map(Posterior::no_seat),
            (any::<f64>(), prop::collection::vec((locus(), any::<f64>()), 0..6))
                .prop_map(|(mass, weights)| Posterior::spread(mass, weights)),
        ]
    }

    proptest! {
        #[test]
        fn it_sums_to_one(parts in prop::collection::vec(any_posterior(), 1..5)) {
            for part in &parts {
                prop_assert!((total(part) - 1.0).abs() < 1e-9);
            }
            prop_assert!((total(&Posterior::mean(&parts)) - 1.0).abs() < 1e-9);
        }

        #[test]
        fn the_order_of_sources_does_not_matter(parts in prop::collection::vec(any_posterior(), 1..5)) {
            let mut turned = parts.clone();
            turned.reverse();
            let (a, b) = (Posterior::mean(&parts), Posterior::mean(&turned));
            for (place, mass) in a.places() {
                prop_assert!((b.mass_where(|other| other == place) - mass).abs() < 1e-9);
            }
        }
    }
}
