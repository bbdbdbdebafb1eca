//! What a name is worth where it stands: as a place, as no place, and against a country it is not in.

use super::find::{Found, Item, MOST};
use super::fold::{Folded, Gap, Script};
use super::gazetteer::{Cell, Kind};

/// One name as the reading weighs it.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    pub(super) index: usize,
    pub(super) cells: &'a [Cell],
    /// The weights of all candidates together.
    pub(super) total: f32,
    pub(super) gap: Gap,
    /// The factor for a hypothesis that the name does not support.
    pub(super) miss: f32,
    /// How likely it is that the name is no place here.
    pub(super) none: f32,
    /// It is the whole text.
    pub(super) lone: bool,
}

pub(super) fn candidates<'a>(found: &'a Found, item: &Item) -> &'a [Cell] {
    found.cells.get(item.cells.0 as usize..item.cells.1 as usize).unwrap_or_default()
}

/// A name that cannot be meant as a place where it stands is a word like others, for the names around it.
pub(super) fn count_lost(items: &mut [Option<(Item, bool)>; MOST]) {
    for at in 0..MOST {
        let Some((lost, false)) = items[at] else { continue };
        for other in items.iter_mut().flatten().filter(|(other, read)| *read && other.segment == lost.segment) {
            other.0.unknown = other.0.unknown.saturating_add(1);
            other.0.before += u16::from(lost.first < other.0.first);
            other.0.alone = false;
        }
    }
}

/// The weight of a name where it stands; nothing where it cannot be meant as a place there.
pub(super) fn weigh<'a>(
    folded: &Folded,
    found: &'a Found,
    index: usize,
    item: &Item,
    cells: &'a [Cell],
    gap: Gap,
) -> Option<Name<'a>> {
    let size = cells.iter().map(|cell| cell.size()).fold(1.0, f32::max);
    let only = found.items.len() == 1;
    let partial = item.unknown > 0;
    // `Springe, Germany` is how a place is written, `Turkey sandwich` is not.
    let trailing = item.unknown.saturating_sub(item.before);
    let strongest = cells.iter().map(|cell| cell.kind()).min()?;
    let word = cells.iter().filter(|cell| cell.kind() == strongest).all(|cell| cell.is_word());
    let lone = only && item.alone;
    let total = cells.iter().map(|cell| if lone { alone(*cell) } else { cell.weight() }).sum();
    let (miss, mut none) = match strongest {
        Kind::Country | Kind::Region | Kind::City | Kind::Area if word && (lone || partial) => return None,
        Kind::Country => (0.0005, 0.003),
        Kind::Region => (0.002, 0.01),
        Kind::City => {
            if partial && size < 3e5 {
                return None;
            }
            let alternate = cells.iter().all(|cell| cell.is_alternate());
            let none = (0.02 * (1e6 / size).sqrt()).clamp(0.004, 0.4);
            let miss = (0.03 * (1e5 / size).sqrt()).clamp(0.001, 0.2);
            (if partial { miss.max(0.1) } else { miss }, if alternate { (none * 1.5).min(0.4) } else { none })
        }
        Kind::Area => (0.005, 0.01),
        Kind::Code => (0.03, code(folded, found, item, cells, word)?),
        Kind::Short => {
            let after_name = ends(folded, item) && follows(found, item);
            if !(item.alone || after_name) || (word && only) {
                return None;
            }
            (0.01, 0.03)
        }
        Kind::Demonym => (0.05, 0.1),
        Kind::Institution => (0.02, 0.02),
        Kind::Airport => {
            if !item.alone || word {
                return None;
            }
            (0.05, 0.2)
        }
        Kind::Zone => (0.001, 0.002),
        Kind::Nowhere | Kind::Filler => return None,
    };
    if partial {
        none *= 1.0 + 1.5 * f32::from(item.unknown.min(20));
        none = match strongest {
            Kind::Demonym => none.max(0.6),
            Kind::Country | Kind::City | Kind::Region | Kind::Area if trailing > 0 && item.before == 0 => {
                none.max(0.45 * f32::from(trailing.min(20)))
            }
            _ => none,
        };
    }
    Some(Name { index, cells, total, gap, miss, none: none.min(0.95), lone })
}

/// Two letters are a code where an address has one: as a part of their own, or at the end of one.
fn code(folded: &Folded, found: &Found, item: &Item, cells: &[Cell], word: bool) -> Option<f32> {
    let words = &folded.words;
    let first = item.first as usize;
    let starts = first == 0 || words[first].gap >= Gap::Comma;
    let (ends, after_name) = (ends(folded, item), follows(found, item));
    if starts && ends {
        return match (found.items.len() == 1, word) {
            (true, true) => None,
            (true, false) if words.len() == 1 => Some(0.1),
            _ => Some(0.03),
        };
    }
    // `Springville UT`, where the town is not known; `join us` is no address.
    let state = cells.first().is_some_and(|cell| cell.division() != 0);
    (ends && (after_name || (state && !word))).then_some(0.05)
}

/// Whether nothing but numbers comes after a name in its part of the text.
fn ends(folded: &Folded, item: &Item) -> bool {
    let after = folded.words.get(item.end as usize..).unwrap_or_default();
    after.iter().take_while(|word| word.gap < Gap::Comma).all(|word| word.script == Script::Number)
}

/// Whether it stands directly after another name.
fn follows(found: &Found, item: &Item) -> bool {
    found.items.iter().any(|other| other.end == item.first && other.segment == item.segment)
}

/// The weight of a candidate of a name that is the whole text.
pub(super) fn alone(cell: Cell) -> f32 {
    let less = if cell.kind() == Kind::Code && cell.division() != 0 { LONE_DIVISION } else { 1.0 };
    cell.weight() * less
}

/// How much less often a code of two letters that stands alone is a division than it is one after a town.
const LONE_DIVISION: f32 = 0.05;
