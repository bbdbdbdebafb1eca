//! Arguments, environment, terminal, exit codes: the only place that knows them.
//!
//! Reports go to standard output, everything else to standard error. The exit code is 0, 1 or 2 in every format.

mod args;
mod live;
mod settings;
mod sync;
mod whatif;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anstream::AutoStream;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::command::{
    self, CheckSettings, CommandError, ConcentrationSettings, ExitStatus, InitSettings, ObserveSettings,
    SimulateSettings,
};
use crate::policy::Level;
use crate::render;
use args::{App, Cargo, Catalogue, Command};

/// Runs the program.
///
/// Cargo calls it as `cargo-origin origin …`; people also call `cargo-origin …`. Both mean the same.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let Cargo::Origin(app) = match Cargo::try_parse_from(normalise(arguments.into_iter().collect())) {
        Ok(cargo) => cargo,
        Err(error) => return usage(&error),
    };
    let status = match run(&app) {
        Ok(status) => status,
        Err(error) if is_broken_pipe(&error) => ExitStatus::Success,
        Err(error) => {
            complain(&error, &app);
            ExitStatus::CouldNotFinish
        }
    };
    ExitCode::from(status.code())
}

/// Puts `origin` in where the program was not called by cargo.
fn normalise(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.is_empty() {
        arguments.push("cargo-origin".into());
    }
    if arguments.get(1).is_none_or(|first| first != "origin") {
        arguments.insert(1, "origin".into());
    }
    arguments
}

/// Help and version are no errors; wrong arguments are, with code 2.
fn usage(error: &clap::Error) -> ExitCode {
    let status = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitStatus::Success,
        _ => ExitStatus::CouldNotFinish,
    };
    match error.print() {
        Ok(()) => ExitCode::from(status.code()),
        Err(failed) if failed.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(status.code()),
        Err(_) => ExitCode::from(ExitStatus::CouldNotFinish.code()),
    }
}

fn run(app: &App) -> Result<ExitStatus, CommandError> {
    let settings = settings::from(app)?;
    if settings.format == render::Format::Svg && !matches!(app.command, Some(Command::Trend(_))) {
        return Err(CommandError::TrendOnly { format: "svg" });
    }
    let colour = settings::colour(app, &io::stdout());
    let stdout = AutoStream::new(io::stdout().lock(), colour);
    let mut out = io::BufWriter::with_capacity(1 << 16, stdout);
    let mut notes = AutoStream::new(io::stderr().lock(), settings::colour(app, &io::stderr()));
    let status = match &app.command {
        None => command::report(&settings, &mut out, &mut notes)?,
        Some(Command::Explain { wanted }) => command::explain(&settings, wanted, &mut out, &mut notes)?,
        Some(Command::Check(args)) => {
            let of = |names: &[String], level| names.iter().map(move |name| (name.clone(), level)).collect::<Vec<_>>();
            // The strictest is last, and wins.
            let levels =
                [of(&args.allow, Level::Allow), of(&args.warn, Level::Warn), of(&args.deny, Level::Deny)].concat();
            let outputs = args.output.iter().map(|(format, file)| (settings::format(*format), file.clone())).collect();
            let wanted = CheckSettings { levels, base: args.base.clone(), outputs };
            command::check(&settings, &wanted, &mut out, &mut notes)?
        }
        Some(Command::Diff(args)) => command::diff(&settings, &args.base, &mut out, &mut notes)?,
        Some(Command::Compare(args)) => command::compare(&settings, &whatif::compare(args), &mut out, &mut notes)?,
        Some(Command::Cut(args)) => command::cut(&settings, &whatif::cut(args), &mut out, &mut notes)?,
        Some(Command::SinglePoints(args)) => command::single_points(&settings, args.above, &mut out, &mut notes)?,
        Some(Command::Concentration(args)) => {
            let (draws, seed) = (args.draws, args.seed);
            let wanted = ConcentrationSettings { allied: args.allied.clone(), draws, seed };
            command::concentration(&settings, &wanted, &mut out, &mut notes)?
        }
        Some(Command::Trend(args)) => command::trend(&settings, &settings::trend(args), &mut out, &mut notes)?,
        Some(Command::Paths { wanted, limit }) => command::paths(&settings, wanted, *limit, &mut out, &mut notes)?,
        Some(Command::Place { texts }) => command::place(&settings, texts, &mut io::stdin().lock(), &mut out)?,
        Some(Command::Programmes(Catalogue { show })) => {
            command::programmes(&settings, show.as_ref().map(args::Show::id), &mut out)?
        }
        Some(Command::Vendors(Catalogue { show })) => {
            command::vendors(&settings, show.as_ref().map(args::Show::id), &mut out)?
        }
        Some(Command::Observe(args)) => {
            let wanted = ObserveSettings {
                repositories: args.repositories.clone(),
                name: args.name.clone(),
                since: args.since,
                until: app.input.as_of,
                path: args.path.clone(),
                out: args.out.clone(),
            };
            command::observe(&settings, &wanted, &mut out)?
        }
        Some(Command::Simulate(args)) => {
            let wanted = SimulateSettings {
                places: args.without.clone(),
                parties: args.without_party.clone(),
                packages: args.without_package.clone(),
                programmes: args.without_programme.clone(),
                min_probability: args.min_probability,
                draws: args.draws,
                seed: args.seed,
            };
            command::simulate(&settings, &wanted, &mut out, &mut notes)?
        }
        Some(Command::Sync(args)) => {
            let wanted = sync::settings(&app.network, args)?;
            command::sync(&settings, &wanted, &mut out, &mut notes)?
        }
        Some(Command::Store(args)) => command::store(&settings, &args.wanted(), &mut out, &mut notes)?,
        Some(Command::Init(args)) => {
            let wanted = InitSettings { preset: settings::preset(args.preset), from_current: args.from_current };
            command::init(&settings, wanted, &mut out)?
        }
        Some(Command::Schema { of }) => command::schema(settings::schema_of(*of), &mut out)?,
        Some(Command::Completions { shell }) => completions(*shell, &mut out)?,
        Some(Command::Man) => {
            clap_mangen::Man::new(App::command().name("cargo-origin")).render(&mut out)?;
            ExitStatus::Success
        }
    };
    // Full disks and closed pipes show here at the latest.
    out.flush()?;
    Ok(status)
}

fn completions(shell: clap_complete::Shell, out: &mut dyn Write) -> Result<ExitStatus, CommandError> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cargo::command(), "cargo-origin", &mut text);
    out.write_all(&text)?;
    Ok(ExitStatus::Success)
}

fn is_broken_pipe(error: &CommandError) -> bool {
    matches!(error, CommandError::Write(error) if error.kind() == io::ErrorKind::BrokenPipe)
}

/// One error: what, where, and why, with nothing from outside let through to the terminal.
fn complain(error: &CommandError, app: &App) {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let more = source.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = source.source();
    }
    let mut err = AutoStream::new(io::stderr().lock(), settings::colour(app, &io::stderr()));
    let style = anstyle::AnsiColor::Red.on_default().bold();
    // Nobody is left to tell if standard error is gone too.
    let _nobody_left = writeln!(err, "{style}error{style:#}: {}", render::escape_for_diagnostics(&text));
}
