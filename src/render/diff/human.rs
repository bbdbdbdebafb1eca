//! A difference for a terminal.

use std::io::{self, Write};

use super::words::{self, Exposed, TO};
use crate::render::human::{brought_in, paragraph};
use crate::render::stylesheet::paint;
use crate::render::table::{Bound, Field, lay_out};
use crate::render::{View, escape};
use crate::report::{AddedPackage, ChangedPackage, DiffReport, ExposureChange};

/// From this width on the table of packages has room.
const WIDE: u16 = 120;

pub(in crate::render) fn write(report: &DiffReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    head(report, view, out)?;
    if report.verdict == "unchanged" {
        writeln!(out, "\n{}", paint(view.stylesheet.strong, "Nothing has changed."))?;
    } else {
        writeln!(out)?;
        let summary = paragraph(&words::summary(report), view.width.saturating_add(2));
        summary.lines().try_for_each(|line| writeln!(out, "{}", line.trim()))?;
        exposures(report, view, out)?;
        packages("ADDED", &report.added, view, out)?;
        packages("REMOVED", &report.removed, view, out)?;
        changed(report, view, out)?;
        concentration(report, view, out)?;
        unknown(report, view, out)?;
    }
    if !report.notes.is_empty() {
        title("NOTES", view, out)?;
        for note in &report.notes {
            write!(out, "{}", paragraph(&escape::terminal_long(note.raw()), view.width))?;
        }
    }
    write!(out, "\n{}", paint(view.stylesheet.faint, &paragraph(&report.notice, view.width)))
}

fn title(text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, text))
}

fn head(report: &DiffReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let name = paint(view.stylesheet.strong, &escape::terminal(&report.workspace));
    let packages = report.counts.packages;
    let first = format!(
        "{} diff \u{b7} {name} \u{b7} {} {TO} {} packages \u{b7} {}",
        report.generator,
        packages.before,
        packages.now,
        words::compared(report)
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    let home =
        report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {}", escape::terminal(home)));
    let (as_of, data) = (escape::terminal(&report.as_of), escape::terminal(&report.data_date));
    let second = format!("as of {as_of} \u{b7} {home} \u{b7} data of {data}");
    writeln!(out, "{}", paint(view.stylesheet.faint, paragraph(&second, view.width).trim()))
}

/// Lines of a text, below a title that is indented by two.
fn below(text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let text = paragraph(text, view.width.saturating_sub(2));
    text.lines().try_for_each(|line| writeln!(out, "  {line}"))
}

fn more(number: usize, shown: usize, out: &mut dyn Write) -> io::Result<()> {
    if number > shown { writeln!(out, "  and {} more (--top 0 shows all)", number - shown) } else { Ok(()) }
}

fn top(view: &View, number: usize) -> usize {
    view.top.unwrap_or(number).min(number)
}

fn exposures(report: &DiffReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let changes = &report.exposures;
    let (new, gone) = (words::by_package(&changes.added), words::by_package(&changes.removed));
    if new.is_empty() && gone.is_empty() && changes.changed.is_empty() {
        return Ok(());
    }
    title("EXPOSURE", view, out)?;
    list("new", &new, view, out)?;
    let shown = top(view, changes.changed.len());
    changes.changed.iter().take(shown).try_for_each(|change| regraded(change, view, out))?;
    more(changes.changed.len(), shown, out)?;
    list("gone", &gone, view, out)
}

fn list(word: &str, exposed: &[Exposed<'_>], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let shown = top(view, exposed.len());
    for package in exposed.iter().take(shown) {
        let colour = if word == "new" { style.grade(package.grade.raw()) } else { style.faint };
        writeln!(out, "  {} {}", paint(colour, word), paint(style.strong, &package.package))?;
        for sentence in &package.sentences {
            below(sentence, view, out)?;
        }
        if package.path.len() > 1 {
            below(&format!("path: {}", words::way(package.path)), view, out)?;
        }
    }
    more(exposed.len(), shown, out)
}

fn regraded(change: &ExposureChange, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let (word, colour) =
        if change.worse { ("worse", style.grade(change.now.grade.raw())) } else { ("changed", style.faint) };
    writeln!(out, "  {} {}", paint(colour, word), paint(style.strong, &escape::terminal(&change.now.package)))?;
    below(&words::regraded(change), view, out)
}

fn packages(word: &str, packages: &[AddedPackage], view: &View, out: &mut dyn Write) -> io::Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    title(word, view, out)?;
    let wide = view.width >= WIDE;
    let style = view.stylesheet;
    let shown = top(view, packages.len());
    let rows = packages.iter().take(shown).map(|package| {
        let grade = package.grade.as_ref().map_or("-".to_owned(), escape::terminal);
        let colour = style.grade(&grade);
        let mut row = vec![
            Field::styled(words::title(package), style.strong),
            Field::new(brought_in(&package.path, false, wide)),
            Field::new(words::answer(&package.steward)),
            Field::styled(grade, colour),
            Field::new(words::power(package)),
        ];
        if wide {
            row.push(Field::new(words::place(&package.source)));
        }
        row
    });
    let head: &[&str] = if wide {
        &["package", "brought in by", "steward", "exposed", "at build", "from"]
    } else {
        &["package", "brought in by", "steward", "exposed", "at build"]
    };
    let bounds: &[Bound] = if wide {
        &[Bound::AtMost(30), Bound::AtMost(28), Bound::AtMost(30), Bound::AtMost(14), Bound::AtMost(16)]
    } else {
        &[Bound::AtMost(22), Bound::AtMost(18), Bound::AtMost(20), Bound::AtMost(14), Bound::AtMost(14)]
    };
    write!(out, "{}", lay_out(style.heading, head, rows.collect(), bounds, view.width))?;
    more(packages.len(), shown, out)
}

fn changed(report: &DiffReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (bumps, differ): (Vec<&ChangedPackage>, Vec<_>) =
        words::worst_first(&report.changed).into_iter().partition(|package| package.version_only());
    if !differ.is_empty() {
        title("CHANGED", view, out)?;
        let shown = top(view, differ.len());
        for package in differ.iter().take(shown) {
            writeln!(out, "  {}", paint(view.stylesheet.strong, &words::changed_title(package)))?;
            for sentence in words::changes(package) {
                below(&sentence, view, out)?;
            }
        }
        more(differ.len(), shown, out)?;
    }
    if !bumps.is_empty() {
        title("OTHER VERSIONS", view, out)?;
        let shown = top(view, bumps.len());
        let names: Vec<String> = bumps.iter().take(shown).map(|package| words::changed_title(package)).collect();
        write!(out, "{}", paragraph(&names.join(", "), view.width))?;
        more(bumps.len(), shown, out)?;
    }
    Ok(())
}

fn concentration(report: &DiffReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<Field>> = report
        .concentration
        .iter()
        .filter(|row| row.weighting.raw() == "packages")
        .map(|row| {
            vec![
                Field::new(escape::terminal(&row.facet)),
                Field::new(words::countries(row, 4)),
                Field::new(words::shares(row.no_seat.before, row.no_seat.now)),
                Field::new(words::shares(row.unknown.before, row.unknown.now)),
                Field::new(words::index(row.hhi.before, row.hhi.now)),
            ]
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    title("CONCENTRATION (by packages)", view, out)?;
    let head = ["facet", "countries", "no seat", "unknown", "HHI"];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows, &[], view.width))
}

fn unknown(report: &DiffReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if report.unknowns.is_empty() {
        return Ok(());
    }
    title("UNKNOWN", view, out)?;
    let rows = report.unknowns.iter().map(|row| {
        vec![
            Field::new(escape::terminal(&row.facet)),
            Field::number(row.before.to_string()),
            Field::number(row.now.to_string()),
            Field::new(escape::terminal(&row.reason)),
        ]
    });
    let head = ["facet", "before", "now", "why"];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &[], view.width))
}
