//! Nothing: the lock file beside it is the story.

fn main() {}
