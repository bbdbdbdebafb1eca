//! Everything that is known of a package points to one country.

use super::{Hit, Rule, RuleSettings, When};
use crate::exposure::one_country;
use crate::facts::Facet;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "single-country",
    about: "every facet of the package that has a country has the same one",
    level: Level::Allow,
    numbers: &[],
    countries: true,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    for (at, country) in one_country(subject.graph, subject.attributions) {
        if settings.countries.is_empty() || settings.countries.contains(&country) {
            hits.push(Hit::on(at, Facet::Steward, format!("everything that is known of it is in {country}")));
        }
    }
}
