//! Why a fetch ended as it did, for people: the one module with sentences.
//!
//! The wording is not stable; the codes and steps of the refusals are.

pub(crate) mod cause;
mod evidence;
mod load;
pub(crate) mod remedy;
pub mod tongue;

use std::fmt;

use http::Method;

pub use cause::Cause;
pub use evidence::Evidence;
pub use remedy::{Answer, AnswerTo, Remedy, Where, further_faults};

use crate::{
    cors_check::CorsCheckSuccess,
    fetch::{NetworkError, Outcome, Refusal},
    header::{extract::extract_tokens, safelist::is_forbidden_response_header_name},
    origin::url_as_sent,
    page::loads::RecordedLoad,
    request::{CredentialsMode, Mode},
    response::{FilteredResponse, ResponseType},
    transcript::{RecordedExchange, Transcript, Unanswered},
};

/// A whole fetch, explained: the exchanges with the headers that matter, why a preflight was
/// needed, and what ended it, with a mark under the first wrong byte.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     explain::Explanation, fetch::{Context, UserAgent}, header::HeaderList,
///     preflight_cache::{PreflightCache, Timestamp}, request::{Mode, Request},
///     response::Response, transcript::Transcript, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
///
/// let transcript = Transcript::record(request, &mut context, |_exchange| {
///     let header = ("Access-Control-Allow-Origin", "https://app.example/");
///     Ok(Response::new(200, HeaderList::try_from([header]).unwrap()))
/// });
/// let text = Explanation::new(&transcript).to_string();
/// assert!(text.contains("
///    Access-Control-Allow-Origin: https://app.example/
///                                                    ^ expected https://app.example
/// "));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    transcript: &'a Transcript,
    asker: Asker<'a>,
    /// What is to be done, if that is more than what the network error asks for.
    remedy: Option<&'a Remedy>,
}

/// Who asked, and so what can become of the response.
#[derive(Clone, Copy, Debug)]
enum Asker<'a> {
    /// `fetch()` or `XMLHttpRequest`.
    Script,
    /// A load.
    Load(&'a RecordedLoad),
    /// `sendBeacon()`, which hears of no response.
    Beacon,
    /// A script, whose last exchange was not sent, for this reason.
    Withheld(&'a str),
}

impl<'a> Explanation<'a> {
    /// The explanation of what was recorded.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// print!("{}", Explanation::new(transcript));
    /// # }
    /// ```
    pub const fn new(transcript: &'a Transcript) -> Self {
        Self { transcript, asker: Asker::Script, remedy: None }
    }

    /// The explanation of a load.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, page::loads::RecordedLoad};
    /// # fn f(load: &RecordedLoad) {
    /// print!("{}", Explanation::of_load(load));
    /// # }
    /// ```
    pub const fn of_load(load: &'a RecordedLoad) -> Self {
        Self { transcript: &load.transcript, asker: Asker::Load(load), remedy: None }
    }

    /// The explanation of what `sendBeacon()` asked.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// print!("{}", Explanation::of_beacon(transcript));
    /// # }
    /// ```
    pub const fn of_beacon(transcript: &'a Transcript) -> Self {
        Self { transcript, asker: Asker::Beacon, remedy: None }
    }

    /// The explanation of a fetch that ended before its last exchange was sent, and why it was not:
    /// nobody knows what would have come of it, so nothing is said about that.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// let text = Explanation::of_withheld(transcript, "preflights alone are asked").to_string();
    /// assert!(text.ends_with("\n   => it was not sent: preflights alone are asked\n"));
    /// # }
    /// ```
    pub const fn of_withheld(transcript: &'a Transcript, because: &'a str) -> Self {
        Self { transcript, asker: Asker::Withheld(because), remedy: None }
    }

    /// The same with this remedy in place of what would only get rid of the network error.
    ///
    /// ```
    /// # use browser_cors::{explain::{Explanation, Remedy}, transcript::Transcript};
    /// # fn f(transcript: &Transcript) -> Option<()> {
    /// let remedy = Remedy::of(transcript)?.and(Remedy::exposing(&["ETag"], transcript));
    /// print!("{}", Explanation::new(transcript).with_remedy(&remedy));
    /// # Some(())
    /// # }
    /// ```
    #[must_use]
    pub const fn with_remedy(self, remedy: &'a Remedy) -> Self {
        Self { remedy: Some(remedy), ..self }
    }

    /// Whether nobody asks what the answer was.
    fn is_delivered_beacon(&self) -> bool {
        matches!(self.asker, Asker::Beacon) && self.transcript.is_delivered()
    }

    /// What else is wrong with the answer that ended it.
    fn further_faults(&self) -> Vec<NetworkError> {
        match self.asker {
            Asker::Withheld(_) => Vec::new(),
            Asker::Beacon if self.is_delivered_beacon() => Vec::new(),
            _ => further_faults(self.transcript),
        }
    }

    /// What ended it, if there was anything amiss with the last answer.
    fn evidence(&self) -> Option<Evidence> {
        match (&self.transcript.outcome, self.asker) {
            (Outcome::NetworkError(_), _) if self.is_delivered_beacon() => None,
            (_, Asker::Withheld(_)) => None,
            (Outcome::NetworkError(error), _) => {
                Some(Evidence::of(error, self.transcript.judged_exchange()))
            }
            (Outcome::Response { .. }, Asker::Load(load)) => {
                Some(load.evidence(load.judgement?.err()?))
            }
            (Outcome::Response { .. }, Asker::Script | Asker::Beacon) => None,
        }
    }

    fn exchange(
        &self,
        f: &mut fmt::Formatter<'_>,
        number: usize,
        exchange: &RecordedExchange,
        evidence: &[Evidence],
    ) -> fmt::Result {
        let RecordedExchange { method, url, preflight, includes_credentials, .. } = exchange;
        write!(f, "{number}. {method} {}", url_as_sent(url))?;
        let cached = if exchange.has_cached_preflight { ", its preflight is cached" } else { "" };
        match (preflight, includes_credentials) {
            (Some(_), _) => writeln!(f, "  (preflight, never with credentials)")?,
            (None, true) => writeln!(f, "  (with credentials{cached})")?,
            (None, false) => writeln!(f, "  (without credentials{cached})")?,
        }
        for reason in preflight.iter().flatten() {
            writeln!(f, "   because {reason}")?;
        }
        for (name, value) in &exchange.header_list {
            if SENT.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                writeln!(f, "   {name}: {}", value.escape_ascii())?;
            }
        }
        match &exchange.answer {
            Err(Unanswered::NotSent) => match self.asker {
                Asker::Withheld(because) => writeln!(f, "   => it was not sent: {because}"),
                _ => writeln!(f, "   => it was not sent"),
            },
            Err(Unanswered::Transport(failure)) => writeln!(f, "   => no response: {failure}"),
            Ok(answer) => {
                writeln!(f, "   => {}", answer.status)?;
                for (name, value) in &answer.header_list {
                    if RECEIVED.iter().any(|known| name.eq_ignore_ascii_case(known))
                        && !is_named(evidence, name)
                    {
                        writeln!(f, "   {name}: {}", value.escape_ascii())?;
                    }
                }
                evidence.iter().try_for_each(|evidence| f.write_str(&evidence.mark()))
            }
        }
    }

    fn outcome(&self, f: &mut fmt::Formatter<'_>, further: &[NetworkError]) -> fmt::Result {
        if self.is_delivered_beacon() {
            return writeln!(f, "   sent: sendBeacon() returned true, and nobody reads the answer");
        }
        match &self.transcript.outcome {
            _ if matches!(self.asker, Asker::Withheld(_)) => Ok(()),
            // Nobody knows what the page would get.
            Outcome::NetworkError(error) if error.refusal == Refusal::NotSent => Ok(()),
            Outcome::NetworkError(error) => {
                let step = error.step();
                let last = self.transcript.judged_exchange();
                let status = last.and_then(|last| Some(last.read()?.status));
                writeln!(f, "blocked: {error}")?;
                writeln!(f, "     at: {} step {}", step.url(), step.path())?;
                if let Some(page) = error.code().mdn() {
                    writeln!(f, "    see: {page}")?;
                }
                writeln!(f, "  guide: {}", error.code().guide())?;
                further.iter().try_for_each(|fault| writeln!(f, "   also: {fault}"))?;
                if let (Refusal::CorsCheck(_), Some(status @ 400..)) = (&error.refusal, status) {
                    writeln!(
                        f,
                        "   also: the status is {status}, and the page cannot see that error"
                    )?;
                }
                let remedy = match (self.remedy, self.asker) {
                    (Some(remedy), _) => Some(remedy.clone()),
                    (None, Asker::Load(load)) => Remedy::of_load(load),
                    (None, Asker::Script | Asker::Withheld(_) | Asker::Beacon) => {
                        Remedy::of(self.transcript)
                    }
                };
                if let Some(remedy) = remedy {
                    writeln!(f, "  where: {}", remedy.place)?;
                    writeln!(f, "    fix: {remedy}")?;
                }
                match self.asker {
                    Asker::Beacon => writeln!(
                        f,
                        "   note: the page never learns that: sendBeacon() returned true"
                    ),
                    _ => Ok(()),
                }
            }
            Outcome::Response { response, .. } => match self.asker {
                Asker::Load(load) => self.load(f, load),
                Asker::Script | Asker::Beacon | Asker::Withheld(_) => self.response(f, response),
            },
        }
    }

    fn response(&self, f: &mut fmt::Formatter<'_>, response: &FilteredResponse) -> fmt::Result {
        let kind = response.kind();
        match kind {
            ResponseType::Basic | ResponseType::Cors => writeln!(
                f,
                "allowed: the page may read the response ({}), status {}",
                kind.as_str(),
                response.status()
            )?,
            ResponseType::Opaque => {
                writeln!(f, " opaque: the page gets a response, but may read nothing of it")?;
            }
            ResponseType::OpaqueRedirect => writeln!(
                f,
                " opaque: the page gets a redirect that was not followed, and may read nothing of it"
            )?,
        }
        if let Some(success) = self.transcript.cors_check_success() {
            writeln!(f, "because: {success}")?;
        }
        if matches!(kind, ResponseType::Opaque | ResponseType::OpaqueRedirect) {
            if let Some(remedy) = Remedy::of_opaque(self.transcript) {
                writeln!(f, "  where: {}", remedy.place)?;
                writeln!(f, "    fix: {remedy}")?;
            }
            return Ok(());
        }
        let names = |keep: &dyn Fn(&str) -> bool| {
            let list = response.internal_response().header_list.sort_and_combine();
            let names: Vec<_> =
                list.iter().map(|(name, _)| name).filter(|name| keep(name)).collect();
            names.join(", ")
        };
        let readable = names(&|name| response.is_readable(name));
        if !readable.is_empty() {
            writeln!(f, "   read: {readable}")?;
        }
        let hidden = names(&|name| {
            !response.is_readable(name)
                && !is_forbidden_response_header_name(name)
                && !name.starts_with("access-control-")
        });
        if !hidden.is_empty() {
            writeln!(f, " hidden: {hidden} ({})", self.why_hidden(response))?;
        }
        let never = names(&is_forbidden_response_header_name);
        if !never.is_empty() {
            writeln!(f, "  never: {never} (no page may read it)")?;
        }
        self.write_warnings(f)
    }

    fn write_warnings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.warnings().try_for_each(|warning| writeln!(f, "warning: {warning}"))
    }

    /// What is wrong with a response although the page may read it.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// assert_eq!(Explanation::new(transcript).warnings().next(), None);
    /// # }
    /// ```
    pub fn warnings(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (is_mixed_up, is_for_null) = match &self.transcript.outcome {
            Outcome::Response { .. } => (self.may_be_mixed_up(), self.is_for_null()),
            Outcome::NetworkError(_) => (false, false),
        };
        let mixed_up = is_mixed_up.then_some(
            "there is no `Vary: Origin`: if the answer depends on the origin, a cache may hand it \
             to another origin",
        );
        let for_null =
            is_for_null.then_some("any page can have the origin `null`, and so read it as well");
        let is_response = matches!(self.transcript.outcome, Outcome::Response { .. });
        let refused = (is_response && self.may_be_refused_for_origin()).then_some(
            "the server may refuse the request because of its `Origin`: behind a proxy, it may take \
             itself for an http server. Ask again without `Origin`; if that is answered, have the \
             proxy send `X-Forwarded-Proto` and `X-Forwarded-Host`, and the server trust them",
        );
        let exchanges = &self.transcript.exchanges;
        let is_dropped = exchanges.iter().any(|one| one.host_that_drops_https().is_some());
        let without_https = (is_response && is_dropped).then_some(
            "a redirect leads from https to http, which browsers block as mixed content in a page of \
             https: have the proxy send `X-Forwarded-Proto: https`, and the server trust it",
        );
        let short = (is_response && exchanges.iter().any(|one| self.has_lost_max_age(one)))
            .then_some(
                "Access-Control-Max-Age is no number of seconds in digits alone on one line, so this \
                 browser reads it as if it were not there",
            );
        [mixed_up, for_null, refused, without_https, short].into_iter().flatten()
    }

    /// Whether the server answers the page's own origin with an error that may hang on `Origin`.
    fn may_be_refused_for_origin(&self) -> bool {
        let Some(last) = self.transcript.judged_exchange() else { return false };
        let Some(answer) = last.read() else { return false };
        let varies = answer
            .header_list
            .get_decode_and_split("Vary")
            .is_some_and(|names| names.iter().any(|name| name.eq_ignore_ascii_case("Origin")));
        self.transcript.cors_check_success().is_none()
            && last.header_list.contains("Origin")
            && matches!(answer.status, 400 | 401 | 403 | 421)
            && varies
    }

    /// Whether this preflight says for how long it counts, but not so that the engine reads it.
    fn has_lost_max_age(&self, exchange: &RecordedExchange) -> bool {
        let headers = match (&exchange.preflight, exchange.read()) {
            (Some(_), Some(answer)) => &answer.header_list,
            _ => return false,
        };
        cause::of_max_age(headers.values("Access-Control-Max-Age")).is_some()
            && self.transcript.profile.choices.max_age.read(headers).is_none()
    }

    /// Why response headers are not readable.
    fn why_hidden(&self, response: &FilteredResponse) -> &'static str {
        let headers = &response.internal_response().header_list;
        match extract_tokens("Access-Control-Expose-Headers", headers) {
            Err(_) => "Access-Control-Expose-Headers cannot be parsed",
            Ok(Some(names))
                if names.contains(&"*")
                    && self.transcript.asked.credentials_mode == CredentialsMode::Include =>
            {
                "with credentials, `*` in Access-Control-Expose-Headers is only a name"
            }
            Ok(_) => "not listed in Access-Control-Expose-Headers",
        }
    }

    /// Whether the origin that may read the response is `null`.
    fn is_for_null(&self) -> bool {
        let last = self.transcript.judged_exchange();
        let origin = last.and_then(|last| last.header_list.get("Origin"));
        let success = self.transcript.cors_check_success();
        success.is_some_and(|success| success != CorsCheckSuccess::Wildcard)
            && origin.as_deref() == Some(b"null")
    }

    /// Whether an HTTP cache may store the response for one origin and answer another with it, where
    /// the CORS check then fails.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if Explanation::new(transcript).may_be_mixed_up() {
    ///     println!("`Vary: Origin` is missing");
    /// }
    /// # }
    /// ```
    pub fn may_be_mixed_up(&self) -> bool {
        let Outcome::Response { response, .. } = &self.transcript.outcome else { return false };
        let headers = &response.internal_response().header_list;
        let lists = |name, members: &[&str]| {
            headers.get_decode_and_split(name).is_some_and(|values| {
                values.iter().any(|value| members.iter().any(|m| value.eq_ignore_ascii_case(m)))
            })
        };
        let last = self.transcript.judged_exchange();
        matches!(
            self.transcript.cors_check_success(),
            Some(CorsCheckSuccess::Origin | CorsCheckSuccess::OriginWithCredentials)
        ) && last.is_some_and(|last| matches!(last.method, Method::GET | Method::HEAD))
            && !lists("Vary", &["Origin", "*"])
            && !lists("Cache-Control", &["no-store"])
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Transcript { asked, exchanges, .. } = self.transcript;
        match self.asker {
            Asker::Script | Asker::Withheld(_) => {}
            Asker::Load(load) => load::write_element(f, load)?,
            Asker::Beacon => writeln!(f, "beacon")?,
        }
        let origin = if asked.origin == "null" { "an opaque origin" } else { &asked.origin };
        write!(f, "{} {} from {origin}", asked.method, asked.url)?;
        if asked.mode != Mode::Cors || matches!(self.asker, Asker::Load(_) | Asker::Beacon) {
            write!(f, ", mode {}", asked.mode)?;
        }
        writeln!(f, ", credentials {}", asked.credentials_mode)?;
        let judged = self.transcript.judged_exchange();
        let further = self.further_faults();
        let marks = further.iter().map(|fault| Evidence::of(fault, judged));
        let mut evidence: Vec<Evidence> = Vec::new();
        for mark in self.evidence().into_iter().chain(marks) {
            // Where two faults are those of one header, the first mark stands.
            if !evidence.iter().any(|known| known.header_name() == mark.header_name()) {
                evidence.push(mark);
            }
        }
        for (index, exchange) in exchanges.iter().enumerate() {
            let is_judged = judged.is_some_and(|judged| std::ptr::eq(judged, exchange));
            let marks = if is_judged { &evidence[..] } else { &[] };
            self.exchange(f, index + 1, exchange, marks)?;
        }
        self.outcome(f, &further)
    }
}

/// Whether the evidence is about this header, and so shows it itself.
fn is_named(evidence: &[Evidence], header: &str) -> bool {
    let mut names = evidence.iter().filter_map(Evidence::header_name);
    names.any(|name| name.eq_ignore_ascii_case(header))
}

/// The request headers that matter.
const SENT: [&str; 6] = [
    "Origin",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Authorization",
    "Content-Type",
    "Range",
];

/// The response headers that matter.
const RECEIVED: [&str; 9] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
    "Cross-Origin-Resource-Policy",
    "Location",
    "Vary",
];
