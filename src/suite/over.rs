//! Over HTTP: a live server answers.

use url::{Position, Url};

use super::{Fetch, Fetched};
use crate::{client::Client, origin::has_http_scheme};

impl Fetch<'_> {
    /// Asks the server that the URL names, over HTTP; blocks until it has answered. In async tests,
    /// call it where blocking is fine.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use browser_cors::{client::Client, suite::{Page, get}};
    ///
    /// let client = Client::new().timeout(Duration::from_secs(5));
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("https://staging.example/items")).over(&client).assert_shared();
    /// ```
    pub fn over(self, client: &Client) -> Fetched {
        self.answered_by(|exchange, cookie| Ok(client.send(exchange, cookie)?))
    }

    /// Asks the server at `base` for the path and query of the call's URL, with a client of its own.
    /// The URL that is asked and judged is that at `base`, so that a suite may run against any
    /// deployment.
    ///
    /// # Panics
    ///
    /// If `base` is not an http or https URL.
    ///
    /// ```no_run
    /// # use browser_cors::suite::{Page, get};
    /// let page = Page::at("https://app.example");
    /// page.fetch(get("/items?all")).against("http://127.0.0.1:8080").assert_shared();
    /// ```
    #[track_caller]
    pub fn against(mut self, base: &str) -> Fetched {
        let Some(base) = Url::parse(base).ok().filter(has_http_scheme) else {
            panic!("`{base}` is not the URL of a server: http or https was expected");
        };
        // A URL that cannot be parsed fails as ever.
        if let Ok(url) = base.join(&self.call.url) {
            let base = base[..Position::AfterPath].trim_end_matches('/');
            self.call.url = format!("{base}{}", &url[Position::BeforePath..]);
        }
        self.over(&Client::new())
    }
}
