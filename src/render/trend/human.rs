//! A trend for a terminal.

use std::io::{self, Write};

use super::{
    BLOCKS, COUNTRIES, GAP, Line, MOVED_HEAD, MOVEMENT_HEAD, TAKEN_APART, TO, all_moved, all_programmes, cause,
    columns, counts, gap_lines, head, moving, read, row, sentence, shares,
};
use crate::render::human::{overrides, paragraph};
use crate::render::stylesheet::paint;
use crate::render::table::{Bound, Field, lay_out};
use crate::render::{View, escape};
use crate::report::{TrendPoint, TrendReport};

/// From this width on the table has room for every number.
const WIDE: u16 = 136;

/// Columns of a chart, however wide the terminal is.
const MOST_COLUMNS: usize = 120;

/// Gaps that are named.
const MOST_GAPS: usize = 5;

pub(in crate::render) fn write(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
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
    programmes(report, view, out)?;
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

fn programmes(report: &TrendReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let number = all_programmes(report).count();
    if number == 0 {
        return Ok(());
    }
    title("PROGRAMMES THAT BEGAN (+) AND CEASED (\u{2212}) TO REACH PACKAGES, the newest first", view, out)?;
    let shown = view.top.unwrap_or(number).min(number);
    let rows = all_programmes(report).take(shown);
    let rows = rows.map(|(point, sign, ids)| vec![Field::new(point.day.clone()), Field::new(sign), Field::new(ids)]);
    let bounds = [Bound::Exactly(12), Bound::Exactly(3), Bound::AtLeast(20)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &[], rows.collect(), &bounds, view.width))?;
    if shown < number { writeln!(out, "  and {} more (--top 0 shows all)", number - shown) } else { Ok(()) }
}

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
