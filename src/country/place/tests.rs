//! The file holds what the tables say, and naming the country of a town never misleads.

use std::path::Path;

use fst::{IntoStreamer, Streamer};

use super::compile::key;
use super::gazetteer::{Cells, Gazetteer, Kind};
use super::*;

fn rows(table: &str) -> Vec<csv::StringRecord> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/places").join(table);
    let text = std::fs::read_to_string(path).unwrap();
    let rows = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes()).into_records();
    rows.map(Result::unwrap).collect()
}

fn loci(gazetteer: &Gazetteer, name: &str) -> Vec<(Kind, String)> {
    let cells: Option<Cells> = gazetteer.get(&key(name).0);
    let each = cells.into_iter().flat_map(|cells| gazetteer.each(cells));
    each.map(|cell| (cell.kind(), gazetteer.locus(cell.locus()).unwrap().to_string())).collect()
}

#[test]
fn every_row_of_the_tables_is_in_the_compiled_file() {
    let gazetteer = Gazetteer::embedded().unwrap();
    let mut seen = 0;
    let mut missing = Vec::new();
    for table in ["areas.csv", "countries.csv", "demonyms.csv", "institutions.csv", "airports.csv"] {
        for row in rows(table) {
            if key(&row[0]).0.len() > 60 {
                continue;
            }
            let known = loci(gazetteer, &row[0]);
            for place in row[1].split_whitespace() {
                seen += 1;
                let country = &place[..2];
                if !known.iter().any(|(_, locus)| locus == place || locus == country) {
                    missing.push(format!("{table}: {} {place}", &row[0]));
                }
            }
        }
    }
    for (table, kind) in [("nowhere.csv", Kind::Nowhere), ("filler.csv", Kind::Filler)] {
        for row in rows(table) {
            seen += 1;
            if !key(&row[0]).0.is_empty() && !loci(gazetteer, &row[0]).iter().any(|(found, _)| *found == kind) {
                missing.push(format!("{table}: {}", &row[0]));
            }
        }
    }
    assert!(seen > 5_000, "the tables were not read");
    assert!(missing.is_empty(), "run `.ci/places`:\n{}", missing.join("\n"));
}

#[test]
fn a_town_beside_its_country_is_never_elsewhere() {
    let gazetteer = Gazetteer::embedded().unwrap();
    let data = crate::data::Data::embedded().unwrap();
    let mut names = gazetteer.names().into_stream();
    let (mut at, mut tried, mut wrong, mut unsure) = (0_u32, 0_u32, Vec::new(), 0_u32);
    while let Some((letters, _)) = names.next() {
        at += 1;
        if at % 37 != 0 {
            continue;
        }
        let Ok(town) = std::str::from_utf8(letters) else { continue };
        for cell in gazetteer.each(gazetteer.get(letters).unwrap()) {
            let locus = gazetteer.locus(cell.locus()).unwrap();
            let Some(country) = data.country_name(locus.country()) else { continue };
            if cell.kind() != Kind::City || cell.is_word() {
                continue;
            }
            tried += 1;
            let text = format!("{town}, {country}");
            let found = locate(&text);
            let right = found.loci.iter().any(|found| found.country() == locus.country());
            match found.loci.len() {
                _ if right => {}
                0 => unsure += 1,
                _ => wrong.push(format!("{text}: {:?}", found.loci)),
            }
        }
    }
    assert!(tried > 10_000, "{tried} towns are too few");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unsure * 200 <= tried, "{unsure} of {tried} give nothing");
}
