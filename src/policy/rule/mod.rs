//! What a policy can look for: one rule a file.
//!
//! A rule collects hits. It does not know levels, dates of programmes or exceptions: `evaluate` does, once for all rules. `RULES` is the list;
//! `tests/it/completeness.rs` holds that files, ids, documentation and tests name the same rules.

mod build_time_code;
mod bus_factor;
mod concentration;
mod expired_exception;
mod foreign_to_home;
mod listed_channel;
mod listed_contribution;
mod listed_name;
mod listed_owner;
mod listed_party;
mod listed_publisher;
mod listed_seat;
mod native_upstream;
mod single_country;
mod stale_evidence;
mod unknown_origin;
mod unused_exception;
mod vendor_ban;

use std::collections::{BTreeMap, BTreeSet};

use super::Level;
use super::evaluate::Subject;
use crate::country::CountryCode;
use crate::date::Date;
use crate::exposure::{Exposure, Grade};
use crate::facts::Facet;
use crate::graph::PackageIx;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its id: the name of its file with hyphens.
    pub id: &'static str,
    /// What it finds, in one sentence.
    pub about: &'static str,
    /// Its level where the policy says nothing.
    pub level: Level,
    /// The numbers that it can be given.
    pub numbers: &'static [Number],
    /// Whether it can be given `countries`.
    pub countries: bool,
    /// When it runs.
    pub(super) when: When,
    pub(super) check: fn(&Subject<'_>, &RuleSettings, &mut Vec<Hit>),
}

impl Rule {
    /// The keys that a policy can give it.
    pub fn keys(&self) -> Vec<&'static str> {
        let known = std::iter::once("level").chain(self.numbers.iter().map(|number| number.key));
        known.chain(self.countries.then_some("countries")).collect()
    }
}

/// When a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// With the others.
    First,
    /// After exceptions have met the hits of the others.
    Last,
}

/// A number that a rule can be given.
#[derive(Debug)]
pub struct Number {
    /// The key.
    pub key: &'static str,
    /// Where the policy says nothing.
    pub default: f64,
    /// The largest value; the smallest is 0.
    pub most: f64,
    /// It is written as `true` or `false`.
    pub flag: bool,
}

/// Every rule, in the order of reports.
pub static RULES: [Rule; 18] = [
    listed_party::RULE,
    listed_name::RULE,
    listed_owner::RULE,
    listed_seat::RULE,
    listed_publisher::RULE,
    listed_contribution::RULE,
    listed_channel::RULE,
    native_upstream::RULE,
    build_time_code::RULE,
    vendor_ban::RULE,
    unknown_origin::RULE,
    single_country::RULE,
    concentration::RULE,
    bus_factor::RULE,
    foreign_to_home::RULE,
    stale_evidence::RULE,
    expired_exception::RULE,
    unused_exception::RULE,
];

/// The rule with an id, by its place.
pub fn rule(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

/// What the policy says of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSettings {
    /// Its level.
    pub level: Level,
    /// Its numbers, by key.
    pub numbers: BTreeMap<&'static str, f64>,
    /// The numbers that the policy itself gives.
    pub given: BTreeSet<&'static str>,
    /// The countries that it is about; empty for all.
    pub countries: Vec<CountryCode>,
}

impl RuleSettings {
    /// Those of a rule of which the policy says nothing.
    pub fn of(rule: &Rule) -> Self {
        let numbers = rule.numbers.iter().map(|number| (number.key, number.default)).collect();
        Self { level: rule.level, numbers, given: BTreeSet::new(), countries: Vec::new() }
    }

    /// A number of the rule's own list.
    fn number(&self, key: &str) -> f64 {
        self.numbers.get(key).copied().unwrap_or_default()
    }
}

/// One reason for a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The package; nothing where the whole graph is meant.
    pub package: Option<PackageIx>,
    /// The programme, by its place among those applied.
    pub programme: Option<usize>,
    /// The ban of the policy, by its place.
    pub ban: Option<usize>,
    /// How near it is, for rules that look for a grade: what is nearer and as grave says enough.
    pub grade: Option<Grade>,
    /// What a hit on the graph as a whole is about, where a rule has several.
    pub about: String,
    /// How large what is found in the graph as a whole is: a change is held to making it larger.
    pub size: Option<f64>,
    /// The facet.
    pub facet: Option<Facet>,
    /// Id of the party in the register.
    pub party: Option<&'static str>,
    /// Why, in words.
    pub because: String,
    /// Since when.
    pub since: Option<Date>,
    /// How sure the evidence is, 0 to 1, where that is a probability.
    pub probability: Option<f64>,
}

impl Hit {
    /// A hit on the graph as a whole.
    fn whole(because: String) -> Self {
        Self {
            package: None,
            programme: None,
            ban: None,
            grade: None,
            about: String::new(),
            size: None,
            facet: None,
            party: None,
            because,
            since: None,
            probability: None,
        }
    }

    /// The same with its size.
    fn sized(self, about: &str, size: f64) -> Self {
        Self { about: about.to_owned(), size: Some(size), ..self }
    }

    /// A hit on a package.
    fn on(package: PackageIx, facet: Facet, because: String) -> Self {
        Self { package: Some(package), facet: Some(facet), ..Self::whole(because) }
    }
}

/// Hits for the exposures that fit, the nearest first. What is only possible is not among them: the report shows it.
fn exposed(subject: &Subject<'_>, hits: &mut Vec<Hit>, fits: impl Fn(&Exposure) -> bool) {
    hits.extend(subject.exposures.iter().filter(|exposure| fits(exposure)).map(|exposure| Hit {
        programme: Some(exposure.programme),
        party: exposure.party.map(|at| subject.data.vendor(at).id),
        since: exposure.since,
        probability: Some(exposure.probability),
        ..Hit::on(exposure.package, exposure.facet, exposure.because.clone())
    }));
}

/// The same for a rule that looks for a grade, native code aside: that has a rule of its own.
fn listed(subject: &Subject<'_>, hits: &mut Vec<Hit>, grade: Grade, fits: impl Fn(&Exposure) -> bool) {
    let from = hits.len();
    exposed(subject, hits, |exposure| exposure.grade == grade && exposure.facet != Facet::Native && fits(exposure));
    hits[from..].iter_mut().for_each(|hit| hit.grade = Some(grade));
}

/// Whether the place of an exposure is that of an owner, and not of the party itself.
fn through_owner(subject: &Subject<'_>, exposure: &Exposure) -> bool {
    use crate::exposure::CoverageVia;
    use crate::party::{Seat, standing};
    match (exposure.via, exposure.party, exposure.place) {
        (Some((via, _)), ..) => via != CoverageVia::Named,
        (None, Some(party), Some(place)) => match standing(subject.data, party, subject.as_of).seat {
            Seat::Country { country, .. } => country != place.country(),
            Seat::Conflict(countries) => !countries.contains(&place.country()),
            Seat::None | Seat::Unknown(_) => true,
        },
        _ => false,
    }
}

/// A share in words.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
