//! Commit statistics of many repositories, as tables: what `calibrate` and `observe_corpus` read.
//!
//! A folder with `commits.tsv` (`repo, author, week, offset_min, commits`), `authors.tsv` (`author, mail_domains, bot`; domains joined by
//! commas, rare ones reduced to `*.tld`) and `repos.csv` (`repo,head,commits,first,last`). Authors are pseudonyms. The tables can
//! be packed (`.gz`); `gzip` unpacks them.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use cargo_origin::facts::commits::{Author, Vote};

/// Week, offset and commits, by pseudonym.
type ByAuthor = BTreeMap<String, Vec<(i32, i16, u32)>>;

/// The tables.
pub(crate) struct Corpus {
    /// By pseudonym: domains, and whether it is a program.
    pub(crate) authors: BTreeMap<String, (Vec<String>, bool)>,
    /// By repository and pseudonym: week, offset, commits.
    pub(crate) commits: BTreeMap<String, ByAuthor>,
    /// By repository: head, commits, first and last second.
    pub(crate) repositories: BTreeMap<String, (String, u64, i64, i64)>,
}

fn text(folder: &Path, name: &str) -> Result<String, Box<dyn Error>> {
    let plain = folder.join(name);
    if plain.exists() {
        return Ok(fs::read_to_string(plain)?);
    }
    let packed = folder.join(format!("{name}.gz"));
    let mut child = Command::new("gzip").arg("-dc").arg(&packed).stdout(std::process::Stdio::piped()).spawn()?;
    let mut text = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut text)?;
    if !child.wait()?.success() {
        return Err(format!("{} cannot be unpacked", packed.display()).into());
    }
    Ok(text)
}

fn rows<const N: usize>(text: &str, between: char) -> impl Iterator<Item = Result<[&str; N], String>> {
    text.lines().enumerate().skip(1).map(move |(at, line)| {
        let columns: Vec<&str> = line.split(between).collect();
        columns.try_into().map_err(|_| format!("line {}: not {N} columns", at + 1))
    })
}

/// Reads the tables.
pub(crate) fn read(folder: &Path) -> Result<Corpus, Box<dyn Error>> {
    let mut corpus = Corpus { authors: BTreeMap::new(), commits: BTreeMap::new(), repositories: BTreeMap::new() };
    for row in rows::<3>(&text(folder, "authors.tsv")?, '\t') {
        let [author, domains, bot] = row?;
        let domains: BTreeSet<&str> = domains.split(',').filter(|domain| !domain.is_empty()).collect();
        // `*.de` stands for some domain under `.de`.
        let domains = domains.iter().map(|domain| domain.replacen('*', "rare", 1)).collect();
        corpus.authors.insert(author.to_owned(), (domains, bot == "1"));
    }
    for row in rows::<5>(&text(folder, "commits.tsv")?, '\t') {
        let [repository, author, week, offset, commits] = row?;
        let by_author = corpus.commits.entry(repository.to_owned()).or_default();
        by_author.entry(author.to_owned()).or_default().push((week.parse()?, offset.parse()?, commits.parse()?));
    }
    for row in rows::<5>(&text(folder, "repos.csv")?, ',') {
        let [repository, head, commits, first, last] = row?;
        let row = (head.to_owned(), commits.parse()?, first.parse()?, last.parse()?);
        corpus.repositories.insert(repository.to_owned(), row);
    }
    Ok(corpus)
}

impl Corpus {
    /// One author from rows of one or more repositories: a vote a week, for the offset of most commits.
    pub(crate) fn author<'a>(&self, id: &str, rows: impl Iterator<Item = &'a (i32, i16, u32)>) -> Author {
        let mut weeks: BTreeMap<i32, BTreeMap<i16, u32>> = BTreeMap::new();
        for (week, offset, commits) in rows {
            // The tables hold what commits say; a clock is within -12 and +14 hours, on a quarter of an hour.
            if (-720..=840).contains(offset) && offset % 15 == 0 {
                *weeks.entry(*week).or_default().entry(*offset).or_default() += commits;
            }
        }
        let votes = weeks.into_iter().filter_map(|(week, offsets)| {
            let commits = offsets.values().sum();
            let most = offsets.into_iter().max_by_key(|(offset, count)| (*count, std::cmp::Reverse(*offset)));
            most.map(|(offset, _)| Vote { week, offset, commits })
        });
        let (domains, bot) = self.authors.get(id).cloned().unwrap_or_default();
        Author { votes: votes.collect(), domains, bot }
    }
}
