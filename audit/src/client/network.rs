//! The network of a client: its connections, and how it makes them.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use browser_cors::{
    environment::NetworkPartitionKey,
    fetch::{Exchange, TransportFailure},
    http::{self, HeaderName, HeaderValue},
    request::Body,
    response::Response,
    url::Position,
};
use bytes::Bytes;
use hyper::ext::ReasonPhrase;
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

use super::{
    SendFailure, Settings,
    body::{RequestBody, ResponseBody},
    connection::{BoxedStream, Connection, Outgoing, Payload, handshake},
    failure::{self, Failure, Kind, Phase},
    pool::{Host, Key, Leased, Permit, Pool, lock},
    proxy::{Proxies, ProxyServer},
    wire::Head,
};
use crate::browser;

/// What a fetch says about an exchange.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terms<'a> {
    pub(super) cookie: Option<&'a HeaderValue>,
    pub(super) authorization: Option<&'a HeaderValue>,
    /// The time that is left.
    pub(super) time: Option<Duration>,
    /// Whether the user named the host.
    pub(super) is_named: bool,
    /// Whose connections it may share.
    pub(super) partition: Option<&'a NetworkPartitionKey>,
    /// The headers of an HTTP cache.
    pub(super) validators: &'a [(HeaderName, HeaderValue)],
}

/// An answer: its head, and its body as it comes.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) response: Response,
    pub(super) body: ResponseBody,
}

/// The connections of a client, and how it makes them.
#[derive(Debug)]
pub(super) struct Network {
    pool: Pool,
    begin: Instant,
}

/// How far an attempt is.
#[derive(Debug, Default)]
struct Progress(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    phase: Phase,
    /// The header sections of the exchange, if it is over HTTP/1.
    head: Option<Head>,
    /// The proxy, while it can be the one who fails.
    proxy: Option<Arc<ProxyServer>>,
}

impl Progress {
    fn set(&self, phase: Phase) {
        lock(&self.0).phase = phase;
    }

    fn set_proxy(&self, proxy: Option<Arc<ProxyServer>>) {
        lock(&self.0).proxy = proxy;
    }

    fn send_on(&self, connection: &Connection) {
        let mut state = lock(&self.0);
        (state.phase, state.head) = (Phase::Waiting, connection.head().cloned());
    }

    fn phase(&self) -> Phase {
        let state = lock(&self.0);
        match state.phase {
            Phase::Waiting if state.head.as_ref().is_some_and(Head::has_answer) => Phase::Receiving,
            phase => phase,
        }
    }

    fn timed_out(&self, time: Duration) -> Failure {
        let (phase, proxy) = (self.phase(), lock(&self.0).proxy.clone());
        failure::timed_out(phase, proxy.as_deref(), time.as_secs_f64())
    }
}

impl Network {
    pub(super) fn new() -> Self {
        Self { pool: Pool::default(), begin: Instant::now() }
    }

    /// Closes the connections that are not in use.
    pub(super) fn close(&self) {
        self.pool.clear();
    }

    /// Sends an exchange, and waits for servers that start. `stream` is the body, if that is a
    /// stream.
    pub(super) async fn send(
        &self,
        exchange: &Exchange,
        stream: Option<RequestBody>,
        terms: &Terms<'_>,
        settings: &Settings,
    ) -> Result<Answer, SendFailure> {
        /// The pause before the next attempt.
        const PAUSE: Duration = Duration::from_millis(100);
        let start = Instant::now();
        let left = || terms.time.map(|time| time.saturating_sub(start.elapsed()));
        let outgoing = outgoing(exchange, stream, terms, settings);
        let host = self.pool.host(Key {
            scheme: outgoing.url.scheme().to_owned(),
            host: outgoing.host.to_owned(),
            port: outgoing.url.port_or_known_default().unwrap_or(0),
            includes_credentials: outgoing.includes_credentials,
            partition: terms.partition.cloned(),
        });
        loop {
            let progress = Progress::default();
            let failure = match within(left(), host.turn(0)).await {
                Ok(turn) => {
                    let time = left().map_or(settings.timeout, |left| left.min(settings.timeout));
                    let attempt = self.exchange(&outgoing, &host, turn, terms, settings, &progress);
                    match timeout(time, attempt).await {
                        Ok(Ok(answer)) => return Ok(answer),
                        Ok(Err(failure)) => failure,
                        Err(_) => progress.timed_out(time),
                    }
                }
                Err(time) => failure::timed_out(Phase::Queued, None, time.as_secs_f64()),
            };
            let is_starting = failure.kind == Kind::Refused
                || failure.kind == Kind::Unanswered && outgoing.is_repeatable();
            let has_time = self.begin.elapsed() + PAUSE < settings.wait
                && left().is_none_or(|left| left > PAUSE);
            if !is_starting || !has_time {
                return Err(SendFailure {
                    reason: TransportFailure::new(failure.reason),
                    may_have_arrived: matches!(progress.phase(), Phase::Waiting | Phase::Receiving),
                    is_temporary: failure.kind != Kind::Final,
                });
            }
            sleep(PAUSE).await;
        }
    }

    /// Sends a request on a kept connection or on a new one, and again where browsers do.
    async fn exchange(
        &self,
        outgoing: &Outgoing<'_>,
        host: &Arc<Host>,
        turn: Result<Leased, Permit>,
        terms: &Terms<'_>,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Answer, Failure> {
        let (mut first_turn, mut known, mut repeated) = (Some(turn), 0, None);
        loop {
            let is_first = first_turn.is_some();
            let turn = match first_turn.take() {
                Some(turn) => turn,
                None => {
                    progress.set(Phase::Queued);
                    host.turn(known).await
                }
            };
            let mut leased = match turn {
                Ok(leased) => leased,
                Err(permit) => {
                    self.connection(permit, is_first, outgoing, terms, settings, progress).await?
                }
            };
            // Each further attempt is on a newer connection.
            known = known.max(leased.number);
            progress.send_on(&leased.connection);
            match leased.connection.send(outgoing).await {
                Ok((answer, can_be_kept)) => {
                    let status = answer.status().as_u16();
                    let is_no_answer = (status == 421 && outgoing.body.is_repeatable())
                        || (status == 408 && outgoing.is_repeatable());
                    if is_no_answer && repeated.is_none() {
                        repeated = Some(status);
                        continue;
                    }
                    let mut response = Response::from(&answer);
                    response.status_message = status_message(&answer).into();
                    if is_no_answer && !response.header_list.contains("Access-Control-Allow-Origin")
                    {
                        return Err(Failure::new(no_answer(status)));
                    }
                    let lease = leased.into_lease(can_be_kept);
                    let body = ResponseBody::new(answer.into_body(), lease);
                    return Ok(Answer { response, body });
                }
                // A server closes a connection when nothing happens on it for a while.
                Err(failure)
                    if leased.is_kept
                        && failure.kind == Kind::Unanswered
                        && outgoing.is_repeatable() => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    /// A kept connection of HTTP/1, if the attempt may have one, or a new connection.
    async fn connection(
        &self,
        mut permit: Permit,
        may_be_kept: bool,
        outgoing: &Outgoing<'_>,
        terms: &Terms<'_>,
        settings: &Settings,
        progress: &Progress,
    ) -> Result<Leased, Failure> {
        if may_be_kept {
            permit = match permit.idle(outgoing.is_repeatable()).await {
                Ok(leased) => return Ok(leased),
                Err(permit) => permit,
            };
        }
        progress.set(Phase::Resolving);
        let connection = self.connect(outgoing, terms.is_named, settings, progress).await?;
        Ok(permit.used_by(connection))
    }

    /// Makes a connection for a request.
    async fn connect(
        &self,
        outgoing: &Outgoing<'_>,
        is_named: bool,
        settings: &Settings,
        progress: &Progress,
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
        progress.set_proxy(proxy.clone());
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
                    progress.set(Phase::Connecting);
                    proxy.connect_by_socks(host, port).await?
                } else {
                    let stream = self.connect_to_proxy(proxy, settings, progress).await?;
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
                    progress.set(Phase::Connecting);
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
                    progress.set(Phase::Connecting);
                    Box::new(tcp(&addresses, None).await?)
                }
            },
        };
        // From here, the proxy is not the one who fails.
        progress.set_proxy(None);
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
        progress: &Progress,
    ) -> Result<BoxedStream, Failure> {
        let host = proxy.host();
        let name = host.trim_matches(['[', ']']);
        let addresses = tokio::net::lookup_host((name, proxy.port())).await;
        let addresses: Vec<_> =
            addresses.map_err(|error| failure::unresolved(host, &error, Some(proxy)))?.collect();
        progress.set(Phase::Connecting);
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
fn outgoing<'a>(
    exchange: &'a Exchange,
    stream: Option<RequestBody>,
    terms: &Terms<'a>,
    settings: &Settings,
) -> Outgoing<'a> {
    let url = exchange.url();
    let list = exchange.header_list();
    let mut headers: Vec<_> = list.iter().map(|(name, value)| (name.as_bytes(), value)).collect();
    if let Some(release) = settings.browser
        && !list.contains("Accept-Encoding")
    {
        headers.push((b"Accept-Encoding", browser::accept_encoding(release, url)));
    }
    let validators = terms.validators.iter();
    headers.extend(validators.map(|(name, value)| (name.as_ref(), value.as_bytes())));
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
        body: match (exchange.body(), stream) {
            (Some(Body::Source(bytes)), _) => Payload::Bytes(bytes.clone()),
            (Some(_), Some(stream)) => Payload::Stream(Mutex::new(Some(stream))),
            _ => Payload::Bytes(Bytes::new()),
        },
        includes_credentials: exchange.includes_credentials(),
    }
}

/// What comes within `time`, if that is limited.
///
/// # Errors
///
/// The time, if it is over.
async fn within<T>(time: Option<Duration>, it: impl Future<Output = T>) -> Result<T, Duration> {
    match time {
        Some(time) => timeout(time, it).await.map_err(|_| time),
        None => Ok(it.await),
    }
}

/// The status message, which HTTP/2 has not. hyper tells it if it is not the usual one.
fn status_message<B>(answer: &http::Response<B>) -> Vec<u8> {
    match answer.extensions().get::<ReasonPhrase>() {
        Some(reason) => reason.as_bytes().to_vec(),
        None if answer.version() == http::Version::HTTP_2 => Vec::new(),
        None => answer.status().canonical_reason().unwrap_or_default().into(),
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
