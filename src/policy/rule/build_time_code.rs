//! Exposed code runs on the build machine: a build script, a procedural macro, or what they need.

use std::collections::BTreeSet;

use super::{Hit, Number, Rule, RuleSettings, When, exposed};
use crate::exposure::Grade;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "build-time-code",
    about: "exposed code runs on the build machine",
    level: Level::Deny,
    numbers: &[
        // Work that is only partly done in a listed place is a weak reason to fear a build script; who wants it says so.
        Number { key: "contribution", default: 0.0, most: 1.0, flag: true },
    ],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    let contribution = settings.number("contribution") > 0.0;
    exposed(subject, hits, |exposure| {
        (contribution || exposure.grade != Grade::Contribution)
            && subject.graph.package(exposure.package).runs_at_build() == Some(true)
    });
    // One reason a programme is enough, the nearest.
    let mut seen = BTreeSet::new();
    hits.retain(|hit| seen.insert((hit.package, hit.programme)));
}
