//! Sources that are asked over the network: registries, forges, lists.
//!
//! - `endpoint`: which services there are and where: the public addresses, or the user's own mirrors.
//! - `client`: one HTTP client for all of them: pace, retries, limits, tokens.
//! - `ask`: what a source is.
//! - `round`, `names`, `graphql`: what the forges have in common: no subject of a batch is lost, no text that is not a name is sent.
//! - one file a source; what its answers look like on the wire is known to that file alone.
//!
//! A source that fails gives gaps, never an error. Nothing here decides what may be asked: `sync` does.

mod ask;
mod client;
mod endpoint;
mod forgejo;
mod github;
mod gitlab;
mod graphql;
mod names;
mod round;
mod sourcehut;

pub use ask::{Answers, Asking, Batch, Source};
pub use client::{Client, Download, Failure, Limits};
pub use endpoint::{Endpoint, Token};
pub use forgejo::Forgejo;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use sourcehut::SourceHut;
