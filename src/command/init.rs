//! `cargo origin init`: a policy to start from.

use std::io::Write;

use camino::Utf8PathBuf;

use super::settings::home;
use super::{CommandError, ExitStatus, Settings, files};
use crate::data::Data;
use crate::load;
use crate::policy::{self, Baseline, PolicyText, Preset};

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct InitSettings {
    /// From whose side.
    pub preset: Preset,
    /// Whether what is there today is accepted.
    pub from_current: bool,
}

/// Why a policy is not written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is one.
    #[error("there is a policy already: {0}; remove it, or write another file with --config FILE")]
    Exists(String),
    /// A country is needed.
    #[error("the preset `sovereign` needs to know whose: give --home with an ISO 3166-1 code")]
    NoHome,
    /// It cannot be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: Utf8PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Writes a policy; never over one that is there.
pub fn init(settings: &Settings, wanted: InitSettings, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let data = Data::embedded()?;
    let given = settings.home.as_deref().map(|text| home(text, &data)).transpose()?;
    let of_preset = || wanted.preset.home().and_then(|code| code.parse().ok());
    let home = given.or_else(of_preset);
    if wanted.preset == Preset::Sovereign && home.is_none() {
        return Err(InitError::NoHome.into());
    }
    let (loaded, target) = match &settings.config {
        Some(path) if !wanted.from_current => (None, path.clone()),
        asked => {
            let loaded = load::load(&settings.input, &settings.environment)?;
            let root = loaded.root.clone().unwrap_or_else(|| settings.environment.current_dir.clone());
            if asked.is_none() {
                let found = load::find_policy(None, Some(&root), Some(&root), loaded.policy_in_manifest)?;
                if let Some(found) = found {
                    return Err(InitError::Exists(found.shown).into());
                }
            }
            let target = asked.clone().unwrap_or_else(|| root.join("origin.toml"));
            (Some(loaded), target)
        }
    };
    let text = |baseline: Option<&Baseline>| policy::preset(wanted.preset, home, settings.as_of, baseline);
    let mut baseline = None;
    if let Some(loaded) = loaded.filter(|_| wanted.from_current) {
        let start = PolicyText { shown: target.to_string(), text: text(None), manifest: false };
        let start = policy::parse(&start, data, &|_| Err("a policy to start from has no lists".to_owned()))?;
        let analysis = settings.analyse(loaded, &start.policy, &start.data)?;
        baseline = Some(analysis.baseline(&start.policy));
    }
    let failed = |source| InitError::Write { path: target.clone(), source };
    if target.symlink_metadata().is_ok() {
        return Err(InitError::Exists(target.to_string()).into());
    }
    let file = files::stage(&target, text(baseline.as_ref()).as_bytes()).map_err(failed)?;
    file.persist_new().map_err(failed)?;
    let shown = target.file_name().unwrap_or("origin.toml");
    writeln!(out, "{shown} is written. `cargo origin check` holds it against the project.")?;
    if let Some(number) = baseline.map(|baseline| baseline.exceptions.len()).filter(|number| *number > 0) {
        writeln!(
            out,
            "It accepts {number} findings of today; each exception needs a reason before the policy can be used."
        )?;
    }
    Ok(ExitStatus::Success)
}
