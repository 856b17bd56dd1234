//! <https://fetch.spec.whatwg.org/#fetching>: each place that returns a network error, and both
//! sides of each limit.

use std::time::Duration;

use browser_cors::{
    environment::Environment,
    fetch::{
        Action, Context, KEEPALIVE_LIMIT, Outcome, PreflightFailure, Refusal, TransportFailure,
        UserAgent, fetch,
    },
    header::HeaderList,
    http::Method,
    origin::Origin,
    preflight_cache::{PreflightCache, Timestamp},
    request::{
        Body, CacheMode, CredentialsMode, Destination, Initiator, Mode, RedirectMode, Request,
    },
    response::{Response, ResponseType},
    tao_check::{navigation_tao_check, tao_check},
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

use crate::asking::{request, url};

/// An answer with these headers and, unless it has one, `Access-Control-Allow-Origin: *`.
fn answer(status: u16, headers: &[(&str, &str)]) -> Response {
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    if !list.contains("Access-Control-Allow-Origin") {
        list.append("Access-Control-Allow-Origin", "*").unwrap();
    }
    Response::new(status, list)
}

/// Runs a fetch. Each exchange gets the next answer; the last answer is repeated.
fn run(request: Request, answers: &[Response]) -> Transcript {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let mut count = 0;
    Transcript::record(request, &mut context, |_| {
        count += 1;
        let answer = answers.get(count - 1).or_else(|| answers.last());
        answer.cloned().ok_or_else(|| TransportFailure::new("closed"))
    })
}

fn refusal(request: Request, answers: &[Response]) -> (String, &'static str) {
    match run(request, answers).outcome {
        Outcome::NetworkError(error) => (error.step().to_string(), error.code().as_str()),
        Outcome::Response { response, .. } => panic!("not refused: {response:?}"),
    }
}

/// <https://w3c.github.io/webappsec-mixed-content/#should-block-fetch> and
/// <https://w3c.github.io/webappsec-mixed-content/#upgrade-algorithm>
#[rstest]
#[case::fetch("https://app.example", "http://api.example/", Destination::Empty, None)]
#[case::style("https://app.example", "http://api.example/", Destination::Style, None)]
#[case::frame("https://app.example", "http://api.example/", Destination::Iframe, None)]
#[case::document(
    "https://app.example",
    "http://api.example/",
    Destination::Document,
    Some("http://api.example/")
)]
#[case::page_of_http(
    "http://app.example",
    "http://api.example/",
    Destination::Empty,
    Some("http://api.example/")
)]
#[case::server_of_https(
    "https://app.example",
    "https://api.example/",
    Destination::Empty,
    Some("https://api.example/")
)]
#[case::localhost(
    "https://app.example",
    "http://localhost:81/",
    Destination::Empty,
    Some("http://localhost:81/")
)]
#[case::below_localhost(
    "https://app.example",
    "http://a.localhost/",
    Destination::Empty,
    Some("http://a.localhost/")
)]
#[case::loopback(
    "https://app.example",
    "http://127.0.0.9/",
    Destination::Empty,
    Some("http://127.0.0.9/")
)]
#[case::loopback_6(
    "https://app.example",
    "http://[::1]/",
    Destination::Empty,
    Some("http://[::1]/")
)]
#[case::private("https://app.example", "http://10.0.0.1/", Destination::Empty, None)]
#[case::image(
    "https://app.example",
    "http://api.example/",
    Destination::Image,
    Some("https://api.example/")
)]
#[case::image_at_a_port(
    "https://app.example",
    "http://api.example:8080/a#b",
    Destination::Image,
    Some("https://api.example:8080/a#b")
)]
#[case::audio(
    "https://app.example",
    "http://api.example/",
    Destination::Audio,
    Some("https://api.example/")
)]
#[case::video(
    "https://app.example",
    "http://api.example/",
    Destination::Video,
    Some("https://api.example/")
)]
#[case::image_of_http(
    "http://app.example",
    "http://api.example/",
    Destination::Image,
    Some("http://api.example/")
)]
#[case::image_of_an_address("https://app.example", "http://10.0.0.1/", Destination::Image, None)]
#[case::image_of_loopback(
    "https://app.example",
    "http://127.0.0.1/",
    Destination::Image,
    Some("http://127.0.0.1/")
)]
fn mixed_content(
    #[case] page: &str,
    #[case] url: &str,
    #[case] destination: Destination,
    #[case] sent_to: Option<&str>,
) {
    let sent = |mixed_content| {
        let mut request = Request::new(Url::parse(url).unwrap(), page.parse().unwrap());
        request.mode = Mode::Cors;
        request.destination = destination;
        let mut user_agent = UserAgent::default();
        user_agent.mixed_content = mixed_content;
        let mut cache = PreflightCache::new();
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        match fetch(request, &mut context) {
            Action::Send(exchange) => Some(exchange.url().to_string()),
            Action::Finish(Outcome::NetworkError(error)) => {
                assert_eq!(error.code(), "mixed-content");
                None
            }
            Action::Finish(outcome) => panic!("{outcome:?}"),
        }
    };
    assert!(UserAgent::default().mixed_content);
    assert_eq!(sent(true).as_deref(), sent_to);
    assert_eq!(sent(false).as_deref(), Some(url));
}

const API: &str = "https://api.example/";

#[rstest]
#[case::not_local(request(API, |r| r.local_urls_only = true), &[], "#concept-main-fetch step 3", "not-local-url")]
#[case::bad_port(request("https://api.example:6667/", |_| {}), &[], "#concept-main-fetch step 7", "bad-port")]
#[case::port_0(request("https://api.example:0/", |_| {}), &[], "#concept-main-fetch step 7", "bad-port")]
#[case::mode_same_origin(request(API, |r| r.mode = Mode::SameOrigin), &[], "#concept-main-fetch step 12[mode-same-origin]", "mode-same-origin")]
#[case::no_cors_redirect(request(API, |r| (r.mode, r.redirect_mode) = (Mode::NoCors, RedirectMode::Manual)), &[], "#concept-main-fetch step 12[no-cors].1", "no-cors-redirect-mode")]
#[case::not_http(request("ftp://api.example/", |_| {}), &[], "#concept-main-fetch step 12[not-http]", "not-http-scheme")]
#[case::about_with_cors(request("about:blank", |_| {}), &[], "#concept-main-fetch step 12[not-http]", "not-http-scheme")]
#[case::about_not_blank(request("about:config", |r| r.mode = Mode::NoCors), &[], "#concept-scheme-fetch step 4", "about-not-blank")]
#[case::data_url(request("data:x", |_| {}), &[], "#concept-scheme-fetch step 3[data].2", "data-url")]
#[case::data_base64(request("data:;base64,a", |_| {}), &[], "#concept-scheme-fetch step 3[data].2", "data-url")]
#[case::scheme(request("mailto:a@b", |r| r.mode = Mode::NoCors), &[], "#concept-scheme-fetch step 4", "scheme")]
#[case::blob(request("blob:https://app.example/1", |_| {}), &[], "#concept-scheme-fetch step 3[blob]", "scheme")]
#[case::transport(request(API, |_| {}), &[], "#concept-http-network-or-cache-fetch step 11.2", "no-response")]
#[case::preflight_transport(request(API, |r| r.method = Method::PUT), &[], "#cors-preflight-fetch-0 step 6", "preflight-no-response")]
#[case::preflight_check(request(API, |r| r.method = Method::PUT), &[answer(204, &[("Access-Control-Allow-Origin", "x")])], "#concept-cors-check step 4", "preflight-allow-origin-mismatch")]
#[case::preflight_check_before_status(request(API, |r| r.method = Method::PUT), &[answer(500, &[("Access-Control-Allow-Origin", "x")])], "#concept-cors-check step 4", "preflight-allow-origin-mismatch")]
#[case::preflight_status(request(API, |r| r.method = Method::PUT), &[answer(300, &[])], "#cors-preflight-fetch-0 step 8", "preflight-status")]
#[case::preflight_407(request(API, |r| r.method = Method::PUT), &[answer(407, &[])], "#concept-http-network-or-cache-fetch step 16.1", "proxy-authentication")]
#[case::preflight_methods(request(API, |r| r.method = Method::PUT), &[answer(204, &[("Access-Control-Allow-Methods", "PUT,(")])], "#cors-preflight-fetch-0 step 7.3", "preflight-allow-methods-invalid")]
#[case::preflight_headers(request(API, |r| r.method = Method::PUT), &[answer(204, &[("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "a b")])], "#cors-preflight-fetch-0 step 7.3", "preflight-allow-headers-invalid")]
#[case::preflight_method(request(API, |r| r.method = Method::PUT), &[answer(204, &[("Access-Control-Allow-Methods", "put")])], "#cors-preflight-fetch-0 step 7.5", "preflight-method")]
#[case::preflight_authorization(request(API, |r| r.header_list.append("Authorization", "a").unwrap()), &[answer(204, &[("Access-Control-Allow-Headers", "*")])], "#cors-preflight-fetch-0 step 7.6", "preflight-authorization")]
#[case::preflight_header(request(API, |r| r.header_list.append("X-A", "a").unwrap()), &[answer(204, &[("Access-Control-Allow-Headers", "x-b")])], "#cors-preflight-fetch-0 step 7.7", "preflight-header")]
#[case::cors_check(request(API, |_| {}), &[answer(200, &[("Access-Control-Allow-Origin", "null")])], "#concept-cors-check step 4", "allow-origin-mismatch")]
#[case::cors_check_before_redirect(request(API, |r| r.redirect_mode = RedirectMode::Error), &[answer(302, &[("Access-Control-Allow-Origin", "x")])], "#concept-cors-check step 4", "allow-origin-mismatch")]
#[case::corp(request(API, |r| r.mode = Mode::NoCors), &[answer(200, &[("Cross-Origin-Resource-Policy", "same-origin")])], "#concept-http-fetch step 5", "cross-origin-resource-policy")]
#[case::redirect_error(request(API, |r| r.redirect_mode = RedirectMode::Error), &[answer(302, &[])], "#concept-http-fetch step 6.3[error].1", "redirect-mode-error")]
#[case::location(request(API, |_| {}), &[answer(302, &[("Location", "https://[")])], "#concept-http-redirect-fetch step 5", "location")]
#[case::two_locations(request(API, |_| {}), &[answer(302, &[("Location", "/"), ("Location", "/")])], "#concept-http-redirect-fetch step 5", "location")]
#[case::redirect_scheme(request(API, |_| {}), &[answer(302, &[("Location", "data:,x")])], "#concept-http-redirect-fetch step 6", "redirect-scheme")]
#[case::redirect_credentials(request(API, |_| {}), &[answer(302, &[("Location", "https://me@api.example/")])], "#concept-http-redirect-fetch step 9", "redirect-credentials")]
#[case::redirect_credentials_home(request(API, |_| {}), &[answer(302, &[("Location", "https://me@app.example/")])], "#concept-http-redirect-fetch step 10", "redirect-credentials-after-cors")]
#[case::redirect_stream(request("https://app.example/", |r| (r.method, r.body) = (Method::POST, Some(Body::Stream))), &[answer(307, &[("Location", "/")])], "#concept-http-redirect-fetch step 11", "redirect-stream")]
#[case::only_if_cached(request("https://app.example/", |r| (r.mode, r.cache_mode) = (Mode::SameOrigin, CacheMode::OnlyIfCached)), &[], "#concept-http-network-or-cache-fetch step 11.1", "only-if-cached")]
#[case::proxy(request(API, |_| {}), &[answer(407, &[])], "#concept-http-network-or-cache-fetch step 16.1", "proxy-authentication")]
#[case::mime_type(request(API, |r| (r.mode, r.destination) = (Mode::NoCors, Destination::Script)), &[answer(200, &[("Content-Type", "image/png")])], "#concept-main-fetch step 20", "mime-type")]
#[case::nosniff(request(API, |r| r.destination = Destination::Style), &[answer(200, &[("X-Content-Type-Options", "nosniff")])], "#concept-main-fetch step 20", "nosniff")]
#[case::integrity(request(API, |r| (r.mode, r.integrity_metadata) = (Mode::NoCors, "sha256-x".into())), &[answer(200, &[])], "#concept-main-fetch step 23.2", "integrity-without-body")]
fn refused_at(
    #[case] request: Request,
    #[case] answers: &[Response],
    #[case] step: &str,
    #[case] code: &str,
) {
    assert_eq!(refusal(request, answers), (step.to_owned(), code));
}

#[test]
fn partial_response_that_was_not_asked_for() {
    let plain = request(API, |r| r.mode = Mode::NoCors);
    let mut ranged = plain.clone();
    ranged.header_list.append("Range", "bytes=0-").unwrap();
    let partial = answer(206, &[]).to_range_request();
    assert!(matches!(
        run(ranged, std::slice::from_ref(&partial)).outcome,
        Outcome::Response { .. }
    ));
    assert!(matches!(run(plain.clone(), &[answer(206, &[])]).outcome, Outcome::Response { .. }));
    assert_eq!(refusal(plain, &[partial]).0, "#concept-main-fetch step 21");
}

#[rstest]
#[case::twenty(20, None)]
#[case::twenty_one(21, Some("redirect-count"))]
fn redirect_limit(#[case] redirects: usize, #[case] code: Option<&str>) {
    let mut answers = vec![answer(302, &[("Location", "/next")]); redirects];
    answers.push(answer(200, &[]));
    let transcript = run(request(API, |_| {}), &answers);
    assert_eq!(transcript.exchanges.len(), 21);
    match transcript.outcome {
        Outcome::Response { response, .. } => {
            assert_eq!(code, None);
            assert_eq!((response.status(), response.redirected()), (200, true));
        }
        Outcome::NetworkError(error) => assert_eq!(Some(error.code().as_str()), code),
    }
}

/// Redirects with a preflight at every hop: twice as many exchanges, and no more.
#[test]
fn redirects_with_preflights() {
    let put = request(API, |r| r.method = Method::PUT);
    let mut count = 0;
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let transcript = Transcript::record(put, &mut context, |exchange| {
        count += 1;
        if exchange.is_preflight() {
            return Ok(answer(204, &[("Access-Control-Allow-Methods", "PUT")]));
        }
        Ok(answer(307, &[("Location", &format!("/{count}"))]))
    });
    assert_eq!(transcript.exchanges.len(), 42);
}

#[rstest]
#[case::at_the_limit(KEEPALIVE_LIMIT, 0, true)]
#[case::over_it(KEEPALIVE_LIMIT + 1, 0, false)]
#[case::with_others(KEEPALIVE_LIMIT, 1, false)]
fn keepalive(#[case] length: u64, #[case] inflight: u64, #[case] is_sent: bool) {
    assert_eq!(KEEPALIVE_LIMIT, 65_536);
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    context.inflight_keepalive_bytes = inflight;
    let post = request(API, |r| {
        (r.method, r.keepalive) = (Method::POST, true);
        r.body = Some(Body::Replayable { length: Some(length) });
    });
    assert_eq!(matches!(fetch(post, &mut context), Action::Send(_)), is_sent);
}

#[rstest]
#[case::post_301("POST", 301, "GET", false)]
#[case::post_302("POST", 302, "GET", false)]
#[case::post_303("POST", 303, "GET", false)]
#[case::post_307("POST", 307, "POST", true)]
#[case::post_308("POST", 308, "POST", true)]
#[case::put_301("PUT", 301, "PUT", true)]
#[case::put_302("PUT", 302, "PUT", true)]
#[case::put_303("PUT", 303, "GET", false)]
#[case::head_303("HEAD", 303, "HEAD", false)]
fn method_after_a_redirect(
    #[case] method: &str,
    #[case] status: u16,
    #[case] after: &str,
    #[case] has_body: bool,
) {
    let first = request("https://app.example/", |r| {
        r.method = Method::from_bytes(method.as_bytes()).unwrap();
        if method != "HEAD" {
            r.body = Some(Body::Source("hi".into()));
            r.header_list.append("Content-Type", "text/plain").unwrap();
        }
    });
    let transcript = run(first, &[answer(status, &[("Location", "/b")]), answer(200, &[])]);
    let last = transcript.exchanges.last().unwrap();
    assert_eq!(last.method.as_str(), after);
    assert_eq!(last.header_list.contains("Content-Type"), has_body);
}

#[test]
fn authorization_is_dropped_across_origins_and_stays_away() {
    let mut first = request("https://app.example/", |_| {});
    first.header_list.append("Authorization", "secret").unwrap();
    let answers = [
        answer(302, &[("Location", "/within")]),
        answer(302, &[("Location", "https://app.example:8443/")]),
        answer(302, &[("Location", "https://app.example/")]),
        answer(200, &[]),
    ];
    let transcript = run(first, &answers);
    let sent: Vec<_> = transcript
        .exchanges
        .iter()
        .map(|exchange| exchange.header_list.contains("Authorization"))
        .collect();
    assert_eq!(sent, [true, true, false, false]);
}

#[test]
fn tainting_is_sticky() {
    // To another origin and back: CORS applies at home too, the origin is null, and there are no
    // credentials.
    let answers = [
        answer(302, &[("Location", API)]),
        answer(302, &[("Location", "https://app.example/")]),
        answer(200, &[]),
    ];
    let transcript = run(request("https://app.example/", |_| {}), &answers);
    let sent: Vec<_> = transcript
        .exchanges
        .iter()
        .map(|exchange| {
            let origin = exchange.header_list.get("Origin").map(|origin| origin.into_owned());
            (origin, exchange.includes_credentials)
        })
        .collect();
    assert_eq!(
        sent,
        [
            (None, true),
            (Some(b"https://app.example".to_vec()), false),
            (Some(b"null".to_vec()), false),
        ],
    );
    let Outcome::Response { response, .. } = transcript.outcome else { panic!() };
    assert_eq!(response.kind(), ResponseType::Cors);
}

#[rstest]
#[case::follow_without_location(RedirectMode::Follow, &[], ResponseType::Cors, 302)]
#[case::manual(RedirectMode::Manual, &[("Location", "/b")], ResponseType::OpaqueRedirect, 0)]
#[case::manual_without_location(RedirectMode::Manual, &[], ResponseType::OpaqueRedirect, 0)]
fn redirect_modes(
    #[case] redirect_mode: RedirectMode,
    #[case] headers: &[(&str, &str)],
    #[case] kind: ResponseType,
    #[case] status: u16,
) {
    let transcript =
        run(request(API, |r| r.redirect_mode = redirect_mode), &[answer(302, headers)]);
    let Outcome::Response { response, .. } = transcript.outcome else { panic!() };
    assert_eq!((response.kind(), response.status()), (kind, status));
    assert_eq!(response.url(), API);
}

#[rstest]
#[case::data("data:text/plain,hi", Mode::Cors, ResponseType::Basic, "text/plain")]
#[case::about("about:blank", Mode::Navigate, ResponseType::Basic, "text/html;charset=utf-8")]
fn local_schemes(
    #[case] target: &str,
    #[case] mode: Mode,
    #[case] kind: ResponseType,
    #[case] content_type: &str,
) {
    let transcript = run(request(target, |r| r.mode = mode), &[]);
    assert!(transcript.exchanges.is_empty());
    let Outcome::Response { response, .. } = transcript.outcome else { panic!() };
    assert_eq!(response.kind(), kind);
    assert_eq!(response.header("Content-Type").as_deref(), Some(content_type.as_bytes()));
}

#[test]
fn blob_is_the_embedders() {
    let mut user_agent = UserAgent::default();
    user_agent.blob_and_file = true;
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let blob = request("blob:https://app.example/1", |_| {});
    let Action::Send(exchange) = fetch(blob, &mut context) else { panic!() };
    assert_eq!(exchange.url().scheme(), "blob");
    let action =
        exchange.receive(Response::new(200, HeaderList::new()), Timestamp::default(), &mut context);
    let Action::Finish(Outcome::Response { response, .. }) = action else { panic!() };
    assert_eq!(response.kind(), ResponseType::Basic);
}

/// The preflight's answer is kept for later requests, and forgotten when one of them fails.
#[test]
fn preflight_cache_between_fetches() {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let allowed =
        answer(204, &[("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Max-Age", "60")]);
    let mut methods_at = |millis, last: Response| {
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::from_millis(millis));
        let put = request(API, |r| r.method = Method::PUT);
        let transcript = Transcript::record(put, &mut context, |exchange| {
            Ok(if exchange.is_preflight() { allowed.clone() } else { last.clone() })
        });
        transcript.exchanges.iter().map(|exchange| exchange.method.to_string()).collect::<Vec<_>>()
    };
    let (good, bad) = (answer(200, &[]), answer(200, &[("Access-Control-Allow-Origin", "x")]));
    assert_eq!(methods_at(0, good.clone()), ["OPTIONS", "PUT"]);
    assert_eq!(methods_at(59_999, good.clone()), ["PUT"]);
    assert_eq!(methods_at(60_000, good.clone()), ["OPTIONS", "PUT"]);
    assert_eq!(methods_at(60_001, bad), ["PUT"]);
    assert_eq!(methods_at(60_002, good), ["OPTIONS", "PUT"]);
}

#[rstest]
#[case::limited(7_200, 7_199_999, true)]
#[case::at_the_limit(7_200, 7_200_000, false)]
fn max_age_limit(#[case] limit: u64, #[case] millis: u64, #[case] is_cached: bool) {
    let mut user_agent = UserAgent::default();
    user_agent.profile = user_agent.profile.with_max_age_limit(Duration::from_secs(limit));
    let mut cache = PreflightCache::new();
    let allowed = answer(
        204,
        &[
            ("Access-Control-Allow-Methods", "PUT"),
            ("Access-Control-Max-Age", "99999999999999999999"),
        ],
    );
    let mut count_at = |millis| {
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::from_millis(millis));
        let put = request(API, |r| r.method = Method::PUT);
        Transcript::record(put, &mut context, |_| Ok(allowed.clone())).exchanges.len()
    };
    assert_eq!(count_at(0), 2);
    assert_eq!(count_at(millis), if is_cached { 1 } else { 2 });
}

#[test]
fn user_agent_without_a_preflight_cache() {
    let mut user_agent = UserAgent::default();
    user_agent.caches_preflights = false;
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let put = request(API, |r| r.method = Method::PUT);
    let allowed = answer(204, &[("Access-Control-Allow-Methods", "PUT")]);
    let _ = Transcript::record(put, &mut context, |_| Ok(allowed.clone()));
    assert!(cache.is_empty());
}

/// The `Accept-Language` that the user agent appends counts for the preflight decision.
#[test]
fn accept_language_counts() {
    let mut user_agent = UserAgent::default();
    user_agent.accept_language = Some("en(us)".parse().unwrap());
    let mut cache = PreflightCache::new();
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let Action::Send(exchange) = fetch(request(API, |_| {}), &mut context) else { panic!() };
    let asked = exchange.header_list().get("Access-Control-Request-Headers");
    assert_eq!(asked.as_deref(), Some(&b"accept-language"[..]));
}

#[test]
fn opaque_origin_is_null() {
    let mut sandboxed = request(API, |_| {});
    sandboxed.origin = Origin::opaque();
    sandboxed.credentials_mode = CredentialsMode::Include;
    let shared = answer(
        200,
        &[("Access-Control-Allow-Origin", "null"), ("Access-Control-Allow-Credentials", "true")],
    );
    let transcript = run(sandboxed, &[shared]);
    assert_eq!(transcript.exchanges[0].header_list.get("origin").as_deref(), Some(&b"null"[..]));
    assert!(matches!(transcript.outcome, Outcome::Response { .. }));
}

/// What HTTP-network-or-cache fetch adds last.
#[rstest]
#[case::post(request(API, |r| r.method = Method::POST), "Content-Length", Some("0"))]
#[case::get(request(API, |_| {}), "Content-Length", None)]
#[case::body(request(API, |r| (r.method, r.body) = (Method::POST, Some(Body::Source("hi".into())))), "Content-Length", Some("2"))]
#[case::stream(request("https://app.example/", |r| (r.method, r.body) = (Method::POST, Some(Body::Stream))), "Content-Length", None)]
#[case::prefetch(request(API, |r| r.initiator = Initiator::Prefetch), "Sec-Purpose", Some("prefetch"))]
#[case::no_prefetch(request(API, |_| {}), "Sec-Purpose", None)]
#[case::range(request("https://app.example/", |r| r.header_list.append("Range", "bytes=0-").unwrap()), "Accept-Encoding", Some("identity"))]
#[case::no_range(request(API, |_| {}), "Accept-Encoding", None)]
#[case::default_cache(request(API, |_| {}), "Cache-Control", None)]
#[case::no_cache(request(API, |r| r.cache_mode = CacheMode::NoCache), "Cache-Control", Some("max-age=0"))]
#[case::no_cache_pragma(request(API, |r| r.cache_mode = CacheMode::NoCache), "Pragma", None)]
#[case::no_store(request(API, |r| r.cache_mode = CacheMode::NoStore), "Cache-Control", Some("no-cache"))]
#[case::reload(request(API, |r| r.cache_mode = CacheMode::Reload), "Pragma", Some("no-cache"))]
#[case::force_cache(request(API, |r| r.cache_mode = CacheMode::ForceCache), "Pragma", None)]
#[case::conditional(request("https://app.example/", |r| r.header_list.append("If-None-Match", "x").unwrap()), "Pragma", Some("no-cache"))]
#[case::conditional_by_force(request("https://app.example/", |r| {
    r.header_list.append("If-None-Match", "x").unwrap();
    r.cache_mode = CacheMode::ForceCache;
}), "Pragma", None)]
#[case::author_has_one(request("https://app.example/", |r| {
    r.header_list.append("Cache-Control", "x").unwrap();
    r.cache_mode = CacheMode::NoStore;
}), "Cache-Control", Some("x"))]
fn header_that_is_added(
    #[case] request: Request,
    #[case] name: &str,
    #[case] expected: Option<&str>,
) {
    let transcript = run(request, &[answer(200, &[])]);
    let sent = transcript.exchanges[0].header_list.get(name);
    assert_eq!(sent.as_deref(), expected.map(str::as_bytes));
}

/// The method of an upload with a listener needs no `Access-Control-Allow-Methods`, but a list that
/// is there counts.
#[rstest]
#[case::no_list(&[], None)]
#[case::list(&[("Access-Control-Allow-Methods", "PATCH")], Some("preflight-method"))]
#[case::empty_list(&[("Access-Control-Allow-Methods", "")], Some("preflight-method"))]
fn upload_that_is_listened_to(#[case] headers: &[(&str, &str)], #[case] code: Option<&str>) {
    let put = request(API, |r| (r.method, r.use_cors_preflight) = (Method::PUT, true));
    match run(put, &[answer(204, headers), answer(200, &[])]).outcome {
        Outcome::Response { .. } => assert_eq!(code, None),
        Outcome::NetworkError(error) => assert_eq!(Some(error.code().as_str()), code),
    }
}

/// `*` covers all headers but `Authorization`, and none if credentials are included.
#[rstest]
#[case::wildcard(&["X-A", "X-B"], CredentialsMode::Omit, "*", None)]
#[case::one_listed(&["X-A", "X-B"], CredentialsMode::Omit, "x-a", Some("x-b"))]
#[case::none_listed(&["X-B", "X-A"], CredentialsMode::Omit, "", Some("x-a, x-b"))]
#[case::authorization(&["X-A", "Authorization"], CredentialsMode::Omit, "*", Some("authorization"))]
#[case::authorization_listed(&["X-A", "Authorization"], CredentialsMode::Omit, "*,AUTHORIZATION", None)]
#[case::credentials(&["X-A"], CredentialsMode::Include, "*", Some("x-a"))]
#[case::credentials_listed(&["X-A", "*"], CredentialsMode::Include, "*, X-A", None)]
fn headers_of_a_preflight(
    #[case] names: &[&str],
    #[case] credentials_mode: CredentialsMode,
    #[case] allowed: &str,
    #[case] missing: Option<&str>,
) {
    let mut asked = request(API, |r| r.credentials_mode = credentials_mode);
    names.iter().for_each(|name| asked.header_list.append(name, "1").unwrap());
    let headers = [
        ("Access-Control-Allow-Origin", "https://app.example"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Access-Control-Allow-Headers", allowed),
    ];
    let refused = match run(asked, &[answer(204, &headers)]).outcome {
        Outcome::Response { .. } => None,
        Outcome::NetworkError(error) => match error.refusal {
            Refusal::Preflight(PreflightFailure::Headers { names, .. }) => Some(names.join(", ")),
            other => panic!("{other:?}"),
        },
    };
    assert_eq!(refused.as_deref(), missing);
}

/// If one hop does not allow the page to read timings, none can be read.
#[rstest]
#[case::home("https://app.example/", &[answer(200, &[])], true)]
#[case::away(API, &[answer(200, &[])], false)]
#[case::allowed(API, &[answer(200, &[("Timing-Allow-Origin", "*")])], true)]
#[case::allowed_by_name(API, &[answer(200, &[("Timing-Allow-Origin", "x, https://app.example")])], true)]
#[case::all_hops(API, &[answer(302, &[("Location", "/b"), ("Timing-Allow-Origin", "*")]), answer(200, &[("Timing-Allow-Origin", "*")])], true)]
#[case::one_hop_does_not(API, &[answer(302, &[("Location", "/b")]), answer(200, &[("Timing-Allow-Origin", "*")])], false)]
fn timings(#[case] target: &str, #[case] answers: &[Response], #[case] expected: bool) {
    let Outcome::Response { response, .. } = run(request(target, |_| {}), answers).outcome else {
        panic!()
    };
    assert_eq!(response.internal_response().timing_allow_passed(), expected);
}

/// <https://fetch.spec.whatwg.org/#concept-tao-check> steps 6 to 8.
#[rstest]
#[case::navigation_home(Mode::Navigate, "https://app.example/", true)]
#[case::navigation_away(Mode::Navigate, API, false)]
#[case::basic(Mode::Cors, API, true)]
fn timings_without_a_header(#[case] mode: Mode, #[case] target: &str, #[case] expected: bool) {
    let request = request(target, |r| r.mode = mode);
    assert_eq!(tao_check(&request, &answer(200, &[])), expected);
}

/// <https://fetch.spec.whatwg.org/#navigation-tao-check>, of redirects with items between spaces.
#[rstest]
#[case::no_redirect(&[], true)]
#[case::wildcard(&["*"], true)]
#[case::name(&["x https://app.example", "*"], true)]
#[case::one_without(&["*", ""], false)]
#[case::other(&["https://b.example"], false)]
fn timings_of_a_navigation(#[case] hops: &[&str], #[case] expected: bool) {
    let items = |hop: &&str| hop.split_whitespace().map(str::to_owned).collect();
    let hops: Vec<Vec<String>> = hops.iter().map(items).collect();
    assert_eq!(navigation_tao_check(&hops, &"https://app.example".parse().unwrap()), expected);
}

/// <https://fetch.spec.whatwg.org/#concept-fetch> step 12.
#[rstest]
#[case::nothing(Destination::Empty, Initiator::Empty, "*/*")]
#[case::script(Destination::Script, Initiator::Empty, "*/*")]
#[case::document(Destination::Document, Initiator::Empty, DOCUMENT)]
#[case::frame(Destination::Frame, Initiator::Empty, DOCUMENT)]
#[case::iframe(Destination::Iframe, Initiator::Empty, DOCUMENT)]
#[case::prefetch(Destination::Style, Initiator::Prefetch, DOCUMENT)]
#[case::image(
    Destination::Image,
    Initiator::Empty,
    "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
)]
#[case::json(Destination::Json, Initiator::Empty, "application/json,*/*;q=0.5")]
#[case::style(Destination::Style, Initiator::Empty, "text/css,*/*;q=0.1")]
#[case::text(Destination::Text, Initiator::Empty, "text/plain,*/*;q=0.5")]
fn accept(#[case] destination: Destination, #[case] initiator: Initiator, #[case] expected: &str) {
    let asked = request(API, |r| (r.destination, r.initiator) = (destination, initiator));
    let transcript = run(asked, &[answer(200, &[])]);
    let sent = transcript.exchanges[0].header_list.get("Accept");
    assert_eq!(sent.as_deref(), Some(expected.as_bytes()));

    let mut own = request(API, |r| (r.destination, r.initiator) = (destination, initiator));
    own.header_list.append("accept", "mine").unwrap();
    let transcript = run(own, &[answer(200, &[])]);
    let sent = transcript.exchanges[0].header_list.get("Accept");
    assert_eq!(sent.as_deref(), Some(&b"mine"[..]));
}

const DOCUMENT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// The method and the headers count only with the unsafe-request flag; the other flag always
/// counts.
#[rstest]
#[case::safe(true, false, "GET", false)]
#[case::unsafe_method(true, false, "PUT", true)]
#[case::unsafe_method_without_the_flag(false, false, "PUT", false)]
#[case::use_cors_preflight(false, true, "GET", true)]
fn flags(
    #[case] unsafe_request: bool,
    #[case] use_cors_preflight: bool,
    #[case] method: &str,
    #[case] is_preflighted: bool,
) {
    let asked = request(API, |r| {
        (r.unsafe_request, r.use_cors_preflight) = (unsafe_request, use_cors_preflight);
        r.method = method.parse().unwrap();
    });
    let transcript = run(asked, &[answer(204, &[])]);
    assert_eq!(transcript.exchanges[0].preflight.is_some(), is_preflighted);
}

/// A redirect may change the referrer policy for the rest of the way.
#[rstest]
#[case::none(&[], Some("https://app.example/"))]
#[case::unknown(&[("Referrer-Policy", "future")], Some("https://app.example/"))]
#[case::no_referrer(&[("Referrer-Policy", "no-referrer")], None)]
fn referrer_policy_of_a_redirect(#[case] headers: &[(&str, &str)], #[case] referrer: Option<&str>) {
    let asked = request(API, |r| {
        let page = Environment::new(url("https://app.example/cart"));
        r.client = Some(page.into());
    });
    let hop = [&[("Location", "/b")], headers].concat();
    let transcript = run(asked, &[answer(302, &hop), answer(200, &[])]);
    let sent: Vec<_> = transcript
        .exchanges
        .iter()
        .map(|exchange| exchange.header_list.get("Referer").map(|value| value.into_owned()))
        .collect();
    let expected = [Some("https://app.example/"), referrer];
    assert_eq!(sent, expected.map(|value| value.map(|value| value.as_bytes().to_vec())));
}

#[rstest]
#[case::get("GET", 200, false)]
#[case::head("HEAD", 200, true)]
#[case::no_content("GET", 204, true)]
#[case::not_modified("GET", 304, true)]
fn null_body(#[case] method: &str, #[case] status: u16, #[case] expected: bool) {
    let asked = request(API, |r| r.method = method.parse().unwrap());
    let Outcome::Response { response, .. } = run(asked, &[answer(status, &[])]).outcome else {
        panic!()
    };
    assert_eq!(response.has_null_body(), expected);
}

/// <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch> step 11.1, where the embedder
/// has an HTTP cache.
#[test]
fn nothing_is_cached() {
    let (mut user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    user_agent.http_cache = true;
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let request = request("https://app.example/", |request| {
        (request.mode, request.cache_mode) = (Mode::SameOrigin, CacheMode::OnlyIfCached);
    });
    let Action::Send(exchange) = fetch(request, &mut context) else { panic!("it was not asked") };
    let action = exchange.fail(TransportFailure::new("it is not there"), &mut context);
    let Action::Finish(Outcome::NetworkError(error)) = action else { panic!("{action:?}") };
    assert_eq!(error.refusal, Refusal::OnlyIfCached);
}
