//! Measures the geocoder on labelled texts: `cargo run --release --example measure_places -- [--wrong] FILE…`.
//!
//! A file is CSV with the columns `text,codes`: one code, several with a space between them, or `-` for no place. A single code counts as
//! right, wrong, or unknown (a set with it, or nothing); a set as right where it is the same, unknown where one holds the other. The
//! table at the end says how often answers of a probability are right. `--time` reads every text many times and says how many a second.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts of a few thousand, and probabilities"
)]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use cargo_origin::country::place::{Located, locate};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Right,
    Wrong,
    Unknown,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut flag = |name: &str| arguments.iter().position(|argument| argument == name).map(|at| arguments.remove(at));
    let (show, time) = (flag("--wrong").is_some(), flag("--time").is_some());
    let mut bins = [(0_u32, 0_u32, 0.0_f64); 10];
    for path in &arguments {
        let text = fs::read_to_string(path)?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let rows: Vec<(String, String)> = reader
            .records()
            .map(|row| row.map(|row| (row[0].to_owned(), row[1].to_owned())))
            .collect::<Result<_, _>>()?;
        let mut counts = [0; 3];
        for (text, codes) in &rows {
            let located = locate(text);
            let verdict = judge(&located, codes);
            counts[verdict as usize] += 1;
            if !located.loci.is_empty() && verdict != Verdict::Unknown {
                let bin = &mut bins[((located.probability * 10.0) as usize).min(9)];
                bin.0 += 1;
                bin.1 += u32::from(verdict == Verdict::Right);
                bin.2 += f64::from(located.probability);
            }
            if show && verdict != Verdict::Right {
                println!("{verdict:?}\t{text:?}\t{codes}\t{}", shown(&located));
            }
        }
        let share = |count: i32| 100.0 * f64::from(count) / rows.len() as f64;
        println!(
            "{path}: {} texts, right {:.2} %, wrong {:.2} %, unknown {:.2} %",
            rows.len(),
            share(counts[0]),
            share(counts[1]),
            share(counts[2])
        );
        if time {
            println!("{:.0} texts a second", speed(&rows));
        }
    }
    println!("probability: answers, right");
    for (at, (count, right, sum)) in bins.into_iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
        let (count, right) = (f64::from(count), f64::from(right));
        println!("{:.1}: {count}, mean {:.3}, right {:.3}", at as f64 / 10.0, sum / count, right / count);
    }
    Ok(())
}

fn judge(located: &Located, codes: &str) -> Verdict {
    let want: BTreeSet<String> = codes.split_whitespace().filter(|code| *code != "-").map(str::to_owned).collect();
    let have: BTreeSet<String> = located.loci.iter().map(ToString::to_string).collect();
    if want == have {
        Verdict::Right
    } else if have.is_empty()
        || (have.len() > 1 && want.is_subset(&have) && !want.is_empty())
        || (!want.is_empty() && want.len() > 1 && have.is_subset(&want))
    {
        Verdict::Unknown
    } else {
        Verdict::Wrong
    }
}

fn shown(located: &Located) -> String {
    let codes: Vec<String> = located.loci.iter().map(ToString::to_string).collect();
    let read: Vec<String> = located
        .matches
        .iter()
        .map(|found| format!("{:?} {} {}", found.kind, found.locus, found.division.unwrap_or_default()))
        .collect();
    format!("{} {:.3} [{}]", codes.join(" "), located.probability, read.join("; "))
}

fn speed(rows: &[(String, String)]) -> f64 {
    let start = Instant::now();
    let mut read = 0_u32;
    while start.elapsed() < Duration::from_secs(2) {
        for (text, _) in rows {
            std::hint::black_box(locate(std::hint::black_box(text)));
        }
        read += rows.len() as u32;
    }
    f64::from(read) / start.elapsed().as_secs_f64()
}
