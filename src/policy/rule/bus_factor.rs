//! Half of the work on a package is done by very few people, or in one country.
//!
//! Who can publish is known after `cargo origin sync`; with `max-publishers` few of those are a finding too. Offline only the owner of
//! the repository is known, and that does not tell who else publishes.

use super::{Hit, Number, Rule, RuleSettings, When, percent};
use crate::attribution::{FacetAttribution, Origin, is_owner};
use crate::country::CountryCode;
use crate::data::Confidence;
use crate::facts::Facet;
use crate::party::Party;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "bus-factor",
    about: "half of the work on the package is done by very few people, or in one country; few accounts can publish it",
    level: Level::Allow,
    numbers: &[
        Number { key: "max-people", default: 1.0, most: 1000.0, flag: false },
        // Accounts of the registry's own list, of which a team counts as many; 0 asks nothing.
        Number { key: "max-publishers", default: 0.0, most: 1000.0, flag: false },
        // From this share of the work on, in bands where it is done in the country with this probability at least.
        Number { key: "country-share", default: 0.5, most: 1.0, flag: false },
        Number { key: "country-probability", default: 0.7, most: 1.0, flag: false },
    ],
    countries: true,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    for (at, package) in subject.graph.packages().filter(|(_, package)| !package.member) {
        let publisher = subject.attributions.of(at).facet(Facet::Publisher);
        hits.extend(
            few_publishers(publisher, settings)
                .map(|because| Hit::on(at, Facet::Publisher, format!("{}: {because}", package.name))),
        );
        let answer = subject.attributions.of(at).facet(Facet::Contribution);
        // What is inherited from other repositories is about other people.
        if answer.claims[..answer.deciding].iter().any(|claim| claim.confidence == Confidence::Low) {
            continue;
        }
        let hit = |because: String| Hit::on(at, Facet::Contribution, format!("{}: {because}", package.name));
        hits.extend(few_people(answer, settings).map(hit));
        hits.extend(one_country(answer, settings).map(|(because, probability)| Hit { probability, ..hit(because) }));
    }
}

/// Those who can publish are few, and none of them is more than one person.
fn few_publishers(answer: &FacetAttribution, settings: &RuleSettings) -> Option<String> {
    let owners = answer.claims[..answer.deciding].iter().filter(|claim| is_owner(claim));
    let persons: Vec<bool> = owners.map(|claim| matches!(claim.party, Some(Party::Individual(_)))).collect();
    let few = !persons.is_empty()
        && persons.iter().all(|person| *person)
        && f64::from(u32::try_from(persons.len()).unwrap_or(u32::MAX)) <= settings.number("max-publishers");
    few.then(|| match persons.len() {
        1 => "one account alone can publish it".to_owned(),
        several => format!("{several} accounts can publish it"),
    })
}

fn few_people(answer: &FacetAttribution, settings: &RuleSettings) -> Option<String> {
    let work = answer.work.as_ref()?;
    // Work of several repositories together has no count of people.
    let few = work.people > 0 && f64::from(work.half) <= settings.number("max-people");
    few.then(|| format!("{} of {} people did half of the work of {}", work.half, work.people, work.years.1))
}

/// The country with the largest share of the work, if that is large enough; and how sure it is.
fn one_country(answer: &FacetAttribution, settings: &RuleSettings) -> Option<(String, Option<f64>)> {
    let wanted = |country: CountryCode| settings.countries.is_empty() || settings.countries.contains(&country);
    let Some(work) = &answer.work else {
        // Without a history, somebody who knows has said where.
        let Origin::Country(place) = &answer.origin else { return None };
        return wanted(place.country()).then(|| (format!("the work is said to be done in {place}"), None));
    };
    let (least, probability) = (settings.number("country-share"), settings.number("country-probability"));
    let shares = work.countries().iter().filter(|row| wanted(row.0)).map(|(country, _)| {
        let (share, inside) = work.share_where(probability, |other| other == *country);
        (*country, share, inside)
    });
    // Of equals the first by its code.
    let largest = shares.filter(|row| row.1 > 0.0 && row.1 >= least);
    let (country, share, inside) = largest.reduce(|best, row| if row.1 > best.1 { row } else { best })?;
    let because = format!(
        "{} of the work is done in bands where it is in {country} with a probability of {inside:.2}",
        percent(share)
    );
    Some((because, Some(inside)))
}
