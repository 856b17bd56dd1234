//! A call that waits for answers.

use http::{HeaderValue, Request};

use super::{Call, Fetched, http_request};
use crate::{
    compare::Asking,
    fetch::{Exchange, TransportFailure},
    http_types::NotForHttp,
    response::Response,
};

/// A call of `fetch()` that is under way, for a driver that brings the answers itself: one that is
/// async, or in another language.
///
/// ```
/// use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
///
/// let page = Page::at("https://app.example");
/// let mut started = page.fetch(get("https://api.example/")).start()?;
/// assert!(started.exchange().is_some());
/// started.answered(Ok(Response::new(200, HeaderList::new())));
/// assert!(started.exchange().is_none());
/// started.finish().assert_blocked();
/// # Ok::<(), browser_cors::suite::RelativeUrl>(())
/// ```
#[must_use = "it waits for answers"]
#[derive(Debug)]
pub struct Started {
    asking: Asking,
    call: Call,
}

impl Started {
    pub(super) const fn new(asking: Asking, call: Call) -> Self {
        Self { asking, call }
    }

    /// The exchange to answer next; `None` when the call is over.
    ///
    /// ```
    /// # use browser_cors::suite::Started;
    /// # fn f(started: &Started) {
    /// if let Some(exchange) = started.exchange() {
    ///     println!("{} {}", exchange.method(), exchange.url());
    /// }
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<&Exchange> {
        self.asking.exchange()
    }

    /// The cookie that goes along with the exchange.
    ///
    /// ```
    /// # use browser_cors::suite::Started;
    /// # fn f(started: &Started) {
    /// let has_cookie = started.cookie().is_some();
    /// # }
    /// ```
    pub fn cookie(&self) -> Option<&HeaderValue> {
        self.asking.cookie()
    }

    /// The exchange as a server over HTTP/1.1 sees it: the path and query as the URI, a `Host`, the
    /// cookie, and the body as bytes.
    ///
    /// ```
    /// # use browser_cors::suite::{Page, get};
    /// let page = Page::at("https://app.example");
    /// let started = page.fetch(get("https://api.example/items?all")).start()?;
    /// let request = started.http_request().unwrap()?;
    /// assert_eq!(request.uri(), "/items?all");
    /// assert_eq!(request.headers()["host"], "api.example");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn http_request(&self) -> Option<Result<Request<Vec<u8>>, NotForHttp>> {
        Some(http_request::from_exchange(self.exchange()?, self.cookie()))
    }

    /// Continues with the server's answer, or with the reason why there is none.
    ///
    /// ```
    /// # use browser_cors::{fetch::TransportFailure, suite::Started};
    /// # fn f(started: &mut Started) {
    /// started.answered(Err(TransportFailure::new("the connection was refused")));
    /// # }
    /// ```
    pub fn answered(&mut self, answer: Result<Response, TransportFailure>) {
        self.asking.answered(answer);
    }

    /// The outcome. An exchange that still waits for an answer is not sent.
    ///
    /// ```
    /// # use browser_cors::suite::Started;
    /// # fn f(started: Started) {
    /// started.finish().assert_shared();
    /// # }
    /// ```
    pub fn finish(self) -> Fetched {
        Fetched::new(&self.call, self.asking.finish())
    }
}
