//! On whom much hangs.

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{Inputs, count, label};
use super::cut::mode;
use super::facet::{origin, party, rounded};
use super::{NOTICE, OriginReport, PartyReport, Untrusted};
use crate::facts::Facet;
use crate::graph::PackageIx;
use crate::impact::{Capable, Points, Weight};

/// What takes down more than a share of the graph if it goes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SingleReport {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The day asked about.
    pub as_of: String,
    /// The country from which "foreign" is seen, if the user set one.
    pub home: Option<String>,
    /// The newest date of the embedded data.
    pub data_date: String,
    /// What the workspace is called.
    pub workspace: Untrusted,
    /// `metadata` or `lock-file`.
    pub mode: &'static str,
    /// Packages that are not the user's own: shares are of these.
    pub packages: u32,
    /// Packages that are.
    pub members: u32,
    /// Only what weighs more than this share is listed.
    pub above: f64,
    /// Packages, most first.
    pub single: Vec<PackagePointReport>,
    /// Stewards, most first.
    pub parties: Vec<PartyPointReport>,
    /// Packages whose steward is not known by any name or account: they are of no party.
    pub no_party: u32,
    /// Countries by steward and by publisher, most first.
    pub countries: Vec<CountryPointReport>,
    /// How far these answers are known.
    pub located: Vec<LocatedReport>,
    /// Every capability of the table that the project has; those that hang on one country first.
    pub capabilities: Vec<CapabilityReport>,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// What hangs on something that goes.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct WeightReport {
    /// Packages that are it, or need it themselves or through others: they break with it.
    pub breaks: u32,
    /// Their share.
    pub breaks_share: f64,
    /// Packages of the user's own that break with it.
    pub members: u32,
    /// Packages that are it, or come only through it: they leave with it.
    pub brings: u32,
    /// Their share.
    pub brings_share: f64,
}

/// A package on which much hangs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PackagePointReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Package URL.
    pub purl: String,
    /// Where its steward is.
    pub steward: OriginReport,
    /// Who that is.
    pub party: Option<PartyReport>,
    /// What hangs on it.
    pub weight: WeightReport,
}

/// A party on which much hangs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartyPointReport {
    /// Who.
    pub party: PartyReport,
    /// Packages that are its own.
    pub packages: u32,
    /// What hangs on them.
    pub weight: WeightReport,
}

/// A country on which much hangs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountryPointReport {
    /// By which answer: `steward` or `publisher`.
    pub facet: &'static str,
    /// The country.
    pub country: String,
    /// Packages that are in it.
    pub packages: u32,
    /// What hangs on them.
    pub weight: WeightReport,
}

/// How far an answer is known.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LocatedReport {
    /// Which answer.
    pub facet: &'static str,
    /// Packages with a country.
    pub country: u32,
    /// Packages known to have no seat.
    pub no_seat: u32,
    /// Packages of which it is not known, or not settled: they are in no country here, and may be in any.
    pub unknown: u32,
}

/// A capability that the project has.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CapabilityReport {
    /// Id in the table.
    pub id: &'static str,
    /// Name.
    pub title: &'static str,
    /// The packages that provide it.
    pub providers: Vec<ProviderReport>,
    /// Countries without which none of them is left.
    pub single: Vec<String>,
    /// The country without which most of them are lost.
    pub most: Option<MostReport>,
    /// Providers whose steward's country is not known: more can be lost than is said.
    pub unknown: u32,
}

/// A package that provides a capability.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProviderReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Where its steward is.
    pub steward: OriginReport,
    /// Countries without which it is lost: it is of one, needs something of one, or comes only through it.
    pub hangs_on: Vec<String>,
}

/// A country and how many providers are lost without it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MostReport {
    /// The country.
    pub country: String,
    /// Providers that are lost.
    pub lost: u32,
    /// Of these, those whose steward sits there: the others need something of it, or come only through it.
    pub own: u32,
}

/// Makes single points readable.
pub fn single(inputs: &Inputs<'_>, points: &Points<'_>, above: f64) -> SingleReport {
    let graph = &inputs.loaded.graph;
    let steward = |at: PackageIx| inputs.attributions.of(at).facet(Facet::Steward);
    let weight = |weight: Weight| weighed(weight, points.packages);
    let packages = points.single.iter().map(|point| PackagePointReport {
        package: label(graph.package(point.package)),
        purl: graph.package(point.package).purl(),
        steward: origin(&steward(point.package).origin, None),
        party: steward(point.package).party.as_ref().map(|who| party(who, inputs.data)),
        weight: weight(point.weight),
    });
    let parties = points.parties.iter().map(|point| PartyPointReport {
        party: party(&point.party, inputs.data),
        packages: point.packages,
        weight: weight(point.weight),
    });
    let countries = points.countries.iter().map(|point| CountryPointReport {
        facet: point.facet.as_str(),
        country: point.country.to_string(),
        packages: point.packages,
        weight: weight(point.weight),
    });
    let located = points.located.iter().map(|row| LocatedReport {
        facet: row.facet.as_str(),
        country: row.country,
        no_seat: row.no_seat,
        unknown: row.unknown,
    });
    SingleReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: inputs.as_of.to_string(),
        home: inputs.home.map(|home| home.to_string()),
        data_date: inputs.data.tables.data_date.to_string(),
        workspace: Untrusted::from(inputs.loaded.name.as_str()),
        mode: mode(inputs.loaded.mode),
        packages: points.packages,
        members: count(graph.len()) - points.packages,
        above,
        single: packages.collect(),
        parties: parties.collect(),
        no_party: points.no_party,
        countries: countries.collect(),
        located: located.collect(),
        capabilities: points.capabilities.iter().map(|row| capability(inputs, row)).collect(),
        overrides: inputs.facts.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        notice: NOTICE.to_owned(),
    }
}

fn weighed(weight: Weight, packages: u32) -> WeightReport {
    let share = |number: u32| rounded(f64::from(number) / f64::from(packages.max(1)));
    WeightReport {
        breaks: weight.breaks,
        breaks_share: share(weight.breaks),
        members: weight.members,
        brings: weight.brings,
        brings_share: share(weight.brings),
    }
}

fn capability(inputs: &Inputs<'_>, row: &Capable<'_>) -> CapabilityReport {
    let graph = &inputs.loaded.graph;
    let providers = row.providers.iter().map(|provider| ProviderReport {
        package: label(graph.package(provider.package)),
        steward: origin(&inputs.attributions.of(provider.package).facet(Facet::Steward).origin, None),
        hangs_on: provider.hangs_on.iter().map(ToString::to_string).collect(),
    });
    CapabilityReport {
        id: row.capability.id,
        title: row.capability.title,
        providers: providers.collect(),
        single: row.single.iter().map(ToString::to_string).collect(),
        most: row.most.map(|most| MostReport {
            country: most.country.to_string(),
            lost: most.providers,
            own: most.own,
        }),
        unknown: count(row.providers.iter().filter(|provider| provider.unknown).count()),
    }
}

/// The JSON Schema of single points.
pub fn single_schema() -> schemars::Schema {
    schemars::schema_for!(SingleReport)
}
