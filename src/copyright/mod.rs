//! Copyright holders in licence files: who a package says it belongs to.
//!
//! A licence file travels inside the package, needs no network, and often names the organisation with its legal form where the
//! manifest names only persons. [`holders`] finds the names, [`legal_form`] splits the legal form off, and [`normalise`] makes
//! the key under which the register of organisations is asked.
//!
//! It is a reader of text and nothing else: no files, no tables, no judgement. What it must not do: take the boilerplate of a
//! licence for a holder, or a person for an organisation. A name without the signs of an organisation is
//! [`HolderKind::Unclear`]; it may be looked up in the register, and is never shown or used otherwise.
//!
//! The work is linear in the text. Texts are foreign, so nothing here can fail: what is not understood is left out.

mod form;
mod holder;
mod line;
mod normalise;
mod split;

pub use form::{Form, legal_form};
pub use line::holders;
pub use normalise::normalise;

/// A holder as a copyright line names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The name, without years, addresses and "all rights reserved".
    pub name: String,
    /// The line on which the statement starts, counted from one.
    pub line: u32,
    /// What the name looks like.
    pub kind: HolderKind,
    /// The spelling of the legal form that made it an organisation, as in the table of legal forms.
    pub form: Option<&'static str>,
}

/// What a holder's name looks like. It is read from the words alone; the register may know better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HolderKind {
    /// It has a legal form, or a word that only organisations have ("Foundation", "University").
    Organisation,
    /// People working together under a name ("The Example Developers"), without a legal person of their own.
    Collective,
    /// A person, a brand, a pseudonym: the words do not tell.
    Unclear,
}

#[cfg(test)]
mod tests;
