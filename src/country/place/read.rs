//! What a text with names means: which place, how sure.
//!
//! Each country that a name can mean is a hypothesis: all names of the text are of this one place. Its score is the product of what
//! every name says for it: the share of the people who mean it by the name, raised where another name contains it (`Cambridge` beside
//! `MA`), and a small number where the name is of somewhere else. Beside them stand the hypotheses that the text names several places,
//! divided where it is divided, and that it names none. The probability of one is its score as a share of all.

use super::find::{Found, MOST};
use super::fold::{Folded, Gap};
use super::gazetteer::{Cell, Kind};
use super::support::{score, supports};
use super::weigh::{Name, candidates, count_lost, weigh};

/// A hypothesis with at least this probability is the answer.
const ENOUGH: f32 = 0.75;

/// Several places are the answer where that is likelier than one, and at least so likely.
const ENOUGH_SEVERAL: f32 = 0.5;

/// A set is the answer where its members have this probability together.
const ENOUGH_TOGETHER: f32 = 0.85;

/// More countries than this are no answer.
const LARGEST_SET: usize = 6;

/// What a text was read as.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict {
    /// The loci: none, one, or a set.
    pub(super) loci: Vec<u16>,
    /// Names by their place among the items, each with what it was read as: more than once where it cannot be told apart.
    pub(super) readings: Vec<(usize, Cell)>,
    pub(super) probability: f32,
}

pub(super) const NONE: u16 = u16::MAX;

/// The scratch of a run of readings.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    hypotheses: Vec<u16>,
    scores: Vec<(u16, f32)>,
}

pub(super) fn read(folded: &Folded, found: &Found, scratch: &mut Scratch) -> Verdict {
    let mut names: Vec<Name<'_>> = Vec::with_capacity(found.items.len());
    let present = found.items.iter().any(|item| !item.past);
    let mut items = [None; MOST];
    let mut lost = false;
    for (slot, item) in items.iter_mut().zip(&found.items) {
        let cells = candidates(found, item);
        let demonym = cells.iter().all(|cell| cell.kind() == Kind::Demonym);
        let left = (item.past && present) || (demonym && found.items.len() > 1);
        let read = !left && weigh(folded, found, 0, item, cells, Gap::None).is_some();
        lost |= !read && !left;
        *slot = (!left).then_some((*item, read));
    }
    if lost {
        count_lost(&mut items);
    }
    let mut gap = Gap::None;
    for (index, (item, slot)) in found.items.iter().zip(items).enumerate() {
        gap = gap.max(item.gap);
        if let Some((item, true)) = slot
            && let Some(name) = weigh(folded, found, index, &item, candidates(found, &item), gap)
        {
            names.push(name);
            gap = Gap::None;
        }
    }
    if names.is_empty() {
        return Verdict { probability: if found.items.is_empty() { 0.99 } else { 0.8 }, ..Verdict::default() };
    }
    Hypotheses { names: &names, scratch }.verdict(found)
}

struct Hypotheses<'a, 'b> {
    names: &'a [Name<'a>],
    scratch: &'b mut Scratch,
}

impl Hypotheses<'_, '_> {
    fn verdict(&mut self, found: &Found) -> Verdict {
        let names = self.names;
        let strangers = i32::try_from(found.unknown.min(30)).unwrap_or(30);
        let none: f32 = names.iter().map(|name| name.none).product::<f32>()
            * if found.nowhere { 2.0 } else { 1.0 }
            * 1.3_f32.powi(strangers);
        self.score(0, names.len());
        let whole = std::mem::take(&mut self.scratch.scores);
        let sum: f32 = whole.iter().map(|score| score.1).sum();
        let best = top(&whole);
        let (several, groups) = if names.len() > 1 && best.1 < 0.98 { self.partition() } else { (0.0, Vec::new()) };
        let all = sum + several + none;
        let verdict = self.decide(&whole, best, all, several, &groups);
        self.scratch.scores = whole;
        verdict
    }

    fn decide(
        &self,
        whole: &[(u16, f32)],
        best: (u16, f32),
        all: f32,
        several: f32,
        groups: &[(usize, usize, u16)],
    ) -> Verdict {
        if best.1 / all >= ENOUGH {
            return self.answer(vec![best.0], best.1 / all, |_, locus| locus == best.0);
        }
        if several > best.1 && several / all >= ENOUGH_SEVERAL {
            let mut loci: Vec<u16> = groups.iter().map(|group| group.2).collect();
            loci.sort_unstable();
            loci.dedup();
            let of = |name: usize, locus: u16| {
                groups.iter().any(|&(from, to, group)| (from..to).contains(&name) && group == locus)
            };
            return self.answer(loci, several / all, of);
        }
        let mut ranked = whole.to_vec();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut loci = Vec::new();
        let mut together = 0.0;
        for (locus, score) in ranked.iter().take(LARGEST_SET) {
            if *score / all < 0.03 {
                break;
            }
            together += score / all;
            loci.push(*locus);
            if together >= 0.95 {
                break;
            }
        }
        if together < ENOUGH_TOGETHER || loci.is_empty() {
            return Verdict { probability: 1.0 - together.min(1.0), ..Verdict::default() };
        }
        loci.sort_unstable();
        self.answer(loci, together, |_, _| true)
    }

    /// The answer, with what each name was read as for the loci it is taken to be of.
    fn answer(&self, loci: Vec<u16>, probability: f32, of: impl Fn(usize, u16) -> bool) -> Verdict {
        let mut readings = Vec::new();
        for (at, name) in self.names.iter().enumerate() {
            for &locus in loci.iter().filter(|locus| of(at, **locus)) {
                let own = name.cells.iter().filter(|cell| supports(**cell, locus));
                let cell = own.max_by(|a, b| a.weight().total_cmp(&b.weight()));
                readings.extend(cell.map(|cell| (name.index, *cell)));
            }
        }
        Verdict { loci, readings, probability: probability.min(0.999) }
    }

    /// Scores every locus for the names from one to another.
    fn score(&mut self, from: usize, to: usize) {
        let Scratch { hypotheses, scores } = &mut *self.scratch;
        let names = &self.names[from..to];
        hypotheses.clear();
        scores.clear();
        let mut seen = [0_u64; 8];
        for cell in names.iter().flat_map(|name| name.cells) {
            let (slot, bit) = (usize::from(cell.locus() / 64), 1 << (cell.locus() % 64));
            if seen[slot] & bit == 0 {
                seen[slot] |= bit;
                hypotheses.push(cell.locus());
            }
        }
        for &locus in hypotheses.iter() {
            scores.push((locus, score(names, locus)));
        }
    }

    /// The best way to divide the names into places of their own.
    fn partition(&mut self) -> (f32, Vec<(usize, usize, u16)>) {
        let count = self.names.len();
        // By end: the best score, where its last group begins, and what that is.
        let mut best = [(0.0_f32, 0_usize, NONE, 0_usize); MOST + 1];
        best[0] = (1.0, 0, NONE, 0);
        for to in 1..=count {
            for from in 0..to {
                if from == 0 && to == count {
                    continue;
                }
                let (before, .., groups) = best[from];
                let joint = if from == 0 { 1.0 } else { joint(self.names[from].gap) };
                if before * joint <= best[to].0 {
                    continue;
                }
                self.score(from, to);
                let top = top(&self.scratch.scores);
                let score = before * joint * top.1;
                if score > best[to].0 {
                    best[to] = (score, from, top.0, groups + 1);
                }
            }
        }
        let mut groups = Vec::new();
        let mut to = count;
        while to > 0 && groups.len() <= count {
            let (_, from, locus, _) = best[to];
            groups.push((from, to, locus));
            to = from;
        }
        let first = groups.first().map(|group| group.2);
        // Several parts of one place are that place.
        if groups.iter().all(|group| Some(group.2) == first) {
            return (0.0, Vec::new());
        }
        (best[count].0, groups)
    }
}

/// The locus with the best score.
fn top(scores: &[(u16, f32)]) -> (u16, f32) {
    scores.iter().fold((NONE, 0.0), |best, &score| if score.1 > best.1 { score } else { best })
}

/// How often what divides two names divides two places.
fn joint(gap: Gap) -> f32 {
    match gap {
        Gap::Next | Gap::Slash => 0.5,
        Gap::Comma => 0.006,
        Gap::None | Gap::Space => 0.002,
    }
}
