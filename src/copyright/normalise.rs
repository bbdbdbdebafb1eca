//! One key for the spellings of an organisation's name.

use super::form::split_form;

/// Legal forms that are part of the name: the Example Stiftung is not Example.
const PART_OF_NAME: [&str; 5] = ["Stiftung", "Stichting", "Fundacja", "Genossenschaft", "Anstalt"];

/// Forms are stacked at most this deep ("Example Co. Inc.").
const STACKED: usize = 2;

/// The key under which a name is looked up: lower case, without the leading article, the legal form, quotes, punctuation and a
/// remark in brackets at the end. `The Example Company, Inc.` and `example company` have the same key.
///
/// It is for equality and nothing else: no two names are alike because their keys are near each other.
pub fn normalise(name: &str) -> String {
    let mut name = name.trim();
    for _ in 0..STACKED {
        match split_form(name) {
            Some((form, stem)) if !PART_OF_NAME.contains(&form) => name = stem,
            _ => break,
        }
    }
    let key = fold(without_remark(name));
    match key.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => key,
    }
}

/// Cuts one bracketed remark off the end, where something stands before it.
fn without_remark(name: &str) -> &str {
    let name = name.trim_end();
    let Some(open) = name.strip_suffix([')', '）']).and_then(|inner| inner.rfind(['(', '（'])) else { return name };
    match name.get(..open).map(str::trim_end) {
        Some(before) if before.contains(char::is_alphanumeric) => before,
        _ => name,
    }
}

/// Lower case; letters and digits kept, with `+` and `#` after them ("C++"); dots and quotes dropped; `&` spelt out; the rest is space.
fn fold(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut gap = false;
    let push = |text: &mut dyn Iterator<Item = char>, key: &mut String, gap: &mut bool| {
        if *gap && !key.is_empty() {
            key.push(' ');
        }
        *gap = false;
        key.extend(text);
    };
    for c in name.chars() {
        match c {
            _ if c.is_alphanumeric() => push(&mut c.to_lowercase(), &mut key, &mut gap),
            '+' | '#' if !gap && !key.is_empty() => key.push(c),
            '&' => {
                gap = true;
                push(&mut "and".chars(), &mut key, &mut gap);
                gap = true;
            }
            '.' | '\'' | '’' | '"' | '“' | '”' | '`' | '«' | '»' | '\u{0300}'..='\u{036F}' => {}
            _ => gap = true,
        }
    }
    key
}
