//! Rows of the user's own, laid over the embedded tables.
//!
//! A company's programme or vendor is written as those of `data/` are, and meets the same checks. A row with an embedded id changes only the
//! keys that it gives; its designations come on top of the embedded ones. Nothing is replaced in silence: every change is told.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::model::Authority;
use super::{Data, EmbeddedError, Tables, check, compile, taken};

/// The authority of a programme whose row names none: whoever wrote the policy.
pub const OWN_AUTHORITY: &str = "own";

/// Longest text in a row.
const MOST_TEXT: usize = 2_000;

/// What a row of the user's own is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnKind {
    /// An organisation.
    Vendor,
    /// A programme.
    Programme,
}

impl OwnKind {
    /// The word for it, which is its table in a policy too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::Programme => "programme",
        }
    }
}

/// A row of the user's own, in the format of `data/`.
#[derive(Clone, Debug)]
pub struct OwnRow {
    /// What it is.
    pub kind: OwnKind,
    /// Its keys.
    pub row: Map<String, Value>,
    /// Where it stands, in words: the citation of a programme that gives none.
    pub reference: String,
}

/// The tables with the user's rows.
#[derive(Debug)]
pub struct Laid {
    /// The tables.
    pub data: Data,
    /// Rows that change an embedded one, by their place among those given, and what they change, in words.
    pub overrides: Vec<(usize, String)>,
    /// Ids of the programmes that only the user has.
    pub programmes: BTreeSet<String>,
}

/// Why rows cannot be used: which of them, by its place, and why.
#[derive(Debug)]
pub enum OwnError {
    /// The rows are wrong.
    Rows(Vec<(usize, String)>),
    /// The embedded tables cannot be packed again.
    Embedded(EmbeddedError),
}

impl From<postcard::Error> for OwnError {
    fn from(error: postcard::Error) -> Self {
        Self::Embedded(error.into())
    }
}

impl Data {
    /// Lays rows over the tables: about ten milliseconds, whatever their number.
    ///
    /// The text of the new tables stays until the process ends, as that of the embedded ones does.
    pub fn with_own(self, rows: &[OwnRow]) -> Result<Laid, OwnError> {
        let mut tables: Tables<String> = postcard::from_bytes(&postcard::to_allocvec(&self.tables)?)?;
        let mut problems = Vec::new();
        let mut overrides = Vec::new();
        let mut programmes = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut vendors = places(&tables.vendors, |row| &row.id);
        let mut known = places(&tables.programmes, |row| &row.id);
        for (at, own) in rows.iter().enumerate() {
            let Some(id) = id(own).map_err(|what| problems.push((at, what))).ok() else { continue };
            problems.extend(unfit_text(&own.row).into_iter().map(|what| (at, what)));
            if !seen.insert((own.kind.as_str(), id.clone())) {
                problems.push((at, format!("{} `{id}` stands twice", own.kind.as_str())));
            }
            let laid = match own.kind {
                OwnKind::Vendor => lay(&mut tables.vendors, &mut vendors, own, &id),
                OwnKind::Programme => lay(&mut tables.programmes, &mut known, own, &id),
            };
            match laid {
                Ok(true) => overrides.push((at, changes(own, &id))),
                Ok(false) if own.kind == OwnKind::Programme => _ = programmes.insert(id),
                Ok(false) => {}
                Err(what) => problems.push((at, what)),
            }
        }
        if problems.is_empty() {
            finish(&mut tables, &self);
            let about = About::new(rows);
            let told = check::problems(&tables).into_iter().chain(taken::names(&tables, &self, rows));
            problems = told.map(|what| (about.row(&what), what)).collect();
            overrides.extend(taken::parts(&tables, &self, rows));
            overrides.sort();
        }
        if !problems.is_empty() {
            return Err(OwnError::Rows(problems));
        }
        let packed: &'static [u8] = postcard::to_allocvec(&tables)?.leak();
        Ok(Laid { data: Self { tables: postcard::from_bytes(packed)?, ..self }, overrides, programmes })
    }
}

fn finish(tables: &mut Tables<String>, embedded: &Data) {
    if tables.programmes.iter().any(|row| row.authority == OWN_AUTHORITY) {
        let own = Authority {
            id: OWN_AUTHORITY.to_owned(),
            name: "the policy itself".to_owned(),
            country: String::new(),
            source: String::new(),
        };
        tables.authorities.push(own);
    }
    compile::sort(tables);
    compile::index(tables);
    // The data is of the day that it was: a row of the user's makes nothing else newer.
    tables.data_date = embedded.tables.data_date;
}

/// The id of a row; it is shown in every format as it stands.
fn id(own: &OwnRow) -> Result<String, String> {
    let id = own.row.get("id").and_then(Value::as_str).unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.is_empty() {
        Err(format!("a {} needs an `id`", own.kind.as_str()))
    } else if id.chars().all(plain) && id.starts_with(|c: char| c.is_ascii_lowercase()) && id.len() <= 64 {
        Ok(id.to_owned())
    } else {
        Err(format!("`{id}` is not an id: a small letter, then small letters, digits and hyphens, 64 at the most"))
    }
}

/// Texts that are too long, or hold what could do harm where they are shown.
fn unfit_text(row: &Map<String, Value>) -> Vec<String> {
    fn walk(key: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if text.chars().count() > MOST_TEXT => {
                found.push(format!("`{key}` is longer than {MOST_TEXT} characters"));
            }
            Value::String(text) if text.chars().any(is_harmful) => {
                found.push(format!(
                    "`{key}` holds a control character, or one that nobody sees or that turns the direction of text"
                ));
            }
            // It becomes a link in some formats.
            Value::String(text) if matches!(key, "source" | "see_also") && !text.chars().all(is_of_an_address) => {
                found.push(format!(
                    "`{text}` is not an address: percent-encode what is not a letter, a digit or -._~:/?#@!$&*+,;=%"
                ));
            }
            Value::Array(values) => values.iter().for_each(|value| walk(key, value, found)),
            Value::Object(table) => table.iter().for_each(|(key, value)| walk(key, value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    row.iter().for_each(|(key, value)| walk(key, value, &mut found));
    found
}

fn is_of_an_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c)
}

/// Control characters, and what Unicode calls format characters: changes of direction, joiners, tags, invisible operators, variation
/// selectors. Line and paragraph separators too, and the two that are no characters and that XML has no place for.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(
            u32::from(c),
            0x00AD
                | 0x034F
                | 0x061C
                | 0x115F..=0x1160
                | 0x17B4..=0x17B5
                | 0x180B..=0x180F
                | 0x200B..=0x200F
                | 0x2028..=0x202E
                | 0x2060..=0x206F
                | 0x3164
                | 0xFE00..=0xFE0F
                | 0xFEFF
                | 0xFFA0
                | 0xFFF0..=0xFFFB
                | 0xFFFE..=0xFFFF
                | 0x1BCA0..=0x1BCA3
                | 0x1D173..=0x1D17A
                | 0xE0000..=0xE0FFF
        )
}

/// Where each row stands, by its id.
fn places<T>(rows: &[T], of: impl Fn(&T) -> &String) -> BTreeMap<String, usize> {
    rows.iter().enumerate().map(|(at, row)| (of(row).clone(), at)).collect()
}

/// Lays a row over the one with its id, or adds it; whether there was one.
fn lay<T: serde::Serialize + DeserializeOwned>(
    rows: &mut Vec<T>,
    places: &mut BTreeMap<String, usize>,
    own: &OwnRow,
    id: &str,
) -> Result<bool, String> {
    let known = places.get(id).copied();
    let mut merged = match known {
        Some(at) => serde_json::to_value(&rows[at]).map_err(|error| error.to_string())?,
        None => Value::Object(defaults(own)),
    };
    if let Value::Object(merged) = &mut merged {
        for (key, value) in &own.row {
            match (merged.get_mut(key), value) {
                (Some(Value::Array(listed)), Value::Array(more)) if key == "designation" => listed.extend(more.clone()),
                _ => _ = merged.insert(key.clone(), value.clone()),
            }
        }
    }
    let row = serde_json::from_value(merged).map_err(|error| format!("{} `{id}`: {error}", own.kind.as_str()))?;
    if let Some(at) = known {
        rows[at] = row;
    } else {
        places.insert(id.to_owned(), rows.len());
        rows.push(row);
    }
    Ok(known.is_some())
}

/// What a row that only the user has need not say.
fn defaults(own: &OwnRow) -> Map<String, Value> {
    let given = match own.kind {
        OwnKind::Vendor => json!({ "confidence": "high" }),
        OwnKind::Programme => json!({
            "authority": OWN_AUTHORITY,
            "citation": own.reference,
            "effect": "own-policy",
            "summary": own.row.get("title"),
            "verification": "read",
        }),
    };
    match given {
        Value::Object(given) => given,
        _ => Map::new(),
    }
}

/// What a row changes, in words.
fn changes(own: &OwnRow, id: &str) -> String {
    let keys: Vec<&str> = own.row.keys().map(String::as_str).filter(|key| *key != "id").collect();
    format!("{} changes {} `{id}` of the embedded data: {}", own.reference, own.kind.as_str(), keys.join(", "))
}

/// Which row a problem speaks of: the first with one of its words in backticks as its id, else anywhere, else the first of all.
struct About<'a> {
    ids: BTreeMap<&'a str, usize>,
    texts: BTreeMap<&'a str, usize>,
}

impl<'a> About<'a> {
    fn new(rows: &'a [OwnRow]) -> Self {
        fn walk<'a>(value: &'a Value, at: usize, texts: &mut BTreeMap<&'a str, usize>) {
            match value {
                Value::String(text) => _ = texts.entry(text).or_insert(at),
                Value::Array(values) => values.iter().for_each(|value| walk(value, at, texts)),
                Value::Object(table) => table.values().for_each(|value| walk(value, at, texts)),
                _ => {}
            }
        }
        let mut found = Self { ids: BTreeMap::new(), texts: BTreeMap::new() };
        for (at, own) in rows.iter().enumerate() {
            if let Some(id) = own.row.get("id").and_then(Value::as_str) {
                found.ids.entry(id).or_insert(at);
            }
            own.row.values().for_each(|value| walk(value, at, &mut found.texts));
        }
        found
    }

    fn row(&self, problem: &str) -> usize {
        let words = || problem.split('`').skip(1).step_by(2);
        let found =
            words().find_map(|word| self.ids.get(word)).or_else(|| words().find_map(|word| self.texts.get(word)));
        found.copied().unwrap_or_default()
    }
}
