//! The proxy between the client and a server.

use std::{env, error::Error, fmt};

use browser_cors::url::Url;
use bytes::Bytes;
use http_body_util::Empty;
use hyper::{Request, StatusCode, client::conn::http1, header, http::HeaderValue, http::Uri};
use hyper_util::{
    client::{
        legacy::connect::{
            HttpConnector,
            proxy::{SocksV4, SocksV5},
        },
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use tower_service::Service;

use super::{
    connection::{BoxedStream, Stream},
    failure::Failure,
};

/// Which proxies to use.
#[derive(Clone, Debug, Default)]
pub(super) enum Proxies {
    /// Those of the environment.
    #[default]
    Environment,
    /// This one, except for the hosts of `NO_PROXY`.
    Given(String),
}

impl Proxies {
    /// The proxy for a URL.
    ///
    /// # Errors
    ///
    /// If a variable of the environment does not name a proxy.
    pub(super) fn proxy_for(&self, url: &Url) -> Result<Option<ProxyServer>, Failure> {
        let (text, source) = match self {
            Self::Given(text) => (text.clone(), "--proxy"),
            Self::Environment => match from_environment(url) {
                Some(found) => found,
                None => return Ok(None),
            },
        };
        let is_valid = is_proxy(&text);
        // Whether the host is asked through a proxy does not depend on which one it is.
        let proxy = if is_valid { text.as_str() } else { "http://proxy.invalid" };
        let no_proxy = variable("NO_PROXY").or_else(|| variable("no_proxy")).unwrap_or_default();
        let matcher = Matcher::builder().all(proxy).no(no_proxy).build();
        let host = url.host_str().unwrap_or_default();
        let uri = Uri::builder().scheme(url.scheme()).authority(host).path_and_query("/").build();
        match uri.ok().and_then(|uri| matcher.intercept(&uri)) {
            Some(_) if !is_valid => Err(Failure::last(format!(
                "{source} does not name a proxy: a URL such as `http://proxy.example:3128` was \
                 expected"
            ))),
            intercept => Ok(intercept.map(|intercept| ProxyServer { intercept, source })),
        }
    }
}

/// The proxy that the environment names for a URL, and the name of the variable. A CGI program must
/// not believe the environment, which its clients can set.
fn from_environment(url: &Url) -> Option<(String, &'static str)> {
    let names = match url.scheme() {
        "https" => ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    };
    if env::var_os("REQUEST_METHOD").is_some() {
        return None;
    }
    names.into_iter().find_map(|name| Some((variable(name)?, name)))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether the text is the URL of a proxy that can be used.
pub(super) fn is_proxy(text: &str) -> bool {
    let matcher = Matcher::builder().all(text).build();
    let intercept = matcher.intercept(&Uri::from_static("http://a.example/"));
    intercept.is_some_and(|intercept| {
        let uri = intercept.uri();
        uri.host().is_some_and(|host| !host.is_empty())
            && matches!(
                uri.scheme_str(),
                Some("http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h")
            )
    })
}

/// A proxy. [`Display`](fmt::Display) names it, and who named it to the client.
#[derive(Clone, Debug)]
pub(super) struct ProxyServer {
    intercept: Intercept,
    source: &'static str,
}

impl fmt::Display for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.intercept.uri();
        let scheme = uri.scheme_str().unwrap_or("http");
        write!(f, "the proxy {scheme}://{}:{} ({})", self.host(), self.port(), self.source)
    }
}

impl ProxyServer {
    pub(super) fn is_socks(&self) -> bool {
        self.scheme().starts_with("socks")
    }

    /// Whether the connection to the proxy itself has TLS.
    pub(super) fn has_tls(&self) -> bool {
        self.scheme() == "https"
    }

    fn scheme(&self) -> &str {
        self.intercept.uri().scheme_str().unwrap_or("http")
    }

    pub(super) fn host(&self) -> &str {
        self.intercept.uri().host().unwrap_or_default()
    }

    pub(super) fn port(&self) -> u16 {
        let default = match self.scheme() {
            "https" => 443,
            "http" => 80,
            _ => 1080,
        };
        self.intercept.uri().port_u16().unwrap_or(default)
    }

    /// The value of `Proxy-Authorization`.
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.intercept.basic_auth()
    }

    /// The failure if the proxy wants a name and a password.
    pub(super) fn wants_credentials(&self) -> Failure {
        Failure::new(match self.authorization() {
            Some(_) => format!("{self} refused the name and password in its URL (407)"),
            None => format!("{self} wants a name and a password in its URL (407)"),
        })
    }

    /// Asks the proxy for a connection to a host.
    pub(super) async fn connect(
        &self,
        stream: BoxedStream,
        host: &str,
        port: u16,
    ) -> Result<BoxedStream, Failure> {
        let unanswered = |error: hyper::Error| {
            let cause = error.source().map(ToString::to_string);
            let cause = cause.unwrap_or_else(|| error.to_string());
            Failure::new(format!("{self} made no connection: {cause}"))
        };
        let (mut sender, connection) = http1::Builder::new()
            .ignore_invalid_headers_in_responses(true)
            .handshake::<_, Empty<Bytes>>(TokioIo::new(stream))
            .await
            .map_err(unanswered)?;
        tokio::spawn(connection.with_upgrades());
        let target = format!("{host}:{port}");
        let mut request = Request::connect(&target).header(header::HOST, &target);
        if let Some(value) = self.authorization() {
            request = request.header(header::PROXY_AUTHORIZATION, value);
        }
        let request = request.body(Empty::new()).map_err(|error| {
            Failure::new(format!("{self} cannot be asked for {target}: {error}"))
        })?;
        let answer = sender.send_request(request).await.map_err(unanswered)?;
        match answer.status() {
            status if status.is_success() => {
                let upgraded = hyper::upgrade::on(answer).await.map_err(unanswered)?;
                Ok(Box::new(TokioIo::new(upgraded)))
            }
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => Err(self.wants_credentials()),
            status => Err(Failure::new(format!(
                "{self} made no connection to {target}: it answered {status}"
            ))),
        }
    }

    /// Asks a SOCKS proxy for a connection to a host.
    pub(super) async fn connect_by_socks(
        &self,
        host: &str,
        port: u16,
    ) -> Result<BoxedStream, Failure> {
        let target = Uri::builder().scheme("http").authority(format!("{host}:{port}"));
        let target = target.path_and_query("/").build().map_err(|error| {
            Failure::new(format!("{self} cannot be asked for {host}:{port}: {error}"))
        })?;
        // The connector looks only at the host and the port.
        let address = format!("http://{}:{}/", self.host(), self.port());
        let proxy = address.parse::<Uri>().map_err(|error| Failure::new(error.to_string()))?;
        let connector = HttpConnector::new();
        let stream = match self.scheme() {
            scheme @ ("socks4" | "socks4a") => SocksV4::new(proxy, connector)
                .local_dns(scheme == "socks4")
                .call(target)
                .await
                .map_err(|error| error.to_string()),
            scheme => {
                let mut socks = SocksV5::new(proxy, connector).local_dns(scheme == "socks5");
                if let Some((name, password)) = self.intercept.raw_auth() {
                    socks = socks.with_auth(name.to_owned(), password.to_owned());
                }
                socks.call(target).await.map_err(|error| error.to_string())
            }
        };
        match stream {
            Ok(stream) => Ok(Box::new(stream.into_inner()) as Box<dyn Stream>),
            Err(reason) => Err(Failure::new(format!("{self} made no connection: {reason}"))),
        }
    }
}
