//! Files that are written: whole, or not at all.

use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::NamedTempFile;

/// A file that is on the disk in full, beside the place where it belongs. Dropped, it leaves nothing behind.
pub(super) struct Staged {
    file: NamedTempFile,
    target: Utf8PathBuf,
}

/// Writes the contents of a file beside it: what was there before stays until `persist`.
pub(super) fn stage(path: &Utf8Path, contents: &[u8]) -> io::Result<Staged> {
    stage_with(path, NEW_FILE, &mut |out| out.write_all(contents))
}

/// As any new file, less what the umask takes: temporary files are for their owner only.
pub(super) const NEW_FILE: u32 = 0o666;

/// For nobody but the owner.
pub(super) const PRIVATE_FILE: u32 = 0o600;

/// The same for contents that are made while they are written. On Unix a new file gets this mode.
pub(super) fn stage_with(
    path: &Utf8Path,
    mode: u32,
    contents: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Staged> {
    let before = path.metadata().ok();
    if before.as_ref().is_some_and(|before| !before.is_file()) {
        // A folder, or a device: renaming onto `/dev/stdout` would take its place.
        return Err(io::Error::other("it is there, and is not a file"));
    }
    // What a link points to is written, and not the link.
    let target = if before.is_some() { path.canonicalize_utf8()? } else { path.to_owned() };
    let folder = target.parent().filter(|folder| !folder.as_str().is_empty()).unwrap_or(Utf8Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cargo-origin-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _unix_only = mode;
    let mut file = builder.tempfile_in(folder)?;
    contents(&mut file)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    Ok(Staged { file, target })
}

impl Staged {
    /// Where it belongs.
    pub(super) fn target(&self) -> &Utf8Path {
        &self.target
    }

    /// Puts it there if nothing has come there meanwhile.
    pub(super) fn persist_new(self) -> io::Result<()> {
        self.file.persist_noclobber(self.target)?;
        Ok(())
    }

    /// Puts it there.
    pub(super) fn persist(self) -> io::Result<()> {
        self.file.persist(self.target)?;
        Ok(())
    }
}
