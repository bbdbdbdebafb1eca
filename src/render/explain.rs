//! One package in full, for a terminal.

use std::io::{self, Write};

use super::human::{hanging, paragraph};
use super::stylesheet::paint;
use super::{View, check, escape, origin};
use crate::report::{ClaimReport, Explanation, FacetReport, Untrusted};

pub(super) fn write(explanation: &Explanation, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let package = &explanation.package;
    let name = paint(view.stylesheet.strong, &format!("{} {}", escape::terminal(&package.name), package.version));
    writeln!(out, "{name} \u{b7} as of {}", explanation.as_of)?;
    let way: Vec<String> = package.path.iter().map(escape::terminal).collect();
    row("source", &source(&package.source, view.width), view, out)?;
    row("brought in by", &if way.is_empty() { "-".to_owned() } else { way.join(" > ") }, view, out)?;
    row("dependents", &package.dependents.to_string(), view, out)?;
    row("power", &origin::power(package), view, out)?;
    for (word, facet) in package.facets.all() {
        let heading = word.to_uppercase();
        let text = hanging(&format!("{heading} {}", origin::with_party(facet)), 0, 2, view.width);
        write!(out, "\n{}", text.replacen(&heading, &paint(view.stylesheet.heading, &heading), 1))?;
        write_facet(facet, view, out)?;
    }
    judged(explanation, view, out)?;
    reached(explanation, view, out)?;
    writeln!(out, "\n{}", paint(view.stylesheet.heading, "HOW EVIDENCE WAS WEIGHED"))?;
    for row in &explanation.worth {
        let kind = if row.decides { "can decide" } else { "only hints" };
        let text =
            format!("{} (rank {}, reliability {:.2}, {kind}): {}", row.kind, row.rank, row.reliability, row.reason);
        write!(out, "{}", bullet(&text, view.width))?;
    }
    for gap in &explanation.gaps {
        write!(out, "{}", bullet(&format!("not learnt: {}", escape::terminal_long(gap.raw())), view.width))?;
    }
    writeln!(out)?;
    write!(out, "{}", paint(view.stylesheet.faint, paragraph(&explanation.notice, view.width).trim_end()))?;
    writeln!(out)
}

/// Where what is said in a table of two columns begins.
const COLUMN: usize = 17;

fn row(name: &str, text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", hanging(&format!("{name:width$}{text}", width = COLUMN - 2), 2, COLUMN, view.width))
}

/// A source; the commit goes into a line of its own where both do not fit into one.
fn source(source: &Untrusted, width: u16) -> String {
    let text = escape::terminal(source);
    match text.split_once('#') {
        Some((place, commit)) if COLUMN + text.chars().count() > usize::from(width) => format!("{place} #{commit}"),
        _ => text,
    }
}

/// What is said after a mark; further lines stand under the first.
fn bullet(text: &str, width: u16) -> String {
    hanging(text, 2, 4, width)
}

fn write_facet(facet: &FacetReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut masses: Vec<(&String, &f64)> = facet.posterior.iter().collect();
    masses.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
    let masses: Vec<String> = masses.iter().take(8).map(|(place, mass)| format!("{place} {mass:.2}")).collect();
    write!(out, "{}", bullet(&format!("probability  {}", masses.join(", ")), view.width))?;
    if let Some(reason) = facet.origin.reason {
        write!(out, "{}", bullet(&format!("because: {}", escape::terminal_long(reason)), view.width))?;
    }
    if let Some(work) = &facet.work {
        write!(out, "{}", paragraph(&work.because, view.width))?;
        super::work::write_work(work, view, out)?;
    }
    for claim in &facet.claims {
        let mark = if claim.decides { "*" } else { "-" };
        let statement = escape::terminal_long(claim.statement.raw());
        write!(out, "{}", bullet(&format!("{mark} {statement}{}", places(claim)), view.width))?;
        write!(out, "{}", paint(view.stylesheet.faint, &evidence_line(claim, view.width)))?;
    }
    Ok(())
}

fn places(claim: &ClaimReport) -> String {
    // Who published and what a list says is no statement about a place.
    if ["list-match", "published-by"].contains(&claim.kind) {
        return String::new();
    }
    let places = match claim.place {
        "no-seat" => "no seat".to_owned(),
        "none" => "no place known".to_owned(),
        _ if claim.places.len() > 8 => format!("{} and {} more", claim.places[..8].join(", "), claim.places.len() - 8),
        _ => claim.places.join(" or "),
    };
    let also = if claim.also.is_empty() { String::new() } else { format!(" (also named: {})", claim.also.join(", ")) };
    format!(": {places}{also}")
}

fn evidence_line(claim: &ClaimReport, width: u16) -> String {
    let mut words =
        vec![format!("{}, {} confidence", claim.kind, claim.confidence), escape::terminal(&claim.reference)];
    words.extend(claim.address.as_ref().map(escape::terminal));
    let stale = if claim.stale { ", stale" } else { "" };
    words.extend(claim.observed.as_ref().map(|day| format!("row of {day}{stale}")));
    words.extend(claim.since.as_ref().map(|day| format!("since {day}")));
    words.extend(claim.until.as_ref().map(|day| format!("until {day}")));
    hanging(&words.join(" \u{b7} "), 4, 4, width)
}

/// What the policy makes of it.
fn judged(explanation: &Explanation, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    writeln!(out, "\n{}", paint(style.heading, "WHAT THE RULES FIND"))?;
    if explanation.findings.is_empty() {
        writeln!(out, "  nothing")?;
    }
    for finding in &explanation.findings {
        let colour = match finding.level {
            "deny" => style.severe,
            "warn" => style.notable,
            _ => style.faint,
        };
        writeln!(out, "  {} {}", paint(colour, finding.level), paint(style.strong, finding.rule))?;
        for sentence in check::reasons(finding) {
            write!(out, "{}", hanging(&format!("- {sentence}"), 4, 6, view.width))?;
        }
        if finding.level != "accepted" {
            let text = format!("to do: {}", escape::terminal_long(&finding.remedy));
            write!(out, "{}", hanging(&text, 4, 6, view.width))?;
        }
    }
    for idle in &explanation.idle_exceptions {
        let because = escape::terminal_long(&idle.because);
        let text = format!("the exception at {} accepts nothing here: {because}", check::exception(&idle.exception));
        write!(out, "{}", bullet(&text, view.width))?;
    }
    Ok(())
}

fn reached(explanation: &Explanation, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, "PROGRAMMES THAT REACH IT"))?;
    if explanation.exposures.is_empty() {
        writeln!(out, "  none that is known")?;
    }
    for exposure in &explanation.exposures {
        let word = if exposure.status == "in-force" { "since" } else { "not yet in force, from" };
        let since =
            exposure.since.as_ref().map_or(", since when is not known".to_owned(), |day| format!(", {word} {day}"));
        let unverified = if exposure.unverified { ", unverified" } else { "" };
        let scope = exposure.scope.as_ref().map_or(String::new(), |scope| format!(". Covers: {scope}"));
        let text = format!(
            "{} ({}): {} by {}, probability {:.2}{since}{unverified}: {}{scope}",
            exposure.programme, exposure.effect, exposure.grade, exposure.facet, exposure.probability, exposure.because
        );
        write!(
            out,
            "{}",
            paint(view.stylesheet.grade(exposure.grade), &bullet(&escape::terminal_long(&text), view.width))
        )?;
    }
    writeln!(out, "\n{}", paint(view.stylesheet.heading, "AND THE OTHERS"))?;
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for missed in &explanation.missed {
        match reasons.iter_mut().find(|(because, _)| *because == missed.because) {
            Some((_, programmes)) => programmes.push(&missed.programme),
            None => reasons.push((&missed.because, vec![&missed.programme])),
        }
    }
    for (because, programmes) in reasons {
        write!(out, "{}", bullet(&format!("{because}: {}", programmes.join(", ")), view.width))?;
    }
    Ok(())
}
