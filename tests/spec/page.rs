//! <https://fetch.spec.whatwg.org/#dom-request> and <https://xhr.spec.whatwg.org/>

use std::sync::Arc;

use browser_cors::{
    engine::Profile,
    environment::Environment,
    http::Method,
    page::{
        body::BodyInit,
        fetch_api::{
            Duplex, RequestInfo, RequestInit, RequestTypeError, Window, construct_request,
        },
        xml_http_request::XmlHttpRequest,
    },
    referrer::ReferrerPolicy,
    request::{Body, CacheMode, CredentialsMode, Mode, Referrer, Request},
    url::Url,
};
use rstest::rstest;

fn page() -> Arc<Environment> {
    Arc::new(Environment::new(Url::parse("https://app.example/cart").unwrap()))
}

fn construct(url: &str, init: RequestInit) -> Result<Request, RequestTypeError> {
    construct_request(RequestInfo::Url(url), init, &page(), &Profile::STANDARD)
}

fn headers(pairs: &[(&str, &str)]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    Some(pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
}

fn with(change: impl FnOnce(&mut RequestInit)) -> RequestInit {
    let mut init = RequestInit::default();
    change(&mut init);
    init
}

#[rstest]
#[case::url("https://[", with(|_| {}), "5.2")]
#[case::url_with_credentials("https://me@api.example/", with(|_| {}), "5.3")]
#[case::window("/", with(|init| init.window = Some(Window::Other)), "10")]
#[case::referrer("/", with(|init| init.referrer = Some("https://[".into())), "14.3.2")]
#[case::navigate("/", with(|init| init.mode = Some(Mode::Navigate)), "17")]
#[case::only_if_cached("/", with(|init| init.cache = Some(CacheMode::OnlyIfCached)), "21")]
#[case::no_token("/", with(|init| init.method = Some(b"a b".to_vec())), "25.2")]
#[case::empty_method("/", with(|init| init.method = Some(vec![])), "25.2")]
#[case::forbidden("/", with(|init| init.method = Some(b"connect".to_vec())), "25.2")]
#[case::no_cors_method("/", with(|init| (init.mode, init.method) = (Some(Mode::NoCors), Some(b"PUT".to_vec()))), "32.1")]
#[case::header_name("/", with(|init| init.headers = headers(&[("a b", "")])), "1")]
#[case::header_value("/", with(|init| init.headers = headers(&[("a", "x\0")])), "1")]
#[case::get_with_body("/", with(|init| init.body = Some(BodyInit::Text(String::new()))), "35")]
#[case::keepalive_stream("/", with(|init| {
    (init.method, init.keepalive) = (Some(b"POST".to_vec()), Some(true));
    init.body = Some(BodyInit::ReadableStream);
}), "37.1")]
#[case::no_duplex("/", with(|init| {
    (init.method, init.body) = (Some(b"POST".to_vec()), Some(BodyInit::ReadableStream));
}), "39.1")]
#[case::no_cors_stream("/", with(|init| {
    (init.method, init.body) = (Some(b"POST".to_vec()), Some(BodyInit::ReadableStream));
    (init.mode, init.duplex) = (Some(Mode::NoCors), Some(Duplex::Half));
}), "39.2")]
fn request_constructor_throws_at(#[case] url: &str, #[case] init: RequestInit, #[case] step: &str) {
    assert_eq!(construct(url, init).unwrap_err().step().path(), step);
}

#[test]
fn request_constructor_defaults() {
    let request = construct("items?q#top", RequestInit::default()).unwrap();
    assert_eq!(request.url().as_str(), "https://app.example/items?q#top");
    assert_eq!((request.method.as_str(), request.mode), ("GET", Mode::Cors));
    assert_eq!(request.credentials_mode, CredentialsMode::SameOrigin);
    assert!(request.unsafe_request && !request.use_cors_preflight);
    assert_eq!(request.referrer, Referrer::Client);
    assert!(request.header_list.is_empty());
}

#[rstest]
#[case(BodyInit::Text("a".into()), Some("text/plain;charset=UTF-8"))]
#[case(BodyInit::UrlSearchParams("a=1".into()), Some("application/x-www-form-urlencoded;charset=UTF-8"))]
#[case(BodyInit::FormData { bytes: vec![], boundary: "x".into() }, Some("multipart/form-data; boundary=x"))]
#[case(BodyInit::Blob { bytes: vec![], kind: "a/b".into() }, Some("a/b"))]
#[case(BodyInit::Blob { bytes: vec![], kind: String::new() }, None)]
#[case(BodyInit::BufferSource(vec![1]), None)]
fn content_type_of_a_body(#[case] body: BodyInit, #[case] expected: Option<&str>) {
    let init =
        RequestInit { method: Some(b"post".to_vec()), body: Some(body), ..Default::default() };
    let request = construct("/", init).unwrap();
    let content_type = request.header_list.get("Content-Type");
    assert_eq!(content_type.as_deref(), expected.map(str::as_bytes));
    assert_eq!(request.method, Method::POST);
}

#[test]
fn content_type_of_the_author_stays() {
    let init = RequestInit {
        method: Some(b"POST".to_vec()),
        headers: headers(&[("content-type", "a/b")]),
        body: Some(BodyInit::Text("x".to_owned())),
        ..RequestInit::default()
    };
    let request = construct("/", init).unwrap();
    assert_eq!(request.header_list.iter().collect::<Vec<_>>(), [("content-type", &b"a/b"[..])]);
}

#[test]
fn no_cors_drops_headers() {
    let init = RequestInit {
        mode: Some(Mode::NoCors),
        method: Some(b"POST".to_vec()),
        headers: headers(&[("Accept", "a"), ("X-Token", "1"), ("Range", "bytes=0-")]),
        body: Some(BodyInit::Blob { bytes: vec![], kind: "application/json".to_owned() }),
        ..RequestInit::default()
    };
    let request = construct("/", init).unwrap();
    assert_eq!(request.header_list.iter().collect::<Vec<_>>(), [("Accept", &b"a"[..])]);
}

#[test]
fn stream_sets_the_use_cors_preflight_flag() {
    let init = RequestInit {
        method: Some(b"POST".to_vec()),
        body: Some(BodyInit::ReadableStream),
        duplex: Some(Duplex::Half),
        ..RequestInit::default()
    };
    let request = construct("/", init).unwrap();
    assert!(request.use_cors_preflight);
    assert_eq!(request.body, Some(Body::Stream));
}

/// A `Request` of a `Request`: with an empty init all is kept, with any member it starts anew.
#[test]
fn request_of_a_request() {
    let mut input = Request::new(
        Url::parse("https://b.example/").unwrap(),
        "https://elsewhere.example".parse().unwrap(),
    );
    input.mode = Mode::Navigate;
    input.redirected_to(Url::parse("https://c.example/").unwrap());
    input.header_list.append("Host", "kept").unwrap();
    input.referrer_policy = ReferrerPolicy::Origin;

    let info = RequestInfo::Request(&input);
    let same = construct_request(info.clone(), RequestInit::default(), &page(), &Profile::STANDARD)
        .unwrap();
    assert_eq!((same.mode, same.url_list().len()), (Mode::Navigate, 2));
    assert_eq!(same.origin.serialized(), "https://elsewhere.example");
    assert_eq!(same.header_list.len(), 1);

    let init = with(|init| init.credentials = Some(CredentialsMode::Omit));
    let anew = construct_request(info, init, &page(), &Profile::STANDARD).unwrap();
    assert_eq!((anew.mode, anew.url_list().len()), (Mode::SameOrigin, 1));
    assert_eq!(anew.url().as_str(), "https://c.example/");
    assert_eq!(anew.origin.serialized(), "https://app.example");
    assert_eq!(anew.referrer_policy, ReferrerPolicy::Empty);
    assert!(anew.header_list.is_empty(), "Host is a forbidden request-header");
}

#[rstest]
#[case("about:client", Referrer::Client)]
#[case("https://elsewhere.example/", Referrer::Client)]
#[case("", Referrer::NoReferrer)]
fn referrer(#[case] text: &str, #[case] expected: Referrer) {
    let init = with(|init| init.referrer = Some(text.to_owned()));
    assert_eq!(construct("/", init).unwrap().referrer, expected);
}

#[rstest]
#[case::token(b"a b", "/", "SyntaxError")]
#[case::forbidden(b"TrAcE", "/", "SecurityError")]
#[case::url(b"GET", "https://[", "SyntaxError")]
fn xhr_open_throws(#[case] method: &[u8], #[case] url: &str, #[case] name: &str) {
    assert_eq!(XmlHttpRequest::open(method, url, &page()).unwrap_err().name(), name);
}

#[test]
fn xhr_combines_headers_and_drops_forbidden_ones() {
    let mut xhr = XmlHttpRequest::open(b"GET", "/", &page()).unwrap();
    assert_eq!(xhr.set_request_header("X-A", " 1\t"), Ok(true));
    assert_eq!(xhr.set_request_header("x-a", "2"), Ok(true));
    assert_eq!(xhr.set_request_header("Cookie", "a"), Ok(false));
    assert_eq!(xhr.set_request_header("Cookie", "a\0").unwrap_err().name(), "SyntaxError");
    assert_eq!(xhr.set_request_header("", "a").unwrap_err().name(), "SyntaxError");
    let request = xhr.send(None, &Profile::STANDARD);
    assert_eq!(request.header_list.iter().collect::<Vec<_>>(), [("X-A", &b"1, 2"[..])]);
}

#[rstest]
#[case::other_charset("text/xml;charset=gbk;a=b", "text/xml;charset=UTF-8;a=b")]
#[case::utf_8_in_any_case("text/xml; charset=utf-8", "text/xml; charset=utf-8")]
#[case::no_charset("text/xml", "text/xml")]
#[case::no_mime_type("nonsense", "nonsense")]
fn xhr_rewrites_the_charset_of_text(#[case] author: &str, #[case] expected: &str) {
    let mut xhr = XmlHttpRequest::open(b"POST", "/", &page()).unwrap();
    xhr.set_request_header("Content-Type", author).unwrap();
    let request = xhr.send(Some(BodyInit::Text("x".to_owned())), &Profile::STANDARD);
    assert_eq!(request.header_list.get("content-type").as_deref(), Some(expected.as_bytes()));
}

#[test]
fn xhr_drops_the_body_of_get() {
    let request = XmlHttpRequest::open(b"get", "/", &page())
        .unwrap()
        .send(Some(BodyInit::Text("x".to_owned())), &Profile::STANDARD);
    assert_eq!((request.method.as_str(), request.body), ("GET", None));
    assert!(request.header_list.is_empty());
}
