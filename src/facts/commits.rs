//! The history of a repository, as far as it says where the work is done: one vote per author and week.
//!
//! Names and addresses do not get here: an author is a row without an id, of which only the weeks, the offsets and the domains of the
//! addresses are kept.

/// The offset that an author's clock had in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Vote {
    /// ISO week, counted from the one that begins on Monday 1969-12-29, which is 0.
    pub week: i32,
    /// Minutes east of UTC: the offset of most of the week's commits; of equally many, the smaller one.
    pub offset: i16,
    /// Commits of that week.
    pub commits: u32,
}

/// One author.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The author's weeks, in order, each once.
    pub votes: Vec<Vote>,
    /// Domains of the author's addresses, lower case, sorted, each once.
    pub domains: Vec<String>,
    /// Whether the author is a program.
    pub bot: bool,
}

/// A history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The authors, in an order that says nothing about who they are.
    pub authors: Vec<Author>,
    /// Object id of the newest commit.
    pub head: String,
    /// Commits that were counted.
    pub commits: u64,
    /// Commits that were left out because their date or offset is impossible.
    pub impossible: u64,
    /// Seconds since 1970 of the oldest and the newest commit that were counted.
    pub span: Option<(i64, i64)>,
    /// Whether the repository has only a part of the history.
    pub shallow: bool,
}
