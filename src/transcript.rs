//! One fetch from its first exchange to its outcome, driven and recorded.

use http::Method;
use url::Url;

use crate::{
    cors_check::CorsCheckSuccess,
    fetch::{
        Action, Context, Exchange, Outcome, PreflightReason, Refusal, TransportFailure, fetch,
    },
    header::HeaderList,
    origin::url_as_sent,
    request::{CredentialsMode, Mode, RedirectMode, Request},
    response::Response,
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
    /// Who asked, what, and how.
    pub asked: Asked,
    /// The exchanges, in order.
    pub exchanges: Vec<RecordedExchange>,
    /// How the fetch ended.
    pub outcome: Outcome,
}

/// What a fetch was asked for.
///
/// ```
/// # use browser_cors::{request::{Mode, Request}, transcript::Asked, url::Url};
/// let url = Url::parse("https://api.example/").unwrap();
/// let request = Request::new(url, "https://app.example".parse().unwrap());
/// assert_eq!(Asked::by(&request).mode, Mode::NoCors);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The serialized origin of who asked.
    pub origin: String,
    /// The mode.
    pub mode: Mode,
    /// The credentials mode.
    pub credentials_mode: CredentialsMode,
    /// The redirect mode.
    pub redirect_mode: RedirectMode,
    /// The headers, as the page wrote them.
    pub header_list: HeaderList,
}

impl Asked {
    /// What `request` asks for.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, transcript::Asked, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(Asked::by(&request).origin, "null");
    /// ```
    pub fn by(request: &Request) -> Self {
        Self {
            method: request.method.clone(),
            url: request.url().clone(),
            origin: request.origin.serialized().to_owned(),
            mode: request.mode,
            credentials_mode: request.credentials_mode,
            redirect_mode: request.redirect_mode,
            header_list: request.header_list.clone(),
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
    /// Why this preflight was needed; `None` for what is none.
    pub preflight: Option<Vec<PreflightReason>>,
    /// Whether the cache saved a preflight.
    pub has_cached_preflight: bool,
    /// What came back.
    pub answer: Result<Response, TransportFailure>,
}

impl Transcript {
    /// Drives a fetch to its end, asking `answer` for each exchange.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request};
    /// # use browser_cors::{transcript::Transcript, url::Url};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let transcript = Transcript::record(request, &mut context, |exchange| {
    ///     Err(TransportFailure::new(format!("nobody answers {}", exchange.url())))
    /// });
    /// assert_eq!(transcript.exchanges.len(), 1);
    /// # }
    /// ```
    pub fn record(
        request: Request,
        context: &mut Context<'_>,
        mut answer: impl FnMut(&Exchange) -> Result<Response, TransportFailure>,
    ) -> Self {
        let mut recording = Recording::start(request, context);
        loop {
            recording = match recording {
                Recording::Over(transcript) => return transcript,
                Recording::Waiting(waiting) => {
                    let answer = answer(&waiting.exchange);
                    waiting.answered(answer, context)
                }
            };
        }
    }

    /// Whether a server got the request itself and did not redirect it, which is all that
    /// `sendBeacon()` wants: the page may still not read the answer.
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
            last.preflight.is_none()
                && last.answer.as_ref().is_ok_and(|answer| !is_redirect_status(answer.status))
        };
        matches!(self.outcome, Outcome::Response(_))
            || self.exchanges.last().is_some_and(is_answered)
    }

    /// The exchange whose answer was judged last. That is the last one, or the last that is no
    /// preflight, if a user agent judges a redirect behind the preflight of the next hop.
    ///
    /// ```
    /// # use browser_cors::{explain::fix, fetch::Outcome, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if let Outcome::NetworkError(error) = &transcript.outcome {
    ///     println!("{}", fix(error, transcript.judged_exchange()));
    /// }
    /// # }
    /// ```
    pub fn judged_exchange(&self) -> Option<&RecordedExchange> {
        let is_behind_preflight = match &self.outcome {
            Outcome::NetworkError(error) => !matches!(error.refusal, Refusal::Preflight(_)),
            Outcome::Response(_) => false,
        };
        let mut exchanges = self.exchanges.iter().rev();
        exchanges.find(|exchange| !is_behind_preflight || exchange.preflight.is_none())
    }

    /// Why the last response passed the CORS check, if it had to and did.
    ///
    /// ```
    /// # use browser_cors::{cors_check::CorsCheckSuccess, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if transcript.cors_check_success() == Some(CorsCheckSuccess::Wildcard) {
    ///     println!("anybody may read it");
    /// }
    /// # }
    /// ```
    pub const fn cors_check_success(&self) -> Option<CorsCheckSuccess> {
        match &self.outcome {
            Outcome::Response(response) => response.cors_check_success(),
            Outcome::NetworkError(_) => None,
        }
    }
}

/// What an exchange puts on the wire, apart from the order of the headers: a server that is asked
/// equal ones by several user agents cannot tell them apart.
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
///     Sent::of(&exchange)
/// });
/// assert_eq!(standard, firefox);
/// # }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Sent {
    method: Method,
    url: String,
    /// Sorted, with names in lower case.
    headers: Vec<(String, Vec<u8>)>,
    includes_credentials: bool,
}

impl Sent {
    /// What `exchange` puts on the wire.
    ///
    /// ```
    /// # use browser_cors::{fetch::Exchange, transcript::Sent};
    /// # fn f(exchange: &Exchange) {
    /// assert_eq!(Sent::of(exchange), Sent::of(exchange));
    /// # }
    /// ```
    pub fn of(exchange: &Exchange) -> Self {
        let headers = exchange.header_list().iter();
        let mut headers: Vec<_> =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_vec())).collect();
        headers.sort_unstable();
        Self {
            method: exchange.method().clone(),
            url: url_as_sent(exchange.url()).into_owned(),
            headers,
            includes_credentials: exchange.includes_credentials(),
        }
    }
}

/// A fetch that is being recorded, for drivers that have no closure to wait in.
#[derive(Debug)]
pub(crate) enum Recording {
    /// It waits for an answer.
    Waiting(Waiting),
    /// It is over.
    Over(Transcript),
}

/// A recorded fetch that waits for an answer.
#[derive(Debug)]
pub(crate) struct Waiting {
    asked: Asked,
    exchanges: Vec<RecordedExchange>,
    /// What must be sent.
    pub(crate) exchange: Exchange,
}

impl Recording {
    pub(crate) fn start(request: Request, context: &mut Context<'_>) -> Self {
        let asked = Asked::by(&request);
        Self::of(asked, Vec::with_capacity(2), fetch(request, context))
    }

    fn of(asked: Asked, exchanges: Vec<RecordedExchange>, action: Action) -> Self {
        match action {
            Action::Send(exchange) => Self::Waiting(Waiting { asked, exchanges, exchange }),
            Action::Finish(outcome) => Self::Over(Transcript { asked, exchanges, outcome }),
        }
    }
}

impl Waiting {
    pub(crate) fn answered(
        self,
        answer: Result<Response, TransportFailure>,
        context: &mut Context<'_>,
    ) -> Recording {
        let Self { asked, mut exchanges, mut exchange } = self;
        exchanges.push(RecordedExchange {
            method: exchange.method().clone(),
            url: exchange.url().clone(),
            includes_credentials: exchange.includes_credentials(),
            preflight: exchange.is_preflight().then(|| exchange.preflight_reasons().to_vec()),
            has_cached_preflight: exchange.has_cached_preflight(),
            header_list: exchange.take_header_list(),
            answer: answer.clone(),
        });
        let action = match answer {
            Ok(response) => exchange.receive(response, context),
            Err(failure) => exchange.fail(failure, context),
        };
        Recording::of(asked, exchanges, action)
    }
}
