//! Measures the store: `cargo run --release --example measure_store [-- FACTS]`, 200,000 of them if nothing is said.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::time::Instant;

use camino::Utf8PathBuf;
use cargo_origin::date::Moment;
use cargo_origin::facts::live::{AccountKind, Content, Fact, FactKind, Owner, Profile, PublishedBy, PublishedVersion};
use cargo_origin::store::{Access, Store};

const NOW: Moment = Moment(1_790_000_000);

/// Versions of a crate, on the average of crates.io.
const VERSIONS: u32 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).map_or(Ok(200_000), |text| text.parse::<u32>())?;
    let folder = tempfile::tempdir()?;
    let place = |name: &str| Utf8PathBuf::from_path_buf(folder.path().join(name)).map_err(|_| "no UTF-8");
    let (path, packed, other) = (place("a.sqlite")?, place("store.zst")?, place("b.sqlite")?);
    let mut store = timed("open an empty one", || Ok(Store::open(&path, Access::Write)?.store))?;
    let put = timed("bulk", || Ok(store.bulk((0..count).map(fact), NOW)?))?;
    timed("bulk again, nothing new", || Ok(store.bulk((0..count).map(fact), Moment(NOW.0 + 1))?))?;
    timed("put, 1,000 times 50", || {
        for batch in 0..1000 {
            let facts: Vec<Fact> = (batch * 50..batch * 50 + 50).map(|at| fact(count + at)).collect();
            store.put(&facts, &[], NOW)?;
        }
        Ok(())
    })?;
    let subjects: Vec<String> = (0..2000).map(|at| name(at * (count / 3 / 2000).max(1))).collect();
    timed("open to be read", || Ok(Store::open(&path, Access::Read)?))?;
    timed("get_many, versions of 2,000", || Ok(store.get_many(FactKind::CrateVersions, &subjects)?.len()))?;
    timed("fresh, of 2,000", || Ok(store.fresh(FactKind::CrateVersions, &subjects, NOW)?.len()))?;
    timed("stats", || Ok(store.stats()?))?;
    timed("export", || Ok(store.export(&mut BufWriter::new(File::create(&packed)?))?))?;
    let mut empty = Store::open(&other, Access::Write)?.store;
    timed("import into an empty one", || Ok(empty.import(&mut BufReader::new(File::open(&packed)?), NOW)?))?;
    timed("import again", || Ok(empty.import(&mut BufReader::new(File::open(&packed)?), NOW)?))?;
    drop(store);
    let mut store = timed("open to be written", || Ok(Store::open(&path, Access::Write)?.store))?;
    let forgotten = timed("forget", || Ok(store.forget("github.com/example-person-7")?))?;
    timed("prune", || Ok(store.prune(NOW)?))?;
    println!("{put} facts, {} MB, {} MB packed", fs::metadata(&path)?.len() >> 20, fs::metadata(&packed)?.len() >> 20);
    println!("forgotten: {} owners, {} versions", forgotten.owners, forgotten.versions);
    Ok(())
}

fn timed<T>(what: &str, run: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<T, Box<dyn Error>> {
    let start = Instant::now();
    let done = run()?;
    println!("{what:<30} {:9.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    Ok(done)
}

fn name(at: u32) -> String {
    format!("made-crate-{at:06}")
}

/// Owners, versions and a profile in turn.
fn fact(at: u32) -> Fact {
    let account = |number: u32| format!("github.com/example-person-{}", number % 20_000);
    let crates_io = |kind, content| Fact { kind, subject: name(at / 3), source: "crates.io".to_owned(), content };
    let owner = |number| Owner { account: account(number), kind: AccountKind::Person, team: None };
    let version = |number| PublishedVersion {
        version: format!("{number}.0.1"),
        by: Some(PublishedBy::Account(account(at))),
        on: NOW.day(),
    };
    match at % 3 {
        0 => crates_io(FactKind::CrateOwners, Content::Owners(vec![owner(at), owner(at / 2)])),
        1 => crates_io(FactKind::CrateVersions, Content::Versions((0..VERSIONS).map(version).collect())),
        _ => Fact {
            kind: FactKind::Profile,
            subject: format!("github.com/example-person-{at}"),
            source: "github.com".to_owned(),
            content: Content::Profile(Profile {
                kind: AccountKind::Person,
                renamed_to: None,
                location: Profile::text("Berlin, Germany"),
                company: None,
                verified_domain: None,
                name: None,
            }),
        },
    }
}
