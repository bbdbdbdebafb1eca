//! Questions that the stages ask of the tables.

use super::Data;
use super::model::{Bloc, Forge, Mail, Network, Programme, Registry, TldTreatment, Upstream, Vendor, Weight};
use crate::country::CountryCode;
use crate::date::Date;

/// A row of the register, by its place in the embedded tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VendorIx(pub u32);

/// What the register knows of the owner of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostOwner {
    /// An organisation of the register.
    Vendor(VendorIx),
    /// An account known to be one person's.
    Individual,
    /// Nothing.
    Unknown,
}

/// What a mail domain says.
#[derive(Clone, Copy, Debug)]
pub enum MailDomain {
    /// An organisation's own domain: an address there points to an employer.
    Employer(VendorIx),
    /// A provider or network, with its country and how much that says.
    Hint(CountryCode, Weight),
    /// Nothing: worldwide webmail, a privacy relay, a generic domain.
    Nothing,
}

impl Data {
    /// The row of a vendor.
    pub fn vendor(&self, at: VendorIx) -> &Vendor<&'static str> {
        &self.tables.vendors[at.0 as usize]
    }

    /// The vendor with this id.
    pub fn vendor_by_id(&self, id: &str) -> Option<VendorIx> {
        let at = self.tables.vendors.binary_search_by(|row| row.id.cmp(id)).ok()?;
        u32::try_from(at).ok().map(VendorIx)
    }

    /// The programme with this id.
    pub fn programme(&self, id: &str) -> Option<&Programme<&'static str>> {
        let at = self.tables.programmes.binary_search_by(|row| row.id.cmp(id)).ok()?;
        self.tables.programmes.get(at)
    }

    /// The programmes that an entry of a list is under, by the part of the list and the programme codes that it has there, each once;
    /// none where `lists.toml` has no row for it. The entry is then shown under the list's own name.
    pub fn programmes_of_listing(
        &self,
        list: &str,
        sublist: Option<&str>,
        codes: &[impl AsRef<str>],
    ) -> Vec<&'static str> {
        let rows = self.tables.listings.iter().filter(|row| row.is_about(list, sublist, codes));
        let mut programmes: Vec<&'static str> = rows.map(|row| row.programme).collect();
        programmes.sort_unstable();
        programmes.dedup();
        programmes
    }

    /// The bloc with this id.
    pub fn bloc(&self, id: &str) -> Option<&Bloc<&'static str>> {
        let at = self.tables.blocs.binary_search_by(|row| row.id.cmp(id)).ok()?;
        self.tables.blocs.get(at)
    }

    /// Whether a country is in a bloc on a day.
    pub fn is_member(&self, bloc: &str, country: CountryCode, day: Date) -> bool {
        self.bloc(bloc).is_some_and(|bloc| bloc.members_on(day).contains(&country))
    }

    /// Whether a code is a country of ISO 3166-1 (or Kosovo's user-assigned `XK`).
    pub fn is_country(&self, code: CountryCode) -> bool {
        self.tables.countries.binary_search_by_key(&code, |row| row.code).is_ok()
    }

    /// The English name of a country.
    pub fn country_name(&self, code: CountryCode) -> Option<&'static str> {
        let at = self.tables.countries.binary_search_by_key(&code, |row| row.code).ok()?;
        self.tables.countries.get(at).map(|row| row.name)
    }

    /// The owner of a repository, given as `host/owner/…` in lower case.
    ///
    /// The longest path that the register has decides: a repository before its owner, an owner before the whole host.
    pub fn owner_of(&self, repository: &str) -> HostOwner {
        let mut path = repository;
        loop {
            if let Some(at) = find(&self.tables.forge_index, path) {
                return HostOwner::Vendor(VendorIx(at));
            }
            if self.tables.individuals.binary_search(&path).is_ok() {
                return HostOwner::Individual;
            }
            match path.rsplit_once('/') {
                Some((shorter, _)) => path = shorter,
                None => return HostOwner::Unknown,
            }
        }
    }

    /// The vendor that uses this normalised name in copyright lines.
    pub fn holder(&self, normalised: &str) -> Option<VendorIx> {
        find(&self.tables.holder_index, normalised).map(VendorIx)
    }

    /// The repository of a crate of crates.io, from the embedded table: `host/owner/repo`.
    pub fn repository_of(&self, name: &str) -> Option<&'static str> {
        let at = self.tables.crates.binary_search_by(|row| row.0.cmp(name)).ok()?;
        self.tables.crates.get(at).map(|row| row.1).filter(|repository| !repository.is_empty())
    }

    /// The native upstream of a crate, by its `links` value or its name.
    pub fn upstream(&self, name: &str, links: Option<&str>) -> Option<&Upstream<&'static str>> {
        let by_name = find(&self.tables.native_crate_index, name);
        let at = by_name.or_else(|| links.and_then(|links| find(&self.tables.native_links_index, links)))?;
        self.tables.upstreams.get(at as usize)
    }

    /// The forge that serves a host: the host itself, or a parent of it on a label boundary.
    pub fn forge(&self, host: &str) -> Option<&Forge<&'static str>> {
        suffixes(host).find_map(|suffix| {
            self.tables.forges.iter().find(|row| row.host == suffix || row.aliases.contains(&suffix))
        })
    }

    /// The registry or mirror behind an index address, given without `registry+` or `sparse+`.
    pub fn registry(&self, url: &str) -> Option<&Registry<&'static str>> {
        let bare = url.trim_start_matches("registry+").trim_start_matches("sparse+").trim_end_matches('/');
        let exact =
            self.tables.registries.iter().find(|row| row.urls.iter().any(|known| known.trim_end_matches('/') == bare));
        exact.or_else(|| {
            let host = host_of(bare)?;
            suffixes(&host).find_map(|suffix| self.tables.registries.iter().find(|row| row.hosts.contains(&suffix)))
        })
    }

    /// The registry row whose toolchain server an address is.
    pub fn toolchain_server(&self, url: &str) -> Option<&Registry<&'static str>> {
        let bare = url.trim_end_matches('/');
        let exact = self
            .tables
            .registries
            .iter()
            .find(|row| row.toolchain.iter().any(|known| known.trim_end_matches('/') == bare));
        exact.or_else(|| {
            let host = host_of(bare)?;
            self.tables.registries.iter().find(|row| {
                row.hosts.contains(&host.as_str())
                    || row.toolchain.iter().any(|known| host_of(known).as_deref() == Some(host.as_str()))
            })
        })
    }

    /// The vendor that owns a mail or web domain, or a parent of it.
    pub fn vendor_of_domain(&self, domain: &str) -> Option<VendorIx> {
        suffixes(domain)
            .filter(|suffix| suffix.contains('.'))
            .find_map(|suffix| find(&self.tables.domain_index, suffix))
            .map(VendorIx)
    }

    /// What an address at this domain says about its user.
    pub fn mail_domain(&self, domain: &str) -> MailDomain {
        if let Ok(at) = self.tables.mail.binary_search_by(|row| row.domain.cmp(domain)) {
            return mail_row(&self.tables.mail[at]);
        }
        if self.tables.mailbox_index.binary_search(&domain).is_ok() {
            return MailDomain::Nothing;
        }
        if let Some(vendor) = self.vendor_of_domain(domain) {
            return MailDomain::Employer(vendor);
        }
        if let Some(row) = self.network(domain) {
            return row.country.map_or(MailDomain::Nothing, |country| MailDomain::Hint(country, row.weight));
        }
        self.country_tld(domain)
    }

    /// The network of a domain; the longest pattern decides.
    fn network(&self, domain: &str) -> Option<&Network<&'static str>> {
        // A pattern is a suffix with its dot; `x.ac.jp` is in `.ac.jp`, and so is `ac.jp` itself.
        suffixes(domain).find_map(|suffix| {
            let key = |row: &Network<&'static str>| row.pattern.trim_start_matches('.').cmp(suffix);
            let at = self.tables.networks.binary_search_by(key).ok()?;
            self.tables.networks.get(at)
        })
    }

    /// What the country-code top-level domain of a domain says, if it is one and not generic.
    fn country_tld(&self, domain: &str) -> MailDomain {
        let tld = domain.rsplit('.').next().unwrap_or_default();
        // The one country code whose domain is not its ISO code.
        let code = if tld == "uk" { "GB".to_owned() } else { tld.to_ascii_uppercase() };
        let Some(country) = code.parse().ok().filter(|code| self.is_country(*code)) else {
            return MailDomain::Nothing;
        };
        let treatment = self.tables.generic_tlds.iter().find(|row| row.tld == tld).map(|row| row.treat);
        match treatment {
            Some(TldTreatment::Ignore) => MailDomain::Nothing,
            Some(TldTreatment::Weak) => MailDomain::Hint(country, Weight::Weak),
            Some(TldTreatment::Strong) | None => MailDomain::Hint(country, Weight::Moderate),
        }
    }
}

fn mail_row(row: &Mail<&'static str>) -> MailDomain {
    match (row.country, row.weight) {
        (None, _) | (_, Weight::None) => MailDomain::Nothing,
        (Some(country), weight) => MailDomain::Hint(country, weight),
    }
}

fn find(index: &[(&'static str, u32)], key: &str) -> Option<u32> {
    let at = index.binary_search_by(|row| row.0.cmp(key)).ok()?;
    index.get(at).map(|row| row.1)
}

/// The domain and its parents on label boundaries, longest first.
fn suffixes(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |rest| rest.split_once('.').map(|(_, parent)| parent))
}

/// The host of an address, lower case, without user and port.
pub fn host_of(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    (!host.is_empty() && host.contains('.')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        Data::embedded().unwrap()
    }

    #[test]
    fn vanity_domains_say_nothing() {
        let data = data();
        for domain in
            ["a.me", "a.io", "a.co", "a.ai", "a.ws", "a.st", "a.ml", "a.ly", "a.is", "a.tv", "a.sh", "databend.rs"]
        {
            assert!(matches!(data.mail_domain(domain), MailDomain::Nothing | MailDomain::Employer(_)), "{domain}");
        }
    }

    #[test]
    fn hosts_are_read_from_addresses() {
        assert_eq!(host_of("https://user@Git.Example.org:8443/a").as_deref(), Some("git.example.org"));
        assert_eq!(host_of("no-host"), None);
        assert_eq!(suffixes("a.b.c").collect::<Vec<_>>(), ["a.b.c", "b.c", "c"]);
    }
}
