//! The sparse index of crates.io: which versions there are, and when they came out. It does not say by whom.
//!
//! The format is the one of the Cargo book, "Index Format": a line of JSON a version, with `pubtime` for those whose moment is known.

use serde::Deserialize;

use super::registry::{CRATES_IO, MOST_VERSIONS, day, is_crate_name, no_crate_name, within_limits};
use super::{Answers, Asking, Batch, Client, Endpoint, Failure, Source};
use crate::facts::live::{Content, FactKind, PublishedVersion, Reason};

/// What it is called in facts.
const NAME: &str = "index.crates.io";

/// Asks the index.
#[derive(Clone, Debug)]
pub struct SparseIndex {
    endpoint: Endpoint,
}

#[derive(Deserialize)]
struct Line {
    vers: String,
    pubtime: Option<String>,
}

impl SparseIndex {
    /// Asks at an address.
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint }
    }

    async fn about(&self, client: &Client, name: &str) -> Result<Content, Failure> {
        if !is_crate_name(name) {
            return Err(no_crate_name(CRATES_IO));
        }
        versions(client, &self.endpoint, name).await
    }
}

/// The versions of a crate in the index at an address. The name is one that a registry can have.
pub(super) async fn versions(client: &Client, index: &Endpoint, name: &str) -> Result<Content, Failure> {
    let Some(bytes) = client.get(index, &path(name), "*/*").await? else { return Ok(Content::Absent) };
    let lines = bytes.split(|byte| *byte == b'\n').zip(1_usize..).filter(|(line, _)| !line.trim_ascii().is_empty());
    let versions: Result<Vec<_>, Failure> = lines
        .take(MOST_VERSIONS + 1)
        .map(|(line, number)| version(line).ok_or_else(|| malformed(&index.name, number)))
        .collect();
    let versions = versions?;
    within_limits(&index.name, &versions)?;
    Ok(Content::Versions(versions))
}

impl Source for SparseIndex {
    fn name(&self) -> &str {
        NAME
    }

    fn batch(&self, kind: FactKind) -> Option<Batch> {
        (kind == FactKind::CrateVersions).then_some(Batch { subjects: 1, requests: 1 })
    }

    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a> {
        Box::pin(async move {
            let mut answers = Answers::default();
            if self.batch(kind).is_none() {
                return answers;
            }
            for name in subjects {
                match self.about(client, name).await {
                    Ok(content) => answers.fact(NAME, kind, name, content),
                    Err(failure) => answers.gap(NAME, kind, name, &failure),
                }
            }
            answers
        })
    }
}

fn version(line: &[u8]) -> Option<PublishedVersion> {
    let line: Line = serde_json::from_slice(line).ok()?;
    Some(PublishedVersion { version: line.vers, by: None, on: line.pubtime.as_deref().and_then(day) })
}

fn malformed(index: &str, number: usize) -> Failure {
    Failure { reason: Reason::Malformed, detail: format!("{index}: line {number} is no version") }
}

/// Where a crate is: folders by the first letters of its name, in lower case. The name is ASCII.
fn path(name: &str) -> String {
    let name = name.to_lowercase();
    match name.len() {
        1 | 2 => format!("/{}/{name}", name.len()),
        3 => format!("/3/{}/{name}", &name[..1]),
        _ => format!("/{}/{}/{name}", &name[..2], &name[2..4]),
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn crates_are_where_cargo_looks_for_them() {
        assert_eq!(["a", "Ab", "abc", "SerDe"].map(path), ["/1/a", "/2/ab", "/3/a/abc", "/se/rd/serde"]);
    }
}
