//! A question to a live server.

use std::time::{Duration, Instant};

use browser_cors::{
    compare::{Asking, Results},
    fetch::{Exchange, TransportFailure},
    origin::are_same_origin,
    response::Response,
};

use super::{Client, SendFailure, network::Terms};

/// A question under way over a client: sends its exchanges with the user's cookie and
/// [credentials](Client::user), each user agent's fetch within its [time](Client::max_time), and not
/// to [private addresses](Client::deny_private) that nobody named.
///
/// [`Client::fetching`] begins it.
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
#[must_use = "it waits for answers"]
#[derive(Debug)]
pub struct Fetching<'a> {
    client: &'a Client,
    asking: Asking,
    /// When the fetch of the current user agent sent something first.
    start: Option<Instant>,
}

impl<'a> Fetching<'a> {
    pub(super) const fn new(client: &'a Client, asking: Asking) -> Self {
        Self { client, asking, start: None }
    }

    /// The exchange to send next; `None` when the question is over.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetching;
    /// # fn f(fetching: &Fetching<'_>) {
    /// let is_over = fetching.exchange().is_none();
    /// # }
    /// ```
    pub fn exchange(&self) -> Option<&Exchange> {
        self.asking.exchange()
    }

    /// Sends the exchange, and returns the answer. The question goes on when it is
    /// [`answered`](Self::answered); until then, the exchange may be sent again.
    ///
    /// # Errors
    ///
    /// If there is no answer, there is no more time, or the address is refused.
    ///
    /// # Panics
    ///
    /// If the question is over.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetching;
    /// # fn f(fetching: &mut Fetching<'_>) {
    /// let answer = fetching.send().or_else(|_| fetching.send());
    /// fetching.answered(answer.map_err(Into::into));
    /// # }
    /// ```
    pub fn send(&mut self) -> Result<Response, SendFailure> {
        let exchange = self.asking.exchange().expect("the question is not over");
        let client = self.client;
        let start = *self.start.get_or_insert_with(Instant::now);
        let time = match client.settings.max_time {
            Some(max_time) => match max_time.checked_sub(start.elapsed()) {
                Some(time) if !time.is_zero() => Some(time),
                _ => return Err(too_late(max_time)),
            },
            None => None,
        };
        let home = exchange.request().url();
        let is_at_home = are_same_origin(exchange.url(), home);
        let has_author = || exchange.header_list().contains("Authorization");
        let terms = Terms {
            cookie: self.asking.cookie(),
            authorization: client
                .settings
                .authorization
                .as_ref()
                .filter(|_| exchange.includes_credentials() && is_at_home && !has_author()),
            time,
            is_named: exchange.url().host() == home.host() || client.has_place_for(exchange.url()),
        };
        client.send_on(exchange, &terms).map_err(|failure| match client.settings.max_time {
            Some(max_time) if start.elapsed() >= max_time => {
                SendFailure { may_have_arrived: failure.may_have_arrived, ..too_late(max_time) }
            }
            _ => failure,
        })
    }

    /// Goes on with the answer, or with the reason why there is none.
    ///
    /// ```
    /// # use {browser_cors::fetch::TransportFailure, browser_cors_audit::client::Fetching};
    /// # fn f(fetching: &mut Fetching<'_>) {
    /// fetching.answered(Err(TransportFailure::new("interrupted")));
    /// # }
    /// ```
    pub fn answered(&mut self, answer: Result<Response, TransportFailure>) {
        self.proceed(|asking| asking.answered(answer));
    }

    /// Goes on without the exchange, which is not sent.
    ///
    /// ```
    /// # use browser_cors_audit::client::Fetching;
    /// # fn f(fetching: &mut Fetching<'_>) {
    /// fetching.withhold();
    /// # }
    /// ```
    pub fn withhold(&mut self) {
        self.proceed(Asking::withhold);
    }

    /// The results. An exchange that still waits for an answer is withheld.
    ///
    /// ```
    /// # use {browser_cors::compare::Results, browser_cors_audit::client::Fetching};
    /// # fn f(fetching: Fetching<'_>) -> Results {
    /// fetching.finish()
    /// # }
    /// ```
    pub fn finish(self) -> Results {
        self.asking.finish()
    }

    fn proceed(&mut self, step: impl FnOnce(&mut Asking)) {
        let before = self.asking.outcomes().len();
        step(&mut self.asking);
        // The next user agent fetches anew.
        if self.asking.outcomes().len() != before {
            self.start = None;
        }
    }
}

fn too_late(max_time: Duration) -> SendFailure {
    let seconds = max_time.as_secs_f64();
    SendFailure::before_sending(format!(
        "the fetch with its preflights and redirects was not over within {seconds} s"
    ))
}
