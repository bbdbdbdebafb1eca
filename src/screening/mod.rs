//! Names of organisations against names on lists: exact, strong or weak.
//!
//! - `key`: one normal form for the spellings of a name;
//! - `words`: the words that many names share, and legal forms that the table of forms does not spell;
//! - `grade`: how alike two names are, and what countries, legal forms and the list itself say to that.
//!
//! Two organisations can have one name, and a list knows only names: a match is a reason to look, not a finding of fact. Only
//! [`MatchGrade::Exact`](crate::facts::MatchGrade::Exact) may become a finding, and the grade is therefore kept from names that say
//! little: a name of generic words alone ("Technology Group") is never exact, a single word ("Delta") only where a country agrees, and
//! one of up to three letters is weak (but for one with a digit where a country agrees).
//!
//! # Why persons are not matched
//!
//! Of the 8,976 entries of the US list of specially designated nationals of July 2021, 4,620 are individuals. Names of people are shared by
//! thousands, in scripts that are transliterated in many ways, and what is known of the author of a package is a name at most: no day of
//! birth, no passport, nothing that could tell two bearers of a name apart. Nearly every match would be somebody else, and the harm
//! (work refused, an account closed, a suspicion written down) falls on people who cannot see it. Entries about persons are
//! therefore left out where lists are read, and matched only where the caller has been asked to ([`Asked::persons`]). Ships and
//! aircraft are never matched: they have the names of half the world and write no software.
//!
//! # What it cannot do
//!
//! Candidates are fetched by key and by word ([`NameKey::search_words`]), so a name with a typing error in its only telling word is not
//! found. Names in Chinese characters become their sounds, which many names share: the same sounds in other characters, or in Latin
//! letters, are not exact. A company listed by the English translation of its name is found by an alias or not at all.

mod grade;
mod key;
mod words;

pub use grade::{Asked, Match, STRONG, WEAK, best, can_match, grade};
pub use key::{NORMAL_FORM, NameKey, key, keys_of, looks_like_organisation};
