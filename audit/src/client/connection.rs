//! Connections to servers.

use std::{io, net::IpAddr, sync::Arc, time::Duration};

use browser_cors::{
    header::HeaderList,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Version,
        header::{CONTENT_LENGTH, TRANSFER_ENCODING},
    },
    response::Response,
    url::Url,
};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    HEADER_LINE_LIMIT, HEADER_SECTION_LIMIT,
    failure::{self, Failure, Kind},
    proxy::ProxyServer,
    wire::{Head, Wire},
};

/// A connection, without or with TLS or a proxy.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub(super) type BoxedStream = Box<dyn Stream>;

/// A request as it goes out.
#[derive(Debug)]
pub(super) struct Outgoing<'a> {
    pub(super) method: &'a Method,
    pub(super) url: &'a Url,
    pub(super) host: &'a str,
    /// The path and the query.
    pub(super) target: String,
    /// Without `Host`.
    pub(super) headers: Vec<(&'a [u8], &'a [u8])>,
    pub(super) body: Bytes,
    pub(super) includes_credentials: bool,
}

/// A connection that is ready for a request.
#[derive(Debug)]
pub(super) enum Connection {
    Http1(Http1),
    Http2(http2::SendRequest<Full<Bytes>>),
}

#[derive(Debug)]
pub(super) struct Http1 {
    sender: http1::SendRequest<Full<Bytes>>,
    head: Head,
    /// What is left of the last answer.
    rest: Option<Incoming>,
    /// The proxy that gets the whole URL.
    proxy: Option<Arc<ProxyServer>>,
}

impl Connection {
    /// Begins HTTP/1.1. `proxy` is the proxy that is asked for the whole URL.
    pub(super) async fn http1(
        stream: BoxedStream,
        proxy: Option<Arc<ProxyServer>>,
    ) -> Result<Self, Failure> {
        let (wire, head) = Wire::new(stream);
        let (sender, connection) = http1::Builder::new()
            .ignore_invalid_headers_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .max_headers(HEADER_LINE_LIMIT)
            .max_header_size(HEADER_SECTION_LIMIT)
            .max_buf_size(HEADER_SECTION_LIMIT + (16 << 10))
            .handshake(TokioIo::new(wire))
            .await
            .map_err(|error| failure::exchange(&error, &head))?;
        // Its errors are those of the exchange.
        tokio::spawn(async { drop(connection.await) });
        Ok(Self::Http1(Http1 { sender, head, rest: None, proxy }))
    }

    /// Begins HTTP/2.
    pub(super) async fn http2(stream: BoxedStream) -> Result<Self, Failure> {
        let limit = u32::try_from(HEADER_SECTION_LIMIT).unwrap_or(u32::MAX);
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .max_header_list_size(limit)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| failure::stream(&error))?;
        tokio::spawn(async { drop(connection.await) });
        Ok(Self::Http2(sender))
    }

    /// What watches the bytes of HTTP/1.
    pub(super) const fn head(&self) -> Option<&Head> {
        match self {
            Self::Http1(http1) => Some(&http1.head),
            Self::Http2(_) => None,
        }
    }

    /// Whether it has several requests at a time, and refuses one before it looks at it.
    pub(super) const fn is_http2(&self) -> bool {
        matches!(self, Self::Http2(_))
    }

    /// Whether a kept connection can still take a request.
    pub(super) async fn is_ready(&mut self) -> bool {
        /// How long the end of the last answer may take.
        const PATIENCE: Duration = Duration::from_millis(10);
        // The connection learns what happened since the last exchange.
        for _ in 0..2 {
            tokio::task::yield_now().await;
        }
        match self {
            Self::Http1(Http1 { sender, rest, .. }) => {
                let ready = async {
                    let is_read = match rest.take() {
                        Some(rest) => read_to_end(rest).await,
                        None => true,
                    };
                    is_read && sender.ready().await.is_ok()
                };
                timeout(PATIENCE, ready).await.unwrap_or(false) && !sender.is_closed()
            }
            Self::Http2(sender) => {
                timeout(PATIENCE, sender.ready()).await.is_ok_and(|ready| ready.is_ok())
                    && !sender.is_closed()
            }
        }
    }

    /// Sends a request. Returns the answer, and whether the connection can be kept.
    pub(super) async fn send(
        &mut self,
        outgoing: &Outgoing<'_>,
    ) -> Result<(Response, bool), Failure> {
        match self {
            Self::Http1(http1) => http1.send(outgoing).await,
            Self::Http2(sender) => {
                let request = http2_request(outgoing)?;
                let sent = sender.try_send_request(request).await;
                let answer = sent.map_err(|mut failed| {
                    let failure = failure::stream(failed.error());
                    let kind = match failed.take_message() {
                        Some(_) => Kind::Unanswered,
                        None => failure.kind,
                    };
                    Failure { kind, ..failure }
                })?;
                Ok((response(answer.status(), answer.headers()), true))
            }
        }
    }
}

impl Http1 {
    async fn send(&mut self, outgoing: &Outgoing<'_>) -> Result<(Response, bool), Failure> {
        let proxy = self.proxy.as_deref();
        self.head.send(header_section(outgoing, proxy));
        let mut request = Request::new(Full::new(outgoing.body.clone()));
        request.method_mut().clone_from(outgoing.method);
        let answer = self
            .sender
            .try_send_request(request)
            .await
            .map_err(|failed| failure::exchange(failed.error(), &self.head))?;
        let (status, headers) = (answer.status(), answer.headers());
        if let Some(proxy) = proxy
            && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        {
            return Err(proxy.wants_credentials());
        }
        let is_kept = status != StatusCode::SWITCHING_PROTOCOLS
            && answer.version() == Version::HTTP_11
            && has_one_length(headers);
        let response = response(status, headers);
        self.rest = Some(answer.into_body());
        Ok((response, is_kept))
    }
}

/// Whether it is beyond doubt where the body ends. Otherwise, a part of it could pass for the answer
/// to the next request.
fn has_one_length(headers: &HeaderMap) -> bool {
    let lengths = headers.get_all(CONTENT_LENGTH).iter().count();
    lengths + headers.get_all(TRANSFER_ENCODING).iter().count() <= 1
}

/// Whether the rest of an answer ends soon.
async fn read_to_end(mut rest: Incoming) -> bool {
    /// The greatest length that is worth a connection.
    const LIMIT: usize = 64 << 10;
    let mut length = 0;
    while let Some(frame) = rest.frame().await {
        let Ok(frame) = frame else { return false };
        length += frame.data_ref().map_or(0, Bytes::len);
        if length > LIMIT {
            return false;
        }
    }
    true
}

fn response(status: StatusCode, headers: &HeaderMap) -> Response {
    Response::new(status.as_u16(), HeaderList::from(headers))
}

/// The request of HTTP/1 without its body.
fn header_section(outgoing: &Outgoing<'_>, proxy: Option<&ProxyServer>) -> Bytes {
    let Outgoing { method, url, host, target, headers, .. } = outgoing;
    let mut bytes = Vec::with_capacity(512);
    let mut add = |parts: [&[u8]; 4]| parts.iter().for_each(|part| bytes.extend_from_slice(part));
    match proxy {
        Some(_) => {
            let target = format!("{}://{host}{target}", url.scheme());
            add([method.as_str().as_bytes(), b" ", target.as_bytes(), b" HTTP/1.1\r\n"]);
        }
        None => add([method.as_str().as_bytes(), b" ", target.as_bytes(), b" HTTP/1.1\r\n"]),
    }
    add([b"Host", b": ", host.as_bytes(), b"\r\n"]);
    for (name, value) in headers {
        add([name, b": ", value, b"\r\n"]);
    }
    if let Some(value) = proxy.and_then(ProxyServer::authorization) {
        add([b"Proxy-Authorization", b": ", value.as_bytes(), b"\r\n"]);
    }
    add([b"\r\n", b"", b"", b""]);
    bytes.into()
}

fn http2_request(outgoing: &Outgoing<'_>) -> Result<Request<Full<Bytes>>, Failure> {
    let Outgoing { method, url, host, target, headers, body, .. } = outgoing;
    let cannot = |error: browser_cors::http::Error| {
        Failure::new(format!("the request cannot be sent over HTTP/2: {error}"))
    };
    let uri = format!("{}://{host}{target}", url.scheme());
    let mut request = Request::builder().method(*method).uri(uri);
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name).map_err(|error| cannot(error.into()))?;
        let value = HeaderValue::from_bytes(value).map_err(|error| cannot(error.into()))?;
        request = request.header(name, value);
    }
    request.body(Full::new(body.clone())).map_err(cannot)
}

/// The TLS handshake with a host; `proxy` if that is the proxy's.
pub(super) async fn handshake(
    stream: BoxedStream,
    host: &str,
    config: Arc<ClientConfig>,
    proxy: Option<&ProxyServer>,
) -> Result<TlsStream<BoxedStream>, Failure> {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let name = match address.parse::<IpAddr>() {
        Ok(address) => ServerName::from(address),
        Err(_) => ServerName::try_from(host.to_owned())
            .map_err(|_| Failure::new(format!("a certificate cannot be for the name {host}")))?,
    };
    let connected = TlsConnector::from(config).connect(name, stream).await;
    connected.map_err(|error: io::Error| failure::handshake(&error, proxy))
}
