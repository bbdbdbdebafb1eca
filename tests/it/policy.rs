//! `origin.toml`: what it can say, and how it is told that it cannot say something.

use cargo_origin::data::Data;
use cargo_origin::policy::{Policy, PolicyText, parse, schema};
use serde_json::Value;

use crate::gate::{check, found, level, said};
use crate::support::{CRATES_IO, Fixture};
use crate::truths::{git, project};

fn read(text: &str) -> Result<Policy, String> {
    let text = PolicyText { shown: "origin.toml".to_owned(), text: text.to_owned(), manifest: false };
    let parsed = parse(&text, Data::embedded().expect("the embedded data"), &|name| Err(format!("no list `{name}`")));
    parsed.map(|parsed| parsed.policy).map_err(|error| error.to_string())
}

#[test]
fn every_problem_of_a_policy_is_told_at_once_with_its_place() {
    let text = "programmes = [\"us-icts\", \"tag:exprt\"]\n\n[rules]\nlisted-set = \"deny\"\nlisted-seat = \"fatal\"\nunknown-origin = { max-share = 2, max-shar = 1, direct = 1 }\nsingle-country = { countries = [\"Chinaa\"] }\n\n[[exception]]\nreason = \" \"\n\n[[exception]]\nversion = \"x\"\nrule = \"no\"\nprogramme = \"no\"\nparty = \"no\"\nreason = \"x\"\nuntil = \"2026-13-01\"\n\n[[ban]]\n\n[[ban]]\naccount = \"github.com/a/b\"\nfrom = \"2026-02-01\"\ngrace-until = \"2026-01-01\"\n\n[[claim]]\npackage = \"a\"\nfacet = \"stewart\"\nplace = \"Mars\"\nsource = \"\"\nsinc = \"2026-01-01\"\n\n[scopes]\nbuild = \"fatal\"\ndevelop = \"warn\"\n\n[contribution]\nshare = 2.0\n";
    insta::assert_snapshot!(read(text).unwrap_err());
    for wrong in ["\"CN\"", "[]", "[1]"] {
        let text = format!("[rules]\nsingle-country = {{ countries = {wrong} }}\n");
        assert!(read(&text).is_err(), "{text} would mean every country");
    }
    // A key that is not known is no exception, ban or policy; what was meant is said where it is near.
    for (text, meant) in [
        ("[[exception]]\nreason = \"x\"\nreasn = \"y\"\n", "reason"),
        ("[[ban]]\nvendors = \"x\"\n", "vendor"),
        ("rule = 1\n", "rules"),
        ("[[programme]]\nid = \"a\"\ncountry = []\n", "countries"),
        ("[[vendor]]\nid = \"a\"\nforge = []\n", "forges"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(&format!("did you mean `{meant}`?")), "{error}");
    }
    // Every mistake in the syntax too, not only the first.
    let error = read("home = \nprogrammes = [\n\n[rules\n").unwrap_err();
    assert!(error.matches("origin.toml:").count() > 1, "{error}");
}

#[test]
fn wrong_kinds_of_values_are_problems_and_never_a_panic() {
    for key in ["home", "git-cache", "lists", "contribution", "scopes", "programmes", "rules", "claim", "exception"] {
        for value in ["1", "true", "\"\"", "[]", "[1]", "[[]]", "{}", "{ a = 1 }", "2026-01-01", "[{}]", "1e400"] {
            // Some of these are fine: an empty list is. All of them end.
            let _either = read(&format!("{key} = {value}\n"));
        }
    }
    for text in ["home = 1\n", "lists = \"a\"\n", "programmes = [1]\n", "rules = []\n", "claim = {}\n", "scopes = 1\n"]
    {
        assert!(read(text).is_err(), "{text}");
    }
    let nested = format!("rules = {}1{}\n", "[".repeat(10_000), "]".repeat(10_000));
    assert!(read(&nested).is_err());
}

#[test]
fn dates_need_no_quotes() {
    let policy = read("[[exception]]\nrule = \"listed-seat\"\nreason = \"x\"\nuntil = 2027-01-01\n").unwrap();
    assert_eq!(policy.exceptions[0].until, Some("2027-01-01".parse().unwrap()));
}

/// A company's own programme, with a party of its own that no embedded row knows.
const OWN: &str = "[[programme]]\nid = \"acme-suppliers\"\ntitle = \"Suppliers that are being replaced\"\nnamed = true\n\
    ownership = \"majority\"\nas_of = \"2026-11-01\"\nphase = [\n  { from = \"2026-01-01\", until = \"2026-06-01\", what = \"no new use\", new_only = true },\n  \
    { from = \"2026-06-01\", what = \"no use\" },\n]\n\
    [[vendor]]\nid = \"acme-example-vendor\"\nname = \"Example Vendor\"\nkind = \"company\"\nseat = \"DE\"\n\
    forges = [\"github.com/example-vendor\"]\nas_of = \"2026-11-01\"\n\
    [[vendor.designation]]\nprogramme = \"acme-suppliers\"\neffect = \"own-policy\"\nlisted_on = \"2026-01-01\"\nconfidence = \"high\"\n";

#[test]
fn a_programme_of_ones_own_counts_on_its_dates() {
    let fixture = project(&[("thing", &git("github.com/example-vendor/thing"))]);
    let (code, report) = check(&fixture, OWN, &["--as-of", "2026-11-01"]);
    assert_eq!((code, level(&report, "listed-party")), (1, "deny"));
    assert!(said(&report, "listed-party").contains("acme-suppliers"), "{report}");
    // Before, existing use may stay, and new use may not.
    let (code, report) = check(&fixture, OWN, &["--as-of", "2026-03-01"]);
    assert_eq!((code, level(&report, "listed-party")), (0, "warn"));
    assert!(said(&report, "listed-party").contains("from 2026-06-01, in 92 days"), "{report}");
    assert_eq!(check(&fixture, OWN, &["--as-of", "2025-12-31"]).0, 0);
    // Choosing other programmes does not switch off one's own.
    let policy = format!("programmes = [\"us-kaspersky-2024\"]\n{OWN}");
    assert_eq!(check(&fixture, &policy, &[]).0, 1);
    // The seat and the name come from the row, and explain says where they stand.
    let args = ["explain", "thing", "--lockfile", "Cargo.lock", "--config", "origin.toml", "--as-of", "2026-11-01"];
    let said = fixture.stdout(&args);
    assert!(said.contains("Example Vendor") && said.contains("acme-suppliers"), "{said}");
    let listed = fixture.stdout(&["programmes", "show", "acme-suppliers", "--config", "origin.toml"]);
    assert!(listed.contains("Suppliers that are being replaced") && listed.contains("the policy itself"), "{listed}");
    // Nothing embedded has changed, so nothing is said to have.
    assert_eq!(report["overrides"], serde_json::json!([]));
}

#[test]
fn a_row_with_an_embedded_id_changes_it_and_says_so() {
    let fixture = project(&[("thing", &git("github.com/kasperskylab/thing"))]);
    let chosen = "programmes = [\"us-kaspersky-2024\"]\n";
    assert_eq!(check(&fixture, chosen, &[]).0, 1);
    let policy =
        format!("{chosen}[[programme]]\nid = \"us-kaspersky-2024\"\nended = \"2026-01-01\"\nended_by = \"a court\"\n");
    let (code, report) = check(&fixture, &policy, &[]);
    assert_eq!((code, level(&report, "listed-party")), (0, "-"));
    let note = "origin.toml:2 changes programme `us-kaspersky-2024` of the embedded data: ended, ended_by";
    assert_eq!(report["overrides"], serde_json::json!([note]));
    let args = ["--lockfile", "Cargo.lock", "--config", "origin.toml", "--as-of", "2026-11-01", "--width", "200"];
    for more in [&[][..], &["--format", "json"], &["--format", "markdown"]] {
        let shown = fixture.stdout(&[&args[..], more].concat());
        let checked = fixture.stdout(&[&["check"], &args[..], more].concat());
        for text in [shown, checked] {
            let plain = text.replace('\\', "");
            assert!(plain.contains("changes programme `us-kaspersky-2024`"), "{more:?}: {text}");
        }
    }
    // A designation comes on top of the embedded ones and takes none away.
    let more =
        format!("{chosen}{}", OWN.replace("acme-example-vendor", "kaspersky").replace("forges", "see_also = []\n#"));
    let more = more.replace("name = \"Example Vendor\"\nkind = \"company\"\nseat = \"DE\"\n", "");
    let (code, report) = check(&fixture, &more, &[]);
    let said = said(&report, "listed-party");
    assert_eq!(code, 1);
    assert!(said.contains("acme-suppliers") && said.contains("us-kaspersky-2024"), "{said}");
}

#[test]
fn rows_of_ones_own_meet_the_checks_of_the_embedded_ones() {
    for (wrong, says) in [
        ("[[vendor]]\nname = \"x\"\n", "needs an `id`"),
        ("[[vendor]]\nid = \"Not An Id\"\n", "is not an id"),
        ("[[vendor]]\nid = \"a\"\nname = \"x\"\nkind = \"company\"\n", "missing field `as_of`"),
        ("[[vendor]]\nid = \"a\"\nname = \"x\"\nkind = \"firm\"\nas_of = \"2026-01-01\"\n", "unknown variant `firm`"),
        ("[[vendor]]\nid = \"kaspersky\"\nparent = \"nobody-at-all\"\n", "parent `nobody-at-all` is not a vendor"),
        ("[[vendor]]\nid = \"kaspersky\"\nseat = \"QQ\"\n", "`QQ` is not a country"),
        ("[[vendor]]\nid = \"kaspersky\"\nnote = \"a\\u001b[31mb\"\n", "control character"),
        ("[[vendor]]\nid = \"kaspersky\"\nnote = \"a\\u202eb\"\n", "direction of text"),
        ("[[vendor]]\nid = \"kaspersky\"\nnote = \"a\\u2028b\"\n", "nobody sees"),
        ("[[vendor]]\nid = \"kaspersky\"\nnote = \"a\\U000E0041b\"\n", "nobody sees"),
        ("[[vendor]]\nid = \"kaspersky\"\nsource = \"https://a.example/)|<b>\"\n", "is not an address"),
        ("[[vendor]]\nid = \"kaspersky\"\n[[vendor]]\nid = \"kaspersky\"\n", "stands twice"),
        ("[[vendor]]\nid = \"kaspersky\"\nforges = [\"github.com/google\"]\n", "stands twice"),
        (
            "[[programme]]\nid = \"own-a\"\ntitle = \"x\"\nas_of = \"2026-01-01\"\nregions = [\"DE-BY\"]\n",
            "`DE-BY` is not a region",
        ),
        (
            "[[programme]]\nid = \"own-a\"\ntitle = \"x\"\nas_of = \"2026-01-01\"\nauthority = \"US\"\n",
            "is not an authority",
        ),
    ] {
        let error = read(wrong).unwrap_err();
        assert!(error.contains(says), "{wrong}: {error}");
        assert!(error.contains("origin.toml:"), "{error}");
    }
}

/// A vendor of one's own with the key that is given.
fn vendor(id: &str, more: &str) -> String {
    format!("[[vendor]]\nid = \"{id}\"\nname = \"A Fine Firm\"\nkind = \"company\"\nas_of = \"2026-11-01\"\n{more}\n")
}

#[test]
fn a_row_of_ones_own_takes_nothing_from_an_embedded_one_in_silence() {
    // Only one of two can have a name or a domain, and nobody would see which.
    for (id, more, says) in [
        ("a-firm", "aliases = [\"Kaspersky Lab\"]", "the name `Kaspersky Lab` is that of vendor `kaspersky` too"),
        ("a-firm", "copyright = [\"KASPERSKY LAB\"]", "that of vendor `kaspersky` too"),
        ("z-firm", "domains = [\"kaspersky.com\"]", "the domain `kaspersky.com` is that of vendor `kaspersky` too"),
    ] {
        let error = read(&vendor(id, more)).unwrap_err();
        assert!(error.contains(says) && error.contains("origin.toml:1"), "{more}: {error}");
    }
    // A part can be meant, and is told.
    for (more, says) in [
        ("forges = [\"github.com/kasperskylab/thing\"]", "gives `github.com/kasperskylab/thing` to vendor `a-firm`"),
        ("domains = [\"labs.kaspersky.com\"]", "gives `labs.kaspersky.com` to vendor `a-firm`"),
    ] {
        let found = read(&vendor("a-firm", more)).unwrap();
        let [told] = &found.overrides[..] else { panic!("{more}: {:?}", found.overrides) };
        assert!(told.contains(says) && told.ends_with("it is of `kaspersky`"), "{told}");
    }
    // Two of one's own can have one name, of another legal form; not one domain.
    assert!(read(&format!("{}{}", vendor("a-firm", ""), vendor("b-firm", ""))).unwrap().overrides.is_empty());
    let both = ["a-firm", "b-firm"].map(|id| vendor(id, "domains = [\"fine.example\"]")).concat();
    assert!(read(&both).unwrap_err().contains("the domain `fine.example` is that of vendor `b-firm` too"));
    // What one says of an embedded row for itself, and what nobody has, needs no word.
    assert_eq!(read("[[vendor]]\nid = \"kaspersky\"\nnote = \"x\"\n").unwrap().overrides.len(), 1);
    assert!(read(&vendor("a-firm", "domains = [\"a-firm.example\"]")).unwrap().overrides.is_empty());
}

#[test]
fn a_row_of_ones_own_is_no_command_where_the_register_is_listed() {
    let fixture = Fixture::new();
    let programme =
        "[[programme]]\nid = \"own-a\"\ntitle = \"::error::x\"\nsummary = \"##vso[x]\"\nas_of = \"2026-01-01\"\n";
    fixture.file("origin.toml", vendor("a-firm", "").replace("A Fine Firm", "::error::x ##[x]") + programme);
    for args in [&["vendors"][..], &["vendors", "show", "a-firm"], &["programmes"], &["programmes", "show", "own-a"]] {
        let text = fixture.stdout(&[args, &["--config", "origin.toml", "--width", "140"]].concat());
        assert!(text.contains("error:") && !text.contains("::") && !text.contains("##"), "{args:?}: {text}");
    }
}

#[test]
fn ten_thousand_rows_are_read_at_once() {
    let chain = |last: &str| -> String {
        let row = |n: usize| {
            let parent = if n < 4_999 { format!("v{}", n + 1) } else { last.to_owned() };
            let name = format!("parent = \"{parent}\"\n");
            vendor(&format!("v{n}"), &name).replace("A Fine Firm", &format!("Firm {n}"))
        };
        (0..5_000).map(row).collect()
    };
    let begun = std::time::Instant::now();
    assert!(read(&chain("kaspersky")).unwrap().overrides.is_empty());
    let circle = read(&chain("v0")).unwrap_err();
    assert_eq!(circle.matches("it is its own owner or steward").count(), 5_000);
    assert!(circle.contains("origin.toml:1\n") || circle.contains("origin.toml:1:1"), "{}", &circle[..300]);
    // Only what leads into a circle is none.
    let text = format!("{}{}", vendor("a", "parent = \"b\""), vendor("b", "parent = \"c\"")).replace("A Fine", "Fine");
    let text = text + &vendor("c", "parent = \"b\"").replace("A Fine Firm", "Other");
    let error = read(&text).unwrap_err();
    assert!(!error.contains("vendor `a`: it is its own") && error.contains("vendor `b`: it is its own"), "{error}");
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

/// Each name that packages come through is followed once, however many findings ask for it.
#[test]
fn six_hundred_exceptions_by_way_cost_little() {
    let names: Vec<String> = (0..600).map(|n| format!("p{n}")).collect();
    let packages: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), CRATES_IO)).collect();
    let fixture = project(&packages);
    let row = |name: &String| {
        format!(
            "[[ban]]\npackage = \"{name}\"\n[[exception]]\nthrough = \"{name}\"\nreason = \"x\"\nuntil = \"2027-01-01\"\n"
        )
    };
    // The last is accepted by the last, after all the others were asked.
    let policy: String =
        "[rules]\nunknown-origin = \"allow\"\n".to_owned() + &names.iter().map(row).collect::<String>();
    let begun = std::time::Instant::now();
    let (code, report) = check(&fixture, &policy, &["--as-of", "2026-11-01"]);
    assert_eq!((code, &report["counts"]["accepted"]), (0, &serde_json::json!(600)), "{}", report["counts"]);
    assert!(begun.elapsed().as_secs() < 12, "{:?}", begun.elapsed());
}

#[test]
fn lists_beside_the_policy_bring_rows_and_claims_and_stay_in_its_folder() {
    let fixture = project(&[("thing", &git("github.com/example-vendor/thing")), ("other", CRATES_IO)]);
    let claim = "[[claim]]\npackage = \"other\"\nfacet = \"steward\"\nplace = \"DE\"\nsource = \"imprint\"\n";
    fixture.file("lists/suppliers.toml", format!("{OWN}{claim}"));
    let (code, report) = check(&fixture, "lists = [\"lists/suppliers.toml\"]\n", &[]);
    assert_eq!((code, level(&report, "listed-party")), (1, "deny"));
    let args = ["explain", "other", "--lockfile", "Cargo.lock", "--config", "origin.toml"];
    assert!(fixture.stdout(&args).contains("lists/suppliers.toml:"), "the claim is shown with its place");
    let secret = Fixture::new();
    secret.file("secret.toml", "secret = \"do not show\"\n");
    let outside = secret.path().join("secret.toml");
    for name in [outside.to_str().unwrap(), "../secret.toml", "lists/../../secret.toml", "lists", "nowhere.toml"] {
        fixture.file("origin.toml", format!("lists = [{}]\n", Value::from(name)));
        let output = fixture.run(&["check", "--lockfile", "Cargo.lock", "--config", "origin.toml"]);
        assert_eq!(output.code, 2, "{name}");
        assert!(
            output.stderr.contains("origin.toml:1:10") && !output.stderr.contains("do not show"),
            "{}",
            output.stderr
        );
    }
    // A list knows things; it does not say how to judge.
    fixture
        .file("lists/suppliers.toml", "programmes = []\n")
        .file("origin.toml", "lists = [\"lists/suppliers.toml\"]\n");
    let output = fixture.run(&["check", "--lockfile", "Cargo.lock", "--config", "origin.toml"]);
    assert!(output.code == 2 && output.stderr.contains("lists/suppliers.toml:1:1"), "{}", output.stderr);
}

#[cfg(unix)]
#[test]
fn links_that_lead_out_of_the_workspace_are_not_followed() {
    use std::os::unix::fs::symlink;
    let secret = Fixture::new();
    secret.file("secret.toml", "secret = \"do not show\"\n");
    let outside = secret.path().join("secret.toml");
    let fixture = Fixture::workspace();
    symlink(&outside, fixture.path().join("origin.toml")).unwrap();
    let output = fixture.run(&["check", "--offline"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("leads out of the workspace"), "{}", output.stderr);
    assert!(!output.stderr.contains("do not show"), "{}", output.stderr);
    std::fs::remove_file(fixture.path().join("origin.toml")).unwrap();
    symlink(&outside, fixture.path().join("list.toml")).unwrap();
    fixture.file("origin.toml", "lists = [\"list.toml\"]\n");
    let output = fixture.run(&["check", "--offline"]);
    assert_eq!(output.code, 2);
    assert!(
        output.stderr.contains("not a file in the folder") && !output.stderr.contains("do not show"),
        "{}",
        output.stderr
    );
}

/// A gate that passed over it would pass without its policy.
#[cfg(unix)]
#[test]
fn what_has_the_name_of_a_policy_and_is_no_file_is_an_error() {
    use std::os::unix::fs::symlink;
    let said = |fixture: &Fixture, words: &str| {
        for args in [&["check", "--offline"][..], &["--offline"]] {
            let output = fixture.run(args);
            assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{words}");
            assert!(output.stderr.contains(words) && output.stderr.contains("--config"), "{words}: {}", output.stderr);
        }
    };
    for place in ["origin.toml", ".config/origin.toml", ".cargo/origin.toml"] {
        let fixture = Fixture::workspace();
        let path = fixture.path().join(place);
        std::fs::create_dir_all(&path).unwrap();
        said(&fixture, &format!("{place} is a folder"));
        std::fs::remove_dir(&path).unwrap();
        symlink("nothing.toml", &path).unwrap();
        said(&fixture, &format!("{place} is a link to nothing"));
        // A link to a file of the workspace is one.
        fixture.file(path.with_file_name("nothing.toml"), "home = \"DE\"\n");
        assert_eq!(fixture.run(&["check", "--offline", "--format", "json"]).json()["home"], "DE");
        std::fs::remove_file(&path).unwrap();
        symlink(path.file_name().unwrap(), &path).unwrap();
        let output = fixture.run(&["check", "--offline"]);
        assert_eq!(output.code, 2, "a link to itself: {}", output.stderr);
    }
    // A file where a folder could be has no policy in it.
    let fixture = Fixture::workspace();
    fixture.file(".config", "");
    assert!(fixture.run(&["check", "--offline"]).code < 2);
}

#[test]
fn a_policy_in_the_manifest_has_its_lines_too() {
    let fixture = Fixture::workspace();
    let manifest = fixture.read("Cargo.toml");
    let line = manifest.lines().count() + 3;
    fixture.file("Cargo.toml", format!("{manifest}\n[workspace.metadata.origin]\nhoem = \"DE\"\n"));
    let output = fixture.run(&["check", "--offline"]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains(&format!("Cargo.toml:{line}:1")), "{}", output.stderr);
    assert!(output.stderr.contains("did you mean `home`?"), "{}", output.stderr);
    fixture.file("Cargo.toml", format!("{manifest}\n[workspace.metadata.origin]\nhome = \"DE\"\n"));
    let report = fixture.run(&["check", "--offline", "--format", "json"]).json();
    assert_eq!(report["home"], "DE");
}

#[test]
fn scopes_say_how_grave_a_finding_can_be() {
    let fixture = Fixture::workspace();
    let claims: String = ["base", "derive", "generate", "check", "usual"]
        .map(|name| {
            format!("[[claim]]\npackage = \"{name}\"\nfacet = \"steward\"\nplace = \"CN\"\nsource = \"imprint\"\n")
        })
        .concat();
    let levels = |scopes: &str| {
        fixture.file("origin.toml", format!("programmes = [\"us-icts-adversaries\"]\n{scopes}\n{claims}"));
        let output = fixture.run(&["check", "--offline", "--dev", "--format", "json"]);
        let report = output.json();
        let findings = report["findings"].as_array().unwrap().clone();
        let of = |name: &str| {
            let seat = findings.iter().find(|finding| {
                finding["rule"] == "listed-seat" && finding["package"].as_str().unwrap().starts_with(name)
            });
            seat.map_or("-".to_owned(), |finding| finding["level"].as_str().unwrap().to_owned())
        };
        ["base", "derive", "generate", "check", "usual"].map(of)
    };
    assert_eq!(levels(""), ["deny", "deny", "deny", "deny", "deny"]);
    // `base` and `usual` ship, `derive` and `generate` run on the build machine, `check` is needed for tests only.
    assert_eq!(levels("[scopes]\ndev = \"warn\""), ["deny", "deny", "deny", "warn", "deny"]);
    assert_eq!(levels("[scopes]\ndev = \"allow\""), ["deny", "deny", "deny", "-", "deny"]);
    assert_eq!(levels("[scopes]\nbuild = \"warn\"")[1..3], ["warn", "warn"]);
    assert_eq!(levels("[scopes]\nships = \"warn\""), ["warn", "deny", "deny", "deny", "warn"]);
    // A lock file does not say what a package is for: it is as grave as any scope but development lets it be.
    let locked = project(&[("thing", CRATES_IO)]);
    let claim = "[[claim]]\npackage = \"thing\"\nfacet = \"steward\"\nplace = \"CN\"\nsource = \"imprint\"\n";
    let policy = |scopes: &str| format!("programmes = [\"us-icts-adversaries\"]\n[scopes]\n{scopes}\n{claim}");
    assert_eq!(check(&locked, &policy("ships = \"warn\""), &[]).0, 1);
    let (code, report) = check(&locked, &policy("ships = \"warn\"\nbuild = \"warn\""), &[]);
    assert_eq!(code, 0);
    assert!(found(&report, "listed-seat").unwrap().to_string().contains("what it is for is not known"));
}

#[test]
fn the_schema_of_a_policy_accepts_what_is_read_and_refuses_what_is_not() {
    let schema = serde_json::to_value(schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |text: &str| {
        let value: Value = toml::from_str(text).unwrap();
        validator.is_valid(&value)
    };
    let whole = format!(
        "home = \"US\"\ngit-cache = \"clones\"\nprogrammes = [\"tag:us\"]\n[contribution]\nshare = 0.3\nprobability = 0.8\n\
         [scopes]\nships = \"deny\"\nbuild = \"warn\"\ndev = \"allow\"\n[rules]\nlisted-seat = \"warn\"\n\
         unknown-origin = {{ level = \"deny\", max-share = 0.2, direct = true }}\nsingle-country = {{ level = \"warn\", countries = [\"DE\"] }}\n\
         [[claim]]\npackage = \"a\"\nfacet = \"steward\"\nplace = \"DE\"\nsource = \"x\"\n\
         [[exception]]\npackage = \"a\"\nversion = \"1\"\nreason = \"x\"\nuntil = \"2027-01-01\"\nagreed = \"us\"\n\
         [[ban]]\naccount = \"github.com/example\"\nfrom = \"2026-01-01\"\ngrace-until = \"2026-02-01\"\n{OWN}"
    );
    assert_eq!(read(&whole).err(), None);
    assert!(
        valid(&whole),
        "{:?}",
        validator.iter_errors(&toml::from_str(&whole).unwrap()).next().map(|e| e.to_string())
    );
    for wrong in [
        "hoem = \"US\"\n",
        "home = \"us\"\n",
        "[rules]\nlisted-set = \"deny\"\n",
        "[rules]\nlisted-seat = \"fatal\"\n",
        "[rules]\nunknown-origin = { max-share = 2.0 }\n",
        "[[exception]]\npackage = \"a\"\n",
        "[[ban]]\nvendors = \"a\"\n",
        "[scopes]\ndevelop = \"warn\"\n",
        "[[programme]]\ntitle = \"no id\"\n",
    ] {
        assert!(!valid(wrong) && read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_schema_is_printed() {
    let fixture = project(&[("thing", CRATES_IO)]);
    for (what, made) in [
        ("report", &["--lockfile", "Cargo.lock", "--format", "json"][..]),
        ("check", &["check", "--lockfile", "Cargo.lock", "--format", "json"]),
        ("trend", &["trend", "--fixed", "--since", "2024-01-01", "--lockfile", "Cargo.lock", "--format", "json"]),
        ("explain", &["explain", "thing", "--lockfile", "Cargo.lock", "--format", "json"]),
    ] {
        let schema: Value = serde_json::from_str(&fixture.stdout(&["schema", what])).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&fixture.run(made).json()), "{what}");
        assert!(!validator.is_valid(&serde_json::json!({})), "{what}");
    }
    assert_eq!(fixture.stdout(&["schema"]), fixture.stdout(&["schema", "report"]));
    assert!(fixture.stdout(&["schema", "policy"]).contains("grace-until"));
}
