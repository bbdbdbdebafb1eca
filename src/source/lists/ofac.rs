//! The list of specially designated nationals of the US Treasury (OFAC).
//!
//! CSV in three files without headers: `sdn.csv` (number, name, kind, programmes, title, call sign, type, tonnage, gross tonnage, flag,
//! owner, remarks), `add.csv` (number, number of the address, street, city, country, remarks), `alt.csv` (number, number of the name, kind,
//! name, remarks); `-0-` is nothing, an empty kind is an organisation, programmes are divided by `] [`. Remarks hold aliases that the
//! Treasury calls weak: `a.k.a. 'EXAMPLE'`. The shape is that of the files of July 2021 in moov-io/watchman.
//!
//! XML (`SDN.XML`, `sdnList` with an `sdnEntry` each): as parsers and test data of public repositories have it; the name space changed
//! from `tempuri.org` to `sanctionslistservice.ofac.treas.gov` and is not looked at. `sdn_advanced.xml` is not read.

use indexmap::IndexMap;

use super::ListError;
use super::entry::{Entry, Taking};
use super::input::{Format, Input};
use super::table;
use super::xml::{self, Node};
use crate::facts::live::ListedKind;

/// The further files.
const ADDRESSES: &str = "add.csv";
const ALIASES: &str = "alt.csv";

/// So many rows of a further file may be about entries that are not known, and beyond that one row in so many.
const FEW: u64 = 3;
const SHARE: u64 = 50;

pub(super) fn read(mut first: Input<'_>, others: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    if first.format()? == Format::Xml {
        return xml::entries(first, "sdnList", &["sdnEntry"], &mut |node| {
            take(node, taking);
            Ok(())
        });
    }
    let mut others = others.into_iter();
    let addresses = further(others.next(), ADDRESSES)?;
    let aliases = further(others.next(), ALIASES)?;
    let mut entries = read_main(first)?;
    read_addresses(addresses, &mut entries, taking)?;
    read_aliases(aliases, &mut entries)?;
    for entry in entries.into_values() {
        taking.take(entry);
    }
    Ok(())
}

/// A further file, which must be what the first is, and hold something.
fn further<'r>(input: Option<Input<'r>>, file: &'static str) -> Result<Input<'r>, ListError> {
    let mut input = input.ok_or(ListError::File(file))?;
    let why = match input.format() {
        Ok(Format::Csv) => return Ok(input),
        Ok(found) => ListError::Format { found: found.name(), expected: Format::Csv.name() },
        Err(why) => why,
    };
    Err(ListError::Further { file, why: Box::new(why) })
}

/// Counts the rows of a further file, and those about entries that are not in the first.
struct Known {
    file: &'static str,
    rows: u64,
    unknown: u64,
}

impl Known {
    fn of(file: &'static str) -> Self {
        Self { file, rows: 0, unknown: 0 }
    }

    fn entry<'e>(&mut self, entries: &'e mut IndexMap<String, Entry>, id: &str) -> Option<&'e mut Entry> {
        let entry = entries.get_mut(id);
        self.rows += 1;
        self.unknown += u64::from(entry.is_none());
        entry
    }

    /// An error where too many are not known. A few are in files that were not written at the same moment.
    fn whole(&self) -> Result<(), ListError> {
        let &Self { file, rows, unknown } = self;
        if unknown > FEW && unknown * SHARE > rows {
            return Err(ListError::Unknown { file, unknown, rows });
        }
        Ok(())
    }
}

/// `-0-` is how these files say nothing.
fn value(field: &str) -> &str {
    if field == "-0-" { "" } else { field }
}

fn read_main(input: Input<'_>) -> Result<IndexMap<String, Entry>, ListError> {
    let mut rows = table::bare(input, 12);
    let mut entries = IndexMap::new();
    while rows.next()? {
        let id = rows.at(0).into_owned();
        let mut entry = Entry::new(&id, kind(value(&rows.at(2))));
        entry.main_name(value(&rows.at(1)));
        for code in value(&rows.at(3)).split(['[', ']']) {
            entry.programme(code);
        }
        for alias in aliases_in(value(&rows.at(11))) {
            entry.name(alias, true);
        }
        entries.insert(id, entry);
    }
    Ok(entries)
}

fn kind(word: &str) -> ListedKind {
    match word.to_ascii_lowercase().as_str() {
        "individual" => ListedKind::Person,
        "vessel" | "aircraft" => ListedKind::Vessel,
        _ => ListedKind::Organisation,
    }
}

/// Aliases in remarks: `a.k.a. 'ONE'; a.k.a. "TWO"`.
fn aliases_in(remarks: &str) -> impl Iterator<Item = &str> {
    remarks.split(".k.a. ").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let inner = rest.get(1..)?;
        // An apostrophe within a name is followed by a letter.
        let ends = inner.match_indices(quote).map(|(at, _)| at);
        let end = ends.into_iter().find(|at| !inner[at + 1..].starts_with(char::is_alphanumeric))?;
        inner.get(..end)
    })
}

fn read_addresses(
    input: Input<'_>,
    entries: &mut IndexMap<String, Entry>,
    taking: &mut Taking<'_, '_>,
) -> Result<(), ListError> {
    let mut rows = table::bare(input, 6);
    let mut known = Known::of(ADDRESSES);
    while rows.next()? {
        if let Some(entry) = known.entry(entries, &rows.at(0)) {
            entry.countries(taking.country(value(&rows.at(4))));
        }
    }
    known.whole()
}

fn read_aliases(input: Input<'_>, entries: &mut IndexMap<String, Entry>) -> Result<(), ListError> {
    let mut rows = table::bare(input, 5);
    let mut known = Known::of(ALIASES);
    while rows.next()? {
        if let Some(entry) = known.entry(entries, &rows.at(0)) {
            entry.name(value(&rows.at(3)), false);
        }
    }
    known.whole()
}

fn take(node: &Node, taking: &mut Taking<'_, '_>) {
    let name = |node: &Node| format!("{} {}", node.first("firstName"), node.first("lastName"));
    let mut entry = Entry::new(node.first("uid"), kind(node.first("sdnType")));
    entry.main_name(&name(node));
    for alias in node.within("akaList", "aka") {
        entry.name(&name(alias), alias.first("category").eq_ignore_ascii_case("weak"));
    }
    for code in node.within("programList", "program") {
        entry.programme(code.text());
    }
    for (list, one) in
        [("addressList", "address"), ("nationalityList", "nationality"), ("citizenshipList", "citizenship")]
    {
        for place in node.within(list, one) {
            entry.countries(taking.country(place.first("country")));
        }
    }
    taking.take(entry);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_aliases_stand_in_remarks() {
        let found = |remarks| aliases_in(remarks).collect::<Vec<_>>();
        assert_eq!(found("a.k.a. 'BNC'."), ["BNC"]);
        assert_eq!(found("NIT # 1 (Colombia); a.k.a. \"ONE\"; f.k.a. 'L'UN'; Linked To: X."), ["ONE", "L'UN"]);
        assert!(found("a.k.a. 'OPEN").is_empty());
        assert!(found("DOB 1 Jan 1900").is_empty());
    }
}
