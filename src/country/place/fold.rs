//! A text as the names of the gazetteer are written: letters without case, marks and spaces, cut into words.
//!
//! Names are compared without the spaces between their words, so `Hong Kong`, `HongKong` and `hong-kong` are one name. Where a word ends is
//! kept beside the letters: a name is only ever found from the start of a word to the end of one, so `US` is not found in `RUSSIA`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// What stands between a word and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: the parts of a script that has no spaces, or of a word with an apostrophe.
    None,
    /// A space, a hyphen, a dot.
    Space,
    /// A comma, a bracket, a dash: the next part of an address, or the next place.
    Comma,
    /// A slash between two words without spaces: another place, or a name such as `Europe/Berlin`.
    Slash,
    /// `/`, `|`, `&`, an arrow, a new line: another place.
    Next,
}

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// Letters of a script whose words stand apart.
    Letters,
    /// One character of a script whose words do not.
    Glued,
    /// Digits, or digits with letters: a postal code, a house number.
    Number,
    /// Two letters of a flag.
    Flag,
    /// Something that is no place: an address of the web or of mail, a path, a variable.
    Address,
}

/// A word of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Where its letters are in [`Folded::letters`].
    pub(super) start: u32,
    pub(super) end: u32,
    /// Where it is in the text, in bytes.
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) gap: Gap,
    pub(super) script: Script,
}

/// A text as words of folded letters.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub(super) letters: Vec<u8>,
    pub(super) words: Vec<Word>,
}

impl Word {
    /// Its letters in [`Folded::letters`].
    pub(super) fn letters(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Longest text that is read, in bytes. A location is a line; what is longer is a document, of which the beginning is enough.
pub(super) const LONGEST: usize = 1 << 20;

/// Cuts a text into words and folds their letters.
pub(super) fn fold(text: &str, folded: &mut Folded) {
    folded.letters.clear();
    folded.words.clear();
    let text = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default();
    let marked = text.bytes().any(|byte| matches!(byte, b'@' | b':' | b'$' | b'~' | b'%' | b'/' | b'.' | b'\\'));
    let reader = Reader { folded, gap: Gap::None, open: false, marked };
    if text.is_ascii() { reader.ascii(text) } else { reader.unicode(text) }
}

/// The letters of a name, without anything between them, and how many breaks between words it has.
pub fn key(name: &str) -> (Vec<u8>, usize) {
    let mut folded = Folded::default();
    fold(name, &mut folded);
    let breaks = folded.words.iter().skip(1).filter(|word| word.gap != Gap::None).count();
    (folded.letters, breaks)
}

/// Longest path or address that is looked at in one piece, in bytes, so that the time stays linear in the text.
const LONGEST_ADDRESS: usize = 256;

struct Reader<'a> {
    folded: &'a mut Folded,
    gap: Gap,
    open: bool,
    /// Whether the text has a character that a path or an address has.
    marked: bool,
}

impl Reader<'_> {
    fn ascii(mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() {
                if !self.open
                    && self.marked
                    && let Some(end) = address(text, at)
                {
                    self.address(at, end);
                    at = end;
                    continue;
                }
                self.push(byte.to_ascii_lowercase(), at, at + 1);
                at += 1;
                continue;
            }
            if self.marked
                && let Some(end) = address(text, at)
            {
                self.address(at, end);
                at = end;
                continue;
            }
            self.between(char::from(byte), text, at);
            at += 1;
        }
    }

    fn unicode(mut self, text: &str) {
        let mut chars = text.char_indices().peekable();
        let mut skip = 0;
        while let Some((at, char)) = chars.next() {
            if at < skip {
                continue;
            }
            if self.marked
                && !(self.open && char.is_alphanumeric())
                && let Some(end) = address(text, at)
            {
                self.address(at, end);
                skip = end;
                continue;
            }
            let end = at + char.len_utf8();
            if let Some(letter) = flag_letter(char) {
                let next = chars.peek().and_then(|&(_, next)| flag_letter(next));
                if let Some(second) = next {
                    chars.next();
                    self.flag(&[letter, second], at, end + 4);
                }
                continue;
            }
            if char == '\u{1f3f4}' {
                skip = self.nation_flag(text, at);
                continue;
            }
            if char.is_ascii() {
                if char.is_ascii_alphanumeric() {
                    self.push(char.to_ascii_lowercase() as u8, at, end);
                } else {
                    self.between(char, text, at);
                }
                continue;
            }
            self.letter(char, text, at);
        }
    }

    /// A character beyond ASCII: its letters without marks, or what it stands for between words.
    fn letter(&mut self, char: char, text: &str, at: usize) {
        let end = at + char.len_utf8();
        let mut any = false;
        decompose_compatible(char, |part| {
            for part in part.to_lowercase().flat_map(|lower| std::iter::once(lower).nfkd()) {
                if is_mark(part) || is_silent(part) {
                    any = true;
                    continue;
                }
                if !part.is_alphanumeric() && !is_glued(part) && !is_vowel_sign(part) {
                    continue;
                }
                any = true;
                if let Some(latin) = latin(part) {
                    latin.bytes().for_each(|byte| self.push(byte, at, end));
                    continue;
                }
                if part.is_ascii() {
                    self.push(part as u8, at, end);
                    continue;
                }
                let mut bytes = [0; 4];
                let glued = is_glued(char);
                for (index, byte) in part.encode_utf8(&mut bytes).bytes().enumerate() {
                    if glued && index == 0 && !is_jamo_tail(part) {
                        self.close_glued();
                    }
                    self.push_as(byte, at, end, if glued { Script::Glued } else { Script::Letters });
                }
            }
        });
        if !any {
            self.between(char, text, at);
        }
    }

    fn push(&mut self, byte: u8, from: usize, to: usize) {
        let script = if byte.is_ascii_digit() { Script::Number } else { Script::Letters };
        self.push_as(byte, from, to, script);
    }

    fn push_as(&mut self, byte: u8, from: usize, to: usize, script: Script) {
        let at = narrow(self.folded.letters.len());
        self.folded.letters.push(byte);
        match self.folded.words.last_mut() {
            Some(word) if self.open && (word.script == Script::Glued) == (script == Script::Glued) => {
                word.end = at + 1;
                word.to = narrow(to);
                if script == Script::Number {
                    word.script = Script::Number;
                }
            }
            _ => {
                let gap = if self.open { Gap::None } else { self.gap };
                let word = Word { start: at, end: at + 1, from: narrow(from), to: narrow(to), gap, script };
                self.folded.words.push(word);
            }
        }
        self.open = true;
        self.gap = Gap::None;
    }

    /// Each character of a script without spaces is a word of its own.
    fn close_glued(&mut self) {
        if self.open {
            self.open = false;
            self.gap = Gap::None;
        }
    }

    fn flag(&mut self, letters: &[u8], from: usize, to: usize) {
        self.open = false;
        let at = narrow(self.folded.letters.len());
        self.folded.letters.extend_from_slice(letters);
        let end = narrow(self.folded.letters.len());
        let gap = self.gap.max(Gap::Space);
        let word = Word { start: at, end, from: narrow(from), to: narrow(to), gap, script: Script::Flag };
        self.folded.words.push(word);
        self.gap = Gap::Space;
    }

    /// A black flag followed by the tag letters of a nation, such as `gbsct`.
    fn nation_flag(&mut self, text: &str, at: usize) -> usize {
        let mut letters = [0; 8];
        let mut count = 0;
        let mut end = at + 4;
        for char in text.get(end..).unwrap_or_default().chars() {
            match u32::from(char) {
                tag @ 0xe0061..=0xe007a if count < letters.len() => {
                    letters[count] = u8::try_from(tag - 0xe0000).unwrap_or_default();
                    count += 1;
                }
                0xe007f => {
                    end += char.len_utf8();
                    break;
                }
                _ => break,
            }
            end += char.len_utf8();
        }
        if count >= 4 {
            self.flag(&letters[..2], at, end);
        }
        end
    }

    fn address(&mut self, from: usize, to: usize) {
        self.open = false;
        let at = narrow(self.folded.letters.len());
        let gap = self.gap.max(Gap::Space);
        let word = Word { start: at, end: at, from: narrow(from), to: narrow(to), gap, script: Script::Address };
        self.folded.words.push(word);
        self.gap = Gap::Space;
    }

    /// A character between words.
    fn between(&mut self, char: char, text: &str, at: usize) {
        let gap = match char {
            '\'' | '\u{2019}' | '\u{2018}' | '\u{2bb}' | '\u{2bc}' | '`' | '\u{b4}'
                if self.open && inside(text, at, char) =>
            {
                return;
            }
            '.' if self.open => match self.dot(text, at) {
                Some(gap) => gap,
                None => return,
            },
            ',' | ';' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | ':' | '!' | '?' | '@' | '"' | '#' | '*' | '~'
            | '=' | '\u{3001}' | '\u{ff0c}' | '\u{61b}' | '\u{60c}' | '\u{ff1b}' | '\u{3002}' | '\u{ff08}'
            | '\u{ff09}' | '\u{ff1a}' | '\u{fe63}' | '\u{2013}' | '\u{2014}' | '\u{2015}' => Gap::Comma,
            '-' if !inside(text, at, char) => Gap::Comma,
            '/' if inside(text, at, char) => Gap::Slash,
            '/'
            | '|'
            | '&'
            | '+'
            | '>'
            | '\n'
            | '\r'
            | '\\'
            | '\u{b7}'
            | '\u{2022}'
            | '\u{d7}'
            | '\u{ff0f}'
            | '\u{ff5c}'
            | '\u{30fb}'
            | '\u{2190}'..='\u{21ff}'
            | '\u{27f0}'..='\u{27ff}'
            | '\u{2900}'..='\u{297f}'
            | '\u{2b00}'..='\u{2b11}'
            | '\u{2794}'..='\u{27bf}' => Gap::Next,
            _ => Gap::Space,
        };
        self.open = false;
        self.gap = self.gap.max(gap);
    }

    /// A dot after a letter: inside an abbreviation it joins, at the end of a word it may end a part of the text.
    fn dot(&self, text: &str, at: usize) -> Option<Gap> {
        let word = self.folded.words.last()?;
        let next = text[at + 1..].chars().next();
        let long = word.end - word.start > 3;
        match next {
            Some(next) if next.is_alphanumeric() && word.end - word.start <= 2 => None,
            Some(next) if next.is_whitespace() && long => Some(Gap::Comma),
            Some(next) if next.is_alphanumeric() => Some(if long { Gap::Comma } else { Gap::Space }),
            _ => Some(Gap::Space),
        }
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Whether letters stand directly on both sides.
fn inside(text: &str, at: usize, char: char) -> bool {
    let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
    before && text[at + char.len_utf8()..].chars().next().is_some_and(char::is_alphanumeric)
}

/// The end of something at this place that is no name: a path, a variable, an address of the web or of mail.
fn address(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at..];
    let starts = at == 0
        || text.as_bytes()[at - 1].is_ascii_whitespace()
        || matches!(text.as_bytes()[at - 1], b'(' | b'<' | b'[' | b'"');
    if !starts {
        return None;
    }
    let first = *rest.first()?;
    let rest = &rest[..rest.len().min(LONGEST_ADDRESS)];
    let length = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    let token = &rest[..length];
    let path = match first {
        b'/' => token.len() > 1 && token[1].is_ascii_alphanumeric(),
        b'$' | b'%' | b'~' | b'@' => token.len() > 1 || first == b'~',
        b'.' => token.get(1).is_some_and(|&next| matches!(next, b'.' | b'/') || next.is_ascii_alphanumeric()),
        _ => false,
    };
    (path || is_address(token)).then_some(at + length)
}

fn is_address(token: &[u8]) -> bool {
    if token.len() < 4 || !token.is_ascii() {
        return token.windows(3).any(|part| part == b"://");
    }
    let mut dots = token.windows(3).filter(|part| part[1] == b'.');
    token.windows(3).any(|part| part == b"://")
        || token.starts_with(b"www.")
        || token
            .windows(3)
            .any(|part| part[1] == b'@' && part[0].is_ascii_alphanumeric() && part[2].is_ascii_alphanumeric())
        || (token[0].is_ascii_alphabetic() && token.get(1) == Some(&b':') && token.get(2) == Some(&b'\\'))
        || token.windows(2).any(|part| part == b"::")
        || (dots.all(|part| part[0].is_ascii_alphanumeric() && part[2].is_ascii_alphanumeric()) && is_host(token))
}

/// Endings of the web that are no abbreviation after a name.
const ENDINGS: [&[u8]; 12] =
    [b"com", b"org", b"net", b"dev", b"io", b"app", b"me", b"xyz", b"edu", b"info", b"rs", b"sh"];

/// A host name: parts of two letters and more before an ending of the web that is not read as an abbreviation.
fn is_host(token: &[u8]) -> bool {
    let host = token.split(|&byte| byte == b'/').next().unwrap_or_default();
    let Some(dot) = host.iter().rposition(|&byte| byte == b'.') else { return false };
    let ending = &host[dot + 1..];
    let numbers = host.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.' || *byte == b':');
    (numbers && host.split(|&byte| byte == b'.').count() == 4)
        || (dot > 1 && ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

fn flag_letter(char: char) -> Option<u8> {
    let offset = u32::from(char).checked_sub(0x1f1e6).filter(|&offset| offset < 26)?;
    u8::try_from(offset).ok().map(|offset| b'a' + offset)
}

/// Marks that are left out: of Latin, Greek, Cyrillic, Hebrew and Arabic; voicing of kana is among them on both sides.
fn is_mark(char: char) -> bool {
    matches!(u32::from(char), 0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5c7 | 0x610..=0x61a | 0x64b..=0x65f | 0x670 | 0x6d6..=0x6ed | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff | 0x3099..=0x309a | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f)
}

/// Characters that are written or not without changing a name: joiners, soft hyphens, the tatweel, modifier letters.
fn is_silent(char: char) -> bool {
    matches!(u32::from(char), 0xad | 0x640 | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2064 | 0xfeff | 0x2b0..=0x2ff)
}

fn is_vowel_sign(char: char) -> bool {
    matches!(u32::from(char), 0x900..=0xdff | 0xe31..=0xe4e | 0xeb1..=0xebc | 0xf71..=0xfbc | 0x102b..=0x103e | 0x17b4..=0x17d3)
}

/// Scripts whose words are written without spaces, and Hangul, whose words carry endings.
fn is_glued(char: char) -> bool {
    matches!(u32::from(char), 0x0e00..=0x0eff | 0x1000..=0x109f | 0x1100..=0x11ff | 0x1780..=0x17ff | 0x2e80..=0x2fdf | 0x3005..=0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

/// Vowels and endings of a Hangul syllable that has been taken apart, and vowels of other scripts that no word starts with.
fn is_jamo_tail(char: char) -> bool {
    matches!(u32::from(char), 0x1160..=0x11ff | 0xe31..=0xe3a | 0xe45..=0xe4e | 0xeb1..=0xebc | 0x102b..=0x103e | 0x17b4..=0x17d3)
}

/// Letters that do not come apart into a Latin letter and a mark.
fn latin(char: char) -> Option<&'static str> {
    Some(match char {
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'æ' => "ae",
        'œ' => "oe",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        'ə' => "e",
        'ς' => "σ",
        _ => return None,
    })
}
