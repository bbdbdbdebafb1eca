//! Places, a line each: for a terminal and for other programs alike.

use std::io::{self, Write};

use super::escape::terminal_long;
use crate::report::PlaceReport;

/// `text<TAB>codes<TAB>kind<TAB>probability`, with `-` for no code. Nothing in the text can end the line or the column.
pub fn place(entry: &PlaceReport, out: &mut dyn Write) -> io::Result<()> {
    let codes = if entry.codes.is_empty() { "-".to_owned() } else { entry.codes.join(",") };
    writeln!(out, "{}\t{codes}\t{}\t{:.3}", terminal_long(entry.text.raw()), entry.kind.as_str(), entry.probability)
}
