//! From a graph and what was read about it to parties.

use super::{Holding, Named, PackageParties, Parties, Party, Repositories, Repository, Role};
use crate::copyright::{self, HolderKind};
use crate::data::{Data, HostOwner, MailDomain, VendorIx};
use crate::date::Date;
use crate::facts::live::{AccountKind, Content};
use crate::facts::{Facts, HolderFact, ManifestFacts, Synced};
use crate::graph::{Graph, Package, PackageIx, Source};

/// Finds the repository of every package. Workspace members have none: they are the user's own.
pub fn repositories(graph: &Graph, manifests: &[ManifestFacts], data: &Data) -> Repositories {
    let none = ManifestFacts::default();
    let of = graph.packages().map(|(at, package)| {
        let manifest = manifests.get(at.index()).unwrap_or(&none);
        let (repository, said_in) = if package.member { None } else { named_repository(package, manifest, data) }?;
        let owner = data.owner_of(repository.path());
        Some(Named { repository, before: None, owner, said_in })
    });
    Repositories(of.collect())
}

/// Names the parties of every package, as forges knew them on a day. Workspace members have none: they are the user's own.
pub fn identify(graph: &Graph, repositories: Repositories, facts: &Facts, data: &Data, as_of: Date) -> Parties {
    let none = ManifestFacts::default();
    let of = graph.packages().zip(repositories.0).map(|((at, package), named)| {
        if package.member {
            return PackageParties::default();
        }
        of_package(at, package, named, facts.manifests.get(at.index()).unwrap_or(&none), facts, (data, as_of))
    });
    Parties(of.collect())
}

/// The repository that decides, and where it is said: the git source is where the bytes come from, a manifest only names an address.
fn named_repository(package: &Package, manifest: &ManifestFacts, data: &Data) -> Option<(Repository, &'static str)> {
    if let Source::Git { url, .. } = &package.source {
        return Repository::parse(url).map(|found| (found, "git source"));
    }
    if let Some(found) = manifest.repository.as_deref().and_then(Repository::parse) {
        return Some((found, "Cargo.toml: package.repository"));
    }
    // A home page on a forge is where many manifests keep their repository.
    if let Some(found) = manifest.homepage.as_deref().and_then(Repository::parse)
        && data.forge(found.host()).is_some()
    {
        return Some((found, "Cargo.toml: package.homepage"));
    }
    if package.source == Source::CratesIo {
        let known = data.repository_of(&package.name).and_then(Repository::known)?;
        return Some((known, "crates.csv"));
    }
    None
}

fn of_package(
    at: PackageIx,
    package: &Package,
    named: Option<Named>,
    manifest: &ManifestFacts,
    facts: &Facts,
    (data, as_of): (&Data, Date),
) -> PackageParties {
    let mut holdings = Vec::new();
    if let Some(named) = &named {
        holdings.push(plain(
            Role::ForgeOwner,
            forge_owner(named, &facts.synced, as_of),
            named.repository.path(),
            named.said_in,
        ));
    }
    for holder in facts.holders.get(at.index()).map_or(&[][..], Vec::as_slice) {
        holdings.extend(copyright_holder(holder, data));
    }
    if let Some(name) = manifest.declared.as_ref().and_then(|declared| declared.organisation.as_deref()) {
        let party = data
            .vendor_by_id(name)
            .or_else(|| data.holder(&copyright::normalise(name)))
            .map_or_else(|| Party::Organisation(name.to_owned()), Party::Vendor);
        holdings.push(plain(Role::Declared, party, name, "Cargo.toml: package.metadata.origin"));
    }
    let mut employers: Vec<(VendorIx, String)> =
        manifest.authors.iter().filter_map(|author| employer(author, data)).collect();
    employers.sort();
    employers.dedup_by_key(|(vendor, _)| *vendor);
    for (vendor, domain) in employers {
        holdings.push(plain(Role::Employer, Party::Vendor(vendor), &domain, "Cargo.toml: package.authors"));
    }
    if let Some(vendor) = manifest.homepage.as_deref().and_then(|home| homepage_owner(home, data)) {
        let home = manifest.homepage.as_deref().unwrap_or_default();
        holdings.push(plain(Role::Homepage, Party::Vendor(vendor), home, "Cargo.toml: package.homepage"));
    }
    if let Some(upstream) = data.upstream(&package.name, package.capabilities.links())
        && let Some(vendor) = upstream.vendor.and_then(|id| data.vendor_by_id(id))
    {
        holdings.push(plain(Role::Upstream, Party::Vendor(vendor), upstream.name, "native.toml"));
    }
    let (repository, moved_from) = named.map(|named| (Some(named.repository), named.before)).unwrap_or_default();
    PackageParties { repository, moved_from, holdings }
}

fn plain(role: Role, party: Party, said: &str, reference: &str) -> Holding {
    Holding { role, party, said: said.to_owned(), reference: reference.to_owned(), organisation: false, form: None }
}

fn forge_owner(named: &Named, synced: &Synced, as_of: Date) -> Party {
    let account = named.repository.owner();
    match named.owner {
        HostOwner::Vendor(vendor) => Party::Vendor(vendor),
        HostOwner::Individual => Party::Individual(account.to_owned()),
        HostOwner::Unknown if is_person(account, synced, as_of) => Party::Individual(account.to_owned()),
        HostOwner::Unknown => Party::Account(account.to_owned()),
    }
}

/// Whether the forge itself called an account a person's on a day.
fn is_person(account: &str, synced: &Synced, as_of: Date) -> bool {
    let rows = synced.profiles.get(account).into_iter().flatten();
    rows.filter(|kept| kept.valid.contains(as_of))
        .any(|kept| matches!(&kept.fact.content, Content::Profile(known) if known.kind == AccountKind::Person))
}

/// A holder in the register, or one whose name is an organisation's. Names that may be a person's stay where they are.
fn copyright_holder(holder: &HolderFact, data: &Data) -> Option<Holding> {
    let organisation = holder.kind == HolderKind::Organisation;
    let (party, form) = match data.holder(&copyright::normalise(&holder.name)) {
        Some(vendor) => (Party::Vendor(vendor), None),
        // Only here does a form say anything, and trying four hundred spellings on every name of a person would be wasted.
        None if organisation => (Party::Organisation(holder.name.clone()), legal_form(&holder.name, data)),
        None => return None,
    };
    let reference = format!("{}:{}", holder.file, holder.line);
    Some(Holding { role: Role::Holder, party, said: holder.name.clone(), reference, organisation, form })
}

fn legal_form(name: &str, data: &Data) -> Option<usize> {
    copyright::legal_form(name, &data.tables.legal_forms).map(|(at, _)| at)
}

/// The domain of the address in an author line, if an organisation of the register runs it for its own people.
fn employer(author: &str, data: &Data) -> Option<(VendorIx, String)> {
    let domain = mail_domain(author)?;
    match data.mail_domain(&domain) {
        MailDomain::Employer(vendor) => Some((vendor, domain)),
        MailDomain::Hint(..) | MailDomain::Nothing => None,
    }
}

/// The domain of the address in `Name <user@domain>`, lower case.
pub(crate) fn mail_domain(author: &str) -> Option<String> {
    let (_, address) = author.rsplit_once('<')?;
    let (_, domain) = address.trim_end().trim_end_matches('>').rsplit_once('@')?;
    let domain = domain.trim().to_lowercase();
    let fits = domain.contains('.')
        && domain.len() < 256
        && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    fits.then_some(domain)
}

/// The vendor whose own site the home page is; pages on forges and documentation hosts are not.
fn homepage_owner(homepage: &str, data: &Data) -> Option<VendorIx> {
    let host = crate::data::lookup::host_of(homepage)?;
    let shared =
        ["github.com", "gitlab.com", "github.io", "docs.rs", "crates.io", "lib.rs", "google.com", "readthedocs.io"];
    let host = host.strip_prefix("www.").unwrap_or(&host);
    if shared.iter().any(|name| host == *name || host.ends_with(&format!(".{name}"))) || data.forge(host).is_some() {
        return None;
    }
    data.vendor_of_domain(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_of_an_author_line_is_the_last_one() {
        assert_eq!(mail_domain("Jane Example <jane@Mail.Example.org>").as_deref(), Some("mail.example.org"));
        assert_eq!(mail_domain("Jane <a@b.c> <jane@example.org>").as_deref(), Some("example.org"));
        for author in ["Jane Example", "jane@example.org", "<@>", "<a@b>", "<a@exa mple.org>", "<a@\u{1b}.org>"] {
            assert_eq!(mail_domain(author), None, "{author:?}");
        }
    }
}
