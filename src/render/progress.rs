//! How far a run over the network is: bars with rate and time left on a terminal, plain lines elsewhere. indicatif's only user.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::escape::terminal_long;

/// Where progress is shown: on standard error, never in a report.
pub enum Progress<'a> {
    /// Bars, one a question.
    Bars(MultiProgress, BTreeMap<String, ProgressBar>),
    /// A line at the beginning and one at the end of each.
    Lines(&'a mut dyn Write, BTreeMap<String, (u64, u64)>),
}

impl<'a> Progress<'a> {
    /// Bars on a terminal, else lines.
    pub fn new(is_terminal: bool, lines: &'a mut dyn Write) -> Self {
        if is_terminal {
            return Self::Bars(MultiProgress::with_draw_target(ProgressDrawTarget::stderr()), BTreeMap::new());
        }
        Self::Lines(lines, BTreeMap::new())
    }

    /// A question about so many subjects begins. One that has begun already goes on with so many more.
    pub fn begin(&mut self, what: &str, subjects: u64) {
        match self {
            Self::Bars(all, bars) => {
                if let Some(bar) = bars.get(what) {
                    bar.inc_length(subjects);
                    return;
                }
                let bar = all.add(ProgressBar::new(subjects));
                let style = "{msg:32} {wide_bar} {pos}/{len} {rate:>8} {eta:>5}";
                if let Ok(style) = ProgressStyle::with_template(style) {
                    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                        // A bar that cannot be drawn is no reason to stop.
                        let _lost = write!(out, "{:.1}/s", state.per_sec());
                    };
                    bar.set_style(style.with_key("rate", rate).progress_chars("=> "));
                }
                bar.set_message(terminal_long(what));
                bars.insert(what.to_owned(), bar);
            }
            Self::Lines(out, counts) => {
                let count = counts.entry(what.to_owned()).or_default();
                count.1 += subjects;
                // Who reads lines reads them later: one that cannot be written is no reason to stop.
                let _lost = writeln!(out, "{}: {subjects} to ask", terminal_long(what));
            }
        }
    }

    /// So many more are answered.
    pub fn advance(&mut self, what: &str, subjects: u64) {
        match self {
            Self::Bars(_, bars) => {
                if let Some(bar) = bars.get(what) {
                    bar.inc(subjects);
                }
            }
            Self::Lines(_, counts) => {
                if let Some(count) = counts.get_mut(what) {
                    count.0 += subjects;
                }
            }
        }
    }

    /// No more is asked.
    pub fn end(&mut self, what: &str) {
        match self {
            Self::Bars(_, bars) => {
                if let Some(bar) = bars.remove(what) {
                    bar.finish_and_clear();
                }
            }
            Self::Lines(out, counts) => {
                if let Some((done, all)) = counts.remove(what) {
                    let _lost = writeln!(out, "{}: {done} of {all} asked", terminal_long(what));
                }
            }
        }
    }
}
