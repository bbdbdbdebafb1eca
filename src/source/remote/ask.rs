//! What a source is: asked in batches, it gives facts and gaps.

use std::pin::Pin;

use super::{Client, Failure};
use crate::facts::live::{Content, Fact, FactKind, Reason, SourceGap};

/// Questions in a row that a source does not answer, after which it is left alone: it is down, or wants something that we do not have.
pub const MOST_FAILURES: u32 = 3;

/// Subjects of which a source knows not a single one, from which on it is no answer: it is another service than it is taken for.
pub const MOST_ABSENT: usize = 3;

/// Whether the reason lies with the source, and not with what was asked about.
pub fn is_of_the_source(reason: Reason) -> bool {
    match reason {
        Reason::Unreachable | Reason::RateLimited | Reason::NotAllowed | Reason::ServerError | Reason::Redirected => {
            true
        }
        Reason::Malformed | Reason::TooLarge | Reason::NotAsked | Reason::Interrupted | Reason::NotVisible => false,
    }
}

/// The gap of each of so many subjects of which a source knows none.
pub fn knows_none(source: &str, kind: FactKind, subjects: usize) -> Failure {
    let what = match kind {
        FactKind::CrateOwners | FactKind::CrateVersions => "crates that the project has from it",
        FactKind::Profile => "accounts there",
        FactKind::Repository | FactKind::Observation => "repositories there",
    };
    let detail = format!("{source}: it says that there is none of {subjects} {what}: check the address");
    Failure { reason: Reason::Malformed, detail }
}

/// What a source gave for a batch: for each subject a fact or a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// What it says.
    pub facts: Vec<Fact>,
    /// What it did not tell.
    pub gaps: Vec<SourceGap>,
    /// Questions at the end, one after the other, that it did not answer, where it is asked about one subject after the other.
    pub unanswered: u32,
}

/// An answer to come.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Answers> + 'a>>;

/// A service that is asked.
pub trait Source {
    /// What it is called in facts and gaps: the host that it speaks for, as in `crates.io`, whatever its address is.
    fn name(&self) -> &str;

    /// How many subjects are asked in one batch, and how many requests that takes; nothing if it does not answer this kind.
    fn batch(&self, kind: FactKind) -> Option<Batch>;

    /// Asks about the subjects of one batch.
    fn ask<'a>(&'a self, client: &'a Client, kind: FactKind, subjects: &'a [String]) -> Asking<'a>;
}

/// The size and the cost of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Subjects in a batch.
    pub subjects: usize,
    /// Requests that a full batch takes.
    pub requests: usize,
}

impl Answers {
    /// Adds a fact.
    pub fn fact(&mut self, source: &str, kind: FactKind, subject: &str, content: Content) {
        self.facts.push(Fact { kind, subject: subject.to_owned(), source: source.to_owned(), content });
    }

    /// Adds a gap for one subject.
    pub fn gap(&mut self, source: &str, kind: FactKind, subject: &str, failure: &Failure) {
        self.gaps.push(SourceGap {
            source: source.to_owned(),
            subject: Some(subject.to_owned()),
            kind: Some(kind),
            reason: failure.reason,
            detail: failure.detail.clone(),
        });
    }
}
