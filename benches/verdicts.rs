//! Measures whole fetches, from the page's request to the response that the page may see. The
//! request and the answers are built before the measured time, and the outcome is dropped after it.

use std::sync::Arc;

use browser_cors::{
    environment::{Environment, NetworkPartitionKey},
    fetch::{Action, Context, Outcome, UserAgent, fetch},
    header::HeaderList,
    page::{
        body::BodyInit,
        fetch_api::{RequestInit, construct_request},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{Mode, Request},
    response::{FilteredResponse, Response, ResponseType},
    url::Url,
};
use divan::{Bencher, black_box};

/// The profiles that are measured: the standard, and each engine.
const PROFILES: [&str; 4] = ["standard", "chromium", "firefox", "webkit"];

fn user_agent(name: &str) -> UserAgent {
    UserAgent::for_profile(name.parse().expect("a profile has this name"))
}

const URL: &str = "https://api.example/v1/items/42?view=full";

fn main() {
    divan::main();
}

/// A page with a partition key, a referrer and the default policies.
fn page() -> Arc<Environment> {
    let mut page = Environment::new(Url::parse("https://app.example/cart?step=2").expect("a URL"));
    page.network_partition_key = Some(NetworkPartitionKey::new("https://app.example"));
    Arc::new(page)
}

fn request(page: &Arc<Environment>, init: &RequestInit) -> Request {
    construct_request(URL, init.clone(), page).expect("a request")
}

fn response(status: u16, headers: &[(&str, &str)]) -> Response {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.append(name, value).expect("a header");
    }
    Response::new(status, list)
}

/// Drives a fetch that must end in a response. `answers` come in order.
fn verdict<const N: usize>(
    request: Request,
    answers: [Response; N],
    cache: &mut PreflightCache,
    user_agent: &UserAgent,
) -> FilteredResponse {
    let mut context = Context::new(user_agent, cache, Timestamp::from_secs(1));
    let mut action = fetch(request, &mut context);
    for answer in answers {
        let Action::Send(exchange) = action else { panic!("too few exchanges: {action:?}") };
        action = black_box(exchange).receive(answer, Timestamp::default(), &mut context);
    }
    let Action::Finish(Outcome::Response { response, .. }) = action else {
        panic!("refused: {action:?}")
    };
    assert_eq!(response.kind(), ResponseType::Cors);
    response
}

/// Reads from another origin: one exchange.
#[divan::bench(args = PROFILES, sample_count = 2_000, sample_size = 10)]
fn simple_get(bencher: Bencher<'_, '_>, name: &str) {
    let user_agent = user_agent(name);
    let mut request =
        Request::new(Url::parse(URL).expect("a URL"), "https://app.example".parse().expect("one"));
    request.mode = Mode::Cors;
    read(bencher, &request, &user_agent);
}

/// The same, from a page: it calls `fetch()`, and has a partition key and a referrer.
#[divan::bench(args = PROFILES, sample_count = 2_000, sample_size = 10)]
fn simple_get_of_a_page(bencher: Bencher<'_, '_>, name: &str) {
    let user_agent = user_agent(name);
    read(bencher, &request(&page(), &RequestInit::default()), &user_agent);
}

fn read(bencher: Bencher<'_, '_>, request: &Request, user_agent: &UserAgent) {
    let mut cache = PreflightCache::new();
    let answer = response(
        200,
        &[
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-cache"),
            ("Vary", "Origin"),
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Expose-Headers", "X-Total"),
            ("X-Total", "17"),
        ],
    );
    bencher
        .with_inputs(|| (request.clone(), answer.clone()))
        .bench_local_values(|(request, answer)| verdict(request, [answer], &mut cache, user_agent));
}

/// Writes JSON with a token: a preflight and the request. The cache is always new, so the preflight
/// is sent.
#[divan::bench(args = PROFILES, sample_count = 2_000, sample_size = 10)]
fn preflighted_put(bencher: Bencher<'_, '_>, name: &str) {
    let (page, user_agent) = (page(), user_agent(name));
    let init = RequestInit::new()
        .method(b"PUT")
        .header(b"X-Token", b"3a9f0c55")
        .header(b"Content-Type", b"application/json")
        .body(BodyInit::Text(r#"{"name":"lamp"}"#.to_owned()));
    let granted = response(
        204,
        &[
            ("Vary", "Origin"),
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Allow-Methods", "GET, PUT, DELETE"),
            ("Access-Control-Allow-Headers", "content-type, x-token"),
            ("Access-Control-Max-Age", "600"),
        ],
    );
    let answer = response(
        200,
        &[
            ("Content-Type", "application/json"),
            ("Vary", "Origin"),
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Expose-Headers", "X-Total"),
            ("X-Total", "17"),
        ],
    );
    bencher
        .with_inputs(|| {
            let answers = [granted.clone(), answer.clone()];
            (request(&page, &init), answers, PreflightCache::new())
        })
        .bench_local_values(|(request, answers, mut cache)| {
            let response = verdict(request, answers, &mut cache, &user_agent);
            assert!(!cache.is_empty());
            (response, cache)
        });
}
