//! The rows of the risk table: one a package, worst first.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Only, Sort, View};
use crate::report::{ExposureReport, OriginKind, PackageReport, Report};

/// Grades in their order, for sorting.
const GRADES: [&str; 6] = ["named", "seat", "publisher", "contribution", "channel", "possible"];

/// Effects, what bears most on using code first.
const EFFECTS: [&str; 12] = [
    "own-policy",
    "supply-ban",
    "procurement-ban",
    "equipment-and-service-restriction",
    "asset-freeze",
    "jurisdiction-list",
    "export-control",
    "research-restriction",
    "investment-ban",
    "import-ban",
    "warning",
    "proposal",
];

/// Exposures of one package: nearest grade first, among equals what bears most on using code.
pub(super) fn order(exposures: &mut [&ExposureReport]) {
    let place = |words: &[&str], word: &str| words.iter().position(|known| *known == word).unwrap_or(words.len());
    exposures.sort_by_key(|exposure| {
        (place(&GRADES, exposure.grade), exposure.status != "in-force", place(&EFFECTS, exposure.effect))
    });
}

/// A programme's id, marked where it is not in force yet.
pub(super) fn id(exposure: &ExposureReport) -> String {
    if exposure.status == "in-force" { exposure.programme.clone() } else { format!("{} (not yet)", exposure.programme) }
}

/// A package with what reaches it.
pub(super) struct Row<'r> {
    pub(super) package: &'r PackageReport,
    pub(super) exposures: Vec<&'r ExposureReport>,
}

impl Row<'_> {
    /// The nearest grade, or `-`.
    pub(super) fn grade(&self) -> &str {
        self.exposures.first().map_or("-", |exposure| exposure.grade)
    }

    /// The programmes that reach it, nearest first: at most `max`, and how many more.
    pub(super) fn programmes(&self, max: usize) -> String {
        let mut ids: Vec<String> = self.exposures.iter().map(|exposure| id(exposure)).collect();
        let more = ids.len().saturating_sub(max);
        ids.truncate(max);
        let tail = if more > 0 { format!(" +{more}") } else { String::new() };
        format!("{}{tail}", ids.join(", "))
    }
}

/// The rows that a view asks for, in its order.
pub(super) fn rows<'r>(report: &'r Report, view: &View) -> Vec<Row<'r>> {
    let mut by_package: BTreeMap<&str, Vec<&ExposureReport>> = report.exposures_by_package();
    for exposures in by_package.values_mut() {
        exposures.retain(|exposure| view.facet.is_none_or(|facet| exposure.facet == facet));
        order(exposures);
    }
    let all = report
        .packages
        .iter()
        .map(|package| Row { package, exposures: by_package.get(package.purl.as_str()).cloned().unwrap_or_default() });
    let unknown = |package: &PackageReport| {
        let facets = package.facets.all();
        let mut asked = facets.iter().filter(|(word, _)| *word == view.facet.unwrap_or("steward"));
        !package.workspace && asked.any(|(_, facet)| facet.origin.kind == OriginKind::Unknown)
    };
    let mut rows: Vec<Row<'_>> = match view.only {
        Only::Exposed => all.filter(|row| !row.exposures.is_empty()).collect(),
        Only::Unknown => all.filter(|row| unknown(row.package)).collect(),
        Only::All => all.collect(),
    };
    let grade = |row: &Row<'_>| {
        let place = GRADES.iter().position(|grade| *grade == row.grade()).unwrap_or(GRADES.len());
        // What runs at build time is worse than what only ships.
        (
            place,
            row.package.capabilities.runs_at_build != Some(true),
            Reverse(row.exposures.len()),
            Reverse(row.package.dependents),
        )
    };
    // Stable sorts: the order of the report decides among equals.
    match view.sort {
        Sort::Grade => rows.sort_by_key(grade),
        Sort::Name => {}
        Sort::Dependents => rows.sort_by_key(|row| Reverse(row.package.dependents)),
        Sort::Depth => rows.sort_by_key(|row| row.package.depth.unwrap_or(u32::MAX)),
    }
    rows
}
