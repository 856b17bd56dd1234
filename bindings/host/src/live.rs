//! Asks live servers.

use std::time::Duration;

use browser_cors_audit::client;
use serde::Deserialize;

use crate::{Call, InvalidInput, Row, page::profiles, read};

/// An HTTP client that sends byte for byte what a browser sends: the first of the engines that is one.
/// It blocks.
///
/// ```
/// # use browser_cors_host::{Call, Client, Page};
/// let page = Page::new(r#"{ "origin": "https://app.example" }"#)?;
/// let client = Client::new(r#"{ "timeout": 5 }"#)?;
/// let call = r#"{ "url": "/items" }"#;
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
/// # let closed = format!("http://{}", listener.local_addr().unwrap());
/// # drop(listener);
/// let mut call = Call::start(&page, call, None, Some(&closed))?;
/// while call.send(&client) {}
/// assert!(call.finish().text().contains("the connection was refused"));
/// # Ok::<(), browser_cors_host::InvalidInput>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client(client::Client);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    /// The engines; without any, the standard and the newest of each.
    engines: Option<Vec<String>>,
    /// The longest time for an exchange, in seconds.
    timeout: Option<f64>,
    /// Certificates in PEM that are trusted in addition to those of the system.
    trusting: Option<String>,
    /// Whether every certificate is trusted.
    #[serde(default)]
    insecure: bool,
}

impl Client {
    /// A client. `options` may have `engines`, `timeout`, `trusting` and `insecure`.
    ///
    /// # Errors
    ///
    /// If an option is unknown or has an unusable value.
    ///
    /// ```
    /// # use browser_cors_host::Client;
    /// let error = Client::new(r#"{ "timeout": 0 }"#).unwrap_err();
    /// assert_eq!(error.to_string(), "the timeout 0 is no positive number of seconds");
    /// ```
    pub fn new(options: &str) -> Result<Self, InvalidInput> {
        let Options { engines, timeout, trusting, insecure } = read("client", options)?;
        let (_, profiles) = profiles(engines)?;
        let mut client = client::Client::new().imitating(&profiles);
        if let Some(seconds) = timeout {
            let timeout = Duration::try_from_secs_f64(seconds).ok().filter(|time| !time.is_zero());
            client = client.timeout(timeout.ok_or_else(|| {
                InvalidInput(format!("the timeout {seconds} is no positive number of seconds"))
            })?);
        }
        if let Some(pem) = trusting {
            client = client.trusting(pem.as_bytes()).map_err(InvalidInput::new)?;
        }
        if insecure {
            client = client.trusting_anybody();
        }
        Ok(Self(client))
    }
}

impl Call {
    /// Carries out the next exchange, and blocks until the server has answered. Returns whether there
    /// was one.
    ///
    /// ```no_run
    /// # use browser_cors_host::{Call, Client};
    /// # fn f(call: &mut Call, client: &Client) {
    /// while call.send(client) {}
    /// # }
    /// ```
    pub fn send(&mut self, client: &Client) -> bool {
        let Some(exchange) = self.started.exchange() else {
            return false;
        };
        let answer = client.0.send(exchange, self.started.cookie());
        self.started.answered(answer.map_err(Into::into));
        true
    }
}

impl Row {
    /// Carries out the next exchange, and blocks until the server has answered. Returns whether there
    /// was one.
    ///
    /// ```no_run
    /// # use browser_cors_host::{Client, Row};
    /// # fn f(row: &mut Row, client: &Client) {
    /// while row.send(client) {}
    /// # }
    /// ```
    pub fn send(&mut self, client: &Client) -> bool {
        let Some(exchange) = self.0.exchange() else {
            return false;
        };
        let answer = client.0.send(exchange, self.0.cookie());
        self.0.answered(answer.map_err(Into::into));
        true
    }
}
