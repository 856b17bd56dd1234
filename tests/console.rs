//! What engines print. Each message was seen on the console of the version that `Engine::version`
//! names.

#![cfg(feature = "public-suffix")]

use browser_cors::{
    console::{Asker, Complaint, Field, messages, recognize, remedy},
    engine::{Departure, Engine, Profile},
    fetch::{Context, TransportFailure, UserAgent},
    header::HeaderList,
    http::Method,
    preflight_cache::{PreflightCache, Timestamp},
    request::{CredentialsMode, Mode, RedirectMode, Request},
    response::Response,
    transcript::Transcript,
    url::Url,
};
use proptest::prelude::*;
use rstest::rstest;

const FOO: &str = "http://foo.example";
const BAR: &str = "http://bar.other/r";

type Headers = &'static [(&'static str, &'static str)];

/// A fetch of a page of `http://foo.example`.
#[derive(Clone, Copy)]
struct PageFetch {
    url: &'static str,
    asker: Asker,
    method: &'static str,
    headers: Headers,
    credentials: bool,
    mode: Mode,
    redirect: RedirectMode,
}

const GET: PageFetch = PageFetch {
    url: BAR,
    asker: Asker::Fetch,
    method: "GET",
    headers: &[],
    credentials: false,
    mode: Mode::Cors,
    redirect: RedirectMode::Follow,
};
const PUT: PageFetch = PageFetch { method: "PUT", ..GET };
const INCLUDE: PageFetch = PageFetch { credentials: true, ..GET };
const XHR: PageFetch = PageFetch { asker: Asker::Xhr, ..GET };
const XHR_INCLUDE: PageFetch = PageFetch { credentials: true, ..XHR };
const TOKEN: PageFetch =
    PageFetch { headers: &[("x-first", "1"), ("content-encoding", "b")], ..GET };

fn list(headers: Headers) -> HeaderList {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.append(name, value).unwrap();
    }
    list
}

/// The lines that an engine prints if the servers answer with `answers`, one after another; the
/// last answer is repeated.
fn printed(engine: Engine, asked: PageFetch, answers: &[(u16, Headers)]) -> Vec<String> {
    let profile = match engine {
        Engine::Chromium => Profile::CHROMIUM,
        Engine::Firefox => Profile::FIREFOX,
        _ => Profile::WEBKIT,
    };
    let (user_agent, mut cache) = (UserAgent::for_profile(profile), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let mut request = Request::new(Url::parse(asked.url).unwrap(), FOO.parse().unwrap());
    request.method = Method::from_bytes(asked.method.as_bytes()).unwrap();
    request.header_list = list(asked.headers);
    (request.mode, request.redirect_mode) = (asked.mode, asked.redirect);
    request.unsafe_request = true;
    request.credentials_mode =
        if asked.credentials { CredentialsMode::Include } else { CredentialsMode::SameOrigin };
    let mut answers = answers.iter();
    let mut answer = answers.next();
    let transcript = Transcript::record(request, &mut context, |_exchange| {
        let Some((status, headers)) = answer else { return Err(TransportFailure::new("refused")) };
        answer = answers.next().or(answer);
        Ok(Response::new(*status, list(headers)))
    });
    messages(&transcript, asked.asker)
}

const ANY: (&str, &str) = ("Access-Control-Allow-Origin", "*");
const ORIGIN: (&str, &str) = ("Access-Control-Allow-Origin", FOO);
const TO_BAZ: (&str, &str) = ("Location", "http://baz.other/h1");

#[rstest]
#[case::missing(GET, &[(200, &[][..])], "No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::mismatch(GET, &[(200, &[("Access-Control-Allow-Origin", "http://foo.example/")][..])], "The 'Access-Control-Allow-Origin' header has a value 'http://foo.example/' that is not equal to the supplied origin. Have the server send the header with a valid value.")]
#[case::null(GET, &[(200, &[("Access-Control-Allow-Origin", "null")][..])], "The 'Access-Control-Allow-Origin' header has a value 'null' that is not equal to the supplied origin. Have the server send the header with a valid value.")]
#[case::invalid(GET, &[(200, &[("Access-Control-Allow-Origin", "foo.example")][..])], "The 'Access-Control-Allow-Origin' header contains the invalid value 'foo.example'. Have the server send the header with a valid value.")]
#[case::empty(GET, &[(200, &[("Access-Control-Allow-Origin", "")][..])], "The 'Access-Control-Allow-Origin' header contains the invalid value ''. Have the server send the header with a valid value.")]
#[case::several_lines(GET, &[(200, &[ANY, ANY][..])], "The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed. Have the server send the header with a valid value.")]
#[case::space(GET, &[(200, &[("Access-Control-Allow-Origin", "http://foo.example http://x.y")][..])], "The 'Access-Control-Allow-Origin' header contains multiple values 'http://foo.example http://x.y', but only one is allowed. Have the server send the header with a valid value.")]
#[case::wildcard(INCLUDE, &[(200, &[ANY][..])], "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.")]
#[case::credentials(INCLUDE, &[(200, &[ORIGIN][..])], "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.")]
#[case::credentials_twice(INCLUDE, &[(200, &[ORIGIN, ("Access-Control-Allow-Credentials", "true"), ("Access-Control-Allow-Credentials", "true")][..])], "The value of the 'Access-Control-Allow-Credentials' header in the response is 'true, true' which must be 'true' when the request's credentials mode is 'include'.")]
#[case::preflight_missing(PUT, &[(204, &[][..])], "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::preflight_status(PUT, &[(404, &[ANY][..])], "Response to preflight request doesn't pass access control check: It does not have HTTP ok status.")]
#[case::preflight_redirect(PUT, &[(307, &[TO_BAZ][..])], "Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.")]
#[case::methods(PUT, &[(204, &[ANY, ("Access-Control-Allow-Methods", "PUT; GET")][..])], "Cannot parse Access-Control-Allow-Methods response header field in preflight response.")]
#[case::headers(TOKEN, &[(204, &[ANY, ("Access-Control-Allow-Headers", "b@d")][..])], "Cannot parse Access-Control-Allow-Headers response header field in preflight response.")]
#[case::method(PUT, &[(204, &[ANY][..])], "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.")]
#[case::header(TOKEN, &[(204, &[ANY, ("Access-Control-Allow-Headers", "x-first")][..])], "Request header field content-encoding is not allowed by Access-Control-Allow-Headers in preflight response.")]
#[case::redirect_credentials(GET, &[(302, &[ANY, ("Location", "http://user@baz.other/")][..])], "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.")]
fn chromium(#[case] asked: PageFetch, #[case] answers: &[(u16, Headers)], #[case] reason: &str) {
    let line = format!(
        "Access to fetch at '{BAR}' from origin '{FOO}' has been blocked by CORS policy: {reason}"
    );
    assert_eq!(printed(Engine::Chromium, asked, answers), [line.as_str()]);
    let message = recognize(&line).unwrap();
    assert_eq!(message.console.engine(), Some(Engine::Chromium));
    assert_eq!(message.value(Field::Url), Some(BAR));
    assert_eq!(message.value(Field::Origin), Some(FOO));
    assert_eq!(message.is_preflight, Some(asked.method == "PUT" || !asked.headers.is_empty()));
}

/// The API is in the first words, redirects follow the URL, and hints follow the reason.
#[rstest]
#[case::xhr(XHR, &[(200, &[("Access-Control-Allow-Origin", "foo.example")][..])], "Access to XMLHttpRequest at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: The 'Access-Control-Allow-Origin' header contains the invalid value 'foo.example'.")]
#[case::xhr_wildcard(XHR_INCLUDE, &[(200, &[ANY][..])], "Access to XMLHttpRequest at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'. The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.")]
#[case::image(PageFetch { asker: Asker::Image, ..GET }, &[(200, &[][..])], "Access to image at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::script(PageFetch { asker: Asker::Script, ..GET }, &[(200, &[][..])], "Access to script at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::style_sheet(PageFetch { asker: Asker::StyleSheet, ..GET }, &[(200, &[][..])], "Access to CSS stylesheet at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::font(PageFetch { asker: Asker::Font, ..GET }, &[(200, &[][..])], "Access to font at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::event_source(PageFetch { asker: Asker::EventSource, ..GET }, &[(200, &[][..])], "Access to resource at 'http://bar.other/r' from origin 'http://foo.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::redirected(GET, &[(302, &[ANY, TO_BAZ][..]), (200, &[][..])], "Access to fetch at 'http://baz.other/h1' (redirected from 'http://bar.other/r') from origin 'http://foo.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")]
#[case::redirected_to_ftp(GET, &[(302, &[ANY, ("Location", "ftp://x/y")][..])], "Access to fetch at 'ftp://x/y' (redirected from 'http://bar.other/r') from origin 'http://foo.example' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app.")]
fn chromium_line(#[case] asked: PageFetch, #[case] answers: &[(u16, Headers)], #[case] line: &str) {
    assert_eq!(printed(Engine::Chromium, asked, answers), [line]);
    assert_eq!(recognize(line).unwrap().console.engine(), Some(Engine::Chromium));
}

/// The line that is printed after a reason, or alone.
const GENERAL: &str = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the \
    remote resource at http://bar.other/r. (Reason: CORS request did not succeed). Status code: \
    (null).";

#[rstest]
#[case::missing(GET, &[(404, &[][..])], "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404.", 0)]
#[case::redirect(GET, &[(302, &[TO_BAZ][..])], "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302.", 1)]
#[case::manual_redirect(PageFetch { redirect: RedirectMode::Manual, ..GET }, &[(302, &[TO_BAZ][..])], "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302.", 0)]
#[case::mismatch(GET, &[(200, &[("Access-Control-Allow-Origin", "*, null")][..])], "CORS header ‘Access-Control-Allow-Origin’ does not match ‘*, null’).", 0)]
#[case::several(GET, &[(200, &[ANY, ANY][..])], "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).", 0)]
#[case::credentials(INCLUDE, &[(200, &[ORIGIN][..])], "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).", 0)]
#[case::preflight_missing(PUT, &[(204, &[][..])], "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 204.", 1)]
#[case::preflight_status(PUT, &[(404, &[ANY][..])], "CORS preflight response did not succeed). Status code: 404.", 1)]
#[case::methods(PUT, &[(204, &[ANY, ("Access-Control-Allow-Methods", "GET, bad token")][..])], "invalid token ‘bad token’ in CORS header ‘Access-Control-Allow-Methods’).", 1)]
#[case::headers(TOKEN, &[(204, &[ANY, ("Access-Control-Allow-Headers", "\"quoted\"")][..])], "invalid token ‘\"quoted\"’ in CORS header ‘Access-Control-Allow-Headers’).", 1)]
#[case::method(PUT, &[(204, &[ANY][..])], "Did not find method in CORS header ‘Access-Control-Allow-Methods’).", 1)]
#[case::header(TOKEN, &[(204, &[ANY][..])], "header ‘content-encoding’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).", 1)]
fn firefox(
    #[case] asked: PageFetch,
    #[case] answers: &[(u16, Headers)],
    #[case] reason: &str,
    #[case] general: usize,
) {
    let line = format!(
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
         resource at {BAR}. (Reason: {reason}"
    );
    let lines = printed(Engine::Firefox, asked, answers);
    assert_eq!(lines[0], line);
    assert_eq!(lines[1..], vec![GENERAL; general]);
    let message = recognize(&line).unwrap();
    assert_eq!(
        (message.console.engine(), message.value(Field::Url)),
        (Some(Engine::Firefox), Some(BAR))
    );
}

#[rstest]
#[case::wildcard(INCLUDE, &[(200, &[ANY][..])], &["Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ‘http://bar.other/r’. (Reason: Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’)."])]
#[case::preflight_redirect(PUT, &[(302, &[ANY, TO_BAZ][..])], &["Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://bar.other/r. (Reason: CORS request external redirect not allowed).", "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at http://bar.other/r. (Reason: CORS preflight response did not succeed). Status code: 302.", GENERAL])]
#[case::redirect_to_data(GET, &[(302, &[("Location", "data:text/plain,hi")][..])], &[GENERAL])]
#[case::redirect_credentials(GET, &[(302, &[ANY, ("Location", "http://user@baz.other/")][..])], &[GENERAL])]
#[case::too_many_redirects(GET, &[(302, &[ANY, ("Location", "http://bar.other/r")][..])], &[GENERAL])]
#[case::no_response(GET, &[], &[GENERAL])]
#[case::no_response_to_preflight(PUT, &[], &[GENERAL, GENERAL])]
#[case::not_http(PageFetch { url: "ftp://x.example/r", ..GET }, &[], &["Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ftp://x.example/r. (Reason: CORS request not http)."])]
#[case::no_cors(PageFetch { mode: Mode::NoCors, ..GET }, &[(200, &[("Cross-Origin-Resource-Policy", "same-origin")][..])], &[])]
#[case::at_home(PageFetch { url: "http://foo.example/r", ..GET }, &[(302, &[("Location", "data:text/plain,hi")][..])], &[])]
fn firefox_lines(
    #[case] asked: PageFetch,
    #[case] answers: &[(u16, Headers)],
    #[case] lines: &[&str],
) {
    assert_eq!(printed(Engine::Firefox, asked, answers), lines);
    assert!(
        lines.iter().all(|line| recognize(line).unwrap().console.engine() == Some(Engine::Firefox))
    );
}

#[rstest]
#[case::missing(GET, &[(200, &[][..])], "Origin http://foo.example is not allowed by Access-Control-Allow-Origin. Status code: 200")]
#[case::mismatch(GET, &[(404, &[("Access-Control-Allow-Origin", "null")][..])], "Origin http://foo.example is not allowed by Access-Control-Allow-Origin. Status code: 404")]
#[case::several(GET, &[(200, &[ANY, ANY][..])], "Access-Control-Allow-Origin cannot contain more than one origin.")]
#[case::wildcard(INCLUDE, &[(200, &[ANY][..])], "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.")]
#[case::credentials(INCLUDE, &[(200, &[ORIGIN][..])], "Credentials flag is true, but Access-Control-Allow-Credentials is not \"true\".")]
#[case::preflight_status(PUT, &[(404, &[][..])], "Preflight response is not successful. Status code: 404")]
#[case::methods(PUT, &[(204, &[ANY, ("Access-Control-Allow-Methods", "PUT; GET")][..])], "Header Access-Control-Allow-Methods has an invalid value: PUT; GET")]
#[case::headers(TOKEN, &[(204, &[ANY, ("Access-Control-Allow-Headers", "b@d, x-token")][..])], "Header Access-Control-Allow-Headers has an invalid value: b@d, x-token")]
#[case::method(PUT, &[(204, &[ANY][..])], "Method PUT is not allowed by Access-Control-Allow-Methods.")]
#[case::known_header(TOKEN, &[(204, &[ANY][..])], "Request header field Content-Encoding is not allowed by Access-Control-Allow-Headers.")]
#[case::unknown_header(PageFetch { headers: &[("x_B", "1"), ("x-a", "1")], ..GET }, &[(204, &[ANY][..])], "Request header field x_B is not allowed by Access-Control-Allow-Headers.")]
#[case::redirect(GET, &[(302, &[TO_BAZ][..])], "Cross-origin redirection to http://baz.other/h1 denied by Cross-Origin Resource Sharing policy: Origin http://foo.example is not allowed by Access-Control-Allow-Origin. Status code: 302")]
#[case::tainted(GET, &[(302, &[ANY, TO_BAZ][..]), (200, &[][..])], "Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200")]
#[case::redirect_credentials(GET, &[(302, &[ANY, ("Location", "http://user@baz.other/h1")][..])], "Cross-origin redirection to http://baz.other/h1 denied by Cross-Origin Resource Sharing policy: redirection URL http://user@baz.other/h1 has credentials")]
#[case::redirect_scheme(GET, &[(302, &[ANY, ("Location", "mailto:x@y")][..])], "Cross-origin redirection to mailto:x@y denied by Cross-Origin Resource Sharing policy: not allowed to follow a cross-origin CORS redirection with non CORS scheme")]
#[case::ftp(GET, &[(302, &[ANY, ("Location", "ftp://x/y")][..])], "FTP URLs are disabled")]
#[case::redirect_count(GET, &[(302, &[ANY, ("Location", "http://bar.other/r")][..])], "Load cannot follow more than 20 redirections")]
#[case::redirect_mode(PageFetch { redirect: RedirectMode::Error, ..GET }, &[(302, &[ANY, TO_BAZ][..])], "Not allowed to follow a redirection while loading http://bar.other/r")]
#[case::same_origin(PageFetch { url: "http://foo.example/r", mode: Mode::SameOrigin, ..GET }, &[(302, &[TO_BAZ][..])], "Unsafe attempt to load URL http://baz.other/h1 from origin http://foo.example. Domains, protocols and ports must match.")]
#[case::policy(PageFetch { mode: Mode::NoCors, ..GET }, &[(200, &[("Cross-Origin-Resource-Policy", "same-origin")][..])], "Cancelled load to http://bar.other/r because it violates the resource's Cross-Origin-Resource-Policy response header.")]
#[case::beacon(PageFetch { asker: Asker::Beacon, ..PUT }, &[(404, &[][..])], "Beacon API cannot load http://bar.other/r. Preflight response is not successful. Status code: 404")]
#[case::not_http(PageFetch { url: "foo:r", ..GET }, &[], "Cross origin requests are only supported for HTTP.")]
fn webkit(#[case] asked: PageFetch, #[case] answers: &[(u16, Headers)], #[case] line: &str) {
    assert_eq!(printed(Engine::Webkit, asked, answers), [line]);
    assert_eq!(recognize(line).unwrap().console.engine(), Some(Engine::Webkit));
}

/// WebKit's network replaces a byte that is no UTF-8 and then hands on one byte a character. The
/// console names the URL that WebKit would request next, and does request if the redirect is
/// allowed.
#[test]
fn location_of_bytes_is_read_once() {
    const NEXT: &str = "http://bar.other/caf%C3%AF%C2%BF%C2%BD";
    let record = |allows: bool| {
        let (user_agent, mut cache) =
            (UserAgent::for_profile(Profile::WEBKIT), PreflightCache::new());
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        let mut request = Request::new(Url::parse(BAR).unwrap(), FOO.parse().unwrap());
        request.mode = Mode::Cors;
        Transcript::record(request, &mut context, |exchange| {
            let mut headers = list(if allows { &[ANY] } else { &[] });
            let is_first = exchange.url().as_str() == BAR;
            headers.append("Location", b"/caf\xE9").unwrap();
            Ok(Response::new(if is_first { 302 } else { 200 }, headers))
        })
    };
    assert_eq!(record(true).exchanges[1].url.as_str(), NEXT);
    assert_eq!(
        messages(&record(false), Asker::Fetch),
        [format!(
            "Cross-origin redirection to {NEXT} denied by Cross-Origin Resource Sharing policy: \
             Origin http://foo.example is not allowed by Access-Control-Allow-Origin. Status code: \
             302"
        )],
    );
}

/// A custom profile prints what it reads itself, not what its engine would read.
#[test]
fn location_as_the_profile_reads_it() {
    let printed_by = |profile| {
        let (user_agent, mut cache) = (UserAgent::for_profile(profile), PreflightCache::new());
        let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
        let mut request = Request::new(Url::parse(BAR).unwrap(), FOO.parse().unwrap());
        request.mode = Mode::Cors;
        let transcript = Transcript::record(request, &mut context, |_exchange| {
            Ok(Response::new(310, list(&[("Location", "/h1")])))
        });
        messages(&transcript, Asker::Fetch)
    };
    let reason = "Origin http://foo.example is not allowed by Access-Control-Allow-Origin. Status \
                  code: 310";
    assert_eq!(
        printed_by(Profile::WEBKIT),
        [format!(
            "Cross-origin redirection to http://bar.other/h1 denied by Cross-Origin Resource \
             Sharing policy: {reason}"
        )],
    );
    let profile = Profile::WEBKIT.without(Departure::REDIRECT_OF_OTHER_STATUSES);
    assert_eq!(printed_by(profile), [reason]);
    assert!(printed_by(Profile::STANDARD).is_empty());
}

/// WebKit refuses a redirect after the preflight of the next hop, and prints what was wrong with
/// the redirect.
#[test]
fn redirect_that_is_judged_late() {
    const ALLOWED: (&str, &str) = ("Access-Control-Allow-Headers", "x-first");
    let asked = PageFetch { url: "http://foo.example/h0", headers: &[("x-first", "1")], ..GET };
    let answers: [(u16, Headers); 4] = [
        (301, &[("Location", "http://bar.other/h1")]),
        (204, &[ANY, ALLOWED]),
        (307, &[ANY, ("Location", "http://foo.example/h2")]),
        (204, &[("Access-Control-Allow-Origin", "null"), ALLOWED]),
    ];
    assert_eq!(
        printed(Engine::Webkit, asked, &answers),
        ["Cross-origin redirection to http://foo.example/h2 denied by Cross-Origin Resource \
          Sharing policy: Cannot use wildcard in Access-Control-Allow-Origin when credentials flag \
          is true."],
    );
}

/// Placeholders describe what the line does not say.
#[rstest]
#[case("Origin null is not allowed by Access-Control-Allow-Origin. Status code: 200", None, &[("Access-Control-Allow-Origin", "*")])]
#[case("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing)", None, &[("Access-Control-Allow-Origin", "<the page's origin>"), ("Vary", "Origin")])]
#[case("Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.", None, &[("Access-Control-Allow-Origin", "<the page's origin>"), ("Access-Control-Allow-Credentials", "true"), ("Vary", "Origin")])]
#[case("(Reason: Did not find method in CORS header ‘Access-Control-Allow-Methods’).", None, &[("Access-Control-Allow-Methods", "<the method>")])]
#[case("Request header field X-Token is not allowed by Access-Control-Allow-Headers.", None, &[("Access-Control-Allow-Headers", "X-Token")])]
#[case("Preflight response is not successful. Status code: 404", Some(204), &[("Access-Control-Allow-Origin", "<the page's origin>"), ("Access-Control-Allow-Methods", "<the method>"), ("Access-Control-Allow-Headers", "<the headers that the page sets>"), ("Vary", "Origin")])]
#[case("Load cannot follow more than 20 redirections", None, &[])]
fn headers_to_send(#[case] line: &str, #[case] status: Option<u16>, #[case] headers: Headers) {
    let remedy = remedy(&recognize(line).unwrap());
    let answer = remedy.answers.first();
    assert_eq!(answer.and_then(|answer| answer.status), status);
    let sent = answer.into_iter().flat_map(|answer| &answer.headers);
    let sent: Vec<_> = sent.map(|(name, value)| (&**name, value.as_str())).collect();
    assert_eq!(sent, headers);
    let text = remedy.to_string();
    for (name, value) in headers {
        assert!(text.contains(&format!("`{name}: {value}`")), "{text}");
    }
}

#[test]
fn nothing_to_complain_of() {
    for engine in [Engine::Chromium, Engine::Firefox, Engine::Webkit] {
        assert!(printed(engine, GET, &[(200, &[ANY])]).is_empty());
    }
}

/// Lines as people copy them from consoles, pages and terminals, of these versions and older ones.
#[rstest]
#[case(
    "app.js:7 Access to fetch at 'https://api.example/1' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.\napp.js:7 GET https://api.example/1 net::ERR_FAILED 200 (OK)",
    Engine::Chromium,
    Complaint::AllowOriginMissing
)]
#[case(
    "Access to fetch at\n  ‘https://api.example/1’ from\n origin ‘https://app.example’ has been blocked by CORS policy: \u{200B}No ‘Access-Control-Allow-\u{200B}Origin’ header is present on the requested resource.",
    Engine::Chromium,
    Complaint::AllowOriginMissing
)]
#[case(
    "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    Engine::Chromium,
    Complaint::AllowOriginMissing
)]
#[case(
    "Failed to load https://api.example/1: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'https://app.example' is therefore not allowed access.",
    Engine::Chromium,
    Complaint::AllowOriginMissing
)]
#[case(
    "Access to fetch at 'https://api.example/1' from origin 'https://app.example' has been blocked by CORS policy:",
    Engine::Chromium,
    Complaint::NoReason
)]
#[case(
    "Access to fetch at 'http://localhost:3000/1' from origin 'https://app.example' has been blocked by CORS policy: Permission was denied for this request to access the `loopback` address space.",
    Engine::Chromium,
    Complaint::LocalNetwork
)]
#[case(
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/1. (Reason: CORS header 'Access-Control-Allow-Origin' missing). [Learn More]",
    Engine::Firefox,
    Complaint::AllowOriginMissing
)]
#[case(
    "Cross-Origin Request Warning: The Same Origin Policy will disallow reading the remote resource at https://api.example/1 soon. (Reason: When the `Access-Control-Allow-Headers` is `*`, the `Authorization` header is not covered. To include the `Authorization` header, it must be explicitly listed in CORS header `Access-Control-Allow-Headers`).",
    Engine::Firefox,
    Complaint::AuthorizationUnderWildcard
)]
#[case(
    "[Error] Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200\n[Error] Fetch API cannot load https://api.example/1 due to access control checks. (app.js, line 7)",
    Engine::Webkit,
    Complaint::OriginNotAllowed
)]
#[case(
    "[Error] XMLHttpRequest cannot load https://api.example/1 due to access control checks.",
    Engine::Webkit,
    Complaint::NoReason
)]
fn copied(#[case] text: &str, #[case] engine: Engine, #[case] complaint: Complaint) {
    let message = recognize(text).unwrap();
    assert_eq!((message.console.engine(), message.complaint), (Some(engine), complaint));
    if text.contains("api.example/1") {
        assert_eq!(message.value(Field::Url), Some("https://api.example/1"));
    }
    if text.contains("app.example") {
        assert_eq!(message.value(Field::Origin), Some("https://app.example"));
    }
}

#[test]
fn value_ends_before_the_place_in_the_source() {
    let text =
        "Header Access-Control-Allow-Methods has an invalid value: PUT; GET (app.js, line 7)";
    assert_eq!(recognize(text).unwrap().value(Field::Value), Some("PUT; GET"));
}

#[rstest]
#[case("")]
#[case("Uncaught (in promise) TypeError: Failed to fetch")]
#[case("Uncaught ReferenceError: foo is not defined")]
#[case("TypeError: NetworkError when attempting to fetch resource.")]
#[case("GET https://api.example/1 net::ERR_FAILED 200 (OK)")]
#[case(
    "The page at 'https://app.example/' was loaded over HTTPS, but requested an insecure resource."
)]
#[case("Access-Control-Allow-Origin: *")]
#[case("Method not allowed")]
fn no_message_about_cors(#[case] text: &str) {
    assert!(recognize(text).is_err());
}

/// Only the beginning is read, up to a whole character.
#[test]
fn what_is_too_long_is_not_read() {
    let message = "Method PUT is not allowed by Access-Control-Allow-Methods.";
    assert!(recognize(&format!("{}{message}", "é".repeat(30_000))).is_ok());
    assert!(recognize(&format!("a{}{message}", "é".repeat(40_000))).is_err());
}

const PIECES: [&str; 12] = [
    "Access to fetch at '",
    "' from origin '",
    "' has been blocked by CORS policy: ",
    "Method ",
    " is not allowed by Access-Control-Allow-Methods.",
    "(Reason: ",
    "CORS header ‘",
    "’ missing)",
    ". Status code: ",
    "Origin ",
    " is not allowed by Access-Control-Allow-Origin.",
    "\u{200B}é ",
];

proptest! {
    #[test]
    fn never_panics(text in "\\PC*") {
        let _ = recognize(&text);
    }

    #[test]
    fn never_panics_on_pieces(pieces in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        let _ = recognize(&text);
    }
}

/// Firefox looks at the type of a script or a style sheet with CORS before it checks CORS, and prints the
/// same line whether CORS was fine or not.
/// <https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?>
#[cfg(feature = "scenario")]
#[rstest]
#[case::module("module", "", "text/html", "", Some("https://app.example"), true)]
#[case::module_of_javascript(
    "module",
    "",
    "text/javascript",
    "",
    Some("https://app.example"),
    false
)]
#[case::module_without_grant("module", "", "text/html", "", None, true)]
#[case::script("script", "", "text/html", "", Some("https://app.example"), false)]
#[case::image_as_script("script", "", "image/png", "", Some("https://app.example"), true)]
#[case::image_as_script_without_cors("script", "none", "image/png", "", None, false)]
#[case::style_sheet("style", "", "text/html", "", Some("https://app.example"), false)]
#[case::style_sheet_with_nosniff(
    "style",
    "",
    "text/html",
    "nosniff",
    Some("https://app.example"),
    true
)]
fn firefox_prints_a_refused_type(
    #[case] api: &str,
    #[case] crossorigin: &str,
    #[case] content_type: &str,
    #[case] options: &str,
    #[case] granted: Option<&str>,
    #[case] is_printed: bool,
) {
    let mut headers = vec![["Content-Type", content_type]];
    headers.extend(granted.map(|origin| ["Access-Control-Allow-Origin", origin]));
    if !options.is_empty() {
        headers.push(["X-Content-Type-Options", options]);
    }
    let crossorigin = (crossorigin != "none").then_some(crossorigin);
    let scenario = serde_json::json!({
        "id": "type",
        "page": { "origin": "https://app.example" },
        "fetches": [{ "api": api, "url": "https://cdn.example/a", "crossorigin": crossorigin }],
        "server": [{ "url": "https://cdn.example/a", "status": 200, "headers": headers, "body_of": api }],
    });
    let scenario: browser_cors::scenario::Scenario =
        serde_json::from_value(scenario).expect("a scenario");
    let user_agent = UserAgent::for_profile(Profile::FIREFOX);
    let lines = scenario.run(&user_agent).console.concat();
    let line = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote \
                resource at https://cdn.example/a. (Reason: CORS request did not succeed). Status \
                code: (null).";
    assert_eq!(lines, if is_printed { vec![line] } else { vec![] });
}
