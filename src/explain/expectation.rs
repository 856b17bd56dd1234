//! What would make a response do what a test expects of it, where no network error says it.

use crate::{
    cors_check::CorsCheckSuccess,
    header::{
        extract::extract_tokens,
        safelist::{is_cors_safelisted_response_header_name, is_forbidden_response_header_name},
    },
    origin::url_as_sent,
    request::CredentialsMode,
    response::{FilteredResponse, ResponseType},
    transcript::{RecordedExchange, Transcript},
};

const EXPOSE: &str = "Access-Control-Expose-Headers";

/// So that the page may read a response that is opaque.
pub(crate) const fn fix_opaque(response: &FilteredResponse) -> &'static str {
    match response.kind() {
        ResponseType::OpaqueRedirect => "Ask with the redirect mode follow.",
        _ => "Ask with the mode cors.",
    }
}

/// So that the page may not read a response.
pub(crate) fn fix_sharing(transcript: &Transcript) -> String {
    let asked = last(transcript);
    let because = match transcript.cors_check_success() {
        None => {
            return "A page may read what its own origin answers: ask from another one.".to_owned();
        }
        Some(CorsCheckSuccess::Wildcard) => "name the one origin that may read it, or none",
        Some(_) => "compare the whole origin with those that may read it",
    };
    let origin = transcript.exchanges.last().and_then(|last| {
        let found = last.read()?.header_list.get("Access-Control-Allow-Origin")?;
        Some(found.escape_ascii().to_string())
    });
    let origin = origin.unwrap_or_default();
    format!("Answer {asked} without `Access-Control-Allow-Origin: {origin}`: {because}.")
}

/// So that the page may read a header.
pub(crate) fn fix_exposing(
    name: &str,
    response: &FilteredResponse,
    transcript: &Transcript,
) -> String {
    let asked = last(transcript);
    let headers = &response.internal_response().header_list;
    if is_forbidden_response_header_name(name) {
        return format!("Send it under another name: no page may read `{name}`.");
    }
    if !headers.contains(name) {
        return format!("Answer {asked} with the header `{name}`.");
    }
    let (listed, hint) = match extract_tokens(EXPOSE, headers) {
        Ok(Some(names)) if names.contains(&"*") => {
            let others: Vec<_> = names.into_iter().filter(|name| *name != "*").collect();
            (others, " With credentials, `*` is only a name.")
        }
        Ok(names) => (names.unwrap_or_default(), ""),
        Err(_) => (Vec::new(), " What it holds now cannot be parsed."),
    };
    let names: Vec<_> = listed.into_iter().chain([name]).collect();
    format!("Answer {asked} with `{EXPOSE}: {}`.{hint}", names.join(", "))
}

/// So that the page may not read a header.
pub(crate) fn fix_hiding(
    name: &str,
    response: &FilteredResponse,
    transcript: &Transcript,
) -> String {
    let asked = last(transcript);
    if response.kind() == ResponseType::Basic {
        return format!("Answer {asked} without `{name}`: a page may read all of its own origin.");
    }
    if is_cors_safelisted_response_header_name(name, &[]) {
        return format!(
            "Answer {asked} without `{name}`: it is safelisted, so it needs no listing."
        );
    }
    let names = extract_tokens(EXPOSE, &response.internal_response().header_list);
    if names.is_ok_and(|names| names.is_some_and(|names| names.contains(&"*")))
        && transcript.asked.credentials_mode != CredentialsMode::Include
    {
        return format!("Answer {asked} with an `{EXPOSE}` that lists names instead of `*`.");
    }
    format!("Answer {asked} without `{name}` in `{EXPOSE}`.")
}

/// So that a fetch like that of `preflight` needs none, in an engine that keeps entries for `limit`
/// seconds at most.
pub(crate) fn fix_caching(preflight: &RecordedExchange, limit: u64) -> String {
    let max_age = preflight.read().and_then(|answer| {
        let value = answer.header_list.get("Access-Control-Max-Age")?;
        str::from_utf8(&value).ok()?.parse::<u64>().ok()
    });
    if max_age.is_some_and(|max_age| max_age > limit) {
        return format!(
            "Expect it for {limit} seconds at most: more of `Access-Control-Max-Age` is not kept."
        );
    }
    format!(
        "Answer OPTIONS {} with an `Access-Control-Max-Age` that is longer than the time between \
         the fetches.",
        url_as_sent(&preflight.url)
    )
}

/// What the last exchange asked.
fn last(transcript: &Transcript) -> String {
    match transcript.exchanges.last() {
        Some(last) => format!("{} {}", last.method, url_as_sent(&last.url)),
        None => format!("{} {}", transcript.asked.method, url_as_sent(&transcript.asked.url)),
    }
}
