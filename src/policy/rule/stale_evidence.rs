//! What decided about stewards and publishers, and the lists that names were held against, are too old on the day asked about.
//!
//! A policy that itself sets how old owners or lists may be wants them to be there: then none at all is a finding too.

use super::{Hit, Number, Rule, RuleSettings, When};
use crate::attribution::is_owner;
use crate::date::Date;
use crate::facts::Facet;
use crate::graph::Source;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "stale-evidence",
    about: "what decided about stewards and publishers, or a list of sanctions, was looked at too long ago",
    level: Level::Warn,
    numbers: &[
        Number { key: "max-age-days", default: 730.0, most: 36500.0, flag: false },
        // Of what `sync` brought: who may publish can change on any day.
        Number { key: "max-publisher-age-days", default: 90.0, most: 36500.0, flag: false },
        Number { key: "max-list-age-days", default: 7.0, most: 36500.0, flag: false },
    ],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    let most = settings.number("max-age-days");
    if let Some((old, oldest)) = stale(subject, Facet::Steward, most, false) {
        hits.push(Hit::whole(format!(
            "the evidence on the steward of {old} packages is more than {most:.0} days old, the oldest of {oldest}"
        )));
    }
    let most = settings.number("max-publisher-age-days");
    if let Some((old, oldest)) = stale(subject, Facet::Publisher, most, true) {
        hits.push(Hit::whole(format!(
            "who may publish {old} packages was asked more than {most:.0} days ago, the first on {oldest}; `cargo origin sync` asks again"
        )));
    }
    let unasked = if settings.given.contains("max-publisher-age-days") { unasked(subject) } else { 0 };
    if unasked > 0 {
        hits.push(Hit::whole(format!(
            "the policy sets max-publisher-age-days, and of {unasked} packages of crates.io it is not known who may publish them; `cargo origin sync` asks"
        )));
    }
    let most = settings.number("max-list-age-days");
    if settings.given.contains("max-list-age-days") && subject.lists.is_empty() {
        let because = "the policy sets max-list-age-days, and no list was fetched; `cargo origin sync` asks";
        hits.push(Hit::whole(because.to_owned()));
    }
    for list in subject.lists {
        let Some(day) = list.fetched.day() else { continue };
        let days = day.days_until(subject.as_of);
        if f64::from(days) > most {
            hits.push(Hit::whole(format!(
                "the list {} is of {day}, {days} days before; `cargo origin sync` asks again",
                list.id
            )));
        }
    }
}

/// Packages of crates.io, which `sync` would ask about, of which no list of owners is known on the day.
fn unasked(subject: &Subject<'_>) -> usize {
    let of_registries = subject
        .graph
        .packages()
        .filter(|(_, package)| !package.patched && package.source == Source::CratesIo && !package.member);
    of_registries
        .filter(|(at, _)| subject.attributions.of(*at).facet(Facet::Publisher).owners().next().is_none())
        .count()
}

/// How many packages have an answer whose evidence is too old, and of when the oldest is: the newest that decided, or, of what was synced,
/// the oldest of those who may publish.
fn stale(subject: &Subject<'_>, facet: Facet, most: f64, synced: bool) -> Option<(usize, Date)> {
    let mut old = 0_usize;
    let mut oldest: Option<Date> = None;
    for (at, _) in subject.graph.packages().filter(|(_, package)| !package.member) {
        let answer = subject.attributions.of(at).facet(facet);
        let deciders = answer.claims[..answer.deciding].iter().filter(|claim| !synced || is_owner(claim));
        let days = deciders.filter_map(|claim| claim.observed);
        let day = if synced { days.min() } else { days.max() };
        if let Some(day) = day.filter(|day| f64::from(day.days_until(subject.as_of)) > most) {
            old += 1;
            oldest = Some(oldest.map_or(day, |known| known.min(day)));
        }
    }
    oldest.map(|oldest| (old, oldest))
}
