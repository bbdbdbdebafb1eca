//! A statement taken apart into the names it holds.

use super::form::{is_form, split_form};
use super::holder::is_organisation_word;
use super::line::after_years;

/// Where the names end and other text starts.
const MARKERS: [&str; 54] = [
    "all rights reserved",
    "all right reserved",
    "all rights are",
    "some rights reserved",
    "rights reserved",
    "alle rechte",
    "permission is",
    "permission to",
    "permissions",
    "licensed",
    "license:",
    "licence:",
    "released under",
    "released to",
    "distributed under",
    "published under",
    "available under",
    "this software",
    "this program",
    "this file",
    "this project",
    "this work",
    "this library",
    "this code",
    "this product",
    "this material",
    "redistribution and",
    "redistributions",
    "see ",
    "under the",
    "under license",
    "et al",
    "with reserved font",
    "spdx-license",
    "dual-licensed",
    "subject to",
    "the mit license",
    "the above",
    "everyone is",
    "for more",
    "use of ",
    "unless ",
    "for details",
    "in addition",
    "portions ",
    "created by",
    "written by",
    "developed by",
    "contact ",
    "with many ",
    "some parts",
    "as noted",
    "listed in",
    "which ",
];

/// Words that stand for a new name on their right.
const BETWEEN: [&str; 12] = [
    "and/or",
    "and",
    "und",
    "or",
    "on behalf of",
    "with contributions by",
    "with contributions from",
    "|",
    "& the",
    "& other",
    "& others",
    "& contributors",
];

/// The names in a statement, as they stand, in order. Those of templates (`<owner>`, `[fullname]`) are gone.
pub(super) fn pieces(statement: &str) -> Vec<String> {
    let plain = without_groups(statement);
    let names = plain.get(..end_of_names(&plain)).unwrap_or_default();
    let raw = joined(names, cut(names));
    let mut found = Vec::new();
    let mut in_address = false;
    for piece in raw {
        let text = piece.text(names);
        in_address = piece.after_comma && (in_address || is_address(text));
        if in_address && split_form(text).is_none() {
            continue;
        }
        in_address = false;
        if let Some(parent) = parent_company(text) {
            found.push(parent.to_owned());
        } else if !(text.is_empty() || piece.after_comma && is_remark(text)) {
            found.extend(members(text).map(str::to_owned));
        }
    }
    found
}

/// Parts a person from the group named beside them: `Jane Example & Example Contributors`.
fn members(text: &str) -> impl Iterator<Item = &str> {
    let group = ["authors", "contributors", "developers", "maintainers", "team"];
    let last = text.trim_end_matches('.').rsplit(' ').next().unwrap_or_default();
    let separator = if group.iter().any(|word| last.eq_ignore_ascii_case(word)) { " & " } else { "\n" };
    text.split(separator)
}

/// A name between separators.
#[derive(Clone, Copy)]
struct Piece {
    start: usize,
    end: usize,
    /// A comma stands before it, not "and" or a year.
    after_comma: bool,
    /// "and" stands before it.
    after_and: bool,
}

impl Piece {
    fn text<'n>(&self, names: &'n str) -> &'n str {
        names
            .get(self.start..self.end)
            .unwrap_or_default()
            .trim_matches(|c: char| c.is_whitespace() || c == ',' || c == ';')
    }
}

/// Takes out bracketed groups, addresses and entities. Round brackets stay where a company name goes on behind them:
/// `Example (Shenzhen) Co., Ltd.`
fn without_groups(statement: &str) -> String {
    let statement = statement
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace(['`', '®', '™'], "");
    let mut plain = String::with_capacity(statement.len());
    let mut rest = statement.as_str();
    while let Some(open) = rest.find(['<', '(', '[', '{', '（']) {
        let (before, group) = rest.split_at_checked(open).unwrap_or((rest, ""));
        plain.push_str(before);
        let Some(first) = group.chars().next() else { break };
        let close = closing(first);
        let Some(at) = group.find(close) else {
            // An opening bracket without an end: what follows is no name.
            rest = "";
            break;
        };
        let inner = group.get(first.len_utf8()..at).unwrap_or_default();
        rest = group.get(at + close.len_utf8()..).unwrap_or_default();
        push_group(&mut plain, first, inner, rest);
    }
    plain.push_str(rest);
    let words = plain.split_whitespace().filter(|word| !is_address_word(word));
    words.collect::<Vec<_>>().join(" ")
}

fn closing(open: char) -> char {
    match open {
        '<' => '>',
        '[' => ']',
        '{' => '}',
        '（' => '）',
        _ => ')',
    }
}

fn push_group(plain: &mut String, open: char, inner: &str, rest: &str) {
    let stays = match open {
        '[' => rest.starts_with('(') || is_filled_in(inner),
        '(' | '（' => inner.trim() == "publ" || goes_on(inner, rest),
        _ => false,
    };
    match (inner.trim(), open) {
        ("株" | "有", '(' | '（') => plain.push_str("株式会社"),
        ("주", '(' | '（') => plain.push_str("주식회사"),
        (_, '[') if stays => plain.push_str(inner),
        _ if stays => {
            plain.push(open);
            plain.push_str(inner);
            plain.push(closing(open));
        }
        _ => plain.push(' '),
    }
}

/// Whether the square brackets of a template were left round a real name or year: `[2019] [Example GmbH]`.
fn is_filled_in(inner: &str) -> bool {
    let lower = inner.to_ascii_lowercase();
    let template =
        ["name", "owner", "holder", "year", "author", "company", "yyyy"].iter().any(|word| lower.contains(word));
    let name = inner.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase()) && inner.contains(' ');
    !template && (name || after_years(inner).is_some())
}

/// Whether a bracketed group is in the middle of a company's name.
fn goes_on(inner: &str, rest: &str) -> bool {
    let legal = inner.eq_ignore_ascii_case("haftungsbeschränkt") || inner.eq_ignore_ascii_case("haftungsbeschraenkt");
    let words = inner.split_whitespace().count();
    let upper = inner.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    let first = rest.split_whitespace().next().unwrap_or_default();
    let follows = rest.starts_with(|c: char| c == ' ' || c >= '\u{2E80}');
    let name_follows = first.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    legal || (upper && (1..=3).contains(&words) && follows && name_follows && !inner.contains(['@', '/', ':']))
}

fn is_address_word(word: &str) -> bool {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '"' | '\''));
    let domain = |text: &str| text.contains('.') && !text.ends_with('.');
    word.contains("://")
        || word.starts_with("www.")
        || word.starts_with("mailto:")
        || word.split_once('@').is_some_and(|(local, host)| !local.is_empty() && domain(host))
        || word.split_once('/').is_some_and(|(host, _)| {
            domain(host) && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
        })
}

/// The end of the names: the first marker, or the end of a sentence.
fn end_of_names(names: &str) -> usize {
    let lower = names.to_ascii_lowercase();
    let mut start = 0;
    let mut before = "";
    for word in lower.split_inclusive(' ') {
        let here = lower.get(start..).unwrap_or_default();
        if MARKERS.iter().any(|marker| here.starts_with(marker)) || ends_sentence(before, here) {
            return start;
        }
        before = word;
        start += word.len();
    }
    names.len()
}

/// Whether a word with a full stop ends a sentence: not an initial, a legal form or an abbreviation.
fn ends_sentence(before: &str, here: &str) -> bool {
    const ABBREVIATIONS: [&str; 5] = ["corp.", "univ.", "dept.", "prof.", "spol."];
    let word = before.trim_end();
    let Some(stem) = word.strip_suffix('.') else { return false };
    let short = stem.chars().count() < 4 || stem.contains('.') || ABBREVIATIONS.contains(&word);
    !(short || here.trim().is_empty() || is_form(word) || is_form(here.split(' ').next().unwrap_or_default()))
}

/// Cuts at commas, semicolons, "and" and years.
fn cut(names: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut open = Piece { start: 0, end: 0, after_comma: false, after_and: false };
    let mut start = 0;
    let mut close = |open: &mut Piece, end: usize, next: usize, comma: bool, and: bool| {
        open.end = end;
        found.push(*open);
        *open = Piece { start: next, end: next, after_comma: comma, after_and: and };
    };
    for word in names.split_inclusive(' ') {
        let (end, rest) = (start + word.len(), names.get(start..).unwrap_or_default());
        let bare = word.trim();
        let between = BETWEEN.iter().find(|between| {
            rest.get(..between.len()).is_some_and(|head| head.eq_ignore_ascii_case(between))
                && rest.get(between.len()..).is_none_or(|after| after.is_empty() || after.starts_with(' '))
        });
        if start >= open.start {
            let years = after_years(bare.trim_start_matches(['(', ',', '-']));
            if years.is_some_and(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '-'))
                || is_range_sign(bare)
            {
                close(&mut open, start, end, false, false);
            } else if let Some(between) = between {
                let next = (start + between.len() + 1).min(names.len());
                close(&mut open, start, next, false, true);
            } else if bare.ends_with([',', ';', '、', '，']) {
                close(&mut open, end, end, true, false);
            }
        }
        start = end;
    }
    close(&mut open, names.len(), names.len(), false, false);
    found.retain(|piece| piece.start < piece.end);
    found
}

fn is_range_sign(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, '-' | '–' | '—' | '*' | '/' | '~' | ':' | ',' | '+'))
}

/// Joins what belongs together: `Example, Inc.`, `Institute of Standards and Technology`.
fn joined(names: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let text = piece.text(names);
        if text.is_empty() {
            continue;
        }
        let belongs = (piece.after_comma && starts_with_form(text)) || (piece.after_and && is_second_half(text));
        match found.last_mut() {
            Some(last) if belongs && !last.text(names).is_empty() => last.end = piece.end,
            _ => found.push(piece),
        }
    }
    found
}

fn starts_with_form(text: &str) -> bool {
    is_form(text) || is_form(text.split(' ').next().unwrap_or_default()) && text.split(' ').count() < 3
}

/// A generic word alone, or with a legal form, is no name: `Science and Technology`, `Sons and Company, Ltd.`
fn is_second_half(text: &str) -> bool {
    let stem = split_form(text).map_or(text, |(_, stem)| stem);
    let mut words = stem.split(' ').map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.all(is_organisation_word)
}

/// `a Tencent company`: the owner in an apposition.
fn parent_company(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("a ").or_else(|| text.strip_prefix("an "))?;
    let rest = rest.trim_end_matches('.');
    let name = rest.strip_suffix(" company").or_else(|| rest.strip_suffix(" Company"))?;
    name.starts_with(char::is_uppercase).then_some(name)
}

/// A street with its number, a postal code, a box.
fn is_address(text: &str) -> bool {
    text.split(' ').any(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}

/// What may follow a name after a comma and is none.
fn is_remark(text: &str) -> bool {
    const REMARKS: [&str; 12] = ["a", "an", "as", "its", "with", "which", "who", "for", "in", "at", "part", "et"];
    let first = text.split(' ').next().unwrap_or_default();
    REMARKS.contains(&first)
}
