//! The consolidated list of the Security Council of the United Nations.
//!
//! XML: `CONSOLIDATED_LIST` with `INDIVIDUALS` and `ENTITIES`. The name of an entity is its `FIRST_NAME`; aliases have a quality, of
//! which `Low` is weak. The shape is that of the list of 2026-02-27 in moov-io/watchman (`test/testdata/UN_consolidated.xml`), and of
//! `datasets/_global/un_sc_sanctions/crawler.py` of opensanctions/opensanctions.

use super::ListError;
use super::entry::{Entry, Taking, day};
use super::input::Input;
use super::xml::{self, Node};
use crate::facts::live::ListedKind;

/// The parts of a person's name.
const PARTS: [&str; 4] = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];

pub(super) fn read(first: Input<'_>, _: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    xml::entries(first, "CONSOLIDATED_LIST", &["INDIVIDUAL", "ENTITY"], &mut |node| {
        take(node, taking);
        Ok(())
    })
}

fn take(node: &Node, taking: &mut Taking<'_, '_>) {
    let (kind, alias, address) = match node.name() {
        "INDIVIDUAL" => (ListedKind::Person, "INDIVIDUAL_ALIAS", "INDIVIDUAL_ADDRESS"),
        _ => (ListedKind::Organisation, "ENTITY_ALIAS", "ENTITY_ADDRESS"),
    };
    let number = node.first("REFERENCE_NUMBER");
    let mut entry = Entry::new(if number.is_empty() { node.first("DATAID") } else { number }, kind);
    entry.main_name(&PARTS.map(|part| node.first(part)).join(" "));
    entry.name(node.first("NAME_ORIGINAL_SCRIPT"), false);
    for alias in node.all(alias) {
        let weak = alias.first("QUALITY").eq_ignore_ascii_case("low");
        for name in alias.first("ALIAS_NAME").split("; ") {
            entry.name(name, weak);
        }
    }
    entry.programme(node.first("UN_LIST_TYPE"));
    entry.since(day(node.first("LISTED_ON")));
    for address in node.all(address) {
        entry.countries(taking.country(address.first("COUNTRY")));
    }
    for nationality in node.within("NATIONALITY", "VALUE") {
        entry.countries(taking.country(nationality.text()));
    }
    taking.take(entry);
}
