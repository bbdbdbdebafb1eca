//! The tables of a comparison, harmless for a terminal.

use std::collections::BTreeMap;

use super::Section;
use crate::render::escape;
use crate::render::human::percent;
use crate::report::{
    CompareReport, ConcentrationPair, Counts, Indexes, KnownCounts, OnlyExposed, ProgrammePair, Shares, Sides,
    Standing, Untrusted,
};

/// From this share of packages with a country on the index among them says something.
const ENOUGH: f64 = 0.1;

/// Countries that are shown, the largest on either side.
const MOST_COUNTRIES: usize = 8;

/// The order of grades, nearest first.
const GRADES: [&str; 6] = ["named", "seat", "publisher", "contribution", "channel", "possible"];

/// Where nothing differs.
const EQUAL: &str = "=";

/// All of them, in order; of lists not more than so many rows.
pub(super) fn sections(report: &CompareReport, facet: Option<&str>, most: usize) -> Vec<Section> {
    let mut found = vec![packages(report)];
    found.extend(shares(report, facet));
    found.extend(indexes(report));
    found.extend(programmes(report, most));
    found.push(gate(report));
    found.extend(judged(report, most));
    found.extend(standings(report, most));
    found.extend(exposed("Exposed in A only", "in B", &report.only.exposed.a, most));
    found.extend(exposed("Exposed in B only", "in A", &report.only.exposed.b, most));
    found.extend(countries(report));
    found
}

fn packages(report: &CompareReport) -> Section {
    let numbers = &report.packages;
    let row = |what: &str, of: &Counts| counted(what, of);
    let rows = vec![
        row("all", &numbers.all),
        row("direct", &numbers.direct),
        row("exposed", &numbers.exposed),
        row("exposed only possibly", &numbers.possible),
    ];
    let mut section = Section::new("Packages", "").take(rows, usize::MAX);
    let only = numbers.only;
    if only == Sides::default() {
        section.below.push(format!("The same {} names with their sources are on both sides.", numbers.both));
    } else {
        section.below.push(format!(
            "By name and source: {} on both sides, {} in A only, {} in B only.",
            numbers.both, only.a, only.b
        ));
    }
    section
}

fn by_packages(report: &CompareReport) -> impl Iterator<Item = &ConcentrationPair> {
    report.concentration.iter().filter(|row| row.weighting.raw() == "packages")
}

/// The countries of one facet: the steward if no other is asked for.
fn shares(report: &CompareReport, facet: Option<&str>) -> Option<Section> {
    let most = if facet.is_some() { usize::MAX } else { MOST_COUNTRIES };
    let pair = by_packages(report).find(|row| row.facet.raw() == facet.unwrap_or("steward"))?;
    let mut rows: Vec<[String; 4]> =
        pair.shares.iter().take(most).map(|row| shared(&escape::terminal(&row.country), &row.share)).collect();
    if let Some(rest) = pair.shares.get(most..).filter(|rest| !rest.is_empty()) {
        let sum = |of: fn(&Shares) -> f64| rest.iter().map(|row| of(&row.share)).sum();
        let all = Shares { a: sum(|row| row.a), b: sum(|row| row.b), difference: sum(|row| row.difference) };
        rows.push(shared(&format!("{} others", rest.len()), &all));
    }
    rows.push(shared("no seat", &pair.no_seat));
    if pair.conflict.a.max(pair.conflict.b) > 0.0 {
        rows.push(shared("conflict", &pair.conflict));
    }
    rows.push(shared("unknown", &pair.unknown));
    Some(Section::new(format!("{} (by packages)", escape::terminal(&pair.facet)), "").take(rows, usize::MAX))
}

fn indexes(report: &CompareReport) -> Option<Section> {
    let with_country = |pair: &ConcentrationPair, of: fn(&Shares) -> f64| {
        pair.shares.iter().map(|row| of(&row.share)).sum::<f64>() >= ENOUGH
    };
    let row = |pair: &ConcentrationPair| {
        let Indexes { a, b, .. } = pair.hhi;
        let (a, b) = (a.filter(|_| with_country(pair, |row| row.a)), b.filter(|_| with_country(pair, |row| row.b)));
        let text = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        let difference = a.zip(b).map_or("-".to_owned(), |(a, b)| signed(b - a, 2));
        [escape::terminal(&pair.facet), text(a), text(b), difference]
    };
    let rows: Vec<[String; 4]> = by_packages(report).map(row).collect();
    (!rows.is_empty()).then(|| Section::new("HHI by facet (by packages)", "").take(rows, usize::MAX))
}

fn programmes(report: &CompareReport, most: usize) -> Option<Section> {
    let row = |pair: &ProgrammePair| {
        let cell = |packages: u32, grades: &BTreeMap<Untrusted, u32>, status: &Option<Untrusted>| {
            if packages == 0 {
                return "-".to_owned();
            }
            let upcoming = status.as_ref().is_some_and(|status| status.raw() == "upcoming");
            format!("{packages}: {}{}", by_grade(grades), if upcoming { ", not yet in force" } else { "" })
        };
        let (a, b) = (&pair.grades.a, &pair.grades.b);
        [
            escape::terminal(&pair.programme),
            cell(pair.packages.a, a, &pair.status.a),
            cell(pair.packages.b, b, &pair.status.b),
            signed_count(pair.packages.difference),
        ]
    };
    let rows: Vec<[String; 4]> = report.programmes.iter().map(row).collect();
    if rows.is_empty() {
        return None;
    }
    let mut section = Section::new("Programmes that reach packages", "").take(rows, most);
    // The table says it too, where it is whole.
    let sides = [("A", &report.only.programmes.a), ("B", &report.only.programmes.b)];
    for (letter, only) in sides.into_iter().filter(|(_, only)| section.left_out > 0 && !only.is_empty()) {
        let names: Vec<String> = only.iter().map(escape::terminal).collect();
        section.below.push(format!("In {letter} only: {}.", names.join(", ")));
    }
    Some(section)
}

fn by_grade(grades: &BTreeMap<Untrusted, u32>) -> String {
    let mut rows: Vec<(&Untrusted, u32)> = grades.iter().map(|(grade, number)| (grade, *number)).collect();
    rows.sort_by_key(|(grade, _)| GRADES.iter().position(|known| *known == grade.raw()).unwrap_or(GRADES.len()));
    let words: Vec<String> =
        rows.into_iter().map(|(grade, number)| format!("{number} {}", escape::terminal(grade))).collect();
    words.join(", ")
}

fn gate(report: &CompareReport) -> Section {
    let gate = &report.gate;
    let word = |verdict: Option<&str>| verdict.unwrap_or("not told").to_owned();
    let same = gate.verdict.a.is_some() && gate.verdict.a == gate.verdict.b;
    let verdicts =
        ["verdict".to_owned(), word(gate.verdict.a), word(gate.verdict.b), if same { EQUAL } else { "" }.to_owned()];
    let row = |what: &str, of: &KnownCounts| {
        let text = |number: Option<u32>| number.map_or("-".to_owned(), |number| number.to_string());
        [what.to_owned(), text(of.a), text(of.b), of.difference.map_or("-".to_owned(), signed_count)]
    };
    let rows = vec![verdicts, row("fail", &gate.deny), row("warn", &gate.warn), row("accepted", &gate.accepted)];
    Section::new("The gate", "").take(rows, usize::MAX)
}

fn judged(report: &CompareReport, most: usize) -> Option<Section> {
    let rows = report.judged.as_deref().unwrap_or_default().iter().map(|pair| {
        let package = pair.package.as_ref().map_or("the graph as a whole".to_owned(), escape::terminal);
        let level = |level: Option<&str>| level.unwrap_or("-").to_owned();
        [package, level(pair.level.a), level(pair.level.b), pair.rule.to_owned()]
    });
    let rows: Vec<[String; 4]> = rows.collect();
    (!rows.is_empty()).then(|| {
        let section = Section::new("Findings that differ", "package").take(rows, most);
        Section { head: ["package", "A", "B", "rule"], ..section }
    })
}

fn standings(report: &CompareReport, most: usize) -> Option<Section> {
    let rows = report.standings.as_deref().unwrap_or_default().iter().map(|pair| {
        let (a, b) = (stands(pair.standing.a), stands(pair.standing.b));
        [escape::terminal(&pair.programme.into()), a, b, escape::terminal(&pair.title.into())]
    });
    let rows: Vec<[String; 4]> = rows.collect();
    (!rows.is_empty()).then(|| {
        let section = Section::new("Programmes that stand otherwise", "programme").take(rows, most);
        let text = "\"counts\": the policy chooses it, or it is law of the home, so that the gate weighs what it does. \"applies\": it is in the report, \
                    and the gate only warns of it, or passes it over where the policy chooses others.";
        Section { head: ["programme", "A", "B", "title"], below: vec![text.to_owned()], ..section }
    })
}

fn stands(standing: Option<Standing>) -> String {
    let Some(standing) = standing else { return "not known to it".to_owned() };
    let upcoming = if standing.status == "upcoming" { ", upcoming" } else { "" };
    match (standing.counts, standing.applies, standing.status) {
        (true, _, _) => format!("counts{upcoming}"),
        (false, true, _) => format!("applies{upcoming}"),
        (false, false, "not-yours") => "for another home".to_owned(),
        (false, false, "needs-home") => "needs a home".to_owned(),
        (false, false, status) => status.to_owned(),
    }
}

fn exposed(title: &str, there: &'static str, packages: &[OnlyExposed], most: usize) -> Option<Section> {
    let rows: Vec<[String; 4]> = packages
        .iter()
        .map(|row| {
            let elsewhere = match row.elsewhere {
                "absent" => "is not there",
                "possible" => "only possible",
                _ => "not exposed",
            };
            let programmes: Vec<String> = row.programmes.iter().map(escape::terminal).collect();
            [
                escape::terminal(&row.package),
                escape::terminal(&row.grade),
                elsewhere.to_owned(),
                format!("{}: {}", programmes.join(", "), escape::terminal_long(row.because.raw())),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let section = Section::new(title, "package").take(rows, most);
        Section { head: ["package", "grade", there, "programmes"], ..section }
    })
}

fn countries(report: &CompareReport) -> Option<Section> {
    let mut section = Section::new("Countries of one side only", "");
    for (letter, rows) in report.only.countries.each().into_iter().filter(|(_, rows)| !rows.is_empty()) {
        let words: Vec<String> = rows
            .iter()
            .map(|row| {
                let facets: Vec<String> = row.facets.iter().map(escape::terminal).collect();
                format!("{} ({})", escape::terminal(&row.country), facets.join(", "))
            })
            .collect();
        section.below.push(format!("In {letter}: {}.", words.join(", ")));
    }
    (!section.below.is_empty()).then_some(section)
}

fn counted(what: &str, of: &Counts) -> [String; 4] {
    [what.to_owned(), of.a.to_string(), of.b.to_string(), signed_count(of.difference)]
}

fn shared(what: &str, share: &Shares) -> [String; 4] {
    [what.to_owned(), percent(share.a), percent(share.b), signed(share.difference * 100.0, 1)]
}

fn signed_count(difference: i64) -> String {
    if difference == 0 { EQUAL.to_owned() } else { minus(&format!("{difference:+}")) }
}

fn signed(difference: f64, digits: usize) -> String {
    let text = format!("{difference:+.digits$}");
    let nothing = text.chars().all(|c| "+-0.".contains(c));
    match (nothing, difference == 0.0) {
        (true, true) => EQUAL.to_owned(),
        // It differs, by less than is shown.
        (true, false) => text.replace(['+', '-'], "\u{b1}"),
        (false, _) => minus(&text),
    }
}

/// A minus, and not a hyphen.
fn minus(text: &str) -> String {
    text.replace('-', "\u{2212}")
}
