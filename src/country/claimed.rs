//! What a claim can say about where something is.

use super::{CountryCode, Locus};

/// A place, as far as one piece of evidence tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In this country or region.
    At(Locus),
    /// In one of these countries, which the evidence cannot tell apart. Sorted, two or more.
    Band(Vec<CountryCode>),
    /// Known to have no seat: a community, a single person.
    NoSeat,
    /// The evidence names a party or a thing, not a place.
    Unstated,
}

impl Place {
    /// A place from a set of countries: nothing, one country, or a band.
    pub fn from_countries(mut countries: Vec<CountryCode>) -> Self {
        countries.sort_unstable();
        countries.dedup();
        match countries.as_slice() {
            [] => Self::Unstated,
            [one] => Self::At(Locus::Country(*one)),
            _ => Self::Band(countries),
        }
    }

    /// Every country that the place can be in.
    pub fn countries(&self) -> Vec<CountryCode> {
        match self {
            Self::At(locus) => vec![locus.country()],
            Self::Band(countries) => countries.clone(),
            Self::NoSeat | Self::Unstated => Vec::new(),
        }
    }
}
