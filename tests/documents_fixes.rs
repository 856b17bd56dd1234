//! The explanations of the mistakes that the CORS guides warn of, and of common variants.
#![cfg(feature = "public-suffix")]

use browser_cors::{
    environment::Environment,
    explain::{Answer, AnswerTo, Explanation, Remedy},
    fetch::{Context, UserAgent},
    header::HeaderList,
    origin::Origin,
    page::fetch_api::{RequestInfo, RequestInit, construct_request},
    preflight_cache::{PreflightCache, Timestamp},
    request::CredentialsMode,
    response::Response,
    transcript::Transcript,
    url::Url,
};
use rstest::rstest;

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";

#[rstest]
#[case::slash(
    "https://foo.example/",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. An \
     origin has no path, not even a slash."
)]
#[case::path(
    "https://foo.example/shop",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. An origin has no path."
)]
#[case::upper_case(
    "https://Foo.example",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. Its bytes are compared, \
     so write it in lower case."
)]
#[case::scheme(
    "http://foo.example",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. The scheme is part of an \
     origin."
)]
#[case::port(
    "https://foo.example:8443",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. The port is part of an \
     origin, unless it is the scheme's own."
)]
#[case::list(
    "https://foo.example, https://bar.example",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. The header holds one \
     origin: answer each with its own."
)]
#[case::pattern(
    "https://*.example",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. There are no patterns: \
     `*` stands alone or is compared as it is. Have the server compare `Origin`, and answer with the \
     origin that asked."
)]
#[case::another_origin(
    "https://elsewhere.example",
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`, if this origin may read \
     it."
)]
fn allow_origin(#[case] value: &str, #[case] expected: &str) {
    let transcript = run(RequestInit::default(), &[(ALLOW_ORIGIN, value)]);
    assert_eq!(fix_of(&transcript), format!("Answer GET https://bar.other/api with {expected}"),);
}

#[rstest]
#[case::added_twice(
    &[(ALLOW_ORIGIN, "*"), (ALLOW_ORIGIN, "*")],
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`, on one line. If the \
     server and a proxy both add it, one of them must stop."
)]
#[case::missing(
    &[],
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. The server did get the \
     request; only reading the answer is refused."
)]
fn allow_origin_lines(#[case] headers: &[(&str, &str)], #[case] expected: &str) {
    let transcript = run(RequestInit::default(), headers);
    assert_eq!(fix_of(&transcript), format!("Answer GET https://bar.other/api with {expected}"),);
}

#[rstest]
#[case::missing_origin(
    &[(ALLOW_CREDENTIALS, "true")],
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`. The server did get the \
     request; only reading the answer is refused."
)]
#[case::wildcard(
    &[(ALLOW_ORIGIN, "*"), (ALLOW_CREDENTIALS, "true")],
    "`Access-Control-Allow-Origin: https://foo.example` and `Vary: Origin`, but only for origins that \
     may read the user's data. Or, in the page's code, ask without credentials."
)]
#[case::wildcard_alone(
    &[(ALLOW_ORIGIN, "*"), ("Vary", "Accept-Encoding")],
    "`Access-Control-Allow-Origin: https://foo.example`, `Access-Control-Allow-Credentials: true` \
     and `Vary: Accept-Encoding, Origin`, but only for origins that may read the user's data. Or, in \
     the page's code, ask without credentials."
)]
#[case::missing(
    &[(ALLOW_ORIGIN, "https://foo.example")],
    "`Access-Control-Allow-Credentials: true`."
)]
#[case::upper_case(
    &[(ALLOW_ORIGIN, "https://foo.example"), (ALLOW_CREDENTIALS, "True")],
    "`Access-Control-Allow-Credentials: true`. Its bytes are compared, so write it in lower case."
)]
#[case::twice(
    &[
        (ALLOW_ORIGIN, "https://foo.example"),
        (ALLOW_CREDENTIALS, "true"),
        (ALLOW_CREDENTIALS, "true"),
    ],
    "`Access-Control-Allow-Credentials: true`. The same value is there more than once, and browsers \
     read that as one value. If the server and a proxy both add it, one of them must stop."
)]
fn with_credentials(#[case] headers: &[(&str, &str)], #[case] expected: &str) {
    let init = RequestInit::new().credentials(CredentialsMode::Include);
    let transcript = run(init, headers);
    assert_eq!(fix_of(&transcript), format!("Answer GET https://bar.other/api with {expected}"),);
}

#[rstest]
#[case::missing_origin(
    204,
    &[],
    "with `Access-Control-Allow-Origin: https://foo.example`, `Access-Control-Allow-Methods: PATCH`, \
     `Access-Control-Allow-Headers: authorization` and `Vary: Origin`. The request after the \
     preflight was not sent: its answer needs the same `Access-Control-Allow-Origin` and `Vary`."
)]
#[case::asks_for_authentication(
    401,
    &[(ALLOW_ORIGIN, "*")],
    "with 204, `Access-Control-Allow-Origin: *`, `Access-Control-Allow-Methods: PATCH` and \
     `Access-Control-Allow-Headers: authorization`. A preflight never carries credentials: answer \
     it before asking for authentication. The request \
     after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin`."
)]
#[case::without_a_route(
    405,
    &[(ALLOW_ORIGIN, "*")],
    "with 204, `Access-Control-Allow-Origin: *`, `Access-Control-Allow-Methods: PATCH` and \
     `Access-Control-Allow-Headers: authorization`. The server has no route for it. The request \
     after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin`."
)]
#[case::redirected(
    302,
    &[(ALLOW_ORIGIN, "*"), ("Location", "/login")],
    "with 204, `Access-Control-Allow-Origin: *`, `Access-Control-Allow-Methods: PATCH` and \
     `Access-Control-Allow-Headers: authorization`. A preflight must not be redirected. A \
     preflight never carries credentials: answer it before asking for authentication. The request \
     after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin`."
)]
#[case::redirected_nowhere(
    302,
    &[(ALLOW_ORIGIN, "*")],
    "with 204, `Access-Control-Allow-Origin: *`, `Access-Control-Allow-Methods: PATCH` and \
     `Access-Control-Allow-Headers: authorization`. A preflight must not be redirected. Or, in the \
     page's code, ask for its target directly. The request \
     after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin`."
)]
#[case::broken(
    500,
    &[(ALLOW_ORIGIN, "*")],
    "with 204, `Access-Control-Allow-Origin: *`, `Access-Control-Allow-Methods: PATCH` and \
     `Access-Control-Allow-Headers: authorization`. The server failed with 500, most likely before it \
     came to CORS: mend that first, and send the headers with errors as well. The request \
     after the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin`."
)]
#[case::methods_with_spaces(
    204,
    &[(ALLOW_ORIGIN, "*"), (ALLOW_METHODS, "GET PATCH")],
    "with `Access-Control-Allow-Methods: GET, PATCH` and `Access-Control-Allow-Headers: \
     authorization`. The list has methods and commas between them, and nothing else."
)]
#[case::method_in_another_case(
    204,
    &[(ALLOW_ORIGIN, "*"), (ALLOW_METHODS, "GET, patch")],
    "with `Access-Control-Allow-Methods: GET, PATCH` and `Access-Control-Allow-Headers: \
     authorization`. Methods are compared byte for byte; of those \
     that a page writes, only DELETE, GET, HEAD, OPTIONS, POST and PUT are put in upper case."
)]
#[case::other_methods(
    204,
    &[(ALLOW_ORIGIN, "*"), (ALLOW_METHODS, "GET, HEAD, PUT")],
    "with `Access-Control-Allow-Methods: GET, HEAD, PUT, PATCH` and `Access-Control-Allow-Headers: \
     authorization`."
)]
#[case::wildcard_for_authorization(
    204,
    &[(ALLOW_ORIGIN, "*"), (ALLOW_METHODS, "*"), (ALLOW_HEADERS, "*")],
    "with `Access-Control-Allow-Headers: *, authorization`. `*` never covers Authorization."
)]
fn preflights(#[case] status: u16, #[case] headers: &[(&str, &str)], #[case] expected: &str) {
    let init = RequestInit::new().method(b"PATCH").header(b"Authorization", b"Bearer 1");
    let transcript = record(init, false, |_| (status, headers));
    assert_eq!(fix_of(&transcript), format!("Answer OPTIONS https://bar.other/api {expected}"),);
}

/// A login in front of a server that knows nothing of CORS: one remedy, not one a round.
#[test]
fn everything_at_once() {
    let init = RequestInit::new()
        .method("PUT")
        .credentials(CredentialsMode::Include)
        .header("X-Token", "1");
    let remedy = Remedy::of(&record(init, false, |_| (401, &[]))).unwrap();
    assert_eq!(remedy.place.to_string(), "the server of bar.other");
    let [preflight, request] = &remedy.answers[..] else { panic!("{remedy:?}") };
    let asked = |answer: &Answer| (answer.to, answer.method.clone(), answer.status);
    assert_eq!(asked(preflight), (Some(AnswerTo::Preflight), Some("OPTIONS".into()), Some(204)));
    assert_eq!(asked(request), (Some(AnswerTo::UnsentRequest), Some("PUT".into()), None));
    assert_eq!(
        preflight.headers,
        [
            (ALLOW_ORIGIN.into(), "https://foo.example".to_owned()),
            (ALLOW_CREDENTIALS.into(), "true".to_owned()),
            (ALLOW_METHODS.into(), "PUT".to_owned()),
            (ALLOW_HEADERS.into(), "x-token".to_owned()),
            ("Vary".into(), "Origin".to_owned()),
        ]
    );
    assert_eq!(
        request.headers,
        [
            (ALLOW_ORIGIN.into(), "https://foo.example".to_owned()),
            (ALLOW_CREDENTIALS.into(), "true".to_owned()),
            ("Vary".into(), "Origin".to_owned()),
        ]
    );
}

/// Nothing makes it safe to allow `null`, so no remedy does.
#[rstest]
#[case::page(
    CredentialsMode::SameOrigin,
    "Answer GET https://bar.other/api with `Access-Control-Allow-Origin: *`, if every page may read \
     it. Or, in the page's code, ask from a page that has an origin: one that is \
     served over http or https, such as http://localhost, and not a file or a sandboxed frame. To allow `null` is unsafe: any \
     page can have that origin."
)]
#[case::page_with_credentials(
    CredentialsMode::Include,
    "In the page's code: ask without credentials, or ask from a page that has an origin: one that is \
     served over http or https, such as http://localhost, and not a file or a sandboxed frame. To allow `null` is unsafe: \
     any page can have that origin."
)]
fn null(#[case] credentials: CredentialsMode, #[case] expected: &str) {
    let init = RequestInit::new().credentials(credentials);
    let headers = [(ALLOW_ORIGIN, "https://foo.example")];
    assert_eq!(fix_of(&record(init, true, |_| (200, &headers))), expected);
}

#[test]
fn null_of_a_redirect() {
    let transcript = record(RequestInit::default(), false, |url| match url {
        "https://bar.other/api" => (
            302,
            &[(ALLOW_ORIGIN, "https://foo.example"), ("Location", "https://third.example/api")],
        ),
        _ => (200, &[(ALLOW_ORIGIN, "https://foo.example")]),
    });
    assert_eq!(
        fix_of(&transcript),
        "Answer GET https://third.example/api with `Access-Control-Allow-Origin: *`, if every page may \
         read it. Or, in the page's code, ask for https://third.example/api directly: redirects \
         across origins made the origin `null`. To allow `null` is unsafe: any page can have that origin.",
    );
}

/// A failed CORS check often hides another fault, which the status shows.
#[rstest]
#[case::fine("GET", 200, "")]
#[case::broken_server(
    "GET",
    500,
    "   also: the status is 500, and the page cannot see that error
  where: the server of bar.other
    fix: Answer GET https://bar.other/api with `Access-Control-Allow-Origin: \
    https://foo.example` and `Vary: Origin`. The server failed with 500, most likely before it came to \
    CORS: mend that first, and send the headers with errors as well. The server did get the request; only reading the answer is refused.\n"
)]
#[case::preflight(
    "PUT",
    204,
    "   also: Access-Control-Allow-Methods does not list PUT
  where: the server of bar.other
    fix: Answer OPTIONS https://bar.other/api with `Access-Control-Allow-Origin: \
    https://foo.example`, `Access-Control-Allow-Methods: PUT` and `Vary: Origin`. The request after \
    the preflight was not sent: its answer needs the same `Access-Control-Allow-Origin` and `Vary`.\n"
)]
#[case::preflight_that_asks_for_authentication(
    "PUT",
    401,
    "   also: the preflight's status is 401, not 200 to 299
   also: Access-Control-Allow-Methods does not list PUT
  where: the server of bar.other
    fix: Answer OPTIONS https://bar.other/api with 204, `Access-Control-Allow-Origin: \
    https://foo.example`, `Access-Control-Allow-Methods: PUT` and `Vary: Origin`. A preflight never \
    carries credentials: answer it before asking for authentication. The request after the \
    preflight was not sent: its answer needs the same `Access-Control-Allow-Origin` and `Vary`.\n"
)]
fn status_after_a_failed_check(#[case] method: &str, #[case] status: u16, #[case] expected: &str) {
    let init = RequestInit::new().method(method);
    let text = Explanation::new(&record(init, false, |_| (status, &[]))).to_string();
    let also = text.find("   also: ").map_or("", |start| &text[start..]);
    assert_eq!(also, expected, "{text}");
}

#[rstest]
#[case::unlisted(
    &[(ALLOW_ORIGIN, "*"), ("X-Id", "7")],
    " hidden: x-id (not listed in Access-Control-Expose-Headers)\n"
)]
#[case::unreadable_list(
    &[(ALLOW_ORIGIN, "*"), ("Access-Control-Expose-Headers", "X-Id X-No"), ("X-Id", "7")],
    " hidden: x-id (Access-Control-Expose-Headers cannot be parsed)\n"
)]
#[case::cookie(
    &[(ALLOW_ORIGIN, "*"), ("Set-Cookie", "a=b")],
    "  never: set-cookie (no page may read it)\n"
)]
#[case::caches(
    &[(ALLOW_ORIGIN, "https://foo.example"), ("Cache-Control", "max-age=60")],
    "warning: there is no `Vary: Origin`: if the answer depends on the origin, a cache may hand it \
     to another origin\n"
)]
#[case::caches_that_may_not_store(
    &[(ALLOW_ORIGIN, "https://foo.example"), ("Cache-Control", "private, no-store")],
    "   read: cache-control\n"
)]
#[case::caches_told(
    &[(ALLOW_ORIGIN, "https://foo.example"), ("Vary", "Accept, origin")],
    " hidden: vary (not listed in Access-Control-Expose-Headers)\n"
)]
fn allowed_but(#[case] headers: &[(&str, &str)], #[case] last_line: &str) {
    let text = Explanation::new(&run(RequestInit::default(), headers)).to_string();
    assert_eq!(text.split_inclusive('\n').next_back(), Some(last_line), "{text}");
}

fn fix_of(transcript: &Transcript) -> String {
    Remedy::of(transcript).expect("it is blocked").to_string()
}

fn run(init: RequestInit, headers: &[(&str, &str)]) -> Transcript {
    record(init, false, |_| (200, headers))
}

/// Records a `fetch()` of a page against servers that answer by the URL.
fn record<'a>(
    init: RequestInit,
    opaque: bool,
    mut answer: impl FnMut(&str) -> (u16, &'a [(&'a str, &'a str)]),
) -> Transcript {
    let mut page = Environment::new(Url::parse("https://foo.example/").unwrap());
    if opaque {
        page.origin = Origin::opaque();
    }
    let url = RequestInfo::Url("https://bar.other/api");
    let request = construct_request(url, init, &page.into()).unwrap();
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    Transcript::record(request, &mut context, |exchange| {
        let (status, headers) = answer(exchange.url().as_str());
        let mut list = HeaderList::new();
        for (name, value) in headers {
            list.append(name, value).unwrap();
        }
        Ok(Response::new(status, list))
    })
}
