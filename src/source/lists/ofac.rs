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

pub(super) fn read(mut first: Input<'_>, others: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    if first.format()? == Format::Xml {
        return xml::entries(first, "sdnList", &["sdnEntry"], &mut |node| {
            take(node, taking);
            Ok(())
        });
    }
    let mut others = others.into_iter();
    let addresses = others.next().ok_or(ListError::File("add.csv"))?;
    let aliases = others.next().ok_or(ListError::File("alt.csv"))?;
    let mut entries = read_main(first)?;
    read_addresses(addresses, &mut entries, taking)?;
    read_aliases(aliases, &mut entries)?;
    for entry in entries.into_values() {
        taking.take(entry);
    }
    Ok(())
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
    while rows.next()? {
        if let Some(entry) = entries.get_mut(rows.at(0).as_ref()) {
            entry.countries(taking.country(value(&rows.at(4))));
        }
    }
    Ok(())
}

fn read_aliases(input: Input<'_>, entries: &mut IndexMap<String, Entry>) -> Result<(), ListError> {
    let mut rows = table::bare(input, 5);
    while rows.next()? {
        if let Some(entry) = entries.get_mut(rows.at(0).as_ref()) {
            entry.name(value(&rows.at(3)), false);
        }
    }
    Ok(())
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
