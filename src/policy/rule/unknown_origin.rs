//! Too much is not known: the share of packages whose steward is unknown, and direct dependencies one by one.

use super::{Hit, Number, Rule, RuleSettings, When, percent};
use crate::attribution::Origin;
use crate::facts::Facet;
use crate::graph::PackageIx;
use crate::policy::Level;
use crate::policy::evaluate::Subject;

pub(super) const RULE: Rule = Rule {
    id: "unknown-origin",
    about: "the steward of too many packages is not known, or (with `direct`) that of a direct dependency",
    level: Level::Deny,
    numbers: &[
        Number { key: "max-share", default: 0.5, most: 1.0, flag: false },
        // Every direct dependency of an unknown steward is a finding.
        Number { key: "direct", default: 0.0, most: 1.0, flag: true },
    ],
    countries: false,
    when: When::First,
    check,
};

fn check(subject: &Subject<'_>, settings: &RuleSettings, hits: &mut Vec<Hit>) {
    let unknown = |at| matches!(subject.attributions.of(at).facet(Facet::Steward).origin, Origin::Unknown(_));
    let foreign: Vec<PackageIx> =
        subject.graph.packages().filter(|(_, package)| !package.member).map(|(at, _)| at).collect();
    let missing = foreign.iter().filter(|at| unknown(**at)).count();
    let (share, most) = (share(missing, foreign.len()), settings.number("max-share"));
    if share > most {
        let nothing = if missing == foreign.len() { "nothing is known: " } else { "" };
        let because = format!(
            "{nothing}the steward of {missing} of {} packages is not known ({}; the policy accepts {})",
            foreign.len(),
            percent(share),
            percent(most)
        );
        hits.push(Hit::whole(because).sized("", share));
    }
    if settings.number("direct") > 0.0 {
        for at in foreign.into_iter().filter(|at| unknown(*at) && subject.graph.is_direct(*at)) {
            let Origin::Unknown(why) = subject.attributions.of(at).facet(Facet::Steward).origin else { continue };
            hits.push(Hit::on(at, Facet::Steward, format!("steward unknown: {}", why.as_str())));
        }
    }
}

fn share(part: usize, of: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if of == 0 { 0.0 } else { number(part) / number(of) }
}
