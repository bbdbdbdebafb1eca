//! Taking one person out of a store.

use std::collections::BTreeSet;

use camino::Utf8PathBuf;
use rusqlite::{Connection, OptionalExtension, Statement, TransactionBehavior};

use super::keep::{Key, bad_row};
use super::upkeep::shrink;
use super::{Problem, Store, StoreError, open};
use crate::facts::live::{AccountKind, Content, FactKind, Owner, PublishedBy};

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
            let mut forgotten = forget_rows(&all, &accounts)?;
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
    /// Adds an account, and says whether it is new. One without a login is nobody: a store of others can hold anything.
    fn add(&mut self, account: &str) -> bool {
        let account = Account::parse(account);
        !account.login.is_empty() && self.0.insert(account)
    }

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

    /// Whether a text names one of the accounts with its host: `github.com/example`.
    fn named_in(&self, text: &str) -> bool {
        let part = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        text.split(|c: char| !part(c)).any(|word| word.contains('/') && self.owns(word.trim_end_matches('.')))
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
                (true, false) => accounts.add(to),
                (false, true) => accounts.add(from),
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

fn forget_rows(connection: &Connection, accounts: &Accounts) -> Result<Forgotten, Problem> {
    let mut forgetting = Forgetting::new(connection, accounts)?;
    for at in rows(connection, accounts)? {
        forgetting.row(at)?;
    }
    Ok(forgetting.forgotten)
}

/// Forgetting under way, with everything prepared.
struct Forgetting<'c> {
    accounts: &'c Accounts,
    read: Statement<'c>,
    delete: Statement<'c>,
    update: Statement<'c>,
    forgotten: Forgotten,
}

impl<'c> Forgetting<'c> {
    fn new(connection: &'c Connection, accounts: &'c Accounts) -> rusqlite::Result<Self> {
        Ok(Self {
            accounts,
            read: connection.prepare("SELECT kind, subject, source, content FROM fact WHERE id = ?")?,
            delete: connection.prepare("DELETE FROM fact WHERE kind = ? AND subject = ? AND source = ?")?,
            update: connection.prepare("UPDATE fact SET content = ? WHERE id = ?")?,
            forgotten: Forgotten::default(),
        })
    }

    /// Deletes what a row is of, with its past and its present, if the row is about the accounts; or takes them out of what it says. A row
    /// that cannot be read goes if it names them.
    fn row(&mut self, at: i64) -> Result<(), Problem> {
        let read =
            self.read.query_row([at], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).optional()?;
        // It may have gone with another row of the same fact.
        let Some((word, subject, source, text)): Option<(String, String, String, String)> = read else { return Ok(()) };
        let kind = FactKind::from_word(&word);
        let content = serde_json::from_str::<Content>(&text).ok();
        if self.is_about(kind, &subject, content.as_ref(), &text) {
            // A past without a present would be taken for none, and a present is not made of the past.
            let rows = self.delete.execute((&word, &subject, &source))?;
            let profile = kind == Some(FactKind::Profile);
            let counted = if profile { &mut self.forgotten.profiles } else { &mut self.forgotten.repositories };
            *counted += u64::try_from(rows).unwrap_or(u64::MAX);
            return Ok(());
        }
        let Some(mut content) = content else { return Ok(()) };
        let (owners, versions) = strip(&mut content, self.accounts);
        if owners + versions > 0 {
            let key = Key { kind: kind.unwrap_or(FactKind::CrateOwners), subject: &subject, source: &source };
            let text = serde_json::to_string(&content).map_err(|why| bad_row(key, why))?;
            self.update.execute((text, at))?;
            self.forgotten.owners += owners;
            self.forgotten.versions += versions;
        }
        Ok(())
    }

    fn is_about(&self, kind: Option<FactKind>, subject: &str, content: Option<&Content>, text: &str) -> bool {
        let of_crate = matches!(kind, Some(FactKind::CrateOwners | FactKind::CrateVersions));
        if !of_crate && self.accounts.owns(subject) {
            return true;
        }
        match content {
            Some(Content::Repository(state)) => {
                self.accounts.owns(&state.owner) || state.moved_to.as_deref().is_some_and(|to| self.accounts.owns(to))
            }
            Some(_) => false,
            None => self.accounts.in_text(text),
        }
    }
}

/// Takes accounts out of what is said about a crate, owners by putting nobody in their place; tells of how many owners and versions.
fn strip(content: &mut Content, accounts: &Accounts) -> (u64, u64) {
    let (mut of_owners, mut of_versions) = (0, 0);
    match content {
        // That there is one more who may publish stays known: without it the rest would pass for all of them.
        Content::Owners(owners) => {
            for owner in owners.iter_mut().filter(|owner| accounts.owns(&owner.account)) {
                *owner = Owner { account: Owner::DELETED.to_owned(), kind: AccountKind::Unknown, team: None };
                of_owners += 1;
            }
            owners.sort();
        }
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
    let mut statement = connection.prepare("SELECT source, subject, kind, reason, detail FROM gap")?;
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
    let rows: Vec<(String, String, String, String, String)> = rows.collect::<Result<_, _>>()?;
    let mut count = 0;
    for (source, subject, kind, reason, detail) in rows {
        // The subject of a crate has no host: it is no account, whatever it is called.
        if (subject.contains('/') && accounts.owns(&subject)) || accounts.named_in(&detail) {
            let key = (source, subject, kind, reason);
            connection.execute("DELETE FROM gap WHERE source = ? AND subject = ? AND kind = ? AND reason = ?", key)?;
            count += 1;
        }
    }
    Ok(count)
}
