//! The very name of an organisation behind a package is on a list that was fetched, under no programme that is known here.
//!
//! What a known programme names is `listed-party`. Consolidated lists hold more than the programmes of the data; an exact match there is
//! no less exact.

use std::collections::BTreeSet;

use super::{Hit, Rule, RuleSettings, When};
use crate::facts::{Facet, MatchGrade};
use crate::party::Party;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "listed-name",
    about: "the very name of an organisation behind the package is on a fetched list, under no known programme",
    level: Level::Warn,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    for (at, package) in subject.graph.packages().filter(|(_, package)| !package.member) {
        let mut said = BTreeSet::new();
        for facet in Facet::ALL {
            let answer = subject.attributions.of(at).facet(facet);
            for claim in &answer.claims {
                let Some(listing) = &claim.listing else { continue };
                // Names are shared by many persons, and a name that is only mentioned stands behind nothing.
                let person = matches!(claim.party, Some(Party::Individual(_)));
                let exact = listing.grade == MatchGrade::Exact && listing.programmes.is_empty();
                let counts = exact && answer.is_behind(claim) && !person;
                if counts && said.insert((&listing.list, &listing.entry)) {
                    hits.push(Hit::on(at, facet, format!("{}: {}", package.name, claim.statement)));
                }
            }
        }
    }
}
