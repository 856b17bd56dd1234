//! The edges of what engines do: one recording shows that a departure is there, and these show
//! where it ends.
#![cfg(feature = "public-suffix")]

use std::time::Duration;

use browser_cors::{
    Context, HeaderList, Outcome, PreflightCache, Profile, Request, Response, Timestamp, UserAgent,
    console::{Asker, messages},
    environment::{Environment, NetworkPartitionKey},
    fetch::TransportFailure,
    http::Method,
    origin::Origin,
    preflight_cache::Grant,
    request::{Body, CacheMode, CredentialsMode, Mode},
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn list(headers: &[(&str, &str)]) -> HeaderList {
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    list
}

/// Step 21 of main fetch is about opaque responses alone.
#[test]
fn partial_response_with_cors() {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let mut request =
        Request::new(url("https://api.example/"), "https://app.example".parse().unwrap());
    request.mode = Mode::Cors;
    let transcript = Transcript::record(request, &mut context, |_| {
        let headers = list(&[("Access-Control-Allow-Origin", "*")]);
        Ok(Response::new(206, headers).to_range_request())
    });
    assert!(matches!(transcript.outcome, Outcome::Response { .. }));
}

/// Firefox keeps no answer for 0 seconds, and one for 1 second.
#[rstest]
#[case(0, 0, false)]
#[case(1, 999, true)]
#[case(1, 1_000, false)]
fn shortest_max_age_of_tokens(#[case] seconds: u64, #[case] millis: u64, #[case] is_kept: bool) {
    let mut cache = PreflightCache::for_profile(&Profile::FIREFOX);
    let mut request =
        Request::new(url("https://api.example/"), "https://app.example".parse().unwrap());
    request.method = Method::PUT;
    let max_age = Duration::from_secs(seconds);
    cache.store(&request, [Grant::Method("PUT")], max_age, Timestamp::default());
    assert_eq!(cache.is_empty(), seconds == 0);
    let now = Timestamp::from_millis(millis);
    assert_eq!(cache.matches(&request, now).method(&Method::PUT), is_kept);
}

/// Chromium looks nothing up for a reload, and so erases nothing either.
#[test]
fn reload_erases_no_preflight() {
    let (user_agent, mut cache) =
        (UserAgent::for_profile(Profile::CHROMIUM), PreflightCache::new());
    let mut put = |cache_mode, is_answered: bool| {
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        let mut request =
            Request::new(url("https://api.example/"), "https://app.example".parse().unwrap());
        (request.mode, request.method, request.unsafe_request) = (Mode::Cors, Method::PUT, true);
        request.cache_mode = cache_mode;
        let transcript = Transcript::record(request, &mut context, |_| {
            let headers = list(&[
                ("Access-Control-Allow-Origin", "*"),
                ("Access-Control-Allow-Methods", "PUT"),
                ("Access-Control-Max-Age", "600"),
            ]);
            if is_answered {
                Ok(Response::new(200, headers))
            } else {
                Err(TransportFailure::new("closed"))
            }
        });
        transcript.exchanges.iter().filter(|exchange| exchange.preflight.is_some()).count()
    };
    assert_eq!(put(CacheMode::Default, true), 1);
    assert_eq!(put(CacheMode::Reload, false), 1);
    assert_eq!(put(CacheMode::Default, true), 0);
}

/// WebKit begins a load without CORS anew when it leaves the page's origin without credentials:
/// the `Content-Type` that a redirect dropped before does not come back.
#[rstest]
#[case::anew(CredentialsMode::SameOrigin, None)]
#[case::goes_on(CredentialsMode::Include, Some("text/plain"))]
fn load_begins_anew(#[case] credentials_mode: CredentialsMode, #[case] expected: Option<&str>) {
    let (user_agent, mut cache) = (UserAgent::for_profile(Profile::WEBKIT), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let mut request =
        Request::new(url("https://app.example/"), "https://app.example".parse().unwrap());
    request.method = Method::POST;
    request.credentials_mode = credentials_mode;
    request.header_list = list(&[("Content-Type", "text/plain")]);
    request.body = Some(Body::Source(b"x".to_vec()));
    let answers = [(302, "https://b.example/"), (307, "https://c.example/"), (200, "")];
    let mut answers = answers.iter();
    let transcript = Transcript::record(request, &mut context, |_| {
        let (status, location) = answers.next().unwrap();
        Ok(Response::new(*status, list(&[("Location", *location)])))
    });
    let last = transcript.exchanges.last().unwrap();
    assert_eq!((last.method.as_str(), last.url.as_str()), ("GET", "https://c.example/"));
    let content_type = last.header_list.get("Content-Type");
    assert_eq!(content_type.as_deref(), expected.map(str::as_bytes));
}

/// Chromium asks for storage access of a GET alone: a POST that a 303 turns into one has none.
#[rstest]
#[case(Method::GET, Some("null"))]
#[case(Method::POST, None)]
fn storage_access_of_a_get(#[case] method: Method, #[case] expected: Option<&str>) {
    let (user_agent, mut cache) =
        (UserAgent::for_profile(Profile::CHROMIUM), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let mut page = Environment::new(url("https://app.example/"));
    page.origin = Origin::opaque();
    page.network_partition_key = Some(NetworkPartitionKey::new("https://app.example"));
    let mut request = Request::new(url("https://api.app.example/"), page.origin.clone());
    request.client = Some(page.shared());
    request.credentials_mode = CredentialsMode::Include;
    request.method = method;
    let mut answers = [(303, "/next"), (200, "")].iter();
    let transcript = Transcript::record(request, &mut context, |_| {
        let (status, location) = answers.next().unwrap();
        Ok(Response::new(*status, list(&[("Location", *location)])))
    });
    let last = transcript.exchanges.last().unwrap();
    assert_eq!((last.method.as_str(), last.url.path()), ("GET", "/next"));
    let origin = last.header_list.get("Origin");
    assert_eq!(origin.as_deref(), expected.map(str::as_bytes));
}

/// Firefox cuts a line after 1,000 characters.
#[rstest]
#[case::short(800, false)]
#[case::long(2_000, true)]
fn longest_line_of_firefox(#[case] length: usize, #[case] is_cut: bool) {
    let (user_agent, mut cache) = (UserAgent::for_profile(Profile::FIREFOX), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let address = format!("https://api.example/{}", "a".repeat(length - 20));
    let mut request = Request::new(url(&address), "https://app.example".parse().unwrap());
    request.mode = Mode::Cors;
    let transcript =
        Transcript::record(request, &mut context, |_| Ok(Response::new(200, HeaderList::new())));
    let lines = messages(&transcript, Asker::Fetch);
    assert_eq!(lines[0].chars().count() == 1_000, is_cut, "{}", lines[0].chars().count());
    assert_eq!(lines[0].ends_with("Status code: 200."), !is_cut);
}
