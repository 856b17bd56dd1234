//! The right configuration passes; the classic mistakes are found, and after the proposed fix it
//! passes.

use axum::{
    Router,
    extract::Request,
    http::{
        HeaderValue, Method, StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, VARY},
    },
    middleware::{Next, from_fn, map_response},
    response::{IntoResponse, Response},
};
use browser_cors::{
    engine::Profile,
    request::CredentialsMode::Include,
    suite::{Call, Fetched, Page, get, put},
};
use rstest::rstest;
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

use super::{APP, ITEM, ME, api, cors, message};

fn update() -> Call {
    put(ITEM).header("X-Token", "1").credentials(Include)
}

async fn fetch(call: Call, mut router: Router) -> Fetched {
    Page::at(APP).in_engines(Profile::ALL).fetch(call).through(&mut router).await
}

fn has_fix(message: &str, fix: &str) {
    assert!(message.contains(&format!("\n    fix: {fix}")), "{message}");
}

#[rstest]
#[case::app(APP)]
#[should_panic(expected = "there is no Access-Control-Allow-Origin")]
#[case::null("null")]
#[should_panic(expected = "there is no Access-Control-Allow-Origin")]
#[case::other_host("https://evil.example")]
#[tokio::test]
async fn the_right_configuration(#[case] origin: &str) {
    let page = Page::at(origin).in_engines(Profile::ALL);
    let fetched = page.fetch(update()).through(&mut api().layer(cors())).await;
    fetched
        .assert_shared()
        .assert_preflight()
        .assert_exchanges(2)
        .assert_status(200)
        .assert_exposes("etag")
        .assert_no_warnings();
}

#[rstest]
#[case::null("null")]
#[case::host("https://evil.example")]
#[case::suffix("https://app.example.evil.example")]
#[case::prefix("https://evilapp.example")]
#[case::dot("https://appxexample")]
#[case::scheme("http://app.example")]
#[case::port("https://app.example:8443")]
#[case::subdomain("https://x.app.example")]
#[tokio::test]
async fn nobody_else(#[case] origin: &str) {
    let page = Page::at(origin).in_engines(Profile::ALL);
    let mut router = api().layer(cors());
    page.fetch(update()).through(&mut router).await.assert_blocked();
    let read = page.fetch(get(ME).credentials(Include)).through(&mut router).await;
    read.assert_blocked_by("allow-origin-missing").assert_blocked_at("#concept-cors-check step 2");
}

#[tokio::test]
async fn wildcard_with_credentials() {
    let read = || get(ME).credentials(Include);
    let wrong = fetch(read(), api().layer(CorsLayer::new().allow_origin(Any))).await;
    wrong.assert_blocked_by("allow-origin-wildcard-with-credentials");
    has_fix(
        &message(|| wrong.assert_shared()),
        "Answer GET https://api.example/me with `Access-Control-Allow-Origin: https://app.example`, \
         `Access-Control-Allow-Credentials: true` and `Vary: Origin`, but only for origins that may \
         read the user's data. Or, in the page's code, ask without credentials.",
    );
    let fixed = CorsLayer::new()
        .allow_origin(AllowOrigin::list([HeaderValue::from_static("https://app.example")]))
        .allow_credentials(true)
        .vary([http::header::ORIGIN]);
    fetch(read(), api().layer(fixed)).await.assert_shared().assert_no_warnings();
}

/// Rejects requests without a token.
async fn authenticate(request: Request, next: Next) -> Response {
    if request.headers().contains_key(AUTHORIZATION) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

#[tokio::test]
async fn preflight_answered_401() {
    let cors = || cors().allow_headers([AUTHORIZATION]);
    let call = || put(ITEM).header("Authorization", "Bearer 1").credentials(Include);
    let wrong = fetch(call(), api().layer(cors()).layer(from_fn(authenticate))).await;
    wrong.assert_blocked().assert_exchanges(1);
    let message = message(|| wrong.assert_shared());
    assert!(
        message.contains("\n   also: the preflight's status is 401, not 200 to 299\n"),
        "{message}"
    );
    assert!(
        message.contains(
            "Answer OPTIONS https://api.example/items/1 with 204, `Access-Control-Allow-Origin: \
             https://app.example`, `Access-Control-Allow-Credentials: true`, \
             `Access-Control-Allow-Methods: PUT`, `Access-Control-Allow-Headers: authorization` and \
             `Vary: Origin`. A preflight never carries credentials: answer it before asking for \
             authentication. The request after the preflight was not sent: its answer needs the \
             same `Access-Control-Allow-Origin`, `Access-Control-Allow-Credentials` and `Vary`."
        ),
        "{message}"
    );
    let fixed = api().layer(from_fn(authenticate)).layer(cors());
    fetch(call(), fixed).await.assert_shared();
}

/// Sets only this header, by hand.
async fn allow_origin(mut response: Response) -> Response {
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static(APP));
    response
}

#[tokio::test]
async fn preflight_answered_405() {
    let wrong = fetch(put(ITEM), api().layer(map_response(allow_origin))).await;
    wrong.assert_blocked_by("preflight-status");
    has_fix(
        &message(|| wrong.assert_shared()),
        "Answer OPTIONS https://api.example/items/1 with 204, `Access-Control-Allow-Origin: \
         https://app.example`, `Access-Control-Allow-Methods: PUT` and `Vary: Origin`. The server has \
         no route for it.",
    );
    let preflight = async |request: Request, next: Next| match *request.method() {
        Method::OPTIONS => {
            (StatusCode::NO_CONTENT, [("access-control-allow-methods", "PUT")]).into_response()
        }
        _ => next.run(request).await,
    };
    let fixed = api().layer(from_fn(preflight)).layer(map_response(allow_origin));
    fetch(put(ITEM), fixed).await.assert_shared();
}

#[tokio::test]
async fn two_lines_of_allow_origin() {
    let proxy = async |mut response: Response| {
        let value = HeaderValue::from_static(APP);
        response.headers_mut().append(ACCESS_CONTROL_ALLOW_ORIGIN, value);
        response
    };
    let wrong = fetch(get(ME), api().layer(cors()).layer(map_response(proxy))).await;
    wrong.assert_blocked_by("allow-origin-several");
    has_fix(
        &message(|| wrong.assert_shared()),
        "Answer GET https://api.example/me with `Access-Control-Allow-Origin: https://app.example`, \
         on one line. If the server and a proxy both add it, one of them must stop.",
    );
    fetch(get(ME), api().layer(cors())).await.assert_shared();
}

/// Rejects requests without a token, except preflights.
async fn authenticate_requests(request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS {
        next.run(request).await
    } else {
        authenticate(request, next).await
    }
}

#[tokio::test]
async fn no_header_on_errors() {
    let wrong = api().layer(cors()).layer(from_fn(authenticate_requests));
    let wrong = fetch(update(), wrong).await;
    wrong.assert_blocked_by("allow-origin-missing").assert_preflight();
    let message = message(|| wrong.assert_status(401));
    assert!(
        message.contains("\n   also: the status is 401, and the page cannot see that error\n"),
        "{message}"
    );
    has_fix(
        &message,
        "Answer PUT https://api.example/items/1 with `Access-Control-Allow-Origin: \
         https://app.example`, `Access-Control-Allow-Credentials: true` and `Vary: Origin`. Answers that are \
         errors need the header as well. The server did get the request; only reading the answer is \
         refused.",
    );
    let fixed = api().layer(from_fn(authenticate_requests)).layer(cors());
    fetch(update(), fixed).await.assert_shared().assert_status(401);
}

#[tokio::test]
async fn trailing_slash() {
    let allow = |origin: &'static str| {
        cors().allow_origin(AllowOrigin::exact(HeaderValue::from_static(origin)))
    };
    let wrong = fetch(get(ME), api().layer(allow("https://app.example/"))).await;
    wrong.assert_blocked_by("allow-origin-mismatch");
    has_fix(
        &message(|| wrong.assert_shared()),
        "Answer GET https://api.example/me with `Access-Control-Allow-Origin: https://app.example` \
         and `Vary: Origin`. An origin has no path, not even a slash.",
    );
    fetch(get(ME), api().layer(allow("https://app.example"))).await.assert_shared();
}

#[tokio::test]
async fn look_alike_origin() {
    let page = Page::at("https://app.example.evil.example");
    let allow = |is_allowed: fn(&[u8]) -> bool| {
        cors().allow_origin(AllowOrigin::predicate(move |origin, _| is_allowed(origin.as_bytes())))
    };
    let read = || get(ME).credentials(Include);
    let wrong = allow(|origin| origin.starts_with(b"https://app.example"));
    let wrong = page.fetch(read()).through(&mut api().layer(wrong)).await;
    has_fix(
        &message(|| wrong.assert_blocked()),
        "Answer GET https://api.example/me without `Access-Control-Allow-Origin`, where the \
         origin is https://app.example.evil.example. Compare the whole origin with those of your \
         pages, byte for byte.",
    );
    let fixed = allow(|origin| origin == b"https://app.example");
    page.fetch(read()).through(&mut api().layer(fixed)).await.assert_blocked();
}

#[tokio::test]
async fn any_origin_mirrored() {
    let mirrored = || cors().allow_origin(AllowOrigin::mirror_request());
    let page = Page::at("null");
    let wrong =
        page.fetch(get(ME).credentials(Include)).through(&mut api().layer(mirrored())).await;
    let text = message(|| wrong.assert_blocked());
    assert!(text.starts_with("expected that the response is blocked, but the page may read it\n"));
    assert!(text.contains("\nwarning: any page can have the origin `null`"), "{text}");
    message(|| wrong.assert_no_warnings());
    let page = Page::at("https://evil.example");
    let wrong =
        page.fetch(get(ME).credentials(Include)).through(&mut api().layer(mirrored())).await;
    message(|| wrong.assert_blocked());
}

#[tokio::test]
async fn answers_that_caches_mix_up() {
    let without_vary = async |mut response: Response| {
        response.headers_mut().remove(VARY);
        response
    };
    let wrong = fetch(get(ME), api().layer(cors()).layer(map_response(without_vary))).await;
    let text = message(|| wrong.assert_no_warnings());
    assert!(text.starts_with("expected no warnings, but there is one\n"), "{text}");
    assert!(text.contains("\nwarning: there is no `Vary: Origin`"), "{text}");
    fetch(get(ME), api().layer(cors())).await.assert_no_warnings();
}
