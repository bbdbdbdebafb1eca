//! The embedded programmes and vendors, made readable.

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::model::{Designation, Ownership, Programme, Vendor};
use crate::data::{Data, VendorIx};
use crate::date::Date;
use crate::exposure::{Applied, Status};
use crate::party::ancestors;

/// A programme as the data has it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProgrammeEntry {
    /// Id.
    pub id: String,
    /// Name.
    pub title: String,
    /// Who issued it.
    pub authority: String,
    /// Where it stands.
    pub citation: String,
    /// What it does.
    pub effect: String,
    /// What it forbids to whom.
    pub summary: String,
    /// Kind of product or dealing.
    pub scope: Option<String>,
    /// `in-force`, `upcoming`, `suspended`, `ended`, `not-yours`, `needs-home` on the day asked about.
    pub status: String,
    /// Countries and regions that it lists.
    pub places: Vec<String>,
    /// It lists everything foreign to home.
    pub foreign_to_home: bool,
    /// It applies to this home only.
    pub home: Option<String>,
    /// How far it reaches through ownership.
    pub ownership: String,
    /// Parties that it names, by id, with the day.
    pub named: Vec<NamedEntry>,
    /// What applies from when.
    pub phases: Vec<PhaseEntry>,
    /// What ended it, and when.
    pub ended: Option<String>,
    /// Exemptions.
    pub exempt: Vec<String>,
    /// `read`, `excerpt` or `unverified`.
    pub verification: String,
    /// Remark.
    pub note: Option<String>,
    /// Public addresses.
    pub sources: Vec<String>,
    /// Words to choose it by.
    pub tags: Vec<String>,
    /// Date of the row.
    pub as_of: String,
}

/// A party that a programme names.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NamedEntry {
    /// Id in the register.
    pub vendor: String,
    /// Name in the register.
    pub name: String,
    /// Effective date, if it is known.
    pub listed_on: Option<String>,
    /// The day from which it no longer holds.
    pub until: Option<String>,
    /// `high`, `medium`, `low`.
    pub confidence: String,
}

/// What applies from when.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PhaseEntry {
    /// First day.
    pub from: Option<String>,
    /// The day from which it no longer applies.
    pub until: Option<String>,
    /// What applies.
    pub what: String,
}

/// A vendor as the data has it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VendorEntry {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Kind of organisation.
    pub kind: String,
    /// Line of business.
    pub sector: Option<String>,
    /// Country of the headquarters.
    pub seat: Option<String>,
    /// Country of incorporation, where different.
    pub incorporated: Option<String>,
    /// Other countries named for it.
    pub also_claimed: Vec<String>,
    /// Seats with dates.
    pub seats: Vec<String>,
    /// Owners and holders, nearest first.
    pub owners: Vec<String>,
    /// Forge paths.
    pub forges: Vec<String>,
    /// Domains.
    pub domains: Vec<String>,
    /// Listings.
    pub designations: Vec<DesignationEntry>,
    /// Lists in which it was looked for and not found.
    pub absent: Vec<String>,
    /// Remark.
    pub note: Option<String>,
    /// `high`, `medium`, `low`.
    pub confidence: String,
    /// Whether the row names a source.
    pub verified: bool,
    /// Whether the source was opened when the row was written.
    pub source_read: bool,
    /// Public addresses.
    pub sources: Vec<String>,
    /// Date of the row.
    pub as_of: String,
}

/// A listing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DesignationEntry {
    /// The programme's id.
    pub programme: String,
    /// What the listing does.
    pub effect: String,
    /// Where in the instrument.
    pub citation: Option<String>,
    /// Effective date, or date of publication.
    pub listed_on: Option<String>,
    /// The date is a guess.
    pub date_inferred: bool,
    /// The day from which it no longer holds.
    pub until: Option<String>,
    /// What it covers.
    pub scope: Option<String>,
    /// The name as the list writes it.
    pub listed_as: Option<String>,
    /// `high`, `medium`, `low`.
    pub confidence: String,
    /// Public address.
    pub source: Option<String>,
}

/// The word for a status.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::InForce(_) => "in-force",
        Status::Upcoming(_) => "upcoming",
        Status::Suspended(_) => "suspended",
        Status::Ended(_) => "ended",
        Status::NotYours(_) => "not-yours",
        Status::NeedsHome => "needs-home",
    }
}

fn text(value: Option<&'static str>) -> Option<String> {
    value.map(str::to_owned)
}

fn texts(values: &[&'static str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn day(value: Option<Date>) -> Option<String> {
    value.map(|day| day.to_string())
}

/// A programme on the day asked about.
pub fn programme(applied: &Applied<'_>, data: &Data) -> ProgrammeEntry {
    let row: &Programme<&'static str> = applied.programme;
    let authority = data.tables.authorities.iter().find(|authority| authority.id == row.authority);
    let named = data.tables.vendors.iter().flat_map(|vendor| {
        let designations = vendor.designations.iter().filter(|designation| designation.programme == row.id);
        designations.map(|designation| NamedEntry {
            vendor: vendor.id.to_owned(),
            name: vendor.name.to_owned(),
            listed_on: day(designation.listed_on),
            until: day(designation.until),
            confidence: designation.confidence.as_str().to_owned(),
        })
    });
    let phases = row.phases.iter().map(|phase| PhaseEntry {
        from: day(phase.from),
        until: day(phase.until),
        what: phase.what.to_owned(),
    });
    let ownership = match row.ownership {
        Ownership::None => "none",
        Ownership::Majority => "majority",
        Ownership::Affiliates => "affiliates",
    };
    ProgrammeEntry {
        id: row.id.to_owned(),
        title: row.title.to_owned(),
        authority: authority.map_or(row.authority, |authority| authority.name).to_owned(),
        citation: row.citation.to_owned(),
        effect: row.effect.as_str().to_owned(),
        summary: row.summary.to_owned(),
        scope: text(row.scope),
        status: status_word(applied.status).to_owned(),
        places: row
            .countries
            .iter()
            .map(ToString::to_string)
            .chain(row.regions.iter().map(ToString::to_string))
            .collect(),
        foreign_to_home: row.foreign_to_home,
        home: row.home.map(|home| home.to_string()),
        ownership: ownership.to_owned(),
        named: named.collect(),
        phases: phases.collect(),
        ended: row.ended.map(|day| format!("{day}: {}", row.ended_by.unwrap_or_default())),
        exempt: texts(&row.exempt),
        verification: row.verification.as_str().to_owned(),
        note: text(row.note),
        sources: texts(&row.source.into_iter().chain(row.see_also.iter().copied()).collect::<Vec<_>>()),
        tags: texts(&row.tags),
        as_of: row.as_of.to_string(),
    }
}

/// A vendor of the register.
pub fn vendor(at: VendorIx, data: &Data) -> VendorEntry {
    let row: &Vendor<&'static str> = data.vendor(at);
    let seats = row.seats.iter().map(|seat| {
        let from = seat.from.map_or(String::new(), |day| format!(" from {day}"));
        let until = seat.until.map_or(String::new(), |day| format!(" until {day}"));
        format!("{}{from}{until}", seat.country)
    });
    let owners = ancestors(data, at).into_iter().map(|owner| data.vendor(owner).name.to_owned());
    let absent = row
        .absent
        .iter()
        .map(|absent| format!("{}: {} (checked {})", absent.programme, absent.note, absent.checked_on));
    VendorEntry {
        id: row.id.to_owned(),
        name: row.name.to_owned(),
        aliases: texts(&row.aliases),
        kind: row.kind.as_str().to_owned(),
        sector: text(row.sector),
        seat: row.seat.map(|seat| seat.to_string()),
        incorporated: row.incorporated.map(|country| country.to_string()),
        also_claimed: row.also_claimed.iter().map(ToString::to_string).collect(),
        seats: seats.collect(),
        owners: owners.collect(),
        forges: texts(&row.forges),
        domains: texts(&row.domains),
        designations: row.designations.iter().map(designation).collect(),
        absent: absent.collect(),
        note: text(row.note),
        confidence: row.confidence.as_str().to_owned(),
        verified: row.source.is_some(),
        source_read: row.source_read,
        sources: texts(&row.source.into_iter().chain(row.see_also.iter().copied()).collect::<Vec<_>>()),
        as_of: row.as_of.to_string(),
    }
}

fn designation(row: &Designation<&'static str>) -> DesignationEntry {
    DesignationEntry {
        programme: row.programme.to_owned(),
        effect: row.effect.as_str().to_owned(),
        citation: text(row.citation),
        listed_on: day(row.listed_on),
        date_inferred: row.listed_on_inferred,
        until: day(row.until),
        scope: text(row.scope),
        listed_as: text(row.listed_as),
        confidence: row.confidence.as_str().to_owned(),
        source: text(row.source),
    }
}
