//! The names of places, compiled into one file that is read in place.
//!
//! The file is made by [`compile`](super::compile) and has, after a head of lengths: the loci (six bytes each), the divisions (six bytes
//! each, with the number of the first one of every locus), lists of candidates for names that several places share, and a finite-state
//! map from a folded name to one candidate or to a list. Nothing is unpacked and nothing is allocated when the program starts.

use std::sync::LazyLock;

use fst::raw::{Fst, Node, Output};

use crate::country::Locus;

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A country or a territory with a code of its own.
    Country,
    /// A first-level division: a state, a province.
    Region,
    /// A city or town.
    City,
    /// A metropolitan area, a nickname, an island, a historical region.
    Area,
    /// A code of two letters, of a country or a division.
    Code,
    /// An abbreviation of three letters and more, of a country or a division.
    Short,
    /// A nationality.
    Demonym,
    /// A university, an institute.
    Institution,
    /// The code of an airport.
    Airport,
    /// A zone of the tz database.
    Zone,
    /// No place, or one too wide to be a country.
    Nowhere,
    /// A word that stands beside a name: `greater`, `city`.
    Filler,
}

const KINDS: [Kind; 12] = [
    Kind::Country,
    Kind::Region,
    Kind::City,
    Kind::Area,
    Kind::Code,
    Kind::Short,
    Kind::Demonym,
    Kind::Institution,
    Kind::Airport,
    Kind::Zone,
    Kind::Nowhere,
    Kind::Filler,
];

/// One place that a name can mean.
///
/// Packed: locus (9 bits), kind (4), division (7), weight (6), is a word (1), is an alternate name (1), breaks (2), more follow (1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cell(pub(super) u32);

/// The parts of a [`Cell`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// Number of the locus in the file.
    pub(super) locus: u16,
    pub(super) kind: Kind,
    /// Number of the division within the country, from one; nought where it is not known.
    pub(super) division: u8,
    /// Half the binary logarithm steps of the weight: how many people who write this mean this place, in no unit.
    pub(super) weight: u8,
    /// The name is an ordinary word too.
    pub(super) word: bool,
    /// The place is commonly called otherwise.
    pub(super) alternate: bool,
    /// How many spaces the name is written with, at most three.
    pub(super) breaks: u8,
}

const MORE: u32 = 1 << 30;

impl Cell {
    pub(super) fn new(parts: Parts) -> Self {
        let kind = KINDS.iter().position(|kind| *kind == parts.kind).unwrap_or_default();
        let kind = u32::try_from(kind).unwrap_or_default();
        Self(
            u32::from(parts.locus & 0x1ff)
                | kind << 9
                | u32::from(parts.division & 0x7f) << 13
                | u32::from(parts.weight & 0x3f) << 20
                | u32::from(parts.word) << 26
                | u32::from(parts.alternate) << 27
                | u32::from(parts.breaks.min(3)) << 28,
        )
    }

    pub(super) fn with_more(self, more: bool) -> Self {
        Self(if more { self.0 | MORE } else { self.0 & !MORE })
    }

    pub(super) fn locus(self) -> u16 {
        (self.0 & 0x1ff) as u16
    }

    pub(super) fn kind(self) -> Kind {
        KINDS.get((self.0 >> 9 & 0xf) as usize).copied().unwrap_or(Kind::Filler)
    }

    pub(super) fn division(self) -> u8 {
        (self.0 >> 13 & 0x7f) as u8
    }

    /// How many people mean this place by the name, against others of the name.
    pub(super) fn weight(self) -> f32 {
        WEIGHTS[(self.0 >> 20 & 0x3f) as usize]
    }

    /// The weight before it was raised: people, times how well known the place is.
    pub(super) fn size(self) -> f32 {
        SIZES[(self.0 >> 20 & 0x3f) as usize]
    }

    pub(super) fn is_word(self) -> bool {
        self.0 >> 26 & 1 == 1
    }

    pub(super) fn is_alternate(self) -> bool {
        self.0 >> 27 & 1 == 1
    }

    pub(super) fn breaks(self) -> usize {
        (self.0 >> 28 & 3) as usize
    }
}

/// The step of a weight, and back: every step is half a binary order of magnitude.
pub(super) fn step(weight: f64) -> u8 {
    let step = (weight.max(1.0).log2() * 2.0).round().clamp(0.0, 63.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=63")]
    let step = step as u8;
    step
}

static SIZES: [f32; 64] = steps(std::f32::consts::SQRT_2);

/// Who lives in the lesser one of two places of a name adds the country: the share of a name alone grows faster than the size.
static WEIGHTS: [f32; 64] = steps(STEP);

/// The square root of two to the power of 1.3.
const STEP: f32 = 1.569_168;

const fn steps(step: f32) -> [f32; 64] {
    let mut weights = [1.0; 64];
    let mut at = 1;
    while at < 64 {
        weights[at] = weights[at - 1] * step;
        at += 1;
    }
    weights
}

/// The compiled file, as sections of it.
pub(super) struct Gazetteer {
    loci: &'static [u8],
    firsts: &'static [u8],
    divisions: &'static [u8],
    lists: &'static [u8],
    names: Fst<&'static [u8]>,
}

/// Bytes of a locus and of a division in the file: a code, filled up with spaces.
pub(super) const CODE: usize = 6;

/// The first bytes of the file.
pub(super) const MAGIC: &[u8; 8] = b"places01";

static FILE: &[u8] = include_bytes!("../../../data/compiled/places.bin");

static GAZETTEER: LazyLock<Option<Gazetteer>> = LazyLock::new(|| Gazetteer::read(FILE));

impl Gazetteer {
    /// The embedded gazetteer. It is part of the program, and a test holds that it can be read.
    pub(super) fn embedded() -> Option<&'static Self> {
        GAZETTEER.as_ref()
    }

    fn read(file: &'static [u8]) -> Option<Self> {
        let rest = file.strip_prefix(MAGIC)?;
        let (head, mut rest) = rest.split_at_checked(16)?;
        let mut sections = head.chunks_exact(4).map(|bytes| {
            let length = u32::from_le_bytes(bytes.try_into().ok()?) as usize;
            let (section, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(section)
        });
        let loci = sections.next()??;
        let firsts = sections.next()??;
        let divisions = sections.next()??;
        let lists = sections.next()??;
        drop(sections);
        Some(Self { loci, firsts, divisions, lists, names: Fst::new(rest).ok()? })
    }

    /// The code of a locus.
    pub(super) fn locus(&self, number: u16) -> Option<Locus> {
        code(self.loci, usize::from(number))?.parse().ok()
    }

    /// The number of a locus, where the file has it.
    pub(super) fn number(&self, code: &str) -> Option<u16> {
        let count = self.loci.len() / CODE;
        (0..count).find(|&at| self::code(self.loci, at) == Some(code)).and_then(|at| u16::try_from(at).ok())
    }

    /// ISO 3166-2 code of a division of a locus.
    pub(super) fn division(&self, locus: u16, division: u8) -> Option<&'static str> {
        let at = usize::from(locus) * 2;
        let first = u16::from_le_bytes(self.firsts.get(at..at + 2)?.try_into().ok()?);
        code(self.divisions, usize::from(first) + usize::from(division.checked_sub(1)?))
    }

    /// All names.
    #[cfg(test)]
    pub(super) fn names(&self) -> &Fst<&'static [u8]> {
        &self.names
    }

    pub(super) fn root(&self) -> Node<'_> {
        self.names.root()
    }

    /// Follows letters from a node; nothing where no name goes on so.
    pub(super) fn walk(&self, mut node: (u64, Output), letters: &[u8]) -> Option<(u64, Output)> {
        for &letter in letters {
            let here = self.names.node(usize::try_from(node.0).ok()?);
            let transition = here.transition(here.find_input(letter)?);
            node = (transition.addr as u64, node.1.cat(transition.out));
        }
        Some(node)
    }

    pub(super) fn node(&self, address: u64) -> Node<'_> {
        self.names.node(usize::try_from(address).unwrap_or_default())
    }

    /// What a name stands for, if one ends at this node.
    pub(super) fn cells(&self, (address, output): (u64, Output)) -> Option<Cells> {
        let node = self.node(address);
        if !node.is_final() {
            return None;
        }
        let value = output.cat(node.final_output()).value();
        #[expect(clippy::cast_possible_truncation, reason = "the file has values of 32 bits")]
        let low = (value >> 1) as u32;
        Some(if value & 1 == 0 { Cells::One(Cell(low)) } else { Cells::Listed(low) })
    }

    /// Every place that the name can mean.
    pub(super) fn each(&self, cells: Cells) -> impl Iterator<Item = Cell> + '_ {
        let mut next = Some(cells);
        std::iter::from_fn(move || match next? {
            Cells::One(cell) => {
                next = None;
                Some(cell)
            }
            Cells::Listed(at) => {
                let bytes = self.lists.get(at as usize * 4..at as usize * 4 + 4)?;
                let cell = Cell(u32::from_le_bytes(bytes.try_into().ok()?));
                next = (cell.0 & MORE != 0).then_some(Cells::Listed(at + 1));
                Some(cell.with_more(false))
            }
        })
    }

    /// What a folded name stands for.
    #[cfg(test)]
    pub(super) fn get(&self, letters: &[u8]) -> Option<Cells> {
        let root = (self.root().addr() as u64, Output::zero());
        self.cells(self.walk(root, letters)?)
    }
}

/// One candidate, or where in the file the list of them begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    One(Cell),
    Listed(u32),
}

impl std::fmt::Debug for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} of {}.{} x {}", self.kind(), self.locus(), self.division(), self.weight())
    }
}

fn code(section: &'static [u8], at: usize) -> Option<&'static str> {
    let bytes = section.get(at * CODE..(at + 1) * CODE)?;
    std::str::from_utf8(bytes).ok().map(str::trim_end)
}
