//! What a text says about a place, as it is written out.

use schemars::JsonSchema;
use serde::Serialize;

use super::text::Untrusted;
use crate::country::Locus;
use crate::country::place::{Kind, Located};

/// A text and where it says something is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlaceReport {
    /// The text as it was given.
    pub text: Untrusted,
    /// What kind of answer it is.
    pub kind: PlaceKind,
    /// ISO 3166-1 alpha-2 codes, or ISO 3166-2 for regions that programmes name; sorted, empty where there is none.
    pub codes: Vec<String>,
    /// How likely the answer is right, from 0 to 1. Of `none`: that the text names no place that is known.
    pub probability: f64,
    /// The names that were read, in the order of the text; a name that cannot be told apart once for each place of the set.
    pub names: Vec<NameReport>,
}

/// One country, several, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// One country or region.
    Country,
    /// Several places are named, or a name cannot be told apart.
    Set,
    /// No place, or none that is known.
    None,
}

/// A name in the text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NameReport {
    /// As it stands in the text.
    pub text: Untrusted,
    /// Where it begins, in bytes of UTF-8.
    pub start: usize,
    /// Where it ends, in bytes of UTF-8.
    pub end: usize,
    /// What it was read as: country, region, city, area (metropolitan area, nickname, island), code, demonym, institution, airport, zone.
    pub read_as: &'static str,
    /// Of which country or region.
    pub code: String,
    /// First-level division (ISO 3166-2) that it is or is in, where known.
    pub division: Option<&'static str>,
}

impl PlaceKind {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Set => "set",
            Self::None => "none",
        }
    }
}

/// What was found in a text.
pub fn place(text: &str, located: &Located) -> PlaceReport {
    let kind = match located.loci.len() {
        0 => PlaceKind::None,
        1 => PlaceKind::Country,
        _ => PlaceKind::Set,
    };
    let names = located.matches.iter().map(|found| NameReport {
        text: text.get(found.span.clone()).unwrap_or_default().into(),
        start: found.span.start,
        end: found.span.end,
        read_as: read_as(found.kind),
        code: found.locus.to_string(),
        division: found.division,
    });
    PlaceReport {
        text: text.into(),
        kind,
        codes: located.loci.iter().map(Locus::to_string).collect(),
        // Three digits are more than the calibration carries.
        probability: (f64::from(located.probability) * 1000.0).round() / 1000.0,
        names: names.collect(),
    }
}

fn read_as(kind: Kind) -> &'static str {
    match kind {
        Kind::Country => "country",
        Kind::Region => "region",
        Kind::City => "city",
        Kind::Area => "area",
        Kind::Code | Kind::Short => "code",
        Kind::Demonym => "demonym",
        Kind::Institution => "institution",
        Kind::Airport => "airport",
        Kind::Zone => "zone",
        Kind::Nowhere | Kind::Filler => "none",
    }
}

/// The JSON Schema of what `cargo origin place --format json` writes.
pub fn place_schema() -> schemars::Schema {
    schemars::schema_for!(Vec<PlaceReport>)
}
