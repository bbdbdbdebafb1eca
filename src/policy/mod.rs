//! `origin.toml`: what the user says.
//!
//! ```toml
//! home = "US"
//! git-cache = "clones"            # optional: a folder inside the workspace with clones that are asked before the embedded observations
//!
//! [contribution]                  # optional: when work done in a listed place counts
//! share = 0.25                    # from this share of the work on
//! probability = 0.7               # of bands in which it is done there with at least this probability
//!
//! [[claim]]
//! package = "fastwire"          # or: party = "github.com/example"
//! facet = "steward"             # steward, publisher, contribution, channel, native
//! place = "DE"                  # a country, a region such as "UA-43", or "none" for no seat
//! source = "https://www.example.com/imprint"
//! since = "2024-01-01"          # optional
//! until = "2026-01-01"          # optional
//! ```
//!
//! What the gate (`cargo origin check`) does with it:
//!
//! ```toml
//! programmes = ["us-kaspersky-2024", "tag:us"]    # optional: only these; without it the law of your home, and the rest warns
//!
//! [rules]                         # a level, or a table with the level and the rule's own keys
//! listed-seat = "deny"
//! unknown-origin = { level = "warn", max-share = 0.3 }
//!
//! [[exception]]                   # at least one of the first six
//! package = "fastwire"
//! version = "^0.9"
//! rule = "listed-seat"
//! programme = "us-icts-adversaries"
//! party = "bytedance"             # id in the register
//! through = "netcore"             # only where every way to the package goes through this one
//! reason = "read and vendored"    # required
//! until = "2027-01-01"
//! agreed = "security board"
//!
//! [[ban]]                         # your own list: one of vendor, account, package
//! vendor = "kaspersky"
//! from = "2024-07-20"
//! grace-until = "2024-09-29"
//! reason = "board decision 12"
//!
//! [[bloc]]                        # countries that `cargo origin concentration` looks at together
//! id = "suppliers"
//! name = "Where our suppliers are" # optional
//! countries = ["DE", "CH"]
//!
//! [scopes]                        # how grave a finding can be, by what its package is for
//! ships = "deny"
//! build = "deny"
//! dev = "warn"
//! ```
//!
//! Rows of your own, in the format of `data/` (which `data/README.md` describes); a row with an embedded id changes the keys that it gives,
//! and the report says so:
//!
//! ```toml
//! lists = ["suppliers.toml"]      # files beside this one, with [[programme]], [[vendor]] and [[claim]]
//!
//! [[programme]]
//! id = "acme-suppliers"
//! title = "Suppliers that are being replaced"
//! countries = []
//! named = true
//! as_of = "2026-11-01"
//!
//! [[vendor]]
//! id = "example-vendor"
//! name = "Example Vendor"
//! kind = "company"
//! forges = ["github.com/example-vendor"]
//! as_of = "2026-11-01"
//!
//! [[vendor.designation]]
//! programme = "acme-suppliers"
//! effect = "own-policy"
//! confidence = "high"
//! ```
//!
//! - `level`, `rule`, `scope`: what can be looked for, one rule a file, and what it weighs.
//! - `law`: which programmes are the law of a home.
//! - `text`, `raw`, `gate`, `bloc`: from text to a policy, every error at once.
//! - `evaluate`: policy and analysis to findings; `base`: what was there before a change; `idle`: exceptions that accept nothing, and
//!   why.
//! - `preset`: policies to start from; `baseline`: what such a one would accept.
//!
//! The same keys can stand in `[workspace.metadata.origin]` of the root manifest (lists aside). Unknown keys are errors: a typo in a policy is a hole.
//! The module parses and validates; finding and reading the file is for `load`.

mod base;
mod baseline;
mod bloc;
mod evaluate;
mod gate;
mod idle;
mod law;
mod level;
mod preset;
mod raw;
pub mod rule;
mod schema;
mod scope;
mod text;

pub use base::{Base, Reached};
pub use baseline::{Acceptance, Baseline};
pub use bloc::{Allied, BlocOn, OwnBloc, allied, allied_of, blocs};
pub use evaluate::{Answers, Evaluation, Finding, Weighed, accept, evaluate};
pub use gate::nearest;
pub use idle::{Idle, idle};
pub use level::Level;
pub use preset::{Preset, preset};
pub use raw::{country, parse};
pub use rule::{Hit, RULES, RuleSettings};
pub use schema::schema;
pub use scope::Scopes;

use std::collections::{BTreeMap, BTreeSet};

use semver::VersionReq;

use crate::country::CountryCode;
use crate::data::model::Programme;
use crate::data::{Data, VendorIx};
use crate::date::Date;
use crate::facts::UserClaim;

/// The text of a policy, or of a list beside one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    /// The name that is shown for it.
    pub shown: String,
    /// The text.
    pub text: String,
    /// It is a `Cargo.toml`: what counts is its `[workspace.metadata.origin]`.
    pub manifest: bool,
}

/// A policy, and the data with the rows that it brings.
#[derive(Debug)]
pub struct ParsedPolicy {
    /// The policy.
    pub policy: Policy,
    /// The embedded data under the policy's own rows.
    pub data: Data,
}

/// A policy that cannot be used. Every entry is one problem, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct PolicyError {
    /// The problems.
    pub problems: Vec<String>,
}

/// What `origin.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// The country from which "foreign" is seen.
    pub home: Option<CountryCode>,
    /// What the user claims.
    pub claims: Vec<UserClaim>,
    /// From which share of the work on work done in a listed place counts.
    pub contribution_share: Option<f64>,
    /// From which probability on work counts for that share.
    pub contribution_probability: Option<f64>,
    /// A folder of clones inside the workspace, from its root.
    pub git_cache: Option<String>,
    /// Programmes that are chosen, by id or as `tag:…`; all that apply if none.
    pub programmes: Option<Vec<String>>,
    /// What is said of rules, by their place in `RULES`.
    pub rules: BTreeMap<usize, RuleSettings>,
    /// What is accepted.
    pub exceptions: Vec<Exception>,
    /// The policy's own list.
    pub bans: Vec<Ban>,
    /// How grave a finding can be, by what its package is for.
    pub scopes: Scopes,
    /// Blocs of its own.
    pub blocs: Vec<OwnBloc>,
    /// What rows of the policy change in the embedded data, in words.
    pub overrides: Vec<String>,
    /// Ids of programmes that only the policy has. They count as those that it chooses by id.
    pub own_programmes: BTreeSet<String>,
}

/// Something that the policy accepts. What is not given fits everything; at least one scope is.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// Name of a package.
    pub package: Option<String>,
    /// Its versions.
    pub version: Option<VersionReq>,
    /// The rule, by its place in `RULES`.
    pub rule: Option<usize>,
    /// Id of a programme.
    pub programme: Option<String>,
    /// Id of a party in the register.
    pub party: Option<String>,
    /// Name of a package that every way to the accepted one goes through.
    pub through: Option<String>,
    /// Why.
    pub reason: String,
    /// The day from which it no longer holds.
    pub until: Option<Date>,
    /// Who agreed.
    pub agreed: Option<String>,
    /// File and line.
    pub reference: String,
}

impl Exception {
    /// Whether it no longer holds.
    pub fn expired(&self, as_of: Date) -> bool {
        self.until.is_some_and(|until| until <= as_of)
    }
}

/// Whom a ban is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BanTarget {
    /// An organisation of the register, and what it owns or holds.
    Vendor(VendorIx),
    /// An account of a forge that the register does not give to an organisation: `host/owner`.
    Account(String),
    /// Every version of a package.
    Package(String),
}

/// A row of the policy's own list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ban {
    /// Whom it is about.
    pub target: BanTarget,
    /// The first day.
    pub from: Option<Date>,
    /// Until this day existing use is tolerated.
    pub grace_until: Option<Date>,
    /// Why.
    pub reason: String,
    /// File and line.
    pub reference: String,
}

/// A home on a day: which law is its own depends on the day.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// The country, if one is set.
    pub country: Option<CountryCode>,
    /// The day.
    pub day: Date,
    /// Which blocs the country is in.
    pub data: &'a Data,
}

/// How a policy has chosen a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// By its id: it counts as the rule says.
    Id,
    /// By one of its tags: it counts if it bars using code.
    Tag,
    /// The policy says nothing of programmes; it is the law of the home country, and counts if it bars everybody there from using code.
    Home,
    /// The policy says nothing of programmes: it only warns.
    Nobody,
}

impl Policy {
    /// What it says of a rule.
    pub fn rule(&self, number: usize) -> RuleSettings {
        self.rules.get(&number).cloned().unwrap_or_else(|| RuleSettings::of(&RULES[number]))
    }

    /// Whether a programme counts for the user: the policy chooses it, or, where it chooses none, it is the law of the home.
    pub fn counts(&self, programme: &Programme<&'static str>, home: Home<'_>) -> bool {
        self.chosen(programme, home).is_some_and(|chosen| chosen != Chosen::Nobody)
    }

    /// The same where every share and index is too large: what it finds in the graph as a whole is then how large they are.
    #[must_use]
    pub fn without_limits(&self) -> Self {
        let mut policy = self.clone();
        for (at, rule) in RULES.iter().enumerate() {
            for number in rule.numbers.iter().filter(|number| ["max-share", "max-hhi"].contains(&number.key)) {
                let settings = policy.rules.entry(at).or_insert_with(|| RuleSettings::of(rule));
                settings.numbers.insert(number.key, 0.0);
            }
        }
        policy
    }

    /// How a programme is chosen; nothing if the policy chooses others.
    fn chosen(&self, programme: &Programme<&'static str>, home: Home<'_>) -> Option<Chosen> {
        if self.own_programmes.contains(programme.id) {
            return Some(Chosen::Id);
        }
        let Some(wanted) = &self.programmes else {
            let at_home = home.country.is_some_and(|code| law::is_law_of(programme, code, home.data, home.day));
            return Some(if at_home { Chosen::Home } else { Chosen::Nobody });
        };
        if wanted.iter().any(|id| id == programme.id) {
            return Some(Chosen::Id);
        }
        let tagged = |word: &String| word.strip_prefix("tag:").is_some_and(|tag| programme.tags.contains(&tag));
        wanted.iter().any(tagged).then_some(Chosen::Tag)
    }
}
