//! `cargo origin sync`: asks registries, forges and lists for what is missing, and keeps it in the store.

use std::collections::BTreeMap;
use std::io;

use camino::Utf8Path;

use super::{CommandError, ExitStatus, Settings};
use crate::analysis;
use crate::data::Data;
use crate::date::Moment;
use crate::facts::live::{Reason, SourceGap};
use crate::load::Loaded;
use crate::party;
use crate::render;
use crate::source::git::CloneLimits;
use crate::source::remote::{CacheOptions, ClientOptions, Endpoints, Limits};
use crate::source::sync::{self, Cost, DumpChoice, Outcome, Parts, Plan, Setup, SyncError, VersionsFrom};
use crate::store::StoreError;

/// What is asked for, and how.
#[derive(Clone, Debug)]
pub struct SyncSettings {
    /// The services, with tokens.
    pub endpoints: Endpoints,
    /// Which parts.
    pub parts: Parts,
    /// Lists by id; the usual ones if none is named.
    pub lists: Vec<String>,
    /// Crates from the dump.
    pub dump: DumpChoice,
    /// Where versions come from.
    pub versions: VersionsFrom,
    /// Ask for everything, fresh or not.
    pub refresh: bool,
    /// Take up persons.
    pub persons: bool,
    /// Only say what it would cost.
    pub dry_run: bool,
    /// Fail where anything was not told.
    pub strict: bool,
    /// Now.
    pub now: Moment,
    /// Whether standard error is a terminal.
    pub is_terminal: bool,
}

/// Runs it.
pub fn sync(
    settings: &Settings,
    wanted: &SyncSettings,
    out: &mut dyn io::Write,
    notes: &mut dyn io::Write,
) -> Result<ExitStatus, CommandError> {
    if settings.format != render::Format::Human {
        return Err(CommandError::InWords { command: "sync" });
    }
    let opened = settings.open(notes)?;
    let outcome = run(settings, wanted, &opened.loaded, &opened.data, notes)?;
    let Some(outcome) = outcome else { return Ok(ExitStatus::Success) };
    write!(out, "{}", said(&outcome))?;
    // What a source shows to nobody without a token of its own kind is no failure of this run.
    let failures = outcome.gaps.iter().any(|gap| gap.reason != Reason::NotVisible);
    let failed = outcome.interrupted || (wanted.strict && failures);
    Ok(if failed { ExitStatus::CouldNotFinish } else { ExitStatus::Success })
}

/// Asks for what is missing about a project. Nothing comes back where only the cost was asked for.
pub(super) fn run(
    settings: &Settings,
    wanted: &SyncSettings,
    loaded: &Loaded,
    data: &Data,
    notes: &mut dyn io::Write,
) -> Result<Option<Outcome>, CommandError> {
    if settings.is_offline() && needs_network(wanted) {
        return Err(CommandError::Offline);
    }
    let path = settings.store.as_deref().ok_or(CommandError::NoStore)?;
    let repositories = party::repositories(&loaded.graph, &loaded.manifests, data);
    let mut endpoints = wanted.endpoints.clone();
    if settings.is_offline() {
        // Nothing but a dump from a file.
        endpoints.registries.clear();
    }
    let ask = analysis::wanted(loaded, &repositories, data, &endpoints);
    let usual = |id: &String| if wanted.lists.is_empty() { id != SDN } else { wanted.lists.contains(id) };
    endpoints.lists.retain(|id, _| usual(id));
    if let Some(unknown) = wanted.lists.iter().find(|id| !endpoints.lists.contains_key(*id)) {
        return Err(CommandError::NoSuchId(format!(
            "--list: no list `{unknown}` is configured; there are {}",
            wanted.endpoints.lists.keys().cloned().collect::<Vec<_>>().join(", ")
        )));
    }
    let setup = Setup {
        client: ClientOptions { limits: Limits::default(), contact: endpoints.contact.clone(), cache: cache(path) },
        endpoints: &endpoints,
        parts: wanted.parts,
        dump: wanted.dump.clone(),
        versions: wanted.versions,
        refresh: wanted.refresh,
        persons: wanted.persons,
        clones: CloneLimits::default(),
        environment: &settings.histories.environment,
        data,
        now: wanted.now,
        today: settings.today,
    };
    let failed = |error: StoreError| settings.store_error(error);
    if wanted.dry_run {
        let plan = sync::plan(&ask, &setup, settings.store_to_read()?.as_ref()).map_err(failed)?;
        announce(&plan, &endpoints, notes)?;
        return Ok(None);
    }
    let mut store = settings.store_to_write(notes)?;
    store.check_clock(wanted.now).map_err(failed)?;
    let plan = sync::plan(&ask, &setup, Some(&store)).map_err(failed)?;
    announce(&plan, &endpoints, notes)?;
    let mut progress = Shown(render::Progress::new(wanted.is_terminal, notes));
    let outcome = sync::sync(&ask, &plan, &setup, &mut store, &mut progress);
    outcome.map(Some).map_err(|error| match error {
        SyncError::Store(error) => failed(error),
        SyncError::Network(_) | SyncError::Dump(_) => CommandError::Sync(error),
    })
}

/// What an analysis asks for before it answers. What a source did not tell stands in the answer, as gaps.
pub(super) fn online(
    settings: &Settings,
    wanted: &SyncSettings,
    loaded: &Loaded,
    data: &Data,
    notes: &mut dyn io::Write,
) -> Result<(), CommandError> {
    let outcome = run(settings, wanted, loaded, data, notes)?;
    if outcome.is_some_and(|outcome| outcome.interrupted) { Err(CommandError::Interrupted) } else { Ok(()) }
}

/// A dump from a file needs none, where nothing else is asked for.
fn needs_network(wanted: &SyncSettings) -> bool {
    let Parts { crates, forges, lists, histories } = wanted.parts;
    forges || lists || histories || (crates && !matches!(wanted.dump, DumpChoice::File(_)))
}

/// The SDN list is in the consolidated list, and is only asked for by its name.
const SDN: &str = "us-sdn";

/// Bytes of answers that are kept for asking whether anything has changed.
const CACHE: u64 = 64 << 20;

/// Where answers of the index lie: beside the store. It names no person.
fn cache(store: &Utf8Path) -> Option<CacheOptions> {
    let folder = store.parent()?.join("http").into_std_path_buf();
    Some(CacheOptions { folder, bytes: CACHE, services: ["index.crates.io".to_owned()].into() })
}

struct Shown<'a>(render::Progress<'a>);

impl sync::Progress for Shown<'_> {
    fn begin(&mut self, what: &str, subjects: u64) {
        self.0.begin(what, subjects);
    }

    fn advance(&mut self, what: &str, subjects: u64) {
        self.0.advance(what, subjects);
    }

    fn end(&mut self, what: &str) {
        self.0.end(what);
    }
}

/// Says what is asked and what it costs, before anything is.
fn announce(plan: &Plan, endpoints: &Endpoints, notes: &mut dyn io::Write) -> io::Result<()> {
    let costs = &plan.costs;
    if costs.is_empty() {
        writeln!(notes, "nothing is missing; --refresh asks for all of it again")?;
    }
    for Cost { source, what, subjects, at_least, requests, seconds } in costs {
        write!(notes, "{source}: {what}, {}{subjects}", if *at_least { "at least " } else { "" })?;
        if let Some(requests) = requests {
            write!(notes, ", {requests} request{}", if *requests == 1 { "" } else { "s" })?;
        }
        match seconds {
            Some(seconds) => writeln!(notes, ", {}", time(*seconds))?,
            None => writeln!(notes)?,
        }
    }
    if plan.accounts_may_come {
        writeln!(notes, "accounts that are not known yet, which the answers name, come on top")?;
    }
    if plan.unnamed > 0 {
        let persons = if plan.unnamed == 1 { "1 person".to_owned() } else { format!("{} persons", plan.unnamed) };
        writeln!(
            notes,
            "fresh profiles without a displayed name, of {persons}, are asked for again by --refresh only"
        )?;
    }
    if let Some(seconds) = in_all(costs) {
        writeln!(notes, "in all {}, if nobody has us wait", time(seconds))?;
    }
    let github = endpoints.forges.get("github.com");
    if costs.iter().any(|cost| cost.source == "github.com")
        && github.is_some_and(|forge| forge.endpoint.token.is_none())
    {
        writeln!(notes, "github.com answers 60 questions an hour without a token: set GH_TOKEN for more")?;
    }
    Ok(())
}

/// What all of it takes where it takes longer than each part: one service is asked one thing after the other, several at once.
fn in_all(costs: &[Cost]) -> Option<f64> {
    let mut by_source: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for cost in costs {
        by_source.entry(&cost.source).or_default().extend(cost.seconds);
    }
    let longest = by_source.values().max_by(|a, b| a.iter().sum::<f64>().total_cmp(&b.iter().sum()))?;
    (longest.len() > 1).then(|| longest.iter().sum())
}

fn time(seconds: f64) -> String {
    if seconds >= 90.0 {
        format!("about {:.0} minutes", seconds / 60.0)
    } else {
        format!("about {:.0} s", seconds.max(1.0))
    }
}

/// How it went.
fn said(outcome: &Outcome) -> String {
    let mut text = format!("{} facts", outcome.facts);
    let (read, same) = outcome.lists;
    if read + same > 0 {
        text = format!("{text}, {read} {} read anew, {same} as before", if read == 1 { "list" } else { "lists" });
    }
    let mut gaps: BTreeMap<(&str, &str), Vec<&SourceGap>> = BTreeMap::new();
    for gap in &outcome.gaps {
        gaps.entry((&gap.source, gap.reason.as_str())).or_default().push(gap);
    }
    text.push('\n');
    for ((source, reason), of) in gaps {
        let example = of.first().map(|gap| gap.detail.as_str()).unwrap_or_default();
        let times = if of.len() == 1 { "once" } else { &format!("{} times", of.len()) };
        let line = format!("not told by {source}: {reason}, {times}; the first: {example}");
        text = format!("{text}{}\n", render::escape_for_diagnostics(&line));
    }
    if outcome.interrupted {
        text.push_str("interrupted: what came in is kept, and the next run asks for the rest\n");
    }
    text
}
