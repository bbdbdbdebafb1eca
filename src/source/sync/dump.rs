//! Owners and versions of crates from the registry's database dump.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::pin::Pin;

use futures_util::future::{Either, select};

use super::whole::Running;
use super::{DumpChoice, Plan, Progress, SyncError};
use crate::facts::live::Reason;
use crate::source::remote::{Dump, DumpError, DumpLimits, DumpProgress, Endpoint, read_dump};

/// Bytes of a dump. It had 305 MB in June 2023; one of twenty times that is something else.
const LARGEST: u64 = 6 << 30;

/// The name under which progress is shown.
const WHAT: &str = "crates.io: database dump";

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
    if let DumpChoice::File(path) = &running.setup.dump {
        let shown = |why: &dyn std::fmt::Display| SyncError::Dump(format!("{path} cannot be used: {why}"));
        let file = File::open(path).map_err(|error| shown(&error))?;
        let dump = read_dump(file, Some(&wanted), DumpLimits::default(), &mut go_on).map_err(|error| shown(&error))?;
        keep(running, dump)?;
    } else {
        let endpoint = &running.setup.endpoints.crates_io_static;
        let reader = move |body| read_dump(body, Some(&wanted), DumpLimits::default(), &mut go_on);
        let stream = std::pin::pin!(running.client.stream(endpoint, Endpoint::DUMP, LARGEST, reader));
        match select(stream, interrupt).await {
            Either::Right(_) => return Ok(true),
            Either::Left((Ok(Ok(dump)), _)) => keep(running, dump)?,
            Either::Left((Ok(Err(error)), _)) => {
                let detail = format!("crates.io: the database dump cannot be used: {error}");
                running.gap("crates.io", None, reason(&error), detail)?;
            }
            Either::Left((Err(failure), _)) => running.gap("crates.io", None, failure.reason, failure.detail)?,
        }
    }
    progress.advance(WHAT, count);
    progress.end(WHAT);
    Ok(false)
}

/// It is not stopped half-way: the whole request is, where the user interrupts.
fn go_on(_read: DumpProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn reason(error: &DumpError) -> Reason {
    match error {
        DumpError::TooMuch { .. } => Reason::TooLarge,
        _ => Reason::Malformed,
    }
}

fn keep(running: &Running<'_>, dump: Dump) -> Result<(), SyncError> {
    let kept = running.store.borrow_mut().bulk(dump.facts(), running.setup.now)?;
    running.outcome.borrow_mut().facts += kept;
    Ok(())
}
