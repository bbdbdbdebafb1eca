//! Clocks: which offset from UTC holds in which country and week.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::country::CountryCode;

/// Places whose clocks show the same time all year, by their offsets in January and in July: what a band is named after.
///
/// The two are those of the current rules; a clock that has changed its rules since keeps the band that it is in now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Band {
    /// Minutes east of UTC in January.
    pub january: i16,
    /// Minutes east of UTC in July.
    pub july: i16,
}

/// A text that is not a band.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a band of the form +08:00 or +01:00/+02:00", .0.escape_debug())]
pub struct InvalidBand(String);

/// Bands that have a usual name.
const NAMED: [(i16, i16, &str); 17] = [
    (-480, -420, "Pacific time"),
    (-420, -360, "Mountain time"),
    (-360, -300, "Central time of North America"),
    (-300, -240, "Eastern time of North America"),
    (-180, -180, "Argentina and Brazil"),
    (0, 60, "Western European time"),
    (60, 60, "West Africa time"),
    (60, 120, "Central European time"),
    (120, 120, "Central Africa time"),
    (120, 180, "Eastern European time"),
    (180, 180, "Moscow, Turkey, Arabia, East Africa"),
    (330, 330, "India"),
    (420, 420, "Indochina, western Indonesia"),
    (480, 480, "China, Taiwan, Singapore, western Australia"),
    (540, 540, "Japan and Korea"),
    (660, 600, "Sydney"),
    (780, 720, "New Zealand"),
];

impl Band {
    /// A name for people, where there is a usual one.
    pub fn name(self) -> Option<&'static str> {
        NAMED.iter().find(|(january, july, _)| (*january, *july) == (self.january, self.july)).map(|row| row.2)
    }
}

/// `+08:00`: an offset as ISO 8601 writes it.
pub fn offset_text(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

fn offset(text: &str) -> Option<i16> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let minutes = hours.parse::<i16>().ok().filter(|hours| *hours <= 14)? * 60 + minutes.parse::<i16>().ok()?;
    match text.as_bytes().first()? {
        b'+' => Some(minutes),
        b'-' => Some(-minutes),
        _ => None,
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&offset_text(self.january))?;
        if self.january == self.july { Ok(()) } else { write!(f, "/{}", offset_text(self.july)) }
    }
}

impl FromStr for Band {
    type Err = InvalidBand;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (january, july) = text.split_once('/').unwrap_or((text, text));
        match (offset(january), offset(july)) {
            (Some(january), Some(july)) => Ok(Self { january, july }),
            _ => Err(InvalidBand(text.to_owned())),
        }
    }
}

impl Serialize for Band {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            (self.january, self.july).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Band {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            let (january, july) = Deserialize::deserialize(deserializer)?;
            return Ok(Self { january, july });
        }
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A clock: zones that have shown the same time in every week since the table begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// The band that it is in now.
    pub band: Band,
    /// The offset at the begin of the table, and every change: weeks since the begin, and the offset from then on. In the week of a change
    /// both hold.
    pub changes: Vec<(u16, i16)>,
}

/// The people of a country who live by a clock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Home {
    /// The country.
    pub country: CountryCode,
    /// The clock, by its place in the table.
    pub clock: u16,
    /// Their share of the country's people; those of a country add up to one.
    pub share: f32,
}

/// Every clock, and who lives by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zones {
    /// The first week of the table, counted as in `facts::commits`.
    pub first_week: i32,
    /// How many weeks the table has.
    pub weeks: u16,
    /// The clocks.
    pub clocks: Vec<Clock>,
    /// Who lives by them, by country.
    pub homes: Vec<Home>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_is_its_text() {
        for text in ["+08:00", "+01:00/+02:00", "-03:30/-02:30", "+11:00/+10:00", "+00:00"] {
            assert_eq!(text.parse::<Band>().unwrap().to_string(), text);
        }
        for text in ["", "8", "+8", "+08", "+99:00", "+01:00/", "é1:00", "+01:00/x"] {
            assert!(text.parse::<Band>().is_err(), "{text}");
        }
    }
}
