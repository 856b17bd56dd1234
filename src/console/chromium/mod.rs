//! Chromium: DevTools.

mod header_map;

use std::collections::BTreeSet;

use super::{Asker, Complaint, Failure, Field, Next, Template, read::Role, template};
use crate::{
    cors_check::CorsCheckFailure,
    engine::{Profile, Version},
    fetch::{PreflightFailure, Refusal},
    request::Mode,
    status::is_redirect_status,
    url::Url,
};

use header_map::in_order_of_the_table;

/// The beginning of each message.
const FRAME: Template = Template(
    "Access to {asker} at '{url}' from origin '{origin}' has been blocked by CORS policy:",
);

/// The beginning of a message after redirects.
const FRAME_OF_REDIRECT: Template = Template(
    "Access to {asker} at '{url}' (redirected from '{from}') from origin '{origin}' has been \
     blocked by CORS policy:",
);

/// What Chromium prints before the reason if a preflight's CORS check or status failed.
const OF_PREFLIGHT: &str = "Response to preflight request doesn't pass access control check: ";

/// What stands around the reasons, in messages of any age.
pub(super) const AROUND: &[(Role, Template)] = &[
    (Role::Frame, FRAME),
    (Role::Frame, FRAME_OF_REDIRECT),
    (Role::Preflight, Template(OF_PREFLIGHT)),
    // Chrome 46 to 64.
    (
        Role::Frame,
        Template("Redirect from '{url}' to '{location}' has been blocked by CORS policy:"),
    ),
    (Role::Frame, Template("Redirect from '{url}' has been blocked by CORS policy:")),
    // Up to Chrome 50.
    (
        Role::Frame,
        Template(
            "Redirect at origin '{url}' has been blocked from loading by Cross-Origin Resource \
             Sharing policy:",
        ),
    ),
    (
        Role::Frame,
        Template(
            "{asker} from origin '{url}' has been blocked from loading by Cross-Origin Resource \
             Sharing policy:",
        ),
    ),
    // Up to Chrome 64.
    (Role::Opening, Template("Failed to load {url}:")),
    (Role::Opening, Template("{asker} cannot load {url}.")),
    (Role::Opening, Template("Fetch API cannot load {url}.")),
    (Role::Echo, Template("Failed to load resource:")),
    (Role::Tail, Template("Origin '{origin}' is therefore not allowed access.")),
    (Role::Tail, Template("The response had HTTP status code {status}.")),
    (Role::Tail, Template("It must be 'true' to allow credentials.")),
    (Role::Tail, Template(HINT_FOR_FETCH)),
    (Role::Tail, Template(HINT_FOR_XHR)),
    (
        Role::Tail,
        Template(
            "The credentials mode of an XMLHttpRequest is controlled by the withCredentials \
             attribute.",
        ),
    ),
    (
        Role::Tail,
        Template(
            "If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch \
             the resource with CORS disabled.",
        ),
    ),
    (
        Role::Tail,
        Template(
            "Have the server send the header with a valid value, or, if an opaque response serves \
             your needs, set the request's mode to 'no-cors' to fetch the resource with CORS \
             disabled.",
        ),
    ),
    (Role::Tail, Template("\"failedParameter\":\"{value}\"")),
];

/// What Chromium prints after a wrong `Access-Control-Allow-Origin`, for `fetch()`.
const HINT_FOR_FETCH: &str = " Have the server send the header with a valid value.";

/// What Chromium prints after a mistake with credentials, for `XMLHttpRequest`.
const HINT_FOR_XHR: &str = " The credentials mode of requests initiated by the XMLHttpRequest is \
                            controlled by the withCredentials attribute.";

/// The schemes that support CORS, and the first recorded release that prints them. The last ones are
/// those of the newest release.
const SCHEMES: [(Version, &str); 2] = [
    (
        Version::new(0, 0),
        "chrome, chrome-extension, chrome-untrusted, data, http, https, isolated-app",
    ),
    (
        Version::new(156, 0),
        "chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, \
         http, https, isolated-app",
    ),
];

/// The schemes that a profile's release prints.
fn schemes(profile: &Profile) -> String {
    let is_since = |since| profile.release().is_none_or(|release| release.version >= since);
    let known = SCHEMES.iter().rev().find(|(since, _)| is_since(*since));
    known.map_or_else(String::new, |(_, schemes)| (*schemes).to_owned())
}

/// The reasons. If several have the same complaint, the first is printed.
pub(super) const TEMPLATES: &[(Complaint, Template)] = &[
    (
        Complaint::AllowOriginMissing,
        Template("No 'Access-Control-Allow-Origin' header is present on the requested resource."),
    ),
    (
        Complaint::AllowOriginMismatch,
        Template(
            "The 'Access-Control-Allow-Origin' header has a value '{value}' that is not equal to \
             the supplied origin.",
        ),
    ),
    (
        Complaint::AllowOriginInvalid,
        Template("The 'Access-Control-Allow-Origin' header contains the invalid value '{value}'."),
    ),
    (
        Complaint::AllowOriginSeveral,
        Template(
            "The 'Access-Control-Allow-Origin' header contains multiple values '{value}', but \
             only one is allowed.",
        ),
    ),
    (
        Complaint::WildcardWithCredentials,
        Template(
            "The value of the 'Access-Control-Allow-Origin' header in the response must not be \
             the wildcard '*' when the request's credentials mode is 'include'.",
        ),
    ),
    (
        Complaint::WildcardWithCredentials,
        Template(
            "A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the \
             credentials flag is true.",
        ),
    ),
    (
        Complaint::CredentialsNotAllowed,
        Template(
            "The value of the 'Access-Control-Allow-Credentials' header in the response is \
             '{value}' which must be 'true' when the request's credentials mode is 'include'.",
        ),
    ),
    (
        Complaint::CredentialsNotAllowed,
        Template(
            "Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is \
             '{value}'.",
        ),
    ),
    (Complaint::PreflightStatus, Template("It does not have HTTP ok status.")),
    (
        Complaint::PreflightStatus,
        Template("Response for preflight has invalid HTTP status code {status}"),
    ),
    (Complaint::PreflightRedirect, Template("Redirect is not allowed for a preflight request.")),
    (Complaint::PreflightRedirect, Template("Response for preflight is invalid (redirect)")),
    (
        Complaint::AllowMethodsInvalid,
        Template(
            "Cannot parse Access-Control-Allow-Methods response header field in preflight \
             response.",
        ),
    ),
    (
        Complaint::AllowHeadersInvalid,
        Template(
            "Cannot parse Access-Control-Allow-Headers response header field in preflight \
             response.",
        ),
    ),
    (
        Complaint::Method,
        Template(
            "Method {method} is not allowed by Access-Control-Allow-Methods in preflight response.",
        ),
    ),
    (
        Complaint::Header,
        Template(
            "Request header field {header} is not allowed by Access-Control-Allow-Headers in \
             preflight response.",
        ),
    ),
    (
        Complaint::RedirectCredentials,
        Template(
            "Redirect location '{location}' contains a username and password, which is disallowed \
             for cross-origin requests.",
        ),
    ),
    (
        Complaint::Scheme,
        Template("Cross origin requests are only supported for protocol schemes: {value}."),
    ),
    (
        Complaint::Scheme,
        Template("Fetch API cannot load {url}. URL scheme \"{value}\" is not supported."),
    ),
    (
        Complaint::ModeSameOrigin,
        Template(
            "Fetch API cannot load {url}. Request mode is \"same-origin\" but the URL\'s origin is \
             not same as the request origin {origin}",
        ),
    ),
    (
        Complaint::LocalNetwork,
        Template("Permission was denied for this request to access the `{value}` address space."),
    ),
    (
        Complaint::LocalNetwork,
        Template(
            "The request client is not a secure context and the resource is in more-private \
             address space `{value}`.",
        ),
    ),
    (
        Complaint::LocalNetwork,
        Template(
            "Request had a target IP address space of `{expected}` yet the resource is in address \
             space `{value}`.",
        ),
    ),
    (
        Complaint::LocalNetwork,
        Template(
            "Request had no target IP address space, yet the resource is in address space \
             `{value}`.",
        ),
    ),
    (
        Complaint::LocalNetwork,
        Template("Unable to ask for permission to access the `{value}` IP address space."),
    ),
    // Chrome 98 to 137.
    (
        Complaint::LocalNetwork,
        Template(
            "No 'Access-Control-Allow-Private-Network' header was present in the preflight response \
             for this private network request targeting the `{value}` address space.",
        ),
    ),
    (
        Complaint::LocalNetwork,
        Template(
            "The 'Access-Control-Allow-Private-Network' header in the preflight response for this \
             private network request targeting the `{value}` address space had a value of",
        ),
    ),
    (
        Complaint::LocalNetwork,
        Template("No 'Private-Network-Access-Id' header was present in the preflight response"),
    ),
    (
        Complaint::LocalNetwork,
        Template("No 'Private-Network-Access-Name' header was present in the preflight response"),
    ),
    // Up to Chrome 97.
    (
        Complaint::LocalNetwork,
        Template(
            "No 'Access-Control-Allow-External' header was present in the preflight response for \
             this external request",
        ),
    ),
    (Complaint::ModeSameOrigin, Template("Cross origin requests are not allowed by request mode.")),
    (
        Complaint::NoCorsRedirectMode,
        Template("Request mode is \"no-cors\" but the redirect mode is not \"follow\"."),
    ),
    (Complaint::Scheme, Template("URL scheme \"{value}\" is not supported.")),
    (Complaint::Scheme, Template("URL scheme must be \"http\" or \"https\" for CORS request.")),
    // Up to Chrome 64.
    (
        Complaint::NoResponse,
        Template("Invalid response. Origin '{origin}' is therefore not allowed access."),
    ),
    (Complaint::NoResponse, Template("The response is invalid.")),
    (
        Complaint::Header,
        Template(
            "Request header field {header} is not allowed by Access-Control-Allow-Headers itself in \
             preflight response.",
        ),
    ),
    (Complaint::PreflightStatus, Template("Invalid HTTP status code {status}")),
    (
        Complaint::RedirectAfterPreflight,
        Template(
            "The request was redirected to '{location}', which is disallowed for cross-origin \
             requests that require preflight.",
        ),
    ),
    (
        Complaint::RedirectAfterPreflight,
        Template("Request requires preflight, which is disallowed to follow cross-origin redirect"),
    ),
    (
        Complaint::Scheme,
        Template(
            "Redirect location '{location}' has a disallowed scheme for cross-origin requests.",
        ),
    ),
    (
        Complaint::Scheme,
        Template(
            "The request was redirected to a URL ('{location}') which has a disallowed scheme for \
             cross-origin requests.",
        ),
    ),
    (
        Complaint::RedirectCredentials,
        Template(
            "The request was redirected to a URL ('{location}') containing userinfo, which is \
             disallowed for cross-origin requests.",
        ),
    ),
];

pub(super) fn messages(failure: &Failure<'_>) -> Vec<String> {
    let asked = &failure.transcript.asked;
    let mut urls = failure.error.url_list.iter();
    let (first, last) = (urls.next().unwrap_or(&asked.url), urls.next_back());
    let (mut url, mut from) = (last.unwrap_or(first), last.map(|_| first));
    let Some((complaint, value)) = reason(failure) else { return Vec::new() };
    if let Refusal::RedirectScheme { location } = &failure.error.refusal {
        (url, from) = (location, Some(first));
    }
    let frame = if from.is_some() { FRAME_OF_REDIRECT } else { FRAME };
    let mut line = frame.fill(&[
        (Field::Asker, noun(failure.asker)),
        (Field::Url, url.as_str()),
        (Field::From, from.map_or("", Url::as_str)),
        (Field::Origin, &asked.origin),
    ]);
    line.push(' ');
    if failure.is_preflight() && is_prefixed(complaint) {
        line.push_str(OF_PREFLIGHT);
    }
    line.push_str(&template(TEMPLATES, complaint).fill(&[
        (Field::Value, &value),
        (Field::Method, &value),
        (Field::Header, &value),
    ]));
    line.push_str(hint(complaint, failure.asker));
    vec![line]
}

/// What Chromium complains about, and the value that it names.
fn reason(failure: &Failure<'_>) -> Option<(Complaint, String)> {
    // Chromium does not check a redirect that it cannot follow.
    let is_unchecked = match failure.next() {
        Next::Nowhere => false,
        Next::Url(_) => !failure.is_preflight() && failure.has_redirected_to_the_limit(),
        Next::Invalid(_) => true,
    };
    if is_unchecked {
        return None;
    }
    if let Some(check) = failure.cors_check() {
        return Some(of_check(check));
    }
    let none = String::new();
    Some(match &failure.error.refusal {
        Refusal::Preflight(PreflightFailure::Status { status, location }) => {
            if is_redirect_status(*status) && location.is_some() {
                (Complaint::PreflightRedirect, none)
            } else {
                (Complaint::PreflightStatus, none)
            }
        }
        Refusal::Preflight(PreflightFailure::AllowMethods(_)) => {
            (Complaint::AllowMethodsInvalid, none)
        }
        Refusal::Preflight(PreflightFailure::AllowHeaders(_)) => {
            (Complaint::AllowHeadersInvalid, none)
        }
        Refusal::Preflight(PreflightFailure::Method { method, .. }) => {
            (Complaint::Method, method.to_string())
        }
        Refusal::Preflight(PreflightFailure::Headers { names, .. }) => {
            (Complaint::Header, first_by_table(failure, names)?)
        }
        // Chromium leaves the gap for the location empty.
        Refusal::RedirectCredentials { .. } | Refusal::RedirectCredentialsAfterCors { .. } => {
            (Complaint::RedirectCredentials, none)
        }
        Refusal::RedirectScheme { location }
            if failure.transcript.asked.mode == Mode::Cors
                && !NEVER_REDIRECTED_TO.contains(&location.scheme()) =>
        {
            (Complaint::Scheme, schemes(&failure.transcript.profile))
        }
        Refusal::NotHttpScheme { scheme }
            if failure.asker == Asker::Xhr && !NEVER_ASKED_FOR.contains(&scheme.as_str()) =>
        {
            (Complaint::Scheme, schemes(&failure.transcript.profile))
        }
        _ => return None,
    })
}

/// Schemes that the network does not redirect to; Chromium fails before any check of CORS.
const NEVER_REDIRECTED_TO: [&str; 4] = ["about", "blob", "data", "file"];

/// Schemes that pages may not load from; Chromium fails before any check of CORS.
const NEVER_ASKED_FOR: [&str; 3] = ["blob", "file", "ftp"];

/// The refused header that Chromium finds first when it iterates over the request's headers.
fn first_by_table(failure: &Failure<'_>, refused: &[String]) -> Option<String> {
    let headers = &failure.transcript.asked.header_list;
    let written = headers.iter().map(|(name, _)| name.to_ascii_lowercase());
    let names: Vec<String> = match failure.asker {
        Asker::Xhr => written.collect(),
        _ => written.collect::<BTreeSet<_>>().into_iter().collect(),
    };
    let is_secure = failure.error.url_list.last().is_some_and(|url| url.scheme() == "https");
    let hints = if is_secure { &CLIENT_HINTS[..] } else { &[] };
    let added = hints.iter().copied().chain(["user-agent"]);
    let table = in_order_of_the_table(names.iter().map(String::as_str).chain(added));
    let first = table.into_iter().find(|name| refused.iter().any(|refused| refused == name));
    first.map(str::to_owned).or_else(|| refused.first().cloned())
}

/// What Chromium adds to the headers of a request to an https URL.
const CLIENT_HINTS: [&str; 3] = ["sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"];

fn of_check(check: &CorsCheckFailure) -> (Complaint, String) {
    match check {
        CorsCheckFailure::NoAllowOrigin => (Complaint::AllowOriginMissing, String::new()),
        CorsCheckFailure::WildcardWithCredentials { .. } => {
            (Complaint::WildcardWithCredentials, String::new())
        }
        CorsCheckFailure::SeveralAllowOrigin { lines, .. } => {
            (Complaint::AllowOriginSeveral, shown(&lines.join(&b", "[..])))
        }
        CorsCheckFailure::OriginMismatch { found, .. } => {
            let text = String::from_utf8_lossy(found);
            let complaint = if text.contains([' ', ',']) {
                Complaint::AllowOriginSeveral
            } else if text == "null" || Url::parse(&text).is_ok() {
                Complaint::AllowOriginMismatch
            } else {
                Complaint::AllowOriginInvalid
            };
            (complaint, shown(found))
        }
        CorsCheckFailure::CredentialsNotAllowed { found } => {
            (Complaint::CredentialsNotAllowed, shown(found.as_deref().unwrap_or_default()))
        }
    }
}

/// Bytes as Chromium prints them: it escapes those that are not printable ASCII.
fn shown(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => text.push_str(&format!("\\u{byte:04X}")),
        }
    }
    text
}

/// Whether Chromium prints [`OF_PREFLIGHT`] before this reason.
const fn is_prefixed(complaint: Complaint) -> bool {
    !matches!(
        complaint,
        Complaint::AllowMethodsInvalid
            | Complaint::AllowHeadersInvalid
            | Complaint::Method
            | Complaint::Header
    )
}

/// What Chromium prints after the reason.
const fn hint(complaint: Complaint, asker: Asker) -> &'static str {
    match (complaint, asker) {
        (
            Complaint::AllowOriginMismatch
            | Complaint::AllowOriginInvalid
            | Complaint::AllowOriginSeveral,
            Asker::Fetch,
        ) => HINT_FOR_FETCH,
        (Complaint::WildcardWithCredentials | Complaint::CredentialsNotAllowed, Asker::Xhr) => {
            HINT_FOR_XHR
        }
        _ => "",
    }
}

const fn noun(asker: Asker) -> &'static str {
    match asker {
        Asker::Fetch => "fetch",
        Asker::Xhr => "XMLHttpRequest",
        Asker::Image => "image",
        Asker::Video => "video",
        Asker::Script => "script",
        Asker::StyleSheet => "CSS stylesheet",
        Asker::Font => "font",
        Asker::EventSource | Asker::Beacon => "resource",
    }
}
