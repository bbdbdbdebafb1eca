//! A package has its steward outside of the home country; needs `home`.

use super::{Hit, Rule, RuleSettings, When};
use crate::attribution::Origin;
use crate::facts::Facet;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "foreign-to-home",
    about: "the package has its steward outside of the home country",
    level: Level::Allow,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    let Some(home) = subject.home else { return };
    for (at, _) in subject.graph.packages().filter(|(_, package)| !package.member) {
        if let Origin::Country(place) = subject.attributions.of(at).facet(Facet::Steward).origin
            && place.country() != home
        {
            hits.push(Hit::on(at, Facet::Steward, format!("its steward is in {place}, not in {home}")));
        }
    }
}
