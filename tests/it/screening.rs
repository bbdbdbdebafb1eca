//! Screening: what does not change the key of a name, and which pairs of names match.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;

use cargo_origin::country::CountryCode;
use cargo_origin::data::Data;
use cargo_origin::facts::MatchGrade;
use cargo_origin::facts::live::{ListedKind, ListedName, ListedParty};
use cargo_origin::screening::{Asked, best, can_match, grade, key, keys_of, looks_like_organisation};

/// Read once: it is asked thousands of times.
fn data() -> &'static Data {
    static DATA: LazyLock<Data> = LazyLock::new(|| Data::embedded().expect("the embedded data can be read"));
    &DATA
}

fn codes(countries: &str) -> Vec<CountryCode> {
    countries.split_whitespace().map(|code| code.parse().expect("a code")).collect()
}

fn listed(id: &str, names: &[(&str, bool)], countries: &str) -> ListedParty {
    ListedParty {
        id: id.to_owned(),
        kind: ListedKind::Organisation,
        names: names.iter().map(|(name, weak)| ListedName { name: (*name).to_owned(), weak: *weak }).collect(),
        countries: codes(countries),
        sublist: None,
        programmes: Vec::new(),
        since: None,
        address: None,
    }
}

fn graded(asked: &str, seats: &str, name: &str, countries: &str) -> Option<MatchGrade> {
    let data = data();
    let party = listed("1", &[(name, false)], countries);
    grade(&key(asked, data), &codes(seats), &party, 0, &key(name, data)).map(|(grade, _)| grade)
}

#[test]
fn spellings_of_one_name_have_one_key() {
    let data = data();
    for spellings in [
        &[
            "Example Software GmbH",
            "EXAMPLE SOFTWARE GMBH",
            "Software, Example",
            "The Example Software",
            "example-software gmbh",
        ][..],
        &["Müller & Söhne AG", "Muller and Sohne", "Mu\u{308}ller & So\u{308}hne AG", "MÜLLER UND... SÖHNE"][..2],
        &[
            "ООО «Ромашка»",
            "ООО Ромашка",
            "OOO Romashka",
            "ROMASHKA OOO",
            "Romashka LLC",
            "LIMITED LIABILITY COMPANY ROMASHKA",
        ],
        &["AKTSIONERNOE OBSHCHESTVO ROMASHKA", "AO Romashka", "JSC \"Romashka\"", "Joint Stock Company Romashka"],
        &["华为技术有限公司", "华为技术", "华为技术 有限公司"],
        &["株式会社ファーウェイ", "ファーウェイ株式会社", "ファーウェイ"],
        &["Example S.A.", "Example SA", "EXAMPLE, S. A.", "example s.a"],
        &["A.B.C. Ltd.", "ABC Limited", "A B C Ltd"],
        &["Example sp. z o.o.", "Example Sp. z o. o.", "EXAMPLE SP Z O.O."],
        &[
            "Sinobright Import and Export Company; and any successor, sub-unit, or subsidiary thereof",
            "Sinobright Import & Export Company",
        ],
        &[
            "Academy of Aerospace Solid Propulsion Technology (AASPT)",
            "Academy of Aerospace Solid Propulsion Technology",
        ],
        &["Example Works (formerly Other Works)", "Example Works"],
        &["Jama`at Example", "Jama’at Example", "Jamaat Example"],
        &["Ｅｘａｍｐｌｅ Works", "Example Works"],
        &["LASTNAME, First", "First Lastname"],
    ] {
        let keys: Vec<String> = spellings.iter().map(|name| key(name, data).key).collect();
        assert!(!keys[0].is_empty());
        assert!(keys.iter().all(|key| *key == keys[0]), "{spellings:?}: {keys:?}");
    }
}

/// A short form in front of a name may be its beginning.
#[test]
fn a_short_form_in_front_is_one_where_none_is_at_the_end() {
    let data = data();
    for (name, wanted) in [
        ("A. O. Smith Corporation", "ao smith"),
        ("Too Good GmbH", "good too"),
        ("AT Kearney Inc", "at kearney"),
        ("OU Medicine Inc", "medicine ou"),
        ("AT&T Inc.", "at t"),
        ("AT&T", "at t"),
        ("AO Romashka", "romashka"),
        ("TOO Romashka", "romashka"),
        ("PT Romashka Tbk", "romashka"),
        ("JSC Romashka LLC", "romashka"),
        ("OOO Romashka Ltd.", "romashka"),
    ] {
        assert_eq!(key(name, data).key, wanted, "{name}");
    }
    assert_eq!(graded("AT&T Inc.", "US", "AT & T INC", "US"), Some(MatchGrade::Exact));
}

#[test]
fn different_names_have_different_keys() {
    let data = data();
    for (a, b) in [
        ("Bank of China", "China Bank"),
        ("Kaspersky Lab", "Kaspersky"),
        ("Example Trading (Shanghai)", "Example Trading (Beijing)"),
        ("CETC Research Institute 13", "CETC Research Institute 14"),
        ("Example Stiftung", "Example"),
    ] {
        assert_ne!(key(a, data).key, key(b, data).key, "{a} / {b}");
    }
    for nothing in ["", " ", "...", "&", "The", "\u{200b}", "()", "«»"] {
        assert_eq!(key(nothing, data).key, "", "{nothing:?}");
    }
    let party = listed("1", &[("...", false), ("Example Works", false)], "");
    let keys = keys_of(&party, data);
    assert_eq!(keys.len(), 1);
    assert_eq!((keys[0].0, keys[0].1.key.as_str()), (1, "example works"));
}

/// Asked name and seats, listed name and countries, and the grade that the pair is to have.
const PAIRS: [(&str, &str, &str, &str, Option<MatchGrade>); 51] = {
    use MatchGrade::{Exact, Strong, Weak};
    [
        // The same organisation.
        ("Positive Technologies", "RU", "JSC POSITIVE TEKHNOLODZHIZ", "RU", None),
        ("Positive Technologies JSC", "RU", "AO POSITIVE TECHNOLOGIES", "RU", Some(Exact)),
        ("Rosneft Trade", "", "ROSNEFT TRADE LIMITED", "CY", Some(Exact)),
        ("Banco Nacional de Cuba", "CU", "BANCO NACIONAL DE CUBA", "CU CH", Some(Exact)),
        ("Kaspersky Lab", "RU", "AO KASPERSKY LAB", "RU", Some(Exact)),
        ("Kaspersky Lab", "RU", "KASPERSKIY LAB", "RU", Some(Strong)),
        ("AeroCaribbean Airlines", "CU", "AERO-CARIBBEAN AIRLINES", "CU", Some(Strong)),
        ("Huawei Technologies Co., Ltd.", "CN", "Huawei Technologies Co., Ltd.", "CN", Some(Exact)),
        ("Huawei Technologies", "CN", "HUAWEI TECHNOLOGIES (CO) LIMITED", "CN", Some(Exact)),
        ("Hikvision", "CN", "HIKVISION", "CN", Some(Exact)),
        // A single word needs a country that agrees.
        ("Hikvision", "", "HIKVISION", "CN", Some(Strong)),
        ("Hikvision", "DE", "HIKVISION", "CN", Some(Weak)),
        // Countries that contradict, legal forms that do.
        ("Example Semantics", "US", "EXAMPLE SEMANTICS", "IR", Some(Strong)),
        ("Example Semantics GmbH", "", "EXAMPLE SEMANTICS LTD", "", Some(Exact)),
        ("Example Semantics GmbH", "", "EXAMPLE SEMANTICS AG", "", Some(Strong)),
        ("Example Semantics GmbH", "", "EXAMPLE SEMANTICS S.A.", "", Some(Strong)),
        ("Example Semantics GmbH", "DE", "EXAMPLE SEMANTICS S.A.", "CU", Some(Weak)),
        // Others of the same group: for review at the most.
        ("Kaspersky", "RU", "KASPERSKY LAB", "RU", Some(Weak)),
        ("Sberbank", "RU", "PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA", "RU", Some(Weak)),
        ("Sberbank Technology", "RU", "SBERBANK", "RU", Some(Weak)),
        ("Sberbank Technology", "DE", "SBERBANK", "RU", None),
        ("Huawei", "CN", "Huawei Technologies Co., Ltd.", "CN", Some(Weak)),
        ("CETC Research Institute 13", "CN", "CETC Research Institute 14", "CN", None),
        // Words that tell nobody apart.
        ("Atlas", "", "ATLAS", "", None),
        ("Atlas", "AM", "Atlas Sanatgaran", "AM", None),
        ("Delta", "IR", "DELTA", "IR", None),
        ("Technology Group", "CN", "TECHNOLOGY GROUP CO., LTD.", "CN", None),
        ("Group", "", "GROUP", "", None),
        ("International Trading Company", "SY", "INTERNATIONAL TRADING COMPANY", "SY", Some(Weak)),
        ("Iran", "IR", "IRAN", "IR", None),
        ("MYM", "", "MYM", "", Some(Weak)),
        ("MYM", "US", "MYM", "SO", None),
        // Words that hold a digit and a letter.
        ("4Paradigm", "CN", "4PARADIGM", "CN", Some(Exact)),
        ("4Paradigm", "", "4PARADIGM", "CN", Some(Strong)),
        ("3Logic Group", "RU", "3LOGIC GROUP", "RU", Some(Exact)),
        ("1C LLC", "RU", "OOO 1C", "RU", Some(Exact)),
        ("1C", "", "1C", "RU", Some(Weak)),
        ("H3C", "CN", "H3C", "CN", Some(Exact)),
        ("H3C", "CN", "H3C Technologies Co., Ltd.", "CN", Some(Weak)),
        ("X5 Group", "RU", "X5 GROUP", "RU", Some(Exact)),
        ("13", "CN", "13", "CN", None),
        ("13th Institute", "CN", "13TH INSTITUTE", "CN", None),
        // What looks like a legal form in front of a name that has another one at its end.
        ("Smith", "US", "A. O. SMITH CORPORATION", "US", None),
        ("Good GmbH", "DE", "TOO GOOD GMBH", "DE", None),
        ("Kearney", "US", "AT KEARNEY INC", "US", Some(Strong)),
        ("Medicine Inc", "US", "OU MEDICINE INC", "US", None),
        // Names that are near to each other and are not the same.
        ("Rust Foundation", "US", "TRUST FOUNDATION", "PK", None),
        ("Mozilla Foundation", "US", "MODZILA FOUNDATION", "", None),
        ("Meta Platforms", "US", "METAL PLATFORMS", "", None),
        ("Orange", "FR", "ORANGE STAR SHIPPING", "", None),
        ("Bank of China", "CN", "CHINA BANK", "CN", None),
    ]
};

#[test]
fn pairs_of_names_have_their_grade() {
    let wrong: Vec<String> = PAIRS
        .iter()
        .filter_map(|(asked, seats, name, countries, wanted)| {
            let got = graded(asked, seats, name, countries);
            (got != *wanted).then(|| format!("{asked} [{seats}] / {name} [{countries}]: {got:?}, not {wanted:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Characters that sound alike are not the same name.
#[test]
fn sounds_alone_are_not_exact() {
    for (asked, name, wanted) in [
        ("上海明华软件", "上海明华软件", Some(MatchGrade::Exact)),
        ("上海明华软件有限公司", "上海明华软件", Some(MatchGrade::Exact)),
        ("上海明华软件", "上海鸣花软件", Some(MatchGrade::Strong)),
        ("shanghaiminghuaruanjian", "上海明华软件", Some(MatchGrade::Strong)),
        ("ファーウェイ", "ファーウェイ", Some(MatchGrade::Exact)),
    ] {
        assert_eq!(graded(asked, "CN", name, "CN"), wanted, "{asked} / {name}");
    }
    assert_eq!(key("上海明华软件", data()).key, key("上海鸣花软件", data()).key, "they do sound alike");
}

#[test]
fn an_alias_that_the_list_calls_weak_is_not_exact() {
    let data = data();
    let party = listed("1", &[("EXAMPLE SEMANTICS", false), ("SEMANTIC EXAMPLE WORKS", true)], "RU");
    let at = |name: usize| {
        let asked = key(&party.names[name].name, data);
        grade(&asked, &codes("RU"), &party, name, &asked).map(|(grade, _)| grade)
    };
    assert_eq!(at(0), Some(MatchGrade::Exact));
    assert_eq!(at(1), Some(MatchGrade::Strong));
}

#[test]
fn each_entry_is_there_once_and_the_best_is_first() {
    let data = data();
    let one = listed("1", &[("EXAMPLE SEMANTICS", false), ("EXAMPEL SEMANTICS", false)], "RU");
    let two = listed("2", &[("EXAMPLE SEMANTICS WORKS", false)], "RU");
    let other = listed("3", &[("SOMETHING ELSE", false)], "RU");
    let person = ListedParty { kind: ListedKind::Person, ..listed("4", &[("EXAMPLE, Semantics", false)], "RU") };
    let ship = ListedParty { kind: ListedKind::Vessel, ..listed("5", &[("EXAMPLE SEMANTICS", false)], "RU") };
    let mut candidates = [(&two, 0), (&one, 1), (&one, 0), (&one, 7), (&other, 0), (&person, 0), (&ship, 0), (&one, 0)];
    let asked = key("Example Semantics", data);
    let seats = codes("RU");
    let asked = Asked { key: &asked, countries: &seats, persons: false };
    let found = best(&asked, data, candidates.iter().copied());
    let shown: Vec<(&str, usize, MatchGrade)> =
        found.iter().map(|one| (one.party.id.as_str(), one.name, one.grade)).collect();
    assert_eq!(shown, [("1", 0, MatchGrade::Exact), ("2", 0, MatchGrade::Strong)]);
    candidates.reverse();
    assert_eq!(best(&asked, data, candidates.iter().copied()), found);
    let with_persons = best(&Asked { persons: true, ..asked }, data, candidates.iter().copied());
    assert_eq!(with_persons.len(), 3);
    assert!(with_persons.iter().any(|one| one.party.id == "4" && one.grade == MatchGrade::Exact));
}

/// The organisations of the register against each other, candidates fetched by key and by word: none is exactly another, and few are near.
#[test]
fn organisations_of_the_register_are_not_each_other() {
    let data = data();
    let vendors = &data.tables.vendors;
    let parties: Vec<ListedParty> = vendors
        .iter()
        .map(|vendor| {
            let names: Vec<(&str, bool)> =
                std::iter::once(vendor.name).chain(vendor.aliases.iter().copied()).map(|name| (name, false)).collect();
            let mut party = listed(vendor.id, &names, "");
            party.countries = vendor.seat.into_iter().chain(vendor.incorporated).collect();
            party
        })
        .collect();
    let mut index: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, party) in parties.iter().enumerate() {
        for (name, key) in keys_of(party, data) {
            let name = usize::try_from(name).expect("it fits");
            let words = key.search_words().map(str::to_owned);
            for word in words.chain([key.key.clone()]) {
                index.entry(word).or_default().push((at, name));
            }
        }
    }
    let mut found: BTreeMap<MatchGrade, Vec<String>> = BTreeMap::new();
    for (at, party) in parties.iter().enumerate() {
        let mut matches: Vec<(MatchGrade, String)> = Vec::new();
        for (_, key) in keys_of(party, data) {
            let words = key.search_words().chain([key.key.as_str()]).filter_map(|word| index.get(word)).flatten();
            let others = words.filter(|(other, _)| *other != at).map(|(other, name)| (&parties[*other], *name));
            let asked = Asked { key: &key, countries: &party.countries, persons: false };
            let first =
                best(&asked, data, others).first().map(|one| (one.grade, format!("{} / {}", party.id, one.party.id)));
            matches.extend(first);
        }
        if let Some((grade, pair)) = matches.into_iter().min() {
            found.entry(grade).or_default().push(pair);
        }
    }
    let of = |grade| found.get(&grade).map_or(&[][..], Vec::as_slice);
    assert!(of(MatchGrade::Exact).is_empty(), "{:?}", of(MatchGrade::Exact));
    assert!((2..=15).contains(&of(MatchGrade::Strong).len()), "{:?}", of(MatchGrade::Strong));
    assert!((10..=60).contains(&of(MatchGrade::Weak).len()), "{:?}", of(MatchGrade::Weak));
}

/// What is quickly ruled out is nothing that would match: names of the register, against themselves with a letter, a word or a space that
/// differs, and against each other.
#[test]
fn what_matches_can_match() {
    let data = data();
    let names: Vec<&str> = data.tables.vendors.iter().map(|vendor| vendor.name).step_by(5).collect();
    let (mut matched, mut ruled_out) = (0, 0);
    for (at, name) in names.iter().enumerate() {
        let asked = key(name, data);
        let near = [
            format!("{name}e"),
            format!("e{name}"),
            format!("{name} Technology Group"),
            name.replace(' ', ""),
            format!("{name} {}", names[at / 2]),
            names[at / 3].to_owned(),
        ];
        for other in near {
            let (party, listed_key) = (listed("1", &[(&other, false)], ""), key(&other, data));
            let can = can_match(&asked, &listed_key.key, data);
            let does = grade(&asked, &[], &party, 0, &listed_key).is_some();
            assert!(can || !does, "{name} / {other}");
            matched += u32::from(does);
            ruled_out += u32::from(!can);
        }
    }
    assert!(matched > 300 && ruled_out > 200, "{matched} {ruled_out}");
}

#[test]
fn some_names_look_like_organisations() {
    let data = data();
    for name in ["Example, Inc.", "Example Trading", "OOO Example", "Example Institute"] {
        assert!(looks_like_organisation(name, data), "{name}");
    }
    // Words of organisations, and legal forms, that are names of people too.
    for name in [
        "EXAMPLE P. PERSON",
        "Person Example",
        "EXAMPLE, Person",
        "Example West",
        "STAR, Example",
        "Example Steel",
        "Example Power",
        "Example North",
        "Ou Example",
        "SIA, Example",
        "Sia Example",
        "Too Example",
        "Ao Example",
        "Example Asa",
    ] {
        assert!(!looks_like_organisation(name, data), "{name}");
    }
}

fn word() -> impl Strategy<Value = String> {
    "[a-z]{2,9}"
}

proptest! {
    #[test]
    fn case_order_punctuation_and_marks_do_not_change_the_key(
        words in prop::collection::vec(word(), 1..5),
        form in prop::sample::select(vec!["", "GmbH", "Inc.", "LLC", "Ltd.", "S.A.", "Co., Ltd."]),
        between in prop::sample::select(vec![" ", "-", ", ", " / ", "  ", "_"]),
    ) {
        let data = data();
        // A word that is a legal form by itself is split off at the end of a name, whichever word stands there.
        prop_assume!(words.iter().all(|word| key(&format!("zzzz {word}"), data).form.is_none()));
        prop_assume!(words.iter().all(|word| key(&format!("{word} zzzz"), data).form.is_none()));
        let plain = words.join(" ");
        let wanted = key(&plain, data).key;
        prop_assert_eq!(&key(&format!("{plain} {form}"), data).key, &wanted);
        prop_assert_eq!(&key(&plain.to_uppercase(), data).key, &wanted);
        prop_assert_eq!(&key(&format!("\"{}\" {}", words.join(between), form.to_uppercase()), data).key, &wanted);
        let mut turned = words.clone();
        turned.reverse();
        prop_assert_eq!(&key(&turned.join(between), data).key, &wanted);
        let marked = plain.replace('a', "á").replace('o', "ö").replace('u', "u\u{308}");
        prop_assert_eq!(&key(&marked, data).key, &wanted);
    }

    #[test]
    fn any_text_has_a_key(name in "\\PC{0,80}") {
        let data = data();
        let one = key(&name, data);
        prop_assert!(one.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b' '), "{}", one.key);
        let party = listed("1", &[(&name, false)], "");
        for (_, key) in keys_of(&party, data) {
            prop_assert!(grade(&key, &[], &party, 0, &key).is_none_or(|(_, score)| (score - 1.0).abs() < 1e-9));
        }
    }

    #[test]
    fn different_countries_are_never_exact(
        words in prop::collection::vec(word(), 1..4),
        seats in prop::sample::subsequence(vec!["DE", "US", "FR"], 1..3),
        countries in prop::sample::subsequence(vec!["RU", "CN", "IR"], 1..3),
    ) {
        let name = words.join(" ");
        prop_assert_ne!(graded(&name, &seats.join(" "), &name, &countries.join(" ")), Some(MatchGrade::Exact));
    }

    #[test]
    fn generic_words_alone_are_never_exact(
        words in prop::collection::vec(prop::sample::select(vec!["group", "technology", "international", "trading", "bank", "of", "software", "systems", "company", "holding"]), 1..6),
    ) {
        let name = words.join(" ");
        let got = graded(&name, "CN", &name, "CN");
        prop_assert!(got.is_none_or(|grade| grade == MatchGrade::Weak), "{name}: {got:?}");
    }
}
