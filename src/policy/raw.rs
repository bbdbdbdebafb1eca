//! The text of `origin.toml` to a validated `Policy`, or every error at once.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Map;
use toml::de::{DeTable, DeValue};

use super::bloc;
use super::gate;
use super::scope;
use super::text::{Text, Value, json, keys};
use super::{ParsedPolicy, Policy, PolicyError, PolicyText};
use crate::country::{CountryCode, Locus};
use crate::data::Data;
use crate::data::model::{Programme, Vendor};
use crate::data::own::{OwnError, OwnKind, OwnRow};
use crate::date::Period;
use crate::facts::{ClaimSubject, Facet, UserClaim};
use crate::party::Repository;

/// The keys of a policy.
pub(super) const KEYS: [&str; 13] = [
    "home",
    "git-cache",
    "lists",
    "contribution",
    "scopes",
    "programmes",
    "rules",
    "claim",
    "exception",
    "ban",
    "bloc",
    "programme",
    "vendor",
];

/// The keys of a list beside the policy: what it knows, and nothing of how to judge.
const KEYS_OF_LISTS: [&str; 3] = ["claim", "programme", "vendor"];

/// More lists than this are not read.
const MOST_LISTS: usize = 64;

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawContribution {
    /// From which share of the work on work done in a listed place counts: above 0 and up to 1.
    share: Option<f64>,
    /// From which probability on work counts for that share: above 0 and up to 1.
    probability: Option<f64>,
}

/// Something that you know of where a package or a party is.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClaim {
    /// Name of a package; this or `party`.
    package: Option<String>,
    /// A forge path such as `github.com/example`; this or `package`.
    party: Option<String>,
    /// `steward`, `publisher`, `contribution`, `channel` or `native`.
    facet: String,
    /// A country (`DE`), a region (`UA-43`), or `none` for no seat.
    place: String,
    /// How you know.
    source: String,
    /// First day, YYYY-MM-DD.
    since: Option<String>,
    /// The day from which it no longer holds, YYYY-MM-DD.
    until: Option<String>,
}

/// What is wrong with a table: the key that it is about, if it is about one, and what.
pub(super) type Wrong = Vec<(&'static str, String)>;

/// A text and its tables.
struct Document<'a> {
    text: Text<'a>,
    table: DeTable<'a>,
}

/// Parses a policy. `read` gives the name and the text of a list that stands beside it.
pub fn parse(
    policy: &PolicyText,
    data: Data,
    read: &dyn Fn(&str) -> Result<PolicyText, String>,
) -> Result<ParsedPolicy, PolicyError> {
    let main = open(policy, &KEYS)?;
    let lists = lists(&main, read).map_err(|problems| PolicyError { problems })?;
    let mut documents = vec![main];
    let mut problems = Vec::new();
    for list in &lists {
        match open(list, &KEYS_OF_LISTS) {
            Ok(document) => documents.push(document),
            Err(error) => problems.extend(error.problems),
        }
    }
    if !problems.is_empty() {
        return Err(PolicyError { problems });
    }
    let own = own_rows(&documents, &mut problems);
    let (data, overrides, own_programmes) = if own.is_empty() || !problems.is_empty() {
        (data, Vec::new(), std::collections::BTreeSet::new())
    } else {
        let (rows, places): (Vec<OwnRow>, Vec<(usize, Range<usize>)>) = own.into_iter().unzip();
        match data.with_own(&rows) {
            Ok(laid) => (laid.data, laid.overrides.into_iter().map(|(_, what)| what).collect(), laid.programmes),
            Err(OwnError::Embedded(error)) => return Err(PolicyError { problems: vec![error.to_string()] }),
            Err(OwnError::Rows(wrong)) => {
                // What the rest of the policy means cannot be told without them.
                let place = |at: usize| &places[at];
                let told = wrong.into_iter().map(|(at, what)| documents[place(at).0].text.problem(&place(at).1, &what));
                return Err(PolicyError { problems: told.collect() });
            }
        }
    };
    let policy = finish(&documents, &data, &mut problems);
    if problems.is_empty() {
        Ok(ParsedPolicy { policy: Policy { overrides, own_programmes, ..policy }, data })
    } else {
        Err(PolicyError { problems })
    }
}

/// The names of the lists of a policy, read.
fn lists(
    main: &Document<'_>,
    read: &dyn Fn(&str) -> Result<PolicyText, String>,
) -> Result<Vec<PolicyText>, Vec<String>> {
    let mut problems = Vec::new();
    let mut found = Vec::new();
    let Some(value) = main.table.get("lists") else { return Ok(found) };
    let names = strings(&main.text, value, "lists", &mut problems);
    if names.len() > MOST_LISTS {
        problems.push(main.text.problem(&value.span(), &format!("more than {MOST_LISTS} lists")));
    }
    for (name, span) in names.into_iter().take(MOST_LISTS) {
        match read(&name) {
            Ok(list) => found.push(list),
            Err(why) => problems.push(main.text.problem(&span, &why)),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The tables of a text, with none but these keys.
fn open<'a>(policy: &'a PolicyText, known: &[&str]) -> Result<Document<'a>, PolicyError> {
    let text = Text::new(&policy.text, &policy.shown);
    let mut table = text.parse().map_err(|problems| PolicyError { problems })?;
    if policy.manifest {
        for key in ["workspace", "metadata", "origin"] {
            table = match table.remove(key).map(toml::Spanned::into_inner) {
                Some(DeValue::Table(inner)) => inner,
                _ => DeTable::new(),
            };
        }
    }
    let mut problems = Vec::new();
    text.unknown_keys(&table, known, &mut problems);
    if problems.is_empty() { Ok(Document { text, table }) } else { Err(PolicyError { problems }) }
}

/// The rows of the user's own, with the document and the place of each.
fn own_rows(documents: &[Document<'_>], problems: &mut Vec<String>) -> Vec<(OwnRow, (usize, Range<usize>))> {
    let mut found = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        for kind in [OwnKind::Vendor, OwnKind::Programme] {
            let Some(value) = document.table.get(kind.as_str()) else { continue };
            for row in document.text.rows(value, kind.as_str(), problems) {
                let known = match kind {
                    OwnKind::Vendor => keys::<Vendor<String>>(),
                    OwnKind::Programme => keys::<Programme<String>>(),
                };
                if let DeValue::Table(table) = row.get_ref() {
                    document.text.unknown_keys(table, known, problems);
                }
                let reference = document.text.reference(&row.span());
                let row_of = match json(row.get_ref()) {
                    serde_json::Value::Object(row) => row,
                    _ => Map::new(),
                };
                found.push((OwnRow { kind, row: row_of, reference }, (number, row.span())));
            }
        }
    }
    found
}

/// The policy without rows of the user's own; problems are added.
fn finish(documents: &[Document<'_>], data: &Data, problems: &mut Vec<String>) -> Policy {
    let mut policy = Policy::default();
    for document in documents {
        policy.claims.extend(each(document, "claim", problems, |raw, at| validate(raw, at, data)));
    }
    let Some(main) = documents.first() else { return policy };
    let (text, table) = (&main.text, &main.table);
    policy.home = table.get("home").and_then(|value| {
        let code = value.get_ref().as_str().ok_or_else(|| "`home` is a country code".to_owned());
        let code = code.and_then(|code| country(code, data));
        code.map_err(|what| problems.push(text.problem(&value.span(), &what))).ok()
    });
    policy.git_cache = table.get("git-cache").and_then(|value| git_cache(text, value, problems));
    if let Some(raw) = table.get("contribution").and_then(|value| text.read::<RawContribution>(value, problems)) {
        let mut checked = |key: &'static str, share: Option<f64>| {
            let wrong = share.filter(|share| !(*share > 0.0 && *share <= 1.0));
            problems.extend(wrong.map(|share| {
                let span = table.get("contribution").and_then(|value| value.get_ref().as_table()?.get(key));
                let span = span.map_or(0..0, toml::Spanned::span);
                text.problem(&span, &format!("contribution.{key} is {share}; it is a share above 0 and up to 1"))
            }));
            share
        };
        policy.contribution_share = checked("share", raw.share);
        policy.contribution_probability = checked("probability", raw.probability);
    }
    policy.scopes = table.get("scopes").map_or_else(Default::default, |value| scope::read(text, value, problems));
    policy.rules = table.get("rules").map_or_else(Default::default, |value| gate::rules(text, value, data, problems));
    policy.programmes = table.get("programmes").map(|value| {
        let wanted = strings(text, value, "programmes", problems);
        gate::programmes(&wanted, text, data, problems);
        wanted.into_iter().map(|(word, _)| word).collect()
    });
    policy.exceptions = each(main, "exception", problems, |raw, at| gate::exception(raw, at, data));
    let seen = std::cell::RefCell::default();
    policy.blocs = each(main, "bloc", problems, |raw, at| bloc::own(raw, at, data, &seen));
    policy.bans = each(main, "ban", problems, |raw, at| gate::ban(raw, at, data));
    policy
}

/// A folder inside the workspace. A policy can come with a change that nobody has read yet: it must not point outside.
fn git_cache(text: &Text<'_>, value: &Value<'_>, problems: &mut Vec<String>) -> Option<String> {
    let Some(path) = value.get_ref().as_str() else {
        problems.push(text.problem(&value.span(), "`git-cache` is the name of a folder"));
        return None;
    };
    if path.starts_with('/') || path.contains(['\\', ':']) || path.split('/').any(|part| part == "..") {
        let what = format!("git-cache `{path}` leads out of the workspace; use --git-cache for that");
        problems.push(text.problem(&value.span(), &what));
    }
    Some(path.to_owned())
}

/// A list of strings, each with its place.
fn strings(text: &Text<'_>, value: &Value<'_>, key: &str, problems: &mut Vec<String>) -> Vec<(String, Range<usize>)> {
    let mut wrong = |span: Range<usize>| problems.push(text.problem(&span, &format!("`{key}` is a list of strings")));
    let Some(words) = value.get_ref().as_array() else {
        wrong(value.span());
        return Vec::new();
    };
    let mut found = Vec::new();
    for word in words {
        match word.get_ref().as_str() {
            Some(string) => found.push((string.to_owned(), word.span())),
            None => wrong(word.span()),
        }
    }
    found
}

/// Every table of a kind, read; problems with their places.
fn each<R: serde::de::DeserializeOwned, T>(
    document: &Document<'_>,
    kind: &str,
    problems: &mut Vec<String>,
    read: impl Fn(R, String) -> Result<T, Wrong>,
) -> Vec<T> {
    let text = &document.text;
    let Some(value) = document.table.get(kind) else { return Vec::new() };
    let rows = text.rows(value, kind, problems);
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(raw) = text.read::<R>(row, problems) else { continue };
        match read(raw, text.reference(&row.span())) {
            Ok(read) => found.push(read),
            Err(wrong) => {
                for (key, what) in wrong {
                    let at = row.get_ref().as_table().and_then(|table| table.get(key));
                    problems.push(text.problem(&at.unwrap_or(row).span(), &what));
                }
            }
        }
    }
    found
}

/// A country that a user has written.
pub fn country(text: &str, data: &Data) -> Result<CountryCode, String> {
    let code: CountryCode = text.parse().map_err(|error| format!("{error}{}", did_you_mean(text, data)))?;
    if data.is_country(code) { Ok(code) } else { Err(format!("`{code}` is not a country of ISO 3166-1")) }
}

/// A hint for a country that is written as a name.
fn did_you_mean(text: &str, data: &Data) -> String {
    let rows = &data.tables.countries;
    let wanted = text.trim();
    let same = |name: &str| name.eq_ignore_ascii_case(wanted);
    let row = rows.iter().find(|row| {
        same(row.name) || row.aliases.iter().any(|name| same(name)) || row.code.as_str().eq_ignore_ascii_case(wanted)
    });
    row.map_or_else(String::new, |row| format!("; did you mean `{}`?", row.code))
}

fn validate(raw: RawClaim, reference: String, data: &Data) -> Result<UserClaim, Wrong> {
    let mut problems = Wrong::new();
    let subject = match (raw.package, raw.party) {
        (Some(name), None) => Some(ClaimSubject::Package(name)),
        (None, Some(path)) => {
            if let Some(found) = Repository::parse(&path) {
                Some(ClaimSubject::Party(found.path().to_owned()))
            } else {
                problems.push(("party", format!("party `{path}` is not a forge path such as github.com/example")));
                None
            }
        }
        _ => {
            problems.push(("", "a claim is about either a `package` or a `party`".to_owned()));
            None
        }
    };
    let facet = Facet::from_word(&raw.facet);
    if facet.is_none() {
        let words: Vec<&str> = Facet::ALL.iter().map(|facet| facet.as_str()).collect();
        let hint = gate::near(words.iter().copied(), &raw.facet);
        problems.push(("facet", format!("`{}` is not a facet{hint}; facets are {}", raw.facet, words.join(", "))));
    }
    let place = place(&raw.place, data).map_err(|what| problems.push(("place", what))).ok();
    if raw.source.trim().is_empty() {
        problems.push(("source", "a claim needs a source".to_owned()));
    }
    let from = gate::day("since", raw.since, &mut problems);
    let until = gate::day("until", raw.until, &mut problems);
    let valid = Period { from, until };
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        problems.push(("until", format!("the claim ends ({until}) before it begins ({from})")));
    }
    match (subject, facet, place) {
        (Some(subject), Some(facet), Some(place)) if problems.is_empty() => {
            Ok(UserClaim { subject, facet, place, source: raw.source, valid, reference })
        }
        _ => Err(problems),
    }
}

fn place(text: &str, data: &Data) -> Result<Option<Locus>, String> {
    if text == "none" {
        return Ok(None);
    }
    let locus: Locus = text.parse().map_err(|error| format!("{error}, or `none`{}", did_you_mean(text, data)))?;
    let country = locus.country();
    if !data.is_country(country) {
        return Err(format!("`{locus}` is not a place of ISO 3166"));
    }
    if let Locus::Region(region) = locus
        && !data.tables.regions.iter().any(|row| row.code == region)
    {
        let known: Vec<String> = data.tables.regions.iter().map(|row| format!("{} ({})", row.code, row.name)).collect();
        let known = known.join(", ");
        return Err(format!("`{region}` is not a region that is told apart here; those are {known}; use `{country}`"));
    }
    Ok(Some(locus))
}
