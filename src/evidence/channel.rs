//! Through which infrastructure a package comes: registry, mirror, git host, or a copy in the project.

use super::{Claim, EvidenceKind, Subject};
use crate::country::{CountryCode, Locus, Place};
use crate::data::Confidence;
use crate::data::lookup::host_of;
use crate::data::model::{Forge, Registry};
use crate::date::Period;
use crate::facts::{Endpoint, Facet, Replacement};
use crate::graph::Source;
use crate::party::Party;

/// The address under which the register has crates.io.
const CRATES_IO: &str = "https://github.com/rust-lang/crates.io-index";

pub(super) fn collect(subject: &Subject<'_>, claims: &mut Vec<Claim>) {
    if subject.package.member {
        return;
    }
    let replacements = &subject.facts.channel.replacements;
    match &subject.package.source {
        Source::CratesIo => match replacements.get("crates-io").or_else(|| replacements.get(CRATES_IO)) {
            Some(replacement) => claims.push(replaced("crates.io", replacement, subject)),
            None => {
                claims.push(registry(CRATES_IO, "the package comes from crates.io", "Cargo.lock", subject));
            }
        },
        Source::Registry { url, .. } => match replaced_registry(url, subject) {
            Some(replacement) => claims.push(replaced(url, replacement, subject)),
            None => {
                claims.push(registry(
                    url,
                    &format!("the package comes from the registry {url}"),
                    "Cargo.lock",
                    subject,
                ));
            }
        },
        Source::Git { url, .. } => match replacements.get(url.as_str()) {
            Some(replacement) => claims.push(replaced(url, replacement, subject)),
            None => claims.push(git(url, &format!("the package comes from {url}"), "Cargo.lock", subject)),
        },
        Source::Path(_) => claims.push(local("the package is a folder of this machine".to_owned(), "Cargo.lock")),
        Source::Other(_) => {}
    }
}

fn replaced_registry<'a>(url: &str, subject: &'a Subject<'_>) -> Option<&'a Replacement> {
    let replacements = &subject.facts.channel.replacements;
    replacements
        .get(url)
        .or_else(|| replacements.get(&format!("sparse+{url}")))
        .or_else(|| replacements.get(&format!("registry+{url}")))
}

fn replaced(original: &str, replacement: &Replacement, subject: &Subject<'_>) -> Claim {
    let reference = &replacement.reference;
    match &replacement.end {
        Endpoint::Registry(url) => {
            let url = url.trim_start_matches("sparse+").trim_start_matches("registry+");
            let statement = format!("{original} is replaced by the mirror {url}");
            operator_claim(EvidenceKind::Mirror, subject.data.registry(url), url, &statement, reference, subject)
        }
        Endpoint::Git(url) => git(url, &format!("{original} is replaced by {url}"), reference, subject),
        Endpoint::Directory(folder) => {
            local(format!("{original} is replaced by the vendored folder {folder}"), reference)
        }
        Endpoint::LocalRegistry(folder) => {
            local(format!("{original} is replaced by the local registry {folder}"), reference)
        }
    }
}

fn registry(url: &str, statement: &str, reference: &str, subject: &Subject<'_>) -> Claim {
    let row = subject.data.registry(url);
    if subject.facts.channel.configuration_read {
        return operator_claim(EvidenceKind::Registry, row, url, statement, reference, subject);
    }
    let statement = format!("{statement}, unless a mirror was configured, which is not visible here");
    let claim = operator_claim(EvidenceKind::Registry, row, url, &statement, reference, subject);
    Claim { confidence: claim.confidence.min(Confidence::Medium), ..claim }
}

/// A claim on the country of whoever runs a registry, mirror or toolchain server; without a row, of whoever owns the domain.
pub(super) fn operator_claim(
    kind: EvidenceKind,
    row: Option<&Registry<&'static str>>,
    url: &str,
    statement: &str,
    reference: &str,
    subject: &Subject<'_>,
) -> Claim {
    match row {
        Some(row) => Claim {
            place: place(row.country),
            party: party(row.operator_vendor, subject),
            confidence: row.confidence,
            address: row.source.map(str::to_owned),
            statement: format!("{statement}, run by {}", row.operator),
            ..blank(kind, reference)
        },
        None => by_host(kind, url, statement, reference, subject),
    }
}

fn git(url: &str, statement: &str, reference: &str, subject: &Subject<'_>) -> Claim {
    let host = host_of(url);
    match host.as_deref().and_then(|host| subject.data.forge(host)) {
        Some(row) => forge(row, statement, reference, subject),
        None if url.starts_with("file:") || url.starts_with('/') => local(statement.to_owned(), reference),
        None => by_host(EvidenceKind::GitHost, url, statement, reference, subject),
    }
}

fn forge(row: &Forge<&'static str>, statement: &str, reference: &str, subject: &Subject<'_>) -> Claim {
    Claim {
        place: place(row.country),
        also: row.also.clone(),
        party: party(row.operator_vendor, subject),
        confidence: row.confidence,
        address: row.source.map(str::to_owned),
        statement: format!("{statement}, a host run by {}", row.operator),
        ..blank(EvidenceKind::GitHost, reference)
    }
}

fn by_host(kind: EvidenceKind, url: &str, statement: &str, reference: &str, subject: &Subject<'_>) -> Claim {
    let vendor = host_of(url).and_then(|host| subject.data.vendor_of_domain(&host));
    match vendor {
        Some(vendor) => {
            let because = format!("{statement}, a host in a domain of");
            let found = super::vendor::Found { facet: Facet::Channel, kind, vendor, because, reference };
            super::vendor::claim(&found, subject.data, subject.as_of)
        }
        None => Claim { statement: format!("{statement}; who runs it is not known"), ..blank(kind, reference) },
    }
}

fn local(statement: String, reference: &str) -> Claim {
    Claim { place: Place::NoSeat, confidence: Confidence::High, statement, ..blank(EvidenceKind::LocalCopy, reference) }
}

fn place(country: Option<CountryCode>) -> Place {
    country.map_or(Place::Unstated, |country| Place::At(Locus::Country(country)))
}

fn party(vendor: Option<&'static str>, subject: &Subject<'_>) -> Option<Party> {
    vendor.and_then(|id| subject.data.vendor_by_id(id)).map(Party::Vendor)
}

fn blank(kind: EvidenceKind, reference: &str) -> Claim {
    Claim {
        facet: Facet::Channel,
        place: Place::Unstated,
        contradictory: false,
        also: Vec::new(),
        party: None,
        seat_of: None,
        owner: None,
        kind,
        confidence: Confidence::Low,
        reference: reference.to_owned(),
        address: None,
        statement: String::new(),
        observed: None,
        valid: Period::default(),
        work: None,
        listing: None,
        accounts: Vec::new(),
    }
}
