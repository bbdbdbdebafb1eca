//! What rows of the user's own take from vendors that are known already: it would change answers, and nothing in the rows says so.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::model::Vendor;
use super::own::{OwnKind, OwnRow};
use super::{Data, HostOwner, Tables};
use crate::copyright;

/// The vendors that the user has written, by id, with the place of the row.
fn own(rows: &[OwnRow]) -> BTreeMap<&str, usize> {
    let vendors = rows.iter().enumerate().filter(|(_, own)| own.kind == OwnKind::Vendor);
    vendors.filter_map(|(at, own)| Some((own.row.get("id").and_then(Value::as_str)?, at))).collect()
}

/// Names of rows of the user's that are those of an embedded vendor, and domains that are those of any other, a sentence each: only one of
/// them could have them.
pub(super) fn names(tables: &Tables<String>, embedded: &Data, rows: &[OwnRow]) -> Vec<String> {
    let own = own(rows);
    let mut by_word: BTreeMap<(&str, String), BTreeMap<&str, &str>> = BTreeMap::new();
    for row in &tables.vendors {
        for name in std::iter::once(&row.name).chain(&row.aliases).chain(&row.copyright) {
            let key = copyright::normalise(name);
            if key.chars().count() > 2 {
                by_word.entry(("name", key)).or_default().insert(&row.id, name);
            }
        }
        for domain in &row.domains {
            by_word.entry(("domain", domain.clone())).or_default().insert(&row.id, domain);
        }
    }
    let mut found = BTreeSet::new();
    for ((kind, _), holders) in &by_word {
        for (id, word) in holders.iter().filter(|(id, _)| holders.len() > 1 && own.contains_key(*id)) {
            // What the embedded data share is not of the user's making.
            let was = embedded.vendor_by_id(id).map(|at| embedded.vendor(at));
            if was.is_some_and(|was| has(was, word)) {
                continue;
            }
            // Two of the user's own can be of one name, with other legal forms.
            let other = |other: &&&str| *other != id && (*kind != "name" || embedded.vendor_by_id(other).is_some());
            if let Some(other) = holders.keys().find(other) {
                found.insert(format!(
                    "vendor `{id}`: the {kind} `{word}` is that of vendor `{other}` too; write a row with that id to change it"
                ));
            }
        }
    }
    found.into_iter().collect()
}

fn has(vendor: &Vendor<&'static str>, word: &str) -> bool {
    let mut words =
        std::iter::once(&vendor.name).chain(&vendor.aliases).chain(&vendor.copyright).chain(&vendor.domains);
    words.any(|known| *known == word)
}

/// What a row of the user's has of what the embedded data give as a whole to another vendor: a repository of its account, a domain below
/// its domain. With the place of the row, in words.
pub(super) fn parts(tables: &Tables<String>, embedded: &Data, rows: &[OwnRow]) -> Vec<(usize, String)> {
    let own = own(rows);
    let mut found = Vec::new();
    for row in &tables.vendors {
        let Some(at) = own.get(row.id.as_str()) else { continue };
        let forges = row.forges.iter().map(|path| {
            let owner = match embedded.owner_of(path) {
                HostOwner::Vendor(owner) => Some(owner),
                HostOwner::Individual | HostOwner::Unknown => None,
            };
            (path, owner)
        });
        let domains = row.domains.iter().map(|domain| (domain, embedded.vendor_of_domain(domain)));
        for (word, owner) in forges.chain(domains) {
            if let Some(owner) = owner.map(|owner| embedded.vendor(owner).id).filter(|owner| *owner != row.id) {
                let reference = rows.get(*at).map_or("", |own| own.reference.as_str());
                found.push((
                    *at,
                    format!(
                        "{reference} gives `{word}` to vendor `{}`; in the embedded data it is of `{owner}`",
                        row.id
                    ),
                ));
            }
        }
    }
    found
}
