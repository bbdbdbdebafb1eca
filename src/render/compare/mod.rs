//! Two sides beside each other, in every format that has tables.

mod sections;
mod sheet;

pub(super) use sheet::write as sheet;

use std::io::{self, Write};

use super::human::paragraph;
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, escape};
use crate::report::{CompareReport, SideReport, Sides};
use sections::sections;

/// From this width on there is room for long names.
const WIDE: u16 = 100;

/// A table with its title, harmless for a terminal. Another medium escapes it once more.
struct Section {
    title: String,
    head: [&'static str; 4],
    rows: Vec<[String; 4]>,
    left_out: usize,
    below: Vec<String>,
}

impl Section {
    fn new(title: impl Into<String>, first: &'static str) -> Self {
        let head = [first, "A", "B", "B \u{2212} A"];
        Self { title: title.into(), head, rows: Vec::new(), left_out: 0, below: Vec::new() }
    }

    fn take(mut self, rows: Vec<[String; 4]>, most: usize) -> Self {
        self.left_out = rows.len().saturating_sub(most);
        self.rows = rows.into_iter().take(most).collect();
        self
    }
}

pub(super) fn human(report: &CompareReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let line = |text: &str| paragraph(text, view.width).trim_start().to_owned();
    write!(out, "{}", line(&title(report)))?;
    write!(out, "{}", paint(style.faint, &line(&circumstances(report))))?;
    for (letter, side) in report.sides.each() {
        write!(out, "{}", line(&format!("{letter}: {}", described(report, side))))?;
    }
    if report.verdict == "same" {
        writeln!(out)?;
        let text = same(report);
        paragraph(&text, view.width)
            .lines()
            .try_for_each(|line| writeln!(out, "{}", paint(style.strong, line.trim())))?;
    } else {
        for section in sections(report, view.facet, view.top.unwrap_or(usize::MAX)) {
            show(&section, view, out)?;
        }
    }
    if !report.notes.is_empty() {
        writeln!(out, "\n{}", paint(style.heading, "NOTES"))?;
        for note in notes(report) {
            write!(out, "{}", paragraph(&note, view.width))?;
        }
    }
    write!(out, "\n{}", paint(style.faint, &paragraph(&report.notice, view.width)))
}

fn show(section: &Section, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, &section.title.to_uppercase()))?;
    if !section.rows.is_empty() {
        let numbers = section.head[3].starts_with('B');
        let fields = section.rows.iter().map(|row| {
            let cell = |(at, text): (usize, &String)| {
                if at > 0 && numbers { Field::number(text.as_str()) } else { Field::new(text.as_str()) }
            };
            row.iter().enumerate().map(cell).collect()
        });
        let first = if view.width >= WIDE { 36 } else { 26 };
        let second = if view.width >= WIDE { 34 } else { 20 };
        let bounds = if numbers {
            [Bound::Exactly(first), Bound::Exactly(second), Bound::Exactly(second), Bound::Exactly(9)].to_vec()
        } else {
            [Bound::AtMost(first), Bound::AtMost(second), Bound::AtMost(second)].to_vec()
        };
        write!(out, "{}", lay_out(view.stylesheet.heading, &section.head, fields.collect(), &bounds, view.width))?;
    }
    if section.left_out > 0 {
        writeln!(out, "  and {} more (--top 0 shows all)", section.left_out)?;
    }
    section.below.iter().try_for_each(|text| write!(out, "{}", paragraph(text, view.width)))
}

fn title(report: &CompareReport) -> String {
    format!("{} compare \u{b7} two {}", report.generator, report.compared)
}

/// What is the same on both sides, for everybody to see.
fn circumstances(report: &CompareReport) -> String {
    let Sides { a, b } = &report.sides;
    let shared = |a: String, b: String| (a == b).then_some(a);
    let words = [
        (report.compared != "projects").then(|| escape::terminal(&a.workspace)),
        shared(described_mode(a).to_owned(), described_mode(b).to_owned()),
        shared(day(a), day(b)),
        shared(at_home(a), at_home(b)),
        shared(data(a), data(b)),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ")
}

fn described_mode(side: &SideReport) -> &'static str {
    if side.mode.raw() == "lock-file" { "what could be built (a lock file)" } else { "what is built" }
}

fn day(side: &SideReport) -> String {
    format!("as of {}", escape::terminal(&side.as_of))
}

fn at_home(side: &SideReport) -> String {
    side.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {}", escape::terminal(home)))
}

fn data(side: &SideReport) -> String {
    format!("data of {}", escape::terminal(&side.data_date))
}

/// What a side is, and what of it is not so on the other.
fn described(report: &CompareReport, side: &SideReport) -> String {
    let Sides { a, b } = &report.sides;
    let kind = match side.kind {
        "lock-file" => "lock file",
        "metadata" => "saved cargo metadata",
        "report" => "saved report",
        other => other,
    };
    let mut words = vec![format!("{} ({kind})", escape::terminal(&side.asked))];
    words.extend(
        (report.compared == "projects" && side.workspace != side.asked).then(|| escape::terminal(&side.workspace)),
    );
    words.extend((a.mode != b.mode).then(|| described_mode(side).to_owned()));
    words.extend((a.as_of != b.as_of).then(|| day(side)));
    words.extend((a.home != b.home && side.kind != "home").then(|| at_home(side)));
    words.extend((a.data_date != b.data_date).then(|| data(side)));
    words.join(" \u{b7} ")
}

fn same(report: &CompareReport) -> String {
    let packages = &report.packages;
    let each = format!("Each has {} packages, {} of them exposed.", packages.all.a, packages.exposed.a);
    let verdict = report.gate.verdict.a.filter(|_| report.gate.verdict.b.is_some());
    let verdict = verdict.map_or_else(String::new, |word| format!(" The gate: {word} on both."));
    format!("Nothing that is compared here differs. {each}{verdict}")
}

/// What the policy's own rows change, and what is to be known of the comparison.
fn notes(report: &CompareReport) -> Vec<String> {
    let sides = report.sides.each();
    let overrides = sides
        .iter()
        .flat_map(|(letter, side)| side.overrides.iter().map(move |what| format!("{letter}: {}", what.raw())));
    let notes = report.notes.iter().map(|note| note.raw().to_owned());
    overrides.chain(notes).map(|text| escape::terminal_long(&text)).collect()
}

pub(super) fn markdown(report: &CompareReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Two {} side by side\n\n{}\n", report.compared, escape::markdown(&circumstances(report)))?;
    for (letter, side) in report.sides.each() {
        writeln!(out, "- **{letter}**: {}", escape::markdown(&described(report, side)))?;
    }
    if report.verdict == "same" {
        writeln!(out, "\n**{}**", escape::markdown(&same(report)))?;
    } else {
        for section in sections(report, view.facet, usize::MAX) {
            writeln!(out, "\n## {}", escape::markdown(&section.title))?;
            if !section.rows.is_empty() {
                let numbers = section.head[3].starts_with('B');
                let rule = if numbers { "|---|--:|--:|--:|" } else { "|---|---|---|---|" };
                writeln!(out, "\n| {} |\n{rule}", section.head.join(" | "))?;
                for row in &section.rows {
                    writeln!(out, "| {} |", row.each_ref().map(|cell| escape::markdown(cell)).join(" | "))?;
                }
            }
            section.below.iter().try_for_each(|text| writeln!(out, "\n{}", escape::markdown(text)))?;
        }
    }
    if !report.notes.is_empty() {
        writeln!(out, "\n## Notes\n")?;
    }
    notes(report).iter().try_for_each(|note| writeln!(out, "- {}", escape::markdown(note)))?;
    writeln!(out, "\n{}", report.notice)
}
