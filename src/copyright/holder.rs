//! What a name looks like: an organisation, a collective, neither, or no name at all.

use super::HolderKind;
use super::form::split_form;

/// Longer names are sentences.
const MAX_WORDS: usize = 12;
const MAX_LENGTH: usize = 120;

/// Words that only organisations have in their names. They count with a capital, beside another word.
pub(super) const ORGANISATION_WORDS: [&str; 92] = [
    "academy",
    "administration",
    "agency",
    "alliance",
    "analytics",
    "asociación",
    "association",
    "authority",
    "bank",
    "biotech",
    "board",
    "bureau",
    "center",
    "centre",
    "centro",
    "club",
    "coalition",
    "college",
    "commission",
    "committee",
    "commons",
    "company",
    "computing",
    "consortium",
    "consultancy",
    "consulting",
    "cooperative",
    "council",
    "department",
    "economics",
    "electronics",
    "engineering",
    "enterprise",
    "enterprises",
    "entertainment",
    "faculty",
    "federation",
    "finance",
    "foundation",
    "fundación",
    "fundação",
    "games",
    "government",
    "group",
    "hochschule",
    "holding",
    "holdings",
    "industries",
    "institut",
    "institute",
    "institution",
    "instituto",
    "instruments",
    "interactive",
    "international",
    "lab",
    "laboratories",
    "laboratory",
    "labs",
    "league",
    "media",
    "microsystems",
    "ministry",
    "networks",
    "observatory",
    "office",
    "organisation",
    "organization",
    "partners",
    "partnership",
    "program",
    "programme",
    "publishing",
    "regents",
    "research",
    "robotics",
    "school",
    "security",
    "semiconductor",
    "services",
    "society",
    "software",
    "solutions",
    "studio",
    "studios",
    "systems",
    "technologies",
    "technology",
    "trust",
    "trustees",
    "university",
    "universität",
];

/// Parts of words that say the same in languages that join words.
const ORGANISATION_PARTS: [&str; 24] = [
    "公司",
    "大学",
    "大學",
    "研究院",
    "研究所",
    "集团",
    "集團",
    "基金会",
    "实验室",
    "財団",
    "会社",
    "대학교",
    "회사",
    "연구원",
    "университет",
    "институт",
    "компания",
    "фонд",
    "universit",
    "stiftung",
    "gesellschaft",
    "institut ",
    "foundation",
    "fundación",
];

/// Words for the members of a group.
const MEMBERS: [&str; 22] = [
    "authors",
    "author",
    "committers",
    "community",
    "contributor",
    "contributors",
    "contributers",
    "dev",
    "developers",
    "devs",
    "group",
    "hackers",
    "implementers",
    "maintainers",
    "members",
    "owners",
    "participants",
    "project",
    "projects",
    "team",
    "teams",
    "working-group",
];

/// Words that make a member word no name: "individual contributors".
const FILLERS: [&str; 41] = [
    "a",
    "all",
    "any",
    "as",
    "both",
    "copyright",
    "core",
    "each",
    "et",
    "etc",
    "external",
    "github",
    "her",
    "his",
    "holder",
    "holders",
    "individual",
    "its",
    "listed",
    "many",
    "more",
    "my",
    "of",
    "original",
    "other",
    "others",
    "our",
    "owner",
    "per",
    "respective",
    "several",
    "the",
    "their",
    "these",
    "this",
    "to",
    "various",
    "affiliates",
    "subsidiaries",
    "al",
    "co-authors",
];

/// Words that stand in sentences and templates, and in no name.
const SENTENCE: [&str; 44] = [
    "are",
    "be",
    "been",
    "by",
    "can",
    "conditions",
    "copies",
    "copyrights",
    "disclaimer",
    "do",
    "does",
    "fullname",
    "granted",
    "has",
    "have",
    "hereby",
    "if",
    "is",
    "license",
    "licence",
    "licenses",
    "may",
    "must",
    "not",
    "notice",
    "provided",
    "purposes",
    "rights",
    "shall",
    "statement",
    "terms",
    "that",
    "this",
    "use",
    "used",
    "was",
    "were",
    "which",
    "will",
    "year",
    "years",
    "you",
    "your",
    "yyyy",
];

/// The name cleaned, what it looks like, and its legal form; nothing when it is no name.
pub(super) fn classify(piece: &str) -> Option<(String, HolderKind, Option<&'static str>)> {
    let name = clean(piece);
    if !name.contains(char::is_alphabetic) || name.len() > MAX_LENGTH {
        return None;
    }
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c == '/' || c == ',')
        .map(bare)
        .filter(|word| !word.is_empty())
        .collect();
    if words.len() > MAX_WORDS
        || words.iter().all(|word| FILLERS.contains(word) || MEMBERS.contains(word) || SENTENCE.contains(word))
    {
        return None;
    }
    if let Some((form, _)) = split_form(name) {
        let dotted = form.ends_with('.') && piece.trim_end_matches([',', ';', ' ']).ends_with('.');
        let kept = if dotted { format!("{}.", bare_end(name)) } else { bare_end(name).to_owned() };
        return Some((kept, HolderKind::Organisation, Some(form)));
    }
    if words.iter().any(|word| SENTENCE.contains(word)) {
        return None;
    }
    let kind = if is_collective(&words) {
        HolderKind::Collective
    } else if is_organisation(name, &lower) {
        HolderKind::Organisation
    } else {
        HolderKind::Unclear
    };
    Some((bare_end(name).to_owned(), kind, None))
}

/// Whether a word, without its capital, is one that only organisations have in their names.
pub(super) fn is_organisation_word(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && ORGANISATION_WORDS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// Takes off quotes that go round the name, and punctuation at its ends.
fn clean(piece: &str) -> &str {
    let mut name = piece.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '*' | '-' | '–' | '—' | '_' | '`' | '|' | '~' | '=')
    });
    let dotted = name.strip_prefix('.').is_some_and(|rest| rest.starts_with(char::is_alphabetic));
    name = name.trim_start_matches(['@', '/', '\\', '&', '!', ')', ']', '>']).trim_start();
    name = if dotted { name } else { name.trim_start_matches('.').trim_start() };
    name = name.trim_end_matches(['&', '/', '\\', '(', '<', '[', '…']).trim_end();
    for lead in ["by ", "member of "] {
        name = name.strip_prefix(lead).unwrap_or(name).trim_start();
    }
    if !name.contains(['(', '（']) {
        name = name.trim_end_matches([')', '）']).trim_end();
    }
    for (open, close) in [('"', '"'), ('\'', '\''), ('«', '»'), ('“', '”'), ('‘', '’')] {
        let inner = name.trim_end_matches('.').strip_prefix(open).and_then(|inner| inner.strip_suffix(close));
        name = inner.filter(|inner| !inner.contains(open)).unwrap_or(name).trim();
    }
    name
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// "The X Developers", "Developers of X", "the X project".
fn is_collective(words: &[&str]) -> bool {
    let ends = words.last().is_some_and(|last| MEMBERS.contains(last) && *last != "group");
    let starts = words.first().zip(words.get(1)).is_some_and(|(first, second)| {
        MEMBERS.contains(first) && matches!(*second, "of" | "to" | "from" | "on" | "for")
    });
    let inside = words.iter().any(|word| matches!(*word, "contributors" | "developers" | "authors" | "maintainers"));
    ends || starts || inside
}

fn is_organisation(name: &str, lower: &str) -> bool {
    let words =
        name.split(|c: char| c.is_whitespace() || c == ',' || c == '/').map(bare).filter(|word| !word.is_empty());
    let capital = name.starts_with(|c: char| !c.is_lowercase()) || name.starts_with("the ");
    let several = name.split_whitespace().nth(1).is_some();
    (several && capital && words.into_iter().any(is_organisation_word))
        || ORGANISATION_PARTS.iter().any(|part| lower.contains(part))
}

fn bare_end(name: &str) -> &str {
    name.trim_end_matches(|c: char| c == '.' || c.is_whitespace())
}
