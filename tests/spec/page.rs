//! <https://fetch.spec.whatwg.org/#dom-request> and <https://xhr.spec.whatwg.org/>

use std::sync::Arc;

use browser_cors::{
    engine::{Departure, Profile},
    environment::Environment,
    fetch::{Action, Context, UserAgent, fetch},
    http::Method,
    origin::RegistrableDomain,
    page::{
        body::BodyInit,
        fetch_api::{
            Duplex, RequestInfo, RequestInit, RequestTypeError, Window, construct_request,
        },
        xml_http_request::XmlHttpRequest,
    },
    preflight_cache::{PreflightCache, Timestamp},
    referrer::ReferrerPolicy,
    request::{Body, CacheMode, CredentialsMode, Mode, Referrer, Request},
    url::Url,
};
use rstest::rstest;

fn page() -> Arc<Environment> {
    Arc::new(Environment::new(Url::parse("https://app.example/cart").unwrap()))
}

fn construct(url: &str, init: RequestInit) -> Result<Request, RequestTypeError> {
    construct_request(url, init, &page())
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
    let init = RequestInit::new().method(b"post").body(body);
    let request = construct("/", init).unwrap();
    let content_type = request.header_list.get("Content-Type");
    assert_eq!(content_type.as_deref(), expected.map(str::as_bytes));
    assert_eq!(request.method, Method::POST);
}

#[test]
fn content_type_of_the_author_stays() {
    let init = RequestInit::new().method("POST").header("content-type", "a/b").body("x");
    let request = construct("/", init).unwrap();
    assert_eq!(request.header_list.iter().collect::<Vec<_>>(), [("content-type", &b"a/b"[..])]);
}

#[test]
fn no_cors_drops_headers() {
    let init = RequestInit::new()
        .mode(Mode::NoCors)
        .method("POST")
        .headers([("Accept", "a"), ("X-Token", "1"), ("Range", "bytes=0-")])
        .body(BodyInit::Blob { bytes: vec![], kind: "application/json".to_owned() });
    let request = construct("/", init).unwrap();
    assert_eq!(request.header_list.iter().collect::<Vec<_>>(), [("Accept", &b"a"[..])]);
}

#[test]
fn stream_sets_the_use_cors_preflight_flag() {
    let init =
        RequestInit::new().method(b"POST").body(BodyInit::ReadableStream).duplex(Duplex::Half);
    let request = construct("/", init).unwrap();
    assert!(request.use_cors_preflight);
    assert_eq!(request.body, Some(Body::Stream));
}

/// A `Request` made from a `Request`: an empty init keeps everything, any member resets it.
#[test]
fn request_of_a_request() {
    let mut input = Request::new(
        Url::parse("https://b.example/").unwrap(),
        "https://elsewhere.example".parse().unwrap(),
    );
    input.mode = Mode::Navigate;
    input.push_url(Url::parse("https://c.example/").unwrap());
    input.header_list.append("Host", "kept").unwrap();
    input.referrer_policy = ReferrerPolicy::Origin;

    let info = RequestInfo::Request(&input);
    let same = construct_request(info.clone(), RequestInit::default(), &page()).unwrap();
    assert_eq!((same.mode, same.url_list().len()), (Mode::Navigate, 2));
    assert_eq!(same.origin.serialized(), "https://elsewhere.example");
    assert_eq!(same.header_list.len(), 1);

    let init = with(|init| init.credentials = Some(CredentialsMode::Omit));
    let anew = construct_request(info, init, &page()).unwrap();
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
    let request = xhr.send(None);
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
    let request = xhr.send(Some(BodyInit::Text("x".to_owned())));
    assert_eq!(request.header_list.get("content-type").as_deref(), Some(expected.as_bytes()));
}

#[test]
fn xhr_drops_the_body_of_get() {
    let request = XmlHttpRequest::open(b"get", "/", &page())
        .unwrap()
        .send(Some(BodyInit::Text("x".to_owned())));
    assert_eq!((request.method.as_str(), request.body), ("GET", None));
    assert!(request.header_list.is_empty());
}

/// The first exchange of a user agent with this profile.
fn first_sent(request: Request, profile: Profile) -> String {
    let mut user_agent = UserAgent::new(Sites);
    user_agent.profile = profile;
    let mut cache = PreflightCache::for_profile(&profile);
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let Action::Send(exchange) = fetch(request, &mut context) else { panic!("nothing is sent") };
    let mut text = exchange.method().to_string();
    for (name, value) in exchange.header_list() {
        if NAMES.iter().any(|it| name.eq_ignore_ascii_case(it)) {
            text += &format!("; {}: {}", name.to_ascii_lowercase(), value.escape_ascii());
        }
    }
    text
}

const NAMES: [&str; 2] = ["access-control-request-headers", "content-type"];

#[derive(Debug)]
struct Sites;

impl RegistrableDomain for Sites {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        Some(domain)
    }
}

fn upload_with_listener() -> Request {
    let mut xhr = XmlHttpRequest::open(b"POST", "https://api.example/", &page()).unwrap();
    xhr.upload_listener = true;
    xhr.send(None)
}

fn text_of_another_charset() -> Request {
    let mut xhr = XmlHttpRequest::open(b"POST", "https://api.example/", &page()).unwrap();
    xhr.set_request_header("Content-Type", "text/plain; x=y; charset=gbk").unwrap();
    xhr.send(Some(BodyInit::Text("x".to_owned())))
}

fn blob(kind: &str) -> Option<BodyInit> {
    Some(BodyInit::Blob { bytes: b"x".to_vec(), kind: kind.to_owned() })
}

fn blob_of_no_type() -> Request {
    XmlHttpRequest::open(b"POST", "https://api.example/", &page()).unwrap().send(blob("notes"))
}

fn json_without_cors() -> Request {
    let init = with(|init| {
        (init.method, init.mode) = (Some(b"POST".to_vec()), Some(Mode::NoCors));
        init.body = blob("application/json");
        init.headers = headers(&[("X-Token", "1")]);
    });
    construct("https://api.example/", init).unwrap()
}

fn comma_without_cors() -> Request {
    let init = with(|init| {
        (init.method, init.mode) = (Some(b"POST".to_vec()), Some(Mode::NoCors));
        init.headers = headers(&[("Content-Type", "text/plain; a=b,c")]);
    });
    construct("https://api.example/", init).unwrap()
}

/// A request is made for the user agent that fetches it, whoever constructed it.
#[rstest]
#[case::upload(upload_with_listener, Departure::FORCED_PREFLIGHT_NEEDS_BODY, "OPTIONS", "POST")]
#[case::charset(
    text_of_another_charset,
    Departure::XHR_CHARSET_IN_PLACE,
    "POST; content-type: text/plain;x=y;charset=UTF-8",
    "POST; content-type: text/plain; x=y; charset=UTF-8"
)]
#[case::blob(
    blob_of_no_type,
    Departure::XHR_BLOB_TYPE_MUST_PARSE,
    "OPTIONS; access-control-request-headers: content-type",
    "POST"
)]
#[case::body_header(
    json_without_cors,
    Departure::BODY_HEADER_IN_NO_CORS,
    "POST",
    "POST; content-type: application/json"
)]
#[case::guard(
    comma_without_cors,
    Departure::CONTENT_TYPE_WITHOUT_COMMA,
    "POST; content-type: text/plain; a=b,c",
    "POST"
)]
fn requests_of_whoever_fetches(
    #[case] request: fn() -> Request,
    #[case] departure: Departure,
    #[case] by_the_standard: &str,
    #[case] departing: &str,
) {
    let profile = Profile::STANDARD.with(departure);
    assert_eq!(first_sent(request(), Profile::STANDARD), by_the_standard);
    assert_eq!(first_sent(request(), profile), departing);
    assert_eq!(first_sent(request().for_profile(&profile), profile), departing);
}

/// A copy is made of what the page wrote, not of the standard's request.
#[test]
fn copies_of_requests_of_whoever_fetches() {
    let original = comma_without_cors();
    let info = RequestInfo::Request(&original);
    let copy = construct_request(info, RequestInit::default(), &page()).unwrap();
    let profile = Profile::STANDARD.with(Departure::CONTENT_TYPE_WITHOUT_COMMA);
    assert_eq!(first_sent(copy.clone(), profile), "POST");
    assert_eq!(first_sent(copy, Profile::STANDARD), "POST; content-type: text/plain; a=b,c");
}

/// Changes that the embedder made afterwards are kept.
#[test]
fn changed_requests_stay() {
    let profile = Profile::STANDARD.with(Departure::XHR_CHARSET_IN_PLACE);
    let mut request = text_of_another_charset();
    request.header_list.set("Content-Type", "text/csv").unwrap();
    assert_eq!(
        first_sent(request, profile),
        "OPTIONS; access-control-request-headers: content-type"
    );
    let profile = Profile::STANDARD.with(Departure::BODY_HEADER_IN_NO_CORS);
    let mut request = json_without_cors();
    request.header_list.append("Accept", "text/html").unwrap();
    assert_eq!(first_sent(request, profile), "POST");
}
