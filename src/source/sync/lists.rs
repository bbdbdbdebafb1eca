//! Lists of sanctions: fetched whole, read whole, and only then put in the place of what was there.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::pin::Pin;

use futures_util::future::{Either, select};

use super::whole::Running;
use super::{Plan, Progress, SyncError};
use crate::facts::live::{ListState, ListedParty, Reason};
use crate::screening;
use crate::source::lists::{ListReader, Options, Summary, reader};
use crate::source::remote::{Download, Endpoint, Failure};
use crate::store::{ListedKey, ListedRow, StoreError};

/// Bytes of one file of a list: many times what any has.
const LARGEST: u64 = 1 << 30;

/// The name under which progress is shown.
const WHAT: &str = "lists";

/// Fetches the lists of a plan; says whether the user interrupted.
pub(super) async fn read(
    running: &Running<'_>,
    plan: &Plan,
    progress: &mut dyn Progress,
    mut interrupt: Pin<&mut dyn Future<Output = ()>>,
) -> Result<bool, SyncError> {
    if plan.lists.is_empty() {
        return Ok(false);
    }
    progress.begin(WHAT, u64::try_from(plan.lists.len()).unwrap_or(u64::MAX));
    let mut interrupted = false;
    for id in &plan.lists {
        let Some(endpoint) = running.setup.endpoints.lists.get(id) else { continue };
        let Some(reader) = reader(id) else {
            running.gap(id, None, Reason::NotAsked, format!("{id}: no such list is known here"))?;
            continue;
        };
        let one = std::pin::pin!(fetch(running, endpoint, reader));
        match select(one, interrupt.as_mut()).await {
            Either::Left((Ok(fetched), _)) => keep(running, (endpoint, reader), fetched)?,
            Either::Left((Err(failure), _)) => running.gap(id, None, failure.reason, failure.detail)?,
            Either::Right(_) => {
                interrupted = true;
                break;
            }
        }
        progress.advance(WHAT, 1);
    }
    progress.end(WHAT);
    Ok(interrupted)
}

/// Whether a list is from where it would be asked for now, and its names are found as they are asked for now. If not, what was kept of it
/// says nothing of what there is.
pub(super) fn is_of(state: &ListState, endpoint: &Endpoint) -> bool {
    state.normal_form == screening::NORMAL_FORM && state.address.as_ref() == Some(&address_of(endpoint))
}

/// The address of a list, with a digest in the place of its query, in which a token may stand.
fn address_of(endpoint: &Endpoint) -> String {
    let mut address = endpoint.base.clone();
    let query = address.query().map(|query| {
        let mut digest = DefaultHasher::new();
        query.hash(&mut digest);
        format!("{:016x}", digest.finish())
    });
    address.set_query(query.as_deref());
    address.into()
}

/// The files of a list, or that it is as before.
enum Fetched {
    Unchanged,
    Files(Vec<File>, Option<String>),
}

async fn fetch(running: &Running<'_>, endpoint: &Endpoint, reader: &ListReader) -> Result<Fetched, Failure> {
    let known = running.store.borrow().list_states().unwrap_or_default();
    let known = known.into_iter().find(|state| state.id == reader.id && !running.setup.refresh);
    if reader.files.len() != 1 {
        return fetch_all(running, endpoint, reader).await;
    }
    // What was left out before, or was not, cannot be told from the answer "as before".
    let same = |state: &ListState| is_of(state, endpoint) && !running.setup.persons && state.persons_left_out > 0;
    let validator = known.filter(same).and_then(|state| state.validator);
    match running.client.download(endpoint, "", validator.as_deref(), LARGEST).await? {
        Download::Unchanged => Ok(Fetched::Unchanged),
        Download::File(file, validator) => Ok(Fetched::Files(vec![file], validator)),
    }
}

/// A list in several files: they belong together, so that none is asked for alone.
async fn fetch_all(running: &Running<'_>, endpoint: &Endpoint, reader: &ListReader) -> Result<Fetched, Failure> {
    let mut files = Vec::new();
    for name in reader.files {
        match running.client.download(endpoint, &format!("/{name}"), None, LARGEST).await? {
            Download::File(file, _) => files.push(file),
            Download::Unchanged => {
                let detail = format!("{}: not changed, of what was never fetched", endpoint.name);
                return Err(Failure { reason: Reason::Malformed, detail });
            }
        }
    }
    Ok(Fetched::Files(files, None))
}

/// Puts a list in the place of what was there, or leaves that where it cannot be read.
fn keep(
    running: &Running<'_>,
    (endpoint, reader): (&Endpoint, &ListReader),
    fetched: Fetched,
) -> Result<(), SyncError> {
    let setup = running.setup;
    let (files, validator) = match fetched {
        Fetched::Unchanged => {
            let mut store = running.store.borrow_mut();
            store.touch_list(reader.id, setup.now, None)?;
            store.answers_again(reader.id, setup.now)?;
            running.outcome.borrow_mut().lists.1 += 1;
            return Ok(());
        }
        Fetched::Files(files, validator) => (files, validator),
    };
    let files = files.into_iter().map(|file| Box::new(file) as Box<dyn Read>);
    let mut parties: Vec<ListedParty> = Vec::new();
    let options = Options { persons: setup.persons, data: setup.data };
    let read = reader.read(files, &options, &mut |party| parties.push(party));
    let summary = match read {
        Ok(summary) => summary,
        Err(error) => {
            let detail = format!("{}: what came is not this list: {error}; the one from before is kept", reader.id);
            running.gap(reader.id, None, Reason::Malformed, detail)?;
            return Ok(());
        }
    };
    if let Some(detail) = shrunk(running, reader, &summary)? {
        running.gap(reader.id, None, Reason::Malformed, detail)?;
        return Ok(());
    }
    let state = ListState {
        id: reader.id.to_owned(),
        fetched: setup.now,
        entries: summary.entries,
        persons_left_out: summary.persons_left_out,
        validator,
        address: Some(address_of(endpoint)),
        normal_form: screening::NORMAL_FORM,
    };
    let rows = parties.into_iter().map(|party| row(party, running));
    let kept: Result<u64, StoreError> = running.store.borrow_mut().replace_list(&state, rows);
    kept?;
    running.store.borrow_mut().answers_again(reader.id, setup.now)?;
    running.outcome.borrow_mut().lists.0 += 1;
    Ok(())
}

/// Says so where a list has lost more than half of its entries: a file that was cut off between two rows looks like a whole one. Entries
/// about persons count on both sides or on none.
fn shrunk(running: &Running<'_>, reader: &ListReader, now: &Summary) -> Result<Option<String>, StoreError> {
    if running.setup.refresh {
        return Ok(None);
    }
    let known = running.store.borrow().list_states()?;
    // A list from elsewhere is another one.
    let endpoint = running.setup.endpoints.lists.get(reader.id);
    let is_same = |state: &ListState| state.id == reader.id && endpoint.is_some_and(|endpoint| is_of(state, endpoint));
    let Some(known) = known.into_iter().find(is_same) else { return Ok(None) };
    let both_without = !running.setup.persons && known.persons_left_out > 0;
    let of = |entries: u64, persons: u64| if both_without { entries } else { entries + persons };
    let (before, after) = (of(known.entries, known.persons_left_out), of(now.entries, now.persons_left_out));
    let detail = || {
        format!(
            "{id}: what came has {after} entries, and the list from before has {before}: it may be cut off, so the one from before is \
             kept; if it is right, `cargo origin sync --refresh --list {id}` takes it",
            id = reader.id
        )
    };
    Ok((after < before.div_ceil(2)).then(detail))
}

fn row(party: ListedParty, running: &Running<'_>) -> ListedRow {
    let keys = screening::keys_of(&party, running.setup.data);
    let keys = keys.into_iter().map(|(name, key)| {
        let tokens = key.search_words().map(str::to_owned).collect();
        ListedKey { name, key: key.key, tokens }
    });
    let keys = keys.collect();
    ListedRow { party, keys }
}
