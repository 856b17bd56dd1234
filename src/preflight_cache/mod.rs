//! The [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache).

pub(crate) mod engines;
mod record;
#[cfg(feature = "serde")]
mod saved;

use std::{
    collections::VecDeque,
    fmt,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use hashbrown::{HashTable, hash_table::Entry as TableEntry};
use http::Method;
use thiserror::Error;
use url::Url;

#[cfg(feature = "serde")]
pub use self::saved::SavedEntry;
use self::{
    engines::{Eviction, Rules},
    record::{Entries, Entry, Kind, Record},
};
use crate::{
    engine::Profile,
    environment::NetworkPartitionKey,
    header::is_token,
    method::is_cors_safelisted_method,
    origin::Origin,
    request::{CredentialsMode, Request},
};

/// The max-age of a preflight response without `Access-Control-Max-Age`.
///
/// ```
/// assert_eq!(browser_cors::preflight_cache::DEFAULT_MAX_AGE.as_secs(), 5);
/// ```
pub const DEFAULT_MAX_AGE: Duration = Duration::from_secs(5);

/// The moments of the embedder's clock as moments of a clock that never goes backwards. Entries are
/// stored with the latter, so they age by no less than the time that has passed.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    latest: Timestamp,
    /// How far the embedder's clock has gone backwards so far.
    behind: Duration,
}

impl Clock {
    /// Tells that it is `now` by the embedder's clock, and returns the moment by this one.
    fn set(&mut self, now: Timestamp) -> Timestamp {
        let moment = self.read(now);
        if moment < self.latest {
            self.behind = self.latest.0.saturating_sub(now.0);
        } else {
            self.latest = moment;
        }
        self.latest
    }

    /// The moment at `now`. Before the latest one, the embedder's clock has gone backwards.
    const fn read(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0.saturating_add(self.behind))
    }

    /// The moment by the embedder's clock at which an entry was stored, and its max-age. An entry from
    /// before the start of that clock counts as stored then, with what was left of its max-age.
    const fn unread(&self, entry: &Entry<'_>) -> (Timestamp, Duration) {
        let before_start = self.behind.saturating_sub(entry.stored.0);
        let max_age = Duration::from_secs(entry.max_age).saturating_sub(before_start);
        (Timestamp(entry.stored.0.saturating_sub(self.behind)), max_age)
    }
}

/// The greatest number of entries for one URL and one origin. Of one answer, the cache reads at
/// most so many methods and header names, and does not store the rest.
///
/// ```
/// assert_eq!(browser_cors::preflight_cache::ENTRIES_PER_URL_LIMIT, 256);
/// ```
pub const ENTRIES_PER_URL_LIMIT: usize = 256;

/// A moment. It is the time that has passed since a start, which the embedder chooses once.
///
/// If the embedder's clock goes backwards, no entry of a cache lives longer for that: it goes on to
/// age from what it was.
///
/// # Examples
///
/// ```
/// use browser_cors::preflight_cache::Timestamp;
///
/// assert!(Timestamp::from_millis(4_999) < Timestamp::from_secs(5));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Timestamp(Duration);

impl Timestamp {
    /// The moment at which `since_start` has passed since the start.
    ///
    /// ```
    /// # use {browser_cors::preflight_cache::Timestamp, std::time::Duration};
    /// assert_eq!(Timestamp::new(Duration::ZERO), Timestamp::default());
    /// ```
    pub const fn new(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// The moment `millis` milliseconds after the start.
    ///
    /// ```
    /// # use browser_cors::preflight_cache::Timestamp;
    /// assert_eq!(Timestamp::from_millis(2_000), Timestamp::from_secs(2));
    /// ```
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// The moment `seconds` seconds after the start.
    ///
    /// ```
    /// # use browser_cors::preflight_cache::Timestamp;
    /// assert!(Timestamp::from_secs(1) > Timestamp::default());
    /// ```
    pub const fn from_secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// The time that has passed since the start.
    ///
    /// ```
    /// # use browser_cors::preflight_cache::Timestamp;
    /// assert_eq!(Timestamp::from_secs(1).since_start().as_millis(), 1_000);
    /// ```
    pub const fn since_start(self) -> Duration {
        self.0
    }
}

/// A [CORS-preflight cache]: the methods and headers that servers have granted, and for how long.
///
/// The cache keeps the entries of one network partition key, origin and URL together, so the time
/// of a look-up does not depend on the number of other entries. The cache never exceeds its
/// capacity in bytes: it removes the URLs that it stored first.
///
/// [CORS-preflight cache]: https://fetch.spec.whatwg.org/#concept-cache
///
/// # Examples
///
/// ```
/// use browser_cors::{
///     http::Method,
///     preflight_cache::{Grant, PreflightCache, Timestamp},
///     request::Request,
///     url::Url,
/// };
/// use std::time::Duration;
///
/// let url = Url::parse("https://api.example/items").unwrap();
/// let request = Request::new(url, "https://app.example".parse().unwrap());
/// let mut cache = PreflightCache::new();
/// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(600), Timestamp::from_secs(0));
///
/// let has_put = |now| cache.matches(&request, now).method(&Method::PUT);
/// assert!(has_put(Timestamp::from_millis(599_999)));
/// assert!(!has_put(Timestamp::from_secs(600)));
/// ```
#[derive(Clone)]
pub struct PreflightCache {
    records: HashTable<Record>,
    /// The records in the order in which they were made. Records that have been removed are
    /// skipped.
    queue: VecDeque<(u64, u64)>,
    hasher: RandomState,
    next_sequence: u64,
    capacity: usize,
    bytes: usize,
    len: usize,
    rules: Rules,
    clock: Clock,
}

/// What an entry grants: a method or a header name. Either may be `*`.
///
/// ```
/// # use browser_cors::preflight_cache::Grant;
/// assert_ne!(Grant::Method("*"), Grant::HeaderName("*"));
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard's entry has one or the other")]
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Grant<'a> {
    /// A method, byte for byte.
    Method(&'a str),
    /// A header name, in any case.
    HeaderName(&'a str),
}

/// A [cache entry] in a form in which an embedder can list, export and import it.
///
/// [cache entry]: https://fetch.spec.whatwg.org/#cache-entry
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use browser_cors::preflight_cache::{CacheEntry, Grant, PreflightCache, Timestamp};
///
/// let entry = CacheEntry {
///     network_partition_key: None,
///     origin: "https://app.example",
///     url: "https://api.example/",
///     max_age: Duration::from_secs(600),
///     credentials: false,
///     grant: Grant::HeaderName("x-token"),
///     stored: Timestamp::from_secs(3),
/// };
/// let mut cache = PreflightCache::new();
/// cache.import(&entry, Timestamp::from_secs(3), Duration::from_secs(600))?;
/// assert_eq!(cache.entries().collect::<Vec<_>>(), [entry]);
/// # Ok::<(), browser_cors::preflight_cache::InvalidEntry>(())
/// ```
#[expect(clippy::exhaustive_structs, reason = "an embedder writes it to import it")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CacheEntry<'a> {
    /// The network partition key.
    pub network_partition_key: Option<NetworkPartitionKey>,
    /// The serialized origin.
    pub origin: &'a str,
    /// The URL, with its fragment.
    pub url: &'a str,
    /// The max-age. The cache rounds it down to whole seconds.
    pub max_age: Duration,
    /// Whether the request had the credentials mode "include".
    pub credentials: bool,
    /// The method or the header name.
    pub grant: Grant<'a>,
    /// The moment at which the entry was stored.
    pub stored: Timestamp,
}

/// Who asks the cache, and for what. A [`Request`] is one.
///
/// ```
/// # use std::time::Duration;
/// # use browser_cors::preflight_cache::{CacheQuery, Grant, PreflightCache, Timestamp};
/// # use browser_cors::{http::Method, url::Url};
/// let url = Url::parse("https://api.example/items").unwrap();
/// let mut query = CacheQuery::new("https://app.example", &url);
/// query.method = &Method::PUT;
/// let (mut cache, now) = (PreflightCache::new(), Timestamp::from_secs(0));
/// cache.store(query, [Grant::Method("PUT")], Duration::from_secs(600), now);
/// assert!(cache.matches(query, now).method(&Method::PUT));
/// cache.clear_entries(query);
/// assert!(!cache.matches(query, now).method(&Method::PUT));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug)]
pub struct CacheQuery<'a> {
    /// The network partition key of the client.
    pub network_partition_key: Option<&'a NetworkPartitionKey>,
    /// The origin of the client, serialized.
    pub origin: &'a str,
    /// Whether the [redirect-taint](Request::has_redirect_taint) is anything but "same-origin".
    pub has_redirect_taint: bool,
    /// The current URL.
    pub url: &'a Url,
    /// The method, at which some engines look before they look at header names.
    pub method: &'a Method,
    /// The credentials mode. It is "same-origin" unless it is set.
    pub credentials_mode: CredentialsMode,
}

impl<'a> CacheQuery<'a> {
    /// A query for a `GET` to `url` by an origin, without a network partition key.
    ///
    /// ```
    /// # use browser_cors::{preflight_cache::CacheQuery, url::Url};
    /// let url = Url::parse("https://api.example/items").unwrap();
    /// assert!(!CacheQuery::new("https://app.example", &url).has_redirect_taint);
    /// ```
    pub const fn new(origin: &'a str, url: &'a Url) -> Self {
        const GET: &Method = &Method::GET;
        Self {
            network_partition_key: None,
            origin,
            has_redirect_taint: false,
            url,
            method: GET,
            credentials_mode: CredentialsMode::SameOrigin,
        }
    }

    fn includes_credentials(&self) -> bool {
        self.credentials_mode == CredentialsMode::Include
    }
}

impl<'a> From<&'a Request> for CacheQuery<'a> {
    fn from(request: &'a Request) -> Self {
        let client = request.client.as_deref();
        Self {
            // Omitted(navigation): step 1.
            // Steps 2 and 3.
            network_partition_key: client.and_then(|client| client.network_partition_key.as_ref()),
            origin: request.origin.serialized(),
            has_redirect_taint: request.has_redirect_taint(),
            url: request.current_url(),
            method: &request.method,
            credentials_mode: request.credentials_mode,
        }
    }
}

/// Why an entry cannot come from a preflight.
///
/// ```
/// # use std::time::Duration;
/// # use browser_cors::preflight_cache::{CacheEntry, Grant, PreflightCache, Timestamp};
/// # let mut cache = PreflightCache::new();
/// let error = cache.import(&CacheEntry {
///     network_partition_key: None,
///     origin: "null",
///     url: "nowhere",
///     max_age: Duration::from_secs(5),
///     credentials: false,
///     grant: Grant::Method("GET"),
///     stored: Timestamp::default(),
/// }, Timestamp::default(), Duration::from_secs(600));
/// assert_eq!(error.unwrap_err().to_string(), "`nowhere` is not a serialized URL");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidEntry {
    /// The URL is not in the form in which URLs are serialized.
    #[error("`{url}` is not a serialized URL")]
    Url {
        /// The text.
        url: String,
    },
    /// The origin is not in the form in which origins are serialized.
    #[error("`{origin}` is not a serialized origin")]
    Origin {
        /// The text.
        origin: String,
    },
    /// The method or header name is not a token.
    #[error("`{name}` is not a token")]
    Name {
        /// The text.
        name: String,
    },
}

/// The entries that serve one request at one moment. [`PreflightCache::matches`] returns them.
///
/// ```
/// # use browser_cors::engine::Profile;
/// # use browser_cors::{http::Method, origin::Origin, request::Request, url::Url};
/// # use browser_cors::preflight_cache::{PreflightCache, Timestamp};
/// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
/// let cache = PreflightCache::new();
/// assert!(!cache.matches(&request, Timestamp::default()).method(&Method::PUT));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Matches<'a> {
    entries: Entries<'a>,
    rules: Rules,
    includes_credentials: bool,
    now: Timestamp,
}

impl PreflightCache {
    /// The capacity, in bytes, of a [new](Self::new) cache: 16 MiB.
    ///
    /// ```
    /// # use browser_cors::preflight_cache::PreflightCache;
    /// assert_eq!(PreflightCache::DEFAULT_CAPACITY, 16 << 20);
    /// ```
    pub const DEFAULT_CAPACITY: usize = 16 << 20;

    /// An empty cache of [`DEFAULT_CAPACITY`](Self::DEFAULT_CAPACITY).
    ///
    /// ```
    /// # use browser_cors::preflight_cache::PreflightCache;
    /// assert!(PreflightCache::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::with_capacity(Self::DEFAULT_CAPACITY)
    }

    /// An empty cache that works as the cache of this profile's engine does.
    ///
    /// A [`Context`](crate::fetch::Context) adapts its cache to the profile of its user agent, so
    /// [`fetch`](crate::fetch::fetch) needs only a cache from [`new`](Self::new).
    ///
    /// ```
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{engine::Profile, origin::Origin, request::Request, url::Url};
    /// # use std::time::Duration;
    /// let sandboxed = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::for_profile(&Profile::CHROMIUM);
    /// cache.store(&sandboxed, [Grant::Method("PUT")], Duration::from_secs(600), Timestamp::default());
    /// assert!(cache.is_empty()); // Chromium keeps nothing for opaque origins
    /// ```
    pub fn for_profile(profile: &Profile) -> Self {
        Self { rules: Rules::of(profile), ..Self::new() }
    }

    /// Tells this cache what time it is before it is looked at. Whatever changes the cache does so,
    /// too.
    ///
    /// A cache that is only looked at, after the clock has gone backwards, serves nothing.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{http::Method, origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let (mut cache, [early, late]) = (PreflightCache::new(), [1, 100].map(Timestamp::from_secs));
    /// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(600), late);
    /// assert!(!cache.matches(&request, early).method(&Method::PUT));
    /// cache.set_time(early);
    /// assert!(cache.matches(&request, early).method(&Method::PUT));
    /// ```
    pub fn set_time(&mut self, now: Timestamp) {
        self.clock.set(now);
    }

    /// Adapts this cache to a profile. If the rules change, the cache forgets its entries.
    #[inline]
    pub(crate) fn follow(&mut self, profile: &Profile) {
        let rules = Rules::of(profile);
        if self.rules != rules {
            self.clear();
            self.rules = rules;
        }
    }

    /// An empty cache that holds at most `capacity` bytes, including keys, names and book-keeping.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::with_capacity(0);
    /// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(600), Timestamp::default());
    /// assert!(cache.is_empty());
    /// ```
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            records: HashTable::new(),
            queue: VecDeque::new(),
            hasher: RandomState::new(),
            next_sequence: 0,
            capacity,
            bytes: 0,
            len: 0,
            rules: Rules::of(&Profile::STANDARD),
            clock: Clock::default(),
        }
    }

    /// The number of stored entries, including entries whose max-age has passed.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether the cache has no entries.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of bytes that the entries use, of the capacity.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The entries for which there is a [cache entry match] with `query` at `now`.
    ///
    /// An entry that was stored with credentials also serves a request without them, but not the
    /// reverse. At exactly its max-age, an entry no longer serves.
    ///
    /// [cache entry match]: https://fetch.spec.whatwg.org/#concept-cache-match
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{engine::Profile, origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// cache.create_entry(&request, Grant::HeaderName("*"), Duration::from_secs(5), Timestamp::default());
    /// let matches = cache.matches(&request, Timestamp::default());
    /// assert!(matches.header_name("x-any"));
    /// assert!(!matches.header_name("Authorization"));
    /// ```
    pub fn matches<'q>(&self, query: impl Into<CacheQuery<'q>>, now: Timestamp) -> Matches<'_> {
        let query = query.into();
        let now = self.clock.read(now);
        // Ours: nothing serves if the clock has gone backwards, until the cache may change.
        let entries = if self.records.is_empty() || now < self.clock.latest {
            Entries::default()
        } else {
            self.key(&query).and_then(|key| self.entries_of(&key)).unwrap_or_default()
        };
        Matches {
            entries,
            rules: self.rules,
            includes_credentials: query.includes_credentials(),
            now,
        }
        .for_method(query.method)
    }

    /// [Creates a new cache entry], unless that would exceed the capacity or
    /// [`ENTRIES_PER_URL_LIMIT`].
    ///
    /// [Creates a new cache entry]: https://fetch.spec.whatwg.org/#concept-cache-create-entry
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(600), Timestamp::default());
    /// assert_eq!(cache.len(), 1);
    /// ```
    pub fn create_entry<'q>(
        &mut self,
        query: impl Into<CacheQuery<'q>>,
        grant: Grant<'_>,
        max_age: Duration,
        now: Timestamp,
    ) {
        let (query, now) = (query.into(), self.clock.set(now));
        // Step 1.
        let (kind, name) = grant.parts();
        let credentials = query.includes_credentials();
        let entry = Entry::new(kind, name, credentials, now, max_age.as_secs());
        // Step 2.
        if let Some(key) = self.key(&query) {
            self.amend(&key, |draft| draft.insert(&entry, now));
        }
    }

    /// [CORS-preflight fetch] steps 7.12 to 7.15: for each grant, sets the max-age of the matching
    /// entry, or creates an entry if none matches.
    ///
    /// [CORS-preflight fetch]: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{engine::Profile, origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// for grant in [Grant::Method("PUT"), Grant::HeaderName("a"), Grant::Method("PUT")] {
    ///     cache.store(&request, [grant], Duration::from_secs(600), Timestamp::default());
    /// }
    /// assert_eq!(cache.len(), 2);
    /// ```
    pub fn store<'a, 'q>(
        &mut self,
        query: impl Into<CacheQuery<'q>>,
        grants: impl IntoIterator<Item = Grant<'a>>,
        max_age: Duration,
        now: Timestamp,
    ) {
        let (query, now) = (query.into(), self.clock.set(now));
        let Some(key) = self.key(&query) else { return };
        let credentials = query.includes_credentials();
        let grants = grants.into_iter().take(ENTRIES_PER_URL_LIMIT);
        let (rules, max_age) = (self.rules, max_age.as_secs());
        self.amend(&key, |draft| rules.store(draft, grants, credentials, max_age, now));
        // Departs(CachedUrlsLimit)
        self.evict(rules.urls_limit.0);
    }

    /// Tells the cache that a [look-up](Self::matches) made a preflight unnecessary.
    /// A cache that removes the least recently used URL first then counts this URL as used.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::engine::{Departure, Profile};
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let origin: Origin = "https://app.example".parse().unwrap();
    /// let request = |number: u32| {
    ///     let url = Url::parse(&format!("https://api.example/{number}")).unwrap();
    ///     Request::new(url, origin.clone())
    /// };
    /// let store = |cache: &mut PreflightCache, number| {
    ///     let grant = [Grant::Method("PUT")];
    ///     cache.store(&request(number), grant, Duration::from_secs(600), Timestamp::default());
    /// };
    /// let rules = Profile::STANDARD
    ///     .with(Departure::CACHE_EVICTS_LEAST_RECENTLY_USED)
    ///     .with(Departure::CACHED_URLS_LIMIT_OF_100);
    /// let mut cache = PreflightCache::for_profile(&rules);
    /// (0..100).for_each(|number| store(&mut cache, number));
    /// cache.answered(&request(0));
    /// store(&mut cache, 100); // one too many: the URL `/1` goes, not `/0`
    /// let urls: Vec<_> = cache.entries().map(|entry| entry.url.to_owned()).collect();
    /// assert!(urls.contains(&"https://api.example/0".to_owned()));
    /// assert!(!urls.contains(&"https://api.example/1".to_owned()));
    /// ```
    pub fn answered<'q>(&mut self, query: impl Into<CacheQuery<'q>>) {
        // Departs(Eviction)
        if self.rules.eviction != Eviction::LeastRecentlyUsed {
            return;
        }
        let Some(key) = self.key(&query.into()) else { return };
        let hash = key.hash(&self.hasher);
        if let Some(record) = self.records.find_mut(hash, |record| record.has_key(&key)) {
            record.set_sequence(self.next_sequence);
            self.queue.push_back((hash, self.next_sequence));
            self.next_sequence += 1;
            self.tidy_queue_if_long();
        }
    }

    /// Tells the cache that a [look-up](Self::matches) left a preflight necessary.
    /// Some engines then erase the entries of this URL.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{engine::Profile, origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let is_kept = |profile| {
    ///     let mut cache = PreflightCache::for_profile(profile);
    ///     cache.store(&request, [Grant::Method("PUT")], Duration::from_secs(600), Timestamp::default());
    ///     cache.missed(&request);
    ///     !cache.is_empty()
    /// };
    /// assert!(is_kept(&Profile::STANDARD) && !is_kept(&Profile::WEBKIT));
    /// ```
    pub fn missed<'q>(&mut self, query: impl Into<CacheQuery<'q>>) {
        // Departs(Keeping)
        if self.rules.erases_what_misses() {
            self.clear_entries(query);
        }
    }

    /// [Clears cache entries]: all entries for a network partition key, origin and URL.
    ///
    /// [Clears cache entries]: https://fetch.spec.whatwg.org/#concept-cache-clear
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{engine::Profile, origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(600), Timestamp::default());
    /// cache.clear_entries(&request);
    /// assert!(cache.is_empty());
    /// ```
    pub fn clear_entries<'q>(&mut self, query: impl Into<CacheQuery<'q>>) {
        let Some(key) = self.key(&query.into()) else { return };
        let hash = key.hash(&self.hasher);
        if let Ok(found) = self.records.find_entry(hash, |record| record.has_key(&key)) {
            let (record, _) = found.remove();
            self.forget(&record);
        }
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        let (rules, clock) = (self.rules, self.clock);
        *self = Self { rules, clock, ..Self::with_capacity(self.capacity) };
    }

    /// Removes the entries for a serialized origin, in all partitions.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{request::Request, url::Url};
    /// let mut cache = PreflightCache::new();
    /// for origin in ["https://app.example", "https://www.example"] {
    ///     let url = Url::parse("https://api.example/").unwrap();
    ///     let request = Request::new(url, origin.parse().unwrap());
    ///     let grant = [Grant::Method("PUT")];
    ///     cache.store(&request, grant, Duration::from_secs(600), Timestamp::default());
    /// }
    /// cache.clear_origin("https://app.example");
    /// let origins: Vec<_> = cache.entries().map(|entry| entry.origin).collect();
    /// assert_eq!(origins, ["https://www.example"]);
    /// ```
    pub fn clear_origin(&mut self, origin: &str) {
        self.retain(|record| record.key().origin != origin);
    }

    /// Removes the entries with a network partition key, or the entries without one.
    pub fn clear_partition(&mut self, key: Option<&NetworkPartitionKey>) {
        let key = key.map(NetworkPartitionKey::as_str);
        self.retain(|record| record.key().partition != key);
    }

    /// Removes the entries whose max-age has passed at `now`. Such entries never serve a request,
    /// but they use capacity.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(600), Timestamp::default());
    /// cache.remove_expired(Timestamp::from_secs(600));
    /// assert!(cache.is_empty());
    /// ```
    pub fn remove_expired(&mut self, now: Timestamp) {
        let now = self.clock.set(now);
        self.retain(|record| {
            let key = record.key();
            let mut draft = Draft::new(record.entries(&key));
            let old_len = draft.len;
            draft.retain(|entry| entry.is_live(now));
            if draft.len < old_len {
                *record = Record::new(&key, record.hash(), record.sequence(), &draft.entries);
            }
            draft.len > 0
        });
    }

    /// The entries, in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = CacheEntry<'_>> {
        self.records.iter().flat_map(move |record| {
            let key = record.key();
            record.entries(&key).map(move |entry| {
                let (stored, max_age) = self.clock.unread(&entry);
                CacheEntry {
                    network_partition_key: key.partition.map(NetworkPartitionKey::new),
                    origin: key.origin,
                    url: key.url,
                    max_age,
                    credentials: entry.credentials,
                    grant: match entry.kind {
                        Kind::Method => Grant::Method(entry.name()),
                        Kind::HeaderName => Grant::HeaderName(entry.name()),
                    },
                    stored,
                }
            })
        })
    }

    /// Stores an entry that another cache has [listed](Self::entries), within the limits of this
    /// cache. `max_age_limit` is usually that of the
    /// [profile](crate::engine::Profile::max_age_limit).
    ///
    /// An entry that was stored after `now` by some other clock counts as stored at `now`. An entry
    /// whose max-age has passed is not stored.
    ///
    /// # Errors
    ///
    /// If the entry cannot come from a preflight.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::preflight_cache::{CacheEntry, Grant, PreflightCache, Timestamp};
    /// let mut cache = PreflightCache::new();
    /// let entry = CacheEntry {
    ///     network_partition_key: None,
    ///     origin: "null",
    ///     url: "https://api.example/",
    ///     max_age: Duration::MAX,
    ///     credentials: true,
    ///     grant: Grant::Method("PUT"),
    ///     stored: Timestamp::from_secs(1_000_000),
    /// };
    /// cache.import(&entry, Timestamp::from_secs(3), Duration::from_secs(600))?;
    /// let imported = cache.entries().next().unwrap();
    /// assert_eq!((imported.stored.since_start().as_secs(), imported.max_age.as_secs()), (3, 600));
    /// # Ok::<(), browser_cors::preflight_cache::InvalidEntry>(())
    /// ```
    pub fn import(
        &mut self,
        entry: &CacheEntry<'_>,
        now: Timestamp,
        max_age_limit: Duration,
    ) -> Result<(), InvalidEntry> {
        if Url::parse(entry.url).ok().is_none_or(|url| url.as_str() != entry.url) {
            return Err(InvalidEntry::Url { url: entry.url.to_owned() });
        }
        let Some(origin) =
            entry.origin.parse().ok().filter(|origin: &Origin| origin.serialized() == entry.origin)
        else {
            return Err(InvalidEntry::Origin { origin: entry.origin.to_owned() });
        };
        let (kind, name) = entry.grant.parts();
        if !is_token(name.as_bytes()) {
            return Err(InvalidEntry::Name { name: name.to_owned() });
        }
        if !self.rules.keep(origin.is_opaque(), entry.url) {
            return Ok(());
        }
        let key = Key {
            partition: entry.network_partition_key.as_ref().map(NetworkPartitionKey::as_str),
            origin: entry.origin,
            url: entry.url,
        };
        let (moment, stored) = (self.clock.set(now), entry.stored.min(now));
        let stored = self.clock.read(stored);
        let max_age = entry.max_age.min(max_age_limit).as_secs();
        let entry = Entry::new(kind, name, entry.credentials, stored, max_age);
        if entry.is_live(moment) {
            self.amend(&key, |draft| draft.insert(&entry, moment));
            // Departs(CachedUrlsLimit)
            self.evict(self.rules.urls_limit.0);
        }
        Ok(())
    }

    /// Changes the entries under `key`, and makes room for them. If the cache has too little room
    /// for them even when it is empty, it removes those that are under `key`, and no others.
    fn amend(&mut self, key: &Key<'_>, amend: impl FnOnce(&mut Draft)) {
        let hash = key.hash(&self.hasher);
        match self.records.entry(hash, |record| record.has_key(key), Record::hash) {
            TableEntry::Occupied(mut found) => {
                let mut draft = Draft::new(found.get().entries(key));
                let (old_cost, old_len) = (found.get().cost(), draft.len);
                amend(&mut draft);
                let record = Record::new(key, hash, found.get().sequence(), &draft.entries);
                self.bytes -= old_cost;
                self.len -= old_len;
                if record.cost() > self.capacity {
                    found.remove();
                } else {
                    self.bytes += record.cost();
                    self.len += draft.len;
                    *found.get_mut() = record;
                }
            }
            TableEntry::Vacant(vacant) => {
                let mut draft = Draft::new(Entries::default());
                amend(&mut draft);
                let record = Record::new(key, hash, self.next_sequence, &draft.entries);
                if draft.len == 0 || record.cost() > self.capacity {
                    return;
                }
                self.queue.push_back((hash, self.next_sequence));
                self.next_sequence += 1;
                self.bytes += vacant.insert(record).get().cost();
                self.len += draft.len;
            }
        }
        self.evict(usize::MAX);
        self.tidy_queue_if_long();
    }

    /// Removes the first records of the queue until the cache keeps its limits.
    fn evict(&mut self, records_limit: usize) {
        while self.bytes > self.capacity || self.records.len() > records_limit {
            let Some((hash, sequence)) = self.queue.pop_front() else { break };
            if let Ok(oldest) =
                self.records.find_entry(hash, |record| record.sequence() == sequence)
            {
                let (oldest, _) = oldest.remove();
                self.forget(&oldest);
            }
        }
    }

    /// The key of the entries for `query`; `None` if this cache keeps no entries for it.
    fn key<'a>(&self, query: &CacheQuery<'a>) -> Option<Key<'a>> {
        let url = query.url.as_str();
        if !self.rules.keep(query.origin == "null", url) {
            return None;
        }
        // Departs(CacheKey)
        let origin = self.rules.key.origin(query)?;
        let partition = query.network_partition_key.map(NetworkPartitionKey::as_str);
        Some(Key { partition, origin, url })
    }

    fn entries_of(&self, key: &Key<'_>) -> Option<Entries<'_>> {
        let hash = key.hash(&self.hasher);
        let record = self.records.find(hash, |record| record.has_key(key))?;
        Some(record.entries(key))
    }

    fn retain(&mut self, mut keep: impl FnMut(&mut Record) -> bool) {
        let (mut bytes, mut len) = (0, 0);
        self.records.retain(|record| {
            let is_kept = keep(record);
            if is_kept {
                bytes += record.cost();
                len += record.len();
            }
            is_kept
        });
        (self.bytes, self.len) = (bytes, len);
        self.tidy_queue();
    }

    fn forget(&mut self, record: &Record) {
        self.bytes -= record.cost();
        self.len -= record.len();
    }

    fn tidy_queue_if_long(&mut self) {
        if self.queue.len() > 2 * self.records.len() + 64 {
            self.tidy_queue();
        }
    }

    fn tidy_queue(&mut self) {
        let records = &self.records;
        self.queue.retain(|(hash, sequence)| {
            records.find(*hash, |record| record.sequence() == *sequence).is_some()
        });
    }
}

impl Default for PreflightCache {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for PreflightCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}

impl Matches<'_> {
    /// No matches, for a request that does not ask the cache.
    pub(crate) fn none(cache: &PreflightCache) -> Self {
        Self {
            entries: Entries::default(),
            rules: cache.rules,
            includes_credentials: false,
            now: Timestamp::default(),
        }
    }

    /// Whether there are no entries at all.
    pub(crate) const fn is_empty(&self) -> bool {
        self.entries.as_bytes().is_empty()
    }

    /// Whether there is a [method cache entry match].
    ///
    /// [method cache entry match]: https://fetch.spec.whatwg.org/#concept-cache-match-method
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::engine::Profile;
    /// # use browser_cors::{http::Method, origin::Origin, request::Request, url::Url};
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// cache.create_entry(&request, Grant::Method("PUT"), Duration::from_secs(5), Timestamp::default());
    /// assert!(cache.matches(&request, Timestamp::default()).method(&Method::PUT));
    /// ```
    pub fn method(&self, method: &Method) -> bool {
        self.has(Kind::Method, method.as_str())
            || (self.rules.safelists_methods() && self.is_safelisted(method))
    }

    /// Whether there is a [header-name cache entry match].
    ///
    /// [header-name cache entry match]: https://fetch.spec.whatwg.org/#concept-cache-match-header
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use browser_cors::engine::Profile;
    /// # use browser_cors::{origin::Origin, request::Request, url::Url};
    /// # use browser_cors::preflight_cache::{Grant, PreflightCache, Timestamp};
    /// let request = Request::new(Url::parse("https://api.example/").unwrap(), Origin::opaque());
    /// let mut cache = PreflightCache::new();
    /// cache.create_entry(&request, Grant::HeaderName("X-Token"), Duration::from_secs(5), Timestamp::default());
    /// assert!(cache.matches(&request, Timestamp::default()).header_name("x-token"));
    /// ```
    pub fn header_name(&self, header_name: &str) -> bool {
        self.has(Kind::HeaderName, header_name)
    }

    fn has(&self, kind: Kind, name: &str) -> bool {
        let mut entries = self.entries;
        entries.any(|entry| {
            self.rules.is_match(&entry, kind, name, self.includes_credentials)
                && self.rules.serves(&entry, self.includes_credentials, self.now)
        })
    }

    /// Whether an answer serves this method without listing it.
    fn is_safelisted(&self, method: &Method) -> bool {
        let mut entries = self.entries;
        is_cors_safelisted_method(method)
            && entries.any(|entry| self.rules.serves(&entry, self.includes_credentials, self.now))
    }

    /// The matches for a request with this method. There are none if the answers must list the
    /// method and do not.
    fn for_method(mut self, method: &Method) -> Self {
        if self.rules.must_list(method) && !self.has(Kind::Method, method.as_str()) {
            self.entries = Entries::default();
        }
        self
    }
}

/// The entries of a record, while they are changed.
#[derive(Default)]
struct Draft {
    entries: Vec<u8>,
    len: usize,
}

impl Draft {
    fn new(entries: Entries<'_>) -> Self {
        Self { entries: entries.as_bytes().to_vec(), len: entries.count() }
    }

    /// Appends an entry, in place of an equal one. If the limit does not allow it, removes expired
    /// entries first; if they are too few, does not store the entry.
    fn insert(&mut self, entry: &Entry<'_>, now: Timestamp) {
        self.retain(|other| !other.is_equal(entry));
        if self.len == ENTRIES_PER_URL_LIMIT {
            self.retain(|entry| entry.is_live(now));
        }
        if self.len < ENTRIES_PER_URL_LIMIT {
            entry.append_to(&mut self.entries);
            self.len += 1;
        }
    }

    fn retain(&mut self, keep: impl Fn(&Entry<'_>) -> bool) {
        if Entries::new(&self.entries).all(|entry| keep(&entry)) {
            return;
        }
        let old = std::mem::take(self);
        for entry in Entries::new(&old.entries).filter(keep) {
            entry.append_to(&mut self.entries);
            self.len += 1;
        }
    }
}

impl<'a> Grant<'a> {
    const fn parts(self) -> (Kind, &'a str) {
        match self {
            Self::Method(name) => (Kind::Method, name),
            Self::HeaderName(name) => (Kind::HeaderName, name),
        }
    }
}

/// The key of a record, borrowed: the origin that asks, the URL that it asks for, and the result of
/// [determining the network partition key] of the request.
///
/// [determining the network partition key]: https://fetch.spec.whatwg.org/#request-determine-the-network-partition-key
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
struct Key<'a> {
    partition: Option<&'a str>,
    origin: &'a str,
    url: &'a str,
}

impl Key<'_> {
    fn hash(&self, hasher: &RandomState) -> u64 {
        hasher.hash_one(self)
    }
}
