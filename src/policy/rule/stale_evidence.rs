//! What decided about stewards is too old on the day asked about.

use super::{Hit, Number, Rule, RuleSettings, When};
use crate::date::Date;
use crate::facts::Facet;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "stale-evidence",
    about: "what decided about stewards was looked at too long ago",
    level: Level::Warn,
    numbers: &[Number { key: "max-age-days", default: 730.0, most: 36500.0, flag: false }],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    let most = settings.number("max-age-days");
    let mut old = 0_usize;
    let mut oldest: Option<Date> = None;
    for (at, _) in subject.graph.packages().filter(|(_, package)| !package.member) {
        let answer = subject.attributions.of(at).facet(Facet::Steward);
        let newest = answer.claims[..answer.deciding].iter().filter_map(|claim| claim.observed).max();
        if let Some(day) = newest.filter(|day| f64::from(day.days_until(subject.as_of)) > most) {
            old += 1;
            oldest = Some(oldest.map_or(day, |known| known.min(day)));
        }
    }
    if let Some(oldest) = oldest {
        hits.push(Hit::whole(format!(
            "the evidence on the steward of {old} packages is more than {most:.0} days old, the oldest of {oldest}"
        )));
    }
}
