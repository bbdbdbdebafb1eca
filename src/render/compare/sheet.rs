//! A comparison for a spreadsheet: one line a value.

use std::io::{self, Write};

use crate::render::escape;
use crate::report::{CompareReport, Counts, KnownCounts, OnlyExposed, SideReport, Sides, Standing, Untrusted};

const HEAD: [&str; 7] = ["kind", "of", "weighting", "what", "a", "b", "difference"];

/// Kind, of, weighting and what as texts; of the rest numbers stand as they are.
struct Row<'a> {
    words: [&'a str; 4],
    values: [Value<'a>; 3],
}

/// A number, or a text from anywhere.
enum Value<'a> {
    Number(f64),
    Text(&'a str),
    Nothing,
}

impl<'a> Row<'a> {
    fn texts(words: [&'a str; 4], a: &'a str, b: &'a str) -> Self {
        Self { words, values: [Value::Text(a), Value::Text(b), Value::Nothing] }
    }

    fn numbers(words: [&'a str; 4], numbers: [Option<f64>; 3]) -> Self {
        Self { words, values: numbers.map(|number| number.map_or(Value::Nothing, Value::Number)) }
    }

    fn counts(words: [&'a str; 4], of: &Counts) -> Self {
        Self::known(words, &KnownCounts { a: Some(of.a), b: Some(of.b), difference: Some(of.difference) })
    }

    fn known(words: [&'a str; 4], of: &KnownCounts) -> Self {
        let (a, b) = (of.a.map(f64::from), of.b.map(f64::from));
        Self::numbers(words, [a, b, a.zip(b).map(|(a, b)| b - a)])
    }
}

pub(in crate::render) fn write(report: &CompareReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD).map_err(io::Error::other)?;
    let mut row = |row: Row<'_>| {
        let values = row.values.map(|value| match value {
            // A difference below zero is no formula.
            Value::Number(number) => number.to_string(),
            Value::Text(text) => escape::csv(text),
            Value::Nothing => String::new(),
        });
        csv.write_record(row.words.map(escape::csv).iter().chain(&values)).map_err(io::Error::other)
    };
    sides(&report.sides).into_iter().try_for_each(&mut row)?;
    numbers(report).into_iter().try_for_each(&mut row)?;
    shares(report).into_iter().try_for_each(&mut row)?;
    only(report).into_iter().try_for_each(&mut row)?;
    for pair in report.standings.iter().flatten() {
        let (a, b) = (stands(pair.standing.a), stands(pair.standing.b));
        row(Row::texts(["standing", "", "", pair.programme], a, b))?;
    }
    for pair in report.judged.iter().flatten() {
        let package = pair.package.as_ref().map_or("", Untrusted::raw);
        let [a, b] = [pair.level.a, pair.level.b].map(Option::unwrap_or_default);
        row(Row::texts(["finding", pair.rule, "", package], a, b))?;
    }
    csv.flush()
}

fn sides(sides: &Sides<SideReport>) -> Vec<Row<'_>> {
    let Sides { a, b } = sides;
    let texts: [(&str, &str, &str); 7] = [
        ("asked", a.asked.raw(), b.asked.raw()),
        ("kind", a.kind, b.kind),
        ("workspace", a.workspace.raw(), b.workspace.raw()),
        ("mode", a.mode.raw(), b.mode.raw()),
        ("as_of", a.as_of.raw(), b.as_of.raw()),
        ("home", a.home.as_ref().map_or("", Untrusted::raw), b.home.as_ref().map_or("", Untrusted::raw)),
        ("data_date", a.data_date.raw(), b.data_date.raw()),
    ];
    texts.map(|(what, a, b)| Row::texts(["side", "", "", what], a, b)).into()
}

fn numbers(report: &CompareReport) -> Vec<Row<'_>> {
    let packages = &report.packages;
    let mut rows = vec![
        Row::counts(["packages", "", "", "all"], &packages.all),
        Row::counts(["packages", "", "", "direct"], &packages.direct),
        Row::counts(["packages", "", "", "exposed"], &packages.exposed),
        Row::counts(["packages", "", "", "possible"], &packages.possible),
        Row::numbers(["packages", "", "", "only"], [Some(packages.only.a.into()), Some(packages.only.b.into()), None]),
    ];
    for pair in &report.programmes {
        rows.push(Row::counts(["programme", "", "", pair.programme.raw()], &pair.packages));
        let Sides { a, b } = &pair.grades;
        for grade in a.keys().chain(b.keys().filter(|grade| !a.contains_key(*grade))) {
            let [a, b] = [a, b].map(|side| side.get(grade).copied().unwrap_or_default());
            let values = [Some(a.into()), Some(b.into()), Some(f64::from(b) - f64::from(a))];
            rows.push(Row::numbers(["grade", pair.programme.raw(), "", grade.raw()], values));
        }
    }
    let gate = &report.gate;
    let [a, b] = [gate.verdict.a, gate.verdict.b].map(Option::unwrap_or_default);
    rows.push(Row::texts(["gate", "", "", "verdict"], a, b));
    for (what, of) in [("deny", &gate.deny), ("warn", &gate.warn), ("accepted", &gate.accepted)] {
        rows.push(Row::known(["gate", "", "", what], of));
    }
    rows
}

fn shares(report: &CompareReport) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for pair in &report.concentration {
        let (facet, weighting) = (pair.facet.raw(), pair.weighting.raw());
        let mut share = |kind, what, a: Option<f64>, b: Option<f64>, difference: Option<f64>| {
            rows.push(Row::numbers([kind, facet, weighting, what], [a, b, difference]));
        };
        for row in &pair.shares {
            let of = row.share;
            share("country", row.country.raw(), Some(of.a), Some(of.b), Some(of.difference));
        }
        for (kind, of) in [("no-seat", pair.no_seat), ("conflict", pair.conflict), ("unknown", pair.unknown)] {
            share(kind, "", Some(of.a), Some(of.b), Some(of.difference));
        }
        share("hhi", "", pair.hhi.a, pair.hhi.b, pair.hhi.difference);
    }
    rows
}

/// What is there on one side only: its grade there, and what it is on the other side.
fn only(report: &CompareReport) -> Vec<Row<'_>> {
    fn words(row: &OnlyExposed) -> [&str; 4] {
        ["exposed-only", row.purl.raw(), "", row.package.raw()]
    }
    let Sides { a, b } = &report.only.exposed;
    let of_a = a.iter().map(|row| Row::texts(words(row), row.grade.raw(), row.elsewhere));
    of_a.chain(b.iter().map(|row| Row::texts(words(row), row.elsewhere, row.grade.raw()))).collect()
}

fn stands(standing: Option<Standing>) -> &'static str {
    match standing {
        None => "",
        Some(Standing { counts: true, .. }) => "counts",
        Some(Standing { applies: true, .. }) => "applies",
        Some(Standing { status, .. }) => status,
    }
}
