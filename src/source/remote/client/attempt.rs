//! One try of a request: its turn, its token, where it may be sent on to, and what its answer means.

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::{AUTHORIZATION, LOCATION};
use http::{Extensions, HeaderValue, Method, StatusCode};
use reqwest::{Request, Response};
use reqwest_middleware::{Error, Next};
use reqwest_retry::{Retryable, RetryableStrategy};
use url::Url;

use super::body::Keep;
use super::pace::Gate;
use super::wait::Wait;
use super::{Failure, Pinned};
use crate::facts::live::Reason;
use crate::source::remote::endpoint::is_here;

/// How often an answer may send on to another address.
const REDIRECTS: usize = 5;

/// What the layers know of a request, beside what is sent.
#[derive(Clone, Debug)]
pub(super) struct Call(pub(super) Arc<Plan>);

#[derive(Debug)]
pub(super) struct Plan {
    /// What the service is called.
    pub(super) name: String,
    /// Where its token may go.
    pub(super) base: Url,
    /// What sends requests to this machine without encryption: no proxy is told of them.
    pub(super) here: reqwest::Client,
    /// The header with the token; marked as sensitive.
    pub(super) token: Option<HeaderValue>,
    /// The way to the service.
    pub(super) gate: Arc<Gate>,
    /// What becomes of the body.
    pub(super) keep: Keep,
    /// For one try.
    pub(super) time: Duration,
    /// The longest wait that is obeyed.
    pub(super) wait: Duration,
    /// Why the last try failed. The cache hands errors on as text only.
    pub(super) lost: Mutex<Option<Lost>>,
}

/// A try that failed.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    /// Why.
    pub(super) failure: Failure,
    /// Whether another try may do better.
    again: bool,
    /// Whether there was no connection at all.
    pub(super) no_connection: bool,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.failure.detail)
    }
}

impl std::error::Error for Lost {}

impl Lost {
    /// Another try may do better.
    fn for_now(reason: Reason, detail: String) -> Self {
        Self { failure: Failure { reason, detail }, again: true, no_connection: false }
    }

    /// Another try would end the same way.
    pub(super) fn for_good(reason: Reason, detail: String) -> Self {
        Self { failure: Failure { reason, detail }, again: false, no_connection: false }
    }

    /// What a failure of the connection means. Its own words hold addresses, which may hold secrets; only the innermost are kept.
    pub(super) fn of(name: &str, error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            let lost = Self::for_now(Reason::Unreachable, format!("{name}: no answer in time"));
            return Self { no_connection: error.is_connect(), ..lost };
        }
        if error.is_decode() || error.is_body() {
            return Self::for_now(Reason::Malformed, format!("{name}: the answer is cut off or broken"));
        }
        let mut inner = error.source();
        while let Some(next) = inner.and_then(std::error::Error::source) {
            inner = Some(next);
        }
        let words = inner.map_or_else(|| "the request failed".to_owned(), ToString::to_string);
        let lost =
            Self::for_now(Reason::Unreachable, format!("{name}: {}", words.split("://").next().unwrap_or_default()));
        Self { no_connection: error.is_connect(), ..lost }
    }
}

/// Which failures are tried again.
pub(super) struct Again;

impl RetryableStrategy for Again {
    fn handle(&self, result: &Result<Response, Error>) -> Option<Retryable> {
        match result {
            Ok(_) => None,
            Err(Error::Middleware(error)) if error.downcast_ref::<Lost>().is_some_and(|lost| lost.again) => {
                Some(Retryable::Transient)
            }
            Err(_) => Some(Retryable::Fatal),
        }
    }
}

/// The innermost layer.
pub(super) fn attempt<'a>(
    request: Request,
    extensions: &'a mut Extensions,
    next: Next<'a>,
) -> Pinned<'a, reqwest_middleware::Result<Response>> {
    Box::pin(async move {
        let Some(call) = extensions.get::<Call>().cloned() else {
            return Err(Error::middleware(Lost::for_good(Reason::NotAsked, "nobody asked".to_owned())));
        };
        let result = call.0.run(request, extensions, next).await;
        *call.0.lost.lock().unwrap_or_else(PoisonError::into_inner) = result.as_ref().err().cloned();
        result.map_err(Error::middleware)
    })
}

impl Plan {
    async fn run(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response, Lost> {
        let _permit = self.gate.enter().await;
        self.turn().await?;
        let whole = async {
            let response = self.follow(request, extensions, next).await?;
            self.keep.take(&self.name, self.judge(response)?).await
        };
        tokio::time::timeout(self.time, whole).await.unwrap_or_else(|_| {
            let detail = format!("{}: no whole answer within {} seconds", self.name, self.time.as_secs_f64());
            Err(Lost::for_good(Reason::Unreachable, detail))
        })
    }

    async fn turn(&self) -> Result<(), Lost> {
        self.gate.turn().await.map_err(|failure| Lost::for_good(failure.reason, failure.detail))
    }

    /// Sends a request, and sends it on where the answer says so and the law allows it.
    async fn follow(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response, Lost> {
        let mut request = request;
        for hop in 0.. {
            let again = request.try_clone();
            let signed = self.signed(request);
            let sent = if is_here(signed.url()) {
                self.here.execute(signed).await.map_err(Error::Reqwest)
            } else {
                next.clone().run(signed, extensions).await
            };
            let response = sent.map_err(|error| match error {
                Error::Reqwest(error) => Lost::of(&self.name, &error),
                Error::Middleware(_) => Lost::for_good(Reason::Unreachable, format!("{}: not sent", self.name)),
            })?;
            let Some(target) = self.target(&response)? else { return Ok(response) };
            match again {
                Some(mut again) if hop < REDIRECTS && again.method() == Method::GET => {
                    *again.url_mut() = target;
                    request = again;
                }
                _ => return Err(self.sent_on(&target)),
            }
            self.turn().await?;
        }
        Err(Lost::for_good(Reason::Redirected, format!("{}: sends in circles", self.name)))
    }

    /// The request with the token, if it goes to the service's own address.
    fn signed(&self, mut request: Request) -> Request {
        if let Some(token) = self.token.as_ref().filter(|_| same_origin(request.url(), &self.base)) {
            request.headers_mut().insert(AUTHORIZATION, token.clone());
        }
        request
    }

    /// Where an answer sends on to; a failure if that is nowhere we go.
    fn target(&self, response: &Response) -> Result<Option<Url>, Lost> {
        if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
        let mut target = location.and_then(|location| response.url().join(location).ok()).ok_or_else(|| {
            Lost::for_good(Reason::Redirected, format!("{}: sends elsewhere and does not say where", self.name))
        })?;
        // No names and passwords that an answer brings; where they cannot be taken off there are none.
        let _none = (target.set_username(""), target.set_password(None));
        let allowed = match &self.token {
            Some(_) => same_origin(&target, &self.base),
            None => target.scheme() == "https" || (target.scheme() == "http" && self.base.scheme() == "http"),
        };
        if allowed { Ok(Some(target)) } else { Err(self.sent_on(&target)) }
    }

    fn sent_on(&self, target: &Url) -> Lost {
        let host = target.host_str().unwrap_or("nowhere");
        let detail = format!("{}: sends on to {}://{host}, which is not followed", self.name, target.scheme());
        Lost::for_good(Reason::Redirected, detail)
    }

    /// What a status means. An answer that is no failure comes back: a whole one, not found, not modified.
    fn judge(&self, response: Response) -> Result<Response, Lost> {
        let status = response.status();
        if matches!(status.as_u16(), 200 | 304 | 404 | 410) {
            return Ok(response);
        }
        if status.is_success() {
            // A part that nobody asked for, nothing at all, or an answer to something else.
            return Err(Lost::for_good(Reason::Malformed, self.said(status)));
        }
        let wait = Wait::asked(status, response.headers());
        let reason = match status.as_u16() {
            429 => Reason::RateLimited,
            403 if wait.is_some() => Reason::RateLimited,
            401 | 403 => Reason::NotAllowed,
            _ => Reason::ServerError,
        };
        match wait {
            Some(wait) => Err(self.told_to_wait(status, reason, &wait)),
            None if status.is_server_error() || reason == Reason::RateLimited => {
                Err(Lost::for_now(reason, self.said(status)))
            }
            None => Err(Lost::for_good(reason, self.said(status))),
        }
    }

    /// A wait that is short holds up everybody who wants to ask this service; one that is long ends the asking.
    fn told_to_wait(&self, status: StatusCode, reason: Reason, wait: &Wait) -> Lost {
        let detail = format!("{}; {}", self.said(status), wait.words());
        if wait.pause <= self.wait {
            self.gate.hold(wait.pause);
            return Lost::for_now(reason, detail);
        }
        self.gate.close(wait.pause, Reason::RateLimited, detail.clone());
        Lost::for_good(Reason::RateLimited, detail)
    }

    fn said(&self, status: StatusCode) -> String {
        let words = status.canonical_reason().unwrap_or_default();
        format!("{}: status {} {words}", self.name, status.as_u16()).trim_end().to_owned()
    }
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host_str() == b.host_str() && a.port_or_known_default() == b.port_or_known_default()
}
