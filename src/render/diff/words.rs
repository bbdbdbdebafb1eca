//! Sentences about a difference, harmless for a terminal. Another medium escapes them once more.

use std::collections::BTreeMap;

use crate::render::escape;
use crate::report::{
    AddedPackage, Answer, ChangedPackage, DiffReport, ExposureChange, ExposureEntry, OriginKind, PowerChange, Untrusted,
};

/// What stands between what was and what is.
pub(super) const TO: &str = "\u{2192}";

/// `DE \u{b7} Example GmbH of Example Holding (AT)`, `no seat`, `unknown`.
pub(in crate::render) fn answer(answer: &Answer) -> String {
    let codes: Vec<String> = answer.countries.iter().take(4).map(escape::terminal).collect();
    let more = answer.countries.len().saturating_sub(4);
    let listed = |between: &str| {
        let rest = if more > 0 { format!("{between}+{more}") } else { String::new() };
        format!("{}{rest}", codes.join(between))
    };
    let origin = match answer.kind {
        OriginKind::Country => listed(" "),
        OriginKind::Band => listed("|"),
        OriginKind::Several => format!("{}{}", listed("+"), if answer.others { "+?" } else { "" }),
        OriginKind::Conflict => format!("{}?", listed("/")),
        OriginKind::NoSeat => "no seat".to_owned(),
        OriginKind::Unknown => "unknown".to_owned(),
    };
    let owner = answer.owner.as_ref().map_or_else(String::new, |owner| {
        let seat = owner.seat.as_ref().map_or_else(String::new, |seat| format!(" ({})", escape::terminal(seat)));
        format!(" of {}{seat}", escape::terminal(&owner.name))
    });
    match &answer.name {
        Some(name) => format!("{origin} \u{b7} {}{owner}", escape::terminal(name)),
        None => origin,
    }
}

/// An answer with its party, where two answers differ in nothing else that is shown.
fn told_apart(before: &Answer, now: &Answer) -> (String, String) {
    let (then, here) = (answer(before), answer(now));
    if then != here {
        return (then, here);
    }
    let with = |text: String, answer: &Answer| {
        let party = answer.party.as_ref().map_or_else(|| "nobody known".to_owned(), escape::terminal);
        format!("{text} \u{b7} {party}")
    };
    (with(then, before), with(here, now))
}

/// Where a package comes from.
pub(super) fn place(source: &Untrusted) -> String {
    match source.raw() {
        "registry+https://github.com/rust-lang/crates.io-index" => "crates.io".to_owned(),
        "path" => "a folder of the project".to_owned(),
        _ => escape::terminal(source),
    }
}

/// The name with its version.
pub(super) fn title(package: &AddedPackage) -> String {
    format!("{} {}", escape::terminal(&package.name), package.version)
}

/// The name with its version, or both versions.
pub(super) fn changed_title(package: &ChangedPackage) -> String {
    let name = escape::terminal(&package.name);
    match (&package.version, &package.commit) {
        (version, _) if version.before != version.now => format!("{name} {} {TO} {}", version.before, version.now),
        (version, Some(commit)) => {
            let short = |commit: &Untrusted| {
                let text: String = commit.raw().chars().take(12).collect();
                if text.is_empty() { "no commit".to_owned() } else { escape::terminal(&text.into()) }
            };
            format!("{name} {} ({} {TO} {})", version.now, short(&commit.before), short(&commit.now))
        }
        (version, None) => format!("{name} {}", version.now),
    }
}

/// What differs in a package, the gravest first.
pub(super) fn changes(package: &ChangedPackage) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(source) = &package.source {
        found.push(format!("ANOTHER SOURCE: {} {TO} {}", place(&source.before), place(&source.now)));
    }
    found.extend(package.powers.iter().map(power_change));
    for change in &package.answers {
        let (before, now) = told_apart(&change.before, &change.now);
        found.push(format!("{}: {before} {TO} {now}", change.facet));
    }
    found
}

fn power_change(change: &PowerChange) -> String {
    match (change.power, change.gained) {
        ("build-script", true) => "it has a build script now, and had none",
        ("build-script", false) => "it had a build script, and has none now",
        ("proc-macro", true) => "it is a procedural macro now, and was none",
        ("proc-macro", false) => "it was a procedural macro, and is none now",
        (_, true) => "its code runs on the build machine now, and did not",
        (_, false) => "its code ran on the build machine, and does not now",
    }
    .to_owned()
}

/// What a package can do, in words.
pub(super) fn power(package: &AddedPackage) -> String {
    let mut words = Vec::new();
    if package.proc_macro == Some(true) {
        words.push("proc macro");
    }
    if package.build_script == Some(true) {
        words.push("build script");
    }
    if words.is_empty() && package.runs_at_build == Some(true) {
        words.push("at build time");
    }
    if package.built == Some(false) {
        words.push("not built with this selection");
    }
    match (words.is_empty(), package.runs_at_build) {
        (true, None) => "not known".to_owned(),
        (true, _) => "-".to_owned(),
        (false, _) => words.join(", "),
    }
}

/// The exposures of one package: its name, a sentence for each reason, and the path.
pub(super) struct Exposed<'a> {
    pub(super) package: String,
    pub(super) sentences: Vec<String>,
    pub(super) path: &'a [Untrusted],
    pub(super) grade: &'a Untrusted,
}

/// Exposures by package, in the order in which they come. What several programmes have in common is said once.
pub(super) fn by_package(entries: &[ExposureEntry]) -> Vec<Exposed<'_>> {
    let mut places: BTreeMap<&Untrusted, usize> = BTreeMap::new();
    let mut found: Vec<(&ExposureEntry, Vec<&ExposureEntry>)> = Vec::new();
    for entry in entries {
        let at = *places.entry(&entry.purl).or_insert(found.len());
        match found.get_mut(at) {
            Some((_, all)) => all.push(entry),
            None => found.push((entry, vec![entry])),
        }
    }
    let sentences = |all: &[&ExposureEntry]| {
        let mut grouped: Vec<((&Untrusted, &Untrusted), Vec<String>)> = Vec::new();
        for entry in all {
            let entry: &ExposureEntry = entry;
            let said = (&entry.grade, &entry.because);
            let upcoming = if entry.status.raw() == "upcoming" { ", not yet in force" } else { "" };
            let programme =
                format!("{} ({}{upcoming})", escape::terminal(&entry.programme), escape::terminal(&entry.effect));
            match grouped.iter_mut().find(|(known, _)| *known == said) {
                Some((_, programmes)) => programmes.push(programme),
                None => grouped.push((said, vec![programme])),
            }
        }
        let sentence = |((grade, because), programmes): ((&Untrusted, &Untrusted), Vec<String>)| {
            format!("{}: {}: {}", escape::terminal(grade), programmes.join(", "), escape::terminal(because))
        };
        grouped.into_iter().map(sentence).collect::<Vec<String>>()
    };
    found
        .into_iter()
        .map(|(first, all)| Exposed {
            package: escape::terminal(&first.package),
            path: &first.path,
            grade: &first.grade,
            sentences: sentences(&all),
        })
        .collect()
}

/// How an exposure that is on both sides differs.
pub(super) fn regraded(change: &ExposureChange) -> String {
    let said = |entry: &ExposureEntry| {
        let upcoming = if entry.status.raw() == "upcoming" { ", not yet in force" } else { "" };
        format!("{}{upcoming}", escape::terminal(&entry.grade))
    };
    let because = escape::terminal(&change.now.because);
    let programme = escape::terminal(&change.now.programme);
    format!("{programme}: {} {TO} {}: {because}", said(&change.before), said(&change.now))
}

/// Packages that differ: those from another source first, then those with another power, then with another answer.
pub(super) fn worst_first(packages: &[ChangedPackage]) -> Vec<&ChangedPackage> {
    let mut found: Vec<&ChangedPackage> = packages.iter().collect();
    // A stable sort: else by name.
    found.sort_by_key(|package| (package.source.is_none(), package.powers.is_empty(), package.answers.is_empty()));
    found
}

/// A way from a member, the middle of a long one left out.
pub(super) fn way(path: &[Untrusted]) -> String {
    let steps: Vec<String> = match path {
        [first, .., before, last] if path.len() > 6 => {
            vec![escape::terminal(first), "\u{2026}".to_owned(), escape::terminal(before), escape::terminal(last)]
        }
        _ => path.iter().map(escape::terminal).collect(),
    };
    steps.join(" > ")
}

/// A number with its word: `1 package`, `2 packages`.
pub(super) fn number(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// What has changed, in numbers.
pub(super) fn summary(report: &DiffReport) -> String {
    let counts = &report.counts;
    let mut of_changed = Vec::new();
    if counts.moved > 0 {
        of_changed.push(format!("{} from another source", counts.moved));
    }
    if counts.version_only > 0 {
        of_changed.push(format!("{} in version only", counts.version_only));
    }
    let of_changed = if of_changed.is_empty() { String::new() } else { format!(" ({})", of_changed.join(", ")) };
    format!(
        "Packages: {} added, {} removed, {} changed{of_changed}. Exposures: {} new, {} gone, {} changed.",
        counts.added,
        counts.removed,
        counts.changed,
        counts.exposures_added,
        counts.exposures_removed,
        counts.exposures_changed
    )
}

/// What is compared with what.
pub(super) fn compared(report: &DiffReport) -> String {
    let kind = match report.base.kind {
        "revision" => "revision",
        "metadata" => "saved cargo metadata",
        "report" => "saved report",
        _ => "lock file",
    };
    let what = match (report.compared.raw(), report.base.kind) {
        ("lock-file", _) => "what could be built",
        _ => "what is built",
    };
    format!("since {} ({kind}); compared is {what}", escape::terminal(&report.base.asked))
}

/// A share before and now, in percent.
pub(super) fn shares(before: f64, now: f64) -> String {
    let (before, now) = (format!("{:.1}", before * 100.0), format!("{:.1}", now * 100.0));
    if before == now { format!("{now} %") } else { format!("{before} {TO} {now} %") }
}

/// Shares of countries that differ, the largest changes first.
pub(super) fn countries(change: &crate::report::ConcentrationChange, most: usize) -> String {
    let shown = change
        .shares
        .iter()
        .take(most)
        .map(|row| format!("{} {}", escape::terminal(&row.country), shares(row.before, row.now)));
    let more = change.shares.len().saturating_sub(most);
    let rest = (more > 0).then(|| format!("{more} more"));
    let all: Vec<String> = shown.chain(rest).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

/// An index before and now.
pub(super) fn index(before: Option<f64>, now: Option<f64>) -> String {
    let text = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"));
    let (before, now) = (text(before), text(now));
    if before == now { now } else { format!("{before} {TO} {now}") }
}
