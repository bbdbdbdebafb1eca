//! A made-up database dump of crates.io, of both shapes and any size, written as a stream. Everything in it follows from a seed.

use std::fmt::Write as _;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Which shape `users.csv` has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The login at GitHub stands in `users.csv`.
    Old,
    /// It stands in `oauth_github.csv`, and `users.csv` has a name of its own.
    New,
}

/// What a dump holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    pub(crate) seed: u64,
    pub(crate) crates: u32,
    pub(crate) versions: u32,
    pub(crate) shape: Shape,
}

impl Made {
    /// The names of the tables, in the order in which they are usually written.
    pub(crate) fn tables(self) -> Vec<&'static str> {
        let mut tables = vec!["crates", "keywords", "teams", "users", "crate_owners", "versions", "version_downloads"];
        if self.shape == Shape::New {
            tables.insert(2, "oauth_github");
        }
        tables
    }

    /// Writes the dump with its tables in an order. Returns the rows that matter.
    pub(crate) fn write(self, tables: &[&str], out: impl Write) -> io::Result<u64> {
        let mut gz = GzEncoder::new(out, Compression::new(3));
        file(&mut gz, "2026-01-01-000000/README.md", 4, |out| out.write_all(b"made"))?;
        let mut rows = 0;
        for table in tables {
            let mut counted = Counter::default();
            self.table(table, &mut counted)?;
            if !["keywords", "version_downloads"].contains(table) {
                rows += counted.lines - 1;
            }
            let path = format!("2026-01-01-000000/data/{table}.csv");
            file(&mut gz, &path, counted.bytes, |out| self.table(table, out))?;
        }
        gz.write_all(&[0; 1024])?;
        gz.finish()?.flush()?;
        Ok(rows)
    }

    fn table(self, table: &str, out: &mut dyn Write) -> io::Result<()> {
        let mut line = String::new();
        let (header, count): (&str, u32) = match (table, self.shape) {
            ("crates", _) => ("created_at,description,homepage,id,name,readme,updated_at", self.crates),
            ("teams", _) => ("avatar,github_id,id,login,name,org_id", self.teams()),
            ("users", Shape::Old) => ("gh_avatar,gh_id,gh_login,id,name", self.users()),
            ("users", Shape::New) => ("created_at,gh_id,id,name,username", self.users()),
            ("oauth_github", _) => ("account_id,avatar,login,user_id", self.users()),
            ("crate_owners", _) => ("crate_id,created_at,created_by,owner_id,owner_kind", self.crates * 2),
            ("versions", _) => (
                "bin_names,checksum,crate_id,crate_size,created_at,downloads,edition,features,id,license,num,published_by,updated_at,yanked",
                self.versions,
            ),
            ("version_downloads", _) => ("date,downloads,version_id", 10),
            _ => ("crates_cnt,created_at,id,keyword", 10),
        };
        writeln!(out, "{header}")?;
        for at in 0..count {
            line.clear();
            self.row(table, at, &mut line).map_err(io::Error::other)?;
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn row(self, table: &str, at: u32, line: &mut String) -> std::fmt::Result {
        let id = at + 1;
        let drawn = self.draw(table, at);
        let (year, month, day) = (2015 + drawn % 11, 1 + drawn / 11 % 12, 1 + drawn / 132 % 28);
        let moment = format!("{year}-{month:02}-{day:02} 10:{:02}:00.{:06}+00", drawn % 60, drawn % 1_000_000);
        let user = 1 + u32::try_from(drawn / 7 % u64::from(self.users())).unwrap_or(0);
        match (table, self.shape) {
            ("crates", _) => {
                write!(line, "{moment},\"It \"\"does\"\"\nthings, {drawn:x}\",,{id},{},{drawn:x},{moment}", name(at))
            }
            ("teams", _) => write!(line, ",{id},{id},github:octo-org-{id}:Octo-Team,made,{id}"),
            ("users", Shape::Old) => write!(line, "https://avatars.example/{id},{id},{},{id},", login(id)),
            ("users", Shape::New) => write!(line, "{moment},{id},{id},,at-crates-io-{id}"),
            ("oauth_github", _) => write!(line, "{id},,{},{id}", login(id)),
            ("crate_owners", _) => {
                // Two of each crate: a person, and a person or a team.
                let team = at % 2 == 1 && drawn.is_multiple_of(5);
                let owner = if team { 1 + user % self.teams() } else { user };
                write!(line, "{},{moment},,{owner},{}", at / 2 + 1, u8::from(team))
            }
            ("versions", _) => {
                let krate = 1 + drawn % u64::from(self.crates);
                let by = if drawn.is_multiple_of(10) { String::new() } else { user.to_string() };
                write!(
                    line,
                    "{{}},{drawn:064x},{krate},{},{moment},{},2021,\"{{\"\"default\"\": [\"\"std\"\"]}}\",{id},MIT OR Apache-2.0,{}.{}.{},{by},{moment},f",
                    drawn % 100_000,
                    drawn % 9999,
                    drawn / 3 % 3,
                    drawn / 9 % 40,
                    id
                )
            }
            _ => write!(line, "2026-01-01,1,{id}"),
        }
    }

    fn users(self) -> u32 {
        self.crates / 4 + 1
    }

    fn teams(self) -> u32 {
        self.crates / 20 + 1
    }

    /// A number that a row has in every shape: `SplitMix64` over the seed, the table and the row.
    fn draw(self, table: &str, at: u32) -> u64 {
        let table = table.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let mut z =
            (self.seed ^ table.rotate_left(32)).wrapping_add(u64::from(at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) >> 8
    }
}

/// The name of a crate by its number, counted from 0.
pub(crate) fn name(at: u32) -> String {
    format!("made-crate-{at:06}")
}

fn login(id: u32) -> String {
    format!("Example-Person-{id}")
}

/// Writes one file of an archive.
pub(crate) fn file(
    out: &mut dyn Write,
    path: &str,
    size: u64,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_path(path)?;
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    out.write_all(header.as_bytes())?;
    content(out)?;
    let padding = usize::try_from(size.next_multiple_of(512) - size).map_err(io::Error::other)?;
    out.write_all(&[0; 512][..padding])
}

/// Counts what is written.
#[derive(Default)]
struct Counter {
    bytes: u64,
    lines: u64,
}

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.lines += u64::from(bytes.ends_with(b"\n"));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
