//! A difference as a comment of a pull request: short, what is long folded, and never longer than a comment may be.

use std::io::{self, Write};

use super::words::{self, TO};
use crate::render::escape;
use crate::report::{AddedPackage, ChangedPackage, DiffReport, Untrusted};

/// A line by which a bot finds its own comment again.
const MARKER: &str = "<!-- cargo-origin diff -->";

/// GitHub takes 65,536 characters; this is in bytes, and leaves room for what a bot adds.
const MOST: usize = 60_000;

/// Kept for the end: what was left out, and the notice.
const RESERVED: usize = 2_000;

/// The text so far, and what did not fit.
struct Comment {
    text: String,
    left_out: usize,
}

impl Comment {
    /// Adds a line if there is room for it.
    fn line(&mut self, line: &str) {
        if self.text.len() + line.len() + RESERVED > MOST {
            self.left_out += 1;
        } else {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// Adds lines below a title, folded unless they are to be seen at once.
    fn section(&mut self, open: bool, title: &str, head: &[&str], rows: &[String]) {
        if rows.is_empty() {
            return;
        }
        let open = if open { " open" } else { "" };
        let around = title.len() + head.iter().map(|line| line.len() + 1).sum::<usize>() + 64;
        // A title alone says nothing, and half a fold would swallow what follows.
        if self.text.len() + around + rows[0].len() + RESERVED > MOST {
            self.left_out += rows.len();
            return;
        }
        let fold = format!("\n<details{open}><summary>{title}</summary>\n\n");
        self.text.push_str(&fold);
        for line in head {
            self.text.push_str(line);
            self.text.push('\n');
        }
        for row in rows {
            self.line(row);
        }
        self.text.push_str("\n</details>\n");
    }
}

pub(in crate::render) fn write(report: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    let about = escape::markdown(&words::compared(report));
    if report.verdict == "unchanged" {
        writeln!(out, "{MARKER}")?;
        let notes: Vec<String> =
            report.notes.iter().map(|note| format!(" Note: {}.", escape::markdown(note.raw()))).collect();
        return writeln!(out, "Origins: nothing has changed {about}.{}", notes.concat());
    }
    let mut comment = Comment { text: String::new(), left_out: 0 };
    let packages = report.counts.packages;
    comment.text = format!(
        "{MARKER}\n### Origins: what changes\n\n{} {} {TO} {} packages, {about}. As of {}, data of {}.\n",
        words::summary(report),
        packages.before,
        packages.now,
        escape::markdown(report.as_of.raw()),
        escape::markdown(report.data_date.raw())
    );
    for note in &report.notes {
        comment.line(&format!("\n> {}", escape::markdown(note.raw())));
    }
    sections(report, &mut comment);
    write!(out, "{}", comment.text)?;
    if comment.left_out > 0 {
        writeln!(
            out,
            "\nCut to the length of a comment: {} lines are left out. `cargo origin diff` shows them.",
            comment.left_out
        )?;
    }
    writeln!(out, "\n{}", report.notice)
}

fn sections(report: &DiffReport, comment: &mut Comment) {
    let exposures = &report.exposures;
    let worse: Vec<String> = exposures.changed.iter().filter(|change| change.worse).map(regraded).collect();
    let other: Vec<String> = exposures.changed.iter().filter(|change| !change.worse).map(regraded).collect();
    let new = exposed(&words::by_package(&exposures.added));
    let gone = exposed(&words::by_package(&exposures.removed));
    comment.section(
        true,
        &format!("{} of {}", words::number(exposures.added.len(), "new exposure"), words::number(new.len(), "package")),
        &[],
        &new,
    );
    comment.section(true, &words::number(worse.len(), "worse exposure"), &[], &worse);
    let (bumps, differ): (Vec<&ChangedPackage>, Vec<_>) =
        words::worst_first(&report.changed).into_iter().partition(|package| package.version_only());
    let (moved, differ): (Vec<&ChangedPackage>, Vec<_>) =
        differ.into_iter().partition(|package| package.source.is_some());
    let changed = |packages: &[&ChangedPackage]| -> Vec<String> {
        packages
            .iter()
            .map(|package| {
                let sentences: Vec<String> =
                    words::changes(package).iter().map(|text| format!("\n  - {}", escape::markdown(text))).collect();
                format!("- **{}**{}", escape::markdown(&words::changed_title(package)), sentences.concat())
            })
            .collect()
    };
    comment.section(
        true,
        &format!("{} from another source", words::number(moved.len(), "package")),
        &[],
        &changed(&moved),
    );
    comment.section(
        false,
        &format!("{} with another origin or power", words::number(differ.len(), "package")),
        &[],
        &changed(&differ),
    );
    let head = ["| package | brought in by | steward | exposed | at build | from |", "|---|---|---|---|---|---|"];
    comment.section(
        false,
        &format!("{} added", words::number(report.added.len(), "package")),
        &head,
        &rows(&report.added),
    );
    comment.section(
        false,
        &format!("{} removed", words::number(report.removed.len(), "package")),
        &head,
        &rows(&report.removed),
    );
    let bumps: Vec<String> =
        bumps.iter().map(|package| format!("- {}", escape::markdown(&words::changed_title(package)))).collect();
    comment.section(false, &format!("{} in another version", words::number(bumps.len(), "package")), &[], &bumps);
    comment.section(false, &format!("{} changed", words::number(other.len(), "other exposure")), &[], &other);
    comment.section(false, &format!("{} gone", words::number(exposures.removed.len(), "exposure")), &[], &gone);
    let head = ["| facet | countries | no seat | unknown | HHI |", "|---|---|---|---|---|"];
    comment.section(false, "Concentration", &head, &concentration(report));
    let head = ["| facet | before | now | why |", "|---|--:|--:|---|"];
    let unknown: Vec<String> = report
        .unknowns
        .iter()
        .map(|row| {
            let (facet, why) = (escape::markdown(row.facet.raw()), escape::markdown(row.reason.raw()));
            format!("| {facet} | {} | {} | {why} |", row.before, row.now)
        })
        .collect();
    comment.section(false, "What is unknown", &head, &unknown);
}

fn regraded(change: &crate::report::ExposureChange) -> String {
    let package = escape::markdown(&escape::terminal(&change.now.package));
    format!("- **{package}** {}", escape::markdown(&words::regraded(change)))
}

fn exposed(packages: &[words::Exposed<'_>]) -> Vec<String> {
    let one = |package: &words::Exposed<'_>| {
        let path = (package.path.len() > 1).then(|| format!("path: {}", words::way(package.path)));
        let sentences = package.sentences.iter().cloned().chain(path);
        let lines: Vec<String> = sentences.map(|text| format!("\n  - {}", escape::markdown(&text))).collect();
        format!("- **{}**{}", escape::markdown(&package.package), lines.concat())
    };
    packages.iter().map(one).collect()
}

fn rows(packages: &[AddedPackage]) -> Vec<String> {
    let one = |package: &AddedPackage| {
        let way: &[Untrusted] = &package.path[..package.path.len().saturating_sub(1)];
        let cells = [
            words::title(package),
            words::way(way),
            words::answer(&package.steward),
            package.grade.as_ref().map_or("-".to_owned(), escape::terminal),
            words::power(package),
            words::place(&package.source),
        ];
        format!("| {} |", cells.map(|cell| escape::markdown(&cell)).join(" | "))
    };
    packages.iter().map(one).collect()
}

fn concentration(report: &DiffReport) -> Vec<String> {
    let rows = report.concentration.iter().filter(|row| row.weighting.raw() == "packages");
    let rows = rows.map(|row| {
        format!(
            "| {} | {} | {} | {} | {} |",
            escape::markdown(row.facet.raw()),
            escape::markdown(&words::countries(row, 6)),
            words::shares(row.no_seat.before, row.no_seat.now),
            words::shares(row.unknown.before, row.unknown.now),
            words::index(row.hhi.before, row.hhi.now)
        )
    });
    rows.collect()
}
