//! Authorities and programmes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::country::{CountryCode, RegionCode};
use crate::date::Date;

/// Who issues programmes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
    /// It is about new agreements and purchases only: what is in use may stay for now.
    #[serde(default)]
    pub new_only: bool,
}

/// The dates of an ownership rule that has its own.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
    /// Whether it could not be established that it holds then.
    #[serde(default)]
    pub unverified: bool,
}

/// A legal or organisational rule set.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
    #[serde(default = "Vec::<S>::new")]
    pub exempt: Vec<S>,
    /// How far the text was verified.
    pub verification: Verification,
    /// Words to choose programmes by.
    #[serde(default = "Vec::<S>::new")]
    pub tags: Vec<S>,
    /// Remark.
    #[serde(default)]
    pub note: Option<S>,
    /// Public address.
    #[serde(default)]
    pub source: Option<S>,
    /// Further addresses.
    #[serde(default = "Vec::<S>::new")]
    pub see_also: Vec<S>,
    /// Date of the row.
    pub as_of: Date,
    /// What applies from when, in order.
    #[serde(default = "Vec::<Phase<S>>::new", rename = "phase")]
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
