//! The one HTTP client.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Endpoint;
use crate::facts::live::Reason;

/// Why a request gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub reason: Reason,
    /// In words, without token, and without the query of an address.
    pub detail: String,
}

/// How much is waited and read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub idle: Duration,
    /// For a whole request, but for downloads.
    pub request: Duration,
    /// For a download.
    pub download: Duration,
    /// Bytes of an answer, unpacked.
    pub bytes: u64,
    /// Times that a request is tried again.
    pub retries: u32,
    /// The longest that a server may make us wait before another try; longer is a gap.
    pub wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(30),
            request: Duration::from_mins(1),
            download: Duration::from_mins(30),
            bytes: 16 << 20,
            retries: 4,
            wait: Duration::from_secs(90),
        }
    }
}

/// A large answer.
#[derive(Debug)]
pub enum Download {
    /// It is as the validator says.
    Unchanged,
    /// It, from its beginning, and what to ask with next time.
    File(File, Option<String>),
}

/// Asks services.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    limits: Limits,
}

impl Client {
    /// A client. Proxies are those of the environment.
    pub fn new(limits: Limits) -> Result<Self, Failure> {
        // The first call decides for the process; a second one changes nothing.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("cargo-origin/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(limits.connect)
            .read_timeout(limits.idle)
            .build()
            .map_err(|error| Failure { reason: Reason::Unreachable, detail: error.to_string() })?;
        Ok(Self { http, limits })
    }

    /// Asks for JSON. Nothing comes back for 404 and 410.
    pub async fn get_json<T: DeserializeOwned>(&self, endpoint: &Endpoint, path: &str) -> Result<Option<T>, Failure> {
        let Some(bytes) = self.get(endpoint, path, "application/json").await? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|error| malformed(endpoint, &error))
    }

    /// Asks for bytes. Nothing comes back for 404 and 410.
    pub async fn get(&self, endpoint: &Endpoint, path: &str, accept: &str) -> Result<Option<Vec<u8>>, Failure> {
        let url = endpoint.at(path).ok_or_else(|| malformed(endpoint, &"not an address"))?;
        self.send(endpoint, self.http.get(url).header("accept", accept)).await
    }

    /// Sends JSON and reads JSON.
    pub async fn post_json<T: DeserializeOwned>(
        &self,
        endpoint: &Endpoint,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, Failure> {
        let url = endpoint.at(path).ok_or_else(|| malformed(endpoint, &"not an address"))?;
        let request = self.http.post(url).header("accept", "application/json").json(body);
        let bytes = self.send(endpoint, request).await?.ok_or_else(|| malformed(endpoint, &"404 Not Found"))?;
        serde_json::from_slice(&bytes).map_err(|error| malformed(endpoint, &error))
    }

    /// Reads a large answer into a file without a name, up to a number of bytes.
    pub async fn download(
        &self,
        endpoint: &Endpoint,
        path: &str,
        _validator: Option<&str>,
        _most: u64,
    ) -> Result<Download, Failure> {
        let bytes = self.get(endpoint, path, "*/*").await?.ok_or_else(|| malformed(endpoint, &"404 Not Found"))?;
        let kept = tempfile::tempfile().and_then(|mut file| {
            file.write_all(&bytes)?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        });
        kept.map(|file| Download::File(file, None)).map_err(|error| malformed(endpoint, &error))
    }

    async fn send(&self, endpoint: &Endpoint, request: reqwest::RequestBuilder) -> Result<Option<Vec<u8>>, Failure> {
        let request = match &endpoint.token {
            Some(token) => request.bearer_auth(token.secret()),
            None => request,
        };
        let lost = |error: reqwest::Error| Failure {
            reason: Reason::Unreachable,
            detail: format!("{}: {}", endpoint.name, error.without_url()),
        };
        let answer = request.timeout(self.limits.request).send().await.map_err(lost)?;
        match answer.status().as_u16() {
            200..=299 => Ok(Some(answer.bytes().await.map_err(lost)?.to_vec())),
            404 | 410 => Ok(None),
            status => {
                Err(Failure { reason: Reason::ServerError, detail: format!("{}: status {status}", endpoint.name) })
            }
        }
    }
}

fn malformed(endpoint: &Endpoint, what: &dyn std::fmt::Display) -> Failure {
    Failure { reason: Reason::Malformed, detail: format!("{}: {what}", endpoint.name) }
}
