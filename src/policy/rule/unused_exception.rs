//! An exception of the policy accepts nothing: what it was for has gone, or it has a typo.

use super::{Hit, Rule, RuleSettings, When};
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "unused-exception",
    about: "an exception of the policy accepts nothing",
    level: Level::Warn,
    numbers: &[],
    countries: false,
    when: When::Last,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    for (number, exception) in subject.policy.exceptions.iter().enumerate() {
        if !subject.used.contains(&number) && !exception.expired(subject.as_of) {
            let because = format!("the exception at {} accepts nothing: {}", exception.reference, exception.reason);
            hits.push(Hit { about: exception.reference.clone(), ..Hit::whole(because) });
        }
    }
}
