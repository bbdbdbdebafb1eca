//! Nothing: where the toolchain comes from is the story.

fn main() {}
