//! The rows of `data/`, as types.
//!
//! Each row type is generic over its string: `String` when the readable sources are parsed, `&'static str` when the compiled form is
//! borrowed in place. `data/README.md` describes the keys; this file is what enforces them.

use serde::{Deserialize, Serialize};

use crate::country::{CountryCode, RegionCode};
use crate::date::Date;

/// How sure a row is of what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Doubtful or from memory: shown, never decided on.
    Low,
    /// Secondary, or seen in part.
    Medium,
    /// Documented and seen.
    High,
}

impl Confidence {
    /// The word used in `data/` and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A country and the names that mean it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country<S> {
    /// ISO 3166-1 alpha-2.
    pub code: CountryCode,
    /// Short English name.
    pub name: S,
    /// Other English names, former names.
    #[serde(default)]
    pub aliases: Vec<S>,
}

/// A part of a country that a programme names on its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region<S> {
    /// ISO 3166-2.
    pub code: RegionCode,
    /// The country that ISO 3166-2 files it under.
    pub country: CountryCode,
    /// English name.
    pub name: S,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<S>,
}

/// What kind of organisation a vendor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VendorKind {
    /// A firm.
    Company,
    /// A foundation or association with a legal seat.
    Foundation,
    /// People working together without a legal person of their own.
    Community,
    /// A university or research institute.
    University,
    /// A state body.
    Government,
    /// A standards body.
    StandardsBody,
    /// Anything else.
    Other,
}

impl VendorKind {
    /// The word used in `data/` and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Foundation => "foundation",
            Self::Community => "community",
            Self::University => "university",
            Self::Government => "government",
            Self::StandardsBody => "standards-body",
            Self::Other => "other",
        }
    }
}

/// Whether an owner holds the majority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParentShare {
    /// Half or more: ownership rules follow it.
    #[default]
    Majority,
    /// Less than half: shown, not followed.
    Minority,
}

/// Where a seat was during a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat<S> {
    /// The country.
    pub country: CountryCode,
    /// First day, if known.
    #[serde(default)]
    pub from: Option<Date>,
    /// The day from which it no longer holds, if known.
    #[serde(default)]
    pub until: Option<Date>,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

/// A party's listing under a programme.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Designation<S> {
    /// The programme's id.
    pub programme: S,
    /// What the listing does; a programme can list different parties with different effects.
    pub effect: Effect,
    /// Where in the instrument.
    #[serde(default)]
    pub citation: Option<S>,
    /// Effective date, or date of publication.
    #[serde(default)]
    pub listed_on: Option<Date>,
    /// The date is a guess from neighbouring entries, not a fact.
    #[serde(default)]
    pub listed_on_inferred: bool,
    /// The day from which it no longer holds.
    #[serde(default)]
    pub until: Option<Date>,
    /// What it covers.
    #[serde(default)]
    pub scope: Option<S>,
    /// The name as the list writes it, where it differs.
    #[serde(default)]
    pub listed_as: Option<S>,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

/// A list in which a party was looked for and not found.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent<S> {
    /// The programme's id.
    pub programme: S,
    /// What was found instead, which edition was read.
    pub note: S,
    /// When.
    pub checked_on: Date,
}

/// An organisation of the register.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor<S> {
    /// Stable id, kebab-case.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Other names.
    #[serde(default = "Vec::new")]
    pub aliases: Vec<S>,
    /// What kind of organisation.
    pub kind: VendorKind,
    /// Line of business.
    #[serde(default)]
    pub sector: Option<S>,
    /// Country of the headquarters.
    #[serde(default)]
    pub seat: Option<CountryCode>,
    /// Country of incorporation, where different.
    #[serde(default)]
    pub incorporated: Option<CountryCode>,
    /// Other countries named for it.
    #[serde(default)]
    pub also_claimed: Vec<CountryCode>,
    /// Earlier and present seats with dates.
    #[serde(default = "Vec::new")]
    pub seats: Vec<Seat<S>>,
    /// Id of the owner.
    #[serde(default)]
    pub parent: Option<S>,
    /// Whether the owner holds the majority.
    #[serde(default)]
    pub parent_share: ParentShare,
    /// Id of the organisation that holds the project's name or assets.
    #[serde(default)]
    pub steward: Option<S>,
    /// `host`, `host/owner` or `host/owner/repo`, lower case.
    #[serde(default = "Vec::new")]
    pub forges: Vec<S>,
    /// Own mail and web domains.
    #[serde(default = "Vec::new")]
    pub domains: Vec<S>,
    /// Public webmail domains it runs.
    #[serde(default = "Vec::new")]
    pub mailbox_domains: Vec<S>,
    /// Further names in copyright lines.
    #[serde(default = "Vec::new")]
    pub copyright: Vec<S>,
    /// Year or date of foundation.
    #[serde(default)]
    pub since: Option<S>,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is of the seat (of the kind, for communities).
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
    /// Further addresses.
    #[serde(default = "Vec::new")]
    pub see_also: Vec<S>,
    /// Whether the source was opened when the row was written.
    #[serde(default)]
    pub source_read: bool,
    /// Date of the row.
    pub as_of: Date,
    /// Listings.
    #[serde(default = "Vec::new", rename = "designation")]
    pub designations: Vec<Designation<S>>,
    /// Lists looked through in vain.
    #[serde(default = "Vec::new")]
    pub absent: Vec<Absent<S>>,
}

/// Who issues programmes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority<S> {
    /// Stable id, as `US-BIS`.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Country, or `EU`.
    pub country: S,
    /// Public address.
    pub source: S,
}

/// What a programme does. Most lists do not ban a dependency; see the design, "Words".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The party may not supply covered software or services into the jurisdiction.
    SupplyBan,
    /// Government or its contractors may not buy or use.
    ProcurementBan,
    /// Covered equipment or services may not be authorised, bought or kept in regulated networks.
    EquipmentAndServiceRestriction,
    /// No funds or economic resources; dealings are barred.
    AssetFreeze,
    /// Restricts what may be sent to the party; does not bar receiving its code.
    ExportControl,
    /// Securities only.
    InvestmentBan,
    /// Physical goods only.
    ImportBan,
    /// Research funding only.
    ResearchRestriction,
    /// Names jurisdictions; no prohibition of its own.
    JurisdictionList,
    /// Advice without legal force.
    Warning,
    /// Not law.
    Proposal,
    /// A rule of the user's own.
    OwnPolicy,
}

impl Effect {
    /// The word used in `data/` and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SupplyBan => "supply-ban",
            Self::ProcurementBan => "procurement-ban",
            Self::EquipmentAndServiceRestriction => "equipment-and-service-restriction",
            Self::AssetFreeze => "asset-freeze",
            Self::ExportControl => "export-control",
            Self::InvestmentBan => "investment-ban",
            Self::ImportBan => "import-ban",
            Self::ResearchRestriction => "research-restriction",
            Self::JurisdictionList => "jurisdiction-list",
            Self::Warning => "warning",
            Self::Proposal => "proposal",
            Self::OwnPolicy => "own-policy",
        }
    }
}

/// How far a programme reaches through ownership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ownership {
    /// Only the named party.
    #[default]
    None,
    /// Also what it owns by half or more, to any depth.
    Majority,
    /// Also its parents, subsidiaries and their subsidiaries.
    Affiliates,
}

/// How far the text of a programme was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verification {
    /// Read at the source.
    Read,
    /// Read as an excerpt, or in press and law-firm text.
    Excerpt,
    /// Not verified: reported as such.
    Unverified,
}

impl Verification {
    /// The word used in `data/` and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Excerpt => "excerpt",
            Self::Unverified => "unverified",
        }
    }
}

/// What applies from when.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase<S> {
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// The day from which it no longer applies.
    #[serde(default)]
    pub until: Option<Date>,
    /// What applies.
    pub what: S,
}

/// The dates of an ownership rule that has its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnershipPhase {
    /// First day.
    #[serde(default)]
    pub from: Option<Date>,
    /// The day from which it no longer applies.
    #[serde(default)]
    pub until: Option<Date>,
    /// The rule of that time.
    pub rule: Ownership,
}

/// A legal or organisational rule set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme<S> {
    /// Stable id, kebab-case, starting with the jurisdiction.
    pub id: S,
    /// Name for people.
    pub title: S,
    /// Id of the authority.
    pub authority: S,
    /// Where it stands.
    pub citation: S,
    /// What it does (the strongest effect; a designation can say otherwise).
    pub effect: Effect,
    /// One sentence: what it forbids to whom.
    pub summary: S,
    /// Kind of product or dealing.
    #[serde(default)]
    pub scope: Option<S>,
    /// Countries it lists.
    #[serde(default)]
    pub countries: Vec<CountryCode>,
    /// Regions it lists.
    #[serde(default)]
    pub regions: Vec<RegionCode>,
    /// It lists everything that is not from home.
    #[serde(default)]
    pub foreign_to_home: bool,
    /// It applies only to a user whose home is this country.
    #[serde(default)]
    pub home: Option<CountryCode>,
    /// It names parties; they carry designations.
    #[serde(default)]
    pub named: bool,
    /// How far it reaches through ownership.
    #[serde(default)]
    pub ownership: Ownership,
    /// Exemptions, a sentence each.
    #[serde(default = "Vec::new")]
    pub exempt: Vec<S>,
    /// How far the text was verified.
    pub verification: Verification,
    /// Words to choose programmes by.
    #[serde(default = "Vec::new")]
    pub tags: Vec<S>,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
    /// Further addresses.
    #[serde(default = "Vec::new")]
    pub see_also: Vec<S>,
    /// Date of the row.
    pub as_of: Date,
    /// What applies from when, in order.
    #[serde(default = "Vec::new", rename = "phase")]
    pub phases: Vec<Phase<S>>,
    /// Dates of the ownership rule.
    #[serde(default, rename = "ownership_phase")]
    pub ownership_phases: Vec<OwnershipPhase>,
    /// The day from which the whole no longer applies.
    #[serde(default)]
    pub ended: Option<Date>,
    /// What ended it.
    #[serde(default)]
    pub ended_by: Option<S>,
}

/// Whether a crate compiles a copy of the native code it binds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bundled {
    /// Always.
    Always,
    /// By a feature, or when the system has none.
    Optional,
    /// Never: it links what the system has.
    Never,
}

/// What stands behind an upstream that no organisation owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StewardKind {
    /// A community without a legal person.
    Community,
    /// One person.
    Individual,
}

/// Native code that crates carry or bind to.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream<S> {
    /// Stable id.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Crates that carry or bind to it.
    #[serde(default = "Vec::new")]
    pub crates: Vec<S>,
    /// Values of the `links` key.
    #[serde(default = "Vec::new")]
    pub links: Vec<S>,
    /// Id of the organisation behind it.
    #[serde(default)]
    pub vendor: Option<S>,
    /// What stands behind it where no organisation does.
    #[serde(default)]
    pub steward_kind: Option<StewardKind>,
    /// Whether the crate compiles a copy.
    pub bundled: Bundled,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
    /// Date of the row.
    pub as_of: Date,
}

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

/// A legal form of companies.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalForm<S> {
    /// Stable id.
    pub id: S,
    /// Spellings at the end of a company's name.
    pub names: Vec<S>,
    /// Countries whose law has it.
    pub countries: Vec<CountryCode>,
    /// Whether it says where the company sits.
    #[serde(default)]
    pub narrow: bool,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
}

impl<S: AsRef<str>> crate::copyright::Form for LegalForm<S> {
    fn spellings(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }
}
