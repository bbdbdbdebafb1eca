//! Observation records: what the history of a repository says about where the work is done, without anybody in it.
//!
//! A record is what `cargo origin observe` makes of a history. It has no names, no addresses and no ids of people; an author is only
//! counted. Shares are kept to one part in ten thousand.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{DeserializeSeed, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::zone::Band;
use crate::country::CountryCode;
use crate::date::Date;

/// The version of the format.
pub const VERSION: u32 = 1;

/// The parts of a whole share.
const PARTS: f64 = 10_000.0;

/// A share in parts of ten thousand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u16);

impl Share {
    /// The nearest share; what is no number from 0 to 1 is taken to the nearer end, or to 0.
    pub fn of(value: f64) -> Self {
        let parts = (value.clamp(0.0, 1.0) * PARTS).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 10,000, or not a number: 0"
        )]
        let parts = parts as u16;
        Self(parts)
    }

    /// As a number from 0 to 1.
    pub fn value(self) -> f64 {
        f64::from(self.0) / PARTS
    }
}

impl Serialize for Share {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_f64(self.value())
        } else {
            serializer.serialize_u16(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = if deserializer.is_human_readable() {
            let value = f64::deserialize(deserializer)?;
            (0.0..=1.0).contains(&value).then(|| Self::of(value))
        } else {
            let parts = u16::deserialize(deserializer)?;
            (f64::from(parts) <= PARTS).then_some(Self(parts))
        };
        share.ok_or_else(|| serde::de::Error::custom("a share is a number from 0 to 1"))
    }
}

impl JsonSchema for Share {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Share".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "minimum": 0, "maximum": 1 })
    }
}

/// Weeks at one offset, by the season of the northern half of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seasons {
    /// Minutes east of UTC.
    pub offset: i16,
    /// Weeks from November to March.
    pub winter: u32,
    /// Weeks from April to October.
    pub summer: u32,
}

/// Shares by band and country, in that order: a map of maps where it is written, one flat row of cells in memory, because a report reads
/// some thousands of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Vec<(Band, CountryCode, Share)>);

impl Places {
    /// Every cell, by band and country.
    pub fn cells(&self) -> &[(Band, CountryCode, Share)] {
        &self.0
    }

    /// Every band with its share, in order.
    pub fn by_band(&self) -> impl Iterator<Item = (Band, f64)> {
        self.bands().map(|(band, cells)| (band, cells.iter().map(|cell| cell.2.value()).sum()))
    }

    /// Every band with its cells, in order.
    fn bands(&self) -> impl Iterator<Item = (Band, &[(Band, CountryCode, Share)])> {
        self.0.chunk_by(|a, b| a.0 == b.0).filter_map(|cells| Some((cells.first()?.0, cells)))
    }
}

impl FromIterator<(Band, CountryCode, Share)> for Places {
    fn from_iter<I: IntoIterator<Item = (Band, CountryCode, Share)>>(cells: I) -> Self {
        let mut cells: Vec<_> = cells.into_iter().collect();
        cells.sort_by_key(|(band, country, _)| (*band, *country));
        cells.dedup_by_key(|(band, country, _)| (*band, *country));
        Self(cells)
    }
}

impl Serialize for Places {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bands: BTreeMap<Band, BTreeMap<CountryCode, Share>> =
            self.bands().map(|(band, cells)| (band, cells.iter().map(|cell| (cell.1, cell.2)).collect())).collect();
        bands.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut cells = Vec::new();
        deserializer.deserialize_map(Bands(&mut cells))?;
        Ok(Self::from_iter(cells))
    }
}

/// Reads a map of maps into cells.
struct Bands<'a>(&'a mut Vec<(Band, CountryCode, Share)>);

impl<'de> Visitor<'de> for Bands<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shares by band and country")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(band) = map.next_key()? {
            map.next_value_seed(Countries { band, cells: self.0 })?;
        }
        Ok(())
    }
}

/// Reads the countries of one band.
struct Countries<'a> {
    band: Band,
    cells: &'a mut Vec<(Band, CountryCode, Share)>,
}

impl<'de> DeserializeSeed<'de> for Countries<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Countries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shares by country")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((country, share)) = map.next_entry()? {
            self.cells.push((self.band, country, share));
        }
        Ok(())
    }
}

/// The work of one or more years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    /// The first year.
    pub from: i16,
    /// The last year.
    pub to: i16,
    /// Weeks of work: one a person and week in which the person committed.
    pub weeks: u32,
    /// How many people.
    pub people: u32,
    /// The smallest number of people who did half of the weeks.
    pub half: u32,
    /// The share of the weeks that says nothing about a place.
    pub unknown: Share,
    /// The rest of the weeks by band and country; with `unknown` it makes one, but for rounding.
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Share>>")]
    pub places: Places,
    /// The offsets that the weeks had, from west to east.
    pub offsets: Vec<Seasons>,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The version of the format.
    pub version: u32,
    /// The repository: `host/owner/repo`, lower case.
    pub repository: String,
    /// The folder of the repository that was looked at, if not all of it.
    pub path: Option<String>,
    /// Object id of the newest commit.
    pub head: String,
    /// Up to which day the history was read.
    #[schemars(with = "String")]
    pub as_of: Date,
    /// Day of the oldest commit that was counted.
    #[schemars(with = "String")]
    pub first: Date,
    /// Day of the newest commit that was counted.
    #[schemars(with = "String")]
    pub last: Date,
    /// Commits that were counted: without merges and programs.
    pub commits: u64,
    /// Commits that were left out because their date or offset is impossible.
    pub impossible: u64,
    /// Authors that were left out because they are programs.
    pub programs: u32,
    /// Whether only a part of the history was there.
    pub partial: bool,
    /// The work by time, oldest first.
    pub slices: Vec<Slice>,
}
