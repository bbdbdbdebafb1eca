//! What a change adds, removes and changes: for a terminal, and for a pull request.

mod human;
mod markdown;
mod words;

pub(super) use human::write as human;
pub(super) use markdown::write as markdown;
pub(super) use words::answer;
