//! OpenSanctions: `targets.simple.csv` of any of its data sets. Read only if the user configures it; its licence is CC BY-NC 4.0.
//!
//! CSV by header, values of one field divided by `;`, countries as ISO codes in lower case. The column `program_ids` came later and may
//! be missing. The header is that of public parsers and tests of 2026.

use super::ListError;
use super::entry::{Entry, Taking};
use super::input::Input;
use super::table;
use crate::facts::live::ListedKind;
use crate::screening::looks_like_organisation;

pub(super) fn read(first: Input<'_>, _: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    let (mut rows, header) = table::open(first, b',', "schema")?;
    let [id, schema, name] = [header.column("id")?, header.column("schema")?, header.column("name")?];
    let [aliases, countries] = [header.column("aliases")?, header.column("countries")?];
    let [programmes, dataset] = ["program_ids", "dataset"].map(|name| header.any(&[name]));
    while rows.next()? {
        let Some(kind) = kind_of(&rows.get(schema), || looks_like_organisation(&rows.get(name), taking.data())) else {
            continue;
        };
        let mut entry = Entry::new(&rows.get(id), kind);
        entry.main_name(&rows.get(name));
        for alias in rows.get(aliases).split(';') {
            entry.name(alias, false);
        }
        for code in rows.get(programmes).split(';') {
            entry.programme(code);
        }
        entry.sublist(&rows.get(dataset));
        entry.countries(rows.get(countries).split(';').filter_map(|code| taking.code(code)));
        taking.take(entry);
    }
    Ok(())
}

/// What an entry is; nothing for what is no party: a wallet, a security, an address. A `LegalEntity` is a person or an organisation: it is
/// used where it is not known which (`followthemoney/schema/LegalEntity.yaml` of opensanctions/followthemoney).
fn kind_of(schema: &str, looks_like_organisation: impl Fn() -> bool) -> Option<ListedKind> {
    match schema {
        "Person" => Some(ListedKind::Person),
        "Vessel" | "Airplane" | "Vehicle" => Some(ListedKind::Vessel),
        "LegalEntity" if !looks_like_organisation() => Some(ListedKind::Person),
        "Organization" | "Company" | "LegalEntity" | "PublicBody" => Some(ListedKind::Organisation),
        _ => None,
    }
}
