//! `browser-cors check`: sends the requests of a page to a live server.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    io::{self, Write},
    process::ExitCode,
};

use browser_cors::{
    compare::{Browsers, FetchOutcome, NotAsked, Question, Results, SideBySide},
    engine::Profile,
    environment::Environment,
    fetch::{Outcome, TransportFailure, UserAgent},
    http::HeaderValue,
    origin::{PublicSuffixList, url_as_sent},
    page::{body::BodyInit, fetch_api::RequestInit},
    response::ResponseType,
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
    live::client,
    output::{AMISS, Standard, note, unjudged},
    side_by_side::{self as table},
    simulate::Engines,
    tongue::{Translation, translate, write_translation},
};

pub(crate) fn run(args: &CheckArgs) -> ExitCode {
    let text = &args.url;
    if Url::parse(text) == Err(ParseError::RelativeUrlWithoutBase) {
        return unjudged(format_args!(
            "`{text}` is not an absolute URL; did you mean `https://{text}`?"
        ));
    }
    for header in init(args).dropped_headers() {
        note(format_args!("{header}; dropped"));
    }
    engine::note_stand_ins(&args.engine);
    let results = ask(args);
    note_mixed_content(&results.outcomes);
    let judgement = results.outcomes.iter().map(judged).max().unwrap_or(Judgement::Readable);
    let written = match (engine::only(&args.engine), results.outcomes.as_slice()) {
        (Some(_), [outcome]) => print(args, outcome),
        _ => print_engines(args, SideBySide::from_results([results])),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            unjudged(format_args!("cannot write the outcome: {error}"))
        }
        _ => judgement.exit_code(),
    }
}

/// Asks in each engine that was named.
fn ask(args: &CheckArgs) -> Results {
    let mut profiles = engine::profiles(&args.engine);
    if engine::only(&args.engine).is_none() {
        profiles.retain(|profile| *profile != Profile::STANDARD);
        profiles.insert(0, Profile::STANDARD);
    }
    let user_agents = profiles.into_iter().map(|profile| {
        let mut user_agent = UserAgent::for_profile(profile);
        user_agent.product = Some(HeaderValue::from_static(USER_AGENT));
        user_agent
    });
    let page = Environment::of_origin(&args.origin, &PublicSuffixList);
    let question = Question::fetch(&args.url, init(args));
    let question = match &args.cookie {
        Some(cookie) => question.with_cookie(cookie.clone()),
        None => question,
    };
    let client = client(args.timeout, &args.resolve);
    let mut asking = Browsers::new(page, user_agents).ask(question);
    while let Some(exchange) = asking.exchange() {
        let answer = client.send(exchange, asking.cookie());
        asking.answered(answer.map_err(TransportFailure::from));
    }
    asking.finish()
}

/// The `init` that the page gives to `fetch()`.
fn init(args: &CheckArgs) -> RequestInit {
    let method = match (&args.method, &args.data) {
        (Some(method), _) => method,
        (None, Some(_)) => "POST",
        (None, None) => "GET",
    };
    let mut init = RequestInit::new()
        .method(method)
        .headers(args.headers.iter().map(|header| (&header.name, &header.value)))
        .mode(args.mode)
        .credentials(args.credentials)
        .redirect(args.redirect);
    init.body = args.data.clone().map(BodyInit::Text);
    init
}

/// Notes requests that a browser blocks in a page of https.
fn note_mixed_content<'a>(outcomes: impl IntoIterator<Item = &'a FetchOutcome>) {
    let transcripts = outcomes.into_iter().filter_map(FetchOutcome::transcript);
    let urls: BTreeSet<_> = transcripts.flat_map(mixed_content).map(url_as_sent).collect();
    for url in urls {
        note(format_args!("a browser does not request {url} in a page of https (mixed content)"));
    }
}

fn print(args: &CheckArgs, outcome: &FetchOutcome) -> io::Result<()> {
    let mut output = Standard::new(args.format.into());
    let console = outcome.console();
    let translation =
        outcome.transcript().and_then(|transcript| translate(transcript, args.tongue));
    match args.format {
        Format::Text => {
            write!(output, "{outcome}")?;
            if let Some(translation) = &translation {
                translation.write(&mut output)?;
            }
            console.iter().try_for_each(|line| writeln!(output, "console: {line}"))?;
        }
        Format::Json => {
            let snippet = translation.as_ref();
            let line =
                OutcomeLine { id: &args.url, fetches: [outcome], console: &console, snippet };
            json::write_line(&mut output, &line)?;
        }
    }
    output.flush()
}

fn print_engines(args: &CheckArgs, engines: SideBySide) -> io::Result<()> {
    let mut output = Standard::new(args.format.into());
    match args.format {
        Format::Text => {
            table::write(&mut output, &args.url, &engines)?;
            write_translation(&mut output, &engines, args.tongue)?;
        }
        Format::Json => json::write_line(&mut output, &Engines { id: &args.url, engines })?,
    }
    output.flush()
}

/// The JSON of the outcome, as `simulate` writes it for a scenario with one fetch.
#[derive(Serialize)]
struct OutcomeLine<'a> {
    id: &'a str,
    fetches: [&'a FetchOutcome; 1],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    console: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<&'a Translation>,
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
            Self::NotReadable => ExitCode::from(AMISS),
            Self::Unjudged(problem) => unjudged(format_args!("{problem}")),
        }
    }
}

fn judged(outcome: &FetchOutcome) -> Judgement {
    let transcript = match outcome {
        FetchOutcome::Done { transcript, .. } => transcript,
        FetchOutcome::NotAsked(NotAsked::TypeError(error)) => {
            let step = error.step();
            return Judgement::Unjudged(format!(
                "a page cannot make this request: {error} ({step})"
            ));
        }
        other => return Judgement::Unjudged(other.to_string()),
    };
    let may_read = match &transcript.outcome {
        Outcome::Response { response, .. } => {
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
