//! Where the work is done, for a terminal: bands, and the offsets over the seasons as a small picture.

use std::io::{self, Write};

use super::human::{bar, paragraph, percent};
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, escape, origin};
use crate::report::{ObservationReport, WorkReport};

/// Bands and offsets that are shown.
const MOST: usize = 8;

/// A bar for everything, in columns.
const LENGTH: u32 = 20;

/// Countries of a band that are shown.
const COUNTRIES: usize = 5;

pub(super) fn write_work(work: &WorkReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<Vec<Field>> = Vec::new();
    for band in work.bands.iter().take(MOST) {
        let mut countries: Vec<(&String, &f64)> = band.countries.iter().collect();
        countries.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
        let mut words: Vec<String> = countries
            .iter()
            .take(COUNTRIES)
            .map(|(country, share)| format!("{country} {}", percent(**share)))
            .collect();
        if countries.len() > COUNTRIES {
            words.push(format!("{} more", countries.len() - COUNTRIES));
        }
        rows.push(vec![
            Field::styled(format!("UTC{}", band.band), view.stylesheet.strong),
            Field::number(percent(band.share)),
            Field::new(words.join(", ")),
        ]);
    }
    rows.push(vec![
        Field::styled("says nothing", view.stylesheet.unknown),
        Field::number(percent(work.unknown)),
        Field::new(""),
    ]);
    let head = ["work by band", "share", "countries, as many as developers live there unless mail domains say more"];
    let bounds = [Bound::AtMost(20), Bound::AtMost(9)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows, &bounds, view.width))?;
    picture(work, view, out)
}

fn picture(work: &WorkReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    if work.offsets.is_empty() {
        return Ok(());
    }
    let winter: u32 = work.offsets.iter().map(|row| row.winter).sum();
    let summer: u32 = work.offsets.iter().map(|row| row.summer).sum();
    let share = |weeks: u32, of: u32| if of == 0 { 0.0 } else { f64::from(weeks) / f64::from(of) };
    let mut frequent: Vec<u32> = work.offsets.iter().map(|row| row.winter + row.summer).collect();
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    let least = frequent.get(MOST - 1).copied().unwrap_or(0);
    let rows = work.offsets.iter().filter(|row| row.winter + row.summer >= least).map(|row| {
        let season = |weeks, of| {
            let part = share(weeks, of);
            [Field::number(if weeks == 0 { String::new() } else { percent(part) }), Field::new(bar(part, LENGTH))]
        };
        let mut fields = vec![Field::styled(format!("UTC{}", row.offset), view.stylesheet.strong)];
        fields.extend(season(row.winter, winter));
        fields.extend(season(row.summer, summer));
        fields
    });
    let head = ["offset of weeks", "", "November to March", "", "April to October"];
    let bounds = [Bound::AtMost(16), Bound::AtMost(9), Bound::Exactly(22), Bound::AtMost(9), Bound::Exactly(22)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &bounds, view.width))
}

/// Writes what was observed of repositories.
pub fn observations(reports: &[ObservationReport], view: &View, out: &mut dyn Write) -> io::Result<()> {
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        write_observation(report, view, out)?;
    }
    if let Some(report) = reports.first() {
        writeln!(out)?;
        write!(out, "{}", paint(view.stylesheet.faint, paragraph(&report.notice, view.width).trim_end()))?;
        writeln!(out)?;
    }
    Ok(())
}

fn write_observation(report: &ObservationReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let record = &report.record;
    let name = paint(view.stylesheet.strong, &escape::terminal(&report.repository()));
    let path = record.path.as_deref().map_or(String::new(), |path| format!(", {}", escape::terminal(&path.into())));
    writeln!(out, "{name}{path} \u{b7} work done: {}", origin::short(&report.origin))?;
    let partial = if record.partial { ", of a part of the history" } else { "" };
    let impossible = match record.impossible {
        0 => String::new(),
        some => format!("; {some} with impossible dates or offsets left out"),
    };
    let text = format!(
        "{} commits from {} to {}{partial}, head {}; {} programs left out{impossible}",
        record.commits,
        record.first,
        record.last,
        escape::terminal(&record.head.as_str().into()),
        record.programs
    );
    write!(out, "{}", paragraph(&text, view.width))?;
    let Some(work) = &report.work else {
        return write!(out, "{}", paragraph("No work up to the day asked about.", view.width));
    };
    write!(out, "{}", paragraph(&work.because, view.width))?;
    writeln!(out)?;
    write_work(work, view, out)?;
    writeln!(out)?;
    let rows = report.history.iter().map(|row| {
        let bands: Vec<String> = row.bands.iter().map(|(band, share)| format!("{band} {}", percent(*share))).collect();
        vec![
            Field::styled(row.years.clone(), view.stylesheet.strong),
            Field::number(row.weeks.to_string()),
            Field::number(row.people.to_string()),
            Field::number(row.half.to_string()),
            Field::number(percent(row.unknown)),
            Field::new(bands.join(", ")),
        ]
    });
    let head = ["years", "weeks", "people", "half by", "nothing", "largest bands"];
    let bounds = [Bound::AtMost(14), Bound::AtMost(8), Bound::AtMost(8), Bound::AtMost(9), Bound::AtMost(9)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &bounds, view.width))
}
