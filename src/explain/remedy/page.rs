//! What is to be changed in the page's code: headers that do not belong into a request, values that
//! need a preflight, methods that are written in another case than browsers send them.

use http::Method;

use crate::{
    explain::cause::usual_method, fetch::PreflightReason, header::safelist::NotSafelisted,
};

/// Headers that only a server sends. A page that sets one of them has put it on the wrong side.
const OF_RESPONSES: [&str; 21] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-allow-private-network",
    "content-security-policy",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "server",
    "set-cookie",
    "strict-transport-security",
    "timing-allow-origin",
    "vary",
    "x-content-type-options",
    "x-frame-options",
    "x-xss-protection",
];

/// Options of `fetch()`, `XMLHttpRequest`, jQuery and axios that are no headers.
const OPTIONS: [&str; 12] = [
    "credentials",
    "cors",
    "cross-domain",
    "crossdomain",
    "crossorigin",
    "mode",
    "no-cors",
    "redirect",
    "referrerpolicy",
    "withcredentials",
    "with-credentials",
    "xhrfields",
];

/// Headers that do not belong into a request.
#[derive(Debug)]
pub(in crate::explain) struct Misplaced {
    of_responses: Vec<String>,
    options: Vec<String>,
}

/// Takes the names of headers that do not belong into a request, in lower case.
pub(in crate::explain) fn take_misplaced(names: &mut Vec<String>) -> Misplaced {
    let mut take = |known: &[&str]| names.extract_if(.., |name| known.contains(&&**name)).collect();
    Misplaced { of_responses: take(&OF_RESPONSES), options: take(&OPTIONS) }
}

/// What to do with them.
pub(super) fn on_misplaced(misplaced: &Misplaced) -> impl Iterator<Item = String> {
    let of_responses = (!misplaced.of_responses.is_empty()).then(|| {
        format!(
            "Remove {} from the request: only servers send such headers, with their answers.",
            named(&misplaced.of_responses)
        )
    });
    let options = (!misplaced.options.is_empty()).then(|| {
        format!(
            "Remove {} from the headers: such names are options of the call, and no headers.",
            named(&misplaced.options)
        )
    });
    of_responses.into_iter().chain(options)
}

/// How the page can do without the listing of these headers, where only their values need it.
pub(super) fn on_headers(
    names: &[String],
    reasons: &[PreflightReason],
    method: &Method,
) -> Vec<String> {
    let is_needed = |name: &str| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    let mut advice = Vec::new();
    for reason in reasons {
        let PreflightReason::Header { name, reason } = reason else { continue };
        let is_type = name.eq_ignore_ascii_case("content-type");
        match reason {
            _ if !is_needed(name) => {}
            _ if is_type && matches!(*method, Method::GET | Method::HEAD) => advice.push(format!(
                "Or, in the page's code, leave `{name}` away: {method} has no body."
            )),
            NotSafelisted::Name | NotSafelisted::MimeType | NotSafelisted::ClientHint => {}
            reason => advice.push(format!(
                "Or, in the page's code, give `{name}` a value that needs no listing: {reason}."
            )),
        }
    }
    advice
}

/// What to write in place of a method that is not in upper case, as methods are meant to be.
pub(super) fn other_method(method: &Method) -> Option<String> {
    let usual = usual_method(method.as_str()).filter(|usual| *usual != method.as_str())?;
    Some(format!("Or, better, in the page's code, write `{usual}` in upper case."))
}

fn named(names: &[String]) -> String {
    super::and(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>())
}
