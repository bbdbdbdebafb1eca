//! An exception of the policy has expired: it no longer accepts anything.

use super::{Hit, Rule, RuleSettings, When};
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "expired-exception",
    about: "an exception of the policy has expired",
    level: Level::Warn,
    numbers: &[],
    countries: false,
    when: When::Last,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    for exception in subject.policy.exceptions.iter().filter(|exception| exception.expired(subject.as_of)) {
        let day = exception.until.map_or_else(String::new, |day| format!(" on {day}"));
        let because = format!("the exception at {} expired{day}: {}", exception.reference, exception.reason);
        hits.push(Hit { about: exception.reference.clone(), ..Hit::whole(because) });
    }
}
