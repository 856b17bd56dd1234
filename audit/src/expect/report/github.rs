//! Reports for GitHub: [annotations] of the file, and a summary of the job.
//!
//! [annotations]: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions

use std::fmt::Write;

use super::{Alike, Counts, Report, alike, visible};

/// GitHub allows 1 MiB of summary for each step, and other commands of the step may write to it
/// too.
const SUMMARY_LIMIT: usize = 900 << 10;

/// The most faults of a row that its annotation lists.
const LISTED_LIMIT: usize = 5;

impl Report {
    /// The summary of a job on GitHub, as Markdown. It leaves out what exceeds GitHub's limit, and
    /// says so.
    ///
    /// ```
    /// # use {browser_cors_audit::expect::Report, std::{env, fs::OpenOptions, io::Write}};
    /// # fn f(report: &Report) -> std::io::Result<()> {
    /// if let Some(path) = env::var_os("GITHUB_STEP_SUMMARY") {
    ///     let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    ///     file.write_all(report.github_summary().as_bytes())?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn github_summary(&self) -> String {
        self.markdown_within(SUMMARY_LIMIT)
    }

    /// The annotations of the file on GitHub, which reads them from standard output and standard
    /// error. There is one command for each row that is not as expected. GitHub shows ten of each
    /// step.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) {
    /// eprint!("{}", report.github_annotations());
    /// # }
    /// ```
    pub fn github_annotations(&self) -> String {
        let mut text = String::new();
        for (row, judged) in self.rows() {
            let counts = Counts::new(judged);
            if counts.passed == counts.all() {
                continue;
            }
            let mut message = String::new();
            // Writing to a string cannot fail.
            let groups = alike(judged);
            for Alike { first, others } in groups.iter().take(LISTED_LIMIT) {
                let _ = match others.len() {
                    0 => writeln!(message, "{}", first.title),
                    more => writeln!(message, "{}, and {more} more like it", first.title),
                };
                for finding in &first.findings {
                    let engines = finding.engines.join(", ");
                    let _ = writeln!(message, "in {engines}: {}", finding.message);
                    let _ = writeln!(message, "fix: {}", finding.remedy);
                }
            }
            if groups.len() > LISTED_LIMIT {
                let _ = writeln!(message, "and others");
            }
            let _ = writeln!(
                text,
                "::error file={},line={},col={},title={}::{}",
                property(&self.file),
                row.place().line,
                row.place().column,
                property(&format!("CORS: {}: {counts}", row.name())),
                data(message.trim_end()),
            );
        }
        text
    }
}

fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
