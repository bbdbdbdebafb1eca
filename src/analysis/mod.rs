//! The pipeline, composed once: what was read and what the user says, to a report.

mod histories;
mod live;
mod trend;

pub use histories::{ClonesError, Histories};
pub use live::{Live, wanted, with_causes};
pub use trend::Points;

use std::collections::BTreeSet;

use camino::Utf8PathBuf;

use crate::attribution::{self, Attributions};
use crate::country::CountryCode;
use crate::data::model::Capability;
use crate::data::{Data, HostOwner};
use crate::date::Date;
use crate::evidence;
use crate::exposure::{self, Applied, Measured, Thresholds};
use crate::facts::{ClaimSubject, Facet, Facts, Gap, GapKind, Synced, UserClaim};
use crate::graph::{Near, PackageIx};
use crate::impact::{self, Chance, Costs, Subject, Wanted, Without};
use crate::load::{Loaded, LockLines};
use crate::party::{self, Parties, Repositories};
use crate::policy::{self, Answers, Base, Baseline, Evaluation, Policy};
use crate::report::{
    self, Asked, AskedOfConcentration, CheckReport, Concentrations, CutReport, Detail, Explanation, Inputs, Judged,
    Judgement, Report, SimulateReport, Simulated, SingleReport,
};
use crate::source;

/// What decides the answer besides the input.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day asked about.
    pub as_of: Date,
    /// The user's home.
    pub home: Option<CountryCode>,
    /// How many threads may read licence files. The answer does not depend on it.
    pub threads: usize,
    /// Today, whatever day is asked about: later commits are impossible.
    pub today: Date,
    /// From which probability on something counts.
    pub thresholds: Thresholds,
}

/// How a loss is simulated.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The facets that decide what goes with a place or a party.
    pub facets: Vec<Facet>,
    /// From which probability on a package counts as going.
    pub min_probability: f64,
    /// How often is drawn; not at all for 0.
    pub draws: u32,
    /// The seed of the draws.
    pub seed: u64,
}

/// Everything that was found out, stage by stage.
#[derive(Debug)]
pub struct Analysis<'d> {
    loaded: Loaded,
    facts: Facts,
    parties: Parties,
    attributions: Attributions,
    applied: Vec<Applied<'d>>,
    measured: Measured,
    data: &'d Data,
    options: Options,
}

/// Runs every stage.
pub fn analyse<'d>(
    mut loaded: Loaded,
    claims: Vec<UserClaim>,
    (histories, live): (&Histories, &Live),
    data: &'d Data,
    options: Options,
) -> Result<Analysis<'d>, ClonesError> {
    let mut repositories = party::repositories(&loaded.graph, &loaded.manifests, data);
    let (mut synced, mut gaps) = live.read(&loaded, &repositories);
    gaps.extend(live::moved(&mut repositories, &synced, &loaded.graph, data, options.as_of));
    let records = std::mem::take(&mut synced.observations);
    let (observed, unread) = histories::observed(&loaded, &repositories, (histories, records), data, options.today)?;
    let mut facts = gather(&mut loaded, &repositories, claims, options.threads);
    facts.observed = observed;
    facts.synced = synced;
    facts.gaps.extend(gaps.into_iter().chain(unread));
    let parties = party::identify(&loaded.graph, repositories, &facts, data, options.as_of);
    let unscreened = live.screen(&parties, &mut facts.synced, (&loaded.graph, data, options.as_of));
    facts.gaps.extend(unscreened);
    let evidence = evidence::collect(&loaded.graph, &parties, &facts, data, options.as_of);
    let attributions = attribution::infer(&loaded.graph, &parties, evidence, data);
    let applied = exposure::applied(data, options.as_of, options.home);
    let measured = exposure::measure(&loaded.graph, &attributions, data, &applied, options.as_of, options.thresholds);
    Ok(Analysis { loaded, facts, parties, attributions, applied, measured, data, options })
}

impl Analysis<'_> {
    /// The same, with what the user's own rows change in the data.
    #[must_use]
    pub fn with_overrides(mut self, overrides: Vec<String>) -> Self {
        self.facts.overrides = overrides;
        self
    }

    /// The home that the answers are seen from.
    pub fn home(&self) -> Option<CountryCode> {
        self.options.home
    }

    /// What was read.
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// The report.
    pub fn report(&self, detail: Detail) -> Report {
        report::build(&self.inputs(), detail)
    }

    /// One package of the report in full, and what a policy makes of it.
    pub fn explain(&self, report: &Report, policy: &Policy, lines: &LockLines, at: PackageIx) -> Explanation {
        let evaluation = self.evaluate(policy, None);
        let idle = policy::idle(policy, &self.answers(None), &evaluation, at);
        report::explanation(report, &self.inputs(), &Judged { policy, evaluation: &evaluation, idle: &idle, lines }, at)
    }

    /// How concentrated the origins are, and how sure that is.
    pub fn concentrations(&self, policy: &Policy, wanted: &AskedOfConcentration<'_>) -> Concentrations {
        report::concentrations(&self.inputs(), &self.parties, policy, wanted)
    }

    /// Why what the store has was not used, or not all of it, where that is so.
    pub fn unread_store(&self) -> Option<&str> {
        let unread = self.facts.gaps.iter().find(|gap| gap.kind == GapKind::StoreUnreadable);
        unread.map(|gap| gap.detail.as_str())
    }

    /// Holds a policy against what was found out.
    pub fn check(&self, policy: &Policy, base: Option<&Base>, lines: &LockLines) -> CheckReport {
        report::check(&self.inputs(), policy, &self.evaluate(policy, base), lines)
    }

    /// What a policy makes of it, as far as two sides are compared by it.
    pub fn judgement(&self, policy: &Policy) -> Judgement {
        report::judgement(&self.inputs(), policy, &self.evaluate(policy, None))
    }

    /// What a policy makes of it; with a base, only what is new fails.
    pub fn evaluate(&self, policy: &Policy, base: Option<&Base>) -> Evaluation {
        policy::evaluate(policy, &self.answers(base))
    }

    /// What a policy would have to accept so that nothing fails.
    pub fn baseline(&self, policy: &Policy) -> Baseline {
        policy::accept(policy, &self.answers(None))
    }

    /// What would be lost without something. `without` says what in words.
    pub fn simulate(&self, without: &Without, words: &[String], how: &Simulation) -> SimulateReport {
        let subject = Subject {
            graph: &self.loaded.graph,
            parties: &self.parties,
            attributions: &self.attributions,
            applied: &self.applied,
            exposures: &self.measured.settled,
            data: self.data,
            as_of: self.options.as_of,
        };
        let chances = impact::chances(&subject, without, &how.facets);
        let counts =
            |chance: &Option<Chance>| chance.as_ref().is_some_and(|chance| chance.probability >= how.min_probability);
        let gone = subject.graph.packages().zip(&chances.of).filter(|(_, chance)| counts(chance));
        let gone: Vec<PackageIx> = gone.map(|((at, _), _)| at).collect();
        let loss = impact::loss(subject.graph, &gone);
        let draws = (how.draws > 0).then(|| impact::draw(subject.graph, &chances, how.draws, how.seed));
        let simulated = Simulated {
            without: words,
            facets: &how.facets,
            min_probability: how.min_probability,
            chances: &chances,
            loss: &loss,
            draws: draws.as_ref().map(|draws| (draws, how.seed)),
        };
        report::simulate(&self.inputs(), &simulated)
    }

    /// The smallest cut; `words` say what it was asked for.
    pub fn cut(&self, wanted: &Wanted, words: &[String], costs: &Costs, near: Near) -> CutReport {
        let graph = &self.loaded.graph;
        let possible = wanted.grades.contains(&exposure::Grade::Possible);
        // What is only possible stands among the nearest alone.
        let nearest = self.measured.nearest.iter().filter(|_| possible);
        let exposures = self.measured.settled.iter().chain(nearest);
        let targets = impact::targets(graph, &self.attributions, exposures, self.data, wanted);
        let plan = impact::plan(graph, &self.loaded.switches, &targets, costs, near);
        report::cut(&self.inputs(), &Asked { words, near, targets: &targets, plan: &plan })
    }

    /// On whom more than a share of the graph hangs.
    pub fn single_points(&self, capabilities: &[Capability<&'static str>], above: f64) -> SingleReport {
        let points = impact::points(&self.loaded.graph, &self.attributions, capabilities, above);
        report::single(&self.inputs(), &points, above)
    }

    /// Programmes as they stand on the day.
    pub fn applied(&self) -> &[Applied<'_>] {
        &self.applied
    }

    /// Where the packages are from.
    pub fn attributions(&self) -> &Attributions {
        &self.attributions
    }

    fn answers<'a>(&'a self, base: Option<&'a Base>) -> Answers<'a> {
        Answers {
            graph: &self.loaded.graph,
            parties: &self.parties,
            attributions: &self.attributions,
            applied: &self.applied,
            exposures: &self.measured.settled,
            data: self.data,
            lists: &self.facts.synced.lists,
            as_of: self.options.as_of,
            home: self.options.home,
            base,
        }
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs {
            loaded: &self.loaded,
            facts: &self.facts,
            attributions: &self.attributions,
            applied: &self.applied,
            exposures: &self.measured.nearest,
            data: self.data,
            as_of: self.options.as_of,
            home: self.options.home,
        }
    }
}

fn gather(loaded: &mut Loaded, repositories: &Repositories, claims: Vec<UserClaim>, threads: usize) -> Facts {
    let folders = licences_that_matter(loaded, repositories);
    let (holders, mut gaps) = source::read_holders(&folders, threads);
    let mut facts = Facts {
        manifests: std::mem::take(&mut loaded.manifests),
        holders: vec![Vec::new(); loaded.graph.len()],
        observed: Vec::new(),
        channel: std::mem::take(&mut loaded.channel),
        gaps: std::mem::take(&mut loaded.gaps),
        claims,
        overrides: Vec::new(),
        synced: Synced::default(),
    };
    for (at, found) in holders {
        facts.holders[at.index()] = found;
    }
    facts.gaps.append(&mut gaps);
    facts.gaps.extend(unused(loaded, repositories, &facts.claims));
    facts
}

/// Folders of packages whose repository does not belong to an organisation of the register: only there can a copyright line change who
/// stands behind a package.
fn licences_that_matter(loaded: &Loaded, repositories: &Repositories) -> Vec<(PackageIx, Utf8PathBuf)> {
    let mut found = Vec::new();
    for (at, _) in loaded.graph.packages().filter(|(_, package)| !package.member) {
        let Some(folder) = &loaded.manifests[at.index()].folder else { continue };
        if !matches!(repositories.of(at).map(|named| named.owner), Some(HostOwner::Vendor(_))) {
            found.push((at, folder.clone()));
        }
    }
    found
}

/// A claim about nothing is a typo, or about something that has left the graph.
fn unused(loaded: &Loaded, repositories: &Repositories, claims: &[UserClaim]) -> Vec<Gap> {
    if claims.is_empty() {
        return Vec::new();
    }
    let names: BTreeSet<&str> = loaded.graph.packages().map(|(_, package)| package.name.as_str()).collect();
    let paths: BTreeSet<&str> = repositories.known().map(|named| named.repository.path()).collect();
    let used = |claim: &UserClaim| match &claim.subject {
        ClaimSubject::Package(name) => names.contains(name.as_str()),
        ClaimSubject::Party(path) => paths.iter().any(|known| known == path || known.starts_with(&format!("{path}/"))),
    };
    let unused = claims.iter().filter(|claim| !used(claim));
    unused
        .map(|claim| Gap {
            kind: GapKind::ClaimUnused,
            package: None,
            detail: format!("{}: the claim is about nothing in the graph", claim.reference),
        })
        .collect()
}
