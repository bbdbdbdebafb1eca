//! `cargo origin place`: texts to countries, offline.

use std::io::{self, BufRead, Read, Write};

use super::{CommandError, ExitStatus, Settings};
use crate::country::place::locate;
use crate::render::{self, Format};
use crate::report;

/// Longest line that is taken from standard input, in bytes.
const LONGEST_LINE: u64 = 4 << 20;

/// Locates each text, or each line of the input where there is none.
pub fn place(
    settings: &Settings,
    texts: &[String],
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "place")?;
    let mut entries = Vec::new();
    let mut take = |text: &str| -> io::Result<()> {
        let entry = report::place(text, &locate(text));
        if format == Format::Json {
            entries.push(entry);
            return Ok(());
        }
        render::place(&entry, out)
    };
    for text in texts {
        take(text)?;
    }
    if texts.is_empty() {
        lines(input, &mut take)?;
    }
    if format == Format::Json {
        render::write_json(&entries, out)?;
    }
    Ok(ExitStatus::Success)
}

/// Every line, whatever its bytes: what is not UTF-8 is shown as such, and not read.
fn lines(input: &mut dyn BufRead, take: &mut dyn FnMut(&str) -> io::Result<()>) -> Result<(), CommandError> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let read = input.take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(CommandError::Input)?;
        if read == 0 {
            break;
        }
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        if !ended && read as u64 == LONGEST_LINE {
            return Err(CommandError::LongLine { number, limit: LONGEST_LINE });
        }
        line.pop_if(|last| *last == b'\r');
        take(&String::from_utf8_lossy(&line))?;
    }
    Ok(())
}
