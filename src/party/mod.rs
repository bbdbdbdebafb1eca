//! Who stands behind a package, and in which role.
//!
//! - `repository`: an address as an author writes it, to `host/owner/repo`.
//! - `standing`: what the register says of an organisation on a day: its seat, its owners.
//! - `identify`: graph and facts to parties.
//!
//! The module names parties; where they are is for `evidence` and `attribution`. Names of persons never leave a manifest.

mod identify;
mod repository;
mod standing;

pub(crate) use identify::mail_domain;
pub use identify::{identify, repositories};
pub use repository::Repository;
pub use standing::{Seat, Standing, ancestors, standing};

use crate::data::{Data, HostOwner, VendorIx};
use crate::graph::PackageIx;

/// What a party is to a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Owns the repository that the package names (or is fetched from).
    ForgeOwner,
    /// Is named in a copyright line.
    Holder,
    /// Is named by the package itself.
    Declared,
    /// Runs the domain of an author's address.
    Employer,
    /// Runs the domain of the home page.
    Homepage,
    /// Makes the native code.
    Upstream,
}

/// A party.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// An organisation of the register.
    Vendor(VendorIx),
    /// A forge account that is known to be one person's: `host/owner`.
    Individual(String),
    /// A forge account that nobody has judged: `host/owner`.
    Account(String),
    /// An organisation that is named but not in the register.
    Organisation(String),
}

/// A role that a party has towards a package, and where that is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Which role.
    pub role: Role,
    /// Who.
    pub party: Party,
    /// The text that says it, as it stands: hostile.
    pub said: String,
    /// Where it is said: a file with line inside the package, or a key of its manifest.
    pub reference: String,
    /// For a holder: the name looks like an organisation's, not like a project's or a person's.
    pub organisation: bool,
    /// For a holder: the legal form at the end of the name, by its place in the table.
    pub form: Option<usize>,
}

/// The repository of a package, who owns it, and where the package names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The repository.
    pub repository: Repository,
    /// Where the package says that it is, if it was moved from there.
    pub before: Option<Repository>,
    /// What the register knows of its owner.
    pub owner: HostOwner,
    /// A key of the manifest, or the table that has it.
    said_in: &'static str,
}

/// The repository of every package of a graph, where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repositories(Vec<Option<Named>>);

impl Repositories {
    /// That of one package.
    pub fn of(&self, at: PackageIx) -> Option<&Named> {
        self.0[at.index()].as_ref()
    }

    /// Takes the repository of a package to where it was moved. Says whether its owner is known: by the register, or the same as before.
    pub fn follow(&mut self, at: PackageIx, path: &str, data: &Data) -> bool {
        let owner = data.owner_of(path);
        let (Some(named), Some(repository)) = (&mut self.0[at.index()], Repository::known(path)) else { return false };
        let known = owner != HostOwner::Unknown || named.repository.owner() == repository.owner();
        let before = Some(named.repository.clone());
        *named = Named { repository, before, owner, said_in: "forge: the repository was moved" };
        known
    }

    /// Those that are known.
    pub fn known(&self) -> impl Iterator<Item = &Named> {
        self.0.iter().flatten()
    }
}

/// Who stands behind one package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageParties {
    /// The repository that decides: the git source, else what the manifest names.
    pub repository: Option<Repository>,
    /// Where the package says that it is, if its forge has moved it from there.
    pub moved_from: Option<Repository>,
    /// Everybody, in the order of roles.
    pub holdings: Vec<Holding>,
}

/// Who stands behind every package of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties(Vec<PackageParties>);

impl Parties {
    /// Those of one package.
    pub fn of(&self, at: PackageIx) -> &PackageParties {
        &self.0[at.index()]
    }
}
