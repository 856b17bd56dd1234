//! What the standard asks of other standards and of the user agent while it fetches, and the refusals
//! that come of it.

use std::fmt;

use thiserror::Error;
use url::{Host, Url};

use crate::{code::Code, request::Request, response::FilteredResponse, spec::Step};

/// What the standard asks of other standards and of the user agent while it fetches: whether a URL is
/// upgraded, whether a policy blocks a request, and whether somebody else than the network answers it.
/// [`Context::with_embedder`](super::Context::with_embedder) takes one, so a fetch can have its own.
///
/// Each method is called at its step of the standard, for the first URL and for that of each redirect.
/// By default, nothing is upgraded or blocked, and the network answers everything. A method decides at
/// once. What takes time, such as asking a service worker, happens in an [`Exchange`](super::Exchange).
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     fetch::{Action, Context, Embedder, EmbedderRefusal, EmbedderRule, UserAgent, fetch},
///     origin::Origin, preflight_cache::{PreflightCache, Timestamp}, request::Request, url::Url,
/// };
///
/// #[derive(Debug)]
/// struct Policies;
///
/// impl Embedder for Policies {
///     fn is_known_hsts_host(&self, domain: &str) -> bool {
///         domain == "bank.example"
///     }
///
///     fn block(&self, request: &Request) -> Result<(), EmbedderRefusal> {
///         match request.current_url().host_str() {
///             Some("ads.example") => Err(EmbedderRefusal::new(
///                 EmbedderRule::ContentSecurityPolicy,
///                 "connect-src does not allow https://ads.example",
///             )),
///             _ => Ok(()),
///         }
///     }
/// }
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context =
///     Context::new(&user_agent, &mut cache, Timestamp::default()).with_embedder(&Policies);
/// let url = Url::parse("http://bank.example/").unwrap();
/// let Action::Send(exchange) = fetch(Request::new(url, Origin::opaque()), &mut context)
/// else { panic!() };
/// assert_eq!(exchange.url().as_str(), "https://bank.example/");
/// # }
/// ```
pub trait Embedder: fmt::Debug {
    /// The URL that takes the place of the request's current URL: [main fetch] steps 5 and 6, which
    /// upgrade insecure requests and mixed content.
    ///
    /// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
    fn upgrade(&self, request: &Request) -> Option<Url> {
        let _ = request;
        None
    }

    /// Blocks a request: [main fetch] step 7, which asks mixed content, Content Security Policy and
    /// Integrity Policy.
    ///
    /// # Errors
    ///
    /// If the request is blocked.
    ///
    /// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
    fn block(&self, request: &Request) -> Result<(), EmbedderRefusal> {
        let _ = request;
        Ok(())
    }

    /// Whether a host must be asked over https: [main fetch] step 10. It is a known HSTS host, or a
    /// subdomain of one that includes them, or DNS has an HTTPS record. The domain is in lower case. It
    /// is neither an IP address nor `localhost`.
    ///
    /// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
    fn is_known_hsts_host(&self, domain: &str) -> bool {
        let _ = domain;
        false
    }

    /// Whether the page has preloaded this request: [fetch] step 11. The fetch then waits for the
    /// preload, in an exchange with [`Responder::Preload`](super::Responder::Preload).
    ///
    /// [fetch]: https://fetch.spec.whatwg.org/#concept-fetch
    fn has_preloaded(&self, request: &Request) -> bool {
        let _ = request;
        false
    }

    /// Whether the user agent itself may answer this request: [override fetch] step 2. The fetch then
    /// asks for the response, in an exchange with [`Responder::Override`](super::Responder::Override).
    ///
    /// [override fetch]: https://fetch.spec.whatwg.org/#concept-override-fetch
    fn may_override(&self, request: &Request) -> bool {
        let _ = request;
        false
    }

    /// Whether a service worker hears of this request: [HTTP fetch] step 3.4. The fetch then asks it,
    /// in an exchange with [`Responder::ServiceWorker`](super::Responder::ServiceWorker).
    ///
    /// [HTTP fetch]: https://fetch.spec.whatwg.org/#concept-http-fetch
    fn has_service_worker(&self, request: &Request) -> bool {
        let _ = request;
        false
    }

    /// Blocks a response: [main fetch] step 20, which asks mixed content and Content Security Policy.
    ///
    /// # Errors
    ///
    /// If the response is blocked.
    ///
    /// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
    fn block_response(
        &self,
        request: &Request,
        response: &FilteredResponse,
    ) -> Result<(), EmbedderRefusal> {
        let _ = (request, response);
        Ok(())
    }
}

/// The https URL of a known HSTS host: [main fetch] step 10.
///
/// Ours: this needs no public suffix list, since no public suffix is below `localhost`.
///
/// [main fetch]: https://fetch.spec.whatwg.org/#concept-main-fetch
pub(super) fn upgrade_known_hsts_host(url: &Url, embedder: &dyn Embedder) -> Option<Url> {
    let Some(Host::Domain(domain)) = url.host().filter(|_| url.scheme() == "http") else {
        return None;
    };
    let labels = domain.strip_suffix('.').unwrap_or(domain);
    if labels.rsplit('.').next() == Some("localhost") || !embedder.is_known_hsts_host(domain) {
        return None;
    }
    let mut url = url.clone();
    url.set_scheme("https").is_ok().then_some(url)
}

/// A rule of the embedder's, by which it refuses a request or a response.
///
/// ```
/// # use browser_cors::fetch::EmbedderRule;
/// assert_eq!(EmbedderRule::Abort.step().to_string(), "#concept-http-network-or-cache-fetch step 9");
/// assert_eq!(EmbedderRule::Abort.code(), "aborted");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum EmbedderRule {
    /// Content Security Policy.
    ContentSecurityPolicy,
    /// Mixed content.
    MixedContent,
    /// Integrity Policy: the request has no integrity metadata.
    IntegrityPolicy,
    /// The body does not match the integrity metadata.
    Integrity,
    /// An interceptor, an extension, a list of blocked sites.
    Override,
    /// A service worker.
    ServiceWorker,
    /// The page or the user aborted the fetch.
    Abort,
    /// The user agent makes no such connection.
    Connection,
}

impl EmbedderRule {
    /// The step of the standard that asks for this rule.
    pub const fn step(self) -> Step {
        const MAIN: &str = "concept-main-fetch";
        const CACHE: &str = "concept-http-network-or-cache-fetch";
        match self {
            Self::ContentSecurityPolicy | Self::MixedContent | Self::IntegrityPolicy => {
                Step::new(MAIN, "7")
            }
            Self::Integrity => Step::new(MAIN, "23.3.1"),
            Self::Override => Step::new("concept-override-fetch", "2"),
            Self::ServiceWorker => Step::new("concept-http-fetch", "3.5.7"),
            Self::Abort => Step::new(CACHE, "9"),
            Self::Connection => Step::new(CACHE, "11.2"),
        }
    }

    /// The stable code of a refusal by this rule.
    pub const fn code(self) -> Code {
        match self {
            Self::ContentSecurityPolicy => Code::ContentSecurityPolicy,
            Self::MixedContent => Code::MixedContent,
            Self::IntegrityPolicy => Code::IntegrityPolicy,
            Self::Integrity => Code::Integrity,
            Self::Override | Self::Connection => Code::Embedder,
            Self::ServiceWorker => Code::ServiceWorker,
            Self::Abort => Code::Aborted,
        }
    }
}

/// Why the embedder refuses a request or a response, in its own words.
///
/// ```
/// use browser_cors::fetch::{EmbedderRefusal, EmbedderRule};
///
/// let refusal = EmbedderRefusal::new(EmbedderRule::Abort, "the user left the page");
/// assert_eq!(refusal.to_string(), "the user left the page");
/// assert_eq!(refusal.console(), None);
/// ```
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{reason}")]
pub struct EmbedderRefusal {
    rule: EmbedderRule,
    step: Step,
    reason: String,
    console: Option<String>,
}

impl EmbedderRefusal {
    /// A refusal with its reason: a lower-case fragment without a full stop. The console prints
    /// nothing about it.
    ///
    /// ```
    /// # use browser_cors::fetch::{EmbedderRefusal, EmbedderRule};
    /// let refusal = EmbedderRefusal::new(EmbedderRule::Integrity, "the body has another hash");
    /// assert_eq!(refusal.step().to_string(), "#concept-main-fetch step 23.3.1");
    /// ```
    pub fn new(rule: EmbedderRule, reason: impl Into<String>) -> Self {
        Self { rule, step: rule.step(), reason: reason.into(), console: None }
    }

    /// The same, with what [`console::messages`](crate::console::messages) returns about it.
    ///
    /// ```
    /// # use browser_cors::fetch::{EmbedderRefusal, EmbedderRule};
    /// let refusal = EmbedderRefusal::new(EmbedderRule::ContentSecurityPolicy, "connect-src")
    ///     .with_console("Refused to connect, because of connect-src.");
    /// assert_eq!(refusal.console(), Some("Refused to connect, because of connect-src."));
    /// ```
    #[must_use]
    pub fn with_console(mut self, line: impl Into<String>) -> Self {
        self.console = Some(line.into());
        self
    }

    /// The same, as returned at a step of main fetch.
    pub(super) const fn at_main_fetch(mut self, path: &'static str) -> Self {
        self.step = Step::new("concept-main-fetch", path);
        self
    }

    /// The rule.
    pub const fn rule(&self) -> EmbedderRule {
        self.rule
    }

    /// The step of the standard at which the embedder refused.
    pub const fn step(&self) -> Step {
        self.step
    }

    /// What the console prints about it, if anything.
    pub fn console(&self) -> Option<&str> {
        self.console.as_deref()
    }
}
