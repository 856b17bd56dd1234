//! Where engines differ in their preflight caches: what an entry is, which requests it serves, and
//! what the cache keeps at all.

use http::Method;

use super::{
    CacheQuery, Draft, Grant, Timestamp,
    record::{Entry, Kind, set_max_age},
};
use crate::{
    engine::{
        Profile,
        choice::{choice, limit},
    },
    fetch::cors_preflight_fetch::engines::WildcardHeaders,
};

choice! {
    /// Step 7.12 of [CORS-preflight fetch]: what the cache keeps of an answer to a preflight.
    ///
    /// [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    Keeping { Entries, LastResult = CACHE_ONE_RESULT, Tokens = CACHE_TOKENS }
}

choice! {
    /// Step 7.12 of CORS-preflight fetch: which requests a cached `*` serves.
    CachedWildcard {
        AsGranted,
        NobodyIfGrantedWithCredentials = CACHE_WILDCARD_OF_RESULT,
        RequestsWithoutCredentials = CACHE_WILDCARD_OF_REQUEST,
    }
}

impl CachedWildcard {
    const fn serves(self, granted_with_credentials: bool, includes_credentials: bool) -> bool {
        match self {
            Self::AsGranted => true,
            Self::NobodyIfGrantedWithCredentials => !granted_with_credentials,
            Self::RequestsWithoutCredentials => !includes_credentials,
        }
    }
}

choice! {
    /// Step 7.14 of CORS-preflight fetch: whether a cached `*` covers `Authorization`.
    CachedAuthorization { AsInPreflight, ByName = CACHE_AUTHORIZATION_BY_NAME }
}

choice! {
    /// Step 7.12 of CORS-preflight fetch: for which origin the cache keeps entries after redirects
    /// have tainted the request's origin.
    CacheKey {
        Tainted,
        Untainted = CACHE_KEY_UNTAINTED,
        NoneIfTainted = CACHE_NOT_FOR_TAINTED_ORIGINS,
    }
}

impl CacheKey {
    /// The origin for which entries are kept; `None` if the cache keeps none.
    pub(super) const fn origin<'a>(self, query: &CacheQuery<'a>) -> Option<&'a str> {
        match self {
            Self::NoneIfTainted if query.has_redirect_taint => None,
            Self::Tainted if query.has_redirect_taint => Some("null"),
            Self::Untainted | Self::NoneIfTainted | Self::Tainted => Some(query.origin),
        }
    }
}

choice! {
    /// Step 7.12 of CORS-preflight fetch: whether the cache keeps entries for opaque origins.
    OpaqueOrigins { Kept, NotKept = CACHE_NOT_FOR_OPAQUE_ORIGINS }
}

limit! {
    /// Step 7.10 of CORS-preflight fetch: the imposed limit on max-age, in seconds.
    MaxAgeLimit(u64) = 86_400;
    7_200 = MAX_AGE_LIMIT_OF_2_HOURS,
    600 = MAX_AGE_LIMIT_OF_10_MINUTES,
}

limit! {
    /// The greatest number of URLs for which a cache keeps answers, whatever its capacity is.
    CachedUrlsLimit(usize) = usize::MAX;
    1_024 = CACHED_URLS_LIMIT_OF_1024,
    100 = CACHED_URLS_LIMIT_OF_100,
}

limit! {
    /// The greatest length, in bytes, of a URL for which a cache keeps answers.
    CachedUrlLengthLimit(usize) = usize::MAX;
    1_023 = CACHED_URL_LENGTH_LIMIT_OF_1023,
}

choice! {
    /// Which URL a full cache removes first.
    Eviction { FirstStored, LeastRecentlyUsed = CACHE_EVICTS_LEAST_RECENTLY_USED }
}

/// The choices of a user agent that its cache follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Rules {
    keeping: Keeping,
    wildcard: CachedWildcard,
    authorization: CachedAuthorization,
    wildcard_headers: WildcardHeaders,
    pub(super) key: CacheKey,
    opaque_origins: OpaqueOrigins,
    pub(super) urls_limit: CachedUrlsLimit,
    url_length_limit: CachedUrlLengthLimit,
    pub(super) eviction: Eviction,
}

impl Rules {
    pub(super) const fn of(profile: &Profile) -> Self {
        let choices = &profile.choices;
        Self {
            keeping: choices.keeping,
            wildcard: choices.cached_wildcard,
            authorization: choices.cached_authorization,
            wildcard_headers: choices.wildcard_headers,
            key: choices.cache_key,
            opaque_origins: choices.opaque_origins,
            urls_limit: choices.cached_urls_limit,
            url_length_limit: choices.cached_url_length_limit,
            eviction: choices.eviction,
        }
    }

    /// Whether the cache keeps entries for an origin that may be opaque, and this URL.
    pub(super) const fn keep(&self, is_opaque: bool, url: &str) -> bool {
        // Departs(OpaqueOrigins)
        // Departs(CachedUrlLengthLimit)
        !(is_opaque && matches!(self.opaque_origins, OpaqueOrigins::NotKept))
            && url.len() <= self.url_length_limit.0
    }

    /// Whether the cache erases its entries for a URL when a look-up finds no match there.
    pub(super) const fn erases_what_misses(&self) -> bool {
        matches!(self.keeping, Keeping::LastResult)
    }

    /// Stores the grants of an answer.
    pub(super) fn store<'a>(
        &self,
        draft: &mut Draft,
        grants: impl Iterator<Item = Grant<'a>>,
        credentials: bool,
        max_age: u64,
        now: Timestamp,
    ) {
        match self.keeping {
            Keeping::Entries => {
                for grant in grants {
                    let (kind, name) = grant.parts();
                    // CORS-preflight fetch steps 7.12 and 7.14.
                    let is_found = |entry: &Entry<'_>| {
                        self.is_match(entry, kind, name, credentials)
                            && self.serves(entry, credentials, now)
                    };
                    let has_match = set_max_age(&mut draft.entries, is_found, max_age);
                    // CORS-preflight fetch steps 7.13 and 7.15.
                    if !has_match {
                        draft.insert(&Entry::new(kind, name, credentials, now, max_age), now);
                    }
                }
            }
            Keeping::LastResult => {
                *draft = Draft::default();
                for (kind, name) in grants.map(Grant::parts) {
                    draft.insert(&Entry::new(kind, name, credentials, now, max_age), now);
                }
                // Ours: an answer that grants nothing by name still serves CORS-safelisted methods.
                if draft.len == 0 {
                    draft.insert(&Entry::new(Kind::Method, "GET", credentials, now, max_age), now);
                }
            }
            Keeping::Tokens if max_age == 0 => {}
            Keeping::Tokens => {
                for (kind, name) in grants.map(Grant::parts) {
                    draft.insert(&Entry::new(kind, name, credentials, now, max_age), now);
                }
            }
        }
    }

    /// Whether an entry grants this method or header name, by name or by `*`.
    pub(super) fn is_match(
        &self,
        entry: &Entry<'_>,
        kind: Kind,
        name: &str,
        includes_credentials: bool,
    ) -> bool {
        entry.is_named(kind, name)
            || (entry.is_named(kind, "*")
                && (kind == Kind::Method || self.wildcard_covers(name))
                && self.wildcard_serves(entry, includes_credentials))
    }

    /// Whether an entry serves a request at `now`: it has not expired, and its credentials fit.
    pub(super) fn serves(
        &self,
        entry: &Entry<'_>,
        includes_credentials: bool,
        now: Timestamp,
    ) -> bool {
        entry.is_live(now)
            && match self.keeping {
                Keeping::Entries | Keeping::LastResult => {
                    entry.credentials || !includes_credentials
                }
                Keeping::Tokens => entry.credentials == includes_credentials,
            }
    }

    /// Whether answers serve CORS-safelisted methods that they do not list.
    pub(super) const fn safelists_methods(&self) -> bool {
        !matches!(self.keeping, Keeping::Entries)
    }

    /// Whether answers serve requests with this method only if they list it.
    pub(super) fn must_list(&self, method: &Method) -> bool {
        self.keeping == Keeping::Tokens && !matches!(*method, Method::GET | Method::POST)
    }

    fn wildcard_covers(&self, header_name: &str) -> bool {
        // Departs(CachedAuthorization)
        match self.authorization {
            CachedAuthorization::AsInPreflight => self.wildcard_headers.cover(header_name),
            CachedAuthorization::ByName => WildcardHeaders::STANDARD.cover(header_name),
        }
    }

    fn wildcard_serves(&self, entry: &Entry<'_>, includes_credentials: bool) -> bool {
        // Departs(CachedWildcard)
        self.keeping != Keeping::Tokens
            && self.wildcard.serves(entry.credentials, includes_credentials)
    }
}
