//! What an HTTP cache may keep of a recording: an answer to a load without CORS that the same URL
//! with CORS then gets.
//!
//! A plain `<img>` sends no `Origin`, and some servers answer such requests without
//! `Access-Control-Allow-Origin` and without `Vary`. Chromium and WebKit then use the stored answer
//! for a request with CORS, and block it. Firefox asks the server again.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasher, RandomState},
};

use browser_cors::{header::HeaderList, http::Method, request::Mode};

use super::{
    archive::Entry,
    asked::{destination, mode},
};

/// The most answers that are remembered.
const LIMIT: usize = 4096;

/// The answers that a cache may keep.
#[derive(Default)]
pub(super) struct Cached {
    answers: HashMap<u64, Stored>,
    /// Their keys, the oldest first.
    order: VecDeque<u64>,
    hasher: RandomState,
}

/// An answer to a load without CORS.
#[derive(Clone, Copy)]
struct Stored {
    /// The number of its entry.
    entry: u64,
    started: Option<f64>,
    /// For how many seconds it may be used without asking the server, if that is said.
    fresh_for: Option<f64>,
}

impl Cached {
    /// Remembers the answer of an entry if it is one that blocks a later request.
    pub(super) fn see(&mut self, entry: &Entry) {
        let headers = &entry.response_headers;
        let is_without_cors = !entry.request_headers.contains("Origin")
            && mode(entry, destination(entry)) == Mode::NoCors
            && !headers.contains("Access-Control-Allow-Origin");
        if entry.method != Method::GET
            || entry.status != 200
            || entry.answered_by.is_some()
            || !is_without_cors
            || lists(headers, "Vary", &["origin", "*"])
        {
            return;
        }
        let Some(fresh_for) = lifetime(headers) else { return };
        let stored = Stored { entry: entry.number, started: entry.started, fresh_for };
        let key = self.key(entry);
        if self.answers.insert(key, stored).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > LIMIT
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
    }

    /// The number of the entry whose answer a cache may hand to a later entry with CORS.
    pub(super) fn before(&self, entry: &Entry) -> Option<u64> {
        let stored = self.answers.get(&self.key(entry))?;
        let seconds =
            entry.started.zip(stored.started).map(|(late, early)| (late - early) / 1000.0);
        let is_stale =
            seconds.zip(stored.fresh_for).is_some_and(|(seconds, limit)| seconds > limit);
        // The browser was told to ask the server, by a reload or by its developer tools.
        let headers = &entry.request_headers;
        let is_forced = lists(headers, "Cache-Control", &["no-cache", "no-store", "max-age=0"])
            || lists(headers, "Pragma", &["no-cache"]);
        let is_after = stored.entry < entry.number;
        (entry.method == Method::GET && is_after && !is_stale && !is_forced).then_some(stored.entry)
    }

    fn key(&self, entry: &Entry) -> u64 {
        self.hasher.hash_one(entry.url.split('#').next())
    }
}

/// For how long a cache may use an answer without asking the server: not at all (the outer `None`),
/// or for some seconds, or for a time that nobody says.
fn lifetime(headers: &HeaderList) -> Option<Option<f64>> {
    let directives = headers.get_decode_and_split("Cache-Control").unwrap_or_default();
    let mut max_age = None;
    for directive in directives {
        let directive = directive.to_ascii_lowercase();
        match directive.split_once('=') {
            _ if directive == "no-store" || directive.starts_with("no-cache") => return None,
            Some(("max-age", seconds)) => max_age = seconds.trim_matches('"').parse().ok(),
            _ => {}
        }
    }
    match max_age {
        Some(seconds) => (seconds > 0.0).then_some(Some(seconds)),
        // Without either, a cache must not guess.
        None => {
            let expires = headers.get("Expires");
            let is_expired = expires.as_deref().is_some_and(|value| value.len() < 3);
            let may_guess = expires.is_some() || headers.contains("Last-Modified");
            (may_guess && !is_expired).then_some(None)
        }
    }
}

fn lists(headers: &HeaderList, name: &str, members: &[&str]) -> bool {
    headers.get_decode_and_split(name).is_some_and(|values| {
        values.iter().any(|value| members.iter().any(|member| value.eq_ignore_ascii_case(member)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Headers<'a> = &'a [(&'a str, &'a str)];

    fn list(headers: Headers<'_>) -> HeaderList {
        let mut list = HeaderList::new();
        headers.iter().for_each(|(name, value)| list.append(name, *value).unwrap());
        list
    }

    fn entry(number: u64, request: Headers<'_>, response: Headers<'_>) -> Entry {
        Entry {
            number,
            started: Some(number as f64 * 1000.0),
            url: "https://cdn.example/a.png".to_owned(),
            status: 200,
            resource_type: Some("image".to_owned()),
            request_headers: list(request),
            response_headers: list(response),
            ..Entry::default()
        }
    }

    const WITH_CORS: Headers<'_> = &[("Origin", "https://app.example")];

    #[test]
    fn what_blocks_a_later_request() {
        for (request, response, expected) in [
            (&[][..], &[("Cache-Control", "max-age=3600")][..], true),
            (&[], &[("Cache-Control", "public, max-age=\"9\"")], true),
            (&[], &[("Last-Modified", "Sun, 01 Nov 2026 10:00:00 GMT")], true),
            (&[], &[("Expires", "Sun, 01 Nov 2027 10:00:00 GMT")], true),
            (&[], &[("Expires", "0")], false),
            (&[], &[("ETag", "\"1\"")], false),
            // Three seconds pass.
            (&[], &[("Cache-Control", "max-age=3")], true),
            (&[], &[("Cache-Control", "max-age=2")], false),
            (&[], &[("Cache-Control", "max-age=0")], false),
            (&[], &[("Cache-Control", "no-store"), ("Last-Modified", "x")], false),
            (&[], &[("Cache-Control", "no-cache, max-age=9")], false),
            (&[], &[("Cache-Control", "max-age=9"), ("Vary", "Accept, Origin")], false),
            (&[], &[("Cache-Control", "max-age=9"), ("Vary", "*")], false),
            (&[], &[("Cache-Control", "max-age=9"), ("Vary", "Accept")], true),
            (&[], &[("Cache-Control", "max-age=9"), ("Access-Control-Allow-Origin", "*")], false),
            (WITH_CORS, &[("Cache-Control", "max-age=9")], false),
        ] {
            let mut cached = Cached::default();
            cached.see(&entry(1, request, response));
            let found = cached.before(&entry(4, WITH_CORS, &[]));
            assert_eq!(found, expected.then_some(1), "{request:?} {response:?}");
        }
    }

    /// What no server answered with 200 to a GET is not kept.
    #[test]
    fn what_is_not_kept() {
        for (change, expected) in [
            ((|_| {}) as fn(&mut Entry), Some(1)),
            (|entry| entry.status = 304, None),
            (|entry| entry.method = Method::HEAD, None),
            (|entry| entry.answered_by = Some("a service worker"), None),
            (|entry| entry.resource_type = Some("fetch".to_owned()), None),
        ] {
            let mut cached = Cached::default();
            let mut seen = entry(1, &[], &[("Cache-Control", "max-age=9")]);
            change(&mut seen);
            cached.see(&seen);
            assert_eq!(cached.before(&entry(2, WITH_CORS, &[])), expected);
        }
    }

    #[test]
    fn what_is_blocked() {
        let mut cached = Cached::default();
        cached.see(&entry(2, &[], &[("Cache-Control", "max-age=9")]));
        let later = |change: fn(&mut Entry)| {
            let mut later = entry(3, WITH_CORS, &[]);
            change(&mut later);
            cached.before(&later)
        };
        assert_eq!(later(|_| {}), Some(2));
        assert_eq!(later(|entry| entry.url.push_str("#x")), Some(2));
        assert_eq!(later(|entry| entry.url.push('?')), None);
        assert_eq!(later(|entry| entry.number = 1), None);
        assert_eq!(later(|entry| entry.method = Method::PUT), None);
        let forced = [("Cache-Control", "no-cache")];
        assert_eq!(cached.before(&entry(3, &forced, &[])), None);
        assert_eq!(cached.before(&entry(3, &[("Pragma", "no-cache")], &[])), None);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut cached = Cached::default();
        for number in 0..=LIMIT {
            let mut seen = entry(number as u64, &[], &[("Cache-Control", "max-age=9999")]);
            seen.url = format!("https://cdn.example/{number}");
            cached.see(&seen);
            // Again.
            cached.see(&seen);
        }
        assert_eq!((cached.answers.len(), cached.order.len()), (LIMIT, LIMIT));
        let mut later = entry(9999, WITH_CORS, &[]);
        later.started = None;
        later.url = "https://cdn.example/0".to_owned();
        assert_eq!(cached.before(&later), None);
        later.url = "https://cdn.example/1".to_owned();
        assert_eq!(cached.before(&later), Some(1));
    }
}
