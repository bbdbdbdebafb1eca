//! Sources that are asked over the network: registries, forges, lists.
//!
//! - `endpoint`: which services there are and where: the public addresses, or the user's own mirrors.
//! - `client`: one HTTP client for all of them: pace, retries, limits, tokens.
//! - `ask`: what a source is.
//! - one file a source; what its answers look like on the wire is known to that file alone.
//!
//! A source that fails gives gaps, never an error. Nothing here decides what may be asked: `sync` does.

mod ask;
mod client;
mod endpoint;

pub use ask::{Answers, Asking, Batch, Source};
pub use client::{BodyReader, CacheOptions, Client, ClientOptions, Download, Failure, Limits};
pub use endpoint::{Endpoint, Token};
