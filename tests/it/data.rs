//! The data: that it holds together, that the program embeds what `data/` says, and that it knows cases whose truth is documented.

use std::fs;
use std::path::{Path, PathBuf};

use cargo_origin::data::compile::{self, CompileError};
use cargo_origin::data::model::{Designation, Effect, Vendor};
use cargo_origin::data::{Confidence, Data, HostOwner, MailDomain, VendorIx};
use cargo_origin::date::Date;
use cargo_origin::party::{Seat, Standing, standing};

#[test]
fn data_compiles_to_what_is_embedded() {
    let tables = match compile::tables(&folder()) {
        Ok(tables) => tables,
        Err(error) => panic!("{error}"),
    };
    let packed = compile::pack(&tables).expect("the tables can be packed");
    let committed = fs::read(folder().join("compiled/tables.postcard")).expect("the compiled tables are there");
    assert!(packed == committed, "data/compiled is stale; run `cargo run --example compile_data`");
    let zones =
        compile::pack_zones(&compile::zones(&folder()).expect("the zones compile")).expect("they can be packed");
    assert!(
        zones == fs::read(folder().join("compiled/zones.postcard")).expect("they are there"),
        "the compiled zones are stale"
    );
    let capabilities = compile::capabilities(&folder()).expect("the capabilities can be read");
    let packed_capabilities = compile::pack_capabilities(&capabilities).expect("they can be packed");
    let committed = fs::read(folder().join("compiled/capabilities.postcard")).expect("they are there");
    assert!(packed_capabilities == committed, "the compiled capabilities are stale");
    let records = compile::observations(&folder()).expect("the observations can be read");
    let packed_records = compile::pack_observations(&records).expect("they can be packed");
    let committed = fs::read(folder().join("compiled/observations.postcard")).expect("they are there");
    assert!(packed_records == committed, "the compiled observations are stale");
    let data = Data::embedded().expect("the embedded data can be read");
    for record in &records {
        assert_eq!(data.observation(&record.repository).as_ref(), Some(record), "{}", record.repository);
    }
    let again = compile::pack(&compile::tables(&folder()).expect("it compiled before")).expect("it packed before");
    assert!(packed == again, "compiling twice gives different bytes");
}

#[test]
fn the_embedded_tables_are_large_enough_to_be_of_use() {
    let tables = data().tables;
    assert!(tables.vendors.len() >= 1_000, "{} vendors", tables.vendors.len());
    assert!(tables.crates.len() >= 4_200, "{} crates", tables.crates.len());
    assert!(tables.upstreams.len() >= 80, "{} native upstreams", tables.upstreams.len());
    assert!(tables.countries.len() >= 249, "{} countries", tables.countries.len());
    let sum: f64 = tables.prior.iter().map(|row| row.1).sum();
    assert!((sum - 1.0).abs() < 1e-9, "the prior sums to {sum}");
}

/// A name that is spelt wrongly provides nothing: most of them stand in the table of crates too.
#[test]
fn what_provides_a_capability_is_a_crate_that_is_known() {
    let rows = Data::capabilities().expect("the embedded capabilities can be read");
    assert!(rows.len() >= 20, "{} capabilities", rows.len());
    let crates: Vec<&str> = rows.iter().flat_map(|row| row.crates.iter().copied()).collect();
    let tables = data().tables;
    let known = crates.iter().filter(|name| tables.crates.binary_search_by(|row| row.0.cmp(name)).is_ok()).count();
    assert!(known * 4 >= crates.len() * 3, "{known} of {} are known", crates.len());
    for row in rows {
        assert!(row.source.starts_with("https://crates.io/categories/"), "{}: {}", row.id, row.source);
    }
}

/// Seats that can be read in the repository itself, or in the company's own pages.
#[test]
fn documented_seats_are_known() {
    for (repository, seat) in [
        ("github.com/slint-ui/slint", "DE"),
        ("github.com/meilisearch/meilisearch", "FR"),
        ("github.com/embarkstudios/cargo-deny", "SE"),
        ("github.com/rerun-io/rerun", "SE"),
        ("github.com/oxidecomputer/dropshot", "US"),
        ("github.com/influxdata/influxdb", "US"),
        ("github.com/bytedance/monoio", "CN"),
        ("github.com/cloudwego/volo", "CN"),
        ("github.com/picodata/picodata", "RU"),
        // The work is done elsewhere; the seat is where it is.
        ("github.com/apache/opendal", "US"),
        ("github.com/risingwavelabs/risingwave", "US"),
    ] {
        let found = stands(repository).seat;
        assert!(matches!(&found, Seat::Country { country, .. } if country.as_str() == seat), "{repository}: {found:?}");
    }
}

#[test]
fn who_owns_or_holds_a_project_is_known() {
    let data = data();
    for (repository, id) in [
        ("github.com/cloudwego/volo", "bytedance"),
        ("github.com/bytedance/monoio", "bytedance"),
        ("github.com/apache/opendal", "apache-software-foundation"),
    ] {
        assert_eq!(data.vendor(vendor_of(repository)).id, id, "{repository}");
    }
    // A project of a foundation sits where the foundation sits, and says so.
    let tikv = stands("github.com/tikv/tikv");
    assert_eq!(data.vendor(tikv.seat_of).id, "cncf");
    let holder = tikv.owner.expect("somebody holds TiKV");
    assert_eq!(data.vendor(holder).id, "linux-foundation");
}

/// Where sources disagree or are silent, no single country comes out.
#[test]
fn what_is_not_documented_is_not_known() {
    let not_settled = |repository: &str| {
        let seat = stands(repository).seat;
        assert!(!matches!(&seat, Seat::Country { .. }), "{repository}: {seat:?}");
    };
    not_settled("github.com/databendlabs/openraft");
    not_settled("github.com/seaql/sea-orm");
    not_settled("github.com/paritytech/parity-common");
    for repository in ["github.com/tikv/tikv", "github.com/pingcap/tidb"] {
        let seat = stands(repository).seat;
        let only_china =
            matches!(&seat, Seat::Country { country, also } if country.as_str() == "CN" && also.is_empty());
        assert!(!only_china, "{repository}: {seat:?}");
    }
    // An account nobody has looked at is not an organisation.
    assert_eq!(data().owner_of("github.com/no-such-account-anywhere/x"), HostOwner::Unknown);
    assert_eq!(data().owner_of("github.com"), HostOwner::Unknown);
}

#[test]
fn a_seat_that_is_not_doubtful_has_a_reason_to_be_believed() {
    let data = data();
    for row in &data.tables.vendors {
        let read = row.source.is_none() && row.source_read;
        assert!(!read, "{}: read, but where?", row.id);
        let doubtful =
            row.designations.iter().find(|listing| listing.source.is_none() && listing.confidence == Confidence::High);
        assert!(doubtful.is_none(), "{}: {doubtful:?} is sure without a source", row.id);
    }
}

#[test]
fn kaspersky_is_named_by_the_programmes_that_name_it() {
    let data = data();
    let kaspersky = data.vendor(vendor_of("github.com/kasperskylab/kaspresso"));
    let ban = listing(kaspersky, "us-kaspersky-2024");
    assert_eq!(ban.effect, Effect::SupplyBan);
    assert!(ban.scope.is_some_and(|scope| scope.contains("2024-07-20") && scope.contains("2024-09-29")));
    assert_eq!(listing(kaspersky, "us-bis-entity-list").effect, Effect::ExportControl);
    for designation in &kaspersky.designations {
        assert!(data.programme(designation.programme).is_some(), "{}", designation.programme);
    }
    // The Treasury named people of the company, not the company.
    assert!(!kaspersky.designations.iter().any(|listing| listing.programme == "us-ofac-sdn"));
    let programme = data.programme("us-kaspersky-2024").expect("the determination is there");
    let starts: Vec<String> =
        programme.phases.iter().filter_map(|phase| phase.from).map(|day| day.to_string()).collect();
    assert!(["2024-07-20", "2024-09-29"].iter().all(|day| starts.iter().any(|start| start == day)), "{starts:?}");
}

#[test]
fn lists_of_countries_say_what_their_text_says() {
    let data = data();
    let lists = |programme: &str, country: &str| {
        let row = data.programme(programme).unwrap_or_else(|| panic!("{programme} is there"));
        row.countries.iter().any(|code| code.as_str() == country)
    };
    // 15 CFR 791.4 writes Hong Kong and Macau into the country.
    for country in ["CN", "HK", "MO", "CU", "IR", "KP", "RU"] {
        assert!(lists("us-icts-adversaries", country), "{country}");
    }
    // 10 USC 4872 does not, and leaves Cuba out.
    for country in ["CN", "IR", "KP", "RU"] {
        assert!(lists("us-covered-nations", country), "{country}");
    }
    for country in ["HK", "MO", "CU"] {
        assert!(!lists("us-covered-nations", country), "{country}");
    }
    // Names a person and his regime, not the country.
    assert!(!lists("us-icts-adversaries", "VE"));
}

/// Top-level domains that are bought for their letters say nothing about a country, `.rs` of all things included.
#[test]
fn vanity_domains_say_nothing() {
    let data = data();
    for tld in ["me", "io", "ai", "co", "ws", "st", "ml", "ly", "is", "tv", "sh", "rs"] {
        let domain = format!("nobody-has-registered-this.{tld}");
        assert!(matches!(data.mail_domain(&domain), MailDomain::Nothing), "{domain}: {:?}", data.mail_domain(&domain));
    }
    for domain in ["gmail.com", "users.noreply.github.com", "example.com"] {
        assert!(matches!(data.mail_domain(domain), MailDomain::Nothing), "{domain}: {:?}", data.mail_domain(domain));
    }
    assert!(
        matches!(data.mail_domain("nobody-has-registered-this.de"), MailDomain::Hint(country, _) if country.as_str() == "DE")
    );
}

const VENDOR: &str = "kind = \"company\"\nconfidence = \"low\"\nas_of = \"2026-01-01\"\n";

#[test]
fn bad_rows_are_refused_by_name() {
    let row = |id: &str, keys: &str| format!("\n[[vendor]]\nid = \"{id}\"\nname = \"Planted {id}\"\n{VENDOR}{keys}\n");
    let listing =
        "[[vendor.designation]]\nprogramme = \"no-such-programme\"\neffect = \"warning\"\nconfidence = \"low\"\n";
    for (what, rows, sentence) in [
        (
            "an unknown country",
            row("planted", "seat = \"QQ\""),
            "vendor `planted`: `QQ` is not a country of countries.toml",
        ),
        ("a second row", row("kaspersky", ""), "vendor `kaspersky` stands twice"),
        ("no such parent", row("planted", "parent = \"nobody\""), "vendor `planted`: parent `nobody` is not a vendor"),
        (
            "a circle",
            row("planted-a", "parent = \"planted-b\"") + &row("planted-b", "steward = \"planted-a\""),
            "vendor `planted-b`: it is its own owner or steward, through others",
        ),
        ("no address", row("planted", "source = \"example.org\""), "vendor `planted`: `example.org` is not an address"),
        (
            "an address with a space",
            row("planted", "see_also = [\"https://a b.example\"]"),
            "vendor `planted`: `https://a b.example`",
        ),
        ("no such programme", row("planted", listing), "vendor `planted`: `no-such-programme` is not a programme"),
        (
            "a forge with a scheme",
            row("planted", "forges = [\"https://github.com/x\"]"),
            "vendor `planted`: forge `https://github.com/x`",
        ),
        (
            "a forge of another",
            row("planted", "forges = [\"github.com/slint-ui\"]"),
            "forge of a vendor `github.com/slint-ui` stands twice",
        ),
        (
            "an end before the start",
            row("planted", &listing.replace("effect", "listed_on = \"2025-01-02\"\nuntil = \"2025-01-01\"\neffect")),
            "vendor `planted`: 2025-01-02 to 2025-01-01",
        ),
    ] {
        let error = compile_with("vendors/organisations.toml", &rows);
        assert!(matches!(&error, CompileError::Check(_)), "{what}: {error}");
        assert!(error.to_string().contains(sentence), "{what}: {error}");
    }
}

#[test]
fn bad_blocs_are_refused_by_name() {
    let bloc = |id: &str, rest: &str| {
        format!("\n[[bloc]]\nid = \"{id}\"\nname = \"Planted\"\nconfidence = \"low\"\nas_of = \"2026-01-01\"\n{rest}\n")
    };
    let members = |keys: &str| format!("[[bloc.member]]\ncountries = [\"DE\"]\n{keys}\n");
    for (rows, sentence) in [
        (bloc("eu", ""), "bloc `eu` stands twice"),
        (bloc("de", ""), "bloc `de`: it is called like a country"),
        (bloc("planted", "source_read = true"), "bloc `planted`: read, but where?"),
        (bloc("planted", "source = \"example.org\""), "bloc `planted`: `example.org` is not an address"),
        (bloc("planted", "[[bloc.member]]\ncountries = [\"QQ\"]"), "bloc `planted`: `QQ` is not a country"),
        (bloc("planted", "[[bloc.member]]\ncountries = []"), "bloc `planted`: a row without a country"),
        (bloc("planted", &members("from = \"2026-01-02\"\nuntil = \"2026-01-01\"")), "2026-01-02 to 2026-01-01"),
        (bloc("planted", &members("from = \"2026-01-01\"\ninferred = true")), "inferred, but which day"),
        (
            bloc("planted", &(members("from = \"2026-01-01\"") + &members("until = \"2026-01-02\""))),
            "bloc `planted`: `DE` is in it twice at a time",
        ),
    ] {
        let error = compile_with("blocs.toml", &rows);
        assert!(matches!(&error, CompileError::Check(_)), "{error}");
        assert!(error.to_string().contains(sentence), "no `{sentence}`: {error}");
    }
}

#[test]
fn bad_files_are_refused_by_name() {
    for (file, text, sentences) in [
        ("mail.toml", "\n[[mail]]\ndomain = \"planted.example\"\ncolour = \"red\"\n", ["mail.toml", "colour"]),
        ("crates.csv", "planted,github.com/a/b,more\n", ["crates.csv", "more than two columns"]),
        (
            "vendors/listed.toml",
            "\n[[vendor]]\nid = \"planted\"\nas_of = \"23.11.2026\"\n",
            ["listed.toml", "23.11.2026"],
        ),
    ] {
        let error = compile_with(file, text);
        assert!(matches!(&error, CompileError::Parse { .. }), "{file}: {error}");
        for sentence in sentences {
            assert!(error.to_string().contains(sentence), "{file}: {error}");
        }
    }
}

/// Compiles a copy of `data/` in which a text was added to a file.
#[expect(clippy::disallowed_methods, reason = "the copy is nobody's data and lives as long as the test")]
fn compile_with(file: &str, text: &str) -> CompileError {
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_folder(&folder(), copy.path());
    let path = copy.path().join(file);
    let mut planted = fs::read_to_string(&path).expect("the file to add to");
    planted.push_str(text);
    fs::write(&path, planted).expect("the copy can be written");
    match compile::tables(copy.path()) {
        Ok(_) => panic!("{file} was taken with\n{text}"),
        Err(error) => error,
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder of data/") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
}

fn listing<'a>(vendor: &'a Vendor<&'static str>, programme: &str) -> &'a Designation<&'static str> {
    let mut found = vendor.designations.iter().filter(|listing| listing.programme == programme);
    found.next().unwrap_or_else(|| panic!("{} is named in {programme}", vendor.id))
}

fn stands(repository: &str) -> Standing {
    standing(&data(), vendor_of(repository), day())
}

fn vendor_of(repository: &str) -> VendorIx {
    match data().owner_of(repository) {
        HostOwner::Vendor(vendor) => vendor,
        owner @ (HostOwner::Individual | HostOwner::Unknown) => panic!("{repository}: {owner:?}"),
    }
}

fn data() -> Data {
    Data::embedded().expect("the embedded tables are readable")
}

/// A fixed day, so that a seat that moves later does not change what these tests say.
fn day() -> Date {
    "2026-11-23".parse().expect("a date")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// What is shown in examples, the README and snapshots names nobody: accounts of single persons are for the program's own table only.
#[test]
fn no_account_of_a_person_is_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    let mut open = vec![root.join("README.md"), root.join("examples"), root.join("tests")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else if let Ok(text) = fs::read_to_string(&path) {
            texts.push((path, text.to_lowercase()));
        }
    }
    assert!(texts.len() > 50, "nothing was read");
    let data = data();
    let whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let mut found = Vec::new();
    for account in &data.tables.individuals {
        let shown = |text: &str| text.match_indices(account).any(|(at, _)| whole(&text[at + account.len()..]));
        for (path, _) in texts.iter().filter(|(_, text)| shown(text)) {
            found.push(format!("{account} in {}", path.display()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
