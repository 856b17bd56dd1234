//! The exchanges with live servers, over HTTP/1.1: blocking, byte for byte what an [`Exchange`]
//! says, and raw, since redirects and statuses are the fetch's to judge.

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

use failure::{Phase, UnknownKeyword};

/// What those who ask live servers here say of themselves in `User-Agent`, where a page does not.
///
/// ```
/// use browser_cors::{fetch::UserAgent, http::HeaderValue};
/// use browser_cors_audit::client::USER_AGENT;
///
/// let mut user_agent = UserAgent::default();
/// user_agent.product = Some(HeaderValue::from_static(USER_AGENT));
/// ```
pub const USER_AGENT: &str = concat!("browser-cors/", env!("CARGO_PKG_VERSION"));

/// How long the header section of an answer may be.
const HEADER_SECTION_LIMIT: usize = 256 << 10;

/// A client that does exchanges with live servers, each on a connection of its own.
///
/// Proxies are those of the environment (`HTTP_PROXY` and so on), root certificates those of the
/// system or of `SSL_CERT_FILE`; names that end in `.localhost` are this machine. Of the bodies of
/// answers, nothing is read.
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
    progress: Progress,
    without_tls: OnceCell<Agent>,
    with_tls: OnceCell<Agent>,
}

impl Client {
    /// A client with a timeout of 30 seconds. Nothing is loaded before it is needed.
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
            progress: Progress::default(),
            without_tls: OnceCell::new(),
            with_tls: OnceCell::new(),
        }
    }

    /// The same with another limit on the time that each exchange may take.
    ///
    /// ```
    /// # use {browser_cors_audit::client::Client, std::time::Duration};
    /// let client = Client::new().timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, without_tls: OnceCell::new(), with_tls: OnceCell::new(), ..self }
    }

    /// The same with an address to connect to for a host, as a URL has it, and the address's port;
    /// a host may have several. With any, proxies are not used.
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

    /// Does an exchange, with `cookie` as it is, if there is one.
    ///
    /// # Errors
    ///
    /// If there is no answer: no address, no connection, no TLS, no time, no HTTP.
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

    /// Who does the exchanges with `url`.
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
    /// In words.
    pub reason: TransportFailure,
    /// Whether the server may have got the request.
    pub may_have_arrived: bool,
}

/// What went wrong on the network, if that ended a fetch: then nobody knows what the server would
/// have let the page do.
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

/// The same settings; the connections of each are its own.
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

/// What goes on the wire, but for the body: the headers of the exchange in their order, and those
/// that are ours to add.
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

/// The phase that an exchange is in, shared with what makes its connection.
#[derive(Clone, Debug, Default)]
struct Progress(Arc<AtomicU8>);

impl Progress {
    fn reached(&self, phase: Phase) {
        self.0.store(phase as u8, Ordering::Relaxed);
    }

    fn phase(&self) -> Phase {
        const PHASES: [Phase; 4] =
            [Phase::Resolving, Phase::Connecting, Phase::Waiting, Phase::Receiving];
        PHASES[usize::from(self.0.load(Ordering::Relaxed))]
    }
}

/// Who knows addresses: those given, then the system.
#[derive(Debug)]
struct Names {
    given: Vec<(String, SocketAddr)>,
    progress: Progress,
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
                    let unknown = UnknownKeyword { name: host.to_owned(), reason };
                    return Err(Error::Other(Box::new(unknown)));
                }
                result => result?,
            };
        }
        self.progress.reached(Phase::Connecting);
        Ok(addresses)
    }
}

/// As many addresses as ureq takes.
const MAX_ADDRESSES: usize = 16;

/// Notes when a connection stands.
#[derive(Debug)]
struct Watcher(Progress);

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

/// Notes when an answer begins.
#[derive(Debug)]
struct Watched<T> {
    inner: T,
    progress: Progress,
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

/// Skips each `100 Continue`, which ureq takes for an error if it has headers. The other
/// informational answers are skipped by ureq.
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
