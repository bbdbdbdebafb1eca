//! The UK Sanctions List.
//!
//! CSV whose first line is the day of the report and whose second the header; a row for each name and address of an entry, the
//! entry being known by `Unique ID`. The family name, or the name of an organisation, is `Name 6`, and `Name 1` to `Name 5` stand in front of
//! it. Header and rows are those of the tests of moov-io/watchman (`Report Date: 13-Feb-2026`) and of other public tests of 2026.

use indexmap::IndexMap;

use super::ListError;
use super::entry::{Entry, Taking, day};
use super::input::Input;
use super::table;
use crate::facts::live::ListedKind;

/// The parts of a name in their order.
const PARTS: [&str; 6] = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"];

pub(super) fn read(first: Input<'_>, _: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    let (mut rows, header) = table::open(first, b',', "Unique ID")?;
    let id = header.column("Unique ID")?;
    header.column("Name 6")?;
    let parts = PARTS.map(|part| header.any(&[part]));
    let kind = match header.column("Designation Type") {
        Ok(column) => column,
        Err(error) => Some(header.any(&["Individual, Entity, Ship"])).filter(|c| *c != header.any(&[])).ok_or(error)?,
    };
    let regime = header.any(&["Regime Name", "Regime"]);
    let [name_type, strength, script] =
        ["Name type", "Alias strength", "Name non-latin script"].map(|n| header.any(&[n]));
    let [country, designated, nationality] =
        ["Address Country", "Date Designated", "Nationality(/ies)"].map(|name| header.any(&[name]));
    let mut entries: IndexMap<String, Entry> = IndexMap::new();
    while rows.next()? {
        let key = rows.get(id).into_owned();
        if key.is_empty() {
            continue;
        }
        let kind = kind_of(&rows.get(kind));
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry::new(&key, kind));
        entry.also(kind);
        let name = parts.map(|part| rows.get(part)).join(" ");
        let weak = rows.get(strength).to_ascii_lowercase().contains("low");
        if rows.get(name_type).eq_ignore_ascii_case("primary name") {
            entry.main_name(&name);
        } else {
            entry.name(&name, weak);
        }
        entry.name(&rows.get(script), weak);
        entry.sublist(&rows.get(regime));
        entry.since(day(&rows.get(designated)));
        entry.countries(taking.country(&rows.get(country)));
        if entry.kind() == ListedKind::Person {
            entry.countries(taking.country(&rows.get(nationality)));
        }
    }
    for entry in entries.into_values() {
        taking.take(entry);
    }
    Ok(())
}

fn kind_of(word: &str) -> ListedKind {
    match word.to_ascii_lowercase().as_str() {
        "individual" => ListedKind::Person,
        "ship" => ListedKind::Vessel,
        _ => ListedKind::Organisation,
    }
}
