//! Organisations, their seats and owners, and their listings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Confidence, Effect};
use crate::country::CountryCode;
use crate::date::Date;

/// What kind of organisation a vendor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParentShare {
    /// Half or more: ownership rules follow it.
    #[default]
    Majority,
    /// Less than half: shown, not followed.
    Minority,
}

/// Where a seat was during a time.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vendor<S> {
    /// Stable id, kebab-case.
    pub id: S,
    /// Name for people.
    pub name: S,
    /// Other names.
    #[serde(default = "Vec::<S>::new")]
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
    #[serde(default = "Vec::<Seat<S>>::new")]
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
    #[serde(default = "Vec::<S>::new")]
    pub forges: Vec<S>,
    /// Own mail and web domains.
    #[serde(default = "Vec::<S>::new")]
    pub domains: Vec<S>,
    /// Public webmail domains it runs.
    #[serde(default = "Vec::<S>::new")]
    pub mailbox_domains: Vec<S>,
    /// Further names in copyright lines.
    #[serde(default = "Vec::<S>::new")]
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
    #[serde(default = "Vec::<S>::new")]
    pub see_also: Vec<S>,
    /// Whether the source was opened when the row was written.
    #[serde(default)]
    pub source_read: bool,
    /// Date of the row.
    pub as_of: Date,
    /// Listings.
    #[serde(default = "Vec::<Designation<S>>::new", rename = "designation")]
    pub designations: Vec<Designation<S>>,
    /// Lists looked through in vain.
    #[serde(default = "Vec::<Absent<S>>::new")]
    pub absent: Vec<Absent<S>>,
}
