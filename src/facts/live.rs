//! What remote sources say: who can publish a crate, what a forge's profile says of itself, whom a list names.
//!
//! Records are as small as the questions allow: of a person the public account and what its profile says of a place, never a name or
//! an address, unless the user has asked for persons to be matched against lists.

use serde::{Deserialize, Serialize};

use crate::country::CountryCode;
use crate::data::model::Observation;
use crate::date::{Date, Moment, Period};

/// What a fact is about. Together with the subject it is the key of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// Who may publish a crate. Subject: the crate's name, and for another registry than crates.io its index before it
    /// (`Package::in_registry`).
    CrateOwners,
    /// Who published the versions of a crate, and when. Subject: the same.
    CrateVersions,
    /// What an account says of itself. Subject: `host/login`, lower case.
    Profile,
    /// What a forge says of a repository. Subject: `host/owner/repo`, lower case.
    Repository,
    /// What the history of a repository says. Subject: `host/owner/repo`, lower case.
    Observation,
}

impl FactKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::CrateOwners, Self::CrateVersions, Self::Profile, Self::Repository, Self::Observation];

    /// The word used in the store and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CrateOwners => "crate-owners",
            Self::CrateVersions => "crate-versions",
            Self::Profile => "profile",
            Self::Repository => "repository",
            Self::Observation => "observation",
        }
    }

    /// What was asked for, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::CrateOwners => "owners",
            Self::CrateVersions => "versions",
            Self::Profile => "the profile of an account",
            Self::Repository => "the state of a repository",
            Self::Observation => "the history of a repository",
        }
    }

    /// Days for which a fact counts as fresh: as long as it is likely to be the same, and as its change can wait to be seen. Judgements.
    pub fn fresh_days(self) -> i32 {
        match self {
            // Who may publish is what a takeover changes first.
            Self::CrateOwners => 7,
            // What was published does not change; new versions come.
            Self::CrateVersions | Self::Profile | Self::Repository => 30,
            Self::Observation => 180,
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What kind of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountKind {
    /// One person's.
    Person,
    /// An organisation's.
    Organisation,
    /// A team of an organisation: its account is the organisation's, and who is in it may not be visible.
    Team,
    /// A program's.
    Bot,
    /// The source does not tell.
    Unknown,
}

/// Somebody who may publish a crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Owner {
    /// `host/login`, lower case; for a team that of the organisation. [`Owner::DELETED`] for one who was to be forgotten.
    pub account: String,
    /// What it is: a person or a team where the registry tells.
    pub kind: AccountKind,
    /// For a team: its name within the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

impl Owner {
    /// In the place of an account whose data was deleted on request: that there is somebody is still known.
    pub const DELETED: &str = "";
}

/// Who put out a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PublishedBy {
    /// An account: `host/login`, lower case.
    Account(String),
    /// A workflow of a repository, by trusted publishing: `host/owner/repo`, lower case.
    Repository(String),
}

/// A version of a crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublishedVersion {
    /// The version, as the registry writes it.
    pub version: String,
    /// By whom, where the registry knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PublishedBy>,
    /// On which day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
}

/// What an account says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What kind of account.
    pub kind: AccountKind,
    /// The account as it is called now, `host/login`, where it was renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_to: Option<String>,
    /// The location, as it stands. At the most [`Profile::LONGEST`] bytes; longer ones are cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The company, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// A domain that the forge has verified to be the organisation's; lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_domain: Option<String>,
    /// The displayed name: of an organisation; of a person only where the user has asked for persons to be matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Profile {
    /// Bytes of a text that are kept. What people write as their location fits many times.
    pub const LONGEST: usize = 512;

    /// A text as it is kept: trimmed and cut at a character; nothing if nothing is left.
    pub fn text(text: &str) -> Option<String> {
        let text = text.trim();
        let end = text.floor_char_boundary(Self::LONGEST);
        Some(text[..end].trim_end()).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// What a forge says of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryState {
    /// Who owns it: `host/login`, lower case.
    pub owner: String,
    /// What kind of account that is, where the forge tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_kind: Option<AccountKind>,
    /// Where it is now, `host/owner/repo`, where it was moved or renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// Whether it is archived: nobody works on it there.
    pub archived: bool,
}

/// What a source says. `Absent` is an answer too: the source knows no such subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// There is no such crate, account or repository (any more).
    Absent,
    /// Owners of a crate, sorted.
    Owners(Vec<Owner>),
    /// Versions of a crate, as the source orders them.
    Versions(Vec<PublishedVersion>),
    /// A profile.
    Profile(Profile),
    /// A repository.
    Repository(RepositoryState),
    /// A history.
    Observation(Box<Observation>),
}

/// A fact, as it comes from a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub kind: FactKind,
    /// Whom or what it is about; see [`FactKind`].
    pub subject: String,
    /// Which source says so: a host, as in `crates.io`.
    pub source: String,
    /// What it says.
    pub content: Content,
}

/// A fact, as the store has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The fact.
    pub fact: Fact,
    /// When the source last said so.
    pub fetched: Moment,
    /// From when until when it said so, as far as was seen: open at the beginning for the first that was seen, and at the end for
    /// the last.
    pub valid: Period,
}

/// What kind of thing a list names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListedKind {
    /// An organisation, or something that the list does not call anything else.
    Organisation,
    /// A person.
    Person,
    /// A ship or an aircraft.
    Vessel,
}

/// A name on a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListedName {
    /// The name, as it stands.
    pub name: String,
    /// Whether the list itself calls it weak: a name that many share.
    #[serde(default)]
    pub weak: bool,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedParty {
    /// The entry's id on the list, as the list has it.
    pub id: String,
    /// What it is.
    pub kind: ListedKind,
    /// Its names, the main one first.
    pub names: Vec<ListedName>,
    /// Countries of its addresses and nationalities; sorted.
    pub countries: Vec<CountryCode>,
    /// Which part of a consolidated list it is of, as it stands: `Entity List (EL) - Bureau of Industry and Security`.
    pub sublist: Option<String>,
    /// Programme codes, as they stand.
    pub programmes: Vec<String>,
    /// Since when it is listed, where the list tells.
    pub since: Option<Date>,
    /// A public address of the entry or of its list.
    pub address: Option<String>,
}

/// A list as it was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListState {
    /// Which list: `us-csl`, `us-sdn`, `uk-sanctions`, `un-sc`, `eu-fsf`, `opensanctions`.
    pub id: String,
    /// When.
    pub fetched: Moment,
    /// Entries that were taken up.
    pub entries: u64,
    /// Entries about persons, which were left out.
    pub persons_left_out: u64,
    /// What the server gave to ask next time whether anything has changed (`ETag`, else `Last-Modified`).
    pub validator: Option<String>,
    /// From where it was fetched; nothing if that is not known. What stands in a query may be secret: there is only a digest of it.
    #[serde(default)]
    pub address: Option<String>,
    /// By which normal form its names are found (`screening::NORMAL_FORM`); 0 if that is not known.
    #[serde(default)]
    pub normal_form: u32,
}

impl ListState {
    /// Days for which a list counts as today's: they change on working days.
    pub const FRESH_DAYS: i32 = 1;
}

/// Why a source did not tell something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It cannot be reached, or does not answer in time.
    Unreachable,
    /// It says that too much was asked, and waiting did not help or would take too long.
    RateLimited,
    /// It wants a token, or another one.
    NotAllowed,
    /// It fails on its side.
    ServerError,
    /// Its answer is not what it should be: cut off, of another type, not parseable.
    Malformed,
    /// Its answer is larger than what is read.
    TooLarge,
    /// It sends elsewhere, to where nothing is asked.
    Redirected,
    /// The subject may not be sent to it, or it is not configured.
    NotAsked,
    /// The user interrupted.
    Interrupted,
    /// It does not show it to everybody: members of a team.
    NotVisible,
}

impl Reason {
    /// The word used in the store and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::RateLimited => "rate-limited",
            Self::NotAllowed => "not-allowed",
            Self::ServerError => "server-error",
            Self::Malformed => "malformed",
            Self::TooLarge => "too-large",
            Self::Redirected => "redirected",
            Self::NotAsked => "not-asked",
            Self::Interrupted => "interrupted",
            Self::NotVisible => "not-visible",
        }
    }
}

impl Reason {
    /// The same in words, after the name of the source.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Unreachable => "could not be reached",
            Self::RateLimited => "had been asked too much",
            Self::NotAllowed => "wants a token, or another one",
            Self::ServerError => "failed",
            Self::Malformed => "gave an answer that cannot be used",
            Self::TooLarge => "gave an answer that is too large",
            Self::Redirected => "sent on to where nothing is asked",
            Self::NotAsked => "was not asked",
            Self::Interrupted => "was interrupted",
            Self::NotVisible => "does not show everything",
        }
    }
}

/// Something that a source did not tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceGap {
    /// Which source: a host, or a list.
    pub source: String,
    /// About whom or what; the source as a whole if nothing.
    pub subject: Option<String>,
    /// What was asked; nothing where that is not one kind of fact.
    pub kind: Option<FactKind>,
    /// Why.
    pub reason: Reason,
    /// What happened, in words. It holds no token and no path of this machine.
    pub detail: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_a_character() {
        assert_eq!(Profile::text("  Berlin \n").as_deref(), Some("Berlin"));
        assert_eq!(Profile::text(" \t"), None);
        let long = "é".repeat(Profile::LONGEST);
        assert_eq!(Profile::text(&long).map(|text| text.len()), Some(Profile::LONGEST));
        assert_eq!(Profile::text(&format!("a{long}")).map(|text| text.len()), Some(Profile::LONGEST - 1));
    }
}
