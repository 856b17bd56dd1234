//! Firefox: the web console.

use super::{Complaint, Failure, Field, Message, Next, Template, find, template};
use crate::{
    cors_check::CorsCheckFailure,
    engine::{Engine, Profile},
    fetch::{PreflightFailure, Refusal},
    header::extract::InvalidHeaderValue,
    request::{Mode, RedirectMode},
};

/// How each message begins.
const FRAME: Template = Template(
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource \
     at {url}. (Reason: ",
);

/// The same with quotes, which one message has.
const FRAME_WITH_QUOTES: Template = Template(
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource \
     at ‘{url}’. (Reason: ",
);

/// How a warning begins.
const FRAME_OF_WARNING: Template =
    Template("The Same Origin Policy will disallow reading the remote resource at {url} soon.");

/// The reasons. Where several have the same complaint, the first is printed.
pub(super) const TEMPLATES: &[(Complaint, Template)] = &[
    (
        Complaint::AllowOriginMissing,
        Template("CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}."),
    ),
    (
        Complaint::AllowOriginMissing,
        Template("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing)"),
    ),
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
    (Complaint::PreflightStatus, Template("(Reason: CORS preflight response did not succeed)")),
    (Complaint::PreflightStatus, Template("(Reason: CORS preflight channel did not succeed)")),
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
            "(Reason: When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header \
             is not covered.",
        ),
    ),
    (Complaint::Scheme, Template("(Reason: CORS request not http)")),
    (Complaint::NoResponse, Template("CORS request did not succeed). Status code: (null).")),
    (Complaint::NoResponse, Template("(Reason: CORS request did not succeed)")),
    (Complaint::Disabled, Template("(Reason: CORS disabled)")),
];

pub(super) fn recognize(text: &str) -> Option<Message> {
    let (complaint, mut values) = find(TEMPLATES, text)?;
    let frames = [FRAME_WITH_QUOTES, FRAME, FRAME_OF_WARNING];
    if let Some(frame) = frames.iter().find_map(|frame| frame.find(text)) {
        values.append(&frame);
    }
    Some(Message::new(Engine::Firefox, complaint, values))
}

pub(super) fn messages(failure: &Failure<'_>) -> Vec<String> {
    let Some(last) = failure.last() else { return Vec::new() };
    if failure.transcript.asked.mode != Mode::Cors {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let mut print = |complaint, value: &str| {
        let frame = match complaint {
            Complaint::WildcardWithCredentials => FRAME_WITH_QUOTES,
            _ => FRAME,
        };
        let mut line = frame.fill(&[(Field::Url, last.url.as_str())]);
        let values = [(Field::Value, value), (Field::Header, value), (Field::Status, value)];
        line.push_str(&template(TEMPLATES, complaint).fill(&values));
        lines.push(line);
    };
    let status = failure.status().to_string();
    let next = match failure.transcript.asked.redirect_mode {
        RedirectMode::Follow => failure.next(&Profile::FIREFOX),
        RedirectMode::Error | RedirectMode::Manual => Next::Nowhere,
    };
    let is_redirect = !matches!(next, Next::Nowhere);
    match &failure.error.refusal {
        Refusal::CorsCheck(check) => {
            // A redirect that cannot be made does not come as far as the check.
            let never_comes = match &next {
                Next::Nowhere => false,
                Next::Url(url) => url.scheme() == "data" || failure.has_redirected_to_the_limit(),
                Next::Invalid(_) => true,
            };
            if !never_comes {
                let (complaint, value) = of_check(check, &status);
                print(complaint, &value);
            }
            if is_redirect {
                print(Complaint::NoResponse, "");
            }
        }
        Refusal::Preflight(preflight) => {
            match preflight {
                PreflightFailure::Transport(_) => {}
                PreflightFailure::CorsCheck(check) => {
                    let (complaint, value) = of_check(check, &status);
                    print(complaint, &value);
                    if is_redirect {
                        print(Complaint::NoResponse, "");
                    }
                }
                PreflightFailure::Status { .. } => {
                    if is_redirect {
                        print(Complaint::PreflightRedirect, "");
                    }
                    print(Complaint::PreflightStatus, &status);
                }
                PreflightFailure::AllowMethods(invalid) => {
                    print(Complaint::AllowMethodsInvalid, &wrong_member(invalid));
                }
                PreflightFailure::AllowHeaders(invalid) => {
                    print(Complaint::AllowHeadersInvalid, &wrong_member(invalid));
                }
                PreflightFailure::Method { .. } => print(Complaint::Method, ""),
                PreflightFailure::Headers { names, .. } => {
                    print(Complaint::Header, names.first().map_or("", String::as_str));
                }
            }
            print(Complaint::NoResponse, "");
        }
        Refusal::RedirectCredentials { .. } => print(Complaint::NoResponse, ""),
        Refusal::Location(_)
        | Refusal::RedirectScheme { .. }
        | Refusal::RedirectCount { .. }
        | Refusal::RedirectCredentialsWithinOrigin { .. }
        | Refusal::RedirectCredentialsAfterCors { .. }
        | Refusal::RedirectStream { .. }
        | Refusal::BadPort { .. }
        | Refusal::Transport(_)
            if failure.was_cross_origin() =>
        {
            print(Complaint::NoResponse, "");
        }
        _ => {}
    }
    lines
}

fn of_check(check: &CorsCheckFailure, status: &str) -> (Complaint, String) {
    match check {
        CorsCheckFailure::NoAllowOrigin => (Complaint::AllowOriginMissing, status.to_owned()),
        CorsCheckFailure::SeveralAllowOrigin { .. } => {
            (Complaint::AllowOriginSeveral, String::new())
        }
        CorsCheckFailure::WildcardWithCredentials { .. } => {
            (Complaint::WildcardWithCredentials, String::new())
        }
        CorsCheckFailure::OriginMismatch { found, .. } => {
            (Complaint::AllowOriginMismatch, String::from_utf8_lossy(found).into_owned())
        }
        CorsCheckFailure::CredentialsNotAllowed { .. } => {
            (Complaint::CredentialsNotAllowed, String::new())
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
