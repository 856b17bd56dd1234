//! [Fetching](https://fetch.spec.whatwg.org/#fetching): a fetch as a value that says what to send
//! next and consumes the answer.
//!
//! [`fetch`] starts a fetch. Its [`Action`] is an [`Exchange`] to carry out or the [`Outcome`].
//! Preflights, redirects and cache look-ups happen in between; the modules below hold each
//! algorithm, and the decisions in them can be asked one by one.
//!
//! # In an async user agent
//!
//! An [`Exchange`] is owned and `Send`, so a driver keeps it while it waits. A [`Context`] borrows the
//! preflight cache, which all fetches share: make one for each step, and let go of it before the next
//! `await`. Each step takes microseconds, so an ordinary mutex does.
//!
//! ```
//! # #[cfg(feature = "public-suffix")] {
//! use std::{sync::Mutex, time::Instant};
//!
//! use browser_cors::{
//!     Action, Context, Exchange, Outcome, PreflightCache, Request, Response, Timestamp, UserAgent,
//!     fetch, fetch::TransportFailure,
//! };
//!
//! struct Browser {
//!     user_agent: UserAgent,
//!     cache: Mutex<PreflightCache>,
//!     start: Instant,
//! }
//!
//! impl Browser {
//!     /// Yours: sends what the exchange says, and returns as soon as the head of the answer is there.
//!     async fn send(&self, exchange: &Exchange) -> Result<Response, TransportFailure> {
//!         # let _ = exchange;
//!         # Ok(Response::new(200, browser_cors::HeaderList::new()))
//!     }
//!
//!     /// One step of a fetch, with the cache locked.
//!     fn step<T>(&self, step: impl FnOnce(Timestamp, &mut Context<'_>) -> T) -> T {
//!         let mut cache = self.cache.lock().expect("no step panics");
//!         let now = Timestamp::from_millis(self.start.elapsed().as_millis() as u64);
//!         step(now, &mut Context::new(&self.user_agent, &mut cache, now))
//!     }
//!
//!     async fn fetch(&self, request: Request) -> Outcome {
//!         let mut action = self.step(|_, context| fetch(request, context));
//!         loop {
//!             action = match action {
//!                 Action::Finish(outcome) => return outcome,
//!                 Action::Send(exchange) => {
//!                     let answer = self.send(&exchange).await; // nothing is locked here
//!                     self.step(|now, context| match answer {
//!                         Ok(response) => exchange.receive(response, now, context),
//!                         Err(failure) => exchange.fail(failure, context),
//!                     })
//!                 }
//!             };
//!         }
//!     }
//! }
//!
//! let browser = Browser {
//!     user_agent: UserAgent::default(),
//!     cache: Mutex::new(PreflightCache::new()),
//!     start: Instant::now(),
//! };
//! let url = browser_cors::url::Url::parse("https://api.example/").unwrap();
//! let request = Request::new(url, "https://app.example".parse().unwrap());
//!
//! fn is_send<T: Send>(future: T) -> T {
//!     future // so an executor may move it between threads
//! }
//! # use pollster::block_on;
//! let outcome = block_on(is_send(browser.fetch(request))); // yours: the executor
//! assert!(matches!(outcome, Outcome::Response { .. }));
//! # }
//! ```
//!
//! [`recording`](crate::recording) has the same with a transcript. An [`Embedder`] adds what a browser
//! decides besides CORS, at the steps at which the standard asks: upgraded URLs, Content Security
//! Policy, preloads, service workers.

pub mod blocked;
pub(crate) mod cors_preflight_fetch;
mod embedder;
pub(crate) mod fetch_metadata;
pub(crate) mod http_fetch;
pub(crate) mod http_network_or_cache_fetch;
pub(crate) mod http_redirect_fetch;
pub(crate) mod main_fetch;
mod network_error;
mod next_manual_redirect;
mod override_fetch;
mod preflight_request;
pub(crate) mod scheme_fetch;

use std::{error::Error, fmt, mem, sync::Arc};

use http::{HeaderValue, Method};
use url::Url;

pub use cors_preflight_fetch::{
    PreflightFailure, PreflightGrant, judge_preflight_response, preflight_header_list,
};
pub use embedder::{Embedder, EmbedderRefusal, EmbedderRule};
pub use http_fetch::{PreflightReason, needs_preflight, preflight_reasons};
pub use http_network_or_cache_fetch::{
    KEEPALIVE_LIMIT, allows_credentials, effective_cache_mode, http_header_list,
    includes_credentials,
};
pub use http_redirect_fetch::{REDIRECT_LIMIT, Redirect, redirect};
pub use main_fetch::{Branch, classify, filter, judge_response, readable_headers};
pub use network_error::{NetworkError, Refusal};
pub use next_manual_redirect::NextManualRedirect;
pub use override_fetch::{Responder, Supplied};
pub use preflight_request::PreflightRequest;
pub use scheme_fetch::data_url_content_type;

use self::http_fetch::Source;
#[cfg(feature = "public-suffix")]
use crate::origin::PublicSuffixList;
use crate::{
    cors_check::CorsCheckSuccess,
    engine::Profile,
    header::HeaderList,
    origin::{RegistrableDomain, has_http_scheme},
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, CacheMode, Mode, Request},
    response::{FilteredResponse, InvalidLocation, Response},
};

/// What the standard leaves to the user agent, as values.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::fetch::UserAgent;
/// use std::time::Duration;
///
/// let mut user_agent = UserAgent::default();
/// user_agent.profile = user_agent.profile.with_max_age_limit(Duration::from_secs(7_200));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct UserAgent {
    /// What it does where the standard leaves a choice, and where it departs from the standard.
    /// Default: the standard.
    pub profile: Profile,
    /// Whether it has a CORS-preflight cache. Default: `true`.
    pub caches_preflights: bool,
    /// Whether the embedder has an HTTP cache between the exchanges and the network. Without one, the
    /// cache mode "only-if-cached" ends in a network error. Default: `false`.
    pub http_cache: bool,
    /// Whether the embedder answers exchanges with `blob:` and `file:` URLs. Default: `false`.
    pub blob_and_file: bool,
    /// The `Accept-Language` that a fetch appends if the request has none. Whether a preflight is
    /// needed may depend on it. Default: `None`.
    pub accept_language: Option<HeaderValue>,
    /// The [default `User-Agent` value](https://fetch.spec.whatwg.org/#default-user-agent-value).
    /// Default: `None`.
    pub product: Option<HeaderValue>,
    /// Whether it sends [Fetch Metadata](https://w3c.github.io/webappsec-fetch-metadata/)
    /// (`Sec-Fetch-Dest`, `Sec-Fetch-Mode` and `Sec-Fetch-Site`), as its profile does. CORS never
    /// looks at it, but servers do. Default: `false`.
    pub sends_fetch_metadata: bool,
    /// Whether it [upgrades](blocked::upgraded_mixed_content) and [blocks](blocked::is_mixed_content)
    /// mixed content. An embedder that does so itself sets it to `false`. Default: `true`.
    pub mixed_content: bool,
    /// What tells the registrable domain of a host.
    pub sites: Arc<dyn RegistrableDomain + Send + Sync>,
}

impl UserAgent {
    /// A user agent with the defaults, and with the registrable domains that the embedder brings.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::UserAgent, origin::PublicSuffixList};
    /// let user_agent = UserAgent::new(PublicSuffixList);
    /// assert_eq!(user_agent.profile.max_age_limit().as_secs(), 86_400);
    /// # }
    /// ```
    pub fn new(sites: impl RegistrableDomain + Send + Sync + 'static) -> Self {
        Self {
            profile: Profile::STANDARD,
            caches_preflights: true,
            http_cache: false,
            blob_and_file: false,
            accept_language: None,
            product: None,
            sends_fetch_metadata: false,
            mixed_content: true,
            sites: Arc::new(sites),
        }
    }
}

#[cfg(feature = "public-suffix")]
impl UserAgent {
    /// A user agent that does what `profile` says, with the Public Suffix List.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, fetch::UserAgent};
    /// let user_agent = UserAgent::for_profile(Profile::WEBKIT);
    /// assert_eq!(user_agent.profile.max_age_limit().as_secs(), 600);
    /// ```
    pub fn for_profile(profile: Profile) -> Self {
        Self { profile, ..Self::new(PublicSuffixList) }
    }
}

/// A user agent of the standard, with the Public Suffix List.
#[cfg(feature = "public-suffix")]
impl Default for UserAgent {
    fn default() -> Self {
        Self::new(PublicSuffixList)
    }
}

/// What a fetch borrows for one call: the user agent, its preflight cache, and the time.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{fetch::{Context, UserAgent}, preflight_cache::{PreflightCache, Timestamp}};
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let context = Context::new(&user_agent, &mut cache, Timestamp::from_secs(0));
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Context<'a> {
    /// The user agent.
    pub user_agent: &'a UserAgent,
    /// Its CORS-preflight cache.
    pub cache: &'a mut PreflightCache,
    /// What the embedder itself decides in this fetch. Each step of the fetch needs the same one.
    /// Default: `None`.
    pub embedder: Option<&'a dyn Embedder>,
    /// The time at which the fetch starts, on the clock that the embedder uses with this cache. Each
    /// answer brings its own.
    pub now: Timestamp,
    /// How many bytes the client's keepalive requests that are under way have in their bodies.
    /// [`fetch`] reads this once, when its own request is not under way yet; later steps of that fetch
    /// do not read it. So count a request from the moment that `fetch` returns. Default: 0.
    pub inflight_keepalive_bytes: u64,
}

impl<'a> Context<'a> {
    /// A context without keepalive requests under way.
    ///
    /// The cache works as that of the user agent's profile from now on. If it held entries under the
    /// rules of another one, it forgets them.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::{Context, UserAgent}, preflight_cache::{PreflightCache, Timestamp}};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// let context = Context::new(&user_agent, &mut cache, Timestamp::from_millis(20));
    /// assert_eq!(context.inflight_keepalive_bytes, 0);
    /// # }
    /// ```
    pub fn new(user_agent: &'a UserAgent, cache: &'a mut PreflightCache, now: Timestamp) -> Self {
        cache.follow(&user_agent.profile);
        Self { user_agent, cache, embedder: None, now, inflight_keepalive_bytes: 0 }
    }

    /// The same context, with what the embedder itself decides in this fetch.
    ///
    /// ```
    /// # use browser_cors::fetch::{Context, Embedder};
    /// # fn f<'a>(context: Context<'a>, page: &'a dyn Embedder) -> Context<'a> {
    /// context.with_embedder(page)
    /// # }
    /// ```
    #[must_use]
    pub const fn with_embedder(mut self, embedder: &'a dyn Embedder) -> Self {
        self.embedder = Some(embedder);
        self
    }
}

/// What the caller must do next.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request, url::Url};
/// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// match fetch(Request::new(url, Origin::opaque()), &mut context) {
///     Action::Send(exchange) => assert_eq!(exchange.method(), "GET"),
///     Action::Finish(outcome) => panic!("{outcome:?}"),
/// }
/// # }
/// ```
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "a driver must handle every action")]
#[derive(Debug)]
pub enum Action {
    /// Send what the exchange says, and give it the answer.
    Send(Exchange),
    /// The fetch is over.
    Finish(Outcome),
}

/// How a fetch ended.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request, url::Url};
/// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("http://a.example:25/").unwrap();
/// let Action::Finish(Outcome::NetworkError(error)) =
///     fetch(Request::new(url, Origin::opaque()), &mut context)
/// else { panic!() };
/// assert_eq!(error.refusal, Refusal::BadPort { port: 25 });
/// # }
/// ```
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "a fetch ends in one way or the other")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// With a response.
    Response {
        /// The response, as far as the page may see it.
        response: FilteredResponse,
        /// Why the server's last answer passed the CORS check, if it had to.
        cors_check: Option<CorsCheckSuccess>,
        /// The redirect that the response is, if this is a navigation with the redirect mode
        /// "manual".
        next_manual_redirect: Option<Box<NextManualRedirect>>,
    },
    /// With a network error: the page learns nothing else.
    NetworkError(Box<NetworkError>),
}

/// An exchange with a server that the fetch waits for.
///
/// It says what goes on the wire: method, URL, headers, body, and whether credentials are included,
/// which the embedder adds. The answer continues the fetch, and so does the failure to get one.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     fetch::{Action, Context, Outcome, UserAgent, fetch},
///     header::HeaderList, http::Method, preflight_cache::{PreflightCache, Timestamp},
///     request::{Mode, Request}, response::Response, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// (request.mode, request.method, request.unsafe_request) = (Mode::Cors, Method::PUT, true);
///
/// let Action::Send(preflight) = fetch(request, &mut context) else { panic!() };
/// assert!(preflight.is_preflight() && !preflight.includes_credentials());
/// let Action::Finish(Outcome::NetworkError(error)) =
///     preflight.receive(Response::new(405, HeaderList::new()), Timestamp::from_millis(9), &mut context)
/// else { panic!() };
/// assert_eq!(error.code(), "preflight-allow-origin-missing");
/// # }
/// ```
#[must_use]
pub struct Exchange {
    params: Box<FetchParams>,
    header_list: HeaderList,
    includes_credentials: bool,
    stage: Stage,
}

/// What a fetch waits for.
enum Stage {
    /// The answer to a preflight.
    Preflight(Vec<PreflightReason>),
    /// The answer to the request.
    Response,
    /// The content of a `blob:` or `file:` URL.
    Local,
    /// The response of a preload.
    Preload,
    /// A response of the user agent itself, in this branch of main fetch.
    Override(Branch),
    /// The response of a service worker. HTTP fetch goes on if there is none.
    ServiceWorker { make_cors_preflight: bool },
}

/// The [fetch params](https://fetch.spec.whatwg.org/#fetch-params), as far as they decide CORS.
#[derive(Clone, Debug)]
struct FetchParams {
    request: Request,
    /// Whether the preloaded response candidate is not null. Main fetch waits for it once.
    is_preloaded: bool,
    /// Whether the last response came from a service worker.
    is_from_worker: bool,
    /// Whether main fetch took the branch with a preflight at some hop. A network error then clears
    /// the cache entries.
    clears_cache: bool,
    /// Why the last response passed the CORS check, if it had to.
    cors_check: Option<CorsCheckSuccess>,
    /// Whether the cache saved this hop its preflight.
    preflight_is_cached: bool,
    /// Why the fetch refuses the last redirect once the next hop's preflight has gone out.
    refused_later: Option<Box<Refusal>>,
    /// The bytes of the client's other keepalive requests. Ours: one number is enough for all hops,
    /// since each later fetch has counted this one.
    inflight_keepalive_bytes: u64,
    /// What follows a navigation's redirect.
    next_manual_redirect: Option<Box<NextManualRedirect>>,
}

/// Starts a [fetch].
///
/// [fetch]: https://fetch.spec.whatwg.org/#concept-fetch
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     fetch::{Action, Context, Outcome, UserAgent, fetch},
///     header::HeaderList, preflight_cache::{PreflightCache, Timestamp},
///     request::{Mode, Request}, response::{Response, ResponseType}, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
///
/// let Action::Send(exchange) = fetch(request, &mut context) else { panic!() };
/// assert_eq!(exchange.header_list().get("Origin").as_deref(), Some(&b"https://app.example"[..]));
///
/// let headers = HeaderList::try_from([("Access-Control-Allow-Origin", "*")]).unwrap();
/// let Action::Finish(Outcome::Response { response, .. }) =
///     exchange.receive(Response::new(200, headers), Timestamp::from_millis(9), &mut context)
/// else { panic!() };
/// assert_eq!(response.kind(), ResponseType::Cors);
/// # }
/// ```
pub fn fetch(mut request: Request, context: &mut Context<'_>) -> Action {
    request.remake(&context.user_agent.profile);
    // Omitted(embedder): steps 1 to 10. The embedder resolves the client, and keeps timings and
    // controllers.
    // Step 11.
    let is_preloaded = context
        .embedder
        .is_some_and(|embedder| may_be_preloaded(&request) && embedder.has_preloaded(&request));
    // Step 12.
    if !request.header_list.contains("Accept") {
        let accept = main_fetch::accept(&request).as_bytes();
        if request.header_list.is_empty() {
            request.header_list = HeaderList::with_capacity(2, 64);
        }
        request.header_list.append_valid(b"Accept", accept);
    }
    // Omitted(embedder): step 13.
    // Step 14.
    if let Some(value) = &context.user_agent.accept_language
        && !request.header_list.contains("Accept-Language")
    {
        let value = crate::header::normalize_value(value.as_bytes());
        request.header_list.append_valid(b"Accept-Language", value);
    }
    // Omitted(embedder): steps 15 and 16.
    // Step 17.
    Box::new(FetchParams {
        request,
        is_preloaded,
        is_from_worker: false,
        clears_cache: false,
        cors_check: None,
        preflight_is_cached: false,
        refused_later: None,
        inflight_keepalive_bytes: context.inflight_keepalive_bytes,
        next_manual_redirect: None,
    })
    .main_fetch(context)
    // Omitted(embedder): step 18.
}

/// Whether the answer to a request can be a preload: [fetch] step 11, less what the embedder knows.
///
/// [fetch]: https://fetch.spec.whatwg.org/#concept-fetch
fn may_be_preloaded(request: &Request) -> bool {
    has_http_scheme(request.url())
        && matches!(request.mode, Mode::SameOrigin | Mode::Cors | Mode::NoCors)
        && request.client.is_some()
        && request.method == Method::GET
        && (!request.unsafe_request || request.header_list.is_empty())
}

impl Exchange {
    /// An exchange with somebody else than a server.
    fn without_server(params: Box<FetchParams>, stage: Stage) -> Self {
        let header_list = params.request.header_list.clone();
        Self { params, header_list, includes_credentials: false, stage }
    }

    /// The request's method, or `OPTIONS` for a preflight.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// println!("{} {}", exchange.method(), exchange.url());
    /// # }
    /// ```
    pub fn method(&self) -> &Method {
        if self.is_preflight() { &Method::OPTIONS } else { &self.params.request.method }
    }

    /// Where to send it. Never send its fragment, its user name and its password.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// println!("{}", browser_cors::origin::url_as_sent(exchange.url()));
    /// # }
    /// ```
    pub fn url(&self) -> &Url {
        self.params.request.current_url()
    }

    /// The headers. The embedder adds `Host`, `Cookie`, and those of its HTTP cache and of the
    /// connection.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// let origin = exchange.header_list().get("Origin");
    /// # }
    /// ```
    pub const fn header_list(&self) -> &HeaderList {
        &self.header_list
    }

    /// Takes the headers, to record them.
    pub(crate) fn take_header_list(&mut self) -> HeaderList {
        mem::take(&mut self.header_list)
    }

    /// The body to send, or none.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// let length = exchange.body().and_then(|body| body.length());
    /// # }
    /// ```
    pub fn body(&self) -> Option<&Body> {
        if self.is_preflight() { None } else { self.params.request.body.as_ref() }
    }

    /// Whether to send cookies, TLS client certificates and authentication entries, and to store
    /// those of the answer.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// let cookie = exchange.includes_credentials().then_some("session=1");
    /// # }
    /// ```
    pub const fn includes_credentials(&self) -> bool {
        self.includes_credentials
    }

    /// Whether this is a preflight.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// assert!(!exchange.is_preflight() || exchange.method() == "OPTIONS");
    /// # }
    /// ```
    pub const fn is_preflight(&self) -> bool {
        matches!(self.stage, Stage::Preflight(_))
    }

    /// Who answers this. It is always [`Responder::Server`] without an [`Embedder`], unless the user
    /// agent answers [`blob:` and `file:`](UserAgent::blob_and_file) URLs.
    ///
    /// ```
    /// # use browser_cors::fetch::{Exchange, Responder};
    /// # fn f(exchange: &Exchange) {
    /// assert!(!exchange.is_preflight() || exchange.responder() == Responder::Server);
    /// # }
    /// ```
    pub const fn responder(&self) -> Responder {
        match self.stage {
            Stage::Preflight(_) | Stage::Response => Responder::Server,
            Stage::Local => Responder::Local,
            Stage::Preload => Responder::Preload,
            Stage::Override(_) => Responder::Override,
            Stage::ServiceWorker { .. } => Responder::ServiceWorker,
        }
    }

    /// Whether the embedder answers this from what it holds, without a server: the URL is a `blob:` or
    /// `file:` URL.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// assert!(!exchange.is_local() || matches!(exchange.url().scheme(), "blob" | "file"));
    /// # }
    /// ```
    pub const fn is_local(&self) -> bool {
        matches!(self.stage, Stage::Local)
    }

    /// Why this preflight is needed; empty if this is no preflight.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// exchange.preflight_reasons().iter().for_each(|reason| println!("because {reason}"));
    /// # }
    /// ```
    pub fn preflight_reasons(&self) -> &[PreflightReason] {
        match &self.stage {
            Stage::Preflight(reasons) => reasons,
            _ => &[],
        }
    }

    /// Whether the request went out without a preflight because the cache already had the grant.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// assert!(!exchange.is_preflight() || !exchange.has_cached_preflight());
    /// # }
    /// ```
    pub const fn has_cached_preflight(&self) -> bool {
        self.params.preflight_is_cached
    }

    /// The request as it is now. The fetch judges the answer against it.
    ///
    /// ```
    /// # fn f(exchange: &browser_cors::fetch::Exchange) {
    /// let redirects = exchange.request().redirect_count();
    /// # }
    /// ```
    pub const fn request(&self) -> &Request {
        &self.params.request
    }

    /// Continues the fetch with the server's response, which came at `now`. The cache keeps what a
    /// preflight grants from then on.
    ///
    /// Takes the exchange by value, so that a second answer does not compile:
    ///
    /// ```compile_fail,E0382
    /// # use browser_cors::fetch::{Context, Exchange};
    /// # use browser_cors::{preflight_cache::Timestamp, response::Response};
    /// # fn twice(exchange: Exchange, now: Timestamp, context: &mut Context<'_>) {
    /// let _ = exchange.receive(Response::default(), now, context);
    /// let _ = exchange.receive(Response::default(), now, context);
    /// # }
    /// ```
    pub fn receive(
        self,
        mut response: Response,
        now: Timestamp,
        context: &mut Context<'_>,
    ) -> Action {
        if !self.is_from_network() {
            return self.supply(response, now, context);
        }
        context.now = now;
        let read = read_as(&mut response, &context.user_agent.profile);
        self.resume(response, read, context)
    }

    /// Whether the answer passes through the user agent's network stack.
    pub(crate) const fn is_from_network(&self) -> bool {
        matches!(self.responder(), Responder::Server | Responder::Local)
    }

    /// Continues the fetch with the response of a preload, of the user agent itself, or of a service
    /// worker, which came at `now`. For an exchange with a server, [`receive`](Self::receive) judges
    /// the internal response.
    ///
    /// ```
    /// # use browser_cors::{fetch::*, preflight_cache::Timestamp, response::FilteredResponse};
    /// # fn f(exchange: Exchange, worker: Option<FilteredResponse>, now: Timestamp, context: &mut Context<'_>) -> Action {
    /// match worker {
    ///     Some(response) => exchange.supply(response, now, context),
    ///     None => exchange.pass(context), // the worker has not called respondWith()
    /// }
    /// # }
    /// ```
    pub fn supply(
        self,
        response: impl Into<Supplied>,
        now: Timestamp,
        context: &mut Context<'_>,
    ) -> Action {
        let (kind, response) = response.into().into_parts();
        if self.is_from_network() {
            return self.receive(response, now, context);
        }
        context.now = now;
        match self.stage {
            Stage::ServiceWorker { .. } => {
                self.params.finish_http_fetch(Source::ServiceWorker(kind), response, context)
            }
            _ => self.params.finish_main_fetch(kind, response, context),
        }
    }

    /// Continues the fetch without a response of a preload, of the user agent itself, or of a service
    /// worker: the next one in line answers, in the end a server. An exchange with a server stays the
    /// same.
    ///
    /// ```
    /// # use browser_cors::fetch::{Action, Context, Exchange, Responder};
    /// # fn f(exchange: Exchange, context: &mut Context<'_>) -> Action {
    /// match exchange.responder() {
    ///     Responder::ServiceWorker => exchange.pass(context),
    ///     _ => Action::Send(exchange),
    /// }
    /// # }
    /// ```
    pub fn pass(self, context: &mut Context<'_>) -> Action {
        match self.stage {
            Stage::Preload => self.params.switch(context),
            Stage::Override(branch) => self.params.not_overridden(branch, context),
            Stage::ServiceWorker { make_cors_preflight } => {
                self.params.http_fetch_without_worker(make_cors_preflight, context)
            }
            Stage::Preflight(_) | Stage::Response | Stage::Local => Action::Send(self),
        }
    }

    /// Ends the fetch by a rule of the embedder's own: somebody aborted it, a service worker answered
    /// with an error, a connection is not allowed.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request, url::Url};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let Action::Send(exchange) = fetch(Request::new(url, Origin::opaque()), &mut context)
    /// else { panic!() };
    /// let refusal = EmbedderRefusal::new(EmbedderRule::Abort, "the page called abort()");
    /// let Outcome::NetworkError(error) = exchange.block(refusal, &mut context) else { panic!() };
    /// assert_eq!((error.to_string().as_str(), error.code().as_str()), ("the page called abort()", "aborted"));
    /// # }
    /// ```
    pub fn block(self, refusal: EmbedderRefusal, context: &mut Context<'_>) -> Outcome {
        self.params.refuse(Refusal::Embedder(refusal), context)
    }

    /// Continues the fetch with a response that [`read_as`] has rewritten, and with its result.
    #[inline]
    pub(crate) fn resume(
        self,
        response: Response,
        read: Result<(), InvalidLocation>,
        context: &mut Context<'_>,
    ) -> Action {
        if let Err(failure) = read {
            return self.params.network_error(Refusal::NetworkLocation(failure), context);
        }
        match self.stage {
            Stage::Preflight(_) => self.params.finish_preflight(&response, context),
            Stage::Response => {
                let source = Source::Network { includes_credentials: self.includes_credentials };
                self.params.finish_http_fetch(source, response, context)
            }
            _ => self.params.finish_main_fetch(None, response, context),
        }
    }

    /// Ends the fetch before this exchange is sent, as if the page aborted it. The preflight cache
    /// keeps what it holds.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request, url::Url};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let Action::Send(exchange) = fetch(Request::new(url, Origin::opaque()), &mut context)
    /// else { panic!() };
    /// let Outcome::NetworkError(error) = exchange.withhold() else { panic!() };
    /// assert_eq!(error.refusal, Refusal::NotSent);
    /// # }
    /// ```
    pub fn withhold(self) -> Outcome {
        self.params.end(Refusal::NotSent)
    }

    /// Continues the fetch without a response: there was no connection, TLS failed, or the answer was
    /// broken.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{fetch::*, origin::Origin, preflight_cache::*, request::Request, url::Url};
    /// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    /// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let Action::Send(exchange) = fetch(Request::new(url, Origin::opaque()), &mut context)
    /// else { panic!() };
    /// let action = exchange.fail(TransportFailure::new("connection refused"), &mut context);
    /// let Action::Finish(Outcome::NetworkError(error)) = action else { panic!() };
    /// assert_eq!(error.to_string(), "there is no response: connection refused");
    /// # }
    /// ```
    pub fn fail(self, failure: TransportFailure, context: &mut Context<'_>) -> Action {
        let refusal = match self.stage {
            Stage::Preflight(_) => Refusal::Preflight(PreflightFailure::Transport(failure)),
            // With this mode, no server may be asked: so nothing was cached.
            Stage::Response if self.params.request.cache_mode == CacheMode::OnlyIfCached => {
                Refusal::OnlyIfCached
            }
            Stage::Response => Refusal::Transport(failure),
            Stage::Local => Refusal::Local(failure),
            Stage::Preload | Stage::Override(_) => {
                Refusal::Embedder(EmbedderRefusal::new(EmbedderRule::Override, failure.0))
            }
            Stage::ServiceWorker { .. } => {
                Refusal::Embedder(EmbedderRefusal::new(EmbedderRule::ServiceWorker, failure.0))
            }
        };
        self.params.network_error(refusal, context)
    }
}

/// Rewrites the headers of an answer the way this user agent's network stack does. The algorithms,
/// the transcript and the console all use the rewritten answer, so they cannot disagree about it.
///
/// # Errors
///
/// Why the network stack refuses the answer, if it does.
pub(crate) fn read_as(response: &mut Response, profile: &Profile) -> Result<(), InvalidLocation> {
    let (choices, header_list) = (&profile.choices, &mut response.header_list);
    // Departs(ResponseBytes)
    choices.response_bytes.decode(header_list);
    // Departs(EmptyResponseLines)
    choices.empty_response_lines.drop_for_algorithms(header_list);
    // Departs(DifferentLocations)
    choices.different_locations.judge(header_list)
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("method", self.method())
            .field("url", &self.url().as_str())
            .field("header_list", &self.header_list)
            .field("includes_credentials", &self.includes_credentials)
            .finish_non_exhaustive()
    }
}

/// Why there was no response, in the words of the embedder's network.
///
/// ```
/// # use browser_cors::fetch::TransportFailure;
/// assert_eq!(TransportFailure::new("timed out").to_string(), "timed out");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct TransportFailure(String);

impl TransportFailure {
    /// A failure with its reason: a lower-case fragment without a full stop.
    ///
    /// ```
    /// # use browser_cors::fetch::TransportFailure;
    /// let failure = TransportFailure::new("the name api.example is not known");
    /// ```
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// The failure that an error of the embedder's network is, with all that caused it.
    ///
    /// ```
    /// # use browser_cors::fetch::TransportFailure;
    /// let error = std::io::Error::other("connection refused");
    /// assert_eq!(TransportFailure::from_error(&error).to_string(), "connection refused");
    /// ```
    pub fn from_error(error: &dyn Error) -> Self {
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            reason += &format!(": {error}");
            cause = error.source();
        }
        Self(reason)
    }
}
