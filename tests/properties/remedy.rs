//! Remedies: a server that answers as a remedy says is asked again, and the fetch succeeds.

use std::{cell::RefCell, collections::BTreeMap, fmt};

use browser_cors::{
    engine::{Departure, Profile},
    explain::{Answer as Needed, AnswerTo, Explanation, Remedy, Where},
    fetch::{Context, Exchange, Outcome, Refusal, UserAgent},
    preflight_cache::{PreflightCache, Timestamp},
    request::{CacheMode, CredentialsMode, Destination, InitiatorType, Mode},
    response::Response,
    transcript::{RecordedExchange, Transcript},
};
use proptest::{collection::vec, option, prelude::*, sample::select, test_runner::TestRunner};

use crate::{
    Header, LastTwoLabels, cases, fail, header_list,
    machine::{Answer, Answered, Asked, Grants, LOCATIONS, STATUSES, Value, answers, asked},
    naive, pairs,
};

/// What servers tell apart.
type Key = (bool, String, String, Vec<Header>);

/// A page that asks, and servers that do not answer as they should.
#[derive(Clone)]
struct Case {
    profile: Profile,
    asked: Asked,
    /// What is answered to what was not asked before, from the first on again.
    answers: Vec<Answer>,
}

/// What servers have answered so far, so that they answer the same again.
type Known = BTreeMap<Key, Answered>;

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in {}: {:#?} {:#?}", self.profile, self.asked, self.answers)
    }
}

impl Case {
    fn run(&self, known: &mut Known, mut unknown: impl FnMut(&Exchange) -> Answered) -> Transcript {
        let mut user_agent = UserAgent::new(LastTwoLabels);
        user_agent.profile = self.profile;
        let mut cache = PreflightCache::new();
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        let mut request = self.asked.request();
        request.initiator_type = Some(InitiatorType::Fetch);
        Transcript::record(request, &mut context, |exchange| {
            let key = (
                exchange.is_preflight(),
                exchange.method().to_string(),
                exchange.url().to_string(),
                pairs(exchange.header_list()),
            );
            let answer = known.entry(key).or_insert_with(|| unknown(exchange));
            Ok(Response::new(answer.status, header_list(&answer.headers)))
        })
    }

    /// Fills in what a remedy describes between `<` and `>`.
    fn value(&self, value: &str) -> String {
        let home =
            if self.asked.origin.is_empty() { "https://api.example" } else { self.asked.origin };
        match value {
            "<a URL>"
            | "<an http or https URL>"
            | "<a URL of the page's own origin>"
            | "<a URL with a port that browsers do not block>" => format!("{home}/right"),
            _ => {
                assert!(!value.starts_with('<'), "{value}");
                value.to_owned()
            }
        }
    }

    /// Makes an answer the one that a remedy names.
    fn mend(&self, needed: &Needed, answer: &mut Answered) {
        answer.status = needed.status.unwrap_or(answer.status);
        let is_replaced = |name: &str| {
            needed.header(name).is_some()
                || needed.without.iter().any(|other| other.eq_ignore_ascii_case(name))
        };
        answer.headers.retain(|(name, _)| !is_replaced(name));
        let headers = needed.headers.iter();
        answer.headers.extend(
            headers.map(|(name, value)| (name.to_string(), self.value(value).into_bytes())),
        );
    }

    /// An answer with which nobody can find fault.
    fn right(&self, exchange: &Exchange) -> Answered {
        let sent = pairs(exchange.header_list());
        let echo =
            |from: &str, to: &str| naive::get(&sent, from).map(|value| (to.to_owned(), value));
        let content_type = match self.asked.destination {
            Destination::Script => "text/javascript",
            Destination::Style => "text/css",
            _ => "text/plain",
        };
        let headers = [
            echo("origin", "Access-Control-Allow-Origin"),
            echo("access-control-request-method", "Access-Control-Allow-Methods"),
            echo("access-control-request-headers", "Access-Control-Allow-Headers"),
        ];
        let fixed = [
            ("Access-Control-Allow-Credentials", "true"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),
            ("Content-Type", content_type),
        ];
        let fixed = fixed.map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
        Answered {
            status: if exchange.is_preflight() { 204 } else { 200 },
            headers: headers.into_iter().flatten().chain(fixed).collect(),
        }
    }

    /// The same without a word about CORS, but for what a remedy has asked for.
    fn bare(&self, exchange: &Exchange, remedy: &Remedy) -> Answered {
        let url = strip(exchange.url().as_str());
        let mut answer = self.right(exchange);
        for needed in remedy.answers.iter().filter(|one| one.to == Some(AnswerTo::UnsentRequest)) {
            if !exchange.is_preflight()
                && needed.method.as_deref() == Some(exchange.method().as_str())
                && needed.url.as_deref() == Some(&url)
            {
                answer.headers.retain(|(name, _)| !name.starts_with("Access-Control-"));
                self.mend(needed, &mut answer);
            }
        }
        answer
    }
}

/// A URL as it goes on the wire.
fn strip(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}/{path}")
}

fn key(exchange: &RecordedExchange) -> Key {
    let method = exchange.method.to_string();
    (exchange.preflight.is_some(), method, exchange.url.to_string(), pairs(&exchange.header_list))
}

fn refusal(transcript: &Transcript) -> Option<&Refusal> {
    match &transcript.outcome {
        Outcome::NetworkError(error) => Some(&error.refusal),
        Outcome::Response { .. } => None,
    }
}

/// Servers of which each answer is right may still send a page around in circles.
fn is_loop(before: &Refusal, again: &Refusal) -> bool {
    let is_count = |refusal: &Refusal| matches!(refusal, Refusal::RedirectCount { .. });
    !is_count(before) && is_count(again)
}

/// For who reads a failure: what was refused, what was to mend it, and what became of that.
fn told(remedy: &Remedy, before: &Transcript, after: &Transcript) -> String {
    format!(
        "in {}\n{remedy:?}\n{}\n{}",
        before.profile,
        Explanation::new(before),
        Explanation::new(after)
    )
}

/// What came of a case: what was refused, and whether a server could mend it.
fn judge(case: &Case) -> Result<Option<(String, bool)>, TestCaseError> {
    let mut seen = Known::new();
    let mut given = case.answers.iter().cycle();
    let transcript = case.run(&mut seen, |exchange| {
        given.next().map_or_else(|| case.right(exchange), |answer| answer.to(exchange))
    });
    let Some(refused) = refusal(&transcript) else {
        prop_assert_eq!(Remedy::of(&transcript), None);
        return Ok(None);
    };
    let code = match &transcript.outcome {
        Outcome::NetworkError(error) => error.code().as_str().to_owned(),
        Outcome::Response { .. } => return Err(fail("a refusal without an error")),
    };
    let Some(remedy) = Remedy::of(&transcript) else { return Err(fail("there is no remedy")) };
    let text = remedy.to_string();
    prop_assert!(text.ends_with('.') || text.ends_with('?'), "{}", text);
    if remedy.answers.is_empty() {
        prop_assert!(!remedy.advice.is_empty());
        cannot_be_mended(case, &transcript, &remedy, seen)?;
        return Ok(Some((code, false)));
    }
    prop_assert!(matches!(remedy.place, Where::Server { host: Some(_) }), "{:?}", remedy);
    let mut mended = seen.clone();
    for needed in remedy.answers.iter().filter(|one| one.to != Some(AnswerTo::UnsentRequest)) {
        // The answer is one to something that was asked.
        let is_meant = |exchange: &&RecordedExchange| {
            (exchange.preflight.is_some() == (needed.to == Some(AnswerTo::Preflight)))
                && needed.method.as_deref() == Some(exchange.method.as_str())
                && needed.url == Some(strip(exchange.url.as_str()))
        };
        let meant = transcript.exchanges.iter().rfind(is_meant);
        let answer = meant.and_then(|exchange| mended.get_mut(&key(exchange)));
        let Some(answer) = answer else { return Err(fail("it was not asked for")) };
        case.mend(needed, answer);
    }

    // The fetch succeeds, unless something that nobody could have seen is wrong as well.
    let mut known = mended.clone();
    let again = case.run(&mut known, |exchange| case.bare(exchange, &remedy));
    let refused_again = refusal(&again).filter(|again| !is_loop(refused, again));
    prop_assert!(refused_again.is_none(), "{}", told(&remedy, &transcript, &again));

    // If servers are as faulty as before in what they were not asked yet, nothing of what was seen
    // is refused once more.
    let mut known = mended;
    let again = case.run(&mut known, |exchange| {
        let mut answer = match given.next() {
            Some(answer) => answer.to(exchange),
            None => case.right(exchange),
        };
        let url = strip(exchange.url().as_str());
        for needed in remedy.answers.iter().filter(|one| one.to == Some(AnswerTo::UnsentRequest)) {
            if !exchange.is_preflight() && needed.url.as_deref() == Some(&url) {
                case.mend(needed, &mut answer);
            }
        }
        answer
    });
    let refused_again = refusal(&again).filter(|again| !is_loop(refused, again));
    if let (Some(_), Some(last)) = (refused_again, again.judged_exchange()) {
        prop_assert!(!seen.contains_key(&key(last)), "{}", told(&remedy, &transcript, &again));
    }
    Ok(Some((code, true)))
}

/// A remedy that names no answer says so of what no answer mends.
fn cannot_be_mended(
    case: &Case,
    transcript: &Transcript,
    remedy: &Remedy,
    mut known: Known,
) -> Result<(), TestCaseError> {
    let Outcome::NetworkError(error) = &transcript.outcome else {
        return Err(fail("there is nothing to mend"));
    };
    // That no server may allow `null` to read a user's data is not a matter of what would succeed.
    let is_unsafe = error.origin == "null" && error.credentials_mode == CredentialsMode::Include;
    if is_unsafe || remedy.place == Where::Proxy {
        return Ok(());
    }
    // What came before the refused answer stays as it was.
    if let Some(judged) = transcript.judged_exchange() {
        known.remove(&key(judged));
    }
    let again = case.run(&mut known, |exchange| case.right(exchange));
    prop_assert!(refusal(&again).is_some(), "{}", told(remedy, transcript, &again));
    Ok(())
}

fn case() -> impl Strategy<Value = Case> {
    let departures: Vec<Departure> = Departure::all().collect();
    let profile = (select(Profile::ALL), option::weighted(0.3, select(departures)));
    let profile = profile.prop_map(|(profile, without)| match without {
        Some(departure) => profile.without(departure),
        None => profile,
    });
    let grants = prop_oneof![
        2 => Just(Grants::Nothing),
        2 => Just(Grants::WhatIsAsked),
        1 => Just(Grants::Wildcards),
    ];
    let ways = vec![301, 302, 303, 307, 308];
    let answers = prop_oneof![
        1 => vec(answers(grants.clone().boxed(), STATUSES.to_vec()), 1..5),
        1 => vec(answers(grants.boxed(), ways), 1..5),
        // Each header is right or wrong by itself.
        4 => vec(nearly_right(), 1..5),
    ];
    (profile, asked(), answers).prop_map(|(profile, mut asked, answers)| {
        // What has nothing to do with answers stops no fetch here.
        asked.cache_mode = CacheMode::Default;
        asked.flags[2] = false;
        if matches!(asked.mode, Mode::Navigate | Mode::Websocket | Mode::Webtransport) {
            asked.mode = Mode::Cors;
        }
        Case { profile, asked, answers }
    })
}

/// An answer of which anything may be wrong.
fn nearly_right() -> impl Strategy<Value = Answer> {
    use Value::{Echo, Text};
    let one = |name: &'static str, right: Value, wrong: &'static [&'static str]| {
        let wrong = prop_oneof![
            1 => Just(Vec::new()),
            4 => select(wrong).prop_map(move |value| vec![(name, Text(value))]),
            1 => vec(select(wrong), 2).prop_map(move |values| {
                values.into_iter().map(|value| (name, Text(value))).collect()
            }),
        ];
        prop_oneof![2 => Just(vec![(name, right)]), 1 => wrong].boxed()
    };
    let headers = vec![
        one(
            "Access-Control-Allow-Origin",
            Echo("origin"),
            &["*", "null", "https://app.example/", "https://other.example", "", "https://*"],
        ),
        one("Access-Control-Allow-Credentials", Text("true"), &["True", "false", "", "true, true"]),
        one(
            "Access-Control-Allow-Methods",
            Echo("access-control-request-method"),
            &["*", "GET POST", "patch, put", "PUT;", "", "GET, *"],
        ),
        one(
            "Access-Control-Allow-Headers",
            Echo("access-control-request-headers"),
            &["*", "*, Authorization", "x-a x-b", "X-Token", "", "\"x\""],
        ),
        one("Vary", Text("Origin"), &["Accept-Encoding", "accept, origin", "*", "x y"]),
        one("Content-Type", Text("text/javascript"), &["image/png", "text/css", "text/plain", ""]),
        one("X-Content-Type-Options", Text("no"), &["nosniff", "", "nosniff, x"]),
        one(
            "Cross-Origin-Resource-Policy",
            Text("cross-origin"),
            &["same-origin", "same-site", ""],
        ),
        one("Location", Text("https://api.example/next"), &LOCATIONS),
    ];
    let status = prop_oneof![
        2 => select(&[200, 204][..]),
        1 => select(&[301, 302, 303, 307, 308, 310][..]),
        1 => select(&STATUSES[..]),
    ];
    (status, headers).prop_map(|(status, headers)| Answer {
        grants: Grants::Nothing,
        status,
        headers: headers.into_iter().flatten().collect(),
    })
}

/// Whatever a page asks in whichever engine, and whatever a server answers: where the remedy names
/// answers, a server that gives them has mended everything that was seen of it; where it names none,
/// even a server with which nobody can find fault mends nothing.
/// <https://fetch.spec.whatwg.org/#fetching>
#[test]
fn remedies_mend_at_once() {
    let seen: RefCell<BTreeMap<(String, bool), usize>> = RefCell::default();
    // The test tests something: these are refused, and mended. Some are rare, so the cases go on
    // until each has come, within a limit.
    let missing = || -> Vec<&str> {
        let seen = seen.borrow();
        let is_missing = |code: &&str| !seen.contains_key(&((*code).to_owned(), true));
        MENDED.into_iter().filter(is_missing).collect()
    };
    for _ in 0..8 {
        let mut runner = TestRunner::new(cases(2500));
        let result = runner.run(&case(), |case| {
            if let Some(key) = judge(&case)? {
                *seen.borrow_mut().entry(key).or_default() += 1;
            }
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
        if missing().is_empty() {
            break;
        }
    }
    let missing = missing();
    let seen = seen.into_inner();
    assert!(missing.is_empty(), "never mended: {missing:?} of {seen:#?}");
}

/// What servers can mend, as far as the cases have it often.
const MENDED: [&str; 17] = [
    "allow-credentials-not-true",
    "allow-origin-mismatch",
    "allow-origin-missing",
    "allow-origin-several",
    "allow-origin-wildcard-with-credentials",
    "cross-origin-resource-policy",
    "location",
    "nosniff",
    "preflight-allow-origin-mismatch",
    "preflight-allow-origin-missing",
    "preflight-allow-origin-wildcard-with-credentials",
    "preflight-header",
    "preflight-method",
    "preflight-status",
    "redirect-credentials",
    "redirect-mode-error",
    "redirect-scheme",
];
