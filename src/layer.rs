//! A `tower::Layer` that makes any HTTP client a page's `fetch()`.
//!
//! [`PageLayer`] goes around a service that sends single requests: hyper-util's client, reqwest, or a
//! mock. The service that it makes, [`PageService`], takes what a page asks for, and sends what a
//! browser would: preflights, the `Origin`, redirects hop by hop. The answer is what the page may
//! see, or a [`PageError`] with the whole reason. The client must not follow redirects itself, and
//! must add cookies only where [`Terms`] say so.
//!
//! ```
//! use std::{convert::Infallible, time::Instant};
//!
//! use browser_cors::{
//!     Environment, Timestamp, UserAgent, explain::Explanation, http::{Request, Response},
//!     layer::{PageError, PageLayer, PageResponse}, url::Url,
//! };
//! use tower::{ServiceBuilder, ServiceExt, service_fn};
//!
//! // Your client.
//! let client = service_fn(async |request: Request<String>| {
//!     assert_eq!(request.headers()["origin"], "https://app.example");
//!     let answer = Response::builder().header("X-Id", "7");
//!     Ok::<_, Infallible>(answer.header("Access-Control-Allow-Origin", "*").body("hi").unwrap())
//! });
//!
//! let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
//! let start = Instant::now();
//! let clock = move || Timestamp::new(start.elapsed());
//! let layer = PageLayer::new(page, UserAgent::default(), clock);
//! let mut fetch = ServiceBuilder::new().layer(layer).service(client);
//!
//! # pollster::block_on(async {
//! let request = Request::get("https://api.example/items").body(String::new()).unwrap();
//! match fetch.oneshot(request).await {
//!     Ok(response) => {
//!         assert_eq!(response.status(), 200);
//!         assert!(!response.headers().contains_key("x-id")); // not exposed
//!         assert_eq!(response.into_body().readable(), Some("hi"));
//!     }
//!     Err(PageError::Network(failure)) => println!("{}", Explanation::new(&failure.transcript)),
//!     Err(error) => println!("{error}"),
//! }
//! # });
//! ```

use std::{
    error::Error,
    fmt, mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{self, Poll},
};

use http::{Extensions, HeaderMap, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    environment::Environment,
    fetch::{
        Context, Embedder, Exchange, NetworkError, Outcome, Responder, TransportFailure, UserAgent,
        effective_cache_mode,
    },
    page::{
        body::BodyInit,
        fetch_api::{Duplex, RequestInit, RequestTypeError, construct_request},
    },
    preflight_cache::{PreflightCache, Timestamp},
    recording::{Recording, Waiting},
    request::{Body, CacheMode, Request},
    response::Response,
    transcript::Transcript,
};

type BoxError = Box<dyn Error + Send + Sync>;

/// Makes an HTTP client the `fetch()` of a page. The services that it and its clones make share one
/// preflight cache.
///
/// # Examples
///
/// ```
/// use browser_cors::{Environment, Timestamp, UserAgent, engine::Profile, layer::PageLayer, url::Url};
///
/// let page = |url| Environment::new(Url::parse(url).unwrap()).shared();
/// let (clock, firefox) = (|| Timestamp::default(), UserAgent::for_profile(Profile::FIREFOX));
/// let app = PageLayer::new(page("https://app.example/"), firefox, clock);
/// let admin = app.for_page(page("https://admin.example/")); // in the same browser
/// ```
#[derive(Clone, Debug)]
pub struct PageLayer {
    page: Arc<Environment>,
    policies: Option<Arc<dyn Embedder + Send + Sync>>,
    browser: Arc<Browser>,
}

/// What pages share.
struct Browser {
    user_agent: UserAgent,
    cache: Mutex<PreflightCache>,
    /// The bytes in the bodies of keepalive requests that are under way.
    keepalive: Mutex<u64>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
}

impl PageLayer {
    /// The layer of a page in a user agent whose preflight cache is empty. `clock` tells the time
    /// since any fixed moment.
    ///
    /// ```
    /// # use browser_cors::{Environment, Timestamp, UserAgent, layer::PageLayer, url::Url};
    /// let start = std::time::Instant::now();
    /// let clock = move || Timestamp::new(start.elapsed());
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// let layer = PageLayer::new(page, UserAgent::default(), clock);
    /// ```
    pub fn new(
        page: Arc<Environment>,
        user_agent: UserAgent,
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        let clock = Box::new(clock);
        let (cache, keepalive) = (Mutex::default(), Mutex::default());
        let browser = Arc::new(Browser { user_agent, cache, keepalive, clock });
        Self { page, policies: None, browser }
    }

    /// The layer of another page in the same user agent, with the same preflight cache.
    ///
    /// ```
    /// # use browser_cors::{Environment, layer::PageLayer, url::Url};
    /// # fn f(layer: &PageLayer) {
    /// let frame = Environment::new(Url::parse("https://frame.example/").unwrap());
    /// let layer_of_frame = layer.for_page(frame.shared());
    /// # }
    /// ```
    #[must_use]
    pub fn for_page(&self, page: Arc<Environment>) -> Self {
        Self { page, policies: None, browser: Arc::clone(&self.browser) }
    }

    /// Asks the page's policies: what is upgraded to https, and what is blocked. Nobody here answers
    /// for a service worker, a preload or an interceptor, so such exchanges go to the server.
    ///
    /// ```
    /// # use browser_cors::layer::PageLayer;
    /// use browser_cors::fetch::Embedder;
    ///
    /// #[derive(Debug)]
    /// struct Hsts;
    ///
    /// impl Embedder for Hsts {
    ///     fn is_known_hsts_host(&self, domain: &str) -> bool {
    ///         domain == "api.example"
    ///     }
    /// }
    ///
    /// # fn f(layer: PageLayer) {
    /// let layer = layer.with_embedder(Hsts);
    /// # }
    /// ```
    #[must_use]
    pub fn with_embedder(self, embedder: impl Embedder + Send + Sync + 'static) -> Self {
        Self { policies: Some(Arc::new(embedder)), ..self }
    }

    /// Starts a fetch, which counts as under way from then on.
    fn start(&self, request: Request, keepalive: &mut Keepalive) -> Recording {
        let body = request.body.as_ref().filter(|_| request.keepalive);
        keepalive.length = body.and_then(Body::length).unwrap_or(0);
        let mut total = lock(&self.browser.keepalive);
        let recording = self.step(|_, context| {
            context.inflight_keepalive_bytes = *total;
            Recording::start(request, context)
        });
        *total += keepalive.length;
        recording
    }

    /// Locks the cache for one step, which calls nothing that can wait.
    fn step<T>(&self, step: impl FnOnce(Timestamp, &mut Context<'_>) -> T) -> T {
        let now = (self.browser.clock)();
        let mut cache = lock(&self.browser.cache);
        let mut context = Context::new(&self.browser.user_agent, &mut cache, now);
        if let Some(policies) = &self.policies {
            context = context.with_embedder(&**policies);
        }
        step(now, &mut context)
    }

    /// Clears the preflight cache, as browsers do if the user clears the history.
    ///
    /// ```
    /// # use browser_cors::layer::PageLayer;
    /// # fn f(layer: &PageLayer) {
    /// layer.clear_preflight_cache();
    /// # }
    /// ```
    pub fn clear_preflight_cache(&self) {
        *lock(&self.browser.cache) = PreflightCache::new();
    }
}

impl<S> Layer<S> for PageLayer {
    type Service = PageService<S>;

    fn layer(&self, service: S) -> PageService<S> {
        PageService { service, layer: self.clone() }
    }
}

/// A panic elsewhere leaves no step half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser")
            .field("user_agent", &self.user_agent)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

/// The `fetch()` of a page over the service `S`. [`PageLayer`] makes it.
///
/// The method, URL, headers and body are those of the request; a relative URL is relative to the
/// page's. What else a page can say, its [`RequestInit`] says, as an
/// [extension](http::request::Builder::extension) of the request. Other extensions go along with
/// each exchange, and so do [`Terms`].
///
/// A body with a [known length](http_body::SizeHint::exact) can be sent again after a redirect. Any
/// other is a stream: it goes out once, and only after a preflight. A request without a body, such
/// as a preflight, has `B::default()`.
///
/// ```
/// # use browser_cors::{http::{Request, Response}, layer::{PageError, PageService}};
/// use browser_cors::{page::fetch_api::RequestInit, request::CredentialsMode};
/// use tower::{Service, ServiceExt};
///
/// # async fn f<S>(fetch: &mut PageService<S>) -> Result<(), PageError>
/// # where S: Service<Request<String>, Response = Response<String>> + Clone,
/// #     S::Error: Into<Box<dyn std::error::Error + Send + Sync>>
/// # {
/// let request = Request::put("/items/1")
///     .header("content-type", "application/json")
///     .extension(RequestInit::new().credentials(CredentialsMode::Include))
///     .body("{}".to_owned())
///     .unwrap();
/// let response = fetch.ready().await?.call(request).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PageService<S> {
    service: S,
    layer: PageLayer,
}

/// On which terms an exchange goes to the server: an extension of each request that a
/// [`PageService`] sends.
///
/// ```
/// use browser_cors::{http::Request, layer::Terms};
///
/// fn may_have_cookies<B>(request: &Request<B>) -> bool {
///     request.extensions().get::<Terms>().is_some_and(|terms| terms.includes_credentials)
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Terms {
    /// Whether cookies, TLS client certificates and authentication entries go along, and those of
    /// the answer are stored.
    pub includes_credentials: bool,
    /// Whether the request is a preflight.
    pub is_preflight: bool,
    /// What an HTTP cache may do. If there is one, say so in
    /// [`UserAgent::http_cache`](crate::fetch::UserAgent::http_cache).
    pub cache_mode: CacheMode,
}

/// What the page sees of a response. A [`FilteredResponse`] among its extensions says the rest: the
/// type, the URL, and whether there was a redirect.
///
/// The headers are those that the page may read. An opaque response has the status 0, which `http`
/// has not: its status is 200 here, whatever the server's is.
///
/// [`FilteredResponse`]: crate::response::FilteredResponse
///
/// ```
/// use browser_cors::{layer::PageResponse, response::FilteredResponse};
///
/// fn log<B>(response: &PageResponse<B>) {
///     if let Some(seen) = response.extensions().get::<FilteredResponse>() {
///         println!("{} {} of {}", seen.status(), seen.kind().as_str(), seen.url());
///     }
/// }
/// ```
pub type PageResponse<B> = http::Response<PageBody<B>>;

impl<S, A, B> Service<http::Request<A>> for PageService<S>
where
    S: Service<http::Request<A>, Response = http::Response<B>> + Clone,
    S::Error: Into<BoxError>,
    A: HttpBody + Clone + Default,
{
    type Response = PageResponse<B>;
    type Error = PageError;
    type Future = PageFuture<S, A, B>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), PageError>> {
        // Each exchange waits for the service.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<A>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let length = body.size_hint().exact();
        let body = Some(body).filter(|_| length != Some(0));
        let mut extensions = parts.extensions;
        let init = extensions.remove::<RequestInit>().unwrap_or_default();
        let mut init = init
            .method(parts.method.as_str())
            .headers(parts.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
        init.body = body.as_ref().map(|_| match length {
            Some(_) => BodyInit::BufferSource(Vec::new()),
            None => BodyInit::ReadableStream,
        });
        init.duplex = Some(Duplex::Half);
        let request = construct_request(&*parts.uri.to_string(), init, &self.layer.page);
        let mut keepalive = Keepalive { browser: Arc::clone(&self.layer.browser), length: 0 };
        let state = match request {
            Ok(mut request) => {
                if length.is_some() && body.is_some() {
                    request.body = Some(Body::Replayable { length });
                }
                State::Next(self.layer.start(request, &mut keepalive))
            }
            Err(error) => State::Over(error.into()),
        };
        PageFuture {
            layer: self.layer.clone(),
            service: self.service.clone(),
            extensions,
            body,
            answer: None,
            source: None,
            state,
            _keepalive: keepalive,
        }
    }
}

/// A `fetch()` that is under way. If it is dropped, the fetch is cancelled: the preflight cache
/// keeps what it has.
///
/// ```
/// # use browser_cors::layer::{PageFuture, PageService};
/// # use {browser_cors::http::Request, std::future::Future, tower::Service};
/// fn is_send<F: Future + Send>(future: F) -> F {
///     future
/// }
/// # fn f<S, B: Send>(fetch: &mut PageService<S>, request: Request<String>)
/// # where S: Service<Request<String>, Response = browser_cors::http::Response<B>> + Clone + Send,
/// #     S::Error: Into<Box<dyn std::error::Error + Send + Sync>>, S::Future: Send
/// # {
/// let future = is_send(fetch.call(request)); // if the service and its futures are
/// # }
/// ```
pub struct PageFuture<S: Service<http::Request<A>>, A, B> {
    layer: PageLayer,
    service: S,
    extensions: Extensions,
    body: Option<A>,
    /// The last answer.
    answer: Option<http::Response<B>>,
    /// Why there was no answer.
    source: Option<BoxError>,
    state: State<S::Future>,
    _keepalive: Keepalive,
}

/// The bytes of one keepalive request, counted while it is under way.
struct Keepalive {
    browser: Arc<Browser>,
    length: u64,
}

impl Drop for Keepalive {
    fn drop(&mut self) {
        *lock(&self.browser.keepalive) -= self.length;
    }
}

enum State<F> {
    Next(Recording),
    Waiting(Waiting, Pin<Box<F>>),
    Over(PageError),
    Taken,
}

impl<S, A, B> Future for PageFuture<S, A, B>
where
    S: Service<http::Request<A>, Response = http::Response<B>>,
    S::Error: Into<BoxError>,
    A: Clone + Default,
{
    type Output = Result<PageResponse<B>, PageError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            this.state = match mem::replace(&mut this.state, State::Taken) {
                State::Next(Recording::Over(transcript)) => {
                    return Poll::Ready(this.finish(transcript));
                }
                State::Next(Recording::Waiting(waiting)) if !is_for_server(&waiting) => {
                    State::Next(this.layer.step(|_, context| waiting.passed(context)))
                }
                State::Next(Recording::Waiting(waiting)) => {
                    match this.service.poll_ready(context) {
                        Poll::Ready(Ok(())) => match this.request(waiting.exchange()) {
                            Ok(request) => {
                                State::Waiting(waiting, Box::pin(this.service.call(request)))
                            }
                            Err(error) => this.answered(waiting, Err(error)),
                        },
                        Poll::Ready(Err(error)) => this.answered(waiting, Err(error.into())),
                        Poll::Pending => {
                            this.state = State::Next(Recording::Waiting(waiting));
                            return Poll::Pending;
                        }
                    }
                }
                State::Waiting(waiting, mut call) => match call.as_mut().poll(context) {
                    Poll::Ready(answer) => this.answered(waiting, answer.map_err(Into::into)),
                    Poll::Pending => {
                        this.state = State::Waiting(waiting, call);
                        return Poll::Pending;
                    }
                },
                State::Over(error) => return Poll::Ready(Err(error)),
                State::Taken => panic!("the future was polled after it was ready"),
            }
        }
    }
}

/// Whether the service answers the exchange, and not the page's service worker or the like.
const fn is_for_server(waiting: &Waiting) -> bool {
    matches!(waiting.exchange().responder(), Responder::Server | Responder::Local)
}

/// Nothing in it is pinned in place.
impl<S: Service<http::Request<A>>, A, B> Unpin for PageFuture<S, A, B> {}

impl<S, A, B> PageFuture<S, A, B>
where
    S: Service<http::Request<A>, Response = http::Response<B>>,
    A: Clone + Default,
{
    /// The request of an exchange.
    fn request(&mut self, exchange: &Exchange) -> Result<http::Request<A>, BoxError> {
        let body = match exchange.body() {
            Some(Body::Stream) => self.body.take(),
            Some(_) => self.body.clone(),
            None => None,
        };
        let mut request = http::Request::try_from(exchange)?.map(|()| body.unwrap_or_default());
        request.extensions_mut().clone_from(&self.extensions);
        request.extensions_mut().insert(Terms {
            includes_credentials: exchange.includes_credentials(),
            is_preflight: exchange.is_preflight(),
            cache_mode: effective_cache_mode(
                exchange.request(),
                &self.layer.browser.user_agent.profile,
            ),
        });
        Ok(request)
    }

    /// Continues the fetch.
    fn answered(
        &mut self,
        waiting: Waiting,
        answer: Result<http::Response<B>, BoxError>,
    ) -> State<S::Future> {
        let came = match answer {
            Ok(answer) => Ok(Response::from(&*self.answer.insert(answer))),
            Err(error) => {
                let failure = TransportFailure::from_error(&*error);
                self.source = Some(error);
                Err(failure)
            }
        };
        State::Next(self.layer.step(|now, context| waiting.answered(came, now, context)))
    }

    /// What the page gets.
    fn finish(&mut self, transcript: Transcript) -> Result<PageResponse<B>, PageError> {
        let seen = match transcript.outcome {
            Outcome::Response { ref response, .. } => response.clone(),
            Outcome::NetworkError(ref error) => {
                let (error, source) = (error.clone(), self.source.take());
                return Err(PageError::Network(Box::new(PageFailure {
                    error,
                    transcript,
                    source,
                })));
            }
        };
        let (mut parts, body) = self.answer.take().map(http::Response::into_parts).unzip();
        let mut response = http::Response::new(PageBody { body, is_null: seen.has_null_body() });
        if let Some(parts) = &mut parts {
            *response.version_mut() = parts.version;
            *response.extensions_mut() = mem::take(&mut parts.extensions);
        }
        *response.status_mut() = StatusCode::from_u16(seen.status()).unwrap_or_default();
        *response.headers_mut() = HeaderMap::try_from(&seen.header_list()).unwrap_or_default();
        response.extensions_mut().insert(seen);
        Ok(response)
    }
}

impl<S: Service<http::Request<A>>, A, B> fmt::Debug for PageFuture<S, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageFuture").field("layer", &self.layer).finish_non_exhaustive()
    }
}

/// The body of a response as the page may read it: empty if the response is opaque, or has no body.
///
/// ```
/// # use browser_cors::layer::PageBody;
/// fn text(body: PageBody<String>) -> String {
///     body.readable().unwrap_or_default()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct PageBody<B> {
    body: Option<B>,
    is_null: bool,
}

impl<B> PageBody<B> {
    /// The body that the page may read.
    pub fn readable(self) -> Option<B> {
        self.body.filter(|_| !self.is_null)
    }

    /// The body that came, also that of an opaque response: for the image that is shown, not for the
    /// page's scripts.
    ///
    /// ```
    /// # use browser_cors::layer::PageBody;
    /// fn image(body: PageBody<Vec<u8>>) -> Option<Vec<u8>> {
    ///     body.internal()
    /// }
    /// ```
    pub fn internal(self) -> Option<B> {
        self.body
    }
}

impl<B: HttpBody + Unpin> HttpBody for PageBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        if self.is_null {
            return Poll::Ready(None);
        }
        match &mut self.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.is_null || self.body.as_ref().is_none_or(B::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Some(body) if !self.is_null => body.size_hint(),
            _ => SizeHint::with_exact(0),
        }
    }
}

/// Why a page's `fetch()` rejects.
///
/// ```
/// # use browser_cors::layer::PageError;
/// fn lacks_allow_origin(error: &PageError) -> bool {
///     matches!(error, PageError::Network(failure) if failure.error.code() == "allow-origin-missing")
/// }
/// ```
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The call itself throws, and nothing was sent.
    #[error(transparent)]
    Request(#[from] RequestTypeError),
    /// The fetch ended in a network error.
    #[error(transparent)]
    Network(Box<PageFailure>),
}

/// A network error, and how it came to it.
///
/// ```
/// # use browser_cors::{explain::Explanation, layer::PageFailure};
/// fn log(failure: &PageFailure) {
///     println!("{failure}, at {}", failure.error.step());
///     println!("{}", Explanation::new(&failure.transcript)); // the exchanges and the fix
/// }
/// ```
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct PageFailure {
    /// The network error.
    pub error: Box<NetworkError>,
    /// The exchanges up to it.
    pub transcript: Transcript,
    /// The error of the service, if that was the reason.
    pub source: Option<BoxError>,
}
