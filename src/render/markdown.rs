//! The report in GitHub-flavoured Markdown.

use std::io::{self, Write};

use super::{View, escape, human, origin, risk};
use crate::report::{Report, Untrusted};

pub(super) fn write(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let workspace = &report.workspace;
    writeln!(out, "# Origins of {}\n", escape::markdown(workspace.name.raw()))?;
    let home = report.home.as_ref().map_or("not set".to_owned(), Clone::clone);
    writeln!(
        out,
        "{} packages, {} direct. As of {}, home {home}, data of {}, {}.\n",
        workspace.packages, workspace.direct, report.as_of, report.data_date, report.generator
    )?;
    for what in &report.overrides {
        writeln!(out, "{}\n", escape::markdown(what.raw()))?;
    }
    exposure(report, out)?;
    risks(report, view, out)?;
    origins(report, out)?;
    unknown(report, out)?;
    writeln!(out, "{}", report.notice)
}

fn exposure(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Exposure\n")?;
    let reached: Vec<_> = report.programmes.iter().filter(|programme| programme.packages > 0).collect();
    if reached.is_empty() {
        return writeln!(out, "Nothing that is known of these packages touches a programme of the embedded data.\n");
    }
    writeln!(out, "| programme | effect | status | since | packages | direct | at build | grades |")?;
    writeln!(out, "|---|---|---|---|--:|--:|--:|---|")?;
    for programme in reached {
        let grades: Vec<String> =
            human::grades(programme).iter().map(|(grade, count)| format!("{count} {grade}")).collect();
        let id =
            programme.source.as_ref().map_or(programme.id.clone(), |source| format!("[{}]({source})", programme.id));
        let unverified = if programme.verification == "unverified" { " (unverified)" } else { "" };
        writeln!(
            out,
            "| {id}{unverified} | {} | {} | {} | {} | {} | {} | {} |",
            programme.effect,
            programme.status,
            programme.since.as_deref().unwrap_or("-"),
            programme.packages,
            programme.direct,
            human::at_build(programme),
            grades.join(", ")
        )?;
    }
    writeln!(out)
}

fn risks(report: &Report, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let rows = risk::rows(report, view);
    if rows.is_empty() {
        return Ok(());
    }
    let shown = view.top.unwrap_or(rows.len()).min(rows.len());
    writeln!(
        out,
        "## Risk\n\n| package | brought in by | steward | channel | grade | power | because |\n|---|---|---|---|---|---|---|"
    )?;
    for row in rows.iter().take(shown) {
        let package = row.package;
        let way: Vec<String> = package.path.iter().map(|step| escape::markdown(step.raw())).collect();
        writeln!(
            out,
            "| {} {} | {} | {} | {} | {} | {} | {} |",
            escape::markdown(package.name.raw()),
            package.version,
            way[..way.len().saturating_sub(1)].join(" &gt; "),
            escape::markdown(&origin::with_party(&package.facets.steward)),
            escape::markdown(&origin::short(&package.facets.channel.origin)),
            row.grade(),
            escape::markdown(&origin::power(package)),
            row.programmes(4)
        )?;
    }
    if shown < rows.len() {
        writeln!(out, "\n{} more.", rows.len() - shown)?;
    }
    writeln!(out)
}

fn origins(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## Origins\n\n| facet | countries | no seat | unknown | HHI |\n|---|---|--:|--:|--:|")?;
    for row in report.concentration.iter().filter(|row| row.weighting == "packages") {
        let mut shares: Vec<(&String, &f64)> = row.shares.iter().collect();
        shares.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
        let shares: Vec<String> =
            shares.iter().take(6).map(|(code, share)| format!("{code} {:.1} %", *share * 100.0)).collect();
        let hhi = row.hhi.map_or("-".to_owned(), |hhi| format!("{hhi:.2}"));
        let (no_seat, unknown) = (row.no_seat * 100.0, row.unknown * 100.0);
        writeln!(out, "| {} | {} | {no_seat:.1} % | {unknown:.1} % | {hhi} |", row.facet, shares.join(", "))?;
    }
    writeln!(out)
}

fn unknown(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## What is unknown\n\n| facet | packages | why | what would help |\n|---|--:|---|---|")?;
    for row in &report.unknowns {
        writeln!(
            out,
            "| {} | {} | {} | {} |",
            row.facet,
            row.packages,
            escape::markdown(&row.reason),
            escape::markdown(&row.help)
        )?;
    }
    writeln!(out)?;
    for gap in &report.gaps {
        let about: Vec<String> =
            gap.packages.iter().take(3).map(|name: &Untrusted| escape::markdown(name.raw())).collect();
        let about = match (about.is_empty(), gap.packages.len().saturating_sub(3)) {
            (true, _) => String::new(),
            (false, 0) => format!("{}: ", about.join(", ")),
            (false, more) => format!("{} and {more} more: ", about.join(", ")),
        };
        writeln!(out, "- {about}{}", escape::markdown(gap.detail.raw()))?;
    }
    writeln!(out)
}
