//! What an address says beside whose it is: its domain, and whether it is a program's.

/// Addresses of programs, whole: their local part alone could be a person's, and their domain is one where people have addresses too.
const ADDRESSES: [&str; 18] = [
    "action@github.com",
    "actions@github.com",
    "badger@gitter.im",
    "bors@rust-lang.org",
    "builds@travis-ci.org",
    "cursoragent@cursor.com",
    "deploy@travis-ci.org",
    "github noreply@github.com",
    "hosted@weblate.org",
    "imgbothelp@gmail.com",
    "k8s.ci.robot@gmail.com",
    "miri@cron.bot",
    "noreply@github.com", // commits made on the website, as `web-flow`
    "noreply@weblate.org",
    "support@dependabot.com",
    "support@greenkeeper.io",
    "travis@travis-ci.org",
    "yoshi-automation@google.com",
];

/// Names of programs that are a whole local part. Some are surnames, so that `bors.example@` is a person.
const WHOLE: [&str; 7] = ["bors", "bot", "copilot", "homu", "renovate", "robot", "weblate"];

/// Names of programs that can be a part of the local part, between characters that are no letters or digits: `noreply+dependabot@`.
const NAMES: [&str; 27] = [
    "allcontributors",
    "bors-servo",
    "bors-ng",
    "cloudwego-bot",
    "codecov",
    "copybara",
    "deepsource",
    "dependabot",
    "github-actions",
    "github-bot",
    "greenkeeper",
    "greenkeeperio-bot",
    "imgbot",
    "k8s-ci-robot",
    "k8s-release-robot",
    "mergify",
    "pre-commit-ci",
    "pyup-bot",
    "release-please",
    "renovate-bot",
    "rust-highfive",
    "rustbot",
    "semantic-release-bot",
    "snyk-bot",
    "ti-chi-bot",
    "triagebot",
    "web-flow",
];

/// Endings of the local part that only programs choose. `.bot` is none: it is a surname.
const ENDINGS: [&str; 7] = ["[bot]", "-bot", "_bot", "+bors", "-robot", "-autoroll", "-autoroller"];

/// The domain of accounts of services; nobody there is a person.
const SERVICES: &str = "gserviceaccount.com";

/// Whether an address, in lower case, is one of a program.
pub(super) fn is_program(address: &[u8]) -> bool {
    let Ok(address) = std::str::from_utf8(address) else { return false };
    let Some((local, domain)) = address.rsplit_once('@') else {
        return address.ends_with("[bot]");
    };
    // GitHub puts the number of an account before its name, where the address is kept private.
    let local = match local.split_once('+') {
        Some((number, name)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => local,
    };
    ADDRESSES.binary_search(&address).is_ok()
        || WHOLE.contains(&local)
        || ENDINGS.iter().any(|ending| local.ends_with(ending))
        || NAMES.iter().any(|name| is_delimited(local, name))
        || domain.strip_suffix(SERVICES).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
        || is_access_token(local)
}

/// Whether a name stands in a text as a word of its own.
fn is_delimited(text: &str, name: &str) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = text.as_bytes();
    text.match_indices(name).any(|(at, _)| {
        !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + name.len()))
    })
}

/// Accounts that GitLab makes for access tokens: `project_1234_bot_abcd`, `group_1234_bot`.
fn is_access_token(local: &str) -> bool {
    let rest = local.strip_prefix("project_").or_else(|| local.strip_prefix("group_"));
    rest.and_then(|rest| rest.split_once("_bot")).is_some_and(|(number, end)| {
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && (end.is_empty() || end.starts_with(['_', '.']))
    })
}

/// The domain of an address in lower case, if it looks like one.
pub(super) fn domain(address: &[u8]) -> Option<&str> {
    let at = address.iter().rposition(|byte| *byte == b'@')?;
    let domain = std::str::from_utf8(address.get(at + 1..)?).ok()?;
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // A number at the end is the address of a machine.
    let named = domain.rsplit_once('.').is_some_and(|(_, top)| top.starts_with(|c: char| c.is_ascii_alphabetic()));
    (domain.len() <= 253 && named && domain.split('.').all(label)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ADDRESSES.is_sorted());
    }

    #[test]
    fn programs_are_known() {
        for address in [
            "49699333+dependabot[bot]@users.noreply.github.com",
            "dependabot-preview[bot]@users.noreply.github.com",
            "support@dependabot.com",
            "29139614+renovate[bot]@users.noreply.github.com",
            "bot+renovate-bot@example.org",
            "support@greenkeeper.io",
            "41898282+github-actions[bot]@users.noreply.github.com",
            "github-actions@github.com",
            "action@github.com",
            "bors@rust-lang.org",
            "26634292+bors[bot]@users.noreply.github.com",
            "homu@example.org",
            "someone+bors@example.org",
            "37929162+mergify[bot]@users.noreply.github.com",
            "66853113+pre-commit-ci[bot]@users.noreply.github.com",
            "19864447+web-flow@users.noreply.github.com",
            "noreply@github.com",
            "47979223+rustbot@users.noreply.github.com",
            "k8s-ci-robot@users.noreply.github.com",
            "k8s.ci.robot@gmail.com",
            "46447321+allcontributors[bot]@users.noreply.github.com",
            "semantic-release-bot@example.net",
            "noreply+copybara@example.org",
            "hosted@weblate.org",
            "snyk-bot@example.io",
            "codecov@example.io",
            "bot+deepsource@example.io",
            "imgbothelp@gmail.com",
            "github-bot@pyup.io",
            "pyup-bot@example.org",
            "cloudwego-bot@example.org",
            "project_123_bot_0a1b@noreply.gitlab.example.org",
            "group_7_bot@noreply.gitlab.example.org",
            "builder@a.iam.gserviceaccount.com",
            "some-app[bot]",
        ] {
            assert!(is_program(address.as_bytes()), "{address}");
        }
    }

    #[test]
    fn people_are_no_programs() {
        for address in [
            "abbot@example.org",
            "botond@example.org",
            "jan.bot@example.nl",
            "bot.jan@example.nl",
            "bors.example@example.org",
            "talbot@example.org",
            "renovated@example.org",
            "mergifyx@example.org",
            "xdependabot@example.org",
            "actions@example.org",
            "noreply@example.org",
            "someone@weblate.org",
            "someone@pyup.io",
            "someone@github.com",
            "a@notgserviceaccount.com",
            "project_x_bot_1@example.org",
            "project_1_botond@example.org",
            "1234+abbot@users.noreply.github.com",
            "",
            "@",
            "someone",
        ] {
            assert!(!is_program(address.as_bytes()), "{address}");
        }
        assert!(!is_program(b"\xff[bot]@example.org"));
    }

    #[test]
    fn a_domain_looks_like_one() {
        assert_eq!(domain(b"a@b@mail.example.org"), Some("mail.example.org"));
        assert_eq!(domain(b"1+a@users.noreply.github.com"), Some("users.noreply.github.com"));
        assert_eq!(domain(b"a@xn--nxasmq6b.xn--j6w193g"), Some("xn--nxasmq6b.xn--j6w193g"));
        let wrong: [&[u8]; 14] = [
            b"",
            b"a",
            b"a@",
            b"a@localhost",
            b"a@host.(none)",
            b"a@127.0.0.1",
            b"a@91177308-0d34-0410-b5e6-96231b3b80d8",
            b"a@-example.org",
            b"a@example..org",
            b"a@example.org.",
            b"a@.org",
            b"a@exa mple.org",
            b"a@example.org>",
            b"a@\xff.org",
        ];
        for address in wrong {
            assert_eq!(domain(address), None, "{address:?}");
        }
        assert_eq!(domain(format!("a@{}.org", "x".repeat(64)).as_bytes()), None);
    }
}
