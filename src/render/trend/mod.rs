//! A trend for people: a line for each number, then the points. What every format for people says in the same words stands here.

mod human;
mod markdown;

pub(super) use human::write as human;
pub(super) use markdown::write as markdown;

use super::human::percent;
use crate::report::{Moved, Movement, TrendPoint, TrendReport, TrendState};

const TO: &str = "\u{2192}";

/// Countries that have a line of their own; the others are added up.
pub(super) const COUNTRIES: usize = 5;

/// Eighths of a line. The lowest is zero, and nothing else is.
const BLOCKS: [&str; 8] =
    ["\u{2581}", "\u{2582}", "\u{2583}", "\u{2584}", "\u{2585}", "\u{2586}", "\u{2587}", "\u{2588}"];

/// In place of a number that there is none of.
const GAP: &str = "\u{b7}";

/// One number at every point.
pub(super) struct Line {
    pub(super) label: String,
    pub(super) values: Vec<Option<f64>>,
    shown: fn(f64) -> String,
}

/// The shares of who stands behind packages: the largest countries, the others, and what has none. Together they make one at every point.
pub(super) fn shares(report: &TrendReport) -> Vec<Line> {
    let line = |label: &str, of: &dyn Fn(&TrendState) -> f64| Line {
        label: label.to_owned(),
        values: report.points.iter().map(|point| point.state.as_ref().map(of)).collect(),
        shown: percent,
    };
    let share = |state: &TrendState, code: &String| state.countries.get(code).map_or(0.0, |part| part.share);
    let mut lines: Vec<Line> =
        report.countries.iter().take(COUNTRIES).map(|code| line(code, &|state| share(state, code))).collect();
    if let Some(others) = report.countries.get(COUNTRIES..).filter(|others| !others.is_empty()) {
        let label = if let [one] = others { one.clone() } else { format!("{} others", others.len()) };
        lines.push(line(&label, &|state| others.iter().map(|code| share(state, code)).sum()));
    }
    lines.push(line("no seat", &|state| state.no_seat.share));
    lines.push(line("conflict", &|state| state.conflict.share));
    lines.push(line("unknown", &|state| state.unknown.share));
    // What never is says nothing.
    lines.retain(|line| line.values.iter().flatten().any(|value| *value > 0.0));
    lines
}

/// The numbers that are no shares.
pub(super) fn counts(report: &TrendReport) -> Vec<Line> {
    let line = |label: &str, shown: fn(f64) -> String, of: &dyn Fn(&TrendState) -> Option<f64>| Line {
        label: label.to_owned(),
        values: report.points.iter().map(|point| point.state.as_ref().and_then(of)).collect(),
        shown,
    };
    let programmes = |state: &TrendState| u32::try_from(state.programmes.len()).map_or(0.0, f64::from);
    vec![
        line("exposed", whole, &|state| Some(f64::from(state.exposed))),
        line("possible", whole, &|state| Some(f64::from(possible(state)))),
        line("programmes", whole, &|state| Some(programmes(state))),
        line("HHI", index, &|state| state.hhi),
        line("packages", whole, &|state| Some(f64::from(state.packages))),
        line("direct", whole, &|state| Some(f64::from(state.direct))),
    ]
}

fn possible(state: &TrendState) -> u32 {
    state.grades.get("possible").copied().unwrap_or(0)
}

fn whole(value: f64) -> String {
    format!("{value:.0}")
}

fn index(value: f64) -> String {
    format!("{value:.2}")
}

impl Line {
    pub(super) fn largest(&self) -> f64 {
        self.values.iter().flatten().copied().fold(0.0, f64::max)
    }

    /// First and last number that there is, in words.
    fn ends(&self) -> (String, String) {
        let mut known = self.values.iter().flatten();
        let first = known.next().copied();
        let last = known.next_back().copied().or(first);
        let word = |value: Option<f64>| value.map_or("-".to_owned(), self.shown);
        (word(first), word(last))
    }

    /// The chart of the line, so many columns wide at most.
    fn chart(&self, columns: &[usize]) -> String {
        let largest = self.largest();
        let block = |value: f64| {
            // The lowest block is zero: what is more has at least the next.
            let step = (1..BLOCKS.len()).find(|step| {
                let top = u32::try_from(*step).map_or(0.0, f64::from);
                value / largest <= top / 7.0 + 1e-9
            });
            if value > 0.0 { BLOCKS[step.unwrap_or(BLOCKS.len() - 1)] } else { BLOCKS[0] }
        };
        columns.iter().map(|at| self.values.get(*at).copied().flatten().map_or(GAP, block)).collect()
    }
}

/// Which points a chart of so many columns shows: all, or so many, evenly, with the first and the last.
fn columns(points: usize, room: usize) -> Vec<usize> {
    if points <= room || room < 2 {
        return (0..points).collect();
    }
    (0..room).map(|column| (column * (points - 1) + (room - 1) / 2) / (room - 1)).collect()
}

/// What was read, in words.
pub(super) fn read(report: &TrendReport) -> String {
    let points = report.points.len();
    let every = if points == 1 { "one point".to_owned() } else { format!("{points} points, every {}", report.every) };
    let what = match (report.reading, &report.as_of) {
        ("today", Some(day)) => format!("evidence and law of {day}: only the dependencies move"),
        ("fixed", _) => "today's lock file, evidence and law of each day: the dependencies do not move".to_owned(),
        _ => "evidence and law of each day".to_owned(),
    };
    let read = report.history.map_or(String::new(), |history| {
        let cut = if history.shallow { " (a shallow clone)" } else { "" };
        let s = if history.lock_files == 1 { "" } else { "s" };
        format!(" \u{b7} {} different lock file{s}{cut}", history.lock_files)
    });
    format!("{} to {}, {every}{read} \u{b7} {what}", report.since, report.until)
}

/// The movement in one sentence.
pub(super) fn sentence(report: &TrendReport) -> Option<String> {
    let of = |what: &str| report.movement.iter().find(|row| row.what == what);
    let (packages, exposed) = (of("packages")?, of("exposed")?);
    let why = match (report.reading, exposed.by_dependencies == 0.0 && exposed.by_evidence == 0.0) {
        ("then", false) => format!(
            ": {} by the dependencies, {} by evidence and law",
            difference(exposed.by_dependencies),
            difference(exposed.by_evidence)
        ),
        _ => String::new(),
    };
    Some(format!(
        "Packages {:.0} {TO} {:.0}; exposed (nearer than possible) {:.0} {TO} {:.0}{why}.",
        packages.from, packages.to, exposed.from, exposed.to
    ))
}

/// A difference of whole numbers; its parts can be halves.
fn difference(value: f64) -> String {
    signed(value, usize::from(value.fract() != 0.0))
}

fn signed(value: f64, digits: usize) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:+.digits$}").replace('-', "\u{2212}") }
}

/// The columns of the table; the same in Markdown.
fn head(report: &TrendReport, countries: usize, wide: bool) -> Vec<String> {
    let mut head = vec!["day".to_owned(), "packages".to_owned()];
    head.extend(wide.then(|| "direct".to_owned()));
    head.extend(report.countries.iter().take(countries).cloned());
    head.extend(["no seat", "unknown", "HHI", "exposed"].map(str::to_owned));
    if wide {
        head.extend(["possible", "programmes"].map(str::to_owned));
    }
    head
}

fn row(report: &TrendReport, point: &TrendPoint, countries: usize, wide: bool) -> Vec<String> {
    let Some(state) = &point.state else {
        let columns = head(report, countries, wide).len();
        let kind = point.gap.as_ref().map_or("-", |gap| gap.kind);
        let mut row = vec![point.day.clone(), kind.to_owned()];
        row.resize(columns, "-".to_owned());
        return row;
    };
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let share = |code: &String| state.countries.get(code).map_or(0.0, |part| part.share);
    let mut row = vec![point.day.clone(), state.packages.to_string()];
    row.extend(wide.then(|| state.direct.to_string()));
    row.extend(report.countries.iter().take(countries).map(|code| percent(share(code))));
    row.extend([percent(state.no_seat.share), percent(state.unknown.share)]);
    row.extend([state.hhi.map_or("-".to_owned(), index), state.exposed.to_string()]);
    if wide {
        row.extend([possible(state).to_string(), state.programmes.len().to_string()]);
    }
    row
}

/// What came and went at every point, the newest first: the day, a sign, and what it is.
fn all_moved(report: &TrendReport) -> impl Iterator<Item = (&TrendPoint, &'static str, &Moved)> {
    report.points.iter().rev().flat_map(|point| {
        let came = point.came.iter().map(move |row| (point, "+", row));
        let went = point.went.iter().map(move |row| (point, "\u{2212}", row));
        came.chain(went)
    })
}

/// Points at which programmes in force began or ceased to reach packages, the newest first: the day, a sign, and the programmes.
fn all_programmes(report: &TrendReport) -> impl Iterator<Item = (&TrendPoint, &'static str, String)> {
    let points = report.points.iter().rev();
    let both = points.flat_map(|point| {
        [(point, "+", &point.programmes_came), (point, "\u{2212}", &point.programmes_went)].into_iter()
    });
    both.filter(|row| !row.2.is_empty()).map(|(point, sign, ids)| (point, sign, ids.join(", ")))
}

/// What moved a package.
fn cause(moved: &Moved) -> &'static str {
    if moved.cause == "evidence" { "evidence or law" } else { "dependencies" }
}

const MOVED_HEAD: [&str; 6] = ["day", "", "package", "grade", "programmes", "moved by"];

/// A number of the movement in words; what is added has a sign.
fn amount(row: &Movement, value: f64, added: bool) -> String {
    match (row.what.as_str(), added) {
        ("packages" | "exposed" | "possible", false) => whole(value),
        ("packages" | "exposed" | "possible", true) => difference(value),
        ("hhi", false) => index(value),
        ("hhi", true) => signed((value * 100.0).round() / 100.0, 2),
        (_, false) => percent(value),
        (_, true) => match (value * 1000.0).round() {
            0.0 => "0".to_owned(),
            tenths => format!("{} points", signed(tenths / 10.0, 1)),
        },
    }
}

const MOVEMENT_HEAD: [&str; 5] = ["", "first", "last", "by the dependencies", "by evidence and law"];

fn moving(report: &TrendReport) -> impl Iterator<Item = [String; 5]> {
    report.movement.iter().map(|row| {
        let what = match row.what.as_str() {
            "hhi" => "HHI",
            "no-seat" => "no seat",
            other => other,
        };
        [
            what.to_owned(),
            amount(row, row.from, false),
            amount(row, row.to, false),
            amount(row, row.by_dependencies, true),
            amount(row, row.by_evidence, true),
        ]
    })
}

/// How the movement is taken apart.
const TAKEN_APART: &str = "What one of the two moved is the mean of what it moves with the other as it was at the first point, and as it is at the last: a package \
                           that came and that a new rule reaches is half of each.";

/// Points without numbers, those on end with one reason together.
pub(super) fn gap_lines(report: &TrendReport) -> Vec<String> {
    let mut groups: Vec<(&TrendPoint, &TrendPoint, usize)> = Vec::new();
    let mut before: Option<usize> = None;
    for (at, point) in report.points.iter().enumerate().filter(|row| row.1.gap.is_some()) {
        match groups.last_mut() {
            Some((first, last, number)) if first.gap == point.gap && before == at.checked_sub(1) => {
                *last = point;
                *number += 1;
            }
            _ => groups.push((point, point, 1)),
        }
        before = Some(at);
    }
    let line = |(first, last, number): &(&TrendPoint, &TrendPoint, usize)| {
        let detail = first.gap.as_ref().map_or("", |gap| gap.detail.raw());
        match number {
            1 => format!("{}: {detail}", first.day),
            _ => format!("{} to {} ({number} points): {detail}", first.day, last.day),
        }
    };
    groups.iter().map(line).collect()
}
