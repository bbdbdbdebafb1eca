//! A JUnit report, for build servers that show tests: a suite a rule, a case a finding.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{check, escape};
use crate::report::{CheckReport, FindingReport};

pub(super) fn write(report: &CheckReport, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<TestSuite> = Vec::new();
    for finding in &report.findings {
        let at = suites.iter().position(|suite| suite.name == *finding.rule).unwrap_or_else(|| {
            suites.push(TestSuite::new(finding.rule));
            suites.len() - 1
        });
        suites[at].add_test_case(case(finding));
    }
    if suites.is_empty() {
        // A report without a case is taken for a run that did not happen.
        let mut suite = TestSuite::new("policy");
        suite.add_test_case(TestCase::new("policy holds", TestCaseStatus::success()));
        suites.push(suite);
    }
    let notes = [("changed by rows of the policy", &report.overrides), ("not told by sources", &report.untold)];
    let mut suite = TestSuite::new("data");
    for (name, notes) in notes.into_iter().filter(|(_, notes)| !notes.is_empty()) {
        let lines: Vec<String> = notes.iter().map(|what| escape::xml(what.raw())).collect();
        let mut case = TestCase::new(name, TestCaseStatus::success());
        case.set_system_out(lines.join("\n"));
        suite.add_test_case(case);
    }
    if !suite.test_cases.is_empty() {
        suites.push(suite);
    }
    let mut whole = Report::new("cargo origin check");
    whole.add_test_suites(suites);
    whole.serialize(out).map_err(io::Error::other)
}

fn case(finding: &FindingReport) -> TestCase {
    let sentences = check::sentences(finding);
    let text = escape::xml(&sentences.join("\n"));
    let name = escape::xml(&check::about(finding));
    let mut case = if finding.level == "deny" {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(escape::xml(sentences.first().map_or(finding.about, String::as_str)));
        status.set_type(finding.rule).set_description(text);
        TestCase::new(name, status)
    } else {
        let mut case = TestCase::new(name, TestCaseStatus::success());
        case.set_system_out(format!("{}\n{text}", finding.level));
        case
    };
    case.set_classname(finding.rule);
    if let Some(location) = &finding.location {
        case.extra.insert("file".into(), escape::xml(&location.file).into());
        case.extra.insert("line".into(), location.line.to_string().into());
    }
    case
}
