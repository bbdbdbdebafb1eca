//! Commit statistics to observation records: `cargo run --release --example observe_corpus -- FOLDER >records.jsonl`.
//!
//! What `cargo origin observe` does for a repository, from tables of many repositories instead of their histories.

#![expect(clippy::print_stdout, reason = "a tool that talks to whoever runs it")]

use std::error::Error;
use std::path::Path;

use cargo_origin::data::Data;
use cargo_origin::date::Date;
use cargo_origin::facts::commits::History;
use cargo_origin::locate::{Clocks, Parameters, Subject, observe};

#[expect(clippy::disallowed_methods, reason = "a tool that unpacks a table")]
#[path = "support/corpus.rs"]
mod corpus;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("which folder?")?;
    let corpus = corpus::read(Path::new(&folder))?;
    let data = Data::embedded()?;
    let clocks = Clocks::new(&Data::zones()?, &data.tables.prior);
    for (repository, (head, commits, first, last)) in &corpus.repositories {
        let by_author = corpus.commits.get(repository);
        let authors = by_author.into_iter().flatten().map(|(id, rows)| corpus.author(id, rows.iter())).collect();
        let history = History {
            authors,
            head: head.clone(),
            commits: *commits,
            impossible: 0,
            span: Some((*first, *last)),
            shallow: false,
        };
        let repository = format!("github.com/{}", repository.to_lowercase());
        let as_of = Date::from_unix(*last).ok_or("a date that is in no year")?;
        let subject = Subject { repository: &repository, path: None, as_of };
        if let Some(record) = observe(&history, subject, &clocks, &data, &Parameters::default()) {
            println!("{}", serde_json::to_string(&record)?);
        }
    }
    Ok(())
}
