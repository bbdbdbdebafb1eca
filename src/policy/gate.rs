//! The tables of a policy that the gate reads: rules, exceptions, bans, programmes.

use std::collections::BTreeMap;

use semver::VersionReq;
use serde::Deserialize;

use super::raw::{Shown, country};
use super::rule::{RULES, Rule, RuleSettings, rule};
use super::{Ban, BanTarget, Exception, Level};
use crate::data::Data;
use crate::date::Date;
use crate::party::Repository;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawException {
    package: Option<String>,
    version: Option<String>,
    rule: Option<String>,
    programme: Option<String>,
    party: Option<String>,
    through: Option<String>,
    reason: String,
    until: Option<String>,
    agreed: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawBan {
    vendor: Option<String>,
    account: Option<String>,
    package: Option<String>,
    from: Option<String>,
    grace_until: Option<String>,
    #[serde(default)]
    reason: String,
}

/// The word that differs least, if it differs little.
pub fn nearest<'a>(known: impl Iterator<Item = &'a str>, wanted: &str) -> Option<&'a str> {
    let scored = known.map(|word| (strsim::jaro_winkler(word, wanted), word)).filter(|(score, _)| *score > 0.85);
    scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, word)| word)
}

/// The same as a hint.
fn near<'a>(known: impl Iterator<Item = &'a str>, wanted: &str) -> String {
    nearest(known, wanted).map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

fn rule_of(id: &str) -> Result<usize, String> {
    rule(id).ok_or_else(|| format!("`{id}` is not a rule{}", near(RULES.iter().map(|rule| rule.id), id)))
}

fn day(text: Option<String>, problems: &mut Vec<String>) -> Option<Date> {
    text.and_then(|text| text.parse().map_err(|error| problems.push(format!("{error}"))).ok())
}

pub(super) fn exception(raw: RawException, reference: String, data: &Data) -> Result<Exception, Vec<String>> {
    let mut problems = Vec::new();
    let version = raw.version.and_then(|text| {
        let wrong = |error| problems.push(format!("version `{text}` is no range of versions: {error}"));
        VersionReq::parse(&text).map_err(wrong).ok()
    });
    let rule = raw.rule.and_then(|id| rule_of(&id).map_err(|what| problems.push(what)).ok());
    if let Some(id) = raw.programme.as_deref().filter(|id| data.programme(id).is_none()) {
        problems.push(no_programme(id, data));
    }
    if let Some(id) = raw.party.as_deref().filter(|id| data.vendor_by_id(id).is_none()) {
        problems.push(no_vendor(id, data));
    }
    let scopes =
        [raw.package.is_some(), rule.is_some(), raw.programme.is_some(), raw.party.is_some(), raw.through.is_some()];
    if problems.is_empty() && !scopes.contains(&true) {
        problems.push("an exception needs a scope: package, rule, programme, party or through".to_owned());
    }
    if version.is_some() && raw.package.is_none() {
        problems.push("`version` needs `package`".to_owned());
    }
    if raw.reason.trim().is_empty() {
        problems.push("an exception needs a reason".to_owned());
    }
    let until = day(raw.until, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let RawException { package, programme, party, through, reason, agreed, .. } =
        RawException { version: None, rule: None, until: None, ..raw };
    Ok(Exception { package, version, rule, programme, party, through, reason, until, agreed, reference })
}

pub(super) fn ban(raw: RawBan, reference: String, data: &Data) -> Result<Ban, Vec<String>> {
    let mut problems = Vec::new();
    let target = match (raw.vendor, raw.account, raw.package) {
        (Some(id), None, None) => {
            data.vendor_by_id(&id).map(BanTarget::Vendor).ok_or_else(|| problems.push(no_vendor(&id, data))).ok()
        }
        (None, Some(account), None) => {
            let wrong =
                || problems.push(format!("account `{account}` is not a forge account such as github.com/example"));
            let found = Repository::parse(&account).filter(|found| found.owner() == found.path());
            found.map(|found| BanTarget::Account(found.path().to_owned())).ok_or_else(wrong).ok()
        }
        (None, None, Some(name)) => Some(BanTarget::Package(name)),
        _ => {
            problems.push("a ban is about one of `vendor`, `account` or `package`".to_owned());
            None
        }
    };
    let from = day(raw.from, &mut problems);
    let grace_until = day(raw.grace_until, &mut problems);
    if let (Some(from), Some(until)) = (from, grace_until)
        && until <= from
    {
        problems.push(format!("the grace ends ({until}) before the ban begins ({from})"));
    }
    match target {
        Some(target) if problems.is_empty() => Ok(Ban { target, from, grace_until, reason: raw.reason, reference }),
        _ => Err(problems),
    }
}

fn no_programme(id: &str, data: &Data) -> String {
    let hint = near(data.tables.programmes.iter().map(|row| row.id), id);
    format!("`{id}` is not a programme{hint} (cargo origin programmes lists them)")
}

fn no_vendor(id: &str, data: &Data) -> String {
    let hint = near(data.tables.vendors.iter().map(|row| row.id), id);
    format!("`{id}` is not in the register{hint} (cargo origin vendors lists it)")
}

pub(super) fn programmes(wanted: &[String], shown: Shown<'_>, data: &Data, problems: &mut Vec<String>) {
    for word in wanted {
        let what = match word.strip_prefix("tag:") {
            Some(tag) => {
                let tags = || data.tables.programmes.iter().flat_map(|row| row.tags.iter().copied());
                (!tags().any(|known| known == tag))
                    .then(|| format!("no programme has the tag `{tag}`{}", near(tags(), tag)))
            }
            None => data.programme(word).is_none().then(|| no_programme(word, data)),
        };
        problems.extend(what.map(|what| shown.problem_at_key("programmes", &what)));
    }
}

pub(super) fn rules(
    raw: &BTreeMap<String, serde_json::Value>,
    shown: Shown<'_>,
    data: &Data,
    problems: &mut Vec<String>,
) -> BTreeMap<usize, RuleSettings> {
    let mut found = BTreeMap::new();
    for (id, value) in raw {
        let mut wrong = |what: &str| problems.push(shown.problem_at_key(id, what));
        match rule_of(id) {
            Err(what) => wrong(&what),
            Ok(number) => {
                let settings = settings(&RULES[number], value, data, &mut wrong);
                found.insert(number, settings);
            }
        }
    }
    found
}

fn settings(rule: &Rule, value: &serde_json::Value, data: &Data, wrong: &mut impl FnMut(&str)) -> RuleSettings {
    use serde_json::Value;
    let mut settings = RuleSettings::of(rule);
    let mut level = |value: &Value, wrong: &mut dyn FnMut(&str)| match value.as_str().and_then(Level::from_word) {
        Some(level) => settings.level = level,
        None => wrong(&format!("{value} is not a level; levels are allow, warn and deny")),
    };
    let table = match value {
        Value::String(_) => {
            level(value, wrong);
            return settings;
        }
        Value::Object(table) => table,
        _ => {
            wrong("a rule has a level, or a table with its level and keys");
            return settings;
        }
    };
    for (key, value) in table {
        if key == "level" {
            level(value, wrong);
        } else if let Some(number) = rule.numbers.iter().find(|number| number.key == key) {
            let flag = || value.as_bool().map(|yes| if yes { 1.0 } else { 0.0 });
            let given = if number.flag { flag() } else { value.as_f64() };
            match given.filter(|given| (0.0..=number.most).contains(given)) {
                Some(given) => {
                    settings.numbers.insert(number.key, given);
                }
                None if number.flag => wrong(&format!("{key} is {value}; it is true or false")),
                None => wrong(&format!("{key} is {value}; it is a number from 0 to {}", number.most)),
            }
        } else if rule.countries && key == "countries" {
            // An empty list would mean every country, and so would one that is not understood.
            let codes = value.as_array().filter(|codes| !codes.is_empty());
            if codes.is_none() {
                wrong(&format!("countries is {value}; it is a list of country codes"));
            }
            for code in codes.into_iter().flatten() {
                match country(code.as_str().unwrap_or_default(), data) {
                    Ok(code) => settings.countries.push(code),
                    Err(what) => wrong(&what),
                }
            }
        } else {
            let known = ["level"].into_iter().chain(rule.numbers.iter().map(|number| number.key));
            let known: Vec<&str> = known.chain(rule.countries.then_some("countries")).collect();
            let hint = near(known.iter().copied(), key);
            wrong(&format!("`{key}` is not a key of this rule{hint}; its keys are {}", known.join(", ")));
        }
    }
    settings
}
