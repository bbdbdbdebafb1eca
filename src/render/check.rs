//! What the gate found: for a terminal, for a pull request, and as annotations of a build server.

use std::io::{self, Write};

use super::human::{overrides, paragraph};
use super::stylesheet::paint;
use super::{View, escape};
use crate::report::{AcceptedReport, CheckReport, FindingReport, ReasonReport, Untrusted};

/// Reasons of one finding that are shown; the JSON report has all of them.
const MOST_REASONS: usize = 6;

/// Notes beside the findings that are shown; the JSON report has all of them.
const MOST_NOTES: usize = 8;

pub(super) fn human(report: &CheckReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    let first = format!(
        "{} check \u{b7} {} \u{b7} {} packages \u{b7} as of {} \u{b7} {home} \u{b7} data of {}",
        report.generator,
        escape::terminal(&report.workspace),
        report.packages,
        report.as_of,
        report.data_date
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    if let Some(base) = &report.base {
        writeln!(out, "{}", paragraph(&format!("what is new since {}", escape::terminal(base)), view.width).trim())?;
    }
    let notes: Vec<Untrusted> = report.notes().take(MOST_NOTES).cloned().collect();
    overrides(&notes, view, out)?;
    if let Some(more) = report.notes().count().checked_sub(MOST_NOTES).filter(|more| *more > 0) {
        writeln!(out, "and {more} more notes (--format json)")?;
    }
    for (level, title) in [("deny", "FAILS"), ("warn", "WARNINGS"), ("accepted", "ACCEPTED")] {
        let findings: Vec<&FindingReport> = report.findings.iter().filter(|finding| finding.level == level).collect();
        let most = view.top.filter(|_| level != "deny").unwrap_or(usize::MAX);
        for (number, finding) in findings.iter().take(most).enumerate() {
            if number == 0 {
                writeln!(out, "\n{}", paint(style.heading, title))?;
            }
            one(finding, view, out)?;
        }
        if let Some(more) = findings.len().checked_sub(most).filter(|more| *more > 0) {
            writeln!(out, "  and {more} more (--top 0 shows all)")?;
        }
    }
    writeln!(out)?;
    let verdict = match report.verdict {
        "holds" => paint(style.strong, "The policy holds"),
        _ => paint(style.severe, "The policy is violated"),
    };
    writeln!(out, "{verdict}: {}.", counts(report))?;
    if report.possible > 0 {
        let note = format!(
            "{} exposures are only possible; they never fail a check. cargo origin shows them.",
            report.possible
        );
        write!(out, "{}", paint(style.faint, &paragraph(&note, view.width)))?;
    }
    write!(out, "{}", paint(style.faint, &paragraph(&report.notice, view.width)))
}

fn counts(report: &CheckReport) -> String {
    let count = |level| report.counts.get(level).copied().unwrap_or_default();
    format!("{} fail, {} warn, {} accepted", count("deny"), count("warn"), count("accepted"))
}

fn one(finding: &FindingReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let colour = if finding.level == "deny" { style.severe } else { style.notable };
    writeln!(out, "\n  {} {}", paint(colour, finding.rule), paint(style.strong, &about(finding)))?;
    let mut line = |text: &str| {
        let text = paragraph(text, view.width.saturating_sub(2));
        text.lines().try_for_each(|line| writeln!(out, "  {line}"))
    };
    for sentence in reasons(finding) {
        line(&sentence)?;
    }
    if finding.path.len() > 1 {
        line(&format!("path: {}", way(&finding.path)))?;
    }
    if finding.level != "accepted" {
        line(&format!("to do: {}", escape::terminal_long(&finding.remedy)))?;
    }
    if let Some(exception) = finding.exception.as_ref().filter(|_| finding.level == "deny") {
        line("or accept it in origin.toml, with a reason:")?;
        exception.lines().try_for_each(|text| writeln!(out, "      {}", escape::terminal_long(text)))?;
    }
    Ok(())
}

/// The reasons in sentences: what several programmes have in common is said once.
pub(super) fn reasons(finding: &FindingReport) -> Vec<String> {
    let mut grouped: Vec<(String, Vec<String>)> = Vec::new();
    for reason in &finding.reasons {
        let said = why(reason);
        let programme = programme(reason);
        match grouped.iter_mut().find(|(known, _)| *known == said) {
            Some((_, programmes)) => programmes.extend(programme),
            None => grouped.push((said, programme.into_iter().collect())),
        }
    }
    let more = grouped.len().saturating_sub(MOST_REASONS);
    let sentences = grouped.into_iter().take(MOST_REASONS).map(|(said, programmes)| match programmes.as_slice() {
        [] => said,
        programmes => format!("{}: {said}", programmes.join(", ")),
    });
    let rest = (more > 0).then(|| format!("and {more} more reasons (--format json)"));
    sentences.chain(rest).collect()
}

/// The programme, what it does, and since when.
fn programme(reason: &ReasonReport) -> Option<String> {
    let id = reason.programme?;
    let effect = reason.effect.unwrap_or_default();
    Some(match &reason.since {
        Some(day) if reason.status == Some("upcoming") => format!("{id} ({effect}, from {day})"),
        Some(day) => format!("{id} ({effect}, since {day})"),
        None => format!("{id} ({effect})"),
    })
}

/// A reason without its programme.
fn why(reason: &ReasonReport) -> String {
    let because = escape::terminal_long(&reason.because);
    let softened = reason.softened.as_ref().map_or_else(String::new, |why| format!(" [warns only: {why}]"));
    let accepted =
        reason.accepted.as_ref().map_or_else(String::new, |row| format!(" [accepted at {}]", exception(row)));
    format!("{because}{softened}{accepted}")
}

/// An exception: where it stands, why, until when, and who agreed.
pub(super) fn exception(accepted: &AcceptedReport) -> String {
    let until = accepted.until.as_ref().map_or_else(String::new, |day| format!(", until {day}"));
    let agreed = accepted.agreed.as_ref().map_or_else(String::new, |who| format!(", agreed by {who}"));
    escape::terminal_long(&format!("{}: {}{until}{agreed}", accepted.reference, accepted.reason))
}

/// A finding in lines of text: the reasons, the path, and what to do. For one medium more they are escaped again there.
pub(super) fn sentences(finding: &FindingReport) -> Vec<String> {
    let mut text = reasons(finding);
    if finding.path.len() > 1 {
        text.push(format!("path: {}", way(&finding.path)));
    }
    if finding.level != "accepted" {
        text.push(format!("to do: {}", escape::terminal_long(&finding.remedy)));
    }
    text
}

/// What a finding is about.
pub(super) fn about(finding: &FindingReport) -> String {
    finding.package.as_ref().map_or("the whole graph".to_owned(), escape::terminal)
}

fn way(path: &[Untrusted]) -> String {
    path.iter().map(escape::terminal).collect::<Vec<_>>().join(" > ")
}

/// A line by which a bot finds its own comment again.
const MARKER: &str = "<!-- cargo-origin check -->";

pub(super) fn markdown(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let verdict = if report.verdict == "holds" { "the policy holds" } else { "the policy is violated" };
    writeln!(
        out,
        "{MARKER}\n### Origins: {verdict}\n\n{}. As of {}, data of {}.",
        counts(report),
        report.as_of,
        report.data_date
    )?;
    for what in report.notes() {
        writeln!(out, "\n{}", escape::markdown(what.raw()))?;
    }
    for level in ["deny", "warn", "accepted"] {
        let findings: Vec<&FindingReport> = report.findings.iter().filter(|finding| finding.level == level).collect();
        if findings.is_empty() {
            continue;
        }
        let open = if level == "deny" { " open" } else { "" };
        writeln!(out, "\n<details{open}><summary>{} {level}</summary>\n", findings.len())?;
        for finding in findings {
            let package =
                finding.package.as_ref().map_or("the whole graph".to_owned(), |name| escape::markdown(name.raw()));
            writeln!(out, "- **{}** {package}", finding.rule)?;
            for sentence in reasons(finding) {
                writeln!(out, "  - {}", escape::markdown(&sentence))?;
            }
            if finding.path.len() > 1 {
                writeln!(out, "  - path: {}", escape::markdown(&way(&finding.path)))?;
            }
            if finding.level != "accepted" {
                writeln!(out, "  - to do: {}", escape::markdown(&finding.remedy))?;
            }
        }
        writeln!(out, "\n</details>")?;
    }
    writeln!(out, "\n{}", report.notice)
}

/// Workflow commands of GitHub Actions: an annotation a finding, and one for what rows of the policy change in the embedded data.
///
/// Escaped as <https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts> does.
pub(super) fn github(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    for what in report.notes() {
        writeln!(out, "::notice title=cargo origin::{}", escape::workflow_data(what.raw()))?;
    }
    for finding in &report.findings {
        let command = match finding.level {
            "deny" => "error",
            "warn" => "warning",
            _ => "notice",
        };
        let title = escape::workflow_property(&format!("{}: {}", finding.rule, about(finding)));
        let file = finding.location.as_ref().map_or_else(String::new, |location| {
            format!("file={},line={},", escape::workflow_property(&location.file), location.line)
        });
        writeln!(out, "::{command} {file}title={title}::{}", escape::workflow_data(&sentences(finding).join("\n")))?;
    }
    Ok(())
}
