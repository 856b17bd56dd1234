//! The network of a client: its connections, and how it makes them.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use browser_cors::{
    fetch::{Exchange, TransportFailure},
    http::HeaderValue,
    request::Body,
    response::Response,
    url::Position,
};
use bytes::Bytes;
use tokio::{
    net::TcpStream,
    runtime::{Builder, Runtime},
    time::{sleep, timeout},
};

use super::{
    SendFailure, Settings, browser,
    connection::{BoxedStream, Connection, Outgoing, handshake},
    failure::{self, Failure, Kind, Phase},
    proxy::{Proxies, ProxyServer},
    wire::Head,
};

/// What a fetch says about an exchange.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms<'a> {
    pub(super) cookie: Option<&'a HeaderValue>,
    pub(super) authorization: Option<&'a HeaderValue>,
    /// The time that is left.
    pub(super) time: Option<Duration>,
    /// Whether the user named the host.
    pub(super) is_named: bool,
}

/// The connections of a client, and what drives them.
#[derive(Debug)]
pub(super) struct Network {
    /// Always there, until it is dropped.
    runtime: Option<Runtime>,
    kept: RefCell<HashMap<Key, Connection>>,
    begin: Instant,
    phase: Cell<Phase>,
    /// The header sections of the current exchange, if it is over HTTP/1.
    head: RefCell<Option<Head>>,
    /// The proxy of the current exchange.
    proxy: RefCell<Option<Arc<ProxyServer>>>,
}

/// What exchanges must have in common to share a connection.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct Key {
    scheme: String,
    host: String,
    port: u16,
    includes_credentials: bool,
}

impl Network {
    /// # Errors
    ///
    /// If the system has no means to wait for sockets.
    pub(super) fn new() -> Result<Self, String> {
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Self {
            runtime: Some(runtime.map_err(|error| format!("no connection is possible: {error}"))?),
            kept: RefCell::default(),
            begin: Instant::now(),
            phase: Cell::default(),
            head: RefCell::default(),
            proxy: RefCell::default(),
        })
    }

    /// Sends an exchange, and waits for servers that start.
    pub(super) fn send(
        &self,
        exchange: &Exchange,
        terms: &Terms<'_>,
        settings: &Settings,
    ) -> Result<Response, SendFailure> {
        /// The pause before the next attempt.
        const PAUSE: Duration = Duration::from_millis(100);
        let Some(runtime) = &self.runtime else {
            return Err(SendFailure::before_sending("no connection is possible"));
        };
        let start = Instant::now();
        let outgoing = outgoing(exchange, terms, settings);
        loop {
            let left = terms.time.map(|time| time.saturating_sub(start.elapsed()));
            let time = left.map_or(settings.timeout, |left| left.min(settings.timeout));
            self.phase.set(Phase::Resolving);
            self.head.take();
            self.proxy.take();
            let attempt = self.exchange(&outgoing, terms.is_named, settings);
            let result = runtime.block_on(async { timeout(time, attempt).await });
            let failure = match result {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(failure)) => failure,
                Err(_) => {
                    let proxy = self.proxy.borrow();
                    failure::timed_out(self.phase(), proxy.as_deref(), time.as_secs_f64())
                }
            };
            let is_starting = failure.kind == Kind::Refused
                || failure.kind == Kind::Unanswered && outgoing.method.is_idempotent();
            let has_time = self.begin.elapsed() + PAUSE < settings.wait
                && left.is_none_or(|left| left > PAUSE);
            if !is_starting || !has_time {
                return Err(SendFailure {
                    reason: TransportFailure::new(failure.reason),
                    may_have_arrived: matches!(self.phase(), Phase::Waiting | Phase::Receiving),
                    is_temporary: failure.kind != Kind::Final,
                });
            }
            runtime.block_on(async { sleep(PAUSE).await });
        }
    }

    /// How far the current exchange is.
    fn phase(&self) -> Phase {
        let head = self.head.borrow();
        match self.phase.get() {
            Phase::Waiting if head.as_ref().is_some_and(Head::has_answer) => Phase::Receiving,
            phase => phase,
        }
    }

    /// Sends a request on a kept connection or on a new one, and again where browsers do.
    async fn exchange(
        &self,
        outgoing: &Outgoing<'_>,
        is_named: bool,
        settings: &Settings,
    ) -> Result<Response, Failure> {
        let key = Key {
            scheme: outgoing.url.scheme().to_owned(),
            host: outgoing.host.to_owned(),
            port: outgoing.url.port_or_known_default().unwrap_or(0),
            includes_credentials: outgoing.includes_credentials,
        };
        let is_idempotent = outgoing.method.is_idempotent();
        let (mut kept, mut repeated) = (self.kept(&key, is_idempotent).await, None);
        loop {
            let is_kept = kept.is_some();
            let mut connection = match kept.take() {
                Some(connection) => connection,
                None => self.connect(outgoing, is_named, settings).await?,
            };
            self.phase.set(Phase::Waiting);
            *self.head.borrow_mut() = connection.head().cloned();
            match connection.send(outgoing).await {
                Ok((response, can_be_kept)) => {
                    let status = response.status;
                    let is_no_answer = status == 421 || (status == 408 && is_idempotent);
                    if is_no_answer && repeated.is_none() {
                        repeated = Some(status);
                        continue;
                    }
                    if is_no_answer && !response.header_list.contains("Access-Control-Allow-Origin")
                    {
                        return Err(Failure::new(no_answer(status)));
                    }
                    if can_be_kept {
                        self.kept.borrow_mut().insert(key, connection);
                    }
                    return Ok(response);
                }
                // A server closes a connection when nothing happens on it for a while.
                Err(failure) if is_kept && failure.kind == Kind::Unanswered && is_idempotent => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    /// A kept connection that can take the request. On a connection of HTTP/1, it is unknown whether
    /// the server closes it at this moment: so only a request that can be repeated goes out there.
    async fn kept(&self, key: &Key, is_idempotent: bool) -> Option<Connection> {
        let mut connection = self.kept.borrow_mut().remove(key)?;
        let is_suitable = is_idempotent || connection.is_http2();
        (is_suitable && connection.is_ready().await).then_some(connection)
    }

    /// Makes a connection for a request.
    async fn connect(
        &self,
        outgoing: &Outgoing<'_>,
        is_named: bool,
        settings: &Settings,
    ) -> Result<Connection, Failure> {
        /// The greatest length of a URL over HTTP/2, here.
        const LONGEST_URL: usize = 65_000;
        let url = outgoing.url;
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or(0);
        let is_private_denied = settings.is_private_denied && !is_named;
        let proxy = match settings.proxies {
            Proxies::Environment if settings.has_places() => None,
            _ => settings.proxies.proxy_for(url)?.map(Arc::new),
        };
        self.proxy.borrow_mut().clone_from(&proxy);
        let mut whole_url_for = None;
        let stream: BoxedStream = match &proxy {
            Some(proxy) => {
                if is_private_denied
                    && let Ok(address) = host.trim_matches(['[', ']']).parse()
                    && is_private(address)
                {
                    return Err(denied(host, address));
                }
                if proxy.is_socks() {
                    self.phase.set(Phase::Connecting);
                    proxy.connect_by_socks(host, port).await?
                } else {
                    let stream = self.connect_to_proxy(proxy, settings).await?;
                    if url.scheme() == "https" {
                        proxy.connect(stream, host, port).await?
                    } else {
                        whole_url_for = Some(Arc::clone(proxy));
                        stream
                    }
                }
            }
            None => match &settings.unix_socket {
                #[cfg(unix)]
                Some(path) => {
                    self.phase.set(Phase::Connecting);
                    let stream = tokio::net::UnixStream::connect(path).await;
                    Box::new(stream.map_err(|error| failure::no_socket(path, &error))?)
                }
                _ => {
                    let addresses = self.resolve(host, port, settings).await?;
                    if is_private_denied
                        && let Some(address) =
                            addresses.iter().map(SocketAddr::ip).find(|it| is_private(*it))
                    {
                        return Err(denied(host, address));
                    }
                    self.phase.set(Phase::Connecting);
                    Box::new(tcp(&addresses, None).await?)
                }
            },
        };
        // From here, the proxy is not the one who fails.
        self.proxy.take();
        if url.scheme() != "https" {
            return Connection::http1(stream, whole_url_for).await;
        }
        let http1_only = outgoing.target.len() > LONGEST_URL;
        let config = settings.tls_configs.config(outgoing.includes_credentials, http1_only);
        let stream = handshake(stream, host, config.map_err(Failure::last)?, None).await?;
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            Connection::http2(Box::new(stream)).await
        } else {
            Connection::http1(Box::new(stream), None).await
        }
    }

    async fn connect_to_proxy(
        &self,
        proxy: &ProxyServer,
        settings: &Settings,
    ) -> Result<BoxedStream, Failure> {
        let host = proxy.host();
        let name = host.trim_matches(['[', ']']);
        let addresses = tokio::net::lookup_host((name, proxy.port())).await;
        let addresses: Vec<_> =
            addresses.map_err(|error| failure::unresolved(host, &error, Some(proxy)))?.collect();
        self.phase.set(Phase::Connecting);
        let stream: BoxedStream = Box::new(tcp(&addresses, Some(proxy)).await?);
        if !proxy.has_tls() {
            return Ok(stream);
        }
        let config = settings.tls_configs.proxy_config().map_err(Failure::last)?;
        Ok(Box::new(handshake(stream, host, config, Some(proxy)).await?))
    }

    /// The addresses of a host: those that the user gave, then the system's.
    async fn resolve(
        &self,
        host: &str,
        port: u16,
        settings: &Settings,
    ) -> Result<Vec<SocketAddr>, Failure> {
        let given = settings.addresses.iter().filter(|it| it.0 == host && it.1.port() == port);
        let given: Vec<_> = given.map(|(_, address)| *address).collect();
        if !given.is_empty() {
            return Ok(given);
        }
        let other = settings.connect_to.iter().find(|places| places.is_for(host, port));
        let (host, port) = match other {
            Some(places) => {
                (places.to_host.as_deref().unwrap_or(host), places.to_port.unwrap_or(port))
            }
            None => (host, port),
        };
        if host.ends_with(".localhost") {
            return Ok(vec![
                SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
                SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port),
            ]);
        }
        let name = host.trim_matches(['[', ']']);
        match tokio::net::lookup_host((name, port)).await {
            Ok(addresses) => Ok(addresses.collect()),
            Err(error) => Err(failure::unresolved(host, &error, None)),
        }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // A name may still be looked up.
        if let Some(runtime) = self.runtime.take() {
            self.kept.take();
            runtime.shutdown_background();
        }
    }
}

/// Connects to the first address that accepts.
async fn tcp(addresses: &[SocketAddr], proxy: Option<&ProxyServer>) -> Result<TcpStream, Failure> {
    /// How long one of several addresses may take.
    const PATIENCE: Duration = Duration::from_secs(5);
    let mut failure = Failure::new("the name has no address");
    for (index, address) in addresses.iter().enumerate() {
        let connect = TcpStream::connect(address);
        let connected = if index + 1 < addresses.len() {
            timeout(PATIENCE, connect).await.unwrap_or_else(|error| Err(error.into()))
        } else {
            connect.await
        };
        match connected {
            Ok(stream) => {
                // It only saves time.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Err(error) => failure = failure::unconnected(&error, proxy),
        }
    }
    Err(failure)
}

/// The request, with the headers that the client adds to those of the exchange.
fn outgoing<'a>(exchange: &'a Exchange, terms: &Terms<'a>, settings: &Settings) -> Outgoing<'a> {
    let url = exchange.url();
    let list = exchange.header_list();
    let mut headers: Vec<_> = list.iter().map(|(name, value)| (name.as_bytes(), value)).collect();
    if let Some(release) = settings.browser
        && !list.contains("Accept-Encoding")
    {
        headers.push((b"Accept-Encoding", browser::accept_encoding(release, url)));
    }
    if let Some(value) = terms.authorization {
        headers.push((b"Authorization", value.as_bytes()));
    }
    if let Some(value) = terms.cookie {
        headers.push((b"Cookie", value.as_bytes()));
    }
    Outgoing {
        method: exchange.method(),
        url,
        host: &url[Position::BeforeHost..Position::AfterPort],
        target: url[Position::BeforePath..Position::AfterQuery].to_owned(),
        headers,
        body: match exchange.body() {
            Some(Body::Source(bytes)) => bytes.clone(),
            Some(Body::Replayable { .. } | Body::Stream) | None => Bytes::new(),
        },
        includes_credentials: exchange.includes_credentials(),
    }
}

/// What a status means that stands for no answer, after two attempts.
const fn no_answer(status: u16) -> &'static str {
    match status {
        421 => {
            "the server does not answer for this host (421 Misdirected Request), on a new \
             connection as well"
        }
        _ => {
            "the server says that the request came too slowly (408 Request Timeout), on a new \
             connection as well"
        }
    }
}

fn denied(host: &str, address: IpAddr) -> Failure {
    Failure::last(format!(
        "a redirect leads to {host}, whose address {address} is private, and such redirects are \
         refused here (--deny-private)"
    ))
}

/// Whether an address is of this machine, of this network, or of no machine.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_broadcast()
                || a == 0
                || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_multicast()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn private_addresses() {
        for text in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "100.63.0.1", "2606:4700::1"] {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }
}
