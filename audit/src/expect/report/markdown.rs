//! The report as Markdown, in GitHub's dialect.

use std::fmt::Write;

use super::{
    Alike, Counts, Report, alike,
    text::{remark, warnings},
    visible,
};

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
            "## CORS: {}\n\n{} against {}, as {} see it: {counts}{}.\n\n\
             | row | passed | failed | not judged |\n|---|---:|---:|---:|\n",
            if counts.passed == counts.all() { "as expected" } else { "not as expected" },
            escaped(&self.file),
            escaped(&self.base),
            self.engines(),
            escaped(&self.end()),
        );
        // Writing to a string cannot fail.
        for (row, judged) in self.rows() {
            let Counts { passed, failed, unjudged } = Counts::new(judged);
            let name = escaped(row.name());
            let remark = escaped(&remark(judged));
            let _ = writeln!(text, "| {name}{remark} | {passed} | {failed} | {unjudged} |");
        }
        for (row, judged) in self.rows() {
            for warning in warnings(judged) {
                let _ = writeln!(text, "\n{}: {}", escaped(row.name()), escaped(&warning));
            }
        }
        let groups = alike(&self.judged);
        let mut left: usize = groups.iter().map(|group| 1 + group.others.len()).sum();
        for Alike { first: judged, others } in groups {
            let mut part = format!(
                "\n### {}\n\nExpected: {}\n",
                escaped(&judged.title),
                escaped(&judged.expected)
            );
            for finding in &judged.findings {
                let _ = writeln!(
                    part,
                    "\nIn {}: {}\n\n{}",
                    finding.engines.join(", "),
                    escaped(&finding.message),
                    fenced(&finding.details())
                );
            }
            for other in &others {
                let _ = writeln!(part, "\nLikewise {}", escaped(&other.title));
            }
            if text.len().saturating_add(part.len()) > limit {
                let _ = writeln!(text, "\n{left} more are left out here.");
                break;
            }
            text.push_str(&part);
            left -= 1 + others.len();
        }
        text
    }
}

/// The text in a fence that nothing in it closes.
fn fenced(text: &str) -> String {
    let text = visible(text).replace("##[", "#\\u{23}[");
    let runs = text.split(|character| character != '~').map(str::len);
    let fence = "~".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}text\n{text}{fence}")
}

/// Escapes the text, so that Markdown shows it as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in visible(text).replace(['\n', '\t'], " ").chars() {
        if "\\`*_[]<>|~#&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
