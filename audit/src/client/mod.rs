//! Exchanges with live servers, over HTTP/2 or HTTP/1.1 as browsers choose.
//!
//! A [`Driver`] drives whole fetches of pages in async programs: bodies are streams, and there can be
//! cookies and an HTTP cache. A [`Client`] blocks, sends what one [`Exchange`] says, and returns
//! redirects and error statuses as they are, because the fetch judges them. Both send alike.

mod blocking;
mod body;
mod connection;
mod driver;
mod failure;
mod fetching;
mod network;
mod pool;
mod proxy;
mod tls;
mod wire;

use std::{cell::OnceCell, fmt, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use browser_cors::{
    compare::Asking,
    engine::{Profile, Release},
    fetch::{Exchange, TransportFailure, UserAgent},
    http::HeaderValue,
    response::Response,
    url::Url,
};
use thiserror::Error;

use crate::browser;

use blocking::Blocking;
use network::Terms;
use proxy::Proxies;
use tls::{Identity, Tls};

pub use body::{BodyError, ResponseBody};
pub use driver::{Driver, Fetch, Fetched};
pub use fetching::Fetching;

/// The most bytes that the header section of an answer may have.
const HEADER_SECTION_LIMIT: usize = 256 << 10;

/// The most lines that the header section of an answer may have.
const HEADER_LINE_LIMIT: usize = 4096;

/// A client for exchanges with live servers.
///
/// It offers HTTP/2 and HTTP/1.1 to servers with TLS, and speaks HTTP/1.1 to others. It keeps
/// connections, apart for exchanges with and without credentials, as browsers do. If a server has
/// closed a kept connection, an idempotent request goes out once more on a new one; other requests
/// over HTTP/1.1 always have a new one. A request that is answered with 421 (Misdirected Request),
/// or an idempotent one that is answered with 408 (Request Timeout), goes out once more as well.
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
    settings: Settings,
    network: OnceCell<Result<Blocking, String>>,
}

#[derive(Clone, Debug, Default)]
struct Settings {
    timeout: Duration,
    max_time: Option<Duration>,
    wait: Duration,
    addresses: Vec<(String, SocketAddr)>,
    connect_to: Vec<ConnectTo>,
    unix_socket: Option<PathBuf>,
    proxies: Proxies,
    tls: tls::Settings,
    /// The configurations that follow from `tls`, for all clones.
    tls_configs: Arc<Tls>,
    authorization: Option<HeaderValue>,
    is_private_denied: bool,
    browser: Option<Release>,
    user_agent: Option<HeaderValue>,
}

impl Settings {
    /// Whether the user said where some hosts are.
    const fn has_places(&self) -> bool {
        !self.addresses.is_empty() || !self.connect_to.is_empty() || self.unix_socket.is_some()
    }

    /// Whether a host was named, in addition to that of a first URL.
    fn has_place_for(&self, url: &Url) -> bool {
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default());
        self.unix_socket.is_some()
            || self.addresses.iter().any(|(name, _)| name == host)
            || self.connect_to.iter().any(|places| places.is_for(host, port.unwrap_or(0)))
    }
}

/// A host and a port to connect to in place of those of a URL.
#[derive(Clone, Debug)]
struct ConnectTo {
    /// `None` is any host.
    host: Option<String>,
    /// `None` is any port.
    port: Option<u16>,
    /// `None` keeps the host.
    to_host: Option<String>,
    /// `None` keeps the port.
    to_port: Option<u16>,
}

/// The HTTP versions that the client offers to servers with TLS. Without TLS, it always speaks
/// HTTP/1.1.
///
/// ```
/// use browser_cors_audit::client::{Client, HttpVersions};
///
/// let client = Client::new().http_versions(HttpVersions::Http1);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum HttpVersions {
    /// HTTP/2 and HTTP/1.1, as browsers do.
    #[default]
    All,
    /// HTTP/1.1 alone.
    Http1,
    /// HTTP/2 alone.
    Http2,
}

/// A value that the client cannot use.
///
/// ```
/// # use browser_cors_audit::client::{Client, InvalidSetting};
/// let error = Client::new().trusting(b"no certificate").unwrap_err();
/// assert_eq!(error, InvalidSetting::Certificates);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum InvalidSetting {
    /// There is no certificate.
    #[error("it has no certificate: PEM (`-----BEGIN CERTIFICATE-----`) was expected")]
    Certificates,
    /// There is no private key.
    #[error("it has no private key: PEM (`-----BEGIN PRIVATE KEY-----`) was expected")]
    Key,
    /// The text is not the URL of a proxy.
    #[error(
        "`{0}` is not a proxy: a URL such as `http://proxy.example:3128` or `socks5://127.0.0.1:1080` was expected"
    )]
    Proxy(String),
    /// The text does not name two places.
    #[error("`{0}` does not say where to connect: `host:port:other-host:other-port` was expected")]
    ConnectTo(String),
}

impl Client {
    /// A client with a timeout of 30 seconds. It loads nothing before it needs it.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new();
    /// ```
    pub fn new() -> Self {
        let settings = Settings { timeout: Duration::from_secs(30), ..Settings::default() };
        Self { settings, network: OnceCell::new() }
    }

    /// Sets the longest time that an exchange may take.
    ///
    /// ```
    /// # use {browser_cors_audit::client::Client, std::time::Duration};
    /// let client = Client::new().timeout(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|settings| settings.timeout = timeout)
    }

    /// Sets the longest time that a [whole fetch](Fetching) may take, with its preflights and
    /// redirects. Default: no limit but that of each exchange.
    ///
    /// ```
    /// # use {browser_cors_audit::client::Client, std::time::Duration};
    /// let client = Client::new().max_time(Duration::from_secs(60));
    /// ```
    #[must_use]
    pub fn max_time(self, max_time: Duration) -> Self {
        self.with(|settings| settings.max_time = Some(max_time))
    }

    /// Sets how long to wait for a server that starts: until then, the client tries again where
    /// nothing listens, or where a connection is closed at once. Default: not at all.
    ///
    /// ```
    /// # use {browser_cors_audit::client::Client, std::time::Duration};
    /// let client = Client::new().wait(Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn wait(self, wait: Duration) -> Self {
        self.with(|settings| settings.wait = wait)
    }

    /// Adds an address to connect to for a host, written as in a URL, and the address's port. A
    /// host may have several addresses. If any host has one, the client does not use the proxies of
    /// the environment.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().resolve("api.test", "127.0.0.1:8080".parse()?);
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    #[must_use]
    pub fn resolve(self, host: impl Into<String>, address: SocketAddr) -> Self {
        self.with(|settings| settings.addresses.push((host.into(), address)))
    }

    /// Connects to another host and port than a URL says: `host:port:other-host:other-port`. A part
    /// that is empty means any host or port, or the same. The request and the certificate stay those
    /// of the URL.
    ///
    /// # Errors
    ///
    /// If the text has other parts.
    ///
    /// ```
    /// # use browser_cors_audit::client::{Client, InvalidSetting};
    /// let client = Client::new().connect_to("api.example:443:staging.internal:8443")?;
    /// # Ok::<(), InvalidSetting>(())
    /// ```
    pub fn connect_to(self, places: &str) -> Result<Self, InvalidSetting> {
        let places: ConnectTo =
            ConnectTo::parse(places).ok_or_else(|| InvalidSetting::ConnectTo(places.to_owned()))?;
        Ok(self.with(|settings| settings.connect_to.push(places)))
    }

    /// Connects to a Unix socket, for whatever host.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().unix_socket("/run/api.sock");
    /// ```
    #[cfg(unix)]
    #[must_use]
    pub fn unix_socket(self, path: impl Into<PathBuf>) -> Self {
        self.with(|settings| settings.unix_socket = Some(path.into()))
    }

    /// Uses a proxy in place of those of the environment: `http:`, `https:`, `socks4:`, `socks4a:`,
    /// `socks5:` or `socks5h:`. The hosts of `NO_PROXY` are asked without it.
    ///
    /// # Errors
    ///
    /// If the text is not such a URL.
    ///
    /// ```
    /// # use browser_cors_audit::client::{Client, InvalidSetting};
    /// let client = Client::new().proxy("http://proxy.example:3128")?;
    /// assert!(Client::new().proxy("ftp://proxy.example").is_err());
    /// # Ok::<(), InvalidSetting>(())
    /// ```
    pub fn proxy(self, proxy: &str) -> Result<Self, InvalidSetting> {
        if !proxy::is_proxy(proxy) {
            return Err(InvalidSetting::Proxy(proxy.to_owned()));
        }
        Ok(self.with(|settings| settings.proxies = Proxies::Given(proxy.to_owned())))
    }

    /// Trusts the root certificates of a PEM file, in addition to those of the system.
    ///
    /// # Errors
    ///
    /// If there is no certificate in it.
    ///
    /// ```no_run
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().trusting(&std::fs::read("ca.pem")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn trusting(self, pem: &[u8]) -> Result<Self, InvalidSetting> {
        let roots = tls::read_certificates(pem)?;
        Ok(self.with_tls(|settings| settings.roots.extend(roots)))
    }

    /// Trusts each certificate, also one for another name or one that has expired. A browser does
    /// this only if the user clicks through its warning.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().trusting_anybody();
    /// ```
    #[must_use]
    pub fn trusting_anybody(self) -> Self {
        self.with_tls(|settings| settings.trusts_anybody = true)
    }

    /// The user's certificate with its chain, and its private key, as PEM. Servers that ask for one
    /// get it in exchanges that include credentials; so not with preflights.
    ///
    /// # Errors
    ///
    /// If one of them is missing.
    ///
    /// ```no_run
    /// # use browser_cors_audit::client::Client;
    /// let client =
    ///     Client::new().identity(&std::fs::read("me.pem")?, &std::fs::read("key.pem")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn identity(self, certificates: &[u8], key: &[u8]) -> Result<Self, InvalidSetting> {
        let identity = Arc::new(Identity::from_pem(certificates, key)?);
        Ok(self.with_tls(|settings| settings.identity = Some(identity)))
    }

    /// Sets the HTTP versions that are offered to servers with TLS.
    ///
    /// ```
    /// # use browser_cors_audit::client::{Client, HttpVersions};
    /// let client = Client::new().http_versions(HttpVersions::Http2);
    /// ```
    #[must_use]
    pub fn http_versions(self, versions: HttpVersions) -> Self {
        self.with_tls(|settings| settings.versions = versions)
    }

    /// The name and password that the browser has for the server of a [fetch](Fetching). It sends
    /// them to the origin of the first URL, in exchanges that include credentials; so not with
    /// preflights.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().user("me", "secret");
    /// ```
    #[must_use]
    pub fn user(self, name: &str, password: &str) -> Self {
        let text = format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}")));
        self.with(|settings| {
            settings.authorization = HeaderValue::try_from(text).ok().map(|mut value| {
                value.set_sensitive(true);
                value
            });
        })
    }

    /// Refuses redirects of a [fetch](Fetching) to loopback, link-local and private addresses of
    /// other hosts than the first one, and than those that the client has addresses for.
    ///
    /// ```
    /// # use browser_cors_audit::client::Client;
    /// let client = Client::new().deny_private();
    /// ```
    #[must_use]
    pub fn deny_private(self) -> Self {
        self.with(|settings| settings.is_private_denied = true)
    }

    /// Sends `Accept-Encoding` and `User-Agent` as the first browser of `profiles` does. If there is
    /// none, as the standard asks: without the former.
    ///
    /// Profiles that are compared share these headers, so that requests which are otherwise equal
    /// go out once.
    ///
    /// ```
    /// use browser_cors::engine::Profile;
    /// use browser_cors_audit::client::Client;
    ///
    /// let client = Client::new().imitating([&Profile::FIREFOX]);
    /// let product = client.user_agent(Profile::FIREFOX).product.unwrap();
    /// assert!(product.to_str()?.contains(" Firefox/"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn imitating<'a>(self, profiles: impl IntoIterator<Item = &'a Profile>) -> Self {
        let browser = profiles.into_iter().find_map(Profile::release);
        self.with(|settings| settings.browser = browser)
    }

    /// Sets the `User-Agent`.
    ///
    /// ```
    /// use browser_cors::{engine::Profile, http::HeaderValue};
    /// use browser_cors_audit::client::Client;
    ///
    /// let client = Client::new().named(HeaderValue::from_static("me"));
    /// assert_eq!(client.user_agent(Profile::STANDARD).product.unwrap(), "me");
    /// ```
    #[must_use]
    pub fn named(self, user_agent: HeaderValue) -> Self {
        self.with(|settings| settings.user_agent = Some(user_agent))
    }

    /// The user agent of a profile over this client: it has a `User-Agent`, sends Fetch Metadata, and
    /// blocks mixed content.
    ///
    /// ```
    /// use browser_cors::engine::Profile;
    /// use browser_cors_audit::client::Client;
    ///
    /// let user_agent = Client::new().user_agent(Profile::STANDARD);
    /// assert!(user_agent.product.unwrap().to_str()?.starts_with("browser-cors/"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn user_agent(&self, profile: Profile) -> UserAgent {
        let Settings { browser, user_agent, .. } = &self.settings;
        browser::user_agent(profile, *browser, user_agent.as_ref())
    }

    /// Begins to ask a question over this client.
    ///
    /// ```
    /// # use browser_cors::compare::{Asking, Results};
    /// # use browser_cors_audit::client::Client;
    /// fn answer(client: &Client, asking: Asking) -> Results {
    ///     let mut fetching = client.fetching(asking);
    ///     while fetching.exchange().is_some() {
    ///         let answer = fetching.send();
    ///         fetching.answered(answer.map_err(Into::into));
    ///     }
    ///     fetching.finish()
    /// }
    /// ```
    pub const fn fetching(&self, asking: Asking) -> Fetching<'_> {
        Fetching::new(self, asking)
    }

    /// Sends an exchange, with `cookie` as it is, and returns the answer.
    ///
    /// # Errors
    ///
    /// If there is no answer, because of the address, the connection, TLS, a proxy, the timeout or
    /// invalid HTTP.
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
        let terms = Terms { cookie, is_named: true, ..Terms::default() };
        self.send_on(exchange, &terms)
    }

    /// Sends an exchange on these terms.
    fn send_on(&self, exchange: &Exchange, terms: &Terms<'_>) -> Result<Response, SendFailure> {
        if tokio::runtime::Handle::try_current().is_ok() {
            // The network cannot block within a runtime of the caller's.
            let client = self.clone();
            return std::thread::scope(|scope| {
                let sent = scope.spawn(move || client.send_here(exchange, terms));
                sent.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
        }
        self.send_here(exchange, terms)
    }

    fn send_here(&self, exchange: &Exchange, terms: &Terms<'_>) -> Result<Response, SendFailure> {
        match self.network.get_or_init(Blocking::new) {
            Ok(network) => network.send(exchange, terms, &self.settings),
            Err(reason) => Err(SendFailure::before_sending(reason.as_str())),
        }
    }

    fn with(self, set: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.settings;
        set(&mut settings);
        Self { settings, network: OnceCell::new() }
    }

    fn with_tls(self, set: impl FnOnce(&mut tls::Settings)) -> Self {
        self.with(|settings| {
            set(&mut settings.tls);
            settings.tls_configs = Arc::new(Tls::new(settings.tls.clone()));
        })
    }
}

impl ConnectTo {
    /// Parses `host:port:other-host:other-port`. Addresses of IPv6 are in brackets.
    fn parse(text: &str) -> Option<Self> {
        let (host, rest) = Self::host(text)?;
        let (port, rest) = rest.split_once(':')?;
        let (to_host, to_port) = Self::host(rest)?;
        let port_of = |text: &str| match text {
            "" => Some(None),
            text => text.parse().ok().map(Some),
        };
        let host_of = |text: &str| (!text.is_empty()).then(|| text.to_ascii_lowercase());
        Some(Self {
            host: host_of(host),
            port: port_of(port)?,
            to_host: host_of(to_host),
            to_port: port_of(to_port)?,
        })
    }

    /// The host at the start, and what follows its colon.
    fn host(text: &str) -> Option<(&str, &str)> {
        let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':')? };
        Some((&text[..end], text[end..].strip_prefix(':')?))
    }

    fn is_for(&self, host: &str, port: u16) -> bool {
        self.host.as_ref().is_none_or(|it| it == host) && self.port.is_none_or(|it| it == port)
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
#[derive(Clone, Debug, Eq, PartialEq, Error)]
#[error("{reason}")]
pub struct SendFailure {
    /// The reason in words.
    pub reason: TransportFailure,
    /// Whether the server may have received the request.
    pub may_have_arrived: bool,
    /// Whether another attempt can have another result. It cannot, for example, if the client
    /// refuses the address or the time for the fetch is over.
    pub is_temporary: bool,
}

impl SendFailure {
    /// A failure that no other attempt changes, before anything is sent.
    fn before_sending(reason: impl Into<String>) -> Self {
        Self { reason: TransportFailure::new(reason), may_have_arrived: false, is_temporary: false }
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
        Self { settings: self.settings.clone(), network: OnceCell::new() }
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
            .field("timeout", &self.settings.timeout)
            .field("addresses", &self.settings.addresses)
            .finish_non_exhaustive()
    }
}
