//! The report for a terminal: a head, exposure, risk, origins, concentration, what is unknown.

use std::io::{self, Write};

use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{Only, View, escape, origin, risk};
use crate::report::{ConcentrationReport, GapReport, ProgrammeReport, Report, UnknownReport, Untrusted};

/// The ids of programmes are not broken: the longest of the embedded ones, and what the table puts beside it.
const ID_WIDTH: u16 = 22;

/// From this width on the risk table shows every facet.
const WIDE: u16 = 120;

/// From this share of packages with a country on the index among them says something.
const ENOUGH: f64 = 0.1;

/// The index of Rust developers by country, for comparison (GitHub Innovation Graph, Rust pushers, 2024 Q1).
const ECOSYSTEM_HHI: &str = "0.08";

pub(super) fn write(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    head(report, view, out)?;
    exposure(report, view, out)?;
    risks(report, view, out)?;
    if report.workspace.packages > 0 {
        origins(report, view, out)?;
        concentration(report, view, out)?;
    }
    unknown(report, view, out)?;
    foot(report, view, out)
}

fn title(text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, text))
}

/// Breaks a sentence into lines that fit, indented by two.
pub(super) fn paragraph(text: &str, width: u16) -> String {
    hanging(text, 2, 2, width)
}

/// The same with the indents of the first line and of the others: what belongs together is seen to.
pub(super) fn hanging(text: &str, first: usize, others: usize, width: u16) -> String {
    let width = usize::from(width.max(40));
    let mut out = String::new();
    let mut line = " ".repeat(first);
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(&line);
            out.push('\n');
            line = " ".repeat(others);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = line.trim_start().is_empty();
    }
    out.push_str(&line);
    out.push('\n');
    out
}

fn head(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let workspace = &report.workspace;
    let name = paint(view.stylesheet.strong, &escape::terminal(&workspace.name));
    let what = if workspace.mode == "lock-file" { ", from the lock file alone" } else { "" };
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    let first = format!(
        "{} \u{b7} {name} \u{b7} {} packages, {} direct{what}",
        report.generator, workspace.packages, workspace.direct
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    let mut second = format!("as of {} \u{b7} {home} \u{b7} data of {}", report.as_of, report.data_date);
    if let Some(fetched) = &report.fetched {
        second = format!("{second} \u{b7} fetched {}", fetched.from);
        if fetched.to != fetched.from {
            second = format!("{second} to {}", fetched.to);
        }
    }
    if workspace.from_cache > 0 {
        second = format!("{second} \u{b7} {} manifests from the local registry cache", workspace.from_cache);
    }
    if let Some(toolchain) = &workspace.toolchain {
        second = format!("{second} \u{b7} toolchain {}", escape::terminal(toolchain));
    }
    if workspace.not_built > 0 {
        second = format!(
            "{second} \u{b7} {} packages of the lock file are not built with this selection",
            workspace.not_built
        );
    }
    writeln!(out, "{}", paint(view.stylesheet.faint, paragraph(&second, view.width).trim()))?;
    overrides(&report.overrides, view, out)
}

/// What the user's own rows change: said before anything that rests on it.
pub(super) fn overrides(overrides: &[Untrusted], view: &View, out: &mut dyn Write) -> io::Result<()> {
    for what in overrides {
        let text = paragraph(&escape::terminal_long(what.raw()), view.width);
        writeln!(out, "{}", paint(view.stylesheet.notable, text.trim()))?;
    }
    Ok(())
}

fn in_force(programme: &ProgrammeReport) -> String {
    let since = programme.since.as_deref();
    let start = match (programme.status, since) {
        ("upcoming", Some(day)) => format!("from {day}"),
        (_, Some(day)) => format!("since {day}"),
        (_, None) => "since ?".to_owned(),
    };
    programme.until.as_ref().map_or(start.clone(), |until| format!("{start} until {until}"))
}

fn exposure(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    title("EXPOSURE", view, out)?;
    let reached: Vec<&ProgrammeReport> = report.programmes.iter().filter(|programme| programme.packages > 0).collect();
    if reached.is_empty() {
        write!(
            out,
            "{}",
            paragraph(
                "Nothing that is known of these packages touches a programme of the embedded data. What is not known is counted below.",
                view.width
            )
        )?;
    } else {
        let wide = view.width >= WIDE;
        let head: &[&str] = if wide {
            &["programme", "effect", "in force", "packages", "direct", "at build", "grades"]
        } else {
            &["programme", "effect", "in force", "packages", "direct", "at build"]
        };
        let rows = reached.iter().map(|programme| {
            let grades = grades(programme);
            let worst = grades.first().map_or("-", |(grade, _)| grade);
            let unverified = if programme.verification == "unverified" { " (unverified)" } else { "" };
            let words: Vec<String> = grades.iter().map(|(grade, count)| format!("{count} {grade}")).collect();
            let words = words.join(", ");
            let mut row = vec![
                Field::styled(format!("{}{unverified}", programme.id), view.stylesheet.grade(worst)),
                // Words with spaces break between lines where a narrow table needs it.
                Field::new(programme.effect.replace('-', " ")),
                Field::new(in_force(programme)),
            ];
            if wide {
                row.push(Field::number(programme.packages.to_string()));
            } else {
                // The grades stand for the number: they add up to it.
                row.push(Field::new(words.clone()));
            }
            row.push(Field::number(programme.direct.to_string()));
            row.push(Field::number(at_build(programme)));
            if wide {
                row.push(Field::new(words));
            }
            row
        });
        let rows: Vec<Vec<Field>> = rows.collect();
        let bounds: &[Bound] = if wide {
            &[Bound::AtLeast(ID_WIDTH)]
        } else {
            &[
                Bound::AtLeast(ID_WIDTH),
                Bound::Exactly(14),
                Bound::AtMost(12),
                Bound::Exactly(15),
                Bound::AtMost(8),
                Bound::AtMost(7),
            ]
        };
        write!(out, "{}", lay_out(view.stylesheet.heading, head, rows, bounds, view.width))?;
        let text = "Each covers only the products and dealings that it names: cargo origin programmes show ID.";
        write!(out, "{}", paragraph(text, view.width))?;
        for (programme, next) in reached.iter().filter_map(|programme| Some((programme, programme.next.as_ref()?))) {
            let days = if next.in_days == 1 { "day" } else { "days" };
            let text = format!("{}: in {} {days}, from {}: {}", programme.id, next.in_days, next.from, next.what);
            write!(out, "{}", paragraph(&text, view.width))?;
        }
    }
    for gap in report.gaps.iter().filter(|gap| gap.kind == "no-home") {
        write!(out, "{}", paragraph(&escape::terminal_long(gap.detail.raw()), view.width))?;
    }
    Ok(())
}

/// How many run at build time; a question mark where that is not known of all.
pub(super) fn at_build(programme: &ProgrammeReport) -> String {
    match (programme.at_build, programme.at_build_unknown) {
        (known, 0) => known.to_string(),
        (0, _) => "?".to_owned(),
        (known, _) => format!("{known}+?"),
    }
}

/// Grades of a programme that reach something, nearest first.
pub(super) fn grades(programme: &ProgrammeReport) -> Vec<(&'static str, u32)> {
    ["named", "seat", "publisher", "contribution", "channel", "possible"]
        .into_iter()
        .filter_map(|grade| programme.grades.get(grade).map(|count| (grade, *count)))
        .collect()
}

fn risks(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let rows = risk::rows(report, view);
    if rows.is_empty() && view.only == Only::Exposed {
        return Ok(());
    }
    title(if view.only == Only::Exposed { "RISK" } else { "PACKAGES" }, view, out)?;
    let wide = view.width >= WIDE;
    let shown = view.top.unwrap_or(rows.len()).min(rows.len());
    let head: &[&str] = if wide {
        &["package", "brought in by", "steward", "publisher", "work done", "channel", "grade", "power", "because"]
    } else {
        &["package", "brought in by", "steward", "grade", "because"]
    };
    let style = view.stylesheet;
    let fields = rows.iter().take(shown).map(|row| {
        let package = row.package;
        let name = format!("{} {}", escape::terminal(&package.name), package.version);
        let grade = Field::styled(row.grade(), style.grade(row.grade()));
        let mut fields = vec![
            Field::styled(name, style.strong),
            Field::new(brought_in(&package.path, package.workspace, wide)),
            Field::new(origin::with_party(&package.facets.steward)),
        ];
        if wide {
            for facet in [&package.facets.publisher, &package.facets.contribution, &package.facets.channel] {
                fields.push(Field::new(origin::short(&facet.origin)));
            }
        }
        fields.push(grade);
        if wide {
            fields.push(Field::new(origin::power(package)));
        }
        fields.push(Field::new(row.programmes(if wide { 3 } else { 2 })));
        fields
    });
    let bounds: &[Bound] = if wide {
        &[
            Bound::AtMost(26),
            Bound::AtMost(24),
            Bound::AtMost(30),
            Bound::AtMost(12),
            Bound::AtMost(12),
            Bound::AtMost(12),
            Bound::AtMost(14),
            Bound::AtMost(16),
            Bound::AtLeast(ID_WIDTH),
        ]
    } else {
        &[Bound::AtMost(19), Bound::AtMost(15), Bound::AtMost(16), Bound::AtMost(14), Bound::AtLeast(ID_WIDTH)]
    };
    write!(out, "{}", lay_out(style.heading, head, fields.collect(), bounds, view.width))?;
    if shown < rows.len() {
        writeln!(out, "  {} more: --top {}", rows.len() - shown, rows.len())?;
    }
    Ok(())
}

/// The way from the member, without the package itself; the middle of a long way is left out.
pub(super) fn brought_in(path: &[Untrusted], own: bool, wide: bool) -> String {
    let way = &path[..path.len().saturating_sub(1)];
    let names: Vec<String> = way
        .iter()
        .map(|step| {
            let name = step.raw().rsplit_once('@').map_or(step.raw(), |(name, _)| name);
            escape::terminal(&name.into())
        })
        .collect();
    let most = if wide { 4 } else { 3 };
    if names.is_empty() {
        return if own { "(workspace)".to_owned() } else { "-".to_owned() };
    }
    if names.len() > most {
        let tail = &names[names.len() - (most - 2)..];
        return format!("{} > \u{2026} > {}", names[0], tail.join(" > "));
    }
    names.join(" > ")
}

pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.001 {
        return "<0.1 %".to_owned();
    }
    format!("{:.1} %", share * 100.0)
}

/// The distributions of a report that a view shows: the chosen facet, or steward first.
fn chosen<'r>(report: &'r Report, view: &View, weighting: &str) -> Vec<&'r ConcentrationReport> {
    let facets = report.concentration.iter().filter(|row| row.weighting == weighting);
    facets.filter(|row| view.facet.is_none_or(|facet| row.facet == facet)).collect()
}

fn origins(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    title("ORIGINS", view, out)?;
    let length = if view.width >= WIDE { 40 } else { 20 };
    for row in chosen(report, view, "packages") {
        if row.shares.is_empty() && view.facet.is_none() {
            continue;
        }
        let mut shares: Vec<(String, f64)> = row.shares.iter().map(|(code, share)| (code.clone(), *share)).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let most = if view.facet.is_some() {
            usize::MAX
        } else if row.facet == "steward" {
            8
        } else {
            3
        };
        let rest: f64 = shares.iter().skip(most).map(|(_, share)| share).sum();
        let others = shares.len().saturating_sub(most);
        shares.truncate(most);
        if others > 0 {
            shares.push((format!("{others} others"), rest));
        }
        shares.extend(row.no_seat_by_reason.iter().map(|(why, share)| (format!("no seat ({why})"), *share)));
        shares.push(("conflict".to_owned(), row.conflict));
        shares.push(("unknown".to_owned(), row.unknown));
        let fields =
            shares.into_iter().filter(|(_, share)| *share > 0.0).enumerate().map(|(number, (place, share))| {
                let style = if place == "unknown" { view.stylesheet.unknown } else { anstyle::Style::new() };
                vec![
                    Field::styled(if number == 0 { row.facet } else { "" }, view.stylesheet.strong),
                    Field::styled(place, style),
                    Field::number(percent(share)),
                    Field::new(bar(share, length)),
                ]
            });
        let bounds = [Bound::Exactly(14), Bound::Exactly(26), Bound::Exactly(10)];
        let text = lay_out(view.stylesheet.heading, &[], fields.collect(), &bounds, view.width);
        write!(out, "{text}")?;
    }
    Ok(())
}

pub(super) fn bar(share: f64, length: u32) -> String {
    let full = share.clamp(0.0, 1.0) * f64::from(length);
    let blocks = (1..=length).take_while(|block| f64::from(*block) <= full.round()).count();
    if blocks == 0 && share > 0.0 { "\u{258f}".to_owned() } else { "\u{2588}".repeat(blocks) }
}

fn concentration(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    title("CONCENTRATION", view, out)?;
    let mut rows = Vec::new();
    for by_packages in chosen(report, view, "packages") {
        let by_reach =
            report.concentration.iter().find(|row| row.facet == by_packages.facet && row.weighting == "reach");
        let hhi = |row: Option<&ConcentrationReport>| {
            row.filter(|row| row.shares.values().sum::<f64>() >= ENOUGH)
                .and_then(|row| row.hhi)
                .map_or("-".to_owned(), |hhi| format!("{hhi:.2}"))
        };
        let largest = by_packages.shares.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)));
        rows.push(vec![
            Field::styled(by_packages.facet, view.stylesheet.strong),
            Field::number(hhi(Some(by_packages))),
            Field::number(hhi(by_reach)),
            Field::new(largest.map_or("-".to_owned(), |(code, share)| format!("{code} {}", percent(*share)))),
            Field::number(percent(by_packages.unknown)),
        ]);
    }
    let head = ["facet", "HHI by packages", "HHI by reach", "largest", "unknown"];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows, &[], view.width))?;
    let one: u32 = report.one_country.values().sum();
    let mut most: Vec<(&String, &u32)> = report.one_country.iter().collect();
    most.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), (*code).clone()));
    let places: Vec<String> = most.iter().take(3).map(|(code, count)| format!("{count} in {code}")).collect();
    let sentence = format!(
        "HHI is 1 for a single country, counted among what has one, and not given where fewer than one in ten has; Rust developers as a whole stand at {ECOSYSTEM_HHI}. With all their \
         known places in one country: {one} of {} packages{}.",
        report.workspace.packages,
        if places.is_empty() { String::new() } else { format!(" ({})", places.join(", ")) }
    );
    write!(out, "{}", paragraph(&sentence, view.width))
}

fn unknown(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    title("WHAT IS UNKNOWN", view, out)?;
    // Facets that are not known for the same reason and as often share a row: without a repository neither steward nor publisher is known.
    let mut grouped: Vec<(Vec<&str>, &UnknownReport)> = Vec::new();
    for row in report.unknowns.iter().filter(|row| view.facet.is_none_or(|facet| row.facet == facet)) {
        match grouped.iter_mut().find(|(_, other)| other.reason == row.reason && other.packages == row.packages) {
            Some((facets, _)) => facets.push(row.facet),
            None => grouped.push((vec![&row.facet], row)),
        }
    }
    let rows: Vec<Vec<Field>> = grouped
        .into_iter()
        .map(|(facets, row)| {
            vec![
                Field::styled(facets.join(", "), view.stylesheet.strong),
                Field::number(row.packages.to_string()),
                Field::number(percent(row.share)),
                Field::styled(row.reason.clone(), view.stylesheet.unknown),
                Field::new(row.help.clone()),
            ]
        })
        .collect();
    if rows.is_empty() {
        write!(out, "{}", paragraph("Nothing that was asked.", view.width))?;
    } else {
        let head = ["facet", "packages", "share", "why", "what would help"];
        let bounds = [Bound::AtMost(20), Bound::AtMost(10), Bound::AtMost(9), Bound::AtMost(26)];
        write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows, &bounds, view.width))?;
    }
    for gap in report.gaps.iter().filter(|gap| gap.kind != "no-home") {
        write!(out, "{}", paragraph(&gap_line(gap), view.width))?;
    }
    Ok(())
}

fn gap_line(gap: &GapReport) -> String {
    let detail = escape::terminal_long(gap.detail.raw());
    match gap.packages.as_slice() {
        [] => detail,
        [one] => format!("{}: {detail}", escape::terminal(one)),
        [first, second] => format!("{}, {}: {detail}", escape::terminal(first), escape::terminal(second)),
        [first, second, rest @ ..] => {
            format!("{}, {} and {} more: {detail}", escape::terminal(first), escape::terminal(second), rest.len())
        }
    }
}

fn foot(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    let first = risk::rows(report, view).first().map(|row| escape::terminal(&row.package.name));
    let example = first.unwrap_or_else(|| "PACKAGE".to_owned());
    let text = format!("Evidence for one package: cargo origin explain {example}. {}", report.notice);
    write!(out, "{}", paint(view.stylesheet.faint, paragraph(&text, view.width).trim_end()))?;
    writeln!(out)
}
