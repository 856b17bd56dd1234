//! The exact messages of failed assertions.

use std::{cell::RefCell, panic};

use axum::http::{HeaderValue, header::ETAG};
use browser_cors::{
    engine::Profile,
    fetch::TransportFailure,
    header::HeaderList,
    request::CredentialsMode::Include,
    response::{Response, ResponseType},
    suite::{Call, Fetched, Page, get, put},
};
use rstest::rstest;
use tower_http::cors::CorsLayer;

use super::{APP, ITEM, ME, api, message};

/// The outcome with a server that has one answer.
fn fetch<const N: usize>(call: Call, headers: [(&str, &str); N]) -> Fetched {
    let headers = HeaderList::try_from(headers).unwrap();
    Page::at(APP).fetch(call).answered_by(|_, _| Ok(Response::new(200, headers.clone())))
}

const ALLOWED: [(&str, &str); 4] = [
    ("Access-Control-Allow-Origin", APP),
    ("Access-Control-Expose-Headers", "x-a"),
    ("ETag", "\"1\""),
    ("Vary", "Origin"),
];

#[test]
fn blocked() {
    let wrong = fetch(put(ITEM).header("X-Token", "1").credentials(Include), ALLOWED);
    insta::assert_snapshot!(message(|| wrong.assert_shared()), @r"
    expected that the page may read the response, but it is blocked
    PUT https://api.example/items/1 from https://app.example, credentials include
    1. OPTIONS https://api.example/items/1  (preflight, never with credentials)
       because the method PUT is not safelisted
       because the header X-Token is not safelisted
       Access-Control-Request-Method: PUT
       Access-Control-Request-Headers: x-token
       Origin: https://app.example
       => 200
       Access-Control-Allow-Origin: https://app.example
       Access-Control-Expose-Headers: x-a
       Vary: Origin
       (no Access-Control-Allow-Credentials, expected true)
       (no Access-Control-Allow-Methods, expected PUT)
       (no Access-Control-Allow-Headers, expected x-token)
    blocked: the preflight's response fails the CORS check: Access-Control-Allow-Credentials is missing, not `true`
         at: https://fetch.spec.whatwg.org/#concept-cors-check step 8
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowCredentials
      guide: https://OWNER.github.io/browser-cors/guide/reasons/preflight-allow-credentials-not-true.html
       also: Access-Control-Allow-Methods does not list PUT
       also: Access-Control-Allow-Headers does not list x-token
      where: the server of api.example
        fix: Answer OPTIONS https://api.example/items/1 with `Access-Control-Allow-Credentials: true`, `Access-Control-Allow-Methods: PUT` and `Access-Control-Allow-Headers: x-token`. The preflight carries no credentials, but the request after it does. The request after the preflight was not sent: answer PUT https://api.example/items/1 with `Access-Control-Allow-Origin: https://app.example`, `Access-Control-Allow-Credentials: true` and `Vary: Origin` as well.
    ");
}

#[test]
fn shared() {
    let wrong = fetch(get(ME), ALLOWED);
    insta::assert_snapshot!(message(|| wrong.assert_blocked()), @r"
    expected that the response is blocked, but the page may read it
    GET https://api.example/me from https://app.example, credentials same-origin
    1. GET https://api.example/me  (without credentials)
       Origin: https://app.example
       => 200
       Access-Control-Allow-Origin: https://app.example
       Access-Control-Expose-Headers: x-a
       Vary: Origin
    allowed: the page may read the response (cors), status 200
    because: this origin may read it
     hidden: etag, vary (not listed in Access-Control-Expose-Headers)
        fix: Answer GET https://api.example/me without `Access-Control-Allow-Origin`, where the origin is https://app.example. Compare the whole origin with those of your pages, byte for byte.
    ");
}

#[test]
fn hidden() {
    let wrong = fetch(get(ME), ALLOWED);
    insta::assert_snapshot!(message(|| wrong.assert_exposes("etag")), @r"
    expected that the page may read `etag`, but it is hidden
    GET https://api.example/me from https://app.example, credentials same-origin
    1. GET https://api.example/me  (without credentials)
       Origin: https://app.example
       => 200
       Access-Control-Allow-Origin: https://app.example
       Access-Control-Expose-Headers: x-a
       Vary: Origin
    allowed: the page may read the response (cors), status 200
    because: this origin may read it
     hidden: etag, vary (not listed in Access-Control-Expose-Headers)
        fix: Answer GET https://api.example/me with `Access-Control-Expose-Headers: x-a, etag`.
    ");
}

#[test]
fn invalid() {
    let wrong = fetch(Call::with_method("TRACE", ME), ALLOWED);
    insta::assert_snapshot!(message(|| wrong.assert_blocked()), @r"
    expected that the response is blocked, but a page cannot make this request
    invalid: the method TRACE is forbidden
         at: https://fetch.spec.whatwg.org/#dom-request step 25.2
    ");
}

#[test]
fn dropped_headers() {
    let wrong = fetch(get(ME).header("cookie", "id=1"), []);
    insta::assert_snapshot!(message(|| wrong.assert_shared()), @r"
    expected that the page may read the response, but it is blocked
    GET https://api.example/me from https://app.example, credentials same-origin
    1. GET https://api.example/me  (without credentials)
       Origin: https://app.example
       => 200
       (no Access-Control-Allow-Origin, expected https://app.example)
    blocked: there is no Access-Control-Allow-Origin
         at: https://fetch.spec.whatwg.org/#concept-cors-check step 2
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin
      guide: https://OWNER.github.io/browser-cors/guide/reasons/allow-origin-missing.html
      where: the server of api.example
        fix: Answer GET https://api.example/me with `Access-Control-Allow-Origin: https://app.example` and `Vary: Origin`. The server did get the request; only reading the answer is refused.
       note: a page cannot set `cookie`; dropped
    ");
    insta::assert_snapshot!(wrong, @r"
    GET https://api.example/me from https://app.example, credentials same-origin
    1. GET https://api.example/me  (without credentials)
       Origin: https://app.example
       => 200
       (no Access-Control-Allow-Origin, expected https://app.example)
    blocked: there is no Access-Control-Allow-Origin
         at: https://fetch.spec.whatwg.org/#concept-cors-check step 2
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin
      guide: https://OWNER.github.io/browser-cors/guide/reasons/allow-origin-missing.html
      where: the server of api.example
        fix: Answer GET https://api.example/me with `Access-Control-Allow-Origin: https://app.example` and `Vary: Origin`. The server did get the request; only reading the answer is refused.
       note: a page cannot set `cookie`; dropped
    ");
}

/// The first line, and the fix after the explanation, if there is one.
#[rstest]
#[case(|it: &Fetched| { it.assert_blocked_by("preflight-status"); }, "that `preflight-status` blocks the response, but the page may read it", Some("Answer GET https://api.example/me without `Access-Control-Allow-Origin`, where the origin is https://app.example. Compare the whole origin with those of your pages, byte for byte."))]
#[case(|it: &Fetched| { it.assert_blocked_at("#concept-cors-check step 2"); }, "that #concept-cors-check step 2 blocks the response, but the page may read it", Some("Answer GET https://api.example/me without `Access-Control-Allow-Origin`, where the origin is https://app.example. Compare the whole origin with those of your pages, byte for byte."))]
#[case(|it: &Fetched| { it.assert_type(ResponseType::Basic); }, "a response of the type basic, but it has the type cors", None)]
#[case(|it: &Fetched| { it.assert_status(201); }, "that the page reads the status 201, but it is 200", None)]
#[case(|it: &Fetched| { it.assert_exposes("X-B"); }, "that the page may read `X-B`, but it is not there", Some("Answer GET https://api.example/me with `X-B: <its value>` and `Access-Control-Expose-Headers: x-a, X-B`."))]
#[case(|it: &Fetched| { it.assert_exposes("Set-Cookie"); }, "that the page may read `Set-Cookie`, but it is not there", Some("Send it under another name: no page may read `Set-Cookie`."))]
#[case(|it: &Fetched| { it.assert_header("x-a", "2"); }, "that the page reads `2` under `x-a`, but it is `1`", None)]
#[case(|it: &Fetched| { it.assert_hides("x-a"); }, "that the page may not read `x-a`, but it may", Some("Answer GET https://api.example/me without `Access-Control-Expose-Headers`."))]
#[case(|it: &Fetched| { it.assert_hides("content-type"); }, "that the page may not read `content-type`, but it may", Some("Answer GET https://api.example/me without `content-type`. `content-type` is safelisted, so it needs no listing."))]
#[case(|it: &Fetched| { it.assert_readable_headers(["x-b", "etag"]); }, "that the page reads etag, x-b, but it reads x-a", None)]
#[case(|it: &Fetched| { it.assert_readable_headers([""; 0]); }, "that the page reads no headers, but it reads x-a", None)]
#[case(|it: &Fetched| { it.assert_preflight(); }, "a preflight, but none was needed", None)]
#[case(|it: &Fetched| { it.assert_cached_preflight(); }, "that the preflight is cached, but none was needed", None)]
#[case(|it: &Fetched| { it.assert_exchanges(2); }, "a number of 2 exchanges, but there were 1", None)]
#[case(|it: &Fetched| { it.assert_redirected_to("https://api.example/"); }, "that redirects lead to https://api.example/, but there was none", None)]
fn first_lines_and_fixes(
    #[case] assertion: fn(&Fetched),
    #[case] first: &str,
    #[case] fix: Option<&str>,
) {
    let it = fetch(get(ME), [ALLOWED[0], ALLOWED[1], ("X-A", "1"), ALLOWED[3]]);
    it.assert_shared()
        .assert_type(ResponseType::Cors)
        .assert_status(200)
        .assert_header("x-a", "1")
        .assert_readable_headers(["X-A"])
        .assert_hides("etag")
        .assert_no_preflight()
        .assert_exchanges(1)
        .assert_no_warnings();
    let text = message(|| assertion(&it));
    assert_eq!(text.lines().next(), Some(&*format!("expected {first}")));
    let found = text.lines().last().and_then(|line| line.strip_prefix("    fix: "));
    assert_eq!(found, fix);
}

#[test]
fn preflights() {
    let granted = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*")];
    let page = Page::at(APP);
    let headers = HeaderList::try_from(granted).unwrap();
    let fetch =
        || page.fetch(put(ITEM)).answered_by(|_, _| Ok(Response::new(200, headers.clone())));
    let first = fetch();
    let text = message(|| first.assert_no_preflight());
    assert!(text.starts_with("expected no preflight, but there was one\n"), "{text}");
    assert!(text.contains("\n   because the method PUT is not safelisted\n"), "{text}");
    let text = message(|| first.assert_cached_preflight());
    assert!(
        text.ends_with(
            "\n    fix: Answer OPTIONS https://api.example/items/1 with \
             `Access-Control-Max-Age: <more seconds than are between the fetches>`."
        ),
        "{text}"
    );
    let second = fetch();
    let text = message(|| second.assert_preflight());
    assert!(text.starts_with("expected a preflight, but the cache saved it\n"), "{text}");
}

#[rstest]
#[case::wildcard(
    "*",
    "Answer GET https://api.example/me without `Access-Control-Allow-Origin` and with `Vary: Origin`. `*` lets every page read it: name the page's own origin where that is one of yours, and none for all others."
)]
#[case::origin(
    APP,
    "Answer GET https://api.example/me without `Access-Control-Allow-Origin` and with `Vary: Origin`, where the origin is https://app.example. Compare the whole origin with those of your pages, byte for byte."
)]
fn sharing(#[case] allow_origin: &str, #[case] fix: &str) {
    let it = fetch(get(ME), [("Access-Control-Allow-Origin", allow_origin)]);
    let text = message(|| it.assert_blocked());
    assert!(text.ends_with(&format!("\n    fix: {fix}")), "{text}");
}

#[rstest]
#[case::listed(get(ME), "x-a, x-b", "Access-Control-Expose-Headers: x-a, x-b, ETag`.")]
#[case::wildcard(get(ME).credentials(Include), "*", "Access-Control-Expose-Headers: ETag`. With credentials, `*` is only a header of that name.")]
#[case::invalid(
    get(ME),
    "x-a x-b",
    "Access-Control-Expose-Headers: x-a, x-b, ETag`. What it holds now cannot be parsed."
)]
fn exposing(#[case] call: Call, #[case] exposed: &str, #[case] fix: &str) {
    let it = fetch(
        call,
        [
            ("Access-Control-Allow-Origin", APP),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", exposed),
            ("ETag", "1"),
        ],
    );
    let text = message(|| it.assert_exposes("ETag"));
    let fix = format!("\n    fix: Answer GET https://api.example/me with `{fix}");
    assert!(text.ends_with(&fix), "{text}");
}

#[test]
fn hiding_under_a_wildcard() {
    let it = fetch(
        get(ME),
        [("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "*")],
    );
    let text = message(|| it.assert_hides("x-any"));
    assert!(
        text.ends_with(
            "\n    fix: Answer GET https://api.example/me with `Access-Control-Expose-Headers: \
             <the names that the page may read>`. `*` exposes every header."
        ),
        "{text}"
    );
}

/// The panic's location is in the test, not in this crate.
#[test]
fn place() {
    thread_local! {
        static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
    }
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PLACE.set(info.location().map(|place| place.file().to_owned()));
        hook(info);
    }));
    let it = fetch(get(ME), ALLOWED);
    for assertion in [
        |it: &Fetched| drop(it.assert_blocked().to_string()),
        |it: &Fetched| drop(it.assert_status(201).to_string()),
        |it: &Fetched| drop(it.assert_exposes("x").to_string()),
    ] {
        message(|| assertion(&it));
        assert_eq!(PLACE.take().as_deref(), Some(file!()));
    }
}

/// A failure in the manual is what the README's test suite would print.
#[tokio::test]
async fn manual() {
    let cors = CorsLayer::new()
        .allow_origin([HeaderValue::from_static(APP)])
        .allow_credentials(true)
        .expose_headers([ETAG]);
    let wrong = Page::at(APP).in_engines(Profile::ALL);
    let wrong = wrong.fetch(put(ITEM).credentials(Include).cookie("session=1"));
    let wrong = wrong.through(&mut api().layer(cors)).await;
    let block = format!("```text\n{}\n```\n", message(|| wrong.assert_shared()));
    assert!(include_str!("../../src/manual/test_suites.md").contains(&block), "{block}");
}

#[test]
fn nobody_is_asked() {
    let wrong = fetch(get("http://api.example:6000/"), ALLOWED);
    wrong.assert_blocked_by("bad-port").assert_exchanges(0);
    insta::assert_snapshot!(message(|| wrong.assert_blocked()), @r"
    expected that the response is blocked, but no server answered, which proves nothing
    GET http://api.example:6000/ from https://app.example, credentials same-origin
    blocked: the port 6000 is blocked
         at: https://fetch.spec.whatwg.org/#concept-main-fetch step 7
      guide: https://OWNER.github.io/browser-cors/guide/reasons/bad-port.html
      where: the server of api.example:6000
        fix: Serve it on a port that browsers do not block.
    ");
}

#[test]
fn nobody_answers() {
    let fetched = Page::at(APP)
        .fetch(get(ME))
        .answered_by(|_, _| Err(TransportFailure::new("the cable is cut")));
    insta::assert_snapshot!(message(|| fetched.assert_blocked()), @r"
    expected that the response is blocked, but no server answered, which proves nothing
    GET https://api.example/me from https://app.example, credentials same-origin
    1. GET https://api.example/me  (without credentials)
       Origin: https://app.example
       => no response: the cable is cut
    blocked: there is no response: the cable is cut
         at: https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch step 11.2
        see: https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSDidNotSucceed
      guide: https://OWNER.github.io/browser-cors/guide/reasons/no-response.html
      where: the server of api.example
        fix: Make https://api.example/me answer: CORS for the origin https://app.example was not asked yet.
    ");
}
