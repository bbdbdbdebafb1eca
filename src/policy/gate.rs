//! The tables of a policy that the gate reads: rules, exceptions, bans, programmes.

use std::collections::BTreeMap;
use std::ops::Range;

use semver::VersionReq;
use serde::Deserialize;
use toml::de::DeValue;

use super::raw::{Wrong, country};
use super::rule::{RULES, Rule, RuleSettings, rule};
use super::text::{Text, Value, json};
use super::{Ban, BanTarget, Exception, Level};
use crate::data::Data;
use crate::date::Date;
use crate::party::Repository;

/// Something that is accepted. What is not given fits everything; at least one scope is given.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawException {
    /// Name of a package.
    package: Option<String>,
    /// Its versions, as cargo writes ranges; needs `package`.
    version: Option<String>,
    /// Id of a rule.
    rule: Option<String>,
    /// Id of a programme.
    programme: Option<String>,
    /// Id of a party in the register.
    party: Option<String>,
    /// Name of a package that every way to the accepted one goes through.
    through: Option<String>,
    /// Why.
    reason: String,
    /// The day from which it no longer holds, YYYY-MM-DD.
    until: Option<String>,
    /// Who agreed.
    agreed: Option<String>,
}

/// A row of your own list: one of `vendor`, `account` and `package`.
#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawBan {
    /// Id of a party in the register; what it owns or holds is meant too.
    vendor: Option<String>,
    /// An account of a forge, such as `github.com/example`.
    account: Option<String>,
    /// Name of a package, in every version.
    package: Option<String>,
    /// First day, YYYY-MM-DD.
    from: Option<String>,
    /// Until this day existing use is tolerated, YYYY-MM-DD.
    grace_until: Option<String>,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// The word that differs least, if it differs little.
pub fn nearest<'a>(known: impl Iterator<Item = &'a str>, wanted: &str) -> Option<&'a str> {
    let scored = known.map(|word| (strsim::jaro_winkler(word, wanted), word)).filter(|(score, _)| *score > 0.85);
    scored.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, word)| word)
}

/// The same as a hint.
pub(super) fn near<'a>(known: impl Iterator<Item = &'a str>, wanted: &str) -> String {
    nearest(known, wanted).map_or_else(String::new, |word| format!("; did you mean `{word}`?"))
}

fn rule_of(id: &str) -> Result<usize, String> {
    rule(id).ok_or_else(|| format!("`{id}` is not a rule{}", near(RULES.iter().map(|rule| rule.id), id)))
}

pub(super) fn day(key: &'static str, text: Option<String>, problems: &mut Wrong) -> Option<Date> {
    text.and_then(|text| text.parse().map_err(|error| problems.push((key, format!("{error}")))).ok())
}

pub(super) fn exception(raw: RawException, reference: String, data: &Data) -> Result<Exception, Wrong> {
    let mut problems = Wrong::new();
    let version = raw.version.and_then(|text| {
        let wrong = |error| problems.push(("version", format!("version `{text}` is no range of versions: {error}")));
        VersionReq::parse(&text).map_err(wrong).ok()
    });
    let rule = raw.rule.and_then(|id| rule_of(&id).map_err(|what| problems.push(("rule", what))).ok());
    if let Some(id) = raw.programme.as_deref().filter(|id| data.programme(id).is_none()) {
        problems.push(("programme", no_programme(id, data)));
    }
    if let Some(id) = raw.party.as_deref().filter(|id| data.vendor_by_id(id).is_none()) {
        problems.push(("party", no_vendor(id, data)));
    }
    let scopes =
        [raw.package.is_some(), rule.is_some(), raw.programme.is_some(), raw.party.is_some(), raw.through.is_some()];
    if problems.is_empty() && !scopes.contains(&true) {
        problems.push(("", "an exception needs a scope: package, rule, programme, party or through".to_owned()));
    }
    if version.is_some() && raw.package.is_none() {
        problems.push(("version", "`version` needs `package`".to_owned()));
    }
    if raw.reason.trim().is_empty() {
        problems.push(("reason", "an exception needs a reason".to_owned()));
    }
    let until = day("until", raw.until, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let RawException { package, programme, party, through, reason, agreed, .. } =
        RawException { version: None, rule: None, until: None, ..raw };
    Ok(Exception { package, version, rule, programme, party, through, reason, until, agreed, reference })
}

pub(super) fn ban(raw: RawBan, reference: String, data: &Data) -> Result<Ban, Wrong> {
    let mut problems = Wrong::new();
    let target = match (raw.vendor, raw.account, raw.package) {
        (Some(id), None, None) => data
            .vendor_by_id(&id)
            .map(BanTarget::Vendor)
            .ok_or_else(|| problems.push(("vendor", no_vendor(&id, data))))
            .ok(),
        (None, Some(account), None) => {
            let wrong = || {
                let what = format!("account `{account}` is not a forge account such as github.com/example");
                problems.push(("account", what));
            };
            let found = Repository::parse(&account).filter(|found| found.owner() == found.path());
            found.map(|found| BanTarget::Account(found.path().to_owned())).ok_or_else(wrong).ok()
        }
        (None, None, Some(name)) => Some(BanTarget::Package(name)),
        _ => {
            problems.push(("", "a ban is about one of `vendor`, `account` or `package`".to_owned()));
            None
        }
    };
    let from = day("from", raw.from, &mut problems);
    let grace_until = day("grace-until", raw.grace_until, &mut problems);
    if let (Some(from), Some(until)) = (from, grace_until)
        && until <= from
    {
        problems.push(("grace-until", format!("the grace ends ({until}) before the ban begins ({from})")));
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

pub(super) fn programmes(wanted: &[(String, Range<usize>)], text: &Text<'_>, data: &Data, problems: &mut Vec<String>) {
    for (word, span) in wanted {
        let what = match word.strip_prefix("tag:") {
            Some(tag) => {
                let tags = || data.tables.programmes.iter().flat_map(|row| row.tags.iter().copied());
                (!tags().any(|known| known == tag))
                    .then(|| format!("no programme has the tag `{tag}`{}", near(tags(), tag)))
            }
            None => data.programme(word).is_none().then(|| no_programme(word, data)),
        };
        problems.extend(what.map(|what| text.problem(span, &what)));
    }
}

pub(super) fn rules(
    text: &Text<'_>,
    value: &Value<'_>,
    data: &Data,
    problems: &mut Vec<String>,
) -> BTreeMap<usize, RuleSettings> {
    let mut found = BTreeMap::new();
    let Some(table) = value.get_ref().as_table() else {
        problems.push(text.problem(&value.span(), "`rules` is a table: a level, or a table, for each rule"));
        return found;
    };
    for (id, value) in table {
        match rule_of(id.get_ref()) {
            Err(what) => problems.push(text.problem(&id.span(), &what)),
            Ok(number) => {
                let mut wrong = |span: &Range<usize>, what: &str| problems.push(text.problem(span, what));
                found.insert(number, settings(&RULES[number], value, data, &mut wrong));
            }
        }
    }
    found
}

/// A level that is written as a word.
pub(super) fn level(value: &Value<'_>) -> Result<Level, String> {
    let word = value.get_ref().as_str().and_then(Level::from_word);
    word.ok_or_else(|| format!("{} is not a level; levels are allow, warn and deny", json(value.get_ref())))
}

/// What a policy says of one rule: a level, or a table.
fn settings(rule: &Rule, value: &Value<'_>, data: &Data, wrong: &mut impl FnMut(&Range<usize>, &str)) -> RuleSettings {
    let mut settings = RuleSettings::of(rule);
    let mut set_level = |value: &Value<'_>, wrong: &mut dyn FnMut(&Range<usize>, &str)| match level(value) {
        Ok(level) => settings.level = level,
        Err(what) => wrong(&value.span(), &what),
    };
    let table = match value.get_ref() {
        DeValue::String(_) => {
            set_level(value, wrong);
            return settings;
        }
        DeValue::Table(table) => table,
        _ => {
            wrong(&value.span(), "a rule has a level, or a table with its level and keys");
            return settings;
        }
    };
    for (key, value) in table {
        let (key, place) = (key.get_ref().as_ref(), key.span());
        if key == "level" {
            set_level(value, wrong);
        } else if let Some(number) = rule.numbers.iter().find(|number| number.key == key) {
            let given = json(value.get_ref());
            let flag = || given.as_bool().map(|yes| if yes { 1.0 } else { 0.0 });
            let read = if number.flag { flag() } else { given.as_f64() };
            match read.filter(|read| (0.0..=number.most).contains(read)) {
                Some(read) => {
                    settings.numbers.insert(number.key, read);
                    settings.given.insert(number.key);
                }
                None if number.flag => wrong(&value.span(), &format!("{key} is {given}; it is true or false")),
                None => wrong(&value.span(), &format!("{key} is {given}; it is a number from 0 to {}", number.most)),
            }
        } else if rule.countries && key == "countries" {
            // An empty list would mean every country, and so would one that is not understood.
            let codes = value.get_ref().as_array().filter(|codes| !codes.is_empty());
            if codes.is_none() {
                let what = format!("countries is {}; it is a list of country codes", json(value.get_ref()));
                wrong(&value.span(), &what);
            }
            for code in codes.into_iter().flat_map(|codes| codes.iter()) {
                match country(code.get_ref().as_str().unwrap_or_default(), data) {
                    Ok(code) => settings.countries.push(code),
                    Err(what) => wrong(&code.span(), &what),
                }
            }
        } else {
            let known = rule.keys();
            let hint = near(known.iter().copied(), key);
            wrong(&place, &format!("`{key}` is not a key of this rule{hint}; its keys are {}", known.join(", ")));
        }
    }
    settings
}
