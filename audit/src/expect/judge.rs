//! Compares what happened with what was expected.

use std::{
    fmt::{self, Write},
    time::Duration,
};

use browser_cors::{
    explain::{Answer, Evidence, Remedy},
    fetch::{Outcome, Refusal},
    origin::url_as_sent,
    response::{FilteredResponse, ResponseType},
    transcript::{RecordedExchange, Transcript},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::client::transport_failure;

use super::{
    ask::{Answered, Attempt},
    file::{Demands, Kind, Reach},
    plan::Case,
    secret::Secrets,
};

/// The result of a combination, or of all of them.
///
/// ```
/// use browser_cors_audit::expect::Verdict;
///
/// // The worst of several is the greatest.
/// assert_eq!([Verdict::Passed, Verdict::Failed, Verdict::Unjudged].iter().max(), Some(&Verdict::Failed));
/// ```
#[expect(clippy::exhaustive_enums, reason = "there is no fourth result")]
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every engine did as expected.
    Passed,
    /// No engine failed, but the server did not answer one of them.
    Unjudged,
    /// An engine did not do as expected.
    Failed,
}

/// A combination and its verdict. It contains no secret.
///
/// `Display` writes what was expected and, for each finding, what happened and how to fix it. Its
/// JSON is a line of `browser-cors expect --format json`.
///
/// ```
/// # use browser_cors_audit::expect::Report;
/// # fn f(report: &Report) {
/// for judged in report.judged().iter().filter(|judged| !judged.is_met()) {
///     eprintln!("{judged}");
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Judged {
    pub(super) case: Case,
    pub(super) title: String,
    pub(super) expected: String,
    pub(super) verdict: Verdict,
    pub(super) findings: Vec<Finding>,
}

impl Judged {
    /// The combination.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("{}", judged.case().url());
    /// # }
    /// ```
    pub const fn case(&self) -> &Case {
        &self.case
    }

    /// The row's name and its request, as in `items: PUT /items from app`.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("{}", judged.title());
    /// # }
    /// ```
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What was expected, in words.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// println!("{}: expected: {}", judged.title(), judged.expected());
    /// # }
    /// ```
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The verdict.
    ///
    /// ```
    /// # use browser_cors_audit::expect::{Judged, Verdict};
    /// # fn f(judged: &Judged) {
    /// if judged.verdict() == Verdict::Unjudged {
    ///     println!("{}: there was no answer", judged.title());
    /// }
    /// # }
    /// ```
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Whether every engine did as expected.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// assert!(judged.is_met(), "{judged}");
    /// # }
    /// ```
    pub fn is_met(&self) -> bool {
        self.verdict == Verdict::Passed
    }

    /// The findings: what was not as expected.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// let reasons: Vec<_> = judged.findings().iter().map(|finding| finding.reason).collect();
    /// # }
    /// ```
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// Something that was not as expected, in the engines that see it alike.
///
/// ```
/// # use browser_cors_audit::expect::Finding;
/// # fn f(finding: &Finding) {
/// println!("in {}: {}\n{}", finding.engines.join(", "), finding.message, finding.details());
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// The names of the engines.
    pub engines: Vec<String>,
    /// Whether it failed or could not be judged.
    pub verdict: Verdict,
    /// A stable name of the reason.
    pub reason: &'static str,
    /// The reason in words.
    pub message: String,
    /// The exchanges, with a mark under the bytes at fault.
    pub explanation: String,
    /// What would mend it.
    pub remedy: Remedy,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { engines, verdict, reason, message, explanation, remedy } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("engines", engines)?;
        map.serialize_entry("verdict", verdict)?;
        map.serialize_entry("reason", reason)?;
        map.serialize_entry("message", message)?;
        map.serialize_entry("explanation", explanation)?;
        map.serialize_entry("fix", &remedy.to_string())?;
        let answers: Vec<_> = remedy.answers.iter().filter_map(Lines::of).collect();
        map.serialize_entry("answers", &answers)?;
        map.serialize_entry("remedy", remedy)?;
        map.end()
    }
}

/// An answer with its headers as lines, as they are copied.
#[derive(Serialize)]
struct Lines<'a> {
    method: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    headers: Vec<String>,
}

impl<'a> Lines<'a> {
    /// The lines to send; `None` where there are only some not to send.
    fn of(answer: &'a Answer) -> Option<Self> {
        if !answer.without.is_empty() {
            return None;
        }
        let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value}"));
        Some(Self {
            method: answer.method.as_deref()?,
            url: answer.url.as_deref()?,
            status: answer.status,
            headers: headers.collect(),
        })
    }
}

/// Judges the outcomes of a case. Returns the verdict and the findings.
pub(super) fn judge(case: &Case, asked: &[Attempt], secrets: &Secrets) -> (Verdict, Vec<Finding>) {
    let mut findings: Vec<Finding> = Vec::new();
    for asked in asked {
        for mut finding in faults(case, asked) {
            finding.redact(secrets);
            match findings.iter_mut().find(|other| other.is_like(&finding)) {
                Some(other) => other.engines.extend(finding.engines),
                None => findings.push(finding),
            }
        }
    }
    let worst = findings.iter().map(|finding| finding.verdict).max();
    (worst.unwrap_or(Verdict::Passed), findings)
}

impl Judged {
    /// A case with its judgement.
    pub(super) fn new(
        case: Case,
        (verdict, findings): (Verdict, Vec<Finding>),
        secrets: &Secrets,
    ) -> Self {
        Self {
            title: secrets.redact(format!("{}: {case}", case.row.name)).into_owned(),
            expected: secrets.redact(expected(&case)).into_owned(),
            case,
            verdict,
            findings,
        }
    }
}

impl Finding {
    /// The exchanges, the fix and the answers that the fix needs, if any.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Finding;
    /// # fn f(finding: &Finding) {
    /// assert!(finding.details().contains(&finding.remedy.to_string()));
    /// # }
    /// ```
    pub fn details(&self) -> String {
        let mut text = self.explanation.clone();
        // Writing to a string cannot fail.
        let fix = self.remedy.to_string();
        if !text.contains(&fix) {
            let _ = writeln!(text, "    fix: {fix}");
        }
        for Lines { method, url, status, headers } in
            self.remedy.answers.iter().filter_map(Lines::of)
        {
            let status = status.map_or_else(String::new, |status| format!(" {status} and"));
            let _ = writeln!(text, " answer: {method} {url} with{status}");
            headers.iter().for_each(|header| text.extend(["   ", header, "\n"]));
        }
        text
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.reason, &self.message, &self.explanation, &self.remedy)
            == (other.reason, &other.message, &other.explanation, &other.remedy)
    }

    fn redact(&mut self, secrets: &Secrets) {
        let Remedy { answers, advice, .. } = &mut self.remedy;
        let texts = [&mut self.message, &mut self.explanation, advice];
        let answers = answers.iter_mut().flat_map(|answer| {
            let values = answer.headers.iter_mut().map(|(_, value)| value);
            values.chain(&mut answer.method).chain(&mut answer.url)
        });
        for text in texts.into_iter().chain(answers) {
            *text = secrets.redact(&**text).into_owned();
        }
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n  expected: {}", self.title, self.expected)?;
        for finding in &self.findings {
            writeln!(f, "  in {}: {}", finding.engines.join(", "), finding.message)?;
            finding.details().lines().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        Ok(())
    }
}

/// The version of the JSON. It grows when a member disappears or changes its meaning.
const FORMAT: u32 = 1;

impl Serialize for Judged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = &self.case;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", &FORMAT)?;
        map.serialize_entry("row", &case.row.name)?;
        map.serialize_entry("line", &case.row.place.line)?;
        map.serialize_entry("expect", if case.is_allowed() { "allow" } else { "deny" })?;
        map.serialize_entry("title", &self.title)?;
        map.serialize_entry("from", &case.asker.name)?;
        map.serialize_entry("origin", case.asker.origin.serialized())?;
        map.serialize_entry("method", &case.method)?;
        map.serialize_entry("path", &case.path)?;
        map.serialize_entry("credentials", case.credentials.as_str())?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("expected", &self.expected)?;
        map.serialize_entry("findings", &self.findings)?;
        map.end()
    }
}

fn expected(case: &Case) -> String {
    let origin = case.asker.origin.serialized();
    match (&case.row.kind, case.row.reach) {
        (Kind::Deny(_), Reach::Request) => format!("{origin} must not be able to read the answer"),
        (Kind::Deny(_), Reach::Preflight) => format!("{origin} must not get past the preflight"),
        (Kind::Allow(demands), send) => {
            let mut text = match send {
                Reach::Request => format!("{origin} must be able to read the answer"),
                Reach::Preflight => format!("{origin} must get past the preflight"),
            };
            // Writing to a string cannot fail.
            if let Some(status) = demands.status {
                let _ = write!(text, ", with the status {status}");
            }
            if !demands.read.is_empty() {
                let _ = write!(text, ", with {}", demands.read.join(", "));
            }
            if let Some(seconds) = demands.preflight_every {
                let _ = write!(text, ", with one preflight in {seconds} s");
            }
            text
        }
    }
}

/// Everything that is not as expected.
fn faults(case: &Case, asked: &Attempt) -> Vec<Finding> {
    let finding = |reason, message: String, remedy: Remedy| Finding {
        engines: vec![asked.profile.to_string()],
        verdict: Verdict::Failed,
        reason,
        message,
        explanation: asked.answered.explanation().with_remedy(&remedy).to_string(),
        remedy,
    };
    let none = Demands::default();
    let demands = match &case.row.kind {
        Kind::Allow(demands) => demands,
        Kind::Deny(_) => &none,
    };
    let transcript = asked.answered.transcript();
    let mut faults = Vec::new();
    match (&asked.answered, &transcript.outcome) {
        (Answered::Over(_), Outcome::NetworkError(error)) => {
            let Some(remedy) = Remedy::of(transcript) else { return faults };
            if let Some(failure) = transport_failure(error) {
                let (method, url) = last(transcript);
                let message = format!("{method} {url} failed: {failure}");
                let mut finding = finding(error.code().as_str(), message, remedy);
                finding.verdict = Verdict::Unjudged;
                faults.push(finding);
            } else if !case.is_allowed() && error.refusal == Refusal::MixedContent {
                let message =
                    format!("{error}: the server there was not asked, so nothing is proven");
                let mut finding = finding(error.code().as_str(), message, remedy);
                finding.verdict = Verdict::Unjudged;
                faults.push(finding);
            } else if case.is_allowed() {
                let remedy = with_demands(remedy, demands, transcript);
                faults.push(finding(error.code().as_str(), error.to_string(), remedy));
            }
            return faults;
        }
        (Answered::Over(_), Outcome::Response { response, .. }) if case.is_allowed() => {
            faults.extend(
                status(demands, response, transcript)
                    .map(|(message, remedy)| finding("status", message, remedy)),
            );
            faults.extend(hidden(demands, response, transcript).map(|(message, remedy, mark)| {
                let mut finding = finding("not-exposed", message, remedy);
                finding.explanation.push_str(&mark);
                finding
            }));
        }
        (Answered::Over(_), Outcome::Response { response, .. }) => {
            if matches!(response.kind(), ResponseType::Basic | ResponseType::Cors) {
                let message = "the page may read the answer".to_owned();
                faults.push(finding("readable", message, Remedy::withholding(transcript)));
            }
        }
        (Answered::NotSent(_), _) if case.is_allowed() => {}
        (Answered::NotSent(_), _) => {
            let message = "the preflight lets the request pass".to_owned();
            faults.push(finding("preflight-granted", message, Remedy::withholding(transcript)));
        }
    }
    faults.extend(asked.preflight_again.and_then(|seconds| {
        let (message, remedy, mark) = repeated(transcript, seconds)?;
        let mut finding = finding("preflight-repeated", message, remedy);
        finding.explanation.push_str(&mark);
        Some(finding)
    }));
    faults
}

/// The remedy of a network error, with what the row demands besides. Where the page must ask
/// otherwise, no answer brings that about.
fn with_demands(remedy: Remedy, demands: &Demands, transcript: &Transcript) -> Remedy {
    if remedy.answers.is_empty() {
        return remedy;
    }
    let mut remedy = remedy;
    if !demands.read.is_empty() {
        remedy = remedy.and(Remedy::exposing(&demands.read, transcript));
    }
    let judged = transcript.judged_exchange().filter(|judged| judged.preflight.is_some());
    if let (Some(judged), Some(seconds)) = (judged, demands.preflight_every) {
        remedy = remedy.and(Remedy::caching(&judged.url, Duration::from_secs(seconds)));
    }
    remedy
}

fn status(
    demands: &Demands,
    response: &FilteredResponse,
    transcript: &Transcript,
) -> Option<(String, Remedy)> {
    let (expected, found) = (demands.status?, response.status());
    (expected != found).then(|| {
        (format!("the status is {found}, not {expected}"), Remedy::answering(expected, transcript))
    })
}

/// The headers that the page needs and cannot read.
fn hidden(
    demands: &Demands,
    response: &FilteredResponse,
    transcript: &Transcript,
) -> Option<(String, Remedy, String)> {
    let hidden: Vec<_> = demands
        .read
        .iter()
        .map(String::as_str)
        .filter(|name| !response.is_readable(name))
        .collect();
    if hidden.is_empty() {
        return None;
    }
    let (headers, names) = (&response.internal_response().header_list, hidden.join(", "));
    Some((
        format!("the page cannot read {names}"),
        Remedy::exposing(&hidden, transcript),
        Evidence::too_little("Access-Control-Expose-Headers", headers, names).mark(),
    ))
}

fn repeated(transcript: &Transcript, seconds: u64) -> Option<(String, Remedy, String)> {
    let mut preflights = transcript.exchanges.iter().filter(|one| one.preflight.is_some());
    let preflight = preflights.next()?;
    let caching = |preflight: &RecordedExchange| {
        Remedy::caching(&preflight.url, Duration::from_secs(seconds))
    };
    let headers = &preflight.answer.as_ref().ok()?.header_list;
    let expected = format!("at least {seconds}");
    Some((
        format!("the preflight is repeated within {seconds} s"),
        preflights.map(caching).fold(caching(preflight), Remedy::and),
        Evidence::too_little("Access-Control-Max-Age", headers, expected).mark(),
    ))
}

fn last(transcript: &Transcript) -> (String, String) {
    transcript.exchanges.last().map_or_else(Default::default, |last| {
        (last.method.to_string(), url_as_sent(&last.url).into_owned())
    })
}
