//! One normal form for the spellings of an organisation's name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use any_ascii::any_ascii;
use unicode_normalization::UnicodeNormalization;

use super::words::{
    LEADING, WRITTEN_OUT, has_digit, is_generic, is_joining, is_number, is_of_organisations, is_short_leading,
};
use crate::copyright;
use crate::data::Data;
use crate::facts::live::ListedParty;

/// The number of this normal form. It goes up whenever a name may get another key or other words to be searched by than before: keys
/// that were made by another one are not found by this one.
pub const NORMAL_FORM: u32 = 2;

/// Bytes of a name that are looked at; longer names are no names.
const LONGEST_NAME: usize = 600;

/// Words of a name that are looked at.
const MOST_WORDS: usize = 40;

/// Letters of a word that are looked at.
const LONGEST_WORD: usize = 64;

/// Legal forms are stacked at most this deep ("JSC Example Co. Ltd.").
const STACKED: usize = 3;

/// Scripts from here on are written without spaces between words.
const FIRST_WITHOUT_SPACES: char = '\u{2E80}';

/// What lists say after a name to widen it; the name ends before it.
const WIDENED: [&str; 3] = ["and any successor", "and all successors", "including all of its"];

/// Remarks in brackets that begin like this are not part of the name.
const REMARKS: [&str; 6] = ["aka", "fka", "nka", "formerly", "also", "previously"];

/// Forms that are part of the name: the Example Stiftung is not Example.
const PART_OF_NAME: [&str; 4] = ["stiftung", "stichting", "fundacja", "genossenschaft"];

/// Forms so short that they are names of people too, at the end of a name or, as `Ou` and `Sia`, at its beginning.
const ALSO_PERSONS: [&str; 20] = [
    "ab", "ad", "ano", "ao", "as", "asa", "bt", "co", "dd", "lp", "ou", "ry", "sa", "se", "sia", "sl", "too", "tov",
    "ug", "ag",
];

/// A name in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameKey {
    /// The words, sorted, with a space between them. Two names with one key are spellings of one name.
    pub key: String,
    /// The words in the order of the name: plain lower-case letters and digits.
    pub tokens: Vec<String>,
    /// Id of the legal form that was split off, as in `data/legal_forms.toml`.
    pub form: Option<&'static str>,
    /// The Chinese characters of the name without its legal form, since the words hold their sounds only; empty if it has none.
    pub(super) heard: String,
    /// For each word, how much it tells.
    pub(super) kinds: Vec<Word>,
}

/// How much a word of a name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Few names have it.
    Telling,
    /// A number.
    Number,
    /// The name of a country.
    Place,
    /// Many names have it.
    Generic,
    /// It only joins others.
    Joining,
}

impl Word {
    /// Whether a word tells enough for names to be alike by it: short ones are shared by many, but for those with a digit.
    pub(super) fn is_rare(self, word: &str) -> bool {
        self == Self::Telling && (word.len() > 3 || has_digit(word))
    }
}

impl NameKey {
    /// The words by which entries with a similar name are to be fetched: telling ones with four letters or more, or with a digit.
    pub fn search_words(&self) -> impl Iterator<Item = &str> {
        let words = self.tokens.iter().zip(&self.kinds);
        words.filter(|(word, kind)| kind.is_rare(word)).map(|(word, _)| word.as_str())
    }

    /// Whether any word tells this organisation from others; that of a country does where it does not stand alone.
    pub(super) fn tells(&self) -> bool {
        let many = self.tokens.len() > 1;
        self.kinds.iter().any(|kind| *kind == Word::Telling || (many && *kind == Word::Place))
    }
}

/// The normal form of a name: NFKC, lower case, plain letters by transliteration, without punctuation, articles and the legal form, its
/// words sorted. Empty if nothing is left.
///
/// What is kept is kept on purpose: `of` and `for` (the Bank of China is not China Bank), and what stands in brackets, but for the
/// initials of the name and remarks such as `formerly`.
pub fn key(name: &str, data: &Data) -> NameKey {
    let tables = TABLES.get_or_init(|| Tables::of(data));
    let end = name.floor_char_boundary(LONGEST_NAME);
    let composed: String = name[..end].nfkc().collect();
    let (text, mut form) = without_joined_form(narrowed(&composed), data);
    let mut tokens = words_of(&without_remark(text));
    tables.strip(&mut tokens, &mut form);
    let kinds: Vec<Word> = tokens.iter().map(|word| tables.kind(word)).collect();
    let mut sorted = tokens.clone();
    sorted.sort_unstable();
    let heard = text.chars().filter(|c| is_ideograph(*c)).collect();
    NameKey { key: sorted.join(" "), tokens, form, heard, kinds }
}

/// Whether a character stands for a word and not for sounds: those of Unicode's blocks of Han.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// How much a word of a key tells.
pub(super) fn kind_of(word: &str, data: &Data) -> Word {
    TABLES.get_or_init(|| Tables::of(data)).kind(word)
}

/// The keys of all names of an entry, each with the place of its name. Names of which nothing is left have none.
pub fn keys_of(party: &ListedParty, data: &Data) -> Vec<(u32, NameKey)> {
    let keys = (0u32..).zip(&party.names).map(|(at, name)| (at, key(&name.name, data)));
    keys.filter(|(_, key)| !key.tokens.is_empty()).collect()
}

/// Whether a name has a legal form or a word that organisations have. Some lists name persons and organisations without telling which.
pub fn looks_like_organisation(name: &str, data: &Data) -> bool {
    let key = key(name, data);
    let formed = key.form.is_some_and(|form| !ALSO_PERSONS.contains(&form));
    formed || key.tokens.iter().any(|word| is_of_organisations(word))
}

static TABLES: OnceLock<Tables> = OnceLock::new();

/// Legal forms and names of countries as words of a key. They are the same in every [`Data`]: a policy adds none.
struct Tables {
    /// By the last word: the words of the form, the longest form first.
    at_end: BTreeMap<String, Vec<Spelling>>,
    /// By the first word.
    at_start: BTreeMap<String, Vec<Spelling>>,
    places: BTreeSet<String>,
}

type Spelling = (Vec<String>, &'static str);

impl Tables {
    fn of(data: &Data) -> Self {
        let mut spellings: BTreeSet<Spelling> = BTreeSet::new();
        for form in data.tables.legal_forms.iter().filter(|form| !PART_OF_NAME.contains(&form.id)) {
            spellings.extend(form.names.iter().map(|name| (words_of(name), form.id)));
        }
        spellings.extend(WRITTEN_OUT.iter().map(|(words, id)| (words_of(words), *id)));
        let (mut at_end, mut at_start): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = Default::default();
        for (words, id) in spellings {
            let (Some(first), Some(last)) = (words.first().cloned(), words.last().cloned()) else { continue };
            let written_out = words.len() > 1 && WRITTEN_OUT.iter().any(|(_, known)| *known == id);
            if written_out || LEADING.contains(&id) {
                at_start.entry(first).or_default().push((words.clone(), id));
            }
            at_end.entry(last).or_default().push((words, id));
        }
        for spellings in at_end.values_mut().chain(at_start.values_mut()) {
            spellings.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        let countries = data.tables.countries.iter();
        let names = countries.flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()));
        let places = names.map(words_of).filter(|words| words.len() == 1).flatten().collect();
        Self { at_end, at_start, places }
    }

    /// Splits forms off, as long as words are left; the first one found is kept in mind.
    ///
    /// A short one in front is part of the name where another form stands at the end (`Too Good GmbH`, `AT Kearney Inc`), and where
    /// nothing but a letter would be left of it (`AT&T`).
    fn strip(&self, tokens: &mut Vec<String>, form: &mut Option<&'static str>) {
        let mut at_end = *form;
        for _ in 0..STACKED {
            let spellings = tokens.last().and_then(|last| self.at_end.get(last)).into_iter().flatten();
            let end = longest(spellings, |words| words.len() < tokens.len() && tokens.ends_with(words));
            if let Some((words, id)) = end {
                tokens.truncate(tokens.len() - words);
                form.get_or_insert(id);
                at_end.get_or_insert(id);
                continue;
            }
            let spellings = tokens.first().and_then(|first| self.at_start.get(first)).into_iter().flatten();
            let start = longest(spellings, |words| words.len() < tokens.len() && tokens.starts_with(words));
            let Some((words, id)) = start else { break };
            let (leading, rest) = tokens.split_at(words);
            let of_name = at_end.is_some_and(|found| found != id) || rest.iter().all(|word| word.len() < 2);
            if of_name && is_short_leading(leading) {
                break;
            }
            tokens.drain(..words);
            form.get_or_insert(id);
        }
    }

    fn kind(&self, word: &str) -> Word {
        match word {
            _ if is_joining(word) => Word::Joining,
            _ if is_number(word) => Word::Number,
            _ if is_generic(word) => Word::Generic,
            _ if self.places.contains(word) => Word::Place,
            _ => Word::Telling,
        }
    }
}

/// The longest spelling that fits: how many words it has, and its form.
fn longest<'a>(
    spellings: impl Iterator<Item = &'a Spelling>,
    fits: impl Fn(&[String]) -> bool,
) -> Option<(usize, &'static str)> {
    spellings.into_iter().find(|(words, _)| fits(words)).map(|(words, id)| (words.len(), *id))
}

/// The name before what widens it.
fn narrowed(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let end = WIDENED.iter().filter_map(|phrase| lower.find(phrase)).filter(|at| *at > 0).min();
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

/// Splits off a form that is written without a space, as in Chinese, Japanese and Korean.
fn without_joined_form<'n>(name: &'n str, data: &Data) -> (&'n str, Option<&'static str>) {
    if !name.chars().any(|c| c >= FIRST_WITHOUT_SPACES) {
        return (name, None);
    }
    match copyright::legal_form(name, &data.tables.legal_forms) {
        Some((at, stem)) if !stem.is_empty() => (stem, data.tables.legal_forms.get(at).map(|form| form.id)),
        _ => (name, None),
    }
}

/// Leaves brackets out that hold the initials of the words before them, or a remark.
fn without_remark(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(open) = rest.find('(') {
        let (before, bracket) = rest.split_at(open);
        kept.push_str(before);
        let Some(close) = bracket.find(')') else {
            rest = bracket;
            break;
        };
        let (inner, after) = (&bracket[1..close], &bracket[close + 1..]);
        kept.push(' ');
        let words = words_of(inner);
        let remark = words.first().is_some_and(|first| REMARKS.contains(&first.as_str()));
        if !remark && !are_initials(&words, &words_of(&kept)) {
            kept.push_str(inner);
            kept.push(' ');
        }
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// Whether a word (numbers aside) consists of first letters of other words, in their order.
fn are_initials(words: &[String], of: &[String]) -> bool {
    let mut letters = words.iter().filter(|word| !is_number(word));
    let (Some(word), None) = (letters.next(), letters.next()) else { return false };
    let mut initials = of.iter().filter_map(|word| word.chars().next());
    (2..=10).contains(&word.len()) && word.chars().all(|letter| initials.any(|initial| initial == letter))
}

/// The words of a text: plain lower-case letters and digits. Dots between single letters are dropped, single letters that follow each
/// other are one word, `and` and `the` are left out.
fn words_of(text: &str) -> Vec<String> {
    let lower = text.to_lowercase().replace('&', " and ");
    let plain = any_ascii(&lower).to_ascii_lowercase();
    let mut words: Vec<String> = Vec::new();
    let mut single = false;
    for word in plain.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '\'' | '`' | '.'))) {
        for part in parts_of(word) {
            let letter = part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
            let joined = letter && single;
            single = letter;
            let full = words.len() >= MOST_WORDS;
            match words.last_mut() {
                Some(last) if joined => last.push_str(&part),
                _ if full => break,
                _ => words.push(part),
            }
        }
    }
    words.retain(|word| !matches!(word.as_str(), "and" | "the"));
    words
}

/// A word at its dots, but for those after a single letter: `s.r.o.` is one word, `st.example` two.
fn parts_of(word: &str) -> Vec<String> {
    let bare: String = word.chars().filter(|c| !matches!(c, '\'' | '`')).collect();
    let pieces: Vec<&str> = bare.split('.').filter(|piece| !piece.is_empty()).collect();
    if pieces.len() > 1 && pieces.iter().all(|piece| piece.len() == 1) {
        return vec![pieces.concat()];
    }
    pieces.into_iter().map(|piece| piece[..piece.len().min(LONGEST_WORD)].to_owned()).collect()
}
