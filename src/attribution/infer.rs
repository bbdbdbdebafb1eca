//! The claims of a package to its five answers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::is_owner;
use super::likelihood::{ALSO_NAMED_SHARE, WEAKLY_NAMED, confidence, worth};
use super::{Attribution, Attributions, FacetAttribution, NoSeat, Origin, Posterior, Unknown};
use crate::country::{CountryCode, Locus, Place};
use crate::data::Data;
use crate::evidence::{Claim, EvidenceKind, EvidenceSet};
use crate::facts::Facet;
use crate::graph::{Graph, Package, Source};
use crate::locate::Work;
use crate::party::{PackageParties, Parties, Party};

/// Answers every facet of every package.
pub fn infer(graph: &Graph, parties: &Parties, evidence: EvidenceSet, data: &Data) -> Attributions {
    let by_work = ByWork::default();
    Attributions(
        graph
            .packages()
            .zip(evidence.into_claims())
            .map(|((at, package), claims)| {
                let context = Context { package, parties: parties.of(at), data, by_work: &by_work };
                let of = |facet: &Facet| claims.iter().filter(|claim| claim.facet == *facet).count();
                let mut by_facet = Facet::ALL.map(|facet| Vec::with_capacity(of(&facet)));
                for claim in claims {
                    by_facet[claim.facet as usize].push(claim);
                }
                let mut by_facet = by_facet.into_iter();
                Attribution(Facet::ALL.map(|facet| context.answer(facet, by_facet.next().unwrap_or_default())))
            })
            .collect(),
    )
}

/// What one history says, for every package whose repository it is of. The claims hold the histories, so that none moves.
type ByWork = RefCell<BTreeMap<*const Work, (Origin, Posterior)>>;

struct Context<'a> {
    package: &'a Package,
    parties: &'a PackageParties,
    data: &'a Data,
    by_work: &'a ByWork,
}

impl Context<'_> {
    fn answer(&self, facet: Facet, mut claims: Vec<Claim>) -> FacetAttribution {
        // The registry's own list of owners says who can publish, whether they say where they are or not.
        let by_owners = facet == Facet::Publisher
            && claims.iter().any(is_owner)
            && !claims.iter().any(|claim| claim.kind == EvidenceKind::UserClaim);
        let rank = deciding_rank(&claims);
        let decides = |claim: &Claim| match rank {
            _ if by_owners => is_owner(claim),
            Some(rank) => can_decide(claim) && worth(claim.kind).rank == rank,
            None => false,
        };
        claims.sort_by_key(|claim| (!decides(claim), worth(claim.kind).rank));
        let deciding = claims.iter().take_while(|claim| decides(claim)).count();
        let deciders = &claims[..deciding];
        let Some(first) = deciders.first() else {
            return self.without_decision(facet, claims);
        };
        // A user's claim on where leaves who: that is for the best claim that names somebody.
        let who = |claim: &&Claim| worth(claim.kind).decides && claim.party.is_some();
        let named = if first.party.is_some() { first } else { claims.iter().find(who).unwrap_or(first) };
        let (party, owner) = if by_owners && deciders.iter().any(|claim| claim.party != named.party) {
            (None, None)
        } else {
            (named.party.clone(), named.owner)
        };
        let work = first.work.clone();
        let (origin, posterior) = match (&work, deciding) {
            (Some(work), 1) => self.of_work(work, first),
            _ if by_owners => (super::publisher::origin(deciders), self.mean(deciders)),
            _ => (origin(deciders), self.mean(deciders)),
        };
        FacetAttribution { origin, party, owner, work, posterior, claims, deciding }
    }

    fn mean(&self, deciders: &[Claim]) -> Posterior {
        let mut posteriors: Vec<Posterior> = deciders.iter().map(|claim| posterior(claim, self.data)).collect();
        if posteriors.len() > 1 {
            Posterior::mean(&posteriors)
        } else {
            posteriors.pop().unwrap_or_else(Posterior::unknown)
        }
    }

    fn of_work(&self, work: &Arc<Work>, claim: &Claim) -> (Origin, Posterior) {
        let key = Arc::as_ptr(work);
        let known = self.by_work.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let answer = (super::work::origin(work), posterior(claim, self.data));
            self.by_work.borrow_mut().insert(key, answer.clone());
            answer
        })
    }

    /// The answer where no claim decides: known to have none, or unknown with a reason.
    fn without_decision(&self, facet: Facet, claims: Vec<Claim>) -> FacetAttribution {
        let origin = self.undecided(facet, &claims);
        let first = claims.iter().find(|claim| worth(claim.kind).decides && claim.party.is_some());
        let (party, owner) = first.map_or((None, None), |claim| (claim.party.clone(), claim.owner));
        let posterior = match (&origin, first) {
            (Origin::NoSeat(_), _) => Posterior::no_seat(1.0),
            // Countries that are named for the party on weak evidence are not the answer, but not nothing either.
            (_, Some(claim)) if !claim.also.is_empty() => Posterior::spread(
                WEAKLY_NAMED * worth(claim.kind).reliability,
                claim.also.iter().map(|code| (Locus::Country(*code), 1.0)),
            ),
            _ => Posterior::unknown(),
        };
        FacetAttribution { origin, party, owner, work: None, posterior, claims, deciding: 0 }
    }

    fn undecided(&self, facet: Facet, claims: &[Claim]) -> Origin {
        if self.package.member && facet != Facet::Channel {
            return Origin::NoSeat(NoSeat::OwnWorkspace);
        }
        Origin::Unknown(match facet {
            Facet::Steward | Facet::Publisher => self.why_no_party(claims),
            Facet::Contribution => Unknown::NoCommitEvidence,
            Facet::Channel if self.package.member => Unknown::ToolchainNotRead,
            Facet::Channel if matches!(self.package.source, Source::Other(_)) => Unknown::SourceNotKnown,
            Facet::Channel => Unknown::OperatorNotKnown,
            // An upstream that is known and has no settled seat.
            Facet::Native if !claims.is_empty() => Unknown::SeatNotSettled,
            Facet::Native => match &self.package.capabilities.links {
                Some(Some(_)) => Unknown::UpstreamNotKnown,
                Some(None) => return Origin::NoSeat(NoSeat::NothingNative),
                None => Unknown::NotToldByLockFile,
            },
        })
    }

    fn why_no_party(&self, claims: &[Claim]) -> Unknown {
        if claims.iter().any(|claim| worth(claim.kind).decides && matches!(claim.party, Some(Party::Vendor(_)))) {
            return Unknown::SeatNotSettled;
        }
        if claims.iter().any(|claim| claim.kind == EvidenceKind::LegalForm) {
            return Unknown::CompanyNotInRegister;
        }
        if matches!(self.package.source, Source::Path(_)) {
            return Unknown::PathDependency;
        }
        if self.parties.repository.is_some() { Unknown::AccountNotJudged } else { Unknown::NoRepository }
    }
}

/// What one claim says of places, with what its kind and its source are worth.
pub(crate) fn posterior(claim: &Claim, data: &Data) -> Posterior {
    let mass = worth(claim.kind).reliability * confidence(claim.confidence);
    let mass = if claim.kind == EvidenceKind::UserClaim { 1.0 } else { mass };
    if let Some(work) = &claim.work {
        let places = work.countries().iter().map(|(country, share)| (Locus::Country(*country), *share));
        return Posterior::spread(1.0 - work.unknown, places);
    }
    match &claim.place {
        Place::At(locus) => {
            let others = claim.also.len();
            let share = if others == 0 { 0.0 } else { ALSO_NAMED_SHARE };
            let each = share / f64::from(u32::try_from(others.max(1)).unwrap_or(u32::MAX));
            let also = claim.also.iter().map(|code| (Locus::Country(*code), each));
            Posterior::spread(mass, also.chain([(*locus, 1.0 - share)]))
        }
        // Sources that contradict each other weigh the same; countries that one source allows weigh as many developers live there.
        Place::Band(countries) if claim.contradictory => {
            Posterior::spread(mass, countries.iter().map(|code| (Locus::Country(*code), 1.0)))
        }
        Place::Band(countries) => {
            Posterior::spread(mass, countries.iter().map(|code| (Locus::Country(*code), prior(*code, data))))
        }
        Place::NoSeat => Posterior::no_seat(mass),
        Place::Unstated => Posterior::unknown(),
    }
}

/// Share of Rust developers; a country without any in the sources still gets a little.
fn prior(code: CountryCode, data: &Data) -> f64 {
    let prior = &data.tables.prior;
    let found = prior.binary_search_by_key(&code, |row| row.0).ok().and_then(|at| prior.get(at));
    found.map_or(1e-6, |row| row.1.max(1e-6))
}

fn can_decide(claim: &Claim) -> bool {
    worth(claim.kind).decides && claim.place != Place::Unstated
}

/// The best rank that gives a place; nothing where a better kind names an organisation whose seat is not known: "who" is answered then, and
/// a weaker kind must not answer "where" for somebody else.
fn deciding_rank(claims: &[Claim]) -> Option<u8> {
    let best = claims.iter().filter(|claim| can_decide(claim)).map(|claim| worth(claim.kind).rank).min()?;
    let passed_over = claims.iter().any(|claim| {
        worth(claim.kind).decides
            && worth(claim.kind).rank < best
            && claim.facet != Facet::Channel
            && names_organisation(claim)
    });
    (!passed_over).then_some(best)
}

fn names_organisation(claim: &Claim) -> bool {
    matches!(claim.party, Some(Party::Vendor(_) | Party::Organisation(_)))
}

fn origin(deciders: &[Claim]) -> Origin {
    let mut loci: Vec<Locus> = Vec::new();
    let mut bands: Vec<&[CountryCode]> = Vec::new();
    let users = |claim: &Claim| claim.kind == EvidenceKind::UserClaim;
    let somewhere = deciders.iter().any(|claim| users(claim) && claim.place != Place::NoSeat);
    let mut contradictory = somewhere && deciders.iter().any(|claim| users(claim) && claim.place == Place::NoSeat);
    for claim in deciders {
        contradictory |= claim.contradictory;
        match &claim.place {
            Place::At(locus) => loci.push(*locus),
            Place::Band(countries) => bands.push(countries),
            Place::NoSeat | Place::Unstated => {}
        }
    }
    loci.sort_unstable();
    loci.dedup();
    // What every deciding claim allows; nothing where they exclude each other.
    let mut all: Vec<CountryCode> =
        loci.iter().map(Locus::country).chain(bands.iter().flat_map(|band| band.iter().copied())).collect();
    all.sort_unstable();
    all.dedup();
    if contradictory {
        return Origin::Conflict(all);
    }
    let allowed: Vec<CountryCode> = all
        .iter()
        .copied()
        .filter(|code| {
            loci.iter().all(|locus| locus.country() == *code) && bands.iter().all(|band| band.contains(code))
        })
        .collect();
    match (all.is_empty(), allowed.as_slice()) {
        (true, _) => Origin::NoSeat(why_no_seat(deciders)),
        (false, []) => Origin::Conflict(all),
        (false, [one]) => Origin::Country(match loci.as_slice() {
            [locus] => *locus,
            _ => Locus::Country(*one),
        }),
        (false, several) => Origin::Band(several.to_vec()),
    }
}

fn why_no_seat(deciders: &[Claim]) -> NoSeat {
    match deciders.first().map(|claim| claim.kind) {
        Some(EvidenceKind::IndividualAccount) => NoSeat::Individual,
        Some(EvidenceKind::UserClaim) => NoSeat::UserClaim,
        Some(EvidenceKind::LocalCopy) => NoSeat::Local,
        _ => NoSeat::Community,
    }
}
