//! [Network errors](https://fetch.spec.whatwg.org/#concept-network-error) with their reasons.

use http::Method;
use thiserror::Error;
use url::Url;

use super::{EmbedderRefusal, PreflightFailure, TransportFailure};
use crate::{
    code::Code,
    cors_check::CorsCheckFailure,
    cross_origin_resource_policy::Blocked,
    request::{CredentialsMode, RedirectMode, Request},
    response::InvalidLocation,
    spec::Step,
};

/// A [network error], with the reason, which the page never learns.
///
/// [network error]: https://fetch.spec.whatwg.org/#concept-network-error
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// # use browser_cors::{fetch::*, preflight_cache::*, request::{Mode, Request}, url::Url};
/// # let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// # let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::SameOrigin;
/// let Action::Finish(Outcome::NetworkError(error)) = fetch(request, &mut context) else { panic!() };
/// assert_eq!(error.code(), "mode-same-origin");
/// assert_eq!(error.step().path(), "12[mode-same-origin]");
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("{refusal}")]
pub struct NetworkError {
    /// The reason, with its evidence.
    #[source]
    pub refusal: Refusal,
    /// The request's origin as the last exchange serialized it: `null` if redirects tainted it.
    pub origin: String,
    /// The request's method at the last exchange.
    pub method: Method,
    /// The request's credentials mode.
    pub credentials_mode: CredentialsMode,
    /// The request's URL list. The last URL is the one that was refused.
    pub url_list: Vec<Url>,
}

impl NetworkError {
    /// The network error of `request`, as its fetch would return it now. An embedder that refuses a
    /// response after its fetch is over, such as by integrity metadata, needs it.
    ///
    /// ```
    /// use browser_cors::{
    ///     fetch::{EmbedderRefusal, EmbedderRule, NetworkError, Refusal}, origin::Origin,
    ///     request::Request, url::Url,
    /// };
    ///
    /// let url = Url::parse("https://cdn.example/a.js").unwrap();
    /// let refusal = EmbedderRefusal::new(EmbedderRule::Integrity, "the body has another hash");
    /// let error = NetworkError::new(
    ///     Refusal::Embedder(refusal),
    ///     &Request::new(url, Origin::opaque()),
    /// );
    /// assert_eq!((error.code().as_str(), error.step().path()), ("integrity", "23.3.1"));
    /// ```
    pub fn new(refusal: Refusal, request: &Request) -> Self {
        Self {
            refusal,
            origin: request.serialized_origin().to_owned(),
            method: request.method.clone(),
            credentials_mode: request.credentials_mode,
            url_list: request.url_list().to_vec(),
        }
    }

    /// The [step](Refusal::step) of the standard that returned the network error.
    pub fn step(&self) -> Step {
        self.refusal.step()
    }

    /// The stable [code](Refusal::code) of the reason.
    pub fn code(&self) -> Code {
        self.refusal.code()
    }

    /// The failure of the network that ended the fetch, if one did. What the server would have granted
    /// the page is then unknown.
    ///
    /// ```
    /// use browser_cors::{fetch::Outcome, transcript::Transcript};
    ///
    /// fn is_judged(transcript: &Transcript) -> bool {
    ///     match &transcript.outcome {
    ///         Outcome::NetworkError(error) => error.transport_failure().is_none(),
    ///         Outcome::Response { .. } => true,
    ///     }
    /// }
    /// ```
    pub const fn transport_failure(&self) -> Option<&TransportFailure> {
        match &self.refusal {
            Refusal::Transport(failure)
            | Refusal::Preflight(PreflightFailure::Transport(failure)) => Some(failure),
            _ => None,
        }
    }
}

/// Why a fetch ended in a network error. There is a variant for each place in the standard that
/// returns one, in the standard's order.
///
/// ```
/// # use browser_cors::fetch::Refusal;
/// assert_eq!(Refusal::BadPort { port: 25 }.to_string(), "the port 25 is blocked");
/// assert_eq!(Refusal::BadPort { port: 25 }.step().to_string(), "#concept-main-fetch step 7");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Refusal {
    /// Main fetch step 3: the local-URLs-only flag is set, and the URL is not local.
    #[error("the URL is not local, and only local URLs are allowed")]
    NotLocalUrl,
    /// Main fetch step 7: the port is blocked.
    #[error("the port {port} is blocked")]
    BadPort {
        /// The URL's port.
        port: u16,
    },
    /// Main fetch step 7: the page is of https, and the URL is of http. Only a user agent that
    /// [blocks mixed content](super::UserAgent::mixed_content) refuses this.
    #[error("the page is of https, and the URL is of http (mixed content)")]
    MixedContent,
    /// Main fetch step 12: the mode is "same-origin", and the URL of this hop or of an earlier one
    /// has another origin.
    #[error("the mode is same-origin, and the URL does not have the origin {origin}")]
    ModeSameOrigin {
        /// The request's origin, serialized.
        origin: String,
    },
    /// Main fetch step 12: the mode is "no-cors", and the redirect mode is not "follow".
    #[error("a no-cors request to another origin cannot have the redirect mode {redirect_mode}")]
    NoCorsRedirectMode {
        /// The redirect mode.
        redirect_mode: RedirectMode,
    },
    /// Main fetch step 12: CORS is possible only with HTTP(S).
    #[error("CORS is not possible with the scheme {scheme}")]
    NotHttpScheme {
        /// The URL's scheme.
        scheme: String,
    },
    /// Main fetch step 20: a script's MIME type is blocked.
    #[error("a script's type must not be {essence}")]
    MimeType {
        /// The essence of the response's MIME type.
        essence: String,
    },
    /// Main fetch step 20: the MIME type does not fit the destination, and
    /// `X-Content-Type-Options` is `nosniff`.
    #[error("X-Content-Type-Options is nosniff, and the type does not fit the destination")]
    Nosniff,
    /// Main fetch step 21: an opaque response is partial, but this request did not ask for a range.
    #[error("the status is {status}, but the request did not ask for a range")]
    RangeNotRequested {
        /// The response's status.
        status: u16,
    },
    /// Main fetch step 23: there is integrity metadata, but no body to compare with it.
    #[error("there is integrity metadata, but no readable body to compare with it")]
    IntegrityWithoutBody,
    /// Scheme fetch step 4: the only `about:` URL that can be fetched is `about:blank`.
    #[error("the only about: URL that can be fetched is about:blank")]
    AboutNotBlank,
    /// Scheme fetch step 3: the `data:` URL has no comma, or its base64 is invalid.
    #[error("the data URL cannot be decoded")]
    DataUrl,
    /// Scheme fetch step 4: the scheme cannot be fetched.
    #[error("the scheme {scheme} cannot be fetched")]
    Scheme {
        /// The URL's scheme.
        scheme: String,
    },
    /// Scheme fetch step 3: the content of a `blob:` or `file:` URL cannot be read.
    #[error("the content of the URL cannot be read: {0}")]
    Local(TransportFailure),
    /// HTTP fetch step 4.1.2: the preflight failed.
    #[error(transparent)]
    Preflight(PreflightFailure),
    /// HTTP fetch step 4.4: the CORS check failed.
    #[error(transparent)]
    CorsCheck(CorsCheckFailure),
    /// HTTP fetch step 5: the cross-origin resource policy check blocked the response.
    #[error(transparent)]
    CrossOriginResourcePolicy(Blocked),
    /// HTTP fetch step 6.3: there is a redirect, and the redirect mode is "error".
    #[error("there is a redirect, and the redirect mode is error")]
    RedirectModeError {
        /// The value of `Location`, if the response has one.
        location: Option<Vec<u8>>,
    },
    /// HTTP fetch step 6.3: `Location` is not a URL. Only an engine that reads `Location` in the
    /// redirect mode "manual" refuses this.
    #[error(transparent)]
    ManualLocation(InvalidLocation),
    /// HTTP-redirect fetch step 5: `Location` is not a URL.
    #[error(transparent)]
    Location(InvalidLocation),
    /// HTTP-redirect fetch step 6: a redirect leads to a scheme that is not HTTP(S).
    #[error("the redirect leads to the scheme {}", .location.scheme())]
    RedirectScheme {
        /// Where it leads.
        location: Url,
    },
    /// HTTP-redirect fetch step 7: there are more than 20 redirects.
    #[error("there are more than 20 redirects")]
    RedirectCount {
        /// Where the last one leads.
        location: Url,
    },
    /// HTTP-redirect fetch step 9: a redirect across origins leads to a URL with a user name or
    /// password.
    #[error("the redirect leads to another origin, and its URL has a user name or password")]
    RedirectCredentials {
        /// Where it leads.
        location: Url,
    },
    /// Main fetch step 7, for an engine that lets elements ask for no URL with a user name or password.
    #[error("the URL has a user name or password")]
    UrlCredentials,
    /// HTTP-network-or-cache fetch step 8.13, for an engine that fails if the page set a header that the
    /// engine sets itself.
    #[error("the page set {name}, which the browser sets itself")]
    OwnHeader {
        /// The header's name.
        name: &'static str,
    },
    /// HTTP-redirect fetch step 9, for an engine that also refuses such a URL in other modes and
    /// within an origin.
    #[error("the redirect leads to a URL with a user name or password")]
    RedirectCredentialsWithinOrigin {
        /// Where it leads.
        location: Url,
    },
    /// HTTP-redirect fetch step 10: a redirect leads to a URL with a user name or password, and the
    /// request already used CORS.
    #[error("the redirect leads to a URL with a user name or password, after a request with CORS")]
    RedirectCredentialsAfterCors {
        /// Where it leads.
        location: Url,
    },
    /// HTTP-redirect fetch step 11: the body is a stream, which cannot be sent again.
    #[error("the body is a stream, which cannot be sent again after the redirect")]
    RedirectStream {
        /// Where it leads.
        location: Url,
    },
    /// HTTP-network-or-cache fetch step 8.10: the bodies of keepalive requests are too large.
    #[error("the bodies of all keepalive requests together have more than 64 KiB")]
    Keepalive {
        /// The length of this body.
        length: u64,
        /// The total length of the bodies of the client's other keepalive requests.
        inflight: u64,
    },
    /// HTTP-network-or-cache fetch step 11: the cache mode is "only-if-cached", and nothing is
    /// cached.
    #[error("the cache mode is only-if-cached, and nothing is cached")]
    OnlyIfCached,
    /// HTTP-network-or-cache fetch step 16: a proxy asks for credentials, and no user can be
    /// prompted for them.
    #[error("the status is 407: a proxy asks for credentials")]
    ProxyAuthentication,
    /// HTTP-network fetch: there is no response.
    #[error("there is no response: {0}")]
    Transport(TransportFailure),
    /// HTTP-network fetch, for an engine whose network stack refuses different `Location` headers
    /// in one response, whatever its status.
    #[error(transparent)]
    NetworkLocation(InvalidLocation),
    /// The driver of the fetch [withheld](super::Exchange::withhold) the next exchange:
    /// HTTP-network-or-cache fetch step 9, at which a page can abort the fetch.
    #[error("it was not sent")]
    NotSent,
    /// The embedder refused, at the step that its refusal names.
    #[error(transparent)]
    Embedder(EmbedderRefusal),
}

impl Refusal {
    /// The step of the standard that returned the network error. If a check failed, this is the
    /// step of the check.
    ///
    /// ```
    /// # use browser_cors::{cors_check::CorsCheckFailure, fetch::Refusal};
    /// let refusal = Refusal::CorsCheck(CorsCheckFailure::NoAllowOrigin);
    /// assert_eq!(refusal.step().to_string(), "#concept-cors-check step 2");
    /// ```
    pub fn step(&self) -> Step {
        const MAIN: &str = "concept-main-fetch";
        const SCHEME: &str = "concept-scheme-fetch";
        const HTTP: &str = "concept-http-fetch";
        const REDIRECT: &str = "concept-http-redirect-fetch";
        const CACHE: &str = "concept-http-network-or-cache-fetch";
        match self {
            Self::NotLocalUrl => Step::new(MAIN, "3"),
            Self::BadPort { .. } | Self::MixedContent | Self::UrlCredentials => {
                Step::new(MAIN, "7")
            }
            Self::OwnHeader { .. } => Step::new("concept-http-network-or-cache-fetch", "8.13"),
            Self::ModeSameOrigin { .. } => Step::new(MAIN, "12[mode-same-origin]"),
            Self::NoCorsRedirectMode { .. } => Step::new(MAIN, "12[no-cors].1"),
            Self::NotHttpScheme { .. } => Step::new(MAIN, "12[not-http]"),
            Self::MimeType { .. } | Self::Nosniff => Step::new(MAIN, "20"),
            Self::RangeNotRequested { .. } => Step::new(MAIN, "21"),
            Self::IntegrityWithoutBody => Step::new(MAIN, "23.2"),
            Self::AboutNotBlank => Step::new(SCHEME, "4"),
            Self::DataUrl => Step::new(SCHEME, "3[data].2"),
            Self::Scheme { scheme } if scheme == "blob" => Step::new(SCHEME, "3[blob]"),
            Self::Scheme { scheme } if scheme == "file" => Step::new(SCHEME, "3[file]"),
            Self::Scheme { .. } => Step::new(SCHEME, "4"),
            Self::Local(_) => Step::new(SCHEME, "3[blob].8"),
            Self::Preflight(failure) => failure.step(),
            Self::CorsCheck(failure) => failure.step(),
            Self::CrossOriginResourcePolicy(_) => Step::new(HTTP, "5"),
            Self::RedirectModeError { .. } => Step::new(HTTP, "6.3[error].1"),
            Self::ManualLocation(_) => Step::new(HTTP, "6.3[manual].2"),
            Self::Location(_) => Step::new(REDIRECT, "5"),
            Self::RedirectScheme { .. } => Step::new(REDIRECT, "6"),
            Self::RedirectCount { .. } => Step::new(REDIRECT, "7"),
            Self::RedirectCredentials { .. } | Self::RedirectCredentialsWithinOrigin { .. } => {
                Step::new(REDIRECT, "9")
            }
            Self::RedirectCredentialsAfterCors { .. } => Step::new(REDIRECT, "10"),
            Self::RedirectStream { .. } => Step::new(REDIRECT, "11"),
            Self::Keepalive { .. } => Step::new(CACHE, "8.10.5"),
            Self::OnlyIfCached => Step::new(CACHE, "11.1"),
            Self::ProxyAuthentication => Step::new(CACHE, "16.1"),
            Self::Transport(_) | Self::NetworkLocation(_) => Step::new(CACHE, "11.2"),
            Self::NotSent => Step::new(CACHE, "9"),
            Self::Embedder(refusal) => refusal.step(),
        }
    }

    /// The stable code of this reason.
    pub fn code(&self) -> Code {
        match self {
            Self::NotLocalUrl => Code::NotLocalUrl,
            Self::BadPort { .. } => Code::BadPort,
            Self::MixedContent => Code::MixedContent,
            Self::UrlCredentials => Code::UrlCredentials,
            Self::OwnHeader { .. } => Code::OwnHeader,
            Self::ModeSameOrigin { .. } => Code::ModeSameOrigin,
            Self::NoCorsRedirectMode { .. } => Code::NoCorsRedirectMode,
            Self::NotHttpScheme { .. } => Code::NotHttpScheme,
            Self::MimeType { .. } => Code::MimeType,
            Self::Nosniff => Code::Nosniff,
            Self::RangeNotRequested { .. } => Code::RangeNotRequested,
            Self::IntegrityWithoutBody => Code::IntegrityWithoutBody,
            Self::AboutNotBlank => Code::AboutNotBlank,
            Self::DataUrl => Code::DataUrl,
            Self::Scheme { .. } => Code::Scheme,
            Self::Local(_) => Code::Local,
            Self::Preflight(failure) => failure.code(),
            Self::CorsCheck(failure) => failure.code(),
            Self::CrossOriginResourcePolicy(_) => Code::CrossOriginResourcePolicy,
            Self::RedirectModeError { .. } => Code::RedirectModeError,
            Self::ManualLocation(_) | Self::Location(_) | Self::NetworkLocation(_) => {
                Code::Location
            }
            Self::RedirectScheme { .. } => Code::RedirectScheme,
            Self::RedirectCount { .. } => Code::RedirectCount,
            Self::RedirectCredentials { .. } => Code::RedirectCredentials,
            Self::RedirectCredentialsWithinOrigin { .. } => Code::RedirectCredentialsWithinOrigin,
            Self::RedirectCredentialsAfterCors { .. } => Code::RedirectCredentialsAfterCors,
            Self::RedirectStream { .. } => Code::RedirectStream,
            Self::Keepalive { .. } => Code::Keepalive,
            Self::OnlyIfCached => Code::OnlyIfCached,
            Self::ProxyAuthentication => Code::ProxyAuthentication,
            Self::Transport(_) => Code::NoResponse,
            Self::NotSent => Code::NotSent,
            Self::Embedder(refusal) => refusal.rule().code(),
        }
    }
}
