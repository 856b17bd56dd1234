//! What came of a file of expectations, in the forms that people and programs read.

mod github;
mod junit;
mod markdown;
mod sarif;

use std::{
    fmt::{self, Write as _},
    io::{self, BufWriter, Write},
};

use browser_cors::{engine::Profile, url::Url};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::args::ReportFormat;

use super::{
    file::Row,
    grant::Answer,
    judge::{Finding, Judged, Verdict},
};

/// A file of expectations, judged.
#[derive(Debug)]
pub(super) struct Report<'a> {
    /// The file's name.
    pub(super) file: &'a str,
    pub(super) base: &'a Url,
    pub(super) profiles: &'a [Profile],
    pub(super) judged: &'a [Judged<'a>],
}

/// How many came out how.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Counts {
    passed: usize,
    failed: usize,
    unjudged: usize,
}

impl Counts {
    fn of(judged: &[Judged<'_>]) -> Self {
        judged.iter().fold(Self::default(), |mut counts, judged| {
            match judged.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed => counts.failed += 1,
                Verdict::Unjudged => counts.unjudged += 1,
            }
            counts
        })
    }

    const fn all(self) -> usize {
        self.passed + self.failed + self.unjudged
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.unjudged > 0 {
            write!(f, ", {} could not be judged", self.unjudged)?;
        }
        Ok(())
    }
}

impl<'a> Report<'a> {
    /// The verdict on the whole: what could not be judged leaves the others open.
    pub(super) fn verdict(&self) -> Verdict {
        match Counts::of(self.judged) {
            Counts { unjudged: 1.., .. } => Verdict::Unjudged,
            Counts { failed: 1.., .. } => Verdict::Failed,
            _ => Verdict::Passed,
        }
    }

    /// Writes it to standard output.
    pub(super) fn print(&self, format: ReportFormat) -> io::Result<()> {
        let mut output = BufWriter::new(io::stdout().lock());
        match format {
            ReportFormat::Text => output.write_all(self.text().as_bytes())?,
            ReportFormat::Markdown => output.write_all(self.markdown(usize::MAX).as_bytes())?,
            ReportFormat::Json => {
                for judged in self.judged {
                    serde_json::to_writer(&mut output, judged)?;
                    output.write_all(b"\n")?;
                }
            }
        }
        output.flush()
    }

    /// The cases of each row.
    fn rows(&self) -> impl Iterator<Item = (&'a Row, &'a [Judged<'a>])> {
        let rows = self.judged.chunk_by(|a, b| std::ptr::eq(a.case.row, b.case.row));
        rows.filter_map(|judged| Some((judged.first()?.case.row, judged)))
    }

    /// `standard, chromium`
    fn engines(&self) -> String {
        self.profiles.iter().map(|profile| profile.to_string()).collect::<Vec<_>>().join(", ")
    }

    fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        for (row, judged) in self.rows() {
            let counts = Counts::of(judged);
            let mark = if counts.passed == counts.all() { "ok    " } else { "FAILED" };
            let _ = writeln!(text, "{mark} {}: {counts}", row.name);
            for (judged, likewise) in alike(judged) {
                let _ = writeln!(text, "\n  {}\n    expected: {}", judged.title, judged.expected);
                for finding in &judged.findings {
                    let engines = finding.engines.join(", ");
                    let _ = writeln!(text, "    in {engines}: {}", finding.message);
                    for line in finding.details().lines() {
                        let _ = writeln!(text, "      {line}");
                    }
                }
                for title in likewise {
                    let _ = writeln!(text, "  likewise {title}");
                }
                text.push('\n');
            }
        }
        let _ = writeln!(
            text,
            "{} against {} in {}: {}",
            self.file,
            self.base,
            self.engines(),
            Counts::of(self.judged)
        );
        text
    }
}

/// What is not as expected of a row: one of each kind, with the titles of those that are alike.
fn alike<'a>(judged: &'a [Judged<'a>]) -> Vec<(&'a Judged<'a>, Vec<&'a str>)> {
    let mut groups: Vec<(&Judged<'_>, Vec<&str>)> = Vec::new();
    for judged in judged.iter().filter(|judged| judged.verdict != Verdict::Passed) {
        match groups.iter_mut().find(|(first, _)| is_alike(first, judged)) {
            Some((_, likewise)) => likewise.push(&judged.title),
            None => groups.push((judged, Vec::new())),
        }
    }
    groups
}

/// Whether the same answers to the same request explain both.
fn is_alike(a: &Judged<'_>, b: &Judged<'_>) -> bool {
    let finding = |finding: &Finding| (finding.engines.clone(), finding.reason);
    a.case.path == b.case.path
        && a.case.method == b.case.method
        && a.findings.iter().map(finding).eq(b.findings.iter().map(finding))
}

impl Finding {
    /// The exchanges, the fix, and its headers.
    fn details(&self) -> String {
        let mut text = self.explanation.clone();
        // Writing to a string cannot fail.
        if !text.contains(&self.fix) {
            let _ = writeln!(text, "    fix: {}", self.fix);
        }
        for answer in &self.answers {
            let Answer { method, url, status, headers } = answer;
            let status = status.map_or_else(String::new, |status| format!(" {status} and"));
            let _ = writeln!(text, " answer: {method} {url} with{status}");
            headers.iter().for_each(|header| text.extend(["   ", header, "\n"]));
        }
        text
    }
}

impl Serialize for Judged<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = self.case;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("row", &case.row.name)?;
        map.serialize_entry("line", &case.row.place.line)?;
        map.serialize_entry("expect", if case.is_allowed() { "allow" } else { "deny" })?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("from", &case.asker.name)?;
        map.serialize_entry("origin", case.asker.origin.serialized())?;
        map.serialize_entry("method", case.method)?;
        map.serialize_entry("path", case.path)?;
        map.serialize_entry("credentials", case.credentials.as_str())?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("expected", &self.expected)?;
        map.serialize_entry("findings", &self.findings)?;
        map.end()
    }
}
