//! WebKit: the Web Inspector.

use std::borrow::Cow;

use super::{Asker, Complaint, Failure, Field, Message, Next, Template, Values, find, template};
use crate::{
    cors_check::CorsCheckFailure,
    engine::{Engine, Profile},
    fetch::{PreflightFailure, PreflightReason, Refusal},
    header::list::isomorphic_decode,
    request::Mode,
    transcript::{RecordedExchange, url_as_sent},
    url::Url,
};

/// What stands in front of the reason, where the answer is a redirect.
const FRAME_OF_REDIRECT: Template = Template(
    "Cross-origin redirection to {location} denied by Cross-Origin Resource Sharing policy: ",
);

/// What stands in front of the reason for a beacon.
const FRAME_OF_BEACON: Template = Template("Beacon API cannot load {url}. ");

/// What is printed of each `ftp:` URL.
const FTP: Template = Template("FTP URLs are disabled");

/// The reasons. Where several have the same complaint, the first is printed.
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
        Template("Cross-origin script load denied by Cross-Origin Resource Sharing policy."),
    ),
];

/// What is printed behind the reason: that the load failed.
const FAILURES: [Template; 5] = [
    Template("Fetch API cannot load {url} due to access control checks."),
    Template("XMLHttpRequest cannot load {url} due to access control checks."),
    Template("EventSource cannot load {url} due to access control checks."),
    Template("Cannot load image {url} due to access control checks."),
    FRAME_OF_BEACON,
];

pub(super) fn recognize(text: &str) -> Option<Message> {
    let failed = FAILURES.iter().find_map(|failure| failure.find(text));
    let (complaint, mut values) = match (find(TEMPLATES, text), &failed) {
        (Some(found), _) => found,
        (None, Some(_)) if text.contains("access control checks") => {
            (Complaint::NoReason, Values::default())
        }
        (None, _) => return None,
    };
    let redirect = FRAME_OF_REDIRECT.find(text);
    let mut message_is_preflight = None;
    if let Some(redirect) = &redirect {
        values.append(redirect);
        message_is_preflight = Some(false);
    }
    if let Some(failed) = &failed {
        values.append(failed);
    }
    let mut message = Message::new(Engine::Webkit, complaint, values);
    message.is_preflight = message.is_preflight.or(message_is_preflight);
    Some(message)
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
            match failure.next(&Profile::WEBKIT) {
                Next::Nowhere => reason,
                Next::Url(url) if url.scheme() == "ftp" => FTP.fill(&[]),
                Next::Url(url) => redirection(&url_without_user(&url), &reason),
                Next::Invalid(value) => redirection(&isomorphic_decode(&value), &reason),
            }
        }
        Refusal::Preflight(preflight) => match preflight {
            PreflightFailure::Transport(_) => return None,
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
            PreflightFailure::Headers { names, .. } => print(
                Complaint::Header,
                &[(Field::Header, first_by_table(failure.last()?, names)?)],
            ),
        },
        Refusal::RedirectCredentials { location }
        | Refusal::RedirectCredentialsAfterCors { location } => {
            let reason =
                print(Complaint::RedirectCredentials, &[(Field::Location, location.as_str())]);
            redirection(&url_without_user(location), &reason)
        }
        Refusal::RedirectScheme { location } if location.scheme() == "ftp" => FTP.fill(&[]),
        Refusal::RedirectScheme { location } if is_cors => {
            redirection(location.as_str(), &print(Complaint::Scheme, &[]))
        }
        Refusal::Location(_) if is_cors && failure.was_cross_origin() => {
            let Next::Invalid(value) = failure.next(&Profile::WEBKIT) else { return None };
            redirection(&isomorphic_decode(&value), &print(Complaint::Scheme, &[]))
        }
        Refusal::RedirectCount { .. } => print(Complaint::RedirectCount, &[]),
        Refusal::RedirectModeError { .. } => print(Complaint::RedirectMode, &[(Field::Url, url)]),
        Refusal::ModeSameOrigin { origin } if failure.last().is_some() => {
            print(Complaint::ModeSameOrigin, &[(Field::Url, url), (Field::Origin, origin)])
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

fn redirection(location: &str, reason: &str) -> String {
    FRAME_OF_REDIRECT.fill(&[(Field::Location, location)]) + reason
}

/// A URL without its user name and password.
fn url_without_user(url: &Url) -> String {
    let fragment = url.fragment().map_or_else(String::new, |fragment| format!("#{fragment}"));
    url_as_sent(url).into_owned() + &fragment
}

/// The value of a header of the last answer.
fn combined(last: &RecordedExchange, name: &str) -> String {
    let answer = last.answer.as_ref().ok();
    let value = answer.and_then(|answer| answer.header_list.get(name));
    isomorphic_decode(&value.unwrap_or(Cow::Borrowed(b"")))
}

/// The first of the refused headers, as they stand in WebKit's table: those that it knows come
/// first and have its spelling, the others have the author's.
fn first_by_table<'a>(last: &'a RecordedExchange, names: &'a [String]) -> Option<&'a str> {
    let written = last.preflight.iter().flatten().filter_map(|reason| match reason {
        PreflightReason::Header { name, .. } => Some(&**name),
        _ => None,
    });
    let refused =
        written.filter(|name| names.iter().any(|refused| refused.eq_ignore_ascii_case(name)));
    let known =
        |name: &&str| KNOWN_NAMES.iter().copied().find(|known| known.eq_ignore_ascii_case(name));
    let mut refused = refused.peekable();
    let first = refused.peek().copied();
    refused.find_map(|name| known(&name)).or(first).or_else(|| names.first().map(String::as_str))
}

/// The names that WebKit's table of headers knows, of those that a page can set.
const KNOWN_NAMES: [&str; 16] = [
    "Accept",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Type",
    "If-Modified-Since",
    "If-None-Match",
    "Last-Event-ID",
    "Pragma",
    "Range",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "X-Requested-With",
];
