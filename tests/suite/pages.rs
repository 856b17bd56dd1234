//! What a page keeps, sends and sees.

use std::time::Duration;

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderValue, header::COOKIE},
    middleware::{Next, from_fn, map_response},
    response::{Redirect, Response},
    routing::{any, get as route},
};
use browser_cors::{
    engine::Profile,
    fetch::TransportFailure,
    page::{
        body::BodyInit,
        fetch_api::{Duplex, RequestInit},
    },
    request::{
        CredentialsMode::{Include, Omit, SameOrigin},
        Mode, RedirectMode,
    },
    response::ResponseType,
    suite::{Call, Page, delete, get, head, patch, post, put},
};
use rstest::{fixture, rstest};
use tower_http::cors::CorsLayer;

use super::{APP, ITEM, ME, api, cors, message};

#[fixture]
fn page() -> Page {
    Page::at(APP)
}

#[rstest]
#[case(599, true)]
#[case(600, false)]
#[tokio::test]
async fn preflights_expire_by_the_clock_of_the_test(
    page: Page,
    #[case] seconds: u64,
    #[case] is_cached: bool,
) {
    let mut router = api().layer(cors().max_age(Duration::from_secs(600)));
    page.fetch(put(ITEM)).through(&mut router).await.assert_preflight().assert_exchanges(2);
    page.advance(Duration::from_secs(seconds));
    let fetched = page.fetch(put(ITEM)).through(&mut router).await;
    if is_cached {
        fetched.assert_cached_preflight().assert_no_preflight().assert_exchanges(1);
    } else {
        fetched.assert_preflight().assert_exchanges(2);
    }
    // Another page has its own cache.
    Page::at(APP).fetch(put(ITEM)).through(&mut router).await.assert_preflight();
}

#[rstest]
#[case::get(get(ME), true)]
#[case::head(head(ME), true)]
#[case::post(post(ME).body("hi"), true)]
#[case::form(post(ME).body(BodyInit::UrlSearchParams("a=1".to_owned())), true)]
#[case::json(post(ME).header("Content-Type", "application/json").body("{}"), false)]
#[case::put(put(ME).body(vec![1, 2]), false)]
#[case::patch(patch(ME), false)]
#[case::delete(delete(ME), false)]
#[case::header(get(ME).header("X-Token", "1"), false)]
#[case::method(Call::with_method("purge", ME), false)]
#[tokio::test]
async fn preflights(page: Page, #[case] call: Call, #[case] is_simple: bool) {
    let fetched = page.fetch(call).through(&mut api().layer(CorsLayer::very_permissive())).await;
    if is_simple {
        fetched.assert_no_preflight().assert_shared();
        assert!(message(|| fetched.assert_cached_preflight()).contains("but none was needed\n"));
    } else {
        fetched.assert_preflight().assert_shared();
    }
}

/// Answers with the cookie that it received.
async fn cookie(headers: HeaderMap) -> [(&'static str, String); 1] {
    let cookie = headers.get(COOKIE).map_or("none", |value| value.to_str().unwrap());
    [("x-cookie", cookie.to_owned())]
}

fn cookies() -> Router {
    Router::new()
        .route("/", any(cookie))
        .route("/away", any(async || Redirect::temporary("https://cdn.example/")))
        .layer(
            CorsLayer::very_permissive()
                .expose_headers([http::HeaderName::from_static("x-cookie")]),
        )
}

#[rstest]
#[case::include(get("https://api.example/").credentials(Include), "id=1; b=2")]
#[case::preflighted(put("https://api.example/").credentials(Include), "id=1; b=2")]
#[case::default(get("https://api.example/"), "none")]
#[case::same_origin(get("https://api.example/").credentials(SameOrigin), "none")]
#[case::omit(get("https://api.example/").credentials(Omit), "none")]
#[case::own_origin(get("/").same_origin(), "id=1; b=2")]
#[case::other_host(get("https://api.example/away").credentials(Include), "none")]
#[tokio::test]
async fn cookies_go_along_with_credentials(page: Page, #[case] call: Call, #[case] sent: &str) {
    let fetched = page.fetch(call.cookie("id=1; b=2")).through(&mut cookies()).await;
    fetched.assert_header("X-Cookie", sent);
}

#[tokio::test]
async fn no_cookies_in_preflights() {
    let check = from_fn(async |request: Request, next: Next| {
        let (is_preflight, has_cookie) =
            (request.method() == "OPTIONS", request.headers().contains_key(COOKIE));
        assert_ne!(is_preflight, has_cookie);
        next.run(request).await
    });
    let call = put("https://api.example/").credentials(Include).cookie("id=1");
    let mut router = cookies().layer(check);
    Page::at(APP).fetch(call).through(&mut router).await.assert_preflight().assert_shared();
}

fn redirects() -> Router {
    Router::new()
        .route("/old", any(async || Redirect::permanent("/new")))
        .route("/new", route(async || "new").post(async || "new"))
        .route("/login", any(async || Redirect::to("https://login.example/")))
        .route("/", route(async || "log in"))
}

#[rstest]
#[tokio::test]
async fn redirects_in_the_router(page: Page) {
    let mut router = redirects().layer(cors());
    page.fetch(get("https://api.example/old"))
        .through(&mut router)
        .await
        .assert_redirected_to("https://api.example/new")
        .assert_exchanges(2);
    // The second origin sees `Origin: null`.
    let login = page.fetch(get("https://api.example/login")).through(&mut router).await;
    login.assert_blocked_by("allow-origin-missing").assert_exchanges(2);
    let last = login.transcripts().next().unwrap().1.exchanges.last().unwrap();
    assert_eq!(last.header_list.get("Origin").as_deref(), Some(&b"null"[..]));
    // A preflight does not follow redirects.
    let mut all = redirects().layer(map_response(async |mut response: Response| {
        response.headers_mut().insert("access-control-allow-origin", HeaderValue::from_static("*"));
        response
    }));
    page.fetch(put("https://api.example/old"))
        .through(&mut all)
        .await
        .assert_blocked_by("preflight-status")
        .assert_exchanges(1);
    let manual = get("https://api.example/old").redirect(RedirectMode::Manual);
    let manual = page.fetch(manual).through(&mut router).await;
    manual.assert_type(ResponseType::OpaqueRedirect).assert_exchanges(1);
    assert!(
        message(|| manual.assert_shared())
            .ends_with("\n    fix: In the page's code: ask with the redirect mode follow.")
    );
    assert!(message(|| manual.assert_blocked()).contains("but it is opaque\n"));
}

#[rstest]
#[tokio::test]
async fn opaque_responses(page: Page) {
    let call = get(ME).mode(Mode::NoCors);
    let fetched = page.fetch(call).through(&mut api()).await;
    fetched.assert_type(ResponseType::Opaque).assert_hides("content-type");
    assert!(
        message(|| fetched.assert_status(200))
            .ends_with("\n    fix: In the page's code: ask with the mode cors.")
    );
}

#[rstest]
#[tokio::test]
async fn own_origin(page: Page) {
    let fetched = page.fetch(get("/me").same_origin()).through(&mut api()).await;
    fetched.assert_same_origin().assert_shared().assert_status(200).assert_no_warnings();
    assert!(message(|| fetched.assert_blocked()).ends_with(
        "\n    fix: In the page's code: ask from another origin: a page may read what its own \
         origin answers."
    ));
}

/// An unintended request to the page's own origin shows nothing about CORS.
#[rstest]
#[tokio::test]
async fn own_origin_by_mistake(page: Page) {
    let fetched = page.fetch(get("https://app.example/me")).through(&mut api()).await;
    fetched.assert_same_origin().assert_type(ResponseType::Basic);
    for checked in [
        fetched.check_shared(),
        fetched.check_status(200),
        fetched.check_exposes("content-type"),
        fetched.check_header("content-type", "text/plain; charset=utf-8"),
        fetched.check_hides("set-cookie"),
        fetched.check_readable_headers(["content-length", "content-type"]),
        fetched.check_no_preflight(),
        fetched.check_exchanges(1),
        fetched.check_no_warnings(),
    ] {
        let text = checked.unwrap_err().to_string();
        assert!(
            text.contains(", but the page asked its own origin, where there is no CORS to test\n"),
            "{text}"
        );
        assert!(
            text.ends_with(
                "\n    fix: In the page's code: ask a server of another origin than \
                 https://app.example, or from a page of another one. If the page's own origin is meant, say so with \
                 `Call::same_origin`."
            ),
            "{text}"
        );
    }
    let elsewhere = page.fetch(get(ME).same_origin()).through(&mut api().layer(cors())).await;
    elsewhere.assert_shared();
    assert!(
        message(|| elsewhere.assert_same_origin())
            .starts_with("expected an answer of the page's own origin, but it has the type cors\n")
    );
}

#[rstest]
#[tokio::test]
#[should_panic(
    expected = "`/me` is relative, so it is of the page's own origin, https://app.example, where \
                there is no CORS to test: write the server's URL, such as \
                `https://api.example/me`, or name the server with `Page::server`; if the page's own \
                origin is meant, say so with `Call::same_origin`"
)]
async fn relative_url(page: Page) {
    let _ = page.fetch(get("/me")).through(&mut api()).await;
}

#[rstest]
#[tokio::test]
async fn relative_url_of_a_server(page: Page) {
    let page = page.server("https://api.example");
    let mut router = api().layer(cors());
    page.fetch(put("/items/1")).through(&mut router).await.assert_shared().assert_preflight();
    page.fetch(put("/items/1")).through(&mut api()).await.assert_blocked();
    // Another host is another server.
    page.fetch(get("https://cdn.example/me")).through(&mut router).await.assert_shared();
}

#[rstest]
fn answers_of_a_closure_over_http(page: Page) {
    let mut requests = Vec::new();
    let call = put(ITEM).body("hi").credentials(Include).cookie("id=1");
    page.fetch(call)
        .answered_by_http(|request| {
            let cookie = request.headers().get(COOKIE).map(|value| value.to_str().unwrap());
            let head = format!("{} {} {cookie:?}", request.method(), request.uri());
            requests.push((head, request.body().clone()));
            http::Response::builder()
                .header("Access-Control-Allow-Origin", APP)
                .header("Access-Control-Allow-Credentials", "true")
                .header("Access-Control-Allow-Methods", "PUT")
                .body(())
                .unwrap()
        })
        .assert_shared();
    assert_eq!(
        requests,
        [
            ("OPTIONS /items/1 None".to_owned(), Vec::new()),
            ("PUT /items/1 Some(\"id=1\")".to_owned(), b"hi".to_vec()),
        ],
    );
}

/// A request without a preflight arrives, although its answer is blocked.
#[rstest]
#[tokio::test]
async fn what_arrives_though_it_is_blocked(page: Page) {
    let simple = page.fetch(post(ME)).through(&mut api()).await;
    simple.assert_blocked();
    assert!(message(|| simple.assert_not_sent()).starts_with(
        "expected that the request itself is not sent, but POST https://api.example/me was sent\n"
    ));
    assert!(
        simple
            .to_string()
            .ends_with("   note: the server received the POST itself, whatever it did then\n"),
        "{simple}"
    );
    let preflighted = page.fetch(delete(ITEM)).through(&mut api()).await;
    preflighted.assert_blocked().assert_not_sent();
    assert!(!preflighted.to_string().contains("note:"), "{preflighted}");
    let read = page.fetch(get(ME)).through(&mut api()).await;
    assert!(!read.to_string().contains("note:"), "{read}");
    let failed = page.fetch(delete(ITEM)).answered_by(|_, _| Err(TransportFailure::new("closed")));
    assert!(
        message(|| failed.assert_not_sent())
            .contains("but no server answered, which proves nothing\n")
    );
}

#[rstest]
#[should_panic(expected = "`preflight-methd` is not a reason code: `preflight-method`, maybe?")]
fn code_that_is_none(page: Page) {
    let fetched = page.fetch(delete(ITEM)).answered_by(|_, _| Err(TransportFailure::new("closed")));
    fetched.assert_blocked_by("preflight-methd");
}

#[rstest]
#[tokio::test]
async fn streams_are_preflighted(page: Page) {
    let init =
        RequestInit::new().method(b"POST").body(BodyInit::ReadableStream).duplex(Duplex::Half);
    let fetch = page.fetch(Call::new(ME, init));
    fetch.through(&mut api().layer(CorsLayer::very_permissive())).await.assert_preflight();
}

#[rstest]
#[tokio::test]
async fn fetches_of_one_page_at_once(page: Page) {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let (mut a, mut b) = (api().layer(cors()), api().layer(cors()));
    let (a, b) = tokio::join!(
        is_send(page.fetch(put(ITEM)).through(&mut a)),
        is_send(page.fetch(get(ME)).through(&mut b))
    );
    a.assert_shared();
    b.assert_shared();
}

#[test]
#[should_panic(
    expected = "`app.example` is not where a page is: a URL, an origin or `null` was expected"
)]
fn page_without_a_scheme() {
    Page::at("app.example");
}

#[test]
#[should_panic(
    expected = "`file:///x` is not where a page is: a URL with a host was expected, or `null`"
)]
fn page_of_no_server() {
    Page::at("file:///x");
}

#[test]
#[should_panic(expected = "`a=1\\n` is not a cookie: it has control characters")]
fn cookie_of_two_lines() {
    let _ = get(ME).cookie("a=1\n");
}

#[test]
#[should_panic(expected = "no engine was named, so nothing would be asked")]
fn no_engines() {
    let _ = Page::at(APP).in_engines([Profile::STANDARD; 0]);
}

/// What a green assertion does not tell is told when asked for.
#[tokio::test]
async fn what_is_not_asserted_is_a_warning() {
    let page = Page::at(APP).in_engines(Profile::ALL);
    let unsent = page.fetch(get("https://api.example/").cookie("id=1"));
    let unsent = unsent.through(&mut cookies()).await;
    unsent.assert_shared();
    assert_eq!(
        unsent.warnings(),
        ["the cookie was not sent: that needs the credentials mode include"]
    );
    let unmet = unsent.check_no_warnings().unwrap_err().to_string();
    assert!(
        unmet.starts_with(
            "expected no warnings, but the cookie was not sent: that needs the credentials mode include"
        ),
        "{unmet}"
    );
    let sent = page.fetch(get("https://api.example/").cookie("id=1").credentials(Include));
    assert_eq!(sent.through(&mut cookies()).await.warnings(), [""; 0]);

    let evil = Page::at("https://evil.example").in_engines(Profile::ALL);
    let answer =
        || Ok(browser_cors::response::Response::new(201, browser_cors::header::HeaderList::new()));
    let form = evil.fetch(post("https://api.example/")).answered_by(|_, _| answer());
    form.assert_blocked();
    let arrivals =
        form.arrivals().map(|(profile, request)| format!("{profile}: {}", request.method));
    assert_eq!(
        arrivals.collect::<Vec<_>>(),
        ["standard: POST", "chromium: POST", "firefox: POST", "webkit: POST"]
    );
    assert_eq!(form.warnings(), ["the server received the POST itself, whatever it did then"]);
    for call in [put("https://api.example/"), get("https://api.example/")] {
        let fetched = evil.fetch(call).answered_by(|_, _| answer());
        fetched.assert_blocked();
        assert_eq!((fetched.arrivals().count(), fetched.warnings().len()), (0, 0));
    }
}
