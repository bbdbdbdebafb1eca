//! Which programmes apply on a day, and whom and what they reach.

use std::collections::BTreeMap;

use crate::country::{CountryCode, Locus, RegionCode};
use crate::data::model::{Designation, Ownership, OwnershipPhase, ParentShare, Programme};
use crate::data::{Confidence, Data, VendorIx};
use crate::date::{Date, Period};

/// Whether a programme is in force on the day asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Since this day, if it is known.
    InForce(Option<Date>),
    /// From this day on, and not yet.
    Upcoming(Date),
    /// It was in force, is not on this day, and comes back on that one.
    Suspended(Date),
    /// No longer, since this day.
    Ended(Date),
    /// It needs a home, and the user has given none, or another.
    NotYours(CountryCode),
    /// It lists everything foreign, and the user has given no home.
    NeedsHome,
}

/// How a programme reaches a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CoverageVia {
    /// It is named itself.
    Named,
    /// It is owned, by half or more, by one that is named.
    OwnedBy,
    /// It is of the same group as one that is named.
    AffiliateOf,
}

/// A party that a programme reaches.
#[derive(Clone, Copy, Debug)]
pub struct Coverage<'d> {
    /// How.
    pub via: CoverageVia,
    /// Who is named.
    pub named: VendorIx,
    /// The listing.
    pub designation: &'d Designation<&'static str>,
    /// Since when the ownership rule of the day holds, where it has its own dates and is what reaches.
    pub rule_since: Option<Date>,
    /// Whether it could not be established that the ownership rule holds.
    pub rule_unverified: bool,
}

/// A programme on a day.
#[derive(Clone, Debug)]
pub struct Applied<'d> {
    /// The row.
    pub programme: &'d Programme<&'static str>,
    /// Whether it holds.
    pub status: Status,
    /// When it ends, if that is known.
    pub until: Option<Date>,
    /// The parties it reaches.
    covered: BTreeMap<VendorIx, Coverage<'d>>,
    home: Option<CountryCode>,
}

/// Every programme of the data, as it stands on a day for a user at home somewhere.
pub fn applied(data: &Data, as_of: Date, home: Option<CountryCode>) -> Vec<Applied<'_>> {
    let mut named: BTreeMap<&str, Vec<(VendorIx, &Designation<&'static str>)>> = BTreeMap::new();
    let mut children: BTreeMap<&str, Vec<VendorIx>> = BTreeMap::new();
    for (at, vendor) in (0u32..).map(VendorIx).zip(&data.tables.vendors) {
        let parent = vendor.parent.filter(|_| vendor.parent_share == ParentShare::Majority).or(vendor.steward);
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(at);
        }
        for designation in &vendor.designations {
            let period = Period { from: designation.listed_on, until: designation.until };
            if period.contains(as_of) {
                named.entry(designation.programme).or_default().push((at, designation));
            }
        }
    }
    let programmes = data.tables.programmes.iter();
    programmes
        .map(|programme| {
            let (status, until) = status(programme, as_of, home);
            let covered = match status {
                Status::InForce(_) | Status::Upcoming(_) => {
                    let parties = named.get(programme.id).map_or(&[][..], Vec::as_slice);
                    covered(data, parties, &ownership(programme, as_of), &children)
                }
                Status::Suspended(_) | Status::Ended(_) | Status::NotYours(_) | Status::NeedsHome => BTreeMap::new(),
            };
            Applied { programme, status, until, covered, home }
        })
        .collect()
}

impl<'d> Applied<'d> {
    /// Whether anything of it is to be measured.
    pub fn is_measured(&self) -> bool {
        matches!(self.status, Status::InForce(_) | Status::Upcoming(_))
    }

    /// How it reaches a party, if it does.
    pub fn coverage(&self, vendor: VendorIx) -> Option<&Coverage<'d>> {
        self.covered.get(&vendor)
    }

    /// Whether it lists a place. A programme that lists a region lists nothing else of its country.
    pub fn lists(&self, place: Locus) -> bool {
        if self.programme.foreign_to_home {
            return self.home.is_some_and(|home| place.country() != home);
        }
        let country: CountryCode = place.country();
        let region = |code: RegionCode| self.programme.regions.contains(&code);
        self.programme.countries.contains(&country) || matches!(place, Locus::Region(code) if region(code))
    }

    /// Whether it lists any place at all.
    pub fn lists_places(&self) -> bool {
        self.programme.foreign_to_home || !self.programme.countries.is_empty() || !self.programme.regions.is_empty()
    }
}

fn status(programme: &Programme<&'static str>, as_of: Date, home: Option<CountryCode>) -> (Status, Option<Date>) {
    let ended = programme.ended.filter(|day| *day <= as_of);
    if let Some(day) = ended {
        return (Status::Ended(day), Some(day));
    }
    if let Some(wanted) = programme.home.filter(|wanted| Some(*wanted) != home) {
        return (Status::NotYours(wanted), None);
    }
    if programme.foreign_to_home && home.is_none() {
        return (Status::NeedsHome, None);
    }
    let first = programme.phases.iter().filter_map(|phase| phase.from).min();
    // It ends when its last phase does, or when the row says so for a day to come.
    let last = programme
        .phases
        .iter()
        .map(|phase| phase.until)
        .max_by_key(|until| until.map_or((1, None), |day| (0, Some(day))));
    let until = programme.ended.or(last.flatten());
    match (first, until) {
        (_, Some(day)) if day <= as_of => (Status::Ended(day), Some(day)),
        (Some(day), _) if day > as_of => (Status::Upcoming(day), until),
        _ => match comes_back(programme, as_of) {
            Some(day) => (Status::Suspended(day), until),
            None => (Status::InForce(first), until),
        },
    }
}

/// The day on which a programme comes back that no phase covers on this one.
fn comes_back(programme: &Programme<&'static str>, as_of: Date) -> Option<Date> {
    let mut phases = programme.phases.iter();
    if phases.any(|phase| Period { from: phase.from, until: phase.until }.contains(as_of)) {
        return None;
    }
    programme.phases.iter().filter_map(|phase| phase.from).filter(|from| *from > as_of).min()
}

/// The ownership rule of the day: some were suspended for a time.
fn ownership(programme: &Programme<&'static str>, as_of: Date) -> OwnershipPhase {
    let now = programme
        .ownership_phases
        .iter()
        .rev()
        .find(|phase| Period { from: phase.from, until: phase.until }.contains(as_of));
    let always = OwnershipPhase { from: None, until: None, rule: programme.ownership, unverified: false };
    now.cloned().unwrap_or(always)
}

fn covered<'d>(
    data: &Data,
    named: &[(VendorIx, &'d Designation<&'static str>)],
    phase: &OwnershipPhase,
    children: &BTreeMap<&str, Vec<VendorIx>>,
) -> BTreeMap<VendorIx, Coverage<'d>> {
    let mut covered: BTreeMap<VendorIx, Coverage<'d>> = BTreeMap::new();
    let mut add = |at: VendorIx, coverage: Coverage<'d>| {
        let known = covered.entry(at).or_insert(coverage);
        let better = (coverage.via, std::cmp::Reverse(coverage.designation.confidence))
            < (known.via, std::cmp::Reverse(known.designation.confidence));
        if better {
            *known = coverage;
        }
    };
    for (at, designation) in named {
        let named =
            Coverage { via: CoverageVia::Named, named: *at, designation, rule_since: None, rule_unverified: false };
        add(*at, named);
        let (top, via) = match phase.rule {
            Ownership::None => continue,
            Ownership::Majority => (*at, CoverageVia::OwnedBy),
            Ownership::Affiliates => {
                let top = crate::party::ancestors(data, *at).last().copied().unwrap_or(*at);
                (top, CoverageVia::AffiliateOf)
            }
        };
        let mut open = vec![top];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(here) = open.pop() {
            if !seen.insert(here) {
                continue;
            }
            if here != *at {
                add(here, Coverage { via, rule_since: phase.from, rule_unverified: phase.unverified, ..named });
            }
            open.extend(children.get(data.vendor(here).id).into_iter().flatten().copied());
        }
    }
    covered
}

impl Coverage<'_> {
    /// Whether the listing may decide: a row from memory is shown, never decided on.
    pub fn decides(&self) -> bool {
        self.designation.confidence > Confidence::Low
    }
}
