//! Answers kept between runs, as far as the service allows it: one file each in a folder.
//!
//! A cache that cannot be read or written is no failure: the service is asked again. What is kept holds the headers of the request as
//! well, which is why requests with a token never come here.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use http_cache_reqwest::{CacheManager, HttpResponse};
use http_cache_semantics::CachePolicy;
use serde::{Deserialize, Serialize};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A folder of answers, of which the oldest go where there are too many.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    most: u64,
}

/// The first line of a file; the body follows.
#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    answer: HttpResponse,
    policy: CachePolicy,
}

impl Folder {
    /// A folder, which need not be there yet, and how many bytes it may hold.
    pub(super) fn new(path: PathBuf, most: u64) -> Self {
        Self { path, most }
    }

    fn file(&self, key: &str) -> PathBuf {
        self.path.join(format!("{:016x}.answer", digest(key)))
    }

    fn read(&self, key: &str) -> io::Result<(HttpResponse, CachePolicy)> {
        let mut bytes = Vec::new();
        fs::File::open(self.file(key))?.take(self.most).read_to_end(&mut bytes)?;
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or(io::ErrorKind::InvalidData)?;
        let Head { key: kept, mut answer, policy } = serde_json::from_slice(&bytes[..end])?;
        if kept != key {
            return Err(io::ErrorKind::NotFound.into());
        }
        answer.body = bytes.split_off(end + 1);
        Ok((answer, policy))
    }

    fn write(&self, key: String, answer: &HttpResponse, policy: CachePolicy) -> io::Result<()> {
        let size = answer.body.len() as u64;
        // One answer does not push out all others.
        if size > self.most / 8 {
            return fs::remove_file(self.file(&key));
        }
        fs::create_dir_all(&self.path)?;
        self.make_room(size)?;
        let target = self.file(&key);
        let head = Head { key, answer: HttpResponse { body: Vec::new(), ..answer.clone() }, policy };
        let mut file = tempfile::Builder::new().suffix(".part").tempfile_in(&self.path)?;
        serde_json::to_writer(&mut file, &head)?;
        file.write_all(b"\n")?;
        file.write_all(&answer.body)?;
        file.persist(target).map(drop).map_err(|error| error.error)
    }

    /// Removes the oldest answers until there is room for one more, and what a run that was killed left behind.
    fn make_room(&self, size: u64) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let path = entry.path();
            if let (true, Ok(data)) = (is_ours(&path), entry.metadata()) {
                files.push((data.modified()?, path, data.len()));
            }
        }
        files.sort();
        let mut total = size + files.iter().map(|file| file.2).sum::<u64>();
        for (_, path, length) in files {
            if total <= self.most {
                break;
            }
            fs::remove_file(path)?;
            total = total.saturating_sub(length);
        }
        Ok(())
    }
}

fn is_ours(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|end| ["answer", "part"].contains(&end))
}

impl CacheManager for Folder {
    async fn get(&self, key: &str) -> Result<Option<(HttpResponse, CachePolicy)>> {
        Ok(self.read(key).ok())
    }

    async fn put(&self, key: String, answer: HttpResponse, policy: CachePolicy) -> Result<HttpResponse> {
        // Not kept is asked again next time.
        let _kept = self.write(key, &answer, policy);
        Ok(answer)
    }

    async fn delete(&self, key: &str) -> Result<()> {
        let _gone = fs::remove_file(self.file(key));
        Ok(())
    }
}

/// FNV-1a, 64 bits: the name of a file, the same in every version. Keys that share one push each other out.
fn digest(key: &str) -> u64 {
    key.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
