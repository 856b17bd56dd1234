//! Names of reasons that panels, protocols and documentation have instead of messages.

use super::{Complaint, Template};

/// A name, what it stands for, and whether it is about a preflight.
pub(super) type Name = (Complaint, Option<bool>, Template);

/// The names of the Chrome DevTools Protocol (`Network.CorsError`).
pub(super) const CHROMIUM: &[Name] = &[
    (Complaint::ModeSameOrigin, None, Template("DisallowedByMode")),
    (Complaint::WildcardWithCredentials, Some(false), Template("WildcardOriginNotAllowed")),
    (Complaint::AllowOriginMissing, Some(false), Template("MissingAllowOriginHeader")),
    (Complaint::AllowOriginSeveral, Some(false), Template("MultipleAllowOriginValues")),
    (Complaint::AllowOriginInvalid, Some(false), Template("InvalidAllowOriginValue")),
    (Complaint::AllowOriginMismatch, Some(false), Template("AllowOriginMismatch")),
    (Complaint::CredentialsNotAllowed, Some(false), Template("InvalidAllowCredentials")),
    (Complaint::Scheme, None, Template("CorsDisabledScheme")),
    (Complaint::PreflightStatus, Some(true), Template("PreflightInvalidStatus")),
    (Complaint::PreflightRedirect, Some(true), Template("PreflightDisallowedRedirect")),
    (Complaint::WildcardWithCredentials, Some(true), Template("PreflightWildcardOriginNotAllowed")),
    (Complaint::AllowOriginMissing, Some(true), Template("PreflightMissingAllowOriginHeader")),
    (Complaint::AllowOriginSeveral, Some(true), Template("PreflightMultipleAllowOriginValues")),
    (Complaint::AllowOriginInvalid, Some(true), Template("PreflightInvalidAllowOriginValue")),
    (Complaint::AllowOriginMismatch, Some(true), Template("PreflightAllowOriginMismatch")),
    (Complaint::CredentialsNotAllowed, Some(true), Template("PreflightInvalidAllowCredentials")),
    (Complaint::LocalNetwork, None, Template("PreflightMissingAllowExternal")),
    (Complaint::LocalNetwork, None, Template("PreflightInvalidAllowExternal")),
    (Complaint::LocalNetwork, None, Template("PreflightMissingAllowPrivateNetwork")),
    (Complaint::LocalNetwork, None, Template("PreflightInvalidAllowPrivateNetwork")),
    (Complaint::AllowMethodsInvalid, None, Template("InvalidAllowMethodsPreflightResponse")),
    (Complaint::AllowHeadersInvalid, None, Template("InvalidAllowHeadersPreflightResponse")),
    (Complaint::Method, None, Template("MethodDisallowedByPreflightResponse")),
    (Complaint::Header, None, Template("HeaderDisallowedByPreflightResponse")),
    (Complaint::RedirectCredentials, None, Template("RedirectContainsCredentials")),
    (Complaint::LocalNetwork, None, Template("InsecurePrivateNetwork")),
    (Complaint::LocalNetwork, None, Template("InsecureLocalNetwork")),
    (Complaint::LocalNetwork, None, Template("InvalidPrivateNetworkAccess")),
    (Complaint::LocalNetwork, None, Template("InvalidLocalNetworkAccess")),
    (Complaint::LocalNetwork, None, Template("UnexpectedPrivateNetworkAccess")),
    (Complaint::NoCorsRedirectMode, None, Template("NoCorsRedirectModeNotFollow")),
    (Complaint::LocalNetwork, None, Template("PreflightMissingPrivateNetworkAccessId")),
    (Complaint::LocalNetwork, None, Template("PreflightMissingPrivateNetworkAccessName")),
    (Complaint::LocalNetwork, None, Template("PrivateNetworkAccessPermissionUnavailable")),
    (Complaint::LocalNetwork, None, Template("PrivateNetworkAccessPermissionDenied")),
    (Complaint::LocalNetwork, None, Template("LocalNetworkAccessPermissionDenied")),
    // The panel for issues.
    (Complaint::NoReason, None, Template("Ensure CORS response header values are valid")),
    (Complaint::NoReason, Some(true), Template("Ensure preflight responses are valid")),
    (Complaint::Scheme, None, Template("Ensure CORS requests are made on supported schemes")),
    (Complaint::Method, None, Template("Ensure CORS request uses allowed method")),
    (Complaint::Header, None, Template("Ensure CORS request includes only allowed headers")),
    (
        Complaint::WildcardWithCredentials,
        None,
        Template(
            "Ensure credentialed requests are not sent to CORS resources with origin wildcards",
        ),
    ),
    (
        Complaint::CredentialsNotAllowed,
        None,
        Template("Ensure CORS requests include credentials only when allowed"),
    ),
    (
        Complaint::RedirectCredentials,
        None,
        Template("Ensure CORS requests are not redirected to URLs containing credentials"),
    ),
    (
        Complaint::ModeSameOrigin,
        None,
        Template("Ensure only same-origin resources are fetched with same-origin request mode"),
    ),
    (
        Complaint::NoCorsRedirectMode,
        None,
        Template("Ensure no-cors requests configure redirect mode follow"),
    ),
];

/// The names of Firefox: those of MDN's pages, and those of the panel for the network.
pub(super) const FIREFOX: &[Name] = &[
    (Complaint::Disabled, None, Template("CORSDisabled")),
    (Complaint::NoResponse, None, Template("CORSDidNotSucceed")),
    (Complaint::NoResponse, None, Template("CORSDidNotSucceed2")),
    (Complaint::NoResponse, None, Template("CORS Did Not Succeed")),
    (Complaint::OriginHeaderNotAdded, None, Template("CORSOriginHeaderNotAdded")),
    (Complaint::OriginHeaderNotAdded, None, Template("CORS Origin Header Not Added")),
    (Complaint::PreflightRedirect, None, Template("CORSExternalRedirectNotAllowed")),
    (Complaint::PreflightRedirect, None, Template("CORS External Redirect Not Allowed")),
    (Complaint::Scheme, None, Template("CORSRequestNotHttp")),
    (Complaint::Scheme, None, Template("CORS Request Not HTTP")),
    (Complaint::AllowOriginMissing, None, Template("CORSMissingAllowOrigin")),
    (Complaint::AllowOriginMissing, None, Template("CORSMissingAllowOrigin2")),
    (Complaint::AllowOriginMissing, None, Template("CORS Missing Allow Origin")),
    (Complaint::AllowOriginSeveral, None, Template("CORSMultipleAllowOriginNotAllowed")),
    (Complaint::AllowOriginSeveral, None, Template("CORSMultipleOriginNotAllowed")),
    (Complaint::AllowOriginSeveral, None, Template("CORS Multiple Allow Origin Not Allowed")),
    (Complaint::AllowOriginSeveral, None, Template("CORS Multiple Origin Not Allowed")),
    (Complaint::AllowOriginMismatch, None, Template("CORSAllowOriginNotMatchingOrigin")),
    (Complaint::AllowOriginMismatch, None, Template("CORS Allow Origin Not Matching Origin")),
    (Complaint::WildcardWithCredentials, None, Template("CORSNotSupportingCredentials")),
    (Complaint::WildcardWithCredentials, None, Template("CORS Not Supporting Credentials")),
    (Complaint::Method, None, Template("CORSMethodNotFound")),
    (Complaint::Method, None, Template("CORS Method Not Found")),
    (Complaint::CredentialsNotAllowed, None, Template("CORSMissingAllowCredentials")),
    (Complaint::CredentialsNotAllowed, None, Template("CORS Missing Allow Credentials")),
    (Complaint::PreflightStatus, None, Template("CORSPreflightDidNotSucceed")),
    (Complaint::PreflightStatus, None, Template("CORSPreflightDidNotSucceed2")),
    (Complaint::PreflightStatus, None, Template("CORSPreflightDidNotSucceed3")),
    (Complaint::PreflightStatus, None, Template("CORS Preflight Did Not Succeed")),
    (Complaint::AllowMethodsInvalid, None, Template("CORSInvalidAllowMethod")),
    (Complaint::AllowMethodsInvalid, None, Template("CORS Invalid Allow Method")),
    (Complaint::AllowHeadersInvalid, None, Template("CORSInvalidAllowHeader")),
    (Complaint::AllowHeadersInvalid, None, Template("CORS Invalid Allow Header")),
    (Complaint::Header, None, Template("CORSMissingAllowHeaderFromPreflight")),
    (Complaint::Header, None, Template("CORSMissingAllowHeaderFromPreflight2")),
    (Complaint::Header, None, Template("CORS Missing Allow Header From Preflight")),
    (Complaint::Header, None, Template("CORS Missing Allow Header")),
    (
        Complaint::AuthorizationUnderWildcard,
        None,
        Template("CORSAllowHeaderFromPreflightDeprecation"),
    ),
];

/// The page of MDN about a complaint.
pub(super) const fn mdn(complaint: Complaint) -> Option<&'static str> {
    macro_rules! page {
        ($name:literal) => {
            concat!("https://developer.mozilla.org/docs/Web/", $name)
        };
    }
    Some(match complaint {
        Complaint::AllowOriginMissing | Complaint::OriginNotAllowed => {
            page!("HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin")
        }
        Complaint::AllowOriginMismatch | Complaint::AllowOriginInvalid => {
            page!("HTTP/Guides/CORS/Errors/CORSAllowOriginNotMatchingOrigin")
        }
        Complaint::AllowOriginSeveral => {
            page!("HTTP/Guides/CORS/Errors/CORSMultipleAllowOriginNotAllowed")
        }
        Complaint::WildcardWithCredentials => {
            page!("HTTP/Guides/CORS/Errors/CORSNotSupportingCredentials")
        }
        Complaint::CredentialsNotAllowed => {
            page!("HTTP/Guides/CORS/Errors/CORSMissingAllowCredentials")
        }
        Complaint::PreflightStatus => {
            page!("HTTP/Guides/CORS/Errors/CORSPreflightDidNotSucceed")
        }
        Complaint::PreflightRedirect | Complaint::RedirectAfterPreflight => {
            page!("HTTP/Guides/CORS/Errors/CORSExternalRedirectNotAllowed")
        }
        Complaint::AllowMethodsInvalid => page!("HTTP/Guides/CORS/Errors/CORSInvalidAllowMethod"),
        Complaint::AllowHeadersInvalid => page!("HTTP/Guides/CORS/Errors/CORSInvalidAllowHeader"),
        Complaint::Method => page!("HTTP/Guides/CORS/Errors/CORSMethodNotFound"),
        Complaint::Header | Complaint::AuthorizationUnderWildcard => {
            page!("HTTP/Guides/CORS/Errors/CORSMissingAllowHeaderFromPreflight")
        }
        Complaint::Scheme => page!("HTTP/Guides/CORS/Errors/CORSRequestNotHttp"),
        Complaint::NoResponse => page!("HTTP/Guides/CORS/Errors/CORSDidNotSucceed"),
        Complaint::OriginHeaderNotAdded => {
            page!("HTTP/Guides/CORS/Errors/CORSOriginHeaderNotAdded")
        }
        Complaint::Disabled => page!("HTTP/Guides/CORS/Errors/CORSDisabled"),
        Complaint::NoReason | Complaint::Withheld | Complaint::FetchFailed => {
            page!("HTTP/Guides/CORS/Errors")
        }
        Complaint::RedirectMode
        | Complaint::ModeSameOrigin
        | Complaint::NoCorsRedirectMode
        | Complaint::RedirectCount
        | Complaint::RedirectCredentials => page!("API/RequestInit"),
        Complaint::CrossOriginResourcePolicy => {
            page!("HTTP/Guides/Cross-Origin_Resource_Policy")
        }
        Complaint::EmbedderPolicy => {
            page!("HTTP/Reference/Headers/Cross-Origin-Embedder-Policy")
        }
        Complaint::HeaderNotExposed => {
            page!("HTTP/Reference/Headers/Access-Control-Expose-Headers")
        }
        Complaint::ForbiddenHeader => {
            "https://developer.mozilla.org/docs/Glossary/Forbidden_request_header"
        }
        Complaint::MixedContent => page!("Security/Mixed_content"),
        Complaint::ContentSecurityPolicy => page!("HTTP/Guides/CSP"),
        Complaint::WorkerOrigin => page!("API/Worker/Worker"),
        Complaint::EventSourceType => page!("API/Server-sent_events/Using_server-sent_events"),
        Complaint::MimeType | Complaint::Nosniff => {
            page!("HTTP/Reference/Headers/X-Content-Type-Options")
        }
        Complaint::CorsCrossOrigin => page!("HTML/How_to/CORS_enabled_image"),
        Complaint::IntegrityWithoutCors => page!("Security/Subresource_Integrity"),
        Complaint::ServiceWorker => page!("API/FetchEvent/respondWith"),
        Complaint::FrameAccess => page!("API/Window/postMessage"),
        Complaint::LocalNetwork
        | Complaint::ConnectionFailed
        | Complaint::BlockedByClient
        | Complaint::OpaqueResponseBlocking => return None,
    })
}
