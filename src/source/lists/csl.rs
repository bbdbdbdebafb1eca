//! The Consolidated Screening List of the United States: lists of Commerce, State and Treasury in one file.
//!
//! CSV with 29 named columns, several values of one field divided by `; `; or JSON, `{"results": […]}`, with arrays and addresses in parts.
//! The shape of the CSV is that of a sample of June 2025, of the JSON that which `datasets/us/trade_csl/crawler.py` of
//! opensanctions/opensanctions reads. The kind of an entry is empty on the lists of Commerce and State. Of the Denied Persons List and
//! the lists of debarred parties an entry is then a person unless one of its names says otherwise; of the others (Entity List, Unverified
//! List, Military End User List) all are organisations, though a few are persons: a company that is lost would be worse.

use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de::DeserializeSeed};

use super::ListError;
use super::entry::{Entry, Taking, day};
use super::input::{Count, Format, Input};
use super::table;
use crate::facts::live::ListedKind;
use crate::screening::looks_like_organisation;

/// Lists that name persons and organisations without telling which, most of them persons.
const MOSTLY_PERSONS: [&str; 3] = ["denied persons list", "itar debarred", "aeca debarred"];

/// An entry, as either format has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(alias = "_id")]
    id: Text,
    source: Text,
    #[serde(rename = "type")]
    kind: Text,
    programs: Texts,
    name: Text,
    addresses: Addresses,
    start_date: Text,
    source_list_url: Text,
    alt_names: Texts,
    citizenships: Texts,
    nationalities: Texts,
    country: Text,
}

pub(super) fn read(mut first: Input<'_>, _: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    match first.format()? {
        Format::Json => read_json(first, taking),
        Format::Csv | Format::Xml => read_csv(first, taking),
    }
}

fn read_csv(input: Input<'_>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    let (mut rows, header) = table::open(input, b',', "source")?;
    let [id, source, kind, name] =
        [header.column("_id")?, header.column("source")?, header.column("type")?, header.column("name")?];
    let [programs, addresses, alt_names] =
        [header.column("programs")?, header.column("addresses")?, header.column("alt_names")?];
    let [start, url] = [header.any(&["start_date"]), header.any(&["source_list_url"])];
    let [citizenships, nationalities] = [header.any(&["citizenships"]), header.any(&["nationalities"])];
    while rows.next()? {
        let text = |column| Text(rows.get(column).into_owned());
        let many = |column| Texts(rows.get(column).split(';').map(str::to_owned).collect());
        let wire = Wire {
            id: text(id),
            source: text(source),
            kind: text(kind),
            programs: many(programs),
            name: text(name),
            addresses: Addresses(many(addresses).0.iter().map(|address| Address::of_line(address)).collect()),
            start_date: text(start),
            source_list_url: text(url),
            alt_names: many(alt_names),
            citizenships: many(citizenships),
            nationalities: many(nationalities),
            country: Text::default(),
        };
        take(&wire, taking);
    }
    Ok(())
}

fn take(wire: &Wire, taking: &mut Taking<'_, '_>) {
    let mut entry = Entry::new(&wire.id.0, kind_of(wire, taking));
    entry.main_name(before_successors(&wire.name.0));
    for name in wire.alt_names.0.iter().flat_map(|names| names.split(';')) {
        let name = name.trim();
        entry.name(name.strip_prefix("and ").unwrap_or(name), false);
    }
    entry.sublist(&wire.source.0);
    for code in &wire.programs.0 {
        entry.programme(code);
    }
    for address in &wire.addresses.0 {
        entry.countries(taking.country(&address.country.0));
    }
    for code in wire.citizenships.0.iter().chain(&wire.nationalities.0).chain([&wire.country.0]) {
        entry.countries(taking.country(code));
    }
    entry.since(day(&wire.start_date.0));
    entry.address(&wire.source_list_url.0);
    taking.take(entry);
}

fn kind_of(wire: &Wire, taking: &Taking<'_, '_>) -> ListedKind {
    match wire.kind.0.trim().to_ascii_lowercase().as_str() {
        "individual" => ListedKind::Person,
        "vessel" | "aircraft" => ListedKind::Vessel,
        "entity" => ListedKind::Organisation,
        _ => {
            let source = wire.source.0.trim().to_ascii_lowercase();
            let persons = MOSTLY_PERSONS.iter().any(|list| source.starts_with(list));
            // An organisation whose name does not say so may have one that does.
            let mut names = wire.alt_names.0.iter().flat_map(|names| names.split(';')).chain([wire.name.0.as_str()]);
            if persons && !names.any(|name| looks_like_organisation(name, taking.data())) {
                ListedKind::Person
            } else {
                ListedKind::Organisation
            }
        }
    }
}

/// The lists of State widen a name: `; and any successor, sub-unit, or subsidiary thereof`.
fn before_successors(name: &str) -> &str {
    name.find("and any successor").and_then(|at| name.get(..at)).map_or(name, str::trim)
}

/// A text. It may be null, and no UTF-8: as bytes, JSON is read past what is none.
#[derive(Debug, Default)]
struct Text(String);

/// Texts: an array, or one text.
#[derive(Debug, Default)]
struct Texts(Vec<String>);

#[derive(Debug, Default)]
struct Addresses(Vec<Address>);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address {
    country: Text,
}

impl Address {
    /// The country is the last part of an address in one line: a code, where the address has one.
    fn of_line(line: &str) -> Self {
        let last = line.rsplit(',').next().unwrap_or(line).trim();
        let code = last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_uppercase());
        Self { country: Text(if code { last.to_owned() } else { String::new() }) }
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Text, E> {
        Ok(Text(String::from_utf8_lossy(bytes).into_owned()))
    }

    fn visit_none<E: Error>(self) -> Result<Text, E> {
        Ok(Text::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Text, D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Text, A::Error> {
        // Bytes of an array are no text; an array of texts stands for its first.
        let first = items.next_element::<Text>()?.unwrap_or_default();
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(TextVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Texts, E> {
        Ok(Texts(String::from_utf8_lossy(bytes).split(';').map(str::to_owned).collect()))
    }

    fn visit_none<E: Error>(self) -> Result<Texts, E> {
        Ok(Texts::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Texts, D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while let Some(Text(text)) = items.next_element()? {
            texts.push(text);
        }
        Ok(Texts(texts))
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(TextsVisitor)
    }
}

struct AddressesVisitor;

impl<'de> Visitor<'de> for AddressesVisitor {
    type Value = Addresses;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("addresses")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Addresses, E> {
        Ok(Addresses(String::from_utf8_lossy(bytes).split(';').map(Address::of_line).collect()))
    }

    fn visit_none<E: Error>(self) -> Result<Addresses, E> {
        Ok(Addresses::default())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Addresses, D::Error> {
        deserializer.deserialize_bytes(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Addresses, A::Error> {
        let mut addresses = Vec::new();
        while let Some(address) = items.next_element()? {
            addresses.push(address);
        }
        Ok(Addresses(addresses))
    }
}

impl<'de> Deserialize<'de> for Addresses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(AddressesVisitor)
    }
}

/// Takes the entries of an array as they come.
struct Results<'t, 'a, 'o> {
    taking: &'t mut Taking<'a, 'o>,
    count: Count,
    /// What went wrong that JSON knows nothing of.
    failed: &'t mut Option<ListError>,
}

impl<'de> DeserializeSeed<'de> for Results<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Results<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(wire) = entries.next_element::<Wire>()? {
            if let Err(error) = self.count.record() {
                *self.failed = Some(error);
                return Err(A::Error::custom("stopped"));
            }
            take(&wire, self.taking);
        }
        Ok(())
    }
}

/// The object around them.
struct Document<'t, 'a, 'o>(Results<'t, 'a, 'o>);

impl<'de> Visitor<'de> for Document<'_, '_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `results`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut results = Some(self.0);
        while let Some(key) = map.next_key::<String>()? {
            match results.take() {
                Some(seed) if key == "results" => map.next_value_seed(seed)?,
                other => {
                    results = other;
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(results.is_none())
    }
}

fn read_json(input: Input<'_>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    let count = input.count();
    let mut failed = None;
    let mut deserializer = serde_json::Deserializer::from_reader(input.into_reader());
    let document = Document(Results { taking, count: count.clone(), failed: &mut failed });
    let read = deserializer.deserialize_map(document).and_then(|found| deserializer.end().map(|()| found));
    match read {
        Ok(true) => Ok(()),
        Ok(false) => Err(ListError::Column("results")),
        Err(_) if failed.is_some() => Err(failed.unwrap_or(ListError::TooMany)),
        Err(error) if error.is_eof() => Err(ListError::Truncated(count.records())),
        Err(error) => Err(count.broken(&error)),
    }
}
