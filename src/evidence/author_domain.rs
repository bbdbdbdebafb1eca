//! The domains of the addresses in author lines.
//!
//! An employer's own domain points to the employer: evidence about who pays for the work, not about who publishes. A national provider,
//! a university network or a country domain is a hint about where work is done, no more: people move and keep their address. Vanity domains
//! say nothing. What stands before the `@`, and the name beside it, are not looked at.

use std::collections::BTreeMap;

use super::vendor::{Found, claim};
use super::{Claim, EvidenceKind, Subject};
use crate::country::{CountryCode, Locus, Place};
use crate::data::model::Weight;
use crate::data::{Confidence, MailDomain};
use crate::date::Period;
use crate::facts::Facet;
use crate::party::{Party, Role, mail_domain};

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    for holding in subject.parties.holdings.iter().filter(|holding| holding.role == Role::Employer) {
        if let Party::Vendor(vendor) = &holding.party {
            let because = format!("an author writes from {}, a domain of", holding.said);
            let found = Found {
                facet: Facet::Steward,
                kind: EvidenceKind::AuthorEmployer,
                vendor: *vendor,
                because,
                reference: &holding.reference,
            };
            claims.push(claim(&found, subject.data, subject.as_of));
        }
    }
    let mut hints: BTreeMap<(CountryCode, Weight), Vec<String>> = BTreeMap::new();
    for domain in subject.manifest.authors.iter().filter_map(|author| mail_domain(author)) {
        if let MailDomain::Hint(country, weight) = subject.data.mail_domain(&domain)
            && weight > Weight::None
            && !subject.package.member
        {
            hints.entry((country, weight)).or_default().push(domain);
        }
    }
    for ((country, weight), domains) in hints {
        claims.push(hint(country, weight, &domains));
    }
}

fn hint(country: CountryCode, weight: Weight, domains: &[String]) -> Claim {
    // Only the part that makes the hint is shown: the domain of a small provider can be a person's own.
    let shown = domains.first().and_then(|domain| domain.rsplit('.').next()).unwrap_or_default();
    Claim {
        facet: Facet::Contribution,
        place: Place::At(Locus::Country(country)),
        contradictory: false,
        also: Vec::new(),
        party: None,
        seat_of: None,
        owner: None,
        kind: EvidenceKind::AuthorDomain,
        confidence: if weight == Weight::Strong { Confidence::Medium } else { Confidence::Low },
        reference: "Cargo.toml: package.authors".to_owned(),
        address: None,
        statement: format!(
            "{} of the manifest's authors write from a provider, network or domain of {country} (.{shown})",
            domains.len()
        ),
        observed: None,
        valid: Period::default(),
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}
