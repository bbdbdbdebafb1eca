//! A large enough share of the work on a package is done in listed places; how large and how sure, the policy says under `[contribution]`.

use super::{Hit, Rule, RuleSettings, When, listed};
use crate::exposure::Grade;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "listed-contribution",
    about: "enough of the work on the package is done in listed places (see `[contribution]`)",
    level: Level::Warn,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    listed(subject, hits, Grade::Contribution, |_| true);
}
