//! A server that a test writes, over HTTP/1.1 or HTTP/2, with or without TLS.

use std::{
    collections::BTreeSet,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use browser_cors::http::{Error, Request, Response, response::Builder};
use browser_cors_audit::client::Client;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

/// The body of an answer.
pub(crate) type Body = UnsyncBoxBody<Bytes, io::Error>;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Protocol {
    Http1,
    Http1OverTls,
    Http2,
}

pub(crate) struct Zoo {
    protocol: Protocol,
    address: SocketAddr,
    certificate: Option<String>,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    requests: Mutex<Vec<String>>,
    versions: Mutex<BTreeSet<String>>,
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

/// Counts something while it lives.
struct Open(Arc<Seen>);

impl Open {
    fn new(seen: &Arc<Seen>) -> Self {
        seen.connections.fetch_add(1, SeqCst);
        let open = seen.open.fetch_add(1, SeqCst) + 1;
        seen.most_open.fetch_max(open, SeqCst);
        Self(Arc::clone(seen))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, SeqCst);
    }
}

impl Zoo {
    /// Starts a server that answers with `answer`.
    pub(crate) async fn open<F>(
        protocol: Protocol,
        answer: impl Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Response<Body>, Error>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let (certificate, acceptor) = match protocol {
            Protocol::Http1 => (None, None),
            Protocol::Http1OverTls => tls(&[b"http/1.1"]),
            Protocol::Http2 => tls(&[b"h2", b"http/1.1"]),
        };
        let its_seen = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let open = Open::new(&its_seen);
                let (acceptor, answer) = (acceptor.clone(), answer.clone());
                tokio::spawn(async move {
                    match acceptor {
                        None => serve(stream, protocol, answer, &open).await,
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(stream).await {
                                serve(stream, protocol, answer, &open).await;
                            }
                        }
                    }
                });
            }
        });
        Self { protocol, address, certificate, seen }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        let scheme = if self.protocol == Protocol::Http1 { "http" } else { "https" };
        format!("{scheme}://localhost:{}{path}", self.address.port())
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client that knows the server.
    pub(crate) fn client(&self) -> Client {
        let client = Client::new().resolve("localhost", self.address);
        match &self.certificate {
            Some(certificate) => client.trusting(certificate.as_bytes()).unwrap(),
            None => client,
        }
    }

    /// The requests since the last call: the method and the path.
    pub(crate) fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.requests.lock().unwrap())
    }

    pub(crate) fn versions(&self) -> Vec<String> {
        self.seen.versions.lock().unwrap().iter().cloned().collect()
    }

    /// How many connections there have been.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(SeqCst)
    }

    /// How many connections there have been at a time.
    pub(crate) fn most_open(&self) -> usize {
        self.seen.most_open.load(SeqCst)
    }

    /// Waits until the client has closed all connections.
    pub(crate) async fn is_left(&self) -> bool {
        is_soon(|| self.seen.open.load(SeqCst) == 0).await
    }

    /// Waits until a request has come.
    pub(crate) async fn has_got(&self, request: &str) -> bool {
        let has_got = || self.seen.requests.lock().unwrap().iter().any(|it| it == request);
        is_soon(has_got).await
    }
}

/// Waits for something that must happen.
pub(crate) async fn is_soon(mut condition: impl FnMut() -> bool) -> bool {
    let wait = async {
        while !condition() {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(Duration::from_secs(10), wait).await.is_ok()
}

async fn serve<F>(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    protocol: Protocol,
    answer: impl Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    open: &Open,
) where
    F: Future<Output = Result<Response<Body>, Error>> + Send + 'static,
{
    let seen = Arc::clone(&open.0);
    let service = service_fn(move |request: Request<Incoming>| {
        let line = format!("{} {}", request.method(), request.uri().path());
        seen.requests.lock().unwrap().push(line);
        seen.versions.lock().unwrap().insert(format!("{:?}", request.version()));
        answer(request)
    });
    let io = TokioIo::new(stream);
    // The client may leave at any time.
    let _ = if protocol == Protocol::Http2 {
        // Cancelled fetches are no attack here.
        http2::Builder::new(TokioExecutor::new())
            .max_pending_accept_reset_streams(usize::MAX)
            .max_local_error_reset_streams(None)
            .serve_connection(io, service)
            .await
    } else {
        http1::Builder::new().serve_connection(io, service).await
    };
}

fn tls(protocols: &[&[u8]]) -> (Option<String>, Option<TlsAcceptor>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    (Some(cert.pem()), Some(TlsAcceptor::from(Arc::new(config))))
}

pub(crate) fn text(text: &str) -> Body {
    Full::new(Bytes::copy_from_slice(text.as_bytes()))
        .map_err(|never| match never {})
        .boxed_unsync()
}

pub(crate) fn plain() -> Builder {
    Response::builder()
}

/// An answer that is shared with the page, with credentials. A preflight may use `PUT`, `POST`,
/// `x-token` and `content-type` for a minute.
pub(crate) fn shared<B>(request: &Request<B>) -> Builder {
    let mut answer = plain().header("Access-Control-Allow-Credentials", "true");
    if let Some(origin) = request.headers().get("origin") {
        answer = answer.header("Access-Control-Allow-Origin", origin);
    }
    if request.method() == "OPTIONS" {
        answer = answer
            .header("Access-Control-Allow-Methods", "PUT, POST")
            .header("Access-Control-Allow-Headers", "x-token, content-type")
            .header("Access-Control-Max-Age", "60");
    }
    answer
}
