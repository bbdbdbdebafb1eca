//! Too much of the graph has its steward in one country.

use super::{Hit, Number, Rule, RuleSettings, When, percent};
use crate::exposure::{Weighting, concentration};
use crate::facts::Facet;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "concentration",
    about: "too large a share of packages, or too high an index, has its steward in one country",
    level: Level::Allow,
    numbers: &[
        Number { key: "max-share", default: 0.5, most: 1.0, flag: false },
        Number { key: "max-hhi", default: 1.0, most: 1.0, flag: false },
    ],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    let reach = subject.graph.reach();
    let found = concentration(subject.graph, subject.attributions, &reach, Facet::Steward, Weighting::Packages);
    let most = settings.number("max-share");
    for (country, share) in found.shares.iter().filter(|row| row.1 > most) {
        let because = format!(
            "{country} has the steward of {} of packages (the policy accepts {})",
            percent(*share),
            percent(most)
        );
        hits.push(Hit { facet: Some(Facet::Steward), ..Hit::whole(because).sized(country.as_str(), *share) });
    }
    let most = settings.number("max-hhi");
    if let Some(index) = found.hhi.filter(|index| *index > most) {
        let because = format!(
            "the Herfindahl-Hirschman index of stewards' countries is {index:.2} (the policy accepts {most:.2})"
        );
        hits.push(Hit { facet: Some(Facet::Steward), ..Hit::whole(because).sized("index", index) });
    }
}
