//! Code quality of GitLab: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{check, escape, json};
use crate::report::{CheckReport, FindingReport};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

pub(super) fn write(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let issues = report.findings.iter().map(|finding| {
        // Two versions of a package have one fingerprint, and of two issues with the same GitLab shows one.
        let number = seen.entry(&finding.fingerprint).and_modify(|number| *number += 1).or_insert(1);
        issue(finding, *number)
    });
    json::write(&issues.collect::<Vec<_>>(), out)
}

fn issue(finding: &FindingReport, number: u32) -> Issue {
    let text = format!("{}: {}", check::about(finding), check::sentences(finding).join("; "));
    let identity = match number {
        1 => finding.fingerprint.clone(),
        number => format!("{} {number}", finding.fingerprint),
    };
    let (path, begin) = finding.location.as_ref().map_or(("Cargo.lock", 1), |place| (&place.file, place.line));
    Issue {
        description: escape::terminal_long(&text),
        check_name: finding.rule,
        fingerprint: format!("{:032x}", fnv1a(identity.as_bytes())),
        severity: match finding.level {
            "deny" => "major",
            "warn" => "minor",
            _ => "info",
        },
        location: Location { path: escape::terminal_long(path), lines: Lines { begin } },
    }
}

/// FNV-1a of 128 bits: the same with every version of Rust and of this program.
fn fnv1a(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::fnv1a;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(fnv1a(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(fnv1a(b"foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }
}
