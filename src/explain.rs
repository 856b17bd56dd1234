//! Why a fetch ended as it did, for people: the one module with sentences.
//!
//! The wording is not stable; the codes and steps of the refusals are.

use std::{borrow::Cow, fmt};

use http::Method;

use crate::{
    cors_check::{CorsCheckFailure, CorsCheckSuccess},
    fetch::{NetworkError, Outcome, PreflightFailure, Refusal},
    header::{
        HeaderList,
        extract::{InvalidHeaderValue, extract_tokens},
        safelist::{is_cors_non_wildcard_request_header_name, is_forbidden_response_header_name},
    },
    origin::are_same_origin,
    request::{CredentialsMode, Mode},
    response::{FilteredResponse, InvalidLocation, ResponseType},
    status::{is_ok_status, is_redirect_status},
    transcript::{RecordedExchange, Transcript, url_as_sent},
};

/// What a refusal rests on.
///
/// ```
/// # use browser_cors::explain::Evidence;
/// let evidence = Evidence::Status { status: 401, expected: "200 to 299".to_owned() };
/// assert_eq!(evidence.expected(), "200 to 299");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Evidence {
    /// A header of the answer, or its absence if there are no lines.
    Header {
        /// The header's name.
        name: &'static str,
        /// The values of its lines.
        lines: Vec<Vec<u8>>,
        /// The line of the first wrong byte, from 0.
        line: usize,
        /// Where in that line it stands; the line's length, if something is missing.
        index: usize,
        /// What the header must be, or hold.
        expected: String,
    },
    /// The status of the answer.
    Status {
        /// The status.
        status: u16,
        /// What it must be.
        expected: String,
    },
    /// A URL.
    Url {
        /// The URL.
        url: String,
        /// What it must be.
        expected: String,
    },
    /// What the network says.
    Network {
        /// Its words.
        reason: String,
        /// What was expected.
        expected: String,
    },
}

impl Evidence {
    /// What would have been accepted.
    ///
    /// ```
    /// # use browser_cors::explain::Evidence;
    /// let evidence = Evidence::Url { url: "data:,x".into(), expected: "an HTTP(S) URL".into() };
    /// assert_eq!(evidence.expected(), "an HTTP(S) URL");
    /// ```
    pub fn expected(&self) -> &str {
        match self {
            Self::Header { expected, .. }
            | Self::Status { expected, .. }
            | Self::Url { expected, .. }
            | Self::Network { expected, .. } => expected,
        }
    }

    /// The evidence for a network error, given the answer that it refused, if there was one.
    ///
    /// ```
    /// # use browser_cors::{explain::Evidence, fetch::Outcome, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if let Outcome::NetworkError(error) = &transcript.outcome {
    ///     println!("{:?}", Evidence::of(error, transcript.exchanges.last()));
    /// }
    /// # }
    /// ```
    pub fn of(error: &NetworkError, last: Option<&RecordedExchange>) -> Self {
        let answer = last.and_then(|exchange| exchange.answer.as_ref().ok());
        let empty = HeaderList::new();
        let headers = answer.map_or(&empty, |answer| &answer.header_list);
        let status = answer.map_or(0, |answer| answer.status);
        let url = error.url_list.last().map_or_else(String::new, ToString::to_string);
        match &error.refusal {
            Refusal::CorsCheck(failure)
            | Refusal::Preflight(PreflightFailure::CorsCheck(failure)) => match failure {
                CorsCheckFailure::CredentialsNotAllowed { .. } => {
                    of_header("Access-Control-Allow-Credentials", headers, "true".to_owned())
                }
                _ => of_header("Access-Control-Allow-Origin", headers, error.origin.clone()),
            },
            Refusal::Preflight(PreflightFailure::Status { .. }) => {
                Self::Status { status, expected: "200 to 299".to_owned() }
            }
            Refusal::Preflight(
                PreflightFailure::AllowMethods(invalid) | PreflightFailure::AllowHeaders(invalid),
            ) => of_invalid(invalid, headers),
            Refusal::Preflight(PreflightFailure::Method { method, .. }) => {
                of_list("Access-Control-Allow-Methods", method.as_str(), headers)
            }
            Refusal::Preflight(PreflightFailure::Header { name, .. }) => {
                of_list("Access-Control-Allow-Headers", name, headers)
            }
            Refusal::Preflight(PreflightFailure::Transport(failure))
            | Refusal::Transport(failure) => {
                Self::Network { reason: failure.to_string(), expected: "a response".to_owned() }
            }
            Refusal::CrossOriginResourcePolicy(_) => {
                of_header("Cross-Origin-Resource-Policy", headers, "cross-origin".to_owned())
            }
            Refusal::MimeType { .. } | Refusal::Nosniff => {
                of_header("Content-Type", headers, "a type that fits the destination".to_owned())
            }
            Refusal::Location(InvalidLocation::Header(invalid)) => of_invalid(invalid, headers),
            Refusal::Location(InvalidLocation::Url { .. }) => {
                of_header("Location", headers, "a URL".to_owned())
            }
            Refusal::RedirectScheme { .. } => {
                of_header("Location", headers, "an HTTP(S) URL".to_owned())
            }
            Refusal::RedirectCredentials { .. } | Refusal::RedirectCredentialsAfterCors { .. } => {
                of_header("Location", headers, "a URL without a user name or password".to_owned())
            }
            Refusal::RedirectModeError { .. }
            | Refusal::RedirectCount { .. }
            | Refusal::RedirectStream { .. } => {
                Self::Status { status, expected: "no redirect".to_owned() }
            }
            Refusal::RangeNotRequested { .. } => {
                Self::Status { status, expected: "neither 206 nor 416".to_owned() }
            }
            Refusal::ProxyAuthentication => {
                Self::Status { status, expected: "any other than 407".to_owned() }
            }
            Refusal::NotLocalUrl => {
                Self::Url { url, expected: "an about, blob or data URL".to_owned() }
            }
            Refusal::BadPort { .. } => {
                Self::Url { url, expected: "a port that is not blocked".to_owned() }
            }
            Refusal::ModeSameOrigin { origin } => {
                Self::Url { url, expected: format!("a URL of the origin {origin}") }
            }
            Refusal::NoCorsRedirectMode { .. } => {
                Self::Url { url, expected: "a URL of the page's origin".to_owned() }
            }
            Refusal::NotHttpScheme { .. } | Refusal::Scheme { .. } => {
                Self::Url { url, expected: "an HTTP(S) URL".to_owned() }
            }
            Refusal::AboutNotBlank => Self::Url { url, expected: "about:blank".to_owned() },
            Refusal::DataUrl => Self::Url { url, expected: "a data URL".to_owned() },
            Refusal::IntegrityWithoutBody => {
                Self::Url { url, expected: "a response with a body that CORS shares".to_owned() }
            }
            Refusal::Keepalive { .. } => {
                Self::Url { url, expected: "at most 64 KiB of keepalive bodies".to_owned() }
            }
            Refusal::OnlyIfCached => Self::Url { url, expected: "a cached response".to_owned() },
        }
    }
}

/// A header whose value must be `expected`, or something like it.
fn of_header(name: &'static str, headers: &HeaderList, expected: String) -> Evidence {
    let lines: Vec<Vec<u8>> = headers.values(name).map(<[u8]>::to_vec).collect();
    let (line, index) = match lines.as_slice() {
        [] => (0, 0),
        [only] => (0, only.iter().zip(expected.bytes()).take_while(|(a, b)| **a == *b).count()),
        [_, _, ..] => (1, 0),
    };
    Evidence::Header { name, lines, line, index, expected }
}

/// A header that cannot be parsed.
fn of_invalid(invalid: &InvalidHeaderValue, headers: &HeaderList) -> Evidence {
    Evidence::Header {
        name: invalid.name,
        lines: headers.values(invalid.name).map(<[u8]>::to_vec).collect(),
        line: invalid.line,
        index: invalid.index,
        expected: invalid.expected.to_owned(),
    }
}

/// A list that misses `token`: marks a member that differs in its case alone, a `*` that does not
/// count, or the end.
fn of_list(name: &'static str, token: &str, headers: &HeaderList) -> Evidence {
    let lines: Vec<Vec<u8>> = headers.values(name).map(<[u8]>::to_vec).collect();
    let mut place = (lines.len().saturating_sub(1), lines.last().map_or(0, Vec::len));
    for (line, value) in lines.iter().enumerate().rev() {
        let mut index = 0;
        for member in value.split(|byte| *byte == b',') {
            let trimmed = member.trim_ascii();
            if trimmed == b"*" || trimmed.eq_ignore_ascii_case(token.as_bytes()) {
                place = (line, index + member.len() - member.trim_ascii_start().len());
            }
            index += member.len() + 1;
        }
    }
    Evidence::Header { name, lines, line: place.0, index: place.1, expected: token.to_owned() }
}

/// What would make the fetch succeed: what the server must send instead or, where the server has
/// no part in it, what the page must ask instead.
///
/// ```
/// # use browser_cors::{explain::fix, fetch::Outcome, transcript::Transcript};
/// # fn f(transcript: &Transcript) {
/// if let Outcome::NetworkError(error) = &transcript.outcome {
///     println!("{}", fix(error));
/// }
/// # }
/// ```
pub fn fix(error: &NetworkError) -> String {
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
        Refusal::Location(_) => {
            format!("Answer {method} {url} with one `Location` header that is a URL.")
        }
        Refusal::RedirectScheme { .. } => format!("Redirect {url} to an http or https URL."),
        Refusal::RedirectCount { .. } => "Redirect at most 20 times: is there a loop?".to_owned(),
        Refusal::RedirectCredentials { .. } | Refusal::RedirectCredentialsAfterCors { .. } => {
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
        Refusal::ProxyAuthentication => "Let the proxy pass this request.".to_owned(),
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
fn and(items: &[&str]) -> String {
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
            let list = listed(allowed, method.as_str(), *credentials_mode);
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
        PreflightFailure::Header { name, allowed, credentials_mode } => {
            let list = listed(allowed, name, *credentials_mode);
            let hint = if is_only_a_name(allowed, *credentials_mode) {
                " With credentials, `*` is only a header of that name."
            } else if is_cors_non_wildcard_request_header_name(name)
                && allowed.iter().any(|other| other == "*")
            {
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
fn listed(allowed: &[String], missing: &str, credentials_mode: CredentialsMode) -> String {
    let counts = |other: &&str| {
        !other.eq_ignore_ascii_case(missing)
            && (*other != "*" || credentials_mode != CredentialsMode::Include)
    };
    let kept = allowed.iter().map(String::as_str).filter(counts);
    kept.chain([missing]).collect::<Vec<_>>().join(", ")
}

/// Whether a list has a `*` that stands for nothing but itself.
fn is_only_a_name(allowed: &[String], credentials_mode: CredentialsMode) -> bool {
    credentials_mode == CredentialsMode::Include && allowed.iter().any(|other| other == "*")
}

/// A whole fetch, explained: the exchanges with the headers that matter, why a preflight was
/// needed, and what ended it, with a mark under the first wrong byte.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     explain::Explanation, fetch::{Context, UserAgent}, header::HeaderList,
///     preflight_cache::{PreflightCache, Timestamp}, request::{Mode, Request},
///     response::Response, transcript::Transcript, url::Url,
/// };
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("https://api.example/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
///
/// let transcript = Transcript::record(request, &mut context, |_exchange| {
///     let header = ("Access-Control-Allow-Origin", "https://app.example/");
///     Ok(Response::new(200, HeaderList::try_from([header]).unwrap()))
/// });
/// let text = Explanation::new(&transcript).to_string();
/// assert!(text.contains("
///    Access-Control-Allow-Origin: https://app.example/
///                                                    ^ expected https://app.example
/// "));
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    transcript: &'a Transcript,
}

impl<'a> Explanation<'a> {
    /// The explanation of what was recorded.
    ///
    /// ```
    /// # use browser_cors::{explain::Explanation, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// print!("{}", Explanation::new(transcript));
    /// # }
    /// ```
    pub const fn new(transcript: &'a Transcript) -> Self {
        Self { transcript }
    }

    fn exchange(
        &self,
        f: &mut fmt::Formatter<'_>,
        number: usize,
        exchange: &RecordedExchange,
        evidence: Option<&Evidence>,
    ) -> fmt::Result {
        let RecordedExchange { method, url, preflight, includes_credentials, .. } = exchange;
        write!(f, "{number}. {method} {}", url_as_sent(url))?;
        match (preflight, includes_credentials) {
            (Some(_), _) => writeln!(f, "  (preflight, never with credentials)")?,
            (None, true) => writeln!(f, "  (with credentials)")?,
            (None, false) => writeln!(f, "  (without credentials)")?,
        }
        for reason in preflight.iter().flatten() {
            writeln!(f, "   because {reason}")?;
        }
        for (name, value) in &exchange.header_list {
            if SENT.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                writeln!(f, "   {name}: {}", value.escape_ascii())?;
            }
        }
        match &exchange.answer {
            Err(failure) => writeln!(f, "   => no response: {failure}"),
            Ok(answer) => {
                writeln!(f, "   => {}", answer.status)?;
                for (name, value) in &answer.header_list {
                    if RECEIVED.iter().any(|known| name.eq_ignore_ascii_case(known))
                        && !is_named(evidence, name)
                    {
                        writeln!(f, "   {name}: {}", value.escape_ascii())?;
                    }
                }
                evidence.map_or(Ok(()), |evidence| mark(f, evidence))
            }
        }
    }

    fn outcome(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.transcript.outcome {
            Outcome::NetworkError(error) => {
                let step = error.refusal.step();
                writeln!(f, "blocked: {error}")?;
                writeln!(f, "     at: {step}, {}", step.url())?;
                writeln!(f, "    fix: {}", fix(error))?;
                self.status_behind(f, error)
            }
            Outcome::Response(response) => self.response(f, response),
        }
    }

    /// The status of an answer that failed the CORS check, if that is the cause or the next fault.
    fn status_behind(&self, f: &mut fmt::Formatter<'_>, error: &NetworkError) -> fmt::Result {
        let exchange = self.transcript.exchanges.last();
        let Some(Ok(answer)) = exchange.map(|exchange| exchange.answer.as_ref()) else {
            return Ok(());
        };
        match &error.refusal {
            Refusal::Preflight(PreflightFailure::CorsCheck(_)) if !is_ok_status(answer.status) => {
                let location = answer.header_list.get("Location").map(Into::into);
                let failure = PreflightFailure::Status { status: answer.status, location };
                let url = error.url_list.last().map_or(Cow::Borrowed(""), url_as_sent);
                writeln!(f, "   also: {failure}")?;
                writeln!(f, "    fix: {}", fix_preflight(&failure, error, &url))
            }
            Refusal::CorsCheck(_) if answer.status >= 400 => writeln!(
                f,
                "   also: the status is {}, and the page cannot see that error",
                answer.status
            ),
            _ => Ok(()),
        }
    }

    fn response(&self, f: &mut fmt::Formatter<'_>, response: &FilteredResponse) -> fmt::Result {
        let kind = response.kind();
        match kind {
            ResponseType::Basic | ResponseType::Cors => writeln!(
                f,
                "allowed: the page may read the response ({}), status {}",
                kind.as_str(),
                response.status()
            )?,
            ResponseType::Opaque => {
                writeln!(f, " opaque: the page gets a response, but may read nothing of it")?;
            }
            ResponseType::OpaqueRedirect => writeln!(
                f,
                " opaque: the page gets a redirect that was not followed, and may read nothing of it"
            )?,
        }
        if let Some(success) = self.transcript.cors_check_success() {
            writeln!(f, "because: {success}")?;
        }
        if matches!(kind, ResponseType::Opaque | ResponseType::OpaqueRedirect) {
            return Ok(());
        }
        let names = |keep: &dyn Fn(&str) -> bool| {
            let list = response.internal_response().header_list.sort_and_combine();
            let names: Vec<_> =
                list.iter().map(|(name, _)| name).filter(|name| keep(name)).collect();
            names.join(", ")
        };
        let readable = names(&|name| response.is_readable(name));
        if !readable.is_empty() {
            writeln!(f, "   read: {readable}")?;
        }
        let hidden = names(&|name| {
            !response.is_readable(name)
                && !is_forbidden_response_header_name(name)
                && !name.starts_with("access-control-")
        });
        if !hidden.is_empty() {
            writeln!(f, " hidden: {hidden} ({})", self.why_hidden(response))?;
        }
        let never = names(&is_forbidden_response_header_name);
        if !never.is_empty() {
            writeln!(f, "  never: {never} (no page may read it)")?;
        }
        if self.may_be_mixed_up(response) {
            writeln!(
                f,
                "warning: there is no `Vary: Origin`: if the answer depends on the origin, a cache \
                 may hand it to another origin"
            )?;
        }
        if self.is_for_null() {
            writeln!(f, "warning: any page can have the origin `null`, and so read it as well")?;
        }
        Ok(())
    }

    /// Why response headers are not readable.
    fn why_hidden(&self, response: &FilteredResponse) -> &'static str {
        let headers = &response.internal_response().header_list;
        match extract_tokens("Access-Control-Expose-Headers", headers) {
            Err(_) => "Access-Control-Expose-Headers cannot be parsed",
            Ok(Some(names))
                if names.contains(&"*")
                    && self.transcript.asked.credentials_mode == CredentialsMode::Include =>
            {
                "with credentials, `*` in Access-Control-Expose-Headers is only a name"
            }
            Ok(_) => "not listed in Access-Control-Expose-Headers",
        }
    }

    /// Whether the origin that may read the response is `null`.
    fn is_for_null(&self) -> bool {
        let last = self.transcript.exchanges.last();
        let origin = last.and_then(|last| last.header_list.get("Origin"));
        let success = self.transcript.cors_check_success();
        success.is_some_and(|success| success != CorsCheckSuccess::Wildcard)
            && origin.as_deref() == Some(b"null")
    }

    /// Whether an HTTP cache may store a response for one origin and answer another with it.
    fn may_be_mixed_up(&self, response: &FilteredResponse) -> bool {
        let headers = &response.internal_response().header_list;
        let lists = |name, members: &[&str]| {
            headers.get_decode_and_split(name).is_some_and(|values| {
                values.iter().any(|value| members.iter().any(|m| value.eq_ignore_ascii_case(m)))
            })
        };
        let last = self.transcript.exchanges.last();
        matches!(
            self.transcript.cors_check_success(),
            Some(CorsCheckSuccess::Origin | CorsCheckSuccess::OriginWithCredentials)
        ) && last.is_some_and(|last| matches!(last.method, Method::GET | Method::HEAD))
            && !lists("Vary", &["Origin", "*"])
            && !lists("Cache-Control", &["no-store"])
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Transcript { asked, exchanges, outcome } = self.transcript;
        let origin = if asked.origin == "null" { "an opaque origin" } else { &asked.origin };
        write!(f, "{} {} from {origin}", asked.method, asked.url)?;
        if asked.mode != Mode::Cors {
            write!(f, ", mode {}", asked.mode)?;
        }
        writeln!(f, ", credentials {}", asked.credentials_mode)?;
        for (index, exchange) in exchanges.iter().enumerate() {
            let evidence = match outcome {
                Outcome::NetworkError(error) if index + 1 == exchanges.len() => {
                    Some(Evidence::of(error, Some(exchange)))
                }
                _ => None,
            };
            self.exchange(f, index + 1, exchange, evidence.as_ref())?;
        }
        self.outcome(f)
    }
}

/// Whether the evidence is about this header, and so shows it itself.
fn is_named(evidence: Option<&Evidence>, header: &str) -> bool {
    matches!(evidence, Some(Evidence::Header { name, .. }) if name.eq_ignore_ascii_case(header))
}

/// Shows the evidence, with a mark under the first wrong byte.
fn mark(f: &mut fmt::Formatter<'_>, evidence: &Evidence) -> fmt::Result {
    let Evidence::Header { name, lines, line, index, expected } = evidence else { return Ok(()) };
    if lines.is_empty() {
        return writeln!(f, "   (no {name}, expected {expected})");
    }
    for (number, value) in lines.iter().enumerate() {
        writeln!(f, "   {name}: {}", value.escape_ascii())?;
        if number == *line {
            let before = value.get(..*index).unwrap_or(value).escape_ascii().count();
            writeln!(f, "   {:1$}^ expected {expected}", "", name.len() + 2 + before)?;
        }
    }
    Ok(())
}

/// The request headers that matter.
const SENT: [&str; 6] = [
    "Origin",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Authorization",
    "Content-Type",
    "Range",
];

/// The response headers that matter.
const RECEIVED: [&str; 9] = [
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
    "Cross-Origin-Resource-Policy",
    "Location",
    "Vary",
];
