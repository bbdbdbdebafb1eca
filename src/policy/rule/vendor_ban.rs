//! The policy's own list, `[[ban]]`: a party, a forge account or a package, with its dates.

use super::{Hit, Rule, RuleSettings, When};
use crate::facts::Facet;
use crate::graph::PackageIx;
use crate::party::{Party, Repository, ancestors};
use crate::policy::BanTarget;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "vendor-ban",
    about: "the policy's own list bans the party, the account or the package",
    level: Level::Deny,
    numbers: &[],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, _: &RuleSettings, hits: &mut Vec<Hit>) {
    for (number, ban) in subject.policy.bans.iter().enumerate() {
        for (at, package) in subject.graph.packages().filter(|(_, package)| !package.member) {
            let Some((facet, because)) = reached(subject, &ban.target, at, &package.name) else { continue };
            let party = match &ban.target {
                BanTarget::Vendor(vendor) => Some(subject.data.vendor(*vendor).id),
                BanTarget::Account(_) | BanTarget::Package(_) => None,
            };
            let because = if ban.reason.is_empty() { because } else { format!("{because}: {}", ban.reason) };
            hits.push(Hit { ban: Some(number), party, since: ban.from, ..Hit::on(at, facet, because) });
        }
    }
}

/// By which facet the target of a ban reaches a package, and how, in words.
fn reached(subject: &Subject<'_>, target: &BanTarget, at: PackageIx, name: &str) -> Option<(Facet, String)> {
    if let BanTarget::Package(banned) = target {
        return (banned == name).then(|| (Facet::Steward, format!("{name} is banned")));
    }
    let publisher = subject.attributions.of(at).facet(Facet::Publisher);
    if let BanTarget::Account(banned) = target {
        // Whoever the account belongs to, and whether or not the register knows it.
        let parties = subject.parties.of(at);
        let is_in = |repository: &Option<Repository>| repository.as_ref().is_some_and(|at| at.owner() == banned);
        let is_or_was = match (&parties.repository, &parties.moved_from) {
            (repository, _) if is_in(repository) => Some(("is", repository)),
            // Who moves or renames what is banned has not made it somebody else's.
            (_, before) if is_in(before) => Some(("was, before it was moved,", before)),
            _ => None,
        };
        if let Some((is, Some(repository))) = is_or_was {
            let because = format!("{} {is} in the account {banned}, which is banned", repository.path());
            return Some((Facet::Steward, because));
        }
        let publishes = publisher.owners().find(|claim| claim.accounts.contains(banned));
        return publishes.map(|_| (Facet::Publisher, format!("{banned}, which is banned, may publish {name}")));
    }
    let answers = Facet::ALL.iter().map(|facet| (*facet, subject.attributions.of(at).facet(*facet)));
    let named = answers.filter_map(|(facet, answer)| Some((facet, answer.party.as_ref()?)));
    let mut named = named.chain(publisher.owners().filter_map(|claim| Some((Facet::Publisher, claim.party.as_ref()?))));
    named.find_map(|(facet, party)| {
        let because = match (target, party) {
            (BanTarget::Vendor(banned), Party::Vendor(vendor)) if vendor == banned => {
                format!("{}: {} is banned", facet.as_str(), subject.data.vendor(*banned).name)
            }
            (BanTarget::Vendor(banned), Party::Vendor(vendor))
                if ancestors(subject.data, *vendor).into_iter().any(|above| above == *banned) =>
            {
                let (of, owner) = (subject.data.vendor(*vendor).name, subject.data.vendor(*banned).name);
                format!("{}: {of} is owned or held by {owner}, which is banned", facet.as_str())
            }
            _ => return None,
        };
        Some((facet, because))
    })
}
