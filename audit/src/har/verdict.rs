//! Judges recorded exchanges by the standard and in the engines.

use std::time::Duration;

use browser_cors::{
    compare::{Comparable, Comparison, View},
    console::recognize,
    engine::{Departure, Profile},
    explain::{Explanation, Remedy, Where, further_faults},
    fetch::{Context, NetworkError, Outcome, TransportFailure, UserAgent},
    header::{HeaderList, extract::extract_max_age, safelist::is_forbidden_response_header_name},
    origin::url_as_sent,
    preflight_cache::{PreflightCache, Timestamp},
    request::{Destination, Mode},
    response::{Response, ResponseType},
    transcript::Transcript,
    url::Url,
};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{archive::Entry, asked::PageRequest, pairs::Hop};

/// The verdict on an exchange.
///
/// ```
/// use browser_cors_audit::har::Verdict;
///
/// assert_eq!(Verdict::Fragile.as_str(), "fragile");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The page gets what it asks for, in every engine.
    Fine,
    /// The page gets it now, but not in every engine, or not after another answer went into an HTTP
    /// cache.
    Fragile,
    /// The page does not get it.
    Blocked,
    /// There is no answer of a server to judge.
    Unanswered,
}

impl Verdict {
    /// A stable name.
    ///
    /// ```
    /// # use browser_cors_audit::har::Verdict;
    /// assert_eq!(Verdict::Fine.as_str(), "fine");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Fragile => "fragile",
            Self::Blocked => "blocked",
            Self::Unanswered => "unanswered",
        }
    }
}

/// The judgement of an exchange.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// The verdict of each profile, in their order.
    pub(super) rows: Vec<EngineVerdict>,
    pub(super) risks: Vec<Risk>,
    /// What is worth knowing besides.
    pub(super) notes: Vec<Risk>,
    /// The headers of the answer that the page cannot see.
    pub(super) hidden: Vec<String>,
    /// Whether it is assumed that a preflight was granted, because none was recorded.
    pub(super) preflight_is_assumed: bool,
}

impl Judgement {
    /// Whether the browser gave the page nothing although it should have given an answer.
    pub(super) fn is_contradicted(&self, hops: &[Hop]) -> bool {
        matches!(self.verdict, Verdict::Fine | Verdict::Fragile)
            && hops.last().is_some_and(|hop| is_blocked(&hop.entry))
    }

    /// Believes the browser, which knows about more than CORS.
    pub(super) fn heed(&mut self, hops: &[Hop]) {
        if self.is_contradicted(hops) {
            self.verdict = Verdict::Unanswered;
            self.risks.clear();
            self.notes.clear();
        }
    }

    /// Minds that an HTTP cache may hand the answer of an earlier entry to this request with CORS.
    pub(super) fn mind_cache(&mut self, stored: u64, hop: &Hop) {
        let Some(row) = self.rows.first() else { return };
        let has_no_grant = !hop.entry.response_headers.contains("Access-Control-Allow-Origin");
        let is_answered_by_cache = hop.entry.is_cached && has_no_grant;
        let is_lost = hop.entry.status == 0 && has_no_grant;
        let text = match self.verdict {
            Verdict::Blocked if is_answered_by_cache => {
                format!("the HTTP cache gave the answer of entry {stored}")
            }
            Verdict::Blocked if is_lost => {
                format!("the HTTP cache may have given the answer of entry {stored}")
            }
            Verdict::Fine | Verdict::Fragile if !hop.entry.is_cached => {
                format!("next time, an HTTP cache may give the answer of entry {stored}")
            }
            _ => return,
        };
        let risk = Risk {
            kind: "http-cache",
            text: format!(
                "{text}. It was asked for without Origin, and has neither \
                 Access-Control-Allow-Origin nor `Vary: Origin`. Chromium and WebKit take it from \
                 the cache and block it, Firefox asks the server again"
            ),
            remedy: remedy_of_cache(row),
        };
        if self.verdict == Verdict::Blocked {
            self.notes.push(risk);
        } else {
            self.verdict = Verdict::Fragile;
            self.risks.push(risk);
        }
    }
}

/// What keeps a cache from handing an answer without CORS to a request with it.
fn remedy_of_cache(row: &EngineVerdict) -> Remedy {
    let asked = &row.transcript.asked;
    let mut remedy = Remedy::advising(
        Where::server_of(&asked.url),
        format!(
            "Answer GET {} with `Vary: Origin`, to requests without Origin too. Or answer with \
             Access-Control-Allow-Origin whether there is an Origin or not. Or, in the page's code, \
             load it with `crossorigin` the first time too.",
            url_as_sent(&asked.url)
        ),
    );
    if let Some(last) = row.transcript.exchanges.last()
        && last.preflight.is_none()
    {
        let varying = Remedy::varying(&row.transcript);
        remedy.answers = varying.answers;
        remedy.advice = "Or answer with Access-Control-Allow-Origin whether there is an Origin or \
                         not. Or, in the page's code, load it with `crossorigin` the first time too."
            .to_owned();
    }
    remedy
}

/// The verdict of one engine on an exchange.
///
/// ```
/// # use browser_cors_audit::har::Judged;
/// # fn f(judged: &Judged) {
/// for engine in judged.engines().iter().filter(|engine| engine.is_blocked()) {
///     println!("blocked in {}", engine.profile());
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct EngineVerdict {
    profile: Profile,
    transcript: Transcript,
    /// The departures that make it differ from the first row. Empty if it does not differ, or the
    /// cause is unknown.
    because: Vec<Departure>,
    seen: PageGets,
}

impl EngineVerdict {
    /// The engine's profile.
    ///
    /// ```
    /// # use browser_cors_audit::har::EngineVerdict;
    /// # fn f(engine: &EngineVerdict) {
    /// println!("in {}", engine.profile());
    /// # }
    /// ```
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The record of the fetch, replayed with the recorded answers.
    ///
    /// ```
    /// # use {browser_cors::explain::Explanation, browser_cors_audit::har::EngineVerdict};
    /// # fn f(engine: &EngineVerdict) {
    /// print!("{}", Explanation::new(engine.transcript()));
    /// # }
    /// ```
    pub const fn transcript(&self) -> &Transcript {
        &self.transcript
    }

    /// The departures from the standard that make this engine differ from the first one. Empty if
    /// it does not differ, or the cause is unknown.
    ///
    /// ```
    /// # use browser_cors_audit::har::EngineVerdict;
    /// # fn f(engine: &EngineVerdict) {
    /// let names: Vec<_> = engine.because().iter().map(|departure| departure.as_str()).collect();
    /// # }
    /// ```
    pub fn because(&self) -> &[Departure] {
        &self.because
    }

    /// Whether the page gets a network error.
    ///
    /// ```
    /// # use browser_cors_audit::har::EngineVerdict;
    /// # fn f(engines: &[EngineVerdict]) {
    /// let is_blocked_somewhere = engines.iter().any(EngineVerdict::is_blocked);
    /// # }
    /// ```
    pub const fn is_blocked(&self) -> bool {
        matches!(self.seen, PageGets::Blocked)
    }

    /// The network error of the replayed fetch, if it ended in one.
    ///
    /// ```
    /// # use browser_cors_audit::har::EngineVerdict;
    /// # fn f(engine: &EngineVerdict) {
    /// if let Some(error) = engine.error() {
    ///     println!("{error}, at {}", error.step());
    /// }
    /// # }
    /// ```
    pub const fn error(&self) -> Option<&NetworkError> {
        match &self.transcript.outcome {
            Outcome::NetworkError(error) => Some(error),
            Outcome::Response { .. } => None,
        }
    }
}

impl Serialize for EngineVerdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("blocked", &self.is_blocked())?;
        if let Some(error) = self.error() {
            map.serialize_entry("reason", error.code().as_str())?;
            map.serialize_entry("why", &error.to_string())?;
            map.serialize_entry("step", &error.step().to_string())?;
            if let Some(page) = error.code().mdn() {
                map.serialize_entry("see", page)?;
            }
            map.serialize_entry("guide", error.code().guide())?;
            let further = further_faults(&self.transcript);
            if !further.is_empty() {
                let also: Vec<_> = further.iter().map(FurtherFault::new).collect();
                map.serialize_entry("also", &also)?;
            }
        }
        if let Some(remedy) = Remedy::of(&self.transcript) {
            map.serialize_entry("fix", &remedy.to_string())?;
            map.serialize_entry("remedy", &remedy)?;
        }
        if !self.because.is_empty() {
            let because: Vec<_> = self.because.iter().map(|cause| cause.as_str()).collect();
            map.serialize_entry("because", &because)?;
        }
        map.end()
    }
}

/// Another fault of an answer that was refused.
#[derive(Serialize)]
struct FurtherFault {
    reason: &'static str,
    why: String,
    step: String,
}

impl FurtherFault {
    fn new(fault: &NetworkError) -> Self {
        Self {
            reason: fault.code().as_str(),
            why: fault.to_string(),
            step: fault.step().to_string(),
        }
    }
}

/// What the page gets.
#[derive(Clone, Debug, Eq, PartialEq)]
enum PageGets {
    /// A response, with the headers that it may read.
    Response(ResponseType, Vec<String>),
    /// Nothing, but it did not need an answer.
    Delivered,
    /// A network error.
    Blocked,
    /// Unknown.
    Unanswered,
}

/// Something that makes an exchange fragile: it works now, but not in every browser, or not after
/// another answer went into an HTTP cache. Or, as a [note](super::Judged::notes), something else that is worth
/// knowing.
///
/// ```
/// # use browser_cors_audit::har::Judged;
/// # fn f(judged: &Judged) {
/// for risk in judged.risks() {
///     println!("{}: {}. {}", risk.kind, risk.text, risk.remedy);
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Risk {
    /// A stable name of the risk.
    pub kind: &'static str,
    /// The risk in words.
    pub text: String,
    /// How to remove it.
    pub remedy: Remedy,
}

impl Serialize for Risk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { kind, text, remedy } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("text", text)?;
        map.serialize_entry("fix", &remedy.to_string())?;
        map.serialize_entry("remedy", remedy)?;
        map.end()
    }
}

/// Judges the recording of `asked` in each of `profiles`. The first is compared with the others.
pub(super) fn judge(
    asked: &PageRequest,
    hops: &[Hop],
    orphan: Option<&Entry>,
    profiles: &[Profile],
) -> Judgement {
    let recording = RecordedFetch { asked, hops, orphan };
    let mut comparison = Comparison::new(profiles.iter().copied());
    while let Some(profile) = comparison.profile() {
        comparison.provide([recording.replay(&profile)]);
    }
    let mut preflight_is_assumed = false;
    let mut rows: Vec<EngineVerdict> = Vec::with_capacity(profiles.len());
    for row in comparison.finish().rows {
        let because = row.differences.into_iter().flatten().flat_map(|it| it.causes).collect();
        for Replay { transcript, is_assumed, seen } in row.outcomes {
            preflight_is_assumed |= is_assumed;
            let because = Vec::clone(&because);
            rows.push(EngineVerdict { profile: row.profile, transcript, because, seen });
        }
    }
    let blocked = rows.iter().filter(|row| row.is_blocked()).count();
    let mut risks = Vec::new();
    let mut notes = Vec::new();
    let mut hidden = Vec::new();
    let mut verdict = match rows.first() {
        Some(first) if first.seen == PageGets::Unanswered => Verdict::Unanswered,
        Some(_) if blocked == rows.len() => Verdict::Blocked,
        _ => Verdict::Fine,
    };
    if verdict == Verdict::Fine {
        hidden = self::hidden(&rows);
        risks = recording.risks(&rows);
        notes = recording.notes(&rows, &hidden);
        if !risks.is_empty() {
            verdict = Verdict::Fragile;
        }
    }
    Judgement { verdict, rows, risks, notes, hidden, preflight_is_assumed }
}

/// The recording of one fetch.
struct RecordedFetch<'a> {
    asked: &'a PageRequest,
    hops: &'a [Hop],
    /// The preflight, if nothing else was recorded.
    orphan: Option<&'a Entry>,
}

/// The replay of the recorded answers to one user agent.
struct Replay {
    transcript: Transcript,
    /// Whether an answer to a preflight was made up.
    is_assumed: bool,
    seen: PageGets,
}

impl Comparable for Replay {
    fn view(&self) -> View {
        // The requests were recorded from one browser, so they cannot differ.
        View { exchanges: Vec::new(), result: format!("{:?}", self.seen) }
    }
}

impl RecordedFetch<'_> {
    /// Replays the recorded answers to a user agent.
    fn replay(&self, profile: &Profile) -> Replay {
        let mut user_agent = UserAgent::for_profile(*profile);
        // What the browser sent was upgraded before, such as for a known HSTS host.
        user_agent.mixed_content = false;
        let mut cache = PreflightCache::with_capacity(1 << 12);
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        let (mut next, mut is_assumed) = (0, false);
        let transcript = Transcript::record(self.asked.request.clone(), &mut context, |exchange| {
            if let Some(preflight) = self.orphan {
                return if exchange.is_preflight() {
                    answer(preflight)
                } else {
                    Err(TransportFailure::new("the recording has no request after the preflight"))
                };
            }
            let url = url_as_sent(exchange.url());
            let hops = self.hops.get(next..).unwrap_or_default();
            let Some(index) = hops.iter().position(|hop| url_as_sent(&hop.url) == url) else {
                return Err(TransportFailure::new("the recording has no answer for this URL"));
            };
            let hop = &hops[index];
            if !exchange.is_preflight() {
                next += index + 1;
                // Ours: where the browser goes on by itself, as for HSTS, no server must allow it.
                return if hop.entry.is_of_browser() && next < self.hops.len() {
                    Ok(redirect(&hop.entry, exchange.header_list()))
                } else {
                    answer(&hop.entry)
                };
            }
            match &hop.preflight {
                Some(preflight) => answer(preflight),
                None if hop.entry.status != 0 => {
                    is_assumed = true;
                    Ok(grant(exchange.header_list()))
                }
                None => Err(TransportFailure::new(
                    hop.entry
                        .error
                        .as_deref()
                        .unwrap_or("the recording has no preflight and no answer"),
                )),
            }
        });
        let seen = self.seen(&transcript);
        Replay { transcript, is_assumed, seen }
    }

    /// What the page gets.
    fn seen(&self, transcript: &Transcript) -> PageGets {
        if self.asked.is_beacon && transcript.is_delivered() {
            return PageGets::Delivered;
        }
        match &transcript.outcome {
            Outcome::Response { response, .. } => {
                let names = match self.is_of_script() {
                    true => response.header_list().sort_and_combine(),
                    // Nobody reads the headers of a style sheet, an image or a font.
                    false => HeaderList::new(),
                };
                let names = names.iter().map(|(name, _)| name.to_owned()).collect();
                PageGets::Response(response.kind(), names)
            }
            Outcome::NetworkError(error) => {
                match error.transport_failure().is_some() && !self.is_unexplained() {
                    true => PageGets::Unanswered,
                    false => PageGets::Blocked,
                }
            }
        }
    }

    /// Whether a script gets the response: it is of `fetch()` or `XMLHttpRequest`.
    fn is_of_script(&self) -> bool {
        self.asked.request.destination == Destination::Empty
    }

    /// Whether the browser gave the page nothing and reports no problem of the network or the user.
    /// It does so if CORS, or a policy of the resource, blocks the answer.
    fn is_unexplained(&self) -> bool {
        let is_cors = self.asked.request.mode == Mode::Cors;
        let is_lost = |entry: &Entry| entry.status == 0 && entry.answered_by.is_none();
        self.hops.last().filter(|hop| is_lost(&hop.entry)).is_some_and(|hop| {
            match hop.entry.error.as_deref() {
                None => is_cors && !self.asked.is_of_proxy,
                Some(error) if error.starts_with("net::ERR_BLOCKED_BY_RESPONSE") => true,
                Some(_) => is_cors && is_blocked(&hop.entry),
            }
        })
    }

    /// The risks of an exchange that is not blocked.
    fn risks(&self, rows: &[EngineVerdict]) -> Vec<Risk> {
        let mut risks: Vec<_> = differences(rows).into_iter().collect();
        let Some(row) = rows.iter().find(|row| !row.is_blocked()) else { return risks };
        if Explanation::new(&row.transcript).may_be_mixed_up() {
            risks.push(Risk {
                kind: "vary",
                text:
                    "there is no `Vary: Origin`: if the answer depends on the origin, a cache may \
                       hand it to another origin, where it is blocked"
                        .to_owned(),
                remedy: Remedy::varying(&row.transcript),
            });
        }
        risks
    }

    /// What is worth knowing about an exchange that is not blocked, though nothing can break.
    fn notes(&self, rows: &[EngineVerdict], hidden: &[String]) -> Vec<Risk> {
        let preflights =
            self.hops.iter().filter_map(|hop| Some((hop.preflight.as_deref()?, &hop.url)));
        let mut notes: Vec<_> =
            preflights.filter_map(|(preflight, url)| short_lived(preflight, url)).collect();
        let Some(row) = rows.iter().find(|row| !row.is_blocked()) else { return notes };
        let missed: Vec<_> = hidden.iter().filter(|name| is_for_pages(name)).cloned().collect();
        if self.is_of_script() && !missed.is_empty() {
            let names = missed.join(", ");
            let mut remedy = Remedy::exposing(&missed, &row.transcript);
            for answer in &mut remedy.answers {
                answer.how = Some("if the page reads them".into());
            }
            notes.push(Risk {
                kind: "hidden-headers",
                text: format!("the server sends {names}, which the page cannot see"),
                remedy,
            });
        }
        notes
    }
}

/// The server's answer, if it was recorded.
fn answer(entry: &Entry) -> Result<Response, TransportFailure> {
    let is_shared = entry.response_headers.contains("Access-Control-Allow-Origin");
    let error = entry.error.as_deref();
    let reason = match (entry.status, entry.answered_by) {
        (0, Some(other)) => format!(
            "{other} should have answered, not the server: {}",
            error.unwrap_or("there is no error message")
        ),
        (_, Some(other)) => format!("{other} answered, not the server"),
        _ if entry.is_of_browser() => {
            let target = entry.response_headers.get("Location").unwrap_or_default();
            let target = String::from_utf8_lossy(&target);
            let target = target.split([':', ',']).next().unwrap_or_default();
            format!(
                "the browser or an extension redirected the request itself, to a URL of {target}; no \
                 server got it"
            )
        }
        // Note: the stored answer is judged, with the headers of the 304.
        (304, _) if !is_shared => {
            "the answer confirms a stored one, which was not recorded".to_owned()
        }
        // Ours: the status of a blocked answer is lost, but its headers may have been recorded.
        (0, _) if is_shared && (error.is_none() || is_blocked(entry)) => {
            return Ok(Response::new(200, entry.response_headers.clone()));
        }
        (0, _) => error.unwrap_or("the recording has no answer").to_owned(),
        (status, _) => return Ok(Response::new(status, entry.response_headers.clone())),
    };
    Err(TransportFailure::new(reason))
}

/// A redirect that the browser made by itself, which CORS lets pass.
fn redirect(entry: &Entry, asked: &HeaderList) -> Response {
    let mut headers = grant(asked).header_list;
    if let Some(location) = entry.response_headers.get("Location") {
        // The value comes from a header list, so it is valid.
        let _ = headers.append("Location", &*location);
    }
    Response::new(entry.status, headers)
}

/// An answer that grants whatever a preflight asks for.
fn grant(asked: &HeaderList) -> Response {
    let mut headers = HeaderList::new();
    let mut echo = |from: &str, name: &str| {
        if let Some(value) = asked.get(from) {
            // The value comes from a header list, so it is valid.
            let _ = headers.append(name, &*value);
        }
    };
    echo("Origin", "Access-Control-Allow-Origin");
    echo("Access-Control-Request-Method", "Access-Control-Allow-Methods");
    echo("Access-Control-Request-Headers", "Access-Control-Allow-Headers");
    let _ = headers.append("Access-Control-Allow-Credentials", "true");
    Response::new(204, headers)
}

/// Whether the browser says that it blocked an answer, in its words for CORS. Those of Chromium
/// and Firefox also mean other reasons.
fn is_blocked(entry: &Entry) -> bool {
    let is_of_cors = |error: &str| {
        matches!(error, "net::ERR_FAILED" | "NS_ERROR_DOM_BAD_URI") || recognize(error).is_ok()
    };
    entry.error.as_deref().is_some_and(is_of_cors)
}

/// The headers that a page could see, but that no profile shows.
fn hidden(rows: &[EngineVerdict]) -> Vec<String> {
    let Some(Outcome::Response { response, .. }) = rows
        .iter()
        .map(|row| &row.transcript.outcome)
        .find(|outcome| matches!(outcome, Outcome::Response { .. }))
    else {
        return Vec::new();
    };
    if response.kind() != ResponseType::Cors {
        return Vec::new();
    }
    let list = response.internal_response().header_list.sort_and_combine();
    let names = list.iter().map(|(name, _)| name).filter(|name| {
        !response.is_readable(name)
            && !is_forbidden_response_header_name(name)
            && !name.starts_with("access-control-")
    });
    names.map(str::to_owned).collect()
}

/// The differences between the rows, if there are any.
fn differences(rows: &[EngineVerdict]) -> Option<Risk> {
    let (first, others) = rows.split_first()?;
    let differing: Vec<_> = others.iter().filter(|row| row.seen != first.seen).collect();
    let row = *differing.first()?;
    let names = |blocked: bool| {
        let names = rows.iter().filter(|row| row.is_blocked() == blocked);
        names.map(|row| row.profile.to_string()).collect::<Vec<_>>().join(", ")
    };
    let mut causes: Vec<_> = differing.iter().flat_map(|row| &row.because).copied().collect();
    causes.sort_unstable();
    causes.dedup();
    let because = match causes.as_slice() {
        [] => String::new(),
        causes => {
            let names: Vec<_> = causes.iter().map(|cause| cause.as_str()).collect();
            format!(" ({})", names.join(", "))
        }
    };
    let blocked = rows.iter().find(|row| row.is_blocked());
    let error = blocked.and_then(|row| Some((row, row.error()?)));
    let (text, remedy) = match error {
        Some((row, error)) => (
            format!("blocked by {}: {error}; but not by {}{because}", names(true), names(false),),
            Remedy::of(&row.transcript),
        ),
        None => (
            format!(
                "{} lets the page see other headers than {}{because}",
                row.profile, first.profile,
            ),
            None,
        ),
    };
    let kind = match causes.as_slice() {
        [Departure::AUTHORIZATION_UNDER_WILDCARD] => "wildcard-for-authorization",
        _ => "engine-differs",
    };
    let remedy = remedy.unwrap_or_else(|| {
        let server = Where::server_of(&row.transcript.asked.url);
        Remedy::advising(server, "Answer so that the engines agree.")
    });
    Some(Risk { kind, text, remedy })
}

/// The fewest seconds that a preflight must be kept. With fewer, nearly every call has a preflight.
const SHORT: u64 = 60;

/// How long each engine keeps a preflight, at least, if it may.
const LONG: Duration = Duration::from_secs(7200);

/// The risk that the answer to a preflight is not kept long enough.
fn short_lived(preflight: &Entry, url: &Url) -> Option<Risk> {
    let text = match extract_max_age(&preflight.response_headers) {
        Ok(Some(seconds)) if seconds >= SHORT => return None,
        Ok(Some(seconds)) => format!("it may be kept for {seconds} s"),
        Ok(None) => "there is no Access-Control-Max-Age: it is kept for 5 s".to_owned(),
        Err(_) => "Access-Control-Max-Age is no number of seconds: it is kept for 5 s, if at all"
            .to_owned(),
    };
    Some(Risk {
        kind: "preflight-repeated",
        text: format!("the preflight is repeated for nearly every call: {text}"),
        remedy: Remedy::caching(url, LONG),
    })
}

/// Whether a page may need a header. Other headers are for servers, proxies and caches.
fn is_for_pages(name: &str) -> bool {
    const READ: [&str; 6] =
        ["content-disposition", "content-range", "link", "location", "retry-after", "ratelimit"];
    const OF_SERVERS: [&str; 29] = [
        "x-akamai-",
        "x-amz-",
        "x-amzn-",
        "x-aspnet",
        "x-azure-",
        "x-backend",
        "x-b3-",
        "x-cache",
        "x-cdn",
        "x-cloud-trace-",
        "x-content-type-options",
        "x-dns-prefetch-control",
        "x-download-options",
        "x-correlation-",
        "x-edge-",
        "x-envoy-",
        "x-fastly-",
        "x-frame-options",
        "x-goog-",
        "x-guploader-",
        "x-permitted-cross-domain-policies",
        "x-powered-by",
        "x-request-",
        "x-robots-",
        "x-runtime",
        "x-served-by",
        "x-timer",
        "x-trace-",
        "x-xss-protection",
    ];
    READ.contains(&name)
        || name.starts_with("ratelimit-")
        || name.starts_with("x-") && !OF_SERVERS.iter().any(|prefix| name.starts_with(prefix))
}
