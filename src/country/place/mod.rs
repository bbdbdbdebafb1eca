//! Free text to a country: profile locations, addresses of lists and bills of materials.
//!
//! [`locate`] finds the names of places in a text, weighs what they can mean together, and answers with a country (or a region that
//! programmes name on its own), a set of them, or nothing. It never takes the nearest name: what is not in the gazetteer is not known.
//! It works offline, on names that are compiled into the program; where they come from stands in `data/README.md`.
//!
//! The shares of what a name can mean are computed from data. The other numbers (how often a comma divides two places, how often a name is
//! no place, from which probability an answer is given) are judgements, set by looking at labelled texts; the example `measure_places` says
//! what they are worth.
//!
//! 1. `fold` cuts the text into words without case, marks and spaces;
//! 2. `find` takes the longest names, from the start of a word to the end of one;
//! 3. `weigh` says what each name is worth where it stands, `support` what they say for one country together, and `read` holds every
//!    country against several places and none.

pub mod compile;
mod find;
mod fold;
mod gazetteer;
mod read;
mod support;
#[cfg(test)]
mod tests;
mod weigh;

use std::cell::RefCell;
use std::ops::Range;

use gazetteer::Gazetteer;
pub use gazetteer::Kind;

use super::{Locus, Place};

/// What a text says about where something is.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// Nothing, one country or region, or a set: several places named, or names that cannot be told apart. Sorted by code.
    pub loci: Vec<Locus>,
    /// The names that were read, in the order of the text; a name that cannot be told apart once for each place of the set.
    pub matches: Vec<Match>,
    /// How likely the answer is right, from 0 to 1; of nothing: that the text names no place that is known.
    pub probability: f32,
}

/// A name in a text, and what it was read as.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Where it is in the text, in bytes.
    pub span: Range<usize>,
    /// What kind of name.
    pub kind: Kind,
    /// The country or region.
    pub locus: Locus,
    /// The first-level division (ISO 3166-2) that the name is or is in, where the gazetteer tells.
    pub division: Option<&'static str>,
}

impl Located {
    /// As a claim has it: a set is a band of countries.
    pub fn place(&self) -> Place {
        match self.loci.as_slice() {
            [one] => Place::At(*one),
            loci => Place::from_countries(loci.iter().map(Locus::country).collect()),
        }
    }
}

#[derive(Default)]
struct Scratch {
    folded: fold::Folded,
    found: find::Found,
    reading: read::Scratch,
}

thread_local! {
    /// Buffers that one text leaves to the next.
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Reads a text. It takes time linear in the length of the text; beyond a megabyte nothing is read.
pub fn locate(text: &str) -> Located {
    SCRATCH.with_borrow_mut(|scratch| locate_with(text, scratch))
}

fn locate_with(text: &str, scratch: &mut Scratch) -> Located {
    let Some(gazetteer) = Gazetteer::embedded() else {
        return Located { loci: Vec::new(), matches: Vec::new(), probability: 0.0 };
    };
    fold::fold(text, &mut scratch.folded);
    find::find(gazetteer, &scratch.folded, &mut scratch.found);
    let verdict = read::read(&scratch.folded, &scratch.found, &mut scratch.reading);
    let matches = verdict.readings.iter().filter_map(|&(index, cell)| {
        let item = scratch.found.items.get(index)?;
        let words = scratch.folded.words.get(item.first as usize..item.end as usize)?;
        let (first, last) = (words.first()?, words.last()?);
        Some(Match {
            span: first.from as usize..last.to as usize,
            kind: cell.kind(),
            locus: gazetteer.locus(cell.locus())?,
            division: gazetteer.division(cell.locus(), cell.division()),
        })
    });
    let matches = matches.collect();
    let loci = verdict.loci.iter().filter_map(|&locus| gazetteer.locus(locus)).collect();
    Located { loci, matches, probability: verdict.probability }
}
