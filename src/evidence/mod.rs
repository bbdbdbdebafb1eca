//! What speaks for a place: claims, one kind of evidence a file.
//!
//! A claim says: this facet of this package is at this place, because of that. Collectors do not weigh and do not decide; how much a kind
//! of evidence is worth stands in one table, `attribution::likelihood`. `COLLECTORS` is the list; `tests/it/completeness.rs` holds
//! that file, list and documentation name the same kinds.
//!
//! No place is ever read out of the name of a person. `list_match` alone looks at such names, displayed ones, and only where the user
//! asks for it (`--match-persons`).

mod author_domain;
mod channel;
mod commit_history;
mod copyright_holder;
mod declared;
mod forge_owner;
mod forge_profile;
mod homepage;
mod list_match;
mod native_upstream;
mod profile;
mod published_by;
mod registry_owner;
mod toolchain;
mod user_claim;
mod vendor;

use std::sync::Arc;

use crate::country::{CountryCode, Place};
use crate::data::{Confidence, Data, VendorIx};
use crate::date::{Date, Period};
use crate::facts::live::{AccountKind, FactKind, ListState};
use crate::facts::{Facet, Facts, ListMatch, ManifestFacts, Synced};
use crate::graph::{Graph, Package, PackageIx};
use crate::locate::Work;
use crate::party::{PackageParties, Parties, Party};

/// What kind of evidence a claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// The user says so, in `origin.toml`.
    UserClaim,
    /// The owner of the repository is an organisation of the register.
    ForgeOwner,
    /// The owner of the repository is known to be one person.
    IndividualAccount,
    /// A copyright line names an organisation of the register.
    CopyrightHolder,
    /// A copyright line names an organisation beside others, in a package of one person.
    CopyrightMention,
    /// A copyright line names a company whose legal form belongs to some countries.
    LegalForm,
    /// The package declares it of itself.
    Declared,
    /// The home page is an organisation's own site.
    Homepage,
    /// An author writes from an organisation's own domain.
    AuthorEmployer,
    /// An author writes from a national provider, network or country domain.
    AuthorDomain,
    /// The clocks of those who commit to its repository.
    CommitHistory,
    /// The clocks of those who commit to other repositories of the one person who owns it.
    InheritedHistory,
    /// The registry that the source names.
    Registry,
    /// A mirror that configuration puts in place of it.
    Mirror,
    /// The host of a git source.
    GitHost,
    /// A copy in the project itself.
    LocalCopy,
    /// The server that the toolchain comes from.
    ToolchainServer,
    /// The native code that the package carries or binds to.
    NativeUpstream,
    /// The registry names an account that may publish.
    RegistryOwner,
    /// The profile of an account that may publish says where it is.
    ProfileLocation,
    /// Who owned the repository before its forge moved it to an account of which nothing is known.
    FormerOwner,
    /// The profile of an account that may publish names its company.
    ProfileCompany,
    /// The registry says who published the version.
    PublishedBy,
    /// The owner of the repository is an organisation, and its profile says where it is.
    OrganisationProfile,
    /// The owner of the repository is an organisation, and the forge has verified a domain of it.
    VerifiedDomain,
    /// A name of the party is on an official list, or like one that is.
    ListMatch,
}

impl EvidenceKind {
    /// All kinds, in the order of the table.
    pub const ALL: [Self; 26] = [
        Self::UserClaim,
        Self::ForgeOwner,
        Self::IndividualAccount,
        Self::CopyrightHolder,
        Self::CopyrightMention,
        Self::LegalForm,
        Self::Declared,
        Self::Homepage,
        Self::AuthorEmployer,
        Self::AuthorDomain,
        Self::CommitHistory,
        Self::InheritedHistory,
        Self::Registry,
        Self::Mirror,
        Self::GitHost,
        Self::LocalCopy,
        Self::ToolchainServer,
        Self::NativeUpstream,
        Self::RegistryOwner,
        Self::ProfileLocation,
        Self::FormerOwner,
        Self::ProfileCompany,
        Self::PublishedBy,
        Self::OrganisationProfile,
        Self::VerifiedDomain,
        Self::ListMatch,
    ];

    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserClaim => "user-claim",
            Self::ForgeOwner => "forge-owner",
            Self::IndividualAccount => "individual-account",
            Self::CopyrightHolder => "copyright-holder",
            Self::CopyrightMention => "copyright-mention",
            Self::LegalForm => "legal-form",
            Self::Declared => "declared",
            Self::Homepage => "homepage",
            Self::AuthorEmployer => "author-employer",
            Self::AuthorDomain => "author-domain",
            Self::CommitHistory => "commit-history",
            Self::InheritedHistory => "inherited-history",
            Self::Registry => "registry",
            Self::Mirror => "mirror",
            Self::GitHost => "git-host",
            Self::LocalCopy => "local-copy",
            Self::ToolchainServer => "toolchain-server",
            Self::NativeUpstream => "native-upstream",
            Self::RegistryOwner => "registry-owner",
            Self::ProfileLocation => "profile-location",
            Self::FormerOwner => "former-owner",
            Self::ProfileCompany => "profile-company",
            Self::PublishedBy => "published-by",
            Self::OrganisationProfile => "organisation-profile",
            Self::VerifiedDomain => "verified-domain",
            Self::ListMatch => "list-match",
        }
    }
}

/// One statement about one facet of one package.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Which facet.
    pub facet: Facet,
    /// Where.
    pub place: Place,
    /// The countries of a band are named by sources that contradict each other, rather than allowed by one source.
    pub contradictory: bool,
    /// Countries that some sources name instead of the place.
    pub also: Vec<CountryCode>,
    /// Who.
    pub party: Option<Party>,
    /// The organisation whose seat the place is, where that is another one: the foundation of a project.
    pub seat_of: Option<VendorIx>,
    /// Who ultimately owns or holds the party.
    pub owner: Option<VendorIx>,
    /// What it rests on.
    pub kind: EvidenceKind,
    /// How sure the source is.
    pub confidence: Confidence,
    /// File and line, or key.
    pub reference: String,
    /// Public address of the source, if there is one.
    pub address: Option<String>,
    /// The claim in words. It can quote foreign text.
    pub statement: String,
    /// When the source was read.
    pub observed: Option<Date>,
    /// When the claim holds.
    pub valid: Period,
    /// How the work is spread, where the claim is about that.
    pub work: Option<Arc<Work>>,
    /// The entry of a list, where the claim is about that.
    pub listing: Option<Arc<ListMatch>>,
    /// For one who may publish: the account, and what it is called now where it was renamed; whoever it belongs to.
    pub accounts: Vec<String>,
}

impl Claim {
    /// Whether it comes from a source that would have to be asked again by then. What the program carries is of its own day.
    pub fn is_stale(&self, as_of: Date) -> bool {
        let fresh = match self.kind {
            EvidenceKind::RegistryOwner => FactKind::CrateOwners.fresh_days(),
            EvidenceKind::ProfileLocation
            | EvidenceKind::ProfileCompany
            | EvidenceKind::OrganisationProfile
            | EvidenceKind::VerifiedDomain => FactKind::Profile.fresh_days(),
            EvidenceKind::ListMatch => ListState::FRESH_DAYS,
            // What was published stays so.
            _ => return false,
        };
        self.observed.is_some_and(|day| day.days_until(as_of) > fresh)
    }
}

/// The claims of every package.
#[derive(Clone, Debug, Default)]
pub struct EvidenceSet(Vec<Vec<Claim>>);

impl EvidenceSet {
    /// Those of one package, in the order of the collectors.
    pub fn of(&self, at: PackageIx) -> &[Claim] {
        &self.0[at.index()]
    }

    /// The claims by package, in the order of the graph.
    pub fn into_claims(self) -> Vec<Vec<Claim>> {
        self.0
    }
}

/// The names by which the parties of a package are looked for on lists of sanctions, with the party of each. Those of persons only
/// where the user has asked for that.
pub fn names_for_lists(
    package: &Package,
    parties: &PackageParties,
    synced: &Synced,
    (data, as_of): (&Data, Date),
) -> Vec<(Party, String)> {
    let holders = parties.holdings.iter().map(|holding| holding.party.clone());
    let owners = list_match::owners(package, synced, as_of).iter();
    let owners = owners.map(|owner| profile::party(&owner.account, owner.kind, (data, synced, as_of)));
    let named = |party: Party| {
        let names = list_match::names(&party, data, synced, as_of);
        names.into_iter().map(move |name| (party.clone(), name))
    };
    holders.chain(owners).flat_map(named).collect()
}

/// The countries that an account's own profile allows on a day.
pub fn said_countries(account: &str, synced: &Synced, as_of: Date) -> Vec<CountryCode> {
    let known = profile::on(synced, account, as_of).and_then(|(_, known)| known.location.as_deref());
    known.map(|text| profile::located(text).0.countries()).unwrap_or_default()
}

/// What a collector may look at.
struct Subject<'a> {
    at: PackageIx,
    package: &'a Package,
    parties: &'a PackageParties,
    manifest: &'a ManifestFacts,
    facts: &'a Facts,
    data: &'a Data,
    as_of: Date,
    answers: &'a commit_history::Answers,
}

impl Subject<'_> {
    /// The party that an account is on the day.
    fn party(&self, account: &str, kind: AccountKind) -> Party {
        profile::party(account, kind, (self.data, &self.facts.synced, self.as_of))
    }
}

/// A collector adds the claims of its kind about one package.
type Collector = fn(&Subject<'_>, &mut Vec<Claim>);

/// Every collector, with the name of its file.
const COLLECTORS: [(&str, Collector); 14] = [
    ("user_claim", user_claim::collect),
    ("forge_owner", forge_owner::collect),
    ("copyright_holder", copyright_holder::collect),
    ("declared", declared::collect),
    ("homepage", homepage::collect),
    ("author_domain", author_domain::collect),
    ("commit_history", commit_history::collect),
    ("channel", channel::collect),
    ("toolchain", toolchain::collect),
    ("native_upstream", native_upstream::collect),
    ("registry_owner", registry_owner::collect),
    ("published_by", published_by::collect),
    ("forge_profile", forge_profile::collect),
    ("list_match", list_match::collect),
];

/// The names of the collectors, which are the names of their files.
pub fn collector_names() -> impl Iterator<Item = &'static str> {
    COLLECTORS.iter().map(|(name, _)| *name)
}

/// Collects the claims that hold on a day.
pub fn collect(graph: &Graph, parties: &Parties, facts: &Facts, data: &Data, as_of: Date) -> EvidenceSet {
    let none = ManifestFacts::default();
    let answers = commit_history::Answers::default();
    let of = graph.packages().map(|(at, package)| {
        let manifest = facts.manifests.get(at.index()).unwrap_or(&none);
        let subject = Subject { at, package, parties: parties.of(at), manifest, facts, data, as_of, answers: &answers };
        let mut claims = Vec::new();
        for (_, collector) in COLLECTORS {
            collector(&subject, &mut claims);
        }
        claims.retain(|claim| claim.valid.contains(as_of));
        // There is one of these a package.
        claims.shrink_to_fit();
        claims
    });
    EvidenceSet(of.collect())
}
