//! What a refusal rests on: the header, status or URL, and the first wrong byte.

use crate::{
    cors_check::CorsCheckFailure,
    fetch::{NetworkError, PreflightFailure, Refusal},
    header::{HeaderList, extract::InvalidHeaderValue},
    response::{InvalidLocation, Response},
    transcript::RecordedExchange,
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

    /// The name of the header that it is about.
    pub(super) const fn header_name(&self) -> Option<&'static str> {
        match self {
            Self::Header { name, .. } => Some(name),
            _ => None,
        }
    }

    /// A header of an answer, which had to be `expected`.
    pub(super) fn header(name: &'static str, answer: Option<&Response>, expected: String) -> Self {
        let empty = HeaderList::new();
        of_header(name, answer.map_or(&empty, |answer| &answer.header_list), expected)
    }

    /// A header that had to say more than it does.
    ///
    /// ```
    /// # use browser_cors::{explain::Evidence, header::HeaderList};
    /// let headers = HeaderList::try_from([("Access-Control-Max-Age", "5")]).unwrap();
    /// let evidence = Evidence::too_little("Access-Control-Max-Age", &headers, "at least 600");
    /// assert_eq!(
    ///     evidence.mark(),
    ///     "   Access-Control-Max-Age: 5\n                            ^ expected at least 600\n",
    /// );
    /// ```
    pub fn too_little(
        name: &'static str,
        headers: &HeaderList,
        expected: impl Into<String>,
    ) -> Self {
        let lines: Vec<Vec<u8>> = headers.values(name).map(<[u8]>::to_vec).collect();
        let (line, index) = (lines.len().saturating_sub(1), lines.last().map_or(0, Vec::len));
        Self::Header { name, lines, line, index, expected: expected.into() }
    }

    /// The lines of the header with a mark under the first wrong byte. It is empty for what is no
    /// header.
    ///
    /// ```
    /// # use browser_cors::{explain::Evidence, header::HeaderList};
    /// let evidence = Evidence::too_little("Vary", &HeaderList::new(), "Origin");
    /// assert_eq!(evidence.mark(), "   (no Vary, expected Origin)\n");
    /// ```
    pub fn mark(&self) -> String {
        let Self::Header { name, lines, line, index, expected } = self else {
            return String::new();
        };
        if lines.is_empty() {
            return format!("   (no {name}, expected {expected})\n");
        }
        let lines = lines.iter().enumerate().map(|(number, value)| {
            let text = format!("   {name}: {}\n", value.escape_ascii());
            if number != *line {
                return text;
            }
            let before = value.get(..*index).unwrap_or(value).escape_ascii().count();
            format!("{text}   {:1$}^ expected {expected}\n", "", name.len() + 2 + before)
        });
        lines.collect()
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
        let answer = last.and_then(RecordedExchange::read);
        let empty = HeaderList::new();
        // What the server sent; what some engines make of it stands in the error.
        let came = last.and_then(|last| last.answer.as_ref().ok()).or(answer);
        let headers = came.map_or(&empty, |answer| &answer.header_list);
        let read = answer.map_or(&empty, |answer| &answer.header_list);
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
            ) => of_invalid(invalid, headers, read),
            Refusal::Preflight(PreflightFailure::Method { method, .. }) => {
                of_list("Access-Control-Allow-Methods", &[method.as_str()], headers)
            }
            Refusal::Preflight(PreflightFailure::Headers { names, .. }) => {
                of_list("Access-Control-Allow-Headers", names, headers)
            }
            Refusal::Preflight(PreflightFailure::Transport(failure))
            | Refusal::Local(failure)
            | Refusal::Transport(failure) => {
                Self::Network { reason: failure.to_string(), expected: "a response".to_owned() }
            }
            Refusal::NotSent => {
                Self::Network { reason: error.to_string(), expected: "that it is sent".to_owned() }
            }
            Refusal::Embedder(_) => {
                Self::Url { url, expected: "that the user agent allows it".to_owned() }
            }
            Refusal::CrossOriginResourcePolicy(_) => {
                of_header("Cross-Origin-Resource-Policy", headers, "cross-origin".to_owned())
            }
            Refusal::MimeType { .. } | Refusal::Nosniff => {
                of_header("Content-Type", headers, "a type that fits the destination".to_owned())
            }
            Refusal::ManualLocation(failure)
            | Refusal::Location(failure)
            | Refusal::NetworkLocation(failure) => match failure {
                InvalidLocation::Header(invalid) => of_invalid(invalid, headers, read),
                InvalidLocation::Url { .. } | InvalidLocation::Empty => {
                    of_header("Location", headers, "a URL".to_owned())
                }
            },
            Refusal::RedirectScheme { .. } => {
                of_header("Location", headers, "an HTTP(S) URL".to_owned())
            }
            Refusal::RedirectCredentials { .. }
            | Refusal::RedirectCredentialsWithinOrigin { .. }
            | Refusal::RedirectCredentialsAfterCors { .. } => {
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
            Refusal::UrlCredentials => {
                Self::Url { url, expected: "a URL without a user name or password".to_owned() }
            }
            Refusal::OwnHeader { name } => {
                Self::Url { url, expected: format!("a request without {name}") }
            }
            Refusal::MixedContent => Self::Url { url, expected: "an https URL".to_owned() },
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

/// A header that cannot be parsed, of the headers that came. The place is one in the headers as they
/// were read. Up to the first wrong byte, both are the same, unless the engine left lines out.
fn of_invalid(invalid: &InvalidHeaderValue, came: &HeaderList, read: &HeaderList) -> Evidence {
    let count = |headers: &HeaderList| headers.values(invalid.name).count();
    let headers = if count(came) == count(read) { came } else { read };
    Evidence::Header {
        name: invalid.name,
        lines: headers.values(invalid.name).map(<[u8]>::to_vec).collect(),
        line: invalid.line,
        index: invalid.index,
        expected: invalid.expected.to_owned(),
    }
}

/// A list that misses `tokens`: marks a member that differs in its case alone, a `*` that does not
/// count, or the end.
fn of_list<T: AsRef<str>>(name: &'static str, tokens: &[T], headers: &HeaderList) -> Evidence {
    let tokens: Vec<_> = tokens.iter().map(AsRef::as_ref).collect();
    let lines: Vec<Vec<u8>> = headers.values(name).map(<[u8]>::to_vec).collect();
    let mut place = (lines.len().saturating_sub(1), lines.last().map_or(0, Vec::len));
    for (line, value) in lines.iter().enumerate().rev() {
        let mut index = 0;
        for member in value.split(|byte| *byte == b',') {
            let trimmed = member.trim_ascii();
            if trimmed == b"*"
                || tokens.iter().any(|token| trimmed.eq_ignore_ascii_case(token.as_bytes()))
            {
                place = (line, index + member.len() - member.trim_ascii_start().len());
            }
            index += member.len() + 1;
        }
    }
    Evidence::Header { name, lines, line: place.0, index: place.1, expected: tokens.join(", ") }
}
