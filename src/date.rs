//! Calendar dates, as data rows and reports write them: `YYYY-MM-DD`.
//!
//! Nothing here knows what day it is: the day is an argument everywhere below `cli`.

use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

/// A text that is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date of the form YYYY-MM-DD")]
pub struct InvalidDate(String);

impl Date {
    /// The UTC day that holds a moment, given in seconds since 1970.
    ///
    /// Returns nothing for moments outside the years -9999 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        Some(Self(jiff::tz::Offset::UTC.to_datetime(moment).date()))
    }

    /// The year with the part of it that is over: 2024.5 is the middle of 2024.
    pub fn year_and_part(self) -> f64 {
        f64::from(self.0.year()) + (f64::from(self.0.day_of_year()) - 1.0) / f64::from(self.0.days_in_year())
    }

    /// The same day a year later; the 28th for a leap day, and the day itself at the end of time.
    #[must_use]
    pub fn a_year_later(self) -> Self {
        Self(self.0.checked_add(jiff::Span::new().years(1)).unwrap_or(self.0))
    }

    /// The day after; the day itself at the end of time.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// The moment at which the day begins in UTC, in seconds since 1970.
    pub fn begin(self) -> i64 {
        Self::from_unix(0).map_or(0, |epoch| i64::from(epoch.days_until(self)) * 24 * 60 * 60)
    }

    /// The last day of the period that the day is in. Weeks end on Sunday.
    #[must_use]
    pub fn last_of(self, every: Every) -> Self {
        let day = self.0;
        let last = match every {
            Every::Day => day,
            Every::Week => {
                let left = 7 - day.weekday().to_monday_one_offset();
                day.checked_add(jiff::Span::new().days(left)).unwrap_or(day)
            }
            Every::Month => day.last_of_month(),
            Every::Quarter => {
                let month = (day.month() + 2) / 3 * 3;
                day.first_of_month().with().month(month).build().map_or(day, jiff::civil::Date::last_of_month)
            }
            Every::Year => day.last_of_year(),
        };
        Self(last)
    }

    /// Days from `self` to `later`; negative when `later` is earlier.
    pub fn days_until(self, later: Self) -> i32 {
        (later.0 - self.0).get_days()
    }
}

/// How often something is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// Every day.
    Day,
    /// Every week, on Sunday.
    Week,
    /// On the last day of every month.
    Month,
    /// On the last day of March, June, September and December.
    Quarter,
    /// On the last day of every year.
    Year,
}

impl Every {
    /// The word used on the command line and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The last day of every period from the first day on, and the last day itself, which may end none.
    pub fn days(self, from: Date, until: Date) -> impl Iterator<Item = Date> {
        let first = (from <= until).then(|| from.last_of(self).min(until));
        std::iter::successors(first, move |day| (*day < until).then(|| day.next().last_of(self).min(until)))
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return Err(InvalidDate(text.to_owned()));
        }
        text.parse().map(Self).map_err(|_| InvalidDate(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A second of time: when something was fetched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// The day in UTC; nothing outside of the years 1 to 9999.
    pub fn day(self) -> Option<Date> {
        Date::from_unix(self.0)
    }
}

/// The days from a first one up to, and without, a last one. Either end can be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day on which it holds.
    pub from: Option<Date>,
    /// First day on which it no longer holds.
    pub until: Option<Date>,
}

impl Period {
    /// Whether the period holds on a day.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_holds_its_first_day_and_not_its_end() {
        let period = Period { from: Some("2024-07-20".parse().unwrap()), until: Some("2024-09-29".parse().unwrap()) };
        assert!(!period.contains("2024-07-19".parse().unwrap()));
        assert!(period.contains("2024-07-20".parse().unwrap()));
        assert!(period.contains("2024-09-28".parse().unwrap()));
        assert!(!period.contains("2024-09-29".parse().unwrap()));
    }

    #[test]
    fn periods_end_where_a_calendar_has_it() {
        let days = |every: Every, from: &str, until: &str| -> Vec<String> {
            every.days(from.parse().unwrap(), until.parse().unwrap()).map(|day| day.to_string()).collect()
        };
        assert_eq!(days(Every::Month, "2024-01-31", "2024-03-02"), ["2024-01-31", "2024-02-29", "2024-03-02"]);
        assert_eq!(days(Every::Week, "2024-01-01", "2024-01-14"), ["2024-01-07", "2024-01-14"]);
        assert_eq!(
            days(Every::Quarter, "2023-11-30", "2024-07-01"),
            ["2023-12-31", "2024-03-31", "2024-06-30", "2024-07-01"]
        );
        assert_eq!(days(Every::Year, "2023-12-31", "2024-12-31"), ["2023-12-31", "2024-12-31"]);
        assert_eq!(days(Every::Day, "2024-02-28", "2024-03-01"), ["2024-02-28", "2024-02-29", "2024-03-01"]);
        assert!(days(Every::Day, "2024-03-01", "2024-02-28").is_empty());
        assert_eq!(days(Every::Year, "9999-01-01", "9999-12-31"), ["9999-12-31"]);
        assert_eq!(Date::from_unix(86_400).unwrap().begin(), 86_400);
    }

    #[test]
    fn only_the_plain_form_is_a_date() {
        for text in ["2024-13-01", "2024-02-30", "20240101", "2024-1-1", "", "2024-01-01T00:00:00Z", "+2024-01-0"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!("2024-02-29".parse::<Date>().unwrap().to_string(), "2024-02-29");
        assert_eq!(Date::from_unix(0).unwrap().to_string(), "1970-01-01");
    }
}
