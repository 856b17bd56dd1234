//! Messages that are not about CORS, but that people take for it.

use super::{Complaint, Template, read::Role};

pub(super) const CHROMIUM: &[(Role, Template)] = &[
    (Role::Withheld, Template("{method} {url} net::ERR_FAILED {status}")),
    (Role::Withheld, Template("{method} {url} net::ERR_FAILED")),
    (Role::Exact(Complaint::NoReason), Template("blocked:cors")),
    (Role::Alone(Complaint::NoReason), Template("CORS error")),
    (Role::Reason(Complaint::FetchFailed), Template("TypeError: Failed to fetch")),
    (Role::Alone(Complaint::FetchFailed), Template("Failed to fetch")),
    (
        Role::Reason(Complaint::FetchFailed),
        Template("Failed to fetch dynamically imported module: {url}"),
    ),
    (
        Role::Reason(Complaint::FetchFailed),
        Template("Failed to execute 'send' on 'XMLHttpRequest': Failed to load '{url}'."),
    ),
    (
        Role::Reason(Complaint::FetchFailed),
        Template(
            "Failed to execute 'importScripts' on 'WorkerGlobalScope': The script at '{url}' failed \
             to load.",
        ),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template("The page at '{page}' was loaded over HTTPS, but requested an insecure {url}"),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template(
            "The page at '{page}' was loaded over HTTPS, but attempted to connect to the insecure \
             WebSocket endpoint '{url}'.",
        ),
    ),
    (Role::Exact(Complaint::MixedContent), Template("blocked:mixed-content")),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "Refused to connect to '{url}' because it violates the following Content Security \
             Policy directive: \"{directive}\"",
        ),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "Connecting to '{url}' violates the following Content Security Policy directive: \
             \"{directive}\"",
        ),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "'{url}' because it violates the following Content Security Policy directive: \
             \"{directive}\"",
        ),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "'{url}' violates the following Content Security Policy directive: \"{directive}\"",
        ),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template("violates the document's Content Security Policy"),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template("Refused to connect because it violates the document's Content Security Policy"),
    ),
    (Role::Exact(Complaint::ContentSecurityPolicy), Template("blocked:csp")),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template("{method} {url} net::ERR_BLOCKED_BY_CSP"),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template("{method} {url} net::ERR_BLOCKED_BY_ORB"),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template(
            "Cross-Origin Read Blocking (CORB) blocked cross-origin response {url} with MIME type \
             {type}.",
        ),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template(
            "Blocked current origin from receiving cross-site document at {url} with MIME type \
             {type}.",
        ),
    ),
    (Role::Reason(Complaint::OpaqueResponseBlocking), Template("Response was blocked by CORB")),
    (Role::Reason(Complaint::OpaqueResponseBlocking), Template("Response was blocked by ORB")),
    (
        Role::Reason(Complaint::CrossOriginResourcePolicy),
        Template("{method} {url} net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin"),
    ),
    (
        Role::Reason(Complaint::CrossOriginResourcePolicy),
        Template("{method} {url} net::ERR_BLOCKED_BY_RESPONSE.NotSameSite"),
    ),
    (
        Role::Reason(Complaint::EmbedderPolicy),
        Template(
            "{method} {url} \
             net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep",
        ),
    ),
    (
        Role::Reason(Complaint::EmbedderPolicy),
        Template(
            "{method} {url} net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByDip",
        ),
    ),
    (
        Role::Reason(Complaint::EmbedderPolicy),
        Template(
            "{method} {url} \
             net::ERR_BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoepAndDip",
        ),
    ),
    (
        Role::Reason(Complaint::EmbedderPolicy),
        Template("{method} {url} net::ERR_BLOCKED_BY_RESPONSE.CoepFrameResourceNeedsCoepHeader"),
    ),
    (
        Role::Reason(Complaint::CrossOriginResourcePolicy),
        Template("{method} {url} net::ERR_BLOCKED_BY_RESPONSE"),
    ),
    (Role::Exact(Complaint::CrossOriginResourcePolicy), Template("blocked:NotSameOrigin")),
    (Role::Exact(Complaint::CrossOriginResourcePolicy), Template("blocked:NotSameSite")),
    (Role::Reason(Complaint::CrossOriginResourcePolicy), Template("corp-not-same-origin")),
    (Role::Reason(Complaint::CrossOriginResourcePolicy), Template("corp-not-same-site")),
    (
        Role::Reason(Complaint::EmbedderPolicy),
        Template("corp-not-same-origin-after-defaulted-to-same-origin-by-coep"),
    ),
    (
        Role::Exact(Complaint::EmbedderPolicy),
        Template("blocked:NotSameOriginAfterDefaultedToSameOriginByCoep"),
    ),
    (
        Role::Reason(Complaint::LocalNetwork),
        Template("{method} {url} net::ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS"),
    ),
    (
        Role::Reason(Complaint::LocalNetwork),
        Template("{method} {url} net::ERR_BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS"),
    ),
    (
        Role::Reason(Complaint::BlockedByClient),
        Template("{method} {url} net::ERR_BLOCKED_BY_CLIENT"),
    ),
    (
        Role::Reason(Complaint::BlockedByClient),
        Template("{method} {url} net::ERR_BLOCKED_BY_ADMINISTRATOR"),
    ),
    (Role::Reason(Complaint::ConnectionFailed), Template("{method} {url} net::ERR_{error}")),
    (
        Role::Reason(Complaint::HeaderNotExposed),
        Template("Refused to get unsafe header \"{header}\""),
    ),
    (
        Role::Reason(Complaint::ForbiddenHeader),
        Template("Refused to set unsafe header \"{header}\""),
    ),
    (
        Role::Reason(Complaint::WorkerOrigin),
        Template(
            "Failed to construct 'Worker': Script at '{url}' cannot be accessed from origin \
             '{origin}'.",
        ),
    ),
    (
        Role::Reason(Complaint::WorkerOrigin),
        Template(
            "Failed to construct 'SharedWorker': Script at '{url}' cannot be accessed from origin \
             '{origin}'.",
        ),
    ),
    (Role::Reason(Complaint::WorkerOrigin), Template("Failed to construct 'Worker'")),
    (
        Role::Reason(Complaint::EventSourceType),
        Template(
            "EventSource's response has a MIME type (\"{type}\") that is not \"text/event-stream\".",
        ),
    ),
    (
        Role::Reason(Complaint::EventSourceType),
        Template("EventSource's response has a charset (\"{value}\") that is not UTF-8."),
    ),
    (
        Role::Reason(Complaint::Nosniff),
        Template(
            "Refused to execute script from '{url}' because its MIME type ('{type}') is not \
             executable, and strict MIME type checking is enabled.",
        ),
    ),
    (
        Role::Reason(Complaint::Nosniff),
        Template(
            "Refused to apply style from '{url}' because its MIME type ('{type}') is not a \
             supported stylesheet MIME type, and strict MIME checking is enabled.",
        ),
    ),
    (
        Role::Reason(Complaint::MimeType),
        Template(
            "Failed to load module script: Expected a JavaScript module script but the server \
             responded with a MIME type of \"{type}\".",
        ),
    ),
    (
        Role::Reason(Complaint::MimeType),
        Template(
            "Failed to load module script: Expected a JavaScript-or-Wasm module script but the \
             server responded with a MIME type of \"{type}\".",
        ),
    ),
    (Role::Reason(Complaint::CorsCrossOrigin), Template("Tainted canvases may not be exported")),
    (
        Role::Reason(Complaint::CorsCrossOrigin),
        Template("The canvas has been tainted by cross-origin data."),
    ),
    (
        Role::Reason(Complaint::CorsCrossOrigin),
        Template("element contains cross-origin data, and may not be loaded."),
    ),
    (
        Role::Reason(Complaint::CorsCrossOrigin),
        Template(
            "MediaElementAudioSource outputs zeroes due to CORS access restrictions for {url}",
        ),
    ),
    (
        Role::Reason(Complaint::CorsCrossOrigin),
        Template("property from 'CSSStyleSheet': Cannot access rules"),
    ),
    (
        Role::Reason(Complaint::IntegrityWithoutCors),
        Template(
            "Subresource Integrity: The resource '{url}' has an integrity attribute, but the \
             resource requires the request to be CORS enabled to check the integrity, and it is \
             not.",
        ),
    ),
    (
        Role::Reason(Complaint::ServiceWorker),
        Template("The FetchEvent for \"{url}\" resulted in a network error response: {value}"),
    ),
    (
        Role::Reason(Complaint::ServiceWorker),
        Template("Failed to register a ServiceWorker: The origin of the provided scriptURL"),
    ),
    (
        Role::Reason(Complaint::FrameAccess),
        Template("Blocked a frame with origin \"{origin}\" from accessing a cross-origin frame."),
    ),
    (
        Role::Reason(Complaint::FrameAccess),
        Template(
            "The target origin provided ('{expected}') does not match the recipient window's origin ('{value}').",
        ),
    ),
];

pub(super) const FIREFOX: &[(Role, Template)] = &[
    (
        Role::Reason(Complaint::FetchFailed),
        Template("NetworkError when attempting to fetch resource."),
    ),
    (
        Role::Reason(Complaint::FetchFailed),
        Template("error loading dynamically imported module: {url}"),
    ),
    (
        Role::Reason(Complaint::ConnectionFailed),
        Template("Firefox can’t establish a connection to the server at {url}."),
    ),
    (
        Role::Reason(Complaint::ConnectionFailed),
        Template("The connection to {url} was interrupted while the page was loading."),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template("Blocked loading mixed active content “{url}”"),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template("Blocked loading mixed display content “{url}”"),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "Content-Security-Policy: The page’s settings blocked the loading of a resource \
             ({asker}) at {url} because it violates the following directive: “{directive}”",
        ),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "Content Security Policy: The page’s settings blocked the loading of a resource at {url}",
        ),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template("Content-Security-Policy: The page’s settings blocked"),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template(
            "The resource at “{url}” was blocked by OpaqueResponseBlocking. Reason: “{value}”.",
        ),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template("The resource at “{url}” was blocked by OpaqueResponseBlocking."),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template("A resource is blocked by OpaqueResponseBlocking"),
    ),
    (
        Role::Reason(Complaint::OpaqueResponseBlocking),
        Template("blocked by OpaqueResponseBlocking"),
    ),
    (
        Role::Reason(Complaint::CrossOriginResourcePolicy),
        Template(
            "The resource at “{url}” was blocked due to its Cross-Origin-Resource-Policy header",
        ),
    ),
    (
        Role::Reason(Complaint::ForbiddenHeader),
        Template("Attempt to set a forbidden header was denied: {header}"),
    ),
    (
        Role::Reason(Complaint::WorkerOrigin),
        Template("Security Error: Content at {page} may not load data from {url}."),
    ),
    (Role::Reason(Complaint::WorkerOrigin), Template("Failed to load worker script at “{url}”")),
    (
        Role::Reason(Complaint::Nosniff),
        Template(
            "The resource from “{url}” was blocked due to MIME type (“{type}”) mismatch \
             (X-Content-Type-Options: nosniff).",
        ),
    ),
    (
        Role::Reason(Complaint::MimeType),
        Template("“{url}” was blocked because of a disallowed MIME type (“{type}”)."),
    ),
    (
        Role::Reason(Complaint::CorsCrossOrigin),
        Template("Not allowed to access cross-origin stylesheet"),
    ),
    (
        Role::Reason(Complaint::IntegrityWithoutCors),
        Template(
            "“{url}” is not eligible for integrity checks since it’s neither CORS-enabled nor \
             same-origin.",
        ),
    ),
    (Role::Reason(Complaint::ServiceWorker), Template("Failed to load ‘{url}’. A ServiceWorker")),
    (
        Role::Reason(Complaint::ServiceWorker),
        Template("A ServiceWorker intercepted the request and encountered an unexpected error."),
    ),
    (Role::Reason(Complaint::FrameAccess), Template("on cross-origin object")),
    (Role::Alone(Complaint::NoResponse), Template("CORS Failed")),
    (Role::Alone(Complaint::Disabled), Template("CORS Disabled")),
];

pub(super) const WEBKIT: &[(Role, Template)] = &[
    (Role::Reason(Complaint::FetchFailed), Template("TypeError: Load failed")),
    (Role::Alone(Complaint::FetchFailed), Template("Load failed")),
    (Role::Reason(Complaint::FetchFailed), Template("Importing a module script failed.")),
    (
        Role::Reason(Complaint::ConnectionFailed),
        Template("A server with the specified hostname could not be found."),
    ),
    (Role::Reason(Complaint::ConnectionFailed), Template("Could not connect to the server.")),
    (Role::Reason(Complaint::ConnectionFailed), Template("The network connection was lost.")),
    (
        Role::Reason(Complaint::ConnectionFailed),
        Template("An SSL error has occurred and a secure connection to the server cannot be made."),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template("The page at {page} was not allowed to run insecure content from {url}."),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template("The page at {page} was not allowed to display insecure content from {url}."),
    ),
    (
        Role::Reason(Complaint::MixedContent),
        Template("requested insecure content from {url}. This content was blocked"),
    ),
    (
        Role::Reason(Complaint::ContentSecurityPolicy),
        Template(
            "{url} because it does not appear in the {directive} directive of the Content Security \
             Policy.",
        ),
    ),
    (
        Role::Reason(Complaint::BlockedByClient),
        Template(
            "Content blocker prevented frame displaying {page} from loading a resource from {url}",
        ),
    ),
    (
        Role::Reason(Complaint::CorsCrossOrigin),
        Template(
            "Unable to get image data from canvas because the canvas has been tainted by \
             cross-origin data.",
        ),
    ),
    (
        Role::Reason(Complaint::ServiceWorker),
        Template("FetchEvent.respondWith received an error: {value}"),
    ),
    (Role::Reason(Complaint::ServiceWorker), Template("Response served by service worker")),
];

pub(super) const UNKNOWN: &[(Role, Template)] = &[
    (Role::Reason(Complaint::FetchFailed), Template("AxiosError: Network Error")),
    (Role::Alone(Complaint::FetchFailed), Template("Error: Network Error")),
    (Role::Alone(Complaint::FetchFailed), Template("Network Error")),
    (Role::Reason(Complaint::FetchFailed), Template("TypeError: Network request failed")),
    (
        Role::Reason(Complaint::FetchFailed),
        Template("Http failure response for {url}: 0 Unknown Error"),
    ),
    (Role::Reason(Complaint::FetchFailed), Template("DOMException: A network error occurred.")),
];
