//! `cargo origin cut`: what to replace, or to turn off, so that what is not wanted is not reached.

use std::collections::BTreeMap;
use std::io::Write;

use super::settings::{Opened, find_package};
use super::{CommandError, ExitStatus, Settings};
use crate::analysis::Analysis;
use crate::data::{Data, HostOwner};
use crate::exposure::{Applied, Grade, Status};
use crate::facts::Facet;
use crate::graph::Near;
use crate::impact::{Costs, Wanted};
use crate::party::Party;
use crate::policy::{self, Policy, nearest};
use crate::render;

/// What is to go, and what it costs to replace a package.
#[derive(Clone, Debug, Default)]
pub struct CutSettings {
    /// Programmes, by id or as `tag:…`.
    pub programmes: Vec<String>,
    /// Grades, by their words.
    pub grades: Vec<&'static str>,
    /// Countries.
    pub countries: Vec<String>,
    /// Parties, by id in the register or as a forge account.
    pub parties: Vec<String>,
    /// Packages.
    pub packages: Vec<String>,
    /// The cost of a package that a member needs itself.
    pub direct: u32,
    /// The cost of any other.
    pub indirect: u32,
    /// Costs by name.
    pub costs: Vec<(String, u32)>,
    /// Of cuts of the same cost the one nearest to the targets, not to the roots.
    pub near_targets: bool,
}

/// Prints the plan.
pub fn cut(
    settings: &Settings,
    wanted: &CutSettings,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let settings = &Settings { input: settings.input.clone().with_switches(), ..settings.clone() };
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let facet = Facet::ALL.into_iter().find(|facet| settings.view.facet == Some(facet.as_str()));
    let mut asked = Asking { analysis: &analysis, data: &data, words: Vec::new() };
    let targets = asked.wanted(wanted, &policy, facet)?;
    let costs = Costs { direct: wanted.direct, indirect: wanted.indirect, named: costs(&analysis, &wanted.costs)? };
    let near = if wanted.near_targets { Near::Targets } else { Near::Roots };
    let report = analysis.cut(&targets, &asked.words, &costs, near);
    render::write_cut(&report, settings.format, &settings.view, out)?;
    // As in `report`: the process ends here.
    std::mem::forget((report, analysis));
    Ok(ExitStatus::Success)
}

/// Costs by name; a name that is nowhere in the graph is a typo.
fn costs(analysis: &Analysis<'_>, given: &[(String, u32)]) -> Result<BTreeMap<String, u32>, CommandError> {
    let graph = &analysis.loaded().graph;
    for (name, _) in given {
        if !graph.packages().any(|(_, package)| package.name == *name) {
            let near = nearest(graph.packages().map(|(_, package)| package.name.as_str()), name);
            let text = format!("--cost: no package `{name}` is in the graph that is built{}", hint(near));
            return Err(CommandError::NoSuchPackage(text));
        }
    }
    Ok(given.iter().cloned().collect())
}

fn hint(near: Option<&str>) -> String {
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// From what the user writes to what is meant, in words too.
struct Asking<'a> {
    analysis: &'a Analysis<'a>,
    data: &'a Data,
    words: Vec<String>,
}

impl Asking<'_> {
    fn wanted(&mut self, asked: &CutSettings, policy: &Policy, facet: Option<Facet>) -> Result<Wanted, CommandError> {
        let mut wanted = Wanted { facet, ..Wanted::default() };
        let others = asked.countries.len() + asked.parties.len() + asked.packages.len();
        if others == 0 || !asked.programmes.is_empty() || !asked.grades.is_empty() {
            wanted.programmes = self.programmes(&asked.programmes, policy)?;
            let settled = Grade::ALL.into_iter().filter(|grade| *grade != Grade::Possible);
            let named = Grade::ALL.into_iter().filter(|grade| asked.grades.contains(&grade.as_str()));
            wanted.grades = if asked.grades.is_empty() { settled.collect() } else { named.collect() };
            let grades: Vec<&str> = wanted.grades.iter().map(|grade| grade.as_str()).collect();
            self.words.push(format!("grades: {}", grades.join(", ")));
        }
        let facet = facet.unwrap_or(Facet::Steward).as_str();
        for text in &asked.countries {
            let code =
                policy::country(text, self.data).map_err(|why| CommandError::NoSuchId(format!("--country: {why}")))?;
            self.words.push(format!("{facet} in {code}"));
            wanted.countries.push(code);
        }
        for text in &asked.parties {
            let party = self.party(text)?;
            self.words.push(format!("{facet} is {text}"));
            wanted.parties.push(party);
        }
        for text in &asked.packages {
            let graph = &self.analysis.loaded().graph;
            // Without a version all of them are meant.
            let all = graph.packages().filter(|(_, package)| package.name == *text).map(|(at, _)| at);
            let before = wanted.packages.len();
            wanted.packages.extend(all);
            if wanted.packages.len() == before {
                wanted.packages.push(find_package(self.analysis, text)?);
            }
            self.words.push(format!("package {text}"));
        }
        Ok(wanted)
    }

    /// Those that are asked for; else those that the policy chooses; else all. What is not in force counts where it is asked for by its id.
    fn programmes(&mut self, asked: &[String], policy: &Policy) -> Result<Vec<usize>, CommandError> {
        let applied = self.analysis.applied();
        for word in asked {
            known(applied, word)?;
        }
        let in_force = |applied: &Applied<'_>| matches!(applied.status, Status::InForce(_));
        let tagged = |applied: &Applied<'_>, words: &[String]| {
            let tags = words.iter().filter_map(|word| word.strip_prefix("tag:"));
            tags.into_iter().any(|tag| applied.programme.tags.contains(&tag))
        };
        let by_id = |applied: &Applied<'_>, words: &[String]| words.iter().any(|word| word == applied.programme.id);
        let own = |applied: &Applied<'_>| policy.own_programmes.contains(applied.programme.id);
        let chosen = |applied: &Applied<'_>| match (asked, &policy.programmes) {
            ([], None) => in_force(applied),
            ([], Some(words)) => in_force(applied) && (tagged(applied, words) || by_id(applied, words) || own(applied)),
            (words, _) => by_id(applied, words) || (in_force(applied) && tagged(applied, words)),
        };
        let all: Vec<usize> = (0..applied.len()).filter(|at| chosen(&applied[*at])).collect();
        self.words.push(match (asked, &policy.programmes) {
            ([], None) => format!("what any of the {} programmes in force reaches", all.len()),
            ([], Some(_)) => format!("what the policy's programmes in force reach ({})", all.len()),
            (words, _) => format!("what {} reach", words.join(", ")),
        });
        Ok(all)
    }

    fn party(&self, text: &str) -> Result<Party, CommandError> {
        if let Some(at) = self.data.vendor_by_id(text) {
            return Ok(Party::Vendor(at));
        }
        let path = text.to_lowercase();
        if let HostOwner::Vendor(at) = self.data.owner_of(&path) {
            return Ok(Party::Vendor(at));
        }
        let attributions = self.analysis.attributions();
        let graph = &self.analysis.loaded().graph;
        let answers = graph.packages().flat_map(|(at, _)| Facet::ALL.map(|facet| attributions.of(at).facet(facet)));
        let known = answers.filter_map(|answer| match &answer.party {
            Some(Party::Individual(path) | Party::Account(path)) => Some(path.as_str()),
            _ => None,
        });
        let known: Vec<&str> = known.collect();
        if known.contains(&path.as_str()) {
            return Ok(Party::Account(path));
        }
        let ids = self.data.tables.vendors.iter().map(|vendor| vendor.id);
        let near = nearest(ids.chain(known), &path);
        let what = "is neither a party of the register nor an account that stands behind a package here";
        Err(CommandError::NoSuchId(format!("--party: `{text}` {what}{}", hint(near))))
    }
}

/// Whether a word chooses a programme.
fn known(applied: &[Applied<'_>], word: &str) -> Result<(), CommandError> {
    let rows = || applied.iter().map(|applied| applied.programme);
    let (found, what, near) = match word.strip_prefix("tag:") {
        Some(tag) => {
            let tags = || rows().flat_map(|row| row.tags.iter().copied());
            (tags().any(|known| known == tag), "programme has the tag", nearest(tags(), tag))
        }
        None => (rows().any(|row| row.id == word), "programme is called", nearest(rows().map(|row| row.id), word)),
    };
    if found {
        return Ok(());
    }
    let (prefix, word) = word.strip_prefix("tag:").map_or(("", word), |tag| ("tag:", tag));
    let near = near.map(|near| format!("{prefix}{near}"));
    let hint = hint(near.as_deref());
    Err(CommandError::NoSuchId(format!("--programme: no {what} `{word}`{hint} (cargo origin programmes lists them)")))
}
