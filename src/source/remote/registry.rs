//! What the sources about crates have in common: names, accounts, days.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::Failure;
use crate::date::Date;
use crate::facts::live::{AccountKind, Owner, PublishedVersion, Reason};

/// What the registry is called in facts, whichever way they came.
pub(super) const CRATES_IO: &str = "crates.io";

/// The longest name of an account or a repository that is taken; GitHub allows 39 and 100 bytes.
const LONGEST: usize = 255;

/// The longest path of a repository that is taken.
const LONGEST_PATH: usize = 1024;

/// Owners of a crate that are taken. None has nearly as many.
pub(super) const MOST_OWNERS: usize = 10_000;

/// Versions of a crate that are taken. None has nearly as many.
pub(super) const MOST_VERSIONS: usize = 20_000;

/// The longest text of a version that is taken.
pub(super) const LONGEST_VERSION: usize = 256;

/// Reads a list up to one more than are taken, so that it is seen to be too long; nothing is kept of the rest.
pub(super) fn at_most<'de, D, T, const MOST: usize>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_seq(AtMost::<T, MOST>(PhantomData))
}

struct AtMost<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for AtMost<T, MOST> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut kept = Vec::new();
        while kept.len() <= MOST {
            let Some(next) = list.next_element()? else { return Ok(kept) };
            kept.push(next);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(kept)
    }
}

/// Why more than is taken is not taken.
pub(super) fn too_large(source: &str, what: &str) -> Failure {
    Failure { reason: Reason::TooLarge, detail: format!("{source}: {what}") }
}

/// Versions, if they are not more and not longer than is taken.
pub(super) fn within_limits(source: &str, versions: &[PublishedVersion]) -> Result<(), Failure> {
    if versions.len() > MOST_VERSIONS {
        return Err(too_large(source, &format!("the crate has more than the {MOST_VERSIONS} versions that are read")));
    }
    if versions.iter().any(|version| version.version.len() > LONGEST_VERSION) {
        return Err(too_large(source, &format!("a version has more than {LONGEST_VERSION} bytes")));
    }
    Ok(())
}

/// Owners of a crate as they are kept, if they are not more than is taken: sorted, each of them once.
pub(super) fn sorted(source: &str, mut owners: Vec<Owner>) -> Result<Vec<Owner>, Failure> {
    if owners.len() > MOST_OWNERS {
        return Err(too_large(source, &format!("the crate has more than the {MOST_OWNERS} owners that are read")));
    }
    owners.sort();
    owners.dedup();
    Ok(owners)
}

/// Whether crates.io could have a crate of this name: ASCII letters, digits, `-` and `_`, a letter first, at the most 64. A name that it
/// cannot have is nothing to ask it about.
pub fn is_crate_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// Why a name that is none is not sent to a registry.
pub(super) fn no_crate_name(registry: &str) -> Failure {
    Failure { reason: Reason::NotAsked, detail: format!("{registry}: not a name that it could have") }
}

/// `github.com/login`, lower case; nothing for what is no login.
pub(super) fn github(login: &str) -> Option<String> {
    is_word(login).then(|| format!("github.com/{}", login.to_lowercase()))
}

/// A user as the registry knows it, where it does not tell which account of a forge that is.
pub(super) fn registered(username: &str) -> Option<String> {
    is_word(username).then(|| format!("{CRATES_IO}/{}", username.to_lowercase()))
}

/// The account in an address like `https://github.com/octo-person`.
pub(super) fn account_at(address: &str) -> Option<String> {
    github(address.strip_prefix("https://github.com/")?.trim_end_matches('/'))
}

/// A team as the registry writes it: `github:octo-org:octo-team`.
pub(super) fn team(login: &str) -> Option<Owner> {
    let mut parts = login.splitn(3, ':');
    let (Some("github"), Some(organisation), Some(team)) = (parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let team = Some(team.to_lowercase()).filter(|team| is_word(team))?;
    Some(Owner { account: github(organisation)?, kind: AccountKind::Team, team: Some(team) })
}

/// The repository that published, `host/owner/repo`, by the provider that vouches for it.
pub(super) fn repository(provider: &str, path: &str) -> Option<String> {
    let host = match provider {
        "github" => "github.com",
        "gitlab" => "gitlab.com",
        _ => return None,
    };
    let parts = path.split('/').take(LONGEST_PATH).collect::<Vec<_>>();
    (path.len() <= LONGEST_PATH && parts.len() >= 2 && parts.iter().all(|part| is_word(part)))
        .then(|| format!("{host}/{}", path.to_lowercase()))
}

/// The day at the beginning of a moment in UTC: `2019-12-13T13:46:41Z`, `2019-12-13 13:46:41.5+00`.
pub(super) fn day(moment: &str) -> Option<Date> {
    moment.get(..10)?.parse().ok()
}

/// Whether a text can be a part of a path of accounts: not empty, not long, without `/`, spaces and control characters.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && !text.contains(|c: char| c == '/' || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_the_registry_cannot_have_is_seen() {
        for good in ["serde", "a", "A-b_9", &"a".repeat(64)] {
            assert!(is_crate_name(good), "{good}");
        }
        for bad in ["", "9a", "_a", "-a", "a b", "a/b", "../a", "é", "a?b", "a%2e", &"a".repeat(65)] {
            assert!(!is_crate_name(bad), "{bad}");
        }
    }

    #[test]
    fn accounts_are_read_as_the_registry_writes_them() {
        assert_eq!(account_at("https://github.com/Octo-Person").as_deref(), Some("github.com/octo-person"));
        assert_eq!(account_at("https://elsewhere.example/octo"), None);
        assert_eq!(account_at("https://github.com/octo/repo"), None);
        assert_eq!(account_at("https://github.com/"), None);
        let found = team("github:Octo-Org:Octo-Team").unwrap();
        assert_eq!((found.account.as_str(), found.team.as_deref()), ("github.com/octo-org", Some("octo-team")));
        assert!(team("github:octo-org").is_none() && team("octo:org:team").is_none() && team("github::team").is_none());
        assert_eq!(repository("gitlab", "Octo/Deep/Repo").as_deref(), Some("gitlab.com/octo/deep/repo"));
        assert_eq!(repository("github", "repo"), None);
        assert_eq!(repository("another", "octo/repo"), None);
        assert_eq!(day("2019-12-13 13:46:41.5+00").map(|day| day.to_string()).as_deref(), Some("2019-12-13"));
        assert_eq!(day("é019-12-13"), None);
    }
}
