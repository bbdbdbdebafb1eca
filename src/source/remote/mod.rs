//! Sources that are asked over the network: registries, forges, lists.
//!
//! - `endpoint`: which services there are and where: the public addresses, or the user's own mirrors.
//! - `endpoints`, `tokens`: the user's own file of sources, and which token goes where.
//! - `client`: one HTTP client for all of them: pace, retries, limits, tokens.
//! - `registry`: what the sources about crates have in common.
//! - `ask`: what a source is.
//! - `round`, `names`, `graphql`: what the forges have in common: no subject of a batch is lost, no text that is not a name is sent.
//! - one file a source; what its answers look like on the wire is known to that file alone.
//!
//! A source that fails gives gaps, never an error. Nothing here decides what may be asked: `sync` does.

mod ask;
mod client;
mod crates_io;
mod db_dump;
mod endpoint;
mod endpoints;
mod forgejo;
mod github;
mod gitlab;
mod graphql;
mod names;
mod own_registry;
mod registry;
mod round;
mod sourcehut;
mod sparse_index;
mod tokens;

pub use ask::{Answers, Asking, Batch, MOST_ABSENT, MOST_FAILURES, Source, is_of_the_source, knows_none};
pub use client::{BodyReader, CacheOptions, Client, ClientOptions, Download, Failure, Limits};
pub use crates_io::CratesIo;
pub use db_dump::{Dump, DumpError, DumpLimits, DumpProgress, read_dump};
pub use endpoint::{Endpoint, ForgeKind, Token};
pub use endpoints::{Endpoints, EndpointsError, Forge};
pub use forgejo::Forgejo;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use own_registry::OwnRegistry;
pub use registry::is_crate_name;
pub(in crate::source) use round::left_alone;
pub use sourcehut::SourceHut;
pub use sparse_index::SparseIndex;
pub use tokens::{CredentialsError, TOKEN_VARIABLES, Tokens, read_credentials};
