//! Connections to servers.

use std::{
    io,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use browser_cors::{
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version,
        header::{CONTENT_LENGTH, TRANSFER_ENCODING},
    },
    url::Url,
};
use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::{
    body::{Body, Incoming},
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
    body::{self, REST_LIMIT, RequestBody},
    failure::{self, Failure, Kind},
    pool::lock,
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
    pub(super) body: Payload,
    pub(super) includes_credentials: bool,
}

impl Outgoing<'_> {
    /// Whether it does no harm if the server gets the request twice, and the client can send it
    /// twice.
    pub(super) fn is_repeatable(&self) -> bool {
        self.method.is_idempotent() && self.body.is_repeatable()
    }
}

/// The body of a request.
#[derive(Debug)]
pub(super) enum Payload {
    /// It can be sent again.
    Bytes(Bytes),
    /// It is taken when it is sent.
    Stream(Mutex<Option<RequestBody>>),
}

impl Payload {
    pub(super) const fn is_repeatable(&self) -> bool {
        matches!(self, Self::Bytes(_))
    }

    fn take(&self) -> RequestBody {
        match self {
            Self::Bytes(bytes) => body::of_bytes(bytes.clone()),
            Self::Stream(body) => lock(body).take().unwrap_or_else(|| body::of_bytes(Bytes::new())),
        }
    }

    /// Whether it has no length that is known.
    fn is_chunked(&self) -> bool {
        match self {
            Self::Bytes(_) => false,
            Self::Stream(body) => {
                lock(body).as_ref().is_some_and(|body| body.size_hint().exact().is_none())
            }
        }
    }
}

/// A connection that is ready for a request.
#[derive(Debug)]
pub(super) enum Connection {
    Http1(Http1),
    Http2(Http2),
}

#[derive(Debug)]
pub(super) struct Http1 {
    sender: http1::SendRequest<RequestBody>,
    head: Head,
    /// The proxy that gets the whole URL.
    proxy: Option<Arc<ProxyServer>>,
}

#[derive(Clone, Debug)]
pub(super) struct Http2(http2::SendRequest<RequestBody>);

/// What is left of an answer.
pub(super) type Rest = Incoming;

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
        Ok(Self::Http1(Http1 { sender, head, proxy }))
    }

    /// Begins HTTP/2.
    pub(super) async fn http2(stream: BoxedStream) -> Result<Self, Failure> {
        /// What a server may send on one stream before anybody reads it.
        const STREAM_WINDOW: u32 = 1 << 20;
        /// The greatest that there is: bodies that nobody reads must not stop others.
        const CONNECTION_WINDOW: u32 = (1 << 31) - 1;
        let limit = u32::try_from(HEADER_SECTION_LIMIT).unwrap_or(u32::MAX);
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(limit)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| failure::stream(&error))?;
        tokio::spawn(async { drop(connection.await) });
        Ok(Self::Http2(Http2(sender)))
    }

    /// What watches the bytes of HTTP/1.
    pub(super) const fn head(&self) -> Option<&Head> {
        match self {
            Self::Http1(http1) => Some(&http1.head),
            Self::Http2(_) => None,
        }
    }

    /// Sends a request. Returns the answer, and whether the connection can be kept.
    pub(super) async fn send(
        &mut self,
        outgoing: &Outgoing<'_>,
    ) -> Result<(Response<Incoming>, bool), Failure> {
        match self {
            Self::Http1(http1) => http1.send(outgoing).await,
            Self::Http2(http2) => http2.send(outgoing).await.map(|answer| (answer, true)),
        }
    }
}

/// How long a kept connection may take to be ready.
const PATIENCE: Duration = Duration::from_millis(10);

/// Lets connections learn what happened since the last exchange.
async fn catch_up() {
    for _ in 0..2 {
        tokio::task::yield_now().await;
    }
}

impl Http2 {
    /// Whether it can still take a request.
    pub(super) async fn is_ready(&mut self) -> bool {
        catch_up().await;
        timeout(PATIENCE, self.0.ready()).await.is_ok_and(|ready| ready.is_ok())
            && !self.0.is_closed()
    }

    async fn send(&mut self, outgoing: &Outgoing<'_>) -> Result<Response<Incoming>, Failure> {
        let sent = self.0.try_send_request(http2_request(outgoing)?).await;
        sent.map_err(|mut failed| {
            let failure = failure::stream(failed.error());
            let kind = match failed.take_message() {
                Some(_) => Kind::Unanswered,
                None => failure.kind,
            };
            Failure { kind, ..failure }
        })
    }
}

impl Http1 {
    /// Whether it can still take a request, after the rest of the last answer.
    pub(super) async fn is_ready(&mut self, rest: Option<Rest>) -> bool {
        catch_up().await;
        let ready = async {
            let is_read = match rest {
                Some(rest) => read_to_end(rest).await,
                None => true,
            };
            is_read && self.sender.ready().await.is_ok()
        };
        timeout(PATIENCE, ready).await.unwrap_or(false) && !self.sender.is_closed()
    }

    async fn send(
        &mut self,
        outgoing: &Outgoing<'_>,
    ) -> Result<(Response<Incoming>, bool), Failure> {
        let proxy = self.proxy.as_deref();
        self.head.send(header_section(outgoing, proxy));
        let mut request = Request::new(outgoing.body.take());
        request.method_mut().clone_from(outgoing.method);
        let answer = self
            .sender
            .try_send_request(request)
            .await
            .map_err(|failed| failure::exchange(failed.error(), &self.head))?;
        let status = answer.status();
        if let Some(proxy) = proxy
            && status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        {
            return Err(proxy.wants_credentials());
        }
        let is_kept = status != StatusCode::SWITCHING_PROTOCOLS
            && answer.version() == Version::HTTP_11
            && has_one_length(answer.headers());
        Ok((answer, is_kept))
    }
}

/// Whether it is beyond doubt where the body ends. Otherwise, a part of it could pass for the answer
/// to the next request.
fn has_one_length(headers: &HeaderMap) -> bool {
    let lengths = headers.get_all(CONTENT_LENGTH).iter().count();
    lengths + headers.get_all(TRANSFER_ENCODING).iter().count() <= 1
}

/// Whether the rest of an answer ends soon.
async fn read_to_end(mut rest: Rest) -> bool {
    let mut length = 0;
    while let Some(frame) = rest.frame().await {
        let Ok(frame) = frame else { return false };
        length += frame.data_ref().map_or(0, |data| data.len() as u64);
        if length > REST_LIMIT {
            return false;
        }
    }
    true
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
    if outgoing.body.is_chunked() {
        add([b"Transfer-Encoding", b": ", b"chunked", b"\r\n"]);
    }
    if let Some(value) = proxy.and_then(ProxyServer::authorization) {
        add([b"Proxy-Authorization", b": ", value.as_bytes(), b"\r\n"]);
    }
    add([b"\r\n", b"", b"", b""]);
    bytes.into()
}

fn http2_request(outgoing: &Outgoing<'_>) -> Result<Request<RequestBody>, Failure> {
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
    request.body(body.take()).map_err(cannot)
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
