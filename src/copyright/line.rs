//! Copyright statements in a text: where they start, how far they go.
//!
//! Licence texts are full of the word "copyright". A statement is told from boilerplate by what follows: a year, a mark (`©`,
//! `(c)`), or, at the start of a line, a capital.

use std::collections::BTreeSet;

use super::Holder;
use super::form::{is_form, split_form};
use super::holder::{classify, is_organisation_word};
use super::split::pieces;

/// Holders reported of one text; a list of third parties may have thousands, and says nothing about the package.
const MAX_HOLDERS: usize = 256;

/// Lines that one statement may go on for, and bytes it may have.
const MAX_LINES: usize = 16;
const MAX_BYTES: usize = 1200;

/// Bytes that years and marks may take before the names.
const MAX_HEAD: usize = 256;

/// How far back the start of a line is looked for.
const MAX_PREFIX: usize = 80;

/// Words at the start of a line in which a new statement shows ("Portions of it copyright").
const STATING_WORDS: usize = 4;

/// After the end of a statement, the bytes in which the copyright of the licence text itself shows.
const VERBATIM_WINDOW: usize = 240;

/// The holders that a text names, each once, in the order of the text.
pub fn holders(text: &str) -> Vec<Holder> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut lines = LineCounter { text, at: 0, line: 1 };
    let mut done = 0;
    for anchor in anchors(text) {
        if anchor.at < done || found.len() >= MAX_HOLDERS {
            continue;
        }
        let Some(body) = body_start(text, anchor) else { continue };
        let (statement, end) = collect(text, body);
        done = end;
        if is_of_the_licence(&statement, text, end) {
            continue;
        }
        let line = lines.line_of(anchor.at);
        for piece in pieces(&statement) {
            let Some((name, kind, form)) = classify(&piece) else { continue };
            if found.len() < MAX_HOLDERS && seen.insert(name.clone()) {
                found.push(Holder { name, line, kind, form });
            }
        }
    }
    found
}

/// A place where a statement may start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Anchor {
    /// The first byte of the sign.
    at: usize,
    /// The first byte after it.
    after: usize,
    /// The word "copyright"; otherwise a mark alone.
    word: bool,
}

/// Counts lines once over the text, however many anchors ask.
struct LineCounter<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn line_of(&mut self, at: usize) -> u32 {
        let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        let breaks: u32 = passed.iter().map(|byte| u32::from(*byte == b'\n')).sum();
        self.line = self.line.saturating_add(breaks);
        self.at = self.at.max(at);
        self.line
    }
}

/// What is looked for in any case; the letter before it is checked afterwards.
const SOUGHT: &[u8; 8] = b"opyright";

/// Horspool's search: by the last byte of the window, how far the window moves; nothing means that it may be a hit. A table and
/// not a `match`, whose branches cannot be foretold.
static SHIFTS: [usize; 256] = shifts();

const fn shifts() -> [usize; 256] {
    let mut shifts = [SOUGHT.len(); 256];
    let mut at = 0;
    while at < SOUGHT.len() {
        let distance = SOUGHT.len() - 1 - at;
        shifts[SOUGHT[at] as usize] = distance;
        shifts[SOUGHT[at].to_ascii_uppercase() as usize] = distance;
        at += 1;
    }
    shifts
}

/// Every place of "opyright", `©`, `(c)` and `&copy;`, in order.
fn anchors(text: &str) -> Vec<Anchor> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(last) = bytes.get(at + SOUGHT.len() - 1) {
        let shift = SHIFTS.get(usize::from(*last)).copied().unwrap_or(1);
        if shift > 0 {
            at += shift;
            continue;
        }
        let after = at + SOUGHT.len();
        let hit = bytes.get(at..after).is_some_and(|window| window.eq_ignore_ascii_case(SOUGHT));
        let capital = at.checked_sub(1).filter(|before| matches!(bytes.get(*before), Some(b'c' | b'C')));
        if let (true, Some(start)) = (hit, capital) {
            found.push(Anchor { at: start, after, word: true });
        }
        at = after;
    }
    marks(bytes, &mut found);
    found.sort_unstable();
    found
}

/// Every `(c)`, `©` and `&copy;`. The bytes that may start one are rare, so whole chunks are passed over at once.
fn marks(bytes: &[u8], found: &mut Vec<Anchor>) {
    const CHUNK: usize = 32;
    for (chunk, start) in bytes.chunks(CHUNK).zip((0..).step_by(CHUNK)) {
        let signs: u8 = chunk.iter().map(|byte| u8::from(matches!(byte, b'(' | b'&' | 0xC2))).sum();
        if signs == 0 {
            continue;
        }
        for (at, byte) in (start..).zip(chunk) {
            let mark: &[u8] = match byte {
                b'(' => b"(c)",
                b'&' => b"&copy;",
                0xC2 => "©".as_bytes(),
                _ => continue,
            };
            let after = at + mark.len();
            if bytes.get(at..after).is_some_and(|met| met.eq_ignore_ascii_case(mark)) {
                found.push(Anchor { at, after, word: false });
            }
        }
    }
}

/// Where the names of the statement start, if there is one at this anchor.
fn body_start(text: &str, anchor: Anchor) -> Option<usize> {
    let end = text.floor_char_boundary(anchor.after + MAX_HEAD);
    let mut rest = text.get(anchor.after..end)?;
    let mut marked = false;
    if anchor.word {
        if let Some(spdx) = rest.strip_prefix("Text:") {
            (rest, marked) = (spdx, true);
        } else if rest.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '-') {
            return None;
        }
    }
    let (body, saw_year, saw_mark) = skip_head(rest);
    marked |= saw_year || (anchor.word && saw_mark);
    if !marked {
        let mark_of_its_own = !anchor.word && text.get(anchor.at..anchor.after) != Some("(c)");
        let word = text.get(anchor.at..anchor.after).is_some_and(|word| word == "Copyright");
        let capital = body.starts_with(|c: char| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()));
        if !(word || mark_of_its_own) || !capital || !starts_line(text, anchor.at) || says_else(body) {
            return None;
        }
    }
    (!is_template(body)).then_some(end - body.len())
}

/// Words between the sign of a statement and its names.
const SKIPPED: [&str; 10] = [
    "copyright",
    "by",
    "to present",
    "later:",
    "from",
    "since",
    "portions",
    "parts",
    "originally written by",
    "originally",
];

/// Skips marks, years and "by" in any order; tells whether a year and whether a mark was among them. It stays on the line.
fn skip_head(mut rest: &str) -> (&str, bool, bool) {
    let (mut year, mut mark) = (false, false);
    loop {
        rest = rest.trim_start_matches(|c: char| c == ' ' || c == '\t' || ":,;-–—*|=\u{a0}\u{feff}_".contains(c));
        if let Some(after) = rest.strip_prefix('.').filter(|after| !after.starts_with(char::is_alphabetic)) {
            rest = after;
            continue;
        }
        let skipped = if let Some(after) = after_mark(rest) {
            mark = true;
            after
        } else if let Some(after) = after_years(rest) {
            year = true;
            after
        } else if let Some(after) = SKIPPED.iter().find_map(|word| after_word(rest, word)) {
            after
        } else {
            return (rest, year, mark);
        };
        rest = skipped;
    }
}

fn after_mark(text: &str) -> Option<&str> {
    const MARKS: [&str; 10] = ["(c)", "©", "&copy;", "&#169;", "&#xa9;", "\\(co", "\u{fffd}", "Â©", "{c}", "[c]"];
    MARKS.iter().find_map(|mark| {
        let head = text.get(..mark.len())?;
        if head.eq_ignore_ascii_case(mark) { text.get(mark.len()..) } else { None }
    })
}

fn after_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    (head.eq_ignore_ascii_case(word) && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')).then_some(rest)
}

/// Skips `2014`, `2014-16`, `2014-present`, `2018+` and `[2014]`.
pub(super) fn after_years(text: &str) -> Option<&str> {
    if let Some(inner) = text.strip_prefix(['[', '{']) {
        return after_years(inner)?.strip_prefix([']', '}']);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (year, mut rest) = text.split_at_checked(digits)?;
    if digits != 4 || !(year.starts_with("19") || year.starts_with("20")) {
        return None;
    }
    let end = rest.trim_start_matches([' ', '\t', '-', '–', '—', '‐', '‑', '−', '/', '~', '+']);
    if end.len() < rest.len() && !rest.starts_with([' ', '\t'])
        || rest.trim_start().starts_with(['-', '–', '—', '/', '~'])
    {
        let more = end.bytes().take_while(u8::is_ascii_digit).count();
        if more == 2 || more == 4 {
            rest = end.get(more..)?;
        } else if let Some(after) = open_end(end) {
            rest = after;
        } else if rest.starts_with('+') {
            rest = rest.get(1..)?;
        }
    }
    (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

fn open_end(text: &str) -> Option<&str> {
    const OPEN: [&str; 10] =
        ["present", "now", "current", "today", "onwards", "onward", "date", "ongoing", "forever", "202x"];
    OPEN.iter().find_map(|word| after_word(text, word))
}

/// Whether nothing stands before this place on its line but a comment leader or "Portions".
fn starts_line(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(MAX_PREFIX));
    let before = text.get(from..at).unwrap_or_default();
    let before = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    let mut words = before.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| {
        ["portions", "parts", "original", "code", "dnl", "rem"].iter().any(|known| word.eq_ignore_ascii_case(known))
    })
}

/// Whether the capital after "Copyright" starts a title and not a name.
fn says_else(body: &str) -> bool {
    const TITLES: [&str; 18] = [
        "license",
        "licence",
        "notice",
        "notices",
        "holder",
        "holders",
        "owner",
        "owners",
        "law",
        "laws",
        "statement",
        "act",
        "and",
        "information",
        "policy",
        "assignment",
        "interest",
        "directive",
    ];
    let word = body.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    TITLES.iter().any(|title| word.eq_ignore_ascii_case(title))
}

/// Whether a year to be filled in stands where the names should: `YYYY, name of author`.
fn is_template(body: &str) -> bool {
    let word = body.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["year", "yyyy", "19xx", "20xx", "19yy", "20yy"].iter().any(|known| word.eq_ignore_ascii_case(known))
        || body.starts_with("4-digit")
}

/// The statement from where its names start, with the lines it goes on for, and where it ends in the text.
fn collect(text: &str, body: usize) -> (String, usize) {
    let limit = text.floor_char_boundary(body + MAX_BYTES);
    let window = text.get(body..limit).unwrap_or_default();
    let mut statement = String::new();
    let mut end = body;
    for (at, line) in window.split_inclusive('\n').take(MAX_LINES).enumerate() {
        let content = without_leader(line);
        if at > 0 {
            if !goes_on(&statement, content) {
                break;
            }
            statement.push(' ');
        }
        statement.push_str(content);
        end += line.len();
    }
    (statement, end)
}

/// Takes the comment leader and trailer off a line.
fn without_leader(line: &str) -> &str {
    let line =
        line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '*' | '#' | ';' | '%' | '!' | '|' | '>'));
    line.strip_suffix("--").unwrap_or(line).trim_start_matches("- ").trim_end()
}

/// Whether a statement goes on in the next line.
fn goes_on(statement: &str, next: &str) -> bool {
    const OPEN: [&str; 9] = ["and", "und", "of", "the", "by", "for", "from", "at", "&"];
    let states = next.split(' ').take(STATING_WORDS).any(|word| after_word(word, "copyright").is_some());
    if next.is_empty() || states || after_mark(next).is_some() {
        return false;
    }
    let (_, is_year, _) = skip_head(next);
    let last = statement.rsplit(char::is_whitespace).next().unwrap_or_default();
    let first = next.split(char::is_whitespace).next().unwrap_or_default();
    statement.is_empty()
        || statement.ends_with(',')
        || OPEN.iter().any(|word| last.eq_ignore_ascii_case(word))
        || is_year
        || (first.len() > 2 && is_form(first))
        || (is_organisation_word(first.trim_end_matches(',')) && split_form(next).is_some())
}

/// Whether this is the copyright of the licence text, not of the work: the GNU licences start so.
fn is_of_the_licence(statement: &str, text: &str, end: usize) -> bool {
    let window = text.get(end..text.floor_char_boundary(end + VERBATIM_WINDOW)).unwrap_or_default();
    let verbatim = |text: &str| text.contains("permitted to copy");
    statement.contains("Free Software Foundation") && (verbatim(window) || verbatim(statement))
}
