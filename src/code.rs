//! The codes of all reasons for which a page does not get what it asked for.
//!
//! [`Refusal::code`](crate::fetch::Refusal::code), outcomes as JSON (`reason`), assertions, the
//! command and the explanations of console lines all use these codes. The codes are stable; the
//! sentences that explain them are not.

use std::{fmt, str::FromStr};

use thiserror::Error;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// The code of a reason for which a page does not get what it asked for.
        ///
        /// ```
        /// use browser_cors::{code::Code, fetch::Refusal};
        ///
        /// let code = Refusal::BadPort { port: 25 }.code();
        /// assert_eq!(code, Code::BadPort);
        /// assert_eq!(code, "bad-port");
        /// assert_eq!("bad-port".parse(), Ok(code));
        /// assert!(Code::ALL.contains(&code));
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// All codes: first the codes of refusals, in the order of the standard, then those of
            /// loads, then those that only lines of a console have.
            ///
            /// ```
            /// # use browser_cors::code::Code;
            /// assert!(Code::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as text.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What happened, in a sentence.
            ///
            /// ```
            /// # use browser_cors::code::Code;
            /// assert_eq!(Code::BadPort.summary(), "The port of the URL is blocked.");
            /// ```
            pub const fn summary(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc),+).trim_ascii(),)+
                }
            }

            /// The page of this project's guide about this reason.
            ///
            /// ```
            /// # use browser_cors::code::Code;
            /// assert!(Code::BadPort.guide().ends_with("/guide/reasons/bad-port.html"));
            /// ```
            pub const fn guide(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!(
                        env!("CARGO_PKG_HOMEPAGE"),
                        "guide/reasons/",
                        $name,
                        ".html",
                    ),)+
                }
            }
        }
    };
}

impl Code {
    /// The page of MDN about errors of CORS that tells developers more about this reason, if there
    /// is one.
    ///
    /// ```
    /// # use browser_cors::code::Code;
    /// assert_eq!(
    ///     Code::PreflightMethod.mdn(),
    ///     Some("https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMethodNotFound"),
    /// );
    /// assert_eq!(Code::BadPort.mdn(), None);
    /// ```
    pub const fn mdn(self) -> Option<&'static str> {
        macro_rules! page {
            ($name:literal) => {
                Some(concat!(
                    "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/",
                    $name
                ))
            };
        }
        match self {
            Self::AllowOriginMissing | Self::PreflightAllowOriginMissing => {
                page!("CORSMissingAllowOrigin")
            }
            Self::AllowOriginSeveral | Self::PreflightAllowOriginSeveral => {
                page!("CORSMultipleAllowOriginNotAllowed")
            }
            Self::AllowOriginWildcardWithCredentials
            | Self::PreflightAllowOriginWildcardWithCredentials => {
                page!("CORSNotSupportingCredentials")
            }
            Self::AllowOriginMismatch | Self::PreflightAllowOriginMismatch => {
                page!("CORSAllowOriginNotMatchingOrigin")
            }
            Self::AllowCredentialsNotTrue | Self::PreflightAllowCredentialsNotTrue => {
                page!("CORSMissingAllowCredentials")
            }
            Self::PreflightStatus | Self::PreflightNoResponse => {
                page!("CORSPreflightDidNotSucceed")
            }
            Self::PreflightAllowMethodsInvalid => page!("CORSInvalidAllowMethod"),
            Self::PreflightAllowHeadersInvalid => page!("CORSInvalidAllowHeader"),
            Self::PreflightMethod => page!("CORSMethodNotFound"),
            Self::PreflightHeader | Self::PreflightAuthorization => {
                page!("CORSMissingAllowHeaderFromPreflight")
            }
            Self::NotHttpScheme | Self::Scheme | Self::RedirectScheme => {
                page!("CORSRequestNotHttp")
            }
            Self::RedirectCredentials
            | Self::RedirectCredentialsAfterCors
            | Self::RedirectCredentialsWithinOrigin => page!("CORSExternalRedirectNotAllowed"),
            Self::NoResponse => page!("CORSDidNotSucceed"),
            _ => None,
        }
    }
}

codes! {
    /// The URL is not local, and only local URLs are allowed.
    NotLocalUrl = "not-local-url",
    /// The port of the URL is blocked.
    BadPort = "bad-port",
    /// A page of https asks for an http URL.
    MixedContent = "mixed-content",
    /// The URL has a user name or password, and the engine lets elements ask for no such URL.
    UrlCredentials = "url-credentials",
    /// The page set a header that the engine sets itself.
    OwnHeader = "own-header",
    /// The page's Integrity Policy blocks the request.
    IntegrityPolicy = "integrity-policy",
    /// The mode is "same-origin", and the URL is not of the page's origin.
    ModeSameOrigin = "mode-same-origin",
    /// The mode is "no-cors", and the redirect mode is not "follow".
    NoCorsRedirectMode = "no-cors-redirect-mode",
    /// The URL of a request with CORS is neither http nor https.
    NotHttpScheme = "not-http-scheme",
    /// A script has a MIME type that is not allowed for scripts.
    MimeType = "mime-type",
    /// The response has `X-Content-Type-Options: nosniff`, and its type does not fit.
    Nosniff = "nosniff",
    /// The server sent a part of the resource, but the request did not ask for a range.
    RangeNotRequested = "range-not-requested",
    /// There is integrity metadata, but no body to compare with it.
    IntegrityWithoutBody = "integrity-without-body",
    /// The body does not match the integrity metadata.
    Integrity = "integrity",
    /// The user agent itself refuses, by a rule that is not the standard's.
    Embedder = "embedder",
    /// The URL is an `about:` URL, but not `about:blank`.
    AboutNotBlank = "about-not-blank",
    /// The URL is a `data:` URL that cannot be decoded.
    DataUrl = "data-url",
    /// The scheme of the URL cannot be fetched.
    Scheme = "scheme",
    /// The content of a `blob:` or `file:` URL cannot be read.
    Local = "local",
    /// There is no response to the preflight.
    PreflightNoResponse = "preflight-no-response",
    /// The answer to the preflight has no `Access-Control-Allow-Origin`.
    PreflightAllowOriginMissing = "preflight-allow-origin-missing",
    /// The answer to the preflight has several `Access-Control-Allow-Origin` headers.
    PreflightAllowOriginSeveral = "preflight-allow-origin-several",
    /// The answer to the preflight of a request with credentials has
    /// `Access-Control-Allow-Origin: *`.
    PreflightAllowOriginWildcardWithCredentials = "preflight-allow-origin-wildcard-with-credentials",
    /// The answer to the preflight has another origin in `Access-Control-Allow-Origin`.
    PreflightAllowOriginMismatch = "preflight-allow-origin-mismatch",
    /// `Access-Control-Allow-Credentials` in the answer to the preflight is not `true`.
    PreflightAllowCredentialsNotTrue = "preflight-allow-credentials-not-true",
    /// The status of the answer to the preflight is not 200 to 299.
    PreflightStatus = "preflight-status",
    /// `Access-Control-Allow-Methods` cannot be parsed.
    PreflightAllowMethodsInvalid = "preflight-allow-methods-invalid",
    /// `Access-Control-Allow-Headers` cannot be parsed.
    PreflightAllowHeadersInvalid = "preflight-allow-headers-invalid",
    /// `Access-Control-Allow-Methods` does not list the method.
    PreflightMethod = "preflight-method",
    /// `Access-Control-Allow-Headers` does not list `Authorization`, which `*` never covers.
    PreflightAuthorization = "preflight-authorization",
    /// `Access-Control-Allow-Headers` does not list a header.
    PreflightHeader = "preflight-header",
    /// There is no `Access-Control-Allow-Origin`.
    AllowOriginMissing = "allow-origin-missing",
    /// There are several `Access-Control-Allow-Origin` headers.
    AllowOriginSeveral = "allow-origin-several",
    /// The answer to a request with credentials has `Access-Control-Allow-Origin: *`.
    AllowOriginWildcardWithCredentials = "allow-origin-wildcard-with-credentials",
    /// `Access-Control-Allow-Origin` names another origin.
    AllowOriginMismatch = "allow-origin-mismatch",
    /// `Access-Control-Allow-Credentials` is not `true`.
    AllowCredentialsNotTrue = "allow-credentials-not-true",
    /// `Cross-Origin-Resource-Policy` blocks the response.
    CrossOriginResourcePolicy = "cross-origin-resource-policy",
    /// There is a redirect, and the redirect mode is "error".
    RedirectModeError = "redirect-mode-error",
    /// `Location` is not a URL.
    Location = "location",
    /// A redirect leads to a URL that is neither http nor https.
    RedirectScheme = "redirect-scheme",
    /// There are more than 20 redirects.
    RedirectCount = "redirect-count",
    /// A redirect leads to another origin, and its URL has a user name or password.
    RedirectCredentials = "redirect-credentials",
    /// A redirect leads to a URL with a user name or password, and the engine never follows those.
    RedirectCredentialsWithinOrigin = "redirect-credentials-within-origin",
    /// A redirect leads to a URL with a user name or password, after a request with CORS.
    RedirectCredentialsAfterCors = "redirect-credentials-after-cors",
    /// There is a redirect, and the body is a stream that cannot be sent again.
    RedirectStream = "redirect-stream",
    /// The bodies of keepalive requests, which include beacons, are too large.
    Keepalive = "keepalive",
    /// The cache mode is "only-if-cached", and nothing is cached.
    OnlyIfCached = "only-if-cached",
    /// A proxy asks for credentials.
    ProxyAuthentication = "proxy-authentication",
    /// There is no response.
    NoResponse = "no-response",
    /// The page or the user aborted the fetch.
    Aborted = "aborted",
    /// The request was not sent, because the driver of the fetch stopped it.
    NotSent = "not-sent",
    /// The URL of a load cannot be parsed.
    LoadUrl = "load-url",
    /// The status of a load does not mean success.
    LoadStatus = "load-status",
    /// The `Content-Type` of a load does not fit.
    LoadContentType = "load-content-type",
    /// The body of a load is not a resource of the expected kind.
    LoadBody = "load-body",
    /// A module failed before, and the page does not ask for it again.
    LoadFailedBefore = "load-failed-before",
    /// The page may use the loaded resource, but not read it.
    CorsCrossOrigin = "cors-cross-origin",
    /// A console says that CORS refused, but not why.
    NoReason = "no-reason",
    /// A console says that `Access-Control-Allow-Origin` is missing or names another origin, but
    /// not which of the two.
    OriginNotAllowed = "origin-not-allowed",
    /// A console warns that `*` had to cover `Authorization`.
    AuthorizationUnderWildcard = "authorization-under-wildcard",
    /// A console says that the page may not send requests to a server in a local network.
    LocalNetwork = "local-network",
    /// A console says that the user has switched CORS off.
    Disabled = "disabled",
    /// A console of an old browser says that it follows no redirect after a preflight.
    RedirectAfterPreflight = "redirect-after-preflight",
    /// A console says that the browser could not add the header `Origin`.
    OriginHeaderNotAdded = "origin-header-not-added",
    /// A console says that the page may not read a header of the response.
    HeaderNotExposed = "header-not-exposed",
    /// A page says that a fetch failed, which is all that it learns.
    FetchFailed = "fetch-failed",
    /// A console says that an extension blocked the request.
    BlockedByClient = "blocked-by-client",
    /// The page's Content Security Policy blocks the request or the response.
    ContentSecurityPolicy = "content-security-policy",
    /// A console says that the answer to a request without CORS is not what it should be.
    OpaqueResponseBlocking = "opaque-response-blocking",
    /// A console says that a page may not set a header of the request.
    ForbiddenHeader = "forbidden-header",
    /// A console says that the script of a worker is of another origin.
    WorkerOrigin = "worker-origin",
    /// A console says that integrity metadata needs a request with CORS.
    IntegrityWithoutCors = "integrity-without-cors",
    /// What a service worker answered does not fit the request.
    ServiceWorker = "service-worker",
    /// A console says that a page may not reach into a window of another origin.
    FrameAccess = "frame-access",
}

impl Code {
    /// The code of the same fault in the answer to a preflight; `self` if it has no such code.
    ///
    /// ```
    /// # use browser_cors::code::Code;
    /// assert_eq!(Code::AllowOriginMissing.in_preflight(), Code::PreflightAllowOriginMissing);
    /// assert_eq!(Code::RedirectCount.in_preflight(), Code::RedirectCount);
    /// ```
    #[must_use]
    pub const fn in_preflight(self) -> Self {
        match self {
            Self::NoResponse => Self::PreflightNoResponse,
            Self::AllowOriginMissing => Self::PreflightAllowOriginMissing,
            Self::AllowOriginSeveral => Self::PreflightAllowOriginSeveral,
            Self::AllowOriginWildcardWithCredentials => {
                Self::PreflightAllowOriginWildcardWithCredentials
            }
            Self::AllowOriginMismatch => Self::PreflightAllowOriginMismatch,
            Self::AllowCredentialsNotTrue => Self::PreflightAllowCredentialsNotTrue,
            other => other,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl AsRef<str> for Code {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let known = Self::ALL.iter().find(|code| code.as_str() == text);
        known.copied().ok_or_else(|| UnknownCode { text: text.to_owned() })
    }
}

/// Text that is not a [`Code`].
///
/// ```
/// # use browser_cors::code::{Code, UnknownCode};
/// let error: UnknownCode = "preflight-methd".parse::<Code>().unwrap_err();
/// assert_eq!(error.nearest(), Code::PreflightMethod);
/// assert_eq!(
///     error.to_string(),
///     "`preflight-methd` is not a reason code: `preflight-method`, maybe?",
/// );
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{text}` is not a reason code: `{}`, maybe?", self.nearest())]
pub struct UnknownCode {
    /// The text.
    pub text: String,
}

impl UnknownCode {
    /// The code that is most similar to the text.
    ///
    /// ```
    /// # use browser_cors::code::Code;
    /// assert_eq!("origin-missing".parse::<Code>().unwrap_err().nearest(), "allow-origin-missing");
    /// ```
    pub fn nearest(&self) -> Code {
        // Ours: all codes are shorter, so the rest of a long text makes no difference.
        let text: String = self.text.chars().take(100).collect();
        let mut nearest = (Code::ALL[0], usize::MAX);
        for code in Code::ALL {
            let distance = strsim::osa_distance(code.as_str(), &text);
            if distance < nearest.1 {
                nearest = (*code, distance);
            }
        }
        nearest.0
    }
}
