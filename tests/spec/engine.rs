//! Profiles: what they choose, and how they are made of one another. What each departure does is
//! held by `tests/departures.rs`.

use browser_cors::{
    engine::{Certainty, Departure, Engine, Eviction, Profile},
    fetch::{UserAgent, needs_preflight},
    http::Method,
    origin::Origin,
    preflight_cache::{Grant, PreflightCache, Timestamp},
    request::{CredentialsMode, Request},
    url::Url,
};
use rstest::rstest;

#[rstest]
#[case(Profile::STANDARD, "standard", 86_400, usize::MAX, usize::MAX, Eviction::FirstStored)]
#[case(Profile::CHROMIUM, "chromium", 7_200, 1_024, 1_023, Eviction::FirstStored)]
#[case(Profile::FIREFOX, "firefox", 86_400, 100, usize::MAX, Eviction::LeastRecentlyUsed)]
#[case(Profile::WEBKIT, "webkit", 600, usize::MAX, usize::MAX, Eviction::FirstStored)]
fn choices(
    #[case] profile: Profile,
    #[case] name: &str,
    #[case] max_age_limit: u64,
    #[case] cached_urls_limit: usize,
    #[case] cached_url_length_limit: usize,
    #[case] eviction: Eviction,
) {
    assert_eq!(profile.name, name);
    assert_eq!(profile.default_max_age, 5);
    assert_eq!(profile.max_age_limit, max_age_limit);
    assert_eq!(profile.cached_urls_limit, cached_urls_limit);
    assert_eq!(profile.cached_url_length_limit, cached_url_length_limit);
    assert_eq!(profile.eviction, eviction);
    assert_eq!(profile.console.map_or("standard", Engine::as_str), name);
}

#[test]
fn a_profile_has_what_was_seen_in_its_engine() {
    for (profile, engine) in [
        (Profile::CHROMIUM, Engine::Chromium),
        (Profile::FIREFOX, Engine::Firefox),
        (Profile::WEBKIT, Engine::Webkit),
    ] {
        for departure in Departure::ALL {
            let is_seen = departure.seen_in().iter().any(|sighting| sighting.engine == engine);
            assert_eq!(profile.departs(*departure), is_seen, "{}", departure.as_str());
        }
    }
    assert_eq!(Profile::STANDARD.departures().iter().next(), None);
}

#[test]
fn profiles_of_ones_own() {
    let departure = Departure::AuthorizationUnderWildcard;
    let profile = Profile::STANDARD.with(departure);
    assert_eq!(profile.departures().iter().collect::<Vec<_>>(), [departure]);
    assert_eq!(profile.without(departure), Profile::STANDARD);
    let without = Profile::FIREFOX.without(departure);
    assert!(!without.departs(departure) && without.departs(Departure::CacheTokens));
    assert_eq!(without.with(departure), Profile::FIREFOX);
}

#[test]
fn names_are_read_back() {
    for departure in Departure::ALL {
        assert_eq!(departure.as_str().parse(), Ok(*departure));
    }
    let error = "font-cors".parse::<Departure>().unwrap_err();
    assert_eq!(error.text, "font-cors");
    assert_eq!(Departure::AuthorizationUnderWildcard.seen_in()[0].certainty, Certainty::Often);
}

/// A request for the URL of this number.
fn put(number: usize) -> Request {
    let url = Url::parse(&format!("https://api.example/{number}")).unwrap();
    let mut request = Request::new(url, "https://app.example".parse().unwrap());
    request.method = Method::PUT;
    request.unsafe_request = true;
    request
}

fn store(cache: &mut PreflightCache, request: &Request, profile: &Profile) {
    cache.store(request, [Grant::Method("PUT")], 600, profile, Timestamp::default());
}

fn is_cached(cache: &PreflightCache, request: &Request, profile: &Profile) -> bool {
    !needs_preflight(request, cache, profile, Timestamp::default())
}

/// Chromium forgets what was stored first, Firefox what was asked for longest ago.
#[rstest]
#[case(Profile::CHROMIUM, 1_024, 0)]
#[case(Profile::FIREFOX, 100, 1)]
fn the_limit_of_urls(#[case] profile: Profile, #[case] limit: usize, #[case] forgotten: usize) {
    let mut cache = PreflightCache::new();
    (0..limit).for_each(|number| store(&mut cache, &put(number), &profile));
    assert!((0..limit).all(|number| is_cached(&cache, &put(number), &profile)));
    cache.answered(&put(0), &profile);
    store(&mut cache, &put(limit), &profile);
    for number in 0..=limit {
        assert_eq!(is_cached(&cache, &put(number), &profile), number != forgotten, "{number}");
    }
}

#[rstest]
#[case(1_023, true)]
#[case(1_024, false)]
fn the_limit_of_a_url(#[case] length: usize, #[case] expected: bool) {
    let start = "https://api.example/";
    let url = Url::parse(&format!("{start}{}", "a".repeat(length - start.len()))).unwrap();
    let mut request = Request::new(url, "https://app.example".parse().unwrap());
    request.method = Method::PUT;
    for (profile, expected) in [(Profile::CHROMIUM, expected), (Profile::WEBKIT, true)] {
        let mut cache = PreflightCache::new();
        store(&mut cache, &request, &profile);
        assert_eq!(is_cached(&cache, &request, &profile), expected, "{}", profile.name);
    }
}

/// What was granted with credentials or without, and who may use it.
#[rstest]
#[case(Profile::STANDARD, [true, true, true, false])]
#[case(Profile::CHROMIUM, [true, true, true, false])]
#[case(Profile::FIREFOX, [true, false, true, false])]
#[case(Profile::WEBKIT, [true, true, true, false])]
fn credentials(#[case] profile: Profile, #[case] expected: [bool; 4]) {
    use CredentialsMode::{Include, Omit};
    let modes = [(Include, Include), (Include, Omit), (Omit, Omit), (Omit, Include)];
    for ((granted, asked), expected) in modes.into_iter().zip(expected) {
        let (mut cache, mut request) = (PreflightCache::new(), put(0));
        request.credentials_mode = granted;
        store(&mut cache, &request, &profile);
        request.credentials_mode = asked;
        assert_eq!(is_cached(&cache, &request, &profile), expected, "{granted} {asked}");
    }
}

#[rstest]
#[case(Profile::STANDARD, true)]
#[case(Profile::CHROMIUM, false)]
#[case(Profile::FIREFOX, true)]
#[case(Profile::WEBKIT, true)]
fn sandboxed_pages(#[case] profile: Profile, #[case] expected: bool) {
    let (mut cache, mut request) = (PreflightCache::new(), put(0));
    request.origin = Origin::opaque();
    store(&mut cache, &request, &profile);
    assert_eq!(is_cached(&cache, &request, &profile), expected);
}

#[cfg(feature = "public-suffix")]
#[test]
fn a_user_agent_of_a_profile() {
    assert_eq!(UserAgent::for_profile(Profile::WEBKIT).profile, Profile::WEBKIT);
    assert_eq!(UserAgent::default().profile, Profile::STANDARD);
}
