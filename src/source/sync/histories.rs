//! Histories of repositories: the commits are copied, observed, and the copy goes away.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::{Either, poll_immediate, select};
use tempfile::TempDir;
use url::Url;

use super::plan::forge_of;
use super::whole::Running;
use super::{Plan, Progress, SyncError};
use crate::data::Data;
use crate::facts::live::{Content, Fact, FactKind, Reason};
use crate::locate::{Clocks, Parameters, Subject, observe};
use crate::source::git::{CloneError, GitError, HistoryQuery, clone_commits, read_history};
use crate::source::remote::Answers;
use crate::store::StoreError;

/// The name under which progress is shown.
const WHAT: &str = "git: histories";

/// Commits that are read of one history, newest first.
const MOST_COMMITS: u64 = 50_000;

/// Copies and observes the histories of a plan; says whether the user interrupted.
pub(super) async fn read(
    running: &Running<'_>,
    plan: &Plan,
    progress: &mut dyn Progress,
    mut interrupt: Pin<&mut dyn Future<Output = ()>>,
) -> Result<bool, SyncError> {
    if plan.histories.is_empty() {
        return Ok(false);
    }
    let zones = Data::zones().map_err(|error| SyncError::Network(error.to_string()))?;
    let clocks = Clocks::new(&zones, &running.setup.data.tables.prior);
    progress.begin(WHAT, u64::try_from(plan.histories.len()).unwrap_or(u64::MAX));
    let mut interrupted = false;
    for path in &plan.histories {
        let Some(copied) = copy(running, &now_at(running, path)?, interrupt.as_mut()).await else {
            interrupted = true;
            break;
        };
        let read = copied.and_then(|copy| one(running, path, &copy, &clocks));
        // Nothing else runs while a copy is read, so that whether to go on is looked at afterwards. Ctrl-C of a terminal reaches the git
        // that reads, since it is of our group, and ends it, which is no answer about the repository.
        interrupted = has_come(interrupt.as_mut()).await;
        if interrupted && read.is_err() {
            break;
        }
        match read {
            Ok(content) => running.keep(Answers {
                facts: vec![Fact {
                    kind: FactKind::Observation,
                    subject: path.clone(),
                    source: host(path).to_owned(),
                    content,
                }],
                ..Answers::default()
            })?,
            Err((reason, detail)) => {
                let about = Some((FactKind::Observation, path.as_str()));
                running.gap(host(path), about, reason, format!("{path}: {detail}"))?;
            }
        }
        progress.advance(WHAT, 1);
        if interrupted {
            break;
        }
    }
    progress.end(WHAT);
    Ok(interrupted)
}

/// Whether the user has interrupted by now. The runtime takes signals in while a task waits: the first wait lets it, the second has it
/// tell.
async fn has_come(interrupt: Pin<&mut dyn Future<Output = ()>>) -> bool {
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    poll_immediate(interrupt).await.is_some()
}

fn host(path: &str) -> &str {
    path.split_once('/').map_or(path, |(host, _)| host)
}

/// Where a repository is now, by what its forge has said: git follows nothing that sends it elsewhere. Another host is another service.
fn now_at(running: &Running<'_>, path: &str) -> Result<String, StoreError> {
    let rows = running.store.borrow().get(FactKind::Repository, path)?;
    let today = rows.into_iter().filter(|kept| kept.valid.until.is_none());
    let mut moved = today.filter_map(|kept| match kept.fact.content {
        Content::Repository(state) => state.moved_to.filter(|to| host(to) == host(path)),
        _ => None,
    });
    Ok(moved.next().unwrap_or_else(|| path.to_owned()))
}

/// The address of a repository below that of its forge. Nothing comes back for a path that would lead elsewhere: `..` in any spelling.
fn address_below(forge: &Url, rest: &str) -> Option<Url> {
    let below = forge.path().trim_end_matches('/');
    let address: Url = format!("{}{rest}", forge.as_str().trim_end_matches('/')).parse().ok()?;
    (rest.starts_with('/') && !rest.contains('%') && address.path().strip_prefix(below) == Some(rest))
        .then_some(address)
}

/// Why there is no record.
type Missed = (Reason, String);

/// A copy of the commits of the repository at a path. Nothing comes back where the user interrupts, and nothing of git runs on then.
async fn copy(
    running: &Running<'_>,
    now_at: &str,
    interrupt: Pin<&mut dyn Future<Output = ()>>,
) -> Option<Result<TempDir, Missed>> {
    let address = match address(running, now_at) {
        Ok(address) => address,
        Err(missed) => return Some(Err(missed)),
    };
    // Git is waited for on a thread of its own, which this tells to stop.
    let stop = Arc::new(AtomicBool::new(false));
    let (stopped, limits, environment) = (Arc::clone(&stop), running.setup.clones, running.setup.environment.to_vec());
    let waiting = tokio::task::spawn_blocking(move || clone_commits(&address, limits, &environment, &stopped));
    let (copied, interrupted) = match select(waiting, interrupt).await {
        Either::Left((copied, _)) => (copied, false),
        Either::Right(((), waiting)) => {
            stop.store(true, Ordering::Relaxed);
            (waiting.await, true)
        }
    };
    let copied = match copied {
        Ok(copied) => copied.map_err(|error| {
            let reason = match error {
                CloneError::TooLarge(_) => Reason::TooLarge,
                CloneError::Ours(_) | CloneError::TooSlow(_) | CloneError::Refused | CloneError::Stopped => {
                    Reason::Unreachable
                }
            };
            (reason, error.to_string())
        }),
        Err(error) => Err((Reason::Unreachable, error.to_string())),
    };
    (!interrupted).then_some(copied)
}

/// Where git fetches the repository at a path from.
fn address(running: &Running<'_>, now_at: &str) -> Result<Url, Missed> {
    let setup = running.setup;
    let forge = forge_of(setup, now_at).and_then(|forge| setup.endpoints.forges.get(forge));
    let Some(forge) = forge else {
        return Err((Reason::NotAsked, "its host is no forge that is configured".to_owned()));
    };
    let address = address_below(&forge.git, &now_at[host(now_at).len()..]);
    address.ok_or_else(|| (Reason::NotAsked, "no address of a repository".to_owned()))
}

/// The record of a repository, from a copy of its commits.
fn one(running: &Running<'_>, path: &str, copy: &TempDir, clocks: &Clocks) -> Result<Content, Missed> {
    let setup = running.setup;
    let malformed = |why: &str| (Reason::Malformed, why.to_owned());
    let folder = camino::Utf8PathBuf::from_path_buf(copy.path().join("copy.git"))
        .map_err(|_| malformed("the temporary folder has a name that is not UTF-8"))?;
    let query = HistoryQuery {
        repository: &folder,
        revision: None,
        since: None,
        until: None,
        path: None,
        limit: Some(MOST_COMMITS),
        today: setup.today,
        environment: setup.environment,
    };
    // The error names the temporary folder, which says nothing to anybody.
    let history = read_history(&query).map_err(|error| match error {
        GitError::NoCommits(_) => malformed("it has no commits on its default branch"),
        GitError::NoGit(_) | GitError::Scratch(_) => malformed(&error.to_string()),
        _ => malformed("its history cannot be read"),
    })?;
    let subject = Subject { repository: path, path: None, as_of: setup.today };
    let record = observe(&history, subject, clocks, setup.data, &Parameters::default());
    Ok(record.map_or(Content::Absent, |record| Content::Observation(Box::new(record))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_below_its_forge() {
        for forge in
            ["https://git.example.org", "https://git.example.org/", "file:///mirror/of", "https://example.org/git/"]
        {
            let forge: Url = forge.parse().unwrap();
            let address = address_below(&forge, "/~example/a-b_c.d+e").map(String::from);
            let expected = format!("{}/~example/a-b_c.d+e", forge.as_str().trim_end_matches('/'));
            assert_eq!(address, Some(expected));
            for rest in [
                "/a/../../b",
                "/%2e%2e/b",
                "/a/%2e%2E%2fb",
                "/.%2e/.%2e/b",
                "/a\\..\\..\\b",
                "/./b",
                "b",
                "@b/c",
                ":1/c",
            ] {
                assert_eq!(address_below(&forge, rest), None, "{forge} {rest}");
            }
        }
    }
}
