//! Firefox: the web console.

use super::{Complaint, Failure, Field, Next, Template, read::Role, template, was_cross_origin};
use crate::{
    cors_check::CorsCheckFailure,
    fetch::{
        Outcome, PreflightFailure, Refusal,
        blocked::{blocked_mime_type, is_blocked_by_nosniff},
    },
    header::{extract::InvalidHeaderValue, mime::extract_a_mime_type},
    page::loads::{Load, RecordedLoad},
    request::{Mode, RedirectMode},
    response::InvalidLocation,
};

/// The beginning of each message.
const FRAME: Template = Template(
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource \
     at {url}. (Reason: ",
);

/// The beginning of one message, which has quotes.
const FRAME_WITH_QUOTES: Template = Template(
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource \
     at ‘{url}’. (Reason: ",
);

/// The beginning of a warning.
const FRAME_OF_WARNING: Template =
    Template("The Same Origin Policy will disallow reading the remote resource at {url} soon.");

/// What stands around the reasons.
pub(super) const AROUND: &[(Role, Template)] = &[
    (
        Role::Frame,
        Template(
            "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
             resource at {url}.",
        ),
    ),
    (Role::Frame, FRAME_OF_WARNING),
    (Role::Opening, Template("(Reason:")),
    (Role::Tail, Template("Status code: {status}.")),
];

/// The reasons. If several have the same complaint, the first is printed.
pub(super) const TEMPLATES: &[(Complaint, Template)] = &[
    (
        Complaint::AllowOriginMissing,
        Template("CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}."),
    ),
    (Complaint::AllowOriginMissing, Template("CORS header ‘Access-Control-Allow-Origin’ missing)")),
    (
        Complaint::AllowOriginMismatch,
        Template("CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’)."),
    ),
    (
        Complaint::AllowOriginSeveral,
        Template("Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed)."),
    ),
    (
        Complaint::WildcardWithCredentials,
        Template(
            "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
        ),
    ),
    (
        Complaint::CredentialsNotAllowed,
        Template("expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’)."),
    ),
    (Complaint::PreflightRedirect, Template("CORS request external redirect not allowed).")),
    (
        Complaint::PreflightStatus,
        Template("CORS preflight response did not succeed). Status code: {status}."),
    ),
    (Complaint::PreflightStatus, Template("CORS preflight response did not succeed)")),
    (Complaint::PreflightStatus, Template("CORS preflight channel did not succeed)")),
    (Complaint::PreflightStatus, Template("CORS preflight channel failed)")),
    (
        Complaint::AllowMethodsInvalid,
        Template("invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Methods’)."),
    ),
    (
        Complaint::AllowHeadersInvalid,
        Template("invalid token ‘{value}’ in CORS header ‘Access-Control-Allow-Headers’)."),
    ),
    (
        Complaint::Method,
        Template("Did not find method in CORS header ‘Access-Control-Allow-Methods’)."),
    ),
    (
        Complaint::Header,
        Template(
            "header ‘{header}’ is not allowed according to header ‘Access-Control-Allow-Headers’ \
             from CORS preflight response).",
        ),
    ),
    (
        Complaint::Header,
        Template(
            "missing token ‘{header}’ in CORS header ‘Access-Control-Allow-Headers’ from CORS \
             preflight channel)",
        ),
    ),
    (
        Complaint::AuthorizationUnderWildcard,
        Template(
            "When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header \
             is not covered.",
        ),
    ),
    (Complaint::Scheme, Template("CORS request not http).")),
    (Complaint::NoResponse, Template("CORS request did not succeed). Status code: (null).")),
    (Complaint::NoResponse, Template("CORS request did not succeed)")),
    (Complaint::NoResponse, Template("(Reason: CORS request failed)")),
    (Complaint::Disabled, Template("(Reason: CORS disabled)")),
    (Complaint::OriginHeaderNotAdded, Template("CORS header ‘Origin’ cannot be added)")),
    // Up to Firefox 35.
    (
        Complaint::NoReason,
        Template("This can be fixed by moving the resource to the same domain or enabling CORS."),
    ),
];

pub(super) fn messages(failure: &Failure<'_>) -> Vec<String> {
    let mut lines = Lines::new(failure);
    if failure.transcript.asked.mode != Mode::Cors {
        return lines.lines;
    }
    let next = match failure.transcript.asked.redirect_mode {
        RedirectMode::Follow => failure.next(),
        RedirectMode::Error | RedirectMode::Manual => Next::Nowhere,
    };
    let is_redirect = !matches!(next, Next::Nowhere);
    // Firefox does not check a redirect that it cannot follow.
    let is_checked = match &next {
        Next::Nowhere => true,
        Next::Url(url) => {
            let is_beyond = !failure.is_preflight() && failure.has_redirected_to_the_limit();
            !is_beyond && !NEVER_REDIRECTED_TO.contains(&url.scheme())
        }
        Next::Invalid(_) => false,
    };
    match &failure.error.refusal {
        Refusal::CorsCheck(check) => {
            if is_checked {
                lines.print_check(check);
            }
            if is_redirect {
                lines.print(Complaint::NoResponse, "");
            }
        }
        Refusal::Preflight(preflight) => {
            if is_checked {
                lines.print_preflight(preflight, is_redirect);
            } else {
                lines.print(Complaint::NoResponse, "");
            }
            lines.print(Complaint::NoResponse, "");
        }
        Refusal::NotHttpScheme { scheme } if !NEVER_REDIRECTED_TO.contains(&scheme.as_str()) => {
            lines.print(Complaint::Scheme, "");
        }
        Refusal::RedirectCredentials { .. } => lines.print(Complaint::NoResponse, ""),
        Refusal::BadPort { .. }
            if failure.last().is_some()
                && failure.error.url_list.iter().any(|url| failure.is_cross_origin(url)) =>
        {
            lines.print(Complaint::NoResponse, "");
        }
        Refusal::Location(_)
        | Refusal::RedirectScheme { .. }
        | Refusal::RedirectCount { .. }
        | Refusal::RedirectCredentialsWithinOrigin { .. }
        | Refusal::RedirectCredentialsAfterCors { .. }
        | Refusal::RedirectStream { .. }
        | Refusal::Transport(_)
            if failure.was_cross_origin() =>
        {
            lines.print(Complaint::NoResponse, "");
        }
        _ => {}
    }
    lines.lines
}

/// What is printed about a script or a style sheet with CORS of another origin that is refused for its
/// type. Firefox looks at the type before it checks whether CORS shares the response.
pub(super) fn of_refused_type(record: &RecordedLoad) -> Option<Vec<String>> {
    let transcript = &record.transcript;
    let asked = &transcript.asked;
    let last = transcript.judged_exchange().filter(|last| last.preflight.is_none())?;
    let headers = &last.read()?.header_list;
    let is_of_module = record.load == Load::ModuleScript;
    let has_wrong_type = blocked_mime_type(headers, asked.destination).is_some()
        || is_blocked_by_nosniff(headers, asked.destination)
        || (is_of_module && !extract_a_mime_type(headers).is_some_and(|it| it.is_javascript()));
    let is_judged = match &transcript.outcome {
        Outcome::NetworkError(error) => matches!(
            error.refusal,
            Refusal::CorsCheck(_) | Refusal::MimeType { .. } | Refusal::Nosniff
        ),
        Outcome::Response { .. } => is_of_module,
    };
    let is_redirect = !matches!(last.location, Ok(None) | Err(InvalidLocation::Empty));
    let is_elsewhere = was_cross_origin(transcript);
    if asked.mode != Mode::Cors || !has_wrong_type || !is_judged || is_redirect || !is_elsewhere {
        return None;
    }
    let mut lines = Lines { url: last.url.as_str(), status: String::new(), lines: Vec::new() };
    lines.print(Complaint::NoResponse, "");
    Some(lines.lines)
}

/// Schemes that pages may not fetch from and that the network does not redirect to.
const NEVER_REDIRECTED_TO: [&str; 4] = ["blob", "data", "file", "javascript"];

/// The most characters that Firefox prints of a message.
const LENGTH_LIMIT: usize = 1000;

/// The lines about one URL.
struct Lines<'a> {
    /// The URL of the last exchange; without an exchange, that of the fetch.
    url: &'a str,
    /// The status of the last answer.
    status: String,
    lines: Vec<String>,
}

impl<'a> Lines<'a> {
    fn new(failure: &Failure<'a>) -> Self {
        let asked = &failure.transcript.asked.url;
        let url = failure.last().map_or(asked, |last| &last.url).as_str();
        Self { url, status: failure.status().to_string(), lines: Vec::new() }
    }

    fn print(&mut self, complaint: Complaint, value: &str) {
        let frame = match complaint {
            Complaint::WildcardWithCredentials => FRAME_WITH_QUOTES,
            _ => FRAME,
        };
        let values = [(Field::Value, value), (Field::Header, value), (Field::Status, &self.status)];
        let reason = template(TEMPLATES, complaint).fill(&values);
        let line = frame.fill(&[(Field::Url, self.url)]) + &reason;
        self.lines.push(line.chars().take(LENGTH_LIMIT).collect());
    }

    fn print_check(&mut self, check: &CorsCheckFailure) {
        let complaint = match check {
            CorsCheckFailure::NoAllowOrigin => Complaint::AllowOriginMissing,
            CorsCheckFailure::SeveralAllowOrigin { .. } => Complaint::AllowOriginSeveral,
            CorsCheckFailure::WildcardWithCredentials { .. } => Complaint::WildcardWithCredentials,
            CorsCheckFailure::OriginMismatch { found, .. } => {
                let found = String::from_utf8_lossy(found);
                return self.print(Complaint::AllowOriginMismatch, &found);
            }
            CorsCheckFailure::CredentialsNotAllowed { .. } => Complaint::CredentialsNotAllowed,
        };
        self.print(complaint, "");
    }

    fn print_preflight(&mut self, failure: &PreflightFailure, is_redirect: bool) {
        match failure {
            PreflightFailure::Transport(_) => self.print(Complaint::NoResponse, ""),
            PreflightFailure::CorsCheck(check) => {
                self.print_check(check);
                if is_redirect {
                    self.print(Complaint::NoResponse, "");
                }
            }
            PreflightFailure::Status { .. } => {
                if is_redirect {
                    self.print(Complaint::PreflightRedirect, "");
                }
                self.print(Complaint::PreflightStatus, "");
            }
            PreflightFailure::AllowMethods(invalid) => {
                self.print(Complaint::AllowMethodsInvalid, &wrong_member(invalid));
            }
            PreflightFailure::AllowHeaders(invalid) => {
                self.print(Complaint::AllowHeadersInvalid, &wrong_member(invalid));
            }
            PreflightFailure::Method { .. } => self.print(Complaint::Method, ""),
            PreflightFailure::Headers { names, .. } => {
                self.print(Complaint::Header, names.first().map_or("", String::as_str));
            }
        }
    }
}

/// The member of a list that is no token.
fn wrong_member(invalid: &InvalidHeaderValue) -> String {
    let mut end = 0;
    let member = invalid.value.split(|byte| *byte == b',').find(|member| {
        end += member.len() + 1;
        invalid.index < end
    });
    String::from_utf8_lossy(member.unwrap_or_default().trim_ascii()).into_owned()
}
