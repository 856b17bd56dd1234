//! The record of one fetch, from its first exchange to its outcome: the profile that fetched, what
//! it sent, what came back, and what it read of that.

use http::Method;
use thiserror::Error;
use url::Url;

use crate::{
    cors_check::CorsCheckSuccess,
    engine::Profile,
    fetch::{Exchange, Outcome, PreflightReason, Refusal, TransportFailure, blocked::is_of_https},
    header::HeaderList,
    origin::url_as_sent,
    request::{CredentialsMode, Destination, Mode, RedirectMode, Request},
    response::{InvalidLocation, Response},
    status::is_redirect_status,
};

/// What one fetch put on the wire, what came back, and how it ended.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     fetch::{Context, Outcome, UserAgent}, header::HeaderList,
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
///     Ok(Response::new(200, HeaderList::new()))
/// });
/// assert_eq!(transcript.exchanges[0].method, "GET");
/// assert!(matches!(transcript.outcome, Outcome::NetworkError(_)));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Transcript {
    /// The profile of the user agent that fetched.
    pub profile: Profile,
    /// The request as the fetch began.
    pub asked: Asked,
    /// The exchanges, in order.
    pub exchanges: Vec<RecordedExchange>,
    /// How the fetch ended.
    pub outcome: Outcome,
}

/// The request as a fetch began with it.
///
/// ```
/// # use browser_cors::{request::{Mode, Request}, transcript::Asked, url::Url};
/// let url = Url::parse("https://api.example/").unwrap();
/// let request = Request::new(url, "https://app.example".parse().unwrap());
/// assert_eq!(Asked::from_request(&request).mode, Mode::NoCors);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The serialized origin of the page.
    pub origin: String,
    /// The mode.
    pub mode: Mode,
    /// The credentials mode.
    pub credentials_mode: CredentialsMode,
    /// The redirect mode.
    pub redirect_mode: RedirectMode,
    /// The headers, as the page wrote them.
    pub header_list: HeaderList,
    /// What the response is for.
    pub destination: Destination,
    /// Whether the body is a stream, which cannot be sent again.
    pub has_stream: bool,
    /// Whether the response must have a body that is compared with integrity metadata.
    pub has_integrity: bool,
    /// The names of the headers that the page wrote and the mode "no-cors" dropped.
    pub dropped_header_names: Vec<String>,
    /// Whether the user agent [blocks mixed content](crate::fetch::UserAgent::mixed_content), and this page
    /// is of https.
    pub prohibits_mixed_content: bool,
}

impl Asked {
    /// Copies what the transcript needs of `request`.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, transcript::Asked, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(Asked::from_request(&request).origin, "null");
    /// ```
    pub fn from_request(request: &Request) -> Self {
        Self {
            method: request.method.clone(),
            url: request.url().clone(),
            origin: request.origin.serialized().to_owned(),
            mode: request.mode,
            credentials_mode: request.credentials_mode,
            redirect_mode: request.redirect_mode,
            header_list: request.header_list.clone(),
            destination: request.destination,
            has_stream: request.body.as_ref().is_some_and(|body| !body.has_source()),
            has_integrity: !request.integrity_metadata.is_empty(),
            dropped_header_names: request.memory.dropped_header_names.clone(),
            prohibits_mixed_content: is_of_https(request),
        }
    }
}

/// One exchange with a server: what was sent and what came back.
///
/// ```
/// # use browser_cors::transcript::RecordedExchange;
/// # fn statuses(exchanges: &[RecordedExchange]) -> Vec<u16> {
/// exchanges.iter().filter_map(|exchange| Some(exchange.answer.as_ref().ok()?.status)).collect()
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct RecordedExchange {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The headers that were sent.
    pub header_list: HeaderList,
    /// Whether credentials were included.
    pub includes_credentials: bool,
    /// Why this preflight was needed; `None` if the exchange is no preflight.
    pub preflight: Option<Vec<PreflightReason>>,
    /// Whether the preflight was skipped because the cache already had the grant.
    pub has_cached_preflight: bool,
    /// The answer, as it arrived.
    pub answer: Result<Response, Unanswered>,
    /// Where the answer redirects to, as the user agent reads it. `Ok(None)` is the standard's
    /// null: the answer is no redirect, or there is no answer.
    pub location: Result<Option<Url>, InvalidLocation>,
    /// The answer as the user agent's network edited it, if it did.
    edited: Option<Response>,
}

impl RecordedExchange {
    /// Records what `exchange` sends, before it has an answer.
    pub(crate) fn new(exchange: &mut Exchange) -> Self {
        Self {
            method: exchange.method().clone(),
            url: exchange.url().clone(),
            includes_credentials: exchange.includes_credentials(),
            preflight: exchange.is_preflight().then(|| exchange.preflight_reasons().to_vec()),
            has_cached_preflight: exchange.has_cached_preflight(),
            header_list: exchange.take_header_list(),
            answer: Err(Unanswered::NotSent),
            location: Ok(None),
            edited: None,
        }
    }

    /// Adds the answer, and what a user agent of `profile` read of it.
    pub(crate) fn answered(mut self, answer: Response, read: &Response, profile: &Profile) -> Self {
        self.location = read.location_from(&self.url, profile);
        self.edited = (*read != answer).then(|| read.clone());
        self.answer = Ok(answer);
        self
    }

    /// The answer as the user agent read it. It equals `answer`, unless the profile's network edits
    /// headers before any check sees them. If a check refused the response, it saw this one.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{engine::Profile, fetch::*, header::HeaderList, preflight_cache::*};
    /// # use browser_cors::{request::Request, response::Response, transcript::Transcript, url::Url};
    /// let (webkit, mut cache) = (UserAgent::for_profile(Profile::WEBKIT), PreflightCache::new());
    /// let mut context = Context::new(&webkit, &mut cache, Timestamp::default());
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let request = Request::new(url, "https://app.example".parse().unwrap());
    /// let transcript = Transcript::record(request, &mut context, |_exchange| {
    ///     let mut headers = HeaderList::new();
    ///     headers.append("X-Name", b"caf\xE9").unwrap();
    ///     Ok(Response::new(200, headers))
    /// });
    /// let exchange = &transcript.exchanges[0];
    /// let (came, read) = (exchange.answer.as_ref().unwrap(), exchange.read().unwrap());
    /// assert_eq!(came.header_list.get("X-Name").as_deref(), Some(&b"caf\xE9"[..]));
    /// assert_eq!(read.header_list.get("X-Name").as_deref(), Some("caf\u{FFFD}".as_bytes()));
    /// # }
    /// ```
    pub fn read(&self) -> Option<&Response> {
        self.edited.as_ref().or_else(|| self.answer.as_ref().ok())
    }

    /// The host, if this answer redirects from https to http of the same host. Servers do so behind
    /// a proxy that does not tell them which scheme browsers use.
    pub(crate) fn host_that_drops_https(&self) -> Option<&str> {
        let answer = self.read().filter(|answer| is_redirect_status(answer.status))?;
        let target = answer.header_list.get("Location")?;
        let target = self.url.join(str::from_utf8(&target).ok()?).ok()?;
        let is_dropped = self.url.scheme() == "https"
            && target.scheme() == "http"
            && target.host() == self.url.host();
        self.url.host_str().filter(|_| is_dropped)
    }
}

/// Why an exchange has no answer.
///
/// ```
/// # use browser_cors::{fetch::TransportFailure, transcript::Unanswered};
/// let refused = Unanswered::Transport(TransportFailure::new("connection refused"));
/// assert_eq!(refused.to_string(), "connection refused");
/// assert_eq!(Unanswered::NotSent.to_string(), "it was not sent");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Unanswered {
    /// The driver [withheld](Exchange::withhold) it.
    #[error("it was not sent")]
    NotSent,
    /// The driver sent it, or tried to, and got no response.
    #[error(transparent)]
    Transport(#[from] TransportFailure),
}

impl Transcript {
    /// Whether a server received the request itself and did not redirect it. `sendBeacon()` needs
    /// no more, even if the page may not read the answer.
    ///
    /// ```
    /// # use browser_cors::transcript::Transcript;
    /// # fn f(transcript: &Transcript) {
    /// if transcript.is_delivered() {
    ///     println!("the server has {} {}", transcript.asked.method, transcript.asked.url);
    /// }
    /// # }
    /// ```
    pub fn is_delivered(&self) -> bool {
        let is_answered = |last: &RecordedExchange| {
            last.preflight.is_none() && last.answer.is_ok() && last.location == Ok(None)
        };
        matches!(self.outcome, Outcome::Response { .. })
            || self.exchanges.last().is_some_and(is_answered)
    }

    /// The requests that servers answered, apart from preflights. Each had its effect there, also if
    /// the page may not read the answer.
    ///
    /// ```
    /// # use browser_cors::transcript::Transcript;
    /// # fn f(transcript: &Transcript) {
    /// let has_changed = transcript.arrived().any(|request| !request.method.is_safe());
    /// # }
    /// ```
    pub fn arrived(&self) -> impl DoubleEndedIterator<Item = &RecordedExchange> {
        let exchanges = self.exchanges.iter();
        exchanges.filter(|exchange| exchange.preflight.is_none() && exchange.answer.is_ok())
    }

    /// Whether the driver stopped the fetch before it sent the next exchange. What the page would
    /// get is then unknown.
    ///
    /// ```
    /// # use browser_cors::transcript::Transcript;
    /// # fn f(transcript: &Transcript) {
    /// assert!(!transcript.is_withheld(), "the request was to be sent as well");
    /// # }
    /// ```
    pub fn is_withheld(&self) -> bool {
        matches!(&self.outcome, Outcome::NetworkError(error) if error.refusal == Refusal::NotSent)
    }

    /// The exchange whose answer was judged last. This is the last exchange, except if an engine
    /// judges a redirect only after the next hop's preflight: then it is the last exchange that is
    /// not a preflight.
    ///
    /// ```
    /// # use browser_cors::transcript::Transcript;
    /// # fn f(transcript: &Transcript) {
    /// if let Some(judged) = transcript.judged_exchange() {
    ///     println!("{} {}", judged.method, judged.url);
    /// }
    /// # }
    /// ```
    pub fn judged_exchange(&self) -> Option<&RecordedExchange> {
        let is_after_preflight = match &self.outcome {
            // What the network refuses it refuses at once, also as the answer to a preflight.
            Outcome::NetworkError(error) => !matches!(
                error.refusal,
                Refusal::Preflight(_) | Refusal::ProxyAuthentication | Refusal::NetworkLocation(_)
            ),
            Outcome::Response { .. } => false,
        };
        let mut exchanges = self.exchanges.iter().rev();
        exchanges.find(|exchange| !is_after_preflight || exchange.preflight.is_none())
    }

    /// Why the last response passed the CORS check; `None` if there was no check, or it failed.
    ///
    /// ```
    /// # use browser_cors::{cors_check::CorsCheckSuccess, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if transcript.cors_check_success() == Some(CorsCheckSuccess::Wildcard) {
    ///     println!("any page may read it");
    /// }
    /// # }
    /// ```
    pub const fn cors_check_success(&self) -> Option<CorsCheckSuccess> {
        match &self.outcome {
            Outcome::Response { cors_check, .. } => *cors_check,
            Outcome::NetworkError(_) => None,
        }
    }
}

/// What an exchange puts on the wire, apart from the order of its headers. If several user agents
/// send equal ones to a server, it cannot tell them apart.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{engine::Profile, fetch::*, preflight_cache::*, request::Request};
/// # use browser_cors::{origin::Origin, transcript::Sent, url::Url};
/// let [standard, firefox] = [Profile::STANDARD, Profile::FIREFOX].map(|profile| {
///     let (user_agent, mut cache) = (UserAgent::for_profile(profile), PreflightCache::new());
///     let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
///     let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
///     let Action::Send(exchange) = fetch(request, &mut context) else { panic!() };
///     Sent::new(&exchange)
/// });
/// assert_eq!(standard, firefox);
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    method: Method,
    url: String,
    /// Sorted; names are in lower case.
    headers: Vec<(String, Vec<u8>)>,
    includes_credentials: bool,
}

impl Sent {
    /// What a recorded exchange put on the wire.
    ///
    /// ```
    /// # use browser_cors::transcript::{RecordedExchange, Sent};
    /// # fn f(a: &RecordedExchange, b: &RecordedExchange) {
    /// let server_can_tell = Sent::from_recorded(a) != Sent::from_recorded(b);
    /// # }
    /// ```
    pub fn from_recorded(exchange: &RecordedExchange) -> Self {
        let RecordedExchange { method, url, header_list, includes_credentials, .. } = exchange;
        Self::from_parts(method, url, header_list, *includes_credentials)
    }

    fn from_parts(
        method: &Method,
        url: &Url,
        headers: &HeaderList,
        includes_credentials: bool,
    ) -> Self {
        let mut headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec()))
            .collect();
        headers.sort_unstable();
        let (method, url) = (method.clone(), url_as_sent(url).into_owned());
        Self { method, url, headers, includes_credentials }
    }

    /// What `exchange` puts on the wire.
    ///
    /// ```
    /// # use browser_cors::{fetch::Exchange, transcript::Sent};
    /// # fn f(exchange: &Exchange) {
    /// assert_eq!(Sent::new(exchange), Sent::new(exchange));
    /// # }
    /// ```
    pub fn new(exchange: &Exchange) -> Self {
        Self::from_parts(
            exchange.method(),
            exchange.url(),
            exchange.header_list(),
            exchange.includes_credentials(),
        )
    }
}
