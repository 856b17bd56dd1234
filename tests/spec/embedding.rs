//! What a user agent around the fetch needs: bodies that it keeps, keepalive requests that it counts,
//! and responses that it hands to a page.

use browser_cors::{
    bytes::Bytes,
    engine::Profile,
    fetch::{
        Action, Context, KEEPALIVE_LIMIT, Outcome, Refusal, UserAgent, effective_cache_mode, fetch,
    },
    http::Method,
    preflight_cache::{PreflightCache, Timestamp},
    request::{Body, CacheMode, Mode},
    response::{FilteredResponse, ResponseType},
};
use rstest::rstest;

use crate::asking::{request, response, sent, url};

const NOW: Timestamp = Timestamp::from_secs(1);

fn refused(action: Action) -> Refusal {
    match action {
        Action::Finish(Outcome::NetworkError(error)) => error.refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// A body that the embedder keeps is announced, and sent again after a redirect.
#[rstest]
#[case::of_known_length(Some(5_000_000_000), Some("5000000000"))]
#[case::of_unknown_length(None, None)]
fn replayable_body(#[case] length: Option<u64>, #[case] content_length: Option<&str>) {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, NOW);
    let put = request("https://app.example/", |r| {
        (r.method, r.body) = (Method::PUT, Some(Body::Replayable { length }));
    });
    let first = sent(fetch(put, &mut context));
    let redirect = response(307, &[("Location", "/next")]);
    let second = sent(first.receive(redirect, NOW, &mut context));
    assert_eq!(second.body(), Some(&Body::Replayable { length }));
    let announced = second.header_list().get("Content-Length");
    assert_eq!(announced.as_deref(), content_length.map(str::as_bytes));
}

/// The bytes of a body are shared from hop to hop, never copied.
#[test]
fn bytes_are_not_copied() {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, NOW);
    let bytes = Bytes::from(vec![7; 1000]);
    let post = request("https://app.example/", |r| {
        (r.method, r.body) = (Method::POST, Some(Body::Source(bytes.clone())));
    });
    let first = sent(fetch(post, &mut context));
    let second = sent(first.receive(response(308, &[("Location", "/b")]), NOW, &mut context));
    let Some(Body::Source(again)) = second.body() else { panic!("no bytes") };
    assert_eq!(again.as_ptr(), bytes.as_ptr());
}

/// A fetch never counts its own body, even if the embedder has counted it since the fetch began: not
/// after a preflight, and not after a redirect.
#[test]
fn keepalive_leaves_out_its_own_body() {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let put = || {
        request("https://api.example/", |r| {
            (r.method, r.keepalive) = (Method::PUT, true);
            r.body = Some(Body::Replayable { length: Some(40_000) });
        })
    };
    let mut inflight = 20_000;
    let mut context = Context::new(&user_agent, &mut cache, NOW);
    context.inflight_keepalive_bytes = inflight;
    let preflight = sent(fetch(put(), &mut context));
    inflight += 40_000;
    let allow = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")];
    context.inflight_keepalive_bytes = inflight;
    let first = sent(preflight.receive(response(204, &allow), NOW, &mut context));
    assert_eq!(first.method(), "PUT");
    let redirect = [("Access-Control-Allow-Origin", "*"), ("Location", "/next")];
    context.inflight_keepalive_bytes = inflight;
    let second = sent(first.receive(response(307, &redirect), NOW, &mut context));
    let allow = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")];
    let last = sent(second.receive(response(204, &allow), NOW, &mut context));
    assert_eq!((last.method().as_str(), last.url().path()), ("PUT", "/next"));
    // Another fetch counts it.
    let other = request("https://app.example/", |r| {
        (r.method, r.keepalive) = (Method::POST, true);
        r.body = Some(Body::Source("x".repeat(5_537).into()));
    });
    let refusal = refused(fetch(other, &mut context));
    assert_eq!(refusal, Refusal::Keepalive { length: 5_537, inflight: 60_000 });
    assert_eq!(KEEPALIVE_LIMIT, 65_536);
}

#[rstest]
#[case::plain(CacheMode::Default, "X-A", "default")]
#[case::conditional(CacheMode::Default, "if-range", "no-store")]
#[case::forced(CacheMode::ForceCache, "If-Match", "force-cache")]
fn cache_mode(#[case] mode: CacheMode, #[case] header: &str, #[case] effective: &str) {
    let asked = request("https://app.example/", |r| {
        r.cache_mode = mode;
        r.header_list.append(header, "x").unwrap();
    });
    assert_eq!(effective_cache_mode(&asked, &Profile::STANDARD).as_str(), effective);
}

#[test]
fn local_exchanges_say_so() {
    let (mut user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    user_agent.blob_and_file = true;
    let mut context = Context::new(&user_agent, &mut cache, NOW);
    let is_local = |target: &str, context: &mut Context<'_>| {
        sent(fetch(request(target, |r| r.mode = Mode::NoCors), context)).is_local()
    };
    assert!(is_local("blob:https://app.example/7", &mut context));
    assert!(!is_local("https://app.example/7", &mut context));
}

#[rstest]
#[case(ResponseType::Basic, 404, "Gone Fishing", &["Vary", "X-Id"], 2)]
#[case(ResponseType::Cors, 404, "Gone Fishing", &[], 2)]
#[case(ResponseType::Opaque, 0, "", &[], 0)]
#[case(ResponseType::OpaqueRedirect, 0, "", &[], 2)]
fn parts_are_what_the_page_sees(
    #[case] kind: ResponseType,
    #[case] status: u16,
    #[case] message: &str,
    #[case] names: &[&str],
    #[case] urls: usize,
) {
    let mut whole = response(404, &[("Vary", "Origin"), ("X-Id", "7"), ("Set-Cookie", "a=b")])
        .for_urls([url("https://app.example/a"), url("https://app.example/b")]);
    whole.status_message = b"Gone Fishing"[..].into();
    let parts = FilteredResponse::new(kind, whole).into_parts();
    assert_eq!((parts.kind, parts.status, parts.url_list.len()), (kind, status, urls));
    assert_eq!(*parts.status_message, *message.as_bytes());
    assert_eq!(parts.header_list.iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
    assert_eq!(parts.has_null_body, status == 0);
}

/// What an earlier fetch found out about a stored response says nothing to the next one.
#[test]
fn a_stored_response_is_judged_anew() {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, NOW);
    let stored = response(200, &[("Access-Control-Allow-Origin", "*")])
        .with_timing_allowed()
        .for_urls([url("https://other.example/")]);
    let exchange = sent(fetch(request("https://api.example/", |_| {}), &mut context));
    let Action::Finish(Outcome::Response { response, .. }) =
        exchange.receive(stored, NOW, &mut context)
    else {
        panic!("no response")
    };
    assert_eq!(response.url(), "https://api.example/");
    assert!(!response.internal_response().timing_allow_passed());
}
