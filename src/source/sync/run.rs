//! The batches of many sources at once.

use std::cell::Cell;
use std::pin::Pin;

use futures_util::future::{Either, select};
use futures_util::stream::{self, LocalBoxStream, StreamExt};

use super::Progress;
use crate::facts::live::{FactKind, Reason, SourceGap};
use crate::source::remote::{Answers, Client, Source};

/// Batches in a row that fail as a whole, after which a source is left alone: it is down, or wants something that we do not have.
const MOST_FAILURES: u32 = 3;

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
    job: &'a Job<'a>,
    subjects: u64,
    answers: Answers,
}

/// Asks everything and hands each batch on as it comes. `interrupt` ends it early.
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
    let streams = jobs.iter().zip(&failures).map(|(job, failures)| batches(job, client, failures));
    let mut answered = stream::select_all(streams);
    let stopped = loop {
        match select(answered.next(), interrupt.as_mut()).await {
            Either::Right(_) => break Stopped::Interrupted,
            Either::Left((None, _)) => break Stopped::Done,
            Either::Left((Some(batch), _)) => {
                progress.advance(&what(batch.job), batch.subjects);
                if let Err(error) = keep(batch.answers) {
                    break Stopped::NotKept(error);
                }
            }
        }
    };
    for job in &jobs {
        progress.end(&what(job));
    }
    stopped
}

fn batches<'a>(job: &'a Job<'a>, client: &'a Client, failures: &'a Cell<u32>) -> LocalBoxStream<'a, Answered<'a>> {
    let size = job.source.batch(job.kind).map_or(1, |batch| batch.subjects).max(1);
    stream::iter(job.subjects.chunks(size))
        .map(move |batch| async move {
            if failures.get() >= MOST_FAILURES {
                let answers = left_alone(job.source.name(), job.kind, batch);
                return Answered { job, subjects: count(batch.len()), answers };
            }
            let answers = job.source.ask(client, job.kind, batch).await;
            let failed = answers.facts.is_empty() && answers.gaps.iter().any(|gap| is_of_the_source(gap.reason));
            failures.set(if failed { failures.get().saturating_add(1) } else { 0 });
            Answered { job, subjects: count(batch.len()), answers }
        })
        .buffer_unordered(job.at_once.max(1))
        .boxed_local()
}

/// Whether the reason lies with the source, and not with what was asked about.
fn is_of_the_source(reason: Reason) -> bool {
    match reason {
        Reason::Unreachable | Reason::RateLimited | Reason::NotAllowed | Reason::ServerError | Reason::Redirected => {
            true
        }
        Reason::Malformed | Reason::TooLarge | Reason::NotAsked | Reason::Interrupted | Reason::NotVisible => false,
    }
}

fn left_alone(source: &str, kind: FactKind, subjects: &[String]) -> Answers {
    let gaps = subjects.iter().map(|subject| SourceGap {
        source: source.to_owned(),
        subject: Some(subject.clone()),
        kind: Some(kind),
        reason: Reason::NotAsked,
        detail: format!("{source}: not asked, after {MOST_FAILURES} questions in a row that it did not answer"),
    });
    Answers { facts: Vec::new(), gaps: gaps.collect() }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn what(job: &Job<'_>) -> String {
    format!("{}: {}", job.source.name(), job.kind.as_str())
}
