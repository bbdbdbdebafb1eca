//! What would be lost, for a terminal, a page and a spreadsheet.

use std::io::{self, Write};

use super::human::paragraph;
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, csv, escape};
use crate::report::{ExpectedReport, GoneReport, MemberReport, SimulateReport, SpreadReport, Untrusted};

/// Names of a list that are shown in one line.
const MOST_NAMES: usize = 12;

pub(super) fn human(report: &SimulateReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let style = &view.stylesheet;
    let first = format!(
        "{} simulate \u{b7} {} \u{b7} {} packages \u{b7} as of {} \u{b7} data of {}",
        report.generator,
        escape::terminal(&report.workspace),
        report.packages,
        report.as_of,
        report.data_date
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    let title = |text: &str, out: &mut dyn Write| writeln!(out, "\n{}", paint(style.heading, text));
    title(&format!("WITHOUT {}", without(report)), out)?;
    for sentence in losses(report) {
        write!(out, "{}", paragraph(&sentence, view.width))?;
    }
    title("MEMBERS", out)?;
    members(report, view, out)?;
    if !report.gone.is_empty() {
        title("GOES BY ITSELF", out)?;
        gone(&report.gone, view, out)?;
    }
    if !report.through.is_empty() {
        title("GOES WITH IT", out)?;
        write!(out, "{}", paragraph(&names(&report.through, view.top.unwrap_or(usize::MAX)), view.width))?;
    }
    if let Some(expected) = &report.expected {
        title("EXPECTED", out)?;
        for sentence in drawn(report, expected) {
            write!(out, "{}", paragraph(&sentence, view.width))?;
        }
    }
    writeln!(out)?;
    write!(out, "{}", paint(style.faint, &paragraph(&report.notice, view.width)))
}

/// What is taken away.
fn without(report: &SimulateReport) -> String {
    let words: Vec<String> = report.without.iter().map(escape::terminal).collect();
    if words.is_empty() { "anything taken away".to_owned() } else { words.join(", ") }
}

/// What is lost, in sentences.
fn losses(report: &SimulateReport) -> Vec<String> {
    let lost = &report.lost;
    if lost.direct == 0 {
        return [vec!["Nothing that is known goes, so nothing is lost.".to_owned()], caveats(report)].concat();
    }
    let goes = if lost.direct == 1 { "goes by itself" } else { "go by themselves" };
    let mut said = vec![format!(
        "{} {goes}, and {} with it: {} of all.",
        counted(lost.direct, "package", "packages"),
        counted(lost.through, "that needs it", "that need them"),
        percent(lost.share)
    )];
    let build = &report.at_build;
    said.push(match (build.packages, build.unknown) {
        (0, unknown) if unknown > 0 => "What runs at build time is not known here.".to_owned(),
        (packages, unknown) => {
            let more =
                if unknown > 0 { format!("; of {unknown} more nobody knows whether they do") } else { String::new() };
            format!(
                "Of {} whose code is known to run at build time, {}{more}.",
                counted(packages, "package", "packages"),
                build.lost
            )
        }
    });
    [said, caveats(report)].concat()
}

/// What is not counted as lost, and might be.
fn caveats(report: &SimulateReport) -> Vec<String> {
    let mut said = Vec::new();
    if report.unknown > 0 {
        said.push(format!(
            "The {} of {} is not known: they count as staying.",
            report.facets.join(" and the "),
            counted(report.unknown, "package", "packages")
        ));
    }
    if !report.doubtful.is_empty() {
        said.push(format!(
            "For {} more something speaks, with a probability below {}: they count as staying, and in what is expected.",
            counted(number(report.doubtful.len()), "package", "packages"),
            report.min_probability
        ));
    }
    said
}

fn members(report: &SimulateReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (kept, broken): (Vec<&MemberReport>, Vec<&MemberReport>) =
        report.members.iter().partition(|member| member.builds == "yes");
    for member in broken.iter().take(view.top.unwrap_or(usize::MAX)) {
        let colour = if member.builds == "no" { view.stylesheet.severe } else { view.stylesheet.notable };
        writeln!(
            out,
            "  {} {}",
            paint(view.stylesheet.strong, &escape::terminal(&member.name)),
            paint(colour, says(member))
        )?;
        for line in details(member) {
            let text = paragraph(&line, view.width.saturating_sub(2));
            text.lines().try_for_each(|line| writeln!(out, "  {line}"))?;
        }
    }
    if let Some(more) = broken.len().checked_sub(view.top.unwrap_or(usize::MAX)).filter(|more| *more > 0) {
        writeln!(out, "  and {more} more (--top 0 shows all)")?;
    }
    let names: Vec<Untrusted> = kept.iter().map(|member| member.name.clone()).collect();
    if broken.iter().any(|member| !member.features_known) {
        let text = "Which of their features would do without is not known here; run in the workspace to know.";
        write!(out, "{}", paragraph(text, view.width))?;
    }
    match (broken.is_empty(), names.is_empty()) {
        (_, true) => Ok(()),
        (true, false) if names.len() > 1 => writeln!(out, "  all {} build", names.len()),
        _ => write!(out, "{}", paragraph(&format!("build as before: {}", self::names(&names, MOST_NAMES)), view.width)),
    }
}

fn says(member: &MemberReport) -> &'static str {
    match member.builds {
        "in-part" => "builds in part",
        "no" => "no longer builds",
        _ => "builds",
    }
}

/// Why a member does not build, and what of it does.
fn details(member: &MemberReport) -> Vec<String> {
    let mut said = Vec::new();
    let list = |names: &[Untrusted]| {
        names.iter().map(|name| format!("\"{}\"", escape::terminal(name))).collect::<Vec<_>>().join(", ")
    };
    let way: Vec<String> = member.path.iter().skip(1).map(escape::terminal).collect();
    said.push(format!("needs {}", way.join(" > ")));
    if !member.features_lost.is_empty() && member.builds == "in-part" {
        let kept = if member.features_kept.is_empty() {
            String::new()
        } else {
            format!("; these stay: {}", list(&member.features_kept))
        };
        said.push(format!("without its features {}{kept}", list(&member.features_lost)));
    }
    if !member.platforms_kept.is_empty() && !member.platforms_lost.is_empty() {
        let plain = |names: &[Untrusted]| names.iter().map(escape::terminal).collect::<Vec<_>>().join(", ");
        said.push(format!("not on {}; still on {}", plain(&member.platforms_lost), plain(&member.platforms_kept)));
    }
    said
}

fn gone(rows: &[GoneReport], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let most = view.top.unwrap_or(usize::MAX);
    let fields = rows.iter().take(most).map(|row| {
        vec![
            Field::styled(escape::terminal(&row.package), view.stylesheet.strong),
            Field::number(row.breaks.to_string()),
            Field::number(format!("{:.2}", row.probability)),
            Field::new(names(&row.brought_in_by, 2)),
            Field::new(escape::terminal_long(row.because.raw())),
        ]
    });
    let head = ["package", "needed by", "probability", "brought in by", "why"];
    let bounds = [Bound::AtMost(30), Bound::AtMost(10), Bound::AtMost(13), Bound::AtMost(26)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, fields.collect(), &bounds, view.width))?;
    match rows.len().checked_sub(most).filter(|more| *more > 0) {
        Some(more) => writeln!(out, "  and {more} more (--top 0 shows all)"),
        None => Ok(()),
    }
}

/// What the draws say.
fn drawn(report: &SimulateReport, expected: &ExpectedReport) -> Vec<String> {
    let between =
        |spread: &SpreadReport| format!("{:.1} (nine times in ten {} to {})", spread.mean, spread.low, spread.high);
    let mut said = vec![format!(
        "Over {} draws (seed {}), in which the packages of one party go together: {} packages on average, {} of all; {} members.",
        expected.draws,
        expected.seed,
        between(&expected.packages),
        percent(expected.share),
        between(&expected.members)
    )];
    let certain = expected.likely.iter().filter(|row| row.probability >= report.min_probability).count();
    let open: Vec<String> = expected.likely[certain..]
        .iter()
        .take(5)
        .map(|row| format!("{} {:.2}", escape::terminal(&row.package), row.probability))
        .collect();
    if !open.is_empty() {
        said.push(format!("Less likely to be lost than not, with the probability: {}.", open.join(", ")));
    }
    said
}

fn names(all: &[Untrusted], most: usize) -> String {
    let shown: Vec<String> = all.iter().take(most).map(escape::terminal).collect();
    match all.len().checked_sub(most).filter(|more| *more > 0) {
        Some(more) => format!("{} and {more} more", shown.join(", ")),
        None => shown.join(", "),
    }
}

fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

pub(super) fn markdown(report: &SimulateReport, out: &mut dyn Write) -> io::Result<()> {
    let plain = |name: &Untrusted| escape::markdown(name.raw());
    let list = |all: &[Untrusted]| all.iter().map(plain).collect::<Vec<_>>().join(", ");
    let what = if report.without.is_empty() { "anything taken away".to_owned() } else { list(&report.without) };
    writeln!(
        out,
        "# Without {what}\n\n{}, as of {}, data of {}.\n",
        plain(&report.workspace),
        report.as_of,
        report.data_date
    )?;
    for sentence in
        losses(report).into_iter().chain(report.expected.iter().flat_map(|expected| drawn(report, expected)))
    {
        writeln!(out, "- {}", escape::markdown(&sentence))?;
    }
    writeln!(out, "\n| member | builds | needs | features lost | platforms lost |\n|---|---|---|---|---|")?;
    for member in &report.members {
        let way: Vec<String> = member.path.iter().map(plain).collect();
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            plain(&member.name),
            member.builds,
            way.join(" > "),
            list(&member.features_lost),
            list(&member.platforms_lost)
        )?;
    }
    if !report.gone.is_empty() {
        writeln!(out, "\n| goes by itself | needed by | probability | why |\n|---|--:|--:|---|")?;
    }
    for row in &report.gone {
        let because = escape::markdown(row.because.raw());
        writeln!(out, "| {} | {} | {:.2} | {because} |", plain(&row.package), row.breaks, row.probability)?;
    }
    if !report.through.is_empty() {
        writeln!(out, "\nGoes with it: {}", list(&report.through))?;
    }
    writeln!(out, "\n{}", report.notice)
}

/// A row for every package that is lost, or may be.
pub(super) fn sheet(report: &SimulateReport, out: &mut dyn Write) -> io::Result<()> {
    let mut rows =
        vec![["package", "lost", "probability", "needed_by", "facet", "because"].map(str::to_owned).to_vec()];
    for (list, word) in [(&report.gone, "direct"), (&report.doubtful, "doubtful")] {
        rows.extend(list.iter().map(|row| {
            vec![
                row.package.raw().to_owned(),
                word.to_owned(),
                row.probability.to_string(),
                row.breaks.to_string(),
                row.facet.unwrap_or_default().to_owned(),
                row.because.raw().to_owned(),
            ]
        }));
    }
    rows.extend(report.through.iter().map(|name| {
        vec![name.raw().to_owned(), "through".to_owned(), String::new(), String::new(), String::new(), String::new()]
    }));
    csv::rows(&rows, out)
}
