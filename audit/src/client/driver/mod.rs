//! The async driver of whole fetches.

mod cookies;
mod http_cache;

use std::{
    error::Error,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Instant,
};

use browser_cors::{
    environment::NetworkPartitionKey,
    fetch::{
        Context, Embedder, Exchange, Outcome, Responder, TransportFailure, UserAgent,
        effective_cache_mode,
    },
    preflight_cache::{PreflightCache, Timestamp},
    recording::Recording,
    request::{Body, Request},
    response::FilteredResponse,
    transcript::Transcript,
};
use bytes::Bytes;
use data_url::DataUrl;
use http_body_util::BodyExt;
use hyper::body;

use super::{
    Client, Settings,
    body::{BoxError, RequestBody, ResponseBody},
    fetching::Course,
    network::{Answer, Network, Terms},
    pool::lock,
};
use cookies::Cookies;
use http_cache::{Answered, Ask, BODY_LIMIT, HttpCache, Lookup};

/// A user agent that fetches, on tokio: its preflight cache, its connections, and if it wants its
/// cookies and its HTTP cache. Clones share all of them.
///
/// A fetch ends when the head of the last answer is judged. The body is then a stream, which is the
/// page's to read. The body of an answer that is refused, of a preflight or of a redirect is never
/// read.
///
/// * To cancel a fetch, drop its future, or later its body. The connection of HTTP/1 is closed then,
///   the stream of HTTP/2 is reset, and the caches keep what they have.
/// * The [timeout](Client::timeout) is that of each exchange, up to the head of its answer. The
///   [time for a whole fetch](Client::max_time) ends with the body.
/// * A host has at most six connections of HTTP/1 in use at a time, those included whose bodies are
///   still read.
///
/// # Examples
///
/// ```no_run
/// use browser_cors::{
///     engine::Profile, environment::Environment, explain::Explanation, origin::PublicSuffixList,
///     page::fetch_api::{RequestInit, construct_request}, url::Url,
/// };
/// use browser_cors_audit::client::{Client, Driver};
/// use http_body_util::BodyExt;
///
/// # async fn f() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new();
/// let firefox = client.user_agent(Profile::FIREFOX);
/// let driver = Driver::new(&client, firefox).with_cookies().with_http_cache();
///
/// let page = Url::parse("https://app.example/")?;
/// let page = Environment::top_level(page, &PublicSuffixList).shared();
/// let request = construct_request("https://api.example/items", RequestInit::new(), &page)?;
///
/// let fetched = driver.fetch(request).await;
/// match fetched.response() {
///     Some(response) => println!("the page sees the status {}", response.status()),
///     None => println!("{}", Explanation::new(&fetched.transcript)),
/// }
/// if let Some(body) = fetched.into_body() {
///     println!("{} bytes", body.collect().await?.to_bytes().len());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Driver(Arc<Inner>);

struct Inner {
    user_agent: UserAgent,
    settings: Settings,
    network: Network,
    preflights: Mutex<PreflightCache>,
    cookies: Option<Cookies>,
    http_cache: Option<Arc<HttpCache>>,
    /// The bytes in the bodies of keepalive requests that are under way.
    keepalive: Mutex<u64>,
    start: Instant,
}

impl Driver {
    /// A user agent with the settings of `client`, and with connections of its own.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// # use browser_cors_audit::client::{Client, Driver};
    /// let client = Client::new();
    /// let driver = Driver::new(&client, client.user_agent(Profile::STANDARD));
    /// ```
    pub fn new(client: &Client, user_agent: UserAgent) -> Self {
        Self::of_parts(client.settings.clone(), user_agent, false, false)
    }

    /// Keeps cookies, and sends and stores them where an exchange includes credentials. Their
    /// `SameSite` is not looked at. The driver begins anew: without connections and with empty caches.
    ///
    /// ```
    /// # use browser_cors::fetch::UserAgent;
    /// # use browser_cors_audit::client::{Client, Driver};
    /// let driver = Driver::new(&Client::new(), UserAgent::default()).with_cookies();
    /// ```
    #[must_use]
    pub fn with_cookies(self) -> Self {
        let has_http_cache = self.0.http_cache.is_some();
        Self::of_parts(self.0.settings.clone(), self.0.user_agent.clone(), true, has_http_cache)
    }

    /// Keeps responses to `GET` as [HTTP caching](https://www.rfc-editor.org/rfc/rfc9111) allows and
    /// the request's [cache mode] demands, apart for each network partition key. A response is stored
    /// when its body has been read to the end. The driver begins anew: without connections and with
    /// empty caches.
    ///
    /// [cache mode]: https://fetch.spec.whatwg.org/#concept-request-cache-mode
    ///
    /// ```
    /// # use browser_cors::fetch::UserAgent;
    /// # use browser_cors_audit::client::{Client, Driver};
    /// let driver = Driver::new(&Client::new(), UserAgent::default()).with_http_cache();
    /// ```
    #[must_use]
    pub fn with_http_cache(self) -> Self {
        let has_cookies = self.0.cookies.is_some();
        Self::of_parts(self.0.settings.clone(), self.0.user_agent.clone(), has_cookies, true)
    }

    fn of_parts(
        settings: Settings,
        mut user_agent: UserAgent,
        has_cookies: bool,
        has_http_cache: bool,
    ) -> Self {
        user_agent.http_cache = has_http_cache;
        Self(Arc::new(Inner {
            user_agent,
            settings,
            network: Network::new(),
            preflights: Mutex::default(),
            cookies: has_cookies.then(Cookies::default),
            http_cache: has_http_cache.then(Arc::default),
            keepalive: Mutex::default(),
            start: Instant::now(),
        }))
    }

    /// Fetches, until the last answer is judged.
    ///
    /// ```no_run
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// # use browser_cors_audit::client::Driver;
    /// # async fn f(driver: &Driver) {
    /// let url = Url::parse("http://127.0.0.1:8080/").unwrap();
    /// let fetched = driver.fetch(Request::new(url, Origin::opaque())).await;
    /// # }
    /// ```
    pub const fn fetch(&self, request: Request) -> Fetch<'_> {
        Fetch { driver: self, request, stream: None, embedder: None }
    }

    /// Clears the preflight cache, as browsers do if the user clears the history.
    ///
    /// ```
    /// # use browser_cors_audit::client::Driver;
    /// # fn f(driver: &Driver) {
    /// driver.clear_preflight_cache();
    /// # }
    /// ```
    pub fn clear_preflight_cache(&self) {
        *lock(&self.0.preflights) = PreflightCache::new();
    }
}

/// A fetch that begins when it is awaited.
///
/// ```no_run
/// # use {browser_cors::request::Request, browser_cors_audit::client::Driver};
/// # async fn f(driver: Driver, request: Request) {
/// let fetching = tokio::spawn(async move { driver.fetch(request).await });
/// # }
/// ```
#[must_use = "a fetch begins when it is awaited"]
pub struct Fetch<'a> {
    driver: &'a Driver,
    request: Request,
    stream: Option<RequestBody>,
    embedder: Option<&'a (dyn Embedder + Sync)>,
}

impl<'a> Fetch<'a> {
    /// Sends a stream as the body, as it comes: chunked over HTTP/1.1. If the request has a body that
    /// is [replayable](Body::Replayable), this is that body, and goes out once all the same.
    /// Otherwise the body becomes a stream, which needs a preflight and which no redirect can send
    /// again.
    ///
    /// ```no_run
    /// # use {browser_cors::request::Request, browser_cors_audit::client::Driver};
    /// use http_body_util::StreamBody;
    ///
    /// # async fn f<S>(driver: &Driver, request: Request, chunks: StreamBody<S>)
    /// # where StreamBody<S>: hyper::body::Body<Data = bytes::Bytes, Error = std::io::Error> + Send + 'static
    /// # {
    /// let fetched = driver.fetch(request).with_stream(chunks).await;
    /// # }
    /// ```
    pub fn with_stream<B>(mut self, stream: B) -> Self
    where
        B: body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        if !matches!(self.request.body, Some(Body::Replayable { .. })) {
            self.request.body = Some(Body::Stream);
            self.request.use_cors_preflight = true;
        }
        let stream = stream.map_err(|error| -> BoxError { error.into() });
        Self { stream: Some(stream.boxed_unsync()), ..self }
    }

    /// Asks the page's policies: what is upgraded to https, and what is blocked. Nobody here answers
    /// for a service worker, a preload or an interceptor, so such exchanges go to the server.
    ///
    /// ```no_run
    /// # use browser_cors::{fetch::Embedder, request::Request};
    /// # use browser_cors_audit::client::Driver;
    /// # async fn f(driver: &Driver, request: Request, page: &(dyn Embedder + Sync)) {
    /// let fetched = driver.fetch(request).with_embedder(page).await;
    /// # }
    /// ```
    pub const fn with_embedder(mut self, embedder: &'a (dyn Embedder + Sync)) -> Self {
        self.embedder = Some(embedder);
        self
    }

    async fn drive(self) -> Fetched {
        let Self { driver, request, mut stream, embedder } = self;
        let inner = &*driver.0;
        let course = Course::new(request.url().clone());
        let partition =
            request.client.as_ref().and_then(|client| client.network_partition_key.clone());
        let (mut recording, _keepalive) = inner.start(request, embedder);
        let mut body = None;
        loop {
            recording = match recording {
                Recording::Over(transcript) => {
                    let is_response = matches!(transcript.outcome, Outcome::Response { .. });
                    let body = body.filter(|_| is_response);
                    return Fetched::new(transcript, body, |body| inner.limit(body, &course));
                }
                Recording::Waiting(waiting) => {
                    // What is left of the last answer is not read.
                    body = None;
                    let exchange = waiting.exchange();
                    let answer = match exchange.responder() {
                        Responder::Server => match of_exchange(&mut stream, exchange) {
                            Ok(stream) => {
                                inner.send(exchange, stream, partition.as_ref(), &course).await
                            }
                            Err(failure) => Err(failure),
                        },
                        Responder::Local => {
                            Err(TransportFailure::new("nobody here has what the URL names"))
                        }
                        Responder::Preload | Responder::Override | Responder::ServiceWorker => {
                            recording = inner.step(embedder, |_, context| waiting.passed(context));
                            continue;
                        }
                    };
                    let answer = answer.map(|answer| {
                        body = Some(answer.body);
                        answer.response
                    });
                    inner.step(embedder, |now, context| waiting.answered(answer, now, context))
                }
            };
        }
    }
}

/// The stream that goes out with an exchange, if its body is one.
fn of_exchange(
    stream: &mut Option<RequestBody>,
    exchange: &Exchange,
) -> Result<Option<RequestBody>, TransportFailure> {
    match exchange.body() {
        Some(Body::Stream | Body::Replayable { .. }) => match stream.take() {
            Some(stream) => Ok(Some(stream)),
            None => Err(TransportFailure::new("the body cannot be sent again")),
        },
        Some(Body::Source(_)) | None => Ok(None),
    }
}

impl<'a> IntoFuture for Fetch<'a> {
    type Output = Fetched;
    type IntoFuture = Pin<Box<dyn Future<Output = Fetched> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.drive())
    }
}

impl fmt::Debug for Fetch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").field("request", &self.request).finish_non_exhaustive()
    }
}

impl Inner {
    /// Starts a fetch, which counts as under way from then on.
    fn start(
        &self,
        request: Request,
        embedder: Option<&(dyn Embedder + Sync)>,
    ) -> (Recording, Keepalive<'_>) {
        let length = request.body.as_ref().filter(|_| request.keepalive).and_then(Body::length);
        let own = length.unwrap_or(0);
        let mut total = lock(&self.keepalive);
        let recording = self.step(embedder, |_, context| {
            context.inflight_keepalive_bytes = *total;
            Recording::start(request, context)
        });
        *total += own;
        (recording, Keepalive { total: &self.keepalive, own })
    }

    /// Locks the preflight cache for one step, which waits for nothing.
    fn step<T>(
        &self,
        embedder: Option<&(dyn Embedder + Sync)>,
        step: impl FnOnce(Timestamp, &mut Context<'_>) -> T,
    ) -> T {
        let now = Timestamp::new(self.start.elapsed());
        let mut cache = lock(&self.preflights);
        let mut context = Context::new(&self.user_agent, &mut cache, now);
        if let Some(embedder) = embedder {
            context = context.with_embedder(embedder);
        }
        step(now, &mut context)
    }

    /// Answers an exchange out of the HTTP cache or the network.
    async fn send(
        &self,
        exchange: &Exchange,
        stream: Option<RequestBody>,
        partition: Option<&NetworkPartitionKey>,
        course: &Course,
    ) -> Result<Answer, TransportFailure> {
        let Some(cache) = &self.http_cache else {
            return self.ask_network(exchange, stream, partition, course, None).await;
        };
        let mode = effective_cache_mode(exchange.request(), &self.user_agent.profile);
        let ask = match cache.look_up(exchange, mode, partition) {
            Lookup::Hit(response, body) => {
                return Ok(Answer { response, body: ResponseBody::of_bytes(body) });
            }
            Lookup::Refused => return Err(TransportFailure::new("nothing is cached")),
            Lookup::Bypass => None,
            Lookup::Miss(ask) => Some(ask),
        };
        let mut answer =
            self.ask_network(exchange, stream, partition, course, ask.as_deref()).await?;
        cache.invalidate(exchange, &answer.response, partition);
        match ask.map(|ask| ask.answered(&answer.response, cache)) {
            Some(Answered::Stored(response, body)) => {
                return Ok(Answer { response, body: ResponseBody::of_bytes(body) });
            }
            Some(Answered::Network(Some(storing))) => {
                answer.body.copy_to(BODY_LIMIT, |body| storing.store(body));
            }
            Some(Answered::Network(None)) | None => {}
        }
        Ok(answer)
    }

    async fn ask_network(
        &self,
        exchange: &Exchange,
        stream: Option<RequestBody>,
        partition: Option<&NetworkPartitionKey>,
        course: &Course,
        ask: Option<&Ask>,
    ) -> Result<Answer, TransportFailure> {
        let url = exchange.url();
        let cookies = self.cookies.as_ref().filter(|_| exchange.includes_credentials());
        let cookie = cookies.and_then(|cookies| cookies.header(url));
        let validators = ask.map_or(&[][..], |ask| &ask.validators);
        let terms = course.terms(exchange, cookie.as_ref(), &self.settings)?;
        let terms = Terms { partition, validators, ..terms };
        let sent = self.network.send(exchange, stream, &terms, &self.settings).await;
        let answer = sent.map_err(|failure| course.failure(failure, &self.settings))?;
        if let Some(cookies) = cookies {
            cookies.store(url, &answer.response.header_list, &*self.user_agent.sites);
        }
        Ok(answer)
    }

    /// Lets the body of the answer take no more time than there is for the whole fetch.
    fn limit(&self, body: &mut ResponseBody, course: &Course) {
        if let Some(whole) = self.settings.max_time {
            let left = course.time_left(&self.settings).ok().flatten().unwrap_or_default();
            body.within(left, whole);
        }
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("user_agent", &self.user_agent)
            .field("preflights", &self.preflights)
            .field("has_cookies", &self.cookies.is_some())
            .field("has_http_cache", &self.http_cache.is_some())
            .finish_non_exhaustive()
    }
}

/// The bytes of one keepalive request, counted while it is under way.
struct Keepalive<'a> {
    total: &'a Mutex<u64>,
    own: u64,
}

impl Drop for Keepalive<'_> {
    fn drop(&mut self) {
        *lock(self.total) -= self.own;
    }
}

/// A fetch whose last answer is judged.
///
/// ```no_run
/// # use {browser_cors::request::Request, browser_cors_audit::client::{Driver, Fetched}};
/// # async fn f(driver: &Driver, request: Request) {
/// let fetched = driver.fetch(request).await;
/// println!("{} exchanges", fetched.transcript.exchanges.len());
/// # }
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Fetched {
    /// What went out, what came back, and the outcome.
    pub transcript: Transcript,
    body: Option<ResponseBody>,
}

impl Fetched {
    fn new(
        transcript: Transcript,
        body: Option<ResponseBody>,
        limit: impl FnOnce(&mut ResponseBody),
    ) -> Self {
        let mut fetched = Self { transcript, body };
        if let Some(body) = &mut fetched.body {
            limit(body);
        } else if fetched.response().is_some() {
            fetched.body = fetched.content();
        }
        fetched
    }

    /// The content of a `data:` URL.
    fn content(&self) -> Option<ResponseBody> {
        let url = self.transcript.asked.url.as_str();
        let (bytes, _) = DataUrl::process(url).ok()?.decode_to_vec().ok()?;
        Some(ResponseBody::of_bytes(bytes.into()))
    }

    /// What the page sees of the response; `None` if the fetch ended in a network error.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetched;
    /// # fn f(fetched: &Fetched) {
    /// let id = fetched.response().and_then(|response| response.header("x-id"));
    /// # }
    /// ```
    pub const fn response(&self) -> Option<&FilteredResponse> {
        match &self.transcript.outcome {
            Outcome::Response { response, .. } => Some(response),
            Outcome::NetworkError(_) => None,
        }
    }

    /// The body, if the page may read it.
    ///
    /// ```
    /// # use {browser_cors_audit::client::{BodyError, Fetched}, http_body_util::BodyExt};
    /// # async fn f(fetched: Fetched) -> Result<(), BodyError> {
    /// if let Some(body) = fetched.into_body() {
    ///     let bytes = body.collect().await?.to_bytes();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_body(self) -> Option<ResponseBody> {
        let is_null = self.response().is_none_or(FilteredResponse::has_null_body);
        self.body.filter(|_| !is_null)
    }

    /// The body that came, also that of an opaque response: for the image that is shown, not for the
    /// page's scripts.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetched;
    /// # fn f(fetched: Fetched) {
    /// let image = fetched.into_internal_body();
    /// # }
    /// ```
    pub fn into_internal_body(self) -> Option<ResponseBody> {
        self.body
    }
}
