//! One page in several user agents: what is sent, how often, and which departures cause
//! differences.
#![cfg(feature = "public-suffix")]

use std::time::Duration;

use browser_cors::{
    compare::{
        Asking, Browsers, Comparable, Comparison, FetchOutcome, NotAsked, Question, Results,
        SideBySide, View, Xhr,
    },
    engine::{Departure, Profile},
    environment::Environment,
    fetch::{TransportFailure, UserAgent},
    header::HeaderList,
    http::HeaderValue,
    origin::PublicSuffixList,
    page::{fetch_api::RequestInit, loads::Load},
    request::CredentialsMode,
    response::Response,
    transcript::Unanswered,
};
use rstest::rstest;

const API: &str = "https://api.example/items";

fn browsers(profiles: &[Profile]) -> Browsers {
    let page = Environment::of_origin(&"https://app.example".parse().unwrap(), &PublicSuffixList);
    Browsers::new(page, profiles.iter().copied().map(UserAgent::for_profile))
}

fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    Response::new(status, list)
}

/// `fetch(url, { method, credentials: "include" })`
fn question(method: &str, url: &str) -> Question {
    let init = RequestInit::new().method(method.as_bytes()).credentials(CredentialsMode::Include);
    Question::fetch(url, init)
}

const GRANT: [(&str, &str); 4] = [
    ("Access-Control-Allow-Origin", "https://app.example"),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Allow-Methods", "PUT"),
    ("Access-Control-Max-Age", "7200"),
];

/// Answers each exchange alike. Returns what was sent.
fn answered(mut asking: Asking, response: &Response) -> (Vec<String>, Results) {
    let mut sent = Vec::new();
    while let Some(exchange) = asking.exchange() {
        let cookie = asking.cookie().map_or("", |cookie| cookie.to_str().unwrap());
        sent.push(format!("{} {} {cookie}", exchange.method(), exchange.url()));
        asking.answered(Ok(response.clone()));
    }
    (sent, asking.finish())
}

fn verdicts(results: &Results) -> Vec<&'static str> {
    results.outcomes.iter().map(FetchOutcome::verdict).collect()
}

#[test]
fn what_is_alike_goes_out_once() {
    let (sent, results) =
        answered(browsers(Profile::ALL).ask(question("PUT", API)), &answer(200, &GRANT));
    assert_eq!(sent, ["OPTIONS https://api.example/items ", "PUT https://api.example/items "]);
    assert_eq!(results.answers.len(), 2);
    assert_eq!(verdicts(&results), ["cors"; 4]);
    let names: Vec<_> = results.rows().map(|(profile, _)| profile.to_string()).collect();
    assert_eq!(names, ["standard", "chromium", "firefox", "webkit"]);
}

/// A fetch that sends the same request twice gets two answers, and so does each other user agent.
#[test]
fn the_nth_time_gets_the_nth_answer() {
    let mut asking = browsers(&[Profile::STANDARD, Profile::CHROMIUM]).ask(question("GET", API));
    let mut count = 0;
    while let Some(exchange) = asking.exchange() {
        assert_eq!(exchange.url().as_str(), API);
        count += 1;
        // The first answer redirects to the same URL; the second does not.
        let headers = [&GRANT[..], &[("Location", "items")]].concat();
        asking.answered(Ok(answer(if count == 1 { 302 } else { 200 }, &headers)));
    }
    assert_eq!(count, 2);
    let results = asking.finish();
    for outcome in &results.outcomes {
        let transcript = outcome.transcript().unwrap();
        let statuses: Vec<_> =
            transcript.exchanges.iter().map(|it| it.answer.as_ref().unwrap().status).collect();
        assert_eq!(statuses, [302, 200]);
    }
}

#[test]
fn each_question_goes_out_anew_unless_answers_are_given() {
    let browsers = browsers(Profile::ALL);
    let grant = answer(200, &GRANT);
    let (first, results) = answered(browsers.ask(question("GET", API)), &grant);
    let (second, _) = answered(browsers.ask(question("GET", API)), &grant);
    assert_eq!((first.len(), second.len()), (1, 1));
    let (third, again) = answered(browsers.ask_with(question("GET", API), results.answers), &grant);
    assert!(third.is_empty());
    assert_eq!(verdicts(&again), ["cors"; 4]);
}

#[test]
fn cookies_go_to_their_own_host_with_credentials() {
    let question = question("PUT", API).with_cookie(HeaderValue::from_static("id=1"));
    let mut asking = browsers(&[Profile::STANDARD]).ask(question);
    let mut cookies = Vec::new();
    while let Some(exchange) = asking.exchange() {
        let (method, url) = (exchange.method().to_string(), exchange.url().to_string());
        cookies.push((method, url.clone(), asking.cookie().is_some()));
        let is_first = url == API && !asking.exchange().unwrap().is_preflight();
        let origin = exchange.header_list().get("Origin").unwrap().escape_ascii().to_string();
        let mut headers = GRANT.to_vec();
        headers[0].1 = &origin;
        headers.push(("Location", "https://cdn.example/items"));
        asking.answered(Ok(answer(if is_first { 307 } else { 200 }, &headers)));
    }
    let expected = [
        ("OPTIONS", API, false),
        ("PUT", API, true),
        ("OPTIONS", "https://cdn.example/items", false),
        ("PUT", "https://cdn.example/items", false),
    ];
    assert_eq!(cookies, expected.map(|(method, url, has)| (method.into(), url.into(), has)));
}

/// Caches and the clock belong to the page: WebKit keeps a preflight for 600 seconds, whatever the
/// server allows, and that is the cause.
#[rstest]
#[case(599, 1)]
#[case(601, 2)]
fn caches_and_the_clock_persist(#[case] seconds: u64, #[case] expected: usize) {
    let browsers = browsers(&[Profile::STANDARD, Profile::WEBKIT]);
    let grant = answer(200, &GRANT);
    let (_, first) = answered(browsers.ask(question("PUT", API)), &grant);
    browsers.advance(Duration::from_secs(seconds));
    let (sent, second) = answered(browsers.ask(question("PUT", API)), &grant);
    assert_eq!(sent.len(), expected, "{sent:?}");
    assert_eq!(second.at, Duration::from_secs(seconds));

    let side_by_side = SideBySide::from_results([first, second]);
    let [standard, webkit] = &side_by_side.rows[..] else { panic!() };
    assert_eq!(standard.differences, [None, None]);
    assert_eq!(webkit.differences[0], None);
    let causes = webkit.differences[1].as_ref().map(|difference| {
        assert!(difference.exchanges && !difference.result);
        assert!(difference.causes_of_result.is_empty());
        difference.causes.iter().map(|cause| cause.as_str()).collect::<Vec<_>>()
    });
    assert_eq!(causes, (expected == 2).then(|| vec!["max-age-limit-of-10-minutes"]));
}

/// A withheld request is distinct from a failed one, in every user agent, and the preflight's grant
/// counts for the next question.
#[test]
fn withheld_requests_leave_the_cache_alone() {
    let browsers = browsers(Profile::ALL);
    let mut sent = Vec::new();
    for _ in 0..2 {
        let mut asking = browsers.ask(question("PUT", API));
        while let Some(exchange) = asking.exchange() {
            sent.push(exchange.method().to_string());
            if exchange.is_preflight() {
                asking.answered(Ok(answer(204, &GRANT)));
            } else {
                asking.withhold();
            }
        }
        let results = asking.finish();
        assert_eq!(verdicts(&results), ["not sent"; 4]);
        for outcome in &results.outcomes {
            let transcript = outcome.transcript().unwrap();
            assert!(transcript.is_withheld() && !transcript.is_delivered());
            let last = transcript.exchanges.last().unwrap();
            assert_eq!(last.answer, Err(Unanswered::NotSent));
            assert!(outcome.to_string().ends_with("   => it was not sent\n"), "{outcome}");
        }
        assert!(
            SideBySide::from_results([results]).rows.iter().all(|row| row.differences == [None])
        );
    }
    assert_eq!(sent, ["OPTIONS", "PUT", "PUT"]);
}

/// No request goes out after its preflight, nor after that of another user agent.
#[test]
fn preflights_alone() {
    let asking = browsers(Profile::ALL).ask(question("PUT", API).with_preflights_alone());
    let (sent, results) = answered(asking, &answer(204, &GRANT));
    assert_eq!(sent, ["OPTIONS https://api.example/items "]);
    assert_eq!(verdicts(&results), ["not sent"; 4]);
    assert_eq!(results.answers.len(), 2);
}

#[test]
fn what_is_not_finished_is_withheld() {
    let results = browsers(&[Profile::STANDARD]).ask(question("GET", API)).finish();
    assert_eq!(verdicts(&results), ["not sent"]);
}

/// Finding causes sends nothing: a request that no user agent sent has no answer.
#[test]
fn causes_come_from_what_was_recorded() {
    let headers = vec![(b"Authorization".to_vec(), b"Bearer 1".to_vec())];
    let init = RequestInit::new().headers(headers);
    let question = Question::fetch(API, init);
    let headers = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", "*")];
    let (sent, results) = answered(browsers(Profile::ALL).ask(question), &answer(200, &headers));
    assert_eq!(sent.len(), 2);
    let rows = SideBySide::from_results([results]).rows;
    assert_eq!(rows[0].outcomes[0].verdict(), "blocked");
    for row in &rows[1..] {
        let difference = row.differences[0].as_ref().unwrap();
        assert!(difference.exchanges && difference.result);
        assert_eq!(difference.causes, [Departure::AUTHORIZATION_UNDER_WILDCARD]);
        assert_eq!(difference.causes_of_result, [Departure::AUTHORIZATION_UNDER_WILDCARD]);
    }
}

/// Answers that depend on earlier requests, such as those of a recording, need no state: the
/// earlier exchanges are available.
#[test]
fn answers_by_history() {
    let recorded = [(302, "/b"), (302, "/c"), (200, "")];
    let mut asking = browsers(Profile::ALL).ask(question("GET", "https://api.example/a"));
    while asking.exchange().is_some() {
        let answered = match recorded.get(asking.exchanges().len()) {
            Some((status, location)) => {
                let headers = [&GRANT[..], &[("Location", *location)]].concat();
                Ok(answer(*status, &headers))
            }
            None => Err(TransportFailure::new("the recording is over")),
        };
        asking.answered(answered);
    }
    for outcome in asking.finish().outcomes {
        let urls: Vec<_> = outcome
            .transcript()
            .unwrap()
            .exchanges
            .iter()
            .map(|it| it.url.path().to_owned())
            .collect();
        assert_eq!(urls, ["/a", "/b", "/c"]);
    }
}

#[test]
fn pages_that_cannot_ask() {
    let questions = [
        (Question::xhr(Xhr::new("TRACE", API)), "invalid"),
        (Question::load(Load::Image, "https://[", None), "invalid"),
        (Question::beacon("ftp://log.example/", None), "invalid"),
        (question("CONNECT", API), "invalid"),
    ];
    for (question, expected) in questions {
        let asking = browsers(Profile::ALL).ask(question);
        assert!(asking.exchange().is_none() && asking.user_agent().is_none());
        let results = asking.finish();
        assert_eq!(verdicts(&results), [expected; 4]);
        assert!(matches!(&results.outcomes[0], FetchOutcome::NotAsked(_)));
    }
    assert_eq!(NotAsked::NotQueued.to_string(), "the body has more than 64 KiB");
}

/// A comparison runs each profile once. If a profile differs, it also runs once without each of its
/// departures.
#[test]
fn protocol_of_a_comparison() {
    struct Name(String);

    impl Comparable for Name {
        fn view(&self) -> View {
            View { exchanges: Vec::new(), result: self.0.clone() }
        }
    }

    let mut comparison = Comparison::new([Profile::STANDARD, Profile::WEBKIT, Profile::STANDARD]);
    let mut runs = (0, 0);
    while let Some(profile) = comparison.profile() {
        if comparison.is_for_row() {
            runs.0 += 1;
        } else {
            runs.1 += 1;
        }
        // Only two departures together make a difference here.
        let departs = [Departure::FONT_NO_CORS, Departure::PREFLIGHT_STATUS_FIRST]
            .map(|departure| profile.departs(departure));
        comparison.provide([Name(departs.contains(&true).to_string())]);
    }
    assert_eq!(runs, (3, Profile::WEBKIT.departures().count()));
    let rows = comparison.finish().rows;
    assert!(rows[0].differences == [None] && rows[2].differences == [None]);
    assert!(rows[1].differences[0].as_ref().unwrap().causes.is_empty());
}

#[test]
fn drivers_are_owned_and_send() {
    fn is_send<T: Send + Sync + 'static>() {}
    is_send::<Browsers>();
    is_send::<Question>();
    is_send::<Asking>();
    is_send::<Results>();
    is_send::<SideBySide>();
    is_send::<Comparison>();
}
