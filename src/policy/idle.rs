//! Exceptions that name a package and accept nothing of it, and why.

use super::evaluate::{Answers, Evaluation, Weighed};
use super::rule::RULES;
use super::{Exception, Level, Policy};
use crate::graph::PackageIx;

/// An exception that accepts nothing of a package that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// Its place in the policy.
    pub exception: usize,
    /// Why, in words.
    pub why: String,
}

/// Those of a package, in the order of the policy.
pub fn idle(policy: &Policy, answers: &Answers<'_>, evaluation: &Evaluation, at: PackageIx) -> Vec<Idle> {
    let of_package = evaluation.findings.iter().filter(|finding| finding.package == Some(at));
    let found = of_package.flat_map(|finding| finding.hits.iter().map(|weighed| (finding.rule, weighed)));
    let look = Look { policy, answers, found: found.collect(), at };
    let name = &answers.graph.package(at).name;
    let mut idle = Vec::new();
    for (number, exception) in policy.exceptions.iter().enumerate() {
        let accepts = look.found.iter().any(|(_, weighed)| weighed.accepted == Some(number));
        if exception.package.as_ref() == Some(name) && !accepts {
            let why = look.why(exception, evaluation.used.contains(&number));
            idle.push(Idle { exception: number, why });
        }
    }
    idle
}

struct Look<'a> {
    policy: &'a Policy,
    answers: &'a Answers<'a>,
    /// What is found in the package, with the rule.
    found: Vec<(usize, &'a Weighed)>,
    at: PackageIx,
}

impl Look<'_> {
    /// Why an exception accepts nothing here; `used`, whether it accepts anything at all.
    fn why(&self, exception: &Exception, used: bool) -> String {
        let package = self.answers.graph.package(self.at);
        if let Some(until) = exception.until.filter(|_| exception.expired(self.answers.as_of)) {
            return format!("it has not held since {until}");
        }
        if let Some(version) = exception.version.as_ref().filter(|wanted| !wanted.matches(&package.version)) {
            return format!("it is about versions {version}");
        }
        if let Some(name) = exception.through.as_ref().filter(|name| !self.answers.graph.only_through(self.at, name)) {
            return format!("not every way to the package goes through {name}");
        }
        if self.found.iter().any(|(rule, weighed)| self.fits(exception, *rule, weighed)) {
            return "another exception before it accepts the same".to_owned();
        }
        if used {
            return "what it accepts is of another version, or said by something nearer".to_owned();
        }
        match (exception.rule, &exception.programme, &exception.party) {
            (Some(rule), ..) if self.policy.rule(rule).level == Level::Allow => {
                format!("the policy allows what {} finds", RULES[rule].id)
            }
            (Some(rule), ..) if !self.found.iter().any(|row| row.0 == rule) => {
                format!("{} finds nothing in it", RULES[rule].id)
            }
            (None, None, None) => "nothing is found in it".to_owned(),
            _ => "nothing is found in it of the rule, programme and party that it names".to_owned(),
        }
    }

    fn fits(&self, exception: &Exception, rule: usize, weighed: &Weighed) -> bool {
        let programme = weighed.hit.programme.and_then(|at| self.answers.applied.get(at));
        let programme = programme.map(|applied| applied.programme.id);
        exception.rule.is_none_or(|wanted| wanted == rule)
            && exception.programme.as_deref().is_none_or(|wanted| programme == Some(wanted))
            && exception.party.as_deref().is_none_or(|wanted| weighed.hit.party == Some(wanted))
    }
}
