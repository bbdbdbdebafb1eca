//! One batch under way: every subject of it gets a fact or a gap, and nothing else gets one.

use std::collections::BTreeSet;

use super::{Answers, Failure, MOST_FAILURES, is_of_the_source};
use crate::facts::live::{Content, FactKind, Reason};

/// A batch under way.
pub(super) struct Round<'a> {
    source: &'a str,
    kind: FactKind,
    subjects: Vec<&'a str>,
    known: BTreeSet<&'a str>,
    told: BTreeSet<&'a str>,
    missed: BTreeSet<&'a str>,
    answers: Answers,
}

/// What a source said of one subject, and what it held back.
pub(super) struct Told {
    /// What it said.
    pub(super) content: Content,
    /// What it did not say, where that matters.
    pub(super) held_back: Option<Failure>,
}

impl From<Content> for Told {
    fn from(content: Content) -> Self {
        Self { content, held_back: None }
    }
}

impl<'a> Round<'a> {
    /// A batch of which nothing is known yet. A subject that is named twice is asked once.
    pub(super) fn new(source: &'a str, kind: FactKind, subjects: &'a [String]) -> Self {
        let mut known = BTreeSet::new();
        let subjects = subjects.iter().map(String::as_str).filter(|subject| known.insert(*subject)).collect();
        let (told, missed) = (BTreeSet::new(), BTreeSet::new());
        Self { source, kind, subjects, known, told, missed, answers: Answers::default() }
    }

    /// The subjects that can be asked, with what is read from them; the others become gaps and are never sent.
    pub(super) fn readable<T>(&mut self, what: &str, read: impl Fn(&'a str) -> Option<T>) -> Vec<(&'a str, T)> {
        let mut readable = Vec::new();
        for subject in self.subjects.clone() {
            match read(subject) {
                Some(name) => readable.push((subject, name)),
                None => self.gap(subject, &not_asked(self.source, what)),
            }
        }
        readable
    }

    /// Takes a fact. One about something that was not asked, and a second one about the same subject, are left.
    pub(super) fn fact(&mut self, subject: &str, content: Content) {
        if let Some(subject) = self.known.get(subject)
            && self.told.insert(subject)
        {
            self.answers.fact(self.source, self.kind, subject, content);
        }
    }

    /// Takes a gap. One about something that was not asked is left.
    pub(super) fn gap(&mut self, subject: &str, failure: &Failure) {
        if let Some(subject) = self.known.get(subject) {
            self.missed.insert(subject);
            self.answers.gap(self.source, self.kind, subject, failure);
        }
    }

    /// Asks about one subject after the other. When the source has had enough, or is not there, or fails again and again, the rest is not
    /// asked any more.
    pub(super) async fn one_by_one<T>(
        &mut self,
        subjects: &[(&str, T)],
        ask: impl AsyncFn(&str, &T) -> Result<Told, Failure>,
    ) {
        let mut stopped: Option<Failure> = None;
        let mut in_a_row = 0;
        for (subject, name) in subjects {
            if let Some(failure) = &stopped {
                self.gap(subject, failure);
                continue;
            }
            match ask(subject, name).await {
                Ok(told) => {
                    in_a_row = 0;
                    self.fact(subject, told.content);
                    if let Some(failure) = told.held_back {
                        self.gap(subject, &failure);
                    }
                }
                Err(failure) => {
                    self.gap(subject, &failure);
                    in_a_row = if is_of_the_source(failure.reason) { in_a_row + 1 } else { 0 };
                    stopped = match in_a_row {
                        MOST_FAILURES.. => Some(left_alone(self.source)),
                        _ if ends_the_batch(&failure) => Some(failure),
                        _ => None,
                    };
                }
            }
        }
        self.answers.unanswered = in_a_row;
    }

    /// The answers. A subject of which the source said nothing is a gap.
    pub(super) fn finish(mut self) -> Answers {
        let silent = Failure {
            reason: Reason::Malformed,
            detail: format!("{}: the answer says nothing about it that can be read", self.source),
        };
        for subject in self.subjects.clone() {
            if !self.told.contains(subject) && !self.missed.contains(subject) {
                self.gap(subject, &silent);
            }
        }
        self.answers
    }
}

/// The gap of what is not asked, since the source answers nothing.
pub(in crate::source) fn left_alone(source: &str) -> Failure {
    let detail = format!("{source}: not asked, after {MOST_FAILURES} questions in a row that it did not answer");
    Failure { reason: Reason::NotAsked, detail }
}

/// Whether asking on would be of no use.
pub(super) fn ends_the_batch(failure: &Failure) -> bool {
    matches!(failure.reason, Reason::RateLimited | Reason::Unreachable | Reason::Interrupted)
}

/// The gap of something that is not sent to this source.
pub(super) fn not_asked(source: &str, what: &str) -> Failure {
    Failure { reason: Reason::NotAsked, detail: format!("{source}: not {what}, so it was not sent") }
}

/// The gap of an answer without the fields that make it one.
pub(super) fn unreadable(source: &str, what: &str) -> Failure {
    Failure { reason: Reason::Malformed, detail: format!("{source}: the answer has no {what}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn failure(reason: Reason) -> Failure {
        Failure { reason, detail: String::new() }
    }

    proptest! {
        #[test]
        fn nothing_vanishes_and_nothing_is_added(
            subjects in prop::collection::vec("[a-f]", 0..8),
            said in prop::collection::vec(("[a-h]", any::<bool>()), 0..12),
        ) {
            let mut round = Round::new("forge", FactKind::Profile, &subjects);
            for (subject, fact) in &said {
                if *fact {
                    round.fact(subject, Content::Absent);
                } else {
                    round.gap(subject, &failure(Reason::ServerError));
                }
            }
            let answers = round.finish();
            for subject in &subjects {
                let facts = answers.facts.iter().filter(|fact| fact.subject == *subject).count();
                let gaps = answers.gaps.iter().filter(|gap| gap.subject.as_ref() == Some(subject)).count();
                prop_assert!(facts <= 1 && facts + gaps >= 1, "{subject}: {facts} facts, {gaps} gaps");
                let silent = !said.iter().any(|(of, _)| of == subject);
                let malformed = answers.gaps.iter().any(|gap| {
                    gap.subject.as_ref() == Some(subject) && gap.reason == Reason::Malformed
                });
                prop_assert_eq!(silent, malformed);
            }
            for fact in &answers.facts {
                prop_assert!(subjects.contains(&fact.subject));
            }
            for gap in &answers.gaps {
                prop_assert!(gap.subject.as_ref().is_some_and(|subject| subjects.contains(subject)));
            }
        }
    }
}
