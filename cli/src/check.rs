//! `browser-cors check`: sends the requests of a page to a live server.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read, Write},
    process::ExitCode,
};

use browser_cors::{
    compare::{Browsers, FetchOutcome, NotAsked, Question, Results, Row, SideBySide},
    engine::Profile,
    environment::Environment,
    explain::Explanation,
    fetch::Outcome,
    origin::{PublicSuffixList, url_as_sent},
    page::{body::BodyInit, fetch_api::RequestInit, loads::is_cors_same_origin},
    request::CredentialsMode,
    transcript::{RecordedExchange, Transcript},
    url::Url,
};
use browser_cors_audit::translation::Translation;
use serde::Serialize;

use crate::{
    args::{CheckArgs, Format},
    engine, json,
    live::{client, is_absolute},
    output::{self, AMISS, Standard, note, unjudged},
    side_by_side::{self as table},
    simulate::Engines,
    tongue::{translate, write_fix, write_translation},
};

pub(crate) fn run(args: &CheckArgs) -> ExitCode {
    match check(args) {
        Ok(code) => code,
        Err(problem) => unjudged(format_args!("{problem}")),
    }
}

fn check(args: &CheckArgs) -> Result<ExitCode, String> {
    is_absolute(&args.url)?;
    if let Ok(url) = &Url::parse(&args.url) {
        refuse_unsent(args, url)?;
        if args.origin.is_same_origin_with_url(url) {
            note(
                "the page is of the server's own origin, where no permission is needed: \
                 this says nothing about CORS",
            );
        }
    }
    let init = init(args)?;
    for header in init.dropped_headers() {
        note(format_args!("{header}; dropped"));
    }
    engine::note_stand_ins(&args.engine);
    let results = ask(args, init)?;
    let judged = |outcome| judged(outcome, args.preflight_only);
    let judgement = results.outcomes.iter().map(judged).max().unwrap_or(Judgement::Readable);
    let written = match (engine::only(&args.engine), results.outcomes.as_slice()) {
        (Some(_), [outcome]) => print(args, outcome),
        _ => print_engines(args, SideBySide::from_results([results])),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write the outcome: {error}"))
        }
        _ => Ok(judgement.exit_code()),
    }
}

/// Refuses credentials that no request would carry, since the verdict would say nothing about them.
fn refuse_unsent(args: &CheckArgs, url: &Url) -> Result<(), String> {
    let given = [
        ("--cookie", args.cookie.is_some()),
        ("--user", args.connection.user.is_some()),
        ("--cert", args.connection.cert.is_some()),
    ];
    let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given) else {
        return Ok(());
    };
    let reason = match args.credentials {
        CredentialsMode::Omit => "the credentials mode is omit".to_owned(),
        CredentialsMode::SameOrigin if !args.origin.is_same_origin_with_url(url) => format!(
            "the credentials mode is same-origin, and the URL is not of the origin {}",
            args.origin.serialized()
        ),
        _ if args.preflight_only => "a preflight has no credentials".to_owned(),
        _ => return Ok(()),
    };
    Err(format!("{option} would never be sent: {reason}; --credentials include sends it"))
}

/// Asks in each engine that was named.
fn ask(args: &CheckArgs, init: RequestInit) -> Result<Results, String> {
    let mut profiles = engine::profiles(&args.engine);
    if engine::only(&args.engine).is_none() {
        profiles.retain(|profile| *profile != Profile::STANDARD);
        profiles.insert(0, Profile::STANDARD);
    }
    let client = client(&args.connection)?.imitating(&profiles);
    let user_agents = profiles.into_iter().map(|profile| client.user_agent(profile));
    let page = Environment::of_origin(&args.origin, &PublicSuffixList);
    let question = Question::fetch(&args.url, init);
    let question = match &args.cookie {
        Some(cookie) => question.with_cookie(cookie.clone()),
        None => question,
    };
    let question = match args.preflight_only {
        true => question.with_preflights_alone(),
        false => question,
    };
    let mut fetching = client.fetching(Browsers::new(page, user_agents).ask(question));
    let waiting = output::waiting();
    while let Some(exchange) = fetching.exchange() {
        waiting.set_message(format!("{} {}", exchange.method(), url_as_sent(exchange.url())));
        let answer = fetching.send();
        fetching.answered(answer.map_err(Into::into));
    }
    waiting.finish_and_clear();
    Ok(fetching.finish())
}

/// The `init` that the page gives to `fetch()`.
///
/// # Errors
///
/// If the body cannot be read.
fn init(args: &CheckArgs) -> Result<RequestInit, String> {
    let body = body(args)?;
    let method = match (&args.method, &body) {
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
    init.body = body;
    Ok(init)
}

/// The body. Bytes that are no text have the type that text has.
fn body(args: &CheckArgs) -> Result<Option<BodyInit>, String> {
    if let Some(text) = &args.data_raw {
        return Ok(Some(BodyInit::Text(text.clone())));
    }
    let Some(data) = &args.data else { return Ok(None) };
    let Some(path) = data.strip_prefix('@') else {
        return Ok(Some(BodyInit::Text(data.clone())));
    };
    let mut bytes = Vec::new();
    let read = match path {
        "-" => io::stdin().lock().read_to_end(&mut bytes),
        path => File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|error| format!("--data {data}: {error}"))?;
    let kind = "text/plain;charset=UTF-8".to_owned();
    Ok(Some(match String::from_utf8(bytes) {
        Ok(text) => BodyInit::Text(text),
        Err(error) => BodyInit::Blob { bytes: error.into_bytes(), kind },
    }))
}

fn print(args: &CheckArgs, outcome: &FetchOutcome) -> io::Result<()> {
    let mut output = Standard::new(args.format.into());
    let console = outcome.console();
    let translation =
        outcome.transcript().and_then(|transcript| translate(transcript, args.tongue));
    match args.format {
        Format::Text => {
            match outcome.transcript() {
                Some(transcript) if transcript.is_withheld() => {
                    write!(output, "{}", Explanation::of_withheld(transcript, PREFLIGHT_ALONE))?;
                }
                _ => write!(output, "{outcome}")?,
            }
            if let Some(line) = outcome.transcript().and_then(arrival) {
                writeln!(output, "{line}")?;
            }
            if let Some(translation) = &translation {
                write_fix(translation, &mut output)?;
            }
            console.iter().try_for_each(|line| writeln!(output, "console: {line}"))?;
        }
        Format::Json => {
            let snippet = translation.as_ref();
            let arrived = outcome.transcript().is_some_and(has_arrived);
            let line = OutcomeLine {
                id: &args.url,
                fetches: [outcome],
                console: &console,
                arrived,
                snippet,
            };
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
            write_arrivals(&mut output, &engines)?;
            write_translation(&mut output, &engines, args.tongue)?;
        }
        Format::Json => json::write_line(&mut output, &Engines { id: &args.url, engines })?,
    }
    output.flush()
}

/// Whether a server got the request itself, not only its preflight.
fn has_arrived(transcript: &Transcript) -> bool {
    transcript.arrived().next().is_some()
}

/// Whether the request arrived, in a line, if the page may not read the answer.
fn arrival(transcript: &Transcript) -> Option<String> {
    let is_read = matches!(&transcript.outcome, Outcome::Response { response, .. }
        if is_cors_same_origin(response.kind()));
    if is_read || transcript.is_withheld() {
        return None;
    }
    let changing = transcript.arrived().rev().find(|request| !request.method.is_safe());
    let request = changing.or_else(|| transcript.arrived().next_back());
    Some(match (request, transcript.exchanges.is_empty()) {
        (Some(request), _) => {
            let RecordedExchange { method, url, .. } = request;
            let effect = match method.is_safe() {
                true => "the page alone is kept from the answer",
                false => "the server may have acted on it, whatever the page learns",
            };
            format!("arrived: {method} {} did: {effect}", url_as_sent(url))
        }
        (None, false) => "arrived: no, only the preflight was sent".to_owned(),
        (None, true) => "arrived: no, nothing was sent".to_owned(),
    })
}

/// In which engines the request arrived, if it did not work in all.
fn write_arrivals(output: &mut impl Write, engines: &SideBySide) -> io::Result<()> {
    let blocked = |row: &Row| {
        row.outcomes.iter().filter_map(FetchOutcome::transcript).any(|it| arrival(it).is_some())
    };
    if !engines.rows.iter().any(blocked) {
        return Ok(());
    }
    let arrived = engines
        .rows
        .iter()
        .filter(|row| row.outcomes.iter().filter_map(FetchOutcome::transcript).any(has_arrived));
    let names: Vec<_> = arrived.map(|row| row.profile.to_string()).collect();
    match names.as_slice() {
        [] => writeln!(output, "the request itself arrived in none"),
        names => writeln!(output, "the request itself arrived in {}", names.join(", ")),
    }
}

/// The reason not to send a request.
const PREFLIGHT_ALONE: &str = "--preflight-only asks for the preflight alone";

/// The JSON of the outcome, as `simulate` writes it for a scenario with one fetch.
#[derive(Serialize)]
struct OutcomeLine<'a> {
    id: &'a str,
    fetches: [&'a FetchOutcome; 1],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    console: &'a [String],
    arrived: bool,
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

fn judged(outcome: &FetchOutcome, preflight_only: bool) -> Judgement {
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
    let has_preflight = || transcript.exchanges.iter().any(|one| one.preflight.is_some());
    if preflight_only && !has_preflight() && !transcript.exchanges.is_empty() {
        return Judgement::Unjudged(
            "this request needs no preflight, so nothing was sent (--preflight-only)".to_owned(),
        );
    }
    let may_read = match &transcript.outcome {
        Outcome::Response { response, .. } => is_cors_same_origin(response.kind()),
        Outcome::NetworkError(error) => {
            if transcript.is_withheld() {
                return Judgement::Readable;
            }
            if let Some(failure) = error.transport_failure() {
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
