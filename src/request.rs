//! [Requests](https://fetch.spec.whatwg.org/#requests): the members that decide CORS, with the
//! standard's defaults.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::Method;
use url::Url;

use crate::{
    engine::Profile,
    environment::Environment,
    header::HeaderList,
    origin::{Origin, RegistrableDomain, are_same_origin},
    referrer::ReferrerPolicy,
    spec::keyword::named,
};

/// A [request].
///
/// The members have the standard's names and defaults. A request always has an origin, as the
/// standard's `"client"` is resolved. The fetch itself changes the members that have only a getter.
///
/// [request]: https://fetch.spec.whatwg.org/#concept-request
///
/// # Examples
///
/// ```
/// use browser_cors::{http::Method, request::{CredentialsMode, Mode, Request}, url::Url};
///
/// let url = Url::parse("https://api.example/items").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse()?);
/// assert_eq!((request.mode, request.credentials_mode), (Mode::NoCors, CredentialsMode::SameOrigin));
///
/// request.mode = Mode::Cors;
/// request.method = Method::DELETE;
/// request.unsafe_request = true;
/// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Request {
    /// The [method](https://fetch.spec.whatwg.org/#concept-request-method). Default: `GET`.
    pub method: Method,
    /// The [local-URLs-only flag](https://fetch.spec.whatwg.org/#local-urls-only-flag).
    /// Default: unset.
    pub local_urls_only: bool,
    /// The [header list](https://fetch.spec.whatwg.org/#concept-request-header-list).
    /// Default: empty.
    pub header_list: HeaderList,
    /// The [unsafe-request flag](https://fetch.spec.whatwg.org/#unsafe-request-flag).
    /// Default: unset.
    /// Only if it is set do the method and the headers decide whether a preflight is needed.
    pub unsafe_request: bool,
    /// The [body](https://fetch.spec.whatwg.org/#concept-request-body). Default: null.
    pub body: Option<Body>,
    /// The [client](https://fetch.spec.whatwg.org/#concept-request-client). Default: null.
    pub client: Option<Arc<Environment>>,
    /// The [keepalive flag](https://fetch.spec.whatwg.org/#request-keepalive-flag). Default: unset.
    pub keepalive: bool,
    /// The [service-workers mode](https://fetch.spec.whatwg.org/#request-service-workers-mode).
    /// Default: `"all"`.
    pub service_workers_mode: ServiceWorkersMode,
    /// The [initiator type](https://fetch.spec.whatwg.org/#request-initiator-type). Default: null.
    pub initiator_type: Option<InitiatorType>,
    /// The [initiator](https://fetch.spec.whatwg.org/#concept-request-initiator).
    /// Default: the empty string.
    pub initiator: Initiator,
    /// The [destination](https://fetch.spec.whatwg.org/#concept-request-destination).
    /// Default: the empty string.
    pub destination: Destination,
    /// The [origin](https://fetch.spec.whatwg.org/#concept-request-origin).
    pub origin: Origin,
    /// The [referrer](https://fetch.spec.whatwg.org/#concept-request-referrer).
    /// Default: `"client"`.
    pub referrer: Referrer,
    /// The [referrer policy](https://fetch.spec.whatwg.org/#concept-request-referrer-policy).
    /// Default: the empty string.
    pub referrer_policy: ReferrerPolicy,
    /// The [mode](https://fetch.spec.whatwg.org/#concept-request-mode). Default: `"no-cors"`.
    pub mode: Mode,
    /// The [use-CORS-preflight flag](https://fetch.spec.whatwg.org/#use-cors-preflight-flag).
    /// Default: unset.
    pub use_cors_preflight: bool,
    /// The [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode).
    /// Default: `"same-origin"`.
    pub credentials_mode: CredentialsMode,
    /// The [use-URL-credentials flag](https://fetch.spec.whatwg.org/#concept-request-use-url-credentials-flag).
    /// Default: unset.
    pub use_url_credentials: bool,
    /// The [cache mode](https://fetch.spec.whatwg.org/#concept-request-cache-mode).
    /// Default: `"default"`.
    pub cache_mode: CacheMode,
    /// The [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
    /// Default: `"follow"`.
    pub redirect_mode: RedirectMode,
    /// The [integrity metadata](https://fetch.spec.whatwg.org/#concept-request-integrity-metadata).
    /// Default: the empty string.
    pub integrity_metadata: String,
    pub(crate) url_list: Vec<Url>,
    pub(crate) redirect_count: u8,
    pub(crate) response_tainting: ResponseTainting,
    pub(crate) timing_allow_failed: bool,
    pub(crate) written: Option<Arc<dyn Written>>,
    pub(crate) memory: Memory,
}

/// What a page wrote, where user agents make different requests of it. It goes with the request that
/// the standard makes, until a fetch says who the user agent is.
pub(crate) trait Written: fmt::Debug + Send + Sync {
    /// Makes the request into that of a user agent with this profile. What was changed since the
    /// page made the request stays as it is.
    fn make(&self, request: &mut Request, profile: &Profile);

    /// The headers as the page wrote them, if it wrote more than the request has.
    fn header_list(&self) -> Option<&HeaderList> {
        None
    }
}

/// What user agents that depart from the standard remember of a fetch, beside the members in which
/// the standard remembers it: redirect count, response tainting and the like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// Whether a hop of this fetch needed a preflight.
    pub(crate) needed_preflight: bool,
    /// Whether the last redirect left the request its `Origin`, whatever its method is now.
    pub(crate) keeps_origin: bool,
    /// Whether the `Content-Type` is that of the body, not the author's.
    pub(crate) has_content_type_of_body: bool,
    /// Whether a URL was upgraded and the request still counts as one for the http URL.
    pub(crate) is_upgraded: bool,
    /// Whether a URL that was upgraded since had tainted the origin.
    pub(crate) is_tainted: bool,
    /// Whether the fetch began without access to storage that its page could be given.
    pub(crate) lacks_storage_access: bool,
    /// What the author asked for, kept from the first redirect on.
    pub(crate) author: Option<Box<AuthorRequest>>,
    /// The names of the headers that the page wrote and the mode "no-cors" dropped.
    pub(crate) dropped_header_names: Vec<String>,
    /// The headers that preflights are asked for.
    pub(crate) preflight_header_list: Option<Box<HeaderList>>,
}

/// A request as it was before all redirects.
#[derive(Clone, Debug)]
pub(crate) struct AuthorRequest {
    pub(crate) method: Method,
    pub(crate) header_list: HeaderList,
}

impl Request {
    /// A request of `url` by `origin`, with the standard's defaults: `GET`, `"no-cors"`,
    /// `"same-origin"`, `"follow"`.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(request.method, "GET");
    /// ```
    pub fn new(url: Url, origin: Origin) -> Self {
        Self {
            method: Method::GET,
            local_urls_only: false,
            header_list: HeaderList::new(),
            unsafe_request: false,
            body: None,
            client: None,
            keepalive: false,
            service_workers_mode: ServiceWorkersMode::All,
            initiator_type: None,
            initiator: Initiator::Empty,
            destination: Destination::Empty,
            origin,
            referrer: Referrer::Client,
            referrer_policy: ReferrerPolicy::Empty,
            mode: Mode::NoCors,
            use_cors_preflight: false,
            credentials_mode: CredentialsMode::SameOrigin,
            use_url_credentials: false,
            cache_mode: CacheMode::Default,
            redirect_mode: RedirectMode::Follow,
            integrity_metadata: String::new(),
            url_list: vec![url],
            redirect_count: 0,
            response_tainting: ResponseTainting::Basic,
            timing_allow_failed: false,
            written: None,
            memory: Memory::default(),
        }
    }

    /// The request as a user agent with this profile makes it. That is the same request, unless a
    /// page wrote something of which engines make different requests: headers without CORS, the body
    /// of an `XMLHttpRequest`, a beacon, a font. [`fetch`](crate::fetch::fetch) begins with this, so
    /// that a request is always that of the user agent that fetches it; who asks single questions
    /// about a request for an engine calls it first.
    ///
    /// ```
    /// # use browser_cors::{engine::Profile, environment::Environment, request::Mode, url::Url};
    /// # use browser_cors::page::{elements::CorsSettingsAttribute, loads::Load};
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// let url = Url::parse("https://cdn.example/a.woff2").unwrap();
    /// let font = Load::Font.request(url, CorsSettingsAttribute::NoCors, &page);
    /// assert_eq!(font.mode, Mode::Cors);
    /// assert_eq!(font.for_profile(&Profile::WEBKIT).mode, Mode::NoCors);
    /// ```
    #[must_use]
    pub fn for_profile(mut self, profile: &Profile) -> Self {
        self.remake(profile);
        self
    }

    /// [`Self::for_profile`], in place.
    #[inline]
    pub(crate) fn remake(&mut self, profile: &Profile) {
        if let Some(written) = self.written.take() {
            if profile.choices != Profile::STANDARD.choices {
                written.make(self, profile);
            }
            self.memory.dropped_header_names = self.dropped_header_names(&*written);
        }
    }

    /// The [URL](https://fetch.spec.whatwg.org/#concept-request-url): the first of the URL list.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(request.url(), request.current_url());
    /// ```
    pub fn url(&self) -> &Url {
        &self.url_list[0]
    }

    /// The [current URL](https://fetch.spec.whatwg.org/#concept-request-current-url): the last of
    /// the URL list.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/a").unwrap(), Origin::opaque());
    /// assert_eq!(request.current_url().path(), "/a");
    /// ```
    pub fn current_url(&self) -> &Url {
        &self.url_list[self.url_list.len() - 1]
    }

    /// Replaces the current URL: before a fetch that is the URL, later the last of the URL list. A fetch
    /// asks the [embedder](crate::fetch::Embedder::upgrade) for upgrades by itself.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let mut request = Request::new(Url::parse("http://api.example/").unwrap(), Origin::opaque());
    /// request.set_current_url(Url::parse("https://api.example/").unwrap());
    /// assert_eq!(request.url().scheme(), "https");
    /// ```
    pub fn set_current_url(&mut self, url: Url) {
        let last = self.url_list.len() - 1;
        self.url_list[last] = url;
    }

    /// The [URL list](https://fetch.spec.whatwg.org/#concept-request-url-list): the URL and the
    /// redirects after it. It is never empty.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(request.url_list().len(), 1);
    /// ```
    pub fn url_list(&self) -> &[Url] {
        &self.url_list
    }

    /// Appends to the URL list, as a redirect does.
    ///
    /// ```
    /// # use browser_cors::{request::Request, url::Url};
    /// let mut request = Request::new(
    ///     Url::parse("https://a.example/").unwrap(),
    ///     "https://app.example".parse().unwrap(),
    /// );
    /// request.push_url(Url::parse("https://b.example/").unwrap());
    /// assert_eq!(request.serialized_origin(), "null");
    /// ```
    pub fn push_url(&mut self, url: Url) {
        self.url_list.push(url);
    }

    /// The names of the headers of `written` that the mode "no-cors" dropped.
    fn dropped_header_names(&self, written: &dyn Written) -> Vec<String> {
        let written = written.header_list().filter(|_| self.mode == Mode::NoCors);
        let mut names: Vec<String> = Vec::new();
        for (name, value) in written.into_iter().flatten() {
            if !self.header_list.values(name).any(|kept| kept == value)
                && !names.iter().any(|known| known.eq_ignore_ascii_case(name))
            {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// The headers that a preflight asks for.
    pub(crate) fn asked_header_list(&self) -> &HeaderList {
        self.memory.preflight_header_list.as_deref().unwrap_or(&self.header_list)
    }

    /// The [redirect count](https://fetch.spec.whatwg.org/#concept-request-redirect-count).
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(request.redirect_count(), 0);
    /// ```
    pub const fn redirect_count(&self) -> u8 {
        self.redirect_count
    }

    /// Sets the redirect count, for a request that goes on with the redirects of an earlier one. The
    /// URL list has room for [those URLs](Self::push_url), too.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// request.set_redirect_count(20);
    /// assert_eq!(request.redirect_count(), 20);
    /// ```
    pub const fn set_redirect_count(&mut self, redirect_count: u8) {
        self.redirect_count = redirect_count;
    }

    /// The [response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting).
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::{Request, ResponseTainting}, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert_eq!(request.response_tainting(), ResponseTainting::Basic);
    /// ```
    pub const fn response_tainting(&self) -> ResponseTainting {
        self.response_tainting
    }

    /// Sets the response tainting, as main fetch does. The single checks read it.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::{Request, ResponseTainting}, url::Url};
    /// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// request.set_response_tainting(ResponseTainting::Cors);
    /// assert_eq!(request.response_tainting(), ResponseTainting::Cors);
    /// ```
    pub const fn set_response_tainting(&mut self, response_tainting: ResponseTainting) {
        self.response_tainting = response_tainting;
    }

    /// The [timing allow failed flag](https://fetch.spec.whatwg.org/#timing-allow-failed).
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert!(!request.timing_allow_failed());
    /// ```
    pub const fn timing_allow_failed(&self) -> bool {
        self.timing_allow_failed
    }

    /// Sets the timing allow failed flag, for a request that goes on with the redirects of an earlier
    /// one.
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let mut request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// request.set_timing_allow_failed(true);
    /// assert!(request.timing_allow_failed());
    /// ```
    pub const fn set_timing_allow_failed(&mut self, timing_allow_failed: bool) {
        self.timing_allow_failed = timing_allow_failed;
    }

    /// The [redirect-taint]: how far the redirects so far have left the requester's origin.
    ///
    /// [redirect-taint]: https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// use browser_cors::{origin::PublicSuffixList, request::{RedirectTaint, Request}, url::Url};
    ///
    /// let url = |text| Url::parse(text).unwrap();
    /// let mut request = Request::new(url("https://sub.a.example/"), "https://a.example".parse().unwrap());
    /// request.push_url(url("https://b.example/"));
    /// assert_eq!(request.redirect_taint(&PublicSuffixList), RedirectTaint::SameSite);
    /// # }
    /// ```
    pub fn redirect_taint(&self, sites: &dyn RegistrableDomain) -> RedirectTaint {
        // Steps 1 to 3.
        let mut taint = RedirectTaint::SameOrigin;
        // Step 4.
        for pair in self.url_list.windows(2) {
            // Ours: same origin is same site, so most pairs need no registrable domain.
            if !self.leaves_another_origin(&pair[0], &pair[1]) {
                continue;
            }
            // Step 4.2.
            let (last, url) = (Origin::from(&pair[0]), Origin::from(&pair[1]));
            if !url.is_same_site(&last, sites) && !self.origin.is_same_site(&last, sites) {
                return RedirectTaint::CrossSite;
            }
            // Step 4.3.
            taint = RedirectTaint::SameSite;
        }
        // Step 5.
        taint
    }

    /// [Serializes the request's origin]: `null` after a redirect that taints it. The text is ASCII,
    /// so its bytes are what [byte-serializing] gives.
    ///
    /// Ours: this needs no public suffix list. A site is never smaller than an origin, so both other
    /// taints begin with a redirect between two origins.
    ///
    /// [Serializes the request's origin]: https://fetch.spec.whatwg.org/#serializing-a-request-origin
    /// [byte-serializing]: https://fetch.spec.whatwg.org/#byte-serializing-a-request-origin
    ///
    /// ```
    /// # use browser_cors::{request::Request, url::Url};
    /// let url = Url::parse("https://api.example/").unwrap();
    /// let request = Request::new(url, "https://app.example".parse().unwrap());
    /// assert_eq!(request.serialized_origin(), "https://app.example");
    /// ```
    pub fn serialized_origin(&self) -> &str {
        // Steps 1 and 2.
        if self.has_redirect_taint() {
            return "null";
        }
        // Step 3.
        self.origin.serialized()
    }

    /// Whether the [redirect-taint](Self::redirect_taint) is anything but "same-origin".
    ///
    /// ```
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// assert!(!request.has_redirect_taint());
    /// ```
    pub fn has_redirect_taint(&self) -> bool {
        self.memory.is_tainted
            || self.url_list.windows(2).any(|pair| self.leaves_another_origin(&pair[0], &pair[1]))
    }

    /// Whether a redirect leaves an origin that is not the requester's.
    fn leaves_another_origin(&self, last: &Url, url: &Url) -> bool {
        !are_same_origin(url, last) && !self.origin.is_same_origin_with_url(last)
    }
}

/// A request's [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin).
///
/// ```
/// # use browser_cors::request::RedirectTaint;
/// assert_ne!(RedirectTaint::SameOrigin, RedirectTaint::CrossSite);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum RedirectTaint {
    /// "same-origin": no redirect left an origin other than the requester's.
    #[default]
    SameOrigin,
    /// "same-site": one did, within a site.
    SameSite,
    /// "cross-site": one did, to another site.
    CrossSite,
}

/// A request's [body](https://fetch.spec.whatwg.org/#concept-body), as far as CORS asks.
///
/// ```
/// # use browser_cors::request::Body;
/// assert_eq!(Body::Source("hi".into()).length(), Some(2));
/// ```
#[expect(clippy::exhaustive_enums, reason = "a source is null, or here, or with the embedder")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// Bytes, which can be sent again after a redirect. A clone shares them.
    Source(Bytes),
    /// What the embedder has and can send again, such as a file: the source is not null.
    Replayable {
        /// The length in bytes, if it is known. Without it, there is no `Content-Length`.
        length: Option<u64>,
    },
    /// A stream, whose source is null: it can be sent once.
    Stream,
}

impl Body {
    /// The [length](https://fetch.spec.whatwg.org/#concept-body-total-bytes) in bytes, where it is
    /// known.
    ///
    /// ```
    /// # use browser_cors::request::Body;
    /// assert_eq!(Body::Stream.length(), None);
    /// ```
    pub const fn length(&self) -> Option<u64> {
        match self {
            Self::Source(bytes) => Some(bytes.len() as u64),
            Self::Replayable { length } => *length,
            Self::Stream => None,
        }
    }

    /// Whether the [source](https://fetch.spec.whatwg.org/#concept-body-source) is not null, so that
    /// the body can be sent again.
    ///
    /// ```
    /// # use browser_cors::request::Body;
    /// assert!(Body::Replayable { length: None }.has_source());
    /// assert!(!Body::Stream.has_source());
    /// ```
    pub const fn has_source(&self) -> bool {
        !matches!(self, Self::Stream)
    }
}

/// A request's [mode].
///
/// [mode]: https://fetch.spec.whatwg.org/#concept-request-mode
///
/// ```
/// # use browser_cors::request::Mode;
/// assert_eq!(Mode::default(), Mode::NoCors);
/// ```
#[non_exhaustive] // "webtransport" joined the set late; more may.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Mode {
    /// "same-origin": network errors for other origins.
    SameOrigin,
    /// "cors": the CORS protocol for other origins.
    Cors,
    /// "no-cors": safelisted methods and headers alone, and opaque responses.
    #[default]
    NoCors,
    /// "navigate": for navigations.
    Navigate,
    /// "websocket": for establishing WebSocket connections.
    Websocket,
    /// "webtransport": for establishing WebTransport sessions.
    Webtransport,
}

/// A request's [credentials mode].
///
/// [credentials mode]: https://fetch.spec.whatwg.org/#concept-request-credentials-mode
///
/// ```
/// # use browser_cors::request::CredentialsMode;
/// assert_eq!(CredentialsMode::default(), CredentialsMode::SameOrigin);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum CredentialsMode {
    /// "omit": never send credentials, and ignore those that are sent back.
    Omit,
    /// "same-origin": send them while the response tainting is "basic".
    #[default]
    SameOrigin,
    /// "include": always send them, under the strictest rules of CORS.
    Include,
}

/// A request's [cache mode].
///
/// [cache mode]: https://fetch.spec.whatwg.org/#concept-request-cache-mode
///
/// ```
/// # use browser_cors::request::CacheMode;
/// assert_eq!(CacheMode::default(), CacheMode::Default);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum CacheMode {
    /// "default"
    #[default]
    Default,
    /// "no-store"
    NoStore,
    /// "reload"
    Reload,
    /// "no-cache"
    NoCache,
    /// "force-cache"
    ForceCache,
    /// "only-if-cached"
    OnlyIfCached,
}

/// A request's [redirect mode].
///
/// [redirect mode]: https://fetch.spec.whatwg.org/#concept-request-redirect-mode
///
/// ```
/// # use browser_cors::request::RedirectMode;
/// assert_eq!(RedirectMode::default(), RedirectMode::Follow);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum RedirectMode {
    /// "follow"
    #[default]
    Follow,
    /// "error"
    Error,
    /// "manual"
    Manual,
}

/// A request's [service-workers mode].
///
/// [service-workers mode]: https://fetch.spec.whatwg.org/#request-service-workers-mode
///
/// ```
/// # use browser_cors::request::ServiceWorkersMode;
/// assert_eq!(ServiceWorkersMode::default(), ServiceWorkersMode::All);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ServiceWorkersMode {
    /// "all": service workers get a fetch event for this fetch.
    #[default]
    All,
    /// "none": they do not.
    None,
}

/// A request's [initiator type], where it is not null: who asks, of those that are modelled.
///
/// [initiator type]: https://fetch.spec.whatwg.org/#request-initiator-type
///
/// ```
/// # use browser_cors::{origin::Origin, request::Request, url::Url};
/// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// assert_eq!(request.initiator_type, None);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum InitiatorType {
    /// "beacon"
    Beacon,
    /// "css": a style sheet, or what one asks for.
    Css,
    /// "fetch"
    Fetch,
    /// "img"
    Img,
    /// "script"
    Script,
    /// "video"
    Video,
    /// "xmlhttprequest"
    Xmlhttprequest,
    /// "other", as `EventSource` is.
    Other,
}

/// A request's [initiator], as far as it decides something.
///
/// [initiator]: https://fetch.spec.whatwg.org/#concept-request-initiator
///
/// ```
/// # use browser_cors::request::Initiator;
/// assert_eq!(Initiator::default(), Initiator::Empty);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Initiator {
    /// The empty string.
    #[default]
    Empty,
    /// "prefetch"
    Prefetch,
}

/// A request's [destination].
///
/// [destination]: https://fetch.spec.whatwg.org/#concept-request-destination
///
/// ```
/// # use browser_cors::request::Destination;
/// assert!(Destination::Worker.is_script_like());
/// assert!(!Destination::Style.is_script_like());
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Destination {
    /// The empty string: `fetch()`, `XMLHttpRequest`, `EventSource`, beacons.
    #[default]
    Empty,
    /// "audio"
    Audio,
    /// "audioworklet"
    Audioworklet,
    /// "document"
    Document,
    /// "embed"
    Embed,
    /// "font"
    Font,
    /// "frame"
    Frame,
    /// "iframe"
    Iframe,
    /// "image"
    Image,
    /// "json"
    Json,
    /// "manifest"
    Manifest,
    /// "object"
    Object,
    /// "paintworklet"
    Paintworklet,
    /// "report"
    Report,
    /// "script"
    Script,
    /// "serviceworker"
    Serviceworker,
    /// "sharedworker"
    Sharedworker,
    /// "style"
    Style,
    /// "text"
    Text,
    /// "track"
    Track,
    /// "video"
    Video,
    /// "webidentity"
    Webidentity,
    /// "worker"
    Worker,
    /// "xslt"
    Xslt,
}

named!("request", Destination {
    Empty = "",
    Audio = "audio",
    Audioworklet = "audioworklet",
    Document = "document",
    Embed = "embed",
    Font = "font",
    Frame = "frame",
    Iframe = "iframe",
    Image = "image",
    Json = "json",
    Manifest = "manifest",
    Object = "object",
    Paintworklet = "paintworklet",
    Report = "report",
    Script = "script",
    Serviceworker = "serviceworker",
    Sharedworker = "sharedworker",
    Style = "style",
    Text = "text",
    Track = "track",
    Video = "video",
    Webidentity = "webidentity",
    Worker = "worker",
    Xslt = "xslt",
});

impl Destination {
    /// Whether the destination is [script-like].
    ///
    /// [script-like]: https://fetch.spec.whatwg.org/#request-destination-script-like
    ///
    /// ```
    /// # use browser_cors::request::Destination;
    /// assert!(Destination::Script.is_script_like());
    /// ```
    pub const fn is_script_like(self) -> bool {
        matches!(
            self,
            Self::Audioworklet
                | Self::Paintworklet
                | Self::Script
                | Self::Serviceworker
                | Self::Sharedworker
                | Self::Worker
        )
    }
}

/// A request's [referrer].
///
/// [referrer]: https://fetch.spec.whatwg.org/#concept-request-referrer
///
/// ```
/// # use browser_cors::request::Referrer;
/// assert_eq!(Referrer::default(), Referrer::Client);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Referrer {
    /// "no-referrer"
    NoReferrer,
    /// "client": taken from the client's URL when the fetch starts.
    #[default]
    Client,
    /// A URL.
    Url(Url),
}

/// A request's [response tainting].
///
/// [response tainting]: https://fetch.spec.whatwg.org/#concept-request-response-tainting
///
/// ```
/// # use browser_cors::request::ResponseTainting;
/// assert_eq!(ResponseTainting::default(), ResponseTainting::Basic);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ResponseTainting {
    /// "basic"
    #[default]
    Basic,
    /// "cors"
    Cors,
    /// "opaque"
    Opaque,
}

named!("request", Mode {
    SameOrigin = "same-origin",
    Cors = "cors",
    NoCors = "no-cors",
    Navigate = "navigate",
    Websocket = "websocket",
    Webtransport = "webtransport",
});
named!("request", CredentialsMode { Omit = "omit", SameOrigin = "same-origin", Include = "include" });
named!("request", CacheMode {
    Default = "default",
    NoStore = "no-store",
    Reload = "reload",
    NoCache = "no-cache",
    ForceCache = "force-cache",
    OnlyIfCached = "only-if-cached",
});
named!("request", RedirectMode { Follow = "follow", Error = "error", Manual = "manual" });
named!("request", ServiceWorkersMode { All = "all", None = "none" });
named!("request", ResponseTainting { Basic = "basic", Cors = "cors", Opaque = "opaque" });
