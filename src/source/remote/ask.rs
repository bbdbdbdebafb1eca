//! What a source is: asked in batches, it gives facts and gaps.

use std::pin::Pin;

use super::{Client, Failure};
use crate::facts::live::{Content, Fact, FactKind, SourceGap};

/// What a source gave for a batch: for each subject a fact or a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// What it says.
    pub facts: Vec<Fact>,
    /// What it did not tell.
    pub gaps: Vec<SourceGap>,
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
