//! Exchanges with live servers over HTTP/1.1. The client blocks, sends byte for byte what an
//! [`Exchange`] says, and returns redirects and error statuses as they are, because the fetch
//! judges them.

mod failure;

use std::{
    cell::OnceCell,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use browser_cors::{
    fetch::{Exchange, NetworkError, PreflightFailure, Refusal, TransportFailure},
    header::HeaderList,
    http::{HeaderValue, Method, request::Builder},
    origin::url_as_sent,
    request::Body,
    response::Response,
    url::{Position, Url},
};
use rustls::{crypto::ring, pki_types::CertificateDer};
use ureq::{
    Agent, Error, Proxy,
    config::Config,
    http::{Request, Uri},
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{
            Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout,
            RustlsConnector, SocksConnector, TcpConnector, Transport,
        },
    },
};
use ureq_proto::client::header_raw;

use failure::{Phase, UnresolvedName};

/// The `User-Agent` of requests to live servers, unless the page sets one.
///
/// ```
/// use browser_cors::{fetch::UserAgent, http::HeaderValue};
/// use browser_cors_audit::client::USER_AGENT;
///
/// let mut user_agent = UserAgent::default();
/// user_agent.product = Some(HeaderValue::from_static(USER_AGENT));
/// ```
pub const USER_AGENT: &str = concat!("browser-cors/", env!("CARGO_PKG_VERSION"));

/// The most bytes that the header section of an answer may have.
const HEADER_SECTION_LIMIT: usize = 256 << 10;

/// A client for exchanges with live servers. Each exchange has its own connection.
///
/// The proxies are those of the environment (`HTTP_PROXY` and so on), the root certificates those
/// of the system or of `SSL_CERT_FILE`. Names that end in `.localhost` are this machine. The client
/// does not read the bodies of answers.
///
/// # Examples
///
/// ```no_run
/// use browser_cors::{
///     fetch::{Context, UserAgent}, preflight_cache::{PreflightCache, Timestamp},
///     request::{Mode, Request}, transcript::Transcript, url::Url,
/// };
/// use browser_cors_audit::client::Client;
///
/// let (user_agent, mut cache) = (UserAgent::default(), PreflightCache::new());
/// let mut context = Context::new(&user_agent, &mut cache, Timestamp::default());
/// let url = Url::parse("http://127.0.0.1:8080/").unwrap();
/// let mut request = Request::new(url, "https://app.example".parse().unwrap());
/// request.mode = Mode::Cors;
///
/// let client = Client::new();
/// Transcript::record(request, &mut context, |exchange| Ok(client.send(exchange, None)?));
/// ```
pub struct Client {
    timeout: Duration,
    addresses: Vec<(String, SocketAddr)>,
    proxy: OnceCell<Option<Proxy>>,
    progress: PhaseCell,
    without_tls: OnceCell<Agent>,
    with_tls: OnceCell<Agent>,
}

impl Client {
    /// A client with a timeout of 30 seconds. It loads nothing before it needs it.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new();
    /// ```
    pub fn new() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            addresses: Vec::new(),
            proxy: OnceCell::new(),
            progress: PhaseCell::default(),
            without_tls: OnceCell::new(),
            with_tls: OnceCell::new(),
        }
    }

    /// Sets the longest time that an exchange may take.
    ///
    /// ```
    /// # use {browser_cors_audit::client::Client, std::time::Duration};
    /// let client = Client::new().timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, without_tls: OnceCell::new(), with_tls: OnceCell::new(), ..self }
    }

    /// Adds an address to connect to for a host, written as in a URL, and the address's port. A
    /// host may have several addresses. If any host has one, the client uses no proxies.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().resolve("api.test", "127.0.0.1:8080".parse()?);
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    #[must_use]
    pub fn resolve(mut self, host: impl Into<String>, address: SocketAddr) -> Self {
        self.addresses.push((host.into(), address));
        Self {
            proxy: OnceCell::new(),
            without_tls: OnceCell::new(),
            with_tls: OnceCell::new(),
            ..self
        }
    }

    /// Sends an exchange, with `cookie` as it is, and returns the answer.
    ///
    /// # Errors
    ///
    /// If there is no answer, because of the address, the connection, TLS, the timeout or invalid
    /// HTTP.
    ///
    /// ```no_run
    /// # use browser_cors::{fetch::Exchange, http::HeaderValue, response::Response};
    /// # use browser_cors_audit::client::{Client, SendFailure};
    /// # fn f(client: &Client, exchange: &Exchange) -> Result<Response, SendFailure> {
    /// let cookie = HeaderValue::from_static("session=1");
    /// client.send(exchange, exchange.includes_credentials().then_some(&cookie))
    /// # }
    /// ```
    pub fn send(
        &self,
        exchange: &Exchange,
        cookie: Option<&HeaderValue>,
    ) -> Result<Response, SendFailure> {
        self.progress.reached(Phase::Resolving);
        let agent = self.agent(exchange.url()).map_err(|reason| SendFailure {
            reason: TransportFailure::new(reason),
            may_have_arrived: false,
        })?;
        let builder = request(exchange, cookie);
        let answer = match exchange.body() {
            Some(Body::Source(bytes)) => {
                builder.body(bytes.as_slice()).map_err(Error::from).and_then(|r| agent.run(r))
            }
            Some(Body::Stream) | None => {
                builder.body(()).map_err(Error::from).and_then(|r| agent.run(r))
            }
        };
        match answer {
            Ok(answer) => {
                Ok(Response::new(answer.status().as_u16(), HeaderList::from(answer.headers())))
            }
            Err(error) => {
                let phase = self.progress.phase();
                let reason = failure::reason(&error, phase, self.timeout);
                Err(SendFailure {
                    reason: TransportFailure::new(reason),
                    may_have_arrived: matches!(phase, Phase::Waiting | Phase::Receiving),
                })
            }
        }
    }

    fn proxy(&self) -> Option<&Proxy> {
        let from_env = || if self.addresses.is_empty() { Proxy::try_from_env() } else { None };
        self.proxy.get_or_init(from_env).as_ref()
    }

    /// The agent for exchanges with `url`.
    fn agent(&self, url: &Url) -> Result<&Agent, &'static str> {
        if url.scheme() != "https" && self.proxy().is_none() {
            return Ok(self.without_tls.get_or_init(|| self.new_agent(Vec::new())));
        }
        if let Some(agent) = self.with_tls.get() {
            return Ok(agent);
        }
        let roots = rustls_native_certs::load_native_certs().certs;
        if roots.is_empty() {
            return Err("this system has no root certificates: SSL_CERT_FILE may name a file");
        }
        Ok(self.with_tls.get_or_init(|| self.new_agent(roots)))
    }

    fn new_agent(&self, roots: Vec<CertificateDer<'_>>) -> Agent {
        let roots = roots.iter().map(|root| Certificate::from_der(root).to_owned());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(roots.collect())))
            .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
            .build();
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .proxy(self.proxy().cloned())
            .tls_config(tls)
            .timeout_global(Some(self.timeout))
            .max_idle_connections(0)
            .max_response_header_size(HEADER_SECTION_LIMIT)
            .input_buffer_size(HEADER_SECTION_LIMIT + (16 << 10))
            .build();
        let connector =
            ().chain(SocksConnector::default())
                .chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(RustlsConnector::default())
                .chain(Watcher(self.progress.clone()));
        let names = Names { given: self.addresses.clone(), progress: self.progress.clone() };
        Agent::with_parts(config, connector, names)
    }
}

/// Why there is no answer.
///
/// ```
/// # use browser_cors_audit::client::SendFailure;
/// # fn f(failure: &SendFailure) {
/// if !failure.may_have_arrived {
///     println!("{failure}: it can be sent again");
/// }
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct SendFailure {
    /// The reason in words.
    pub reason: TransportFailure,
    /// Whether the server may have received the request.
    pub may_have_arrived: bool,
}

/// The failure of the network that ended a fetch, if one did. What the server would have granted
/// the page is then unknown.
///
/// ```
/// use browser_cors::{fetch::Outcome, transcript::Transcript};
/// use browser_cors_audit::client::transport_failure;
///
/// fn is_judged(transcript: &Transcript) -> bool {
///     match &transcript.outcome {
///         Outcome::NetworkError(error) => transport_failure(error).is_none(),
///         Outcome::Response { .. } => true,
///     }
/// }
/// ```
pub const fn transport_failure(error: &NetworkError) -> Option<&TransportFailure> {
    match &error.refusal {
        Refusal::Transport(failure) | Refusal::Preflight(PreflightFailure::Transport(failure)) => {
            Some(failure)
        }
        _ => None,
    }
}

impl From<SendFailure> for TransportFailure {
    fn from(failure: SendFailure) -> Self {
        failure.reason
    }
}

/// Copies the settings. The clone has its own connections.
impl Clone for Client {
    fn clone(&self) -> Self {
        let Self { timeout, addresses, .. } = self;
        Self { timeout: *timeout, addresses: addresses.clone(), ..Self::new() }
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("timeout", &self.timeout)
            .field("addresses", &self.addresses)
            .finish_non_exhaustive()
    }
}

/// The request without its body: the headers of the exchange in their order, and those that the
/// client adds.
fn request(exchange: &Exchange, cookie: Option<&HeaderValue>) -> Builder {
    let url = exchange.url();
    let mut builder = Request::builder().method(exchange.method()).uri(url_as_sent(url).as_ref());
    let host = &url[Position::BeforeHost..Position::AfterPort];
    builder = header_raw(builder, "Host", host.as_bytes());
    for (name, value) in exchange.header_list() {
        builder = header_raw(builder, name, value);
    }
    // Ours: without a length, ureq would send an empty body in chunks.
    if exchange.method() == Method::PATCH && exchange.body().is_none() {
        builder = header_raw(builder, "Content-Length", b"0");
    }
    match cookie {
        Some(cookie) => header_raw(builder, "Cookie", cookie.as_bytes()),
        None => builder,
    }
}

/// The phase of an exchange, shared with the parts that make its connection.
#[derive(Clone, Debug, Default)]
struct PhaseCell(Arc<AtomicU8>);

impl PhaseCell {
    fn reached(&self, phase: Phase) {
        self.0.store(phase as u8, Ordering::Relaxed);
    }

    fn phase(&self) -> Phase {
        const PHASES: [Phase; 4] =
            [Phase::Resolving, Phase::Connecting, Phase::Waiting, Phase::Receiving];
        PHASES[usize::from(self.0.load(Ordering::Relaxed))]
    }
}

/// Resolves names: first those that the user gave, then by the system.
#[derive(Debug)]
struct Names {
    given: Vec<(String, SocketAddr)>,
    progress: PhaseCell,
}

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        self.progress.reached(Phase::Resolving);
        let host = uri.host().unwrap_or_default();
        let default_port = if uri.scheme_str() == Some("https") { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(default_port);
        let is_for = |given: &&(String, SocketAddr)| given.0 == host && given.1.port() == port;
        let given = self.given.iter().filter(is_for);
        let mut addresses = self.empty();
        for given in given.take(MAX_ADDRESSES) {
            addresses.push(given.1);
        }
        if addresses.is_empty() && host.ends_with(".localhost") {
            addresses.push(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
            addresses.push(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port));
        }
        if addresses.is_empty() {
            addresses = match DefaultResolver::default().resolve(uri, config, timeout) {
                Err(Error::Io(reason)) => {
                    let unknown = UnresolvedName { name: host.to_owned(), reason };
                    return Err(Error::Other(Box::new(unknown)));
                }
                result => result?,
            };
        }
        self.progress.reached(Phase::Connecting);
        Ok(addresses)
    }
}

/// The most addresses that ureq takes.
const MAX_ADDRESSES: usize = 16;

/// Records that a connection is made.
#[derive(Debug)]
struct Watcher(PhaseCell);

impl<T: Transport> Connector<T> for Watcher {
    type Out = Watched<T>;

    fn connect(
        &self,
        _details: &ConnectionDetails<'_>,
        chained: Option<T>,
    ) -> Result<Option<Watched<T>>, Error> {
        self.0.reached(Phase::Waiting);
        Ok(chained.map(|inner| Watched { inner, progress: self.0.clone() }))
    }
}

/// Records that an answer begins.
#[derive(Debug)]
struct Watched<T> {
    inner: T,
    progress: PhaseCell,
}

impl<T: Transport> Transport for Watched<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let has_input = self.inner.await_input(timeout)?;
        if has_input {
            self.progress.reached(Phase::Receiving);
            skip_continue(self.inner.buffers());
        }
        Ok(has_input)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Skips each `100 Continue`, because ureq fails on one that has headers. ureq itself skips the
/// other informational answers.
fn skip_continue(buffers: &mut dyn Buffers) {
    loop {
        let input = buffers.input();
        let is_continue = input.starts_with(b"HTTP/1.")
            && input.get(8..12) == Some(b" 100")
            && matches!(input.get(12), Some(b' ' | b'\r'));
        if !is_continue {
            return;
        }
        let Some(end) = input.windows(4).position(|window| window == b"\r\n\r\n") else { return };
        buffers.input_consume(end + 4);
    }
}
