//! What is a name on a forge, and fields of answers that may hold anything.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::{Host, Url};

use crate::facts::live::Profile;

/// What stands behind the host of a subject, if the host is this one.
pub(super) fn behind<'a>(subject: &'a str, host: &str) -> Option<&'a str> {
    subject.strip_prefix(host)?.strip_prefix('/')
}

/// Whether a text is a name of these characters: letters and digits of ASCII, and the given ones. `.` and `..` are none: an address
/// would lead elsewhere.
pub(super) fn is_name(text: &str, also: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
        && text.chars().any(|c| c != '.')
}

/// A subject in lower case: accounts and repositories are found by any case.
pub(super) fn subject(host: &str, path: &str) -> String {
    format!("{host}/{path}").to_lowercase()
}

/// The subject of what is called otherwise now; nothing if it is called as it was asked.
pub(super) fn renamed(host: &str, now: &str, asked: &str) -> Option<String> {
    (!now.eq_ignore_ascii_case(asked)).then(|| subject(host, now))
}

/// A text as it is kept.
pub(super) fn kept(text: Option<&str>) -> Option<String> {
    text.and_then(Profile::text)
}

/// The domain of a website: without `www`, lower case. An address that is a number, or has no dot, is none.
pub(super) fn domain(website: &str) -> Option<String> {
    let website = website.trim();
    let url = match website.split_once("://") {
        Some(_) => Url::parse(website),
        None => Url::parse(&format!("https://{website}")),
    };
    let url = url.ok().filter(|url| ["http", "https"].contains(&url.scheme()))?;
    let Some(Host::Domain(host)) = url.host() else { return None };
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host.contains('.') && host.len() <= 253).then(|| host.to_lowercase())
}

/// A field of an answer. If it is of another type than it should be, it is as if it were not there: the others count.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(
    field: D,
) -> Result<Option<T>, D::Error> {
    Value::deserialize(field).map(read)
}

/// An object of an answer, or one of its fields. No list is one, even if its elements would fit the fields one after the other.
pub(super) fn read<T: serde::de::DeserializeOwned>(value: Value) -> Option<T> {
    if value.is_array() { None } else { serde_json::from_value(value).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for name in ["a", "A-b", "x.y", "0_"] {
            assert!(is_name(name, "-._", 39), "{name}");
        }
        for not in ["", ".", "..", "a/b", "a b", "ä", "a\u{0}", "a%2e", "a?b", "a#b", "a\\b", &"a".repeat(40)] {
            assert!(!is_name(not, "-._", 39), "{not}");
        }
    }

    #[test]
    fn the_host_is_the_own_one() {
        assert_eq!(behind("github.com/a/b", "github.com"), Some("a/b"));
        assert_eq!(behind("github.community/a", "github.com"), None);
        assert_eq!(behind("gitlab.com/a", "github.com"), None);
    }

    #[test]
    fn a_website_has_a_domain() {
        for (website, expected) in [
            ("https://www.Example.org/about", Some("example.org")),
            ("example.org", Some("example.org")),
            ("http://sub.example.org:8080", Some("sub.example.org")),
            ("https://192.0.2.1/", None),
            ("https://localhost", None),
            ("javascript://example.org/%0aalert(1)", None),
            ("", None),
            ("https://", None),
        ] {
            assert_eq!(domain(website).as_deref(), expected, "{website}");
        }
    }
}
