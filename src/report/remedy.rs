//! What takes a package out: the feature to turn off, or the dependency to replace, as the graph has it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Untrusted;
use super::build::label;
use crate::graph::{Cut, Cuts, Graph, PackageIx, Switches};

/// Direct dependencies that are named as bringing a package in.
const MOST_BROUGHT: usize = 5;

/// The feature that others are asked for through, unless a dependency says `default-features = false`.
const DEFAULT: &str = "default";

/// A feature that takes a package out if it is turned off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SwitchReport {
    /// `name@version` of whose feature it is.
    pub package: Untrusted,
    /// The feature.
    pub feature: Untrusted,
    /// Whether it is a member's own; else members ask for it where they depend on the package.
    pub member: bool,
    /// Whether it is asked for as one of the default features.
    pub default: bool,
    /// The features of the package that are asked for and turn it on, itself among them if it is asked for by its name.
    pub asked_as: Vec<Untrusted>,
    /// Members whose dependency on the package asks for them.
    pub asked_by: Vec<Untrusted>,
    /// Packages, the user's own aside, that are no longer there without it.
    pub removes: u32,
}

/// A dependency that takes a package out if it is replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReplaceReport {
    /// `name@version`.
    pub package: Untrusted,
    /// Packages, the user's own aside, that are no longer there without it, itself among them.
    pub removes: u32,
}

/// What to do about a finding.
#[derive(Clone, Debug, Default)]
pub(super) struct Remedy {
    /// In words.
    pub(super) text: String,
    /// Features, the best first.
    pub(super) turn_off: Vec<SwitchReport>,
    /// The one direct dependency, if there is one.
    pub(super) replace: Option<ReplaceReport>,
    /// All of them.
    pub(super) brought_in_by: Vec<Untrusted>,
}

/// Works out remedies, each package once.
pub(super) struct Remedies<'a> {
    graph: &'a Graph,
    cuts: Cuts<'a>,
    known: BTreeMap<PackageIx, Remedy>,
    leaving: BTreeMap<PackageIx, usize>,
}

impl<'a> Remedies<'a> {
    pub(super) fn new(graph: &'a Graph, switches: &'a Switches) -> Self {
        Self { graph, cuts: Cuts::new(graph, switches), known: BTreeMap::new(), leaving: BTreeMap::new() }
    }

    /// What to do about what a rule finds in a package, or in the graph as a whole.
    pub(super) fn of(&mut self, rule: &str, at: Option<PackageIx>) -> Remedy {
        let Some(at) = at else { return Remedy { text: whole(rule).to_owned(), ..Remedy::default() } };
        if !self.known.contains_key(&at) {
            let remedy = self.removing(at);
            self.known.insert(at, remedy);
        }
        let mut remedy = self.known.get(&at).cloned().unwrap_or_default();
        if rule == "listed-channel" {
            CHANNEL.clone_into(&mut remedy.text);
        }
        remedy
    }

    /// What takes a package out.
    fn removing(&mut self, at: PackageIx) -> Remedy {
        let graph = self.graph;
        if graph.package(at).member {
            return Remedy { text: "it is your own workspace".to_owned(), ..Remedy::default() };
        }
        let brought = graph.brought_in_by(at);
        let cuts = self.cuts.of(at);
        let replace = match brought.as_slice() {
            [one] => Some((*one, *self.leaving.entry(*one).or_insert_with(|| graph.leaving_with(*one).len()))),
            _ => None,
        };
        let replacing = match replace {
            Some((one, removes)) => {
                let own = if one == at { ", which a member needs itself" } else { "" };
                Some(format!("replace {}{own}{}", graph.package(one).label(), brackets(&[with_it(removes - 1)])))
            }
            None => several(graph, &brought),
        };
        let switching = cuts.first().map(|cut| switching(graph, cut));
        let ways: Vec<String> = switching.into_iter().chain(replacing).collect();
        Remedy {
            text: if ways.is_empty() {
                "no member needs it with this selection".to_owned()
            } else {
                ways.join(", or ")
            },
            turn_off: cuts.iter().map(|cut| switch(graph, cut)).collect(),
            replace: replace
                .map(|(one, removes)| ReplaceReport { package: label(graph.package(one)), removes: count(removes) }),
            brought_in_by: brought.iter().map(|at| label(graph.package(*at))).collect(),
        }
    }
}

const CHANNEL: &str =
    "take it from another registry, mirror or host (cargo's [source] configuration, or the dependency's own source)";

/// What to do about what is found in the graph as a whole.
fn whole(rule: &str) -> &'static str {
    match rule {
        "unknown-origin" => "add [[claim]] rows to origin.toml for what you know; cargo origin --only unknown lists it",
        "expired-exception" => "look again, and renew the exception or remove it",
        "unused-exception" => "remove the exception, or correct its scope",
        "stale-evidence" => {
            "cargo origin sync, a newer cargo-origin, or [[claim]] rows of your own: whichever the evidence comes from"
        }
        _ => "see cargo origin for what the graph is made of",
    }
}

/// Where several dependencies bring a package in.
fn several(graph: &Graph, brought: &[PackageIx]) -> Option<String> {
    let names: Vec<String> = brought.iter().take(MOST_BROUGHT).map(|at| graph.package(*at).name.clone()).collect();
    let more = brought.len().saturating_sub(MOST_BROUGHT);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!brought.is_empty()).then(|| format!("replace {}{more}: each of them brings this in", names.join(", ")))
}

/// How a feature is turned off.
pub(super) fn switching(graph: &Graph, cut: &Cut<'_>) -> String {
    let package = graph.package(cut.package);
    let alone = graph.packages().filter(|(_, other)| other.name == package.name).count() == 1;
    let name = if alone { package.name.clone() } else { package.label() };
    let others: Vec<String> = cut
        .asked_as
        .iter()
        .filter(|feature| ![cut.switch, DEFAULT].contains(*feature))
        .map(|feature| format!("\"{feature}\""))
        .collect();
    let default = cut.asked_as.contains(&DEFAULT);
    let through = |what: &str| (!others.is_empty()).then(|| format!("{what} {}", others.join(", ")));
    let with_it = with_it(cut.removes);
    match (package.member, cut.switch) {
        (true, DEFAULT) => {
            format!("turn off the default features of {name}{}", brackets(&[through("also on through"), with_it]))
        }
        (true, switch) => {
            let default = default.then(|| "one of its default features".to_owned());
            format!(
                "turn off feature \"{switch}\" of {name}{}",
                brackets(&[default, through("also on through"), with_it])
            )
        }
        (false, DEFAULT) => format!(
            "depend on {name} without its default features{}",
            brackets(&[Some(NO_DEFAULT.to_owned()), through("and without"), with_it])
        ),
        (false, switch) => {
            let default = default.then(|| NO_DEFAULT.to_owned());
            format!(
                "depend on {name} without its feature \"{switch}\"{}",
                brackets(&[default, through("and without"), with_it])
            )
        }
    }
}

const NO_DEFAULT: &str = "default-features = false";

fn with_it(others: usize) -> Option<String> {
    match others {
        0 => None,
        1 => Some("1 package goes with it".to_owned()),
        _ => Some(format!("{others} packages go with it")),
    }
}

fn brackets(parts: &[Option<String>]) -> String {
    let parts: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
}

pub(super) fn switch(graph: &Graph, cut: &Cut<'_>) -> SwitchReport {
    let package = graph.package(cut.package);
    SwitchReport {
        package: label(package),
        feature: Untrusted::from(cut.switch),
        member: package.member,
        default: cut.asked_as.contains(&DEFAULT),
        asked_as: cut.asked_as.iter().map(|feature| Untrusted::from(*feature)).collect(),
        asked_by: cut.asked_by.iter().map(|at| label(graph.package(*at))).collect(),
        removes: count(cut.removes),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
