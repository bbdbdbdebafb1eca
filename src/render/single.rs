//! On whom much hangs: for a terminal, for a page, and for a spreadsheet.

use std::io::{self, Write};

use super::human::{overrides, paragraph, percent};
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use super::{View, escape, origin};
use crate::report::{CapabilityReport, LocatedReport, PackagePointReport, PartyReport, SingleReport, WeightReport};

/// What the two numbers mean; said once.
const MEANING: &str =
    "breaks: it, and what needs it itself or through others. leaves: it, and what comes only through it.";

/// Providers that a cell names.
const MOST_NAMES: usize = 4;

pub(super) fn human(report: &SingleReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    head(report, view, out)?;
    title("PACKAGES", view, out)?;
    let rows: Vec<Vec<Field>> = report.single.iter().map(|point| package(point, view)).collect();
    table(&["package", "steward"], rows, report, view, out)?;
    title("PARTIES (stewards)", view, out)?;
    let rows =
        report.parties.iter().map(|point| row(&[who(&point.party), point.packages.to_string()], &point.weight, view));
    table(&["party", "its own"], rows.collect(), report, view, out)?;
    if report.no_party > 0 {
        text(
            &format!("{} packages have no steward that is known, and are of no party here.", report.no_party),
            view,
            out,
        )?;
    }
    title("COUNTRIES", view, out)?;
    let rows = report.countries.iter().map(|point| {
        row(&[format!("{} {}", point.country, point.facet), point.packages.to_string()], &point.weight, view)
    });
    table(&["country", "in it"], rows.collect(), report, view, out)?;
    for located in &report.located {
        text(&known(located), view, out)?;
    }
    capabilities(report, view, out)?;
    write!(out, "\n{}", paint(view.stylesheet.faint, &paragraph(&report.notice, view.width)))
}

fn title(text: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", paint(view.stylesheet.heading, text))
}

fn text(sentence: &str, view: &View, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", paragraph(sentence, view.width))
}

fn head(report: &SingleReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let home = report.home.as_ref().map_or("home not set".to_owned(), |home| format!("home {home}"));
    let lock = if report.mode == "lock-file" { ", from the lock file alone" } else { "" };
    let first = format!(
        "{} single points \u{b7} {} \u{b7} {} packages{lock} \u{b7} as of {} \u{b7} {home} \u{b7} data of {}",
        report.generator,
        escape::terminal(&report.workspace),
        report.packages,
        report.as_of,
        report.data_date
    );
    writeln!(out, "{}", paragraph(&first, view.width).trim())?;
    let second = format!("what takes down more than {} of the packages if it goes. {MEANING}", percent(report.above));
    let second = paragraph(&second, view.width);
    second.lines().try_for_each(|line| writeln!(out, "{}", paint(view.stylesheet.faint, line.trim())))?;
    overrides(&report.overrides, view, out)
}

/// A party in one word: the name of an organisation, or the account.
fn who(party: &PartyReport) -> String {
    let word = party.name.as_ref().or(party.id.as_ref());
    word.map_or_else(|| party.kind.to_owned(), escape::terminal)
}

fn package(point: &PackagePointReport, view: &View) -> Vec<Field> {
    let origin = origin::short(&point.steward);
    let steward = point
        .party
        .as_ref()
        .filter(|party| party.name.is_some())
        .map_or(origin.clone(), |party| format!("{origin} \u{b7} {}", who(party)));
    row(&[escape::terminal(&point.package), steward], &point.weight, view)
}

fn row(first: &[String; 2], weight: &WeightReport, view: &View) -> Vec<Field> {
    let number = first[1].bytes().all(|byte| byte.is_ascii_digit());
    let second = if number { Field::number(first[1].clone()) } else { Field::new(first[1].clone()) };
    vec![
        Field::styled(first[0].clone(), view.stylesheet.strong),
        second,
        Field::number(weight.breaks.to_string()),
        Field::number(percent(weight.breaks_share)),
        Field::number(weight.brings.to_string()),
        Field::number(percent(weight.brings_share)),
        Field::number(weight.members.to_string()),
    ]
}

fn table(
    first: &[&str; 2],
    mut rows: Vec<Vec<Field>>,
    report: &SingleReport,
    view: &View,
    out: &mut dyn Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return text(&format!("none takes down more than {}", percent(report.above)), view, out);
    }
    let all = rows.len();
    rows.truncate(view.top.unwrap_or(all));
    let shown = rows.len();
    let own = format!("of {} own", report.members);
    let head = [first[0], first[1], "breaks", "share", "leaves", "share", &own];
    let wide = view.width >= 100;
    let bounds: &[Bound] =
        if wide { &[Bound::AtMost(40), Bound::AtMost(34)] } else { &[Bound::AtMost(24), Bound::AtMost(18)] };
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows, bounds, view.width))?;
    if shown < all { writeln!(out, "  and {} more (--top 0 shows all)", all - shown) } else { Ok(()) }
}

/// How far an answer is known, in a sentence.
fn known(located: &LocatedReport) -> String {
    format!(
        "By {}: {} packages have a country, {} are known to have no seat, of {} it is not known: these are in no country here and may be in any.",
        located.facet, located.country, located.no_seat, located.unknown
    )
}

fn capabilities(report: &SingleReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    title("CAPABILITIES (steward)", view, out)?;
    if report.capabilities.is_empty() {
        return text("No package is listed as providing a capability.", view, out);
    }
    let rows = report.capabilities.iter().map(|row| {
        let single = !row.single.is_empty();
        let style = if single { view.stylesheet.notable } else { view.stylesheet.faint };
        vec![
            Field::styled(row.title, view.stylesheet.strong),
            Field::styled(if single { row.single.join(", ") } else { "-".to_owned() }, style),
            Field::new(lost(row)),
            Field::number(if row.unknown == 0 { "-".to_owned() } else { row.unknown.to_string() }),
            Field::new(providers(row)),
        ]
    });
    let head = ["capability", "hangs on", "lost without", "unknown", "provided by"];
    let bounds = [Bound::AtMost(24), Bound::AtMost(10), Bound::AtMost(14), Bound::AtMost(9)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &bounds, view.width))?;
    text(
        "A capability hangs on a country if without the packages of that country, what needs them and what comes only through them nothing that provides it is left; own: providers that are of it themselves. Who provides what is a table of the program.",
        view,
        out,
    )
}

/// How many of the providers are lost without the country that takes most.
fn lost(row: &CapabilityReport) -> String {
    row.most.as_ref().map_or("-".to_owned(), |most| {
        format!("{}: {} of {}, {} own", most.country, most.lost, row.providers.len(), most.own)
    })
}

fn providers(row: &CapabilityReport) -> String {
    let shown: Vec<String> =
        row.providers.iter().take(MOST_NAMES).map(|provider| escape::terminal(&provider.package)).collect();
    let more = row.providers.len().saturating_sub(MOST_NAMES);
    if more > 0 { format!("{} +{more}", shown.join(", ")) } else { shown.join(", ") }
}

pub(super) fn markdown(report: &SingleReport, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let m = escape::markdown;
    writeln!(out, "# Single points of {}\n", m(report.workspace.raw()))?;
    writeln!(
        out,
        "What takes down more than {} of {} packages if it goes. {MEANING} As of {}, data of {}.\n",
        percent(report.above),
        report.packages,
        report.as_of,
        report.data_date
    )?;
    for what in &report.overrides {
        writeln!(out, "{}\n", m(what.raw()))?;
    }
    let most = view.top.unwrap_or(usize::MAX);
    let mut list = |name: &str, rows: Vec<(String, String, WeightReport)>| -> io::Result<()> {
        writeln!(out, "## {name}\n")?;
        if rows.is_empty() {
            return writeln!(out, "None.\n");
        }
        writeln!(out, "| | | breaks | share | leaves | share | own |\n|---|---|--:|--:|--:|--:|--:|")?;
        for (first, second, weight) in rows.iter().take(most) {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} | {} | {} |",
                m(first),
                m(second),
                weight.breaks,
                percent(weight.breaks_share),
                weight.brings,
                percent(weight.brings_share),
                weight.members
            )?;
        }
        let more = rows.len().saturating_sub(most);
        if more > 0 { writeln!(out, "\nand {more} more\n") } else { writeln!(out) }
    };
    let packages = report.single.iter();
    let packages = packages.map(|row| (row.package.raw().to_owned(), origin::short(&row.steward), row.weight));
    list("Packages", packages.collect())?;
    let parties = report.parties.iter();
    list("Parties", parties.map(|row| (who(&row.party), format!("{} own", row.packages), row.weight)).collect())?;
    let countries = report.countries.iter();
    let countries = countries.map(|row| (row.country.clone(), format!("{}, {}", row.facet, row.packages), row.weight));
    list("Countries", countries.collect())?;
    for located in &report.located {
        writeln!(out, "{}\n", known(located))?;
    }
    writeln!(
        out,
        "## Capabilities\n\n| capability | hangs on | lost without | unknown | provided by |\n|---|---|---|--:|---|"
    )?;
    for row in &report.capabilities {
        let names: Vec<&str> = row.providers.iter().map(|provider| provider.package.raw()).collect();
        let single = if row.single.is_empty() { "-".to_owned() } else { row.single.join(", ") };
        writeln!(
            out,
            "| {} | {single} | {} | {} | {} |",
            m(row.title),
            m(&lost(row)),
            row.unknown,
            m(&names.join(", "))
        )?;
    }
    writeln!(out, "\n{}", report.notice)
}

const HEAD: [&str; 11] =
    ["what", "id", "name", "facet", "own", "breaks", "breaks_share", "leaves", "leaves_share", "members", "hangs_on"];

/// One line a package, party, country and capability.
pub(super) fn csv(report: &SingleReport, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEAD).map_err(io::Error::other)?;
    let mut line = |first: [&str; 5], weight: Option<&WeightReport>, hangs: &str| {
        let numbers = weight.map_or_else(Default::default, |weight| {
            [
                weight.breaks.to_string(),
                weight.breaks_share.to_string(),
                weight.brings.to_string(),
                weight.brings_share.to_string(),
                weight.members.to_string(),
            ]
        });
        let all = first.into_iter().chain(numbers.iter().map(String::as_str)).chain([hangs]);
        csv.write_record(all.map(escape::csv)).map_err(io::Error::other)
    };
    for row in &report.single {
        let steward = origin::short(&row.steward);
        line(["package", &row.purl, row.package.raw(), "", ""], Some(&row.weight), &steward)?;
    }
    for row in &report.parties {
        let id = row.party.id.as_ref().map_or("", |id| id.raw());
        let name = row.party.name.as_ref().map_or("", |name| name.raw());
        line(["party", id, name, "steward", &row.packages.to_string()], Some(&row.weight), "")?;
    }
    for row in &report.countries {
        let own = row.packages.to_string();
        line(["country", &row.country, "", row.facet, &own], Some(&row.weight), "")?;
    }
    for row in &report.capabilities {
        let own = row.providers.len().to_string();
        line(["capability", row.id, row.title, "steward", &own], None, &row.single.join(" "))?;
    }
    csv.flush()
}
