//! A record to the answer on a day.

use crate::country::CountryCode;
use crate::data::model::{Band, Observation, Seasons};
use crate::date::Date;

/// Years after which work counts half.
///
/// Measured on 475 public repositories (2026-11-24): the bands of a year's weeks, foretold from the years before, are most likely with one
/// year (mean log-likelihood a week: half a year -1.041, one -1.028, two -1.033, three -1.039, ten -1.055).
pub const HALF_LIFE_YEARS: f64 = 1.0;

/// Where the work on a repository is done, on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
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
    places: Places,
}

/// A share of the work: by a band, in a country of it.
type Cell = (Band, CountryCode, f64);

/// Shares of the work by band and country; with the unknown share they make one.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    /// By band and country.
    cells: Vec<Cell>,
    /// By country, in the order of the codes.
    countries: Vec<(CountryCode, f64)>,
    /// By band, the largest first.
    bands: Vec<(Band, f64)>,
}

impl Places {
    /// Adds up what comes several times; `cells` in any order.
    fn new(mut cells: Vec<Cell>) -> Self {
        // The cells of every slice are in order already: a sort that sees runs merges them.
        cells.sort_by_key(|(band, country, _)| (*band, *country));
        cells.dedup_by(|next, sum| {
            let same = (next.0, next.1) == (sum.0, sum.1);
            if same {
                sum.2 += next.2;
            }
            same
        });
        let by_band = cells.chunk_by(|a, b| a.0 == b.0);
        let mut bands: Vec<(Band, f64)> =
            by_band.filter_map(|of| Some((of.first()?.0, of.iter().map(|cell| cell.2).sum()))).collect();
        bands.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut countries: Vec<(CountryCode, f64)> = cells.iter().map(|cell| (cell.1, cell.2)).collect();
        countries.sort_by_key(|row| row.0);
        countries.dedup_by(|next, sum| {
            let same = next.0 == sum.0;
            if same {
                sum.1 += next.1;
            }
            same
        });
        Self { cells, countries, bands }
    }

    fn scale(&mut self, factor: f64) {
        let cells = self.cells.iter_mut().map(|cell| &mut cell.2);
        let countries = self.countries.iter_mut().map(|row| &mut row.1);
        let bands = self.bands.iter_mut().map(|row| &mut row.1);
        cells.chain(countries).chain(bands).for_each(|share| *share *= factor);
    }
}

/// The work up to a day, the newer the more it counts. Nothing comes back where the record begins later.
pub fn work(record: &Observation, as_of: Date) -> Option<Work> {
    let today = as_of.year_and_part();
    let slices = record.slices.iter().filter(|slice| f64::from(slice.from) <= today && slice.weeks > 0);
    let (first, newest) = (slices.clone().next()?, slices.clone().next_back()?);
    let mut cells = Vec::with_capacity(slices.clone().map(|slice| slice.places.cells().len()).sum());
    let mut offsets: Vec<Seasons> = Vec::new();
    let (mut unknown, mut weeks) = (0.0, 0_u32);
    for slice in slices {
        let middle = f64::midpoint(f64::from(slice.from), f64::from(slice.to) + 1.0).min(today);
        let factor = f64::from(slice.weeks) * (-(today - middle) / HALF_LIFE_YEARS).exp2();
        weeks = weeks.saturating_add(slice.weeks);
        unknown += factor * slice.unknown.value();
        cells.extend(slice.places.cells().iter().map(|cell| (cell.0, cell.1, factor * cell.2.value())));
        offsets.extend(&slice.offsets);
    }
    offsets.sort_by_key(|row| row.offset);
    offsets.dedup_by(|next, sum| {
        let same = next.offset == sum.offset;
        if same {
            sum.winter = sum.winter.saturating_add(next.winter);
            sum.summer = sum.summer.saturating_add(next.summer);
        }
        same
    });
    let work = Work {
        unknown,
        weeks,
        people: newest.people,
        half: newest.half,
        years: (first.from, newest.to),
        offsets,
        places: Places::new(cells),
    };
    // Old work alone has tiny factors: its shares are the same.
    work.normalised()
}

impl Work {
    /// The mean of several, by their weeks. Nobody can say how many people these are together.
    pub fn together(mut works: Vec<Self>) -> Option<Self> {
        if works.len() < 2 {
            return works.pop();
        }
        let cells = works
            .iter()
            .flat_map(|work| work.places.cells.iter().map(|cell| (cell.0, cell.1, f64::from(work.weeks) * cell.2)));
        let unknown = works.iter().map(|work| f64::from(work.weeks) * work.unknown).sum();
        let sum = Self {
            unknown,
            weeks: works.iter().fold(0, |sum, work| sum.saturating_add(work.weeks)),
            people: 0,
            half: 0,
            years: (works.iter().map(|work| work.years.0).min()?, works.iter().map(|work| work.years.1).max()?),
            offsets: Vec::new(),
            places: Places::new(cells.collect()),
        };
        sum.normalised()
    }

    /// With shares that make one; nothing if there is nothing to share.
    fn normalised(mut self) -> Option<Self> {
        let sum = self.unknown + self.places.bands.iter().map(|row| row.1).sum::<f64>();
        if !(sum > 0.0 && sum.is_finite()) {
            return None;
        }
        self.unknown /= sum;
        self.places.scale(1.0 / sum);
        Some(self)
    }

    /// Every band with its cells, in order.
    fn cells_by_band(&self) -> impl Iterator<Item = &[Cell]> {
        self.places.cells.chunk_by(|a, b| a.0 == b.0)
    }

    /// The countries of one band, each as a cell of band, country and share.
    pub fn within(&self, band: Band) -> &[(Band, CountryCode, f64)] {
        self.cells_by_band().find(|cells| cells.first().is_some_and(|cell| cell.0 == band)).unwrap_or_default()
    }

    /// Share by country, in the order of the codes. With `unknown` they make one.
    pub fn countries(&self) -> &[(CountryCode, f64)] {
        &self.places.countries
    }

    /// Share of the work by a band, largest first.
    pub fn by_band(&self) -> &[(Band, f64)] {
        &self.places.bands
    }

    /// Share of the work that is done in some places, as a gate needs it: the share of those bands in which work is done there at least
    /// with a probability; and that probability, over these bands.
    ///
    /// A band of which one person in fifteen is listed adds nothing, however large it is.
    pub fn share_where(&self, probability: f64, holds: impl Fn(CountryCode) -> bool) -> (f64, f64) {
        let (mut share, mut inside) = (0.0, 0.0);
        for cells in self.cells_by_band() {
            let all: f64 = cells.iter().map(|cell| cell.2).sum();
            let listed: f64 = cells.iter().filter(|cell| holds(cell.1)).map(|cell| cell.2).sum();
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
        self.places.scale(factor);
        self.unknown = 1.0 - factor * (1.0 - self.unknown);
        self
    }
}
