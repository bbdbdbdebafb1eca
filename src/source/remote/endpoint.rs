//! Where a service is asked, how fast, and with which token.

use std::fmt;

use url::Url;

/// A secret. It is shown nowhere: not by `Debug`, not in errors.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// What stands in the header.
    header: String,
    /// Whether the word before the secret is ours: the user gave none.
    by_default: bool,
}

/// How a token is sent whose kind the user does not name.
const BEARER: &str = "Bearer ";

impl Token {
    /// A token as the user gave it, or the word for its kind before it, as in `Basic …`; nothing if it is empty or cannot be sent
    /// in a header. Without a word it is a bearer token.
    pub fn new(text: &str) -> Option<Self> {
        let mut words = text.trim().split(' ');
        let fits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        match (words.next().filter(|word| fits(word)), words.next(), words.next()) {
            (Some(token), None, None) => Some(Self { header: format!("{BEARER}{token}"), by_default: true }),
            (Some(kind), Some(token), None) if fits(token) => {
                Some(Self { header: format!("{kind} {token}"), by_default: false })
            }
            _ => None,
        }
    }

    /// The same, sent as it is where the user names no kind: so cargo sends the tokens of registries.
    pub(super) fn bare(self) -> Self {
        match self.header.strip_prefix(BEARER) {
            Some(secret) if self.by_default => Self { header: secret.to_owned(), ..self },
            _ => self,
        }
    }

    /// What stands in the header of a request, and nowhere else.
    pub(super) fn header(&self) -> &str {
        &self.header
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A service.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// What it is called: the host that it speaks for, as in `github.com`, or the id of a list.
    pub name: String,
    /// Where requests go: the public address, or that of a mirror. Paths are appended to it.
    pub base: Url,
    /// Sent as a bearer token to the base's own scheme, host and port, and nowhere else.
    pub token: Option<Token>,
    /// Requests a second at the most.
    pub per_second: f64,
    /// Requests that may be under way at once.
    pub at_once: usize,
}

/// What kind of service a forge is: which questions it understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForgeKind {
    /// GitHub and GitHub Enterprise Server.
    GitHub,
    /// GitLab.
    GitLab,
    /// Forgejo, which Codeberg runs.
    Forgejo,
    /// Gitea.
    Gitea,
    /// SourceHut.
    SourceHut,
}

impl ForgeKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::GitHub, Self::GitLab, Self::Forgejo, Self::Gitea, Self::SourceHut];

    /// The word used in the file of sources.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Forgejo => "forgejo",
            Self::Gitea => "gitea",
            Self::SourceHut => "sourcehut",
        }
    }
}

/// Lists that are read without being configured: id and address. The addresses are those that OpenSanctions and moov-io/watchman read in
/// August 2026; what stands in the query of the European one is the same for everybody.
const LISTS: [(&str, &str); 5] = [
    ("us-csl", "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv"),
    ("us-sdn", "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports"),
    ("uk-sanctions", "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.csv"),
    ("un-sc", "https://scsanctions.un.org/resources/xml/en/consolidated.xml"),
    (
        "eu-fsf",
        "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
    ),
];

impl Endpoint {
    /// The API of crates.io, which asks for no more than one request a second.
    pub fn crates_io() -> Self {
        Self::public("crates.io", "https://crates.io", 1.0, 1)
    }

    /// Where crates.io puts its database dump; the path is [`Endpoint::DUMP`].
    pub fn crates_io_static() -> Self {
        Self::public("static.crates.io", "https://static.crates.io", 1.0, 1)
    }

    /// The path of the database dump.
    pub const DUMP: &str = "/db-dump.tar.gz";

    /// The sparse index of crates.io, which cargo itself asks as fast as it can.
    pub fn crates_io_index() -> Self {
        Self::public("index.crates.io", "https://index.crates.io", 20.0, 8)
    }

    /// GitHub's API. It counts requests by the minute and the hour and says when it is enough.
    pub fn github() -> Self {
        Self::public("github.com", "https://api.github.com", 10.0, 4)
    }

    /// gitlab.com.
    pub fn gitlab() -> Self {
        Self::public("gitlab.com", "https://gitlab.com", 5.0, 4)
    }

    /// Codeberg.
    pub fn codeberg() -> Self {
        Self::public("codeberg.org", "https://codeberg.org", 2.0, 2)
    }

    /// SourceHut, by its service for git, which knows users as well.
    pub fn sourcehut() -> Self {
        Self::public("sr.ht", "https://git.sr.ht", 2.0, 2)
    }

    /// Where repositories of a public forge are fetched from: what stands before `/owner/repo`.
    pub(super) fn git_of(forge: &Self) -> Url {
        let address = match forge.name.as_str() {
            "github.com" => "https://github.com",
            "codeberg.org" => "https://codeberg.org",
            "sr.ht" => "https://git.sr.ht",
            _ => "https://gitlab.com",
        };
        address.parse().expect("every address in this file is one, as a test shows")
    }

    /// The lists that are read without being configured: `us-csl`, `us-sdn`, `uk-sanctions`, `un-sc`, `eu-fsf`. The address is that of
    /// the file; for `us-sdn` that of the folder of its files.
    pub fn lists() -> Vec<Self> {
        LISTS.into_iter().map(|(id, address)| Self::public(id, address, 1.0, 1)).collect()
    }

    fn public(name: &str, address: &str, per_second: f64, at_once: usize) -> Self {
        let base = address.parse().expect("every address in this file is one, as a test shows");
        Self { name: name.to_owned(), base, token: None, per_second, at_once }
    }

    /// The address of a path below the base. The path is empty or begins with `/`, and is encoded already. A query of the base, which only
    /// a list has, comes last.
    pub(super) fn at(&self, path: &str) -> Option<Url> {
        if path.is_empty() {
            return Some(self.base.clone());
        }
        let mut base = self.base.clone();
        base.set_query(None);
        let below = path.starts_with('/').then(|| format!("{}{path}", base.as_str().trim_end_matches('/')));
        let mut url: Url = below?.parse().ok()?;
        if let Some(query) = self.base.query() {
            url.set_query(Some(query));
        }
        Some(url)
    }
}

/// Whether an address is on this machine and not encrypted.
pub(super) fn is_here(url: &Url) -> bool {
    url.scheme() == "http" && url.host_str().is_some_and(|host| ["127.0.0.1", "[::1]", "localhost"].contains(&host))
}
