//! GitHub: [annotations] of the file, and the summary of the job.
//!
//! [annotations]: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions

use std::{
    fmt::Write as _,
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
};

use super::{Counts, Report, alike};

/// A summary has at most 1 MiB a step, and other commands of the step may write to it as well.
const SUMMARY_LIMIT: usize = 900 << 10;

/// How many faults of a row its annotation lists.
const LISTED_LIMIT: usize = 5;

impl Report<'_> {
    /// Annotates the rows on standard error, which GitHub reads as well, and adds to the summary.
    pub(in super::super) fn github(&self, summary: Option<&Path>) -> io::Result<()> {
        io::stderr().lock().write_all(self.annotations().as_bytes())?;
        let Some(path) = summary else { return Ok(()) };
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(self.markdown(SUMMARY_LIMIT).as_bytes())
    }

    /// A command for each row that is not as expected: of a step, GitHub shows ten.
    fn annotations(&self) -> String {
        let mut text = String::new();
        for (row, judged) in self.rows() {
            let counts = Counts::of(judged);
            if counts.passed == counts.all() {
                continue;
            }
            let mut message = String::new();
            // Writing to a string cannot fail.
            for (judged, likewise) in alike(judged).into_iter().take(LISTED_LIMIT) {
                let _ = match likewise.len() {
                    0 => writeln!(message, "{}", judged.title),
                    more => writeln!(message, "{}, and {more} likewise", judged.title),
                };
                for finding in &judged.findings {
                    let engines = finding.engines.join(", ");
                    let _ = writeln!(message, "in {engines}: {}", finding.message);
                    let _ = writeln!(message, "fix: {}", finding.fix);
                }
            }
            if alike(judged).len() > LISTED_LIMIT {
                let _ = writeln!(message, "and others");
            }
            let _ = writeln!(
                text,
                "::error file={},line={},col={},title={}::{}",
                property(self.file),
                row.place.line,
                row.place.column,
                property(&format!("CORS: {}: {counts}", row.name)),
                data(message.trim_end()),
            );
        }
        text
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
