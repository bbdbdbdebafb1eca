//! From the readable files of `data/` to the packed tables.
//!
//! The step is reproducible: the same files give the same bytes. It reads the whole folder, reports every error it finds, and writes
//! nothing itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Tables;
use super::check;
use super::model::{
    Authority, Bloc, Capability, Country, Forge, GenericTld, LegalForm, Listing, Mail, Network, OBSERVATION_VERSION,
    Observation, Programme, Region, Registry, Upstream, Vendor, Zones,
};
pub use super::zones::zones;
use crate::copyright;
use crate::country::CountryCode;

/// Share of the survey of Rust developers in the prior; the rest is the Innovation Graph.
///
/// The survey counts people who call themselves Rust users and is the nearer measure; it is self-selected and leans to English. The
/// Innovation Graph counts all accounts of one forge by network address, and fills in the countries that the survey lumps together.
const SURVEY_SHARE: f64 = 0.8;

/// Why `data/` cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not what `data/README.md` says.
    #[error("{}: {message}", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its line.
        message: String,
    },
    /// Rows contradict each other.
    #[error("data/ does not hold together:\n{}", .0.join("\n"))]
    Check(Vec<String>),
    /// The tables cannot be packed.
    #[error("cannot pack the tables")]
    Pack(#[from] postcard::Error),
}

macro_rules! file_of {
    ($name:ident { $($field:ident: $row:ident),+ }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            $(#[serde(default)] $field: Vec<$row<String>>),+
        }
    };
}

file_of!(CountriesFile { country: Country, region: Region });
file_of!(VendorsFile { vendor: Vendor });
file_of!(ProgrammesFile { authority: Authority, programme: Programme });
file_of!(BlocsFile { bloc: Bloc });
file_of!(NativeFile { upstream: Upstream });
file_of!(ForgesFile { forge: Forge });
file_of!(RegistriesFile { registry: Registry });
file_of!(MailFile { mail: Mail, network: Network, generic_tld: GenericTld });
file_of!(FormsFile { form: LegalForm });
file_of!(ListsFile { listing: Listing });
file_of!(CapabilitiesFile { capability: Capability });

/// Reads and checks `data/`.
pub fn tables(folder: &Path) -> Result<Tables<String>, CompileError> {
    let countries: CountriesFile = read_toml(&folder.join("countries.toml"))?;
    let programmes: ProgrammesFile = read_toml(&folder.join("programmes.toml"))?;
    let blocs: BlocsFile = read_toml(&folder.join("blocs.toml"))?;
    let native: NativeFile = read_toml(&folder.join("native.toml"))?;
    let forges: ForgesFile = read_toml(&folder.join("forges.toml"))?;
    let registries: RegistriesFile = read_toml(&folder.join("registries.toml"))?;
    let mail: MailFile = read_toml(&folder.join("mail.toml"))?;
    let forms: FormsFile = read_toml(&folder.join("legal_forms.toml"))?;
    let lists: ListsFile = read_toml(&folder.join("lists.toml"))?;
    let mut vendors = Vec::new();
    for path in files_in(&folder.join("vendors"))? {
        vendors.extend(read_toml::<VendorsFile>(&path)?.vendor);
    }
    let rust_survey = read_prior(&folder.join("priors/rust_survey_2025.csv"))?;
    let innovation_graph = read_prior(&folder.join("priors/innovationgraph_2025q3.csv"))?;

    let mut tables = Tables {
        countries: countries.country,
        regions: countries.region,
        vendors,
        authorities: programmes.authority,
        programmes: programmes.programme,
        blocs: blocs.bloc,
        upstreams: native.upstream,
        forges: forges.forge,
        registries: registries.registry,
        mail: mail.mail,
        networks: mail.network,
        generic_tlds: mail.generic_tld,
        legal_forms: forms.form,
        listings: lists.listing,
        individuals: read_pairs(&folder.join("accounts.csv"), "account,kind")?
            .into_iter()
            .filter(|(_, kind)| kind == "individual")
            .map(|(account, _)| account)
            .collect(),
        crates: read_pairs(&folder.join("crates.csv"), "crate,repository")?,
        prior: mix(&rust_survey, &innovation_graph),
        forge_index: Vec::new(),
        domain_index: Vec::new(),
        mailbox_index: Vec::new(),
        holder_index: Vec::new(),
        native_crate_index: Vec::new(),
        native_links_index: Vec::new(),
        data_date: crate::date::Date::from_unix(0).unwrap_or_else(|| unreachable!("1970 is a year")),
    };
    sort(&mut tables);
    index(&mut tables);
    let problems = check::problems(&tables);
    if problems.is_empty() { Ok(tables) } else { Err(CompileError::Check(problems)) }
}

/// Packs the tables into the form that the program embeds.
pub fn pack(tables: &Tables<String>) -> Result<Vec<u8>, CompileError> {
    Ok(postcard::to_allocvec(tables)?)
}

/// Reads and checks `capabilities.toml`, sorted by id.
pub fn capabilities(folder: &Path) -> Result<Vec<Capability<String>>, CompileError> {
    let mut rows = read_toml::<CapabilitiesFile>(&folder.join("capabilities.toml"))?.capability;
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let problems = check::capabilities(&rows);
    if problems.is_empty() { Ok(rows) } else { Err(CompileError::Check(problems)) }
}

/// Packs the capabilities.
pub fn pack_capabilities(rows: &[Capability<String>]) -> Result<Vec<u8>, CompileError> {
    Ok(postcard::to_allocvec(rows)?)
}

/// Packs the clocks.
pub fn pack_zones(zones: &Zones) -> Result<Vec<u8>, CompileError> {
    Ok(postcard::to_allocvec(zones)?)
}

/// Reads `observations.jsonl`: a record a line, sorted by repository.
pub fn observations(folder: &Path) -> Result<Vec<Observation>, CompileError> {
    let path = folder.join("observations.jsonl");
    let mut records: Vec<Observation> = Vec::new();
    for (at, line) in read_text(&path)?.lines().enumerate() {
        let problem = |message: String| CompileError::Parse {
            path: path.clone(),
            message: format!("line {}: {message}", at + 1),
        };
        let record: Observation = serde_json::from_str(line).map_err(|error| problem(error.to_string()))?;
        if record.version != OBSERVATION_VERSION {
            return Err(problem(format!("version {} is not known", record.version)));
        }
        if records.last().is_some_and(|last| last.repository >= record.repository) {
            return Err(problem(format!("{} is not sorted in, or there twice", record.repository)));
        }
        records.push(record);
    }
    Ok(records)
}

/// Packs every record by itself, so that one can be read without the others.
pub fn pack_observations(records: &[Observation]) -> Result<Vec<u8>, CompileError> {
    let packed: Result<Vec<(&str, Vec<u8>)>, postcard::Error> =
        records.iter().map(|record| Ok((record.repository.as_str(), postcard::to_allocvec(record)?))).collect();
    Ok(postcard::to_allocvec(&packed?)?)
}

pub(super) fn sort(tables: &mut Tables<String>) {
    tables.countries.sort_by_key(|row| row.code);
    tables.regions.sort_by_key(|row| row.code);
    tables.vendors.sort_by(|a, b| a.id.cmp(&b.id));
    tables.authorities.sort_by(|a, b| a.id.cmp(&b.id));
    tables.programmes.sort_by(|a, b| a.id.cmp(&b.id));
    tables.blocs.sort_by(|a, b| a.id.cmp(&b.id));
    tables.upstreams.sort_by(|a, b| a.id.cmp(&b.id));
    tables.forges.sort_by(|a, b| a.host.cmp(&b.host));
    tables.mail.sort_by(|a, b| a.domain.cmp(&b.domain));
    tables.networks.sort_by(|a, b| a.pattern.cmp(&b.pattern));
    tables.generic_tlds.sort_by(|a, b| a.tld.cmp(&b.tld));
    tables.individuals.sort();
    tables.crates.sort();
    let rows = tables.vendors.iter().map(|row| row.as_of);
    let rows =
        rows.chain(tables.programmes.iter().map(|row| row.as_of)).chain(tables.upstreams.iter().map(|row| row.as_of));
    if let Some(newest) = rows.max() {
        tables.data_date = newest;
    }
}

/// Builds the sorted indexes. A forge path, domain or name that two vendors claim is kept for both; `check` reports it.
pub(super) fn index(tables: &mut Tables<String>) {
    let mut forges = Vec::new();
    let mut domains = Vec::new();
    let mut mailboxes = Vec::new();
    let mut holders: BTreeMap<String, u32> = BTreeMap::new();
    for (at, vendor) in (0u32..).zip(&tables.vendors) {
        forges.extend(vendor.forges.iter().map(|path| (path.clone(), at)));
        mailboxes.extend(vendor.mailbox_domains.iter().cloned());
        domains.extend(vendor.domains.iter().map(|domain| (domain.clone(), at)));
        let names = std::iter::once(&vendor.name).chain(&vendor.aliases).chain(&vendor.copyright);
        for name in names {
            let key = copyright::normalise(name);
            if key.chars().count() > 2 {
                holders.entry(key).or_insert(at);
            }
        }
    }
    forges.sort();
    domains.sort();
    mailboxes.sort();
    tables.mailbox_index = mailboxes;
    tables.forge_index = forges;
    tables.domain_index = domains;
    tables.holder_index = holders.into_iter().collect();
    let mut by_crate = Vec::new();
    let mut by_links = Vec::new();
    for (at, upstream) in (0u32..).zip(&tables.upstreams) {
        by_crate.extend(upstream.crates.iter().map(|name| (name.clone(), at)));
        by_links.extend(upstream.links.iter().map(|name| (name.clone(), at)));
    }
    by_crate.sort();
    by_links.sort();
    tables.native_crate_index = by_crate;
    tables.native_links_index = by_links;
}

fn mix(survey: &[(CountryCode, f64)], graph: &[(CountryCode, f64)]) -> Vec<(CountryCode, f64)> {
    let mut mixed: BTreeMap<CountryCode, f64> = BTreeMap::new();
    for (rows, share) in [(survey, SURVEY_SHARE), (graph, 1.0 - SURVEY_SHARE)] {
        let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
        for (country, weight) in rows {
            *mixed.entry(*country).or_default() += share * weight / total;
        }
    }
    mixed.into_iter().collect()
}

pub(super) fn read_text(path: &Path) -> Result<String, CompileError> {
    fs::read_to_string(path).map_err(|source| CompileError::Read { path: path.to_owned(), source })
}

fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T, CompileError> {
    toml::from_str(&read_text(path)?)
        .map_err(|error| CompileError::Parse { path: path.to_owned(), message: error.to_string() })
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, CompileError> {
    let error = |source| CompileError::Read { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a table of two columns without quoting; `#` starts a comment line.
fn read_pairs(path: &Path, header: &str) -> Result<Vec<(String, String)>, CompileError> {
    let text = read_text(path)?;
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    let problem = |line: usize, what: &str| CompileError::Parse {
        path: path.to_owned(),
        message: format!("line {}: {what}", line + 1),
    };
    match lines.next() {
        Some((_, line)) if line == header => {}
        _ => return Err(problem(0, &format!("the first line is not `{header}`"))),
    }
    let mut rows = Vec::new();
    for (at, line) in lines {
        let (key, value) = line.split_once(',').ok_or_else(|| problem(at, "not two columns"))?;
        if value.contains([',', '"']) {
            return Err(problem(at, "more than two columns"));
        }
        rows.push((key.to_owned(), value.to_owned()));
    }
    Ok(rows)
}

/// Reads `iso2,weight,…`; rows that are not a country (an aggregate such as `EU`, `Other`) are left out.
fn read_prior(path: &Path) -> Result<Vec<(CountryCode, f64)>, CompileError> {
    let mut rows = Vec::new();
    for (at, line) in read_text(path)?.lines().enumerate().skip(1) {
        let mut columns = line.split(',');
        let (code, weight) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let weight: f64 = weight.parse().map_err(|_| CompileError::Parse {
            path: path.to_owned(),
            message: format!("line {}: `{weight}` is not a number", at + 1),
        })?;
        match code.parse() {
            Ok(code) if !is_aggregate(code) => rows.push((code, weight)),
            _ => {}
        }
    }
    Ok(rows)
}

fn is_aggregate(code: CountryCode) -> bool {
    ["EU", "ZZ", "XX"].contains(&code.as_str())
}
