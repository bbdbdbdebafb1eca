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

    /// Days from `self` to `later`; negative when `later` is earlier.
    pub fn days_until(self, later: Self) -> i32 {
        (later.0 - self.0).get_days()
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
    fn only_the_plain_form_is_a_date() {
        for text in ["2024-13-01", "2024-02-30", "20240101", "2024-1-1", "", "2024-01-01T00:00:00Z", "+2024-01-0"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!("2024-02-29".parse::<Date>().unwrap().to_string(), "2024-02-29");
        assert_eq!(Date::from_unix(0).unwrap().to_string(), "1970-01-01");
    }
}
