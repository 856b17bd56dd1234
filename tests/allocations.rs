//! The preflight decision allocates nothing, for any request and any cache.

use std::{sync::Arc, time::Duration};

use browser_cors::{
    engine::Profile,
    environment::{Environment, NetworkPartitionKey},
    fetch::{Branch, classify, needs_preflight, preflight_reasons},
    header::HeaderList,
    http::Method,
    preflight_cache::{Grant, PreflightCache, Timestamp},
    request::{Mode, Request},
    url::Url,
};
use rstest::rstest;

const NOW: Timestamp = Timestamp::from_secs(1);

fn request(method: Method, headers: &[(&str, &str)]) -> Request {
    let mut page = Environment::new(Url::parse("https://app.example/cart").unwrap());
    page.network_partition_key = Some(NetworkPartitionKey::new("https://app.example"));
    let url = Url::parse("https://api.example/v1/items/42?view=full").unwrap();
    let mut request = Request::new(url, page.origin.clone());
    request.client = Some(Arc::new(page));
    (request.mode, request.method, request.unsafe_request) = (Mode::Cors, method, true);
    for (name, value) in headers {
        request.header_list.append(name, value).unwrap();
    }
    request
}

fn allocations(work: impl FnOnce()) -> u64 {
    allocation_counter::measure(work).count_total
}

#[rstest]
#[case::nothing_to_ask(Method::GET, &[("Accept", "application/json")], &[], false)]
#[case::a_method(Method::PUT, &[], &[], true)]
#[case::a_header(Method::POST, &[("Content-Type", "application/json")], &[], true)]
#[case::an_upper_case_header(Method::GET, &[("X-TOKEN", "3a9f0c55")], &[], true)]
#[case::all_is_cached(
    Method::PUT,
    &[("X-Token", "3a9f0c55"), ("Content-Type", "application/json")],
    &[Grant::Method("PUT"), Grant::HeaderName("x-token"), Grant::HeaderName("content-type")],
    false
)]
#[case::wildcards_are_cached(
    Method::DELETE,
    &[("X-Token", "3a9f0c55")],
    &[Grant::Method("*"), Grant::HeaderName("*")],
    false
)]
#[case::authorization_is_not_cached(
    Method::PUT,
    &[("Authorization", "Bearer 3a9f0c55")],
    &[Grant::Method("PUT"), Grant::HeaderName("*")],
    true
)]
fn the_decision_allocates_nothing(
    #[case] method: Method,
    #[case] headers: &[(&str, &str)],
    #[case] grants: &[Grant<'_>],
    #[case] expected: bool,
) {
    let request = request(method, headers);
    let mut cache = PreflightCache::new();
    cache.store(&request, grants.iter().copied(), Duration::from_secs(600), Timestamp::default());
    let mut needed = None;
    let count = allocations(|| {
        needed = Some(
            classify(&request, &Profile::STANDARD) == Ok(Branch::CorsWithPreflight)
                && needs_preflight(&request, &cache, &Profile::STANDARD, NOW),
        );
    });
    assert_eq!((needed, count), (Some(expected), 0));
}

#[test]
fn safelisted_values_that_are_too_long_together_allocate_nothing() {
    let mut request = request(Method::GET, &[]);
    let value = "a".repeat(128);
    request.header_list = HeaderList::new();
    for _ in 0..9 {
        request.header_list.append("Accept", &value).unwrap();
    }
    let cache = PreflightCache::new();
    let mut needed = false;
    let count = allocations(|| needed = needs_preflight(&request, &cache, &Profile::STANDARD, NOW));
    assert_eq!((needed, count), (true, 0));
}

/// Shows that the counter counts.
#[test]
fn the_reasons_are_allocated() {
    let request = request(Method::PUT, &[]);
    let cache = PreflightCache::new();
    let mut reasons = Vec::new();
    assert_eq!(
        allocations(|| reasons = preflight_reasons(&request, &cache, &Profile::STANDARD, NOW)),
        1
    );
    assert_eq!(reasons.len(), 1);
}
