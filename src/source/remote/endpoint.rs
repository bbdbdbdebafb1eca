//! Where a service is asked, how fast, and with which token.

use std::fmt;

use url::Url;

/// A secret. It is shown nowhere: not by `Debug`, not in errors.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token as the user gave it; nothing if it is empty or cannot be sent in a header.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Self(text.to_owned()))
    }

    /// The secret itself, for the header of a request and nothing else.
    pub(super) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// What it is called: the host that it speaks for, as in `github.com`, or the id of a list.
    pub name: String,
    /// Where requests go: the public address, or that of a mirror. Paths are appended to it.
    pub base: Url,
    /// Sent as a bearer token to the base's own scheme, host and port, and nowhere else.
    pub token: Option<Token>,
    /// Requests a second at the most.
    pub per_second: f64,
    /// Requests that may be under way at once.
    pub at_once: usize,
}

impl Endpoint {
    /// The address of a path below the base; the path begins with `/` and is encoded already.
    pub(super) fn at(&self, path: &str) -> Option<Url> {
        format!("{}{path}", self.base.as_str().trim_end_matches('/')).parse().ok()
    }
}
