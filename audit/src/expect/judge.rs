//! Compares what happened with what was expected.

use std::fmt::{self, Write};

use browser_cors::{
    cors_check::CorsCheckSuccess,
    explain::fix,
    fetch::Outcome,
    origin::url_as_sent,
    request::CredentialsMode,
    response::{FilteredResponse, ResponseType},
    transcript::Transcript,
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::client::transport_failure;

use super::{
    ask::{Answered, Attempt},
    file::{Demands, Kind, Reach},
    grant::{self, Answer, grant},
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
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
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
    /// The fix in words.
    pub fix: String,
    /// The fix as answers, if the server must answer differently.
    pub answers: Vec<Answer>,
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
    /// assert!(finding.details().contains(&finding.fix));
    /// # }
    /// ```
    pub fn details(&self) -> String {
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

    fn is_like(&self, other: &Self) -> bool {
        (self.reason, &self.message, &self.explanation, &self.fix)
            == (other.reason, &other.message, &other.explanation, &other.fix)
    }

    fn redact(&mut self, secrets: &Secrets) {
        let texts = [&mut self.message, &mut self.explanation, &mut self.fix];
        let answers = self.answers.iter_mut().flat_map(|answer| {
            answer.headers.iter_mut().chain([&mut answer.method, &mut answer.url])
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
    let finding = |reason, message: String, fix: String| Finding {
        engines: vec![asked.profile.to_string()],
        verdict: Verdict::Failed,
        reason,
        message,
        explanation: asked.answered.explanation().to_string(),
        answers: Vec::new(),
        fix,
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
            let last = transcript.judged_exchange();
            if let Some(failure) = transport_failure(error) {
                let (method, url) = last.map_or_else(Default::default, |last| {
                    (last.method.to_string(), url_as_sent(&last.url).into_owned())
                });
                let message = format!("{method} {url} failed: {failure}");
                let mut finding = finding(error.code().as_str(), message, fix(error, last));
                finding.verdict = Verdict::Unjudged;
                faults.push(finding);
            } else if case.is_allowed() {
                let mut finding =
                    finding(error.code().as_str(), error.to_string(), fix(error, last));
                finding.answers = grant(transcript, demands);
                faults.push(finding);
            }
            return faults;
        }
        (Answered::Over(_), Outcome::Response { response, .. }) if case.is_allowed() => {
            faults.extend(
                status(demands, response, transcript)
                    .map(|(message, fix)| finding("status", message, fix)),
            );
            faults.extend(hidden(case, demands, response, transcript).map(
                |(message, fix, mark)| {
                    let mut finding = finding("not-exposed", message, fix);
                    finding.explanation.push_str(&mark);
                    finding.answers = grant(transcript, demands);
                    finding
                },
            ));
        }
        (Answered::Over(_), Outcome::Response { response, .. }) => {
            if matches!(response.kind(), ResponseType::Basic | ResponseType::Cors) {
                let message = "the page may read the answer".to_owned();
                faults.push(finding("readable", message, fix_readable(case, transcript)));
            }
        }
        (Answered::NotSent(_), _) if case.is_allowed() => {}
        (Answered::NotSent(_), _) => {
            let message = "the preflight lets the request pass".to_owned();
            faults.push(finding("preflight-granted", message, fix_granted(case)));
        }
    }
    faults.extend(asked.preflight_again.map(|seconds| {
        let (message, fix, mark) = repeated(case, transcript, seconds);
        let mut finding = finding("preflight-repeated", message, fix);
        finding.explanation.push_str(&mark);
        let preflights = transcript.exchanges.iter().filter(|e| e.preflight.is_some());
        let answers = preflights.filter_map(|e| grant::preflight(transcript, e, demands));
        finding.answers = answers.collect();
        finding
    }));
    faults
}

fn status(
    demands: &Demands,
    response: &FilteredResponse,
    transcript: &Transcript,
) -> Option<(String, String)> {
    let (expected, found) = (demands.status?, response.status());
    (expected != found).then(|| {
        let Transcript { asked, .. } = transcript;
        (
            format!("the status is {found}, not {expected}"),
            format!("Answer {} {} with {expected}.", asked.method, url_as_sent(&asked.url)),
        )
    })
}

/// The headers that the page needs and cannot read.
fn hidden(
    case: &Case,
    demands: &Demands,
    response: &FilteredResponse,
    transcript: &Transcript,
) -> Option<(String, String, String)> {
    const EXPOSE: &str = "Access-Control-Expose-Headers";
    let hidden: Vec<_> = demands
        .read
        .iter()
        .map(String::as_str)
        .filter(|name| !response.is_readable(name))
        .collect();
    if hidden.is_empty() {
        return None;
    }
    let headers = &response.internal_response().header_list;
    let listed = headers.get_decode_and_split(EXPOSE).unwrap_or_default();
    let includes = case.credentials == CredentialsMode::Include;
    let is_name = |name: &&str| !name.is_empty() && (*name != "*" || !includes);
    let list: Vec<_> =
        listed.iter().map(String::as_str).filter(is_name).chain(hidden.iter().copied()).collect();
    let (method, url) = last(transcript);
    let hint = if includes && listed.iter().any(|name| name == "*") {
        " With credentials, `*` is only a header of that name."
    } else {
        ""
    };
    let lines = headers.values(EXPOSE);
    let (hidden, list) = (hidden.join(", "), list.join(", "));
    Some((
        format!("the page cannot read {hidden}"),
        format!("Answer {method} {url} with `{EXPOSE}: {list}`.{hint}"),
        mark(EXPOSE, lines, &hidden),
    ))
}

fn repeated(case: &Case, transcript: &Transcript, seconds: u64) -> (String, String, String) {
    const MAX_AGE: &str = "Access-Control-Max-Age";
    let preflight = transcript.exchanges.iter().find(|exchange| exchange.preflight.is_some());
    let answer = preflight.and_then(|preflight| preflight.answer.as_ref().ok());
    let lines = answer.into_iter().flat_map(|answer| answer.header_list.values(MAX_AGE));
    let url = url_as_sent(&case.url);
    (
        format!("the preflight is repeated within {seconds} s"),
        format!("Answer OPTIONS {url} with `{MAX_AGE}: {seconds}`."),
        mark(MAX_AGE, lines, &format!("at least {seconds}")),
    )
}

/// A header with a mark after its last line.
fn mark<'a>(name: &str, lines: impl Iterator<Item = &'a [u8]>, expected: &str) -> String {
    let lines: Vec<_> = lines.map(|value| format!("{name}: {}", value.escape_ascii())).collect();
    let Some(last) = lines.last() else {
        return format!("   (no {name}, expected {expected})\n");
    };
    let width = last.len();
    let lines: String = lines.iter().map(|line| format!("   {line}\n")).collect();
    format!("{lines}   {:width$}^ expected {expected}\n", "")
}

fn last(transcript: &Transcript) -> (String, String) {
    transcript.exchanges.last().map_or_else(Default::default, |last| {
        (last.method.to_string(), url_as_sent(&last.url).into_owned())
    })
}

fn fix_readable(case: &Case, transcript: &Transcript) -> String {
    let (method, url) = last(transcript);
    let origin = case.asker.origin.serialized();
    match transcript.cors_check_success() {
        Some(CorsCheckSuccess::Wildcard) => format!(
            "Answer {method} {url} without `*`, which lets every page read it. Answer your own \
             pages with their origin, all others without Access-Control-Allow-Origin, and always \
             with `Vary: Origin`."
        ),
        Some(_) if origin == "null" => format!(
            "Answer {method} {url} without Access-Control-Allow-Origin if the origin is `null`, \
             which any page can have, and with `Vary: Origin`."
        ),
        Some(_) => format!(
            "Answer {method} {url} without Access-Control-Allow-Origin for {origin}, and with \
             `Vary: Origin`: compare the whole origin with those of your pages, byte for byte."
        ),
        None => format!("Ask for {url} from another origin: {origin} is the server's own."),
    }
}

fn fix_granted(case: &Case) -> String {
    format!(
        "Answer OPTIONS {} without Access-Control-Allow-Origin for {}, and with `Vary: Origin`.",
        url_as_sent(&case.url),
        case.asker.origin.serialized()
    )
}
