//! In place of `net::fetch::cors_cache`: one cache, which all fetches share.

use std::time::{Duration, Instant};

use browser_cors::{
    preflight_cache::{CacheQuery, Grant, Matches, PreflightCache, Timestamp},
    request::Request as Hops,
};
use http::{HeaderName, Method};
use net_traits::request::Request;

use super::{PROFILE, types};

/// The [CORS-preflight cache], with a clock. It belongs into the state that fetches share, behind a
/// mutex.
///
/// [CORS-preflight cache]: https://fetch.spec.whatwg.org/#concept-cache
#[derive(Clone, Debug)]
pub struct CorsCache {
    cache: PreflightCache,
    start: Instant,
}

impl Default for CorsCache {
    fn default() -> Self {
        Self { cache: PreflightCache::for_profile(&PROFILE), start: Instant::now() }
    }
}

impl CorsCache {
    /// Whether there is a [method cache entry match].
    ///
    /// [method cache entry match]: https://fetch.spec.whatwg.org/#concept-cache-match-method
    pub fn match_method(&self, request: &Request, method: &Method) -> bool {
        self.with_matches(request, |matches| matches.method(method))
    }

    /// Whether there is a [header-name cache entry match].
    ///
    /// [header-name cache entry match]: https://fetch.spec.whatwg.org/#concept-cache-match-header
    pub fn match_header(&self, request: &Request, header_name: &HeaderName) -> bool {
        self.with_matches(request, |matches| matches.header_name(header_name.as_str()))
    }

    /// Keeps a method that a preflight granted: CORS-preflight fetch steps 7.12 and 7.13.
    pub fn match_method_and_update(
        &mut self,
        request: &Request,
        method: &Method,
        new_max_age: Duration,
    ) -> bool {
        let was_known = self.match_method(request, method);
        self.store(request, [Grant::Method(method.as_str())], new_max_age);
        was_known
    }

    /// Keeps a header name that a preflight granted: CORS-preflight fetch steps 7.14 and 7.15.
    pub fn match_header_and_update(
        &mut self,
        request: &Request,
        header_name: &HeaderName,
        new_max_age: Duration,
    ) -> bool {
        let was_known = self.match_header(request, header_name);
        self.store(request, [Grant::HeaderName(header_name.as_str())], new_max_age);
        was_known
    }

    /// Keeps what a preflight granted, for no longer than the user agent's limit: CORS-preflight
    /// fetch steps 7.10 to 7.15.
    pub fn store<'a>(
        &mut self,
        request: &Request,
        grants: impl IntoIterator<Item = Grant<'a>>,
        max_age: Duration,
    ) {
        let (hops, now) = (types::hops(request), self.now());
        let max_age = max_age.min(PROFILE.max_age_limit());
        self.cache.store(query(&hops, request), grants, max_age, now);
    }

    /// [Clears] the entries for a request: main fetch step `12[use-cors-preflight].3`.
    ///
    /// [Clears]: https://fetch.spec.whatwg.org/#concept-cache-clear
    pub fn clear(&mut self, request: &Request) {
        let hops = types::hops(request);
        self.cache.clear_entries(query(&hops, request));
    }

    /// Removes what has expired.
    pub fn cleanup(&mut self) {
        let now = self.now();
        self.cache.remove_expired(now);
    }

    /// How many bytes the cache takes, for `MallocSizeOf`.
    pub const fn bytes(&self) -> usize {
        self.cache.bytes()
    }

    /// Asks what serves a request now.
    pub(super) fn with_matches<T>(
        &self,
        request: &Request,
        ask: impl FnOnce(&Matches<'_>) -> T,
    ) -> T {
        let hops = types::hops(request);
        ask(&self.cache.matches(query(&hops, request), self.now()))
    }

    fn now(&self) -> Timestamp {
        Timestamp::new(self.start.elapsed())
    }
}

fn query<'a>(hops: &'a Hops, request: &'a Request) -> CacheQuery<'a> {
    let mut query = CacheQuery::from(hops);
    query.method = &request.method;
    query.credentials_mode = types::credentials_mode(request.credentials_mode);
    query
}
