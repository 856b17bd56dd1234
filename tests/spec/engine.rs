//! Profiles: their choices, and how to derive them from each other. `tests/departures.rs` tests
//! what each departure does.

use browser_cors::{
    engine::{Certainty, Departure, Engine, Profile, Release},
    fetch::{UserAgent, needs_preflight},
    http::Method,
    origin::Origin,
    preflight_cache::{Grant, PreflightCache, Timestamp},
    request::{CredentialsMode, Request},
    url::Url,
};
use rstest::rstest;
use std::time::Duration;

#[rstest]
#[case(Profile::STANDARD, "standard", None, 86_400)]
#[case(Profile::CHROMIUM, "chromium", Some(Engine::Chromium), 7_200)]
#[case(Profile::FIREFOX, "firefox", Some(Engine::Firefox), 86_400)]
#[case(Profile::WEBKIT, "webkit", Some(Engine::Webkit), 600)]
fn of_the_newest_releases(
    #[case] profile: Profile,
    #[case] name: &str,
    #[case] engine: Option<Engine>,
    #[case] max_age_limit: u64,
) {
    assert_eq!(profile.to_string(), name);
    assert_eq!(name.parse(), Ok(profile));
    assert_eq!(profile.engine(), engine);
    assert_eq!(profile.release(), engine.map(Release::newest));
    assert_eq!(profile.max_age_limit(), Duration::from_secs(max_age_limit));
}

#[test]
fn a_profile_has_what_was_seen_in_its_release() {
    for profile in Profile::of_recorded_releases() {
        let release = profile.release().unwrap();
        for departure in Departure::all() {
            let is_seen = departure.is_seen_in(release);
            assert_eq!(profile.departs(departure), is_seen, "{departure} in {release}");
        }
    }
    assert_eq!(Profile::STANDARD.departures().next(), None);
}

/// Each departure is one variant of one choice, and can be added and removed by itself.
#[test]
fn each_departure_is_a_choice() {
    for departure in Departure::all() {
        let profile = Profile::STANDARD.with(departure);
        assert_eq!(profile.departures().collect::<Vec<_>>(), [departure]);
        assert_eq!(profile.without(departure), Profile::STANDARD);
    }
}

#[rstest]
#[case(Departure::MAX_AGE_OF_INTEGER, Departure::MAX_AGE_OF_DIGITS)]
#[case(Departure::EMPTY_LOCATION_IS_NO_REDIRECT, Departure::EMPTY_LOCATION_IS_ERROR)]
#[case(Departure::IDENTICAL_LOCATIONS_ARE_ONE, Departure::LOCATIONS_ARE_COMBINED)]
#[case(Departure::PREFLIGHT_STATUS_FIRST, Departure::PREFLIGHT_REDIRECT_FIRST)]
#[case(Departure::CACHE_ONE_RESULT, Departure::CACHE_TOKENS)]
#[case(Departure::REDIRECT_FROM_AUTHOR_HEADERS, Departure::REDIRECT_RESTORES_BODY_HEADERS)]
#[case(Departure::PREFLIGHT_FOR_STRIPPED_HEADERS, Departure::PREFLIGHT_FOR_AUTHOR_HEADERS)]
#[case(Departure::RANGE_BELOW_2_TO_63, Departure::RANGE_BELOW_2_TO_64)]
#[case(Departure::CONDITIONAL_IS_NO_CACHE, Departure::CONDITIONAL_XHR_IS_DEFAULT)]
#[case(Departure::CACHE_KEY_UNTAINTED, Departure::CACHE_NOT_FOR_TAINTED_ORIGINS)]
#[case(Departure::CACHE_KEPT_ON_ERROR, Departure::CACHE_KEPT_BY_REDIRECT_ERROR)]
#[case(Departure::MAX_AGE_LIMIT_OF_2_HOURS, Departure::MAX_AGE_LIMIT_OF_10_MINUTES)]
fn what_excludes_each_other(#[case] one: Departure, #[case] other: Departure) {
    for (first, second) in [(one, other), (other, one)] {
        let profile = Profile::STANDARD.with(first).with(second);
        assert_eq!(profile.departures().collect::<Vec<_>>(), [second]);
    }
}

#[test]
fn profiles_of_ones_own() {
    let departure = Departure::AUTHORIZATION_UNDER_WILDCARD;
    let without = Profile::FIREFOX.without(departure);
    assert!(!without.departs(departure) && without.departs(Departure::CACHE_TOKENS));
    assert_eq!(without.with(departure), Profile::FIREFOX);
    let limited = Profile::WEBKIT.with_max_age_limit(Duration::from_millis(7_900));
    assert_eq!(limited.max_age_limit(), Duration::from_secs(7));
    assert!(!limited.departs(Departure::MAX_AGE_LIMIT_OF_10_MINUTES));
    assert_eq!(limited.without(Departure::MAX_AGE_LIMIT_OF_10_MINUTES), limited);
}

#[rstest]
#[case("chromium@156", "chromium", Some("chromium@156"))]
#[case("chrome@156.0.8078.73", "chromium", Some("chromium@156"))]
#[case("edge", "chromium", Some("chromium@156"))]
#[case("webkit@2.50", "webkit", Some("webkit@2.50"))]
#[case("firefox@153", "firefox@153", Some("firefox@153"))]
#[case("firefox@152", "firefox@152", Some("firefox@140"))]
#[case("standard", "standard", None)]
fn names(#[case] text: &str, #[case] name: &str, #[case] recorded_as: Option<&str>) {
    let profile: Profile = text.parse().unwrap();
    assert_eq!(profile.to_string(), name);
    let recorded = profile.recorded_as().map(|release| release.to_string());
    assert_eq!(recorded.as_deref(), recorded_as);
}

/// Between two recorded releases, the older one stands in.
#[test]
fn a_release_that_was_not_recorded() {
    let (older, between): (Profile, Profile) =
        ("firefox@140".parse().unwrap(), "firefox@145".parse().unwrap());
    assert_ne!(between, older);
    assert!(between.departures().eq(older.departures()));
}

#[rstest]
#[case("chromium@1", "chromium@1 is older than the recorded releases, chromium@137 to chromium@")]
#[case("firefox@9000", "firefox@9000 is newer than the recorded releases, ")]
#[case("chromium@", "`` is not a version: `131` or `2.50` was expected")]
#[case("chromium@1.2.3.4.5", "`1.2.3.4.5` is not a version: `131` or `2.50` was expected")]
#[case("chromium@70000", "`70000` is not a version: `131` or `2.50` was expected")]
#[case("safari@18", "Safari itself was not recorded. WebKitGTK was, ")]
#[case("safri", "`safri` is not a profile; `safari`, maybe? There are standard, chromium ")]
#[case("Firefox", "`Firefox` is not a profile; `firefox`, maybe? There are standard, chromium ")]
#[case("standart", "`standart` is not a profile; `standard`, maybe? There are standard, ")]
#[case("gecko", "`gecko` is not a profile. There are standard, chromium (chrome, edge), ")]
fn what_is_no_profile(#[case] text: &str, #[case] expected: &str) {
    let error = text.parse::<Profile>().unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn departures_are_read_back() {
    for departure in Departure::all() {
        assert_eq!(departure.to_string().parse(), Ok(departure));
    }
    let error = "font-cors".parse::<Departure>().unwrap_err();
    assert_eq!((error.text.as_str(), error.nearest), ("font-cors", Some("font-no-cors")));
    assert_eq!(Departure::AUTHORIZATION_UNDER_WILDCARD.seen_in()[0].certainty, Certainty::Always);
}

/// A request for the URL of this number.
fn put(number: usize) -> Request {
    let url = Url::parse(&format!("https://api.example/{number}")).unwrap();
    let mut request = Request::new(url, "https://app.example".parse().unwrap());
    request.method = Method::PUT;
    request.unsafe_request = true;
    request
}

fn store(cache: &mut PreflightCache, request: &Request) {
    let max_age = Duration::from_secs(600);
    cache.store(request, [Grant::Method("PUT")], max_age, Timestamp::default());
}

fn is_cached(cache: &PreflightCache, request: &Request, profile: &Profile) -> bool {
    !needs_preflight(request, cache, profile, Timestamp::default())
}

/// Chromium evicts what was stored first, Firefox what was used least recently.
#[rstest]
#[case(Profile::CHROMIUM, 1_024, 0)]
#[case(Profile::FIREFOX, 100, 1)]
fn the_limit_of_urls(#[case] profile: Profile, #[case] limit: usize, #[case] forgotten: usize) {
    let mut cache = PreflightCache::for_profile(&profile);
    (0..limit).for_each(|number| store(&mut cache, &put(number)));
    assert!((0..limit).all(|number| is_cached(&cache, &put(number), &profile)));
    cache.answered(&put(0));
    store(&mut cache, &put(limit));
    for number in 0..=limit {
        assert_eq!(is_cached(&cache, &put(number), &profile), number != forgotten, "{number}");
    }
}

/// Each use counts, also that of a URL that has been used before.
#[test]
fn the_last_use_counts() {
    let mut cache = PreflightCache::for_profile(&Profile::FIREFOX);
    (0..100).for_each(|number| store(&mut cache, &put(number)));
    [0, 1, 0].iter().for_each(|number| cache.answered(&put(*number)));
    // 98 URLs push out those that nobody used, and one more pushes out the first of the used.
    (100..199).for_each(|number| store(&mut cache, &put(number)));
    let kept: Vec<usize> =
        (0..100).filter(|number| is_cached(&cache, &put(*number), &Profile::FIREFOX)).collect();
    assert_eq!(kept, [0]);
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
        let mut cache = PreflightCache::for_profile(&profile);
        store(&mut cache, &request);
        assert_eq!(is_cached(&cache, &request, &profile), expected, "{profile}");
    }
}

/// Who may use a grant with credentials or without.
#[rstest]
#[case(Profile::STANDARD, [true, true, true, false])]
#[case(Profile::CHROMIUM, [true, true, true, false])]
#[case(Profile::FIREFOX, [true, false, true, false])]
#[case(Profile::WEBKIT, [true, true, true, false])]
fn credentials(#[case] profile: Profile, #[case] expected: [bool; 4]) {
    use CredentialsMode::{Include, Omit};
    let modes = [(Include, Include), (Include, Omit), (Omit, Omit), (Omit, Include)];
    for ((granted, asked), expected) in modes.into_iter().zip(expected) {
        let (mut cache, mut request) = (PreflightCache::for_profile(&profile), put(0));
        request.credentials_mode = granted;
        store(&mut cache, &request);
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
    let (mut cache, mut request) = (PreflightCache::for_profile(&profile), put(0));
    request.origin = Origin::opaque();
    store(&mut cache, &request);
    assert_eq!(is_cached(&cache, &request, &profile), expected);
}

#[cfg(feature = "public-suffix")]
#[test]
fn a_user_agent_of_a_profile() {
    assert_eq!(UserAgent::for_profile(Profile::WEBKIT).profile, Profile::WEBKIT);
    assert_eq!(UserAgent::default().profile, Profile::STANDARD);
}
