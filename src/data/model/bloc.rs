//! Blocs of countries.

use serde::{Deserialize, Serialize};

use super::Confidence;
use crate::country::CountryCode;
use crate::date::{Date, Period};

/// A bloc, with who was in it when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bloc<S> {
    /// Stable id, kebab-case.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
    /// Further addresses.
    #[serde(default = "Vec::<S>::new")]
    pub see_also: Vec<S>,
    /// Whether the address was opened when the row was written.
    #[serde(default)]
    pub source_read: bool,
    /// Date of the row.
    pub as_of: Date,
    /// Its members.
    #[serde(default = "Vec::<BlocMembers<S>>::new", rename = "member")]
    pub members: Vec<BlocMembers<S>>,
}

/// Countries that were in a bloc in the same days.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlocMembers<S> {
    /// The countries.
    pub countries: Vec<CountryCode>,
    /// First day; nothing where it was not established.
    #[serde(default)]
    pub from: Option<Date>,
    /// The day from which they are no longer in it.
    #[serde(default)]
    pub until: Option<Date>,
    /// A day is not what the source says, but the one that can be defended.
    #[serde(default)]
    pub inferred: bool,
    /// Sources contradict each other: it is not counted.
    #[serde(default)]
    pub unsettled: bool,
    /// They are members in law, and take no part.
    #[serde(default)]
    pub frozen: bool,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address, where it is not that of the bloc.
    #[serde(default)]
    pub source: Option<S>,
}

impl<S> Bloc<S> {
    /// The rows of its members that hold on a day, unsettled ones too.
    pub fn rows_on(&self, day: Date) -> impl Iterator<Item = &BlocMembers<S>> {
        self.members.iter().filter(move |row| Period { from: row.from, until: row.until }.contains(day))
    }

    /// Its members on a day, in order.
    pub fn members_on(&self, day: Date) -> Vec<CountryCode> {
        let rows = self.rows_on(day).filter(|row| !row.unsettled);
        let mut members: Vec<CountryCode> = rows.flat_map(|row| row.countries.iter().copied()).collect();
        members.sort_unstable();
        members
    }
}
