//! What of a report a state is compared by: taken from a report in memory, or from one that was saved.
//!
//! A saved report can be a stranger's: all of its text is untrusted, words of ours included.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use semver::Version;
use serde::{Deserialize, Deserializer, Serialize};

use super::facet::rounded;
use super::{FacetReport, OriginKind, Report, Untrusted};
use crate::exposure::Grade;

/// Why a saved report cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Keys are missing, or hold something else.
    #[error("the report lacks something, or ends too early: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A version is none.
    #[error("in the report, package `{package}` has the version `{version}`, which is not one")]
    NotAVersion {
        /// The package.
        package: String,
        /// The text.
        version: String,
    },
    /// It does not hold together.
    #[error("in the report, an exposure is about {0}, which is not among the packages")]
    Unlisted(String),
}

/// A state that can be compared with another.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct State {
    /// Version of the program.
    pub generator: Untrusted,
    /// The day asked about.
    pub as_of: Untrusted,
    /// The home, if one was set.
    pub home: Option<Untrusted>,
    /// The newest date of the data.
    pub data_date: Untrusted,
    /// What was looked at.
    pub workspace: WorkspaceState,
    /// Every package.
    pub packages: Vec<PackageState>,
    pub(super) exposures: Vec<ExposureState>,
    pub(super) concentration: Vec<ConcentrationState>,
    pub(super) unknowns: Vec<UnknownState>,
    /// Of older reports they are not known.
    #[serde(default)]
    programmes: Vec<ProgrammeState>,
    #[serde(default)]
    overrides: Vec<Untrusted>,
    gaps: Vec<GapState>,
}

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct WorkspaceState {
    /// Its name.
    pub name: Untrusted,
    /// `metadata` or `lock-file`.
    pub mode: Untrusted,
    /// Manifests that were read from the local registry cache.
    pub from_cache: u32,
}

/// A package of a state.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PackageState {
    /// Name.
    pub name: Untrusted,
    /// Version.
    pub version: Version,
    /// Source, as a lock file writes it; `path` for a folder.
    pub source: Untrusted,
    pub(super) purl: Untrusted,
    pub(super) workspace: bool,
    pub(super) direct: bool,
    pub(super) path: Vec<Untrusted>,
    pub(super) capabilities: PowerState,
    pub(super) facets: FacetStates,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct PowerState {
    pub(super) build_script: Option<bool>,
    pub(super) proc_macro: Option<bool>,
    pub(super) runs_at_build: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct FacetStates {
    pub(super) steward: Answer,
    pub(super) publisher: Answer,
    pub(super) contribution: Answer,
    pub(super) channel: Answer,
    pub(super) native: Answer,
}

impl FacetStates {
    pub(super) fn all(&self) -> [(&'static str, &Answer); 5] {
        [
            ("steward", &self.steward),
            ("publisher", &self.publisher),
            ("contribution", &self.contribution),
            ("channel", &self.channel),
            ("native", &self.native),
        ]
    }
}

/// The answer for one facet, without its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// Which kind of answer it is.
    pub kind: OriginKind,
    /// ISO codes: one for a country (or region), several for a band or a conflict.
    pub countries: Vec<Untrusted>,
    /// For several: whether there are others, of whom no place is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub others: bool,
    /// Who, by id in the register or forge path, else by name.
    pub party: Option<Untrusted>,
    /// The name of an organisation.
    pub name: Option<Untrusted>,
    /// Who ultimately owns or holds that party.
    pub owner: Option<OwnerAnswer>,
}

/// An owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerAnswer {
    /// Id in the register.
    pub id: Untrusted,
    /// Name.
    pub name: Untrusted,
    /// Its seat, if it is settled.
    pub seat: Option<Untrusted>,
}

/// As the report has it.
#[derive(Deserialize)]
struct RawAnswer {
    origin: RawOrigin,
    party: Option<RawParty>,
    owner: Option<OwnerAnswer>,
}

#[derive(Deserialize)]
struct RawOrigin {
    kind: OriginKind,
    countries: Vec<Untrusted>,
    #[serde(default)]
    others: bool,
}

#[derive(Deserialize)]
struct RawParty {
    id: Option<Untrusted>,
    name: Option<Untrusted>,
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawAnswer::deserialize(deserializer)?;
        let party = raw.party.as_ref().and_then(|party| party.id.clone().or_else(|| party.name.clone()));
        let name = raw.party.and_then(|party| party.name);
        let RawOrigin { kind, countries, others } = raw.origin;
        Ok(Self { kind, countries, others, party, name, owner: raw.owner })
    }
}

impl From<&FacetReport> for Answer {
    fn from(facet: &FacetReport) -> Self {
        let text = |text: &String| Untrusted::from(text.as_str());
        let party = facet.party.as_ref().and_then(|party| party.id.clone().or_else(|| party.name.clone()));
        Self {
            kind: facet.origin.kind,
            countries: facet.origin.countries.iter().map(text).collect(),
            others: facet.origin.others,
            party,
            name: facet.party.as_ref().and_then(|party| party.name.clone()),
            owner: facet.owner.as_ref().map(|owner| OwnerAnswer {
                id: text(&owner.id),
                name: text(&owner.name),
                seat: owner.seat.as_ref().map(text),
            }),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct ExposureState {
    pub(super) programme: Untrusted,
    pub(super) package: Untrusted,
    pub(super) purl: Untrusted,
    pub(super) grade: Untrusted,
    pub(super) effect: Untrusted,
    pub(super) because: Untrusted,
    pub(super) status: Untrusted,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
pub(super) struct ConcentrationState {
    pub(super) facet: Untrusted,
    pub(super) weighting: Untrusted,
    pub(super) shares: BTreeMap<Untrusted, f64>,
    pub(super) no_seat: f64,
    pub(super) conflict: f64,
    pub(super) unknown: f64,
    pub(super) hhi: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct UnknownState {
    pub(super) facet: Untrusted,
    pub(super) reason: Untrusted,
    pub(super) packages: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct ProgrammeState {
    id: Untrusted,
    status: Untrusted,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct GapState {
    kind: Untrusted,
}

impl State {
    /// Reads a saved report of version 1. Keys that are not needed are passed over.
    pub fn parse(json: &str) -> Result<Self, StateError> {
        /// The versions as they stand: a wrong one is told with its package.
        #[derive(Deserialize)]
        struct Versions {
            packages: Vec<Named>,
        }
        #[derive(Deserialize)]
        struct Named {
            name: String,
            version: String,
        }
        let mut state: Self = match serde_json::from_str(json) {
            Ok(state) => state,
            Err(error) => {
                let named: Vec<Named> =
                    serde_json::from_str(json).map_or_else(|_| Vec::new(), |all: Versions| all.packages);
                let wrong = named.into_iter().find(|package| Version::parse(&package.version).is_err());
                return Err(match wrong {
                    Some(Named { name, version }) => StateError::NotAVersion { package: name, version },
                    None => StateError::Malformed(error),
                });
            }
        };
        let known: BTreeSet<&Untrusted> = state.packages.iter().map(|package| &package.purl).collect();
        let unlisted = state.exposures.iter().find(|exposure| !known.contains(&exposure.purl));
        if let Some(exposure) = unlisted {
            return Err(StateError::Unlisted(exposure.package.raw().to_owned()));
        }
        // What was written with six digits is read as such.
        for row in &mut state.concentration {
            let numbers = [&mut row.no_seat, &mut row.conflict, &mut row.unknown];
            numbers.into_iter().chain(row.shares.values_mut()).chain(&mut row.hhi).for_each(|n| *n = rounded(*n));
        }
        Ok(state)
    }

    /// Whether it was made of a saved `cargo metadata`, which does not tell mirrors.
    pub fn without_channels(&self) -> bool {
        self.gaps.iter().any(|gap| gap.kind.raw() == "mirrors-not-visible")
    }

    /// Whether what another lacks is not there, and not only not known: both were made by the same program, with the same data, home and
    /// own rows, from as much.
    pub fn tells_as_much_as(&self, other: &Self) -> bool {
        fn made(state: &State) -> (&Untrusted, &Untrusted, Option<&Untrusted>, &[Untrusted], &Untrusted, bool, bool) {
            let cached = state.workspace.from_cache > 0;
            let State { generator, data_date, home, overrides, workspace, .. } = state;
            (generator, data_date, home.as_ref(), overrides, &workspace.mode, cached, state.without_channels())
        }
        made(self) == made(other)
    }

    /// Programmes that stand in another as they do here: in force, to come, or over.
    pub fn programmes_alike(&self, other: &Self) -> BTreeSet<String> {
        let there: BTreeMap<&Untrusted, &Untrusted> =
            other.programmes.iter().map(|programme| (&programme.id, &programme.status)).collect();
        let same = self.programmes.iter().filter(|programme| there.get(&programme.id) == Some(&&programme.status));
        same.map(|programme| programme.id.raw().to_owned()).collect()
    }

    /// What is reached: the package, the programme, and how near it is; nothing for a grade that is not known here.
    pub fn reached(&self) -> Vec<(&PackageState, &Untrusted, Grade)> {
        let by_purl: BTreeMap<&Untrusted, &PackageState> =
            self.packages.iter().map(|package| (&package.purl, package)).collect();
        let rows = self.exposures.iter().filter_map(|exposure| {
            let grade = Grade::ALL.into_iter().find(|grade| grade.as_str() == exposure.grade.raw())?;
            Some((*by_purl.get(&exposure.purl)?, &exposure.programme, grade))
        });
        rows.collect()
    }
}

impl From<&Report> for State {
    fn from(report: &Report) -> Self {
        let text = |text: &str| Untrusted::from(text);
        Self {
            generator: text(&report.generator),
            as_of: text(&report.as_of),
            home: report.home.as_deref().map(text),
            data_date: text(&report.data_date),
            workspace: WorkspaceState {
                name: report.workspace.name.clone(),
                mode: text(&report.workspace.mode),
                from_cache: report.workspace.from_cache,
            },
            packages: report.packages.iter().map(PackageState::from).collect(),
            exposures: report.exposures.iter().map(ExposureState::from).collect(),
            concentration: report.concentration.iter().map(ConcentrationState::from).collect(),
            unknowns: report
                .unknowns
                .iter()
                .map(|row| UnknownState { facet: text(row.facet), reason: text(&row.reason), packages: row.packages })
                .collect(),
            programmes: report
                .programmes
                .iter()
                .map(|row| ProgrammeState { id: text(&row.id), status: text(row.status) })
                .collect(),
            overrides: report.overrides.clone(),
            gaps: report.gaps.iter().map(|gap| GapState { kind: text(gap.kind) }).collect(),
        }
    }
}

impl From<&super::PackageReport> for PackageState {
    fn from(package: &super::PackageReport) -> Self {
        let facets = &package.facets;
        Self {
            name: package.name.clone(),
            // What a graph holds is a version; it was written as one.
            version: package.version.parse().unwrap_or(Version::new(0, 0, 0)),
            source: package.source.clone(),
            purl: Untrusted::from(package.purl.as_str()),
            workspace: package.workspace,
            direct: package.direct,
            path: package.path.clone(),
            capabilities: PowerState {
                build_script: package.capabilities.build_script,
                proc_macro: package.capabilities.proc_macro,
                runs_at_build: package.capabilities.runs_at_build,
            },
            facets: FacetStates {
                steward: Answer::from(&facets.steward),
                publisher: Answer::from(&facets.publisher),
                contribution: Answer::from(&facets.contribution),
                channel: Answer::from(&facets.channel),
                native: Answer::from(&facets.native),
            },
        }
    }
}

impl From<&super::ExposureReport> for ExposureState {
    fn from(exposure: &super::ExposureReport) -> Self {
        let text = |text: &str| Untrusted::from(text);
        Self {
            programme: text(&exposure.programme),
            package: exposure.package.clone(),
            purl: text(&exposure.purl),
            grade: text(exposure.grade),
            effect: text(exposure.effect),
            because: text(&exposure.because),
            status: text(exposure.status),
        }
    }
}

impl From<&super::ConcentrationReport> for ConcentrationState {
    fn from(row: &super::ConcentrationReport) -> Self {
        Self {
            facet: row.facet.into(),
            weighting: row.weighting.into(),
            shares: row.shares.iter().map(|(code, share)| (code.as_str().into(), *share)).collect(),
            no_seat: row.no_seat,
            conflict: row.conflict,
            unknown: row.unknown,
            hhi: row.hhi,
        }
    }
}
