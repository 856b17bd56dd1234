//! Made from `catalogue.toml` by `spec-notes/catalogue.py`: change that.

use super::{
    Engine::{Chromium, Firefox, Webkit},
    Version,
    departure::{Certainty, Departure, Entry, Sighting},
    release::{Recorded, Release},
};
use crate::spec::Step;

/// The releases that were recorded: those of each engine together, the oldest first.
#[rustfmt::skip]
pub(super) const RELEASES: &[Recorded] = &[
    Recorded { release: Release::new(Chromium, Version::new(156, 0)), product: "Chromium 156", build: "156.0.8078.73 of Debian 12" },
    Recorded { release: Release::new(Firefox, Version::new(140, 0)), product: "Firefox ESR 140", build: "140.12.0 of Debian 12" },
    Recorded { release: Release::new(Firefox, Version::new(153, 0)), product: "Firefox ESR 153", build: "153.8.0 of Debian 12" },
    Recorded { release: Release::new(Firefox, Version::new(159, 0)), product: "Firefox 159", build: "159.0 of Debian unstable" },
    Recorded { release: Release::new(Webkit, Version::new(2, 50)), product: "WebKitGTK 2.50", build: "2.50.6 of Debian 12, API 4.1" },
];

impl Departure {
    /// `range-below-2-to-63`: a position of 2^63 - 1 or more is a failure.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position of a range may be any number.
    ///
    /// Seen in chromium since 153.
    pub const RANGE_BELOW_2_TO_63: Self = Self(0);
    /// `range-below-2-to-64`: a position of 2^64 or more is a failure.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position of a range may be any number.
    ///
    /// Seen in firefox, webkit.
    pub const RANGE_BELOW_2_TO_64: Self = Self(1);
    /// `range-unit-in-any-case`: `BYTES` is as good.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `2`: a range begins with `bytes` in lower case.
    ///
    /// Seen in webkit.
    pub const RANGE_UNIT_IN_ANY_CASE: Self = Self(2);
    /// `range-plus-sign`: it may have a plus sign before them.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position of a range is digits alone.
    ///
    /// Seen in webkit.
    pub const RANGE_PLUS_SIGN: Self = Self(3);
    /// `client-hints-safelisted`: so are DPR, Device-Memory, Downlink, ECT, RTT, Save-Data, Viewport-Width and Width with values of their syntax, and Intervention.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[otherwise]`: five names are safelisted.
    ///
    /// Seen in chromium.
    pub const CLIENT_HINTS_SAFELISTED: Self = Self(4);
    /// `user-agent-safelisted`: an author's User-Agent is ignored: it makes no preflight necessary, and the browser sends its own.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[otherwise]`: User-Agent is not safelisted.
    ///
    /// Seen in chromium.
    pub const USER_AGENT_SAFELISTED: Self = Self(5);
    /// `high-bytes-unsafe`: they are unsafe.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[accept]`: the bytes 0x80 to 0xFF are safe in Accept and Content-Type.
    ///
    /// Seen in firefox.
    pub const HIGH_BYTES_UNSAFE: Self = Self(6);
    /// `content-type-without-comma`: a Content-Type with a comma is unsafe.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[content-type].3`: a comma in the parameters of a Content-Type is part of them.
    ///
    /// Seen in firefox.
    pub const CONTENT_TYPE_WITHOUT_COMMA: Self = Self(7);
    /// `content-type-with-last-semicolon`: behind parameters it makes the Content-Type unsafe.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[content-type].3`: a semicolon at the end of a Content-Type says nothing.
    ///
    /// Seen in firefox.
    pub const CONTENT_TYPE_WITH_LAST_SEMICOLON: Self = Self(8);
    /// `combined-values`: the values of a name are judged and sent as one, with `, ` between them.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `4`: each header is judged by itself, also where a name is repeated.
    ///
    /// Seen in chromium, webkit.
    pub const COMBINED_VALUES: Self = Self(9);
    /// `no-total-limit`: their total does not matter.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `5`: safelisted values of more than 1024 bytes together are unsafe.
    ///
    /// Seen in firefox.
    pub const NO_TOTAL_LIMIT: Self = Self(10);
    /// `duplicate-request-header-names`: it names a header as often as it was appended.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `6`: Access-Control-Request-Headers names each header once.
    ///
    /// Seen in firefox.
    pub const DUPLICATE_REQUEST_HEADER_NAMES: Self = Self(11);
    /// `origin-whatever-referrer-policy`: Origin is the page's whatever the referrer policy.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4.1`: without CORS, some referrer policies make Origin `null`.
    ///
    /// Seen in chromium.
    pub const ORIGIN_WHATEVER_REFERRER_POLICY: Self = Self(12);
    /// `origin-null-after-redirect`: it is `null` after any redirect from one origin to another.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `2`: without CORS, Origin is `null` after a redirect that leaves an origin other than the page's.
    ///
    /// Seen in chromium.
    pub const ORIGIN_NULL_AFTER_REDIRECT: Self = Self(13);
    /// `redirect-forgets-referrer-policy`: they do not after a redirect from one origin to another.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4.1`: without CORS, some referrer policies make Origin `null`.
    ///
    /// Seen in webkit.
    pub const REDIRECT_FORGETS_REFERRER_POLICY: Self = Self(14);
    /// `origin-without-storage-access`: one of a sandboxed page to the site of the top-level page, with credentials, has `Origin: null`.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4`: a GET without CORS has no Origin.
    ///
    /// Seen in chromium since 150.
    pub const ORIGIN_WITHOUT_STORAGE_ACCESS: Self = Self(15);
    /// `origin-of-elements`: a load with CORS by an image, script, style sheet or font has one towards the page's own origin too.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `3`: a GET has an Origin only if CORS was asked of another origin.
    ///
    /// Seen in chromium, webkit.
    pub const ORIGIN_OF_ELEMENTS: Self = Self(16);
    /// `origin-of-videos`: a video with CORS has one towards the page's own origin too.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `3`: a GET has an Origin only if CORS was asked of another origin.
    ///
    /// Seen in webkit.
    pub const ORIGIN_OF_VIDEOS: Self = Self(17);
    /// `origin-of-beacon-referrer`: a beacon without CORS of a sandboxed page has the origin of the page's URL.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `2`: the origin of a sandboxed page is `null`.
    ///
    /// Seen in webkit.
    pub const ORIGIN_OF_BEACON_REFERRER: Self = Self(18);
    /// `origin-kept-in-redirect`: one to which a redirect within an origin turned a request with one keeps it.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4`: a GET to the page's own origin, or without CORS, has no Origin.
    ///
    /// Seen in webkit.
    pub const ORIGIN_KEPT_IN_REDIRECT: Self = Self(19);
    /// `empty-location-is-no-redirect`: a redirect status with an empty Location is no redirect, as without one.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: an empty Location is the URL itself.
    ///
    /// Seen in chromium.
    pub const EMPTY_LOCATION_IS_NO_REDIRECT: Self = Self(20);
    /// `empty-location-is-error`: an empty Location is a network error.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: an empty Location is the URL itself.
    ///
    /// Seen in webkit.
    pub const EMPTY_LOCATION_IS_ERROR: Self = Self(21);
    /// `identical-locations-are-one`: identical ones count as one.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `2`: two Location lines are a failure.
    ///
    /// Seen in chromium, firefox.
    pub const IDENTICAL_LOCATIONS_ARE_ONE: Self = Self(22);
    /// `locations-are-combined`: they are one value, with `, ` between them.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `2`: two Location lines are a failure.
    ///
    /// Seen in webkit.
    pub const LOCATIONS_ARE_COMBINED: Self = Self(23);
    /// `location-of-bytes`: it is percent-encoded as it is.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: a byte from 0x80 on in Location is a character, and so two bytes of UTF-8.
    ///
    /// Seen in chromium, firefox.
    pub const LOCATION_OF_BYTES: Self = Self(24);
    /// `location-tab-escaped`: it is sent as `%09`.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: a tab in Location is removed, as the URL parser does.
    ///
    /// Seen in firefox.
    pub const LOCATION_TAB_ESCAPED: Self = Self(25);
    /// `credentials-kept-in-redirect`: without CORS they go along wherever it leads, if the fetch began at the page's own origin.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.3`: with the credentials mode same-origin, a redirect to another origin ends the sending of credentials.
    ///
    /// Seen in webkit.
    pub const CREDENTIALS_KEPT_IN_REDIRECT: Self = Self(26);
    /// `request-bytes-as-utf8`: those from 0x80 on go out as characters in UTF-8.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11.2`: the bytes of a header's value go out as they are.
    ///
    /// Seen in webkit.
    pub const REQUEST_BYTES_AS_UTF8: Self = Self(27);
    /// `response-bytes-replaced`: those that are no UTF-8 become the three of U+FFFD.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11.2`: the bytes of a header's value come in as they are.
    ///
    /// Seen in webkit.
    pub const RESPONSE_BYTES_REPLACED: Self = Self(28);
    /// `empty-response-lines-dropped`: it has the value `x`.
    ///
    /// The standard, [#concept-header-list-get](https://fetch.spec.whatwg.org/#concept-header-list-get) step `2`: a header whose first line is empty and whose second is `x` has the value `, x`.
    ///
    /// Seen in firefox.
    pub const EMPTY_RESPONSE_LINES_DROPPED: Self = Self(29);
    /// `about-blank-not-fetched`: it cannot.
    ///
    /// The standard, [#concept-scheme-fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch) step `3[about]`: about:blank can be fetched without CORS.
    ///
    /// Seen in chromium, webkit.
    pub const ABOUT_BLANK_NOT_FETCHED: Self = Self(30);
    /// `manual-redirect-needs-url`: one that cannot be parsed is a network error.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `6.3[manual].2`: with the redirect mode manual, Location is not read.
    ///
    /// Seen in chromium.
    pub const MANUAL_REDIRECT_NEEDS_URL: Self = Self(31);
    /// `proxy-authentication-is-response`: it is an ordinary response.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `16`: an answer of status 407 that nobody can prompt for is a network error.
    ///
    /// Seen in firefox, webkit.
    pub const PROXY_AUTHENTICATION_IS_RESPONSE: Self = Self(32);
    /// `cache-kept-by-redirect-error`: a redirect does not where the redirect mode is error.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight].3`: any network error after a preflight clears the cache entries.
    ///
    /// Seen in firefox.
    pub const CACHE_KEPT_BY_REDIRECT_ERROR: Self = Self(33);
    /// `cache-kept-on-error`: they stay.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight].3`: a network error after a preflight clears the cache entries.
    ///
    /// Seen in chromium, webkit.
    pub const CACHE_KEPT_ON_ERROR: Self = Self(34);
    /// `cache-cleared-by-simple-failure`: one that fails the CORS check does.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[otherwise]`: a request without preflight clears no cache entries.
    ///
    /// Seen in firefox.
    pub const CACHE_CLEARED_BY_SIMPLE_FAILURE: Self = Self(35);
    /// `redirect-of-other-statuses`: so are 309 to 399, with a Location.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `6`: 301, 302, 303, 307 and 308 are redirects.
    ///
    /// Seen in webkit.
    pub const REDIRECT_OF_OTHER_STATUSES: Self = Self(36);
    /// `redirect-error-needs-location`: without one that says something it is an ordinary response.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `6.3[error].1`: with the redirect mode error, a redirect status is a network error, with a Location or without.
    ///
    /// Seen in chromium, webkit.
    pub const REDIRECT_ERROR_NEEDS_LOCATION: Self = Self(37);
    /// `different-locations-are-error`: those that differ are a network error, whatever the status is.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11.2`: several lines of Location matter where a redirect is followed.
    ///
    /// Seen in chromium, firefox.
    pub const DIFFERENT_LOCATIONS_ARE_ERROR: Self = Self(38);
    /// `redirect-with-credentials-blocked`: that of a fetch() never is.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `9`: a redirect to a URL with a user name or password is followed within an origin, and without CORS.
    ///
    /// Seen in chromium.
    pub const REDIRECT_WITH_CREDENTIALS_BLOCKED: Self = Self(39);
    /// `redirect-checked-after-preflight`: where it leaves the page's own origin, after the preflight of the next hop.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `9`: a user name or password in Location is refused before the next hop.
    ///
    /// Seen in webkit.
    pub const REDIRECT_CHECKED_AFTER_PREFLIGHT: Self = Self(40);
    /// `redirect-checked-as-including`: once more as if it were, behind the preflight of the next hop, if the fetch began at the page's own origin with same-origin.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `4.4`: the CORS check of a redirect asks for credentials only if the credentials mode is include.
    ///
    /// Seen in webkit.
    pub const REDIRECT_CHECKED_AS_INCLUDING: Self = Self(41);
    /// `redirect-from-author-headers`: each hop begins with the author's headers: its status and the author's method say whether it loses those of the body, and it loses Authorization where it leaves an origin.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `12`: what a redirect took off the header list stays off.
    ///
    /// Seen in firefox.
    pub const REDIRECT_FROM_AUTHOR_HEADERS: Self = Self(42);
    /// `redirect-restores-body-headers`: with CORS they come back in the next hop; without, Content-Type does with the next 307 or 308.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `12`: the headers of a body that was dropped stay off.
    ///
    /// Seen in webkit.
    pub const REDIRECT_RESTORES_BODY_HEADERS: Self = Self(43);
    /// `redirect-of-delete-to-get`: any redirect to another origin makes it a GET, with the headers of its body but without the body.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `12`: a DELETE becomes a GET by 303 alone.
    ///
    /// Seen in webkit.
    pub const REDIRECT_OF_DELETE_TO_GET: Self = Self(44);
    /// `redirect-drops-client-hints`: a redirect to another origin than the page's drops DPR, Device-Memory, Downlink, ECT, RTT, Viewport-Width and Width.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `13`: the author's headers survive redirects, but for Authorization.
    ///
    /// Seen in chromium.
    pub const REDIRECT_DROPS_CLIENT_HINTS: Self = Self(45);
    /// `preflight-after-preflight`: all hops after one that needed it do.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight]`: each hop decides for itself whether it needs a preflight.
    ///
    /// Seen in firefox, webkit.
    pub const PREFLIGHT_AFTER_PREFLIGHT: Self = Self(46);
    /// `preflight-decided-by-author`: those that the author set do, also where a redirect took them off.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight]`: the headers that will be sent decide whether a preflight is needed.
    ///
    /// Seen in firefox, webkit.
    pub const PREFLIGHT_DECIDED_BY_AUTHOR: Self = Self(47);
    /// `preflight-for-stripped-headers`: it is asked for those of the author, but for what the last redirect takes off.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `4`: a preflight is asked for the headers that will be sent.
    ///
    /// Seen in firefox.
    pub const PREFLIGHT_FOR_STRIPPED_HEADERS: Self = Self(48);
    /// `preflight-for-author-headers`: it is asked for those of the author, also where a redirect took them off.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `4`: a preflight is asked for the headers that will be sent.
    ///
    /// Seen in webkit.
    pub const PREFLIGHT_FOR_AUTHOR_HEADERS: Self = Self(49);
    /// `reload-skips-preflight-cache`: with no-store and reload nothing is looked up there.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `4.1`: the cache mode has no say in the preflight cache.
    ///
    /// Seen in chromium, firefox since 140.
    pub const RELOAD_SKIPS_PREFLIGHT_CACHE: Self = Self(50);
    /// `no-cache-skips-preflight-cache`: with no-cache nothing is looked up there.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `4.1`: the cache mode has no say in the preflight cache.
    ///
    /// Seen in chromium.
    pub const NO_CACHE_SKIPS_PREFLIGHT_CACHE: Self = Self(51);
    /// `no-store-keeps-no-preflight`: with no-store nothing is stored there.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.11`: the cache mode has no say in the preflight cache.
    ///
    /// Seen in chromium.
    pub const NO_STORE_KEEPS_NO_PREFLIGHT: Self = Self(52);
    /// `conditional-is-no-cache`: it makes it no-cache.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.16`: a conditional header makes the cache mode default no-store.
    ///
    /// Seen in chromium.
    pub const CONDITIONAL_IS_NO_CACHE: Self = Self(53);
    /// `conditional-xhr-is-default`: not that of an XMLHttpRequest.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.16`: a conditional header makes the cache mode default no-store.
    ///
    /// Seen in firefox.
    pub const CONDITIONAL_XHR_IS_DEFAULT: Self = Self(54);
    /// `cache-mode-in-preflight`: it has the Pragma and Cache-Control of the request's.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `1`: a preflight has no cache mode of its own.
    ///
    /// Seen in chromium, firefox.
    pub const CACHE_MODE_IN_PREFLIGHT: Self = Self(55);
    /// `max-age-limit-of-2-hours`: the limit is 2 hours.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.10`: a user agent may impose a limit on max-age; here it is 24 hours.
    ///
    /// Seen in chromium.
    pub const MAX_AGE_LIMIT_OF_2_HOURS: Self = Self(56);
    /// `max-age-limit-of-10-minutes`: the limit is 10 minutes.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.10`: a user agent may impose a limit on max-age; here it is 24 hours.
    ///
    /// Seen in webkit.
    pub const MAX_AGE_LIMIT_OF_10_MINUTES: Self = Self(57);
    /// `cache-one-result`: the cache holds the result of one preflight for an origin and URL: the next one replaces it, and a look-up that it does not answer erases it.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: what preflights granted accumulates, and a look-up changes nothing.
    ///
    /// Seen in chromium, webkit.
    pub const CACHE_ONE_RESULT: Self = Self(58);
    /// `cache-tokens`: what was granted with credentials and without is kept apart, `*` is a method or header of that name, and HEAD must have been listed.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: what was granted with credentials serves requests without, `*` serves all, and GET, HEAD and POST need no entry.
    ///
    /// Seen in firefox.
    pub const CACHE_TOKENS: Self = Self(59);
    /// `cache-wildcard-of-result`: it serves nobody.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: a `*` that was granted with credentials serves in the cache.
    ///
    /// Seen in chromium.
    pub const CACHE_WILDCARD_OF_RESULT: Self = Self(60);
    /// `cache-wildcard-of-request`: it serves those without alone.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: a `*` that was granted serves requests with credentials in the cache.
    ///
    /// Seen in webkit.
    pub const CACHE_WILDCARD_OF_REQUEST: Self = Self(61);
    /// `cache-authorization-by-name`: `*` covers it in the answer to a preflight, but never in the cache.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.14`: the preflight and the cache agree on Authorization.
    ///
    /// Seen in chromium.
    pub const CACHE_AUTHORIZATION_BY_NAME: Self = Self(62);
    /// `cache-stores-refused`: it is stored before the method and the headers are checked.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.5`: what a preflight granted is stored after all checks.
    ///
    /// Seen in webkit.
    pub const CACHE_STORES_REFUSED: Self = Self(63);
    /// `cache-key-untainted`: they are kept for the page's origin.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: after redirects that taint the origin, entries are kept for `null`.
    ///
    /// Seen in firefox.
    pub const CACHE_KEY_UNTAINTED: Self = Self(64);
    /// `cache-not-for-opaque-origins`: each preflight of a sandboxed page is repeated.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: the entries of sandboxed pages are kept for `null`.
    ///
    /// Seen in chromium.
    pub const CACHE_NOT_FOR_OPAQUE_ORIGINS: Self = Self(65);
    /// `cache-not-for-tainted-origins`: nothing is found or kept.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: after redirects that taint the origin, entries are kept for `null`.
    ///
    /// Seen in chromium, webkit.
    pub const CACHE_NOT_FOR_TAINTED_ORIGINS: Self = Self(66);
    /// `preflight-origin-untainted`: they have the page's origin, and are checked against it.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `6`: after redirects that taint the origin, preflights have `Origin: null`.
    ///
    /// Seen in firefox.
    pub const PREFLIGHT_ORIGIN_UNTAINTED: Self = Self(67);
    /// `preflight-to-own-origin-unchecked`: that of the page's own origin, after redirects away and back, need not.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7`: the answer to each preflight must pass the CORS check.
    ///
    /// Seen in firefox.
    pub const PREFLIGHT_TO_OWN_ORIGIN_UNCHECKED: Self = Self(68);
    /// `preflight-status-first`: for its status first.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7`: the answer to a preflight is refused for the CORS check before its status.
    ///
    /// Seen in webkit.
    pub const PREFLIGHT_STATUS_FIRST: Self = Self(69);
    /// `preflight-redirect-first`: for a redirect first, then for the CORS check, then for its status.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7`: the answer to a preflight is refused for the CORS check before its status.
    ///
    /// Seen in chromium.
    pub const PREFLIGHT_REDIRECT_FIRST: Self = Self(70);
    /// `allow-headers-read-last`: it is parsed behind that.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.3`: Access-Control-Allow-Headers is parsed before the method is checked.
    ///
    /// Seen in firefox.
    pub const ALLOW_HEADERS_READ_LAST: Self = Self(71);
    /// `forced-preflight-method-not-allowed`: the method must be listed as ever.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.4`: a preflight that an upload listener forces allows its method where Access-Control-Allow-Methods is missing.
    ///
    /// Seen in chromium, firefox, webkit.
    pub const FORCED_PREFLIGHT_METHOD_NOT_ALLOWED: Self = Self(72);
    /// `authorization-under-wildcard`: it does.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.6`: `*` in Access-Control-Allow-Headers never covers Authorization.
    ///
    /// Seen in chromium, firefox, webkit.
    pub const AUTHORIZATION_UNDER_WILDCARD: Self = Self(73);
    /// `max-age-of-integer`: it is a 64-bit integer: `-1` is not kept, `+600` is 600, and what has no place in it is 5 seconds.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.8`: Access-Control-Max-Age has digits alone; anything else is 5 seconds, and what is too much is the limit.
    ///
    /// Seen in chromium, webkit.
    pub const MAX_AGE_OF_INTEGER: Self = Self(74);
    /// `max-age-of-digits`: what it comes with is not kept; an empty one is 5 seconds.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.8`: an Access-Control-Max-Age that is not digits alone is 5 seconds.
    ///
    /// Seen in firefox.
    pub const MAX_AGE_OF_DIGITS: Self = Self(75);
    /// `cached-urls-limit-of-1024`: 1,024 URLs are kept.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove entries when it likes; here as many URLs are kept as the capacity allows.
    ///
    /// Seen in chromium.
    pub const CACHED_URLS_LIMIT_OF_1024: Self = Self(76);
    /// `cached-urls-limit-of-100`: 100 URLs are kept.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove entries when it likes; here as many URLs are kept as the capacity allows.
    ///
    /// Seen in firefox.
    pub const CACHED_URLS_LIMIT_OF_100: Self = Self(77);
    /// `cached-url-length-limit-of-1023`: what is granted for a URL of 1,024 bytes or more is not kept.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove entries when it likes; here a URL may have any length.
    ///
    /// Seen in chromium.
    pub const CACHED_URL_LENGTH_LIMIT_OF_1023: Self = Self(78);
    /// `cache-evicts-least-recently-used`: the URL that was asked for longest ago leaves it.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove entries when it likes; here the URL that was stored first leaves a full cache.
    ///
    /// Seen in firefox.
    pub const CACHE_EVICTS_LEAST_RECENTLY_USED: Self = Self(79);
    /// `body-header-in-no-cors`: it is sent.
    ///
    /// The standard, [#dom-request](https://fetch.spec.whatwg.org/#dom-request) step `37.4`: without CORS, a Content-Type of a body that is not safelisted is dropped.
    ///
    /// Seen in webkit.
    pub const BODY_HEADER_IN_NO_CORS: Self = Self(80);
    /// `forced-preflight-needs-body`: it does so only where there is a body.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight]`: an upload listener forces a preflight.
    ///
    /// Seen in chromium.
    pub const FORCED_PREFLIGHT_NEEDS_BODY: Self = Self(81);
    /// `xhr-charset-in-place`: it replaces the charset alone, between the quotes that were there.
    ///
    /// The standard, [#concept-bodyinit-extract](https://fetch.spec.whatwg.org/#concept-bodyinit-extract) step `5`: an XMLHttpRequest that changes the charset of a Content-Type writes it anew.
    ///
    /// Seen in chromium.
    pub const XHR_CHARSET_IN_PLACE: Self = Self(82);
    /// `xhr-blob-type-must-parse`: one that is no MIME type is not sent.
    ///
    /// The standard, [#concept-bodyinit-extract](https://fetch.spec.whatwg.org/#concept-bodyinit-extract) step `5`: the type of a Blob that an XMLHttpRequest sends is its Content-Type, whatever it is.
    ///
    /// Seen in chromium, webkit.
    pub const XHR_BLOB_TYPE_MUST_PARSE: Self = Self(83);
    /// `xhr-charset-judged-as-written`: the Content-Type is judged as the author wrote it.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `4`: an XMLHttpRequest makes the charset of a text's Content-Type UTF-8 before it is judged.
    ///
    /// Seen in firefox.
    pub const XHR_CHARSET_JUDGED_AS_WRITTEN: Self = Self(84);
    /// `font-no-cors`: fonts are asked for without CORS, with credentials.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[no-cors]`: fonts are asked for with CORS.
    ///
    /// Seen in webkit.
    pub const FONT_NO_CORS: Self = Self(85);
    /// `shape-without-credentials`: it is asked without.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.3`: the image of a shape is asked with credentials of the page's own origin.
    ///
    /// Seen in webkit.
    pub const SHAPE_WITHOUT_CREDENTIALS: Self = Self(86);
    /// `thrown-errors-not-muted`: those that the script throws itself are told.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `14`: the errors of a script that CORS does not share are `Script error.`.
    ///
    /// Seen in firefox.
    pub const THROWN_ERRORS_NOT_MUTED: Self = Self(87);
}

#[rustfmt::skip]
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "range-below-2-to-63",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position of a range may be any number",
        instead: "a position of 2^63 - 1 or more is a failure",
        seen_in: &[
            Sighting { engine: Chromium, since: Some(Version::new(153, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `net::HttpByteRange` holds positions as signed numbers of 64 bits, and reserves the greatest."),
    },
    Entry {
        id: "range-below-2-to-64",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position of a range may be any number",
        instead: "a position of 2^64 or more is a failure",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: unsigned numbers of 64 bits, in `nsContentUtils::ParseSingleRangeRequest` of Firefox and `parseRange` of WebKit's `HTTPParsers.cpp`."),
    },
    Entry {
        id: "range-unit-in-any-case",
        step: Step::new("simple-range-header-value", "2"),
        standard: "a range begins with `bytes` in lower case",
        instead: "`BYTES` is as good",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the parser of `HTTPParsers.cpp`, which serves responses too, compares the unit without case."),
    },
    Entry {
        id: "range-plus-sign",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position of a range is digits alone",
        instead: "it may have a plus sign before them",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: the parser of integers, which takes a sign in front."),
    },
    Entry {
        id: "client-hints-safelisted",
        step: Step::new("cors-safelisted-request-header", "2[otherwise]"),
        standard: "five names are safelisted",
        instead: "so are DPR, Device-Memory, Downlink, ECT, RTT, Save-Data, Viewport-Width and Width with values of their syntax, and Intervention",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the list in `cors.cc` (`IsCorsSafelistedHeader`)."),
    },
    Entry {
        id: "user-agent-safelisted",
        step: Step::new("cors-safelisted-request-header", "2[otherwise]"),
        standard: "User-Agent is not safelisted",
        instead: "an author's User-Agent is ignored: it makes no preflight necessary, and the browser sends its own",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink sets the header over what the page wrote, before the request leaves the renderer."),
    },
    Entry {
        id: "high-bytes-unsafe",
        step: Step::new("cors-safelisted-request-header", "2[accept]"),
        standard: "the bytes 0x80 to 0xFF are safe in Accept and Content-Type",
        instead: "they are unsafe",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `nsContentUtils::IsCORSUnsafeRequestHeader` compares a signed `char` with 0x20."),
    },
    Entry {
        id: "content-type-without-comma",
        step: Step::new("cors-safelisted-request-header", "2[content-type].3"),
        standard: "a comma in the parameters of a Content-Type is part of them",
        instead: "a Content-Type with a comma is unsafe",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NS_ParseRequestContentType` in `nsURLHelper.cpp`, for which a comma begins another type."),
    },
    Entry {
        id: "content-type-with-last-semicolon",
        step: Step::new("cors-safelisted-request-header", "2[content-type].3"),
        standard: "a semicolon at the end of a Content-Type says nothing",
        instead: "behind parameters it makes the Content-Type unsafe",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Firefox parses a Content-Type by a grammar of its own, of which an empty parameter behind others is no part."),
    },
    Entry {
        id: "combined-values",
        step: Step::new("cors-unsafe-request-header-names", "4"),
        standard: "each header is judged by itself, also where a name is repeated",
        instead: "the values of a name are judged and sent as one, with `, ` between them",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both keep headers in a map (`HTTPHeaderMap`), where a name has one value."),
    },
    Entry {
        id: "no-total-limit",
        step: Step::new("cors-unsafe-request-header-names", "5"),
        standard: "safelisted values of more than 1024 bytes together are unsafe",
        instead: "their total does not matter",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `InternalHeaders::GetUnsafeHeaders` judges headers singly."),
    },
    Entry {
        id: "duplicate-request-header-names",
        step: Step::new("cors-unsafe-request-header-names", "6"),
        standard: "Access-Control-Request-Headers names each header once",
        instead: "it names a header as often as it was appended",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `InternalHeaders::GetUnsafeHeaders` lists entries, and nobody makes a set of the list."),
    },
    Entry {
        id: "origin-whatever-referrer-policy",
        step: Step::new("append-a-request-origin-header", "4.1"),
        standard: "without CORS, some referrer policies make Origin `null`",
        instead: "Origin is the page's whatever the referrer policy",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `CorsURLLoader` adds the header without a look at the policy."),
    },
    Entry {
        id: "origin-null-after-redirect",
        step: Step::new("append-a-request-origin-header", "2"),
        standard: "without CORS, Origin is `null` after a redirect that leaves an origin other than the page's",
        instead: "it is `null` after any redirect from one origin to another",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`net::RedirectUtil::UpdateHttpRequest`, which writes `null` where a redirect leads to another origin and the request has an Origin; requests with CORS are begun anew instead."),
    },
    Entry {
        id: "redirect-forgets-referrer-policy",
        step: Step::new("append-a-request-origin-header", "4.1"),
        standard: "without CORS, some referrer policies make Origin `null`",
        instead: "they do not after a redirect from one origin to another",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkDataTaskSoup::continueHTTPRedirection` clears the header where the origin changes, and it is added again without the policy."),
    },
    Entry {
        id: "origin-without-storage-access",
        step: Step::new("append-a-request-origin-header", "4"),
        standard: "a GET without CORS has no Origin",
        instead: "one of a sandboxed page to the site of the top-level page, with credentials, has `Origin: null`",
        seen_in: &[
            Sighting { engine: Chromium, since: Some(Version::new(150, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the storage access headers, which want an Origin where `Sec-Fetch-Storage-Access` is inactive."),
    },
    Entry {
        id: "origin-of-elements",
        step: Step::new("append-a-request-origin-header", "3"),
        standard: "a GET has an Origin only if CORS was asked of another origin",
        instead: "a load with CORS by an image, script, style sheet or font has one towards the page's own origin too",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: where CORS is set up for an element (`FetchParameters::SetCrossOriginAccessControl`, `CachedResourceRequest`) the header is set at once, and the URL is not compared with the page's."),
    },
    Entry {
        id: "origin-of-videos",
        step: Step::new("append-a-request-origin-header", "3"),
        standard: "a GET has an Origin only if CORS was asked of another origin",
        instead: "a video with CORS has one towards the page's own origin too",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: WebKit's media loader makes its requests as other elements do, Chromium's has a way of its own."),
    },
    Entry {
        id: "origin-of-beacon-referrer",
        step: Step::new("append-a-request-origin-header", "2"),
        standard: "the origin of a sandboxed page is `null`",
        instead: "a beacon without CORS of a sandboxed page has the origin of the page's URL",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: an opaque origin is not handed on, and the network process takes the origin of the referrer where it has none."),
    },
    Entry {
        id: "origin-kept-in-redirect",
        step: Step::new("append-a-request-origin-header", "4"),
        standard: "a GET to the page's own origin, or without CORS, has no Origin",
        instead: "one to which a redirect within an origin turned a request with one keeps it",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`NetworkDataTaskSoup::continueHTTPRedirection`, which goes on with the headers of the request before and clears this one only where the origin changes."),
    },
    Entry {
        id: "empty-location-is-no-redirect",
        step: Step::new("concept-response-location-url", "3"),
        standard: "an empty Location is the URL itself",
        instead: "a redirect status with an empty Location is no redirect, as without one",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `net::HttpResponseHeaders::IsRedirect` asks for a Location that is not empty."),
    },
    Entry {
        id: "empty-location-is-error",
        step: Step::new("concept-response-location-url", "3"),
        standard: "an empty Location is the URL itself",
        instead: "an empty Location is a network error",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkDataTaskSoup` makes no URL of an empty text."),
    },
    Entry {
        id: "identical-locations-are-one",
        step: Step::new("concept-response-location-url", "2"),
        standard: "two Location lines are a failure",
        instead: "identical ones count as one",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("guards against responses that were tampered with: `http_stream_parser.cc` and `nsHttpHeaderArray` compare the lines of Location and refuse those that differ."),
    },
    Entry {
        id: "locations-are-combined",
        step: Step::new("concept-response-location-url", "2"),
        standard: "two Location lines are a failure",
        instead: "they are one value, with `, ` between them",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("libsoup, which gives the lines of a header as one."),
    },
    Entry {
        id: "location-of-bytes",
        step: Step::new("concept-response-location-url", "3"),
        standard: "a byte from 0x80 on in Location is a character, and so two bytes of UTF-8",
        instead: "it is percent-encoded as it is",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: both escape the value before it is parsed, Firefox by `NS_EscapeURL`; Firefox escapes a tab as well, which the standard drops (10 of 10), and which is no part of this departure."),
    },
    Entry {
        id: "location-tab-escaped",
        step: Step::new("concept-response-location-url", "3"),
        standard: "a tab in Location is removed, as the URL parser does",
        instead: "it is sent as `%09`",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `nsHttpChannel` escapes what may not stand in a URL before it parses it."),
    },
    Entry {
        id: "credentials-kept-in-redirect",
        step: Step::new("concept-http-network-or-cache-fetch", "8.3"),
        standard: "with the credentials mode same-origin, a redirect to another origin ends the sending of credentials",
        instead: "without CORS they go along wherever it leads, if the fetch began at the page's own origin",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkLoadChecker` decides on credentials once, by the first URL."),
    },
    Entry {
        id: "request-bytes-as-utf8",
        step: Step::new("concept-http-network-or-cache-fetch", "11.2"),
        standard: "the bytes of a header's value go out as they are",
        instead: "those from 0x80 on go out as characters in UTF-8",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: header values are texts in WebKit, and libsoup gets them in UTF-8."),
    },
    Entry {
        id: "response-bytes-replaced",
        step: Step::new("concept-http-network-or-cache-fetch", "11.2"),
        standard: "the bytes of a header's value come in as they are",
        instead: "those that are no UTF-8 become the three of U+FFFD",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: libsoup's text is made valid UTF-8 before WebKit takes its bytes."),
    },
    Entry {
        id: "empty-response-lines-dropped",
        step: Step::new("concept-header-list-get", "2"),
        standard: "a header whose first line is empty and whose second is `x` has the value `, x`",
        instead: "it has the value `x`",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsHttpHeaderArray::MergeHeader`: to merge an empty value changes nothing."),
    },
    Entry {
        id: "about-blank-not-fetched",
        step: Step::new("concept-scheme-fetch", "3[about]"),
        standard: "about:blank can be fetched without CORS",
        instead: "it cannot",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: no loader serves the scheme to `fetch()`."),
    },
    Entry {
        id: "manual-redirect-needs-url",
        step: Step::new("concept-http-fetch", "6.3[manual].2"),
        standard: "with the redirect mode manual, Location is not read",
        instead: "one that cannot be parsed is a network error",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `net::URLRequestJob` works the next URL out before anybody asks whether to follow."),
    },
    Entry {
        id: "proxy-authentication-is-response",
        step: Step::new("concept-http-network-or-cache-fetch", "16"),
        standard: "an answer of status 407 that nobody can prompt for is a network error",
        instead: "it is an ordinary response",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "cache-kept-by-redirect-error",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight].3"),
        standard: "any network error after a preflight clears the cache entries",
        instead: "a redirect does not where the redirect mode is error",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the redirect is refused by `FetchDriver`, above the listener that clears."),
    },
    Entry {
        id: "cache-kept-on-error",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight].3"),
        standard: "a network error after a preflight clears the cache entries",
        instead: "they stay",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("neither `preflight_controller.cc` nor `CrossOriginPreflightResultCache` is told of the failure."),
    },
    Entry {
        id: "cache-cleared-by-simple-failure",
        step: Step::new("concept-main-fetch", "12[otherwise]"),
        standard: "a request without preflight clears no cache entries",
        instead: "one that fails the CORS check does",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy::OnStartRequest`, which removes the entries of a channel that fails."),
    },
    Entry {
        id: "redirect-of-other-statuses",
        step: Step::new("concept-http-fetch", "6"),
        standard: "301, 302, 303, 307 and 308 are redirects",
        instead: "so are 309 to 399, with a Location",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the network layer asks for the class of the status and leaves those four out."),
    },
    Entry {
        id: "redirect-error-needs-location",
        step: Step::new("concept-http-fetch", "6.3[error].1"),
        standard: "with the redirect mode error, a redirect status is a network error, with a Location or without",
        instead: "without one that says something it is an ordinary response",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both look for a redirect first, and apply the mode then (`net::HttpResponseHeaders::IsRedirect`, `NetworkDataTaskSoup::shouldStartHTTPRedirection`)."),
    },
    Entry {
        id: "different-locations-are-error",
        step: Step::new("concept-http-network-or-cache-fetch", "11.2"),
        standard: "several lines of Location matter where a redirect is followed",
        instead: "those that differ are a network error, whatever the status is",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: both network stacks refuse such an answer, lest somebody split it (`HttpStreamParser` of Chromium, `nsHttpResponseHead` of Firefox)."),
    },
    Entry {
        id: "redirect-with-credentials-blocked",
        step: Step::new("concept-http-redirect-fetch", "9"),
        standard: "a redirect to a URL with a user name or password is followed within an origin, and without CORS",
        instead: "that of a fetch() never is",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink's `FetchManager` refuses such a URL when it learns of the redirect."),
    },
    Entry {
        id: "redirect-checked-after-preflight",
        step: Step::new("concept-http-redirect-fetch", "9"),
        standard: "a user name or password in Location is refused before the next hop",
        instead: "where it leaves the page's own origin, after the preflight of the next hop",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkLoadChecker::checkRedirection` refuses redirects of another origin alone, and the others are found when the next request is checked."),
    },
    Entry {
        id: "redirect-checked-as-including",
        step: Step::new("concept-http-fetch", "4.4"),
        standard: "the CORS check of a redirect asks for credentials only if the credentials mode is include",
        instead: "once more as if it were, behind the preflight of the next hop, if the fetch began at the page's own origin with same-origin",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the check of redirects asks `NetworkLoadChecker` for the credentials policy, which is that of the first URL."),
    },
    Entry {
        id: "redirect-from-author-headers",
        step: Step::new("concept-http-redirect-fetch", "12"),
        standard: "what a redirect took off the header list stays off",
        instead: "each hop begins with the author's headers: its status and the author's method say whether it loses those of the body, and it loses Authorization where it leaves an origin",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the author's headers are set on each new channel (`FetchDriver::AsyncOnChannelRedirect`, `XMLHttpRequestMainThread::OnRedirectVerifyCallback`)."),
    },
    Entry {
        id: "redirect-restores-body-headers",
        step: Step::new("concept-http-redirect-fetch", "12"),
        standard: "the headers of a body that was dropped stay off",
        instead: "with CORS they come back in the next hop; without, Content-Type does with the next 307 or 308",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`NetworkLoadChecker` builds checked requests of the original headers, and `NetworkDataTaskSoup::continueHTTPRedirection` takes Content-Type from the first."),
    },
    Entry {
        id: "redirect-of-delete-to-get",
        step: Step::new("concept-http-redirect-fetch", "12"),
        standard: "a DELETE becomes a GET by 303 alone",
        instead: "any redirect to another origin makes it a GET, with the headers of its body but without the body",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`shouldRedirectAsGET` in `NetworkDataTaskSoup.cpp`; other ports of WebKit have another network layer, and are not believed to do it."),
    },
    Entry {
        id: "redirect-drops-client-hints",
        step: Step::new("concept-http-redirect-fetch", "13"),
        standard: "the author's headers survive redirects, but for Authorization",
        instead: "a redirect to another origin than the page's drops DPR, Device-Memory, Downlink, ECT, RTT, Viewport-Width and Width",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: client hints are removed on the way to origins that did not ask for them, whoever set them."),
    },
    Entry {
        id: "preflight-after-preflight",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight]"),
        standard: "each hop decides for itself whether it needs a preflight",
        instead: "all hops after one that needed it do",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the preflight's flag, which `HttpBaseChannel::SetupReplacementChannel` copies, and `m_isSimpleRequest` of `NetworkLoadChecker`, which stays false."),
    },
    Entry {
        id: "preflight-decided-by-author",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight]"),
        standard: "the headers that will be sent decide whether a preflight is needed",
        instead: "those that the author set do, also where a redirect took them off",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both keep what the first request had (`nsILoadInfo::CorsUnsafeHeaders`, `m_originalRequestHeaders` of `NetworkLoadChecker`)."),
    },
    Entry {
        id: "preflight-for-stripped-headers",
        step: Step::new("cors-preflight-fetch-0", "4"),
        standard: "a preflight is asked for the headers that will be sent",
        instead: "it is asked for those of the author, but for what the last redirect takes off",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy.cpp`, which on each hop strips anew from the full list."),
    },
    Entry {
        id: "preflight-for-author-headers",
        step: Step::new("cors-preflight-fetch-0", "4"),
        standard: "a preflight is asked for the headers that will be sent",
        instead: "it is asked for those of the author, also where a redirect took them off",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`NetworkLoadChecker` hands the original headers to the preflight."),
    },
    Entry {
        id: "reload-skips-preflight-cache",
        step: Step::new("concept-http-fetch", "4.1"),
        standard: "the cache mode has no say in the preflight cache",
        instead: "with no-store and reload nothing is looked up there",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: Some(Version::new(140, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("the load flags, which `preflight_controller.cc` and `nsCORSListenerProxy::StartCORSPreflight` look at first."),
    },
    Entry {
        id: "no-cache-skips-preflight-cache",
        step: Step::new("concept-http-fetch", "4.1"),
        standard: "the cache mode has no say in the preflight cache",
        instead: "with no-cache nothing is looked up there",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`preflight_controller.cc`, which counts `LOAD_VALIDATE_CACHE` with the others."),
    },
    Entry {
        id: "no-store-keeps-no-preflight",
        step: Step::new("cors-preflight-fetch-0", "7.11"),
        standard: "the cache mode has no say in the preflight cache",
        instead: "with no-store nothing is stored there",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`LOAD_DISABLE_CACHE` in `preflight_controller.cc`."),
    },
    Entry {
        id: "conditional-is-no-cache",
        step: Step::new("concept-http-network-or-cache-fetch", "8.16"),
        standard: "a conditional header makes the cache mode default no-store",
        instead: "it makes it no-cache",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink gives such a request the flag to validate."),
    },
    Entry {
        id: "conditional-xhr-is-default",
        step: Step::new("concept-http-network-or-cache-fetch", "8.16"),
        standard: "a conditional header makes the cache mode default no-store",
        instead: "not that of an XMLHttpRequest",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the rule of the standard is in `InternalRequest`, which `XMLHttpRequest` does not use."),
    },
    Entry {
        id: "cache-mode-in-preflight",
        step: Step::new("cors-preflight-fetch-0", "1"),
        standard: "a preflight has no cache mode of its own",
        instead: "it has the Pragma and Cache-Control of the request's",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the load flags are copied to the preflight, and the network adds the headers by them."),
    },
    Entry {
        id: "max-age-limit-of-2-hours",
        step: Step::new("cors-preflight-fetch-0", "7.10"),
        standard: "a user agent may impose a limit on max-age; here it is 24 hours",
        instead: "the limit is 2 hours",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("the constant in `preflight_result.cc`."),
    },
    Entry {
        id: "max-age-limit-of-10-minutes",
        step: Step::new("cors-preflight-fetch-0", "7.10"),
        standard: "a user agent may impose a limit on max-age; here it is 24 hours",
        instead: "the limit is 10 minutes",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("the constant in `CrossOriginPreflightResultCache.cpp`."),
    },
    Entry {
        id: "cache-one-result",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "what preflights granted accumulates, and a look-up changes nothing",
        instead: "the cache holds the result of one preflight for an origin and URL: the next one replaces it, and a look-up that it does not answer erases it",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the shape of both caches: one object for an origin and URL, replaced by the next, and erased where it does not do (`preflight_cache.cc`, `CrossOriginPreflightResultCache.cpp`)."),
    },
    Entry {
        id: "cache-tokens",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "what was granted with credentials serves requests without, `*` serves all, and GET, HEAD and POST need no entry",
        instead: "what was granted with credentials and without is kept apart, `*` is a method or header of that name, and HEAD must have been listed",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsPreflightCache` in `nsCORSListenerProxy.cpp`, which compares names literally and exempts GET and POST."),
    },
    Entry {
        id: "cache-wildcard-of-result",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "a `*` that was granted with credentials serves in the cache",
        instead: "it serves nobody",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`preflight_result.cc`, which takes a `*` only if it was granted without credentials."),
    },
    Entry {
        id: "cache-wildcard-of-request",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "a `*` that was granted serves requests with credentials in the cache",
        instead: "it serves those without alone",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`CrossOriginPreflightResultCache.cpp`, which looks at a `*` with the credentials of the request that asks now."),
    },
    Entry {
        id: "cache-authorization-by-name",
        step: Step::new("cors-preflight-fetch-0", "7.14"),
        standard: "the preflight and the cache agree on Authorization",
        instead: "`*` covers it in the answer to a preflight, but never in the cache",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the answer is judged with the feature `CorsNonWildcardRequestHeadersSupport` off, and the cache asked with it on (`preflight_cache.cc`)."),
    },
    Entry {
        id: "cache-stores-refused",
        step: Step::new("cors-preflight-fetch-0", "7.5"),
        standard: "what a preflight granted is stored after all checks",
        instead: "it is stored before the method and the headers are checked",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`validatePreflightResponse` in `CrossOriginAccessControl.cpp`, which appends to the cache before it checks."),
    },
    Entry {
        id: "cache-key-untainted",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "after redirects that taint the origin, entries are kept for `null`",
        instead: "they are kept for the page's origin",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the key, as the preflight, has the principal that the load began with (`nsCORSListenerProxy.cpp`)."),
    },
    Entry {
        id: "cache-not-for-opaque-origins",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "the entries of sandboxed pages are kept for `null`",
        instead: "each preflight of a sandboxed page is repeated",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the key has the opaque origin, which is a new one for each request."),
    },
    Entry {
        id: "cache-not-for-tainted-origins",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "after redirects that taint the origin, entries are kept for `null`",
        instead: "nothing is found or kept",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: after such a redirect the origin is a new opaque one, of which there is no second."),
    },
    Entry {
        id: "preflight-origin-untainted",
        step: Step::new("cors-preflight-fetch-0", "6"),
        standard: "after redirects that taint the origin, preflights have `Origin: null`",
        instead: "they have the page's origin, and are checked against it",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy::StartCORSPreflight`, whose channel has the principal that the load began with."),
    },
    Entry {
        id: "preflight-to-own-origin-unchecked",
        step: Step::new("cors-preflight-fetch-0", "7"),
        standard: "the answer to each preflight must pass the CORS check",
        instead: "that of the page's own origin, after redirects away and back, need not",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the preflight's listener finds a URL of the principal's origin, and does not check it."),
    },
    Entry {
        id: "preflight-status-first",
        step: Step::new("cors-preflight-fetch-0", "7"),
        standard: "the answer to a preflight is refused for the CORS check before its status",
        instead: "for its status first",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "preflight-redirect-first",
        step: Step::new("cors-preflight-fetch-0", "7"),
        standard: "the answer to a preflight is refused for the CORS check before its status",
        instead: "for a redirect first, then for the CORS check, then for its status",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: a redirect ends the work of the loader of `preflight_controller.cc`, which asks for the CORS check in another place."),
    },
    Entry {
        id: "allow-headers-read-last",
        step: Step::new("cors-preflight-fetch-0", "7.3"),
        standard: "Access-Control-Allow-Headers is parsed before the method is checked",
        instead: "it is parsed behind that",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "forced-preflight-method-not-allowed",
        step: Step::new("cors-preflight-fetch-0", "7.4"),
        standard: "a preflight that an upload listener forces allows its method where Access-Control-Allow-Methods is missing",
        instead: "the method must be listed as ever",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: None,
    },
    Entry {
        id: "authorization-under-wildcard",
        step: Step::new("cors-preflight-fetch-0", "7.6"),
        standard: "`*` in Access-Control-Allow-Headers never covers Authorization",
        instead: "it does",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "max-age-of-integer",
        step: Step::new("cors-preflight-fetch-0", "7.8"),
        standard: "Access-Control-Max-Age has digits alone; anything else is 5 seconds, and what is too much is the limit",
        instead: "it is a 64-bit integer: `-1` is not kept, `+600` is 600, and what has no place in it is 5 seconds",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`base::StringToInt64` in `preflight_result.cc`, and `parseInteger` in `CrossOriginPreflightResultCache.cpp`."),
    },
    Entry {
        id: "max-age-of-digits",
        step: Step::new("cors-preflight-fetch-0", "7.8"),
        standard: "an Access-Control-Max-Age that is not digits alone is 5 seconds",
        instead: "what it comes with is not kept; an empty one is 5 seconds",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSPreflightListener::AddResultToCache`, which reads digit by digit."),
    },
    Entry {
        id: "cached-urls-limit-of-1024",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove entries when it likes; here as many URLs are kept as the capacity allows",
        instead: "1,024 URLs are kept",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("the constant in `preflight_cache.cc`, which drops ten neighbours of a random entry. The profile drops the URL that was stored first."),
    },
    Entry {
        id: "cached-urls-limit-of-100",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove entries when it likes; here as many URLs are kept as the capacity allows",
        instead: "100 URLs are kept",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("the constant in `nsCORSListenerProxy.cpp`."),
    },
    Entry {
        id: "cached-url-length-limit-of-1023",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove entries when it likes; here a URL may have any length",
        instead: "what is granted for a URL of 1,024 bytes or more is not kept",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("the constant in `preflight_cache.cc`."),
    },
    Entry {
        id: "cache-evicts-least-recently-used",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove entries when it likes; here the URL that was stored first leaves a full cache",
        instead: "the URL that was asked for longest ago leaves it",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("the list in `nsCORSListenerProxy.cpp`, to whose head each look-up moves its entry."),
    },
    Entry {
        id: "body-header-in-no-cors",
        step: Step::new("dom-request", "37.4"),
        standard: "without CORS, a Content-Type of a body that is not safelisted is dropped",
        instead: "it is sent",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Once },
        ],
        cause: Some("believed: `FetchBodyOwner` adds the type behind the guard."),
    },
    Entry {
        id: "forced-preflight-needs-body",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight]"),
        standard: "an upload listener forces a preflight",
        instead: "it does so only where there is a body",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the listener is registered with the upload of the body."),
    },
    Entry {
        id: "xhr-charset-in-place",
        step: Step::new("concept-bodyinit-extract", "5"),
        standard: "an XMLHttpRequest that changes the charset of a Content-Type writes it anew",
        instead: "it replaces the charset alone, between the quotes that were there",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: `ReplaceCharsetInMediaType` of Blink."),
    },
    Entry {
        id: "xhr-blob-type-must-parse",
        step: Step::new("concept-bodyinit-extract", "5"),
        standard: "the type of a Blob that an XMLHttpRequest sends is its Content-Type, whatever it is",
        instead: "one that is no MIME type is not sent",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: None,
    },
    Entry {
        id: "xhr-charset-judged-as-written",
        step: Step::new("cors-unsafe-request-header-names", "4"),
        standard: "an XMLHttpRequest makes the charset of a text's Content-Type UTF-8 before it is judged",
        instead: "the Content-Type is judged as the author wrote it",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: `XMLHttpRequestMainThread` lists the unsafe headers before it sets the body's type."),
    },
    Entry {
        id: "font-no-cors",
        step: Step::new("concept-main-fetch", "12[no-cors]"),
        standard: "fonts are asked for with CORS",
        instead: "fonts are asked for without CORS, with credentials",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: WebKit's loads of fonts are not set up for CORS where those of elements are."),
    },
    Entry {
        id: "shape-without-credentials",
        step: Step::new("concept-http-network-or-cache-fetch", "8.3"),
        standard: "the image of a shape is asked with credentials of the page's own origin",
        instead: "it is asked without",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: WebKit asks for images of styles with CORS as `crossorigin` without credentials."),
    },
    Entry {
        id: "thrown-errors-not-muted",
        step: Step::new("concept-main-fetch", "14"),
        standard: "the errors of a script that CORS does not share are `Script error.`",
        instead: "those that the script throws itself are told",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `js::ErrorObject::getOrCreateErrorReport` builds the report of an Error that the script made, without the flag that mutes; reports that the engine raises have it."),
    },
];
