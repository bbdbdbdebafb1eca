//! The consolidated list of financial sanctions of the European Union (FSF, format 1.1).
//!
//! XML: `export` with a `sanctionEntity` each, whose `subjectType` has the classification `P` (person) or `E`, with names in `nameAlias`,
//! of which those without `strong` are weak, and `regulation` with the code of its programme. CSV with semicolons: a row for each name,
//! address and number of an entry, which is known by `Entity_LogicalId`. The XML is as `zavod/shed/fsf.py` of opensanctions/opensanctions
//! reads it; the columns of the CSV are those of public parsers and their tests of 2026.

use indexmap::IndexMap;

use super::ListError;
use super::entry::{Entry, Taking, day};
use super::input::{Format, Input};
use super::table;
use super::xml::{self, Node};
use crate::facts::live::ListedKind;

pub(super) fn read(mut first: Input<'_>, _: Vec<Input<'_>>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    if first.format()? == Format::Csv {
        return read_csv(first, taking);
    }
    xml::entries(first, "export", &["sanctionEntity"], &mut |node| {
        take(node, taking);
        Ok(())
    })
}

/// `person` and `enterprise`, or `P` and `E`.
fn kind_of(word: &str) -> ListedKind {
    match word.to_ascii_lowercase().as_str() {
        "p" | "person" => ListedKind::Person,
        _ => ListedKind::Organisation,
    }
}

fn id_of<'a>(reference: &'a str, logical: &'a str) -> &'a str {
    if reference.is_empty() { logical } else { reference }
}

fn take(node: &Node, taking: &mut Taking<'_, '_>) {
    let subject = node.all("subjectType").next();
    let class = subject.map_or("", |subject| {
        let class = subject.attribute("classificationCode");
        if class.is_empty() { subject.attribute("code") } else { class }
    });
    let id = id_of(node.attribute("euReferenceNumber"), node.attribute("logicalId"));
    let mut entry = Entry::new(id, kind_of(class));
    for alias in node.all("nameAlias") {
        let low = alias.first("remark").to_ascii_lowercase().contains("low quality");
        let weak = low || alias.attribute("strong").eq_ignore_ascii_case("false");
        let whole = alias.attribute("wholeName");
        if whole.is_empty() {
            let parts = ["firstName", "middleName", "lastName"].map(|part| alias.attribute(part));
            entry.name(&parts.join(" "), weak);
        } else {
            entry.name(whole, weak);
        }
    }
    for regulation in node.all("regulation") {
        entry.programme(regulation.attribute("programme"));
        entry.since(day(regulation.attribute("entryIntoForceDate")));
    }
    entry.since(day(node.attribute("designationDate")));
    for place in node.all("address").chain(node.all("citizenship")) {
        entry.countries(taking.code(place.attribute("countryIso2Code")));
    }
    taking.take(entry);
}

fn read_csv(input: Input<'_>, taking: &mut Taking<'_, '_>) -> Result<(), ListError> {
    let (mut rows, header) = table::open(input, b';', "Entity_LogicalId")?;
    let [id, whole] = [header.column("Entity_LogicalId")?, header.column("NameAlias_WholeName")?];
    let kind = header.any(&["Entity_SubjectType_ClassificationCode", "Entity_SubjectType"]);
    if kind == header.any(&[]) {
        return Err(ListError::Column("Entity_SubjectType"));
    }
    let programme = header.any(&["Entity_Regulation_Programme"]);
    let [reference, designated] =
        ["Entity_EU_ReferenceNumber", "Entity_DesignationDate"].map(|name| header.any(&[name]));
    let [remark, strong] = ["NameAlias_Remark", "NameAlias_Strong"].map(|name| header.any(&[name]));
    let countries = ["Address_CountryIso2Code", "Citizenship_CountryIso2Code"].map(|name| header.any(&[name]));
    let mut entries: IndexMap<String, Entry> = IndexMap::new();
    while rows.next()? {
        let key = rows.get(id).into_owned();
        if key.is_empty() {
            continue;
        }
        let kind = kind_of(&rows.get(kind));
        let entry = entries.entry(key.clone()).or_insert_with(|| Entry::new(id_of(&rows.get(reference), &key), kind));
        entry.also(kind);
        let low = rows.get(remark).to_ascii_lowercase().contains("low quality");
        entry.name(&rows.get(whole), low || rows.get(strong).eq_ignore_ascii_case("false"));
        entry.programme(&rows.get(programme));
        entry.since(day(&rows.get(designated)));
        entry.countries(countries.iter().filter_map(|country| taking.code(&rows.get(*country))));
    }
    for entry in entries.into_values() {
        taking.take(entry);
    }
    Ok(())
}
