//! <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#cors-settings-attributes> and the
//! elements that use it, `EventSource`, and <https://w3c.github.io/beacon/>.

use std::sync::Arc;

use browser_cors::{
    engine::{Departure, Profile},
    environment::{Environment, NetworkPartitionKey},
    fetch::{Action, Context, Exchange, UserAgent, fetch},
    header::HeaderList,
    http::Method,
    origin::Origin,
    origin_header::request_origin_header,
    page::{
        beacon::{BeaconTypeError, send_beacon},
        body::BodyInit,
        elements::{
            CorsSettingsAttribute::{self, Anonymous, NoCors, UseCredentials},
            create_a_potential_cors_request,
        },
        event_source::event_source_request,
        fetch_api::{RequestInfo, RequestInit, construct_request},
        loads::Load,
        xml_http_request::XmlHttpRequest,
    },
    preflight_cache::{PreflightCache, Timestamp},
    request::{
        CacheMode,
        CredentialsMode::{self, Include, SameOrigin},
        Destination, InitiatorType, Mode, Request,
    },
    response::Response,
    url::Url,
};
use rstest::rstest;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn page() -> Arc<Environment> {
    Arc::new(Environment::new(url("http://app.example/cart")))
}

/// A sandboxed page of `app.example` in a top-level page of it.
fn sandboxed() -> Arc<Environment> {
    let mut page = Environment::new(url("http://app.example/cart"));
    page.origin = Origin::opaque();
    page.network_partition_key = Some(NetworkPartitionKey::new("http://app.example"));
    Arc::new(page)
}

#[rstest]
#[case::missing(None, NoCors)]
#[case::empty(Some(""), Anonymous)]
#[case::anonymous(Some("anonymous"), Anonymous)]
#[case::use_credentials(Some("use-credentials"), UseCredentials)]
#[case::any_case(Some("USE-Credentials"), UseCredentials)]
#[case::invalid(Some("bogus"), Anonymous)]
#[case::not_trimmed(Some("use-credentials "), Anonymous)]
fn states_of_a_cors_settings_attribute(
    #[case] value: Option<&str>,
    #[case] state: CorsSettingsAttribute,
) {
    assert_eq!(CorsSettingsAttribute::from_attribute(value), state);
}

#[rstest]
#[case(NoCors, false, Mode::NoCors, Include)]
#[case(NoCors, true, Mode::SameOrigin, Include)]
#[case(Anonymous, false, Mode::Cors, SameOrigin)]
#[case(Anonymous, true, Mode::Cors, SameOrigin)]
#[case(UseCredentials, false, Mode::Cors, Include)]
#[case(UseCredentials, true, Mode::Cors, Include)]
fn potential_cors_request(
    #[case] state: CorsSettingsAttribute,
    #[case] same_origin_fallback: bool,
    #[case] mode: Mode,
    #[case] credentials_mode: CredentialsMode,
) {
    let request = create_a_potential_cors_request(
        url("http://bar.other/"),
        Destination::Track,
        state,
        same_origin_fallback,
        &page(),
    );
    assert_eq!((request.mode, request.credentials_mode), (mode, credentials_mode));
    assert_eq!(request.destination, Destination::Track);
    assert!(request.use_url_credentials && !request.unsafe_request);
    assert_eq!(request.origin.serialized(), "http://app.example");
}

/// Mode and credentials mode without the attribute, with "anonymous" and with "use-credentials".
#[rstest]
#[case(Load::Image, [(Mode::NoCors, Include), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::Texture, [(Mode::NoCors, Include), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::Video, [(Mode::NoCors, Include), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::ClassicScript, [(Mode::NoCors, Include), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::StyleSheet, [(Mode::NoCors, Include), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::ModuleScript, [(Mode::Cors, SameOrigin), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::EventSource, [(Mode::Cors, SameOrigin), (Mode::Cors, SameOrigin), (Mode::Cors, Include)])]
#[case(Load::Font, [(Mode::Cors, SameOrigin); 3])]
#[case(Load::ShapeImage, [(Mode::Cors, SameOrigin); 3])]
fn what_is_asked_with(#[case] load: Load, #[case] expected: [(Mode, CredentialsMode); 3]) {
    let asked = [NoCors, Anonymous, UseCredentials].map(|state| {
        let request = load.request(url("http://bar.other/"), state, &page());
        (request.mode, request.credentials_mode)
    });
    assert_eq!(asked, expected);
}

#[rstest]
#[case(Load::Image, Destination::Image, InitiatorType::Img)]
#[case(Load::Texture, Destination::Image, InitiatorType::Img)]
#[case(Load::Video, Destination::Video, InitiatorType::Video)]
#[case(Load::ClassicScript, Destination::Script, InitiatorType::Script)]
#[case(Load::ModuleScript, Destination::Script, InitiatorType::Script)]
#[case(Load::StyleSheet, Destination::Style, InitiatorType::Css)]
#[case(Load::Font, Destination::Font, InitiatorType::Css)]
#[case(Load::ShapeImage, Destination::Image, InitiatorType::Css)]
#[case(Load::EventSource, Destination::Empty, InitiatorType::Other)]
fn destination_and_initiator_type(
    #[case] load: Load,
    #[case] destination: Destination,
    #[case] initiator_type: InitiatorType,
) {
    let request = load.request(url("http://bar.other/"), NoCors, &page());
    assert_eq!((request.destination, request.initiator_type), (destination, Some(initiator_type)));
    assert!(request.client.is_some());
}

#[test]
fn initiator_types_of_scripts() {
    let client = page();
    let init = RequestInit::default();
    let fetch = construct_request("/", init, &client);
    assert_eq!(fetch.unwrap().initiator_type, Some(InitiatorType::Fetch));
    let xhr = XmlHttpRequest::open(b"GET", "/", &client).unwrap().send(None);
    assert_eq!(xhr.initiator_type, Some(InitiatorType::Xmlhttprequest));
    assert_eq!(Request::new(url("http://a.example/"), Origin::opaque()).initiator_type, None);
}

#[test]
fn event_source_asks_for_no_stored_events() {
    let request = event_source_request(url("http://bar.other/"), false, &page());
    assert_eq!(request.cache_mode, CacheMode::NoStore);
    assert_eq!(request.header_list.get("Accept").as_deref(), Some(&b"text/event-stream"[..]));
}

fn blob(kind: &str) -> BodyInit {
    BodyInit::Blob { bytes: vec![b'x'], kind: kind.to_owned() }
}

#[rstest]
#[case::no_data(None, Mode::NoCors, None)]
#[case::text(Some(BodyInit::Text("hi".into())), Mode::NoCors, Some("text/plain;charset=UTF-8"))]
#[case::urlencoded(
    Some(BodyInit::UrlSearchParams("a=1".into())),
    Mode::NoCors,
    Some("application/x-www-form-urlencoded;charset=UTF-8")
)]
#[case::bytes(Some(BodyInit::BufferSource(vec![1])), Mode::NoCors, None)]
#[case::blob_without_type(Some(blob("")), Mode::NoCors, None)]
#[case::blob_of_text(Some(blob("text/plain")), Mode::NoCors, Some("text/plain"))]
#[case::blob_of_json(Some(blob("application/json")), Mode::Cors, Some("application/json"))]
fn beacon_asks_with_cors_by_its_type(
    #[case] data: Option<BodyInit>,
    #[case] mode: Mode,
    #[case] content_type: Option<&str>,
) {
    let has_data = data.is_some();
    let request = send_beacon("log", data, &page(), &Profile::STANDARD).unwrap().unwrap();
    assert_eq!(request.url().as_str(), "http://app.example/log");
    assert_eq!((request.method.as_str(), request.mode), ("POST", mode));
    assert_eq!((request.credentials_mode, request.keepalive), (Include, true));
    assert_eq!(request.initiator_type, Some(InitiatorType::Beacon));
    assert_eq!(request.body.is_some(), has_data);
    let sent = request.header_list.get("Content-Type");
    assert_eq!(sent.as_deref(), content_type.map(str::as_bytes));
}

#[rstest]
#[case::url("http://[", blob(""), "`http://[` is not a URL: invalid IPv6 address")]
#[case::scheme("ftp://a.example/", blob(""), "beacons are for http and https, not ftp")]
#[case::data("data:,x", blob(""), "beacons are for http and https, not data")]
#[case::stream("/", BodyInit::ReadableStream, "a beacon cannot have a stream for its body")]
fn beacon_throws(#[case] url: &str, #[case] data: BodyInit, #[case] message: &str) {
    let error = send_beacon(url, Some(data), &page(), &Profile::STANDARD).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(matches!(error, BeaconTypeError::Url { .. }), url.ends_with('['));
}

#[rstest]
#[case(65_536, true)]
#[case(65_537, false)]
fn beacon_is_queued_up_to_64_kib(#[case] length: usize, #[case] is_queued: bool) {
    let data = BodyInit::Text("x".repeat(length));
    let request = send_beacon("/", Some(data), &page(), &Profile::STANDARD).unwrap();
    assert_eq!(request.is_some(), is_queued);
}

#[test]
fn font_without_cors() {
    let ask = |profile: &Profile| {
        let font =
            Load::Font.request(url("http://bar.other/"), NoCors, &page()).for_profile(profile);
        (font.mode, font.credentials_mode)
    };
    let departing = Profile::STANDARD.with(Departure::FONT_NO_CORS);
    assert_eq!(ask(&departing), (Mode::NoCors, Include));
    assert_eq!(ask(&Profile::STANDARD), (Mode::Cors, SameOrigin));
    let shape = Load::ShapeImage.request(url("http://bar.other/"), NoCors, &page());
    let shape = shape.for_profile(&departing);
    assert_eq!(shape.mode, Mode::Cors);
}

/// The `Origin` in requests to the page's own origin, by the standard and with the departure.
#[rstest]
#[case(Load::Image, Anonymous, Some("http://app.example"))]
#[case(Load::Image, NoCors, None)]
#[case(Load::ClassicScript, UseCredentials, Some("http://app.example"))]
#[case(Load::ModuleScript, NoCors, Some("http://app.example"))]
#[case(Load::StyleSheet, Anonymous, Some("http://app.example"))]
#[case(Load::Font, NoCors, Some("http://app.example"))]
#[case(Load::EventSource, NoCors, None)]
fn origin_of_elements(
    #[case] load: Load,
    #[case] state: CorsSettingsAttribute,
    #[case] departing: Option<&str>,
) {
    let profile = Profile::STANDARD.with(Departure::ORIGIN_OF_ELEMENTS);
    let request = load.request(url("http://app.example/a"), state, &page());
    assert_eq!(request_origin_header(&request, &Profile::STANDARD), None);
    assert_eq!(request_origin_header(&request, &profile).as_deref(), departing);
}

#[test]
fn origin_of_videos() {
    let address = "http://app.example/a";
    let video = |state| Load::Video.request(url(address), state, &page());
    let of_videos = Profile::STANDARD.with(Departure::ORIGIN_OF_VIDEOS);
    let origin = request_origin_header(&video(Anonymous), &of_videos).map(String::from);
    assert_eq!(origin.as_deref(), Some("http://app.example"));
    assert_eq!(request_origin_header(&video(NoCors), &of_videos), None);
    let of_elements = Profile::STANDARD.with(Departure::ORIGIN_OF_ELEMENTS);
    assert_eq!(request_origin_header(&video(Anonymous), &of_elements), None);
}

#[test]
fn shape_without_credentials() {
    let profile = Profile::STANDARD.with(Departure::SHAPE_WITHOUT_CREDENTIALS);
    let ask = |load: Load| {
        load.request(url("http://app.example/a"), NoCors, &page()).for_profile(&profile)
    };
    assert_eq!(ask(Load::ShapeImage).credentials_mode, CredentialsMode::Omit);
    assert_eq!(ask(Load::Font).credentials_mode, SameOrigin);
    assert_eq!(ask(Load::Image).credentials_mode, Include);
}

#[test]
fn origin_of_elements_is_not_that_of_fetch() {
    let profile = Profile::STANDARD.with(Departure::ORIGIN_OF_ELEMENTS);
    let info = RequestInfo::Url("http://app.example/a");
    let request = construct_request(info, RequestInit::default(), &page()).unwrap();
    assert_eq!(request_origin_header(&request, &profile), None);
}

/// `Origin` of a beacon, with the departure.
#[rstest]
#[case::sandboxed("text/plain", sandboxed(), "http://app.example")]
#[case::sandboxed_with_cors("application/json", sandboxed(), "null")]
#[case::not_sandboxed("text/plain", page(), "http://app.example")]
fn origin_of_beacon_referrer(
    #[case] kind: &str,
    #[case] client: Arc<Environment>,
    #[case] expected: &str,
) {
    let profile = Profile::STANDARD.with(Departure::ORIGIN_OF_BEACON_REFERRER);
    let request = send_beacon("http://bar.other/", Some(blob(kind)), &client, &Profile::STANDARD);
    let request = request.unwrap().unwrap();
    assert_eq!(request_origin_header(&request, &profile).as_deref(), Some(expected));
    let standard = request_origin_header(&request, &Profile::STANDARD);
    assert_eq!(standard.as_deref(), Some(client.origin.serialized()));
}

#[rstest]
#[case::within_an_origin("http://bar.other/b", "http://app.example")]
#[case::to_another("http://app.example/", "null")]
fn origin_of_beacon_referrer_over_redirects(#[case] location: &str, #[case] expected: &str) {
    let profile = Profile::STANDARD.with(Departure::ORIGIN_OF_BEACON_REFERRER);
    let request = send_beacon("http://bar.other/", None, &sandboxed(), &Profile::STANDARD);
    let mut request = request.unwrap().unwrap();
    request.push_url(url(location));
    assert_eq!(request_origin_header(&request, &profile).as_deref(), Some(expected));
}

fn send(request: Request, user_agent: &UserAgent, cache: &mut PreflightCache) -> Exchange {
    match fetch(request, &mut Context::new(user_agent, cache, Timestamp::default())) {
        Action::Send(exchange) => exchange,
        Action::Finish(outcome) => panic!("{outcome:?}"),
    }
}

/// `Origin` of a request without CORS, with the departure.
#[rstest]
#[case::top_level_site("http://api.app.example/", Include, Method::GET, sandboxed(), Some("null"))]
#[case::head("http://api.app.example/", Include, Method::HEAD, sandboxed(), Some("null"))]
#[case::other_site("http://bar.other/", Include, Method::GET, sandboxed(), None)]
#[case::other_scheme("https://api.app.example/", Include, Method::GET, sandboxed(), None)]
#[case::no_credentials("http://api.app.example/", SameOrigin, Method::GET, sandboxed(), None)]
#[case::first_party("http://api.app.example/", Include, Method::GET, page(), None)]
fn origin_without_storage_access(
    #[case] address: &str,
    #[case] credentials_mode: CredentialsMode,
    #[case] method: Method,
    #[case] client: Arc<Environment>,
    #[case] expected: Option<&str>,
) {
    let departing = Profile::STANDARD.with(Departure::ORIGIN_WITHOUT_STORAGE_ACCESS);
    for (profile, expected) in [(departing, expected), (Profile::STANDARD, None)] {
        let (user_agent, mut cache) = (UserAgent::for_profile(profile), PreflightCache::new());
        let mut request = Request::new(url(address), client.origin.clone());
        request.credentials_mode = credentials_mode;
        request.method = method.clone();
        request.client = Some(Arc::clone(&client));
        let exchange = send(request, &user_agent, &mut cache);
        let origin = exchange.header_list().get("Origin");
        assert_eq!(origin.as_deref(), expected.map(str::as_bytes));
    }
}

/// The first URL decides, and redirects keep what it decided.
#[rstest]
#[case("http://api.app.example/", "http://bar.other/", Some("null"))]
#[case("http://bar.other/", "http://api.app.example/", None)]
fn origin_without_storage_access_over_redirects(
    #[case] first: &str,
    #[case] second: &str,
    #[case] expected: Option<&str>,
) {
    let profile = Profile::STANDARD.with(Departure::ORIGIN_WITHOUT_STORAGE_ACCESS);
    let (user_agent, mut cache) = (UserAgent::for_profile(profile), PreflightCache::new());
    let request = Load::Image.request(url(first), NoCors, &sandboxed());
    let exchange = send(request, &user_agent, &mut cache);
    let redirect = Response::new(302, HeaderList::try_from([("Location", second)]).unwrap());
    let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
    let Action::Send(exchange) = exchange.receive(redirect, Timestamp::default(), &mut context)
    else {
        panic!()
    };
    let origin = exchange.header_list().get("Origin");
    assert_eq!(origin.as_deref(), expected.map(str::as_bytes));
}
