//! One exchange: what the embedder adds to it, and where its answer comes from.

use std::{borrow::Cow, io, time::SystemTime};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use browser_cors::{
    fetch::{Exchange, TransportFailure},
    header::{
        HeaderList,
        range::{SingleRange, Whitespace, parse_a_single_range_header_value},
    },
    http::Method,
    origin::{has_http_scheme, includes_credentials},
    request::{Body, ResponseTainting},
    response::Response,
    url::Url,
};

use super::{
    Agent, Blob,
    http_cache::{Found, Lookup, ToStore},
    lock,
};
use crate::net::{self, Head, Outgoing};

/// An answer.
pub(super) struct Answer {
    pub(super) message: Vec<u8>,
    pub(super) source: Source,
    pub(super) to_store: Option<ToStore>,
    status: u16,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Where the bytes of a body come from.
pub(super) enum Source {
    Network(Box<net::Body>),
    Bytes(Vec<u8>),
}

impl Source {
    pub(super) async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        match self {
            Self::Network(body) => body.next().await,
            Self::Bytes(bytes) => Ok((!bytes.is_empty()).then(|| std::mem::take(bytes))),
        }
    }

    /// All that is left.
    pub(super) async fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.next().await? {
            all.extend(bytes);
        }
        Ok(all)
    }
}

impl Answer {
    fn new(head: Head, source: Source, to_store: Option<ToStore>) -> Self {
        let Head { status, message, headers } = head;
        Self { message, source, to_store, status, headers }
    }

    /// The answer as the library takes it.
    pub(super) fn response(&self) -> Response {
        let mut list = HeaderList::new();
        for (name, value) in &self.headers {
            // The network has refused what is not a header.
            let _ = list.append(name, value);
        }
        Response::new(self.status, list)
    }
}

impl Agent {
    /// Carries out an exchange.
    pub(super) async fn send(&self, exchange: &Exchange) -> Result<Answer, TransportFailure> {
        if !has_http_scheme(exchange.url()) {
            return self.local(exchange);
        }
        if exchange.is_preflight() {
            let (head, body) = self.over_network(exchange, &[], None).await?;
            return Ok(Answer::new(head, Source::Network(Box::new(body)), None));
        }
        let now = SystemTime::now();
        let lookup = lock(&self.http_cache).look_up(exchange, now);
        let validators = match &lookup {
            Lookup::Use(Found { head, body }) => {
                return Ok(Answer::new(head.clone(), Source::Bytes(body.clone()), None));
            }
            Lookup::Nothing => return Err(TransportFailure::new("nothing is in the HTTP cache")),
            Lookup::Validate(validators) => &validators[..],
            Lookup::Send => &[],
        };
        let (mut head, mut body) = self.over_network(exchange, validators, None).await?;
        if head.status == 421 {
            // A connection of another kind may be needed: a new one gets the request once more.
            (head, body) = self.over_network(exchange, validators, None).await?;
        }
        if head.status == 401
            && self.may_authenticate(exchange)
            && let Some(value) = authorization_of(exchange.url())
        {
            (head, body) = self.over_network(exchange, validators, Some(&value)).await?;
            if head.status != 401 {
                let origin = exchange.url().origin().ascii_serialization();
                lock(&self.authentication_entries).insert(origin, value);
            }
        }
        let mut cache = lock(&self.http_cache);
        if head.status == 304
            && !validators.is_empty()
            && let Some(Found { head, body }) = cache.validated(exchange, &head, now)
        {
            return Ok(Answer::new(head, Source::Bytes(body), None));
        }
        let mut to_store = cache.storable(exchange, &head);
        if matches!(head.status, 301..=308)
            && let Some(ToStore { key, policy, head }) = to_store.take()
        {
            // The body of a redirect is not read.
            cache.store(key, policy, head, Vec::new());
        }
        drop(cache);
        Ok(Answer::new(head, Source::Network(Box::new(body)), to_store))
    }

    async fn over_network(
        &self,
        exchange: &Exchange,
        more: &[(Vec<u8>, Vec<u8>)],
        authorization: Option<&[u8]>,
    ) -> Result<(Head, net::Body), TransportFailure> {
        let (url, list) = (exchange.url(), exchange.header_list());
        let (mut cookie, mut entry) = (None, None);
        if exchange.includes_credentials() {
            cookie = self.jar().header(url);
            if !list.contains("Authorization") {
                entry = match authorization {
                    Some(value) => Some(value.to_vec()),
                    None => self.authentication_entry(exchange),
                };
            }
        }
        // Every engine writes one line for each name, in the case of the first.
        let mut headers: Vec<(&[u8], Cow<'_, [u8]>)> = Vec::new();
        for (name, value) in list.iter() {
            let name = name.as_bytes();
            match headers.iter_mut().find(|header| header.0.eq_ignore_ascii_case(name)) {
                Some((_, values)) => *values = [values, &b", "[..], value].concat().into(),
                None => headers.push((name, value.into())),
            }
        }
        headers.extend(more.iter().map(|(name, value)| (&name[..], value.into())));
        if !list.contains("Accept-Encoding") {
            headers.push((b"Accept-Encoding", b"gzip, deflate"[..].into()));
        }
        headers.extend(cookie.as_ref().map(|value| (&b"Cookie"[..], value.as_bytes().into())));
        headers.extend(entry.as_ref().map(|value| (&b"Authorization"[..], (&value[..]).into())));
        let body = match exchange.body() {
            Some(Body::Source(bytes)) => &bytes[..],
            Some(_) => return Err(TransportFailure::new("a stream cannot be sent over HTTP/1.1")),
            None => &[],
        };
        let outgoing = Outgoing { method: exchange.method().as_str(), url, headers, body };
        let sent = net::send(&outgoing, &self.tls).await;
        let (head, body) = sent.map_err(|error| TransportFailure::from_error(&error))?;
        if exchange.includes_credentials() {
            let lines = head.headers.iter().filter(|it| it.0.eq_ignore_ascii_case(b"Set-Cookie"));
            let mut jar = self.jar();
            lines.for_each(|(_, value)| jar.set(value, url));
        }
        Ok((head, body))
    }

    /// Whether a 401 makes the user agent send the request again, HTTP-network-or-cache fetch step 14.
    fn may_authenticate(&self, exchange: &Exchange) -> bool {
        let request = exchange.request();
        exchange.includes_credentials()
            && request.response_tainting() != ResponseTainting::Cors
            && request.client.is_some()
            && !exchange.header_list().contains("Authorization")
    }

    fn authentication_entry(&self, exchange: &Exchange) -> Option<Vec<u8>> {
        let url = exchange.url();
        if exchange.request().use_url_credentials && includes_credentials(url) {
            return None;
        }
        let origin = url.origin().ascii_serialization();
        lock(&self.authentication_entries).get(&origin).cloned()
    }

    /// Answers with what a `blob:` URL names.
    fn local(&self, exchange: &Exchange) -> Result<Answer, TransportFailure> {
        if exchange.method() != Method::GET {
            return Err(TransportFailure::new("a blob can only be read with GET"));
        }
        let mut url = exchange.url().clone();
        url.set_fragment(None);
        let Some(Blob { bytes, kind }) = self.blobs().get(url.as_str()).cloned() else {
            return Err(TransportFailure::new("nothing has this URL"));
        };
        let mut head = Head { status: 200, message: b"OK".to_vec(), headers: Vec::new() };
        let mut body = &bytes[..];
        if let Some(value) = exchange.header_list().get("Range") {
            let range =
                parse_a_single_range_header_value(&value, Whitespace::Allowed, self.profile());
            let Some((first, last)) = range.ok().and_then(|range| bounds(&range, bytes.len()))
            else {
                return Err(TransportFailure::new("the range does not fit"));
            };
            body = &bytes[first..=last];
            (head.status, head.message) = (206, b"Partial Content".to_vec());
            let content_range = format!("bytes {first}-{last}/{}", bytes.len());
            head.headers.push((b"Content-Range".to_vec(), content_range.into_bytes()));
        }
        head.headers.push((b"Content-Length".to_vec(), body.len().to_string().into_bytes()));
        head.headers.push((b"Content-Type".to_vec(), kind.into_bytes()));
        Ok(Answer::new(head, Source::Bytes(body.to_vec()), None))
    }
}

/// The first and the last byte of a range, within a length.
fn bounds(range: &SingleRange<'_>, length: usize) -> Option<(usize, usize)> {
    // A number that is too large is beyond each length.
    let at = |position: &str| position.parse().unwrap_or(usize::MAX);
    let (first, last) = match (range.start, range.end) {
        (Some(first), last) => (at(first), last.map_or(usize::MAX, at)),
        (None, Some(count)) => (length.saturating_sub(at(count)), usize::MAX),
        (None, None) => return None,
    };
    (first < length && first <= last).then(|| (first, last.min(length - 1)))
}

/// The `Authorization` that the user name and the password of a URL make.
fn authorization_of(url: &Url) -> Option<Vec<u8>> {
    if !includes_credentials(url) {
        return None;
    }
    let mut pair = percent_decode(url.username());
    pair.push(b':');
    pair.extend(percent_decode(url.password().unwrap_or_default()));
    Some(format!("Basic {}", BASE64_STANDARD.encode(pair)).into_bytes())
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let (mut decoded, mut index) = (Vec::new(), 0);
    while index < bytes.len() {
        let digits = text.get(index + 1..index + 3).filter(|_| bytes[index] == b'%');
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            index += 3;
        } else {
            decoded.push(bytes[index]);
            index += 1;
        }
    }
    decoded
}
