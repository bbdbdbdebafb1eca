//! A record to the answer on a day.

use std::collections::BTreeMap;

use crate::country::CountryCode;
use crate::data::model::{Band, Observation, Seasons, Slice};
use crate::date::Date;

/// Years after which work counts half.
///
/// Measured on 475 public repositories (2026-11-24): the bands of a year's weeks, foretold from the years before, are most likely with one
/// year (mean log-likelihood a week: half a year -1.041, one -1.028, two -1.033, three -1.039, ten -1.055).
pub const HALF_LIFE_YEARS: f64 = 1.0;

/// Where the work on a repository is done, on a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// Share of the work by band and country. With `unknown` it makes one.
    pub bands: BTreeMap<Band, BTreeMap<CountryCode, f64>>,
    /// Share of the work that says nothing about a place.
    pub unknown: f64,
    /// Weeks of work, of all slices that count.
    pub weeks: u32,
    /// People of the newest slice that counts.
    pub people: u32,
    /// How many of them did half of its weeks.
    pub half: u32,
    /// First and last year of the slices that count.
    pub years: (i16, i16),
    /// Offsets by season, of all slices that count.
    pub offsets: Vec<Seasons>,
}

/// The work up to a day, the newer the more it counts. Nothing comes back where the record begins later.
pub fn work(record: &Observation, as_of: Date) -> Option<Work> {
    let today = as_of.year_and_part();
    let slices: Vec<&Slice> =
        record.slices.iter().filter(|slice| f64::from(slice.from) <= today && slice.weeks > 0).collect();
    let newest = slices.last()?;
    let mut work =
        Work { people: newest.people, half: newest.half, years: (slices.first()?.from, newest.to), ..Work::default() };
    let mut offsets: BTreeMap<i16, (u32, u32)> = BTreeMap::new();
    let mut total = 0.0;
    for slice in &slices {
        let middle = f64::midpoint(f64::from(slice.from), f64::from(slice.to) + 1.0).min(today);
        let factor = f64::from(slice.weeks) * (-(today - middle) / HALF_LIFE_YEARS).exp2();
        total += factor;
        work.weeks = work.weeks.saturating_add(slice.weeks);
        work.unknown += factor * slice.unknown.value();
        for (band, countries) in &slice.places {
            let sums = work.bands.entry(*band).or_default();
            for (country, share) in countries {
                *sums.entry(*country).or_default() += factor * share.value();
            }
        }
        for row in &slice.offsets {
            let (winter, summer) = offsets.entry(row.offset).or_default();
            *winter += row.winter;
            *summer += row.summer;
        }
    }
    work.offsets = offsets.into_iter().map(|(offset, (winter, summer))| Seasons { offset, winter, summer }).collect();
    // Old work alone has tiny factors: its shares are the same.
    let located: f64 = work.located().map(|(_, mass)| mass).sum();
    let sum = located + work.unknown;
    if !(total > 0.0 && sum > 0.0) {
        return None;
    }
    work.unknown /= sum;
    work.bands.values_mut().flat_map(BTreeMap::values_mut).for_each(|mass| *mass /= sum);
    Some(work)
}

impl Work {
    /// Every pair of a band and a country in it, with its share; a country that lives by several bands comes several times.
    pub fn located(&self) -> impl Iterator<Item = (CountryCode, f64)> + '_ {
        self.bands.values().flat_map(|countries| countries.iter().map(|(country, mass)| (*country, *mass)))
    }

    /// Share by country.
    pub fn countries(&self) -> BTreeMap<CountryCode, f64> {
        let mut found: BTreeMap<CountryCode, f64> = BTreeMap::new();
        for (country, mass) in self.located() {
            *found.entry(country).or_default() += mass;
        }
        found
    }

    /// Share of the work by a band, largest first.
    pub fn by_band(&self) -> Vec<(Band, f64)> {
        let mut found: Vec<(Band, f64)> =
            self.bands.iter().map(|(band, countries)| (*band, countries.values().sum())).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found
    }

    /// Share of the work that is done in some places, as a gate needs it: the share of those bands in which work is done there at least
    /// with a probability; and that probability, over these bands.
    ///
    /// A band of which one person in fifteen is listed adds nothing, however large it is.
    pub fn share_where(&self, probability: f64, holds: impl Fn(CountryCode) -> bool) -> (f64, f64) {
        let (mut share, mut inside) = (0.0, 0.0);
        for countries in self.bands.values() {
            let all: f64 = countries.values().sum();
            let listed: f64 = countries.iter().filter(|(country, _)| holds(**country)).map(|(_, mass)| mass).sum();
            if all > 0.0 && listed / all >= probability {
                share += all;
                inside += listed;
            }
        }
        (share, if share > 0.0 { inside / share } else { 0.0 })
    }

    /// The same with less of it: what is known becomes unknown by a factor from 0 to 1.
    #[must_use]
    pub fn discounted(mut self, factor: f64) -> Self {
        let factor = factor.clamp(0.0, 1.0);
        self.bands.values_mut().flat_map(BTreeMap::values_mut).for_each(|mass| *mass *= factor);
        self.unknown = 1.0 - factor * (1.0 - self.unknown);
        self
    }
}
