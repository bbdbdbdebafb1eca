//! An origin in few words.

use super::escape;
use crate::report::{FacetReport, OriginKind, OriginReport, PackageReport};

/// `DE`, `DE|AT|CH`, `DE+FR`, `DE+?` where of others nothing is known, `CN/US?`, `no seat`, `unknown`.
pub(super) fn short(origin: &OriginReport) -> String {
    match origin.kind {
        OriginKind::Country => origin.countries.join(" "),
        OriginKind::Band => listed(&origin.countries, "|"),
        OriginKind::Several => format!("{}{}", listed(&origin.countries, "+"), if origin.others { "+?" } else { "" }),
        OriginKind::Conflict => format!("{}?", listed(&origin.countries, "/")),
        OriginKind::NoSeat => "no seat".to_owned(),
        OriginKind::Unknown => "unknown".to_owned(),
    }
}

/// The first four of a set, and how many more there are.
fn listed(countries: &[String], between: &str) -> String {
    match countries.len() {
        0..=4 => countries.join(between),
        more => format!("{}{between}+{}", countries[..4].join(between), more - 4),
    }
}

/// The origin with who it is, and their owner where that is somebody else.
pub(super) fn with_party(facet: &FacetReport) -> String {
    let origin = short(&facet.origin);
    let party = facet.party.as_ref().and_then(|party| party.name.as_ref()).map(escape::terminal);
    let owner = facet.owner.as_ref().map(|owner| {
        let seat = owner.seat.as_ref().map_or(String::new(), |seat| format!(" ({seat})"));
        format!(" of {}{seat}", owner.name)
    });
    match (facet.origin.kind, party) {
        (_, Some(name)) => format!("{origin} \u{b7} {name}{}", owner.unwrap_or_default()),
        (OriginKind::NoSeat, None) => {
            facet.origin.reason.map_or(origin.clone(), |reason| format!("{origin} ({reason})"))
        }
        (_, None) => origin,
    }
}

/// What a package can do, in words; what is not known is said.
pub(super) fn power(package: &PackageReport) -> String {
    let can = &package.capabilities;
    let mut words = Vec::new();
    if can.proc_macro == Some(true) {
        words.push("proc macro".to_owned());
    }
    if can.build_script == Some(true) {
        words.push("build script".to_owned());
    }
    if let Some(links) = &can.links {
        words.push(format!("links {}", escape::terminal(links)));
    }
    if words.is_empty() && can.runs_at_build == Some(true) {
        words.push("at build time".to_owned());
    }
    match (words.is_empty(), can.runs_at_build) {
        (true, None) => "not known".to_owned(),
        (true, _) => "-".to_owned(),
        (false, _) => words.join(", "),
    }
}
