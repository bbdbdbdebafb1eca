//! `cargo origin concentration`: how concentrated the origins are, and how sure that is.

use std::io::Write;

use super::settings::{Opened, home};
use super::{CommandError, ExitStatus, Settings};
use crate::facts::Facet;
use crate::policy;
use crate::render;
use crate::report::AskedOfConcentration;

/// What is asked.
#[derive(Clone, Debug)]
pub struct ConcentrationSettings {
    /// Ids of blocs and codes of countries that are called allied; the blocs of the home if none.
    pub allied: Vec<String>,
    /// How often to draw.
    pub draws: u32,
    /// Where the draws start from.
    pub seed: u64,
}

/// Shows shares, indexes, blocs, and the view from home.
pub fn concentration(
    settings: &Settings,
    wanted: &ConcentrationSettings,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let at_home = settings.home.as_deref().map(|text| home(text, &data)).transpose()?.or(policy.home);
    let blocs = policy::blocs(&policy, &data, settings.as_of);
    let allied = match (at_home, wanted.allied.as_slice()) {
        (None, []) => policy::Allied::default(),
        (None, _) => {
            let what = "allied with whom? set a home, with --home or in origin.toml";
            return Err(CommandError::Allied(what.to_owned()));
        }
        (Some(home), []) => policy::allied_of(home, &blocs),
        (Some(_), words) => policy::allied(words, &blocs, &data).map_err(CommandError::Allied)?,
    };
    let facets: Vec<Facet> = match settings.view.facet.and_then(Facet::from_word) {
        Some(facet) => vec![facet],
        None => Facet::ALL.to_vec(),
    };
    let analysis = settings.analyse(loaded, &policy, &data)?;
    let wanted = AskedOfConcentration {
        facets: &facets,
        blocs: &blocs,
        allied: &allied,
        draws: wanted.draws,
        seed: wanted.seed,
    };
    let report = analysis.concentrations(&policy, &wanted);
    render::write_concentration(&report, settings.format, &settings.view, out)?;
    // As in `report`: the process ends here.
    std::mem::forget((report, analysis));
    Ok(ExitStatus::Success)
}
