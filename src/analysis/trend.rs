//! Many points in time: the stages of one analysis for each, and what they share.

use super::histories::Reader;
use super::{ClonesError, Histories, Options};
use crate::attribution;
use crate::data::Data;
use crate::date::Date;
use crate::evidence;
use crate::exposure::{self, Applied};
use crate::facts::{Facts, UserClaim};
use crate::load::Loaded;
use crate::party;
use crate::report::{self, Known, Measurement};

/// Measures lock files on days. Histories are read once, the programmes of a day are looked up once.
pub struct Points<'d> {
    reader: Reader<'d>,
    data: &'d Data,
    options: Options,
    claims: Vec<UserClaim>,
    /// Programmes on the day that was asked about last; the next point is often of the same.
    applied: Option<(Date, Vec<Applied<'d>>)>,
    known: Known,
}

impl<'d> Points<'d> {
    /// Nothing measured yet. The day of the options has no say.
    pub fn new(
        claims: Vec<UserClaim>,
        histories: &'d Histories,
        data: &'d Data,
        options: Options,
    ) -> Result<Self, ClonesError> {
        let reader = Reader::new(histories, data, options.today)?;
        Ok(Self { reader, data, options, claims, applied: None, known: Known::default() })
    }

    /// The numbers of a lock file with evidence and law of a day.
    pub fn measure(&mut self, loaded: &Loaded, day: Date) -> Measurement {
        let (graph, data) = (&loaded.graph, self.data);
        let repositories = party::repositories(graph, &loaded.manifests, data);
        let facts = Facts {
            observed: self.reader.observed(loaded, &repositories),
            claims: self.claims.clone(),
            ..Facts::default()
        };
        let parties = party::identify(graph, repositories, &facts, data, day);
        let evidence = evidence::collect(graph, &parties, &facts, data, day);
        let attributions = attribution::infer(graph, &parties, evidence, data);
        let (_, applied) = match self.applied.take().filter(|(of, _)| *of == day) {
            Some(known) => self.applied.insert(known),
            None => self.applied.insert((day, exposure::applied(data, day, self.options.home))),
        };
        let measured = exposure::measure(graph, &attributions, data, applied, day, self.options.thresholds);
        report::measure(graph, &attributions, applied, &measured.nearest, &mut self.known)
    }

    /// Histories that could not be read, in words.
    pub fn gaps(&self) -> impl Iterator<Item = &str> {
        self.reader.gaps.iter().map(|gap| gap.detail.as_str())
    }
}
