//! What messages of consoles complain about.

use crate::{code::Code, spec::Step};

/// What a message complains about. It distinguishes what [`Refusal`](crate::fetch::Refusal) does, as far as the engines'
/// messages do.
///
/// ```
/// # use browser_cors::{code::Code, console::Complaint};
/// assert_eq!(Complaint::AllowOriginMissing.code(), Code::AllowOriginMissing);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Complaint {
    /// CORS refused; the line does not say why.
    #[default]
    NoReason,
    /// There is no `Access-Control-Allow-Origin`.
    AllowOriginMissing,
    /// `Access-Control-Allow-Origin` is missing, or names another origin.
    OriginNotAllowed,
    /// `Access-Control-Allow-Origin` names another origin.
    AllowOriginMismatch,
    /// `Access-Control-Allow-Origin` is not even a URL.
    AllowOriginInvalid,
    /// `Access-Control-Allow-Origin` has several values.
    AllowOriginSeveral,
    /// `Access-Control-Allow-Origin` is `*`, and the credentials mode is "include".
    WildcardWithCredentials,
    /// `Access-Control-Allow-Credentials` is not `true`.
    CredentialsNotAllowed,
    /// The status of the answer to a preflight is not an ok status.
    PreflightStatus,
    /// The answer to a preflight is a redirect.
    PreflightRedirect,
    /// `Access-Control-Allow-Methods` cannot be parsed.
    AllowMethodsInvalid,
    /// `Access-Control-Allow-Headers` cannot be parsed.
    AllowHeadersInvalid,
    /// `Access-Control-Allow-Methods` does not list the method.
    Method,
    /// `Access-Control-Allow-Headers` does not list a header.
    Header,
    /// A warning: the `*` in `Access-Control-Allow-Headers` had to cover `Authorization`.
    AuthorizationUnderWildcard,
    /// A redirect leads to a URL with a user name or password.
    RedirectCredentials,
    /// There are too many redirects.
    RedirectCount,
    /// There is a redirect, and the redirect mode is "error".
    RedirectMode,
    /// The URL, or that of a redirect, has a scheme that CORS does not support.
    Scheme,
    /// The mode is "same-origin", and a redirect leads to another origin.
    ModeSameOrigin,
    /// `Cross-Origin-Resource-Policy` blocked the load.
    CrossOriginResourcePolicy,
    /// The page may not access a server in a local network.
    LocalNetwork,
    /// There is no response, or the browser could not follow a redirect.
    NoResponse,
    /// The user has disabled CORS.
    Disabled,
    /// A redirect came after a preflight, and the browser is too old to follow it.
    RedirectAfterPreflight,
    /// The mode is "no-cors", and the redirect mode is not "follow".
    NoCorsRedirectMode,
    /// The browser could not add the header `Origin`.
    OriginHeaderNotAdded,
    /// The page may not read this header of a response.
    HeaderNotExposed,
    /// There was a response, and the browser withheld it; the line does not say why.
    Withheld,
    /// All that a page learns of a fetch that failed.
    FetchFailed,
    /// There was no connection, or no whole response.
    ConnectionFailed,
    /// An extension, or another filter of the user, blocked the request.
    BlockedByClient,
    /// A page over https asks for a URL over http.
    MixedContent,
    /// The page's own `Content-Security-Policy` blocked the request.
    ContentSecurityPolicy,
    /// The answer to a request without CORS is not of the kind that was asked for.
    OpaqueResponseBlocking,
    /// The page demands by `Cross-Origin-Embedder-Policy` that what it embeds allows it.
    EmbedderPolicy,
    /// A page may not set this header of a request.
    ForbiddenHeader,
    /// The script of a worker is of another origin.
    WorkerOrigin,
    /// The answer to an `EventSource` is no stream of events.
    EventSourceType,
    /// The type of a script or style sheet is another one.
    MimeType,
    /// The type of a resource is another one, and the server says not to guess.
    Nosniff,
    /// The page may use what was loaded without CORS, but not read it.
    CorsCrossOrigin,
    /// Integrity metadata needs CORS, and the element asks without it.
    IntegrityWithoutCors,
    /// A service worker answered, and what it answered did not fit.
    ServiceWorker,
    /// A page may not reach into a window of another origin.
    FrameAccess,
}

impl Complaint {
    /// The step of the standard at which the fetch failed; `None` if the standard has no such step.
    ///
    /// ```
    /// # use browser_cors::console::Complaint;
    /// let step = Complaint::Method.step().unwrap();
    /// assert_eq!(step.to_string(), "#cors-preflight-fetch-0 step 7.5");
    /// assert_eq!(Complaint::LocalNetwork.step(), None);
    /// ```
    pub const fn step(self) -> Option<Step> {
        const CHECK: &str = "concept-cors-check";
        const PREFLIGHT: &str = "cors-preflight-fetch-0";
        const REDIRECT: &str = "concept-http-redirect-fetch";
        const MAIN: &str = "concept-main-fetch";
        Some(match self {
            Self::AllowOriginMissing => Step::new(CHECK, "2"),
            Self::OriginNotAllowed
            | Self::AllowOriginMismatch
            | Self::AllowOriginInvalid
            | Self::AllowOriginSeveral
            | Self::WildcardWithCredentials => Step::new(CHECK, "4"),
            Self::CredentialsNotAllowed => Step::new(CHECK, "8"),
            Self::PreflightStatus | Self::PreflightRedirect => Step::new(PREFLIGHT, "8"),
            Self::AllowMethodsInvalid | Self::AllowHeadersInvalid => Step::new(PREFLIGHT, "7.3"),
            Self::Method => Step::new(PREFLIGHT, "7.5"),
            Self::AuthorizationUnderWildcard => Step::new(PREFLIGHT, "7.6"),
            Self::Header => Step::new(PREFLIGHT, "7.7"),
            Self::RedirectCredentials => Step::new(REDIRECT, "9"),
            Self::RedirectCount => Step::new(REDIRECT, "7"),
            Self::RedirectMode => Step::new("concept-http-fetch", "6.3[error].1"),
            Self::Scheme => Step::new(MAIN, "12[not-http]"),
            Self::ModeSameOrigin => Step::new(MAIN, "12[mode-same-origin]"),
            Self::CrossOriginResourcePolicy => Step::new("concept-http-fetch", "5"),
            Self::NoResponse => Step::new("concept-http-network-or-cache-fetch", "11.2"),
            Self::NoCorsRedirectMode => Step::new(MAIN, "12[no-cors].1"),
            Self::EmbedderPolicy => Step::new("concept-http-fetch", "5"),
            Self::MixedContent | Self::ContentSecurityPolicy => Step::new(MAIN, "7"),
            Self::Nosniff => Step::new(MAIN, "20"),
            _ => return None,
        })
    }

    /// The code of the reason. [`Message::code`](super::Message::code) can be more precise.
    ///
    /// ```
    /// # use browser_cors::{code::Code, console::Complaint};
    /// assert_eq!(Complaint::AllowOriginInvalid.code(), Code::AllowOriginMismatch);
    /// ```
    pub const fn code(self) -> Code {
        match self {
            Self::NoReason | Self::Withheld => Code::NoReason,
            Self::AllowOriginMissing => Code::AllowOriginMissing,
            Self::OriginNotAllowed => Code::OriginNotAllowed,
            Self::AllowOriginMismatch | Self::AllowOriginInvalid => Code::AllowOriginMismatch,
            Self::AllowOriginSeveral => Code::AllowOriginSeveral,
            Self::WildcardWithCredentials => Code::AllowOriginWildcardWithCredentials,
            Self::CredentialsNotAllowed => Code::AllowCredentialsNotTrue,
            Self::PreflightStatus | Self::PreflightRedirect => Code::PreflightStatus,
            Self::AllowMethodsInvalid => Code::PreflightAllowMethodsInvalid,
            Self::AllowHeadersInvalid => Code::PreflightAllowHeadersInvalid,
            Self::Method => Code::PreflightMethod,
            Self::Header => Code::PreflightHeader,
            Self::AuthorizationUnderWildcard => Code::AuthorizationUnderWildcard,
            Self::RedirectCredentials => Code::RedirectCredentials,
            Self::RedirectCount => Code::RedirectCount,
            Self::RedirectMode => Code::RedirectModeError,
            Self::Scheme => Code::NotHttpScheme,
            Self::ModeSameOrigin => Code::ModeSameOrigin,
            Self::CrossOriginResourcePolicy | Self::EmbedderPolicy => {
                Code::CrossOriginResourcePolicy
            }
            Self::LocalNetwork => Code::LocalNetwork,
            Self::NoResponse | Self::ConnectionFailed => Code::NoResponse,
            Self::Disabled => Code::Disabled,
            Self::RedirectAfterPreflight => Code::RedirectAfterPreflight,
            Self::NoCorsRedirectMode => Code::NoCorsRedirectMode,
            Self::OriginHeaderNotAdded => Code::OriginHeaderNotAdded,
            Self::HeaderNotExposed => Code::HeaderNotExposed,
            Self::FetchFailed => Code::FetchFailed,
            Self::BlockedByClient => Code::BlockedByClient,
            Self::MixedContent => Code::MixedContent,
            Self::ContentSecurityPolicy => Code::ContentSecurityPolicy,
            Self::OpaqueResponseBlocking => Code::OpaqueResponseBlocking,
            Self::ForbiddenHeader => Code::ForbiddenHeader,
            Self::WorkerOrigin => Code::WorkerOrigin,
            Self::EventSourceType | Self::MimeType => Code::LoadContentType,
            Self::Nosniff => Code::Nosniff,
            Self::CorsCrossOrigin => Code::CorsCrossOrigin,
            Self::IntegrityWithoutCors => Code::IntegrityWithoutCors,
            Self::ServiceWorker => Code::ServiceWorker,
            Self::FrameAccess => Code::FrameAccess,
        }
    }

    /// Whether CORS decided, and nothing else that looks similar: mixed content, a policy of the page,
    /// a lost connection.
    ///
    /// ```
    /// # use browser_cors::console::Complaint;
    /// assert!(Complaint::AllowOriginMissing.is_about_cors());
    /// assert!(!Complaint::MixedContent.is_about_cors());
    /// ```
    pub const fn is_about_cors(self) -> bool {
        !matches!(
            self,
            Self::Withheld
                | Self::FetchFailed
                | Self::ConnectionFailed
                | Self::BlockedByClient
                | Self::MixedContent
                | Self::ContentSecurityPolicy
                | Self::OpaqueResponseBlocking
                | Self::EmbedderPolicy
                | Self::ForbiddenHeader
                | Self::WorkerOrigin
                | Self::EventSourceType
                | Self::MimeType
                | Self::Nosniff
                | Self::CorsCrossOrigin
                | Self::IntegrityWithoutCors
                | Self::ServiceWorker
                | Self::FrameAccess
        )
    }

    /// Whether it tells where the change belongs. A line that says no reason does not.
    ///
    /// ```
    /// # use browser_cors::console::Complaint;
    /// assert!(Complaint::Method.tells_where());
    /// assert!(!Complaint::FetchFailed.tells_where());
    /// ```
    pub const fn tells_where(self) -> bool {
        !matches!(
            self,
            Self::NoReason
                | Self::NoResponse
                | Self::Withheld
                | Self::FetchFailed
                | Self::ConnectionFailed
        )
    }

    /// Whether it is about a preflight: `Some(false)` if it cannot be, `None` if it may be or not.
    pub(super) const fn is_about_preflight(self) -> Option<bool> {
        match self {
            Self::PreflightStatus
            | Self::PreflightRedirect
            | Self::AllowMethodsInvalid
            | Self::AllowHeadersInvalid
            | Self::Method
            | Self::Header
            | Self::AuthorizationUnderWildcard => Some(true),
            Self::RedirectCredentials
            | Self::RedirectCount
            | Self::RedirectMode
            | Self::Scheme
            | Self::ModeSameOrigin
            | Self::CrossOriginResourcePolicy => Some(false),
            _ => None,
        }
    }
}
