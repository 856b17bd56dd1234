//! [`fetch()`](https://fetch.spec.whatwg.org/#fetch-method) and the
//! [`Request` constructor](https://fetch.spec.whatwg.org/#dom-request).

use std::sync::Arc;

use http::Method;
use thiserror::Error;
use url::Url;

use super::body::BodyInit;
use crate::{
    engine::Profile,
    environment::Environment,
    header::HeaderList,
    method::{self, InvalidMethod, is_cors_safelisted_method},
    origin::includes_credentials,
    page::headers::{Guard, Headers, HeadersTypeError},
    referrer::ReferrerPolicy,
    request::{
        Body, CacheMode, CredentialsMode, InitiatorType, Mode, RedirectMode, Referrer, Request,
        Written,
    },
    spec::Step,
};

/// The first argument of `fetch()` and of the `Request` constructor.
///
/// ```
/// # use browser_cors::page::fetch_api::RequestInfo;
/// let input = RequestInfo::Url("/items");
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Debug)]
pub enum RequestInfo<'a> {
    /// A string: a URL, maybe relative.
    Url(&'a str),
    /// The request of a `Request` object.
    Request(&'a Request),
}

impl<'a> From<&'a str> for RequestInfo<'a> {
    fn from(url: &'a str) -> Self {
        Self::Url(url)
    }
}

impl<'a> From<&'a Request> for RequestInfo<'a> {
    fn from(request: &'a Request) -> Self {
        Self::Request(request)
    }
}

/// The members of [`RequestInit`]; `None` is a member that the page does not write.
///
/// Methods set them one by one. Each byte of a method or a header is one character of the page, so
/// that a value need not be UTF-8.
///
/// [`RequestInit`]: https://fetch.spec.whatwg.org/#requestinit
///
/// # Examples
///
/// ```
/// use browser_cors::{page::fetch_api::RequestInit, request::CredentialsMode};
///
/// let init = RequestInit::new()
///     .method("PUT")
///     .header("X-Token", "1")
///     .header("X-Name", b"Zo\xEB")
///     .body("{}")
///     .credentials(CredentialsMode::Include);
/// assert_eq!(init.headers.unwrap().len(), 2);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct RequestInit {
    /// `method`, one byte a character.
    pub method: Option<Vec<u8>>,
    /// `headers`, one byte a character. Those of a `Headers` object come
    /// [sorted and combined](Headers::sorted).
    pub headers: Option<Vec<(Vec<u8>, Vec<u8>)>>,
    /// `body`, where it is not null.
    pub body: Option<BodyInit>,
    /// `referrer`
    pub referrer: Option<String>,
    /// `referrerPolicy`
    pub referrer_policy: Option<ReferrerPolicy>,
    /// `mode`
    pub mode: Option<Mode>,
    /// `credentials`
    pub credentials: Option<CredentialsMode>,
    /// `cache`
    pub cache: Option<CacheMode>,
    /// `redirect`
    pub redirect: Option<RedirectMode>,
    /// `integrity`
    pub integrity: Option<String>,
    /// `keepalive`
    pub keepalive: Option<bool>,
    /// `duplex`
    pub duplex: Option<Duplex>,
    /// `window`
    pub window: Option<Window>,
}

impl RequestInit {
    /// No member: a GET.
    ///
    /// ```
    /// # use browser_cors::page::fetch_api::RequestInit;
    /// assert_eq!(RequestInit::new().method, None);
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the `method`, as the page writes it.
    #[must_use]
    pub fn method(mut self, method: impl AsRef<[u8]>) -> Self {
        self.method = Some(method.as_ref().to_vec());
        self
    }

    /// Appends one of the `headers`.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let header = (name.as_ref().to_vec(), value.as_ref().to_vec());
        self.headers.get_or_insert_default().push(header);
        self
    }

    /// Appends several of the `headers`.
    #[must_use]
    pub fn headers<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        headers.into_iter().fold(self, |init, (name, value)| init.header(name, value))
    }

    /// Sets the `body`. A string is `text/plain`, unless a header says otherwise.
    #[must_use]
    pub fn body(mut self, body: impl Into<BodyInit>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the `referrer`.
    #[must_use]
    pub fn referrer(mut self, referrer: impl Into<String>) -> Self {
        self.referrer = Some(referrer.into());
        self
    }

    /// Sets the `referrerPolicy`.
    #[must_use]
    pub const fn referrer_policy(mut self, referrer_policy: ReferrerPolicy) -> Self {
        self.referrer_policy = Some(referrer_policy);
        self
    }

    /// Sets the `mode`.
    #[must_use]
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.mode = Some(mode);
        self
    }

    /// Sets the `credentials` mode.
    #[must_use]
    pub const fn credentials(mut self, credentials_mode: CredentialsMode) -> Self {
        self.credentials = Some(credentials_mode);
        self
    }

    /// Sets the `cache` mode.
    #[must_use]
    pub const fn cache(mut self, cache_mode: CacheMode) -> Self {
        self.cache = Some(cache_mode);
        self
    }

    /// Sets the `redirect` mode.
    #[must_use]
    pub const fn redirect(mut self, redirect_mode: RedirectMode) -> Self {
        self.redirect = Some(redirect_mode);
        self
    }

    /// Sets the `integrity` metadata.
    #[must_use]
    pub fn integrity(mut self, integrity: impl Into<String>) -> Self {
        self.integrity = Some(integrity.into());
        self
    }

    /// Sets `keepalive`: the request outlives the page.
    #[must_use]
    pub const fn keepalive(mut self) -> Self {
        self.keepalive = Some(true);
        self
    }

    /// Sets `duplex`, which a body that is a stream needs.
    #[must_use]
    pub const fn duplex(mut self, duplex: Duplex) -> Self {
        self.duplex = Some(duplex);
        self
    }

    /// Sets the `window`.
    #[must_use]
    pub const fn window(mut self, window: Window) -> Self {
        self.window = Some(window);
        self
    }

    /// The headers that the page sets in vain, as the browser drops them without a word.
    ///
    /// ```
    /// # use browser_cors::page::fetch_api::RequestInit;
    /// let dropped = RequestInit::new().header("Host", "a").header("X-A", "").dropped_headers();
    /// assert_eq!(dropped.len(), 1);
    /// assert_eq!(dropped[0].to_string(), "a page cannot set `Host`");
    /// ```
    pub fn dropped_headers(&self) -> Vec<DroppedHeader> {
        let is_no_cors = self.mode == Some(Mode::NoCors);
        let guard = if is_no_cors { Guard::RequestNoCors } else { Guard::Request };
        let mut headers = Headers::new(guard);
        let pairs = self.headers.iter().flatten();
        let dropped = pairs.filter(|(name, value)| headers.append(name, value) == Ok(false));
        dropped.map(|(name, _)| DroppedHeader { name: name.clone(), is_no_cors }).collect()
    }
}

/// A header that a page sets in vain.
///
/// ```
/// # use browser_cors::{page::fetch_api::RequestInit, request::Mode};
/// let init = RequestInit::new().mode(Mode::NoCors).header("X-A", "1");
/// assert_eq!(
///     init.dropped_headers()[0].to_string(),
///     "in the mode no-cors, a page cannot set `X-A`",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "{}a page cannot set `{}`",
    if *.is_no_cors { "in the mode no-cors, " } else { "" },
    .name.escape_ascii()
)]
pub struct DroppedHeader {
    /// The header's name, as the page wrote it.
    pub name: Vec<u8>,
    /// Whether the mode is "no-cors", in which pages can set hardly any header.
    pub is_no_cors: bool,
}

/// The one value of `duplex`.
///
/// ```
/// # use browser_cors::page::fetch_api::Duplex;
/// assert_eq!(Duplex::Half, Duplex::Half);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Duplex {
    /// "half"
    Half,
}

/// What `window` is: null is the one value that is allowed.
///
/// ```
/// # use browser_cors::page::fetch_api::Window;
/// assert_ne!(Window::Null, Window::Other);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard tells two cases apart")]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Window {
    /// null
    Null,
    /// Anything else.
    Other,
}

impl RequestInit {
    /// Whether no member exists.
    const fn is_empty(&self) -> bool {
        matches!(
            self,
            Self {
                method: None,
                headers: None,
                body: None,
                referrer: None,
                referrer_policy: None,
                mode: None,
                credentials: None,
                cache: None,
                redirect: None,
                integrity: None,
                keepalive: None,
                duplex: None,
                window: None,
            }
        )
    }
}

/// Runs the [`Request` constructor]: what `fetch(input, init)` asks for.
///
/// Abort signals, priorities and the members that are for service workers alone are the
/// embedder's.
///
/// # Errors
///
/// Each variant of [`RequestTypeError`] is a step at which the standard throws a `TypeError`;
/// `fetch()` then rejects, and nothing is sent.
///
/// [`Request` constructor]: https://fetch.spec.whatwg.org/#dom-request
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     environment::Environment,
///     page::fetch_api::{RequestInit, construct_request},
///     request::Mode,
///     url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/cart").unwrap()).shared();
/// let init = RequestInit::new().method("post").body("{}");
/// let request = construct_request("/items", init, &page)?;
/// assert_eq!((request.method.as_str(), request.mode), ("POST", Mode::Cors));
/// assert_eq!(request.url().as_str(), "https://app.example/items");
/// # Ok::<(), browser_cors::page::fetch_api::RequestTypeError>(())
/// ```
pub fn construct_request<'a>(
    input: impl Into<RequestInfo<'a>>,
    init: RequestInit,
    client: &Arc<Environment>,
) -> Result<Request, RequestTypeError> {
    // Steps 1 to 4.
    let init_is_empty = init.is_empty();
    let (mut request, fallback_mode, input_body) = match input.into() {
        // Step 5.
        RequestInfo::Url(text) => {
            let url = parse_url(text, client)?;
            if includes_credentials(&url) {
                return Err(RequestTypeError::UrlWithCredentials { url });
            }
            (Request::new(url, client.origin.clone()), Some(Mode::Cors), None)
        }
        // Step 6.
        RequestInfo::Request(input) => (copy(input), None, input.body.clone()),
    };
    // Steps 7 to 9.
    // Step 10.
    if init.window == Some(Window::Other) {
        return Err(RequestTypeError::Window);
    }
    // Omitted(prompts): step 11.
    // Step 12.
    request.unsafe_request = true;
    request.client = Some(Arc::clone(client));
    request.initiator_type = Some(InitiatorType::Fetch);
    // Step 13.
    if !init_is_empty {
        if request.mode == Mode::Navigate {
            request.mode = Mode::SameOrigin;
        }
        request.origin = client.origin.clone();
        request.referrer = Referrer::Client;
        request.referrer_policy = ReferrerPolicy::Empty;
        request.url_list.drain(..request.url_list.len() - 1);
    }
    // Step 14.
    if let Some(referrer) = &init.referrer {
        request.referrer = parse_referrer(referrer, client)?;
    }
    // Step 15.
    if let Some(referrer_policy) = init.referrer_policy {
        request.referrer_policy = referrer_policy;
    }
    // Step 16.
    let mode = init.mode.or(fallback_mode);
    // Step 17.
    if let Some(mode @ (Mode::Navigate | Mode::Websocket | Mode::Webtransport)) = mode {
        return Err(RequestTypeError::Mode { mode });
    }
    // Step 18.
    request.mode = mode.unwrap_or(request.mode);
    // Step 19.
    request.credentials_mode = init.credentials.unwrap_or(request.credentials_mode);
    // Step 20.
    request.cache_mode = init.cache.unwrap_or(request.cache_mode);
    // Step 21.
    if request.cache_mode == CacheMode::OnlyIfCached && request.mode != Mode::SameOrigin {
        return Err(RequestTypeError::OnlyIfCached { mode: request.mode });
    }
    // Step 22.
    request.redirect_mode = init.redirect.unwrap_or(request.redirect_mode);
    // Step 23.
    request.integrity_metadata = init.integrity.unwrap_or(request.integrity_metadata);
    // Step 24.
    request.keepalive = init.keepalive.unwrap_or(request.keepalive);
    // Step 25.
    if let Some(method) = init.method {
        request.method = method::parse(&method)?;
    }
    // Omitted(embedder): steps 26 to 30.
    // Step 31.
    let mut written = request.written.take().and_then(|it| it.header_list().cloned());
    let mut headers = Headers::with_header_list(request.header_list, Guard::Request);
    // Step 32.
    if request.mode == Mode::NoCors {
        if !is_cors_safelisted_method(&request.method) {
            return Err(RequestTypeError::NoCorsMethod { method: request.method });
        }
        // Ours: what the guard takes off is kept, as engines differ in that.
        written.get_or_insert_with(|| headers.header_list().clone());
        headers = Headers::with_header_list(headers.into_header_list(), Guard::RequestNoCors);
    }
    // Step 33.
    if !init_is_empty {
        let empty = Headers::new(headers.guard());
        let old = std::mem::replace(&mut headers, empty).into_header_list();
        match init.headers {
            Some(new) => {
                if let Some(written) = &mut written {
                    let mut unguarded = Headers::new(Guard::Request);
                    unguarded.fill(new.iter().map(|(name, value)| (name, value)))?;
                    *written = unguarded.into_header_list();
                }
                headers.fill(new)?;
            }
            None => headers.fill(&old)?,
        }
    }
    // Steps 34 and 35.
    let has_body = init.body.is_some() || input_body.is_some();
    if has_body && matches!(request.method, Method::GET | Method::HEAD) {
        return Err(RequestTypeError::BodyNotAllowed { method: request.method });
    }
    // Steps 36 and 37.
    let (mut init_body, mut content_type_of_body) = (None, None);
    if let Some(body) = init.body {
        if request.keepalive && body == BodyInit::ReadableStream {
            return Err(RequestTypeError::KeepaliveStream);
        }
        let (body, content_type) = body.extract();
        if let Some(content_type) = content_type
            && !headers.header_list().contains("Content-Type")
        {
            headers.append("Content-Type", &content_type)?;
            content_type_of_body = Some(content_type);
        }
        init_body = Some(body);
    }
    // Steps 38 and 39.
    let has_init_body = init_body.is_some();
    request.body = init_body.or(input_body);
    if request.body == Some(Body::Stream) {
        if has_init_body && init.duplex.is_none() {
            return Err(RequestTypeError::StreamWithoutDuplex);
        }
        if !matches!(request.mode, Mode::SameOrigin | Mode::Cors) {
            return Err(RequestTypeError::StreamMode { mode: request.mode });
        }
        request.use_cors_preflight = true;
    }
    // Omitted(embedder): steps 40 and 41.
    // Step 42.
    request.header_list = headers.into_header_list();
    if let Some(header_list) = written {
        let is_empty = header_list.is_empty() && content_type_of_body.is_none();
        let without_cors = WithoutCors { header_list, content_type_of_body };
        request.written = (!is_empty).then(|| Arc::new(without_cors) as _);
    }
    Ok(request)
}

/// The headers of a request without CORS.
#[derive(Debug)]
struct WithoutCors {
    /// As the page wrote them.
    header_list: HeaderList,
    /// What the body brings, where the page wrote none.
    content_type_of_body: Option<String>,
}

impl WithoutCors {
    /// Steps 33 and 37 of the constructor.
    fn guarded(&self, profile: &Profile) -> Result<HeaderList, HeadersTypeError> {
        let mut headers = Headers::new(Guard::RequestNoCors).for_profile(profile);
        headers.fill(&self.header_list)?;
        if let Some(content_type) = &self.content_type_of_body
            && !headers.header_list().contains("Content-Type")
        {
            // Departs(BodyHeaderInNoCors)
            headers = profile.choices.body_header_in_no_cors.append(headers, content_type)?;
        }
        Ok(headers.into_header_list())
    }
}

impl Written for WithoutCors {
    fn make(&self, request: &mut Request, profile: &Profile) {
        let is_unchanged = request.mode == Mode::NoCors
            && self.guarded(&Profile::STANDARD).is_ok_and(|list| list == request.header_list);
        if is_unchanged && let Ok(header_list) = self.guarded(profile) {
            request.header_list = header_list;
        }
    }

    fn header_list(&self) -> Option<&HeaderList> {
        Some(&self.header_list)
    }
}

/// A new request with the members that step 12 copies.
fn copy(input: &Request) -> Request {
    let mut request = Request::new(input.url().clone(), input.origin.clone());
    request.method = input.method.clone();
    request.header_list = input.header_list.clone();
    request.referrer = input.referrer.clone();
    request.referrer_policy = input.referrer_policy;
    request.mode = input.mode;
    request.credentials_mode = input.credentials_mode;
    request.cache_mode = input.cache_mode;
    request.redirect_mode = input.redirect_mode;
    request.integrity_metadata = input.integrity_metadata.clone();
    request.keepalive = input.keepalive;
    request.url_list = input.url_list.clone();
    request.written.clone_from(&input.written);
    request
}

fn parse_url(text: &str, client: &Environment) -> Result<Url, RequestTypeError> {
    client
        .api_base_url
        .join(text)
        .map_err(|reason| RequestTypeError::Url { text: text.to_owned(), reason })
}

/// Steps 14.1 to 14.3.
fn parse_referrer(referrer: &str, client: &Environment) -> Result<Referrer, RequestTypeError> {
    if referrer.is_empty() {
        return Ok(Referrer::NoReferrer);
    }
    let url = client
        .api_base_url
        .join(referrer)
        .map_err(|reason| RequestTypeError::Referrer { text: referrer.to_owned(), reason })?;
    let is_client = url.scheme() == "about" && url.path() == "client"
        || !client.origin.is_same_origin_with_url(&url);
    Ok(if is_client { Referrer::Client } else { Referrer::Url(url) })
}

/// Why the `Request` constructor throws a `TypeError`. The variants are in the order of the
/// standard's steps.
///
/// ```
/// # use browser_cors::{page::fetch_api::RequestTypeError, request::Mode};
/// let error = RequestTypeError::Mode { mode: Mode::Navigate };
/// assert_eq!(error.to_string(), "the mode navigate is not for pages");
/// assert_eq!(error.step().to_string(), "#dom-request step 17");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum RequestTypeError {
    /// Step 5.2: the URL cannot be parsed.
    #[error("`{text}` is not a URL: {reason}")]
    Url {
        /// What was given.
        text: String,
        /// What the URL parser says.
        reason: url::ParseError,
    },
    /// Step 5.3: the URL has a user name or a password.
    #[error("the URL {url} has a user name or a password")]
    UrlWithCredentials {
        /// The URL.
        url: Url,
    },
    /// Step 10: `window` is not null.
    #[error("window is not null")]
    Window,
    /// Step 14.3.2: the referrer cannot be parsed.
    #[error("the referrer `{text}` is not a URL: {reason}")]
    Referrer {
        /// What was given.
        text: String,
        /// What the URL parser says.
        reason: url::ParseError,
    },
    /// Step 17: the mode is "navigate", or none that a page knows.
    #[error("the mode {mode} is not for pages")]
    Mode {
        /// The mode.
        mode: Mode,
    },
    /// Step 21: the cache mode is "only-if-cached" in another mode than "same-origin".
    #[error("the cache mode only-if-cached is for the mode same-origin, not {mode}")]
    OnlyIfCached {
        /// The mode.
        mode: Mode,
    },
    /// Step 25.2: the method is not a token, or is forbidden.
    #[error(transparent)]
    Method(#[from] InvalidMethod),
    /// Step 32.1: the mode is "no-cors", and the method is not CORS-safelisted.
    #[error("in the mode no-cors, the method {method} is not possible")]
    NoCorsMethod {
        /// The method.
        method: Method,
    },
    /// Step 33 or 37: a header cannot be appended.
    #[error(transparent)]
    Header(#[from] HeadersTypeError),
    /// Step 35: there is a body, and the method is `GET` or `HEAD`.
    #[error("a request with the method {method} cannot have a body")]
    BodyNotAllowed {
        /// The method.
        method: Method,
    },
    /// Step 37.1: the body is a stream, and `keepalive` is set.
    #[error("a keepalive request cannot have a stream for its body")]
    KeepaliveStream,
    /// Step 39.1: the body is a stream, and `duplex` does not exist.
    #[error("a stream as a body needs duplex")]
    StreamWithoutDuplex,
    /// Step 39.2: the body is a stream, and the mode is neither "same-origin" nor "cors".
    #[error("a stream as a body is not possible in the mode {mode}")]
    StreamMode {
        /// The mode.
        mode: Mode,
    },
}

impl RequestTypeError {
    /// The step of the standard that throws.
    ///
    /// ```
    /// # use browser_cors::page::fetch_api::RequestTypeError;
    /// assert_eq!(RequestTypeError::Window.step().path(), "10");
    /// ```
    pub const fn step(&self) -> Step {
        let path = match self {
            Self::Url { .. } => "5.2",
            Self::UrlWithCredentials { .. } => "5.3",
            Self::Window => "10",
            Self::Referrer { .. } => "14.3.2",
            Self::Mode { .. } => "17",
            Self::OnlyIfCached { .. } => "21",
            Self::Method(_) => "25.2",
            Self::NoCorsMethod { .. } => "32.1",
            Self::Header(error) => return error.step(),
            Self::BodyNotAllowed { .. } => "35",
            Self::KeepaliveStream => "37.1",
            Self::StreamWithoutDuplex => "39.1",
            Self::StreamMode { .. } => "39.2",
        };
        Step::new("dom-request", path)
    }
}
