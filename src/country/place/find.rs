//! The names in a text.
//!
//! From left to right, the longest name that starts at a word and ends with one. What stands around it is kept: how the names are
//! divided, which words are not known, which of them say that a name is of the past.

use fst::raw::Output;

use super::fold::{Folded, Gap, Script, Word};
use super::gazetteer::{Cell, Cells, Gazetteer, Kind, Parts};

/// A name of the text, with every place that it can mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// Its first word and the one after its last.
    pub(super) first: u32,
    pub(super) end: u32,
    /// Its candidates in [`Found::cells`].
    pub(super) cells: (u32, u32),
    /// What divides it from the name before it.
    pub(super) gap: Gap,
    /// The part of the text between commas that it is in.
    pub(super) segment: u32,
    /// Words of that part that belong to no name.
    pub(super) unknown: u16,
    /// Those of them that stand before it.
    pub(super) before: u16,
    /// Nothing else is in its part.
    pub(super) alone: bool,
    /// Only a place that the writer has left, or comes from.
    pub(super) past: bool,
}

/// The names of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) items: Vec<Item>,
    pub(super) cells: Vec<Cell>,
    /// Words that belong to no name, in the whole text.
    pub(super) unknown: u32,
    /// Something says that this is no place: an address, a variable.
    pub(super) nowhere: bool,
}

/// A text with more names than this is no location; what comes after is not read.
pub(super) const MOST: usize = 12;

/// Candidates of a name that are weighed; the others are less likely than any of them.
const CANDIDATES: usize = 48;

pub(super) fn find(gazetteer: &Gazetteer, folded: &Folded, found: &mut Found) {
    found.items.clear();
    found.cells.clear();
    found.unknown = 0;
    found.nowhere = false;
    let mut walk = Walk { gazetteer, folded, found, segment: 0, unknown: 0, gap: Gap::None, past: false, from: 0 };
    let mut at = 0;
    while at < folded.words.len() {
        at = walk.step(at);
    }
    walk.close();
}

struct Walk<'a> {
    gazetteer: &'a Gazetteer,
    folded: &'a Folded,
    found: &'a mut Found,
    segment: u32,
    /// Unknown words of this part so far.
    unknown: u16,
    /// The widest gap since the last name.
    gap: Gap,
    past: bool,
    /// The first item of this part.
    from: usize,
}

/// A name that was found: the word after it, and what it means.
type Longest = Option<(usize, Cells)>;

impl Walk<'_> {
    fn step(&mut self, at: usize) -> usize {
        let word = self.folded.words[at];
        if at > 0 && word.gap >= Gap::Comma {
            self.close();
        }
        self.gap = self.gap.max(word.gap);
        match word.script {
            Script::Number => return at + 1,
            Script::Address => {
                self.found.nowhere = true;
                return at + 1;
            }
            Script::Flag => {
                self.flag(at, word);
                return at + 1;
            }
            Script::Letters | Script::Glued => {}
        }
        if at > 0 && at + 1 < self.folded.words.len() && JOINS.contains(&&self.folded.letters[word.letters()]) {
            self.gap = Gap::Next;
            return at + 1;
        }
        let Some((end, cells)) = self.longest(at) else {
            self.pass(at);
            return at + 1;
        };
        self.take(at, end, cells);
        end
    }

    /// A word that belongs to no name.
    fn pass(&mut self, at: usize) {
        if !self.mark(at) {
            self.unknown = self.unknown.saturating_add(1);
        }
    }

    fn longest(&self, at: usize) -> Longest {
        let words = &self.folded.words;
        let mut node = (self.gazetteer.root().addr() as u64, Output::zero());
        let mut longest = None;
        let mut crossed = Gap::None;
        let mut breaks = 0;
        for (end, word) in words.iter().enumerate().skip(at) {
            if end > at {
                if matches!(word.script, Script::Flag | Script::Address) || word.gap == Gap::Comma {
                    break;
                }
                crossed = crossed.max(if word.gap >= Gap::Slash { word.gap } else { Gap::None });
                breaks += usize::from(word.gap != Gap::None);
            }
            let Some(next) = self.gazetteer.walk(node, &self.folded.letters[word.letters()]) else { break };
            node = next;
            if let Some(cells) = self.gazetteer.cells(node)
                && self.acceptable(at, end, cells, crossed, breaks)
            {
                longest = Some((end + 1, cells));
            }
        }
        longest
    }

    fn acceptable(&self, at: usize, last: usize, cells: Cells, crossed: Gap, breaks: usize) -> bool {
        let words = &self.folded.words;
        let Some(lead) = self.gazetteer.each(cells).next() else { return false };
        if crossed >= Gap::Slash {
            return matches!(lead.kind(), Kind::Zone | Kind::Country)
                && (crossed == Gap::Slash || lead.kind() == Kind::Country);
        }
        if lead.kind() == Kind::Zone {
            return false;
        }
        let whole = || {
            (at == 0 || words[at].gap >= Gap::Comma) && words.get(last + 1).is_none_or(|next| next.gap >= Gap::Comma)
        };
        if words[at].script == Script::Glued && at == last && words[at].end - words[at].start >= 3 {
            return whole();
        }
        breaks <= lead.breaks() || lead.breaks() == 3 || whole()
    }

    fn flag(&mut self, at: usize, word: Word) {
        let mut code = [0; 2];
        for (to, from) in code.iter_mut().zip(&self.folded.letters[word.letters()]) {
            *to = from.to_ascii_uppercase();
        }
        let number = std::str::from_utf8(&code).ok().and_then(|code| self.gazetteer.number(code));
        let Some(locus) = number else {
            self.found.nowhere |= code == *b"EU" || code == *b"UN";
            return;
        };
        let cell = Cell::new(Parts {
            locus,
            kind: Kind::Country,
            division: 0,
            weight: 40,
            word: false,
            alternate: false,
            breaks: 0,
        });
        let from = self.found.cells.len();
        self.found.cells.push(cell);
        // A flag stands beside the name of its country, and two flags are two places.
        let before = at.checked_sub(1).map(|before| self.folded.words[before].script);
        let gap = if before == Some(Script::Flag) { Gap::Next } else { self.gap.max(Gap::Comma) };
        self.push(at, at + 1, from, gap);
    }

    fn take(&mut self, at: usize, end: usize, cells: Cells) {
        let from = self.found.cells.len();
        self.found.cells.extend(self.gazetteer.each(cells).take(CANDIDATES));
        let all = &self.found.cells[from..];
        if all.iter().any(|cell| cell.kind() == Kind::Nowhere) {
            self.found.cells.truncate(from);
            self.found.nowhere = true;
            return;
        }
        let filler = all.iter().any(|cell| cell.kind() == Kind::Filler);
        let only = all.iter().all(|cell| cell.kind() == Kind::Filler);
        let code = all.iter().any(|cell| cell.kind() == Kind::Code) && self.ends_part(at, end);
        if filler && (only || (self.folded.words.len() > end - at && !code)) {
            self.found.cells.truncate(from);
            self.mark(at);
            return;
        }
        if filler {
            let mut write = from;
            for read in from..self.found.cells.len() {
                let cell = self.found.cells[read];
                if cell.kind() < Kind::Nowhere {
                    self.found.cells[write] = cell;
                    write += 1;
                }
            }
            self.found.cells.truncate(write);
        }
        self.push(at, end, from, self.gap);
    }

    /// Whether a word is the last of its part, and the only one or directly after a name: where an address has a code.
    fn ends_part(&self, at: usize, end: usize) -> bool {
        let words = &self.folded.words;
        let ends =
            words[end..].iter().take_while(|word| word.gap < Gap::Comma).all(|word| word.script == Script::Number);
        let after_name = self.found.items.last().is_some_and(|item| item.end as usize == at);
        ends && !self.found.items.is_empty() && (words[at].gap >= Gap::Comma || after_name)
    }

    /// Whether a word says when: `formerly`, `now`.
    fn mark(&mut self, at: usize) -> bool {
        let letters = &self.folded.letters[self.folded.words[at].letters()];
        let past = PAST.contains(&letters);
        let present = PRESENT.contains(&letters);
        if past {
            self.past = true;
        } else if present {
            self.leave();
        }
        past || present
    }

    /// What was named before is where the writer was before.
    fn leave(&mut self) {
        self.past = false;
        for item in &mut self.found.items {
            item.past = true;
        }
    }

    fn push(&mut self, at: usize, end: usize, from: usize, gap: Gap) {
        if self.found.items.len() >= MOST {
            self.found.cells.truncate(from);
            return;
        }
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.found.items.push(Item {
            first: narrow(at),
            end: narrow(end),
            cells: (narrow(from), narrow(self.found.cells.len())),
            gap,
            segment: self.segment,
            unknown: 0,
            before: self.unknown,
            alone: false,
            past: self.past,
        });
        self.gap = Gap::None;
    }

    /// The end of a part of the text.
    fn close(&mut self) {
        let count = self.found.items.len() - self.from;
        for item in &mut self.found.items[self.from..] {
            item.unknown = self.unknown;
            item.alone = count == 1 && self.unknown == 0;
        }
        self.found.unknown += u32::from(self.unknown);
        self.from = self.found.items.len();
        self.unknown = 0;
        self.segment += 1;
        self.past = false;
    }
}

/// Words between two places.
const JOINS: [&[u8]; 20] = [
    b"and",
    b"or",
    b"und",
    b"oder",
    b"et",
    b"ou",
    b"e",
    b"y",
    b"och",
    b"og",
    b"ja",
    b"ve",
    b"i",
    b"x",
    b"vs",
    b"en",
    "и".as_bytes(),
    "和".as_bytes(),
    "与".as_bytes(),
    "と".as_bytes(),
];

/// Words before a place that the writer has left, or was born in.
const PAST: [&[u8]; 10] =
    [b"not", b"ex", b"formerly", b"former", b"previously", b"originally", b"born", b"native", b"from", b"raised"];

/// Words before the place where the writer is.
const PRESENT: [&[u8]; 8] = [b"now", b"currently", b"living", b"based", b"residing", b"today", b"working", b"live"];
