//! Where the work is done, as a report shows it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::facet::rounded;
use super::{OriginReport, Untrusted};
use crate::attribution::{work_because, work_origin};
use crate::data::model::{Observation, offset_text};
use crate::date::Date;
use crate::locate::{Work, work};

/// How the work on a repository is spread.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WorkReport {
    /// Why the answer is what it is.
    pub because: String,
    /// Bands of the world, the largest first.
    pub bands: Vec<BandReport>,
    /// Share of the work that says nothing about a place.
    pub unknown: f64,
    /// Weeks of work: one a person and week.
    pub weeks: u32,
    /// First and last year of them. The newer counts more.
    pub years: (i16, i16),
    /// People in the last of these years; nothing where the work is that of several repositories together.
    pub people: Option<u32>,
    /// The smallest number of them who did half of that year's weeks.
    pub half: Option<u32>,
    /// Weeks by offset, west to east.
    pub offsets: Vec<OffsetReport>,
}

/// A band of the world whose clocks show the same time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BandReport {
    /// Its offsets in January and July: `+01:00/+02:00`, or `+08:00` where they are the same.
    pub band: String,
    /// A name for people.
    pub name: Option<&'static str>,
    /// Share of the work.
    pub share: f64,
    /// Share of the work by country.
    pub countries: BTreeMap<String, f64>,
}

/// Weeks at one offset.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OffsetReport {
    /// `+01:00`.
    pub offset: String,
    /// Weeks from November to March.
    pub winter: u32,
    /// Weeks from April to October.
    pub summer: u32,
}

/// What `cargo origin observe` says of one repository.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ObservationReport {
    /// The record.
    pub record: Observation,
    /// Where the work is done, on the day asked about.
    pub origin: OriginReport,
    /// How it is spread; nothing if the history begins later.
    pub work: Option<WorkReport>,
    /// The main bands of every slice, so that a move shows with its date.
    pub history: Vec<HistoryRow>,
    /// What the report is not.
    pub notice: String,
}

/// The work of one slice.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HistoryRow {
    /// `2024`, or `2014 to 2021`.
    pub years: String,
    /// Weeks of work.
    pub weeks: u32,
    /// People.
    pub people: u32,
    /// The smallest number of them who did half.
    pub half: u32,
    /// The largest bands with their shares.
    pub bands: Vec<(String, f64)>,
    /// Share that says nothing about a place.
    pub unknown: f64,
}

pub(super) fn work_report(work: &Work) -> WorkReport {
    let counted = work.people > 0;
    let bands = work.by_band().iter().map(|(band, share)| BandReport {
        band: band.to_string(),
        name: band.name(),
        share: rounded(*share),
        countries: work.within(*band).iter().map(|cell| (cell.1.to_string(), rounded(cell.2))).collect(),
    });
    let offsets = work.offsets.iter().map(|row| OffsetReport {
        offset: offset_text(row.offset),
        winter: row.winter,
        summer: row.summer,
    });
    WorkReport {
        because: work_because(work),
        bands: bands.collect(),
        unknown: rounded(work.unknown),
        weeks: work.weeks,
        years: work.years,
        people: counted.then_some(work.people),
        half: counted.then_some(work.half),
        offsets: offsets.collect(),
    }
}

/// A record as it is shown, on a day.
pub fn observation(record: Observation, as_of: Date) -> ObservationReport {
    let work = work(&record, as_of);
    let history = record.slices.iter().map(|slice| {
        let mut bands: Vec<(String, f64)> =
            slice.places.by_band().map(|(band, share)| (band.to_string(), rounded(share))).collect();
        bands.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        bands.truncate(4);
        let years =
            if slice.from == slice.to { slice.to.to_string() } else { format!("{} to {}", slice.from, slice.to) };
        let unknown = rounded(slice.unknown.value());
        HistoryRow { years, weeks: slice.weeks, people: slice.people, half: slice.half, bands, unknown }
    });
    ObservationReport {
        history: history.collect(),
        origin: super::facet::origin(&work_origin(work.as_ref()), work.as_ref()),
        work: work.as_ref().map(work_report),
        record,
        notice: super::NOTICE.to_owned(),
    }
}

impl ObservationReport {
    /// The repository, as text from outside.
    pub fn repository(&self) -> Untrusted {
        Untrusted::from(self.record.repository.as_str())
    }
}
