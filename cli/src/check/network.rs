//! The exchanges with live servers, over HTTP/1.1.

use std::{
    cell::OnceCell,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use browser_cors::{
    fetch::{Exchange, TransportFailure},
    header::HeaderList,
    http::{Method, request::Builder},
    request::Body,
    response::Response,
    transcript::url_as_sent,
    url::{Host, Position, Url},
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

use crate::args::{CheckArgs, Resolve};

use super::failure::{self, Phase, UnknownName};

/// How long the header section of an answer may be.
const HEADER_SECTION_LIMIT: usize = 256 << 10;

/// The network, as the browser of one user reaches it.
pub(super) struct Network<'a> {
    args: &'a CheckArgs,
    /// Where the cookie belongs.
    host: Option<Host<String>>,
    proxy: Option<Proxy>,
    progress: Progress,
    without_tls: OnceCell<Agent>,
    with_tls: OnceCell<Agent>,
}

impl<'a> Network<'a> {
    /// The network as the arguments have it, for a fetch of `url`. Nothing is loaded before it is
    /// needed.
    pub(super) fn new(args: &'a CheckArgs, url: Option<&Url>) -> Self {
        Self {
            args,
            host: url.and_then(|url| Some(url.host()?.to_owned())),
            proxy: if args.resolve.is_empty() { Proxy::try_from_env() } else { None },
            progress: Progress::default(),
            without_tls: OnceCell::new(),
            with_tls: OnceCell::new(),
        }
    }

    /// Does an exchange. Of the answer's body, nothing is read.
    pub(super) fn send(&self, exchange: &Exchange) -> Result<Response, TransportFailure> {
        self.progress.reached(Phase::Resolving);
        let agent = self.agent(exchange.url()).map_err(TransportFailure::new)?;
        let builder = self.request(exchange);
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
                let reason = failure::reason(&error, self.progress.phase(), self.args.timeout);
                Err(TransportFailure::new(reason))
            }
        }
    }

    /// Who does the exchanges with `url`.
    fn agent(&self, url: &Url) -> Result<&Agent, &'static str> {
        if url.scheme() != "https" && self.proxy.is_none() {
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
            .proxy(self.proxy.clone())
            .tls_config(tls)
            .timeout_global(Some(self.args.timeout))
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
        let names = Names { given: self.args.resolve.clone(), progress: self.progress.clone() };
        Agent::with_parts(config, connector, names)
    }

    /// What goes on the wire, but for the body: the headers of the exchange in their order, and
    /// those that are ours to add.
    fn request(&self, exchange: &Exchange) -> Builder {
        let url = exchange.url();
        let mut builder =
            Request::builder().method(exchange.method()).uri(url_as_sent(url).as_ref());
        let host = &url[Position::BeforeHost..Position::AfterPort];
        builder = header_raw(builder, "Host", host.as_bytes());
        for (name, value) in exchange.header_list() {
            builder = header_raw(builder, name, value);
        }
        // Ours: without a length, ureq would send an empty body in chunks.
        if exchange.method() == Method::PATCH && exchange.body().is_none() {
            builder = header_raw(builder, "Content-Length", b"0");
        }
        match &self.args.cookie {
            Some(cookie) if exchange.includes_credentials() && self.is_at_home(url) => {
                header_raw(builder, "Cookie", cookie.as_bytes())
            }
            _ => builder,
        }
    }

    /// Whether `url` has the host that the cookie is for.
    fn is_at_home(&self, url: &Url) -> bool {
        url.host().map(|host| host.to_owned()) == self.host
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

/// Who knows addresses: the command line, then the system.
#[derive(Debug)]
struct Names {
    given: Vec<Resolve>,
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
        let given = self.given.iter().filter(|given| given.is_for(host, port));
        let mut addresses = self.empty();
        for given in given.take(MAX_ADDRESSES) {
            addresses.push(given.address);
        }
        if addresses.is_empty() && host.ends_with(".localhost") {
            addresses.push(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
            addresses.push(SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), port));
        }
        if addresses.is_empty() {
            addresses = match DefaultResolver::default().resolve(uri, config, timeout) {
                Err(Error::Io(reason)) => {
                    let unknown = UnknownName { name: host.to_owned(), reason };
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
