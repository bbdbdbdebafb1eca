//! Licence files of packages: who they name as holder.
//!
//! Files are read in parallel and bounded. Which packages are read is for the caller to say: a licence matters where the owner of the
//! repository does not already settle who stands behind a package. Links are not followed, so a package cannot point out of its folder.

use std::fs;
use std::io::Read;
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
            workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
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
    let mut gaps = Vec::new();
    let mut holders = Vec::new();
    let mut gap = |detail: String| gaps.push(Gap { kind: GapKind::LicenceUnreadable, package: Some(at), detail });
    let names = match licence_files(folder) {
        Ok(names) => names,
        Err(error) => {
            gap(format!("the package's folder cannot be read: {error}"));
            return (holders, gaps);
        }
    };
    for name in names {
        match read_file(&folder.join(&name.0), name.1) {
            Ok(Some(text)) => holders.extend(copyright::holders(&text).into_iter().map(|holder| HolderFact {
                name: holder.name.clone(),
                kind: holder.kind,
                file: name.0.clone(),
                line: holder.line,
            })),
            Ok(None) => gap(format!("{} is not a file, or too large for a licence, and was not read", name.0)),
            Err(error) => gap(format!("{} cannot be read: {error}", name.0)),
        }
    }
    holders.truncate(MAX_HOLDERS);
    (holders, gaps)
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
    let starts = |word: &str| name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"].into_iter().any(starts)
        && !Utf8Path::new(name)
            .extension()
            .is_some_and(|extension| ["rs", "html", "json", "toml", "xml"].contains(&extension))
}

/// The head of a regular file as text, wrong bytes replaced. `None` for links, devices and absurd sizes.
fn read_file(path: &Utf8Path, plain: bool) -> std::io::Result<Option<String>> {
    if !plain {
        return Ok(None);
    }
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    if size > ABSURD_LICENCE {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(MAX_LICENCE)).unwrap_or(0) + 1);
    file.take(MAX_LICENCE).read_to_end(&mut bytes)?;
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }))
}
