//! The one HTTP client.
//!
//! A request goes through layers, from the outside in: the cache (only where there is no token, and only for services that the caller
//! names), tries with growing waits between them, and one try: its turn at the service, the token for the service's own address,
//! redirects, what the status means, and the body up to a limit.

mod attempt;
mod body;
mod cache;
mod pace;
mod stream;
mod wait;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue};
use http_cache_reqwest::{Cache, CacheMode, HttpCache, HttpCacheOptions};
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::attempt::{Again, Call, Plan, attempt};
use self::body::Keep;
use self::pace::Gate;
pub use self::stream::BodyReader;
use super::Endpoint;
use crate::facts::live::Reason;

type Pinned<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The longest pause between two tries, where the service does not ask for one.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);

/// How long a service that cannot be connected to is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(30);

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
    /// The wait before the first of these; it doubles, and a part of it is drawn.
    pub backoff: Duration,
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
            backoff: Duration::from_secs(1),
            wait: Duration::from_secs(90),
        }
    }
}

/// What a client is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClientOptions {
    /// How much is waited and read.
    pub limits: Limits,
    /// How whoever runs a service can reach whoever asks it: an address that the user configured. Part of the user agent.
    pub contact: Option<String>,
    /// Where answers are kept between runs; nowhere if nothing.
    pub cache: Option<CacheOptions>,
}

/// Answers that are kept between runs.
#[derive(Clone, Debug, PartialEq)]
pub struct CacheOptions {
    /// The folder; it is made where it is missing.
    pub folder: PathBuf,
    /// How many bytes it may hold.
    pub bytes: u64,
    /// The services whose answers are kept, by [`Endpoint::name`]. Not those whose answers name persons: they would outlive the store's
    /// forgetting.
    pub services: BTreeSet<String>,
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
    direct: ClientWithMiddleware,
    cached: Option<(ClientWithMiddleware, BTreeSet<String>)>,
    /// For what is on this machine and not encrypted.
    here: reqwest::Client,
    limits: Limits,
    gates: Arc<Mutex<BTreeMap<String, Arc<Gate>>>>,
}

impl Client {
    /// A client without a cache. Proxies are those of the environment.
    pub fn new(limits: Limits) -> Result<Self, Failure> {
        Self::with(ClientOptions { limits, ..ClientOptions::default() })
    }

    /// A client. Proxies are those of the environment, but for http to this machine, which goes through none.
    pub fn with(options: ClientOptions) -> Result<Self, Failure> {
        // The first call decides for the process; a second one changes nothing.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let limits = options.limits;
        let builder = || {
            reqwest::Client::builder()
                .user_agent(user_agent(options.contact.as_deref()))
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(limits.connect)
                .read_timeout(limits.idle)
        };
        let unusable = |_| Failure {
            reason: Reason::Unreachable,
            detail: "this system gives no secure connections: its certificates or proxies cannot be used".to_owned(),
        };
        let http = builder().build().map_err(unusable)?;
        let here = builder().no_proxy().build().map_err(unusable)?;
        let cached = options.cache.map(|cache| {
            let layer = Cache(HttpCache {
                mode: CacheMode::Default,
                manager: cache::Folder::new(cache.folder, cache.bytes),
                options: HttpCacheOptions { cache_status_headers: false, ..HttpCacheOptions::default() },
            });
            (layers(ClientBuilder::new(http.clone()).with(layer), &limits), cache.services)
        });
        Ok(Self { direct: layers(ClientBuilder::new(http), &limits), cached, here, limits, gates: Arc::default() })
    }

    /// Asks for JSON. Nothing comes back for 404 and 410.
    pub async fn get_json<T: DeserializeOwned>(&self, endpoint: &Endpoint, path: &str) -> Result<Option<T>, Failure> {
        self.get_json_within(endpoint, path, &mut self.limits.bytes.clone()).await
    }

    /// The same for answers that belong together, as pages do: all of them have so many bytes left.
    pub async fn get_json_within<T: DeserializeOwned>(
        &self,
        endpoint: &Endpoint,
        path: &str,
        left: &mut u64,
    ) -> Result<Option<T>, Failure> {
        let request = get(endpoint, path, "application/json")?;
        let response = self.send(endpoint, request, Keep::Whole(self.limits.bytes.min(*left))).await?;
        if not_found(&response) {
            return Ok(None);
        }
        let bytes = json_bytes(endpoint, response).await?;
        *left = left.saturating_sub(bytes.len() as u64);
        json(endpoint, &bytes).map(Some)
    }

    /// Asks for bytes. Nothing comes back for 404 and 410.
    pub async fn get(&self, endpoint: &Endpoint, path: &str, accept: &str) -> Result<Option<Vec<u8>>, Failure> {
        let request = get(endpoint, path, accept)?;
        let response = self.send(endpoint, request, Keep::Whole(self.limits.bytes)).await?;
        if not_found(&response) { Ok(None) } else { whole(endpoint, response).await.map(Some) }
    }

    /// Sends JSON and reads JSON. It is a question that changes nothing, and may be sent again.
    pub async fn post_json<T: DeserializeOwned>(
        &self,
        endpoint: &Endpoint,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, Failure> {
        let mut request = get(endpoint, path, "application/json")?;
        *request.method_mut() = http::Method::POST;
        let body = serde_json::to_vec(body).map_err(|_| malformed(endpoint, "the question cannot be written"))?;
        *request.body_mut() = Some(body.into());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let response = self.send(endpoint, request, Keep::Whole(self.limits.bytes)).await?;
        if not_found(&response) {
            return Err(missing(endpoint));
        }
        json(endpoint, &json_bytes(endpoint, response).await?)
    }

    /// Reads a large answer into a file without a name, up to a number of bytes.
    pub async fn download(
        &self,
        endpoint: &Endpoint,
        path: &str,
        validator: Option<&str>,
        most: u64,
    ) -> Result<Download, Failure> {
        let mut request = get(endpoint, path, "*/*")?;
        if let Some((name, value)) = validator.and_then(condition) {
            request.headers_mut().insert(name, value);
        }
        let unwritable = |error: std::io::Error| Failure {
            reason: Reason::Unreachable,
            detail: format!("{}: no room to keep it: {}", endpoint.name, error.kind()),
        };
        let file = Arc::new(Mutex::new(tempfile::tempfile().map_err(unwritable)?));
        let response = self.send(endpoint, request, Keep::File(Arc::clone(&file), most)).await?;
        if response.status().as_u16() == 304 {
            return Ok(Download::Unchanged);
        }
        if not_found(&response) {
            return Err(missing(endpoint));
        }
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner).try_clone().map_err(unwritable)?;
        file.seek(SeekFrom::Start(0)).map_err(unwritable)?;
        Ok(Download::File(file, validator_of(response.headers())))
    }

    /// Reads a large answer while it comes, up to a number of bytes, on a thread of its own; nothing of it is kept. The reader's result
    /// comes back where the answer came whole, or the reader had seen enough.
    pub async fn stream<T: Send + 'static>(
        &self,
        endpoint: &Endpoint,
        path: &str,
        most: u64,
        reader: impl FnOnce(BodyReader) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let response = self.send(endpoint, get(endpoint, path, "*/*")?, Keep::Open).await?;
        if !response.status().is_success() {
            return Err(missing(endpoint));
        }
        stream::pump(&endpoint.name, response, most, self.limits.download, reader).await
    }

    async fn send(&self, endpoint: &Endpoint, request: Request, keep: Keep) -> Result<Response, Failure> {
        let token = endpoint.token.as_ref().and_then(|token| {
            let mut value = HeaderValue::from_str(token.header()).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        let layers = match &self.cached {
            Some((cached, services))
                if token.is_none() && matches!(keep, Keep::Whole(_)) && services.contains(&endpoint.name) =>
            {
                cached
            }
            _ => &self.direct,
        };
        let gate = self.gate(endpoint);
        let call = Call(Arc::new(Plan {
            name: endpoint.name.clone(),
            base: endpoint.base.clone(),
            here: self.here.clone(),
            token,
            gate: Arc::clone(&gate),
            time: if matches!(keep, Keep::File(..)) { self.limits.download } else { self.limits.request },
            wait: self.limits.wait,
            keep,
            lost: Mutex::default(),
        }));
        let mut extensions = http::Extensions::new();
        extensions.insert(call.clone());
        let result = layers.execute_with_extensions(request, &mut extensions).await;
        // A cache gives an old answer where the service fails; that is for the store to decide, which says so.
        let lost = call.0.lost.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (lost, result) {
            (None, Ok(response)) => Ok(response),
            (None, Err(_)) => Err(malformed(endpoint, "its answer cannot be kept")),
            (Some(lost), _) => {
                if lost.no_connection {
                    gate.close(LEFT_ALONE, lost.failure.reason, lost.failure.detail.clone());
                }
                Err(lost.failure)
            }
        }
    }

    fn gate(&self, endpoint: &Endpoint) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry(endpoint.name.clone()).or_insert_with(|| Arc::new(Gate::new(endpoint))))
    }
}

fn layers(outer: ClientBuilder, limits: &Limits) -> ClientWithMiddleware {
    let longest = LONGEST_BACKOFF.max(limits.backoff);
    let policy = ExponentialBackoff::builder()
        .retry_bounds(limits.backoff, longest)
        .jitter(reqwest_retry::Jitter::Bounded)
        .build_with_max_retries(limits.retries);
    outer.with(RetryTransientMiddleware::new_with_policy_and_strategy(policy, Again)).with(attempt).build()
}

/// The program, its version and, as the data access policy of crates.io asks, how to reach somebody.
fn user_agent(contact: Option<&str>) -> String {
    let own = [env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_HOMEPAGE")];
    let contact: Option<String> = contact
        .into_iter()
        .chain(own)
        .map(|text| text.chars().filter(|c| c.is_ascii_graphic() && !"()".contains(*c)).collect())
        .find(|text: &String| !text.is_empty());
    let program = concat!("cargo-origin/", env!("CARGO_PKG_VERSION"));
    contact.map_or_else(|| program.to_owned(), |contact| format!("{program} ({contact})"))
}

fn get(endpoint: &Endpoint, path: &str, accept: &str) -> Result<Request, Failure> {
    let url = endpoint.at(path).ok_or_else(|| malformed(endpoint, "not an address"))?;
    let accept = HeaderValue::from_str(accept).map_err(|_| malformed(endpoint, "not a type"))?;
    let mut request = Request::new(http::Method::GET, url);
    request.headers_mut().insert(ACCEPT, accept);
    Ok(request)
}

async fn whole(endpoint: &Endpoint, response: Response) -> Result<Vec<u8>, Failure> {
    // It was read within the limits; these are the bytes in memory.
    response.bytes().await.map(Vec::from).map_err(|_| malformed(endpoint, "the answer is cut off or broken"))
}

/// An answer that calls itself JSON, or nothing else.
async fn json_bytes(endpoint: &Endpoint, response: Response) -> Result<Vec<u8>, Failure> {
    let kind = response.headers().get(CONTENT_TYPE).map(|kind| String::from_utf8_lossy(kind.as_bytes()).to_lowercase());
    let kind = kind.as_deref().map(|kind| kind.split(';').next().unwrap_or_default().trim().to_owned());
    if let Some(kind) = kind.filter(|kind| !kind.contains("json") && kind != "text/plain") {
        let kind: String = kind.chars().filter(char::is_ascii_graphic).take(40).collect();
        return Err(malformed(endpoint, &format!("the answer is {kind}, not JSON")));
    }
    whole(endpoint, response).await
}

/// JSON of the shape that is expected. What does not fit is not quoted: it may be anything.
fn json<T: DeserializeOwned>(endpoint: &Endpoint, bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let what = if error.is_data() { "is JSON of another shape" } else { "is not JSON" };
        malformed(endpoint, &format!("the answer {what} than expected, line {line}, column {column}"))
    })
}

/// How to ask whether something has changed, by what the server gave last time.
fn condition(validator: &str) -> Option<(HeaderName, HeaderValue)> {
    let tag = validator.starts_with('"') || validator.starts_with("W/\"");
    let name = if tag { IF_NONE_MATCH } else { IF_MODIFIED_SINCE };
    HeaderValue::from_str(validator).ok().map(|value| (name, value))
}

fn validator_of(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned);
    text(ETAG).filter(|tag| tag.contains('"')).or_else(|| text(LAST_MODIFIED))
}

fn not_found(response: &Response) -> bool {
    matches!(response.status().as_u16(), 404 | 410)
}

fn missing(endpoint: &Endpoint) -> Failure {
    malformed(endpoint, "status 404 Not Found")
}

fn malformed(endpoint: &Endpoint, what: &str) -> Failure {
    Failure { reason: Reason::Malformed, detail: format!("{}: {what}", endpoint.name) }
}
