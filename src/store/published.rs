//! Who published a version: one of the hundreds that a crate can have.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;

use super::keep::{Key, bad_row};
use super::{Problem, Store, StoreError};
use crate::date::{Moment, Period};
use crate::facts::Published;
use crate::facts::live::{Content, FactKind, PublishedVersion};

impl Store {
    /// What every source says of versions, given as crate and version; those of which nothing is known are left out. It is what
    /// [`Store::get_many`] has, without reading the versions that nobody asks about.
    pub fn published(
        &self,
        wanted: &[(String, String)],
    ) -> Result<BTreeMap<(String, String), Vec<Published>>, StoreError> {
        let get = || -> Result<_, Problem> {
            let one_state = self.connection.unchecked_transaction()?;
            let mut statement = one_state.prepare(
                "SELECT source, fetched, content FROM fact WHERE kind = ? AND subject = ? ORDER BY source, began",
            )?;
            let mut found: BTreeMap<(String, String), Vec<Published>> = BTreeMap::new();
            for of_crate in wanted.chunk_by(|a, b| a.0 == b.0) {
                let Some((subject, _)) = of_crate.first() else { continue };
                let mut rows = statement.query((FactKind::CrateVersions.as_str(), subject))?;
                while let Some(row) = rows.next()? {
                    let source: String = row.get(0)?;
                    let key = Key { kind: FactKind::CrateVersions, subject, source: &source };
                    let ValueRef::Text(text) = row.get_ref(2)? else { continue };
                    let text = std::str::from_utf8(text).map_err(|why| bad_row(key, why))?;
                    for one in of_crate {
                        let Some(version) = version(text, &one.1).map_err(|why| bad_row(key, why))? else { continue };
                        let (source, fetched, valid) = (source.clone(), Moment(row.get(1)?), Period::default());
                        found.entry(one.clone()).or_default().push(Published { version, source, fetched, valid });
                    }
                }
            }
            Ok(found)
        };
        get().map_err(|problem| self.error(problem))
    }
}

/// A version in what a source says of all. It is looked for as text, as it was written; only where it is not there, all of them are read.
fn version(text: &str, version: &str) -> Result<Option<PublishedVersion>, serde_json::Error> {
    let sign = format!("{{\"version\":{}", serde_json::to_string(version)?);
    if let Some(at) = text.find(&sign) {
        return serde_json::Deserializer::from_str(&text[at..]).into_iter().next().transpose();
    }
    match serde_json::from_str(text)? {
        Content::Versions(versions) => Ok(versions.into_iter().find(|known| known.version == version)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::live::PublishedBy;

    #[test]
    fn a_version_is_found_in_the_text_that_is_written() {
        let by = Some(PublishedBy::Account("github.com/example-person".to_owned()));
        let known = |version: &str| PublishedVersion { version: version.to_owned(), by: by.clone(), on: None };
        let versions = ["1.0.0", "1.0.0-a", "11.0.0", "1.0.0\"}"].map(known);
        let text = serde_json::to_string(&Content::Versions(versions.to_vec())).unwrap();
        for one in &versions {
            assert_eq!(version(&text, &one.version).unwrap().as_ref(), Some(one));
        }
        // Nothing of a text before the version is read, so that it was found as text.
        let (_, cut) = text.split_once("1.0.0-a").unwrap();
        assert_eq!(version(cut, "11.0.0").unwrap().as_ref(), Some(&versions[2]));
        assert_eq!(version(&text, "1.0").unwrap(), None);
        assert_eq!(version("\"absent\"", "1.0.0").unwrap(), None);
        assert!(version(cut, "1.0").is_err());
        let other = r#"{"versions":[{"on":"2020-01-02","version":"1.0.0"}]}"#;
        assert_eq!(version(other, "1.0.0").unwrap().unwrap().on, Some("2020-01-02".parse().unwrap()));
    }
}
