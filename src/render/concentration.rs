//! How concentrated the origins are, in every format that has tables.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::human::{overrides, paragraph, percent};
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, escape};
use crate::report::{
    BlocReport, Concentrations, FacetConcentration, FromHome, IndexReport, ShareReport, WeightedConcentration,
};

/// From this share of packages with a country on the index among them says something.
const ENOUGH: f64 = 0.1;

/// Countries a facet shows, unless it is the only one.
const MOST_COUNTRIES: usize = 5;

/// From this width on there is room for long names.
const WIDE: u16 = 100;

/// Width of the first column, and of each of the others, padding included.
const FIRST: u16 = 24;
const FIRST_WIDE: u16 = 30;
const OTHERS: u16 = 18;

/// A row of a table: what it is about, and a cell for each weighting.
struct Row {
    what: String,
    cells: Vec<String>,
    kind: Kind,
}

/// What a row is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Country,
    Unknown,
    Index,
    Bloc,
    Home,
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Country | Self::Unknown => "",
            Self::Index => "index",
            Self::Bloc => "in bloc",
            Self::Home => "from home",
        }
    }
}

pub(super) fn human(report: &Concentrations, view: &View, out: &mut dyn Write) -> io::Result<()> {
    head(report, view, out)?;
    if report.workspace.packages == 0 {
        return write!(out, "{}", paragraph("There are no packages but your own.", view.width));
    }
    for facet in &report.facets {
        writeln!(out, "\n{}", paint(view.stylesheet.heading, &facet.facet.to_uppercase()))?;
        let head: Vec<&str> = std::iter::once("").chain(facet.weightings.iter().map(title)).collect();
        let rows = rows(facet, if report.facets.len() == 1 { usize::MAX } else { MOST_COUNTRIES });
        let first = if view.width >= WIDE { FIRST_WIDE } else { FIRST };
        let mut before = Kind::Country;
        let mut fields = Vec::new();
        for row in rows {
            let title = if row.kind.title() == before.title() { "" } else { row.kind.title() };
            if !title.is_empty() {
                fields.push(vec![Field::styled(title, view.stylesheet.faint)]);
            }
            before = row.kind;
            let style = if row.kind == Kind::Unknown { view.stylesheet.unknown } else { anstyle::Style::new() };
            let what = if title_of(row.kind) { format!("  {}", row.what) } else { row.what };
            let cells = row.cells.into_iter().map(Field::number);
            fields.push(std::iter::once(Field::styled(what, style)).chain(cells).collect());
        }
        let columns = facet.weightings.len();
        let bounds: Vec<Bound> =
            std::iter::once(Bound::Exactly(first)).chain((0..columns).map(|_| Bound::Exactly(OTHERS))).collect();
        write!(out, "{}", lay_out(view.stylesheet.heading, &head, fields, &bounds, view.width))?;
    }
    writeln!(out)?;
    for text in sentences(report) {
        write!(out, "{}", paragraph(&escape::terminal_long(&text), view.width))?;
    }
    write!(out, "{}", paint(view.stylesheet.faint, paragraph(&report.notice, view.width).trim_end()))?;
    writeln!(out)
}

fn title_of(kind: Kind) -> bool {
    !kind.title().is_empty()
}

fn head(report: &Concentrations, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let workspace = &report.workspace;
    let name = paint(view.stylesheet.strong, &escape::terminal(&workspace.name));
    let what = if workspace.mode == "lock-file" { ", from the lock file alone" } else { "" };
    let first = format!(
        "{} \u{b7} {name} \u{b7} {} packages, {} direct{what}",
        report.generator, workspace.packages, workspace.direct
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    writeln!(out, "{}", paint(view.stylesheet.faint, paragraph(&circumstances(report), view.width).trim()))?;
    overrides(&report.overrides, view, out)
}

/// The day, the home, and how it was drawn.
fn circumstances(report: &Concentrations) -> String {
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    format!(
        "as of {} \u{b7} {home} \u{b7} data of {} \u{b7} {} draws, seed {}",
        report.as_of, report.data_date, report.draws, report.seed
    )
}

fn title(row: &WeightedConcentration) -> &'static str {
    match row.weighting {
        "reach" => "by reach",
        "build-time" => "at build time",
        _ => "by packages",
    }
}

/// A share with its interval, unless there is none to speak of.
fn with_interval(share: &ShareReport) -> String {
    let (low, high) = (format!("{:.0}", share.low * 100.0), format!("{:.0}", share.high * 100.0));
    if low == high { percent(share.share) } else { format!("{} ({low}\u{2013}{high})", percent(share.share)) }
}

fn index(row: &WeightedConcentration, of: Option<&IndexReport>, digits: usize) -> String {
    let enough = row.shares.values().map(|share| share.share).sum::<f64>() >= ENOUGH;
    let Some(index) = of.filter(|_| enough) else { return "-".to_owned() };
    let value = format!("{:.digits$}", index.value);
    let (Some(low), Some(high)) = (index.low, index.high) else { return value };
    let (low, high) = (format!("{low:.digits$}"), format!("{high:.digits$}"));
    if low == high { value } else { format!("{value} ({low}\u{2013}{high})") }
}

/// One of the shares as seen from home.
type Class = fn(&FromHome) -> ShareReport;

/// The rows of a facet.
fn rows(facet: &FacetConcentration, most: usize) -> Vec<Row> {
    let each = &facet.weightings;
    let mut found = countries(each, most);
    let why: std::collections::BTreeSet<&str> =
        each.iter().flat_map(|row| row.no_seat_by_reason.keys().copied()).collect();
    let plain = |kind, what: String, of: &dyn Fn(&WeightedConcentration) -> f64| Row {
        what,
        cells: each.iter().map(|row| percent(of(row))).collect(),
        kind,
    };
    for why in why {
        let share = |row: &WeightedConcentration| row.no_seat_by_reason.get(why).copied().unwrap_or_default();
        found.push(plain(Kind::Country, format!("no seat ({why})"), &share));
    }
    if each.iter().any(|row| row.conflict > 0.0) {
        found.push(plain(Kind::Country, "conflict".to_owned(), &|row| row.conflict));
    }
    found.push(plain(Kind::Unknown, "unknown".to_owned(), &|row| row.unknown.share));
    let hhi = each.iter().map(|row| index(row, row.hhi.as_ref(), 2)).collect();
    found.push(Row { what: "HHI".to_owned(), cells: hhi, kind: Kind::Index });
    let effective = each.iter().map(|row| index(row, row.countries.as_ref(), 1)).collect();
    found.push(Row { what: "effective countries".to_owned(), cells: effective, kind: Kind::Index });
    let cells = |of: &dyn Fn(&WeightedConcentration) -> Option<ShareReport>| -> Vec<String> {
        each.iter().map(|row| of(row).map_or("-".to_owned(), |share| with_interval(&share))).collect()
    };
    let nothing =
        |id: &str| each.iter().all(|row| row.blocs.get(id).is_none_or(|share| share.share.max(share.high) < 0.000_5));
    for id in each.first().into_iter().flat_map(|row| row.blocs.keys()).filter(|id| !nothing(id)) {
        found.push(Row { what: id.clone(), cells: cells(&|row| row.blocs.get(id).copied()), kind: Kind::Bloc });
    }
    if each.iter().any(|row| row.from_home.is_some()) {
        let classes: [(&str, Class); 4] = [
            ("domestic", |home| home.domestic),
            ("allied", |home| home.allied),
            ("other", |home| home.other),
            ("listed", |home| home.listed),
        ];
        for (what, of) in classes {
            let cells = cells(&|row| row.from_home.as_ref().map(of));
            found.push(Row { what: what.to_owned(), cells, kind: Kind::Home });
        }
        let home = |of: &dyn Fn(&WeightedConcentration) -> f64| each.iter().map(|row| percent(of(row))).collect();
        let unknown = home(&|row| row.from_home.as_ref().map_or(0.0, |home| home.unknown));
        let no_seat = home(&|row| row.from_home.as_ref().map_or(0.0, |home| home.no_seat));
        found.push(Row { what: "unknown".to_owned(), cells: unknown, kind: Kind::Home });
        found.push(Row { what: "no seat".to_owned(), cells: no_seat, kind: Kind::Home });
    }
    found
}

/// The largest countries by packages, and the rest together.
fn countries(each: &[WeightedConcentration], most: usize) -> Vec<Row> {
    let Some(first) = each.first() else { return Vec::new() };
    let mut order: Vec<(&String, &ShareReport)> = first.shares.iter().filter(|(_, share)| share.share > 0.0).collect();
    order.sort_by(|a, b| b.1.share.total_cmp(&a.1.share).then(a.0.cmp(b.0)));
    let none = ShareReport { share: 0.0, mean: 0.0, low: 0.0, high: 0.0 };
    let mut found: Vec<Row> = Vec::new();
    for (code, _) in order.iter().take(most) {
        let cells = each.iter().map(|row| with_interval(row.shares.get(*code).unwrap_or(&none))).collect();
        found.push(Row { what: (*code).clone(), cells, kind: Kind::Country });
    }
    let rest: Vec<&String> = order.iter().skip(most).map(|row| row.0).collect();
    if !rest.is_empty() {
        let sum = |shares: &BTreeMap<String, ShareReport>| -> f64 {
            rest.iter().filter_map(|code| shares.get(*code)).map(|share| share.share).sum()
        };
        let cells = each.iter().map(|row| percent(sum(&row.shares))).collect();
        found.push(Row { what: format!("{} others", rest.len()), cells, kind: Kind::Country });
    }
    found
}

/// What the numbers mean, and what they rest on.
fn sentences(report: &Concentrations) -> Vec<String> {
    let mut found = vec![format!(
        "Shares are of all packages, as the report counts; in brackets where nine in ten of the draws lie, in which doubtful packages fall \
         elsewhere or on unknown, those of one party together. HHI is 1 for a single country, counted among what has one, and not given where \
         fewer than one in ten has; Rust developers as a whole stand at {}. Blocs overlap; those that have nothing are not shown.",
        report.baseline.hhi
    )];
    if let Some(home) = &report.home {
        let allied = if report.allied.is_empty() { "nobody".to_owned() } else { report.allied.join(", ") };
        found.push(format!("As seen from {home}, allied: {allied}."));
        found.push(if report.listed.is_empty() {
            format!("No programme that is in force and counts for {home} lists a country.")
        } else {
            let places: Vec<&str> = report.listed.keys().map(String::as_str).collect();
            let mut ids: Vec<&str> = report.listed.values().flatten().copied().collect();
            ids.sort_unstable();
            ids.dedup();
            format!("Listed: {} (by {}).", places.join(", "), ids.join(", "))
        });
    }
    found.extend(report.blocs.iter().filter_map(doubts));
    found.extend(report.notes.iter().map(|note| format!("{note}.")));
    found
}

/// What is doubtful about a bloc.
fn doubts(bloc: &BlocReport) -> Option<String> {
    let mut doubts = Vec::new();
    if !bloc.verified {
        doubts.push("it has no source: unverified".to_owned());
    }
    if bloc.undated {
        doubts.push("the days of its members are not known, so they count on every day".to_owned());
    }
    if !bloc.frozen.is_empty() {
        doubts.push(format!("{} is a member and takes no part", bloc.frozen.join(", ")));
    }
    if !bloc.unsettled.is_empty() {
        doubts.push(format!("whether {} is a member is not settled, and it is not counted", bloc.unsettled.join(", ")));
    }
    (!doubts.is_empty()).then(|| format!("{}: {}.", bloc.id, doubts.join("; ")))
}

pub(super) fn markdown(report: &Concentrations, out: &mut dyn Write) -> io::Result<()> {
    let workspace = &report.workspace;
    writeln!(out, "# Concentration of {}\n", escape::markdown(workspace.name.raw()))?;
    writeln!(out, "{} packages, {}.\n", workspace.packages, escape::markdown(&circumstances(report)))?;
    for what in &report.overrides {
        writeln!(out, "{}\n", escape::markdown(what.raw()))?;
    }
    for facet in &report.facets {
        let titles: Vec<&str> = facet.weightings.iter().map(title).collect();
        writeln!(out, "## {}\n\n|  | {} |", facet.facet, titles.join(" | "))?;
        writeln!(out, "|---|{}", "--:|".repeat(titles.len()))?;
        for row in rows(facet, MOST_COUNTRIES) {
            let what = [row.kind.title(), &row.what].join(" ");
            writeln!(out, "| {} | {} |", escape::markdown(what.trim()), row.cells.join(" | "))?;
        }
        writeln!(out)?;
    }
    for text in sentences(report) {
        writeln!(out, "- {}", escape::markdown(&text))?;
    }
    writeln!(out, "\n{}", report.notice)
}

const HEAD: [&str; 9] = ["facet", "weighting", "kind", "what", "value", "mean", "low", "high", "as_of"];

/// One line a number.
pub(super) fn csv(report: &Concentrations, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD).map_err(io::Error::other)?;
    for facet in &report.facets {
        for row in &facet.weightings {
            for [kind, what, value, mean, low, high] in lines(row) {
                let fields = [facet.facet, row.weighting, &kind, &what, &value, &mean, &low, &high, &report.as_of];
                csv.write_record(fields.map(escape::csv)).map_err(io::Error::other)?;
            }
        }
    }
    csv.flush()
}

/// Kind, what, value, mean, low and high of everything by one weighting.
fn lines(row: &WeightedConcentration) -> Vec<[String; 6]> {
    let text = |kind: &str, what: &str, numbers: [Option<f64>; 4]| {
        let [value, mean, low, high] =
            numbers.map(|number| number.map_or_else(String::new, |number| number.to_string()));
        [kind.to_owned(), what.to_owned(), value, mean, low, high]
    };
    let share = |kind: &str, what: &str, of: &ShareReport| {
        text(kind, what, [Some(of.share), Some(of.mean), Some(of.low), Some(of.high)])
    };
    let plain = |kind: &str, what: &str, value: f64| text(kind, what, [Some(value), None, None, None]);
    let mut found: Vec<[String; 6]> = row.shares.iter().map(|(code, of)| share("country", code, of)).collect();
    found.push(share("no-seat", "", &row.no_seat));
    found.extend(row.no_seat_by_reason.iter().map(|(why, of)| plain("no-seat", why, *of)));
    found.push(plain("conflict", "", row.conflict));
    found.push(share("unknown", "", &row.unknown));
    for (kind, of) in [("hhi", &row.hhi), ("effective-countries", &row.countries)] {
        found.extend(of.iter().map(|of| text(kind, "", [Some(of.value), None, of.low, of.high])));
    }
    found.extend(row.blocs.iter().map(|(id, of)| share("bloc", id, of)));
    if let Some(home) = &row.from_home {
        for (what, of) in
            [("domestic", &home.domestic), ("allied", &home.allied), ("other", &home.other), ("listed", &home.listed)]
        {
            found.push(share("from-home", what, of));
        }
        found.push(plain("from-home", "unknown", home.unknown));
        found.push(plain("from-home", "no-seat", home.no_seat));
    }
    found
}
