//! The HTTP cache: the crate `http-cache-semantics` decides, and the cache modes of Fetch choose.

use std::{collections::HashMap, time::SystemTime};

use browser_cors::{
    Profile,
    fetch::{Exchange, effective_cache_mode},
    header::HeaderList,
    http::{self, HeaderMap, HeaderName, HeaderValue, Method, request::Parts},
    request::CacheMode,
};
use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};

use crate::net::Head;

/// The stored responses, for each URL and network partition.
pub(super) struct HttpCache {
    stored: HashMap<Key, Stored>,
    profile: Profile,
}

type Key = (String, Option<String>);

struct Stored {
    policy: CachePolicy,
    found: Found,
}

/// A stored response.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) head: Head,
    pub(super) body: Vec<u8>,
}

/// What the cache says before a request goes out.
#[derive(Debug)]
pub(super) enum Lookup {
    /// It has the response.
    Use(Found),
    /// It has a response that these headers validate.
    Validate(Vec<(Vec<u8>, Vec<u8>)>),
    /// It has nothing to say.
    Send,
    /// It has nothing, and the network must not be asked.
    Nothing,
}

/// A response that can be stored once its body is there.
pub(super) struct ToStore {
    pub(super) key: Key,
    pub(super) policy: CachePolicy,
    pub(super) head: Head,
}

impl HttpCache {
    pub(super) fn new(profile: Profile) -> Self {
        Self { stored: HashMap::new(), profile }
    }

    pub(super) fn look_up(&self, exchange: &Exchange, now: SystemTime) -> Lookup {
        let mode = effective_cache_mode(exchange.request(), &self.profile);
        let stored = self.stored.get(&key(exchange)).filter(|_| exchange.method() == Method::GET);
        let (Some(stored), false) =
            (stored, matches!(mode, CacheMode::NoStore | CacheMode::Reload))
        else {
            let is_offline = mode == CacheMode::OnlyIfCached;
            return if is_offline { Lookup::Nothing } else { Lookup::Send };
        };
        let (is_fresh, parts) = match stored.policy.before_request(&request(exchange), now) {
            BeforeRequest::Fresh(_) => (true, None),
            BeforeRequest::Stale { request, matches: true } => (false, Some(request)),
            BeforeRequest::Stale { .. } => return Lookup::Send,
        };
        match mode {
            CacheMode::ForceCache | CacheMode::OnlyIfCached => Lookup::Use(stored.found.clone()),
            CacheMode::Default if is_fresh => Lookup::Use(stored.found.clone()),
            _ => match validators(exchange, stored, parts.as_ref()) {
                validators if validators.is_empty() => Lookup::Send,
                validators => Lookup::Validate(validators),
            },
        }
    }

    /// The stored response, after a 304.
    pub(super) fn validated(
        &mut self,
        exchange: &Exchange,
        head: &Head,
        now: SystemTime,
    ) -> Option<Found> {
        let stored = self.stored.get_mut(&key(exchange))?;
        let answer = response(head);
        match stored.policy.after_response(&request(exchange), &answer, now) {
            AfterResponse::NotModified(policy, _) | AfterResponse::Modified(policy, _) => {
                stored.policy = policy;
            }
        }
        // The headers of the answer replace those that are stored.
        for (name, _) in &head.headers {
            stored.found.head.headers.retain(|(old, _)| !old.eq_ignore_ascii_case(name));
        }
        stored.found.head.headers.extend(head.headers.iter().cloned());
        Some(stored.found.clone())
    }

    /// What to store of an answer. A method that is not safe removes what is stored.
    pub(super) fn storable(&mut self, exchange: &Exchange, head: &Head) -> Option<ToStore> {
        let key = key(exchange);
        if !exchange.method().is_safe() && head.status < 400 {
            self.stored.remove(&key);
        }
        if exchange.method() != Method::GET
            || effective_cache_mode(exchange.request(), &self.profile) == CacheMode::NoStore
            || head.status == 206
            || head.get("Vary") == Some(b"*")
        {
            return None;
        }
        let options = CacheOptions { shared: false, ..CacheOptions::default() };
        let (request, response) = (request(exchange), response(head));
        let policy = CachePolicy::new_options(&request, &response, SystemTime::now(), options);
        let is_storable = policy.is_storable();
        is_storable.then(|| ToStore { key, policy, head: head.clone() })
    }

    pub(super) fn store(&mut self, key: Key, policy: CachePolicy, head: Head, body: Vec<u8>) {
        self.stored.insert(key, Stored { policy, found: Found { head, body } });
    }
}

/// The headers that validate a stored response.
fn validators(
    exchange: &Exchange,
    stored: &Stored,
    parts: Option<&Parts>,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pairs = [("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")];
    let given = pairs.into_iter().filter_map(|(name, from)| {
        let value = parts.and_then(|it| it.headers.get(name)).map(|value| value.as_bytes());
        let value = value.or_else(|| stored.found.head.get(from))?;
        Some((name.as_bytes().to_vec(), value.to_vec()))
    });
    given
        .filter(|(name, _)| !exchange.header_list().contains(&String::from_utf8_lossy(name)))
        .collect()
}

fn key(exchange: &Exchange) -> Key {
    let mut url = exchange.url().clone();
    url.set_fragment(None);
    let client = exchange.request().client.as_ref();
    let partition = client.and_then(|client| client.network_partition_key.as_ref());
    (url.into(), partition.map(|key| key.as_str().to_owned()))
}

fn request(exchange: &Exchange) -> http::Request<()> {
    let mut request = http::Request::new(());
    *request.method_mut() = exchange.method().clone();
    *request.uri_mut() = exchange.url().as_str().parse().unwrap_or_default();
    *request.headers_mut() = header_map(list_pairs(exchange.header_list()));
    request
}

fn response(head: &Head) -> http::Response<()> {
    let mut response = http::Response::new(());
    *response.status_mut() = head.status.try_into().unwrap_or_default();
    *response.headers_mut() =
        header_map(head.headers.iter().map(|(name, value)| (&name[..], &value[..])));
    response
}

fn list_pairs(list: &HeaderList) -> impl Iterator<Item = (&[u8], &[u8])> {
    list.iter().map(|(name, value)| (name.as_bytes(), value))
}

/// The headers that the crate `http` can hold; no other matters to the cache.
fn header_map<'a>(pairs: impl Iterator<Item = (&'a [u8], &'a [u8])>) -> HeaderMap {
    let pairs = pairs.filter_map(|(name, value)| {
        Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value).ok()?))
    });
    let mut map = HeaderMap::new();
    pairs.for_each(|(name, value)| {
        map.append(name, value);
    });
    map
}
