//! Owners and versions of crates from the registry's database dump.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{Either, select};

use super::wanted::fresh_since;
use super::whole::Running;
use super::{DumpChoice, Plan, Progress, SyncError};
use crate::date::Moment;
use crate::facts::live::{FactKind, Reason};
use crate::source::remote::{Answers, Dump, DumpError, DumpLimits, DumpProgress, Endpoint, read_dump};

/// Bytes of a dump. It had 305 MB in June 2023; one of twenty times that is something else.
const LARGEST: u64 = 6 << 30;

/// The name under which progress is shown.
const WHAT: &str = "crates.io: database dump";

/// The source of what a dump says, and of what it does not.
const SOURCE: &str = "crates.io";

/// Reads the dump; says whether the user interrupted.
pub(super) async fn read(
    running: &Running<'_>,
    plan: &Plan,
    progress: &mut dyn Progress,
    interrupt: Pin<&mut dyn Future<Output = ()>>,
) -> Result<bool, SyncError> {
    let wanted: BTreeSet<String> = plan.crates.iter().flatten().cloned().collect();
    if wanted.is_empty() {
        return Ok(false);
    }
    let count = u64::try_from(wanted.len()).unwrap_or(u64::MAX);
    progress.begin(WHAT, count);
    // The reader is on a thread of its own, which this tells to stop.
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let mut go_on = move |_read: DumpProgress| {
        if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let read = if let DumpChoice::File(path) = &running.setup.dump {
        let shown = |why: &dyn std::fmt::Display| SyncError::Dump(format!("{path} cannot be used: {why}"));
        let file = File::open(path).map_err(|error| shown(&error))?;
        let reader = move || read_dump(file, Some(&wanted), DumpLimits::default(), &mut go_on);
        match select(tokio::task::spawn_blocking(reader), interrupt).await {
            Either::Right(_) => None,
            Either::Left((Ok(Ok(dump)), _)) => Some(dump),
            Either::Left((Ok(Err(error)), _)) => return Err(shown(&error)),
            Either::Left((Err(error), _)) => return Err(shown(&error)),
        }
    } else {
        let endpoint = &running.setup.endpoints.crates_io_static;
        let reader = move |body| read_dump(body, Some(&wanted), DumpLimits::default(), &mut go_on);
        let stream = std::pin::pin!(running.client.stream(endpoint, Endpoint::DUMP, LARGEST, reader));
        match select(stream, interrupt).await {
            Either::Right(_) => None,
            Either::Left((Ok(Ok(dump)), _)) => Some(dump),
            Either::Left((Ok(Err(error)), _)) => {
                let detail = format!("crates.io: the database dump cannot be used: {error}");
                return failed(running, progress, reason(&error), detail);
            }
            Either::Left((Err(failure), _)) => return failed(running, progress, failure.reason, failure.detail),
        }
    };
    let Some(dump) = read else {
        stop.store(true, Ordering::Relaxed);
        progress.end(WHAT);
        return Ok(true);
    };
    keep(running, &dump)?;
    progress.advance(WHAT, count);
    progress.end(WHAT);
    Ok(false)
}

/// A dump that did not come is a gap; the rest goes on.
fn failed(
    running: &Running<'_>,
    progress: &mut dyn Progress,
    reason: Reason,
    detail: String,
) -> Result<bool, SyncError> {
    running.gap(SOURCE, None, reason, detail)?;
    progress.end(WHAT);
    Ok(false)
}

fn reason(error: &DumpError) -> Reason {
    match error {
        DumpError::TooMuch { .. } => Reason::TooLarge,
        _ => Reason::Malformed,
    }
}

fn keep(running: &Running<'_>, dump: &Dump) -> Result<(), SyncError> {
    // A copy can be old: what it says is of its own day.
    let now = running.setup.now;
    let of = dump.made_on().map_or(now, |day| Moment(day.begin()).min(now));
    let mut store = running.store.borrow_mut();
    let kept = store.bulk(dump.facts(), of)?;
    // The facts are of the day of the dump, but the source has answered today.
    if let DumpChoice::Never | DumpChoice::Many | DumpChoice::Always = running.setup.dump {
        store.answers_again(SOURCE, now)?;
    }
    for kind in [FactKind::CrateOwners, FactKind::CrateVersions] {
        // What is as fresh as an answer of today is one.
        if of >= fresh_since(kind, now) {
            let told: Vec<String> = dump.facts().filter(|fact| fact.kind == kind).map(|fact| fact.subject).collect();
            store.told(SOURCE, kind, &told.iter().map(String::as_str).collect::<Vec<_>>(), now)?;
        }
    }
    drop(store);
    running.outcome.borrow_mut().facts += kept;
    running.keep(Answers { gaps: dump.gaps(), ..Answers::default() })?;
    Ok(())
}
