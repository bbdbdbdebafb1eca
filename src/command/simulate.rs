//! `cargo origin simulate`: what would be lost without a country, a party, a package, or all that a programme reaches.

use std::io::Write;

use super::settings::Opened;
use super::{CommandError, ExitStatus, Settings};
use crate::analysis::{Analysis, Simulation};
use crate::country::Locus;
use crate::data::Data;
use crate::facts::Facet;
use crate::graph::PackageIx;
use crate::impact::{PartyTarget, Without};
use crate::party::Repository;
use crate::policy::{self, nearest};
use crate::render;

/// What to take away, and how to look.
#[derive(Clone, Debug)]
pub struct SimulateSettings {
    /// Countries and regions.
    pub places: Vec<String>,
    /// Ids of the register, or accounts of a forge.
    pub parties: Vec<String>,
    /// Packages, `name` or `name@version`.
    pub packages: Vec<String>,
    /// Ids of programmes.
    pub programmes: Vec<String>,
    /// From which probability on a package counts as going.
    pub min_probability: f64,
    /// How often is drawn.
    pub draws: u32,
    /// The seed of the draws.
    pub seed: u64,
}

/// Simulates and prints what is lost.
pub fn simulate(
    settings: &Settings,
    wanted: &SimulateSettings,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let settings = &Settings { input: settings.input.clone().with_switches(), ..settings.clone() };
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let (without, words) = without(wanted, &analysis, &data)?;
    let facet = settings.view.facet.and_then(Facet::from_word);
    let simulation = Simulation {
        facets: vec![facet.unwrap_or(Facet::Steward)],
        min_probability: wanted.min_probability,
        draws: wanted.draws,
        seed: wanted.seed,
    };
    let report = analysis.simulate(&without, &words, &simulation);
    render::write_simulation(&report, settings.format, &settings.view, out)?;
    Ok(ExitStatus::Success)
}

/// What is taken away, with words for it.
fn without(
    wanted: &SimulateSettings,
    analysis: &Analysis<'_>,
    data: &Data,
) -> Result<(Without, Vec<String>), CommandError> {
    let mut without = Without::default();
    let mut words = Vec::new();
    for text in &wanted.places {
        let place = place(text, data)?;
        let name = data.country_name(place.country()).unwrap_or_default();
        words.push(format!("{place} ({name})"));
        without.places.push(place);
    }
    for text in &wanted.parties {
        let (party, word) = party(text, data)?;
        words.push(word);
        without.parties.push(party);
    }
    for text in &wanted.packages {
        without.packages.extend(packages(text, analysis)?);
        words.push(format!("package {text}"));
    }
    for id in &wanted.programmes {
        let ids = || analysis.applied().iter().map(|applied| applied.programme.id);
        let Some(at) = ids().position(|known| known == id) else {
            return Err(missing("programme", id, nearest(ids(), id), "cargo origin programmes lists them"));
        };
        without.programmes.push(at);
        words.push(format!("what {id} reaches"));
    }
    Ok((without, words))
}

fn missing(what: &str, id: &str, near: Option<&str>, help: &str) -> CommandError {
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    CommandError::NoSuchId(format!("no {what} `{id}`{hint} ({help})"))
}

/// A country, or a region that is told apart.
fn place(text: &str, data: &Data) -> Result<Locus, CommandError> {
    if let Ok(Locus::Region(region)) = text.parse::<Locus>() {
        if data.tables.regions.iter().any(|row| row.code == region) {
            return Ok(Locus::Region(region));
        }
        let known: Vec<String> = data.tables.regions.iter().map(|row| row.code.to_string()).collect();
        return Err(CommandError::NoSuchId(format!(
            "`{text}` is not a region that is told apart here; those are {}",
            known.join(", ")
        )));
    }
    policy::country(text, data).map(Locus::Country).map_err(CommandError::NoSuchId)
}

/// An organisation of the register by its id, or an account of a forge.
fn party(text: &str, data: &Data) -> Result<(PartyTarget, String), CommandError> {
    if let Some(vendor) = data.vendor_by_id(text) {
        return Ok((PartyTarget::Vendor(vendor), format!("{} and what it owns or holds", data.vendor(vendor).name)));
    }
    let account = Repository::parse(text).filter(|found| found.owner() == found.path());
    if let Some(account) = account {
        return Ok((PartyTarget::Account(account.path().to_owned()), format!("the account {}", account.path())));
    }
    let ids = data.tables.vendors.iter().map(|row| row.id);
    Err(missing(
        "party",
        text,
        nearest(ids, text),
        "an id of cargo origin vendors, or an account such as github.com/example",
    ))
}

/// Every package of a name, or the one of a version too.
fn packages(text: &str, analysis: &Analysis<'_>) -> Result<Vec<PackageIx>, CommandError> {
    let graph = &analysis.loaded().graph;
    let fits = |package: &crate::graph::Package| {
        package.name == text || format!("{}@{}", package.name, package.version) == text
    };
    let found: Vec<PackageIx> =
        graph.packages().filter(|(_, package)| !package.member && fits(package)).map(|(at, _)| at).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if graph.packages().any(|(_, package)| package.member && fits(package)) {
        return Err(CommandError::NoSuchPackage(format!("`{text}` is your own; what others make can be taken away")));
    }
    let near = nearest(graph.packages().map(|(_, package)| package.name.as_str()), text);
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err(CommandError::NoSuchPackage(format!("`{text}` is not in the graph that is built{hint}")))
}
