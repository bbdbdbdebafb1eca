//! How often the model of one author is right, and how far its probabilities can be believed:
//! `cargo run --release --example calibrate -- --corpus FOLDER --labels FILE`.
//!
//! `FILE` is `author,country`, a pseudonym of the corpus and a country that the author names. The labels over-sample small countries, so
//! every figure is given weighted (each label by its country's share of developers over its share of the labels) and plain. Intervals
//! are the 5th to the 95th percentile of a thousand bootstrap samples of the labels, drawn with a fixed seed.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use cargo_origin::country::CountryCode;
use cargo_origin::data::Data;
use cargo_origin::data::model::{Band, Zones};
use cargo_origin::facts::commits::Author;
use cargo_origin::locate::{Clocks, Parameters, locate};

#[expect(clippy::disallowed_methods, reason = "a tool that unpacks a table")]
#[path = "support/corpus.rs"]
mod corpus;

/// One labelled author.
struct Case {
    country: CountryCode,
    weeks: usize,
    weight: f64,
    countries: BTreeMap<CountryCode, f64>,
    bands: BTreeMap<Band, f64>,
}

/// A figure and its name.
type Row = (&'static str, fn(&Figures) -> f64);

/// The figures.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    top1: f64,
    top3: f64,
    band: f64,
    log_loss: f64,
    ece: f64,
    auc: f64,
    precision: f64,
    recall: f64,
}

struct Arguments {
    corpus: PathBuf,
    labels: PathBuf,
    min_weeks: usize,
    listed: Vec<CountryCode>,
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let key =
            word.strip_prefix("--").ok_or("usage: --corpus FOLDER --labels FILE [--min-weeks N] [--listed CC,CC]")?;
        found.insert(key.to_owned(), words.next().ok_or("a value is missing")?);
    }
    let listed = found.get("listed").map_or("CN,HK,MO,RU,BY,IR,KP,CU", String::as_str);
    Ok(Arguments {
        corpus: found.get("corpus").ok_or("--corpus is missing")?.into(),
        labels: found.get("labels").ok_or("--labels is missing")?.into(),
        min_weeks: found.get("min-weeks").map_or(Ok(3), |text| text.parse())?,
        listed: listed.split(',').map(str::parse).collect::<Result<_, _>>()?,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments()?;
    let data = Data::embedded()?;
    let zones = Data::zones()?;
    let clocks = Clocks::new(&zones, &data.tables.prior);
    let corpus = corpus::read(&arguments.corpus)?;
    let mut by_author: BTreeMap<&str, Vec<&(i32, i16, u32)>> = BTreeMap::new();
    for (id, rows) in corpus.commits.values().flatten() {
        by_author.entry(id).or_default().extend(rows);
    }
    let mut authors: Vec<(Author, CountryCode)> = Vec::new();
    for line in std::fs::read_to_string(&arguments.labels)?.lines().skip(1) {
        let (id, country) = line.split_once(',').ok_or("a label is not `author,country`")?;
        if let Some(rows) = by_author.get(id) {
            authors.push((corpus.author(id, rows.iter().copied()), country.parse()?));
        }
    }
    let mut by_variant: Vec<(&str, Vec<Case>)> = Vec::new();
    for (title, parameters) in variants() {
        let all: Vec<Case> =
            authors.iter().map(|(author, country)| case(author, *country, &clocks, &data, &parameters)).collect();
        println!("{title}");
        for min_weeks in [arguments.min_weeks, 1] {
            let mut cases: Vec<&Case> = all.iter().filter(|case| case.weeks >= min_weeks).collect();
            cases.sort_by_key(|case| case.country);
            let weights = weights(&cases, &data);
            show(&format!("  at least {min_weeks} weeks, weighted"), &cases, &weights, &zones, &arguments.listed);
            show(
                &format!("  at least {min_weeks} weeks, plain"),
                &cases,
                &vec![1.0; cases.len()],
                &zones,
                &arguments.listed,
            );
            if title == "the model" && min_weeks == arguments.min_weeks {
                reliability(&cases, &weights);
                by_country(&cases);
            }
        }
        by_variant.push((title, all));
    }
    cross_validate(&by_variant, arguments.min_weeks, &data, &zones, &arguments.listed);
    Ok(())
}

/// In how many parts the labels are split.
const FOLDS: usize = 5;

/// What is lost by choosing the numbers on labels: for each fifth of the labels the variant that is best on the other four is taken, and
/// measured on that fifth.
fn cross_validate(
    variants: &[(&str, Vec<Case>)],
    min_weeks: usize,
    data: &Data,
    zones: &Zones,
    listed: &[CountryCode],
) {
    let of = |cases: &[Case], fold: usize, inside: bool| -> Vec<usize> {
        // Labels are in the order of pseudonyms, which says nothing.
        let numbers = cases.iter().enumerate().filter(|(_, case)| case.weeks >= min_weeks).map(|(number, _)| number);
        numbers.enumerate().filter(|(place, _)| (place % FOLDS == fold) == inside).map(|(_, number)| number).collect()
    };
    let mut held_out: Vec<&Case> = Vec::new();
    for fold in 0..FOLDS {
        let loss = |cases: &[Case]| {
            let cases: Vec<&Case> = of(cases, fold, false).into_iter().map(|number| &cases[number]).collect();
            let weighted: Vec<(&Case, f64)> = cases.iter().copied().zip(weights(&cases, data)).collect();
            figures(&weighted, zones, listed).log_loss
        };
        let best = variants.iter().min_by(|a, b| loss(&a.1).total_cmp(&loss(&b.1)));
        let Some((title, cases)) = best else { continue };
        println!("part {} of {FOLDS}: best on the others is: {title}", fold + 1);
        held_out.extend(of(cases, fold, true).into_iter().map(|number| &cases[number]));
    }
    let weights = weights(&held_out, data);
    show("held out, weighted", &held_out, &weights, zones, listed);
}

/// The model, and the model without each of its parts.
fn variants() -> Vec<(&'static str, Parameters)> {
    let model = Parameters::default();
    vec![
        ("the model", model.clone()),
        ("without mail domains", Parameters { domain_trust: 0.0, ..model.clone() }),
        ("nobody moves", Parameters { moves_a_year: 0.0, ..model.clone() }),
        ("weeks independent", Parameters { weight: 1.0, repetition: 1.0, ..model.clone() }),
        ("half the weight", Parameters { weight: 0.35, ..model.clone() }),
        ("twice the moves", Parameters { moves_a_year: 0.032, ..model.clone() }),
        ("clocks never wrong", Parameters { clock_is_wrong: 0.001, ..model }),
    ]
}

fn case(author: &Author, country: CountryCode, clocks: &Clocks, data: &Data, parameters: &Parameters) -> Case {
    let found = locate(author, clocks, data, parameters);
    let mut bands: BTreeMap<Band, f64> = BTreeMap::new();
    for (clock, mass) in found.clocks(i32::MAX).iter().enumerate() {
        *bands.entry(clocks.band(clock)).or_default() += mass;
    }
    Case { country, weeks: author.votes.len(), weight: 1.0, countries: found.countries(clocks), bands }
}

fn weights(cases: &[&Case], data: &Data) -> Vec<f64> {
    let mut labels: BTreeMap<CountryCode, f64> = BTreeMap::new();
    for case in cases {
        *labels.entry(case.country).or_default() += case.weight;
    }
    let prior: BTreeMap<CountryCode, f64> = data.tables.prior.iter().copied().collect();
    cases.iter().map(|case| prior.get(&case.country).copied().unwrap_or(1e-6) / labels[&case.country]).collect()
}

fn best<K: Copy + Ord>(masses: &BTreeMap<K, f64>) -> Vec<K> {
    let mut order: Vec<(K, f64)> = masses.iter().map(|(key, mass)| (*key, *mass)).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    order.into_iter().map(|(key, _)| key).collect()
}

/// A band is right if at least one in a hundred people of the named country lives by it.
fn lives_by(country: CountryCode, band: Band, zones: &Zones) -> bool {
    let homes = zones.homes.iter().filter(|home| home.country == country);
    homes.filter(|home| zones.clocks[usize::from(home.clock)].band == band).map(|home| home.share).sum::<f32>() >= 0.01
}

fn figures(cases: &[(&Case, f64)], zones: &Zones, listed: &[CountryCode]) -> Figures {
    let total: f64 = cases.iter().map(|(_, weight)| weight).sum();
    let mean =
        |value: &dyn Fn(&Case) -> f64| cases.iter().map(|(case, weight)| weight * value(case)).sum::<f64>() / total;
    let is = |truth: bool| f64::from(u8::from(truth));
    let mass_listed = |case: &Case| listed.iter().filter_map(|code| case.countries.get(code)).sum::<f64>();
    let truly = |case: &Case| listed.contains(&case.country);
    let (mut pairs, mut ordered) = (0.0, 0.0);
    for (inside, weight) in cases.iter().filter(|(case, _)| truly(case)) {
        for (outside, other) in cases.iter().filter(|(case, _)| !truly(case)) {
            let (a, b) = (mass_listed(inside), mass_listed(outside));
            pairs += weight * other;
            ordered += weight
                * other
                * if a > b {
                    1.0
                } else if a < b {
                    0.0
                } else {
                    0.5
                };
        }
    }
    let flagged = mean(&|case| is(mass_listed(case) >= 0.5));
    let hits = mean(&|case| is(mass_listed(case) >= 0.5 && truly(case)));
    Figures {
        top1: mean(&|case| is(best(&case.countries).first() == Some(&case.country))),
        top3: mean(&|case| is(best(&case.countries).iter().take(3).any(|code| *code == case.country))),
        band: mean(&|case| is(best(&case.bands).first().is_some_and(|band| lives_by(case.country, *band, zones)))),
        log_loss: mean(&|case| -case.countries.get(&case.country).copied().unwrap_or(0.0).max(1e-12).ln()),
        ece: bins(cases).iter().map(|bin| bin.weight / total * (bin.said - bin.held).abs()).sum(),
        auc: ordered / pairs,
        precision: hits / flagged,
        recall: hits / mean(&|case| is(truly(case))),
    }
}

/// Statements of about the same probability: what was said, and what held.
#[derive(Default)]
struct Bin {
    weight: f64,
    said: f64,
    held: f64,
    cases: usize,
}

/// The likeliest country of every case, in ten bins by its probability.
fn bins(cases: &[(&Case, f64)]) -> Vec<Bin> {
    let mut bins: Vec<Bin> = (0..10).map(|_| Bin::default()).collect();
    for (case, weight) in cases {
        let Some(top) = best(&case.countries).first().copied() else { continue };
        let said = case.countries[&top];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a probability in tenths")]
        let bin = &mut bins[((said * 10.0) as usize).min(9)];
        bin.weight += weight;
        bin.said += weight * said;
        bin.held += weight * f64::from(u8::from(top == case.country));
        bin.cases += 1;
    }
    for bin in bins.iter_mut().filter(|bin| bin.weight > 0.0) {
        bin.said /= bin.weight;
        bin.held /= bin.weight;
    }
    bins
}

fn show(title: &str, cases: &[&Case], weights: &[f64], zones: &Zones, listed: &[CountryCode]) {
    let all: Vec<(&Case, f64)> = cases.iter().copied().zip(weights.iter().copied()).collect();
    let point = figures(&all, zones, listed);
    // A fixed linear congruential generator: the same samples on every machine.
    let mut seed: u64 = 1;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or(0) % below.max(1)
    };
    let samples: Vec<Figures> = (0..1000)
        .map(|_| {
            let sample: Vec<(&Case, f64)> = (0..all.len()).map(|_| all[next(all.len())]).collect();
            figures(&sample, zones, listed)
        })
        .collect();
    println!("{title}: {} people", cases.len());
    let rows: [Row; 8] = [
        ("top-1", |figures| figures.top1),
        ("top-3", |figures| figures.top3),
        ("band top-1", |figures| figures.band),
        ("log-loss", |figures| figures.log_loss),
        ("ECE", |figures| figures.ece),
        ("listed AUC", |figures| figures.auc),
        ("listed precision at 0.5", |figures| figures.precision),
        ("listed recall at 0.5", |figures| figures.recall),
    ];
    for (name, of) in rows {
        let mut spread: Vec<f64> = samples.iter().map(of).filter(|value| value.is_finite()).collect();
        spread.sort_by(f64::total_cmp);
        let at = |part: usize| spread.get(spread.len() * part / 100).copied().unwrap_or(f64::NAN);
        println!("    {name:<24} {:.3}  [{:.3}, {:.3}]", of(&point), at(5), at(95));
    }
}

fn reliability(cases: &[&Case], weights: &[f64]) {
    println!("    said    held    people");
    let all: Vec<(&Case, f64)> = cases.iter().copied().zip(weights.iter().copied()).collect();
    for bin in bins(&all).iter().filter(|bin| bin.cases > 0) {
        println!("    {:.2}    {:.2}    {}", bin.said, bin.held, bin.cases);
    }
}

fn by_country(cases: &[&Case]) {
    println!("    country  people  top-1  top-3");
    for group in cases.chunk_by(|a, b| a.country == b.country) {
        let hits = |most: usize| {
            group
                .iter()
                .filter(|case| best(&case.countries).iter().take(most).any(|code| *code == case.country))
                .count()
        };
        println!("    {:<8} {:>6} {:>6} {:>6}", group[0].country, group.len(), hits(1), hits(3));
    }
}
