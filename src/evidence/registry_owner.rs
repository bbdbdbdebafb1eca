//! Who may publish: the owners that the registry names, each where the register or its own profile says that it is.
//!
//! Each of them can put out a version alone, so that each is a claim of its own, and several places are no contradiction. A team is its
//! organisation; who is in it is rarely visible. Where somebody lives is what the profile says, no more: it is evidence of residence, not
//! of nationality, and it is dated, since people move.

use super::vendor::{Found, claim as of_vendor};
use super::{Claim, EvidenceKind, Subject, profile};
use crate::country::Place;
use crate::data::{Confidence, HostOwner};
use crate::facts::Facet;
use crate::facts::live::{AccountKind, Content, Kept, Owner};
use crate::party::Party;

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let Some(rows) = subject.package.in_registry().and_then(|name| subject.facts.synced.owners.get(&name)) else {
        return;
    };
    for kept in rows.iter().filter(|kept| kept.valid.contains(subject.as_of)) {
        if let Content::Owners(owners) = &kept.fact.content {
            for owner in owners {
                claims.push(of_owner(subject, kept, owner));
                claims.extend(company(subject, owner));
            }
        }
    }
}

fn of_owner(subject: &Subject<'_>, kept: &Kept, owner: &Owner) -> Claim {
    let account = owner.account.as_str();
    let who = match &owner.team {
        Some(team) => format!("the team {team} of {account}, whose members are not shown,"),
        None => account.to_owned(),
    };
    if let HostOwner::Vendor(vendor) = subject.data.owner_of(account) {
        let reference = format!("crate-owners of {}: {}", subject.package.name, kept.fact.source);
        let because = format!("{who} may publish it; {account} belongs to");
        let found = Found {
            facet: Facet::Publisher,
            kind: EvidenceKind::RegistryOwner,
            vendor,
            because,
            reference: &reference,
        };
        let made = of_vendor(&found, subject.data, subject.as_of);
        return Claim { valid: profile::both(made.valid, kept.valid), ..made };
    }
    let person = owner.kind == AccountKind::Person;
    let made = |statement: String| Claim {
        party: Some(subject.party(account, owner.kind)),
        ..profile::claim(Facet::Publisher, EvidenceKind::RegistryOwner, kept, statement)
    };
    let nowhere = if person { Place::NoSeat } else { Place::Unstated };
    let Some((row, known)) = profile::of(subject, account) else {
        let gone = if profile::is_gone(subject, account) { ", an account that the forge no longer knows" } else { "" };
        return Claim { place: nowhere, ..made(format!("{who} may publish it{gone}")) };
    };
    let nowhere = if known.kind == AccountKind::Person { Place::NoSeat } else { Place::Unstated };
    let mut kind = match known.kind {
        AccountKind::Bot => " (a program)".to_owned(),
        AccountKind::Organisation | AccountKind::Person | AccountKind::Team | AccountKind::Unknown => String::new(),
    };
    if let Some(now) = &known.renamed_to {
        kind = format!("{kind}, now called {now},");
    }
    let Some(text) = &known.location else {
        return Claim { place: nowhere, ..made(format!("{who}{kind} may publish it; its profile names no place")) };
    };
    let (place, confidence) = profile::located(text);
    if place.countries().is_empty() {
        let statement = format!("{who}{kind} may publish it; its profile says “{text}”, which names no country");
        return Claim { place: nowhere, ..made(statement) };
    }
    Claim {
        kind: EvidenceKind::ProfileLocation,
        place,
        confidence,
        // The older of the two: what is known together is not newer than its oldest part.
        observed: row.fetched.day().min(kept.fetched.day()),
        valid: profile::both(row.valid, kept.valid),
        ..made(format!("{who}{kind} may publish it; its profile says “{text}”"))
    }
}

/// The company that a person's profile names: evidence of employment, which decides nothing.
fn company(subject: &Subject<'_>, owner: &Owner) -> Option<Claim> {
    let (row, known) = profile::of(subject, &owner.account)?;
    let text = known.company.as_deref()?;
    let (host, _) = owner.account.split_once('/')?;
    let vendor = text.split_whitespace().find_map(|word| {
        let name = word.strip_prefix('@')?.trim_end_matches([',', ';', '.']).to_lowercase();
        match subject.data.owner_of(&format!("{host}/{name}")) {
            HostOwner::Vendor(vendor) => Some(vendor),
            HostOwner::Individual | HostOwner::Unknown => None,
        }
    });
    let vendor = vendor.or_else(|| subject.data.holder(&crate::copyright::normalise(text)))?;
    let statement = format!("{} may publish it, and its profile names “{text}” as company", owner.account);
    Some(Claim {
        party: Some(Party::Vendor(vendor)),
        confidence: Confidence::Low,
        ..profile::claim(Facet::Publisher, EvidenceKind::ProfileCompany, row, statement)
    })
}
