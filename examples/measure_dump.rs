//! Measures the database dump: `cargo run --release --example measure_dump [-- [--check] [CRATES VERSIONS]]`.
//!
//! Makes up a dump of each shape (200,000 crates and 2,000,000 versions if nothing is said), reads it, and puts all of it into a store.
//! Prints how fast that is against `zcat | wc -l` of the same file, and the most memory that each of the two ever had: they run as
//! processes of their own. With `--check` it fails where that is more than 300 MB, or the two shapes do not say the same.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]
#![expect(clippy::cast_precision_loss, reason = "counts of a few million")]
#![expect(clippy::disallowed_methods, reason = "a tool that starts itself, and the program it compares with")]

use std::error::Error;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufReader, BufWriter};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use camino::Utf8Path;
use cargo_origin::date::Moment;
use cargo_origin::facts::live::Content;
use cargo_origin::source::remote::{Dump, DumpLimits, read_dump};
use cargo_origin::store::{Access, Store};

#[path = "../tests/it/dump.rs"]
mod dump;

use dump::{Made, Shape};

/// The most memory that either may have, in kB.
const MOST: u64 = 300_000;

/// Now, as the store is told.
const NOW: Moment = Moment(1_790_000_000);

/// What a process of its own found: seconds, kB, facts, and a sum over all of them.
struct Found {
    seconds: f64,
    peak: u64,
    facts: u64,
    sum: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["read", file] => return tell(|| read(Path::new(file))),
        ["import", file, store] => return tell(|| import(Path::new(file), Utf8Path::new(store))),
        _ => {}
    }
    let check = words.first().is_some_and(|word| word == "--check");
    if check {
        words.remove(0);
    }
    let numbers: Vec<u32> = words.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let crates = numbers.first().copied().unwrap_or(200_000);
    let versions = numbers.get(1).copied().unwrap_or(2_000_000);
    let folder = tempfile::tempdir()?;
    let (mut sums, mut peak) = (Vec::new(), 0);
    for shape in [Shape::Old, Shape::New] {
        let path = folder.path().join(format!("{shape:?}.tar.gz"));
        let made = Made { seed: 1, crates, versions, shape };
        let rows = made.write(&made.tables(), BufWriter::new(File::create(&path)?))?;
        println!("{shape:?} shape: {rows} rows, {} MB packed", fs::metadata(&path)?.len() >> 20);
        let start = Instant::now();
        let counted = Command::new("sh").args(["-c", "zcat \"$1\" | wc -l", "sh"]).arg(&path).output()?;
        let zcat = start.elapsed().as_secs_f64();
        println!("  zcat | wc -l  {zcat:6.2} s, {} lines", String::from_utf8_lossy(&counted.stdout).trim());
        let store = folder.path().join(format!("{shape:?}.sqlite"));
        for (word, arguments) in [("read", vec![&path]), ("import", vec![&path, &store])] {
            let found = alone(word, &arguments)?;
            println!(
                "  {word:<6}        {:6.2} s, {:4.1} times as long, {:7.0} rows a second; {} facts; at most {} MB",
                found.seconds,
                found.seconds / zcat,
                rows as f64 / found.seconds,
                found.facts,
                found.peak / 1000
            );
            peak = peak.max(found.peak);
            sums.push((word, found.facts, found.sum));
        }
        println!("  the store has {} MB", fs::metadata(&store)?.len() >> 20);
        fs::remove_file(&store)?;
    }
    let same = sums[..2] == sums[2..] && sums[0].1 == u64::from(crates) * 2;
    if check && (!same || peak == 0 || peak > MOST) {
        return Err(format!("the shapes say the same: {same}; at most {peak} kB of {MOST}").into());
    }
    Ok(())
}

/// Starts this program again, and reads what [`tell`] says.
fn alone(word: &str, files: &[&std::path::PathBuf]) -> Result<Found, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg(word).args(files).output()?;
    let text = String::from_utf8(output.stdout)?;
    let said: Vec<&str> = text.split_whitespace().collect();
    match said.as_slice() {
        [seconds, peak, facts, sum] if output.status.success() => {
            Ok(Found { seconds: seconds.parse()?, peak: peak.parse()?, facts: facts.parse()?, sum: sum.parse()? })
        }
        _ => Err(format!("{word} failed: {text}{}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

fn tell(run: impl FnOnce() -> Result<(f64, u64, u64), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let (seconds, facts, sum) = run()?;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB");
    println!("{seconds} {} {facts} {sum}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}

fn dump_of(path: &Path) -> Result<Dump, Box<dyn Error>> {
    let file = BufReader::new(File::open(path)?);
    Ok(read_dump(file, None, DumpLimits::default(), &mut |_| ControlFlow::Continue(()))?)
}

/// Reads a dump and makes each fact; the sum over them is not counted.
fn read(path: &Path) -> Result<(f64, u64, u64), Box<dyn Error>> {
    let start = Instant::now();
    let dump = dump_of(path)?;
    let count = dump.facts().filter(|fact| fact.content != Content::Absent).count();
    let seconds = start.elapsed().as_secs_f64();
    let mut sum = DefaultHasher::new();
    dump.facts().for_each(|fact| format!("{fact:?}").hash(&mut sum));
    Ok((seconds, u64::try_from(count)?, sum.finish()))
}

/// Reads a dump and puts all of it into a store.
fn import(path: &Path, store: &Utf8Path) -> Result<(f64, u64, u64), Box<dyn Error>> {
    let start = Instant::now();
    let dump = dump_of(path)?;
    let count = Store::open(store, Access::Write)?.store.bulk(dump.facts(), NOW)?;
    Ok((start.elapsed().as_secs_f64(), count, 0))
}
