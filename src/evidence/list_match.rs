//! A name of an organisation behind the package that is on an official list, or like one.
//!
//! Persons are matched only where the user has asked for it (`--match-persons`), and even the very name is then something to review and
//! never a finding: most names on lists are of persons, names are shared by many people, and to be taken for somebody on a list does
//! harm.
//!
//! The register's own designations are better where there are any: they were read by a person. A list says so today.

use std::sync::Arc;

use super::{Claim, EvidenceKind, Subject, profile};
use crate::country::Place;
use crate::data::{Confidence, Data};
use crate::date::{Date, Period};
use crate::facts::live::{AccountKind, Content, Owner};
use crate::facts::{Facet, ListMatch, MatchGrade, Synced};
use crate::graph::Package;
use crate::party::{Party, Role};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    // Of the names of a party the one that fits best; what one party is taken for says nothing of another.
    let mut best: Vec<(Facet, Party, String, &ListMatch)> = Vec::new();
    let mut add = |facet: Facet, party: &Party| {
        for name in names(party, subject.data, &subject.facts.synced, subject.as_of) {
            let key = (name, matches!(party, Party::Individual(_)));
            for found in subject.facts.synced.matches.get(&key).into_iter().flatten() {
                let same = |(on, of, _, known): &&mut (Facet, Party, String, &ListMatch)| {
                    (*on, of, &known.list, &known.entry) == (facet, party, &found.list, &found.entry)
                };
                match best.iter_mut().find(same) {
                    Some((.., known)) if known.grade <= found.grade => {}
                    Some(known) => *known = (facet, party.clone(), key.0.clone(), found),
                    None => best.push((facet, party.clone(), key.0.clone(), found)),
                }
            }
        }
    };
    for holding in &subject.parties.holdings {
        add(if holding.role == Role::Upstream { Facet::Native } else { Facet::Steward }, &holding.party);
    }
    for owner in owners(subject.package, &subject.facts.synced, subject.as_of) {
        add(Facet::Publisher, &subject.party(&owner.account, owner.kind));
    }
    claims.extend(best.iter().map(|(facet, party, name, found)| claim(*facet, party, name, found)));
}

/// Those who may publish a package on a day.
pub(super) fn owners<'a>(package: &Package, synced: &'a Synced, as_of: Date) -> &'a [Owner] {
    let rows = package.in_registry().and_then(|name| synced.owners.get(&name));
    let mut rows = rows.into_iter().flatten().filter(|kept| kept.valid.contains(as_of));
    let owners = rows.find_map(|kept| match &kept.fact.content {
        Content::Owners(owners) => Some(owners.as_slice()),
        _ => None,
    });
    owners.unwrap_or_default()
}

/// The names by which a party is looked for on lists. Those of persons only where the user has asked for that.
pub(super) fn names(party: &Party, data: &Data, synced: &Synced, as_of: Date) -> Vec<String> {
    match party {
        Party::Vendor(vendor) => {
            let row = data.vendor(*vendor);
            std::iter::once(row.name).chain(row.aliases.iter().copied()).map(str::to_owned).collect()
        }
        Party::Organisation(name) => vec![name.clone()],
        Party::Account(account) | Party::Individual(account) => {
            let known = profile::on(synced, account, as_of).map(|(_, known)| known);
            let wanted = known.filter(|known| synced.persons || known.kind == AccountKind::Organisation);
            wanted.and_then(|known| known.name.clone()).into_iter().collect()
        }
    }
}

fn claim(facet: Facet, party: &Party, name: &str, found: &ListMatch) -> Claim {
    let part = found.sublist.as_ref().map(|part| format!(" ({part})")).unwrap_or_default();
    let how = match found.grade {
        MatchGrade::Exact => "is on",
        MatchGrade::Strong | MatchGrade::Weak => "is like a name on",
    };
    let under = match found.programmes.as_slice() {
        [] => String::new(),
        programmes => format!(", under {}", programmes.join(", ")),
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
        statement: format!("the name “{name}” {how} the list {}{part}: “{}”{under}{doubt}", found.list, found.listed),
        observed: found.fetched.day(),
        valid: Period { from: found.since, until: None },
        work: None,
        listing: Some(Arc::new(found.clone())),
        accounts: Vec::new(),
    }
}
