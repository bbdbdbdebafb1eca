//! What the origins mean for this build.
//!
//! - `programme`: which programmes apply on a day, which parties and places they reach.
//! - `measure`: package by programme, with the grade.
//! - `live`: what those who can publish, and names on lists, add to that.
//! - `concentration`: shares and the Herfindahl-Hirschman index, by facet.
//!
//! Exposure is not a verdict: a grade says how near a package is to what a programme lists, a probability how sure that is, and the
//! programme's own effect what follows in law.

mod concentration;
mod live;
mod measure;
mod programme;

pub use concentration::{Concentration, Weighting, concentration, each_place, one_country, weight};
pub use measure::{Exposure, Measured, Missed, Thresholds, explain, measure};
pub use programme::{Applied, Coverage, CoverageVia, Status, applied};

/// How near a package is to what a programme lists; the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Its party is named, or owned by one that is named, as the programme's ownership rule has it.
    Named,
    /// Its party, or the party's owner, has its seat there.
    Seat,
    /// Who can publish it sits there.
    Publisher,
    /// Work on it is done there, above the threshold.
    Contribution,
    /// It comes through there.
    Channel,
    /// Some evidence points there, not enough to say so.
    Possible,
}

impl Grade {
    /// All grades, nearest first.
    pub const ALL: [Self; 6] =
        [Self::Named, Self::Seat, Self::Publisher, Self::Contribution, Self::Channel, Self::Possible];

    /// The word used in policies and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Seat => "seat",
            Self::Publisher => "publisher",
            Self::Contribution => "contribution",
            Self::Channel => "channel",
            Self::Possible => "possible",
        }
    }
}
