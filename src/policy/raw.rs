//! The text of `origin.toml` to a validated `Policy`, or every error at once.

use serde::Deserialize;
use toml::Spanned;

use super::Policy;
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
#[serde(deny_unknown_fields)]
struct Raw<H, C> {
    home: Option<H>,
    #[serde(rename = "git-cache")]
    git_cache: Option<String>,
    contribution: Option<RawContribution>,
    #[serde(default = "Vec::new", rename = "claim")]
    claims: Vec<C>,
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
    let raw: Raw<Spanned<String>, Spanned<RawClaim>> = toml::from_str(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        PolicyError { problems: vec![point_at(text, shown, span, error.message())] }
    })?;
    let mut problems = Vec::new();
    let home = raw.home.and_then(|home| {
        let span = home.span();
        country(home.get_ref(), data).map_err(|what| problems.push(point_at(text, shown, span, &what))).ok()
    });
    let mut claims = Vec::new();
    for claim in raw.claims {
        let span = claim.span();
        let line = line_of(text, span.start);
        match validate(claim.into_inner(), format!("{shown}:{line}"), data) {
            Ok(claim) => claims.push(claim),
            Err(found) => problems.extend(found.into_iter().map(|what| point_at(text, shown, span.clone(), &what))),
        }
    }
    finish(home, claims, raw.contribution, raw.git_cache, shown, problems)
}

/// The policy, or every problem.
fn finish(
    home: Option<CountryCode>,
    claims: Vec<UserClaim>,
    contribution: Option<RawContribution>,
    git_cache: Option<String>,
    shown: &str,
    mut problems: Vec<String>,
) -> Result<Policy, PolicyError> {
    let contribution = contribution.unwrap_or(RawContribution { share: None, probability: None });
    let mut checked = |key: &str, value: Option<f64>| {
        let wrong = value.filter(|value| !(*value > 0.0 && *value <= 1.0));
        problems.extend(
            wrong.map(|value| format!("{shown}: contribution.{key} is {value}; it is a share above 0 and up to 1")),
        );
        value
    };
    let contribution_share = checked("share", contribution.share);
    let contribution_probability = checked("probability", contribution.probability);
    // A policy can come with a change that nobody has read yet: it must not point outside.
    if let Some(path) = &git_cache
        && (path.starts_with('/') || path.contains(['\\', ':']) || path.split('/').any(|part| part == ".."))
    {
        problems.push(format!("{shown}: git-cache `{path}` leads out of the workspace; use --git-cache for that"));
    }
    if problems.is_empty() {
        Ok(Policy { home, claims, contribution_share, contribution_probability, git_cache })
    } else {
        Err(PolicyError { problems })
    }
}

/// Reads `[workspace.metadata.origin]`, which cargo passes on as JSON without places.
pub fn parse_json(value: &serde_json::Value, data: &Data) -> Result<Policy, PolicyError> {
    let shown = "Cargo.toml: workspace.metadata.origin";
    let raw: Raw<String, RawClaim> =
        Raw::deserialize(value).map_err(|error| PolicyError { problems: vec![format!("{shown}: {error}")] })?;
    let mut problems = Vec::new();
    let home =
        raw.home.and_then(|home| country(&home, data).map_err(|what| problems.push(format!("{shown}: {what}"))).ok());
    let mut claims = Vec::new();
    for (number, claim) in raw.claims.into_iter().enumerate() {
        let reference = format!("{shown}: claim {}", number + 1);
        match validate(claim, reference.clone(), data) {
            Ok(claim) => claims.push(claim),
            Err(found) => problems.extend(found.into_iter().map(|what| format!("{reference}: {what}"))),
        }
    }
    finish(home, claims, raw.contribution, raw.git_cache, shown, problems)
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
fn point_at(text: &str, shown: &str, span: std::ops::Range<usize>, what: &str) -> String {
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
