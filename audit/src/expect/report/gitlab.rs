//! The report as GitLab's [Code Quality] JSON: an issue for each finding, at the line of its row.
//!
//! [Code Quality]: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format

use std::io::{self, Write};

use serde_json::json;

use super::{
    super::judge::{Finding, Judged, Verdict},
    Report, visible,
};

impl Report {
    /// Writes the report as GitLab's Code Quality JSON: an issue for each finding, at the line of
    /// its row.
    ///
    /// # Errors
    ///
    /// If writing to `output` fails.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) -> std::io::Result<()> {
    /// report.write_gitlab(std::fs::File::create("gl-code-quality-report.json")?)
    /// # }
    /// ```
    pub fn write_gitlab(&self, mut output: impl Write) -> io::Result<()> {
        let judged = self.judged.iter().filter(|judged| !judged.is_left_out());
        let issues = judged.flat_map(|judged| {
            judged.findings.iter().map(move |finding| {
                let engines = finding.engines.join(", ");
                let description = format!(
                    "{}: in {engines}: {}. {}",
                    judged.title, finding.message, finding.remedy
                );
                let identity = format!("{} in {engines}: {}", judged.title, finding.reason);
                json!({
                    "description": visible(&description),
                    "check_name": finding.reason,
                    "fingerprint": fingerprint(&identity),
                    "severity": severity(judged, finding),
                    "location": {
                        "path": visible(&self.file),
                        "lines": { "begin": judged.case.row.place.line },
                    },
                })
            })
        });
        serde_json::to_writer_pretty(&mut output, &issues.collect::<Vec<_>>())?;
        output.write_all(b"\n")
    }
}

fn severity(judged: &Judged, finding: &Finding) -> &'static str {
    match finding.verdict {
        Verdict::Failed if !judged.case.is_allowed() => "critical",
        Verdict::Failed => "major",
        Verdict::Unjudged | Verdict::Passed => "minor",
    }
}

/// What stays the same from one run to the next: the hash FNV-1a of the text, from two bases.
fn fingerprint(text: &str) -> String {
    const PRIME: u64 = 0x0100_0000_01b3;
    let hash = |base: u64| {
        text.bytes().fold(base, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
    };
    format!("{:016x}{:016x}", hash(0xcbf2_9ce4_8422_2325), hash(0x8422_2325_cbf2_9ce4))
}
