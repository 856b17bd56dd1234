//! The requests that a page in a test makes.

use http::HeaderValue;

use crate::{
    compare::Question,
    page::{body::BodyInit, fetch_api::RequestInit},
    request::{CacheMode, CredentialsMode, Mode, RedirectMode},
};

/// A call of `fetch()`, as a page writes it.
///
/// ```
/// use browser_cors::{request::CredentialsMode::Include, suite::post};
///
/// let call = post("https://api.example/items")
///     .header("content-type", "application/json")
///     .body("{}")
///     .credentials(Include)
///     .cookie("session=1");
/// ```
#[must_use = "a page must fetch it"]
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) url: String,
    pub(super) init: RequestInit,
    pub(super) cookie: Option<HeaderValue>,
    pub(super) is_same_origin: bool,
}

impl Call {
    /// `fetch(url, init)`
    ///
    /// ```
    /// # use browser_cors::{page::fetch_api::RequestInit, suite::Call};
    /// let init = RequestInit::new().keepalive();
    /// let call = Call::new("https://api.example/", init);
    /// ```
    pub fn new(url: impl Into<String>, init: RequestInit) -> Self {
        Self { url: url.into(), init, cookie: None, is_same_origin: false }
    }

    /// A call with this method, as the page writes it.
    ///
    /// ```
    /// # use browser_cors::suite::Call;
    /// let call = Call::with_method("PURGE", "https://api.example/");
    /// ```
    pub fn with_method(method: impl AsRef<[u8]>, url: impl Into<String>) -> Self {
        Self::new(url, RequestInit::new().method(method))
    }

    /// Adds a header. Each byte of the value is a character in the page.
    ///
    /// ```
    /// # use browser_cors::suite::get;
    /// let call = get("https://api.example/").header("authorization", "Bearer 1");
    /// ```
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        self.init = self.init.header(name, value);
        self
    }

    /// Sets the body. A string is `text/plain`, unless a header sets another type.
    ///
    /// ```
    /// # use browser_cors::suite::post;
    /// let call = post("https://api.example/").body("hi");
    /// ```
    pub fn body(mut self, body: impl Into<BodyInit>) -> Self {
        self.init = self.init.body(body);
        self
    }

    /// Sets the credentials mode. Default: "same-origin".
    ///
    /// ```
    /// # use browser_cors::{request::CredentialsMode, suite::get};
    /// let call = get("https://api.example/").credentials(CredentialsMode::Include);
    /// ```
    pub const fn credentials(mut self, credentials_mode: CredentialsMode) -> Self {
        self.init.credentials = Some(credentials_mode);
        self
    }

    /// Sets the mode. Default: "cors".
    ///
    /// ```
    /// # use browser_cors::{request::Mode, suite::get};
    /// let call = get("https://api.example/").mode(Mode::NoCors);
    /// ```
    pub const fn mode(mut self, mode: Mode) -> Self {
        self.init.mode = Some(mode);
        self
    }

    /// Sets the redirect mode. Default: "follow".
    ///
    /// ```
    /// # use browser_cors::{request::RedirectMode, suite::get};
    /// let call = get("https://api.example/").redirect(RedirectMode::Manual);
    /// ```
    pub const fn redirect(mut self, redirect_mode: RedirectMode) -> Self {
        self.init.redirect = Some(redirect_mode);
        self
    }

    /// Sets the cache mode. Default: "default".
    ///
    /// ```
    /// # use browser_cors::{request::CacheMode, suite::get};
    /// let call = get("https://api.example/").cache(CacheMode::NoStore);
    /// ```
    pub const fn cache(mut self, cache_mode: CacheMode) -> Self {
        self.init.cache = Some(cache_mode);
        self
    }

    /// Declares that the call is for the page's own origin. Then its URL may be relative to the
    /// page's, and assertions do not require CORS.
    ///
    /// ```
    /// # use browser_cors::{header::HeaderList, response::Response, suite::{Page, get}};
    /// let page = Page::at("https://app.example/cart");
    /// page.fetch(get("/api/items").same_origin())
    ///     .answered_by(|_exchange, _cookie| Ok(Response::new(200, HeaderList::new())))
    ///     .assert_same_origin()
    ///     .assert_status(200);
    /// ```
    pub const fn same_origin(mut self) -> Self {
        self.is_same_origin = true;
        self
    }

    /// Sets the cookies that the user has for the URL's host. The browser sends them only there,
    /// and only if the request includes credentials.
    ///
    /// # Panics
    ///
    /// If `cookie` contains control characters.
    ///
    /// ```
    /// # use browser_cors::{request::CredentialsMode::Include, suite::get};
    /// let call = get("https://api.example/").credentials(Include).cookie("a=1; b=2");
    /// ```
    #[track_caller]
    pub fn cookie(mut self, cookie: &str) -> Self {
        let Ok(value) = HeaderValue::from_str(cookie) else {
            panic!("`{}` is not a cookie: it has control characters", cookie.escape_debug());
        };
        self.cookie = Some(value);
        self
    }
}

impl Call {
    /// The call as a question.
    pub(super) fn question(&self) -> Question {
        let question = Question::fetch(&self.url, self.init.clone());
        match &self.cookie {
            Some(cookie) => question.with_cookie(cookie.clone()),
            None => question,
        }
    }
}

/// A call with the method `GET`.
///
/// ```
/// # use browser_cors::suite::get;
/// let call = get("https://api.example/items");
/// ```
pub fn get(url: impl Into<String>) -> Call {
    Call::with_method("GET", url)
}

/// A call with the method `HEAD`.
///
/// ```
/// # use browser_cors::suite::head;
/// let call = head("https://api.example/items");
/// ```
pub fn head(url: impl Into<String>) -> Call {
    Call::with_method("HEAD", url)
}

/// A call with the method `POST`.
///
/// ```
/// # use browser_cors::suite::post;
/// let call = post("https://api.example/items").body("hi");
/// ```
pub fn post(url: impl Into<String>) -> Call {
    Call::with_method("POST", url)
}

/// A call with the method `PUT`.
///
/// ```
/// # use browser_cors::suite::put;
/// let call = put("https://api.example/items/1").body("hi");
/// ```
pub fn put(url: impl Into<String>) -> Call {
    Call::with_method("PUT", url)
}

/// A call with the method `PATCH`, in upper case.
///
/// ```
/// # use browser_cors::suite::patch;
/// let call = patch("https://api.example/items/1").body("hi");
/// ```
pub fn patch(url: impl Into<String>) -> Call {
    Call::with_method("PATCH", url)
}

/// A call with the method `DELETE`.
///
/// ```
/// # use browser_cors::suite::delete;
/// let call = delete("https://api.example/items/1");
/// ```
pub fn delete(url: impl Into<String>) -> Call {
    Call::with_method("DELETE", url)
}
