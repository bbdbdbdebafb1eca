//! Which clocks exist, who lives by them, and what they showed in a week.

use crate::country::CountryCode;
use crate::data::model::{Band, Zones};

/// Days from the Monday of week 0 to 1970-01-01.
const EPOCH_DAY: i32 = 3;

/// What a clock shows against an offset that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// That offset.
    Same,
    /// An hour more or less.
    HourOff,
    /// Something else.
    Other,
}

/// The clocks of the world, laid out so that every question of the model is one look.
#[derive(Clone, Debug)]
pub struct Clocks {
    first_week: i32,
    weeks: usize,
    /// By clock and week: what it showed at the begin and at the end of the week.
    shown: Vec<(i16, i16)>,
    bands: Vec<Band>,
    /// Every pair of a country and a clock, with the share of the world's developers who live there and by it.
    pub(super) homes: Vec<(CountryCode, usize, f64)>,
}

impl Clocks {
    /// Lays the table out. A country without developers in the prior still gets a few: nothing is impossible.
    pub fn new(zones: &Zones, prior: &[(CountryCode, f64)]) -> Self {
        let weeks = usize::from(zones.weeks);
        let mut shown = Vec::with_capacity(weeks * zones.clocks.len());
        for clock in &zones.clocks {
            let mut changes = clock.changes.iter().copied().peekable();
            let mut now = clock.changes.first().map_or(0, |change| change.1);
            for week in 0..zones.weeks {
                let before = now;
                while let Some((_, offset)) = changes.next_if(|change| change.0 <= week) {
                    now = offset;
                }
                shown.push((before, now));
            }
        }
        let of = |country: CountryCode| {
            let found = prior.binary_search_by_key(&country, |row| row.0).ok().and_then(|at| prior.get(at));
            found.map_or(FEW, |row| row.1.max(FEW))
        };
        let homes = zones.homes.iter().filter(|home| usize::from(home.clock) < zones.clocks.len());
        let homes = homes.map(|home| (home.country, usize::from(home.clock), of(home.country) * f64::from(home.share)));
        Self {
            first_week: zones.first_week,
            weeks,
            shown,
            bands: zones.clocks.iter().map(|clock| clock.band).collect(),
            homes: homes.collect(),
        }
    }

    /// How many clocks there are.
    pub fn len(&self) -> usize {
        self.bands.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bands.is_empty()
    }

    /// The band of a clock.
    pub fn band(&self, clock: usize) -> Band {
        self.bands[clock]
    }

    /// What a clock shows in a week against an offset that was seen. Weeks before and after the table are as its first and last one.
    pub(super) fn shows(&self, clock: usize, week: i32, offset: i16) -> Shows {
        let (begin, end) = self.in_week(clock, week);
        let apart = |shown: i16| i32::from(shown).abs_diff(i32::from(offset));
        match apart(begin).min(apart(end)) {
            0 => Shows::Same,
            60 => Shows::HourOff,
            // In the week of a change one of the two can be an hour off and the other two.
            _ if apart(begin) == 60 || apart(end) == 60 => Shows::HourOff,
            _ => Shows::Other,
        }
    }

    fn in_week(&self, clock: usize, week: i32) -> (i16, i16) {
        let at = usize::try_from(week.saturating_sub(self.first_week)).unwrap_or(0);
        self.shown[clock * self.weeks + at.min(self.weeks.saturating_sub(1))]
    }
}

/// Share of the world's developers in a country that no source counts.
const FEW: f64 = 1e-6;

/// The middle day of a week, as a fraction of a year: 2024.5 is the middle of 2024.
pub(super) fn year_of(week: i32) -> f64 {
    // A Thursday: the day that decides in which year an ISO week is.
    let day = f64::from(week.saturating_mul(7).saturating_sub(EPOCH_DAY).saturating_add(3));
    1970.0 + day / 365.2425
}

/// Whether a week is between the begin of April and the end of October.
pub(super) fn is_summer(week: i32) -> bool {
    (0.247..0.832).contains(&year_of(week).fract())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    fn clocks() -> Clocks {
        Clocks::new(&Data::zones().unwrap(), &[])
    }

    fn week(day: &str) -> i32 {
        let epoch = "1969-12-29".parse::<crate::date::Date>().unwrap();
        epoch.days_until(day.parse().unwrap()).div_euclid(7)
    }

    fn of(clocks: &Clocks, country: &str) -> Vec<usize> {
        clocks.homes.iter().filter(|home| home.0.as_str() == country).map(|home| home.1).collect()
    }

    #[test]
    fn summer_time_is_known_by_date() {
        let clocks = clocks();
        let germany = of(&clocks, "DE")[0];
        assert_eq!(clocks.shows(germany, week("2024-01-10"), 60), Shows::Same);
        assert_eq!(clocks.shows(germany, week("2024-07-10"), 60), Shows::HourOff);
        assert_eq!(clocks.shows(germany, week("2024-07-10"), 120), Shows::Same);
        // 2024-03-31 is the Sunday of the change: both hold in its week.
        assert_eq!(clocks.shows(germany, week("2024-03-31"), 60), Shows::Same);
        assert_eq!(clocks.shows(germany, week("2024-03-31"), 120), Shows::Same);
        assert_eq!(clocks.shows(germany, week("2024-07-10"), 480), Shows::Other);
        let russia = of(&clocks, "RU");
        let moscow = |day, offset| russia.iter().any(|at| clocks.shows(*at, week(day), offset) == Shows::Same);
        // Moscow lived by +04 from 2011 to 2014.
        assert!(moscow("2012-07-10", 240) && moscow("2024-07-10", 180));
        assert_eq!(clocks.band(of(&clocks, "CN")[0]).to_string(), "+08:00");
    }

    #[test]
    fn any_week_is_answered() {
        let clocks = clocks();
        for week in [i32::MIN, -1, 0, 100_000, i32::MAX] {
            clocks.shows(0, week, i16::MIN);
            is_summer(week);
        }
    }

    #[test]
    fn years_and_seasons_of_weeks() {
        assert!((year_of(week("2024-07-01")) - 2024.5).abs() < 0.02);
        assert!(!is_summer(week("2024-03-20")) && is_summer(week("2024-04-10")));
        assert!(is_summer(week("2024-10-20")) && !is_summer(week("2024-11-10")));
    }
}
