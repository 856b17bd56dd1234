//! WebKit: the Web Inspector.

use std::borrow::Cow;

use super::{Asker, Complaint, Failure, Field, Next, Template, read::Role, template};
use crate::{
    cors_check::CorsCheckFailure,
    fetch::{PreflightFailure, Refusal},
    header::{HeaderList, list::isomorphic_decode},
    origin::{has_http_scheme, includes_credentials, url_as_sent},
    request::{CredentialsMode, Mode},
    transcript::RecordedExchange,
    url::Url,
};

/// What WebKit prints before the reason if the answer is a redirect.
const FRAME_OF_REDIRECT: Template = Template(
    "Cross-origin redirection to {location} denied by Cross-Origin Resource Sharing policy: ",
);

/// What WebKit prints before the reason for a beacon.
const FRAME_OF_BEACON: Template = Template("Beacon API cannot load {url}. ");

/// What WebKit prints about any `ftp:` URL.
const FTP: Template = Template("FTP URLs are disabled");

/// What WebKit prints when the page's own origin redirects to a `file:` URL.
const LOCAL: Template = Template("Not allowed to load local resource: {url}");

/// What WebKit prints when a page asks for another scheme.
const ONLY_HTTP: Template = Template("Cross origin requests are only supported for HTTP.");

/// The reasons. If several have the same complaint, the first is printed.
pub(super) const TEMPLATES: &[(Complaint, Template)] = &[
    (
        Complaint::OriginNotAllowed,
        Template(
            "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}",
        ),
    ),
    (
        Complaint::OriginNotAllowed,
        Template("Origin {origin} is not allowed by Access-Control-Allow-Origin."),
    ),
    (
        Complaint::AllowOriginSeveral,
        Template("Access-Control-Allow-Origin cannot contain more than one origin."),
    ),
    (
        Complaint::WildcardWithCredentials,
        Template(
            "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
        ),
    ),
    (
        Complaint::CredentialsNotAllowed,
        Template("Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\"."),
    ),
    (
        Complaint::PreflightStatus,
        Template("Preflight response is not successful. Status code: {status}"),
    ),
    (Complaint::PreflightStatus, Template("Preflight response is not successful")),
    (
        Complaint::AllowMethodsInvalid,
        Template("Header Access-Control-Allow-Methods has an invalid value: {value}"),
    ),
    (
        Complaint::AllowHeadersInvalid,
        Template("Header Access-Control-Allow-Headers has an invalid value: {value}"),
    ),
    (
        Complaint::Method,
        Template("Method {method} is not allowed by Access-Control-Allow-Methods."),
    ),
    (
        Complaint::Header,
        Template("Request header field {header} is not allowed by Access-Control-Allow-Headers."),
    ),
    (Complaint::RedirectCredentials, Template("redirection URL {location} has credentials")),
    (Complaint::RedirectCount, Template("Load cannot follow more than 20 redirections")),
    (Complaint::RedirectMode, Template("Not allowed to follow a redirection while loading {url}")),
    (
        Complaint::Scheme,
        Template("not allowed to follow a cross-origin CORS redirection with non CORS scheme"),
    ),
    (Complaint::Scheme, FTP),
    (Complaint::Scheme, LOCAL),
    (Complaint::Scheme, ONLY_HTTP),
    (
        Complaint::ModeSameOrigin,
        Template(
            "Unsafe attempt to load URL {url} from origin {origin}. Domains, protocols and ports \
             must match.",
        ),
    ),
    (
        Complaint::CrossOriginResourcePolicy,
        Template(
            "Cancelled load to {url} because it violates the resource's \
             Cross-Origin-Resource-Policy response header.",
        ),
    ),
    (
        Complaint::NoReason,
        Template("Cross-origin {asker} load denied by Cross-Origin Resource Sharing policy."),
    ),
];

/// What stands around the reasons.
pub(super) const AROUND: &[(Role, Template)] = &[
    (Role::Frame, FRAME_OF_REDIRECT),
    (Role::Failed, Template("{asker} cannot load {url} due to access control checks.")),
    (Role::Failed, Template("Fetch API cannot load {url} due to access control checks.")),
    (Role::Failed, Template("Cannot load image {url} due to access control checks.")),
    (Role::Failed, Template("{url} due to access control checks.")),
    (Role::Opening, FRAME_OF_BEACON),
    (Role::Tail, Template("Status code: {status}")),
];

/// What WebKit prints after the reason: that the load failed.
const FAILURES: &[(Asker, Template)] = &[
    (Asker::Fetch, Template("Fetch API cannot load {url} due to access control checks.")),
    (Asker::Xhr, Template("XMLHttpRequest cannot load {url} due to access control checks.")),
    (Asker::EventSource, Template("EventSource cannot load {url} due to access control checks.")),
    (Asker::Image, Template("Cannot load image {url} due to access control checks.")),
    (Asker::Beacon, FRAME_OF_BEACON),
];

/// The line that says that the load failed, which is printed only if there is no reason.
fn failed(asker: Asker) -> Option<Template> {
    FAILURES.iter().find(|(printed_for, _)| *printed_for == asker).map(|(_, template)| *template)
}

pub(super) fn messages(failure: &Failure<'_>) -> Vec<String> {
    let Some(reason) = reason(failure) else { return Vec::new() };
    let url = failure.error.url_list.last();
    match (failure.asker, url) {
        (Asker::Beacon, Some(url)) => {
            vec![FRAME_OF_BEACON.fill(&[(Field::Url, url.as_str())]) + &reason]
        }
        _ => vec![reason],
    }
}

fn reason(failure: &Failure<'_>) -> Option<String> {
    let print = |complaint, values: &[(Field, &str)]| template(TEMPLATES, complaint).fill(values);
    let url = failure.error.url_list.last().map_or("", Url::as_str);
    let is_cors = failure.transcript.asked.mode == Mode::Cors;
    Some(match &failure.error.refusal {
        Refusal::CorsCheck(check) => {
            let reason = of_check(check, failure);
            match failure.next() {
                Next::Nowhere => reason,
                Next::Url(url) => of_redirect(url, is_judged_late(check, failure), reason),
                Next::Invalid(value) => redirection(&isomorphic_decode(value), &reason),
            }
        }
        Refusal::Preflight(preflight) => match preflight {
            PreflightFailure::Transport(_) => failed(failure.asker)?.fill(&[(Field::Url, url)]),
            PreflightFailure::CorsCheck(check) => of_check(check, failure),
            PreflightFailure::Status { status, .. } => {
                print(Complaint::PreflightStatus, &[(Field::Status, &status.to_string())])
            }
            PreflightFailure::AllowMethods(invalid) => {
                let value = combined(failure.last()?, invalid.name);
                print(Complaint::AllowMethodsInvalid, &[(Field::Value, &value)])
            }
            PreflightFailure::AllowHeaders(invalid) => {
                let value = combined(failure.last()?, invalid.name);
                print(Complaint::AllowHeadersInvalid, &[(Field::Value, &value)])
            }
            PreflightFailure::Method { method, .. } => {
                print(Complaint::Method, &[(Field::Method, method.as_str())])
            }
            PreflightFailure::Headers { names, .. } => {
                let name = first_by_table(&failure.transcript.asked.header_list, names)?;
                print(Complaint::Header, &[(Field::Header, name)])
            }
        },
        Refusal::RedirectCredentials { location }
        | Refusal::RedirectCredentialsAfterCors { location } => {
            of_redirect(location, true, String::new())
        }
        Refusal::NotHttpScheme { .. } => ONLY_HTTP.fill(&[]),
        Refusal::RedirectScheme { location }
            if location.scheme() == "file" && !failure.was_cross_origin() =>
        {
            LOCAL.fill(&[(Field::Url, location.as_str())])
        }
        Refusal::RedirectScheme { location }
            if location.scheme() == "ftp"
                || is_cors && (failure.was_cross_origin() || failure.is_cross_origin(location)) =>
        {
            of_redirect(location, true, String::new())
        }
        Refusal::Location(_) if is_cors && failure.was_cross_origin() => {
            let Next::Invalid(value) = failure.next() else { return None };
            redirection(&isomorphic_decode(value), &print(Complaint::Scheme, &[]))
        }
        Refusal::RedirectCount { .. } => print(Complaint::RedirectCount, &[]),
        Refusal::RedirectModeError { .. } => print(Complaint::RedirectMode, &[(Field::Url, url)]),
        Refusal::ModeSameOrigin { origin } if failure.last().is_some() => {
            let url = url_without_user(failure.error.url_list.last()?);
            print(Complaint::ModeSameOrigin, &[(Field::Url, &url), (Field::Origin, origin)])
        }
        Refusal::CrossOriginResourcePolicy(_) => {
            print(Complaint::CrossOriginResourcePolicy, &[(Field::Url, url)])
        }
        _ => return None,
    })
}

fn of_check(check: &CorsCheckFailure, failure: &Failure<'_>) -> String {
    let complaint = match check {
        CorsCheckFailure::SeveralAllowOrigin { .. } => Complaint::AllowOriginSeveral,
        CorsCheckFailure::OriginMismatch { found, .. } if found.contains(&b',') => {
            Complaint::AllowOriginSeveral
        }
        CorsCheckFailure::NoAllowOrigin | CorsCheckFailure::OriginMismatch { .. } => {
            Complaint::OriginNotAllowed
        }
        CorsCheckFailure::WildcardWithCredentials { .. } => Complaint::WildcardWithCredentials,
        CorsCheckFailure::CredentialsNotAllowed { .. } => Complaint::CredentialsNotAllowed,
    };
    template(TEMPLATES, complaint).fill(&[
        (Field::Origin, &failure.error.origin),
        (Field::Status, &failure.status().to_string()),
    ])
}

/// The line for a redirect. If WebKit judges the redirect's URL first and it is wrong, that is the
/// reason.
fn of_redirect(location: &Url, is_judged_first: bool, mut reason: String) -> String {
    if location.scheme() == "ftp" {
        return FTP.fill(&[]);
    }
    if is_judged_first && !has_http_scheme(location) {
        reason = template(TEMPLATES, Complaint::Scheme).fill(&[]);
    } else if is_judged_first && includes_credentials(location) {
        let mut location = location.clone();
        location.set_fragment(None);
        reason = template(TEMPLATES, Complaint::RedirectCredentials)
            .fill(&[(Field::Location, location.as_str())]);
    }
    redirection(&url_without_user(location), &reason)
}

/// Whether the only reason is that WebKit checks redirects as if the credentials mode were
/// "include". It makes that check after it has judged the URL.
fn is_judged_late(check: &CorsCheckFailure, failure: &Failure<'_>) -> bool {
    failure.error.credentials_mode != CredentialsMode::Include
        && matches!(
            check,
            CorsCheckFailure::WildcardWithCredentials { .. }
                | CorsCheckFailure::CredentialsNotAllowed { .. }
        )
}

fn redirection(location: &str, reason: &str) -> String {
    FRAME_OF_REDIRECT.fill(&[(Field::Location, location)]) + reason
}

/// A URL without its user name and password.
fn url_without_user(url: &Url) -> String {
    let fragment = url.fragment().map_or_else(String::new, |fragment| format!("#{fragment}"));
    url_as_sent(url).into_owned() + &fragment
}

/// The value of a header in the last answer, as WebKit read it.
fn combined(last: &RecordedExchange, name: &str) -> String {
    let value = last.read().and_then(|answer| answer.header_list.get(name));
    isomorphic_decode(&value.unwrap_or(Cow::Borrowed(b"")))
}

/// The refused header that comes first in WebKit's table. Names in the table come first, in the
/// table's spelling; the others follow, in the author's spelling.
fn first_by_table<'a>(written: &'a HeaderList, refused: &'a [String]) -> Option<&'a str> {
    let is_refused = |name: &&str| refused.iter().any(|refused| refused.eq_ignore_ascii_case(name));
    let names = || written.iter().map(|(name, _)| name).filter(is_refused);
    let known =
        |name: &str| KNOWN_NAMES.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    names()
        .find_map(known)
        .or_else(|| names().next())
        .or_else(|| refused.first().map(String::as_str))
}

/// The names in WebKit's table of headers that a page can set.
const KNOWN_NAMES: [&str; 53] = [
    "Accept",
    "Accept-Language",
    "Accept-Ranges",
    "Age",
    "Authorization",
    "Cache-Control",
    "Clear-Site-Data",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Range",
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "Content-Type",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Default-Style",
    "ETag",
    "Expires",
    "Icy-MetaInt",
    "Icy-Metadata",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Last-Event-ID",
    "Last-Modified",
    "Link",
    "Location",
    "Ping-From",
    "Ping-To",
    "Pragma",
    "Range",
    "Referrer-Policy",
    "Refresh",
    "Report-To",
    "Reporting-Endpoints",
    "Server-Timing",
    "Service-Worker-Allowed",
    "Service-Worker-Navigation-Preload",
    "SourceMap",
    "Timing-Allow-Origin",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "Vary",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-SourceMap",
    "X-Temp-Tablet",
    "X-XSS-Protection",
];
