//! What a source said of a subject over time, as rows of days: a row ends where the next begins, and the last has no end.

use crate::date::{Date, Moment};
use crate::facts::live::FactKind;

/// What was said from one day to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The first day; open for the first row.
    pub(super) from: Option<Date>,
    /// The day of the next row; none for the last.
    pub(super) until: Option<Date>,
    /// When it was first said, as far as is known.
    pub(super) first: Moment,
    /// When it was last said.
    pub(super) fetched: Moment,
    /// What, as JSON.
    pub(super) content: String,
}

/// Whether what was said before is kept: people move, and who could publish when is asked later. Versions and histories tell their own past.
pub(super) fn keeps_past(kind: FactKind) -> bool {
    match kind {
        FactKind::CrateOwners | FactKind::Profile | FactKind::Repository => true,
        FactKind::CrateVersions | FactKind::Observation => false,
    }
}

/// Adds what is said at a moment. No row is left that holds on no day.
pub(super) fn add(rows: &mut Vec<Row>, content: &str, at: Moment, day: Date, keep_past: bool) {
    let next = |from| Row { from, until: None, first: at, fetched: at, content: content.to_owned() };
    let Some(last) = rows.last_mut() else {
        rows.push(next(None));
        return;
    };
    if last.content == content {
        last.first = last.first.min(at);
        last.fetched = last.fetched.max(at);
    } else if !keep_past {
        *last = next(last.from);
    } else if last.from.is_none_or(|from| from < day) {
        last.until = Some(day);
        rows.push(next(Some(day)));
    } else {
        // It changed twice within a day: what was in between held on none.
        *last = next(last.from);
        if let [.., before, _] = rows.as_mut_slice()
            && before.content == content
        {
            before.until = None;
            before.fetched = at;
            rows.pop();
        }
    }
}

/// One row of days of what two stores saw: as if everything had been seen by one.
pub(super) fn merged(ours: &[Row], theirs: &[Row], keep_past: bool) -> Vec<Row> {
    if ours == theirs || theirs.is_empty() {
        return ours.to_vec();
    }
    if ours.is_empty() {
        return theirs.to_vec();
    }
    let mut said = sayings(ours);
    said.extend(sayings(theirs));
    // Of one moment it does not matter who saw it.
    said.sort_by_key(|saying| (saying.0, saying.1));
    let mut rows = Vec::new();
    for (at, content, _) in &said {
        if let Some(day) = at.day() {
            add(&mut rows, content, *at, day, keep_past);
        }
    }
    if let (Some(first), Some((_, _, from))) = (rows.first_mut(), said.first()) {
        first.from = *from;
    }
    rows
}

/// When what was said: when each row was first said, with its beginning, and when last.
fn sayings(rows: &[Row]) -> Vec<(Moment, &str, Option<Date>)> {
    let mut said = Vec::new();
    let mut before = Moment(i64::MIN);
    for row in rows {
        before = before.max(row.first);
        said.push((before, row.content.as_str(), row.from));
        before = before.max(row.fetched);
        said.push((before, row.content.as_str(), None));
    }
    said
}

/// When a row was first said of which only that is known which days it has and when it was last said: some time on its first day, and
/// not after it was last said.
pub(super) fn first_said(from: Option<Date>, fetched: Moment) -> Moment {
    from.map_or(fetched, |from| Moment((from.next().begin() - 1).min(fetched.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    fn said(days: &[(i64, &str)]) -> Vec<Row> {
        let mut rows = Vec::new();
        for (day, content) in days {
            let at = Moment(day * DAY + 7);
            add(&mut rows, content, at, at.day().unwrap(), true);
        }
        rows
    }

    fn shown(rows: &[Row]) -> Vec<String> {
        let day = |day: Option<Date>| day.map_or("..".to_owned(), |day| (day.begin() / DAY).to_string());
        rows.iter()
            .map(|row| format!("{} {} {} @{}", row.content, day(row.from), day(row.until), row.fetched.0 / DAY))
            .collect()
    }

    #[test]
    fn a_change_ends_a_row_and_begins_one() {
        assert_eq!(shown(&said(&[(1, "a"), (3, "a")])), ["a .. .. @3"]);
        assert_eq!(shown(&said(&[(1, "a"), (3, "b"), (5, "a")])), ["a .. 3 @1", "b 3 5 @3", "a 5 .. @5"]);
    }

    #[test]
    fn what_held_on_no_day_is_not_kept() {
        assert_eq!(shown(&said(&[(1, "a"), (3, "b"), (3, "c")])), ["a .. 3 @1", "c 3 .. @3"]);
        assert_eq!(shown(&said(&[(1, "a"), (3, "b"), (3, "a")])), ["a .. .. @3"]);
        // A clock that was set back.
        assert_eq!(shown(&said(&[(1, "a"), (5, "b"), (4, "c")])), ["a .. 5 @1", "c 5 .. @4"]);
        // On the first day, too: what was there before is not known to have begun that day.
        assert_eq!(shown(&said(&[(1, "a"), (1, "b"), (1, "a")])), ["a .. .. @1"]);
    }

    #[test]
    fn what_two_saw_is_what_one_would_have_seen() {
        let ours = said(&[(1, "a"), (9, "b"), (12, "b")]);
        let theirs = said(&[(2, "a"), (5, "c"), (7, "a"), (9, "a")]);
        assert_eq!(shown(&merged(&ours, &theirs, true)), ["a .. 5 @2", "c 5 7 @5", "a 7 9 @9", "b 9 .. @12"],);
        assert_eq!(merged(&ours, &theirs, true), merged(&theirs, &ours, true));
        let once = merged(&ours, &theirs, true);
        assert_eq!(merged(&once, &theirs, true), once);
        assert_eq!(merged(&once, &once, true), once);
        // Whoever comes first, and in whatever order: what was seen in between two sightings of another is in between.
        let (early, late, between) = (said(&[(1, "a")]), said(&[(6, "a")]), said(&[(3, "m")]));
        let orders = [[&early, &late, &between], [&early, &between, &late], [&between, &early, &late]];
        for order in orders {
            let all = order.iter().fold(Vec::new(), |all, rows| merged(&all, rows, true));
            assert_eq!(shown(&all), ["a .. 3 @1", "m 3 6 @3", "a 6 .. @6"]);
        }
        // The newest wins where no past is kept.
        assert_eq!(shown(&merged(&said(&[(3, "new")]), &said(&[(2, "old")]), false)), ["new .. .. @3"]);
    }
}
