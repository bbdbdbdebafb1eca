//! What a package says about itself.

use camino::Utf8PathBuf;

use crate::country::Locus;

/// `[package.metadata.origin]`: what the authors of a package declare. It is their word, and shown as that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredOrigin {
    /// The organisation behind the package.
    pub organisation: Option<String>,
    /// Where it has its seat.
    pub seat: Option<Locus>,
}

/// What a manifest says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ManifestFacts {
    /// The author lines, as they stand.
    pub authors: Vec<String>,
    /// `repository`, as it stands.
    pub repository: Option<String>,
    /// The repository comes from the embedded table of crates, not from a manifest.
    pub repository_embedded: bool,
    /// `homepage`, as it stands.
    pub homepage: Option<String>,
    /// What is declared.
    pub declared: Option<DeclaredOrigin>,
    /// The folder of the package on this machine. It is never reported.
    pub folder: Option<Utf8PathBuf>,
}

/// A holder named in a licence file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderFact {
    /// The name, as it stands.
    pub name: String,
    /// What the name looks like.
    pub kind: crate::copyright::HolderKind,
    /// The file, relative to the package.
    pub file: String,
    /// The line, counted from one.
    pub line: u32,
}
