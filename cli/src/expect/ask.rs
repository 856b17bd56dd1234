//! The server, asked for each combination as each engine asks.

use std::{
    marker,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use browser_cors::{
    engine::Profile,
    fetch::{Context, Exchange, Outcome, TransportFailure, UserAgent},
    header::HeaderList,
    http::HeaderValue,
    preflight_cache::{PreflightCache, Timestamp},
    response::Response,
    transcript::{Sent, Transcript},
    url::Host,
};
use browser_cors_audit::client::{Client, SendFailure};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{args::AskingArgs, check::USER_AGENT};

use super::{
    file::{Kind, Send},
    plan::Case,
};

/// What one engine made of a combination.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) profile: Profile,
    pub(crate) transcript: Transcript,
    /// Whether it ended before the request itself, which was not to be sent.
    pub(crate) stopped: bool,
    /// The seconds after which there was a preflight again, too early.
    pub(crate) preflight_again: Option<u64>,
}

/// Asks for each case, several at a time, and makes something of what came of each; that stands in
/// the order of the cases.
pub(crate) fn ask<'a, T: marker::Send>(
    cases: &'a [Case<'a>],
    args: &AskingArgs,
    profiles: &[Profile],
    finish: impl Fn(&'a Case<'a>, Vec<Asked>) -> T + Sync,
) -> Vec<T> {
    let user_agents: Vec<_> = profiles
        .iter()
        .map(|profile| {
            let mut user_agent = UserAgent::for_profile(*profile);
            user_agent.user_agent = Some(HeaderValue::from_static(USER_AGENT));
            user_agent
        })
        .collect();
    let progress = progress(cases.len());
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(cases.len())));
    let work = || {
        let client = client(args);
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(index) else { return };
            let mut server = Server::new(&client, case, args.retries);
            let asked = user_agents.iter().filter_map(|ua| ask_as(ua, case, &mut server));
            let finished = finish(case, asked.collect());
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, finished));
            progress.inc(1);
        }
    };
    thread::scope(|scope| {
        for _ in 0..usize::from(args.jobs).min(cases.len()) {
            scope.spawn(work);
        }
    });
    progress.finish_and_clear();
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, finished)| finished).collect()
}

fn client(args: &AskingArgs) -> Client {
    args.resolve.iter().fold(Client::new().timeout(args.timeout), |client, given| {
        client.resolve(&given.host, given.address)
    })
}

/// A bar on a terminal; elsewhere indicatif hides it.
fn progress(count: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len}, {eta} to go");
    ProgressBar::new(count as u64).with_style(style.expect("the template is valid"))
}

/// `None` if a page cannot ask this, which the plan has ruled out.
fn ask_as(user_agent: &UserAgent, case: &Case<'_>, server: &mut Server<'_>) -> Option<Asked> {
    let profile = user_agent.profile;
    let mut stopped = false;
    let mut cache = PreflightCache::new();
    let mut context = Context::new(user_agent, &mut cache, Timestamp::default());
    let request = case.request(&profile).ok()?;
    let transcript = Transcript::record(request, &mut context, |exchange| {
        if case.row.send == Send::Preflight && !exchange.is_preflight() {
            stopped = true;
            return Err(TransportFailure::new(NOT_SENT));
        }
        server.answer(exchange)
    });
    let mut preflight_again = None;
    if let Kind::Allow(demands) = &case.row.kind
        && let Some(seconds) = demands.preflight_every
        && (stopped || matches!(transcript.outcome, Outcome::Response(_)))
        && has_preflight(&transcript)
    {
        // No server can have an engine wait longer than its limit.
        let seconds = seconds.min(profile.max_age_limit().as_secs());
        if is_preflighted_again(user_agent, case, server, seconds)? {
            preflight_again = Some(seconds);
        }
    }
    Some(Asked { profile, transcript, stopped, preflight_again })
}

/// Whether the same, asked again just before so many seconds are over, has a preflight again.
fn is_preflighted_again(
    user_agent: &UserAgent,
    case: &Case<'_>,
    server: &mut Server<'_>,
    seconds: u64,
) -> Option<bool> {
    let mut cache = PreflightCache::new();
    let mut record = |at| {
        let mut context = Context::new(user_agent, &mut cache, at);
        let request = case.request(&user_agent.profile).ok()?;
        Some(Transcript::record(request, &mut context, |exchange| {
            if case.row.send == Send::Preflight && !exchange.is_preflight() {
                // A failure would clear the cache.
                return Ok(granted(exchange));
            }
            server.answer(exchange)
        }))
    };
    record(Timestamp::default())?;
    let later = Duration::from_secs(seconds) - Duration::from_millis(1);
    Some(has_preflight(&record(Timestamp::new(later))?))
}

/// What a server would answer that grants everything.
fn granted(exchange: &Exchange) -> Response {
    let mut headers = HeaderList::new();
    let origin = exchange.header_list().get("Origin").unwrap_or_default();
    for (name, value) in
        [("Access-Control-Allow-Origin", &*origin), ("Access-Control-Allow-Credentials", b"true")]
    {
        // An origin that was sent is a header's value.
        let _ = headers.append(name, value);
    }
    Response::new(200, headers)
}

/// Why a request was not sent.
pub(super) const NOT_SENT: &str = "it was not sent: the row asks for the preflight alone";

fn has_preflight(transcript: &Transcript) -> bool {
    transcript.exchanges.iter().any(|exchange| exchange.preflight.is_some())
}

/// The server, as one case reaches it: what several engines send alike is sent once.
struct Server<'a> {
    client: &'a Client,
    /// The user's, with the host that it is for.
    cookie: Option<(Host<String>, &'a HeaderValue)>,
    retries: u8,
    answers: Vec<(Sent, Result<Response, TransportFailure>)>,
}

impl<'a> Server<'a> {
    fn new(client: &'a Client, case: &Case<'a>, retries: u8) -> Self {
        let host = case.url.host().map(|host| host.to_owned());
        Self { client, cookie: host.zip(case.cookie), retries, answers: Vec::new() }
    }

    fn answer(&mut self, exchange: &Exchange) -> Result<Response, TransportFailure> {
        let sent = Sent::of(exchange);
        if let Some((_, answer)) = self.answers.iter().find(|(other, _)| *other == sent) {
            return answer.clone();
        }
        let answer = self.send(exchange).map_err(Into::into);
        self.answers.push((sent, answer.clone()));
        answer
    }

    fn send(&self, exchange: &Exchange) -> Result<Response, SendFailure> {
        /// How long to wait before the first repetition; before each other, twice as long.
        const PAUSE: Duration = Duration::from_millis(100);
        const LONGEST_PAUSE: Duration = Duration::from_secs(2);
        let is_home = |home: &Host<String>| {
            exchange.url().host().is_some_and(|host| host.to_owned() == *home)
        };
        let cookie = self.cookie.as_ref().filter(|_| exchange.includes_credentials());
        let cookie = cookie.and_then(|(home, cookie)| is_home(home).then_some(*cookie));
        let mut pause = PAUSE;
        for _ in 0..self.retries {
            match self.client.send(exchange, cookie) {
                Err(failure) if !failure.may_have_arrived || exchange.method().is_idempotent() => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                result => return result,
            }
        }
        self.client.send(exchange, cookie)
    }
}
