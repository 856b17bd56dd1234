//! Runs `fetch()` against scripted answers.

use std::{collections::BTreeMap, sync::Arc};

use browser_cors::{
    environment::Environment,
    fetch::{Action, Context, Exchange, Outcome, TransportFailure, UserAgent, fetch},
    header::{HeaderList, InvalidHeader},
    http::HeaderValue,
    origin::RegistrableDomain,
    page::{
        body::BodyInit,
        fetch_api::{RequestInit, construct_request},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, Request},
    response::{FilteredResponse, Response},
    url::Url,
};
use serde::{Deserialize, Serialize};

use crate::table::Case;

/// The URL of the page, unless a case sets another.
pub(crate) const PAGE: &str = "http://web-platform.test:8000/";

/// What a page fetches, and how the servers answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    page: Option<String>,
    request: Init,
    /// The answers to preflights, in order.
    #[serde(default)]
    preflights: Vec<Answer>,
    /// The answers to all other requests, in order.
    #[serde(default)]
    answers: Vec<Answer>,
}

/// The arguments of `fetch()`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Init {
    url: String,
    method: Option<String>,
    headers: Option<Vec<(String, String)>>,
    body: Option<Content>,
    referrer: Option<String>,
    referrer_policy: Option<String>,
    mode: Option<String>,
    credentials: Option<String>,
    redirect: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
enum Content {
    Blob(String),
    Text(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
}

/// The course of a fetch. It contains only what the case asks for.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Course {
    /// The type of the response, or "response" for any; or the error.
    outcome: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The methods of the requests in order, with "preflight" for preflights.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<Vec<String>>,
    /// The values of a header in the last preflights.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    preflight_headers: BTreeMap<String, Vec<Option<String>>>,
    /// The values of a header in the last requests that are not preflights.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    request_headers: BTreeMap<String, Vec<Option<String>>>,
    /// The bodies of the last requests that are not preflights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    bodies: Vec<Option<String>>,
    /// The values that the page reads under a name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    readable: BTreeMap<String, Option<String>>,
}

/// Runs the fetch of a case, and returns the parts of the course that the case asks for.
pub(crate) fn run(case: &Case<Script, Course>) -> Course {
    let (script, asked) = (&case.input, &case.expect);
    let mut log = Vec::new();
    let ending = match script.request.construct(script.page.as_deref().unwrap_or(PAGE)) {
        Ok(request) => drive(request, script, &mut log),
        Err(error) => Ending::Error(error),
    };
    let (preflights, requests): (Vec<_>, Vec<_>) = log.iter().partition(|sent| sent.is_preflight);
    Course {
        outcome: match &ending {
            Ending::Response(_) if asked.outcome == "response" => "response",
            Ending::Response(response) => response.kind().as_str(),
            Ending::Error(error) => error,
        }
        .to_owned(),
        status: asked.status.map(|_| ending.response().map_or(0, FilteredResponse::status)),
        sent: asked.sent.as_ref().map(|_| log.iter().map(|sent| sent.method.clone()).collect()),
        preflight_headers: values(&preflights, &asked.preflight_headers),
        request_headers: values(&requests, &asked.request_headers),
        bodies: last(&requests, asked.bodies.len()).map(|sent| sent.body.clone()).collect(),
        readable: asked.readable.keys().map(|name| (name.clone(), ending.read(name))).collect(),
    }
}

/// The headers as an HTTP parser returns them, or the one that it refuses.
pub(crate) fn header_list(headers: &[(String, String)]) -> Result<HeaderList, InvalidHeader> {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.append(name, bytes(value.trim_matches([' ', '\t'])))?;
    }
    Ok(list)
}

/// The bytes of a text of one byte a character.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).expect("one byte a character")).collect()
}

/// The text of one byte a character.
pub(crate) fn text(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Parses a URL.
pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// How a fetch ends.
enum Ending {
    Response(FilteredResponse),
    Error(&'static str),
}

/// The request of an exchange.
struct Sent {
    is_preflight: bool,
    method: String,
    header_list: HeaderList,
    body: Option<String>,
}

impl Init {
    fn construct(&self, page: &str) -> Result<Request, &'static str> {
        let page = Arc::new(Environment::new(url(page)));
        let mut init = RequestInit::new();
        init.method = self.method.as_deref().map(bytes);
        init.headers = self.headers.as_ref().map(|headers| {
            headers.iter().map(|(name, value)| (bytes(name), bytes(value))).collect()
        });
        init.body = self.body.as_ref().map(|body| match body {
            Content::Blob(blob) => {
                BodyInit::Blob { bytes: blob.clone().into_bytes(), kind: String::new() }
            }
            Content::Text(text) => BodyInit::Text(text.clone()),
        });
        init.referrer = self.referrer.clone();
        init.referrer_policy = named(self.referrer_policy.as_deref());
        init.mode = named(self.mode.as_deref());
        init.credentials = named(self.credentials.as_deref());
        init.redirect = named(self.redirect.as_deref());
        construct_request(self.url.as_str(), init, &page).map_err(|_| "type error")
    }
}

impl Ending {
    const fn response(&self) -> Option<&FilteredResponse> {
        match self {
            Self::Response(response) => Some(response),
            Self::Error(_) => None,
        }
    }

    fn read(&self, name: &str) -> Option<String> {
        self.response()?.header(name).map(|value| text(&value))
    }
}

impl From<&Exchange> for Sent {
    fn from(exchange: &Exchange) -> Self {
        let is_preflight = exchange.is_preflight();
        let method = if is_preflight { "preflight" } else { exchange.method().as_str() };
        Self {
            is_preflight,
            method: method.to_owned(),
            header_list: exchange.header_list().clone(),
            body: exchange.body().map(|body| match body {
                Body::Source(source) => text(source),
                Body::Replayable { .. } | Body::Stream => panic!("no case has a stream"),
            }),
        }
    }
}

fn drive(request: Request, script: &Script, log: &mut Vec<Sent>) -> Ending {
    let mut user_agent = UserAgent::new(LastTwoLabels);
    user_agent.product = Some(HeaderValue::from_static("a browser"));
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let (mut preflights, mut answers) = (script.preflights.iter(), script.answers.iter());
    let mut action = fetch(request, &mut context);
    loop {
        action = match action {
            Action::Send(exchange) => {
                log.push(Sent::from(&exchange));
                let answers = if exchange.is_preflight() { &mut preflights } else { &mut answers };
                let Some(answer) = answers.next() else {
                    return Ending::Error("no answer is left");
                };
                match header_list(&answer.headers) {
                    Ok(list) => exchange.receive(
                        Response::new(answer.status, list),
                        context.now,
                        &mut context,
                    ),
                    Err(invalid) => {
                        exchange.fail(TransportFailure::new(invalid.to_string()), &mut context)
                    }
                }
            }
            Action::Finish(Outcome::Response { response, .. }) => {
                return Ending::Response(response);
            }
            Action::Finish(Outcome::NetworkError(_)) => return Ending::Error("network error"),
        };
    }
}

/// The values of each header that is asked for, in the last requests.
fn values(
    sent: &[&Sent],
    asked: &BTreeMap<String, Vec<Option<String>>>,
) -> BTreeMap<String, Vec<Option<String>>> {
    let value = |name: &str, sent: &Sent| sent.header_list.get(name).map(|value| text(&value));
    asked
        .iter()
        .map(|(name, asked)| {
            (name.clone(), last(sent, asked.len()).map(|sent| value(name, sent)).collect())
        })
        .collect()
}

fn last<'a>(sent: &[&'a Sent], count: usize) -> impl Iterator<Item = &'a Sent> {
    sent[sent.len().saturating_sub(count)..].iter().copied()
}

fn named<T: std::str::FromStr>(name: Option<&str>) -> Option<T> {
    name.map(|name| name.parse().unwrap_or_else(|_| panic!("{name} is not known")))
}

/// The registrable domains of a network whose public suffixes have one label.
#[derive(Debug)]
struct LastTwoLabels;

impl RegistrableDomain for LastTwoLabels {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        let (dot, _) = domain.rmatch_indices('.').next()?;
        Some(domain[..dot].rfind('.').map_or(domain, |dot| &domain[dot + 1..]))
    }
}
