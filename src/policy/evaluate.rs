//! Policy and analysis to findings: levels, dates, exceptions.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use super::base::Had;
use super::baseline::{Baseline, baseline};
use super::rule::{Hit, RULES, When};
use super::scope::only_for_development;
use super::{Ban, Base, Chosen, Exception, Home, Level, Policy};
use crate::attribution::Attributions;
use crate::country::CountryCode;
use crate::data::Data;
use crate::data::model::{Effect, Phase};
use crate::date::{Date, Period};
use crate::exposure::{Applied, Exposure, Grade, Status};
use crate::facts::live::ListState;
use crate::graph::{Graph, PackageIx};
use crate::party::Parties;

/// What a policy is held against.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// The packages.
    pub graph: &'a Graph,
    /// Who stands behind them.
    pub parties: &'a Parties,
    /// Where they are from.
    pub attributions: &'a Attributions,
    /// Programmes on the day.
    pub applied: &'a [Applied<'a>],
    /// What they reach: everything that is settled, nearest first.
    pub exposures: &'a [Exposure],
    /// The register.
    pub data: &'a Data,
    /// The lists of sanctions that names were held against.
    pub lists: &'a [ListState],
    /// The day.
    pub as_of: Date,
    /// The user's home.
    pub home: Option<CountryCode>,
    /// What was there before the change, if a change is looked at: only what is new then fails.
    pub base: Option<&'a Base>,
}

impl<'a> Answers<'a> {
    /// The home on the day.
    fn at_home(&self) -> Home<'a> {
        Home { country: self.home, day: self.as_of, data: self.data }
    }
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    answers: &'a Answers<'a>,
    /// The policy.
    pub(super) policy: &'a Policy,
    /// Exceptions that have accepted something, by their place.
    pub(super) used: &'a BTreeSet<usize>,
}

impl<'a> Deref for Subject<'a> {
    type Target = Answers<'a>;

    fn deref(&self) -> &Self::Target {
        self.answers
    }
}

/// A hit with what the policy makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighed {
    /// The hit.
    pub hit: Hit,
    /// Its level, exceptions aside.
    pub level: Level,
    /// Why the level is lower than the rule's, in words.
    pub softened: Option<String>,
    /// The exception that accepts it, by its place in the policy.
    pub accepted: Option<usize>,
    /// Whether it was there before the change; nothing where no change is looked at.
    pub existing: Option<bool>,
}

/// What a rule finds in a package, or in the graph as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule, by its place in `RULES`.
    pub rule: usize,
    /// The package.
    pub package: Option<PackageIx>,
    /// The reasons, the gravest first.
    pub hits: Vec<Weighed>,
    /// The gravest level of what no exception accepts; `Allow` where all is accepted.
    pub level: Level,
}

/// Every finding, gravest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The findings: by level, then in the order of rules and packages.
    pub findings: Vec<Finding>,
    /// Exceptions that accept something, shown or said by something nearer, by their place in the policy.
    pub used: BTreeSet<usize>,
}

impl Evaluation {
    /// Whether something is found in the graph as a whole.
    pub fn finds_in_the_whole(&self) -> bool {
        self.findings.iter().any(|finding| finding.package.is_none())
    }

    /// Whether a finding fails the check.
    pub fn violated(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Deny)
    }
}

/// Holds a policy against an analysis.
pub fn evaluate(policy: &Policy, answers: &Answers<'_>) -> Evaluation {
    let mut used = BTreeSet::new();
    let mut all: Vec<(usize, Weighed)> = Vec::new();
    let exceptions = Exceptions::new(&policy.exceptions, answers.graph);
    let only_dev = if policy.scopes.say_nothing() { Vec::new() } else { only_for_development(answers.graph) };
    for when in [When::First, When::Last] {
        let known = used.clone();
        let subject = Subject { answers, policy, used: &known };
        for (number, rule) in RULES.iter().enumerate().filter(|(_, rule)| rule.when == when) {
            let settings = policy.rule(number);
            if settings.level == Level::Allow {
                continue;
            }
            let mut hits = Vec::new();
            (rule.check)(&subject, &settings, &mut hits);
            for mut hit in hits {
                let had = subject.had(number, &hit);
                let existing = had.map(|had| had != Had::No);
                let Some(weight) = weigh(&subject, settings.level, &hit, had) else { continue };
                let Some((level, softened)) = scoped(&subject, &only_dev, &hit, weight) else { continue };
                if let Some(why) = chosen_though_no_bar(&subject, &hit).filter(|_| softened.is_none()) {
                    hit.because = format!("{} ({why}; it counts because the policy chooses it by its id)", hit.because);
                }
                let accepted = exceptions.accepting(&subject, number, &hit);
                used.extend(accepted);
                all.push((number, Weighed { hit, level, softened, accepted, existing }));
            }
        }
    }
    drop_what_adds_nothing(&mut all);
    let mut found: BTreeMap<(usize, Option<PackageIx>), Vec<Weighed>> = BTreeMap::new();
    for (rule, weighed) in all {
        found.entry((rule, weighed.hit.package)).or_default().push(weighed);
    }
    let mut findings: Vec<Finding> =
        found.into_iter().map(|((rule, package), hits)| finding(rule, package, hits)).collect();
    // Stable: rules and packages stay in order.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    Evaluation { findings, used }
}

/// What a policy would have to accept so that nothing fails today.
pub fn accept(policy: &Policy, answers: &Answers<'_>) -> Baseline {
    baseline(policy, answers, &evaluate(policy, answers))
}

/// Drops what is farther than something of the same package and programme that is as grave and that no exception accepts: whoever has a
/// seat there publishes from there as well, and saying so three times helps nobody. What is graver, or left alone, stays.
fn drop_what_adds_nothing(all: &mut Vec<(usize, Weighed)>) {
    type Open = Vec<(Grade, Level)>;
    let mut open: BTreeMap<(Option<PackageIx>, Option<usize>), Open> = BTreeMap::new();
    for (_, weighed) in all.iter().filter(|(_, weighed)| weighed.accepted.is_none()) {
        if let Some(grade) = weighed.hit.grade {
            open.entry((weighed.hit.package, weighed.hit.programme)).or_default().push((grade, weighed.level));
        }
    }
    all.retain(|(_, weighed)| {
        let others = open.get(&(weighed.hit.package, weighed.hit.programme));
        let nearer = |grade| others.into_iter().flatten().any(|other| other.0 < grade && other.1 >= weighed.level);
        !weighed.hit.grade.is_some_and(nearer)
    });
}

fn finding(rule: usize, package: Option<PackageIx>, mut hits: Vec<Weighed>) -> Finding {
    hits.sort_by_key(|weighed| (weighed.accepted.is_some(), std::cmp::Reverse(weighed.level)));
    let open = hits.iter().filter(|weighed| weighed.accepted.is_none());
    let level = open.map(|weighed| weighed.level).max().unwrap_or(Level::Allow);
    Finding { rule, package, hits, level }
}

/// The level of a hit, and why it is not the rule's; nothing where the policy has not chosen the programme.
fn weigh(subject: &Subject<'_>, level: Level, hit: &Hit, had: Option<Had>) -> Option<(Level, Option<String>)> {
    let soft = |why: String| Some((level.min(Level::Warn), Some(why)));
    let firm = || match had {
        Some(Had::Yes) => soft(AS_BEFORE.to_owned()),
        Some(Had::OtherVersion) => soft(ANOTHER_BEFORE.to_owned()),
        Some(Had::No) | None => Some((level, None)),
    };
    let new_use = had == Some(Had::No);
    if let Some(ban) = hit.ban.and_then(|at| subject.policy.bans.get(at)) {
        return ban_on(ban, subject.as_of, new_use).map_or_else(firm, soft);
    }
    let Some(applied) = hit.programme.and_then(|at| subject.applied.get(at)) else { return firm() };
    let chosen = subject.policy.chosen(applied.programme, subject.at_home())?;
    if let Status::Upcoming(from) = applied.status {
        return soft(format!("not before {from}: in {}", in_days(subject.as_of, from)));
    }
    if let Some(why) = not_for_existing_use(applied, subject.as_of).filter(|_| !new_use) {
        return soft(why);
    }
    let effect = subject.effect_of_listing(hit).unwrap_or(applied.programme.effect);
    let by_product = applied.programme.tags.contains(&BY_PRODUCT);
    let public = matches!(effect, Effect::ProcurementBan | Effect::EquipmentAndServiceRestriction);
    let why = match chosen {
        Chosen::Id => None,
        Chosen::Nobody => Some(match subject.home {
            Some(home) => format!("the policy chooses no programmes, and this is not known as law of its home, {home}"),
            None => "the policy chooses no programmes, and no home is set".to_owned(),
        }),
        _ if by_product => Some("its scope is a kind of product; choose it by its id if yours is one".to_owned()),
        Chosen::Home if public => {
            Some("it binds public buyers or regulated networks; choose it by its id if you are bound".to_owned())
        }
        Chosen::Home | Chosen::Tag => why_no_bar(effect).map(|why| format!("{}: {why}", effect.as_str())),
    };
    why.map_or_else(firm, soft)
}

/// Why a programme that the policy has chosen by its id does not bar using the code; nothing where it does.
fn chosen_though_no_bar(subject: &Subject<'_>, hit: &Hit) -> Option<&'static str> {
    let applied = subject.applied.get(hit.programme?)?;
    let effect = subject.effect_of_listing(hit).unwrap_or(applied.programme.effect);
    why_no_bar(effect).filter(|_| subject.policy.chosen(applied.programme, subject.at_home()) == Some(Chosen::Id))
}

/// The level with what the policy says of scopes; nothing where it does not look at what the package is for.
fn scoped(
    subject: &Subject<'_>,
    only_dev: &[bool],
    hit: &Hit,
    (level, softened): (Level, Option<String>),
) -> Option<(Level, Option<String>)> {
    let scopes = subject.policy.scopes;
    let Some(at) = hit.package.filter(|_| !scopes.say_nothing()) else { return Some((level, softened)) };
    let (most, why) = scopes.most(subject.graph.package(at), only_dev[at.index()]);
    match most {
        Level::Allow => None,
        _ if most < level => Some((most, Some(why.to_owned()))),
        _ => Some((level, softened)),
    }
}

/// Why what was there before a change only warns.
const AS_BEFORE: &str = "it was there before the change";

/// The same where the base does not tell what was found in the other version.
const ANOTHER_BEFORE: &str =
    "another version of the package was there before the change, and whether this was found in it is not known";

/// The tag of programmes whose scope is a kind of product: a library is in it only where the product is.
const BY_PRODUCT: &str = "by-product";

/// Why existing use may stay for now: all that applies on the day is about new agreements. What comes next is named with its day.
fn not_for_existing_use(applied: &Applied<'_>, as_of: Date) -> Option<String> {
    let phases = &applied.programme.phases;
    let running = |phase: &&Phase<&'static str>| Period { from: phase.from, until: phase.until }.contains(as_of);
    let mut running = phases.iter().filter(running).peekable();
    let now = running.peek()?.what;
    if !running.all(|phase| phase.new_only) {
        return None;
    }
    let coming = phases.iter().filter_map(|phase| Some((phase.from.filter(|from| *from > as_of)?, phase.what)));
    let next = coming
        .min_by_key(|(from, _)| *from)
        .map_or_else(String::new, |(from, what)| format!("; from {from}, in {}: {what}", in_days(as_of, from)));
    Some(format!("for now only {now}{next}"))
}

/// The time to a later day, in words.
fn in_days(from: Date, to: Date) -> String {
    match from.days_until(to) {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// Why an effect does not bar using the code of the party.
fn why_no_bar(effect: Effect) -> Option<&'static str> {
    Some(match effect {
        Effect::SupplyBan
        | Effect::ProcurementBan
        | Effect::EquipmentAndServiceRestriction
        | Effect::AssetFreeze
        | Effect::OwnPolicy => return None,
        Effect::ExportControl => "it restricts what is sent to the party, not using its code",
        Effect::InvestmentBan => "it is about securities",
        Effect::ImportBan => "it is about physical goods",
        Effect::ResearchRestriction => "it is about research funding",
        Effect::JurisdictionList => "it names jurisdictions and prohibits nothing by itself",
        Effect::Warning => "it is advice",
        Effect::Proposal => "it is not law",
    })
}

/// Why a ban does not fail yet on a day.
fn ban_on(ban: &Ban, as_of: Date, new_use: bool) -> Option<String> {
    match (ban.from, ban.grace_until) {
        (Some(from), _) if as_of < from => Some(format!("from {from}: in {}", in_days(as_of, from))),
        (_, Some(until)) if as_of < until && !new_use => {
            Some(format!("existing use is tolerated until {until}: {}", in_days(as_of, until)))
        }
        _ => None,
    }
}

impl Subject<'_> {
    /// Whether what a hit is about was there before the change; nothing where no change is looked at.
    fn had(&self, rule: usize, hit: &Hit) -> Option<Had> {
        Some(self.base?.had(rule, hit, hit.package.map(|at| self.graph.package(at))))
    }

    /// What the listing that a hit rests on does, where that is not what the programme does.
    fn effect_of_listing(&self, hit: &Hit) -> Option<Effect> {
        let applied = self.applied.get(hit.programme?)?;
        let vendor = self.data.vendor_by_id(hit.party?)?;
        applied.coverage(vendor).map(|coverage| coverage.designation.effect)
    }
}

/// Exceptions by what they need to fit, so that a thousand of them cost little.
struct Exceptions<'a> {
    all: &'a [Exception],
    by_package: BTreeMap<&'a str, Vec<usize>>,
    /// Of those that name no package, by rule; then of the others by programme, and of the others by party.
    by_rule: BTreeMap<usize, Vec<usize>>,
    by_programme: BTreeMap<&'a str, Vec<usize>>,
    by_party: BTreeMap<&'a str, Vec<usize>>,
    /// Those that name only what every way goes through.
    rest: Vec<usize>,
    through: Through<'a>,
}

impl<'a> Exceptions<'a> {
    fn new(all: &'a [Exception], graph: &'a Graph) -> Self {
        let mut found = Self {
            all,
            by_package: BTreeMap::new(),
            by_rule: BTreeMap::new(),
            by_programme: BTreeMap::new(),
            by_party: BTreeMap::new(),
            rest: Vec::new(),
            through: Through { graph, known: RefCell::default() },
        };
        for (at, exception) in all.iter().enumerate() {
            let place = match (&exception.package, exception.rule, &exception.programme, &exception.party) {
                (Some(name), ..) => found.by_package.entry(name).or_default(),
                (_, Some(rule), ..) => found.by_rule.entry(rule).or_default(),
                (_, _, Some(id), _) => found.by_programme.entry(id).or_default(),
                (.., Some(id)) => found.by_party.entry(id).or_default(),
                _ => &mut found.rest,
            };
            place.push(at);
        }
        found
    }

    /// The first exception that accepts a hit.
    fn accepting(&self, subject: &Subject<'_>, rule: usize, hit: &Hit) -> Option<usize> {
        let package = hit.package.map(|at| subject.graph.package(at));
        let programme = hit.programme.and_then(|at| subject.applied.get(at)).map(|applied| applied.programme.id);
        let candidates = [
            package.and_then(|package| self.by_package.get(package.name.as_str())),
            self.by_rule.get(&rule),
            programme.and_then(|id| self.by_programme.get(id)),
            hit.party.and_then(|id| self.by_party.get(id)),
            hit.package.map(|_| &self.rest),
        ];
        let first =
            |list: &Vec<usize>| list.iter().copied().find(|at| self.accepts(&self.all[*at], subject, rule, hit));
        candidates.into_iter().flatten().filter_map(first).min()
    }

    /// Whether an exception fits a hit, and has not expired.
    fn accepts(&self, exception: &'a Exception, subject: &Subject<'_>, rule: usize, hit: &Hit) -> bool {
        let package = hit.package.map(|at| subject.graph.package(at));
        let programme = hit.programme.and_then(|at| subject.applied.get(at)).map(|applied| applied.programme.id);
        let version = |wanted: &semver::VersionReq| package.is_some_and(|package| wanted.matches(&package.version));
        let through = |name: &'a str| hit.package.is_some_and(|at| self.through.only(at, name));
        !exception.expired(subject.as_of)
            && exception.rule.is_none_or(|wanted| wanted == rule)
            && exception.version.as_ref().is_none_or(version)
            && exception.programme.as_deref().is_none_or(|wanted| programme == Some(wanted))
            && exception.party.as_deref().is_none_or(|wanted| hit.party == Some(wanted))
            && exception.through.as_deref().is_none_or(through)
    }
}

/// What every way to a package goes through; each name is followed through the graph once.
struct Through<'a> {
    graph: &'a Graph,
    known: RefCell<BTreeMap<&'a str, Vec<bool>>>,
}

impl<'a> Through<'a> {
    fn only(&self, to: PackageIx, name: &'a str) -> bool {
        let mut known = self.known.borrow_mut();
        known.entry(name).or_insert_with(|| self.graph.all_only_through(name))[to.index()]
    }
}
