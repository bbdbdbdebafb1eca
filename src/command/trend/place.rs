//! Where the lock file of a trend is, found without running cargo.

use camino::{Utf8Path, Utf8PathBuf};

use super::{Reading, TrendError, TrendSettings};
use crate::command::Settings;
use crate::load::{self, Input, Selection};
use crate::source::git::top_of;

/// Where the lock file is.
pub(super) struct Place {
    /// The file on this machine, if it is named as one.
    pub(super) file: Option<Utf8PathBuf>,
    /// The repository, and the file from its top.
    pub(super) inside: Option<(Utf8PathBuf, String)>,
    /// Where the policy is looked for: from a folder up to another.
    pub(super) policy: Option<(Utf8PathBuf, Utf8PathBuf)>,
}

impl Place {
    /// The name to show.
    pub(super) fn shown(&self) -> String {
        let of_file = || self.file.as_ref().and_then(|file| file.file_name()).unwrap_or("Cargo.lock").to_owned();
        self.inside.as_ref().map_or_else(of_file, |(_, path)| path.clone())
    }
}

/// Finds the lock file, without running cargo.
pub(super) fn place(settings: &Settings, wanted: &TrendSettings) -> Result<Place, TrendError> {
    let here = &settings.environment.current_dir;
    let named = match &settings.input {
        Input::MetadataFile(..) => return Err(TrendError::Input("--metadata-path")),
        Input::LockFile { registry_cache: true, .. } => return Err(TrendError::Input("--registry-cache")),
        Input::LockFile { path, .. } => Some(path.as_path()),
        Input::Cargo(cargo) => {
            narrowed(&cargo.selection)?;
            None
        }
    };
    if let Some(repository) = &wanted.repository {
        let path = named.unwrap_or(Utf8Path::new("Cargo.lock"));
        return Ok(Place { file: None, inside: Some((here.join(repository), slashes(path))), policy: None });
    }
    let (file, policy) = match (named, &settings.input) {
        (Some(path), _) => (here.join(path), None),
        (None, Input::Cargo(cargo)) => {
            let manifest = cargo.manifest_path.as_deref().and_then(Utf8Path::parent);
            let start = here.join(manifest.unwrap_or(Utf8Path::new("")));
            let file = load::nearest_lock(&start).ok_or_else(|| TrendError::NoLock(start.clone()))?;
            let root = file.parent().unwrap_or(here).to_owned();
            (file, Some((start, root)))
        }
        (None, _) => return Err(TrendError::NoLock(here.clone())),
    };
    let inside = if wanted.reading == Reading::Fixed { None } else { Some(inside(&file, here)?) };
    Ok(Place { file: Some(file), inside, policy })
}

/// The repository that a file is in, and the file from its top. The file itself may have gone.
fn inside(file: &Utf8Path, here: &Utf8Path) -> Result<(Utf8PathBuf, String), TrendError> {
    let folder = file.parent().unwrap_or(here);
    let folder = folder.canonicalize_utf8().map_err(|error| TrendError::NoFolder(folder.to_owned(), error))?;
    let top = top_of(&folder).ok_or_else(|| TrendError::NoRepository(file.to_owned()))?;
    let below = folder.strip_prefix(top).unwrap_or(Utf8Path::new(""));
    Ok((top.to_owned(), slashes(&below.join(file.file_name().unwrap_or("Cargo.lock")))))
}

/// Git's paths have slashes everywhere.
fn slashes(path: &Utf8Path) -> String {
    path.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/")
}

/// What chooses a part of a workspace, a lock file cannot tell.
fn narrowed(selection: &Selection) -> Result<(), TrendError> {
    let Selection { packages, exclude, features, all_features, no_default_features, targets, dev, switches: _ } =
        selection;
    let given = [
        (!packages.is_empty(), "--package"),
        (!exclude.is_empty(), "--exclude"),
        (!features.is_empty(), "--features"),
        (*all_features, "--all-features"),
        (*no_default_features, "--no-default-features"),
        (!targets.is_empty(), "--target"),
        (*dev, "--dev"),
    ];
    given.iter().find(|row| row.0).map_or(Ok(()), |row| Err(TrendError::Input(row.1)))
}
