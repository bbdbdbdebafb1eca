//! A trend in GitHub-flavoured Markdown.

use std::io::{self, Write};

use super::{
    COUNTRIES, MOVED_HEAD, MOVEMENT_HEAD, TAKEN_APART, all_moved, all_programmes, cause, gap_lines, head, moving, read,
    row, sentence,
};
use crate::render::escape;
use crate::report::TrendReport;

pub(in crate::render) fn write(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
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
    if all_programmes(report).next().is_some() {
        writeln!(
            out,
            "## Programmes that began and ceased to reach packages\n\n| day | | programmes |\n|---|---|---|"
        )?;
        for (point, sign, ids) in all_programmes(report) {
            writeln!(out, "| {} | {sign} | {ids} |", point.day)?;
        }
        writeln!(out)?;
    }
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
