//! Where the work is done, in one word: a country that stands out, a band, or several.

use super::{Origin, Unknown};
use crate::country::{CountryCode, Locus};
use crate::locate::Work;

/// Share of the work that must say something about a place at all.
const LOCATED: f64 = 0.25;

/// Share of the located work from which on a country is the answer. Offsets alone cannot say so of any country of a band with several
/// large ones: it takes mail domains, or a band that is nearly one country's own.
const COUNTRY: f64 = 0.8;

/// Share of the located work from which on one band is the answer.
const BAND: f64 = 0.6;

/// Share of an answer of several countries that those named make up; the smallest are left out.
const NAMED: f64 = 0.9;

/// The answer.
pub(super) fn origin(work: &Work) -> Origin {
    let located = 1.0 - work.unknown;
    if located < LOCATED {
        return Origin::Unknown(Unknown::ClocksSayNothing);
    }
    let countries = sorted(work.countries().iter().copied());
    if let Some((country, share)) = countries.first()
        && share / located >= COUNTRY
    {
        return Origin::Country(Locus::Country(*country));
    }
    let main = work.by_band().first().filter(|(_, share)| share / located >= BAND);
    Origin::Band(main.map_or_else(
        || most(&countries),
        |(band, _)| most(&sorted(work.within(*band).iter().map(|cell| (cell.1, cell.2)))),
    ))
}

/// The answer, unknown where there is no work.
pub fn origin_of(work: Option<&Work>) -> Origin {
    work.map_or(Origin::Unknown(Unknown::NoCommitEvidence), origin)
}

fn sorted(countries: impl IntoIterator<Item = (CountryCode, f64)>) -> Vec<(CountryCode, f64)> {
    let mut countries: Vec<(CountryCode, f64)> = countries.into_iter().collect();
    countries.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    countries
}

fn most(countries: &[(CountryCode, f64)]) -> Vec<CountryCode> {
    let total: f64 = countries.iter().map(|row| row.1).sum();
    let mut sum = 0.0;
    let named = countries.iter().take_while(|row| {
        let before = sum;
        sum += row.1;
        before < NAMED * total
    });
    named.map(|row| row.0).collect()
}

/// Why the answer is what it is, in words.
pub fn because(work: &Work) -> String {
    let located = 1.0 - work.unknown;
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    let bands = work.by_band();
    let Some((band, share)) = bands.first().filter(|_| located > 0.0) else {
        return "no commit shows a clock that says where".to_owned();
    };
    let name = band.name().map_or(String::new(), |name| format!(" ({name})"));
    let unknown = format!("{} of the work says nothing about a place", percent(work.unknown));
    let countries = sorted(work.countries().iter().copied());
    match countries.first() {
        Some((country, mass)) if mass / located >= COUNTRY => format!(
            "{country} has {} of what can be located; {} of it is at UTC{band}{name}; {unknown}",
            percent(mass / located),
            percent(share / located)
        ),
        _ if share / located >= BAND => format!(
            "{} of what can be located is at UTC{band}{name}, whose countries clocks cannot tell apart; {unknown}",
            percent(share / located)
        ),
        _ => format!(
            "spread over several bands, the largest UTC{band}{name} with {} of what can be located; {unknown}",
            percent(share / located)
        ),
    }
}
