//! Colours of a terminal. Plain by default: only `cli` knows whether anybody sees them.

use anstyle::{AnsiColor, Style};

/// A style for each meaning.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stylesheet {
    /// Titles of sections.
    pub heading: Style,
    /// What is nearest to what a programme lists.
    pub severe: Style,
    /// What is near.
    pub notable: Style,
    /// What is not known.
    pub unknown: Style,
    /// What matters less.
    pub faint: Style,
    /// Names.
    pub strong: Style,
}

impl Stylesheet {
    /// Without any colour.
    pub fn plain() -> Self {
        Self::default()
    }

    /// With colours that hold on light and dark ground.
    pub fn coloured() -> Self {
        Self {
            heading: Style::new().bold(),
            severe: AnsiColor::Red.on_default().bold(),
            notable: AnsiColor::Yellow.on_default(),
            unknown: AnsiColor::Magenta.on_default(),
            faint: Style::new().dimmed(),
            strong: Style::new().bold(),
        }
    }

    /// The style of a grade, by its word.
    pub fn grade(&self, grade: &str) -> Style {
        match grade {
            "named" | "seat" => self.severe,
            "possible" | "-" => self.faint,
            _ => self.notable,
        }
    }
}

/// A text in a style; nothing is added where the style is plain.
pub(super) fn paint(style: Style, text: &str) -> String {
    if style == Style::new() { text.to_owned() } else { format!("{style}{text}{style:#}") }
}
