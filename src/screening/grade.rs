//! How alike two names are, and what that is worth.

use std::collections::BTreeMap;

use super::key::{NameKey, Word, key, kind_of};
use super::words::{LIMITED, LIMITED_ENGLISH, STOCK, STOCK_ENGLISH, has_digit};
use crate::country::CountryCode;
use crate::data::Data;
use crate::facts::MatchGrade;
use crate::facts::live::{ListedKind, ListedParty};

/// From this likeness on two names with different keys are a strong match.
///
/// Chosen by looking at what matches. The 1,074 organisations of the register, with all their names, against the 407 entries of samples of
/// two US lists (of no relation to them): no exact and no strong match, one weak one. Against each other, which is as many
/// names of software houses as a list can have: per 1,000 organisations no exact match, 6 strong and 24 weak ones. The strong ones are
/// three pairs, each seen from both sides: a company and its subsidiary, a foundation and the laboratory that has its name, and OpenSSH
/// and OpenSSL of Rust, which differ in a letter. Without the countries two were exact, Kaspersky Lab and its US subsidiary. (Before
/// countries in names were counted as generic words.)
pub const STRONG: f64 = 0.9;

/// From this likeness on they are a weak match: one generic word more, or a letter that differs in a name of one word. See [`STRONG`].
pub const WEAK: f64 = 0.8;

/// Likeness of two names that differ in nothing but where words are divided.
const DIVIDED: f64 = 0.97;

/// Letters that such names must have.
const LEAST_DIVIDED: usize = 8;

/// Letters that a word must have for a spelling near to it to count as the same word.
const LEAST_NEAR: usize = 6;

/// How near: one letter in six, two in eleven (Damerau-Levenshtein).
const NEAR: f64 = 0.82;

/// The grades, the surest first.
const GRADES: [MatchGrade; 3] = [MatchGrade::Exact, MatchGrade::Strong, MatchGrade::Weak];

/// The grade that is so many steps below; nothing below weak.
fn lowered(from: MatchGrade, steps: usize) -> Option<MatchGrade> {
    GRADES.into_iter().skip_while(|grade| *grade != from).nth(steps)
}

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The name, in its normal form.
    pub key: &'a NameKey,
    /// Where the organisation is known to sit; empty if not known.
    pub countries: &'a [CountryCode],
    /// Whether entries about persons are looked at. Leave it false: see the module.
    pub persons: bool,
}

/// An entry whose name matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match<'a> {
    /// The entry.
    pub party: &'a ListedParty,
    /// Which of its names, counted from nought.
    pub name: usize,
    /// How sure.
    pub grade: MatchGrade,
    /// How alike the names are, from 0 to 1; 1 for one key.
    pub score: f64,
}

/// What countries say to a match.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Countries {
    Agree,
    Unknown,
    Contradict,
}

/// Grades one name of an entry; nothing if the names are not alike. The kind of the entry is not looked at: [`best`] does.
///
/// One key is exact. Each of these takes it down by a step, below weak to nothing: both have countries and none in common; legal
/// forms that one company does not have at once; an alias that the list itself calls weak; a single word without a country
/// that agrees; Chinese characters that only sound like the other name. Names of generic words alone are weak if they have three words or
/// more, and nothing otherwise; a single word of up to three letters is weak, unless it holds a digit and a country agrees (`H3C`).
pub fn grade(
    asked: &NameKey,
    asked_countries: &[CountryCode],
    listed: &ListedParty,
    name: usize,
    listed_key: &NameKey,
) -> Option<(MatchGrade, f64)> {
    if asked.tokens.is_empty() || listed_key.tokens.is_empty() {
        return None;
    }
    let weak_alias = listed.names.get(name).is_none_or(|name| name.weak);
    let countries = countries(asked_countries, &listed.countries);
    let against = usize::from(weak_alias) + usize::from(countries == Countries::Contradict);
    if asked.key != listed_key.key {
        let score = likeness(asked, listed_key);
        let start = match score {
            _ if score >= STRONG => MatchGrade::Strong,
            _ if score >= WEAK => MatchGrade::Weak,
            _ => return None,
        };
        return lowered(start, against).map(|grade| (grade, score));
    }
    let forms = usize::from(!forms_agree(asked.form, listed_key.form)) + usize::from(asked.heard != listed_key.heard);
    let single = asked.tokens.len() == 1;
    let agree = countries == Countries::Agree;
    let short = single && asked.key.len() < 4 && !(agree && has_digit(&asked.key));
    let (start, against) = match () {
        () if !asked.tells() => (MatchGrade::Weak, against + usize::from(asked.tokens.len() < 3) * 3),
        () if short => (MatchGrade::Weak, against),
        () => (MatchGrade::Exact, against + forms + usize::from(single && !agree)),
    };
    lowered(start, against).map(|grade| (grade, 1.0))
}

/// Whether a name can match at all, going by the key under which it is kept: much quicker than to make its normal form and to grade it.
pub fn can_match(asked: &NameKey, listed_key: &str, data: &Data) -> bool {
    if asked.key == listed_key {
        return true;
    }
    let listed: Vec<(&str, Word)> = listed_key.split(' ').map(|word| (word, kind_of(word, data))).collect();
    // Each word may be taken for every word that is like it, so that this is never less than the likeness, but for rounding.
    let mut common = 0.0;
    for word in words(asked) {
        let nearest = listed.iter().map(|other| alike(word, *other)).fold(0.0, f64::max);
        common += nearest * weight(word.1);
    }
    let all: f64 = words(asked).chain(listed.iter().copied()).map(|(_, kind)| weight(kind)).sum();
    2.0 * common / all >= WEAK - 1e-9 || same_letters(&asked.key, listed_key)
}

/// Whether two keys have the same letters, as names have that differ in where words are divided.
fn same_letters(a: &str, b: &str) -> bool {
    let letters = |key: &str| {
        let mut letters: Vec<u8> = key.bytes().filter(|byte| *byte != b' ').collect();
        letters.sort_unstable();
        letters
    };
    letters(a) == letters(b)
}

/// The entries that match, each once with its best name, the best first; the same candidates in any order give the same answer.
pub fn best<'a>(
    asked: &Asked<'_>,
    data: &Data,
    candidates: impl Iterator<Item = (&'a ListedParty, usize)>,
) -> Vec<Match<'a>> {
    let mut found: BTreeMap<(&str, Option<&str>, Option<&str>), Match<'a>> = BTreeMap::new();
    for (party, name) in candidates {
        let wanted = match party.kind {
            ListedKind::Organisation => true,
            ListedKind::Person => asked.persons,
            ListedKind::Vessel => false,
        };
        let Some(listed) = party.names.get(name).filter(|_| wanted) else { continue };
        let listed_key = key(&listed.name, data);
        let Some((grade, score)) = grade(asked.key, asked.countries, party, name, &listed_key) else { continue };
        let one = Match { party, name, grade, score };
        let id = (party.id.as_str(), party.sublist.as_deref(), party.names.first().map(|name| name.name.as_str()));
        let kept = found.entry(id).or_insert(one);
        if order(&one, kept).is_lt() {
            *kept = one;
        }
    }
    let mut found: Vec<Match<'a>> = found.into_values().collect();
    found.sort_by(|a, b| order(a, b).then_with(|| a.party.id.cmp(&b.party.id)));
    found
}

fn order(a: &Match<'_>, b: &Match<'_>) -> std::cmp::Ordering {
    a.grade.cmp(&b.grade).then_with(|| b.score.total_cmp(&a.score)).then_with(|| a.name.cmp(&b.name))
}

fn countries(asked: &[CountryCode], listed: &[CountryCode]) -> Countries {
    if asked.is_empty() || listed.is_empty() {
        Countries::Unknown
    } else if asked.iter().any(|country| listed.contains(country)) {
        Countries::Agree
    } else {
        Countries::Contradict
    }
}

/// Whether one company can be written with both forms: one of them is left out, they are the same, or one is English for the kind
/// that the other is.
fn forms_agree(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return true };
    let translated = |form: &str, english: &str| {
        (LIMITED.contains(&form) && LIMITED_ENGLISH.contains(&english))
            || (STOCK.contains(&form) && STOCK_ENGLISH.contains(&english))
    };
    let ltd = ["ltd", "limited", "co-ltd", "private-limited"];
    a == b || translated(a, b) || translated(b, a) || (ltd.contains(&a) && ltd.contains(&b))
}

/// How alike two names are that have different keys: the weight of the words that they have in common, spellings near to each other
/// included, in the weight of all (Dice). Nothing if they have no telling word in common.
fn likeness(a: &NameKey, b: &NameKey) -> f64 {
    let (joined_a, joined_b) = (a.tokens.concat(), b.tokens.concat());
    if joined_a == joined_b && joined_a.len() >= LEAST_DIVIDED && a.tells() && b.tells() {
        return DIVIDED;
    }
    let mut left: Vec<(&str, Word)> = words(b).collect();
    let (mut common, mut telling) = (0.0, false);
    for (word, kind) in words(a) {
        let alike = left.iter().map(|(other, other_kind)| alike((word, kind), (other, *other_kind)));
        let nearest = alike.enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        let Some((at, likeness)) = nearest.filter(|(_, likeness)| *likeness > 0.0) else { continue };
        left.swap_remove(at);
        common += likeness * weight(kind);
        telling |= kind.is_rare(word);
    }
    let all: f64 = words(a).chain(words(b)).map(|(_, kind)| weight(kind)).sum();
    if telling { 2.0 * common / all } else { 0.0 }
}

fn words(key: &NameKey) -> impl Iterator<Item = (&str, Word)> {
    key.tokens.iter().map(String::as_str).zip(key.kinds.iter().copied())
}

/// One for the same word; for telling words that are near to each other how near they are.
fn alike(a: (&str, Word), b: (&str, Word)) -> f64 {
    if a.0 == b.0 {
        return 1.0;
    }
    let both_tell = a.1 == Word::Telling && b.1 == Word::Telling;
    let long = a.0.len().min(b.0.len()) >= LEAST_NEAR && a.0.len().abs_diff(b.0.len()) <= 3;
    if !both_tell || !long || a.0.as_bytes().first() != b.0.as_bytes().first() {
        return 0.0;
    }
    let near = strsim::normalized_damerau_levenshtein(a.0, b.0);
    if near >= NEAR { near } else { 0.0 }
}

/// What a word is worth: a judgement, set so that a name and the same name with one generic word more are alike by 0.87.
fn weight(kind: Word) -> f64 {
    match kind {
        Word::Telling | Word::Number => 1.0,
        Word::Place | Word::Generic => 0.3,
        Word::Joining => 0.1,
    }
}
