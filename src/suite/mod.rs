//! Assertions for the test suites of servers: what a page of some origin gets from them.
//!
//! A [`Page`] makes a [`Call`] of `fetch()`, the server under test answers each exchange, and what
//! came of it is [`Fetched`], which asserts. Whoever answers is one call: a closure
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
//! What fails panics with the whole [explanation](crate::explain::Explanation): the exchanges, what
//! ended the fetch, at which step, and what the server must send instead.

mod call;
mod fetched;
mod run;
#[cfg(feature = "tower")]
mod through;

use std::{
    borrow::Borrow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::HeaderValue;
use url::{Position, Url};

pub use call::{Call, delete, get, head, patch, post, put};
pub use fetched::Fetched;

use crate::{
    engine::Profile,
    environment::{Environment, NetworkPartitionKey},
    fetch::{Context, Exchange, TransportFailure, UserAgent},
    origin::{PublicSuffixList, has_http_scheme},
    preflight_cache::{PreflightCache, Timestamp},
    response::Response,
};

use run::Run;

/// A page in a test: who asks, in which engines, with a preflight cache and a clock of its own.
///
/// Time stands still, but for [`after`](Self::after). In several engines, each has its own cache;
/// what several of them send alike goes out once.
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
    client: Arc<Environment>,
    user_agents: Vec<UserAgent>,
    state: Mutex<State>,
}

/// What fetches change.
#[derive(Debug)]
struct State {
    now: Duration,
    /// One for each user agent.
    caches: Vec<PreflightCache>,
}

impl Page {
    /// A page at `url`, or of an origin: one in a tab of its own, as the standard has it. `null` is
    /// a sandboxed page.
    ///
    /// # Panics
    ///
    /// If it is neither an http or https URL nor `null`.
    ///
    /// ```
    /// # use browser_cors::suite::Page;
    /// assert_eq!(Page::at("https://app.example/cart").origin(), "https://app.example");
    /// assert_eq!(Page::at("null").origin(), "null");
    /// ```
    #[track_caller]
    pub fn at(url: &str) -> Self {
        let text = if url == "null" { "about:blank" } else { url };
        let Ok(parsed) = Url::parse(text) else {
            panic!("`{url}` is not where a page is: a URL, an origin or `null` was expected");
        };
        assert!(
            has_http_scheme(&parsed) || url == "null",
            "`{url}` is not where a page is: http or https was expected, or `null`"
        );
        let mut environment = Environment::new(parsed);
        environment.network_partition_key =
            NetworkPartitionKey::determine(&environment.origin, None, &PublicSuffixList);
        Self::from(environment)
    }

    /// The same page in these engines, with empty caches: what is asserted must hold in each.
    ///
    /// # Panics
    ///
    /// If there are none.
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
        let user_agents: Vec<_> =
            profiles.map(|profile| UserAgent::for_profile(*profile.borrow())).collect();
        assert!(!user_agents.is_empty(), "no engine was named, so nothing would be asked");
        Self::new(self.client, user_agents)
    }

    /// Lets time pass, which is what makes entries of the preflight cache expire.
    ///
    /// ```
    /// # use {browser_cors::suite::{Page, delete}, std::time::Duration};
    /// let page = Page::at("https://app.example");
    /// let fetch = page.after(Duration::from_secs(601)).fetch(delete("https://api.example/1"));
    /// ```
    pub fn after(&self, time: Duration) -> &Self {
        let mut state = self.state();
        state.now = state.now.saturating_add(time);
        drop(state);
        self
    }

    /// Calls `fetch()` in the page. Nothing happens before somebody answers.
    ///
    /// ```
    /// # use browser_cors::suite::{Page, get};
    /// let page = Page::at("https://app.example");
    /// let fetch = page.fetch(get("https://api.example/"));
    /// ```
    pub const fn fetch(&self, call: Call) -> Fetch<'_> {
        Fetch { page: self, call }
    }

    /// The page's origin, serialized.
    ///
    /// ```
    /// # use browser_cors::suite::Page;
    /// assert_eq!(Page::at("https://app.example:443/").origin(), "https://app.example");
    /// ```
    pub fn origin(&self) -> &str {
        self.client.origin.serialized()
    }

    fn new(client: Arc<Environment>, user_agents: Vec<UserAgent>) -> Self {
        let caches = user_agents.iter().map(|_| PreflightCache::new()).collect();
        Self { client, user_agents, state: Mutex::new(State { now: Duration::ZERO, caches }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A failed assertion leaves nothing half-done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the cache of a user agent, by its index.
    fn with_context<T>(&self, index: usize, act: impl FnOnce(&mut Context<'_>) -> T) -> T {
        let state = &mut *self.state();
        let now = Timestamp::new(state.now);
        act(&mut Context::new(&self.user_agents[index], &mut state.caches[index], now))
    }
}

/// A page with policies of the test's making, as the standard has it.
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
        Self::new(Arc::new(environment), vec![UserAgent::default()])
    }
}

/// A fetch that waits for somebody who answers.
///
/// ```
/// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
/// let page = Page::at("https://app.example");
/// let fetch = page.fetch(get("https://app.example/"));
/// fetch.answered_by(|_exchange, _cookie| Ok(Response::new(200, HeaderList::new())))
///     .assert_shared();
/// ```
#[must_use = "nothing happens before somebody answers"]
#[derive(Debug)]
pub struct Fetch<'a> {
    page: &'a Page,
    call: Call,
}

impl Fetch<'_> {
    /// The same at `base`: of the call's URL, the path and the query are kept, and come after the
    /// path of `base`. The URL that is asked and judged is that one, so that a suite may run against
    /// any deployment.
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
    pub fn at(mut self, base: &str) -> Self {
        let Some(base) = Url::parse(base).ok().filter(has_http_scheme) else {
            panic!("`{base}` is not the URL of a server: http or https was expected");
        };
        // A URL that cannot be parsed fails as ever.
        if let Ok(url) = base.join(&self.call.url) {
            let base = base[..Position::AfterPath].trim_end_matches('/');
            self.call.url = format!("{base}{}", &url[Position::BeforePath..]);
        }
        self
    }

    /// Asks `answer` for each exchange, and gives it the call's cookie where that goes along.
    ///
    /// ```
    /// # use browser_cors::{fetch::TransportFailure, suite::{Page, get}};
    /// let page = Page::at("https://app.example");
    /// let fetched = page.fetch(get("https://api.example/")).answered_by(|exchange, _cookie| {
    ///     Err(TransportFailure::new(format!("nobody answers {}", exchange.url())))
    /// });
    /// assert!(fetched.to_string().contains("nobody answers https://api.example/"));
    /// ```
    pub fn answered_by(
        self,
        mut answer: impl FnMut(&Exchange, Option<&HeaderValue>) -> Result<Response, TransportFailure>,
    ) -> Fetched {
        let mut run = Run::new(self.page, self.call);
        while let Some((exchange, cookie)) = run.exchange() {
            let answer = answer(exchange, cookie);
            run.answered(answer);
        }
        run.fetched()
    }
}
