//! `cargo origin programmes` and `cargo origin vendors`: the embedded data made readable.

use std::io::Write;

use super::settings::home;
use super::{CommandError, ExitStatus, Settings};
use crate::data::VendorIx;
use crate::exposure;
use crate::policy::nearest;
use crate::render::{self, Format};
use crate::report::catalogue;

/// Lists the programmes as they stand on the day, or shows one.
pub fn programmes(settings: &Settings, show: Option<&str>, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "programmes")?;
    let data = settings.data()?;
    let home = settings.home.as_deref().map(|text| home(text, &data)).transpose()?;
    let applied = exposure::applied(&data, settings.as_of, home);
    let entries = applied.iter().map(|applied| catalogue::programme(applied, &data));
    match show {
        None if format == Format::Json => render::write_json(&entries.collect::<Vec<_>>(), out)?,
        None => render::programmes(&entries.collect::<Vec<_>>(), &settings.view, out)?,
        Some(id) => {
            let ids = applied.iter().map(|applied| applied.programme.id);
            let entry = entries
                .into_iter()
                .find(|entry| entry.id == id)
                .ok_or_else(|| missing("programme", id, nearest(ids, id)))?;
            if format == Format::Json {
                render::write_json(&entry, out)?;
            } else {
                render::programme(&entry, &settings.view, out)?;
            }
        }
    }
    Ok(ExitStatus::Success)
}

/// Lists the vendors, or shows one: by id, name or other name.
pub fn vendors(settings: &Settings, show: Option<&str>, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let format = super::human_or_json(settings.format, "vendors")?;
    let data = settings.data()?;
    let Some(wanted) = show else {
        let all = (0u32..).map(VendorIx).take(data.tables.vendors.len());
        let entries: Vec<_> = all.map(|at| catalogue::vendor(at, &data)).collect();
        if format == Format::Json {
            render::write_json(&entries, out)?;
        } else {
            render::vendors(&entries, &settings.view, out)?;
        }
        return Ok(ExitStatus::Success);
    };
    let by_name = || data.holder(&crate::copyright::normalise(wanted));
    let found = data.vendor_by_id(wanted).or_else(by_name);
    let ids = data.tables.vendors.iter().map(|vendor| vendor.id);
    let at = found.ok_or_else(|| missing("vendor", wanted, nearest(ids, &wanted.to_lowercase())))?;
    let entry = catalogue::vendor(at, &data);
    if format == Format::Json {
        render::write_json(&entry, out)?;
    } else {
        render::vendor(&entry, &settings.view, out)?;
    }
    Ok(ExitStatus::Success)
}

fn missing(what: &str, id: &str, near: Option<&str>) -> CommandError {
    let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    CommandError::NoSuchId(format!("no {what} `{id}` in the embedded data{hint}"))
}
