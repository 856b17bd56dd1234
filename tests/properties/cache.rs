//! The preflight cache.

use std::{fmt::Debug, sync::Arc, time::Duration};

use browser_cors::{
    environment::{Environment, NetworkPartitionKey},
    http::Method,
    preflight_cache::{ENTRIES_PER_URL_LIMIT, Grant, PreflightCache, Timestamp},
    request::{CredentialsMode, Request},
};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::{METHODS, cases, header::header_name, method, naive, parse};

proptest! {
    #![proptest_config(cases(200))]

    /// The cache answers as a plain list of entries would.
    /// <https://fetch.spec.whatwg.org/#cors-preflight-cache>
    #[test]
    fn cache_is_a_list(steps in vec(cache_steps(), 1..30)) {
        let mut cache = PreflightCache::new();
        let mut model = naive::Cache::default();
        let mut now = 0;
        for step in steps {
            let at = Timestamp::from_millis(now);
            match step {
                CacheStep::Store(who, grants, max_age) => {
                    cache.store(&who.request(), grants.iter().copied(), Duration::from_secs(max_age), at);
                    model.store(who, &grants, max_age, now);
                }
                CacheStep::Clear(who) => {
                    cache.clear_entries(&who.request());
                    model.0.retain(|entry| !entry.who.has_key_of(who));
                    // <https://fetch.spec.whatwg.org/#concept-cache-clear>
                    let matches = cache.matches(&who.request(), at);
                    prop_assert!(METHODS.iter().all(|name| !matches.method(&method(name))));
                    prop_assert!(CACHED_NAMES.iter().all(|name| !matches.header_name(name)));
                }
                CacheStep::ClearOrigin(origin) => {
                    cache.clear_origin(origin);
                    model.0.retain(|entry| entry.who.origin != origin);
                }
                CacheStep::ClearPartition(partition) => {
                    cache.clear_partition(partition.map(NetworkPartitionKey::new).as_ref());
                    model.0.retain(|entry| entry.who.partition != partition);
                }
                CacheStep::RemoveExpired => {
                    cache.remove_expired(at);
                    prop_assert_eq!(cache.len(), model.live(now));
                }
                CacheStep::Wait(millis) => now += millis,
            }
            prop_assert_eq!(cache.len(), cache.entries().count());
            prop_assert_eq!(cache.is_empty(), cache.bytes() == 0);
            let at = Timestamp::from_millis(now);
            for who in Who::all() {
                let request = who.request();
                let matches = cache.matches(&request, at);
                for name in METHODS {
                    let expected = model.matches(who, Grant::Method(name), now);
                    prop_assert_eq!(matches.method(&method(name)), expected, "{:?} {}", who, name);
                }
                for name in CACHED_NAMES {
                    let expected = model.matches(who, Grant::HeaderName(name), now);
                    prop_assert_eq!(matches.header_name(name), expected, "{:?} {}", who, name);
                }
            }
        }
    }

    /// A grant without credentials never answers a request with them; the reverse works. `*`
    /// answers for anything but `Authorization`.
    ///
    /// <https://fetch.spec.whatwg.org/#concept-cache-match>
    #[test]
    fn credentials_and_wildcards_in_the_cache(
        name in header_name(),
        is_include in any::<bool>(),
        is_wildcard in any::<bool>(),
    ) {
        let mut who = Who::all()[0];
        who.is_include = is_include;
        let mut cache = PreflightCache::new();
        let stored = if is_wildcard { "*" } else { &name };
        let grants = [Grant::Method(stored), Grant::HeaderName(stored)];
        cache.store(&who.request(), grants, Duration::from_secs(600), Timestamp::default());
        for asks_include in [false, true] {
            let request = Who { is_include: asks_include, ..who }.request();
            let matches = cache.matches(&request, Timestamp::default());
            let is_served = is_include || !asks_include;
            let is_authorization = name.eq_ignore_ascii_case("authorization");
            prop_assert_eq!(matches.method(&method(&name)), is_served);
            prop_assert_eq!(
                matches.header_name(&name.to_ascii_uppercase()),
                is_served && !(is_wildcard && is_authorization)
            );
        }
    }

    /// An entry counts until one millisecond before its max-age is over, and not at exactly that
    /// time.
    ///
    /// <https://fetch.spec.whatwg.org/#concept-cache-match>
    #[test]
    fn max_age_is_exact(stored in 0..=u64::MAX / 4, max_age in 1..=u64::MAX / 4000) {
        let request = Who::all()[0].request();
        let mut cache = PreflightCache::new();
        cache.store(&request, [Grant::Method("PUT")], Duration::from_secs(max_age), Timestamp::from_millis(stored));
        let end = stored + max_age * 1000;
        let has_put = |millis| {
            cache.matches(&request, Timestamp::from_millis(millis)).method(&Method::PUT)
        };
        prop_assert!(has_put(stored) && has_put(end - 1));
        prop_assert!(!has_put(end) && !has_put(end + 1));
    }
}

proptest! {
    #![proptest_config(cases(10))]

    /// Whatever servers make it store, the cache never exceeds its capacity nor the limit of
    /// entries for one URL, counts its entries correctly, and can be exported and imported.
    ///
    /// <https://fetch.spec.whatwg.org/#concept-cache-create-entry>
    #[test]
    fn hostile_stores_stay_within_the_capacity(
        capacity in prop_oneof![0..2_000_usize, 0..400_000_usize],
        stores in vec(hostile_stores(), 1..16),
    ) {
        let mut cache = PreflightCache::with_capacity(capacity);
        for (second, store) in stores.iter().enumerate() {
            let now = Timestamp::from_secs(second as u64);
            let names: Vec<_> = (0..store.tokens)
                .map(|index| format!("{index}{}", "x".repeat(store.token_length)))
                .collect();
            for url in 0..store.urls {
                let path = format!("{url}{}", "y".repeat(store.url_length));
                let url = parse("https://api.example/").join(&path).expect("a path");
                let origin = "https://app.example".parse().expect("an origin");
                let mut request = Request::new(url, origin);
                request.credentials_mode = store.credentials_mode;
                let grants = names.iter().enumerate().map(|(index, name)| {
                    if index % 2 == 0 { Grant::Method(name) } else { Grant::HeaderName(name) }
                });
                cache.store(&request, grants, Duration::from_secs(store.max_age), now);
                prop_assert!(cache.bytes() <= capacity);
            }
        }
        let now = Timestamp::from_secs(stores.len() as u64 - 1);
        cache.remove_expired(now);
        let entries: Vec<_> = cache.entries().collect();
        prop_assert_eq!(cache.len(), entries.len());
        prop_assert_eq!(cache.is_empty(), cache.bytes() == 0);
        let mut urls: Vec<_> = entries.iter().map(|entry| entry.url).collect();
        urls.sort_unstable();
        let names: usize = entries
            .iter()
            .map(|entry| {
                let (Grant::Method(name) | Grant::HeaderName(name)) = entry.grant;
                name.len()
            })
            .sum();
        prop_assert!(cache.bytes() >= names);
        for same_url in urls.chunk_by(|a, b| a == b) {
            prop_assert!(same_url.len() <= ENTRIES_PER_URL_LIMIT);
        }

        let mut imported = PreflightCache::with_capacity(capacity);
        for entry in &entries {
            prop_assert_eq!(imported.import(entry, now, Duration::MAX), Ok(()));
        }
        prop_assert_eq!((imported.len(), imported.bytes()), (cache.len(), cache.bytes()));
        prop_assert_eq!(sorted(imported.entries()), sorted(entries));
    }
}

/// A user of the cache.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Who {
    partition: Option<&'static str>,
    origin: &'static str,
    url: &'static str,
    pub(crate) is_include: bool,
}

impl Who {
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for partition in [None, Some(""), Some("https://app.example")] {
            for origin in ["https://app.example", "null"] {
                for url in ["https://api.example/", "https://api.example/#x"] {
                    for is_include in [false, true] {
                        all.push(Self { partition, origin, url, is_include });
                    }
                }
            }
        }
        all
    }

    fn request(self) -> Request {
        let mut request = Request::new(parse(self.url), self.origin.parse().expect("an origin"));
        let mut client = Environment::new(parse("https://app.example/"));
        client.network_partition_key = self.partition.map(NetworkPartitionKey::new);
        request.client = Some(Arc::new(client));
        if self.is_include {
            request.credentials_mode = CredentialsMode::Include;
        }
        request
    }

    pub(crate) fn has_key_of(self, other: Self) -> bool {
        Self { is_include: other.is_include, ..self } == other
    }
}

/// An operation on a cache.
#[derive(Clone, Debug)]
enum CacheStep {
    Store(Who, Vec<Grant<'static>>, u64),
    Clear(Who),
    ClearOrigin(&'static str),
    ClearPartition(Option<&'static str>),
    RemoveExpired,
    Wait(u64),
}

fn cache_steps() -> impl Strategy<Value = CacheStep> {
    let grant = prop_oneof![
        select(&METHODS[..]).prop_map(Grant::Method),
        select(&CACHED_NAMES[..]).prop_map(Grant::HeaderName),
    ];
    let max_age = prop_oneof![0..6_u64, Just(u64::MAX)];
    let who = || select(Who::all());
    prop_oneof![
        8 => (who(), vec(grant, 0..6), max_age)
            .prop_map(|(who, grants, max_age)| CacheStep::Store(who, grants, max_age)),
        1 => who().prop_map(CacheStep::Clear),
        1 => select(vec!["https://app.example", "null"]).prop_map(CacheStep::ClearOrigin),
        1 => select(vec![None, Some("")]).prop_map(CacheStep::ClearPartition),
        1 => Just(CacheStep::RemoveExpired),
        3 => prop_oneof![0..3_000_u64, select(vec![999, 1_000, 1_001])].prop_map(CacheStep::Wait),
    ]
}

/// What a hostile server makes the cache store.
#[derive(Clone, Debug)]
struct HostileStore {
    tokens: usize,
    token_length: usize,
    urls: usize,
    url_length: usize,
    max_age: u64,
    credentials_mode: CredentialsMode,
}

fn hostile_stores() -> impl Strategy<Value = HostileStore> {
    let lengths = prop_oneof![3 => 0..40_usize, 1 => 0..8_000_usize];
    (
        prop_oneof![
            3 => (0..20_usize, lengths.clone(), 1..40_usize),
            1 => (900..1_200_usize, 0..10_usize, 1..2_usize),
        ],
        lengths,
        select(vec![0, 1, 3, u64::MAX]),
        select(vec![CredentialsMode::SameOrigin, CredentialsMode::Include]),
    )
        .prop_map(|((tokens, token_length, urls), url_length, max_age, credentials_mode)| {
            HostileStore { tokens, token_length, urls, url_length, max_age, credentials_mode }
        })
}

fn sorted(entries: impl IntoIterator<Item = impl Debug>) -> Vec<String> {
    let mut entries: Vec<_> = entries.into_iter().map(|entry| format!("{entry:?}")).collect();
    entries.sort_unstable();
    entries
}

const CACHED_NAMES: [&str; 6] = ["x-a", "X-A", "x-b", "authorization", "Authorization", "*"];
