//! <https://fetch.spec.whatwg.org/#cors-preflight-cache>

use std::{sync::Arc, time::Duration};

use browser_cors::{
    engine::Profile,
    environment::{Environment, NetworkPartitionKey},
    http::Method,
    preflight_cache::{CacheEntry, Grant, InvalidEntry, PreflightCache, Timestamp},
    request::{CredentialsMode, Request},
    url::Url,
};
use rstest::rstest;

const NOW: Timestamp = Timestamp::from_secs(100);
const API: &str = "https://api.example/a";

fn request(target: &str, origin: &str, partition: Option<&str>) -> Request {
    let mut page = Environment::new(Url::parse("https://app.example/").unwrap());
    page.network_partition_key = partition.map(NetworkPartitionKey::new);
    let mut request = Request::new(Url::parse(target).unwrap(), origin.parse().unwrap());
    request.client = Some(Arc::new(page));
    request
}

fn app(target: &str) -> Request {
    request(target, "https://app.example", Some("https://app.example"))
}

/// A cache with one entry, `PUT`, for each of these requests.
fn cache_of(requests: &[&Request]) -> PreflightCache {
    let mut cache = PreflightCache::new();
    for request in requests {
        cache.create_entry(*request, Grant::Method("PUT"), Duration::from_secs(600), NOW);
    }
    cache
}

fn has_put(cache: &PreflightCache, request: &Request) -> bool {
    cache.matches(request, NOW).method(&Method::PUT)
}

#[rstest]
#[case::same("https://api.example/a", "https://app.example", Some("https://app.example"), true)]
#[case::path("https://api.example/b", "https://app.example", Some("https://app.example"), false)]
#[case::query("https://api.example/a?", "https://app.example", Some("https://app.example"), false)]
#[case::scheme("http://api.example/a", "https://app.example", Some("https://app.example"), false)]
#[case::origin("https://api.example/a", "http://app.example", Some("https://app.example"), false)]
#[case::null("https://api.example/a", "null", Some("https://app.example"), false)]
#[case::partition("https://api.example/a", "https://app.example", Some("https://b.example"), false)]
#[case::no_partition("https://api.example/a", "https://app.example", None, false)]
fn key(
    #[case] target: &str,
    #[case] origin: &str,
    #[case] partition: Option<&str>,
    #[case] is_match: bool,
) {
    let cache = cache_of(&[&app(API)]);
    assert_eq!(has_put(&cache, &request(target, origin, partition)), is_match);
}

/// The parts of a key do not run into each other.
#[test]
fn parts_of_a_key() {
    let cache = cache_of(&[&request("https://b.example/", "https://a.example", Some("x"))]);
    for partition in [None, Some(""), Some("xhttps://a.example")] {
        let other = request("https://b.example/", "https://a.example", partition);
        assert!(!has_put(&cache, &other));
    }
    let empty = request(API, "https://app.example", Some(""));
    let none = request(API, "https://app.example", None);
    assert!(!has_put(&cache_of(&[&empty]), &none));
    assert!(!has_put(&cache_of(&[&none]), &empty));
}

/// An entry with credentials serves requests without them, and not the reverse.
#[rstest]
#[case(CredentialsMode::Include, CredentialsMode::Include, true)]
#[case(CredentialsMode::Include, CredentialsMode::SameOrigin, true)]
#[case(CredentialsMode::Include, CredentialsMode::Omit, true)]
#[case(CredentialsMode::Omit, CredentialsMode::SameOrigin, true)]
#[case(CredentialsMode::SameOrigin, CredentialsMode::Include, false)]
fn credentials(
    #[case] stored: CredentialsMode,
    #[case] asked: CredentialsMode,
    #[case] is_match: bool,
) {
    let mut request = app(API);
    request.credentials_mode = stored;
    let cache = cache_of(&[&request]);
    request.credentials_mode = asked;
    assert_eq!(has_put(&cache, &request), is_match);
}

#[rstest]
#[case::same("PUT", "PUT", true)]
#[case::case_counts("put", "PUT", false)]
#[case::wildcard("*", "PUT", true)]
#[case::wildcard_itself("*", "*", true)]
#[case::no_wildcard("PUT", "*", false)]
fn methods(#[case] stored: &str, #[case] asked: &str, #[case] is_match: bool) {
    let mut cache = PreflightCache::new();
    cache.create_entry(&app(API), Grant::Method(stored), Duration::from_secs(600), NOW);
    let asked = Method::from_bytes(asked.as_bytes()).unwrap();
    assert_eq!(cache.matches(&app(API), NOW).method(&asked), is_match);
    assert!(!cache.matches(&app(API), NOW).header_name(stored));
}

#[rstest]
#[case::case_does_not_count("X-Token", "x-TOKEN", true)]
#[case::other("x-token", "x-tokens", false)]
#[case::wildcard("*", "x-token", true)]
#[case::wildcard_itself("*", "*", true)]
#[case::authorization_under_wildcard("*", "Authorization", false)]
#[case::authorization("authorization", "Authorization", true)]
fn header_names(#[case] stored: &str, #[case] asked: &str, #[case] is_match: bool) {
    let mut cache = PreflightCache::new();
    cache.create_entry(&app(API), Grant::HeaderName(stored), Duration::from_secs(600), NOW);
    assert_eq!(cache.matches(&app(API), NOW).header_name(asked), is_match);
    assert!(!cache.matches(&app(API), NOW).method(&Method::PUT));
}

#[rstest]
#[case::zero(0, 0, false)]
#[case::before(5, 4_999, true)]
#[case::at(5, 5_000, false)]
#[case::never(u64::MAX, u64::MAX / 2, true)]
fn max_age(#[case] seconds: u64, #[case] millis: u64, #[case] is_match: bool) {
    let mut cache = PreflightCache::new();
    cache.create_entry(
        &app(API),
        Grant::Method("PUT"),
        Duration::from_secs(seconds),
        Timestamp::default(),
    );
    let now = Timestamp::from_millis(millis);
    assert_eq!(cache.matches(&app(API), now).method(&Method::PUT), is_match);
    cache.remove_expired(now);
    assert_eq!(cache.len(), usize::from(is_match));
}

#[test]
fn clearing() {
    let (here, other_url) = (app(API), app("https://api.example/b"));
    let other_origin = request(API, "https://b.example", Some("https://app.example"));
    let other_partition = request(API, "https://app.example", Some("https://b.example"));
    let no_partition = request(API, "https://app.example", None);
    let all = [&here, &other_url, &other_origin, &other_partition, &no_partition];
    let left = |clear: fn(&mut PreflightCache)| {
        let mut cache = cache_of(&all);
        clear(&mut cache);
        let left = all.map(|request| has_put(&cache, request));
        assert_eq!(cache.len(), left.iter().filter(|is_left| **is_left).count());
        left
    };
    let here_alone = |cache: &mut PreflightCache| cache.clear_entries(&app(API));
    assert_eq!(left(here_alone), [false, true, true, true, true]);
    let origin = |cache: &mut PreflightCache| cache.clear_origin("https://app.example");
    assert_eq!(left(origin), [false, false, true, false, false]);
    let partition = |cache: &mut PreflightCache| {
        cache.clear_partition(Some(&NetworkPartitionKey::new("https://app.example")));
    };
    assert_eq!(left(partition), [false, false, false, true, true]);
    assert_eq!(left(|cache| cache.clear_partition(None)), [true, true, true, true, false]);
    assert_eq!(left(PreflightCache::clear), [false; 5]);
}

/// The URLs that were stored first are evicted first, and never more than necessary.
#[test]
fn capacity() {
    let requests: Vec<_> =
        (10..30).map(|number| app(&format!("https://api.example/{number}"))).collect();
    let one = cache_of(&[&requests[0]]).bytes();
    let mut cache = PreflightCache::with_capacity(10 * one);
    for request in &requests {
        cache.create_entry(request, Grant::Method("PUT"), Duration::from_secs(600), NOW);
    }
    assert_eq!((cache.len(), cache.bytes()), (10, 10 * one));
    let left: Vec<_> = requests.iter().map(|request| has_put(&cache, request)).collect();
    assert_eq!(left, [[false; 10], [true; 10]].concat());

    cache.clear_entries(&requests[19]);
    assert_eq!((cache.len(), cache.bytes()), (9, 9 * one));
}

#[test]
fn export_and_import() {
    let mut request = app(API);
    request.credentials_mode = CredentialsMode::Include;
    let mut cache = PreflightCache::new();
    let grants = [Grant::Method("PUT"), Grant::HeaderName("X-Token")];
    cache.store(&request, grants, Duration::from_secs(600), NOW);

    let mut copy = PreflightCache::new();
    cache.entries().for_each(|entry| copy.import(&entry, NOW, Duration::MAX).unwrap());
    let mut entries: Vec<_> = copy.entries().collect();
    entries.sort_by_key(|entry| matches!(entry.grant, Grant::HeaderName(_)));
    let expected = |grant| CacheEntry {
        network_partition_key: Some(NetworkPartitionKey::new("https://app.example")),
        origin: "https://app.example",
        url: API,
        max_age: Duration::from_secs(600),
        credentials: true,
        grant,
        stored: NOW,
    };
    let expected = [Grant::Method("PUT"), Grant::HeaderName("x-token")].map(expected);
    assert_eq!(entries, expected);
    assert_eq!(copy.bytes(), cache.bytes());
}

/// Whatever an engine's cache keeps of an answer, it lists in a form that can be imported.
#[rstest]
#[case::nothing(&[])]
#[case::a_method(&[Grant::Method("PUT")])]
#[case::a_header(&[Grant::HeaderName("x-token")])]
#[case::both(&[Grant::Method("*"), Grant::HeaderName("*"), Grant::HeaderName("x-token")])]
fn each_engine_exports_what_it_imports(#[case] grants: &[Grant<'static>]) {
    for profile in Profile::ALL {
        let mut cache = PreflightCache::for_profile(profile);
        cache.store(&app(API), grants.iter().copied(), Duration::from_secs(600), NOW);
        let mut copy = PreflightCache::for_profile(profile);
        for entry in cache.entries() {
            assert_eq!(copy.import(&entry, NOW, Duration::MAX), Ok(()), "{profile}: {entry:?}");
        }
        let entries: Vec<_> = cache.entries().collect();
        assert_eq!(copy.entries().collect::<Vec<_>>(), entries, "{profile}");
    }
}

/// An answer that grants nothing by name still saves preflights of CORS-safelisted methods where
/// the cache keeps whole answers.
#[test]
fn chromium_keeps_an_answer_without_grants() {
    let mut cache = PreflightCache::for_profile(&Profile::CHROMIUM);
    cache.store(&app(API), [], Duration::from_secs(600), NOW);
    let grants: Vec<_> = cache.entries().map(|entry| entry.grant).collect();
    assert_eq!(grants, [Grant::Method("GET")]);
    let has = |method| cache.matches(&app(API), NOW).method(&method);
    assert_eq!([Method::GET, Method::POST, Method::PUT].map(has), [true, true, false]);
}

#[rstest]
#[case::url("https://api.example", "null", "PUT", "`https://api.example` is not a serialized URL")]
#[case::origin(
    "https://api.example/",
    "https://A.example",
    "PUT",
    "`https://A.example` is not a serialized origin"
)]
#[case::name("https://api.example/", "null", "P T", "`P T` is not a token")]
#[case::no_name("https://api.example/", "null", "", "`` is not a token")]
fn what_no_preflight_left(
    #[case] url: &str,
    #[case] origin: &str,
    #[case] method: &str,
    #[case] problem: &str,
) {
    let mut cache = PreflightCache::new();
    let error: InvalidEntry = cache
        .import(
            &CacheEntry {
                network_partition_key: None,
                origin,
                url,
                max_age: Duration::from_secs(5),
                credentials: false,
                grant: Grant::Method(method),
                stored: NOW,
            },
            NOW,
            Duration::MAX,
        )
        .unwrap_err();
    assert_eq!(error.to_string(), problem);
    assert!(cache.is_empty());
}

/// An entry of another clock, or with a max-age that no cache allows, lives no longer than an entry
/// of now.
#[rstest]
#[case::later(1_000_000, 600, 600, 700)]
#[case::without_end(100, u64::MAX, 600, 700)]
#[case::earlier(40, 600, 600, 640)]
#[case::short(100, 7, 7, 107)]
fn imported_entries_end_in_time(
    #[case] stored: u64,
    #[case] max_age: u64,
    #[case] limited: u64,
    #[case] end: u64,
) {
    for profile in Profile::ALL {
        let mut cache = PreflightCache::for_profile(profile);
        let entry = entry(stored, max_age);
        assert_eq!(cache.import(&entry, NOW, Duration::from_secs(600)), Ok(()));
        let imported = cache.entries().next().unwrap();
        assert_eq!(imported.max_age, Duration::from_secs(limited));
        let has = |at| cache.matches(&app(API), Timestamp::from_millis(at)).method(&Method::PUT);
        assert!(has(end * 1_000 - 1) && !has(end * 1_000), "{profile}");
    }
}

#[rstest]
#[case::expired(40, 60)]
#[case::no_max_age(100, 0)]
fn what_has_expired_is_not_imported(#[case] stored: u64, #[case] max_age: u64) {
    let mut cache = PreflightCache::new();
    assert_eq!(cache.import(&entry(stored, max_age), NOW, Duration::MAX), Ok(()));
    assert!(cache.is_empty());
}

/// What an engine's cache does not keep, it does not import either.
#[test]
fn engines_import_within_their_limits() {
    let chromium = |entry: &CacheEntry<'_>| {
        let mut cache = PreflightCache::for_profile(&Profile::CHROMIUM);
        cache.import(entry, NOW, Duration::MAX).unwrap();
        cache.len()
    };
    assert_eq!(chromium(&entry(100, 600)), 1);
    assert_eq!(chromium(&CacheEntry { origin: "null", ..entry(100, 600) }), 0);

    let long = format!("https://api.example/{}", "a".repeat(2_000));
    assert_eq!(chromium(&CacheEntry { url: &long, ..entry(100, 600) }), 0);

    let mut firefox = PreflightCache::for_profile(&Profile::FIREFOX);
    for number in 0..150 {
        let url = format!("https://api.example/{number}");
        let entry = CacheEntry { url: &url, ..entry(100, 600) };
        firefox.import(&entry, NOW, Duration::MAX).unwrap();
    }
    assert_eq!(firefox.len(), 100);
}

fn entry(stored: u64, max_age: u64) -> CacheEntry<'static> {
    CacheEntry {
        network_partition_key: Some(NetworkPartitionKey::new("https://app.example")),
        origin: "https://app.example",
        url: API,
        max_age: Duration::from_secs(max_age),
        credentials: false,
        grant: Grant::Method("PUT"),
        stored: Timestamp::from_secs(stored),
    }
}

/// The clock jumps from 1,000 s back to 0 s. The entry that is 100 s old then has 500 s left.
#[test]
fn a_clock_that_goes_backwards() {
    let at = Timestamp::from_secs;
    let put = [Grant::Method("PUT")];
    let mut cache = PreflightCache::new();
    cache.store(&app(API), put, Duration::from_secs(600), at(900));
    cache.remove_expired(at(1_000));
    let has_put = |cache: &PreflightCache, now| cache.matches(&app(API), now).method(&Method::PUT);
    // The cache has only been looked at, so it cannot know what has passed.
    assert!(!has_put(&cache, at(0)));
    cache.remove_expired(at(0));
    assert!(has_put(&cache, at(0)) && has_put(&cache, at(499)) && !has_put(&cache, at(500)));
    // The entry is listed as one that the new clock can have seen.
    let listed: Vec<_> = cache.entries().map(|entry| (entry.stored, entry.max_age)).collect();
    assert_eq!(listed, [(at(0), Duration::from_secs(500))]);
    // A second jump, after 100 s more: 400 s are left.
    cache.remove_expired(at(100));
    cache.store(&app("https://api.example/b"), put, Duration::from_secs(600), at(50));
    assert!(has_put(&cache, at(449)) && !has_put(&cache, at(450)));
}

/// Nothing lives on because the clock once was at its very end.
#[test]
fn a_clock_at_its_end() {
    let mut cache = PreflightCache::new();
    let end = Timestamp::new(Duration::MAX);
    cache.create_entry(&app(API), Grant::Method("PUT"), Duration::from_secs(600), end);
    assert!(!cache.matches(&app(API), end).method(&Method::PUT));
    cache.create_entry(&app(API), Grant::Method("PUT"), Duration::from_secs(600), NOW);
    let later = Timestamp::from_secs(700);
    assert!(!cache.matches(&app(API), later).method(&Method::PUT));
}

/// What is larger than the whole cache takes no other URL's place.
#[test]
fn larger_than_the_cache() {
    let (small, other) = (app(API), app("https://api.example/b"));
    let mut cache = PreflightCache::with_capacity(2_000);
    for request in [&small, &other] {
        cache.create_entry(request, Grant::Method("PUT"), Duration::from_secs(600), NOW);
    }
    let long = app(&format!("https://api.example/{}", "a".repeat(2_000)));
    cache.create_entry(&long, Grant::Method("PUT"), Duration::from_secs(600), NOW);
    assert!(has_put(&cache, &small) && has_put(&cache, &other) && !has_put(&cache, &long));

    // An answer that has grown too large no longer counts, as it may allow less than before.
    let name = "x".repeat(2_000);
    cache.store(&small, [Grant::HeaderName(&name)], Duration::from_secs(600), NOW);
    assert!(!has_put(&cache, &small) && has_put(&cache, &other));
    assert_eq!((cache.len(), cache.entries().count()), (1, 1));
}

#[cfg(feature = "serde")]
const SAVED: &str = r#"{"network_partition_key":"https://app.example","origin":"https://app.example","url":"https://api.example/?\\q","max_age":600,"credentials":true,"grant":{"header_name":"x-token"},"stored":100000}"#;

#[cfg(feature = "serde")]
#[test]
fn saved_and_read_again() {
    use browser_cors::preflight_cache::SavedEntry;

    let mut request = app(r"https://api.example/?\q");
    request.credentials_mode = CredentialsMode::Include;
    let mut cache = PreflightCache::new();
    cache.store(&request, [Grant::HeaderName("X-Token")], Duration::from_secs(600), NOW);
    let saved: Vec<_> = cache.entries().map(SavedEntry::from).collect();
    assert_eq!(serde_json::to_string(&saved).unwrap(), format!("[{SAVED}]"));

    // From a reader, which lends no text.
    let read: SavedEntry = serde_json::from_reader(SAVED.as_bytes()).unwrap();
    assert_eq!(saved, std::slice::from_ref(&read));
    let mut copy = PreflightCache::new();
    copy.import(&CacheEntry::from(&read), NOW, Duration::MAX).unwrap();
    assert_eq!(copy.entries().collect::<Vec<_>>(), cache.entries().collect::<Vec<_>>());

    let without_key = SAVED.replace(r#""https://app.example","origin""#, r#"null,"origin""#);
    let read: SavedEntry = serde_json::from_str(&without_key).unwrap();
    assert_eq!(CacheEntry::from(&read).network_partition_key, None);
    for (wrong, with) in [("grant", "given"), ("header_name", "name"), ("600", "-1")] {
        let saved = SAVED.replace(wrong, with);
        assert!(serde_json::from_str::<SavedEntry>(&saved).is_err(), "{saved}");
    }
}
