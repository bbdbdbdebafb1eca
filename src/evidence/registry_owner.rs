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
        match &kept.fact.content {
            Content::Owners(owners) => {
                for owner in accounts(owners) {
                    claims.push(of_owner(subject, kept, &owner));
                    claims.extend(company(subject, owner.account));
                }
            }
            Content::Absent => claims.push(profile::claim(
                Facet::Publisher,
                EvidenceKind::RegistryOwner,
                kept,
                format!("{} knows no such crate (any more): whoever takes the name can publish it", kept.fact.source),
            )),
            _ => {}
        }
    }
}

/// Somebody who may publish: an account, and the teams of it that may.
struct Holder<'a> {
    account: &'a str,
    kind: AccountKind,
    teams: Vec<&'a str>,
}

/// The accounts of the owners, each once: teams of one organisation are in one hand. Those that were deleted stay one each.
fn accounts(owners: &[Owner]) -> Vec<Holder<'_>> {
    let mut found: Vec<Holder<'_>> = Vec::new();
    for owner in owners {
        let known = found.iter_mut().find(|known| known.account == owner.account && owner.account != Owner::DELETED);
        match known {
            Some(known) => known.teams.extend(owner.team.as_deref()),
            None => found.push(Holder {
                account: &owner.account,
                kind: owner.kind,
                teams: owner.team.as_deref().into_iter().collect(),
            }),
        }
    }
    found
}

fn of_owner(subject: &Subject<'_>, kept: &Kept, owner: &Holder<'_>) -> Claim {
    let account = owner.account;
    let made = |statement: String| Claim {
        party: Some(subject.party(account, owner.kind)),
        accounts: vec![account.to_owned()],
        ..profile::claim(Facet::Publisher, EvidenceKind::RegistryOwner, kept, statement)
    };
    if account == Owner::DELETED {
        let statement = "somebody may publish it whose data was deleted from the store on request".to_owned();
        return Claim { party: None, accounts: Vec::new(), ..made(statement) };
    }
    let who = match owner.teams.as_slice() {
        [] => account.to_owned(),
        [team] => format!("the team {team} of {account}, whose members are not shown,"),
        teams => format!("the teams {} of {account}, whose members are not shown,", teams.join(", ")),
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
        let of_vendor = of_vendor(&found, subject.data, subject.as_of);
        let valid = profile::both(of_vendor.valid, kept.valid);
        // That it may publish is of the day on which it was asked, whenever the row of the register was read.
        return Claim { valid, observed: kept.fetched.day(), accounts: vec![account.to_owned()], ..of_vendor };
    }
    let Some((row, known)) = profile::of(subject, account) else {
        // Where nobody has asked where somebody is, it is not known; that they are nowhere would be.
        let gone = if profile::is_gone(subject, account) { ", an account that the forge no longer knows" } else { "" };
        return made(format!("{who} may publish it{gone}"));
    };
    let mut accounts = vec![account.to_owned()];
    accounts.extend(known.renamed_to.clone());
    let made = |statement| Claim { accounts, ..made(statement) };
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
fn company(subject: &Subject<'_>, account: &str) -> Option<Claim> {
    let (row, known) = profile::of(subject, account)?;
    let text = known.company.as_deref()?;
    let (host, _) = account.split_once('/')?;
    let vendor = text.split_whitespace().find_map(|word| {
        let name = word.strip_prefix('@')?.trim_end_matches([',', ';', '.']).to_lowercase();
        match subject.data.owner_of(&format!("{host}/{name}")) {
            HostOwner::Vendor(vendor) => Some(vendor),
            HostOwner::Individual | HostOwner::Unknown => None,
        }
    });
    let vendor = vendor.or_else(|| subject.data.holder(&crate::copyright::normalise(text)))?;
    let statement = format!("{account} may publish it, and its profile names “{text}” as company");
    Some(Claim {
        party: Some(Party::Vendor(vendor)),
        confidence: Confidence::Low,
        ..profile::claim(Facet::Publisher, EvidenceKind::ProfileCompany, row, statement)
    })
}
