//! Taking one person out of a store.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use rusqlite::{Connection, TransactionBehavior};

use super::keep::{Key, bad_row};
use super::upkeep::shrink;
use super::{Problem, Store, StoreError, open};
use crate::facts::live::{Content, FactKind, PublishedBy};

/// What was taken out about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Profiles, the past ones too.
    pub profiles: u64,
    /// Repositories of the account, and their histories.
    pub repositories: u64,
    /// Entries among the owners of crates.
    pub owners: u64,
    /// Versions of which it is no longer known who published them.
    pub versions: u64,
    /// Gaps.
    pub gaps: u64,
    /// Damaged files that were set aside earlier: they cannot be searched, and can still hold it.
    pub set_aside: Vec<Utf8PathBuf>,
}

impl Store {
    /// Takes out everything about an account, `host/login`, or about a login on every host, and about what it was renamed from or to.
    /// Afterwards its bytes are in no file of the store. The next time a source is asked it may tell the same again.
    pub fn forget(&mut self, account: &str) -> Result<Forgotten, StoreError> {
        if Account::parse(account).login.is_empty() {
            return Ok(Forgotten::default());
        }
        let forget = |connection: &mut Connection| -> Result<_, Problem> {
            let all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let accounts = accounts(&all, account)?;
            let mut forgotten = Forgotten::default();
            for at in rows(&all, &accounts)? {
                forget_row(&all, at, &accounts, &mut forgotten)?;
            }
            forgotten.gaps = forget_gaps(&all, &accounts)?;
            all.commit()?;
            shrink(connection)?;
            Ok(forgotten)
        };
        let forgotten = forget(&mut self.connection).map_err(|problem| self.error(problem))?;
        Ok(Forgotten { set_aside: open::aside(&self.path), ..forgotten })
    }
}

/// Accounts that are one person's.
struct Accounts(BTreeSet<Account>);

/// An account on a host, or on all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Account {
    host: Option<String>,
    login: String,
}

impl Account {
    fn parse(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        match text.split_once('/') {
            Some((host, login)) => Self { host: Some(host.to_owned()), login: login.to_owned() },
            None => Self { host: None, login: text },
        }
    }
}

impl Accounts {
    /// Whether a text is one of the accounts, or a repository of one.
    fn owns(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let Some((host, path)) = text.split_once('/') else { return self.0.iter().any(|one| one.login == text) };
        self.0.iter().any(|one| {
            let rest = path.strip_prefix(one.login.as_str());
            one.host.as_deref().is_none_or(|own| own == host)
                && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Whether a text speaks of one of the accounts: its login stands in it as a word.
    fn in_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        self.0.iter().any(|one| {
            text.match_indices(one.login.as_str())
                .any(|(at, found)| !text[..at].ends_with(part) && !text[at + found.len()..].starts_with(part))
        })
    }
}

/// The account, and what it was renamed from and to.
fn accounts(connection: &Connection, account: &str) -> Result<Accounts, Problem> {
    let mut renamed = Vec::new();
    let mut statement = connection.prepare(
        "SELECT subject, json_extract(content, '$.profile.renamed_to') FROM fact
         WHERE kind = 'profile' AND json_valid(content) AND json_extract(content, '$.profile.renamed_to') IS NOT NULL",
    )?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        renamed.push((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    }
    let mut accounts = Accounts(BTreeSet::from([Account::parse(account)]));
    loop {
        let before = accounts.0.len();
        for (from, to) in &renamed {
            match (accounts.owns(from), accounts.owns(to)) {
                (true, false) => accounts.0.insert(Account::parse(to)),
                (false, true) => accounts.0.insert(Account::parse(from)),
                _ => false,
            };
        }
        if accounts.0.len() == before {
            return Ok(accounts);
        }
    }
}

/// The rows in which a login of the accounts stands somewhere.
fn rows(connection: &Connection, accounts: &Accounts) -> Result<BTreeSet<i64>, Problem> {
    let mut statement = connection.prepare(
        "SELECT id FROM fact WHERE ?1 = '' OR instr(lower(subject), ?1) > 0 OR instr(lower(content), ?1) > 0",
    )?;
    let mut found = BTreeSet::new();
    for one in &accounts.0 {
        // SQLite knows upper and lower case of ASCII only.
        let login = if one.login.is_ascii() { one.login.as_str() } else { "" };
        for id in statement.query_map([login], |row| row.get(0))? {
            found.insert(id?);
        }
    }
    Ok(found)
}

/// Deletes a row that is about the accounts, or what it says about them. A row that cannot be read goes if it names them.
fn forget_row(connection: &Connection, at: i64, accounts: &Accounts, forgotten: &mut Forgotten) -> Result<(), Problem> {
    let sql = "SELECT kind, subject, source, content FROM fact WHERE id = ?";
    let mut statement = connection.prepare(sql)?;
    let read = statement.query_row([at], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let (kind, subject, source, text): (String, String, String, String) = read;
    let kind = FactKind::from_word(&kind);
    let about = kind != Some(FactKind::CrateOwners) && kind != Some(FactKind::CrateVersions) && accounts.owns(&subject);
    let content = serde_json::from_str::<Content>(&text).ok();
    let delete = about
        || match &content {
            Some(Content::Repository(state)) => {
                accounts.owns(&state.owner) || state.moved_to.as_deref().is_some_and(|to| accounts.owns(to))
            }
            Some(_) => false,
            None => accounts.in_text(&text),
        };
    if delete {
        connection.execute("DELETE FROM fact WHERE id = ?", [at])?;
        let counted =
            if kind == Some(FactKind::Profile) { &mut forgotten.profiles } else { &mut forgotten.repositories };
        *counted += 1;
        return Ok(());
    }
    let Some(mut content) = content else { return Ok(()) };
    let (owners, versions) = strip(&mut content, accounts);
    if owners + versions > 0 {
        let key = Key { kind: kind.unwrap_or(FactKind::CrateOwners), subject: &subject, source: &source };
        let text = serde_json::to_string(&content).map_err(|why| bad_row(key, why))?;
        connection.execute("UPDATE fact SET content = ? WHERE id = ?", (text, at))?;
        forgotten.owners += owners;
        forgotten.versions += versions;
    }
    Ok(())
}

/// Takes accounts out of what is said about a crate; tells of how many owners and versions.
fn strip(content: &mut Content, accounts: &Accounts) -> (u64, u64) {
    let (mut of_owners, mut of_versions) = (0, 0);
    match content {
        Content::Owners(owners) => owners.retain(|owner| {
            let goes = accounts.owns(&owner.account);
            of_owners += u64::from(goes);
            !goes
        }),
        Content::Versions(versions) => {
            for version in versions {
                let Some(PublishedBy::Account(by) | PublishedBy::Repository(by)) = &version.by else { continue };
                if accounts.owns(by) {
                    version.by = None;
                    of_versions += 1;
                }
            }
        }
        Content::Absent | Content::Profile(_) | Content::Repository(_) | Content::Observation(_) => {}
    }
    (of_owners, of_versions)
}

fn forget_gaps(connection: &Connection, accounts: &Accounts) -> Result<u64, Problem> {
    let mut statement = connection.prepare("SELECT source, subject, reason, detail FROM gap")?;
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let rows: Vec<(String, String, String, String)> = rows.collect::<Result<_, _>>()?;
    let mut count = 0;
    for (source, subject, reason, detail) in rows {
        if accounts.owns(&subject) || accounts.in_text(&detail) {
            let key = (source, subject, reason);
            connection.execute("DELETE FROM gap WHERE source = ? AND subject = ? AND reason = ?", key)?;
            count += 1;
        }
    }
    Ok(count)
}
