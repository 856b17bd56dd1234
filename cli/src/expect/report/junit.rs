//! JUnit XML: a test suite for each row, a test case for each combination.

use quick_junit::{
    NonSuccessKind, Report as Document, SerializeError, TestCase, TestCaseStatus, TestSuite,
};

use super::{
    super::judge::{Judged, Verdict},
    Report,
};

impl Report<'_> {
    /// The report as JUnit XML.
    pub(in super::super) fn junit(&self) -> Result<String, SerializeError> {
        let mut document = Document::new("browser-cors");
        for (row, judged) in self.rows() {
            let mut suite = TestSuite::new(&row.name);
            suite.add_test_cases(judged.iter().map(test_case));
            document.add_test_suite(suite);
        }
        // Ours: the published schema has no `skipped` on the root, and nothing is skipped here.
        Ok(document.to_string()?.replacen(" skipped=\"0\"", "", 1))
    }
}

fn test_case(judged: &Judged<'_>) -> TestCase {
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
            .set_message(&first.message)
            .set_type(first.reason)
            .set_description(format!("expected: {}\n{details}", judged.expected));
    }
    let mut case = TestCase::new(&judged.title, status);
    case.set_classname(&judged.case.row.name);
    case
}
