//! Blocs on a day, those of the user's own (`[[bloc]]`) among them, and whom the user calls allied.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Deserialize;

use super::Policy;
use super::gate::near;
use super::raw::{Wrong, country};
use crate::country::CountryCode;
use crate::data::Data;
use crate::data::model::BlocMembers;
use crate::date::Date;

/// Longest name.
const MOST_NAME: usize = 100;

/// Countries that you look at together.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBloc {
    /// A word of small letters, digits and hyphens.
    id: String,
    /// Name for people; the id if none.
    name: Option<String>,
    /// Its countries, ISO 3166-1.
    countries: Vec<String>,
}

/// A bloc that only the policy has. It has no days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnBloc {
    /// The word for it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its countries, in order.
    pub countries: BTreeSet<CountryCode>,
    /// File and line.
    pub reference: String,
}

/// Reads a bloc; `seen` has the ids of those before it.
pub(super) fn own(
    raw: RawBloc,
    reference: String,
    data: &Data,
    seen: &RefCell<BTreeSet<String>>,
) -> Result<OwnBloc, Wrong> {
    let mut problems = Wrong::new();
    let RawBloc { id, name, countries } = raw;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_id = id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(plain) && id.len() <= 64;
    let is_country = id.to_ascii_uppercase().parse().is_ok_and(|code| data.is_country(code));
    let wrong = if !is_id {
        Some("is not an id: a small letter, then small letters, digits and hyphens, 64 at the most")
    } else if data.bloc(&id).is_some() {
        Some("is a bloc of the embedded data; take another id")
    } else if is_country {
        Some("is the code of a country; take another id")
    } else if !seen.borrow_mut().insert(id.clone()) {
        Some("stands twice")
    } else {
        None
    };
    problems.extend(wrong.map(|wrong| ("id", format!("bloc `{id}` {wrong}"))));
    if countries.is_empty() {
        problems.push(("countries", "a bloc has at least one country".to_owned()));
    }
    let mut members = BTreeSet::new();
    for text in countries {
        match country(&text, data) {
            Ok(code) => _ = members.insert(code),
            Err(what) => problems.push(("countries", what)),
        }
    }
    let name = name.unwrap_or_else(|| id.clone());
    if name.trim().is_empty() || name.chars().count() > MOST_NAME {
        problems.push(("name", format!("a name has 1 to {MOST_NAME} characters")));
    }
    if problems.is_empty() { Ok(OwnBloc { id, name, countries: members, reference }) } else { Err(problems) }
}

/// A bloc as it is on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlocOn {
    /// The word for it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Its members.
    pub members: BTreeSet<CountryCode>,
    /// Those of its members that take no part.
    pub frozen: BTreeSet<CountryCode>,
    /// Countries about which sources contradict each other; they are not counted.
    pub unsettled: BTreeSet<CountryCode>,
    /// Whether the days of some members are not known: they count on every day.
    pub undated: bool,
    /// Whether it has a public source; one of the user's own has the policy.
    pub verified: bool,
    /// What there is to say of it and of its members on the day.
    pub notes: Vec<String>,
    /// Public address.
    pub source: Option<String>,
    /// File and line of one of the user's own.
    pub reference: Option<String>,
}

/// Every bloc on a day, the embedded ones first.
pub fn blocs(policy: &Policy, data: &Data, day: Date) -> Vec<BlocOn> {
    let embedded = data.tables.blocs.iter().map(|row| {
        let of = |holds: &dyn Fn(&BlocMembers<&'static str>) -> bool| {
            let rows = row.rows_on(day).filter(|members| holds(members));
            rows.flat_map(|members| members.countries.iter().copied()).collect()
        };
        let said = row.rows_on(day).filter_map(|members| {
            let codes: Vec<&str> = members.countries.iter().map(CountryCode::as_str).collect();
            members.note.map(|note| format!("{}: {note}", codes.join(", ")))
        });
        BlocOn {
            id: row.id.to_owned(),
            name: row.name.to_owned(),
            members: row.members_on(day).into_iter().collect(),
            frozen: of(&|members| members.frozen),
            unsettled: of(&|members| members.unsettled),
            undated: row.rows_on(day).any(|members| members.from.is_none()),
            verified: row.source.is_some(),
            notes: row.note.map(str::to_owned).into_iter().chain(said).collect(),
            source: row.source.map(str::to_owned),
            reference: None,
        }
    });
    let own = policy.blocs.iter().map(|row| BlocOn {
        id: row.id.clone(),
        name: row.name.clone(),
        members: row.countries.clone(),
        frozen: BTreeSet::new(),
        unsettled: BTreeSet::new(),
        undated: false,
        verified: true,
        notes: Vec::new(),
        source: None,
        reference: Some(row.reference.clone()),
    });
    embedded.chain(own).collect()
}

/// Whom a user calls allied, each by the id of a bloc or the code of a country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allied {
    /// In words, as they were given.
    pub words: Vec<String>,
    /// All of them together.
    pub countries: BTreeSet<CountryCode>,
}

/// Reads whom a user calls allied. The id of a bloc can be written in capitals.
pub fn allied(wanted: &[String], blocs: &[BlocOn], data: &Data) -> Result<Allied, String> {
    let mut found = Allied::default();
    for text in wanted {
        let word = text.trim();
        if let Some(bloc) = blocs.iter().find(|bloc| bloc.id.eq_ignore_ascii_case(word)) {
            found.words.push(bloc.id.clone());
            found.countries.extend(&bloc.members);
            continue;
        }
        let code = country(word, data).map_err(|what| {
            let ids: Vec<&str> = blocs.iter().map(|bloc| bloc.id.as_str()).collect();
            let hint = near(ids.iter().copied(), &word.to_ascii_lowercase());
            format!("{what}, nor a bloc{hint}; blocs are {}", ids.join(", "))
        })?;
        found.words.push(code.to_string());
        found.countries.insert(code);
    }
    Ok(found)
}

/// Whom a home is allied with where nobody says: the other members of the blocs that it is in.
pub fn allied_of(home: CountryCode, blocs: &[BlocOn]) -> Allied {
    let mut found = Allied::default();
    for bloc in blocs.iter().filter(|bloc| bloc.members.contains(&home)) {
        found.words.push(bloc.id.clone());
        found.countries.extend(&bloc.members);
    }
    found
}
