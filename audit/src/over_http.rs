//! Runs the assertions of test suites against a live server, over HTTP.

use browser_cors::suite::{Fetch, Fetched};

use crate::client::Client;

/// Sends a [`Fetch`] of a test suite to a live server, over HTTP.
///
/// ```
/// use std::{io::{Read, Write}, net::TcpListener, thread};
///
/// use browser_cors::suite::{Page, get};
/// use browser_cors_audit::OverHttp;
///
/// // Your server, which runs.
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let base = format!("http://{}", listener.local_addr()?);
/// # let server =
/// thread::spawn(move || -> std::io::Result<()> {
///     let (mut stream, _) = listener.accept()?;
///     stream.read(&mut [0; 4096])?;
///     stream.write_all(b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n")
/// });
///
/// Page::at("https://app.example").fetch(get("/items?all")).against(&base).assert_shared();
/// # server.join().unwrap()?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait OverHttp {
    /// Sends the requests to the server that the URL names, and blocks until it has answered. In
    /// async tests, call it where blocking is allowed.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use browser_cors::suite::{Page, get};
    /// use browser_cors_audit::{OverHttp, client::Client};
    ///
    /// let client = Client::new().timeout(Duration::from_secs(5));
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("https://staging.example/items")).over(&client).assert_shared();
    /// ```
    fn over(self, client: &Client) -> Fetched;

    /// Sends the requests to the server at `base`, with the path and query of the call's URL
    /// ([`Fetch::at`]) and a client of its own.
    ///
    /// # Panics
    ///
    /// If `base` is not an http or https URL.
    ///
    /// ```no_run
    /// # use {browser_cors::suite::{Page, get}, browser_cors_audit::OverHttp};
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("/items?all")).against("http://127.0.0.1:8080").assert_shared();
    /// ```
    #[track_caller]
    fn against(self, base: &str) -> Fetched;
}

impl OverHttp for Fetch<'_> {
    fn over(self, client: &Client) -> Fetched {
        self.answered_by(|exchange, cookie| Ok(client.send(exchange, cookie)?))
    }

    fn against(self, base: &str) -> Fetched {
        self.at(base).over(&Client::new())
    }
}
