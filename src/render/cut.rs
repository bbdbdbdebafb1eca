//! The plan of a smallest cut: for a terminal, for a page, and for a spreadsheet.

use std::io::{self, Write};

use super::human::{brought_in, overrides, paragraph};
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, escape};
use crate::report::{CutReport, StepReport, TargetReport, Untrusted};

/// From this width on the table of steps has room for who needs a package.
const WIDE: u16 = 120;

/// Names of a list that are shown in a sentence.
const MOST_NAMES: usize = 8;

pub(super) fn human(report: &CutReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    head(report, view, out)?;
    nothing(report, view, out)?;
    if !report.steps.is_empty() {
        title("REPLACE, VENDOR OR FORK, IN THIS ORDER", view, out)?;
        steps(report, view, out)?;
        text(&after(report), view, out)?;
        text(&format!("{}.", near(report)), view, out)?;
    }
    if !report.targets.is_empty() {
        title("OR TURN OFF FEATURES", view, out)?;
        features(report, view, out)?;
        title("WHAT IS TO GO", view, out)?;
        targets(&report.targets, view, out)?;
    }
    write!(out, "\n{}", paint(view.stylesheet.faint, &paragraph(&report.notice, view.width)))
}

fn title(text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, text))
}

fn text(sentence: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", paragraph(sentence, view.width))
}

fn head(report: &CutReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    let lock = if report.mode == "lock-file" { ", from the lock file alone" } else { "" };
    let first = format!(
        "{} cut \u{b7} {} \u{b7} {} packages{lock} \u{b7} as of {} \u{b7} {home} \u{b7} data of {}",
        report.generator,
        escape::terminal(&report.workspace),
        report.packages,
        report.as_of,
        report.data_date
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    let asked = format!("to go: {}", asked(report));
    writeln!(out, "{}", paint(style.faint, paragraph(&asked, view.width).trim()))?;
    overrides(&report.overrides, view, out)
}

fn asked(report: &CutReport) -> String {
    report.asked.iter().map(|word| escape::terminal_long(word.raw())).collect::<Vec<_>>().join("; ")
}

/// What there is nothing to do about, and why.
fn nothing(report: &CutReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if report.targets.is_empty() {
        let also = if report.own.is_empty() && report.not_reached.is_empty() {
            "no package that is known fits what was asked for"
        } else {
            "nothing of it is reached that is not your own"
        };
        writeln!(out, "\n{}: {also}.", paint(view.stylesheet.strong, "Nothing to cut"))?;
    }
    for sentence in aside(report) {
        text(&sentence, view, out)?;
    }
    Ok(())
}

/// Targets that no cut can be about, in sentences.
fn aside(report: &CutReport) -> Vec<String> {
    let of = |rows: &[TargetReport], why: &str| {
        let names: Vec<Untrusted> = rows.iter().map(|row| row.package.clone()).collect();
        (!names.is_empty()).then(|| format!("{}: {why}", listed(&names)))
    };
    let own = of(&report.own, "it is your own, and cannot be cut off from itself");
    let not_reached = of(&report.not_reached, "no selected member needs it");
    own.into_iter().chain(not_reached).collect()
}

fn listed(names: &[Untrusted]) -> String {
    let shown: Vec<String> = names.iter().take(MOST_NAMES).map(escape::terminal).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn steps(report: &CutReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (wide, style) = (view.width >= WIDE, &view.stylesheet);
    let shown = view.top.unwrap_or(report.steps.len()).min(report.steps.len());
    let rows = report.steps.iter().take(shown).zip(1..).map(|(step, number)| {
        let mut row = vec![
            Field::number(format!("{number}.")),
            Field::styled(escape::terminal(&step.package), style.strong),
            Field::new(brought_in(&step.path, false, wide)),
            Field::number(step.cost.to_string()),
            Field::number(format!("{} of {}", step.targets_gone, report.targets.len())),
            Field::number(format!("-{}", step.packages)),
            Field::number(step.packages_left.to_string()),
        ];
        if wide {
            row.push(Field::new(takes(step)));
        }
        row
    });
    let mut head = vec!["", "package", "reached through", "cost", "targets gone", "packages", "left"];
    if wide {
        head.push("takes off");
    }
    let bounds: &[Bound] = if wide {
        &[Bound::AtMost(6), Bound::AtMost(34), Bound::AtMost(34), Bound::AtMost(8), Bound::AtMost(14)]
    } else {
        &[Bound::AtMost(6), Bound::AtMost(24), Bound::AtMost(20), Bound::AtMost(6), Bound::AtMost(11)]
    };
    write!(out, "{}", lay_out(style.heading, &head, rows.collect(), bounds, view.width))?;
    if shown < report.steps.len() {
        writeln!(out, "  and {} more (--top 0 shows all)", report.steps.len() - shown)?;
    }
    Ok(())
}

/// The targets that a step takes off, in short.
fn takes(step: &StepReport) -> String {
    match step.targets.as_slice() {
        [] => "none before a later step".to_owned(),
        [one] if *one == step.package => "itself".to_owned(),
        names => {
            let shown: Vec<String> = names.iter().take(2).map(escape::terminal).collect();
            let more = names.len().saturating_sub(2);
            if more > 0 { format!("{} +{more}", shown.join(", ")) } else { shown.join(", ") }
        }
    }
}

fn after(report: &CutReport) -> String {
    let last = report.steps.last();
    let (gone, left) = last.map_or((0, report.packages), |step| (step.packages_gone, step.packages_left));
    let (steps, targets) = (report.steps.len(), report.targets.len());
    format!(
        "{steps} to replace at a cost of {}: then none of the {targets} is reached, packages gone: {gone}, left: {left}. No cheaper set does.",
        report.cost
    )
}

fn near(report: &CutReport) -> &'static str {
    match report.near {
        "roots" => {
            "Of sets of that cost it is the one nearest to your own packages (--near targets for the one that takes least with it)"
        }
        _ => "Of sets of that cost it is the one nearest to what is to go",
    }
}

fn features(report: &CutReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    text(&sentence(&report.features.summary), view, out)?;
    for how in &report.features.how {
        text(&format!("- {}", escape::terminal_long(how.raw())), view, out)?;
    }
    if !report.features.turn_off.is_empty() {
        text(&format!("Together {} packages go with them.", report.features.removes), view, out)?;
        if !report.features.stay.is_empty() {
            text(&format!("Not taken out by features: {}", listed(&report.features.stay)), view, out)?;
        }
    }
    Ok(())
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

fn targets(targets: &[TargetReport], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (wide, style) = (view.width >= WIDE, &view.stylesheet);
    let shown = view.top.unwrap_or(targets.len()).min(targets.len());
    let rows = targets.iter().take(shown).map(|target| {
        vec![
            Field::styled(escape::terminal(&target.package), style.strong),
            Field::new(brought_in(&target.path, false, wide)),
            Field::new(because(target)),
        ]
    });
    let bounds: &[Bound] =
        if wide { &[Bound::AtMost(34), Bound::AtMost(38)] } else { &[Bound::AtMost(24), Bound::AtMost(22)] };
    let head = ["package", "brought in by", "because"];
    write!(out, "{}", lay_out(style.heading, &head, rows.collect(), bounds, view.width))?;
    if shown < targets.len() {
        writeln!(out, "  and {} more (--top 0 shows all)", targets.len() - shown)?;
    }
    Ok(())
}

/// The first reason, and the first programmes that say so.
fn because(target: &TargetReport) -> String {
    let first = target.because.first().map_or_else(String::new, |why| escape::terminal_long(why.raw()));
    let named = target.programmes.iter().take(2).copied().collect::<Vec<_>>().join(", ");
    match target.programmes.len() {
        0 => first,
        1 | 2 => format!("{first} [{named}]"),
        more => format!("{first} [{named} +{}]", more - 2),
    }
}

/// Every reason, and every programme that says so.
fn all_reasons(target: &TargetReport) -> String {
    let because = target.because.iter().map(Untrusted::raw).collect::<Vec<_>>().join("; ");
    if target.programmes.is_empty() { because } else { format!("{because} [{}]", target.programmes.join(", ")) }
}

pub(super) fn markdown(report: &CutReport, out: &mut dyn Write) -> io::Result<()> {
    let m = escape::markdown;
    writeln!(out, "# What to replace in {}\n", m(report.workspace.raw()))?;
    let words: Vec<String> = report.asked.iter().map(|word| m(word.raw())).collect();
    writeln!(out, "To go: {}. As of {}, data of {}.\n", words.join("; "), report.as_of, report.data_date)?;
    for what in &report.overrides {
        writeln!(out, "{}\n", m(what.raw()))?;
    }
    if report.targets.is_empty() {
        writeln!(out, "Nothing to cut.\n")?;
    }
    for sentence in aside(report) {
        writeln!(out, "{}\n", m(&sentence))?;
    }
    if !report.steps.is_empty() {
        writeln!(out, "| | package | cost | targets gone | packages | left | path |\n|--:|---|--:|--:|--:|--:|---|")?;
        for (step, number) in report.steps.iter().zip(1..) {
            writeln!(
                out,
                "| {number} | {} | {} | {} of {} | -{} | {} | {} |",
                m(step.package.raw()),
                step.cost,
                step.targets_gone,
                report.targets.len(),
                step.packages,
                step.packages_left,
                m(&way(&step.path))
            )?;
        }
        writeln!(out, "\n{} {}.\n", m(&after(report)), near(report))?;
    }
    if !report.targets.is_empty() {
        writeln!(out, "Features: {}\n", m(&sentence(&report.features.summary)))?;
        for how in &report.features.how {
            writeln!(out, "- {}", m(how.raw()))?;
        }
        writeln!(out, "\n<details><summary>{} to go</summary>\n", report.targets.len())?;
        for target in &report.targets {
            writeln!(out, "- {}: {}", m(target.package.raw()), m(&all_reasons(target)))?;
        }
        writeln!(out, "\n</details>\n")?;
    }
    writeln!(out, "{}", report.notice)
}

fn way(path: &[Untrusted]) -> String {
    path.iter().map(Untrusted::raw).collect::<Vec<_>>().join(" > ")
}

const HEAD: [&str; 12] = [
    "what",
    "step",
    "package",
    "purl",
    "cost",
    "direct",
    "targets_gone",
    "targets_left",
    "packages_gone",
    "packages_left",
    "because",
    "path",
];

/// One line a step, and then one a target.
pub(super) fn csv(report: &CutReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD).map_err(io::Error::other)?;
    let mut row = |fields: [&str; 12]| csv.write_record(fields.map(escape::csv)).map_err(io::Error::other);
    for (step, number) in report.steps.iter().zip(1..) {
        let takes: Vec<&str> = step.targets.iter().map(Untrusted::raw).collect();
        row([
            "replace",
            &number.to_string(),
            step.package.raw(),
            &step.purl,
            &step.cost.to_string(),
            &step.direct.to_string(),
            &step.targets_gone.to_string(),
            &step.targets_left.to_string(),
            &step.packages_gone.to_string(),
            &step.packages_left.to_string(),
            &format!("takes off {}", takes.join(", ")),
            &way(&step.path),
        ])?;
    }
    for how in &report.features.how {
        row(["turn-off", "", "", "", "", "", "", "", "", "", how.raw(), ""])?;
    }
    for (what, rows) in [("target", &report.targets), ("own", &report.own), ("not-reached", &report.not_reached)] {
        for target in rows {
            let (package, path) = (target.package.raw(), way(&target.path));
            row([what, "", package, &target.purl, "", "", "", "", "", "", &all_reasons(target), &path])?;
        }
    }
    csv.flush()
}
