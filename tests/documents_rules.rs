//! The rules of the CORS guides, row by row, with what today's standard says of each.
#![cfg(feature = "public-suffix")]

use std::{sync::Arc, time::Duration};

use browser_cors::{
    environment::Environment,
    fetch::{Context, Outcome, PreflightReason, TransportFailure, UserAgent},
    header::HeaderList,
    origin::Origin,
    page::{
        body::BodyInit,
        fetch_api::{Duplex, RequestInit, construct_request},
        xml_http_request::{XmlHttpRequest, get_all_response_headers},
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{CredentialsMode, Mode, Request},
    response::{FilteredResponse, Response},
    transcript::{RecordedExchange, Transcript},
    url::Url,
};
use rstest::rstest;

const PAGE: &str = "https://foo.example/shop/cart?item=1#top";
const RESOURCE: &str = "https://bar.other/doc";

/// What a page sends: `GET`, perhaps after a preflight, or nothing.
mod methods {
    use super::*;

    #[rstest]
    #[case::get("GET", &["GET"])]
    #[case::head("HEAD", &["HEAD"])]
    #[case::post("POST", &["POST"])]
    #[case::get_in_lower_case("get", &["GET"])]
    #[case::post_in_lower_case("post", &["POST"])]
    #[case::put("PUT", &["OPTIONS", "PUT"])]
    #[case::delete("DELETE", &["OPTIONS", "DELETE"])]
    #[case::patch("PATCH", &["OPTIONS", "PATCH"])]
    #[case::options("OPTIONS", &["OPTIONS", "OPTIONS"])]
    #[case::delete_in_lower_case("delete", &["OPTIONS", "DELETE"])]
    #[case::patch_in_lower_case("patch", &["OPTIONS", "patch"])]
    #[case::of_webdav("PROPFIND", &["OPTIONS", "PROPFIND"])]
    #[case::made_up("PING", &["OPTIONS", "PING"])]
    fn are_asked(#[case] method: &str, #[case] sent: &[&str]) {
        let init = RequestInit::new().method(method);
        assert_eq!(methods_of(&run(fetch(init), &UserAgent::default())), sent);

        let xhr = XmlHttpRequest::open(method.as_bytes(), RESOURCE, &page()).unwrap();
        assert_eq!(methods_of(&run(xhr.send(None), &UserAgent::default())), sent);
    }

    /// The older guide says that the first two need a preflight.
    #[rstest]
    #[case::connect("CONNECT")]
    #[case::trace("TRACE")]
    #[case::track("TRACK")]
    #[case::connect_in_lower_case("connect")]
    #[case::trace_in_mixed_case("Trace")]
    fn are_forbidden(#[case] method: &str) {
        let init = RequestInit::new().method(method);
        let error = construct_request(RESOURCE, init, &page()).unwrap_err();
        assert_eq!(error.step().to_string(), "#dom-request step 25.2");

        let error = XmlHttpRequest::open(method.as_bytes(), RESOURCE, &page()).unwrap_err();
        assert_eq!(error.name(), "SecurityError");
    }
}

mod request_headers {
    use super::*;

    #[rstest]
    #[case::accept("Accept", "text/html, */*;q=0.1")]
    #[case::accept_language("Accept-Language", "fr-FR, fr;q=0.8, *;q=0.1")]
    #[case::content_language("Content-Language", "en, de-AT")]
    #[case::form("Content-Type", "application/x-www-form-urlencoded")]
    #[case::multipart("Content-Type", "multipart/form-data; boundary=x")]
    #[case::plain("Content-Type", "text/plain")]
    #[case::plain_with_charset("content-type", "Text/Plain;charset=utf-8")]
    #[case::range_from("Range", "bytes=256-")]
    #[case::range_from_to("Range", "bytes=127-255")]
    #[case::value_of_128_bytes("Accept", &"a".repeat(128))]
    fn need_no_preflight(#[case] name: &str, #[case] value: &str) {
        assert_eq!(reasons(post_with(&[(name, value)])), None);
    }

    #[rstest]
    #[case::custom("X-PINGOTHER", "pingpong", "the header X-PINGOTHER is not safelisted")]
    #[case::authorization(
        "Authorization",
        "Bearer 1",
        "the header Authorization is not safelisted"
    )]
    #[case::conditional("If-None-Match", "*", "the header If-None-Match is not safelisted")]
    #[case::json(
        "Content-Type",
        "application/json",
        "the header Content-Type is not safelisted: its value is none of \
         application/x-www-form-urlencoded, multipart/form-data and text/plain"
    )]
    #[case::xml(
        "Content-Type",
        "application/xml",
        "the header Content-Type is not safelisted: its value is none of \
         application/x-www-form-urlencoded, multipart/form-data and text/plain"
    )]
    #[case::text_xml(
        "Content-Type",
        "text/xml",
        "the header Content-Type is not safelisted: its value is none of \
         application/x-www-form-urlencoded, multipart/form-data and text/plain"
    )]
    #[case::no_mime_type(
        "Content-Type",
        "plain",
        "the header Content-Type is not safelisted: its value is not a MIME type"
    )]
    #[case::range_of_the_end(
        "Range",
        "bytes=-500",
        "the header Range is not safelisted: its value is a range without a start"
    )]
    #[case::value_of_129_bytes(
        "Accept",
        &"a".repeat(129),
        "the header Accept is not safelisted: its value has 129 bytes, more than 128"
    )]
    fn need_a_preflight(#[case] name: &str, #[case] value: &str, #[case] reason: &str) {
        assert_eq!(reasons(post_with(&[(name, value)])).unwrap(), [reason]);
    }

    #[rstest]
    #[case::of_two_parts("bytes=0-1,3-4")]
    #[case::backwards("bytes=255-127")]
    #[case::other_unit("lines=0-1")]
    fn need_a_preflight_for_a_range(#[case] value: &str) {
        assert_eq!(reasons(post_with(&[("Range", value)])).unwrap().len(), 1);
    }

    /// The older guide safelists them, as the standard once did.
    #[rstest]
    #[case::dpr("DPR", "2")]
    #[case::last_event_id("Last-Event-ID", "7")]
    #[case::save_data("Save-Data", "on")]
    #[case::viewport_width("Viewport-Width", "800")]
    #[case::width("Width", "640")]
    fn need_a_preflight_by_now(#[case] name: &str, #[case] value: &str) {
        let reason = format!("the header {name} is not safelisted");
        assert_eq!(reasons(post_with(&[(name, value)])).unwrap(), [reason]);
    }

    /// The guides say that any value is safelisted, except in WebKit.
    #[rstest]
    #[case::accept("Accept", "text/html?")]
    #[case::accept_quoted("Accept", "text/html;a=\"b\"")]
    #[case::accept_language("Accept-Language", "fr_FR")]
    #[case::content_language("Content-Language", "en/us")]
    fn need_a_preflight_for_their_value(#[case] name: &str, #[case] value: &str) {
        assert_eq!(reasons(post_with(&[(name, value)])).unwrap().len(), 1);
    }

    #[rstest]
    #[case::of_1024_bytes(128, 0)]
    #[case::of_1025_bytes(127, 9)]
    fn need_a_preflight_for_all_their_values(#[case] last: usize, #[case] unsafe_headers: usize) {
        let value = "a".repeat(128);
        let mut headers = vec![("Accept", value.as_str()); 7];
        headers.push(("Accept", &value[..last]));
        if last < 128 {
            headers.push(("Accept-Language", "aa"));
        }
        // Ours: a page joins lines of one name, so the list is set directly.
        let mut request = fetch(RequestInit::default());
        request.header_list = header_list(&headers);
        assert_eq!(reasons(request).map_or(0, |reasons| reasons.len()), unsafe_headers);
    }

    #[rstest]
    #[case::of_text(BodyInit::Text("hi".into()), None)]
    #[case::of_a_form(BodyInit::UrlSearchParams("a=1".into()), None)]
    #[case::of_form_data(
        BodyInit::FormData { bytes: vec![], boundary: "x".into() },
        None
    )]
    #[case::of_bytes(BodyInit::BufferSource(vec![1]), None)]
    #[case::of_a_json_blob(
        BodyInit::Blob { bytes: b"{}".to_vec(), kind: "application/json".into() },
        Some("the header Content-Type is not safelisted: its value is none of \
              application/x-www-form-urlencoded, multipart/form-data and text/plain")
    )]
    #[case::of_a_stream(
        BodyInit::ReadableStream,
        Some("the body is a stream, or the upload has listeners")
    )]
    fn of_a_body(#[case] body: BodyInit, #[case] reason: Option<&str>) {
        let init = RequestInit::new().method(b"POST").body(body).duplex(Duplex::Half);
        let expected = reason.map(|reason| vec![reason.to_owned()]);
        assert_eq!(reasons(fetch(init)), expected);
    }

    /// A page cannot set what the browser itself sets.
    #[rstest]
    #[case::request_method("Access-Control-Request-Method", "DELETE")]
    #[case::request_headers("Access-Control-Request-Headers", "x-any")]
    #[case::cookie("Cookie", "a=b")]
    #[case::host("Host", "foo.example")]
    #[case::origin("Origin", "https://bar.other")]
    #[case::referer("Referer", "https://bar.other/")]
    fn that_no_page_sets(#[case] name: &str, #[case] value: &str) {
        let transcript = run(post_with(&[(name, value)]), &UserAgent::default());
        assert_eq!(methods_of(&transcript), ["POST"]);
        let sent = transcript.exchanges[0].header_list.get(name);
        assert_ne!(sent.as_deref(), Some(value.as_bytes()));
    }
}

mod upload_listeners {
    use super::*;

    #[rstest]
    #[case::without(false, &["POST"])]
    #[case::with(true, &["OPTIONS", "POST"])]
    fn of_xml_http_request(#[case] upload_listener: bool, #[case] sent: &[&str]) {
        let mut xhr = XmlHttpRequest::open(b"POST", RESOURCE, &page()).unwrap();
        xhr.upload_listener = upload_listener;
        let request = xhr.send(Some(BodyInit::Text("hi".into())));
        assert_eq!(methods_of(&run(request, &UserAgent::default())), sent);
    }
}

mod preflights {
    use super::*;

    #[test]
    fn alone_ask_for_method_and_headers() {
        let init = RequestInit::new()
            .method(b"PUT")
            .header(b"X-PINGOTHER", b"pingpong")
            .header(b"Content-Type", b"text/xml");
        let transcript = run(fetch(init), &UserAgent::default());
        let [preflight, request] = transcript.exchanges.as_slice() else { panic!() };
        assert_eq!(sent(preflight, "Access-Control-Request-Method"), Some("PUT"));
        // Both guides print `X-PINGOTHER, Content-Type`.
        assert_eq!(
            sent(preflight, "Access-Control-Request-Headers"),
            Some("content-type,x-pingother"),
        );
        assert_eq!(sent(preflight, "X-PINGOTHER"), None);
        assert_eq!(sent(preflight, "Content-Type"), None);

        assert_eq!(sent(request, "Access-Control-Request-Method"), None);
        assert_eq!(sent(request, "Access-Control-Request-Headers"), None);
        assert_eq!(sent(request, "X-PINGOTHER"), Some("pingpong"));
        assert_eq!(sent(request, "Content-Type"), Some("text/xml"));
    }

    #[test]
    fn ask_for_no_headers_where_there_are_none() {
        let init = RequestInit::new().method(b"PUT");
        let transcript = run(fetch(init), &UserAgent::default());
        assert_eq!(sent(&transcript.exchanges[0], "Access-Control-Request-Headers"), None);
    }

    #[rstest]
    #[case::omit(CredentialsMode::Omit, false)]
    #[case::same_origin(CredentialsMode::SameOrigin, false)]
    #[case::include(CredentialsMode::Include, true)]
    fn carry_no_credentials(#[case] credentials: CredentialsMode, #[case] behind: bool) {
        let init = RequestInit::new()
            .method(b"PUT")
            .header(b"Authorization", b"Bearer 1")
            .credentials(credentials);
        let transcript = run(fetch(init), &UserAgent::default());
        let [preflight, request] = transcript.exchanges.as_slice() else { panic!() };
        assert_eq!(
            (preflight.includes_credentials, sent(preflight, "Authorization")),
            (false, None)
        );
        assert_eq!(
            (request.includes_credentials, sent(request, "Authorization")),
            (behind, Some("Bearer 1")),
        );
    }
}

mod origins {
    use super::*;

    #[rstest]
    #[case::of_a_path("https://foo.example/shop/cart?item=1#top", "https://foo.example")]
    #[case::of_the_default_port("https://foo.example:443/", "https://foo.example")]
    #[case::of_another_port("http://foo.example:8080/a", "http://foo.example:8080")]
    #[case::of_another_scheme("http://bar.other/", "http://bar.other")]
    #[case::of_a_sandbox("about:blank", "null")]
    #[case::of_a_data_document("data:text/html,hi", "null")]
    fn are_sent_without_a_path(#[case] page: &str, #[case] origin: &str) {
        let mut page = Environment::new(Url::parse(page).unwrap());
        page.api_base_url = Url::parse("https://foo.example/").unwrap();
        for method in ["GET", "HEAD", "POST", "PUT"] {
            let init = RequestInit::new().method(method);
            let page = Arc::new(page.clone());
            let request = construct_request(RESOURCE, init, &page).unwrap();
            for exchange in &run(request, &UserAgent::default()).exchanges {
                assert_eq!(sent(exchange, "Origin"), Some(origin), "{method}");
            }
        }
    }

    #[rstest]
    #[case::of_an_image(RESOURCE, Mode::NoCors, "GET", None)]
    #[case::within_the_origin("/doc", Mode::Cors, "GET", None)]
    #[case::within_the_origin_posted("/doc", Mode::Cors, "POST", Some("https://foo.example"))]
    fn are_not_on_every_request(
        #[case] url: &str,
        #[case] mode: Mode,
        #[case] method: &str,
        #[case] origin: Option<&str>,
    ) {
        let init = RequestInit::new().mode(mode).method(method);
        let request = construct_request(url, init, &page()).unwrap();
        let transcript = run(request, &UserAgent::default());
        assert_eq!(sent(&transcript.exchanges[0], "Origin"), origin);
    }

    #[rstest]
    #[case::itself("null", true)]
    #[case::wildcard("*", true)]
    #[case::of_the_page("https://foo.example", false)]
    fn that_are_null(#[case] allow_origin: &str, #[case] is_shared: bool) {
        let mut page = Environment::new(Url::parse(PAGE).unwrap());
        page.origin = Origin::opaque();
        let request = construct_request(RESOURCE, RequestInit::default(), &page.into());
        let headers = [("Access-Control-Allow-Origin", allow_origin)];
        let transcript = answered(request.unwrap(), 200, &headers);
        assert_eq!(matches!(transcript.outcome, Outcome::Response { .. }), is_shared);
    }
}

mod max_age {
    use super::*;

    /// The ceilings that the guides give for engines: 86 400 for Firefox, 7 200 for Chromium, 600
    /// for Chromium before version 76.
    #[rstest]
    #[case::absent(None, 86_400, 5_000)]
    #[case::unreadable(Some("soon"), 86_400, 5_000)]
    #[case::negative(Some("-1"), 86_400, 5_000)]
    #[case::zero(Some("0"), 86_400, 0)]
    #[case::below_the_limit(Some("599"), 600, 599_000)]
    #[case::at_the_limit(Some("600"), 600, 600_000)]
    #[case::limit_of_600(Some("86400"), 600, 600_000)]
    #[case::limit_of_7200(Some("86400"), 7_200, 7_200_000)]
    #[case::limit_of_86400(Some("86400"), 86_400, 86_400_000)]
    #[case::beyond_86400(Some("86401"), 86_400, 86_400_000)]
    #[case::default_beyond_the_limit(None, 2, 2_000)]
    fn lasts(#[case] max_age: Option<&str>, #[case] limit: u64, #[case] millis: u64) {
        let mut user_agent = UserAgent::default();
        user_agent.profile = user_agent.profile.with_max_age_limit(Duration::from_secs(limit));
        let mut cache = PreflightCache::new();
        let mut methods_at = |millis| {
            let init = RequestInit::new().method(b"PUT");
            let mut context = Context::new(&user_agent, &mut cache, Timestamp::from_millis(millis));
            let transcript = Transcript::record(fetch(init), &mut context, |_| {
                let mut headers = vec![
                    ("Access-Control-Allow-Origin", "https://foo.example"),
                    ("Access-Control-Allow-Methods", "PUT"),
                ];
                headers.extend(max_age.map(|seconds| ("Access-Control-Max-Age", seconds)));
                Ok(Response::new(200, header_list(&headers)))
            });
            methods_of(&transcript)
        };
        assert_eq!(methods_at(0), ["OPTIONS", "PUT"]);
        if let Some(before) = millis.checked_sub(1) {
            assert_eq!(methods_at(before), ["PUT"]);
        }
        assert_eq!(methods_at(millis), ["OPTIONS", "PUT"]);
    }
}

mod wildcards_with_credentials {
    use super::*;

    /// With credentials, `*` is a name: of a method, of a request header, of a response header.
    #[rstest]
    #[case::method_omit(CredentialsMode::Omit, "PUT", "x-any", true)]
    #[case::method(CredentialsMode::Include, "PUT", "accept", false)]
    #[case::method_of_that_name(CredentialsMode::Include, "*", "accept", true)]
    #[case::header(CredentialsMode::Include, "GET", "x-any", false)]
    #[case::header_of_that_name(CredentialsMode::Include, "GET", "*", true)]
    fn are_names(
        #[case] credentials: CredentialsMode,
        #[case] method: &str,
        #[case] header: &str,
        #[case] is_shared: bool,
    ) {
        let init = RequestInit::new().method(method).header(header, b"1").credentials(credentials);
        let headers = [
            ("Access-Control-Allow-Origin", "https://foo.example"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "*"),
            ("Access-Control-Allow-Headers", "*"),
        ];
        let transcript = answered(fetch(init), 200, &headers);
        assert_eq!(matches!(transcript.outcome, Outcome::Response { .. }), is_shared);
    }

    #[rstest]
    #[case::omit(CredentialsMode::Omit, true)]
    #[case::same_origin(CredentialsMode::SameOrigin, true)]
    #[case::include(CredentialsMode::Include, false)]
    fn expose_names(#[case] credentials: CredentialsMode, #[case] is_readable: bool) {
        let init = RequestInit::new().credentials(credentials);
        let headers = [
            ("Access-Control-Allow-Origin", "https://foo.example"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", "*"),
            ("*", "a header of that name"),
            ("X-My-Custom-Header", "1"),
        ];
        let response = shared(answered(fetch(init), 200, &headers));
        assert_eq!(response.is_readable("X-My-Custom-Header"), is_readable);
        assert!(response.is_readable("*"));
    }

    /// `*` never covers `Authorization`.
    #[rstest]
    #[case::wildcard("*", Some("#cors-preflight-fetch-0 step 7.6"))]
    #[case::listed("authorization", None)]
    #[case::both("*, Authorization", None)]
    fn never_cover_authorization(#[case] allow_headers: &str, #[case] blocked_at: Option<&str>) {
        let init = RequestInit::new().header(b"Authorization", b"Bearer 1");
        let headers =
            [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Headers", allow_headers)];
        let step = match answered(fetch(init), 200, &headers).outcome {
            Outcome::NetworkError(error) => Some(error.step().to_string()),
            Outcome::Response { .. } => None,
        };
        assert_eq!(step.as_deref(), blocked_at);
    }
}

mod response_headers {
    use super::*;

    /// The guides list six; `Content-Length` was added later.
    #[rstest]
    #[case::cache_control("Cache-Control", true)]
    #[case::content_language("Content-Language", true)]
    #[case::content_length("Content-Length", true)]
    #[case::content_type("Content-Type", true)]
    #[case::expires("Expires", true)]
    #[case::last_modified("Last-Modified", true)]
    #[case::pragma("Pragma", true)]
    #[case::etag("ETag", false)]
    #[case::content_disposition("Content-Disposition", false)]
    #[case::location("Location", false)]
    #[case::custom("X-My-Custom-Header", false)]
    fn are_readable_unlisted(#[case] name: &str, #[case] is_readable: bool) {
        let headers = [("Access-Control-Allow-Origin", "*"), (name, "1")];
        let response = shared(answered(fetch(RequestInit::default()), 200, &headers));
        assert_eq!(response.is_readable(name), is_readable);
    }

    #[rstest]
    #[case::unlisted(RESOURCE, None)]
    #[case::listed(RESOURCE, Some("Set-Cookie, Set-Cookie2, X-My-Custom-Header"))]
    #[case::wildcard(RESOURCE, Some("*"))]
    #[case::within_the_origin("/doc", None)]
    fn set_cookie_is_never_readable(#[case] url: &str, #[case] expose: Option<&str>) {
        let request = construct_request(url, RequestInit::default(), &page()).unwrap();
        let mut headers = vec![
            ("Access-Control-Allow-Origin", "*"),
            ("Content-Type", "text/plain"),
            ("Set-Cookie", "pageAccess=3"),
            ("Set-Cookie2", "pageAccess=3"),
        ];
        headers.extend(expose.map(|names| ("Access-Control-Expose-Headers", names)));
        let response = shared(answered(request, 200, &headers));
        assert!(!response.is_readable("Set-Cookie") && !response.is_readable("Set-Cookie2"));
        assert_eq!(response.header("Set-Cookie"), None);
        let seen = String::from_utf8(get_all_response_headers(&response)).unwrap();
        assert!(seen.contains("content-type: text/plain"), "{seen}");
        assert!(!seen.contains("cookie"), "{seen}");
    }
}

mod who_asks_with_cors {
    use super::*;

    #[test]
    fn fetch_unless_it_says_otherwise() {
        assert_eq!(fetch(RequestInit::default()).mode, Mode::Cors);
        let init = RequestInit::new().mode(Mode::NoCors);
        assert_eq!(fetch(init).mode, Mode::NoCors);
    }

    #[test]
    fn xml_http_request_always() {
        let xhr = XmlHttpRequest::open(b"GET", RESOURCE, &page()).unwrap();
        assert_eq!(xhr.send(None).mode, Mode::Cors);
    }

    #[rstest]
    #[case::fetch(fetch(RequestInit::default()))]
    #[case::xml_http_request(XmlHttpRequest::open(b"GET", RESOURCE, &page()).unwrap().send(None))]
    fn asks_without_credentials_across_origins(#[case] request: Request) {
        assert_eq!(request.credentials_mode, CredentialsMode::SameOrigin);
        assert!(!run(request, &UserAgent::default()).exchanges[0].includes_credentials);
    }
}

/// Whatever ends a fetch, the outcome is a network error without any part of an answer.
#[rstest]
#[case::no_answer(None, &[], "no-response")]
#[case::no_allow_origin(Some(200), &[], "allow-origin-missing")]
#[case::other_origin(
    Some(200),
    &[("Access-Control-Allow-Origin", "https://bar.other")],
    "allow-origin-mismatch"
)]
#[case::broken_server(Some(500), &[], "allow-origin-missing")]
#[case::redirect_to_a_file(
    Some(302),
    &[("Access-Control-Allow-Origin", "*"), ("Location", "file:///etc/hosts")],
    "redirect-scheme"
)]
fn failures_are_all_network_errors(
    #[case] status: Option<u16>,
    #[case] headers: &[(&str, &str)],
    #[case] code: &str,
) {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let request = fetch(RequestInit::default());
    let transcript = Transcript::record(request, &mut context, |_| match status {
        None => Err(TransportFailure::new("connection refused")),
        Some(status) => Ok(Response::new(status, header_list(headers))),
    });
    let Outcome::NetworkError(error) = transcript.outcome else { panic!("not blocked") };
    assert_eq!(error.code(), code);
}

/// The page of [`PAGE`].
fn page() -> Arc<Environment> {
    Environment::new(Url::parse(PAGE).unwrap()).into()
}

/// The request of `fetch()` for [`RESOURCE`].
fn fetch(init: RequestInit) -> Request {
    construct_request(RESOURCE, init, &page()).expect("nothing throws")
}

fn post_with(headers: &[(&str, &str)]) -> Request {
    let init = RequestInit::new().method("POST").headers(headers.iter().copied());
    fetch(init)
}

/// Runs a request against a server that allows all that a browser asks for.
fn run(request: Request, user_agent: &UserAgent) -> Transcript {
    let mut cache = PreflightCache::new();
    let mut context = Context::new(user_agent, &mut cache, Timestamp::default());
    Transcript::record(request, &mut context, |exchange| {
        let text = |name| {
            let value = exchange.header_list().get(name).unwrap_or_default();
            String::from_utf8(value.into_owned()).unwrap()
        };
        let headers = [
            ("Access-Control-Allow-Origin", text("Origin")),
            ("Access-Control-Allow-Credentials", "true".to_owned()),
            ("Access-Control-Allow-Methods", text("Access-Control-Request-Method")),
            ("Access-Control-Allow-Headers", text("Access-Control-Request-Headers")),
        ];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        Ok(Response::new(200, HeaderList::try_from(headers).unwrap()))
    })
}

/// Runs a request against a server that gives the same answer each time.
fn answered(request: Request, status: u16, headers: &[(&str, &str)]) -> Transcript {
    let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    Transcript::record(request, &mut context, |_| Ok(Response::new(status, header_list(headers))))
}

fn header_list(headers: &[(&str, &str)]) -> HeaderList {
    let mut list = HeaderList::new();
    for (name, value) in headers {
        list.append(name, value).expect("a header that HTTP can carry");
    }
    list
}

fn shared(transcript: Transcript) -> FilteredResponse {
    match transcript.outcome {
        Outcome::Response { response, .. } => response,
        Outcome::NetworkError(error) => panic!("{error}"),
    }
}

fn methods_of(transcript: &Transcript) -> Vec<String> {
    transcript.exchanges.iter().map(|exchange| exchange.method.to_string()).collect()
}

/// Why a request needs a preflight, if it does.
fn reasons(request: Request) -> Option<Vec<String>> {
    let transcript = run(request, &UserAgent::default());
    let reasons = transcript.exchanges[0].preflight.as_ref()?;
    Some(reasons.iter().map(PreflightReason::to_string).collect())
}

fn sent<'a>(exchange: &'a RecordedExchange, name: &'a str) -> Option<&'a str> {
    exchange.header_list.values(name).next().map(|value| str::from_utf8(value).unwrap())
}
