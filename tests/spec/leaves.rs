//! Decisions asked of no more than they read give what a fetch gives, for headers of any type.

use std::{sync::Arc, time::Duration};

use browser_cors::{
    engine::Profile,
    environment::{Environment, NetworkPartitionKey},
    fetch::{PreflightRequest, judge_preflight_response, preflight_reasons, readable_headers},
    header::{HeaderList, ReadHeaders},
    http::{self, HeaderMap, HeaderName, HeaderValue, Method},
    origin_header::{OriginAsker, origin_header, request_origin_header},
    preflight_cache::{CacheQuery, Grant, PreflightCache, Timestamp},
    referrer::ReferrerPolicy,
    request::{CredentialsMode, Mode, Request, ResponseTainting},
    response::{Response, location_url},
    tao_check::tao_check,
    url::Url,
};
use rstest::rstest;

const APP: &str = "https://app.example";
const NOW: Timestamp = Timestamp::from_secs(1);

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn list(headers: &[(&str, &str)]) -> HeaderList {
    let mut list = HeaderList::new();
    headers.iter().for_each(|(name, value)| list.append(name, value).unwrap());
    list
}

fn map(headers: &[(&str, &str)]) -> HeaderMap {
    let header = |(name, value): &(&str, &str)| {
        (HeaderName::try_from(*name).unwrap(), HeaderValue::try_from(*value).unwrap())
    };
    headers.iter().map(header).collect()
}

/// A page's request to `https://api.example/`.
fn request(method: &Method, headers: &[(&str, &str)], mode: CredentialsMode) -> Request {
    let mut page = Environment::new(url("https://app.example/"));
    page.network_partition_key = Some(NetworkPartitionKey::new(APP));
    let mut request = Request::new(url("https://api.example/"), page.origin.clone());
    request.client = Some(Arc::new(page));
    (request.mode, request.unsafe_request) = (Mode::Cors, true);
    (request.method, request.credentials_mode) = (method.clone(), mode);
    request.header_list = list(headers);
    request
}

#[test]
fn all_lists_are_read_alike() {
    fn read(headers: &(impl ReadHeaders + ?Sized)) {
        assert_eq!(headers.lines().count(), 3);
        assert_eq!(headers.values_of("VARY").collect::<Vec<_>>(), [b"Origin", b"Accept"]);
        assert_eq!(headers.get_combined("vary").as_deref(), Some(&b"Origin, Accept"[..]));
        assert_eq!(headers.get_and_split("Vary").unwrap(), ["Origin", "Accept"]);
        assert_eq!(headers.get_combined("x-empty").as_deref(), Some(&b""[..]));
        assert_eq!(headers.get_combined("age"), None);
    }
    let pairs = [("vary", "Origin"), ("x-empty", ""), ("vary", "Accept")];
    read(&pairs);
    read(pairs.as_slice());
    read(&pairs.as_slice());
    read(&list(&pairs));
    read(&map(&pairs));
    read(&Response::new(200, list(&pairs)));
    let mut answer = http::Response::new(());
    *answer.headers_mut() = map(&pairs);
    read(&answer);
}

const PUT_AND_TOKEN: &[Grant<'_>] = &[Grant::Method("PUT"), Grant::HeaderName("x-token")];

/// A user agent's own request and answer, under each profile.
#[rstest]
#[case::nothing(Method::GET, &[("accept", "*/*")], CredentialsMode::Omit, &[])]
#[case::a_method(Method::PUT, &[], CredentialsMode::Omit, &[])]
#[case::headers(Method::GET, &[("x-token", "1"), ("x-other", "2")], CredentialsMode::Include, &[])]
#[case::repeated(Method::GET, &[("accept", "a\""), ("accept", "b")], CredentialsMode::Omit, &[])]
#[case::cached(Method::PUT, &[("x-token", "1")], CredentialsMode::Omit, PUT_AND_TOKEN)]
#[case::cached_in_part(Method::PUT, &[("x-b", "1")], CredentialsMode::Omit, PUT_AND_TOKEN)]
#[case::not_with_credentials(Method::PUT, &[], CredentialsMode::Include, PUT_AND_TOKEN)]
fn preflights(
    #[case] method: Method,
    #[case] headers: &[(&str, &str)],
    #[case] credentials_mode: CredentialsMode,
    #[case] grants: &[Grant<'_>],
) {
    let answers: [(u16, &[(&str, &str)]); 5] = [
        (200, &[]),
        (404, &[("access-control-allow-origin", "*")]),
        (204, &[("access-control-allow-origin", "*"), ("access-control-max-age", "7")]),
        (
            204,
            &[
                ("access-control-allow-origin", APP),
                ("access-control-allow-credentials", "true"),
                ("access-control-allow-methods", "PUT"),
                ("access-control-allow-headers", "x-token, X-Other"),
            ],
        ),
        (
            204,
            &[
                ("access-control-allow-origin", "*"),
                ("access-control-allow-methods", "*"),
                ("access-control-allow-headers", "*"),
            ],
        ),
    ];
    let key = NetworkPartitionKey::new(APP);
    for profile in Profile::ALL {
        let whole = request(&method, headers, credentials_mode);
        let mut cache = PreflightCache::for_profile(profile);
        let plain = request(&method, &[], CredentialsMode::Omit);
        cache.store(&plain, grants.iter().copied(), Duration::from_secs(600), NOW);

        let (map, target) = (map(headers), url("https://api.example/"));
        let mut asked = PreflightRequest::new(APP, &method, &map);
        asked.credentials_mode = credentials_mode;
        let mut query = CacheQuery::new(APP, &target);
        (query.network_partition_key, query.method) = (Some(&key), &method);
        query.credentials_mode = credentials_mode;
        let matches = cache.matches(query, NOW);

        let reasons = preflight_reasons(&whole, &cache, profile, NOW);
        assert_eq!(asked.preflight_reasons(&matches, profile), reasons, "{profile}");
        assert_eq!(asked.needs_preflight(&matches, profile), !reasons.is_empty(), "{profile}");
        for (status, answer) in answers {
            let response = Response::new(status, list(answer));
            let expected = judge_preflight_response(&whole, &response, profile);
            assert_eq!(asked.judge_response(status, answer, profile), expected, "{profile}");
        }
    }
}

/// What one form stores, the other finds and clears.
#[test]
fn cache_by_values() {
    let whole = request(&Method::PUT, &[], CredentialsMode::Include);
    let (key, target) = (NetworkPartitionKey::new(APP), url("https://api.example/"));
    let mut query = CacheQuery::new(APP, &target);
    (query.network_partition_key, query.method) = (Some(&key), &Method::PUT);
    query.credentials_mode = CredentialsMode::Include;

    let mut cache = PreflightCache::new();
    cache.store(query, [Grant::Method("PUT")], Duration::from_secs(600), NOW);
    cache.create_entry(&whole, Grant::HeaderName("x-token"), Duration::from_secs(600), NOW);
    assert!(cache.matches(&whole, NOW).method(&Method::PUT));
    assert!(cache.matches(query, NOW).header_name("X-Token"));
    let changes: [fn(&mut CacheQuery<'_>); 3] = [
        |query| query.origin = "https://other.example",
        |query| query.network_partition_key = None,
        |query| query.has_redirect_taint = true,
    ];
    for change in changes {
        let mut other = query;
        change(&mut other);
        assert!(!cache.matches(other, NOW).method(&Method::PUT), "{other:?}");
        cache.clear_entries(other);
    }
    assert_eq!(cache.len(), 2);
    cache.clear_entries(query);
    assert!(cache.is_empty());
}

#[rstest]
#[case::get(Method::GET, Mode::NoCors, ResponseTainting::Basic, ReferrerPolicy::Empty, None)]
#[case::cors(
    Method::GET,
    Mode::Cors,
    ResponseTainting::Cors,
    ReferrerPolicy::NoReferrer,
    Some(APP)
)]
#[case::post(
    Method::POST,
    Mode::NoCors,
    ResponseTainting::Opaque,
    ReferrerPolicy::Empty,
    Some(APP)
)]
#[case::hidden(
    Method::POST,
    Mode::NoCors,
    ResponseTainting::Opaque,
    ReferrerPolicy::SameOrigin,
    Some("null")
)]
#[case::websocket(
    Method::GET,
    Mode::Websocket,
    ResponseTainting::Basic,
    ReferrerPolicy::NoReferrer,
    Some(APP)
)]
fn origin_headers(
    #[case] method: Method,
    #[case] mode: Mode,
    #[case] tainting: ResponseTainting,
    #[case] policy: ReferrerPolicy,
    #[case] expected: Option<&str>,
) {
    let mut whole = request(&method, &[], CredentialsMode::Omit);
    (whole.mode, whole.referrer_policy) = (mode, policy);
    whole.set_response_tainting(tainting);
    assert_eq!(request_origin_header(&whole, &Profile::STANDARD).as_deref(), expected);

    let (origin, target) = (APP.parse().unwrap(), url("https://api.example/"));
    let mut asker = OriginAsker::new(&origin, &target);
    (asker.method, asker.mode) = (&method, mode);
    (asker.response_tainting, asker.referrer_policy) = (tainting, policy);
    assert_eq!(origin_header(&asker), expected);
    asker.serialized_origin = "null";
    assert_eq!(origin_header(&asker), expected.map(|_| "null"));
}

#[test]
fn answers_of_another_type() {
    let target = url("https://api.example/a");
    let moved = map(&[("location", "/b")]);
    for profile in Profile::ALL {
        let next = location_url(302, &moved, Some(&target), Some("x"), profile).unwrap();
        assert_eq!(next.unwrap().as_str(), "https://api.example/b#x");
        let twice = map(&[("location", "/b"), ("location", "/c")]);
        let response = Response::new(302, list(&[("location", "/b"), ("location", "/c")]));
        assert_eq!(
            location_url(302, &twice, None, None, profile),
            response.location_url(None, profile)
        );
    }
    let timed = map(&[("timing-allow-origin", "https://app.example")]);
    assert!(tao_check(&request(&Method::GET, &[], CredentialsMode::Omit), &timed));

    let answer = map(&[
        ("access-control-expose-headers", "*, set-cookie"),
        ("x-id", "7"),
        ("set-cookie", "a=b"),
    ]);
    let read = |tainting, mode| readable_headers(tainting, mode, &answer).count();
    assert_eq!(read(ResponseTainting::Basic, CredentialsMode::Include), 2);
    assert_eq!(read(ResponseTainting::Cors, CredentialsMode::Omit), 2);
    assert_eq!(read(ResponseTainting::Cors, CredentialsMode::Include), 0);
    assert_eq!(read(ResponseTainting::Opaque, CredentialsMode::Omit), 0);
}
