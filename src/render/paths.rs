//! Through whom a package comes in.

use std::io::{self, Write};

use super::stylesheet::paint;
use super::{View, escape};
use crate::report::Untrusted;

/// Writes the paths from members to a package, shortest first; `more` says that there are others.
pub fn paths(
    package: &Untrusted,
    found: &[Vec<Untrusted>],
    more: bool,
    view: &View,
    out: &mut dyn Write,
) -> io::Result<()> {
    let name = paint(view.stylesheet.strong, &escape::terminal(package));
    match (found.len(), more) {
        (0, _) => writeln!(out, "no selected member needs {name}")?,
        (count, true) => writeln!(out, "{name}: the {count} shortest paths of more")?,
        (1, false) => writeln!(out, "{name}: one path")?,
        (count, false) => writeln!(out, "{name}: {count} paths")?,
    }
    for path in found {
        let steps: Vec<String> = path.iter().map(escape::terminal).collect();
        writeln!(out, "  {}", steps.join(" > "))?;
    }
    Ok(())
}
