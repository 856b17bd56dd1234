//! What would make a fetch succeed.

use std::borrow::Cow;

use crate::{
    cors_check::CorsCheckFailure,
    fetch::{NetworkError, PreflightFailure, Refusal},
    origin::{are_same_origin, url_as_sent},
    request::CredentialsMode,
    status::{is_ok_status, is_redirect_status},
    transcript::RecordedExchange,
};

/// What would make the fetch succeed: what the server must send instead or, where the server has
/// no part in it, what the page must ask instead.
///
/// ```
/// # use browser_cors::{explain::fix, fetch::Outcome, transcript::Transcript};
/// # fn f(transcript: &Transcript) {
/// if let Outcome::NetworkError(error) = &transcript.outcome {
///     println!("{}", fix(error, transcript.exchanges.last()));
/// }
/// # }
/// ```
pub fn fix(error: &NetworkError, last: Option<&RecordedExchange>) -> String {
    let mut text = fix_refusal(error);
    if let Some(failure) = status_behind(error, last) {
        let url = error.url_list.last().map_or(Cow::Borrowed(""), url_as_sent);
        text.push(' ');
        text.push_str(&fix_preflight(&failure, error, &url));
    }
    text
}

/// The status of a preflight response that failed the CORS check, where that is the next fault, and
/// often the cause.
pub(super) fn status_behind(
    error: &NetworkError,
    last: Option<&RecordedExchange>,
) -> Option<PreflightFailure> {
    let answer = last?.read()?;
    let failed_the_check =
        matches!(error.refusal, Refusal::Preflight(PreflightFailure::CorsCheck(_)));
    (failed_the_check && !is_ok_status(answer.status)).then(|| PreflightFailure::Status {
        status: answer.status,
        location: answer.header_list.get("Location").map(Into::into),
    })
}

fn fix_refusal(error: &NetworkError) -> String {
    let NetworkError { refusal, origin, method, .. } = error;
    let url = error.url_list.last().map_or(Cow::Borrowed(""), url_as_sent);
    match refusal {
        Refusal::CorsCheck(failure) => fix_cors_check(failure, error, method.as_str(), &url),
        Refusal::Preflight(failure) => fix_preflight(failure, error, &url),
        Refusal::CrossOriginResourcePolicy(_) => format!(
            "Answer {method} {url} with `Cross-Origin-Resource-Policy: cross-origin`, if any origin \
             may embed it."
        ),
        Refusal::RedirectModeError { location } => {
            format!(
                "Answer {method} {url} without a redirect. Or ask for {} directly, or with the \
                 redirect mode follow.",
                target(location.as_deref()),
            )
        }
        Refusal::ManualLocation(_) | Refusal::Location(_) | Refusal::NetworkLocation(_) => {
            format!("Answer {method} {url} with one `Location` header that is a URL.")
        }
        Refusal::RedirectScheme { .. } => format!("Redirect {url} to an http or https URL."),
        Refusal::RedirectCount { .. } => "Redirect at most 20 times: is there a loop?".to_owned(),
        Refusal::RedirectCredentials { .. }
        | Refusal::RedirectCredentialsWithinOrigin { .. }
        | Refusal::RedirectCredentialsAfterCors { .. } => {
            format!("Redirect {url} to a URL without a user name or password.")
        }
        Refusal::RedirectStream { .. } => {
            format!("Answer {method} {url} without a redirect: a stream cannot be sent again.")
        }
        Refusal::MimeType { .. } | Refusal::Nosniff => {
            format!("Answer {method} {url} with the `Content-Type` of what it is.")
        }
        Refusal::RangeNotRequested { .. } => {
            format!("Answer {method} {url} with 206 or 416 only where a range was asked for.")
        }
        Refusal::IntegrityWithoutBody => {
            "Ask with CORS, so that the integrity can be compared.".to_owned()
        }
        Refusal::ModeSameOrigin { .. } => {
            "Ask with the mode cors, or for a URL of the page's own origin.".to_owned()
        }
        Refusal::NoCorsRedirectMode { .. } => {
            "Ask with the redirect mode follow, or with the mode cors.".to_owned()
        }
        Refusal::NotLocalUrl => "Ask for an about, blob or data URL.".to_owned(),
        Refusal::BadPort { .. } => "Serve it on a port that browsers do not block.".to_owned(),
        Refusal::NotHttpScheme { .. } | Refusal::Scheme { .. } => {
            "Ask for an http or https URL.".to_owned()
        }
        Refusal::AboutNotBlank => "Ask for about:blank or an http or https URL.".to_owned(),
        Refusal::DataUrl => "Write the data URL with a comma and valid base64.".to_owned(),
        Refusal::Keepalive { .. } => "Send less, or without keepalive.".to_owned(),
        Refusal::OnlyIfCached => "Ask with another cache mode.".to_owned(),
        Refusal::Local(_) => "Ask for a URL whose content is still there.".to_owned(),
        Refusal::ProxyAuthentication => "Let the proxy pass this request.".to_owned(),
        Refusal::NotSent => format!("Send {method} {url}, to see what the page gets."),
        Refusal::Transport(_) => {
            format!("Make {url} answer: CORS for the origin {origin} was not asked yet.")
        }
    }
}

fn fix_cors_check(
    failure: &CorsCheckFailure,
    error: &NetworkError,
    method: &str,
    url: &str,
) -> String {
    let allow_origin = format!("`Access-Control-Allow-Origin: {}`", error.origin);
    let allow_credentials = "`Access-Control-Allow-Credentials: true`";
    let is_preflight = matches!(error.refusal, Refusal::Preflight(_));
    let mut headers = vec![allow_origin.as_str()];
    if error.credentials_mode == CredentialsMode::Include {
        headers.push(allow_credentials);
    }
    let why = match failure {
        CorsCheckFailure::CredentialsNotAllowed { found } => {
            headers = vec![allow_credentials];
            match found {
                Some(found) if found.eq_ignore_ascii_case(b"true") => {
                    ". Its bytes are compared, so write it in lower case."
                }
                Some(found) if found.contains(&b',') => ". Several lines are read as one value.",
                _ if is_preflight => {
                    ". The preflight carries no credentials, but the request behind it does."
                }
                _ => ".",
            }
        }
        _ if error.origin == "null" => return fix_null_origin(error, method, url),
        CorsCheckFailure::NoAllowOrigin if is_preflight => {
            ". The request behind the preflight was not sent."
        }
        CorsCheckFailure::NoAllowOrigin => {
            ". The server did get the request; only reading the answer is refused."
        }
        CorsCheckFailure::SeveralAllowOrigin { .. } => {
            ", on one line. If the server and a proxy both add it, one of them must stop."
        }
        CorsCheckFailure::WildcardWithCredentials { .. } => {
            headers.push("`Vary: Origin`");
            ", but only for origins that may read the user's data. Or ask without credentials."
        }
        CorsCheckFailure::OriginMismatch { found, .. } => {
            let (varies, why) = hint(found, &error.origin);
            if varies {
                headers.push("`Vary: Origin`");
            }
            why
        }
    };
    format!("Answer {method} {url} with {}{why}", and(&headers))
}

/// What to do about the origin `null`, which no server can allow safely.
fn fix_null_origin(error: &NetworkError, method: &str, url: &str) -> String {
    let is_tainted = error.url_list.windows(2).any(|hop| !are_same_origin(&hop[0], &hop[1]));
    let cause = if is_tainted {
        format!("Ask for {url} directly: redirects across origins made the origin `null`.")
    } else if error.credentials_mode == CredentialsMode::Include {
        "Ask without credentials, or from a page whose origin is not opaque.".to_owned()
    } else {
        "Ask from a page whose origin is not opaque.".to_owned()
    };
    if error.credentials_mode == CredentialsMode::Include {
        format!("{cause} To allow `null` is unsafe: any page can have that origin.")
    } else {
        format!(
            "{cause} Or answer {method} {url} with `Access-Control-Allow-Origin: *`, if every page \
             may read it. To allow `null` is unsafe: any page can have that origin."
        )
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn and(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Where a redirect leads, as the server wrote it.
fn target(location: Option<&[u8]>) -> String {
    location.map_or_else(|| "its target".to_owned(), |target| target.escape_ascii().to_string())
}

/// Whether the answer must vary with the origin, and what is wrong with a value that is not it.
fn hint(found: &[u8], origin: &str) -> (bool, &'static str) {
    let found = found.escape_ascii().to_string();
    let scheme_and_rest = |text: &str| text.split_once("://").map(|(_, rest)| rest.to_owned());
    if found.trim_end_matches('/') == origin {
        (false, ". An origin has no path, not even a slash.")
    } else if found.eq_ignore_ascii_case(origin) {
        (false, ". Its bytes are compared, so write it in lower case.")
    } else if found.contains([',', ' ']) {
        (true, ". The header holds one origin: answer each with its own.")
    } else if found.contains('*') {
        (true, ". There are no patterns: `*` stands alone or is compared as it is.")
    } else if scheme_and_rest(&found).is_some()
        && scheme_and_rest(&found) == scheme_and_rest(origin)
    {
        (false, ". The scheme is part of an origin.")
    } else if found.starts_with(&format!("{origin}:")) || origin.starts_with(&format!("{found}:")) {
        (false, ". The port is part of an origin, unless it is the scheme's own.")
    } else if found.starts_with(&format!("{origin}/")) {
        (false, ". An origin has no path.")
    } else {
        (true, ", if this origin may read it.")
    }
}

fn fix_preflight(failure: &PreflightFailure, error: &NetworkError, url: &str) -> String {
    match failure {
        PreflightFailure::CorsCheck(failure) => fix_cors_check(failure, error, "OPTIONS", url),
        PreflightFailure::Status { status: 401 | 403, .. } => format!(
            "Answer OPTIONS {url} with 204 before asking for authentication: a preflight never \
             carries credentials."
        ),
        PreflightFailure::Status { status: 404 | 405, .. } => {
            format!("Answer OPTIONS {url} with 204: the server has no route for it.")
        }
        PreflightFailure::Status { status, location } if is_redirect_status(*status) => format!(
            "Answer OPTIONS {url} with 204: a preflight must not be redirected. Or ask for {} \
             directly.",
            target(location.as_deref()),
        ),
        PreflightFailure::Status { .. } => format!("Answer OPTIONS {url} with 204."),
        PreflightFailure::AllowMethods(_) => format!(
            "Answer OPTIONS {url} with an `Access-Control-Allow-Methods` of methods with commas between them."
        ),
        PreflightFailure::AllowHeaders(_) => format!(
            "Answer OPTIONS {url} with an `Access-Control-Allow-Headers` of names with commas between them."
        ),
        PreflightFailure::Method { method, allowed, credentials_mode } => {
            let list = listed(allowed, &[method.as_str()], *credentials_mode);
            let hint = if allowed.iter().any(|other| other.eq_ignore_ascii_case(method.as_str())) {
                " Methods are compared byte for byte; of those that a page writes, only DELETE, \
                  GET, HEAD, OPTIONS, POST and PUT are put in upper case."
            } else if is_only_a_name(allowed, *credentials_mode) {
                " With credentials, `*` is only a method of that name."
            } else {
                ""
            };
            format!("Answer OPTIONS {url} with `Access-Control-Allow-Methods: {list}`.{hint}")
        }
        PreflightFailure::Headers { names, allowed, credentials_mode } => {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let list = listed(allowed, &names, *credentials_mode);
            let hint = if is_only_a_name(allowed, *credentials_mode) {
                " With credentials, `*` is only a header of that name."
            } else if allowed.iter().any(|other| other == "*") {
                " `*` never covers Authorization."
            } else {
                ""
            };
            format!("Answer OPTIONS {url} with `Access-Control-Allow-Headers: {list}`.{hint}")
        }
        PreflightFailure::Transport(_) => format!("Make {url} answer OPTIONS."),
    }
}

/// What a list must hold: what it holds already, as far as it counts, and what it misses.
fn listed(allowed: &[String], missing: &[&str], credentials_mode: CredentialsMode) -> String {
    let counts = |other: &&str| {
        !missing.iter().any(|missing| other.eq_ignore_ascii_case(missing))
            && (*other != "*" || credentials_mode != CredentialsMode::Include)
    };
    let kept = allowed.iter().map(String::as_str).filter(counts);
    kept.chain(missing.iter().copied()).collect::<Vec<_>>().join(", ")
}

/// Whether a list has a `*` that stands for nothing but itself.
fn is_only_a_name(allowed: &[String], credentials_mode: CredentialsMode) -> bool {
    credentials_mode == CredentialsMode::Include && allowed.iter().any(|other| other == "*")
}
