//! The batches of many sources at once.

use std::cell::Cell;
use std::pin::Pin;

use futures_util::future::{Either, select};
use futures_util::stream::{self, LocalBoxStream, StreamExt};

use super::Progress;
use crate::facts::live::{Content, Fact, FactKind};
use crate::source::remote::{self, Answers, Client, MOST_ABSENT, MOST_FAILURES, Source, is_of_the_source, knows_none};

/// One kind of question to one source.
pub struct Job<'a> {
    /// Whom.
    pub source: &'a dyn Source,
    /// What.
    pub kind: FactKind,
    /// About whom or what, in order.
    pub subjects: Vec<String>,
    /// Batches under way at once.
    pub at_once: usize,
    /// Whether the source has told something before: then it is the one that it should be, as far as a few subjects can tell.
    pub is_known: bool,
}

/// Why a run came to its end.
#[derive(Debug)]
pub enum Stopped<E> {
    /// Everything was asked.
    Done,
    /// The user interrupted; what came in is kept.
    Interrupted,
    /// An answer could not be kept.
    NotKept(E),
}

/// A batch that was answered, with how many it asked about.
struct Answered<'a> {
    /// Which of the jobs.
    at: usize,
    job: &'a Job<'a>,
    subjects: u64,
    answers: Answers,
}

/// The same for a source that has told something before: people and crates do go, but not so many at once and nothing else.
const MOST_ABSENT_OF_KNOWN: usize = 20;

/// What a source says that it does not have, for as long as it had nothing of all that it was asked about.
#[derive(Default)]
struct Absent {
    facts: Vec<Fact>,
    has_any: bool,
}

impl Absent {
    /// The answers that can be kept by now.
    fn held_back(&mut self, answers: Answers) -> Answers {
        let (absent, mut facts): (Vec<Fact>, Vec<Fact>) =
            answers.facts.into_iter().partition(|fact| fact.content == Content::Absent);
        self.facts.extend(absent);
        self.has_any |= !facts.is_empty();
        if self.has_any {
            facts.append(&mut self.facts);
        }
        Answers { facts, ..answers }
    }

    /// What is held back at the end: where a source has nothing at all of what it was asked about, it is not the one that it should be.
    fn in_the_end(self, job: &Job<'_>) -> Answers {
        if self.facts.len() < if job.is_known { MOST_ABSENT_OF_KNOWN } else { MOST_ABSENT } {
            return Answers { facts: self.facts, ..Answers::default() };
        }
        let source = job.source.name();
        let failure = knows_none(source, job.kind, self.facts.len());
        let mut answers = Answers::default();
        for fact in &self.facts {
            answers.gap(source, job.kind, &fact.subject, &failure);
        }
        answers
    }
}

/// Asks everything and hands each batch on as it comes, but for what a source does not have before it is clear that it has anything.
/// `interrupt` ends it early.
pub async fn run<E>(
    jobs: &[Job<'_>],
    client: &Client,
    keep: &mut dyn FnMut(Answers) -> Result<(), E>,
    progress: &mut dyn Progress,
    mut interrupt: Pin<&mut dyn Future<Output = ()>>,
) -> Stopped<E> {
    let jobs: Vec<&Job<'_>> = jobs.iter().filter(|job| !job.subjects.is_empty()).collect();
    for job in &jobs {
        progress.begin(&what(job), count(job.subjects.len()));
    }
    let failures: Vec<Cell<u32>> = jobs.iter().map(|_| Cell::new(0)).collect();
    let streams =
        jobs.iter().zip(&failures).enumerate().map(|(at, (job, failures))| batches((at, job), client, failures));
    let mut answered = stream::select_all(streams);
    let mut absent: Vec<Absent> = jobs.iter().map(|_| Absent::default()).collect();
    let mut stopped = loop {
        match select(answered.next(), interrupt.as_mut()).await {
            Either::Right(_) => break Stopped::Interrupted,
            Either::Left((None, _)) => break Stopped::Done,
            Either::Left((Some(batch), _)) => {
                progress.advance(&what(batch.job), batch.subjects);
                if let Err(error) = keep(absent[batch.at].held_back(batch.answers)) {
                    break Stopped::NotKept(error);
                }
            }
        }
    };
    if matches!(stopped, Stopped::Done) {
        let held_back = jobs.iter().zip(absent).map(|(job, absent)| absent.in_the_end(job));
        if let Some(error) = held_back.map(keep).find_map(Result::err) {
            stopped = Stopped::NotKept(error);
        }
    }
    for job in &jobs {
        progress.end(&what(job));
    }
    stopped
}

fn batches<'a>(
    (at, job): (usize, &'a Job<'a>),
    client: &'a Client,
    failures: &'a Cell<u32>,
) -> LocalBoxStream<'a, Answered<'a>> {
    let size = job.source.batch(job.kind).map_or(1, |batch| batch.subjects).max(1);
    stream::iter(job.subjects.chunks(size))
        .map(move |batch| async move {
            if failures.get() >= MOST_FAILURES {
                let answers = left_alone(job.source.name(), job.kind, batch);
                return Answered { at, job, subjects: count(batch.len()), answers };
            }
            let answers = job.source.ask(client, job.kind, batch).await;
            let failed = answers.facts.is_empty() && answers.gaps.iter().any(|gap| is_of_the_source(gap.reason));
            let before = if failed { failures.get() } else { 0 };
            failures.set(before.saturating_add(answers.unanswered.max(u32::from(failed))));
            Answered { at, job, subjects: count(batch.len()), answers }
        })
        .buffer_unordered(job.at_once.max(1))
        .boxed_local()
}

fn left_alone(source: &str, kind: FactKind, subjects: &[String]) -> Answers {
    let mut answers = Answers::default();
    for subject in subjects {
        answers.gap(source, kind, subject, &remote::left_alone(source));
    }
    answers
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn what(job: &Job<'_>) -> String {
    format!("{}: {}", job.source.name(), job.kind.as_str())
}
