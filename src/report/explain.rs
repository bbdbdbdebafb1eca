//! One package in full: everything that speaks for its origin, what reaches it, and why the rest does not.

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{Inputs, label};
use super::check::{Writer, accepted};
use super::{AcceptedReport, ExposureReport, FindingReport, NOTICE, PackageReport, Report, Untrusted};
use crate::attribution::worth;
use crate::evidence::EvidenceKind;
use crate::exposure::{Exposure, explain};
use crate::graph::PackageIx;
use crate::load::LockLines;
use crate::policy::{Evaluation, Idle, Policy};

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
    /// What the policy's rules find in it, gravest first; without a policy, what the rules find by themselves. What is found in the graph as a
    /// whole is not among them.
    pub findings: Vec<FindingReport>,
    /// Exceptions of the policy that name it and accept nothing of it.
    pub idle_exceptions: Vec<IdleReport>,
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

/// An exception that names the package and accepts nothing of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IdleReport {
    /// The exception.
    pub exception: AcceptedReport,
    /// Why it accepts nothing.
    pub because: String,
}

/// What a policy makes of the graph.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// What it finds.
    pub evaluation: &'a Evaluation,
    /// Its exceptions that name the package and accept nothing of it.
    pub idle: &'a [Idle],
    /// Where packages stand in the lock file.
    pub lines: &'a LockLines,
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
pub fn explanation(report: &Report, inputs: &Inputs<'_>, judged: &Judged<'_>, at: PackageIx) -> Explanation {
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
    let mut writer = Writer::new(inputs, judged.policy, judged.lines);
    let of_package = judged.evaluation.findings.iter().filter(|finding| finding.package == Some(at));
    let idle = judged.idle.iter().filter_map(|idle| {
        let exception = judged.policy.exceptions.get(idle.exception)?;
        Some(IdleReport { exception: accepted(exception), because: idle.why.clone() })
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
        findings: of_package.map(|finding| writer.finding(finding)).collect(),
        idle_exceptions: idle.collect(),
        worth: worths.collect(),
        gaps: gaps.map(|gap| gap.detail.clone()).collect(),
        package,
        notice: NOTICE.to_owned(),
    }
}
