//! The report as Markdown, in GitHub's dialect.

use std::fmt::Write;

use super::{Counts, Report, alike};

impl Report {
    /// The report as Markdown, for a comment or a page.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) {
    /// assert!(report.markdown().starts_with("## CORS: as expected\n"));
    /// # }
    /// ```
    pub fn markdown(&self) -> String {
        self.markdown_within(usize::MAX)
    }

    /// The report as Markdown, of at most `limit` bytes. It leaves out what exceeds them, and says
    /// so.
    pub(super) fn markdown_within(&self, limit: usize) -> String {
        let counts = self.counts();
        let mut text = format!(
            "## CORS: {}\n\n{} against {}, as {} see it: {counts}.\n\n\
             | row | passed | failed | not judged |\n|---|---:|---:|---:|\n",
            if counts.passed == counts.all() { "as expected" } else { "not as expected" },
            escaped(&self.file),
            escaped(self.base.as_str()),
            self.engines(),
        );
        // Writing to a string cannot fail.
        for (row, judged) in self.rows() {
            let Counts { passed, failed, unjudged } = Counts::new(judged);
            let name = escaped(row.name());
            let _ = writeln!(text, "| {name} | {passed} | {failed} | {unjudged} |");
        }
        let mut left = counts.failed + counts.unjudged;
        for (judged, likewise) in self.rows().flat_map(|(_, judged)| alike(judged)) {
            let mut part = format!(
                "\n### {}\n\nExpected: {}\n",
                escaped(&judged.title),
                escaped(&judged.expected)
            );
            for finding in &judged.findings {
                let _ = writeln!(
                    part,
                    "\nIn {}: {}\n\n~~~text\n{}~~~",
                    finding.engines.join(", "),
                    escaped(&finding.message),
                    finding.details()
                );
            }
            for title in &likewise {
                let _ = writeln!(part, "\nLikewise {}", escaped(title));
            }
            if text.len().saturating_add(part.len()) > limit {
                let _ = writeln!(text, "\n{left} more are left out here.");
                break;
            }
            text.push_str(&part);
            left -= 1 + likewise.len();
        }
        text
    }
}

/// Escapes the text, so that Markdown shows it as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\`*_[]<>|~#&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
