//! Who can publish a package sits in a listed place.

use super::{Hit, Rule, RuleSettings, When, listed};
use crate::exposure::Grade;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "listed-publisher",
    about: "who can publish the package sits in a listed place",
    level: Level::Warn,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    listed(subject, hits, Grade::Publisher, |_| true);
}
