//! The decisions on what the standard leaves open: a test for each heading of
//! `spec-notes/decisions.md`.

use std::time::Duration;

use browser_cors::{
    cors_check::cors_check,
    cross_origin_resource_policy::{self, Purpose, Requester},
    engine::Profile,
    environment::EmbedderPolicy,
    environment::{Environment, NetworkPartitionKey},
    fetch::{
        Action, Context, Exchange, NetworkError, Outcome, Redirect, TransportFailure, UserAgent,
        allows_credentials, fetch, filter, judge_preflight_response, needs_preflight,
        preflight_header_list, redirect,
    },
    header::{HeaderList, extract::extract_max_age},
    http::{HeaderValue, Method},
    origin::{Origin, RegistrableDomain},
    page::{
        beacon::send_beacon,
        body::BodyInit,
        loads::{Decoding, Load, LoadFailure},
    },
    preflight_cache::{Grant, PreflightCache, Timestamp},
    request::{Body, CacheMode, CredentialsMode, Mode, Request, ResponseTainting},
    response::{FilteredResponse, Response, ResponseType},
    url::Url,
};

#[test]
fn credentialless_pages_keep_their_own_credentials() {
    let mut page = Environment::new(url("https://app.example/"));
    page.embedder_policy = EmbedderPolicy::Credentialless;
    let page = std::sync::Arc::new(page);
    let asks = |address| {
        let mut request = Request::new(url(address), page.origin.clone());
        request.client = Some(page.clone());
        allows_credentials(&request)
    };
    assert!(asks("https://app.example/own"));
    assert!(!asks("https://api.example/"));
}

#[test]
fn invalid_expose_headers_expose_nothing() {
    let mut request = cors("GET");
    request.set_response_tainting(ResponseTainting::Cors);
    let headers =
        [("Access-Control-Expose-Headers", "X-Id, two words"), ("X-Id", "7"), ("Expires", "0")];
    let response = filter(&request, answer(200, headers));
    assert_eq!(response.status(), 200);
    assert_eq!(response.header("X-Id"), None);
    assert_eq!(response.header("Expires").as_deref(), Some(&b"0"[..]));
}

#[test]
fn wildcard_beside_a_name_is_stored_with_credentials() {
    let mut browser = Browser::default();
    let mut request = cors("PUT");
    request.credentials_mode = CredentialsMode::Include;
    let preflight = exchange(browser.fetch(request.clone()));
    let grant = answer(
        204,
        [
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "PUT, *"),
        ],
    );
    assert!(!exchange(browser.answer(preflight, grant)).is_preflight());

    request.method = Method::DELETE;
    assert!(!needs_preflight(&request, &browser.cache, &Profile::STANDARD, browser.now));
}

#[test]
fn max_age_counts_from_the_first_answer() {
    let (mut cache, request) = (PreflightCache::new(), cors("PUT"));
    cache.create_entry(
        &request,
        Grant::Method("PUT"),
        Duration::from_secs(10),
        Timestamp::from_secs(0),
    );
    cache.store(
        &request,
        [Grant::Method("PUT")],
        Duration::from_secs(600),
        Timestamp::from_secs(5),
    );
    let has_put = |now| cache.matches(&request, now).method(&Method::PUT);
    assert!(has_put(Timestamp::from_millis(599_999)));
    assert!(!has_put(Timestamp::from_secs(600)));
}

#[test]
fn every_matching_entry_gets_the_max_age() {
    let (mut cache, request) = (PreflightCache::new(), cors("PUT"));
    for grant in [Grant::Method("PUT"), Grant::Method("*"), Grant::Method("PATCH")] {
        cache.create_entry(&request, grant, Duration::from_secs(10), Timestamp::from_secs(0));
    }
    cache.store(
        &request,
        [Grant::Method("PUT")],
        Duration::from_secs(600),
        Timestamp::from_secs(5),
    );
    let mut ages: Vec<_> = cache.entries().map(|entry| entry.max_age.as_secs()).collect();
    ages.sort_unstable();
    assert_eq!(ages, [10, 600, 600]);
}

#[test]
fn fragments_are_part_of_the_cache_key() {
    let mut cache = PreflightCache::new();
    let at = |address| {
        let mut request = Request::new(url(address), app());
        request.method = Method::PUT;
        request
    };
    let now = Timestamp::default();
    cache.create_entry(
        &at("https://api.example/#a"),
        Grant::Method("PUT"),
        Duration::from_secs(600),
        now,
    );
    assert!(!needs_preflight(&at("https://api.example/#a"), &cache, &Profile::STANDARD, now));
    assert!(needs_preflight(&at("https://api.example/#b"), &cache, &Profile::STANDARD, now));
}

#[test]
fn preflights_name_the_user_agent() {
    let mut user_agent = UserAgent::new(Flat);
    user_agent.product = Some(HeaderValue::from_static("Example/1"));
    let headers = preflight_header_list(&cors("PUT"), &user_agent);
    assert_eq!(headers.get("User-Agent").as_deref(), Some(&b"Example/1"[..]));
}

#[test]
fn keepalive_requests_count_once() {
    let mut post = cors("POST");
    (post.keepalive, post.body) = (true, Some(Body::Replayable { length: Some(65_536) }));
    let mut browser = Browser::default();
    let first = exchange(browser.fetch(post));
    let redirect = [("Access-Control-Allow-Origin", "*"), ("Location", "/next")];
    let second = exchange(browser.answer(first, answer(307, redirect)));
    assert_eq!(second.header_list().get("Content-Length").as_deref(), Some(&b"65536"[..]));
}

#[test]
fn proxy_authentication_is_a_network_error() {
    let allowed = || answer(407, [("Access-Control-Allow-Origin", "*")]);
    let mut browser = Browser::default();
    let plain = exchange(browser.fetch(cors("GET")));
    assert_eq!(error(browser.answer(plain, allowed())).refusal.code(), "proxy-authentication");
    let preflight = exchange(browser.fetch(cors("PUT")));
    assert_eq!(error(browser.answer(preflight, allowed())).refusal.code(), "proxy-authentication");
}

#[test]
fn lists_skip_empty_members_and_single_values_stand_alone() {
    let mut request = cors("PUT");
    request.credentials_mode = CredentialsMode::Omit;
    let origin = ("Access-Control-Allow-Origin", "*");
    let lists = answer(
        204,
        [
            origin,
            ("Access-Control-Allow-Methods", ", PATCH,,\tPUT ,"),
            ("Access-Control-Max-Age", "600"),
            ("Access-Control-Max-Age", "600"),
        ],
    );
    let grant = judge_preflight_response(&request, &lists, &Profile::STANDARD).unwrap();
    assert_eq!(grant.methods, ["PATCH", "PUT"]);
    assert_eq!(grant.max_age.as_secs(), 5);
}

#[test]
fn several_locations_are_a_failure() {
    let twice = answer(302, [("Location", "/same"), ("Location", "/same")]);
    let refusal = redirect(cors("GET"), &twice, &Profile::STANDARD).unwrap_err();
    assert_eq!(refusal.code(), "location");
}

#[test]
fn location_is_a_byte_a_character() {
    let mut headers = HeaderList::new();
    headers.append("Location", b"/caf\xE9").unwrap();
    let request = redirected(cors("GET"), &Response::new(302, headers));
    assert_eq!(request.current_url().as_str(), "https://api.example/caf%C3%A9");
}

/// The request that follows a redirect.
fn redirected(request: Request, response: &Response) -> Request {
    match redirect(request, response, &Profile::STANDARD) {
        Ok(Redirect::To(request)) => request,
        other => panic!("{other:?}"),
    }
}

#[test]
fn accept_language_is_the_embedders() {
    let mut browser = Browser::default();
    let sent = exchange(browser.fetch(cors("GET")));
    assert_eq!(sent.header_list().get("Accept-Language"), None);

    browser.user_agent.accept_language = Some(HeaderValue::from_static("fr"));
    let sent = exchange(browser.fetch(cors("GET")));
    assert_eq!(sent.header_list().get("Accept-Language").as_deref(), Some(&b"fr"[..]));
    assert!(!sent.is_preflight());

    browser.user_agent.accept_language = HeaderValue::from_str(&"a".repeat(129)).ok();
    assert!(exchange(browser.fetch(cors("GET"))).is_preflight());
}

#[test]
fn no_client_is_no_embedder_policy() {
    let mut page = Environment::new(url("https://app.example/"));
    page.embedder_policy = EmbedderPolicy::RequireCorp;
    let target = url("https://cdn.example/");
    let response = Response::default();
    let check = |client| {
        let origin = app();
        let requester = Requester::new(&origin, client, &Flat);
        cross_origin_resource_policy::check(&requester, &response, &target, Purpose::Resource)
    };
    assert!(check(None).is_ok());
    assert!(check(Some(&page)).is_err());
}

#[test]
fn what_is_sent_is_a_copy() {
    let mut browser = Browser::default();
    let mut request = cors("GET");
    request.set_response_tainting(ResponseTainting::Cors);
    let first = exchange(browser.fetch(request));
    assert_eq!(first.request().header_list.get("Origin"), None);
    let moved = answer(302, [("Access-Control-Allow-Origin", "*"), ("Location", "/next")]);
    let second = exchange(browser.answer(first, moved));
    let origins: Vec<_> = second.header_list().values("Origin").collect();
    assert_eq!(origins, [b"https://app.example"]);
}

#[test]
fn origins_are_compared_and_not_parsed() {
    let request =
        Request::new(url("https://api.example/"), "http://my_app.example".parse().unwrap());
    let response = answer(200, [("Access-Control-Allow-Origin", "http://my_app.example")]);
    assert!(cors_check(request.serialized_origin(), request.credentials_mode, &response).is_ok());
}

#[test]
fn wildcards_of_a_preflight_need_a_request_without_credentials() {
    let judge = |method: &str, credentials_mode| {
        let mut request = cors(method);
        request.credentials_mode = credentials_mode;
        let headers = [
            ("Access-Control-Allow-Origin", "https://app.example"),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Allow-Methods", "*"),
        ];
        let response = answer(204, headers);
        judge_preflight_response(&request, &response, &Profile::STANDARD)
            .err()
            .map(|failure| failure.step().path())
    };
    assert_eq!(judge("PUT", CredentialsMode::Omit), None);
    assert_eq!(judge("PUT", CredentialsMode::Include), Some("7.5"));
    assert_eq!(judge("POST", CredentialsMode::Include), None);
}

#[test]
fn missing_lists_are_empty() {
    let mut request = cors("POST");
    request.credentials_mode = CredentialsMode::Omit;
    let response = answer(204, [("Access-Control-Allow-Origin", "*")]);
    let grant = judge_preflight_response(&request, &response, &Profile::STANDARD).unwrap();
    assert!(grant.methods.is_empty() && grant.header_names.is_empty());
}

#[test]
fn a_dropped_body_takes_all_its_headers() {
    let mut request = cors("POST");
    for name in ["Content-Encoding", "content-language", "Content-Location", "Content-Type", "X"] {
        request.header_list.append(name, "a").unwrap();
    }
    let request = redirected(request, &answer(303, [("Location", "/")]));
    let names: Vec<_> = request.header_list.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["X"]);
}

#[test]
fn failures_clear_the_url_where_they_happen() {
    let mut browser = Browser::default();
    let first = cors("PUT");
    let mut second = first.clone();
    second.push_url(url("https://api.example/next"));
    for request in [&first, &second] {
        browser.cache.create_entry(
            request,
            Grant::Method("PUT"),
            Duration::from_secs(600),
            browser.now,
        );
    }
    let sent = exchange(browser.fetch(first));
    let moved = [("Access-Control-Allow-Origin", "*"), ("Location", "/next")];
    let sent = exchange(browser.answer(sent, answer(307, moved)));
    assert!(!sent.is_preflight());
    let failed = error(browser.answer(sent, answer(200, [])));
    assert_eq!(failed.refusal.code(), "allow-origin-missing");
    let left: Vec<_> = browser.cache.entries().map(|entry| entry.url.to_owned()).collect();
    assert_eq!(left, ["https://api.example/"]);
}

#[test]
fn preflights_have_no_cache_headers() {
    let mut browser = Browser::default();
    let mut request = cors("PUT");
    request.cache_mode = CacheMode::NoStore;
    let preflight = exchange(browser.fetch(request));
    assert_eq!(preflight.header_list().get("Cache-Control"), None);
    assert_eq!(preflight.header_list().get("Pragma"), None);
    let grant = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT")];
    let sent = exchange(browser.answer(preflight, answer(204, grant)));
    assert_eq!(sent.header_list().get("Cache-Control").as_deref(), Some(&b"no-cache"[..]));
}

#[test]
fn one_hop_without_timings_spoils_them() {
    let mut browser = Browser::default();
    let timings = |status, allow: &str| {
        let headers = [
            ("Access-Control-Allow-Origin", "*"),
            ("Location", "/next"),
            ("Timing-Allow-Origin", allow),
        ];
        answer(status, headers)
    };
    for (first, passed) in [("https://other.example", false), ("*", true)] {
        let sent = exchange(browser.fetch(cors("GET")));
        let sent = exchange(browser.answer(sent, timings(302, first)));
        let response = response(browser.answer(sent, timings(200, "*")));
        assert_eq!(response.internal_response().timing_allow_passed(), passed);
    }
}

#[test]
fn no_response_is_not_a_failed_cors_check() {
    let mut browser = Browser::default();
    let sent = exchange(browser.fetch(cors("GET")));
    let failed = error(sent.fail(TransportFailure::new("refused"), &mut browser.context()));
    assert_eq!(failed.refusal.code(), "no-response");
}

#[test]
fn origins_are_serialized_without_a_public_suffix_list() {
    #[derive(Debug)]
    struct Nobody;
    impl RegistrableDomain for Nobody {
        fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
            panic!("{domain} was asked for");
        }
    }
    let mut browser = Browser { user_agent: UserAgent::new(Nobody), ..Browser::default() };
    let sent = exchange(browser.fetch(cors("GET")));
    let moved = |to| answer(302, [("Access-Control-Allow-Origin", "*"), ("Location", to)]);
    let sent = exchange(browser.answer(sent, moved("https://b.example/")));
    assert_eq!(sent.header_list().get("Origin").as_deref(), Some(&b"null"[..]));
}

#[test]
fn max_age_is_limited_to_a_day() {
    let mut browser = Browser::default();
    let grants = [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "PUT"),
        ("Access-Control-Max-Age", "100000"),
    ];
    let preflight = exchange(browser.fetch(cors("PUT")));
    let _sent = exchange(browser.answer(preflight, answer(204, grants)));
    let ages: Vec<_> = browser.cache.entries().map(|entry| entry.max_age.as_secs()).collect();
    assert_eq!(ages, [86_400]);
}

#[test]
fn max_age_of_many_digits_is_the_largest() {
    let digits = "9".repeat(40);
    let headers = HeaderList::try_from([("Access-Control-Max-Age", digits.as_str())]).unwrap();
    assert_eq!(extract_max_age(&headers), Ok(Some(18_446_744_073_709_551_615)));
}

#[test]
fn the_cache_is_limited() {
    assert_eq!(PreflightCache::DEFAULT_CAPACITY, 16_777_216);
    let (mut cache, request) = (PreflightCache::new(), cors("PUT"));
    let names: Vec<String> = (0..257).map(|number| format!("x-{number}")).collect();
    let grants = names.iter().map(|name| Grant::HeaderName(name));
    cache.store(&request, grants, Duration::from_secs(600), Timestamp::default());
    assert_eq!(cache.len(), 256);

    let mut small = PreflightCache::with_capacity(2_000);
    for number in 0..100 {
        let request = Request::new(url(&format!("https://api.example/{number}")), app());
        small.create_entry(
            &request,
            Grant::Method("PUT"),
            Duration::from_secs(600),
            Timestamp::default(),
        );
    }
    assert!(small.bytes() <= 2_000);
    let last = Request::new(url("https://api.example/99"), app());
    assert!(small.matches(&last, Timestamp::default()).method(&Method::PUT));
}

#[test]
fn a_full_cache_drops_what_was_stored_first() {
    let mut cache = PreflightCache::for_profile(&Profile::CHROMIUM);
    let at = |number: usize| {
        let mut request = cors("PUT");
        request.push_url(url(&format!("https://api.example/{number}")));
        request
    };
    for number in 0..=1_024 {
        let grants = [Grant::Method("PUT")];
        cache.store(&at(number), grants, Duration::from_secs(600), Timestamp::default());
    }
    let is_cached =
        |number| !needs_preflight(&at(number), &cache, &Profile::STANDARD, Timestamp::default());
    assert!(!is_cached(0) && is_cached(1) && is_cached(1_024));
}

#[test]
fn the_partition_of_an_opaque_page_is_the_embedders() {
    assert_eq!(NetworkPartitionKey::determine(&Origin::opaque(), None, &Flat), None);
    assert_ne!(NetworkPartitionKey::new("opaque-1"), NetworkPartitionKey::new("opaque-2"));
}

#[test]
fn the_second_partition_key_is_the_embedders() {
    let determine = |second_key| NetworkPartitionKey::determine(&app(), second_key, &Flat).unwrap();
    assert_eq!(determine(None).as_str(), "https://app.example");
    assert_ne!(determine(Some("b.example")), determine(None));
}

#[test]
fn beacons_of_an_unsafe_type_are_preflighted() {
    let page = Environment::new(url("https://app.example/")).into();
    let mut browser = Browser::default();
    let mut first_exchange = |kind: &str| {
        let data = BodyInit::Blob { bytes: vec![b'x'], kind: kind.to_owned() };
        let request = send_beacon("https://api.example/", Some(data), &page, &Profile::STANDARD);
        exchange(browser.fetch(request.unwrap().unwrap()))
    };
    assert!(first_exchange("application/json").is_preflight());
    assert!(!first_exchange("text/plain").is_preflight());
}

#[test]
fn bodies_matter_where_they_are_decoded() {
    let response = |content_type| {
        FilteredResponse::new(ResponseType::Basic, answer(200, [("Content-Type", content_type)]))
    };
    let judge = |load: Load, content_type, decoding| {
        load.judge(&response(content_type), decoding, &Profile::STANDARD)
    };
    for load in [Load::Image, Load::Texture, Load::Video, Load::Font, Load::ShapeImage] {
        assert_eq!(judge(load, "image/png", Decoding::Fails), Err(LoadFailure::Body));
        assert!(judge(load, "image/png", Decoding::Succeeds).is_ok());
    }
    assert!(judge(Load::ClassicScript, "text/javascript", Decoding::Fails).is_ok());
    assert!(judge(Load::ModuleScript, "text/javascript", Decoding::Fails).is_ok());
    assert!(judge(Load::StyleSheet, "text/css", Decoding::Fails).is_ok());
    assert!(judge(Load::EventSource, "text/event-stream", Decoding::Fails).is_ok());
}

/// A test network in which every host is a site of its own.
#[derive(Debug)]
struct Flat;

impl RegistrableDomain for Flat {
    fn registrable_domain<'a>(&self, domain: &'a str) -> Option<&'a str> {
        Some(domain)
    }
}

struct Browser {
    user_agent: UserAgent,
    cache: PreflightCache,
    now: Timestamp,
}

impl Default for Browser {
    fn default() -> Self {
        Self {
            user_agent: UserAgent::new(Flat),
            cache: PreflightCache::new(),
            now: Timestamp::default(),
        }
    }
}

impl Browser {
    fn context(&mut self) -> Context<'_> {
        Context::new(&self.user_agent, &mut self.cache, self.now)
    }

    fn fetch(&mut self, request: Request) -> Action {
        fetch(request, &mut self.context())
    }

    fn answer(&mut self, exchange: Exchange, response: Response) -> Action {
        exchange.receive(response, self.now, &mut self.context())
    }
}

fn exchange(action: Action) -> Exchange {
    match action {
        Action::Send(exchange) => exchange,
        Action::Finish(outcome) => panic!("{outcome:?}"),
    }
}

fn error(action: Action) -> NetworkError {
    match action {
        Action::Finish(Outcome::NetworkError(error)) => *error,
        other => panic!("{other:?}"),
    }
}

fn response(action: Action) -> FilteredResponse {
    match action {
        Action::Finish(Outcome::Response { response, .. }) => response,
        other => panic!("{other:?}"),
    }
}

/// The request of `fetch("https://api.example/", { method })` by a page at `https://app.example`.
fn cors(method: &str) -> Request {
    let mut request = Request::new(url("https://api.example/"), app());
    request.method = method.parse().unwrap();
    request.mode = Mode::Cors;
    request.unsafe_request = true;
    request
}

fn answer<const LEN: usize>(status: u16, headers: [(&str, &str); LEN]) -> Response {
    Response::new(status, HeaderList::try_from(headers).unwrap())
}

fn app() -> Origin {
    "https://app.example".parse().unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}
