//! An entry as it comes together.

use std::collections::BTreeMap;

use super::nations::Nations;
use super::{Options, Sink, Summary};
use crate::country::CountryCode;
use crate::data::Data;
use crate::date::Date;
use crate::facts::live::{ListedKind, ListedName, ListedParty};

/// Bytes of a text that are kept.
const LONGEST_TEXT: usize = 1_000;

/// Names of an entry that are kept.
const MOST_NAMES: usize = 1_000;

/// Programme codes and countries of an entry that are kept.
const MOST_CODES: usize = 300;

/// Texts about places that are remembered.
const MOST_PLACES: usize = 50_000;

/// An entry, half read.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    party: ListedParty,
    main: bool,
}

impl Entry {
    pub(super) fn new(id: &str, kind: ListedKind) -> Self {
        let party = ListedParty {
            id: text(id),
            kind,
            names: Vec::new(),
            countries: Vec::new(),
            sublist: None,
            programmes: Vec::new(),
            since: None,
            address: None,
        };
        Self { party, main: false }
    }

    pub(super) fn kind(&self) -> ListedKind {
        self.party.kind
    }

    /// Notes what a further row says that the entry is: a person is one in whichever row it says so.
    pub(super) fn also(&mut self, kind: ListedKind) {
        if kind == ListedKind::Person {
            self.party.kind = kind;
        }
    }

    /// Adds a name, once. A name that stands there as weak and as good is good.
    pub(super) fn name(&mut self, name: &str, weak: bool) {
        let name = text(name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ',')));
        if !name.contains(char::is_alphanumeric) {
            return;
        }
        let full = self.party.names.len() >= MOST_NAMES;
        match self.party.names.iter_mut().find(|known| known.name == name) {
            Some(known) => known.weak &= weak,
            None if !full => self.party.names.push(ListedName { name, weak }),
            None => {}
        }
    }

    /// Adds the main name: it stands first, wherever in the file it is. The first one is kept.
    pub(super) fn main_name(&mut self, name: &str) {
        self.name(name, false);
        let name = text(name.trim());
        let at = self.party.names.iter().position(|known| known.name == name);
        if let Some(at) = at.filter(|_| !self.main) {
            let main = self.party.names.remove(at);
            self.party.names.insert(0, main);
            self.main = true;
        }
    }

    pub(super) fn countries(&mut self, countries: impl IntoIterator<Item = CountryCode>) {
        for country in countries {
            if !self.party.countries.contains(&country) && self.party.countries.len() < MOST_CODES {
                self.party.countries.push(country);
            }
        }
    }

    /// Adds which part of the list it is of; the first that is said is kept.
    pub(super) fn sublist(&mut self, sublist: &str) {
        self.party.sublist = self.party.sublist.take().or_else(|| some(sublist));
    }

    pub(super) fn programme(&mut self, code: &str) {
        if let Some(code) = some(code).filter(|code| !self.party.programmes.contains(code))
            && self.party.programmes.len() < MOST_CODES
        {
            self.party.programmes.push(code);
        }
    }

    /// Adds a day of listing; the earliest is kept.
    pub(super) fn since(&mut self, day: Option<Date>) {
        self.party.since = [self.party.since, day].into_iter().flatten().min();
    }

    pub(super) fn address(&mut self, address: &str) {
        self.party.address = some(address).filter(|address| address.starts_with("https://"));
    }
}

/// Takes entries, and counts them.
pub(super) struct Taking<'a, 'o> {
    pub(super) options: &'a Options<'o>,
    pub(super) summary: Summary,
    /// Entries that were not handed on because they have no name.
    pub(super) unnamed: u64,
    /// Entries about organisations that were handed on.
    pub(super) organisations: u64,
    sink: &'a mut Sink<'o>,
    nations: Nations,
    places: BTreeMap<String, Option<CountryCode>>,
}

impl<'a, 'o> Taking<'a, 'o> {
    pub(super) fn new(options: &'a Options<'o>, sink: &'a mut Sink<'o>) -> Self {
        Self {
            options,
            summary: Summary::default(),
            unnamed: 0,
            organisations: 0,
            sink,
            nations: Nations::of(options.data),
            places: BTreeMap::new(),
        }
    }

    pub(super) fn data(&self) -> &'o Data {
        self.options.data
    }

    /// Hands an entry on, unless it has no name, or is about a person and those are not wanted.
    pub(super) fn take(&mut self, entry: Entry) {
        if entry.kind() == ListedKind::Person && !self.options.persons {
            self.summary.persons_left_out += 1;
            return;
        }
        let mut party = entry.party;
        if party.names.is_empty() {
            self.unnamed += 1;
            return;
        }
        self.organisations += u64::from(party.kind == ListedKind::Organisation);
        party.countries.sort_unstable();
        self.summary.entries += 1;
        (self.sink)(party);
    }

    /// A country by its code.
    pub(super) fn code(&self, code: &str) -> Option<CountryCode> {
        let code = code.trim().to_ascii_uppercase().parse().ok()?;
        self.data().is_country(code).then_some(code)
    }

    /// A country by its code, or by its name in words. A text that may be several countries is none.
    pub(super) fn country(&mut self, words: &str) -> Option<CountryCode> {
        let words = words.trim();
        if words.is_empty() || words.len() > LONGEST_TEXT {
            return None;
        }
        if let Some(code) = self.code(words) {
            return Some(code);
        }
        if let Some(known) = self.places.get(words) {
            return *known;
        }
        let country = self.nations.read(words);
        if self.places.len() < MOST_PLACES {
            self.places.insert(words.to_owned(), country);
        }
        country
    }
}

/// A text as it is kept: without control characters, white space in a row being one space, cut at a character.
pub(super) fn text(text: &str) -> String {
    let mut kept = String::with_capacity(text.len().min(LONGEST_TEXT));
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if kept.len() + word.len() >= LONGEST_TEXT {
            let left = LONGEST_TEXT.saturating_sub(kept.len() + 1);
            if !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(&word[..word.floor_char_boundary(left)]);
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    kept
}

fn some(words: &str) -> Option<String> {
    Some(text(words)).filter(|text| !text.is_empty())
}

/// A day as `2022-03-09`, or as `09/03/2022` with the day first.
pub(super) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let text = text.split('T').next().unwrap_or(text);
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    format!("{year:0>4}-{month:0>2}-{day:0>2}").parse().ok()
}
