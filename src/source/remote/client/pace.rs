//! How fast one service is asked.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::Failure;
use crate::facts::live::Reason;
use crate::source::remote::Endpoint;

/// The way to one service: so many at once, so many a second, and none for as long as it says.
#[derive(Debug)]
pub(super) struct Gate {
    permits: Semaphore,
    interval: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the next request may leave.
    next: Instant,
    /// Until when everybody waits, since the service has asked for it.
    held: Instant,
    /// Until when nothing is asked, and what is said to those who want to.
    closed: Option<(Instant, Failure)>,
}

impl State {
    /// An error while nothing is asked.
    fn check(&self, now: Instant) -> Result<(), Failure> {
        match &self.closed {
            Some((until, failure)) if *until > now => Err(failure.clone()),
            _ => Ok(()),
        }
    }
}

impl Gate {
    pub(super) fn new(endpoint: &Endpoint) -> Self {
        let slowest = 0.001;
        let rate = if endpoint.per_second.is_finite() { endpoint.per_second.max(slowest) } else { f64::MAX };
        Self {
            permits: Semaphore::new(endpoint.at_once.clamp(1, Semaphore::MAX_PERMITS)),
            interval: Duration::try_from_secs_f64(1.0 / rate).unwrap_or_default(),
            state: Mutex::new(State { next: Instant::now(), held: Instant::now(), closed: None }),
        }
    }

    /// Waits until fewer than the allowed number are under way. The permit is held as long as the request is.
    pub(super) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed, so that there always is one in the end.
        self.permits.acquire().await.ok()
    }

    /// Waits for the next moment at which a request may leave.
    pub(super) async fn turn(&self) -> Result<(), Failure> {
        loop {
            let leave = self.reserve()?;
            sleep_until(leave).await;
            // While it waited, the service may have asked for a pause, or for no more requests.
            let state = self.lock();
            let now = Instant::now();
            state.check(now)?;
            if state.held <= now {
                return Ok(());
            }
        }
    }

    fn reserve(&self) -> Result<Instant, Failure> {
        let mut state = self.lock();
        let now = Instant::now();
        state.check(now)?;
        let leave = state.next.max(state.held).max(now);
        state.next = leave + self.interval;
        Ok(leave)
    }

    /// Lets nothing leave for a while.
    pub(super) fn hold(&self, pause: Duration) {
        let mut state = self.lock();
        state.held = state.held.max(after(pause));
    }

    /// Refuses everything for a while. Where it is refused for longer already, that stays.
    pub(super) fn close(&self, pause: Duration, reason: Reason, detail: String) {
        let (mut state, until) = (self.lock(), after(pause));
        if state.closed.as_ref().is_none_or(|(known, _)| *known < until) {
            state.closed = Some((until, Failure { reason, detail }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment after a pause; no run lasts longer than a day.
fn after(pause: Duration) -> Instant {
    Instant::now() + pause.min(Duration::from_hours(24))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn gate() -> Gate {
        Gate::new(&Endpoint { per_second: 1000.0, at_once: 4, ..Endpoint::crates_io() })
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn a_short_refusal_does_not_end_a_long_one() {
        let gate = gate();
        gate.close(HOUR, Reason::RateLimited, "an hour".to_owned());
        gate.close(Duration::ZERO, Reason::Unreachable, "not there".to_owned());
        assert_eq!(run(gate.turn()).unwrap_err().detail, "an hour");
    }

    #[test]
    fn who_waits_for_a_turn_hears_of_a_refusal() {
        let gate = gate();
        gate.hold(Duration::from_millis(50));
        let turns = async {
            let waits = gate.turn();
            let closes = async { gate.close(HOUR, Reason::RateLimited, "an hour".to_owned()) };
            futures_util::future::join(waits, closes).await.0
        };
        assert_eq!(run(turns).unwrap_err().reason, Reason::RateLimited);
    }
}
