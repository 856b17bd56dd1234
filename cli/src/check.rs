//! `browser-cors check`: a page's fetch against a live server.

use std::{
    borrow::Cow,
    fmt,
    io::{self, BufWriter, Write},
    process::ExitCode,
    sync::Arc,
};

use browser_cors::{
    environment::Environment,
    fetch::{
        Context, NetworkError, Outcome, PreflightFailure, Refusal, TransportFailure, UserAgent,
    },
    headers::{Guard, Headers},
    http::HeaderValue,
    page::{
        body::BodyInit,
        fetch_api::{RequestInfo, RequestInit, RequestTypeError, construct_request},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{Mode, Request},
    response::ResponseType,
    scenario::{Api, FetchOutcome},
    transcript::{Transcript, url_as_sent},
    url::{Host, ParseError, Url},
};
use serde::Serialize;

use crate::{
    args::{CheckArgs, Format},
    network::{Cookie, Network, Settings},
};

pub(crate) fn run(args: &CheckArgs) -> ExitCode {
    let text = &args.url;
    if Url::parse(text) == Err(ParseError::RelativeUrlWithoutBase) {
        return unjudged(format_args!("`{text}` is not an absolute URL: `https://{text}`, maybe?"));
    }
    for header in dropped_headers(args) {
        eprintln!("note: {header}; dropped");
    }
    let outcome = fetch(args);
    if let FetchOutcome::Done { transcript, .. } = &outcome {
        for url in mixed_content(transcript) {
            let url = url_as_sent(url);
            eprintln!("note: a browser does not ask for {url} in a page of https (mixed content)");
        }
    }
    match print(args, &outcome) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            unjudged(format_args!("cannot write the outcome: {error}"))
        }
        _ => judged(&outcome),
    }
}

/// Does what the page asks for.
fn fetch(args: &CheckArgs) -> FetchOutcome {
    let request = match request(args) {
        Ok(request) => request,
        Err(error) => return FetchOutcome::TypeError(error),
    };
    let mut user_agent = UserAgent::for_profile(args.engine.profile());
    user_agent.user_agent = Some(HeaderValue::from_static(USER_AGENT));
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let settings = Settings { timeout: args.timeout, resolve: args.resolve.clone() };
    let network = Network::new(&settings);
    let host = request.url().host().map(|host| host.to_owned());
    let cookie = host.zip(args.cookie.clone()).map(|(host, value)| Cookie { host, value });
    let transcript = Transcript::record(request, &mut context, |exchange| {
        network.send(exchange, cookie.as_ref()).map_err(|failure| failure.reason)
    });
    FetchOutcome::Done { api: Api::Fetch, transcript: Box::new(transcript) }
}

/// What the page asks for, or why it cannot.
fn request(args: &CheckArgs) -> Result<Request, RequestTypeError> {
    let page = match &args.origin {
        origin if origin.is_opaque() => "about:blank",
        origin => origin.serialized(),
    };
    let page = Url::parse(page)
        .map_err(|reason| RequestTypeError::Url { text: page.to_owned(), reason })?;
    let method = match (&args.method, &args.data) {
        (Some(method), _) => method,
        (None, Some(_)) => "POST",
        (None, None) => "GET",
    };
    let headers = args.headers.iter().map(|header| (header.name.clone(), header.value.clone()));
    let init = RequestInit {
        method: Some(method.as_bytes().to_vec()),
        headers: Some(headers.collect()),
        body: args.data.clone().map(BodyInit::Text),
        mode: Some(args.mode),
        credentials: Some(args.credentials),
        redirect: Some(args.redirect),
        ..RequestInit::default()
    };
    construct_request(
        RequestInfo::Url(&args.url),
        init,
        &Arc::new(Environment::new(page)),
        &args.engine.profile(),
    )
}

/// The headers that the browser drops without a word.
fn dropped_headers(args: &CheckArgs) -> Vec<String> {
    let (guard, condition) = match args.mode {
        Mode::NoCors => (Guard::RequestNoCors, "in the mode no-cors, "),
        _ => (Guard::Request, ""),
    };
    let mut headers = Headers::new(guard);
    let mut dropped = Vec::new();
    for header in &args.headers {
        if headers.append(&header.name, &header.value) == Ok(false) {
            let name = header.name.escape_ascii();
            dropped.push(format!("{condition}a page cannot set `{name}`"));
        }
    }
    dropped
}

/// The URLs that a browser would not even ask for, since the page is safer than they are.
fn mixed_content(transcript: &Transcript) -> Vec<&Url> {
    if !transcript.asked.origin.starts_with("https://") {
        return Vec::new();
    }
    let urls = transcript.exchanges.iter().map(|exchange| &exchange.url);
    let mut urls: Vec<_> =
        urls.filter(|url| url.scheme() == "http" && !is_on_this_machine(url)).collect();
    urls.dedup();
    urls
}

fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn print(args: &CheckArgs, outcome: &FetchOutcome) -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    let console =
        args.engine.profile().console.map_or_else(Vec::new, |engine| outcome.console(engine));
    match args.format {
        Format::Text => {
            write!(output, "{outcome}")?;
            console.iter().try_for_each(|line| writeln!(output, "console: {line}"))?;
        }
        Format::Json => {
            let line = Line { id: &args.url, fetches: [outcome], console: &console };
            serde_json::to_writer(&mut output, &line)?;
            output.write_all(b"\n")?;
        }
    }
    output.flush()
}

/// What `simulate` writes for a scenario of one fetch.
#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    fetches: [&'a FetchOutcome; 1],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    console: &'a [String],
}

fn judged(outcome: &FetchOutcome) -> ExitCode {
    let transcript = match outcome {
        FetchOutcome::Done { transcript, .. } => transcript,
        FetchOutcome::TypeError(error) => {
            return unjudged(format_args!("a page cannot ask this: {error} ({})", error.step()));
        }
        other => return unjudged(format_args!("{other}")),
    };
    let may_read = match &transcript.outcome {
        Outcome::Response(response) => {
            matches!(response.kind(), ResponseType::Basic | ResponseType::Cors)
        }
        Outcome::NetworkError(error) => {
            if let Some(failure) = transport_failure(error) {
                let last = transcript.exchanges.last();
                let method = last.map_or("", |exchange| exchange.method.as_str());
                let url = last.map_or(Cow::Borrowed(""), |exchange| url_as_sent(&exchange.url));
                return unjudged(format_args!("{method} {url} failed: {failure}"));
            }
            false
        }
    };
    ExitCode::from(if may_read { READABLE } else { NOT_READABLE })
}

/// What went wrong on the network, if that ended the fetch.
pub(crate) const fn transport_failure(error: &NetworkError) -> Option<&TransportFailure> {
    match &error.refusal {
        Refusal::Transport(failure) | Refusal::Preflight(PreflightFailure::Transport(failure)) => {
            Some(failure)
        }
        _ => None,
    }
}

fn unjudged(problem: fmt::Arguments<'_>) -> ExitCode {
    eprintln!("browser-cors: {problem}");
    ExitCode::from(UNJUDGED)
}

const READABLE: u8 = 0;
const NOT_READABLE: u8 = 1;
const UNJUDGED: u8 = 2;

pub(crate) const USER_AGENT: &str = concat!("browser-cors/", env!("CARGO_PKG_VERSION"));
