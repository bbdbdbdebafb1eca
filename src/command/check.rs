//! `cargo origin check`: the gate.

use std::io::Write;

use super::settings::nearest;
use super::{CommandError, ExitStatus, Settings, base};
use crate::data::Data;
use crate::load::LockLines;
use crate::policy::{Level, RULES, RuleSettings, rule};
use crate::render;
use crate::report::Untrusted;

/// Holds the policy against the project; levels that the command line gives to rules win over the policy's.
pub fn check(
    settings: &Settings,
    levels: &[(String, Level)],
    base: Option<&str>,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    let data = Data::embedded()?;
    let mut given = Vec::new();
    for (id, level) in levels {
        let number = rule::rule(id).ok_or_else(|| {
            let near = nearest(RULES.iter().map(|rule| rule.id), id);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            CommandError::NoSuchId(format!("`{id}` is not a rule{hint}"))
        })?;
        given.push((number, *level));
    }
    let (analysis, mut policy) = settings.analyse_with_policy(&data, notes)?;
    for (number, level) in given {
        policy.rules.entry(number).or_insert_with(|| RuleSettings::of(&RULES[number])).level = level;
    }
    let before = base.map(|asked| base::read(settings, asked, &analysis, &policy, &data)).transpose()?;
    let lines = LockLines::read(&settings.input, analysis.loaded().root.as_deref());
    let mut report = analysis.check(&policy, before.as_ref(), &lines);
    report.base = base.map(Untrusted::from);
    render::write_check(&report, settings.format, &settings.view, out)?;
    let violated = report.verdict == "violated";
    // As in `report`: the process ends here.
    std::mem::forget((report, analysis));
    Ok(if violated { ExitStatus::Violated } else { ExitStatus::Success })
}
