//! What a policy makes of one side.

use std::collections::BTreeMap;

use super::{JudgedPair, ProgrammePair, Sides, Standing, StandingPair};
use crate::exposure::Applied;
use crate::graph::Package;
use crate::policy::{Evaluation, Home, Level, Policy, RULES};
use crate::report::build::{label, source};
use crate::report::catalogue::status_word;
use crate::report::check::{counts, word};
use crate::report::diff::parts;
use crate::report::{Inputs, Untrusted};

/// A finding, whatever the version of its package: rule, name and source.
type Finding = (&'static str, Option<(String, String)>);

/// What a policy makes of a side.
#[derive(Clone, Debug)]
pub struct Judgement {
    pub(super) verdict: &'static str,
    pub(super) counts: BTreeMap<&'static str, u32>,
    pub(super) overrides: Vec<Untrusted>,
    findings: BTreeMap<Finding, (Level, Option<Untrusted>)>,
    standings: BTreeMap<&'static str, (&'static str, Standing)>,
}

/// Holds what was found out as far as two sides are compared by it.
pub fn judgement(inputs: &Inputs<'_>, policy: &Policy, evaluation: &Evaluation) -> Judgement {
    let home = Home { country: inputs.home, day: inputs.as_of, data: inputs.data };
    let mut findings: BTreeMap<Finding, (Level, Option<Untrusted>)> = BTreeMap::new();
    for finding in &evaluation.findings {
        let package = finding.package.map(|at| inputs.loaded.graph.package(at));
        let new = (finding.level, package.map(label));
        let key = (RULES[finding.rule].id, package.map(lasting));
        let known = findings.entry(key).or_insert_with(|| new.clone());
        // Of several versions the gravest.
        if new.0 > known.0 {
            *known = new;
        }
    }
    let standing = |applied: &Applied<'_>| Standing {
        status: status_word(applied.status),
        applies: applied.is_measured(),
        counts: applied.is_measured() && policy.counts(applied.programme, home),
    };
    let standings =
        inputs.applied.iter().map(|applied| (applied.programme.id, (applied.programme.title, standing(applied))));
    Judgement {
        verdict: if evaluation.violated() { "violated" } else { "holds" },
        counts: counts(evaluation),
        overrides: policy.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        findings,
        standings: standings.collect(),
    }
}

fn lasting(package: &Package) -> (String, String) {
    (package.name.clone(), parts(source(&package.source).raw()).0.to_owned())
}

/// Findings that are not the same on both sides, the gravest first.
pub(super) fn judged(a: &Judgement, b: &Judgement) -> Vec<JudgedPair> {
    let mut found: Vec<(Level, JudgedPair)> = Vec::new();
    let keys = a.findings.keys().chain(b.findings.keys().filter(|key| !a.findings.contains_key(*key)));
    for key in keys {
        let (here, there) = (a.findings.get(key), b.findings.get(key));
        let level = |finding: Option<&(Level, Option<Untrusted>)>| finding.map(|(level, _)| *level);
        if level(here) == level(there) {
            continue;
        }
        // Of two versions the name of the graver finding.
        let graver = here.into_iter().chain(there).max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(&a.1)));
        let Some((gravest, package)) = graver else { continue };
        found.push((
            *gravest,
            JudgedPair {
                rule: key.0,
                package: package.clone(),
                level: Sides { a: level(here).map(word), b: level(there).map(word) },
            },
        ));
    }
    found.sort_by(|a, b| {
        let order = |pair: &JudgedPair| (pair.rule, pair.package.clone());
        b.0.cmp(&a.0).then_with(|| order(&a.1).cmp(&order(&b.1)))
    });
    found.into_iter().map(|(_, pair)| pair).collect()
}

/// Programmes that apply or count on one side only; first those that reach something.
pub(super) fn standings(a: &Judgement, b: &Judgement, reaching: &[ProgrammePair]) -> Vec<StandingPair> {
    let all: BTreeMap<&'static str, &'static str> =
        a.standings.iter().chain(&b.standings).rev().map(|(id, (title, _))| (*id, *title)).collect();
    let told = |standing: Option<Standing>| standing.map_or((false, false), |row| (row.applies, row.counts));
    let mut found: Vec<StandingPair> = all
        .into_iter()
        .filter_map(|(programme, title)| {
            let of = |side: &Judgement| side.standings.get(programme).map(|(_, standing)| *standing);
            let standing = Sides { a: of(a), b: of(b) };
            (told(standing.a) != told(standing.b)).then_some(StandingPair { programme, title, standing })
        })
        .collect();
    // A stable sort: else by id.
    found.sort_by_key(|row| !reaching.iter().any(|pair| pair.programme.raw() == row.programme));
    found
}
