//! Who a licence file of the package names as holder.
//!
//! An organisation of the register is a claim on its seat. A company that is not in the register has at least a legal form: `GmbH`
//! means one of four countries, `Ltd.` means little and gives no place. Collectives ("The X Contributors") count only where the owner of
//! the repository is not known: licence texts are copied from project to project. Several holders in the package of one person are a stack of
//! notices; they, and holders in files about code or data of others, are mentioned and do not decide. Names that may be a person's are not looked at.

use super::vendor::{Found, claim};
use super::{Claim, EvidenceKind, Subject};
use crate::country::Place;
use crate::data::Confidence;
use crate::date::Period;
use crate::facts::Facet;
use crate::party::{Holding, Party, Role};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    let holdings = &subject.parties.holdings;
    let forge_owner = holdings.iter().find(|holding| holding.role == Role::ForgeOwner).map(|holding| &holding.party);
    let judged = matches!(forge_owner, Some(Party::Vendor(_) | Party::Individual(_)));
    let mut holders: Vec<&Holding> = Vec::new();
    for holding in holdings.iter().filter(|holding| holding.role == Role::Holder && (holding.organisation || !judged)) {
        if !holders.iter().any(|other| other.party == holding.party) {
            holders.push(holding);
        }
    }
    holders.sort_by_key(|holding| is_of_others(&holding.reference));
    let own = holders.iter().filter(|holding| !is_of_others(&holding.reference)).count();
    let stack = own > 1 && matches!(forge_owner, Some(Party::Individual(_)));
    for holding in holders {
        let mentioned = stack || is_of_others(&holding.reference) || is_upstream(holding, holdings);
        match &holding.party {
            Party::Vendor(vendor) => {
                let because = format!("a copyright line names \u{201c}{}\u{201d}, which is", holding.said);
                let kind = if mentioned { EvidenceKind::CopyrightMention } else { EvidenceKind::CopyrightHolder };
                let found =
                    Found { facet: Facet::Steward, kind, vendor: *vendor, because, reference: &holding.reference };
                claims.push(claim(&found, subject.data, subject.as_of));
            }
            Party::Organisation(name) => {
                let mut made = by_legal_form(name, holding, subject);
                if mentioned {
                    made.kind = EvidenceKind::CopyrightMention;
                }
                claims.push(made);
            }
            Party::Individual(_) | Party::Account(_) => {}
        }
    }
}

/// Whether a holder is who makes the native code that the package carries: its licence is there for that code.
fn is_upstream(holding: &Holding, holdings: &[Holding]) -> bool {
    holdings.iter().any(|other| other.role == Role::Upstream && other.party == holding.party)
}

/// Whether a file is about code or data of somebody else that the package carries: notices, third parties, the Unicode tables.
fn is_of_others(reference: &str) -> bool {
    let file = reference.rsplit_once(':').map_or(reference, |(file, _)| file).to_ascii_uppercase();
    ["NOTICE", "THIRD", "3RD", "UNICODE", "ICU", "BUNDLED", "VENDOR"].iter().any(|word| file.contains(word))
}

fn by_legal_form(name: &str, holding: &Holding, subject: &Subject<'_>) -> Claim {
    let form = holding.form.and_then(|at| subject.data.tables.legal_forms.get(at));
    let place = match form {
        Some(form) if form.narrow => Place::from_countries(form.countries.clone()),
        _ => Place::Unstated,
    };
    let about = match form {
        Some(form) if form.narrow => {
            format!("a company of the form {}", form.names.first().copied().unwrap_or(form.id))
        }
        Some(form) => {
            format!("not in the register, and the form {} says little", form.names.first().copied().unwrap_or(form.id))
        }
        None => "not in the register".to_owned(),
    };
    Claim {
        facet: Facet::Steward,
        place,
        contradictory: false,
        also: Vec::new(),
        party: Some(Party::Organisation(name.to_owned())),
        seat_of: None,
        owner: None,
        kind: EvidenceKind::LegalForm,
        confidence: Confidence::Medium,
        reference: holding.reference.clone(),
        address: form.and_then(|form| form.source).map(str::to_owned),
        statement: format!("a copyright line names \u{201c}{}\u{201d}: {about}", holding.said),
        observed: None,
        valid: Period::default(),
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}
