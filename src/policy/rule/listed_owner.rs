//! The party that stands behind a package belongs to one that a programme names, or to one that has its seat in a listed place.

use super::{Hit, Rule, RuleSettings, When, listed, through_owner};
use crate::exposure::Grade;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "listed-owner",
    about: "the party that stands behind the package belongs to a named party, or to one with its seat in a listed place",
    level: Level::Deny,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    for grade in [Grade::Named, Grade::Seat] {
        listed(subject, hits, grade, |exposure| through_owner(subject, exposure));
    }
}
