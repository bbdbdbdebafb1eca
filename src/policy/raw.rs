//! The text of `origin.toml` to a validated `Policy`, or every error at once.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::Policy;
use super::gate::{self, RawBan, RawException};
use crate::country::{CountryCode, Locus};
use crate::data::Data;
use crate::date::{Date, Period};
use crate::facts::{ClaimSubject, Facet, UserClaim};
use crate::party::Repository;

/// A policy that cannot be used. Every line is one problem, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct PolicyError {
    /// The problems.
    pub problems: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Raw<H, C, E, B> {
    home: Option<H>,
    git_cache: Option<String>,
    contribution: Option<RawContribution>,
    programmes: Option<Vec<String>>,
    #[serde(default)]
    rules: BTreeMap<String, serde_json::Value>,
    #[serde(default = "Vec::new", rename = "claim")]
    claims: Vec<C>,
    #[serde(default = "Vec::new", rename = "exception")]
    exceptions: Vec<E>,
    #[serde(default = "Vec::new", rename = "ban")]
    bans: Vec<B>,
}

/// A value with the place where it stands, if the format tells one.
pub(super) trait Placed<T> {
    /// The value and its place in the text.
    fn open(self) -> (T, Option<Range<usize>>);
}

impl<T> Placed<T> for Spanned<T> {
    fn open(self) -> (T, Option<Range<usize>>) {
        let span = self.span();
        (self.into_inner(), Some(span))
    }
}

/// A value without a place.
#[derive(Deserialize)]
#[serde(transparent)]
struct Bare<T>(T);

impl<T> Placed<T> for Bare<T> {
    fn open(self) -> (T, Option<Range<usize>>) {
        (self.0, None)
    }
}

/// What a problem or a reference is told with: the text, and the name that is shown for it.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    text: &'a str,
    name: &'a str,
    /// Where lines begin: a policy can have thousands of tables, each with its line.
    lines: &'a [usize],
}

impl Shown<'_> {
    /// File and line, or the table and its number.
    pub(super) fn reference(&self, span: Option<&Range<usize>>, table: &str, number: usize) -> String {
        match span {
            Some(span) => format!("{}:{}", self.name, self.lines.partition_point(|start| *start <= span.start).max(1)),
            None => format!("{}: {table} {}", self.name, number + 1),
        }
    }

    /// A problem at its place.
    pub(super) fn problem(&self, span: Option<&Range<usize>>, table: &str, number: usize, what: &str) -> String {
        match span {
            Some(span) => point_at(self.text, self.name, span.clone(), what),
            None => format!("{}: {what}", self.reference(None, table, number)),
        }
    }

    /// A problem with a key that the text has once: at its line, if it is found.
    pub(super) fn problem_at_key(&self, key: &str, what: &str) -> String {
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let indent = line.len() - line.trim_start().len();
            if line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
                return point_at(self.text, self.name, start + indent..start + indent + key.len(), what);
            }
            start += line.len();
        }
        format!("{}: {key}: {what}", self.name)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawContribution {
    share: Option<f64>,
    probability: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClaim {
    package: Option<String>,
    party: Option<String>,
    facet: String,
    place: String,
    source: String,
    since: Option<String>,
    until: Option<String>,
}

/// Parses the text of a file that is shown under a name.
pub fn parse(text: &str, shown: &str, data: &Data) -> Result<Policy, PolicyError> {
    type Read = Raw<Spanned<String>, Spanned<RawClaim>, Spanned<RawException>, Spanned<RawBan>>;
    let raw: Read = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        PolicyError { problems: vec![point_at(text, shown, span, error.message())] }
    })?;
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    let lines: Vec<usize> = std::iter::once(0).chain(ends).collect();
    finish(raw, Shown { text, name: shown, lines: &lines }, data)
}

/// Reads `[workspace.metadata.origin]`, which cargo passes on as JSON without places.
pub fn parse_json(value: &serde_json::Value, data: &Data) -> Result<Policy, PolicyError> {
    let name = "Cargo.toml: workspace.metadata.origin";
    let raw: Raw<Bare<String>, Bare<RawClaim>, Bare<RawException>, Bare<RawBan>> =
        Raw::deserialize(value).map_err(|error| PolicyError { problems: vec![format!("{name}: {error}")] })?;
    finish(raw, Shown { text: "", name, lines: &[] }, data)
}

/// The policy, or every problem.
fn finish<H, C, E, B>(raw: Raw<H, C, E, B>, shown: Shown<'_>, data: &Data) -> Result<Policy, PolicyError>
where
    H: Placed<String>,
    C: Placed<RawClaim>,
    E: Placed<RawException>,
    B: Placed<RawBan>,
{
    let mut problems = Vec::new();
    let home = raw.home.and_then(|home| {
        let (text, span) = home.open();
        let wrong = |what: String| match &span {
            Some(_) => problems.push(shown.problem(span.as_ref(), "home", 0, &what)),
            None => problems.push(format!("{}: {what}", shown.name)),
        };
        country(&text, data).map_err(wrong).ok()
    });
    let claims = each(raw.claims, "claim", shown, &mut problems, |claim, reference| validate(claim, reference, data));
    let exceptions = each(raw.exceptions, "exception", shown, &mut problems, |raw, at| gate::exception(raw, at, data));
    let bans = each(raw.bans, "ban", shown, &mut problems, |raw, at| gate::ban(raw, at, data));
    let rules = gate::rules(&raw.rules, shown, data, &mut problems);
    let programmes = raw.programmes.inspect(|wanted| gate::programmes(wanted, shown, data, &mut problems));
    let contribution = raw.contribution.unwrap_or(RawContribution { share: None, probability: None });
    let mut checked =
        |key: &str, value: Option<f64>| {
            let wrong = value.filter(|value| !(*value > 0.0 && *value <= 1.0));
            problems.extend(wrong.map(|value| {
                format!("{}: contribution.{key} is {value}; it is a share above 0 and up to 1", shown.name)
            }));
            value
        };
    let contribution_share = checked("share", contribution.share);
    let contribution_probability = checked("probability", contribution.probability);
    // A policy can come with a change that nobody has read yet: it must not point outside.
    if let Some(path) = &raw.git_cache
        && (path.starts_with('/') || path.contains(['\\', ':']) || path.split('/').any(|part| part == ".."))
    {
        problems
            .push(format!("{}: git-cache `{path}` leads out of the workspace; use --git-cache for that", shown.name));
    }
    let git_cache = raw.git_cache;
    if problems.is_empty() {
        Ok(Policy {
            home,
            claims,
            contribution_share,
            contribution_probability,
            git_cache,
            programmes,
            rules,
            exceptions,
            bans,
        })
    } else {
        Err(PolicyError { problems })
    }
}

/// Every table of a kind, read; problems with their places.
fn each<R, T>(
    tables: Vec<impl Placed<R>>,
    kind: &str,
    shown: Shown<'_>,
    problems: &mut Vec<String>,
    read: impl Fn(R, String) -> Result<T, Vec<String>>,
) -> Vec<T> {
    let mut found = Vec::with_capacity(tables.len());
    for (number, table) in tables.into_iter().enumerate() {
        let (table, span) = table.open();
        match read(table, shown.reference(span.as_ref(), kind, number)) {
            Ok(read) => found.push(read),
            Err(wrong) => {
                problems.extend(wrong.iter().map(|what| shown.problem(span.as_ref(), kind, number, what)));
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

fn validate(raw: RawClaim, reference: String, data: &Data) -> Result<UserClaim, Vec<String>> {
    let mut problems = Vec::new();
    let subject = match (raw.package, raw.party) {
        (Some(name), None) => Some(ClaimSubject::Package(name)),
        (None, Some(path)) => {
            if let Some(found) = Repository::parse(&path) {
                Some(ClaimSubject::Party(found.path().to_owned()))
            } else {
                problems.push(format!("party `{path}` is not a forge path such as github.com/example"));
                None
            }
        }
        _ => {
            problems.push("a claim is about either a `package` or a `party`".to_owned());
            None
        }
    };
    let facet = Facet::from_word(&raw.facet);
    if facet.is_none() {
        let words: Vec<&str> = Facet::ALL.iter().map(|facet| facet.as_str()).collect();
        problems.push(format!("`{}` is not a facet; facets are {}", raw.facet, words.join(", ")));
    }
    let place = place(&raw.place, data).map_err(|what| problems.push(what)).ok();
    if raw.source.trim().is_empty() {
        problems.push("a claim needs a source".to_owned());
    }
    let mut date = |text: Option<String>| -> Option<Date> {
        text.and_then(|text| text.parse().map_err(|error| problems.push(format!("{error}"))).ok())
    };
    let valid = Period { from: date(raw.since), until: date(raw.until) };
    if let (Some(from), Some(until)) = (valid.from, valid.until)
        && until <= from
    {
        problems.push(format!("the claim ends ({until}) before it begins ({from})"));
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

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

/// A problem with file, line, the line itself and a caret under it.
fn point_at(text: &str, shown: &str, span: Range<usize>, what: &str) -> String {
    let start = span.start.min(text.len());
    let before = text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    let width = text.get(span).map_or(1, |part| part.lines().next().unwrap_or_default().chars().count()).max(1);
    let number = line_of(text, start);
    let margin = " ".repeat(number.to_string().len());
    format!(
        "{shown}:{number}:{}: {what}\n{margin} |\n{number} | {line}\n{margin} | {}{}",
        column + 1,
        " ".repeat(column),
        "^".repeat(width)
    )
}
