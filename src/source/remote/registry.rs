//! What the sources about crates have in common: names, accounts, days.

use super::Failure;
use crate::date::Date;
use crate::facts::live::{AccountKind, Owner, Reason};

/// What the registry is called in facts, whichever way they came.
pub(super) const CRATES_IO: &str = "crates.io";

/// The longest name of an account or a repository that is taken; GitHub allows 39 and 100 bytes.
const LONGEST: usize = 255;

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
    let parts = path.split('/').collect::<Vec<_>>();
    (parts.len() >= 2 && parts.iter().all(|part| is_word(part))).then(|| format!("{host}/{}", path.to_lowercase()))
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
