//! Forges, registries, mail domains.

use serde::{Deserialize, Serialize};

use super::Confidence;
use crate::country::CountryCode;

/// Who may host on a forge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForgeKind {
    /// Anybody: the host says nothing about the author.
    Public,
    /// One community.
    Project,
    /// One company.
    Corporate,
    /// A state body.
    State,
}

/// A host of repositories.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forge<S> {
    /// Host, exact or a parent of the host on a label boundary.
    pub host: S,
    /// Other hosts of the same forge.
    #[serde(default = "Vec::new")]
    pub aliases: Vec<S>,
    /// Who runs it.
    pub operator: S,
    /// The operator's id in the register.
    #[serde(default)]
    pub operator_vendor: Option<S>,
    /// Country of the operator.
    #[serde(default)]
    pub country: Option<CountryCode>,
    /// Further countries of the operator.
    #[serde(default)]
    pub also: Vec<CountryCode>,
    /// Who may host there.
    pub kind: ForgeKind,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

/// What a registry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistryKind {
    /// crates.io itself.
    Primary,
    /// A copy of crates.io.
    Mirror,
    /// Private registries as a service.
    VendorHosted,
    /// For tests.
    Test,
}

/// A registry, a mirror, or a toolchain server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry<S> {
    /// Stable id.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Who runs it.
    pub operator: S,
    /// The operator's id in the register.
    #[serde(default)]
    pub operator_vendor: Option<S>,
    /// Country of the operator.
    #[serde(default)]
    pub country: Option<CountryCode>,
    /// What it is.
    pub kind: RegistryKind,
    /// Exact index addresses, without `registry+` or `sparse+`.
    #[serde(default = "Vec::new")]
    pub urls: Vec<S>,
    /// Hosts, exact or a parent on a label boundary.
    #[serde(default = "Vec::new")]
    pub hosts: Vec<S>,
    /// Toolchain servers (`RUSTUP_DIST_SERVER`, `RUSTUP_UPDATE_ROOT`).
    #[serde(default = "Vec::new")]
    pub toolchain: Vec<S>,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

/// How much an address says about where its user lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Nothing.
    None,
    /// A hint at most.
    Weak,
    /// Mostly used there.
    Moderate,
    /// A line, residence or admission in the country is usual.
    Strong,
}

/// What kind of mail service a domain is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MailKind {
    /// Webmail of one country.
    NationalProvider,
    /// Webmail of the world.
    GlobalProvider,
    /// An access provider.
    Isp,
    /// A forge's own no-reply addresses.
    ForgeNoreply,
    /// A privacy relay.
    Privacy,
}

/// A mail domain.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail<S> {
    /// The domain, exact.
    pub domain: S,
    /// Who runs it.
    #[serde(default)]
    pub operator: Option<S>,
    /// Country.
    #[serde(default)]
    pub country: Option<CountryCode>,
    /// What kind of service.
    pub kind: MailKind,
    /// What an address there says.
    pub weight: Weight,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

/// A national network: universities, government.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network<S> {
    /// Suffix, starting with a dot.
    pub pattern: S,
    /// Country.
    #[serde(default)]
    pub country: Option<CountryCode>,
    /// `academic`, `government`, …
    pub sector: S,
    /// What an address there says.
    pub weight: Weight,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
}

/// How a country-code top-level domain is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TldTreatment {
    /// Never country evidence.
    Ignore,
    /// At most a hint.
    Weak,
    /// Not generic at all.
    Strong,
}

/// A top-level domain that is not what its country code says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GenericTld<S> {
    /// Without a dot.
    pub tld: S,
    /// How it is treated.
    pub treat: TldTreatment,
    /// Why.
    pub reason: S,
    /// How sure the row is.
    pub confidence: Confidence,
}
