//! The programmes and vendors, the policy's own among them, for a terminal.

use std::io::{self, Write};

use super::View;
use super::escape::terminal_long;
use super::human::paragraph;
use super::stylesheet::paint;
use super::table::{Bound, Field, lay_out};
use crate::report::catalogue::{ProgrammeEntry, VendorEntry};

/// All programmes, a line each.
pub fn programmes(entries: &[ProgrammeEntry], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let wide = view.width >= 120;
    let rows = entries.iter().map(|entry| {
        let reach = match (entry.foreign_to_home, entry.places.len(), entry.named.len()) {
            (true, ..) => "everything foreign".to_owned(),
            (_, 0, 0) => "-".to_owned(),
            (_, 0, named) => counted(named, "party", "parties"),
            (_, places, 0) => counted(places, "place", "places"),
            (_, places, named) => {
                format!("{}, {}", counted(places, "place", "places"), counted(named, "party", "parties"))
            }
        };
        let mut row = vec![
            Field::styled(entry.id.clone(), view.stylesheet.strong),
            Field::new(entry.effect.clone()),
            Field::new(entry.status.clone()),
            Field::new(reach),
            Field::new(entry.verification.clone()),
        ];
        if wide {
            row.push(Field::new(terminal_long(&entry.title)));
        }
        row
    });
    let mut head = vec!["id", "effect", "status", "reaches", "text"];
    if wide {
        head.push("title");
    }
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &[], view.width))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Everything about one programme.
pub fn programme(entry: &ProgrammeEntry, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet { view, out };
    sheet.title(&entry.id, &entry.title)?;
    sheet.text("", &entry.summary)?;
    sheet.text("authority", &entry.authority)?;
    sheet.text("citation", &entry.citation)?;
    sheet.text("effect", &entry.effect)?;
    sheet.optional("scope", entry.scope.as_deref())?;
    sheet.text("status", &entry.status)?;
    sheet.optional("ended", entry.ended.as_deref())?;
    for phase in &entry.phases {
        let from = phase.from.as_deref().unwrap_or("?");
        let until = phase.until.as_ref().map_or(String::new(), |day| format!(" until {day}"));
        sheet.text("", &format!("from {from}{until}: {}", phase.what))?;
    }
    sheet.list("lists", &entry.places)?;
    if entry.foreign_to_home {
        sheet.text("lists", "everything that is not from home")?;
    }
    sheet.optional("applies to a home of", entry.home.as_deref())?;
    sheet.text("reach through ownership", &entry.ownership)?;
    for exemption in &entry.exempt {
        sheet.text("exempt", exemption)?;
    }
    let named: Vec<String> = entry
        .named
        .iter()
        .map(|named| {
            let on = named.listed_on.as_ref().map_or(String::new(), |day| format!(", {day}"));
            let until = named.until.as_ref().map_or(String::new(), |day| format!(" until {day}"));
            format!("{} ({}{on}{until})", named.name, named.vendor)
        })
        .collect();
    sheet.list("names", &named)?;
    sheet.optional("note", entry.note.as_deref())?;
    sheet.text("verification", &format!("{}, row of {}", entry.verification, entry.as_of))?;
    sheet.list("tags", &entry.tags)?;
    sheet.addresses(&entry.sources)
}

/// All vendors, a line each.
pub fn vendors(entries: &[VendorEntry], view: &View, out: &mut dyn Write) -> io::Result<()> {
    let rows = entries.iter().map(|entry| {
        vec![
            Field::styled(entry.id.clone(), view.stylesheet.strong),
            Field::new(terminal_long(&entry.name)),
            Field::new(entry.kind.clone()),
            Field::new(entry.seat.clone().unwrap_or_else(|| "-".to_owned())),
            Field::number(if entry.designations.is_empty() {
                "-".to_owned()
            } else {
                entry.designations.len().to_string()
            }),
            Field::new(if entry.verified {
                entry.confidence.clone()
            } else {
                format!("{}, unverified", entry.confidence)
            }),
        ]
    });
    let head = ["id", "name", "kind", "seat", "listings", "confidence"];
    let bounds = [Bound::AtMost(30), Bound::AtMost(42)];
    write!(out, "{}", lay_out(view.stylesheet.heading, &head, rows.collect(), &bounds, view.width))
}

/// Everything about one vendor.
pub fn vendor(entry: &VendorEntry, view: &View, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet { view, out };
    sheet.title(&entry.id, &entry.name)?;
    sheet.list("also called", &entry.aliases)?;
    sheet.text(
        "kind",
        &entry.sector.as_ref().map_or(entry.kind.clone(), |sector| format!("{}, {sector}", entry.kind)),
    )?;
    sheet.text("seat", entry.seat.as_deref().unwrap_or("not settled, or none"))?;
    sheet.optional("incorporated in", entry.incorporated.as_deref())?;
    sheet.list("also named for it", &entry.also_claimed)?;
    sheet.list("seats over time", &entry.seats)?;
    sheet.list("owned or held by", &entry.owners)?;
    sheet.list("forges", &entry.forges)?;
    sheet.list("domains", &entry.domains)?;
    for listing in &entry.designations {
        let on = listing.listed_on.as_ref().map_or("date not known".to_owned(), |day| {
            if listing.date_inferred { format!("about {day} (inferred)") } else { day.clone() }
        });
        let until = listing.until.as_ref().map_or(String::new(), |day| format!(" until {day}"));
        let parts = [
            listing.citation.as_deref(),
            listing.listed_as.as_deref(),
            listing.scope.as_deref(),
            listing.source.as_deref(),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        let text = format!(
            "{} ({}), {on}{until}, {} confidence: {}",
            listing.programme,
            listing.effect,
            listing.confidence,
            parts.join(" \u{b7} ")
        );
        sheet.text("listed", &text)?;
    }
    for absent in &entry.absent {
        sheet.text("not found in", absent)?;
    }
    sheet.optional("note", entry.note.as_deref())?;
    let verified = match (entry.verified, entry.source_read) {
        (false, _) => ", unverified: the row names no source",
        (true, false) => ", source not opened when the row was written",
        (true, true) => ", source read",
    };
    sheet.text("confidence", &format!("{}{verified}, row of {}", entry.confidence, entry.as_of))?;
    sheet.addresses(&entry.sources)
}

struct Sheet<'a> {
    view: &'a View,
    out: &'a mut dyn Write,
}

impl Sheet<'_> {
    fn title(&mut self, id: &str, name: &str) -> io::Result<()> {
        let text = paragraph(&terminal_long(&format!("{id} \u{b7} {name}")), self.view.width);
        writeln!(self.out, "{}", paint(self.view.stylesheet.strong, text.trim()))
    }

    fn text(&mut self, label: &str, text: &str) -> io::Result<()> {
        let line = if label.is_empty() { text.to_owned() } else { format!("{label}: {text}") };
        write!(self.out, "{}", paragraph(&terminal_long(&line), self.view.width))
    }

    fn optional(&mut self, label: &str, text: Option<&str>) -> io::Result<()> {
        text.map_or(Ok(()), |text| self.text(label, text))
    }

    fn list(&mut self, label: &str, texts: &[String]) -> io::Result<()> {
        if texts.is_empty() { Ok(()) } else { self.text(label, &texts.join(", ")) }
    }

    fn addresses(&mut self, addresses: &[String]) -> io::Result<()> {
        if addresses.is_empty() {
            return self.text("source", "none: unverified");
        }
        // An address is not broken, however narrow the terminal.
        for address in addresses {
            writeln!(self.out, "  {address}")?;
        }
        Ok(())
    }
}
