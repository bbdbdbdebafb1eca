//! What the program knows by itself: the tables of `data/`, embedded in compiled form.
//!
//! - `model`: the rows as types; `data/README.md` describes them.
//! - `compile`: the readable sources to one packed file, every error at once. Run by `cargo run --example compile_data`.
//! - `check`: what must hold over all rows; `compile` refuses data that does not hold it.
//! - `embedded`: the packed file, borrowed in place.
//! - `own`: rows of the user's own over them; `taken`: what those take from vendors that are known already.
//! - `zones`: time zones to clocks, for `compile`.
//! - `lookup`: questions that the stages above ask of the tables.
//!
//! The module knows no package and no person. It does not decide anything: a row says what its source says.

pub mod check;
pub mod compile;
pub mod embedded;
pub mod lookup;
pub mod model;
pub mod own;
mod taken;
mod zones;

pub use embedded::{Data, EmbeddedError};
pub use lookup::{HostOwner, MailDomain, VendorIx};
pub use model::Confidence;

use serde::{Deserialize, Serialize};

use crate::country::CountryCode;
use model::{
    Authority, Bloc, Country, Forge, GenericTld, LegalForm, Listing, Mail, Network, Programme, Region, Registry,
    Upstream, Vendor,
};

/// Every table, and the sorted indexes that make looking up cheap.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "S: Deserialize<'de> + Default"))]
pub struct Tables<S> {
    /// ISO 3166-1.
    pub countries: Vec<Country<S>>,
    /// The regions that programmes name.
    pub regions: Vec<Region<S>>,
    /// The register of organisations, by id.
    pub vendors: Vec<Vendor<S>>,
    /// Who issues programmes.
    pub authorities: Vec<Authority<S>>,
    /// Programmes, by id.
    pub programmes: Vec<Programme<S>>,
    /// Blocs of countries, by id.
    pub blocs: Vec<Bloc<S>>,
    /// Native upstreams, by id.
    pub upstreams: Vec<Upstream<S>>,
    /// Forges, by host.
    pub forges: Vec<Forge<S>>,
    /// Registries and mirrors.
    pub registries: Vec<Registry<S>>,
    /// Mail domains, by domain.
    pub mail: Vec<Mail<S>>,
    /// National networks, by pattern.
    pub networks: Vec<Network<S>>,
    /// Top-level domains that are not what they seem, by TLD.
    pub generic_tlds: Vec<GenericTld<S>>,
    /// Legal forms of companies.
    pub legal_forms: Vec<LegalForm<S>>,
    /// Which part of a list of sanctions is which programme, the first that fits deciding.
    pub listings: Vec<Listing<S>>,
    /// Forge accounts of single persons, sorted.
    pub individuals: Vec<S>,
    /// Crate and repository, sorted by crate.
    pub crates: Vec<(S, S)>,
    /// Share of Rust developers by country; sums to one.
    pub prior: Vec<(CountryCode, f64)>,
    /// Forge path to vendor, sorted.
    pub forge_index: Vec<(S, u32)>,
    /// Mail or web domain to vendor, sorted.
    pub domain_index: Vec<(S, u32)>,
    /// Public webmail domains that vendors run, sorted.
    pub mailbox_index: Vec<S>,
    /// Normalised name in a copyright line to vendor, sorted.
    pub holder_index: Vec<(S, u32)>,
    /// Crate to native upstream, sorted.
    pub native_crate_index: Vec<(S, u32)>,
    /// `links` value to native upstream, sorted.
    pub native_links_index: Vec<(S, u32)>,
    /// The newest date of a vendor, a programme or an upstream: what the data is of.
    pub data_date: crate::date::Date,
}
