//! One line a package, for spreadsheets.

use std::io::{self, Write};

use super::{diff as difference, escape, origin, risk};
use crate::report::{
    AddedPackage, CheckReport, DiffReport, ExposureEntry, FacetReport, Moved, Report, TrendReport, Untrusted,
};

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
        let path: Vec<&str> = package.path.iter().map(Untrusted::raw).collect();
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

/// Rows of any kind, the first of them the head.
pub(super) fn rows(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    for row in rows {
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
        let path: Vec<&str> = finding.path.iter().map(Untrusted::raw).collect();
        for reason in &finding.reasons {
            let accepted = reason.accepted.as_ref();
            let row = [
                if accepted.is_some() { "accepted" } else { reason.level },
                finding.rule,
                finding.package.as_ref().map_or("", Untrusted::raw),
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

const DIFF_HEAD: [&str; 8] = ["change", "package", "purl", "what", "before", "now", "because", "path"];

/// One line a difference.
pub(super) fn diff(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(DIFF_HEAD).map_err(io::Error::other)?;
    let mut row = |fields: [&str; 8]| csv.write_record(fields.map(escape::csv)).map_err(io::Error::other);
    let way = |path: &[Untrusted]| path.iter().map(Untrusted::raw).collect::<Vec<_>>().join(" > ");
    let label = |package: &AddedPackage| format!("{}@{}", package.name.raw(), package.version);
    for package in &report.added {
        let steward = difference::answer(&package.steward);
        row(["added", &label(package), package.purl.raw(), "package", "", &steward, "", &way(&package.path)])?;
    }
    for package in &report.removed {
        let steward = difference::answer(&package.steward);
        row(["removed", &label(package), package.purl.raw(), "package", &steward, "", "", &way(&package.path)])?;
    }
    for package in &report.changed {
        let label = format!("{}@{}", package.name.raw(), package.version.now);
        let (purl, path) = (package.purl.raw(), way(&package.path));
        let mut changed =
            |what: &str, before: &str, now: &str| row(["changed", &label, purl, what, before, now, "", &path]);
        if package.version.before != package.version.now {
            changed("version", &package.version.before, &package.version.now)?;
        }
        for (what, pair) in [("source", &package.source), ("commit", &package.commit)] {
            if let Some(pair) = pair {
                changed(what, pair.before.raw(), pair.now.raw())?;
            }
        }
        for answer in &package.answers {
            changed(answer.facet, &difference::answer(&answer.before), &difference::answer(&answer.now))?;
        }
        for power in &package.powers {
            changed(power.power, &(!power.gained).to_string(), &power.gained.to_string())?;
        }
    }
    let mut exposure = |change: &str, entry: &ExposureEntry, before: &str, now: &str| {
        let path = way(&entry.path);
        let programme = entry.programme.raw();
        row([change, entry.package.raw(), entry.purl.raw(), programme, before, now, entry.because.raw(), &path])
    };
    for entry in &report.exposures.added {
        exposure("exposure-added", entry, "", entry.grade.raw())?;
    }
    for entry in &report.exposures.removed {
        exposure("exposure-removed", entry, entry.grade.raw(), "")?;
    }
    for change in &report.exposures.changed {
        exposure("exposure-changed", &change.now, change.before.grade.raw(), change.now.grade.raw())?;
    }
    csv.flush()
}

const TREND_HEAD: [&str; 25] = [
    "day",
    "commit",
    "committed",
    "gap",
    "packages",
    "direct",
    "no_seat",
    "conflict",
    "unknown",
    "no_seat_share",
    "conflict_share",
    "unknown_share",
    "hhi",
    "exposed",
    "named",
    "seat",
    "publisher",
    "contribution",
    "channel",
    "possible",
    "programmes",
    "programmes_came",
    "programmes_went",
    "came",
    "went",
];

/// One line a point; behind the other columns two for each country, number and share.
pub(super) fn trend(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let countries = || report.countries.iter().flat_map(|code| [code.clone(), format!("{code}_share")]);
    let head = TREND_HEAD.iter().map(|name| (*name).to_owned()).chain(countries());
    csv.write_record(head).map_err(io::Error::other)?;
    let names = |moved: &[Moved]| moved.iter().map(|row| row.package.raw()).collect::<Vec<_>>().join("; ");
    for point in &report.points {
        let gap = point.gap.as_ref().map_or_else(String::new, |gap| format!("{}: {}", gap.kind, gap.detail.raw()));
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let mut row = vec![point.day.clone(), text(&point.commit), text(&point.committed), gap];
        if let Some(state) = &point.state {
            let parts = [state.no_seat, state.conflict, state.unknown];
            row.extend([state.packages, state.direct].map(|number| number.to_string()));
            row.extend(parts.map(|part| part.packages.to_string()));
            row.extend(parts.map(|part| part.share.to_string()));
            row.extend([state.hhi.map_or_else(String::new, |hhi| hhi.to_string()), state.exposed.to_string()]);
            let grade = |word: &&str| state.grades.get(*word).copied().unwrap_or(0).to_string();
            row.extend(["named", "seat", "publisher", "contribution", "channel", "possible"].iter().map(grade));
            row.extend([state.programmes.len().to_string()]);
            row.extend([point.programmes_came.join("; "), point.programmes_went.join("; ")]);
            row.extend([names(&point.came), names(&point.went)]);
            for code in &report.countries {
                let part = state.countries.get(code).copied().unwrap_or_default();
                row.extend([part.packages.to_string(), part.share.to_string()]);
            }
        }
        row.resize(TREND_HEAD.len() + 2 * report.countries.len(), String::new());
        csv.write_record(row.iter().map(|field| escape::csv(field))).map_err(io::Error::other)?;
    }
    csv.flush()
}
