//! What is there today, as a policy could accept it.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Answers, Evaluation};
use super::rule::RULES;
use super::{Level, Policy};

/// What a policy would have to accept so that nothing fails.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    /// Exceptions, in the order of findings.
    pub exceptions: Vec<Acceptance>,
    /// By rule: the key and the value that accept what the graph as a whole is today, and the rule's level.
    pub limits: BTreeMap<&'static str, (&'static str, f64, Level)>,
}

/// An exception that is not written yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// Name of the package; nothing for the graph as a whole.
    pub package: Option<String>,
    /// The rule.
    pub rule: &'static str,
    /// Id of the programme, if one is behind it.
    pub programme: Option<&'static str>,
    /// What was found, in words.
    pub because: String,
}

/// What an evaluation would have to accept: one exception for each rule, package and programme, so that nothing else is accepted with it.
pub(super) fn baseline(policy: &Policy, answers: &Answers<'_>, evaluation: &Evaluation) -> Baseline {
    let mut found = Baseline::default();
    let mut seen = BTreeSet::new();
    for finding in evaluation.findings.iter().filter(|finding| finding.level == Level::Deny) {
        let rule = &RULES[finding.rule];
        let package = finding.package.map(|at| answers.graph.package(at).name.clone());
        for weighed in finding.hits.iter().filter(|weighed| weighed.accepted.is_none() && weighed.level == Level::Deny)
        {
            let hit = &weighed.hit;
            // A share of the whole is held to what it is, rather than never looked at again.
            let key = rule.numbers.iter().map(|number| number.key).find(|key| *key == "max-share");
            if let (None, Some(size), Some(key)) = (hit.package, hit.size, key) {
                let limit = (size * 100.0).ceil() / 100.0;
                let known = found.limits.entry(rule.id).or_insert((key, limit, policy.rule(finding.rule).level));
                known.1 = known.1.max(limit);
                continue;
            }
            let programme = hit.programme.and_then(|at| answers.applied.get(at)).map(|applied| applied.programme.id);
            if seen.insert((rule.id, package.clone(), programme)) {
                let (package, because) = (package.clone(), hit.because.clone());
                found.exceptions.push(Acceptance { package, rule: rule.id, programme, because });
            }
        }
    }
    found
}
