//! Computes the answers that would grant what a page needs.

use browser_cors::{
    http::Method,
    origin::url_as_sent,
    request::CredentialsMode,
    response::Response,
    status::is_ok_status,
    transcript::{RecordedExchange, Transcript},
};
use serde::Serialize;

use super::file::Demands;

/// What a server must answer, in addition to its current answer.
///
/// ```
/// # use browser_cors_audit::expect::Finding;
/// # fn f(finding: &Finding) {
/// for answer in &finding.answers {
///     println!("{} {}: {}", answer.method, answer.url, answer.headers.join(", "));
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Answer {
    /// The method of the request.
    pub method: String,
    /// The URL of the request.
    pub url: String,
    /// The status, if the answer needs another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The header lines, such as `Vary: Origin`.
    pub headers: Vec<String>,
}

/// The answer that the judged exchange needs and, if that is a preflight, the answer that the
/// request after it needs. Empty if the origin is `null`, because any page can have that.
pub(super) fn grant(transcript: &Transcript, demands: &Demands) -> Vec<Answer> {
    let Some(last) = transcript.judged_exchange() else { return Vec::new() };
    match &last.preflight {
        Some(_) => preflight(transcript, last, demands)
            .into_iter()
            .chain(request(transcript, last, demands))
            .collect(),
        None => request(transcript, last, demands).into_iter().collect(),
    }
}

/// The answer that a preflight needs.
pub(super) fn preflight(
    transcript: &Transcript,
    exchange: &RecordedExchange,
    demands: &Demands,
) -> Option<Answer> {
    let credentials_mode = transcript.asked.credentials_mode;
    let answer = exchange.answer.as_ref().ok();
    let mut headers = origin(exchange, credentials_mode)?;
    for (request, response) in [
        ("Access-Control-Request-Method", "Access-Control-Allow-Methods"),
        ("Access-Control-Request-Headers", "Access-Control-Allow-Headers"),
    ] {
        if let Some(names) = exchange.header_list.get_decode_and_split(request) {
            let list = list(answer, response, &names, credentials_mode);
            headers.push(format!("{response}: {list}"));
        }
    }
    headers.extend(demands.preflight_every.map(|age| format!("Access-Control-Max-Age: {age}")));
    Some(Answer {
        method: Method::OPTIONS.to_string(),
        url: url_as_sent(&exchange.url).into_owned(),
        status: answer.filter(|answer| !is_ok_status(answer.status)).map(|_| 204),
        headers,
    })
}

/// The answer that a request needs, perhaps the one after a preflight.
pub(super) fn request(
    transcript: &Transcript,
    exchange: &RecordedExchange,
    demands: &Demands,
) -> Option<Answer> {
    const EXPOSE: &str = "Access-Control-Expose-Headers";
    let credentials_mode = transcript.asked.credentials_mode;
    let mut headers = origin(exchange, credentials_mode)?;
    let answer = exchange.answer.as_ref().ok().filter(|_| exchange.preflight.is_none());
    if !demands.read.is_empty() {
        let list = list(answer, EXPOSE, &demands.read, credentials_mode);
        headers.push(format!("{EXPOSE}: {list}"));
    }
    let method = exchange.header_list.get("Access-Control-Request-Method");
    let method = method.filter(|_| exchange.preflight.is_some()).map_or_else(
        || exchange.method.to_string(),
        |method| String::from_utf8_lossy(&method).into_owned(),
    );
    let url = url_as_sent(&exchange.url).into_owned();
    Some(Answer { method, url, status: None, headers })
}

/// The headers that share the answer with the exchange's origin.
fn origin(exchange: &RecordedExchange, credentials_mode: CredentialsMode) -> Option<Vec<String>> {
    let origin = exchange.header_list.get("Origin").filter(|origin| **origin != *b"null")?;
    let mut headers = vec![format!("Access-Control-Allow-Origin: {}", origin.escape_ascii())];
    if credentials_mode == CredentialsMode::Include {
        headers.push("Access-Control-Allow-Credentials: true".to_owned());
    }
    headers.push("Vary: Origin".to_owned());
    Some(headers)
}

/// The members that a list has, as far as they count, and those that it needs.
fn list(
    answer: Option<&Response>,
    name: &str,
    needed: &[String],
    credentials_mode: CredentialsMode,
) -> String {
    let listed = answer.and_then(|answer| answer.header_list.get_decode_and_split(name));
    let mut list: Vec<String> = listed.unwrap_or_default();
    list.retain(|member| {
        !member.is_empty()
            && !member.contains(|c: char| c.is_control() || c == ' ')
            && (member != "*" || credentials_mode != CredentialsMode::Include)
            && !needed.iter().any(|needed| needed.eq_ignore_ascii_case(member))
    });
    list.extend_from_slice(needed);
    list.join(", ")
}
