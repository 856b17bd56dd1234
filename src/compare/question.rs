//! What a page asks for, as a value.

use std::sync::Arc;

use http::HeaderValue;
use url::Url;

use super::{FetchOutcome, NotAsked};
use crate::{
    console::Asker,
    engine::Profile,
    environment::Environment,
    fetch::Exchange,
    page::{
        beacon::send_beacon,
        body::BodyInit,
        elements::CorsSettingsAttribute,
        fetch_api::{RequestInit, construct_request},
        kept::{KeptLoad, KeptLoads},
        loads::Load,
        xml_http_request::{XhrError, XmlHttpRequest},
    },
    request::Request,
    spec::keyword::named,
};

/// The API that a page uses.
///
/// ```
/// # use browser_cors::compare::Api;
/// assert_eq!(Api::default(), Api::Fetch);
/// assert_eq!(Api::Eventsource.as_str(), "eventsource");
/// assert_eq!("xhr".parse(), Ok(Api::Xhr));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Api {
    /// `fetch()`
    #[default]
    Fetch,
    /// `XMLHttpRequest`
    Xhr,
    /// An `img` element that is drawn to a canvas.
    Img,
    /// An `img` element that a WebGL texture is made of.
    Texture,
    /// A `video` element whose frames are drawn to a canvas.
    Video,
    /// A `script` element.
    Script,
    /// A `script` element with the type `module`.
    Module,
    /// A `link` element for a style sheet.
    Style,
    /// A font of a style sheet.
    Font,
    /// The image of a `shape-outside`.
    Shape,
    /// An `EventSource`.
    Eventsource,
    /// `navigator.sendBeacon()`
    Beacon,
}

named!("compare", Api {
    Fetch = "fetch",
    Xhr = "xhr",
    Img = "img",
    Texture = "texture",
    Video = "video",
    Script = "script",
    Module = "module",
    Style = "style",
    Font = "font",
    Shape = "shape",
    Eventsource = "eventsource",
    Beacon = "beacon",
});

impl Api {
    /// The kind of load, if this is a load.
    ///
    /// ```
    /// # use browser_cors::{compare::Api, page::loads::Load};
    /// assert_eq!(Api::Style.load(), Some(Load::StyleSheet));
    /// assert_eq!(Api::Beacon.load(), None);
    /// ```
    pub const fn load(self) -> Option<Load> {
        match self {
            Self::Fetch | Self::Xhr | Self::Beacon => None,
            Self::Img => Some(Load::Image),
            Self::Texture => Some(Load::Texture),
            Self::Video => Some(Load::Video),
            Self::Script => Some(Load::ClassicScript),
            Self::Module => Some(Load::ModuleScript),
            Self::Style => Some(Load::StyleSheet),
            Self::Font => Some(Load::Font),
            Self::Shape => Some(Load::ShapeImage),
            Self::Eventsource => Some(Load::EventSource),
        }
    }

    /// The name of the API on a console.
    ///
    /// ```
    /// # use browser_cors::{compare::Api, console::Asker};
    /// assert_eq!(Api::Module.asker(), Asker::Script);
    /// ```
    pub fn asker(self) -> Asker {
        match (self, self.load()) {
            (_, Some(load)) => load.into(),
            (Self::Xhr, None) => Asker::Xhr,
            (Self::Beacon, None) => Asker::Beacon,
            (_, None) => Asker::Fetch,
        }
    }
}

/// What a page asks for, by any of its APIs, and the cookies that the user has for the URL's host.
/// Each user agent makes its own request of it.
///
/// ```
/// use browser_cors::{compare::Question, http::HeaderValue, page::fetch_api::RequestInit};
///
/// let question = Question::fetch("https://api.example/me", RequestInit::default())
///     .with_cookie(HeaderValue::from_static("session=1"));
/// ```
#[derive(Clone, Debug)]
pub struct Question {
    what: What,
    cookie: Option<HeaderValue>,
    sends_preflights_alone: bool,
}

/// The arguments of each API.
#[derive(Clone, Debug)]
enum What {
    Fetch { url: String, init: Box<RequestInit> },
    Xhr(Box<Xhr>),
    Load { load: Load, url: String, crossorigin: Option<String> },
    Beacon { url: String, data: Option<BodyInit> },
    Request(Box<Request>),
}

/// An `XMLHttpRequest` up to `send()`.
///
/// ```
/// use browser_cors::compare::{Question, Xhr};
///
/// let mut xhr = Xhr::new("PUT", "https://api.example/1");
/// xhr.headers.push((b"X-Token".to_vec(), b"1".to_vec()));
/// let question = Question::xhr(xhr);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Xhr {
    /// The method given to `open()`, one byte a character.
    pub method: Vec<u8>,
    /// The URL given to `open()`.
    pub url: String,
    /// The headers given to `setRequestHeader()`, in order.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// `withCredentials`
    pub with_credentials: bool,
    /// Whether `upload` has listeners.
    pub upload_listener: bool,
    /// The body given to `send()`.
    pub body: Option<BodyInit>,
}

impl Xhr {
    /// Calls `open(method, url)` and `send()`, and nothing else.
    ///
    /// ```
    /// # use browser_cors::compare::Xhr;
    /// assert!(!Xhr::new("GET", "/").with_credentials);
    /// ```
    pub fn new(method: impl AsRef<[u8]>, url: impl Into<String>) -> Self {
        Self {
            method: method.as_ref().to_vec(),
            url: url.into(),
            headers: Vec::new(),
            with_credentials: false,
            upload_listener: false,
            body: None,
        }
    }

    fn request(self, client: &Arc<Environment>) -> Result<Request, XhrError> {
        let mut xhr = XmlHttpRequest::open(&self.method, &self.url, client)?;
        xhr.with_credentials = self.with_credentials;
        for (name, value) in self.headers {
            xhr.set_request_header(name, value)?;
        }
        xhr.upload_listener = self.upload_listener;
        Ok(xhr.send(self.body))
    }
}

impl Question {
    /// `fetch(url, init)`
    ///
    /// ```
    /// # use browser_cors::{compare::{Api, Question}, page::fetch_api::RequestInit};
    /// let question = Question::fetch("https://api.example/", RequestInit::default());
    /// assert_eq!(question.api(), Api::Fetch);
    /// ```
    pub fn fetch(url: impl Into<String>, init: RequestInit) -> Self {
        Self::new(What::Fetch { url: url.into(), init: Box::new(init) })
    }

    /// A request by `XMLHttpRequest`.
    ///
    /// ```
    /// # use browser_cors::compare::{Api, Question, Xhr};
    /// assert_eq!(Question::xhr(Xhr::new("GET", "/")).api(), Api::Xhr);
    /// ```
    pub fn xhr(xhr: Xhr) -> Self {
        Self::new(What::Xhr(Box::new(xhr)))
    }

    /// A load by an element, a style sheet or an `EventSource`. `crossorigin` is the value of that
    /// attribute.
    ///
    /// ```
    /// # use browser_cors::{compare::{Api, Question}, page::loads::Load};
    /// let question = Question::load(Load::Image, "https://cdn.example/a.png", None);
    /// assert_eq!(question.api(), Api::Img);
    /// ```
    pub fn load(load: Load, url: impl Into<String>, crossorigin: Option<&str>) -> Self {
        let crossorigin = crossorigin.map(str::to_owned);
        Self::new(What::Load { load, url: url.into(), crossorigin })
    }

    /// `sendBeacon(url, data)`
    ///
    /// ```
    /// # use browser_cors::compare::{Api, Question};
    /// assert_eq!(Question::beacon("https://log.example/", None).api(), Api::Beacon);
    /// ```
    pub fn beacon(url: impl Into<String>, data: Option<BodyInit>) -> Self {
        Self::new(What::Beacon { url: url.into(), data })
    }

    /// A `fetch()` of a request that already exists.
    ///
    /// ```
    /// # use browser_cors::{compare::Question, origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let question = Question::request(request);
    /// ```
    pub fn request(request: Request) -> Self {
        Self::new(What::Request(Box::new(request)))
    }

    const fn new(what: What) -> Self {
        Self { what, cookie: None, sends_preflights_alone: false }
    }

    /// Sets the cookies that the user has for the URL's host. The browser sends them only there,
    /// and only if the request includes credentials.
    ///
    /// ```
    /// # use browser_cors::{compare::Question, http::HeaderValue};
    /// let beacon = Question::beacon("https://log.example/", None);
    /// let question = beacon.with_cookie(HeaderValue::from_static("id=1"));
    /// ```
    #[must_use]
    pub fn with_cookie(mut self, cookie: HeaderValue) -> Self {
        self.cookie = Some(cookie);
        self
    }

    /// Withholds each request, so that only preflights go out: nothing changes on the server.
    ///
    /// ```
    /// # use browser_cors::{compare::*, environment::Environment, fetch::UserAgent};
    /// # use browser_cors::{page::fetch_api::RequestInit, url::Url};
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// let browsers = Browsers::new(page, [UserAgent::default()]);
    /// let question = Question::fetch("https://api.example/", RequestInit::new().method("GET"));
    /// assert!(browsers.ask(question.with_preflights_alone()).exchange().is_none());
    /// ```
    #[must_use]
    pub const fn with_preflights_alone(mut self) -> Self {
        self.sends_preflights_alone = true;
        self
    }

    pub(super) const fn sends(&self, exchange: &Exchange) -> bool {
        exchange.is_preflight() || !self.sends_preflights_alone
    }

    pub(super) const fn cookie(&self) -> Option<&HeaderValue> {
        self.cookie.as_ref()
    }

    /// The API that asks.
    ///
    /// ```
    /// # use browser_cors::compare::{Api, Question};
    /// assert_eq!(Question::beacon("/", None).api(), Api::Beacon);
    /// ```
    pub const fn api(&self) -> Api {
        match &self.what {
            What::Fetch { .. } | What::Request(_) => Api::Fetch,
            What::Xhr(_) => Api::Xhr,
            What::Beacon { .. } => Api::Beacon,
            What::Load { load, .. } => match load {
                Load::Image => Api::Img,
                Load::Texture => Api::Texture,
                Load::Video => Api::Video,
                Load::ClassicScript => Api::Script,
                Load::ModuleScript => Api::Module,
                Load::StyleSheet => Api::Style,
                Load::Font => Api::Font,
                Load::ShapeImage => Api::Shape,
                Load::EventSource => Api::Eventsource,
            },
        }
    }

    /// The load and the value of its `crossorigin` attribute, if this is a load.
    pub(super) fn element(&self) -> Option<(Load, Option<String>)> {
        match &self.what {
            What::Load { load, crossorigin, .. } => Some((*load, crossorigin.clone())),
            _ => None,
        }
    }

    /// The kind of load, its URL and the state of its `crossorigin`, if this is a load.
    fn as_load(&self, client: &Environment) -> Option<(Load, Url, CorsSettingsAttribute)> {
        let What::Load { load, crossorigin, .. } = &self.what else { return None };
        let crossorigin = CorsSettingsAttribute::from_attribute(crossorigin.as_deref());
        Some((*load, self.url(client)?, crossorigin))
    }

    /// What the page has of this load already, so that it sends nothing. Otherwise the page's kept loads
    /// take note that this question is asked.
    pub(crate) fn look_up(
        &self,
        kept: &mut KeptLoads,
        client: &Environment,
        profile: &Profile,
    ) -> Option<KeptLoad> {
        if kept.is_empty() {
            return None;
        }
        let known = self
            .as_load(client)
            .and_then(|(load, url, crossorigin)| kept.find(load, &url, crossorigin, profile));
        if known.is_none()
            && let Some(url) = self.url(client)
        {
            kept.asked(&url, profile);
        }
        known
    }

    /// Keeps what became of this load.
    pub(crate) fn keep(
        &self,
        kept: &mut KeptLoads,
        outcome: &FetchOutcome,
        client: &Environment,
        profile: &Profile,
    ) {
        if let FetchOutcome::Load(record) = outcome
            && let Some((load, url, crossorigin)) = self.as_load(client)
        {
            let loaded = record.judgement.and_then(Result::ok);
            kept.keep(load, &url, crossorigin, loaded, profile);
        }
    }

    /// The URL, whose host the cookies belong to.
    pub(super) fn url(&self, client: &Environment) -> Option<Url> {
        let url = match &self.what {
            What::Fetch { url, .. } | What::Load { url, .. } | What::Beacon { url, .. } => url,
            What::Xhr(xhr) => &xhr.url,
            What::Request(request) => return Some(request.url().clone()),
        };
        client.api_base_url.join(url).ok()
    }

    /// Makes the request, as a user agent with this profile lets the page.
    ///
    /// # Errors
    ///
    /// If the API throws or sends nothing.
    ///
    /// ```
    /// # use browser_cors::{compare::{Question, Xhr}, engine::Profile, environment::Environment, url::Url};
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// let question = Question::xhr(Xhr::new("trace", "/"));
    /// assert!(question.into_request(&page, &Profile::STANDARD).is_err());
    /// ```
    pub fn into_request(
        self,
        client: &Arc<Environment>,
        profile: &Profile,
    ) -> Result<Request, NotAsked> {
        match self.what {
            What::Fetch { url, init } => Ok(construct_request(url.as_str(), *init, client)?),
            What::Xhr(xhr) => Ok(xhr.request(client)?),
            What::Load { load, url: text, crossorigin } => {
                let url: Url = match client.api_base_url.join(&text) {
                    Ok(url) => url,
                    Err(reason) => return Err(NotAsked::InvalidUrl { load, text, reason }),
                };
                let crossorigin = CorsSettingsAttribute::from_attribute(crossorigin.as_deref());
                Ok(load.request(url, crossorigin, client))
            }
            What::Beacon { url, data } => {
                send_beacon(&url, data, client, profile)?.ok_or(NotAsked::NotQueued)
            }
            What::Request(request) => Ok(*request),
        }
    }
}
