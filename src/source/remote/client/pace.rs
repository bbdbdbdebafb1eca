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
            // While it waited, the service may have asked for a pause.
            if self.lock().held <= Instant::now() {
                return Ok(());
            }
        }
    }

    fn reserve(&self) -> Result<Instant, Failure> {
        let mut state = self.lock();
        let now = Instant::now();
        match &state.closed {
            Some((until, failure)) if *until > now => return Err(failure.clone()),
            _ => state.closed = None,
        }
        let leave = state.next.max(state.held).max(now);
        state.next = leave + self.interval;
        Ok(leave)
    }

    /// Lets nothing leave for a while.
    pub(super) fn hold(&self, pause: Duration) {
        let mut state = self.lock();
        state.held = state.held.max(after(pause));
    }

    /// Refuses everything for a while.
    pub(super) fn close(&self, pause: Duration, reason: Reason, detail: String) {
        self.lock().closed = Some((after(pause), Failure { reason, detail }));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The moment after a pause; no run lasts longer than a day.
fn after(pause: Duration) -> Instant {
    Instant::now() + pause.min(Duration::from_hours(24))
}
