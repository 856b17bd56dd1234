//! The report on a server, in forms for people and programs.

mod github;
mod junit;
mod markdown;
mod sarif;

use std::{
    collections::BTreeSet,
    fmt,
    io::{self, Write},
    sync::Arc,
};

use browser_cors::{engine::Profile, url::Url};

use super::{
    file::Row,
    judge::{Finding, Judged, Verdict},
};

/// The report on a server: a verdict for each combination.
///
/// `Display` is for people. It writes each row with an explanation of what is not as expected, and
/// the number of combinations that passed.
///
/// ```
/// # use browser_cors_audit::expect::Report;
/// # fn f(report: &Report) -> std::io::Result<()> {
/// report.write_junit(std::fs::File::create("cors.xml")?)?;
/// assert!(report.is_met(), "{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    /// The name of the file.
    pub(super) file: String,
    pub(super) base: Url,
    pub(super) profiles: Vec<Profile>,
    pub(super) judged: Vec<Judged>,
    pub(super) mixed_content: BTreeSet<String>,
}

/// The number of combinations with each verdict. `Display` writes, for example, `3 passed, 1
/// failed`.
///
/// ```
/// # use browser_cors_audit::expect::Report;
/// # fn f(report: &Report) {
/// println!("{} of {} failed", report.counts().failed, report.counts().all());
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Combinations that are as expected.
    pub passed: usize,
    /// Combinations that are not as expected in some engine.
    pub failed: usize,
    /// Combinations without an answer.
    pub unjudged: usize,
}

impl Counts {
    fn new(judged: &[Judged]) -> Self {
        judged.iter().fold(Self::default(), |mut counts, judged| {
            match judged.verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed => counts.failed += 1,
                Verdict::Unjudged => counts.unjudged += 1,
            }
            counts
        })
    }

    /// All combinations.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Counts;
    /// assert_eq!(Counts::default().all(), 0);
    /// ```
    pub const fn all(self) -> usize {
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

impl Report {
    /// The verdict on all combinations. It is open if one could not be judged and none failed.
    ///
    /// ```
    /// # use browser_cors_audit::expect::{Report, Verdict};
    /// # fn f(report: &Report) {
    /// let exit_code = match report.verdict() {
    ///     Verdict::Passed => 0,
    ///     Verdict::Failed => 1,
    ///     Verdict::Unjudged => 2,
    /// };
    /// # }
    /// ```
    pub fn verdict(&self) -> Verdict {
        match self.counts() {
            Counts { unjudged: 1.., .. } => Verdict::Unjudged,
            Counts { failed: 1.., .. } => Verdict::Failed,
            _ => Verdict::Passed,
        }
    }

    /// Whether all combinations are as expected, in every engine.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) {
    /// assert!(report.is_met(), "{report}");
    /// # }
    /// ```
    pub fn is_met(&self) -> bool {
        self.verdict() == Verdict::Passed
    }

    /// The number of combinations with each verdict.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) {
    /// println!("{}", report.counts());
    /// # }
    /// ```
    pub fn counts(&self) -> Counts {
        Counts::new(&self.judged)
    }

    /// The combinations, in the order of the rows.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) {
    /// let unmet = report.judged().iter().find(|judged| !judged.is_met());
    /// # }
    /// ```
    pub fn judged(&self) -> &[Judged] {
        &self.judged
    }

    /// The servers that a browser would not ask in a page of https, such as `http://api.example`.
    /// The verdicts on them say less ([`mixed_content`](crate::mixed_content)).
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) {
    /// for server in report.mixed_content() {
    ///     eprintln!("note: {server} should have https");
    /// }
    /// # }
    /// ```
    pub fn mixed_content(&self) -> impl Iterator<Item = &str> {
        self.mixed_content.iter().map(String::as_str)
    }

    /// Writes each combination as a line of JSON.
    ///
    /// # Errors
    ///
    /// If writing to `output` fails.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Report;
    /// # fn f(report: &Report) -> std::io::Result<()> {
    /// report.write_json(std::io::stdout().lock())
    /// # }
    /// ```
    pub fn write_json(&self, mut output: impl Write) -> io::Result<()> {
        for judged in &self.judged {
            serde_json::to_writer(&mut output, judged)?;
            output.write_all(b"\n")?;
        }
        Ok(())
    }

    /// The cases of each row.
    fn rows(&self) -> impl Iterator<Item = (&Row, &[Judged])> {
        let rows = self.judged.chunk_by(|a, b| Arc::ptr_eq(&a.case.row, &b.case.row));
        rows.filter_map(|judged| Some((judged.first()?.case.row(), judged)))
    }

    /// `standard, chromium`
    fn engines(&self) -> String {
        self.profiles.iter().map(Profile::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (row, judged) in self.rows() {
            let counts = Counts::new(judged);
            let mark = if counts.passed == counts.all() { "ok    " } else { "FAILED" };
            writeln!(f, "{mark} {}: {counts}", row.name())?;
            for (judged, likewise) in alike(judged) {
                writeln!(f)?;
                judged.to_string().lines().try_for_each(|line| writeln!(f, "  {line}"))?;
                likewise.iter().try_for_each(|title| writeln!(f, "  also {title}"))?;
                writeln!(f)?;
            }
        }
        writeln!(f, "{} against {} in {}: {}", self.file, self.base, self.engines(), self.counts())
    }
}

/// The combinations of a row that are not as expected: one of each kind, with the titles of those
/// like it.
fn alike(judged: &[Judged]) -> Vec<(&Judged, Vec<&str>)> {
    let mut groups: Vec<(&Judged, Vec<&str>)> = Vec::new();
    for judged in judged.iter().filter(|judged| judged.verdict != Verdict::Passed) {
        match groups.iter_mut().find(|(first, _)| is_alike(first, judged)) {
            Some((_, likewise)) => likewise.push(&judged.title),
            None => groups.push((judged, Vec::new())),
        }
    }
    groups
}

/// Whether the same answers to the same request explain both.
fn is_alike(a: &Judged, b: &Judged) -> bool {
    let finding = |finding: &Finding| (finding.engines.clone(), finding.reason);
    a.case.path == b.case.path
        && a.case.method == b.case.method
        && a.findings.iter().map(finding).eq(b.findings.iter().map(finding))
}
