//! The party that stands behind a package belongs to one that a programme names, or to one that has its seat in a listed place.

use super::{Hit, Rule, RuleSettings, When, exposed, graded, through_owner};
use crate::exposure::{Exposure, Grade};
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
    let near = |exposure: &Exposure| graded(exposure, Grade::Named) || graded(exposure, Grade::Seat);
    exposed(subject, hits, |exposure| near(exposure) && through_owner(subject, exposure));
}
