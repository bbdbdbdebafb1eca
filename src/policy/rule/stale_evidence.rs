//! What decided about stewards and publishers, and the lists that names were held against, are too old on the day asked about.

use super::{Hit, Number, Rule, RuleSettings, When};
use crate::attribution::is_owner;
use crate::date::Date;
use crate::facts::Facet;
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
    let most = settings.number("max-list-age-days");
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

/// How many packages have an answer whose newest evidence is too old, and of when the oldest is; of what was synced only, or of all.
fn stale(subject: &Subject<'_>, facet: Facet, most: f64, synced: bool) -> Option<(usize, Date)> {
    let mut old = 0_usize;
    let mut oldest: Option<Date> = None;
    for (at, _) in subject.graph.packages().filter(|(_, package)| !package.member) {
        let answer = subject.attributions.of(at).facet(facet);
        let deciders = answer.claims[..answer.deciding].iter().filter(|claim| !synced || is_owner(claim));
        let newest = deciders.filter_map(|claim| claim.observed).max();
        if let Some(day) = newest.filter(|day| f64::from(day.days_until(subject.as_of)) > most) {
            old += 1;
            oldest = Some(oldest.map_or(day, |known| known.min(day)));
        }
    }
    oldest.map(|oldest| (old, oldest))
}
