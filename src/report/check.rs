//! What the gate found, as it is shown and as programs read it: check report, version 1.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{label, way};
use super::catalogue::status_word;
use super::facet::rounded;
use super::remedy::{Remedies, Remedy, ReplaceReport, SwitchReport};
use super::{Inputs, Untrusted};
use crate::data::model::Effect;
use crate::exposure::{Applied, Status};
use crate::facts::GapKind;
use crate::graph::{Package, PathTree};
use crate::load::LockLines;
use crate::policy::{Evaluation, Exception, Finding, Level, Policy, RULES, Weighed};

/// Whether a policy holds, and why not.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CheckReport {
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
    /// The workspace.
    pub workspace: Untrusted,
    /// Packages that were looked at, the user's own aside.
    pub packages: u32,
    /// What the change is measured against, if a base was given.
    pub base: Option<Untrusted>,
    /// `holds` or `violated`.
    pub verdict: &'static str,
    /// Findings by level; `accepted` are those that exceptions accept.
    pub counts: BTreeMap<&'static str, u32>,
    /// The findings, gravest first.
    pub findings: Vec<FindingReport>,
    /// Exposures that are only possible: never a finding, see the report.
    pub possible: u32,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
    /// What sources did not tell about packages, so that the rules could not look at it.
    pub untold: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// What one rule finds in one package, or in the graph as a whole.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingReport {
    /// The rule's id.
    pub rule: &'static str,
    /// What the rule finds.
    pub about: &'static str,
    /// `deny`, `warn`, or `accepted`.
    pub level: &'static str,
    /// `name@version`; nothing for the graph as a whole.
    pub package: Option<Untrusted>,
    /// Package URL.
    pub purl: Option<String>,
    /// The same under version bumps and other lines: rule and package without its version.
    pub fingerprint: String,
    /// Why, the gravest first.
    pub reasons: Vec<ReasonReport>,
    /// Where the package stands in the lock file.
    pub location: Option<LocationReport>,
    /// A shortest way from a member to the package.
    pub path: Vec<Untrusted>,
    /// Direct dependencies of members that bring it in: replacing all of them removes it.
    pub brought_in_by: Vec<Untrusted>,
    /// What to do, in words.
    pub remedy: String,
    /// Features that take the package out if they are turned off, each by itself; what takes least with it first.
    pub turn_off: Vec<SwitchReport>,
    /// The dependency of members that takes the package out if it is replaced, where only one brings it in.
    pub replace: Option<ReplaceReport>,
    /// The exception that would accept it, ready to paste.
    pub exception: Option<String>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LocationReport {
    /// The file, from the top of the repository; from the root of the workspace where there is none.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// One reason for a finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReasonReport {
    /// Id of the programme, if one is behind it.
    pub programme: Option<&'static str>,
    /// What the programme (or the listing) does.
    pub effect: Option<&'static str>,
    /// `in-force` or `upcoming`.
    pub status: Option<&'static str>,
    /// The level of this reason.
    pub level: &'static str,
    /// Why the level is lower than the rule's.
    pub softened: Option<String>,
    /// In words.
    pub because: String,
    /// The facet it is about.
    pub facet: Option<&'static str>,
    /// Id of the party in the register.
    pub party: Option<&'static str>,
    /// Since when, or from when.
    pub since: Option<String>,
    /// How sure the evidence is, 0 to 1.
    pub probability: Option<f64>,
    /// The exception that accepts it.
    pub accepted: Option<AcceptedReport>,
    /// Whether it was there before the change; nothing where no base was given.
    pub existing: Option<bool>,
}

/// An exception that accepts something.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AcceptedReport {
    /// File and line.
    pub reference: String,
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Option<String>,
    /// Who agreed.
    pub agreed: Option<String>,
}

/// Builds the report of a check.
pub fn check(inputs: &Inputs<'_>, policy: &Policy, evaluation: &Evaluation, lines: &LockLines) -> CheckReport {
    let graph = &inputs.loaded.graph;
    let mut writer = Writer::new(inputs, policy, lines);
    let findings: Vec<FindingReport> = evaluation.findings.iter().map(|finding| writer.finding(finding)).collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let possible = inputs.exposures.iter().filter(|exposure| exposure.grade == crate::exposure::Grade::Possible);
    CheckReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: inputs.as_of.to_string(),
        home: inputs.home.map(|home| home.to_string()),
        data_date: inputs.data.tables.data_date.to_string(),
        workspace: Untrusted::from(inputs.loaded.name.as_str()),
        packages: count(graph.packages().filter(|(_, package)| !package.member).count()),
        base: None,
        verdict: if evaluation.violated() { "violated" } else { "holds" },
        counts: counts(evaluation),
        findings,
        possible: count(possible.count()),
        overrides: policy.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        untold: untold(inputs),
        notice: super::NOTICE.to_owned(),
    }
}

impl CheckReport {
    /// What is to be known beside the findings: what own rows change, and what sources did not tell.
    pub fn notes(&self) -> impl Iterator<Item = &Untrusted> {
        self.overrides.iter().chain(&self.untold)
    }
}

/// Gaps of what was asked over the network, each with how many packages it is about.
fn untold(inputs: &Inputs<'_>) -> Vec<Untrusted> {
    let gaps = super::build::gaps(&inputs.loaded.graph, inputs);
    let untold = gaps
        .into_iter()
        .filter(|gap| [GapKind::SourceFailed, GapKind::RepositoryMoved].iter().any(|kind| kind.as_str() == gap.kind));
    let said = untold.map(|gap| {
        let about = match gap.packages.len() {
            0 => String::new(),
            1 => " about 1 package".to_owned(),
            many => format!(" about {many} packages"),
        };
        Untrusted::from(format!("not told{about}: {}", gap.detail.raw()))
    });
    said.collect()
}

/// Findings by the word of their level, all levels among them.
pub(super) fn counts(evaluation: &Evaluation) -> BTreeMap<&'static str, u32> {
    let mut counts: BTreeMap<&'static str, u32> = Level::ALL.map(|level| (word(level), 0)).into();
    for finding in &evaluation.findings {
        *counts.entry(word(finding.level)).or_default() += 1;
    }
    counts
}

/// The word of a finding's level: what is found and does not even warn was accepted.
pub(super) fn word(level: Level) -> &'static str {
    if level == Level::Allow { "accepted" } else { level.as_str() }
}

/// Writes findings, and keeps what several of them need.
pub(super) struct Writer<'a> {
    inputs: &'a Inputs<'a>,
    policy: &'a Policy,
    lines: &'a LockLines,
    tree: PathTree,
    labels: Vec<Untrusted>,
    remedies: Remedies<'a>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(inputs: &'a Inputs<'a>, policy: &'a Policy, lines: &'a LockLines) -> Self {
        let graph = &inputs.loaded.graph;
        Self {
            inputs,
            policy,
            lines,
            tree: graph.path_tree(),
            labels: graph.packages().map(|(_, package)| label(package)).collect(),
            remedies: Remedies::new(&inputs.loaded.graph, &inputs.loaded.switches),
        }
    }

    /// One finding.
    pub(super) fn finding(&mut self, finding: &Finding) -> FindingReport {
        let graph = &self.inputs.loaded.graph;
        let rule = &RULES[finding.rule];
        let package = finding.package.map(|at| graph.package(at));
        let Remedy { text, turn_off, replace, brought_in_by } = self.remedies.of(rule.id, finding.package);
        FindingReport {
            rule: rule.id,
            about: rule.about,
            level: word(finding.level),
            package: package.map(label),
            purl: package.map(Package::purl),
            fingerprint: fingerprint(rule.id, package),
            location: package
                .and_then(|package| self.lines.of(package))
                .map(|line| LocationReport { file: self.lines.file().to_owned(), line }),
            reasons: finding.hits.iter().map(|weighed| reason(self.inputs, self.policy, weighed)).collect(),
            remedy: text,
            turn_off,
            replace,
            exception: (finding.level != Level::Allow).then(|| exception(rule.id, package)).flatten(),
            path: finding.package.map_or_else(Vec::new, |at| way(&self.tree, &self.labels, at)),
            brought_in_by,
        }
    }
}

fn fingerprint(rule: &str, package: Option<&Package>) -> String {
    package.map_or_else(|| rule.to_owned(), |package| format!("{rule}:{}", package.lasting_purl()))
}

fn reason(inputs: &Inputs<'_>, policy: &Policy, weighed: &Weighed) -> ReasonReport {
    let hit = &weighed.hit;
    let applied: Option<&Applied<'_>> = hit.programme.map(|at| &inputs.applied[at]);
    let coverage = hit.party.and_then(|id| inputs.data.vendor_by_id(id)).and_then(|at| applied?.coverage(at));
    let effect = coverage.map(|coverage| coverage.designation.effect).or(applied.map(|row| row.programme.effect));
    let exception = weighed.accepted.and_then(|at| policy.exceptions.get(at)).map(accepted);
    ReasonReport {
        programme: applied.map(|row| row.programme.id),
        effect: effect.map(Effect::as_str),
        status: applied.map(|row| status_word(row.status)),
        level: weighed.level.as_str(),
        softened: weighed.softened.clone(),
        because: hit.because.clone(),
        facet: hit.facet.map(crate::facts::Facet::as_str),
        party: hit.party,
        since: hit.since.or_else(|| applied.and_then(starts)).map(|day| day.to_string()),
        probability: hit.probability.map(rounded),
        accepted: exception,
        existing: weighed.existing,
    }
}

/// An exception as it is shown.
pub(super) fn accepted(exception: &Exception) -> AcceptedReport {
    AcceptedReport {
        reference: exception.reference.clone(),
        reason: exception.reason.clone(),
        until: exception.until.map(|day| day.to_string()),
        agreed: exception.agreed.clone(),
    }
}

fn starts(applied: &Applied<'_>) -> Option<crate::date::Date> {
    match applied.status {
        Status::InForce(since) => since,
        Status::Upcoming(from) => Some(from),
        Status::Suspended(_) | Status::Ended(_) | Status::NotYours(_) | Status::NeedsHome => None,
    }
}

/// An exception for exactly this, to be pasted into the policy. A name that is no name of a package is not offered.
fn exception(rule: &str, package: Option<&Package>) -> Option<String> {
    // An exception for an exception would end nowhere.
    if rule.ends_with("-exception") {
        return None;
    }
    let scope = match package {
        None => String::new(),
        Some(package) => {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if !package.name.chars().all(plain) {
                return None;
            }
            format!("package = \"{}\"\n", package.name)
        }
    };
    Some(format!("[[exception]]\n{scope}rule = \"{rule}\"\nreason = \"\"\n"))
}
