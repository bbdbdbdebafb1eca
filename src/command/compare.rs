//! `cargo origin compare`: two projects, two policies or two homes side by side.
//!
//! Two projects are two files, and a file can be a stranger's: what lies beside it has no say, and nothing is run because of what is in it.

use std::io::Write;

use camino::{Utf8Path, Utf8PathBuf};

use super::settings::{Opened, home, named_policy};
use super::{CommandError, ExitStatus, Settings};
use crate::analysis::{Analysis, Histories};
use crate::data::Data;
use crate::load::{self, Described, Input, Loaded, Mode, Selection};
use crate::policy::{ParsedPolicy, Policy};
use crate::render;
use crate::report::{self, Compared, Detail, State, Untrusted};

/// What is compared: one of the three.
#[derive(Clone, Debug, Default)]
pub struct CompareSettings {
    /// Two files, each a lock file, a saved `cargo metadata` or a saved report.
    pub files: Vec<Utf8PathBuf>,
    /// Two policies.
    pub policies: Vec<Utf8PathBuf>,
    /// Two countries.
    pub homes: Vec<String>,
}

/// What is compared, when it is clear.
enum Form<'a> {
    Projects([&'a Utf8Path; 2]),
    Policies([&'a Utf8Path; 2]),
    Homes([&'a str; 2]),
}

/// Shows two sides and what differs.
pub fn compare(
    settings: &Settings,
    wanted: &CompareSettings,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<ExitStatus, CommandError> {
    super::not_for_the_gate(settings.format)?;
    let (what, [a, b], said) = match form(settings, wanted)? {
        Form::Projects(files) => projects(settings, files)?,
        Form::Policies(files) => ("policies", policies(settings, files)?, Vec::new()),
        Form::Homes(codes) => ("homes", homes(settings, codes, notes)?, Vec::new()),
    };
    let report = report::compare(&a, &b, what, said);
    render::write_comparison(&report, settings.format, &settings.view, out)?;
    Ok(ExitStatus::Success)
}

/// Which of the three forms is asked for, if it is exactly one, and nothing else says the same.
fn form<'a>(settings: &Settings, wanted: &'a CompareSettings) -> Result<Form<'a>, CommandError> {
    let wrong = |text: &str| Err(CommandError::Compare(text.to_owned()));
    let CompareSettings { files, policies, homes } = wanted;
    match (files.as_slice(), policies.as_slice(), homes.as_slice()) {
        ([], [], []) => {
            wrong("say what: two files, two policies (--policy A.toml --policy B.toml) or two homes (--homes DE,US)")
        }
        ([a, b], [], []) => {
            let of_project = match &settings.input {
                Input::Cargo(cargo) => cargo.manifest_path.is_some(),
                Input::MetadataFile(..) | Input::LockFile { .. } => true,
            };
            if of_project {
                return wrong(
                    "two files are the sides; --manifest-path, --metadata-path and --lockfile are for two policies or two homes",
                );
            }
            Ok(Form::Projects([a, b]))
        }
        ([], [a, b], []) => {
            if settings.config.is_some() {
                return wrong("--config is a third policy beside the two of --policy; leave it out");
            }
            Ok(Form::Policies([a, b]))
        }
        ([], [], [a, b]) => {
            if settings.home.is_some() {
                return wrong("--home is a third home beside the two of --homes; leave it out");
            }
            Ok(Form::Homes([a, b]))
        }
        (files, [], []) => Err(sides(files.len(), "file", "A B")),
        ([], policies, []) => Err(sides(policies.len(), "policy", "--policy A.toml --policy B.toml")),
        ([], [], homes) => Err(sides(homes.len(), "home", "--homes DE,US")),
        _ => wrong("two files, two policies and two homes are three questions; ask one of them"),
    }
}

fn sides(number: usize, of: &str, so: &str) -> CommandError {
    let many = if of == "policy" { "policies".to_owned() } else { format!("{of}s") };
    let given = if number == 1 { format!("one {of} is") } else { format!("{number} {many} are") };
    CommandError::Compare(format!("{given} given, and two are compared: {so}"))
}

/// Two files, under the policy of `--config` if there is one.
fn projects(
    settings: &Settings,
    files: [&Utf8Path; 2],
) -> Result<(&'static str, [Compared; 2], Vec<Untrusted>), CommandError> {
    let ParsedPolicy { policy, data } = named_policy(settings.config.as_deref())?;
    settings.home.as_deref().map(|text| home(text, &data)).transpose()?;
    let [a, b] = files;
    let sides = [described(settings, a, &policy, &data)?, described(settings, b, &policy, &data)?];
    let mut said = Vec::new();
    if settings.config.is_none() && sides.iter().any(|side| side.judgement.is_some()) {
        said.push("no policy is given (--config): the gate is asked with the rules as they are without one".into());
    }
    Ok(("projects", sides, said))
}

fn described(settings: &Settings, file: &Utf8Path, policy: &Policy, data: &Data) -> Result<Compared, CommandError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| CommandError::NotComparable {
        asked: file.to_string(),
        source,
    };
    let everything = Selection::default();
    let selection = match &settings.input {
        Input::Cargo(cargo) => &cargo.selection,
        Input::MetadataFile(_, selection) => selection,
        Input::LockFile { .. } => &everything,
    };
    let loaded = match load::describe(file).map_err(|error| failed(error.into()))? {
        Described::Metadata(text) => {
            load::metadata_from_text(&text, file.as_str(), selection).map_err(|error| failed(error.into()))?
        }
        Described::LockFile(_) | Described::Report(_) if !selection.is_everything() => {
            let text = "members, features, targets and --dev are chosen in a saved cargo metadata; this file is none";
            return Err(failed(text.into()));
        }
        Described::LockFile(text) => {
            load::lock_from_text(&text, file.as_str()).map_err(|error| failed(error.into()))?
        }
        Described::Report(text) => {
            let state = State::parse(&text).map_err(|error| failed(error.into()))?;
            return Ok(Compared { asked: file.as_str().into(), kind: "report", state, judgement: None });
        }
    };
    let kind = if loaded.mode == Mode::LockFile { "lock-file" } else { "metadata" };
    // Paths in a file are its author's: of this machine's histories only the folder that the user names is asked.
    let histories = Histories { cargo_home: None, ..settings.histories(policy.git_cache.as_deref(), None) };
    let analysis = settings.analyse_loaded(loaded, policy, &histories, data)?;
    Ok(side(file.as_str(), kind, &analysis, policy))
}

/// The project under two policies.
fn policies(settings: &Settings, files: [&Utf8Path; 2]) -> Result<[Compared; 2], CommandError> {
    // A wrong policy is said before anything is run.
    let [first, second] = files;
    let (a, b) = (named_policy(Some(first))?, named_policy(Some(second))?);
    settings.home.as_deref().map(|text| home(text, &a.data)).transpose()?;
    let loaded = load::load(&settings.input, &settings.environment)?;
    let under = |file: &Utf8Path, parsed: &ParsedPolicy, loaded: Loaded| -> Result<Compared, CommandError> {
        let analysis = settings.analyse(loaded, &parsed.policy, &parsed.data)?;
        Ok(side(file.as_str(), "policy", &analysis, &parsed.policy))
    };
    Ok([under(first, &a, loaded.clone())?, under(second, &b, loaded)?])
}

/// The project as seen from two homes.
fn homes(settings: &Settings, codes: [&str; 2], notes: &mut dyn Write) -> Result<[Compared; 2], CommandError> {
    let embedded = Data::embedded()?;
    for code in codes {
        home(code, &embedded).map_err(|error| match error {
            CommandError::Home(text) => CommandError::Compare(format!("--homes: {text}")),
            other => other,
        })?;
    }
    let Opened { loaded, policy, data } = settings.open(notes)?;
    let from = |code: &str, loaded: Loaded| -> Result<Compared, CommandError> {
        let settings = Settings { home: Some(code.to_owned()), ..settings.clone() };
        let analysis = settings.analyse(loaded, &policy, &data)?;
        Ok(side(code, "home", &analysis, &policy))
    };
    let [first, second] = codes;
    Ok([from(first, loaded.clone())?, from(second, loaded)?])
}

fn side(asked: &str, kind: &'static str, analysis: &Analysis<'_>, policy: &Policy) -> Compared {
    let state = State::from(&analysis.report(Detail::Answers));
    Compared { asked: asked.into(), kind, state, judgement: Some(analysis.judgement(policy)) }
}
