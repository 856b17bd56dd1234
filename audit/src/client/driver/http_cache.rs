//! The [HTTP cache](https://fetch.spec.whatwg.org/#http-cache) of a user agent, between the exchanges
//! and the network.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use browser_cors::{
    environment::NetworkPartitionKey,
    fetch::Exchange,
    header::HeaderList,
    http::{
        self, HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{CACHE_CONTROL, IF_MODIFIED_SINCE, IF_NONE_MATCH, SET_COOKIE},
    },
    request::CacheMode,
    response::Response,
};
use bytes::Bytes;
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};

use crate::client::pool::lock;

/// The greatest length of a body that is stored, and of all together.
pub(super) const BODY_LIMIT: usize = 4 << 20;
const LIMIT: usize = 64 << 20;

/// What an entry is taken to have in addition to its body, headers and URL.
const ENTRY_SIZE: usize = 4 << 10;

#[derive(Debug, Default)]
pub(super) struct HttpCache(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    entries: HashMap<Key, Entry>,
    size: usize,
    /// Rises with each use.
    clock: u64,
}

/// What a stored response answers.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key {
    partition: Option<NetworkPartitionKey>,
    url: String,
}

#[derive(Debug)]
struct Entry {
    stored: Stored,
    used: u64,
}

/// A stored response. Clones share its body.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    policy: CachePolicy,
    status: StatusCode,
    status_message: Vec<u8>,
    headers: HeaderMap,
    body: Bytes,
}

/// What the cache knows before an exchange.
#[derive(Debug)]
pub(super) enum Lookup {
    /// The cache has no part in this exchange.
    Bypass,
    /// This answers it.
    Hit(Response, Bytes),
    /// The network is asked.
    Miss(Box<Ask>),
    /// The mode forbids to ask the network.
    Refused,
}

/// A question for the network, whose answer may be stored.
#[derive(Debug)]
pub(super) struct Ask {
    key: Key,
    request: http::Request<()>,
    /// What the server may say to be valid still.
    stored: Option<Stored>,
    /// The conditional headers that ask for that.
    pub(super) validators: Vec<(HeaderName, HeaderValue)>,
}

/// The head of an answer that is stored once its body has come.
#[derive(Debug)]
pub(super) struct Storing {
    cache: Arc<HttpCache>,
    key: Key,
    policy: CachePolicy,
    status: StatusCode,
    status_message: Vec<u8>,
    headers: HeaderMap,
}

/// What the cache makes of an answer of the network.
#[derive(Debug)]
pub(super) enum Answered {
    /// It is the answer.
    Network(Option<Box<Storing>>),
    /// The stored response is valid still.
    Stored(Response, Bytes),
}

impl HttpCache {
    /// Looks for a response to `exchange`, as its cache mode says.
    pub(super) fn look_up(
        &self,
        exchange: &Exchange,
        mode: CacheMode,
        partition: Option<&NetworkPartitionKey>,
    ) -> Lookup {
        let is_of_cache = *exchange.method() == Method::GET
            && !exchange.is_preflight()
            && !exchange.header_list().contains("Range");
        if !is_of_cache || mode == CacheMode::NoStore {
            return match mode {
                CacheMode::OnlyIfCached => Lookup::Refused,
                _ => Lookup::Bypass,
            };
        }
        let Ok(mut request) = http::Request::try_from(exchange) else { return Lookup::Bypass };
        if mode == CacheMode::NoCache {
            // Something stored within this second is as old as `max-age=0` allows.
            request.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        let key = Key { partition: partition.cloned(), url: request.uri().to_string() };
        let stored = match mode {
            CacheMode::Reload => None,
            _ => lock(&self.0).get(&key),
        };
        let Some(stored) = stored else {
            return match mode {
                CacheMode::OnlyIfCached => Lookup::Refused,
                _ => {
                    let validators = Vec::new();
                    Lookup::Miss(Box::new(Ask { key, request, stored: None, validators }))
                }
            };
        };
        match (stored.policy.before_request(&request, SystemTime::now()), mode) {
            (BeforeRequest::Fresh(parts), _) => {
                Lookup::Hit(stored.response(parts.headers), stored.body)
            }
            (
                BeforeRequest::Stale { matches: true, .. },
                CacheMode::ForceCache | CacheMode::OnlyIfCached,
            ) => Lookup::Hit(stored.response(stored.headers.clone()), stored.body),
            (_, CacheMode::OnlyIfCached) => Lookup::Refused,
            (BeforeRequest::Stale { request: conditional, matches }, _) => {
                let mut validators = Vec::new();
                if matches {
                    for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE] {
                        validators.extend(
                            conditional.headers.get(&name).map(|value| (name, value.clone())),
                        );
                    }
                }
                let stored = Some(stored).filter(|_| !validators.is_empty());
                Lookup::Miss(Box::new(Ask { key, request, stored, validators }))
            }
        }
    }

    /// Forgets what an unsafe request may have changed.
    pub(super) fn invalidate(
        &self,
        exchange: &Exchange,
        response: &Response,
        partition: Option<&NetworkPartitionKey>,
    ) {
        let is_error = !(200..400).contains(&response.status);
        if exchange.method().is_safe() || is_error {
            return;
        }
        if let Ok(request) = http::Request::try_from(exchange) {
            let key = Key { partition: partition.cloned(), url: request.uri().to_string() };
            lock(&self.0).remove(&key);
        }
    }

    fn put(&self, key: Key, stored: Stored) {
        let mut entries = lock(&self.0);
        entries.remove(&key);
        entries.size += size_of(&key, &stored);
        entries.clock += 1;
        let used = entries.clock;
        entries.entries.insert(key, Entry { stored, used });
        while entries.size > LIMIT {
            let oldest = entries.entries.iter().min_by_key(|(_, entry)| entry.used);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            entries.remove(&key);
        }
    }
}

impl Entries {
    fn get(&mut self, key: &Key) -> Option<Stored> {
        self.clock += 1;
        let entry = self.entries.get_mut(key)?;
        entry.used = self.clock;
        Some(entry.stored.clone())
    }

    fn remove(&mut self, key: &Key) {
        if let Some(entry) = self.entries.remove(key) {
            self.size -= size_of(key, &entry.stored);
        }
    }
}

/// The bytes that an entry holds, about: a policy has copies of the headers of both sides.
fn size_of(key: &Key, stored: &Stored) -> usize {
    let headers = stored.headers.iter();
    let headers: usize = headers.map(|(name, value)| name.as_str().len() + value.len()).sum();
    ENTRY_SIZE + key.url.len() + 3 * headers + stored.body.len()
}

impl Ask {
    /// Reads the head of the network's answer.
    pub(super) fn answered(self, answer: &Response, cache: &Arc<HttpCache>) -> Answered {
        let Self { key, request, stored, .. } = self;
        let Ok(status) = StatusCode::from_u16(answer.status) else {
            return Answered::Network(None);
        };
        let now = SystemTime::now();
        let mut head = http::Response::new(());
        (*head.status_mut(), *head.headers_mut()) = (status, combined(&answer.header_list));
        if let Some(mut stored) = stored
            && let AfterResponse::NotModified(policy, parts) =
                stored.policy.after_response(&request, &head, now)
        {
            (stored.policy, stored.headers) = (policy, parts.headers.clone());
            cache.put(key, stored.clone());
            return Answered::Stored(stored.response(parts.headers), stored.body);
        }
        let options = CacheOptions { shared: false, ..CacheOptions::default() };
        let policy = CachePolicy::new_options(&request, &head, now, options);
        if !policy.is_storable() {
            lock(&cache.0).remove(&key);
            return Answered::Network(None);
        }
        let headers = head.into_parts().0.headers;
        let cache = Arc::clone(cache);
        Answered::Network(Some(Box::new(Storing {
            cache,
            key,
            policy,
            status,
            status_message: answer.status_message.to_vec(),
            headers,
        })))
    }
}

impl Storing {
    /// The whole body has come.
    pub(super) fn store(self, body: Bytes) {
        let Self { cache, key, policy, status, status_message, headers } = self;
        cache.put(key, Stored { policy, status, status_message, headers, body });
    }
}

impl Stored {
    /// The response, with these headers.
    fn response(&self, headers: HeaderMap) -> Response {
        let mut response = Response::new(self.status.as_u16(), HeaderList::from(&headers));
        response.status_message = self.status_message.as_slice().into();
        response
    }
}

/// The headers with one value for each name, since a validation replaces values one by one. Cookies
/// are not part of a stored response.
fn combined(list: &HeaderList) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(list.len());
    for (name, _) in list {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        if name == SET_COOKIE || headers.contains_key(&name) {
            continue;
        }
        if let Some(value) = list.get(name.as_str())
            && let Ok(value) = HeaderValue::from_bytes(&value)
        {
            headers.insert(name, value);
        }
    }
    headers
}
