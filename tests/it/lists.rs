//! Lists of sanctions: files of the true shape, with made-up persons, and files that are not what they should be.

use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::LazyLock;

use cargo_origin::data::Data;
use cargo_origin::facts::live::{ListedKind, ListedParty};
use cargo_origin::source::lists::{ListError, Options, Summary, reader, readers};

/// Read once: it is asked thousands of times.
fn data() -> &'static Data {
    static DATA: LazyLock<Data> = LazyLock::new(|| Data::embedded().expect("the embedded data can be read"));
    &DATA
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/lists").join(name);
    fs::read(path).expect("the fixture is there")
}

type Outcome = Result<(Summary, Vec<ListedParty>), ListError>;

fn read_bytes(list: &str, files: &[&[u8]], persons: bool) -> Outcome {
    let mut parties = Vec::new();
    let inputs = files.iter().map(|bytes| Box::new(Cursor::new(*bytes)) as Box<dyn Read>);
    let reader = reader(list).expect("the list is known");
    let summary = reader.read(inputs, &Options { persons, data: data() }, &mut |party| parties.push(party))?;
    Ok((summary, parties))
}

fn read(list: &str, files: &[&str], persons: bool) -> (Summary, Vec<ListedParty>) {
    let files: Vec<Vec<u8>> = files.iter().map(|file| fixture(file)).collect();
    let files: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
    read_bytes(list, &files, persons).expect("the fixture can be read")
}

fn party<'a>(parties: &'a [ListedParty], id: &str) -> &'a ListedParty {
    parties.iter().find(|party| party.id == id).unwrap_or_else(|| panic!("{id} is not there: {parties:?}"))
}

fn names(party: &ListedParty) -> Vec<(&str, bool)> {
    party.names.iter().map(|name| (name.name.as_str(), name.weak)).collect()
}

fn countries(party: &ListedParty) -> Vec<&str> {
    party.countries.iter().map(cargo_origin::country::CountryCode::as_str).collect()
}

/// What each list is called, its files, and what is in them: entries with and without persons.
const LISTS: [(&str, &[&str], u64, u64); 9] = [
    ("us-csl", &["us_csl.csv"], 6, 2),
    ("us-csl", &["us_csl.json"], 1, 1),
    ("us-sdn", &["sdn.csv", "add.csv", "alt.csv"], 3, 1),
    ("us-sdn", &["sdn.xml"], 1, 1),
    ("uk-sanctions", &["uk.csv"], 2, 1),
    ("un-sc", &["un.xml"], 1, 1),
    ("eu-fsf", &["eu.xml"], 1, 1),
    ("eu-fsf", &["eu.csv"], 1, 1),
    ("opensanctions", &["opensanctions.csv"], 1, 1),
];

#[test]
fn persons_are_left_out_unless_asked_for() {
    for (list, files, entries, persons) in LISTS {
        let (summary, parties) = read(list, files, false);
        assert_eq!(summary, Summary { entries, persons_left_out: persons }, "{list} {files:?}");
        assert!(parties.iter().all(|party| party.kind != ListedKind::Person), "{list}");
        let names = format!("{:?}", parties.iter().map(|party| &party.names).collect::<Vec<_>>());
        assert!(!names.to_lowercase().contains("person"), "{list}: {names}");
        let (all, parties) = read(list, files, true);
        assert_eq!(all, Summary { entries: entries + persons, persons_left_out: 0 }, "{list} {files:?}");
        let found = parties.iter().filter(|party| party.kind == ListedKind::Person).count();
        assert_eq!(u64::try_from(found).unwrap(), persons, "{list}");
    }
}

#[test]
fn the_consolidated_screening_list() {
    let (_, parties) = read("us-csl", &["us_csl.csv"], false);
    let institute = party(&parties, "99ed1b052fdb09695fae1ba87516d8a0882b0df04652e07aeb5ce7be");
    assert_eq!(institute.kind, ListedKind::Organisation);
    assert_eq!(institute.sublist.as_deref(), Some("Entity List (EL) - Bureau of Industry and Security"));
    assert_eq!(countries(institute), ["CN"]);
    assert_eq!(institute.since, Some("2018-08-01".parse().unwrap()));
    let names = names(institute);
    assert_eq!(names[0].0, "China Electronics Technology Group Corporation 13th Research Institute (CETC 13)");
    assert!(names.contains(&("Hebei Semiconductor", false)), "{names:?}");
    assert_eq!(names.last(), Some(&("CETC Research Institute 13", false)));
    let widened = parties.iter().find(|party| party.names[0].name.starts_with("Sinobright")).unwrap();
    assert_eq!(widened.names[0].name, "Sinobright Import and Export Company");
    assert_eq!(widened.programmes, ["INKSNA"]);
    // Without a kind on a list that is mostly about persons: an organisation only by its name.
    assert_eq!(party(&parties, "made-up-3").kind, ListedKind::Organisation);
    assert!(parties.iter().all(|party| party.id != "made-up-2"));
    assert_eq!(party(&parties, "made-up-4").kind, ListedKind::Vessel);
}

#[test]
fn the_consolidated_screening_list_as_json() {
    let (_, parties) = read("us-csl", &["us_csl.json"], true);
    let institute = party(&parties, "made-up-1");
    assert_eq!(
        names(institute),
        [("Made Up Semiconductor Institute (MUSI)", false), ("MUSI Works", false), ("Made Up Chips", false)]
    );
    assert_eq!(countries(institute), ["CN"]);
    assert_eq!(institute.address.as_deref(), Some("https://www.bis.doc.gov/entity-list"));
    assert_eq!(countries(party(&parties, "made-up-2")), ["KP"]);
}

#[test]
fn the_list_of_specially_designated_nationals() {
    let (_, parties) = read("us-sdn", &["sdn.csv", "add.csv", "alt.csv"], true);
    let bank = party(&parties, "306");
    assert_eq!(names(bank), [("BANCO NACIONAL DE CUBA", false), ("BNC", true), ("NATIONAL BANK OF CUBA", false)]);
    assert_eq!(countries(bank), ["CH", "ES"]);
    assert_eq!(bank.programmes, ["CUBA"]);
    assert_eq!(party(&parties, "8759").programmes, ["FTO", "SDGT"]);
    assert_eq!(party(&parties, "9002").kind, ListedKind::Vessel);
    let (_, parties) = read("us-sdn", &["sdn.xml"], true);
    let bank = party(&parties, "306");
    assert_eq!(names(bank), [("BANCO NACIONAL DE CUBA", false), ("NATIONAL BANK OF CUBA", false), ("BNC", true)]);
    assert_eq!(countries(bank), ["CH"]);
    assert_eq!(names(party(&parties, "9001")), [("Person EXAMPLE", false)]);
}

#[test]
fn the_uk_sanctions_list() {
    let (_, parties) = read("uk-sanctions", &["uk.csv"], true);
    let bank = party(&parties, "RUS0001");
    assert_eq!(
        names(bank),
        [
            ("PUBLIC JOINT STOCK COMPANY MADE UP BANK OF EXAMPLE", false),
            ("MADE UP BANK", true),
            ("ПАО Выдуманный банк", false)
        ]
    );
    assert_eq!(countries(bank), ["BY", "RU"]);
    assert_eq!(bank.sublist.as_deref(), Some("The Russia (Sanctions) (EU Exit) Regulations 2019"));
    assert_eq!(bank.since, Some("2022-03-09".parse().unwrap()));
    assert_eq!(names(party(&parties, "RUS0002")), [("Person EXAMPLE", false)]);
    assert_eq!(party(&parties, "RUS0003").kind, ListedKind::Vessel);
}

#[test]
fn the_list_of_the_united_nations() {
    let (_, parties) = read("un-sc", &["un.xml"], true);
    let company = party(&parties, "KPe.000");
    assert_eq!(
        names(company),
        [
            ("MADE UP TRADING CORPORATION & CO", false),
            ("Выдуманная торговая корпорация", false),
            ("Made-Up Trade", false),
            ("Made Up General", false),
            ("MUT", true)
        ]
    );
    assert_eq!(countries(company), ["KP"]);
    assert_eq!(company.programmes, ["DPRK"]);
    assert_eq!(company.since, Some("2017-06-02".parse().unwrap()));
    assert_eq!(names(party(&parties, "KPi.000")), [("PERSON EXAMPLE", false), ("Nobody", true)]);
}

#[test]
fn the_list_of_the_european_union() {
    let (_, parties) = read("eu-fsf", &["eu.xml"], false);
    let works = party(&parties, "EU.1.1");
    assert_eq!(names(works), [("Made Up \"Zavod\" LLC", false), ("MUZ", true), ("Made Up Works", true)]);
    assert_eq!(works.programmes, ["UKR", "CYB"]);
    assert_eq!(countries(works), ["BY"]);
    assert_eq!(works.since, Some("2022-03-16".parse().unwrap()));
    let (_, parties) = read("eu-fsf", &["eu.csv"], false);
    let works = party(&parties, "EU.1.1");
    assert_eq!(names(works), [("Made Up Zavod LLC", false), ("MUZ", true)]);
    assert_eq!(countries(works), ["BY"]);
    assert_eq!(works.since, Some("2022-03-16".parse().unwrap()));
}

#[test]
fn opensanctions() {
    let (_, parties) = read("opensanctions", &["opensanctions.csv"], false);
    let works = party(&parties, "NK-1");
    assert_eq!(names(works), [("Made Up Zavod LLC", false), ("ООО Выдуманный завод", false), ("MUZ", false)]);
    assert_eq!(countries(works), ["BY", "RU"]);
    assert_eq!(works.programmes, ["EU-UKR", "GB-RUS"]);
    let older = "id,schema,name,aliases,birth_date,countries,dataset\nNK-1,Company,Made Up Zavod LLC,,,by,EU FSF\n";
    let (_, parties) = read_bytes("opensanctions", &[older.as_bytes()], false).unwrap();
    assert!(party(&parties, "NK-1").programmes.is_empty());
}

/// What an entry is can stand in any of its rows.
#[test]
fn a_person_is_one_in_whichever_row_it_says_so() {
    let uk = "Unique ID,Designation Type,Name 6,Name type,Regime Name\n\
        A1,,Made Up,Primary Name,Example\nA1,Individual,Made Upp,Alias,\nB1,Entity,Works,Primary Name,Example\nB1,Entity,Workss,Alias,\n";
    let eu = "Entity_LogicalId;Entity_SubjectType;NameAlias_WholeName\n1;;Made Up\n1;P;Made Upp\n2;E;Works\n";
    let open = "id,schema,name,aliases,countries\n1,LegalEntity,Made Up,,\n2,LegalEntity,Example Works LLC,,\n3,Company,Made,,\n";
    for (list, text, entries) in [("uk-sanctions", uk, 1), ("eu-fsf", eu, 1), ("opensanctions", open, 2)] {
        let (summary, parties) = read_bytes(list, &[text.as_bytes()], false).unwrap();
        assert_eq!(summary, Summary { entries, persons_left_out: 1 }, "{list}");
        assert!(parties.iter().all(|party| !party.names[0].name.contains("Made Up")), "{list}: {parties:?}");
    }
    let (_, parties) = read_bytes("uk-sanctions", &[uk.as_bytes()], false).unwrap();
    assert_eq!(parties[0].sublist.as_deref(), Some("Example"), "a row that does not say it takes nothing away");
}

#[test]
fn entries_are_of_programmes() {
    let data = data();
    let none: [&str; 0] = [];
    let csl = |part| data.programmes_of_listing("us-csl", Some(part), &none);
    assert_eq!(csl("Entity List (EL) - Bureau of Industry and Security"), ["us-bis-entity-list"]);
    assert_eq!(csl("Specially Designated Nationals (SDN) - Treasury Department"), ["us-ofac-sdn"]);
    assert_eq!(csl("Denied Persons List (DPL) - Bureau of Industry and Security"), ["us-bis-dpl"]);
    assert_eq!(csl("Unverified List (UVL) - Bureau of Industry and Security"), [] as [&str; 0]);
    assert_eq!(data.programmes_of_listing("us-csl", None, &["CMIC-EO13959"]), ["us-ns-cmic"]);
    assert_eq!(data.programmes_of_listing("us-sdn", None, &["CUBA"]), ["us-ofac-sdn"]);
    assert_eq!(data.programmes_of_listing("eu-fsf", None, &["XYZ", "UKR"]), ["eu-269"]);
    assert_eq!(data.programmes_of_listing("eu-fsf", None, &["UKRX"]), [] as [&str; 0]);
    // An entry can be under several.
    assert_eq!(data.programmes_of_listing("eu-fsf", None, &["UKR", "CYB", "CYB"]), ["eu-269", "eu-796"]);
    let russia = "The Russia (Sanctions) (EU Exit) Regulations 2019";
    assert_eq!(data.programmes_of_listing("uk-sanctions", Some(russia), &none), ["uk-russia"]);
    assert_eq!(data.programmes_of_listing("un-sc", None, &["DPRK"]), [] as [&str; 0]);
    for row in &data.tables.listings {
        assert!(reader(row.list).is_some(), "{} is not read", row.list);
        assert!(data.programme(row.programme).is_some_and(|programme| programme.named), "{}", row.programme);
    }
}

#[test]
fn what_is_no_list_is_an_error() {
    let page = b"<!DOCTYPE html>\n<html><body>Sign in</body></html>";
    for reader in readers() {
        let three = |bytes: &'static [u8]| read_bytes(reader.id, &[bytes, b"", b""], false);
        assert!(matches!(three(page), Err(ListError::WebPage)), "{}", reader.id);
        assert!(matches!(three(b""), Err(ListError::Empty)), "{}", reader.id);
        assert!(matches!(three(b" \n\t"), Err(ListError::Empty)), "{}", reader.id);
        assert!(three(b"{\"error\": \"not found\"}").is_err(), "{}", reader.id);
        assert!(three(b"not found").is_err(), "{}", reader.id);
        assert!(three(b"<a><b></b></a>").is_err(), "{}", reader.id);
        assert!(three(&[0, 255, 254, 0, 10, 34]).is_err(), "{}", reader.id);
        assert!(matches!(read_bytes(reader.id, &[], false), Err(ListError::File(_))), "{}", reader.id);
    }
    assert!(reader("nobody").is_none());
    let error = read_bytes("us-csl", &[b"<export/>"], false).unwrap_err();
    assert_eq!(error.to_string(), "it is XML, and this list is read as CSV or JSON");
    let sdn = fixture("sdn.csv");
    assert!(matches!(read_bytes("us-sdn", &[&sdn], false), Err(ListError::File("add.csv"))));
}

/// A header or a root without entries would replace a good list by nothing.
#[test]
fn a_list_without_entries_is_an_error() {
    for (list, file) in [
        ("us-csl", "us_csl.csv"),
        ("uk-sanctions", "uk.csv"),
        ("opensanctions", "opensanctions.csv"),
        ("eu-fsf", "eu.csv"),
    ] {
        let text = String::from_utf8(fixture(file)).unwrap();
        let header = if list == "uk-sanctions" { 2 } else { 1 };
        let only: String = text.split_inclusive('\n').take(header).collect();
        assert!(matches!(read_bytes(list, &[only.as_bytes()], false), Err(ListError::Empty)), "{list}");
    }
    for (list, text) in [
        ("un-sc", "<CONSOLIDATED_LIST><ENTITIES/></CONSOLIDATED_LIST>"),
        ("eu-fsf", "<export/>"),
        ("us-sdn", "<sdnList></sdnList>"),
        ("us-csl", "{\"results\": []}"),
    ] {
        assert!(matches!(read_bytes(list, &[text.as_bytes()], false), Err(ListError::Empty)), "{list}");
    }
}

#[test]
fn a_missing_column_is_named() {
    for (list, file, column) in [
        ("us-csl", "us_csl.csv", "alt_names"),
        ("uk-sanctions", "uk.csv", "Unique ID"),
        ("uk-sanctions", "uk.csv", "Designation Type"),
        ("opensanctions", "opensanctions.csv", "countries"),
        ("eu-fsf", "eu.csv", "NameAlias_WholeName"),
    ] {
        let text = String::from_utf8(fixture(file)).unwrap().replacen(column, "other", 1);
        match read_bytes(list, &[text.as_bytes()], false) {
            Err(ListError::Column(missing)) => assert_eq!(missing, column),
            other => panic!("{list}: {other:?}"),
        }
    }
}

/// Cut at any byte, a file of XML or JSON is an error; a table too, unless it was cut between two rows or within the last field of one.
#[test]
fn a_file_that_ends_too_early_is_an_error() {
    for (list, file) in [("us-sdn", "sdn.xml"), ("un-sc", "un.xml"), ("eu-fsf", "eu.xml"), ("us-csl", "us_csl.json")] {
        let whole = fixture(file);
        let end = whole.trim_ascii_end().len();
        for cut in (0..end).step_by(41).chain([end - 1]) {
            let read = read_bytes(list, &[&whole[..cut]], false);
            assert!(read.is_err(), "{file} cut at {cut}: {read:?}");
        }
    }
    let csl = fixture("us_csl.csv");
    let (whole, _) = read_bytes("us-csl", &[&csl], false).unwrap();
    let rows: Vec<usize> = csl.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    for end in rows {
        let cut = end.saturating_sub(40);
        let read = read_bytes("us-csl", &[&csl[..cut]], false);
        assert!(
            matches!(read, Err(ListError::Truncated(_) | ListError::Column(_) | ListError::Empty)),
            "cut at {cut}: {read:?}"
        );
    }
    assert!(whole.entries > 0);
    let sdn = fixture("sdn.csv");
    let (add, alt) = (fixture("add.csv"), fixture("alt.csv"));
    assert!(matches!(read_bytes("us-sdn", &[&sdn[..150], &add, &alt], false), Err(ListError::Truncated(_))));
    assert!(matches!(read_bytes("us-sdn", &[&sdn, &add[..40], &alt], false), Err(ListError::Truncated(_))));
    // Within the last field, which is quoted.
    assert!(matches!(read_bytes("us-sdn", &[&sdn, &add, &alt[..alt.len() - 4]], false), Err(ListError::Truncated(_))));
}

/// The SDN list is in three files, which are about the same entries.
#[test]
fn every_file_of_a_list_must_be_whole() {
    let [sdn, add, alt] = ["sdn.csv", "add.csv", "alt.csv"].map(fixture);
    let message = |files: [&[u8]; 3]| read_bytes("us-sdn", &files, false).unwrap_err().to_string();
    assert_eq!(message([&sdn, &add, b""]), "its file `alt.csv`: there is no entry in it");
    assert_eq!(message([&sdn, b" \n", &alt]), "its file `add.csv`: there is no entry in it");
    assert_eq!(message([&sdn, b"<a/>", &alt]), "its file `add.csv`: it is XML, and this list is read as CSV");
    assert_eq!(message([&sdn, &add, b"<html></html>"]), "its file `alt.csv`: it is a web page and not a list");
    let row = |number: usize| format!("\"{number}\",\"1\",\"aka\",\"MADE UP\",\"-0- \"\n");
    let many: String = (306..=306).cycle().take(300).chain(20_000..20_006).map(row).collect();
    assert!(read_bytes("us-sdn", &[&sdn, &add, many.as_bytes()], false).is_ok(), "a few are from another moment");
    let unknown: String = std::iter::once(306).chain(20_000..20_006).map(row).collect();
    assert_eq!(
        message([&sdn, &add, unknown.as_bytes()]),
        "6 of 7 rows of its file `alt.csv` are about entries that are not in the list: one of both is not whole"
    );
}

/// One bad row is no reason to lose a list; a list that is written in another way than before is.
#[test]
fn entries_that_lost_their_names_are_an_error() {
    let entry = |number: usize, alias: &str, kind: &str| {
        format!(
            "<sanctionEntity euReferenceNumber=\"EU.{number}.1\"><subjectType classificationCode=\"{kind}\"/>\
             <{alias} wholeName=\"Made Up {number}\"/></sanctionEntity>"
        )
    };
    let list = |named: usize, unnamed: usize, kind: &str| {
        let named = (0..named).map(|number| entry(number, "nameAlias", kind));
        let unnamed = (0..unnamed).map(|number| entry(number + 1000, "aliasOfName", "E"));
        let entries: String = named.chain(unnamed).collect();
        read_bytes("eu-fsf", &[format!("<export>{entries}</export>").as_bytes()], false)
    };
    assert!(list(5, 1, "E").is_ok());
    assert!(list(500, 5, "E").is_ok());
    let error = list(3, 2, "E").unwrap_err();
    assert!(matches!(error, ListError::Unnamed { unnamed: 2, all: 5 }), "{error:?}");
    assert!(matches!(list(0, 5, "E"), Err(ListError::Unnamed { .. })));
    assert!(matches!(list(0, 1, "E"), Err(ListError::NoOrganisation)));
    assert!(matches!(list(5, 0, "P"), Err(ListError::NoOrganisation)));
}

/// A list that turns names of countries round is not read as being about others.
#[test]
fn countries_of_entries_are_those_of_the_list() {
    let [sdn, alt] = ["sdn.csv", "alt.csv"].map(fixture);
    for (name, code) in [("Korea, North", "KP"), ("Congo, Republic of the", "CG"), ("Virgin Islands, British", "VG")] {
        let add = format!("\"306\",\"1\",\"-0- \",\"-0- \",\"{name}\",\"-0- \"\n");
        let (_, parties) = read_bytes("us-sdn", &[&sdn, add.as_bytes(), &alt], false).unwrap();
        assert_eq!(countries(party(&parties, "306")), [code], "{name}");
    }
}

/// The Denied Persons List has airlines and laboratories too, and does not say so.
#[test]
fn an_organisation_among_persons_is_told_by_any_of_its_names() {
    let text = String::from_utf8(fixture("us_csl.csv")).unwrap();
    for name in ["MADEUP AIRWAYS", "MADEUP AIR", "MADEUP AIRLINES", "MADEUP LABS", "MADEUP AERO", "MADEUP AVIATION"] {
        let (_, parties) = read_bytes("us-csl", &[text.replace("EXAMPLE P. PERSON", name).as_bytes()], false).unwrap();
        assert_eq!(party(&parties, "made-up-2").kind, ListedKind::Organisation, "{name}");
    }
    let json = "{\"results\": [{\"id\": \"1\", \"source\": \"Denied Persons List (DPL)\", \"name\": \"MADEUPIA\", \
        \"alt_names\": [\"Madeupian Airlines\"]}, {\"id\": \"2\", \"source\": \"Denied Persons List (DPL)\", \
        \"name\": \"EXAMPLE PERSON\", \"alt_names\": [\"Nobody Example\"]}]}";
    let (summary, parties) = read_bytes("us-csl", &[json.as_bytes()], false).unwrap();
    assert_eq!(summary, Summary { entries: 1, persons_left_out: 1 });
    assert_eq!(party(&parties, "1").kind, ListedKind::Organisation);
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    let broken = |file: &str, from: &[u8]| {
        let mut bytes = fixture(file);
        let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
        bytes[at] = 0xFF;
        bytes
    };
    let csv = broken("us_csl.csv", b"Atlas");
    let (_, parties) = read_bytes("us-csl", &[&csv], false).unwrap();
    assert!(parties.iter().any(|party| party.names[0].name == "\u{FFFD}tlas Sanatgaran"), "{parties:?}");
    let json = broken("us_csl.json", b"MUSI Works");
    let (_, parties) = read_bytes("us-csl", &[&json], false).unwrap();
    assert_eq!(parties[0].names[1].name, "\u{FFFD}USI Works");
    let xml = broken("un.xml", b"MADE UP");
    let (_, parties) = read_bytes("un-sc", &[&xml], false).unwrap();
    assert!(parties[0].names[0].name.starts_with("\u{FFFD}ADE UP"), "{parties:?}");
    let attribute = broken("eu.xml", b"Made Up &quot;");
    let (_, parties) = read_bytes("eu-fsf", &[&attribute], false).unwrap();
    assert!(parties[0].names[0].name.starts_with("\u{FFFD}ade Up \"Z"), "{parties:?}");
}

#[test]
fn a_long_field_is_cut_and_a_longer_one_is_an_error() {
    let name = "Atlas Sanatgaran";
    let with = |length: usize| String::from_utf8(fixture("us_csl.csv")).unwrap().replace(name, &"A".repeat(length));
    let (_, parties) = read_bytes("us-csl", &[with(1 << 20).as_bytes()], false).unwrap();
    let longest = parties.iter().flat_map(|party| &party.names).map(|name| name.name.len()).max();
    assert_eq!(longest, Some(999));
    let error = read_bytes("us-csl", &[with(10 << 20).as_bytes()], false).unwrap_err();
    assert!(matches!(error, ListError::TooLong(_)), "{error:?}");
    // A quote that is never closed makes one field of all that follows.
    let open = with(10 << 20).replacen(&"A".repeat(10 << 20), &format!("\"{}", "A\n".repeat(5 << 20)), 1);
    assert!(matches!(read_bytes("us-csl", &[open.as_bytes()], false), Err(ListError::TooLong(_))));
    let long = "B".repeat(10 << 20);
    let xml = String::from_utf8(fixture("un.xml")).unwrap().replace("MADE UP TRADING", &long);
    assert!(matches!(read_bytes("un-sc", &[xml.as_bytes()], false), Err(ListError::TooLong(_))));
    let xml = String::from_utf8(fixture("eu.xml")).unwrap().replace("Made Up Works", &long);
    assert!(matches!(read_bytes("eu-fsf", &[xml.as_bytes()], false), Err(ListError::TooLong(_))));
    let json = String::from_utf8(fixture("us_csl.json")).unwrap().replace("MUSI Works", &long);
    assert!(matches!(read_bytes("us-csl", &[json.as_bytes()], false), Err(ListError::TooLong(_))));
}

#[test]
fn entities_of_xml_are_not_expanded() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c SYSTEM \"file:///etc/hosts\">]>\
        <CONSOLIDATED_LIST><ENTITIES><ENTITY><DATAID>1</DATAID><FIRST_NAME>Made &b;&c; Up &lt;Example&gt;</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>";
    let (_, parties) = read_bytes("un-sc", &[bomb.as_bytes()], false).unwrap();
    assert_eq!(parties[0].names[0].name, "Made Up <Example>");
    let deep = format!(
        "<CONSOLIDATED_LIST><ENTITY>{}{}</ENTITY></CONSOLIDATED_LIST>",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    assert!(matches!(read_bytes("un-sc", &[deep.as_bytes()], false), Err(ListError::Broken { .. })));
    let deep = format!("{{\"results\": [{}", "[".repeat(1_000_000));
    assert!(read_bytes("us-csl", &[deep.as_bytes()], false).is_err());
}

/// An endless list stops at the limit, and does not fill the memory before.
#[test]
fn there_is_an_end_to_rows() {
    struct Endless(usize);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let row: &[u8] = if self.0 == 0 { b"id,schema,name,aliases,countries\n" } else { b"1,Security,x,,\n" };
            let length = row.len().min(buffer.len());
            buffer[..length].copy_from_slice(&row[..length]);
            self.0 += 1;
            Ok(length)
        }
    }
    let list = reader("opensanctions").expect("it is known");
    let files = [Box::new(Endless(0)) as Box<dyn Read>];
    let outcome = list.read(files, &Options { persons: false, data: data() }, &mut |_| {});
    assert!(matches!(outcome, Err(ListError::TooMany)), "{outcome:?}");
}
