//! Tables that fit the terminal. The only user of `comfy-table`.

use anstyle::{AnsiColor, Color, Effects, Style};
use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table, Width};

/// A cell: a text that is already harmless, and how it looks.
#[derive(Clone, Debug)]
pub(super) struct Field {
    text: String,
    style: Style,
    right: bool,
}

impl Field {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new(), right: false }
    }

    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style, right: false }
    }

    /// A number stands on the right.
    pub(super) fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new(), right: true }
    }

    fn cell(self) -> Cell {
        let mut cell = Cell::new(self.text);
        if self.right {
            cell = cell.set_alignment(CellAlignment::Right);
        }
        let effects = self.style.get_effects();
        if effects.contains(Effects::BOLD) {
            cell = cell.add_attribute(Attribute::Bold);
        }
        if effects.contains(Effects::DIMMED) {
            cell = cell.add_attribute(Attribute::Dim);
        }
        match self.style.get_fg_color() {
            Some(Color::Ansi(AnsiColor::Red)) => cell.fg(comfy_table::Color::DarkRed),
            Some(Color::Ansi(AnsiColor::Yellow)) => cell.fg(comfy_table::Color::DarkYellow),
            Some(Color::Ansi(AnsiColor::Magenta)) => cell.fg(comfy_table::Color::DarkMagenta),
            _ => cell,
        }
    }
}

/// How wide a column may be, its padding included.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    /// Not wider.
    AtMost(u16),
    /// Not narrower.
    AtLeast(u16),
    /// Just so.
    Exactly(u16),
}

/// Lays out rows within a width, indented by two. Columns without a bound share what is left.
pub(super) fn lay_out(heading: Style, head: &[&str], rows: Vec<Vec<Field>>, bounds: &[Bound], width: u16) -> String {
    let coloured = heading != Style::new();
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.saturating_sub(2).max(40));
    if coloured {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    if !head.is_empty() {
        let style = if coloured { Style::new().dimmed() } else { Style::new() };
        table.set_header(Row::from(head.iter().map(|name| Field::styled(*name, style).cell()).collect::<Vec<_>>()));
    }
    for row in rows {
        table.add_row(Row::from(row.into_iter().map(Field::cell).collect::<Vec<_>>()));
    }
    for (number, bound) in bounds.iter().enumerate() {
        if let Some(column) = table.column_mut(number) {
            column.set_constraint(match bound {
                Bound::AtMost(width) => ColumnConstraint::UpperBoundary(Width::Fixed(*width)),
                Bound::AtLeast(width) => ColumnConstraint::LowerBoundary(Width::Fixed(*width)),
                Bound::Exactly(width) => ColumnConstraint::Absolute(Width::Fixed(*width)),
            });
        }
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut out = String::new();
    for line in table.lines() {
        out.push_str("  ");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
