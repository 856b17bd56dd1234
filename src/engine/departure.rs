//! The catalogue of departures.

use super::Engine::{self, Chromium, Firefox, Webkit};
use crate::spec::Step;

use Certainty::{Often, Once, Several};

/// How sure it is that an engine departs so.
///
/// ```
/// # use browser_cors::engine::Certainty;
/// assert!(Certainty::Often > Certainty::Once);
/// ```
#[expect(clippy::exhaustive_enums, reason = "three degrees are enough")]
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Certainty {
    /// Seen in a single probe.
    Once,
    /// Seen in several probes.
    Several,
    /// Seen often, without an exception.
    Often,
}

/// Where a departure was seen.
///
/// ```
/// # use browser_cors::engine::{Certainty, Departure, Engine};
/// let sighting = Departure::FontNoCors.seen_in()[0];
/// assert_eq!((sighting.engine, sighting.certainty), (Engine::Webkit, Certainty::Often));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sighting {
    /// The engine, in the version that [`Engine::version`] names.
    pub engine: Engine,
    /// How sure it is.
    pub certainty: Certainty,
}

/// A set of departures.
///
/// ```
/// # use browser_cors::engine::{Departure, Profile};
/// let common = Profile::CHROMIUM.departures().iter()
///     .filter(|departure| Profile::FIREFOX.departs(*departure));
/// assert!(common.count() > 0);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Departures(u128);

impl Departures {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn seen_in(engine: Engine) -> Self {
        let (mut set, mut i) = (Self::NONE, 0);
        while i < Departure::ALL.len() {
            let (departure, mut j) = (Departure::ALL[i], 0);
            while j < departure.seen_in().len() {
                if departure.seen_in()[j].engine as u8 == engine as u8 {
                    set = set.with(departure);
                }
                j += 1;
            }
            i += 1;
        }
        set
    }

    /// Whether the departure is one of them.
    ///
    /// ```
    /// # use browser_cors::engine::{Departure, Profile};
    /// assert!(!Profile::STANDARD.departures().contains(Departure::FontNoCors));
    /// ```
    pub const fn contains(self, departure: Departure) -> bool {
        self.0 & (1 << departure as u8) != 0
    }

    pub(super) const fn with(self, departure: Departure) -> Self {
        Self(self.0 | 1 << departure as u8)
    }

    pub(super) const fn without(self, departure: Departure) -> Self {
        Self(self.0 & !(1 << departure as u8))
    }

    /// The departures, in the order of the catalogue.
    ///
    /// ```
    /// # use browser_cors::engine::Profile;
    /// for departure in Profile::FIREFOX.departures().iter() {
    ///     println!("{}: {}", departure.as_str(), departure.instead());
    /// }
    /// ```
    pub fn iter(self) -> impl Iterator<Item = Departure> {
        Departure::ALL.iter().copied().filter(move |departure| self.contains(*departure))
    }
}

macro_rules! departures {
    ($(
        $variant:ident = $id:literal, $anchor:literal $path:literal,
        [$($engine:ident $certainty:ident),+],
        $standard:literal,
        $instead:literal;
    )+) => {
        /// A way in which an engine departs from the standard.
        ///
        /// ```
        /// use browser_cors::engine::Departure;
        ///
        /// let departure = "font-no-cors".parse::<Departure>()?;
        /// assert_eq!(departure.instead(), "fonts are asked for without CORS, with credentials");
        /// # Ok::<(), browser_cors::spec::UnknownKeyword>(())
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum Departure {
            $(
                #[doc = concat!("`", $id, "`: ", $instead, ".")]
                ///
                #[doc = concat!(
                    "The standard, [#", $anchor, "](https://fetch.spec.whatwg.org/#", $anchor,
                    ") step `", $path, "`: ", $standard, "."
                )]
                ///
                #[doc = concat!("Seen in:", $(" ", stringify!($engine),)+ ".")]
                $variant,
            )+
        }

        impl Departure {
            /// All of them: the catalogue.
            ///
            /// ```
            /// # use browser_cors::engine::Departure;
            /// assert!(Departure::ALL.iter().all(|departure| !departure.seen_in().is_empty()));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            const NAMES: &'static [&'static str] = &[$($id),+];

            /// The name.
            ///
            /// ```
            /// # use browser_cors::engine::Departure;
            /// assert_eq!(Departure::FontNoCors.as_str(), "font-no-cors");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $id),+ }
            }

            /// The step of the standard at which it departs.
            ///
            /// ```
            /// # use browser_cors::engine::Departure;
            /// let step = Departure::NoTotalLimit.step();
            /// assert_eq!(step.to_string(), "#cors-unsafe-request-header-names step 5");
            /// ```
            pub const fn step(self) -> Step {
                match self { $(Self::$variant => Step::new($anchor, $path)),+ }
            }

            /// What the standard says there.
            ///
            /// ```
            /// # use browser_cors::engine::Departure;
            /// assert_eq!(
            ///     Departure::NoTotalLimit.standard(),
            ///     "safelisted values of more than 1024 bytes together are unsafe",
            /// );
            /// ```
            pub const fn standard(self) -> &'static str {
                match self { $(Self::$variant => $standard),+ }
            }

            /// What happens instead.
            ///
            /// ```
            /// # use browser_cors::engine::Departure;
            /// assert_eq!(Departure::NoTotalLimit.instead(), "their total does not matter");
            /// ```
            pub const fn instead(self) -> &'static str {
                match self { $(Self::$variant => $instead),+ }
            }

            /// The engines that do so.
            ///
            /// ```
            /// # use browser_cors::engine::Departure;
            /// assert_eq!(Departure::AuthorizationUnderWildcard.seen_in().len(), 3);
            /// ```
            pub const fn seen_in(self) -> &'static [Sighting] {
                match self {
                    $(Self::$variant => &[
                        $(Sighting { engine: $engine, certainty: $certainty }),+
                    ]),+
                }
            }
        }

        impl std::str::FromStr for Departure {
            type Err = crate::spec::UnknownKeyword;

            fn from_str(text: &str) -> Result<Self, crate::spec::UnknownKeyword> {
                match text {
                    $($id => Ok(Self::$variant),)+
                    _ => Err(crate::spec::UnknownKeyword {
                        text: text.to_owned(),
                        expected: Self::NAMES,
                    }),
                }
            }
        }
    };
}

// In the order of the standard's text; those of other standards come last.
departures! {
    RangeBelow2To63 = "range-below-2-to-63", "simple-range-header-value" "8",
        [Chromium Often],
        "a position of a range may be any number",
        "a position of 2^63 - 1 or more is a failure";
    RangeBelow2To64 = "range-below-2-to-64", "simple-range-header-value" "8",
        [Firefox Often, Webkit Often],
        "a position of a range may be any number",
        "a position of 2^64 or more is a failure";
    RangeUnitInAnyCase = "range-unit-in-any-case", "simple-range-header-value" "2",
        [Webkit Often],
        "a range begins with `bytes` in lower case",
        "`BYTES` is as good";
    RangePlusSign = "range-plus-sign", "simple-range-header-value" "8",
        [Webkit Several],
        "a position of a range is digits alone",
        "it may have a plus sign before them";
    ClientHintsSafelisted = "client-hints-safelisted", "cors-safelisted-request-header" "2[otherwise]",
        [Chromium Often],
        "five names are safelisted",
        "so are DPR, Device-Memory, Downlink, ECT, RTT, Save-Data, Viewport-Width and Width with values of their syntax, and Intervention";
    UserAgentSafelisted = "user-agent-safelisted", "cors-safelisted-request-header" "2[otherwise]",
        [Chromium Often],
        "User-Agent is not safelisted",
        "an author's User-Agent is ignored: it makes no preflight necessary, and the browser sends its own";
    HighBytesUnsafe = "high-bytes-unsafe", "cors-safelisted-request-header" "2[accept]",
        [Firefox Often],
        "the bytes 0x80 to 0xFF are safe in Accept and Content-Type",
        "they are unsafe";
    ContentTypeWithoutComma = "content-type-without-comma", "cors-safelisted-request-header" "2[content-type].3",
        [Firefox Often],
        "a comma in the parameters of a Content-Type is part of them",
        "a Content-Type with a comma is unsafe";
    ContentTypeWithLastSemicolon = "content-type-with-last-semicolon", "cors-safelisted-request-header" "2[content-type].3",
        [Firefox Often],
        "a semicolon at the end of a Content-Type says nothing",
        "behind parameters it makes the Content-Type unsafe";
    CombinedValues = "combined-values", "cors-unsafe-request-header-names" "4",
        [Chromium Often, Webkit Often],
        "each header is judged by itself, also where a name is repeated",
        "the values of a name are judged and sent as one, with `, ` between them";
    NoTotalLimit = "no-total-limit", "cors-unsafe-request-header-names" "5",
        [Firefox Often],
        "safelisted values of more than 1024 bytes together are unsafe",
        "their total does not matter";
    DuplicateRequestHeaderNames = "duplicate-request-header-names", "cors-unsafe-request-header-names" "6",
        [Firefox Often],
        "Access-Control-Request-Headers names each header once",
        "it names a header as often as it was appended";
    OriginWhateverReferrerPolicy = "origin-whatever-referrer-policy", "append-a-request-origin-header" "4.1",
        [Chromium Often],
        "without CORS, some referrer policies make Origin `null`",
        "Origin is the page's whatever the referrer policy";
    OriginNullAfterRedirect = "origin-null-after-redirect", "append-a-request-origin-header" "2",
        [Chromium Often],
        "without CORS, Origin is `null` after a redirect that leaves an origin other than the page's",
        "it is `null` after any redirect from one origin to another";
    RedirectForgetsReferrerPolicy = "redirect-forgets-referrer-policy", "append-a-request-origin-header" "4.1",
        [Webkit Often],
        "without CORS, some referrer policies make Origin `null`",
        "they do not after a redirect from one origin to another";
    OriginWithoutStorageAccess = "origin-without-storage-access", "append-a-request-origin-header" "4",
        [Chromium Often],
        "a GET without CORS has no Origin",
        "one of a sandboxed page to the site of the top-level page, with credentials, has `Origin: null`";
    OriginOfElements = "origin-of-elements", "append-a-request-origin-header" "3",
        [Chromium Often, Webkit Often],
        "a GET has an Origin only if CORS was asked of another origin",
        "a load with CORS by an image, script, style sheet or font has one towards the page's own origin too";
    OriginOfVideos = "origin-of-videos", "append-a-request-origin-header" "3",
        [Webkit Several],
        "a GET has an Origin only if CORS was asked of another origin",
        "a video with CORS has one towards the page's own origin too";
    OriginOfBeaconReferrer = "origin-of-beacon-referrer", "append-a-request-origin-header" "2",
        [Webkit Often],
        "the origin of a sandboxed page is `null`",
        "a beacon without CORS of a sandboxed page has the origin of the page's URL";
    OriginKeptInRedirect = "origin-kept-in-redirect", "append-a-request-origin-header" "4",
        [Webkit Often],
        "a GET to the page's own origin, or without CORS, has no Origin",
        "one to which a redirect within an origin turned a request with one keeps it";
    EmptyLocationIsNoRedirect = "empty-location-is-no-redirect", "concept-response-location-url" "3",
        [Chromium Often],
        "an empty Location is the URL itself",
        "a redirect status with an empty Location is no redirect, as without one";
    EmptyLocationIsError = "empty-location-is-error", "concept-response-location-url" "3",
        [Webkit Often],
        "an empty Location is the URL itself",
        "an empty Location is a network error";
    IdenticalLocationsAreOne = "identical-locations-are-one", "concept-response-location-url" "2",
        [Chromium Often, Firefox Often],
        "two Location lines are a failure",
        "identical ones count as one";
    LocationsAreCombined = "locations-are-combined", "concept-response-location-url" "2",
        [Webkit Often],
        "two Location lines are a failure",
        "they are one value, with `, ` between them";
    LocationOfBytes = "location-of-bytes", "concept-response-location-url" "3",
        [Chromium Often, Firefox Often],
        "a byte from 0x80 on in Location is a character, and so two bytes of UTF-8",
        "it is percent-encoded as it is";
    LocationTabEscaped = "location-tab-escaped", "concept-response-location-url" "3",
        [Firefox Often],
        "a tab in Location is removed, as the URL parser does",
        "it is sent as `%09`";
    CredentialsKeptInRedirect = "credentials-kept-in-redirect", "concept-http-network-or-cache-fetch" "8.3",
        [Webkit Often],
        "with the credentials mode same-origin, a redirect to another origin ends the sending of credentials",
        "without CORS they go along wherever it leads, if the fetch began at the page's own origin";
    RequestBytesAsUtf8 = "request-bytes-as-utf8", "concept-http-network-or-cache-fetch" "11.2",
        [Webkit Often],
        "the bytes of a header's value go out as they are",
        "those from 0x80 on go out as characters in UTF-8";
    ResponseBytesReplaced = "response-bytes-replaced", "concept-http-network-or-cache-fetch" "11.2",
        [Webkit Often],
        "the bytes of a header's value come in as they are",
        "those that are no UTF-8 become the three of U+FFFD";
    EmptyResponseLinesDropped = "empty-response-lines-dropped", "concept-header-list-get" "2",
        [Firefox Often],
        "a header whose first line is empty and whose second is `x` has the value `, x`",
        "it has the value `x`";
    AboutBlankNotFetched = "about-blank-not-fetched", "concept-scheme-fetch" "3[about]",
        [Chromium Often, Webkit Often],
        "about:blank can be fetched without CORS",
        "it cannot";
    ManualRedirectNeedsUrl = "manual-redirect-needs-url", "concept-http-fetch" "6.3[manual].2",
        [Chromium Often],
        "with the redirect mode manual, Location is not read",
        "one that cannot be parsed is a network error";
    ProxyAuthenticationIsResponse = "proxy-authentication-is-response", "concept-http-network-or-cache-fetch" "16",
        [Firefox Often, Webkit Often],
        "an answer of status 407 that nobody can prompt for is a network error",
        "it is an ordinary response";
    CacheKeptByRedirectError = "cache-kept-by-redirect-error", "concept-main-fetch" "12[use-cors-preflight].3",
        [Firefox Often],
        "any network error after a preflight clears the cache entries",
        "a redirect does not where the redirect mode is error";
    CacheKeptOnError = "cache-kept-on-error", "concept-main-fetch" "12[use-cors-preflight].3",
        [Chromium Often, Webkit Often],
        "a network error after a preflight clears the cache entries",
        "they stay";
    CacheClearedBySimpleFailure = "cache-cleared-by-simple-failure", "concept-main-fetch" "12[otherwise]",
        [Firefox Often],
        "a request without preflight clears no cache entries",
        "one that fails the CORS check does";
    RedirectOfOtherStatuses = "redirect-of-other-statuses", "concept-http-fetch" "6",
        [Webkit Often],
        "301, 302, 303, 307 and 308 are redirects",
        "so are 309 to 399, with a Location";
    RedirectErrorNeedsLocation = "redirect-error-needs-location", "concept-http-fetch" "6.3[error].1",
        [Chromium Often, Webkit Often],
        "with the redirect mode error, a redirect status is a network error, with a Location or without",
        "without one that says something it is an ordinary response";
    DifferentLocationsAreError = "different-locations-are-error", "concept-http-network-or-cache-fetch" "11.2",
        [Chromium Often, Firefox Often],
        "several lines of Location matter where a redirect is followed",
        "those that differ are a network error, whatever the status is";
    RedirectWithCredentialsBlocked = "redirect-with-credentials-blocked", "concept-http-redirect-fetch" "9",
        [Chromium Often],
        "a redirect to a URL with a user name or password is followed within an origin, and without CORS",
        "that of a fetch() never is";
    RedirectCheckedAfterPreflight = "redirect-checked-after-preflight", "concept-http-redirect-fetch" "9",
        [Webkit Often],
        "a user name or password in Location is refused before the next hop",
        "where it leaves the page's own origin, after the preflight of the next hop";
    RedirectCheckedAsIncluding = "redirect-checked-as-including", "concept-http-fetch" "4.4",
        [Webkit Often],
        "the CORS check of a redirect asks for credentials only if the credentials mode is include",
        "once more as if it were, behind the preflight of the next hop, if the fetch began at the page's own origin with same-origin";
    RedirectFromAuthorHeaders = "redirect-from-author-headers", "concept-http-redirect-fetch" "12",
        [Firefox Often],
        "what a redirect took off the header list stays off",
        "each hop begins with the author's headers: its status and the author's method say whether it loses those of the body, and it loses Authorization where it leaves an origin";
    RedirectRestoresBodyHeaders = "redirect-restores-body-headers", "concept-http-redirect-fetch" "12",
        [Webkit Often],
        "the headers of a body that was dropped stay off",
        "with CORS they come back in the next hop; without, Content-Type does with the next 307 or 308";
    RedirectOfDeleteToGet = "redirect-of-delete-to-get", "concept-http-redirect-fetch" "12",
        [Webkit Often],
        "a DELETE becomes a GET by 303 alone",
        "any redirect to another origin makes it a GET, with the headers of its body but without the body";
    RedirectDropsClientHints = "redirect-drops-client-hints", "concept-http-redirect-fetch" "13",
        [Chromium Often],
        "the author's headers survive redirects, but for Authorization",
        "a redirect to another origin than the page's drops DPR, Device-Memory, Downlink, ECT, RTT, Viewport-Width and Width";
    PreflightAfterPreflight = "preflight-after-preflight", "concept-main-fetch" "12[use-cors-preflight]",
        [Firefox Several, Webkit Often],
        "each hop decides for itself whether it needs a preflight",
        "all hops after one that needed it do";
    PreflightDecidedByAuthor = "preflight-decided-by-author", "concept-main-fetch" "12[use-cors-preflight]",
        [Firefox Often, Webkit Often],
        "the headers that will be sent decide whether a preflight is needed",
        "those that the author set do, also where a redirect took them off";
    PreflightForStrippedHeaders = "preflight-for-stripped-headers", "cors-preflight-fetch-0" "4",
        [Firefox Often],
        "a preflight is asked for the headers that will be sent",
        "it is asked for those of the author, but for what the last redirect takes off";
    PreflightForAuthorHeaders = "preflight-for-author-headers", "cors-preflight-fetch-0" "4",
        [Webkit Often],
        "a preflight is asked for the headers that will be sent",
        "it is asked for those of the author, also where a redirect took them off";
    ReloadSkipsPreflightCache = "reload-skips-preflight-cache", "concept-http-fetch" "4.1",
        [Chromium Often, Firefox Often],
        "the cache mode has no say in the preflight cache",
        "with no-store and reload nothing is looked up there";
    NoCacheSkipsPreflightCache = "no-cache-skips-preflight-cache", "concept-http-fetch" "4.1",
        [Chromium Often],
        "the cache mode has no say in the preflight cache",
        "with no-cache nothing is looked up there";
    NoStoreKeepsNoPreflight = "no-store-keeps-no-preflight", "cors-preflight-fetch-0" "7.11",
        [Chromium Often],
        "the cache mode has no say in the preflight cache",
        "with no-store nothing is stored there";
    ConditionalIsNoCache = "conditional-is-no-cache", "concept-http-network-or-cache-fetch" "8.16",
        [Chromium Often],
        "a conditional header makes the cache mode default no-store",
        "it makes it no-cache";
    ConditionalXhrIsDefault = "conditional-xhr-is-default", "concept-http-network-or-cache-fetch" "8.16",
        [Firefox Often],
        "a conditional header makes the cache mode default no-store",
        "not that of an XMLHttpRequest";
    CacheModeInPreflight = "cache-mode-in-preflight", "cors-preflight-fetch-0" "1",
        [Chromium Often, Firefox Often],
        "a preflight has no cache mode of its own",
        "it has the Pragma and Cache-Control of the request's";
    CacheOneResult = "cache-one-result", "cors-preflight-fetch-0" "7.12",
        [Chromium Often, Webkit Often],
        "what preflights granted accumulates, and a look-up changes nothing",
        "the cache holds the result of one preflight for an origin and URL: the next one replaces it, and a look-up that it does not answer erases it";
    CacheTokens = "cache-tokens", "cors-preflight-fetch-0" "7.12",
        [Firefox Often],
        "what was granted with credentials serves requests without, `*` serves all, and GET, HEAD and POST need no entry",
        "what was granted with credentials and without is kept apart, `*` is a method or header of that name, and HEAD must have been listed";
    CacheWildcardOfResult = "cache-wildcard-of-result", "cors-preflight-fetch-0" "7.12",
        [Chromium Often],
        "a `*` that was granted with credentials serves in the cache",
        "it serves nobody";
    CacheWildcardOfRequest = "cache-wildcard-of-request", "cors-preflight-fetch-0" "7.12",
        [Webkit Often],
        "a `*` that was granted serves requests with credentials in the cache",
        "it serves those without alone";
    CacheAuthorizationByName = "cache-authorization-by-name", "cors-preflight-fetch-0" "7.14",
        [Chromium Often],
        "the preflight and the cache agree on Authorization",
        "`*` covers it in the answer to a preflight, but never in the cache";
    CacheStoresRefused = "cache-stores-refused", "cors-preflight-fetch-0" "7.5",
        [Webkit Often],
        "what a preflight granted is stored after all checks",
        "it is stored before the method and the headers are checked";
    CacheKeyUntainted = "cache-key-untainted", "cors-preflight-fetch-0" "7.12",
        [Firefox Often],
        "after redirects that taint the origin, entries are kept for `null`",
        "they are kept for the page's origin";
    CacheNotForOpaqueOrigins = "cache-not-for-opaque-origins", "cors-preflight-fetch-0" "7.12",
        [Chromium Often],
        "the entries of sandboxed pages are kept for `null`",
        "each preflight of a sandboxed page is repeated";
    CacheNotForTaintedOrigins = "cache-not-for-tainted-origins", "cors-preflight-fetch-0" "7.12",
        [Chromium Often, Webkit Often],
        "after redirects that taint the origin, entries are kept for `null`",
        "nothing is found or kept";
    PreflightOriginUntainted = "preflight-origin-untainted", "cors-preflight-fetch-0" "6",
        [Firefox Often],
        "after redirects that taint the origin, preflights have `Origin: null`",
        "they have the page's origin, and are checked against it";
    PreflightToOwnOriginUnchecked = "preflight-to-own-origin-unchecked", "cors-preflight-fetch-0" "7",
        [Firefox Often],
        "the answer to each preflight must pass the CORS check",
        "that of the page's own origin, after redirects away and back, need not";
    PreflightStatusFirst = "preflight-status-first", "cors-preflight-fetch-0" "7",
        [Webkit Often],
        "the answer to a preflight is refused for the CORS check before its status",
        "for its status first";
    PreflightRedirectFirst = "preflight-redirect-first", "cors-preflight-fetch-0" "7",
        [Chromium Often],
        "the answer to a preflight is refused for the CORS check before its status",
        "for a redirect first, then for the CORS check, then for its status";
    AllowHeadersReadLast = "allow-headers-read-last", "cors-preflight-fetch-0" "7.3",
        [Firefox Often],
        "Access-Control-Allow-Headers is parsed before the method is checked",
        "it is parsed behind that";
    ForcedPreflightMethodNotAllowed = "forced-preflight-method-not-allowed", "cors-preflight-fetch-0" "7.4",
        [Chromium Several, Firefox Several, Webkit Several],
        "a preflight that an upload listener forces allows its method where Access-Control-Allow-Methods is missing",
        "the method must be listed as ever";
    AuthorizationUnderWildcard = "authorization-under-wildcard", "cors-preflight-fetch-0" "7.6",
        [Chromium Often, Firefox Often, Webkit Often],
        "`*` in Access-Control-Allow-Headers never covers Authorization",
        "it does";
    MaxAgeOfInteger = "max-age-of-integer", "cors-preflight-fetch-0" "7.8",
        [Chromium Often, Webkit Often],
        "Access-Control-Max-Age has digits alone; anything else is 5 seconds, and what is too much is the limit",
        "it is a 64-bit integer: `-1` is not kept, `+600` is 600, and what has no place in it is 5 seconds";
    MaxAgeOfDigits = "max-age-of-digits", "cors-preflight-fetch-0" "7.8",
        [Firefox Often],
        "an Access-Control-Max-Age that is not digits alone is 5 seconds",
        "what it comes with is not kept; an empty one is 5 seconds";
    BodyHeaderInNoCors = "body-header-in-no-cors", "dom-request" "37.4",
        [Webkit Once],
        "without CORS, a Content-Type of a body that is not safelisted is dropped",
        "it is sent";
    ForcedPreflightNeedsBody = "forced-preflight-needs-body", "concept-main-fetch" "12[use-cors-preflight]",
        [Chromium Often],
        "an upload listener forces a preflight",
        "it does so only where there is a body";
    XhrCharsetInPlace = "xhr-charset-in-place", "concept-bodyinit-extract" "5",
        [Chromium Several],
        "an XMLHttpRequest that changes the charset of a Content-Type writes it anew",
        "it replaces the charset alone, between the quotes that were there";
    XhrBlobTypeMustParse = "xhr-blob-type-must-parse", "concept-bodyinit-extract" "5",
        [Chromium Several, Webkit Several],
        "the type of a Blob that an XMLHttpRequest sends is its Content-Type, whatever it is",
        "one that is no MIME type is not sent";
    XhrCharsetOfUrlEncoded = "xhr-charset-of-url-encoded", "concept-bodyinit-extract" "5",
        [Chromium Several, Webkit Several],
        "an XMLHttpRequest makes the charset of the author's Content-Type UTF-8 for a text",
        "for a URLSearchParams as well";
    XhrCharsetJudgedAsWritten = "xhr-charset-judged-as-written", "cors-unsafe-request-header-names" "4",
        [Firefox Several],
        "an XMLHttpRequest makes the charset of a text's Content-Type UTF-8 before it is judged",
        "the Content-Type is judged as the author wrote it";
    FontNoCors = "font-no-cors", "concept-main-fetch" "12[no-cors]",
        [Webkit Often],
        "fonts are asked for with CORS",
        "fonts are asked for without CORS, with credentials";
    ShapeWithoutCredentials = "shape-without-credentials", "concept-http-network-or-cache-fetch" "8.3",
        [Webkit Several],
        "the image of a shape is asked with credentials of the page's own origin",
        "it is asked without";
    ThrownErrorsNotMuted = "thrown-errors-not-muted", "concept-main-fetch" "14",
        [Firefox Often],
        "the errors of a script that CORS does not share are `Script error.`",
        "those that the script throws itself are told";
}
