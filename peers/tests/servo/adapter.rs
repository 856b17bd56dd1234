//! The adapter alone, in place of the functions that `servo-net` keeps to itself.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use browser_cors::environment::EmbedderPolicy;
use browser_cors_peers::servo::{
    checks::{
        CrossOriginResourcePolicy, append_a_request_origin_header, cors_check,
        cross_origin_resource_policy_check, location_url_for_response,
        should_be_blocked_due_to_mime_type, should_be_blocked_due_to_nosniff, tao_check,
    },
    cors_cache::CorsCache,
    preflight::{judge_cors_preflight_response, needs_preflight},
    types,
};
use embedder_traits::resources::{Resource, ResourceReaderMethods};
use http::{HeaderName, HeaderValue, Method};
use net_traits::{
    NetworkError, ReferrerPolicy, ResourceFetchTiming, ResourceTimingType,
    blob_url_store::UrlWithBlobClaim,
    http_status::HttpStatus,
    policy_container::{EmbedderPolicyValue, PolicyContainer},
    request::{
        CredentialsMode, Destination, InsecureRequestsPolicy, Origin, Referrer, Request,
        RequestBuilder, RequestClient, RequestMode, ResponseTainting,
    },
    response::{Response, ResponseType},
};
use serde_json::Value;
use servo_url::ServoUrl;
use url::Url;

use crate::inputs::header_map;

/// The list of public suffixes is empty, so the last label of a name is one.
struct NoResources;

impl ResourceReaderMethods for NoResources {
    fn read(&self, _: Resource) -> Vec<u8> {
        Vec::new()
    }

    fn sandbox_access_files(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    fn sandbox_access_files_dirs(&self) -> Vec<PathBuf> {
        Vec::new()
    }
}

embedder_traits::submit_resource_reader!(&NoResources);

pub fn servo_url(url: &str) -> ServoUrl {
    ServoUrl::parse(url).expect("a URL")
}

/// A CORS request that has gone by way of `urls`.
pub fn request(origin: &str, urls: &[&str]) -> Request {
    let urls: Vec<_> = urls.iter().map(|url| servo_url(url)).collect();
    let first = UrlWithBlobClaim::for_url(urls[0].clone()).expect("no blob");
    let mut request = RequestBuilder::new(None, first, Referrer::NoReferrer)
        .origin(servo_url(origin).origin())
        .mode(RequestMode::CorsMode)
        .url_list(urls)
        .build();
    request.response_tainting = ResponseTainting::CorsTainting;
    request
}

/// A response from `url`.
pub fn response(url: &str, status: u16, headers: &[(&str, &str)]) -> Response {
    let timing = ResourceFetchTiming::new(ResourceTimingType::Resource);
    let mut response = Response::new(servo_url(url), timing);
    response.status = HttpStatus::new_raw(status, Vec::new());
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        response.headers.append(name, HeaderValue::from_str(value).expect("a value"));
    }
    response
}

const PAGE: &str = "https://app.example";
const API: &str = "https://api.example/a";
const ALLOW_ORIGIN: (&str, &str) = ("access-control-allow-origin", "https://app.example");

/// What web-platform-tests expect of `Access-Control-Allow-Origin`.
#[test]
fn cors_check_shares_what_web_platform_tests_share() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/wpt/cors-origin-htm.json");
    let file: Value =
        serde_json::from_str(&fs::read_to_string(path).expect("a text")).expect("JSON");
    let mut judged = 0;
    for case in file["cases"].as_array().expect("cases") {
        let input = &case["input"];
        let pairs: Vec<(String, String)> =
            serde_json::from_value(input["answers"][0]["headers"].clone()).expect("headers");
        let Some(headers) = header_map(&pairs) else { continue };
        let url = input["request"]["url"].as_str().expect("a URL");
        let request = request("http://web-platform.test:8000", &[url]);
        let mut answer = response(API, 200, &[]);
        answer.headers = headers;
        let is_shared = case["expect"]["outcome"] == "response";
        assert_eq!(cors_check(&request, &answer).is_ok(), is_shared, "{pairs:?}");
        judged += 1;
    }
    assert!(judged > 20, "only {judged} cases");
}

#[test]
fn the_origin_is_null_after_two_foreign_hops() {
    let mut asked = request(PAGE, &[API, "https://cdn.example/"]);
    assert!(cors_check(&asked, &response(API, 200, &[ALLOW_ORIGIN])).is_err());
    let null = response(API, 200, &[("access-control-allow-origin", "null")]);
    assert_eq!(cors_check(&asked, &null), Ok(()));
    append_a_request_origin_header(&mut asked);
    assert_eq!(asked.headers["origin"], "null");
}

#[test]
fn origin_header() {
    let mut get = request(PAGE, &["https://app.example/"]);
    get.response_tainting = ResponseTainting::Basic;
    append_a_request_origin_header(&mut get);
    assert!(get.headers.is_empty());

    let mut post = request(PAGE, &[API]);
    (post.method, post.mode) = (Method::POST, RequestMode::NoCors);
    post.response_tainting = ResponseTainting::Opaque;
    append_a_request_origin_header(&mut post);
    assert_eq!(post.headers["origin"], PAGE);
    post.referrer_policy = ReferrerPolicy::NoReferrer;
    append_a_request_origin_header(&mut post);
    assert_eq!(post.headers["origin"], "null");
}

#[test]
fn timing_allow_origin_is_a_list() {
    let request = request(PAGE, &[API]);
    let answer =
        response(API, 200, &[("timing-allow-origin", "https://x.example, https://app.example")]);
    assert!(tao_check(&request, &answer));
    answer.get_resource_timing().inner().mark_timing_check_failed();
    assert!(!tao_check(&request, &answer));
    assert!(!tao_check(&request, &response(API, 200, &[])));
}

#[test]
fn timings_of_a_navigation_away_are_not_shared() {
    let timings = |url| {
        let mut request = request(PAGE, &[url]);
        (request.mode, request.response_tainting) =
            (RequestMode::Navigate, ResponseTainting::Basic);
        tao_check(&request, &response(url, 200, &[]))
    };
    assert!(timings("https://app.example/next"));
    assert!(!timings(API));
}

#[test]
fn cross_origin_resource_policy() {
    use CrossOriginResourcePolicy::{Allowed, Blocked};
    let check = |value: &str| {
        let answer = response(API, 200, &[("cross-origin-resource-policy", value)]);
        cross_origin_resource_policy_check(&request("https://a.app.example", &[API]), &answer)
    };
    assert_eq!(check("same-origin"), Blocked);
    assert_eq!(check("same-site"), Blocked);
    assert_eq!(check("cross-origin"), Allowed);
    let of_site = request("https://app.api.example", &[API]);
    let answer = response(API, 200, &[("cross-origin-resource-policy", "same-site")]);
    assert_eq!(cross_origin_resource_policy_check(&of_site, &answer), Allowed);
}

#[test]
fn an_embedder_policy_demands_a_resource_policy() {
    let mut request = request(PAGE, &[API]);
    let mut policy_container = PolicyContainer::default();
    policy_container.embedder_policy.value = EmbedderPolicyValue::RequireCorp;
    request.client = Some(RequestClient {
        preloaded_resources: Default::default(),
        policy_container,
        origin: request.origin.clone(),
        is_nested_browsing_context: false,
        insecure_requests_policy: InsecureRequestsPolicy::DoNotUpgrade,
        has_trustworthy_ancestor_origin: false,
    });
    let checked = cross_origin_resource_policy_check(&request, &response(API, 200, &[]));
    assert_eq!(checked, CrossOriginResourcePolicy::Blocked);
    request.referrer = Referrer::Client(servo_url("https://app.example/page"));
    let client = types::to_request(&request).client.expect("a client");
    assert_eq!(client.creation_url.path(), "/page");
    assert_eq!(client.embedder_policy, EmbedderPolicy::RequireCorp);
    request.origin = Origin::Client;
    assert_eq!(types::origin(&request).serialized(), PAGE);
}

#[test]
fn location() {
    let location =
        |status, headers: &[_]| location_url_for_response(&response(API, status, headers), None);
    assert_eq!(location(302, &[]), None);
    assert_eq!(location(200, &[("location", "b")]), None);
    assert_eq!(location(302, &[("location", "b")]), Some(Ok(servo_url("https://api.example/b"))));
    assert!(location(302, &[("location", "http://")]).is_some_and(|url| url.is_err()));
    assert!(location(302, &[("location", "b"), ("location", "c")]).is_some_and(|url| url.is_err()));
    let mut answer = response(API, 302, &[]);
    let bytes = HeaderValue::from_bytes(b"/\xC3\xA9").expect("a value");
    answer.headers.insert("location", bytes);
    let url = location_url_for_response(&answer, Some("top"));
    // Each byte is a character.
    assert_eq!(url, Some(Ok(servo_url("https://api.example/%C3%83%C2%A9#top"))));
}

#[test]
fn blocked_by_type() {
    let answer =
        response(API, 200, &[("x-content-type-options", "nosniff"), ("content-type", "text/csv")]);
    assert!(should_be_blocked_due_to_nosniff(Destination::Script, &answer.headers));
    assert!(should_be_blocked_due_to_nosniff(Destination::Style, &answer.headers));
    assert!(!should_be_blocked_due_to_nosniff(Destination::Image, &answer.headers));
    assert!(should_be_blocked_due_to_mime_type(Destination::Worker, &answer.headers));
    assert!(!should_be_blocked_due_to_mime_type(Destination::Style, &answer.headers));
}

fn put() -> Request {
    let mut request = request(PAGE, &[API]);
    request.method = Method::PUT;
    request.headers.insert("x-token", HeaderValue::from_static("1"));
    request.headers.insert("authorization", HeaderValue::from_static("Bearer 1"));
    request
}

#[test]
fn preflights_are_judged_and_kept() {
    let (request, mut cache) = (put(), CorsCache::default());
    let judge = |cache: &mut CorsCache, status, headers: &[(&'static str, &'static str)]| {
        let answer = response(API, status, &[&[ALLOW_ORIGIN], headers].concat());
        judge_cors_preflight_response(&request, &answer, cache)
    };
    assert!(needs_preflight(&request, &cache));
    assert_eq!(judge(&mut cache, 404, &[]), Err(NetworkError::CorsGeneral));
    assert_eq!(judge(&mut cache, 204, &[]), Err(NetworkError::CorsMethod));
    let methods = ("access-control-allow-methods", "*");
    assert_eq!(
        judge(&mut cache, 204, &[("access-control-allow-methods", "P U T")]),
        Err(NetworkError::CorsAllowMethods)
    );
    let names = |value| ("access-control-allow-headers", value);
    assert_eq!(judge(&mut cache, 204, &[methods]), Err(NetworkError::CorsAuthorization));
    assert_eq!(
        judge(&mut cache, 204, &[methods, names("*")]),
        Err(NetworkError::CorsAuthorization)
    );
    let authorization = names("authorization");
    assert_eq!(judge(&mut cache, 204, &[methods, authorization]), Err(NetworkError::CorsHeaders));
    assert_eq!(
        judge(&mut cache, 204, &[methods, names("a b")]),
        Err(NetworkError::CorsAllowHeaders)
    );
    assert!(needs_preflight(&request, &cache));

    assert_eq!(judge(&mut cache, 204, &[methods, names("*, authorization")]), Ok(()));
    assert!(!needs_preflight(&request, &cache));
    let mut with_credentials = put();
    with_credentials.credentials_mode = CredentialsMode::Include;
    assert!(needs_preflight(&with_credentials, &cache));
    cache.clear(&request);
    assert!(needs_preflight(&request, &cache));
}

#[test]
fn the_cache_keeps_what_it_is_told() {
    let (request, mut cache) = (put(), CorsCache::default());
    let name = HeaderName::from_static("x-token");
    let minute = Duration::from_secs(60);
    assert!(!cache.match_method_and_update(&request, &Method::PUT, minute));
    assert!(cache.match_method_and_update(&request, &Method::PUT, minute));
    assert!(!cache.match_header_and_update(&request, &name, minute));
    assert!(cache.match_header(&request, &name));
    assert!(!cache.match_method(&request, &Method::DELETE));
    assert!(cache.bytes() > 0);
    // A grant for no time ends the one before.
    cache.match_method_and_update(&request, &Method::PUT, Duration::ZERO);
    cache.cleanup();
    assert!(!cache.match_method(&request, &Method::PUT));
    assert!(cache.match_header(&request, &name));
}

#[test]
fn requests_go_there_and_back() {
    let mut request = put();
    let mut ours = types::to_request(&request);
    assert_eq!(ours.method, Method::PUT);
    assert_eq!(ours.header_list.get("X-Token").as_deref(), Some(&b"1"[..]));
    assert_eq!(ours.serialized_origin(), PAGE);

    ours.push_url("https://cdn.example/".parse().expect("a URL"));
    ours.set_redirect_count(1);
    ours.method = Method::GET;
    ours.header_list.delete("authorization");
    types::update_request(&mut request, &ours).expect("headers that `http` has");
    assert_eq!(request.current_url(), servo_url("https://cdn.example/"));
    assert_eq!((request.method.as_str(), request.redirect_count), ("GET", 1));
    assert!(!request.headers.contains_key("authorization"));
    assert_eq!(types::to_request(&request).url_list(), ours.url_list());
}

#[test]
fn responses_are_filtered() {
    let headers = [
        ("access-control-expose-headers", "x-id"),
        ("x-id", "7"),
        ("x-other", "8"),
        ("expires", "0"),
    ];
    let mut asked = request(PAGE, &[API]);
    let filtered = types::filter(&asked, response(API, 200, &headers));
    let names: Vec<_> = filtered.headers.keys().map(HeaderName::as_str).collect();
    assert_eq!((filtered.response_type, names), (ResponseType::Cors, vec!["x-id", "expires"]));
    asked.response_tainting = ResponseTainting::Opaque;
    let opaque = types::filter(&asked, response(API, 200, &headers));
    assert!(opaque.headers.is_empty());
    let mut internal = types::to_response(&opaque);
    assert_eq!((internal.status, internal.url().map(Url::as_str)), (200, Some(API)));
    assert!(internal.request_includes_credentials() && !internal.range_requested());
    let mut ranged = response(API, 206, &[]);
    (ranged.range_requested, ranged.request_includes_credentials) = (true, false);
    internal = types::to_response(&ranged);
    assert!(!internal.request_includes_credentials() && internal.range_requested());
}
