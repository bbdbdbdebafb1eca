//! Addresses of repositories, as authors write them.

/// A repository: `host/owner/repo`, lower case, without what a reader's browser adds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository {
    path: String,
    host_len: usize,
}

impl Repository {
    /// Reads an address. Nothing comes back for what names no host and path.
    ///
    /// Understood are `https://`, `http://`, `git://`, `ssh://`, `git+…`, `user@host:path` and a bare `host/path`; folders of a monorepo
    /// (`/tree/…`, `/blob/…`, `/-/…`, `/src/…` after two parts), `.git`, queries, fragments, users and ports are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > 2048 || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return None;
        }
        let text = text.strip_prefix("git+").unwrap_or(text);
        let rest = match text.split_once("://") {
            Some((_, rest)) => rest.to_owned(),
            // The scp form: `git@host:path`.
            None => match text.split_once(':') {
                Some((host, path)) if !host.contains('/') => format!("{host}/{path}"),
                _ => text.to_owned(),
            },
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit('@').next()?.split(':').next()?.to_lowercase();
        let host = host.strip_prefix("www.").unwrap_or(&host);
        if host.is_empty() || !host.contains('.') {
            return None;
        }
        let parts = parts(path);
        if parts.is_empty() {
            return None;
        }
        Some(Self { path: format!("{host}/{}", parts.join("/")).to_lowercase(), host_len: host.len() })
    }

    /// A path that is already of the form `host/owner/repo`, as the embedded table has it.
    pub fn known(path: &str) -> Option<Self> {
        let host_len = path.find('/')?;
        Some(Self { path: path.to_owned(), host_len })
    }

    /// The whole: `host/owner/repo`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The host.
    pub fn host(&self) -> &str {
        &self.path[..self.host_len]
    }

    /// `host/owner`.
    pub fn owner(&self) -> &str {
        let after_host = self.host_len + 1;
        let end = self.path[after_host..].find('/').map_or(self.path.len(), |at| after_host + at);
        &self.path[..end]
    }
}

/// The parts that name the repository: two on most hosts, more only where a host nests groups.
fn parts(path: &str) -> Vec<&str> {
    let all: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != "." && *part != "..").collect();
    let end = all
        .iter()
        .enumerate()
        .skip(2)
        .find(|(_, part)| ["tree", "blob", "-", "src", "raw", "commit", "issues", "releases"].contains(*part));
    let end = end.map_or(all.len(), |(at, _)| at);
    let mut kept: Vec<&str> = all[..end].to_vec();
    if let Some(last) = kept.last_mut() {
        *last = last.strip_suffix(".git").unwrap_or(last);
    }
    kept.retain(|part| !part.is_empty());
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_mean_their_repository() {
        for (text, path) in [
            ("https://github.com/Example/Repo", "github.com/example/repo"),
            ("https://github.com/Example/Repo.git", "github.com/example/repo"),
            ("http://www.github.com/example/repo/", "github.com/example/repo"),
            ("https://github.com/example/mono/tree/main/crates/x", "github.com/example/mono"),
            ("git@github.com:example/repo.git", "github.com/example/repo"),
            ("ssh://git@git.example.org:2222/example/repo", "git.example.org/example/repo"),
            ("git+https://gitlab.com/group/sub/repo?rev=1#2", "gitlab.com/group/sub/repo"),
            ("https://gitlab.com/group/sub/repo/-/tree/main/x", "gitlab.com/group/sub/repo"),
            ("github.com/example/repo", "github.com/example/repo"),
            ("https://git.sr.ht/~example/repo", "git.sr.ht/~example/repo"),
        ] {
            assert_eq!(Repository::parse(text).map(|found| found.path), Some(path.to_owned()), "{text}");
        }
        for text in [
            "",
            "https://",
            "https://github.com",
            "https://github.com/",
            "repo",
            "https://localhost/a/b",
            "a b",
            "\u{1b}[31m/x",
        ] {
            assert_eq!(Repository::parse(text), None, "{text:?}");
        }
        let repository = Repository::parse("https://github.com/example/repo").unwrap();
        assert_eq!((repository.host(), repository.owner()), ("github.com", "github.com/example"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            if let Some(found) = Repository::parse(&text) {
                prop_assert!(found.owner().starts_with(found.host()));
                prop_assert!(found.path().starts_with(found.owner()));
            }
        }
    }
}
