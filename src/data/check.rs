//! What must hold over the rows of `data/`.
//!
//! Each check adds a sentence that names the row. `compile` refuses data with any; a test runs the same checks.

use std::collections::{BTreeMap, BTreeSet};

use super::Tables;
use super::model::{Capability, Programme, Vendor};
use super::own::OWN_AUTHORITY;
use crate::country::CountryCode;
use crate::date::{Date, Period};

/// Everything that is wrong with the tables, a sentence each; empty when they hold together.
pub fn problems(tables: &Tables<String>) -> Vec<String> {
    let mut found = Vec::new();
    let known: BTreeSet<CountryCode> = tables.countries.iter().map(|row| row.code).collect();
    unique("country", tables.countries.iter().map(|row| row.code.to_string()), &mut found);
    unique("region", tables.regions.iter().map(|row| row.code.to_string()), &mut found);
    unique("vendor", tables.vendors.iter().map(|row| row.id.clone()), &mut found);
    unique("authority", tables.authorities.iter().map(|row| row.id.clone()), &mut found);
    unique("programme", tables.programmes.iter().map(|row| row.id.clone()), &mut found);
    unique("bloc", tables.blocs.iter().map(|row| row.id.clone()), &mut found);
    unique("upstream", tables.upstreams.iter().map(|row| row.id.clone()), &mut found);
    unique("forge", tables.forges.iter().map(|row| row.host.clone()), &mut found);
    unique("registry", tables.registries.iter().map(|row| row.id.clone()), &mut found);
    unique("mail domain", tables.mail.iter().map(|row| row.domain.clone()), &mut found);
    unique("network", tables.networks.iter().map(|row| row.pattern.clone()), &mut found);
    unique("generic TLD", tables.generic_tlds.iter().map(|row| row.tld.clone()), &mut found);
    unique("legal form", tables.legal_forms.iter().map(|row| row.id.clone()), &mut found);
    unique("account", tables.individuals.iter().cloned(), &mut found);
    unique("crate", tables.crates.iter().map(|row| row.0.clone()), &mut found);
    unique("forge of a vendor", tables.forge_index.iter().map(|row| row.0.clone()), &mut found);
    countries(tables, &known, &mut found);
    vendors(tables, &mut found);
    programmes(tables, &mut found);
    blocs(tables, &known, &mut found);
    upstreams(tables, &mut found);
    listings(tables, &mut found);
    addresses(tables, &mut found);
    found
}

/// Everything that is wrong with the capabilities, a sentence each.
pub fn capabilities(rows: &[Capability<String>]) -> Vec<String> {
    let mut found = Vec::new();
    unique("capability", rows.iter().map(|row| row.id.clone()), &mut found);
    for row in rows {
        unique(&format!("capability `{}`: crate", row.id), row.crates.iter().cloned(), &mut found);
        if row.crates.is_empty() {
            found.push(format!("capability `{}`: no crate provides it", row.id));
        }
        if !is_address(&row.source) {
            found.push(format!("capability `{}`: `{}` is not an address", row.id, row.source));
        }
    }
    found
}

fn unique(what: &str, keys: impl Iterator<Item = String>, found: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for key in keys {
        if key.trim().is_empty() {
            found.push(format!("{what}: an empty name"));
        } else if !seen.insert(key.clone()) {
            found.push(format!("{what} `{key}` stands twice"));
        }
    }
}

fn countries(tables: &Tables<String>, known: &BTreeSet<CountryCode>, found: &mut Vec<String>) {
    let mut found_patterns = Vec::new();
    let mut check = |row: String, codes: &mut dyn Iterator<Item = CountryCode>| {
        for code in codes.filter(|code| !known.contains(code)) {
            found.push(format!("{row}: `{code}` is not a country of countries.toml"));
        }
    };
    for row in &tables.regions {
        check(format!("region `{}`", row.code), &mut [row.country, row.code.country()].into_iter());
    }
    for row in &tables.vendors {
        let seats = row.seats.iter().map(|seat| seat.country);
        let mut all = row.seat.into_iter().chain(row.incorporated).chain(row.also_claimed.iter().copied()).chain(seats);
        check(format!("vendor `{}`", row.id), &mut all);
    }
    for row in &tables.programmes {
        check(format!("programme `{}`", row.id), &mut row.countries.iter().copied().chain(row.home));
    }
    for row in &tables.forges {
        check(format!("forge `{}`", row.host), &mut row.country.into_iter().chain(row.also.iter().copied()));
    }
    for row in &tables.registries {
        check(format!("registry `{}`", row.id), &mut row.country.into_iter());
    }
    for row in &tables.mail {
        check(format!("mail domain `{}`", row.domain), &mut row.country.into_iter());
    }
    for row in &tables.networks {
        check(format!("network `{}`", row.pattern), &mut row.country.into_iter());
        if !row.pattern.starts_with('.') {
            found_patterns.push(format!("network `{}`: a pattern starts with a dot", row.pattern));
        }
    }
    for row in &tables.legal_forms {
        check(format!("legal form `{}`", row.id), &mut row.countries.iter().copied());
    }
    check("prior".to_owned(), &mut tables.prior.iter().map(|row| row.0));
    found.append(&mut found_patterns);
}

fn vendors(tables: &Tables<String>, found: &mut Vec<String>) {
    let by_id: BTreeMap<&str, &Vendor<String>> = tables.vendors.iter().map(|row| (row.id.as_str(), row)).collect();
    let programmes: BTreeMap<&str, &Programme<String>> =
        tables.programmes.iter().map(|row| (row.id.as_str(), row)).collect();
    let circle = owning_themselves(&by_id);
    for row in &tables.vendors {
        let here = format!("vendor `{}`", row.id);
        for (role, id) in [("parent", &row.parent), ("steward", &row.steward)] {
            if let Some(id) = id.as_ref().filter(|id| !by_id.contains_key(id.as_str())) {
                found.push(format!("{here}: {role} `{id}` is not a vendor"));
            }
        }
        if circle.contains(row.id.as_str()) {
            found.push(format!("{here}: it is its own owner or steward, through others"));
        }
        for path in &row.forges {
            if path.contains("://") || path.ends_with('/') || path.to_lowercase() != *path {
                found.push(format!("{here}: forge `{path}` is not host/owner in lower case"));
            }
        }
        for domain in row.domains.iter().chain(&row.mailbox_domains) {
            if !is_domain(domain) {
                found.push(format!("{here}: `{domain}` is not a domain"));
            }
        }
        if let (Some(last), Some(seat)) = (row.seats.last(), row.seat)
            && last.country != seat
        {
            found.push(format!("{here}: the last of its seats is not its seat"));
        }
        for designation in &row.designations {
            match programmes.get(designation.programme.as_str()) {
                None => found.push(format!("{here}: `{}` is not a programme", designation.programme)),
                Some(programme) if !programme.named => {
                    found.push(format!("{here}: programme `{}` names no parties", programme.id));
                }
                Some(_) => {}
            }
            order(&here, designation.listed_on, designation.until, found);
        }
        for absent in &row.absent {
            if !programmes.contains_key(absent.programme.as_str()) {
                found.push(format!("{here}: `{}` is not a programme", absent.programme));
            }
        }
    }
}

/// Vendors that own or hold themselves through others. A policy can have ten thousand of them in one chain, so each is looked at a few times
/// at the most: ends are taken away until none is left, those that nobody leads to first, then those that lead nowhere.
fn owning_themselves<'a>(by_id: &BTreeMap<&'a str, &'a Vendor<String>>) -> BTreeSet<&'a str> {
    let mut above: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, row) in by_id {
        for over in row.parent.iter().chain(&row.steward).filter_map(|over| by_id.get_key_value(over.as_str())) {
            above.entry(id).or_default().push(over.0);
            below.entry(over.0).or_default().push(id);
        }
    }
    let mut left: BTreeSet<&str> = by_id.keys().copied().collect();
    for (towards, back) in [(&above, &below), (&below, &above)] {
        let open_ways = |id: &str, left: &BTreeSet<&str>| {
            towards.get(id).map_or(0, |ways| ways.iter().filter(|way| left.contains(*way)).count())
        };
        let mut ways: BTreeMap<&str, usize> = left.iter().map(|id| (*id, open_ways(id, &left))).collect();
        let mut ends: Vec<&str> = ways.iter().filter(|(_, ways)| **ways == 0).map(|(id, _)| *id).collect();
        while let Some(end) = ends.pop() {
            left.remove(end);
            for id in back.get(end).into_iter().flatten().filter(|id| left.contains(*id)) {
                if let Some(ways) = ways.get_mut(id) {
                    *ways = ways.saturating_sub(1);
                    if *ways == 0 {
                        ends.push(id);
                    }
                }
            }
        }
    }
    left
}

fn programmes(tables: &Tables<String>, found: &mut Vec<String>) {
    let authorities: BTreeSet<&str> = tables.authorities.iter().map(|row| row.id.as_str()).collect();
    let regions: BTreeSet<_> = tables.regions.iter().map(|row| row.code).collect();
    for row in &tables.programmes {
        let here = format!("programme `{}`", row.id);
        if !authorities.contains(row.authority.as_str()) {
            found.push(format!("{here}: `{}` is not an authority", row.authority));
        }
        for region in row.regions.iter().filter(|region| !regions.contains(region)) {
            found.push(format!("{here}: `{region}` is not a region of countries.toml"));
        }
        for phase in &row.phases {
            order(&here, phase.from, phase.until, found);
        }
        for phase in &row.ownership_phases {
            order(&here, phase.from, phase.until, found);
        }
        if row.foreign_to_home && !row.countries.is_empty() {
            found.push(format!("{here}: it lists countries and everything foreign at once"));
        }
        if row.verification == super::model::Verification::Read
            && row.source.is_none()
            && row.authority != OWN_AUTHORITY
        {
            found.push(format!("{here}: read, but where?"));
        }
        if row.ended.is_some() != row.ended_by.is_some() {
            found.push(format!("{here}: `ended` and `ended_by` go together"));
        }
    }
}

fn order(here: &str, from: Option<Date>, until: Option<Date>, found: &mut Vec<String>) {
    if let (Some(from), Some(until)) = (from, until)
        && until <= from
    {
        found.push(format!("{here}: {from} to {until} is no time at all"));
    }
}

/// Its members are countries, each once at a time; a bloc is not called like a country.
fn blocs(tables: &Tables<String>, known: &BTreeSet<CountryCode>, found: &mut Vec<String>) {
    for row in &tables.blocs {
        let here = format!("bloc `{}`", row.id);
        if row.id.to_ascii_uppercase().parse().is_ok_and(|code| known.contains(&code)) {
            found.push(format!("{here}: it is called like a country"));
        }
        if row.source_read && row.source.is_none() {
            found.push(format!("{here}: read, but where?"));
        }
        let mut seen: BTreeMap<CountryCode, Vec<Period>> = BTreeMap::new();
        for members in &row.members {
            order(&here, members.from, members.until, found);
            if members.countries.is_empty() {
                found.push(format!("{here}: a row without a country"));
            }
            if members.inferred && (members.note.is_none() || members.from.or(members.until).is_none()) {
                found.push(format!("{here}: inferred, but which day, and from what?"));
            }
            for code in &members.countries {
                if !known.contains(code) {
                    found.push(format!("{here}: `{code}` is not a country of countries.toml"));
                }
                let others = seen.entry(*code).or_default();
                let here_then = Period { from: members.from, until: members.until };
                let before = |one: &Period, other: &Period| matches!((one.until, other.from), (Some(end), Some(start)) if end <= start);
                if others.iter().any(|other| !before(other, &here_then) && !before(&here_then, other)) {
                    found.push(format!("{here}: `{code}` is in it twice at a time"));
                }
                others.push(here_then);
            }
        }
    }
}

fn upstreams(tables: &Tables<String>, found: &mut Vec<String>) {
    let ids: BTreeSet<&str> = tables.vendors.iter().map(|row| row.id.as_str()).collect();
    for row in &tables.upstreams {
        let here = format!("upstream `{}`", row.id);
        if let Some(id) = row.vendor.as_ref().filter(|id| !ids.contains(id.as_str())) {
            found.push(format!("{here}: `{id}` is not a vendor"));
        }
        if row.vendor.is_some() && row.steward_kind.is_some() {
            found.push(format!("{here}: either a vendor or a kind of steward"));
        }
        if row.crates.is_empty() && row.links.is_empty() {
            found.push(format!("{here}: no crate carries it"));
        }
    }
}

/// Lists that are known, as `source` reads them.
const LISTS: [&str; 6] = ["eu-fsf", "opensanctions", "uk-sanctions", "un-sc", "us-csl", "us-sdn"];

/// Every row is about a list that is read and a programme that names parties, and none is hidden by an earlier one.
fn listings(tables: &Tables<String>, found: &mut Vec<String>) {
    for (at, row) in tables.listings.iter().enumerate() {
        let codes: Vec<&str> = row.code.iter().map(String::as_str).collect();
        let here = format!("listing `{} {} {}`", row.list, row.sublist.as_deref().unwrap_or("*"), codes.join(""));
        if !LISTS.contains(&row.list.as_str()) {
            found.push(format!("{here}: no such list is read"));
        }
        match tables.programmes.iter().find(|programme| programme.id == row.programme) {
            None => found.push(format!("{here}: `{}` is not a programme", row.programme)),
            Some(programme) if !programme.named => {
                found.push(format!("{here}: programme `{}` names no parties", programme.id));
            }
            Some(_) => {}
        }
        if tables.listings.iter().take(at).any(|earlier| earlier.is_about(&row.list, row.sublist.as_deref(), &codes)) {
            found.push(format!("{here}: an earlier row is about all of it"));
        }
    }
}

fn addresses(tables: &Tables<String>, found: &mut Vec<String>) {
    let mut check = |row: String, address: &str| {
        if !is_address(address) {
            found.push(format!("{row}: `{address}` is not an address"));
        }
    };
    for row in &tables.vendors {
        let seats = row.seats.iter().filter_map(|seat| seat.source.as_ref());
        let designations = row.designations.iter().filter_map(|designation| designation.source.as_ref());
        for address in row.source.iter().chain(&row.see_also).chain(seats).chain(designations) {
            check(format!("vendor `{}`", row.id), address);
        }
    }
    for row in &tables.programmes {
        for address in row.source.iter().chain(&row.see_also) {
            check(format!("programme `{}`", row.id), address);
        }
    }
    for row in &tables.blocs {
        let members = row.members.iter().filter_map(|members| members.source.as_ref());
        for address in row.source.iter().chain(&row.see_also).chain(members) {
            check(format!("bloc `{}`", row.id), address);
        }
    }
    for row in &tables.listings {
        if let Some(address) = &row.source {
            check(format!("listing of `{}`", row.list), address);
        }
    }
    for row in tables.authorities.iter().filter(|row| row.id != OWN_AUTHORITY) {
        check(format!("authority `{}`", row.id), &row.source);
    }
    let others = tables.upstreams.iter().map(|row| (&row.id, &row.source));
    let others = others.chain(tables.forges.iter().map(|row| (&row.host, &row.source)));
    let others = others.chain(tables.registries.iter().map(|row| (&row.id, &row.source)));
    let others = others.chain(tables.mail.iter().map(|row| (&row.domain, &row.source)));
    for (id, source) in others.chain(tables.legal_forms.iter().map(|row| (&row.id, &row.source))) {
        if let Some(address) = source {
            check(format!("`{id}`"), address);
        }
    }
}

fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && text.len() > 10
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.to_lowercase() == text
        && !text.starts_with('.')
        && text.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
}
