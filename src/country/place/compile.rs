//! From rows of names to the file that is embedded.
//!
//! The step is reproducible: the same rows give the same bytes.

use std::collections::{BTreeMap, BTreeSet};

pub use super::fold::key;
pub use super::gazetteer::Kind;
use super::gazetteer::{CODE, Cell, MAGIC, Parts, step};

/// A name and one place that it can mean.
#[derive(Clone, Debug)]
pub struct Row {
    /// As it is written; case, marks and spaces do not count.
    pub name: String,
    /// A code of `loci`, or an ISO 3166-2 code of a division. Empty for a name of nowhere.
    pub place: String,
    /// What kind of name it is.
    pub kind: Kind,
    /// How many people mean this place by it, against other places of the name; in no unit.
    pub weight: f64,
    /// The place is commonly called otherwise.
    pub alternate: bool,
    /// The name is an ordinary word too.
    pub word: bool,
}

/// Why rows do not compile.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// A row names a place whose country is not among the loci.
    #[error("{name}: {place} is not a known place")]
    Place {
        /// Its name.
        name: String,
        /// What it gives as its place.
        place: String,
    },
    /// The map cannot be built, or is larger than it can be.
    #[error("the map of names cannot be built: {0}")]
    Map(String),
}

/// Longest name that is kept, in bytes of folded letters.
const LONGEST: usize = 60;

/// Compiles rows. `loci` are the codes that are told apart: countries, and the regions that programmes name.
pub fn compile(loci: &BTreeSet<String>, rows: &[Row]) -> Result<Vec<u8>, PlacesError> {
    let loci: Vec<&str> = loci.iter().map(String::as_str).collect();
    let numbers: BTreeMap<&str, u16> =
        loci.iter().enumerate().filter_map(|(at, code)| Some((*code, u16::try_from(at).ok()?))).collect();
    let divisions = divisions(&numbers, rows);
    let mut names: BTreeMap<Vec<u8>, Places> = BTreeMap::new();
    for row in rows {
        let (letters, breaks) = key(&row.name);
        if letters.is_empty() || letters.len() > LONGEST {
            continue;
        }
        let (locus, division) = place(&numbers, &divisions, row)?;
        let merged = names.entry(letters).or_default().entry((locus, row.kind, division)).or_insert(Merged {
            weight: 0.0,
            alternate: true,
            word: true,
            breaks: 3,
        });
        // Towns of one name add up; a country is not larger for being called the same in many languages.
        merged.weight = if row.kind == Kind::City { merged.weight + row.weight } else { merged.weight.max(row.weight) };
        merged.alternate &= row.alternate;
        merged.word &= row.word;
        merged.breaks = merged.breaks.min(breaks);
    }
    let mut lists: Vec<u32> = Vec::new();
    let mut known: BTreeMap<Vec<Cell>, u64> = BTreeMap::new();
    let mut map = fst::MapBuilder::memory();
    for (letters, places) in &names {
        let breaks = places.values().map(|merged| merged.breaks).min().unwrap_or_default();
        let mut cells: Vec<(f64, Cell)> = places
            .iter()
            .map(|(&(locus, kind, division), merged)| (merged.weight, merged.cell(locus, kind, division, breaks)))
            .collect();
        cells.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let cells: Vec<Cell> = cells.into_iter().map(|cell| cell.1).collect();
        let value = if let [one] = cells.as_slice() {
            u64::from(one.0) << 1
        } else {
            let at = *known.entry(cells.clone()).or_insert_with(|| {
                let at = lists.len() as u64;
                let last = cells.len() - 1;
                lists.extend(cells.iter().enumerate().map(|(index, cell)| cell.with_more(index < last).0));
                at
            });
            at << 1 | 1
        };
        map.insert(letters, value).map_err(|error| PlacesError::Map(error.to_string()))?;
    }
    let map = map.into_inner().map_err(|error| PlacesError::Map(error.to_string()))?;
    let lists: Vec<u8> = lists.into_iter().flat_map(u32::to_le_bytes).collect();
    let (firsts, codes) = sections(&loci, &divisions);
    let loci: Vec<u8> = loci.iter().flat_map(|code| padded(code)).collect();
    let mut file = MAGIC.to_vec();
    for section in [&loci, &firsts, &codes, &lists] {
        let length = u32::try_from(section.len()).map_err(|error| PlacesError::Map(error.to_string()))?;
        file.extend(length.to_le_bytes());
    }
    for section in [&loci, &firsts, &codes, &lists, &map] {
        file.extend_from_slice(section);
    }
    Ok(file)
}

/// The places of a name: locus, kind and division.
type Places = BTreeMap<(u16, Kind, u8), Merged>;

struct Merged {
    weight: f64,
    alternate: bool,
    word: bool,
    breaks: usize,
}

impl Merged {
    fn cell(&self, locus: u16, kind: Kind, division: u8, breaks: usize) -> Cell {
        Cell::new(Parts {
            locus,
            kind,
            division,
            weight: step(self.weight),
            word: self.word,
            alternate: self.alternate,
            breaks: u8::try_from(breaks.min(3)).unwrap_or(3),
        })
    }
}

type Divisions<'a> = BTreeMap<u16, Vec<&'a str>>;

/// The divisions that rows name, by locus; their number is the place in the list, from one.
fn divisions<'a>(numbers: &BTreeMap<&str, u16>, rows: &'a [Row]) -> Divisions<'a> {
    let mut found: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        if numbers.contains_key(row.place.as_str()) {
            continue;
        }
        if let Some((country, _)) = row.place.split_once('-')
            && let Some(&locus) = numbers.get(country)
        {
            found.entry(locus).or_default().insert(&row.place);
        }
    }
    // A number has seven bits. No country of which a division is told apart by a code has more.
    found.into_iter().map(|(locus, codes)| (locus, codes.into_iter().take(127).collect())).collect()
}

fn place(numbers: &BTreeMap<&str, u16>, divisions: &Divisions<'_>, row: &Row) -> Result<(u16, u8), PlacesError> {
    if row.place.is_empty() {
        return Ok((0, 0));
    }
    if let Some(&locus) = numbers.get(row.place.as_str()) {
        return Ok((locus, 0));
    }
    let country = row.place.split_once('-').map(|(country, _)| country);
    let Some(&locus) = country.and_then(|country| numbers.get(country)) else {
        return Err(PlacesError::Place { name: row.name.clone(), place: row.place.clone() });
    };
    let at = divisions.get(&locus).and_then(|codes| codes.iter().position(|code| *code == row.place));
    Ok((locus, at.and_then(|at| u8::try_from(at + 1).ok()).unwrap_or_default()))
}

fn sections(loci: &[&str], divisions: &Divisions<'_>) -> (Vec<u8>, Vec<u8>) {
    let mut firsts = Vec::new();
    let mut codes = Vec::new();
    for locus in 0..loci.len() {
        let first = u16::try_from(codes.len() / CODE).unwrap_or(u16::MAX);
        firsts.extend(first.to_le_bytes());
        let own = u16::try_from(locus).ok().and_then(|locus| divisions.get(&locus));
        codes.extend(own.into_iter().flatten().flat_map(|code| padded(code)));
    }
    (firsts, codes)
}

fn padded(code: &str) -> [u8; CODE] {
    let mut bytes = [b' '; CODE];
    for (to, from) in bytes.iter_mut().zip(code.bytes()) {
        *to = from;
    }
    bytes
}
