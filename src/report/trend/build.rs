//! Points to a report: what came and went, and what moved it.

use std::collections::{BTreeMap, BTreeSet};

use super::measure::{Measurement, Number, Reached};
use super::{HistoryRead, Moved, Movement, PointGap, TrendPoint, TrendReport, TrendState};
use crate::country::CountryCode;
use crate::date::{Date, Every};
use crate::report::facet::rounded;
use crate::report::{NOTICE, Untrusted};

/// Countries whose movement is told.
const MOST_COUNTRIES: usize = 5;

/// A point before it is compared with others.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The day.
    pub day: Date,
    /// The commit and its day.
    pub commit: Option<(String, Option<Date>)>,
    /// The numbers, or why there are none.
    pub found: Result<Measurement, PointGap>,
}

/// What was asked for, and what was found.
#[derive(Clone, Debug)]
pub struct Series {
    /// `then`, `today` or `fixed`.
    pub reading: &'static str,
    /// The day of evidence and law, where it is one.
    pub as_of: Option<Date>,
    /// How often.
    pub every: Every,
    /// First day.
    pub since: Date,
    /// Last day.
    pub until: Date,
    /// The user's home.
    pub home: Option<CountryCode>,
    /// The newest date of the data.
    pub data_date: Date,
    /// What the workspace is called.
    pub workspace: Untrusted,
    /// The lock file.
    pub lock_file: Untrusted,
    /// What was read of a repository: different lock files, and whether the clone is cut.
    pub history: Option<(u32, bool)>,
    /// The points, oldest first.
    pub samples: Vec<Sample>,
    /// The dependencies of the first point with numbers seen with evidence and law of the last, and those of the last seen with those of the first.
    pub crossed: Option<[TrendState; 2]>,
    /// What is to be known.
    pub notes: Vec<Untrusted>,
    /// What the policy's own rows change.
    pub overrides: Vec<Untrusted>,
}

/// Builds the report.
pub fn trend(series: Series) -> TrendReport {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let history = series.history.map(|(lock_files, shallow)| HistoryRead {
        commits: count(
            series.samples.iter().filter_map(|sample| sample.commit.as_ref()).collect::<BTreeSet<_>>().len(),
        ),
        lock_files,
        gaps: count(series.samples.iter().filter(|sample| sample.found.is_err()).count()),
        shallow,
    });
    let countries = countries(&series.samples);
    let movement = movement(&series, &countries);
    let points = points(series.samples);
    TrendReport {
        version: 1,
        generator: format!("cargo-origin {}", env!("CARGO_PKG_VERSION")),
        home: series.home.map(|home| home.to_string()),
        data_date: series.data_date.to_string(),
        workspace: series.workspace,
        lock_file: series.lock_file,
        reading: series.reading,
        as_of: series.as_of.map(|day| day.to_string()),
        every: series.every.as_str(),
        since: series.since.to_string(),
        until: series.until.to_string(),
        history,
        countries,
        points,
        movement,
        notes: series.notes,
        overrides: series.overrides,
        notice: NOTICE.to_owned(),
    }
}

/// Every country, those with the largest shares at any point first.
fn countries(samples: &[Sample]) -> Vec<String> {
    let mut largest: BTreeMap<&str, f64> = BTreeMap::new();
    for measured in samples.iter().filter_map(|sample| sample.found.as_ref().ok()) {
        for (code, part) in &measured.state.countries {
            let known = largest.entry(code).or_default();
            *known = known.max(part.share);
        }
    }
    let mut sorted: Vec<(&str, f64)> = largest.into_iter().collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    sorted.into_iter().map(|(code, _)| code.to_owned()).collect()
}

fn points(samples: Vec<Sample>) -> Vec<TrendPoint> {
    let mut before: Option<Measurement> = None;
    let mut points = Vec::with_capacity(samples.len());
    for Sample { day, commit, found } in samples {
        let (commit, committed) = commit.map_or((None, None), |(id, day)| (Some(id), day));
        let mut point = TrendPoint {
            day: day.to_string(),
            commit,
            committed: committed.map(|day| day.to_string()),
            state: None,
            gap: None,
            programmes_came: Vec::new(),
            programmes_went: Vec::new(),
            came: Vec::new(),
            went: Vec::new(),
        };
        match found {
            Ok(now) => {
                if let Some(before) = &before {
                    point.programmes_came = missing(&now.state, &before.state);
                    point.programmes_went = missing(&before.state, &now.state);
                    point.came = moved(&now.exposed, before);
                    point.went = moved(&before.exposed, &now);
                }
                point.state = Some(now.state.clone());
                before = Some(now);
            }
            Err(gap) => point.gap = Some(gap),
        }
        points.push(point);
    }
    points
}

/// Programmes that reach something on one side only.
fn missing(one: &TrendState, other: &TrendState) -> Vec<String> {
    one.programmes.keys().filter(|id| !other.programmes.contains_key(*id)).cloned().collect()
}

/// What of one side is not exposed on the other, by name.
fn moved(exposed: &BTreeMap<Number, Reached>, other: &Measurement) -> Vec<Moved> {
    let missing = exposed.iter().filter(|(number, _)| !other.exposed.contains_key(number));
    let mut moved: Vec<Moved> = missing
        .map(|(number, reached)| Moved {
            package: Untrusted::from(reached.name.as_str()),
            grade: reached.grade.as_str(),
            programmes: reached.programmes.iter().map(|id| (*id).to_owned()).collect(),
            cause: if other.present.binary_search(number).is_ok() { "evidence" } else { "dependencies" },
        })
        .collect();
    moved.sort_by(|a, b| (&a.package, a.cause).cmp(&(&b.package, b.cause)));
    moved
}

fn movement(series: &Series, countries: &[String]) -> Vec<Movement> {
    let mut found = series.samples.iter().filter_map(|sample| sample.found.as_ref().ok());
    let (Some(first), Some([first_seen_last, last_seen_first])) = (found.next(), series.crossed.as_ref()) else {
        return Vec::new();
    };
    let last = found.next_back().unwrap_or(first);
    let row = |what: &str, of: &dyn Fn(&TrendState) -> f64| {
        let (from, to) = (of(&first.state), of(&last.state));
        let (law, project) = (of(first_seen_last), of(last_seen_first));
        Movement {
            what: what.to_owned(),
            from: rounded(from),
            to: rounded(to),
            // Either could have moved first: the mean of both ways. What only both together did is shared.
            by_dependencies: rounded(f64::midpoint(project - from, to - law)),
            by_evidence: rounded(f64::midpoint(law - from, to - project)),
        }
    };
    let possible = |state: &TrendState| f64::from(state.grades.get("possible").copied().unwrap_or(0));
    let mut rows = vec![
        row("packages", &|state| f64::from(state.packages)),
        row("exposed", &|state| f64::from(state.exposed)),
        row("possible", &possible),
        row("no-seat", &|state| state.no_seat.share),
        row("unknown", &|state| state.unknown.share),
    ];
    for code in countries.iter().take(MOST_COUNTRIES) {
        rows.push(row(code, &|state| state.countries.get(code).map_or(0.0, |part| part.share)));
    }
    // Where nothing has a country there is no index, and no difference.
    if [&first.state, first_seen_last, last_seen_first, &last.state].iter().all(|state| state.hhi.is_some()) {
        rows.push(row("hhi", &|state| state.hhi.unwrap_or_default()));
    }
    rows
}
