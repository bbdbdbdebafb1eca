//! Half of the work on a package is done by very few people.

use super::{Hit, Number, Rule, RuleSettings, When};
use crate::facts::Facet;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "bus-factor",
    about: "half of the work on the package is done by very few people",
    level: Level::Allow,
    numbers: &[Number { key: "max-people", default: 1.0, most: 1000.0, flag: false }],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    for (at, package) in subject.graph.packages().filter(|(_, package)| !package.member) {
        let Some(work) = &subject.attributions.of(at).facet(Facet::Contribution).work else { continue };
        // Work of several repositories together has no count of people.
        if work.people > 0 && f64::from(work.half) <= settings.number("max-people") {
            let because = format!("{} of {} people did half of the work of {}", work.half, work.people, work.years.1);
            hits.push(Hit::on(at, Facet::Contribution, format!("{}: {because}", package.name)));
        }
    }
}
