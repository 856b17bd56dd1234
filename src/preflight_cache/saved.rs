//! Entries of the cache in a form that is kept while no cache is there to hold them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{CacheEntry, Grant, Timestamp};
use crate::environment::NetworkPartitionKey;

/// A [`CacheEntry`] that owns its parts, and that serde writes and reads.
///
/// | member | type | |
/// |---|---|---|
/// | `network_partition_key` | string, or null | |
/// | `origin` | string | as it is serialized |
/// | `url` | string | with its fragment |
/// | `max_age` | number | whole seconds |
/// | `credentials` | boolean | |
/// | `grant` | `{"method": string}` or `{"header_name": string}` | either may be `*` |
/// | `stored` | number | milliseconds since the start that the embedder chose |
///
/// The start must be the same when entries are read again; the Unix epoch always is. [`import`]
/// checks all members, and takes an entry that was stored after now for one that was stored now.
///
/// [`import`]: super::PreflightCache::import
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use browser_cors::preflight_cache::{PreflightCache, SavedEntry, Timestamp};
///
/// let saved = r#"[{
///     "network_partition_key": "https://app.example",
///     "origin": "https://app.example",
///     "url": "https://api.example/items",
///     "max_age": 600,
///     "credentials": true,
///     "grant": { "method": "PUT" },
///     "stored": 3000
/// }]"#;
/// let (mut cache, now) = (PreflightCache::new(), Timestamp::from_secs(4));
/// for entry in &serde_json::from_str::<Vec<SavedEntry>>(saved)? {
///     cache.import(&entry.into(), now, Duration::from_secs(7_200))?;
/// }
/// let listed: Vec<SavedEntry> = cache.entries().map(SavedEntry::from).collect();
/// assert_eq!(serde_json::to_value(listed)?, serde_json::from_str::<serde_json::Value>(saved)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct SavedEntry {
    network_partition_key: Option<String>,
    origin: String,
    url: String,
    max_age: u64,
    credentials: bool,
    grant: SavedGrant,
    stored: u64,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum SavedGrant {
    Method(String),
    HeaderName(String),
}

impl From<CacheEntry<'_>> for SavedEntry {
    fn from(entry: CacheEntry<'_>) -> Self {
        let key = entry.network_partition_key.as_ref();
        Self {
            network_partition_key: key.map(|key| key.as_str().to_owned()),
            origin: entry.origin.to_owned(),
            url: entry.url.to_owned(),
            max_age: entry.max_age.as_secs(),
            credentials: entry.credentials,
            grant: match entry.grant {
                Grant::Method(name) => SavedGrant::Method(name.to_owned()),
                Grant::HeaderName(name) => SavedGrant::HeaderName(name.to_owned()),
            },
            stored: u64::try_from(entry.stored.since_start().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl<'a> From<&'a SavedEntry> for CacheEntry<'a> {
    fn from(entry: &'a SavedEntry) -> Self {
        Self {
            network_partition_key: entry
                .network_partition_key
                .as_deref()
                .map(NetworkPartitionKey::new),
            origin: &entry.origin,
            url: &entry.url,
            max_age: Duration::from_secs(entry.max_age),
            credentials: entry.credentials,
            grant: match &entry.grant {
                SavedGrant::Method(name) => Grant::Method(name),
                SavedGrant::HeaderName(name) => Grant::HeaderName(name),
            },
            stored: Timestamp::from_millis(entry.stored),
        }
    }
}
