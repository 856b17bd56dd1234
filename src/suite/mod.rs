//! Assertions for the test suites of servers: what can a page of some origin get from them?
//!
//! A [`Page`] makes a [`Call`] of `fetch()`, the server under test answers each exchange, and
//! [`Fetched`] holds the outcome and its assertions. One method call chooses who answers: a closure
//! ([`answered_by`](Fetch::answered_by)), any `tower::Service` in process (`through`, with the
//! feature `tower`), or a live server (`over` and `against`, with the crate `browser-cors-audit`).
//!
//! ```
//! use browser_cors::{
//!     header::HeaderList, request::CredentialsMode::Include, response::Response,
//!     suite::{Page, put},
//! };
//!
//! let page = Page::at("https://app.example");
//! page.fetch(put("https://api.example/items/1").header("x-token", "1").credentials(Include))
//!     .answered_by(|exchange, _cookie| {
//!         // Your server.
//!         let mut headers = HeaderList::try_from([
//!             ("Access-Control-Allow-Origin", "https://app.example"),
//!             ("Access-Control-Allow-Credentials", "true"),
//!             ("Vary", "Origin"),
//!         ]).unwrap();
//!         if exchange.is_preflight() {
//!             headers.append("Access-Control-Allow-Methods", "PUT").unwrap();
//!             headers.append("Access-Control-Allow-Headers", "x-token").unwrap();
//!         } else {
//!             headers.append("Access-Control-Expose-Headers", "etag").unwrap();
//!             headers.append("ETag", "\"1\"").unwrap();
//!         }
//!         Ok(Response::new(200, headers))
//!     })
//!     .assert_shared()
//!     .assert_preflight()
//!     .assert_exposes("etag");
//! ```
//!
//! An assertion that fails panics with the whole [explanation](crate::explain::Explanation): the
//! exchanges, what ended the fetch and at which step, and what the server must send instead.

mod call;
mod fetched;
mod http_request;
mod started;
#[cfg(feature = "tower")]
mod through;
mod unmet;

use std::{borrow::Borrow, time::Duration};

use http::HeaderValue;
use thiserror::Error;
use url::{ParseError, Position, Url};

pub use call::{Call, delete, get, head, patch, post, put};
pub use fetched::Fetched;
pub use started::Started;
pub use unmet::Unmet;

use crate::{
    compare::Browsers,
    engine::Profile,
    environment::Environment,
    fetch::{Exchange, TransportFailure, UserAgent},
    origin::{Origin, PublicSuffixList, has_http_scheme},
    response::Response,
};

/// A page in a test: its origin, the engines in which it is open, a preflight cache and a clock.
///
/// Time passes only by [`advance`](Self::advance). Each engine has a cache of its own. If several
/// engines send the same request, it goes out once.
///
/// ```
/// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
/// let page = Page::at("https://evil.example");
/// page.fetch(get("https://api.example/me"))
///     .answered_by(|_exchange, _cookie| Ok(Response::new(200, HeaderList::new())))
///     .assert_blocked_by("allow-origin-missing");
/// ```
#[derive(Debug)]
pub struct Page {
    browsers: Browsers,
    /// The base of the calls' relative URLs.
    server: Option<Url>,
}

impl Page {
    /// A page in a tab of its own, open in the standard's browser. `url` is the page's URL or its
    /// origin; `null` makes a sandboxed page. Pages of apps and extensions have schemes of their own.
    ///
    /// # Panics
    ///
    /// If `url` is not the URL of a page that has an origin, and not `null` either.
    ///
    /// ```
    /// # use browser_cors::suite::Page;
    /// assert_eq!(Page::at("https://app.example/cart").origin(), "https://app.example");
    /// assert_eq!(Page::at("capacitor://localhost").origin(), "capacitor://localhost");
    /// assert_eq!(Page::at("null").origin(), "null");
    /// ```
    #[track_caller]
    pub fn at(url: &str) -> Self {
        Self::try_at(url).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Like [`at`](Self::at), but returns an error.
    ///
    /// # Errors
    ///
    /// If `url` is not the URL of a page that has an origin, and not `null` either.
    ///
    /// ```
    /// # use browser_cors::suite::Page;
    /// assert_eq!(
    ///     Page::try_at("app.example").unwrap_err().to_string(),
    ///     "`app.example` is not where a page is: a URL, an origin or `null` was expected"
    /// );
    /// ```
    pub fn try_at(url: &str) -> Result<Self, InvalidPlace> {
        let text = if url == "null" { "about:blank" } else { url };
        let parsed = Url::parse(text).map_err(|_| InvalidPlace::NoPage(url.to_owned()))?;
        let is_of_page = |url: &Url| {
            !matches!(url.scheme(), "ws" | "wss" | "ftp") && !Origin::of_page(url).is_opaque()
        };
        if !is_of_page(&parsed) && url != "null" {
            return Err(InvalidPlace::NoHost(url.to_owned()));
        }
        Ok(Self::from(Environment::top_level(parsed, &PublicSuffixList)))
    }

    /// Opens the page in these engines, with empty caches. Assertions must hold in each of them.
    ///
    /// # Panics
    ///
    /// If there is no engine.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, header::HeaderList, response::Response};
    /// # use browser_cors::suite::{Page, get};
    /// let page = Page::at("https://app.example").in_engines(Profile::ALL);
    /// page.fetch(get("https://api.example/"))
    ///     .answered_by(|_exchange, _cookie| Ok(Response::new(200, HeaderList::new())))
    ///     .assert_blocked();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn in_engines(self, profiles: impl IntoIterator<Item = impl Borrow<Profile>>) -> Self {
        let profiles = profiles.into_iter();
        self.in_user_agents(profiles.map(|profile| UserAgent::for_profile(*profile.borrow())))
    }

    /// Opens the page in these user agents, with empty caches, for tests that need what an engine's
    /// defaults leave out, such as Fetch Metadata.
    ///
    /// # Panics
    ///
    /// If there is no user agent.
    ///
    /// ```
    /// # use browser_cors::{fetch::UserAgent, header::HeaderList, response::Response};
    /// # use browser_cors::suite::{Page, get};
    /// let mut user_agent = UserAgent::default();
    /// user_agent.sends_fetch_metadata = true;
    /// let page = Page::at("https://app.example").in_user_agents([user_agent]);
    /// page.fetch(get("https://api.example/"))
    ///     .answered_by(|exchange, _cookie| {
    ///         assert!(exchange.header_list().contains("sec-fetch-site"));
    ///         Ok(Response::new(403, HeaderList::new()))
    ///     })
    ///     .assert_blocked();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn in_user_agents(self, user_agents: impl IntoIterator<Item = UserAgent>) -> Self {
        let user_agents: Vec<_> = user_agents.into_iter().collect();
        assert!(!user_agents.is_empty(), "no engine was named, so nothing would be asked");
        let browsers = Browsers::new(self.browsers.page().clone(), user_agents);
        Self { browsers, server: self.server }
    }

    /// Sets the server under test. Relative URLs of calls are then relative to `base`, as if the
    /// page had `base` in its configuration.
    ///
    /// # Panics
    ///
    /// If `base` is not an http or https URL.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
    /// let page = Page::at("https://app.example").server("https://api.example/v1/");
    /// page.fetch(get("/items?all"))
    ///     .answered_by(|exchange, _cookie| {
    ///         assert_eq!(exchange.url().as_str(), "https://api.example/v1/items?all");
    ///         Ok(Response::new(200, HeaderList::new()))
    ///     })
    ///     .assert_blocked();
    /// ```
    #[must_use]
    #[track_caller]
    pub fn server(self, base: &str) -> Self {
        self.try_server(base).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Like [`server`](Self::server), but returns an error.
    ///
    /// # Errors
    ///
    /// If `base` is not an http or https URL.
    ///
    /// ```
    /// # use browser_cors::suite::Page;
    /// assert!(Page::at("https://app.example").try_server("localhost:8080").is_err());
    /// ```
    pub fn try_server(self, base: &str) -> Result<Self, InvalidPlace> {
        Ok(Self { server: Some(server_url(base)?), ..self })
    }

    /// Advances the page's clock, so that entries of the preflight cache expire.
    ///
    /// ```
    /// # use {browser_cors::suite::{Page, delete}, std::time::Duration};
    /// let page = Page::at("https://app.example");
    /// page.advance(Duration::from_secs(601));
    /// let fetch = page.fetch(delete("https://api.example/1"));
    /// ```
    pub fn advance(&self, time: Duration) {
        self.browsers.advance(time);
    }

    /// Calls `fetch()` in the page. Nothing happens until a server is chosen to answer.
    ///
    /// ```
    /// # use browser_cors::suite::{Page, get};
    /// let page = Page::at("https://app.example");
    /// let fetch = page.fetch(get("https://api.example/"));
    /// ```
    pub fn fetch(&self, mut call: Call) -> Fetch<'_> {
        if let Some(server) = &self.server
            && call.is_relative()
        {
            call.rebase(server);
        }
        Fetch { page: self, call }
    }

    /// The page's origin, serialized.
    ///
    /// ```
    /// # use browser_cors::suite::Page;
    /// assert_eq!(Page::at("https://app.example:443/").origin(), "https://app.example");
    /// ```
    pub fn origin(&self) -> &str {
        self.browsers.page().origin.serialized()
    }
}

/// A text that names no page, or no server.
///
/// ```
/// # use browser_cors::suite::{InvalidPlace, Page};
/// let error = Page::try_at("https:").unwrap_err();
/// assert_eq!(error, InvalidPlace::NoPage("https:".to_owned()));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidPlace {
    /// The text of a page is not a URL.
    #[error("`{0}` is not where a page is: a URL, an origin or `null` was expected")]
    NoPage(String),
    /// The URL of a page has no origin.
    #[error("`{0}` is not where a page is: a URL with a host was expected, or `null`")]
    NoHost(String),
    /// The text of a server is not an http or https URL.
    #[error("`{0}` is not the URL of a server: http or https was expected")]
    NoServer(String),
}

/// Parses the URL of a server.
fn server_url(base: &str) -> Result<Url, InvalidPlace> {
    let no_server = || InvalidPlace::NoServer(base.to_owned());
    Url::parse(base).ok().filter(has_http_scheme).ok_or_else(no_server)
}

impl Call {
    /// Whether the URL names no server.
    fn is_relative(&self) -> bool {
        Url::parse(&self.url) == Err(ParseError::RelativeUrlWithoutBase)
    }

    /// Appends the URL's path and query to `base`.
    fn rebase(&mut self, base: &Url) {
        // The call reports a URL that cannot be parsed.
        if let Ok(url) = base.join(&self.url) {
            let base = base[..Position::AfterPath].trim_end_matches('/');
            self.url = format!("{base}{}", &url[Position::BeforePath..]);
        }
    }
}

/// A page with the environment that the test made, open in the standard's browser.
///
/// ```
/// use browser_cors::{environment::Environment, environment::EmbedderPolicy, suite::Page, url::Url};
///
/// let mut environment = Environment::new(Url::parse("https://app.example/").unwrap());
/// environment.embedder_policy = EmbedderPolicy::RequireCorp;
/// let page = Page::from(environment);
/// ```
impl From<Environment> for Page {
    fn from(environment: Environment) -> Self {
        Self { browsers: Browsers::new(environment, [UserAgent::default()]), server: None }
    }
}

/// A fetch that waits for a server to answer it.
///
/// The call's URL must name the server. A relative URL would be of the page's own origin, where
/// there is no CORS to test, so the method that chooses the server panics and says what to write.
/// To ask the page's own origin on purpose, use [`Call::same_origin`].
///
/// ```
/// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
/// let page = Page::at("https://app.example");
/// let fetch = page.fetch(get("https://api.example/"));
/// fetch.answered_by(|_exchange, _cookie| {
///     let headers = [("Access-Control-Allow-Origin", "*")];
///     Ok(Response::new(200, HeaderList::try_from(headers).unwrap()))
/// })
/// .assert_shared();
/// ```
#[must_use = "nothing happens until a server is chosen to answer"]
#[derive(Debug)]
pub struct Fetch<'a> {
    page: &'a Page,
    call: Call,
}

impl Fetch<'_> {
    /// Replaces the server in the call's URL by `base`, so that a suite can run against any
    /// deployment. The call's path and query follow the path of `base`. The new URL is the one that
    /// is sent and judged.
    ///
    /// # Panics
    ///
    /// If `base` is not an http or https URL.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("/items?all"))
    ///     .at("https://staging.example/v1/")
    ///     .answered_by(|exchange, _cookie| {
    ///         assert_eq!(exchange.url().as_str(), "https://staging.example/v1/items?all");
    ///         let headers = [("Access-Control-Allow-Origin", "*")];
    ///         Ok(Response::new(200, HeaderList::try_from(headers).unwrap()))
    ///     })
    ///     .assert_shared();
    /// ```
    #[track_caller]
    pub fn at(self, base: &str) -> Self {
        self.try_at(base).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Like [`at`](Self::at), but returns an error.
    ///
    /// # Errors
    ///
    /// If `base` is not an http or https URL.
    ///
    /// ```
    /// # use browser_cors::suite::{Page, get};
    /// let page = Page::at("https://app.example");
    /// assert!(page.fetch(get("/items")).try_at("staging").is_err());
    /// ```
    pub fn try_at(mut self, base: &str) -> Result<Self, InvalidPlace> {
        self.call.rebase(&server_url(base)?);
        Ok(self)
    }

    /// Calls `answer` for each exchange, with the call's cookie if the exchange includes it.
    ///
    /// # Panics
    ///
    /// If the call's URL is relative, and the page has no [`server`](Page::server).
    ///
    /// ```
    /// # use browser_cors::{fetch::TransportFailure, suite::{Page, get}};
    /// let page = Page::at("https://app.example");
    /// let fetched = page.fetch(get("https://api.example/")).answered_by(|exchange, _cookie| {
    ///     Err(TransportFailure::new(format!("no server answers {}", exchange.url())))
    /// });
    /// assert!(fetched.to_string().contains("no server answers https://api.example/"));
    /// ```
    #[track_caller]
    pub fn answered_by(
        self,
        mut answer: impl FnMut(&Exchange, Option<&HeaderValue>) -> Result<Response, TransportFailure>,
    ) -> Fetched {
        let mut started = self.ask();
        while let Some(exchange) = started.exchange() {
            let answer = answer(exchange, started.cookie());
            started.answered(answer);
        }
        started.finish()
    }

    /// Calls `answer` for each exchange with the request that a server over HTTP/1.1 sees: the path
    /// and query as the URI, a `Host`, and the call's cookie if the exchange includes it. The
    /// answers of all hosts come from this server. The bodies of answers are not read.
    ///
    /// # Panics
    ///
    /// If the call's URL is relative, and the page has no [`server`](Page::server).
    ///
    /// ```
    /// use browser_cors::{http::{Request, Response}, suite::{Page, put}};
    ///
    /// fn app(request: Request<Vec<u8>>) -> Response<&'static str> {
    ///     let answer = Response::builder().header("Access-Control-Allow-Origin", "*");
    ///     let is_preflight = request.method() == "OPTIONS";
    ///     let answer = if is_preflight {
    ///         answer.header("Access-Control-Allow-Methods", "PUT").status(204)
    ///     } else {
    ///         answer
    ///     };
    ///     answer.body("").unwrap()
    /// }
    ///
    /// let page = Page::at("https://app.example");
    /// page.fetch(put("https://api.example/1").body("hi")).answered_by_http(app).assert_shared();
    /// ```
    #[track_caller]
    pub fn answered_by_http<B>(
        self,
        mut answer: impl FnMut(http::Request<Vec<u8>>) -> http::Response<B>,
    ) -> Fetched {
        let mut started = self.ask();
        while let Some(request) = started.http_request() {
            let answer = request.map(|request| Response::from(&answer(request)));
            started.answered(answer.map_err(|error| TransportFailure::new(error.to_string())));
        }
        started.finish()
    }

    /// Starts the call, for drivers of any kind: it names one exchange after another.
    ///
    /// # Errors
    ///
    /// If the call's URL is relative, and the page has no [`server`](Page::server).
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, delete}};
    /// let page = Page::at("https://app.example");
    /// let mut started = page.fetch(delete("https://api.example/1")).start()?;
    /// while let Some(exchange) = started.exchange() {
    ///     assert!(exchange.is_preflight());
    ///     started.answered(Ok(Response::new(204, HeaderList::new())));
    /// }
    /// started.finish().assert_blocked().assert_not_sent();
    /// # Ok::<(), browser_cors::suite::RelativeUrl>(())
    /// ```
    pub fn start(self) -> Result<Started, RelativeUrl> {
        let Self { page, call } = self;
        if call.is_relative() && !call.is_same_origin {
            return Err(RelativeUrl { url: call.url, origin: page.origin().to_owned() });
        }
        Ok(Started::new(page.browsers.ask(call.question()), call))
    }

    /// Starts the call, or panics.
    #[track_caller]
    fn ask(self) -> Started {
        self.start().unwrap_or_else(|error| {
            panic!(
                "{error}, or name the server with `Page::server`; if the page's own origin is meant, \
                 say so with `Call::same_origin`"
            )
        })
    }
}

/// The URL of a call names no server.
///
/// ```
/// # use browser_cors::suite::{Page, get};
/// let page = Page::at("https://app.example");
/// assert!(page.fetch(get("/items")).start().unwrap_err().to_string().contains("no CORS to test"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error(
    "`{url}` is relative, so it is of the page's own origin, {origin}, where there is no CORS to \
     test: write the server's URL, such as `https://api.example{url}`"
)]
pub struct RelativeUrl {
    /// The URL.
    pub url: String,
    /// The page's origin.
    pub origin: String,
}
