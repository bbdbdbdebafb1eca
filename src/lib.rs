//! `cargo origin`: where a supply chain comes from, and what it is exposed to.
//!
//! # Architecture
//!
//! A run is a pipeline of stages. Each stage is one public function over values, and names only what stands to its left; the test
//! `tests/it/architecture.rs` is the law on that.
//!
//! ```text
//! cli ─> command ─┬─> load ───┐                                      I/O ends at load, source, store, cli
//!                 ├─> source ─┤
//!                 │           ▼
//!                 ├─> analysis: graph, facts ─> party ─> evidence ─> attribution ─> exposure ─> impact ─> policy ─> report
//!                 └─> render ─> report
//! ```
//!
//! | module | what it does | what it must not do |
//! |---|---|---|
//! | [`date`], [`country`] | days, codes, places, free text to a place | know a table but its own of names |
//! | [`copyright`] | holders in a licence text | read files, know the register |
//! | [`data`] | the embedded tables and questions to them | know packages, decide |
//! | [`graph`] | what is built, paths, reach, what can be switched off | know cargo, people, places |
//! | [`facts`] | raw records and gaps | interpret |
//! | [`load`] | cargo metadata, lock files, configuration to a graph | follow what it reads |
//! | [`locate`] | the weeks of a history to where the work is done | look at names, keep anybody apart |
//! | [`screening`] | names of organisations against names on lists | read lists, decide what a match means |
//! | [`store`] | what was fetched, kept between runs; what is about people can be taken out | fetch, interpret |
//! | [`party`] | who stands behind a package | say where |
//! | [`evidence`] | claims, one kind of evidence a file | weigh |
//! | [`attribution`] | claims to an answer per facet | merge facets |
//! | [`exposure`] | answers against programmes; concentration | judge law |
//! | [`impact`] | what would be lost, what to replace or turn off, on whom much hangs | say what should be done |
//! | [`policy`] | what the user says in `origin.toml`; rules, one a file; findings | read files |
//! | [`source`] | licence files, git histories, registries, forges and lists | let what it reads act |
//! | [`report`] | the stable view, versioned | know a format |
//! | [`render`] | a report to bytes, one file a format | compute |
//! | [`analysis`] | composes the stages | |
//! | [`command`] | one file a subcommand | parse arguments |
//! | [`cli`] | arguments, environment, terminal, exit codes | |
//!
//! # Invariants
//!
//! - Not knowing is a value: a facet is `Unknown` with a reason, never a default country.
//! - The same input gives the same bytes: ordered maps, sorted reports, the day is an argument.
//! - Text from outside is [`report::Untrusted`] until `render::escape`.
//! - No name of a person is embedded. Of a person the store and reports have the public account and what its profile says of a place and a
//!   company, dated; the displayed name, and entries of persons on lists, only with `--match-persons`, and never for a finding.
//! - Nothing leaves the machine but by [`source`], for `sync` and `--online`, and what cargo asks for itself; names that are not public by
//!   themselves never do.
//!
//! The public API is the command line, `origin.toml`, the JSON report and the exit codes; these modules are public for the project's own
//! tests and examples.

pub mod analysis;
pub mod attribution;
pub mod cli;
pub mod command;
pub mod copyright;
pub mod country;
pub mod data;
pub mod date;
pub mod evidence;
pub mod exposure;
pub mod facts;
pub mod graph;
pub mod impact;
pub mod load;
pub mod locate;
pub mod party;
pub mod policy;
pub mod render;
pub mod report;
pub mod screening;
pub mod source;
pub mod store;

pub use cli::main;
