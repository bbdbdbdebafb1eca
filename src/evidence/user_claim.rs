//! What the user says in `origin.toml`. It decides, and it is shown as the user's word.

use super::{Claim, EvidenceKind, Subject};
use crate::country::Place;
use crate::data::Confidence;
use crate::facts::{ClaimSubject, UserClaim};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    for user in subject.facts.claims.iter().filter(|user| is_about(user, subject)) {
        let (place, what) = match user.place {
            Some(locus) => (Place::At(locus), format!("in {locus}")),
            None => (Place::NoSeat, "without a seat".to_owned()),
        };
        claims.push(Claim {
            facet: user.facet,
            place,
            contradictory: false,
            also: Vec::new(),
            party: None,
            seat_of: None,
            owner: None,
            kind: EvidenceKind::UserClaim,
            confidence: Confidence::High,
            reference: user.reference.clone(),
            address: Some(user.source.clone()),
            statement: format!("your own claim: the {} is {what}", user.facet.as_str()),
            observed: None,
            valid: user.valid,
            work: None,
            listing: None,
            accounts: Vec::new(),
        });
    }
}

fn is_about(user: &UserClaim, subject: &Subject<'_>) -> bool {
    match &user.subject {
        ClaimSubject::Package(name) => *name == subject.package.name,
        // What is called otherwise now is still what the user has spoken of.
        ClaimSubject::Party(path) => {
            subject.parties.repository.iter().chain(&subject.parties.moved_from).any(|repository| {
                repository.path() == path
                    || repository.path().strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        }
    }
}
