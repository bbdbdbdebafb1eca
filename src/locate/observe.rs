//! All authors of a history to an observation record, in which nobody can be told apart any more.

use std::collections::BTreeMap;

use super::author::{Whereabouts, locate};
use super::clocks::{Clocks, Shows, is_summer, year_of};
use super::parameters::Parameters;
use crate::country::CountryCode;
use crate::data::Data;
use crate::data::model::{Band, OBSERVATION_VERSION, Observation, Seasons, Share, Slice};
use crate::date::Date;
use crate::facts::commits::{Author, History, Vote};

/// Years that a record keeps apart; what is older is one slice.
const YEARS_APART: i16 = 4;

/// Weeks of a quarter: an author is at one place in it.
const QUARTER: i32 = 13;

/// A country below this share of a slice's weeks is left out and its band given to the band's others; so is a band, to the other bands. A
/// record stays small that way.
const SMALLEST_SHARE: f64 = 0.006;

/// What a record is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// `host/owner/repo`, lower case.
    pub repository: &'a str,
    /// The folder that was looked at, if not all of it.
    pub path: Option<&'a str>,
    /// Up to which day the history was read.
    pub as_of: Date,
}

/// Makes the record. Nothing comes back for a history without a single week of a person.
pub fn observe(
    history: &History,
    subject: Subject<'_>,
    clocks: &Clocks,
    data: &Data,
    parameters: &Parameters,
) -> Option<Observation> {
    let people = || history.authors.iter().filter(|author| !author.bot);
    let newest = people().filter_map(|author| author.votes.last()).map(|vote| year(vote.week)).max()?;
    let mut sums: BTreeMap<i16, Sum> = BTreeMap::new();
    for author in people() {
        let place = Place {
            whereabouts: &locate(author, clocks, data, parameters),
            clocks,
            silent: author.votes.iter().all(|vote| vote.offset == 0),
            trust: 1.0 - parameters.clock_is_wrong,
        };
        add(author, &place, newest, &mut sums);
    }
    let (first, last) = history.span?;
    Some(Observation {
        version: OBSERVATION_VERSION,
        repository: subject.repository.to_owned(),
        path: subject.path.map(str::to_owned),
        head: history.head.clone(),
        as_of: subject.as_of,
        first: Date::from_unix(first)?,
        last: Date::from_unix(last)?,
        commits: history.commits,
        impossible: history.impossible,
        programs: u32::try_from(history.authors.iter().filter(|author| author.bot).count()).unwrap_or(u32::MAX),
        partial: history.shallow,
        slices: sums.into_values().map(Sum::slice).collect(),
    })
}

fn year(week: i32) -> i16 {
    #[expect(clippy::cast_possible_truncation, reason = "weeks of a history lie between 1990 and a few days from now")]
    let year = year_of(week).clamp(0.0, 9999.0) as i16;
    year
}

/// What is summed up for one slice.
#[derive(Default)]
struct Sum {
    /// First and last year.
    years: Option<(i16, i16)>,
    weeks: u32,
    by_person: Vec<u32>,
    unknown: f64,
    places: BTreeMap<(Band, CountryCode), f64>,
    offsets: BTreeMap<i16, (u32, u32)>,
}

/// What the sums of one author need to know.
struct Place<'a> {
    whereabouts: &'a Whereabouts,
    clocks: &'a Clocks,
    /// The author never showed a clock but UTC, and so is nowhere that commits tell.
    silent: bool,
    /// Probability that the clock says something.
    trust: f64,
}

fn add(author: &Author, place: &Place<'_>, newest: i16, sums: &mut BTreeMap<i16, Sum>) {
    let mut of_person: BTreeMap<i16, u32> = BTreeMap::new();
    let together = |vote: &Vote| (year(vote.week), vote.week.div_euclid(QUARTER));
    for votes in author.votes.chunk_by(|a, b| together(a) == together(b)) {
        let Some(first) = votes.first() else { continue };
        let at = year(first.week);
        // All older years share the key of the year before those that stand apart.
        let key = at.max(newest - YEARS_APART);
        let sum = sums.entry(key).or_default();
        let (from, to) = sum.years.unwrap_or((at, at));
        sum.years = Some((from.min(at), to.max(at)));
        sum.add(votes, place);
        *of_person.entry(key).or_default() += count(votes.len());
    }
    for (key, weeks) in of_person {
        sums.entry(key).or_default().by_person.push(weeks);
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Sum {
    /// Adds weeks of one author and one quarter.
    fn add(&mut self, votes: &[Vote], place: &Place<'_>) {
        let Some(first) = votes.first() else { return };
        self.weeks = self.weeks.saturating_add(count(votes.len()));
        let by_clock = place.whereabouts.clocks(first.week);
        // How many weeks each clock accounts for; where a week shows UTC, only those clocks that then did so.
        let mut weeks = vec![0.0; place.clocks.len()];
        let mut located = 0.0;
        for vote in votes {
            let (winter, summer) = self.offsets.entry(vote.offset).or_default();
            *(if is_summer(vote.week) { summer } else { winter }) += 1;
            if place.silent {
                continue;
            }
            let shows = |clock| place.clocks.shows(clock, vote.week, 0) == Shows::Same;
            for (clock, (sum, mass)) in weeks.iter_mut().zip(by_clock).enumerate() {
                if vote.offset != 0 || shows(clock) {
                    *sum += place.trust * mass;
                    located += place.trust * mass;
                }
            }
        }
        self.unknown += (f64::from(count(votes.len())) - located).max(0.0);
        for (country, clock, mass) in place.whereabouts.by_home(place.clocks, &weeks).filter(|home| home.2 > 0.0) {
            *self.places.entry((place.clocks.band(clock), country)).or_default() += mass;
        }
    }

    fn slice(mut self) -> Slice {
        let (from, to) = self.years.unwrap_or_default();
        let all = f64::from(self.weeks.max(1));
        let located: f64 = self.places.values().sum();
        let mut bands: BTreeMap<Band, BTreeMap<CountryCode, f64>> = BTreeMap::new();
        for ((band, country), mass) in self.places {
            bands.entry(band).or_default().insert(country, mass);
        }
        bands.retain(|_, countries| countries.values().sum::<f64>() / all >= SMALLEST_SHARE);
        let kept: f64 = bands.values().flat_map(BTreeMap::values).sum();
        let places = bands.into_iter().flat_map(|(band, mut countries)| {
            let sum: f64 = countries.values().sum();
            let largest = countries.values().copied().fold(0.0, f64::max);
            countries.retain(|_, mass| *mass / all >= SMALLEST_SHARE || *mass >= largest);
            let left: f64 = countries.values().sum();
            let scale = sum / left * located / kept / all;
            countries.into_iter().map(move |(country, mass)| (band, country, Share::of(mass * scale)))
        });
        let places = places.collect();
        self.by_person.sort_unstable_by(|a, b| b.cmp(a));
        let mut done = 0;
        let half = self.by_person.iter().take_while(|weeks| {
            let before = done;
            done += **weeks;
            u64::from(before) * 2 < u64::from(self.weeks)
        });
        let offsets = self.offsets.into_iter().map(|(offset, (winter, summer))| Seasons { offset, winter, summer });
        let often = |row: &Seasons| f64::from(row.winter + row.summer) / all >= SMALLEST_SHARE;
        Slice {
            from,
            to,
            weeks: self.weeks,
            people: count(self.by_person.len()),
            half: count(half.count()),
            // What no place was large enough to be kept for is not known either.
            unknown: Share::of(if kept > 0.0 { self.unknown / all } else { 1.0 }),
            places,
            offsets: offsets.filter(often).collect(),
        }
    }
}
