//! The native code that a package carries or binds to comes from a named party or a listed place.

use super::{Hit, Rule, RuleSettings, When, exposed};
use crate::facts::Facet;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "native-upstream",
    about: "the native code in the package comes from a named party or a listed place",
    level: Level::Warn,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    exposed(subject, hits, |exposure| exposure.facet == Facet::Native);
}
