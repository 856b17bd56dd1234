//! `spec-notes/catalogue.py` makes this file from `catalogue.toml`: edit that one.

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
    Recorded { release: Release::new(Chromium, Version::new(137, 0)), product: "Chromium 137", build: "137.0.7151.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(138, 0)), product: "Chromium 138", build: "138.0.7204.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(140, 0)), product: "Chromium 140", build: "140.0.7339.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(141, 0)), product: "Chromium 141", build: "141.0.7390.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(143, 0)), product: "Chromium 143", build: "143.0.7499.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(147, 0)), product: "Chromium 147", build: "147.0.7727.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(148, 0)), product: "Chromium 148", build: "148.0.7778.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(149, 0)), product: "Chromium 149", build: "149.0.7827.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(150, 0)), product: "Chromium 150", build: "150.0.7871.100 of Debian 12" },
    Recorded { release: Release::new(Chromium, Version::new(152, 0)), product: "Chromium 152", build: "152.0.7977.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(153, 0)), product: "Chromium 153", build: "153.0.8010.0, headless shell of @sparticuz/chromium" },
    Recorded { release: Release::new(Chromium, Version::new(156, 0)), product: "Chromium 156", build: "156.0.8078.73 of Debian 12" },
    Recorded { release: Release::new(Firefox, Version::new(140, 0)), product: "Firefox ESR 140", build: "140.12.0 of Debian 12" },
    Recorded { release: Release::new(Firefox, Version::new(153, 0)), product: "Firefox ESR 153", build: "153.8.0 of Debian 12" },
    Recorded { release: Release::new(Firefox, Version::new(159, 0)), product: "Firefox 159", build: "159.0 of Debian unstable" },
    Recorded { release: Release::new(Webkit, Version::new(2, 50)), product: "WebKitGTK 2.50", build: "2.50.6 of Debian 12, API 4.1" },
];

impl Departure {
    /// `range-below-2-to-63`: a position of 2^63 - 1 or more cannot be parsed, so that Range header is not safelisted.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position in a Range header may be any number.
    ///
    /// Seen in chromium since 153.
    pub const RANGE_BELOW_2_TO_63: Self = Self(0);
    /// `range-of-63-bits`: a position of 2^63 or more cannot be parsed, so that Range header is not safelisted.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position in a Range header may be any number.
    ///
    /// Seen in chromium before 153.
    pub const RANGE_OF_63_BITS: Self = Self(1);
    /// `range-below-2-to-64`: a position of 2^64 or more cannot be parsed, so that Range header is not safelisted.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position in a Range header may be any number.
    ///
    /// Seen in firefox, webkit.
    pub const RANGE_BELOW_2_TO_64: Self = Self(2);
    /// `range-unit-in-any-case`: a Range header may begin with `bytes` in any case, such as `BYTES`.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `2`: a Range header begins with `bytes` in lower case.
    ///
    /// Seen in chromium before 153, webkit.
    pub const RANGE_UNIT_IN_ANY_CASE: Self = Self(3);
    /// `range-plus-sign`: a position in a Range header may have a plus sign before its digits.
    ///
    /// The standard, [#simple-range-header-value](https://fetch.spec.whatwg.org/#simple-range-header-value) step `8`: a position in a Range header consists of digits alone.
    ///
    /// Seen in chromium before 153, webkit.
    pub const RANGE_PLUS_SIGN: Self = Self(4);
    /// `client-hints-safelisted`: DPR, Device-Memory, Downlink, ECT, RTT, Save-Data, Viewport-Width and Width with valid values are safelisted too, and so is Intervention.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[otherwise]`: only five header names are safelisted.
    ///
    /// Seen in chromium.
    pub const CLIENT_HINTS_SAFELISTED: Self = Self(5);
    /// `user-agent-safelisted`: the browser ignores a User-Agent that the page sets: it causes no preflight, and the browser sends its own.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[otherwise]`: User-Agent is not safelisted.
    ///
    /// Seen in chromium.
    pub const USER_AGENT_SAFELISTED: Self = Self(6);
    /// `high-bytes-unsafe`: the bytes 0x80 to 0xFF are unsafe in Accept and Content-Type.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[accept]`: the bytes 0x80 to 0xFF are safe in Accept and Content-Type.
    ///
    /// Seen in firefox.
    pub const HIGH_BYTES_UNSAFE: Self = Self(7);
    /// `content-type-without-comma`: a comma makes a Content-Type unsafe.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[content-type].3`: a comma in the parameters of a Content-Type is part of them.
    ///
    /// Seen in firefox.
    pub const CONTENT_TYPE_WITHOUT_COMMA: Self = Self(8);
    /// `content-type-with-last-semicolon`: a semicolon at the end of a Content-Type, after parameters, makes it unsafe.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[content-type].3`: a semicolon at the end of a Content-Type does not matter.
    ///
    /// Seen in firefox.
    pub const CONTENT_TYPE_WITH_LAST_SEMICOLON: Self = Self(9);
    /// `combined-values`: the values of a repeated name are judged and sent as one value, joined by `, `.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `4`: each header is judged by itself, even if its name is repeated.
    ///
    /// Seen in chromium, webkit.
    pub const COMBINED_VALUES: Self = Self(10);
    /// `no-total-limit`: the total size of safelisted values does not matter.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `5`: safelisted values of more than 1024 bytes together are unsafe.
    ///
    /// Seen in firefox.
    pub const NO_TOTAL_LIMIT: Self = Self(11);
    /// `duplicate-request-header-names`: Access-Control-Request-Headers names a header once for each unsafe value that the page appended.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `6`: Access-Control-Request-Headers names each header once.
    ///
    /// Seen in firefox.
    pub const DUPLICATE_REQUEST_HEADER_NAMES: Self = Self(12);
    /// `origin-whatever-referrer-policy`: without CORS, Origin is the page's origin whatever the referrer policy, but in navigations.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4.1`: without CORS, some referrer policies make Origin `null`.
    ///
    /// Seen in chromium.
    pub const ORIGIN_WHATEVER_REFERRER_POLICY: Self = Self(13);
    /// `origin-null-after-redirect`: without CORS, Origin is `null` after any redirect from one origin to another.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `2`: without CORS, Origin is `null` after a redirect that leaves an origin other than the page's.
    ///
    /// Seen in chromium.
    pub const ORIGIN_NULL_AFTER_REDIRECT: Self = Self(14);
    /// `redirect-forgets-referrer-policy`: without CORS, no referrer policy makes Origin `null` after a redirect from one origin to another.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4.1`: without CORS, some referrer policies make Origin `null`.
    ///
    /// Seen in webkit.
    pub const REDIRECT_FORGETS_REFERRER_POLICY: Self = Self(15);
    /// `origin-without-storage-access`: a sandboxed page's GET without CORS but with credentials has `Origin: null` if it goes to the top-level page's site.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4`: a GET without CORS has no Origin.
    ///
    /// Seen in chromium since 150.
    pub const ORIGIN_WITHOUT_STORAGE_ACCESS: Self = Self(16);
    /// `origin-of-elements`: an image, script, style sheet or font loaded with CORS has an Origin on GETs to the page's own origin too.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `3`: a GET has an Origin only if its fetch used CORS with another origin.
    ///
    /// Seen in chromium, webkit.
    pub const ORIGIN_OF_ELEMENTS: Self = Self(17);
    /// `origin-of-videos`: a video loaded with CORS has an Origin on GETs to the page's own origin too.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `3`: a GET has an Origin only if its fetch used CORS with another origin.
    ///
    /// Seen in webkit.
    pub const ORIGIN_OF_VIDEOS: Self = Self(18);
    /// `origin-of-beacon-referrer`: a sandboxed page's beacon without CORS has the origin of the page's URL as its Origin.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `2`: the Origin of a sandboxed page's request is `null`.
    ///
    /// Seen in webkit.
    pub const ORIGIN_OF_BEACON_REFERRER: Self = Self(19);
    /// `origin-kept-in-redirect`: if a redirect within one origin turns a request with an Origin into a GET, the GET keeps that Origin.
    ///
    /// The standard, [#append-a-request-origin-header](https://fetch.spec.whatwg.org/#append-a-request-origin-header) step `4`: a GET to the page's own origin, or without CORS, has no Origin.
    ///
    /// Seen in webkit.
    pub const ORIGIN_KEPT_IN_REDIRECT: Self = Self(20);
    /// `empty-location-is-no-redirect`: a redirect status with an empty Location is not a redirect, as if Location were missing.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: an empty Location leads to the response's own URL.
    ///
    /// Seen in chromium.
    pub const EMPTY_LOCATION_IS_NO_REDIRECT: Self = Self(21);
    /// `empty-location-is-error`: an empty Location is a network error.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: an empty Location leads to the response's own URL.
    ///
    /// Seen in webkit.
    pub const EMPTY_LOCATION_IS_ERROR: Self = Self(22);
    /// `identical-locations-are-one`: identical Location lines count as one.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `2`: two Location lines are a failure.
    ///
    /// Seen in chromium, firefox.
    pub const IDENTICAL_LOCATIONS_ARE_ONE: Self = Self(23);
    /// `locations-are-combined`: several Location lines are one value, joined by `, `.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `2`: two Location lines are a failure.
    ///
    /// Seen in webkit.
    pub const LOCATIONS_ARE_COMBINED: Self = Self(24);
    /// `location-of-bytes`: a byte of 0x80 or more in Location is percent-encoded as it is.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: a byte of 0x80 or more in Location is one character, which the URL encodes as two bytes of UTF-8.
    ///
    /// Seen in chromium, firefox.
    pub const LOCATION_OF_BYTES: Self = Self(25);
    /// `location-tab-escaped`: a tab in Location is sent as `%09`.
    ///
    /// The standard, [#concept-response-location-url](https://fetch.spec.whatwg.org/#concept-response-location-url) step `3`: the URL parser removes a tab from Location.
    ///
    /// Seen in firefox.
    pub const LOCATION_TAB_ESCAPED: Self = Self(26);
    /// `credentials-kept-in-redirect`: without CORS, a same-origin-credentials fetch that began at the page's own origin sends credentials wherever redirects lead.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.3`: with the credentials mode same-origin, no credentials are sent after a redirect to another origin.
    ///
    /// Seen in webkit.
    pub const CREDENTIALS_KEPT_IN_REDIRECT: Self = Self(27);
    /// `request-bytes-as-utf8`: each byte of 0x80 or more in a request header is sent as a character in UTF-8.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11.2`: the bytes of a request header's value are sent unchanged.
    ///
    /// Seen in webkit.
    pub const REQUEST_BYTES_AS_UTF8: Self = Self(28);
    /// `response-bytes-replaced`: each byte of a response header that is not part of valid UTF-8 becomes the three bytes of U+FFFD.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11.2`: the bytes of a response header's value are received unchanged.
    ///
    /// Seen in webkit.
    pub const RESPONSE_BYTES_REPLACED: Self = Self(29);
    /// `empty-response-lines-dropped`: a header whose first line is empty and whose second line is `x` has the value `x`.
    ///
    /// The standard, [#concept-header-list-get](https://fetch.spec.whatwg.org/#concept-header-list-get) step `2`: a header whose first line is empty and whose second line is `x` has the value `, x`.
    ///
    /// Seen in firefox.
    pub const EMPTY_RESPONSE_LINES_DROPPED: Self = Self(30);
    /// `about-blank-not-fetched`: `about:blank` cannot be fetched, even without CORS.
    ///
    /// The standard, [#concept-scheme-fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch) step `3[about]`: `about:blank` can be fetched without CORS.
    ///
    /// Seen in chromium, webkit.
    pub const ABOUT_BLANK_NOT_FETCHED: Self = Self(31);
    /// `manual-redirect-needs-url`: in the redirect mode manual, a Location that cannot be parsed is a network error.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `6.3[manual].2`: in the redirect mode manual, Location is not read.
    ///
    /// Seen in chromium.
    pub const MANUAL_REDIRECT_NEEDS_URL: Self = Self(32);
    /// `proxy-authentication-is-response`: a response of status 407 is an ordinary response.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `16`: a response of status 407 is a network error if there is nobody to prompt for credentials.
    ///
    /// Seen in firefox, webkit.
    pub const PROXY_AUTHENTICATION_IS_RESPONSE: Self = Self(33);
    /// `cache-kept-by-redirect-error`: a redirect that the redirect mode error refuses clears no preflight cache entries.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight].3`: any network error after a preflight clears the URL's preflight cache entries.
    ///
    /// Seen in firefox.
    pub const CACHE_KEPT_BY_REDIRECT_ERROR: Self = Self(34);
    /// `cache-kept-on-error`: a network error after a preflight clears no preflight cache entries.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight].3`: a network error after a preflight clears the URL's preflight cache entries.
    ///
    /// Seen in chromium, webkit.
    pub const CACHE_KEPT_ON_ERROR: Self = Self(35);
    /// `cache-cleared-by-simple-failure`: a request that needed no preflight clears the URL's preflight cache entries if it fails the CORS check.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[otherwise]`: a request that needed no preflight clears no preflight cache entries.
    ///
    /// Seen in firefox.
    pub const CACHE_CLEARED_BY_SIMPLE_FAILURE: Self = Self(36);
    /// `redirect-of-other-statuses`: 309 to 399 are redirects too, if the response has a Location.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `6`: only 301, 302, 303, 307 and 308 are redirects.
    ///
    /// Seen in webkit.
    pub const REDIRECT_OF_OTHER_STATUSES: Self = Self(37);
    /// `redirect-error-needs-location`: in the redirect mode error, a redirect status with an empty Location or none is an ordinary response.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `6.3[error].1`: in the redirect mode error, a redirect status is a network error, with or without a Location.
    ///
    /// Seen in chromium, webkit.
    pub const REDIRECT_ERROR_NEEDS_LOCATION: Self = Self(38);
    /// `different-locations-are-error`: Location lines that differ are a network error, whatever the status.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11.2`: several Location lines matter only where a redirect is followed.
    ///
    /// Seen in chromium, firefox.
    pub const DIFFERENT_LOCATIONS_ARE_ERROR: Self = Self(39);
    /// `redirect-with-credentials-blocked`: `fetch()` never follows a redirect to a URL with a user name or password.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `9`: a redirect to a URL with a user name or password is followed within an origin, and without CORS.
    ///
    /// Seen in chromium.
    pub const REDIRECT_WITH_CREDENTIALS_BLOCKED: Self = Self(40);
    /// `redirect-checked-after-preflight`: if a redirect leaves the page's own origin, a user name or password in Location is refused only after the next hop's preflight.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `9`: a user name or password in Location is refused before the next hop.
    ///
    /// Seen in webkit.
    pub const REDIRECT_CHECKED_AFTER_PREFLIGHT: Self = Self(41);
    /// `redirect-checked-as-including`: after the next hop's preflight, a second CORS check requires that credentials are allowed, if a same-origin-credentials fetch began at the page's origin.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `4.4`: only in the credentials mode include does the CORS check of a redirect require that credentials are allowed.
    ///
    /// Seen in webkit.
    pub const REDIRECT_CHECKED_AS_INCLUDING: Self = Self(42);
    /// `redirect-from-author-headers`: each hop starts from the author's headers, minus the body's if its status turns the author's method into GET, and minus Authorization if it leaves an origin.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `12`: a header that a redirect removed stays removed.
    ///
    /// Seen in firefox.
    pub const REDIRECT_FROM_AUTHOR_HEADERS: Self = Self(43);
    /// `redirect-restores-body-headers`: with CORS, the headers of a dropped body come back on the next hop; without CORS, Content-Type comes back with the next 307 or 308.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `12`: the headers of a body that a redirect dropped stay removed.
    ///
    /// Seen in webkit.
    pub const REDIRECT_RESTORES_BODY_HEADERS: Self = Self(44);
    /// `redirect-of-delete-to-get`: any redirect to another origin turns a DELETE into a GET, which keeps the headers of the body but not the body.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `12`: only a 303 turns a DELETE into a GET.
    ///
    /// Seen in webkit.
    pub const REDIRECT_OF_DELETE_TO_GET: Self = Self(45);
    /// `redirect-drops-client-hints`: a redirect to an origin other than the page's drops DPR, Device-Memory, Downlink, ECT, RTT, Viewport-Width and Width.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `13`: redirects remove no header that the author set, except Authorization.
    ///
    /// Seen in chromium.
    pub const REDIRECT_DROPS_CLIENT_HINTS: Self = Self(46);
    /// `upgraded-request-of-http`: a request whose URL is upgraded to https counts as one for the http URL: the page's own host is another origin, and a redirect to it taints the request's origin.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `6`: a request whose URL is upgraded to https counts as one for the https URL.
    ///
    /// Seen in firefox, webkit.
    pub const UPGRADED_REQUEST_OF_HTTP: Self = Self(47);
    /// `url-credentials-blocked`: an element without CORS, an EventSource and a beacon may not ask for a URL with a user name or password; a redirect of an element or an EventSource to one is not followed.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `7`: any request may be for a URL with a user name or password.
    ///
    /// Seen in chromium since 59.
    pub const URL_CREDENTIALS_BLOCKED: Self = Self(48);
    /// `mixed-content-after-preflight`: a redirect of a page of https to an http URL is blocked after the preflight to that URL.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `7`: a redirect of a page of https to an http URL is blocked before anything is sent there.
    ///
    /// Seen in webkit.
    pub const MIXED_CONTENT_AFTER_PREFLIGHT: Self = Self(49);
    /// `preflight-after-preflight`: every hop after one that needed a preflight needs one too.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight]`: each hop decides for itself whether it needs a preflight.
    ///
    /// Seen in firefox, webkit.
    pub const PREFLIGHT_AFTER_PREFLIGHT: Self = Self(50);
    /// `preflight-decided-by-author`: the headers that the author set decide whether a preflight is needed, even if a redirect removed them.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight]`: the headers that will be sent decide whether a preflight is needed.
    ///
    /// Seen in firefox, webkit.
    pub const PREFLIGHT_DECIDED_BY_AUTHOR: Self = Self(51);
    /// `preflight-for-stripped-headers`: a preflight asks for the author's headers, except those that the last redirect removes.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `4`: a preflight asks for the headers that will be sent.
    ///
    /// Seen in firefox.
    pub const PREFLIGHT_FOR_STRIPPED_HEADERS: Self = Self(52);
    /// `preflight-for-author-headers`: a preflight asks for the author's headers, even if a redirect removed them.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `4`: a preflight asks for the headers that will be sent.
    ///
    /// Seen in webkit.
    pub const PREFLIGHT_FOR_AUTHOR_HEADERS: Self = Self(53);
    /// `reload-skips-preflight-cache`: with the cache modes no-store and reload, the preflight cache is not consulted.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `4.1`: the cache mode does not affect the preflight cache.
    ///
    /// Seen in chromium, firefox since 140.
    pub const RELOAD_SKIPS_PREFLIGHT_CACHE: Self = Self(54);
    /// `no-cache-skips-preflight-cache`: with the cache mode no-cache, the preflight cache is not consulted.
    ///
    /// The standard, [#concept-http-fetch](https://fetch.spec.whatwg.org/#concept-http-fetch) step `4.1`: the cache mode does not affect the preflight cache.
    ///
    /// Seen in chromium.
    pub const NO_CACHE_SKIPS_PREFLIGHT_CACHE: Self = Self(55);
    /// `no-store-keeps-no-preflight`: with the cache mode no-store, nothing is stored in the preflight cache.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.11`: the cache mode does not affect the preflight cache.
    ///
    /// Seen in chromium.
    pub const NO_STORE_KEEPS_NO_PREFLIGHT: Self = Self(56);
    /// `preflight-mode-without-tls`: a preflight to a URL that is not potentially trustworthy has Sec-Fetch-Mode, and no other Fetch Metadata.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: a preflight to a URL that is not potentially trustworthy has no Fetch Metadata.
    ///
    /// Seen in chromium.
    pub const PREFLIGHT_MODE_WITHOUT_TLS: Self = Self(57);
    /// `preflight-metadata-by-first-url`: a preflight has no Fetch Metadata if the first URL of its fetch is not potentially trustworthy.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: a preflight to a URL that is potentially trustworthy has Fetch Metadata.
    ///
    /// Seen in webkit.
    pub const PREFLIGHT_METADATA_BY_FIRST_URL: Self = Self(58);
    /// `no-fetch-metadata-in-redirect`: a request with CORS that a redirect has just led to another origin has no Fetch Metadata.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: a request has Fetch Metadata after redirects, too.
    ///
    /// Seen in webkit.
    pub const NO_FETCH_METADATA_IN_REDIRECT: Self = Self(59);
    /// `preflight-site-of-url`: the Sec-Fetch-Site of a preflight tells of its own URL alone.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: the Sec-Fetch-Site of a preflight tells of all URLs that redirects led through.
    ///
    /// Seen in chromium, firefox.
    pub const PREFLIGHT_SITE_OF_URL: Self = Self(60);
    /// `preflight-site-of-tainted-origin`: the Sec-Fetch-Site of a preflight tells of its own URL alone, and is cross-site if its Origin is null.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: the Sec-Fetch-Site of a preflight tells of all URLs that redirects led through.
    ///
    /// Seen in webkit.
    pub const PREFLIGHT_SITE_OF_TAINTED_ORIGIN: Self = Self(61);
    /// `conditional-is-no-cache`: a conditional header turns the cache mode default into no-cache.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.16`: a conditional header turns the cache mode default into no-store.
    ///
    /// Seen in chromium.
    pub const CONDITIONAL_IS_NO_CACHE: Self = Self(62);
    /// `conditional-xhr-is-default`: a conditional header of an XMLHttpRequest does not change the cache mode default.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.16`: a conditional header turns the cache mode default into no-store.
    ///
    /// Seen in firefox.
    pub const CONDITIONAL_XHR_IS_DEFAULT: Self = Self(63);
    /// `cache-mode-in-preflight`: a preflight has the Pragma and Cache-Control that the request's cache mode calls for.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `1`: a preflight has no cache mode of its own, and so neither Pragma nor Cache-Control.
    ///
    /// Seen in chromium, firefox.
    pub const CACHE_MODE_IN_PREFLIGHT: Self = Self(64);
    /// `max-age-limit-of-2-hours`: max-age is limited to 2 hours.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.10`: a user agent may limit max-age; this library's default limit is 24 hours.
    ///
    /// Seen in chromium.
    pub const MAX_AGE_LIMIT_OF_2_HOURS: Self = Self(65);
    /// `max-age-limit-of-10-minutes`: max-age is limited to 10 minutes.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.10`: a user agent may limit max-age; this library's default limit is 24 hours.
    ///
    /// Seen in webkit.
    pub const MAX_AGE_LIMIT_OF_10_MINUTES: Self = Self(66);
    /// `cache-one-result`: the cache holds one preflight's result per origin and URL: the next preflight replaces it, and a look-up that it does not satisfy erases it.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: the cache accumulates what preflights granted, and a look-up changes nothing.
    ///
    /// Seen in chromium, webkit.
    pub const CACHE_ONE_RESULT: Self = Self(67);
    /// `cache-tokens`: grants with and without credentials are kept apart, `*` is a method or header of that name, and HEAD must have been listed.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: a grant with credentials serves requests without them, `*` serves all, and GET, HEAD and POST need no cache entry.
    ///
    /// Seen in firefox.
    pub const CACHE_TOKENS: Self = Self(68);
    /// `cache-wildcard-of-result`: a `*` that was granted with credentials serves no later request from the cache.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: a `*` that was granted with credentials serves later requests from the cache.
    ///
    /// Seen in chromium.
    pub const CACHE_WILDCARD_OF_RESULT: Self = Self(69);
    /// `cache-wildcard-of-request`: a `*` in the cache serves only requests without credentials.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: a `*` in the cache serves requests with credentials too.
    ///
    /// Seen in webkit.
    pub const CACHE_WILDCARD_OF_REQUEST: Self = Self(70);
    /// `cache-authorization-by-name`: `*` covers Authorization in the answer to a preflight, but never in the cache.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.14`: the preflight and the cache treat Authorization alike.
    ///
    /// Seen in chromium.
    pub const CACHE_AUTHORIZATION_BY_NAME: Self = Self(71);
    /// `cache-stores-refused`: what a preflight granted is stored before the method and the headers are checked.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.5`: what a preflight granted is stored after all checks.
    ///
    /// Seen in webkit.
    pub const CACHE_STORES_REFUSED: Self = Self(72);
    /// `cache-key-untainted`: after redirects that taint the origin, cache entries are kept for the page's origin.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: after redirects that taint the origin, cache entries are kept for `null`.
    ///
    /// Seen in firefox.
    pub const CACHE_KEY_UNTAINTED: Self = Self(73);
    /// `cache-not-for-opaque-origins`: a sandboxed page repeats each preflight, because its cache entries are never found.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: the cache entries of sandboxed pages are kept for `null`.
    ///
    /// Seen in chromium.
    pub const CACHE_NOT_FOR_OPAQUE_ORIGINS: Self = Self(74);
    /// `cache-not-for-tainted-origins`: after redirects that taint the origin, no cache entry is found or kept.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.12`: after redirects that taint the origin, cache entries are kept for `null`.
    ///
    /// Seen in chromium, webkit.
    pub const CACHE_NOT_FOR_TAINTED_ORIGINS: Self = Self(75);
    /// `preflight-origin-untainted`: after redirects that taint the origin, preflights have the page's origin and are checked against it.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `6`: after redirects that taint the origin, preflights have `Origin: null`.
    ///
    /// Seen in firefox.
    pub const PREFLIGHT_ORIGIN_UNTAINTED: Self = Self(76);
    /// `preflight-to-own-origin-unchecked`: the answer to a preflight to the page's own origin, after redirects away and back, need not pass the CORS check.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7`: the answer to each preflight must pass the CORS check.
    ///
    /// Seen in firefox.
    pub const PREFLIGHT_TO_OWN_ORIGIN_UNCHECKED: Self = Self(77);
    /// `preflight-status-first`: the status of the answer to a preflight is checked before the CORS check.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7`: the answer to a preflight must pass the CORS check before its status is checked.
    ///
    /// Seen in webkit.
    pub const PREFLIGHT_STATUS_FIRST: Self = Self(78);
    /// `preflight-redirect-first`: the answer to a preflight is refused as a redirect first, then by the CORS check, then for its status.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7`: the answer to a preflight must pass the CORS check before its status is checked.
    ///
    /// Seen in chromium.
    pub const PREFLIGHT_REDIRECT_FIRST: Self = Self(79);
    /// `allow-headers-read-last`: Access-Control-Allow-Headers is parsed after the method is checked.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.3`: Access-Control-Allow-Headers is parsed before the method is checked.
    ///
    /// Seen in firefox.
    pub const ALLOW_HEADERS_READ_LAST: Self = Self(80);
    /// `forced-preflight-method-not-allowed`: a preflight that an upload listener forces needs its method listed like any other.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.4`: a preflight that an upload listener forces allows its method if Access-Control-Allow-Methods is missing.
    ///
    /// Seen in chromium, firefox, webkit.
    pub const FORCED_PREFLIGHT_METHOD_NOT_ALLOWED: Self = Self(81);
    /// `authorization-under-wildcard`: `*` in Access-Control-Allow-Headers covers Authorization too.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.6`: `*` in Access-Control-Allow-Headers never covers Authorization.
    ///
    /// Seen in chromium, firefox, webkit.
    pub const AUTHORIZATION_UNDER_WILDCARD: Self = Self(82);
    /// `max-age-of-integer`: Access-Control-Max-Age is a 64-bit integer: with `-1` nothing is cached, `+600` is 600 seconds, and a number that does not fit is 5 seconds.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.8`: Access-Control-Max-Age consists of digits; anything else counts as 5 seconds, and a number that is too large counts as the limit.
    ///
    /// Seen in chromium, webkit.
    pub const MAX_AGE_OF_INTEGER: Self = Self(83);
    /// `max-age-of-digits`: nothing is cached if Access-Control-Max-Age does not consist of digits; an empty value counts as 5 seconds.
    ///
    /// The standard, [#cors-preflight-fetch-0](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step `7.8`: an Access-Control-Max-Age that does not consist of digits counts as 5 seconds.
    ///
    /// Seen in firefox.
    pub const MAX_AGE_OF_DIGITS: Self = Self(84);
    /// `cached-urls-limit-of-1024`: the cache keeps at most 1,024 URLs.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove cache entries at any time; this library keeps as many URLs as its capacity allows.
    ///
    /// Seen in chromium.
    pub const CACHED_URLS_LIMIT_OF_1024: Self = Self(85);
    /// `cached-urls-limit-of-100`: the cache keeps at most 100 URLs.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove cache entries at any time; this library keeps as many URLs as its capacity allows.
    ///
    /// Seen in firefox.
    pub const CACHED_URLS_LIMIT_OF_100: Self = Self(86);
    /// `cached-url-length-limit-of-1023`: what a preflight granted for a URL of 1,024 bytes or more is not stored.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove cache entries at any time; this library keeps URLs of any length.
    ///
    /// Seen in chromium.
    pub const CACHED_URL_LENGTH_LIMIT_OF_1023: Self = Self(87);
    /// `cache-evicts-least-recently-used`: if the cache is full, the URL that was looked up longest ago leaves it.
    ///
    /// The standard, [#concept-cache-create-entry](https://fetch.spec.whatwg.org/#concept-cache-create-entry) step `2`: a user agent may remove cache entries at any time; if this library's cache is full, the URL that was stored first leaves it.
    ///
    /// Seen in firefox.
    pub const CACHE_EVICTS_LEAST_RECENTLY_USED: Self = Self(88);
    /// `body-header-in-no-cors`: without CORS, a Content-Type that comes from the body is sent even if it is not safelisted.
    ///
    /// The standard, [#dom-request](https://fetch.spec.whatwg.org/#dom-request) step `37.4`: without CORS, a Content-Type that comes from the body and is not safelisted is dropped.
    ///
    /// Seen in webkit.
    pub const BODY_HEADER_IN_NO_CORS: Self = Self(89);
    /// `forced-preflight-needs-body`: an upload listener forces a preflight only if the request has a body.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[use-cors-preflight]`: an upload listener forces a preflight.
    ///
    /// Seen in chromium.
    pub const FORCED_PREFLIGHT_NEEDS_BODY: Self = Self(90);
    /// `xhr-charset-in-place`: an XMLHttpRequest that changes the charset of a Content-Type replaces only the charset, within any quotes around it.
    ///
    /// The standard, [#concept-bodyinit-extract](https://fetch.spec.whatwg.org/#concept-bodyinit-extract) step `5`: an XMLHttpRequest that changes the charset of a Content-Type serializes the whole value anew.
    ///
    /// Seen in chromium.
    pub const XHR_CHARSET_IN_PLACE: Self = Self(91);
    /// `xhr-blob-type-must-parse`: an XMLHttpRequest does not send the type of a Blob if it is not a MIME type.
    ///
    /// The standard, [#concept-bodyinit-extract](https://fetch.spec.whatwg.org/#concept-bodyinit-extract) step `5`: an XMLHttpRequest sends the type of a Blob as its Content-Type, whatever it is.
    ///
    /// Seen in chromium, webkit.
    pub const XHR_BLOB_TYPE_MUST_PARSE: Self = Self(92);
    /// `xhr-charset-judged-as-written`: the Content-Type of an XMLHttpRequest is judged as the author wrote it.
    ///
    /// The standard, [#cors-unsafe-request-header-names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) step `4`: an XMLHttpRequest sets the charset of a text's Content-Type to UTF-8 before the header is judged.
    ///
    /// Seen in firefox.
    pub const XHR_CHARSET_JUDGED_AS_WRITTEN: Self = Self(93);
    /// `font-no-cors`: fonts are requested without CORS, with credentials.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `12[no-cors]`: fonts are requested with CORS.
    ///
    /// Seen in webkit.
    pub const FONT_NO_CORS: Self = Self(94);
    /// `shape-without-credentials`: the image of a CSS shape is requested without credentials, even from the page's own origin.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.3`: the image of a CSS shape is requested with credentials from the page's own origin.
    ///
    /// Seen in webkit.
    pub const SHAPE_WITHOUT_CREDENTIALS: Self = Self(95);
    /// `only-if-cached-sent`: a request of the cache mode only-if-cached is sent if nothing is cached.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `11`: a request of the cache mode only-if-cached ends in a network error if nothing is cached.
    ///
    /// Seen in webkit.
    pub const ONLY_IF_CACHED_SENT: Self = Self(96);
    /// `private-network-header-dropped`: a page that sets Access-Control-Request-Private-Network sets nothing, as if it were a forbidden name.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: a page may set Access-Control-Request-Private-Network.
    ///
    /// Seen in chromium before 152.
    pub const PRIVATE_NETWORK_HEADER_DROPPED: Self = Self(97);
    /// `no-store-without-headers`: a request of the cache mode no-store has neither Pragma nor Cache-Control of the browser's own.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.18`: a request of the cache mode no-store has Pragma and Cache-Control.
    ///
    /// Seen in chromium before 148.
    pub const NO_STORE_WITHOUT_HEADERS: Self = Self(98);
    /// `available-dictionary-refused`: a request in which the page sets Available-Dictionary ends in a network error, and nothing is sent.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.13`: a page may set Available-Dictionary.
    ///
    /// Seen in chromium since 156.
    pub const AVAILABLE_DICTIONARY_REFUSED: Self = Self(99);
    /// `opaque-response-blocking-without-parsing`: an image, a video or a script that CORS does not share is blocked if its type says that it is data, such as text/csv or application/pdf, or text/html with nosniff; bodies are looked at for HTML, XML and JSON, and not parsed.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `20`: a response that CORS does not share may be of any type that a script must not have.
    ///
    /// Seen in chromium.
    pub const OPAQUE_RESPONSE_BLOCKING_WITHOUT_PARSING: Self = Self(100);
    /// `opaque-response-blocking-with-parsing`: an image, a video or a script that CORS does not share is blocked if its type says that it is data, such as text/csv or application/pdf, or text/html with nosniff, or if it is only the middle of a resource; other bodies are parsed as scripts.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `20`: a response that CORS does not share may be of any type that a script must not have.
    ///
    /// Seen in firefox.
    pub const OPAQUE_RESPONSE_BLOCKING_WITH_PARSING: Self = Self(101);
    /// `final-redirect-but-modules`: a script, a style sheet or a font loads if the final status is from 300 to 399; a module does not.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: a script, a style sheet or a font fails if the final status is not from 200 to 299.
    ///
    /// Seen in chromium.
    pub const FINAL_REDIRECT_BUT_MODULES: Self = Self(102);
    /// `final-redirect-but-sheets`: a script, a module or a font loads if the final status is from 300 to 399; a style sheet does not.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: a script, a module or a font fails if the final status is not from 200 to 299.
    ///
    /// Seen in webkit.
    pub const FINAL_REDIRECT_BUT_SHEETS: Self = Self(103);
    /// `reset-content-with-body`: a response with the status 205 has the body that was sent.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `22`: a response with the status 205 has no body.
    ///
    /// Seen in webkit.
    pub const RESET_CONTENT_WITH_BODY: Self = Self(104);
    /// `no-body-is-empty`: a module or a style sheet whose response has no body, as with the status 204, loads as an empty one.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `22`: a module or a style sheet fails if its response has no body, as with the status 204.
    ///
    /// Seen in chromium, firefox, webkit.
    pub const NO_BODY_IS_EMPTY: Self = Self(105);
    /// `style-sheets-of-any-type`: a style sheet of any type fires `load`, unless nosniff or opaque response blocking refuses it.
    ///
    /// The standard, [#concept-header-extract-mime-type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type) step `8`: a style sheet of a type other than text/css fails.
    ///
    /// Seen in chromium.
    pub const STYLE_SHEETS_OF_ANY_TYPE: Self = Self(106);
    /// `style-sheet-type-as-written`: a style sheet whose Content-Type has a slash but no valid MIME type is refused.
    ///
    /// The standard, [#concept-header-extract-mime-type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type) step `8`: a style sheet whose Content-Type has no valid MIME type is taken for text/css.
    ///
    /// Seen in firefox.
    pub const STYLE_SHEET_TYPE_AS_WRITTEN: Self = Self(107);
    /// `style-sheet-type-first`: what stands before the first comma decides whether a response is a style sheet.
    ///
    /// The standard, [#concept-header-extract-mime-type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type) step `8`: the last valid MIME type of a list decides whether a response is a style sheet.
    ///
    /// Seen in webkit.
    pub const STYLE_SHEET_TYPE_FIRST: Self = Self(108);
    /// `event-stream-of-utf-8`: an event stream must not name another charset than UTF-8.
    ///
    /// The standard, [#concept-header-extract-mime-type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type) step `8`: an event stream may name any charset.
    ///
    /// Seen in chromium.
    pub const EVENT_STREAM_OF_UTF_8: Self = Self(109);
    /// `event-stream-type-first`: what stands before the first comma of the last Content-Type line decides whether a response is an event stream.
    ///
    /// The standard, [#concept-header-extract-mime-type](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type) step `8`: the last valid MIME type of a list decides whether a response is an event stream.
    ///
    /// Seen in webkit.
    pub const EVENT_STREAM_TYPE_FIRST: Self = Self(110);
    /// `image-decoder-by-type`: a response of application/pdf or video/* is not taken for an image, whatever its bytes are.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: the bytes decide whether a response is an image.
    ///
    /// Seen in webkit.
    pub const IMAGE_DECODER_BY_TYPE: Self = Self(111);
    /// `failed-modules-forgotten`: a page asks again for a module that failed.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: the module map keeps failures: a page does not ask again for a module that failed.
    ///
    /// Seen in chromium, webkit.
    pub const FAILED_MODULES_FORGOTTEN: Self = Self(112);
    /// `available-images-by-url`: a page keeps one image for each URL without its fragment, until it asks for that URL with another state of `crossorigin` or by another API.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: a page keeps an image for each URL with its fragment and each state of `crossorigin`.
    ///
    /// Seen in chromium, webkit.
    pub const AVAILABLE_IMAGES_BY_URL: Self = Self(113);
    /// `style-sheets-kept`: a page does not ask again for a style sheet that it loaded with the same state of `crossorigin`, even with no-store.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: a page asks for a style sheet each time.
    ///
    /// Seen in firefox.
    pub const STYLE_SHEETS_KEPT: Self = Self(114);
    /// `beacon-redirected-in-place`: a redirect of a beacon changes its headers as the standard says and restores none, and a preflight behind it asks for Content-Type all the same.
    ///
    /// The standard, [#concept-http-redirect-fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) step `13`: a redirect changes the headers of a beacon as it changes those of other requests.
    ///
    /// Seen in firefox.
    pub const BEACON_REDIRECTED_IN_PLACE: Self = Self(115);
    /// `beacon-without-limit`: sendBeacon() takes a body of any size.
    ///
    /// The standard, [#concept-http-network-or-cache-fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch) step `8.10`: sendBeacon() returns false if the body has more than 64 KiB.
    ///
    /// Seen in firefox.
    pub const BEACON_WITHOUT_LIMIT: Self = Self(116);
    /// `beacon-type-dropped`: a beacon has no Content-Type, and needs no preflight, if the type of its Blob is not a type, a subtype and parameters with values as HTTP writes them.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `2[content-type]`: a beacon has the type of its Blob for Content-Type, and needs a preflight if that is not safelisted.
    ///
    /// Seen in chromium.
    pub const BEACON_TYPE_DROPPED: Self = Self(117);
    /// `beacon-type-of-any-length`: a beacon whose type is safelisted but for its length needs no preflight.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `1`: a beacon whose type has more than 128 bytes needs a preflight.
    ///
    /// Seen in chromium.
    pub const BEACON_TYPE_OF_ANY_LENGTH: Self = Self(118);
    /// `beacon-preflight-ignores-length`: a beacon whose type is safelisted but for its length is sent with CORS and needs no preflight.
    ///
    /// The standard, [#cors-safelisted-request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) step `1`: a beacon whose type has more than 128 bytes needs a preflight.
    ///
    /// Seen in firefox.
    pub const BEACON_PREFLIGHT_IGNORES_LENGTH: Self = Self(119);
    /// `beacon-refused-but-port`: sendBeacon() returns false if its request is mixed content, or its URL has a user name or password.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `7`: sendBeacon() returns true if its request is blocked before anything is sent.
    ///
    /// Seen in chromium.
    pub const BEACON_REFUSED_BUT_PORT: Self = Self(120);
    /// `beacon-refused-at-once`: sendBeacon() returns false if its request is mixed content or goes to a blocked port.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `7`: sendBeacon() returns true if its request is blocked before anything is sent.
    ///
    /// Seen in firefox, webkit.
    pub const BEACON_REFUSED_AT_ONCE: Self = Self(121);
    /// `response-url-without-credentials`: `responseURL` has no user name and no password if the response is of CORS.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `24`: `responseURL` has the user name and password of the URL.
    ///
    /// Seen in webkit.
    pub const RESPONSE_URL_WITHOUT_CREDENTIALS: Self = Self(122);
    /// `thrown-errors-not-muted`: a page gets the full error that a script throws itself, even if CORS does not share the script.
    ///
    /// The standard, [#concept-main-fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) step `14`: a page gets `Script error.` for each error of a script that CORS does not share.
    ///
    /// Seen in firefox.
    pub const THROWN_ERRORS_NOT_MUTED: Self = Self(123);
}

#[rustfmt::skip]
pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        id: "range-below-2-to-63",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position in a Range header may be any number",
        instead: "a position of 2^63 - 1 or more cannot be parsed, so that Range header is not safelisted",
        seen_in: &[
            Sighting { engine: Chromium, since: Some(Version::new(153, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `net::HttpByteRange` holds positions as signed 64-bit numbers and reserves the greatest of them."),
    },
    Entry {
        id: "range-of-63-bits",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position in a Range header may be any number",
        instead: "a position of 2^63 or more cannot be parsed, so that Range header is not safelisted",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: Some(Version::new(153, 0)), certainty: Certainty::Repeated },
        ],
        cause: Some("believed: `net::HttpByteRange` holds positions as signed 64-bit numbers. Since 153 it takes the greatest of them for no position, as `range-below-2-to-63` says."),
    },
    Entry {
        id: "range-below-2-to-64",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position in a Range header may be any number",
        instead: "a position of 2^64 or more cannot be parsed, so that Range header is not safelisted",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `nsContentUtils::ParseSingleRangeRequest` in Firefox and `parseRange` in WebKit's `HTTPParsers.cpp` read positions as unsigned 64-bit numbers."),
    },
    Entry {
        id: "range-unit-in-any-case",
        step: Step::new("simple-range-header-value", "2"),
        standard: "a Range header begins with `bytes` in lower case",
        instead: "a Range header may begin with `bytes` in any case, such as `BYTES`",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: Some(Version::new(153, 0)), certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the parser in `HTTPParsers.cpp`, which WebKit uses for responses too, ignores the case of the unit."),
    },
    Entry {
        id: "range-plus-sign",
        step: Step::new("simple-range-header-value", "8"),
        standard: "a position in a Range header consists of digits alone",
        instead: "a position in a Range header may have a plus sign before its digits",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: Some(Version::new(153, 0)), certainty: Certainty::Once },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: WebKit's integer parser accepts a leading sign."),
    },
    Entry {
        id: "client-hints-safelisted",
        step: Step::new("cors-safelisted-request-header", "2[otherwise]"),
        standard: "only five header names are safelisted",
        instead: "DPR, Device-Memory, Downlink, ECT, RTT, Save-Data, Viewport-Width and Width with valid values are safelisted too, and so is Intervention",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`IsCorsSafelistedHeader` in `cors.cc` has these names in its list."),
    },
    Entry {
        id: "user-agent-safelisted",
        step: Step::new("cors-safelisted-request-header", "2[otherwise]"),
        standard: "User-Agent is not safelisted",
        instead: "the browser ignores a User-Agent that the page sets: it causes no preflight, and the browser sends its own",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink overwrites the header that the page set before the request leaves the renderer."),
    },
    Entry {
        id: "high-bytes-unsafe",
        step: Step::new("cors-safelisted-request-header", "2[accept]"),
        standard: "the bytes 0x80 to 0xFF are safe in Accept and Content-Type",
        instead: "the bytes 0x80 to 0xFF are unsafe in Accept and Content-Type",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `nsContentUtils::IsCORSUnsafeRequestHeader` compares a signed `char` with 0x20."),
    },
    Entry {
        id: "content-type-without-comma",
        step: Step::new("cors-safelisted-request-header", "2[content-type].3"),
        standard: "a comma in the parameters of a Content-Type is part of them",
        instead: "a comma makes a Content-Type unsafe",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: for `NS_ParseRequestContentType` in `nsURLHelper.cpp`, a comma begins another type."),
    },
    Entry {
        id: "content-type-with-last-semicolon",
        step: Step::new("cors-safelisted-request-header", "2[content-type].3"),
        standard: "a semicolon at the end of a Content-Type does not matter",
        instead: "a semicolon at the end of a Content-Type, after parameters, makes it unsafe",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Firefox parses a Content-Type by a grammar of its own, which does not allow an empty parameter after others."),
    },
    Entry {
        id: "combined-values",
        step: Step::new("cors-unsafe-request-header-names", "4"),
        standard: "each header is judged by itself, even if its name is repeated",
        instead: "the values of a repeated name are judged and sent as one value, joined by `, `",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both engines keep headers in a map (`HTTPHeaderMap`), in which each name has one value."),
    },
    Entry {
        id: "no-total-limit",
        step: Step::new("cors-unsafe-request-header-names", "5"),
        standard: "safelisted values of more than 1024 bytes together are unsafe",
        instead: "the total size of safelisted values does not matter",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `InternalHeaders::GetUnsafeHeaders` judges each header by itself."),
    },
    Entry {
        id: "duplicate-request-header-names",
        step: Step::new("cors-unsafe-request-header-names", "6"),
        standard: "Access-Control-Request-Headers names each header once",
        instead: "Access-Control-Request-Headers names a header once for each unsafe value that the page appended",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `InternalHeaders::GetUnsafeHeaders` lists entries, and nothing turns the list into a set."),
    },
    Entry {
        id: "origin-whatever-referrer-policy",
        step: Step::new("append-a-request-origin-header", "4.1"),
        standard: "without CORS, some referrer policies make Origin `null`",
        instead: "without CORS, Origin is the page's origin whatever the referrer policy, but in navigations",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `CorsURLLoader` adds the header without looking at the policy."),
    },
    Entry {
        id: "origin-null-after-redirect",
        step: Step::new("append-a-request-origin-header", "2"),
        standard: "without CORS, Origin is `null` after a redirect that leaves an origin other than the page's",
        instead: "without CORS, Origin is `null` after any redirect from one origin to another",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`net::RedirectUtil::UpdateHttpRequest` writes `null` if a redirect leads to another origin and the request has an Origin; Chromium starts requests with CORS anew instead."),
    },
    Entry {
        id: "redirect-forgets-referrer-policy",
        step: Step::new("append-a-request-origin-header", "4.1"),
        standard: "without CORS, some referrer policies make Origin `null`",
        instead: "without CORS, no referrer policy makes Origin `null` after a redirect from one origin to another",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkDataTaskSoup::continueHTTPRedirection` clears the header where the origin changes, and WebKit then adds it again without applying the policy."),
    },
    Entry {
        id: "origin-without-storage-access",
        step: Step::new("append-a-request-origin-header", "4"),
        standard: "a GET without CORS has no Origin",
        instead: "a sandboxed page's GET without CORS but with credentials has `Origin: null` if it goes to the top-level page's site",
        seen_in: &[
            Sighting { engine: Chromium, since: Some(Version::new(150, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the storage access headers require an Origin where `Sec-Fetch-Storage-Access` is inactive."),
    },
    Entry {
        id: "origin-of-elements",
        step: Step::new("append-a-request-origin-header", "3"),
        standard: "a GET has an Origin only if its fetch used CORS with another origin",
        instead: "an image, script, style sheet or font loaded with CORS has an Origin on GETs to the page's own origin too",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the code that sets up CORS for an element (`FetchParameters::SetCrossOriginAccessControl`, `CachedResourceRequest`) sets the header at once, without comparing the URL with the page's."),
    },
    Entry {
        id: "origin-of-videos",
        step: Step::new("append-a-request-origin-header", "3"),
        standard: "a GET has an Origin only if its fetch used CORS with another origin",
        instead: "a video loaded with CORS has an Origin on GETs to the page's own origin too",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: WebKit's media loader makes its requests as other elements do, while Chromium's has its own way."),
    },
    Entry {
        id: "origin-of-beacon-referrer",
        step: Step::new("append-a-request-origin-header", "2"),
        standard: "the Origin of a sandboxed page's request is `null`",
        instead: "a sandboxed page's beacon without CORS has the origin of the page's URL as its Origin",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: WebKit does not pass an opaque origin on, and the network process uses the referrer's origin if it has none."),
    },
    Entry {
        id: "origin-kept-in-redirect",
        step: Step::new("append-a-request-origin-header", "4"),
        standard: "a GET to the page's own origin, or without CORS, has no Origin",
        instead: "if a redirect within one origin turns a request with an Origin into a GET, the GET keeps that Origin",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`NetworkDataTaskSoup::continueHTTPRedirection` continues with the headers of the previous request, and clears Origin only where the origin changes."),
    },
    Entry {
        id: "empty-location-is-no-redirect",
        step: Step::new("concept-response-location-url", "3"),
        standard: "an empty Location leads to the response's own URL",
        instead: "a redirect status with an empty Location is not a redirect, as if Location were missing",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `net::HttpResponseHeaders::IsRedirect` requires a Location that is not empty."),
    },
    Entry {
        id: "empty-location-is-error",
        step: Step::new("concept-response-location-url", "3"),
        standard: "an empty Location leads to the response's own URL",
        instead: "an empty Location is a network error",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkDataTaskSoup` does not make a URL of an empty text."),
    },
    Entry {
        id: "identical-locations-are-one",
        step: Step::new("concept-response-location-url", "2"),
        standard: "two Location lines are a failure",
        instead: "identical Location lines count as one",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`http_stream_parser.cc` and `nsHttpHeaderArray` guard against tampered responses: they compare the Location lines and refuse those that differ."),
    },
    Entry {
        id: "locations-are-combined",
        step: Step::new("concept-response-location-url", "2"),
        standard: "two Location lines are a failure",
        instead: "several Location lines are one value, joined by `, `",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("libsoup returns the lines of a header as one value."),
    },
    Entry {
        id: "location-of-bytes",
        step: Step::new("concept-response-location-url", "3"),
        standard: "a byte of 0x80 or more in Location is one character, which the URL encodes as two bytes of UTF-8",
        instead: "a byte of 0x80 or more in Location is percent-encoded as it is",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: both engines escape the value before they parse it, Firefox with `NS_EscapeURL`."),
    },
    Entry {
        id: "location-tab-escaped",
        step: Step::new("concept-response-location-url", "3"),
        standard: "the URL parser removes a tab from Location",
        instead: "a tab in Location is sent as `%09`",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `nsHttpChannel` escapes what a URL may not contain before it parses the URL."),
    },
    Entry {
        id: "credentials-kept-in-redirect",
        step: Step::new("concept-http-network-or-cache-fetch", "8.3"),
        standard: "with the credentials mode same-origin, no credentials are sent after a redirect to another origin",
        instead: "without CORS, a same-origin-credentials fetch that began at the page's own origin sends credentials wherever redirects lead",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkLoadChecker` decides about credentials once, by the first URL."),
    },
    Entry {
        id: "request-bytes-as-utf8",
        step: Step::new("concept-http-network-or-cache-fetch", "11.2"),
        standard: "the bytes of a request header's value are sent unchanged",
        instead: "each byte of 0x80 or more in a request header is sent as a character in UTF-8",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: WebKit holds header values as text and gives them to libsoup in UTF-8."),
    },
    Entry {
        id: "response-bytes-replaced",
        step: Step::new("concept-http-network-or-cache-fetch", "11.2"),
        standard: "the bytes of a response header's value are received unchanged",
        instead: "each byte of a response header that is not part of valid UTF-8 becomes the three bytes of U+FFFD",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: WebKit takes its bytes from libsoup's text after that text was made valid UTF-8."),
    },
    Entry {
        id: "empty-response-lines-dropped",
        step: Step::new("concept-header-list-get", "2"),
        standard: "a header whose first line is empty and whose second line is `x` has the value `, x`",
        instead: "a header whose first line is empty and whose second line is `x` has the value `x`",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsHttpHeaderArray::MergeHeader` changes nothing if the value to merge is empty."),
    },
    Entry {
        id: "about-blank-not-fetched",
        step: Step::new("concept-scheme-fetch", "3[about]"),
        standard: "`about:blank` can be fetched without CORS",
        instead: "`about:blank` cannot be fetched, even without CORS",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: no loader serves this scheme to `fetch()`."),
    },
    Entry {
        id: "manual-redirect-needs-url",
        step: Step::new("concept-http-fetch", "6.3[manual].2"),
        standard: "in the redirect mode manual, Location is not read",
        instead: "in the redirect mode manual, a Location that cannot be parsed is a network error",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `net::URLRequestJob` works out the next URL before anything asks whether to follow the redirect."),
    },
    Entry {
        id: "proxy-authentication-is-response",
        step: Step::new("concept-http-network-or-cache-fetch", "16"),
        standard: "a response of status 407 is a network error if there is nobody to prompt for credentials",
        instead: "a response of status 407 is an ordinary response",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "cache-kept-by-redirect-error",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight].3"),
        standard: "any network error after a preflight clears the URL's preflight cache entries",
        instead: "a redirect that the redirect mode error refuses clears no preflight cache entries",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `FetchDriver` refuses the redirect, above the listener that clears the cache."),
    },
    Entry {
        id: "cache-kept-on-error",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight].3"),
        standard: "a network error after a preflight clears the URL's preflight cache entries",
        instead: "a network error after a preflight clears no preflight cache entries",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("nothing tells `preflight_controller.cc` or `CrossOriginPreflightResultCache` about the failure."),
    },
    Entry {
        id: "cache-cleared-by-simple-failure",
        step: Step::new("concept-main-fetch", "12[otherwise]"),
        standard: "a request that needed no preflight clears no preflight cache entries",
        instead: "a request that needed no preflight clears the URL's preflight cache entries if it fails the CORS check",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy::OnStartRequest` removes the entries of a channel that fails."),
    },
    Entry {
        id: "redirect-of-other-statuses",
        step: Step::new("concept-http-fetch", "6"),
        standard: "only 301, 302, 303, 307 and 308 are redirects",
        instead: "309 to 399 are redirects too, if the response has a Location",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the network layer asks for the class of the status, and leaves out only 300, 304, 305 and 306."),
    },
    Entry {
        id: "redirect-error-needs-location",
        step: Step::new("concept-http-fetch", "6.3[error].1"),
        standard: "in the redirect mode error, a redirect status is a network error, with or without a Location",
        instead: "in the redirect mode error, a redirect status with an empty Location or none is an ordinary response",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both engines first look for a redirect and apply the mode afterwards (`net::HttpResponseHeaders::IsRedirect`, `NetworkDataTaskSoup::shouldStartHTTPRedirection`)."),
    },
    Entry {
        id: "different-locations-are-error",
        step: Step::new("concept-http-network-or-cache-fetch", "11.2"),
        standard: "several Location lines matter only where a redirect is followed",
        instead: "Location lines that differ are a network error, whatever the status",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: both network stacks refuse such a response as a guard against response splitting (`HttpStreamParser` in Chromium, `nsHttpResponseHead` in Firefox)."),
    },
    Entry {
        id: "redirect-with-credentials-blocked",
        step: Step::new("concept-http-redirect-fetch", "9"),
        standard: "a redirect to a URL with a user name or password is followed within an origin, and without CORS",
        instead: "`fetch()` never follows a redirect to a URL with a user name or password",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink's `FetchManager` refuses such a URL when it learns of the redirect."),
    },
    Entry {
        id: "redirect-checked-after-preflight",
        step: Step::new("concept-http-redirect-fetch", "9"),
        standard: "a user name or password in Location is refused before the next hop",
        instead: "if a redirect leaves the page's own origin, a user name or password in Location is refused only after the next hop's preflight",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `NetworkLoadChecker::checkRedirection` refuses only redirects from another origin, and WebKit finds the others when it checks the next request."),
    },
    Entry {
        id: "redirect-checked-as-including",
        step: Step::new("concept-http-fetch", "4.4"),
        standard: "only in the credentials mode include does the CORS check of a redirect require that credentials are allowed",
        instead: "after the next hop's preflight, a second CORS check requires that credentials are allowed, if a same-origin-credentials fetch began at the page's origin",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the check of redirects asks `NetworkLoadChecker` for the credentials policy, which is that of the first URL."),
    },
    Entry {
        id: "redirect-from-author-headers",
        step: Step::new("concept-http-redirect-fetch", "12"),
        standard: "a header that a redirect removed stays removed",
        instead: "each hop starts from the author's headers, minus the body's if its status turns the author's method into GET, and minus Authorization if it leaves an origin",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("Firefox sets the author's headers on each new channel (`FetchDriver::AsyncOnChannelRedirect`, `XMLHttpRequestMainThread::OnRedirectVerifyCallback`)."),
    },
    Entry {
        id: "redirect-restores-body-headers",
        step: Step::new("concept-http-redirect-fetch", "12"),
        standard: "the headers of a body that a redirect dropped stay removed",
        instead: "with CORS, the headers of a dropped body come back on the next hop; without CORS, Content-Type comes back with the next 307 or 308",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`NetworkLoadChecker` builds requests that it checks from the original headers, and `NetworkDataTaskSoup::continueHTTPRedirection` takes Content-Type from the first request."),
    },
    Entry {
        id: "redirect-of-delete-to-get",
        step: Step::new("concept-http-redirect-fetch", "12"),
        standard: "only a 303 turns a DELETE into a GET",
        instead: "any redirect to another origin turns a DELETE into a GET, which keeps the headers of the body but not the body",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`shouldRedirectAsGET` in `NetworkDataTaskSoup.cpp` does this; other ports of WebKit have another network layer, and are not believed to do it."),
    },
    Entry {
        id: "redirect-drops-client-hints",
        step: Step::new("concept-http-redirect-fetch", "13"),
        standard: "redirects remove no header that the author set, except Authorization",
        instead: "a redirect to an origin other than the page's drops DPR, Device-Memory, Downlink, ECT, RTT, Viewport-Width and Width",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Chromium removes client hints on the way to an origin that did not ask for them, whoever set them."),
    },
    Entry {
        id: "upgraded-request-of-http",
        step: Step::new("concept-main-fetch", "6"),
        standard: "a request whose URL is upgraded to https counts as one for the https URL",
        instead: "a request whose URL is upgraded to https counts as one for the http URL: the page's own host is another origin, and a redirect to it taints the request's origin",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: CORS and credentials are decided before the upgrade."),
    },
    Entry {
        id: "url-credentials-blocked",
        step: Step::new("concept-main-fetch", "7"),
        standard: "any request may be for a URL with a user name or password",
        instead: "an element without CORS, an EventSource and a beacon may not ask for a URL with a user name or password; a redirect of an element or an EventSource to one is not followed",
        seen_in: &[
            Sighting { engine: Chromium, since: Some(Version::new(59, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("`BaseFetchContext::CanRequest` in Blink blocks subresources whose URLs contain embedded credentials, but not those with CORS. `fetch()` and XMLHttpRequest are exempt."),
    },
    Entry {
        id: "mixed-content-after-preflight",
        step: Step::new("concept-main-fetch", "7"),
        standard: "a redirect of a page of https to an http URL is blocked before anything is sent there",
        instead: "a redirect of a page of https to an http URL is blocked after the preflight to that URL",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: the preflight of a redirect goes out before the redirected request is checked."),
    },
    Entry {
        id: "preflight-after-preflight",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight]"),
        standard: "each hop decides for itself whether it needs a preflight",
        instead: "every hop after one that needed a preflight needs one too",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the mark that a request needs a preflight stays: Firefox copies it in `HttpBaseChannel::SetupReplacementChannel`, and WebKit's `m_isSimpleRequest` of `NetworkLoadChecker` stays false."),
    },
    Entry {
        id: "preflight-decided-by-author",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight]"),
        standard: "the headers that will be sent decide whether a preflight is needed",
        instead: "the headers that the author set decide whether a preflight is needed, even if a redirect removed them",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both engines keep the headers of the first request (`nsILoadInfo::CorsUnsafeHeaders`, `m_originalRequestHeaders` of `NetworkLoadChecker`)."),
    },
    Entry {
        id: "preflight-for-stripped-headers",
        step: Step::new("cors-preflight-fetch-0", "4"),
        standard: "a preflight asks for the headers that will be sent",
        instead: "a preflight asks for the author's headers, except those that the last redirect removes",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy.cpp` strips the full list anew on each hop."),
    },
    Entry {
        id: "preflight-for-author-headers",
        step: Step::new("cors-preflight-fetch-0", "4"),
        standard: "a preflight asks for the headers that will be sent",
        instead: "a preflight asks for the author's headers, even if a redirect removed them",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`NetworkLoadChecker` gives the original headers to the preflight."),
    },
    Entry {
        id: "reload-skips-preflight-cache",
        step: Step::new("concept-http-fetch", "4.1"),
        standard: "the cache mode does not affect the preflight cache",
        instead: "with the cache modes no-store and reload, the preflight cache is not consulted",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: Some(Version::new(140, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("`preflight_controller.cc` and `nsCORSListenerProxy::StartCORSPreflight` look at the load flags first."),
    },
    Entry {
        id: "no-cache-skips-preflight-cache",
        step: Step::new("concept-http-fetch", "4.1"),
        standard: "the cache mode does not affect the preflight cache",
        instead: "with the cache mode no-cache, the preflight cache is not consulted",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`preflight_controller.cc` treats `LOAD_VALIDATE_CACHE` like the other flags."),
    },
    Entry {
        id: "no-store-keeps-no-preflight",
        step: Step::new("cors-preflight-fetch-0", "7.11"),
        standard: "the cache mode does not affect the preflight cache",
        instead: "with the cache mode no-store, nothing is stored in the preflight cache",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`preflight_controller.cc` obeys `LOAD_DISABLE_CACHE`."),
    },
    Entry {
        id: "preflight-mode-without-tls",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "a preflight to a URL that is not potentially trustworthy has no Fetch Metadata",
        instead: "a preflight to a URL that is not potentially trustworthy has Sec-Fetch-Mode, and no other Fetch Metadata",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `cors::PreflightController` sets Sec-Fetch-Mode itself, and `SetFetchMetadataHeaders` the others."),
    },
    Entry {
        id: "preflight-metadata-by-first-url",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "a preflight to a URL that is potentially trustworthy has Fetch Metadata",
        instead: "a preflight has no Fetch Metadata if the first URL of its fetch is not potentially trustworthy",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Once },
        ],
        cause: Some("believed: a preflight has Fetch Metadata if the request had it when the page made it."),
    },
    Entry {
        id: "no-fetch-metadata-in-redirect",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "a request has Fetch Metadata after redirects, too",
        instead: "a request with CORS that a redirect has just led to another origin has no Fetch Metadata",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `cleanHTTPRequestHeadersForAccessControl` takes the headers off, and nothing adds them again before the next redirect."),
    },
    Entry {
        id: "preflight-site-of-url",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "the Sec-Fetch-Site of a preflight tells of all URLs that redirects led through",
        instead: "the Sec-Fetch-Site of a preflight tells of its own URL alone",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: a preflight is a request of its own, whose list of URLs begins anew."),
    },
    Entry {
        id: "preflight-site-of-tainted-origin",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "the Sec-Fetch-Site of a preflight tells of all URLs that redirects led through",
        instead: "the Sec-Fetch-Site of a preflight tells of its own URL alone, and is cross-site if its Origin is null",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Once },
        ],
        cause: Some("believed: `NetworkLoadChecker` gives the preflight an opaque origin once redirects have tainted that of the request."),
    },
    Entry {
        id: "conditional-is-no-cache",
        step: Step::new("concept-http-network-or-cache-fetch", "8.16"),
        standard: "a conditional header turns the cache mode default into no-store",
        instead: "a conditional header turns the cache mode default into no-cache",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink gives such a request the flag to validate."),
    },
    Entry {
        id: "conditional-xhr-is-default",
        step: Step::new("concept-http-network-or-cache-fetch", "8.16"),
        standard: "a conditional header turns the cache mode default into no-store",
        instead: "a conditional header of an XMLHttpRequest does not change the cache mode default",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `InternalRequest` has the standard's rule, and `XMLHttpRequest` does not use it."),
    },
    Entry {
        id: "cache-mode-in-preflight",
        step: Step::new("cors-preflight-fetch-0", "1"),
        standard: "a preflight has no cache mode of its own, and so neither Pragma nor Cache-Control",
        instead: "a preflight has the Pragma and Cache-Control that the request's cache mode calls for",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the engines copy the load flags to the preflight, and the network stack adds the headers by these flags."),
    },
    Entry {
        id: "max-age-limit-of-2-hours",
        step: Step::new("cors-preflight-fetch-0", "7.10"),
        standard: "a user agent may limit max-age; this library's default limit is 24 hours",
        instead: "max-age is limited to 2 hours",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("`preflight_result.cc` has the limit as a constant."),
    },
    Entry {
        id: "max-age-limit-of-10-minutes",
        step: Step::new("cors-preflight-fetch-0", "7.10"),
        standard: "a user agent may limit max-age; this library's default limit is 24 hours",
        instead: "max-age is limited to 10 minutes",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("`CrossOriginPreflightResultCache.cpp` has the limit as a constant."),
    },
    Entry {
        id: "cache-one-result",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "the cache accumulates what preflights granted, and a look-up changes nothing",
        instead: "the cache holds one preflight's result per origin and URL: the next preflight replaces it, and a look-up that it does not satisfy erases it",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("both caches hold one object per origin and URL, replace it with the next, and erase it if it does not suffice (`preflight_cache.cc`, `CrossOriginPreflightResultCache.cpp`)."),
    },
    Entry {
        id: "cache-tokens",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "a grant with credentials serves requests without them, `*` serves all, and GET, HEAD and POST need no cache entry",
        instead: "grants with and without credentials are kept apart, `*` is a method or header of that name, and HEAD must have been listed",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsPreflightCache` in `nsCORSListenerProxy.cpp` compares names literally, and exempts GET and POST."),
    },
    Entry {
        id: "cache-wildcard-of-result",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "a `*` that was granted with credentials serves later requests from the cache",
        instead: "a `*` that was granted with credentials serves no later request from the cache",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`preflight_result.cc` accepts a `*` only if it was granted without credentials."),
    },
    Entry {
        id: "cache-wildcard-of-request",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "a `*` in the cache serves requests with credentials too",
        instead: "a `*` in the cache serves only requests without credentials",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`CrossOriginPreflightResultCache.cpp` judges a `*` by the credentials of the request that asks now."),
    },
    Entry {
        id: "cache-authorization-by-name",
        step: Step::new("cors-preflight-fetch-0", "7.14"),
        standard: "the preflight and the cache treat Authorization alike",
        instead: "`*` covers Authorization in the answer to a preflight, but never in the cache",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("Chromium judges the answer with the feature `CorsNonWildcardRequestHeadersSupport` off, and consults the cache with it on (`preflight_cache.cc`)."),
    },
    Entry {
        id: "cache-stores-refused",
        step: Step::new("cors-preflight-fetch-0", "7.5"),
        standard: "what a preflight granted is stored after all checks",
        instead: "what a preflight granted is stored before the method and the headers are checked",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`validatePreflightResponse` in `CrossOriginAccessControl.cpp` appends to the cache before it checks."),
    },
    Entry {
        id: "cache-key-untainted",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "after redirects that taint the origin, cache entries are kept for `null`",
        instead: "after redirects that taint the origin, cache entries are kept for the page's origin",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("the key, like the preflight, has the principal that the load began with (`nsCORSListenerProxy.cpp`)."),
    },
    Entry {
        id: "cache-not-for-opaque-origins",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "the cache entries of sandboxed pages are kept for `null`",
        instead: "a sandboxed page repeats each preflight, because its cache entries are never found",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the key contains the opaque origin, which is a new one for each request."),
    },
    Entry {
        id: "cache-not-for-tainted-origins",
        step: Step::new("cors-preflight-fetch-0", "7.12"),
        standard: "after redirects that taint the origin, cache entries are kept for `null`",
        instead: "after redirects that taint the origin, no cache entry is found or kept",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: after such a redirect the origin is a new opaque origin, which equals no other."),
    },
    Entry {
        id: "preflight-origin-untainted",
        step: Step::new("cors-preflight-fetch-0", "6"),
        standard: "after redirects that taint the origin, preflights have `Origin: null`",
        instead: "after redirects that taint the origin, preflights have the page's origin and are checked against it",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy::StartCORSPreflight` gives its channel the principal that the load began with."),
    },
    Entry {
        id: "preflight-to-own-origin-unchecked",
        step: Step::new("cors-preflight-fetch-0", "7"),
        standard: "the answer to each preflight must pass the CORS check",
        instead: "the answer to a preflight to the page's own origin, after redirects away and back, need not pass the CORS check",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the preflight's listener finds a URL of the principal's origin, and skips the check."),
    },
    Entry {
        id: "preflight-status-first",
        step: Step::new("cors-preflight-fetch-0", "7"),
        standard: "the answer to a preflight must pass the CORS check before its status is checked",
        instead: "the status of the answer to a preflight is checked before the CORS check",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`CrossOriginAccessControl.cpp` has the checks in this order."),
    },
    Entry {
        id: "preflight-redirect-first",
        step: Step::new("cors-preflight-fetch-0", "7"),
        standard: "the answer to a preflight must pass the CORS check before its status is checked",
        instead: "the answer to a preflight is refused as a redirect first, then by the CORS check, then for its status",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: a redirect ends the work of the loader in `preflight_controller.cc`, which does the CORS check in another place."),
    },
    Entry {
        id: "allow-headers-read-last",
        step: Step::new("cors-preflight-fetch-0", "7.3"),
        standard: "Access-Control-Allow-Headers is parsed before the method is checked",
        instead: "Access-Control-Allow-Headers is parsed after the method is checked",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSListenerProxy.cpp` has the checks in this order."),
    },
    Entry {
        id: "forced-preflight-method-not-allowed",
        step: Step::new("cors-preflight-fetch-0", "7.4"),
        standard: "a preflight that an upload listener forces allows its method if Access-Control-Allow-Methods is missing",
        instead: "a preflight that an upload listener forces needs its method listed like any other",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("none of the three engines' sources contains the standard's rule."),
    },
    Entry {
        id: "authorization-under-wildcard",
        step: Step::new("cors-preflight-fetch-0", "7.6"),
        standard: "`*` in Access-Control-Allow-Headers never covers Authorization",
        instead: "`*` in Access-Control-Allow-Headers covers Authorization too",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("Chromium has the standard's rule as a feature that is off (`CorsNonWildcardRequestHeadersSupport`), Firefox has it as a preference (`network.cors_preflight.authorization_covered_by_wildcard`), and WebKit does not have it."),
    },
    Entry {
        id: "max-age-of-integer",
        step: Step::new("cors-preflight-fetch-0", "7.8"),
        standard: "Access-Control-Max-Age consists of digits; anything else counts as 5 seconds, and a number that is too large counts as the limit",
        instead: "Access-Control-Max-Age is a 64-bit integer: with `-1` nothing is cached, `+600` is 600 seconds, and a number that does not fit is 5 seconds",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`base::StringToInt64` in `preflight_result.cc` and `parseInteger` in `CrossOriginPreflightResultCache.cpp` read the value."),
    },
    Entry {
        id: "max-age-of-digits",
        step: Step::new("cors-preflight-fetch-0", "7.8"),
        standard: "an Access-Control-Max-Age that does not consist of digits counts as 5 seconds",
        instead: "nothing is cached if Access-Control-Max-Age does not consist of digits; an empty value counts as 5 seconds",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`nsCORSPreflightListener::AddResultToCache` reads the value digit by digit."),
    },
    Entry {
        id: "cached-urls-limit-of-1024",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove cache entries at any time; this library keeps as many URLs as its capacity allows",
        instead: "the cache keeps at most 1,024 URLs",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("`preflight_cache.cc` has the limit as a constant, and drops ten neighbours of a random entry when it is reached. The profile drops the URL that was stored first."),
    },
    Entry {
        id: "cached-urls-limit-of-100",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove cache entries at any time; this library keeps as many URLs as its capacity allows",
        instead: "the cache keeps at most 100 URLs",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("`nsCORSListenerProxy.cpp` has the limit as a constant."),
    },
    Entry {
        id: "cached-url-length-limit-of-1023",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove cache entries at any time; this library keeps URLs of any length",
        instead: "what a preflight granted for a URL of 1,024 bytes or more is not stored",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("`preflight_cache.cc` has the limit as a constant."),
    },
    Entry {
        id: "cache-evicts-least-recently-used",
        step: Step::new("concept-cache-create-entry", "2"),
        standard: "a user agent may remove cache entries at any time; if this library's cache is full, the URL that was stored first leaves it",
        instead: "if the cache is full, the URL that was looked up longest ago leaves it",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Source },
        ],
        cause: Some("each look-up in `nsCORSListenerProxy.cpp` moves its entry to the head of a list."),
    },
    Entry {
        id: "body-header-in-no-cors",
        step: Step::new("dom-request", "37.4"),
        standard: "without CORS, a Content-Type that comes from the body and is not safelisted is dropped",
        instead: "without CORS, a Content-Type that comes from the body is sent even if it is not safelisted",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Once },
        ],
        cause: Some("believed: `FetchBodyOwner` adds the type after the guard."),
    },
    Entry {
        id: "forced-preflight-needs-body",
        step: Step::new("concept-main-fetch", "12[use-cors-preflight]"),
        standard: "an upload listener forces a preflight",
        instead: "an upload listener forces a preflight only if the request has a body",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Chromium registers the listener together with the upload of the body."),
    },
    Entry {
        id: "xhr-charset-in-place",
        step: Step::new("concept-bodyinit-extract", "5"),
        standard: "an XMLHttpRequest that changes the charset of a Content-Type serializes the whole value anew",
        instead: "an XMLHttpRequest that changes the charset of a Content-Type replaces only the charset, within any quotes around it",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: Blink's `ReplaceCharsetInMediaType` does this."),
    },
    Entry {
        id: "xhr-blob-type-must-parse",
        step: Step::new("concept-bodyinit-extract", "5"),
        standard: "an XMLHttpRequest sends the type of a Blob as its Content-Type, whatever it is",
        instead: "an XMLHttpRequest does not send the type of a Blob if it is not a MIME type",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: None,
    },
    Entry {
        id: "xhr-charset-judged-as-written",
        step: Step::new("cors-unsafe-request-header-names", "4"),
        standard: "an XMLHttpRequest sets the charset of a text's Content-Type to UTF-8 before the header is judged",
        instead: "the Content-Type of an XMLHttpRequest is judged as the author wrote it",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: `XMLHttpRequestMainThread` lists the unsafe headers before it sets the body's type."),
    },
    Entry {
        id: "font-no-cors",
        step: Step::new("concept-main-fetch", "12[no-cors]"),
        standard: "fonts are requested with CORS",
        instead: "fonts are requested without CORS, with credentials",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: WebKit sets up CORS for the loads of elements, but not for those of fonts."),
    },
    Entry {
        id: "shape-without-credentials",
        step: Step::new("concept-http-network-or-cache-fetch", "8.3"),
        standard: "the image of a CSS shape is requested with credentials from the page's own origin",
        instead: "the image of a CSS shape is requested without credentials, even from the page's own origin",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: WebKit requests the images of styles with CORS as it does a `crossorigin` without credentials."),
    },
    Entry {
        id: "only-if-cached-sent",
        step: Step::new("concept-http-network-or-cache-fetch", "11"),
        standard: "a request of the cache mode only-if-cached ends in a network error if nothing is cached",
        instead: "a request of the cache mode only-if-cached is sent if nothing is cached",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "private-network-header-dropped",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "a page may set Access-Control-Request-Private-Network",
        instead: "a page that sets Access-Control-Request-Private-Network sets nothing, as if it were a forbidden name",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: Some(Version::new(152, 0)), certainty: Certainty::Always },
        ],
        cause: Some("Private Network Access, a draft that was given up for Local Network Access, let preflights alone have the header."),
    },
    Entry {
        id: "no-store-without-headers",
        step: Step::new("concept-http-network-or-cache-fetch", "8.18"),
        standard: "a request of the cache mode no-store has Pragma and Cache-Control",
        instead: "a request of the cache mode no-store has neither Pragma nor Cache-Control of the browser's own",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: Some(Version::new(148, 0)), certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "available-dictionary-refused",
        step: Step::new("concept-http-network-or-cache-fetch", "8.13"),
        standard: "a page may set Available-Dictionary",
        instead: "a request in which the page sets Available-Dictionary ends in a network error, and nothing is sent",
        seen_in: &[
            Sighting { engine: Chromium, since: Some(Version::new(156, 0)), until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the network service refuses the header, since compression dictionaries make it the browser's own."),
    },
    Entry {
        id: "opaque-response-blocking-without-parsing",
        step: Step::new("concept-main-fetch", "20"),
        standard: "a response that CORS does not share may be of any type that a script must not have",
        instead: "an image, a video or a script that CORS does not share is blocked if its type says that it is data, such as text/csv or application/pdf, or text/html with nosniff; bodies are looked at for HTML, XML and JSON, and not parsed",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("`OpaqueResponseBlockingAnalyzer` in `orb_impl.cc` follows the proposal of opaque response blocking but for its last steps. It lets audio, video, DASH and HLS pass."),
    },
    Entry {
        id: "opaque-response-blocking-with-parsing",
        step: Step::new("concept-main-fetch", "20"),
        standard: "a response that CORS does not share may be of any type that a script must not have",
        instead: "an image, a video or a script that CORS does not share is blocked if its type says that it is data, such as text/csv or application/pdf, or text/html with nosniff, or if it is only the middle of a resource; other bodies are parsed as scripts",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("`OpaqueResponseBlocker` in `OpaqueResponseUtils.cpp` follows the proposal of opaque response blocking. It lets text/plain pass in spite of nosniff, and wants a response with the status 206 to have a Content-Range that begins with the first byte."),
    },
    Entry {
        id: "final-redirect-but-modules",
        step: Step::new("concept-main-fetch", "24"),
        standard: "a script, a style sheet or a font fails if the final status is not from 200 to 299",
        instead: "a script, a style sheet or a font loads if the final status is from 300 to 399; a module does not",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink's resources count statuses from 400 on as errors; the module loader asks for 200 to 299."),
    },
    Entry {
        id: "final-redirect-but-sheets",
        step: Step::new("concept-main-fetch", "24"),
        standard: "a script, a module or a font fails if the final status is not from 200 to 299",
        instead: "a script, a module or a font loads if the final status is from 300 to 399; a style sheet does not",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: WebKit's cached resources count statuses from 400 on as errors; style sheets ask for 200 to 299."),
    },
    Entry {
        id: "reset-content-with-body",
        step: Step::new("concept-main-fetch", "22"),
        standard: "a response with the status 205 has no body",
        instead: "a response with the status 205 has the body that was sent",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: None,
    },
    Entry {
        id: "no-body-is-empty",
        step: Step::new("concept-main-fetch", "22"),
        standard: "a module or a style sheet fails if its response has no body, as with the status 204",
        instead: "a module or a style sheet whose response has no body, as with the status 204, loads as an empty one",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the loaders hand on an empty text and not the absence of one."),
    },
    Entry {
        id: "style-sheets-of-any-type",
        step: Step::new("concept-header-extract-mime-type", "8"),
        standard: "a style sheet of a type other than text/css fails",
        instead: "a style sheet of any type fires `load`, unless nosniff or opaque response blocking refuses it",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: Blink reports the load of the resource, and looks at the type only when it uses the text."),
    },
    Entry {
        id: "style-sheet-type-as-written",
        step: Step::new("concept-header-extract-mime-type", "8"),
        standard: "a style sheet whose Content-Type has no valid MIME type is taken for text/css",
        instead: "a style sheet whose Content-Type has a slash but no valid MIME type is refused",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: `net_ParseContentType` takes what stands before the semicolon for the type if there is a slash in it."),
    },
    Entry {
        id: "style-sheet-type-first",
        step: Step::new("concept-header-extract-mime-type", "8"),
        standard: "the last valid MIME type of a list decides whether a response is a style sheet",
        instead: "what stands before the first comma decides whether a response is a style sheet",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("`extractMIMETypeFromMediaType` in `HTTPParsers.cpp` stops at the first comma."),
    },
    Entry {
        id: "event-stream-of-utf-8",
        step: Step::new("concept-header-extract-mime-type", "8"),
        standard: "an event stream may name any charset",
        instead: "an event stream must not name another charset than UTF-8",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`EventSource::DidReceiveResponse` in Blink compares the charset with `UTF-8` in any case, if there is one."),
    },
    Entry {
        id: "event-stream-type-first",
        step: Step::new("concept-header-extract-mime-type", "8"),
        standard: "the last valid MIME type of a list decides whether a response is an event stream",
        instead: "what stands before the first comma of the last Content-Type line decides whether a response is an event stream",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Once },
        ],
        cause: Some("believed: the line that libsoup hands on goes through `extractMIMETypeFromMediaType`, which stops at the first comma."),
    },
    Entry {
        id: "image-decoder-by-type",
        step: Step::new("concept-main-fetch", "24"),
        standard: "the bytes decide whether a response is an image",
        instead: "a response of application/pdf or video/* is not taken for an image, whatever its bytes are",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("believed: WebKit gives such a response to its decoder for PDF or for video."),
    },
    Entry {
        id: "failed-modules-forgotten",
        step: Step::new("concept-main-fetch", "24"),
        standard: "the module map keeps failures: a page does not ask again for a module that failed",
        instead: "a page asks again for a module that failed",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `ModuleMap` in Blink and `ScriptModuleLoader` in WebKit drop an entry whose fetch failed."),
    },
    Entry {
        id: "available-images-by-url",
        step: Step::new("concept-main-fetch", "24"),
        standard: "a page keeps an image for each URL with its fragment and each state of `crossorigin`",
        instead: "a page keeps one image for each URL without its fragment, until it asks for that URL with another state of `crossorigin` or by another API",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`MemoryCache` in Blink and in WebKit has one resource for each URL without its fragment, and replaces it if another request cannot use it."),
    },
    Entry {
        id: "style-sheets-kept",
        step: Step::new("concept-main-fetch", "24"),
        standard: "a page asks for a style sheet each time",
        instead: "a page does not ask again for a style sheet that it loaded with the same state of `crossorigin`, even with no-store",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: Some("`SharedStyleSheetCache` keeps complete sheets."),
    },
    Entry {
        id: "beacon-redirected-in-place",
        step: Step::new("concept-http-redirect-fetch", "13"),
        standard: "a redirect changes the headers of a beacon as it changes those of other requests",
        instead: "a redirect of a beacon changes its headers as the standard says and restores none, and a preflight behind it asks for Content-Type all the same",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: the headers that Firefox restores are those of `fetch()` and XMLHttpRequest, and the channel keeps the list of headers that its first preflight asked for."),
    },
    Entry {
        id: "beacon-without-limit",
        step: Step::new("concept-http-network-or-cache-fetch", "8.10"),
        standard: "sendBeacon() returns false if the body has more than 64 KiB",
        instead: "sendBeacon() takes a body of any size",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "beacon-type-dropped",
        step: Step::new("cors-safelisted-request-header", "2[content-type]"),
        standard: "a beacon has the type of its Blob for Content-Type, and needs a preflight if that is not safelisted",
        instead: "a beacon has no Content-Type, and needs no preflight, if the type of its Blob is not a type, a subtype and parameters with values as HTTP writes them",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`ParsedContentType` in Blink takes only what the grammar of HTTP allows, and `BeaconBlob::Serialize` leaves the header out otherwise."),
    },
    Entry {
        id: "beacon-type-of-any-length",
        step: Step::new("cors-safelisted-request-header", "1"),
        standard: "a beacon whose type has more than 128 bytes needs a preflight",
        instead: "a beacon whose type is safelisted but for its length needs no preflight",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "beacon-preflight-ignores-length",
        step: Step::new("cors-safelisted-request-header", "1"),
        standard: "a beacon whose type has more than 128 bytes needs a preflight",
        instead: "a beacon whose type is safelisted but for its length is sent with CORS and needs no preflight",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "beacon-refused-but-port",
        step: Step::new("concept-main-fetch", "7"),
        standard: "sendBeacon() returns true if its request is blocked before anything is sent",
        instead: "sendBeacon() returns false if its request is mixed content, or its URL has a user name or password",
        seen_in: &[
            Sighting { engine: Chromium, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("`PingLoader::SendBeacon` in Blink asks whether the request is allowed before it starts."),
    },
    Entry {
        id: "beacon-refused-at-once",
        step: Step::new("concept-main-fetch", "7"),
        standard: "sendBeacon() returns true if its request is blocked before anything is sent",
        instead: "sendBeacon() returns false if its request is mixed content or goes to a blocked port",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Repeated },
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Repeated },
        ],
        cause: None,
    },
    Entry {
        id: "response-url-without-credentials",
        step: Step::new("concept-main-fetch", "24"),
        standard: "`responseURL` has the user name and password of the URL",
        instead: "`responseURL` has no user name and no password if the response is of CORS",
        seen_in: &[
            Sighting { engine: Webkit, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: None,
    },
    Entry {
        id: "thrown-errors-not-muted",
        step: Step::new("concept-main-fetch", "14"),
        standard: "a page gets `Script error.` for each error of a script that CORS does not share",
        instead: "a page gets the full error that a script throws itself, even if CORS does not share the script",
        seen_in: &[
            Sighting { engine: Firefox, since: None, until: None, certainty: Certainty::Always },
        ],
        cause: Some("believed: `js::ErrorObject::getOrCreateErrorReport` builds the report of an Error that the script made without the flag that mutes it; reports that the engine itself raises have the flag."),
    },
];
