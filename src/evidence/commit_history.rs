//! The clocks of those who commit: where the work on the repository is done.
//!
//! A record of the package's own repository speaks for it. Where there is none and the repository belongs to one person, the records of the
//! person's other repositories do, at a discount: the person is the same, the others who work there are not.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Claim, EvidenceKind, Subject};
use crate::country::{CountryCode, Place};
use crate::data::Confidence;
use crate::data::model::Observation;
use crate::date::{Date, Period};
use crate::facts::{Facet, Observed, Provenance};
use crate::locate::{Work, work};

/// How much of an inherited answer is believed.
///
/// Of pairs of repositories of one person with an embedded record each (53 persons, each counted once; 2026-11-24) the main band is the
/// same in 0.79, and the shares of the bands overlap by 0.69.
const INHERITED: f64 = 0.7;

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let Some(observed) = subject.facts.observed.get(subject.at.index()).and_then(Option::as_ref) else { return };
    let Some(first) = observed.records.first() else { return };
    // Packages of one repository share the records, and the answer.
    let key = (Arc::as_ptr(first), observed.provenance);
    let known = subject.answers.borrow().get(&key).cloned();
    let answer = known.unwrap_or_else(|| {
        let answer = answer(observed, subject.as_of);
        subject.answers.borrow_mut().insert(key, answer.clone());
        answer
    });
    claims.extend(answer);
}

/// Answers by their first record and where it comes from.
pub(super) type Answers = RefCell<BTreeMap<(*const Observation, Provenance), Option<Claim>>>;

fn answer(observed: &Observed, as_of: Date) -> Option<Claim> {
    let works: Vec<Work> = observed.records.iter().filter_map(|record| work(record, as_of)).collect();
    let (first, all) = (observed.records.first()?, Work::together(works)?);
    let inherited = observed.provenance == Provenance::Inherited;
    let all = if inherited { all.discounted(INHERITED) } else { all };
    let newest = observed.records.iter().map(|record| record.as_of).max().unwrap_or(first.as_of);
    Some(Claim {
        facet: Facet::Contribution,
        place: place(&all),
        contradictory: false,
        also: Vec::new(),
        party: None,
        seat_of: None,
        owner: None,
        kind: if inherited { EvidenceKind::InheritedHistory } else { EvidenceKind::CommitHistory },
        confidence: if inherited { Confidence::Low } else { Confidence::Medium },
        reference: reference(&observed.records, observed.provenance),
        address: None,
        statement: statement(&all, &observed.records, inherited),
        observed: Some(newest),
        valid: Period::default(),
        work: Some(Arc::new(all)),
        listing: None,
        accounts: Vec::new(),
    })
}

/// The countries that the work may be in, the likeliest first.
fn place(work: &Work) -> Place {
    let mut countries: Vec<(CountryCode, f64)> = work.countries().to_vec();
    countries.sort_by(|a, b| b.1.total_cmp(&a.1));
    if countries.is_empty() { Place::Unstated } else { Place::Band(countries.into_iter().map(|row| row.0).collect()) }
}

fn reference(records: &[Arc<Observation>], provenance: Provenance) -> String {
    let Some(record) = records.first() else { return String::new() };
    let head: String = record.head.chars().take(12).collect();
    match (provenance, records.len()) {
        (Provenance::Local, _) => format!("history of {} on this machine at {head}", record.repository),
        (Provenance::Synced, _) => format!("synced history of {} at {head}", record.repository),
        (_, 1) => format!("observations: {} at {head}", record.repository),
        (_, more) => format!("observations: {} at {head} and {} more", record.repository, more - 1),
    }
}

fn statement(work: &Work, records: &[Arc<Observation>], inherited: bool) -> String {
    let bands: Vec<String> =
        work.by_band().iter().take(3).map(|(band, share)| format!("{:.0} % at {band}", share * 100.0)).collect();
    let bands = if bands.is_empty() { "no offset that says anything".to_owned() } else { bands.join(", ") };
    let of = match (inherited, records) {
        (false, _) => "of work".to_owned(),
        (true, [one]) => format!("of work on {}, another repository of its owner,", one.repository),
        (true, several) => format!("of work on {} other repositories of its owner", several.len()),
    };
    let (from, to) = work.years;
    format!("clocks of {} weeks {of} from {from} to {to}, the newer counting more: {bands}", work.weeks)
}
