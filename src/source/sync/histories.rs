//! Histories of repositories: the commits are copied, observed, and the copy goes away.

use std::pin::Pin;

use futures_util::future::poll_immediate;
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
        let read = one(running, path, &now_at(running, path)?, &clocks);
        // Nothing else runs while git does, so that whether to go on is looked at in between. Ctrl-C of a terminal reaches git too, since
        // it is of our group, and ends it, which is no answer about the repository.
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
                gaps: Vec::new(),
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

/// The record of a repository, which is now at another path of its forge if it was moved.
fn one(running: &Running<'_>, path: &str, now_at: &str, clocks: &Clocks) -> Result<Content, (Reason, String)> {
    let setup = running.setup;
    let forge = forge_of(setup, now_at).and_then(|forge| setup.endpoints.forges.get(forge));
    let Some(forge) = forge else {
        return Err((Reason::NotAsked, "its host is no forge that is configured".to_owned()));
    };
    let address = address_below(&forge.git, &now_at[host(now_at).len()..]);
    let address = address.ok_or_else(|| (Reason::NotAsked, "no address of a repository".to_owned()))?;
    let copy = clone_commits(&address, setup.clones, setup.environment).map_err(|error| {
        let reason = match error {
            CloneError::TooLarge(_) => Reason::TooLarge,
            CloneError::Ours(_) | CloneError::TooSlow(_) | CloneError::Refused => Reason::Unreachable,
        };
        (reason, error.to_string())
    })?;
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
