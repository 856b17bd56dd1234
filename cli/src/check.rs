//! `browser-cors check`: a page's fetch against a live server.

mod network;

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fmt,
    io::{self, BufWriter, Write},
    process::ExitCode,
    sync::Arc,
};

use browser_cors::{
    engine::Profile,
    environment::Environment,
    fetch::{Context, Exchange, Outcome, TransportFailure, UserAgent},
    http::HeaderValue,
    origin::url_as_sent,
    page::headers::{Guard, Headers},
    page::{
        body::BodyInit,
        fetch_api::{RequestInfo, RequestInit, RequestTypeError, construct_request},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{Mode, Request},
    response::{Response, ResponseType},
    scenario::{Api, FetchOutcome, SideBySide},
    transcript::{Sent, Transcript},
    url::{ParseError, Url},
};
use browser_cors_audit::{
    client::{USER_AGENT, transport_failure},
    mixed_content,
};
use serde::Serialize;

use crate::{
    args::{CheckArgs, Format},
    engine, json,
    side_by_side::{self as table},
    simulate::Engines,
};

use network::Network;

pub(crate) fn run(args: &CheckArgs) -> ExitCode {
    let text = &args.url;
    if Url::parse(text) == Err(ParseError::RelativeUrlWithoutBase) {
        return unjudged(format_args!("`{text}` is not an absolute URL: `https://{text}`, maybe?"));
    }
    for header in dropped_headers(args) {
        eprintln!("note: {header}; dropped");
    }
    engine::note_stand_ins(&args.engine);
    let (written, judgement) = match engine::only(&args.engine) {
        Some(profile) => {
            let network = Network::new(args);
            let outcome = fetch(args, profile, |exchange| network.send(exchange));
            note_mixed_content([&outcome]);
            (print(args, profile, &outcome), judged(&outcome))
        }
        None => {
            let engines = side_by_side(args);
            let outcomes = || engines.rows.iter().flat_map(|row| &row.outcomes);
            note_mixed_content(outcomes());
            let judgement = outcomes().map(judged).max().unwrap_or(Judgement::Readable);
            (print_engines(args, engines), judgement)
        }
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            unjudged(format_args!("cannot write the outcome: {error}"))
        }
        _ => judgement.exit_code(),
    }
}

/// Does what the page asks for.
fn fetch(
    args: &CheckArgs,
    profile: Profile,
    answer: impl FnMut(&Exchange) -> Result<Response, TransportFailure>,
) -> FetchOutcome {
    let request = match request(args, &profile) {
        Ok(request) => request,
        Err(error) => return FetchOutcome::TypeError(error),
    };
    let mut user_agent = UserAgent::for_profile(profile);
    user_agent.user_agent = Some(HeaderValue::from_static(USER_AGENT));
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let transcript = Transcript::record(request, &mut context, answer);
    FetchOutcome::Done { api: Api::Fetch, transcript: Box::new(transcript) }
}

/// Does what the page asks for, as each engine does it. What several of them send goes out once;
/// what none of them sends is not asked.
fn side_by_side(args: &CheckArgs) -> SideBySide {
    let network = Network::new(args);
    let mut known: Vec<(Sent, Result<Response, TransportFailure>)> = Vec::new();
    let mut profiles = engine::profiles(&args.engine);
    profiles.push(Profile::STANDARD);
    SideBySide::of(&profiles, |profile| {
        let is_an_engine = profiles.contains(profile);
        let outcome = fetch(args, *profile, |exchange| {
            let sent = Sent::of(exchange);
            if let Some((_, answer)) = known.iter().find(|(asked, _)| *asked == sent) {
                return answer.clone();
            }
            if !is_an_engine {
                return Err(TransportFailure::new("no engine asks this"));
            }
            let answer = network.send(exchange);
            known.push((sent, answer.clone()));
            answer
        });
        vec![outcome]
    })
}

/// What the page asks for, or why it cannot.
fn request(args: &CheckArgs, profile: &Profile) -> Result<Request, RequestTypeError> {
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
    let client = Arc::new(Environment::new(page));
    construct_request(RequestInfo::Url(&args.url), init, &client, profile)
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

/// Notes what a browser would not ask for in a page of https.
fn note_mixed_content<'a>(outcomes: impl IntoIterator<Item = &'a FetchOutcome>) {
    let transcripts = outcomes.into_iter().filter_map(FetchOutcome::transcript);
    let urls: BTreeSet<_> = transcripts.flat_map(mixed_content).map(url_as_sent).collect();
    for url in urls {
        eprintln!("note: a browser does not ask for {url} in a page of https (mixed content)");
    }
}

fn print(args: &CheckArgs, profile: Profile, outcome: &FetchOutcome) -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    let console = profile.engine().map_or_else(Vec::new, |engine| outcome.console(engine));
    match args.format {
        Format::Text => {
            write!(output, "{outcome}")?;
            console.iter().try_for_each(|line| writeln!(output, "console: {line}"))?;
        }
        Format::Json => {
            let line = Line { id: &args.url, fetches: [outcome], console: &console };
            json::write_line(&mut output, &line)?;
        }
    }
    output.flush()
}

fn print_engines(args: &CheckArgs, engines: SideBySide) -> io::Result<()> {
    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => table::write(&mut output, &args.url, &engines)?,
        Format::Json => json::write_line(&mut output, &Engines { id: &args.url, engines })?,
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

/// Whether the page may read the response.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Judgement {
    Readable,
    NotReadable,
    Unjudged(String),
}

impl Judgement {
    fn exit_code(self) -> ExitCode {
        match self {
            Self::Readable => ExitCode::SUCCESS,
            Self::NotReadable => ExitCode::from(NOT_READABLE),
            Self::Unjudged(problem) => unjudged(format_args!("{problem}")),
        }
    }
}

fn judged(outcome: &FetchOutcome) -> Judgement {
    let transcript = match outcome {
        FetchOutcome::Done { transcript, .. } => transcript,
        FetchOutcome::TypeError(error) => {
            let step = error.step();
            return Judgement::Unjudged(format!("a page cannot ask this: {error} ({step})"));
        }
        other => return Judgement::Unjudged(other.to_string()),
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
                return Judgement::Unjudged(format!("{method} {url} failed: {failure}"));
            }
            false
        }
    };
    if may_read { Judgement::Readable } else { Judgement::NotReadable }
}

fn unjudged(problem: fmt::Arguments<'_>) -> ExitCode {
    eprintln!("browser-cors: {problem}");
    ExitCode::from(UNJUDGED)
}

const NOT_READABLE: u8 = 1;
const UNJUDGED: u8 = 2;
