//! One package in full: everything that speaks for its origin, what reaches it, and why the rest does not.

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{Inputs, label};
use super::{ExposureReport, NOTICE, PackageReport, Report, Untrusted};
use crate::attribution::worth;
use crate::evidence::EvidenceKind;
use crate::exposure::{Exposure, explain};
use crate::graph::PackageIx;

/// Everything about one package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explanation {
    /// Version of this format.
    pub version: u32,
    /// The day asked about.
    pub as_of: String,
    /// The package, with every facet and claim.
    pub package: PackageReport,
    /// Programmes that reach it.
    pub exposures: Vec<ExposureReport>,
    /// Programmes that do not, and why not.
    pub missed: Vec<MissedReport>,
    /// What each kind of evidence that was used is worth, and why.
    pub worth: Vec<WorthReport>,
    /// What could not be learnt about it.
    pub gaps: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// A programme that does not reach the package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MissedReport {
    /// Id.
    pub programme: String,
    /// Why not.
    pub because: String,
}

/// What a kind of evidence is worth.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorthReport {
    /// The kind.
    pub kind: String,
    /// What decides first has the lowest.
    pub rank: u8,
    /// Probability that it names the right party.
    pub reliability: f64,
    /// Whether it can settle a facet.
    pub decides: bool,
    /// Why.
    pub reason: String,
}

/// Explains one package of a report.
pub fn explanation(report: &Report, inputs: &Inputs<'_>, at: PackageIx) -> Explanation {
    let package = report.packages[at.index()].clone();
    let reached: Vec<&Exposure> = inputs.exposures.iter().filter(|exposure| exposure.package == at).collect();
    let missed = explain(inputs.attributions.of(at), inputs.applied, &reached);
    let used = |kind: &EvidenceKind| {
        package.facets.all().iter().any(|(_, facet)| facet.claims.iter().any(|claim| claim.kind == kind.as_str()))
    };
    let worths = EvidenceKind::ALL.iter().filter(|kind| used(kind)).map(|kind| {
        let row = worth(*kind);
        WorthReport {
            kind: kind.as_str().to_owned(),
            rank: row.rank,
            reliability: row.reliability,
            decides: row.decides,
            reason: row.reason.to_owned(),
        }
    });
    let name = label(inputs.loaded.graph.package(at));
    let gaps = report.gaps.iter().filter(|gap| gap.packages.is_empty() || gap.packages.contains(&name));
    Explanation {
        version: 1,
        as_of: report.as_of.clone(),
        exposures: report.exposures.iter().filter(|exposure| exposure.purl == package.purl).cloned().collect(),
        missed: missed
            .into_iter()
            .map(|missed| MissedReport {
                programme: inputs.applied[missed.programme].programme.id.to_owned(),
                because: missed.because,
            })
            .collect(),
        worth: worths.collect(),
        gaps: gaps.map(|gap| gap.detail.clone()).collect(),
        package,
        notice: NOTICE.to_owned(),
    }
}
