//! Finds and reads the text of `origin.toml`; what it means is for `policy` to say.

use camino::{Utf8Path, Utf8PathBuf};

use super::read::{ReadError, read_bounded};

/// Where it is looked for in every folder, the first one wins.
const PLACES: [&str; 3] = ["origin.toml", ".config/origin.toml", ".cargo/origin.toml"];

/// A policy larger than this is not read.
const MAX_POLICY: u64 = 8 << 20;

/// A policy file that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFileError {
    /// It cannot be read.
    #[error("the policy cannot be read")]
    Read(#[from] ReadError),
    /// It is a link that leads out of the workspace.
    #[error("{0} leads out of the workspace; give a policy from elsewhere with --config")]
    Outside(Utf8PathBuf),
    /// It is there, and no file: a gate that passed over it would pass without its policy.
    #[error("{path} is {what}, and no policy; remove it, or name the policy with --config")]
    NoFile {
        /// What has the name of a policy.
        path: Utf8PathBuf,
        /// What it is.
        what: &'static str,
    },
}

/// The text of a policy, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// The name to show.
    pub shown: String,
    /// The text.
    pub text: String,
    /// It is the root manifest, which has a policy in it.
    pub manifest: bool,
    /// The file.
    pub path: Utf8PathBuf,
}

/// Why a list beside a policy is not read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// It leads elsewhere.
    #[error("`{0}` is not a file in the folder of the policy; a policy reads nothing outside of it")]
    Outside(String),
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The policy file: the one that is asked for, else the first from `start` up to the workspace root, else the root manifest, if it has one.
pub fn find_policy(
    asked: Option<&Utf8Path>,
    start: Option<&Utf8Path>,
    root: Option<&Utf8Path>,
    in_manifest: bool,
) -> Result<Option<PolicyFile>, PolicyFileError> {
    let read = |path: &Utf8Path, shown: &str, manifest| -> Result<Option<PolicyFile>, PolicyFileError> {
        let text = read_bounded(path, MAX_POLICY)?;
        Ok(Some(PolicyFile { shown: shown.to_owned(), text, manifest, path: path.to_owned() }))
    };
    if let Some(path) = asked {
        return read(path, path.as_str(), false);
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
            if is_there(&path)? {
                // A link that comes with a change must not show what lies elsewhere on the machine.
                if !is_inside(&path, root) {
                    return Err(PolicyFileError::Outside(path));
                }
                return read(&path, path.strip_prefix(root).map_or(place, Utf8Path::as_str), false);
            }
        }
    }
    if in_manifest { read(&root.join("Cargo.toml"), "Cargo.toml", true) } else { Ok(None) }
}

/// Whether there is a policy at a path; whatever else has its name is an error.
fn is_there(path: &Utf8Path) -> Result<bool, PolicyFileError> {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    let failed = |source| PolicyFileError::from(ReadError::Io { path: path.to_owned(), source });
    let link = match path.symlink_metadata() {
        Ok(found) => found.is_symlink(),
        Err(error) if [NotFound, NotADirectory].contains(&error.kind()) => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    let no_file = |what| Err(PolicyFileError::NoFile { path: path.to_owned(), what });
    match path.metadata() {
        Ok(found) if found.is_file() => Ok(true),
        Ok(found) if found.is_dir() => no_file("a folder"),
        Ok(_) => no_file("something else than a file"),
        Err(error) if link && error.kind() == NotFound => no_file("a link to nothing"),
        Err(error) => Err(failed(error)),
    }
}

/// Reads a list that a policy names: a file of its own folder.
pub fn read_list(policy: &Utf8Path, name: &str) -> Result<PolicyFile, ListError> {
    let outside = || ListError::Outside(name.to_owned());
    let leads_out = name.starts_with('/') || name.contains(['\\', ':']) || name.split('/').any(|part| part == "..");
    let folder = policy.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let path = folder.join(name);
    if leads_out || (path.exists() && !(path.is_file() && is_inside(&path, folder))) {
        return Err(outside());
    }
    let text = read_bounded(&path, MAX_POLICY)?;
    Ok(PolicyFile { shown: name.to_owned(), text, manifest: false, path })
}

/// Whether a path stays in a folder when links are followed.
fn is_inside(path: &Utf8Path, folder: &Utf8Path) -> bool {
    match (path.canonicalize_utf8(), folder.canonicalize_utf8()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}
