//! The layering law: what each module of `src/` may name, which crates stay in one place, and how long a file may be.
//!
//! The test reads the source as tokens. It sees `crate::x`, `use crate::{x, y::{z}}` over any number of lines, `super::super::x`, paths
//! in expressions, types and serde attributes, and `pub use`. It does not see what a macro of another crate writes. Code under
//! `#[cfg(test)]` may name anything.

use std::fs;
use std::ops::Range;
use std::path::Path;

/// What each top-level module may name beside itself. A row names only rows above it, so there is no circle.
const LAYERS: [(&str, &str); 22] = [
    ("date", ""),
    ("country", ""),
    ("copyright", ""),
    ("graph", ""),
    ("data", "date country copyright"),
    ("facts", "date country copyright graph data"),
    ("locate", "date country data facts"),
    // A country is only parsed there: what a manifest declares.
    ("load", "date country graph facts"),
    ("screening", "date country copyright data facts"),
    ("store", "date facts"),
    ("source", "date country copyright graph data facts locate screening store"),
    ("party", "date country copyright graph data facts"),
    ("evidence", "date country copyright graph data facts locate party"),
    ("attribution", "date country graph data facts locate party evidence"),
    ("exposure", "date country graph data facts locate party evidence attribution"),
    ("impact", "date country graph data facts party attribution exposure"),
    ("policy", "date country graph data facts party attribution exposure"),
    // The loaded inventory for its numbers and its mode, nothing that reads.
    ("report", "date country graph data facts load locate party evidence attribution exposure impact policy"),
    ("render", "report"),
    (
        "analysis",
        "date country graph data facts load locate screening store source party evidence attribution exposure impact \
         policy report",
    ),
    (
        "command",
        "date country copyright graph data facts load locate screening store source party exposure impact policy report render analysis",
    ),
    // Of the sources only which services there are and with which tokens: what the environment and the user's files say.
    ("cli", "date country load source policy analysis render command"),
];

/// Crates and parts of the standard library that stay in one place: the path, and where it may stand.
const CONFINED: [(&str, &[&str]); 21] = [
    ("guppy", &["load/"]),
    ("cargo_metadata", &["load/"]),
    ("petgraph", &["graph/"]),
    ("comfy_table", &["render/"]),
    ("indicatif", &["render/"]),
    ("reqwest", &["source/"]),
    ("reqwest_middleware", &["source/"]),
    ("rusqlite", &["store/"]),
    ("rustix", &["source/git/partial.rs"]),
    ("rustls", &["source/"]),
    ("tar", &["source/"]),
    ("tokio", &["source/"]),
    ("zstd", &["store/"]),
    ("quick_junit", &["render/"]),
    ("clap", &["cli/"]),
    ("clap_cargo", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("std::env", &["cli/", "main.rs"]),
    ("std::process::Command", &["load/metadata.rs", "source/git/partial.rs", "source/git/scratch.rs"]),
    ("std::process::exit", &[]),
];

/// Lines in a file of `src/`. Longer files stop being about one thing.
const MAX_LINES: usize = 500;

#[test]
fn the_code_keeps_the_law() {
    let mut files = Vec::new();
    collect(Path::new(&root("src")), "", &mut files);
    assert!(files.len() > 20, "src/ was not read");
    let exempt: Vec<String> = files.iter().flat_map(|(file, text)| test_files(file, text)).collect();
    let found: Vec<String> = files
        .iter()
        .filter(|(file, _)| !exempt.contains(file))
        .flat_map(|(file, text)| violations(file, text))
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_law_has_no_circle_and_misses_no_module() {
    for (at, (module, below)) in LAYERS.iter().enumerate() {
        for name in below.split_whitespace() {
            assert!(LAYERS[..at].iter().any(|row| row.0 == name), "{module} names {name}, which is not above it");
        }
    }
    let library = fs::read_to_string(root("src/lib.rs")).expect("src/lib.rs is there");
    let modules: Vec<&str> =
        library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut law: Vec<&str> = LAYERS.iter().map(|row| row.0).collect();
    law.sort_unstable();
    assert_eq!(law, modules);
    for module in modules {
        assert!(library.contains(&format!("[`{module}`]")), "the table in src/lib.rs does not introduce {module}");
    }
}

/// A name that the root re-exports could be reached from every layer unseen.
#[test]
fn the_root_exports_only_main() {
    let library = fs::read_to_string(root("src/lib.rs")).expect("src/lib.rs is there");
    let code = code_of(&library);
    let tokens = tokens(&code);
    let uses: Vec<usize> = (0..tokens.len()).filter(|at| tokens[*at].text == "use").collect();
    assert_eq!(uses.len(), 1);
    let words: Vec<&str> = tokens[uses[0]..].iter().take(5).map(|token| token.text).collect();
    assert_eq!(words, ["use", "cli", "::", "main", ";"]);
}

#[test]
fn a_re_export_from_below_is_seen() {
    let found = violations("render/json.rs", "//! Docs.\n\npub use crate::exposure::evaluate;\n");
    assert_eq!(
        found,
        [
            "src/render/json.rs:3: render -> exposure (crate::exposure::evaluate); it may name: report",
            "src/render/json.rs:3: render hands on a name of exposure (crate::exposure::evaluate)",
        ]
    );
    // Even where the edge itself is allowed: a third module would reach past its own row.
    let found = violations("report/mod.rs", "pub(crate) use crate::exposure::Grade;\n");
    assert_eq!(found, ["src/report/mod.rs:1: report hands on a name of exposure (crate::exposure::Grade)"]);
}

#[test]
fn a_nested_use_is_seen() {
    let source = "use crate::{\n    country::{CountryCode},\n    render::{\n        Format,\n    },\n};\n";
    let found = violations("exposure/measure.rs", source);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("src/exposure/measure.rs:4: exposure -> render (crate::render::Format)"), "{found:?}");
}

#[test]
fn paths_in_code_are_seen() {
    let seen = |file: &str, source: &str| violations(file, source).len();
    assert_eq!(seen("graph/paths.rs", "fn f() { crate::cli::main() }"), 1);
    assert_eq!(seen("graph/paths.rs", "fn f(x: Vec<crate::party::Party>) {}"), 1);
    assert_eq!(seen("graph/paths.rs", "use super::super::data::Data;"), 1);
    assert_eq!(seen("graph/paths.rs", "mod inner { use super::super::super::{data::Data}; }"), 1);
    assert_eq!(seen("graph/paths.rs", "mod inner { use super::super::{Graph}; use super::x; }"), 0);
    assert_eq!(seen("date.rs", "use super::country::CountryCode;"), 1);
    assert_eq!(seen("date.rs", "use self::inner::X; use super::date::Y; pub use inner::Z;"), 0);
    assert_eq!(seen("facts/mod.rs", "#[serde(with = \"crate::render::escape\")] struct A;"), 1);
    assert_eq!(seen("graph/paths.rs", "use crate::*;"), 1);
    assert_eq!(seen("graph/paths.rs", "use crate as ours;"), 1);
    assert_eq!(seen("graph/paths.rs", "use crate::main;"), 1);
    assert_eq!(
        seen("graph/paths.rs", "pub(crate) fn f(x: impl Fn() -> u8 + use<'_>) { pub(in crate::graph) fn g() {} }"),
        0
    );
}

#[test]
fn comments_strings_and_tests_are_not_code() {
    let source = r##"
        //! Not [`crate::cli`].
        /* nor /* nested */ crate::cli::main() */
        const A: &str = "escaped \" crate::cli::main()";
        const B: &str = r#"raw " crate::cli::main()"#;
        const C: (char, char, &'static str) = ('"', '\'', "crates::cli");
        #[cfg(test)]
        #[expect(unused, reason = "a test")]
        mod tests { fn f() { crate::cli::main(); if true {} } }
        #[cfg(test)]
        use crate::cli;
        fn last<'a>(x: &'a str) { crate::cli::main() }
    "##;
    let found = violations("graph/mod.rs", source);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("src/graph/mod.rs:12:"), "{found:?}");
    assert_eq!(test_files("copyright/mod.rs", "#[cfg(test)]\nmod tests;\nmod form;"), ["copyright/tests.rs"]);
}

#[test]
fn confined_crates_are_seen() {
    let seen = |file: &str, source: &str| violations(file, source).len();
    assert_eq!(seen("report/build.rs", "use petgraph::Direction;"), 1);
    assert_eq!(seen("graph/mod.rs", "use petgraph::Direction; fn f() { petgraph::algo::x(); }"), 0);
    assert_eq!(seen("load/lockfile.rs", "use {guppy::PackageId, petgraph::graph};"), 1);
    assert_eq!(seen("command/explain.rs", "#[derive(clap::Parser)] struct A;"), 1);
    assert_eq!(seen("command/explain.rs", "use ::clap::Parser;"), 1);
    assert_eq!(seen("render/html.rs", "use comfy_table as table;"), 0);
    assert_eq!(seen("report/mod.rs", "use comfy_table as table;"), 1);
    assert_eq!(seen("load/mod.rs", "use std::{fs, env, process::{ExitStatus, Command}};"), 2);
    assert_eq!(seen("load/mod.rs", "use std::process; fn f() { process::Command::new(\"x\"); }"), 1);
    assert_eq!(seen("load/mod.rs", "use std::process::*;"), 2);
    assert_eq!(seen("load/metadata.rs", "use std::process::Command;"), 0);
    assert_eq!(seen("cli/mod.rs", "use std::env; fn f() { std::process::exit(1) }"), 1);
}

#[test]
fn a_long_file_is_seen() {
    assert!(violations("graph/mod.rs", &"\n".repeat(MAX_LINES)).is_empty());
    let found = violations("graph/mod.rs", &"\n".repeat(MAX_LINES + 1));
    assert_eq!(found, ["src/graph/mod.rs:501: the file has 501 lines; the limit is 500"]);
}

/// Everything in a file, given relative to `src/`, that is against the law.
fn violations(file: &str, source: &str) -> Vec<String> {
    let code = code_of(source);
    let tokens = without_tests(&tokens(&code));
    let module = module_of(file);
    let mut found = Vec::new();
    for named in names(&tokens, &module) {
        let here = format!("src/{file}:{}", named.line);
        let shown = named.path.join("::");
        if named.path[0] != "crate" {
            let broken = CONFINED.iter().filter(|(what, places)| {
                is_confined(&named.path, what) && !places.iter().any(|place| file.starts_with(place))
            });
            found.extend(broken.map(|(what, places)| format!("{here}: {what} ({shown}) stands only in {places:?}")));
            continue;
        }
        let (Some(own), target) = (module.first(), named.path.get(1).map_or("crate", String::as_str)) else { continue };
        if target == own {
            continue;
        }
        let below = LAYERS.iter().find(|row| row.0 == own).map_or("", |row| row.1);
        if !below.split_whitespace().any(|name| name == target) {
            found.push(format!("{here}: {own} -> {target} ({shown}); it may name: {below}"));
        }
        if named.handed_on {
            found.push(format!("{here}: {own} hands on a name of {target} ({shown})"));
        }
    }
    let lines = source.lines().count();
    if lines > MAX_LINES {
        found.push(format!("src/{file}:{lines}: the file has {lines} lines; the limit is {MAX_LINES}"));
    }
    found
}

/// Whether a path is the confined one or leads to it: `std::process::Command`, `std::process::*`, `process::Command`.
fn is_confined(path: &[String], what: &str) -> bool {
    let what: Vec<&str> = what.split("::").collect();
    let leads = |what: &[&str]| {
        path.iter().zip(what).all(|(a, b)| a == b || a == "*")
            && (path.len() >= what.len() || path.last().is_some_and(|last| last == "*"))
    };
    leads(&what) || (what.len() > 2 && leads(&what[1..]))
}

/// The modules that a file is: `graph/mod.rs` is `graph`, `graph/paths.rs` is `graph::paths`, `lib.rs` and `main.rs` are the root.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if ["lib", "main"].contains(&path) { Vec::new() } else { path.split('/').map(str::to_owned).collect() }
}

/// Files that are modules under `#[cfg(test)]`.
fn test_files(file: &str, source: &str) -> Vec<String> {
    let code = code_of(source);
    let tokens = tokens(&code);
    let folder = module_of(file).join("/");
    let modules =
        test_items(&tokens).into_iter().filter_map(|item| match &tokens[item.end.saturating_sub(3)..item.end] {
            [module, name, end] if module.text == "mod" && end.text == ";" => {
                Some(format!("{folder}/{}.rs", name.text))
            }
            _ => None,
        });
    modules.collect()
}

#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    line: usize,
}

/// A path that the code names, absolute where it is ours: `crate::graph::Graph`.
struct Named {
    path: Vec<String>,
    line: usize,
    handed_on: bool,
}

/// All paths in the code of a module.
fn names(tokens: &[Token<'_>], module: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    // Modules in braces, with the depth of their brace.
    let mut inner: Vec<(usize, String)> = Vec::new();
    let (mut depth, mut in_use, mut handed_on, mut at) = (0, false, false, 0);
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    while at < tokens.len() {
        match text(at) {
            "{" if !in_use => depth += 1,
            "}" => {
                depth -= 1;
                inner.pop_if(|(opened, _)| *opened > depth);
            }
            ";" => in_use = false,
            "mod" if text(at + 2) == "{" => inner.push((depth + 1, text(at + 1).to_owned())),
            "use" if text(at + 1) != "<" => {
                in_use = true;
                handed_on = at > 0 && ["pub", ")"].contains(&text(at - 1));
            }
            word if in_use && (is_word(word) || word == "{")
                || is_word(word)
                    && text(at + 1) == "::"
                    && !(at > 1 && text(at - 1) == "::" && text(at - 2) == ">") =>
            {
                let here: Vec<&str> = module.iter().chain(inner.iter().map(|row| &row.1)).map(String::as_str).collect();
                let mut leaves = Vec::new();
                let next = tree(tokens, at, &[], &mut leaves);
                let absolute = leaves.into_iter().map(|(path, line)| Named {
                    path: resolve(&path, &here),
                    line,
                    handed_on: in_use && handed_on,
                });
                found.extend(absolute);
                at = next;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads `a::{b, c::d}` into its leaves; returns where it ends.
fn tree<'a>(tokens: &[Token<'a>], mut at: usize, prefix: &[&'a str], leaves: &mut Vec<(Vec<&'a str>, usize)>) -> usize {
    let mut path = prefix.to_vec();
    let text = |at: usize| tokens.get(at).map_or("", |token: &Token<'a>| token.text);
    loop {
        if text(at) == "{" {
            at += 1;
            while at < tokens.len() && text(at) != "}" {
                at = if text(at) == "," { at + 1 } else { tree(tokens, at, &path, leaves) };
            }
            return at + 1;
        }
        let Some(token) = tokens.get(at) else { return at };
        if token.text == "::" {
            at += 1;
            continue;
        }
        if !is_word(token.text) && token.text != "*" {
            return at + 1;
        }
        path.push(token.text);
        at += 1;
        let goes_on = text(at) == "::" && (is_word(text(at + 1)) || ["{", "*"].contains(&text(at + 1)));
        if !goes_on {
            leaves.push((path, token.line));
            return if text(at) == "as" { at + 2 } else { at };
        }
    }
}

/// Makes a path absolute where it starts with `crate`, `self` or `super`.
fn resolve(path: &[&str], module: &[&str]) -> Vec<String> {
    let ups = path.iter().skip(usize::from(path[0] == "self")).take_while(|word| **word == "super").count();
    let (base, rest) = match path[0] {
        "crate" => (&[][..], &path[1..]),
        "self" => (&module[..module.len().saturating_sub(ups)], &path[ups + 1..]),
        "super" => (&module[..module.len().saturating_sub(ups)], &path[ups..]),
        _ => return path.iter().map(|word| (*word).to_owned()).collect(),
    };
    ["crate"].iter().chain(base).chain(rest).map(|word| (*word).to_owned()).collect()
}

fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let items = test_items(tokens);
    (0..tokens.len()).filter(|at| !items.iter().any(|item| item.contains(at))).map(|at| tokens[at]).collect()
}

/// The items under `#[cfg(test)]`, attribute included.
fn test_items(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = tokens[at..].iter().map(|token| token.text).take(7).eq(["#", "[", "cfg", "(", "test", ")", "]"]);
        let end = if starts { end_of_item(tokens, at) } else { at + 1 };
        if starts {
            items.push(at..end);
        }
        at = end;
    }
    items
}

/// Behind the `;` or the last brace of the item at a place.
fn end_of_item(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        depth += i32::from(["{", "(", "["].contains(&token.text)) - i32::from(["}", ")", "]"].contains(&token.text));
        if depth == 0 && ["}", ";"].contains(&token.text) {
            return at + 1;
        }
    }
    tokens.len()
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let length = match word {
                0 if rest.starts_with("::") => 2,
                0 => first.len_utf8(),
                length => length,
            };
            found.push(Token { text: &rest[..length], line });
            rest = rest[length..].trim_start();
        }
    }
    found
}

/// The source with comments and literals blanked, line for line. A string that is a path of ours, as in `#[serde(with = "crate::x")]`, stays.
fn code_of(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let after_word = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '\'' {
            character(rest)
        } else if after_word && first != '"' {
            0
        } else {
            string(rest)
        };
        if skip == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let literal = &rest[..skip];
        let path = literal.trim_matches('"');
        if first == '"' && path.starts_with("crate::") && !path.contains(char::is_whitespace) {
            out.push_str(path);
        } else {
            out.push(' ');
            out.extend(literal.chars().filter(|c| *c == '\n'));
        }
        rest = &rest[skip..];
    }
    out
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    for (at, _) in text.char_indices() {
        depth += i32::from(text[at..].starts_with("/*")) - i32::from(text[at..].starts_with("*/"));
        if depth == 0 && text[at..].starts_with("*/") {
            return at + 2;
        }
    }
    text.len()
}

/// The length of a string literal with its prefix and hashes; 0 if there is none.
fn string(text: &str) -> usize {
    let prefix = text.find(|c: char| !"bcr".contains(c)).unwrap_or(0).min(2);
    let hashes = text[prefix..].chars().take_while(|c| *c == '#').count();
    let raw = text[..prefix].contains('r');
    if !text[prefix + hashes..].starts_with('"') || (hashes > 0 && !raw) {
        return 0;
    }
    let start = prefix + hashes + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    let mut escaped = false;
    for (at, c) in text[start..].char_indices() {
        if !escaped && text[start + at..].starts_with(&end) {
            return start + at + end.len();
        }
        escaped = !raw && !escaped && c == '\\';
    }
    text.len()
}

/// The length of a character literal; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escape, c))) => {
            text[escape + c.len_utf8()..].find('\'').map_or(0, |at| escape + c.len_utf8() + at + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 0,
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder of src/").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let name = format!("{prefix}{}", path.file_name().expect("a name").to_string_lossy());
        if path.is_dir() {
            collect(&path, &format!("{name}/"), files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push((name, fs::read_to_string(&path).expect("a source file")));
        }
    }
}

fn root(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}
