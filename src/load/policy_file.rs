//! Finds and reads the text of `origin.toml`; what it means is for `policy` to say.

use camino::{Utf8Path, Utf8PathBuf};

use super::read::{ReadError, read_bounded};

/// Where it is looked for in every folder, the first one wins.
const PLACES: [&str; 3] = ["origin.toml", ".config/origin.toml", ".cargo/origin.toml"];

/// A policy larger than this is not read.
const MAX_POLICY: u64 = 8 << 20;

/// A policy file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the policy cannot be read")]
pub struct PolicyFileError(#[from] ReadError);

/// The name to show and the text of the policy file: the one that is asked for, else the first from `start` up to the workspace root.
pub fn find_policy(
    asked: Option<&Utf8Path>,
    start: Option<&Utf8Path>,
    root: Option<&Utf8Path>,
) -> Result<Option<(String, String)>, PolicyFileError> {
    if let Some(path) = asked {
        return Ok(Some((path.as_str().to_owned(), read_bounded(path, MAX_POLICY)?)));
    }
    let (Some(start), Some(root)) = (start, root) else { return Ok(None) };
    // A start outside of the workspace has nothing to say about it.
    let folders: Vec<&Utf8Path> = if start.starts_with(root) {
        start.ancestors().take_while(|folder| folder.starts_with(root)).collect()
    } else {
        vec![root]
    };
    for folder in folders {
        for place in PLACES {
            let path: Utf8PathBuf = folder.join(place);
            if path.is_file() {
                let shown = path.strip_prefix(root).map_or(place, Utf8Path::as_str).to_owned();
                return Ok(Some((shown, read_bounded(&path, MAX_POLICY)?)));
            }
        }
    }
    Ok(None)
}
