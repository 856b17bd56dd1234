//! Several engines at once.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{extract::Request, middleware::from_fn};
use browser_cors::{
    engine::Profile,
    suite::{Page, get, put},
};
use tower_http::cors::{Any, CorsLayer};

use super::{APP, ITEM, ME, api, cors, message};

const ENGINES: [Profile; 3] = [Profile::CHROMIUM, Profile::FIREFOX, Profile::WEBKIT];

fn wildcards() -> CorsLayer {
    CorsLayer::new().allow_origin(Any).allow_headers(Any).allow_methods(Any)
}

#[tokio::test]
async fn authorization_under_a_wildcard() {
    let call = || get(ME).header("Authorization", "Bearer 1");
    let mut router = api().layer(wildcards());
    Page::at(APP)
        .fetch(call())
        .through(&mut router)
        .await
        .assert_blocked_by("preflight-authorization")
        .assert_blocked_at("#cors-preflight-fetch-0 step 7.6");
    Page::at(APP).in_engines(ENGINES).fetch(call()).through(&mut router).await.assert_shared();

    let all = Page::at(APP).in_engines(Profile::ALL).fetch(call()).through(&mut router).await;
    insta::assert_snapshot!(message(|| all.assert_shared()), @r"
    expected that the page may read the response, but it is blocked
         in: standard; as expected in chromium, firefox, webkit
    GET https://api.example/me from https://app.example, credentials same-origin
    1. OPTIONS https://api.example/me  (preflight, never with credentials)
       because the header Authorization is not safelisted
       Access-Control-Request-Method: GET
       Access-Control-Request-Headers: authorization
       Origin: https://app.example
       => 200
       access-control-allow-methods: *
       access-control-allow-origin: *
       Access-Control-Allow-Headers: *
                                     ^ expected authorization
    blocked: Access-Control-Allow-Headers does not list authorization
         at: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 step 7.6
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowHeaderFromPreflight
      guide: https://OWNER.github.io/browser-cors/guide/reasons/preflight-authorization.html
      where: the server of api.example
        fix: Answer OPTIONS https://api.example/me with `Access-Control-Allow-Headers: *, authorization`. `*` never covers Authorization.
    ");
    insta::assert_snapshot!(message(|| all.assert_blocked()), @r"
    expected that the response is blocked, but the page may read it
         in: chromium, firefox, webkit; as expected in standard
    GET https://api.example/me from https://app.example, credentials same-origin
    1. OPTIONS https://api.example/me  (preflight, never with credentials)
       because the header Authorization is not safelisted
       Access-Control-Request-Method: GET
       Access-Control-Request-Headers: authorization
       Origin: https://app.example
       => 200
       access-control-allow-methods: *
       access-control-allow-headers: *
       access-control-allow-origin: *
    2. GET https://api.example/me  (without credentials)
       Authorization: Bearer 1
       Origin: https://app.example
       => 200
       access-control-allow-origin: *
    allowed: the page may read the response (cors), status 200
    because: any origin may read it without credentials
       read: content-length, content-type
        fix: Answer GET https://api.example/me without `Access-Control-Allow-Origin` and with `Vary: Origin`. `*` lets every page read it: name the page's own origin where that is one of yours, and none for all others.
    ");
    let engine = Page::at(APP).in_engines([Profile::FIREFOX]);
    let engine = engine.fetch(call()).through(&mut router).await;
    assert!(message(|| engine.assert_blocked()).contains("\n     in: firefox\n"));

    let listed = wildcards().allow_headers([http::header::AUTHORIZATION]);
    let page = Page::at(APP).in_engines(Profile::ALL);
    page.fetch(call()).through(&mut api().layer(listed)).await.assert_shared();
}

#[tokio::test]
async fn engines_that_fail_for_different_reasons() {
    let page = Page::at(APP).in_engines(Profile::ALL);
    let fetched = page.fetch(put(ITEM)).through(&mut api()).await;
    insta::assert_snapshot!(message(|| fetched.assert_shared()), @r"
    expected that the page may read the response, but it is blocked
         in: standard, chromium, firefox, webkit
    == standard, chromium, firefox
    PUT https://api.example/items/1 from https://app.example, credentials same-origin
    1. OPTIONS https://api.example/items/1  (preflight, never with credentials)
       because the method PUT is not safelisted
       Access-Control-Request-Method: PUT
       Origin: https://app.example
       => 405
       (no Access-Control-Allow-Origin, expected https://app.example)
       (no Access-Control-Allow-Methods, expected PUT)
    blocked: the preflight's response fails the CORS check: there is no Access-Control-Allow-Origin
         at: https://fetch.spec.whatwg.org/#concept-cors-check step 2
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin
      guide: https://OWNER.github.io/browser-cors/guide/reasons/preflight-allow-origin-missing.html
       also: the preflight's status is 405, not 200 to 299
       also: Access-Control-Allow-Methods does not list PUT
      where: the server of api.example
        fix: Answer OPTIONS https://api.example/items/1 with 204, `Access-Control-Allow-Origin: https://app.example`, `Access-Control-Allow-Methods: PUT` and `Vary: Origin`. The server has no route for it. The request after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin` and `Vary`.
    == webkit
    PUT https://api.example/items/1 from https://app.example, credentials same-origin
    1. OPTIONS https://api.example/items/1  (preflight, never with credentials)
       because the method PUT is not safelisted
       Access-Control-Request-Method: PUT
       Origin: https://app.example
       => 405
       (no Access-Control-Allow-Origin, expected https://app.example)
       (no Access-Control-Allow-Methods, expected PUT)
    blocked: the preflight's status is 405, not 200 to 299
         at: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 step 8
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSPreflightDidNotSucceed
      guide: https://OWNER.github.io/browser-cors/guide/reasons/preflight-status.html
       also: the preflight's response fails the CORS check: there is no Access-Control-Allow-Origin
       also: Access-Control-Allow-Methods does not list PUT
      where: the server of api.example
        fix: Answer OPTIONS https://api.example/items/1 with 204, `Access-Control-Allow-Origin: https://app.example`, `Access-Control-Allow-Methods: PUT` and `Vary: Origin`. The server has no route for it. The request after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin` and `Vary`.
    ");
    let page = page.in_engines([Profile::CHROMIUM, Profile::FIREFOX]);
    let fetched = page.fetch(get(ME)).through(&mut api().layer(cors())).await;
    insta::assert_snapshot!(fetched, @r"
    GET https://api.example/me from https://app.example, credentials same-origin
    1. GET https://api.example/me  (without credentials)
       Origin: https://app.example
       => 200
       vary: origin
       access-control-allow-credentials: true
       access-control-allow-origin: https://app.example
       access-control-expose-headers: etag
    allowed: the page may read the response (cors), status 200
    because: this origin may read it
       read: content-length, content-type
     hidden: vary (not listed in Access-Control-Expose-Headers)
    ");
}

#[tokio::test]
async fn what_all_send_goes_out_once() {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let count_request = from_fn(move |request: Request, next: axum::middleware::Next| {
        counted.fetch_add(1, Ordering::Relaxed);
        next.run(request)
    });
    let mut router = api().layer(cors()).layer(count_request);
    let page = Page::at(APP).in_engines(Profile::ALL);
    page.fetch(put(ITEM)).through(&mut router).await.assert_shared().assert_exchanges(2);
    assert_eq!(count.load(Ordering::Relaxed), 2);
    // Each fetch of the page is independent.
    page.fetch(get(ITEM)).through(&mut router).await.assert_shared();
    page.fetch(get(ITEM)).through(&mut router).await.assert_shared();
    assert_eq!(count.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn limits_of_the_preflight_cache() {
    let hours = std::time::Duration::from_secs(7_200);
    let mut router = api().layer(cors().max_age(hours));
    let page = Page::at(APP).in_engines(Profile::ALL);
    page.fetch(put(ITEM)).through(&mut router).await.assert_preflight();
    page.fetch(put(ITEM)).through(&mut router).await.assert_cached_preflight().assert_shared();
    page.advance(std::time::Duration::from_secs(601));
    let later = page.fetch(put(ITEM));
    let text = message_of_cache(&later.through(&mut router).await);
    assert!(
        text.contains("\n     in: webkit; as expected in standard, chromium, firefox\n"),
        "{text}"
    );
    assert!(text.ends_with("\n    fix: In the page's code: expect it for 600 seconds at most: more of `Access-Control-Max-Age` is not kept."), "{text}");
}

fn message_of_cache(fetched: &browser_cors::suite::Fetched) -> String {
    message(|| fetched.assert_cached_preflight())
}
