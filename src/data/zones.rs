//! `zones.csv` and the time zone database to clocks: part of the compile step.
//!
//! The rules come from the copy of the tz database that jiff carries, so that the step gives the same bytes on every machine. The program
//! itself is built without that copy; it has the compiled clocks.

use std::collections::BTreeMap;
use std::path::Path;

use super::compile::{CompileError, read_text};
use super::model::{Band, Clock, Home, Zones};
use crate::country::CountryCode;

/// The Monday of the first week, 1995-01-02: older commits are rare and hardly count.
const FIRST_WEEK: i32 = 1305;

/// Weeks of the table, up to the end of 2040.
const WEEKS: u16 = 2400;

/// 1969-12-29, the Monday of week 0, in seconds since 1970.
const WEEK_ZERO: i64 = -3 * 86_400;

/// The year whose January and July name the band of a clock.
const BAND_YEAR: i32 = 2026;

/// Reads `zones.csv` and asks the time zone database what every zone showed in every week. Zones that never differed are one clock.
pub fn zones(folder: &Path) -> Result<Zones, CompileError> {
    let path = folder.join("zones.csv");
    let problem = |line: usize, what: String| CompileError::Parse {
        path: path.clone(),
        message: format!("line {}: {what}", line + 1),
    };
    let mut clocks: Vec<Clock> = Vec::new();
    let mut known: BTreeMap<Vec<(u16, i16)>, u16> = BTreeMap::new();
    let mut homes: BTreeMap<(CountryCode, u16), f32> = BTreeMap::new();
    let text = read_text(&path)?;
    let rows = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).skip(1);
    for (at, line) in rows {
        let mut columns = line.split(',');
        let (Some(country), Some(zone), Some(share), None) =
            (columns.next(), columns.next(), columns.next(), columns.next())
        else {
            return Err(problem(at, "not three columns".to_owned()));
        };
        let country: CountryCode = country.parse().map_err(|error| problem(at, format!("{error}")))?;
        let share: f32 = share.parse().map_err(|_| problem(at, format!("`{share}` is not a number")))?;
        let changes = changes(zone).ok_or_else(|| problem(at, format!("`{zone}` is not a zone of the database")))?;
        let clock = if let Some(clock) = known.get(&changes) {
            *clock
        } else {
            let clock = u16::try_from(clocks.len()).map_err(|_| problem(at, "too many clocks".to_owned()))?;
            clocks.push(Clock { band: band(&changes), changes: changes.clone() });
            known.insert(changes, clock);
            clock
        };
        *homes.entry((country, clock)).or_default() += share;
    }
    let homes = homes.into_iter().map(|((country, clock), share)| Home { country, clock, share });
    Ok(Zones { first_week: FIRST_WEEK, weeks: WEEKS, clocks, homes: homes.collect() })
}

/// The offset at the begin, and after every week in which it changed.
fn changes(zone: &str) -> Option<Vec<(u16, i16)>> {
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    let mut found: Vec<(u16, i16)> = Vec::new();
    for week in 0..WEEKS {
        // The end of the week: what changed in it has changed then.
        let seconds = WEEK_ZERO + (i64::from(FIRST_WEEK) + i64::from(week) + 1) * 7 * 86_400 - 1;
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        let minutes = i16::try_from(zone.to_offset(moment).seconds() / 60).ok()?;
        if found.last().is_none_or(|last| last.1 != minutes) {
            found.push((week, minutes));
        }
    }
    Some(found)
}

fn band(changes: &[(u16, i16)]) -> Band {
    let at = |part: f64| {
        let weeks = (f64::from(BAND_YEAR) + part - 1970.0) * 365.2425 / 7.0 - f64::from(FIRST_WEEK);
        changes.iter().take_while(|change| f64::from(change.0) <= weeks).last().map_or(0, |change| change.1)
    };
    Band { january: at(0.04), july: at(0.54) }
}
