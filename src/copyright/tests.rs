//! Lines as they are met, with made-up persons.

use proptest::prelude::*;

use super::HolderKind::{Collective, Organisation, Unclear};
use super::{Form, Holder, HolderKind, holders, legal_form, normalise};

fn named(text: &str) -> Vec<(String, HolderKind)> {
    holders(text).into_iter().map(|holder| (holder.name, holder.kind)).collect()
}

#[track_caller]
fn check(text: &str, expected: &[(&str, HolderKind)]) {
    let expected: Vec<_> = expected.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    assert_eq!(named(text), expected, "{text:?}");
}

#[test]
fn companies_with_their_legal_forms() {
    for (line, name) in [
        ("Copyright (c) 2020-present, SixtyFPS GmbH <info@slint.dev>", "SixtyFPS GmbH"),
        ("Copyright © 2019-2024 Meili SAS", "Meili SAS"),
        ("Copyright (c) Rerun Technologies AB <opensource@rerun.io>", "Rerun Technologies AB"),
        ("Copyright (c) Microsoft Corporation.", "Microsoft Corporation"),
        ("Copyright (c) Microsoft Corporation. All rights reserved.", "Microsoft Corporation"),
        ("Copyright 2020 Huawei Technologies Co.,Ltd.", "Huawei Technologies Co.,Ltd."),
        ("Copyright (C) 2019 Yandex LLC", "Yandex LLC"),
        ("(c) 2017 ООО «Пример»", "ООО «Пример»"),
        ("Copyright 2022 示例科技有限公司", "示例科技有限公司"),
        ("Copyright 2022 示例（深圳）有限公司", "示例（深圳）有限公司"),
        ("SPDX-FileCopyrightText: 2023 Example GmbH", "Example GmbH"),
        ("// SPDX-FileCopyrightText: © 2023 Example GmbH <mail@example.de>", "Example GmbH"),
        ("Copyright 2016-2018 Example Inc. and its affiliates", "Example Inc."),
        ("Copyright Example.com, Inc. or its affiliates. All Rights Reserved.", "Example.com, Inc."),
        ("Portions Copyright (c) 2011 Example, Inc", "Example, Inc"),
        ("&copy; 2011 Example B.V.", "Example B.V."),
        ("Copyright &copy; 2011 Example & Sons Ltd.", "Example & Sons Ltd."),
        ("  * Copyright 2018+ by Example s.r.o., Praha", "Example s.r.o."),
        ("Copyright (c) 2019 Example (Shenzhen) Co., Ltd.", "Example (Shenzhen) Co., Ltd."),
        ("Copyright 2021 Example UG (haftungsbeschränkt)", "Example UG (haftungsbeschränkt)"),
        ("Copyright (c) 2021 [Example GmbH](https://example.com)", "Example GmbH"),
        ("Copyright Example Pte. Ltd. 2018-2020", "Example Pte. Ltd."),
        ("Copyright (c) 2014\nExample Corp.\n\nPermission is granted", "Example Corp."),
        ("Copyright (c) 2014 The Example Software\n// Company, Inc.", "The Example Software Company, Inc."),
        ("Copyright \u{fffd} 2015 Example AG", "Example AG"),
        ("<p>Copyright 2015 Example LLC</p>", "Example LLC"),
        ("SOFTWARE.Copyright (c) 2019 Example Oy", "Example Oy"),
    ] {
        let found = holders(line);
        assert_eq!(found.first().map(|holder| holder.name.as_str()), Some(name), "{line:?}");
        assert!(found.iter().all(|holder| holder.kind == Organisation || holder.name == "Praha"), "{found:?}");
    }
}

#[test]
fn words_of_organisations() {
    check("Copyright 2021 Datafuse Labs", &[("Datafuse Labs", Organisation)]);
    check("Copyright 2019 The Apache Software Foundation", &[("The Apache Software Foundation", Organisation)]);
    check("Copyright (c) 2019 The Electric Coin Company", &[("The Electric Coin Company", Organisation)]);
    check("Copyright 1999 University of Example", &[("University of Example", Organisation)]);
    check("Copyright 1999 Hochschule Example", &[("Hochschule Example", Organisation)]);
    check(
        "Copyright 2001 Example Institute of Science and Technology",
        &[("Example Institute of Science and Technology", Organisation)],
    );
    check("Copyright (c) .NET Foundation and Contributors", &[(".NET Foundation", Organisation)]);
    check("Copyright 2022 示例大学", &[("示例大学", Organisation)]);
    check(
        "Copyright (c) 2022 THL A29 Limited, a Tencent company. All rights reserved.",
        &[("THL A29 Limited", Organisation), ("Tencent", Unclear)],
    );
}

#[test]
fn groups_without_a_legal_person() {
    check("Copyright (c) 2010 The Rust Project Developers", &[("The Rust Project Developers", Collective)]);
    check("Copyright 2018 Developers of the Rand project", &[("Developers of the Rand project", Collective)]);
    check("Copyright 2017 The Fuchsia Authors. All rights reserved.", &[("The Fuchsia Authors", Collective)]);
    check("Copyright The Example Contributors", &[("The Example Contributors", Collective)]);
    check("Copyright (c) 2017 The Tor Project, Inc.", &[("The Tor Project, Inc.", Organisation)]);
}

#[test]
fn persons_stay_unclear() {
    check("Copyright [2019] [Jane Example]", &[("Jane Example", Unclear)]);
    check("Copyright (c) 2019 Jane Example et al.", &[("Jane Example", Unclear)]);
    check("Copyright 2019-202x Jane Example & Foo Authors", &[("Jane Example", Unclear), ("Foo Authors", Collective)]);
    check(
        "Copyright (c) 2014 A Person, B Person and Foo Ltd.",
        &[("A Person", Unclear), ("B Person", Unclear), ("Foo Ltd.", Organisation)],
    );
    check("Copyright (c) 2015 Jane Example <jane@example.org>", &[("Jane Example", Unclear)]);
    check("Copyright (c) 2015, J. Q. Example", &[("J. Q. Example", Unclear)]);
    check("Copyright 2015 Jane Example and contributors", &[("Jane Example", Unclear)]);
    check("Copyright 2015 Jane Example. See AUTHORS for more.", &[("Jane Example", Unclear)]);
    check("Copyright (c) jane example (https://example.org)", &[("jane example", Unclear)]);
    check(
        "Copyright 2012, 2014-16 Jane Example, 2017 John Example",
        &[("Jane Example", Unclear), ("John Example", Unclear)],
    );
    check(
        "Copyright 2012 Jane Example\n          2013 John Example",
        &[("Jane Example", Unclear), ("John Example", Unclear)],
    );
}

#[test]
fn addresses_are_left_out() {
    check(
        "Copyright 2020 SixtyFPS GmbH, Oranienburger Str. 44, 16540 Hohen Neuendorf",
        &[("SixtyFPS GmbH", Organisation)],
    );
    check(
        "Copyright 2020 Example AG, Postfach 100, Zug and Jane Example",
        &[("Example AG", Organisation), ("Jane Example", Unclear)],
    );
}

#[test]
fn boilerplate_names_nobody() {
    for text in [
        "Copyright [yyyy] [name of copyright owner]",
        "Copyright {yyyy} {name of copyright owner}",
        "Copyright (c) <year> <owner>",
        "Copyright (c) <year> <copyright holders>",
        "Copyright (c) [year] [fullname]",
        "Copyright (C) <year>  <name of author>",
        "Gnomovision version 69, Copyright (C) year name of author",
        "Copyright (c) YYYY, Name of Holder",
        "Copyright (c) 4-digit year, Company or Person's Name <E-mail address>",
        "Copyright (c) <dates>, <Copyright Holder> (<URL|email>), with Reserved Font Name <Reserved Font Name>.",
        "THE COPYRIGHT HOLDERS AND CONTRIBUTORS \"AS IS\" AND ANY EXPRESS",
        "COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE",
        "The above copyright notice and this permission notice shall be included",
        "2. Grant of Copyright License. Subject to the terms and conditions of",
        "(c) You must retain, in the Source form of any Derivative Works",
        "COPYRIGHT AND PERMISSION NOTICE",
        "Copyright and Related Rights in the Work",
        "Copyright Holder means the individual(s) or organization(s)",
        "Copyright (c) Individual contributors",
        "Copyright Individual contributors",
        "Copyright (c) 2019 the authors",
        "Copyright (c) 2019 by all contributors",
        "Copyrights in the Rand project are retained by their contributors.",
        "No copyright assignment is required to contribute to the Example project.",
        "Yoyodyne, Inc., hereby disclaims all copyright interest in the program",
        "Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>\n Everyone is permitted to copy and distribute verbatim copies",
        "Copyright (C) 1989, 1991 Free Software Foundation, Inc.,\n51 Franklin Street, Boston, MA 02110-1301 USA\nEveryone is permitted to copy",
        "Copyright (c) 2019\n\nPermission is hereby granted, free of charge",
        "Copyright (c) 2019\nPermission is hereby granted, free of charge",
        "copyright law",
        "",
    ] {
        assert_eq!(named(text), [], "{text:?}");
    }
}

#[test]
fn the_line_is_told() {
    let text = "MIT License\n\n# Copyright (c) 2020 Example GmbH\n\nPermission\n\nCopyright (c) 2021 Example GmbH\nCopyright 2022 Other AG\n";
    let found: Vec<(String, u32)> = holders(text).into_iter().map(|holder| (holder.name, holder.line)).collect();
    assert_eq!(found, [("Example GmbH".to_owned(), 3), ("Other AG".to_owned(), 8)]);
}

#[test]
fn the_form_is_told() {
    let form = |text: &str| holders(text).first().and_then(|holder| holder.form);
    assert_eq!(form("Copyright 2020 Example Pte Ltd"), Some("Pte Ltd"));
    assert_eq!(form("Copyright 2020 EXAMPLE GMBH"), Some("GmbH"));
    assert_eq!(form("Copyright 2020 Example A/S"), Some("A/S"));
    assert_eq!(form("Copyright 2020 Example AS"), Some("AS"));
    assert_eq!(form("Copyright 2020 provided as"), None);
    assert_eq!(form("Copyright 2020 Jane Bag"), None);
    assert_eq!(form("Copyright 2020 株式会社サンプル"), Some("株式会社"));
    assert_eq!(form("Copyright 2020 UAB \"Pavyzdys\""), Some("UAB"));
}

struct Row(&'static [&'static str]);

impl Form for Row {
    fn spellings(&self) -> impl Iterator<Item = &str> {
        self.0.iter().copied()
    }
}

#[test]
fn the_longest_and_closest_form_wins() {
    let rows = [Row(&["Ltd."]), Row(&["Pte. Ltd."]), Row(&["AS"]), Row(&["A/S"]), Row(&["a.s."]), Row(&["ООО"])];
    assert_eq!(legal_form("Example Pte Ltd", &rows), Some((1, "Example")));
    assert_eq!(legal_form("Example, Ltd", &rows), Some((0, "Example")));
    assert_eq!(legal_form("Example AS", &rows), Some((2, "Example")));
    assert_eq!(legal_form("Example A/S", &rows), Some((3, "Example")));
    assert_eq!(legal_form("Example A.S.", &rows), Some((4, "Example")));
    assert_eq!(legal_form("ООО «Пример»", &rows), Some((5, "Пример")));
    assert_eq!(legal_form("example as", &rows), None);
    assert_eq!(legal_form("example AS", &rows), None);
    assert_eq!(legal_form("Atlas", &rows), None);
    assert_eq!(legal_form("Ltd.", &rows), None);
    assert_eq!(legal_form("", &rows), None);
}

#[test]
fn keys_are_the_same_for_the_same_name() {
    for (name, key) in [
        ("Example, Inc.", "example"),
        ("The Example Company, Inc.", "example company"),
        ("Huawei Technologies Co.,Ltd.", "huawei technologies"),
        ("HUAWEI TECHNOLOGIES CO., LTD", "huawei technologies"),
        ("Example (a part of it)", "example"),
        ("Example & Sons", "example and sons"),
        ("ООО «Пример»", "пример"),
        ("示例科技有限公司", "示例科技"),
        ("Example.com, Inc.", "examplecom"),
        ("C++ Alliance", "c++ alliance"),
        ("The rust-random Project Developers", "rust random project developers"),
        ("Example Stiftung", "example stiftung"),
        ("  Ex'ample\t GmbH & Co. KG ", "example"),
        ("Inc.", "inc"),
        ("", ""),
    ] {
        assert_eq!(normalise(name), key, "{name:?}");
    }
}

#[test]
fn the_table_of_words_is_sorted() {
    assert!(super::holder::ORGANISATION_WORDS.is_sorted());
}

/// The spellings of the data are those known here, in the same order.
#[test]
fn the_spellings_are_those_of_the_data() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/legal_forms.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| line.strip_prefix("names = [")?.strip_suffix(']'));
    let mut listed: Vec<String> = Vec::new();
    for line in lines {
        for name in line.split(", ").fold(Vec::<String>::new(), joined_at_quotes) {
            listed.push(name.trim_matches(['"', '\'']).to_owned());
        }
    }
    assert_eq!(listed, super::form::SPELLINGS);
}

/// Puts a name with a comma in it ("Co., Ltd.") together again.
fn joined_at_quotes(mut names: Vec<String>, part: &str) -> Vec<String> {
    match names.last_mut() {
        Some(last) if !last.ends_with(['"', '\'']) => *last = format!("{last}, {part}"),
        _ => names.push(part.to_owned()),
    }
    names
}

#[test]
fn a_name_in_quotes_has_no_spaces_around_it() {
    let found = holders("SPDX-FileCopyrightText: \" Example Foundation \", ");
    assert_eq!(found.iter().map(|holder| holder.name.as_str()).collect::<Vec<_>>(), ["Example Foundation"]);
}

#[test]
fn the_work_is_bounded() {
    for hostile in [
        "Copyright (c) ",
        "opyright",
        "(c) 2020 A, ",
        "Copyright 2020 A\n2020 B,\n",
        "(((((",
        "©",
        "Copyright 2020 [",
        "and ",
    ] {
        let text = hostile.repeat(65_536 / hostile.len());
        assert!(holders(&text).len() <= 256);
    }
}

fn is_sound(text: &str, found: &[Holder]) -> bool {
    let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
    found.iter().all(|holder| {
        holder.line >= 1
            && holder.line <= lines
            && holder.name.contains(char::is_alphabetic)
            && holder.name.trim() == holder.name
            && holder.form.is_none_or(|_| holder.kind == Organisation)
    })
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        prop_assert!(is_sound(&text, &holders(&text)));
        let _key = normalise(&text);
    }

    #[test]
    fn any_text_of_likely_parts_is_read(parts in prop::collection::vec(part(), 0..40)) {
        let text = parts.concat();
        let found = holders(&text);
        prop_assert!(is_sound(&text, &found), "{text:?} {found:?}");
    }

    #[test]
    fn a_key_is_its_own_key(parts in prop::collection::vec(part(), 0..8)) {
        let key = normalise(&parts.concat());
        prop_assert!(!key.starts_with(' ') && !key.ends_with(' ') && !key.contains("  "), "{key:?}");
    }

    #[test]
    fn broken_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = format!("Copyright (c) 2020 {}", String::from_utf8_lossy(&bytes));
        prop_assert!(is_sound(&text, &holders(&text)));
    }
}

fn part() -> impl Strategy<Value = String> {
    let known = [
        "Copyright",
        "copyright",
        " (c) ",
        "©",
        "&copy;",
        " 2020",
        "-2021",
        "-present",
        ", ",
        " and ",
        "\n",
        "\r\n",
        " * ",
        "// ",
        "<",
        ">",
        "[",
        "](",
        ")",
        "(",
        "{",
        "}",
        "（",
        "）",
        "«",
        "»",
        " GmbH",
        " Inc.",
        " Co., Ltd.",
        "有限公司",
        "株式会社",
        "ООО ",
        "The ",
        " Foundation",
        " Developers",
        "Jane",
        "Example",
        "é",
        "İ",
        "ß",
        "\u{fffd}",
        "SPDX-FileCopyrightText: ",
        "All rights reserved",
        " a X company",
        " & ",
        "\"",
        "'",
        ".",
        "Sp. z o.o.",
        "\u{301}",
        "(株)",
        "http://a.b",
        "a@b.c",
    ];
    prop_oneof![4 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => any::<String>()]
}
