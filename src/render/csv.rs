//! One line a package, for spreadsheets.

use std::io::{self, Write};

use super::{escape, origin, risk};
use crate::report::{CheckReport, FacetReport, Report};

const HEAD: [&str; 24] = [
    "name",
    "version",
    "purl",
    "source",
    "workspace",
    "direct",
    "depth",
    "dependents",
    "build_script",
    "proc_macro",
    "links",
    "runs_at_build",
    "steward",
    "steward_party",
    "steward_owner",
    "publisher",
    "contribution",
    "channel",
    "native",
    "grade",
    "programmes",
    "because",
    "brought_in_by",
    "as_of",
];

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD).map_err(io::Error::other)?;
    let mut by_package = report.exposures_by_package();
    for exposures in by_package.values_mut() {
        risk::order(exposures);
    }
    for package in &report.packages {
        let reached = by_package.get(package.purl.as_str()).map_or(&[][..], Vec::as_slice);
        let flag = |value: Option<bool>| value.map_or_else(String::new, |value| value.to_string());
        let name = |facet: &FacetReport| {
            facet
                .party
                .as_ref()
                .and_then(|party| party.name.as_ref())
                .map_or_else(String::new, |name| name.raw().to_owned())
        };
        let facets = &package.facets;
        let path: Vec<&str> = package.path.iter().map(crate::report::Untrusted::raw).collect();
        let row = [
            package.name.raw().to_owned(),
            package.version.clone(),
            package.purl.clone(),
            package.source.raw().to_owned(),
            package.workspace.to_string(),
            package.direct.to_string(),
            package.depth.map_or_else(String::new, |depth| depth.to_string()),
            package.dependents.to_string(),
            flag(package.capabilities.build_script),
            flag(package.capabilities.proc_macro),
            package.capabilities.links.as_ref().map_or_else(String::new, |links| links.raw().to_owned()),
            flag(package.capabilities.runs_at_build),
            origin::short(&facets.steward.origin),
            name(&facets.steward),
            facets.steward.owner.as_ref().map_or_else(String::new, |owner| owner.name.clone()),
            origin::short(&facets.publisher.origin),
            origin::short(&facets.contribution.origin),
            origin::short(&facets.channel.origin),
            origin::short(&facets.native.origin),
            reached.first().map_or_else(String::new, |exposure| exposure.grade.to_owned()),
            reached
                .iter()
                .map(|exposure| format!("{}={}", risk::id(exposure), exposure.grade))
                .collect::<Vec<_>>()
                .join("; "),
            reached.first().map_or_else(String::new, |exposure| exposure.because.clone()),
            path.join(" > "),
            report.as_of.clone(),
        ];
        csv.write_record(row.iter().map(|field| escape::csv(field))).map_err(io::Error::other)?;
    }
    csv.flush()
}

const CHECK_HEAD: [&str; 13] = [
    "level",
    "rule",
    "package",
    "purl",
    "programme",
    "effect",
    "status",
    "since",
    "because",
    "softened",
    "accepted_by",
    "path",
    "remedy",
];

/// One line a reason.
pub(super) fn check(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(CHECK_HEAD).map_err(io::Error::other)?;
    for finding in &report.findings {
        let path: Vec<&str> = finding.path.iter().map(crate::report::Untrusted::raw).collect();
        for reason in &finding.reasons {
            let accepted = reason.accepted.as_ref();
            let row = [
                if accepted.is_some() { "accepted" } else { reason.level },
                finding.rule,
                finding.package.as_ref().map_or("", crate::report::Untrusted::raw),
                finding.purl.as_deref().unwrap_or_default(),
                reason.programme.unwrap_or_default(),
                reason.effect.unwrap_or_default(),
                reason.status.unwrap_or_default(),
                reason.since.as_deref().unwrap_or_default(),
                &reason.because,
                reason.softened.as_deref().unwrap_or_default(),
                accepted.map_or("", |accepted| &accepted.reference),
                &path.join(" > "),
                &finding.remedy,
            ];
            csv.write_record(row.iter().map(|field| escape::csv(field))).map_err(io::Error::other)?;
        }
    }
    csv.flush()
}
