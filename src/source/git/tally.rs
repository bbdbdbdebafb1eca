//! Lines of `git log` to authors and their weeks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use indexmap::IndexMap;

use super::HistoryQuery;
use super::address::{domain, is_program};
use crate::date::Date;
use crate::facts::commits::{Author, History, Vote};

/// The longest line: a date, and two addresses of at most 320 bytes (RFC 5321: 64, the `@`, and 255), with room for those that are none.
pub(super) const MAX_LINE: usize = 1 << 10;

/// Days from 1970-01-01 to 1990-01-01. The oldest histories in git, converted from older systems, begin in the 1980s with dates that were
/// made up; time zones in them were lost.
const FIRST_DAY: i64 = 7305;

/// Days by which a clock may be ahead of ours: two, since it is tomorrow already in the east, and clocks are set wrong by a day.
const AHEAD: i64 = 2;

/// The offsets in use, in minutes: Baker Island to the Line Islands.
const OFFSETS: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

const DAY: i64 = 24 * 60 * 60;

/// Which commits count, in days since 1970.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    since: i64,
    until: Option<i64>,
    today: i64,
    limit: u64,
}

impl Window {
    pub(super) fn of(query: &HistoryQuery<'_>) -> Self {
        Self {
            since: query.since.map_or(i64::MIN, day),
            until: query.until.map(day),
            today: day(query.today),
            limit: query.limit.unwrap_or(u64::MAX),
        }
    }
}

fn day(date: Date) -> i64 {
    Date::from_unix(0).map_or(0, |epoch| i64::from(epoch.days_until(date)))
}

/// An author while the history is read.
#[derive(Debug, Default)]
struct Seen {
    /// Commits by week and offset.
    weeks: BTreeMap<(i32, i16), u32>,
    domains: BTreeSet<String>,
    bot: bool,
}

/// What was read so far.
#[derive(Debug)]
pub(super) struct Tally {
    window: Window,
    authors: IndexMap<Vec<u8>, Seen>,
    commits: u64,
    impossible: u64,
    span: Option<(i64, i64)>,
    /// The address of the line, in lower case; kept for its memory.
    address: Vec<u8>,
}

/// What a line says of its commit.
enum Judged<'a> {
    Counts(Commit<'a>),
    Elsewhen,
    Impossible,
}

struct Commit<'a> {
    seconds: i64,
    week: i32,
    offset: i16,
    /// The address by which the author is known.
    mapped: &'a [u8],
    /// The address as it was committed.
    raw: &'a [u8],
}

impl Tally {
    pub(super) fn new(window: Window) -> Self {
        Self { window, authors: IndexMap::new(), commits: 0, impossible: 0, span: None, address: Vec::new() }
    }

    /// Takes a line, or hears that one was too long. Breaks when it has enough.
    pub(super) fn line(&mut self, line: Option<&[u8]>) -> ControlFlow<()> {
        match line.map_or(Judged::Impossible, |line| judge(line, &self.window)) {
            Judged::Counts(commit) => self.count(&commit),
            Judged::Impossible => self.impossible += 1,
            Judged::Elsewhen => {}
        }
        if self.read() < self.window.limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Commits that were read, but for those of other days.
    pub(super) fn read(&self) -> u64 {
        self.commits + self.impossible
    }

    fn count(&mut self, commit: &Commit<'_>) {
        self.commits += 1;
        let (first, last) = self.span.unwrap_or((commit.seconds, commit.seconds));
        self.span = Some((first.min(commit.seconds), last.max(commit.seconds)));
        lower(&mut self.address, commit.mapped);
        if !self.authors.contains_key(&self.address) {
            let domains = domain(&self.address).map(str::to_owned).into_iter().collect();
            let seen = Seen { weeks: BTreeMap::new(), domains, bot: is_program(&self.address) };
            self.authors.insert(self.address.clone(), seen);
        }
        let Some(seen) = self.authors.get_mut(&self.address) else { return };
        let commits = seen.weeks.entry((commit.week, commit.offset)).or_insert(0);
        *commits = commits.saturating_add(1);
        if commit.raw != commit.mapped {
            lower(&mut self.address, commit.raw);
            if let Some(domain) = domain(&self.address).filter(|domain| !seen.domains.contains(*domain)) {
                seen.domains.insert(domain.to_owned());
            }
        }
    }

    /// The history. The authors stand in the order of their votes, which says nothing of their addresses.
    pub(super) fn finish(self, head: String, shallow: bool) -> History {
        let author = |seen: Seen| Author {
            votes: votes(&seen.weeks),
            domains: seen.domains.into_iter().collect(),
            bot: seen.bot,
        };
        let mut authors: Vec<Author> = self.authors.into_values().map(author).collect();
        authors.sort_unstable();
        History { authors, head, commits: self.commits, impossible: self.impossible, span: self.span, shallow }
    }
}

fn lower(into: &mut Vec<u8>, bytes: &[u8]) {
    into.clear();
    into.extend(bytes.iter().map(u8::to_ascii_lowercase));
}

/// One vote a week: the offset of most of its commits, of equally many the smaller one.
fn votes(weeks: &BTreeMap<(i32, i16), u32>) -> Vec<Vote> {
    let mut votes: Vec<Vote> = Vec::new();
    let mut most = 0;
    for (&(week, offset), &commits) in weeks {
        if let Some(vote) = votes.last_mut().filter(|vote| vote.week == week) {
            vote.commits = vote.commits.saturating_add(commits);
            if commits > most {
                (vote.offset, most) = (offset, commits);
            }
        } else {
            votes.push(Vote { week, offset, commits });
            most = commits;
        }
    }
    votes
}

/// Reads `seconds offset<TAB>mapped address`, and after a NUL the address as committed where it was asked for.
fn judge<'a>(line: &'a [u8], window: &Window) -> Judged<'a> {
    // The date comes first, since an address can hold a tab.
    let mut halves = line.splitn(2, |byte| *byte == b'\t');
    let (Some(date), Some(addresses)) = (halves.next(), halves.next()) else { return Judged::Impossible };
    let mut words = date.splitn(2, |byte| *byte == b' ');
    let (Some(seconds), Some(offset)) = (words.next().and_then(number), words.next()) else {
        return Judged::Impossible;
    };
    let day = seconds.div_euclid(DAY);
    if window.until.is_some_and(|until| day > until) {
        return Judged::Elsewhen;
    }
    if day < FIRST_DAY || window.until.is_none() && day > window.today + AHEAD {
        return Judged::Impossible;
    }
    if day < window.since {
        return Judged::Elsewhen;
    }
    // 1970-01-01 was a Thursday, three days into its week.
    let (Some(offset), Ok(week)) = (minutes(offset), i32::try_from((day + 3).div_euclid(7))) else {
        return Judged::Impossible;
    };
    let mut addresses = addresses.splitn(2, |byte| *byte == 0);
    let mapped = addresses.next().unwrap_or_default();
    Judged::Counts(Commit { seconds, week, offset, mapped, raw: addresses.next().unwrap_or(mapped) })
}

fn number(digits: &[u8]) -> Option<i64> {
    let digit = |sum: Option<i64>, byte: &u8| match byte {
        b'0'..=b'9' => sum?.checked_mul(10)?.checked_add(i64::from(byte - b'0')),
        _ => None,
    };
    if digits.is_empty() { None } else { digits.iter().fold(Some(0), digit) }
}

/// Minutes east of UTC of an offset like `+0530`, if one is in use.
fn minutes(offset: &[u8]) -> Option<i16> {
    let (sign, digits) = match offset {
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let number = number(digits).filter(|_| digits.len() == 4)?;
    let minutes = sign * i32::try_from(number / 100 * 60 + number % 100).ok()?;
    let real = OFFSETS.contains(&minutes) && number % 100 < 60 && minutes % 15 == 0;
    i16::try_from(minutes).ok().filter(|_| real)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally(lines: &[&[u8]], since: &str, until: Option<&str>) -> History {
        let day_of = |text: &str| day(text.parse().unwrap());
        let window =
            Window { since: day_of(since), until: until.map(day_of), today: day_of("2026-01-10"), limit: u64::MAX };
        let mut tally = Tally::new(window);
        for line in lines {
            assert!(tally.line(Some(line)).is_continue());
        }
        tally.finish("head".to_owned(), false)
    }

    #[test]
    fn the_first_day_and_week_are_right() {
        assert_eq!(day("1990-01-01".parse().unwrap()), FIRST_DAY);
        // Sunday and Monday of two weeks; 2024-01-01 was a Monday.
        let history =
            tally(&[b"1704067199 +0000\ta@example.org", b"1704067200 +0000\ta@example.org"], "1990-01-01", None);
        let weeks: Vec<i32> = history.authors[0].votes.iter().map(|vote| vote.week).collect();
        assert_eq!(weeks, [2817, 2818]);
        assert_eq!(history.span, Some((1_704_067_199, 1_704_067_200)));
    }

    #[test]
    fn most_commits_decide_and_then_the_smaller_offset() {
        let at =
            |offset: &str, commits: usize| vec![format!("1704067200 {offset}\ta@example.org").into_bytes(); commits];
        let lines = [at("+0900", 2), at("-0330", 1), at("+0530", 2), at("+0000", 1)].concat();
        let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
        let history = tally(&lines, "1990-01-01", None);
        assert_eq!(history.authors[0].votes, [Vote { week: 2818, offset: 330, commits: 6 }]);
    }

    #[test]
    fn what_cannot_be_is_counted_apart_from_what_was_not_asked_for() {
        let lines: [&[u8]; 12] = [
            b"631151999 +0000\ta@example.org",  // 1989-12-31
            b"1768176000 +0000\ta@example.org", // 2026-01-12
            b"1768262400 +0000\ta@example.org", // 2026-01-13
            b"1700000000 +1415\ta@example.org",
            b"1700000000 -1215\ta@example.org",
            b"1700000000 +0507\ta@example.org",
            b"1700000000 +0560\ta@example.org",
            b"1700000000 +51800\ta@example.org",
            b"1700000000\ta@example.org",
            b"\ta@example.org",
            b"99999999999999999999 +0000\ta@example.org",
            b"1700000000 +1400\ta@example.org",
        ];
        let history = tally(&lines, "1990-01-01", None);
        assert_eq!((history.commits, history.impossible), (2, 10));
        let history = tally(&lines, "2025-01-01", Some("2026-01-12"));
        assert_eq!((history.commits, history.impossible), (1, 4));
    }

    #[test]
    fn an_author_is_an_address_in_any_case() {
        let lines: [&[u8]; 4] = [
            b"1700000000 +0000\tA@Example.org\0old@Example.NET",
            b"1700000000 +0000\ta@example.ORG\0a@example.org",
            b"1700000000 +0000\tb\tc@example.org",
            b"1700000000 +0000\t\xff\xfe",
        ];
        let history = tally(&lines, "1990-01-01", None);
        let mut domains: Vec<Vec<String>> = history.authors.into_iter().map(|author| author.domains).collect();
        domains.sort();
        assert_eq!(
            domains,
            [vec![], vec!["example.net".to_owned(), "example.org".to_owned()], vec!["example.org".to_owned()]]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_fatal(lines in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 0..8)) {
            let lines: Vec<&[u8]> = lines.iter().map(Vec::as_slice).collect();
            let history = tally(&lines, "1990-01-01", None);
            prop_assert_eq!(history.commits + history.impossible, lines.len() as u64);
        }

        #[test]
        fn no_date_is_fatal(seconds in "[0-9]{0,22}", offset in "[+-]?[0-9]{0,12}", address in proptest::collection::vec(any::<u8>(), 0..40)) {
            let line = [format!("{seconds} {offset}\t").as_bytes(), &address].concat();
            let history = tally(&[&line], "1990-01-01", None);
            prop_assert_eq!(history.commits + history.impossible, 1);
        }
    }
}
