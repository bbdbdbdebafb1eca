//! A name of an organisation behind the package that is on an official list, or like one.
//!
//! The register's own designations are better where there are any: they were read by a person. A list says so today.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Claim, EvidenceKind, Subject, profile};
use crate::country::Place;
use crate::data::{Confidence, Data};
use crate::date::{Date, Period};
use crate::facts::live::AccountKind;
use crate::facts::{Facet, ListMatch, MatchGrade, Synced};
use crate::party::{Party, Role};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let mut said: BTreeSet<(Facet, String, String)> = BTreeSet::new();
    for holding in &subject.parties.holdings {
        let facet = if holding.role == Role::Upstream { Facet::Native } else { Facet::Steward };
        for name in names(&holding.party, subject.data, &subject.facts.synced, subject.as_of) {
            for found in subject.facts.synced.matches.get(&name).into_iter().flatten() {
                if said.insert((facet, found.list.clone(), found.entry.clone())) {
                    claims.push(claim(facet, &holding.party, &name, found));
                }
            }
        }
    }
}

/// The names by which a party is looked for on lists. Persons have none here.
pub(super) fn names(party: &Party, data: &Data, synced: &Synced, as_of: Date) -> Vec<String> {
    match party {
        Party::Vendor(vendor) => {
            let row = data.vendor(*vendor);
            std::iter::once(row.name).chain(row.aliases.iter().copied()).map(str::to_owned).collect()
        }
        Party::Organisation(name) => vec![name.clone()],
        Party::Account(account) => {
            let known = profile::on(synced, account, as_of).map(|(_, known)| known);
            // The displayed name of a person is no name to look for.
            let organisation = known.filter(|known| known.kind == AccountKind::Organisation);
            organisation.and_then(|known| known.name.clone()).into_iter().collect()
        }
        Party::Individual(_) => Vec::new(),
    }
}

fn claim(facet: Facet, party: &Party, name: &str, found: &ListMatch) -> Claim {
    let part = found.sublist.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
    let how = match found.grade {
        MatchGrade::Exact => "is on",
        MatchGrade::Strong | MatchGrade::Weak => "is like a name on",
    };
    let doubt = match found.grade {
        MatchGrade::Exact => String::new(),
        grade => format!("; a {} match of {:.2}, for review", grade.as_str(), found.score),
    };
    Claim {
        facet,
        place: Place::Unstated,
        contradictory: false,
        also: Vec::new(),
        party: Some(party.clone()),
        seat_of: None,
        owner: None,
        kind: EvidenceKind::ListMatch,
        confidence: match found.grade {
            MatchGrade::Exact => Confidence::High,
            MatchGrade::Strong => Confidence::Medium,
            MatchGrade::Weak => Confidence::Low,
        },
        reference: format!("list {}, entry {}", found.list, found.entry),
        address: found.address.clone(),
        statement: format!("the name “{name}” {how} the list {}{part}: “{}”{doubt}", found.list, found.listed),
        observed: found.fetched.day(),
        valid: Period { from: found.since, until: None },
        work: None,
        listing: Some(Arc::new(found.clone())),
    }
}
