//! Measures the preflight decision by itself. It makes no allocations.

use std::{sync::Arc, time::Duration};

use browser_cors::{
    engine::Profile,
    environment::{Environment, NetworkPartitionKey},
    fetch::{Branch, classify, needs_preflight},
    page::fetch_api::{RequestInit, construct_request},
    preflight_cache::{Grant, PreflightCache, Timestamp},
    request::Request,
    url::Url,
};
use divan::{AllocProfiler, Bencher, black_box};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const NOW: Timestamp = Timestamp::from_secs(1);

fn main() {
    divan::main();
}

fn request(method: &str, headers: &[(&str, &str)]) -> Request {
    let mut page = Environment::new(Url::parse("https://app.example/cart").expect("a URL"));
    page.network_partition_key = Some(NetworkPartitionKey::new("https://app.example"));
    let init = RequestInit::new().method(method).headers(headers.iter().copied());
    construct_request("https://api.example/v1/items/42", init, &Arc::new(page)).expect("a request")
}

fn put() -> Request {
    request("PUT", &[("X-Token", "3a9f0c55"), ("Content-Type", "application/json")])
}

/// The profiles that are measured: the standard, and each engine.
const PROFILES: [&str; 4] = ["standard", "chromium", "firefox", "webkit"];

fn profile(name: &str) -> Profile {
    name.parse().expect("a profile has this name")
}

fn decide(
    bencher: Bencher<'_, '_>,
    request: &Request,
    cache: &PreflightCache,
    profile: &Profile,
    expected: bool,
) {
    let decide = |request: &Request| {
        classify(request, profile) == Ok(Branch::CorsWithPreflight)
            && needs_preflight(request, cache, profile, NOW)
    };
    assert_eq!(decide(request), expected);
    bencher.bench_local(|| decide(black_box(request)));
}

/// A safelisted method with safelisted headers.
#[divan::bench(args = PROFILES)]
fn get_without_preflight(bencher: Bencher<'_, '_>, name: &str) {
    let request = request("GET", &[("Accept", "application/json"), ("Accept-Language", "de")]);
    decide(bencher, &request, &PreflightCache::new(), &profile(name), false);
}

/// A method and headers that need a preflight, with an empty cache.
#[divan::bench(args = PROFILES)]
fn put_with_preflight(bencher: Bencher<'_, '_>, name: &str) {
    decide(bencher, &put(), &PreflightCache::new(), &profile(name), true);
}

/// The same request, with its method and both header names in the cache.
#[divan::bench(args = PROFILES)]
fn put_with_cached_preflight(bencher: Bencher<'_, '_>, name: &str) {
    let (request, mut cache) = (put(), PreflightCache::new());
    let grants =
        [Grant::Method("PUT"), Grant::HeaderName("x-token"), Grant::HeaderName("content-type")];
    cache.store(&request, grants, Duration::from_secs(600), Timestamp::default());
    decide(bencher, &request, &cache, &profile(name), false);
}
