//! Exposed code runs on the build machine: a build script, a procedural macro, or what they need.

use super::{Hit, Rule, RuleSettings, When, exposed};
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "build-time-code",
    about: "exposed code runs on the build machine",
    level: Level::Deny,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    exposed(subject, hits, |exposure| subject.graph.package(exposure.package).runs_at_build() == Some(true));
}
