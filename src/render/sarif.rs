//! SARIF 2.1.0, for the code scanning of forges: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! The types are by hand: of the format's hundreds this needs these few, and the crate that has them all (`serde-sarif`) generates them in
//! a build script, with some twenty crates of its own. The tests validate against the official schema.

use std::io::{self, Write};

use serde::Serialize;

use super::{check, escape, json};
use crate::report::{CheckReport, FindingReport, Untrusted};

const SCHEMA: &str = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json";

/// Where a finding without a place is shown: forges drop results that have none.
const LOCK_FILE: (&str, u32) = ("Cargo.lock", 1);

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
struct Run {
    tool: Tool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    invocations: Vec<Invocation>,
    results: Vec<ResultRow>,
    properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    as_of: String,
    data_date: String,
    verdict: &'static str,
    notice: String,
}

/// The run itself, where there is something to say of how it was configured.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_configuration_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Text,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: String,
    semantic_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_uri: Option<&'static str>,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultRow {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressions: Option<Vec<Suppression>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "cargoOriginFinding/v1")]
    finding: String,
}

#[derive(Clone, PartialEq, Serialize)]
struct Suppression {
    kind: &'static str,
    status: &'static str,
    justification: String,
}

pub(super) fn write(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<Rule> = Vec::new();
    let mut places = Vec::new();
    for finding in &report.findings {
        let place = rules.iter().position(|rule| rule.id == finding.rule).unwrap_or_else(|| {
            rules.push(rule(report, finding));
            rules.len() - 1
        });
        places.push(place);
    }
    // Either no result of a run has suppressions, or every one has, if only an empty list (section 3.27.23).
    let suppressions = report.findings.iter().any(|finding| finding.level == "accepted");
    let results = report.findings.iter().zip(places).map(|(finding, place)| result(finding, place, suppressions));
    let results = results.collect();
    let (name, version) = report.generator.split_once(' ').unwrap_or((&report.generator, "0.0.0"));
    let driver = Driver {
        name: name.to_owned(),
        semantic_version: version.to_owned(),
        information_uri: Some(env!("CARGO_PKG_REPOSITORY")).filter(|address| !address.is_empty()),
        rules,
    };
    let properties = Properties {
        as_of: report.as_of.clone(),
        data_date: report.data_date.clone(),
        verdict: report.verdict,
        notice: report.notice.clone(),
    };
    let run = Run { tool: Tool { driver }, invocations: invocations(report), results, properties };
    json::write(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

/// What rows of the policy change in the embedded data, and what sources did not tell: an answer with other data than one thinks should not
/// look like any other.
fn invocations(report: &CheckReport) -> Vec<Invocation> {
    let note = |what: &Untrusted| Notification { level: "note", message: Text { text: escape::sarif(what.raw()) } };
    let notes: Vec<Notification> = report.notes().map(note).collect();
    if notes.is_empty() {
        return Vec::new();
    }
    vec![Invocation { execution_successful: true, tool_configuration_notifications: notes }]
}

/// A rule, with the gravest level of its findings here: what the policy makes of it, and not what it is without one.
fn rule(report: &CheckReport, finding: &FindingReport) -> Rule {
    let id = finding.rule;
    let own = report.findings.iter().filter(|other| other.rule == id);
    let level = if own.clone().any(|finding| level(finding) == "error") { "error" } else { "warning" };
    let help = format!(
        "Finds that {}. Set its level under [rules] in origin.toml, or for one run with --allow, --warn or --deny {id}; accept a single \
         finding with an [[exception]] that gives the reason.",
        finding.about
    );
    Rule {
        id,
        short_description: Text { text: escape::sarif(finding.about) },
        // GitHub demands both.
        full_description: Text { text: escape::sarif(finding.about) },
        help: Text { text: escape::sarif(&help) },
        default_configuration: Configuration { level },
    }
}

/// The level; of what is accepted, the one that it would have.
fn level(finding: &FindingReport) -> &'static str {
    let denied = match finding.level {
        "accepted" => finding.reasons.iter().any(|reason| reason.level == "deny"),
        level => level == "deny",
    };
    if denied { "error" } else { "warning" }
}

fn result(finding: &FindingReport, rule_index: usize, suppressions: bool) -> ResultRow {
    let (file, start_line) = finding.location.as_ref().map_or(LOCK_FILE, |place| (&place.file, place.line));
    let text = format!("{}: {}", check::about(finding), check::sentences(finding).join("\n"));
    ResultRow {
        rule_id: finding.rule,
        rule_index,
        level: level(finding),
        message: Text { text: escape::sarif(&text) },
        locations: [Location {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation { uri: escape::uri_path(file), uri_base_id: "%SRCROOT%" },
                region: Region { start_line },
            },
        }],
        partial_fingerprints: Fingerprints { finding: finding.fingerprint.clone() },
        suppressions: suppressions.then(|| accepted(finding)),
    }
}

/// The exceptions that accept a finding; none where something of it is not accepted.
fn accepted(finding: &FindingReport) -> Vec<Suppression> {
    let mut found: Vec<Suppression> = Vec::new();
    let reasons = finding.reasons.iter().filter(|_| finding.level == "accepted");
    for accepted in reasons.filter_map(|reason| reason.accepted.as_ref()) {
        let justification = escape::terminal_long(&format!("{} ({})", accepted.reason, accepted.reference));
        let row = Suppression { kind: "external", status: "accepted", justification };
        if !found.contains(&row) {
            found.push(row);
        }
    }
    found
}
