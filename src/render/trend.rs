//! A trend for a terminal and in Markdown: a line for each number, then the points.

use std::io::{self, Write};

use super::human::{overrides, paragraph, percent};
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, escape};
use crate::report::{Moved, Movement, TrendPoint, TrendReport, TrendState};

const TO: &str = "\u{2192}";

/// From this width on the table has room for every number.
const WIDE: u16 = 136;

/// Countries that have a line of their own; the others are added up.
pub(super) const COUNTRIES: usize = 5;

/// Eighths of a line. The lowest is zero, and nothing else is.
const BLOCKS: [&str; 8] =
    ["\u{2581}", "\u{2582}", "\u{2583}", "\u{2584}", "\u{2585}", "\u{2586}", "\u{2587}", "\u{2588}"];

/// In place of a number that there is none of.
const GAP: &str = "\u{b7}";

/// Columns of a chart, however wide the terminal is.
const MOST_COLUMNS: usize = 120;

/// Gaps that are named.
const MOST_GAPS: usize = 5;

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
            signed(exposed.by_dependencies, 0),
            signed(exposed.by_evidence, 0)
        ),
        _ => String::new(),
    };
    Some(format!(
        "Packages {:.0} {TO} {:.0}; exposed (nearer than possible) {:.0} {TO} {:.0}{why}.",
        packages.from, packages.to, exposed.from, exposed.to
    ))
}

fn signed(value: f64, digits: usize) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:+.digits$}").replace('-', "\u{2212}") }
}

pub(super) fn human(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let name = paint(view.stylesheet.strong, &escape::terminal(&report.workspace));
    let mut first = format!("{} trend \u{b7} {name}", report.generator);
    // A lock file with several members at its top has no other name.
    if report.workspace != report.lock_file {
        first = format!("{first} \u{b7} {}", escape::terminal(&report.lock_file));
    }
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    let second = format!("{} \u{b7} {home} \u{b7} data of {}", read(report), report.data_date);
    for line in paragraph(&second, view.width.saturating_add(2)).lines() {
        writeln!(out, "{}", paint(view.stylesheet.faint, line.trim()))?;
    }
    overrides(&report.overrides, view, out)?;
    if let Some(sentence) = sentence(report) {
        writeln!(out)?;
        let text = paragraph(&sentence, view.width.saturating_add(2));
        text.lines().try_for_each(|line| writeln!(out, "{}", line.trim()))?;
    }
    charts(report, view, out)?;
    table(report, view, out)?;
    came_and_went(report, view, out)?;
    movement(report, view, out)?;
    gaps(report, view, out)?;
    title("NOTES", view, out)?;
    for note in &report.notes {
        write!(out, "{}", paragraph(&escape::terminal_long(note.raw()), view.width))?;
    }
    write!(out, "\n{}", paint(view.stylesheet.faint, &paragraph(&report.notice, view.width)))
}

fn title(text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, text))
}

fn charts(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (shares, counts) = (shares(report), counts(report));
    let widest = |of: &dyn Fn(&Line) -> String| {
        shares.iter().chain(&counts).map(|line| of(line).chars().count()).max().unwrap_or_default()
    };
    let ends = |line: &Line| {
        let (first, last) = line.ends();
        format!("{first} {TO} {last}")
    };
    let (label, end) = (widest(&|line| line.label.clone()), widest(&ends));
    let largest = |line: &Line| format!("largest {}", (line.shown)(line.largest()));
    let room = usize::from(view.width).saturating_sub(label + end + widest(&largest) + 8).clamp(8, MOST_COLUMNS);
    let columns = columns(report.points.len(), room);
    let style = &view.stylesheet;
    let mut block = |heading: &str, lines: &[Line]| -> io::Result<()> {
        title(heading, view, out)?;
        for line in lines {
            let chart = line.chart(&columns);
            let text = format!("  {:label$}  {chart}  {:end$}  ", line.label, ends(line));
            writeln!(out, "{text}{}", paint(style.faint, &largest(line)))?;
        }
        writeln!(out, "  {:label$}  {}", "", paint(style.faint, &days(report, columns.len())))
    };
    block("ORIGINS (share of the packages, by the seat of who stands behind them)", &shares)?;
    block("EXPOSURE AND SIZE (numbers of packages; HHI from 0 to 1)", &counts)?;
    let gap = report.points.iter().any(|point| point.state.is_none());
    let gap = if gap { format!("; {GAP} is a gap") } else { String::new() };
    let legend = format!("Each line has its own scale: {} is 0, {} its largest number{gap}.", BLOCKS[0], BLOCKS[7]);
    write!(out, "{}", paint(style.faint, &paragraph(&legend, view.width)))
}

/// The first day under the left end of a chart, the last under its right end.
fn days(report: &TrendReport, width: usize) -> String {
    let day = |point: Option<&TrendPoint>| point.map_or("", |point| &point.day).to_owned();
    let (first, last) = (day(report.points.first()), day(report.points.last()));
    if report.points.len() < 2 {
        return first;
    }
    let between = width.saturating_sub(first.len() + last.len());
    if between == 0 { format!("{first} {TO} {last}") } else { format!("{first}{}{last}", " ".repeat(between)) }
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

fn table(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    title("POINTS", view, out)?;
    let (countries, wide) = if view.width >= WIDE { (COUNTRIES, true) } else { (3, false) };
    let points = report.points.len();
    // The ends, and what lies evenly between them.
    let chosen = columns(points, view.top.unwrap_or(points).max(2));
    let rows = chosen.iter().filter_map(|at| report.points.get(*at)).map(|point| {
        let mut cells = row(report, point, countries, wide).into_iter();
        let mut fields: Vec<Field> = cells.next().map(Field::new).into_iter().collect();
        fields.extend(cells.map(Field::number));
        fields
    });
    let head = head(report, countries, wide);
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &[], view.width))?;
    if chosen.len() < points {
        writeln!(out, "  {} of {points} points (--top 0 shows all)", chosen.len())?;
    }
    Ok(())
}

/// What came and went at every point, the newest first: the day, a sign, and what it is.
fn all_moved(report: &TrendReport) -> impl Iterator<Item = (&TrendPoint, &'static str, &Moved)> {
    report.points.iter().rev().flat_map(|point| {
        let came = point.came.iter().map(move |row| (point, "+", row));
        let went = point.went.iter().map(move |row| (point, "\u{2212}", row));
        came.chain(went)
    })
}

/// What moved a package.
fn cause(moved: &Moved) -> &'static str {
    if moved.cause == "evidence" { "evidence or law" } else { "dependencies" }
}

const MOVED_HEAD: [&str; 6] = ["day", "", "package", "grade", "programmes", "moved by"];

fn came_and_went(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let number = all_moved(report).count();
    if number == 0 {
        return Ok(());
    }
    title("EXPOSED PACKAGES THAT CAME (+) AND WENT (\u{2212}), the newest first", view, out)?;
    let style = view.stylesheet;
    let shown = view.top.unwrap_or(number).min(number);
    let rows = all_moved(report).take(shown).map(|(point, sign, moved)| {
        vec![
            Field::new(point.day.clone()),
            Field::new(sign),
            Field::styled(escape::terminal(&moved.package), style.strong),
            Field::styled(moved.grade, style.grade(moved.grade)),
            Field::new(moved.programmes.join(", ")),
            Field::new(cause(moved)),
        ]
    });
    let bounds = [
        Bound::Exactly(12),
        Bound::Exactly(3),
        Bound::AtMost(if view.width >= WIDE { 40 } else { 20 }),
        Bound::Exactly(14),
        Bound::AtLeast(20),
        Bound::AtMost(17),
    ];
    write!(out, "{}", lay_out(style.heading, &MOVED_HEAD, rows.collect(), &bounds, view.width))?;
    if shown < number { writeln!(out, "  and {} more (--top 0 shows all)", number - shown) } else { Ok(()) }
}

/// A number of the movement in words; what is added has a sign.
fn amount(row: &Movement, value: f64, added: bool) -> String {
    match (row.what.as_str(), added) {
        ("packages" | "exposed" | "possible", false) => whole(value),
        ("packages" | "exposed" | "possible", true) => signed(value, 0),
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

fn movement(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    // Where only one of the two moves there is nothing to take apart.
    if report.reading != "then" || report.movement.is_empty() {
        return Ok(());
    }
    title("WHAT MOVED IT, from the first point to the last", view, out)?;
    let rows = moving(report).map(|[what, rest @ ..]| {
        let mut row = vec![Field::styled(what, view.stylesheet.strong)];
        row.extend(rest.map(Field::number));
        row
    });
    write!(out, "{}", lay_out(view.stylesheet.heading, &MOVEMENT_HEAD, rows.collect(), &[], view.width))?;
    write!(out, "{}", paragraph(TAKEN_APART, view.width))
}

/// How the movement is taken apart.
const TAKEN_APART: &str = "What evidence and law moved is measured on the dependencies of the first point; what the dependencies moved, with evidence and law of \
                           the last.";

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

fn gaps(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let lines = gap_lines(report);
    if lines.is_empty() {
        return Ok(());
    }
    let number = report.points.iter().filter(|point| point.gap.is_some()).count();
    title(&format!("GAPS ({number} of {} points have no numbers)", report.points.len()), view, out)?;
    for line in lines.iter().take(MOST_GAPS) {
        write!(out, "{}", paragraph(&escape::terminal_long(line), view.width))?;
    }
    if lines.len() > MOST_GAPS { writeln!(out, "  and {} more", lines.len() - MOST_GAPS) } else { Ok(()) }
}

pub(super) fn markdown(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Trend of {}\n", escape::markdown(report.workspace.raw()))?;
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    let text =
        format!("{}: {} \u{b7} {home} \u{b7} data of {}", report.lock_file.raw(), read(report), report.data_date);
    writeln!(out, "{}, {}.\n", escape::markdown(&text), report.generator)?;
    for what in &report.overrides {
        writeln!(out, "{}\n", escape::markdown(what.raw()))?;
    }
    if let Some(sentence) = sentence(report) {
        writeln!(out, "{sentence}\n")?;
    }
    let head = head(report, COUNTRIES, true);
    writeln!(out, "| {} |\n|---|{}", head.join(" | "), "--:|".repeat(head.len() - 1))?;
    for point in &report.points {
        writeln!(out, "| {} |", row(report, point, COUNTRIES, true).join(" | "))?;
    }
    writeln!(out)?;
    if all_moved(report).next().is_some() {
        writeln!(
            out,
            "## Exposed packages that came and went\n\n| {} |\n|---|---|---|---|---|---|",
            MOVED_HEAD.join(" | ")
        )?;
        for (point, sign, moved) in all_moved(report) {
            let (name, programmes) = (escape::markdown(moved.package.raw()), moved.programmes.join(", "));
            writeln!(out, "| {} | {sign} | {name} | {} | {programmes} | {} |", point.day, moved.grade, cause(moved))?;
        }
        writeln!(out)?;
    }
    if report.reading == "then" && !report.movement.is_empty() {
        writeln!(out, "## What moved it\n\n| {} |\n|---|--:|--:|--:|--:|", MOVEMENT_HEAD.join(" | "))?;
        for row in moving(report) {
            writeln!(out, "| {} |", row.join(" | "))?;
        }
        writeln!(out, "\n{TAKEN_APART}\n")?;
    }
    let gaps = gap_lines(report);
    if !gaps.is_empty() {
        writeln!(out, "## Gaps\n")?;
        gaps.iter().try_for_each(|line| writeln!(out, "- {}", escape::markdown(line)))?;
        writeln!(out)?;
    }
    for note in &report.notes {
        writeln!(out, "{}\n", escape::markdown(note.raw()))?;
    }
    writeln!(out, "{}", report.notice)
}
