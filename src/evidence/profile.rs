//! What the profile of an account says, as the store has it. Used by every collector that has found an account.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::{Claim, EvidenceKind, Subject};
use crate::country::{Place, place};
use crate::data::{Confidence, Data, HostOwner};
use crate::date::{Date, Period};
use crate::facts::live::{AccountKind, Content, Kept, Profile};
use crate::facts::{Facet, Synced};
use crate::party::Party;

/// The probability from which on a place that a text names is medium evidence, below it is low: text that can be read in two ways must
/// not settle anything.
const CLEAR: f32 = 0.9;

/// The row of an account that holds on the day asked about.
pub(super) fn of<'a>(subject: &Subject<'a>, account: &str) -> Option<(&'a Kept, &'a Profile)> {
    on(&subject.facts.synced, account, subject.as_of)
}

/// The same without a package.
pub(super) fn on<'a>(synced: &'a Synced, account: &str, as_of: Date) -> Option<(&'a Kept, &'a Profile)> {
    let rows = synced.profiles.get(account)?;
    rows.iter().filter(|kept| kept.valid.contains(as_of)).find_map(|kept| match &kept.fact.content {
        Content::Profile(profile) => Some((kept, profile)),
        _ => None,
    })
}

/// Whether the forge knew no such account when it was asked.
pub(super) fn is_gone(subject: &Subject<'_>, account: &str) -> bool {
    let rows = subject.facts.synced.profiles.get(account);
    rows.is_some_and(|rows| {
        rows.iter().any(|kept| kept.valid.contains(subject.as_of) && kept.fact.content == Content::Absent)
    })
}

thread_local! {
    /// What texts say, by text: whoever may publish a package may mostly publish others.
    static LOCATED: RefCell<BTreeMap<String, (Place, Confidence)>> = const { RefCell::new(BTreeMap::new()) };
}

/// Texts of which that is kept.
const MOST_LOCATED: usize = 10_000;

/// Where a text says that somebody is.
pub(super) fn located(text: &str) -> (Place, Confidence) {
    LOCATED.with_borrow_mut(|before| {
        if let Some(found) = before.get(text) {
            return found.clone();
        }
        let located = place::locate(text);
        let confidence = if located.probability >= CLEAR { Confidence::Medium } else { Confidence::Low };
        let found = (located.place(), confidence);
        if before.len() < MOST_LOCATED {
            before.insert(text.to_owned(), found.clone());
        }
        found
    })
}

/// The party that an account is; what the forge says of its kind is better than what `kind` was taken for.
pub(super) fn party(account: &str, kind: AccountKind, (data, synced, as_of): (&Data, &Synced, Date)) -> Party {
    let kind = on(synced, account, as_of).map_or(kind, |(_, known)| known.kind);
    match (data.owner_of(account), kind) {
        (HostOwner::Vendor(vendor), _) => Party::Vendor(vendor),
        (HostOwner::Individual, _) | (HostOwner::Unknown, AccountKind::Person) => Party::Individual(account.to_owned()),
        (HostOwner::Unknown, _) => Party::Account(account.to_owned()),
    }
}

/// A claim about an account that the store has something of; the caller fills in what differs.
pub(super) fn claim(facet: Facet, kind: EvidenceKind, kept: &Kept, statement: String) -> Claim {
    Claim {
        facet,
        place: Place::Unstated,
        contradictory: false,
        also: Vec::new(),
        party: None,
        seat_of: None,
        owner: None,
        kind,
        confidence: Confidence::Medium,
        reference: format!("{} of {}: {}", kept.fact.kind.as_str(), kept.fact.subject, kept.fact.source),
        address: None,
        statement,
        observed: kept.fetched.day(),
        valid: kept.valid,
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}

/// The days that both periods hold.
pub(super) fn both(a: Period, b: Period) -> Period {
    let until = match (a.until, b.until) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    // `None` is before every day, and `max` has it so.
    Period { from: a.from.max(b.from), until }
}
