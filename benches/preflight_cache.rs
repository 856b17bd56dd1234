//! Measures look-ups in a preflight cache of a thousand entries and of a million. Each URL has
//! entries for a method and two header names.
//!
//! The URLs are looked up in a random order. `again` looks up the same few URLs over and over, as
//! open pages do. `once` looks up all of them, so that no look-up in the large cache finds its
//! record in a cache of the processor: it measures the memory. The requests are built just before,
//! as pages build them, but outside the measured time.

use std::{sync::Arc, time::Duration};

use browser_cors::{
    engine::{Departure, Profile},
    environment::{Environment, NetworkPartitionKey},
    fetch::needs_preflight,
    header::HeaderList,
    http::Method,
    preflight_cache::{Grant, PreflightCache, Timestamp},
    request::{Mode, Request},
    url::Url,
};
use divan::Bencher;

const ENTRIES: [usize; 2] = [1_000, 1_000_000];
const ENTRIES_PER_URL: usize = 3;
/// The number of URLs in the small cache, and the number that `again` looks up in the large one.
const FEW: usize = ENTRIES[0] / ENTRIES_PER_URL;
const PAGES: usize = 16;
const NOW: Timestamp = Timestamp::from_secs(60);

fn main() {
    divan::main();
}

/// The pages that make requests, and the order of the URLs.
struct Population {
    pages: Vec<Arc<Environment>>,
    order: Vec<usize>,
}

impl Population {
    fn new(entries: usize) -> Self {
        let pages = (0..PAGES).map(|number| {
            let site = format!("https://shop-{number}.example");
            let mut page = Environment::new(Url::parse(&site).expect("a URL"));
            page.network_partition_key = Some(NetworkPartitionKey::new(site));
            Arc::new(page)
        });
        let mut order: Vec<usize> = (0..entries / ENTRIES_PER_URL).collect();
        let mut random = Random(0x9E37_79B9_7F4A_7C15);
        for last in (1..order.len()).rev() {
            order.swap(last, random.below(last + 1));
        }
        Self { pages: pages.collect(), order }
    }

    /// A request for URL `number`, which one page makes.
    fn request(&self, number: usize) -> Request {
        let page = &self.pages[number % PAGES];
        let (host, tenant) = (number % 7, number % 1_013);
        let url = format!("https://api-{host}.service.example/v1/tenants/{tenant}/items/{number}");
        let mut request = Request::new(Url::parse(&url).expect("a URL"), page.origin.clone());
        request.client = Some(page.clone());
        request.mode = Mode::Cors;
        request.unsafe_request = true;
        request.method = Method::PUT;
        request.header_list =
            HeaderList::try_from([("X-Token", "3a9f0c55"), ("Content-Type", "application/json")])
                .expect("headers");
        request
    }

    /// Fills a cache.
    fn store(&self, mut cache: PreflightCache) -> PreflightCache {
        let grants =
            [Grant::Method("PUT"), Grant::HeaderName("content-type"), Grant::HeaderName("x-token")];
        for number in 0..self.order.len() {
            cache.store(
                &self.request(number),
                grants,
                Duration::from_secs(600),
                Timestamp::default(),
            );
        }
        assert_eq!(cache.len(), ENTRIES_PER_URL * self.order.len());
        cache
    }
}

/// xorshift64*: https://vigna.di.unimi.it/ftp/papers/xorshift.pdf
struct Random(u64);

impl Random {
    const fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) % limit as u64) as usize
    }
}

fn look_up(
    bencher: Bencher<'_, '_>,
    entries: usize,
    asked: usize,
    cache: PreflightCache,
    answer: impl Fn(&PreflightCache, &Request) -> bool,
) {
    let population = Population::new(entries);
    let cache = population.store(cache);
    assert!((0..population.order.len()).all(|number| answer(&cache, &population.request(number))));
    let mut numbers = population.order.iter().take(asked).cycle();
    bencher
        .with_inputs(|| population.request(*numbers.next().expect("a cycle")))
        .bench_local_refs(|request| answer(&cache, request));
}

fn has_method(cache: &PreflightCache, request: &Request) -> bool {
    cache.matches(request, NOW).method(&request.method)
}

fn has_all(cache: &PreflightCache, request: &Request) -> bool {
    !needs_preflight(request, cache, &Profile::STANDARD, NOW)
}

/// Looks up the method.
#[divan::bench(args = ENTRIES, sample_count = 1_000, sample_size = 256)]
fn method_again(bencher: Bencher<'_, '_>, entries: usize) {
    look_up(bencher, entries, FEW, PreflightCache::with_capacity(1 << 30), has_method);
}

/// The same, for URLs that were not looked up recently.
#[divan::bench(args = ENTRIES, sample_count = 1_000, sample_size = 256)]
fn method_once(bencher: Bencher<'_, '_>, entries: usize) {
    look_up(bencher, entries, usize::MAX, PreflightCache::with_capacity(1 << 30), has_method);
}

/// Looks up the method and both header names, so that the request needs no preflight.
#[divan::bench(args = ENTRIES, sample_count = 1_000, sample_size = 256)]
fn needs_preflight_again(bencher: Bencher<'_, '_>, entries: usize) {
    look_up(bencher, entries, FEW, PreflightCache::with_capacity(1 << 30), has_all);
}

/// The same, for URLs that were not looked up recently.
#[divan::bench(args = ENTRIES, sample_count = 1_000, sample_size = 256)]
fn needs_preflight_once(bencher: Bencher<'_, '_>, entries: usize) {
    look_up(bencher, entries, usize::MAX, PreflightCache::with_capacity(1 << 30), has_all);
}

/// The same, by the standard and in each engine.
#[divan::bench(args = ["standard", "chromium", "firefox", "webkit"], sample_count = 1_000, sample_size = 256)]
fn needs_preflight_by(bencher: Bencher<'_, '_>, name: &str) {
    // The cache must not evict any URL.
    let profile: Profile = name.parse().expect("a profile has this name");
    let profile = profile
        .without(Departure::CACHED_URLS_LIMIT_OF_100)
        .without(Departure::CACHED_URLS_LIMIT_OF_1024);
    let cache = PreflightCache::for_profile(&profile);
    look_up(bencher, ENTRIES[0], FEW, cache, |cache, request| {
        !needs_preflight(request, cache, &profile, NOW)
    });
}
