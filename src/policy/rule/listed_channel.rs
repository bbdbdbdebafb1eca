//! A package, or the toolchain, comes through a registry, mirror, host or server in a listed place, or one that a programme names.

use super::{Hit, Rule, RuleSettings, When, listed};
use crate::exposure::Grade;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "listed-channel",
    about: "the package comes through a registry, mirror, host or server that is named or in a listed place",
    level: Level::Deny,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    listed(subject, hits, Grade::Channel, |_| true);
}
