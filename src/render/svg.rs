//! A trend as a chart: shares of the countries above, exposed packages below. One file that needs nothing else: no script, no font, no address.

use std::io::{self, Write};

use super::escape;
use super::human::percent;
use super::trend::{Line, counts, gap_lines, read, sentence, shares};
use crate::report::{Moved, TrendPoint, TrendReport};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 600.0;
/// Where the panels begin and end.
const LEFT: f64 = 64.0;
const RIGHT: f64 = 776.0;
const SHARES: Panel = Panel { top: 92.0, bottom: 356.0 };
const EXPOSED: Panel = Panel { top: 414.0, bottom: 534.0 };

/// Colours of countries that people tell apart who see few colours (Okabe and Ito), the largest first, then of all others.
const COUNTRIES: [&str; 6] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"];

/// Days below the chart at the most, and years.
const MOST_DAYS: usize = 7;
const MOST_YEARS: usize = 12;

/// Packages that a point names.
const MOST_NAMES: usize = 10;

struct Panel {
    top: f64,
    bottom: f64,
}

impl Panel {
    /// Where a number from 0 to 1 stands.
    fn y(&self, share: f64) -> f64 {
        self.bottom - share * (self.bottom - self.top)
    }
}

pub(super) fn write(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    head(report, out)?;
    ticks(report, out)?;
    stack(report, out)?;
    exposed(report, out)?;
    missing(report, out)?;
    let text = format!("{} \u{b7} data of {} \u{b7} {}", report.generator, report.data_date, report.notice);
    foot(&text, out)
}

/// A number that is not negative, small enough for `f64` to hold.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(0.0, f64::from)
}

/// Where a point stands; half a step lies on both sides of it, so that one point alone has a width.
fn x(report: &TrendReport, at: f64) -> f64 {
    let points = number(report.points.len()).max(1.0);
    LEFT + (at + 0.5) / points * (RIGHT - LEFT)
}

fn head(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let name = escape::svg(report.workspace.raw());
    let sentence = escape::svg(&sentence(report).unwrap_or_else(|| "No point has numbers.".to_owned()));
    let read = escape::svg(&read(report));
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" role=\"img\" \
         aria-labelledby=\"title desc\" font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#1f2933\">\n\
         <title id=\"title\">Origins of the dependencies of {name}</title>\n\
         <desc id=\"desc\">{sentence} {read}. {}</desc>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"30\" font-size=\"18\" font-weight=\"600\">Origins of the dependencies of {name}</text>\n\
         <text x=\"{LEFT}\" y=\"50\" fill=\"#52606d\">{read}</text>\n",
        escape::svg(&described(report))
    )?;
    panel_title(SHARES.top - 14.0, "Share of the packages, by the seat of who stands behind them", out)?;
    panel_title(EXPOSED.top - 14.0, "Packages that a programme in force reaches", out)
}

/// The shares at both ends, for who cannot see the chart.
fn described(report: &TrendReport) -> String {
    let ends = |line: &Line| {
        let mut known = line.values.iter().flatten();
        let first = known.next()?;
        let last = known.next_back().unwrap_or(first);
        Some(format!("{} from {} to {}", line.label, percent(*first), percent(*last)))
    };
    let mut parts: Vec<String> = shares(report).iter().filter_map(ends).collect();
    parts.extend(gap_lines(report).into_iter().take(3));
    format!("{}.", parts.join(", "))
}

fn panel_title(y: f64, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<text x=\"{LEFT}\" y=\"{y:.1}\" font-weight=\"600\">{text}</text>")
}

/// Years where there are several, else some days.
fn ticks(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let year = |point: &TrendPoint| point.day.split('-').next().unwrap_or_default().to_owned();
    let pairs = report.points.windows(2).enumerate();
    let years: Vec<(usize, String)> =
        pairs.filter(|(_, pair)| year(&pair[0]) != year(&pair[1])).map(|(at, pair)| (at + 1, year(&pair[1]))).collect();
    let last = report.points.len().saturating_sub(1);
    let marks = if (2..=MOST_YEARS).contains(&years.len()) && years.len() * 2 < last {
        // A year begins before its first point.
        years.into_iter().map(|(at, year)| (x(report, number(at) - 0.5), year)).collect::<Vec<_>>()
    } else {
        let step = last.div_ceil(MOST_DAYS - 1).max(1);
        let days =
            (0..=last).step_by(step).filter_map(|at| Some((x(report, number(at)), report.points.get(at)?.day.clone())));
        days.collect()
    };
    for (x, text) in marks {
        for panel in [&SHARES, &EXPOSED] {
            writeln!(
                out,
                "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{:.1}\" y2=\"{:.1}\" stroke=\"#9aa5b1\"/>",
                panel.bottom,
                panel.bottom + 5.0
            )?;
            writeln!(
                out,
                "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"11\" fill=\"#52606d\">{}</text>",
                panel.bottom + 18.0,
                escape::svg(&text)
            )?;
        }
    }
    Ok(())
}

/// A line across a panel, with its number on the left.
fn level(y: f64, text: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#1f2933\" stroke-opacity=\"0.15\"/>"
    )?;
    let (x, y) = (LEFT - 8.0, y + 4.0);
    writeln!(out, "<text x=\"{x}\" y=\"{y:.1}\" text-anchor=\"end\" font-size=\"11\" fill=\"#52606d\">{text}</text>")
}

fn colour(number: usize, label: &str) -> &'static str {
    match label {
        "no seat" => "#cbd2d9",
        "conflict" => "#7b8794",
        "unknown" => "#f0e6d2",
        _ => COUNTRIES[number.min(COUNTRIES.len() - 1)],
    }
}

/// Points on end that have numbers.
fn runs(values: &[Option<f64>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, _) in values.iter().enumerate().filter(|row| row.1.is_some()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Corners of a line over a run of points, half a step longer on both sides.
fn corners(report: &TrendReport, run: &std::ops::Range<usize>, y: impl Fn(usize) -> f64) -> Vec<(f64, f64)> {
    let mut corners = vec![(x(report, number(run.start) - 0.5), y(run.start))];
    corners.extend(run.clone().map(|at| (x(report, number(at)), y(at))));
    corners.push((x(report, number(run.end) - 0.5), y(run.end - 1)));
    corners
}

fn path(corners: impl Iterator<Item = (f64, f64)>) -> String {
    let steps: Vec<String> = corners.map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    format!("M{}", steps.join("L"))
}

fn stack(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let lines = shares(report);
    let mut below = vec![0.0; report.points.len()];
    let mut legend = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let colour = colour(place, &line.label);
        let above: Vec<f64> =
            below.iter().zip(&line.values).map(|(below, value)| (below + value.unwrap_or(0.0)).min(1.0)).collect();
        writeln!(out, "<g fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"0.6\">")?;
        writeln!(out, "<title>{}</title>", escape::svg(&line.label))?;
        for run in runs(&line.values) {
            let edge = corners(report, &run, |at| SHARES.y(above[at]));
            let back = corners(report, &run, |at| SHARES.y(below[at]));
            writeln!(out, "<path d=\"{}Z\"/>", path(edge.into_iter().chain(back.into_iter().rev())))?;
        }
        writeln!(out, "</g>")?;
        let last = line.values.iter().flatten().next_back().copied().unwrap_or(0.0);
        legend.push((colour, line.label.clone(), percent(last)));
        below = above;
    }
    for quarter in 0..=4u32 {
        level(SHARES.y(f64::from(quarter) / 4.0), &format!("{} %", quarter * 25), out)?;
    }
    // From the top down, as the areas lie.
    for (row, (colour, label, last)) in legend.into_iter().rev().enumerate() {
        let y = SHARES.top + 12.0 + number(row) * 20.0;
        writeln!(
            out,
            "<rect x=\"{}\" y=\"{:.1}\" width=\"12\" height=\"12\" rx=\"2\" fill=\"{colour}\"/>",
            RIGHT + 16.0,
            y - 10.0
        )?;
        writeln!(out, "<text x=\"{}\" y=\"{y:.1}\">{}</text>", RIGHT + 34.0, escape::svg(&label))?;
        writeln!(out, "<text x=\"{}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"#52606d\">{last}</text>", WIDTH - 16.0)?;
    }
    Ok(())
}

/// The end of a scale: a round number that is not below the largest, in even steps.
fn scale(largest: f64) -> (u32, u32) {
    let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000];
    let step = steps.into_iter().find(|step| f64::from(*step) * 4.0 >= largest).unwrap_or(1_000_000);
    let end = (1..=4).map(|times| step * times).find(|end| f64::from(*end) >= largest).unwrap_or(step * 4);
    (step, end)
}

fn exposed(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let lines: Vec<Line> =
        counts(report).into_iter().filter(|line| ["exposed", "possible"].contains(&line.label.as_str())).collect();
    let (step, end) = scale(lines.iter().map(Line::largest).fold(1.0, f64::max));
    let y = |value: f64| EXPOSED.y(value / f64::from(end));
    for times in 0..=end / step {
        level(y(f64::from(times * step)), &(times * step).to_string(), out)?;
    }
    for (row, line) in lines.iter().enumerate().rev() {
        let (colour, look, label) = match line.label.as_str() {
            "possible" => ("#7b8794", "stroke-width=\"1.5\" stroke-dasharray=\"4 3\"", "possibly"),
            _ => ("#b91c1c", "stroke-width=\"2.2\"", "exposed"),
        };
        let value = |at: usize| line.values.get(at).copied().flatten().unwrap_or(0.0);
        for run in runs(&line.values) {
            let path = path(corners(report, &run, |at| y(value(at))).into_iter());
            writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" {look} stroke-linejoin=\"round\"/>")?;
        }
        let (left, middle) = (RIGHT + 12.0, EXPOSED.top + 8.0 + number(row) * 20.0);
        writeln!(
            out,
            "<path d=\"M{left} {middle:.1}h18\" fill=\"none\" stroke=\"{colour}\" {look}/><text x=\"{}\" y=\"{:.1}\">{label}</text>",
            RIGHT + 34.0,
            middle + 4.0
        )?;
        let last = line.values.iter().flatten().next_back().copied().unwrap_or(0.0);
        let (right, base) = (WIDTH - 16.0, middle + 4.0);
        writeln!(out, "<text x=\"{right}\" y=\"{base:.1}\" text-anchor=\"end\" fill=\"#52606d\">{last:.0}</text>")?;
    }
    for (at, point) in
        report.points.iter().enumerate().filter(|(_, point)| !(point.came.is_empty() && point.went.is_empty()))
    {
        let value = point.state.as_ref().map_or(0.0, |state| f64::from(state.exposed));
        writeln!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.2\" fill=\"#b91c1c\" stroke=\"#ffffff\"><title>{}</title></circle>",
            x(report, number(at)),
            y(value),
            escape::svg(&told(point, value))
        )?;
    }
    Ok(())
}

/// What came and went at a point.
fn told(point: &TrendPoint, exposed: f64) -> String {
    let names = |moved: &[Moved]| {
        let mut names: Vec<&str> = moved.iter().take(MOST_NAMES).map(|row| row.package.raw()).collect();
        let more = format!("and {} more", moved.len().saturating_sub(MOST_NAMES));
        if moved.len() > MOST_NAMES {
            names.push(&more);
        }
        names.join(", ")
    };
    let mut text = format!("{}: {exposed:.0} exposed", point.day);
    for (word, moved) in [("came", &point.came), ("went", &point.went)] {
        if !moved.is_empty() {
            text = format!("{text}; {word}: {}", names(moved));
        }
    }
    text
}

/// Points without numbers.
fn missing(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    for (at, point) in report.points.iter().enumerate() {
        let Some(gap) = &point.gap else { continue };
        let (from, to) = (x(report, number(at) - 0.5), x(report, number(at) + 0.5));
        let why = escape::svg(&format!("{}: no numbers, {}", point.day, gap.detail.raw()));
        for panel in [&SHARES, &EXPOSED] {
            writeln!(
                out,
                "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#1f2933\" fill-opacity=\"0.06\"><title>{why}</title></rect>",
                panel.top,
                to - from,
                panel.bottom - panel.top
            )?;
        }
    }
    Ok(())
}

fn foot(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let text = escape::svg(text);
    writeln!(
        out,
        "<text x=\"{LEFT}\" y=\"{:.1}\" font-size=\"10\" fill=\"#7b8794\">{text}</text>\n</svg>",
        HEIGHT - 14.0
    )
}
