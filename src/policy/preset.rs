//! Policies to start from: what `cargo origin init` writes.

use std::fmt::Write as _;

use super::Level;
use super::baseline::Baseline;
use super::rule::{RULES, Rule};
use crate::country::CountryCode;
use crate::data::own::is_harmful;
use crate::date::Date;

/// From whose side a policy looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// A supplier of the federal government of the United States.
    UsFederal,
    /// A company in the United States without federal contracts.
    UsCommercial,
    /// Somebody who is bound by the law of the European Union.
    Eu,
    /// A country, or somebody in it, that wants to know what comes from elsewhere.
    Sovereign,
    /// Nothing fails.
    ReportOnly,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::UsFederal, Self::UsCommercial, Self::Eu, Self::Sovereign, Self::ReportOnly];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UsFederal => "us-federal",
            Self::UsCommercial => "us-commercial",
            Self::Eu => "eu",
            Self::Sovereign => "sovereign",
            Self::ReportOnly => "report-only",
        }
    }

    /// Home, where the preset is of one country.
    pub fn home(self) -> Option<&'static str> {
        matches!(self, Self::UsFederal | Self::UsCommercial).then_some("US")
    }

    fn about(self) -> &'static str {
        match self {
            Self::UsFederal => "A supplier of the federal government of the United States.",
            Self::UsCommercial => "A company in the United States without federal contracts.",
            Self::Eu => "Bound by the law of the European Union.",
            Self::Sovereign => "What comes from elsewhere, seen from one country.",
            Self::ReportOnly => "Nothing fails: everything that would is a warning.",
        }
    }

    /// The programmes that it chooses, each with why.
    fn programmes(self) -> &'static [(&'static str, &'static str)] {
        const OFAC: [(&str, &str); 2] =
            [("us-ofac-sdn", "blocked persons"), ("us-ofac-comprehensive", "embargoes on countries and regions")];
        match self {
            Self::UsFederal => &[
                OFAC[0],
                OFAC[1],
                ("us-kaspersky-2024", "Kaspersky: no supply, no updates"),
                ("us-ndaa18-1634", "Kaspersky: any hardware, software or service in federal use"),
                ("us-1260h", "Chinese military companies: contracts of the Department of Defense"),
                ("tag:federal", "the rest of federal procurement; what is about a kind of product only warns"),
            ],
            Self::UsCommercial => &[
                OFAC[0],
                OFAC[1],
                ("us-kaspersky-2024", "Kaspersky: no supply, no updates"),
                ("tag:commercial", "foreign adversaries of the ICTS rules and the like: these warn"),
            ],
            Self::Eu => &[("tag:eu", "sanctions fail; export controls, warnings and proposals warn")],
            Self::Sovereign | Self::ReportOnly => &[],
        }
    }

    /// The level of a rule, and its further keys as they are written; nothing where the default stays.
    fn rule(self, rule: &Rule) -> Option<String> {
        let level = match (self, rule.id) {
            (Self::ReportOnly, id)
                if rule.level == Level::Deny || ["concentration", "single-country"].contains(&id) =>
            {
                "\"warn\""
            }
            (Self::Sovereign, "foreign-to-home" | "bus-factor") => "\"warn\"",
            (Self::Sovereign, "concentration") => "{ level = \"warn\", max-share = 0.5 }",
            (Self::UsFederal | Self::Sovereign, "unknown-origin") => "{ level = \"deny\", max-share = 0.2 }",
            _ => return None,
        };
        Some(level.to_owned())
    }
}

/// The text of a policy to start from, with comments; what is there today can be accepted in it.
pub fn preset(preset: Preset, home: Option<CountryCode>, today: Date, baseline: Option<&Baseline>) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _infallible = write(&mut out, preset, home, today, baseline);
    out
}

fn write(
    out: &mut String,
    preset: Preset,
    home: Option<CountryCode>,
    today: Date,
    baseline: Option<&Baseline>,
) -> std::fmt::Result {
    writeln!(out, "# The policy of cargo origin: `cargo origin check` holds it against this project.")?;
    writeln!(out, "# Made on {today} by `cargo origin init --preset {}`. {}", preset.as_str(), preset.about())?;
    writeln!(out, "# It is a start, and not legal advice: read it, and change what does not fit.")?;
    writeln!(out, "# For editors: `cargo origin schema policy > origin.schema.json`.\n")?;
    if let Some(home) = home {
        writeln!(out, "# Where you are at home: what is foreign is seen from there.\nhome = \"{home}\"\n")?;
    } else {
        writeln!(out, "# Where you are at home (ISO 3166-1): programmes about everything foreign apply only with it.")?;
        writeln!(out, "# home = \"DE\"\n")?;
    }
    programmes(out, preset)?;
    writeln!(out, "# How grave a finding can be, by what its package is for.")?;
    writeln!(
        out,
        "# [scopes]\n# ships = \"deny\"\n# build = \"deny\"\n# dev = \"warn\"       # only for tests (with --dev)\n"
    )?;
    rules(out, preset, baseline)?;
    writeln!(out, "# What you know better than the embedded data. It decides, and is shown as yours.")?;
    writeln!(out, "# [[claim]]\n# package = \"fastwire\"          # or: party = \"github.com/example\"")?;
    writeln!(out, "# facet = \"steward\"\n# place = \"AT\"\n# source = \"https://www.example.com/imprint\"\n")?;
    writeln!(
        out,
        "# Your own list.\n# [[ban]]\n# vendor = \"kaspersky\"          # or: account = \"github.com/example\", package = \"fastwire\""
    )?;
    writeln!(out, "# from = \"{today}\"\n# reason = \"\"\n")?;
    exceptions(out, today, baseline)
}

fn programmes(out: &mut String, preset: Preset) -> std::fmt::Result {
    let chosen = preset.programmes();
    if chosen.is_empty() {
        writeln!(
            out,
            "# The law that binds you, by id or tag (cargo origin programmes). Without it the law of your home counts where it"
        )?;
        writeln!(out, "# binds everybody there, and all else warns.\n# programmes = [\"tag:sanctions\"]\n")?;
        return Ok(());
    }
    writeln!(
        out,
        "# The law that binds you (cargo origin programmes). By its id a programme always counts; by a tag it counts if it bars"
    )?;
    writeln!(out, "# using code, and warns otherwise.")?;
    writeln!(out, "programmes = [")?;
    for (word, why) in chosen {
        writeln!(out, "  {:25} # {why}", format!("\"{word}\","))?;
    }
    writeln!(out, "]\n")
}

fn rules(out: &mut String, preset: Preset, baseline: Option<&Baseline>) -> std::fmt::Result {
    writeln!(out, "# Levels: allow, warn, deny. What stands behind `#` is so anyway.\n[rules]")?;
    for rule in &RULES {
        let limit = baseline.and_then(|baseline| baseline.limits.get(rule.id));
        let (comment, value, today) = match (limit, preset.rule(rule)) {
            (Some((key, limit, level)), _) => {
                ("", format!("{{ level = \"{}\", {key} = {limit} }}", level.as_str()), "; as much as there is today")
            }
            (None, Some(value)) => ("", value, ""),
            (None, None) => ("# ", format!("\"{}\"", rule.level.as_str()), ""),
        };
        writeln!(out, "{:50} # {}{today}", format!("{comment}{} = {value}", rule.id), rule.about)?;
    }
    writeln!(out)
}

fn exceptions(out: &mut String, today: Date, baseline: Option<&Baseline>) -> std::fmt::Result {
    writeln!(
        out,
        "# What you accept, on record: scope (package, version, rule, programme, party, through), reason, until, agreed."
    )?;
    let Some(baseline) = baseline else {
        return writeln!(out, "# [[exception]]\n# package = \"fastwire\"\n# rule = \"listed-seat\"\n# reason = \"\"");
    };
    if baseline.exceptions.is_empty() {
        return writeln!(out, "# On {today} nothing had to be accepted.");
    }
    writeln!(
        out,
        "# These accept what was there on {today}. Each needs a reason before the policy can be used, and ends in a year."
    )?;
    for accepted in &baseline.exceptions {
        let line: String = accepted.because.chars().map(|c| if is_harmful(c) { ' ' } else { c }).collect();
        writeln!(out, "\n# {line}\n[[exception]]")?;
        if let Some(package) = &accepted.package {
            writeln!(out, "package = {}", quoted(package))?;
        }
        writeln!(out, "rule = \"{}\"", accepted.rule)?;
        if let Some(programme) = accepted.programme {
            writeln!(out, "programme = \"{programme}\"")?;
        }
        writeln!(out, "reason = \"\"\nuntil = \"{}\"", today.a_year_later())?;
    }
    Ok(())
}

/// A string of TOML in which nothing is hidden from who reads the file.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Writing to a string cannot fail.
            _ if is_harmful(c) => _ = write!(out, "\\U{:08X}", u32::from(c)),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}
