//! Converts an exchange to the request that a server over HTTP/1.1 sees.

use std::mem;

use http::{HeaderMap, HeaderValue, Request, Uri, header};
use url::Position;

use crate::{fetch::Exchange, http_types::NotForHttp, request::Body};

/// The request that hyper would make of the exchange, with the body as bytes.
pub(super) fn from_exchange(
    exchange: &Exchange,
    cookie: Option<&HeaderValue>,
) -> Result<Request<Vec<u8>>, NotForHttp> {
    let not_for_http = |_| NotForHttp::Url { url: exchange.url().to_string() };
    let host = &exchange.url()[Position::BeforeHost..Position::AfterPort];
    let host = HeaderValue::from_str(host).map_err(not_for_http)?;
    let mut request = Request::<()>::try_from(exchange)?;
    if let Some(target) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = Uri::from(target);
    }
    let mut headers = HeaderMap::with_capacity(request.headers().len() + 2);
    headers.insert(header::HOST, host);
    headers.extend(mem::take(request.headers_mut()));
    if let Some(cookie) = cookie {
        headers.insert(header::COOKIE, cookie.clone());
    }
    *request.headers_mut() = headers;
    Ok(request.map(|()| match exchange.body() {
        Some(Body::Source(bytes)) => bytes.to_vec(),
        Some(Body::Replayable { .. } | Body::Stream) | None => Vec::new(),
    }))
}
