//! A programme names the party that stands behind a package.

use super::{Hit, Rule, RuleSettings, When, listed, through_owner};
use crate::exposure::Grade;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "listed-party",
    about: "a programme names the party that stands behind the package",
    level: Level::Deny,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    listed(subject, hits, Grade::Named, |exposure| !through_owner(subject, exposure));
}
