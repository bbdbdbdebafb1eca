//! What the names of a text say for one country, each for itself and for each other.

use std::sync::LazyLock;

use super::find::MOST;
use super::gazetteer::{Cell, Gazetteer, Kind};
use super::read::NONE;
use super::weigh::{Name, alone};

/// Numbers of the loci that contain another one or claim it.
static WITHIN: LazyLock<Vec<[u16; 3]>> = LazyLock::new(|| {
    let Some(gazetteer) = Gazetteer::embedded() else { return Vec::new() };
    let mut within = vec![[NONE; 3]; 512];
    for (part, of) in CONTAINED {
        if let (Some(part), Some(of)) = (gazetteer.number(part), gazetteer.number(of)) {
            let slots = &mut within[usize::from(part)];
            if let Some(free) = slots.iter_mut().find(|slot| **slot == NONE) {
                *free = of;
            }
        }
    }
    within
});

/// Territories with a code of their own, and the country that a text may name with them. That a text names it says nothing about whose
/// the territory is: the answer is the territory.
const CONTAINED: [(&str, &str); 66] = [
    ("HK", "CN"),
    ("MO", "CN"),
    ("TW", "CN"),
    ("PR", "US"),
    ("GU", "US"),
    ("VI", "US"),
    ("AS", "US"),
    ("MP", "US"),
    ("UM", "US"),
    ("GL", "DK"),
    ("FO", "DK"),
    ("RE", "FR"),
    ("GP", "FR"),
    ("MQ", "FR"),
    ("GF", "FR"),
    ("YT", "FR"),
    ("NC", "FR"),
    ("PF", "FR"),
    ("PM", "FR"),
    ("WF", "FR"),
    ("BL", "FR"),
    ("MF", "FR"),
    ("AX", "FI"),
    ("SJ", "NO"),
    ("BV", "NO"),
    ("JE", "GB"),
    ("GG", "GB"),
    ("IM", "GB"),
    ("GI", "GB"),
    ("BM", "GB"),
    ("KY", "GB"),
    ("FK", "GB"),
    ("TC", "GB"),
    ("VG", "GB"),
    ("AI", "GB"),
    ("MS", "GB"),
    ("SH", "GB"),
    ("PN", "GB"),
    ("IO", "GB"),
    ("GS", "GB"),
    ("AW", "NL"),
    ("CW", "NL"),
    ("SX", "NL"),
    ("BQ", "NL"),
    ("CK", "NZ"),
    ("NU", "NZ"),
    ("TK", "NZ"),
    ("NF", "AU"),
    ("CX", "AU"),
    ("CC", "AU"),
    ("XK", "RS"),
    ("EH", "MA"),
    ("PS", "IL"),
    ("UA-43", "UA"),
    ("UA-43", "RU"),
    ("UA-40", "UA"),
    ("UA-40", "RU"),
    ("UA-14", "UA"),
    ("UA-14", "RU"),
    ("UA-09", "UA"),
    ("UA-09", "RU"),
    ("UA-23", "UA"),
    ("UA-23", "RU"),
    ("UA-65", "UA"),
    ("UA-65", "RU"),
    ("UA-40", "UA-43"),
];

/// Whether a candidate is of the locus, or names what contains it.
pub(super) fn supports(cell: Cell, locus: u16) -> bool {
    let contains = names_country(cell) || (cell.kind() == Kind::Region && cell.division() == 0);
    cell.locus() == locus || (contains && WITHIN.get(usize::from(locus)).is_some_and(|of| of.contains(&cell.locus())))
}

fn names_country(cell: Cell) -> bool {
    cell.division() == 0 && matches!(cell.kind(), Kind::Country | Kind::Code | Kind::Short | Kind::Demonym)
}

fn names_region(cell: Cell) -> bool {
    cell.kind() == Kind::Region || (cell.division() != 0 && matches!(cell.kind(), Kind::Code | Kind::Short))
}

/// What the names say for a locus, for each other.
#[derive(Clone, Copy, Default)]
struct Context {
    /// The name names the country.
    country: bool,
    /// The division it names, nought for none.
    region: u8,
    /// The share of towns of the country among what it can mean.
    towns: f32,
    /// A division that a town of it is in.
    town_in: u128,
}

fn context(name: &Name<'_>, locus: u16) -> Context {
    let mut context = Context::default();
    for &cell in name.cells.iter().filter(|cell| supports(**cell, locus)) {
        if names_country(cell) {
            context.country |= cell.locus() == locus;
        } else if names_region(cell) {
            if context.region == 0 {
                context.region = if cell.division() == 0 { u8::MAX } else { cell.division() };
            }
        } else {
            context.towns += cell.weight() / name.total;
            context.town_in |= 1 << cell.division();
        }
    }
    context
}

pub(super) fn score(names: &[Name<'_>], locus: u16) -> f32 {
    let mut contexts = [Context::default(); MOST];
    if names.len() > 1 {
        for (context, name) in contexts.iter_mut().zip(names) {
            *context = self::context(name, locus);
        }
    }
    let contexts = &contexts[..names.len()];
    let mut product = 1.0;
    for (at, name) in names.iter().enumerate() {
        let support = support(name, locus, &Others { contexts, at });
        product *= if support > 0.0 { support.max(name.miss * 0.1) } else { name.miss };
    }
    product
}

/// The other names of a text, for one of them.
struct Others<'a> {
    contexts: &'a [Context],
    at: usize,
}

impl Others<'_> {
    fn any(&self, is: impl Fn(&Context) -> bool) -> bool {
        self.contexts.iter().enumerate().any(|(at, context)| at != self.at && is(context))
    }
}

/// What one name says for a locus: the share of people who mean a place there, raised by what the others say.
fn support(name: &Name<'_>, locus: u16, others: &Others<'_>) -> f32 {
    let in_country = others.any(|other| other.country);
    let in_region = others.any(|other| other.region != 0);
    let mut best = 0.0_f32;
    let mut towns = 0.0_f32;
    for &cell in name.cells.iter().filter(|cell| supports(**cell, locus)) {
        let mut share = if name.lone { alone(cell) } else { cell.weight() } / name.total;
        let division = cell.division();
        if names_country(cell) {
            let town = others.any(|other| other.towns > 0.3);
            best = best.max(if town && cell.locus() == locus {
                share.max(if cell.kind() == Kind::Code { 0.3 } else { 0.7 })
            } else {
                share
            });
            continue;
        }
        if names_region(cell) {
            if in_country {
                share = share.max(0.8);
            }
            if division != 0 && others.any(|other| other.town_in >> division & 1 == 1) {
                share = share.max(0.6);
            }
            best = best.max(share);
            continue;
        }
        if in_region {
            let same = division != 0 && others.any(|other| other.region == division);
            let unknown = division == 0 || others.any(|other| other.region == u8::MAX);
            share = if same {
                share.max(if cell.is_alternate() { 0.3 } else { 0.95 })
            } else if unknown {
                share.max(0.004)
            } else {
                share * 0.2
            };
        } else if in_country {
            share = share.max(0.6);
        } else {
            towns += share;
        }
        best = best.max(share);
    }
    best.max(towns.min(1.0))
}
