//! JUnit XML: a test suite for each row, a test case for each combination.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report as Document, TestCase, TestCaseStatus, TestSuite};

use super::{
    super::judge::{Judged, Verdict},
    Report, visible,
};

impl Report {
    /// Writes the report as JUnit XML: a test suite for each row, a test case for each combination.
    ///
    /// # Errors
    ///
    /// If writing to `output` fails.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) -> std::io::Result<()> {
    /// report.write_junit(std::fs::File::create("cors.xml")?)
    /// # }
    /// ```
    pub fn write_junit(&self, mut output: impl Write) -> io::Result<()> {
        let mut document = Document::new("browser-cors");
        for (row, judged) in self.rows() {
            let mut suite = TestSuite::new(&*visible(row.name()));
            suite.add_test_cases(judged.iter().map(test_case));
            document.add_test_suite(suite);
        }
        let text = document.to_string().map_err(io::Error::other)?;
        // Ours: the published schema has no `skipped` on the root, and no test is skipped here.
        output.write_all(text.replacen(" skipped=\"0\"", "", 1).as_bytes())
    }
}

fn test_case(judged: &Judged) -> TestCase {
    let kind = match judged.verdict {
        Verdict::Passed => None,
        Verdict::Failed => Some(NonSuccessKind::Failure),
        Verdict::Unjudged => Some(NonSuccessKind::Error),
    };
    let mut status = kind.map_or_else(TestCaseStatus::success, TestCaseStatus::non_success);
    if let Some(first) = judged.findings.first() {
        let details = judged.findings.iter().map(|finding| {
            format!("in {}: {}\n{}", finding.engines.join(", "), finding.message, finding.details())
        });
        let details = details.collect::<Vec<_>>().join("\n");
        status
            .set_message(&*visible(&first.message))
            .set_type(first.reason)
            .set_description(visible(&format!("expected: {}\n{details}", judged.expected)));
    }
    let mut case = TestCase::new(&*visible(&judged.title), status);
    case.set_classname(&*visible(judged.case.row.name()));
    case
}
