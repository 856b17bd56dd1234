//! The report on a server, in forms for people and programs.

mod github;
mod gitlab;
#[cfg(feature = "live")]
mod junit;
mod markdown;
mod sarif;
mod text;

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    io::{self, Write},
    sync::Arc,
};

use browser_cors::engine::Profile;

use super::{
    file::Row,
    judge::{Judged, LEFT_OUT, Verdict},
};

pub use text::Detail;

/// The report on a server: a verdict for each combination.
///
/// `Display` is for people. It writes the verdict on each row, then an explanation of each kind of
/// thing that is not as expected, and the number of combinations that passed.
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
    /// The server, without secrets.
    pub(super) base: String,
    pub(super) profiles: Vec<Profile>,
    pub(super) judged: Vec<Judged>,
    /// Why not everything was asked.
    pub(super) ended: Option<Ended>,
}

/// Why a run ended before everything was asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Ended {
    /// So many combinations failed.
    #[cfg(feature = "live")]
    Failures(usize),
    /// So many combinations in a row had no answer.
    #[cfg(feature = "live")]
    Silence(usize),
    /// The flag was set.
    Interrupted,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "live")]
            Self::Failures(1) => f.write_str("the run ended after 1 failure"),
            #[cfg(feature = "live")]
            Self::Failures(count) => write!(f, "the run ended after {count} failures"),
            #[cfg(feature = "live")]
            Self::Silence(count) => {
                write!(f, "the run ended after {count} combinations in a row without an answer")
            }
            Self::Interrupted => f.write_str("the run was interrupted"),
        }
    }
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
    /// Combinations without an answer, and those that prove nothing.
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

impl Counts {
    /// The worst verdict among them, as far as a run is concerned: what could not be judged may
    /// have failed.
    const fn verdict(self) -> Verdict {
        match self {
            Self { unjudged: 1.., .. } => Verdict::Unjudged,
            Self { failed: 1.., .. } => Verdict::Failed,
            _ => Verdict::Passed,
        }
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
        self.counts().verdict()
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
            // The log of a CI job may take `##[` for a command. Within JSON it stands in strings.
            let line = serde_json::to_string(judged)?.replace("##[", "#\\u0023[");
            writeln!(output, "{line}")?;
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

/// Combinations that are not as expected for the same reasons: one of them, and those like it.
struct Alike<'a> {
    first: &'a Judged,
    others: Vec<&'a Judged>,
}

/// The combinations that are not as expected, those alike together. Those that were not asked for,
/// because the run ended early, are left out.
fn alike(judged: &[Judged]) -> Vec<Alike<'_>> {
    let mut groups: Vec<Alike<'_>> = Vec::new();
    let mut places = HashMap::new();
    for judged in judged.iter().filter(|judged| !judged.is_met() && !judged.is_left_out()) {
        let reasons: Vec<_> =
            judged.findings.iter().map(|finding| (finding.reason, &finding.engines)).collect();
        let place = *places.entry((judged.case.is_allowed(), reasons)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.others.push(judged),
            None => groups.push(Alike { first: judged, others: Vec::new() }),
        }
    }
    groups
}

impl Judged {
    /// Whether it was not asked for, because the run ended early.
    fn is_left_out(&self) -> bool {
        self.findings.iter().any(|finding| finding.reason == LEFT_OUT)
    }
}

/// The text with escapes in place of what could deceive a reader. Line breaks and tabs stay.
fn visible(text: &str) -> Cow<'_, str> {
    crate::visible::visible(text, &['\n', '\t'])
}
