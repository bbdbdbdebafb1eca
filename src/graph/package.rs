//! A package of the graph.

use semver::Version;

/// Which commit of a git repository was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GitReference {
    /// The default branch.
    Default,
    /// A branch.
    Branch(String),
    /// A tag.
    Tag(String),
    /// A commit.
    Rev(String),
}

/// Where a package's bytes are named to come from. A mirror is not visible here: it stands in configuration, not in the graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// crates.io, as a lock file names it.
    CratesIo,
    /// Another registry, by its index address without `registry+` or `sparse+`.
    Registry {
        /// The index.
        url: String,
        /// Whether the index is asked file by file over HTTP.
        sparse: bool,
    },
    /// A git repository.
    Git {
        /// Address without `git+`, query and fragment.
        url: String,
        /// What was asked for.
        reference: GitReference,
        /// What it resolved to.
        commit: Option<String>,
    },
    /// A folder of this machine: a workspace member or a path dependency. The path is relative to the workspace, if it is known.
    Path(Option<String>),
    /// An address of a kind that is not known here, as it stands.
    Other(String),
}

impl Source {
    /// The index of another registry than crates.io, as a lock file writes it.
    pub fn index(&self) -> Option<String> {
        match self {
            Self::Registry { url, sparse } => Some(format!("{}+{url}", if *sparse { "sparse" } else { "registry" })),
            Self::CratesIo | Self::Git { .. } | Self::Path(_) | Self::Other(_) => None,
        }
    }
}

/// What a package can do beyond being linked in. `None` is "not known", which a lock file alone leaves open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// It runs a program on the build machine before it is compiled.
    pub build_script: Option<bool>,
    /// It runs inside the compiler.
    pub proc_macro: Option<bool>,
    /// It says that it links this native library; `Some(None)` says that it links none.
    pub links: Option<Option<String>>,
}

impl Capabilities {
    /// The native library, if one is known.
    pub fn links(&self) -> Option<&str> {
        self.links.as_ref().and_then(|links| links.as_deref())
    }

    /// Whether its code runs on the build machine, as far as its own targets tell; `None` where nobody knows.
    pub fn runs_at_build(&self) -> Option<bool> {
        match (self.build_script, self.proc_macro) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }
}

/// For which machine a package is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// For the target: it can ship to users. `None`: not known.
    pub target: Option<bool>,
    /// For the build machine: build scripts, procedural macros and what they need.
    pub host: Option<bool>,
}

/// A crate version.
#[derive(Clone, Debug)]
pub struct Package {
    /// The name, as it stands: it can hold anything.
    pub name: String,
    /// The version.
    pub version: Version,
    /// Where it comes from.
    pub source: Source,
    /// Whether it is part of the workspace.
    pub member: bool,
    /// Whether `[patch]` put it in place of another source.
    pub patched: bool,
    /// What it can do.
    pub capabilities: Capabilities,
    /// For which machine it is compiled.
    pub roles: Roles,
    /// Checksum of the lock file, if there is one.
    pub checksum: Option<String>,
}

impl Package {
    /// `name version`, unique within a source.
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// What it is called where it comes from a registry: its name, and for another registry than crates.io the index before it,
    /// as a lock file writes it: `sparse+https://registry.example/index/#name`. Two crates of one name are told apart by it.
    pub fn in_registry(&self) -> Option<String> {
        match &self.source {
            Source::CratesIo => Some(self.name.clone()),
            Source::Registry { .. } => self.source.index().map(|index| format!("{index}#{}", self.name)),
            Source::Git { .. } | Source::Path(_) | Source::Other(_) => None,
        }
    }

    /// Whether its code runs on the build machine: its own build script or macro, or being compiled for it to serve another's. `None`:
    /// nobody knows.
    pub fn runs_at_build(&self) -> Option<bool> {
        match (self.capabilities.runs_at_build(), self.roles.host) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }
    }

    /// The package URL: `pkg:cargo/name@version`, with the source where it is not crates.io.
    ///
    /// See <https://github.com/package-url/purl-spec>; names are percent-encoded.
    pub fn purl(&self) -> String {
        let base = format!("pkg:cargo/{}@{}", encode(&self.name), encode(&self.version.to_string()));
        match &self.source {
            Source::CratesIo => base,
            // As cargo-cyclonedx writes it, and without telling where the folder lies.
            Source::Path(_) => format!("{base}?download_url=file:%2F%2F."),
            Source::Registry { url, .. } => format!("{base}?repository_url={}", encode(url)),
            Source::Git { url, commit, .. } => {
                let commit = commit.as_ref().map(|commit| format!("@{commit}")).unwrap_or_default();
                format!("{base}?vcs_url={}", encode(&format!("git+{url}{commit}")))
            }
            Source::Other(url) => format!("{base}?download_url={}", encode(url)),
        }
    }

    /// The package URL without what changes with every update: version and commit.
    pub fn lasting_purl(&self) -> String {
        let base = format!("pkg:cargo/{}", encode(&self.name));
        match &self.source {
            Source::Git { url, .. } => format!("{base}?vcs_url={}", encode(&format!("git+{url}"))),
            _ => self.purl().replacen(&format!("@{}", encode(&self.version.to_string())), "", 1),
        }
    }

    fn key(&self) -> (&str, &Version, &Source) {
        (&self.name, &self.version, &self.source)
    }
}

impl PartialEq for Package {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Package {}

impl PartialOrd for Package {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Package {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            use std::fmt::Write;
            // Writing to a string cannot fail.
            let _infallible = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// What one package needs another for. The same pair can be needed in several ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of kinds, not states")]
pub struct Dependency {
    /// To be compiled in.
    pub normal: bool,
    /// By its build script.
    pub build: bool,
    /// By its tests, examples and benchmarks.
    pub dev: bool,
    /// The description does not say: a lock file alone.
    pub unknown_kind: bool,
}

impl Dependency {
    /// An edge of a description that does not say what for.
    pub const UNSTATED: Self = Self { normal: false, build: false, dev: false, unknown_kind: true };

    /// Both kinds together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            normal: self.normal || other.normal,
            build: self.build || other.build,
            dev: self.dev || other.dev,
            unknown_kind: self.unknown_kind || other.unknown_kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purl_cannot_be_broken_out_of() {
        let package = Package {
            name: "a/b?c#d\u{1b}".to_owned(),
            version: Version::new(1, 0, 0),
            source: Source::Git {
                url: "https://git.example.org/a b".to_owned(),
                reference: GitReference::Default,
                commit: Some("abc".to_owned()),
            },
            member: false,
            patched: false,
            capabilities: Capabilities::default(),
            roles: Roles::default(),
            checksum: None,
        };
        assert_eq!(
            package.purl(),
            "pkg:cargo/a%2Fb%3Fc%23d%1B@1.0.0?vcs_url=git%2Bhttps:%2F%2Fgit.example.org%2Fa%20b%40abc"
        );
    }
}
