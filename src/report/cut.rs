//! The smallest cut, as a plan.

use schemars::JsonSchema;
use serde::Serialize;

use super::build::{Inputs, count, label, way};
use super::remedy::{SwitchReport, switch, switching};
use super::{NOTICE, Untrusted};
use crate::graph::{Near, PackageIx, PathTree, SwitchSet};
use crate::impact::{Plan, Target, Targets};
use crate::load::Mode;

/// What to replace, or to turn off, so that no targeted package is reached from the workspace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CutReport {
    /// Version of this format.
    pub version: u32,
    /// Version of the program.
    pub generator: String,
    /// The day asked about.
    pub as_of: String,
    /// The country from which "foreign" is seen, if the user set one.
    pub home: Option<String>,
    /// The newest date of the embedded data.
    pub data_date: String,
    /// What the workspace is called.
    pub workspace: Untrusted,
    /// `metadata` or `lock-file`.
    pub mode: &'static str,
    /// Packages, the user's own aside, that are reached before anything is done.
    pub packages: u32,
    /// What is to go, in words.
    pub asked: Vec<Untrusted>,
    /// Of cuts of the same cost, the one nearest to the `roots` or to the `targets`.
    pub near: &'static str,
    /// The targeted packages that are reached, in order.
    pub targets: Vec<TargetReport>,
    /// Targeted packages that are the user's own: there is nothing to cut.
    pub own: Vec<TargetReport>,
    /// Targeted packages that no selected member needs.
    pub not_reached: Vec<TargetReport>,
    /// What all steps cost.
    pub cost: u64,
    /// The packages of the cut, in order of gain. After the last step no target is reached.
    pub steps: Vec<StepReport>,
    /// Features that do the same.
    pub features: FeaturesReport,
    /// What the policy's own rows change in the embedded data.
    pub overrides: Vec<Untrusted>,
    /// What the report is not.
    pub notice: String,
}

/// A package that is to go.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TargetReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Package URL.
    pub purl: String,
    /// Why: what several programmes have in common is said once.
    pub because: Vec<Untrusted>,
    /// The programmes that say so.
    pub programmes: Vec<&'static str>,
    /// One shortest path from a member, the package itself last; empty if there is none.
    pub path: Vec<Untrusted>,
}

/// A package to replace, vendor or fork.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Package URL.
    pub purl: String,
    /// What it costs.
    pub cost: u32,
    /// Whether a member needs it itself.
    pub direct: bool,
    /// Whether it is a target itself.
    pub target: bool,
    /// Packages that need it themselves.
    pub needed_by: Vec<Untrusted>,
    /// One shortest path from a member, the package itself last.
    pub path: Vec<Untrusted>,
    /// Targets that are no longer reached after this step and were after the one before.
    pub targets: Vec<Untrusted>,
    /// Targets that are no longer reached, with all steps up to this one.
    pub targets_gone: u32,
    /// Targets that are still reached.
    pub targets_left: u32,
    /// Packages, the user's own aside, that are no longer reached after this step and were after the one before, it itself among them.
    pub packages: u32,
    /// The same with all steps up to this one.
    pub packages_gone: u32,
    /// Packages, the user's own aside, that are still reached.
    pub packages_left: u32,
}

/// Features to turn off instead.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeaturesReport {
    /// Whether it is known which features are on: a lock file alone does not tell.
    pub known: bool,
    /// The result in words.
    pub summary: String,
    /// Whether no smaller set does the same. Sets of up to three are looked through; larger ones are found step by step.
    pub smallest: bool,
    /// The features of the set.
    pub turn_off: Vec<SwitchReport>,
    /// How each is turned off, in words.
    pub how: Vec<Untrusted>,
    /// Targets that are gone with all of them off.
    pub targets: Vec<Untrusted>,
    /// Targets that no feature in the user's hands takes out.
    pub stay: Vec<Untrusted>,
    /// Packages, the user's own aside, that are gone with all of them off.
    pub removes: u32,
}

/// What a plan was asked for, in words, and what came out.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is to go, in words.
    pub words: &'a [String],
    /// Which of several cuts.
    pub near: Near,
    /// The packages that are to go.
    pub targets: &'a Targets,
    /// The plan.
    pub plan: &'a Plan<'a>,
}

/// Makes a plan readable.
pub fn cut(inputs: &Inputs<'_>, asked: &Asked<'_>) -> CutReport {
    let graph = &inputs.loaded.graph;
    let writer = Writer {
        inputs,
        tree: graph.path_tree(),
        labels: graph.packages().map(|(_, package)| label(package)).collect(),
        targets: asked.targets.reached.iter().map(|target| target.package).collect(),
        packages: asked.plan.packages,
    };
    let targets = |of: &[Target]| of.iter().map(|target| writer.target(target)).collect();
    CutReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        as_of: inputs.as_of.to_string(),
        home: inputs.home.map(|home| home.to_string()),
        data_date: inputs.data.tables.data_date.to_string(),
        workspace: Untrusted::from(inputs.loaded.name.as_str()),
        mode: mode(inputs.loaded.mode),
        packages: count(asked.plan.packages),
        asked: asked.words.iter().map(|word| Untrusted::from(word.as_str())).collect(),
        near: match asked.near {
            Near::Roots => "roots",
            Near::Targets => "targets",
        },
        targets: targets(&asked.targets.reached),
        own: targets(&asked.targets.own),
        not_reached: targets(&asked.targets.not_reached),
        cost: asked.plan.cost,
        steps: asked.plan.steps.iter().map(|step| writer.step(step)).collect(),
        features: writer.features(asked.plan.features.as_ref()),
        overrides: inputs.facts.overrides.iter().map(|what| Untrusted::from(what.as_str())).collect(),
        notice: NOTICE.to_owned(),
    }
}

/// How the graph was come by, in one word.
pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Metadata => "metadata",
        Mode::LockFile => "lock-file",
    }
}

struct Writer<'a> {
    inputs: &'a Inputs<'a>,
    tree: PathTree,
    labels: Vec<Untrusted>,
    targets: Vec<PackageIx>,
    packages: usize,
}

impl Writer<'_> {
    fn names(&self, of: &[PackageIx]) -> Vec<Untrusted> {
        of.iter().map(|at| self.labels[at.index()].clone()).collect()
    }

    fn target(&self, target: &Target) -> TargetReport {
        TargetReport {
            package: self.labels[target.package.index()].clone(),
            purl: self.inputs.loaded.graph.package(target.package).purl(),
            because: target.because.iter().map(|why| Untrusted::from(why.as_str())).collect(),
            programmes: target.programmes.iter().map(|at| self.inputs.applied[*at].programme.id).collect(),
            path: way(&self.tree, &self.labels, target.package),
        }
    }

    fn step(&self, step: &crate::impact::Step) -> StepReport {
        let graph = &self.inputs.loaded.graph;
        let at = step.package;
        let dependents: Vec<PackageIx> = graph.dependents(at).into_iter().map(|(from, _)| from).collect();
        StepReport {
            package: self.labels[at.index()].clone(),
            purl: graph.package(at).purl(),
            cost: step.cost,
            direct: graph.is_direct(at),
            target: self.targets.binary_search(&at).is_ok(),
            needed_by: self.names(&dependents),
            path: way(&self.tree, &self.labels, at),
            targets: self.names(&step.targets),
            targets_gone: count(self.targets.len() - step.targets_left),
            targets_left: count(step.targets_left),
            packages: count(step.packages),
            packages_gone: count(self.packages - step.packages_left),
            packages_left: count(step.packages_left),
        }
    }

    fn features(&self, found: Option<&SwitchSet<'_>>) -> FeaturesReport {
        let graph = &self.inputs.loaded.graph;
        let none = SwitchSet::default();
        let set = found.unwrap_or(&none);
        let summary = match found {
            _ if self.targets.is_empty() => "nothing to turn off".to_owned(),
            None if self.inputs.loaded.mode == Mode::LockFile => {
                "a lock file alone does not tell which features are on; run in the workspace to see what can be turned off".to_owned()
            }
            None => "which features turn what on could not be retraced for this build".to_owned(),
            Some(set) if set.switches.is_empty() => {
                "no feature in your hands takes any of them out".to_owned()
            }
            Some(set) => {
                let all = set.stay.is_empty();
                let what = if all { "all of them".to_owned() } else { format!("{} of {}", set.out.len(), self.targets.len()) };
                let how = if set.smallest { "no smaller set does" } else { "found step by step: a smaller set may do too" };
                format!("{} {what}; {how}", features_take(set.switches.len()))
            }
        };
        FeaturesReport {
            known: found.is_some(),
            summary,
            smallest: set.smallest,
            turn_off: set.switches.iter().map(|cut| switch(graph, cut)).collect(),
            how: set.switches.iter().map(|cut| Untrusted::from(switching(graph, cut))).collect(),
            targets: self.names(&set.out),
            stay: self.names(&set.stay),
            removes: count(set.removes),
        }
    }
}

fn features_take(number: usize) -> String {
    if number == 1 { "1 feature takes out".to_owned() } else { format!("{number} features together take out") }
}

/// The JSON Schema of a plan.
pub fn cut_schema() -> schemars::Schema {
    schemars::schema_for!(CutReport)
}
