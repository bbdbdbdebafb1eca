//! Codes of countries and of the regions that programmes name on their own.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 3166-1 alpha-2 code: two capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

/// An ISO 3166-2 code: a country, a hyphen, one to three capital letters or digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode {
    country: CountryCode,
    part: [u8; 3],
    len: u8,
}

/// A country, or a region of one that is told apart from the rest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locus {
    /// Somewhere in the country.
    Country(CountryCode),
    /// In this region of it.
    Region(RegionCode),
}

/// A text that is not a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not {expected}", text.escape_debug())]
pub struct InvalidCode {
    text: String,
    expected: &'static str,
}

impl CountryCode {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        // The constructor lets only ASCII capitals in, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl JsonSchema for CountryCode {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "CountryCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Z]{2}$" })
    }
}

impl JsonSchema for RegionCode {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RegionCode".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Z]{2}-[A-Z0-9]{1,3}$" })
    }
}

impl FromStr for CountryCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([a, b])),
            _ => Err(InvalidCode {
                text: text.to_owned(),
                expected: "an ISO 3166-1 country code of two capital letters",
            }),
        }
    }
}

impl RegionCode {
    /// The country that ISO 3166-2 files the region under.
    pub fn country(&self) -> CountryCode {
        self.country
    }

    fn part(&self) -> &str {
        std::str::from_utf8(&self.part[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl FromStr for RegionCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidCode { text: text.to_owned(), expected: "an ISO 3166-2 region code such as UA-43" };
        let (country, rest) = text.split_once('-').ok_or_else(invalid)?;
        let country = country.parse().map_err(|_| invalid())?;
        let fits = (1..=3).contains(&rest.len()) && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if !fits {
            return Err(invalid());
        }
        let mut part = [0; 3];
        part[..rest.len()].copy_from_slice(rest.as_bytes());
        Ok(Self { country, part, len: u8::try_from(rest.len()).unwrap_or(3) })
    }
}

impl Locus {
    /// The country, whether or not a region is known.
    pub fn country(&self) -> CountryCode {
        match self {
            Self::Country(country) => *country,
            Self::Region(region) => region.country(),
        }
    }
}

impl FromStr for Locus {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('-') { text.parse().map(Self::Region) } else { text.parse().map(Self::Country) }
    }
}

impl From<CountryCode> for Locus {
    fn from(country: CountryCode) -> Self {
        Self::Country(country)
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.country, self.part())
    }
}

impl fmt::Display for Locus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country(country) => country.fmt(f),
            Self::Region(region) => region.fmt(f),
        }
    }
}

macro_rules! text_form {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text(deserializer)
            }
        }
    )*};
}

text_form!(RegionCode, Locus);

fn text<'de, D: Deserializer<'de>, T: FromStr<Err = InvalidCode>>(deserializer: D) -> Result<T, D::Error> {
    Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

/// As a text; in the packed tables, which have many thousands of them, as two bytes.
impl Serialize for CountryCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return text(deserializer);
        }
        let code = <[u8; 2]>::deserialize(deserializer)?;
        let capitals = code.iter().all(u8::is_ascii_uppercase);
        capitals.then_some(Self(code)).ok_or_else(|| serde::de::Error::custom("a country code is two capital letters"))
    }
}

macro_rules! debug_as_text {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

debug_as_text!(CountryCode, RegionCode, Locus);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_are_codes() {
        for text in ["", "u", "us", "USA", "U5", "ÜS", "U\u{0}"] {
            assert!(text.parse::<CountryCode>().is_err(), "{text}");
        }
        for text in ["UA", "UA-", "UA-1234", "UA-é", "ua-43", "UA-43 "] {
            assert!(text.parse::<RegionCode>().is_err(), "{text}");
        }
        assert_eq!("UA-43".parse::<Locus>().unwrap().country(), "UA".parse().unwrap());
        assert_eq!("UA-43".parse::<RegionCode>().unwrap().to_string(), "UA-43");
    }
}
