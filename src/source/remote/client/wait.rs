//! How long a service asks to wait: `Retry-After`, and the headers of GitHub's limit.
//!
//! Moments are counted from the service's own `Date`, so that a wrong clock here changes nothing.

use std::fmt::Write as _;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use jiff::Timestamp;

/// Where a service names a moment but not its own time: GitHub asks for "at least one minute".
const UNKNOWN: Duration = Duration::from_mins(1);

/// A wait that a service asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    /// From now on.
    pub(super) pause: Duration,
    /// The moment at which it ends, where that is known.
    until: Option<Timestamp>,
}

impl Wait {
    /// What an answer asks for; nothing if it does not say, or is no refusal.
    pub(super) fn asked(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        let limited = matches!(status.as_u16(), 403 | 429);
        if !limited && !status.is_server_error() {
            return None;
        }
        let sent = text(headers, "date").and_then(date);
        if let Some(wait) = text(headers, "retry-after").and_then(|after| Self::after(after, sent)) {
            return Some(wait);
        }
        let spent = text(headers, "x-ratelimit-remaining") == Some("0");
        let reset = text(headers, "x-ratelimit-reset")?.parse::<i64>().ok()?;
        let until = Timestamp::from_second(reset).ok()?;
        (limited && spent).then(|| Self::moment(until, sent))
    }

    /// `Retry-After`: seconds, as many as there may be, or a date.
    fn after(text: &str, sent: Option<Timestamp>) -> Option<Self> {
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::seconds(text.parse().unwrap_or(u64::MAX), sent));
        }
        date(text).map(|until| Self::moment(until, sent))
    }

    fn seconds(seconds: u64, sent: Option<Timestamp>) -> Self {
        let pause = Duration::from_secs(seconds);
        Self { pause, until: sent.and_then(|sent| sent.checked_add(pause).ok()) }
    }

    fn moment(until: Timestamp, sent: Option<Timestamp>) -> Self {
        // A second more: both moments are whole seconds.
        let pause = sent.map_or(UNKNOWN, |sent| {
            let seconds = until.as_second().saturating_sub(sent.as_second()).saturating_add(1);
            Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
        });
        Self { pause, until: Some(until) }
    }

    /// In words, as the end of a sentence.
    pub(super) fn words(&self) -> String {
        let mut words = String::from("it wants no requests ");
        match self.until {
            // Writing to a text does not fail.
            Some(until) => drop(write!(words, "until {until:.0}")),
            None => drop(write!(words, "for {} seconds", self.pause.as_secs())),
        }
        words
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(status: u16, headers: &[(&'static str, &'static str)]) -> Option<(u64, String)> {
        let map = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect();
        Wait::asked(StatusCode::from_u16(status).unwrap(), &map).map(|wait| (wait.pause.as_secs(), wait.words()))
    }

    #[test]
    fn seconds_and_dates_and_resets_are_understood() {
        let sent = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let until = |seconds, end: &str| Some((seconds, format!("it wants no requests until 1994-11-06T{end}Z")));
        assert_eq!(asked(429, &[("retry-after", "7")]), Some((7, "it wants no requests for 7 seconds".to_owned())));
        assert_eq!(asked(503, &[sent, ("retry-after", "23")]), until(23, "08:50:00"));
        assert_eq!(asked(429, &[sent, ("retry-after", "Sun, 06 Nov 1994 08:50:37 GMT")]), until(61, "08:50:37"));
        // However long it is, it is a wait.
        for long in ["99999999999", "99999999999999999999999999"] {
            let wait = asked(429, &[sent, ("retry-after", long)]).unwrap();
            assert!(wait.0 > 1 << 31, "{wait:?}");
        }
        // One that is over.
        assert_eq!(asked(429, &[sent, ("retry-after", "Sun, 06 Nov 1994 08:40:00 GMT")]), until(0, "08:40:00"));
        let reset = [sent, ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "784111837")];
        assert_eq!(asked(403, &reset), until(61, "08:50:37"));
        assert_eq!(asked(403, &reset[1..]), until(60, "08:50:37"));
    }

    #[test]
    fn what_is_no_limit_asks_for_nothing() {
        assert_eq!(asked(200, &[("retry-after", "7")]), None);
        assert_eq!(asked(404, &[("retry-after", "7")]), None);
        assert_eq!(asked(403, &[("x-ratelimit-remaining", "12"), ("x-ratelimit-reset", "784111837")]), None);
        assert_eq!(asked(500, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "784111837")]), None);
        for odd in ["-1", "soon", "1e9", ""] {
            assert_eq!(asked(429, &[("retry-after", odd)]), None, "{odd}");
            // What cannot be read does not hide the limit beside it.
            let reset = [("retry-after", odd), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "784111837")];
            assert_eq!(asked(429, &reset).map(|wait| wait.0), Some(60), "{odd}");
        }
    }
}
