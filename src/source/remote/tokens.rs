//! Which token belongs to which service.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use url::Url;

use super::Token;

/// Variables of the environment that hold tokens, and whose they are. The first that is set counts.
pub const TOKEN_VARIABLES: [(&str, &str); 6] = [
    ("GH_TOKEN", "github.com"),
    ("GITHUB_TOKEN", "github.com"),
    ("GITLAB_TOKEN", "gitlab.com"),
    ("CODEBERG_TOKEN", "codeberg.org"),
    ("FORGEJO_TOKEN", "codeberg.org"),
    ("SRHT_TOKEN", "sr.ht"),
];

/// Bytes of a file of credentials that are read.
const LONGEST: u64 = 64 << 10;

/// The user's tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// By the service's name. They go to its public address only.
    environment: BTreeMap<String, Token>,
    /// By host.
    credentials: BTreeMap<String, Token>,
}

/// A file of credentials that cannot be used. What stands in it is not quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// It cannot be opened or read.
    #[error("{shown}: {kind}")]
    Unreadable {
        /// The file, as the user named it.
        shown: String,
        /// What the system says.
        kind: std::io::ErrorKind,
    },
    /// Others than its owner can read or write it.
    #[error("{shown}: others can read it (mode {mode:03o}); it holds tokens: make it yours alone with `chmod 600`")]
    NotPrivate {
        /// The file, as the user named it.
        shown: String,
        /// Its permissions.
        mode: u32,
    },
    /// It is larger than any file of tokens.
    #[error("{0}: larger than 64 KiB, which no file of tokens is")]
    TooLarge(String),
    /// It is not `"host" = "token"`, line for line.
    #[error("{shown}:{line}: {what}")]
    Malformed {
        /// The file, as the user named it.
        shown: String,
        /// Where.
        line: usize,
        /// What is wrong, without what stands there.
        what: &'static str,
    },
}

impl Tokens {
    /// The tokens of the environment, asked by the name of a variable, and those of a file of credentials, given as its text and what it
    /// is called.
    pub fn new(
        environment: impl Fn(&str) -> Option<String>,
        credentials: Option<(&str, &str)>,
    ) -> Result<Self, CredentialsError> {
        let mut tokens = Self::default();
        for (variable, service) in TOKEN_VARIABLES {
            if let Some(token) = environment(variable).as_deref().and_then(Token::new) {
                tokens.environment.entry(service.to_owned()).or_insert(token);
            }
        }
        if let Some((text, shown)) = credentials {
            tokens.credentials = parse(text, shown)?;
        }
        Ok(tokens)
    }

    /// The token for a service at an address. One that the user has for a public service is not sent to what stands in its place: that
    /// needs one for its own host.
    pub(super) fn of(&self, name: &str, base: &Url, public: bool) -> Option<Token> {
        let own = self.credentials.get(&host(base));
        let public = || self.credentials.get(name).or_else(|| self.environment.get(name)).filter(|_| public);
        own.or_else(public).cloned()
    }
}

/// The host of an address, with the port where it is not the usual one.
fn host(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default();
    base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn parse(text: &str, shown: &str) -> Result<BTreeMap<String, Token>, CredentialsError> {
    let line_of = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let malformed = |at: usize, what| CredentialsError::Malformed { shown: shown.to_owned(), line: line_of(at), what };
    let rows: BTreeMap<String, toml::Spanned<Secret>> = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        malformed(at, "not of the form \"host\" = \"token\"")
    })?;
    let row = |(host, secret): (String, toml::Spanned<Secret>)| {
        let at = secret.span().start;
        let token = Token::new(&secret.into_inner().0).ok_or_else(|| malformed(at, "not a token"))?;
        Ok((host.to_lowercase(), token))
    };
    rows.into_iter().map(row).collect()
}

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Reads a file of credentials. Where the system knows owners, it must be readable by its owner alone.
pub fn read_credentials(path: &Path, shown: &str) -> Result<String, CredentialsError> {
    let unreadable =
        |error: std::io::Error| CredentialsError::Unreadable { shown: shown.to_owned(), kind: error.kind() };
    let file = File::open(path).map_err(unreadable)?;
    check_private(&file.metadata().map_err(unreadable)?, shown)?;
    let mut text = String::new();
    let count = file.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
    if count as u64 > LONGEST { Err(CredentialsError::TooLarge(shown.to_owned())) } else { Ok(text) }
}

#[cfg(unix)]
fn check_private(metadata: &std::fs::Metadata, shown: &str) -> Result<(), CredentialsError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    let others = mode & 0o077;
    if others == 0 { Ok(()) } else { Err(CredentialsError::NotPrivate { shown: shown.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_private(_: &std::fs::Metadata, _: &str) -> Result<(), CredentialsError> {
    Ok(())
}
