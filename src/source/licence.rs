//! Licence files of packages: who they name as holder.
//!
//! Files are read in parallel and bounded. Which packages are read is for the caller to say: a licence matters where the owner of the
//! repository does not already settle who stands behind a package. Links are not followed, so a package cannot point out of its folder.

use std::fs;
use std::io::Read;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};

use crate::copyright;
use crate::facts::{Gap, GapKind, HolderFact};
use crate::graph::PackageIx;

/// How much of a licence file is read. The longest licence in use (GPL-3.0) has 35 KiB; what follows in larger files are the licences of
/// third parties.
const MAX_LICENCE: u64 = 64 << 10;

/// A licence file larger than this is not read at all, and said.
const ABSURD_LICENCE: u64 = 8 << 20;

/// How much of the crate root is read for its header.
const MAX_HEADER: u64 = 2 << 10;

/// How many licence files of one package are read.
const MAX_FILES: usize = 12;

/// How many holders of one package are kept.
const MAX_HOLDERS: usize = 40;

/// Reads the licence files in the folders of packages, on up to `threads` threads. The answer is in the order of the question.
pub fn read_holders(
    folders: &[(PackageIx, Utf8PathBuf)],
    threads: usize,
) -> (Vec<(PackageIx, Vec<HolderFact>)>, Vec<Gap>) {
    let threads = threads.clamp(1, 64).min(folders.len().max(1));
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((at, folder)) = folders.get(number) else { return done };
            done.push((number, *at, read_package(*at, folder)));
        }
    };
    let mut all = if threads == 1 {
        work()
    } else {
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|lost| resume_unwind(lost))).collect()
        })
    };
    all.sort_by_key(|(number, ..)| *number);
    let mut holders = Vec::with_capacity(all.len());
    let mut gaps = Vec::new();
    for (_, at, (found, mut missed)) in all {
        holders.push((at, found));
        gaps.append(&mut missed);
    }
    (holders, gaps)
}

fn read_package(at: PackageIx, folder: &Utf8Path) -> (Vec<HolderFact>, Vec<Gap>) {
    let (holders, missed) = read_texts(folder);
    let gap = |detail| Gap { kind: GapKind::LicenceUnreadable, package: Some(at), detail };
    (holders, missed.into_iter().map(gap).collect())
}

/// The holders of a folder, and what could not be read of it.
fn read_texts(folder: &Utf8Path) -> (Vec<HolderFact>, Vec<String>) {
    let mut missed = Vec::new();
    let mut holders = Vec::new();
    let names = match licence_files(folder) {
        Ok(names) => names,
        Err(error) => return (holders, vec![format!("the package's folder cannot be read: {error}")]),
    };
    for (name, plain) in names {
        match read_file(&folder.join(&name), plain) {
            Ok(Some(text)) => holders.extend(holders_in(&text, &name)),
            Ok(None) => missed.push(format!("{name} is not a file, or too large for a licence, and was not read")),
            Err(error) => missed.push(format!("{name} cannot be read: {error}")),
        }
    }
    // Where licence files name nobody, the holders can stand in the sources, as REUSE has them.
    if holders.is_empty() {
        holders = read_header(folder);
    }
    holders.truncate(MAX_HOLDERS);
    (holders, missed)
}

/// The licence files of a folder, sorted, and whether each is a plain file. A folder `LICENSES`, as REUSE has it, is not descended into: its files are bare licence texts.
fn licence_files(folder: &Utf8Path) -> std::io::Result<Vec<(String, bool)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if let Some(name) = entry.file_name().to_str().filter(|name| is_licence(name)) {
            // A folder of that name is nobody's fault.
            let kind = entry.file_type()?;
            if !kind.is_dir() {
                names.push((name.to_owned(), kind.is_file()));
            }
        }
    }
    names.sort();
    names.truncate(MAX_FILES);
    Ok(names)
}

fn is_licence(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let starts = ["COPYING", "COPYRIGHT", "NOTICE"].iter().any(|word| upper.starts_with(word));
    // `LICENSE-MIT`, but `MIT-LICENSE.txt` and `UNLICENSE` too.
    let holds = upper.contains("LICENSE") || upper.contains("LICENCE");
    let code = ["rs", "html", "json", "toml", "xml", "py", "sh"];
    (starts || holds) && !Utf8Path::new(name).extension().is_some_and(|extension| code.contains(&extension))
}

/// The holders in the comment at the head of the crate root: `SPDX-FileCopyrightText`, and plain copyright lines, as REUSE has them.
fn read_header(folder: &Utf8Path) -> Vec<HolderFact> {
    for name in ["src/lib.rs", "src/main.rs"] {
        let path = folder.join(name);
        let plain = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        let Ok(Some(text)) = read_head(&path, plain, MAX_HEADER) else { continue };
        let comment = text.lines().take_while(|line| {
            let line = line.trim_start();
            line.is_empty() || ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark))
        });
        return holders_in(&comment.collect::<Vec<_>>().join("\n"), name);
    }
    Vec::new()
}

fn holders_in(text: &str, file: &str) -> Vec<HolderFact> {
    let found = copyright::holders(text).into_iter();
    found
        .map(|holder| HolderFact { name: holder.name, kind: holder.kind, file: file.to_owned(), line: holder.line })
        .collect()
}

/// The head of a regular file as text, wrong bytes replaced. `None` for links, devices and absurd sizes.
fn read_file(path: &Utf8Path, plain: bool) -> std::io::Result<Option<String>> {
    read_head(path, plain, MAX_LICENCE)
}

/// The first `most` bytes of a regular file.
fn read_head(path: &Utf8Path, plain: bool, most: u64) -> std::io::Result<Option<String>> {
    if !plain {
        return Ok(None);
    }
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    if size > ABSURD_LICENCE {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(most)).unwrap_or(0) + 1);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holders(files: &[(&str, &str)]) -> Vec<(String, String, u32)> {
        let folder = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
        for (name, text) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::io::Write::write_all(&mut fs::File::create(path).unwrap(), text.as_bytes()).unwrap();
        }
        // The parser has its own tests; any place serves for a package here.
        read_texts(&root).0.into_iter().map(|holder| (holder.name, holder.file, holder.line)).collect()
    }

    #[test]
    fn the_header_of_the_crate_root_names_holders() {
        let root = "// SPDX-FileCopyrightText: 2024 Example GmbH <info@example.org>\n// SPDX-License-Identifier: MIT\n\nfn f() {}\n\
                    // Copyright 2024 Other GmbH\n";
        let found = holders(&[("src/lib.rs", root)]);
        assert_eq!(found, [("Example GmbH".to_owned(), "src/lib.rs".to_owned(), 1)]);
    }

    #[test]
    fn licences_are_known_by_the_word_wherever_it_stands() {
        for name in ["LICENSE", "license-mit.txt", "MIT-LICENSE", "Licence.md", "UNLICENSE", "COPYING.LESSER", "NOTICE"]
        {
            let found = holders(&[(name, "Copyright (c) 2024 Example GmbH\n")]);
            assert_eq!(found, [("Example GmbH".to_owned(), name.to_owned(), 1)]);
        }
        for name in ["license.rs", "licenses.json", "README.md", "relicense.sh"] {
            assert_eq!(holders(&[(name, "Copyright (c) 2024 Example GmbH\n")]), []);
        }
    }
}
