//! One name for a thing: a collector is a file, a word of a report means one thing, a file of `data/` is described.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_origin::attribution::worth;
use cargo_origin::evidence::{EvidenceKind, collector_names};

#[test]
fn every_collector_is_a_file_and_every_file_a_collector() {
    let mut listed = BTreeSet::new();
    for name in collector_names() {
        assert!(listed.insert(name.to_owned()), "{name} is listed twice");
    }
    // `vendor.rs` and `profile.rs` say what the register and a profile say of somebody; several collectors use them.
    let files: BTreeSet<String> = entries(&root("src/evidence"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
        .filter(|name| !["mod", "profile", "vendor"].contains(&name.as_str()))
        .collect();
    assert_eq!(listed, files);
}

#[test]
fn every_kind_of_evidence_has_a_worth_with_a_reason() {
    let mut words = BTreeSet::new();
    for kind in EvidenceKind::ALL {
        let worth = worth(kind);
        assert!(words.insert(kind.as_str()), "two kinds are called {}", kind.as_str());
        assert!(worth.reliability > 0.0 && worth.reliability <= 1.0, "{}: {}", kind.as_str(), worth.reliability);
        assert!(worth.reason.split_whitespace().count() > 3, "{}: `{}` is no reason", kind.as_str(), worth.reason);
    }
}

/// Within a type no two values have one word. Words that programs read are lower case with hyphens; reasons, for people, are sentences.
#[test]
fn the_words_of_reports_are_unique_and_well_formed() {
    let mut words: BTreeMap<(String, bool), Vec<String>> = BTreeMap::new();
    for file in sources(&root("src")) {
        let text = fs::read_to_string(&file).expect("a source file");
        let pieces: Vec<&str> = text.split("fn as_str(").collect();
        for (at, pair) in pieces.windows(2).enumerate() {
            let docs = pair[0].rsplit("\n\n").next().unwrap_or_default();
            let body = pair[1].split("\n    }\n").next().unwrap_or_default();
            // An arm is `Self::Variant => "word",`.
            let arms = body.lines().filter_map(|line| line.split_once(" => \"")?.1.strip_suffix("\","));
            let for_people = docs.contains(" in words.");
            words.insert(
                (format!("{} as_str {}", file.display(), at + 1), for_people),
                arms.map(str::to_owned).collect(),
            );
        }
    }
    let gaps = words.iter().find(|((place, _), _)| place.replace('\\', "/").ends_with("facts/mod.rs as_str 1"));
    assert!(gaps.is_some_and(|row| row.1.len() >= 9), "the kinds of gaps were not found: {gaps:?}");
    for ((place, for_people), words) in words {
        let unique: BTreeSet<&String> = words.iter().collect();
        assert_eq!(unique.len(), words.len(), "{place} says one word for two things: {words:?}");
        for word in words {
            if for_people {
                continue;
            }
            let kebab = word
                .split('-')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
            assert!(kebab, "{place}: `{word}`");
        }
    }
}

#[test]
fn every_file_of_data_is_described() {
    let data = root("data");
    let readme = fs::read_to_string(data.join("README.md")).expect("data/README.md is there");
    let mut files = Vec::new();
    for path in entries(&data) {
        if path.is_dir() {
            files.extend(entries(&path));
        } else {
            files.push(path);
        }
    }
    let mut described = 0;
    for path in files {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !["toml", "csv"].contains(&extension) {
            continue;
        }
        let name = path.strip_prefix(&data).expect("a path in data/").to_string_lossy().replace('\\', "/");
        let pattern = name.rsplit_once('/').map(|(folder, _)| format!("`{folder}/*.{extension}`"));
        let named = readme.contains(&format!("`{name}`")) || pattern.is_some_and(|pattern| readme.contains(&pattern));
        assert!(named, "data/README.md does not name {name}");
        described += 1;
    }
    assert!(described > 10, "data/ was not read");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    found.sort();
    found
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A rule is a file, an id and a row of the README. That each finds something is for `gate` to hold.
#[test]
fn every_rule_has_one_name_throughout() {
    let ids: BTreeSet<String> = cargo_origin::policy::RULES.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(ids.len(), cargo_origin::policy::RULES.len());
    let files: BTreeSet<String> = entries(&root("src/policy/rule"))
        .into_iter()
        .filter_map(|path| Some(path.file_stem()?.to_str()?.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect();
    assert_eq!(ids, files);
    let readme = fs::read_to_string(root("README.md")).expect("a README");
    for rule in &cargo_origin::policy::RULES {
        assert!(readme.contains(&format!("`{}`", rule.id)), "README.md does not describe {}", rule.id);
        assert!(readme.contains(rule.about), "README.md does not say of {} that it finds: {}", rule.id, rule.about);
        for number in rule.numbers {
            assert!(readme.contains(&format!("`{}`", number.key)), "README.md does not describe {}", number.key);
        }
    }
}
