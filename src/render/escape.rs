//! Foreign text, made harmless for a medium.

use std::fmt::Write;

use crate::report::{Untrusted, is_harmful};

/// Longer texts are cut: a name of a megabyte is nobody's name.
const MAX_CHARS: usize = 200;

/// For a terminal: no control character, no change of direction, nothing invisible; one line; cut where it is absurdly long.
pub(super) fn terminal(text: &Untrusted) -> String {
    no_command(&plain(text.raw(), MAX_CHARS))
}

/// Two colons or hashes are a command to some build servers, and a cell can start a line wherever it is broken.
fn no_command(text: &str) -> String {
    text.replace("::", ":\\u{3a}").replace("##", "#\\u{23}")
}

/// Like `terminal`, for texts that were put together here around foreign parts, and kept whole.
pub(super) fn terminal_long(text: &str) -> String {
    no_command(&plain(text, usize::MAX))
}

/// For a diagnostic of several lines: like `terminal`, but line breaks stay.
pub fn diagnostic(text: &str) -> String {
    let lines = text.split('\n').map(|line| no_command(&plain(line.trim_end_matches('\r'), usize::MAX)));
    lines.collect::<Vec<_>>().join("\n")
}

/// For a cell or a sentence of GitHub-flavoured Markdown: nothing becomes markup, a link, a mention or another cell.
pub(super) fn markdown(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text, MAX_CHARS * 5).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A name must not call anybody: mentions are looked for after entities are read, and end at a space without width.
            '@' => out.push_str("@&#8203;"),
            ':' => out.push_str("&#58;"),
            _ => out.push(c),
        }
    }
    // What starts so is made a link without being asked.
    out.replace("www.", "www&#46;").replace("WWW.", "WWW&#46;")
}

/// For a spreadsheet: a cell never starts a formula, nor a line a command to a build server. Quoting is for the CSV writer.
pub(super) fn csv(text: &str) -> String {
    let text = plain(text, usize::MAX);
    if text.starts_with(['=', '+', '-', '@', ':', '\t', '\r']) { format!("'{text}") } else { text }
}

/// For the text of a workflow command of GitHub Actions: line breaks are kept as `%0A`.
pub(super) fn workflow_data(text: &str) -> String {
    text.split('\n').map(|line| plain(line, usize::MAX).replace('%', "%25")).collect::<Vec<_>>().join("%0A")
}

/// For a property of a workflow command: `:` and `,` end it.
pub(super) fn workflow_property(text: &str) -> String {
    plain(text, usize::MAX).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

/// For the text of XML, line breaks kept: XML 1.0 has no way to write a control character, so what is left of one is its number. Markup is
/// for the XML writer to escape; a report can also lie open in the log of a build.
pub(super) fn xml(text: &str) -> String {
    diagnostic(text)
}

/// For the text of SVG: like `xml`, on one line, with the markup escaped too.
pub(super) fn svg(text: &str) -> String {
    let text = no_command(&plain(text, MAX_CHARS * 5));
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// For a message of SARIF, line breaks kept: braces hold places for arguments and are doubled, and `[text](address)` is a link even in
/// plain text (sections 3.11.5 and 3.11.6).
pub(super) fn sarif(text: &str) -> String {
    diagnostic(text).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

/// For a path in a URI: all but what needs no escape, and the slashes.
pub(super) fn uri_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn plain(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    for (number, c) in text.chars().enumerate() {
        if number == max {
            out.push('\u{2026}');
            break;
        }
        if is_harmful(c) {
            // Writing to a string cannot fail.
            let _infallible = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_of_a_hostile_name_acts() {
        let hostile = Untrusted::from("a\u{1b}[31m\u{202e}b\n|<script>@x");
        assert_eq!(terminal(&hostile), "a\\u{1b}[31m\\u{202e}b\\u{a}|<script>@x");
        assert_eq!(markdown("a|b\n<script>@x [l](u)"), "a\\|b\\\\u\\{a\\}&lt;script&gt;@&#8203;x \\[l\\](u)");
        assert_eq!(csv("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(sarif("[a](https://x.example) {0}\u{1b}"), "[a] (https://x.example) {{0}}\\u{{1b}}");
        assert_eq!(xml("a\u{ffff}\n::error::\u{0}"), "a\\u{ffff}\n:\\u{3a}error:\\u{3a}\\u{0}");
        assert_eq!(uri_path("a b/\u{e9}#?%.lock"), "a%20b/%C3%A9%23%3F%25.lock");
        assert_eq!(terminal(&Untrusted::from("x".repeat(1000))).chars().count(), 201);
    }

    proptest! {
        #[test]
        fn no_control_character_is_let_through(text in any::<String>()) {
            let untrusted = Untrusted::from(text.as_str());
            for shown in [
                terminal(&untrusted),
                markdown(&text),
                csv(&text),
                terminal_long(&text),
                uri_path(&text),
                svg(&text),
            ] {
                prop_assert!(!shown.chars().any(is_harmful));
            }
            for shown in [diagnostic(&text), xml(&text), sarif(&text)] {
                prop_assert!(!shown.chars().any(|c| c != '\n' && is_harmful(c)));
            }
            let uri = uri_path(&text);
            prop_assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)));
        }
    }
}
