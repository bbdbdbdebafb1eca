//! What is in the store, for a terminal.

use std::io::{self, Write};

use super::escape::terminal;
use super::table::{Field, lay_out};
use super::{View, escape};
use crate::report::StoreReport;

/// Writes what is kept: the file, facts, gaps, lists.
pub fn store(report: &StoreReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let file = escape::terminal_long(report.file.raw());
    let Some(format) = report.format else {
        return writeln!(out, "{file}: there is no store yet; `cargo origin sync` or `store import` makes one");
    };
    writeln!(out, "{file}: {} bytes, format {format}", report.bytes)?;
    let day = |day: &Option<String>| Field::new(day.clone().unwrap_or_default());
    let facts = report.facts.iter().map(|row| {
        let (now, before) = (Field::number(row.current.to_string()), Field::number(row.past.to_string()));
        vec![
            Field::new(terminal(&row.kind)),
            Field::new(terminal(&row.source)),
            now,
            before,
            day(&row.oldest),
            day(&row.newest),
        ]
    });
    let head = ["facts", "source", "now", "before", "oldest", "newest"];
    section(&head, facts.collect(), view, out)?;
    let gaps = report.gaps.iter().map(|row| {
        let (source, reason) = (terminal(&row.source), terminal(&row.reason));
        vec![Field::new(source), Field::new(reason), Field::number(row.count.to_string()), day(&row.newest)]
    });
    section(&["not told by", "because", "times", "last"], gaps.collect(), view, out)?;
    let lists = report.lists.iter().map(|row| {
        let (entries, left_out) = (row.entries.to_string(), row.persons_left_out.to_string());
        vec![Field::new(terminal(&row.id)), Field::number(entries), Field::number(left_out), day(&row.fetched)]
    });
    section(&["list", "entries", "persons left out", "fetched"], lists.collect(), view, out)
}

fn section(head: &[&str], rows: Vec<Vec<Field>>, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    write!(out, "\n{}", lay_out(view.stylesheet.heading, head, rows, &[], view.width))
}
