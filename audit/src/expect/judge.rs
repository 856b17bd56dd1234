//! Compares what happened with what was expected.

use std::{
    fmt::{self, Write},
    time::Duration,
};

use browser_cors::{
    engine::Profile,
    explain::{Answer, Evidence, Remedy, Where},
    fetch::{Outcome, Refusal},
    http::Method,
    origin::url_as_sent,
    page::loads::is_cors_same_origin,
    response::FilteredResponse,
    transcript::{RecordedExchange, Transcript, Unanswered},
};
use serde::{Serialize, Serializer, ser::SerializeMap};

#[cfg(feature = "live")]
use super::ask::Turn;
use super::{
    attempt::{Answered, Attempt, has_preflight},
    file::{Demands, Denial, Denied, Kind},
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
    /// No engine failed, but something is not known: the server did not answer, or what could be
    /// asked proves nothing.
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
    /// The page's origin, without secrets.
    origin: String,
    pub(super) verdict: Verdict,
    pub(super) findings: Vec<Finding>,
    pub(super) extent: Extent,
    pub(super) arrives: bool,
    pub(super) warnings: Vec<&'static str>,
}

/// How much of a combination was sent.
///
/// ```
/// use browser_cors_audit::expect::Extent;
///
/// assert!(Extent::Preflight < Extent::Request);
/// ```
#[expect(clippy::exhaustive_enums, reason = "there is no more to send")]
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// Nothing.
    Nothing,
    /// Only preflights, because the request itself could change something, or was not let pass.
    Preflight,
    /// The request itself.
    Request,
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

    /// How much was sent.
    ///
    /// ```
    /// # use browser_cors_audit::expect::{Extent, Judged};
    /// # fn f(judged: &Judged) {
    /// let has_changed_nothing = judged.extent() < Extent::Request;
    /// # }
    /// ```
    pub const fn extent(&self) -> Extent {
        self.extent
    }

    /// Whether the request itself arrives at the server in some engine, even if the page cannot read
    /// the answer. A request that was not sent arrives if a browser would send it.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// if judged.is_met() && !judged.case().is_allowed() && judged.arrives() {
    ///     println!("{}: it is executed, although nobody reads the answer", judged.title());
    /// }
    /// # }
    /// ```
    pub const fn arrives(&self) -> bool {
        self.arrives
    }

    /// What is wrong with an answer although the page may read it, such as a missing `Vary`.
    ///
    /// ```
    /// # use browser_cors_audit::expect::Judged;
    /// # fn f(judged: &Judged) {
    /// judged.warnings().iter().for_each(|warning| eprintln!("{}: {warning}", judged.title()));
    /// # }
    /// ```
    pub fn warnings(&self) -> &[&'static str] {
        &self.warnings
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

/// What the outcomes of a case come to.
#[derive(Debug)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    pub(super) findings: Vec<Finding>,
    extent: Extent,
    arrives: bool,
    warnings: Vec<&'static str>,
    /// Whether an answer says which origins may read it.
    pub(super) shows_cors: bool,
    /// What is to be said of a refusal that holds for everybody. It is there if the refusal itself
    /// shows no CORS.
    pub(super) refusal: Option<Finding>,
}

/// Judges the outcomes of a case.
pub(super) fn judge(
    case: &Case,
    asked: &[Attempt],
    profiles: &[Profile],
    secrets: &Secrets,
) -> Judgement {
    let mut findings: Vec<Finding> = Vec::new();
    let mut add = |mut finding: Finding| {
        finding.redact(secrets);
        match findings.iter_mut().find(|other| other.is_like(&finding)) {
            Some(other) => other.engines.extend(finding.engines),
            None => findings.push(finding),
        }
    };
    asked.iter().flat_map(|asked| faults(case, asked)).for_each(&mut add);
    for profile in profiles {
        if !asked.iter().any(|asked| asked.profile == *profile) {
            add(not_asked_at_all(case, profile));
        }
    }
    let refusal = asked.iter().map(|asked| silent_refusal(case, asked));
    let refusal = refusal.collect::<Option<Vec<_>>>().unwrap_or_default().into_iter();
    let refusal = refusal
        .reduce(|first, next| Finding { engines: [first.engines, next.engines].concat(), ..first });
    let worst = findings.iter().map(|finding| finding.verdict).max();
    Judgement {
        verdict: worst.unwrap_or(Verdict::Passed),
        findings,
        extent: asked.iter().map(extent).max().unwrap_or(Extent::Nothing),
        arrives: asked.iter().any(|asked| asked.answered.arrives()),
        warnings: warnings(case, asked),
        shows_cors: asked.iter().any(shows_cors),
        refusal: refusal.map(|mut finding| {
            finding.redact(secrets);
            finding
        }),
    }
}

impl Judgement {
    /// What came of it, for the run.
    #[cfg(feature = "live")]
    pub(super) fn turn(&self, asked: &[Attempt]) -> Turn {
        let is_silent = |asked: &Attempt| match &asked.answered.transcript().outcome {
            Outcome::NetworkError(error) => error.transport_failure().is_some(),
            Outcome::Response { .. } => false,
        };
        match self.verdict {
            Verdict::Failed => Turn::Failed,
            Verdict::Unjudged if asked.iter().any(is_silent) => Turn::Silent,
            Verdict::Passed | Verdict::Unjudged => Turn::Answered,
        }
    }

    /// The judgement on a case that was not asked, because the run ended early.
    pub(super) fn left_out(profiles: &[Profile], because: &str) -> Self {
        let finding = Finding {
            engines: profiles.iter().map(ToString::to_string).collect(),
            verdict: Verdict::Unjudged,
            reason: LEFT_OUT,
            message: format!("it was not asked: {because}"),
            explanation: String::new(),
            remedy: Remedy::advising(Where::Test, "Run it again."),
        };
        Self {
            verdict: Verdict::Unjudged,
            findings: vec![finding],
            extent: Extent::Nothing,
            arrives: false,
            warnings: Vec::new(),
            shows_cors: false,
            refusal: None,
        }
    }
}

/// The reason of a case that was not asked, because the run ended early.
pub(super) const LEFT_OUT: &str = "not-asked";

impl Judged {
    /// A case with its judgement.
    pub(super) fn new(case: Case, judgement: Judgement, secrets: &Secrets) -> Self {
        let Judgement { verdict, findings, extent, arrives, warnings, .. } = judgement;
        Self {
            title: secrets.redact(format!("{}: {case}", case.row.name)).into_owned(),
            expected: secrets.redact(expected(&case, extent)).into_owned(),
            origin: secrets.redact(case.asker.origin.serialized()).into_owned(),
            case,
            verdict,
            findings,
            extent,
            arrives,
            warnings,
        }
    }
}

/// What is wrong with answers that a page may read, and must be able to.
fn warnings(case: &Case, asked: &[Attempt]) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    let over = asked.iter().filter(|asked| matches!(asked.answered, Answered::Over(_)));
    for warning in over.flat_map(|asked| asked.answered.explanation().warnings()) {
        if case.is_allowed() && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    warnings
}

/// How much an engine sent.
fn extent(asked: &Attempt) -> Extent {
    let exchanges = asked.answered.transcript().exchanges.iter();
    let sent = exchanges.filter(|exchange| !matches!(exchange.answer, Err(Unanswered::NotSent)));
    let extents = sent.map(|exchange| match exchange.preflight {
        Some(_) => Extent::Preflight,
        None => Extent::Request,
    });
    extents.max().unwrap_or(Extent::Nothing)
}

impl Finding {
    fn new(
        asked: &Attempt,
        verdict: Verdict,
        reason: &'static str,
        message: String,
        remedy: Remedy,
    ) -> Self {
        Self {
            engines: vec![asked.profile.to_string()],
            verdict,
            reason,
            message,
            explanation: asked.answered.explanation().with_remedy(&remedy).to_string(),
            remedy,
        }
    }

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
        let clean = |text: &mut String| *text = secrets.redact(&**text).into_owned();
        self.explanation = secrets.redact_explanation(&self.explanation);
        clean(&mut self.message);
        clean(&mut self.remedy.advice);
        if let Where::Server { host: Some(host) } | Where::PageAndServer { host: Some(host) } =
            &mut self.remedy.place
        {
            clean(host);
        }
        for answer in &mut self.remedy.answers {
            let values = answer.headers.iter_mut().map(|(_, value)| value);
            let texts = values.chain(&mut answer.method).chain(&mut answer.url);
            texts.chain(&mut answer.without).for_each(clean);
            if let Some(how) = &mut answer.how {
                *how = secrets.redact(&**how).into_owned().into();
            }
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
        map.serialize_entry("origin", &self.origin)?;
        map.serialize_entry("method", &case.method)?;
        map.serialize_entry("path", &case.path)?;
        map.serialize_entry("credentials", case.credentials.as_str())?;
        map.serialize_entry("verdict", &self.verdict)?;
        map.serialize_entry("sent", &self.extent)?;
        map.serialize_entry("arrives", &self.arrives)?;
        map.serialize_entry("warnings", &self.warnings)?;
        map.serialize_entry("expected", &self.expected)?;
        map.serialize_entry("findings", &self.findings)?;
        map.end()
    }
}

fn expected(case: &Case, extent: Extent) -> String {
    let origin = case.asker.origin.serialized();
    // A request that is not sent is judged by its preflight, if there is one.
    let is_sent = case.reach.sends(&case.method) || extent == Extent::Nothing;
    match &case.row.kind {
        Kind::Deny(Denial { what: Denied::Send, .. }) => {
            format!("{origin} must not be able to send the request")
        }
        Kind::Deny(_) if is_sent => format!("{origin} must not be able to read the answer"),
        Kind::Deny(_) => format!("{origin} must not get past the preflight"),
        Kind::Allow(demands) => {
            let mut text = match is_sent {
                true => format!("{origin} must be able to read the answer"),
                false => format!("{origin} must get past the preflight"),
            };
            // Writing to a string cannot fail.
            if is_sent && let Some(status) = demands.status {
                let _ = write!(text, ", with the status {status}");
            }
            if is_sent && !demands.read.is_empty() {
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
    let finding = |reason, message: String, remedy: Remedy| {
        Finding::new(asked, Verdict::Failed, reason, message, remedy)
    };
    let unjudged = |reason, message: String, remedy: Remedy| {
        Finding::new(asked, Verdict::Unjudged, reason, message, remedy)
    };
    let none = Demands::default();
    let demands = match &case.row.kind {
        Kind::Allow(demands) => demands,
        Kind::Deny(_) => &none,
    };
    let transcript = asked.answered.transcript();
    let (method, url) = last(transcript);
    let mut faults = Vec::new();
    match (&asked.answered, &transcript.outcome) {
        (Answered::Over(_), Outcome::NetworkError(error)) => {
            let Some(remedy) = Remedy::of(transcript) else { return faults };
            if let Some(failure) = error.transport_failure() {
                let message = format!("{method} {url} failed: {failure}");
                faults.push(unjudged(error.code().as_str(), message, remedy));
            } else if error.refusal == Refusal::MixedContent {
                let url = error.url_list.last().map(url_as_sent).unwrap_or_default();
                let message = format!(
                    "mixed content: a browser does not ask {url} in a page of https, so the \
                     {} was not sent",
                    case.method
                );
                let code = error.code().as_str();
                faults.push(match case.is_allowed() {
                    true => finding(code, message, remedy),
                    false => unjudged(code, message, remedy),
                });
            } else if case.is_allowed() {
                let remedy = with_demands(remedy, demands, transcript);
                faults.push(finding(error.code().as_str(), error.to_string(), remedy));
            } else if transcript.exchanges.is_empty() {
                let message = format!("no request went out, which proves nothing: {error}");
                faults.push(unjudged(error.code().as_str(), message, remedy));
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
            if is_cors_same_origin(response.kind()) {
                let message = "the page may read the answer".to_owned();
                faults.push(finding("readable", message, Remedy::withholding(transcript)));
            }
        }
        (Answered::NotSent(..), _) => match (case.denied(), has_preflight(transcript)) {
            (None, true) => faults.extend(unasked_demand(case, demands, asked)),
            (Some(_), true) => {
                let message = "the preflight lets the request pass".to_owned();
                faults.push(finding("preflight-granted", message, Remedy::withholding(transcript)));
            }
            (Some(Denied::Send), false) => {
                let message =
                    format!("{method} {url} arrives: it is sent without asking the server before");
                faults.push(finding("sent", message, refusing(case)));
            }
            (None | Some(Denied::Read), false) => faults.push(unjudged(
                "not-sent",
                format!(
                    "{method} {url} has no preflight, and it could change something, so nothing was \
                     sent"
                ),
                sending(),
            )),
        },
    }
    faults.extend(asked.preflight_again.and_then(|seconds| {
        let (message, remedy, mark) = repeated(transcript, seconds)?;
        let mut finding = finding("preflight-repeated", message, remedy);
        finding.explanation.push_str(&mark);
        Some(finding)
    }));
    faults
}

/// What is demanded of an answer, if no request of the row gets one.
fn unasked_demand(case: &Case, demands: &Demands, asked: &Attempt) -> Option<Finding> {
    let demand = match (demands.status, &demands.read[..]) {
        (Some(_), _) => "status",
        (None, []) => return None,
        (None, _) => "read",
    };
    // Another request of the row answers for those that are not sent.
    if case.row.methods.iter().any(|method| case.reach.sends(method)) {
        return None;
    }
    let message = format!(
        "`{demand}` needs the answer, and the {} was not sent, because it could change something",
        case.method
    );
    Some(Finding::new(asked, Verdict::Unjudged, "not-sent", message, sending()))
}

/// How to send what could change something.
fn sending() -> Remedy {
    Remedy::advising(
        Where::Test,
        "Write `send = \"request\"` in the row, or give `--send-requests`, if the server may carry the \
         request out.",
    )
}

/// How to keep a request from being carried out that no preflight announces.
fn refusing(case: &Case) -> Remedy {
    let advice = match Method::from_bytes(case.method.as_bytes()) {
        Ok(method) if method.is_safe() => {
            "No header keeps such a request away. Let it change nothing, and deny reading: \
             `what = \"read\"`."
        }
        _ => {
            "No header of an answer keeps such a request away. Refuse it where its `Origin` is none \
             of yours, or demand what a form cannot send: `Content-Type: application/json` or a \
             header of your own, so that there is a preflight. Cookies with `SameSite=Lax` do not \
             come along."
        }
    };
    Remedy::advising(Where::server_of(&case.url), advice)
}

/// The finding about an engine that asked nothing.
fn not_asked_at_all(case: &Case, profile: &Profile) -> Finding {
    let (reason, message, advice) = match case.is_same_origin() {
        true => (
            "same-origin",
            format!(
                "{} is the server's own origin, where there is no CORS, so this proves nothing",
                case.asker.origin.serialized()
            ),
            "Leave the page out of the row with `pages`, or name another server with `base`.",
        ),
        false => (
            LEFT_OUT,
            "no request came of it, which proves nothing".to_owned(),
            "Leave the combination out of the row.",
        ),
    };
    Finding {
        engines: vec![profile.to_string()],
        verdict: Verdict::Unjudged,
        reason,
        message,
        explanation: String::new(),
        remedy: Remedy::advising(Where::Test, advice),
    }
}

/// What is to be said of a refusal of what was denied, if nothing of it shows CORS: an error, or a
/// redirect, as a server sends it to everybody for a path that it does not have or that needs a
/// login.
fn silent_refusal(case: &Case, asked: &Attempt) -> Option<Finding> {
    let transcript = asked.answered.transcript();
    let is_refused = matches!(asked.answered, Answered::Over(_))
        && matches!(transcript.outcome, Outcome::NetworkError(_));
    if case.is_allowed() || !is_refused || shows_cors(asked) {
        return None;
    }
    let judged = transcript.judged_exchange()?;
    let status = judged.answer.as_ref().ok()?.status;
    // A server without CORS refuses each preflight so.
    let is_plain = judged.preflight.is_some() && matches!(status, 405 | 501);
    if is_plain || (200..300).contains(&status) {
        return None;
    }
    let (method, url) = (&judged.method, url_as_sent(&judged.url));
    let message = format!(
        "{method} {url} is answered with {status}, and no page of the file sees any CORS there, so this \
         proves nothing"
    );
    let remedy = Remedy::advising(
        Where::Test,
        "Ask for a path that the pages can use, such as one of an `[[allow]]` row, with the headers and \
         the cookie that let them in.",
    );
    Some(Finding::new(asked, Verdict::Unjudged, "no-cors-seen", message, remedy))
}

/// Whether an answer says which origins may read it.
pub(super) fn shows_cors(asked: &Attempt) -> bool {
    let exchanges = &asked.answered.transcript().exchanges;
    let mut answers = exchanges.iter().filter_map(|exchange| exchange.answer.as_ref().ok());
    answers.any(|answer| answer.header_list.contains("Access-Control-Allow-Origin"))
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
