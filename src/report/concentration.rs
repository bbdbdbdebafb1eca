//! How concentrated the origins are, and how sure that is, version 1.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::build::workspace;
use super::facet::rounded;
use super::{Inputs, NOTICE, Untrusted, Workspace};
use crate::country::{CountryCode, Locus};
use crate::data::model::Effect;
use crate::exposure::{Applied, Status};
use crate::facts::Facet;
use crate::impact::{Asked, Places, Range, SetShare, Spreading, spreading};
use crate::load::Mode;
use crate::party::Parties;
use crate::policy::{Allied, BlocOn, Home, Policy};

/// The index of Rust developers by country.
const ECOSYSTEM_HHI: f64 = 0.08;

/// Where that is from.
const ECOSYSTEM: &str = "Rust developers by country: GitHub Innovation Graph, Rust pushers, 2024 Q1";

/// How concentrated the origins of a workspace are, on a day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Concentrations {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The day asked about.
    pub as_of: String,
    /// The country from which the rest is seen, if one is set.
    pub home: Option<String>,
    /// The newest date of the embedded data.
    pub data_date: String,
    /// What was looked at.
    pub workspace: Workspace,
    /// How often was drawn from the posteriors.
    pub draws: u32,
    /// Where the draws started from: the same gives the same.
    pub seed: u64,
    /// What to compare an index with.
    pub baseline: IndexBaseline,
    /// Every bloc on the day, the policy's own last.
    pub blocs: Vec<BlocReport>,
    /// Who counts as allied: ids of blocs, codes of countries.
    pub allied: Vec<String>,
    /// Places that programmes list which are in force and count for the home, or which the policy chooses; with their ids.
    pub listed: BTreeMap<String, Vec<&'static str>>,
    /// Facet by facet.
    pub facets: Vec<FacetConcentration>,
    /// What is to be said of the numbers.
    pub notes: Vec<String>,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// An index to compare with.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IndexBaseline {
    /// The Herfindahl-Hirschman index.
    pub hhi: f64,
    /// Of what.
    pub of: &'static str,
}

/// A bloc on the day.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BlocReport {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Untrusted,
    /// Its members.
    pub members: Vec<String>,
    /// Members that take no part.
    pub frozen: Vec<String>,
    /// Countries about which sources contradict each other: they are not counted.
    pub unsettled: Vec<String>,
    /// Whether the days of members are not known: they count on every day.
    pub undated: bool,
    /// Whether it has a public source, or is the policy's own.
    pub verified: bool,
    /// What there is to say of it.
    pub notes: Vec<String>,
    /// Public address.
    pub source: Option<String>,
    /// File and line, of one of the policy's own.
    pub reference: Option<Untrusted>,
}

/// One facet.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FacetConcentration {
    /// Facet.
    pub facet: &'static str,
    /// By `packages`, by `reach` (each package counts as often as others need it), and by `build-time` (only packages whose code runs on
    /// the build machine; left out where none is known to).
    pub weightings: Vec<WeightedConcentration>,
}

/// One facet by one weighting.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WeightedConcentration {
    /// The weighting.
    pub weighting: &'static str,
    /// Packages that count.
    pub packages: u32,
    /// By country, in everything.
    pub shares: BTreeMap<String, ShareReport>,
    /// What is known to have no seat.
    pub no_seat: ShareReport,
    /// The same by reason.
    pub no_seat_by_reason: BTreeMap<&'static str, f64>,
    /// Share of which sources name different countries.
    pub conflict: f64,
    /// What is not known. With the shares by country, `no_seat` and `conflict` it makes one.
    pub unknown: ShareReport,
    /// Herfindahl-Hirschman index among what has a country, 0 to 1.
    pub hhi: Option<IndexReport>,
    /// The effective number of countries, 1 divided by the index.
    pub countries: Option<IndexReport>,
    /// By bloc; blocs overlap.
    pub blocs: BTreeMap<String, ShareReport>,
    /// As seen from the home, if one is set.
    pub from_home: Option<FromHome>,
}

/// Shares as seen from the home: with `no_seat` they make one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FromHome {
    /// At home.
    pub domestic: ShareReport,
    /// In countries that are called allied, and are not listed.
    pub allied: ShareReport,
    /// In any other country.
    pub other: ShareReport,
    /// In a place that a programme lists which counts for the home.
    pub listed: ShareReport,
    /// Not known, conflicts among it.
    pub unknown: f64,
    /// Known to have no seat.
    pub no_seat: f64,
}

/// A share, and how sure it is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct ShareReport {
    /// As the report of `cargo origin` counts.
    pub share: f64,
    /// The mean over the draws: what the posteriors expect, doubt included.
    pub mean: f64,
    /// The 5th percentile of the draws.
    pub low: f64,
    /// The 95th percentile of the draws.
    pub high: f64,
}

/// An index, and how sure it is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct IndexReport {
    /// As the report of `cargo origin` counts.
    pub value: f64,
    /// The 5th percentile of the draws; nothing where nothing had a country in any.
    pub low: Option<f64>,
    /// The 95th percentile of the draws.
    pub high: Option<f64>,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct AskedOfConcentration<'a> {
    /// The facets.
    pub facets: &'a [Facet],
    /// Blocs on the day.
    pub blocs: &'a [BlocOn],
    /// Who counts as allied.
    pub allied: &'a Allied,
    /// How often to draw.
    pub draws: u32,
    /// Where the draws start from.
    pub seed: u64,
}

/// Builds the report.
pub fn concentrations(
    inputs: &Inputs<'_>,
    parties: &Parties,
    policy: &Policy,
    wanted: &AskedOfConcentration<'_>,
) -> Concentrations {
    let home = Home { country: inputs.home, day: inputs.as_of, data: inputs.data };
    let listing: Vec<&Applied<'_>> = inputs.applied.iter().filter(|applied| lists(applied, policy, home)).collect();
    let listed = |place: Locus| listing.iter().any(|applied| applied.lists(place));
    let domestic = |place: Locus| inputs.home == Some(place.country());
    let friend = |place: Locus| wanted.allied.countries.contains(&place.country());
    let at_home = |place: Locus| domestic(place);
    let allied = |place: Locus| !domestic(place) && !listed(place) && friend(place);
    let other = |place: Locus| !domestic(place) && !listed(place) && !friend(place);
    let foreign_listed = |place: Locus| !domestic(place) && listed(place);
    let in_bloc = wanted.blocs.iter().map(|bloc| |place: Locus| bloc.members.contains(&place.country()));
    let in_bloc: Vec<_> = in_bloc.collect();
    let mut sets: Vec<Places<'_>> = vec![&at_home, &allied, &other, &foreign_listed];
    sets.extend(in_bloc.iter().map(|set| set as Places<'_>));
    let asked = Asked {
        graph: &inputs.loaded.graph,
        parties,
        attributions: inputs.attributions,
        reach: &inputs.loaded.graph.reach(),
        sets: &sets,
        draws: wanted.draws,
        seed: wanted.seed,
    };
    let facets = wanted.facets.iter().map(|which| FacetConcentration {
        facet: which.as_str(),
        weightings: spreading(&asked, *which)
            .iter()
            .filter(|spreading| spreading.packages > 0)
            .map(|spreading| weighted(spreading, wanted.blocs, inputs.home.is_some()))
            .collect(),
    });
    Concentrations {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: inputs.as_of.to_string(),
        home: inputs.home.map(|home| home.to_string()),
        data_date: inputs.data.tables.data_date.to_string(),
        workspace: workspace(inputs),
        draws: wanted.draws,
        seed: wanted.seed,
        baseline: IndexBaseline { hhi: ECOSYSTEM_HHI, of: ECOSYSTEM },
        blocs: wanted.blocs.iter().map(bloc).collect(),
        allied: wanted.allied.words.clone(),
        listed: listed_places(&listing),
        facets: facets.collect(),
        notes: notes(inputs),
        overrides: inputs.facts.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        notice: NOTICE.to_owned(),
    }
}

/// Whether a programme makes places listed: it is in force and counts for the user. One that lists everything foreign tells nothing apart,
/// and a proposal is not law.
fn lists(applied: &Applied<'_>, policy: &Policy, home: Home<'_>) -> bool {
    let programme = applied.programme;
    matches!(applied.status, Status::InForce(_))
        && programme.effect != Effect::Proposal
        && !programme.foreign_to_home
        && policy.counts(programme, home)
}

fn listed_places(listing: &[&Applied<'_>]) -> BTreeMap<String, Vec<&'static str>> {
    let mut found: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for applied in listing {
        let countries = applied.programme.countries.iter().map(ToString::to_string);
        for place in countries.chain(applied.programme.regions.iter().map(ToString::to_string)) {
            found.entry(place).or_default().push(applied.programme.id);
        }
    }
    found
}

fn bloc(row: &BlocOn) -> BlocReport {
    let codes = |codes: &std::collections::BTreeSet<CountryCode>| codes.iter().map(ToString::to_string).collect();
    BlocReport {
        id: row.id.clone(),
        name: row.name.as_str().into(),
        members: codes(&row.members),
        frozen: codes(&row.frozen),
        unsettled: codes(&row.unsettled),
        undated: row.undated,
        verified: row.verified,
        notes: row.notes.clone(),
        source: row.source.clone(),
        reference: row.reference.as_deref().map(Into::into),
    }
}

fn weighted(spreading: &Spreading, blocs: &[BlocOn], with_home: bool) -> WeightedConcentration {
    let point = &spreading.point;
    let of: BTreeMap<CountryCode, f64> = point.shares.iter().copied().collect();
    let codes = of.keys().chain(spreading.shares.keys());
    let shares: BTreeMap<String, ShareReport> = codes
        .map(|code| {
            let at = of.get(code).copied().unwrap_or_default();
            (code.to_string(), share(at, spreading.shares.get(code).copied().unwrap_or_default()))
        })
        .filter(|(_, row)| row.share > 0.0 || row.mean > 0.0)
        .collect();
    let no_seat: f64 = point.no_seat.values().sum();
    let set = |at: &SetShare| share(at.share, at.range);
    let classes = &spreading.sets[..spreading.sets.len() - blocs.len()];
    let from_home = match classes {
        [domestic, allied, other, listed] if with_home => Some(FromHome {
            domestic: set(domestic),
            allied: set(allied),
            other: set(other),
            listed: set(listed),
            unknown: rounded(point.unknown + point.conflict),
            no_seat: rounded(no_seat),
        }),
        _ => None,
    };
    let index = point.hhi.map(|value| (value, spreading.hhi));
    WeightedConcentration {
        weighting: point.weighting.as_str(),
        packages: spreading.packages,
        shares,
        no_seat: share(no_seat, spreading.no_seat),
        no_seat_by_reason: point.no_seat.iter().map(|(why, share)| (why.as_str(), rounded(*share))).collect(),
        conflict: rounded(point.conflict),
        unknown: share(point.unknown, spreading.unknown),
        hhi: index.map(|(value, range)| IndexReport {
            value: rounded(value),
            low: range.map(|range| rounded(range.low)),
            high: range.map(|range| rounded(range.high)),
        }),
        countries: index.map(|(value, range)| IndexReport {
            value: rounded(1.0 / value),
            low: range.map(|range| rounded(1.0 / range.high)),
            high: range.map(|range| rounded(1.0 / range.low)),
        }),
        blocs: blocs
            .iter()
            .zip(&spreading.sets[classes.len()..])
            .map(|(bloc, at)| (bloc.id.clone(), set(at)))
            .collect(),
        from_home,
    }
}

fn share(at: f64, range: Range) -> ShareReport {
    ShareReport { share: rounded(at), mean: rounded(range.mean), low: rounded(range.low), high: rounded(range.high) }
}

fn notes(inputs: &Inputs<'_>) -> Vec<String> {
    let others = || inputs.loaded.graph.packages().filter(|(_, package)| !package.member);
    let unknown = others().filter(|(_, package)| package.runs_at_build().is_none()).count();
    let known = others().any(|(_, package)| package.runs_at_build() == Some(true));
    let mut notes = Vec::new();
    match (unknown, known) {
        (0, true) => {}
        (0, false) => notes.push("no package runs code on the build machine".to_owned()),
        (_, false) if inputs.loaded.mode == Mode::LockFile => {
            notes.push(
                "a lock file does not tell what runs on the build machine: nothing is weighed by build time".to_owned(),
            );
        }
        _ => notes.push(format!(
            "of {unknown} packages it is not known whether they run code on the build machine: they do not count there"
        )),
    }
    notes
}
