//! Measures the import of the database dump: `cargo run --release --example measure_dump [-- CRATES VERSIONS]`.
//!
//! Makes up a dump of each shape, reads it, and prints how fast, against `zcat | wc -l` of the same file, and the most memory that the
//! process ever had.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]
#![expect(clippy::cast_precision_loss, reason = "counts of a few million")]
#![expect(clippy::disallowed_methods, reason = "a tool that starts the program it compares with")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::ops::ControlFlow;
use std::process::Command;
use std::time::Instant;

use cargo_origin::facts::live::Content;
use cargo_origin::source::remote::{DumpLimits, read_dump};

#[path = "../tests/it/dump.rs"]
mod dump;

use dump::{Made, Shape};

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<u32> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let crates = numbers.first().copied().unwrap_or(200_000);
    let versions = numbers.get(1).copied().unwrap_or(2_000_000);
    let folder = tempfile::tempdir()?;
    for shape in [Shape::Old, Shape::New] {
        let path = folder.path().join(format!("{shape:?}.tar.gz"));
        let made = Made { seed: 1, crates, versions, shape };
        let rows = made.write(&made.tables(), BufWriter::new(File::create(&path)?))?;
        println!("{shape:?} shape: {rows} rows, {} MB packed", fs::metadata(&path)?.len() >> 20);
        let start = Instant::now();
        let file = BufReader::new(File::open(&path)?);
        let dump = read_dump(file, None, DumpLimits::default(), &mut |_| ControlFlow::Continue(()))?;
        let read = start.elapsed().as_secs_f64();
        let facts = dump.facts().filter(|fact| fact.content != Content::Absent).count();
        let told = start.elapsed().as_secs_f64() - read;
        println!("  read in {read:.2} s, {:.0} rows a second; {facts} facts in {told:.2} s more", rows as f64 / read);
        println!("  {} crates, {} rows unused; last name {}", dump.crates(), dump.unused(), dump::name(crates - 1));
        let start = Instant::now();
        let counted = Command::new("sh").args(["-c", "zcat \"$1\" | wc -l", "sh"]).arg(&path).output()?;
        let zcat = start.elapsed().as_secs_f64();
        let lines = String::from_utf8_lossy(&counted.stdout).trim().to_owned();
        println!("  zcat | wc -l: {zcat:.2} s, {lines} lines; reading takes {:.2} times as long", read / zcat);
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not known here");
    println!("{peak}");
    Ok(())
}
