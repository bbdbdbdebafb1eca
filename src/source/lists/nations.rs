//! Which country a field is about that holds the name of one.
//!
//! Lists turn names round: `Korea, North`, `Congo, Republic of the`, `Virgin Islands (British)`. A name is therefore known by the words
//! that it has, in any order. Only what is no such name is read as a place, as [`locate`] reads free text, and not where a part of it is
//! a name that several countries have, or the name of another country: a wrong country lets a match go that is one.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::country::place::locate;
use crate::country::{CountryCode, Place};
use crate::data::Data;

/// Spellings of lists that are not in the table of countries.
const SPELLINGS: [(&str, &str); 13] = [
    ("China, Hong Kong", "HK"),
    ("China, Macao", "MO"),
    ("China, Macau", "MO"),
    ("China, Taiwan", "TW"),
    ("Congo (Democratic Republic)", "CD"),
    ("DPR Korea", "KP"),
    ("DPRK", "KP"),
    ("Gaza", "PS"),
    ("Gaza Strip", "PS"),
    ("Occupied Palestinian Territories", "PS"),
    ("People's Democratic Republic of Korea", "KP"),
    ("Republic of Guinea Bissau", "GW"),
    ("West Bank", "PS"),
];

/// Words that are in the names of several countries, and that alone tell none.
const SHARED: [&str; 10] =
    ["congo", "congolese", "guinea", "guinean", "korea", "korean", "samoa", "sudan", "sudanese", "virgin"];

/// Words that no name of a country is known by.
const LEFT_OUT: [&str; 3] = ["and", "of", "the"];

/// The most words that a name of a country has.
const LONGEST: usize = 10;

/// Names of countries, by their words in order.
pub(super) struct Nations(BTreeMap<Vec<String>, CountryCode>);

impl Nations {
    pub(super) fn of(data: &Data) -> Self {
        let rows = data.tables.countries.iter();
        let names = rows
            .flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()).map(|name| (name, row.code)));
        let spellings = SPELLINGS.iter().filter_map(|(name, code)| Some((*name, code.parse().ok()?)));
        Self(names.chain(spellings).map(|(name, code)| (sorted(&words_of(name)), code)).collect())
    }

    /// The country of a text; nothing if it may be several.
    pub(super) fn read(&self, text: &str) -> Option<CountryCode> {
        let words = words_of(text);
        if let Some(code) = self.0.get(&sorted(&words)) {
            return Some(*code);
        }
        if words.iter().any(|word| SHARED.contains(&word.as_str())) {
            return None;
        }
        let found = match locate(text).place() {
            Place::At(locus) => locus.country(),
            Place::Band(_) | Place::NoSeat | Place::Unstated => return None,
        };
        self.within(&words).all(|other| other == found).then_some(found)
    }

    /// The countries whose names stand in a row of words.
    fn within<'a>(&'a self, words: &'a [String]) -> impl Iterator<Item = CountryCode> + 'a {
        (1..=LONGEST.min(words.len()))
            .flat_map(|length| words.windows(length))
            .filter_map(|part| self.0.get(&sorted(part)).copied())
    }
}

fn sorted(words: &[String]) -> Vec<String> {
    let mut words = words.to_vec();
    words.sort_unstable();
    words
}

/// The words of a name: without case, marks, apostrophes and dots.
fn words_of(name: &str) -> Vec<String> {
    let plain: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '`' | '.' | '\u{2018}' | '\u{2019}'))
        .collect();
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).filter(|word| !LEFT_OUT.contains(&word.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No two countries have names of the same words, so that no name is read as another country's.
    #[test]
    fn every_name_of_a_country_is_of_that_country() {
        let data = Data::embedded().unwrap();
        let nations = Nations::of(&data);
        for row in &data.tables.countries {
            for name in std::iter::once(row.name).chain(row.aliases.iter().copied()) {
                assert_eq!(nations.read(name), Some(row.code), "{name}");
                if let Some((first, rest)) = name.split_once(' ') {
                    assert_eq!(nations.read(&format!("{rest}, {first}")), Some(row.code), "{name}");
                    assert_eq!(nations.read(&format!("{rest} ({first})")), Some(row.code), "{name}");
                }
            }
        }
    }

    /// As the lists of the United States, the United Kingdom, the United Nations and the European Union spell countries.
    #[test]
    fn names_of_lists_are_of_their_country() {
        let nations = Nations::of(&Data::embedded().unwrap());
        for (name, code) in [
            ("Korea, North", "KP"),
            ("Korea (North)", "KP"),
            ("North Korea", "KP"),
            ("Korea, Democratic People's Republic of", "KP"),
            ("Democratic People\u{2019}s Republic of Korea", "KP"),
            ("DPRK", "KP"),
            ("Korea, South", "KR"),
            ("Korea, Republic of", "KR"),
            ("Republic of Korea", "KR"),
            ("Congo, Republic of the", "CG"),
            ("Congo, Democratic Republic of the", "CD"),
            ("Congo (Democratic Republic)", "CD"),
            ("Virgin Islands, British", "VG"),
            ("British Virgin Islands", "VG"),
            ("Virgin Islands, U.S.", "VI"),
            ("Bahamas, The", "BS"),
            ("Gambia, The", "GM"),
            ("Guinea-Bissau", "GW"),
            ("Guinea", "GN"),
            ("Equatorial Guinea", "GQ"),
            ("Papua New Guinea", "PG"),
            ("Sudan, South", "SS"),
            ("Sudan, The", "SD"),
            ("Iran (Islamic Republic of)", "IR"),
            ("Syrian Arab Republic", "SY"),
            ("Viet Nam", "VN"),
            ("Lao People's Democratic Republic", "LA"),
            ("Tanzania, United Republic of", "TZ"),
            ("Taiwan, Province of China", "TW"),
            ("Hong Kong, China", "HK"),
            ("Macau", "MO"),
            ("Macedonia, The Former Yugoslav Republic of", "MK"),
            ("Moldova, Republic of", "MD"),
            ("Micronesia, Federated States of", "FM"),
            ("C\u{f4}te d'Ivoire", "CI"),
            ("Northern Ireland", "GB"),
            ("Ireland, Republic of", "IE"),
            ("West Bank", "PS"),
            ("Burma", "MM"),
            ("Turkey", "TR"),
            ("T\u{fc}rkiye", "TR"),
            ("RUSSIAN FEDERATION", "RU"),
            ("Minsk, Belarus", "BY"),
        ] {
            assert_eq!(nations.read(name).map(|code| code.to_string()).as_deref(), Some(code), "{name}");
        }
        for nothing in ["Korea", "Korea, Northern part", "Virgin Islands", "undetermined", "Pyongyang, Korea", "-"] {
            assert_eq!(nations.read(nothing), None, "{nothing}");
        }
    }
}
